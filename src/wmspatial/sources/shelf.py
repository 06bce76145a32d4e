"""Where the tables of one run lie: a store, or a plain folder whose files are found by content."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from wmspatial.errors import InputError, MissingFileError, WmspatialError, examples
from wmspatial.provenance import Source
from wmspatial.sources import layouts
from wmspatial.sources.ethnicity import groups_2021
from wmspatial.sources.nomis import read_query_export
from wmspatial.sources.tables import read, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from wmspatial.sources.store import Store
    from wmspatial.sources.tables import Layout

#: Tables at their known place in a plain folder, by data set.
_KNOWN: Final[dict[str, Layout]] = {
    "lsoa11-msoa11-lad": layouts.LOOKUP_2011,
    "lsoa21-msoa21-lad": layouts.LOOKUP_2021,
    "lsoa11-ward21": layouts.WARDS_2011,
    "lsoa21-ward22": layouts.WARDS_2022,
    "lsoa11-lsoa21": layouts.CROSSWALK,
    "lsoa11-ttwa11": layouts.TRAVEL_TO_WORK,
    "lad23-cauth23": layouts.COMBINED,
    "ks201ew-lsoa11": layouts.ETHNICITY_2011,
    "ts021-lsoa21": layouts.ETHNICITY_2021,
    "bres-lsoa11": layouts.JOBS,
    "wu01ew-msoa11": layouts.COMMUTING[2011],
    "odwp01ew-msoa21": layouts.COMMUTING[2021],
    "odmg01ew-msoa21": layouts.MOVES_2021,
    "iod2015-imd": layouts.DEPRIVATION[2011, "imd2015"],
    "iod2019-imd": layouts.DEPRIVATION[2011, "imd2019"],
    "iod2025-imd": layouts.DEPRIVATION[2021, "imd2025"],
}
#: Polygons at their known place in a plain folder: path, heading of the code, title.
_KNOWN_SHAPES: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "lsoa11-boundaries": (layouts.BOUNDARIES[2011][0],),
    "lsoa21-boundaries": (layouts.BOUNDARIES[2021][0],),
    "lsoa11-boundaries-bsc": (layouts.BOUNDARIES[2011][1],),
    "lsoa21-boundaries-bsc": (layouts.BOUNDARIES[2021][1],),
    "ward22-boundaries": (layouts.WARD_BOUNDARIES[2011], layouts.WARD_BOUNDARIES[2022]),
    "ward25-boundaries": (layouts.WARD_BOUNDARIES[2021],),
}
_MANIFEST: Final = "manifest.json"
#: Data sets that hold what another is asked for.
_STAND_INS: Final = {
    "iod2015-imd": ("iod2015-imd", "iod2015-file7"),
    "iod2019-imd": ("iod2019-imd", "iod2019-file7", "iod2019-domains"),
    "iod2025-imd": ("iod2025-imd", "iod2025-file7"),
    "lsoa11-boundaries-bsc": ("lsoa11-boundaries-bsc", "lsoa11-boundaries"),
    "lsoa21-boundaries-bsc": ("lsoa21-boundaries-bsc", "lsoa21-boundaries"),
}


class Item(NamedTuple):
    """One file that holds a data set, or a part of one."""

    path: Path
    label: str
    whole: bool = True
    layout: Layout | None = None
    code: str = ""
    title: str = ""
    fetched: str = ""
    url: str = ""
    authorities: tuple[str, ...] | None = None
    sha256: str = ""


@dataclass
class Shelf:
    """The files at hand, by data set.

    Attributes
    ----------
    folder : Path
        What is said to be searched.
    items : dict of str to list of Item
        By data set, in the order in which they are tried.
    search : bool
        Whether files that are not in their known place are looked for by their content.
    """

    folder: Path
    items: dict[str, list[Item]]
    search: bool = False
    _searched: bool = field(default=False, repr=False)

    def find(self, dataset: str, *, whole: bool = False, search: bool = True) -> list[Item]:
        """List the files that hold a data set, or something that can stand in for it."""
        names = _STAND_INS.get(dataset, (dataset,))
        found = [item for name in names for item in self.items.get(name, ())]
        found = [item for item in found if item.whole or not whole]
        if not found and search and self.search and not self._searched:
            self._search()
            return self.find(dataset, whole=whole)
        return found

    def _search(self) -> None:
        """Recognise every file of the folder that is not in a known place."""
        from wmspatial.sources.reading import recognise

        self._searched = True
        known = {item.path for items in self.items.values() for item in items}
        for path in sorted(p for p in self.folder.rglob("*") if p.is_file() and p not in known):
            try:
                what = recognise(path)
            except WmspatialError:
                continue  # a file that is none of ours is nobody's fault
            item = Item(path, path.relative_to(self.folder).as_posix(), what.whole is not False)
            self.items.setdefault(what.dataset, []).append(item)

    def missing(self, datasets: Iterable[str]) -> list[str]:
        """Name the data sets that no whole file holds."""
        return [name for name in datasets if not self.find(name, whole=True)]

    def table(self, dataset: str, *, whole: bool = True) -> tuple[pd.DataFrame, Source]:
        """Read a data set, whole unless a part will do, under standard column names.

        Raises
        ------
        MissingFileError
            If no file holds it.
        InputError
            If the file is no such table.
        """
        found = self.find(dataset, whole=whole)
        if not found:
            raise MissingFileError(
                f"{title_of(dataset)} ({dataset}) is missing in the data folder {self.folder}. "
                f"{how_to_get(dataset)}"
            )
        item = found[0]
        if item.layout is None:
            return _official(item, dataset)
        if dataset == "bres-lsoa11":
            table, source = read_query_export(self.folder, item.layout, "Employment")
        else:
            table, source = read(self.folder, item.layout)
        if dataset == "ts021-lsoa21":
            table = groups_2021(table)
        return table, source._replace(dataset=dataset)

    def shapes(self, item: Item) -> tuple[gpd.GeoDataFrame, str, Source]:
        """Read polygons as they are: the frame, the heading of its codes, and the source."""
        import geopandas as gpd

        if not item.code:
            frame, source = _official(item, "")
            return gpd.GeoDataFrame(frame), "code", source
        try:
            if item.path.suffix == ".parquet":
                frame = gpd.read_parquet(item.path)
            else:
                frame = gpd.read_file(item.path, use_arrow=True)
        except (OSError, ValueError, RuntimeError) as error:  # pyarrow, geopandas and GDAL
            raise InputError(
                f"{item.label}: cannot be read as boundaries ({error}). Get the file again."
            ) from error
        source = Source(
            item.title, "Office for National Statistics", file=item.path.name,
            sha256=sha256(item.path), rows=len(frame),
        )  # fmt: skip
        return frame, item.code, source


def _official(item: Item, dataset: str) -> tuple[pd.DataFrame, Source]:
    """Read a file in any official layout, by its content."""
    from wmspatial.sources.reading import read_official

    frame = read_official(item.path)
    source: Source = frame.attrs["source"]
    if item.sha256 and source.sha256 != item.sha256:
        raise InputError(
            f"{item.path}: the file has changed since it was taken into the data folder on "
            f"{item.fetched[:10]} (SHA-256 then {item.sha256[:12]}…, now {source.sha256[:12]}…). "
            "Get it again, or adopt it again with --replace if the change is meant."
        )
    # The frame's own notes travel in the source; attrs would be copied at every step from here.
    found: Any = frame.attrs.get("dataset", dataset)
    frame.attrs = {}
    return frame, source._replace(
        dataset=str(found),
        fetched=item.fetched[:10] or source.fetched,
        url=item.url or source.url,
    )


def title_of(dataset: str) -> str:
    """Say what a data set is called."""
    from wmspatial.sources.catalogue import entry

    return entry(dataset).title


def how_to_get(*datasets: str) -> str:
    """Say how data sets are got."""
    listed = " ".join(datasets)
    return (
        f"'wmspatial data fetch {listed}' gets it from the publisher, 'wmspatial data adopt DIR' "
        "takes files that you have; docs/data.md lists what is needed."
    )


def open_shelf(data_dir: str | Path | None) -> Shelf:
    """Open the store, a folder that is one, or a plain folder of official tables.

    Parameters
    ----------
    data_dir : str, Path or None
        The folder; None for the store (``WMSPATIAL_DATA``, or the platform's data folder).

    Returns
    -------
    Shelf
        The files at hand.

    Raises
    ------
    MissingFileError
        If there is no such folder, or no store yet.
    """
    if data_dir is not None and not (Path(data_dir) / _MANIFEST).exists():
        folder = Path(data_dir)
        if folder.is_dir():
            return _of_folder(folder)
        raise MissingFileError(
            f"data_dir: there is no folder {folder}. Expected the folder of official tables that "
            "docs/data.md describes."
        )
    from wmspatial.sources.store import Store

    store = Store(data_dir)
    if not store.exists():
        raise MissingFileError(
            f"There is no data folder yet ({store.folder}). 'wmspatial data fetch --area wmca "
            "--vintage 2021' gets the official tables, 'wmspatial data adopt DIR' takes files "
            "that you have; or name a folder with data_dir."
        )
    return _of_store(store)


def _of_folder(folder: Path) -> Shelf:
    items: dict[str, list[Item]] = {}
    for dataset, layout in _KNOWN.items():
        path = folder / layout.path
        if path.is_file():
            items[dataset] = [Item(path, layout.path, layout=layout)]
    for dataset, files in _KNOWN_SHAPES.items():
        for name, code, title in files:
            path = folder / name
            if path.is_file():
                whole = name.startswith("england_wales")
                seven = None if whole else layouts.WEST_MIDLANDS
                item = Item(path, name, whole, code=code, title=title, authorities=seven)
                items.setdefault(dataset, []).append(item)
    return Shelf(folder, items, search=True)


def _of_store(store: Store) -> Shelf:
    items: dict[str, list[Item]] = {}
    for record in store.records().values():
        path = store.file(record)
        if not path.is_file():
            continue  # verify names it; here it is as good as never fetched
        item = Item(
            path, path.name, whole=not record.part, fetched=record.fetched, url=record.url,
            authorities=record.areas or None, sha256=record.sha256,
        )  # fmt: skip
        items.setdefault(record.dataset, []).append(item)
    return Shelf(store.folder, items)


def refuse_incomplete(shelf: Shelf, needed: Iterable[str], vintage: int) -> None:
    """Name every missing data set at once, before anything is read.

    Raises
    ------
    MissingFileError
        If one is missing.
    """
    wanted = list(needed)
    absent = shelf.missing(wanted)
    if len(absent) == len(wanted):
        raise MissingFileError(
            f"data_dir: {shelf.folder} does not look like the data folder: not one of the "
            f"{len(wanted)} files that {vintage} needs is in it, {_named(wanted[0])} for one. "
            "docs/data.md lists them."
        )
    if absent:
        raise MissingFileError(
            f"{len(absent)} of {len(wanted)} files missing in the data folder {shelf.folder}: "
            f"{examples(map(_named, absent), len(absent))}. {how_to_get(*absent)}"
        )


def _named(dataset: str) -> str:
    """Name a data set, with the place in a plain folder where it is expected."""
    if dataset in _KNOWN:
        return f"{_KNOWN[dataset].path} ({_KNOWN[dataset].title})"
    if dataset in _KNOWN_SHAPES:
        path, _code, title = _KNOWN_SHAPES[dataset][-1]
        return f"{path} ({title})"
    return f"{dataset} ({title_of(dataset)})"
