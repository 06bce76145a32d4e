"""Read the sheets of a workbook that somebody brought: values only, within bounds.

Formulas are never worked out: what stands in a cell is the value that was saved with it. Where none
was, the cell is blank and is known to have held a formula.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.sources._own_cells import Unsaved
from wmspatial.sources._own_files import Grid, refuse_large, refuse_many_cells

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 2**20
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
#: A cell with a formula and no value; a formula whose value is an empty text says so (t="str").
_FORMULA: Final = re.compile(
    rb"<c\b((?:(?!\bt=.str)[^>])*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*"
    rb"</c>"
)
#: A cell whose value is an error, which the reader would give as blank.
_ERROR: Final = re.compile(
    rb"<c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?\s*<v>([^<]{1,20})</v>"
)
_ATTRIBUTE: Final = r"\b{}=[\"']([^\"']*)[\"']"


class Odd(NamedTuple):
    """A cell that a reader gives as blank: its place from 0, and its error or nothing."""

    row: int
    column: int
    error: str


def sheets_of(path: Path, sheet: str | None) -> list[Grid]:
    """Read the sheets of a workbook.

    Parameters
    ----------
    path : Path
        The workbook, of the new kind or the old.
    sheet : str or None
        Which sheet, where only one is wanted.

    Returns
    -------
    list of Grid
        The sheets that hold anything.

    Raises
    ------
    InputError
        If there is no such sheet, or the workbook is damaged, locked or too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    damaged = (
        f"{path.name}: this workbook cannot be read ({{}}). It may be damaged, cut short or locked "
        "with a password: open it and save it as .xlsx."
    )
    try:
        odd = refuse_wide_sheets(path, path.name)
        with CalamineWorkbook.from_path(path) as workbook:
            names = list(workbook.sheet_names)
        if sheet is not None and sheet not in names:
            raise InputError(
                f"{path.name}: no sheet {sheet!r}; found {examples(map(repr, names), 20)}."
            )
        frames = pd.read_excel(
            path, sheet_name=[sheet] if sheet is not None else names, header=None, dtype=object,
            na_filter=False, engine="calamine",
        )  # fmt: skip
        members = _members(path) if any(odd.values()) else {}
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError,
            IndexError, RuntimeError) as error:  # fmt: skip
        if isinstance(error, InputError):
            raise
        raise InputError(damaged.format(str(error) or type(error).__name__)) from error
    return [
        _marked(Grid(name, cells), odd.get(members.get(name, ""), []))
        for name, cells in frames.items()
        if cells.size
    ]


def _marked(grid: Grid, odd: list[Odd]) -> Grid:
    """Mark the blank cells that hold an error, or a formula whose value was never saved."""
    rows, columns = grid.cells.shape
    for row, column, error in odd:
        if row < rows and column < columns and grid.cells.iloc[row, column] == "":
            grid.cells.iloc[row, column] = error or Unsaved("")
            grid.unsaved += not error
    return grid


def refuse_wide_sheets(file: Path | BinaryIO, name: str) -> dict[str, list[Odd]]:
    """Refuse a sheet whose cells lie too far apart: the reader would lay out all between.

    Parameters
    ----------
    file : Path or binary file
        A workbook; one of the old kind is no archive, and cannot be that wide.
    name : str
        What it is called in an error.

    Returns
    -------
    dict of str to list of Odd
        By the sheet's place in the archive: the cells that a reader gives as blank and that hold an
        error, or a formula whose value was never saved.

    Raises
    ------
    InputError
        If a sheet has too many cells.
    """
    odd: dict[str, list[Odd]] = {}
    if not zipfile.is_zipfile(file):
        return odd
    with zipfile.ZipFile(file) as archive:
        refuse_large(name, sum(entry.file_size for entry in archive.infolist()))
        for member in archive.namelist():
            if _SHEET.fullmatch(member):
                with archive.open(member) as sheet:
                    rows, columns, found = _extent(sheet)
                refuse_many_cells(f"{name}, {member}", rows, columns)
                odd[member] = found
    return odd


def _extent(file: Any) -> tuple[int, int, list[Odd]]:
    """Return the last row and the last column that a sheet names, and its odd cells."""
    rows = columns = 0
    odd: list[Odd] = []
    rest = b""
    while part := file.read(_CHUNK):
        text = rest + part
        found = set(_REFERENCE.findall(text))
        rows = max([rows, *(int(row) for _, row in found)])
        columns = max([columns, *(_place(letters) for letters in {one for one, _ in found})])
        whole = text.rfind(b"</c>") + len(b"</c>")
        if b"<f" in text or b'"e"' in text or b"'e'" in text:
            odd += _odd_in(text[:whole])
        rest = text[whole:] if whole >= len(b"</c>") else text[-_CHUNK:]
    return rows, columns, odd


def _odd_in(text: bytes) -> list[Odd]:
    found = [(cell[1], b"") for cell in _FORMULA.finditer(text)]
    found += [(cell[1], cell[2]) for cell in _ERROR.finditer(text)]
    cells = []
    for attributes, error in found:
        reference = _REFERENCE.search(attributes)
        if reference:
            row, column = int(reference[2]) - 1, _place(reference[1]) - 1
            cells.append(Odd(row, column, error.decode("utf-8", "replace")))
    return cells


def _place(letters: bytes) -> int:
    """Return the number of a column, from 1."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _members(path: Path) -> dict[str, str]:
    """Say which member of the archive holds which sheet."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {
        _attribute(link, "Id"): _attribute(link, "Target")
        for link in re.findall(r"<Relationship\b[^>]*>", links)
    }
    found = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        target = targets.get(_attribute(sheet, r"\w+:id"), "")
        place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[html.unescape(_attribute(sheet, "name"))] = place
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(_ATTRIBUTE.format(name), tag)
    return found[1] if found else ""
