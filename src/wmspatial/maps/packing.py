"""Data packed for a page: numbers in columns, sentences as patterns, all of it compressed."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.maps.encoding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

#: 85 letters that need no escape in HTML, JSON or JavaScript, nor mean anything to Jinja.
ALPHABET: Final = (
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%()*+,-./:;=?@[]^_|~"
)
WORD: Final = 4
LETTERS: Final = 5
_GREATEST: Final = 2**31 - 1
_LONGEST: Final = len(f"{_GREATEST:,}")
# A pattern with more rows than this has columns of its own; fewer share them.
_MANY: Final = 200


@dataclass(frozen=True)
class Texts:
    """Texts of many rows, to be packed by :func:`pack`.

    Attributes
    ----------
    lines : sequence of str
        One a row. Those that differ mostly in their numbers take least room.
    """

    lines: Sequence[str]


def to_text(content: bytes) -> str:
    """Compress bytes and write them in letters that a page can hold, four bytes in five letters.

    Parameters
    ----------
    content : bytes
        Anything.

    Returns
    -------
    str
        A raw deflate stream in base 85.

    Examples
    --------
    >>> len(to_text(bytes(10_000))) < 50
    True
    """
    squeezed = zlib.compress(content, 9, wbits=-15)
    squeezed += bytes(-len(squeezed) % WORD)
    words = np.frombuffer(squeezed, dtype=">u4").astype(np.int64)
    letters = np.empty((len(words), LETTERS), dtype=np.int64)
    for place in reversed(range(LETTERS)):
        words, letters[:, place] = np.divmod(words, len(ALPHABET))
    return np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[letters].tobytes().decode()


def pack(data: dict[str, Any]) -> bytes:
    """Pack data for a page: a head of JSON, then all numbers column by column.

    Parameters
    ----------
    data : dict
        Of what JSON takes, arrays of whole numbers, and :class:`Texts`, nested as you like.

    Returns
    -------
    bytes
        How long the head is, in four bytes; the head; the columns. In the head ``{"$i": ...}``
        stands for an array and ``{"$t": ...}`` for texts.

    Examples
    --------
    >>> import numpy as np
    >>> b'{"a":{"$i":[0,2,1,1,0]}}' in pack({"a": np.array([1, 2])})
    True
    """
    packer = _Packer()
    head = json.dumps(packer.value(data), separators=(",", ":"), allow_nan=False).encode()
    return b"".join([len(head).to_bytes(WORD, "little"), head, *packer.blocks])


class _Packer:
    """Collects columns while it writes the head."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self._size = 0
        self._count = 0
        # Columns of texts by number of rows: one sentence repeats the numbers of another.
        self._known: dict[int, list[tuple[int, npt.NDArray[np.object_]]]] = {}

    def value(self, value: Any) -> Any:
        """Put in what JSON cannot write, or would write at length."""
        if isinstance(value, np.ndarray):
            return {"$i": self.ints(value)}
        if isinstance(value, Texts):
            return {"$t": self.texts(value.lines)}
        if isinstance(value, dict):
            return {key: self.value(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        return value

    def ints(self, values: npt.NDArray[Any]) -> list[int]:
        """Store whole numbers: where, how many, the lowest, bytes each, and whether as steps."""
        flat = values.astype(np.int64)
        if len(flat) == 0:
            return [self._size, 0, 0, 0, 0]
        steps = np.diff(flat, prepend=np.int64(0))
        zigzag = np.where(steps < 0, ~(steps << 1), steps << 1)
        low = int(flat.min())
        plain, moving = _planes(flat - low), _planes(zigzag)
        step = len(zlib.compress(moving, 1)) < len(zlib.compress(plain, 1))
        block = moving if step else plain
        at = self._size
        self.blocks.append(block)
        self._size += len(block)
        return [at, len(flat), low, len(block) // len(flat), int(step)]

    def texts(self, lines: Sequence[str]) -> dict[str, Any]:
        """Store texts: patterns, which pattern each row has, and its numbers in columns."""
        folded = fold(lines)
        which, cells = np.array(folded["which"], dtype=np.int64), folded["numbers"]
        known = self._known.setdefault(len(lines), [])
        slots: list[list[int]] = []
        pools: dict[Any, list[tuple[int, int]]] = {}
        gathered: dict[Any, list[tuple[int, str]]] = {}
        order = np.argsort(which, kind="stable")
        rows_of = np.split(order, np.cumsum(np.bincount(which, minlength=0))[:-1])
        for p, rows in enumerate(rows_of if len(lines) else []):
            slots.append([])
            for k in range(len(folded["patterns"][p]) - 1):
                words = [cells[i][k] for i in rows]
                same = _find(known, rows, words)
                slots[p].append(-1 if same is None else same)
                if same is None:
                    key = (p if len(rows) > _MANY else -1, k, _form(words)[1:])
                    pools.setdefault(key, []).append((p, k))
                    gathered.setdefault(key, []).extend(zip(rows.tolist(), words, strict=True))
        columns = []
        for key, members in pools.items():
            entries = sorted(gathered[key])
            full = np.full(len(lines), None, dtype=object)
            full[[i for i, _ in entries]] = [word for _, word in entries]
            known.append((self._count, full))
            for p, k in members:
                slots[p][k] = self._count
            columns.append({"id": self._count, **self._column([word for _, word in entries])})
            self._count += 1
        patterns = folded["patterns"]
        return {
            "patterns": patterns,
            "which": {"$i": self.ints(which)},
            "slots": slots,
            "columns": columns,
        }

    def _column(self, words: list[str]) -> dict[str, Any]:
        """Store the numbers of one column; as they stand where they follow no one form."""
        places, comma, width = _form(words)
        if width < 0:
            return {"words": "|".join(words)}
        most = max(places.values())
        number = {
            word: int(word.replace(",", "").replace(".", "")) * 10 ** (most - place)
            for word, place in places.items()
        }
        if max(number.values()) > _GREATEST:
            return {"words": "|".join(words)}
        values = np.array([number[word] for word in words])
        form: dict[str, Any] = {"ints": {"$i": self.ints(values)}, "form": [most, comma, width]}
        if min(places.values()) != most:
            form["places"] = {"$i": self.ints(np.array([places[word] for word in words]))}
        return form


def _planes(values: npt.NDArray[np.int64]) -> bytes:
    """Write numbers byte by byte, the lowest bytes of all of them first: alike goes to alike."""
    width = max(1, (int(values.max()).bit_length() + 7) // 8)
    return b"".join(
        ((values >> (8 * place)) & 255).astype(np.uint8).tobytes() for place in range(width)
    )


def _find(
    known: Iterable[tuple[int, npt.NDArray[np.object_]]],
    rows: npt.NDArray[np.int64],
    words: list[str],
) -> int | None:
    """Return the column that has these words in these rows already."""
    for number, full in known:
        if full[rows[0]] == words[0] and full[rows].tolist() == words:
            return number
    return None


def _form(words: Iterable[str]) -> tuple[dict[str, int], int, int]:
    """Return the decimals of each number, if thousands are split, and the width of leading noughts.

    A width below nought says that the numbers follow no one form.
    """
    parted = {word: word.split(".") for word in words}
    places = {word: len(parts[-1]) if len(parts) > 1 else 0 for word, parts in parted.items()}
    wholes = [parts[0] for parts in parted.values()]
    widths = {len(word) for word in wholes}
    padded = any(word[0] == "0" and len(word) > 1 for word in wholes)
    width = widths.pop() if padded and len(widths) == 1 else 0
    comma = int(not width and not any(len(word) >= WORD and "," not in word for word in wholes))
    fits = all(
        len(parts) <= len(("whole", "rest"))
        and len(parts[0]) <= _LONGEST
        and "," not in "".join(parts[1:])
        and parts[0] == whole(parts[0], comma, width)
        for parts in parted.values()
    )
    return places, comma, width if fits else -1


def whole(text: str, comma: int, width: int) -> str:
    """Write a whole number as the page does: thousands split, or noughts before it.

    Parameters
    ----------
    text : str
        Its digits.
    comma, width : int
        If thousands are split; if not, the least number of digits.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> whole("1234", 1, 0), whole("67", 0, 3)
    ('1,234', '067')
    """
    plain = int(text.replace(",", "") or 0)
    return f"{plain:,}" if comma else str(plain).zfill(width)
