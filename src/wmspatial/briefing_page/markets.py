"""The labour markets the area lies in, and whether its borders hold its commuters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.briefing_page import found_markets, redrawing
from wmspatial.briefing_page.drawing import Bars, Part, embed
from wmspatial.briefing_page.gathering import DISCONNECTED
from wmspatial.briefing_page.leaving import zone_weights
from wmspatial.briefing_page.parts import Paragraph, Section, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import percent, spelt
from wmspatial.charts.chart import BLUE, DARK, INK
from wmspatial.typology.parameters import SHARE, STUDY_AREA

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts

_PARTS: Final = ("In their own authority", "Elsewhere in the area", "Beyond it")
_MOST: Final = 20
HEADING: Final = "Across the borders"


def write(facts: Facts) -> Section | None:
    """Say where residents of disconnected neighbourhoods work, and in which markets they are."""
    if facts.none_lost:
        return None
    parts: list[Any] = []
    goes = _where_they_work(facts)
    if goes is not None:
        parts.append(Paragraph(_sentence(facts, goes)))
        # One authority alone is one bar, and the sentence says it.
        if len(facts.authorities) > 1:
            parts.append(embed(_bars(facts, goes), "markets"))
    table = _markets(facts)
    if table is not None:
        parts += [Paragraph(_about_markets(facts)), table]
    parts += found_markets.write(facts)
    parts += redrawing.write(facts)
    return Section("labour markets", HEADING, parts) if parts else None


def _where_they_work(facts: Facts) -> pd.DataFrame | None:
    """Sum commuters of disconnected neighbourhoods by their authority and where they work."""
    typology = facts.typology
    everyone, flows = typology.dataset.neighbourhoods, typology.dataset.flows
    if not facts.authorities or "authority" not in everyone.columns:
        return None
    zones = everyone.dropna(subset=["zone", "authority"]).drop_duplicates("zone")
    of_zone = zones.set_index("zone")["authority"].reindex(flows.zones)
    lost = facts.table[facts.table["labour_market_class"] == DISCONNECTED]
    own = set(lost["authority"].dropna())
    inside = set(facts.authorities)
    rows: dict[str, list[float]] = {}
    for name in [n for n in facts.authorities if n in own]:
        to = np.asarray(zone_weights(facts, name) @ flows.matrix).ravel()
        by = pd.Series(to).groupby(of_zone.fillna("").to_numpy()).sum()
        here = float(by.get(name, 0.0))
        area = float(by[[n for n in by.index if n in inside]].sum())
        rows[name] = [here, area - here, float(by.sum()) - area]
    if not rows:
        return None
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_PARTS))
    return table[table.sum(axis=1) > 0]


def _sentence(facts: Facts, goes: pd.DataFrame) -> str:
    whole = goes.sum()
    share = whole / whole.sum()
    start = "Of commuters who live in disconnected neighbourhoods, "
    if len(facts.authorities) == 1:
        here, beyond = percent(share[_PARTS[0]]), percent(share[_PARTS[2]])
        return f"{start}{here} work in {facts.authorities[0]} and {beyond} beyond it."
    own = (goes[_PARTS[0]] / goes.sum(axis=1)).sort_values()
    text = (
        f"{start}{percent(share[_PARTS[0]])} work "
        f"in the authority they live in, {percent(share[_PARTS[1]])} elsewhere in "
        f"{facts.typology.study_area} and {percent(share[_PARTS[2]])} beyond it."
    )
    if len(own) > 1:
        text += (
            f" In {own.index[0]} it is {percent(own.iloc[0])} who stay in their own authority, in "
            f"{own.index[-1]} {percent(own.iloc[-1])}."
        )
    return text


def _bars(facts: Facts, goes: pd.DataFrame) -> Bars:
    shares = goes.div(goes.sum(axis=1), axis=0)
    shares = shares.sort_values(_PARTS[0], ascending=False).iloc[:_MOST]
    looks = ((DARK, DARK, "white", ""), (BLUE, "#1c5f89", "white", "////"),
             ("#d9d5cf", "#d9d5cf", INK, "----"))  # fmt: skip
    title = "Where commuters from disconnected neighbourhoods work, by where they live"
    told = "; ".join(
        f"{name}: " + ", ".join(f"{p.lower()} {percent(row[p])}" for p in _PARTS)
        for name, row in shares.iterrows()
    )
    return Bars(
        title=title,
        text=f"{title}. {told}.",
        rows=[str(name) for name in shares.index],
        parts=[
            Part(name, *look, [float(v) for v in shares[name]])
            for name, look in zip(_PARTS, looks, strict=True)
        ],
        write=lambda value: f"{100 * value:.0f} %",
        axis="Share of commuters who work in a known place",
        illustrative=facts.typology.illustrative,
        source=sources_of(facts.typology, "flows"),
    )


def _grouped(facts: Facts) -> Any:
    column = facts.typology.parameters.labour_market
    named = f"{column}_name"
    label = named if named in facts.table.columns else column
    if column == STUDY_AREA or label not in facts.table.columns:
        return None
    return facts.table.groupby(label)


def _about_markets(facts: Facts) -> str:
    names = [str(name) for name, _ in _grouped(facts)]
    official = " official" if facts.typology.dataset.official_markets else ""
    kind = "travel-to-work area" if official else "labour market"
    line = " Each draws its own line among all its neighbourhoods, those outside the area included."
    return (
        f"The area lies in {spelt(len(names))}{official} "
        f"{kind if len(names) == 1 else kind + 's'}." + (line if len(names) > 1 else "")
    )


def _markets(facts: Facts) -> Table | None:
    groups = _grouped(facts)
    if groups is None:
        return None
    share = facts.typology.parameters.connection == SHARE
    rows = []
    for name, frame in groups:
        lost = int((frame["labour_market_class"] == DISCONNECTED).sum())
        cut = frame["cut"].dropna()
        line = "–" if not len(cut) else percent(cut.iloc[0]) if share else f"{cut.iloc[0]:,.3g}"
        rows.append((len(frame), [str(name), f"{len(frame):,}", f"{int(frame['deprived'].sum()):,}",
                                  f"{lost:,}", line]))  # fmt: skip
    rows.sort(key=lambda row: -row[0])
    head = ["Labour market", "Neighbourhoods here", "Deprived", "Disconnected",
            "They lie below a share of" if share else "They lie below a score of"]  # fmt: skip
    shown = [cells for _, cells in rows[:_MOST]]
    more = len(rows) - len(shown)
    caption = "Neighbourhoods of the area by labour market"
    if more:
        caption += f" (the largest {_MOST}; {more:,} more are not shown)"
    return Table(caption, head, shown)
