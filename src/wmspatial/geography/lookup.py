"""Find areas by what people call them, and say what was nearest where nothing was found."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(wanted: str, names: Iterable[object], most: int = 4) -> str:
    """Name the places that are spelt most like the one that was asked for.

    Parameters
    ----------
    wanted : str
        What was asked for.
    names : iterable
        What there is.
    most : int
        How many to name.

    Returns
    -------
    str
        A sentence; empty where nothing is near.

    Examples
    --------
    >>> nearest("Birmingam", ["Birmingham", "Coventry"])
    'Nearest: Birmingham.'
    """
    known = {str(name).casefold(): str(name) for name in names}
    close = difflib.get_close_matches(wanted.casefold(), known, n=most, cutoff=0.6)
    return f"Nearest: {', '.join(known[name] for name in close)}." if close else ""
