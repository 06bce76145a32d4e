"""Write a file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wmspatial.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_whole(to: Path, parts: Iterable[bytes]) -> tuple[int, str]:
    """Write parts to a file that appears when it is complete.

    Parameters
    ----------
    to : Path
        The file; one that is there is replaced.
    parts : iterable of bytes
        What to write. If it raises, nothing is left behind.

    Returns
    -------
    size : int
        Bytes written.
    sha256 : str
        Their hash, hexadecimal.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    except OSError as error:
        raise OutputError(f"{to}: cannot be written ({error.strerror}).") from None
    size, digest = 0, hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                try:
                    file.write(part)
                except OSError as error:
                    raise OutputError(f"{to}: cannot be written ({error.strerror}).") from None
                size += len(part)
                digest.update(part)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(to)
    except OSError as error:
        if isinstance(error, OutputError) or error.strerror is None:
            raise
        raise OutputError(f"{to}: cannot be written ({error.strerror}).") from None
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)
    return size, digest.hexdigest()
