"""Time the main job, and weigh it: files on disk to saved page, each run in a fresh process.

``python benchmarks/spine.py --data DIR [--runs N]``
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

#: Each job runs alone in a process, from the first import to the last byte.
PANDAS = "import pandas"
IMPORT = "import pandas, wmspatial"
PAGE = """
import wmspatial as wm
t = wm.classify(wm.load("wmca", 2021, data_dir={data!r}))
wm.save_html(wm.disconnection_map(t), {out!r})
"""
NATION = """
import wmspatial as wm
wm.classify(wm.load("england and wales", 2021, data_dir={data!r})).frame
"""
MEASURE = """
import json, resource, time
start = time.perf_counter()
exec({job!r})
seconds = time.perf_counter() - start
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, memory]))
"""


def run(job: str, runs: int) -> tuple[float, float]:
    """Return the median seconds and the greatest megabytes of several runs."""
    results = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE.format(job=job)],
            capture_output=True,
            text=True,
            check=True,
        )
        results.append(json.loads(done.stdout.splitlines()[-1]))
    return statistics.median(r[0] for r in results), max(r[1] for r in results)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        jobs = {
            "import pandas": PANDAS,
            "import pandas, wmspatial": IMPORT,
            "West Midlands 2021, files to page": PAGE.format(data=arguments.data, out=str(page)),
            "England and Wales 2021, files to frame": NATION.format(data=arguments.data),
        }
        base = None
        for name, job in jobs.items():
            seconds, megabytes = run(job, arguments.runs)
            base = base or seconds
            print(
                f"{name:40} {seconds:6.2f} s  {seconds / base:5.1f} x pandas  {megabytes:6.0f} MB"
            )
        print(f"{'page for the West Midlands 2021':40} {page.stat().st_size / 1e3:6.0f} kB")


if __name__ == "__main__":
    main()
