"""Read one table from one file, check every column, and say all that is wrong with it at once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, MissingFileError, examples
from wmspatial.geography.codes import kinds_of
from wmspatial.provenance import OGL, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_EXCEL: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_GZIP: Final = b"\x1f\x8b"
_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}
_THOUSANDS: Final = r"-?\d{1,3}(,\d{3})+(\.\d+)?"
_NUMBER: Final = r"[+-]?(\d+\.?\d*|\.\d+)"
_IS_NUMBER: Final = re.compile(_NUMBER).fullmatch
_FRACTIONAL: Final = ("number", "percent", "tied rank")
_DECILES: Final = 10
_ALL: Final = 100
#: A message that names more is not read.
_FAULTS: Final = 8


@dataclass(frozen=True)
class Column:
    """What a column of a file has to hold.

    Attributes
    ----------
    name : str
        The name it gets.
    kind : {"code", "text", "people", "count", "rank", "tied rank", "decile", "percent", "number"}
        ``people`` are whole and zero or more, a ``count`` zero or more, a ``rank`` whole from 1,
        a ``tied rank`` whole or a half, a ``decile`` whole from 1 to 10, a ``percent`` from 0 to
        100.
    level : str
        For a code: what it is a code of, as ``"LSOA"``, or several, as ``"LSOA|data zone"``.
    complete : bool
        Whether a blank is a fault whatever the kind.
    among : tuple of str
        For a code: further codes that are no area, as those of people who work abroad. For a
        text: all that it may say.
    suppressed : tuple of str
        What stands in place of a number that the publisher does not give.
    """

    name: str
    kind: str
    level: str = ""
    complete: bool = False
    among: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """What a file has to hold, and where it comes from.

    Attributes
    ----------
    path : str
        Where it lies in the data folder.
    title, publisher : str
        What the table is.
    columns : mapping of str to Column
        By the name in the file.
    key : tuple of str
        Columns (by their new names) that identify a row; no row may stand twice.
    """

    path: str
    title: str
    publisher: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def sha256(path: Path) -> str:
    """Hash a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find(folder: Path, path: str, title: str) -> Path:
    """Find a file of the data folder, or say which is missing."""
    found = folder / path
    if not found.is_file():
        raise MissingFileError(
            f"{path} is missing in the data folder {folder}. Expected: {title}. Check data_dir, or "
            "put the file there."
        )
    return found


def read(folder: Path, layout: Layout) -> tuple[pd.DataFrame, Source]:
    """Read the columns that a layout names, checked and renamed.

    Parameters
    ----------
    folder : Path
        The data folder.
    layout : Layout
        What the file has to hold.

    Returns
    -------
    table : DataFrame
        The columns under their new names, in the layout's order.
    source : Source
        Where they come from, with what was repaired.

    Raises
    ------
    MissingFileError
        If the file is not there.
    InputError
        If it is no such table; every fault that was found is named.
    """
    path = find(folder, layout.path, layout.title)
    suffixes = path.suffixes
    if ".parquet" in suffixes:
        raw = _read_parquet(path, layout)
    elif ".csv" in suffixes:
        raw = _read_csv(path, layout)
    else:
        raise InputError(f"{layout.path}: expected a .csv, .csv.gz or .parquet file.")
    table, notes = check(raw, layout)
    source = Source(
        layout.title, layout.publisher, OGL, path.name, sha256(path), len(table),
        (*layout.notes, *notes),
    )  # fmt: skip
    return table, source


def _refuse_absent(found: list[str], layout: Layout) -> None:
    absent = [name for name in layout.columns if name not in found]
    if absent:
        raise InputError(
            f"{layout.path}: no column {examples(map(repr, absent), 10)}; found "
            f"{examples(map(repr, found), 12)}. Expected: {layout.title}."
        )
    twice = [name for name in layout.columns if found.count(name) > 1]
    if twice:
        raise InputError(
            f"{layout.path}: the column {examples(map(repr, twice))} stands more than once. Which "
            "one is meant? Keep one."
        )


def _read_parquet(path: Path, layout: Layout) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [n for n, c in layout.columns.items() if c.kind in ("code", "text")]
    try:
        _refuse_absent(pq.read_schema(path).names, layout)
        # Codes repeat: as a dictionary each is decoded once.
        table = pq.read_table(path, columns=list(layout.columns), read_dictionary=texts)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{layout.path}: not a Parquet file that can be read ({error}). Get it again."
        ) from error
    return pd.DataFrame(table.to_pandas())


