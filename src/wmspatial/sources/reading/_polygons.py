"""Polygons: GeoJSON, GeoParquet and GeoPackage, recognised without loading them."""

from __future__ import annotations

import io
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.sources.reading._books import ParquetGrid
    from wmspatial.sources.reading._model import Match

_SAMPLE: Final = 4 * 2**20
_SMALL: Final = 64 * 2**20
_VERTEX: Final = 16
_DEGREES: Final = 4326
_FEATURE: Final = re.compile(rb'"type"\s*:\s*"Feature"')
_PAGE: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
#: Where Great Britain and Northern Ireland lie, in degrees.
_BOX: Final = (-9.5, 49.0, 3.0, 61.5)


class JsonGrid:
    """A GeoJSON feature collection."""

    kinds: tuple[str, ...] = ("shapes",)
    where = ""

    def __init__(self, data: bytes, form: str, name: str) -> None:
        self.data, self.form, self.name = data, form, name
        self.notes: list[str] = []
        self.head = [self._properties()]
        sample = data[:_SAMPLE]
        features = max(len(_FEATURE.findall(sample)), 1)
        self.vertices = sample.count(b"[") / features

    def _properties(self) -> list[str]:
        """Read the properties of the first feature, and nothing else."""
        found = re.search(rb'"properties"\s*:\s*(?=\{)', self.data[_first(self.data) :])
        if not found:
            raise InputError(f"{self.name}: JSON without a feature that has properties.")
        text = self.data[_first(self.data) + found.end() :][:_SMALL].decode("utf-8", "replace")
        try:
            properties, _ = json.JSONDecoder().raw_decode(text[:65536])
        except ValueError as error:
            raise InputError(
                f"{self.name}: the properties of the first feature cannot be read ({error})."
            ) from error
        return list(properties)

    def content(self) -> bytes:
        """Return nothing: polygons are told by their headings."""
        return b""

    def count(self, header: int) -> int | None:
        """Count features."""
        return len(_FEATURE.findall(self.data)) if header == 0 else None

    def raw(self, header: int, match: Match) -> gpd.GeoDataFrame:
        """Read the collection, once it is known to be complete."""
        import geopandas as gpd

        if _PAGE.search(self.data[-4096:]) or _PAGE.search(self.data[:4096]):
            raise InputError(
                f"{self.name}: the server says that there is more (exceededTransferLimit): this is "
                "one page of the layer. Fetch all of it."
            )
        self._refuse_broken()
        try:
            frame = gpd.read_file(io.BytesIO(self.data), use_arrow=True)
        except Exception as error:
            raise InputError(f"{self.name}: cannot be read as GeoJSON ({error}).") from error
        counted = self.count(header)
        if counted != len(frame):
            raise InputError(
                f"{self.name}: {counted:,} features stand in the file, {len(frame):,} could be "
                "read. Get the file again."
            )
        return _checked(frame, [self.head[0][i] for i in match.at], self)

    def _refuse_broken(self) -> None:
        if len(self.data) <= _SMALL:
            try:
                json.loads(self.data)
            except ValueError as error:
                raise InputError(
                    f"{self.name}: not complete JSON ({error}). The file was cut short or damaged: "
                    "get it again."
                ) from error
        elif not re.search(rb"\]\s*(,[^\[\]]*)?\}\s*$", self.data[-4096:]):
            raise InputError(f"{self.name}: the end of the collection is missing. Get it again.")


def _first(data: bytes) -> int:
    """Find the first feature: a collection may have properties of its own before it."""
    found = _FEATURE.search(data)
    return found.start() if found else 0


