"""Labour markets found from the flows: travel-to-work areas by the published criteria."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.errors import InputError, examples, require
from wmspatial.measures._dissolving import Areas, Criteria

if TYPE_CHECKING:
    from wmspatial.flows import Flows

_COMBINED: Final = "at home or no fixed place"
#: Whose workplace is taken to be where they live. Why those of no fixed place too: the notes of
#: :func:`travel_to_work_areas`.
AT_RESIDENCE: Final = ("at home", "no fixed place", _COMBINED)


@dataclass(frozen=True, eq=False)
class LabourMarkets:
    """Zones grouped into labour markets, from :func:`travel_to_work_areas`.

    Attributes
    ----------
    zones : Series of str
        The market of each zone, by zone code; missing for a zone where nobody lives or works. A
        market goes under the code of its zone with most jobs.
    markets : DataFrame
        By market: ``zones``; ``workers``, residents who work in any zone, or where they live;
        ``jobs``, those whom residents of any zone hold; ``live_and_work``, people who do both in
        the market; ``supply_side`` and ``demand_side`` self-containment, their share of the
        workers and of the jobs; ``criteria_hold``.
    notes : tuple of str
        What has to be said of the result.

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
            A name for each zone (its authority, say), by zone code.

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
        Every zone where somebody lives or works is in one market. ``criteria_hold`` is false only
        for a market with no flow to or from any other, which nothing could be joined to.

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
    whole MSOAs, 154 of the 173 official areas that touch England and Wales meet the criteria so,
    120 with those at home alone, 83 with neither: we infer that they were made so. **In the 2021
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
    require(flows, "flows", "Flows", "wm.Flows.from_table(...) or dataset.flows")
    counted = _counted(flows, at_residence)
    home = flows.special[counted].sum(axis=1).to_numpy(dtype=np.float64)
    # By code, so that ties do not hang on the order of the zones.
    order = np.argsort(flows.zones.to_numpy(dtype=object), kind="stable")
    people = sparse.csr_array(flows.matrix + sparse.diags_array(home))[order][:, order]
    if people.sum() == 0:
        raise InputError(
            f"travel_to_work_areas: nobody in the flows works in any of the {len(flows):,} zones"
            f"{' or where they live' if counted else ''}, so there is no labour market to find. "
            "Give flows between zones."
        )
    areas = Areas(people, criteria)
    areas.settle()
    zones = _labelled(areas, flows.zones[order]).reindex(flows.zones)
    markets = _totals(areas, zones, flows.zones[order])
    return LabourMarkets(zones, markets, _notes(flows, zones, markets, counted))


def _counted(flows: Flows, at_residence: Iterable[str] | None) -> list[str]:
    """Return the destinations that count as working where one lives."""
    there = list(flows.special.columns)
    if at_residence is None:
        return [name for name in AT_RESIDENCE if name in there]
    if isinstance(at_residence, str) or not isinstance(at_residence, Iterable):
        raise InputError(f"at_residence={at_residence!r}: expected names in a list or tuple.")
    names = list(dict.fromkeys(at_residence))
    unknown = [name for name in names if name not in there]
    if unknown:
        raise InputError(
            f"at_residence: {examples(map(repr, unknown))} is no destination of these flows; "
            f"they have {examples(map(repr, there), 12) or 'none but the zones'}."
        )
    return names


def _labelled(areas: Areas, codes: pd.Index[Any]) -> pd.Series[Any]:
    """Name each area by its zone with most jobs; zones without anybody have none."""
    zone = pd.DataFrame(
        {"area": areas.area, "jobs": areas.zone_jobs, "workers": areas.zone_workers, "code": codes}
    )
    first = zone.sort_values(
        ["jobs", "workers", "code"], ascending=[False, False, True], kind="stable"
    )
    centre = first.drop_duplicates("area").set_index("area")["code"]
    somebody = areas.zone_workers + areas.zone_jobs > 0
    market = zone["area"].map(centre).where(somebody).astype("str")
    return pd.Series(market.to_numpy(), index=codes, name="market", dtype="str")


def _totals(areas: Areas, zones: pd.Series[Any], codes: pd.Index[Any]) -> pd.DataFrame:
    """Sum up each market."""
    market = zones.reindex(codes)
    first = pd.Series(areas.area, index=codes).groupby(market).first()
    at = first.to_numpy()
    workers, jobs, both = areas.workers[at], areas.jobs[at], areas.both[at]
    with np.errstate(invalid="ignore"):
        return pd.DataFrame(
            {
                "zones": market.value_counts().reindex(first.index).to_numpy(),
                "workers": workers,
                "jobs": jobs,
                "live_and_work": both,
                "supply_side": both / np.where(workers > 0, workers, np.nan),
                "demand_side": both / np.where(jobs > 0, jobs, np.nan),
                "criteria_hold": areas.criteria.hold(workers, jobs, both),
            },
            index=pd.Index(first.index, name="market", dtype="str"),
        )


def _notes(
    flows: Flows, zones: pd.Series[Any], markets: pd.DataFrame, counted: list[str]
) -> tuple[str, ...]:
    """Say what the result leaves out, and what it stands on."""
    notes = []
    away = flows.people - float(markets["workers"].sum())
    if away > 0:
        notes.append(
            f"{away:,.0f} of {flows.people:,.0f} people are in no market: they live or work beyond "
            "the zones, or at no place that counts"
        )
    nobody = zones.index[zones.isna()]
    if len(nobody):
        notes.append(
            f"zones without a market, for nobody lives or works there: {len(nobody):,} "
            f"({examples(nobody, 3)})"
        )
    failing = markets.index[~markets["criteria_hold"]]
    if len(failing):
        notes.append(
            "markets that do not meet the criteria and have no flow to another: "
            f"{len(failing):,} ({examples(failing, 3)})"
        )
    if _COMBINED in counted:
        people = float(flows.special[_COMBINED].sum())
        notes.append(
            f"{people:,.0f} people {_COMBINED} count as working where they live: in a census under "
            "lockdown that makes markets small and many"
        )
    return tuple(notes)


def adjusted_rand_index(one: pd.Series[Any], other: pd.Series[Any]) -> float:
    """Measure how far two groupings of the same places agree.

    Parameters
    ----------
    one, other : Series
        The group of each place, on indexes of the same places; places that either has no group
        for are left out.

    Returns
    -------
    float
        1 for the same grouping, about 0 for what chance gives (Hubert and Arabie, 1985).

    Raises
    ------
    InputError
        If no place has a group in both.

    Examples
    --------
    >>> here = pd.Series(["x", "x", "y", "y"])
    >>> adjusted_rand_index(here, pd.Series([1, 1, 2, 2])), adjusted_rand_index(here, here[::-1])
    (1.0, 1.0)
    """
    both = pd.concat([one.rename("one"), other.rename("other")], axis=1, join="inner").dropna()
    if both.empty:
        raise InputError("adjusted_rand_index: no place has a group in both groupings.")

    def pairs(keys: list[str]) -> float:
        counts = both.groupby(keys, observed=True).size().to_numpy(dtype=np.float64)
        return float((counts * (counts - 1) / 2).sum())

    together, ones, others = pairs(["one", "other"]), pairs(["one"]), pairs(["other"])
    every = len(both) * (len(both) - 1) / 2
    expected = ones * others / every if every else 0.0
    most = (ones + others) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)
