"""Every neighbourhood of England and Wales in one vintage, from the tables of a data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from wmspatial._neighbourhoods import check_direction
from wmspatial.errors import InputError, examples
from wmspatial.geography.crosswalk import apportion_counts, largest_part
from wmspatial.sources.layouts import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from wmspatial.provenance import Source
    from wmspatial.sources.shelf import Shelf

    Get = Callable[[str], pd.DataFrame]

_LOOKED_UP: Final = ("name", "zone", "authority_code", "authority")
_RANKS: Final = ("deprivation_rank", "deprivation_decile", "deprivation_score")


class National(NamedTuple):
    """One vintage, complete."""

    neighbourhoods: pd.DataFrame
    sources: list[Source]
    report: list[str]
    only_2011: list[str]
    crosswalk: pd.DataFrame


def neighbourhoods_of(shelf: Shelf, vintage: int, deprivation: str) -> National:
    """Put together the table of neighbourhoods of one vintage.

    Parameters
    ----------
    shelf : Shelf
        The files at hand.
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

    def get(dataset: str) -> pd.DataFrame:
        table, source = shelf.table(dataset)
        sources.append(source)
        return table.set_index("code") if "code" in table.columns else table

    report: list[str] = []
    if vintage == 2011:
        table = get("lsoa11-msoa11-lad")[list(_LOOKED_UP)]
        people = _people(get("ks201ew-lsoa11"))
    else:
        table = _lookup_2021(shelf, get)
        people = _people(get("ts021-lsoa21"))
    _same_areas(people, table, "residents", report)
    table = table.join(people)
    ranks = get(f"{deprivation.replace('imd', 'iod')}-imd")
    ranks = ranks[[c for c in _RANKS if c in ranks.columns]]
    _check_ranks(ranks, sources[-1].file)
    _same_areas(ranks, table, "deprivation ranks", report, every=False)
    table = table.join(ranks)

    crosswalk = get("lsoa11-lsoa21")[["lsoa11", "lsoa21", "change"]].astype("str")
    counted = get("bres-lsoa11")["jobs"]
    markets = get("lsoa11-ttwa11")[["labour_market", "labour_market_name"]]
    markets_file = sources[-1].file
    if vintage == 2011:
        _same_areas(counted.to_frame(), table, "jobs", report)
        table["jobs"] = counted
        table = table.join(markets)
    else:
        table = _over_the_crosswalk(table, counted, markets, crosswalk, get, report)
    homeless = table.index[table["labour_market"].isna()]
    if len(homeless):
        raise InputError(
            f"{markets_file}: {len(homeless):,} of {len(table):,} neighbourhoods "
            f"have no travel-to-work area ({examples(homeless)}), and without one they cannot be "
            "classed. Get the file again."
        )
    table["nation"] = table.index.str[0].map({"E": "England", "W": "Wales"})
    only_2011 = sorted(set(crosswalk["lsoa11"]) - set(crosswalk["lsoa21"]))
    return National(_ordered(table), sources, report, only_2011, crosswalk)


def _lookup_2021(shelf: Shelf, get: Get) -> pd.DataFrame:
    """Look LSOAs of 2021 up; wards, and newer authorities, may stand in a second lookup."""
    table = get("lsoa21-msoa21-lad")
    if "ward_code" not in table.columns and shelf.find("lsoa21-ward24", whole=True):
        wards = get("lsoa21-ward24").drop(columns=["name", "zone"], errors="ignore")
        table = table.drop(columns=[c for c in wards.columns if c in table.columns]).join(wards)
    wanted = (*_LOOKED_UP[:2], "ward_code", "ward", *_LOOKED_UP[2:])
    return table[[c for c in wanted if c in table.columns]]


def _people(table: pd.DataFrame) -> pd.DataFrame:
    """Residents and the five groups; where the file has no total, they are added up."""
    people = table[list(GROUPS)].copy()
    total = table["residents"] if "residents" in table.columns else people.sum(axis=1)
    people.insert(0, "residents", total)
    return people


def _check_ranks(ranks: pd.DataFrame, file: str) -> None:
    """Refuse an index that is not whole, or that is read upside down."""
    check_direction(ranks, file)
    highest, count = ranks["deprivation_rank"].max(), ranks["deprivation_rank"].count()
    if highest != count:
        at = ranks["deprivation_rank"].idxmax()
        raise InputError(
            f"{file}: 'deprivation_rank' goes up to {highest:,.0f} ({at}), but {count:,} "
            "areas have a rank. Expected ranks from 1 to the number of areas: either a rank is "
            "out of range, or the file is an extract. The whole nation's file is needed."
        )


def _over_the_crosswalk(
    table: pd.DataFrame,
    jobs: pd.Series[Any],
    markets: pd.DataFrame,
    crosswalk: pd.DataFrame,
    get: Get,
    report: list[str],
) -> pd.DataFrame:
    """Bring jobs and travel-to-work areas from LSOAs of 2011 to those of 2021."""
    earlier = _people(get("ks201ew-lsoa11"))["residents"]
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
        "jobs", *GROUPS,
    ]  # fmt: skip
    texts = [c for c in first[:9] if c in table.columns]
    table = table.astype(dict.fromkeys(texts, "str"))
    # Codes are read as a dictionary; sorted as one they would keep the file's order.
    table.index = pd.Index(table.index.astype("str"), name="code")
    return table[[c for c in first if c in table.columns]].sort_index()
