"""Put one question to a server, and make of whatever comes an answer or a clear refusal."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from wmspatial.errors import FetchError, InputError
from wmspatial.sources._http_bodies import parts_of
from wmspatial.sources._http_waiting import (
    COURTESIES,
    RETRIED,
    Budget,
    Courtesy,
    Hosts,
    NoWay,
    Passing,
    Turns,
    retry_after,
    trying,
)
from wmspatial.sources._http_words import (
    UnreachableError,
    Veil,
    advice,
    first_words,
    quoted,
    short,
    status_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tenacity.wait import wait_base

T = TypeVar("T")

_REDIRECTS: Final = 8
GOOD: Final = 200
_OF_A_PART: Final = (206, 416)
_STAYS_A_FORM: Final = (307, 308)
#: The longest answer that is held in memory rather than written to a file.
_MOST_HELD: Final = 256 * 2**20
_EXCERPT: Final = 2048
_SHORTEST: Final = 0.01
#: A server that is there takes a connection within these seconds.
_CONNECTING: Final = 10.0


@dataclass(frozen=True)
class Ask:
    """A question to a server; `address` is its address without a key."""

    url: str
    address: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None

    @property
    def shown(self) -> str:
        """The address as an error shows it."""
        return short(self.address)


@dataclass(frozen=True)
class Manners:
    """How patient to be; `Door` says what each is."""

    allow_http: bool
    retries: int
    timeout: float
    deadline: float
    max_bytes: int
    per_host: int
    wait: wait_base | None
    longest_wait: float
    sleep: Callable[[float], None]
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.retries < 0 or min(self.timeout, self.deadline, self.max_bytes, self.per_host) <= 0:
            raise InputError(
                "Door: retries has to be zero or more; timeout, deadline, max_bytes and per_host "
                f"above zero. Found {self.retries}, {self.timeout}, {self.deadline}, "
                f"{self.max_bytes} and {self.per_host}."
            )


class Transport:
    """Sends requests, follows them where they may go, and tries again where that may help."""

    def __init__(self, manners: Manners, courtesies: Mapping[str, Courtesy]) -> None:
        self.manners = manners
        self.veil = Veil()
        special = COURTESIES | dict(courtesies)
        usual = Courtesy(manners.per_host)
        self._turns = Turns(usual, special, manners.clock, manners.sleep)
        self._hosts = Hosts(manners.clock)
        self._session = _session()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def ask(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Ask:
        """Make a question of an address that may be asked."""
        address = self.veil.address(url, parameters)
        if not self._allowed(url):
            more = (
                "" if self.manners.allow_http else " Doors with allow_http=True take http:// too."
            )
            raise InputError(
                f"{short(address)}: expected an address that begins with https://.{more}"
            )
        return Ask(url, address, dict(parameters or {}), form)

    def persist(self, ask: Ask, once: Callable[[Budget], T]) -> T:
        """Try until it works, or further tries make no sense."""
        budget = Budget(self.manners.deadline, self.manners.clock)
        tries = trying(
            budget, self.manners.retries + 1, self.manners.longest_wait, self.manners.wait,
            self.manners.sleep,
        )  # fmt: skip
        try:
            return tries(once, budget)
        except Passing as trouble:
            count = int(tries.statistics.get("attempt_number", 1))
            often = "" if count == 1 else f" Tried {count} times."
            then = "Try again later."
            if isinstance(trouble, NoWay):
                said = f"{ask.shown}: {self.veil.cover(trouble.why)}{often} {then}"
                raise UnreachableError(said, trouble.host, trouble.why) from None
            if trouble.wait is not None and trouble.wait > self.manners.longest_wait:
                then = f"It asks to be left alone for {trouble.wait:,.0f} s: try again after that."
            raise FetchError(f"{ask.shown}: {self.veil.cover(trouble.why)}{often} {then}") from None

    @contextmanager
    def answer(
        self, ask: Ask, headers: Mapping[str, str], budget: Budget
    ) -> Iterator[requests.Response]:
        """Get a good answer, its body still to be read, and call whatever breaks by its name."""
        try:
            with self._turns.take(urlsplit(ask.url).hostname or "", self._hosts.refuse_silent):
                budget.begin()
                with self._follow(ask, headers, budget) as response:
                    good = (GOOD, *_OF_A_PART) if "Range" in headers else (GOOD,)
                    if response.status_code not in good:
                        wait = retry_after(response.headers.get("Retry-After"))
                        self.refuse(ask, response.status_code, _excerpt(response, budget), wait)
                    yield response
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
            if "CERTIFICATE" not in str(error).upper():
                raise Passing("no encrypted connection could be made.") from None
            raise FetchError(
                f"{ask.shown}: the server's certificate could not be verified. Behind an "
                "organisation's proxy, REQUESTS_CA_BUNDLE has to name the file of its certificates."
            ) from None
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            raise Passing(f"no answer for {self.manners.timeout:g} s.") from None
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            raise Passing(_broken(error)) from None
        except requests.exceptions.RequestException as error:
            raise FetchError(
                f"{ask.shown}: cannot be asked ({type(error).__name__}). Check the address."
            ) from None

    def body(self, ask: Ask, budget: Budget) -> bytes:
        """Get a whole body that fits into memory."""
        most = min(self.manners.max_bytes, _MOST_HELD)
        with self.answer(ask, {"Accept-Encoding": "gzip"}, budget) as response:
            body = bytearray()
            for part in parts_of(response, budget):
                body += part
                if len(body) > most:
                    raise FetchError(
                        f"{ask.shown}: more than {most:,} bytes came, the most that is taken at "
                        "once. Ask for less, or raise max_bytes."
                    )
            return bytes(body)

    def refuse(self, ask: Ask, status: int, words: str, wait: float | None) -> NoReturn:
        """Raise what a status means: something passing, or final."""
        said = quoted(self.veil.cover(words))
        if status in RETRIED:
            if wait is not None and wait <= self.manners.longest_wait:
                self._turns.rest(urlsplit(ask.url).hostname or "", wait)
            raise Passing(f"expected 200 (OK), found {status_words(status)}. {said}", wait)
        raise FetchError(
            f"{ask.shown}: expected 200 (OK), found {status_words(status)}. {said} {advice(status)}"
        )

    def _allowed(self, url: str) -> bool:
        """Say whether an address may be asked at all."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        schemes = ("https", "http") if self.manners.allow_http else ("https",)
        return parts.scheme in schemes and bool(parts.hostname)

    def _follow(self, ask: Ask, headers: Mapping[str, str], budget: Budget) -> requests.Response:
        """Send a request and go where it leads, if one may go there."""
        url, parameters, there = ask.url, ask.parameters, ""
        for _ in range(_REDIRECTS + 1):
            host = urlsplit(url).hostname or ""
            patience = max(_SHORTEST, min(self.manners.timeout, budget.left))
            try:
                response = self._session.request(
                    "GET" if ask.form is None else "POST",
                    url,
                    params=parameters,
                    data=ask.form,
                    headers=dict(headers),
                    timeout=(min(_CONNECTING, patience), patience),
                    stream=True,
                    allow_redirects=False,
                )
            except requests.exceptions.ConnectionError as error:
                why = _no_way(error)
                if why:
                    raise self._hosts.silent(host, why) from None
                raise
            self._hosts.answered(host)
            if not response.is_redirect:
                return response
            response.close()
            url, parameters = _target(response), {}
            there = short(self.veil.address(url))
            if not self._allowed(url):
                raise FetchError(
                    f"{ask.shown}: leads to {there}, which is not https. Look "
                    "for a newer address at the publisher's page."
                )
            if ask.form is not None and response.status_code not in _STAYS_A_FORM:
                raise FetchError(
                    f"{ask.shown}: leads a query elsewhere, to {there}. Use that "
                    "address, if the publisher's page names it."
                )
        raise FetchError(
            f"{ask.shown}: leads from address to address more than {_REDIRECTS} times, lastly to "
            f"{there}. Look for a newer address at the publisher's page."
        )


