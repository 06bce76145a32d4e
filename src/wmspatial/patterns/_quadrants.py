"""How areas and their neighbours compare, and how each way is shown: once, for map and chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wmspatial._looks import Look


@dataclass(frozen=True)
class Quadrant(Look):
    """How one pattern of an area and its neighbours is shown.

    Attributes
    ----------
    marker : str
        The point of a chart, as matplotlib names it.
    """

    marker: str = "o"


NOT_SIGNIFICANT: Final = "Not significant"
ISLAND: Final = "Island"
NO_VALUE: Final = "No value"

#: In the order of a legend; the first four are those of Moran's scatter plot.
QUADRANTS: Final = (
    Quadrant(
        "Low-Low", "#7b1338", "#5c0a28", "▼", meaning="a low value among low ones", marker="v"
    ),
    Quadrant(
        "High-High", "#2f83b7", "#1c5f89", "▲", meaning="a high value among high ones", marker="^"
    ),
    Quadrant(
        "Low-High", "#dd8a6e", "#a85640", "■", meaning="a low value among high ones", marker="s"
    ),
    Quadrant(
        "High-Low", "#7fd3ff", "#4f8fae", "◆", meaning="a high value among low ones", marker="D"
    ),
    Quadrant(
        NOT_SIGNIFICANT, "#f1f0ec", "#c9c7bf", "○", loud=False,
        meaning="no pattern that can be told from chance",
    ),
    Quadrant(
        ISLAND, "#dddddd", "#62676f", "◌", "hatch", loud=False,
        meaning="touches no area with a value",
    ),
    Quadrant(
        NO_VALUE, "#dddddd", "#8d8d8d", "╱", "hatch", loud=False, meaning="the value is missing"
    ),
)  # fmt: skip
NAMES: Final = tuple(quadrant.name for quadrant in QUADRANTS)
