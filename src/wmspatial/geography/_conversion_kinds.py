"""Check that every column of a table is declared, and holds what it is declared to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography._conversion_pairs import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CARRIED = "_carried"
_PER_CENT = re.compile(r"%|per ?cent|(?<![a-z])pct(?![a-z])", re.IGNORECASE)
_HUNDRED = 100
_HALF = 0.5


class Kinds(NamedTuple):
    """The columns of a table by what they hold."""

    counts: tuple[str, ...]
    rates: dict[str, str]
    ranks: tuple[str, ...]
    deciles: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def flagged(self) -> tuple[str, ...]:
        """Columns that get a flag: they are carried, not worked out."""
        return (*self.ranks, *self.deciles, *self.labels)

    @property
    def numeric(self) -> tuple[str, ...]:
        """Columns that have to hold numbers."""
        return (*self.counts, *self.rates, *self.ranks, *self.deciles)

    @property
    def every(self) -> tuple[str, ...]:
        """All columns."""
        return (*self.numeric, *self.labels)


def declared(
    table: pd.DataFrame,
    counts: Iterable[str],
    rates: Mapping[str, str] | None,
    ranks: Iterable[str],
    deciles: Iterable[str],
    labels: Iterable[str],
) -> Kinds:
    """Check that every column of a table is declared as one kind.

    Parameters
    ----------
    table : DataFrame
        Without its column of codes.
    counts : iterable of str
        Columns that add up.
    rates : mapping of str to str, optional
        Each rate and its denominator.
    ranks, deciles, labels : iterable of str
        Columns that are carried.

    Returns
    -------
    Kinds
        The declared columns; denominators are counts.

    Raises
    ------
    InputError
        If a column is not declared, declared twice or absent, holds no numbers, or is declared
        as a count and is per cent by its heading or by the signs in its file.
    """
    for name, given in (("counts", counts), ("ranks", ranks), ("deciles", deciles),
                        ("labels", labels)):  # fmt: skip
        if isinstance(given, str):
            raise InputError(f"{name}: expected a list of columns, as [{given!r}]; found text.")
    rates = dict(rates or {})
    own = tuple(dict.fromkeys([*counts, *rates.values()]))
    kinds = Kinds(own, rates, tuple(ranks), tuple(deciles), tuple(labels))
    _check_names(table, kinds)
    _refuse_percentages(table, own)
    for column in kinds.numeric:
        _check_numbers(table[column], column)
    for column in dict.fromkeys(rates.values()):
        if (table[column] < 0).any():
            raise InputError(
                f"table: {column!r} is a denominator and holds {table[column].min():,} "
                f"({table[column].idxmin()}). Expected no negative numbers."
            )
    return kinds


def _check_names(table: pd.DataFrame, kinds: Kinds) -> None:
    absent = [c for c in kinds.every if c not in table.columns]
    if absent:
        raise InputError(
            f"table: no column {examples(map(repr, absent))}; found "
            f"{examples(map(repr, table.columns), 12)}."
        )
    twice = sorted({c for c in kinds.every if kinds.every.count(c) > 1})
    if twice:
        raise InputError(
            f"table: {examples(map(repr, twice))} declared as two kinds of column. Name each once."
        )
    open_ones = [c for c in table.columns if c not in kinds.every]
    if open_ones:
        raise InputError(
            f"table: {examples(map(repr, open_ones), 12)} not declared, and nothing is guessed. "
            "Say of every column what it holds: counts=[...] (people, jobs: apportioned and "
            "summed), rates={'rate': 'denominator'} (averaged by it), ranks=[...] and "
            "deciles=[...] (carried, never apportioned), labels=[...] (names and codes: of the "
            "largest part). Or drop it first."
        )


def _refuse_percentages(table: pd.DataFrame, counts: Iterable[str]) -> None:
    """Refuse per cent among the columns that are summed."""
    signed = set(table.attrs.get("per_cent", ()))
    why = {
        c: "by the signs in its file" if c in signed else "by its heading"
        for c in counts
        if c in signed or _PER_CENT.search(str(c))
    }
    if why:
        first = next(iter(why))
        others = f" and {len(why) - 1:,} more" if len(why) > 1 else ""
        raise InputError(
            f"counts: {first!r} is per cent ({why[first]}){others}, and percentages do not add "
            f"up. Declare it in rates={{{first!r}: 'denominator'}}, with the column of people that "
            "it is a share of, or bring over the number of people and work the share out anew. "
            "If it is a count after all, rename it."
        )


def doubtful_counts(table: pd.DataFrame, counts: Iterable[str]) -> list[str]:
    """Say which counts look like shares: mostly fractions, and none above a hundred.

    Parameters
    ----------
    table : DataFrame
        As it came; one that was converted before holds fractions with good reason.
    counts : iterable of str
        Its columns of counts.

    Returns
    -------
    list of str
        A sentence for each.
    """
    if "areas" in table.attrs:
        return []
    said = []
    for column in counts:
        values = table[column].dropna().to_numpy(dtype="float64")
        if len(values) and values.max() <= _HUNDRED and np.mean(values % 1 != 0) > _HALF:
            said.append(
                f"{column}: declared as a count, but it holds mostly fractions and nothing above "
                "100. If it is a share or per cent, it does not add up: declare it in rates"
            )
    return said


def _check_numbers(values: pd.Series[Any], column: str) -> None:
    kind = pd.api.types
    if kind.is_bool_dtype(values) or not kind.is_numeric_dtype(values):
        raise InputError(
            f"table: {column!r} holds {values.dtype} ({examples(map(repr, values.dropna()), 3)}). "
            "Expected numbers, with missing values left empty."
        )
    endless = np.isinf(values.to_numpy(dtype=np.float64, na_value=np.nan))
    if endless.any():
        raise InputError(f"table: {column!r} is infinite in {examples(values.index[endless])}.")


def check_whole(table: pd.DataFrame, counts: Iterable[str]) -> None:
    """Refuse broken counts where whole people are asked for.

    Parameters
    ----------
    table : DataFrame
        Indexed by code.
    counts : iterable of str
        Columns.

    Raises
    ------
    InputError
        If a count is not a whole number.
    """
    for column in counts:
        values = table[column].dropna()
        broken = values[values % 1 != 0]
        if len(broken):
            raise InputError(
                f"table: whole=True, but {column!r} holds {broken.iloc[0]} ({broken.index[0]}) "
                f"and {len(broken) - 1:,} more that are not whole. Leave whole=False, or round "
                "first."
            )


def without_own(table: pd.DataFrame, flagged: Iterable[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Take out the columns that an earlier conversion added, and keep its flags.

    Parameters
    ----------
    table : DataFrame
        Perhaps the result of a conversion.
    flagged : iterable of str
        Columns that have flags.

    Returns
    -------
    table : DataFrame
        The columns that hold data.
    flags : dict of str to array of bool
        The flags of earlier, by column.
    """
    flags: dict[str, Any] = {}
    ours: list[str] = []
    for column in flagged:
        name = f"{column}{CARRIED}"
        if name in table.columns and table[name].dtype == bool:
            flags[column] = table[name].to_numpy()
            ours.append(name)
    if "change" in table.columns and table["change"].isin(CHANGES).all():
        ours.append("change")
    return table.drop(columns=ours), flags
