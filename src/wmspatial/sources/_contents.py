"""What a file holds, found from its content: the door from the store to the readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from wmspatial.sources.catalogue import Entry

    Examine = Callable[[Path, str], "Contents"]


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Attributes
    ----------
    dataset : str
        Id of the data set.
    rows : int
        Rows that were read.
    columns : tuple of str
        Columns that they were read into.
    whole : bool or None
        Whether it is the whole data set; None where nobody can tell.
    notes : tuple of str
        What was repaired or dropped in reading.
    also : tuple of str
        Further data sets that the same file holds.
    tidy : bool
        Whether it is a tidy extract rather than the publisher's own file, where that was asked.
    """

    dataset: str
    rows: int
    columns: tuple[str, ...]
    whole: bool | None = None
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    tidy: bool = False


def examine(path: Path, dataset: str = "") -> Contents:
    """Recognise a file by its content, and read it all.

    Parameters
    ----------
    path : Path
        The file.
    dataset : str
        The data set that it has to be; empty where it may be any.

    Returns
    -------
    Contents
        What it holds.

    Raises
    ------
    InputError
        If it is no data set of the catalogue, another one, or cannot be read as what it looks like.
    """
    from wmspatial.sources.reading import read_official, recognise

    also: tuple[str, ...] = ()
    tidy = False
    if not dataset:
        found = recognise(path)
        dataset, also, tidy = found.dataset, found.also, found.layout.endswith("tidy")
    frame = read_official(path, dataset)
    return Contents(
        dataset,
        len(frame),
        tuple(str(column) for column in frame.columns),
        frame.attrs["whole"],
        tuple(frame.attrs["source"].notes),
        also,
        tidy,
    )


def read(path: Path, dataset: str) -> pd.DataFrame:
    """Read a file under standard column names."""
    from wmspatial.sources.reading import read_official

    return read_official(path, dataset)


def rows_amiss(contents: Contents, entry: Entry | None) -> str:
    """Compare the rows of a file with the catalogue's; empty where it is whole for all we know."""
    if entry is None or entry.rows is None or contents.whole or contents.rows == entry.rows:
        return ""
    return f"{contents.rows:,} rows, expected {entry.rows:,}"
