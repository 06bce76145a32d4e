"""What a job needs of the catalogue, what of it is at hand, and which areas to ask for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, WmspatialError
from wmspatial.geography.places import resolve_area
from wmspatial.sources._manifest import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from wmspatial.sources._manifest import Record
    from wmspatial.sources.catalogue import Address, Entry
    from wmspatial.sources.store import Store

    Read = Callable[[Path, str], pd.DataFrame]

VINTAGES: Final = (2011, 2021)
#: By vintage: neighbourhoods to zones and authorities, and neighbourhoods to wards.
LOOKUPS: Final = {2011: "lsoa11-msoa11-lad", 2021: "lsoa21-msoa21-lad"}
_WARDS: Final = {2011: "lsoa11-ward21", 2021: "lsoa21-ward24"}
COMBINED: Final = "lad23-cauth23"
#: What does as well as a data set that would be fetched.
_INSTEAD: Final = {
    "iod2025-file7": ("iod2025-imd",),
}
#: The column of a lookup that holds the codes of a level.
_COLUMNS: Final = {"LSOA": "code", "MSOA": "zone", "authority": "authority_code"}


@dataclass(frozen=True)
class Wanted:
    """One file that a job needs.

    Attributes
    ----------
    entry : Entry
        The data set.
    part : str
        Empty for the whole of it, else the name of the area.
    areas : tuple of str
        For a part, the codes of the area's authorities.
    codes : tuple of str
        For a part, the codes to ask for.
    held : Record or None
        What the store has of it, where that is enough.
    """

    entry: Entry
    part: str = ""
    areas: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    held: Record | None = None

    @property
    def key(self) -> str:
        """What the store calls it."""
        return key_of(self.entry.id, self.part)

    @property
    def shapes(self) -> bool:
        """Whether it is polygons; everything else is a table."""
        return "-boundaries" in self.entry.id


@dataclass(frozen=True)
class Plan:
    """What a job needs, in two waves: boundaries of an area wait until the area is known.

    Attributes
    ----------
    area : str or tuple of str
        As it was asked for.
    vintage : int
        The census.
    files : tuple of Wanted
        The whole data sets, in the order of the catalogue.
    later : tuple of Entry
        Boundaries of which only the area is wanted.
    """

    area: str | tuple[str, ...]
    vintage: int
    files: tuple[Wanted, ...]
    later: tuple[Entry, ...] = ()


def plan(
    area: str | Iterable[str],
    vintage: int,
    catalogue: Mapping[str, Entry],
    store: Store,
    *,
    datasets: Iterable[str] = (),
) -> Plan:
    """List what a job needs.

    Parameters
    ----------
    area : str or iterable of str
        A combined authority, an authority, several of them, or ``"england and wales"``.
    vintage : {2011, 2021}
        The census.
    catalogue : mapping of str to Entry
        Every data set.
    store : Store
        What is at hand.
    datasets : iterable of str
        Ids, where only these are wanted; by default all that the main job needs.

    Returns
    -------
    Plan
        What is wanted, with what the store has of it.

    Raises
    ------
    InputError
        If the vintage or an id is not known.

    Examples
    --------
    >>> from wmspatial.sources.catalogue import catalogue
    >>> from wmspatial.sources.store import Store
    >>> needed = plan("wmca", 2021, catalogue(), Store("no-such-folder"))
    >>> "ts021-lsoa21" in [wanted.key for wanted in needed.files]
    True
    """
    if vintage not in VINTAGES:
        raise InputError(f"vintage={vintage!r}: expected 2011 or 2021.")
    ids = list(dict.fromkeys(datasets))
    unknown = [name for name in ids if name not in catalogue]
    if unknown:
        from wmspatial.geography.lookup import nearest

        listed = [f"{name!r}: no such data set. {nearest(name, catalogue)}" for name in unknown]
        rest = " Nothing was fetched." if len(unknown) < len(ids) else ""
        raise InputError(
            f"{' '.join(text.strip() for text in listed)}{rest} 'wmspatial data list' shows them "
            "all."
        )
    chosen = [catalogue[name] for name in ids] or [
        entry for entry in catalogue.values() if vintage in entry.needed
    ]
    later = tuple(entry for entry in chosen if in_parts(entry))
    if later:
        # An area is found with these two, and its wards with a third.
        lookups = [LOOKUPS[vintage], COMBINED]
        lookups += [_WARDS[vintage]] if any(level_of(e) == "ward" for e in later) else []
        chosen += [catalogue[n] for n in lookups if n in catalogue and catalogue[n] not in chosen]
    files = tuple(with_held(Wanted(e), store) for e in chosen if e not in later)
    place = area if isinstance(area, str) else tuple(area)
    return Plan(place, vintage, files, later)


def in_parts(entry: Entry) -> bool:
    """Whether only an area's part is fetched: detailed boundaries that a server can filter."""
    return entry.id.endswith("-boundaries") and any(a.kind == "arcgis" for a in entry.addresses)


