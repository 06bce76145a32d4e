"""Take files that somebody has already into the store, each recognised by its content."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from dataclasses import replace as replace_in
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError, MissingFileError, OutputError, WmspatialError, examples
from wmspatial.sources._arriving import now
from wmspatial.sources._contents import Contents, rows_amiss
from wmspatial.sources._contents import examine as by_content
from wmspatial.sources._manifest import Record, key_of
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wmspatial.sources._contents import Examine
    from wmspatial.sources.catalogue import Entry
    from wmspatial.sources.store import Entered, Store

__all__ = ["Adopted", "Adoption", "adopt"]

#: Of two copies that are as good as each other the one that is read sooner is taken.
_SOONEST: Final = (".parquet", ".csv", ".gz", ".zip", ".xlsx", ".xls")


@dataclass(frozen=True)
class Adopted:
    """A file that was recognised.

    Attributes
    ----------
    file : Path
        Where it lies.
    entered : Entered
        What became of it in the store.
    remarks : tuple of str
        What has to be said about it.
    """

    file: Path
    entered: Entered
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Adoption:
    """What became of a folder.

    Attributes
    ----------
    adopted : tuple of Adopted
        Files that were recognised, by data set.
    left : mapping of Path to str
        Files that were left, and why.
    forgotten : mapping of str to str
        What the store had adopted from the folder before and no longer lists, and why: the file
        is gone, or no longer what it was.
    """

    adopted: tuple[Adopted, ...]
    left: Mapping[Path, str]
    forgotten: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    file: Path
    part: str
    contents: Contents
    aside: bool = False

    @property
    def key(self) -> str:
        return key_of(self.contents.dataset, self.part)


def adopt(
    folder: str | Path,
    *,
    store: Store,
    catalogue: Mapping[str, Entry],
    copy: bool = False,
    replace: bool = False,
    examine: Examine = by_content,
    looked_at: Callable[[Path, int], None] = lambda _file, _count: None,
) -> Adoption:
    """Take the official files of a folder into the store.

    The folder is only read. The files stay where they are and the store remembers where; each is
    recognised by what it holds, whatever it is called. Of two copies the publisher's own is taken
    before a tidy one. What was adopted from the folder before and is gone or damaged since is taken
    out of the store's list.

    Parameters
    ----------
    folder : str or Path
        The folder, searched with all folders in it.
    store : Store
        The store.
    catalogue : mapping of str to Entry
        Every data set, for the rows that are expected.
    copy : bool
        Whether to copy the files into the store.
    replace : bool
        Whether they take the place of others that the store has of the same data sets.
    examine : callable
        What finds out what a file holds.
    looked_at : callable
        Told before each file which it is, and how many there are.

    Returns
    -------
    Adoption
        What was taken, and what was left.

    Raises
    ------
    MissingFileError
        If there is no such folder.
    InputError
        If not one file in it is recognised, or it is the store itself.
    OutputError
        If the store cannot be written to.

    Examples
    --------
    >>> from wmspatial.sources.catalogue import catalogue
    >>> from wmspatial.sources.store import Store
    >>> adopt("nowhere", store=Store("no-such-folder"), catalogue=catalogue())
    Traceback (most recent call last):
    ...
    wmspatial.errors.MissingFileError: ...nowhere: there is no such folder to adopt.
    """
    root = Path(folder).expanduser().absolute()
    files = _files(root, store)
    left: dict[Path, str] = {}
    found: dict[str, list[_Found]] = {}
    for file in files:
        looked_at(file, len(files))
        try:
            contents = examine(file, "")
        except WmspatialError as error:
            left[file] = str(error)
            continue
        part = _part_of(file, root) if contents.whole is False else ""
        for name in (contents.dataset, *contents.also):
            one = _Found(file, part, replace_in(contents, dataset=name), name != contents.dataset)
            found.setdefault(one.key, []).append(one)
    if not found:
        raise InputError(
            f"{root}: not one of its {len(files):,} files is an official table that is known "
            f"({examples([f.name for f in files], 3)}). 'wmspatial data list' shows what is."
        )
    adopted = []
    for key in sorted(found):
        best, *others = sorted(found[key], key=lambda one: _preference(one, catalogue))
        for other in others:
            if not other.aside:
                left[other.file] = f"another copy of {key}: {best.file.name} was taken"
        adopted.append(_enter(best, store, catalogue, copy=copy, replace=replace))
    return Adoption(tuple(adopted), left, _forget_lost(root, store, adopted, left))


def _forget_lost(
    root: Path, store: Store, adopted: Sequence[Adopted], left: Mapping[Path, str]
) -> dict[str, str]:
    """Take out of the list what was adopted from this folder before and is not there any more."""
    seen = {(one.entered.record.key, one.entered.record.sha256) for one in adopted}
    forgotten = {}
    for record in store.records().values():
        file = Path(record.path)
        if not file.is_relative_to(root) or (record.key, record.sha256) in seen:
            continue
        try:
            found = sha256(file) if file.is_file() else ""
        except OSError as error:
            left_as_it_is = f"{file}: cannot be read ({error.strerror or error})."
            raise InputError(left_as_it_is) from error
        if not found:
            forgotten[record.key] = f"{file} is gone"
        elif found != record.sha256:
            why = left.get(file, "it holds something else now")
            forgotten[record.key] = f"{file} has changed: {why}"
    for key in forgotten:
        store.forget(key)
    return forgotten


def _files(root: Path, store: Store) -> list[Path]:
    """List the files to look at; not those that are hidden, and not the store's own."""
    if not root.is_dir():
        raise MissingFileError(f"{root}: there is no such folder to adopt.")
    if root.is_relative_to(store.folder):
        raise InputError(
            f"{root} lies in the store {store.folder}. Its files are known already; 'wmspatial "
            "data verify' checks them."
        )
    try:
        files = [f for f in root.rglob("*") if f.is_file() and not f.is_relative_to(store.folder)]
    except OSError as error:
        raise InputError(f"{root}: cannot be read ({error.strerror or error}).") from error
    shown = [f for f in files if not any(p.startswith(".") for p in f.relative_to(root).parts)]
    if not shown:
        raise InputError(f"{root}: there are no files in it.")
    return sorted(shown)


