"""Classes by authority: a chart of shares and a table of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from wmspatial.briefing_page.drawing import Bars, embed
from wmspatial.briefing_page.gathering import DISCONNECTED
from wmspatial.briefing_page.looks import class_parts
from wmspatial.briefing_page.parts import Paragraph, Section, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import listed, percent
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part

_MOST: Final = 25


def write(facts: Facts) -> Section | None:
    """Hold the authorities against each other; nothing where nothing could be classed."""
    if facts.none_classed:
        return None
    table = _people(facts)
    several = len(table) > 2  # with the row of all
    heading = "Authority by authority" if several else "How its people are spread"
    sentence = _sentence(facts, table)
    shown, cut = _longest(table)
    parts: list[Part] = [
        Paragraph(sentence),
        embed(_bars(facts, shown), "classes"),
        _numbers(facts, shown),
    ]
    if cut:
        parts.append(
            Paragraph(
                f"Shown are the {_MOST} authorities with the highest shares; {cut:,} more are in "
                "authorities.csv.",
                "note",
            )
        )
    return Section("classes", heading, parts)


def _people(facts: Facts) -> pd.DataFrame:
    """Residents by authority and class, the highest share in disconnected ones first."""
    table = facts.typology.summary(weight="residents").astype("float64")
    whole = table.loc[["All"]]
    table = table.drop(index="All")
    order = (table[DISCONNECTED] / table["All"].where(table["All"] > 0)).fillna(0.0)
    table = table.loc[order.sort_values(ascending=False, kind="stable").index]
    return pd.concat([table, whole])


def _longest(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    cut = len(table) - 1 - _MOST
    if cut <= 0:
        return table, 0
    return pd.concat([table.iloc[:_MOST], table.loc[["All"]]]), cut


def _sentence(facts: Facts, table: pd.DataFrame) -> str:
    places = table.drop(index="All")
    share = (places[DISCONNECTED] / places["All"].where(places["All"] > 0)).dropna()
    if facts.none_lost:
        return "Nobody lives in a disconnected neighbourhood. How many live in the others:"
    if len(share) < 2:
        whole = table.T["All"].to_dict()
        return (
            f"{percent(whole[DISCONNECTED] / whole['All'])} of residents live in disconnected "
            "neighbourhoods."
        )
    high, low = share.iloc[0], share.iloc[-1]
    none = [str(name) for name in share.index[share == 0]]
    top = str(share.index[0])
    text = f"The share of residents who live in disconnected neighbourhoods is highest in {top} "
    text += f"({percent(high)})"
    if none:
        where = listed(none) if len(none) <= 4 else f"{len(none):,} authorities"
        return f"{text}; in {where} it is nought."
    return f"{text} and lowest in {share.index[-1]} ({percent(low)})."


def _bars(facts: Facts, table: pd.DataFrame) -> Bars:
    used = tuple(name for name in CLASSES if table[name].sum() > 0)
    shares = table[list(used)].div(table["All"].where(table["All"] > 0), axis=0).fillna(0.0)
    rows = [str(name) if name != "All" else facts.place for name in shares.index]
    if len(shares) == 2 and not len(facts.authorities) > 1:
        # One authority is the whole: one bar says it.
        shares, rows = shares.loc[["All"]], rows[-1:]
    told = [
        f"{row}: "
        + ", ".join(f"{name} {percent(value)}" for name, value in zip(used, values, strict=True))
        for row, values in zip(rows, shares.to_numpy(), strict=True)
    ]
    title = "Share of residents by class of their neighbourhood"
    return Bars(
        title=title,
        text=f"{title}. {'; '.join(told)}.",
        rows=rows,
        parts=class_parts(shares, used),
        write=lambda value: f"{100 * value:.0f} %",
        axis="Share of residents",
        illustrative=facts.typology.illustrative,
        source=sources_of(facts.typology, "deprivation", "flows", "jobs", "people"),
        bold=facts.place,
    )


def _numbers(facts: Facts, people: pd.DataFrame) -> Table:
    counts = facts.typology.summary()
    rows = []
    for place in people.index:
        lost, everybody = people.loc[place, DISCONNECTED], people.loc[place, "All"]
        rows.append(
            [
                facts.place if place == "All" else str(place),
                f"{counts.loc[place, DISCONNECTED]:,}",
                f"{counts.loc[place, 'All']:,}",
                f"{lost:,.0f}",
                percent(lost / everybody) if everybody else "–",
            ]
        )
    if len(rows) == 2 and not len(facts.authorities) > 1:
        rows = rows[-1:]
    head = ["Authority", "Disconnected neighbourhoods", "All neighbourhoods",
            "People in disconnected ones", "Share of residents"]  # fmt: skip
    return Table("Disconnected neighbourhoods and people by authority", head, rows,
                 total=len(rows) > 1)  # fmt: skip
