"""The labour-market typology: five classes, first match wins.

The rules, and what of them JRF published, are in ``docs/method.md``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.measures import apportion_employed_residents, jobs_ratio
from wmspatial.typology.parameters import ACCESSIBILITY, CLASSES, SHARE, Parameters
from wmspatial.typology.rules import RULES
from wmspatial.typology.scores import (
    DECIMALS,
    column_of,
    connection_scores,
    impedance_of,
    known_jobs,
    labour_market_of,
    scored,
    to_jobs_rich,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wmspatial.flows import Flows
    from wmspatial.measures import TravelTimes
    from wmspatial.typology.rules import Rule

__all__ = ["RULES", "WEAK_BELOW", "classify_neighbourhoods", "connection_scores", "impedance_of"]

#: A labour market with fewer neighbourhoods in its reference is classed, and marked weak.
WEAK_BELOW: Final = 5


def classify_neighbourhoods(
    neighbourhoods: pd.DataFrame,
    flows: Flows,
    parameters: Parameters,
    *,
    ranked_areas: Mapping[str, int],
    study_area: pd.Index[Any] | None = None,
    points: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
    travel_times: pd.DataFrame | TravelTimes | None = None,
    scores: pd.Series[float] | None = None,
    rules: Sequence[Rule] = (),
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
        The codes of the study area, for ``labour_market="study area"`` and for accessibility
        scores, which are made for the labour markets that it touches and no others.
    points : DataFrame or callable, optional
        ``easting`` and ``northing`` of every neighbourhood, metres, or what makes them; for an
        accessibility score over distance.
    travel_times : DataFrame or TravelTimes, optional
        Minutes between neighbourhoods, for an accessibility score over travel time.
    scores : Series of float, optional
        Connection scores from :func:`connection_scores` for the same `parameters`, so that
        several classifications can share them; by default they are made here.
    rules : sequence of Rule, optional
        Rules of the analyst's own.

    Returns
    -------
    DataFrame
        On the index of `neighbourhoods`, with an accessibility score without those outside the
        labour markets that the study area touches, for which there is no score:
        ``deprived``, ``deprivation_share`` (rank over ranked areas), ``employed_residents``,
        ``jobs_ratio``, ``jobs_rich``, ``commuters``, ``unknown_share``, ``connection_score``,
        ``cut``, ``distance_to_cut``, ``reference_size``, ``weak``, ``rule`` and
        ``labour_market_class``. What has to be said of the scores is in ``attrs["notes"]``.

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
    out["held_against"] = jobs_held_against(table, flows, out, parameters)
    out["jobs_ratio"] = jobs_ratio(table["jobs"], out["held_against"])
    out["jobs_rich"] = (out["jobs_ratio"] > parameters.pez_ratio).astype(bool)

    by_zone = to_jobs_rich(table, flows, out)
    for column in ("commuters", "unknown_share", "connection_score"):
        out[column] = zone.map(by_zone[column]).astype("float64")
    if scores is None and parameters.connection == SHARE:
        scores = out["connection_score"].round(DECIMALS)
    if scores is None:
        impedance = impedance_of(table, parameters, points=points, travel_times=travel_times)
        scores = connection_scores(
            table, flows, out, parameters, study_area=study_area, impedance=impedance
        )
    out["connection_score"] = scores.reindex(table.index).astype("float64")

    market = labour_market_of(table, parameters, study_area)
    # Rules see the whole table whatever the score, so that what they look up is the same.
    added = answers(rules, table, out)
    if parameters.connection in ACCESSIBILITY:
        inside = scored(market, study_area)
        table, out, market = table[inside], out[inside].copy(), market[inside]
    out = decide(table, out, parameters, market, added)
    out.attrs["notes"] = tuple(scores.attrs.get("notes", ()))
    return out


def decide(
    table: pd.DataFrame,
    evidence: pd.DataFrame,
    parameters: Parameters,
    market: pd.Series[Any],
    added: Sequence[tuple[Rule, pd.Series[bool]]] = (),
) -> pd.DataFrame:
    """Apply the rules to the evidence: what is left to do once it is gathered.

    Parameters
    ----------
    table : DataFrame
        Neighbourhoods: at least those of whole labour markets.
    evidence : DataFrame
        On the same index, as :func:`classify_neighbourhoods` gathers it, up to and with
        ``connection_score``.
    parameters : Parameters
        The choices of reference, cut and least data.
    market : Series of str
        The labour market of each neighbourhood.
    added : sequence of (Rule, Series of bool), optional
        Rules of the analyst's own, with where they apply, from :func:`answers`.

    Returns
    -------
    DataFrame
        The evidence with ``cut``, ``reference_size``, ``distance_to_cut``, ``weak``, ``rule`` and
        ``labour_market_class``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> t = wm.classify(wm.load_sample())
    >>> third = decide(t.everywhere, t.everywhere, Parameters(cut=1 / 3),
    ...                t.everywhere["labour_market"])
    >>> bool((third["labour_market_class"] == "Disconnected").sum() > 0)
    True
    """
    out = evidence.copy()
    rule = _first_rules(table, out, parameters, added)
    gives = RULES | {rule.name: rule.gives for rule, _ in added}
    insufficient = rule.map(gives).eq("Insufficient data")
    out["cut"], out["reference_size"] = _cuts(out, insufficient, market, parameters)
    out["distance_to_cut"] = out["connection_score"] - out["cut"]
    relative = parameters.cut_kind == "quantile"
    out["weak"] = relative & rule.isna() & (out["reference_size"] < WEAK_BELOW)

    rule = rule.mask(rule.isna() & out["cut"].isna(), "no reference to cut at")
    rule = rule.mask(rule.isna() & (out["connection_score"] < out["cut"]), "below the cut")
    out["rule"] = rule.fillna("at or above the cut").astype("str")
    out["labour_market_class"] = pd.Categorical(
        out["rule"].map(gives), categories=list(CLASSES), ordered=True
    )
    return out


def jobs_held_against(
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
    people = column_of(table, who, "pez_denominator")
    if (people < 0).any():
        raise InputError(
            f"pez_denominator={who!r}: {int((people < 0).sum()):,} values are negative; the first "
            f"is {people[people < 0].iloc[0]:g} for {people.index[people < 0][0]}. Expected people."
        )
    return people


def _first_rules(
    table: pd.DataFrame,
    out: pd.DataFrame,
    parameters: Parameters,
    added: Sequence[tuple[Rule, pd.Series[bool]]],
) -> pd.Series[Any]:
    """Return the rule that decides before any cut is needed; missing where none does."""
    conditions = {
        "no deprivation rank": out["deprivation_share"].isna(),
        # Every zone of the flows has a number of commuters, if only zero.
        "no flow zone": out["commuters"].isna(),
        "too few commuters": ~(out["commuters"] >= parameters.min_flow),
        "too many commuters to unknown jobs": out["unknown_share"] > parameters.max_unknown,
        "not deprived": ~out["deprived"],
        "jobs or connection unknown": ~known_jobs(table, out),
        "more jobs than people": out["jobs_rich"],
    }
    if added:
        conditions = _with_rules(conditions, added, table.index)
    names = np.array([*conditions, None], dtype=object)
    first = np.select(list(conditions.values()), range(len(conditions)), len(conditions))
    rule = pd.Series(names[first], index=table.index, dtype=object)
    return rule.mask(rule.isna() & out["connection_score"].isna(), "jobs or connection unknown")


def answers(
    rules: Sequence[Rule], table: pd.DataFrame, evidence: pd.DataFrame
) -> list[tuple[Rule, pd.Series[bool]]]:
    """Ask each rule where it applies, on the whole table with its evidence.

    Parameters
    ----------
    rules : sequence of Rule
        Rules of the analyst's own.
    table, evidence : DataFrame
        Neighbourhoods and their evidence, on one index; the evidence counts where both have a
        column.

    Returns
    -------
    list of (Rule, Series of bool)
        On the index of `table`.

    Examples
    --------
    >>> answers([], pd.DataFrame(), pd.DataFrame())
    []
    """
    if not rules:
        return []
    whole = table.drop(columns=[c for c in evidence.columns if c in table.columns]).join(evidence)
    return [(rule, rule.applies(whole)) for rule in rules]


def _with_rules(
    conditions: dict[str, pd.Series[bool]],
    added: Sequence[tuple[Rule, pd.Series[bool]]],
    index: pd.Index[Any],
) -> dict[str, pd.Series[bool]]:
    """Put each added rule before the rule it names, in the order given."""
    out: dict[str, pd.Series[bool]] = {}
    for name, condition in conditions.items():
        out |= {rule.name: where.loc[index] for rule, where in added if rule.before == name}
        out[name] = condition
    return out


def _cuts(
    out: pd.DataFrame, insufficient: pd.Series[bool], market: pd.Series[Any], parameters: Parameters
) -> tuple[pd.Series[float], pd.Series[int]]:
    """Return each neighbourhood's cut and how many neighbourhoods it was taken among."""
    reference = ~insufficient & out["connection_score"].notna()
    if parameters.reference != "all":
        reference &= out["deprived"]
    if parameters.reference == "deprived and not jobs-rich":
        reference &= ~out["jobs_rich"]
    groups = out.loc[reference, "connection_score"].groupby(market[reference])
    size = market.map(groups.size()).fillna(0).astype("int64")
    if parameters.cut_kind == "value":
        return pd.Series(float(parameters.cut), index=out.index), size
    cuts = groups.quantile(parameters.cut).round(DECIMALS)
    return market.map(cuts).astype("float64"), size
