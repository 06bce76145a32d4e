"""Players of the two live services, made of a frame, with a place to spoil each page.

`tamper(rows, page)` gets what a page would hold and its number (from 0), and gives what is sent.
Use them through `servers.Server.on`.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

Row = dict[str, Any]
Tamper = Callable[[list[Row], int], list[Row]]


def _error(code: int, message: str) -> Row:
    """Make ArcGIS's own kind of error, which comes with status 200."""
    return {"error": {"code": code, "message": message, "details": []}}


@dataclass
class ArcGIS:
    """A FeatureServer layer of a frame (with a geometry column: polygons, else a table).

    Object ids are 1, 2, 3 ... in the order of the frame. It takes ``1=1``, ``FIELD IN ('a', 'b')``
    and ``FIELD LIKE 'a%'``, joined by ``OR``. `page` is its maxRecordCount: it cuts an answer off
    there, as the real ones do. `counted` is added to the count it gives.
    """

    frame: pd.DataFrame
    id_field: str = "FID"
    page: int = 2000
    tamper: Tamper | None = None
    counted: int = 0
    _pages: Any = field(default_factory=itertools.count)
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, seen: Any) -> Any:
        """Answer as ArcGIS does: whatever goes wrong, with status 200."""
        query = seen.query
        if not seen.path.endswith("/query"):
            return self.about()
        try:
            rows = self._chosen(query)
        except ValueError as error:
            return _error(400, f"Invalid query: {error}")
        if query.get("returnCountOnly") == "true":
            return {"count": len(rows) + self.counted}
        if query.get("returnIdsOnly") == "true":
            return {"objectIdFieldName": self.id_field, "objectIds": [i + 1 for i in rows]}
        features = self._features(rows[: self.page], query)
        if self.tamper is not None:
            with self._lock:
                number = next(self._pages)
            features = self.tamper(features, number)
        more = {"exceededTransferLimit": True} if len(rows) > self.page else {}
        if query.get("f") == "geojson":
            return {"type": "FeatureCollection", "features": features, "properties": more}
        return {"objectIdFieldName": self.id_field, "features": features, **more}

    def __post_init__(self) -> None:
        """Take the values out of the frame once; what is missing is null."""
        self._values = {
            str(name): [None if pd.isna(value) else value for value in column.tolist()]
            for name, column in self.frame.items()
        }

    def about(self) -> Row:
        """Describe the layer."""
        spatial = "geometry" in self.frame
        fields = [{"name": self.id_field, "type": "esriFieldTypeOID"}]
        for name in self.frame.columns.drop("geometry", errors="ignore"):
            number = pd.api.types.is_numeric_dtype(self.frame[name])
            kind = "esriFieldTypeDouble" if number else "esriFieldTypeString"
            fields.append({"name": str(name), "type": kind})
        return {
            "type": "Feature Layer" if spatial else "Table",
            "objectIdField": self.id_field,
            "maxRecordCount": self.page,
            "fields": fields,
        }

    def _chosen(self, query: Any) -> list[int]:
        """Find the numbers of the rows that the where clause or the object ids name."""
        if "objectIds" in query:
            return [int(i) - 1 for i in query["objectIds"].split(",")]
        mask = pd.Series(data=False, index=self.frame.index)
        for clause in re.split(r" OR (?=\w+ )", query.get("where", "1=1")):
            mask |= self._holds(clause.strip("()") if clause.startswith("(") else clause)
        return [int(i) for i in mask.to_numpy().nonzero()[0]]

    def _holds(self, clause: str) -> Any:
        if clause == "1=1":
            return True
        found = re.fullmatch(r"(\w+) (IN \((.*)\)|LIKE '(.*)%')", clause)
        if not found or found[1] not in self.frame:
            raise ValueError(clause)
        if found[4] is not None:
            return self.frame[found[1]].str.startswith(found[4].replace("''", "'"))
        values = [v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", found[3])]
        return self.frame[found[1]].isin(values)

    def _features(self, chosen: list[int], query: Any) -> list[Row]:
        names = query.get("outFields", "*").split(",")
        wanted = [n for n in self._values if n != "geometry" and (names == ["*"] or n in names)]
        if names == ["*"] or self.id_field in names:
            columns = [[at + 1 for at in chosen]]
            wanted.insert(0, self.id_field)
        else:
            columns = []
        columns += [[self._values[n][at] for at in chosen] for n in wanted if n != self.id_field]
        values = zip(*columns, strict=True) if columns else ((),) * len(chosen)
        rows = [dict(zip(wanted, row, strict=True)) for row in values]
        if query.get("f") != "geojson":
            return [{"attributes": row} for row in rows]
        return [
            {"type": "Feature", "id": at + 1, "geometry": geometry, "properties": row}
            for at, geometry, row in zip(chosen, self._geometries(chosen, query), rows, strict=True)
        ]

    def _geometries(self, chosen: list[int], query: Any) -> list[Row | None]:
        if "geometry" not in self._values or query.get("returnGeometry") == "false":
            return [None] * len(chosen)
        shapes = np.array([self._values["geometry"][at] for at in chosen], dtype=object)
        if "geometryPrecision" in query:
            shapes = shapely.set_precision(shapes, 10.0 ** -int(query["geometryPrecision"]))
        return [None if text is None else json.loads(text) for text in shapely.to_geojson(shapes)]


@dataclass
class NomisTable:
    """A Nomis query of a frame: its columns in capitals, then RECORD_OFFSET and RECORD_COUNT.

    `limit` and `limit_with_key` are the most rows of one answer without and with a key (``uid``),
    and it cuts an answer off there without a word. `counted` is added to RECORD_COUNT.
    """

    frame: pd.DataFrame
    limit: int = 25_000
    limit_with_key: int = 100_000
    tamper: Tamper | None = None
    counted: int = 0
    _pages: Any = field(default_factory=itertools.count)

    def __call__(self, seen: Any) -> str:
        """Answer a page as CSV."""
        query = {name.lower(): value for name, value in seen.query.items()}
        start = int(query.get("recordoffset", 0))
        most = self.limit_with_key if query.get("uid") else self.limit
        end = min(start + min(int(query.get("recordlimit", most)), most), len(self.frame))
        columns = {
            str(name).upper(): column.iloc[start:end].tolist()
            for name, column in self.frame.items()
        }
        columns["RECORD_OFFSET"] = list(range(start, end))
        columns["RECORD_COUNT"] = [len(self.frame) + self.counted] * max(0, end - start)
        rows: list[Row] = [
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        ]
        names = [str(name).upper() for name in self.frame.columns]
        names += ["RECORD_OFFSET", "RECORD_COUNT"]
        if "select" in query:
            names = [name.upper() for name in query["select"].split(",")]
        if self.tamper is not None:
            rows = self.tamper(rows, next(self._pages))
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(names)
        for row in rows:
            writer.writerow([row.get(name, "") for name in names])
        return text.getvalue()
