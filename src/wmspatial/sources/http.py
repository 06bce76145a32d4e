"""The one door to the network: only https, polite, patient, bounded, and whole or not at all."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NoReturn, Self

from wmspatial.errors import FetchError
from wmspatial.sources._http_asking import Manners, Transport
from wmspatial.sources._http_bodies import HEAD, a_zip, not_a_page
from wmspatial.sources._http_download import Download, Received
from wmspatial.sources._http_partial import Partial
from wmspatial.sources._http_waiting import Budget, Courtesy, Passing
from wmspatial.sources._http_words import first_words, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tenacity.wait import wait_base

__all__ = ["Courtesy", "Door", "Received", "a_zip", "not_a_page"]


class Door:
    """Asks servers politely, again where that may help, and takes only whole answers.

    Tries again on 429, 500, 502, 503, 504, time-outs and broken connections, later each time or
    when the server says; never on other answers. One door may be used by many threads.

    Parameters
    ----------
    allow_http : bool, default False
        Also take addresses that are not encrypted.
    retries : int, default 5
        Tries after the first.
    timeout : float, default 30
        Seconds to wait for a connection, and for anything to come through it.
    deadline : float, default 600
        Seconds that one question or download may take in all.
    max_bytes : int, default 2 GiB
        The largest file to take, unpacked.
    per_host : int, default 4
        Requests to one host at one time.
    wait : tenacity wait, optional
        How long to wait between tries where the server does not say; by default half a second,
        then double each time up to 30, and up to a second more by chance.
    longest_wait : float, default 120
        Seconds; a server that asks for a longer wait is not asked again.
    courtesies : mapping of str to Courtesy, optional
        What a host can bear, where it differs from `per_host` and from what is known of Nomis.
    sleep, clock : callable
        What waits, and what tells seconds; tests have their own.

    Raises
    ------
    InputError
        If `retries` is negative, or another number not above zero.

    Examples
    --------
    >>> with Door() as door:
    ...     door.get_text("http://www.nomisweb.co.uk")
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: http://www.nomisweb.co.uk: expected an address that begins with
    https://. Doors with allow_http=True take http:// too.
    """

    def __init__(
        self,
        *,
        allow_http: bool = False,
        retries: int = 5,
        timeout: float = 30.0,
        deadline: float = 600.0,
        max_bytes: int = 2 * 2**30,
        per_host: int = 4,
        wait: wait_base | None = None,
        longest_wait: float = 120.0,
        courtesies: Mapping[str, Courtesy] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        manners = Manners(
            allow_http, retries, timeout, deadline, max_bytes, per_host, wait, longest_wait,
            sleep, clock,
        )  # fmt: skip
        self._transport = Transport(manners, courtesies or {})
        self.veil = self._transport.veil

    @property
    def per_host(self) -> int:
        """Requests to one host at one time."""
        return self._transport.manners.per_host

    def __enter__(self) -> Self:
        """Use it as a context, which closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def get_text(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        *,
        check: Callable[[bytes, str], str] | None = None,
    ) -> str:
        """Ask for text, as a table in CSV.

        Parameters
        ----------
        url : str
            The address.
        parameters : mapping of str to str, optional
            What goes behind its question mark.
        check : callable, optional
            As in `download`; what is wrong by it is taken to pass, and tried again.

        Returns
        -------
        str
            The text, without a byte-order mark.

        Raises
        ------
        InputError
            If the address is not one of https.
        FetchError
            If no whole answer comes, or no text.
        """
        ask = self._transport.ask(url, parameters)

        def once(budget: Budget) -> bytes:
            body = self._transport.body(ask, budget)
            if check is not None and (wrong := check(body[:HEAD], "")):
                raise Passing(f"expected text, found {wrong}. {quoted(first_words(body))}")
            return body

        body = self._transport.persist(ask, once)
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FetchError(
                f"{ask.shown}: expected text in UTF-8; byte {error.start:,} is not. "
                f"{quoted(self.veil.cover(first_words(body)))}"
            ) from None

    def get_json(
        self,
        url: str,
        parameters: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        fault: Callable[[Any], tuple[int, str] | None] | None = None,
    ) -> Any:
        """Ask for JSON.

        Parameters
        ----------
        url : str
            The address.
        parameters : mapping of str to str, optional
            What goes behind its question mark.
        form : mapping of str to str, optional
            Sent as a form (POST), for what is too long for an address.
        fault : callable, optional
            Finds an error inside an answer that came with status 200: a status and its words, or
            ``None``. The status is then treated as if it had come as one.

        Returns
        -------
        object
            What the JSON says.

        Raises
        ------
        InputError
            If the address is not one of https.
        FetchError
            If no whole answer comes, or no JSON.
        """
        ask = self._transport.ask(url, parameters, form)

        def once(budget: Budget) -> Any:
            body = self._transport.body(ask, budget)
            try:
                answer = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
            except (ValueError, RecursionError):
                what = not_a_page(body[:HEAD], "") or "something else, or only a part"
                raise FetchError(
                    f"{ask.shown}: expected JSON, found {what}. "
                    f"{quoted(self.veil.cover(first_words(body)))} The service may be down: try "
                    "again later."
                ) from None
            if fault is not None and (found := fault(answer)):
                self._transport.refuse(ask, found[0], first_words(found[1].encode()), None)
            return answer

        return self._transport.persist(ask, once)

    def download(
        self,
        url: str,
        to: Path,
        *,
        parameters: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        progress: Callable[[int, int | None], None] | None = None,
        check: Callable[[bytes, str], str] | None = not_a_page,
    ) -> Received:
        """Bring a file, going on where an earlier try broke off if it is still the same file.

        Parameters
        ----------
        url : str
            The address.
        to : Path
            Where it goes: a temporary name, to be moved into place by the caller. What is known of
            a part lies beside it as ``<name>.json``.
        parameters : mapping of str to str, optional
            What goes behind the question mark.
        max_bytes : int, optional
            The largest file to take; the door's own limit where not given.
        progress : callable, optional
            Called with the bytes that are there and those announced (``None``: not announced).
        check : callable or None
            Gets the first bytes and the content type, and says what is wrong or nothing. By
            default web pages are refused.

        Returns
        -------
        Received
            What came.

        Raises
        ------
        InputError
            If the address is not one of https.
        FetchError
            If it does not come whole. `to` then exists only if it can be gone on from.
        OutputError
            If `to` cannot be written.
        """
        ask = self._transport.ask(url, parameters)
        most = self._transport.manners.max_bytes if max_bytes is None else max_bytes
        partial = Partial(to, ask.address)
        return Download(self._transport, ask, partial, most, check, progress).bring()


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)
