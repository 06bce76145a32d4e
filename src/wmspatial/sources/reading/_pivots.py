"""Tables that come long, or without their total, brought to one row an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.sources.reading._checks import Frame, as_str, row_of
from wmspatial.sources.reading._model import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Prepare = Callable[[Frame, list[str]], Frame]

GROUPS: Final = ("white", "mixed", "asian", "black", "other")
_ROUNDING: Final = 1e-9


def add_up_groups(table: Frame, notes: list[str]) -> Frame:
    """Add the residents of a table that has the five groups only."""
    notes.append("residents: the sum of the five groups, which the file has without a total")
    table = table.copy()
    table.insert(1, "residents", table[list(GROUPS)].sum(axis=1))
    return table


def spread(
    names: Mapping[str, str], *, needed: tuple[str, ...], adds_up: tuple[str, ...] = ()
) -> Prepare:
    """Make one row an area of a table that has one an area and category.

    Parameters
    ----------
    names : mapping of str to str
        What each category is called in the table, and here.
    needed : tuple of str
        Which of them every area has to have.
    adds_up : tuple of str
        A total and its parts.

    Returns
    -------
    callable
        Takes ``code``, ``category``, ``value`` and perhaps ``name``.
    """
    known = {plain(heading): name for heading, name in names.items()}

    def prepare(table: Frame, notes: list[str]) -> Frame:
        category = as_str(table["category"])
        column = category.map({c: known.get(plain(c)) for c in category.unique()})
        other = category[column.isna()].unique()
        if len(other):
            notes.append(f"categories that are not needed left out: {examples(other, 20)}")
        keyed = pd.DataFrame(
            {"code": as_str(table["code"]), "column": column, "value": table["value"]}
        )[column.notna()]
        wide = keyed.pivot_table(
            index="code", columns="column", values="value", sort=False, dropna=False
        )
        absent = [n for n in needed if n not in wide.columns]
        if absent or wide.empty:
            raise InputError(
                f"no rows of {examples(absent or needed)}; found {examples(category.unique(), 9)}"
            )
        wide = _complete(wide, notes)
        _add_up(wide, adds_up)
        order = [n for n in dict.fromkeys(known.values()) if n in wide.columns]
        wide = wide[order].rename_axis(columns=None).reset_index()
        if "name" in table.columns:
            named = pd.Series(as_str(table["name"]).to_numpy(), index=as_str(table["code"]))
            named = named[~named.index.duplicated()]
            wide.insert(1, "name", wide["code"].map(named))
        return pd.DataFrame(wide)

    return prepare


def _complete(wide: Frame, notes: list[str]) -> Frame:
    """Refuse areas without a category, but for one that the end of the file cut off."""
    parted = wide.isna().any(axis=1)
    if not parted.any():
        return wide
    if list(wide.index[parted]) == [wide.index[-1]] and len(wide) > 1:
        notes.append(f"the file ends inside an area ({wide.index[-1]}), which is left out")
        return wide.iloc[:-1]
    lost = wide.index[parted]
    raise InputError(f"{len(lost):,} areas lack a category ({examples(lost)})")


def _add_up(wide: Frame, adds_up: tuple[str, ...]) -> None:
    if not adds_up or adds_up[0] not in wide.columns:
        return
    total, *parts = adds_up
    wrong = wide[total] != wide[parts].sum(axis=1)
    if wrong.any():
        raise InputError(
            f"in {int(wrong.sum()):,} areas {', '.join(parts)} do not add up to {total} "
            f"({examples(wide.index[wrong])})"
        )


def spread_groups(names: Mapping[str, str]) -> Prepare:
    """Do the same for the long table of ethnic groups that has totals and shares in each row."""
    pivot = spread(names, needed=GROUPS)

    def prepare(table: Frame, notes: list[str]) -> Frame:
        shares = table["people"] / table["residents"].where(table["residents"] > 0)
        off = (shares - table["_share"]).abs() > _ROUNDING
        if off.any():
            raise InputError(
                f"the share is not the people over the residents in {int(off.sum()):,} rows, row "
                f"{row_of(off, table)} first"
            )
        wide = pivot(table.rename(columns={"group": "category", "people": "value"}), notes)
        total = table["residents"].groupby(as_str(table["code"]).to_numpy()).agg(["min", "max"])
        total = total.reindex(wide["code"])
        if (total["min"] != total["max"]).any():
            raise InputError("an area has several totals of residents")
        wide.insert(1, "residents", total["max"].to_numpy())
        _add_up(wide.set_index("code"), ("residents", *GROUPS))
        return wide

    return prepare
