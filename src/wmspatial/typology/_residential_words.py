"""What is said of residential types: sentences, caveats, and what they mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from wmspatial.typology.explain import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Row = Mapping[Any, Any]

#: What each type means, for a reader who has never seen the method.
MEANINGS: Final = {
    "Transit": (
        "most people who arrive come from less deprived areas, and most who leave go to less "
        "deprived areas"
    ),
    "Escalator": (
        "most people who arrive come from areas as deprived or more so, and most who leave go to "
        "less deprived areas"
    ),
    "Gentrifier": (
        "most people who arrive come from less deprived areas, and most who leave go to areas as "
        "deprived or more so"
    ),
    "Isolate": (
        "most people who arrive come from areas as deprived or more so, and most who leave go to "
        "areas as deprived or more so"
    ),
}

RECONSTRUCTION: Final = (
    "Residential types after Robson, Lymperopoulou and Rae (2008), with deciles of zones: a "
    "reconstruction, not JRF's own table. Escalator and Gentrifier are as JRF corrected them in "
    "January 2018; its first edition had the two labels swapped."
)
MOVES_2021: Final = (
    "The moves of the 2021 Census were made between March 2020 and March 2021, in the pandemic: "
    "lockdowns held moves up, and many students were not where they study. They do not show a "
    "usual year."
)
AFTERWARDS: Final = (
    "Deprivation is measured after the moves, not before: a place that movers changed is judged by "
    "what it became."
)
WITHIN: Final = (
    "A move inside one zone counts as one from and to an equally deprived area, so zones where "
    "many move within lean towards Isolate."
)
SHARED: Final = (
    "Moves are published for larger zones (MSOAs): the deprived neighbourhoods of a zone share one "
    "type. Where the zone as a whole is not deprived (column zone_deprived), few areas are less "
    "deprived than it, and Isolate comes close to being settled beforehand."
)
SEVERAL_NATIONS: Final = (
    "Deciles are per nation, each on its own index: between nations, a higher decile is less "
    "deprived only in that sense."
)
NO_ABROAD: Final = (
    "People who came from abroad, and those who left the nations of the table, are not in it."
)


class Setting(NamedTuple):
    """What the sentences of one typology have in common.

    Attributes
    ----------
    deprived_share : float
        Share of a nation's neighbourhoods that counts as deprived.
    min_flow : float
        Fewest movers on each side.
    max_unknown : float
        Share without a decile above which that is said.
    ranked_areas : mapping of str to int
        How many areas the index ranks, by nation.
    deprivation : str
        What the index is called.
    shared_zones : bool
        Whether a zone holds several neighbourhoods.
    """

    deprived_share: float
    min_flow: float
    max_unknown: float
    ranked_areas: Mapping[str, int]
    deprivation: str
    shared_zones: bool


def explain_type(code: str, row: Row, setting: Setting) -> str:
    """Write what is said of one neighbourhood: its type, what that means, and the movers behind it.

    Parameters
    ----------
    code : str
        Its code.
    row : mapping
        Its row of the classified frame.
    setting : Setting
        What all rows have in common.

    Returns
    -------
    str
        A few short sentences, the verdict first.
    """
    kind, name = str(row["residential_type"]), row.get("name")
    who = f"{name} ({code})" if isinstance(name, str) and name else code
    if kind == "Not classified":
        return f"{who} is not classified. {_deprivation(row, setting)}"
    if kind in MEANINGS:
        article = "an" if kind[0] in "EI" else "a"
        verdict = f"{who} is {article} {kind}: {MEANINGS[kind]}."
    else:
        verdict = f"{who} has no type, because the data does not suffice."
    return " ".join([verdict, _deprivation(row, setting), *_decision(row, setting)])


def explain_place(place: str, counts: pd.Series[Any], people: pd.Series[Any]) -> str:
    """Write the sentence for an authority or the whole area: how many of each type."""
    deprived = int(counts[list(MEANINGS)].sum())
    if not deprived:
        return f"{place}: none of its {int(counts['All']):,} neighbourhoods has a residential type."
    each = ", ".join(
        f"{int(counts[kind]):,} {kind} ({people[kind]:,.0f} people)" for kind in MEANINGS
    )
    lost = int(counts["Insufficient data"])
    rest = f"; for {lost:,} the data does not suffice" if lost else ""
    return (
        f"{place}: of {int(counts['All']):,} neighbourhoods {deprived:,} are deprived and have a "
        f"residential type: {each}{rest}."
    )


def share_text(share: float) -> str:
    """Give a share with as many decimals as it takes to tell it from a half.

    Examples
    --------
    >>> share_text(0.61), share_text(0.5), share_text(0.501)
    ('61 %', 'exactly half', '50.1 %')
    """
    if share == 0.5:
        return "exactly half"
    if math.isclose(share, 0.5, abs_tol=0.005 + 1e-12):
        return next(
            (text for n in range(1, 5) if float((text := percent(share, n)).split()[0]) != 50),
            percent(share, 5),
        )
    return percent(share)


def _deprivation(row: Row, setting: Setting) -> str:
    if math.isnan(row["deprivation_rank"]):
        return f"It has no rank in {setting.deprivation}."
    if row["deprived"]:
        # Rounded up, so that nobody is placed among fewer than they are.
        top = max(1, math.ceil(100 * row["deprivation_share"] - 1e-9))
        return f"It is among the {top} % most deprived in {row['nation']}."
    return (
        f"It is not among the {percent(setting.deprived_share)} most deprived in {row['nation']} "
        f"(rank {row['deprivation_rank']:,.0f} of {setting.ranked_areas[row['nation']]:,})."
    )


def _decision(row: Row, setting: Setting) -> list[str]:
    """Return the numbers behind the rule that fired."""
    rule = row["rule"]
    area = f"its area ({row['zone']})" if setting.shared_zones else "it"
    if rule == "no deprivation rank":
        return []
    if rule == "no flow zone":
        return ["The table of moves has no zone for it."]
    if rule == "no mover with a decile":
        return [f"Nobody who moved into {area}, or nobody who left, has a decile at the other end."]
    came, left = f"{row['in_movers']:,.0f}", f"{row['out_movers']:,.0f}"
    arrived = f"In the year before the census {came} people moved into {area} or within it"
    gone = f"{left} moved out of it or within it"
    if rule == "too few movers":
        return [f"{arrived} and {gone}; the method needs {setting.min_flow:g} each way."]
    shares = [share_text(row[f"share_{side}_less_deprived"]) for side in ("in_from", "out_to")]
    came_from = f"{arrived}, {shares[0]} of them from less deprived areas"
    went_to = f"{gone}, {shares[1]} of them to less deprived areas"
    parts = [f"{came_from}; {went_to}.", _left_out(row)]
    if row["mostly_unknown"]:
        parts.append(
            f"That is more than {percent(setting.max_unknown)} of those who came or of those who "
            "left: the type rests on the others."
        )
    if setting.shared_zones and not row["zone_deprived"]:
        parts.append(
            f"Its area as a whole is less deprived (decile {row['zone_decile']:.0f} of 10, 1 the "
            "most deprived), which leaves fewer areas that are less deprived than it."
        )
    return [part for part in parts if part]


def _left_out(row: Row) -> str:
    """Say how many movers the shares leave out."""
    came, left = row["in_movers_without_decile"], row["out_movers_without_decile"]
    if not came and not left:
        return ""
    return (
        f"The shares leave out {came:,.0f} who came from and {left:,.0f} who went to places "
        "without a deprivation decile."
    )


def caveats_of(
    *, vintage: int | None, shared_zones: bool, nations: int, abroad: bool
) -> tuple[str, ...]:
    """Choose what has to be said of a result."""
    chosen = {
        RECONSTRUCTION: True,
        MOVES_2021: vintage == 2021,
        AFTERWARDS: True,
        NO_ABROAD: not abroad,
        WITHIN: True,
        SHARED: shared_zones,
        SEVERAL_NATIONS: nations > 1,
    }
    return tuple(text for text, said in chosen.items() if said)
