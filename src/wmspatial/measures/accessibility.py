"""How many jobs can be reached from a place, whoever holds them today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.errors import InputError
from wmspatial.measures.decay import Threshold
from wmspatial.measures.impedance import refuse_strangers

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.measures.decay import Weighting
    from wmspatial.measures.impedance import Impedance

#: Fewer competing workers than this is nobody: dividing by it would overflow.
_NOBODY: Final = 1e-290


def hansen(
    jobs: pd.Series[Any],
    impedance: Impedance,
    decay: Weighting,
    *,
    origins: pd.Index[Any] | None = None,
) -> pd.Series[float]:
    """Sum the jobs around each place, each counted less the farther away it is.

    ``A[i] = sum_j J[j] f(c[i, j])``, the place's own jobs included.

    Parameters
    ----------
    jobs : Series of float
        Jobs at their workplace, indexed by code; an unknown number counts as none.
    impedance : Distances or TravelTimes
        What separates places, and how far anything counts.
    decay : Decay or callable
        How much a job counts at a distance (km) or time (minutes).
    origins : Index of str, optional
        The places to do it for; by default all of `jobs`.

    Returns
    -------
    Series of float
        Jobs, weighted, on `origins`; missing where a travel-time table has no such origin.

    Raises
    ------
    InputError
        If codes have no place, counts are negative, or the units differ.

    References
    ----------
    Hansen, W. G., "How accessibility shapes land use", *Journal of the American Institute of
    Planners* 25 (1959) 73-76.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial.measures import Decay, Distances
    >>> points = pd.DataFrame({"easting": [0, 10_000], "northing": [0, 0]}, index=["a", "b"])
    >>> hansen(pd.Series({"a": 100, "b": 1000}), Distances(points), Decay("power", 1)).tolist()
    [200.0, 1010.0]
    """
    weights = _weights(jobs, impedance, "jobs")
    return _result(
        impedance.sum_over_destinations(weights, decay, _wanted(jobs, impedance, origins)), "hansen"
    )


def cumulative_opportunities(
    jobs: pd.Series[Any],
    impedance: Impedance,
    threshold: float,
    *,
    origins: pd.Index[Any] | None = None,
) -> pd.Series[float]:
    """Count the jobs within a distance or a travel time of each place.

    Parameters
    ----------
    jobs : Series of float
        Jobs at their workplace, indexed by code; an unknown number counts as none.
    impedance : Distances or TravelTimes
        What separates places, and how far anything counts.
    threshold : float
        Kilometres or minutes, as the impedance has them; exactly there still counts.
    origins : Index of str, optional
        The places to do it for; by default all of `jobs`.

    Returns
    -------
    Series of float
        Jobs, on `origins`; missing where a travel-time table has no such origin.

    Raises
    ------
    InputError
        If codes have no place, counts are negative, or the threshold is not above zero or is
        beyond what the impedance looks at.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial.measures import Distances
    >>> points = pd.DataFrame({"easting": [0, 5_000], "northing": [0, 0]}, index=["a", "b"])
    >>> jobs = pd.Series({"a": 100, "b": 1000})
    >>> cumulative_opportunities(jobs, Distances(points), 4.9).tolist()
    [100.0, 1000.0]
    """
    step = Threshold(threshold, impedance.unit)
    if threshold > impedance.within:
        raise InputError(
            f"threshold={threshold:g}: nothing beyond within={impedance.within:g} was looked at. "
            "Make the distances or travel times with a larger within."
        )
    weights = _weights(jobs, impedance, "jobs")
    return _result(
        impedance.sum_over_destinations(weights, step, _wanted(jobs, impedance, origins)),
        "cumulative_opportunities",
    )


def shen(
    jobs: pd.Series[Any],
    workers: pd.Series[Any],
    impedance: Impedance,
    decay: Weighting,
    *,
    origins: pd.Index[Any] | None = None,
) -> pd.Series[float]:
    """Sum the jobs around each place, shared with all the workers who can reach them too.

    ``A[i] = sum_j J[j] f(c[i, j]) / V[j]`` with ``V[j] = sum_k W[k] f(c[k, j])``. Averaged over
    workers it is all jobs over all workers, when all jobs are within reach of somebody.

    Parameters
    ----------
    jobs : Series of float
        Jobs at their workplace, indexed by code; an unknown number counts as none.
    workers : Series of float
        Who competes for them, by default of the typology the employed residents, indexed by
        code; an unknown number counts as none.
    impedance : Distances or TravelTimes
        What separates places, and how far anything counts.
    decay : Decay or callable
        How much a job counts at a distance (km) or time (minutes).
    origins : Index of str, optional
        The places to do it for; by default all of `jobs`.

    Returns
    -------
    Series of float
        Jobs a competing worker, on `origins`; missing where a travel-time table has no such
        origin. Jobs that no worker can reach have nobody to be shared by and are left out.

    Raises
    ------
    InputError
        If codes have no place, counts are negative, or the units differ.

    References
    ----------
    Shen, Q., "Location characteristics of inner-city neighborhoods and employment accessibility
    of low-wage workers", *Environment and Planning B* 25 (1998) 345-365.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial.measures import Decay, Distances
    >>> points = pd.DataFrame({"easting": [0, 0], "northing": [0, 0]}, index=["a", "b"])
    >>> jobs, workers = pd.Series({"a": 90, "b": 0}), pd.Series({"a": 50, "b": 50})
    >>> shen(jobs, workers, Distances(points), Decay()).tolist()
    [0.9, 0.9]
    """
    supply = _weights(jobs, impedance, "jobs")
    demand = _weights(workers, impedance, "workers")
    wanted = _wanted(jobs, impedance, origins)
    # Competition matters only where a wanted place can reach: for a study area that is a part.
    there = impedance.places if origins is None else impedance.reached_from(wanted, decay)
    there = there[supply.loc[there].to_numpy() > 0]
    competing = impedance.sum_over_origins(demand, decay, there)
    shared = (supply.loc[there] / competing.where(competing > _NOBODY)).fillna(0.0)
    weights = shared.reindex(impedance.places, fill_value=0.0)
    return _result(impedance.sum_over_destinations(weights, decay, wanted), "shen")


def _weights(values: pd.Series[Any], impedance: Impedance, what: str) -> pd.Series[float]:
    """Return counts for every place; those that are unknown count as none."""
    refuse_strangers(values.index, impedance.places)
    numbers = values.astype("float64").reindex(impedance.places).fillna(0.0)
    bad = (numbers < 0) | np.isinf(numbers)
    if bad.any():
        raise InputError(
            f"{what}: {int(bad.sum()):,} counts are negative or infinite; the first is "
            f"{numbers[bad].iloc[0]:g} for {numbers.index[bad][0]}."
        )
    return numbers


def _wanted(
    values: pd.Series[Any], impedance: Impedance, origins: pd.Index[Any] | None
) -> pd.Index[Any]:
    wanted = values.index if origins is None else origins
    refuse_strangers(wanted, impedance.places)
    return wanted


def _result(sums: pd.Series[float], name: str) -> pd.Series[float]:
    if np.isinf(sums.to_numpy()).any():
        raise InputError(
            f"{name}: the decay gives infinite weights. Expected a function that is finite from "
            "zero on, such as Decay('power', rate), which counts whole what is within one unit."
        )
    return sums.rename(name)
