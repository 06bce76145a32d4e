"""Check every file of a store, and make its manifest anew from the files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wmspatial.errors import InputError, MissingFileError, OutputError, WmspatialError
from wmspatial.sources._contents import examine as by_content
from wmspatial.sources._contents import rows_amiss
from wmspatial.sources._manifest import NewerManifestError, Record, write_manifest
from wmspatial.sources._tidying import OURS
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from wmspatial.sources._contents import Examine
    from wmspatial.sources.catalogue import Entry
    from wmspatial.sources.store import Store

_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """What checking one file found.

    Attributes
    ----------
    record : Record
        What the manifest says of it.
    faults : tuple of str
        What is wrong; empty where it is as the manifest says.
    remarks : tuple of str
        What is not wrong but has to be known.
    """

    record: Record
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def verify(
    store: Store, catalogue: Mapping[str, Entry], examine: Examine = by_content
) -> Iterator[Finding]:
    """Check every file: there, of the same hash, the same rows and the same columns.

    Parameters
    ----------
    store : Store
        The store.
    catalogue : mapping of str to Entry
        The data sets, for the rows that are expected.
    examine : callable
        What finds out what a file holds.

    Yields
    ------
    Finding
        One a file, in the order of the manifest.

    Raises
    ------
    InputError
        If the manifest is damaged.

    Examples
    --------
    >>> from wmspatial.sources.store import Store
    >>> list(verify(Store("no-such-folder"), {}))
    []
    """
    for record in store.records().values():
        faults = _faults_of_bytes(store, record)
        remarks: tuple[str, ...] = ()
        if not faults:
            faults, remarks = _compare(store.file(record), record, catalogue, examine)
        yield Finding(record, tuple(faults), remarks)


def _faults_of_bytes(store: Store, record: Record) -> list[str]:
    try:
        file = store.file(record)
        if not file.is_file():
            return ["gone" if not record.adopted else f"gone from {file.parent}"]
        size, found = file.stat().st_size, sha256(file)
    except InputError as error:
        return [str(error)]
    except OSError as error:
        return [f"cannot be read ({error.strerror or error})"]
    if found == record.sha256:
        return []
    when = f"since it was {'adopted' if record.adopted else 'fetched'} on {record.fetched[:10]}"
    bytes_too = f", {record.bytes:,} bytes then, {size:,} now" if size != record.bytes else ""
    return [f"changed {when} (hash {record.sha256[:_SHOWN]} then, {found[:_SHOWN]} now{bytes_too})"]


def _compare(
    file: Path, record: Record, catalogue: Mapping[str, Entry], examine: Examine
) -> tuple[list[str], tuple[str, ...]]:
    """Hold what the file holds against the manifest, and its rows against the catalogue."""
    try:
        found = examine(file, record.dataset)
    except WmspatialError as error:
        return [f"cannot be read as {record.dataset}: {error}"], ()
    faults = []
    if found.dataset != record.dataset:
        faults.append(f"holds {found.dataset}, not {record.dataset}")
    if found.rows != record.rows:
        faults.append(f"{found.rows:,} rows, the manifest says {record.rows:,}")
    if found.columns != record.columns:
        lost = [name for name in record.columns if name not in found.columns]
        more = [name for name in found.columns if name not in record.columns]
        faults.append(f"other columns (without {lost or 'none'}, with {more or 'none'} more)")
    odd = "" if record.part else rows_amiss(found, catalogue.get(record.dataset))
    if odd and found.rows < (catalogue[record.dataset].rows or 0):
        return [*faults, odd], ()
    return faults, (odd,) if odd else ()


def rebuild(store: Store, examine: Examine = by_content) -> tuple[list[Record], list[str]]:
    """Make a manifest anew from the files of a store, each recognised by its content.

    The damaged manifest is kept beside it. Files that were adopted are not found again, and where
    and when a file was fetched is no longer known.

    Parameters
    ----------
    store : Store
        The store.
    examine : callable
        What finds out what a file holds.

    Returns
    -------
    records : list of Record
        What the new manifest names.
    faults : list of str
        Files that were left out, and why.

    Raises
    ------
    InputError
        If the manifest is not damaged, or only newer than what can be read.
    MissingFileError
        If there is no store.
    OutputError
        If it cannot be written.
    """
    _refuse_well(store)
    with store.changing():
        records: dict[str, Record] = {}
        faults: list[str] = []
        files = [f for f in (store.folder / "files").glob("*/*/*") if OURS.fullmatch(f.parent.name)]
        for file in sorted(files, key=lambda f: (f.stat().st_mtime, f)):
            shown = file.relative_to(store.folder).as_posix()
            try:
                record = _record_of(file, shown, examine)
            except (WmspatialError, OSError) as error:
                faults.append(f"{shown}: {error}")
                continue
            if record.key in records:
                faults.append(f"{records[record.key].path}: an older one of {record.key}")
            records[record.key] = record
        _set_aside(store.manifest)
        write_manifest(store.manifest, records.values())
    return list(records.values()), faults


def _refuse_well(store: Store) -> None:
    if not store.exists():
        raise MissingFileError(f"{store.folder}: there is no store there, so nothing to rebuild.")
    try:
        store.records()
    except NewerManifestError:
        raise  # it is well, for those who can read it
    except InputError:
        return
    raise InputError(f"{store.manifest} is not damaged: there is nothing to rebuild.")


def _record_of(file: Path, shown: str, examine: Examine) -> Record:
    digest = sha256(file)
    if not digest.startswith(file.parent.name):
        raise InputError("damaged: its hash is not the one that its folder is named by")
    found = examine(file, file.parent.parent.name)
    found_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Record(
        found.dataset,
        file.name.split(".")[0] if found.whole is False else "",
        shown,
        digest,
        file.stat().st_size,
        found.rows,
        found.columns,
        found_at.isoformat(timespec="seconds"),
        "",
        (*found.notes, "the manifest was made anew from the files: where it came from is lost"),
    )


def _set_aside(manifest: Path) -> None:
    """Keep the damaged manifest under another name."""
    if not manifest.is_file():
        return
    try:
        manifest.replace(manifest.with_name("manifest-damaged.json"))
    except OSError as error:
        raise OutputError(f"{manifest}: cannot be moved ({error.strerror or error}).") from error
