"""Be polite: how many requests at once, how long between them and before another try."""

from __future__ import annotations

import random
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    wait_exponential,
    wait_random,
)
from tenacity.wait import wait_base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Another try may help with these, and with nothing else.
RETRIED: Final = frozenset({429, 500, 502, 503, 504})
_JITTER: Final = 1.0
#: How often a host that never answered is tried, and for how many seconds it is left alone then.
_STRANGER_TRIES: Final = 2
_SILENT_FOR: Final = 20.0
_OFTEN: Final = 10**6


@dataclass(frozen=True)
class Courtesy:
    """What a host can be asked to bear.

    Attributes
    ----------
    at_once : int
        Requests under way at one time.
    pause : float
        Seconds at least between the beginnings of two requests.
    """

    at_once: int = 4
    pause: float = 0.0


#: Nomis limits the rate without saying at what: one request at a time, one a second at most.
COURTESIES: Final = {
    "www.nomisweb.co.uk": Courtesy(1, 1.0),
    "nomisweb.co.uk": Courtesy(1, 1.0),
}


class Passing(Exception):  # noqa: N818 - not an error that anybody sees
    """What may pass: another try is worth it.

    Attributes
    ----------
    why : str
        What went wrong, as the end of a sentence that begins with the address.
    wait : float or None
        Seconds that the server asks to wait.
    """

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.why, self.wait = why, wait


class NoWay(Passing):
    """There is no way to a host; it may pass, but hardly where it has never been reached.

    Attributes
    ----------
    host : str
        The host.
    tries : int
        How often it makes sense to try, this time included.
    """

    def __init__(self, why: str, host: str, tries: int) -> None:
        super().__init__(why)
        self.host, self.tries = host, tries


class Hosts:
    """Remembers which hosts answered and which cannot be reached, for all threads.

    Where there is no network, twenty files need not each find that out six times.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._answered: set[str] = set()
        self._failures: dict[str, int] = {}
        self._silent: dict[str, tuple[str, float]] = {}

    def answered(self, host: str) -> None:
        """Hear that a host answered."""
        self._answered.add(host)
        self._failures.pop(host, None)
        self._silent.pop(host, None)

    def silent(self, host: str, why: str) -> NoWay:
        """Hear that a host cannot be reached; returns what to raise."""
        if host in self._answered:
            return NoWay(why, host, _OFTEN)
        self._failures[host] = self._failures.get(host, 0) + 1
        if self._failures[host] >= _STRANGER_TRIES:
            self._silent[host] = (why, self._clock() + _SILENT_FOR)
        return NoWay(why, host, _STRANGER_TRIES)

    def refuse_silent(self, host: str) -> None:
        """Raise at once where others have just found that a host cannot be reached."""
        why, until = self._silent.get(host, ("", 0.0))
        if why and self._clock() < until:
            raise NoWay(why, host, 1)


class Budget:
    """The time one task may take, from its first turn on, all tries and waits included."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds, self._clock = seconds, clock
        self._ends: float | None = None

    def begin(self) -> None:
        """Start the clock, once: waiting for a turn behind others does not count."""
        if self._ends is None:
            self._ends = self._clock() + self.seconds

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.seconds if self._ends is None else self._ends - self._clock()


class Turns:
    """Hands out turns, host by host, to all threads."""

    def __init__(
        self,
        usual: Courtesy,
        special: dict[str, Courtesy],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._usual, self._special = usual, special
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._places: dict[str, threading.BoundedSemaphore] = {}
        self._free: dict[str, float] = {}

    @contextmanager
    def take(self, host: str, check: Callable[[str], None] = lambda _host: None) -> Iterator[None]:
        """Wait for a turn with a host, and for what it asked us to wait; `check` may end it."""
        rules = self._special.get(host, self._usual)
        with self._lock:
            place = self._places.setdefault(host, threading.BoundedSemaphore(rules.at_once))
        with place:
            check(host)
            with self._lock:
                now = self._clock()
                start = max(now, self._free.get(host, now))
                self._free[host] = start + rules.pause
            if start > now:
                self._sleep(start - now)
            yield

    def rest(self, host: str, seconds: float) -> None:
        """Let a host have its rest: nobody asks it before."""
        with self._lock:
            self._free[host] = max(self._free.get(host, 0.0), self._clock() + seconds)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Read a Retry-After header, which is seconds or a date.

    Parameters
    ----------
    value : str or None
        The header.
    now : datetime, optional
        The time it is; the clock's where not given.

    Returns
    -------
    float or None
        Seconds from now, zero or more; ``None`` where there is none that makes sense.

    Examples
    --------
    >>> retry_after("120"), retry_after("soon")
    (120.0, None)
    >>> retry_after("Mon, 01 Jan 2024 00:00:10 GMT", datetime(2024, 1, 1, tzinfo=UTC))
    10.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())


class PoliteWait(wait_base):
    """Waits as long as the server asks, with a little chance; else longer from try to try."""

    def __init__(self, otherwise: wait_base | None = None) -> None:
        growing = wait_exponential(multiplier=0.5, max=30) + wait_random(0, _JITTER)
        self._otherwise = otherwise or growing

    def __call__(self, retry_state: RetryCallState) -> float:
        """Give the seconds to wait before the next try."""
        outcome = retry_state.outcome
        trouble = outcome.exception() if outcome is not None else None
        if isinstance(trouble, Passing) and trouble.wait is not None:
            # By chance a little more, or all threads that were sent away come back at once.
            return trouble.wait + random.uniform(0, min(_JITTER, trouble.wait))  # noqa: S311
        return float(self._otherwise(retry_state))


def trying(
    budget: Budget,
    tries: int,
    longest: float,
    wait: wait_base | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Retrying:
    """Make what tries again while it makes sense: `Passing` only, in time, and not for ever.

    Parameters
    ----------
    budget : Budget
        The time there is.
    tries : int
        How often at most.
    longest : float
        The longest wait, in seconds; where the server asks for more, it is given up at once.
    wait : tenacity wait, optional
        How long to wait where the server does not say.
    sleep : callable
        What waits.

    Returns
    -------
    tenacity.Retrying
        Call it with a function; the last `Passing` comes out of it.
    """

    def enough(state: RetryCallState) -> bool:
        late = state.upcoming_sleep >= min(budget.left, longest + _JITTER)
        trouble = state.outcome.exception() if state.outcome is not None else None
        most = min(tries, trouble.tries) if isinstance(trouble, NoWay) else tries
        return late or state.attempt_number >= most

    return Retrying(
        stop=enough,
        wait=PoliteWait(wait),
        sleep=sleep,
        retry=retry_if_exception_type(Passing),
        reraise=True,
    )
