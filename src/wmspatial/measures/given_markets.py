"""Labour markets that are given, official ones say, measured on the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.measures._market_parts import PUBLISHED, about_people, totals, workers_of
from wmspatial.measures.labour_markets import LabourMarkets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.flows import Flows


def measure_labour_markets(
    flows: Flows,
    markets: pd.Series[Any],
    *,
    zone_of: pd.Series[Any] | None = None,
    people: pd.Series[Any] | None = None,
    at_residence: Iterable[str] | None = None,
) -> LabourMarkets:
    """Say how self-contained given labour markets are: the official areas, or any other grouping.

    Parameters
    ----------
    flows : Flows
        Commuting between zones.
    markets : Series of str
        The market of each zone; or of each neighbourhood, with `zone_of`, as the columns
        ``labour_market`` and ``zone`` of a dataset.
    zone_of : Series of str, optional
        The zone of each neighbourhood. A zone is then in the market that most of its people, or
        without `people` most of its neighbourhoods, are in.
    people : Series of float, optional
        By neighbourhood.
    at_residence : iterable of str, optional
        As in :func:`~wmspatial.travel_to_work_areas`.

    Returns
    -------
    LabourMarkets
        Under the codes they were given with.

    Raises
    ------
    InputError
        If no zone of the flows has a market, or a zone or neighbourhood stands twice.

    Notes
    -----
    Zones where nobody lives or works have no market, whatever they were given. Where two markets
    have as many people of a zone, it is in the one whose code comes first.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample = wm.load_sample()
    >>> table = sample.neighbourhoods
    >>> whole = measure_labour_markets(
    ...     sample.flows, table["labour_market"], zone_of=table["zone"], people=table["residents"]
    ... )
    >>> bool((whole.markets["supply_side"] > 0.5).all())
    True
    """
    require(markets, "markets", "Series", 'dataset.neighbourhoods["labour_market"]')
    if not markets.index.is_unique:
        twice = markets.index[markets.index.duplicated()].unique()
        raise InputError(f"measure_labour_markets: `markets` has codes twice: {examples(twice)}.")
    split = 0
    if zone_of is not None:
        require(zone_of, "zone_of", "Series", 'dataset.neighbourhoods["zone"]')
        markets, split = _by_majority(markets, zone_of, people)
    who = workers_of(flows, at_residence, "measure_labour_markets")
    given = markets.reindex(who.codes)
    if given.isna().all():
        raise InputError(
            f"measure_labour_markets: none of the {len(flows):,} zones of the flows "
            f"({examples(who.codes, 3)}) has a market; the markets are those of "
            f"{examples(markets.index, 3)}. For neighbourhoods give zone_of, too."
        )
    somebody = pd.Series(who.workers + who.jobs > 0, index=who.codes)
    found = given.where(somebody).astype("str").rename("market")
    zones, table = found.reindex(flows.zones), totals(who, found, PUBLISHED)
    notes = []
    if split:
        notes.append(
            f"zones that lie in more than one market, counted whole where most of their "
            f"{'people' if people is not None else 'neighbourhoods'} are: {split:,}"
        )
    lost = given.isna() & somebody
    if lost.any():
        workers = float(who.workers[lost.to_numpy()].sum())
        notes.append(
            f"zones that no market was given for: {int(lost.sum()):,}, home to {workers:,.0f} "
            f"workers ({examples(found.index[lost], 3)})"
        )
    notes += about_people(flows, who)
    return LabourMarkets(zones, table, tuple(notes), "given borders")


def _by_majority(
    markets: pd.Series[Any], zone_of: pd.Series[Any], people: pd.Series[Any] | None
) -> tuple[pd.Series[Any], int]:
    """Give each zone the market most of it is in, and count the zones that lie in several."""
    table = pd.DataFrame({"market": markets, "zone": zone_of.reindex(markets.index)})
    table["people"] = 1.0
    if people is not None:
        require(people, "people", "Series", 'dataset.neighbourhoods["residents"]')
        table["people"] = people.reindex(table.index).astype("float64").fillna(0.0)
        if not np.isfinite(table["people"]).all() or (table["people"] < 0).any():
            raise InputError("measure_labour_markets: people have to be numbers of zero or more.")
    sums = table.dropna().groupby(["zone", "market"], observed=True)[["people"]].sum().reset_index()
    most = sums.sort_values(["people", "market"], ascending=[False, True], kind="stable")
    found = most.drop_duplicates("zone").set_index("zone")["market"].sort_index()
    return found, int((sums.groupby("zone").size() > 1).sum())
