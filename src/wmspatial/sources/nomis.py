"""Read a Nomis query export: preamble, code and name in one cell, flags, footer."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.provenance import OGL, Source
from wmspatial.sources.tables import Column, Layout, check, find, refuse_workbook, sha256

if TYPE_CHECKING:
    from pathlib import Path

_AREA: Final = re.compile(r'^"?([A-Z]\d{8}) : ')


def read_query_export(folder: Path, layout: Layout, measure: str) -> tuple[pd.DataFrame, Source]:
    """Read one measure of a Nomis query export by area.

    Parameters
    ----------
    folder : Path
        The data folder.
    layout : Layout
        Where the file lies and what it is; its first column is the area's code, its second the
        measure, both under their new names.
    measure : str
        The measure's heading in the file, as ``"Employment"``.

    Returns
    -------
    table : DataFrame
        Code and measure, one row an area.
    source : Source
        Where it comes from; the notes carry the file's own footnotes.

    Raises
    ------
    MissingFileError
        If the file is not there.
    InputError
        If it is no such export, the measure is not in it, or a value is no count.
    """
    path = find(folder, layout.path, layout.title)
    refuse_workbook(path, layout)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{layout.path}: not UTF-8 text (byte {error.start:,}).") from error
    lines = text.splitlines()
    places = [i for i, line in enumerate(lines) if _AREA.match(line)]
    if not places:
        raise InputError(
            f"{layout.path}: no row begins with a code and a name in one cell, as "
            "'E01000001 : City of London 001A'. Expected a Nomis query export: " + layout.title
        )
    first, last = places[0], places[-1]
    at, width = _column_of(lines[:first], measure, layout)
    areas = set(places)
    strays = [i for i in range(first, last) if i not in areas and lines[i].strip(", ")]
    if strays:
        raise InputError(
            f"{layout.path}: row {strays[0] + 1:,} stands among the areas but has no area code "
            f"({lines[strays[0]][:60]!r})."
        )
    rows = list(csv.reader(io.StringIO("\n".join(lines[i] for i in places))))
    long = [i for i, row in enumerate(rows) if len(row) > width]
    if long:
        raise InputError(
            f"{layout.path}: row {places[long[0]] + 1:,} has {len(rows[long[0]])} cells, the row "
            f"of headings {width}. A comma in a name has to be inside quotes."
        )
    short = [i for i, row in enumerate(rows) if len(row) <= at]
    if short:
        raise InputError(
            f"{layout.path}: row {places[short[0]] + 1:,} is cut short. Get the file again."
        )
    code, value = layout.columns
    raw = pd.DataFrame({code: [row[0][:9] for row in rows], value: [row[at] for row in rows]})
    try:
        table, notes = check(raw, layout)
    except InputError as error:
        shift = f" (rows are counted from the first area, which is row {first + 1} of the file)"
        raise InputError(f"{error}{shift}") from error
    footer = [" ".join(filter(None, row)) for row in csv.reader(lines[last + 1 :]) if any(row)]
    notes.extend([" ".join(footer)] if footer else [])
    source = Source(
        layout.title, layout.publisher, OGL, path.name, sha256(path), len(table),
        (*layout.notes, *notes),
    )  # fmt: skip
    return table, source


def _column_of(preamble: list[str], measure: str, layout: Layout) -> tuple[int, int]:
    """Find the measure's column, and how many there are, by the headings above the areas."""
    for row in reversed(list(csv.reader(preamble))):
        named = [cell.strip() for cell in row]
        if measure in named[1:]:
            return named.index(measure, 1), len(named)
        if len([cell for cell in named if cell]) > 1:
            raise InputError(
                f"{layout.path}: no measure {measure!r}; found "
                f"{examples([c for c in named[1:] if c])}."
            )
    if any(";" in line for line in preamble):
        raise InputError(
            f"{layout.path}: the columns are separated by semicolons, expected commas. Save it as "
            "comma-separated CSV (UTF-8)."
        )
    raise InputError(f"{layout.path}: no row of headings above the areas.")


def jobs_layout(path: str, **more: Any) -> Layout:
    """Describe the BRES export of employment by LSOA of 2011."""
    return Layout(
        path,
        "Business Register and Employment Survey 2021: employment by LSOA 2011 (open access)",
        "Office for National Statistics, through Nomis",
        {"area": Column("code", "code", "LSOA"), "Employment": Column("jobs", "count")},
        ("code",),
        **more,
    )
