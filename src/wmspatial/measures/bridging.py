"""The two rules that join flows between larger zones to jobs in neighbourhoods.

Where flows are published for MSOAs and jobs for LSOAs, the usual case, these say how one reaches
the other. Where flows exist for the neighbourhoods themselves each zone holds one neighbourhood
and both rules change nothing.
"""

from __future__ import annotations

from typing import Any

import pandas as pd


def apportion_employed_residents(
    employed: pd.Series[Any], zone: pd.Series[Any], residents: pd.Series[Any]
) -> pd.Series[float]:
    """Share out each zone's employed residents among its neighbourhoods by usual residents.

    Against the exact counts of Birmingham in 2011 the error is measured by
    ``benchmarks/apportionment.py``; ``docs/method.md`` gives what it prints.

    Parameters
    ----------
    employed : Series of float
        Employed residents, people, indexed by zone code.
    zone : Series of str
        The zone that holds each neighbourhood, indexed by neighbourhood code.
    residents : Series of float
        Usual residents, people, indexed by neighbourhood code.

    Returns
    -------
    Series of float
        Employed residents of each neighbourhood, fractional, on the index of `zone`; those of a
        zone add up to the zone's. Missing where the neighbourhood has no zone, the zone no count,
        or a neighbourhood of the zone no count of residents.

    Examples
    --------
    >>> apportion_employed_residents(
    ...     pd.Series({"z": 90.0}), pd.Series({"a": "z", "b": "z"}), pd.Series({"a": 100, "b": 200})
    ... ).to_dict()
    {'a': 30.0, 'b': 60.0}
    """
    people = residents.reindex(zone.index).astype("float64")
    of_zone = people.groupby(zone).sum(skipna=False)
    whole = zone.map(employed).astype("float64")
    # Multiplied first: 52 x 750 / 1,300 is 30 workers, 52 x (750 / 1,300) is a little less.
    part = whole * people / zone.map(of_zone)
    # A zone of one neighbourhood is that neighbourhood, whoever is counted as resident there.
    alone = zone.map(zone.value_counts()) == 1
    return part.mask(alone, whole).rename("employed_residents")


def apportion_jobs_rich_share(
    jobs: pd.Series[Any], jobs_rich: pd.Series[Any], zone: pd.Series[Any]
) -> pd.Series[float]:
    """Find which share of each zone's jobs lies in its jobs-rich neighbourhoods.

    Commuters into the zone are taken to work in jobs-rich neighbourhoods in that share.

    Parameters
    ----------
    jobs : Series of float
        Jobs of each neighbourhood, indexed by neighbourhood code.
    jobs_rich : Series of bool
        Whether the neighbourhood is jobs-rich; missing where that is not known.
    zone : Series of str
        The zone that holds each neighbourhood.

    Returns
    -------
    Series of float
        Share from 0 to 1, indexed by zone code. Missing where the jobs of a neighbourhood of the
        zone are not known; 0 where the zone has no jobs at all.

    Examples
    --------
    >>> apportion_jobs_rich_share(
    ...     pd.Series({"a": 900.0, "b": 100.0}), pd.Series({"a": True, "b": False}),
    ...     pd.Series({"a": "z", "b": "z"})
    ... ).to_dict()
    {'z': 0.9}
    """
    known = jobs.notna() & jobs_rich.notna()
    rich = jobs.where(jobs_rich.fillna(False).astype(bool), 0.0)
    sums = pd.DataFrame({"all": jobs, "rich": rich, "known": known}).groupby(zone)
    total, in_rich = sums["all"].sum(), sums["rich"].sum()
    share = (in_rich / total.where(total > 0)).where(total > 0, 0.0)
    return share.where(sums["known"].all()).rename("jobs_rich_share")
