"""Bars for a briefing, wide for a desk and narrow for a telephone."""

from __future__ import annotations

import re
import textwrap
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.briefing_page.parts import Drawing
from wmspatial.charts.chart import FAINT, INK, QUIET, Chart, new_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    Floats = npt.NDArray[np.float64]

#: Inches: as wide as a column of text on a desk, and as a telephone held upright.
_WIDE: Final = 8.2
_NARROW: Final = 3.75
#: Inches of a character of the title, on average.
_LETTER: Final = 0.107
_INCHES_OF_WORDS: Final = 0.068
#: A part needs this share of the axis for its number to have room.
_ROOM: Final = {True: 0.105, False: 0.06}


@dataclass(frozen=True)
class Part:
    """One part of every bar.

    Attributes
    ----------
    name : str
        In the legend.
    colour, dark : str
        Of the part, and of the ground below its numbers.
    ink : str
        Of its numbers.
    hatch : str
        Its pattern, so that colour is never alone.
    values : sequence of float
        One a bar.
    lines : str
        Colour of the pattern.
    """

    name: str
    colour: str
    dark: str
    ink: str
    hatch: str
    values: Sequence[float]
    lines: str = "white"


@dataclass(frozen=True)
class Bars:
    """A chart of bars before it is drawn.

    Attributes
    ----------
    title, text : str
        What it shows, and everything that can be read off it in words.
    rows : sequence of str
        What each bar is called, from the top.
    parts : sequence of Part
        From the left.
    write : callable
        Writes a value.
    axis : str
        What is counted.
    ends : sequence of str
        Written at the end of each bar, if at all.
    ranges : sequence of (float, float)
        A whisker over the end of the first part of each bar, if at all.
    line : (float, str) or None
        An upright line, and what it is called.
    illustrative : bool
        Whether the numbers are made up.
    source : str
        Where they come from.
    bold : str
        The row that is held against the others.
    """

    title: str
    text: str
    rows: Sequence[str]
    parts: Sequence[Part]
    write: Callable[[float], str]
    axis: str
    ends: Sequence[str] = ()
    ranges: Sequence[tuple[float, float]] = ()
    line: tuple[float, str] | None = None
    illustrative: bool = False
    source: str = ""
    bold: str = ""


