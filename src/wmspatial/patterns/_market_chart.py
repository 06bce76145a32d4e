"""Draw how far areas of one map of labour markets are kept whole in another."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.charts.chart import BLUE, DARK, FAINT, INK, Chart, new_figure
from wmspatial.errors import InputError
from wmspatial.patterns._market_words import per_cent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.patterns.market_comparing import MarketComparison

_MOST: Final = 12
_WIDE: Final = 28
_REST: Final = "#d9d5cf"
#: Behind white numbers on hatched blue, which is too pale for them.
_DEEP: Final = "#1c5f89"
_ROOM: Final = 0.06
_PARTS: Final = ("largest", "second", "rest")


def draw(
    found: MarketComparison,
    of: str,
    among: Iterable[str] | None,
    title: str | None,
    source: str,
) -> Chart:
    """Draw a bar an area: the shares of its people in its largest, second and all other parts."""
    one, other = found.labels if of == "other" else found.labels[::-1]
    table, count = _shares(found, of, among)
    few = f" (the {len(table)} largest of {count:,} areas)" if count > len(table) else ""
    what = "people" if found.by_people else "places"
    heading = title or f"How far {one} labour markets keep the {other} ones whole"
    if of == "found" and title is None:
        heading = f"Which {one} labour markets the {other} ones are made of"
    figure, axes = new_figure(
        heading, size=(8.2, 1.7 + 0.42 * len(table)), source=source,
        illustrative=found.illustrative,
    )  # fmt: skip
    looks = (
        (f"in the {one} area that has most of them", DARK, "", "white", DARK),
        ("in the one that has second most", BLUE, "////", "white", _DEEP),
        ("in all others", _REST, "....", INK, _REST),
    )
    left = pd.Series(0.0, index=table.index)
    at = range(len(table))
    for column, (label, colour, hatch, ink, box) in zip(_PARTS, looks, strict=True):
        values = table[column]
        axes.barh(
            at, values, left=left, height=0.72, color=colour, hatch=hatch, edgecolor="#ffffff",
            linewidth=0, label=label,
        )  # fmt: skip
        for place, start, value in zip(at, left, values, strict=True):
            if value > _ROOM:
                axes.text(
                    start + value / 2, place, per_cent(value), ha="center", va="center",
                    fontsize=8, color=ink,
                    bbox={"facecolor": box, "edgecolor": "none", "pad": 0.8},
                )  # fmt: skip
        left = left + values
    axes.set_yticks(list(at), ["\n".join(textwrap.wrap(str(n), _WIDE)) for n in table["name"]])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{100 * value:.0f} %")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.7)
    axes.set_xlabel(f"Share of the {other} area's {what}{few}")
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, fontsize=8, ncols=3,
        borderaxespad=0.2, columnspacing=1.2,
    )  # fmt: skip
    each = "; ".join(_told(row) for row in table.to_dict("records"))
    words = f"{heading}{few}. {found.summary_text()} {each}."
    return Chart(figure, heading, words, source, found.illustrative)


def _told(row: dict[Any, Any]) -> str:
    parts = [f"{per_cent(row['largest'])} in {row['first_name']}"]
    if row["second"]:
        parts.append(f"{per_cent(row['second'])} in {row['second_name']}")
    if row["rest"]:
        parts.append(f"{per_cent(row['rest'])} in others")
    return f"{row['name']}: {', '.join(parts)}"


def _shares(
    found: MarketComparison, of: str, among: Iterable[str] | None
) -> tuple[pd.DataFrame, int]:
    """Return the largest areas of one map with their parts in the other, and how many there are."""
    areas, others = (found.other, found.found) if of == "other" else (found.found, found.other)
    into = "found" if of == "other" else "other"
    areas = areas[areas["people"] > 0]
    if among is not None:
        held = found.places[f"{of}_market"].reindex(pd.Index(list(among))).dropna().unique()
        areas = areas[areas.index.isin(held)]
    if not len(areas):
        raise InputError("chart: no area with people holds any of these places.")
    rows: list[dict[str, Any]] = []
    for code, row in areas.head(_MOST).iterrows():
        parts = found.overlaps[(found.overlaps[of] == code) & (found.overlaps["people"] > 0)]
        share = (parts["people"] / row["people"]).tolist()
        names = parts[into].map(others["name"]).tolist()
        several = len(share) > 1
        rows.append(
            {
                "name": row["name"],
                "largest": share[0],
                "second": share[1] if several else 0.0,
                "rest": float(sum(share[2:])),
                "first_name": names[0],
                "second_name": names[1] if several else "",
            }
        )
    return pd.DataFrame(rows), len(areas)
