"""Ask Nomis, the ONS's labour market statistics, and notice where it cuts a table off.

Nomis answers at most 25,000 cells without a key and 100,000 with one, and leaves the rest out
without a word. Its CSV says on every row which one it is (RECORD_OFFSET) and how many there are
(RECORD_COUNT); both are held against what comes. How often one may ask is not published: the door
asks Nomis one question at a time, and one a second.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from wmspatial.errors import FetchError, InputError
from wmspatial.sources._arcgis_tables import csv_parts
from wmspatial.sources._http_bodies import a_zip, not_a_page
from wmspatial.sources._http_download import Received
from wmspatial.sources._http_words import UnreachableError, short
from wmspatial.sources._nomis_pages import COUNT, OFFSET, STATUS, Rows, values_of
from wmspatial.sources._whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from wmspatial.sources.http import Door

__all__ = ["Nomis"]

#: The environment variable of the key.
VARIABLE: Final = "NOMIS_API_KEY"
#: Rows of one answer, as the service's users report them: to guests, and to holders of a key.
GUEST: Final = 25_000
HOLDER: Final = 100_000
_OURS: Final = frozenset({"recordlimit", "recordoffset", "uid"})
_PATIENCE: Final = 5


class Nomis:
    """Tables from the Nomis API.

    Parameters
    ----------
    door : Door
        What asks; it keeps the pauses between requests to Nomis.
    key : str, optional
        A key of Nomis (its "unique id"), which allows larger pages; where not given, that of the
        environment variable ``NOMIS_API_KEY``. It is shown nowhere.
    limit : int, optional
        Rows to ask for at once; 25,000 without a key and 100,000 with one where not given.

    Raises
    ------
    InputError
        If `limit` is not above zero.
    """

    def __init__(self, door: Door, key: str | None = None, *, limit: int | None = None) -> None:
        self.door = door
        self._key = (os.environ.get(VARIABLE, "") if key is None else key).strip()
        door.veil.add(self._key)
        self.limit = (HOLDER if self._key else GUEST) if limit is None else limit
        if self.limit < 1:
            raise InputError(f"limit: expected rows, one or more; found {limit}.")

    def __repr__(self) -> str:
        """Say whether there is a key, and not which."""
        return f"Nomis({'with' if self._key else 'without'} a key, {self.limit:,} rows at once)"

    def table(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> pd.DataFrame:
        """Get a whole query, however many pages it takes.

        Parameters
        ----------
        url : str
            The data set as CSV, as ``"https://www.nomisweb.co.uk/api/v01/dataset/NM_189_1.data.csv"``.
        parameters : mapping of str to str, optional
            The query: ``geography``, ``time``, ``select`` and so on.
        progress : callable, optional
            Called with the rows that are there and those of the query.

        Returns
        -------
        DataFrame
            One row a cell, in the order of Nomis; headings in capitals; OBS_VALUE is float64 and
            missing where it is suppressed or not there, all else is text. ``attrs["notes"]``
            counts what is missing.

        Raises
        ------
        InputError
            If the address is not one of CSV, or the query pages by itself.
        FetchError
            If not exactly the rows that were counted come, each once, or there are none.
        """
        base, _, behind = url.partition("?")
        query = dict(parse_qsl(behind, keep_blank_values=True)) | dict(parameters or {})
        try:
            rows = self._rows(base, query, progress)
            table, notes = values_of(rows.table(), rows.address)
        except UnreachableError:
            raise
        except FetchError as error:  # an answer may repeat the key
            raise FetchError(self.door.veil.cover(str(error))) from None
        table = table[_wanted(rows.names, query)]
        table.attrs["notes"] = notes
        return table

    def download(
        self,
        url: str,
        parameters: Mapping[str, str] | None,
        to: Path,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> Received:
        """Write a whole query to a CSV file that is whole or not there.

        Missing values are empty cells; the other columns are as they came, without RECORD_OFFSET
        and RECORD_COUNT unless they were selected.

        Parameters
        ----------
        url, parameters, progress
            As in `table`.
        to : Path
            The file.

        Returns
        -------
        Received
            What was written; its notes count what is missing.

        Raises
        ------
        InputError, FetchError
            As in `table`.
        OutputError
            If the file cannot be written.
        """
        table = self.table(url, parameters, progress)
        size, digest = write_whole(to, csv_parts(table))
        shown = self.door.veil.address(url, parameters)
        return Received(shown, size, digest, "text/csv", notes=table.attrs["notes"])

    def bulk(
        self,
        url: str,
        to: Path,
        *,
        max_bytes: int | None = None,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> Received:
        """Bring a bulk file, a zip archive of the whole table.

        Parameters
        ----------
        url : str
            The archive, as ``"https://www.nomisweb.co.uk/output/census/2021/census2021-ts021.zip"``.
        to, max_bytes, progress
            As in `Door.download`.

        Returns
        -------
        Received
            What came; `archives.extract_member` gets a table out of it.

        Raises
        ------
        FetchError
            If it does not come whole, or is no zip archive.
        """
        return self.door.download(url, to, max_bytes=max_bytes, progress=progress, check=a_zip)

    def _rows(
        self,
        url: str,
        query: dict[str, str],
        progress: Callable[[int, int | None], None] | None,
    ) -> Rows:
        """Ask for page after page until every row is there."""
        if not url.lower().endswith(".data.csv"):
            raise InputError(f"{url}: expected a Nomis data set as CSV, ending in .data.csv.")
        if own := sorted(name for name in query if name.lower() in _OURS):
            raise InputError(
                f"{url}: the query sets {', '.join(own)}, which is done here. A key belongs to "
                "Nomis(door, key) or the environment variable NOMIS_API_KEY."
            )
        rows = Rows(short(self.door.veil.address(url, query)))
        asked, most = 0, _PATIENCE
        while (start := rows.next_missing) is not None:
            if asked >= most:
                raise FetchError(
                    f"{rows.address}: {asked} pages were asked for, and rows from {start:,} of "
                    f"{rows.total or 0:,} never came: the pages are cut short. Try again later."
                )
            page = self._complete(query) | {
                "RecordLimit": str(self.limit),
                "RecordOffset": str(start),
            }
            asked += 1
            if not rows.add(self._text(url, page), start) and rows.total is None:
                raise FetchError(
                    f"{rows.address}: expected rows, found only headings. Check the parameters: "
                    "no cell of the data set has all of them."
                )
            # A key that Nomis does not take leaves a quarter of the rows on a page.
            most = _PATIENCE + math.ceil((rows.total or 0) / min(self.limit, GUEST))
            if progress is not None and rows.total is not None:
                progress(min(start + self.limit, rows.total), rows.total)
        return rows

    def _text(self, url: str, page: dict[str, str]) -> str:
        """Get a page; a web page in its place says, most likely, that we came too often."""
        return self.door.get_text(url, page, check=not_a_page)

    def _complete(self, query: dict[str, str]) -> dict[str, str]:
        """Add the key, and to a selection the columns that are needed to check it."""
        query = query | ({"uid": self._key} if self._key else {})
        name = next((name for name in query if name.lower() == "select"), "")
        if not name:
            return query
        chosen = [column.strip() for column in query[name].split(",") if column.strip()]
        have = {column.upper() for column in chosen}
        more = [column.lower() for column in (STATUS, OFFSET, COUNT) if column not in have]
        return query | {name: ",".join([*chosen, *more])}


def _wanted(names: list[str], query: dict[str, str]) -> list[str]:
    """Leave out the columns that were added to check, unless they were asked for."""
    select = next((value for name, value in query.items() if name.lower() == "select"), "")
    chosen = {column.strip().upper() for column in select.split(",")}
    added = {OFFSET, COUNT} if not select else {OFFSET, COUNT, STATUS}
    return [name for name in names if name not in added - chosen]
