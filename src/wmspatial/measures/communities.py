"""Labour markets as communities of the flow graph."""

from __future__ import annotations

import math
import random
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.errors import InputError
from wmspatial.geography.lookup import nearest
from wmspatial.measures._market_parts import PUBLISHED, about_people, called, totals, workers_of
from wmspatial.measures.labour_markets import LabourMarkets

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from wmspatial.flows import Flows
    from wmspatial.measures._market_parts import Workers

    Groups = npt.NDArray[np.int64]

_METHODS: Final = {"louvain": "Louvain", "leiden": "Leiden"}


def flow_communities(
    flows: Flows,
    *,
    method: str = "louvain",
    resolution: float = 1.0,
    seed: int = 0,
    least_people: float = 1,
    at_residence: Iterable[str] | None = None,
) -> LabourMarkets:
    r"""Find labour markets as communities of the flow graph: zones that commute among themselves.

    Parameters
    ----------
    flows : Flows
        Commuting between zones, all of them: zones left out move the borders of those kept.
    method : {"louvain", "leiden"}
        Louvain is networkx's; for a country it takes half a minute and two gigabytes, less where
        `least_people` is raised. Leiden is igraph's (``pip install 'wmspatial[communities]'``), and
        takes seconds.
    resolution : float, default 1.0
        Larger gives more and smaller communities.
    seed : int, default 0
        Where the random numbers start. The same seed gives the same communities, whatever the
        order of the zones; another may give others that are as good.
    least_people : float, default 1
        Pairs of fewer commuters do not tie two zones together. They are in all totals.
    at_residence : iterable of str, optional
        Destinations of ``flows.special`` whose people count as working in the zone they live in,
        as in :func:`~wmspatial.travel_to_work_areas`.

    Returns
    -------
    LabourMarkets
        Every zone where somebody lives or works is in one market; a zone that no pair ties to
        another is one of its own, and they are counted in the notes. ``criteria_hold`` says
        whether a market meets the published criteria of the travel-to-work areas, which nothing
        made it do.

    Raises
    ------
    InputError
        If there is no such method, an argument is out of its range, or there is nobody in the
        flows.
    MissingLibraryError
        If Leiden is asked for and igraph is not installed.

    Notes
    -----
    Both methods look for the grouping with the largest modularity of the *directed* graph, weighted
    by people,

    .. math:: Q = \frac{1}{m} \sum_{ij} \left(T_{ij} - \gamma \frac{O_i D_j}{m}\right) \delta_{ij},

    the share of people who live and work in one community less what would be expected if the
    workers of each zone, :math:`O_i`, were spread over all zones by their jobs, :math:`D_j`
    (Leicht and Newman, 2008). Flows within a zone, with those who work where they live, count on
    both sides. Neither method finds the best grouping for sure. igraph's own objective
    ``"modularity"`` leaves flows within a zone out of what is expected; here it is given the whole.
    igraph has one generator of random numbers for all; after Leiden it is Python's, as at first.

    Modularity has a resolution limit: in a large graph it joins markets that are well apart, so
    communities of a country are few and large beside travel-to-work areas. Nothing makes them
    contiguous, or self-contained to a given degree.

    References
    ----------
    Blondel and others (2008), Fast unfolding of communities in large networks, Journal of
    Statistical Mechanics P10008. Traag, Waltman and van Eck (2019), From Louvain to Leiden,
    Scientific Reports 9, 5233. Leicht and Newman (2008), Community structure in directed networks,
    Physical Review Letters 100, 118703. Fortunato and Barthélemy (2007), Resolution limit in
    community detection, PNAS 104.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial import Flows
    >>> table = pd.DataFrame(
    ...     [("a", "a", 80), ("b", "a", 90), ("b", "b", 60), ("c", "c", 50), ("d", "c", 70)],
    ...     columns=["origin", "destination", "people"],
    ... )
    >>> found = flow_communities(Flows.from_table(table, zones=pd.Index(["a", "b", "c", "d"])))
    >>> found.zones.to_dict()
    {'a': 'a', 'b': 'a', 'c': 'c', 'd': 'c'}
    """
    _check(method, resolution, seed, least_people)
    who = workers_of(flows, at_residence, "flow_communities")
    graph = _Graph(who, float(least_people))
    group = np.arange(graph.size)
    if graph.tied.any():
        find = _louvain if method == "louvain" else _leiden
        group = find(graph, float(resolution), int(seed))
    market = called(who, group)
    zones, markets = market.reindex(flows.zones), totals(who, market, PUBLISHED)
    notes = [
        *graph.notes(group, float(resolution)),
        *about_people(flows, who),
    ]
    return LabourMarkets(zones, markets, tuple(notes), f"{_METHODS[method]} communities")


