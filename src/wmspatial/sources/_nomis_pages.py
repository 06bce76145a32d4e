"""The pages of a Nomis query, put together: every row once, in the order of the service."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

import pandas as pd

from wmspatial.errors import FetchError, examples
from wmspatial.sources._http_words import first_words, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFSET: Final = "RECORD_OFFSET"
COUNT: Final = "RECORD_COUNT"
VALUE: Final = "OBS_VALUE"
STATUS: Final = "OBS_STATUS"
CONFIDENCE: Final = "OBS_CONF"

#: Statuses, as SDMX has them, of a value that is not there: a zero beside one is no zero.
_NOT_THERE: Final = {"Q": "suppressed or missing", **dict.fromkeys("HKLMO", "missing")}
_NORMAL: Final = ("", "A")
#: Confidential, and its kinds; F is free.
_HIDDEN: Final = ("C", "N", "D", "S")
_MARKERS: Final = (
    "",
    "-",
    "--",
    "..",
    ".",
    ":",
    "*",
    "!",
    "#",
    "x",
    "z",
    "c",
    "[c]",
    "[x]",
    "[z]",
    "~",
)
_SAID_OF_VALUES: Final = ("OBS_", "RECORD_", "URN")


@dataclass
class Rows:
    """Collects the rows of a query by their place in it.

    Attributes
    ----------
    address : str
        The query, for messages.
    total : int or None
        Rows the query has, as its own RECORD_COUNT says; ``None`` before the first page.
    names : list of str
        The headings.
    """

    address: str
    total: int | None = None
    names: list[str] = field(default_factory=list)
    _found: dict[int, list[str]] = field(default_factory=dict)

    @property
    def next_missing(self) -> int | None:
        """The place of the first row that is not there, or ``None`` where all are."""
        if self.total is None:
            return 0
        # Pages come in order, so the first gap is nearly always behind the last row.
        at = len(self._found)
        if at == self.total:
            return None
        return at if all(i in self._found for i in range(at)) else self._first_gap()

    def _first_gap(self) -> int:
        return next(i for i in range(len(self._found) + 1) if i not in self._found)

    def add(self, text: str, start: int) -> int:
        """Take a page, and say how many rows it has.

        Parameters
        ----------
        text : str
            CSV with a row of headings.
        start : int
            The place asked for.

        Returns
        -------
        int
            Rows of the page.

        Raises
        ------
        FetchError
            If it is no such table, is cut in a row, has rows that came before or were not asked
            for, or counts otherwise than the page before.
        """
        names, rows = self._read(text)
        at, count = names.index(OFFSET), names.index(COUNT)
        for row in rows:
            place, total = self._number(row[at], OFFSET), self._number(row[count], COUNT)
            self.total = total if self.total is None else self.total
            if total != self.total:
                self._refuse(
                    f"counted {self.total:,} rows at first and {total:,} now: the table is "
                    "changing at this moment"
                )
            if not start <= place < total:
                self._refuse(f"sent row {place:,} of {total:,}, asked for those from {start:,}")
            if place in self._found:
                self._refuse(f"sent row {place:,} twice")
            self._found[place] = row
        return len(rows)

    def table(self) -> pd.DataFrame:
        """Give all rows in order, as text.

        Raises
        ------
        FetchError
            If a row is missing, or two rows are of the same thing.
        """
        if len(self._found) != self.total:
            self._refuse(f"counted {self.total or 0:,} rows and sent {len(self._found):,}")
        rows = [self._found[place] for place in range(len(self._found))]
        table = pd.DataFrame(rows, columns=self.names, dtype="str")
        keys = [name for name in self.names if not name.startswith(_SAID_OF_VALUES)]
        twice = table.duplicated(keys) if keys else pd.Series(data=False, index=table.index)
        if twice.any():
            first = ", ".join(table.loc[twice, keys].iloc[0])
            self._refuse(
                f"sent {int(twice.sum()):,} rows that have the same {examples(keys, most=12)} as "
                f"another, the first {first[:120]!r}: either rows were repeated across pages, or "
                "'select' leaves out what tells them apart"
            )
        return table

    def _read(self, text: str) -> tuple[list[str], list[list[str]]]:
        """Read CSV strictly: every row as long as the headings."""
        try:
            lines = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
        except csv.Error as error:
            self._refuse(f"sent a table that is cut or damaged ({error})")
        names = [name.strip().upper() for name in lines[0]] if lines else []
        if OFFSET not in names or COUNT not in names:
            raise FetchError(
                f"{self.address}: expected a table with {OFFSET} and {COUNT}, found none. "
                f"{quoted(first_words(text[:2048].encode()))} Nomis answers so when the query is "
                "wrong, or came too often: check it, or try again later."
            )
        if self.names and names != self.names:
            self._refuse(f"has other headings on a later page ({examples(names, most=12)})")
        self.names = names
        for at, row in enumerate(lines[1:], 2):
            if len(row) != len(names):
                self._refuse(f"row {at:,} of a page has {len(row)} cells, expected {len(names)}")
        return names, lines[1:]

    def _number(self, text: str, name: str) -> int:
        """Read a place or a count."""
        if not (text.isascii() and text.isdigit()):
            self._refuse(f"has {text[:40]!r} as {name}, expected a whole number")
        return int(text)

    def _refuse(self, what: str) -> NoReturn:
        raise FetchError(f"{self.address}: the service {what}. Try again later.")


def values_of(table: pd.DataFrame, address: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Make the values numbers, and count those that are not there.

    Parameters
    ----------
    table : DataFrame
        Text, as it came.
    address : str
        The query, for messages.

    Returns
    -------
    table : DataFrame
        With OBS_VALUE as float64: missing where it is suppressed, confidential or not there.
    notes : tuple of str
        How many are missing and why, and how many are anything but normal.

    Raises
    ------
    FetchError
        If a value is neither a number nor a known marker.

    Examples
    --------
    >>> raw = pd.DataFrame({"OBS_VALUE": ["5", "", "0"], "OBS_STATUS": ["A", "Q", "Q"]})
    >>> made, notes = values_of(raw, "https://...")
    >>> made["OBS_VALUE"].tolist()
    [5.0, nan, nan]
    >>> notes
    ('OBS_VALUE: 2 of 3 are missing (suppressed or missing, status Q: 2)',)
    """
    if VALUE not in table:
        return table, ()
    text = table[VALUE].str.strip().str.replace(",", "")
    numbers = pd.to_numeric(text, errors="coerce").astype("float64")
    numbers = numbers.where(numbers.abs() != float("inf"))
    odd = text[numbers.isna() & ~text.str.lower().isin(_MARKERS)]
    if len(odd):
        raise FetchError(
            f"{address}: expected numbers in {VALUE}, found {examples(odd.unique())} "
            f"({len(odd):,} rows). The service's markers may have changed."
        )
    status = _letters(table, STATUS)
    hidden = _letters(table, CONFIDENCE).isin(_HIDDEN)
    gone = status.isin(_NOT_THERE)
    numbers = numbers.mask(gone | hidden)
    why = pd.Series("no value", index=table.index).mask(hidden, "confidential")
    for letter, words in _NOT_THERE.items():
        why = why.mask(status == letter, f"{words}, status {letter}")
    return table.assign(**{VALUE: numbers}), tuple(_notes(numbers, status, why))


def _notes(numbers: pd.Series[float], status: pd.Series[str], why: pd.Series[str]) -> Iterable[str]:
    """Count what is missing, and what is a number but not a normal one."""
    missing = numbers.isna()
    if missing.any():
        reasons = why[missing].value_counts().sort_index()
        each = "; ".join(f"{reason}: {count:,}" for reason, count in reasons.items())
        yield f"{VALUE}: {int(missing.sum()):,} of {len(numbers):,} are missing ({each})"
    odd = status[~missing & ~status.isin(_NORMAL)].value_counts().sort_index()
    for letter, count in odd.items():
        yield f"{VALUE}: {count:,} have the status {letter}, not A (normal)"


def _letters(table: pd.DataFrame, name: str) -> pd.Series[str]:
    """Get a column of statuses in capitals; nothing where there is none."""
    if name not in table:
        return pd.Series("", index=table.index, dtype="str")
    return table[name].str.strip().str.upper()
