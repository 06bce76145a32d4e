"""Round parts to whole people without changing what they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: Remainders that differ by less are equal: they come of the arithmetic, not of the data.
_DECIMALS: Final = 6


def largest_remainder(values: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> Floats:
    """Round to whole numbers that keep the total of each group, by largest remainders.

    Every value is cut to the whole number below it, and the units that are then short in a group
    go one each to the values that lost most. Hare's method, known from the apportionment of seats.

    Parameters
    ----------
    values : array of float, shape (n,)
        What to round. Missing values stay missing, and the others of their group keep their sum.
    groups : array, shape (n,), optional
        Which group each value is in; by default all are in one.

    Returns
    -------
    array of float, shape (n,)
        Whole numbers, each less than one away from its value. They add up in every group to its
        sum, rounded to the nearest whole number if it is none. Equal remainders: the earlier first.

    Examples
    --------
    >>> largest_remainder([1.4, 1.4, 1.2])
    array([2., 1., 1.])
    >>> largest_remainder([0.5, 0.5, 0.5, 0.5], ["a", "a", "b", "b"])
    array([1., 0., 1., 0.])
    """
    exact = np.asarray(values, dtype=np.float64)
    given = np.flatnonzero(np.isfinite(exact))
    if len(given) == 0:
        return exact.copy()
    group = _numbered(groups, len(exact))[given]
    found = exact[given]
    whole = np.floor(found)
    short = np.rint(np.bincount(group, found)) - np.bincount(group, whole)
    lost = (found - whole).round(_DECIMALS)
    # The order given settles ties, so that the same table rounds the same way on every machine.
    order = np.lexsort((np.arange(len(found)), -lost, group))
    starts = np.searchsorted(group[order], group[order], side="left")
    whole[order] += np.arange(len(order)) - starts < short[group[order]]
    rounded = exact.copy()
    rounded[given] = whole
    return rounded


def _numbered(groups: Any, length: int) -> npt.NDArray[np.intp]:
    if groups is None:
        return np.zeros(length, dtype=np.intp)
    return pd.factorize(np.asarray(groups))[0].astype(np.intp)