def level_of(entry: Entry) -> str:
    """Name the level of a data set's areas, as ``"LSOA"``."""
    return entry.geography.split(" ")[0]


def usable(wanted: Wanted, *, unconfirmed: bool) -> list[Address]:
    """List the addresses to try, those that were confirmed first."""
    kinds = ("arcgis",) if wanted.codes else ("file", "zip", "arcgis", "nomis")
    found = [a for a in wanted.entry.addresses if a.kind in kinds and (a.confirmed or unconfirmed)]
    return sorted(found, key=lambda address: not address.confirmed)


def with_held(wanted: Wanted, store: Store, read: Read | None = None) -> Wanted:
    """Add what the store has, where it is there and covers what is wanted."""
    names = (wanted.entry.id, *_INSTEAD.get(wanted.entry.id, ()))
    for record in [r for name in names for r in store.find(name)]:
        if store.sound(record) and _covers(record, wanted, store, read):
            return replace(wanted, held=record)
    return replace(wanted, held=None)


def _covers(record: Record, wanted: Wanted, store: Store, read: Read | None) -> bool:
    if not record.part:
        return True
    if not wanted.part:
        return False
    if record.areas:
        return set(record.areas) >= set(wanted.areas)
    if read is None:
        return record.part == wanted.part
    try:
        frame = read(store.file(record), record.dataset)
    except WmspatialError:
        return False
    return "code" in frame.columns and set(wanted.codes) <= set(frame["code"])


def localise(plan: Plan, store: Store, read: Read) -> list[Wanted]:
    """List the boundaries of the area, once the lookups are in the store.

    Parameters
    ----------
    plan : Plan
        The plan.
    store : Store
        The store, with the lookups.
    read : callable
        Reads a file of the store into a frame with standard column names.

    Returns
    -------
    list of Wanted
        One for each of ``plan.later``, with the codes to ask for.

    Raises
    ------
    MissingFileError
        If a lookup is not in the store.
    AreaNotFoundError
        If there is no such place; the nearest names are given.
    InputError
        If a lookup cannot be read.
    """
    table = _lookup(store, LOOKUPS[plan.vintage], read)
    places = table[["authority_code", "authority"]].drop_duplicates()
    authorities, label = resolve_area(plan.area, places, _lookup(store, COMBINED, read))
    if len(authorities) == len(places):
        return [with_held(Wanted(entry), store, read) for entry in plan.later]
    inside = table[table["authority_code"].isin(authorities)]
    if label[:1].isdigit():
        # "5 places" says too little to tell one area from another.
        mark = hashlib.sha256(" ".join(authorities).encode()).hexdigest()[:6]
        label = f"{len(authorities)} authorities from {authorities[0]} ({mark})"
    found = []
    for entry in plan.later:
        codes = _codes(entry, inside, plan.vintage, store, read)
        wanted = Wanted(entry, label, tuple(authorities), codes)
        found.append(with_held(wanted, store, read))
    return found


def _lookup(store: Store, dataset: str, read: Read) -> pd.DataFrame:
    whole = [record for record in store.find(dataset) if not record.part]
    return read(store.path(whole[0].key if whole else dataset), dataset)


def _codes(
    entry: Entry, inside: pd.DataFrame, vintage: int, store: Store, read: Read
) -> tuple[str, ...]:
    """List the codes of the area at the level of the boundaries."""
    level = level_of(entry)
    if level == "ward":
        wards = _lookup(store, _WARDS[vintage], read)
        column = wards.loc[wards["code"].isin(inside["code"]), "ward_code"]
    elif level in _COLUMNS:
        column = inside[_COLUMNS[level]]
    else:
        raise InputError(f"{entry.id}: boundaries of {entry.geography} cannot be cut to an area.")
    return tuple(sorted(column.dropna().astype("str").unique()))
