"""How unevenly groups live, and how far their homes lie from where jobs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

ALL: Final = "All"
_FEWEST: Final = 2


@dataclass(frozen=True, eq=False)
class Segregation:
    """Indices of segregation, from :func:`segregation`.

    Attributes
    ----------
    groups : DataFrame
        By area and group: ``people``, ``share`` of the area's people, ``dissimilarity`` from
        everybody else, ``isolation``. All 0 to 1; missing where the group has nobody there, or
        nobody else is.
    exposure : DataFrame
        By area and group (rows) to group (columns): the share of the column's group in the
        neighbourhood of the average member of the row's. Rows add up to 1 where the groups are
        everybody.
    areas : DataFrame
        By area: ``people``, ``neighbourhoods`` and ``entropy_index``, the multi-group information
        theory index (0: every neighbourhood is mixed as the area is; 1: none is mixed).
    notes : tuple of str
        What has to be known of the counts.

    Examples
    --------
    >>> import pandas as pd
    >>> apart = segregation(pd.DataFrame({"a": [100, 0], "b": [0, 100]}), ["a", "b"])
    >>> float(apart.areas.loc["All", "entropy_index"])
    1.0
    """

    groups: pd.DataFrame
    exposure: pd.DataFrame
    areas: pd.DataFrame
    notes: tuple[str, ...] = ()


def segregation(
    table: pd.DataFrame, groups: Sequence[str], *, by: str | None = None
) -> Segregation:
    """Work out indices of segregation over neighbourhoods, for all and by area.

    Parameters
    ----------
    table : DataFrame
        Counts of people by neighbourhood, one column a group.
    groups : sequence of str
        The columns; together they are everybody.
    by : str, optional
        A column of areas (``"authority"``) to work the indices out within as well.

    Returns
    -------
    Segregation
        Dissimilarity, isolation, exposure of each group to each, and the entropy index.

    Raises
    ------
    InputError
        If a column is not there, a count is missing or negative, or there are fewer than two
        groups.

    References
    ----------
    Massey, D. S. and Denton, N. A. (1988), The dimensions of residential segregation, Social
    Forces 67(2). Reardon, S. F. and Firebaugh, G. (2002), Measures of multigroup segregation,
    Sociological Methodology 32.

    Examples
    --------
    >>> import wmspatial as wm
    >>> frame = wm.load_sample().areas
    >>> found = wm.segregation(frame, ["white", "asian", "black"], by="authority")
    >>> bool(found.groups["dissimilarity"].between(0, 1).all())
    True
    """
    counts = _counts(table, groups)
    _refuse_one(counts, "segregation")
    places: dict[str, pd.DataFrame] = {ALL: counts}
    notes: list[str] = []
    if by is not None:
        places |= {str(k): counts[v] for k, v in _areas(table, by, notes).items()}
    empty = int((counts.sum(axis=1) == 0).sum())
    if empty:
        notes.append(f"{empty:,} neighbourhoods have nobody in any group; they weigh nothing.")
    rows, exposures, areas = {}, {}, {}
    for name, part in places.items():
        values = part.to_numpy("float64")
        rows[name] = _by_group(values, list(counts.columns))
        exposures[name] = pd.DataFrame(
            _exposure(values), index=counts.columns, columns=counts.columns
        )
        areas[name] = {
            "people": values.sum(),
            "neighbourhoods": len(part),
            "entropy_index": _entropy_index(values),
        }
    names = ["area", "group"]
    return Segregation(
        pd.concat(rows, names=names),
        pd.concat(exposures, names=names),
        pd.DataFrame.from_dict(areas, orient="index").rename_axis("area"),
        tuple(notes),
    )


def location_quotient(table: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Hold each group's share of a neighbourhood against its share of the whole table.

    Parameters
    ----------
    table : DataFrame
        Counts of people by neighbourhood.
    groups : sequence of str
        The columns; together they are everybody.

    Returns
    -------
    DataFrame
        On the index of `table`, one column a group: 1 where the share is that of the whole, 2
        where it is twice that. Missing where nobody lives.

    Raises
    ------
    InputError
        If a column is not there, a count is missing or negative, or there are fewer than two
        groups.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [30, 10], "b": [10, 30]})
    >>> location_quotient(table, ["a", "b"])["a"].tolist()
    [1.5, 0.5]
    """
    counts = _counts(table, groups)
    _refuse_one(counts, "a location quotient")
    shares = counts.div(counts.sum(axis=1).where(lambda s: s > 0), axis=0)
    whole = counts.sum() / counts.to_numpy().sum()
    quotients: pd.DataFrame = shares / whole.where(whole > 0)
    return quotients


