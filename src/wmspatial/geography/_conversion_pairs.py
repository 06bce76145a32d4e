"""Which new areas each old area becomes, and what part of it each gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography._conversion_lookups import among
from wmspatial.geography.crosswalk import part_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from wmspatial.geography._conversion_lookups import Step

    Floats = npt.NDArray[np.float64]
    Positions = npt.NDArray[np.intp]

UNCHANGED: Final = "unchanged"
RECODED: Final = "recoded"
SPLIT: Final = "split"
MERGED: Final = "merged"
REDRAWN: Final = "redrawn"
IRREGULAR: Final = "irregular"
CHANGES: Final = (UNCHANGED, RECODED, SPLIT, MERGED, REDRAWN, IRREGULAR)


class Bridge(NamedTuple):
    """The pairs that a table crosses, sorted by new code and then by old code.

    Attributes
    ----------
    old : array of int, shape (pairs,)
        Row of the table; -1 where the table has no row for the old area.
    new : array of int, shape (pairs,)
        Position of the new area among `codes`.
    share : array of float, shape (pairs,)
        The part of the old area that the new one gets.
    codes : Index of str
        New areas that at least one row reaches, sorted.
    change : array of str, shape (areas,)
        What each new area is to the old ones: one of `CHANGES`.
    irregular : tuple of (str, str)
        The pairs that lead to new areas of irregular changes, by code.
    absent : tuple of str
        Old areas that the table has no row for, though a new area rests on them.
    unpeopled : tuple of str
        Old areas in equal parts, because nobody lives in any of the parts.
    """

    old: Positions
    new: Positions
    share: Floats
    codes: pd.Index[Any]
    change: npt.NDArray[np.object_]
    irregular: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    unpeopled: tuple[str, ...]

    @property
    def only_one(self) -> npt.NDArray[np.bool_]:
        """Whether each new area comes of one old area alone."""
        return np.asarray(np.bincount(self.new, minlength=len(self.codes)) == 1)

    @property
    def only_old(self) -> Positions:
        """The row that each new area comes of, where it comes of one alone."""
        first = np.zeros(len(self.codes), dtype=np.intp)
        first[self.new] = self.old
        return first


def build_bridge(
    rows: pd.Index[Any], steps: Sequence[Step], weights: Sequence[pd.Series[Any] | None]
) -> Bridge:
    """Put the lookups together to one set of pairs, for the areas of a table.

    Parameters
    ----------
    rows : Index of str
        Codes of the table, unique.
    steps : sequence of Step
        The lookups, in order.
    weights : sequence of Series or None
        Residents by new code, one a step.

    Returns
    -------
    Bridge
        The pairs.

    Raises
    ------
    InputError
        If residents are missing where an old area has several parts, or one lookup lacks areas
        that the one before leads to.
    """
    reached: pd.Index[Any] = rows
    pairs: pd.DataFrame | None = None
    unpeopled: list[str] = []
    for step, weight in zip(steps, weights, strict=True):
        _check_chain(reached, step)
        shared = _with_shares(step, weight, reached, unpeopled)
        reached = pd.Index(shared.loc[among(shared["old"], reached), "new"].unique())
        pairs = shared if pairs is None else _chained(pairs, shared)
    assert pairs is not None  # noqa: S101 - there is at least one step
    pairs = pairs.sort_values(["new", "old"], kind="stable")
    change = _changes(pairs)
    pairs = pairs[among(pairs["new"], reached)]
    new, codes = pd.factorize(pairs["new"])
    codes = pd.Index(codes, dtype="str")
    absent = pairs.loc[~among(pairs["old"], rows), "old"].unique()
    found = change.reindex(codes).to_numpy(dtype=object)
    odd = pairs[found[new] == IRREGULAR]
    return Bridge(
        old=rows.get_indexer(pd.Index(pairs["old"])),
        new=new,
        share=pairs["share"].to_numpy(dtype=np.float64),
        codes=codes,
        change=found,
        irregular=tuple(sorted(zip(odd["old"], odd["new"], strict=True))),
        absent=tuple(sorted(absent)),
        unpeopled=tuple(unpeopled),
    )


def _check_chain(reached: pd.Index[Any], step: Step) -> None:
    lost = reached[~among(reached, step.pairs["old"])]
    if len(lost):
        raise InputError(
            f"lookup {step.source} to {step.target}: {len(lost):,} areas that the lookup before "
            f"leads to are not in its {step.source!r} ({examples(lost)})."
        )


def _with_shares(
    step: Step, weight: pd.Series[Any] | None, reached: pd.Index[Any], unpeopled: list[str]
) -> pd.DataFrame:
    """Add the part of its old area that each pair is, by residents of the new areas."""
    pairs = step.pairs
    several = pairs.groupby("old")["new"].transform("size") > 1
    people = pd.Series(np.nan, index=pairs.index)
    if weight is not None:
        people = pairs["new"].map(weight).astype("float64")
    needed = several & among(pairs["old"], reached)
    blank = pairs.loc[needed & people.isna(), "new"].unique()
    if len(blank):
        raise InputError(
            f"weights: {len(blank):,} areas of {step.target!r} have no residents to apportion by "
            f"({examples(blank)}). Give weights=, the residents of the new areas by code"
            f"{'' if weight is None else '; those given lack them'}."
        )
    empty = needed & (people.groupby(pairs["old"]).transform("sum") == 0)
    unpeopled.extend(sorted(pairs.loc[empty, "old"].unique()))
    return pairs.assign(share=part_shares(people.where(several, 1.0), pairs["old"]))


def _chained(first: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Lead pairs on over a further lookup; the parts multiply."""
    both = first.merge(then, left_on="new", right_on="old", suffixes=("", "_then"))
    rank = {"U": 0, "": 1, "X": 2}
    letters = both[["change", "change_then"]]
    ranked = letters.where(letters.isin(["U", "X"]), "").apply(lambda one: one.map(rank))
    both = both.assign(
        share=both["share"] * both["share_then"], letter=ranked.max(axis=1), new=both["new_then"]
    )
    summed = both.groupby(["old", "new"], as_index=False).agg(
        share=("share", "sum"), letter=("letter", "max")
    )
    return summed.assign(change=summed["letter"].map({v: k for k, v in rank.items()}))


def _changes(pairs: pd.DataFrame) -> pd.Series[Any]:
    """Say of each new area what it is to the old ones, by its letters and by its pairs."""
    parts = pairs.groupby("old")["new"].transform("size")
    by_new = pairs.assign(parts=parts, odd=pairs["change"] == "X").groupby("new")
    sources = by_new["old"].size()
    most_parts = by_new["parts"].max()
    alone = (sources == 1) & (most_parts == 1)
    first = by_new[["old", "change"]].first()
    same = (first["change"] == "U") | (
        (first["change"] == "") & (first["old"].to_numpy() == first.index.to_numpy())
    )
    return pd.Series(
        np.select(
            [
                by_new["odd"].any(),
                alone & same,
                alone,
                sources == 1,
                most_parts > 1,
            ],
            [IRREGULAR, UNCHANGED, RECODED, SPLIT, REDRAWN],
            MERGED,
        ).astype(object),
        index=sources.index,
    )
