"""Read lookups as steps: from which column of codes to which, with what was found in them."""

from __future__ import annotations

import re
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, VintageError, examples, require
from wmspatial.geography.codes import kinds_of, level_of, settle_vintage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_YEARS: Final = {"lsoa01": 2001, "lsoa11": 2011, "lsoa21": 2021}
_NAMED: Final = {year: name for name, year in _YEARS.items()}
#: Standard columns of codes that are not called after their level.
_OTHERWISE: Final = {"MSOA": "zone", "travel-to-work area": "labour_market"}
_LETTERS: Final = frozenset("USMX")
_HEAD: Final = 50


class Goal(NamedTuple):
    """Which areas a table is to be on."""

    level: str
    year: int | None

    def __str__(self) -> str:
        """Name them as the catalogue does."""
        return f"{self.level} {self.year}" if self.year else self.level


class Step(NamedTuple):
    """One lookup in one direction: ``old``, ``new``, ``change``, each pair once."""

    pairs: pd.DataFrame
    source: str
    target: str


def goal_of(to: int | str) -> Goal:
    """Read what was asked for: 2021, ``"LSOA 2021"``, ``"ward"``, ``"ward 2022"``.

    Parameters
    ----------
    to : int or str
        A census, whose LSOAs are meant, or a level with or without its year.

    Returns
    -------
    Goal
        Level and year.

    Raises
    ------
    InputError
        If it is neither.
    """
    if isinstance(to, Integral) and int(to) in _NAMED:
        return Goal("LSOA", int(to))
    found = re.fullmatch(r"([A-Za-z][A-Za-z -]*?)(?: (\d{4}))?", str(to))
    if found is None:
        raise InputError(
            f"to: expected 2001, 2011 or 2021 (their LSOAs), or a level as 'ward' or 'ward 2022'; "
            f"found {to!r}."
        )
    level, year = found[1], int(found[2]) if found[2] else None
    if level.upper() in ("LSOA", "MSOA"):
        level = level.upper()
    if level == "LSOA" and year is not None and year not in _NAMED:
        raise InputError(f"to: LSOAs are of 2001, 2011 or 2021; found {to!r}.")
    return Goal(level, year)


def steps_of(
    lookups: Sequence[pd.DataFrame],
    goal: Goal,
    codes: pd.Index[Any],
    vintage: int | None,
) -> list[Step]:
    """Find the direction of each lookup, from the codes of a table to the goal.

    Parameters
    ----------
    lookups : sequence of DataFrame
        In order.
    goal : Goal
        Which areas the last leads to.
    codes : Index of str
        Codes of the table.
    vintage : int or None
        Census of the table, where it is known.

    Returns
    -------
    list of Step
        One a lookup.

    Raises
    ------
    InputError
        If a lookup has no such columns, or does not hold every code.
    VintageError
        If the codes are of another census or level than the lookups start from.
    """
    if not lookups:
        raise InputError("lookup: there is none. Expected a DataFrame, or several in order.")
    named = [_named(lookup, place, len(lookups)) for place, lookup in enumerate(lookups)]
    target = _target(named[-1], goal)
    joints = [_joint(one, other) for one, other in pairwise(named)]
    ends = [*joints, target]
    start = _start(named[0], codes, vintage, ends[0])
    _check_codes(codes, named[0], start, vintage)
    starts = [start, *joints]
    return [
        _step(frame, source, end) for frame, source, end in zip(named, starts, ends, strict=True)
    ]


def among(values: Any, codes: Any) -> npt.NDArray[np.bool_]:
    """Say which values are among some codes; several times as fast as ``isin`` on text.

    Parameters
    ----------
    values, codes : Index or Series of str
        What to look for, and where.

    Returns
    -------
    array of bool
        One a value.
    """
    there = pd.Index(codes)
    return np.asarray(there.unique().get_indexer(pd.Index(values)) >= 0)


def year_of(column: str) -> int | None:
    """Say of which census the LSOAs of a lookup column are; ``None`` where its name does not tell.

    Parameters
    ----------
    column : str
        Name of the column.

    Returns
    -------
    int or None
        The census.
    """
    return _YEARS.get(column)


