"""Polygons of a study area and its wards, from whichever files at hand hold all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, MissingFileError, examples
from wmspatial.geography.boundaries import prepare_boundaries
from wmspatial.sources.layouts import WEST_MIDLANDS

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.provenance import Source
    from wmspatial.sources.shelf import Item, Shelf

#: Lookups to wards with the polygons that fit them, by vintage, in the order they are tried.
_WARDS: Final = {
    2011: (("lsoa11-ward21", ("ward22-boundaries",)),),
    2021: (
        ("", ("ward25-boundaries", "ward24-boundaries")),
        ("lsoa21-ward24", ("ward24-boundaries", "ward25-boundaries")),
        ("lsoa21-ward22", ("ward22-boundaries",)),
    ),
}


def area_shapes(
    shelf: Shelf,
    vintage: int,
    table: pd.DataFrame,
    codes: pd.Index[Any],
    sources: list[Source],
    report: list[str],
) -> gpd.GeoDataFrame:
    """Read the study area's polygons: the most detailed file that holds every one.

    Parameters
    ----------
    shelf : Shelf
        The files at hand.
    vintage : {2011, 2021}
        The census.
    table : DataFrame
        Every neighbourhood by code, with its authority.
    codes : Index of str
        Neighbourhoods of the study area.
    sources, report : list
        What was read and repaired is added to them.

    Returns
    -------
    GeoDataFrame
        Indexed by code, sorted.

    Raises
    ------
    InputError
        If a neighbourhood has no polygon in any file.
    """
    name = f"lsoa{vintage % 100}-boundaries"
    candidates = shelf.find(name) + shelf.find(f"{name}-bsc", whole=True)
    nearest: tuple[Item, pd.Index[Any]] | None = None
    for item in candidates:
        if not _may_hold(item, table.loc[codes, "authority_code"]):
            continue
        shapes, notes, source = polygons(shelf, item, keep=codes)
        lost = codes.difference(shapes.index)
        if not len(lost):
            sources.append(source)
            report.extend(notes)
            return shapes.sort_index()
        if nearest is None or len(lost) < len(nearest[1]):
            nearest = (item, lost)
        if item.authorities is not None:
            break  # it is said to hold them: a damaged file, not one of somewhere else
    if nearest is None:
        raise MissingFileError(f"{name}: no boundaries of {vintage} in {shelf.folder}.")
    item, lost = nearest
    raise InputError(
        f"{item.label}: no polygon for {len(lost):,} of {len(codes):,} neighbourhoods "
        f"({', '.join(lost[:3])}, ...). Is the file complete?"
    )


def _may_hold(item: Item, authorities: pd.Series[Any]) -> bool:
    """Skip a file that is known to hold other authorities only."""
    return item.authorities is None or set(authorities) <= set(item.authorities)


def polygons(
    shelf: Shelf, item: Item, *, keep: pd.Index[Any] | None = None, parts: bool = False
) -> tuple[gpd.GeoDataFrame, list[str], Source]:
    """Read polygons and make them fit for use.

    Parameters
    ----------
    shelf : Shelf
        The files at hand.
    item : Item
        The file.
    keep : Index of str, optional
        Codes that are wanted; by default all.
    parts : bool
        Whether an area may stand in several rows, which are put together.

    Returns
    -------
    shapes : GeoDataFrame
        Indexed by code, WGS84.
    notes : list of str
        What was repaired.
    source : Source
        Where they come from.
    """
    frame, code, source = shelf.shapes(item)
    notes: list[str] = []
    if code in frame.columns:
        if keep is not None:
            frame = frame[frame[code].isin(keep)]
            if frame.empty:
                return frame.set_index(code)[[frame.geometry.name]], [], source
        if parts:
            frame = _whole(frame, code, item.label, notes)
        frame = frame[[code, frame.geometry.name]]
    shapes, more = prepare_boundaries(frame, code=code, where=item.label)
    shapes.index = shapes.index.astype("str")
    found = source._replace(rows=len(shapes), notes=(*source.notes, *more))
    return shapes, [*notes, *more], found


def _whole(frame: gpd.GeoDataFrame, code: str, label: str, notes: list[str]) -> gpd.GeoDataFrame:
    """Put together wards that stand in several parts, as the national file has some."""
    several = frame[code][frame[code].duplicated()].unique()
    if not len(several):
        return frame
    notes.append(
        f"{label}: {len(several):,} wards stand in parts, put together ({examples(several)})"
    )
    return frame[[code, frame.geometry.name]].dissolve(code).reset_index()


def with_wards(
    shelf: Shelf, dataset: str, table: pd.DataFrame, sources: list[Source]
) -> pd.DataFrame:
    """Give every neighbourhood the ward that a lookup says.

    Parameters
    ----------
    shelf : Shelf
        The files at hand.
    dataset : str
        The lookup; it may hold a part of the country.
    table : DataFrame
        Neighbourhoods by code; wards that it has are replaced.
    sources : list of Source
        The lookup is added.

    Returns
    -------
    DataFrame
        The table with ``ward_code`` and ``ward``.
    """
    found, source = shelf.table(dataset, whole=False)
    sources.append(source)
    wards = found.set_index("code")[["ward_code", "ward"]].astype("str")
    rest = table.drop(columns=["ward_code", "ward"], errors="ignore")
    return rest.join(wards)[[*rest.columns[:3], "ward_code", "ward", *rest.columns[3:]]]


def ward_shapes(
    shelf: Shelf,
    vintage: int,
    table: pd.DataFrame,
    inside: pd.Index[Any],
    sources: list[Source],
    report: list[str],
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read ward polygons, and the lookup that belongs to them.

    Parameters
    ----------
    shelf : Shelf
        The files at hand.
    vintage : {2011, 2021}
        The census.
    table : DataFrame
        Neighbourhoods by code.
    inside : Index of str
        Those of the study area.
    sources, report : list
        What was read and repaired is added to them.

    Returns
    -------
    wards : GeoDataFrame
        Polygons of the study area's wards.
    table : DataFrame
        The neighbourhoods with the wards of the lookup that fits.

    Raises
    ------
    InputError
        If no lookup and polygons at hand fit each other and the study area.
    """
    # Files in their known places first; only then is every file looked at.
    for lookup, datasets, search in [(*w, s) for s in (False, True) for w in _WARDS[vintage]]:
        found: list[Source] = []
        if lookup and not shelf.find(lookup, search=search):
            continue
        wanted = with_wards(shelf, lookup, table, found) if lookup else table
        if "ward_code" not in wanted.columns or wanted.loc[inside, "ward_code"].isna().any():
            continue
        needed = pd.Index(wanted.loc[inside, "ward_code"].unique())
        for item in [i for name in datasets for i in shelf.find(name, search=search)]:
            if not _may_hold(item, table.loc[inside, "authority_code"]):
                continue
            shapes, notes, source = polygons(shelf, item, keep=needed, parts=True)
            if needed.isin(shapes.index).all():
                sources.extend([s for s in found if s not in sources] + [source])
                report.extend(notes)
                return shapes.sort_index(), wanted
    if vintage == 2011 and not set(table.loc[inside, "authority_code"]) <= set(WEST_MIDLANDS):
        raise InputError(
            "level='ward': for 2011 a lookup to wards is at hand for the seven West Midlands "
            "authorities only. Ask for LSOAs, or for vintage=2021."
        )
    raise InputError(
        f"level='ward': no ward boundaries and lookup in {shelf.folder} hold every ward of the "
        "study area. 'wmspatial data list' names those of the catalogue."
    )
