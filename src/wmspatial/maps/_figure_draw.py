"""The map itself on paper: areas, outlines, numbers, scale bar and north arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from wmspatial.charts.chart import INK, QUIET
from wmspatial.maps._figure_shapes import Drawn, compound_path
from wmspatial.maps._figure_text import badge_radius, contrast, put_text, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from wmspatial.maps.spec import Authority, Category

#: More polygons than this become a picture inside an SVG or PDF; words and outlines stay lines.
MOST_VECTORS: Final = 10_000
# One path of everything in a class could be more than the renderer takes at once.
_CHUNK: Final = 4000
_FEW: Final = 60
# Points of a number that can still be read on paper.
_LEAST_NUMBER: Final = 4.6
_MISSING_HATCH: Final = "//////"
# Patterns of loud classes in the order of the legend, each unlike its neighbours.
_HATCHES: Final = ("xxxx", "....", "----", "\\\\\\\\", "oo", "||||", "++", "**", "///")
# Numbers in order: the denser, the later; the first one stays plain.
_DENSER: Final = ("", "..", "....", "\\\\\\", "\\\\\\\\\\", "xxxx", "xxxxxx", "++++++", "oooo")

Box = tuple[float, float, float, float]


def hatches(
    categories: Sequence[Category], *, patterns: bool, ordered: bool, below: int | None = None
) -> list[str]:
    """Return the pattern of each class: always for missing values, for the others on request.

    Parameters
    ----------
    categories : sequence of Category
        The classes.
    patterns : bool
        Whether every class that matters has one.
    ordered : bool
        Whether they are steps of one thing.
    below : int, optional
        How many of them lie below the centre of a diverging scheme: these have lines, and the
        others crosses, the denser the farther away.

    Returns
    -------
    list of str
        matplotlib's hatches; empty for none.
    """
    series = list(_DENSER if ordered else _HATCHES)
    if below is not None:
        above = len(categories) - below
        series = ["-" * 2 * i for i in range(below, 0, -1)] + ["x" * 2 * i for i in range(1, above)]
        series.append("x" * 2 * above)
    found: list[str] = []
    for category in categories:
        if category.pattern == "hatch":
            found.append(_MISSING_HATCH)
        elif not patterns or not (category.loud or ordered):
            found.append("")
        else:
            found.append(series.pop(0))
    return found


def canvas_of(figure: Figure) -> Axes:
    """Return axes over the whole figure whose unit is the inch."""
    wide, high = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, wide), ylim=(0, high))
    axes.set_axis_off()
    axes.set_zorder(1)
    return axes


def map_axes(figure: Figure, box: Box, bounds: Box, scale: float) -> Axes:
    """Return axes in metres for a box in inches, with the bounds in its middle."""
    x, y, wide, high = box
    page_wide, page_high = figure.get_size_inches()
    axes = figure.add_axes((x / page_wide, y / page_high, wide / page_wide, high / page_high))
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    axes.set(
        xlim=(middle[0] - wide * scale / 2, middle[0] + wide * scale / 2),
        ylim=(middle[1] - high * scale / 2, middle[1] + high * scale / 2),
    )
    axes.set_axis_off()
    axes.set_zorder(2)
    return axes


def scale_of(bounds: Box, wide: float, high: float) -> float:
    """Return metres an inch at which the bounds fit."""
    across, up = bounds[2] - bounds[0], bounds[3] - bounds[1]
    return max(across / wide, up / high) * 1.02


def draw_areas(
    axes: Axes,
    drawn: Drawn,
    category: Any,
    categories: Sequence[Category],
    marks: Sequence[str],
    scale: float,
    *,
    differ: Any = None,
    raster: bool = False,
) -> None:
    """Fill the areas, the quiet classes first; as a picture inside SVG and PDF if `raster`."""
    from matplotlib.patches import PathPatch

    # Lines as fine as the areas are small on paper, or they would grey the map.
    across = 72 * float(np.sqrt(shapely.area(drawn.polygons).mean())) / scale
    line = min(max(0.037 * across, 0.04), 0.3)
    for i in sorted(range(len(categories)), key=lambda n: categories[n].loud):
        look, members = categories[i], drawn.polygons[category == i]
        for start in range(0, len(members), _CHUNK):
            patch = PathPatch(
                compound_path(members[start : start + _CHUNK]),
                facecolor=look.colour,
                edgecolor=look.colour if raster else look.line,
                # A line of their own colour keeps small areas that matter visible.
                linewidth=(0.2 if look.loud else 0.06) if raster else line,
                hatch=marks[i] or None,
                hatchcolor=contrast(look),
                hatch_linewidth=0.45,
                zorder=1 + look.loud,
            )
            patch.set_rasterized(raster)
            # The limits are set: add_patch would look for them corner by corner.
            axes.add_artist(patch)
    if differ is not None and np.any(differ):
        axes.add_artist(
            PathPatch(
                compound_path(drawn.polygons[differ]),
                fill=False,
                edgecolor=INK,
                linewidth=0.8,
                linestyle=(0, (2, 1.6)),
                zorder=4,
            )
        )


def draw_outlines(axes: Axes, drawn: Drawn, scale: float) -> None:
    """Outline the authorities, dark on a light casing."""
    from matplotlib.patches import PathPatch

    if not drawn.outlines:
        return
    path = compound_path(np.array(list(drawn.outlines.values()), dtype=object))
    # Many authorities are outlined faintly, or their outlines would hide the areas of cities.
    west, south, east, north = drawn.bounds
    thick = min(1.0, max(0.55, max(east - west, north - south) / scale / 5))
    strokes = [("#ffffff", 2.0 * thick), (INK, 0.9 * thick)]
    if len(drawn.outlines) > _FEW:
        strokes = [(QUIET, 0.22)]
    for colour, width in strokes:
        axes.add_artist(
            PathPatch(
                path, fill=False, edgecolor=colour, linewidth=width, joinstyle="round", zorder=5
            )
        )


def draw_numbers(
    axes: Axes, drawn: Drawn, authorities: Sequence[Authority], size: float, scale: float
) -> None:
    """Put each authority's number on it, smaller where they stand close together."""
    from matplotlib.patches import Circle

    spots = np.array([drawn.spots[a.key] for a in authorities if a.key in drawn.spots])
    if len(spots) > 1:
        apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) / scale
        np.fill_diagonal(apart, np.inf)
        size = min(size, max(_LEAST_NUMBER, size * float(apart.min()) / (2.1 * badge_radius(size))))
    radius = badge_radius(size) * scale
    for authority in authorities:
        if authority.number is None or authority.key not in drawn.spots:
            continue
        x, y = drawn.spots[authority.key]
        axes.add_patch(
            Circle(
                (x, y),
                radius,
                facecolor="#ffffff",
                edgecolor=INK,
                linewidth=min(0.8, size / 9),
                zorder=6,
                clip_on=False,
            )
        )
        put_text(
            axes, x, y, str(authority.number), size,
            bold=True, ha="center", va="center_baseline", zorder=7,
        )  # fmt: skip


