"""Locks between processes and threads; the system frees them when a process dies."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wmspatial.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def hold(
    folder: Path, name: str, *, seconds: float = -1, stop: Callable[[], bool] = lambda: False
) -> Iterator[bool]:
    """Hold a lock of a store.

    Parameters
    ----------
    folder : Path
        The store.
    name : str
        What is locked.
    seconds : float
        How long to wait; -1 for as long as it takes.
    stop : callable
        Asked while waiting; True ends the wait.

    Yields
    ------
    bool
        Whether it is held; False where the wait ended before.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    import filelock

    path = folder / "locks" / f"{name}.lock"
    # Not shared between threads: each has its own, so that threads wait for each other as well.
    lock = filelock.FileLock(path, thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds, poll_interval=0.005, cancel_check=stop)
        held = True
    except filelock.Timeout:
        held = False
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be written to ({error.strerror or error}). Name another folder with "
            "--data or WMSPATIAL_DATA."
        ) from error
    try:
        yield held
    finally:
        if held:
            lock.release()


def slug_of(key: str) -> str:
    """Turn a record's key into a file name that no other key has."""
    plain = re.sub(r"[^a-z0-9]+", "-", key.casefold()).strip("-")[:60]
    return f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
