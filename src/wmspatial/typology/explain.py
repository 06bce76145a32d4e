"""Say in plain English why a place has its class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from wmspatial.typology.parameters import STUDY_AREA
from wmspatial.typology.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wmspatial.typology.parameters import Parameters

    Row = Mapping[Any, Any]

_SHARE: Final = "share to jobs-rich"
#: What the cut is taken among, in words.
REFERENCE_WORDS: Final = {
    "deprived and not jobs-rich": "the deprived neighbourhoods that are not rich in jobs",
    "deprived": "the deprived neighbourhoods",
    "all": "all neighbourhoods",
}
_WORKERS: Final = {"all employed residents": "workers", "all residents": "residents"}
_DEPRIVED: Final = ("disconnected", "connected", "large_number_of_jobs")


class Setting(NamedTuple):
    """What the sentences of one typology have in common.

    Attributes
    ----------
    parameters : Parameters
        The choices.
    ranked_areas : mapping of str to int
        How many areas the index ranks, by nation.
    deprivation : str
        What the index is called.
    study_area : str
        What the study area is called.
    shared_zones : bool
        Whether a flow zone holds several neighbourhoods, so that some numbers are apportioned.
    official_markets : bool
        Whether the labour markets are travel-to-work areas.
    """

    parameters: Parameters
    ranked_areas: Mapping[str, int]
    deprivation: str
    study_area: str
    shared_zones: bool
    official_markets: bool


def explain_neighbourhood(code: str, row: Row, setting: Setting) -> str:
    """Write the sentence for one neighbourhood: each number that decided, then the class."""
    parts = [_deprivation(row, setting), *_decision(row, setting)]
    verdict = str(row.get("reconstructed_class", row["labour_market_class"])).lower()
    return f"{_name(code, row)}: {'; '.join(filter(None, parts))}: {verdict}."


def given_sentence(row: Row) -> str:
    """Say which class somebody else gives, where one was given."""
    source = row.get("given_by")
    if not isinstance(source, str):
        return ""
    given = str(row["labour_market_class"]).lower()
    same = given == str(row["reconstructed_class"]).lower()
    return (
        f" {source} gives it as {given} too."
        if same
        else f" {source} gives it as {given}, which is what counts here."
    )


def explain_ward(code: str, row: Row) -> str:
    """Write the sentence for one ward: how many of its people live in which class."""
    lost, total = row["residents_disconnected"], row["residents"]
    number = int(row["neighbourhoods_disconnected"])
    if not total:
        return f"{_name(code, row)}: nobody lives there."
    unknown = row["residents_insufficient_data"]
    if unknown == total:
        return (
            f"{_name(code, row)}: none of its {row['neighbourhoods']:,.0f} neighbourhoods, home to "
            f"{total:,.0f} people, could be classed."
        )
    others = (
        f"{row['residents_connected']:,.0f} live in connected ones and "
        f"{row['residents_large_number_of_jobs']:,.0f} in deprived ones with a large number of "
        "jobs."
    )
    if not number:
        return (
            f"{_name(code, row)}: none of its {total:,.0f} residents live in a disconnected "
            f"neighbourhood; {others}"
        ) + _two_ways(row)
    where = "one disconnected neighbourhood" if number == 1 else f"{number} disconnected ones"
    return (
        f"{_name(code, row)}: {lost:,.0f} of its {total:,.0f} residents ({percent(lost / total)}) "
        f"live in {where}, of {row['neighbourhoods']:,.0f} neighbourhoods in the ward; {others}"
    ) + _two_ways(row)


def _two_ways(row: Row) -> str:
    """Say where the two ways to class a ward disagree."""
    one, other = row.get("class_from_neighbourhoods"), row.get("class_from_flows")
    if one is None or one == other:
        return ""
    return (
        f" Classed from its neighbourhoods it is {str(one).lower()}, classed as one place from its "
        f"flows {str(other).lower()}: read it with care."
    )


def explain_area(name: str, row: Row, share: float, source: str = "") -> str:
    """Write the sentences for an authority or a whole study area, from its sums.

    Parameters
    ----------
    name : str
        What the area is called.
    row : mapping
        From :func:`~wmspatial.typology.wards.residents_by_class`.
    share : float
        The share that counts as deprived.
    source : str
        Who gave classes of their own, which need not keep to deprived neighbourhoods.

    Returns
    -------
    str
        Two or three sentences.
    """
    places = {n: int(row[f"neighbourhoods_{n}"]) for n in _DEPRIVED}
    people = {n: row[f"residents_{n}"] for n in _DEPRIVED}
    total, deprived = int(row["neighbourhoods"]), int(row["neighbourhoods_deprived"])
    unknown = int(row["neighbourhoods_insufficient_data"])
    cannot = f" {_many(unknown)} could not be classed." if unknown else ""
    if not deprived and not sum(places.values()):
        known = f"none of its {total:,} neighbourhoods is known to be among"
        return f"{name}: {known} the {100 * share:g} % most deprived.{cannot}"
    first = (
        f"{name}: {deprived:,} of its {total:,} neighbourhoods are among the {100 * share:g} % "
        f"most deprived, and {row['residents_deprived']:,.0f} of its {row['residents']:,.0f} "
        "people live in them."
    )
    given = f", as {source} gives the classes" if source else ""
    return (
        f"{first} {people['disconnected']:,.0f} people live in {_many(places['disconnected'])} "
        f"that {'is' if places['disconnected'] == 1 else 'are'} disconnected from the labour "
        f"market, {people['connected']:,.0f} in {places['connected']:,} that are connected to it, "
        f"and {people['large_number_of_jobs']:,.0f} in {places['large_number_of_jobs']:,} that "
        f"have a large number of jobs{given}.{cannot}"
    )


def _many(count: int) -> str:
    return f"{count:,} neighbourhood{'' if count == 1 else 's'}"


def percent(share: float, decimals: int = 0) -> str:
    """Give a share as a whole per cent, with a decimal where it is below one.

    Examples
    --------
    >>> percent(0.734), percent(0.004)
    ('73 %', '0.4 %')
    """
    value = 100 * share
    return f"{value:.{1 if 0 < value < 1 else decimals}f} %"


def _name(code: str, row: Row) -> str:
    name = row.get("name")
    return f"{name} ({code})" if isinstance(name, str) and name else code


def _deprivation(row: Row, setting: Setting) -> str:
    nation = row["nation"]
    if math.isnan(row["deprivation_share"]):
        return f"it has no rank in {setting.deprivation}"
    if row["deprived"]:
        # Rounded up, so that nobody is placed among fewer than they are.
        top = max(1, math.ceil(100 * row["deprivation_share"] - 1e-9))
        return f"among the {top} % most deprived in {nation}"
    return (
        f"not among the {100 * setting.parameters.deprived_share:g} % most deprived in {nation} "
        f"(rank {row['deprivation_rank']:,.0f} of {setting.ranked_areas[nation]:,})"
    )


def _decision(row: Row, setting: Setting) -> list[str]:
    """Return the numbers behind the rule that fired."""
    parameters, rule = setting.parameters, row["rule"]
    known = {
        "no deprivation rank": "",
        "no flow zone": "the commuting table has no zone for it",
        "too few commuters": (
            f"{row['commuters']:,.0f} people of its area commute to a workplace, fewer than the "
            f"{parameters.min_flow:g} that the method needs"
        ),
        "too many commuters to unknown jobs": (
            f"{percent(row['unknown_share'])} of its area's commuters go where the number of jobs "
            f"is not known, more than {percent(parameters.max_unknown)}"
        ),
        "jobs or connection unknown": "its jobs or its connection score are not known",
        "not deprived": "",
    }
    if rule in known:
        return [known[rule]]
    if rule not in RULES:
        return [f"the added rule '{rule}' applies"]
    jobs = _jobs(row, setting)
    if rule == "more jobs than people":
        return [jobs]
    if rule == "no reference to cut at":
        return [jobs, "its labour market has no neighbourhood to compare it with"]
    return [jobs, _connection(row, setting)]


def _jobs(row: Row, setting: Setting) -> str:
    who = setting.parameters.pez_denominator
    if who == "all employed residents":
        about = "about " if setting.shared_zones else ""
        people = f"{about}{row['employed_residents']:,.0f} employed residents"
        return f"{row['jobs']:,.0f} jobs for {people}"
    label = {"commuters": "resident commuter", "all residents": "resident"}.get(who, who)
    if not math.isfinite(row["jobs_ratio"]):
        return f"{row['jobs']:,.0f} jobs and no {label}"
    return f"{row['jobs']:,.0f} jobs, {row['jobs_ratio']:.2f} per {label}"


def _connection(row: Row, setting: Setting) -> str:
    parameters = setting.parameters
    score, cut = score_pair(row["connection_score"], row["cut"], parameters)
    if parameters.connection == _SHARE:
        ratio = parameters.pez_ratio
        who = _WORKERS.get(parameters.pez_denominator, parameters.pez_denominator)
        places = (
            f"more jobs than {who}"
            if ratio == 1
            else f"more than {ratio:g} jobs to one of its {who}"
        )
        whose = "its area's" if setting.shared_zones else "its"
        what = f"{score} of {whose} commuters work in places with {places}"
    else:
        what = _accessibility(score, parameters)
    if parameters.cut_kind == "value":
        against = f"against the fixed cut of {cut}"
    elif row["connection_score"] == row["cut"]:
        against = f"the same as {_reference(row, setting)}"
    else:
        against = f"against {cut} {_reference(row, setting)}"
    few = f"{row['reference_size']:,.0f} neighbourhoods to compare it with"
    return f"{what}, {against}{f' (weak: only {few})' if row['weak'] else ''}"


def _accessibility(score: str, parameters: Parameters) -> str:
    """Say what a score that is no share counts."""
    jobs = "job" if score == "1" else "jobs"
    if parameters.connection == "shen":
        return f"{score} jobs per competing worker within reach (Shen score)"
    if parameters.connection == "hansen":
        return (
            f"{score} {jobs} within reach, each counted less the farther away it is (Hansen score)"
        )
    if parameters.connection == "cumulative":
        return f"{score} {jobs} within {parameters.separation_text(parameters.threshold)}"
    return f"its connection score ({parameters.connection}) is {score}"


def score_pair(score: float, cut: float, parameters: Parameters) -> tuple[str, str]:
    """Give score and cut with as many decimals as it takes to tell them apart.

    Examples
    --------
    >>> from wmspatial.typology import Parameters
    >>> score_pair(12_400.4, 15_000.0, Parameters(connection="cumulative"))
    ('12,400', '15,000')
    """
    texts = ("", "")
    # Jobs are whole, or nearly; jobs a worker are not.
    least = 0 if parameters.connection in ("hansen", "cumulative") else 2
    for decimals in range(4):
        texts = (
            (percent(score, decimals), percent(cut, decimals))
            if parameters.connection == _SHARE
            else (f"{score:,.{decimals + least}f}", f"{cut:,.{decimals + least}f}")
        )
        if texts[0] != texts[1] or score == cut:
            break
    return texts


def _reference(row: Row, setting: Setting) -> str:
    parameters = setting.parameters
    which = "neighbourhood" if parameters.reference == "all" else "deprived neighbourhood"
    at = (
        f"in the middle {which}"
        if parameters.cut == 0.5
        else f"at {parameters.cut_text} of {REFERENCE_WORDS[parameters.reference]}"
    )
    if parameters.labour_market == STUDY_AREA:
        return f"{at} of {setting.study_area}"
    if parameters.labour_market != "labour_market":
        return f"{at} of the labour market {row[parameters.labour_market]}"
    name = row.get("labour_market_name")
    if not isinstance(name, str):
        name = row["labour_market"]
    kind = "travel-to-work area" if setting.official_markets else "labour market"
    return f"{at} of the {name} {kind}"
