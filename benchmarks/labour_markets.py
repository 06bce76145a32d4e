"""Find the labour markets of England and Wales, time it, and hold them against the official areas.

``python benchmarks/labour_markets.py --data DIR [--louvain] [--classes] [--seeds] [--map FILE]``.
Leiden is igraph's (``pip install 'wmspatial[communities]'``), Louvain networkx's, with a graph of
two gigabytes; pairs of ten people and more make it smaller. ``--classes`` says instead what the
labour market does to the classes of the West Midlands, ``--map`` draws where found markets differ.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import wmspatial as wm
from wmspatial.measures.communities import flow_communities
from wmspatial.measures.given_markets import measure_labour_markets
from wmspatial.measures.labour_markets import LabourMarkets, travel_to_work_areas
from wmspatial.patterns.market_comparing import compare_labour_markets

if TYPE_CHECKING:
    from collections.abc import Callable

#: Who counts as working where they live, by the words that are printed. By default both those at
#: home and those of no fixed place, who in 2021 are one number.
COUNTED: dict[str, Any] = {"": None, ", home alone": ("at home",), ", none at home": ()}
LEAST_PEOPLE = 10
ROWS = (
    "markets", "criteria hold", "smaller side", "live and work", "Rand", "one official",
    "same people", "seconds",
)  # fmt: skip
CLASSES = (
    "markets", "disconnected", "residents there", "connected", "other classes than official",
)  # fmt: skip


def timed(find: Callable[[], LabourMarkets]) -> tuple[LabourMarkets, float, float]:
    """Run, and say how long it took, of the processor and by the clock."""
    clock, busy = time.perf_counter(), time.process_time()
    found = find()
    return found, time.process_time() - busy, time.perf_counter() - clock


def told(found: LabourMarkets, dataset: wm.Dataset, seconds: float | None = None) -> list[str]:
    """Write what one way of making labour markets gives, in the order of the rows."""
    table = found.markets
    side = table[["supply_side", "demand_side"]].min(axis=1).median()
    cells = [
        f"{len(found):,}", f"{int(table['criteria_hold'].sum()):,}", f"{100 * side:.0f} %",
        f"{100 * table['live_and_work'].sum() / table['workers'].sum():.0f} %",
    ]  # fmt: skip
    n = compare_labour_markets(found, dataset).numbers
    return [
        *cells, f"{n['adjusted_rand']:.3f}", f"{n['matched']:.0f}",
        f"{100 * n['same_people']:.0f} %", "" if seconds is None else f"{seconds:.1f}",
    ]  # fmt: skip


def counted_of(vintage: int) -> dict[str, Any]:
    """Name whom one can count as working where they live."""
    return {
        words: names for words, names in COUNTED.items() if vintage == 2011 or names != ("at home",)
    }


def ways(flows: wm.Flows, vintage: int, *, louvain: bool) -> dict[str, Callable[[], LabourMarkets]]:
    """Name the ways of finding labour markets."""
    found: dict[str, Callable[[], LabourMarkets]] = {}
    for words, names in counted_of(vintage).items():
        found[f"Found{words}"] = lambda names=names: travel_to_work_areas(flows, at_residence=names)
    found["Leiden"] = lambda: flow_communities(flows, method="leiden")
    for resolution in (2.0, 4.0):
        found[f"Leiden, resolution {resolution:g}"] = lambda r=resolution: flow_communities(
            flows, method="leiden", resolution=r
        )
    few = {"least_people": LEAST_PEOPLE}
    pairs = f"pairs of {LEAST_PEOPLE}"
    found[f"Leiden, {pairs}"] = lambda: flow_communities(flows, method="leiden", **few)
    if louvain:
        found["Louvain"] = lambda: flow_communities(flows)
        found[f"Louvain, {pairs}"] = lambda: flow_communities(flows, **few)
    return found


def compare_ways(folder: Path, *, louvain: bool) -> None:
    """Print a table for each census."""
    for vintage in (2011, 2021):
        dataset = wm.load("wmca", vintage, data_dir=folder)
        print(f"\n| England and Wales, {vintage} | {' | '.join(ROWS)} |")
        print(f"|{' --- |' * (len(ROWS) + 1)}")
        table = dataset.neighbourhoods
        for words, names in counted_of(vintage).items():
            official = measure_labour_markets(
                dataset.flows, table["labour_market"], zone_of=table["zone"],
                people=table["residents"], at_residence=names,
            )  # fmt: skip
            cells = told(official, dataset)
            print(f"| Official{words} | {' | '.join(cells)} |")
        clock = {}
        for name, find in ways(dataset.flows, vintage, louvain=louvain).items():
            found, seconds, clock[name] = timed(find)
            print(f"| {name} | {' | '.join(told(found, dataset, seconds))} |", flush=True)
        print("\nBy the clock:", "; ".join(f"{name} {s:.1f} s" for name, s in clock.items()))


def classes(folder: Path) -> None:
    """Print the classes of the West Midlands under each kind of labour market."""
    for vintage in (2011, 2021):
        dataset = wm.load("wmca", vintage, data_dir=folder)
        zone = dataset.neighbourhoods["zone"]
        columns = {
            "found": travel_to_work_areas(dataset.flows).to_neighbourhoods(zone),
            "Leiden": flow_communities(dataset.flows, method="leiden").to_neighbourhoods(zone),
        }
        own = copy.copy(dataset)
        own.neighbourhoods = dataset.neighbourhoods.assign(**columns)
        official = wm.classify(own).frame["labour_market_class"].astype(str)
        print(f"\n| West Midlands, {vintage} | {' | '.join(CLASSES)} |")
        print(f"|{' --- |' * (len(CLASSES) + 1)}")
        for name, column in {
            "Official": "labour_market", "Found": "found", "Leiden": "Leiden",
            "The study area as one": "study area",
        }.items():  # fmt: skip
            frame = wm.classify(own, labour_market=column).frame
            now = frame["labour_market_class"].astype(str)
            lost = now == "Disconnected"
            markets = 1 if column == "study area" else frame[column].nunique()
            print(
                f"| {name} | {markets} | {lost.sum():,} | "
                f"{frame.loc[lost, 'residents'].sum():,.0f} | {(now == 'Connected').sum():,} | "
                f"{(now != official).sum():,} |"
            )


def over_seeds(folder: Path) -> None:
    """Print how far Leiden's agreement with the official areas hangs on the seed, in 2011."""
    dataset = wm.load("wmca", 2011, data_dir=folder)
    table = dataset.neighbourhoods
    for least, many in ((LEAST_PEOPLE, 20), (1, 5)):
        rand = []
        for seed in range(many):
            found = flow_communities(
                dataset.flows, method="leiden", seed=seed, least_people=least
            ).to_neighbourhoods(table["zone"])
            rand.append(wm.adjusted_rand_index(table["labour_market"], found))
        print(f"Leiden, pairs of {least}, {many} seeds: {min(rand):.3f} to {max(rand):.3f}")


