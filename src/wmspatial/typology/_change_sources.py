"""What each neighbourhood did between two censuses, and which data alone would undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a neighbourhood did, as to the class Disconnected.
CHANGE_KINDS: Final = (
    "entered disconnected",
    "left disconnected",
    "stayed disconnected",
    "changed otherwise",
    "no change",
)
#: What a change comes from, where it is not from one thing alone.
EITHER: Final = "any one of them"
TOGETHER: Final = "only together"
NEITHER: Final = "something else"
UNCHANGED: Final = "no change"


def change_kinds(was: pd.Series[Any], now: pd.Series[Any]) -> pd.Series[Any]:
    """Say of each neighbourhood whether it entered, left or stayed."""
    before, after = was == "Disconnected", now == "Disconnected"
    kind = pd.Series("changed otherwise", index=now.index, dtype=object)
    kind[was.astype("str") == now.astype("str")] = "no change"
    kind[before & after] = "stayed disconnected"
    kind[~before & after] = "entered disconnected"
    kind[before & ~after] = "left disconnected"
    return kind.astype(pd.CategoricalDtype(list(CHANGE_KINDS), ordered=True))


def change_from(table: pd.DataFrame, factors: Sequence[str]) -> pd.Series[Any]:
    """Name what alone gives each earlier class back."""
    undone = pd.DataFrame(
        {name: table[swap_column([name])] == table["earlier_class"] for name in factors}
    )
    how_many = undone.sum(axis=1)
    source = undone.idxmax(axis=1).astype(object)
    source[how_many > 1] = EITHER
    together = table[swap_column(factors)] == table["earlier_class"]
    source[(how_many == 0) & together] = TOGETHER
    source[(how_many == 0) & ~together] = NEITHER
    source[table["later_class"] == table["earlier_class"]] = UNCHANGED
    return source.astype("str")


def swap_column(swapped: Sequence[str]) -> str:
    """Name the column of the classes under swapped data."""
    return f"class_with_earlier_{'_'.join(swapped)}"


def new_columns(factors: Sequence[str]) -> list[str]:
    """List what a comparison adds to the later frame, in its order."""
    return [
        "earlier_class", "later_class", "change_kind", "change_from", "class_at_earlier_cut",
        *(swap_column([name]) for name in factors), swap_column(factors),
        "earlier_code", "crosswalk", "mixed_parts", "rank_carried",
    ]  # fmt: skip
