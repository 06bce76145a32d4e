"""A fetch killed at any moment leaves a good store, and the next one completes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fetch_fakes import text_of
from killing import IDS, ROWS, new_of
from servers import Answer, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes to kill are forks")
SCRIPT = Path(__file__).with_name("killing.py")


@pytest.fixture
def server() -> Iterator[Server]:
    """Play publishers, before and after their files changed."""
    with Server() as running:
        for name in IDS:
            same = {"etag": f'"{name}"', "ranges": True}
            running.on(f"/{name}.csv", Answer(text_of(name, ROWS[name]), **same))
            running.on(f"/new/{name}.csv", Answer(new_of(name), **same))
        yield running


def begin(server: Server, folder: Path, what: str) -> subprocess.Popen[str]:
    """Begin with fetches in a process of their own."""
    return subprocess.Popen(
        [sys.executable, SCRIPT, folder / "store", server.url(""), what],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"no_proxy": "127.0.0.1"},
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for its end, and say what it found."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    result: dict[str, Any] = json.loads(out)
    return result


def killed(server: Server, folder: Path, what: str) -> dict[str, Any]:
    """Run fetches that are killed."""
    return ended(begin(server, folder, what))


def test_three_processes_at_once_fetch_everything_once(server: Server, tmp_path: Path) -> None:
    server.delay = 0.5
    processes = [begin(server, tmp_path, "once") for _ in range(3)]
    assert [ended(process) for process in processes] == [{"killed": 0, "wrong": []}] * 3
    assert server.count() == len(IDS)


def test_killed_before_a_step_on_a_file_the_store_is_good_and_goes_on(
    server: Server, tmp_path: Path
) -> None:
    result = killed(server, tmp_path, "steps")
    assert result["wrong"] == []
    assert result["killed"] > 25


def test_killed_while_files_are_replaced_each_is_the_old_one_or_the_new_one(
    server: Server, tmp_path: Path
) -> None:
    result = killed(server, tmp_path, "replacing")
    assert result["wrong"] == []
    assert result["killed"] > 15


def test_killed_at_moments_of_chance_the_store_is_good_and_goes_on(
    server: Server, tmp_path: Path
) -> None:
    for name in IDS:
        slow = Answer(
            text_of(name, ROWS[name]), etag=f'"{name}"', ranges=True, drip=(8_000, 0.02), delay=0.05
        )
        server.on(f"/{name}.csv", slow)
    result = killed(server, tmp_path, "moments")
    assert result["wrong"] == []
    assert result["killed"] >= 18