def _check(method: object, resolution: object, seed: object, least_people: object) -> None:
    """Refuse arguments out of their range, all at once."""
    faults = []
    if method not in _METHODS:
        near = nearest(str(method), _METHODS)
        faults.append(f"method={method!r}: expected 'louvain' or 'leiden'. {near}".strip(" ."))
    if not _number(resolution) or not 0 < resolution < math.inf:  # type: ignore[operator]
        faults.append(f"resolution={resolution!r}: expected a number above zero, 1 for the usual")
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**32:
        faults.append(f"seed={seed!r}: expected a whole number from 0 to {2**32 - 1:,}")
    if not _number(least_people) or not 0 <= least_people < math.inf:  # type: ignore[operator]
        faults.append(f"least_people={least_people!r}: expected people, zero or more")
    if faults:
        raise InputError(f"flow_communities: {'; '.join(faults)}.")


def _number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


class _Graph:
    """The pairs of zones that the search sees, by place in the order of the codes."""

    def __init__(self, who: Workers, least_people: float) -> None:
        pairs = who.people.tocoo()
        self.size = len(who.codes)
        self.least = least_people
        loop = pairs.row == pairs.col
        kept = (loop | (pairs.data >= least_people)) & (pairs.data > 0)
        self.row, self.col = pairs.row[kept], pairs.col[kept]
        self.people = pairs.data[kept]
        self.left_out = float(pairs.data[~kept].sum())
        self.all_people = float(pairs.data.sum())
        self.out = np.bincount(self.row, self.people, minlength=self.size)
        self.into = np.bincount(self.col, self.people, minlength=self.size)
        between = self.row != self.col
        self.tied = np.zeros(self.size, dtype=bool)
        self.tied[self.row[between]] = self.tied[self.col[between]] = True
        self.somebody = who.workers + who.jobs > 0

    @property
    def whole(self) -> float:
        """All people the search sees."""
        return float(self.people.sum())

    def modularity(self, group: Groups, resolution: float) -> float:
        """Return what both methods look for the largest of."""
        count = int(group.max()) + 1
        within = self.people[group[self.row] == group[self.col]].sum()
        out = np.bincount(group, self.out, minlength=count)
        into = np.bincount(group, self.into, minlength=count)
        return float(within / self.whole - resolution * (out @ into) / self.whole**2)

    def notes(self, group: Groups, resolution: float) -> list[str]:
        """Say how good the grouping is, and what the search did not see."""
        at = "" if resolution == 1 else f" at resolution {resolution:g}"
        notes = []
        if self.tied.any():
            notes.append(f"modularity{at}: {self.modularity(group, resolution):.3f}")
        if self.left_out:
            notes.append(
                f"{self.left_out:,.0f} of {self.all_people:,.0f} people are in pairs of fewer than "
                f"{self.least:g}, which tied no zones together; they are in all totals"
            )
        alone = int((self.somebody & ~self.tied).sum())
        if alone:
            few = f" by {self.least:g} commuters or more" if self.left_out else ""
            notes.append(
                f"zones that no pair ties to another{few}, each a market of its own: {alone:,}"
            )
        return notes


def _louvain(graph: _Graph, resolution: float, seed: int) -> Groups:
    """Group by networkx; zones are numbers there, for sets of text have no fixed order."""
    import networkx as nx

    directed: nx.DiGraph[int] = nx.DiGraph()
    directed.add_nodes_from(range(graph.size))
    directed.add_weighted_edges_from(
        zip(graph.row.tolist(), graph.col.tolist(), graph.people.tolist(), strict=True)
    )
    found = nx.community.louvain_communities(directed, resolution=resolution, seed=seed)
    group = np.empty(graph.size, dtype=np.int64)
    for number, members in enumerate(found):
        group[list(members)] = number
    return group


def _leiden(graph: _Graph, resolution: float, seed: int) -> Groups:
    """Group by igraph, until an iteration changes nothing."""
    # Here, for the module imports much else.
    from wmspatial.geography.interpolation import import_optional

    igraph = import_optional("igraph", "communities", "method='leiden'")
    directed = igraph.Graph(
        n=graph.size, edges=np.column_stack([graph.row, graph.col]), directed=True
    )
    # igraph draws from a generator of its own that is shared; by default Python's.
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311
    try:
        # Its modularity leaves loops out of the expected flows; the Potts model with our weights
        # is the modularity with them.
        found: Any = directed.community_leiden(
            objective_function="CPM",
            weights=graph.people.tolist(),
            node_weights=graph.out.tolist(),
            node_in_weights=graph.into.tolist(),
            resolution=resolution / graph.whole,
            n_iterations=-1,
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(found.membership, dtype=np.int64)
