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
