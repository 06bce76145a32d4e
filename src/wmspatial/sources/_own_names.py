"""A table by authority whose rows have names and no codes: for numbers that are shown by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.provenance import Source
from wmspatial.sources._own_cells import unguarded
from wmspatial.sources._own_files import open_table
from wmspatial.sources._own_layout import first_codes, unique_headings
from wmspatial.sources._own_words import clean_columns
from wmspatial.sources.own import read_table
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from wmspatial.sources._own_files import Grid

#: Headings of the names.
NAMES: Final = ("authority", "name")
_LOOKED_AT: Final = 50
_NOTES: Final = 12


def read_by_authority(path: str | Path) -> pd.DataFrame:
    r"""Read a table by authority, by its codes or, where there are none, by its names.

    Parameters
    ----------
    path : str or Path
        As :func:`~wmspatial.sources.own.read_table` takes it.

    Returns
    -------
    DataFrame
        With codes, what :func:`~wmspatial.sources.own.read_table` gives. Without, one row an
        authority as the file has them, with the names in the column ``authority`` or ``name``.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputError
        If it is no such table, or a row has numbers and no name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pay.csv"
    ...     _ = path.write_text("authority,Pay\nCoventry,£13.08\nDudley,£10.50\n")
    ...     read_by_authority(path)["authority"].tolist()
    ['Coventry', 'Dudley']
    """
    path = Path(path)
    opened = open_table(path, None, None)
    if opened.table is not None or any(first_codes(grid) for grid in opened.grids):
        return read_table(path)
    found = [(grid, row) for grid in opened.grids if (row := _heading(grid)) is not None]
    if not found:
        if not opened.grids or any(grid.unsaved for grid in opened.grids):
            return read_table(path)
        shown = [str(c) for c in opened.grids[0].cells.iloc[0] if str(c)]
        raise InputError(
            f"{path.name}: expected one row an authority, with its name in a column headed "
            "'authority' or 'name', or its code, such as E08000026, in a column headed 'code'; "
            f"the first row has {examples(map(repr, shown), 12)}."
        )
    if len(found) > 1:
        sheets = examples([repr(grid.name) for grid, _ in found], 20)
        raise InputError(
            f"{path.name}: {len(found)} sheets hold names of authorities ({sheets}). Leave one."
        )
    return _frame(path, *found[0])


def _heading(grid: Grid) -> int | None:
    """Return the first row that heads a column of names."""
    head = grid.cells.head(_LOOKED_AT).astype("str")
    rows = [r for r, cells in enumerate(head.to_numpy()) if any(_is_name(c) for c in cells)]
    return rows[0] if rows and rows[0] + 1 < len(grid.cells) else None


def _is_name(cell: object) -> bool:
    return unguarded(str(cell)).strip().casefold() in NAMES


def _frame(path: Path, grid: Grid, row: int) -> pd.DataFrame:
    said = list(grid.said)
    blanks = (grid.cells.astype("str").map(str.strip) == "").to_numpy()
    used = np.flatnonzero(~blanks[row:].all(axis=0))
    bare = [str(cell) for cell in grid.cells.iloc[row, used]]
    headings = unique_headings([unguarded(cell) for cell in bare], said)
    end = _end(blanks, row)
    kept = np.flatnonzero(~blanks[:end].all(axis=1))
    kept = kept[kept > row]
    place = next(p for p, name in enumerate(headings) if _is_name(name))
    nameless = kept[blanks[kept, used[place]]]
    if len(nameless):
        raise InputError(
            f"{path.name}: row {nameless[0] + 1:,} has no name in the column {headings[place]!r}. "
            "Say of which authority it is, or take the row out."
        )
    body = grid.cells.iloc[kept, used]
    columns, words, missing, signed = clean_columns(
        body, headings, kept + 1, delimited=grid.delimited
    )
    said = [f"{path.name}: {len(kept):,} rows by the names in {headings[place]!r}.", *said, *words]
    around = [*range(row), *range(end, len(grid.cells))]
    lines = [" ".join(str(c).strip() for c in grid.cells.iloc[i] if str(c).strip()) for i in around]
    notes = [f"In the file: {line}" for line in lines if line][:_NOTES]
    frame = pd.DataFrame({name: values.array for name, values in columns.items()})
    attrs: dict[Any, Any] = {
        "report": said, "missing": missing, "per_cent": [h for h in columns if h in signed],
        "source": Source(
            title=path.stem, licence="", file=path.name, sha256=sha256(path), rows=len(frame),
            notes=(*said, *notes),
        ),
    }  # fmt: skip
    frame.attrs = attrs
    return frame


def _end(blanks: np.ndarray[Any, Any], row: int) -> int:
    """Say where the table ends: lines of words below a blank row are no part of it."""
    wide = np.flatnonzero((~blanks).sum(axis=1) > 1)
    last = int(max(wide.max(initial=row), row))
    below = np.flatnonzero(blanks[last + 1 :].all(axis=1))
    return last + 1 + int(below[0]) if len(below) else len(blanks)
