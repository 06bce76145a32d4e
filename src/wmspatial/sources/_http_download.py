"""Bring one file, whole: begun, gone on with, checked, and never kept where it is refused."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from wmspatial.errors import FetchError, OutputError
from wmspatial.sources._http_asking import GOOD, Ask, Transport
from wmspatial.sources._http_bodies import parts_of, split_head
from wmspatial.sources._http_waiting import Budget, Passing
from wmspatial.sources._http_words import UnreachableError, first_words, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import requests

    from wmspatial.sources._http_partial import Partial

_PACKED: Final = ("", "identity")


@dataclass(frozen=True)
class Received:
    """What a download brought.

    Attributes
    ----------
    url : str
        The address asked, without a key.
    bytes : int
        Size of the file.
    sha256 : str
        Its hash, hexadecimal.
    content_type, etag, last_modified : str
        What the server said of it; empty where it said nothing.
    notes : tuple of str
        What was left out, or counted as missing, on the way.
    """

    url: str
    bytes: int
    sha256: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Download:
    """A file under way; `Door.download` says what each part is."""

    transport: Transport
    ask: Ask
    partial: Partial
    most: int
    check: Callable[[bytes, str], str] | None
    progress: Callable[[int, int | None], None] | None

    def bring(self) -> Received:
        """Try until the file is there; after a failure keep only what can be gone on with."""
        done = False
        try:
            received = self.transport.persist(self.ask, self._once)
            done = True
        except UnreachableError:
            raise
        except FetchError as error:
            if kept := self.partial.settle():
                raise FetchError(
                    f"{error} {kept:,} bytes are kept: the next try goes on from there."
                ) from None
            raise
        finally:
            if not done:
                self.partial.settle()
        self.partial.done()
        return received

    def _once(self, budget: Budget) -> Received:
        """Try once to bring the file, or the rest of it."""
        # A packed body cannot be gone on with, so files are asked for as they are.
        headers = {"Accept-Encoding": "identity", **self.partial.headers}
        with self.transport.answer(self.ask, headers, budget) as answer:
            on = self.partial.goes_on(answer.status_code, answer.headers)
            if not on and answer.status_code != GOOD:
                self.partial.forget()
                raise Passing("what came does not fit to the part that was kept.", 0.0)
            total = _announced(answer, self.partial.size if on else 0)
            if (total or 0) > self.most:
                self._too_large(f"{total:,} bytes are announced")
            head, rest = split_head(parts_of(answer, budget))
            if not on:
                self._look_at(head, answer)
                self.partial.begin(answer.headers)
            size = self._append(head, rest, total)
            digest = _hash(self.partial.to)
            kind, etag, changed = (
                answer.headers.get(name, "") for name in ("Content-Type", "ETag", "Last-Modified")
            )
            return Received(self.ask.address, size, digest, kind, etag, changed)

    def _look_at(self, head: bytes, answer: requests.Response) -> None:
        """Refuse what is not the kind of file expected, before anything of it is kept."""
        kind = answer.headers.get("Content-Type", "")
        wrong = "" if self.check is None else self.check(head, kind)
        wrong = wrong if head else "nothing"
        if wrong:
            self.partial.forget()
            raise FetchError(
                f"{self.ask.shown}: expected a file, found {wrong}. "
                f"{quoted(self.transport.veil.cover(first_words(head)))} The service may be down, "
                "or the file has moved: try later, or look at the publisher's page."
            )

    def _append(self, head: bytes, rest: Iterator[bytes], total: int | None) -> int:
        """Write what comes behind what is there, and say how large the file is then."""
        with _open(self.partial.to) as file:
            size, part = file.tell(), head
            while part:
                size += len(part)
                if size > self.most:
                    self._too_large("more came")
                with _naming(self.partial.to):
                    file.write(part)
                if self.progress is not None:
                    self.progress(size, total)
                part = next(rest, b"")
            with _naming(self.partial.to):
                file.flush()
                os.fsync(file.fileno())
        return size

    def _too_large(self, found: str) -> None:
        """Refuse a file without end, and keep nothing of it."""
        self.partial.forget()
        raise FetchError(
            f"{self.ask.shown}: expected at most {self.most:,} bytes, {found}. If the file is "
            "known to be that large, raise max_bytes."
        )


def _announced(answer: requests.Response, start: int) -> int | None:
    """Say how large the whole file will be, where the server says so."""
    length = answer.headers.get("Content-Length", "").strip()
    plain = answer.headers.get("Content-Encoding", "").strip().lower() in _PACKED
    return start + int(length) if plain and length.isascii() and length.isdigit() else None


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn an error of the disk into one that names the file."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write at its end."""
    with _naming(path):
        file = path.open("ab")
    try:
        file.seek(0, os.SEEK_END)
        yield file
    finally:
        with _naming(path):
            file.close()


def _hash(path: Path) -> str:
    """Hash what is on the disk, which is what will be used."""
    with _naming(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
