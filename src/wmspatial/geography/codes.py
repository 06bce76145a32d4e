"""Read area codes: which kind of area, which nation, which census.

The nine-character codes are those of the Code History Database of the Office for National
Statistics: a three-character entity prefix and six digits. Northern Ireland's Super Output
Areas of 2001 keep their older eight-character form (``95AA01S1``).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from wmspatial.errors import InputError, VintageError, examples

if TYPE_CHECKING:
    from collections.abc import Iterable


class CodeKind(NamedTuple):
    """What the prefix of a code says."""

    level: str
    nation: str


_PREFIXES: Final[dict[str, CodeKind]] = {
    **{p: CodeKind("output area", n) for p, n in
       [("E00", "England"), ("W00", "Wales"), ("S00", "Scotland"), ("N00", "Northern Ireland")]},
    "E01": CodeKind("LSOA", "England"),
    "W01": CodeKind("LSOA", "Wales"),
    "S01": CodeKind("data zone", "Scotland"),
    "N20": CodeKind("data zone", "Northern Ireland"),
    "E02": CodeKind("MSOA", "England"),
    "W02": CodeKind("MSOA", "Wales"),
    "S02": CodeKind("intermediate zone", "Scotland"),
    "N21": CodeKind("super data zone", "Northern Ireland"),
    "E05": CodeKind("ward", "England"),
    "W05": CodeKind("ward", "Wales"),
    "S13": CodeKind("ward", "Scotland"),
    "N08": CodeKind("ward", "Northern Ireland"),
    **{p: CodeKind("authority", "England") for p in ("E06", "E07", "E08", "E09")},
    "W06": CodeKind("authority", "Wales"),
    "S12": CodeKind("authority", "Scotland"),
    "N09": CodeKind("authority", "Northern Ireland"),
    "E10": CodeKind("county", "England"),
    "E12": CodeKind("region", "England"),
    "E14": CodeKind("constituency", "England"),
    "E47": CodeKind("combined authority", "England"),
    "E30": CodeKind("travel-to-work area", "England"),
    "W22": CodeKind("travel-to-work area", "Wales"),
    "S22": CodeKind("travel-to-work area", "Scotland"),
    "N12": CodeKind("travel-to-work area", "Northern Ireland"),
    "K01": CodeKind("travel-to-work area", "more than one nation"),
    **{p: CodeKind("country", n) for p, n in
       [("E92", "England"), ("W92", "Wales"), ("S92", "Scotland"), ("N92", "Northern Ireland")]},
}  # fmt: skip

_NAMES: Final = {prefix: f"{kind.level} ({kind.nation})" for prefix, kind in _PREFIXES.items()}
_NI_KIND: Final = "super output area (Northern Ireland)"
_GSS: Final = re.compile(r"[EWSNKJ][0-9]{8}").fullmatch
_NI_SOA: Final = re.compile(r"95[A-Z]{2}[0-9]{2}[CSW][0-9]").fullmatch

#: The last LSOA code of 2011 in England and in Wales: the Census 2021 changes were numbered
#: upwards from there (ONS, LSOA 2011 to LSOA 2021 lookup), so a higher code is of 2021 only.
_LAST_2011: Final = {"E01": 1033768, "W01": 1001958}

#: The entry of ``attrs`` in which boundaries carry the LSOA codes that 2021 no longer has.
ONLY_2011: Final = "lsoa_codes_of_2011_only"

#: Destinations of a commuting table that are no area, by the code that the table has for them.
#: 2011: ONS, WU01EW and WU03EW. 2021: ONS, ODWP01EW.
SPECIAL_DESTINATIONS: Final[dict[str, str]] = {
    "OD0000001": "at home",
    "OD0000002": "offshore",
    "OD0000003": "no fixed place",
    "OD0000004": "abroad",
    "111111111": "at home or no fixed place",
    "888888888": "offshore",
    "999999999": "abroad",
}
_SPECIAL_NATIONS: Final = {"S": "Scotland", "N": "Northern Ireland"}


def kind_of(code: str) -> CodeKind | None:
    """Say what kind of area one code stands for.

    Parameters
    ----------
    code : str
        An area code.

    Returns
    -------
    CodeKind or None
        Level and nation; ``None`` where the code is of no known kind.

    Examples
    --------
    >>> kind_of("E01008881")
    CodeKind(level='LSOA', nation='England')
    >>> kind_of("95DD04W1").nation
    'Northern Ireland'
    >>> kind_of("Birmingham") is None
    True
    """
    return _KIND_BY_NAME.get(str(kinds_of(pd.Series([code])).iloc[0]))


_KIND_BY_NAME: Final = {f"{k.level} ({k.nation})": k for k in _PREFIXES.values()} | {
    _NI_KIND: CodeKind("super output area", "Northern Ireland")
}


def kinds_of(codes: pd.Series[Any] | pd.Index[Any]) -> pd.Series[Any]:
    """Name the kind of each code, as ``"LSOA (England)"``.

    Parameters
    ----------
    codes : Series or Index of str
        Area codes.

    Returns
    -------
    Series of object
        One name a code, in the order and on the index given; missing where the code is of no
        known kind.

    Examples
    --------
    >>> kinds_of(pd.Index(["E01008881", "E05011121", "nowhere"])).tolist()
    ['LSOA (England)', 'ward (England)', nan]
    """
    text = pd.Series(codes, index=getattr(codes, "index", None)).astype("str")
    # A loop over plain text is several times as fast as pandas' own text functions.
    kinds = [_name_of_kind(code) for code in text.tolist()]
    return pd.Series(kinds, index=text.index, dtype=object)


def _name_of_kind(code: object) -> object:
    if not isinstance(code, str):
        return math.nan
    if _GSS(code):
        return _NAMES.get(code[:3], math.nan)
    return _NI_KIND if _NI_SOA(code) else math.nan


def level_of(codes: pd.Series[Any] | pd.Index[Any], *, where: str = "the table") -> str:
    """Name the one level that all codes are of.

    Parameters
    ----------
    codes : Series or Index of str
        Area codes; missing ones are an error.
    where : str
        What the codes belong to, for the error.

    Returns
    -------
    str
        ``"LSOA"``, ``"MSOA"``, ``"ward"``, ``"authority"`` and so on.

    Raises
    ------
    InputError
        If a code is of no known kind, or the codes are of several levels.

    Examples
    --------
    >>> level_of(pd.Index(["E01008881", "W01000001"]))
    'LSOA'
    """
    text = pd.Series(codes).astype("str")
    kinds = kinds_of(text)
    if kinds.isna().any():
        raise InputError(
            f"{where}: {kinds.isna().sum():,} of {len(text):,} area codes are of no known kind "
            f"({examples(text[kinds.isna()].unique())}). Expected codes such as E01008881 (LSOA) "
            "or E05011121 (ward)."
        )
    levels = sorted({name.split(" (")[0] for name in kinds.unique()})
    if len(levels) != 1:
        raise InputError(
            f"{where}: the area codes are of several kinds ({', '.join(levels)}). "
            "Keep the rows of one kind."
        )
    return str(levels[0])


def nation_of(codes: pd.Series[Any] | pd.Index[Any]) -> pd.Series[Any]:
    """Name the nation of each code.

    Parameters
    ----------
    codes : Series or Index of str
        Area codes.

    Returns
    -------
    Series of str
        England, Wales, Scotland or Northern Ireland, indexed by the code; missing where the
        code is of no known kind.

    Examples
    --------
    >>> nation_of(pd.Index(["E01008881", "W01000001"])).tolist()
    ['England', 'Wales']
    """
    text = pd.Index(codes).astype("str")
    kinds = kinds_of(text)
    nations = kinds.str.extract(r"\((.*)\)$")[0]
    return pd.Series(nations.to_numpy(), index=text)


def vintages_of_lsoas(codes: Iterable[str]) -> tuple[int, ...]:
    """Say which census the LSOA codes can be of.

    Most codes are the same in 2011 and 2021; codes made for 2021 have higher numbers.

    Parameters
    ----------
    codes : iterable of str
        LSOA codes of England or Wales.

    Returns
    -------
    tuple of int
        ``(2021,)`` if a code of 2021 is among them, else ``(2011, 2021)``: the codes alone do
        not tell.

    Examples
    --------
    >>> vintages_of_lsoas(["E01008881", "E01033999"])
    (2021,)
    >>> vintages_of_lsoas(["E01008881"])
    (2011, 2021)
    """
    for code in codes:
        last = _LAST_2011.get(code[:3])
        if last is not None and code[3:].isdigit() and int("1" + code[3:]) > last:
            return (2021,)
    return (2011, 2021)


def settle_vintage(
    codes: Iterable[str], declared: int | None, *, where: str, reference: set[str] | None = None
) -> int | None:
    """Check a declared LSOA vintage against the codes, or find it from them.

    Parameters
    ----------
    codes : iterable of str
        LSOA codes.
    declared : int or None
        What the user says: 2011 or 2021.
    where : str
        What the codes belong to, for the error.
    reference : set of str, optional
        All codes of 2011 that 2021 has not (from the official lookup), where at hand: they tell
        a 2011 table for certain.

    Returns
    -------
    int or None
        The vintage; ``None`` where the codes are the same in both and nothing was declared.

    Raises
    ------
    VintageError
        If the codes cannot be of the declared vintage.

    Examples
    --------
    >>> settle_vintage(["E01033999"], None, where="my table")
    2021
    """
    codes = list(codes)
    possible = vintages_of_lsoas(codes)
    if reference and not reference.isdisjoint(codes):
        if possible == (2021,):
            raise VintageError(f"{where}: LSOA codes of 2011 and of 2021 stand in one table.")
        possible = (2011,)
    if declared is None:
        return possible[0] if len(possible) == 1 else None
    if declared not in (2011, 2021):
        raise VintageError(f"{where}: vintage {declared!r} is not known; expected 2011 or 2021.")
    if declared not in possible:
        raise VintageError(
            f"{where}: declared as LSOAs of {declared}, but it holds codes that exist in "
            f"{possible[0]} only. Declare vintage={possible[0]}, or bring the table over with the "
            "LSOA 2011 to 2021 crosswalk."
        )
    return declared


def special_destination(code: str) -> str | None:
    """Name a destination of a commuting table that is no area of England and Wales.

    Parameters
    ----------
    code : str
        A destination code.

    Returns
    -------
    str or None
        ``"at home"``, ``"offshore"``, ``"Scotland"`` and so on, under the names the tables have
        for them; ``None`` for any other code.

    Examples
    --------
    >>> special_destination("OD0000001"), special_destination("S02001581")
    ('at home', 'Scotland')
    """
    if code in SPECIAL_DESTINATIONS:
        return SPECIAL_DESTINATIONS[code]
    if len(code) == 9 and code[0] in _SPECIAL_NATIONS and code[1:].isdigit():
        return _SPECIAL_NATIONS[code[0]]
    return None
