"""Whether borders hide something: the line of the method drawn within other borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.briefing_page.drawing import Bars, Part, embed
from wmspatial.briefing_page.gathering import DISCONNECTED
from wmspatial.briefing_page.parts import Paragraph, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import is_are, many, percent
from wmspatial.charts.chart import BLUE, DARK, INK
from wmspatial.typology.labour_market import answers, decide
from wmspatial.typology.parameters import ACCESSIBILITY, STUDY_AREA

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part as Piece
    from wmspatial.typology import Typology

_OWN: Final = "Each authority by itself"
_FOUND: Final = "The markets found here"
_PARTS: Final = ("On the map and with this line", "On the map only", "With this line only")


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Which neighbourhoods are disconnected with the line drawn within other borders.

    Attributes
    ----------
    mapped : Series of bool
        With the labour markets of the map, by neighbourhood of the study area.
    others : dict of str to Series of bool
        The same within other borders, by what these are.
    """

    mapped: pd.Series[bool]
    others: dict[str, pd.Series[bool]]


def redraw(typology: Typology, markets: pd.Series[Any] | None) -> Redrawn | None:
    """Draw the line of the method within other borders.

    Parameters
    ----------
    typology : Typology
        The result.
    markets : Series of str or None
        The market of each zone of the flows, where some were found.

    Returns
    -------
    Redrawn or None
        Nothing where the line or the score does not hang on borders, or hangs on them twice.
    """
    chosen, data = typology.parameters, typology.dataset
    if chosen.cut_kind == "value" or chosen.connection in ACCESSIBILITY:
        return None
    table = data.neighbourhoods
    borders: dict[str, pd.Series[Any]] = {}
    if markets is not None:
        borders[_FOUND] = table["zone"].map(markets)
    column = next((c for c in ("authority_code", "authority") if c in table.columns), None)
    if column is not None and column != chosen.labour_market:
        borders[_OWN] = table[column]
    if not borders:
        return None
    added = answers(typology.rules, table, typology.everywhere)

    def disconnected(market: pd.Series[Any]) -> pd.Series[bool]:
        out = decide(table, typology.everywhere.loc[table.index], chosen, market, added)
        found: pd.Series[bool] = out["labour_market_class"].loc[data.study_codes] == DISCONNECTED
        return found

    if chosen.labour_market == STUDY_AREA:
        ours = pd.Series("", index=data.study_codes).reindex(table.index)
    else:
        ours = table[chosen.labour_market]
    return Redrawn(
        disconnected(ours), {name: disconnected(market) for name, market in borders.items()}
    )


def write(facts: Facts) -> list[Piece]:
    """Say what other borders would show and hide; nothing where nothing was drawn anew."""
    found = facts.redrawn
    if found is None:
        return []
    parts: list[Piece] = [
        Paragraph("Do borders hide it?", "heading"),
        Paragraph(" ".join(_sentences(facts, found))),
        embed(_bars(facts, found), "borders"),
    ]
    if _OWN in found.others and len(facts.authorities) > 1:
        parts.append(_table(facts, found))
    return parts


def _people(facts: Facts, which: pd.Series[bool]) -> float:
    return float(facts.table.loc[which.index[which], "residents"].sum())


def _sentences(facts: Facts, found: Redrawn) -> list[str]:
    count = int(found.mapped.sum())
    first = "The line between connected and disconnected is drawn within a labour market, so"
    told = [f"{first} borders matter to it."]
    if _OWN in found.others:
        own = found.others[_OWN]
        hidden, added = found.mapped & ~own, own & ~found.mapped
        each = "each authority held its neighbourhoods" if len(facts.authorities) > 1 else (
            f"{facts.typology.study_area} held its neighbourhoods"
        )  # fmt: skip
        text = f"If {each} against nobody else’s, "
        if not hidden.any() and not added.any():
            told.append(f"{text}the same {count:,} would be disconnected.")
        else:
            told.append(f"{text}{_other_line(facts, count, hidden, added)}")
    if _FOUND in found.others:
        drawn = found.others[_FOUND]
        kept = found.mapped & drawn
        gone, come = int((found.mapped & ~drawn).sum()), int((drawn & ~found.mapped).sum())
        told.append(f"Within the markets that were found {_as_well(int(kept.sum()), gone, come)}")
    return told


