"""Text on paper: measured, wrapped and stacked, so that nothing lies on anything else."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from wmspatial.charts.chart import INK, QUIET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from wmspatial.maps.spec import Category

_POINTS: Final = 72.0
_LEADING: Final = 1.32
# Hinted at few dots an inch, or in a browser's own font, words run wider than they measure.
_RESERVE: Final = 0.935
# Where a font has no glyph.
_BOX: Final = "□"


@lru_cache(maxsize=8)
def _font(bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(
        findfont(FontProperties(family="sans-serif", weight="bold" if bold else "normal"))
    )


def printable(text: str) -> str:
    """Put a box where the font has no glyph, as a printer would, on one line."""
    font = _font(bold=False)
    return "".join(
        c if c == " " or font.get_char_index(ord(c)) else _BOX for c in " ".join(text.split())
    )


@lru_cache(maxsize=20_000)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a line of text is, inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    weight = "bold" if bold else "normal"
    font = FontProperties(family="sans-serif", weight=weight, size=size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        wide, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(wide) / _POINTS


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `width` inches; a longer word is broken too."""
    width *= _RESERVE
    lines: list[str] = []
    current = ""
    for whole in printable(text).split(" "):
        word = whole
        longer = f"{current} {word}" if current else word
        if width_of(longer, size, bold) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        while len(word) > 1 and width_of(word, size, bold) > width:
            fits = max(
                1, sum(width_of(word[: i + 1], size, bold) <= width for i in range(len(word)))
            )
            lines.append(word[:fits])
            word = word[fits:]
        current = word
    return [*lines, current] if current else lines


def wider_than(text: str, width: float, size: float) -> bool:
    """Say whether a word of a bold heading has to be broken."""
    return any(
        width_of(word, size, bold=True) > width * _RESERVE for word in printable(text).split()
    )


def balanced(text: str, width: float, size: float) -> float:
    """Return the narrowest width in which a heading needs no more lines, so that none is a word."""
    lines = len(wrap(text, width, size, bold=True))
    narrow = width
    while narrow > 0.5 * width and len(wrap(text, narrow - 0.15, size, bold=True)) == lines:
        narrow -= 0.15
    return narrow


def line_height(size: float) -> float:
    """Return the height of one line, inches."""
    return _LEADING * size / _POINTS


@dataclass
class Block:
    """Lines and swatches below each other; measured before it is drawn.

    Attributes
    ----------
    width : float
        Inches.
    height : float
        Inches, so far.
    ink : list of tuple
        What is drawn: its kind, how far right and down, and the rest.
    """

    width: float
    height: float = 0.0
    ink: list[tuple[str, float, float, Any]] = field(default_factory=list)

    def gap(self, inches: float) -> None:
        """Leave room."""
        self.height += inches

    def text(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        indent: float = 0.0,
        even: bool = False,
    ) -> None:
        """Add a paragraph; `even` makes its lines about as long as each other."""
        width = self.width - indent
        for line in wrap(text, balanced(text, width, size) if even else width, size, bold=bold):
            self.height += line_height(size)
            baseline = self.height - 0.30 * size / _POINTS
            self.ink.append(("text", indent, baseline, (line, size, bold, colour)))

    def swatch(self, category: Category, hatch: str, size: float, top: float) -> None:
        """Add the sample of a class at the left, beginning at `top`."""
        self.ink.append(("swatch", 0.0, top, (category, hatch, size)))

    def badge(self, number: int, size: float, middle: float, x: float = 0.0) -> None:
        """Add a number in a circle."""
        self.ink.append(("badge", x, middle, (number, size)))

    def beside(self, others: Iterable[tuple[float, Block]]) -> None:
        """Set blocks side by side, each at its distance from the left."""
        tallest = 0.0
        for x, block in others:
            self.ink += [(kind, x + dx, self.height + dy, a) for kind, dx, dy, a in block.ink]
            tallest = max(tallest, block.height)
        self.height += tallest

    def draw(self, canvas: Axes, x: float, top: float) -> None:
        """Draw on axes whose unit is the inch, from the top left corner."""
        for kind, dx, dy, about in self.ink:
            if kind == "text":
                line, size, bold, colour = about
                put_text(canvas, x + dx, top - dy, line, size, bold=bold, colour=colour)
            elif kind == "swatch":
                draw_swatch(canvas, x + dx, top - dy, *about)
            else:
                draw_badge(canvas, x + dx, top - dy, *about)


def put_text(
    canvas: Axes, x: float, y: float, text: str, size: float, *, bold: bool = False, **look: Any
) -> None:
    """Write one line; a dollar sign is a dollar sign."""
    canvas.text(
        x,
        y,
        text,
        fontsize=size,
        fontweight="bold" if bold else "normal",
        color=look.pop("colour", INK),
        parse_math=False,
        **({"va": "baseline", "ha": "left"} | look),
    )


def swatch_size(size: float) -> tuple[float, float]:
    """Return width and height of a sample of a class, inches, for text of this size."""
    return 2.9 * size / _POINTS, 1.7 * size / _POINTS


def draw_swatch(
    canvas: Axes, x: float, top: float, category: Category, hatch: str, size: float
) -> None:
    """Draw the sample of a class, with its sign."""
    from matplotlib.patches import Rectangle

    wide, high = swatch_size(size)
    canvas.add_patch(
        Rectangle(
            (x, top - high),
            wide,
            high,
            facecolor=category.colour,
            edgecolor=category.line,
            linewidth=0.7,
            hatch=hatch or None,
            hatchcolor=contrast(category),
            hatch_linewidth=0.6,
        )
    )
    if not hatch:
        put_text(
            canvas, x + wide / 2, top - high / 2, printable(category.symbol), size,
            colour="#ffffff" if is_dark(category.colour) else INK, ha="center", va="center",
        )  # fmt: skip


def draw_badge(canvas: Axes, x: float, y: float, number: int, size: float) -> None:
    """Draw a number in a circle, as it stands on the map."""
    from matplotlib.patches import Circle

    radius = badge_radius(size)
    canvas.add_patch(
        Circle((x + radius, y), radius, facecolor="#ffffff", edgecolor=INK, linewidth=0.8)
    )
    put_text(canvas, x + radius, y, str(number), size, bold=True, ha="center", va="center_baseline")


def badge_radius(size: float) -> float:
    """Return the radius of a number's circle, inches."""
    return 0.98 * size / _POINTS


def is_dark(colour: str) -> bool:
    """Say whether white stands out better on it than ink."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def contrast(category: Category) -> str:
    """Return a colour in which a pattern shows on the class's own."""
    if not category.loud:
        return category.line
    return "#ffffff" if is_dark(category.colour) else "#33302e"


def paragraph(text: str, width: float, size: float, colour: str = QUIET) -> Block:
    """Return one paragraph as a block."""
    block = Block(width)
    block.text(text, size, colour=colour)
    return block
