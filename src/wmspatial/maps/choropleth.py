"""Classes of any column: numbers in order, kinds, and what is missing; drawn by any renderer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography.lookup import nearest
from wmspatial.maps._choropleth_breaks import COMPUTED, check_breaks, find_breaks, is_whole
from wmspatial.maps._choropleth_declared import declared
from wmspatial.maps._choropleth_looks import (
    MISSING,
    MOST_KINDS,
    Numbers,
    interval_names,
    kinds,
    sequential,
    two_sided,
)
from wmspatial.maps._choropleth_spec import ColumnSpec, as_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["DIRECTIONS", "SCHEMES", "ColumnSpec", "classify_column"]

SCHEMES: Final = (*COMPUTED, "manual", "categories")
MOST_CLASSES: Final = 9
#: Which way the library's own columns run; nobody can map them the other way round.
DIRECTIONS: Final[dict[str, Literal["worse", "better"]]] = {
    "deprivation_rank": "better",
    "deprivation_decile": "better",
    "deprivation_share": "better",
    "deprivation_score": "worse",
    "connection_score": "better",
    "share_disconnected": "worse",
}


def classify_column(
    values: pd.Series[Any],
    *,
    scheme: str | None = None,
    k: int | None = None,
    breaks: Sequence[float] | None = None,
    centre: float | None = None,
    higher: Literal["worse", "better"] | None = None,
    unit: str = "",
    label: str | None = None,
) -> ColumnSpec:
    """Sort the values of a column into classes that a map can show.

    Parameters
    ----------
    values : Series
        Numbers, or kinds (text, truth values, an ordered or unordered categorical), one an area.
        Missing values are a class of their own.
    scheme : str, optional
        ``"quantiles"`` (classes of equal size, the default), ``"natural breaks"`` (Fisher and
        Jenks), ``"equal interval"``, ``"manual"`` (with `breaks`), ``"diverging"`` (with `centre`;
        breaks at the same distances on both sides, half of them each, at quantiles of the
        distance) or ``"categories"``.
    k : int, optional
        How many classes, 2 to 9; by default 5, or as many as there are different values, and 6 for
        a diverging scheme, where it is even.
    breaks : sequence of float, optional
        Where one class ends and the next begins, increasing, in the column's own unit. A value on
        a break is in the class below it.
    centre : float, optional
        What a diverging scheme diverges from: 0 for a change, 1 for a ratio. With `breaks`, one of
        them.
    higher : {"worse", "better"}, optional
        What a higher value means. Darker is worse where it is declared. The library's own columns
        (:data:`DIRECTIONS`) declare theirs.
    unit : str
        What stands behind each number (``"%"``, ``"km"``) or before it (``"£"``). ``"share"``
        for shares from 0 to 1, which are written as per cent.
    label : str, optional
        What stands above the legend; by default the column's name.

    Returns
    -------
    ColumnSpec
        Classes with names, colours, signs and patterns, and which value is in which.

    Raises
    ------
    InputError
        If nothing is there to classify, or a choice does not fit the values.

    Notes
    -----
    Breaks are mapclassify's, rounded to as few digits as move no more than one area in a hundred;
    the rounded ones are used and shown. Importing mapclassify takes seconds where numba is
    installed; manual breaks and kinds do without it.

    References
    ----------
    Rey and others, mapclassify, https://pysal.org/mapclassify. Colours: Brewer's ramps, and Okabe
    and Ito's for kinds.

    Examples
    --------
    >>> import wmspatial as wm
    >>> areas = wm.load_sample().areas
    >>> spec = classify_column(areas["asian"] / areas["residents"], unit="share", breaks=[0.1, 0.5])
    >>> [c.name for c in spec.categories]
    ['Up to 10 %', '10 to 50 %', 'Over 50 %']
    """
    if not isinstance(values, pd.Series):
        raise InputError(f"values: expected a Series, one value an area; found {_kind(values)}.")
    for name, text in (("unit", unit), ("label", label)):
        if text is not None and not isinstance(text, str):
            raise InputError(f"{name}={text!r}: expected text.")
    column = str(values.name) if values.name is not None else "values"
    values = values.rename(column)
    higher = _direction(column, higher)
    known = values.dropna()
    if known.empty:
        raise InputError(f"{column}: every one of {len(values):,} values is missing.")
    chosen = _scheme(values, scheme, breaks, centre)
    named = label or column.replace("_", " ")
    if chosen == "categories":
        spec = _of_kinds(values, column, named, higher)
    else:
        spec = _of_numbers(
            _checked(values, column, unit), column, named, chosen, k, breaks, centre, higher, unit
        )
    if values.isna().any():
        spec = replace(spec, categories=(*spec.categories, MISSING))
    return spec


def _kind(value: object) -> str:
    return type(value).__name__


def _direction(
    column: str, higher: Literal["worse", "better"] | None
) -> Literal["worse", "better"] | None:
    if higher not in (None, "worse", "better"):
        raise InputError(f"higher={higher!r}: expected 'worse', 'better' or nothing.")
    declared = DIRECTIONS.get(column)
    if declared is not None and higher not in (None, declared):
        raise InputError(
            f"higher={higher!r}: a higher {column} is {declared}. Rename the column if yours runs "
            "the other way."
        )
    return higher or declared


def _scheme(values: pd.Series[Any], scheme: str | None, breaks: Any, centre: float | None) -> str:
    """Return the scheme asked for, or the one that the other arguments ask for."""
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if scheme is None:
        if not number and breaks is None and centre is None:
            return "categories"
        scheme = "manual" if breaks is not None else "quantiles" if centre is None else "diverging"
    if scheme not in SCHEMES:
        raise InputError(
            f"scheme={scheme!r}: expected one of {', '.join(SCHEMES)}. "
            f"{nearest(str(scheme), SCHEMES)}".strip()
        )
    if (breaks is not None) != (scheme == "manual"):
        found = "none were given" if breaks is None else "breaks were given"
        raise InputError(f"scheme={scheme!r}: {found}. Breaks go with scheme='manual' only.")
    if scheme == "diverging" and centre is None:
        raise InputError(
            "scheme='diverging': no centre was given. Say what the values diverge from, as in "
            "centre=0 for a change."
        )
    if centre is not None and scheme not in ("diverging", "manual"):
        raise InputError(
            f"centre={centre!r}: goes with scheme='diverging' or 'manual', not {scheme!r}."
        )
    return scheme


def _checked(values: pd.Series[Any], column: str, unit: str) -> pd.Series[float]:
    """Return the values as numbers; refuse text, infinity, and shares that are none."""
    if pd.api.types.is_complex_dtype(values):
        raise InputError(f"{column}: complex numbers have no order to class them by.")
    number = pd.Series(as_numbers(values), index=values.index, name=column)
    infinite = np.isinf(number)
    if infinite.any():
        raise InputError(
            f"{column}: {int(infinite.sum()):,} of {len(values):,} values infinite, the first for "
            f"{values.index[infinite][0]}. Make them missing, or mend what divides by nought."
        )
    wrong = number.abs() > 1 + 1e-9
    if unit == "share" and wrong.any():
        raise InputError(
            f"{column}: unit='share' is for shares from 0 to 1; {int(wrong.sum()):,} beyond it, "
            f"the first is {number[wrong].iloc[0]:g}. For per cent give unit='%'."
        )
    return number


def _of_numbers(
    values: pd.Series[float],
    column: str,
    label: str,
    scheme: str,
    k: int | None,
    breaks: Any,
    centre: float | None,
    higher: str | None,
    unit: str,
) -> ColumnSpec:
    known = np.asarray(values.dropna(), dtype=np.float64)
    whole = is_whole(known) and unit != "share"
    ends: tuple[float | None, float | None] = (None, None)
    notes: tuple[str, ...] = ()
    if centre is not None and not np.isfinite(centre):
        raise InputError(f"centre={centre!r}: expected a finite number.")
    if scheme == "manual":
        inner, ends = _closed(check_breaks(breaks), known)
        _refuse_other_k(k, len(inner) + 1)
        whole = whole and is_whole(inner)
        if centre is not None and centre not in inner:
            raise InputError(f"centre={centre!r}: with breaks given, expected one of them.")
    else:
        inner, notes = find_breaks(known, scheme, _how_many(k, scheme, known, column), centre)
        whole = whole and is_whole(inner)
    if known.min() == inner[0]:
        # One value alone: "0 %" rather than "up to 0 %".
        ends = (float(inner[0]), ends[1])
    numbers = Numbers.fitting(unit, [*inner, *(e for e in ends if e is not None)])
    names = interval_names(inner.tolist(), numbers, whole=whole, ends=ends)
    if centre is None:
        categories = sequential(names, higher)
    else:
        categories = two_sided(names, int(np.sum(inner <= centre)), higher)
    if not whole:
        notes = (*notes, "A value on a break is in the lower class.")
    if centre is None and known.min() < 0 < known.max():
        notes = (*notes, "Values lie on both sides of nought.")
    spec = ColumnSpec(column, label, scheme, categories, tuple(inner.tolist()), ends)
    return replace(spec, centre=centre, higher=higher, numbers=numbers, notes=notes)


def _closed(breaks: Any, known: Any) -> tuple[Any, tuple[float | None, float | None]]:
    """Take a first or last break beyond which there is nothing as the end of a class."""
    low = high = None
    if len(breaks) > 1 and known.max() <= breaks[-1]:
        high, breaks = float(breaks[-1]), breaks[:-1]
    if len(breaks) > 1 and known.min() > breaks[0]:
        low, breaks = float(breaks[0]), breaks[1:]
    return breaks, (low, high)


def _refuse_other_k(k: int | None, classes: int) -> None:
    if k not in (None, classes):
        raise InputError(f"k={k!r}: the breaks make {classes} classes. Leave k away.")
    if classes > MOST_CLASSES:
        raise InputError(f"breaks: they make {classes} classes; more than {MOST_CLASSES} blur.")


def _how_many(k: int | None, scheme: str, known: Any, column: str) -> int:
    chosen = k if k is not None else (6 if scheme == "diverging" else 5)
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 2 <= chosen <= MOST_CLASSES:
        raise InputError(f"k={k!r}: expected a whole number of classes, 2 to {MOST_CLASSES}.")
    if scheme == "diverging":
        if chosen % 2:
            raise InputError(f"k={k!r}: a diverging scheme has as many classes on each side.")
        return chosen
    distinct = len(np.unique(known))
    if distinct == 1:
        raise InputError(
            f"{column}: all {len(known):,} values are {known[0]:g}; there is nothing to classify. "
            "To draw them all the same give breaks=, or scheme='categories'."
        )
    if k is None:
        return min(chosen, distinct)
    if distinct < chosen:
        raise InputError(
            f"{column}: {chosen} classes of {distinct} different values. Expected k={distinct} at "
            "most, or scheme='categories'."
        )
    return chosen


def _of_kinds(values: pd.Series[Any], column: str, label: str, higher: str | None) -> ColumnSpec:
    ordered = False
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = list(values.cat.categories)
        ordered = bool(values.cat.ordered)
        if not ordered:
            levels = [level for level in levels if (values == level).any()]
    else:
        try:
            levels = sorted(values.dropna().unique().tolist(), key=_order)
        except TypeError:
            raise InputError(
                f"{column}: holds values that are no kinds; the first is "
                f"{values.dropna().iloc[0]!r}. Expected numbers, text or truth values."
            ) from None
        ordered = pd.api.types.is_numeric_dtype(values) and set(levels) - {True, False} != set()
    looks = declared(map(str, levels))
    if looks is not None:
        # The library's own kinds stand in the order of their legend, whatever the column's type.
        order = list(looks)
        levels, ordered = sorted(levels, key=lambda level: order.index(str(level))), False
    elif len(levels) > (MOST_CLASSES if ordered else MOST_KINDS):
        raise InputError(
            f"{column}: {len(levels):,} kinds ({examples(levels, 3)}) are more than colours can "
            f"tell apart. Put them together, to {MOST_KINDS} at most."
        )
    words = {True: "Yes", False: "No"}
    truth = all(isinstance(level, (bool, np.bool_)) for level in levels)
    names = [words[bool(v)] if truth else _said(v) for v in levels]
    spec = ColumnSpec(column, label, "categories", kinds(names, ordered=ordered, higher=higher))
    return replace(spec, levels=tuple(levels), higher=higher if ordered else None)


def _order(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, (int, float)) else (1, str(value))


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
