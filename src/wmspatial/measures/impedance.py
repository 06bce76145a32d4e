"""What separates places: one face for distances and travel times, and the distances.

Nothing here holds a matrix of all places by all places.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.measures.decay import Floats, Weighting, positive, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Places a block. Two blocks against each other fill the cache of a core, and no more.
_BLOCK: Final = 128
_METRES: Final = 1000.0
#: Both coordinates this small, and not whole, are degrees.
_DEGREES: Final = 360.0


class Impedance(Protocol):
    """What separates places, and sums over all that is within reach.

    Attributes
    ----------
    places : Index of str
        Codes of the places.
    unit : {"km", "minute"}
        What separations are measured in.
    within : float
        Nothing farther away than this counts, km or minutes.
    notes : tuple of str
        What was found in the table and has to be said.
    """

    @property
    def places(self) -> pd.Index[Any]:
        """Codes of the places."""

    @property
    def unit(self) -> str:
        """What separations are measured in."""

    @property
    def within(self) -> float:
        """Nothing farther away than this counts."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found and has to be said."""

    def sum_over_destinations(
        self, weights: pd.Series[float], decay: Weighting, origins: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Sum ``weights[j] * decay(c[i, j])`` over destinations `j`, for each origin `i`."""

    def sum_over_origins(
        self, weights: pd.Series[float], decay: Weighting, destinations: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Sum ``weights[k] * decay(c[k, j])`` over origins `k`, for each destination `j`."""

    def reached_from(self, origins: pd.Index[Any], decay: Weighting) -> pd.Index[Any]:
        """Give the destinations within reach of any origin; a few beyond may be among them."""


class Distances:
    """Straight-line distances between points on the ground, in kilometres.

    Points are sorted into compact blocks, and only blocks within reach of each other are compared:
    the memory needed does not grow with the number of places. A place is no distance from itself.

    Parameters
    ----------
    points : DataFrame
        ``easting`` and ``northing``, metres, indexed by code, such as
        :attr:`Dataset.points <wmspatial.Dataset>`: centroids of the neighbourhoods.
    within : float, default 60.0
        Nothing farther away than this counts, km; exactly there still does.

    Attributes
    ----------
    places : Index of str
        Codes of the places.
    unit : str
        ``"km"``.
    notes : tuple of str
        Nothing: distances have no gaps.

    Raises
    ------
    InputError
        If a coordinate is missing or in degrees, a code stands twice, or `within` is not above
        zero.

    Examples
    --------
    >>> points = pd.DataFrame(
    ...     {"easting": [400000, 403000], "northing": [300000, 304000]}, index=["a", "b"]
    ... )
    >>> from wmspatial.measures import Threshold
    >>> jobs = pd.Series({"a": 10.0, "b": 100.0})
    >>> Distances(points).sum_over_destinations(jobs, Threshold(5.0)).tolist()
    [110.0, 110.0]
    """

    unit: Final = "km"

    def __init__(self, points: pd.DataFrame, within: float = 60.0) -> None:
        _check_points(points, within)
        self.places: pd.Index[Any] = points.index
        self.within = float(within)
        self.notes: tuple[str, ...] = ()
        grid = points[["easting", "northing"]].to_numpy(dtype="float64")
        blocks = _split(grid, np.arange(len(grid)))
        #: Places in the order of the blocks, and where each block begins.
        self._order = np.concatenate(blocks)
        self._starts = np.cumsum([0, *map(len, blocks)])
        self._grid = grid[self._order]
        self._low = np.minimum.reduceat(self._grid, self._starts[:-1])
        self._high = np.maximum.reduceat(self._grid, self._starts[:-1])

    def sum_over_destinations(
        self, weights: pd.Series[float], decay: Weighting, origins: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Sum weights over all places within reach, each times the decay of its distance.

        Parameters
        ----------
        weights : Series of float
            What is summed, on the index of :attr:`places`, none missing.
        decay : Decay, Threshold or callable
            How much each counts.
        origins : Index of str, optional
            The places to do it for; by default all.

        Returns
        -------
        Series of float
            On `origins`.
        """
        reach = reach_of(decay, self.within, self.unit)
        wanted, targets = self._targets(origins)
        values = weights.reindex(self.places).to_numpy(dtype="float64")[self._order]
        totals = np.zeros(len(self.places))
        work = partial(self._sum_block, values=values, decay=decay, reach=reach)
        # The arrays are large enough for numpy to let go of the interpreter; each block is summed
        # by one thread in a fixed order, so that the number of threads changes nothing.
        with ThreadPoolExecutor(min(len(targets), os.cpu_count() or 1) or 1) as pool:
            for block, sums in zip(targets, pool.map(work, targets), strict=True):
                totals[self._order[block]] = sums
        result = pd.Series(totals, index=self.places)
        return result if wanted is None else result.loc[wanted]

    def sum_over_origins(
        self, weights: pd.Series[float], decay: Weighting, destinations: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Do the same the other way; distances are as long there as back.

        Parameters
        ----------
        weights : Series of float
            What is summed, on the index of :attr:`places`, none missing.
        decay : Decay, Threshold or callable
            How much each counts.
        destinations : Index of str, optional
            The places to do it for; by default all.

        Returns
        -------
        Series of float
            On `destinations`.
        """
        return self.sum_over_destinations(weights, decay, destinations)

    def reached_from(self, origins: pd.Index[Any], decay: Weighting) -> pd.Index[Any]:
        """Give the places in blocks within reach of the origins: some lie a little beyond.

        Parameters
        ----------
        origins : Index of str
            Where from.
        decay : Decay, Threshold or callable
            How much each counts; a threshold ends the reach.

        Returns
        -------
        Index of str
            In the order of :attr:`places`.
        """
        reach = reach_of(decay, self.within, self.unit)
        near = np.zeros(len(self._starts) - 1, dtype=bool)
        for block in self._targets(origins)[1]:
            near |= self._gaps(self._grid[block])[0] <= reach
        found = np.repeat(near, np.diff(self._starts))
        return self.places[np.sort(self._order[found])]

    def _targets(
        self, wanted: pd.Index[Any] | None
    ) -> tuple[pd.Index[Any] | None, list[np.ndarray[Any, Any]]]:
        """Return the wanted places block by block, as positions in the order of the blocks."""
        chosen = np.ones(len(self.places), dtype=bool)
        if wanted is not None:
            refuse_strangers(wanted, self.places)
            chosen = np.zeros(len(self.places), dtype=bool)
            chosen[self.places.get_indexer(wanted)] = True
            chosen = chosen[self._order]
        parts = np.split(np.arange(len(chosen)), self._starts[1:-1])
        blocks = [part[chosen[part]] for part in parts]
        return wanted, [block for block in blocks if len(block)]

    def _gaps(self, grid: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest distance to each block that there can be."""
        low, high = grid.min(axis=0), grid.max(axis=0)
        gap = np.maximum(np.maximum(self._low - high, low - self._high), 0.0)
        span = np.maximum(self._high - low, high - self._low)
        return _kilometres(gap[:, 0], gap[:, 1]), _kilometres(span[:, 0], span[:, 1])

    def _sum_block(
        self, block: np.ndarray[Any, Any], *, values: Floats, decay: Weighting, reach: float
    ) -> Floats:
        grid = self._grid[block]
        least, greatest = self._gaps(grid)
        total = np.zeros(len(block))
        for other in np.flatnonzero(least <= reach):
            part = slice(self._starts[other], self._starts[other + 1])
            there = self._grid[part]
            distance = _kilometres(
                np.subtract.outer(grid[:, 0], there[:, 0]),
                np.subtract.outer(grid[:, 1], there[:, 1]),
            )
            weight = decay(distance)
            if greatest[other] > reach:
                weight = weight * (distance <= reach)
            total += weight @ values[part]
        return total

    def __repr__(self) -> str:
        """Tell the size and the reach."""
        return f"<Distances between {len(self.places):,} places, within {self.within:g} km>"


def _kilometres(across: Floats, along: Floats) -> Floats:
    """Return the length of differences in metres, which are overwritten.

    Divided at the end, so that whole metres give the nearest number to the true kilometres.
    """
    across *= across
    along *= along
    across += along
    np.sqrt(across, out=across)
    across /= _METRES
    return across


def _split(grid: Floats, members: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    """Halve places along their longer side until the blocks are small."""
    if len(members) <= _BLOCK:
        return [members]
    spread = np.ptp(grid[members], axis=0)
    ordered = members[np.argsort(grid[members, int(spread.argmax())], kind="stable")]
    middle = len(ordered) // 2
    return _split(grid, ordered[:middle]) + _split(grid, ordered[middle:])


def refuse_strangers(codes: pd.Index[Any], places: pd.Index[Any]) -> None:
    """Refuse codes that are not among the places of an impedance.

    Parameters
    ----------
    codes : Index of str
        What was asked for.
    places : Index of str
        What there is.

    Raises
    ------
    InputError
        If any code is not there; the first few are named.

    Examples
    --------
    >>> refuse_strangers(pd.Index(["a"]), pd.Index(["a", "b"]))
    """
    # Looked up by position: many times faster than isin on an index of text.
    strangers = codes[places.get_indexer(codes) < 0]
    if len(strangers):
        raise InputError(
            f"{len(strangers):,} of {len(codes):,} codes have no distances or travel times "
            f"({examples(strangers)}). Expected codes of the same census as those of the points "
            "or the table."
        )


def _check_points(points: pd.DataFrame, within: float) -> None:
    lost = [c for c in ("easting", "northing") if c not in points.columns]
    if lost:
        raise InputError(
            f"points: no column {' and no column '.join(map(repr, lost))}; found "
            f"{examples(map(repr, points.columns), 20)}. Expected metres on the British National "
            "Grid, indexed by code."
        )
    faults: Sequence[str] = [*_point_faults(points)]
    if not positive(within) and within != math.inf:
        faults = [*faults, f"within={within!r}: expected kilometres, above zero"]
    if faults:
        raise InputError(f"points: {'; '.join(faults)}.")


def _point_faults(points: pd.DataFrame) -> list[str]:
    faults = []
    if points.empty:
        return ["there are none"]
    if not points.index.is_unique:
        twice = points.index[points.index.duplicated()].unique()
        faults.append(f"{len(twice):,} codes stand more than once ({examples(twice)})")
    numbers = points[["easting", "northing"]].apply(pd.to_numeric, errors="coerce")
    bad = ~np.isfinite(numbers.to_numpy(dtype="float64")).all(axis=1)
    if bad.any():
        faults.append(
            f"{int(bad.sum()):,} of {len(points):,} have no easting or northing "
            f"({examples(points.index[bad])})"
        )
    elif (numbers.abs() <= _DEGREES).all(axis=None) and (numbers % 1 != 0).any(axis=None):
        faults.append(
            "easting and northing look like degrees: expected metres on the British National Grid; "
            "reproject them to EPSG:27700"
        )
    return faults
