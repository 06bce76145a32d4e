"""Which part of each zone’s commuters lives in disconnected neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.briefing_page.gathering import DISCONNECTED

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.briefing_page.gathering import Facts


def zone_weights(facts: Facts, authority: str | None = None) -> npt.NDArray[np.float64]:
    """Return, for each zone of the flows, the share of its commuters who live in these places.

    Parameters
    ----------
    facts : Facts
        The result.
    authority : str, optional
        Only its disconnected neighbourhoods.

    Returns
    -------
    array of float
        In the order of the zones; nought where none of them is.
    """
    typology = facts.typology
    flows = typology.dataset.flows
    lost = facts.table[facts.table["labour_market_class"] == DISCONNECTED]
    if authority is not None:
        lost = lost[lost["authority"] == authority]
    commuters = typology._commuters().reindex(lost.index).fillna(0.0).to_numpy()  # noqa: SLF001
    at = flows.zones.get_indexer(pd.Index(lost["zone"]))
    whole = flows.commuters.to_numpy()
    known = at >= 0
    known[known] &= whole[at[known]] > 0
    weights = np.zeros(len(flows.zones))
    np.add.at(weights, at[known], commuters[known] / whole[at[known]])
    return weights


def staying(facts: Facts, market_of: pd.Series[Any]) -> float | None:
    """Return the share of commuters of disconnected neighbourhoods who work in their own market.

    Parameters
    ----------
    facts : Facts
        The result.
    market_of : Series
        The market of each zone, by zone code.

    Returns
    -------
    float or None
        Nothing where nobody commutes to a zone.
    """
    flows = facts.typology.dataset.flows
    weights = zone_weights(facts)
    origins = weights.nonzero()[0]
    goes = flows.matrix[origins].tocoo()
    market = pd.factorize(market_of.reindex(flows.zones))[0]
    home, work = market[origins[goes.row]], market[goes.col]
    people = goes.data * weights[origins[goes.row]]
    whole = float(people.sum())
    return float(people[(home == work) & (home >= 0)].sum()) / whole if whole else None
