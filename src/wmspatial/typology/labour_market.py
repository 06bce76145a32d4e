"""The labour-market typology: five classes, first match wins.

The rules, and what of them JRF published, are in ``docs/method.md``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.measures import (
    apportion_employed_residents,
    apportion_jobs_rich_share,
    jobs_ratio,
    share_to_jobs_rich,
)
from wmspatial.typology.parameters import CLASSES, STUDY_AREA, Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wmspatial.flows import Flows

#: The rule that decided, in the order in which they are tried, and the class it gives.
RULES: Final[dict[str, str]] = {
    "no deprivation rank": "Insufficient data",
    "no flow zone": "Insufficient data",
    "too few commuters": "Insufficient data",
    "too many commuters to unknown jobs": "Insufficient data",
    "jobs or connection unknown": "Insufficient data",
    "not deprived": "Not classified",
    "more jobs than people": "Large number of jobs",
    "no reference to cut at": "Insufficient data",
    "below the cut": "Disconnected",
    "at or above the cut": "Connected",
}

#: A labour market with fewer neighbourhoods in its reference is classed, and marked weak.
WEAK_BELOW: Final = 5
_DECIMALS: Final = 12


def classify_neighbourhoods(
    neighbourhoods: pd.DataFrame,
    flows: Flows,
    parameters: Parameters,
    *,
    ranked_areas: Mapping[str, int],
    study_area: pd.Index[Any] | None = None,
) -> pd.DataFrame:
    """Classify neighbourhoods, with the evidence for each.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Indexed by code, everywhere the flows go: ``nation``, ``deprivation_rank`` (1 = most
        deprived), ``residents`` (people), ``jobs``, ``zone`` and the column of the labour market.
    flows : Flows
        Commuting between the zones.
    parameters : Parameters
        The choices.
    ranked_areas : mapping of str to int
        How many areas the index ranks, by nation.
    study_area : Index of str, optional
        The codes of the study area, for ``labour_market="study area"``.

    Returns
    -------
    DataFrame
        On the index of `neighbourhoods`: ``deprived``, ``deprivation_share`` (rank over ranked
        areas), ``employed_residents``, ``jobs_ratio``, ``jobs_rich``, ``commuters``,
        ``unknown_share``, ``connection_score``, ``cut``, ``distance_to_cut``,
        ``reference_size``, ``weak``, ``rule`` and ``labour_market_class``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample = wm.load_sample()
    >>> classes = classify_neighbourhoods(
    ...     sample.neighbourhoods, sample.flows, Parameters(), ranked_areas=sample.ranked_areas
    ... )
    >>> len(classes)
    1680
    """
    table = neighbourhoods
    out = pd.DataFrame(index=table.index)
    out["deprivation_share"] = table["deprivation_rank"] / table["nation"].map(dict(ranked_areas))
    # rank <= share x number of areas; 0.29 x 100 is a little under 29, and rank 29 is within it.
    limit = table["nation"].map(
        {n: math.floor(parameters.deprived_share * c + 1e-9) for n, c in ranked_areas.items()}
    )
    out["deprived"] = (table["deprivation_rank"] <= limit).astype(bool)

    zone = table["zone"]
    out["employed_residents"] = apportion_employed_residents(
        flows.employed_residents, zone, table["residents"]
    )
    out["jobs_ratio"] = jobs_ratio(table["jobs"], _denominator(table, flows, out, parameters))
    out["jobs_rich"] = (out["jobs_ratio"] > parameters.pez_ratio).astype(bool)
    known = table["jobs"].notna() & (out["jobs_ratio"].notna() | (table["jobs"] == 0))

    rich_share = apportion_jobs_rich_share(
        table["jobs"], out["jobs_rich"].astype(object).where(known), zone
    )
    by_zone = share_to_jobs_rich(flows, rich_share)
    for column in ("commuters", "unknown_share", "connection_score"):
        out[column] = zone.map(by_zone[column]).astype("float64")
    if parameters.connection != "share to jobs-rich":
        out["connection_score"] = _column(table, parameters.connection, "connection")

    # Equal scores are equal: sums in another order differ in the last bits.
    out["connection_score"] = out["connection_score"].round(_DECIMALS)
    rule = _first_rules(table, out, known, flows, parameters)
    market = _labour_market(table, parameters, study_area)
    out["cut"], out["reference_size"] = _cuts(out, rule, market, parameters)
    out["distance_to_cut"] = out["connection_score"] - out["cut"]
    relative = parameters.cut_kind == "quantile"
    out["weak"] = relative & rule.isna() & (out["reference_size"] < WEAK_BELOW)

    rule = rule.mask(rule.isna() & out["cut"].isna(), "no reference to cut at")
    rule = rule.mask(rule.isna() & (out["connection_score"] < out["cut"]), "below the cut")
    out["rule"] = rule.fillna("at or above the cut").astype("str")
    out["labour_market_class"] = pd.Categorical(
        out["rule"].map(RULES), categories=list(CLASSES), ordered=True
    )
    return out


def _column(table: pd.DataFrame, name: str, parameter: str) -> pd.Series[float]:
    if name not in table.columns:
        raise InputError(
            f"{parameter}={name!r}: the neighbourhoods have no such column; they have "
            f"{examples(table.columns, 30)}."
        )
    numbers = pd.to_numeric(table[name], errors="coerce").astype("float64")
    text = numbers.isna() & table[name].notna()
    if text.any():
        raise InputError(
            f"{parameter}={name!r}: {int(text.sum()):,} values of that column are no number; the "
            f"first is {table[name][text].iloc[0]!r} for {table.index[text][0]}."
        )
    return numbers


def _denominator(
    table: pd.DataFrame, flows: Flows, out: pd.DataFrame, parameters: Parameters
) -> pd.Series[float]:
    """Return the people whom jobs are held against."""
    who = parameters.pez_denominator
    if who == "all employed residents":
        return out["employed_residents"]
    if who == "commuters":
        return apportion_employed_residents(flows.commuters, table["zone"], table["residents"])
    if who == "all residents":
        return table["residents"].astype("float64")
    people = _column(table, who, "pez_denominator")
    if (people < 0).any():
        raise InputError(
            f"pez_denominator={who!r}: {int((people < 0).sum()):,} values are negative; the first "
            f"is {people[people < 0].iloc[0]:g} for {people.index[people < 0][0]}. Expected people."
        )
    return people


def _first_rules(
    table: pd.DataFrame,
    out: pd.DataFrame,
    known: pd.Series[bool],
    flows: Flows,
    parameters: Parameters,
) -> pd.Series[Any]:
    """Return the rule that decides before any cut is needed; missing where none does."""
    has_zone = table["zone"].isin(flows.zones)
    conditions = {
        "no deprivation rank": out["deprivation_share"].isna(),
        "no flow zone": ~has_zone,
        "too few commuters": ~(out["commuters"] >= parameters.min_flow),
        "too many commuters to unknown jobs": out["unknown_share"] > parameters.max_unknown,
        "not deprived": ~out["deprived"],
        "jobs or connection unknown": ~known,
        "more jobs than people": out["jobs_rich"],
    }
    names = np.array([*conditions, None], dtype=object)
    first = np.select(list(conditions.values()), range(len(conditions)), len(conditions))
    rule = pd.Series(names[first], index=table.index, dtype=object)
    return rule.mask(rule.isna() & out["connection_score"].isna(), "jobs or connection unknown")


def _labour_market(
    table: pd.DataFrame, parameters: Parameters, study_area: pd.Index[Any] | None
) -> pd.Series[Any]:
    if parameters.labour_market != STUDY_AREA:
        if parameters.labour_market not in table.columns:
            raise InputError(
                f"labour_market={parameters.labour_market!r}: the neighbourhoods have no such "
                f"column; they have {examples(table.columns, 30)}. Or give 'study area'."
            )
        return table[parameters.labour_market]
    inside = table.index if study_area is None else study_area
    return pd.Series(STUDY_AREA, index=table.index, dtype=object).where(table.index.isin(inside))


def _cuts(
    out: pd.DataFrame, rule: pd.Series[Any], market: pd.Series[Any], parameters: Parameters
) -> tuple[pd.Series[float], pd.Series[int]]:
    """Return each neighbourhood's cut and how many neighbourhoods it was taken among."""
    insufficient = rule.map(RULES).eq("Insufficient data")
    reference = ~insufficient & out["connection_score"].notna()
    if parameters.reference != "all":
        reference &= out["deprived"]
    if parameters.reference == "deprived and not jobs-rich":
        reference &= ~out["jobs_rich"]
    groups = out.loc[reference, "connection_score"].groupby(market[reference])
    size = market.map(groups.size()).fillna(0).astype("int64")
    if parameters.cut_kind == "value":
        return pd.Series(float(parameters.cut), index=out.index), size
    cuts = groups.quantile(parameters.cut).round(_DECIMALS)
    return market.map(cuts).astype("float64"), size
