"""The sources, with licence and file; and how the page was made."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from typing import TYPE_CHECKING

from wmspatial.briefing_page.parts import Paragraph, Section, Tables
from wmspatial.provenance import ATTRIBUTION, OGL

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part


def write(facts: Facts) -> Section:
    """List every table behind the page."""
    sources = list(facts.typology.provenance)
    if facts.change is not None:
        sources += [s for s in facts.change.earlier.provenance if s not in sources]
    sources += [s for s in facts.given_sources if s not in sources]
    parts: list[Part] = []
    if sources:
        parts.append(Tables(sources))
    else:
        parts.append(
            Paragraph(
                "The tables were given by the analyst, with no word on where they come from. "
                f"Deprivation: {facts.typology.dataset.deprivation}."
            )
        )
    said = list(dict.fromkeys(s.attribution for s in sources if s.attribution))
    if any(s.licence == OGL and not s.attribution for s in sources):
        said.append(ATTRIBUTION)
    if said:
        parts += [Paragraph(f"{text.rstrip('.')}.", "note") for text in said]
    if any(s.sha256 for s in sources):
        parts.append(Paragraph("The whole hash of each file is in about.txt.", "note"))
    parts.append(Paragraph(made(), "note"))
    return Section("sources", "Sources", parts)


def made() -> str:
    """Say when and with what the page was made."""
    day = dt.datetime.now().astimezone().date()
    return f"Made on {day.day} {day:%B %Y} with wmspatial {version('wmspatial')}."
