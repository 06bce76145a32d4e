"""Lay two groupings of the same places over each other: overlaps, counterparts, splits, mergers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from wmspatial.patterns._market_words import per_cent

if TYPE_CHECKING:
    import numpy.typing as npt

SAME: Final = "Same area"
OTHER: Final = "Another area"
NEITHER: Final = "Not in one of the two"
#: Two areas are one where each holds more than this share of the other.
HALF: Final = 0.5
_NAMED: Final = 4


@dataclass(frozen=True)
class Overlaps:
    """Two groupings of the same places, laid over each other.

    Attributes
    ----------
    pairs : DataFrame
        By pair of areas that share people: ``found``, ``other``, ``weight``; most first.
    found, other : DataFrame
        By area: ``places``, ``weight``, ``best``, ``share_in_best``, ``share_of_best``,
        ``counterpart``, ``matched``.
    """

    pairs: pd.DataFrame
    found: pd.DataFrame
    other: pd.DataFrame


def overlaps_of(table: pd.DataFrame) -> Overlaps:
    """Sum the places (columns ``found``, ``other``, ``weight``) by pair of areas."""
    sums = table.groupby(["found", "other"], observed=True)[["weight"]].sum().reset_index()
    pairs = sums.sort_values(
        ["weight", "found", "other"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)
    partner = counterparts(pairs[pairs["weight"] > 0])
    back = pd.Series(partner.index, index=pd.Index(partner.to_numpy()), dtype="str")
    return Overlaps(
        pairs,
        _described(table, pairs, "found", "other", partner),
        _described(table, pairs, "other", "found", back),
    )


def _described(
    table: pd.DataFrame, pairs: pd.DataFrame, this: str, that: str, partner: pd.Series[Any]
) -> pd.DataFrame:
    """Describe the areas of one grouping by those of the other."""
    first = pairs.drop_duplicates(this).set_index(this).sort_index()
    whole = table.groupby(this, observed=True)["weight"].agg(["size", "sum"]).reindex(first.index)
    other = table.groupby(that, observed=True)["weight"].sum()
    held, their = whole["sum"], first[that].map(other)
    frame = pd.DataFrame(
        {
            "places": whole["size"],
            "weight": held,
            "best": first[that],
            "share_in_best": first["weight"] / held.where(held > 0),
            "share_of_best": first["weight"] / their.where(their > 0),
            "counterpart": partner.reindex(first.index).astype("str"),
        }
    )
    frame["matched"] = (frame["share_in_best"] > HALF) & (frame["share_of_best"] > HALF)
    return frame


def counterparts(pairs: pd.DataFrame) -> pd.Series[Any]:
    """Pair each area with at most one of the other grouping, for the most people in pairs.

    Parameters
    ----------
    pairs : DataFrame
        ``found``, ``other`` and ``weight``, above zero.

    Returns
    -------
    Series of str
        The counterpart of each found area that has one, by code.
    """
    if pairs.empty:
        return pd.Series([], index=pd.Index([], dtype="str"), dtype="str")
    row, ones = pd.factorize(pairs["found"], sort=True)
    column, others = pd.factorize(pairs["other"], sort=True)
    count, width = len(ones), len(others)
    weight = pairs["weight"].to_numpy(dtype=np.float64)
    # To stay alone costs as much as an overlap of nobody, so that everyone can be placed.
    alone = np.arange(count)
    costs: npt.NDArray[np.float64] = np.concatenate(
        [2.0 - weight / weight.max(), np.full(count, 2.0)]
    )
    graph = sparse.csr_array(
        (costs, (np.concatenate([row, alone]), np.concatenate([column, width + alone]))),
        shape=(count, width + count),
    )
    left, right = min_weight_full_bipartite_matching(graph)
    paired = right < width
    return pd.Series(others[right[paired]], index=pd.Index(ones[left[paired]]), dtype="str")


def divided(overlaps: Overlaps, names: pd.Series[Any], other_names: pd.Series[Any]) -> pd.DataFrame:
    """List areas that hold most of several of the other grouping."""
    rows = []
    for kind, parts, names_of, names_in in (
        ("split", overlaps.found, other_names, names),
        ("merged", overlaps.other, names, other_names),
    ):
        whole = overlaps.other if kind == "split" else overlaps.found
        for code, group in parts.groupby("best"):
            if len(group) > 1:
                held = group.sort_values("share_of_best", ascending=False, kind="stable")
                shares = [
                    f"{names_in.get(part, part)} {per_cent(share)}"
                    for part, share in held["share_of_best"].items()
                ]
                more = len(shares) - _NAMED
                told = ", ".join(shares[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
                weight = whole["weight"].to_dict()[code]
                rows.append((kind, code, names_of.get(code, code), weight, len(group), told))
    frame = pd.DataFrame(rows, columns=["kind", "market", "name", "weight", "parts", "shares"])
    return frame.sort_values(
        ["kind", "weight", "market"], ascending=[False, False, True], ignore_index=True
    )


def agreement(table: pd.DataFrame, overlaps: Overlaps) -> pd.Series[Any]:
    """Say of each place whether it is in the same area in both."""
    partner = table["found"].map(overlaps.found["counterpart"])
    both = table["found"].notna() & table["other"].notna()
    # Missing is equal to nothing.
    same = (partner == table["other"]).fillna(False).to_numpy(dtype=bool)
    words = np.where(~both, NEITHER, np.where(same, SAME, OTHER))
    found = pd.Categorical(words, categories=[SAME, OTHER, NEITHER], ordered=False)
    return pd.Series(found, index=table.index, name="agreement")
