"""Open a file that somebody brought: what it is, by its content, and the cells it holds.

Sizes are bounded, nothing is unpacked to disk, and cells are only data.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, MissingFileError, examples

if TYPE_CHECKING:
    from pathlib import Path

#: The most that is read: bytes of a file once unpacked, and cells of a table.
MOST_BYTES: Final = 2**30
MOST_CELLS: Final = 20_000_000
_CHUNK: Final = 2**20
_SNIFFED: Final = 500
_TAIL: Final = 200
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_PARQUET, _SQLITE = b"PAR1", b"SQLite format 3\x00"
_TABLES: Final = (".csv", ".tsv", ".tab", ".txt")
_KINDS: Final = "CSV (also .gz or .zip), Excel (.xlsx, .xls), Parquet, GeoPackage or GeoJSON"
_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass
class Grid:
    """The cells of one sheet or of one delimited file, before it is known where the table begins.

    Attributes
    ----------
    name : str
        The sheet; empty for a delimited file.
    cells : DataFrame
        Columns by place; row *i* is row *i* + 1 of the file. Blank cells are empty texts.
    delimited : bool
        Whether it was delimited text.
    said : list of str
        What has to be said of how it was read.
    cut_short : bool
        Whether the file ends in the middle of a line.
    unsaved : int
        Formulas whose value was never saved; their cells are blank.
    """

    name: str
    cells: pd.DataFrame
    delimited: bool = False
    said: list[str] = field(default_factory=list)
    cut_short: bool = False
    unsaved: int = 0


@dataclass
class Opened:
    """What a file holds: grids of cells, or one table whose columns are known."""

    grids: list[Grid] = field(default_factory=list)
    table: pd.DataFrame | None = None
    said: list[str] = field(default_factory=list)


def open_table(path: Path, sheet: str | None, layer: str | None) -> Opened:
    """Open a file by what it holds, whatever it is called.

    Parameters
    ----------
    path : Path
        The file.
    sheet, layer : str or None
        Which sheet of a workbook, which layer of a GeoPackage.

    Returns
    -------
    Opened
        Grids of cells for delimited text and workbooks, else the table.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputError
        If it is too large, damaged, or no table.
    """
    if not path.is_file():
        kind = "is a folder, not a file" if path.is_dir() else "there is no such file"
        web = " Download it first." if re.match(r"https?:/", str(path)) else ""
        raise MissingFileError(f"{path}: {kind}. Expected {_KINDS}.{web}")
    try:
        with path.open("rb") as file:
            start = file.read(512)
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror or error}).") from error
    if not start.strip():
        raise InputError(f"{path.name}: the file is empty. Expected {_KINDS}.")
    refuse_large(path.name, size)
    kind = _kind(path, start)
    _refuse_argument(path.name, "sheet", sheet, kind == "workbook", "no workbook")
    _refuse_argument(path.name, "layer", layer, kind == "geopackage", "no GeoPackage")
    if kind == "workbook":
        from wmspatial.sources._own_books import sheets_of

        return Opened(sheets_of(path, sheet))
    if kind == "parquet":
        return Opened(table=_parquet(path))
    if kind in ("geopackage", "geojson"):
        return _layer(path, layer, kind)
    return Opened([_delimited(path.name, *_unpacked(path, kind))])


def _refuse_argument(name: str, argument: str, value: str | None, fits: bool, what: str) -> None:
    """Refuse an argument that the file has no use for."""
    if value is not None and not fits:
        raise InputError(f"{name}: {argument}={value!r} was given, but this is {what}. Leave it.")


def refuse_large(name: str, size: int) -> None:
    """Refuse a file that is larger than what is read."""
    if size > MOST_BYTES:
        raise InputError(
            f"{name}: it is larger than {MOST_BYTES // 2**20:,} MiB unpacked. Cut the table to the "
            "rows or columns that are needed."
        )


def refuse_many_cells(name: str, rows: int, columns: int) -> None:
    """Refuse a table of more cells than are read."""
    if rows * columns > MOST_CELLS:
        raise InputError(
            f"{name}: {rows:,} rows of {columns:,} columns are more than {MOST_CELLS:,} cells. Cut "
            "the table to the rows or columns that are needed."
        )


def _kind(path: Path, start: bytes) -> str:
    """Tell by its first bytes what a file is."""
    if start.startswith(_ZIP):
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise InputError(
                f"{path.name}: a damaged zip file or workbook ({error}). It may have been cut "
                "short: get it again."
            ) from error
        return "workbook" if "xl/workbook.xml" in names else "zip"
    for mark, kind in ((_OLE, "workbook"), (_GZIP, "gzip"), (_PARQUET, "parquet"),
                       (_SQLITE, "geopackage")):  # fmt: skip
        if start.startswith(mark):
            return kind
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare.startswith(b"{"):
        return "geojson"
    if bare[:1] == b"<":
        raise InputError(f"{path.name}: this is a web page or XML, not a table. Expected {_KINDS}.")
    return "text"


def _unpacked(path: Path, kind: str) -> tuple[bytes, list[str]]:
    """Return the bytes of delimited text, out of its gzip or zip where it is in one."""
    try:
        if kind == "gzip":
            with gzip.open(path) as file:
                return _bounded(path.name, file), ["Unpacked from gzip."]
        if kind == "zip":
            return _member(path)
        return path.read_bytes(), []
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError,
            NotImplementedError) as error:  # fmt: skip
        raise InputError(
            f"{path.name}: cannot be unpacked ({error}). It may be damaged, cut short or locked "
            "with a password: get it again."
        ) from error


def _member(path: Path) -> tuple[bytes, list[str]]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        tables = [name for name in names if PurePosixPath(name).suffix.lower() in _TABLES]
        if len(tables) != 1:
            found = examples(map(repr, tables or names), 8) or "nothing"
            raise InputError(
                f"{path.name}: expected one .csv, .tsv or .txt file in this zip; found "
                f"{len(tables)} ({found}). Unpack it and read the one that is meant."
            )
        others = f"; {len(names) - 1} other files in it left alone" if len(names) > 1 else ""
        with archive.open(tables[0]) as file:
            return _bounded(path.name, file), [f"Unpacked from zip: {tables[0]!r}{others}."]


def _bounded(name: str, file: Any) -> bytes:
    """Read a packed file up to the bound, whatever its header says of its size."""
    parts: list[bytes] = []
    total = 0
    while part := file.read(_CHUNK):
        total += len(part)
        refuse_large(name, total)
        parts.append(part)
    return b"".join(parts)


def _decoded(name: str, raw: bytes) -> tuple[str, list[str]]:
    """Turn bytes into text, and say which encoding it was where it was not UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    elif b"\x00" in raw[:_CHUNK]:
        tries = ["utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"]
    else:
        tries = ["utf-8-sig", "cp1252"]
    for encoding in tries:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        plain = encoding == "utf-8-sig"
        guess = ", guessed: check the accents" if encoding == "cp1252" else ""
        return text, [] if plain else [f"Encoding {encoding.upper()}, not UTF-8{guess}."]
    raise InputError(
        f"{name}: no text in UTF-8, UTF-16 or Windows-1252, and no other file that can be read. "
        f"Expected {_KINDS}."
    )


