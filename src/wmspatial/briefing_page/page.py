"""The page: which sections, in which order, and how each part of one is written."""

from __future__ import annotations

import importlib.resources
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jinja2

from wmspatial.briefing_page import (
    always,
    by_authority,
    certainty,
    changed,
    headline,
    mapped,
    markets,
    method,
    origins,
    people,
    places,
)
from wmspatial.briefing_page.drawing import svg_of
from wmspatial.briefing_page.gathering import gather
from wmspatial.briefing_page.parts import Drawing, Markup, Paragraph, Section
from wmspatial.briefing_page.prose import to_html
from wmspatial.charts.chart import Chart
from wmspatial.errors import InputError, require
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.typology import Typology

    Given = Mapping[str, str | bool | Chart]
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
    "changed": changed.write,
    "sure": certainty.write,
    "method": method.write,
    "sources": origins.write,
}
#: Names of the sections, in the order of the page.
SECTIONS: Final = tuple(_WRITERS)
#: What stands above a section that an analyst writes in place of ours.
_HEADINGS: Final = {
    "headline": "In short",
    "map": "Where they are",
    "classes": "Authority by authority",
    "who": people.HEADING,
    "where": places.HEADING,
    "always": always.HEADING,
    "labour markets": markets.HEADING,
    "changed": "What changed",
    "sure": certainty.HEADING,
    "method": "How it was worked out",
}
#: No script, no network, nothing from elsewhere.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def check_sections(sections: Given | None) -> dict[str, str | bool | Chart]:
    """Check what an analyst gave for sections, before any work goes into them.

    Parameters
    ----------
    sections : mapping, optional
        By name: Markdown or a Chart to put in place of a section or to add, or False to leave
        one out.

    Returns
    -------
    dict
        By name.

    Raises
    ------
    InputError
        If a name is no text, a section to leave out is none, the sources are to be left out, or
        what was given is of another kind.

    Examples
    --------
    >>> check_sections({"who": False})
    {'who': False}
    """
    found: dict[str, str | bool | Chart] = {}
    if sections is not None and not hasattr(sections, "items"):
        raise InputError(
            f"sections: expected names with Markdown, False or a Chart each; found "
            f"{type(sections).__name__}."
        )
    for name, value in dict(sections or {}).items():
        if not (isinstance(name, str) and name.strip()):
            raise InputError(f"sections: a section is called {name!r}. Expected a name in words.")
        key = name.strip().casefold() if name.strip().casefold() in SECTIONS else name.strip()
        if key in found:
            raise InputError(f"sections: {key!r} stands twice.")
        _check_value(key, value)
        found[key] = value
    return found


def check_request(
    earlier: object, sections: Given | None, resamples: object, title: object
) -> dict[str, str | bool | Chart]:
    """Check everything that was asked of a briefing, before any work goes into it.

    Parameters
    ----------
    earlier : Typology or None
        Of the earlier census.
    sections : mapping or None
        As for :func:`check_sections`.
    resamples : int
        Draws of the data.
    title : str or None
        The heading.

    Returns
    -------
    dict
        The sections by name.

    Raises
    ------
    InputError
        If one of them is not what it has to be.

    Examples
    --------
    >>> check_request(None, None, 0, "Our briefing")
    {}
    """
    if earlier is not None:
        require(earlier, "earlier", "Typology", "wm.classify(...) of the earlier census")
    if isinstance(resamples, bool) or not isinstance(resamples, int) or resamples < 0:
        raise InputError(f"resamples={resamples!r}: expected a whole number of draws, or 0.")
    if title is not None and not (isinstance(title, str) and title.strip()):
        raise InputError(f"title={title!r}: expected text, or nothing for the usual title.")
    return check_sections(sections)


def _check_value(name: str, value: object) -> None:
    if name == "sources" and not (isinstance(value, bool) and value):
        raise InputError(
            "sections: 'sources' cannot be left out or replaced, because the licences of the data "
            "ask that they are named. Add a section of another name."
        )
    if isinstance(value, bool):
        if name not in SECTIONS:
            near = nearest(name, list(SECTIONS))
            raise InputError(
                f"sections: there is no section {name!r} to leave out or to keep. {near} The "
                f"sections are {', '.join(SECTIONS)}.".replace("  ", " ")
            )
        return
    if isinstance(value, str):
        if not value.strip():
            raise InputError(f"sections[{name!r}] is empty. Give False to leave a section out.")
        to_html(value, name)
        return
    if not isinstance(value, Chart):
        raise InputError(
            f"sections[{name!r}]: expected Markdown, a Chart, or False to leave it out; found "
            f"{type(value).__name__}."
        )


def make_page(
    typology: Typology,
    *,
    earlier: Typology | None = None,
    sections: Given | None = None,
    sensitivity: bool = True,
    resamples: int = 0,
    title: str | None = None,
) -> str:
    """Write the briefing as one HTML page that needs no network and no script.

    Parameters
    ----------
    typology : Typology
        The result.
    earlier : Typology, optional
        Of the earlier census: adds what changed.
    sections : mapping, optional
        By name: Markdown or a Chart in place of a section or in addition, or False.
    sensitivity : bool, default True
        Whether to run the method's scenarios.
    resamples : int, default 0
        How often to draw the data anew.
    title : str, optional
        The heading of the page.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    InputError
        If a section or the title is not what it has to be, or the two results cannot be compared.

    Examples
    --------
    >>> import wmspatial as wm
    >>> page = make_page(wm.classify(wm.load_sample()), sensitivity=False)
    >>> page.count("<h1>")
    1
    """
    given = check_request(earlier, sections, resamples, title)
    wanted = {name for name in SECTIONS if given.get(name, True) is True}
    facts = gather(
        typology, earlier=earlier, wanted=wanted, sensitivity=sensitivity, resamples=resamples
    )
    heading = title.strip() if title else _title(typology)
    mark = f"{ILLUSTRATIVE}: " if typology.illustrative else ""
    return _template().render(
        page_title=f"{mark}{heading}",
        title=heading,
        banner=ILLUSTRATIVE if typology.illustrative else "",
        policy=POLICY,
        style=_text("briefing.css"),
        sections=_sections(facts, given),
        made=origins.made(),
        basis=_basis(typology),
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