def draw_scale(canvas: Axes, x: float, y: float, most: float, scale: float, size: float) -> float:
    """Draw a scale bar at most so many inches long, from its lower left corner; return its width.

    The map is drawn in metres on the ground, so a kilometre is the same length all over it.
    """
    from matplotlib.patches import Rectangle

    metres = _round_length(most * scale)
    length = metres / scale
    half = length / 2
    for start, colour in ((0.0, INK), (half, "#ffffff")):
        canvas.add_patch(
            Rectangle((x + start, y), half, 0.055, facecolor=colour, edgecolor=INK, linewidth=0.7)
        )
    high = y + 0.09
    end = _length_words(metres)
    put_text(canvas, x, high, "0", size, colour=QUIET, ha="center")
    middle = _length_words(metres / 2)
    room = width_of(middle, size) + width_of(end, size)
    if half > room:
        put_text(canvas, x + half, high, middle, size, colour=QUIET, ha="center")
    put_text(canvas, x + length, high, end, size, colour=QUIET, ha="center")
    return length + width_of(end, size) / 2


def _round_length(metres: float) -> float:
    """Return the longest of 1, 2, 5, 10, ... that fits."""
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))


def _length_words(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 500 else f"{metres:g} m"


def draw_north(canvas: Axes, x: float, y: float, high: float, size: float) -> None:
    """Draw a north arrow, `high` inches, from the middle of its foot."""
    from matplotlib.patches import Polygon

    wide = 0.34 * high
    tip = y + 0.68 * high
    canvas.add_patch(
        Polygon([(x, tip), (x - wide / 2, y), (x, y + 0.14 * high)], facecolor=INK, edgecolor=INK,
                linewidth=0.6)
    )  # fmt: skip
    canvas.add_patch(
        Polygon([(x, tip), (x + wide / 2, y), (x, y + 0.14 * high)], facecolor="#ffffff",
                edgecolor=INK, linewidth=0.6)
    )  # fmt: skip
    put_text(canvas, x, tip + 0.04, "N", size, bold=True, ha="center")
