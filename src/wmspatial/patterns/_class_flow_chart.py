"""Draw who fills the jobs in deprived jobs-rich places, and commuters between classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.charts.chart import DARK, FAINT, INK, QUIET, Chart, new_figure
from wmspatial.patterns._class_flow_parts import BEYOND, DECILES, UNRANKED
from wmspatial.patterns._shaded_table import draw_table, per_cent

if TYPE_CHECKING:
    from wmspatial.patterns.class_flowing import ClassFlows

_PALE: Final = "#dcb7c2"
#: Those who are fewer have no bar to see; the words tell them.
_LEAST: Final = 0.005
_BARS: Final = (
    ("share", "work in deprived jobs-rich places", DARK, ""),
    ("share_elsewhere", "work elsewhere in the study area", _PALE, "////"),
)


def draw_who(found: ClassFlows, title: str | None, source: str) -> Chart:
    """Draw workers by the deprivation of their home, beside those of other workplaces."""
    heading = title or "Who fills the jobs in deprived places with many jobs"
    table = found.who_fills
    extra = [
        name
        for name in (UNRANKED, BEYOND)
        if table[["share", "share_elsewhere"]].max(axis=1)[name] > _LEAST
    ]
    rows = table.loc[[*map(str, range(1, DECILES + 1)), *extra]]
    figure, axes = new_figure(
        heading, size=(8.2, 4.4), source=source, illustrative=found.typology.illustrative
    )
    places = np.arange(len(rows))
    for number, (column, label, colour, hatch) in enumerate(_BARS):
        axes.bar(
            places + (number - 0.5) * 0.4, rows[column].fillna(0.0), width=0.37, color=colour,
            hatch=hatch, edgecolor="#ffffff", linewidth=0, label=label,
        )  # fmt: skip
    lives = rows["share_living_here"].fillna(0.0).to_numpy()
    for line, width in (("#ffffff", 4.0), (INK, 1.8)):
        axes.hlines(
            lives, places - 0.42, places + 0.42, color=line, linewidth=width,
            label="live in the study area" if line == INK else "",
        )  # fmt: skip
    for place, share, level in zip(places, rows["share"], lives, strict=True):
        axes.annotate(
            per_cent(share), (place - 0.4, max(share, level)), xytext=(0, 4), ha="left",
            textcoords="offset points", fontsize=8, fontweight="bold", color=DARK,
        )  # fmt: skip
    names = {
        "1": "1\nmost deprived",
        "10": "10\nleast deprived",
        UNRANKED: "no\nrank",
        BEYOND: "beyond",
    }
    axes.set_xticks(places, [names.get(str(name), str(name)) for name in rows.index])
    axes.tick_params(axis="x", length=0)
    axes.margins(x=0.01, y=0.1)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _place: f"{100 * value:.4g} %")
    axes.grid(axis="y", color=FAINT, linewidth=0.7)
    axes.set_xlabel("Deprivation decile of the neighbourhood where they live")
    axes.set_ylabel("Share of commuters", color=QUIET)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=8,
        borderaxespad=0.2, columnspacing=1.2,
    )  # fmt: skip
    each = "; ".join(
        f"{_where(str(name))} {per_cent(row['share'])}, at other workplaces "
        f"{per_cent(row['share_elsewhere'])}, of those who live in the study area "
        f"{per_cent(row['share_living_here'])}"
        for name, row in table.iterrows()
    )
    words = f"{heading}. {found.summary_text()} By where they live: {each}."
    return Chart(figure, heading, words, source, found.typology.illustrative)


def _where(name: str) -> str:
    return {UNRANKED: "without a rank", BEYOND: "beyond the flows"}.get(name, f"decile {name}")


def draw_matrix(found: ClassFlows, title: str | None, source: str) -> Chart:
    """Shade where commuters from each class work."""
    heading = title or "Where commuters work, by the class of where they live"
    shares: Any = found.shares()
    matrix: Any = found.matrix
    people = matrix["All"]
    shown = shares.loc[[name for name in shares.index if people[name] > 0]]
    columns = [str(c) for c in shares.columns if matrix.loc["All", c] > 0 and c != "All"]
    rows = [f"{name}\n{people[name]:,.0f} commuters" for name in shown.index]
    figure, axes = new_figure(
        heading, size=(3.0 + 1.05 * len(columns), 1.5 + 0.5 * len(rows)), source=source,
        illustrative=found.typology.illustrative,
    )  # fmt: skip
    draw_table(axes, shown[columns].to_numpy("float64"), rows, columns)
    axes.set_title(
        "Per cent of those who live in each class, by class of workplace", loc="left",
        fontsize=8.5, color=QUIET,
    )  # fmt: skip
    each = ". ".join(
        f"{name}, {people[name]:,.0f} commuters: "
        + ", ".join(f"{column} {per_cent(row[column])}" for column in columns)
        for name, row in shown.iterrows()
    )
    words = f"{heading}. {found.summary_text()} {each}."
    return Chart(figure, heading, words, source, found.typology.illustrative)
