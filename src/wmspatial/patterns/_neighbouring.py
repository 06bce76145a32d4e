"""Make areas, values and weights ready for a test of pattern, and say what was left out."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from wmspatial.errors import InputError, examples, require
from wmspatial.geography.lookup import nearest
from wmspatial.patterns.contiguity import touching
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import numpy.typing as npt
    from libpysal.graph import Graph

    from wmspatial.typology import Typology

#: Fewer can be put in so few orders that nothing could be told from chance.
_FEWEST: Final = 5
_NAMES: Final = {"ward_code": "ward", "authority_code": "authority"}


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Areas that can be tested, from :func:`neighbours_of`.

    ``keys`` names the group of every row of ``frame``; ``table`` has ``name`` and ``value`` by
    group; ``used`` marks those with a value and a neighbour, ``islands`` those with a value and no
    neighbour; ``links`` is 1 where two used ones touch.
    """

    frame: gpd.GeoDataFrame
    keys: pd.Series[Any]
    table: pd.DataFrame
    used: npt.NDArray[np.bool_]
    islands: npt.NDArray[np.bool_]
    links: sparse.csr_array
    units: str
    notes: tuple[str, ...]
    illustrative: bool


def frame_of(given: Typology | gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str, bool]:
    """Return the areas of a typology or a frame, what they are called, and whether made up."""
    if any(kind.__name__ == "Typology" for kind in type(given).__mro__):
        return given.neighbourhoods, "neighbourhoods", bool(given.illustrative)
    require(given, "typology_or_frame", "GeoDataFrame", "typology.frame")
    frame: Any = given
    if getattr(frame, "_geometry_column_name", None) not in frame.columns:
        raise InputError("typology_or_frame: the frame has no polygons. Give one with a geometry.")
    if frame.index.has_duplicates:
        twice = frame.index[frame.index.duplicated()].unique()
        raise InputError(
            f"typology_or_frame: a code stands twice in the index ({examples(twice)}). Keep one "
            "row for each area."
        )
    return frame, "areas", frame.columns.name == ILLUSTRATIVE


def check_column(frame: pd.DataFrame, column: str, name: str = "column") -> None:
    """Refuse a column that is not there, and name those spelt most like it."""
    if column not in frame.columns:
        near = nearest(str(column), map(str, frame.columns))
        raise InputError(f"{name}: there is no column {column!r}. {near}".strip())


def check_numbers(permutations: int, seed: int, name: str = "permutations") -> None:
    """Refuse a number of permutations or a seed that is none."""
    for what, value, least in ((name, permutations, 9), ("seed", seed, 0)):
        if not (isinstance(value, (int, np.integer)) and value >= least):
            raise InputError(f"{what}={value!r}: expected a whole number, {least} or more.")