def _named(lookup: pd.DataFrame, place: int, count: int) -> pd.DataFrame:
    """Call a column of LSOA codes after its census where that is known."""
    name = "lookup" if count == 1 else f"lookup {place + 1}"
    require(lookup, name, "DataFrame", "wm.read_official(...) or pandas.read_csv(...)")
    if lookup.columns.has_duplicates:
        raise InputError(f"{name}: a column name stands twice ({examples(lookup.columns, 12)}).")
    if "code" not in lookup.columns or level_held(lookup["code"]) != "LSOA":
        return lookup
    declared = lookup.attrs.get("vintage")
    if declared not in (2011, 2021):
        declared = settle_vintage(lookup["code"].dropna().astype("str"), None, where=name)
    if declared is None or _NAMED[declared] in lookup.columns:
        return lookup
    return lookup.rename(columns={"code": _NAMED[declared]})


def level_held(values: pd.Series[Any]) -> str | None:
    """Name the level that the first values are codes of.

    Parameters
    ----------
    values : Series
        Perhaps codes.

    Returns
    -------
    str or None
        The level of the first; ``None`` where one of them is no code.
    """
    head = values.dropna().head(_HEAD)
    if head.empty or pd.api.types.is_numeric_dtype(head):
        return None
    kinds = kinds_of(head)
    return None if kinds.isna().any() else str(kinds.iloc[0]).split(" (")[0]


def _code_columns(lookup: pd.DataFrame) -> dict[str, str]:
    levels = {str(c): level_held(lookup[c]) for c in lookup.columns if c != "change"}
    return {name: level for name, level in levels.items() if level}


def _target(lookup: pd.DataFrame, goal: Goal) -> str:
    found = _code_columns(lookup)
    if goal.level == "LSOA" and goal.year is not None:
        wanted = [_NAMED[goal.year], *(["code"] if found.get("code") == "LSOA" else [])]
    elif goal.level == "LSOA":
        wanted = [c for c, level in found.items() if level == "LSOA"]
        if len(wanted) > 1:
            raise InputError(
                f"to: the lookup has LSOAs in {examples(map(repr, wanted))}. Say of which census, "
                "as to=2021."
            )
    else:
        wanted = [_OTHERWISE.get(goal.level, ""), f"{goal.level}_code", goal.level]
    name = next((c for c in wanted if c in found), None)
    if name is None:
        raise InputError(
            f"lookup: no column of codes of {goal}; expected "
            f"{examples(map(repr, filter(None, wanted)))}, found codes in "
            f"{examples(map(repr, found), 12) or 'no column'}. Rename the column, or take the "
            "lookup that leads there."
        )
    return name


def _joint(one: pd.DataFrame, other: pd.DataFrame) -> str:
    shared = [c for c in _code_columns(one) if c in _code_columns(other)]
    if len(shared) != 1:
        raise InputError(
            f"lookup: two lookups in a row have to share one column of codes by name; they share "
            f"{examples(map(repr, shared)) or 'none'}. Call the codes they meet in the same, as "
            "'lsoa21', and no others."
        )
    return shared[0]


def _start(lookup: pd.DataFrame, codes: pd.Index[Any], vintage: int | None, end: str) -> str:
    """Find the column that the table's codes are in."""
    level = level_of(codes, where="table")
    found = _code_columns(lookup)
    alike = [c for c, of in found.items() if of == level and c != end]
    if len(alike) > 1 and vintage in _NAMED:
        alike = [c for c in alike if c == _NAMED[vintage]]
    if len(alike) == 1:
        return alike[0]
    if found[end] == level and not alike:
        raise VintageError(
            f"table: its codes are of {level}, as {end!r}, to which the lookup leads; it has no "
            f"other column of {level}. Take the lookup from the table's areas."
        )
    raise VintageError(
        f"table: its codes are of {level}; the lookup has "
        f"{f'several columns of them ({examples(map(repr, alike))})' if alike else 'none of them'}"
        f", codes in {examples(map(repr, found), 12)}. "
        + ("Declare vintage=." if alike else "Take the lookup from the table's areas.")
    )


