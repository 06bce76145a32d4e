"""Say in sentences what a conversion did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import examples
from wmspatial.geography._conversion_columns import floats, pieces_of
from wmspatial.geography._conversion_kinds import CARRIED
from wmspatial.geography._conversion_lookups import among
from wmspatial.geography._conversion_pairs import (
    CHANGES,
    IRREGULAR,
    MERGED,
    REDRAWN,
    SPLIT,
    UNCHANGED,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.geography._conversion_kinds import Kinds
    from wmspatial.geography._conversion_lookups import Step
    from wmspatial.geography._conversion_pairs import Bridge

_MOST_PAIRS: Final = 10
_DONE: Final = {
    SPLIT: "apportioned over splits",
    MERGED: "summed over merges",
    REDRAWN: "apportioned and summed where areas were redrawn",
    IRREGULAR: "apportioned over irregular changes",
}


def changes_of(
    bridge: Bridge, steps: Sequence[Step], weights: Sequence[pd.Series[Any] | None]
) -> dict[str, Any]:
    """Count what happened to the areas, in plain numbers and codes.

    Parameters
    ----------
    bridge : Bridge
        The pairs.
    steps : sequence of Step
        The lookups.
    weights : sequence of Series or None
        Residents by new code, one a step.

    Returns
    -------
    dict
        New areas of each kind of change, ``irregular_pairs``, and ``without_counterpart``: areas
        of the weights that no lookup leads to.
    """
    counted = pd.Series(bridge.change).value_counts()
    lost: list[str] = []
    for step, weight in zip(steps, weights, strict=True):
        if weight is not None:
            lost.extend(sorted(weight.index[~among(weight.index, step.pairs["new"])].astype("str")))
    return {
        **{kind: int(counted.get(kind, 0)) for kind in CHANGES},
        "irregular_pairs": [list(pair) for pair in bridge.irregular],
        "without_counterpart": lost,
    }


def sentences(
    table: pd.DataFrame,
    result: pd.DataFrame,
    kinds: Kinds,
    bridge: Bridge,
    changes: dict[str, Any],
    way: str,
) -> list[str]:
    """Tell a conversion line by line.

    Parameters
    ----------
    table, result : DataFrame
        Before and after.
    kinds : Kinds
        The columns.
    bridge : Bridge
        The pairs.
    changes : dict
        What :func:`changes_of` counted.
    way : str
        From where to where, as ``"lsoa11 to lsoa21"``.

    Returns
    -------
    list of str
        The lines.
    """
    kept = ", ".join(f"{changes[kind]:,} {kind}" for kind in CHANGES if changes[kind])
    lines = [f"{way}: {len(table):,} areas to {len(result):,} ({kept})"]
    lines += _oddities(bridge, changes)
    lines += [_of_count(table, result, column, bridge) for column in kinds.counts]
    for rate, by in kinds.rates.items():
        lines.append(f"{rate}: averaged by {by}{_gaps(table, result, rate)}")
    lines += [_of_rank(table, result, column, bridge) for column in (*kinds.ranks, *kinds.deciles)]
    for column in kinds.labels:
        flagged = int(result[f"{column}{CARRIED}"].sum())
        lines.append(
            f"{column}: of the largest part; {flagged:,} over a change, flagged"
            f"{_gaps(table, result, column)}"
        )
    return lines


def _oddities(bridge: Bridge, changes: dict[str, Any]) -> list[str]:
    lines = []
    if bridge.irregular:
        named = [f"{old} to {new}" for old, new in bridge.irregular]
        lines.append(
            f"irregular changes in {len(named):,} pairs ({examples(named, _MOST_PAIRS)}): counts "
            "apportioned over them all the same; not for comparing like with like"
        )
    if bridge.unpeopled:
        lines.append(
            f"nobody lives in any part of {len(bridge.unpeopled):,} split areas "
            f"({examples(bridge.unpeopled)}): equal parts"
        )
    if bridge.absent:
        lines.append(
            f"the table has no row for {len(bridge.absent):,} areas that new ones rest on "
            f"({examples(bridge.absent)}): those new ones are missing"
        )
    lost = changes["without_counterpart"]
    if lost:
        lines.append(
            f"{len(lost):,} areas of the weights are in no pair of the lookup ({examples(lost)}): "
            "nothing is brought to them"
        )
    return lines


def _of_count(table: pd.DataFrame, result: pd.DataFrame, column: str, bridge: Bridge) -> str:
    before, after = float(table[column].sum()), float(result[column].sum())
    pieces = np.nan_to_num(pieces_of(floats(table, column), bridge))
    kind = bridge.change[bridge.new]
    moved = {k: float(pieces[kind == k].sum()) for k in _DONE}
    done = [f"{moved[k]:,.0f} {words}" for k, words in _DONE.items() if (kind == k).any()]
    told = f"{column}: {after:,.0f} of {before:,.0f} kept{', of them ' if done else ''}"
    told += ", ".join(done)
    stuck = float(pieces[result[column].isna().to_numpy()[bridge.new]].sum())
    if stuck:
        told += f"; {stuck:,.0f} reach no area, because another part of theirs is missing"
    return told + _gaps(table, result, column)


def _of_rank(table: pd.DataFrame, result: pd.DataFrame, column: str, bridge: Bridge) -> str:
    there = result[column].notna().to_numpy()
    same = bridge.change == UNCHANGED
    told = f"{column}: {int((there & same).sum()):,} of unchanged areas, "
    told += f"{int((there & ~same).sum()):,} carried over a change and flagged"
    # Refused: every part of the new area has a value, and it still got none.
    known = np.where(bridge.old >= 0, floats(table, column)[bridge.old], np.nan)
    whole = np.bincount(bridge.new, np.isnan(known), minlength=len(there)) == 0
    refused = int((whole & ~there).sum())
    if refused:
        told += f", {refused:,} refused (missing and flagged)"
    return told + _gaps(table, result, column)


def _gaps(table: pd.DataFrame, result: pd.DataFrame, column: str) -> str:
    before, after = int(table[column].isna().sum()), int(result[column].isna().sum())
    return f"; missing in {before:,} areas before, {after:,} after" if before or after else ""