def numbers_of(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return a column of numbers, missing where there is none that is finite."""
    check_column(frame, column)
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise InputError(f"column: {column!r} holds no numbers ({values.dtype}).")
    numbers = pd.Series(values.to_numpy("float64", na_value=np.nan), index=frame.index)
    return numbers.where(np.isfinite(numbers))


def neighbours_of(
    given: Typology | gpd.GeoDataFrame, values: pd.Series[Any], by: str | None
) -> Neighbours:
    """Group areas where asked, find which touch, and set aside what cannot be tested."""
    frame, units, illustrative = frame_of(given)
    notes: list[str] = []
    shapes = frame.geometry
    drawn = (shapes.notna() & ~shapes.is_empty).to_numpy()
    if not drawn.all():
        lost = frame.index[~drawn]
        notes.append(
            f"{len(lost):,} of {len(frame):,} {units} have no polygon and count as without a value "
            f"({examples(lost)})."
        )
        values = values.where(drawn)
    keys = _keys(frame, by, units, notes)
    order = pd.Index(keys.unique())
    links = _links(frame, drawn, order.get_indexer(keys), len(order))
    table = pd.DataFrame(
        {"name": _names(frame, keys, by), "value": _values(frame, values, keys, by, units, notes)},
        index=order,
    )
    known = table["value"].notna().to_numpy()
    if by is not None:
        units = "zones" if by == "zone" else "areas"
    if not known.all():
        lost = table.index[~known]
        notes.append(
            f"{len(lost):,} of {len(table):,} {units} have no value and are left out "
            f"({examples(lost)})."
        )
    among = links[known][:, known]
    alone = known.copy()
    alone[known] = np.diff(among.indptr) == 0
    if alone.any():
        lost = table.index[alone]
        notes.append(
            f"{len(lost):,} {units} touch no other with a value (islands) and are left out: "
            f"nothing can be said of their neighbours ({examples(lost)})."
        )
    used = known & ~alone
    linked = sparse.csr_array(links[used][:, used])
    _refuse_few(used, known, units)
    parts = csgraph.connected_components(linked, directed=False, return_labels=False)
    if parts > 1:
        notes.append(f"The {units} lie in {parts:,} parts that do not touch each other.")
    return Neighbours(
        frame, keys, table, used, alone, linked, units, tuple(notes), illustrative
    )  # fmt: skip


def _refuse_few(used: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_], units: str) -> None:
    if known.any() and not used.any():
        raise InputError(f"No two {units} with a value touch: there are no neighbours to compare.")
    if used.sum() < _FEWEST:
        raise InputError(
            f"{int(used.sum()):,} {units} have a value and a neighbour; expected {_FEWEST} or more."
        )


def _keys(frame: gpd.GeoDataFrame, by: str | None, units: str, notes: list[str]) -> pd.Series[Any]:
    """Name the group of every area; one that is in none stands for itself."""
    own = pd.Series(frame.index, index=frame.index)
    if by is None:
        return own
    check_column(frame, by, "by")
    groups = frame[by]
    lost = groups.isna()
    if lost.any():
        notes.append(f"{int(lost.sum()):,} {units} have no {by!r}; each stands for itself.")
    keys: pd.Series[Any] = groups.astype("object").where(~lost, own)
    return keys


def _links(
    frame: gpd.GeoDataFrame, drawn: npt.NDArray[np.bool_], group: npt.NDArray[Any], count: int
) -> sparse.csr_array:
    """Say which groups touch: those of which any two members do."""
    pairs = touching(frame[drawn]).tocoo() if drawn.any() else sparse.coo_array((0, 0))
    first, second = group[drawn][pairs.row], group[drawn][pairs.col]
    apart = first != second
    ones = np.ones(int(apart.sum()))
    found = sparse.csr_array((ones, (first[apart], second[apart])), shape=(count, count))
    found.sum_duplicates()
    found.data[:] = 1.0
    return found


def _names(frame: gpd.GeoDataFrame, keys: pd.Series[Any], by: str | None) -> Any:
    """Name each group as people do, or by its key."""
    column = "name" if by in (None, "zone") else _NAMES.get(by, by)
    if column not in frame.columns:
        return keys.drop_duplicates().astype("str").to_numpy()
    first = frame[column].astype("str").fillna(keys.astype("str")).groupby(keys, sort=False).first()
    if by == "zone":  # "Birmingham 079H" is a neighbourhood of the zone "Birmingham 079"
        first = first.str.replace(r"(?<=\d)[A-Z]$", "", regex=True)
    return first.to_numpy()


def _values(
    frame: gpd.GeoDataFrame,
    values: pd.Series[Any],
    keys: pd.Series[Any],
    by: str | None,
    units: str,
    notes: list[str],
) -> Any:
    """Return each group's value: that of its members, or their mean where they differ."""
    if by is None:
        return values.to_numpy()
    groups = values.groupby(keys, sort=False)
    if ((groups.max() == groups.min()) | (groups.count() == 0)).all():
        return groups.first().to_numpy()
    plain = groups.mean()
    if "residents" not in frame.columns:
        notes.append(f"A group's value is the plain mean of its {units}.")
        return plain.to_numpy()
    people = frame["residents"].astype("float64").clip(lower=0.0).fillna(0.0).where(values.notna())
    weights = people.groupby(keys, sort=False).sum()
    sums = (values * people).groupby(keys, sort=False).sum()
    notes.append(f"A group's value is the mean of its {units}, weighted by residents.")
    return (sums / weights.where(weights > 0)).fillna(plain).to_numpy()


def shared_in(frame: pd.DataFrame, values: pd.Series[Any]) -> bool:
    """Whether all neighbourhoods of a zone have one value, and some zone has several."""
    if "zone" not in frame.columns:
        return False
    groups = values.groupby(frame["zone"])
    alike = (groups.max() == groups.min()) | (groups.count() == 0)
    return bool(alike.all() and (groups.count() > 1).any())


def graph_of(links: sparse.csr_array) -> Graph:
    """Return a PySAL graph of which areas touch, each link of weight 1."""
    from libpysal.graph import Graph

    return Graph.from_sparse(links)


def by_row(links: sparse.csr_array) -> sparse.csr_array:
    """Scale each area's links to add up to 1."""
    return sparse.csr_array(sparse.diags_array(1.0 / links.sum(axis=1)) @ links)


def heeding(work: Callable[[], Any]) -> tuple[Any, tuple[str, ...]]:
    """Do what esda does, and return its warnings as notes.

    esda also changes what Python does with warnings; that is put back.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = work()
    said = dict.fromkeys(
        " ".join(str(warning.message).split())
        for warning in caught
        if issubclass(warning.category, (UserWarning, RuntimeWarning))
    )
    return result, tuple(f"esda says: {text}" for text in said)
