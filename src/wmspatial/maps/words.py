"""What the page says about each area, and about the whole: all its sentences are made here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.explain import score_pair
from wmspatial.typology.parameters import ACCESSIBILITY, CLASSES, SHARE
from wmspatial.typology.wards import slug, why_blank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.maps.choropleth import ColumnSpec
    from wmspatial.typology import Parameters, Typology

_UNKNOWN: Final = "not known"
_MEASURED: Final = {
    "shen": "jobs per competing worker within reach",
    "hansen": "jobs within reach, fewer counted the farther away",
    "cumulative": "jobs within reach",
}
_PARAMETERS: Final = {
    "deprived_share": "share that counts as deprived",
    "pez_ratio": "jobs per person above which a place is rich in jobs",
    "pez_denominator": "people whom jobs are held against",
    "connection": "connection score",
    "reference": "neighbourhoods the cut is taken among",
    "cut": "cut",
    "cut_kind": "kind of cut",
    "labour_market": "labour market",
    "min_flow": "fewest commuters",
    "max_unknown": "most commuters to unknown jobs",
    "impedance": "what separates places",
    "decay": "shape of the decay of jobs with separation",
    "decay_rate": "rate of that decay",
    "within": "farthest that counts, km or minutes",
    "threshold": "how far jobs are counted, km or minutes",
}


def names(frame: pd.DataFrame) -> list[str]:
    """Return what each area is called: its name, or its code where it has none.

    Parameters
    ----------
    frame : DataFrame
        Indexed by code, with ``name`` or without.

    Returns
    -------
    list of str
        In the frame's order.

    Examples
    --------
    >>> names(pd.DataFrame({"name": ["Here", None]}, index=["a", "b"]))
    ['Here', 'b']
    """
    given = frame["name"] if "name" in frame.columns else [None] * len(frame)
    return [
        name if isinstance(name, str) and name.strip() else str(code)
        for name, code in zip(given, frame.index, strict=True)
    ]


def places(frame: pd.DataFrame, *, ward: bool = True) -> list[str]:
    """Say in which ward and authority each area lies, as far as that is known."""
    columns = [c for c in (("ward", "authority") if ward else ("authority",)) if c in frame.columns]
    rows = frame[columns].to_numpy(dtype=object)
    return [
        ", ".join(
            f"{value} ward" if column == "ward" and "ward" not in value.casefold() else value
            for column, value in zip(columns, row, strict=True)
            if isinstance(value, str)
        )
        for row in rows
    ]


def neighbourhood_fields(frame: pd.DataFrame, typology: Typology) -> dict[str, list[str]]:
    """Give the numbers behind each neighbourhood's class, as the tooltip shows them.

    Parameters
    ----------
    frame : DataFrame
        The typology's neighbourhoods.
    typology : Typology
        The choices behind them.

    Returns
    -------
    dict of str to list of str
        By label, one text a neighbourhood; empty where there is nothing to say.
    """
    ranked = typology.dataset.ranked_areas
    exact = not frame["zone"].dropna().duplicated().any()
    rank = [
        _rank(r, s, n, d, ranked.get(n))
        for r, s, n, d in _rows(
            frame, "deprivation_rank", "deprivation_share", "nation", "deprived"
        )
    ]
    jobs = [_jobs(j, e, exact=exact) for j, e in _rows(frame, "jobs", "employed_residents")]
    chosen = typology.parameters
    score = [_score(s, c, chosen) for s, c in _rows(frame, "connection_score", "cut")]
    people = [_count(value) for value in frame["residents"]]
    return {"Deprivation": rank, "Jobs": jobs, "Connection": score, "Residents": people}


def _rows(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def _rank(rank: float, share: float, nation: object, deprived: bool, ranked: int | None) -> str:
    if pd.isna(rank) or pd.isna(share):
        return _UNKNOWN
    place = f"rank {rank:,.0f} of {ranked:,} in {nation}"
    if not deprived:
        return place
    # Rounded up, as the explanation does: nobody is placed among fewer than they are.
    return f"{max(1, math.ceil(100 * share - 1e-9))} % most deprived, {place}"


def _jobs(jobs: float, employed: float, *, exact: bool) -> str:
    if pd.isna(jobs):
        return _UNKNOWN
    if pd.isna(employed):
        return f"{_jobs_number(jobs)}; employed residents not known"
    about = "" if exact else "about "
    return f"{_jobs_number(jobs)} for {about}{employed:,.0f} employed residents"


def _jobs_number(jobs: float) -> str:
    return f"{jobs:,.0f}"


def _score(score: float, cut: float, parameters: Parameters) -> str:
    if pd.isna(score):
        return _UNKNOWN
    if parameters.connection in ACCESSIBILITY:
        here, there = score_pair(score, cut, parameters)
        return f"{here} {_MEASURED[parameters.connection]}" + (
            "; no cut" if pd.isna(cut) else f"; the cut is {there}"
        )
    share = parameters.connection == SHARE
    decimals = 1
    if share and not pd.isna(cut) and score != cut:
        # Enough decimals to see on which side of the cut it lies.
        while decimals < 4 and round(100 * score, decimals) == round(100 * cut, decimals):
            decimals += 1

    def said(value: float) -> str:
        return f"{100 * value:.{decimals}f} %" if share else f"{value:,.3g}"

    return said(score) + ("; no cut" if pd.isna(cut) else f"; the cut is {said(cut)}")


def _count(value: float) -> str:
    return _UNKNOWN if pd.isna(value) else f"{value:,.0f}"


def reasons(frame: pd.DataFrame, typology: Typology) -> list[str]:
    """Explain each area as :meth:`Typology.explain` does, without its name.

    Parameters
    ----------
    frame : DataFrame
        The typology's frame.
    typology : Typology
        What explains it.

    Returns
    -------
    list of str
        In the frame's order.
    """
    found = []
    given = frame["name"] if "name" in frame.columns else [None] * len(frame)
    sentences = typology.explanations().reindex(frame.index)
    for code, name, sentence in zip(frame.index, given, sentences, strict=True):
        # The page has its own heading, and its own mark of illustrative data.
        head = f"{name} ({code}): " if isinstance(name, str) and name else f"{code}: "
        text = sentence.removeprefix(head).removesuffix(f" ({ILLUSTRATIVE}.)")
        found.append(text[:1].upper() + text[1:])
    return found


def ward_fields(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Give the residents of each ward by class, as the tooltip shows them.

    Parameters
    ----------
    frame : DataFrame
        From :meth:`Typology.by_ward`.

    Returns
    -------
    dict of str to list of str
        By label, one text a ward.
    """
    total = frame["residents"]
    fields = {"Residents": [_count(value) for value in total]}
    for name in CLASSES:
        part = frame[f"residents_{slug(name)}"]
        fields[name] = [_part(a, b) for a, b in zip(part.tolist(), total.tolist(), strict=True)]
    return fields


