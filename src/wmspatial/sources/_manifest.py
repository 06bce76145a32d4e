"""The list of a store's files: what it has to hold, how it is read and written."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError, OutputError, examples

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME: Final = "manifest.json"
_FORMAT: Final = "wmspatial store"
_VERSION: Final = 1
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
#: Keys that hold lists of texts, and keys that hold whole numbers; all others hold a text.
_LISTS: Final = ("columns", "notes", "areas")
_NUMBERS: Final = ("bytes", "rows")


class NewerManifestError(InputError):
    """The list of a store's files was written by a newer version, which knows what it means."""


@dataclass(frozen=True)
class Record:
    """One file of the store.

    Attributes
    ----------
    dataset : str
        Id of the data set in the catalogue.
    part : str
        Empty where the file is the whole data set, else which part of it, as
        ``"West Midlands Combined Authority"``.
    path : str
        Relative to the store's folder, with forward slashes; absolute where the file was adopted
        and lies elsewhere.
    sha256 : str
        Hash of the file, hexadecimal.
    bytes, rows : int
        Its size, and the rows that it holds.
    columns : tuple of str
        The columns that it is read into.
    fetched : str
        When it came into the store, ISO date and time, UTC.
    url : str
        Where it came from; empty where it was adopted.
    notes : tuple of str
        What was noticed when it came.
    areas : tuple of str
        For a part, the authorities that it was fetched for.

    Examples
    --------
    >>> Record("ts021-lsoa21", "", "files/x.csv", "0" * 64, 10, 1, ("code",), "", "").key
    'ts021-lsoa21'
    """

    dataset: str
    part: str
    path: str
    sha256: str
    bytes: int
    rows: int
    columns: tuple[str, ...]
    fetched: str
    url: str
    notes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the store calls it: the data set, with the part behind a colon."""
        return key_of(self.dataset, self.part)

    @property
    def adopted(self) -> bool:
        """Whether the file lies outside the store."""
        return Path(self.path).is_absolute()


def key_of(dataset: str, part: str = "") -> str:
    """Name a data set, or a part of one, as the manifest does."""
    return f"{dataset}: {part}" if part else dataset


def read_manifest(file: Path) -> dict[str, Record]:
    """Read the manifest of a store.

    Parameters
    ----------
    file : Path
        The manifest.

    Returns
    -------
    dict of str to Record
        By key, in the order of the keys.

    Raises
    ------
    InputError
        If it is no manifest, or a record of it cannot be trusted; every fault is named.
    NewerManifestError
        If a newer version of the library wrote it.
    """
    try:
        raw = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are both
        raise _damaged(file, [f"not JSON ({error})"]) from error
    except OSError as error:
        raise _damaged(file, [f"it cannot be read ({error.strerror})"]) from error
    if not isinstance(raw, dict) or raw.get("format") != _FORMAT:
        raise _damaged(file, [f"'format' is not {_FORMAT!r}"])
    found = raw.get("version")
    if type(found) is int and found > _VERSION:
        raise NewerManifestError(
            f"{file}: a newer wmspatial wrote this list of the store's files (version {found}; "
            f"this one reads version {_VERSION}). Nothing is wrong with it: update wmspatial with "
            "'pip install --upgrade wmspatial', or name another folder with --data or "
            "WMSPATIAL_DATA."
        )
    if found != _VERSION:
        raise _damaged(file, [f"'version' is {found!r}, this wmspatial reads version {_VERSION}"])
    listed = raw.get("files")
    if not isinstance(listed, list):
        raise _damaged(file, ["'files' is not a list"])
    faults = [f"file {at}: {fault}" for at, one in enumerate(listed, 1) for fault in _wrong(one)]
    if faults:
        raise _damaged(file, faults)
    records = [_record(one) for one in listed]
    twice = [key for key, count in Counter(r.key for r in records).items() if count > 1]
    if twice:
        raise _damaged(file, [f"{key!r} stands twice" for key in sorted(twice)])
    return {record.key: record for record in sorted(records, key=lambda r: r.key)}


def _damaged(file: Path, faults: list[str]) -> InputError:
    return InputError(
        f"{file}: the list of the store's files is damaged: {examples(faults, 3)}. The files "
        "themselves may be well: 'wmspatial data verify --rebuild' makes the list anew from them; "
        "what was adopted has to be adopted again."
    )


def _wrong(one: object) -> list[str]:
    """Say all that is wrong with one record of the manifest."""
    if not isinstance(one, dict):
        return ["not a table of keys and values"]
    faults = []
    for name in (f.name for f in fields(Record)):
        value = one.get(name)
        if name in _LISTS:
            good = isinstance(value, list) and all(isinstance(text, str) for text in value)
        elif name in _NUMBERS:
            good = type(value) is int and value >= 0
        else:
            good = isinstance(value, str)
        if not good:
            faults.append(f"{name!r} is {str(value)[:40]!r}")
    if faults:
        return faults
    if not _ID.fullmatch(one["dataset"]):
        faults.append(f"'dataset' is {one['dataset'][:40]!r}")
    if not _HASH.fullmatch(one["sha256"]):
        faults.append(f"'sha256' is {one['sha256'][:40]!r}, no 64 hexadecimal digits")
    if leaves(one["path"]):
        faults.append(f"'path' {one['path'][:80]!r} leads out of the folder")
    return faults


def leaves(path: str) -> bool:
    """Whether a path of a manifest leads out of the folder, as text; links are another matter.

    An absolute path of this system is an adopted file, and is said to lie elsewhere.
    """
    if Path(path).is_absolute():
        return False
    windows = PureWindowsPath(path)
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return not parts or bool(windows.drive or windows.root) or ".." in parts or "\0" in path


def _record(one: dict[str, Any]) -> Record:
    names = [f.name for f in fields(Record)]
    values: dict[str, Any] = {n: tuple(one[n]) if n in _LISTS else one[n] for n in names}
    return Record(**values)


def write_manifest(file: Path, records: Iterable[Record]) -> None:
    """Write the manifest whole or not at all; the caller holds the lock.

    Its content is on the disk before its name is. Folders are not flushed: file systems with a
    journal keep renames in order, so a manifest never comes before the files that it names.

    Parameters
    ----------
    file : Path
        The manifest.
    records : iterable of Record
        What it has to list.

    Raises
    ------
    OutputError
        If it cannot be written; the manifest is then as before.
    """
    listed = [asdict(record) for record in sorted(records, key=lambda r: r.key)]
    text = json.dumps({"format": _FORMAT, "version": _VERSION, "files": listed}, indent=1,
                      ensure_ascii=False)  # fmt: skip
    new = file.with_name(f"{NAME}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror or error}).") from error
