"""Flows as a networkx graph, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

    from wmspatial.flows._flows import Flows


def graph_of(flows: Flows, at_least: float) -> nx.DiGraph[str]:
    """Build the graph that :meth:`Flows.to_networkx` returns."""
    import networkx as nx

    coo = flows.matrix.tocoo()
    keep = coo.data >= max(at_least, np.finfo(float).tiny)
    graph: nx.DiGraph[str] = nx.DiGraph(
        vintage=flows.vintage,
        beyond=flows.beyond,
        people_left_out=float(coo.data[~keep].sum()),
    )
    totals = pd.concat(
        [flows.employed_residents, flows.commuters, flows.commuters_in, flows.internal], axis=1
    ).to_dict("records")
    special = flows.special.to_dict("records") or [{}] * len(flows)
    arrivals = flows.arrivals.to_dict("records") or [{}] * len(flows)
    for zone, row, out, into in zip(flows.zones, totals, special, arrivals, strict=True):
        graph.add_node(zone, **{str(k): v for k, v in row.items()}, special=out, arrivals=into)
    zones = flows.zones.to_numpy()
    graph.add_edges_from(
        (o, d, {"people": float(n)})
        for o, d, n in zip(zones[coo.row[keep]], zones[coo.col[keep]], coo.data[keep], strict=True)
    )
    return graph


def flow_parts_of(graph: nx.DiGraph[str], people: str, vintage: int | None) -> dict[str, Any]:
    """Take the parts of a :class:`Flows` out of a graph."""
    if not graph.is_directed():
        raise InputError(
            "Flows.from_networkx: the graph has no direction; expected a DiGraph with edges from "
            "residence to work."
        )
    zones = pd.Index([str(node) for node in graph.nodes], name="zone")
    place = {node: i for i, node in enumerate(graph.nodes)}
    edges = list(graph.edges(data=people))
    bare = [(o, d) for o, d, n in edges if n is None]
    if bare:
        raise InputError(
            f"Flows.from_networkx: {len(bare):,} edges have no attribute {people!r}, "
            f"{bare[0][0]} to {bare[0][1]} the first. Name the attribute with people=."
        )
    rows = [place[o] for o, _, _ in edges]
    columns = [place[d] for _, d, _ in edges]
    data = [float(n) for _, _, n in edges]

    def block(name: str) -> pd.DataFrame:
        records = [graph.nodes[node].get(name, {}) for node in graph.nodes]
        return pd.DataFrame(records, index=zones).fillna(0.0)

    return {
        "matrix": sparse.csr_array((data, (rows, columns)), shape=(len(zones), len(zones))),
        "zones": zones,
        "special": block("special"),
        "arrivals": block("arrivals"),
        "beyond": graph.graph.get("beyond", 0.0),
        "vintage": vintage if vintage is not None else graph.graph.get("vintage"),
    }
