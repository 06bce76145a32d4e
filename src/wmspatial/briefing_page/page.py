"""The page: which sections, in which order, and how each part of one is written."""

from __future__ import annotations

import importlib.resources
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jinja2

from wmspatial.briefing_page import (
    always,
    by_authority,
    certainty,
    changed,
    headline,
    indicators,
    mapped,
    markets,
    method,
    origins,
    people,
    places,
)
from wmspatial.briefing_page.asking import SECTIONS, check_request
from wmspatial.briefing_page.drawing import svg_of
from wmspatial.briefing_page.gathering import BLANK, gather
from wmspatial.briefing_page.parts import Drawing, Markup, Paragraph, Section
from wmspatial.briefing_page.prose import to_html
from wmspatial.briefing_page.wording import capital, listed
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.wards import why_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from wmspatial.briefing_page.asking import Request
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.charts.chart import Chart
    from wmspatial.typology import Typology

    Writer = Callable[[Facts], Section | None]

#: The sections in the order of the page: name, and what writes it.
_WRITERS: Final[dict[str, Writer]] = {
    "headline": headline.write,
    "map": mapped.write,
    "classes": by_authority.write,
    "who": people.write,
    "where": places.write,
    "always": always.write,
    "labour markets": markets.write,
    "pay": indicators.write_pay,
    "changed": changed.write,
    "sure": certainty.write,
    "method": method.write,
    "sources": origins.write,
}
#: What stands above a section that an analyst writes in place of ours.
_HEADINGS: Final = {
    "headline": "In short",
    "map": "Where they are",
    "classes": "Authority by authority",
    "who": people.HEADING,
    "where": places.HEADING,
    "always": always.HEADING,
    "labour markets": markets.HEADING,
    "pay": "Pay",
    "changed": "What changed",
    "sure": certainty.HEADING,
    "method": "How it was worked out",
}
#: No script, no network, nothing from elsewhere.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def make_page(typology: Typology, **options: Any) -> str:
    """Write the briefing as one HTML page that needs no network and no script.

    Parameters
    ----------
    typology : Typology
        The result.
    **options
        As for :func:`check_request`.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    InputError
        If something is not what it has to be, or the two results cannot be compared.

    Examples
    --------
    >>> import wmspatial as wm
    >>> page = make_page(wm.classify(wm.load_sample()), sensitivity=False)
    >>> page.count("<h1>")
    1
    """
    request = check_request(typology, **options)
    return write_page(gather_for(typology, request), request)


def gather_for(typology: Typology, request: Request) -> Facts:
    """Work out what the sections that were asked for are written from.

    Parameters
    ----------
    typology : Typology
        The result.
    request : Request
        What was asked for.

    Returns
    -------
    Facts
        Everything.
    """
    facts = gather(
        typology,
        earlier=request.earlier,
        wanted={name for name in SECTIONS if request.wants(name)},
        sensitivity=request.sensitivity,
        resamples=request.resamples,
        labour_markets=request.labour_markets,
    )
    return replace(
        facts, pay=request.pay, pay_apart=request.pay_apart, indicators=request.indicators
    )


def write_page(facts: Facts, request: Request) -> str:
    """Write the page from what was worked out.

    Parameters
    ----------
    facts : Facts
        Everything.
    request : Request
        What was asked for.

    Returns
    -------
    str
        HTML.
    """
    typology = facts.typology
    heading = request.title or _title(typology)
    mark = f"{ILLUSTRATIVE}: " if typology.illustrative else ""
    return _template().render(
        page_title=f"{mark}{heading}",
        title=heading,
        banner=ILLUSTRATIVE if typology.illustrative else "",
        policy=POLICY,
        style=_text("briefing.css"),
        sections=_sections(facts, request.sections),
        made=origins.made(),
        basis=_basis(typology),
        warning=nothing_classed(typology),
    )


def nothing_classed(typology: Typology) -> str:
    """Say that there is no finding, before anything else; empty where there is one.

    Parameters
    ----------
    typology : Typology
        The result.

    Returns
    -------
    str
        A sentence or two, or nothing.
    """
    table = typology.neighbourhoods
    if (table["labour_market_class"] != BLANK).any():
        return ""
    ranked = typology.dataset.ranked_areas
    nations = set(table["nation"].dropna()) if "nation" in table.columns else set()
    why = f"{capital(why_blank(table))}."
    if ranked and nations and not nations & set(ranked):
        why = f"{typology.dataset.deprivation} ranks neighbourhoods of {listed(ranked)} alone."
    return (
        f"There is no finding for {typology.study_area}: not one of its {len(table):,} "
        f"neighbourhoods could be classed. {why}"
    )


def _title(typology: Typology) -> str:
    year = f", {typology.vintage}" if typology.vintage else ""
    return f"Deprived and disconnected from jobs: {typology.study_area}{year}"


def _basis(typology: Typology) -> str:
    census = f"{typology.vintage} Census" if typology.vintage else "census year not given"
    return f"{typology.study_area}. {census}, deprivation by {typology.dataset.deprivation}."


def _sections(facts: Facts, given: dict[str, str | bool | Chart]) -> list[Section]:
    """Write our sections and the analyst's; theirs that are new stand before method and sources."""
    ours: dict[str, Section] = {}
    for name, write in _WRITERS.items():
        value = given.get(name, True)
        if isinstance(value, bool):
            made = write(facts) if value else None
        else:
            made = _own(name, _HEADINGS[name], value)
        if made is not None:
            ours[name] = made
        if name == "pay":
            ours |= {f"indicator {s.name}": s for s in indicators.write_others(facts)}
    added = [
        _own(name, name, value)
        for name, value in given.items()
        if name not in SECTIONS and not isinstance(value, bool)
    ]
    last = [ours.pop(name) for name in ("sources",) if name in ours]
    return [*ours.values(), *added, *last]


def _own(name: str, heading: str, value: str | Chart) -> Section:
    if isinstance(value, str):
        return Section(name, heading, [Markup(to_html(value, name))])
    blank = Section(name, heading)
    # Below a drawing stand its words too: nothing else says how far it can be read.
    drawn = Drawing(svg_of(value, f"own-{blank.anchor}"), source=value.source, kind="chart own")
    return Section(name, heading, [drawn, Paragraph(value.text, "note")])


def _text(name: str) -> str:
    return importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    """Return the template; whatever is put into it is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_kept_together,
    )
    environment.filters["count"] = lambda value: f"{value:,.0f}"
    environment.tests["part"] = _is_part
    return environment.get_template("briefing.html")


def _kept_together(value: Any) -> Any:
    """Keep a number and its per-cent sign on one line."""
    return re.sub(r"(?<=\d) (?=%)", "\u00a0", value) if type(value) is str else value


def _is_part(value: Any, kind: str) -> bool:
    return type(value).__name__ == kind
