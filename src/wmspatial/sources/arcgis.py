"""Ask an ArcGIS FeatureServer, as the Open Geography portal of the ONS is one, and miss nothing.

Such a server cuts an answer off at its own limit without an error. So the features are counted
first, their object ids are listed, every feature is asked for by its id, and what comes is held
against both.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import FetchError, InputError, examples
from wmspatial.sources._arcgis_pages import Feature, Pages, error_in, properties_of
from wmspatial.sources._arcgis_tables import (
    clauses,
    column,
    csv_parts,
    geojson_parts,
    notes_on,
    only,
)
from wmspatial.sources._arcgis_where import where_in, where_starts
from wmspatial.sources._http_download import Received
from wmspatial.sources._whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from wmspatial.sources.http import Door

__all__ = ["FeatureServer", "download_layer", "where_in", "where_starts"]

_ALL: Final = "1=1"
_ROUNDS: Final = 3
_GOOD_PART: Final = 0.75
_LONG: Final = 1500
_MOST_DIGITS: Final = 15
#: Features in one request; polygons are large.
_POLYGONS: Final = 200
_ROWS: Final = 1000


class FeatureServer:
    """One layer of a FeatureServer.

    Parameters
    ----------
    url : str
        The layer, as ``".../FeatureServer/0"``.
    door : Door
        What asks.

    Raises
    ------
    InputError
        If the address does not end in the number of a layer.

    Examples
    --------
    >>> from wmspatial.sources.http import Door
    >>> FeatureServer("https://services1.arcgis.com/x/arcgis/rest/services/y/FeatureServer", Door())
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: https://services1.arcgis.com/x/arcgis/rest/services/y/FeatureServer:
    expected the address of a layer, as .../FeatureServer/0.
    """

    def __init__(self, url: str, door: Door) -> None:
        self.url = url.rstrip("/")
        if not self.url.rpartition("/")[2].isdigit():
            raise InputError(f"{url}: expected the address of a layer, as .../FeatureServer/0.")
        self.door = door
        self._about: dict[str, Any] | None = None

    @property
    def about(self) -> dict[str, Any]:
        """What the server says of the layer: ``fields``, ``objectIdField``, ``maxRecordCount``."""
        if self._about is None:
            said = self._ask("", {})
            if not isinstance(said.get("fields"), list):
                raise FetchError(
                    f"{self.url}: expected a layer with fields, found {str(said)[:120]!r}. Check "
                    "the number of the layer at the end of the address."
                )
            self._about = said
        return self._about

    @property
    def fields(self) -> dict[str, str]:
        """Names and Esri types of the layer's fields."""
        named = [field for field in self.about["fields"] if isinstance(field, dict)]
        return {str(field.get("name")): str(field.get("type", "")) for field in named}

    def count(self, where: str | Sequence[str] = _ALL) -> int:
        """Count features.

        Parameters
        ----------
        where : str or sequence of str, default "1=1"
            A clause, or several that share no row, as `where_in` makes them.

        Returns
        -------
        int
            How many there are.

        Raises
        ------
        FetchError
            If the service gives no count.
        """
        total = 0
        for clause in clauses(where):
            count = self._ask("/query", {"where": clause, "returnCountOnly": "true"}).get("count")
            if not isinstance(count, int) or count < 0:
                raise FetchError(f"{self.url}: expected a count, found {str(count)[:80]!r}.")
            total += count
        return total

    def features(
        self,
        where: str | Sequence[str] = _ALL,
        *,
        fields: Sequence[str] = ("*",),
        geometry: bool = True,
        precision: int | None = 6,
        max_offset: float | None = None,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> dict[str, Any]:
        """Get features as GeoJSON, longitude and latitude, in the order of their object ids.

        Parameters
        ----------
        where : str or sequence of str, default "1=1"
            A clause, or several that share no row, as `where_in` makes them.
        fields : sequence of str, default ("*",)
            The fields wanted, all by default.
        geometry : bool, default True
            Whether to get the shapes.
        precision : int or None, default 6
            Decimals of a coordinate; 6 are 0.1 m. ``None``: as many as the server has.
        max_offset : float, optional
            How far, in degrees, the server may move an edge to make a shape simpler; 0.0001 is
            about ten metres. Neighbours then no longer share their edges.
        progress : callable, optional
            Called with the features that are there and those to come.

        Returns
        -------
        dict
            A FeatureCollection; its ``notes`` say what was left out.

        Raises
        ------
        InputError
            If a field is not the layer's, or a number makes no sense.
        FetchError
            If not exactly what was counted comes, each once.
        """
        query = self._query(fields, geometry, precision, max_offset)
        id_field, numbers = self._numbers(where)
        if query["outFields"] != "*" and id_field not in fields:
            query["outFields"] += f",{id_field}"
        pages = Pages(self.url, id_field, frozenset(numbers))
        size = max(1, min(_POLYGONS if geometry else _ROWS, self._limit()))
        batches = [numbers[i : i + size] for i in range(0, len(numbers), size)]
        self._collect(batches, query, pages, progress)
        features = pages.in_order()
        notes = notes_on(features, pages, geometry=geometry)
        if "*" not in fields:
            features = [only(feature, fields) for feature in features]
        return {"type": "FeatureCollection", "features": features, "notes": notes}

    def table(
        self,
        where: str | Sequence[str] = _ALL,
        *,
        fields: Sequence[str] = ("*",),
        progress: Callable[[int, int | None], None] | None = None,
    ) -> pd.DataFrame:
        """Get the values without the shapes, as lookups are served.

        Parameters
        ----------
        where, fields, progress
            As in `features`.

        Returns
        -------
        DataFrame
            One row a feature, in the order of the object ids; text is "str", and what is not there
            is missing. ``attrs["notes"]`` says what was left out.

        Raises
        ------
        InputError, FetchError
            As in `features`.
        """
        found = self.features(where, fields=fields, geometry=False, progress=progress)
        names = list(self.fields) if "*" in fields else list(dict.fromkeys(fields))
        rows = [properties_of(feature) or {} for feature in found["features"]]
        table = pd.DataFrame(
            {name: column([row.get(name) for row in rows], self.fields[name]) for name in names}
        )
        table.attrs["notes"] = tuple(found["notes"])
        return table

    def _ask(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """Ask the layer, by a form where the question is too long for an address."""
        query = {"f": "json", **query}
        url, long = self.url + path, sum(map(len, query.values())) > _LONG
        answer = (
            self.door.get_json(url, form=query, fault=error_in)
            if long
            else self.door.get_json(url, query, fault=error_in)
        )
        if not isinstance(answer, dict):
            raise FetchError(f"{url}: expected an object of JSON, found {str(answer)[:120]!r}.")
        return answer

    def _query(
        self, fields: Sequence[str], geometry: bool, precision: int | None, offset: float | None
    ) -> dict[str, str]:
        """Say what is wanted of each feature."""
        fields = [fields] if isinstance(fields, str) else list(fields)
        known = self.fields
        unknown = [name for name in fields if name != "*" and name not in known]
        if unknown or not fields:
            raise InputError(
                f"{self.url}: no field {examples(unknown)}; the layer has "
                f"{examples(known, most=40)}."
            )
        if precision is not None and not 0 <= precision <= _MOST_DIGITS:
            raise InputError(
                f"precision: expected 0 to {_MOST_DIGITS} decimals, found {precision}."
            )
        if offset is not None and not 0 <= offset < 1:
            raise InputError(f"max_offset: expected degrees from 0 to below 1, found {offset}.")
        query = {
            "outFields": "*" if "*" in fields else ",".join(fields),
            "returnGeometry": str(geometry).lower(),
        }
        if geometry:
            query |= {"f": "geojson", "outSR": "4326"}
            query |= {} if precision is None else {"geometryPrecision": str(precision)}
            query |= {} if offset is None else {"maxAllowableOffset": f"{offset:.10f}"}
        return query

    def _limit(self) -> int:
        """Say how many features the server gives at once."""
        limit = self.about.get("maxRecordCount")
        return limit if isinstance(limit, int) and limit > 0 else _ROWS

    def _numbers(self, where: str | Sequence[str]) -> tuple[str, list[int]]:
        """Count, list the object ids, and hold one against the other; once more if they differ."""
        expected, id_field, numbers = 0, "", list[int]()
        for _ in range(2):
            expected, numbers = self.count(where), []
            for clause in clauses(where):
                said = self._ask("/query", {"where": clause, "returnIdsOnly": "true"})
                id_field = str(said.get("objectIdFieldName") or self.about.get("objectIdField"))
                numbers += _whole_numbers(said.get("objectIds") or [], self.url)
            if len(set(numbers)) == len(numbers) == expected:
                return id_field, sorted(numbers)
        raise FetchError(
            f"{self.url}: {expected:,} features were counted, {len(numbers):,} are listed, "
            f"{len(set(numbers)):,} of them different. The layer may be changing at this moment: "
            "try again later."
        )

    def _collect(
        self,
        batches: list[list[int]],
        query: dict[str, str],
        pages: Pages,
        progress: Callable[[int, int | None], None] | None,
    ) -> None:
        """Get all batches, as many at once as the door allows, and those cut short again."""
        done = 0
        with ThreadPoolExecutor(max(1, min(self.door.per_host, len(batches)))) as pool:
            try:
                asked = [(batch, pool.submit(self._page, batch, query)) for batch in batches]
                for batch, coming in asked:
                    missing = pages.add(coming.result(), batch)
                    self._again(missing, len(batch), query, pages)
                    done += len(batch)
                    if progress is not None:
                        progress(done, len(pages.wanted))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _again(self, missing: list[int], asked: int, query: dict[str, str], pages: Pages) -> None:
        """Ask for what a page should have had, while a good part comes or a few times more."""
        left = _ROUNDS - 1
        while missing and left:
            still = pages.add(self._page(missing, query), missing)
            # A server that gives fifty at once, whatever it says, gets to the end as well.
            left -= len(still) > _GOOD_PART * len(missing)
            missing = still
        if missing:
            raise FetchError(
                f"{self.url}: a page was cut short again and again: of {asked:,} features asked "
                f"for, {len(missing):,} never came ({pages.id_field} {examples(missing)}). Try "
                "again later."
            )

    def _page(self, numbers: list[int], query: dict[str, str]) -> list[Feature]:
        """Get one batch of features by their object ids."""
        ids = ",".join(map(str, numbers))
        features = self._ask("/query", query | {"objectIds": ids}).get("features")
        if not isinstance(features, list):
            raise FetchError(
                f"{self.url}: expected a list of features, found {str(features)[:80]!r}."
            )
        return features


def download_layer(
    server_url: str,
    to: Path,
    door: Door,
    *,
    where: str | Sequence[str] = _ALL,
    fields: Sequence[str] = ("*",),
    geometry: bool = True,
    precision: int | None = 6,
    max_offset: float | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Received:
    """Write a layer, or a part of it, to a file that is whole or not there.

    Parameters
    ----------
    server_url : str
        The layer, as ``".../FeatureServer/0"``.
    to : Path
        The file: GeoJSON in longitude and latitude, or without `geometry` CSV.
    door : Door
        What asks.
    where, fields, geometry, precision, max_offset, progress
        As in `FeatureServer.features`.

    Returns
    -------
    Received
        What was written.

    Raises
    ------
    InputError, FetchError
        As in `FeatureServer.features`.
    OutputError
        If the file cannot be written.
    """
    layer = FeatureServer(server_url, door)
    if geometry:
        found = layer.features(
            where, fields=fields, precision=precision, max_offset=max_offset, progress=progress
        )
        kind, parts, notes = "application/geo+json", geojson_parts(found), found["notes"]
    else:
        table = layer.table(where, fields=fields, progress=progress)
        kind, parts, notes = "text/csv", csv_parts(table), table.attrs["notes"]
    size, digest = write_whole(to, parts)
    return Received(door.veil.address(layer.url), size, digest, kind, notes=tuple(notes))


def _whole_numbers(found: Any, url: str) -> list[int]:
    """Take a list of object ids."""
    if not isinstance(found, list) or not all(type(number) is int for number in found):
        raise FetchError(f"{url}: expected a list of object ids, found {str(found)[:80]!r}.")
    return found
