"""Say in sentences what was done to each column of a table that somebody brought."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import examples
from wmspatial.sources._own_cells import (
    NUMERIC,
    Column,
    comma_of,
    either_reading,
    is_bound,
    read_column,
    settle_comma,
    to_logical,
    to_numbers,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOSTLY = 0.1
_NEVER_SAVED = "formula without a saved value"
_FACTOR = 5
PER_CENT = re.compile(r"%|per ?cent|(?<![a-z])pct(?![a-z])", re.IGNORECASE)
_HUNDRED = 100


def clean_columns(
    body: pd.DataFrame, headings: Sequence[str], rows: np.ndarray[Any, Any], *, delimited: bool
) -> tuple[dict[str, pd.Series[Any]], list[str], dict[str, dict[str, int]], set[str]]:
    """Clean every column, and say what was done.

    Parameters
    ----------
    body : DataFrame
        The cells.
    headings : sequence of str
        One a column, each once.
    rows : array of int
        The row of the file that each row of `body` is.
    delimited : bool
        Whether the file was delimited text, in which a formula guard is taken off.

    Returns
    -------
    columns : dict of str to Series
        By heading, in order.
    said : list of str
        One sentence for each thing that was done.
    missing : dict of str to dict of str to int
        Which markers stood in which column, how often; blank cells under ``""``.
    signed : set of str
        The columns of numbers that had per cent signs.
    """
    read = [
        read_column(heading, body[place], unguard=delimited)
        for place, heading in zip(body.columns, headings, strict=True)
    ]
    comma = settle_comma(read)
    columns: dict[str, pd.Series[Any]] = {}
    said: list[str] = []
    missing: dict[str, dict[str, int]] = {}
    for column in read:
        columns[column.heading] = _settle(column, comma, rows, said, missing)
    signed = {
        column.heading
        for column in read
        if any(cell.percent for cell in column.cells)
        and pd.api.types.is_numeric_dtype(columns[column.heading])
    }
    return columns, said, missing, signed


def _settle(
    column: Column,
    comma: str,
    rows: np.ndarray[Any, Any],
    said: list[str],
    missing: dict[str, dict[str, int]],
) -> pd.Series[Any]:
    """Decide what one column is."""
    if column.ready is not None:
        blank = column.ready.isna().to_numpy()
        counts = _say_blank(column, blank, rows, said)
        if counts:
            missing[column.heading] = counts
        if pd.api.types.is_float_dtype(column.ready):
            _say_scales(column, column.ready, None, said)
        return column.ready
    comma = comma_of(column, comma)
    numbers = to_numbers(column, comma)
    if numbers is not None:
        _say_numbers(column, comma, rows, said)
        percent = np.array([cell.percent for cell in column.cells], dtype=bool)[column.places]
        _say_scales(column, numbers, percent, said)
        counts = _say_missing(column, rows, said)
        if counts:
            missing[column.heading] = counts
        return numbers
    logical = to_logical(column)
    if logical is not None:
        said.append(f"{column.heading!r}: read as yes and no (True, False).")
        return logical
    _say_text(column, rows, said)
    return to_text(column)


def _first(flags: np.ndarray[Any, Any], rows: np.ndarray[Any, Any]) -> str:
    return f"{int(rows[int(flags.argmax())]):,}"


def _say_numbers(column: Column, comma: str, rows: np.ndarray[Any, Any], said: list[str]) -> None:
    """Say how numbers were read that were not plain ones."""
    name = repr(column.heading)
    decimal = comma == "decimal"
    commas = column.having("decimal", "thousands", "either")
    either = _said_of_either(column, decimal)
    if commas.any():
        what = "decimal commas read as points" if decimal else "thousands separators removed"
        said.append(
            f"{name}: {what} in {int(commas.sum()):,} (row {_first(commas, rows)} first){either}."
        )
    elif either:
        said.append(f"{name}: dots between thousands removed{either}.")
    percent = np.array([cell.percent for cell in column.cells], dtype=bool)[column.places]
    if percent.any():
        without = int((column.having(*NUMERIC) & ~percent).sum())
        rest = f"; {without:,} numbers had none and are taken as they are" if without else ""
        said.append(
            f"{name}: per cent signs removed from {int(percent.sum()):,} (row "
            f"{_first(percent, rows)} first), the values stay in per cent{rest}."
        )
    mended = np.array([cell.mended for cell in column.cells], dtype=bool)[column.places]
    if mended.any():
        said.append(
            f"{name}: pound signs, spaces between thousands or long minus signs removed from "
            f"{int(mended.sum()):,} (row {_first(mended, rows)} first)."
        )
    if column.typed:
        stored = int(column.having(*NUMERIC).sum())
        if stored > column.typed:
            said.append(f"{name}: {stored - column.typed:,} numbers were stored as text.")


def _said_of_either(column: Column, decimal: bool) -> str:
    """Say of a comma, or of a dot among decimal commas, that it could be the other thing."""
    text = either_reading(column)
    if not text or column.forms() & {"decimal", "thousands"} or ("." in text and not decimal):
        return ""
    thousands = ("," in text) != decimal
    number = re.sub("[,.]", "" if thousands else ".", text)
    why = ", as elsewhere in the table" if decimal else ""
    other = "decimals" if thousands else "thousands"
    return f"; they could part {other} too: {text!r} is read as {number}{why}"


def _say_missing(column: Column, rows: np.ndarray[Any, Any], said: list[str]) -> dict[str, int]:
    """Count the markers and the blank cells of a numeric column."""
    flags = column.having("marker")
    counts: Counter[str] = Counter()
    for place, times in enumerate(np.bincount(column.places, minlength=len(column.cells))):
        cell = column.cells[place]
        if cell.form in ("marker", "blank"):
            counts[cell.core] += int(times)
    if flags.any():
        listed = ", ".join(f"{mark!r} {n:,}" for mark, n in sorted(counts.items()) if mark)
        bounds = sorted({cell.core for cell in column.cells if is_bound(cell.core)})
        side = (
            f" Of {examples(map(repr, bounds))} only the side of a number is known: missing, not "
            "nought."
            if bounds
            else ""
        )
        said.append(
            f"{column.heading!r}: {int(flags.sum()):,} cells hold a marker in place of a number "
            f"and are missing: {listed} (row {_first(flags, rows)} first).{side}"
        )
    del counts[""]
    counts.update(_say_blank(column, column.having("blank"), rows, said))
    return {mark: count for mark, count in counts.items() if count}


def _say_blank(
    column: Column, blank: np.ndarray[Any, Any], rows: np.ndarray[Any, Any], said: list[str]
) -> dict[str, int]:
    """Count the cells with nothing in them, and those whose formula was never worked out."""
    counts: dict[str, int] = {}
    unsaved = np.zeros(len(blank), dtype=bool) if column.unsaved is None else column.unsaved
    if unsaved.any():
        counts[_NEVER_SAVED] = int(unsaved.sum())
        said.append(
            f"{column.heading!r}: {int(unsaved.sum()):,} cells hold a {_NEVER_SAVED} and are "
            f"missing (row {_first(unsaved, rows)} first). Open the workbook in a spreadsheet "
            "program, save it there, and read it again."
        )
    empty = blank & ~unsaved
    if empty.any():
        counts[""] = int(empty.sum())
        said.append(
            f"{column.heading!r}: {int(empty.sum()):,} cells are blank (row {_first(empty, rows)} "
            "first)."
        )
    return counts


def _say_scales(
    column: Column, numbers: pd.Series[Any], percent: np.ndarray[Any, Any] | None, said: list[str]
) -> None:
    """Say where percentages and fractions seem to stand in one column; they are left as they are.

    Where no sign tells, there has to be a gap between the two that numbers of one scale rarely
    have.
    """
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    small, large = (values > 0) & (values < 1), values > 1
    if small.any() and not (np.abs(values) > 1).any() and PER_CENT.search(column.heading):
        said.append(
            f"{column.heading!r}: the heading says per cent and no number is above 1: fractions "
            f"({values[small][0]:g} for {values[small][0] * _HUNDRED:g}%), left as they are."
        )
    signed = percent is not None and bool(percent.any())
    if signed:
        small &= ~np.asarray(percent)
        mixed = bool(small.any())
    else:
        mixed = min(small.sum(), large.sum()) > 1 and values[large].max() <= _HUNDRED
        if mixed:
            low, high = values[large].min(), values[large].max()
            middle = float(np.median(values[small])) * _HUNDRED
            gap = low >= _FACTOR * values[small].max()
            mixed = bool(gap and low / 2 <= middle <= high * 2)
    if mixed:
        others = "have a per cent sign" if signed else f"are {values[large].min():g} or more"
        example = values[small][0]
        said.append(
            f"{column.heading!r}: {int(small.sum()):,} numbers lie between 0 and 1 and others "
            f"{others}. If they are fractions ({example:g} for {example * _HUNDRED:g}%), bring the "
            "column to one scale; here all are left as they are."
        )


def _say_text(column: Column, rows: np.ndarray[Any, Any], said: list[str]) -> None:
    """Say why a column that looks like numbers stays text."""
    name = repr(column.heading)
    if column.unsaved is not None:
        _say_blank(column, column.unsaved, rows, said)
    if column.guarded:
        said.append(
            f"{name}: {column.guarded:,} texts had an apostrophe before them so that no "
            "spreadsheet runs them; it is taken off."
        )
    odd = column.having("text")
    numbers = int(column.having(*NUMERIC).sum())
    marks = column.having("marker")
    if not odd.any() and not numbers:
        said.append(
            f"{name}: holds no number, only {examples(sorted(_marks(column)))}; kept as text."
        )
        return
    if not odd.any():
        why = "its numbers are written in ways that contradict each other, or are too long"
        said.append(f"{name}: kept as text, because {why}.")
        return
    if numbers and numbers >= _MOSTLY * (numbers + int(odd.sum())):
        cells = [
            f"row {int(rows[i]):,} {column.texts[column.places[i]]!r}" for i in np.flatnonzero(odd)
        ]
        kept = f"; its {int(marks.sum()):,} markers are kept as text too" if marks.any() else ""
        said.append(
            f"{name}: kept as text, because {len(cells):,} of {numbers + len(cells):,} cells are "
            f"no numbers ({examples(cells)}){kept}."
        )


def _marks(column: Column) -> set[str]:
    return {repr(cell.core) for cell in column.cells if cell.form == "marker"}
