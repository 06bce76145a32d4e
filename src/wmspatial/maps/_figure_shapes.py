"""Polygons for paper: projected to metres, and as fine as the printed scale shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from wmspatial.errors import InputError, examples
from wmspatial.maps.geometry import label_points, outlines

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt
    import pandas as pd

_BRITISH_GRID: Final = "EPSG:27700"
#: Longitude and latitude within which the British National Grid is true to a part in a thousand.
_BRITAIN: Final = (-9.0, 49.0, 3.0, 61.5)
#: Detail finer than this, inches on paper, is left away: about a tenth of a millimetre.
_FINEST: Final = 0.004
_WORLD: Final = "EPSG:4326"


@dataclass(frozen=True)
class Drawn:
    """What is drawn, in metres.

    Attributes
    ----------
    polygons : ndarray of shapely geometries
        The areas, in the frame's order.
    outlines : dict of str to geometry
        The authorities.
    spots : dict of str to (float, float)
        Where each authority's number stands.
    bounds : tuple of float
        West, south, east, north.
    """

    polygons: npt.NDArray[np.object_]
    outlines: dict[str, shapely.Geometry]
    spots: dict[str, tuple[float, float]]
    bounds: tuple[float, float, float, float]


def check_shapes(frame: gpd.GeoDataFrame) -> None:
    """Refuse a frame that cannot be drawn.

    Raises
    ------
    InputError
        If there are no areas, no polygons, or nothing that says where on Earth they are.
    """
    if not len(frame):
        raise InputError("There is nothing to draw: the frame has no rows.")
    if not hasattr(frame, "geometry"):
        raise InputError("There is nothing to draw: the areas have no polygons.")
    shapes = frame.geometry
    blank = (shapes.isna() | shapes.is_empty).to_numpy()
    if blank.any():
        raise InputError(
            f"{int(blank.sum()):,} of {len(frame):,} areas have no polygon "
            f"({examples(frame.index[blank], 3)}). Leave them out, or give them one."
        )
    flat = ~shapes.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if flat.any():
        raise InputError(
            f"{int(flat.sum()):,} of {len(frame):,} shapes are no polygons (the first is a "
            f"{shapes.geom_type[flat].iloc[0]}). A choropleth is drawn of areas."
        )
    if frame.crs is None:
        raise InputError(
            "The frame does not say in which coordinates its polygons are. Say so, as in "
            "frame.set_crs(4326) for longitude and latitude."
        )


def project(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the polygons in metres: on the British grid in Britain, elsewhere in UTM."""
    degrees = frame.geometry.to_crs(_WORLD)
    west, south, east, north = degrees.total_bounds
    inside = (
        west >= _BRITAIN[0]
        and south >= _BRITAIN[1]
        and east <= _BRITAIN[2]
        and north <= _BRITAIN[3]
    )
    return degrees.to_crs(_BRITISH_GRID if inside else degrees.estimate_utm_crs())


def extent(metres: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """Return west, south, east and north."""
    west, south, east, north = (float(value) for value in metres.total_bounds)
    return west, south, east, north


def draw_shapes(metres: gpd.GeoSeries, keys: pd.Series[Any], scale: float, *, spots: bool) -> Drawn:
    """Simplify areas for a printed scale and dissolve them to authorities.

    Parameters
    ----------
    metres : GeoSeries
        From :func:`project`.
    keys : Series of str
        The authority of each, missing where it has none; all missing outlines the whole.
    scale : float
        Metres an inch.
    spots : bool
        Whether to place numbers.

    Returns
    -------
    Drawn
        In the same coordinates.
    """
    import geopandas as gpd

    small = _simplified(metres.to_numpy(), _FINEST * scale)
    groups = keys if keys.notna().any() else keys.astype(object).fillna("all")
    degrees = gpd.GeoSeries(small, crs=metres.crs).to_crs(_WORLD).to_numpy()
    dissolved = outlines(np.asarray(degrees, dtype=object), groups)
    named = list(dissolved)
    back = gpd.GeoSeries(list(dissolved.values()), crs=_WORLD).to_crs(metres.crs)
    places: dict[str, tuple[float, float]] = {}
    if spots:
        found = label_points(dissolved)
        points = gpd.GeoSeries(
            gpd.points_from_xy(*np.array([found[key] for key in named]).T), crs=_WORLD
        ).to_crs(metres.crs)
        places = {key: (float(p.x), float(p.y)) for key, p in zip(named, points, strict=True)}
    west, south, east, north = shapely.total_bounds(small)
    return Drawn(
        small,
        dict(zip(named, back.to_numpy(), strict=True)),
        places,
        (float(west), float(south), float(east), float(north)),
    )


def _simplified(shapes: npt.NDArray[np.object_], tolerance: float) -> npt.NDArray[np.object_]:
    valid = np.asarray(shapes, dtype=object)
    try:
        small = shapely.coverage_simplify(valid, tolerance)
    except shapely.GEOSException:
        # Coverages that GEOS refuses: each edge for itself, less than a hair's breadth apart.
        small = shapely.simplify(valid, tolerance, preserve_topology=True)
    lost = shapely.is_missing(small) | shapely.is_empty(small)
    return np.asarray(np.where(lost, valid, small), dtype=object)


def compound_path(shapes: npt.NDArray[np.object_]) -> Any:
    """Return many polygons as one path, holes and all."""
    from matplotlib.path import Path

    parts = shapely.orient_polygons(shapely.get_parts(shapes))
    rings = shapely.get_rings(parts)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes[starts] = Path.MOVETO
    codes[np.append(starts[1:], len(points)) - 1] = Path.CLOSEPOLY
    return Path(points, codes)
