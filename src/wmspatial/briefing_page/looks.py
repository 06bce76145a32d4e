"""The classes as parts of bars: colours, patterns and inks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.briefing_page.drawing import Part
from wmspatial.charts.chart import INK
from wmspatial.maps.spec import class_categories

if TYPE_CHECKING:
    import pandas as pd

_HATCHES: Final = {
    "Connected": "////", "Large number of jobs": "----", "Insufficient data": "xxxx",
}  # fmt: skip
#: Ground and ink of numbers where those of the class have too little contrast.
_GROUNDS: Final = {"Connected": ("#1c5f89", "white"), "Disconnected": ("#7b1338", "white")}


def class_parts(table: pd.DataFrame, names: tuple[str, ...]) -> list[Part]:
    """Return classes as parts of bars.

    Parameters
    ----------
    table : DataFrame
        A column a class, a row a bar.
    names : tuple of str
        The classes, from the left.
    """
    found = []
    for look in class_categories():
        if look.name not in names:
            continue
        ground, ink = _GROUNDS.get(look.name, (look.colour, INK))
        hatch = _HATCHES.get(look.name, "")
        values = [float(value) for value in table[look.name]]
        lines = "white" if look.name in _GROUNDS else look.line
        found.append(Part(look.name, look.colour, ground, ink, hatch, values, lines))
    return found
