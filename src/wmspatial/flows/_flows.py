"""Commuting flows: an origin-destination table as a labelled sparse matrix.

A table of commuting names pairs of zones, and beside them destinations that are no zone: at home,
no fixed place, offshore, abroad, another nation. :class:`Flows` keeps both apart and both whole:
everything in the table is in one of four blocks, which add up to the table to the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.errors import InputError, examples
from wmspatial.flows._tables import Blocks, blocks_from_table, table_from_blocks
from wmspatial.flows._totals import FlowTotals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx
    import numpy.typing as npt

    from wmspatial.provenance import Source


class Flows(FlowTotals):
    """Commuters between zones, with everything else that the table names.

    Build one with :meth:`from_table`; the constructor is for parts that are at hand already.

    Parameters
    ----------
    matrix : scipy.sparse array, shape (n, n)
        Employed people who live in zone *i* (row) and work in zone *j* (column).
    zones : Index of str, length n
        Zone codes, unique.
    special : DataFrame of float, optional
        People by zone of residence (rows, as `zones`) and named destination that is no zone
        (columns): ``"at home"``, ``"offshore"``, ...
    arrivals : DataFrame of float, optional
        People by zone of work (rows, as `zones`) and named origin that is no zone (columns).
    beyond : float, default 0
        People whose two ends are both no zone.
    vintage : int, optional
        The census year of the flows.

    Raises
    ------
    InputError
        If the shapes or the labels do not agree, or a count is negative or missing.

    See Also
    --------
    Flows.from_table : The usual way in.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({
    ...     "origin": ["E02000001", "E02000001", "E02000002"],
    ...     "destination": ["E02000002", "OD0000001", "E02000002"],
    ...     "people": [30, 12, 8],
    ... })
    >>> flows = Flows.from_table(table, vintage=2011)
    >>> flows
    <Flows 2011: 2 zones, 50 people
      38 work in a zone (8 where they live, 30 in another), 2 pairs
      12 elsewhere: at home 12>
    >>> flows.employed_residents.to_dict()
    {'E02000001': 42.0, 'E02000002': 8.0}
    """

    def __init__(
        self,
        matrix: Any,
        zones: pd.Index[Any],
        *,
        special: pd.DataFrame | None = None,
        arrivals: pd.DataFrame | None = None,
        beyond: float = 0.0,
        vintage: int | None = None,
    ) -> None:
        self.zones = pd.Index(zones, name="zone")
        self.matrix = sparse.csr_array(matrix, dtype=np.float64, copy=True)
        self.matrix.sum_duplicates()
        empty = pd.DataFrame(index=self.zones)
        self.special = empty if special is None else special.astype("float64")
        self.arrivals = empty if arrivals is None else arrivals.astype("float64")
        self.beyond = float(beyond)
        self.vintage = vintage
        #: The table behind the flows, where a reader noted it.
        self.source: Source | None = None
        self._check()
        # A pair of nobody is no pair.
        self.matrix.eliminate_zeros()

    def _check(self) -> None:
        n = len(self.zones)
        if self.matrix.shape != (n, n):
            raise InputError(
                f"Flows: the matrix has shape {self.matrix.shape}, but there are {n:,} zones: "
                f"expected ({n}, {n}), residence in the rows and work in the columns."
            )
        if not self.zones.is_unique:
            twice = self.zones[self.zones.duplicated()].unique()
            raise InputError(f"Flows: zones stand twice: {examples(twice)}.")
        for name, block in (("special", self.special), ("arrivals", self.arrivals)):
            if not block.index.equals(self.zones):
                raise InputError(f"Flows: the rows of `{name}` are not the zones in their order.")
        beyond = np.array([self.beyond])
        blocks = (self.matrix.data, self.special.to_numpy(), self.arrivals.to_numpy(), beyond)
        for values in blocks:
            if not np.isfinite(values).all() or (values < 0).any():
                raise InputError("Flows: people have to be numbers of zero or more.")

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        *,
        origin: str = "origin",
        destination: str = "destination",
        people: str = "people",
        zones: pd.Index[Any] | None = None,
        special: Mapping[str, str] | None = None,
        vintage: int | None = None,
        where: str = "the flow table",
    ) -> Flows:
        """Build flows from a long table of pairs.

        Parameters
        ----------
        table : DataFrame
            One row a pair: codes of residence and work, and whole people of zero or more.
        origin, destination, people : str
            The names of the three columns.
        zones : Index of str, optional
            All zones, in the order wanted. By default every area code at either end of a pair,
            sorted; destinations that are no area (:data:`SPECIAL_DESTINATIONS`) and Scottish and
            Northern Irish codes are kept apart under their names.
        special : mapping of str to str, optional
            Names for further destinations that are no zone, by code.
        vintage : int, optional
            Census year of the flows.
        where : str
            What the table is called in errors: a file name, say.

        Returns
        -------
        Flows
            All people of the table, in one of the four blocks.

        Raises
        ------
        InputError
            If a column is missing, a code is neither a zone nor a named destination, a pair
            stands twice, or people are negative, fractional, missing or no number.

        Examples
        --------
        >>> table = pd.DataFrame({"from": ["a"], "to": ["b"], "n": [5]})
        >>> Flows.from_table(table, origin="from", destination="to", people="n",
        ...                  zones=pd.Index(["a", "b"])).people
        5.0
        """
        blocks = blocks_from_table(
            table, origin, destination, people, zones=zones, special=special, where=where
        )
        return cls(
            blocks.matrix,
            blocks.zones,
            special=blocks.special,
            arrivals=blocks.arrivals,
            beyond=blocks.beyond,
            vintage=vintage,
        )

    def to_table(self) -> pd.DataFrame:
        """Write the flows as a long table, special destinations under their names.

        Returns
        -------
        DataFrame
            ``origin``, ``destination``, ``people``; sorted by zone order, special destinations
            after the zones. People whose both ends are no zone have no row (:attr:`beyond`).

        Examples
        --------
        >>> table = pd.DataFrame({"origin": ["E02000001"], "destination": ["999999999"],
        ...                       "people": [3]})
        >>> Flows.from_table(table).to_table().values.tolist()
        [['E02000001', 'abroad', 3.0]]
        """
        return table_from_blocks(
            Blocks(self.zones, self.matrix, self.special, self.arrivals, self.beyond)
        )

    def __len__(self) -> int:
        return len(self.zones)

    def __repr__(self) -> str:
        within, everywhere = float(self.internal.sum()), float(self.matrix.sum())
        vintage = f" {self.vintage}" if self.vintage else ""
        lines = [
            f"<Flows{vintage}: {len(self):,} zones, {self.people:,.0f} people",
            (
                f"  {everywhere:,.0f} work in a zone ({within:,.0f} where they live, "
                f"{everywhere - within:,.0f} in another), {self.matrix.nnz:,} pairs"
            ),
        ]
        if not self.special.empty:
            names = ", ".join(f"{k} {v:,.0f}" for k, v in self.special_totals.items())
            lines.append(f"  {self.special_totals.sum():,.0f} elsewhere: {names}")
        if not self.arrivals.empty:
            names = ", ".join(f"{k} {v:,.0f}" for k, v in self.arrivals.sum().items())
            lines.append(f"  {self.arrivals.to_numpy().sum():,.0f} come from outside: {names}")
        if self.beyond:
            lines.append(f"  {self.beyond:,.0f} neither live nor work in a zone")
        return "\n".join(lines) + ">"

    # -- other shapes ------------------------------------------------------------------------

    def aggregate(self, lookup: pd.Series[Any] | Mapping[str, str]) -> Flows:
        """Sum the flows to larger zones.

        Parameters
        ----------
        lookup : Series of str, or mapping
            The larger zone of each zone, by zone code.

        Returns
        -------
        Flows
            Between the larger zones, sorted by code; people are conserved.

        Raises
        ------
        InputError
            If a zone has no larger zone in the lookup, or more than one.

        Examples
        --------
        >>> table = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"],
        ...                       "people": [2, 3]})
        >>> flows = Flows.from_table(table, zones=pd.Index(["a", "b"]))
        >>> flows.aggregate(pd.Series({"a": "x", "b": "x"})).internal.to_dict()
        {'x': 5.0}
        """
        lookup = pd.Series(lookup)
        if not lookup.index.is_unique:
            twice = lookup.index[lookup.index.duplicated()].unique()
            raise InputError(f"Flows.aggregate: the lookup has zones twice: {examples(twice)}.")
        group = lookup.reindex(self.zones)
        if group.isna().any():
            lost = self.zones[group.isna()]
            people = float(self.employed_residents[lost].sum())
            raise InputError(
                f"Flows.aggregate: {len(lost):,} of {len(self):,} zones, home to {people:,.0f} "
                f"employed people, are not in the lookup ({examples(lost)}). "
                "Give every zone a larger zone."
            )
        codes, groups = pd.factorize(group, sort=True)
        n = len(self)
        sums = sparse.csr_array((np.ones(n), (codes, np.arange(n))), shape=(len(groups), n))
        index = pd.Index(groups, name="zone")

        def summed(block: pd.DataFrame) -> pd.DataFrame:
            return pd.DataFrame(sums @ block.to_numpy(), index=index, columns=block.columns)

        return Flows(
            sums @ self.matrix @ sums.T,
            index,
            special=summed(self.special),
            arrivals=summed(self.arrivals),
            beyond=self.beyond,
            vintage=self.vintage,
        )

    def among(self, zones: Iterable[str]) -> Flows:
        """Keep some zones, with everybody who lives or works in them.

        Parameters
        ----------
        zones : iterable of str
            The zones to keep.

        Returns
        -------
        Flows
            Between these zones; people who work in or come from the others are kept as the
            special destination and origin ``"other zones"``, so that employed residents and jobs
            stay what they are. Pairs of two other zones are left out.

        Raises
        ------
        InputError
            If a zone is not among the flows.

        Examples
        --------
        >>> table = pd.DataFrame({"origin": ["a", "a"], "destination": ["a", "b"],
        ...                       "people": [3, 1]})
        >>> few = Flows.from_table(table, zones=pd.Index(["a", "b"])).among(["a"])
        >>> few.special_totals.to_dict()
        {'other zones': 1.0}
        """
        wanted = pd.Index(list(zones), name="zone")
        place = self.zones.get_indexer(wanted)
        if (place < 0).any():
            lost = wanted[place < 0]
            raise InputError(f"Flows.among: {len(lost):,} are no zones here ({examples(lost)}).")
        inside = self.matrix[place][:, place]
        out = self.commuters.to_numpy()[place] - inside.sum(axis=1)
        into = self.commuters_in.to_numpy()[place] - inside.sum(axis=0)
        return Flows(
            inside,
            wanted,
            special=_added(self.special.loc[wanted], out),
            arrivals=_added(self.arrivals.loc[wanted], into),
            vintage=self.vintage,
        )

    def to_networkx(self, *, at_least: float = 1) -> nx.DiGraph[str]:
        """Give the flows as a directed graph.

        A graph of the national table takes seconds and gigabytes where the matrix takes neither;
        aggregate first, or raise `at_least`.

        Parameters
        ----------
        at_least : float, default 1
            Smallest number of people for which a pair becomes an edge. Edges left out are
            counted in the graph's attribute ``people_left_out``.

        Returns
        -------
        networkx.DiGraph
            Nodes are zones with ``employed_residents``, ``commuters``, ``commuters_in``,
            ``internal``, ``special`` and ``arrivals`` (dicts of people); edges carry ``people``.
            A flow within a zone is a loop.

        Examples
        --------
        >>> table = pd.DataFrame({"origin": ["a"], "destination": ["b"], "people": [2]})
        >>> Flows.from_table(table, zones=pd.Index(["a", "b"])).to_networkx().edges["a", "b"]
        {'people': 2.0}
        """
        from wmspatial.flows._graphs import graph_of

        return graph_of(self, at_least)

    @classmethod
    def from_networkx(
        cls, graph: nx.DiGraph[str], *, people: str = "people", vintage: int | None = None
    ) -> Flows:
        """Read flows from a directed graph, the reverse of :meth:`to_networkx`.

        Parameters
        ----------
        graph : networkx.DiGraph
            Nodes are zones, edges carry people from residence to work.
        people : str
            The edge attribute that holds people.
        vintage : int, optional
            Census year; by default the graph's attribute ``vintage``.

        Returns
        -------
        Flows
            Zones in the order of the nodes.

        Raises
        ------
        InputError
            If the graph is undirected or an edge has no such attribute.

        Examples
        --------
        >>> import networkx as nx
        >>> graph = nx.DiGraph()
        >>> graph.add_edge("a", "b", people=4)
        >>> Flows.from_networkx(graph).people
        4.0
        """
        from wmspatial.flows._graphs import flow_parts_of

        return cls(**flow_parts_of(graph, people, vintage))


def _added(block: pd.DataFrame, people: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Add people to those who are with other zones already."""
    before = block["other zones"] if "other zones" in block.columns else 0.0
    return block.assign(**{"other zones": before + people})
