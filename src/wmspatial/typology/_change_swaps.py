"""Carry a classification of 2011 over the crosswalk, and swap its data into one of 2021."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.geography.crosswalk import apportion_counts, largest_part
from wmspatial.typology.labour_market import RULES, classify_neighbourhoods
from wmspatial.typology.parameters import STUDY_AREA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.flows import Flows
    from wmspatial.typology._typology import Typology

DEPRIVATION: Final = "deprivation"
COMMUTING: Final = "commuting"
JOBS: Final = "jobs"
#: The rules that hang on a cut; every other rule gives the same class under any cut.
_CUT_RULES: Final = ("below the cut", "at or above the cut", "no reference to cut at")
#: Counts that went over the crosswalk twice may differ in the last digits.
_SAME_JOBS: Final = 1e-9


class Pair(NamedTuple):
    """Two typologies and how their areas hang together.

    Attributes
    ----------
    earlier, later : Typology
        Of 2011 and of 2021.
    links : DataFrame
        The crosswalk as far as both typologies have data: ``lsoa11``, ``lsoa21``, ``change``.
    """

    earlier: Typology
    later: Typology
    links: pd.DataFrame

    def carry(self, labels: pd.DataFrame) -> pd.DataFrame:
        """Give each later neighbourhood the labels of its earlier part with most residents."""
        residents = self.earlier.dataset.neighbourhoods["residents"]
        return largest_part(labels, self.links, residents)


def carried_classes(pair: Pair) -> pd.DataFrame:
    """Carry the earlier classes to the later study area.

    Returns
    -------
    DataFrame
        On the index of the later study area: ``earlier_class``, ``earlier_code`` (the part with
        most residents), ``crosswalk`` (unchanged, split, merged or irregular) and ``mixed_parts``
        (whether its parts had different classes).
    """
    codes = pair.later.neighbourhoods.index
    classes = pair.earlier.everywhere["labour_market_class"]
    labels = pd.DataFrame(
        {"earlier_class": classes, "earlier_code": classes.index.astype("str")}, index=classes.index
    )
    out = pair.carry(labels).reindex(codes)
    links = pair.links[pair.links["lsoa21"].isin(codes)]
    by_area = links.groupby("lsoa21")
    words = {"U": "unchanged", "S": "split", "M": "merged", "X": "irregular"}
    out["crosswalk"] = by_area["change"].first().replace(words).reindex(codes)
    of_parts = links["lsoa11"].map(classes.astype("str")).groupby(links["lsoa21"])
    out["mixed_parts"] = (of_parts.min() != of_parts.max()).reindex(codes)
    return out


def factors(pair: Pair) -> tuple[str, ...]:
    """Say what can be swapped: jobs only where the two vintages have different counts."""
    ours = pair.later.dataset.neighbourhoods["jobs"]
    theirs = _carried_jobs(pair).reindex(ours.index)
    linked = ours.index.isin(pair.links["lsoa21"])
    same = np.isclose(ours, theirs, rtol=_SAME_JOBS, atol=_SAME_JOBS, equal_nan=True)
    return (DEPRIVATION, COMMUTING) if same[linked].all() else (DEPRIVATION, COMMUTING, JOBS)


def classify_with(pair: Pair, swapped: Iterable[str]) -> pd.DataFrame:
    """Classify the later neighbourhoods with some of the earlier data.

    Parameters
    ----------
    pair : Pair
        The two typologies.
    swapped : iterable of {"deprivation", "commuting", "jobs"}
        What comes from the earlier one.

    Returns
    -------
    DataFrame
        The evidence for the later study area, as classify gives it.
    """
    dataset = pair.later.dataset
    table, flows, ranked = dataset.neighbourhoods, dataset.flows, dataset.ranked_areas
    swapped = set(swapped)
    linked = table.index.isin(pair.links["lsoa21"])
    if DEPRIVATION in swapped:
        ranks = pair.carry(pair.earlier.dataset.neighbourhoods[["deprivation_rank"]])
        table = table.assign(deprivation_rank=ranks["deprivation_rank"].reindex(table.index))
        ranked = pair.earlier.dataset.ranked_areas
    if JOBS in swapped:
        jobs = _carried_jobs(pair).reindex(table.index).where(linked, table["jobs"])
        table = table.assign(jobs=jobs)
    if COMMUTING in swapped:
        zones, flows = _earlier_flows(pair)
        table = table.assign(zone=zones.reindex(table.index))
    evidence = classify_neighbourhoods(
        table,
        flows,
        pair.later.parameters,
        ranked_areas=ranked,
        study_area=dataset.study_codes,
        points=lambda: dataset.points,
        travel_times=dataset.travel_times,
    )
    return pd.DataFrame(evidence.loc[pair.later.neighbourhoods.index])


def at_earlier_cut(pair: Pair) -> pd.Series[Any]:
    """Class the later scores by the earlier cut of each labour market.

    Neighbourhoods whose class does not hang on the cut keep it. A labour market that had no cut
    gives Insufficient data.
    """
    frame = pair.later.everywhere.loc[pair.later.neighbourhoods.index]
    column = pair.later.parameters.labour_market
    earlier = pair.earlier.everywhere
    if pair.later.parameters.cut_kind == "value":
        cut = frame["cut"]
    elif column == STUDY_AREA:
        cut = pd.Series(earlier["cut"].max(), index=frame.index)
    else:
        cut = frame[column].map(earlier.groupby(column)["cut"].first())
    decided = frame["rule"].isin(_CUT_RULES)
    again = pd.Series(
        np.select(
            [cut.isna(), frame["connection_score"] < cut],
            [RULES["no reference to cut at"], RULES["below the cut"]],
            RULES["at or above the cut"],
        ),
        index=frame.index,
    )
    classes = frame["labour_market_class"]
    return again.where(decided, classes.astype("str")).astype(classes.dtype)


def _carried_jobs(pair: Pair) -> pd.Series[float]:
    counts = pair.earlier.dataset.neighbourhoods["jobs"]
    inside = counts[counts.index.isin(pair.links["lsoa11"])]
    return apportion_counts(inside, pair.links, pair.later.dataset.neighbourhoods["residents"])


def _earlier_flows(pair: Pair) -> tuple[pd.Series[Any], Flows]:
    """Give each later neighbourhood the flow zone of its earlier part, and the flows for them.

    A zone that would be left without neighbourhoods, because those it had were merged into others
    of another zone, is summed into the zone that most of its residents are now in: its commuters
    and its jobs stay in the table.
    """
    before = pair.earlier.dataset.neighbourhoods
    flows = pair.earlier.dataset.flows
    zones = pair.carry(before[["zone"]])["zone"]
    held = before.loc[before.index.isin(pair.links["lsoa11"]), ["zone", "residents"]]
    left = held[~held["zone"].isin(zones) & held["zone"].isin(flows.zones)]
    lookup = pd.Series(flows.zones, index=flows.zones)
    if len(left):
        most = left.sort_values("residents", ascending=False, kind="stable")
        most = most.drop_duplicates("zone")
        first = pair.links.drop_duplicates("lsoa11").set_index("lsoa11")["lsoa21"]
        lookup[most["zone"]] = zones[first[most.index]].to_numpy()
        flows = flows.aggregate(lookup)
    return zones, flows
