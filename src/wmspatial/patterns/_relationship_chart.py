"""Draw a relationship: every area a point, the line, and the extremes by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wmspatial.charts.chart import BLUE, DARK, FAINT, INK, QUIET, Chart, new_figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from wmspatial.patterns.relating import Relationship


def _formatter(least: float, most: float) -> Callable[[float, float], str]:
    """Write shares as per cent, and thousands with a comma."""
    if least >= 0 and most <= 1:
        return lambda value, _place: f"{100 * value:.0f} %"
    return lambda value, _place: f"{value:,.10g}"


def draw(found: Relationship, title: str | None, source: str) -> Chart:
    """Draw the points, the line and the names."""
    from adjustText import adjust_text

    x, y = found.x, found.y
    across, up = found.words(x), found.words(y)
    heading = title or f"{up[:1].upper()}{up[1:]} and {across}"
    figure, axes = new_figure(
        heading, size=(7.2, 5.0), source=source, illustrative=found.illustrative
    )
    table, ends = found.frame, found.extremes
    axes.grid(color=FAINT, linewidth=0.7)
    axes.scatter(table[x], table[y], s=11, color=BLUE, alpha=0.45, linewidths=0)
    axes.scatter(ends[x], ends[y], s=26, color=DARK, zorder=3, linewidths=0)
    limits = np.array([table[x].min(), table[x].max()])
    slope, intercept = found.numbers["slope"], found.numbers["intercept"]
    axes.plot(limits, intercept + slope * limits, color=INK, linewidth=1.4)
    texts = [
        axes.text(row[x], row[y], row["name"], fontsize=7.5, color=INK)
        for _, row in ends.iterrows()
    ]
    for axis, values in ((axes.xaxis, table[x]), (axes.yaxis, table[y])):
        axis.set_major_formatter(_formatter(values.min(), values.max()))
    axes.set_xlabel(across[:1].upper() + across[1:])
    axes.set_ylabel(up[:1].upper() + up[1:])
    figure.draw_without_rendering()  # places are known only once the layout is
    adjust_text(
        texts, x=ends[x].to_numpy(), y=ends[y].to_numpy(), ax=axes, expand=(1.15, 1.5),
        arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.6}, iter_lim=300,
    )  # fmt: skip
    above = ends[ends["residual"] > 0]["name"].tolist()
    below = ends[ends["residual"] <= 0]["name"].tolist()
    words = f"{heading}. {found.summary_text()}"
    if above:
        words += f" Farthest above the line: {', '.join(above)}."
    if below:
        words += f" Farthest below {'it' if above else 'the line'}: {', '.join(below)}."
    return Chart(figure, heading, words, source, found.illustrative)
