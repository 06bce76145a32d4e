"""Draw which places take clusters' commuters, and which sites most would lose by."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np

from wmspatial.charts.chart import DARK, FAINT, INK, QUIET, Chart, new_figure
from wmspatial.patterns._dependence_words import site_words
from wmspatial.patterns._shaded_table import draw_table, per_cent

if TYPE_CHECKING:
    from wmspatial.patterns.depending import Dependence

_CLUSTERS: Final = 8
_PLACES: Final = 6
_SITES: Final = 10
_WIDE: Final = 34
_PALE: Final = "#dcb7c2"


def draw_places(found: Dependence, title: str | None, source: str) -> Chart:
    """Shade the share of each large cluster's commuters that each place takes."""
    heading = title or "Where the commuters of the largest clusters find jobs"
    top = found.clusters.head(_CLUSTERS)
    held = found.places[found.places.index.isin(top.index)]
    main = held.groupby("place")["people"].sum().sort_values(ascending=False, kind="stable")
    # The largest place of each cluster, and then those that take most of all.
    largest = list(top["largest_place"].dropna().unique())
    names = list(dict.fromkeys([*largest, *main.index]))[: max(_PLACES, len(largest))]
    names.sort(key=list(main.index).index)
    shares = held.set_index("place", append=True)["share"].unstack().fillna(0.0)
    shares = shares.reindex(top.index, fill_value=0.0)
    rich = top["share_to_jobs_rich"]
    table = shares[names].where(rich.notna(), np.nan)
    table["other jobs-rich places"] = (rich - table.sum(axis=1)).clip(lower=0.0)
    table["places that are not jobs-rich"] = 1.0 - rich
    rows = ["\n".join(textwrap.wrap(str(name), _WIDE)) for name in top["name"]]
    size = (3.6 + 0.98 * len(table.columns), 1.5 + 0.46 * len(rows))
    figure, axes = new_figure(
        heading, size=size, source=source, illustrative=found.typology.illustrative
    )
    columns = [str(name) for name in table.columns]
    draw_table(axes, table.to_numpy("float64"), rows, columns, plain=2)
    axes.set_title("Per cent of each cluster's commuters", loc="left", fontsize=8.5, color=QUIET)
    each = ". ".join(
        f"{name}: "
        + ", ".join(
            f"{place} {per_cent(share)}" for place, share in zip(table.columns, row, strict=True)
        )
        for name, row in zip(top["name"], table.to_numpy("float64"), strict=True)
    )
    words = f"{heading}, share of each cluster's commuters. {found.summary_text()} {each}."
    return Chart(figure, heading, words, source, found.typology.illustrative)


def draw_sites(found: Dependence, title: str | None, source: str) -> Chart:
    """Draw a bar a site: neighbourhoods whose largest it is, and those that would fall."""
    kind = found.of_class.lower()
    heading = title or "The employment sites that most neighbourhoods would lose by"
    top = found.sites.head(_SITES)
    figure, axes = new_figure(
        heading, size=(7.6, 1.8 + 0.52 * len(top)), source=source,
        illustrative=found.typology.illustrative,
    )  # fmt: skip
    places = np.arange(len(top))
    known = bool(top["would_fall"].notna().all())
    thick = 0.38 if known else 0.7
    bars = [
        (
            "largest_of",
            f"{kind} neighbourhoods that send more commuters there than to any other",
            DARK,
            "",
        )
    ]
    if known:
        bars.append(
            ("would_fall", "connected ones that would fall below the cut without it", _PALE, "////")
        )
    for number, (column, label, colour, hatch) in enumerate(bars):
        at = places + (number - (len(bars) - 1) / 2) * thick
        values = top[column].to_numpy("float64")
        axes.barh(
            at, values, height=0.9 * thick, color=colour, hatch=hatch, linewidth=0,
            edgecolor="#ffffff", label=label,
        )  # fmt: skip
        for place, value in zip(at, values, strict=True):
            axes.annotate(
                f"{value:,.0f}", (value, place), xytext=(4, 0), textcoords="offset points",
                va="center", fontsize=8, color=INK,
            )  # fmt: skip
    names = [site_words(row) for _, row in top.iterrows()]
    axes.set_yticks(places, ["\n".join(textwrap.wrap(name, _WIDE)) for name in names])
    axes.set_ylim(len(top) - 0.45, -0.55)
    axes.margins(x=0.1)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.10g}")
    axes.set_xlabel("Neighbourhoods")
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=8, borderaxespad=0.2
    )
    each = "; ".join(
        f"{name}: largest of {row['largest_of']:,.0f}"
        + (f", {row['would_fall']:,.0f} would fall" if known else "")
        for name, (_, row) in zip(names, top.iterrows(), strict=True)
    )
    words = f"{heading}. {found.summary_text()} {each}."
    return Chart(figure, heading, words, source, found.typology.illustrative)
