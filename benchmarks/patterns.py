"""Time the tests of pattern, and print the figures of ``docs/patterns.md``.

``python benchmarks/patterns.py --data DIR [--runs N] [--country] [--esda]``
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import wmspatial as wm
from wmspatial.patterns._neighbouring import graph_of
from wmspatial.patterns.autocorrelating import Autocorrelation, autocorrelation
from wmspatial.patterns.contiguity import touching
from wmspatial.patterns.join_counting import join_counts

if TYPE_CHECKING:
    from collections.abc import Callable


def timed(name: str, job: Callable[[], object], runs: int) -> None:
    """Print the seconds of the first call and the median of further ones."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    later = statistics.median(times[1:])
    print(f"{name:58} {times[0]:6.2f} s at first, {later:6.2f} s after", flush=True)


def markdown(rows: list[list[object]]) -> str:
    """Write rows, the first of them headings, as Markdown."""
    lines = [[str(cell) for cell in row] for row in rows]
    lines.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def line_of(name: str, found: Autocorrelation) -> list[object]:
    """Lay out a test in a row of the table."""
    counts = found.local["pattern"].value_counts()
    unlike = counts["Low-High"] + counts["High-Low"]
    return [
        name, f"{found.moran['areas']:,.0f}", f"{found.moran['islands']:,.0f}",
        f"{found.moran['I']:.3f}", f"{found.moran['p']:.3f}",
        f"{counts['Low-Low']:,}", f"{counts['High-High']:,}", f"{unlike:,}",
    ]  # fmt: skip


HEAD: list[object] = [
    "", "areas", "islands", "Moran’s I", "p", "low among low", "high among high", "unlike",
]  # fmt: skip


def time_west_midlands(typology: wm.Typology, runs: int) -> None:
    """Time what the West Midlands are asked for."""
    timed("autocorrelation, 999 local permutations", lambda: coarse(typology), runs)
    timed("autocorrelation, the default", lambda: autocorrelation(typology), runs)
    timed("join_counts", lambda: join_counts(typology), runs)
    timed("clusters", lambda: wm.clusters(typology), runs)
    alone = {"scenarios": False}
    timed("composition, 2,000 bootstraps", lambda: wm.composition(typology, **alone), runs)
    timed("composition, 2,000 bootstraps and scenarios", lambda: wm.composition(typology), runs)


def coarse(typology: wm.Typology) -> Autocorrelation:
    """Test with as few local permutations as is usual."""
    return autocorrelation(typology, local_permutations=999)


def tested(typology: wm.Typology) -> list[list[object]]:
    """Test neighbourhoods and zones."""
    return [
        line_of(f"{typology.vintage}, {name}", autocorrelation(typology, by=by))
        for by, name in ((None, "neighbourhoods"), ("zone", "zones"))
    ]


def west_midlands(data: Path, runs: int) -> None:
    """Time the West Midlands and print its figures, for both censuses."""
    rows, joins = [HEAD], [["", "areas", "joins", "by chance", "ratio", "p"]]
    for vintage in (2011, 2021):
        typology = wm.classify(wm.load("wmca", vintage, data_dir=data))
        if vintage == 2021:
            time_west_midlands(typology, runs)
        rows += tested(typology)
        for name, row in join_counts(typology).table.iterrows():
            joins.append(
                [f"{vintage}, {name}", f"{row['areas']:,.0f}", f"{row['joins']:,.0f}",
                 f"{row['expected']:,.0f}", f"{row['ratio']:.2f}", f"{row['p']:.3f}"]
            )  # fmt: skip
    print("\n" + markdown(rows) + "\n\n" + markdown(joins) + "\n")


def whole_country(data: Path, runs: int) -> None:
    """Time England and Wales, for both censuses."""
    rows = [HEAD]
    for vintage in (2011, 2021):
        typology = wm.classify(wm.load("england and wales", vintage, data_dir=data))
        name = f"England and Wales {vintage}"
        timed(f"{name}, autocorrelation", lambda t=typology: autocorrelation(t), runs)
        timed(f"{name}, join_counts", lambda t=typology: join_counts(t), 1)
        rows += tested(typology)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"greatest memory so far: {memory:,.0f} MB")
    print("\n" + markdown(rows) + "\n")


def esda_alone(data: Path) -> None:
    """Time esda's own permutations, which this library does not use."""
    from esda.moran import Moran_Local

    areas = wm.classify(wm.load("wmca", 2021, data_dir=data)).neighbourhoods
    graph, y = graph_of(touching(areas)), areas["connection_score"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        timed("esda’s Moran_Local, 999 permutations", lambda: Moran_Local(y, graph, seed=1), 3)
        ours = autocorrelation(areas).local["p"].to_numpy()
        theirs = Moran_Local(y, graph, permutations=9999, seed=1).p_sim
    far = np.abs(ours - np.minimum(1, 2 * theirs)).max()
    print(f"greatest difference of p from twice esda’s, 9,999 permutations: {far:.3f}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--country", action="store_true", help="England and Wales too")
    parser.add_argument("--esda", action="store_true", help="time esda's permutations too")
    arguments = parser.parse_args()
    west_midlands(arguments.data, arguments.runs)
    if arguments.country:
        whole_country(arguments.data, arguments.runs)
    if arguments.esda:
        esda_alone(arguments.data)


if __name__ == "__main__":
    main()
