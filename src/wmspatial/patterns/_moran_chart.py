"""Draw Moran's scatter plot, and joins of like with like against chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from wmspatial.charts.chart import DARK, FAINT, INK, QUIET, Chart, new_figure
from wmspatial.patterns._autocorrelation_words import plain
from wmspatial.patterns._quadrants import QUADRANTS

if TYPE_CHECKING:
    from wmspatial.patterns.autocorrelating import Autocorrelation
    from wmspatial.patterns.join_counting import JoinCounts

#: More points than this would make a heavy drawing; they are drawn as a picture inside it.
_MANY: Final = 5_000


def draw(found: Autocorrelation, title: str | None, source: str) -> Chart:
    """Draw the points by pattern, the line whose slope is Moran's I, and the means."""
    heading = title or f"{found.label[:1].upper()}{found.label[1:]}: each place and its neighbours"
    figure, axes = new_figure(
        heading, size=(7.2, 5.2), source=source, illustrative=found.illustrative
    )
    table = found.local[found.local["local_i"].notna()]
    values, around = table["value"], table["neighbours"]
    axes.grid(color=FAINT, linewidth=0.7)
    middle = values.mean()
    for line in (axes.axvline, axes.axhline):
        line(middle, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    handles, counts = [], []
    for look in sorted(QUADRANTS, key=lambda quadrant: quadrant.loud):
        here = table["pattern"] == look.name
        if not here.any():
            continue
        dots = axes.scatter(
            values[here], around[here], s=20 if look.loud else 10, marker=look.marker,
            color=look.colour if look.loud else "#ffffff", linewidths=0.5,
            edgecolors=look.line if look.loud else QUIET, zorder=3 if look.loud else 2,
            label=f"{look.name}: {int(here.sum()):,}", rasterized=len(table) > _MANY,
        )  # fmt: skip
        handles.append(dots)
        counts.append(f"{look.name} {int(here.sum()):,}")
    ends = np.array([values.min(), values.max()])
    slope = found.moran["I"]
    axes.plot(ends, middle + slope * (ends - middle), color=INK, linewidth=1.6, zorder=4)
    for axis, numbers in ((axes.xaxis, values), (axes.yaxis, around)):
        share = values.min() >= 0 and values.max() <= 1
        axis.set_major_formatter(_per_cent if share else _thousands)
        axis.set_label_text(
            f"{found.label[:1].upper()}{found.label[1:]}"
            if numbers is values
            else f"Mean of neighbours; slope of the line = {plain(slope)}"
        )
    order = [q.name for q in QUADRANTS]
    handles.sort(key=lambda dots: order.index(str(dots.get_label()).rsplit(":", 1)[0]))
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=len(handles),
        frameon=False, fontsize=7.5, handletextpad=0.2, columnspacing=1.0,
    )  # fmt: skip
    counts.sort(key=lambda text: order.index(text.rsplit(" ", 1)[0]))
    words = f"{heading}. {found.summary_text()} Points: {', '.join(counts)}."
    return Chart(figure, heading, words, source, found.illustrative)


def _per_cent(value: float, _place: object) -> str:
    return f"{100 * value:.4g} %"


def _thousands(value: float, _place: object) -> str:
    return f"{value:,.10g}"


def draw_joins(found: JoinCounts, title: str | None, source: str) -> Chart:
    """Draw a bar for the joins of each class with itself, and where chance would have it end."""
    heading = title or "Neighbours of one class, against chance"
    table = found.table
    figure, axes = new_figure(
        heading, size=(7.2, 1.7 + 0.48 * len(table)), source=source,
        illustrative=found.illustrative,
    )  # fmt: skip
    places = np.arange(len(table))
    axes.barh(places, table["joins"], color=DARK, height=0.52)
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        axes.plot([row["expected"]] * 2, [place - 0.38, place + 0.38], color="#ffffff", linewidth=4)
        axes.plot([row["expected"]] * 2, [place - 0.38, place + 0.38], color=INK, linewidth=1.8)
        far = max(row["joins"], row["expected"])
        axes.annotate(
            f"{row['joins']:,.0f}, by chance {row['expected']:,.0f}", (far, place), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8, color=INK,
        )  # fmt: skip
    most = float(table[["joins", "expected"]].to_numpy().max())
    axes.set_xlim(0, 1.42 * max(most, 1.0))
    axes.set_yticks(places, [str(name) for name in table.index])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(_thousands)
    axes.set_xlabel("Joins of two neighbours of the class; the upright line is chance")
    each = "; ".join(
        f"{name} {row['joins']:,.0f}, by chance {row['expected']:,.0f}"
        for name, row in table.iterrows()
    )
    words = f"{heading}. {found.summary_text()} Joins: {each}."
    return Chart(figure, heading, words, source, found.illustrative)
