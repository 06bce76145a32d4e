"""Say in plain English why a place has its class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.typology._typology import Typology


def explain_neighbourhood(row: pd.Series[Any], typology: Typology) -> str:
    """Write the sentence for one neighbourhood: each number that decided, then the class."""
    name = f"{row['name']} ({row.name})" if _has(row, "name") else str(row.name)
    parts = [p for p in (_deprivation(row, typology), *_decision(row, typology)) if p]
    return f"{name}: {'; '.join(parts)}: {str(row['labour_market_class']).lower()}."


def explain_ward(row: pd.Series[Any], code: str) -> str:
    """Write the sentence for one ward: how many of its people live in which class."""
    name = f"{row['name']} ({code})" if _has(row, "name") else code
    lost, total = row["residents_disconnected"], row["residents"]
    if not total:
        return f"{name}: nobody lives there."
    share = f"{lost:,.0f} of {total:,.0f} residents ({_percent(lost / total)})"
    return (
        f"{name}: {share} live in disconnected neighbourhoods, "
        f"{row['neighbourhoods_disconnected']:,.0f} of the ward's "
        f"{row['neighbourhoods']:,.0f}; {row['residents_connected']:,.0f} in connected ones and "
        f"{row['residents_large_number_of_jobs']:,.0f} in deprived ones with a large number of "
        "jobs."
    )


def _has(row: pd.Series[Any], column: str) -> bool:
    return column in row.index and isinstance(row[column], str)


def _percent(share: float) -> str:
    """Give a share as a whole per cent, with a first decimal where it is below one per cent."""
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 1 else f"{value:.0f} %"


def _deprivation(row: pd.Series[Any], typology: Typology) -> str:
    if math.isnan(row["deprivation_share"]):
        return "" if row["rule"] == "no deprivation rank" else "it has no deprivation rank"
    where = row["nation"]
    if row["deprived"]:
        share = max(1, math.ceil(100 * row["deprivation_share"] - 1e-9))
        return f"among the {share} % most deprived in {where}"
    limit = _percent(typology.parameters.deprived_share)
    return (
        f"not among the {limit} most deprived in {where} (rank {row['deprivation_rank']:,.0f} of "
        f"{typology.dataset.ranked_areas[where]:,})"
    )


def _decision(row: pd.Series[Any], typology: Typology) -> list[str]:
    """Return what decided, by the rule that fired."""
    parameters = typology.parameters
    rule = row["rule"]
    if rule == "no deprivation rank":
        return [f"it has no rank in {typology.dataset.deprivation}"]
    if rule == "no flow zone":
        return ["the commuting table has no zone for it"]
    if rule == "too few commuters":
        return [
            (
                f"{_people(row['commuters'])} of its area commute to a workplace, fewer than the "
                f"{parameters.min_flow:g} that the method needs"
            )
        ]
    if rule == "too many commuters to unknown jobs":
        return [
            f"{_percent(row['unknown_share'])} of its area's commuters go where the number of "
            f"jobs is not known, more than {_percent(parameters.max_unknown)}",
        ]
    if rule == "jobs or connection unknown":
        return ["its jobs or its connection score are not known"]
    if rule == "not deprived":
        return []
    jobs = _jobs(row, typology)
    if rule == "more jobs than people":
        return [jobs]
    if rule == "no reference to cut at":
        return [jobs, "its labour market has no neighbourhood to compare it with"]
    return [jobs, _connection(row, typology)]


def _people(count: float) -> str:
    return f"{count:,.0f} {'person' if count == 1 else 'people'}"


def _jobs(row: pd.Series[Any], typology: Typology) -> str:
    who = typology.parameters.pez_denominator
    if who == "all employed residents":
        exact = not typology.neighbourhoods["zone"].duplicated().any()
        people = f"{'' if exact else 'about '}{row['employed_residents']:,.0f} employed residents"
        return f"{row['jobs']:,.0f} jobs for {people}"
    label = {"commuters": "resident commuter", "all residents": "resident"}.get(who, who)
    return f"{row['jobs']:,.0f} jobs, {row['jobs_ratio']:.2f} per {label}"


def _connection(row: pd.Series[Any], typology: Typology) -> str:
    parameters = typology.parameters
    weak = (
        f" (weak: only {row['reference_size']:,.0f} neighbourhoods to compare it with)"
        if row["weak"]
        else ""
    )
    if parameters.cut_kind == "value":
        against = f"against the fixed cut of {_score(parameters.cut, parameters)}"
    else:
        against = f"against {_score(row['cut'], parameters)} {_reference(row, typology)}"
    if parameters.connection != "share to jobs-rich":
        score = f"{row['connection_score']:,.3g}"
        return f"connection score ({parameters.connection}) {score} {against}{weak}"
    more = (
        "more jobs than workers"
        if parameters.pez_ratio == 1
        else (f"more than {parameters.pez_ratio:g} jobs a worker")
    )
    share = _percent(row["connection_score"])
    return f"{share} of its area's commuters work in places with {more}, {against}{weak}"


def _score(value: float, parameters: Any) -> str:
    return _percent(value) if parameters.connection == "share to jobs-rich" else f"{value:,.3g}"


def _reference(row: pd.Series[Any], typology: Typology) -> str:
    parameters = typology.parameters
    which = {
        "deprived and not jobs-rich": "deprived neighbourhood",
        "deprived": "deprived neighbourhood, those rich in jobs included,",
        "all": "neighbourhood",
    }[parameters.reference]
    at = (
        f"in the middle {which}"
        if parameters.cut == 0.5
        else f"at {parameters.cut_text} of the {which.replace('hood', 'hoods', 1)}"
    )
    if parameters.labour_market == "study area":
        return f"{at} of {typology.study_area}"
    name = row["labour_market_name"] if _has(row, "labour_market_name") else row["labour_market"]
    kind = "labour market" if typology.illustrative else "travel-to-work area"
    if parameters.labour_market != "labour_market":
        return f"{at} of the labour market {row[parameters.labour_market]}"
    return f"{at} of the {name} {kind}"
