"""How a kind of areas is shown: what maps and charts have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How one kind of areas is shown.

    Attributes
    ----------
    name : str
        Its name in legend, tooltip, layer control and tables.
    colour : str
        Fill, hexadecimal. Safe for colour-blind readers, and told apart in greyscale.
    line : str
        Colour of the line round an area.
    symbol : str
        A sign that stands beside the name, so that colour is never alone.
    pattern : {"solid", "hatch"}
        How the area is filled.
    loud : bool
        Whether it is what the map is about.
    meaning : str
        What it means, in words for the legend.
    """

    name: str
    colour: str
    line: str
    symbol: str
    pattern: str = "solid"
    loud: bool = True
    meaning: str = ""
