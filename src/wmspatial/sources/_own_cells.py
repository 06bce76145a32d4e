"""Clean the cells of a table that somebody brought: numbers, markers, and text left as it is.

A column becomes numeric only if every cell that is not blank and not a known marker is a number.
No other text is ever turned into a missing value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What publishers write in place of a number, in small letters. The bracketed ones are those of
#: the Government Statistical Service: confidential, not available, not applicable and so on.
MARKERS: Final = frozenset(
    ["*", "**", "-", "–", "—", "x", "..", "...", "…", ".", ":", "c", "z", "#", "~",
     "n/a", "#n/a", "na", "n.a.", "nan", "<na>", "null", "(c)", "(x)", "(z)",
     "suppressed", "confidential", "not available", "not applicable", "no data", "missing",
     "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!", "inf", "-inf",
     "[c]", "[x]", "[z]", "[u]", "[w]", "[e]", "[b]", "[p]", "[r]", "[low]"]
)  # fmt: skip
#: What says only on which side of a number the value lies, as a small count that is not given.
_BOUND: Final = re.compile(
    r"(?:[<>≤≥]=?|less than|fewer than|under|below|more than|over|up to)"
    r"\s*£?\d[\d,.]*\s*%?",
    re.IGNORECASE,
)
_SPACES: Final = " \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff"
_NUMBER: Final = r"[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
_PLAIN: Final = re.compile(_NUMBER)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_SPACED: Final = re.compile("[+-]?[1-9]\\d{0,2}(?:[ \u00a0\u2007\u2009\u202f]\\d{3})+(?:[.,]\\d+)?")
_DECIMAL: Final = re.compile(r"[+-]?(?:(?:0|[1-9]\d*),\d+|[1-9]\d{0,2}(?:\.\d{3})+,\d+)")
_EITHER: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DOTTED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
_LOGICAL: Final = {"true": True, "false": False}
NUMERIC: Final = ("number", "thousands", "decimal", "either")
_FORMULA: Final = "=+-@"
_EXACT: Final = 2**53


def needs_guard(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula.

    Parameters
    ----------
    text : str
        A cell, a heading or a code.

    Returns
    -------
    bool
        True where it begins with ``=``, ``+``, ``-`` or ``@`` in any of their forms, or with a tab
        or a line end, also after spaces, invisible characters and apostrophes.

    Examples
    --------
    >>> [needs_guard(text) for text in ["=1+1", "  @SUM", "＝1", "'-5", "A-1", ""]]
    [True, True, True, True, False, False]
    """
    for character in text:
        if character in "\t\r\n":
            return True
        if character == "'" or unicodedata.category(character)[0] in "ZC":
            continue
        return unicodedata.normalize("NFKC", character)[0] in _FORMULA or character == "\u2212"
    return False


def unguarded(text: str) -> str:
    """Take the apostrophe off that guards a text which looks like a formula; leave any other.

    Parameters
    ----------
    text : str
        A cell or a heading.

    Returns
    -------
    str
        The text that was meant.
    """
    return text[1:] if text.startswith("'") and needs_guard(text[1:]) else text


def is_bound(text: str) -> bool:
    """Say whether a cell holds only the side of a number on which its value lies.

    Parameters
    ----------
    text : str
        The cell, without spaces around.

    Returns
    -------
    bool
        Whether it does.

    Examples
    --------
    >>> [is_bound(text) for text in ["<5", "fewer than 10", "> 95%", "5", "<script>"]]
    [True, True, True, False, False]
    """
    return bool(_BOUND.fullmatch(text))


class Unsaved(str):
    """A blank cell of a workbook that holds a formula whose value was never saved."""

    __slots__ = ()


class Cell(NamedTuple):
    """What one cell holds: its form, the number to read, and what was taken off it."""

    form: str
    core: str = ""
    percent: bool = False
    mended: bool = False


