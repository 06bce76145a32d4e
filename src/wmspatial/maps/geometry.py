"""Polygons made small for a page, with shared edges still shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

#: Metres. ONS's generalised boundaries are made at 20 m, so nothing visible goes.
TOLERANCE: Final = 20.0
#: Grid points per degree that a page may carry, the coarsest about a metre apart. Many, as corners
#: that fall together on one grid are apart on one that is hardly finer.
SCALES: Final = (
    *(100_000, 110_000, 125_000, 140_000, 160_000, 200_000, 250_000, 320_000, 400_000),
    *(1_000_000, 10_000_000),
)
#: No area may change by more than this share, by simplifying and by moving corners to the grid.
AREA_CHANGE: Final = 0.0095
# What simplifying alone may take of it.
_SIMPLIFYING: Final = 0.007
# Decimals of a degree of labels and dissolved outlines.
_DECIMALS: Final = 5
_METRES_PER_DEGREE: Final = 111_320.0
# Holes in an outline below this many square metres are gaps between neighbours, not lakes.
_SMALL_HOLE: Final = 20_000.0


@dataclass(frozen=True)
class Shapes:
    """Simplified polygons and what had to be said about them.

    Attributes
    ----------
    polygons : ndarray of shapely geometries
        In the order of the frame, longitude and latitude on the grid.
    scale : int
        Grid points per degree.
    notes : tuple of str
        Where neighbours do not share an edge, or a polygon could not be simplified.
    """

    polygons: npt.NDArray[np.object_]
    scale: int
    notes: tuple[str, ...]


def simplify(frame: gpd.GeoDataFrame, tolerance: float = TOLERANCE) -> Shapes:
    """Simplify areas as a coverage: edges that neighbours share stay shared.

    Parameters
    ----------
    frame : GeoDataFrame
        Polygons in longitude and latitude.
    tolerance : float, default 20
        Metres; detail of about this size goes, or less where an area would change by more than
        :data:`AREA_CHANGE`.

    Returns
    -------
    Shapes
        Polygons in the frame's order. Real boundaries do not always fit: where neighbours overlap
        or leave a gap, each edge is simplified for itself, and a note says how many there are.

    Examples
    --------
    >>> import wmspatial as wm
    >>> areas = wm.load_sample().areas
    >>> len(simplify(areas).polygons) == len(areas)
    True
    """
    original = frame.geometry.to_numpy()
    metres = Plane.around(original)
    flat = metres.flatten(original)
    notes = []
    unmatched = int(np.sum(~shapely.is_empty(shapely.coverage_invalid_edges(flat))))
    if unmatched:
        notes.append(
            f"{unmatched:,} of {len(flat):,} areas do not meet their neighbours exactly; their "
            "edges were simplified one by one."
        )
    small = _simplify_gently(flat, tolerance)
    degrees = metres.unflatten(small)
    lost = shapely.is_missing(degrees) | shapely.is_empty(degrees)
    if lost.any():
        degrees[lost] = original[lost]
        notes.append(f"{int(lost.sum()):,} very small areas were left as they are.")
    rounded, scale = _on_grid(degrees, shapely.area(original))
    return Shapes(rounded, scale, tuple(notes))


def _simplify_gently(flat: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    """Simplify with half the tolerance, and half again, while any area would change too much."""
    before = shapely.area(flat)
    for _ in range(5):
        small = _simplify_flat(flat, tolerance)
        if np.all(np.abs(shapely.area(small) - before) <= _SIMPLIFYING * before):
            return small
        tolerance /= 2
    return flat


def _simplify_flat(flat: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    try:
        small = shapely.coverage_simplify(flat, tolerance)
    except shapely.GEOSException:
        # Coverages that GEOS refuses altogether: shared edges drift apart by less than a pixel.
        small = shapely.simplify(flat, tolerance, preserve_topology=True)
    return np.asarray(small, dtype=object)


def _on_grid(
    shapes: npt.NDArray[np.object_], before: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.object_], int]:
    """Move corners to the coarsest grid on which every area keeps its size and crosses nothing."""
    sound = shapely.is_valid(shapes)
    for scale in SCALES:
        moved = _rounded(shapes, scale)
        close = np.abs(shapely.area(moved) - before) <= AREA_CHANGE * before
        if close.all() and shapely.is_valid(moved[sound]).all():
            break
    return moved, scale


def _rounded(shapes: npt.NDArray[np.object_], scale: int) -> npt.NDArray[np.object_]:
    rounded = shapely.transform(shapes, lambda c: np.round(c * scale) / scale)
    return np.asarray(rounded, dtype=object)


@dataclass(frozen=True)
class Plane:
    """A flat map in metres around a middle latitude, exact both ways.

    A scale in each direction serves for simplifying and for placing labels, needs no grid files,
    and works anywhere.

    Attributes
    ----------
    scale : tuple of float
        Metres per degree east and north.
    """

    scale: tuple[float, float]

    @classmethod
    def around(cls, shapes: npt.NDArray[np.object_]) -> Plane:
        """Return the plane for these shapes."""
        _, south, _, north = shapely.total_bounds(shapes)
        shrink = max(float(np.cos(np.radians((south + north) / 2))), 0.01)
        return cls((_METRES_PER_DEGREE * shrink, _METRES_PER_DEGREE))

    def flatten(self, shapes: Any) -> npt.NDArray[np.object_]:
        """Go from degrees to metres."""
        scale = np.array(self.scale)
        return np.asarray(shapely.transform(shapes, lambda c: c * scale), dtype=object)

    def unflatten(self, shapes: Any) -> npt.NDArray[np.object_]:
        """Go from metres to degrees."""
        scale = np.array(self.scale)
        return np.asarray(shapely.transform(shapes, lambda c: c / scale), dtype=object)


def outlines(
    polygons: npt.NDArray[np.object_], groups: pd.Series[Any]
) -> dict[str, shapely.Geometry]:
    """Dissolve areas to larger ones, from exactly the polygons that are drawn.

    Parameters
    ----------
    polygons : ndarray of shapely geometries
        The simplified areas.
    groups : Series of str
        The larger area of each, in the same order; areas without one are left out.

    Returns
    -------
    dict of str to Polygon or MultiPolygon
        By larger area. Slivers between areas that do not meet are closed.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from shapely.geometry import box
    >>> squares = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    >>> outlines(squares, pd.Series(["a", "a"]))["a"].area
    2.0
    """
    found = {}
    keys = groups.to_numpy(dtype=object)
    smallest = _SMALL_HOLE / _METRES_PER_DEGREE**2
    for key in sorted(groups.dropna().unique()):
        parts = polygons[keys == key]
        found[str(key)] = _without_small_holes(_dissolve(parts), smallest)
    return found


def _dissolve(parts: npt.NDArray[np.object_]) -> shapely.Geometry:
    if shapely.coverage_is_valid(parts):
        return shapely.normalize(shapely.coverage_union_all(parts))
    return shapely.union_all(shapely.make_valid(parts), grid_size=10.0**-_DECIMALS)


def _without_small_holes(shape: shapely.Geometry, smallest: float) -> shapely.Geometry:
    kept = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= smallest]
        kept.append(shapely.Polygon(part.exterior, holes))
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def label_points(shapes: dict[str, shapely.Geometry]) -> dict[str, tuple[float, float]]:
    """Place one label inside each shape, clear of the others.

    Parameters
    ----------
    shapes : dict of str to Polygon or MultiPolygon
        In longitude and latitude.

    Returns
    -------
    dict of str to (float, float)
        Longitude and latitude by shape: as far from the shape's edge as can be, moved where two
        labels would come too close at the scale at which the whole map fits the screen.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> square = box(0, 50, 1, 51)
    >>> square.contains(Point(label_points({"a": square})["a"]))
    True
    """
    if not shapes:
        return {}
    keys = list(shapes)
    everything = np.array([shapes[key] for key in keys], dtype=object)
    plane = Plane.around(everything)
    flat = plane.flatten(everything)
    west, south, east, north = shapely.total_bounds(flat)
    clear = max(east - west, north - south) / 18
    placed: list[tuple[float, float]] = []
    result = {}
    # Small shapes have the least choice, so they choose first.
    for i in np.argsort(shapely.area(flat)):
        spot = _best_spot(flat[i], placed, clear)
        placed.append(spot)
        result[keys[i]] = (
            round(spot[0] / plane.scale[0], _DECIMALS),
            round(spot[1] / plane.scale[1], _DECIMALS),
        )
    return {key: result[key] for key in keys}


def _best_spot(
    shape: shapely.Geometry, placed: list[tuple[float, float]], clear: float
) -> tuple[float, float]:
    """Return the pole of inaccessibility, or the best other point that is clear of labels."""
    biggest = max(shapely.get_parts(shape), key=lambda part: part.area)
    width = max(biggest.bounds[2] - biggest.bounds[0], biggest.bounds[3] - biggest.bounds[1])
    circle = shapely.maximum_inscribed_circle(biggest, tolerance=width / 100)
    first = shapely.get_coordinates(circle)[0]
    spot = (float(first[0]), float(first[1]))
    if not placed or _nearest(np.array([spot]), placed)[0] >= clear:
        return spot
    candidates = _grid_inside(biggest)
    if not len(candidates):
        return spot
    edge = shapely.distance(shapely.points(candidates), biggest.boundary)
    apart = _nearest(candidates, placed)
    # Clear of other labels first; among the clear ones, far from the edge.
    score = np.minimum(apart, clear) * 10 + edge
    best = candidates[int(np.argmax(score))]
    return float(best[0]), float(best[1])


def _nearest(
    points: npt.NDArray[np.float64], placed: list[tuple[float, float]]
) -> npt.NDArray[np.float64]:
    away = points[:, None, :] - np.array(placed)[None, :, :]
    return np.asarray(np.hypot(away[..., 0], away[..., 1]).min(axis=1))


def _grid_inside(shape: shapely.Geometry, steps: int = 24) -> npt.NDArray[np.float64]:
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.linspace(west, east, steps), np.linspace(south, north, steps))
    points = np.column_stack([x.ravel(), y.ravel()])
    return np.asarray(points[shapely.contains_xy(shape, points)])