def _delimited(name: str, raw: bytes, said: list[str]) -> Grid:
    from wmspatial.sources._own_layout import count_codes

    text, words = _decoded(name, raw)
    if not text.strip():
        raise InputError(f"{name}: the file is empty. Expected {_KINDS}.")
    lines = list(io.StringIO(text, newline=""))
    head, tail = lines[:_SNIFFED], lines[max(_SNIFFED, len(lines) - _TAIL) :]
    best, width = ",", 1
    score = (-1, -1.0)
    for delimiter in _DELIMITERS:
        records = [*_records(head, delimiter), *_records(tail, delimiter)]
        found = count_codes(records)
        if found > score:
            best, score = delimiter, found
            width = max(map(len, records), default=1)
    refuse_many_cells(name, len(lines), width)
    cells = _parsed(name, text, best, width)
    if best != ",":
        words.append(f"The columns are separated by {_DELIMITERS[best]}.")
    return Grid("", cells, True, [*said, *words], not text.endswith(("\n", "\r")))


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        # A quotation mark that is never closed; the reading proper says where.
        return [line.rstrip("\r\n").split(delimiter) for line in lines]


def _parsed(name: str, text: str, delimiter: str, width: int) -> pd.DataFrame:
    try:
        # Empty lines are kept, so that rows are counted as a spreadsheet counts them.
        return pd.read_csv(
            io.StringIO(text, newline=""), sep=delimiter, header=None, names=list(range(width)),
            index_col=False, dtype="str", keep_default_na=False, skip_blank_lines=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        what = (
            f"row {int(found[2]):,} has {found[3]} cells, others at most {found[1]}: is there a "
            "delimiter in a text without quotation marks round it"
            if found
            else f"{str(error).strip().rstrip('.')}: is there a quotation mark that is never closed"
        )
        raise InputError(f"{name}: cannot be read as delimited text; {what}?") from error


def _parquet(path: Path) -> pd.DataFrame:
    import geopandas as gpd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema, metadata = pq.read_schema(path), pq.read_metadata(path)
        refuse_many_cells(path.name, metadata.num_rows, metadata.num_columns)
        if b"geo" in (schema.metadata or {}):
            shapes: pd.DataFrame = gpd.read_parquet(path)
            return shapes
        return pd.DataFrame(pq.read_table(path).to_pandas())
    except (pa.ArrowException, OSError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise InputError(
            f"{path.name}: not a Parquet file that can be read ({error}). Get it again."
        ) from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name}: its Parquet cannot be read ({error}).") from error


def _layer(path: Path, layer: str | None, kind: str) -> Opened:
    import geopandas as gpd
    import pyogrio

    try:
        if kind == "geopackage":
            layer = _one_layer(path, [str(name) for name, _ in pyogrio.list_layers(path)], layer)
        info = pyogrio.read_info(path, layer=layer)
        refuse_many_cells(path.name, max(int(info["features"]), 0), len(info["fields"]) + 1)
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            found = gpd.read_file(path, layer=layer, engine="pyogrio")
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        OSError,
        UnicodeDecodeError,
    ) as error:
        raise InputError(
            f"{path.name}: not a GeoPackage or GeoJSON file that can be read ({error})."
        ) from error
    words = dict.fromkeys(f"The reader of shapes says: {warning.message}" for warning in heard)
    return Opened(table=found if "geometry" in found else pd.DataFrame(found), said=list(words))


def _one_layer(path: Path, names: list[str], layer: str | None) -> str:
    if layer is None and len(names) == 1:
        return names[0]
    if layer in names:
        return str(layer)
    asked = "several layers" if layer is None else f"no layer {layer!r}"
    raise InputError(
        f"{path.name}: {asked}; found {examples(map(repr, names), 20)}. Name one with layer=."
    )