def read_cell(text: str) -> Cell:
    """Say what a cell holds.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    Cell
        Its form is ``blank``, ``marker``, ``number``, ``thousands`` (1,234,567), ``decimal``
        (12,5), ``either`` (1,234: both can be) or ``text``.

    Examples
    --------
    >>> read_cell(" 12.3% ")
    Cell(form='number', core='12.3', percent=True, mended=False)
    >>> read_cell("1,234").form, read_cell("-").form, read_cell("-5").form, read_cell("007").form
    ('either', 'marker', 'number', 'text')
    """
    if _PLAIN.fullmatch(text):
        return Cell("number", text)
    text = text.strip(_SPACES)
    if not text:
        return Cell("blank")
    if text.lower() in MARKERS or is_bound(text):
        return Cell("marker", text)
    percent = text.endswith("%")
    core = text.removesuffix("%").rstrip(_SPACES)
    bare = re.sub(r"^([+-]?)£", r"\1", core.replace("\u2212", "-"))
    mended = bare != core
    if _SPACED.fullmatch(bare):
        bare, mended = re.sub(r"\s", "", bare), True
    for form, pattern in (
        ("number", _PLAIN), ("either", _EITHER), ("thousands", _THOUSANDS), ("decimal", _DECIMAL)
    ):  # fmt: skip
        if pattern.fullmatch(bare):
            return Cell(form, bare, percent, mended)
    return Cell("text", text)


@dataclass
class Column:
    """One column, read cell by cell and not yet decided on."""

    heading: str
    raw: pd.Series[Any]
    #: For each row the place of its cell among the distinct cells.
    places: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(0, int))
    texts: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    guarded: int = 0
    #: Cells that came as numbers, where the file tells numbers from text.
    typed: int = 0
    #: Marks the rows whose cell is a formula without a saved value; None where there is none.
    unsaved: np.ndarray[Any, Any] | None = None
    ready: pd.Series[Any] | None = None

    def having(self, *forms: str) -> np.ndarray[Any, Any]:
        """Mark the rows whose cells are of one of these forms."""
        flags = np.array([cell.form in forms for cell in self.cells], dtype=bool)
        return np.asarray(flags[self.places])

    def forms(self) -> set[str]:
        """Name the forms that its cells have."""
        return {cell.form for cell in self.cells}


def read_column(heading: str, values: pd.Series[Any], *, unguard: bool) -> Column:
    """Read the cells of one column.

    Parameters
    ----------
    heading : str
        Its heading.
    values : Series
        Its cells.
    unguard : bool
        Whether an apostrophe before a text that looks like a formula is a guard to take off.

    Returns
    -------
    Column
        With `ready` set where the file itself says that these are numbers, dates or yes and no.
    """
    column = Column(heading, values)
    if values.dtype == object:
        unsaved = values.map(lambda value: type(value) is Unsaved).to_numpy(dtype=bool)
        column.unsaved = unsaved if unsaved.any() else None
    column.ready = _typed(values)
    if column.ready is not None:
        return column
    texts = _as_text(values)
    column.typed = int((~values.map(lambda v: isinstance(v, str)) & texts.notna()).sum())
    column.places, distinct = pd.factorize(texts.fillna("").to_numpy(dtype=object))
    column.texts = [str(text) for text in distinct]
    guarded = np.zeros(len(distinct), dtype=bool)
    for place, text in enumerate(column.texts):
        bare = unguarded(text) if unguard else text
        if bare != text:
            guarded[place] = True
            column.texts[place] = bare
            column.cells.append(Cell("text", bare))
        else:
            column.cells.append(read_cell(text))
    column.guarded = int(guarded[column.places].sum()) if len(guarded) else 0
    return column


def _typed(values: pd.Series[Any]) -> pd.Series[Any] | None:
    """Take the types of the file, where it has them and they are one."""
    if values.dtype not in (object, "str"):
        return values
    if values.dtype != object:
        return None
    given = values[values.notna() & (values.astype("str") != "")]
    kind = pd.api.types.infer_dtype(given, skipna=True)
    if given.empty or kind not in ("integer", "floating", "mixed-integer-float", "datetime",
                                   "datetime64", "boolean"):  # fmt: skip
        return None
    # Blank cells of a workbook are empty texts.
    found = given.reindex(values.index)
    if kind.startswith("datetime"):
        return pd.to_datetime(found)
    if kind == "boolean":
        return found.astype("boolean") if found.isna().any() else found.astype("bool")
    return pd.to_numeric(found)


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    return values.astype("str").mask(values.isna())


