"""Checks of the table of neighbourhoods: ranges, directions, codes, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography.codes import nation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wmspatial.flows import Flows

_REQUIRED: Final = ("deprivation_rank", "residents")
_WHERE: Final = "neighbourhoods"
#: Columns whose gaps decide a class or a total, and are therefore always reported.
_REPORTED: Final = {
    "deprivation_rank": "deprivation rank",
    "residents": "count of residents",
    "jobs": "job count",
    "labour_market": "labour market",
}
#: Ranks hardly ever tie; where they do, something else was taken for them.
_DISTINCT: Final = 0.9
_FEW: Final = 20
_DECILES: Final = 10


def check_neighbourhoods(
    table: pd.DataFrame, flows: Flows, groups: Iterable[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Check the table of neighbourhoods and complete it; return it with what has to be said."""
    groups = tuple(groups)
    _refuse_unusable(table, groups)
    table = table.rename_axis("code").copy()
    if isinstance(table.index, pd.CategoricalIndex):
        # Categories have an order of their own, and results would depend on it.
        table.index = pd.Index(table.index.astype("str"), name="code")
    notes: list[str] = []
    if "jobs" not in table.columns:
        table["jobs"] = _jobs_from_flows(table, flows)
        notes.append(
            "jobs: none were given, so the flows count them (commuters in, and residents who work "
            "at home)"
        )
    for column in ("deprivation_rank", "residents", "jobs", *groups):
        table[column] = _numbers(table[column])
    if "nation" not in table.columns:
        table["nation"] = nation_of(table.index)
    for column in table.columns[table.dtypes == "category"]:
        table[column] = table[column].astype(table[column].cat.categories.dtype)
    if "zone" not in table.columns:
        table["zone"] = table.index
    check_direction(table, _WHERE)
    _report_zones(table, flows, notes)
    _report_gaps(table, notes)
    return table, tuple(notes)


def _refuse_unusable(table: pd.DataFrame, groups: tuple[str, ...]) -> None:
    missing = [c for c in (*_REQUIRED, *groups) if c not in table.columns]
    if missing:
        raise InputError(
            f"{_WHERE}: no column {examples(map(repr, missing))}; found "
            f"{examples(map(repr, table.columns), 20)}."
        )
    if table.empty:
        raise InputError(f"{_WHERE}: there are no rows in it. Expected one row a neighbourhood.")
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()].unique()
        raise InputError(
            f"{_WHERE}: {len(twice):,} codes stand more than once ({examples(twice)}). "
            "Expected one row a neighbourhood."
        )


def _report_gaps(table: pd.DataFrame, notes: list[str]) -> None:
    """Count what is missing, by nation."""
    for column, what in _REPORTED.items():
        blank = table[column].isna() if column in table.columns else pd.Series(dtype=bool)
        if blank.any():
            nations = table.loc[blank, "nation"].value_counts()
            where = ", ".join(f"{nation} {count:,}" for nation, count in nations.items())
            notes.append(
                f"{int(blank.sum()):,} of {len(table):,} neighbourhoods have no {what} ({where})"
            )


def _numbers(values: pd.Series[Any]) -> pd.Series[float]:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    text = numbers.isna() & values.notna()
    if text.any():
        raise InputError(
            f"{_WHERE}: {int(text.sum()):,} values of {values.name!r} are no number; the first is "
            f"{values[text].iloc[0]!r} for {values.index[text][0]}."
        )
    bad = (numbers < 0) | np.isinf(numbers)
    if bad.any():
        raise InputError(
            f"{_WHERE}: {int(bad.sum()):,} values of {values.name!r} are negative or infinite; the "
            f"first is {numbers[bad].iloc[0]:g} for {values.index[bad][0]}."
        )
    return numbers


def _jobs_from_flows(table: pd.DataFrame, flows: Flows) -> pd.Series[float]:
    zone = table["zone"] if "zone" in table.columns else pd.Series(table.index, index=table.index)
    if zone[zone.isin(flows.zones)].duplicated().any():
        raise InputError(
            f"{_WHERE}: no column 'jobs', and the flows cannot count them either, because a zone "
            "holds several neighbourhoods. Give the jobs of each neighbourhood."
        )
    return zone.map(flows.jobs)


def check_direction(table: pd.DataFrame, where: str) -> None:
    """Refuse deciles or scores that run against the ranks: 1 is the most deprived of both."""
    if "deprivation_decile" in table.columns:
        decile = _numbers(table["deprivation_decile"])
        bad = decile.notna() & ~decile.between(1, _DECILES)
        if bad.any():
            raise InputError(
                f"{where}: {int(bad.sum()):,} deciles are outside 1 to 10; the first is "
                f"{decile[bad].iloc[0]:g} for {decile.index[bad][0]}."
            )
    # Ranks are per nation, and so one nation may be the wrong way round.
    nations = table["nation"] if "nation" in table.columns else pd.Series("", index=table.index)
    for nation, part in table.groupby(nations):
        place = f" in {nation}" if nation else ""
        if _runs(part, "deprivation_decile") < 0:
            raise InputError(
                f"{where}: the deciles are read upside down: decile 10 holds the lowest "
                f"ranks{place}. Expected decile 1 and rank 1 for the most deprived. Turn round "
                "whichever is the wrong way (decile = 11 - decile)."
            )
        if _runs(part, "deprivation_score") > 0:
            raise InputError(
                f"{where}: the ranks are read upside down: the highest deprivation scores "
                f"have the highest ranks{place}. Expected rank 1 for the most deprived."
            )


