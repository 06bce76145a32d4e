"""Boundaries made fit for use: indexed by code, in WGS84, valid, with every repair reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from wmspatial.errors import InputError, examples

if TYPE_CHECKING:
    import geopandas as gpd

WGS84 = "EPSG:4326"
NATIONAL_GRID = "EPSG:27700"
_LONGEST_DEGREE = 180.0


def prepare_boundaries(
    frame: gpd.GeoDataFrame, *, code: str | None = None, where: str = "the boundaries"
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Check boundaries, repair what can be repaired safely, and say what was done.

    Parameters
    ----------
    frame : GeoDataFrame
        One row an area, polygons or multipolygons.
    code : str, optional
        The column of area codes; by default the index holds them.
    where : str
        What the boundaries are called in errors: a file name, say.

    Returns
    -------
    frame : GeoDataFrame
        A copy indexed by area code (named ``code``), in WGS84, every polygon valid, in the
        column ``geometry``.
    notes : tuple of str
        What was repaired or reprojected; empty where nothing had to be.

    Raises
    ------
    InputError
        If there are no areas, the coordinate system is missing, a code is missing or stands
        twice, or a geometry is missing, empty or no polygon.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> squares = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], index=["a"], crs="EPSG:27700")
    >>> areas, notes = prepare_boundaries(squares)
    >>> notes
    ('the boundaries: reprojected from EPSG:27700 to WGS84',)
    """
    if len(frame) == 0:
        raise InputError(f"{where}: there are no areas in it. Expected one row an area.")
    if code is not None:
        if code not in frame.columns:
            raise InputError(
                f"{where}: no column {code!r}; found {examples(map(repr, frame.columns), 12)}."
            )
        frame = frame.set_index(code)
    frame = frame.rename_axis("code")
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    _check_codes(frame.index, where)
    notes: list[str] = []
    frame = _in_wgs84(frame, where, notes)
    frame = _valid(frame, where, notes)
    return frame, tuple(notes)


def _check_codes(codes: Any, where: str) -> None:
    if codes.hasnans:
        raise InputError(f"{where}: {int(codes.isna().sum()):,} areas have no code.")
    if not codes.is_unique:
        twice = codes[codes.duplicated()].unique()
        raise InputError(
            f"{where}: {len(twice):,} area codes stand more than once ({examples(twice)}). "
            "Expected one row an area: dissolve the parts, or drop the copies."
        )


def _in_wgs84(frame: gpd.GeoDataFrame, where: str, notes: list[str]) -> gpd.GeoDataFrame:
    if frame.crs is None:
        reach = abs(frame.total_bounds).max()
        guess = (
            "Its numbers look like British National Grid: frame.set_crs('EPSG:27700')."
            if reach > _LONGEST_DEGREE
            else "Its numbers look like degrees: frame.set_crs('EPSG:4326')."
        )
        raise InputError(f"{where}: the coordinate reference system is missing. {guess}")
    if frame.crs.equals(WGS84, ignore_axis_order=True):
        frame = frame.set_crs(WGS84, allow_override=True)
        if abs(frame.total_bounds).max() > _LONGEST_DEGREE:
            raise InputError(
                f"{where}: declared as WGS84, but its coordinates go up to "
                f"{abs(frame.total_bounds).max():,.0f}, which are no degrees. If they are British "
                "National Grid: frame.set_crs('EPSG:27700', allow_override=True)."
            )
        return frame
    name = frame.crs.to_string()
    notes.append(f"{where}: reprojected from {name} to WGS84")
    return frame.to_crs(WGS84)


def _valid(frame: gpd.GeoDataFrame, where: str, notes: list[str]) -> gpd.GeoDataFrame:
    shapes = frame.geometry.to_numpy()
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if blank.any():
        raise InputError(
            f"{where}: {int(blank.sum()):,} areas have no geometry "
            f"({examples(frame.index[blank])})."
        )
    polygonal = shapely.get_dimensions(shapes) == 2
    if not polygonal.all():
        raise InputError(
            f"{where}: {int((~polygonal).sum()):,} geometries are no polygons "
            f"({examples(frame.index[~polygonal])})."
        )
    bad = ~shapely.is_valid(shapes)
    if not bad.any():
        return frame
    mended = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    lost = shapely.is_empty(mended) | (shapely.get_dimensions(mended) != 2)
    if lost.any():
        raise InputError(
            f"{where}: {int(lost.sum()):,} invalid polygons cannot be repaired "
            f"({examples(frame.index[bad][lost])})."
        )
    notes.append(
        f"{where}: {int(bad.sum()):,} invalid polygons repaired ({examples(frame.index[bad])})"
    )
    shapes = shapes.copy()
    shapes[bad] = mended
    return frame.set_geometry(type(frame.geometry)(shapes, index=frame.index, crs=frame.crs))


def centroids(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the centroid of each area on the British National Grid.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons indexed by code, in any coordinate system.

    Returns
    -------
    DataFrame
        ``easting`` and ``northing``, metres, on the index of `areas`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> square = gpd.GeoDataFrame(geometry=[box(400000, 300000, 401000, 301000)], crs="EPSG:27700")
    >>> centroids(square).iloc[0].to_dict()
    {'easting': 400500.0, 'northing': 300500.0}
    """
    points = areas.geometry.to_crs(NATIONAL_GRID).centroid
    return pd.DataFrame({"easting": points.x, "northing": points.y}, index=areas.index)
