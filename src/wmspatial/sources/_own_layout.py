"""Find the table in a grid of cells: where its codes begin, its headings, what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.errors import InputError, examples
from wmspatial.sources._own_cells import read_cell, unguarded
from wmspatial.sources._own_codes import TOTAL_WORDS, match_code, parse_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wmspatial.sources._own_files import Grid

_LOOKED_AT: Final = 3000
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_TOTAL: Final = re.compile(r"^(?:grand |sub-?)?totals?\b|\b(?:sub-?)?totals?$")
#: What is a code but for its length.
_ALMOST: Final = re.compile(r"[EWSN]\d{5,11}", re.IGNORECASE)
_LENGTH: Final = 9
_SHOWN_ROWS: Final = 20
#: So many codes side by side are a table turned round.
_SIDE_BY_SIDE: Final = 3


@dataclass
class Raw:
    """A table whose headings are known and whose cells are not yet cleaned.

    Attributes
    ----------
    headings : list of str
        One a column, each once.
    body : DataFrame
        The cells, columns by place.
    rows : array of int
        The row of the file that each row of `body` is.
    around : list of str
        Text that stands above and below the table.
    said : list of str
        What has to be said.
    delimited : bool
        Whether it was delimited text.
    """

    headings: list[str]
    body: pd.DataFrame
    rows: np.ndarray[Any, Any]
    around: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    delimited: bool = False


def count_codes(records: Sequence[Sequence[str]]) -> tuple[int, float]:
    """Count the rows that hold a code, and how wide they are: the right delimiter has the most.

    Parameters
    ----------
    records : sequence of sequences of str
        Rows as one delimiter parts them.

    Returns
    -------
    tuple of int and float
        Rows with a code, and their median width; to be compared.
    """
    widths = [len(record) for record in records if any(match_code(cell) for cell in record)]
    return len(widths), median(widths) if widths else max(map(len, records), default=0)


def first_codes(grid: Grid) -> tuple[int, int] | None:
    """Find the first row of codes, and a column of them; ``None`` where there are none.

    Parameters
    ----------
    grid : Grid
        The cells.

    Returns
    -------
    tuple of int and int, or None
        Row and column, counted from 0.
    """
    head = grid.cells.head(_LOOKED_AT)
    best: tuple[int, int, int] | None = None
    for place in head.columns:
        levels = parse_codes(head[place]).levels
        found = np.flatnonzero(levels.notna().to_numpy())
        if len(found) and (best is None or len(found) > best[0]):
            best = (len(found), _start_of_run(found, head), int(place))
    return None if best is None else (best[1], best[2])


def _start_of_run(found: np.ndarray[Any, Any], head: pd.DataFrame) -> int:
    """Pass over a code that stands alone above the table, as in a line that names the place."""
    filled = np.flatnonzero((head != "").any(axis=1).to_numpy())
    following = dict(zip(filled[:-1].tolist(), filled[1:].tolist(), strict=True))
    codes = set(found.tolist())
    for row in found.tolist():
        if following.get(row) in codes:
            return int(row)
    return int(found[0])


def to_raw(name: str, grid: Grid) -> Raw:
    """Cut the table out of a grid.

    Parameters
    ----------
    name : str
        The file, and the sheet where there are several.
    grid : Grid
        Its cells.

    Returns
    -------
    Raw
        Headings, cells and what stands around.

    Raises
    ------
    InputError
        If no row of headings stands above the first code, or cells have no heading.
    """
    start = first_codes(grid)
    if start is None:
        shown = [str(c) for c in grid.cells.iloc[0] if str(c)]
        raise InputError(
            f"{name}: no column of area codes, such as E01008881 (LSOA) or E08000025 (authority). "
            f"The first row has {examples(map(repr, shown), 12)}. {_hint(grid)}"
        )
    cells = grid.cells
    blank = (cells == "").all(axis=1).to_numpy()
    row = _heading_row(name, cells, blank, start)
    used = ~(cells.iloc[row + 1 :] == "").all(axis=0) | (cells.iloc[row] != "")
    said = list(grid.said)
    headings, together = _headings(cells, blank, row, used, said, delimited=grid.delimited)
    body = cells.loc[row + 1 :, used.to_numpy()]
    rows = body.index.to_numpy() + 1
    body = body.set_axis(range(body.shape[1]), axis=1)
    _check_widths(name, grid, cells, row, start[1])
    empty = blank[row + 1 :]
    between = int(empty[: _last(~empty) + 1].sum())
    if between:
        first = int(rows[empty][0])
        said.append(f"Blank rows left out: {between:,} (row {first:,} first).")
    top = row - together
    above = [_line(cells.iloc[i]) for i in range(top) if not blank[i]]
    where = f"rows {row:,} and {row + 1:,}, taken together" if together else f"row {row + 1:,}"
    if above:
        lines = (
            "1 line above them is" if len(above) == 1 else f"{len(above):,} lines above them are"
        )
        said.append(f"Headings in {where}; {lines} no part of the table.")
    elif row:
        said.append(f"Headings in {where}.")
    return Raw(headings, body[~empty], rows[~empty], above, said, grid.delimited)


def _hint(grid: Grid) -> str:
    """Say what may have become of the codes."""
    for row in grid.cells.head(_SHOWN_ROWS).to_numpy():
        for cell in row:
            text = str(cell).strip()
            if _ALMOST.fullmatch(text) and len(text) != _LENGTH:
                return (
                    f"{text!r} looks like one, but has {len(text)} characters in place of "
                    f"{_LENGTH}: put the codes right."
                )
    return (
        "Names will not do, since places share them: put the codes beside them, as the publisher's "
        "lookups have them."
    )


def _last(flags: np.ndarray[Any, Any]) -> int:
    return int(np.flatnonzero(flags)[-1]) if flags.any() else -1


def _line(cells: pd.Series[Any]) -> str:
    return " ".join(" ".join(str(cell).split()) for cell in cells if str(cell).strip())


def is_total(cells: Sequence[str]) -> bool:
    """Say whether a row without a code is a total, by its first word.

    Parameters
    ----------
    cells : sequence of str
        The row.

    Returns
    -------
    bool
        True for Total, England, "Total for Dudley", "Dudley sub-total" and the like.
    """
    words = [cell.strip().lower().rstrip(":") for cell in cells if cell.strip()]
    return bool(words) and (words[0] in TOTAL_WORDS or bool(_TOTAL.search(words[0])))


def _heading_row(
    name: str, cells: pd.DataFrame, blank: np.ndarray[Any, Any], start: tuple[int, int]
) -> int:
    """Return the row of headings: the next above the codes that is not blank and no total."""
    for row in range(start[0] - 1, -1, -1):
        texts = [str(cell) for cell in cells.iloc[row]]
        if blank[row] or (is_total(texts) and any(_is_amount(text) for text in texts)):
            continue
        given = [text for text in texts if text.strip()]
        beside = [text for text in given if not _YEAR.fullmatch(text.strip())]
        amounts = sum(_is_amount(text) for text in beside)
        if not amounts or amounts < len(given) - 1:
            return row
    codes = sum(match_code(str(cell)) is not None for cell in cells.iloc[start[0]])
    if codes >= _SIDE_BY_SIDE:
        raise InputError(
            f"{name}: {codes:,} area codes stand side by side in row {start[0] + 1:,}. Expected "
            "one row an area: turn the table round (in a spreadsheet: paste special, transpose)."
        )
    raise InputError(
        f"{name}: no row of headings above the first code (row {start[0] + 1:,}). Put the name of "
        "every column in a row above the data."
    )


def _is_amount(text: str) -> bool:
    return read_cell(text).form not in ("text", "blank", "marker")


def _check_widths(name: str, grid: Grid, cells: pd.DataFrame, row: int, place: int) -> None:
    """Refuse cells to the right of the last heading, and a last line that was cut off."""
    if not grid.delimited:
        return
    filled = (cells != "").to_numpy()
    width = _last(filled[row]) + 1
    wide = filled[row + 1 :, width:].any(axis=1)
    wide &= cells.iloc[row + 1 :, place].map(lambda text: bool(match_code(text))).to_numpy()
    if wide.any():
        first = row + 1 + int(wide.argmax())
        raise InputError(
            f"{name}: {int(wide.sum()):,} rows have more cells than the {width:,} headings; row "
            f"{first + 1:,} first, with {_last(filled[first]) + 1:,}. Is there a delimiter in a "
            "text without quotation marks round it, or a heading missing?"
        )
    if grid.cut_short and len(cells) > row + 2:  # noqa: SIM102
        if _last(filled[-1]) < _last(filled[-2]) and match_code(str(cells.iloc[-1, place])):
            raise InputError(
                f"{name}: the last line (row {len(cells):,}) ends before its last column and has "
                "no line end: the file was cut short. Get it again."
            )


def _headings(
    cells: pd.DataFrame,
    blank: np.ndarray[Any, Any],
    row: int,
    used: pd.Series[bool],
    said: list[str],
    *,
    delimited: bool,
) -> tuple[list[str], int]:
    """Name every column once; say whether the row above was needed, as where headings merge."""
    places = np.flatnonzero(used.to_numpy()).tolist()
    bare = [_line(cells.iloc[row].iloc[[place]]) for place in places]
    if delimited:
        bare = [unguarded(name) for name in bare]
    names = list(bare)
    together = 0
    if row and not blank[row - 1]:
        above = [_line(cells.iloc[row - 1].iloc[[place]]) for place in places]
        names = _with_row_above(names, above)
        together = int(names != bare)
    return unique_headings(names, said), together


def _with_row_above(names: list[str], above: list[str]) -> list[str]:
    """Put the merged headings of the row above before those they span, where that tells more."""
    if sum(map(bool, above)) <= 1:
        return names
    if all(above):
        # A heading of its own over every column: what is below are units, or a second part.
        return [
            f"{own}: {name}" if name and name != own else own
            for name, own in zip(names, above, strict=True)
        ]
    filled = [name or own for name, own in zip(names, above, strict=True)]
    twice = [place for place, name in enumerate(names) if name and names.count(name) > 1]
    spread: list[str] = []
    for own in above:
        spread.append(own or (spread[-1] if spread else ""))
    joined = [
        f"{group}: {name}" if group and name and group != name else name or own
        for group, name, own in zip(spread, names, above, strict=True)
    ]
    told_apart = len({joined[place] for place in twice}) == len(twice)
    return joined if twice and told_apart else filled


def unique_headings(names: list[str], said: list[str]) -> list[str]:
    """Give every column a name of its own, and say which were given one.

    Parameters
    ----------
    names : list of str
        Headings as they stand; some may be blank or stand twice.
    said : list of str
        Gets a sentence.

    Returns
    -------
    list of str
        A blank heading becomes ``column 3``; one that stands twice gets the heading on its left
        before it, as ``White %``, or else a number.

    Examples
    --------
    >>> unique_headings(["code", "White", "%", "Asian", "%", ""], [])
    ['code', 'White', 'White %', 'Asian', 'Asian %', 'column 6']
    """
    stripped = [name.strip() for name in names]
    result = [name or f"column {place + 1}" for place, name in enumerate(stripped)]
    for name in dict.fromkeys(stripped):
        places = [place for place, other in enumerate(stripped) if name and other == name]
        lefts = [stripped[place - 1] if place else "" for place in places]
        if (
            len(places) > 1
            and all(stripped.count(left) == 1 for left in lefts if left)
            and all(lefts)
        ):
            for place, left in zip(places, lefts, strict=True):
                result[place] = f"{left} {name}"
    for place, name in enumerate(result):
        number = 1
        while result[place] in result[:place]:
            number += 1
            result[place] = f"{name} ({number})"
    changed = [
        f"column {place + 1} {result[place]!r}"
        for place, name in enumerate(stripped) if name != result[place]
    ]  # fmt: skip
    if changed:
        said.append(
            f"{len(changed):,} headings were blank or stood twice and were given a name of their "
            f"own: {examples(changed, 12)}."
        )
    return result