def _runs(part: pd.DataFrame, column: str) -> float:
    """Return the rank correlation of a column with the deprivation ranks; 0 where there is none."""
    if column not in part.columns:
        return 0.0
    return _correlation(part["deprivation_rank"], pd.to_numeric(part[column], errors="coerce"))


def _correlation(one: pd.Series[Any], other: pd.Series[Any]) -> float:
    both = one.notna() & other.notna()
    if both.sum() < 2 or one[both].nunique() < 2 or other[both].nunique() < 2:
        return 0.0
    return float(np.corrcoef(one[both].rank(), other[both].rank())[0, 1])


def _report_zones(table: pd.DataFrame, flows: Flows, notes: list[str]) -> None:
    outside = ~table["zone"].isin(flows.zones)
    if outside.all():
        raise InputError(
            f"{_WHERE}: not one of the zones ({examples(table['zone'].dropna().unique(), 3)}) is "
            f"a zone of the flows ({examples(flows.zones, 3)}). Are they of the same kind and "
            "census?"
        )
    if outside.any():
        notes.append(
            f"{_WHERE}: {int(outside.sum()):,} of {len(table):,} have no zone in the flows "
            f"({examples(table.index[outside])})"
        )


def settle_ranked_areas(table: pd.DataFrame, given: Mapping[str, int] | None) -> dict[str, int]:
    """Count the ranked areas of each nation, or check the counts given against the ranks."""
    ranks = table["deprivation_rank"].dropna()
    nations = table["nation"].reindex(ranks.index)
    if nations.isna().any():
        lost = nations.index[nations.isna()]
        raise InputError(
            f"{_WHERE}: {len(lost):,} ranked areas have no nation ({examples(lost)}), and ranks "
            "are per nation. Give a column 'nation'."
        )
    counts = {str(n): int(c) for n, c in ranks.groupby(nations).size().items()}
    highest = {str(n): float(r) for n, r in ranks.groupby(nations).max().items()}
    low = ranks[(ranks < 1) | (ranks % 1 != 0)]
    if len(low):
        raise InputError(
            f"{_WHERE}: {len(low):,} values of 'deprivation_rank' are no ranks; the first is "
            f"{low.iloc[0]:g} for {low.index[0]}. Expected whole numbers from 1 (most deprived)."
        )
    _refuse_ties(ranks, nations)
    if given is None:
        _refuse_a_part(counts, highest)
        return counts
    for nation, count in counts.items():
        _refuse_more(nation, count, ranks[nations == nation], given)
    return {n: int(c) for n, c in given.items()}


def _refuse_a_part(counts: Mapping[str, int], highest: Mapping[str, float]) -> None:
    """Refuse ranks of a part of a nation where nobody says how many areas the whole has."""
    for nation, rank in highest.items():
        if rank > counts[nation]:
            raise InputError(
                f"{_WHERE}: ranks of {nation} go up to {rank:,.0f}, but only "
                f"{counts[nation]:,} areas have one, so the share of the nation cannot be "
                f"known. Say how many the index ranks: ranked_areas={{{nation!r}: ...}}."
            )


def _refuse_more(
    nation: str, count: int, ranks: pd.Series[float], given: Mapping[str, int]
) -> None:
    """Refuse more areas with a rank, or higher ranks, than the index is said to have."""
    if nation not in given:
        raise InputError(
            f"ranked_areas: {nation} is missing, and {count:,} of its areas have a rank."
        )
    if count > given[nation]:
        raise InputError(
            f"{_WHERE}: {count:,} areas of {nation} have a rank, but ranked_areas "
            f"says that the index ranks {given[nation]:,}."
        )
    if ranks.max() > given[nation]:
        raise InputError(
            f"{_WHERE}: rank {ranks.max():,.0f} of {ranks.idxmax()} is out of range: the index "
            f"ranks {given[nation]:,} areas in {nation}."
        )


def _refuse_ties(ranks: pd.Series[float], nations: pd.Series[Any]) -> None:
    """Refuse ranks that are many times the same: deciles, most likely, taken for ranks."""
    for nation, part in ranks.groupby(nations):
        if len(part) >= _FEW and part.nunique() < _DISTINCT * len(part):
            raise InputError(
                f"{_WHERE}: 'deprivation_rank' of {nation} has {part.nunique():,} values for "
                f"{len(part):,} areas. Expected ranks, which tell nearly every area apart; are "
                "these deciles?"
            )