def spatial_mismatch(
    table: pd.DataFrame, groups: Sequence[str], jobs: str = "jobs", *, by: str | None = None
) -> pd.DataFrame:
    """Tell what share of a group would have to move to live as jobs are spread.

    Parameters
    ----------
    table : DataFrame
        Counts of people and of jobs by neighbourhood.
    groups : sequence of str
        Columns of people.
    jobs : str, default "jobs"
        The column of jobs.
    by : str, optional
        A column of areas to work the index out within as well.

    Returns
    -------
    DataFrame
        By area (``All`` first), one column a group: half the sum of the differences between the
        neighbourhood's share of the group and its share of jobs, 0 to 1.

    Raises
    ------
    InputError
        If a column is not there, or a count is missing or negative.

    References
    ----------
    Martin, R. W. (2004), Spatial mismatch and the structure of American metropolitan areas,
    1970-2000, Journal of Regional Science 44(3).

    Examples
    --------
    >>> table = pd.DataFrame({"a": [30, 10], "jobs": [10, 30]})
    >>> spatial_mismatch(table, ["a"]).loc["All", "a"]
    np.float64(0.5)
    """
    _counts(table, groups)  # refuses none, and a name that is no list
    counts = _counts(table, [*groups, jobs])
    places = {ALL: np.ones(len(table), dtype=bool)}
    if by is not None:
        places |= {str(k): v.to_numpy() for k, v in _areas(table, by, []).items()}
    rows = {}
    for name, inside in places.items():
        part = counts[inside]
        sums = part.sum()
        shares = part / sums.where(sums > 0)
        gaps = shares[list(groups)].sub(shares[jobs], axis=0).abs()
        rows[name] = 0.5 * gaps.sum(skipna=False)
    return pd.DataFrame(rows).T.rename_axis("area")


def _counts(table: pd.DataFrame, groups: Iterable[str]) -> pd.DataFrame:
    if isinstance(groups, str):
        raise InputError(f"groups={groups!r}: expected a list of columns, as [{groups!r}].")
    require(table, "table", "DataFrame", "typology.neighbourhoods")
    columns = [str(name) for name in groups]
    if not columns:
        raise InputError("groups: there is none. Name columns that count people by group.")
    for name in columns:
        if name not in table.columns:
            near = nearest(name, map(str, table.columns))
            raise InputError(f"groups: there is no column {name!r}. {near}".strip())
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    if twice:
        raise InputError(f"groups: {examples(twice)} stands twice.")
    counts: pd.DataFrame = (
        pd.DataFrame(table[columns]).apply(pd.to_numeric, errors="coerce").astype("float64")
    )
    for name in columns:
        bad = ~(np.isfinite(counts[name]) & (counts[name] >= 0))
        if bad.any():
            raise InputError(
                f"groups: {name!r} is missing, negative or no number in {int(bad.sum()):,} of "
                f"{len(bad):,} neighbourhoods ({examples(counts.index[bad])})."
            )
    return counts


def _refuse_one(counts: pd.DataFrame, what: str) -> None:
    if len(counts.columns) < _FEWEST:
        raise InputError(
            f"groups: {what} needs two groups or more; found {examples(counts.columns)}. Give the "
            "others too, or a column of everybody else."
        )


def _areas(table: pd.DataFrame, by: str, notes: list[str]) -> dict[Any, pd.Series[bool]]:
    if by not in table.columns:
        near = nearest(by, map(str, table.columns))
        raise InputError(f"by={by!r}: there is no such column. {near}".strip())
    blank = int(table[by].isna().sum())
    if blank:
        notes.append(f"{blank:,} neighbourhoods have no {by!r}; they count in {ALL!r} alone.")
    # Compared as text: numbers of areas are names too.
    keys = table[by].astype("object").map(str, na_action="ignore")
    names = sorted(keys.dropna().unique())
    if ALL in names:
        raise InputError(f"by={by!r}: an area is called {ALL!r}, which is the name of the whole.")
    return {key: keys == key for key in names}


def _by_group(values: Floats, names: list[str]) -> pd.DataFrame:
    sums, everybody = values.sum(axis=0), values.sum(axis=1)
    rest = everybody[:, None] - values
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.abs(values / sums - rest / rest.sum(axis=0))
        dissimilarity = 0.5 * gaps.sum(axis=0)
        share = sums / sums.sum()
    return pd.DataFrame(
        {
            "people": sums,
            "share": share,
            "dissimilarity": dissimilarity,
            "isolation": np.diag(_exposure(values)),
        },
        index=pd.Index(names),
    )


def _exposure(values: Floats) -> Floats:
    """Return the average neighbourhood of each group's members, group by group."""
    everybody = values.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(everybody > 0, values / everybody, 0.0)
        found: Floats = (values / values.sum(axis=0)).T @ shares
    return found


def _entropy_index(values: Floats) -> float:
    everybody = values.sum(axis=1)
    whole = _entropy(values.sum(axis=0)[None, :])[0]
    if not whole > 0:
        return float("nan")  # one group alone cannot be apart from others
    total = everybody.sum()
    return float((everybody * (whole - _entropy(values))).sum() / (whole * total))


def _entropy(values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = values / values.sum(axis=1, keepdims=True)
        terms = np.where(shares > 0, -shares * np.log(shares), 0.0)
    found: Floats = terms.sum(axis=1)
    return found
