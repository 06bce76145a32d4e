"""How a briefing writes numbers, names and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What the census calls the groups of its five-group tables.
_GROUPS: Final = {
    "white": "White",
    "mixed": "Mixed or multiple",
    "asian": "Asian",
    "black": "Black",
    "other": "Other",
}
_SMALL: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip


def percent(share: float) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.1698), percent(0.0004), percent(0)
    ('17.0 %', 'under 0.1 %', '0 %')
    """
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1 %"
    return f"{value:.1f} %" if value else "0 %"


def span(low: float, high: float) -> str:
    """Write two shares as a range.

    Examples
    --------
    >>> span(0.153, 0.188)
    '15.3 to 18.8 %'
    """
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def many(count: float, what: str, plural: str = "") -> str:
    """Count things in words.

    Examples
    --------
    >>> many(1, "neighbourhood"), many(2300, "authority", "authorities")
    ('1 neighbourhood', '2,300 authorities')
    """
    return f"{count:,.0f} {what if round(count) == 1 else plural or what + 's'}"


def spelt(count: int) -> str:
    """Write a small number as a word.

    Examples
    --------
    >>> spelt(3), spelt(74)
    ('three', '74')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def listed(parts: Iterable[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["Walsall", "Dudley", "Solihull"])
    'Walsall, Dudley and Solihull'
    """
    items = list(parts)
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)


def is_are(count: float) -> str:
    """Return the verb that goes with a number."""
    return "is" if round(count) == 1 else "are"


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def group_name(column: str) -> str:
    """Say what a column of people is called.

    Examples
    --------
    >>> group_name("mixed"), group_name("no_car")
    ('Mixed or multiple', 'No car')
    """
    return _GROUPS.get(column, capital(column.replace("_", " ")))


def ethnic(groups: Iterable[str]) -> bool:
    """Say whether the groups are those of the census tables of ethnic groups."""
    return set(groups) <= set(_GROUPS)


def tidy(text: str) -> str:
    """End a text with a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
