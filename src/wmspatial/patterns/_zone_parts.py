"""What part of a zone's commuters and of its workers each neighbourhood is taken to have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.geography.crosswalk import part_shares
from wmspatial.measures import apportion_jobs_rich_share

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.typology import Typology

    Floats = npt.NDArray[np.float64]


def rich_shares(typology: Typology) -> pd.Series[float]:
    """Find which share of each zone's jobs lies in its jobs-rich neighbourhoods.

    Parameters
    ----------
    typology : Typology
        With the evidence for every neighbourhood.

    Returns
    -------
    Series of float
        By zone of the flows, 0 to 1; missing where that is not known.
    """
    table = typology.dataset.neighbourhoods
    evidence = typology.everywhere.reindex(table.index)
    known = table["jobs"].notna() & (evidence["jobs_ratio"].notna() | (table["jobs"] == 0))
    rich = evidence["jobs_rich"].astype(object).where(known)
    share = apportion_jobs_rich_share(table["jobs"], rich, table["zone"])
    return share.reindex(typology.dataset.flows.zones)


def home_parts(typology: Typology) -> pd.Series[float]:
    """Say which part of its zone's residents each neighbourhood has.

    Parameters
    ----------
    typology : Typology
        With every neighbourhood's residents.

    Returns
    -------
    Series of float
        Shares that add up to one in each zone; missing where residents of the zone are.
    """
    table = typology.dataset.neighbourhoods
    return _parts(table["residents"], table["zone"])


def work_parts(typology: Typology) -> pd.Series[float]:
    """Say which part of its zone's jobs each neighbourhood has.

    Parameters
    ----------
    typology : Typology
        With every neighbourhood's jobs.

    Returns
    -------
    Series of float
        Shares that add up to one in each zone; missing where jobs of the zone are.
    """
    table = typology.dataset.neighbourhoods
    return _parts(table["jobs"], table["zone"])


def _parts(weight: pd.Series[Any], zone: pd.Series[Any]) -> pd.Series[float]:
    share = part_shares(weight.astype("float64"), zone)
    # A zone of one neighbourhood is that neighbourhood, whatever is counted there.
    alone = zone.map(zone.value_counts()) == 1
    return share.mask(alone, 1.0)


def spread(
    parts: pd.Series[float],
    kinds: npt.NDArray[np.intp],
    typology: Typology,
    many: int,
    *,
    unknown: int,
    whole: bool,
) -> Any:
    """Spread each zone over kinds of neighbourhood.

    Parameters
    ----------
    parts : Series of float
        The part of its zone that each neighbourhood is.
    kinds : array of int
        The kind of each neighbourhood, from 0.
    typology : Typology
        With the zones.
    many : int
        How many kinds there are.
    unknown : int
        The kind of zones that have no neighbourhood, or whose parts are not known.
    whole : bool
        Whether a zone goes whole to the kind with the largest part of it; equal parts to the
        first kind.

    Returns
    -------
    scipy.sparse array
        Zones by kinds; every row adds up to one.
    """
    zones = typology.dataset.flows.zones
    rows = zones.get_indexer(pd.Index(typology.dataset.neighbourhoods["zone"]))
    here = (rows >= 0) & parts.notna().to_numpy()
    shape = (len(zones), many)
    found = sparse.coo_array(
        (parts.to_numpy()[here], (rows[here], kinds[here])), shape=shape
    ).toarray()
    lost = ~np.isin(np.arange(len(zones)), rows[here])
    found[lost, unknown] = 1.0
    if whole:
        most = found.argmax(axis=1)
        found = np.zeros(shape)
        found[np.arange(len(zones)), most] = 1.0
    # The parts of a zone add up to one but for the last bits; people are kept to the person.
    return sparse.csr_array(found / found.sum(axis=1, keepdims=True))
