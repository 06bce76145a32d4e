"""The labour markets that the commuting itself makes, against those of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.briefing_page.gathering import DISCONNECTED
from wmspatial.briefing_page.leaving import staying
from wmspatial.briefing_page.parts import Paragraph, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import listed, many, percent, spelt, tidy
from wmspatial.typology.parameters import STUDY_AREA

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part as Piece

_MOST: Final = 15
_SIDES: Final = ("supply_side", "demand_side")


def write(facts: Facts) -> list[Piece]:
    """Say in how many markets the area falls, and how much each keeps to itself."""
    found = facts.markets
    if found is None:
        trouble = facts.trouble("labour markets")
        text = f"Labour markets could not be found from the flows. {trouble}"
        return [Paragraph(text)] if trouble else []
    here = facts.table["zone"].map(found.zones)
    counts = here.value_counts()
    if not len(counts):
        return []
    names = _names(facts, found.zones)
    parts: list[Piece] = [
        Paragraph("Markets found from the flows", "heading"),
        Paragraph(" ".join(_sentences(facts, found, counts, names))),
    ]
    if set(_SIDES) <= set(found.markets.columns):
        parts.append(_table(facts, found, here, counts, names))
    notes = " ".join(tidy(note[:1].upper() + note[1:]) for note in found.notes)
    parts.append(Paragraph(notes, "note"))
    parts.append(Paragraph(sources_of(facts.typology, "flows"), "source"))
    return parts


def _sentences(
    facts: Facts, found: Any, counts: pd.Series[int], names: pd.Series[Any]
) -> list[str]:
    how = getattr(found, "method", "the criteria of the travel-to-work areas")
    several = len(counts) > 1
    text = (
        f"Found from these commuting flows alone, by {how}, the area falls in "
        f"{spelt(len(counts))} {'markets' if several else 'market'}"
    )
    official = _of_the_map(facts)
    if official is not None:
        kind = "travel-to-work area" if facts.typology.dataset.official_markets else "labour market"
        word = "official " if facts.typology.dataset.official_markets else ""
        count = official.nunique()
        if count == 1 and not several:
            text += f", as it does on the map: one {word}{kind}"
        else:
            kinds = kind if count == 1 else f"{kind}s"
            text += f", against {spelt(count)} {word}{kinds} on the map"
    told = [f"{text}."]
    if several:
        first = counts.index[0]
        told.append(
            f"The largest part of it, {counts.iloc[0]:,} of {many(counts.sum(), 'neighbourhood')}, "
            f"is in that of {names[first]}."
        )
    shares = [("the one that was found", staying(facts, found.zones))]
    if official is not None:
        ours = staying(facts, _zones_of_the_map(facts))
        shares.insert(0, ("the market of the map that they live in", ours))
    stays = [(name, share) for name, share in shares if share is not None]
    if stays:
        said = listed(f"{percent(share)} work in {name}" for name, share in stays)
        told.append(f"Of commuters who live in disconnected neighbourhoods, {said}.")
    return told


def _of_the_map(facts: Facts) -> pd.Series[Any] | None:
    column = facts.typology.parameters.labour_market
    if column == STUDY_AREA or column not in facts.table.columns:
        return None
    return facts.table[column]


def _zones_of_the_map(facts: Facts) -> pd.Series[Any]:
    """Return the market of the map that each zone lies in, or most of its people."""
    every = facts.typology.dataset.neighbourhoods
    column = facts.typology.parameters.labour_market
    held = every.groupby(["zone", column])["residents"].sum().reset_index()
    top = held.sort_values("residents", ascending=False, kind="stable")
    return top.drop_duplicates("zone").set_index("zone")[column]


def _names(facts: Facts, zones: pd.Series[Any]) -> pd.Series[Any]:
    """Name each market after the authority of its first zone, and its ward where two share one."""
    every = facts.typology.dataset.neighbourhoods
    codes = pd.Index(zones.dropna().unique())
    first = every.dropna(subset=["zone"]).drop_duplicates("zone").set_index("zone")
    first = first.reindex(codes)
    blank = pd.Series(codes, index=codes, dtype="str")
    if "authority" not in first.columns:
        return blank
    named = first["authority"].fillna(blank).astype("str")
    if "ward" in first.columns:
        ward = first["ward"].fillna("").astype("str")
        twice = named.duplicated(keep=False) & (ward != "")
        named = named.mask(twice, named + ": " + ward)
    again = named.duplicated(keep=False)
    return named.mask(again, named + " (" + blank + ")")


def _table(
    facts: Facts, found: Any, here: pd.Series[Any], counts: pd.Series[int], names: pd.Series[Any]
) -> Table:
    lost = facts.table["labour_market_class"] == DISCONNECTED
    rows = []
    for code in counts.index[:_MOST]:
        market = found.markets.loc[code]
        rows.append(
            [str(names[code]), f"{counts[code]:,}", f"{int((lost & (here == code)).sum()):,}",
             f"{market['workers']:,.0f}", *(_share(market[side]) for side in _SIDES)]
        )  # fmt: skip
    head = ["Market, by its place with most jobs", "Neighbour\u00adhoods here",
            "Disconnected on the map", "Workers in all of it", "Of these, work in it",
            "Of its jobs, held by its residents"]  # fmt: skip
    caption = "Labour markets found from the flows, and how much each keeps to itself"
    more = len(counts) - len(rows)
    if more:
        caption += f" (the {_MOST} with most neighbourhoods of the area; {more:,} more)"
    return Table(caption, head, rows, folded=True)


def _share(value: float) -> str:
    return percent(value) if np.isfinite(value) else "–"
