"""Time the readers against bare reads of the same files, in one run, turn about.

``python benchmarks/reading.py --data DIR [--runs N]``. A reader may take 1.5 times as long as the
bare read, or half a second longer, whichever is more; all its checks are in its time. Processor
time stands beside it: on a busy machine the clock counts the others' work too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from wmspatial.sources.reading import read_official

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES, SECONDS = 1.5, 0.5
IOD = "official/iod/File_{}.csv.gz"
#: By name: the file, and how it is read without any checks.
FILES: dict[str, tuple[str, Callable[[Path], pd.DataFrame]]] = {
    "BRES 2021, Nomis export": (
        "official/jobs/bres2021_lsoa11_nomis_export.csv", lambda p: pd.read_csv(p, skiprows=7)),
    "IoD 2019, file 1": (
        IOD.format("1_-_IMD2019_Index_of_Multiple_Deprivation"),
        lambda p: pd.read_csv(p, thousands=",")),
    "IoD 2019, file 2": (IOD.format("2_-_IoD2019_Domains_of_Deprivation"), pd.read_csv),
    "IoD 2019, file 6": (
        IOD.format("6_-_IoD2019_Population_Denominators"), lambda p: pd.read_csv(p, thousands=",")),
    "IoD 2019, file 1, workbook": (
        "official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx",
        lambda p: pd.read_excel(p, sheet_name=1, engine="calamine")),
    "commuting 2021, 1.85 million pairs": (
        "england_wales_2021/odwp01ew_msoa_commuting.parquet", pd.read_parquet),
}  # fmt: skip


def turns(path: Path, bare: Callable[[Path], pd.DataFrame], runs: int) -> dict[str, float]:
    """Return the median seconds of the bare read and of the reader, and the rows."""
    times: dict[str, list[float]] = {"bare": [], "ours": [], "bare cpu": [], "ours cpu": []}
    rows = 0
    for _ in range(runs):
        for name, read in (("bare", bare), ("ours", read_official)):
            start, busy = time.perf_counter(), time.process_time()
            rows = len(read(path))
            times[name].append(time.perf_counter() - start)
            times[f"{name} cpu"].append(time.process_time() - busy)
    return {name: statistics.median(seconds) for name, seconds in times.items()} | {"rows": rows}


def main() -> int:
    """Print the figures; return 1 if one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    over = []
    for name, (file, bare) in FILES.items():
        path = arguments.data / file
        turns(path, bare, 1)  # imports and the disk's cache are in neither time
        found = turns(path, bare, arguments.runs)
        without, ours = found["bare"], found["ours"]
        limit = max(TIMES * without, without + SECONDS)
        over += [name] if ours > limit else []
        print(
            f"{name:36} {found['rows']:9,.0f} rows  bare {without:6.3f} s  ours {ours:6.3f} s  "
            f"{ours / without:5.2f} times, {ours - without:+.3f} s; may take {limit:.3f} s  "
            f"(processor {found['bare cpu']:.3f} and {found['ours cpu']:.3f} s)"
        )
    print(f"over their limit: {', '.join(over)}" if over else "all within their limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