def _as_well(kept: int, gone: int, come: int) -> str:
    """Say how many of the map's are disconnected within other borders too, without noughts."""
    count = kept + gone
    others = f"{many(come, 'other')} {is_are(come)}" if come else "no other is"
    if not count:
        return f"{come:,} {is_are(come)} disconnected."
    if not gone:
        all_of = f"all {count:,} are" if count > 1 else "the one is"
        return f"{all_of} disconnected as well, and {others}."
    if not kept:
        none_of = f"none of the {count:,}" if count > 1 else "the one neighbourhood"
        none_of += " is" if count > 1 else " is not"
        return f"{none_of} disconnected, and {others}."
    return (
        f"{kept:,} of the {count:,} {is_are(kept)} disconnected as well ({percent(kept / count)}), "
        f"{gone:,} {is_are(gone)} not, and {others}."
    )


def _other_line(facts: Facts, count: int, hidden: pd.Series[bool], added: pd.Series[bool]) -> str:
    """Say which would not show and which would come in, and how many people live there."""
    gone, come = int(hidden.sum()), int(added.sum())
    went = f"{gone:,} of the {count:,} would not show{_where(facts, hidden)}"
    came = f"{many(come, 'other')} would{_where(facts, added)}"
    if not come:
        return f"{went}, home to {_people(facts, hidden):,.0f} people, and no other would."
    if not gone:
        return (
            f"all of the {count:,} would show as well, and {came}, home to "
            f"{_people(facts, added):,.0f} people."
        )
    return (
        f"{went} and {came}. {_people(facts, hidden):,.0f} people live in the first, "
        f"{_people(facts, added):,.0f} in the others."
    )


def _where(facts: Facts, which: pd.Series[bool]) -> str:
    """Name the authority that has most of them, if it has half."""
    if len(facts.authorities) < 2 or not which.any():
        return ""
    counts = facts.table.loc[which.index[which], "authority"].value_counts()
    if 2 * counts.iloc[0] < which.sum() or which.sum() == 1:
        return ""
    most = counts.iloc[0]
    return f" ({'all' if most == which.sum() else f'{most:,}'} in {counts.index[0]})"


def _bars(facts: Facts, found: Redrawn) -> Bars:
    rows = list(found.others)
    counts = [
        [int((found.mapped & drawn).sum()) for drawn in found.others.values()],
        [int((found.mapped & ~drawn).sum()) for drawn in found.others.values()],
        [int((drawn & ~found.mapped).sum()) for drawn in found.others.values()],
    ]
    title = "Disconnected neighbourhoods with the line drawn within other borders"
    told = "; ".join(
        f"{row}: " + ", ".join(f"{p.lower()} {n[i]:,}" for p, n in zip(_PARTS, counts, strict=True))
        for i, row in enumerate(rows)
    )
    looks = ((DARK, DARK, "white", ""), ("#d9d5cf", "#d9d5cf", INK, "----"),
             (BLUE, "#1c5f89", "white", "////"))  # fmt: skip
    return Bars(
        title=title,
        text=f"{title}. {told}.",
        rows=rows,
        parts=[
            Part(name, *look, [float(n) for n in each])
            for name, look, each in zip(_PARTS, looks, counts, strict=True)
        ],
        write=lambda value: f"{value:,.0f}",
        axis="Neighbourhoods",
        illustrative=facts.typology.illustrative,
        source=sources_of(facts.typology, "flows", "deprivation", "jobs"),
    )


def _table(facts: Facts, found: Redrawn) -> Table:
    own = found.others[_OWN]
    place = facts.table["authority"].reindex(own.index)
    rows = []
    for name in facts.authorities:
        here = place == name
        mapped, drawn = found.mapped & here, own & here
        rows.append(
            [name, f"{mapped.sum():,}", f"{drawn.sum():,}", f"{(mapped & ~drawn).sum():,}",
             f"{(drawn & ~mapped).sum():,}"]
        )  # fmt: skip
    head = ["Authority", "Disconnected on the map", "With its own line", "Would not show",
            "Would come in"]  # fmt: skip
    caption = "Disconnected neighbourhoods if each authority held its own against nobody else’s"
    return Table(caption, head, rows, folded=True)
