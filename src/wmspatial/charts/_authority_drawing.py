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
        va="center", ha="left" if right else "right", fontsize=8, color=colour,
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
) -> None:
    """Draw sorted bars from `at`, the marked ones dark, and the national line."""
    values = table.iloc[:, 0]
    longest = float(np.nanmax(np.abs(values - at), initial=0.0))
    for place, (name, value) in enumerate(values.items()):
        if not np.isfinite(value):
            _beside(axes, write(value), at, place, right=True, colour=QUIET)
            continue
        dark = not marked or str(name) in marked
        axes.barh(place, value - at, left=at, height=0.68, color=DARK if dark else _GREY)
        # Inside its bar a number cannot lie on the national line.
        inside = abs(value - at) > _ROOM * longest
        right = (value >= at) != inside
        colour = "white" if inside and dark else INK
        _beside(axes, write(value), value, place, right=right, colour=colour)
    _rows(axes, [str(n) for n in values.index], marked)
    _number_axis(axes)
    if at:
        axes.axvline(at, color=INK, linewidth=0.8)
    if nation is not None:
        level = float(nation.iloc[0])
        axes.axvline(level, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        axes.annotate(
            f"{nation_name} {write(level)}", (level, 1), xycoords=("data", "axes fraction"),
            xytext=(3, 3), textcoords="offset points", fontsize=8, color=INK,
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
        for value, rival in ((one, other), (other, one)):
            if not np.isfinite(value):
                continue
            right = not np.isfinite(rival) or value > rival or (value == rival and value is one)
            axes.annotate(
                write(value), (value, place), xytext=(8 if right else -8, 0), va="center",
                textcoords="offset points", ha="left" if right else "right", fontsize=8,
            )  # fmt: skip
        if not np.isfinite([one, other]).any():
            axes.annotate("not published", (0.5, place), xycoords=("axes fraction", "data"))
    _rows(axes, [str(n) for n in rows.index], marked)
    _number_axis(axes)
    ends = [
        axes.plot([], [], "o", markersize=8, color="white", markeredgecolor=BLUE,
                  markeredgewidth=2, label=first)[0],
        axes.plot([], [], "D", markersize=7, color=DARK, linestyle="", label=second)[0],
    ]  # fmt: skip
    axes.legend(
        handles=ends, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=8,
        borderaxespad=0.2, handletextpad=0.3,
    )  # fmt: skip


def draw_groups(
    axes: Axes,
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    marked: set[str],
    write: Write,
    *,
    at: float,
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
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(many, 4), frameon=False, fontsize=8,
        borderaxespad=0.2,
    )  # fmt: skip
