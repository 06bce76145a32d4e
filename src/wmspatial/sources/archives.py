"""Take one file out of a zip or gzip archive: bounded, whole, and only to where it is wanted."""

from __future__ import annotations

import fnmatch
import re
import stat
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, MissingFileError, examples
from wmspatial.sources._whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["extract_member", "members"]

_PART: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
#: A publisher's archive holds a handful of files.
_MOST_MEMBERS: Final = 10_000
_DRIVE: Final = re.compile(r"[A-Za-z]:")
#: Small files may be packed as tightly as they like.
_ALWAYS_ALLOWED: Final = 2**20
_ENCRYPTED: Final = 0x1
_GZIP_BITS: Final = 31


def members(archive: Path) -> tuple[str, ...]:
    """List the files of a zip archive, without its folders.

    Parameters
    ----------
    archive : Path
        The archive.

    Returns
    -------
    tuple of str
        Their names, in its order.

    Raises
    ------
    MissingFileError
        If it is not there.
    InputError
        If it is no zip archive, is damaged, or has a name that leads out of a folder.
    """
    with _opened(archive) as pack:
        return tuple(entry.filename for entry in _entries(archive, pack))


def extract_member(
    archive: Path, pattern: str, to: Path, *, max_bytes: int, max_ratio: float = 200
) -> str:
    """Take the one file that a pattern names out of an archive.

    Only its bytes are used, never its name, its rights or its links; it is written to `to` and
    nowhere else. The whole archive is refused where any name in it leads out of a folder.

    Parameters
    ----------
    archive : Path
        A zip archive, or one file packed with gzip.
    pattern : str
        The file's name, with or without its folders; ``*`` and ``?`` stand for others, and capital
        letters do not matter. ``"*"`` for a gzip file, which needs no name.
    to : Path
        Where it goes. It is complete or not there.
    max_bytes : int
        The largest file to unpack.
    max_ratio : float, default 200
        How many times larger than packed it may be, beyond the first MiB. Official tables come
        to about 30.

    Returns
    -------
    str
        The name of the file in the archive; for gzip the archive's name without ``.gz``.

    Raises
    ------
    MissingFileError
        If the archive is not there.
    InputError
        If it is no archive, is damaged or encrypted, has no such file or several, leads out of a
        folder, or unpacks to more than is allowed.
    OutputError
        If `to` cannot be written.
    """
    if _first_bytes(archive).startswith(_GZIP):
        most = _most(archive.stat().st_size, max_bytes, max_ratio)
        with archive.open("rb") as packed, _named(archive):
            write_whole(to, _bounded(_gunzip(packed, archive), most, archive, archive.name))
        return archive.name.removesuffix(".gz")
    with _opened(archive) as pack:
        entry = _chosen(archive, _entries(archive, pack), pattern)
        most = _most(entry.compress_size, max_bytes, max_ratio)
        if entry.file_size > most:
            _too_large(archive, entry.filename, most)
        with _named(archive), pack.open(entry) as member:
            parts = iter(lambda: member.read(_PART), b"")
            write_whole(to, _bounded(parts, most, archive, entry.filename))
        return entry.filename


def _most(packed: int, max_bytes: int, max_ratio: float) -> int:
    """Say to how many bytes a file of a packed size may grow."""
    return min(max_bytes, max(_ALWAYS_ALLOWED, int(packed * max_ratio)))


def _bounded(parts: Iterator[bytes], most: int, archive: Path, name: str) -> Iterator[bytes]:
    """Count what comes out, whatever the archive says it will be."""
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            _too_large(archive, name, most)
        yield part


def _too_large(archive: Path, name: str, most: int) -> None:
    raise InputError(
        f"{archive.name}: {name!r} unpacks to more than {most:,} bytes, the most that is allowed "
        "for it. Archives that swell so are made to fill a disk: get the file again from the "
        "publisher."
    )


def _first_bytes(archive: Path) -> bytes:
    """Read how a file begins."""
    try:
        with archive.open("rb") as file:
            return file.read(4)
    except FileNotFoundError:
        raise MissingFileError(f"{archive}: there is no such archive.") from None
    except OSError as error:
        raise InputError(f"{archive}: cannot be read ({error.strerror}).") from None


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    """Call what is wrong with an archive by its name."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{archive.name}: the archive is damaged or cut short ({error}). Get it again."
        ) from None
    except NotImplementedError as error:
        raise InputError(
            f"{archive.name}: packed in a way that Python does not know ({error}). Unpack it by "
            "hand and use the file itself."
        ) from None
    except RuntimeError as error:  # zipfile's word for a password
        raise InputError(f"{archive.name}: cannot be unpacked ({error}).") from None


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive."""
    first = _first_bytes(archive)
    if not first.startswith(_ZIP):
        raise InputError(
            f"{archive.name}: expected a zip archive, found a file that begins with {first!r}. A "
            "download may have brought a web page or another file: get it again."
        )
    with _named(archive):
        pack = zipfile.ZipFile(archive)
    with pack:
        yield pack


def _entries(archive: Path, pack: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List the files of an archive, and refuse it whole where one is not what it should be."""
    entries = pack.infolist()
    if len(entries) > _MOST_MEMBERS:
        raise InputError(
            f"{archive.name}: expected at most {_MOST_MEMBERS:,} files, found {len(entries):,}."
        )
    outside = [entry.filename for entry in entries if _leads_out(entry)]
    if outside:
        raise InputError(
            f"{archive.name}: names in it lead out of the folder, or are links "
            f"({examples([repr(name) for name in outside])}). No publisher makes such an archive: "
            "delete it."
        )
    return [entry for entry in entries if not entry.is_dir()]


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Say whether a name could lead out of a folder, on this system or another, or is a link."""
    name = entry.orig_filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    windows = _DRIVE.match(name) is not None
    link = stat.S_ISLNK(entry.external_attr >> 16)
    return name.startswith("/") or ".." in parts or windows or "\0" in name or link


def _chosen(archive: Path, entries: list[zipfile.ZipInfo], pattern: str) -> zipfile.ZipInfo:
    """Find the one file that a pattern names."""
    wanted = _plain(pattern)
    found = [
        entry
        for entry in entries
        if fnmatch.fnmatchcase(_plain(entry.filename), wanted)
        or fnmatch.fnmatchcase(PurePosixPath(_plain(entry.filename)).name, wanted)
    ]
    if len(found) != 1:
        there = examples([entry.filename for entry in (found or entries)], most=12)
        raise InputError(
            f"{archive.name}: expected one file called {pattern!r}, found {len(found)}. "
            f"{'There are' if found else 'It holds'} {there or 'no files'}."
        )
    if found[0].flag_bits & _ENCRYPTED:
        raise InputError(f"{archive.name}: {found[0].filename!r} is encrypted; open data is not.")
    return found[0]


def _plain(name: str) -> str:
    """Write a name in small letters and with the slashes of the standard."""
    return name.replace("\\", "/").lower()


def _gunzip(packed: BinaryIO, archive: Path) -> Iterator[bytes]:
    """Unpack gzip in bounded steps."""
    unpacker = zlib.decompressobj(_GZIP_BITS)
    while rest := packed.read(_PART):
        while rest:
            if unpacker.eof:
                if not rest.strip(b"\0"):
                    break
                unpacker = zlib.decompressobj(_GZIP_BITS)
            if out := unpacker.decompress(rest, _PART):
                yield out
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while not unpacker.eof and (out := unpacker.decompress(b"", _PART)):
        yield out
    if not unpacker.eof:
        raise InputError(f"{archive.name}: the archive is cut short. Get it again.")
