"""What a map shows, in which order, in which colours, signs and words.

Legend, colours and labels of every renderer come from here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wmspatial._looks import Look
from wmspatial.typology.parameters import ACCESSIBILITY, CLASSES, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Numbers of JRF's figure of the West Midlands.
WEST_MIDLANDS: Final = {
    "E08000031": (1, "Wolverhampton"),
    "E08000027": (2, "Dudley"),
    "E08000028": (3, "Sandwell"),
    "E08000030": (4, "Walsall"),
    "E08000025": (5, "Birmingham"),
    "E08000029": (6, "Solihull"),
    "E08000026": (7, "Coventry"),
}

#: With more authorities than this the numbers would hide the map.
MOST_NUMBERS: Final = 40


@dataclass(frozen=True)
class Category(Look):
    """How one class of areas is shown."""


@dataclass(frozen=True)
class Authority:
    """An authority on the map.

    Attributes
    ----------
    key : str
        Its code, or its name where there are no codes.
    name : str
        What it is called.
    number : int or None
        Its number on the map and in the key.
    """

    key: str
    name: str
    number: int | None


# Lightness falls with importance, so the classes survive a greyscale printer; the hues differ on
# axes that each kind of colour blindness keeps. Tests measure both.
_LOOKS: Final = {
    "Disconnected": ("#7b1338", "#5c0a28", "●", "solid", True),
    "Connected": ("#2f83b7", "#1c5f89", "◆", "solid", True),
    "Large number of jobs": ("#f5c242", "#b98500", "■", "solid", True),
    "Not classified": ("#f1f0ec", "#c9c7bf", "○", "solid", False),
    "Insufficient data": ("#dddddd", "#8d8d8d", "╱", "hatch", False),
}

#: Upper ends of the bins of a ward's share of residents in disconnected neighbourhoods.
SHARE_BREAKS: Final = (0.0, 0.10, 0.25, 0.50, 1.0)
_SHARE_LOOKS: Final = (
    ("0 %", "#f4f1ea", "○", False),
    ("Up to 10 %", "#f3cfb3", "◔", True),
    ("10 to 25 %", "#e39580", "◑", True),
    ("25 to 50 %", "#b8476a", "◕", True),
    ("Over 50 %", "#5c0f3c", "●", True),
)


def class_categories(parameters: Parameters | None = None) -> tuple[Category, ...]:
    """Return the five classes in order, each with its look and its meaning.

    Parameters
    ----------
    parameters : Parameters, optional
        The choices behind the classes, which the meanings name; by default the defaults.

    Returns
    -------
    tuple of Category
        In the order of the legend.

    Examples
    --------
    >>> [c.name for c in class_categories() if c.loud]
    ['Disconnected', 'Connected', 'Large number of jobs']
    """
    meanings = _meanings(parameters or Parameters())
    return tuple(
        Category(name, colour, line, symbol, pattern, loud, meanings[name])
        for name in CLASSES
        for colour, line, symbol, pattern, loud in [_LOOKS[name]]
    )


def share_categories() -> tuple[Category, ...]:
    """Return the bins of a ward's share of residents in disconnected neighbourhoods, in order.

    Returns
    -------
    tuple of Category
        One a bin of :data:`SHARE_BREAKS`, and a last one for wards without residents.

    Examples
    --------
    >>> [c.name for c in share_categories()][:2]
    ['0 %', 'Up to 10 %']
    """
    bins = [
        Category(name, colour, "#8a7f78", symbol, loud=loud)
        for name, colour, symbol, loud in _SHARE_LOOKS
    ]
    colour, line, symbol, pattern, loud = _LOOKS["Insufficient data"]
    return (*bins, Category("Nobody who could be classed", colour, line, symbol, pattern, loud))


def connection_words(parameters: Parameters | None = None) -> str:
    """Say what connection and its cut are, for the foot of the legend.

    Parameters
    ----------
    parameters : Parameters, optional
        The choices; by default the defaults.

    Returns
    -------
    str
        Two sentences.

    Examples
    --------
    >>> connection_words().endswith("Below it a neighbourhood is disconnected.")
    True
    """
    p = parameters or Parameters()
    if p.connection == "share to jobs-rich":
        score = (
            "Connection is the share of a neighbourhood’s commuters who work in places with "
            f"{_plenty(p)}."
        )
    elif p.connection in ACCESSIBILITY:
        score = f"Connection is {_accessibility(p)}."
    else:
        score = f"Connection is the column “{p.connection}”, higher for better connected."
    if p.cut_kind == "value":
        cut = f"The cut is {p.cut_text}."
    else:
        among = {
            "deprived and not jobs-rich": "deprived neighbourhoods that are not rich in jobs",
            "deprived": "deprived neighbourhoods",
            "all": "neighbourhoods",
        }[p.reference]
        where = "the study area’s" if p.labour_market == "study area" else "its labour market’s"
        cut = f"The cut is {p.cut_text} of {where} {among}."
    return f"{score} {cut} Below it a neighbourhood is disconnected."


def _accessibility(p: Parameters) -> str:
    straight = " in a straight line" if p.impedance == "distance" else ""
    if p.connection == "cumulative":
        return f"the number of jobs within {p.separation_text(p.threshold)}{straight}"
    what = {
        "shen": "the number of jobs per competing worker within reach (Shen accessibility",
        "hansen": "the number of jobs within reach, each counted less the farther away it is "
        "(Hansen accessibility",
    }[p.connection]
    return f"{what}; {p.decay_text}, within {p.separation_text(p.within)}{straight})"


def _plenty(p: Parameters) -> str:
    return "more jobs than workers" if p.pez_ratio == 1 else f"over {p.pez_ratio:g} jobs a worker"


def _meanings(p: Parameters) -> dict[str, str]:
    who = {
        "all employed residents": "employed residents",
        "commuters": "resident commuters",
        "all residents": "residents",
    }.get(p.pez_denominator, p.pez_denominator)
    jobs = (
        f"more jobs than {who}"
        if p.pez_ratio == 1
        else f"over {p.pez_ratio:g} jobs for each of its {who}"
    )
    return {
        "Disconnected": "deprived, and its connection to jobs is below the cut",
        "Connected": "deprived, but its connection to jobs is at or above the cut",
        "Large number of jobs": f"deprived, but with {jobs}",
        "Not classified": f"not among the {100 * p.deprived_share:g} % most deprived",
        "Insufficient data": "too few commuters, or numbers missing",
    }


def number_authorities(names: dict[str, str]) -> tuple[Authority, ...]:
    """Give authorities numbers: JRF's in the West Midlands, elsewhere those of the alphabet.

    Parameters
    ----------
    names : dict of str to str
        Authorities by code; where there are no codes, by name.

    Returns
    -------
    tuple of Authority
        In the order of their numbers. With more than :data:`MOST_NUMBERS` there are no numbers,
        and the order is the alphabet's.

    Examples
    --------
    >>> [(a.number, a.name) for a in number_authorities({"E08000026": "Coventry"})]
    [(7, 'Coventry')]
    >>> [a.number for a in number_authorities({"b": "Leeds", "a": "Bradford"})]
    [1, 2]
    """
    jrf = _jrf_numbers(names.items())
    if jrf is not None:
        return tuple(sorted(jrf, key=lambda a: a.number or 0))
    ordered = sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
    numbered = len(ordered) <= MOST_NUMBERS
    return tuple(
        Authority(key, name, number if numbered else None)
        for number, (key, name) in enumerate(ordered, 1)
    )


def _jrf_numbers(items: Iterable[tuple[str, str]]) -> list[Authority] | None:
    """Give the numbers of JRF's figure; None unless all authorities are among its seven."""
    by_name = {name: number for number, name in WEST_MIDLANDS.values()}
    found = []
    for key, name in items:
        number = WEST_MIDLANDS[key][0] if key in WEST_MIDLANDS else by_name.get(key)
        if number is None:
            return None
        found.append(Authority(key, name, number))
    return found
