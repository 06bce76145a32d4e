"""Make files and columns of the features that a FeatureServer gave."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import FetchError, InputError
from wmspatial.sources._arcgis_pages import Feature, Pages, is_on_earth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBERS: Final = ("Double", "Single", "Integer", "SmallInteger", "BigInteger", "OID", "Date")


def clauses(where: str | Sequence[str]) -> list[str]:
    """Take one clause or several.

    Examples
    --------
    >>> clauses("1=1")
    ['1=1']
    """
    found = [where] if isinstance(where, str) else list(where)
    if not found or not all(isinstance(clause, str) and clause.strip() for clause in found):
        raise InputError(f"where: expected a clause, as '1=1' or of where_in; found {where!r}.")
    return found


def notes_on(features: list[Feature], pages: Pages, *, geometry: bool) -> list[str]:
    """Say what was left out, and refuse shapes that are not in degrees.

    Raises
    ------
    FetchError
        If a position cannot be a longitude and a latitude.
    """
    notes = []
    if pages.repeated:
        notes.append(f"{pages.repeated:,} features came twice, the same, and count once")
    if not geometry:
        return notes
    shaped = [feature for feature in features if feature.get("geometry")]
    for feature in shaped:
        if not is_on_earth(feature):
            raise FetchError(
                f"{pages.url}: expected longitudes and latitudes, found "
                f"{str(feature['geometry'])[:120]!r}. The service does not reproject."
            )
    if without := len(features) - len(shaped):
        notes.append(f"{without:,} features have no shape")
    return notes


def only(feature: Feature, fields: Sequence[str]) -> Feature:
    """Keep only the values that were asked for."""
    key = "properties" if "properties" in feature else "attributes"
    return feature | {key: {k: v for k, v in feature[key].items() if k in fields}}


def column(values: list[Any], kind: str) -> pd.Series[Any]:
    """Make a column of values, numbers or text as the layer says."""
    if kind.removeprefix("esriFieldType") in _NUMBERS:
        return pd.Series(pd.to_numeric(pd.Series(values, dtype=object), errors="coerce"))
    return pd.Series(values, dtype="str")


def geojson_parts(found: dict[str, Any]) -> Iterator[bytes]:
    """Write a FeatureCollection as text, a feature a line."""
    yield b'{"type": "FeatureCollection", "features": [\n'
    for at, feature in enumerate(found["features"]):
        comma = ",\n" if at else ""
        yield (comma + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))).encode()
    yield b"\n]}\n"


def csv_parts(table: pd.DataFrame) -> Iterator[bytes]:
    """Write a table as CSV, in parts; whole numbers without a point, missing as nothing."""
    columns = [table[name].astype(object).where(table[name].notna(), "") for name in table]
    rows = zip(*columns, strict=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for at, row in enumerate(rows, 1):
        writer.writerow([_plain(value) for value in row])
        if at % 1000 == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _plain(value: Any) -> Any:
    """Write 5.0 as 5: a column of whole numbers with gaps is one of floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
