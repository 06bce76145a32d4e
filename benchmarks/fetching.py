"""Time a fetch of 20 files from a server that answers after 200 ms, at once and one by one.

``python benchmarks/fetching.py [--runs N]``; the first has to be at least six times faster.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from fetch_fakes import address, catalogue_of, entry, examine, read, text_of
from servers import Server
from wmspatial.sources._outcomes import How, Tools
from wmspatial.sources._services import Services
from wmspatial.sources.fetching import fetch
from wmspatial.sources.http import Door
from wmspatial.sources.store import Store

FILES = 20
SECONDS = 0.2
TIMES_FASTER = 6


def run(server: Server, jobs: int) -> float:
    """Fetch everything into a new store; return the seconds."""
    catalogue = catalogue_of(
        *(entry(f"made-up-{at}", address(server.url(f"/{at}.csv"))) for at in range(FILES))
    )
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        door = Door(allow_http=True, per_host=jobs)
        outcome = fetch(
            "wmca",
            2021,
            store=Store(folder),
            catalogue=catalogue,
            how=How(jobs=jobs),
            tools=Tools(Services(door), examine, read),
        )
        seconds = time.perf_counter() - start
    assert [result.state for result in outcome.results] == ["fetched"] * FILES  # noqa: S101
    return seconds


def main() -> int:
    """Print the figures; 1 where it is not fast enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with Server(delay=SECONDS) as server:
        # Else every answer waits 40 ms more, for an acknowledgement.
        server._http.RequestHandlerClass.disable_nagle_algorithm = True  # noqa: SLF001
        for at in range(FILES):
            server.on(f"/{at}.csv", text_of(f"made-up-{at}"))
        run(server, FILES)  # so that imports are not counted
        one = statistics.median(run(server, 1) for _ in range(arguments.runs))
        many = statistics.median(run(server, How().jobs) for _ in range(arguments.runs))
    print(f"{FILES} files, answers after {SECONDS * 1000:.0f} ms, median of {arguments.runs} runs")
    print(f"one after the other  {one:6.2f} s")
    print(f"{How().jobs} at once           {many:6.2f} s, {one / many:.1f} times faster")
    return 0 if one / many >= TIMES_FASTER else 1


if __name__ == "__main__":
    raise SystemExit(main())
