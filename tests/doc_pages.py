"""The code in the documents: how it is found and run.

A page's ```python blocks are one programme, run in order in one namespace in an empty folder. A
block that begins with ``>>>`` is also held to what it shows. From the first block on that reads
official tables (``wm.load``) a page needs them; what stands before runs everywhere. What a reader
would bring stands in a comment before the block that uses it, unseen on the page::

    <!-- first
    table = pd.read_csv("...")
    -->

A block that cannot be run is marked ```python no-run; the tests count those. The gallery's blocks
are excerpts of notebooks: ``test_gallery.py`` holds them to these, ``test_examples.py`` runs them.
"""

from __future__ import annotations

import doctest
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wmspatial as wm

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w+)(?P<mark>[^\n`]*)\n(?P<code>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
FIRST = re.compile(r"<!-- first\n(.*?)-->", re.DOTALL)
OFFICIAL = re.compile(r"\bwm\.load\(")
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    line: int
    kind: str
    mark: str
    code: str

    @property
    def official(self) -> bool:
        """Whether it reads official tables."""
        return bool(OFFICIAL.search(re.sub(r"#.*", "", self.code)))


#: Pages whose blocks are no programme, but excerpts of what is run elsewhere.
EXCERPTS = ("docs/gallery.md",)


def pages() -> list[Path]:
    """Return every page that people read: the README and all of ``docs``."""
    found = [
        path
        for path in (ROOT / "docs").rglob("*.md")
        if not {"_build", "generated"} & set(path.relative_to(ROOT).parts)
    ]
    return [ROOT / "README.md", *sorted(found)]


@functools.cache
def blocks(path: Path) -> tuple[Block, ...]:
    """Return the fenced blocks of a page in order, and what it prepares between them."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()

    def line(at: int) -> int:
        return text.count("\n", 0, at) + 1

    found = [(one.start(), "first", "", one[1]) for one in FIRST.finditer(text)]
    for one in FENCE.finditer(text):
        code = re.sub(f"(?m)^{one['indent']}", "", one["code"])
        found.append((one.start(), one["kind"], one["mark"].strip(), code))
    return tuple(Block(name, line(at), *rest) for at, *rest in sorted(found))


def programme(path: Path) -> list[Block]:
    """Return the blocks of a page that are run."""
    if path.relative_to(ROOT).as_posix() in EXCERPTS:
        return []
    return [
        one
        for one in blocks(path)
        if one.kind == "first" or (one.kind == "python" and one.mark != "no-run")
    ]


def everywhere(path: Path) -> list[Block]:
    """Return the blocks that need no official tables: those before the first that reads them."""
    found = programme(path)
    upto = next((i for i, one in enumerate(found) if one.official), len(found))
    return found[:upto]


def run(block: Block, names: dict[str, Any]) -> None:
    """Run a block in a namespace, and hold it to what it shows.

    Raises
    ------
    AssertionError
        If what it shows is not what comes.
    """
    where = f"{block.page}, line {block.line}"
    if not block.code.lstrip().startswith(">>>"):
        exec(compile(block.code, where, "exec"), names)  # noqa: S102
        return
    test = doctest.DocTestParser().get_doctest(block.code, names, where, block.page, block.line)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    runner.run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert not said, "".join(said)


def remembering(data_dir: Path | None) -> tuple[Callable[..., wm.Dataset], ...]:
    """Return ``load`` from that folder and ``load_sample``, which read each thing once."""
    real_load, real_sample = wm.load, wm.load_sample

    @functools.cache
    def read(area: Any, vintage: int, options: tuple[tuple[str, Any], ...]) -> wm.Dataset:
        return real_load(
            list(area) if isinstance(area, tuple) else area,
            vintage,
            data_dir=data_dir,
            **dict(options),
        )

    def load(area: Any = "wmca", vintage: int = 2021, **options: Any) -> wm.Dataset:
        options.pop("data_dir", None)
        area = tuple(area) if isinstance(area, list) else area
        return fresh(read(area, vintage, tuple(sorted(options.items()))))

    @functools.cache
    def read_sample() -> wm.Dataset:
        return real_sample()

    return load, lambda: fresh(read_sample())


def fresh(dataset: wm.Dataset) -> wm.Dataset:
    """Return a dataset whose tables can be added to without changing the one it comes from."""
    copy = object.__new__(wm.Dataset)
    copy.__dict__.update(dataset.__dict__)
    copy.__dict__["neighbourhoods"] = dataset.neighbourhoods.copy()
    copy.__dict__["areas"] = dataset.areas.copy()
    return copy
