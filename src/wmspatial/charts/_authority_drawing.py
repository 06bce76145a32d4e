"""Draw authorities as bars, dumbbells or groups of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.charts.chart import BLUE, DARK, FAINT, INK, QUIET, SERIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    Write = Callable[[float], str]

_HATCHES: Final = ("", "///", "...", "xxx", "\\\\\\", "++")
#: Inches of a letter of a number, on average.
_LETTER: Final = 0.075
_WHITE: Final = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}
_GREY: Final = "#b8bcc2"
#: The share of the longest bar from which on a number has room inside.
_ROOM: Final = 0.22


def _rows(axes: Axes, labels: list[str], marked: set[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    for text in axes.get_yticklabels():
        if text.get_text() in marked:
            text.set_fontweight("bold")
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)


def _number_axis(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.10g}")
    axes.margins(x=0.14)


def _beside(axes: Axes, text: str, value: float, place: float, *, right: bool, colour: str) -> None:
    axes.annotate(
        text, (value, place), xytext=(4 if right else -4, 0), textcoords="offset points",
        va="center", ha="left" if right else "right", fontsize=8, color=colour, zorder=6,
        bbox=None if colour == "white" else _WHITE,
    )  # fmt: skip


def draw_bars(
    axes: Axes,
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    marked: set[str],
    write: Write,
    *,
    at: float,
    columns: int = 4,
) -> None:
    """Draw sorted bars from `at`, the marked ones dark, and the national line."""
    del columns
    values = table.iloc[:, 0]
    longest = float(np.nanmax(np.abs(values - at), initial=0.0))
    level = None if nation is None else float(nation.iloc[0])

    def crossed(value: float) -> bool:
        back = value - np.copysign(_ROOM * longest * 1.2, value - at)
        return level is not None and min(back, value) <= level <= max(back, value)

    for place, (name, value) in enumerate(values.items()):
        if not np.isfinite(value):
            _beside(axes, write(value), at, place, right=True, colour=QUIET)
            continue
        dark = not marked or str(name) in marked
        axes.barh(place, value - at, left=at, height=0.68, color=DARK if dark else _GREY)
        inside = abs(value - at) > _ROOM * longest
        right = (value >= at) != inside
        colour = "white" if inside and dark else INK
        # Inside its bar a number stands at the end, or where the national line is, at the start.
        if inside and crossed(value):
            _beside(axes, write(value), at, place, right=not right, colour=colour)
        else:
            _beside(axes, write(value), value, place, right=right, colour=colour)
    _rows(axes, [str(n) for n in values.index], marked)
    _number_axis(axes)
    if at:
        axes.axvline(at, color=INK, linewidth=0.8)
    if level is not None:
        # On white, so that it is seen across a dark bar too.
        axes.axvline(level, color="white", linewidth=2.6)
        axes.axvline(level, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        left, right_end = axes.get_xlim()
        late = level > (left + right_end) / 2
        axes.annotate(
            f"{nation_name} {write(level)}", (level, 1), xycoords=("data", "axes fraction"),
            xytext=(-3 if late else 3, 3), textcoords="offset points", fontsize=8, color=INK,
            ha="right" if late else "left",
        )  # fmt: skip


def draw_dumbbells(
    axes: Axes,
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    marked: set[str],
    write: Write,
    *,
    at: float,
    columns: int = 4,
) -> None:
    """Draw two measures of one thing as two ends of a line: a ring and a disc."""
    del at
    rows = table if nation is None else pd.concat([table, nation.to_frame(nation_name).T])
    first, second = (str(c) for c in rows.columns)
    for place, (one, other) in enumerate(rows.to_numpy()):
        axes.plot([one, other], [place, place], color=_GREY, linewidth=3, zorder=1)
        axes.plot(
            one, place, "o", markersize=8, color="white", markeredgecolor=BLUE, markeredgewidth=2
        )
        axes.plot(other, place, "D", markersize=7, color=DARK)
        ends = sorted(v for v in (one, other) if np.isfinite(v))
        for value in dict.fromkeys(ends):
            right = value == ends[-1]
            axes.annotate(
                write(value), (value, place), xytext=(8 if right else -8, 0), va="center",
                textcoords="offset points", ha="left" if right else "right", fontsize=8,
            )  # fmt: skip
        if not np.isfinite([one, other]).any():
            axes.annotate("not published", (0.5, place), xycoords=("axes fraction", "data"))
    _rows(axes, [str(n) for n in rows.index], marked)
    _number_axis(axes)
    _room_at_both_ends(axes, rows, write)
    ends = [
        axes.plot([], [], "o", markersize=8, color="white", markeredgecolor=BLUE,
                  markeredgewidth=2, label=first)[0],
        axes.plot([], [], "D", markersize=7, color=DARK, linestyle="", label=second)[0],
    ]  # fmt: skip
    axes.legend(
        handles=ends, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False,
        fontsize=8, borderaxespad=0.2, handletextpad=0.3,
    )  # fmt: skip


def _room_at_both_ends(axes: Axes, rows: pd.DataFrame, write: Write) -> None:
    """Widen the axis, so that numbers left and right of the ends stay clear of the names."""
    values = rows.to_numpy()[np.isfinite(rows.to_numpy())]
    if not len(values):
        return
    low, high = float(values.min()), float(values.max())
    words = max(len(write(value)) for value in values) * _LETTER + 0.2
    # The names take their part of the width before the axis begins.
    names = 0.3 + 1.15 * _LETTER * max(map(len, rows.index))
    wide = float(axes.figure.bbox.width / axes.figure.dpi) - names
    span = (high - low or abs(high) or 1.0) / max(1 - 2 * words / wide, 0.2)
    centre = (low + high) / 2
    axes.set_xlim(centre - span / 2, centre + span / 2)


def draw_groups(
    axes: Axes,
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    marked: set[str],
    write: Write,
    *,
    at: float,
    columns: int = 4,
) -> None:
    """Draw groups side by side, told apart by colour and hatching."""
    del at
    rows = table if nation is None else pd.concat([table, nation.to_frame(nation_name).T])
    many = len(rows.columns)
    thick = 0.8 / many
    for number, column in enumerate(rows.columns):
        colour, hatch = SERIES[number % len(SERIES)], _HATCHES[number % len(_HATCHES)]
        places = np.arange(len(rows)) + (number - (many - 1) / 2) * thick
        values = rows[column].to_numpy()
        axes.barh(
            places, np.nan_to_num(values), height=thick * 0.9, color=colour, hatch=hatch,
            edgecolor="white", linewidth=0, label=str(column),
        )  # fmt: skip
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                write(value), (value if np.isfinite(value) else 0, place), xytext=(4, 0),
                textcoords="offset points", va="center", fontsize=7.5,
                color=INK if np.isfinite(value) else QUIET,
            )  # fmt: skip
    _rows(axes, [str(n) for n in rows.index], marked)
    _number_axis(axes)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(many, columns), frameon=False,
        fontsize=8, borderaxespad=0.2,
    )  # fmt: skip
