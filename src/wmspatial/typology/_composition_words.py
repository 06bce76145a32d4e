"""Say who lives in disconnected neighbourhoods, and no more than the numbers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from wmspatial.errors import examples
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.typology._typology import Typology
    from wmspatial.typology.composing import Composition

_ALL: Final = "All"
_BLANK: Final = "Insufficient data"
#: With fewer disconnected places drawn intervals are too narrow by more than a little.
_FEW: Final = 30


def told_apart(low: float, high: float) -> bool:
    """Whether an interval of a ratio, as it is written, leaves 1 out."""
    return bool(round(low, 2) > 1 or round(high, 2) < 1)


def composition_text(found: Composition) -> str:
    """Write the summary of a composition."""
    table = found.shares
    everybody: pd.Series[float] = table.T[_ALL]
    if pd.isna(everybody["disconnected"]):
        text = "So few people live in disconnected neighbourhoods that their number is left out."
        return _marked(text, illustrative=found.typology.illustrative)
    if not everybody["disconnected"] > 0:
        return _marked(_nobody(found), illustrative=found.typology.illustrative)
    first = (
        f"{_share(everybody['share_disconnected'])} of residents live in disconnected "
        f"neighbourhoods ({everybody['disconnected']:,.0f} people)."
    )
    sentences = [first]
    groups = table.drop(index=[_ALL, found.reference], errors="ignore")
    known = groups[groups["ratio"].notna() & ~groups["small"]]
    than = "everybody" if found.reference == _ALL else f"the group “{found.reference}”"
    for name, row in known.sort_values("ratio", ascending=False).iterrows():
        low, high = row["ratio_low"], row["ratio_high"]
        if not told_apart(low, high):
            continue
        within = _within(row, unsure=name in found.unsure_within)
        zones = (
            "; where whole commuting zones are drawn no difference can be told"
            if name in found.unsure
            else ""
        )
        sentences.append(
            f"Of the group “{name}” it is {_share(row['share_disconnected'])}, "
            f"{row['ratio']:.2f} times the share of {than} ({100 * found.level:g} % interval "
            f"{low:.2f} to {high:.2f}{zones}){within}{_hangs(row)}."
        )
    unclear = [
        str(name)
        for name, row in known.iterrows()
        if not told_apart(row["ratio_low"], row["ratio_high"])
    ]
    if unclear:
        sentences.append(f"No difference from {than} can be told for: {', '.join(unclear)}.")
        sure = [name for name in unclear if name not in found.unsure_within]
        sentences += _only_within(known.loc[sure], than)
    return _marked(" ".join(sentences), illustrative=found.typology.illustrative)


def _nobody(found: Composition) -> str:
    """Tell that nobody is disconnected from that it is not known."""
    if not float(found.shares["people"][_ALL]) > 0:
        return "No neighbourhood with residents could be classed: who is disconnected is not known."
    if float(found.counts[_BLANK][_ALL]) != 0:  # missing where it is small and left out
        return "Nobody lives in a disconnected neighbourhood, among those that could be classed."
    return "Nobody lives in a disconnected neighbourhood."


def _only_within(rows: pd.DataFrame, than: str) -> list[str]:
    """Say of which groups a difference shows once deprived neighbourhoods alone are looked at."""
    parts = [
        f"“{name}” {row['ratio_within_deprived']:.2f} times"
        for name, row in rows.sort_values("ratio_within_deprived", ascending=False).iterrows()
        if told_apart(row["ratio_within_low"], row["ratio_within_high"])
    ]
    if not parts:
        return []
    first, *others = parts
    told = ", ".join([f"{first} that of {than}", *others])
    some = "some shares do differ" if others else "one share does differ"
    return [f"Among residents of deprived neighbourhoods alone {some}: {told}."]


def _within(row: pd.Series[float], *, unsure: bool) -> str:
    """Say whether it is more than that the group lives in deprived places."""
    low, high = row["ratio_within_low"], row["ratio_within_high"]
    if pd.isna(low):
        return ""
    if not told_apart(low, high):
        return "; among residents of deprived neighbourhoods alone no difference can be told"
    zones = ", but with whole zones drawn no difference can be told" if unsure else ""
    return (
        f"; among residents of deprived neighbourhoods alone {row['ratio_within_deprived']:.2f} "
        f"times{zones}"
    )


def _hangs(row: pd.Series[float]) -> str:
    """Say where the open choices of the method could turn the finding round."""
    least, most = row.get("scenario_ratio_least"), row.get("scenario_ratio_most")
    if least is None or most is None or pd.isna(least):
        return ""
    if not round(least, 2) < 1 < round(most, 2):
        return ""
    return (
        f"; over the open choices of the method it runs from {least:.2f} to {most:.2f} times, so "
        "that it hangs on them whether it is more or less"
    )


def about(
    typology: Typology,
    counts: pd.DataFrame,
    shares: pd.DataFrame,
    level: float,
    n: int,
    small: float,
    unit: str,
    unsure: Sequence[str],
    lost: int,
) -> list[str]:
    """Say what the intervals mean, and what has to be known of the counts.

    Parameters
    ----------
    typology : Typology
        What was counted.
    counts, shares : DataFrame
        Of the composition.
    level : float
        Of the intervals.
    n : int
        Draws.
    small : float
        Below it a group is marked.
    unit : str
        What was drawn.
    unsure : sequence of str
        Groups that are told apart only while zones are not drawn whole.
    lost : int
        How many of what was drawn have residents in disconnected neighbourhoods.

    Returns
    -------
    list of str
        Sentences.
    """
    means = (
        f"Intervals: the middle {100 * level:g} % of {n:,} bootstrap draws of {unit}s within "
        f"their authorities. They tell how much a figure hangs on a few {unit}s; the census "
        "counts everybody, so they are no sampling errors."
    )
    notes = [means]
    if "scenario_share_least" in shares.columns:
        notes.append(
            "Scenarios: the least and the most over the scenarios of the sensitivity analysis."
        )
    blank = float(counts[_BLANK][_ALL])
    if blank:
        people = f"Fewer than {small:g}" if pd.isna(blank) else f"{blank:,.0f}"
        notes.append(
            f"{people} people live in neighbourhoods that could not be classed; they are in "
            "no share."
        )
    if not lost:
        return notes
    if lost < _FEW:
        where = "lie in so few zones" if unit == "zone" else "are so few"
        notes.append(
            f"Disconnected neighbourhoods {where} ({lost:,}) that the intervals are too narrow: in "
            "simulations with eight, those of 95 % held the truth 86 to 93 times in 100."
        )
    few = list(shares.index[shares["small"]])
    if few:
        notes.append(
            f"Fewer than {small:g} people in disconnected neighbourhoods: {examples(few, 9)}."
        )
    zones = typology.neighbourhoods["zone"]
    if unit == "neighbourhood" and zones.dropna().duplicated().any():
        then = f"; then no difference can be told for: {', '.join(unsure)}" if unsure else ""
        notes.append(
            "Neighbourhoods of one commuting zone (MSOA) share a score and are drawn one by one, "
            "which makes intervals too narrow: in a simulation those of 95 % held the truth 73 "
            "times in 100, and 93 times with unit='zone', where whole zones are drawn and the "
            f"intervals are wider{then}."
        )
    return notes


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _marked(text: str, *, illustrative: bool) -> str:
    return f"{text} ({ILLUSTRATIVE}.)" if illustrative else text
