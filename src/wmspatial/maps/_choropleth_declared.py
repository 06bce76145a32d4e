"""Kinds whose colours and signs are declared: the library's own, the same on every map."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from wmspatial.maps.spec import Category, class_categories
from wmspatial.typology._change_sources import CHANGE_KINDS
from wmspatial.typology._residential_words import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Steps of lightness, so that greyscale tells them apart; hues that colour-blind eyes keep apart.
_DARK, _RED, _BLUE, _YELLOW, _PALE = "#6a1638", "#b8502f", "#5aa5d6", "#f2c84b", "#f1f0ec"
_EDGE, _PALE_EDGE = "#55555a", "#c9c7bf"
_TYPES: Final = {
    "Transit": (_YELLOW, "●"),
    "Escalator": (_BLUE, "▲"),
    "Gentrifier": (_RED, "■"),
    "Isolate": (_DARK, "◆"),
}
_CHANGES: Final = {
    "entered disconnected": (_DARK, "▲"),
    "left disconnected": (_BLUE, "▼"),
    "stayed disconnected": (_RED, "●"),
    "changed otherwise": (_YELLOW, "◆"),
    "no change": (_PALE, "○"),
}
_MEETINGS: Final = {
    "Double disconnection": (_DARK, "●", "disconnected from jobs, and of the type Isolate"),
    "Disconnected only": (_RED, "■", "disconnected from jobs, and of another type"),
    "Isolate only": (_BLUE, "◆", "of the type Isolate, and not disconnected from jobs"),
    "Neither": (_YELLOW, "▲", "deprived, and neither of the two"),
}


def residential_categories() -> tuple[Category, ...]:
    """Return the residential types in order, and what is of none.

    Returns
    -------
    tuple of Category
        The four types, and after them two for what has none.

    Examples
    --------
    >>> [c.name for c in residential_categories()][:2]
    ['Transit', 'Escalator']
    """
    types = [
        Category(name, colour, _EDGE, sign, meaning=MEANINGS[name])
        for name, (colour, sign) in _TYPES.items()
    ]
    return (*types, *_blank("not deprived", "too few movers known"))


def change_categories() -> tuple[Category, ...]:
    """Return what a neighbourhood can have done between two censuses, in order.

    Returns
    -------
    tuple of Category
        Named as in the column ``change_kind``.

    Examples
    --------
    >>> [c.name for c in change_categories()][0]
    'entered disconnected'
    """
    return tuple(
        Category(
            name,
            colour,
            _PALE_EDGE if colour == _PALE else _EDGE,
            sign,
            loud=colour != _PALE,
        )
        for name in CHANGE_KINDS
        for colour, sign in [_CHANGES[name]]
    )


def _meeting_categories() -> tuple[Category, ...]:
    made = [
        Category(name, colour, _EDGE, sign, meaning=meaning)
        for name, (colour, sign, meaning) in _MEETINGS.items()
    ]
    return (*made, *_blank("not deprived", "numbers missing"))


def _quadrant_categories() -> tuple[Category, ...]:
    # Loading what finds patterns takes a while, and most maps are of something else.
    from wmspatial.patterns import QUADRANTS

    kept = [field.name for field in fields(Category)]
    return tuple(Category(**{name: getattr(one, name) for name in kept}) for one in QUADRANTS)


def _blank(unclassed: str, unknown: str) -> tuple[Category, Category]:
    """Return what is not the matter of a map: not classified, and not known."""
    looks = {c.name: c for c in class_categories()}
    return (
        replace(looks["Not classified"], meaning=unclassed),
        replace(looks["Insufficient data"], meaning=unknown),
    )


@cache
def _sets() -> tuple[dict[str, Category], ...]:
    found = (class_categories(), residential_categories(), change_categories())
    every = (*found, _meeting_categories(), _quadrant_categories())
    return tuple({category.name: category for category in one} for one in every)


def declared(names: Iterable[str]) -> dict[str, Category] | None:
    """Find the looks that are declared for kinds of these names.

    Parameters
    ----------
    names : iterable of str
        The kinds of a column.

    Returns
    -------
    dict of str to Category or None
        Every kind of the set that holds all of them, in its order: classes of the labour market,
        residential types, changes of class, how two typologies meet, or patterns of an area and
        its neighbours. None where no set holds them all.

    Examples
    --------
    >>> list(declared(["High-Low", "Low-Low"]))[:2]
    ['Low-Low', 'High-High']
    >>> declared(["north", "south"]) is None
    True
    """
    asked = set(names)
    return next((one for one in _sets() if asked <= set(one)), None) if asked else None