def draw(bars: Bars, *, narrow: bool = False) -> Chart:
    """Draw stacked bars.

    Parameters
    ----------
    bars : Bars
        What to draw.
    narrow : bool, default False
        For a telephone.

    Returns
    -------
    Chart
        With all its words.
    """
    width = _NARROW if narrow else _WIDE
    title = textwrap.fill(_literal(bars.title), int(width / _LETTER))
    columns = 2 if narrow else len(bars.parts)
    shown = len(bars.parts) > 1
    lines = -(-len(bars.parts) // columns) if shown else 0
    labels = [textwrap.fill(_literal(row), 17 if narrow else 34) for row in bars.rows]
    tall = sum(max(1.0, 0.62 * (1 + label.count("\n"))) for label in labels)
    height = 0.95 + 0.2 * title.count("\n") + 0.2 * lines + 0.36 * tall
    height += 0.2 if bars.illustrative else 0.0
    height += 0.18 if bars.line else 0.0
    figure, axes = new_figure(title, size=(width, height), illustrative=bars.illustrative)
    _fill(axes, bars, narrow=narrow)
    axes.set_yticks(range(len(labels)), labels)
    for label, name in zip(axes.get_yticklabels(), bars.rows, strict=True):
        label.set_fontweight("bold" if name == bars.bold else "normal")
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.xaxis.set_major_formatter(lambda value, _place: bars.write(value))
    axes.xaxis.set_major_locator(_ticks(bars, narrow=narrow))
    axes.set_xlabel(textwrap.fill(bars.axis, 34 if narrow else 80), color=QUIET, fontsize=8.5)
    if shown:
        handles, names = axes.get_legend_handles_labels()
        figure.legend(
            handles, names, loc="outside lower left", ncols=columns, frameon=False, fontsize=8.5,
            handlelength=1.6, columnspacing=1.2, borderaxespad=0.1,
        )  # fmt: skip
    return Chart(figure, bars.title, bars.text, bars.source, bars.illustrative)


def _literal(text: str) -> str:
    """Keep what is between two dollars from being read as mathematics."""
    return text.replace("$", r"\$")


def _ticks(bars: Bars, *, narrow: bool) -> Any:
    from matplotlib.ticker import MaxNLocator

    whole = all(float(v).is_integer() for part in bars.parts for v in part.values)
    return MaxNLocator(nbins=4 if narrow else 8, steps=[1, 2, 5, 10], integer=whole)


def _fill(axes: Axes, bars: Bars, *, narrow: bool) -> None:
    """Draw the parts of every bar one after another, with their numbers where there is room."""
    count = len(bars.rows)
    left = np.zeros(count)
    values = np.array([np.nan_to_num(np.asarray(p.values, dtype="float64")) for p in bars.parts])
    longest = float(values.sum(axis=0).max(initial=0.0)) or 1.0
    room = _ROOM[narrow] * longest
    places = np.arange(count)
    for part, lengths in zip(bars.parts, values, strict=True):
        axes.barh(
            places, lengths, left=left, height=0.68, color=part.colour, hatch=part.hatch or None,
            hatchcolor=part.lines, edgecolor="white", linewidth=0.5, label=part.name,
        )  # fmt: skip
        for place, (start, length) in enumerate(zip(left, lengths, strict=True)):
            begin, end = float(start), float(start + length)
            if bars.ranges:
                # Clear of the whisker that stands at the end of the first part.
                low, high = bars.ranges[place]
                begin, end = (begin, min(end, low)) if not start else (max(begin, high), end)
            if end - begin < room or bars.ends:
                continue
            ground = {"boxstyle": "round,pad=0.15", "facecolor": part.dark, "edgecolor": "none"}
            axes.annotate(
                bars.write(length), ((begin + end) / 2, place), ha="center", va="center",
                fontsize=8, color=part.ink, bbox=ground if part.hatch else None,
            )  # fmt: skip
        left = left + lengths
    for place, text in enumerate(bars.ends):
        axes.annotate(
            text, (left[place], place), xytext=(4, 0), textcoords="offset points", va="center",
            fontsize=8,
        )  # fmt: skip
    for place, (low, high) in enumerate(bars.ranges):
        for colour, thick, cap in (("white", 3.0, 5.0), (INK, 1.1, 3.5)):
            axes.errorbar(
                (low + high) / 2, place, xerr=(high - low) / 2, color=colour, linewidth=thick,
                capsize=cap, capthick=thick, zorder=5,
            )  # fmt: skip
    extra = max((len(text) for text in bars.ends), default=0) * _INCHES_OF_WORDS
    wide = (_NARROW if narrow else _WIDE) * 0.62
    axes.set_xlim(0, longest * (1.02 + (extra / max(wide - extra, 0.5) if bars.ends else 0.0)))
    if bars.line is not None:
        level, name = bars.line
        axes.axvline(level, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4)
        axes.annotate(
            name, (level, 1), xycoords=("data", "axes fraction"), xytext=(3, 2),
            textcoords="offset points", fontsize=8, color=INK,
        )  # fmt: skip


def embed(bars: Bars, identifier: str) -> Drawing:
    """Draw bars in both widths for a page.

    Parameters
    ----------
    bars : Bars
        What to draw.
    identifier : str
        Begins every id, so that the charts of a page stay apart.

    Returns
    -------
    Drawing
        With the source below.
    """
    return Drawing(
        svg_of(draw(bars), f"{identifier}-wide"),
        svg_of(draw(bars, narrow=True), f"{identifier}-narrow"),
        bars.source,
    )


def svg_of(chart: Chart, identifier: str) -> str:
    """Write a chart as SVG without rules that would reach out into the page."""
    with warnings.catch_warnings():
        # The letters are the browser's to draw: what the font at hand here lacks is no matter.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        svg = chart.to_svg(identifier=identifier)
    return re.sub(r"<defs>\s*<style[^>]*>.*?</style>\s*</defs>\s*", "", svg, flags=re.DOTALL)
