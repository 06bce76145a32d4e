"""Where one class of numbers ends and the next begins."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

#: The schemes whose breaks are computed.
COMPUTED: Final = ("quantiles", "natural breaks", "equal interval", "diverging")
# Natural breaks take time with the square of the number of values.
_MANY: Final = 3000
_MANY_SLOWLY: Final = 400
# Rounding a break may move at most one area in this many into the next class.
_MAY_MOVE: Final = 100
_MOST_DECIMALS: Final = 9
# What a computed whole number may fall short of itself.
_EPSILON: Final = 1e-12


def find_breaks(
    values: npt.NDArray[np.float64], scheme: str, k: int, centre: float | None
) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    """Return the breaks between `k` classes, rounded for a legend, and what has to be said.

    Parameters
    ----------
    values : ndarray of float
        Without missing ones.
    scheme : str
        One of :data:`COMPUTED`.
    k : int
        How many classes.
    centre : float or None
        For a diverging scheme: the breaks lie at the same distances on both sides of it.

    Returns
    -------
    breaks : ndarray of float
        Inner breaks, increasing; a value on a break is in the class below it.
    notes : tuple of str
        Where ties leave fewer classes, or a sample was taken.
    """
    notes: list[str] = []
    if scheme == "diverging" and centre is not None:
        away = np.abs(values - centre)
        steps = _computed(away, "quantiles", k // 2, notes) if k > 2 else np.array([])
        steps = _rounded(away, steps[steps > 0])
        return np.concatenate([centre - steps[::-1], [centre], centre + steps]), tuple(notes)
    found = _computed(values, scheme, k, notes)
    return _rounded(values, found), tuple(notes)


def _computed(
    values: npt.NDArray[np.float64], scheme: str, k: int, notes: list[str]
) -> npt.NDArray[np.float64]:
    """Ask mapclassify; its import takes seconds, and so it comes here and nowhere else."""
    import mapclassify  # type: ignore[import-untyped,unused-ignore]

    with warnings.catch_warnings():
        # Ties, and natural breaks without numba: said in the notes.
        warnings.simplefilter("ignore", UserWarning)
        if scheme == "quantiles":
            bins = mapclassify.Quantiles(values, k=k).bins
        elif scheme == "equal interval":
            bins = mapclassify.EqualInterval(values, k=k).bins
        else:
            bins = _natural(values, k, notes, quick=mapclassify.classifiers.HAS_NUMBA)
    # The last one is the highest value, and ends no class that another follows.
    inner = np.unique(np.asarray(bins, dtype="float64")[:-1])
    inner = inner[inner < values.max()]
    if len(inner) + 1 < k:
        notes.append(
            f"Many areas have the same value: {k} classes were asked for, {len(inner) + 1} remain."
        )
    return np.asarray(inner, dtype=np.float64)


def _natural(
    values: npt.NDArray[np.float64], k: int, notes: list[str], *, quick: bool
) -> npt.NDArray[np.float64]:
    import mapclassify

    ordered = np.sort(values)
    most = _MANY if quick else _MANY_SLOWLY
    if len(ordered) > most:
        # Every so-manieth in order, the lowest and the highest among them: no chance in it.
        at = np.linspace(0, len(ordered) - 1, most).round().astype(int)
        ordered = ordered[at]
        notes.append(f"Natural breaks are those of {most:,} of the values, evenly taken in order.")
        if len(np.unique(ordered)) < k:
            ordered = np.unique(values)
    # mapclassify sums squares in single precision, which large numbers overflow: so from 0 to 1.
    low, width = ordered[0], ordered[-1] - ordered[0]
    bins = mapclassify.FisherJenks((ordered - low) / width, k=k).bins
    # From the highest value of a class to the middle of the gap above it: what was left out of the
    # part may lie there too.
    at = np.searchsorted((ordered - low) / width, bins + _EPSILON, side="right")
    above = ordered[np.minimum(at, len(ordered) - 1)]
    found: npt.NDArray[np.float64] = np.asarray((ordered[at - 1] + above) / 2, dtype="float64")
    return found


def _rounded(
    values: npt.NDArray[np.float64], breaks: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Round the breaks to as few digits as leave the classes what they are."""
    if not len(breaks):
        return breaks
    if is_whole(values):
        # Between two whole numbers every break makes the same classes.
        return np.asarray(np.unique(np.floor(breaks + _EPSILON)), dtype=np.float64)
    before = np.searchsorted(breaks, values, side="left")
    ordered = np.unique(values)
    at = np.searchsorted(ordered, breaks, side="right")
    # Anywhere between the highest value of one class and the lowest of the next is as good.
    middle = (ordered[np.maximum(at - 1, 0)] + ordered[np.minimum(at, len(ordered) - 1)]) / 2
    start = -int(np.floor(np.log10(max(float(np.abs(breaks).max()), 1e-300))))
    # Three digits that move nothing, or as few as move hardly anything.
    tries = [(decimals, 0.0) for decimals in range(start, start + 3)]
    tries += [(d, len(values) / _MAY_MOVE) for d in range(start, start + _MOST_DECIMALS)]
    for decimals, most in tries:
        for candidate in (breaks, middle):
            short = np.round(candidate, decimals)
            if np.any(np.diff(short) <= 0):
                continue
            if np.sum(np.searchsorted(short, values, side="left") != before) <= most:
                return np.asarray(short, dtype=np.float64)
    return breaks


def is_whole(values: npt.NDArray[np.float64]) -> bool:
    """Say whether all are whole numbers."""
    return bool(np.all(values == np.round(values)))


def check_breaks(breaks: Any) -> npt.NDArray[np.float64]:
    """Check breaks given by hand.

    Parameters
    ----------
    breaks : sequence of float
        What was given.

    Returns
    -------
    ndarray of float
        The same.

    Raises
    ------
    InputError
        If they are no numbers, or do not increase.
    """
    try:
        found = np.asarray(list(breaks), dtype="float64")
    except (TypeError, ValueError):
        raise InputError(f"breaks={breaks!r}: expected numbers, as in breaks=[10, 20].") from None
    if found.ndim != 1 or not len(found) or not np.all(np.isfinite(found)):
        raise InputError(f"breaks={breaks!r}: expected one finite number or more, as in [10, 20].")
    wrong = np.flatnonzero(np.diff(found) <= 0)
    if len(wrong):
        one, other = found[wrong[0]], found[wrong[0] + 1]
        raise InputError(
            f"breaks: out of order: {other:g} follows {one:g}. Expected each to be above the one "
            "before it."
        )
    return found
