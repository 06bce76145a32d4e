"""Draw neighbourhoods anew within their authorities, and sum what lives in them."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from wmspatial.typology._typology import Typology

    Floats = npt.NDArray[np.float64]

#: Draws made at once: enough to be quick, few enough for a nation to fit in memory.
_BLOCK: Final = 250


def check_numbers(n: int, level: float, small: float, seed: int) -> None:
    """Refuse numbers of draws, levels, thresholds and seeds that are none."""
    if not (isinstance(n, int) and n >= 2):  # an interval needs two
        raise InputError(f"n={n!r}: expected a whole number of draws, 2 or more.")
    if not (isinstance(level, Real) and 0 < level < 1):
        raise InputError(f"level={level!r}: expected a share between 0 and 1, such as 0.95.")
    if not (isinstance(small, Real) and small >= 0):
        raise InputError(f"small={small!r}: expected a number of people, 0 or more.")
    if not (isinstance(seed, Integral) and seed >= 0):
        raise InputError(f"seed={seed!r}: expected a whole number, 0 or more.")


def draw_sums(values: Floats, strata: pd.Series[Any], n: int, seed: int) -> Floats:
    """Sum columns over neighbourhoods drawn with replacement within strata.

    Parameters
    ----------
    values : array of float, neighbourhoods by columns
        What is summed.
    strata : Series of str
        The stratum of each neighbourhood; missing ones are one stratum.
    n : int
        How many draws.
    seed : int
        Where the random numbers start.

    Returns
    -------
    array of float, draws by columns
        The sums of each draw.

    Examples
    --------
    >>> draw_sums(np.array([[1.0], [1.0]]), pd.Series(["a", "a"]), 3, 0).ravel().tolist()
    [2.0, 2.0, 2.0]
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(codes) for codes in _masks(strata)]
    out = np.empty((n, values.shape[1]))
    for start in range(0, n, _BLOCK):
        size = min(_BLOCK, n - start)
        block = np.zeros((size, values.shape[1]))
        for places in members:
            count = len(places)
            times = rng.multinomial(count, np.full(count, 1.0 / count), size=size)
            block += times.astype("float64") @ values[places]
        out[start : start + size] = block
    return out


def _masks(strata: pd.Series[Any]) -> Iterator[npt.NDArray[np.bool_]]:
    codes, _names = pd.factorize(strata.astype("str").fillna(""), sort=True)
    for code in np.unique(codes):
        yield codes == code


def quotient(part: Floats, whole: Floats) -> Floats:
    """Divide; missing where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def interval(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the middle `level` of the draws of each column; missing where most are missing.

    Parameters
    ----------
    draws : array of float, draws by columns
        Some may be missing: a draw in which nobody of a small group was there.
    level : float
        As 0.95.

    Returns
    -------
    low, high : array of float
        One a column; missing where over a twentieth of the draws are.
    """
    tail = (1 - level) / 2
    known = np.isfinite(draws)
    # A percentile of what is left would be too narrow where many draws say nothing.
    enough = known.mean(axis=0) >= level
    filled = np.where(enough, np.where(known, draws, np.nan), 0.0)
    low, high = np.nanquantile(filled, [tail, 1 - tail], axis=0)
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def scenario_runs(
    typology: Typology, scenarios: bool | Sequence[npt.NDArray[Any]]
) -> Sequence[npt.NDArray[Any]]:
    """Return the class numbers in every scenario: those given, or run now.

    Parameters
    ----------
    typology : Typology
        What is varied.
    scenarios : bool or sequence of array of int
        Whether to run them, or what was found already.

    Returns
    -------
    sequence of array of int
        One array a scenario; none where none are wanted.

    Raises
    ------
    InputError
        If a scenario is of another study area.
    """
    if isinstance(scenarios, bool):
        if not scenarios:
            return ()
        from wmspatial.typology.sensitivity import scenario_classes

        return scenario_classes(typology)
    expected = len(typology.neighbourhoods)
    for run in scenarios:
        if len(run) != expected:
            raise InputError(
                f"scenarios: a scenario has {len(run):,} neighbourhoods; expected {expected:,}, "
                "as scenario_classes gives for this typology."
            )
        if not np.isin(run, np.arange(len(CLASSES))).all():
            raise InputError(
                f"scenarios: expected numbers of classes from 0 to {len(CLASSES) - 1}, as "
                "scenario_classes gives."
            )
    return scenarios
