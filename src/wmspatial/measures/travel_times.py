"""Travel times that the user brings, as r5py and other routers write them."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from wmspatial.errors import InputError, examples
from wmspatial.measures.decay import Floats, Weighting, positive, reach_of
from wmspatial.measures.impedance import refuse_strangers

#: What the columns are called here, and what r5py calls them.
_COLUMNS: Final = {
    "origin": ("origin", "from_id"),
    "destination": ("destination", "to_id"),
    "minutes": ("minutes", "travel_time"),
}
#: Nobody commutes five hours: a table with a median above that is in seconds.
_SECONDS: Final = 300.0


class TravelTimes:
    """Minutes between places, from a long table.

    What is missing is not made up: a pair that is not in the table, or has no time, is out of
    reach. One exception: a place that stands in the table is no time from itself unless the
    table says otherwise. A pair given one way only counts that way only. A place that is nowhere
    an origin has no result at all, which is something else than a result of zero.

    Parameters
    ----------
    table : DataFrame
        ``origin``, ``destination`` and ``minutes``, one row a pair, or r5py's ``from_id``,
        ``to_id`` and ``travel_time``. A missing or infinite time: cannot be reached.
    places : Index of str, optional
        The neighbourhoods; pairs with other codes are left out, and counted. By default every
        code of the table.
    within : float, default 60.0
        Nothing farther away than this counts, minutes; exactly there still does.

    Attributes
    ----------
    places : Index of str
        Codes of the places.
    unit : str
        ``"minute"``.
    notes : tuple of str
        How many pairs there are, are missing, go one way only or cannot be reached; how many
        places were taken to be no time from themselves, are no origin, or are no neighbourhood.

    Raises
    ------
    InputError
        If times are negative, no numbers, or in seconds, if a pair stands twice, a code is
        missing, or no code is a neighbourhood; all faults are named at once.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"from_id": ["a", "a", "b"], "to_id": ["a", "b", "a"], "travel_time": [0, 20, 25]}
    ... )
    >>> times = TravelTimes(table)
    >>> times.notes
    ('travel times: 3 pairs of 2 origins and 2 destinations',
    'travel times: 1 place is not given to itself, and taken to be 0 minutes from itself')
    """

    unit: Final = "minute"

    def __init__(
        self, table: pd.DataFrame, places: pd.Index[Any] | None = None, within: float = 60.0
    ) -> None:
        pairs = _named(table)
        minutes = _checked(pairs, within)
        if places is None:
            places = pd.Index(pd.unique(pd.concat([pairs["origin"], pairs["destination"]])))
        elif not places.is_unique:
            raise InputError("travel times: places: a code stands more than once.")
        row, column = (places.get_indexer(pd.Index(pairs[c])) for c in ("origin", "destination"))
        known = (row >= 0) & (column >= 0)
        if not known.any():
            raise InputError(
                "travel times: no pair is between neighbourhoods: the table has "
                f"{examples(pairs['origin'].unique(), 3)}, the neighbourhoods are "
                f"{examples(places, 3)}. Expected their codes, of the same census."
            )
        self.places: pd.Index[Any] = places
        self.within = float(within)
        row, column, minutes = row[known], column[known], minutes[known]
        size = (len(places), len(places))
        listed = csr_array((np.ones(len(row), dtype="int8"), (row, column)), shape=size)
        self._origins = np.bincount(row, minlength=len(places)) > 0
        self._destinations = np.bincount(column, minlength=len(places)) > 0
        own = np.flatnonzero((self._origins | self._destinations) & (listed.diagonal() == 0))
        self.notes = tuple(
            f"travel times: {note}"
            for note in (
                *self._notes(listed, minutes, len(own)),
                *_strangers(pairs, known, places),
            )
        )
        row, column = np.append(row, own), np.append(column, own)
        minutes = np.append(minutes, np.zeros(len(own)))
        counts = minutes <= within
        self._minutes = coo_array(
            (minutes[counts], (row[counts], column[counts])), shape=size
        ).tocsr()

    def sum_over_destinations(
        self, weights: pd.Series[float], decay: Weighting, origins: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Sum weights over all destinations within reach, each times the decay of its time.

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
            On `origins`; missing where a place is no origin of the table.

        Examples
        --------
        >>> from wmspatial import Decay
        >>> table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "minutes": [10.0]})
        >>> times = TravelTimes(table)
        >>> jobs = pd.Series({"a": 5.0, "b": 100.0})
        >>> nearer = Decay("exponential", 0.1, per="minute")
        >>> float(round(times.sum_over_destinations(jobs, nearer)["a"], 1))
        41.8
        """
        return self._sum(self._minutes, self._origins, weights, decay, origins)

    def sum_over_origins(
        self, weights: pd.Series[float], decay: Weighting, destinations: pd.Index[Any] | None = None
    ) -> pd.Series[float]:
        """Sum weights over all origins from which a place is within reach.

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
            On `destinations`; missing where a place is no destination of the table.

        Examples
        --------
        >>> from wmspatial import Decay
        >>> table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "minutes": [10.0]})
        >>> times = TravelTimes(table)
        >>> workers = pd.Series({"a": 50.0, "b": 0.0})
        >>> nearer = Decay("exponential", 0.1, per="minute")
        >>> float(round(times.sum_over_origins(workers, nearer)["b"], 1))
        18.4
        """
        towards = self._minutes.T.tocsr()
        return self._sum(towards, self._destinations, weights, decay, destinations)

    def reached_from(self, origins: pd.Index[Any], decay: Weighting) -> pd.Index[Any]:
        """Give the destinations within reach of any origin.

        Parameters
        ----------
        origins : Index of str
            Where from.
        decay : Decay, Threshold or callable
            Not used but for its unit: every pair in the table may count.

        Returns
        -------
        Index of str
            In the order of :attr:`places`.

        Examples
        --------
        >>> from wmspatial import Decay
        >>> table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "minutes": [10.0]})
        >>> times = TravelTimes(table)
        >>> list(times.reached_from(pd.Index(["a"]), Decay(per="minute")))
        ['a', 'b']
        """
        reach_of(decay, self.within, self.unit)
        refuse_strangers(origins, self.places)
        found = np.zeros(len(self.places), dtype=bool)
        found[self._minutes[self.places.get_indexer(origins)].indices] = True
        return self.places[found]

    def _sum(
        self,
        minutes: Any,
        listed: np.ndarray[Any, Any],
        weights: pd.Series[float],
        decay: Weighting,
        wanted: pd.Index[Any] | None,
    ) -> pd.Series[float]:
        reach = reach_of(decay, self.within, self.unit)
        rows = np.arange(len(self.places))
        if wanted is not None:
            refuse_strangers(wanted, self.places)
            rows = self.places.get_indexer(wanted)
            minutes = minutes[rows]
        weight = decay(minutes.data) * (minutes.data <= reach)
        share = csr_array((weight, minutes.indices, minutes.indptr), shape=minutes.shape)
        values = weights.reindex(self.places).to_numpy(dtype="float64")
        totals = np.where(listed[rows], share @ values, np.nan)
        return pd.Series(totals, index=self.places if wanted is None else wanted)

    def _notes(self, listed: Any, minutes: Floats, own: int) -> list[str]:
        """Say what was found; `listed` marks the pairs of the table."""
        origins, destinations = int(self._origins.sum()), int(self._destinations.sum())
        size = f"{_many(origins, 'origin')} and {_many(destinations, 'destination')}"
        notes = [f"{_many(listed.nnz, 'pair')} of {size}"]
        # A place that is not given to itself is counted apart.
        itself = self._origins & self._destinations & (listed.diagonal() == 0)
        missing = origins * destinations - listed.nnz - int(itself.sum())
        both = np.flatnonzero(self._origins & self._destinations)
        inner = listed[both][:, both]
        one_way = inner.nnz - inner.multiply(inner.T).nnz
        unreachable = int((~np.isfinite(minutes)).sum())
        absent = int((~self._origins).sum())
        found = {
            "missing, and out of reach": _many(missing, "pair"),
            "given one way only, and used that way only": _many(one_way, "pair"),
            "without a time, and cannot be reached": _many(unreachable, "pair"),
            "not given to itself, and taken to be 0 minutes from itself": _many(own, "place"),
            "no origin: no result for it, and no competition from there": _many(
                absent, "neighbourhood"
            ),
        }
        counts = (missing, one_way, unreachable, own, absent)
        for count, (what, how_many) in zip(counts, found.items(), strict=True):
            if count:
                plural = what.replace("itself", "themselves").replace("for it", "for them")
                notes.append(
                    f"{how_many} {'is' if count == 1 else 'are'} {what if count == 1 else plural}"
                )
        return notes

    def __repr__(self) -> str:
        """Tell the size and the reach."""
        return (
            f"<TravelTimes between {len(self.places):,} places, {self._minutes.nnz:,} pairs within "
            f"{self.within:g} minutes>"
        )


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Return the three columns under our names."""
    found = {
        name: next((c for c in names if c in table.columns), None)
        for name, names in _COLUMNS.items()
    }
    lost = [" or ".join(map(repr, _COLUMNS[name])) for name, column in found.items() if not column]
    if lost:
        raise InputError(
            f"travel times: no column {' and no column '.join(lost)}; found "
            f"{examples(map(repr, table.columns), 20)}. Expected a long table, one row a pair."
        )
    if table.empty:
        raise InputError("travel times: there are no rows in the table.")
    return pd.DataFrame({name: table[column] for name, column in found.items()}).reset_index(
        drop=True
    )


def _checked(pairs: pd.DataFrame, within: float) -> Floats:
    """Return the times, unreachable ones infinite; refuse what cannot be used, all at once."""
    faults = []
    if not positive(within) and within != math.inf:
        faults.append(f"within={within!r}: expected minutes, above zero")
    codes = pairs[["origin", "destination"]].isna().any(axis=1)
    if codes.any():
        faults.append(f"{_many(int(codes.sum()), 'row')} without origin or destination")
    twice = pairs.duplicated(["origin", "destination"])
    if twice.any():
        first = pairs[twice].iloc[0]
        faults.append(
            f"{_many(int(twice.sum()), 'pair')} given more than once, first {first['origin']} to "
            f"{first['destination']}: expected one time a pair; take one time of day or percentile"
        )
    minutes = pd.to_numeric(pairs["minutes"], errors="coerce").astype("float64")
    text = minutes.isna() & pairs["minutes"].notna()
    if text.any():
        faults.append(
            f"{_many(int(text.sum()), 'time')} no number, first {pairs['minutes'][text].iloc[0]!r}"
        )
    below = minutes < 0
    if below.any():
        first = pairs[below].iloc[0]
        faults.append(
            f"{_many(int(below.sum()), 'time')} below zero, first {first['minutes']} from "
            f"{first['origin']} to {first['destination']}; leave a pair that cannot be reached "
            "without a time"
        )
    middle = minutes[np.isfinite(minutes) & (pairs["origin"] != pairs["destination"])].median()
    if middle > _SECONDS:
        faults.append(
            f"half of the times are above {middle:,.0f}: they look like seconds; expected "
            "minutes: divide them by 60"
        )
    if faults:
        raise InputError(f"travel times: {'; '.join(faults)}.")
    return np.asarray(minutes.fillna(np.inf), dtype="float64")


def _strangers(
    pairs: pd.DataFrame, known: np.ndarray[Any, Any], places: pd.Index[Any]
) -> list[str]:
    if known.all():
        return []
    ends = pd.concat([pairs["origin"][~known], pairs["destination"][~known]])
    codes = ends[~ends.isin(places)].unique()
    are = "is" if len(codes) == 1 else "are"
    who = f"{_many(len(codes), 'code')} {are} no neighbourhood ({examples(codes, 3)})"
    return [f"{who}; {_many(int((~known).sum()), 'pair')} left out"]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