def _part(part: float, whole: float) -> str:
    if pd.isna(part) or not whole:
        return _count(part)
    return f"{part:,.0f} ({_percent(part / whole)})"


def _percent(share: float) -> str:
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 1 else f"{value:.0f} %"


def title_of(typology: Typology) -> str:
    """Return the page's title when none is given."""
    year = f", {typology.vintage}" if typology.vintage else ""
    by_ward = " by ward" if typology.level == "ward" else ""
    return (
        f"Labour market disconnection among deprived neighbourhoods{by_ward}: "
        f"{typology.study_area}{year}"
    )


def neighbourhood_lead(frame: pd.DataFrame, typology: Typology) -> str:
    """Say in one sentence what the map of neighbourhoods shows."""
    counts = frame["labour_market_class"].value_counts()
    lost, near, rich, _, blank = (int(counts.get(name, 0)) for name in CLASSES)
    deprived = int(frame["deprived"].sum())
    share = f"{100 * typology.parameters.deprived_share:g} %"
    if blank == len(frame):
        return (
            f"None of the {_many(blank, 'neighbourhood')} shown can be classed: {why_blank(frame)}."
        )
    cannot = f" {blank:,} cannot be classed: {why_blank(frame)}." if blank else ""
    if typology.agreement is not None or typology.rules:
        return (
            f"Of the {_many(len(frame), 'neighbourhood')} shown, {lost:,} "
            f"{'is' if lost == 1 else 'are'} disconnected from the labour market, {near:,} "
            f"{'is' if near == 1 else 'are'} connected to it and {rich:,} "
            f"{'has' if rich == 1 else 'have'} a large number of jobs{_whose(typology)}.{cannot}"
        )
    if not deprived:
        return (
            f"None of the {_many(len(frame) - blank, 'neighbourhood')} with data is among the "
            f"{share} most deprived of its nation.{cannot}"
        )
    return (
        f"Of the {_many(len(frame), 'neighbourhood')} shown, {deprived:,} "
        f"{'is' if deprived == 1 else 'are'} among the {share} most deprived: {lost:,} of these "
        f"{'is' if lost == 1 else 'are'} disconnected from the labour market, {near:,} "
        f"{'is' if near == 1 else 'are'} connected to it and {rich:,} "
        f"{'has' if rich == 1 else 'have'} a large number of jobs.{cannot}"
    )


