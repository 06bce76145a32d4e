"""Make a frame fit to be written: flat, text as text, and no text that a spreadsheet would run."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from numbers import Number
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.sources._own_cells import needs_guard

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

_UNWRITABLE: Final = re.compile("[\\x00\\ud800-\\udfff]")


@dataclass
class Prepared:
    """A frame fit to be written, and what was done to it.

    Attributes
    ----------
    frame : DataFrame
        Columns only; the index is the first of them.
    kinds : dict of str to str
        What each column holds, by heading.
    guarded : dict of str to int
        How many texts got an apostrophe, by heading.
    headings_guarded : tuple of str
        Headings that got one.
    dropped : tuple of str
        Columns of shapes, which are left out.
    illustrative : bool
        Whether the data are made up.
    digits : int or None
        Significant digits of fractions.
    infinite : dict of str to int
        How many numbers are infinite, by heading.
    """

    frame: pd.DataFrame
    kinds: dict[str, str]
    guarded: dict[str, int] = field(default_factory=dict)
    headings_guarded: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    illustrative: bool = False
    digits: int | None = None
    infinite: dict[str, int] = field(default_factory=dict)


def prepare(
    frame: pd.DataFrame, *, guard: bool, illustrative: bool, digits: int | None
) -> Prepared:
    """Make a frame fit to be written.

    Parameters
    ----------
    frame : DataFrame
        The table.
    guard : bool
        Whether a text that looks like a formula gets an apostrophe.
    illustrative : bool
        Whether the first column says in every row that the data are made up.
    digits : int or None
        Significant digits of fractions.

    Returns
    -------
    Prepared
        A new frame; the one given is not changed.

    Raises
    ------
    InputError
        If headings stand twice or have several levels, or a text cannot be written.
    """
    shapes = [str(c) for c in frame.columns[frame.dtypes.astype("str") == "geometry"]]
    flat = _flat(pd.DataFrame(frame).drop(columns=shapes))
    if illustrative:
        flat = _marked(flat)
    columns: dict[str, pd.Series[Any]] = {}
    kinds: dict[str, str] = {}
    guarded: dict[str, int] = {}
    infinite: dict[str, int] = {}
    safe_headings = []
    for name, values in flat.items():
        heading = str(name)
        if guard and needs_guard(heading):
            safe_headings.append(heading)
            heading = f"'{heading}"
        _refuse_unwritable(heading, [heading])
        kinds[heading] = _kind(values)
        columns[heading], count = _safe(heading, values, guard=guard)
        if count:
            guarded[heading] = count
        endless = _endless(columns[heading])
        if endless:
            infinite[heading] = endless
    return Prepared(
        pd.DataFrame(columns, index=flat.index), kinds, guarded, tuple(safe_headings),
        tuple(shapes), illustrative, digits, infinite,
    )  # fmt: skip


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring the index into the columns, and refuse headings that cannot be told apart."""
    if frame.columns.nlevels > 1:
        raise InputError(
            "frame: its headings have several levels. Join them into one text each, as "
            "frame.columns.map(' '.join) does."
        )
    counts_rows = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    names = [] if counts_rows else _index_names(frame.index)
    headings = [*names, *(str(name) for name in frame.columns)]
    twice = sorted({name for name in headings if headings.count(name) > 1})
    if twice:
        raise InputError(
            f"frame: headings stand more than once, the index among them "
            f"({examples(map(repr, twice))}). Rename one of each."
        )
    flat = frame.copy()
    flat.columns = pd.Index(headings[len(names) :], dtype="object")
    levels = [frame.index.get_level_values(place) for place in range(len(names))]
    for place, (name, level) in enumerate(zip(names, levels, strict=True)):
        flat.insert(place, name, level.to_series().set_axis(flat.index))
    return flat.reset_index(drop=True)


def _index_names(index: pd.Index[Any]) -> list[str]:
    if index.nlevels == 1:
        return ["index" if index.name is None else str(index.name)]
    return [
        f"index {place + 1}" if name is None else str(name)
        for place, name in enumerate(index.names)
    ]


def _marked(flat: pd.DataFrame) -> pd.DataFrame:
    """Say in the first column that the data are made up, unless a column does."""
    for name in flat.columns:
        if flat[name].dtype in (object, "str") and len(flat) and flat[name].eq(ILLUSTRATIVE).all():
            return flat
    name = "note"
    while name in flat.columns:
        name = f"illustrative {name}"
    marked = flat.copy()
    marked.insert(0, name, ILLUSTRATIVE)
    return marked


def _kind(values: pd.Series[Any]) -> str:
    """Name what a column holds, for the reader of the companion file."""
    kind: Hashable = values.dtype
    if pd.api.types.is_bool_dtype(values):
        return "yes or no (True, False)"
    if pd.api.types.is_integer_dtype(values):
        return "whole number"
    if pd.api.types.is_numeric_dtype(values):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date and time"
    return "text" if kind in (object, "str") or str(kind) == "category" else str(kind)


def _safe(heading: str, values: pd.Series[Any], *, guard: bool) -> tuple[pd.Series[Any], int]:
    """Turn every cell that is no number, date or yes and no into text, guarded where it must be."""
    types = pd.api.types
    if types.is_numeric_dtype(values) or types.is_datetime64_any_dtype(values):
        return values, 0
    cells = [
        None if gone else _plain(cell) for cell, gone in zip(values, values.isna(), strict=True)
    ]
    _refuse_unwritable(heading, cells)
    risky = [guard and isinstance(cell, str) and needs_guard(cell) for cell in cells]
    safe = [f"'{cell}" if danger else cell for cell, danger in zip(cells, risky, strict=True)]
    return pd.Series(safe, index=values.index, dtype=object), sum(risky)


def _endless(values: pd.Series[Any]) -> int:
    """Count the infinite numbers of a column."""
    if pd.api.types.is_float_dtype(values):
        return int(np.isinf(values.to_numpy(dtype="float64", na_value=np.nan)).sum())
    if values.dtype != object:
        return 0
    return sum(isinstance(cell, float) and math.isinf(cell) for cell in values.tolist())


def _plain(cell: object) -> object:
    """Leave numbers, dates and missing cells; anything else is text."""
    if cell is None or isinstance(cell, str | bool | Number | Decimal | date | time):
        return cell
    return str(cell)


def _refuse_unwritable(heading: str, cells: Iterable[object]) -> None:
    """Refuse characters that no text file can hold: NUL, and halves of a pair."""
    for row, cell in enumerate(cells, start=1):
        if isinstance(cell, str) and _UNWRITABLE.search(cell):
            raise InputError(
                f"frame: {heading!r}, row {row:,}, holds a character that no text file can hold "
                f"({cell[:40]!r}). Take it out."
            )
