"""Time accessibility, and weigh it: each run in a fresh process, loading told apart.

``python benchmarks/accessibility.py --data DIR [--runs N]``
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

#: What is loaded before the clock starts: 2021 has the 35,672 neighbourhoods.
LOADED = """
import wmspatial as wm
from wmspatial.measures import Decay, Distances, TravelTimes, cumulative_opportunities, hansen, shen
dataset = wm.load({area!r}, {vintage}, data_dir={data!r})
points = dataset.points
table = wm.classify(dataset).everywhere
jobs, workers = table["jobs"], table["employed_residents"]
"""
#: By name: study area, vintage, and the job. The scores of the West Midlands are those of one
#: classification: all labour markets that the seven authorities touch.
JOBS = {
    "Shen, all of England and Wales, 60 km": (
        "wmca", 2021, "shen(jobs, workers, Distances(points, 60.0), Decay())"),
    "Hansen, all of England and Wales, 60 km": (
        "wmca", 2021, "hansen(jobs, Distances(points, 60.0), Decay())"),
    "jobs within 5 km, all of England and Wales": (
        "wmca", 2021, "cumulative_opportunities(jobs, Distances(points, 60.0), 5.0)"),
    "classify West Midlands, share to jobs-rich": ("wmca", 2011, "wm.classify(dataset)"),
    "classify West Midlands, Shen": ("wmca", 2011, "wm.classify(dataset, connection='shen')"),
    "classify West Midlands, Hansen": ("wmca", 2011, "wm.classify(dataset, connection='hansen')"),
    "classify West Midlands, jobs within 5 km": (
        "wmca", 2011, "wm.classify(dataset, connection='cumulative')"),
}  # fmt: skip
MEASURE = """
import json, resource, time
exec({loaded!r})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start = time.perf_counter()
exec({job!r})
seconds = time.perf_counter() - start
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, before, memory]))
"""


def run(loaded: str, job: str, runs: int) -> tuple[float, float, float]:
    """Return the median seconds, and the greatest megabytes before and after."""
    results = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE.format(loaded=loaded, job=job)],
            capture_output=True,
            text=True,
            check=True,
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
    columns = list(zip(*results, strict=True))
    return statistics.median(columns[0]), max(columns[1]), max(columns[2])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    for name, (area, vintage, job) in JOBS.items():
        loaded = LOADED.format(area=area, vintage=vintage, data=arguments.data)
        seconds, before, memory = run(loaded, job, arguments.runs)
        print(f"{name:46} {seconds:6.2f} s  {memory:6.0f} MB, of which {before:.0f} loaded")


if __name__ == "__main__":
    main()