def _whose(typology: Typology) -> str:
    """Say who gave the classes, and for how many."""
    if typology.agreement is None:
        return ", by the method with rules added to it"
    source, rest = typology.agreement.source, len(typology.agreement.not_given)
    if not rest:
        return f", as {source} gives them"
    some = typology.agreement.compared
    return f", as {source} gives them for {some:,} and reconstructed for {rest:,}"


def ward_lead(frame: pd.DataFrame) -> str:
    """Say in one sentence what the map of wards shows."""
    lost, people = frame["residents_disconnected"].sum(), frame["residents"].sum()
    share = f" ({_percent(lost / people)})" if people else ""
    some = int((frame["share_disconnected"] > 0).sum())
    unknown = frame["residents_insufficient_data"].sum()
    if people and unknown == people:
        return (
            f"None of the {people:,.0f} residents of the {_many(len(frame), 'ward')} shown live in "
            "a neighbourhood that could be classed."
        )
    cannot = f" {unknown:,.0f} live in neighbourhoods that could not be classed." if unknown else ""
    return (
        f"{lost:,.0f} of {people:,.0f} residents{share} live in neighbourhoods that are deprived "
        f"and disconnected from the labour market; they live in {some:,} of "
        f"{_many(len(frame), 'ward')}.{cannot}"
    )


def column_lead(values: pd.Series[Any], spec: ColumnSpec, called: list[str], unit: str) -> str:
    """Say in one sentence what a map of a column shows.

    Parameters
    ----------
    values : Series
        The column.
    spec : ColumnSpec
        Its classes.
    called : list of str
        What each area is called.
    unit : str
        What an area is.

    Returns
    -------
    str
        From the numbers; kinds are counted.

    Examples
    --------
    >>> from wmspatial.maps.choropleth import classify_column
    >>> pay = pd.Series([510.0, 480, 620])
    >>> spec = classify_column(pay, breaks=[500], unit="£")
    >>> column_lead(pay, spec, ["A", "B", "C"], "ward")
    'Of the 3 wards with a value half lie at or above £510; the lowest has £480 (B), the highest
    £620 (C).'
    """
    blank = int(values.isna().sum())
    known = len(values) - blank
    lost = f" {blank:,} {'has' if blank == 1 else 'have'} no value." if blank else ""
    if not known:
        return f"None of the {_many(len(values), unit)} shown has a value."
    if spec.levels:
        counts = spec.counts(values)["areas"].iloc[: len(spec.levels)]
        # Names in quotation marks: some begin or end in a number.
        parts = [f"{n:,} “{name}”" for name, n in counts.items() if n]
        parts[0] = parts[0].replace(" ", " is " if parts[0].startswith("1 ") else " are ", 1)
        listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
        return f"Of the {_many(len(values), unit)} shown, {listed}.{lost}"
    number = pd.to_numeric(values).to_numpy("float64")
    top, low = int(np.nanargmax(number)), int(np.nanargmin(number))
    write = spec.numbers.for_values(number).write
    if known == 1:
        return f"The one {unit} with a value has {write(number[top])} ({called[top]}).{lost}"
    if number[top] == number[low]:
        return f"All {_many(known, unit)} with a value have {write(number[top])}.{lost}"
    middle = float(np.nanmedian(number))
    return (
        f"Of the {_many(known, unit)} with a value half lie at or above {write(middle)}; the "
        f"lowest has {write(number[low])} ({called[low]}), the highest {write(number[top])} "
        f"({called[top]}).{lost}"
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def changed_parameters(typology: Typology) -> list[str]:
    """Name the choices that are not the default, with their values."""
    changed = typology.parameters.changed()
    if "cut" in changed or "cut_kind" in changed:
        changed["cut"] = typology.parameters.cut_text
    found = [f"{_PARAMETERS.get(name, name)} ({name}): {value}" for name, value in changed.items()]
    return found + [f"added rule: {rule.name} gives {rule.gives}" for rule in typology.rules]
