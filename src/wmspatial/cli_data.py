"""The command line's ``wmspatial data``: the catalogue, and the store of official files."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from wmspatial._data_words import origin, print_left, print_results, print_table, say

if TYPE_CHECKING:
    from wmspatial.sources._outcomes import How
    from wmspatial.sources._planning import Wanted
    from wmspatial.sources.catalogue import Entry
    from wmspatial.sources.store import Store

STOPPED: Final = 130


def add_parser(commands: Any) -> None:
    """Hang ``data`` and its commands onto the command line.

    Parameters
    ----------
    commands : argparse subparsers
        Where to.
    """
    data = commands.add_parser(
        "data",
        help="list, fetch and check the official tables",
        description="The official tables: what there is, and the folder of those at hand.",
    )
    steps = data.add_subparsers(dest="step", metavar="STEP", required=True)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--data", metavar="DIR", help="the store; by default WMSPATIAL_DATA or the platform's"
    )
    listed = steps.add_parser("list", parents=[where], help="show the catalogue as a table")
    listed.add_argument("words", nargs="*", metavar="WORD", help="show those with these words")
    shown = steps.add_parser("show", parents=[where], help="show everything about one data set")
    shown.add_argument("id", metavar="ID")
    _add_fetch(steps, where)
    checked = steps.add_parser(
        "verify", parents=[where], help="check every file's hash, rows and columns"
    )
    checked.add_argument(
        "--rebuild", action="store_true", help="make a damaged manifest anew from the files"
    )
    steps.add_parser("where", parents=[where], help="say where the store is")
    adopted = steps.add_parser(
        "adopt", parents=[where], help="take official files that you have, whatever their names"
    )
    adopted.add_argument("folder", metavar="DIR")
    adopted.add_argument("--copy", action="store_true", help="copy them into the store")
    adopted.add_argument(
        "--replace", action="store_true", help="in place of other files of the same data sets"
    )


def _add_fetch(steps: Any, where: argparse.ArgumentParser) -> None:
    fetched = steps.add_parser(
        "fetch", parents=[where], help="get from the publishers what the main job needs"
    )
    fetched.add_argument("ids", nargs="*", metavar="ID", help="only these data sets")
    fetched.add_argument(
        "--area",
        default="wmca",
        help="combined authority or authority, by name or code; several with commas between",
    )
    fetched.add_argument("--vintage", type=int, choices=(2011, 2021), default=2021)
    fetched.add_argument(
        "--again", action="store_true", help="ask the publishers whether their files changed"
    )
    fetched.add_argument(
        "--replace", action="store_true", help="ask again, and take what the publishers changed"
    )
    fetched.add_argument(
        "--unconfirmed", action="store_true", help="also try addresses that were not confirmed"
    )
    fetched.add_argument("--dry-run", action="store_true", help="say what would be fetched")
    fetched.add_argument("--jobs", type=int, default=10, help="how many at once (10)")


def run(arguments: argparse.Namespace) -> int:
    """Run one of the ``data`` commands.

    Parameters
    ----------
    arguments : Namespace
        What the command line said.

    Returns
    -------
    int
        0 where all went well, 130 where the user stopped it.

    Raises
    ------
    WmspatialError
        If something is wrong; the caller says it in one line.
    """
    from wmspatial.sources.store import Store

    store = Store(arguments.data, chosen="--data")
    steps = {
        "list": _list, "show": _show, "fetch": _fetch, "verify": _verify, "where": _where,
        "adopt": _adopt,
    }  # fmt: skip
    try:
        steps[arguments.step](arguments, store)
    except KeyboardInterrupt:
        sys.stderr.write(
            "wmspatial: stopped. What came is in the store; what was under way is kept, and the "
            "same command goes on with it.\n"
        )
        return STOPPED
    except BrokenPipeError:
        # Whoever read the output has seen enough, as `head` does; that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _list(arguments: argparse.Namespace, store: Store) -> None:
    from wmspatial.errors import InputError
    from wmspatial.sources.catalogue import catalogue

    words = [word.casefold() for word in arguments.words]
    rows = []
    for entry in catalogue().values():
        text = f"{entry.id} {entry.title} {entry.table} {entry.geography} {entry.publisher}"
        if all(word in text.casefold() for word in words):
            rows.append((entry.id, entry.title, entry.geography, _at_hand(entry, store)))
    if not rows:
        raise InputError(
            f"no data set has {' and '.join(map(repr, arguments.words))} in its id, title, areas "
            "or publisher. 'wmspatial data list' shows them all."
        )
    print_table(("Data set", "Title", "Areas", "At hand"), rows)
    say("At hand: here, or part of it; gone: listed, but its file is gone or changed.")
    say("Else how it is got: fetch; fetch? from an address that is not confirmed;")
    say("by hand from the publisher's page, then adopt.")


def _at_hand(entry: Entry, store: Store) -> str:
    """Say in a word whether a data set is here, or how it is got."""
    records = store.find(entry.id)
    if records:
        well = [record for record in records if store.sound(record)]
        return ("part" if well[0].part else "here") if well else "gone"
    if entry.confirmed:
        return "fetch"
    return "fetch?" if any(a.kind != "page" for a in entry.addresses) else "by hand"


def _show(arguments: argparse.Namespace, store: Store) -> None:
    from wmspatial.sources.catalogue import describe

    say(describe(arguments.id))
    for record in store.find(arguments.id):
        gone = "" if store.sound(record) else "; gone or changed, 'wmspatial data verify' says more"
        say(f"  At hand:     {record.part or 'all of it'}, {record.rows:,} rows{gone}")
        for line in (str(store.file(record)), origin(record), *record.notes):
            say(f"               {line}")


def _where(_arguments: argparse.Namespace, store: Store) -> None:
    say(f"Folder:  {store.folder}")
    say(f"Chosen:  {store.chosen}")
    if not store.exists():
        say("Store:   not there yet; 'wmspatial data fetch' or 'wmspatial data adopt' makes it")
        return
    records = store.records().values()
    elsewhere = [record for record in records if record.adopted]
    total = sum(record.bytes for record in records)
    lie = f", {len(elsewhere):,} of them lie elsewhere" if elsewhere else ""
    say(f"Files:   {len(records):,}{lie}")
    say(f"Bytes:   {total:,}")


def _verify(arguments: argparse.Namespace, store: Store) -> None:
    from wmspatial.errors import InputError, MissingFileError
    from wmspatial.sources._verifying import rebuild, verify
    from wmspatial.sources.catalogue import catalogue

    if arguments.rebuild:
        records, faults = rebuild(store)
        say(f"Manifest made anew: {len(records):,} files. What was adopted, adopt again.")
        for fault in faults:
            say(f"  left out: {fault}")
    if not store.exists():
        raise MissingFileError(
            f"There is no store yet ({store.folder}, {store.chosen}). 'wmspatial data fetch' or "
            "'wmspatial data adopt DIR' makes one."
        )
    count, wrong = 0, []
    for finding in verify(store, catalogue()):
        record = finding.record
        count += 1
        if finding.faults:
            wrong.append(record.key)
        said = "; ".join(finding.faults or (f"{record.rows:,} rows", *finding.remarks))
        say(f"{'WRONG' if finding.faults else 'well '}  {record.key}: {said}")
    if wrong:
        ids = " ".join(dict.fromkeys(key.split(": ")[0] for key in wrong))
        raise InputError(
            f"{len(wrong):,} of {count:,} files are not as they were. Get them again with "
            f"'wmspatial data fetch {ids}' or 'wmspatial data adopt DIR'."
        )
    say(f"All {count:,} files are well." if count else "The store is empty.")


def _fetch(arguments: argparse.Namespace, store: Store) -> None:
    from wmspatial.sources._outcomes import How
    from wmspatial.sources.catalogue import catalogue
    from wmspatial.sources.fetching import Incomplete, fetch

    names = [part.strip() for part in arguments.area.split(",") if part.strip()]
    how = How(arguments.unconfirmed, arguments.again, arguments.replace, arguments.jobs)
    if arguments.dry_run:
        _print_plan(arguments, names, store, how)
        return
    from wmspatial._progress import Bars

    with Bars() as bars:
        try:
            outcome = fetch(
                names, arguments.vintage, store=store, catalogue=catalogue(),
                datasets=arguments.ids, how=how, progress=bars,
            )  # fmt: skip
        except Incomplete as error:
            bars.stop()
            if any(not result.fault for result in error.outcome.results):
                print_results(error.outcome.results)
            raise
    print_results(outcome.results)
    say(f"In {store.folder}")


def _print_plan(arguments: argparse.Namespace, names: list[str], store: Store, how: How) -> None:
    from wmspatial.errors import MissingFileError
    from wmspatial.sources._contents import read
    from wmspatial.sources._planning import localise, plan
    from wmspatial.sources.catalogue import catalogue

    needed = plan(names, arguments.vintage, catalogue(), store, datasets=arguments.ids)
    files, later = list(needed.files), [entry.id for entry in needed.later]
    try:
        files += localise(needed, store, read) if later else []
        later = []
    except MissingFileError:
        pass  # the names of areas come with the lookups, which are to be fetched first
    rows = [(one.key, *_how_got(one, how)) for one in files]
    rows += [(name, "of the area", "when the lookups are here") for name in later]
    for key, state, source in rows:
        say(f"{key:<24} {state:<12} {source}")
    if later:
        say(
            f"Whether there is an area {arguments.area!r} is not known before the lookups are here."
        )


def _how_got(wanted: Wanted, how: How) -> tuple[str, str]:
    from wmspatial.sources._planning import usable

    if wanted.held is not None and not (how.again or how.replace):
        return "is here", origin(wanted.held)
    addresses = usable(wanted, unconfirmed=how.unconfirmed)
    if not addresses:
        return "no address", next((a.url for a in wanted.entry.addresses), "")
    doubt = "" if addresses[0].confirmed else " (not confirmed)"
    return f"fetch {addresses[0].kind}", addresses[0].url + doubt


def _adopt(arguments: argparse.Namespace, store: Store) -> None:
    from wmspatial._progress import Bars
    from wmspatial.sources.adopting import adopt
    from wmspatial.sources.catalogue import catalogue

    with Bars() as bars:
        done = adopt(
            arguments.folder, store=store, catalogue=catalogue(), copy=arguments.copy,
            replace=arguments.replace, looked_at=bars.looked_at,
        )  # fmt: skip
    said = {
        "new": "copied" if arguments.copy else "adopted", "same": "was here", "mended": "mended",
        "replaced": "replaced", "changed": "KEPT OTHER",
    }  # fmt: skip
    rows = [
        (one.entered.record.dataset, one.file.name,
         said[one.entered.state] + (", part" if one.entered.record.part else ""),
         f"{one.entered.record.rows:,}")
        for one in done.adopted
    ]  # fmt: skip
    print_table(("Data set", "File", "Now", "Rows"), rows, right="Rows")
    for one in done.adopted:
        for remark in one.remarks:
            say(f"{one.entered.record.key}: {remark}")
    if any(one.entered.state == "changed" for one in done.adopted):
        say("KEPT OTHER: the store has another file of that data set; --replace takes this one.")
    print_left(done.left)
    for key, why in done.forgotten.items():
        say(f"No longer listed: {key}: {' '.join(why.split())}")
    say(f"In {store.folder}")
