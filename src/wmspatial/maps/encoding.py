"""Sentences as patterns and the numbers in them, and JSON that is safe inside a page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SLOT: Final = "\x01"
_NUMBER: Final = re.compile(r"([0-9](?:[0-9,.]*[0-9])?)")


def fold(texts: Sequence[str]) -> dict[str, Any]:
    """Write many like sentences as few patterns and the numbers in them.

    Parameters
    ----------
    texts : sequence of str
        Sentences that differ mostly in their numbers; an empty one is nothing to say.

    Returns
    -------
    dict
        ``patterns``, lists of what stands between the numbers; ``which``, the pattern of each
        text; ``numbers``, the numbers of each, as they were written. Numbers that a pattern always
        has stand in the pattern.

    Examples
    --------
    >>> folded = fold(["rank 7 of 90", "rank 12 of 90"])
    >>> folded["patterns"], folded["numbers"]
    ([['rank ', ' of 90']], [['7'], ['12']])
    >>> unfold(folded)
    ['rank 7 of 90', 'rank 12 of 90']
    """
    parted = [_NUMBER.split(text.replace(_SLOT, " ")) for text in texts]
    numbers = [parts[1::2] for parts in parted]
    bare = [_SLOT.join(parts[::2]) for parts in parted]
    order = {pattern: i for i, pattern in enumerate(dict.fromkeys(bare))}
    which = [order[pattern] for pattern in bare]
    members: list[list[int]] = [[] for _ in order]
    for i, w in enumerate(which):
        members[w].append(i)
    patterns = []
    for pattern, rows in zip(order, members, strict=True):
        columns = list(zip(*(numbers[i] for i in rows), strict=True))
        fixed = [column[0] if len(set(column)) == 1 else None for column in columns]
        patterns.append(_fill(pattern, fixed).split(_SLOT))
        for i in rows:
            numbers[i] = [n for n, f in zip(numbers[i], fixed, strict=True) if f is None]
    return {"patterns": patterns, "which": which, "numbers": numbers}


def _fill(pattern: str, fixed: Iterable[str | None]) -> str:
    between = pattern.split(_SLOT)
    words = [_SLOT if f is None else f for f in fixed]
    return "".join(a + b for a, b in zip(between, [*words, ""], strict=True))


def unfold(folded: dict[str, Any]) -> list[str]:
    """Write folded sentences out again, as the page does.

    Parameters
    ----------
    folded : dict
        From :func:`fold`.

    Returns
    -------
    list of str
        The sentences.

    Examples
    --------
    >>> unfold(fold(["one", "two 2"]))
    ['one', 'two 2']
    """
    texts = []
    for w, words in zip(folded["which"], folded["numbers"], strict=True):
        between = folded["patterns"][w]
        texts.append("".join(a + b for a, b in zip(between, [*words, ""], strict=True)))
    return texts


def embedded_json(value: object) -> str:
    r"""Write data as JSON that cannot end the script it stands in, nor be taken for a template.

    Parameters
    ----------
    value : object
        What :mod:`json` can write; missing numbers have to be None.

    Returns
    -------
    str
        Compact JSON without ``<``, ``>`` and ``&``, and without what opens a tag of Jinja, through
        which folium sends every text.

    Examples
    --------
    >>> embedded_json({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)
