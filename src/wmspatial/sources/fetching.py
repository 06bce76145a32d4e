"""Fetch what a job needs from its publishers into the store, several at once, resumable."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

from wmspatial.errors import AreaNotFoundError, FetchError, WmspatialError
from wmspatial.sources._arriving import Arrived, bring
from wmspatial.sources._failing import told
from wmspatial.sources._http_words import UnreachableError
from wmspatial.sources._outcomes import How, Incomplete, Outcome, Progress, Quiet, Result, Tools
from wmspatial.sources._planning import Plan, Wanted, localise, plan, usable, with_held
from wmspatial.sources._tidying import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wmspatial.sources._arriving import Moved
    from wmspatial.sources.catalogue import Address, Entry
    from wmspatial.sources.store import Store

__all__ = [
    "How",
    "Incomplete",
    "Outcome",
    "Plan",
    "Progress",
    "Result",
    "Tools",
    "Wanted",
    "fetch",
    "plan",
]

_MAP_SERVER: Final = "services1.arcgis.com"
_MAP_QUERIES: Final = 4
#: What the store says of a file that came, in the words of a result.
_STATES: Final = {
    "new": "fetched", "same": "unchanged", "mended": "mended", "replaced": "replaced",
    "changed": "changed",
}  # fmt: skip


class _StoppedError(Exception):
    """Raised in a thread when the user has had enough."""


def fetch(
    area: str | Iterable[str],
    vintage: int,
    *,
    store: Store,
    catalogue: Mapping[str, Entry],
    datasets: Iterable[str] = (),
    how: How | None = None,
    tools: Tools | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Fetch what the main job needs, or the data sets named, into a store.

    Parameters
    ----------
    area : str or iterable of str
        A combined authority, an authority, several of them, or ``"england and wales"``: detailed
        boundaries are fetched for it; tables are fetched whole.
    vintage : {2011, 2021}
        The census.
    store : Store
        Where to.
    catalogue : mapping of str to Entry
        Every data set.
    datasets : iterable of str
        Ids, where only these are wanted.
    how : How, optional
        Whether to ask again, to replace, to try addresses that were not confirmed, and how many
        at once.
    tools : Tools, optional
        The network and the readers.
    progress : Progress, optional
        Who wants to know how far it is.

    Returns
    -------
    Outcome
        What became of each.

    Raises
    ------
    Incomplete
        If something did not come; all that went wrong is named, and what did come stays.
    AreaNotFoundError
        If there is no such area, and the lookups that tell are at hand: nothing is fetched then.
    InputError
        If the vintage or a data set is not known, or the store's manifest is damaged.
    OutputError
        If the store cannot be written to.
    KeyboardInterrupt
        If it was stopped: when every thread has; downloads under way can be gone on with.

    Examples
    --------
    >>> from wmspatial.sources.catalogue import catalogue
    >>> from wmspatial.sources.store import Store
    >>> fetch("wmca", 2016, store=Store("no-such-folder"), catalogue=catalogue())
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: vintage=2016: expected 2011 or 2021.
    """
    how = how or How()
    stop = threading.Event()
    tools = tools or _tools(how, stop)
    work = _Work(store, how, tools, progress or Quiet(), stop)
    needed = plan(area, vintage, catalogue, store, datasets=datasets)
    _refuse_unknown_area(needed, store, tools)
    results = work.run(needed.files)
    waiting: list[str] = []
    faults: list[str] = []
    if needed.later:
        try:
            local = localise(needed, store, tools.read)
        except WmspatialError as error:
            waiting = [entry.id for entry in needed.later]
            if not any(r.unreached for r in results):
                faults = [_waiting(needed, error)]
        else:
            results += work.run(local)
    faults = [f"{r.wanted.key}: {r.fault}" for r in results if r.fault] + faults
    outcome = Outcome(tuple(results), tuple(faults))
    if faults:
        raise Incomplete(told(outcome, waiting), outcome)
    return outcome


def _refuse_unknown_area(needed: Plan, store: Store, tools: Tools) -> None:
    """Refuse a misspelt area before anything is fetched, where the lookups are here to tell."""
    if not needed.later or all(one.held is not None for one in needed.files):
        return
    try:
        localise(needed, store, tools.read)
    except AreaNotFoundError:
        raise
    except WmspatialError:
        return  # a lookup is not here yet, or has to be mended


def _waiting(needed: Plan, error: WmspatialError) -> str:
    names = ", ".join(entry.id for entry in needed.later)
    if isinstance(error, AreaNotFoundError):
        return f"{names}: {error}"
    return f"{names}: the area {needed.area!r} cannot be found without its lookups ({error})"


