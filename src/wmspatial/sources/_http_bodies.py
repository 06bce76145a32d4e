"""Read the body of an answer in parts: in time, in bounds, unpacked, and whole."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from wmspatial.sources._http_waiting import Budget, Passing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import requests

PART: Final = 1 << 16
#: How much of the beginning is looked at to tell a file from a web page.
HEAD: Final = 512
_GZIP_OR_ZLIB: Final = 47
_PAGE_TYPES: Final = ("text/html", "application/xhtml")
_PAGE_STARTS: Final = (b"<!doctype html", b"<html", b"<head", b"<body")


def parts_of(response: requests.Response, budget: Budget) -> Iterator[bytes]:
    """Read a body as it comes, unpacked.

    Parameters
    ----------
    response : requests.Response
        Opened with ``stream=True`` and not read yet.
    budget : Budget
        The time there is: a server that drips is left at its end.

    Yields
    ------
    bytes
        Never more than 64 KiB, whatever the packed body would grow to.

    Raises
    ------
    Passing
        If time is up, or a packed body is damaged or cut short.
    urllib3.exceptions.HTTPError
        If the connection breaks, or fewer bytes come than were announced.
    """
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    raw = _raw_parts(response, budget)
    if packed in ("", "identity"):
        return raw
    if packed in ("gzip", "x-gzip", "deflate"):
        return _unpacked(raw)
    raise Passing(f"came packed as {packed!r}, expected gzip or nothing.")


def _raw_parts(response: requests.Response, budget: Budget) -> Iterator[bytes]:
    """Read what has come, without waiting for more, so that the time is looked at between."""
    total = 0
    while True:
        if budget.left <= 0:
            raise Passing(f"sent only {total:,} bytes in {budget.seconds:,.0f} s.")
        part = response.raw.read1(PART, decode_content=False)
        if not part:
            return
        total += len(part)
        yield part


def _unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack, in bounded steps. urllib3 does not notice a packed body that is cut short."""
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        for part in parts:
            rest = part
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
                if out := unpacker.decompress(rest, PART):
                    yield out
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        while not unpacker.eof and (out := unpacker.decompress(b"", PART)):
            yield out
    except zlib.error as error:
        raise Passing(f"came packed with gzip, and damaged ({error}).") from None
    if not unpacker.eof:
        raise Passing("came packed with gzip, and cut short.")


def split_head(parts: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Take the first bytes of a body, to look at them before anything is kept.

    Parameters
    ----------
    parts : iterator of bytes
        The body.

    Returns
    -------
    head : bytes
        512 bytes or a little more; fewer where the body is shorter.
    rest : iterator of bytes
        What comes after.
    """
    head = b""
    for part in parts:
        head += part
        if len(head) >= HEAD:
            break
    return head, parts


def not_a_page(head: bytes, content_type: str) -> str:
    """Tell a web page from a file: servers answer with one, and status 200, when they are troubled.

    Parameters
    ----------
    head : bytes
        The first bytes.
    content_type : str
        What the server calls it.

    Returns
    -------
    str
        What is wrong, or nothing.

    Examples
    --------
    >>> not_a_page(b"<!DOCTYPE html><h1>Busy</h1>", "text/csv")
    'a web page'
    >>> not_a_page(b"code,people", "text/csv")
    ''
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    page = content_type.strip().lower().startswith(_PAGE_TYPES) or start.startswith(_PAGE_STARTS)
    return "a web page" if page else ""


def a_zip(head: bytes, content_type: str) -> str:
    """Tell a zip archive, or a workbook, from anything else; takes and gives as `not_a_page` does.

    Examples
    --------
    >>> a_zip(b"code,people", "text/csv")
    'no zip archive'
    """
    if wrong := not_a_page(head, content_type if head[:2] != b"PK" else ""):
        return wrong
    return "" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else "no zip archive"
