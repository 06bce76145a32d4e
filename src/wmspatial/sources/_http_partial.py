"""A file that is partly there: what is known of it, and whether the rest can be asked for."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from wmspatial.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
#: A date of change proves nothing when the file can have changed again in the same second or so.
_SURE_SECONDS: Final = 60
_REST: Final = 206


class Partial:
    """A file under way, with what the server said of it in ``<name>.json`` beside it.

    Without those words, or with others' words, what is there is not trusted and begun anew.

    Parameters
    ----------
    to : Path
        Where the file goes.
    address : str
        Where it comes from, without a key.
    """

    def __init__(self, to: Path, address: str) -> None:
        self.to, self.address = to, address
        self.beside = to.with_name(to.name + ".json")
        self.validator = ""
        with suppress(OSError, ValueError, RecursionError):
            said = json.loads(self.beside.read_text("utf-8"))
            if isinstance(said, dict) and said.get("url") == address and to.stat().st_size:
                self.validator = str(said.get("validator", ""))

    @property
    def size(self) -> int:
        """Bytes that can be built on."""
        return self.to.stat().st_size if self.validator else 0

    @property
    def headers(self) -> dict[str, str]:
        """What to ask for: the rest, if it is still the same file."""
        if not self.size:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def goes_on(self, status: int, headers: Mapping[str, str]) -> bool:
        """Say whether an answer is the rest of this very file."""
        found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
        if status != _REST or not found or not self.size:
            return False
        start, end, total = map(int, found.groups())
        same = self.validator in (headers.get("ETag"), headers.get("Last-Modified"))
        return same and start == self.size and end == total - 1

    def begin(self, headers: Mapping[str, str]) -> None:
        """Empty the file and note what it will be, in an order that a kill at any point bears."""
        self.forget()
        try:
            self.to.write_bytes(b"")
            if validator := _validator(headers):
                said = {"url": self.address, "validator": validator}
                self.beside.write_text(json.dumps(said), "utf-8")
                self.validator = validator
        except OSError as error:
            raise OutputError(f"{self.to}: cannot be written ({error.strerror}).") from None

    def settle(self) -> int:
        """After a failure keep only what can be built on, and say how many bytes that is."""
        if not (size := self.size if self.to.exists() else 0):
            self.forget()
        return size

    def forget(self) -> None:
        """Remove the file and what is known of it."""
        self.done()
        with suppress(OSError):
            self.to.unlink(missing_ok=True)

    def done(self) -> None:
        """Remove what is known of the file: it is complete."""
        self.validator = ""
        with suppress(OSError):
            self.beside.unlink(missing_ok=True)


def _validator(headers: Mapping[str, str]) -> str:
    """Find what proves that a file is the same, byte by byte; nothing for a packed body."""
    if headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        return ""
    etag = headers.get("ETag", "")
    if etag.startswith('"'):
        return etag
    changed = headers.get("Last-Modified", "")
    try:
        age = parsedate_to_datetime(headers["Date"]) - parsedate_to_datetime(changed)
        return changed if age.total_seconds() >= _SURE_SECONDS else ""
    except (KeyError, TypeError, ValueError):
        return ""
