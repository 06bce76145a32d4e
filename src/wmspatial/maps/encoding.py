"""Data made short for a page: polygons as text, sentences as patterns and numbers."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from wmspatial.maps.geometry import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

# 64 letters that need no escaping in JSON, JavaScript or HTML; the page has the same list.
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BITS: Final = 5
_MORE: Final = 1 << _BITS
_SLOT: Final = "\x01"
_NUMBER: Final = re.compile(r"\d(?:[\d,.]*\d)?")


def encode_polygons(shapes: npt.NDArray[np.object_]) -> tuple[list[int], list[str]]:
    """Write polygons as short text: steps from point to point, in units of the last decimal.

    Parameters
    ----------
    shapes : ndarray of Polygon or MultiPolygon
        In longitude and latitude.

    Returns
    -------
    origin : list of int
        Longitude and latitude, in units of the last decimal, from which each ring starts.
    texts : list of str
        One a shape: rings split by ``,`` and parts by ``;``. Each point is the step from the one
        before it, east then north, in a variable-length code of 5 bits a letter; the point that
        closes a ring is left out.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> encode_polygons(np.array([box(0, 0, 0.00001, 0.00002)]))
    ([0, 0], ['CAAEBAAD'])
    """
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    multi = shapes.copy()
    multi[single] = [shapely.multipolygons([shape]) for shape in shapes[single]]
    _, coords, (ring_ends, part_ends, shape_ends) = shapely.to_ragged_array(multi)
    grid = np.round(coords[:, :2] * 10**DECIMALS).astype(np.int64)
    origin = grid.min(axis=0) if len(grid) else np.zeros(2, dtype=np.int64)
    closing = ring_ends[1:] - 1
    keep = np.ones(len(grid), dtype=bool)
    keep[1:] = (grid[1:] != grid[:-1]).any(axis=1)
    keep[ring_ends[:-1]] = True
    keep[closing] = False
    ends = np.concatenate([[0], np.cumsum(keep)])[ring_ends]
    points = grid[keep]
    steps = np.diff(points, axis=0, prepend=origin[None, :])
    steps[ends[:-1]] = points[ends[:-1]] - origin
    rings = _letters(steps, ends)
    parts = [",".join(rings[a:b]) for a, b in pairwise(part_ends)]
    texts = [";".join(parts[a:b]) for a, b in pairwise(shape_ends)]
    return [int(value) for value in origin], texts


def _letters(steps: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> list[str]:
    """Turn steps into letters, one text a ring."""
    flat = steps.ravel()
    left = np.where(flat < 0, ~(flat << 1), flat << 1)  # zigzag: the sign goes to the last bit
    columns, used = [], []
    alive = np.ones(len(left), dtype=bool)
    while alive.any():
        more = left >= _MORE
        columns.append((left & (_MORE - 1)) | np.where(more, _MORE, 0))
        used.append(alive)
        left, alive = left >> _BITS, alive & more
    if not columns:
        return [""] * (len(ends) - 1)
    codes, mask = np.column_stack(columns), np.column_stack(used)
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[codes[mask]].tobytes().decode()
    stops = np.concatenate([[0], np.cumsum(mask.sum(axis=1))])[2 * ends]
    return [letters[a:b] for a, b in pairwise(stops)]


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
        text; ``numbers``, the numbers of each, split by ``|``. Numbers that a pattern always has
        stand in the pattern.

    Examples
    --------
    >>> folded = fold(["rank 7 of 90", "rank 12 of 90"])
    >>> folded["patterns"], folded["numbers"]
    ([['rank ', ' of 90']], ['7', '12'])
    >>> unfold(folded)
    ['rank 7 of 90', 'rank 12 of 90']
    """
    clean = [text.replace(_SLOT, " ") for text in texts]
    numbers = [_NUMBER.findall(text) for text in clean]
    bare = [_NUMBER.sub(_SLOT, text) for text in clean]
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
    return {"patterns": patterns, "which": which, "numbers": ["|".join(n) for n in numbers]}


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
    for w, line in zip(folded["which"], folded["numbers"], strict=True):
        between = folded["patterns"][w]
        words = line.split("|") if len(between) > 1 else []
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
