"""Load a study area, with everything its flows touch, from a folder of official tables."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.dataset import Dataset
from wmspatial.errors import InputError, MissingFileError, examples
from wmspatial.flows import Flows
from wmspatial.geography.boundaries import centroids, prepare_boundaries
from wmspatial.geography.codes import ONLY_2011
from wmspatial.geography.places import resolve_area
from wmspatial.provenance import JOBS_2021, LOCKDOWN, Source
from wmspatial.sources import layouts
from wmspatial.sources.national import neighbourhoods_of
from wmspatial.sources.tables import find, read, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

_DEFAULTS: Final = {2011: "imd2015", 2021: "imd2025"}


def load(
    area: str | Iterable[str] = "wmca",
    vintage: int = 2021,
    *,
    data_dir: str | Path,
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
    data_dir : str or Path
        The folder; ``docs/data.md`` lists its files.
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
    folder = Path(data_dir)
    level = str(level).casefold()
    if deprivation is not None:
        deprivation = str(deprivation).casefold().replace(" ", "")
    if not folder.is_dir():
        raise MissingFileError(
            f"data_dir: there is no folder {folder}. Expected the folder of official tables that "
            "docs/data.md describes."
        )
    if vintage not in _DEFAULTS:
        raise InputError(f"vintage={vintage!r}: expected 2011 or 2021.")
    if level not in ("lsoa", "ward"):
        raise InputError(f"level={level!r}: expected 'lsoa' or 'ward'.")
    index = _index_of(vintage, deprivation)
    _refuse_incomplete(folder, vintage, index)

    national = neighbourhoods_of(folder, vintage, index)
    table, sources, report = national.neighbourhoods, national.sources, national.report
    combined, _source = read(folder, layouts.COMBINED)
    places = table[["authority_code", "authority"]].drop_duplicates()
    codes, label = resolve_area(area, places, combined.astype("str"))
    inside = table.index[table["authority_code"].isin(codes)]

    west_midlands = set(codes) <= set(layouts.WEST_MIDLANDS)
    wards: gpd.GeoDataFrame | None = None
    if vintage == 2011:
        # Read whatever the study area, so that a neighbourhood's row is the same in each.
        table = _with_wards(folder, layouts.WARDS_2011, table, sources)
    if level == "ward":
        wards, table = _wards(
            folder, vintage, table, sources, report, inside, west_midlands=west_midlands
        )
    flows, more = _flows(folder, vintage)
    shapes = _boundaries(folder, vintage, inside, sources, report, west_midlands=west_midlands)
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
        points=partial(_points, folder, vintage),
        moves=partial(_moves, folder) if vintage == 2021 else None,
        crosswalk=national.crosswalk,
        travel_times=travel_times,
    )
    dataset.official_markets = True
    return dataset


def _points(folder: Path, vintage: int) -> pd.DataFrame:
    """Read the centroids of every neighbourhood, when distances are first asked for."""
    path, code, title = layouts.BOUNDARIES[vintage][1]
    return centroids(_polygons(folder, path, code, title, [], []))


def _moves(folder: Path) -> Flows:
    """Read the national table of moves, when it is first asked for."""
    table, source = read(folder, layouts.MOVES_2021)
    moves = Flows.from_table(table, vintage=2021, where=layouts.MOVES_2021.path)
    moves.source = source
    return moves


def _index_of(vintage: int, deprivation: str | None) -> str:
    index = deprivation or _DEFAULTS[vintage]
    offered = [name for year, name in layouts.DEPRIVATION if year == vintage]
    if index not in offered:
        raise InputError(
            f"deprivation={index!r}: for {vintage} there is {' or '.join(map(repr, offered))}."
        )
    return index


def _refuse_incomplete(folder: Path, vintage: int, index: str) -> None:
    """Name every missing file at once, before anything is read."""
    needed = [layouts.DEPRIVATION[vintage, index], layouts.COMMUTING[vintage], layouts.JOBS,
              layouts.TRAVEL_TO_WORK, layouts.COMBINED, layouts.ETHNICITY_2011,
              layouts.CROSSWALK]  # fmt: skip
    if vintage == 2011:
        needed += [layouts.LOOKUP_2011, layouts.WARDS_2011]
    else:
        needed += [layouts.LOOKUP_2021, layouts.ETHNICITY_2021]
    wanted = [(n.path, n.title) for n in needed]
    wanted.append((layouts.BOUNDARIES[vintage][1][0], layouts.BOUNDARIES[vintage][1][2]))
    absent = [(path, title) for path, title in wanted if not (folder / path).is_file()]
    if len(absent) == len(wanted):
        raise MissingFileError(
            f"data_dir: {folder} does not look like the data folder: not one of the {len(wanted)} "
            f"files that {vintage} needs is in it, {wanted[0][0]} for one. docs/data.md lists them."
        )
    if absent:
        listed = "; ".join(f"{path} ({title})" for path, title in absent)
        raise MissingFileError(
            f"{len(absent)} of {len(wanted)} files missing in the data folder {folder}: {listed}. "
            "docs/data.md says what each has to hold."
        )


def _flows(folder: Path, vintage: int) -> tuple[Flows, Source]:
    layout = layouts.COMMUTING[vintage]
    table, source = read(folder, layout)
    return Flows.from_table(table, vintage=vintage, where=layout.path), source


def _with_wards(
    folder: Path, layout: Any, table: pd.DataFrame, sources: list[Source]
) -> pd.DataFrame:
    found, source = read(folder, layout)
    sources.append(source)
    wards = found.set_index("code").astype("str")
    rest = table.drop(columns=["ward_code", "ward"], errors="ignore")
    return rest.join(wards)[[*rest.columns[:3], "ward_code", "ward", *rest.columns[3:]]]


def _wards(
    folder: Path,
    vintage: int,
    table: pd.DataFrame,
    sources: list[Source],
    report: list[str],
    inside: pd.Index[Any],
    *,
    west_midlands: bool,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read ward polygons, and the lookup that belongs to them."""
    if vintage == 2011 and not west_midlands:
        raise InputError(
            "level='ward': for 2011 a lookup to wards is at hand for the seven West Midlands "
            "authorities only. Ask for LSOAs, or for vintage=2021."
        )
    if not west_midlands:
        table = _with_wards(folder, layouts.WARDS_2022, table, sources)
    path, code, title = layouts.WARD_BOUNDARIES[vintage if west_midlands else 2022]
    needed = pd.Index(table.loc[inside, "ward_code"].dropna().unique())
    shapes = _polygons(folder, path, code, title, sources, report, keep=needed, parts=True)
    return shapes, table


