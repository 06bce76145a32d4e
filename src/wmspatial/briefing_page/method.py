"""The method in half a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.briefing_page.parts import Bullets, Paragraph, Section
from wmspatial.maps.spec import class_categories, connection_words
from wmspatial.maps.words import changed_parameters

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part


def write(facts: Facts) -> Section:
    """Say how the classes were found, in words that a reader who is no analyst follows."""
    typology = facts.typology
    first = (
        "The classes rebuild the method of “Overcoming deprivation and disconnection in UK "
        "cities” (Joseph Rowntree Foundation, 2016, revised 2018) from open data. Part of it was "
        "never published; what stands in for that part is a choice of this library, and “How sure "
        "this is” says how much hangs on it."
    )
    if typology.agreement is not None:
        first = (
            f"Classes are those that {typology.agreement.source} gives; where it gives none, they "
            "are rebuilt by the method below."
        )
    parts: list[Part] = [Paragraph(first)]
    parts.append(
        Bullets(
            [
                f"{look.name}: {look.meaning}."
                for look in class_categories(typology.parameters)
                if facts.counts[look.name] or look.loud
            ]
        )
    )
    lsoas = facts.table.index.str.match(r"[EW]01\d{6}$").all()
    unit = (
        " A neighbourhood here is a Lower layer Super Output Area, home to about 1,500 people."
        if lsoas
        else ""
    )
    parts.append(
        Paragraph(
            f"{connection_words(typology.parameters)}{unit} Deprivation is "
            f"{typology.dataset.deprivation}."
        )
    )
    changed = changed_parameters(typology)
    if changed:
        parts.append(Paragraph(f"Not the default method: {'; '.join(changed)}.", "changed"))
    if typology.level == "ward":
        parts.append(
            Paragraph(
                "Neighbourhoods are classed first and then summed to wards by people: a ward’s "
                "share is of its residents."
            )
        )
    parts.append(
        Paragraph(
            "Every choice stands in parameters.toml, and every neighbourhood with its numbers in "
            f"{'wards' if typology.level == 'ward' else 'neighbourhoods'}.csv, in the folder this "
            "page came in.",
            "note",
        )
    )
    return Section("method", "How it was worked out", parts)