def _read_csv(path: Path, layout: Layout) -> pd.DataFrame:
    start = refuse_workbook(path, layout)
    compression = "gzip" if start.startswith(_GZIP) else None
    texts = {n: "str" for n, c in layout.columns.items() if c.kind in ("code", "text")}
    # Empty lines are read, and dropped later, so that rows are counted as the file counts them.
    how: dict[str, Any] = {
        "encoding": "utf-8-sig",
        "compression": compression,
        "skip_blank_lines": False,
    }
    try:
        first = pd.read_csv(path, nrows=1, header=None, dtype="str", **how)
        header = [str(c) for c in first.iloc[0]]
        _refuse_delimiter(header, layout)
        _refuse_absent(header, layout)
        table: pd.DataFrame = pd.read_csv(
            path, usecols=list(layout.columns), dtype=texts, keep_default_na=False, na_values=[""],
            **how,
        )  # fmt: skip
        return table[list(layout.columns)]
    except UnicodeDecodeError as error:
        raise InputError(
            f"{layout.path}: not UTF-8 text (byte {error.start:,}). Save it as CSV (UTF-8)."
        ) from error
    except pd.errors.EmptyDataError as error:
        raise InputError(f"{layout.path}: the file is empty. Expected: {layout.title}.") from error
    except (pd.errors.ParserError, EOFError, OSError) as error:
        raise InputError(
            f"{layout.path}: cannot be read as CSV ({error}). It may have been cut short: get it "
            "again."
        ) from error


def refuse_workbook(path: Path, layout: Layout) -> bytes:
    """Refuse an Excel workbook that is named .csv; return the first bytes of anything else."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_EXCEL):
        raise InputError(
            f"{layout.path}: this is an Excel workbook named .csv. Open it and save the sheet as "
            "CSV (UTF-8)."
        )
    return start


def _refuse_delimiter(header: list[str], layout: Layout) -> None:
    """Name the delimiter where it is not the comma, rather than guess at decimal commas."""
    if len(header) > 1 or len(layout.columns) == 1:
        return
    for mark, name in _DELIMITERS.items():
        if mark in header[0]:
            raise InputError(
                f"{layout.path}: the columns are separated by {name}, expected commas. Save it as "
                "comma-separated CSV (UTF-8)."
            )


def check(raw: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, list[str]]:
    """Check every column against its kind; name all faults in one error.

    Parameters
    ----------
    raw : DataFrame
        The table as read, with the file's own column names.
    layout : Layout
        What it has to hold.

    Returns
    -------
    table : DataFrame
        Checked, under the new names.
    notes : list of str
        What was repaired.

    Raises
    ------
    InputError
        If anything is wrong; every fault is named with its first row.
    """
    if raw.empty:
        raise InputError(f"{layout.path}: there are no rows in it. Expected: {layout.title}.")
    faults: list[str] = []
    notes: list[str] = []
    raw = _without_blank_rows(raw, layout, notes)
    columns: dict[str, pd.Series[Any]] = {}
    for name, column in layout.columns.items():
        values = raw[name]
        if column.kind == "code":
            _check_codes(values, column, faults)
        elif column.kind == "text":
            _check_text(values, column, faults)
        else:
            values = _as_numbers(values, column, notes, faults)
            _check_range(values, column, faults)
        columns[column.name] = values
    table = pd.DataFrame(columns)
    if layout.key and not faults:
        twice = table.duplicated(list(layout.key))
        if twice.any():
            first = table.loc[twice, list(layout.key)].iloc[0]
            faults.append(
                f"{int(twice.sum()):,} rows stand twice, row {_row(twice)} "
                f"({' to '.join(map(str, first))}) the first"
            )
    if faults:
        rest = f"; and {len(faults) - _FAULTS:,} faults more" if len(faults) > _FAULTS else ""
        raise InputError(
            f"{layout.path}: {'; '.join(faults[:_FAULTS])}{rest}. Expected: {layout.title}. Put "
            "the file right and try again."
        )
    return table, notes


def _without_blank_rows(raw: pd.DataFrame, layout: Layout, notes: list[str]) -> pd.DataFrame:
    """Drop rows that say nothing (an official lookup has one), and count them."""
    blank = raw[list(layout.columns)].isna().all(axis=1)
    if not blank.any():
        return raw
    notes.append(f"blank rows dropped: {int(blank.sum()):,} (row {_row(blank)} first)")
    return raw[~blank]


def _row(bad: pd.Series[bool]) -> str:
    """Return the file's row number of the first bad value; the header is row 1."""
    first = int(bad.to_numpy().argmax())
    return f"{int(bad.index[first]) + 2:,}"


