"""What every form of file comes down to: first rows to recognise it by, and a raw table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.sources.reading._model import Match

#: How many rows are looked at for the row of headings.
HEAD: Final = 40


class Grid(Protocol):
    """One table in a file: a text with one delimiter, a sheet, a Parquet file, a layer.

    Attributes
    ----------
    form : str
        How it is written.
    where : str
        Which part of the file it is, as a sheet; empty where there is one only.
    kinds : tuple of str
        Kinds of layout that it can have.
    head : list of list of str
        The first rows.
    notes : list of str
        What had to be repaired to read it.
    """

    form: str
    where: str
    kinds: tuple[str, ...]
    head: list[list[str]]
    notes: list[str]

    def count(self, header: int) -> int | None:
        """Count the rows below the headings, where that is quick."""
        ...

    def content(self) -> bytes:
        """Return what codes can be looked for in."""
        ...

    def raw(self, header: int, match: Match) -> pd.DataFrame:
        """Read the columns of a match, named by their headings; indexed by file row less two."""
        ...


def texts(values: list[Any]) -> list[str]:
    """Bring the cells of one row to text, as headings are compared."""
    return ["" if cell is None else str(cell) for cell in values]


def headings(row: list[str]) -> list[str]:
    """Name columns that only their neighbour names: ``%`` and ``change`` after a measure."""
    named: list[str] = []
    last = ""
    for cell in row:
        text = cell.strip()
        if text in ("%", "change") and last:
            named.append(f"{last} {text}")
            continue
        last = text or last
        named.append(cell)
    return named
