"""Time 1,000 resamples of the West Midlands, and measure what the probabilities are worth.

``python benchmarks/resampling.py --data DIR [--runs N] [--censuses N]``
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import pandas as pd
from scipy import sparse

import wmspatial as wm
from wmspatial.typology._draws import draw_flows
from wmspatial.typology.resampling import resample

N = 1000
BINS = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0]


def markdown(table: pd.DataFrame) -> str:
    """Write a table as Markdown."""
    rows = [["", *map(str, table.columns)], *([str(i), *map(str, r)] for i, r in
            zip(table.index, table.to_numpy(), strict=True))]  # fmt: skip
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def seconds(typology: wm.Typology, runs: int, **options: bool) -> float:
    """Return the median seconds of several runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        resample(typology, N, **options)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def stability(typology: wm.Typology) -> pd.DataFrame:
    """Count the classes over the resamples, and how many neighbourhoods keep theirs."""
    rows = {}
    for what in ({}, {"jobs": False}, {"flows": False}):
        result = resample(typology, N, **what)
        ours = result.typology.neighbourhoods["labour_market_class"] == "Disconnected"
        p = result.probabilities["Disconnected"]
        row = result.summary().loc["Disconnected"]
        rows[result.drawn] = {
            "Disconnected": f"{int(ours.sum()):,}",
            "in nine resamples of ten": f"{row['low']:,.0f} to {row['high']:,.0f}",
            "probability 0.95 or more": f"{int((p[ours] >= 0.95).sum()):,}",
            "0.5 to 0.95": f"{int(p[ours].between(0.5, 0.95, inclusive='left').sum()):,}",
            "below 0.5": f"{int((p[ours] < 0.5).sum()):,}",
            "of other classes, 0.5 or more": f"{int((p[~ours] >= 0.5).sum()):,}",
            "keep their class on average": f"{100 * result.kept[ours].mean():.1f} %",
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def drawn(dataset: wm.Dataset, n: int, seed: int) -> list[wm.Dataset]:
    """Draw censuses with the sample's flows as the truth."""
    flows, size = dataset.flows, len(dataset.flows)
    parts = [draw_flows(flows, zone, n, seed) for zone in range(size)]
    row = np.repeat(np.arange(size), [len(to) for to, _ in parts])
    column = np.concatenate([to for to, _ in parts])
    people = np.hstack([counts for _, counts in parts])
    return [
        wm.Dataset(
            dataset.neighbourhood_areas[["geometry"]],
            wm.Flows(sparse.csr_array((people[i], (row, column)), shape=(size, size)),
                     flows.zones, special=flows.special, vintage=2011),
            dataset.neighbourhoods,
            ranked_areas=dataset.ranked_areas,
        )
        for i in range(n)
    ]  # fmt: skip


def reliability(censuses: int) -> pd.DataFrame:
    """Hold probabilities against the truth that a census was drawn from, and a second census."""
    sample = wm.load_sample()

    def disconnected(dataset: wm.Dataset) -> np.ndarray:
        frame = wm.classify(dataset).neighbourhoods
        return (frame["labour_market_class"] == "Disconnected").to_numpy()

    truth = disconnected(sample)
    stated, true, again = [], [], []
    for i, census in enumerate(drawn(sample, censuses, 100)):
        result = resample(wm.classify(census), 200, i, jobs=False)
        stated.append(result.probabilities["Disconnected"].to_numpy())
        true.append(truth)
        again.append(disconnected(drawn(sample, 1, 1000 + i)[0]))
    table = pd.DataFrame(
        {"stated": np.concatenate(stated), "true": np.concatenate(true),
         "again": np.concatenate(again)}
    ).astype(float)  # fmt: skip
    groups = table.groupby(pd.cut(table["stated"], BINS, include_lowest=True), observed=True)
    means = (100 * groups.mean()).round(1).astype(str) + " %"
    means.insert(0, "cases", [f"{n:,}" for n in groups.size()])
    means.index = [f"{max(i.left, 0):g} to {i.right:g}" for i in means.index]
    return means.rename(
        columns={
            "stated": "probability on average",
            "true": "disconnected in truth",
            "again": "disconnected in a second census",
        }
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--censuses", type=int, default=30)
    arguments = parser.parse_args()
    typologies = {
        f"West Midlands {vintage}": wm.classify(wm.load("wmca", vintage, data_dir=arguments.data))
        for vintage in (2011, 2021)
    }
    for name, typology in (typologies | {"sample": wm.classify(wm.load_sample())}).items():
        print(f"{name}: {N:,} resamples {seconds(typology, arguments.runs):.1f} s")
    for name, typology in typologies.items():
        print(f"\n<!-- {name} -->\n{markdown(stability(typology))}")
    print(f"\n<!-- reliability -->\n{markdown(reliability(arguments.censuses))}")


if __name__ == "__main__":
    main()
