"""Choose the column of codes of a table that somebody brought, and the rows that are areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.sources._own_cells import read_cell
from wmspatial.sources._own_codes import (
    Parsed,
    fineness,
    name_of,
    parse_codes,
    ranks_of,
    sample_of,
)
from wmspatial.sources._own_layout import is_total

if TYPE_CHECKING:
    from wmspatial.sources._own_layout import Raw

_HALF: Final = 0.5
#: Rows that may be left out for a code that is none: this many, or this share, whichever is more.
_FEW: Final = 5
_FEW_SHARE: Final = 0.01


@dataclass
class Candidate:
    """A column that holds codes."""

    place: int
    heading: str
    parsed: Parsed
    rank: int
    #: Marks the rows whose code is of the kind that most are of.
    kept: np.ndarray[Any, Any]

    @property
    def codes(self) -> pd.Series[Any]:
        """The codes of the rows kept."""
        return self.parsed.codes[self.kept]

    @property
    def kind(self) -> str:
        """What they are of."""
        return name_of(self.parsed.levels[self.kept])


@dataclass
class Rows:
    """Which rows are areas, and what the others are."""

    kept: np.ndarray[Any, Any]
    #: Rows with values that are no area of the table: totals, larger areas, no code.
    apart: np.ndarray[Any, Any]
    #: Lines of text below the table.
    below: np.ndarray[Any, Any]
    said: list[str]


def candidate(raw: Raw, place: int, *, asked: bool) -> Candidate | None:
    """See whether a column holds codes; half of its cells have to, unless it was asked for.

    Parameters
    ----------
    raw : Raw
        The table.
    place : int
        The column.
    asked : bool
        Whether the user named it.

    Returns
    -------
    Candidate or None
        ``None`` where it holds no codes.
    """
    values = raw.body[place]
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return None
    if parse_codes(sample_of(values)).codes.isna().all() and not asked:
        return None
    parsed = parse_codes(values)
    held = parsed.codes.notna().to_numpy()
    if not held.any():
        return None
    until = int(np.flatnonzero(held)[-1]) + 1
    given = values.notna().to_numpy() & (values.astype("str").str.strip() != "").to_numpy()
    if not asked and held.sum() < _HALF * given[:until].sum():
        return None
    rank = fineness(parsed.levels)
    if rank is None:
        return None
    kept = (ranks_of(parsed.levels) == rank).to_numpy(dtype=bool, na_value=False)
    return Candidate(place, raw.headings[place], parsed, rank, kept)


def choose(name: str, raw: Raw, code: str | None, *, keep_duplicates: bool) -> Candidate:
    """Choose the column of codes: the one named, or the smallest areas that stand once each.

    Parameters
    ----------
    name : str
        The file, for the error.
    raw : Raw
        The table.
    code : str or None
        The heading that the user names.
    keep_duplicates : bool
        Whether a code may stand more than once.

    Returns
    -------
    Candidate
        The column.

    Raises
    ------
    InputError
        If there is none, several fit, or its codes stand more than once.
    """
    if code is not None:
        chosen = candidate(raw, _place_of(name, raw, code), asked=True)
        if chosen is None:
            raise InputError(f"{name}: the column {code!r} holds no area code, as E01008881.")
    else:
        found = [
            c for place in range(len(raw.headings)) if (c := candidate(raw, place, asked=False))
        ]
        if not found:
            raise InputError(
                f"{name}: no column of area codes, such as E01008881 (LSOA) or E08000025 "
                f"(authority); found {examples(map(repr, raw.headings), 12)}."
            )
        chosen = _finest(name, found, keep_duplicates=keep_duplicates)
        others = [c for c in found if c.place != chosen.place and not _same(c, chosen)]
        if others:
            listed = ", ".join(f"{c.heading!r} ({c.kind})" for c in others)
            raw.said.append(f"Other columns hold codes too and stay columns: {listed}.")
    if not keep_duplicates:
        _refuse_duplicates(name, raw, chosen)
    return chosen


def _place_of(name: str, raw: Raw, code: str) -> int:
    exact = [i for i, heading in enumerate(raw.headings) if heading == code]
    alike = exact or [
        i for i, heading in enumerate(raw.headings) if heading.lower() == code.strip().lower()
    ]
    if len(alike) != 1:
        raise InputError(
            f"{name}: no column {code!r}; found {examples(map(repr, raw.headings), 12)}."
        )
    return alike[0]


def _finest(name: str, found: list[Candidate], *, keep_duplicates: bool) -> Candidate:
    """Take the column of the smallest areas in which each stands once."""
    found = sorted(found, key=lambda c: c.rank)
    single = [c for c in found if c.codes.is_unique]
    pool = single if single and not keep_duplicates else found
    alike = [c for c in pool if c.rank == pool[0].rank]
    first = alike[0]
    if all(_same(first, other) for other in alike[1:]):
        return first
    flows = (
        " If this is a table of flows, read it with pandas and make Flows.from_table of it."
        if not any(c.codes.is_unique for c in alike)
        else ""
    )
    several = "" if any(c.codes.is_unique for c in alike) else ', and duplicates="keep" if wanted'
    raise InputError(
        f"{name}: {len(alike)} columns hold codes of {first.kind} "
        f"({examples(repr(c.heading) for c in alike)}). Name the one to go by with code={several}."
        f"{flows}"
    )


def _same(first: Candidate, other: Candidate) -> bool:
    return bool((first.parsed.codes.fillna("") == other.parsed.codes.fillna("")).all())


def copies_of(raw: Raw, chosen: Candidate) -> list[int]:
    """Return the other columns that hold the same codes and nothing else.

    Parameters
    ----------
    raw : Raw
        The table.
    chosen : Candidate
        Its column of codes.

    Returns
    -------
    list of int
        Their places.
    """
    places = []
    for place in range(len(raw.headings)):
        if place == chosen.place or raw.body[place].dtype not in (object, "str"):
            continue
        if parse_codes(raw.body[place].iloc[:1]).codes.isna().all() and chosen.kept[0]:
            continue
        other = parse_codes(raw.body[place])
        if other.names.isna().all() and bool(
            (other.codes.fillna("") == chosen.parsed.codes.fillna(""))[chosen.kept].all()
        ):
            places.append(place)
    return places


def _refuse_duplicates(name: str, raw: Raw, chosen: Candidate) -> None:
    codes = chosen.codes
    again = codes.duplicated(keep="first").to_numpy()
    if not again.any():
        return
    rows = raw.rows[chosen.kept]
    twice = codes[again].unique()
    first = codes.to_numpy()[again][0]
    marks = raw.body[chosen.place].astype("str").str.strip().str.casefold()
    headed = raw.rows[(marks == chosen.heading.strip().casefold()).to_numpy()]
    second = (
        f" A second row of headings stands in row {int(headed[0]):,}: are there several tables?"
        if len(headed)
        else ""
    )
    where = ", ".join(f"{row:,}" for row in rows[(codes == first).to_numpy()][:4])
    raise InputError(
        f"{name}: {len(twice):,} codes of {chosen.kind} in {chosen.heading!r} stand more than once "
        f"({examples(twice)}); {first} in rows {where}. Expected one row an area: sum or drop the "
        f'copies, name another column with code=, or keep them with duplicates="keep".{second}'
    )


def sort_rows(name: str, raw: Raw, chosen: Candidate) -> Rows:
    """Tell areas from totals, larger areas, notes, and rows whose code is none.

    Parameters
    ----------
    name : str
        The file, for the error.
    raw : Raw
        The table.
    chosen : Candidate
        Its column of codes.

    Returns
    -------
    Rows
        Every row in one of three places.

    Raises
    ------
    InputError
        If codes of smaller areas stand among the others, or more than a few rows have no code.
    """
    ranks = ranks_of(chosen.parsed.levels)
    smaller = (ranks < chosen.rank).to_numpy(dtype=bool, na_value=False)
    if smaller.any():
        row = int(smaller.argmax())
        raise InputError(
            f"{name}: {chosen.heading!r} holds codes of {chosen.kind} and of "
            f"{name_of(chosen.parsed.levels[smaller])} (row {int(raw.rows[row]):,} first, "
            f"{chosen.parsed.codes.iloc[row]}). Keep the rows of one kind."
        )
    larger = (ranks > chosen.rank).to_numpy(dtype=bool, na_value=False)
    without = ranks.isna().to_numpy()
    again = without & _headings_again(raw, chosen)
    total, below, astray = _without_code(raw, chosen, without & ~again)
    said: list[str] = []
    if again.any():
        said.append(
            f"Rows that repeat the headings left out: {int(again.sum()):,} (row "
            f"{int(raw.rows[again][0]):,} first)."
        )
    if larger.any():
        said.append(
            f"Rows of larger or other areas set apart: {int(larger.sum()):,} "
            f"({name_of(chosen.parsed.levels[larger])}; {_shown(raw, larger, chosen.place)})."
        )
    if total.any():
        said.append(f"Totals set apart: {int(total.sum()):,} ({_shown(raw, total, chosen.place)}).")
    if astray.any():
        what = f"{int(astray.sum()):,} ({_shown(raw, astray, chosen.place)})"
        if astray.sum() > max(_FEW, _FEW_SHARE * chosen.kept.sum()):
            raise InputError(
                f"{name}: rows without an area code in {chosen.heading!r}: {what}. Expected codes "
                f"of {chosen.kind}, such as {chosen.codes.iloc[0]}, in every row: put them right, "
                "fill them in, or drop the rows."
            )
        said.append(f"Rows without an area code set apart: {what}.")
    if below.any():
        said.append(f"Lines of text below or between, no part of the table: {int(below.sum()):,}.")
    return Rows(chosen.kept, larger | total | astray, below, said)


def _headings_again(raw: Raw, chosen: Candidate) -> np.ndarray[Any, Any]:
    """Mark the rows that say the headings once more, as each page of a printed report does."""
    marks = raw.body[chosen.place].astype("str").str.strip()
    found = np.array(marks == chosen.heading.strip(), dtype=bool)
    for row in np.flatnonzero(found):
        texts = [" ".join(str(cell).split()) for cell in raw.body.iloc[row]]
        same = sum(text == name for text, name in zip(texts, raw.headings, strict=True))
        found[row] = same > _HALF * len(texts)
    return found


def _without_code(
    raw: Raw, chosen: Candidate, without: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Tell totals, notes and stray rows among those that have no code."""
    total, below, astray = (np.zeros(len(without), dtype=bool) for _ in range(3))
    last = int(np.flatnonzero(chosen.kept)[-1])
    for row in np.flatnonzero(without):
        texts = ["" if pd.isna(cell) else str(cell) for cell in raw.body.iloc[row]]
        amounts = [read_cell(text).form not in ("text", "blank", "marker") for text in texts]
        if is_total(texts) and any(amounts):
            total[row] = True
        elif row > last and not any(amounts):
            below[row] = True
        else:
            astray[row] = True
    return total, below, astray


def _shown(raw: Raw, flags: np.ndarray[Any, Any], place: int) -> str:
    """Name the first few rows by what stands in them first."""
    shown = []
    for row in np.flatnonzero(flags)[:4]:
        cells = [raw.body[place].iloc[row], *raw.body.iloc[row]]
        text = next((str(c).strip() for c in cells if not pd.isna(c) and str(c).strip()), "blank")
        shown.append(f"row {int(raw.rows[row]):,} {text[:40]!r}")
    more = int(flags.sum()) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
