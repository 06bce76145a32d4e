"""The words round a map: what every page asks for, whatever it shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.maps.page_layer import class_words
from wmspatial.maps.payload import authority_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wmspatial.maps.spec import Authority, Category
    from wmspatial.provenance import Source

#: What areas without authorities lie in.
WHOLE: Final = "The study area"
_DARK: Final = 140


@dataclass(frozen=True)
class PageText:
    """All words round a map, as the page's template asks for them.

    Attributes
    ----------
    title, lead : str
        Heading, and the sentence on what the map shows.
    unit : str
        What one area is called.
    legend_title, legend_note : str
        Above and below the legend.
    legend : list of dict
        From :func:`legend_items`.
    tables : list of dict
        From :func:`class_tables`, or of the same shape.
    each, ask : str
        What the table of every area shows, and what a click on one gives.
    parameters_line, boundaries_line, source_line, tiles_line : str
        Footer.
    banner, notice, differing : str
        Empty where there is nothing to say.
    changed, caveats, method_lines, report : sequence of str
        A paragraph or an item of a list each.
    authorities : sequence of Authority
        In the order of the key.
    sources : sequence of Source
        In full.
    """

    title: str
    lead: str
    unit: str
    legend_title: str
    legend: Sequence[dict[str, Any]]
    legend_note: str
    tables: Sequence[dict[str, Any]]
    each: str
    ask: str
    parameters_line: str
    boundaries_line: str
    source_line: str
    tiles_line: str = ""
    banner: str = ""
    notice: str = ""
    differing: str = ""
    changed: Sequence[str] = ()
    authorities: Sequence[Authority] = ()
    caveats: Sequence[str] = ()
    method_lines: Sequence[str] = ()
    sources: Sequence[Source] = ()
    report: Sequence[str] = ()

    def context(self) -> dict[str, Any]:
        """Return what the template asks for."""
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            "unit_article": f"{'an' if self.unit[0] in 'aeiou' else 'a'} {self.unit}",
            "numbered": any(a.number is not None for a in self.authorities),
            "made_line": f"Made on {today()} with wmspatial {version('wmspatial')}.",
        }


def today() -> str:
    """Return the date in words."""
    day = dt.datetime.now().astimezone().date()
    return f"{day.day} {day:%B %Y}"


def tiles_words(tiles: Any) -> str:
    """Say that background tiles need a network; nothing where there are none."""
    if not tiles:
        return ""
    return "The background map needs a network: its tiles come from the host named on the map."


def boundaries_words(count: int, what: str) -> str:
    """Say whose boundaries are drawn, and how they were made smaller."""
    return f"Boundaries: {count:,} {what}, with shared edges kept."


def legend_items(
    categories: Sequence[Category],
    category: Any,
    residents: pd.Series[float] | None,
    unit: str,
    *,
    unused: bool = True,
) -> list[dict[str, Any]]:
    """Write the legend: every class with its areas, and their residents where these are known.

    Parameters
    ----------
    categories : sequence of Category
        In order.
    category : ndarray of int
        Which one each area is in.
    residents : Series of float, optional
        Of each area.
    unit : str
        What an area is called.
    unused : bool, default True
        Whether a hatched class that nothing is in stands there too.

    Returns
    -------
    list of dict
        For the page's template.
    """
    words = class_words(categories, category, residents, unit)
    used = np.bincount(category, minlength=len(categories))
    return [
        {"category": one, "number": i, "dark": is_dark(one), "count": words[i]}
        for i, one in enumerate(categories)
        if used[i] or unused or one.pattern == "solid"
    ]


def is_dark(category: Category) -> bool:
    """Say whether white is read better on its colour than black."""
    red, green, blue = (int(category.colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < _DARK


def class_tables(
    place: pd.Series[str],
    classes: pd.Series[str],
    order: Iterable[str],
    residents: pd.Series[float] | None,
    units: str,
) -> list[dict[str, Any]]:
    """Tabulate areas, and residents where these are known, by place and class.

    Parameters
    ----------
    place : Series of str
        Where each area lies.
    classes : Series of str
        The class of each.
    order : iterable of str
        All classes, in order.
    residents : Series of float, optional
        Of each area.
    units : str
        What areas are called.

    Returns
    -------
    list of dict
        For the page's template: ``title``, ``head``, ``rows`` and ``total``.
    """
    weights: list[tuple[str, Any]] = [(units[:1].upper() + units[1:], 1.0)]
    if residents is not None:
        weights.append(("Residents", residents))
    tables = []
    for what, weight in weights:
        sums = (
            pd.DataFrame({"place": place, "class": classes, "n": weight})
            .pivot_table(index="place", columns="class", values="n", aggfunc="sum", fill_value=0.0)
            .reindex(columns=list(order), fill_value=0.0)
        )
        sums["All"] = sums.sum(axis=1)
        placed = list(sums.index) != [WHOLE]
        if placed:
            sums.loc["All"] = sums.sum()
        rows = [[str(name), *(f"{v:,.0f}" for v in row)] for name, *row in sums.itertuples()]
        tables.append(
            {
                "title": f"{what} by {'authority and ' if placed else ''}class",
                "head": ["Authority" if placed else "", *sums.columns],
                "rows": rows,
                "total": placed,
            }
        )
    return tables


def place_names(table: pd.DataFrame) -> pd.Series[str]:
    """Say in which authority each area lies; all in one place where they have none."""
    named = authority_names(table)
    if not named.notna().any():
        return pd.Series(WHOLE, index=table.index)
    return named.fillna("Authority not known").astype(str)