def _part_of(file: Path, root: Path) -> str:
    """Name a part by its place in the folder: what area it is of, nothing says."""
    place = file.relative_to(root)
    return place.with_name(place.name.split(".")[0]).as_posix()


def _preference(
    one: _Found, catalogue: Mapping[str, Entry]
) -> tuple[bool, bool, bool, int, int, str]:
    """Put first a file of its own, whole, the publisher's, the longest, the quickest to read.

    A tidy copy comes from the publisher's file by somebody's hands, and may have lost something.
    """
    suffix = one.file.suffix.casefold()
    return (
        one.aside,
        bool(rows_amiss(one.contents, catalogue.get(one.contents.dataset))),
        one.contents.tidy,
        -one.contents.rows,
        _SOONEST.index(suffix) if suffix in _SOONEST else len(_SOONEST),
        one.file.as_posix(),
    )


def _enter(
    one: _Found, store: Store, catalogue: Mapping[str, Entry], *, copy: bool, replace: bool
) -> Adopted:
    odd = "" if one.part else rows_amiss(one.contents, catalogue.get(one.contents.dataset))
    try:
        record = Record(
            one.contents.dataset,
            one.part,
            one.file.name if copy else str(one.file),
            sha256(one.file),
            one.file.stat().st_size,
            one.contents.rows,
            one.contents.columns,
            now(),
            "",
            (*one.contents.notes, *([odd] if odd else [])),
        )
    except OSError as error:
        raise InputError(f"{one.file}: cannot be read ({error.strerror or error}).") from error
    if not copy:
        entered = store.enter(record, replace_old=replace)
    else:
        with store.downloading(one.key):
            held = store.records().get(one.key)
            same = held is not None and held.sha256 == record.sha256
            content = _copied(one.file, store, record)
            # A copy of its own is better than the same file elsewhere.
            entered = store.enter(record, content, replace_old=replace or same)
            store.finish(one.key)
    return Adopted(one.file, entered, (odd,) if odd else ())


def _copied(file: Path, store: Store, record: Record) -> Path:
    """Copy a file to the store's disk, and see that the copy is the same."""
    target = store.partial(record.key) / "copy"
    try:
        shutil.copyfile(file, target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error}).") from error
    if sha256(target) != record.sha256:
        target.unlink()
        raise InputError(f"{file} changed while it was copied. Try again.")
    return target
