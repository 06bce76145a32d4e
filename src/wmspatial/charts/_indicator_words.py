"""What an indicator by authority says, in sentences written from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    Write = Callable[[float], str]
_TWO = 2
#: With so many figures in the table it is worth saying where ours stand among them.
_MANY = 30


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    items = [str(name) for name in names]
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def sentences(
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    write: Write,
    whole: pd.DataFrame,
) -> list[str]:
    """Say what stands out: highest, lowest, the nation, and two measures against each other.

    Parameters
    ----------
    table : DataFrame
        The authorities that are looked at, by measures.
    nation : Series or None
        The nation's figures by measure.
    nation_name : str
        What it is called.
    write : callable
        Writes a number with its unit.
    whole : DataFrame
        All authorities of the table.

    Returns
    -------
    list of str
        Sentences.
    """
    told: list[str] = []
    if len(table) == 1 and len(table.columns) == _TWO and table.notna().all(axis=None):
        return _of_one_place(table, nation, nation_name, write, whole)
    for name in table.columns:
        told += _of_one(table[name], name, len(table.columns) > 1, write)
        told += _against(table[name], nation, nation_name, write)
        told += _placed(table[name], whole[name])
    if len(table.columns) == _TWO:
        told += _of_two(table, write)
    elif len(table.columns) > _TWO:
        told += _of_many(table, write)
    blank = {str(c): list(table.index[table[c].isna()]) for c in table.columns}
    told += [
        f"No figure{f' of {column}' if len(table.columns) > 1 else ''} is published for "
        f"{listed(names)}."
        for column, names in blank.items()
        if names and len(names) < len(table)
    ]
    return told


def above(high: float, low: float, *, points: bool = False) -> str:
    """Say how far one number is above another, in per cent; of percentages in points.

    Examples
    --------
    >>> above(13.08, 10.50), above(14.11, 10.23), above(78.1, 75.0, points=True)
    ('25 % above', '38 % above', '3.1 percentage points above')
    """
    if points:
        return f"{high - low:.1f} percentage points above"
    gap = 100 * (high / low - 1)
    return "under 1 % above" if gap < 0.5 else f"{gap:.0f} % above"


def is_per_cent(write: Write) -> bool:
    """Whether numbers are written as percentages, whose gaps are told in points."""
    return write(1.0).endswith("%")


def _of_one(values: pd.Series[Any], name: str, several: bool, write: Write) -> list[str]:
    known = values.dropna()
    head = f"{name}: " if several else ""
    if not len(known):
        return [f"{head}no figure is published."]
    if len(known) == 1:
        return [f"{head}{write(float(known.iloc[0]))} in {known.index[0]}."]
    top, low = float(known.max()), float(known.min())
    if top == low:
        return [f"{head}{write(top)} everywhere."]
    highest, lowest = list(known.index[known == top]), list(known.index[known == low])
    first = f"{head}highest in {listed(highest)} ({write(top)})"
    if low <= 0:
        return [f"{first} and lowest in {listed(lowest)} ({write(low)})."]
    gap = above(top, low, points=is_per_cent(write))
    return [f"{first}, {gap} the lowest, in {listed(lowest)} ({write(low)})."]


def _against(
    values: pd.Series[Any], nation: pd.Series[Any] | None, nation_name: str, write: Write
) -> list[str]:
    known = values.dropna()
    level = float("nan") if nation is None else float(nation.to_dict()[values.name])
    if not (len(known) and np.isfinite(level)):
        return []
    under, over = int((known < level).sum()), int((known > level).sum())
    figure = f"{nation_name} has {write(level)}"
    if len(known) == 1:
        where = "below" if under else "above" if over else "level with"
        return [f"{figure}; {known.index[0]} is {where} it."]
    if len(known) in (under, over):
        return [f"{figure}; {_all_of(len(known))} are {'below' if under else 'above'} it."]
    return [f"{figure}; {under} of {len(known)} are below it and {over} above."]


def _placed(values: pd.Series[Any], whole: pd.Series[Any]) -> list[str]:
    """Say where ours stand among all authorities of a wide table."""
    ours, every = values.dropna(), whole.dropna()
    if not len(ours) or len(every) < max(_MANY, 2 * len(ours)):
        return []
    rank = every.rank(ascending=False, method="min").reindex(ours.index).sort_values().astype(int)
    first, last = rank.index[0], rank.index[-1]
    best, worst = int(rank.iloc[0]), int(rank.iloc[-1])
    if first == last:
        return [f"From the highest it is number {best} of {len(every):,} in the table."]
    text = f"From the highest, {first} is number {best} and {last} number {worst} of"
    return [f"{text} {len(every):,} authorities in the table."]


def _of_one_place(
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    write: Write,
    whole: pd.DataFrame,
) -> list[str]:
    """Hold two measures of one authority against each other, the nation and the other rows."""
    place, (one, other) = str(table.index[0]), (str(c) for c in table.columns)
    a, b = (float(v) for v in table.iloc[0])
    if a == b:
        told = [f"In {place} {one} and {other} are the same, {write(a)}."]
    else:
        (high, x), (low, y) = sorted([(one, a), (other, b)], key=lambda pair: -pair[1])
        if y > 0:
            gap = f"{above(x, y, points=is_per_cent(write))} {low} ({write(y)})"
        else:
            gap = f"against {low} {write(y)}"
        told = [f"In {place} {high} is {write(x)}, {gap}."]
    for name in table.columns:
        told += [f"{name}: {text}" for text in _against(table[name], nation, nation_name, write)]
        every = whole[name].dropna()
        if len(every) > _TWO:
            number = int((every > table[name].iloc[0]).sum()) + 1
            span = f"{write(float(every.min()))} to {write(float(every.max()))}"
            told.append(
                f"{name} of the {len(every):,} authorities in the table goes from {span}; from the "
                f"highest, {place} is number {number:,}."
            )
    return told


def _of_two(table: pd.DataFrame, write: Write) -> list[str]:
    """Hold two measures of one thing against each other."""
    both = table.dropna()
    if not len(both):
        return []
    one, other = (str(c) for c in table.columns)
    gap = (both.iloc[:, 0] - both.iloc[:, 1]).to_numpy()
    over, under = int((gap > 0).sum()), int((gap < 0).sum())
    widest = int(np.argmax(np.abs(gap)))
    a, b = (float(v) for v in both.iloc[widest])
    if a == b:
        return [f"{one} and {other} are the same everywhere."]
    if len(both) in (over, under):
        text = f"{one} is {'above' if over else 'below'} {other} in {_all_of(len(both))}"
    else:
        text = f"{one} is above {other} in {over} of {len(both)} and below it in {under}"
    high, low = (one, other) if a > b else (other, one)
    x, y = max(a, b), min(a, b)
    gap_words = f", {above(x, y, points=is_per_cent(write))}" if y > 0 else ", against"
    where = f"{both.index[widest]}, where {high} is {write(x)}{gap_words} {low} ({write(y)})"
    return [f"{text}; the gap is widest in {where}."]


def _all_of(count: int) -> str:
    return {1: "the one authority", _TWO: "both"}.get(count, f"all {count}")


def _of_many(table: pd.DataFrame, write: Write) -> list[str]:
    """Say where groups lie farthest apart."""
    spread = (table.max(axis=1) - table.min(axis=1)).dropna()
    if not len(spread) or spread.max() == 0:
        return []
    where = int(np.argmax((table.max(axis=1) - table.min(axis=1)).fillna(-1.0)))
    row = table.iloc[where].dropna()
    text = f"The groups lie farthest apart in {table.index[where]}: {row.idxmax()}"
    return [f"{text} {write(float(row.max()))}, {row.idxmin()} {write(float(row.min()))}."]
