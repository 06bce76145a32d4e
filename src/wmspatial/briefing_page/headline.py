"""What stands first: three or four numbers, and what they mean in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.briefing_page.gathering import BLANK, DISCONNECTED, Facts
from wmspatial.briefing_page.parts import Figures, Paragraph, Section
from wmspatial.briefing_page.wording import is_are, many, percent
from wmspatial.maps.spec import connection_words
from wmspatial.typology.parameters import SHARE, Parameters
from wmspatial.typology.wards import why_blank

if TYPE_CHECKING:
    from wmspatial.briefing_page.parts import Part


def write(facts: Facts) -> Section:
    """Write the headline."""
    parts: list[Part] = [Paragraph(lead(facts), "lead")]
    if not facts.none_classed:
        parts.append(Figures(_figures(facts)))
    if not facts.none_lost:
        parts.append(Paragraph(_meaning(facts.typology.parameters)))
    parts.append(Paragraph(facts.typology.notice, "note"))
    return Section("headline", "In short", parts)


def lead(facts: Facts) -> str:
    """Say in a sentence or two what was found."""
    typology, counts, whole = facts.typology, facts.counts, len(facts.table)
    blank, lost = int(counts[BLANK]), int(counts[DISCONNECTED])
    if facts.none_classed:
        return (
            f"None of the {many(whole, 'neighbourhood')} of {typology.study_area} can be classed: "
            f"{why_blank(facts.table)}."
        )
    cannot = (
        f" {many(blank, 'neighbourhood')} could not be classed: {why_blank(facts.table)}."
        if blank
        else ""
    )
    start = f"Of the {many(whole, 'neighbourhood')} of {typology.study_area}"
    if typology.agreement is not None or typology.rules:
        whose = (
            f"as {typology.agreement.source} gives them"
            if typology.agreement is not None
            else "by the method with rules added to it"
        )
        return (
            f"{start}, {lost:,} {is_are(lost)} disconnected from the labour market, {whose}. "
            f"{facts.people[DISCONNECTED]:,.0f} people live there.{cannot}"
        )
    deprived = int(facts.table["deprived"].sum())
    share = f"{100 * typology.parameters.deprived_share:g} %"
    if not deprived:
        return (
            f"None of the {many(whole - blank, 'neighbourhood')} of {typology.study_area} with "
            f"data is among the {share} most deprived {_of_nation(facts)}, so none can be "
            f"disconnected in the sense of this briefing.{cannot}"
        )
    found = f"{lost:,} of these {is_are(lost)}" if lost else "none of these is"
    people = (
        f" {facts.people[DISCONNECTED]:,.0f} people live there, {_share(facts)} of all residents."
        if lost
        else ""
    )
    return (
        f"{start}, {deprived:,} {is_are(deprived)} among the {share} most deprived "
        f"{_of_nation(facts)}, and {found} disconnected from the labour market.{people}{cannot}"
    )


def _of_nation(facts: Facts) -> str:
    """Say among whose neighbourhoods they are ranked."""
    nations = set(facts.table["nation"].dropna()) if "nation" in facts.table.columns else set()
    return f"in {nations.pop()}" if len(nations) == 1 else "of their nation"


def _share(facts: Facts) -> str:
    whole = float(facts.people.sum())
    return percent(facts.people[DISCONNECTED] / whole) if whole else "none"


def _figures(facts: Facts) -> list[tuple[str, str]]:
    lost, people = int(facts.counts[DISCONNECTED]), facts.people[DISCONNECTED]
    deprived = int(facts.table["deprived"].sum())
    what = "neighbourhood is disconnected" if lost == 1 else "neighbourhoods are disconnected"
    found = [(f"{lost:,}", f"{what}, of {deprived:,} that {is_are(deprived)} deprived")]
    if not lost:
        return found
    lives = "person lives there" if round(people) == 1 else "people live there"
    found.append((f"{people:,.0f}", f"{lives}, {_share(facts)} of all residents"))
    if facts.clusters is not None:
        places = len(facts.clusters)
        alone = int((facts.clusters.table["neighbourhoods"] == 1).sum())
        apart = "place holds them all" if places == 1 else "separate places hold them"
        if places > 1 and alone:
            kind = "is a single neighbourhood" if alone == 1 else "are single neighbourhoods"
            apart += f"; {alone:,} {kind}"
        found.append((f"{places:,}", apart))
    if facts.sensitivity is not None:
        always = len(facts.sensitivity.always_disconnected)
        tried = len(facts.sensitivity.scenarios)
        found.append(
            (
                f"{always:,}",
                f"{is_are(always)} disconnected in all of {tried:,} versions of the method",
            )
        )
    return found


def _meaning(p: Parameters) -> str:
    """Say what the word means, and that it is relative."""
    usual = Parameters()
    if p.connection != SHARE:
        return f"What disconnected means here: {connection_words(p)}"
    relative = (
        " It is a comparison within one labour market at one time: about half of such "
        "neighbourhoods fall below that line by definition, so the number alone cannot say that "
        "things are better or worse than elsewhere, or than they were."
    )
    if (p.cut, p.cut_kind, p.reference, p.labour_market) == (
        usual.cut,
        usual.cut_kind,
        usual.reference,
        usual.labour_market,
    ):
        return (
            "Disconnected means: deprived, with few jobs of its own, and with a smaller share of "
            "commuters who work in places rich in jobs than is usual (the median) for such "
            f"neighbourhoods in the same labour market.{relative}"
        )
    return f"What disconnected means here: {connection_words(p)}"