def _check_codes(values: pd.Series[Any], column: Column, faults: list[str]) -> None:
    blank = values.isna()
    if blank.any():
        faults.append(f"{values.name!r}: {int(blank.sum()):,} are blank, row {_row(blank)} first")
        return
    if not column.level:
        return
    distinct = pd.Series(values.unique()).astype("str")
    kinds = kinds_of(distinct)
    fitting = {k for k in kinds.dropna().unique() if k.split(" (")[0] in column.level.split("|")}
    right = kinds.isin(fitting) | distinct.isin(column.among)
    if not right.all():
        wrong = values.astype("str").isin(distinct[~right])
        first = str(values[wrong.to_numpy()].iloc[0])
        kind = kinds[distinct == first].iloc[0]
        faults.append(
            f"{values.name!r}: {int(wrong.sum()):,} are no codes of "
            f"{column.level.replace('|', ' or ')}, row "
            f"{_row(wrong)} first ({first!r}, "
            f"{'of no known kind' if pd.isna(kind) else f'of kind {kind}'})"
        )


def _check_text(values: pd.Series[Any], column: Column, faults: list[str]) -> None:
    """Refuse blanks where a text has to be complete, and words that it may not hold."""
    if column.complete and values.isna().any():
        blank = values.isna()
        faults.append(f"{values.name!r}: {int(blank.sum()):,} are blank, row {_row(blank)} first")
    quoted = values.isin([text for text in values.unique() if '"' in str(text)])
    if quoted.any():
        faults.append(
            f"{values.name!r}: {int(quoted.sum()):,} hold a stray quotation mark, row "
            f"{_row(quoted)} first ({values[quoted].iloc[0]!r})"
        )
    if not column.among and values.notna().any():
        given = values.dropna()
        if all(_IS_NUMBER(str(text).strip()) for text in given.unique()):
            faults.append(f"{values.name!r}: all are numbers, as {given.iloc[0]!r}; expected names")
    if column.among:
        other = values.notna() & ~values.isin(column.among)
        if other.any():
            faults.append(
                f"{values.name!r}: {int(other.sum()):,} are not {' or '.join(column.among)}, row "
                f"{_row(other)} first ({values[other].iloc[0]!r})"
            )


def _as_numbers(
    values: pd.Series[Any], column: Column, notes: list[str], faults: list[str]
) -> pd.Series[float]:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.astype("float64")
    text = values.astype("str").str.strip().mask(values.isna())
    hidden = text.isin(column.suppressed)
    if hidden.any():
        notes.append(
            f"{values.name}: {int(hidden.sum()):,} suppressed by the publisher "
            f"({examples(sorted(text[hidden].unique()))}), taken as missing"
        )
        text = text.mask(hidden)
        values = values.mask(hidden)
    # In a number that need not be whole, a comma may be a decimal comma: that is refused.
    grouped = text.str.fullmatch(_THOUSANDS).fillna(False).astype(bool)
    grouped &= column.kind not in _FRACTIONAL
    if grouped.any():
        notes.append(f"{values.name}: thousands separators removed from {int(grouped.sum()):,}")
        text = text.mask(grouped, text.str.replace(",", "", regex=False))
    # A count that a spreadsheet wrote as 1E+05 has lost its digits.
    power = r"([eE][+-]?\d+)?" if column.kind in _FRACTIONAL else ""
    numbers = pd.to_numeric(text.where(text.str.fullmatch(_NUMBER + power)), errors="coerce")
    bad = numbers.isna() & text.notna()
    if bad.any():
        faults.append(
            f"{values.name!r}: {int(bad.sum()):,} are no numbers, row {_row(bad)} first "
            f"({values[bad].iloc[0]!r})"
        )
    return pd.Series(numbers, dtype="float64", name=values.name)


def _check_range(values: pd.Series[float], column: Column, faults: list[str]) -> None:
    numbers = values.to_numpy("float64")
    given = ~np.isnan(numbers)
    finite = np.isfinite(numbers)
    whole = ~given | (finite & (numbers == np.floor(numbers)))
    checks: dict[str, list[tuple[Any, str]]] = {
        "people": [(numbers < 0, "negative"), (~whole, "fractional"), (~given, "blank")],
        "count": [(numbers < 0, "negative"), (~given, "blank")],
        "rank": [(numbers < 1, "below 1"), (~whole, "fractional")],
        "tied rank": [
            (numbers < 1, "below 1"),
            (finite & (2 * numbers != np.floor(2 * numbers)), "neither whole nor a half"),
        ],
        "decile": [((numbers < 1) | (numbers > _DECILES), "outside 1 to 10"),
                   (~whole, "fractional")],
        "percent": [((numbers < 0) | (numbers > _ALL), "outside 0 to 100")],
    }  # fmt: skip
    faulty = [*checks.get(column.kind, []), (given & ~finite, "infinite")]
    if column.complete and all(what != "blank" for _, what in faulty):
        faulty.append((~given, "blank"))
    for bad, what in faulty:
        if bad.any():
            at = int(bad.argmax())
            shown = "" if what == "blank" else f" ({numbers[at]:g})"
            row = f"{int(values.index[at]) + 2:,}"
            faults.append(f"{values.name!r}: {int(bad.sum()):,} are {what}, row {row} first{shown}")