class GeoParquetGrid:
    """A Parquet file with polygons."""

    kinds: tuple[str, ...] = ("shapes",)
    where = ""

    def __init__(self, inner: ParquetGrid) -> None:
        self.inner, self.name, self.form = inner, inner.name, inner.form
        self.notes: list[str] = []
        meta = inner.file.metadata
        self.geometry = json.loads(inner.file.schema_arrow.metadata[b"geo"])["primary_column"]
        self.head = [[n for n in inner.names if n != self.geometry]]
        size = sum(
            meta.row_group(g).column(inner.names.index(self.geometry)).total_uncompressed_size
            for g in range(meta.num_row_groups)
        )
        self.vertices = size / max(meta.num_rows, 1) / _VERTEX

    def content(self) -> bytes:
        """Return nothing: polygons are told by their headings."""
        return b""

    def count(self, header: int) -> int | None:
        """Return the number of rows that the file says it has."""
        return self.inner.count(header)

    def raw(self, header: int, match: Match) -> gpd.GeoDataFrame:  # noqa: ARG002
        """Read codes, names and polygons."""
        import geopandas as gpd

        names = [self.head[0][i] for i in match.at]
        try:
            frame = gpd.read_parquet(io.BytesIO(self.inner.data), columns=[*names, self.geometry])
        except Exception as error:
            raise InputError(f"{self.name}: cannot be read as GeoParquet ({error}).") from error
        return _checked(frame, names, self)


class PackageGrid:
    """The one layer of a GeoPackage."""

    kinds: tuple[str, ...] = ("shapes",)
    where = ""

    def __init__(self, data: bytes, form: str, name: str) -> None:
        self.data, self.form, self.name = data, form, name
        self.notes: list[str] = []
        info, sample = self._look()
        self.head = [list(map(str, info["fields"]))]
        self.rows = int(info["features"])
        self.vertices = sample

    def _look(self) -> tuple[dict[str, Any], float]:
        import pyogrio
        import shapely

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "layer.gpkg"
            path.write_bytes(self.data)
            try:
                layers = pyogrio.list_layers(path)
                if len(layers) != 1:
                    raise InputError(
                        f"{self.name}: {len(layers)} layers; expected one. Save the one that is "
                        "meant by itself."
                    )
                info = dict(pyogrio.read_info(path, force_feature_count=True))
                first = pyogrio.read_dataframe(path, max_features=50, columns=[])
            except pyogrio.errors.DataSourceError as error:
                raise InputError(f"{self.name}: cannot be read as GeoPackage ({error}).") from error
        return info, float(shapely.get_num_coordinates(first.geometry.to_numpy()).mean())

    def content(self) -> bytes:
        """Return nothing: polygons are told by their headings."""
        return b""

    def count(self, header: int) -> int | None:
        """Return the number of features."""
        return self.rows if header == 0 else None

    def raw(self, header: int, match: Match) -> gpd.GeoDataFrame:  # noqa: ARG002
        """Read codes, names and polygons."""
        import pyogrio

        names = [self.head[0][i] for i in match.at]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "layer.gpkg"
            path.write_bytes(self.data)
            try:
                frame = pyogrio.read_dataframe(path, columns=names)
            except Exception as error:
                raise InputError(f"{self.name}: cannot be read as GeoPackage ({error}).") from error
        return _checked(frame, names, self)


def _checked(frame: gpd.GeoDataFrame, names: list[str], grid: Any) -> gpd.GeoDataFrame:
    """Refuse missing polygons and coordinates that are not where they say; count invalid ones."""
    frame = frame[[*names, frame.geometry.name]]
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    blank = frame.geometry.isna() | frame.geometry.is_empty
    if blank.any():
        raise InputError(f"{grid.name}: {int(blank.sum()):,} features have no polygon.")
    if frame.crs is None:
        raise InputError(f"{grid.name}: no coordinate system is given. Get the file again.")
    if frame.crs.to_epsg() == _DEGREES:  # said at length by some files
        frame = frame.set_crs(_DEGREES, allow_override=True)
    if frame.crs.is_geographic:
        west, south, east, north = frame.total_bounds
        if west < _BOX[0] or south < _BOX[1] or east > _BOX[2] or north > _BOX[3]:
            raise InputError(
                f"{grid.name}: coordinates from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f} "
                "are not degrees in the United Kingdom, which the file says they are."
            )
    invalid = ~frame.geometry.is_valid
    if invalid.any():
        grid.notes.append(f"polygons that are not valid, left as they are: {int(invalid.sum()):,}")
    grid.notes.append(f"about {grid.vertices:,.0f} vertices a polygon")
    return frame
