"""The neighbourhoods that are disconnected whatever is chosen: the list nobody can argue away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.briefing_page.parts import Paragraph, Section, Table
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import is_are, many
from wmspatial.maps.words import names

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part
    from wmspatial.typology.sensitivity import Sensitivity

_MOST: Final = 100
#: So many stand open on the page; the others wait to be opened.
_OPEN: Final = 25
HEADING: Final = "Disconnected under every assumption"


def write(facts: Facts) -> Section | None:
    """List them by authority and ward, with their people; nothing where nothing was varied."""
    found = facts.sensitivity
    if found is None:
        return None
    tried = len(found.scenarios)
    codes = found.always_disconnected
    ever = int((found.frame["share_disconnected"] > 0).sum())
    if not len(codes):
        if not ever:
            return None
        text = (
            f"The method was run in {tried:,} versions (see below). No neighbourhood is "
            f"disconnected in every one of them; {many(ever, 'neighbourhood')} "
            f"{is_are(ever)} in at least one."
        )
        return Section("always", HEADING, [Paragraph(text)])
    table = facts.table.loc[codes]
    people = float(table["residents"].sum())
    text = (
        f"The method leaves some choices open, so it was run in {tried:,} versions (see “How sure "
        f"this is”). {many(len(codes), 'neighbourhood')} {is_are(len(codes))} disconnected in "
        f"every one of them, and {people:,.0f} people live there; "
        f"{many(ever, 'neighbourhood')} {is_are(ever)} in at least one."
    )
    shown = table
    if len(table) > _OPEN:
        shown = table.sort_values("residents", ascending=False, kind="stable")
    parts: list[Part] = [
        Paragraph(text),
        *_lists(shown.head(_MOST), tried),
        Paragraph(sources_of(facts.typology, "flows", "deprivation", "jobs", "people"), "source"),
    ]
    if len(shown) > _MOST:
        parts.insert(
            len(parts) - 1,
            Paragraph(
                f"The first {_MOST} of {len(shown):,}, those with most residents. "
                "Typology.sensitivity() lists them all.",
                "note",
            ),
        )
    return Section("always", HEADING, parts)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    by = [c for c in ("authority", "ward") if c in table.columns]
    return table.sort_index().sort_values(by, kind="stable") if by else table


def _lists(table: pd.DataFrame, tried: int) -> list[Part]:
    """Show the first of a long list, and fold the others away."""
    caption = f"Neighbourhoods disconnected in all {tried:,} versions of the method"
    if len(table) <= _OPEN:
        return [_list(table, caption)]
    more = len(table) - _OPEN
    return [
        _list(table.head(_OPEN), f"{caption}: the {_OPEN} with most people"),
        _list(table.tail(more), f"{caption}: the next {more:,}", folded=True),
    ]


def _list(table: pd.DataFrame, caption: str, *, folded: bool = False) -> Table:
    table = _ordered(table)
    words = [c for c in ("authority", "ward") if c in table.columns and table[c].notna().any()]
    rows = []
    for name, code, place, people in zip(
        names(table), table.index, table[words].to_numpy(), table["residents"], strict=True
    ):
        called = f"{name} ({code})" if name != code else str(code)
        rows.append([called, *(str(p) for p in place), f"{people:,.0f}"])
    head = ["Neighbourhood", *(c.capitalize() for c in words), "People"]
    return Table(caption, head, rows, words=1 + len(words), folded=folded)


def robust(found: Sensitivity) -> pd.Series[float]:
    """Return in which share of versions each neighbourhood that is disconnected now is so."""
    ours = found.frame["labour_market_class"] == "Disconnected"
    share: pd.Series[float] = found.frame.loc[ours, "share_disconnected"]
    return share
