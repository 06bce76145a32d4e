"""Where everything goes on a sheet of paper or a slide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wmspatial.charts.chart import DARK, QUIET
from wmspatial.errors import InputError
from wmspatial.maps._figure_text import (
    Block,
    badge_radius,
    line_height,
    paragraph,
    put_text,
    swatch_size,
    width_of,
)
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from wmspatial.maps.spec import Authority, Category

#: Width and height, inches; and how large the words are.
SIZES: Final = {
    "a4": (11.69, 8.27, 1.0),
    "a4 portrait": (8.27, 11.69, 1.0),
    "16:9": (13.333, 7.5, 1.28),
}
MARGIN: Final = 0.42
_GAP: Final = 0.22
#: Words shrink in these steps until they fit.
SHRINK: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58)
# Points at a scale of 1.
TITLE: Final = 15.5
LEAD: Final = 9.6
LEGEND: Final = 8.8
SMALL: Final = 7.6
FOOT: Final = 6.9


@dataclass(frozen=True)
class Page:
    """A sheet with its head and foot drawn, and the room that is left between them.

    Attributes
    ----------
    name : str
        Its size.
    figure : matplotlib.figure.Figure
        The drawing.
    canvas : matplotlib.axes.Axes
        Over the whole of it, in inches.
    room : tuple of float
        Left, bottom, width and height of what is left, inches.
    scale : float
        How large the words are.
    upright : bool
        Whether it is higher than wide.
    """

    name: str
    figure: Figure
    canvas: Axes
    room: tuple[float, float, float, float]
    scale: float
    upright: bool


def check_size(size: str) -> str:
    """Return the size's name, or say which there are."""
    name = str(size).casefold()
    name = {"a4 landscape": "a4"}.get(name, name)
    if name not in SIZES:
        raise InputError(f"size={size!r}: expected one of {', '.join(map(repr, SIZES))}.")
    return name


