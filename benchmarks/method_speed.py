"""Time the method once the data is loaded: one classification, 72 scenarios.

``python benchmarks/method_speed.py --data DIR``; resampling, accessibility and labour markets have
benchmarks of their own.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING, Any

import wmspatial as wm

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(job: Callable[[], Any], runs: int) -> float:
    """Return the median of several runs."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    nation = wm.load("england and wales", 2021, data_dir=arguments.data)
    region = wm.classify(wm.load("wmca", 2021, data_dir=arguments.data))
    # Points are read when distances are first asked for: part of the first run, not of the others.
    jobs = {
        "England and Wales: one classification": lambda: wm.classify(nation),
        "West Midlands: one classification": lambda: wm.classify(region.dataset),
        "West Midlands: 72 scenarios": region.sensitivity,
        "West Midlands: residential typology": lambda: wm.classify_residential(region.dataset),
    }
    for name, job in jobs.items():
        print(f"{name:40} {seconds(job, arguments.runs):6.2f} s")


if __name__ == "__main__":
    main()
