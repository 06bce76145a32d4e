"""Share out counts by area where no official lookup leads from one geography to another."""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, MissingLibraryError, examples, require
from wmspatial.geography._conversion_kinds import check_whole, declared
from wmspatial.geography.boundaries import NATIONAL_GRID, prepare_boundaries
from wmspatial.geography.rounding import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

METHOD: Final = "area-weighted interpolation"
#: How far single precision may be off, as a part of the total.
_SINGLE: Final = 1e-5
#: Land that is shared by less, as a part of the area, is the thickness of a line.
_SLIVER: Final = 1e-3
_NAME: Final = "value {}"


class _Cover(NamedTuple):
    """How much of each polygon the other layer covers, as a part of its land."""

    source: Floats
    target: Floats


def import_optional(name: str, extra: str, purpose: str) -> Any:
    """Import a library that is no fixed dependency, or say how to install it.

    Parameters
    ----------
    name : str
        Name of the module.
    extra : str
        The extra of this package that brings it.
    purpose : str
        What needs it, for the error.

    Returns
    -------
    module
        The module.

    Raises
    ------
    MissingLibraryError
        If it is not installed.

    Examples
    --------
    >>> import_optional("no_such_library", "maps", "drawing")
    Traceback (most recent call last):
    ...
    wmspatial.errors.MissingLibraryError: drawing needs no_such_library, which is
    not installed. Install it with: pip install 'wmspatial[maps]'
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        library = name.partition(".")[0]
        if (error.name or "").partition(".")[0] != library:
            raise
        raise MissingLibraryError(
            f"{purpose} needs {library}, which is not installed. Install it with: pip install "
            f"'wmspatial[{extra}]'"
        ) from None


def interpolate(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    *,
    counts: Iterable[str] = (),
    rates: Mapping[str, str] | None = None,
    tolerance: float = 0.01,
    whole: bool = False,
) -> gpd.GeoDataFrame:
    """Estimate counts and rates on other polygons, by the land that they share.

    Assumes that people are spread evenly over the land of their area, which they are not: take
    :func:`~wmspatial.geography.conversion.convert` wherever a lookup exists. Worked out in the
    British National Grid by tobler's area-weighted interpolation (an optional library).

    Parameters
    ----------
    source : GeoDataFrame
        Polygons with counts, indexed by code, in any coordinate system.
    target : GeoDataFrame
        Polygons to estimate for, indexed by code, not overlapping.
    counts : iterable of str
        Columns of people, jobs, or anything else that adds up.
    rates : mapping of str to str, optional
        Columns of rates, each with its denominator, a column of counts (need not be named twice).
    tolerance : float, default 0.01
        The part of each count that may lie outside all targets, where borders drawn at another
        scale do not meet. It goes to the targets that the rest of its area is in.
    whole : bool, default False
        Round to whole numbers by largest remainders, so that the total is kept.

    Returns
    -------
    GeoDataFrame
        The targets, in their order and coordinate system, with the estimates and ``covered``, the
        part of each target's land that sources cover. What rests on a missing value is missing,
        and so is a target without sources. In ``attrs``: ``method``, ``library``, ``outside``
        (what lay outside, by column) and ``report`` (sentences).

    Raises
    ------
    MissingLibraryError
        If tobler is not installed.
    InputError
        If a column is absent or holds no numbers, a coordinate system is missing, targets overlap,
        or more lies outside them than `tolerance`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import box
    >>> grid = "EPSG:27700"
    >>> whole = [box(400_000, 300_000, 403_000, 301_000)]
    >>> source = gpd.GeoDataFrame({"people": [300]}, geometry=whole, index=["all"], crs=grid)
    >>> parts = [box(400_000, 300_000, 402_000, 301_000), box(402_000, 300_000, 403_000, 301_000)]
    >>> target = gpd.GeoDataFrame(geometry=parts, index=["left", "right"], crs=grid)
    >>> interpolate(source, target, counts=["people"])["people"].round(3).to_dict()
    {'left': 200.0, 'right': 100.0}
    """
    tobler = import_optional("tobler", "interpolation", "Areal interpolation")
    require(source, "source", "GeoDataFrame", "geopandas.read_file(...)")
    require(target, "target", "GeoDataFrame", "geopandas.read_file(...)")
    if not 0 <= tolerance < 1:
        raise InputError(f"tolerance: expected a part from 0 to below 1; found {tolerance!r}.")
    kept = list(dict.fromkeys([*counts, *(rates or {}), *(rates or {}).values()]))
    absent = [c for c in kept if c not in source.columns]
    if absent or not kept:
        raise InputError(
            f"source: no column {examples(map(repr, absent)) if absent else 'named in counts='}; "
            f"found {examples(map(repr, source.columns), 12)}."
        )
    kinds = declared(pd.DataFrame(source[kept]), counts, rates, (), (), ())
    if whole:
        check_whole(pd.DataFrame(source[kept]), kinds.counts)
    report: list[str] = []
    here = _on_the_grid(source[[*kept, source.geometry.name]], "source", report)
    there = _on_the_grid(target[[target.geometry.name]], "target", report)
    cover = _cover(here, there, report)
    _check_signs(here, kinds.counts)
    values = {c: here[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in kept}
    outside = {c: _outside(values[c], c, cover, tolerance, report) for c in kinds.counts}
    estimates = _estimates(values, kinds.counts, kinds.rates, here, there, cover, report)
    result = target[[target.geometry.name]].copy()
    for column in kept:
        found = np.where(cover.target > 0, estimates[column], np.nan)
        if column in kinds.counts and whole:
            found = largest_remainder(found)
        result[column] = found
    result["covered"] = cover.target
    result.attrs = {
        **target.attrs,
        "method": METHOD,
        "library": f"tobler {tobler.__version__}",
        "outside": outside,
        "report": [*target.attrs.get("report", ()), *_told(source, result, kinds.counts), *report],
    }
    return result


def _check_signs(frame: gpd.GeoDataFrame, counts: Iterable[str]) -> None:
    for column in counts:
        below = frame.index[frame[column] < 0]
        if len(below):
            raise InputError(
                f"source: {column!r} is negative in {len(below):,} areas ({examples(below)}). "
                "Expected counts of something that is there."
            )


def _on_the_grid(frame: gpd.GeoDataFrame, where: str, report: list[str]) -> gpd.GeoDataFrame:
    """Make polygons valid and measurable in metres."""
    ready, notes = prepare_boundaries(frame, where=where)
    report.extend(note for note in notes if "reprojected" not in note)
    return ready.to_crs(NATIONAL_GRID)


def _tobler(
    source: gpd.GeoDataFrame,
    target: gpd.GeoDataFrame,
    extensive: Mapping[str, Floats],
    report: list[str],
    *,
    all_of_it: bool,
) -> dict[str, Floats]:
    """Let tobler share out values, and put its warnings into our report."""
    area = import_optional("tobler.area_weighted", "interpolation", "Areal interpolation")
    # Under names of our own, so that no column of the user's meets one of the library's.
    names = {column: _NAME.format(place) for place, column in enumerate(extensive)}
    columns = {names[c]: np.array(v, dtype=np.float64) for c, v in extensive.items()}
    frame = source[["geometry"]].assign(**columns)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = area.area_interpolate(
            frame, target[["geometry"]], extensive_variables=list(columns), allocate_total=all_of_it
        )
    report.extend(dict.fromkeys(f"tobler: {warning.message}" for warning in caught))
    return {c: found[names[c]].to_numpy(dtype=np.float64) for c in extensive}


def _cover(here: gpd.GeoDataFrame, there: gpd.GeoDataFrame, report: list[str]) -> _Cover:
    """Measure the land that the layers share, seen from both."""
    areas = here.area.to_numpy(), there.area.to_numpy()
    # The whole area of a polygon, shared out and not topped up, is the land that it shares.
    of_target = _tobler(here, there, {"land": areas[0]}, report, all_of_it=False)["land"]
    of_source = _tobler(there, here, {"land": areas[1]}, report, all_of_it=False)["land"]
    cover = _Cover(of_source / areas[0], of_target / areas[1])
    for parts, frame, name in ((cover.source, here, "targets"), (cover.target, there, "sources")):
        twice = frame.index[parts > 1 + _SLIVER]
        if len(twice):
            raise InputError(
                f"{name}: they overlap each other, in {len(twice):,} places ({examples(twice)}), "
                "so people there would be counted twice. Expected polygons that only touch."
            )
    return cover


def _outside(
    values: Floats, column: str, cover: _Cover, tolerance: float, report: list[str]
) -> float:
    """Count what lies outside all targets, and refuse too much of it."""
    lying = np.nansum(values * np.clip(1 - cover.source, 0, 1))
    total = np.nansum(values)
    if lying > tolerance * total:
        raise InputError(
            f"{column}: {lying:,.0f} of {total:,.0f} ({lying / total:.1%}) lie outside all "
            f"targets, more than the tolerance of {tolerance:.1%}. Cut the sources to the area "
            "that the targets cover, or add the targets that are missing."
        )
    dropped = np.nansum(values[cover.source == 0])
    if dropped:
        report.append(
            f"{column}: {dropped:,.0f} in {int((cover.source == 0).sum()):,} sources that touch no "
            "target are left out"
        )
    return float(lying)


def _estimates(
    values: Mapping[str, Floats],
    counts: Iterable[str],
    rates: Mapping[str, str],
    here: gpd.GeoDataFrame,
    there: gpd.GeoDataFrame,
    cover: _Cover,
    report: list[str],
) -> dict[str, Floats]:
    """Estimate counts, and rates as quotients; what rests on missing values is missing."""
    wanted = {f"count {c}": values[c] for c in counts}
    for rate, by in rates.items():
        # Where there is nobody, there is no rate, and none is needed.
        nobody = values[by] == 0
        wanted[f"above {rate}"] = np.where(nobody, 0.0, values[rate] * values[by])
        wanted[f"below {rate}"] = values[by]
    # tobler puts nought for missing values: they are taken out first and what they touch marked.
    land = here.area.to_numpy()
    gaps = {f"gap {c}": np.where(np.isnan(v), land, 0.0) for c, v in wanted.items()}
    filled = {c: np.nan_to_num(v) for c, v in wanted.items()}
    shared = _tobler(here, there, filled, report, all_of_it=True)
    unknown = _tobler(here, there, gaps, report, all_of_it=False)
    size = there.area.to_numpy()
    for c in counts:
        name = f"count {c}"
        shared[name] = _put_right(filled[name], shared[name], c, cover)
    clean = {c: np.where(unknown[f"gap {c}"] > _SLIVER * size, np.nan, shared[c]) for c in wanted}
    with np.errstate(invalid="ignore", divide="ignore"):
        quotients = {r: clean[f"above {r}"] / clean[f"below {r}"] for r in rates}
    found = {r: np.where(np.isfinite(q), q, np.nan) for r, q in quotients.items()}
    return found | {c: clean[f"count {c}"] for c in counts}


def _put_right(filled: Floats, shared: Floats, column: str, cover: _Cover) -> Floats:
    """Keep the total exactly: tobler reckons areas in single precision, to seven digits."""
    before, after = filled[cover.source > 0].sum(), shared.sum()
    if abs(after - before) > _SINGLE * max(1.0, before):
        raise InputError(
            f"{column}: {after:,.3f} after interpolation, {before:,.3f} before. The polygons "
            "cannot be laid over each other: mend them first."
        )
    return shared * (before / after) if after > 0 else shared


def _told(source: gpd.GeoDataFrame, result: gpd.GeoDataFrame, counts: Iterable[str]) -> list[str]:
    """Say what was kept and what is missing."""
    lines = [f"{METHOD}: {len(source):,} areas to {len(result):,}, as if all lived evenly spread"]
    for column in counts:
        gaps = int(source[column].isna().sum()), int(result[column].isna().sum())
        told = f"{column}: {result[column].sum():,.0f} of {source[column].sum():,.0f} kept"
        if any(gaps):
            told += f"; missing in {gaps[0]:,} areas before, {gaps[1]:,} after"
        lines.append(told)
    bare = int((result["covered"] == 0).sum())
    if bare:
        lines.append(f"{bare:,} areas have no source and are missing")
    return lines
