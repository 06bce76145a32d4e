"""How to fetch, what with, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from wmspatial.errors import FetchError, InputError
from wmspatial.sources._contents import examine as by_content
from wmspatial.sources._contents import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.sources._arriving import Network
    from wmspatial.sources._contents import Examine
    from wmspatial.sources._manifest import Record
    from wmspatial.sources._planning import Read, Wanted

_MOST_JOBS: Final = 32


@dataclass(frozen=True)
class How:
    """How to fetch.

    Attributes
    ----------
    unconfirmed : bool
        Whether addresses are tried that were not found in public text.
    again : bool
        Whether what is at hand is asked for again, to see whether the publisher changed it.
    replace : bool
        Whether what the publisher changed takes the place of what is at hand; asks again, too.
    jobs : int
        How many at once.

    Raises
    ------
    InputError
        If `jobs` is not from 1 to 32.
    """

    unconfirmed: bool = False
    again: bool = False
    replace: bool = False
    jobs: int = 10

    def __post_init__(self) -> None:
        """Refuse a number of downloads at once that makes no sense."""
        if not 1 <= self.jobs <= _MOST_JOBS:
            raise InputError(f"jobs={self.jobs}: expected 1 to {_MOST_JOBS}.")


@dataclass(frozen=True)
class Tools:
    """What fetching works with.

    Attributes
    ----------
    network : Network
        The door to the network.
    examine : callable
        What finds out what a file holds.
    read : callable
        What reads a lookup, to find the area.
    """

    network: Network
    examine: Examine = by_content
    read: Read = read


@dataclass(frozen=True)
class Result:
    """What became of one data set.

    Attributes
    ----------
    wanted : Wanted
        What was wanted.
    state : str
        ``"fetched"``; ``"held"`` (at hand, not asked for again); ``"unchanged"`` (asked for
        again); ``"changed"`` (at the publisher; the file at hand stays); ``"replaced"``;
        ``"mended"`` (the file at hand was damaged); ``"failed"``.
    record : Record or None
        What the store has now.
    other : Record or None
        Where changed, what the publisher has now; where replaced, what the store had.
    remarks : tuple of str
        What has to be said.
    fault : str
        Where failed, why.
    unreached : tuple of str
        Where it failed because there is no way to the server: its name, and what is in the way.
    """

    wanted: Wanted
    state: str
    record: Record | None = None
    other: Record | None = None
    remarks: tuple[str, ...] = ()
    fault: str = ""
    unreached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of all.

    Attributes
    ----------
    results : tuple of Result
        One a data set, in the order of the catalogue, boundaries of the area last.
    faults : tuple of str
        All that went wrong.
    """

    results: tuple[Result, ...]
    faults: tuple[str, ...] = ()


class Incomplete(FetchError):  # noqa: N818 - a state of the store, told as an error
    """Something did not come; what did is in the store.

    Attributes
    ----------
    outcome : Outcome
        What became of all.
    """

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


class Progress(Protocol):
    """Who wants to know how far it is; called from several threads."""

    def planned(self, wanted: Sequence[Wanted]) -> None:
        """Hear what is about to be fetched; a second time when the area's boundaries are known."""

    def moved(self, key: str, done: int, total: int | None) -> None:
        """Hear how much of one has come: bytes, features or rows."""

    def finished(self, result: Result) -> None:
        """Hear what became of one."""


class Quiet:
    """Nobody wants to know."""

    def planned(self, wanted: Sequence[Wanted]) -> None:
        """Do nothing."""

    def moved(self, key: str, done: int, total: int | None) -> None:
        """Do nothing."""

    def finished(self, result: Result) -> None:
        """Do nothing."""
