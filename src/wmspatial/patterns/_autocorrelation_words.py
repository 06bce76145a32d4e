"""Say whether a map is patterned, and no more than the numbers do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from wmspatial.patterns._cluster_names import listed
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from wmspatial.patterns.autocorrelating import Autocorrelation
    from wmspatial.patterns.join_counting import JoinCounts

_SURE: Final = 0.05
SHARED: Final = (
    "All neighbourhoods of one zone have one value, so neighbours inside a zone are alike by "
    "construction: the pattern and its p-values say more than the data does. by='zone' tests zones "
    "instead."
)


def plain(value: float, digits: int = 2) -> str:
    """Write a number without a minus before nought."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def autocorrelation_text(found: Autocorrelation) -> str:
    """Write the summary of a test of pattern."""
    m = found.moran
    over = f"Over {m['areas']:,.0f} {found.units}"
    index = f"Moran’s I {plain(m['I'])}, p = {m['p']:.2g}"
    if m["p"] > _SURE:
        first = f"{over} no pattern of {found.label} can be told from chance ({index})."
    else:
        way = "more alike" if m["I"] > m["mean"] else "less alike"
        first = (
            f"{over} neighbours are {way} in {found.label} than if its values were shuffled over "
            f"the map ({index}; shuffled it would be about {plain(m['mean'])})."
        )
    text = f"{first} {_where(found)}"
    if SHARED in found.notes:
        text += (
            " All neighbourhoods of one zone have one value, so that part of this is by "
            "construction; by='zone' tests zones."
        )
    if m["islands"]:
        verb = "touches" if m["islands"] == 1 else "touch"
        text += f" Nothing is said of {m['islands']:,.0f} that {verb} no other with a value."
    return f"{text} ({ILLUSTRATIVE}.)" if found.illustrative else text


def _where(found: Autocorrelation) -> str:
    """Say how many places stand out, of which kind."""
    counts = found.local["pattern"].value_counts()
    parts = {
        "with a low value among low ones": counts["Low-Low"],
        "with a high value among high ones": counts["High-High"],
        "unlike their neighbours": counts["Low-High"] + counts["High-Low"],
    }
    total = sum(parts.values())
    rate = f"at a false discovery rate of {100 * found.false_discovery:g} %"
    if not total:
        return f"No single place can be told from chance {rate}."
    each = [f"{count:,} {words}" if count else f"none {words}" for words, count in parts.items()]
    verb = "stands" if total == 1 else "stand"
    return f"Of them {total:,} {verb} out {rate}: {each[0]}, {each[1]} and {each[2]}."


def resolution_note(permutations: int, areas: int, rate: float, units: str) -> str:
    """Say how many areas have to stand out before any can be told, where it is more than one."""
    least = 2 / (permutations + 1)
    needed = math.ceil(least * areas / rate - 1e-9)
    if needed <= 1:
        return ""
    enough = math.ceil(2 * areas / rate - 1e-9) - 1
    if needed > areas:
        told = "none can be called significant"
    else:
        told = f"fewer than {needed:,} {units} that stand out cannot be told from chance"
    return (
        f"With {permutations:,} local permutations no local p-value is below {least:.2g}: after "
        f"false discovery control {told}. local_permutations={enough:,} could tell a single one."
    )


def joins_text(found: JoinCounts) -> str:
    """Write the summary of counts of joins."""
    table = found.table
    known = table[table["p"].notna()]
    over = f"Over {found.areas:,} {found.units}"
    if not len(known):
        text = f"{over} all are of one class: there is nothing to hold joins against."
    else:
        more = known[(known["p"] <= _SURE) & (known["joins"] > known["expected"])]
        less = known[(known["p"] <= _SURE) & (known["joins"] < known["expected"])]
        rest = known[known["p"] > _SURE]
        parts = []
        for rows, words in ((more, "more"), (less, "less")):
            if len(rows):
                each = [
                    f"“{name}” ({row['joins']:,.0f} joins, by chance {row['expected']:,.0f})"
                    for name, row in rows.iterrows()
                ]
                parts.append(
                    f"like lies beside like {words} often than if classes were shuffled for "
                    f"{listed(each)}."
                )
        if len(rest):
            names = listed([f"“{name}”" for name in rest.index])
            parts.append(f"no pattern can be told from chance for {names}.")
        text = f"{over} " + " ".join(
            part if place == 0 else part[0].upper() + part[1:] for place, part in enumerate(parts)
        )
    return f"{text} ({ILLUSTRATIVE}.)" if found.illustrative else text
