"""Pay and other indicators by authority that an analyst gives: sentence, chart, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from wmspatial.briefing_page.drawing import svg_of
from wmspatial.briefing_page.parts import Bullets, Drawing, Paragraph, Section, Table
from wmspatial.briefing_page.wording import listed
from wmspatial.charts._indicator_pairs import hold_together
from wmspatial.charts.indicators import MOST, AuthorityIndicator, authority_indicator
from wmspatial.errors import InputError, examples

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts
    from wmspatial.briefing_page.parts import Part
    from wmspatial.typology import Typology

#: Inches: as wide as a column of text, and as a telephone.
_WIDE: Final = 8.2
_NARROW: Final = 3.9
#: So alike that a slip of the pen is likelier than another place.
_ALIKE: Final = 0.85
_TABLES: Final = (pd.Series, pd.DataFrame, AuthorityIndicator)
HEADING: Final = "Pay: residents and jobs"


def take_pay(pay: Any) -> tuple[list[AuthorityIndicator], str]:
    """Take in what was given for pay, in one table or two that stay apart.

    Parameters
    ----------
    pay : AuthorityIndicator, DataFrame, Series, mapping, or a list of one or two of them
        By authority: resident or workplace pay, or both.

    Returns
    -------
    indicators : list of AuthorityIndicator
        One or two; none where nothing was given.
    reason : str
        Why two stay apart.

    Raises
    ------
    InputError
        If it is no such table, or there are more than two.

    Examples
    --------
    >>> [found], reason = take_pay({"Coventry": 13.08, "Dudley": 10.50})
    >>> found.title
    'Pay'
    """
    if pay is None:
        return [], ""
    given = list(pay) if isinstance(pay, list | tuple) else [pay]
    if isinstance(pay, Mapping) and any(isinstance(v, _TABLES) for v in pay.values()):
        given = [v.rename(str(k)) if isinstance(v, pd.Series) else v for k, v in pay.items()]
    if not 1 <= len(given) <= 2:
        raise InputError(
            f"pay: expected one table, or two (of residents and of jobs); found {len(given)}."
        )
    taken = [_of_pay(each) for each in given]
    return hold_together(taken, f"{_common(taken)}of residents and of jobs")


def _of_pay(data: Any) -> AuthorityIndicator:
    if isinstance(data, AuthorityIndicator):
        return data
    try:
        published = bool(getattr(data, "attrs", {}).get("dataset"))
        name = data.name if isinstance(data, pd.Series) and data.name else ""
        title = "" if published else f"Pay: {name}" if name else "Pay"
        return authority_indicator(data, title=title, unit=None if _says_unit(data) else "£")
    except InputError as error:
        raise InputError(f"pay: {error}") from None


def _says_unit(data: Any) -> bool:
    columns = [str(c).casefold() for c in getattr(data, "columns", ())]
    return "unit" in columns or bool(getattr(data, "attrs", {}).get("dataset"))


def _common(taken: list[AuthorityIndicator]) -> str:
    """Return how both titles begin, as far as it makes sense in a title of both."""
    bases = {i.base for i in taken}
    base = bases.pop().split(",")[0] if len(bases) == 1 else ""
    return f"{base[:1].upper()}{base[1:]} " if base else "Pay "


def check_indicators(indicators: Any) -> list[AuthorityIndicator]:
    """Check what was given for indicators.

    Parameters
    ----------
    indicators : iterable of AuthorityIndicator, or mapping of str to tables
        From :func:`~wmspatial.charts.indicators.authority_indicator`; or tables by title.

    Returns
    -------
    list of AuthorityIndicator
        In the order of the page.

    Raises
    ------
    InputError
        If one is none, or two have one title.

    Examples
    --------
    >>> check_indicators({"Output an hour": {"Dudley": 30.1}})[0].title
    'Output an hour'
    """
    if hasattr(indicators, "items"):
        indicators = [authority_indicator(t, title=str(n)) for n, t in indicators.items()]
    if isinstance(indicators, AuthorityIndicator):
        indicators = [indicators]
    found = list(indicators)
    for each in found:
        if not isinstance(each, AuthorityIndicator):
            raise InputError(
                f"indicators: expected what authority_indicator(...) gives; found "
                f"{type(each).__name__}."
            )
    titles = [each.title.casefold() for each in found]
    twice = sorted({t for t in titles if titles.count(t) > 1})
    if twice:
        raise InputError(f"indicators: {examples(map(repr, twice))} stands more than once.")
    return found


class Matched(NamedTuple):
    """Which rows of a table are the study area’s, and which of its authorities have none."""

    rows: list[str]
    missing: list[str]


def match(indicator: AuthorityIndicator, typology: Typology) -> Matched:
    """Find the authorities of the study area among the rows of an indicator.

    Parameters
    ----------
    indicator : AuthorityIndicator
        The numbers.
    typology : Typology
        With the names and codes of every authority.

    Returns
    -------
    Matched
        Names of rows, and of authorities without one. Of a table of combined authorities, the
        row of the one that the study area is.

    Raises
    ------
    InputError
        If none is there, or a row is spelt nearly as one that is missing.
    """
    ours, known = _places(typology.neighbourhoods), _places(typology.dataset.neighbourhoods)
    if not ours:
        return Matched([], [])
    codes = indicator.codes or {}
    rows = [str(row) for row in indicator.table.index]
    held = {*codes.values(), *(row.casefold() for row in rows)}
    missing = [name for name, code in ours.items() if not {code, name.casefold()} & held]
    if len(missing) == len(ours):
        area = typology.study_area.casefold()
        whole = [r for r in rows if area in (r.casefold(), f"{r.casefold()} combined authority")]
        if whole:
            return Matched(whole, [])
    strange = [row for row in rows if row not in known and row not in codes]
    for name in missing:
        near = get_close_matches(name, strange, n=1, cutoff=_ALIKE)
        if near:
            raise InputError(
                f"{indicator.title}: there is no row for {name}, but one for {near[0]!r}, which "
                "is no authority that is known here. Is it a slip of the pen?"
            )
    if len(missing) == len(ours):
        raise InputError(
            f"{indicator.title}: not one of the authorities of {typology.study_area} "
            f"({examples(ours, 3)}) is in the table; it has {examples(rows, 3)}. Is the table of "
            "another year, or of other areas?"
        )
    wanted = [part for name, code in ours.items() for part in (code, name) if part]
    return Matched(indicator.find(wanted), missing)


def _places(table: pd.DataFrame) -> dict[str, str]:
    """Return the code of each authority of a table by its name; empty where it has no code."""
    if "authority" not in table.columns:
        return {}
    columns = [c for c in ("authority", "authority_code") if c in table.columns]
    pairs = pd.DataFrame(table[columns]).dropna().drop_duplicates("authority")
    codes = pairs["authority_code"] if "authority_code" in columns else [""] * len(pairs)
    return {str(n): str(c) for n, c in zip(pairs["authority"], codes, strict=True)}


def nation_of(typology: Typology) -> str | None:
    """Say with which nation to compare: Wales for places in Wales, otherwise the usual."""
    nations = set(typology.neighbourhoods.get("nation", pd.Series(dtype="str")).dropna())
    return "Wales" if nations == {"Wales"} else None


def write_pay(facts: Facts) -> Section | None:
    """Say what pay is; nothing where none was given."""
    if not facts.pay:
        return None
    parts: list[Part] = [Paragraph(facts.pay_apart)] if facts.pay_apart else []
    for number, each in enumerate(facts.pay):
        parts += _parts(facts, each, f"pay-{number + 1}" if number else "pay")
    return Section("pay", HEADING, [p for p in parts if not isinstance(p, Paragraph) or p.text])


def write_others(facts: Facts) -> list[Section]:
    """Write a section for each further indicator."""
    return [
        Section(each.title, each.title, _parts(facts, each, f"indicator-{number + 1}"))
        for number, each in enumerate(facts.indicators)
    ]


def _parts(facts: Facts, each: AuthorityIndicator, identifier: str) -> list[Part]:
    typology = facts.typology
    ours, missing = match(each, typology)
    nation = nation_of(typology) if nation_of(typology) in each.nations.index else None
    drawn, cut = _longest(each, ours)
    # The source stands below the drawing.
    plan = replace(each.plan(drawn, nation), source="")
    parts: list[Part] = [
        Paragraph(each.summary_text(ours, national_name=nation)),
        Drawing(
            svg_of(plan.draw(_WIDE), f"{identifier}-wide"),
            svg_of(plan.draw(_NARROW), f"{identifier}-narrow"),
            _source(each),
        ),
        _table(each, plan.table, plan.nation, plan.nation_name, plan.unit.write),
    ]
    notes = _notes(each, facts, missing)
    if cut:
        notes.insert(0, f"Drawn are the {MOST} highest and lowest; {cut:,} lie between them.")
    return [*parts, Bullets(notes, "note")] if notes else parts


def _longest(each: AuthorityIndicator, ours: list[str]) -> tuple[list[str], int]:
    """Return what is drawn of more authorities than a chart holds: both ends."""
    cut = len(ours) - MOST
    if cut <= 0:
        return ours, 0
    values = each.table.loc[ours].iloc[:, -1].sort_values(ascending=False)
    half = MOST // 2
    return [str(n) for n in [*values.index[:half], *values.index[-half:]]], cut


def _source(each: AuthorityIndicator) -> str:
    if not each.source:
        return "Source: a table given by the analyst, with no word on where it comes from."
    return f"Source: {each.source.rstrip('.')}."


def _table(
    each: AuthorityIndicator, table: pd.DataFrame, nation: Any, nation_name: str, write: Any
) -> Table:
    rows = [
        [str(name), *(write(float(value)) for value in row)]
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    if nation is not None:
        rows.append([nation_name, *(write(float(v)) for v in nation)])
    heads = [str(c) for c in table.columns]
    if heads == ["value"]:
        heads = [each.title]
    return Table(
        f"{each.heading}: the numbers by authority", ["Authority", *heads], rows, folded=True,
        total=nation is not None,
    )  # fmt: skip


def _notes(each: AuthorityIndicator, facts: Facts, missing: list[str]) -> list[str]:
    notes = [f"What is counted: {each.base}."] if each.base else []
    if not each.year:
        notes.append("The table does not say of which year it is.")
    elif (year := facts.typology.vintage) and str(year) not in each.year:
        notes.append(f"The numbers are of {each.year}, the map is of the {year} Census.")
    if missing:
        notes.append(f"Not in the table: {listed(missing)}.")
    if each.illustrative:
        notes.append("Illustrative data, not statistics.")
    return [*notes, *each.notes]
