"""Every neighbourhood of England and Wales in one vintage, from the tables of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from wmspatial._neighbourhoods import check_direction
from wmspatial.errors import InputError, examples
from wmspatial.geography.crosswalk import apportion_counts, largest_part
from wmspatial.sources import layouts
from wmspatial.sources.nomis import read_query_export
from wmspatial.sources.tables import read

if TYPE_CHECKING:
    from pathlib import Path

    from wmspatial.provenance import Source
    from wmspatial.sources.tables import Layout


class National(NamedTuple):
    """One vintage, complete."""

    neighbourhoods: pd.DataFrame
    sources: list[Source]
    report: list[str]
    only_2011: list[str]
    crosswalk: pd.DataFrame


def neighbourhoods_of(folder: Path, vintage: int, deprivation: str) -> National:
    """Put together the table of neighbourhoods of one vintage.

    Parameters
    ----------
    folder : Path
        The data folder.
    vintage : {2011, 2021}
        The census.
    deprivation : str
        Which index, as ``"imd2015"``.

    Returns
    -------
    National
        The table indexed by LSOA code, its sources, and what has to be reported.
    """
    sources: list[Source] = []

    def get(layout: Layout) -> pd.DataFrame:
        table, source = read(folder, layout)
        sources.append(source)
        return table.set_index("code") if "code" in table.columns else table

    report: list[str] = []
    if vintage == 2011:
        table = get(layouts.LOOKUP_2011)
        people = get(layouts.ETHNICITY_2011)
        people.insert(0, "residents", people.sum(axis=1))
    else:
        table = get(layouts.LOOKUP_2021)
        people = _groups_2021(get(layouts.ETHNICITY_2021))
    _same_areas(people, table, "residents", report)
    table = table.join(people)
    index = layouts.DEPRIVATION[vintage, deprivation]
    ranks = get(index)
    _check_ranks(ranks, index)
    _same_areas(ranks, table, "deprivation ranks", report, every=False)
    table = table.join(ranks)

    crosswalk = get(layouts.CROSSWALK).astype("str")
    jobs, source = read_query_export(folder, layouts.JOBS, "Employment")
    sources.append(source)
    markets = get(layouts.TRAVEL_TO_WORK)
    counted = jobs.set_index("code")["jobs"]
    if vintage == 2011:
        _same_areas(counted.to_frame(), table, "jobs", report)
        table["jobs"] = counted
        table = table.join(markets)
    else:
        table = _over_the_crosswalk(table, counted, markets, crosswalk, get, report)
    homeless = table.index[table["labour_market"].isna()]
    if len(homeless):
        raise InputError(
            f"{layouts.TRAVEL_TO_WORK.path}: {len(homeless):,} of {len(table):,} neighbourhoods "
            f"have no travel-to-work area ({examples(homeless)}), and without one they cannot be "
            "classed. Get the file again."
        )
    table["nation"] = table.index.str[0].map({"E": "England", "W": "Wales"})
    only_2011 = sorted(set(crosswalk["lsoa11"]) - set(crosswalk["lsoa21"]))
    return National(_ordered(table), sources, report, only_2011, crosswalk)


def _groups_2021(long: pd.DataFrame) -> pd.DataFrame:
    """Bring the long table of ethnic groups to one row a neighbourhood; groups add up."""
    names = long["group"].astype("str").map(layouts.ETHNIC_GROUPS_2021)
    if names.isna().any():
        odd = long.loc[names.isna(), "group"].astype("str").unique()
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: 'ethnic_group' holds {examples(map(repr, odd))}; "
            f"expected {examples(map(repr, layouts.ETHNIC_GROUPS_2021), 9)}."
        )
    code = pd.Index(long.index.astype("str"), name="code")
    keyed = pd.Series(long["people"].to_numpy(), index=[code, names.to_numpy()])
    wide = keyed.unstack()  # noqa: PD010 - no pivot of a Series; the key was checked for copies
    if wide.isna().any(axis=None):
        lost = wide.index[wide.isna().any(axis=1)]
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: {len(lost):,} areas lack a group ({examples(lost)})."
        )
    total = pd.Series(long["residents"].to_numpy(), index=code).groupby(level=0).first()
    wide.insert(0, "residents", total)
    groups = list(layouts.GROUPS)
    off = wide.index[wide[groups].sum(axis=1) != wide["residents"]]
    if len(off):
        raise InputError(
            f"{layouts.ETHNICITY_2021.path}: in {len(off):,} areas the groups do not add up to the "
            f"residents ({examples(off)})."
        )
    return wide[["residents", *groups]]


def _check_ranks(ranks: pd.DataFrame, layout: Layout) -> None:
    """Refuse an index that is not whole, or that is read upside down."""
    check_direction(ranks, layout.path)
    highest, count = ranks["deprivation_rank"].max(), ranks["deprivation_rank"].count()
    if highest != count:
        at = ranks["deprivation_rank"].idxmax()
        raise InputError(
            f"{layout.path}: 'deprivation_rank' goes up to {highest:,.0f} ({at}), but {count:,} "
            "areas have a rank. Expected ranks from 1 to the number of areas: either a rank is "
            "out of range, or the file is an extract. The whole nation's file is needed."
        )


def _over_the_crosswalk(
    table: pd.DataFrame,
    jobs: pd.Series[Any],
    markets: pd.DataFrame,
    crosswalk: pd.DataFrame,
    get: Any,
    report: list[str],
) -> pd.DataFrame:
    """Bring jobs and travel-to-work areas from LSOAs of 2011 to those of 2021."""
    earlier = get(layouts.ETHNICITY_2011).sum(axis=1)
    changes = crosswalk.groupby("change").size()
    moved = apportion_counts(jobs, crosswalk, table["residents"])
    _same_areas(moved.to_frame(), table, "jobs", report)
    table["jobs"] = moved
    table = table.join(largest_part(markets, crosswalk, earlier))
    report.append(
        f"jobs and travel-to-work areas brought from LSOAs of 2011 to LSOAs of 2021: "
        f"{changes.get('U', 0):,} unchanged, {changes.get('S', 0):,} parts of splits, "
        f"{changes.get('M', 0):,} of merges, {changes.get('X', 0):,} of irregular changes; "
        f"{moved.sum():,.0f} of {jobs.sum():,.0f} jobs kept"
    )
    return table


def _same_areas(
    found: pd.DataFrame, table: pd.DataFrame, what: str, report: list[str], *, every: bool = True
) -> None:
    """Refuse rows of areas that do not exist; count areas without a row."""
    unknown = found.index.difference(table.index)
    if len(unknown):
        raise InputError(
            f"{what}: {len(unknown):,} of {len(found):,} areas are not in the lookup of this "
            f"vintage ({examples(unknown)}). Is the table of another census?"
        )
    blank = len(table) - len(found)
    if blank and every:
        report.append(f"{what}: none for {blank:,} of {len(table):,} neighbourhoods")


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    first = [
        "name", "authority_code", "authority", "ward_code", "ward", "zone", "labour_market",
        "labour_market_name", "nation", "deprivation_rank", "deprivation_decile", "residents",
        "jobs", *layouts.GROUPS,
    ]  # fmt: skip
    texts = [c for c in first[:9] if c in table.columns]
    table = table.astype(dict.fromkeys(texts, "str"))
    # Codes are read as a dictionary; sorted as one they would keep the file's order.
    table.index = pd.Index(table.index.astype("str"), name="code")
    return table[[c for c in first if c in table.columns]].sort_index()
