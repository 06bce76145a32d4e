"""Bring a table from one census's areas to another's, or to wards, by official lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, VintageError, examples, require
from wmspatial.geography._conversion_columns import (
    carry_count,
    carry_flag,
    carry_label,
    carry_rank,
    carry_rate,
    floats,
)
from wmspatial.geography._conversion_kinds import (
    CARRIED,
    check_whole,
    declared,
    doubtful_counts,
    without_own,
)
from wmspatial.geography._conversion_lookups import (
    goal_of,
    level_held,
    steps_of,
    year_of,
)
from wmspatial.geography._conversion_pairs import build_bridge
from wmspatial.geography._conversion_report import changes_of, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wmspatial.geography._conversion_kinds import Kinds
    from wmspatial.geography._conversion_lookups import Goal, Step
    from wmspatial.geography._conversion_pairs import Bridge


def convert(
    table: pd.DataFrame,
    lookup: pd.DataFrame | Sequence[pd.DataFrame],
    *,
    to: int | str,
    counts: Iterable[str] = (),
    rates: Mapping[str, str] | None = None,
    ranks: Iterable[str] = (),
    deciles: Iterable[str] = (),
    labels: Iterable[str] = (),
    over_changes: Literal["carry", "refuse"] = "carry",
    weights: pd.Series[Any] | Sequence[pd.Series[Any] | None] | None = None,
    sizes: str | pd.Series[Any] | None = None,
    whole: bool = False,
    on: str | None = None,
    vintage: int | None = None,
) -> pd.DataFrame:
    """Bring a table to the areas of another census, or to wards.

    Counts are apportioned by residents where an area was split and summed where areas were
    merged. Rates are averaged by their denominators. Ranks and deciles are never worked out: a
    part of a split has the one of the whole, and a merged or irregular area has none, but for
    deciles that all parts of a merger share. Labels are those of the largest part.

    Parameters
    ----------
    table : DataFrame
        One row an area. Every column but the codes has to be declared as one of the kinds below.
    lookup : DataFrame or sequence of DataFrame
        Official pairs, with columns such as ``lsoa01``, ``lsoa11``, ``lsoa21``, ``code``,
        ``ward_code``, and ``change`` (U, S, M, X) where there is one; used in either direction.
        Several lead on from one to the next.
    to : int or str
        2001, 2011 or 2021 for their LSOAs; or a level as ``"ward"``, ``"ward 2022"``, ``"MSOA"``.
    counts : iterable of str
        Columns of people, jobs, or anything else that adds up.
    rates : mapping of str to str, optional
        Columns of rates, each with its denominator, a column of counts (need not be named twice).
    ranks, deciles : iterable of str
        Columns of ranks and of deciles.
    labels : iterable of str
        Columns of names, codes or classes.
    over_changes : {"carry", "refuse"}
        Whether ranks and deciles go over to parts of splits, flagged, or are missing there.
    weights : Series or sequence of Series or None, optional
        Usual residents of the new areas by code, people: needed where areas were split. With
        several lookups, one for each.
    sizes : str or Series, optional
        Usual residents of the old areas, a count column or by code: needed where parts have
        different labels.
    whole : bool, default False
        Round to whole people by largest remainders, so that those of each old area keep their sum.
    on : str, optional
        The column of codes; by default one with a standard name, or else the index.
    vintage : {2001, 2011, 2021}, optional
        Census of the table's LSOAs; by default ``table.attrs["vintage"]``, or what the lookup says.

    Returns
    -------
    DataFrame
        Indexed by new code, sorted. Beside the declared columns: ``change`` (unchanged, recoded,
        split, merged, redrawn, irregular) and, for each rank, decile and label,
        ``<column>_carried``, whether the area is other than unchanged, now or in an earlier
        conversion. In ``attrs``: ``vintage``, ``areas``, ``report`` (sentences) and ``changes``
        (counts and codes).

    Raises
    ------
    InputError
        If a column is not declared, a percentage is declared as a count, codes are missing, twice
        or not in the lookup, residents are lacking, or the lookup is an extract.
    VintageError
        If the table is of another census or level than the lookup starts from.

    Notes
    -----
    What rests on a missing value is missing, never nought. An area without people needs no rate.
    Whole columns are rounded each by itself: in parts of splits, groups may add up to a person
    more or less than a column that holds their total.
    With ``over_changes="carry"``, ranks still name a place among all areas of the old census.

    Examples
    --------
    >>> lookup = pd.DataFrame({"lsoa11": ["E01000001", "E01000002", "E01000002"],
    ...                        "lsoa21": ["E01000001", "E01033801", "E01033802"],
    ...                        "change": ["U", "S", "S"]})
    >>> table = pd.DataFrame({"residents": [1500, 2001], "rate": [10.0, 20.0], "rank": [7, 3]},
    ...                      index=["E01000001", "E01000002"])
    >>> now = pd.Series({"E01033801": 500, "E01033802": 500})
    >>> moved = convert(table, lookup, to=2021, counts=["residents"],
    ...                 rates={"rate": "residents"}, ranks=["rank"], weights=now, whole=True)
    >>> moved[["residents", "rate", "rank", "rank_carried"]]
               residents  rate  rank  rank_carried
    code
    E01000001     1500.0  10.0   7.0         False
    E01033801     1001.0  20.0   3.0          True
    E01033802     1000.0  20.0   3.0          True
    >>> moved.attrs["vintage"], moved.attrs["report"][0]
    (2021, 'lsoa11 to lsoa21: 2 areas to 3 (1 unchanged, 2 split)')
    """
    require(table, "table", "DataFrame", "pandas.read_csv(...)")
    if over_changes not in ("carry", "refuse"):
        raise InputError(f"over_changes: expected 'carry' or 'refuse'; found {over_changes!r}.")
    goal = goal_of(to)
    lookups = [lookup] if isinstance(lookup, pd.DataFrame) else list(lookup)
    keyed = _keyed(table, on)
    ranks, deciles, labels = tuple(ranks), tuple(deciles), tuple(labels)
    own, flags = without_own(keyed, (*ranks, *deciles, *labels))
    kinds = declared(own, counts, rates, ranks, deciles, labels)
    if whole:
        check_whole(own, kinds.counts)
    steps = _steps(own, lookups, goal, vintage)
    _check_levels(kinds, steps)
    given = _weights(weights, len(steps))
    bridge = build_bridge(own.index, steps, given)
    result = _carried(
        own, kinds, bridge, flags,
        sizes=_sizes(sizes, own), whole=whole, over_changes=over_changes == "carry",
    )  # fmt: skip
    _describe(result, own, kinds, bridge, steps, given, goal)
    result.attrs["report"] += [*_parts_only(lookups), *doubtful_counts(own, kinds.counts)]
    return result


def _keyed(table: pd.DataFrame, on: str | None) -> pd.DataFrame:
    """Index a table by its codes, each once."""
    if table.empty:
        raise InputError("table: it has no rows or no columns. Expected one row an area.")
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()]
        raise InputError(f"table: columns stand twice ({examples(map(repr, twice))}).")
    name = _column_of_codes(table, on)
    codes = table.index if name is None else pd.Index(table[name])
    blank = int(pd.isna(codes).sum())
    if blank:
        raise InputError(f"table: {blank:,} rows have no code.")
    codes = codes.astype("str")
    if not codes.is_unique:
        twice = codes[codes.duplicated()].unique()
        raise InputError(
            f"table: {len(twice):,} codes stand more than once ({examples(twice)}). Expected one "
            "row an area: sum or drop the copies."
        )
    data = table if name is None else table.drop(columns=name)
    keyed = pd.DataFrame(data.set_axis(codes.rename("code"), axis=0))
    keyed.attrs = dict(table.attrs)
    return keyed


def _parts_only(lookups: list[pd.DataFrame]) -> list[str]:
    """Say of a lookup that a reader found to be a part that pairs may be missing."""
    return [
        f"the lookup has {len(one):,} pairs and is a part of the official one, or a copy that "
        "lacks some: what a missing pair would have moved went to others"
        for one in lookups
        if one.attrs.get("whole") is False
    ]


def _column_of_codes(table: pd.DataFrame, on: str | None) -> str | None:
    """Name the column that holds the codes; ``None`` where the index does."""
    if on is not None:
        if on in table.columns:
            return on
        raise InputError(
            f"table: no column {on!r}; found {examples(map(repr, table.columns), 12)}."
        )
    if level_held(table.index.to_series()):
        return None
    held = [str(c) for c in table.columns if level_held(table[c])]
    if not held and pd.api.types.is_string_dtype(table.index):
        return None
    if len(held) > 1 and "code" in held:
        return "code"
    if len(held) != 1:
        raise InputError(
            f"table: area codes in {examples(map(repr, held)) or 'no column'}; found columns "
            f"{examples(map(repr, table.columns), 12)}. Name the column of codes with on=, or make "
            "it the index."
        )
    return held[0]


def _steps(
    table: pd.DataFrame, lookups: Sequence[pd.DataFrame], goal: Goal, vintage: int | None
) -> list[Step]:
    declared_of = table.attrs.get("vintage")
    if vintage is not None and declared_of is not None and vintage != declared_of:
        raise VintageError(
            f"table: declared as of {vintage}, but its attrs say {declared_of}. Which is it?"
        )
    vintage = vintage if vintage is not None else declared_of
    return steps_of(lookups, goal, table.index, vintage)


def _check_levels(kinds: Kinds, steps: Sequence[Step]) -> None:
    """Refuse ranks where the new areas are of another level."""
    ranked = [*kinds.ranks, *kinds.deciles]
    ends = steps[0].source, steps[-1].target
    levels = [name if year_of(name) is None and name != "code" else "LSOA" for name in ends]
    if ranked and levels[0] != levels[1]:
        raise InputError(
            f"ranks: {examples(map(repr, ranked))} cannot go from {ends[0]!r} to {ends[1]!r}: a "
            "rank or decile is a place among areas of one level. Bring scores or counts over and "
            "rank the new areas, or count the people in each decile."
        )


def _weights(given: Any, count: int) -> list[pd.Series[Any] | None]:
    """Check residents of the new areas: one series a lookup, by code, none negative."""
    one = given is None or isinstance(given, pd.Series)
    several = [given] if one else list(given)
    if one and given is None:
        several = [None] * count
    if len(several) != count:
        raise InputError(
            f"weights: expected one Series of residents for each of {count} lookups (None where "
            f"nothing is split); found {len(several)}."
        )
    return [None if w is None else _people(w, "weights") for w in several]


def _people(values: Any, name: str) -> pd.Series[Any]:
    require(values, name, "Series", "table['residents']")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()].unique()
        raise InputError(f"{name}: codes stand more than once ({examples(twice)}).")
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        raise InputError(f"{name}: expected numbers of people; found {values.dtype}.")
    numbers: pd.Series[Any] = values.astype("float64")
    odd = numbers.index[(numbers < 0) | np.isinf(numbers)]
    if len(odd):
        raise InputError(f"{name}: negative or infinite in {len(odd):,} areas ({examples(odd)}).")
    return numbers


def _sizes(given: Any, table: pd.DataFrame) -> Any:
    if given is None:
        return None
    if isinstance(given, str):
        if given not in table.columns:
            raise InputError(
                f"sizes: no column {given!r}; found {examples(map(repr, table.columns), 12)}."
            )
        given = table[given]
    return _people(given, "sizes").reindex(table.index).to_numpy(dtype=np.float64)


def _carried(
    table: pd.DataFrame,
    kinds: Kinds,
    bridge: Bridge,
    flags: Mapping[str, Any],
    *,
    sizes: Any,
    whole: bool,
    over_changes: bool,
) -> pd.DataFrame:
    """Carry every column in its own way, in the order of the table."""
    columns: dict[str, Any] = {}
    for column in table.columns:
        if column in kinds.labels:
            columns[column] = carry_label(table[column], sizes, bridge, column)
        elif column in kinds.rates:
            by = floats(table, kinds.rates[column])
            columns[column] = carry_rate(floats(table, column), by, bridge)
        elif column in kinds.counts:
            columns[column] = carry_count(floats(table, column), bridge, whole=whole)
        else:
            values = floats(table, column)
            columns[column] = carry_rank(values, bridge, over_changes=over_changes)
        if column in kinds.flagged:
            columns[f"{column}{CARRIED}"] = carry_flag(flags.get(column), bridge)
    columns["change"] = bridge.change
    result = pd.DataFrame(columns, index=bridge.codes.rename("code"))
    return result.astype({"change": "str"})


def _describe(
    result: pd.DataFrame,
    table: pd.DataFrame,
    kinds: Kinds,
    bridge: Bridge,
    steps: Sequence[Step],
    weights: Sequence[pd.Series[Any] | None],
    goal: Goal,
) -> None:
    """Note on the result of which areas it is and what was done."""
    changes = changes_of(bridge, steps, weights)
    way = " to ".join([steps[0].source, *(step.target for step in steps)])
    told = sentences(table, result, kinds, bridge, changes, way)
    result.attrs = {
        **table.attrs,
        "vintage": goal.year if goal.level == "LSOA" else None,
        "areas": str(goal),
        "report": [*table.attrs.get("report", ()), *told],
        "changes": changes,
    }
