"""Damage to a file as a whole: cut short, spoilt when packed, or another file altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from mutations import Cut


def truncated(cut: Cut, rng: Random) -> bool:
    """Cut the file short in some line."""
    at = rng.randrange(len(cut.body))
    whole = len(cut.body)
    row = cut.body[at]
    text = cut.delimiter.join(row.fields)
    keep = rng.randint(0, len(text))
    cut.body, cut.footer, cut.last_newline = cut.body[: at + 1], [], False
    if keep == 0:
        cut.body.pop()
        cut.last_newline = True
    elif keep < len(text):
        row.fields = [text[:keep]]
        row.damaged = True
    cut.short = len(cut.body) < whole or row.damaged
    cut.hopeless |= not cut.body
    return True


def cut_in_the_head(cut: Cut, rng: Random) -> bool:
    left = rng.randint(0, len(cut.preamble))
    cut.preamble, cut.gap, cut.body, cut.footer = cut.preamble[:left], [], [], []
    cut.header = cut.header[: rng.randint(0, len(cut.header))] or [""]
    cut.hopeless = True
    return True


def packed_file_spoilt(cut: Cut, rng: Random) -> bool:
    """Cut a packed file short, or turn a byte of it."""
    if cut.wrap == "plain":
        return False
    where, short = rng.random(), rng.random() < 0.5

    def spoil(data: bytes) -> bytes:
        # Behind the headers, whose bytes may be anything, and before the trailer of a zip.
        at = 60 + int(where * (len(data) * 0.8 - 60))
        return data[:at] if short else data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]

    cut.spoil_bytes.append(spoil)
    cut.hopeless = True
    return True


def packed_otherwise(cut: Cut, rng: Random) -> bool:
    cut.wrap = rng.choice([w for w in ("plain", "gz", "zip") if w != cut.wrap])
    return True


def another_file(cut: Cut, rng: Random) -> bool:
    data = rng.choice([
        b"", b"\n", b"\x00" * 500, b"<!DOCTYPE html><html><body>Sign in</body></html>\n",
        b'{"error": {"code": 400}}', b"a,b,c\n1,2,3\n", b"\xff\xfe\x00", b"PK\x03\x04", b"PAR1",
        b"\x1f\x8b", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", b"code,deprivation_rank\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ])  # fmt: skip
    cut.spoil_bytes.append(lambda _: data)
    cut.hopeless = True
    return True


#: What comes last.
WHOLE: list[Callable[[Cut, Random], bool]] = [
    truncated, truncated, truncated, cut_in_the_head, packed_file_spoilt, packed_otherwise,
    another_file,
]  # fmt: skip
