"""Carry the values of a column over the pairs, each kind of column in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography._conversion_pairs import IRREGULAR, UNCHANGED
from wmspatial.geography.rounding import largest_remainder

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.geography._conversion_pairs import Bridge

    Floats = npt.NDArray[np.float64]


def floats(table: pd.DataFrame, column: str) -> Floats:
    """Give a column as numbers, missing as NaN.

    Parameters
    ----------
    table : DataFrame
        The table.
    column : str
        Its column.

    Returns
    -------
    array of float
        The values, in the order of the rows.
    """
    return table[column].to_numpy(dtype=np.float64, na_value=np.nan)


def pieces_of(values: Floats, bridge: Bridge) -> Floats:
    """Cut each count into the parts of its area; missing where the table has no row.

    Parameters
    ----------
    values : array of float, shape (rows,)
        Counts.
    bridge : Bridge
        The pairs.

    Returns
    -------
    array of float, shape (pairs,)
        The parts.
    """
    return np.where(bridge.old >= 0, values[bridge.old], np.nan) * bridge.share


def carry_count(values: Floats, bridge: Bridge, *, whole: bool) -> Floats:
    """Apportion and sum counts; a new area that rests on a missing one is missing.

    Parameters
    ----------
    values : array of float, shape (rows,)
        Counts.
    bridge : Bridge
        The pairs.
    whole : bool
        Whether the parts are rounded to whole people, so that those of each old area keep its sum.

    Returns
    -------
    array of float, shape (areas,)
        Counts of the new areas.
    """
    pieces = pieces_of(values, bridge)
    if whole:
        # Pairs are sorted by new code, so equal remainders go to the lower one.
        pieces = largest_remainder(pieces, bridge.old)
    return _sums(pieces, bridge)


def _sums(pieces: Floats, bridge: Bridge) -> Floats:
    """Add up the parts of each new area."""
    summed = np.bincount(bridge.new, pieces, minlength=len(bridge.codes))
    return summed.astype(np.float64)


def carry_rate(values: Floats, denominators: Floats, bridge: Bridge) -> Floats:
    """Average rates by their denominators; parts of one old area have its rate.

    Parameters
    ----------
    values, denominators : array of float, shape (rows,)
        Rates and what they are rates of.
    bridge : Bridge
        The pairs.

    Returns
    -------
    array of float, shape (areas,)
        Rates; missing where a part of theirs that has people has none.
    """
    size = len(bridge.codes)
    by = pieces_of(denominators, bridge)
    # Where there is nobody, there is no rate, and none is needed.
    rate = np.where(by == 0, 0.0, np.where(bridge.old >= 0, values[bridge.old], np.nan))
    people = _sums(by, bridge)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _sums(by * rate, bridge) / people
    # The arithmetic of floats may step over the highest rate by its last digit.
    lowest, highest = np.full(size, np.inf), np.full(size, -np.inf)
    inside = by > 0
    np.fmin.at(lowest, bridge.new[inside], rate[inside])
    np.fmax.at(highest, bridge.new[inside], rate[inside])
    mean = np.where(np.isfinite(mean), np.clip(mean, lowest, highest), np.nan)
    return _from_one(values, bridge, otherwise=mean)


def _from_one(values: Floats, bridge: Bridge, otherwise: Floats) -> Floats:
    """Take the value of the only old area where there is one alone, and has a row."""
    rows = bridge.only_old
    return np.where(bridge.only_one & (rows >= 0), values[rows], otherwise)


def carry_rank(values: Floats, bridge: Bridge, *, over_changes: bool) -> Floats:
    """Carry ranks or deciles; missing where they would have to be worked out.

    A merged area has one only where all its parts have the same.

    Parameters
    ----------
    values : array of float, shape (rows,)
        Ranks or deciles.
    bridge : Bridge
        The pairs.
    over_changes : bool
        Whether parts of splits have the value of the whole; if not, only unchanged areas have one.

    Returns
    -------
    array of float, shape (areas,)
        Ranks or deciles of the new areas.
    """
    size = len(bridge.codes)
    parts = np.where(bridge.old >= 0, values[bridge.old], np.nan)
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    with np.errstate(invalid="ignore"):
        np.minimum.at(low, bridge.new, parts)
        np.maximum.at(high, bridge.new, parts)
    found = _from_one(values, bridge, np.where(low == high, low, np.nan))
    kept = bridge.change != IRREGULAR if over_changes else bridge.change == UNCHANGED
    return np.where(kept, found, np.nan)


def carry_label(
    values: pd.Series[Any], sizes: Floats | None, bridge: Bridge, column: str
) -> pd.Series[Any]:
    """Give each new area the label of its part with most people, the lower code of equal ones.

    Parameters
    ----------
    values : Series, shape (rows,)
        Labels.
    sizes : array of float, shape (rows,), optional
        People of the old areas; needed where parts have different labels.
    bridge : Bridge
        The pairs.
    column : str
        Name of the labels, for the error.

    Returns
    -------
    Series, shape (areas,)
        Labels, of the dtype given.

    Raises
    ------
    InputError
        If parts have different labels and the people of one of them are not known.
    """
    size = len(bridge.codes)
    labels = pd.factorize(values)[0]
    label = np.where(bridge.old >= 0, labels[bridge.old], -1)
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(low, bridge.new, label)
    np.maximum.at(high, bridge.new, label)
    differ = low != high
    people = np.zeros(len(bridge.new)) if sizes is None else pieces_of(sizes, bridge)
    lacking = differ[bridge.new] & (bridge.old >= 0) & np.isnan(people)
    if (sizes is None and differ.any()) or lacking.any():
        at = bridge.codes[differ] if sizes is None else bridge.codes[bridge.new[lacking]].unique()
        raise InputError(
            f"labels: in {len(at):,} new areas ({examples(at)}) the parts differ in {column!r}, "
            "and the people of the parts are not known, so that none is the largest. Give sizes=, "
            "the residents of the old areas (a count column, or a Series by old code)."
        )
    # A part without a row has no known people: nobody can say that it is not the largest.
    people = np.where(np.isnan(people), np.inf, people)
    order = np.lexsort((np.arange(len(people)), -people, bridge.new))
    first = np.searchsorted(bridge.new[order], np.arange(size))
    row = bridge.old[order][first]
    taken = values.take(np.maximum(row, 0)).set_axis(bridge.codes)
    return taken.mask(row < 0)


def carry_flag(flags: npt.NDArray[np.bool_] | None, bridge: Bridge) -> npt.NDArray[np.bool_]:
    """Flag what came over a change, now or in an earlier conversion.

    Parameters
    ----------
    flags : array of bool, shape (rows,), optional
        Flags of an earlier conversion.
    bridge : Bridge
        The pairs.

    Returns
    -------
    array of bool, shape (areas,)
        Whether a new area is other than unchanged, or a part of it was flagged before.
    """
    changed = bridge.change != UNCHANGED
    if flags is not None:
        before = np.where(bridge.old >= 0, flags[bridge.old], 0.0)
        changed |= _sums(before, bridge) > 0
    return np.asarray(changed, dtype=np.bool_)
