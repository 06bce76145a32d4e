"""Reads the data that a page carries, as the page itself does."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.errors import InputError
from wmspatial.maps.packing import ALPHABET, LETTERS, WORD
from wmspatial.maps.packing import whole as written
from wmspatial.maps.topology import from_columns, polygons

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

_DATA: Final = re.compile(r'<script type="text/plain" id="[^"]*-data">([^<]*)</script>')


def read_page(html: str) -> dict[str, Any]:
    """Read the data out of a page.

    Parameters
    ----------
    html : str
        A page of this library.

    Returns
    -------
    dict
        What the page's script draws and says; ``polygons`` are the areas, in the order of
        ``codes``, and ``lines`` the outlines of authorities.

    Raises
    ------
    InputError
        If there is no such data in it.

    Examples
    --------
    >>> import wmspatial as wm
    >>> page = wm.disconnection_map(wm.classify(wm.load_sample()))
    >>> data = read_page(page.get_root().render())
    >>> len(data["codes"]) == len(data["polygons"])
    True
    """
    found = _DATA.search(html)
    if found is None:
        raise InputError("This is no page of wmspatial: there is no data in it.")
    data = unpack(from_text(found[1]))
    shapes = polygons(from_columns(data["topology"]))
    count = data["count"]
    return {**data, "polygons": shapes[:count], "lines": shapes[count:]}


def from_text(text: str) -> bytes:
    """Read what :func:`to_text` wrote, as the page does.

    Parameters
    ----------
    text : str
        Letters.

    Returns
    -------
    bytes
        The content.

    Examples
    --------
    >>> from wmspatial.maps.packing import to_text
    >>> from_text(to_text(b"Ynys M")).decode()
    'Ynys M'
    """
    value = np.zeros(128, dtype=np.int64)
    value[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] = np.arange(len(ALPHABET))
    letters = value[np.frombuffer(text.encode(), dtype=np.uint8)].reshape(-1, LETTERS)
    words = letters @ len(ALPHABET) ** np.arange(LETTERS)[::-1]
    return zlib.decompressobj(wbits=-15).decompress(words.astype(">u4").tobytes())


def unpack(content: bytes) -> dict[str, Any]:
    """Read packed data, as the page does.

    Parameters
    ----------
    content : bytes
        From :func:`pack`.

    Returns
    -------
    dict
        What was packed: arrays as arrays, texts as lists of str.

    Examples
    --------
    >>> from wmspatial.maps.packing import Texts, pack
    >>> unpack(pack({"a": Texts(["rank 7 of 90", "rank 1,234 of 90"])}))
    {'a': ['rank 7 of 90', 'rank 1,234 of 90']}
    """
    size = int.from_bytes(content[:WORD], "little")
    head = json.loads(content[WORD : WORD + size])
    body = np.frombuffer(content[WORD + size :], dtype=np.uint8)
    return dict(_Unpacker(body).value(head))


class _Unpacker:
    """Reads the head, and the columns that it names."""

    def __init__(self, body: npt.NDArray[np.uint8]) -> None:
        self._body = body
        self._columns: dict[int, dict[int, str]] = {}

    def value(self, value: Any) -> Any:
        """Put arrays and texts back."""
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "$i" in value:
            return self._ints(*value["$i"])
        if "$t" in value:
            return self._texts(value["$t"])
        return {key: self.value(one) for key, one in value.items()}

    def _ints(self, at: int, count: int, low: int, width: int, step: int) -> npt.NDArray[np.int64]:
        planes = self._body[at : at + count * width].reshape(width, count).astype(np.int64)
        flat = np.zeros(count, dtype=np.int64)
        for place in range(width):
            flat |= planes[place] << (8 * place)
        if not step:
            return flat + low
        return np.cumsum(np.where(flat & 1, ~(flat >> 1), flat >> 1))

    def _texts(self, packed: dict[str, Any]) -> list[str]:
        which = self._ints(*packed["which"]["$i"]).tolist()
        users: dict[int, list[int]] = {column["id"]: [] for column in packed["columns"]}
        for i, p in enumerate(which):
            for column in packed["slots"][p]:
                if column in users:
                    users[column].append(i)
        for column in packed["columns"]:
            words = self._words(column)
            self._columns[column["id"]] = dict(zip(users[column["id"]], words, strict=True))
        return ["".join(self._parts(packed, i, p)) for i, p in enumerate(which)]

    def _parts(self, packed: dict[str, Any], i: int, p: int) -> Iterable[str]:
        between, slots = packed["patterns"][p], packed["slots"][p]
        for k, words in enumerate(between):
            yield words
            if k < len(slots):
                yield self._columns[slots[k]][i]

    def _words(self, column: dict[str, Any]) -> list[str]:
        if "words" in column:
            return str(column["words"]).split("|")
        numbers = self._ints(*column["ints"]["$i"]).tolist()
        most, comma, width = column["form"]
        places = (
            self._ints(*column["places"]["$i"]).tolist()
            if "places" in column
            else [most] * len(numbers)
        )
        return [
            _word(number, most, place, comma, width)
            for number, place in zip(numbers, places, strict=True)
        ]


def _word(number: int, most: int, places: int, comma: int, width: int) -> str:
    digits = str(number).zfill(most + 1)
    whole, rest = digits[: len(digits) - most], digits[len(digits) - most :][:places]
    whole = written(whole, comma, width)
    return f"{whole}.{rest}" if places else whole
