"""Whether two tables of one thing may be held against each other, and if so, in one table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.charts.indicators import AuthorityIndicator

_TWO: Final = 2


def hold_together(
    indicators: Sequence[AuthorityIndicator], title: str
) -> tuple[list[AuthorityIndicator], str]:
    """Bring two measures of one thing into one table, where they may be held against each other.

    Parameters
    ----------
    indicators : sequence of AuthorityIndicator
        One or two.
    title : str
        What both are, for the table of two.

    Returns
    -------
    indicators : list of AuthorityIndicator
        One, or the two as they were.
    reason : str
        Why two stay apart; empty where they need not.

    Examples
    --------
    >>> from wmspatial.charts import authority_indicator
    >>> one = authority_indicator({"Dudley": 10.5}, title="Jobs", unit="£", year=2016)
    >>> other = authority_indicator({"Dudley": 11.0}, title="Residents", unit="£", year=2017)
    >>> hold_together([one, other], "Pay")[1]
    'The two tables are of different years (2016 and 2017), so they stand in charts of their own,
    and nothing can be read from one against the other.'
    """
    if len(indicators) != _TWO or any(len(i.table.columns) > 1 for i in indicators):
        return list(indicators), ""
    one, other = indicators
    why = []
    if one.year != other.year and one.year and other.year:
        why.append(f"different years ({one.year} and {other.year})")
    elif not (one.year and other.year):
        why.append("years that are not known to be the same")
    if one.unit != other.unit:
        why.append(f"different units ({one.unit or 'none'} and {other.unit or 'none'})")
    if one.base != other.base:
        why.append(f"different bases ({one.base or 'not said'}; {other.base or 'not said'})")
    if why:
        return list(indicators), (
            f"The two tables are of {' and of '.join(why)}, so they stand in charts of their own, "
            "and nothing can be read from one against the other."
        )
    tables = [_called(i, number, indicators) for number, i in enumerate(indicators)]
    names = _by_code(one, other)
    both = pd.concat([tables[0], tables[1].rename(index=names)], axis=1)
    nations = pd.concat(
        [i.nations.set_axis(t.columns, axis=1) for i, t in zip(indicators, tables, strict=True)],
        axis=1,
    )
    return [
        replace(
            one,
            table=both,
            nations=nations.dropna(),
            title=title,
            source="; ".join(dict.fromkeys(i.source for i in indicators if i.source)),
            notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
            codes={**(other.codes or {}), **(one.codes or {})},
            illustrative=one.illustrative or other.illustrative,
            origins=tuple(dict.fromkeys((*one.origins, *other.origins))),
        )
    ], ""


def _called(
    indicator: AuthorityIndicator, number: int, all_of_them: Sequence[AuthorityIndicator]
) -> pd.DataFrame:
    """Name the measure so that two can be told apart."""
    names = [str(i.table.columns[0]) for i in all_of_them]
    name = names[number] if len(set(names)) > 1 else all_of_them[number].title
    return indicator.table.set_axis([name], axis=1)


def _by_code(one: AuthorityIndicator, other: AuthorityIndicator) -> dict[str, str]:
    """Return what the first calls the authorities of the second."""
    ours = {code: name for name, code in (one.codes or {}).items()}
    return {
        name: ours[code]
        for name, code in (other.codes or {}).items()
        if code in ours and ours[code] not in np.asarray(other.table.index)
    }
