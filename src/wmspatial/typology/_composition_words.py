"""Say who lives in disconnected neighbourhoods, and no more than the numbers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from wmspatial.typology.composing import Composition

_ALL: Final = "All"


def composition_text(found: Composition) -> str:
    """Write the summary of a composition."""
    table = found.shares
    everybody: pd.Series[float] = table.T[_ALL]
    if not everybody["disconnected"] > 0:
        text = "Nobody lives in a disconnected neighbourhood."
        return _marked(text, illustrative=found.typology.illustrative)
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
        if pd.isna(low) or low <= 1 <= high:
            continue
        sentences.append(
            f"Of the group “{name}” it is {_share(row['share_disconnected'])}, "
            f"{row['ratio']:.2f} times the share of {than} ({100 * found.level:g} % interval "
            f"{low:.2f} to {high:.2f}){_within(row)}{_hangs(row)}."
        )
    unclear = [
        str(name)
        for name, row in known.iterrows()
        if pd.isna(row["ratio_low"]) or row["ratio_low"] <= 1 <= row["ratio_high"]
    ]
    if unclear:
        sentences.append(f"No difference from {than} can be told for: {', '.join(unclear)}.")
    return _marked(" ".join(sentences), illustrative=found.typology.illustrative)


def _within(row: pd.Series[float]) -> str:
    """Say whether it is more than that the group lives in deprived places."""
    low, high = row["ratio_within_low"], row["ratio_within_high"]
    if pd.isna(low):
        return ""
    if low <= 1 <= high:
        return "; among residents of deprived neighbourhoods alone no difference can be told"
    return (
        f"; among residents of deprived neighbourhoods alone {row['ratio_within_deprived']:.2f} "
        "times"
    )


def _hangs(row: pd.Series[float]) -> str:
    """Say where the open choices of the method could turn the finding round."""
    least, most = row.get("scenario_ratio_least"), row.get("scenario_ratio_most")
    if least is None or most is None or pd.isna(least) or not least < 1 < most:
        return ""
    return (
        f"; over the open choices of the method it runs from {least:.2f} to {most:.2f} times, so "
        "that it hangs on them whether it is more or less"
    )


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _marked(text: str, *, illustrative: bool) -> str:
    return f"{text} ({ILLUSTRATIVE}.)" if illustrative else text
