"""Is it one place or many: the ten largest groups of disconnected neighbourhoods that touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from wmspatial.briefing_page.parts import Paragraph, Section, Table
from wmspatial.briefing_page.picture import picture
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefing_page.wording import many, percent, spelt
from wmspatial.maps.geometry import label_points
from wmspatial.maps.spec import Category

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Drawing, Part
    from wmspatial.patterns import Clusters

_TOP: Final = 10
_WORKPLACES: Final = 3
HEADING: Final = "One place or many"
_LOOKS: Final = (
    Category("Other neighbourhoods", "", "", "○", loud=False),
    Category("Disconnected, in a smaller place", "#d9a6b0", "#b98391", "◔"),
    Category("Disconnected, in one of the places below", "#7b1338", "#5c0a28", "●"),
)


def write(facts: Facts) -> Section | None:
    """List the places a mayor would ask about; nothing where there are none."""
    found = facts.clusters
    if found is None:
        trouble = facts.trouble("where")
        if not trouble:
            return None
        text = f"Which of them touch could not be worked out. {trouble}"
        return Section("where", HEADING, [Paragraph(text)])
    parts: list[Part] = [
        Paragraph(_sentence(found)),
        _drawing(facts, found),
        _table(found),
        Paragraph(_footnote(facts), "note"),
    ]
    return Section("where", HEADING, parts)


def _footnote(facts: Facts) -> str:
    """Say what a place is, and what its flows are worth where zones are larger than it."""
    table = facts.typology.dataset.neighbourhoods
    larger = bool(table["zone"].dropna().duplicated().any())
    shared = (
        "Where workers go is shared out from the flows of larger zones, and a" if larger else "A"
    )
    return (
        "A place is a group of disconnected neighbourhoods that touch, named after the wards "
        "where most of its people live. Distances are straight lines from the middle of its "
        f"people. {shared} zone is called after the ward that holds most of its jobs; shares are "
        "of commuters who work in a known place."
    )


def _sentence(found: Clusters) -> str:
    table = found.table
    total, people = len(found.members), float(table["residents"].sum())
    first = table.iloc[0]
    if len(table) == 1:
        lie = "is one place" if total == 1 else "touch and make up one place"
        start = "The one disconnected neighbourhood" if total == 1 else (
            f"The {total:,} disconnected neighbourhoods"
        )  # fmt: skip
        return f"{start} {lie}: {first['name']} ({_size(first)})."
    alone = int((table["neighbourhoods"] == 1).sum())
    text = f"The {total:,} disconnected neighbourhoods lie in {spelt(len(table))} separate places"
    if alone:
        kind = "is a single neighbourhood" if alone == 1 else "are single neighbourhoods"
        text += f"; {spelt(alone)} of these {kind}"
    top = table.head(_TOP)
    if len(table) > _TOP and people:
        held = float(top["residents"].sum())
        text += (
            f". The {spelt(_TOP)} largest hold {held:,.0f} of the {people:,.0f} people "
            f"({percent(held / people)})"
        )
    text += f". The largest is {first['name']}, with {_size(first)}."
    across = int(table["authorities"].str.contains(", ").sum())
    if across:
        verb = "crosses" if across == 1 else "cross"
        text += f" {spelt(across).capitalize()} {verb} a border between authorities."
    return text


def _size(row: object) -> str:
    count, people = int(row["neighbourhoods"]), row["residents"]  # type: ignore[index]
    return f"{many(count, 'neighbourhood')} and {people:,.0f} people"


def _drawing(facts: Facts, found: Clusters) -> Drawing:
    top = found.table.head(_TOP)
    codes = facts.typology.neighbourhoods.index
    member = found.members.reindex(codes)
    category = np.where(member.isna(), 0, np.where(member <= len(top), 2, 1))
    shapes = facts.typology.neighbourhoods.geometry
    places = {
        str(number): shapely.union_all(shapes[(member == number).to_numpy()].to_numpy())
        for number in top.index
    }
    points = label_points(places)
    spots = [(number, facts.ground.share(point)) for number, point in points.items()]
    named = "; ".join(f"{number} {row['name']}, {_size(row)}" for number, row in top.iterrows())
    smaller = len(found) - len(top)
    largest = "largest " if smaller else ""
    rest = f" {many(smaller, 'smaller place')} lighter." if smaller else ""
    return picture(
        facts.ground, category, _LOOKS, identifier="places",
        title=f"The {largest}places of disconnected neighbourhoods",
        words=f"Map of the {largest}places, dark and numbered: {named}.{rest}",
        source=sources_of(facts.typology, "shapes", "flows", "deprivation", "jobs"),
        typology=facts.typology, spots=spots,
    )  # fmt: skip


def _table(found: Clusters) -> Table:
    several = found.table["authorities"].nunique() > 1
    rows = []
    for number, row in found.table.head(_TOP).iterrows():
        cells = [str(number), str(row["name"])]
        if several:
            cells.append(row["authorities"] or "–")
        cells += [f"{row['neighbourhoods']:,}", f"{row['residents']:,.0f}"]
        cells += [_nearest(found, number), _work(found, number)]
        rows.append(cells)
    head = ["No.", "Place", *(["Authority"] if several else []), "Neighbour\u00adhoods", "People",
            "Nearest places with many jobs", "Top three places of work"]  # fmt: skip
    kind = "largest " if len(rows) < len(found.table) else ""
    order = ", most people first" if len(rows) > 1 else ""
    places = f"{kind}place" if len(rows) == 1 else f"{spelt(len(rows))} {kind}places"
    return Table(
        f"The {places} of disconnected neighbourhoods{order}", head, rows,
        words=3 if several else 2,
    )  # fmt: skip


def _nearest(found: Clusters, number: object) -> str:
    near = found.nearest[found.nearest.index == number]
    pairs = zip(near["place"], near["distance"], strict=True)
    return ", ".join(f"{place} ({far:.1f} km)" for place, far in pairs) or "not known"


def _work(found: Clusters, number: object) -> str:
    goes = found.destinations[found.destinations.index == number].head(_WORKPLACES)
    pairs = zip(goes["place"], goes["share"], strict=True)
    return ", ".join(f"{place} ({100 * share:.0f} %)" for place, share in pairs) or "not known"
