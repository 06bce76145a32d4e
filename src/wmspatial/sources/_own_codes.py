"""Find the area codes of a table that somebody brought: their column, kind and census."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from wmspatial.errors import VintageError
from wmspatial.geography.codes import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CODE: Final = re.compile(
    r"\s*([EWSNKJ]\d{8}|95[A-Z]{2}\d{2}[SWC]\d)(?:\s*(?:\s[:–—-]\s|:)\s*([^;|\t]+?))?\s*",
    re.IGNORECASE,
)
#: From the smallest areas to the largest.
_FINENESS: Final = {
    "output area": 0,
    "LSOA": 1, "data zone": 1, "super output area": 1,
    "MSOA": 2, "intermediate zone": 2, "super data zone": 2,
    "ward": 3,
    "authority": 4,
    "constituency": 5,
    "travel-to-work area": 6,
    "county": 7, "combined authority": 7,
    "region": 8,
    "country": 9,
}  # fmt: skip
#: Larger areas that stand as totals in official tables, and are no areas to map.
_TOTALS_BY_PREFIX: Final = {
    "E11": "county", "E13": "region", "E15": "region", "E26": "region", "E54": "region",
    "K02": "country", "K03": "country", "K04": "country", "K05": "country", "W99": "country",
}  # fmt: skip
#: Rows with these words and no code are totals.
TOTAL_WORDS: Final = frozenset(
    ["total", "totals", "grand total", "all", "all areas", "sum", "england", "wales", "scotland",
     "northern ireland", "england and wales", "great britain", "united kingdom", "uk", "gb",
     "column total"]
)  # fmt: skip
_SAMPLE: Final = 2000
_YEAR: Final = re.compile(r"(?<!\d)(?:20)?(01|11|21)(?!\d)")
_LEVEL_WORD: Final = re.compile(
    r"lsoa|msoa|oa(?:\d|cd|_|\s|$)|output area|soa|data ?zone|dz\d|iz\d|geograph", re.IGNORECASE
)

#: Where each census stopped numbering, and how many codes up to each stop it has: from the ONS
#: lookups LSOA 2001 to 2011 and LSOA 2011 to 2021, and the lists of MSOAs of 2011 and 2021.
_LAST: Final = {
    "E01": {2001: 32482, 2011: 33768}, "W01": {2001: 1896, 2011: 1958},
    "E02": {2001: 6781, 2011: 6934}, "W02": {2001: 413, 2011: 423},
    # Data zones were all numbered anew.
    "S01": {2001: 6505, 2011: 13481},
}  # fmt: skip
_HELD: Final = {
    "E01": {(2011, 32482): 31672, (2021, 32482): 30832, (2021, 33768): 31810},
    "W01": {(2011, 1896): 1847, (2021, 1896): 1782, (2021, 1958): 1837},
    "E02": {(2021, 6934): 6677}, "W02": {(2021, 423): 403},
}  # fmt: skip
_CENSUSES: Final = (2001, 2011, 2021)


class Parsed(NamedTuple):
    """A column taken apart: codes, the names beside them in the cell, and what each code is."""

    codes: pd.Series[Any]
    names: pd.Series[Any]
    #: What each row's code is of, as "LSOA"; missing where there is no code of a known kind.
    levels: pd.Series[Any]
    #: Cells in which spaces were cut off or small letters made capital.
    mended: int


def match_code(text: str) -> re.Match[str] | None:
    """Match a cell that holds a code, with or without a name after it.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    Match or None
        The code, and the name after it.
    """
    return _CODE.fullmatch(text)


def parse_codes(values: pd.Series[Any]) -> Parsed:
    """Take the codes out of a column's cells.

    Parameters
    ----------
    values : Series
        The cells.

    Returns
    -------
    Parsed
        On the index of `values`.
    """
    texts = values.astype("str").mask(values.isna(), "").astype(object)
    places, distinct = pd.factorize(texts.to_numpy())
    found = [_CODE.fullmatch(str(text).replace("\u00a0", " ")) for text in distinct]
    if not any(found):
        none = pd.Series(None, index=values.index, dtype="str")
        return Parsed(none, none, none, 0)
    codes = pd.Series([m[1].upper() if m else None for m in found], dtype="str")
    names = pd.Series([m[2] if m else None for m in found], dtype="str")
    mended = np.array(
        [
            match is not None and match[2] is None and str(text) != match[1].upper()
            for match, text in zip(found, distinct, strict=True)
        ],
        dtype=np.bool_,
    )
    levels = levels_of(codes)

    def spread(series: pd.Series[Any]) -> pd.Series[Any]:
        return series.take(places).set_axis(values.index)

    return Parsed(spread(codes), spread(names), spread(levels), int(mended[places].sum()))


def levels_of(codes: pd.Series[Any]) -> pd.Series[Any]:
    """Name what each code is of; ``"other area"`` for a code that is none of these kinds.

    Parameters
    ----------
    codes : Series of str
        Codes; missing where a row has none.

    Returns
    -------
    Series of str
        On the index of `codes`.
    """
    known = pd.Series(kinds_of(codes), dtype="str").str.replace(r" \(.*", "", regex=True)
    totals = pd.Series(codes.str[:3].map(_TOTALS_BY_PREFIX), dtype="str")
    levels = known.fillna(totals)
    # A few Super Output Areas of Northern Ireland end in C1 to C4.
    levels = levels.mask(levels.isna() & codes.str.startswith("95"), "super output area")
    return levels.mask(levels.isna() & codes.notna(), "other area")


def sample_of(values: pd.Series[Any]) -> pd.Series[Any]:
    """Take rows evenly spaced, enough to see what a column holds.

    Parameters
    ----------
    values : Series
        A column.

    Returns
    -------
    Series
        About two thousand of its rows, or all.
    """
    step = max(1, len(values) // _SAMPLE)
    return values.iloc[::step]


def fineness(levels: pd.Series[Any]) -> int | None:
    """Return the size class of the areas that most of the codes are of; ``None`` for none.

    Parameters
    ----------
    levels : Series of str
        What each code is of.

    Returns
    -------
    int or None
        0 for output areas, and the larger the area the higher.
    """
    ranks = levels.map(_FINENESS).dropna()
    return None if ranks.empty else int(ranks.mode().iloc[0])


def ranks_of(levels: pd.Series[Any]) -> pd.Series[Any]:
    """Return the size class of each row's area; 99 for other areas, missing without a code.

    Parameters
    ----------
    levels : Series of str
        What each code is of.

    Returns
    -------
    Series of float
        On the index of `levels`.
    """
    return levels.map(_FINENESS).mask(levels == "other area", 99)


def name_of(levels: Iterable[str]) -> str:
    """Name the kinds that a table's codes are of, the most frequent first.

    Parameters
    ----------
    levels : iterable of str
        What each code is of.

    Returns
    -------
    str
        As ``"LSOA"``, or ``"LSOA, data zone"``.
    """
    return ", ".join(pd.Series(list(levels)).value_counts().index)


def possible_vintages(codes: pd.Index[Any]) -> tuple[int, ...]:
    """Say of which censuses the codes of small areas can be.

    Codes of a later census have higher numbers; and a table that has more of the low numbers than
    a census kept cannot be of that census.

    Parameters
    ----------
    codes : Index of str
        Codes, each once.

    Returns
    -------
    tuple of int
        Some of 2001, 2011 and 2021; none where the codes contradict each other.

    Examples
    --------
    >>> possible_vintages(pd.Index(["E01033999"])), possible_vintages(pd.Index(["E01033000"]))
    ((2021,), (2011, 2021))
    """
    possible = set(_CENSUSES)
    numbers = pd.Series(codes.str[3:].to_numpy(), index=codes.str[:3])
    for prefix, last in _LAST.items():
        if prefix not in numbers.index:
            continue
        of_prefix = numbers.loc[[prefix]].astype("int64")
        for census, stop in last.items():
            if (of_prefix > stop).any():
                possible.discard(census)
        if prefix == "S01":
            possible &= _of_data_zones(of_prefix)
        for (census, stop), held in _HELD.get(prefix, {}).items():
            if (of_prefix <= stop).sum() > held:
                possible.discard(census)
    return tuple(sorted(possible))


def _of_data_zones(numbers: pd.Series[Any]) -> set[int]:
    """Say of which census data zones are: all were numbered anew each time, last in 2022."""
    last = _LAST["S01"]
    if (numbers <= last[2001]).all():
        return {2001}
    if ((numbers > last[2001]) & (numbers <= last[2011])).all():
        return {2011}
    return set()


def years_said(heading: str, others: Sequence[str]) -> set[int]:
    """Return the census that headings name, as LSOA11CD does: the code's own, else its name's.

    Parameters
    ----------
    heading : str
        Heading of the codes.
    others : sequence of str
        All other headings.

    Returns
    -------
    set of int
        2001, 2011 and 2021, those that are named.
    """
    own = {2000 + int(year) for year in _YEAR.findall(heading)}
    if own:
        return own
    return {
        2000 + int(year)
        for other in others if _LEVEL_WORD.search(other)
        for year in _YEAR.findall(other)
    }  # fmt: skip


def settle(
    name: str,
    kind: str,
    codes: pd.Index[Any],
    declared: int | None,
    headings: tuple[str, list[str]],
) -> tuple[int | None, str]:
    """Settle the census of a table's areas.

    Parameters
    ----------
    name : str
        The file, for the error.
    kind : str
        What its codes are of.
    codes : Index of str
        Its codes, each once.
    declared : int or None
        What the user says.
    headings : tuple of str and list of str
        The heading of the codes, and all others.

    Returns
    -------
    vintage : int or None
        2001, 2011 or 2021; ``None`` where it cannot be told, or the kind has none.
    said : str
        Why, in a sentence.

    Raises
    ------
    VintageError
        If what is declared or said in the heading cannot be of these codes.
    """
    if declared is not None and declared not in _CENSUSES:
        raise VintageError(
            f"{name}: vintage {declared!r} is not known; expected 2001, 2011 or 2021."
        )
    if _FINENESS.get(kind.split(", ", maxsplit=1)[0], 99) > _FINENESS["MSOA"]:
        year = "" if declared is None else f"; taken as of {declared}, as was declared"
        return declared, f"Codes of {kind} have no census in them{year}."
    possible = possible_vintages(codes)
    own, said = years_said(headings[0], []), years_said(*headings)
    heading = next(iter(said)) if len(said) == 1 else None
    where = f"the heading {headings[0]!r} says" if own else "the headings say"
    if declared is not None:
        if declared not in possible:
            _refuse(name, kind, codes, f"vintage={declared}", declared, possible)
        also = f", though {where} {heading}" if heading not in (None, declared) else ""
        return declared, f"Census {declared}: declared{also}."
    if heading is not None:
        if heading not in possible:
            _refuse(name, kind, codes, f"{where} {heading}", heading, possible)
        return heading, f"Census {heading}: {where} so."
    if len(possible) == 1:
        return possible[
            0
        ], f"Census {possible[0]}: the codes can be of no other, if all are of one."
    fit = " and ".join(map(str, possible)) or "none of 2001, 2011 and 2021"
    return None, f"Census not told: the codes fit {fit}. Give vintage= if it is known."


def _refuse(
    name: str, kind: str, codes: pd.Index[Any], who: str, wanted: int, possible: tuple[int, ...]
) -> None:
    alone = [code for code in codes if wanted not in possible_vintages(pd.Index([code]))]
    why = f"such as {alone[0]}" if alone else f"{len(codes):,} of them together"
    fit = " or ".join(map(str, possible)) or "no census alone"
    raise VintageError(
        f"{name}: {who}, but its codes of {kind} ({why}) can only be of {fit}. Check "
        "both" + (f"; if the codes are right, give vintage={possible[-1]}." if possible else ".")
    )
