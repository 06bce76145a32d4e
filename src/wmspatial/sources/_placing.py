"""Move files into a store and out of it, so that no path leads anywhere else."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from wmspatial.sources._manifest import Record
    from wmspatial.sources.store import Store

_HASH_SHOWN: Final = 12


def to_disk(file: Path) -> None:
    """Bring a file's content to the disk before anything names it."""
    try:
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror or error}).") from error


def place_of(record: Record) -> str:
    """Say where a file goes: the hash is in it, so no file is ever written over."""
    name = re.sub(r"[^\w.()+-]+", "_", record.path.replace("\\", "/").split("/")[-1]).strip("._")
    return f"files/{record.dataset}/{record.sha256[:_HASH_SHOWN]}/{name[-100:] or 'data'}"


def move_in(folder: Path, content: Path, record: Record) -> None:
    """Move a file to its place; nothing names it yet."""
    target = folder / record.path
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise OutputError(
            f"{target.parent}: a link there leads out of the store. Remove it and try again."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        content.replace(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error}).") from error


def discard(store: Store, record: Record, records: Mapping[str, Record]) -> None:
    """Delete a file that the manifest no longer names; never one that lies elsewhere."""
    named = any(record.path == other.path for other in records.values())
    if named or record.adopted or not record.path.startswith("files/"):
        return
    try:
        file = store.file(record)
        file.unlink(missing_ok=True)
        file.parent.rmdir()
    except (OSError, InputError):
        return  # held open by another process, or not alone: tidying takes it another time
