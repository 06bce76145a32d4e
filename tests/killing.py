"""Fetch in a process that is killed on purpose, over and over; run by test_store_killed.

``python killing.py FOLDER URL steps|moments|replacing|once`` prints, as JSON, at how many points
it was killed and everything that was then wrong with the store. Each fetch runs in a fork, so that
nothing but the fetch itself takes time.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import time
from pathlib import Path

from fetch_fakes import address, catalogue_of, entry, text_of, tools
from wmspatial.errors import WmspatialError
from wmspatial.sources._outcomes import How
from wmspatial.sources.fetching import fetch
from wmspatial.sources.store import Store

IDS = ("ts021-lsoa21", "imd2004")
ROWS = {"ts021-lsoa21": 4_000, "imd2004": 3}
_MOMENTS = 24
#: What is not a lock or a download under way.
_LASTING = r"/store/(files|manifest)"
#: What a process does to files, as Python's audit events call it.
_STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.scandir"}


def new_of(dataset: str) -> str:
    """Make up what the publisher has later on."""
    return text_of(dataset, ROWS[dataset]).replace("E00000001,1", "E00000001,7")


class Run:
    """One folder, one publisher, and everything that is wrong with them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.wrong: list[str] = []

    def fetch(self, edition: str = "", *, replace: bool = False) -> None:
        """Fetch everything."""
        entries = [
            entry(name, address(f"{self.url}{edition}/{name}.csv"), rows=ROWS[name]) for name in IDS
        ]
        fetch(
            "wmca", 2021, store=Store(self.folder), catalogue=catalogue_of(*entries),
            how=How(replace=replace, jobs=2), tools=tools(),
        )  # fmt: skip

    def forked(
        self, edition: str = "", *, replace: bool = False, kill_at: int = 0, only: str = ""
    ) -> int:
        """Begin to fetch in a fork, which kills itself at that step; say which process it is."""
        process = os.fork()
        if process:
            return process
        code = 1
        try:
            if kill_at:
                self._arm(kill_at, only)
            self.fetch(edition, replace=replace)
            code = 0
        except WmspatialError as error:
            sys.stderr.write(f"{error}\n")
        finally:
            os._exit(code)

    def _arm(self, kill_at: int, only: str) -> None:
        count = itertools.count(1)

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if event not in _STEPS:
                return
            paths = [str(path) for path in arguments[:2]]
            inside = [p for p in paths if p.startswith(str(self.folder)) and re.search(only, p)]
            if not inside or next(count) != kill_at:
                return
            if event == "open" and str(arguments[1]).startswith("w"):
                # Killed just after it was opened rather than before: it is there, and empty.
                os.truncate(os.open(paths[0], os.O_CREAT | os.O_WRONLY), 0)
            os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    def check(self, when: str, *, complete: bool) -> None:
        """Hold the store against what its manifest says of it."""
        try:
            records = Store(self.folder).records()
        except WmspatialError as error:
            self.wrong.append(f"{when}: {error}")
            return
        for key, record in records.items():
            file = Store(self.folder).file(record)
            if not file.is_file():
                self.wrong.append(f"{when}: {key} is gone")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != record.sha256:
                self.wrong.append(f"{when}: {key} has another hash")
        if complete:
            self._check_complete(when, set(records))

    def _check_complete(self, when: str, keys: set[str]) -> None:
        if keys != set(IDS):
            self.wrong.append(f"{when}: only {sorted(keys)} are there")
        files = [f for f in (self.folder / "files").rglob("*") if f.is_file()]
        if len(files) != len(IDS):
            self.wrong.append(f"{when}: {len(files)} files for {len(IDS)} records")
        partial = self.folder / "partial"
        left = [f for f in partial.rglob("*") if f.is_file()] if partial.exists() else []
        if left:
            self.wrong.append(f"{when}: left in partial: {[f.name for f in left]}")

    def go_on(self, when: str, edition: str = "", *, replace: bool = False) -> None:
        """Fetch again, to the end."""
        _, status = os.waitpid(self.forked(edition, replace=replace), 0)
        if status:
            self.wrong.append(f"{when}: going on ended with {status}")
        self.check(f"{when}, gone on", complete=True)

    def afresh(self) -> None:
        """Begin with nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def steps(self) -> int:
        """Kill before every second step that touches a file of the store, until there are no more.

        Two downloads run at once, so that the same number is not the same step each time.
        """
        for at in itertools.count(1, 2):
            self.afresh()
            _, status = os.waitpid(self.forked(kill_at=at), 0)
            if not os.WIFSIGNALED(status):
                return at // 2
            self.check(f"step {at}", complete=False)
            self.go_on(f"step {at}")
        raise AssertionError

    def replacing(self) -> int:
        """Kill at every step on a lasting file while old files give way to new ones."""
        before = Path(f"{self.folder}-before")
        self.go_on("before")
        self.folder.rename(before)
        for at in itertools.count(1):
            self.afresh()
            shutil.copytree(before, self.folder)
            _, status = os.waitpid(self.forked("/new", replace=True, kill_at=at, only=_LASTING), 0)
            if not os.WIFSIGNALED(status):
                return at - 1
            self.check(f"step {at}", complete=False)
            if set(Store(self.folder).records()) != set(IDS):
                self.wrong.append(f"step {at}: a file was lost")
            self.go_on(f"step {at}", "/new", replace=True)
            for name in IDS:
                if Store(self.folder).path(name).read_text("utf-8") != new_of(name):
                    self.wrong.append(f"step {at}: {name} is not the new one")
        raise AssertionError

    def once(self) -> int:
        """Fetch once, and let it live."""
        self.go_on("once")
        return 0

    def moments(self) -> int:
        """Kill after a while, by chance, one fetch after another in the same folder."""
        chance = random.Random(2021)  # noqa: S311 - only to be different each time
        killed = 0
        for at in range(_MOMENTS):
            if at % 3 == 0:
                self.afresh()
            process = self.forked()
            time.sleep(chance.uniform(0.0, 0.2))
            os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            killed += os.WIFSIGNALED(status)
            self.check(f"moment {at}", complete=False)
            if at % 3 == 2:
                self.go_on(f"moment {at}")
        return killed


def main() -> None:
    """Kill as often as was asked for, and print what was wrong."""
    folder, url, what = sys.argv[1:]
    # A killed process loses nothing that it has written, flushed to the disk or not.
    os.fsync = lambda _handle: None
    run = Run(Path(folder), url)
    killed = getattr(run, what)()
    sys.stdout.write(json.dumps({"killed": killed, "wrong": run.wrong}))


if __name__ == "__main__":
    main()
