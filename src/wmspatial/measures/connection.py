"""How well a place is connected to where the jobs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from wmspatial.flows import Flows


def share_to_jobs_rich(flows: Flows, jobs_rich_share: pd.Series[Any]) -> pd.DataFrame:
    """Find the share of each zone's commuters who work in jobs-rich neighbourhoods.

    Parameters
    ----------
    flows : Flows
        Commuting between zones.
    jobs_rich_share : Series of float
        The share of each zone's jobs that lies in jobs-rich neighbourhoods, by zone code, from
        :func:`~wmspatial.measures.apportion_jobs_rich_share`; missing where jobs are unknown.

    Returns
    -------
    DataFrame
        Indexed by zone: ``commuters`` (people who work in a zone), ``unknown_share`` (the share of
        them who go where jobs are unknown; they leave numerator and denominator) and
        ``connection_score`` (0 to 1; missing where nobody is left).

    Examples
    --------
    >>> from wmspatial import Flows
    >>> flows = Flows.from_table(
    ...     pd.DataFrame({"origin": ["a", "a"], "destination": ["a", "b"], "people": [40, 60]}),
    ...     zones=pd.Index(["a", "b"]),
    ... )
    >>> share_to_jobs_rich(flows, pd.Series({"a": 0.0, "b": 0.5})).loc["a"].to_dict()
    {'commuters': 100.0, 'unknown_share': 0.0, 'connection_score': 0.3}
    """
    share = jobs_rich_share.reindex(flows.zones).to_numpy(dtype=float)
    known = ~np.isnan(share)
    commuters = flows.commuters.to_numpy()
    to_known = flows.matrix @ known.astype(float)
    to_rich = flows.matrix @ np.where(known, share, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        unknown = np.where(commuters > 0, (commuters - to_known) / commuters, np.nan)
        score = np.where(to_known > 0, to_rich / to_known, np.nan)
    return pd.DataFrame(
        {"commuters": commuters, "unknown_share": unknown, "connection_score": score},
        index=flows.zones,
    )