def _boundaries(
    folder: Path,
    vintage: int,
    codes: pd.Index[Any],
    sources: list[Source],
    report: list[str],
    *,
    west_midlands: bool,
) -> gpd.GeoDataFrame:
    """Read the study area's polygons: in detail for the West Midlands, else the national ones."""
    detailed, national = layouts.BOUNDARIES[vintage]
    path, code, title = detailed if west_midlands else national
    shapes = _polygons(folder, path, code, title, sources, report, keep=codes)
    lost = codes.difference(shapes.index)
    if len(lost):
        raise InputError(
            f"{path}: no polygon for {len(lost):,} of {len(codes):,} neighbourhoods "
            f"({', '.join(lost[:3])}, ...). Is the file complete?"
        )
    return shapes


def _polygons(
    folder: Path,
    path: str,
    code: str,
    title: str,
    sources: list[Source],
    report: list[str],
    *,
    keep: pd.Index[Any] | None = None,
    parts: bool = False,
) -> gpd.GeoDataFrame:
    import geopandas as gpd

    file = find(folder, path, title)
    try:
        if file.suffix == ".parquet":
            frame = gpd.read_parquet(file)
        else:
            frame = gpd.read_file(file, use_arrow=True)
    except (OSError, ValueError, RuntimeError) as error:  # what pyarrow, geopandas and GDAL raise
        raise InputError(
            f"{path}: cannot be read as boundaries ({error}). Get the file again."
        ) from error
    if code in frame.columns and keep is not None:
        frame = frame[frame[code].isin(keep)]
    if parts and code in frame.columns:
        frame = _whole(frame, code, path, report)
    if code in frame.columns:
        frame = frame[[code, frame.geometry.name]]
    shapes, notes = prepare_boundaries(frame, code=code, where=path)
    shapes.index = shapes.index.astype("str")
    report.extend(notes)
    sources.append(
        Source(title, "Office for National Statistics", file=file.name, sha256=sha256(file),
               rows=len(shapes), notes=notes)
    )  # fmt: skip
    return shapes.sort_index()


def _whole(frame: gpd.GeoDataFrame, code: str, path: str, report: list[str]) -> gpd.GeoDataFrame:
    """Put together wards that stand in several parts, as the national file has some."""
    several = frame[code][frame[code].duplicated()].unique()
    if not len(several):
        return frame
    report.append(
        f"{path}: {len(several):,} wards stand in parts, put together ({examples(several)})"
    )
    return frame[[code, frame.geometry.name]].dissolve(code).reset_index()