def begin_page(
    size: str, *, title: str, lead: str, notice: str, source: str, illustrative: bool
) -> Page:
    """Begin a sheet: banner, title and sentence above, caveat and sources below.

    Parameters
    ----------
    size : str
        One of :data:`SIZES`.
    title, lead, notice, source : str
        The words.
    illustrative : bool
        Whether the banner of made-up data stands on top.

    Returns
    -------
    Page
        With the room between.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from wmspatial.maps._figure_draw import canvas_of

    wide, high, scale = SIZES[size]
    with mpl.rc_context({"font.family": ["sans-serif"]}):
        # The dots an inch at which many polygons become a picture inside an SVG.
        figure = Figure(figsize=(wide, high), dpi=200)
    canvas = canvas_of(figure)
    across = wide - 2 * MARGIN
    head, foot = Block(across), Block(across)
    for shrink in SHRINK:
        head, foot = Block(across), Block(across)
        head.text(title, TITLE * scale * shrink, bold=True, even=True)
        head.gap(0.06)
        head.text(lead, LEAD * scale * shrink)
        if notice:
            head.gap(0.03)
            head.text(notice, SMALL * scale * shrink, colour=QUIET)
        foot.text(source, FOOT * min(scale, 1.12) * shrink, colour=QUIET)
        if head.height < 0.24 * high and foot.height < 0.12 * high:
            break
    top = high - 0.30
    if illustrative:
        top = _banner(canvas, wide, high, 9.5 * scale)
    head.draw(canvas, MARGIN, top)
    foot.draw(canvas, MARGIN, 0.24 + foot.height)
    bottom = 0.24 + foot.height + 0.10
    canvas.plot([MARGIN, wide - MARGIN], [bottom, bottom], color="#c9c9c9", linewidth=0.6)
    bottom += 0.10
    room = (MARGIN, bottom, across, top - head.height - _GAP * 0.7 - bottom)
    return Page(size, figure, canvas, room, scale, high > wide)


def _banner(canvas: Axes, wide: float, high: float, size: float) -> float:
    from matplotlib.patches import Rectangle

    tall = 1.75 * line_height(size)
    canvas.add_patch(Rectangle((0, high - tall), wide, tall, facecolor=DARK, linewidth=0))
    put_text(
        canvas, wide / 2, high - tall / 2, ILLUSTRATIVE, size,
        bold=True, colour="#ffffff", ha="center", va="center",
    )  # fmt: skip
    return high - tall - 0.14


def legend_block(
    width: float,
    title: str,
    rows: Sequence[tuple[Category, str]],
    marks: Sequence[str],
    note: str,
    size: float,
    *,
    meanings: bool = True,
) -> Block:
    """Return the legend: a sample, a name, how many, and what it means.

    Parameters
    ----------
    width : float
        Inches.
    title, note : str
        Above and below.
    rows : sequence of (Category, str)
        Classes with their counts.
    marks : sequence of str
        Patterns of the same classes.
    size : float
        Points of a name.
    meanings : bool
        Whether what classes mean is said.

    Returns
    -------
    Block
        To be drawn.
    """
    block = Block(width)
    block.text(title, size * 1.06, bold=True)
    block.gap(0.05)
    wide, high = swatch_size(size)
    indent = wide + 0.11
    for (category, count), mark in zip(rows, marks, strict=True):
        top = block.height
        if not count and not (meanings and category.meaning):
            # One line alone stands at the middle of its sample.
            block.gap(max(0.0, (high - line_height(size)) / 2 + 0.02))
        block.text(category.name, size, bold=True, indent=indent)
        if count:
            block.text(count, size * 0.92, indent=indent)
        if meanings and category.meaning:
            block.text(category.meaning, size * 0.84, colour=QUIET, indent=indent)
        block.swatch(category, mark, size, top + 0.02)
        block.height = max(block.height, top + high + 0.03)
        block.gap(0.06 * size / LEGEND)
    if note:
        block.gap(0.03)
        block.text(note, size * 0.84, colour=QUIET)
    return block


def key_block(width: float, authorities: Sequence[Authority], size: float) -> Block:
    """Return the key of the numbers on the map, in as many columns as fit."""
    numbered = [a for a in authorities if a.number is not None]
    block = Block(width)
    if not numbered:
        if authorities:
            block.text(f"Outlined: {len(authorities):,} authorities.", size * 0.9, colour=QUIET)
        return block
    block.text("Authorities", size * 1.06, bold=True)
    block.gap(0.04)
    indent = 2 * badge_radius(size * 0.82) + 0.08
    widest = max(width_of(a.name, size) for a in numbered) + indent + 0.14
    columns = max(1, min(int(width / widest), -(-len(numbered) // 3)))
    if len(numbered) > 14:
        columns = max(columns, 2)
    each = -(-len(numbered) // columns)
    part = width / columns
    sets: list[tuple[float, Block]] = []
    for start in range(0, len(numbered), each):
        column = Block(part - 0.06)
        for authority in numbered[start : start + each]:
            top = column.height
            column.text(authority.name, size, indent=indent)
            column.badge(int(authority.number or 0), size * 0.82, top + 0.56 * line_height(size))
            column.height = max(column.height, top + 2 * badge_radius(size * 0.82))
            column.gap(0.035)
        sets.append((part * len(sets), column))
    block.beside(sets)
    return block


def panel(
    width: float, height: float, scale: float, make: Any, *, columns: int = 1
) -> tuple[Block, float]:
    """Make the side panel as large as fits.

    Parameters
    ----------
    width, height : float
        Room, inches.
    scale : float
        How large the words are to begin with.
    make : callable
        Takes a width, the points of a name and whether to say meanings; returns blocks, one to be
        set below the other, or beside it.
    columns : int
        2 sets them side by side.

    Returns
    -------
    block : Block
        The panel; in its smallest words where it does not fit.
    size : float
        Points of a name in it.
    """
    for meanings in (True, False):
        for shrink in SHRINK:
            size = LEGEND * scale * shrink
            block = _stack(width, make, size, columns, meanings=meanings)
            if block.height <= height:
                return block, size
    return block, size


def _stack(width: float, make: Any, size: float, columns: int, *, meanings: bool) -> Block:
    block = Block(width)
    if columns == 1:
        for part in make((width, width), size, meanings):
            if part.height:
                if block.height:
                    block.gap(0.14)
                block.beside([(0.0, part)])
        return block
    # A long key wants the wider column, a short one leaves it to the legend.
    sides = [_side_by_side(width, share, make, size, meanings=meanings) for share in (0.56, 0.4)]
    return min(sides, key=lambda one: one.height)


def _side_by_side(width: float, share: float, make: Any, size: float, *, meanings: bool) -> Block:
    left, right = share * width, (0.96 - share) * width
    first, *rest = make((left, right), size, meanings)
    other = Block(right)
    for part in rest:
        if part.height:
            if other.height:
                other.gap(0.14)
            other.beside([(0.0, part)])
    block = Block(width)
    block.beside([(0.0, first), (width - right, other)])
    return block


def note_block(width: float, text: str, size: float) -> Block:
    """Return a quiet note."""
    return paragraph(text, width, size * 0.84) if text else Block(width)
