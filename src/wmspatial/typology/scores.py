"""Connection scores of every kind, apart from the rules that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.measures import (
    Decay,
    Distances,
    TravelTimes,
    apportion_jobs_rich_share,
    cumulative_opportunities,
    hansen,
    share_to_jobs_rich,
    shen,
)
from wmspatial.typology.parameters import ACCESSIBILITY, SHARE, STUDY_AREA, Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wmspatial.flows import Flows
    from wmspatial.measures import Impedance

#: Equal scores are equal: sums in another order differ in the last bits.
DECIMALS: Final = 12
#: Scores count jobs by the ten thousand, so that decimals say nothing there.
_DIGITS: Final = 12


def connection_scores(
    neighbourhoods: pd.DataFrame,
    flows: Flows,
    evidence: pd.DataFrame,
    parameters: Parameters,
    *,
    study_area: pd.Index[Any] | None = None,
    impedance: Impedance | None = None,
) -> pd.Series[float]:
    """Score how well each neighbourhood is connected, by `parameters.connection`.

    Apart from :func:`classify_neighbourhoods`, because it is the expensive part and the same for
    every choice of reference, cut and denominator (the denominator matters for the share to
    jobs-rich neighbourhoods alone).

    Parameters
    ----------
    neighbourhoods : DataFrame
        As for :func:`classify_neighbourhoods`.
    flows : Flows
        Commuting between the zones.
    evidence : DataFrame
        On the index of `neighbourhoods`: ``employed_residents``, ``jobs_ratio`` and
        ``jobs_rich``, as :func:`classify_neighbourhoods` gives them.
    parameters : Parameters
        The choices.
    study_area : Index of str, optional
        The codes of the study area: accessibility is scored in the labour markets it touches.
        By default everywhere.
    impedance : Distances or TravelTimes, optional
        What separates neighbourhoods, from :func:`impedance_of`; accessibility needs it.

    Returns
    -------
    Series of float
        On the index of `neighbourhoods`, higher for better connected. Rounded in the twelfth
        digit, so that sums in another order are equal. Missing where there is none:
        for an accessibility score outside the labour markets that the study area touches, and
        where a travel-time table has no such origin. What has to be said of it is in
        ``attrs["notes"]``.

    Raises
    ------
    InputError
        If the score is a column that is not there, a column has the name of a score made here,
        or accessibility has no `impedance`.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample, parameters = wm.load_sample(), Parameters(connection="cumulative")
    >>> scores = connection_scores(
    ...     sample.neighbourhoods, sample.flows, wm.classify(sample).everywhere, parameters,
    ...     impedance=impedance_of(sample.neighbourhoods, parameters, points=sample.points),
    ... )
    >>> int(scores.notna().sum())
    1680
    """
    table = neighbourhoods
    if parameters.connection == SHARE:
        by_zone = to_jobs_rich(table, flows, evidence)["connection_score"]
        return table["zone"].map(by_zone).astype("float64").round(DECIMALS)
    if parameters.connection not in ACCESSIBILITY:
        return column_of(table, parameters.connection, "connection").round(DECIMALS)
    if parameters.connection in table.columns:
        raise InputError(
            f"connection={parameters.connection!r}: that is a score this library makes, and the "
            "neighbourhoods have a column of that name too. Rename the column, and give its new "
            "name if it is meant."
        )
    if impedance is None:
        raise InputError(
            f"connection={parameters.connection!r} needs to know what separates neighbourhoods: "
            "give impedance=impedance_of(...)."
        )
    inside = scored(labour_market_of(table, parameters, study_area), study_area)
    origins = table.index[inside]
    decay = Decay(parameters.decay, parameters.decay_rate, parameters.per)
    jobs, workers = table["jobs"], evidence["employed_residents"]
    if parameters.connection == "shen":
        found = shen(jobs, workers, impedance, decay, origins=origins)
    elif parameters.connection == "hansen":
        found = hansen(jobs, impedance, decay, origins=origins)
    else:
        found = cumulative_opportunities(jobs, impedance, parameters.threshold, origins=origins)
    scores = _significant(found).reindex(table.index)
    counted = {"job count": jobs} | (
        {"count of employed residents": workers} if parameters.connection == "shen" else {}
    )
    scores.attrs["notes"] = (*impedance.notes, *_unknown_notes(counted))
    return scores


def impedance_of(
    neighbourhoods: pd.DataFrame,
    parameters: Parameters,
    *,
    points: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
    travel_times: pd.DataFrame | TravelTimes | None = None,
) -> Impedance | None:
    """Make what separates neighbourhoods, as far as the parameters ask for it.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Indexed by code.
    parameters : Parameters
        The choices: ``connection``, ``impedance`` and ``within``.
    points : DataFrame or callable, optional
        ``easting`` and ``northing``, metres, by code, or what makes them.
    travel_times : DataFrame or TravelTimes, optional
        A long table of ``origin``, ``destination`` and ``minutes``, or one that was checked
        before; that one has its own `within`.

    Returns
    -------
    Distances or TravelTimes or None
        None where the connection score needs neither.

    Raises
    ------
    InputError
        If the parameters ask for points or travel times that were not given.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample = wm.load_sample()
    >>> impedance_of(sample.neighbourhoods, Parameters(connection="shen"), points=sample.points)
    <Distances between 1,680 places, within 60 km>
    """
    if parameters.connection not in ACCESSIBILITY:
        return None
    asked = f"connection={parameters.connection!r} with impedance={parameters.impedance!r}"
    if parameters.impedance == "distance":
        found = points() if callable(points) else points
        if found is None:
            raise InputError(
                f"{asked} needs points: easting and northing of every neighbourhood, metres."
            )
        return Distances(found.reindex(neighbourhoods.index), parameters.within)
    if travel_times is None:
        raise InputError(
            f"{asked} needs travel times, and there are none. Give the dataset a long table of "
            "origin, destination and minutes (travel_times=), or take impedance='distance'."
        )
    if isinstance(travel_times, TravelTimes):
        return travel_times
    return TravelTimes(travel_times, neighbourhoods.index, parameters.within)


def to_jobs_rich(table: pd.DataFrame, flows: Flows, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return commuters, where they go unknown, and their share to jobs-rich places, by zone."""
    rich = evidence["jobs_rich"].astype(object).where(known_jobs(table, evidence))
    share = apportion_jobs_rich_share(table["jobs"], rich, table["zone"])
    return share_to_jobs_rich(flows, share)


