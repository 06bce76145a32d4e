"""Progress of downloads on a terminal; nothing where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wmspatial.sources._outcomes import Result
    from wmspatial.sources._planning import Wanted

_NAME_WIDTH = 24


class Bars:
    """One bar for all, and one for each download under way, on stderr."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TextColumn("{task.fields[more]}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, Any] = {}
        self._all: Any = None
        self._count = 0

    def __enter__(self) -> Self:
        """Show them."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take them away."""
        self.stop()

    def stop(self) -> None:
        """Take them away, so that something can be printed."""
        self._progress.stop()

    def planned(self, wanted: Sequence[Wanted]) -> None:
        """Hear what is about to be fetched."""
        self._count += len(wanted)
        if self._all is None:
            self._all = self._progress.add_task("All data sets", total=self._count, more="")
        else:
            self._progress.update(self._all, total=self._count)

    def moved(self, key: str, done: int, total: int | None) -> None:
        """Hear how much of one has come."""
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(key[:_NAME_WIDTH], total=total, more="")
        more = f"{done:,} of {total:,}" if total else f"{done:,}"
        self._progress.update(self._tasks[key], completed=done, total=total, more=more)

    def finished(self, result: Result) -> None:
        """Hear what became of one."""
        task = self._tasks.pop(result.wanted.key, None)
        if task is not None:
            self._progress.remove_task(task)
        self._progress.advance(self._all)

    def looked_at(self, file: Path, count: int) -> None:
        """Hear which file of a folder is looked at."""
        if self._all is None:
            self._all = self._progress.add_task("Files", total=count, more="", completed=-1)
        self._progress.update(self._all, advance=1, more=file.name[:_NAME_WIDTH])