def draw(folder: Path, path: Path) -> None:
    """Draw where the markets found with the flows of 2011 differ from the official ones."""
    dataset = wm.load("wmca", 2011, data_dir=folder)
    found = compare_labour_markets(travel_to_work_areas(dataset.flows), dataset)
    print(found.summary_text())
    title = "Labour markets found from the flows of 2011, against the official areas"
    frame = found.to_frame(dataset.areas)
    wm.map_figure(frame, "agreement", title=title, patterns=True, label="Labour market").save(path)


def reach(folder: Path) -> None:
    """Print how near whole MSOAs can come to the official areas."""
    table = wm.load("wmca", 2011, data_dir=folder).neighbourhoods
    mode = table.groupby("zone")["labour_market"].agg(lambda codes: codes.mode().iloc[0])
    best = wm.adjusted_rand_index(table["labour_market"], table["zone"].map(mode))
    print(f"adjusted Rand index that whole MSOAs can reach: {np.floor(1000 * best) / 1000:.3f}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    parser.add_argument("--louvain", action="store_true", help="Louvain too, which takes a while")
    parser.add_argument("--classes", action="store_true", help="what it does to the classes")
    parser.add_argument("--seeds", action="store_true", help="how far Leiden hangs on the seed")
    parser.add_argument("--map", type=Path, metavar="FILE", help="draw the differences")
    arguments = parser.parse_args()
    if arguments.classes:
        classes(arguments.data)
    elif arguments.seeds:
        over_seeds(arguments.data)
    elif arguments.map:
        draw(arguments.data, arguments.map)
    else:
        reach(arguments.data)
        compare_ways(arguments.data, louvain=arguments.louvain)


if __name__ == "__main__":
    main()
