"""Clear away what killed processes left in a store."""

from __future__ import annotations

import re
import shutil
import time
from typing import TYPE_CHECKING, Final

from wmspatial.sources._locking import hold, slug_of
from wmspatial.sources._manifest import NAME

if TYPE_CHECKING:
    from pathlib import Path

    from wmspatial.sources.store import Store

OURS: Final = re.compile(r"[0-9a-f]{12}")
_FORGOTTEN_AFTER: Final = 14 * 24 * 3600.0


def tidy(store: Store) -> list[str]:
    """Remove what killed processes left, but not what can be resumed.

    A file under ``files/`` that the manifest does not name was moved into place by a process that
    died before it could say so; it comes again with the next fetch. Downloads under way stay for
    two weeks.

    Parameters
    ----------
    store : Store
        The store; nothing happens where there is none.

    Returns
    -------
    list of str
        What was removed, relative to the folder.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    if not store.manifest.is_file():
        return []
    removed: list[Path] = []
    with store.changing():
        records = store.records()
        named = {store.folder / record.path for record in records.values()}
        root = store.folder.resolve()
        for file in sorted((store.folder / "files").glob("*/*/*")):
            ours = OURS.fullmatch(file.parent.name) and file.resolve().is_relative_to(root)
            if file not in named and ours and file.is_file():
                file.unlink(missing_ok=True)
                removed.append(file)
                if not any(file.parent.iterdir()):
                    file.parent.rmdir()
        store.manifest.with_name(f"{NAME}.new").unlink(missing_ok=True)
    done = {slug_of(key) for key, record in records.items() if store.sound(record)}
    for folder in sorted((store.folder / "partial").glob("*")):
        with hold(store.folder, folder.name, seconds=0) as held:
            # Where it is not held, another process has this download under way.
            if held and folder.is_dir() and (folder.name in done or _forgotten(folder)):
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return [path.relative_to(store.folder).as_posix() for path in removed]


def _forgotten(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime > _FORGOTTEN_AFTER