def settle_comma(columns: Sequence[Column]) -> str:
    """Say what the comma is in this table where a number alone does not tell.

    Parameters
    ----------
    columns : sequence of Column
        All columns of the table.

    Returns
    -------
    str
        ``"decimal"`` if some cell can only be a decimal comma and none only a thousands
        separator; else ``"thousands"``, as an English table has it.
    """
    sure = {"decimal" for c in columns if "decimal" in c.forms() and "text" not in c.forms()}
    sure |= {"thousands" for c in columns if "thousands" in c.forms() and "text" not in c.forms()}
    return "decimal" if sure == {"decimal"} else "thousands"


def comma_of(column: Column, comma: str) -> str:
    """Say what the comma is in this column, and so what the dot is.

    Parameters
    ----------
    column : Column
        What was read.
    comma : {"decimal", "thousands"}
        What the comma is in the table.

    Returns
    -------
    str
        ``"decimal"``, ``"thousands"``, or ``""`` where the cells contradict each other.
    """
    forms = column.forms()
    if {"decimal", "thousands"} <= forms:
        return ""
    pointed = any(
        cell.form == "number" and "." in cell.core and not _DOTTED.fullmatch(cell.core)
        for cell in column.cells
    )
    if "decimal" in forms:
        return "" if pointed else "decimal"
    return "thousands" if pointed or "thousands" in forms else comma


def either_reading(column: Column) -> str:
    """Return the first cell whose comma or dot alone does not tell; empty where none has one.

    Parameters
    ----------
    column : Column
        What was read.

    Returns
    -------
    str
        What the cell holds.
    """
    for cell in column.cells:
        if cell.form == "either" or (cell.form == "number" and _DOTTED.fullmatch(cell.core)):
            return cell.core
    return ""


def to_numbers(column: Column, comma: str) -> pd.Series[Any] | None:
    """Turn a column into numbers.

    Parameters
    ----------
    column : Column
        What was read.
    comma : {"decimal", "thousands", ""}
        What the comma is in this column, as :func:`comma_of` says.

    Returns
    -------
    Series or None
        int64 where all are whole and none is missing, else float64; ``None`` where a cell is no
        number, or the cells contradict each other.
    """
    forms, index = column.forms(), column.raw.index
    if forms == {"blank"}:
        return pd.Series(np.nan, index=index, dtype="float64")
    if "text" in forms or not comma or not forms & set(NUMERIC):
        return None
    cores = [_core(cell, comma) for cell in column.cells]
    whole = all(re.fullmatch(r"[+-]?\d{1,18}", core) for core in cores)
    if whole:
        integers = np.array([int(core) for core in cores], dtype="int64")
        return pd.Series(integers[column.places], index=index)
    if any(core.lstrip("+-").isdigit() and abs(int(core)) > _EXACT for core in cores):
        return None  # A float would round it: such a long number is a name, not an amount.
    floats = np.array([float(core) if core else np.nan for core in cores])
    return pd.Series(floats[column.places], index=index, dtype="float64")


def _core(cell: Cell, comma: str) -> str:
    """Write the number of a cell with a point; empty where it has none."""
    if cell.form not in NUMERIC:
        return ""
    if comma == "decimal":
        dotted = cell.form != "number" or _DOTTED.fullmatch(cell.core)
        return (cell.core.replace(".", "") if dotted else cell.core).replace(",", ".")
    return cell.core.replace(",", "")


def to_logical(column: Column) -> pd.Series[Any] | None:
    """Turn a column of True and False into yes and no; ``None`` where it is none.

    Parameters
    ----------
    column : Column
        What was read.

    Returns
    -------
    Series or None
        bool, or boolean where cells are blank.
    """
    texts = [text.strip().lower() for text in column.texts]
    if not any(texts) or any(text and text not in _LOGICAL for text in texts):
        return None
    values = np.array([_LOGICAL.get(text) for text in texts], dtype=object)[column.places]
    found = pd.Series(values, index=column.raw.index, dtype=object)
    return found.astype("boolean") if found.isna().any() else found.astype("bool")


def to_text(column: Column) -> pd.Series[Any]:
    """Leave a column as text; only cells with nothing in them are missing.

    Parameters
    ----------
    column : Column
        What was read.

    Returns
    -------
    Series of str
        The cells as they stand.
    """
    blank = [not text for text in column.texts]
    values = np.array([None if b else t for b, t in zip(blank, column.texts, strict=True)], object)
    return pd.Series(values[column.places], index=column.raw.index, dtype="str")
