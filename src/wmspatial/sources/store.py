"""The store: a local folder of official files, a list of them, and nothing half-done.

A store is ``manifest.json`` (what there is), ``files/`` (the files, each in a folder named by its
data set and its hash), ``partial/`` (downloads under way) and ``locks/``. A file is in place, whole
and checked, before the manifest names it, and the manifest is replaced in one step: whatever is
killed whenever, the store is as before or has one file more. Nothing here touches the network.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, MissingFileError, OutputError
from wmspatial.sources._locking import hold, slug_of
from wmspatial.sources._manifest import (
    NAME,
    Record,
    key_of,
    leaves,
    read_manifest,
    write_manifest,
)
from wmspatial.sources._placing import discard, move_in, place_of, to_disk
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Entered", "Record", "Store", "key_of"]

VARIABLE: Final = "WMSPATIAL_DATA"
_LOCK_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Entered:
    """What became of a file that was offered to the store.

    Attributes
    ----------
    state : {"new", "same", "mended", "replaced", "changed"}
        ``"same"``: the store had it already. ``"mended"``: what it had was damaged or gone, and
        this is the same. ``"changed"``: the store has another under that name and keeps it.
    record : Record
        What the manifest names now.
    other : Record or None
        Where mended or replaced, what it named before; where changed, what was offered.
    """

    state: str
    record: Record
    other: Record | None = None


class Store:
    """A folder of official files.

    Parameters
    ----------
    folder : str or Path, optional
        The folder; by default what ``WMSPATIAL_DATA`` names, or the platform's data folder.
        Nothing is made until something is written.
    chosen : str
        How `folder` was chosen, in words, where it is given.

    Raises
    ------
    InputError
        If a file is there in place of the folder.

    Attributes
    ----------
    folder : Path
        The folder, absolute.
    chosen : str
        How it was chosen, in words.

    Examples
    --------
    >>> store = Store("no-such-folder")
    >>> store.exists(), store.records()
    (False, {})
    """

    def __init__(
        self, folder: str | Path | None = None, *, chosen: str = "named by the caller"
    ) -> None:
        named = os.environ.get(VARIABLE, "").strip()
        if folder is not None:
            self.chosen = chosen
        elif named:
            folder, self.chosen = named, f"the environment variable {VARIABLE}"
        else:
            import platformdirs

            folder = platformdirs.user_data_path("wmspatial", appauthor=False)
            self.chosen = "the platform's data folder"
        self.folder = Path(folder).expanduser().absolute()
        self.manifest = self.folder / NAME
        if self.folder.is_file():
            raise InputError(
                f"{self.folder} is a file ({self.chosen}). Expected the folder of the official "
                "tables; a file that you have is taken in with 'wmspatial data adopt', which takes "
                "the folder that it is in."
            )

    def __repr__(self) -> str:
        """Say where it is."""
        return f"Store({str(self.folder)!r})"

    def exists(self) -> bool:
        """Whether the folder is a store: has a manifest, or had one.

        Returns
        -------
        bool
            Whether there is anything to read.
        """
        return self.manifest.is_file() or self._orphaned()

    def _orphaned(self) -> bool:
        """Whether files of a store are there and its manifest is not."""
        files = self.folder / "files"
        return (self.folder / "locks").is_dir() and files.is_dir() and any(files.iterdir())

    def records(self) -> dict[str, Record]:
        """List the files.

        Returns
        -------
        dict of str to Record
            By data set and part; empty where there is no store yet.

        Raises
        ------
        InputError
            If the manifest is damaged, of a newer version, or gone while files of it are there.
        """
        if self.manifest.is_file():
            return read_manifest(self.manifest)
        if self._orphaned():
            raise InputError(
                f"{self.manifest} is gone, but files of the store are there. 'wmspatial data "
                "verify --rebuild' makes it anew from them."
            )
        return {}

    def find(self, dataset: str) -> list[Record]:
        """List the files of one data set.

        Parameters
        ----------
        dataset : str
            Its id.

        Returns
        -------
        list of Record
            The whole one first, then parts by name; empty where there is none.
        """
        return [r for r in self.records().values() if r.dataset == dataset]

    def path(self, key: str) -> Path:
        """Find a file by its data set, or data set and part.

        Parameters
        ----------
        key : str
            As in `records`.

        Returns
        -------
        Path
            The file; it is there.

        Raises
        ------
        MissingFileError
            If the store does not list it, or it is gone.
        """
        record = self.records().get(key)
        if record is None:
            raise MissingFileError(
                f"{key!r} is not in the store {self.folder}. 'wmspatial data fetch' gets it from "
                "the publisher, 'wmspatial data adopt DIR' takes a file that you have."
            )
        file = self.file(record)
        if not file.is_file():
            raise MissingFileError(
                f"{file} is gone; the store {self.folder} lists it as {key!r}. Get it again with "
                "'wmspatial data fetch', or adopt the folder again that it is in now."
            )
        return file

    def file(self, record: Record) -> Path:
        """Say where the file of a record lies.

        Parameters
        ----------
        record : Record
            One of `records`.

        Returns
        -------
        Path
            Absolute; whether it is there is not checked.

        Raises
        ------
        InputError
            If its path leads out of the store, by itself or over a link.
        """
        if record.adopted:
            return Path(record.path)
        file = self.folder / record.path
        if leaves(record.path) or not file.resolve().is_relative_to(self.folder.resolve()):
            raise InputError(
                f"{self.manifest}: {record.key!r} has the path {record.path!r}, which leads out of "
                "the store. Such a file is not read. Remove the link, or get the file again."
            )
        return file

    def sound(self, record: Record) -> bool:
        """Whether a file is there in the size that the manifest names; its hash is not taken.

        Parameters
        ----------
        record : Record
            One of `records`.

        Returns
        -------
        bool
            False where it is gone or of another size.
        """
        try:
            found = self.file(record).stat()
        except (OSError, InputError):
            return False
        return stat.S_ISREG(found.st_mode) and found.st_size == record.bytes

    def enter(
        self, record: Record, content: Path | None = None, *, replace_old: bool = False
    ) -> Entered:
        """Take a file in: move it into place, then name it in the manifest.

        Parameters
        ----------
        record : Record
            What is known of it. With `content`, its path is only the file's name; without, the
            absolute path of a file that stays where it is.
        content : Path, optional
            The file, on the store's own disk (`partial` gives a place); it is gone afterwards.
        replace_old : bool
            Whether another file under the same name gives way. If not, it stays, and what was
            offered is dropped.

        Returns
        -------
        Entered
            What became of it.

        Raises
        ------
        OutputError
            If it cannot be written; the store is then as before.
        """
        if content is not None:
            to_disk(content)
            record = replace(record, path=place_of(record))
        with self.changing():
            records = self.records()
            held = records.get(record.key)
            if held is not None and self._keeps(held, record, replace_old=replace_old):
                if content is not None:
                    content.unlink()
                same = held.sha256 == record.sha256
                return Entered("same", held) if same else Entered("changed", held, record)
            if content is not None:
                move_in(self.folder, content, record)
            records[record.key] = record
            write_manifest(self.manifest, records.values())
            if held is None:
                return Entered("new", record)
            discard(self, held, records)
            mended = held.sha256 == record.sha256 and held.adopted == record.adopted
            return Entered("mended" if mended else "replaced", record, held)

    def _keeps(self, held: Record, offered: Record, *, replace_old: bool) -> bool:
        """Whether the file at hand stays: it is whole, and nobody said otherwise."""
        if not self.sound(held) or sha256(self.file(held)) != held.sha256:
            return False
        if held.sha256 == offered.sha256:
            return not (replace_old and held.adopted and not offered.adopted)
        return not replace_old

    def forget(self, key: str) -> None:
        """Take a file out of the manifest, and off the disk where it is the store's own.

        Parameters
        ----------
        key : str
            As in `records`; nothing happens where it is not listed.
        """
        with self.changing():
            records = self.records()
            held = records.pop(key, None)
            if held is not None:
                write_manifest(self.manifest, records.values())
                discard(self, held, records)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the manifest; another process or thread waits.

        Yields
        ------
        None
            While the manifest is held; it is there.

        Raises
        ------
        OutputError
            If the folder cannot be written to, or somebody else holds it for two minutes.
        """
        with hold(self.folder, "manifest", seconds=_LOCK_SECONDS) as held:
            if not held:
                raise OutputError(
                    f"{self.folder}: another process has held the store for "
                    f"{_LOCK_SECONDS:.0f} seconds. Wait for it, or end it, and try again."
                )
            if not self.manifest.is_file() and not self._orphaned():
                # From here on, files without a manifest mean that somebody took it away.
                write_manifest(self.manifest, [])
            yield

    @contextmanager
    def downloading(self, key: str, stop: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Hold one data set while it is fetched; another process waits, however long it takes.

        Parameters
        ----------
        key : str
            As in `records`.
        stop : callable, optional
            Asked while waiting; True ends the wait.

        Yields
        ------
        bool
            Whether it is held; False only where the wait was ended.

        Raises
        ------
        OutputError
            If the folder cannot be written to.
        """
        with hold(self.folder, slug_of(key), stop=stop) as held:
            yield held

    def partial(self, key: str) -> Path:
        """Give a folder for the download of a data set, which stays until `finish`.

        Parameters
        ----------
        key : str
            As in `records`.

        Returns
        -------
        Path
            On the same disk as the store's files.

        Raises
        ------
        OutputError
            If it cannot be made.
        """
        folder = self.folder / "partial" / slug_of(key)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be made ({error.strerror or error}).") from error
        return folder

    def finish(self, key: str) -> None:
        """Remove what a download left; the caller holds it.

        Parameters
        ----------
        key : str
            As in `records`.
        """
        shutil.rmtree(self.folder / "partial" / slug_of(key), ignore_errors=True)
