"""Find the labour markets of England and Wales, time it, and hold them against the official areas.

``python benchmarks/labour_markets.py --data DIR [--louvain]``. Louvain takes a graph of the pairs
of ten people and more, both directions together: a networkx graph of all pairs needs gigabytes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.flows import Flows
from wmspatial.measures.labour_markets import adjusted_rand_index, travel_to_work_areas

LOOKUP = "official/lookups/LSOA11_TTWA11_UK.csv"
#: Who counts as working where they live, by the words that are printed.
COUNTED = {
    "at home and no fixed place": ("at home", "no fixed place"),
    "at home alone": ("at home",),
    "neither": (),
}
LEAST_PEOPLE = 10


def flows_of(folder: Path, vintage: int) -> Flows:
    """Read the national flows of one census."""
    name = {2011: "wu01ew_msoa_commuting", 2021: "odwp01ew_msoa_commuting"}[vintage]
    table = pd.read_parquet(folder / f"england_wales_{vintage}" / f"{name}.parquet")
    return Flows.from_table(table, vintage=vintage)


def official(folder: Path) -> pd.DataFrame:
    """Give each LSOA of England and Wales its MSOA and its official area of 2011."""
    lookup = pd.read_parquet(folder / "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet")
    zone = lookup.set_index("lsoa11_code")["msoa11_code"].rename("zone")
    areas = pd.read_csv(folder / LOOKUP, encoding="utf-8-sig").set_index("LSOA11CD")["TTWA11CD"]
    return zone.to_frame().join(areas.rename("official"))


def counted_at_home(flows: Flows, names: tuple[str, ...]) -> Flows:
    """Count people of some destinations as working in the zone they live in."""
    home = flows.special[list(names)].sum(axis=1).to_numpy()
    return Flows(flows.matrix + sparse.diags_array(home), flows.zones)


def held_by(flows: Flows, areas: pd.Series) -> int:
    """Count the areas that meet the published criteria."""
    whole = flows.aggregate(areas)
    contained = whole.internal / np.maximum(whole.commuters, whole.commuters_in)
    needed = np.interp(whole.commuters, [3500, 25_000], [0.75, 0.667])
    return int(((contained >= needed) & (whole.commuters >= 3500)).sum())


def louvain(flows: Flows, seed: int = 0) -> pd.Series:
    """Group the zones by Louvain on the pairs of many people, both directions together."""
    pairs = sparse.triu(flows.matrix + flows.matrix.T).tocoo()
    # The sum of both directions has a zone's own people twice.
    people = np.where(pairs.row == pairs.col, pairs.data / 2, pairs.data)
    many = people >= LEAST_PEOPLE
    graph = nx.Graph()
    graph.add_nodes_from(flows.zones)
    ends = (flows.zones[pairs.row[many]], flows.zones[pairs.col[many]])
    graph.add_weighted_edges_from(zip(*ends, people[many].tolist(), strict=True))
    groups = nx.community.louvain_communities(graph, seed=seed)
    return pd.Series({zone: number for number, group in enumerate(groups) for zone in group})


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    parser.add_argument("--louvain", action="store_true", help="compare with Louvain too")
    arguments = parser.parse_args()
    places = official(arguments.data)
    print(f"official areas of 2011 that touch England and Wales: {places['official'].nunique()}")
    whole = places.groupby("zone")["official"].agg(lambda codes: codes.mode().iloc[0])
    best = adjusted_rand_index(places["official"], places["zone"].map(whole))
    print(f"adjusted Rand index that whole MSOAs can reach: {best:.3f}")
    for vintage in (2011, 2021):
        flows = flows_of(arguments.data, vintage)
        counted = COUNTED
        if vintage == 2021:
            counted = {"at home or no fixed place": None, "neither": ()}
        for words, names in counted.items():
            start = time.perf_counter()
            found = travel_to_work_areas(flows, at_residence=names)
            line = (
                f"{vintage}, {words} where they live: {time.perf_counter() - start:.1f} s, "
                f"{len(found)} areas, {int(found.markets['criteria_hold'].sum())} meet the criteria"
            )
            if vintage == 2011:
                markets = found.to_neighbourhoods(places["zone"])
                agreement = adjusted_rand_index(places["official"], markets)
                held = held_by(counted_at_home(flows, names), whole)
                line += f", adjusted Rand {agreement:.3f}; official areas that do: {held}"
            print(line, flush=True)
        if vintage == 2011 and arguments.louvain:
            start = time.perf_counter()
            groups = louvain(flows)
            agreement = adjusted_rand_index(places["official"], places["zone"].map(groups))
            print(
                f"Louvain, pairs of {LEAST_PEOPLE} people and more: "
                f"{time.perf_counter() - start:.1f} s, {groups.nunique()} groups, "
                f"adjusted Rand {agreement:.3f}"
            )


if __name__ == "__main__":
    main()
