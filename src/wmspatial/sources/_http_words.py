"""Say what went wrong with an address, in words, and never with a key in them."""

from __future__ import annotations

import codecs
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from wmspatial.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnreachableError(FetchError):
    """There is no way to a server: no name, no connection, or no proxy that lets us through.

    Attributes
    ----------
    host : str
        The server.
    why : str
        What is in the way, as the end of a sentence that begins with the server.
    """

    def __init__(self, message: str, host: str, why: str) -> None:
        super().__init__(message)
        self.host, self.why = host, why


#: Parameters whose values are nobody's business, as they are called by the services.
_SECRET: Final = re.compile(
    r"(?i)\b(uid|key|api_?key|token|access_token|signature|sig|password|x-amz-[a-z-]+)=[^&\s'\"]*"
)
_LOGIN: Final = re.compile(r"(?<=://)[^/@\s]+@")
_TAG: Final = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^<>]{0,500}>")
_MOST: Final = 160
#: Below this a "secret" would cover ordinary words.
_SHORTEST_SECRET: Final = 4

_ADVICE: Final = {
    400: "The service does not understand the query: check its parameters.",
    401: "It asks for a login, which open data should not need: check the address.",
    403: "It refuses us: check the address, or fetch it with a browser and adopt the folder.",
    404: "The file has moved or is gone: look for it at the publisher's page.",
    410: "The file is gone: look for it at the publisher's page.",
    429: "It asks for fewer requests: try again later.",
}


class Veil:
    """Covers keys in whatever is shown.

    Examples
    --------
    >>> veil = Veil()
    >>> veil.add("0x1234abcd")
    >>> veil.cover("no 0x1234abcd here; https://me:pw@host/?uid=1&a=2")
    'no *** here; https://host/?uid=***&a=2'
    """

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, secret: str) -> None:
        """Remember something that must never be shown, in the logs of urllib3 neither."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets.add(secret)
            _LOG_FILTER.veil._secrets.add(secret)  # noqa: SLF001 - its own class
            logging.getLogger("urllib3.connectionpool").addFilter(_LOG_FILTER)

    def cover(self, text: str) -> str:
        """Replace every secret, and every parameter that is called as one."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _SECRET.sub(r"\1=***", _LOGIN.sub("", text))

    def address(self, url: str, parameters: Mapping[str, str] | None = None) -> str:
        """Write an address with its parameters."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return self.cover(url)
        query = "&".join(filter(None, [parts.query, urlencode(parameters or {}, safe=",*='()% ")]))
        return self.cover(urlunsplit(parts._replace(query=query, fragment="")))


class _LogFilter(logging.Filter):
    """Covers keys in what urllib3 logs of the addresses it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.veil = Veil()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.veil.cover(record.getMessage()), ()
        return True


_LOG_FILTER: Final = _LogFilter()


def short(address: str) -> str:
    """Shorten an address for a message.

    Examples
    --------
    >>> len(short("https://a.org/?where=" + "x" * 1000))
    323
    """
    return address if len(address) <= 2 * _MOST else address[: 2 * _MOST] + "..."


def first_words(body: bytes, charset: str = "utf-8") -> str:
    """Give the beginning of an answer as plain text: no tags, no control characters.

    Parameters
    ----------
    body : bytes
        What came, or its beginning.
    charset : str, default "utf-8"
        How it is encoded.

    Returns
    -------
    str
        At most 160 characters; empty where there is nothing to read.

    Examples
    --------
    >>> first_words(b"<html><script>x()</script><h1>Service  down</h1>")
    'Service down'
    """
    try:
        text = codecs.decode(body, charset or "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else " " for c in _TAG.sub(" ", text))
    words = " ".join(text.replace("\N{REPLACEMENT CHARACTER}", "?").split())
    return words if len(words) <= _MOST else words[:_MOST].rstrip() + "..."


def status_words(status: int) -> str:
    """Name a status as the standard does.

    Examples
    --------
    >>> status_words(503)
    '503 (Service Unavailable)'
    """
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def advice(status: int) -> str:
    """Say what to do about a status.

    Examples
    --------
    >>> advice(404)
    "The file has moved or is gone: look for it at the publisher's page."
    """
    return _ADVICE.get(status, "Try again later.")


def quoted(words: str) -> str:
    """Quote what an answer said, or say that it said nothing.

    Examples
    --------
    >>> quoted("Service down"), quoted("")
    ("It said: 'Service down'.", 'It said nothing.')
    """
    return f"It said: {words!r}." if words else "It said nothing."
