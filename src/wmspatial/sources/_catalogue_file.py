"""Read the file of the catalogue, and refuse one that is not as it has to be."""

from __future__ import annotations

import tomllib
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError, examples
from wmspatial.sources.catalogue import Address, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = "catalogue.toml"
_KINDS: Final = ("page", "file", "zip", "arcgis", "nomis")
_VINTAGES: Final = (2001, 2011, 2021)

#: Tables of words that entries refer to: the key of an entry, and the table.
_SHARED: Final = {
    "publisher": "publishers",
    "licence": "licences",
    "attribution": "attributions",
    "caveats": "caveats",
}
#: What each key has to be, and whether it must be there.
_ENTRY: Final[dict[str, tuple[type, bool]]] = {
    "id": (str, True), "title": (str, True), "publisher": (str, True), "table": (str, False),
    "geography": (str, True), "vintage": (int, False), "coverage": (str, True),
    "licence": (str, True), "attribution": (str, True), "rows": (int, False),
    "columns": (list, False), "direction": (str, False), "caveats": (list, False),
    "needed": (list, False), "address": (list, True),
}  # fmt: skip
_ADDRESS: Final[dict[str, tuple[type, bool]]] = {
    "kind": (str, True), "url": (str, True), "confirmed": (bool, True), "evidence": (str, True),
    "parameters": (dict, False), "member": (str, False),
}  # fmt: skip
_ITEMS: Final[dict[str, type]] = {"columns": str, "caveats": str, "needed": int, "address": dict}
_WORDS: Final = {str: "text", int: "a whole number", bool: "true or false", list: "a list",
                 dict: "a table"}  # fmt: skip


def read_catalogue(text: str, where: str = FILE) -> Mapping[str, Entry]:
    """Read a catalogue and check every entry of it.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        The file's name, for the error.

    Returns
    -------
    mapping of str to Entry
        By id, in the order of the text.

    Raises
    ------
    InputError
        If anything is wrong; every fault is named with its entry and key.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML ({error}).") from error
    faults = _faults_of_tables(raw)
    if not faults:
        ids = Counter(str(one.get("id")) for one in raw["dataset"])
        faults += [f"entry {name}: 'id' stands {n} times" for name, n in ids.items() if n > 1]
        for at, one in enumerate(raw["dataset"], start=1):
            name = one.get("id") or f"number {at}"
            faults += [f"entry {name}: {fault}" for fault in _faults_of(one, raw)]
    if faults:
        raise InputError(f"{where}: {examples(faults, 10)}. Put the catalogue right.")
    return MappingProxyType({one["id"]: _entry(one, raw) for one in raw["dataset"]})


def _faults_of_tables(raw: dict[str, Any]) -> list[str]:
    """Say what is wrong with the file as a whole."""
    known = {*_SHARED.values(), "dataset"}
    faults = [f"unknown table [{name}]" for name in raw if name not in known]
    for name in _SHARED.values():
        words = raw.get(name, {})
        if not isinstance(words, dict) or not all(isinstance(w, str) for w in words.values()):
            faults.append(f"[{name}]: expected a table of texts")
    entries = raw.get("dataset")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        faults.append("expected a [[dataset]] for each data set, found none")
    return faults


def _faults_of(one: dict[str, Any], raw: dict[str, Any]) -> list[str]:
    """Say all that is wrong with one entry."""
    faults = _ill_formed(one, _ENTRY)
    if faults:
        return faults
    for key, table in _SHARED.items():
        names = one.get(key, [])
        for name in [names] if isinstance(names, str) else names:
            if name not in raw.get(table, {}):
                faults.append(f"{key!r}: no {name!r} in [{table}]")
    years = [*one.get("needed", []), one.get("vintage", _VINTAGES[0])]
    odd = [year for year in years if year not in _VINTAGES]
    if odd:
        faults.append(f"'vintage' or 'needed': {examples(odd)} is not 2001, 2011 or 2021")
    if one.get("rows", 1) < 1:
        faults.append(f"'rows': expected 1 or more, found {one['rows']}")
    if not one["address"]:
        faults.append("'address': there is none; give the publisher's page at least")
    for at, address in enumerate(one["address"], start=1):
        faults += [f"address {at}: {fault}" for fault in _faults_of_address(address)]
    return faults


def _faults_of_address(address: dict[str, Any]) -> list[str]:
    faults = _ill_formed(address, _ADDRESS)
    if faults:
        return faults
    kind, url = address["kind"], address["url"]
    if kind not in _KINDS:
        faults.append(f"'kind': {kind!r}; expected one of {', '.join(_KINDS)}")
    if not url.startswith("https://"):
        faults.append(f"'url': {url!r} is not an https:// address")
    if "?" in url and kind in ("arcgis", "nomis"):
        faults.append("'url': the query belongs into 'parameters'")
    if kind == "zip" and not address.get("member"):
        faults.append("'member': name the file wanted in the archive")
    if not all(isinstance(value, str) for value in address.get("parameters", {}).values()):
        faults.append("'parameters': expected texts")
    return faults


def _ill_formed(table: dict[str, Any], keys: dict[str, tuple[type, bool]]) -> list[str]:
    """Name keys that are unknown, missing, empty, or of another type."""
    faults = [f"unknown key {key!r}" for key in table if key not in keys]
    for key, (kind, needed) in keys.items():
        if key not in table:
            faults += [f"{key!r} is missing"] if needed else []
        # A bool is an int to isinstance, but no number of rows.
        elif type(table[key]) is not kind:
            faults.append(f"{key!r}: expected {_WORDS[kind]}, found {table[key]!r}")
        elif kind is str and not table[key].strip():
            faults.append(f"{key!r} is empty")
        elif kind is list and not all(type(item) is _ITEMS[key] for item in table[key]):
            faults.append(f"{key!r}: expected a list, each of it {_WORDS[_ITEMS[key]]}")
    return faults


def _entry(one: dict[str, Any], raw: dict[str, Any]) -> Entry:
    return Entry(
        id=one["id"],
        title=one["title"],
        publisher=raw["publishers"][one["publisher"]],
        table=one.get("table", ""),
        geography=one["geography"],
        vintage=one.get("vintage"),
        coverage=one["coverage"],
        addresses=tuple(_address(address) for address in one["address"]),
        licence=raw["licences"][one["licence"]],
        attribution=raw["attributions"][one["attribution"]],
        rows=one.get("rows"),
        columns=tuple(one.get("columns", [])),
        direction=one.get("direction", ""),
        caveats=tuple(raw["caveats"][name] for name in one.get("caveats", [])),
        needed=tuple(one.get("needed", [])),
    )


def _address(address: dict[str, Any]) -> Address:
    more = dict(address)
    more["parameters"] = MappingProxyType(dict(address.get("parameters", {})))
    return Address(**more)
