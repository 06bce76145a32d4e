"""What chance would give: values shuffled over the map, and how far out an observed figure lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    from scipy import sparse

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

#: Sums of the same numbers in another order differ by less; figures that near are equal.
_SAME: Final = 1e-9
#: Numbers held at once, so that the memory does not grow with the permutations.
_AT_ONCE: Final = 4_000_000


def two_sided(at_least: Any, at_most: Any, permutations: int) -> Any:
    """Return p-values for either direction from counts of draws that lie as far out.

    Twice the smaller tail, the observed arrangement counted as one of them. Draws equal to what was
    observed are in both tails.
    """
    return np.minimum(1.0, 2.0 * (1.0 + np.minimum(at_least, at_most)) / (1.0 + permutations))


def compared(observed: Any, drawn: Floats, scale: float = 1.0) -> tuple[Any, Any]:
    """Count draws (rows) at least and at most as large as what was observed."""
    slack = _SAME * scale
    return (drawn >= observed - slack).sum(axis=0), (drawn <= observed + slack).sum(axis=0)


def shuffled(values: npt.NDArray[Any], rng: np.random.Generator, times: int) -> Iterator[Any]:
    """Yield blocks of rows, each row the values in another order."""
    block = max(1, _AT_ONCE // len(values))
    for start in range(0, times, block):
        rows = min(block, times - start)
        yield rng.permuted(np.tile(values, (rows, 1)), axis=1)


def over_shuffles(
    values: npt.NDArray[Any],
    figure: Callable[[npt.NDArray[Any]], Any],
    rng: np.random.Generator,
    times: int,
) -> Floats:
    """Work a figure out for every shuffle of the values; `figure` takes rows of them."""
    return np.concatenate([np.asarray(figure(rows)) for rows in shuffled(values, rng, times)])


def moran_of_rows(weights: sparse.csr_array) -> Callable[[Floats], Floats]:
    """Return what works out Moran's I of rows of standardised values, for weights by row."""

    def figure(rows: Floats) -> Floats:
        lags = (weights @ rows.T).T
        found: Floats = (rows * lags).sum(axis=1) / rows.shape[1]
        return found

    return figure


def draw_others(n: int, most: int, rng: np.random.Generator, times: int) -> Ints:
    """Draw `most` + 1 different places of `n`, in random order, many times.

    Returns
    -------
    numpy.ndarray of int64, shape (times, most + 1)
    """
    width = most + 1
    if width**2 > 4 * n:
        block = max(1, _AT_ONCE // n)
        parts = [
            np.argsort(rng.random((min(block, times - start), n)), axis=1)[:, :width]
            for start in range(0, times, block)
        ]
        return np.concatenate(parts).astype("int64")
    # Rows in which a place stands twice are drawn again: what is left is even over all rows.
    found = rng.integers(n, size=(times, width), dtype="int64")
    again = np.arange(times)
    while True:
        ordered = np.sort(found[again], axis=1)
        again = again[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        if not len(again):
            return found
        found[again] = rng.integers(n, size=(len(again), width), dtype="int64")


def local_p(z: Floats, sums: Floats, degrees: Ints, draws: Ints) -> Floats:
    """Return the two-sided p-value of each area's neighbours, drawn from all other areas.

    Parameters
    ----------
    z : ndarray of float64
        Standardised values.
    sums : ndarray of float64
        The sum of `z` over each area's neighbours.
    degrees : ndarray of int64
        How many neighbours each area has; 1 or more.
    draws : ndarray of int64
        From :func:`draw_others`, for the largest number of neighbours.

    Returns
    -------
    ndarray of float64
        By area. An area whose own value is the mean has a local I of 0 whatever its neighbours are;
        its p-value is 1.

    Notes
    -----
    An area with d neighbours is held against the first d places of every draw; where it is itself
    among them, the next place stands in for it. So all areas with d neighbours have the same draws
    but for those few, and sorting them once does for all: the same test as drawing for each area,
    in a time that does not grow with areas times permutations.
    """
    running = np.cumsum(z[draws], axis=1)
    at_least, at_most = np.empty(len(z)), np.empty(len(z))
    for degree in np.unique(degrees):
        which = np.flatnonzero(degrees == degree)
        drawn, observed = running[:, degree - 1], sums[which]
        ordered = np.sort(drawn)
        at_least[which] = len(drawn) - np.searchsorted(ordered, observed - _SAME, side="left")
        at_most[which] = np.searchsorted(ordered, observed + _SAME, side="right")
        rows, places = np.nonzero((degrees == degree)[draws[:, :degree]])
        areas = draws[rows, places]
        was = drawn[rows]
        now = was - z[areas] + z[draws[rows, degree]]
        level = sums[areas]
        more = (now >= level - _SAME).astype("float64") - (was >= level - _SAME)
        less = (now <= level + _SAME).astype("float64") - (was <= level + _SAME)
        at_least += np.bincount(areas, weights=more, minlength=len(z))
        at_most += np.bincount(areas, weights=less, minlength=len(z))
    found: Floats = two_sided(at_least, at_most, len(draws))
    return np.where(np.abs(z) <= _SAME, 1.0, found)
