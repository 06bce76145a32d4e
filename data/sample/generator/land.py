"""The ground the sample stands on: the real polygons, their distances and neighbours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from generator.totals import AUTHORITIES

if TYPE_CHECKING:
    from pathlib import Path

KM_PER_DEGREE = 111.195
MIDDLE = (-1.90, 52.50)
"""Longitude and latitude where the plane of the sample has its origin, in degrees."""

INNER_DISTANCE = 0.5
"""A journey inside an LSOA, as a multiple of the radius of a circle of its area."""


@dataclass(frozen=True)
class Land:
    """The LSOAs, in the order of their codes, and where they lie to each other.

    Attributes
    ----------
    codes, names : numpy.ndarray of str, shape (n,)
        LSOA codes and names.
    authority : numpy.ndarray of int, shape (n,)
        Position of the authority in ``totals.AUTHORITIES``.
    xy : numpy.ndarray of float, shape (n, 2)
        Representative points, kilometres east and north of `MIDDLE`.
    area : numpy.ndarray of float, shape (n,)
        Square kilometres.
    distance : numpy.ndarray of float, shape (n, n)
        Kilometres between representative points; on the diagonal a typical inner journey.
    neighbours : numpy.ndarray of bool, shape (n, n)
        Whether two LSOAs share an edge.
    """

    codes: np.ndarray
    names: np.ndarray
    authority: np.ndarray
    xy: np.ndarray
    area: np.ndarray
    distance: np.ndarray
    neighbours: np.ndarray

    def __len__(self) -> int:
        """Return the number of LSOAs."""
        return len(self.codes)

    def members(self, authority: int) -> np.ndarray:
        """Return the positions of an authority's LSOAs."""
        return np.flatnonzero(self.authority == authority)

    def distance_to(self, points: np.ndarray) -> np.ndarray:
        """Return kilometres from every LSOA to every point, shape (n, number of points)."""
        gap = self.xy[:, None, :] - points[None, :, :]
        return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))

    def smooth(self, values: np.ndarray, rounds: int) -> np.ndarray:
        """Average a field with the neighbours' mean, several times over, and standardise it."""
        weights = self.neighbours / self.neighbours.sum(axis=1, keepdims=True)
        for _ in range(rounds):
            values = 0.5 * values + 0.5 * weights @ values
        return np.asarray((values - values.mean()) / values.std())


def to_plane(lonlat: np.ndarray) -> np.ndarray:
    """Turn longitude and latitude into kilometres east and north of `MIDDLE`."""
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians(MIDDLE[1])), 1.0])
    return np.asarray((lonlat - np.array(MIDDLE)) * scale)


def shared_edges(polygons: np.ndarray) -> np.ndarray:
    """Say which polygons share an edge (a corner is not enough), shape (n, n)."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="touches")
    meeting = shapely.intersection(polygons[left], polygons[right])
    along = shapely.length(meeting) > 0
    neighbours = np.zeros((len(polygons), len(polygons)), dtype=bool)
    neighbours[left[along], right[along]] = True
    return neighbours


def read_land(path: Path) -> Land:
    """Read ``lsoa11_wmca.geojson``.

    Parameters
    ----------
    path : pathlib.Path
        The boundary file.

    Returns
    -------
    Land
        The LSOAs ordered by code.
    """
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda feature: feature["properties"]["code"])
    lonlat = np.array([shapely.geometry.shape(f["geometry"]) for f in features], dtype=object)
    polygons = shapely.transform(lonlat, to_plane)
    xy = shapely.get_coordinates(shapely.point_on_surface(polygons))
    area = shapely.area(polygons)
    distance = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(distance, INNER_DISTANCE * np.sqrt(area / np.pi))
    position = {totals.code: i for i, totals in enumerate(AUTHORITIES)}
    return Land(
        codes=np.array([f["properties"]["code"] for f in features]),
        names=np.array([f["properties"]["name"] for f in features]),
        authority=np.array([position[f["properties"]["authority_code"]] for f in features]),
        xy=xy,
        area=area,
        distance=distance,
        neighbours=shared_edges(polygons),
    )