class _Work:
    """The threads of one fetch."""

    def __init__(
        self, store: Store, how: How, tools: Tools, progress: Progress, stop: threading.Event
    ) -> None:
        self.store, self.how, self.tools, self.progress = store, how, tools, progress
        self.stop = stop

    def run(self, wanted: Sequence[Wanted]) -> list[Result]:
        """Fetch several; the results are in the order asked for."""
        if self.how.again or self.how.replace or any(one.held is None for one in wanted):
            with self.store.changing():  # refused once, here, where it cannot be written to
                pass
            tidy(self.store)
        self.progress.planned(wanted)
        pool = ThreadPoolExecutor(max_workers=max(1, self.how.jobs), thread_name_prefix="fetch")
        futures = [pool.submit(self._one, one) for one in wanted]
        try:
            _wait(futures)
        except BaseException:
            # Stopped by the user: what is under way stays, to be gone on with.
            self.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        pool.shutdown()
        return [future.result() for future in futures]

    def _one(self, wanted: Wanted) -> Result:
        """Fetch one, whatever happens to it."""
        try:
            result = self._held(wanted) or self._fetched(wanted)
        except UnreachableError as error:
            way = (error.host, error.why)
            result = Result(wanted, "failed", wanted.held, fault=str(error), unreached=way)
        except WmspatialError as error:
            result = Result(wanted, "failed", wanted.held, fault=str(error))
        self.progress.finished(result)
        return result

    def _held(self, wanted: Wanted) -> Result | None:
        """Answer with what is at hand, where that is enough."""
        if wanted.held is None or self.how.again or self.how.replace:
            return None
        return Result(wanted, "held", wanted.held)

    def _fetched(self, wanted: Wanted) -> Result:
        addresses = usable(wanted, unconfirmed=self.how.unconfirmed)
        if not addresses:
            raise FetchError(_no_address(wanted))
        with self.store.downloading(wanted.key, self.stop.is_set) as held:
            if not held:
                raise _StoppedError
            # Another process may have brought it while this one waited.
            wanted = with_held(wanted, self.store, self.tools.read)
            found = self._held(wanted)
            if found is not None:
                self.store.finish(wanted.key)
                return found
            arrived = self._from_some(wanted, addresses)
            entered = self.store.enter(
                arrived.record, arrived.content, replace_old=self.how.replace
            )
            self.store.finish(wanted.key)
        state = _STATES[entered.state]
        return Result(wanted, state, entered.record, entered.other, arrived.remarks)

    def _from_some(self, wanted: Wanted, addresses: list[Address]) -> Arrived:
        """Try the addresses in turn; the first that gives the right thing will do."""
        faults: list[str] = []
        unreached: list[UnreachableError] = []
        for address in addresses:
            try:
                return bring(
                    wanted, address, self.store.partial(wanted.key), self.tools.network,
                    self.tools.examine, self._moved(wanted.key),
                )  # fmt: skip
            except FetchError as error:
                doubt = "" if address.confirmed else " (an address that was not confirmed)"
                faults.append(f"{str(error).rstrip('.')}{doubt}")
                unreached += [error] if isinstance(error, UnreachableError) else []
        said = f"{'; '.join(faults)}."
        if len(unreached) == len(addresses):
            raise UnreachableError(said, unreached[0].host, unreached[0].why)
        raise FetchError(said)

    def _moved(self, key: str) -> Moved:
        def moved(done: int, total: int | None) -> None:
            if self.stop.is_set():
                raise _StoppedError
            self.progress.moved(key, done, total)

        return moved


def _wait(futures: list[Future[Result]]) -> None:
    """Wait for all, but stop at once where one breaks down in a way that nobody foresaw."""
    pending = set(futures)
    while pending:
        # Woken now and then, so that Ctrl-C is heard on every system.
        done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()


def _no_address(wanted: Wanted) -> str:
    entry = wanted.entry
    doubtful = [a.url for a in entry.addresses if a.kind != "page" and not a.confirmed]
    pages = [a.url for a in entry.addresses if a.kind == "page"]
    by_hand = f"download it by hand from {pages[0]} and take it in with 'wmspatial data adopt DIR'"
    if doubtful:
        return (
            f"no confirmed address. --unconfirmed tries {doubtful[0]}"
            f"{'; or ' + by_hand if pages else ''}."
        )
    return f"no address to fetch it from: {by_hand if pages else 'the catalogue names none'}."


def _tools(how: How, stop: threading.Event) -> Tools:
    """Open the door to the network; its waits end when the user has had enough."""
    from wmspatial.sources._services import Services
    from wmspatial.sources.http import Courtesy, Door

    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise _StoppedError

    # A file host bears as many as were asked for; the map server answers queries, so fewer.
    courtesies = {_MAP_SERVER: Courtesy(_MAP_QUERIES)}
    return Tools(Services(Door(per_host=how.jobs, courtesies=courtesies, sleep=sleep)))
