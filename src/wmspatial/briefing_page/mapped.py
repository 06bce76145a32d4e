"""The map, with the key to its colours and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.briefing_page.parts import Key, Link, Paragraph, Section, Table
from wmspatial.briefing_page.picture import lay_out, picture
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import capital, listed, many, percent
from wmspatial.maps.payload import share_bins
from wmspatial.maps.spec import class_categories, share_categories
from wmspatial.maps.words import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part
    from wmspatial.maps.spec import Category

_DARK = 140
_NONE = "none here"
_TOP = 10
#: More authorities than this are counted and not named.
_NAMED = 5


def write(facts: Facts) -> Section:
    """Draw the map, and say where most of it is."""
    typology = facts.typology
    by_ward = typology.level == "ward"
    ground = lay_out(typology.frame) if by_ward else facts.ground
    table = pd.DataFrame(typology.frame.drop(columns="geometry"))
    table.attrs.clear()
    categories: Sequence[Category]
    if by_ward:
        categories = share_categories()
        category = share_bins(table["share_disconnected"])
        title = "Share of residents in disconnected neighbourhoods, by ward"
    else:
        categories = class_categories(typology.parameters)
        category = table["labour_market_class"].cat.codes.to_numpy()
        title = "Neighbourhoods by class"
    rows = _rows(table, category, categories, "ward" if by_ward else "neighbourhood")
    if facts.none_classed:
        rows = [row for row in rows if row[6] != _NONE]
    several = len(ground.authorities) > 1
    numbers = [(a.number, a.name) for a in ground.authorities if a.number is not None and several]
    legend = "; ".join(f"{row[4]}: {row[6]}" for row in rows)
    key = ", ".join(f"{number} {name}" for number, name in numbers)
    words = f"Map. {title}: {legend}." + (f" Authorities on the map: {key}." if key else "")
    drawn = picture(
        ground, category, categories, identifier="map", title=title, words=words,
        source=sources_of(typology, "shapes", "deprivation", "flows", "jobs"), typology=typology,
    )  # fmt: skip
    link = Link(
        "Beside this page, in the same folder: ", "map.html", "the interactive map",
        f", with the numbers and the reason for every {'ward' if by_ward else 'neighbourhood'}.",
    )  # fmt: skip
    heading = "Where they are"
    parts: list[Part] = [Paragraph(sentence(facts)), drawn, Key(title, rows, numbers)]
    if by_ward and not facts.none_lost:
        parts[0] = Paragraph(f"{sentence(facts)} {_of_wards(table)}")
        parts.append(_wards(table))
    return Section("map", heading, [*parts, link])


def _of_wards(table: pd.DataFrame) -> str:
    some = int((table["share_disconnected"] > 0).sum())
    half = int((table["share_disconnected"] > 0.5).sum())
    text = f"{some:,} of {many(len(table), 'ward')} {'has' if some == 1 else 'have'} some of them"
    return (
        f"{text}; in {half:,} more than half of the residents live in one." if half else f"{text}."
    )


def _wards(table: pd.DataFrame) -> Table:
    """List the wards with the highest shares."""
    columns = ["share_disconnected", "residents_disconnected"]
    top = table.assign(label=names(table)).sort_values(columns, ascending=False).head(_TOP)
    top = top[top["share_disconnected"] > 0]
    place = ["authority"] if "authority" in top.columns else []
    rows = [
        [str(row["label"]), *(str(row[p]) for p in place), f"{row['residents_disconnected']:,.0f}",
         percent(row["share_disconnected"])]
        for row in top.to_dict("records")
    ]  # fmt: skip
    head = ["Ward", *(["Authority"] if place else []), "People in disconnected neighbourhoods",
            "Share of residents"]  # fmt: skip
    caption = "The wards with the highest shares of residents in disconnected neighbourhoods"
    return Table(caption, head, rows, words=1 + len(place))


def sentence(facts: Facts) -> str:
    """Say where most disconnected neighbourhoods are."""
    if facts.none_classed:
        return "No neighbourhood could be classed, so the map shows the area alone."
    if facts.none_lost:
        return "No neighbourhood is disconnected. The map shows what the others are."
    places = facts.authorities
    lost = facts.table[facts.table["labour_market_class"] == "Disconnected"]
    if len(places) < 2 or "authority" not in lost.columns:
        return _about_wards(lost)
    counts = lost["authority"].value_counts()
    whole = facts.table["authority"].value_counts()
    most = str(counts.index[0])
    share = (counts / whole).dropna().sort_values(ascending=False)
    top = str(share.index[0])
    text = f"{capital(most)} has most of them, {counts[most]:,} of {len(lost):,}"
    if top != most:
        text += (
            f"; for its size {top} has most, {counts[top]:,} of its "
            f"{many(whole[top], 'neighbourhood')} ({percent(share[top])})"
        )
    else:
        text += f", and most for its size as well ({percent(share[top])} of its neighbourhoods)"
    without = [name for name in places if name not in counts.index]
    if without:
        verb = "have" if len(without) > 1 else "has"
        few = len(without) <= _NAMED
        told = listed(without) if few else many(len(without), "authority", "authorities")
        text += f". {capital(told)} {verb} none"
    return f"{text}."


def _about_wards(lost: pd.DataFrame) -> str:
    if "ward" not in lost.columns or not lost["ward"].notna().any():
        return "Dark areas are the disconnected neighbourhoods."
    counts = lost["ward"].value_counts()
    if counts.iloc[0] == 1:
        return f"They lie in {many(len(counts), 'ward')}, one in each."
    first = f"{counts.index[0]} has most, {counts.iloc[0]:,}"
    return f"They lie in {many(len(counts), 'ward')}; {first}."


def _rows(
    table: pd.DataFrame, category: Any, categories: Sequence[Category], unit: str
) -> list[tuple[str, str, bool, str, str, str, str]]:
    size = len(categories)
    areas = np.bincount(category, minlength=size)
    people = table["residents"].fillna(0.0).to_numpy("float64")
    residents = np.bincount(category, weights=people, minlength=size)
    found = []
    for i, look in enumerate(categories):
        if not areas[i] and look.pattern == "hatch":
            continue
        count = f"{many(areas[i], unit)}, {many(residents[i], 'resident')}" if areas[i] else _NONE
        found.append(
            (look.colour, look.symbol, _is_dark(look.colour), look.pattern, look.name, look.meaning,
             count)
        )  # fmt: skip
    return found


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < _DARK