def known_jobs(table: pd.DataFrame, evidence: pd.DataFrame) -> pd.Series[bool]:
    """Say where it is known whether a neighbourhood is jobs-rich."""
    return table["jobs"].notna() & (evidence["jobs_ratio"].notna() | (table["jobs"] == 0))


def scored(market: pd.Series[Any], study_area: pd.Index[Any] | None) -> pd.Series[bool]:
    """Say which neighbourhoods lie in the study area or in a labour market that it touches."""
    if study_area is None:
        return pd.Series(True, index=market.index)
    inside = market.index.isin(study_area)
    return market.isin(market[inside].dropna().unique()) | inside


def _significant(values: pd.Series[float]) -> pd.Series[float]:
    """Round to twelve digits."""
    size = values.abs().where(values != 0, 1.0)
    # A score of almost nothing is rounded to nothing before the scale overflows.
    scale = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(size)).clip(-200, 200))
    return (values * scale).round() / scale


def _unknown_notes(counted: Mapping[str, pd.Series[Any]]) -> list[str]:
    return [
        f"accessibility: {int(values.isna().sum()):,} of {len(values):,} neighbourhoods have no "
        f"{what} and count as none ({examples(values.index[values.isna()], 3)})"
        for what, values in counted.items()
        if values.isna().any()
    ]


def column_of(table: pd.DataFrame, name: str, parameter: str) -> pd.Series[float]:
    """Return the numbers of a column that a parameter names, or say that there is none."""
    if name not in table.columns:
        raise InputError(
            f"{parameter}={name!r}: the neighbourhoods have no such column; they have "
            f"{examples(table.columns, 30)}."
        )
    numbers = pd.to_numeric(table[name], errors="coerce").astype("float64")
    text = numbers.isna() & table[name].notna()
    if text.any():
        raise InputError(
            f"{parameter}={name!r}: {int(text.sum()):,} values of that column are no number; the "
            f"first is {table[name][text].iloc[0]!r} for {table.index[text][0]}."
        )
    return numbers


def labour_market_of(
    table: pd.DataFrame, parameters: Parameters, study_area: pd.Index[Any] | None
) -> pd.Series[Any]:
    """Return the labour market of each neighbourhood; missing where it has none."""
    if parameters.labour_market != STUDY_AREA:
        if parameters.labour_market not in table.columns:
            raise InputError(
                f"labour_market={parameters.labour_market!r}: the neighbourhoods have no such "
                f"column; they have {examples(table.columns, 30)}. Or give 'study area'."
            )
        return table[parameters.labour_market]
    inside = table.index if study_area is None else study_area
    return pd.Series(STUDY_AREA, index=table.index, dtype=object).where(table.index.isin(inside))