class _Session(requests.Session):
    """Goes nowhere by itself: requests would read whole bodies on the way, however large."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        return None


def _target(response: requests.Response) -> str:
    """Say where an answer leads; nothing where it names no address at all."""
    try:
        there = response.headers["Location"].encode("latin-1").decode("utf-8")
        return urljoin(response.url, there)
    except ValueError:
        return ""


def _session() -> requests.Session:
    """Make a session that keeps nothing but open connections, so that threads can share it."""
    session = _Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = user_agent()
    # The host's own bound on requests at once is `Turns`; here only as many are kept open.
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=16))
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))
    return session


def user_agent() -> str:
    """Name the library, so that a publisher knows who asks.

    Examples
    --------
    >>> user_agent().split("/")[0]
    'wmspatial'
    """
    try:
        version = metadata.version("wmspatial")
    except metadata.PackageNotFoundError:
        version = "unknown"
    return f"wmspatial/{version} (open official statistics) requests/{requests.__version__}"


def _excerpt(response: requests.Response, budget: Budget) -> str:
    """Read the first words of an answer that is refused, as far as there are any."""
    head = b""
    try:
        for part in parts_of(response, budget):
            head += part
            if len(head) >= _EXCERPT:
                break
    except (Passing, urllib3.exceptions.HTTPError):
        pass  # the status is what matters
    return first_words(head[:_EXCERPT], response.encoding or "utf-8")


def _causes(error: Exception) -> Iterator[object]:
    """Give an error and what lies behind it."""
    cause: object = error
    for _ in range(4):
        yield cause
        inner = getattr(cause, "reason", None) or next(iter(getattr(cause, "args", ())), None)
        if not isinstance(inner, Exception):
            return
        cause = inner


def _no_way(error: Exception) -> str:
    """Say why there is no way to a server; empty where it was reached and something else broke."""
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not let us through: HTTPS_PROXY names it, or the system's settings."
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection was made in time."
    for cause in _causes(error):
        if isinstance(cause, urllib3.exceptions.NameResolutionError):
            return "the server's name was not found. Is this machine connected to the internet?"
        if isinstance(cause, urllib3.exceptions.NewConnectionError):
            return "the server does not take connections."
    return ""


def _broken(error: Exception) -> str:
    """Say what broke off, without the library's own words, which may hold the address."""
    for cause in _causes(error):
        if isinstance(cause, urllib3.exceptions.IncompleteRead):
            expected, partial = cause.expected, cause.partial
            if isinstance(expected, int) and isinstance(partial, int):
                return (
                    f"{expected + partial:,} bytes were announced, {partial:,} came before the "
                    "connection ended."
                )
    return "the connection broke off."
