"""Flows as a long table, and back: every person of the table lands in exactly one block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.errors import InputError, examples
from wmspatial.geography.codes import SPECIAL_DESTINATIONS, kinds_of, special_destination

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


#: The names that special destinations go under: a table that was written with them reads back.
_NAMES: Final = {*SPECIAL_DESTINATIONS.values(), "Scotland", "Northern Ireland"}


class Blocks(NamedTuple):
    """The four parts of an origin-destination table."""

    zones: pd.Index[Any]
    matrix: sparse.csr_array
    special: pd.DataFrame
    arrivals: pd.DataFrame
    beyond: float


def whole_people(values: pd.Series[Any], where: str) -> npt.NDArray[np.float64]:
    """Check a column of people: whole numbers of zero or more, none missing."""
    numbers = pd.to_numeric(values, errors="coerce")
    faults = (
        (numbers.isna(), "are no number"),
        (numbers < 0, "are negative"),
        (numbers.notna() & (numbers % 1 != 0), "are not whole"),
    )
    for bad, what in faults:
        if bad.any():
            row = int(np.flatnonzero(bad.to_numpy())[0])
            raise InputError(
                f"{where}: {int(bad.sum()):,} values of {values.name!r} {what}; the first is "
                f"{_shown(values.iloc[row])} in data row {row + 1:,}. Expected whole people of "
                "zero or more."
            )
    return numbers.to_numpy(dtype=np.float64)


def _shown(value: object) -> str:
    """Show a value as it stands in the table, not as numpy calls it."""
    return f"{value:g}" if isinstance(value, int | float | np.number) else repr(value)


def _ends(values: pd.Series[Any]) -> tuple[npt.NDArray[np.intp], pd.Index[Any]]:
    """Integer codes of one column, and the distinct labels as text."""
    codes, labels = pd.factorize(values)
    return codes, pd.Index(labels).astype("str")


def _name_of(code: str, special: Mapping[str, str]) -> str | None:
    return special.get(code) or special_destination(code) or (code if code in _NAMES else None)


def _zones_of(labels: pd.Index[Any], special: Mapping[str, str], where: str) -> pd.Index[Any]:
    """Take all labels that are codes of an area, of one kind, and not named as something else."""
    known = kinds_of(labels).notna().to_numpy()
    named = np.array([_name_of(code, special) is not None for code in labels], dtype=bool)
    kept: pd.Index[Any] = labels[known & ~named]
    levels = kinds_of(kept).str.split(" (", regex=False).str[0]
    counts = levels.value_counts()
    if len(counts) > 1:
        odd = kept[(levels != counts.index[0]).to_numpy()]
        raise InputError(
            f"{where}: most zones are codes of {counts.index[0]}, but {len(odd):,} are of "
            f"{examples(counts.index[1:])} ({examples(odd)}). Totals among the pairs would count "
            "people twice: drop them, or name what they are with special=."
        )
    return kept


def _place(
    labels: pd.Index[Any], zones: pd.Index[Any], special: Mapping[str, str], what: str, where: str
) -> tuple[npt.NDArray[np.intp], pd.Index[Any], npt.NDArray[np.intp]]:
    """Give each label its zone, or its named place outside; anything else is an error."""
    zone = zones.get_indexer(labels)
    names = [None if z >= 0 else _name_of(c, special) for c, z in zip(labels, zone, strict=True)]
    lost = [c for c, z, n in zip(labels, zone, names, strict=True) if z < 0 and n is None]
    if lost:
        raise InputError(
            f"{where}: {len(lost):,} {what} codes are neither a zone nor a destination with a "
            f"name ({examples(lost)}). Give them in zones=, or name them with special=."
        )
    outside = pd.Index(sorted({n for n in names if n is not None}))
    return zone, outside, outside.get_indexer(pd.Index(names, dtype=object))


def blocks_from_table(
    table: pd.DataFrame,
    origin: str,
    destination: str,
    people: str,
    *,
    zones: pd.Index[Any] | None,
    special: Mapping[str, str] | None,
    where: str,
) -> Blocks:
    """Sort every row of a long table into one of the four blocks."""
    missing = [c for c in (origin, destination, people) if c not in table.columns]
    if missing:
        raise InputError(
            f"{where}: no column {examples(map(repr, missing))}; found "
            f"{examples(map(repr, table.columns), 12)}."
        )
    for column in (origin, destination):
        blank = table[column].isna()
        if blank.any():
            row = int(np.flatnonzero(blank.to_numpy())[0])
            raise InputError(
                f"{where}: {int(blank.sum()):,} rows have no {column}, data row {row + 1:,} first."
            )
    count = whole_people(table[people], where)
    named = special or {}
    o_codes, o_labels = _ends(table[origin])
    d_codes, d_labels = _ends(table[destination])
    if zones is None:
        zones = _zones_of(o_labels.union(d_labels), named, where).sort_values()
    zones = pd.Index(zones, name="zone").astype("str")
    if not zones.is_unique:
        twice = zones[zones.duplicated()].unique()
        raise InputError(f"{where}: zones= has {examples(twice)} twice.")
    o_zone, o_names, o_name = _place(o_labels, zones, named, "origin", where)
    d_zone, d_names, d_name = _place(d_labels, zones, named, "destination", where)
    _refuse_repeats(o_codes, d_codes, o_labels, d_labels, where)

    oz, dz, on, dn = o_zone[o_codes], d_zone[d_codes], o_name[o_codes], d_name[d_codes]
    n = len(zones)
    inside = (oz >= 0) & (dz >= 0)
    matrix = sparse.csr_array((count[inside], (oz[inside], dz[inside])), shape=(n, n))
    return Blocks(
        zones=zones,
        matrix=matrix,
        special=_summed(count, oz, dn, (oz >= 0) & (dz < 0), zones, d_names),
        arrivals=_summed(count, dz, on, (oz < 0) & (dz >= 0), zones, o_names),
        beyond=float(count[(oz < 0) & (dz < 0)].sum()),
    )


def _refuse_repeats(
    o: npt.NDArray[np.intp],
    d: npt.NDArray[np.intp],
    o_labels: pd.Index[Any],
    d_labels: pd.Index[Any],
    where: str,
) -> None:
    """Refuse pairs that stand more than once: they would be counted more than once."""
    pair = o.astype(np.int64) * len(d_labels) + d
    ordered = np.sort(pair)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        first, second = divmod(int(twice[0]), len(d_labels))
        raise InputError(
            f"{where}: {len(twice):,} pairs stand more than once, {o_labels[first]} to "
            f"{d_labels[second]} for one. Sum them first if they are parts (by sex, say), or drop "
            "the copies."
        )


def _summed(
    count: npt.NDArray[np.float64],
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    keep: npt.NDArray[np.bool_],
    zones: pd.Index[Any],
    names: pd.Index[Any],
) -> pd.DataFrame:
    used, column = np.unique(column[keep], return_inverse=True)
    names, count, row = names[used], count[keep], row[keep]
    shape = (len(zones), len(names))
    block = sparse.csr_array((count, (row, column)), shape=shape)
    return pd.DataFrame(block.toarray(), index=zones, columns=names)


def table_from_blocks(blocks: Blocks) -> pd.DataFrame:
    """Write the zone-to-zone, zone-to-special and arrivals blocks as one long table."""
    zones = blocks.zones.to_numpy(dtype=object)
    coo = blocks.matrix.tocoo()
    parts = [(zones[coo.row], zones[coo.col], coo.data)]
    for block, out in ((blocks.special, True), (blocks.arrivals, False)):
        values = block.to_numpy()
        row, column = np.nonzero(values)
        names = block.columns.to_numpy(dtype=object)[column]
        ends = (zones[row], names) if out else (names, zones[row])
        parts.append((*ends, values[row, column]))
    origin, destination, people = (np.concatenate(cast) for cast in zip(*parts, strict=True))
    return pd.DataFrame({"origin": origin, "destination": destination, "people": people}).astype(
        {"origin": "str", "destination": "str"}
    )
