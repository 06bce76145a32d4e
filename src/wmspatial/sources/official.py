"""Load a study area, with everything its flows touch, from a folder of official tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from wmspatial.dataset import Dataset
from wmspatial.errors import InputError
from wmspatial.flows import Flows
from wmspatial.geography.boundaries import centroids
from wmspatial.geography.codes import ONLY_2011
from wmspatial.geography.places import resolve_area
from wmspatial.provenance import JOBS_2021, LOCKDOWN
from wmspatial.sources import layouts
from wmspatial.sources.national import neighbourhoods_of
from wmspatial.sources.shapes import area_shapes, polygons, ward_shapes, with_wards
from wmspatial.sources.shelf import open_shelf, refuse_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from wmspatial.provenance import Source
    from wmspatial.sources.shelf import Shelf

_DEFAULTS: Final = {2011: "imd2015", 2021: "imd2025"}
_COMMUTING: Final = {2011: "wu01ew-msoa11", 2021: "odwp01ew-msoa21"}


def load(
    area: str | Iterable[str] = "wmca",
    vintage: int = 2021,
    *,
    data_dir: str | Path | None = None,
    level: str = "lsoa",
    deprivation: str | None = None,
    travel_times: pd.DataFrame | None = None,
) -> Dataset:
    """Load a study area from a folder of official tables.

    Every neighbourhood of England and Wales is loaded with it, because commuters of the study
    area work beyond it, and because classes are relative to whole travel-to-work areas.

    Parameters
    ----------
    area : str or iterable of str, default "wmca"
        A combined authority, an authority by name or code, several of them, or
        ``"england and wales"``.
    vintage : {2021, 2011}
        Census of the areas and flows.
    data_dir : str or Path, optional
        A folder of official tables, or a store that ``wmspatial data fetch`` filled; by default
        the store (``WMSPATIAL_DATA``, or the platform's data folder). ``docs/data.md`` lists the
        files.
    level : {"lsoa", "ward"}
        What the areas and results are at.
    deprivation : {"imd2015", "imd2019", "imd2025"}, optional
        The index: for 2011 IMD 2015 by default, the edition JRF used, or ``"imd2019"``; for 2021
        IMD 2025.
    travel_times : DataFrame, optional
        Minutes between neighbourhoods as a router writes them (``origin``, ``destination``,
        ``minutes``, or r5py's names), for accessibility over travel time.

    Returns
    -------
    Dataset
        The study area's frame, flows, and the jobs, residents and lookups of everywhere else.

    Raises
    ------
    MissingFileError
        If a file of the folder is missing.
    InputError
        If a file is no such table, or an argument is out of its range.
    AreaNotFoundError
        If there is no such place; the nearest names are given.

    Examples
    --------
    >>> import wmspatial as wm
    >>> wm.load("Birmingham", 2011, data_dir="nowhere")
    Traceback (most recent call last):
    ...
    wmspatial.errors.MissingFileError: data_dir: there is no folder nowhere. ...
    """
    level = str(level).casefold()
    if deprivation is not None:
        deprivation = str(deprivation).casefold().replace(" ", "")
    shelf = open_shelf(data_dir)
    if vintage not in _DEFAULTS:
        raise InputError(f"vintage={vintage!r}: expected 2011 or 2021.")
    if level not in ("lsoa", "ward"):
        raise InputError(f"level={level!r}: expected 'lsoa' or 'ward'.")
    index = _index_of(vintage, deprivation)
    refuse_incomplete(shelf, needed_for(vintage, index), vintage)

    national = neighbourhoods_of(shelf, vintage, index)
    table, sources, report = national.neighbourhoods, national.sources, national.report
    combined, _source = shelf.table("lad23-cauth23")
    places = table[["authority_code", "authority"]].drop_duplicates()
    codes, label = resolve_area(area, places, combined.astype("str"))
    inside = table.index[table["authority_code"].isin(codes)]
    if vintage == 2011 and shelf.find("lsoa11-ward21"):
        # Read whatever the study area, so that a neighbourhood's row is the same in each.
        table = with_wards(shelf, "lsoa11-ward21", table, sources)
    wards: gpd.GeoDataFrame | None = None
    if level == "ward":
        wards, table = ward_shapes(shelf, vintage, table, inside, sources, report)
    flows, more = _flows(shelf, vintage)
    shapes = area_shapes(shelf, vintage, table, inside, sources, report)
    caveats = [JOBS_2021] if vintage == 2011 else [LOCKDOWN, JOBS_2021]
    # So that a table of the other census is known for what it is when it is joined.
    shapes.attrs[ONLY_2011] = national.only_2011
    dataset = Dataset(
        shapes,
        flows,
        table,
        vintage=vintage,
        study_area=label,
        deprivation=layouts.DEPRIVATION_NAMES[index],
        groups=layouts.GROUPS,
        wards=wards,
        level=level,
        provenance=[*sources, more],
        caveats=caveats,
        report=report,
        points=partial(_points, shelf, vintage),
        moves=partial(_moves, shelf) if vintage == 2021 else None,
        crosswalk=national.crosswalk,
        travel_times=travel_times,
    )
    dataset.official_markets = True
    return dataset


def _points(shelf: Shelf, vintage: int) -> pd.DataFrame:
    """Read the centroids of every neighbourhood, when distances are first asked for."""
    item = shelf.find(f"lsoa{vintage % 100}-boundaries-bsc", whole=True)[0]
    shapes, _notes, _source = polygons(shelf, item)
    return centroids(shapes)


def _moves(shelf: Shelf) -> Flows:
    """Read the national table of moves, when it is first asked for."""
    table, source = shelf.table("odmg01ew-msoa21")
    moves = Flows.from_table(table, vintage=2021, where=source.file)
    moves.source = source
    return moves


def _flows(shelf: Shelf, vintage: int) -> tuple[Flows, Source]:
    table, source = shelf.table(_COMMUTING[vintage])
    return Flows.from_table(table, vintage=vintage, where=source.file), source


def needed_for(vintage: int, index: str) -> list[str]:
    """List the data sets that the main job of a vintage needs.

    Parameters
    ----------
    vintage : {2011, 2021}
        The census.
    index : str
        The index of deprivation, as ``"imd2015"``.

    Returns
    -------
    list of str
        Catalogue ids.

    Examples
    --------
    >>> len(needed_for(2021, "imd2025"))
    10
    """
    needed = [f"{index.replace('imd', 'iod')}-imd", _COMMUTING[vintage], "bres-lsoa11",
              "lsoa11-ttwa11", "lad23-cauth23", "ks201ew-lsoa11", "lsoa11-lsoa21"]  # fmt: skip
    if vintage == 2011:
        needed += ["lsoa11-msoa11-lad"]
    else:
        needed += ["lsoa21-msoa21-lad", "ts021-lsoa21"]
    return [*needed, f"lsoa{vintage % 100}-boundaries-bsc"]


def _index_of(vintage: int, deprivation: str | None) -> str:
    index = deprivation or _DEFAULTS[vintage]
    offered = [name for year, name in layouts.DEPRIVATION if year == vintage]
    if index not in offered:
        raise InputError(
            f"deprivation={index!r}: for {vintage} there is {' or '.join(map(repr, offered))}."
        )
    return index
