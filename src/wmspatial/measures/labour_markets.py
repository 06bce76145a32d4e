"""Labour markets found from the flows: travel-to-work areas by the published criteria."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.measures._dissolving import Areas, Criteria
from wmspatial.measures._market_parts import about_people, called, totals, workers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.flows import Flows


@dataclass(frozen=True, eq=False)
class LabourMarkets:
    """Zones grouped into labour markets.

    From :func:`travel_to_work_areas`, :func:`~wmspatial.flow_communities` or, for markets that are
    given, :func:`~wmspatial.measure_labour_markets`.

    Attributes
    ----------
    zones : Series of str
        The market of each zone, by zone code; missing for a zone where nobody lives or works. A
        market that was found goes under the code of its zone with most jobs.
    markets : DataFrame
        By market: ``zones``; ``workers``, residents who work in any zone, or where they live;
        ``jobs``, those whom residents of any zone hold; ``live_and_work``, people who do both in
        the market; ``supply_side`` and ``demand_side`` self-containment, their share of the
        workers and of the jobs; ``criteria_hold``, whether both are as large as the criteria ask
        of a market of that size (the published ones, unless others were asked for).
    notes : tuple of str
        What has to be said of the result.
    method : str
        What made them.

    Examples
    --------
    >>> from wmspatial import load_sample
    >>> found = travel_to_work_areas(load_sample().flows)
    >>> bool(found.markets["criteria_hold"].all())
    True
    """

    zones: pd.Series[Any]
    markets: pd.DataFrame
    notes: tuple[str, ...] = ()
    method: str = "the criteria of the travel-to-work areas"

    def __len__(self) -> int:
        """Count the markets."""
        return len(self.markets)

    def __repr__(self) -> str:
        """Sum the result up."""
        held = int(self.markets["criteria_hold"].sum())
        head = (
            f"<LabourMarkets: {len(self):,} of {int(self.zones.notna().sum()):,} zones, "
            f"{self.markets['workers'].sum():,.0f} workers; the criteria hold in {held:,}"
        )
        return "\n  ".join([head, *self.notes]) + ">"

    def summary_text(self) -> str:
        """Say in plain English how many there are and how self-contained.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> from wmspatial import load_sample
        >>> travel_to_work_areas(load_sample().flows).summary_text().startswith("Labour markets by")
        True
        """
        table = self.markets
        workers, both = table["workers"].sum(), table["live_and_work"].sum()
        least = table[["supply_side", "demand_side"]].min(axis=1)
        held = int(table["criteria_hold"].sum())
        share = f"{100 * both / workers:.0f} %" if workers > 0 else "none"
        markets = "labour market" if len(self) == 1 else "labour markets"
        zones = int(self.zones.notna().sum())
        return (
            f"Labour markets by {self.method}: {len(self):,} {markets}, made of {zones:,} "
            f"zone{'' if zones == 1 else 's'}. Of {workers:,.0f} workers {share} work in the "
            "market they live in. The least self-contained is the market around zone "
            f"{least.idxmin()}, {100 * least.min():.0f} % on its weaker side; "
            f"{'all' if held == len(self) else f'{held:,}'} meet the criteria."
        )

    def to_neighbourhoods(self, zone_of: pd.Series[Any]) -> pd.Series[Any]:
        """Give each neighbourhood the market of its zone, as a column for ``classify``.

        Parameters
        ----------
        zone_of : Series of str
            The flow zone of each neighbourhood, as the column ``zone`` of a dataset.

        Returns
        -------
        Series of str
            On the index of `zone_of`; missing where the zone has no market or is missing.

        Raises
        ------
        InputError
            If none of the zones is among the flows.

        Examples
        --------
        >>> import wmspatial as wm
        >>> sample = wm.load_sample()
        >>> found = travel_to_work_areas(sample.flows)
        >>> zone = sample.neighbourhoods["zone"]
        >>> sample.neighbourhoods["found_market"] = found.to_neighbourhoods(zone)
        >>> len(wm.classify(sample, labour_market="found_market").frame)
        1680
        """
        require(zone_of, "zone_of", "Series", 'dataset.neighbourhoods["zone"]')
        if not zone_of.isin(self.zones.index).any():
            raise InputError(
                f"to_neighbourhoods: no neighbourhood of {len(zone_of):,} is in a zone of "
                f"these markets: found {examples(zone_of.unique(), 3)}; expected codes such as "
                f"{examples(self.zones.index, 3)}. Are the flows of another census or level?"
            )
        return zone_of.map(self.zones).astype("str").rename("labour_market")

    def name_by(self, names: pd.Series[Any]) -> pd.Series[Any]:
        """Name each market after its zone with most jobs.

        Parameters
        ----------
        names : Series of str
            A name for each zone (its authority, say), by zone code; for markets that were given,
            by their own codes.

        Returns
        -------
        Series of str
            By market. Names that would stand twice have the market's code in brackets; a market
            without a name keeps its code.

        Raises
        ------
        InputError
            If a zone has more than one name.

        Examples
        --------
        >>> from wmspatial import Flows
        >>> flows = Flows.from_table(
        ...     pd.DataFrame({"origin": ["a", "b"], "destination": ["a", "a"],
        ...                   "people": [8000, 900]}), zones=pd.Index(["a", "b"]))
        >>> travel_to_work_areas(flows).name_by(pd.Series({"a": "Town", "b": "Village"})).tolist()
        ['Town']
        """
        if not names.index.is_unique:
            twice = names.index[names.index.duplicated()].unique()
            raise InputError(
                f"name_by: zones with more than one name: {len(twice):,} ({examples(twice)}). "
                "Give one name a zone."
            )
        codes = self.markets.index.to_series()
        named = names.reindex(codes.index).fillna(codes).astype("str")
        twice_named = named.duplicated(keep=False) & (named != codes)
        return named.mask(twice_named, named + " (" + codes + ")").rename("name")


def travel_to_work_areas(
    flows: Flows,
    *,
    min_self_containment: float = 0.75,
    min_workers: float = 3500,
    accepted_self_containment: float = 0.667,
    accepted_workers: float = 25_000,
    at_residence: Iterable[str] | None = None,
) -> LabourMarkets:
    """Find labour markets from the flows, by the criteria of the travel-to-work areas.

    Parameters
    ----------
    flows : Flows
        Commuting between zones, all of them: zones left out move the borders of those kept.
    min_self_containment : float, default 0.75
        What is asked of an area of `min_workers`: this share of its workers works in it, and this
        share of its jobs is held by its residents.
    min_workers : float, default 3500
        No area has fewer.
    accepted_self_containment : float, default 0.667
        What is enough from `accepted_workers` on; in between the share falls in a straight line.
    accepted_workers : float, default 25000
        See there.
    at_residence : iterable of str, optional
        Destinations of ``flows.special`` whose people count as working in the zone they live in.
        By default those at home and of no fixed place (in 2021 one number); ``()`` counts none.

    Returns
    -------
    LabourMarkets
        Every zone where somebody lives or works is in one market. ``criteria_hold`` is false here
        only for a market with no flow to or from any other, which nothing could be joined to.

    Raises
    ------
    InputError
        If a threshold is out of its range, a name of `at_residence` is no destination of the
        flows, or there is nobody in them.

    Notes
    -----
    Each zone begins as an area. The area farthest below the criteria is dissolved, and its zones,
    those with most workers first, each join the area they have the strongest link with,
    :math:`T_{ij}^2 / (O_i D_j) + T_{ji}^2 / (O_j D_i)` (flows over workers and jobs); until all
    areas meet them (Coombes and Bond, 2008). Equal links and equal shortfalls go by zone code, so
    the order of the zones does not matter.

    It is the algorithm and not the official map: the Office for National Statistics began with
    smaller zones, had Scotland beside England, and mended areas in several pieces by hand. Nothing
    here makes a market contiguous. How far the two agree: ``benchmarks/labour_markets.py``.

    People at home and of no fixed place count as living and working in their zone. Brought to
    whole MSOAs, 155 of the 173 official areas that touch England and Wales meet the criteria so,
    119 with those at home alone, 82 with neither: we infer that they were made so. **In the 2021
    table** the two are one number, counted in a lockdown: nearly half of all workers, and areas
    become small and many (342, against 152 in 2011). Those found with 2021 flows say more of that
    spring than of labour markets; ``at_residence=()`` leaves these people out.

    References
    ----------
    Coombes and Bond, *Travel-to-Work Areas: the 2007 review*, Office for National Statistics, 2008.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial import Flows
    >>> table = pd.DataFrame(
    ...     [("a", "a", 8000), ("b", "a", 900), ("b", "b", 600), ("c", "c", 5000), ("c", "a", 90)],
    ...     columns=["origin", "destination", "people"],
    ... )
    >>> found = travel_to_work_areas(Flows.from_table(table, zones=pd.Index(["a", "b", "c"])))
    >>> found.zones.to_dict()
    {'a': 'a', 'b': 'a', 'c': 'c'}
    >>> found.markets[["workers", "supply_side", "criteria_hold"]].round(3).values.tolist()
    [[9500.0, 1.0, True], [5090.0, 0.982, True]]
    """
    criteria = Criteria(
        min_self_containment, min_workers, accepted_self_containment, accepted_workers
    )
    who = workers_of(flows, at_residence, "travel_to_work_areas")
    areas = Areas(who.people, criteria)
    areas.settle()
    market = called(who, areas.area)
    zones, markets = market.reindex(flows.zones), totals(who, market, criteria)
    notes = about_people(flows, who)
    failing = markets.index[~markets["criteria_hold"]]
    if len(failing):
        notes.append(
            "markets that do not meet the criteria and have no flow to another: "
            f"{len(failing):,} ({examples(failing, 3)})"
        )
    return LabourMarkets(zones, markets, tuple(notes))


def adjusted_rand_index(
    one: pd.Series[Any], other: pd.Series[Any], weights: pd.Series[Any] | None = None
) -> float:
    """Measure how far two groupings of the same places agree.

    Parameters
    ----------
    one, other : Series
        The group of each place, on indexes of the same places; places that either has no group
        for are left out.
    weights : Series of float, optional
        How much each place counts, its residents say: a pair of places then counts as often as
        there are pairs of a person here and a person there. Without it all places count alike.

    Returns
    -------
    float
        1 for the same grouping, about 0 for what chance gives (Hubert and Arabie, 1985).

    Raises
    ------
    InputError
        If no place has a group in both, a place stands twice, or a weight is missing or negative.

    Examples
    --------
    >>> here = pd.Series(["x", "x", "y", "y"])
    >>> adjusted_rand_index(here, pd.Series([1, 1, 2, 2])), adjusted_rand_index(here, here[::-1])
    (1.0, 1.0)
    """
    for series in (one, other, weights):
        if series is not None and not series.index.is_unique:
            twice = series.index[series.index.duplicated()].unique()
            raise InputError(f"adjusted_rand_index: places stand twice: {examples(twice)}.")
    both = pd.concat([one.rename("one"), other.rename("other")], axis=1, join="inner").dropna()
    if both.empty:
        raise InputError("adjusted_rand_index: no place has a group in both groupings.")
    both["weight"] = 1.0 if weights is None else weights.reindex(both.index).astype("float64")
    bad = ~(np.isfinite(both["weight"]) & (both["weight"] >= 0))
    if bad.any():
        raise InputError(
            f"adjusted_rand_index: {int(bad.sum()):,} of {len(both):,} places have no weight of "
            f"zero or more, the first is {both.index[bad.to_numpy()][0]}."
        )
    alone = float((both["weight"] ** 2).sum())

    def pairs(keys: list[str]) -> float:
        counts = both.groupby(keys, observed=True)["weight"].sum().to_numpy(dtype=np.float64)
        # Pairs of two places: a place with itself is no pair.
        return (float((counts**2).sum()) - alone) / 2

    together, ones, others = pairs(["one", "other"]), pairs(["one"]), pairs(["other"])
    every = (float(both["weight"].sum()) ** 2 - alone) / 2
    expected = ones * others / every if every else 0.0
    most = (ones + others) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
