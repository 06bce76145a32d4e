"""Open a file as what its first bytes say it is, also inside gzip and zip."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, MissingFileError, WmspatialError, examples
from wmspatial.sources.reading import _text

if TYPE_CHECKING:
    from pathlib import Path

    from wmspatial.sources.reading._grids import Grid

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_XLS: Final = b"\xd0\xcf\x11\xe0"
_PARQUET: Final = b"PAR1"
_SQLITE: Final = b"SQLite format 3\x00"
#: No official table is larger unpacked.
_MOST: Final = 2 * 2**30
_BOOK: Final = "[Content_Types].xml"


def grids_in(path: Path) -> list[Grid]:
    """List every table in a file.

    Parameters
    ----------
    path : Path
        The file; its name does not matter.

    Returns
    -------
    list of Grid
        Sheets, delimiters, members: everything that can hold a table.

    Raises
    ------
    MissingFileError
        If the file is not there.
    InputError
        If it is damaged, or of no form that can be read.
    """
    try:
        size = path.stat().st_size
        if size > _MOST:
            raise InputError(f"{path.name}: {size:,} bytes are more than any official table has.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(f"There is no file {path}.") from error
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror}).") from error
    if not data:
        raise InputError(f"{path.name}: the file is empty, expected a table. Get it again.")
    return _grids(data, path.name, "")


def _grids(data: bytes, name: str, inside: str) -> list[Grid]:
    form = f" in {inside}" if inside else ""
    if data.startswith(_GZIP):
        return _grids(_gunzip(data, name), name, "gzip")
    if data.startswith(_ZIP):
        return _members(data, name, form)
    if data.startswith(_XLS):
        from wmspatial.sources.reading._books import sheets_of

        return list(sheets_of(data, f"xls{form}", name))
    if data.startswith(_PARQUET):
        return _parquet(data, name, form)
    if data.startswith(_SQLITE):
        from wmspatial.sources.reading._polygons import PackageGrid

        return [PackageGrid(data, f"geopackage{form}", name)]
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{") and b'"FeatureCollection"' in data[: 2**20]:
        from wmspatial.sources.reading._polygons import JsonGrid

        return [JsonGrid(data.removeprefix(b"\xef\xbb\xbf"), f"geojson{form}", name)]
    if start.startswith((b"<", b"{", b"%PDF")):
        kind = "JSON" if start.startswith(b"{") else "PDF" if start[:1] == b"%" else "HTML or XML"
        raise InputError(f"{name}: this is {kind}, not a table ({_said(start)!r}). Get it again.")
    return list(_text.grids_of(data, f"csv{form}", name))


def _said(start: bytes) -> str:
    return start[:60].decode("utf-8", "replace")


def _parquet(data: bytes, name: str, form: str) -> list[Grid]:
    from wmspatial.sources.reading._books import ParquetGrid

    grid = ParquetGrid(data, f"parquet{form}", name)
    if not grid.shapes:
        return [grid]
    from wmspatial.sources.reading._polygons import GeoParquetGrid

    return [GeoParquetGrid(grid)]


def _gunzip(data: bytes, name: str) -> bytes:
    """Unpack gzip to its very end, within bounds."""
    parts, room = [], _MOST
    rest = data
    try:
        while rest:
            unpacker = zlib.decompressobj(wbits=31)
            part = unpacker.decompress(rest, room)
            parts.append(part)
            room -= len(part)
            if not unpacker.eof:
                why = "is larger than any official table" if room <= 0 else "ends too early"
                raise InputError(f"{name}: the gzip {why}. It was cut short: get it again.")
            rest = unpacker.unused_data.lstrip(b"\x00")
    except zlib.error as error:
        raise InputError(f"{name}: the gzip is damaged ({error}). Get it again.") from error
    return b"".join(parts)


def _members(data: bytes, name: str, form: str) -> list[Grid]:
    """Read a workbook, or every member of an archive that can be a table."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if any(m.filename == _BOOK for m in members):
                from wmspatial.sources.reading._books import sheets_of

                return list(sheets_of(data, f"xlsx{form}", name))
            if sum(m.file_size for m in members) > _MOST:
                raise InputError(f"{name}: unpacked larger than any official table.")
            found = [grid for m in members for grid in _member(archive, m, name)]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(
            f"{name}: the zip is damaged or cannot be opened ({error}). Get it again."
        ) from error
    if not found:
        raise InputError(
            f"{name}: no table in the zip; found {examples(m.filename for m in members)}."
        )
    return found


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> list[Grid]:
    with archive.open(member) as file:
        data = file.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise InputError(f"{name}: {member.filename} is larger than the zip says.")
    if data.startswith((_ZIP, _GZIP)):
        return []  # documents, and archives inside archives
    try:
        return _grids(data, f"{name}, {member.filename}", "zip")
    except WmspatialError:
        return []  # guidance and metadata lie beside the table; what is left is told if none fits
