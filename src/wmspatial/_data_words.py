"""What ``wmspatial data`` prints: tables that fit 80 columns, and what has to be known."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from wmspatial.sources._manifest import Record
    from wmspatial.sources._outcomes import Result

_HASH_SHOWN: Final = 12
_DAY: Final = 10
_AREAS_WIDTH: Final = 14
_MEGABYTE: Final = 1e6

#: How each state of a result is said in the table.
_SAID: Final = {
    "fetched": "fetched",
    "held": "was here",
    "unchanged": "unchanged",
    "changed": "CHANGED",
    "replaced": "replaced",
    "mended": "mended",
    "failed": "FAILED",
}


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _console() -> Console:
    from rich.console import Console

    # Titles and file names are text, whatever they look like.
    return Console(highlight=False, markup=False, emoji=False)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: str = "") -> None:
    """Print a table that fits 80 columns; the second column gives way, and areas do."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1), pad_edge=False)
    for at, heading in enumerate(headings):
        table.add_column(
            heading,
            overflow="fold",
            no_wrap=at != 1 and heading != "Areas",
            max_width=_AREAS_WIDTH if heading == "Areas" else None,
            justify="right" if heading in right.split() else "left",
        )
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def origin(record: Record) -> str:
    """Say when and from where a file came."""
    how = "adopted" if not record.url else "fetched"
    return f"{how} {record.fetched[:_DAY]}, hash {record.sha256[:_HASH_SHOWN]}"


def print_results(results: Sequence[Result]) -> None:
    """Print what became of each, and below what has to be known."""
    if not results:
        return
    rows = []
    for result in results:
        record = result.record
        facts = ("", "", "")
        if record is not None:
            megabytes = f"{record.bytes / _MEGABYTE:,.1f}"
            facts = (f"{record.rows:,}", megabytes, record.fetched[:_DAY])
        entry = result.wanted.entry
        rows.append((entry.id, result.wanted.part or entry.title, _SAID[result.state], *facts))
    print_table(("Data set", "What", "Now", "Rows", "MB", "Since"), rows, right="Rows MB")
    for result in results:
        for line in _remarks(result):
            say(f"{result.wanted.key}: {line}")


def _remarks(result: Result) -> list[str]:
    lines = list(result.remarks)
    if result.record is None or result.other is None:
        return lines
    old, new = result.record, result.other
    if result.state == "changed":
        lines.append(
            f"changed at the publisher: {old.sha256[:_HASH_SHOWN]} of {old.fetched[:_DAY]} here, "
            f"{new.sha256[:_HASH_SHOWN]} there on {new.fetched[:_DAY]}. What is here stays; "
            "--replace takes the new one."
        )
    if result.state == "replaced":
        old, new = new, old
        lines.append(
            f"replaced: {old.sha256[:_HASH_SHOWN]} of {old.fetched[:_DAY]} by "
            f"{new.sha256[:_HASH_SHOWN]} of {new.fetched[:_DAY]}."
        )
    return lines


def print_left(left: Mapping[Path, str]) -> None:
    """Say which files were left, and why."""
    if left:
        say(f"Left: {len(left):,} files")
    for file, why in left.items():
        say(f"  {_short(file)}: {' '.join(why.split())}")


def _short(file: Path) -> str:
    """Name a file with the folder that it is in."""
    return f"{file.parent.name}/{file.name}"
