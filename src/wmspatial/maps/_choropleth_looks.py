"""Colours, signs and labels of classes of numbers and of kinds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.maps._choropleth_declared import declared
from wmspatial.maps.spec import Category

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

#: How values that are missing are shown: a class of their own.
MISSING: Final = Category(
    "No data", "#dddddd", "#8d8d8d", "╱", "hatch", loud=False, meaning="the value is missing"
)
#: More kinds than this cannot be told apart.
MOST_KINDS: Final = 8
_CURRENCIES: Final = ("£", "€", "$")
# ColorBrewer's ramps, from matplotlib: each falls in lightness, and is safe for colour-blind eyes.
_RAMPS: Final = {"worse": "OrRd", "better": "OrRd", None: "PuBu"}
_TWO_SIDED: Final = {"worse": "RdBu_r", "better": "RdBu", None: "PuOr_r"}
_LIGHTEST: Final = 0.10
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
#: The sign of the first class of those in order.
FIRST_STEP: Final = _BLOCKS[0]
_SIGNS: Final = "●◆■▲▼★✚◐"


@dataclass(frozen=True)
class Numbers:
    """How numbers are written.

    Attributes
    ----------
    unit : str
        ``"share"`` for shares from 0 to 1, written as per cent; otherwise what stands behind the
        number, or before it where it is a currency.
    decimals : int
        How many.
    """

    unit: str
    decimals: int

    @classmethod
    def fitting(cls, unit: str, breaks: Sequence[float]) -> Numbers:
        """Take as many decimals as the breaks need."""
        factor = 100 if unit == "share" else 1
        decimals = 0
        while decimals < 9 and any(
            abs(round(b * factor, decimals) - b * factor) > 1e-9 * max(1.0, abs(b * factor))
            for b in breaks
        ):
            decimals += 1
        return cls(unit, decimals)

    def for_values(self, values: npt.NDArray[np.floating[Any]]) -> Numbers:
        """Take no fewer decimals for single values than tell them apart, unless all are whole."""
        known = values[~np.isnan(values)]
        if self.unit != "share" and np.all(known == np.round(known)):
            return self
        least = 1 if self.tail == " %" or not self.decimals else 2
        return type(self)(self.unit, max(self.decimals, least))

    def bare(self, value: float) -> str:
        """Write the number without its unit."""
        shown = 100 * value if self.unit == "share" else value
        text = f"{shown:,.{self.decimals}f}"
        text = text.removeprefix("-") if float(text.replace(",", "")) == 0 else text
        text = text.replace("-", "−")
        if self.unit.startswith(_CURRENCIES):
            return f"−{self.unit[0]}{text[1:]}" if text[0] == "−" else f"{self.unit[0]}{text}"
        return text

    @property
    def tail(self) -> str:
        """What stands behind the number."""
        if self.unit == "share":
            return " %"
        after = self.unit[1:] if self.unit.startswith(_CURRENCIES) else self.unit
        return f" {after.strip()}" if after.strip() else ""

    def write(self, value: float) -> str:
        """Write the number with its unit."""
        return self.bare(value) + self.tail


#: Numbers as they come.
BARE: Final = Numbers("", 0)


def interval_names(
    breaks: Sequence[float], numbers: Numbers, *, whole: bool, ends: tuple[float | None, ...]
) -> list[str]:
    """Name the classes between the breaks.

    Classes of whole numbers begin one above the break ("1 to 10", "11 to 20"). Otherwise two
    neighbours share the break, which belongs to the lower one; the legend says so.

    Parameters
    ----------
    breaks : sequence of float
        Inner breaks.
    numbers : Numbers
        How they are written.
    whole : bool
        Whether the values are whole numbers: a class then begins one above the break.
    ends : tuple of float or None
        Where the first class begins and the last one ends; None where that is open.

    Returns
    -------
    list of str
        One more than the breaks.
    """
    low, high = ends
    edges = [low, *breaks, high]
    found = []
    for lower, upper in itertools.pairwise(edges):
        if lower is None and upper is None:
            found.append("All")
        elif lower is None:
            found.append(f"Up to {numbers.write(upper)}" if upper is not None else "")
        elif upper is None:
            found.append(f"Over {numbers.write(lower)}")
        else:
            # The first class holds its lower end, every other one begins above it.
            first = lower + 1 if whole and lower is not low else lower
            same = numbers.bare(first) == numbers.bare(upper)
            span = "" if same else f"{numbers.bare(first)} to "
            found.append(span + numbers.write(upper))
    return found


def sequential(names: Sequence[str], higher: str | None) -> tuple[Category, ...]:
    """Colour classes in order: darker is worse where that is declared, otherwise higher."""
    import matplotlib as mpl

    ramp = mpl.colormaps[_RAMPS[higher]]
    at = np.linspace(_LIGHTEST, 1, len(names)) if len(names) > 1 else np.array([0.7])
    colours = [ramp(float(x)) for x in (at[::-1] if higher == "better" else at)]
    steps = np.linspace(0, len(_BLOCKS) - 1, len(names)).round().astype(int)
    signs = [_BLOCKS[i] for i in steps]
    return _categories(names, colours, signs)


def two_sided(names: Sequence[str], below: int, higher: str | None) -> tuple[Category, ...]:
    """Colour classes on both sides of a centre; `below` of them lie below it."""
    import matplotlib as mpl

    ramp = mpl.colormaps[_TWO_SIDED[higher]]
    above = len(names) - below
    # The same distance from the centre is the same depth of colour on both sides.
    most = max(below, above, 1)
    depth = [-(i + 1) / most for i in range(below)][::-1] + [(i + 1) / most for i in range(above)]
    colours = [ramp(0.5 + 0.46 * float(d)) for d in depth]
    signs = ["−" * (below - i) for i in range(below)] + ["+" * (i + 1) for i in range(above)]
    return _categories(names, colours, signs)


def kinds(names: Sequence[str], *, ordered: bool, higher: str | None) -> tuple[Category, ...]:
    """Colour kinds: with a ramp where they have an order, otherwise each another colour."""
    looks = declared(names)
    if looks is not None:
        return tuple(looks[name] for name in names)
    if ordered:
        return sequential(names, higher)
    import matplotlib as mpl

    # Okabe and Ito's colours; black comes last, because it hides what lies on it.
    colours = list(mpl.color_sequences["okabe_ito"])
    dark = [c for c in colours if _lightness(c) < 0.1]
    colours = [c for c in colours if _lightness(c) >= 0.1] + dark
    return _categories(names, colours[: len(names)], list(_SIGNS[: len(names)]))


def _categories(
    names: Sequence[str], colours: Sequence[Any], signs: Sequence[str]
) -> tuple[Category, ...]:
    from matplotlib.colors import to_hex

    return tuple(
        Category(name, to_hex(c), _darker(c), sign)
        for name, c, sign in zip(names, colours, signs, strict=True)
    )


def _darker(colour: Any) -> str:
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (0.72 * part for part in to_rgb(colour))
    return to_hex((red, green, blue))


def _lightness(colour: Any) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return float(0.299 * red + 0.587 * green + 0.114 * blue)
