"""What can go wrong, each under the builtin that a caller would already catch."""

from __future__ import annotations


class WmspatialError(Exception):
    """Base of every error that wmspatial raises on purpose."""


class InputError(WmspatialError, ValueError):
    """A table, a geometry or an argument is not what it has to be."""


class VintageError(InputError):
    """Area codes are of another census, or of another kind, than what they meet."""


class AreaNotFoundError(WmspatialError, LookupError):
    """A place was asked for that is not among the areas at hand."""


class MissingFileError(WmspatialError, FileNotFoundError):
    """A file that the task needs is not there."""


class FetchError(WmspatialError, OSError):
    """A download failed, or a service's answer is not what it has to be."""


class MissingLibraryError(WmspatialError, ImportError):
    """A library is needed that is not installed."""


class OutputError(WmspatialError, OSError):
    """A result could not be written where it was asked for."""


def examples(values: object, most: int = 5) -> str:
    """Name the first few of many values, and say how many more there are.

    Parameters
    ----------
    values : iterable
        What to name; each is turned into text.
    most : int, default 5
        How many to name at most.

    Returns
    -------
    str
        ``"a, b, c and 12 more"``.

    Examples
    --------
    >>> examples(["E01", "E02", "E03"], most=2)
    'E01, E02 and 1 more'
    """
    items = [str(value) for value in values]  # type: ignore[attr-defined]
    shown = ", ".join(items[:most])
    return f"{shown} and {len(items) - most:,} more" if len(items) > most else shown


def require(value: object, name: str, kind: str, source: str) -> None:
    """Refuse an argument of another kind, and say where the right one comes from.

    Parameters
    ----------
    value : object
        What was given.
    name : str
        What the argument is called.
    kind : str
        The class it has to be of, by name, so that none is imported for the check.
    source : str
        What makes one.

    Raises
    ------
    InputError
        If neither the class of `value` nor one above it has that name.

    Examples
    --------
    >>> require("schools.csv", "table", "DataFrame", "pandas.read_csv")
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: table: expected a DataFrame, as pandas.read_csv gives; found str.
    """
    if kind not in (found.__name__ for found in type(value).__mro__):
        raise InputError(
            f"{name}: expected a {kind}, as {source} gives; found {type(value).__name__}."
        )