def _check_codes(
    codes: pd.Index[Any], lookup: pd.DataFrame, start: str, vintage: int | None
) -> None:
    """Refuse a table of another census, and codes that the lookup does not know."""
    year = _YEARS.get(start)
    if vintage is not None and year is not None and vintage != year:
        _refuse_mixed(codes, lookup, start, _NAMED.get(vintage, ""))
        raise VintageError(
            f"table: its LSOAs are of {vintage}, the conversion starts from those of {year}. Take "
            f"the lookup from {vintage}, or name the other side in to=."
        )
    unknown = codes[~among(codes, lookup[start])]
    if not len(unknown):
        return
    for other in _code_columns(lookup):
        _refuse_mixed(codes, lookup, start, other)
        held = unknown[among(unknown, lookup[other])]
        if other != start and len(held):
            raise VintageError(
                f"table: {len(held):,} of {len(codes):,} codes ({examples(held)}) are of "
                f"{other!r}, and the conversion starts from {start!r}. Is the table of another "
                "census? Name the other side in to=."
            )
    if year in (2011, 2021):
        settle_vintage(unknown, year, where="table")
    raise InputError(
        f"table: {len(unknown):,} of {len(codes):,} codes are not in {start!r} of the lookup "
        f"({examples(unknown)}), so what is counted there would be lost. Keep the rows that the "
        "lookup covers, or take one that covers them all."
    )


def _refuse_mixed(codes: pd.Index[Any], lookup: pd.DataFrame, one: str, other: str) -> None:
    """Refuse LSOAs of two censuses in one table."""
    if one not in _YEARS or other not in _YEARS or other not in lookup.columns or one == other:
        return
    first, second = among(codes, lookup[one]), among(codes, lookup[other])
    only_first, only_second = codes[first & ~second], codes[second & ~first]
    if len(only_first) and len(only_second):
        raise VintageError(
            f"table: LSOAs of two censuses stand in one table: {len(only_first):,} codes are in "
            f"{one!r} alone ({examples(only_first, 3)}), {len(only_second):,} in {other!r} alone "
            f"({examples(only_second, 3)}). Part it by census, bring one part over, and see that "
            "no place is counted twice."
        )


def _step(lookup: pd.DataFrame, source: str, target: str) -> Step:
    # The letters say what became of LSOAs; of other areas in the same lookup they say nothing.
    lettered = "change" in lookup.columns and {source, target} <= set(_YEARS)
    pairs = pd.DataFrame(
        {
            "old": lookup[source],
            "new": lookup[target],
            "change": lookup["change"] if lettered else "",
        }
    )
    blank = pairs[["old", "new"]].isna().any(axis=1)
    if blank.any():
        raise InputError(
            f"lookup {source} to {target}: {int(blank.sum()):,} of {len(pairs):,} rows have no "
            "code on one side. Drop them if they are meant to be left out."
        )
    pairs = pairs.astype("str").reset_index(drop=True)
    # A lookup of several levels has a pair once for each area of the levels that are not asked for.
    pairs = pairs.drop_duplicates()
    twice = pairs.duplicated(["old", "new"])
    if twice.any():
        raise InputError(
            f"lookup {source} to {target}: {int(twice.sum()):,} pairs stand twice with different "
            f"letters of change ({examples(pairs.loc[twice, 'old'])})."
        )
    if lettered:
        _check_letters(pairs, source, target)
    return Step(pairs, source, target)


def _check_letters(pairs: pd.DataFrame, source: str, target: str) -> None:
    """Hold the letters of change against the pairs: an extract of a lookup loses people."""
    odd = sorted(set(pairs["change"]) - _LETTERS)
    if odd:
        raise InputError(
            f"lookup {source} to {target}: 'change' holds {examples(map(repr, odd))}; expected U "
            "(unchanged), S (split), M (merged) or X (irregular)."
        )
    earlier, later = ("old", "new") if _YEARS[source] < _YEARS[target] else ("new", "old")
    became = pairs.groupby(earlier)[later].transform("size")
    came_of = pairs.groupby(later)[earlier].transform("size")
    wrong = (
        ((pairs["change"] == "S") & (became == 1))
        | ((pairs["change"] == "M") & (came_of == 1))
        | ((pairs["change"] == "U") & ((became > 1) | (came_of > 1)))
    )
    if wrong.any():
        first = pairs[wrong].iloc[0]
        raise InputError(
            f"lookup {source} to {target}: {int(wrong.sum()):,} pairs do not fit their letter, as "
            f"{first['old']} to {first['new']}, {first['change']}: a split (S) has several parts, "
            "a merge (M) several sources, an unchanged area (U) one of each. Is it an extract? "
            "Take the whole lookup."
        )
