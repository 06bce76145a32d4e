"""Where clauses for ArcGIS, with everything quoted that has to be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WILD: Final = re.compile(r"[%_]")


def where_in(field: str, values: Iterable[str], at_most: int = 200) -> tuple[str, ...]:
    """Write clauses that hold for rows with one of some values, as many as a server can bear.

    Parameters
    ----------
    field : str
        The field's name.
    values : iterable of str
        The values; one that is named twice counts once.
    at_most : int, default 200
        Values in one clause.

    Returns
    -------
    tuple of str
        One clause or several, no row in two of them, in the order of the values.

    Raises
    ------
    InputError
        If the name is none, or there is no value.

    Examples
    --------
    >>> where_in("LAD24NM", ["Birmingham", "King's Lynn"])
    ("LAD24NM IN ('Birmingham', 'King''s Lynn')",)
    """
    if isinstance(values, str):
        values = [values]
    wanted = [_quote(value) for value in dict.fromkeys(values)]
    if not wanted or at_most < 1:
        raise InputError(f"{field}: expected values to look for, found none.")
    return tuple(
        f"{_name(field)} IN ({', '.join(wanted[i : i + at_most])})"
        for i in range(0, len(wanted), at_most)
    )


def where_starts(field: str, prefix: str) -> str:
    """Write a clause that holds for rows whose value begins with some letters.

    The portal's LSOA layers have no field of the authority, but names that begin with its name.

    Parameters
    ----------
    field : str
        The field's name.
    prefix : str
        How the value begins, as ``"Birmingham "`` or ``"E"``.

    Returns
    -------
    str
        The clause.

    Raises
    ------
    InputError
        If the name is none, or the prefix is empty or has ``%`` or ``_``, which stand for others.

    Examples
    --------
    >>> where_starts("LSOA21NM", "Birmingham ")
    "LSOA21NM LIKE 'Birmingham %'"
    """
    if not prefix or _WILD.search(prefix):
        raise InputError(
            f"{field}: expected the beginning of a value, without % and _; found {prefix!r}."
        )
    return f"{_name(field)} LIKE {_quote(prefix)[:-1]}%'"


def _name(field: str) -> str:
    """Take only what can be the name of a field."""
    if not _FIELD.fullmatch(field):
        raise InputError(f"expected the name of a field: letters, digits and _; found {field!r}.")
    return field


def _quote(value: str) -> str:
    """Quote a value; a quote inside is doubled."""
    if not str(value).isprintable():
        raise InputError(f"expected a value of letters and digits, found {value!r}.")
    return "'" + str(value).replace("'", "''") + "'"
