"""Bring one data set from one address to a file, whole and looked through, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote, urlsplit

from wmspatial.errors import FetchError, InputError, OutputError
from wmspatial.sources._contents import rows_amiss
from wmspatial.sources._manifest import Record
from wmspatial.sources._planning import level_of
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from collections.abc import Callable

    from wmspatial.sources._contents import Contents, Examine
    from wmspatial.sources._planning import Wanted
    from wmspatial.sources.catalogue import Address

    Moved = Callable[[int, int | None], None]
    Notes = tuple[str, ...]

#: What one file may hold at most, packed or unpacked.
MOST_BYTES: Final = 2 * 2**30


class Network(Protocol):
    """What fetching asks of the network; `Services` is the real one. Each gives notes."""

    def file(self, address: Address, to: Path, moved: Moved) -> Notes:
        """Download a file; one that is partly there is gone on with."""

    def layer(self, wanted: Wanted, address: Address, to: Path, moved: Moved) -> Notes:
        """Ask a map server for features, all of them or those of some codes."""

    def query(self, address: Address, to: Path, moved: Moved) -> Notes:
        """Ask Nomis for a table."""


@dataclass(frozen=True)
class Arrived:
    """A file that came and was looked through.

    Attributes
    ----------
    content : Path
        Where it is now.
    record : Record
        What the store has to know of it; the path is its name.
    remarks : tuple of str
        What has to be said about it.
    """

    content: Path
    record: Record
    remarks: tuple[str, ...] = ()


def bring(
    wanted: Wanted,
    address: Address,
    folder: Path,
    network: Network,
    examine: Examine,
    moved: Moved,
) -> Arrived:
    """Fetch a data set from one address and look it through.

    Parameters
    ----------
    wanted : Wanted
        What is wanted.
    address : Address
        Where it is.
    folder : Path
        For what is under way; what was begun there before is gone on with.
    network : Network
        The network.
    examine : callable
        What finds out what a file holds.
    moved : callable
        Told how much has come, and how much is expected.

    Returns
    -------
    Arrived
        The file, checked.

    Raises
    ------
    FetchError
        If it does not come, or is not what it has to be; then it is not kept.
    """
    file, said = _get(wanted, address, folder, network, moved)
    try:
        contents = examine(file, wanted.entry.id)
        remarks = _check(wanted, contents)
    except InputError as error:
        _remove(file)
        raise FetchError(
            f"what {address.url} sent is not {wanted.entry.title}: {error} It was not kept."
        ) from error
    notes = tuple(dict.fromkeys((*said, *contents.notes, *remarks)))
    record = Record(
        wanted.entry.id,
        wanted.part if wanted.codes else "",
        file.name,
        sha256(file),
        file.stat().st_size,
        contents.rows,
        contents.columns,
        now(),
        address.url,
        notes,
        wanted.areas if wanted.codes else (),
    )
    return Arrived(file, record, tuple(remarks))


def now() -> str:
    """Say what time it is, as the manifest does."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _get(
    wanted: Wanted, address: Address, folder: Path, network: Network, moved: Moved
) -> tuple[Path, Notes]:
    """Fetch to a file of its final name; downloads broken off before are gone on with."""
    mark = hashlib.sha256(
        json.dumps([address.url, sorted(address.parameters.items())]).encode()
    ).hexdigest()[:8]
    under_way, ready = folder / f"{mark}.part", folder / "ready"
    try:
        shutil.rmtree(ready, ignore_errors=True)
        ready.mkdir(parents=True)
        if address.kind == "arcgis":
            file = ready / _name_of_layer(wanted)
            return file, network.layer(wanted, address, file, moved)
        if address.kind == "nomis":
            file = ready / f"{wanted.entry.id}.csv"
            return file, network.query(address, file, moved)
        said = network.file(address, under_way, moved)
        if address.kind == "zip":
            return _member(wanted, address, under_way, ready), said
        return under_way.replace(ready / _name(address.url, wanted)), said
    except OSError as error:
        if isinstance(error, FetchError | OutputError):
            raise
        raise OutputError(f"{folder}: cannot be written ({error.strerror or error}).") from error


def _member(wanted: Wanted, address: Address, archive: Path, ready: Path) -> Path:
    """Unpack the one file that is wanted; the archive goes whether or not that works."""
    from wmspatial.sources.archives import extract_member

    unpacked = ready / "member"
    try:
        name = extract_member(archive, address.member, unpacked, max_bytes=MOST_BYTES)
    except InputError as error:
        raise FetchError(f"{address.url}: {error} It was not kept.") from error
    finally:
        _remove(archive)
    return unpacked.replace(ready / _name(name, wanted))


def _name(url: str, wanted: Wanted) -> str:
    """Name a file as its publisher does."""
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    return name if "." in name.strip(".") and "/" not in name else wanted.entry.id


def _name_of_layer(wanted: Wanted) -> str:
    part = "".join(c if c.isalnum() else "_" for c in wanted.part) if wanted.codes else ""
    kind = "geojson" if wanted.shapes else "csv"
    return f"{wanted.entry.id}{'-' + part if part else ''}.{kind}"


def _check(wanted: Wanted, contents: Contents) -> list[str]:
    """Refuse another data set, and one that was cut short; say where there is more or less."""
    entry = wanted.entry
    if contents.dataset != entry.id:
        raise InputError(f"it holds {contents.dataset}.")
    if wanted.codes:
        return _short_of(wanted, contents)
    odd = rows_amiss(contents, entry)
    if contents.whole is False or (odd and contents.rows < (entry.rows or 0)):
        raise InputError(f"{odd or f'{contents.rows:,} rows'}: it was cut short.")
    return [odd] if odd else []


def _short_of(wanted: Wanted, contents: Contents) -> list[str]:
    """Refuse an answer without some of the areas; wards are remade each year, so some may go."""
    short = len(wanted.codes) - contents.rows
    if short <= 0:
        return []
    said = f"{short:,} of {len(wanted.codes):,} areas asked for are not there"
    if level_of(wanted.entry) in ("LSOA", "MSOA"):
        raise InputError(f"{said}.")
    return [said]


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
