"""Draw profiles of wards side by side."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.charts.chart import DARK, FAINT, INK, QUIET, Chart, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from wmspatial.patterns.ward_profiling import WardProfiles

_IN_A_ROW: Final = 4
_PALE: Final = "#dcb7c2"
_WIDEST: Final = 24
#: What would be written as nought, and is not.
_LEAST: Final = 0.005


def draw(found: WardProfiles, title: str | None, source: str) -> Chart:
    """Draw a panel a ward: a bar a group and census, with a tick at the authority's average."""
    years = [str(year) for year in found.years if year]
    when = f", {' and '.join(reversed(years))}" if years else ""
    heading = title or f"Groups of residents in chosen wards{when}"
    wards, groups = found.wards, list(found.groups)
    columns = min(_IN_A_ROW, len(wards))
    rows = -(-len(wards) // columns)
    tall = 0.3 + (0.44 if len(found.years) > 1 else 0.3) * len(groups)
    figure, first = new_figure(
        heading, size=(1.5 + 1.75 * columns if columns > 1 else 5.2, 1.4 + rows * (tall + 0.5)),
        source=source, illustrative=found.illustrative,
    )  # fmt: skip
    first.remove()
    grid = figure.add_gridspec(rows + 1, columns, height_ratios=[0.25, *[tall] * rows])
    _legend(figure.add_subplot(grid[0, :]), found)
    shares = found.shares.fillna(0.0)
    most = float(shares.to_numpy().max(initial=0.0)) or 1.0
    for number, (_, ward) in enumerate(wards.iterrows()):
        down, across = divmod(number, columns)
        axes = figure.add_subplot(grid[1 + down, across])
        axes.set_xlim(0, 1.36 * most)
        axes.set_ylim(len(groups) - 0.45, -0.55)
        _panel(axes, found, ward, near=0.27 * most)
        names = [found.words(group) for group in groups] if not across else []
        axes.set_yticks(range(len(groups)) if names else [], names)
        if number + columns < len(wards):
            axes.tick_params(axis="x", labelbottom=False)
    return Chart(figure, heading, _words(found, heading), source, found.illustrative)


def _panel(axes: Axes, found: WardProfiles, ward: Any, *, near: float) -> None:
    """Draw one ward: the earlier census above, the later below."""
    years = list(reversed(found.years))
    thick = 0.8 / len(years)
    for order, year in enumerate(years):
        late = year == found.years[0]
        own = found.shares.loc[(ward["place"], year)].fillna(0.0)
        usual = found.shares.loc[(ward["average"], year)].fillna(0.0)
        places = np.arange(len(own)) + (order - (len(years) - 1) / 2) * thick
        axes.barh(
            places, own, height=0.9 * thick, color=DARK if late else _PALE, linewidth=0,
            hatch=None if late else "////", edgecolor=None if late else "#ffffff",
        )  # fmt: skip
        for place, value, mean in zip(places, own, usual, strict=True):
            half = 0.5 * thick
            for colour, width in (("#ffffff", 2.8), (INK, 1.4)):
                axes.plot([mean, mean], [place - half, place + half], color=colour, linewidth=width)
            # A number stands at its bar, unless the tick would go through it.
            end = mean if value <= mean <= value + near else value
            axes.annotate(
                _per_cent(value), (end, place), xytext=(5, 0), va="center",
                textcoords="offset points", fontsize=7.5, color=INK if late else QUIET,
            )  # fmt: skip
    name = "\n".join(textwrap.wrap(str(ward["place"]), _WIDEST))
    axes.set_title(name, fontsize=9, fontweight="bold", loc="left", color=INK)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(QUIET)
    axes.tick_params(axis="y", length=0, labelsize=9, colors=INK)
    axes.tick_params(axis="x", length=0, labelsize=7.5, colors=QUIET)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(_locator())
    axes.xaxis.set_major_formatter(lambda value, _place: f"{100 * value:.0f} %")


def _locator() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=3)


def _per_cent(share: float) -> str:
    return "<1 %" if 0 < share < _LEAST else f"{100 * share:.0f} %"


def _legend(axes: Axes, found: WardProfiles) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    owners = found.wards["authority"].unique()
    whose = owners[0] if len(owners) == 1 else "its authority"
    handles: list[Any] = []
    for year in reversed(found.years):
        late = year == found.years[0]
        handles.append(
            Patch(
                facecolor=DARK if late else _PALE, hatch=None if late else "////", linewidth=0,
                edgecolor=None if late else "#ffffff", label=str(year or "share of residents"),
            )
        )  # fmt: skip
    handles.append(
        Line2D([], [], color=INK, linewidth=1.6, marker="|", markersize=9, linestyle="",
               markeredgewidth=1.6, label=f"average of {whose}")
    )  # fmt: skip
    axes.axis("off")
    axes.legend(
        handles=handles, loc="center left", bbox_to_anchor=(0, 0.5), ncols=len(handles),
        frameon=False, fontsize=8, borderpad=0, borderaxespad=0,
    )  # fmt: skip


def _words(found: WardProfiles, heading: str) -> str:
    """Tell every figure that can be read off."""
    parts = []
    for place in found.shares.index.get_level_values("place").unique():
        told = []
        for year in reversed(found.years):
            row = found.shares.loc[(place, year)]
            values = ", ".join(
                f"{found.words(str(group))} "
                + (_per_cent(share) if np.isfinite(share) else "not known")
                for group, share in row.items()
            )
            told.append(f"{year}: {values}" if year else values)
        parts.append(f"{place}, {'; '.join(told)}")
    return f"{heading}. {'. '.join(parts)}."
