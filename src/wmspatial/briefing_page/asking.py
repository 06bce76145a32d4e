"""What an analyst asks of a briefing, checked before any work goes into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from wmspatial.briefing_page import indicators as authority
from wmspatial.briefing_page.prose import to_html
from wmspatial.charts.chart import Chart
from wmspatial.errors import InputError, require
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wmspatial.charts.indicators import AuthorityIndicator
    from wmspatial.measures import LabourMarkets
    from wmspatial.typology import Typology

    Given = Mapping[str, str | bool | Chart]

#: Names of the sections, in the order of the page.
SECTIONS: Final = (
    "headline", "map", "classes", "who", "where", "always", "labour markets", "pay", "changed",
    "sure", "method", "sources",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Request:
    """What is asked of a briefing.

    Attributes
    ----------
    earlier : Typology or None
        Of the earlier census.
    sections : dict
        By name: Markdown or a Chart in place of a section or in addition, or False.
    sensitivity : bool
        Whether to run the method’s scenarios.
    resamples : int
        How often to draw the data anew.
    title : str
        The heading; empty for the usual one.
    labour_markets : bool or LabourMarkets
        Whether to find markets from the flows, or those that were found.
    pay : list of AuthorityIndicator
        Pay by authority.
    pay_apart : str
        Why two tables of pay stay apart.
    indicators : list of AuthorityIndicator
        Further ones.
    """

    earlier: Typology | None = None
    sections: dict[str, str | bool | Chart] = field(default_factory=dict)
    sensitivity: bool = True
    resamples: int = 0
    title: str = ""
    labour_markets: bool | LabourMarkets = True
    pay: list[AuthorityIndicator] = field(default_factory=list)
    pay_apart: str = ""
    indicators: list[AuthorityIndicator] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        """Say whether a section of ours is written."""
        return self.sections.get(name, True) is True


def check_request(
    typology: Typology,
    *,
    earlier: Typology | None = None,
    sections: Given | None = None,
    sensitivity: bool = True,
    resamples: int = 0,
    title: str | None = None,
    labour_markets: Any = True,
    pay: Any = None,
    indicators: Any = (),
) -> Request:
    """Check everything that is asked of a briefing, before any work goes into it.

    Parameters
    ----------
    typology : Typology
        The result.
    earlier : Typology or None
        Of the earlier census.
    sections : mapping or None
        As for :func:`check_sections`.
    sensitivity : bool
        Whether to run the method’s scenarios.
    resamples : int
        Draws of the data.
    title : str or None
        The heading.
    labour_markets : bool or LabourMarkets
        Whether to find them, or those that were found.
    pay, indicators
        As for :func:`~wmspatial.briefing`.

    Returns
    -------
    Request
        What is asked for.

    Raises
    ------
    InputError
        If one of them is not what it has to be.

    Examples
    --------
    >>> import wmspatial as wm
    >>> check_request(wm.classify(wm.load_sample()), title=" Our briefing ").title
    'Our briefing'
    """
    if earlier is not None:
        require(earlier, "earlier", "Typology", "wm.classify(...) of the earlier census")
    if isinstance(resamples, bool) or not isinstance(resamples, int) or resamples < 0:
        raise InputError(f"resamples={resamples!r}: expected a whole number of draws, or 0.")
    if title is not None and not (isinstance(title, str) and title.strip()):
        raise InputError(f"title={title!r}: expected text, or nothing for the usual title.")
    checked = check_sections(sections)
    _check_markets(labour_markets, typology)
    paid, apart = authority.take_pay(pay)
    others = authority.check_indicators(indicators)
    for each in [*paid, *others]:
        authority.match(each, typology)
    for each in others:
        if each.title.casefold() in {*SECTIONS, *(name.casefold() for name in checked)}:
            raise InputError(
                f"indicators: a section is called {each.title!r} already. Give another title."
            )
    return Request(
        earlier, checked, bool(sensitivity), resamples, (title or "").strip(), labour_markets,
        paid, apart, others,
    )  # fmt: skip


def _check_markets(found: Any, typology: Typology) -> None:
    """Refuse what is neither yes nor no nor markets of these zones."""
    if isinstance(found, bool):
        return
    zones: Any = getattr(found, "zones", None)
    if not (hasattr(zones, "dropna") and hasattr(found, "markets")):
        raise InputError(
            "labour_markets: expected True, False or LabourMarkets, as travel_to_work_areas(...) "
            f"gives; found {type(found).__name__}."
        )
    if not typology.neighbourhoods["zone"].isin(zones.dropna().index).any():
        raise InputError(
            "labour_markets: not one neighbourhood of the area is in a zone of these markets. "
            "Were they found from the flows of another census?"
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
