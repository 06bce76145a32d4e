"""Every example of the documents runs, and shows what they say it shows."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest

import wmspatial as wm
from doc_pages import EXCERPTS, ROOT, Block, blocks, everywhere, pages, programme, remembering, run
from wmspatial.cli import _parser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Kept

    Start = Callable[[Path | None], None]

NAMED = {path.relative_to(ROOT).as_posix(): path for path in pages()}
LIGHT = [name for name, path in NAMED.items() if everywhere(path)]
OFFICIAL = [name for name, path in NAMED.items() if any(one.official for one in programme(path))]
COMMANDS = [
    pytest.param(line, id=f"{block.page}:{block.line} {line[:50]}")
    for path in NAMED.values()
    for block in blocks(path)
    if block.kind == "sh"
    for line in block.code.splitlines()
    if line.strip()
]
#: What takes long is less here: what a page shows does not hang on it, and it has its own tests.
DRAWS = 100
AREAS = 400
SECTIONS = ("who", "where", "always", "labour markets", "classes")
#: Blocks that need tables which are not at hand.
NOT_RUN = {"docs/authority-charts.md": 2, "docs/briefing.md": 2}


@pytest.fixture(scope="module")
def shared() -> dict[Path | None, tuple[Callable[..., wm.Dataset], ...]]:
    """Keep what was read for the pages that come after."""
    return {}


@pytest.fixture
def reading(
    shared: dict[Path | None, tuple[Callable[..., wm.Dataset], ...]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    kept: Kept,
) -> Start:
    """Work in an empty folder, with tables that are read once for all pages."""
    kept.use(monkeypatch)
    mpl.use("Agg")
    monkeypatch.chdir(tmp_path)
    resample, briefing = wm.Typology.resample, wm.briefing
    relationship, composition = wm.relationship, wm.composition

    def drawn(typology: wm.Typology, n: int = DRAWS, **options: Any) -> Any:
        return resample(typology, min(n, DRAWS), **options)

    def shortened(typology: Any, folder: Any, *, sections: Any = None, **options: Any) -> Any:
        kept = dict.fromkeys(SECTIONS, False) | dict(sections or {})
        return briefing(typology, folder, sections=kept, **options)

    def start(data_dir: Path | None) -> None:
        if data_dir not in shared:
            shared[data_dir] = remembering(data_dir)
        load, load_sample = shared[data_dir]
        monkeypatch.setattr(wm, "load", load)
        monkeypatch.setattr(wm, "load_sample", load_sample)
        monkeypatch.setattr(wm.Typology, "resample", drawn)
        monkeypatch.setattr(wm, "briefing", shortened)
        monkeypatch.setattr(
            wm,
            "relationship",
            lambda frame, *rest, **how: relationship(frame[:AREAS], *rest, **how),
        )
        monkeypatch.setattr(
            wm, "composition", lambda *given, **how: composition(*given, **({"n": DRAWS} | how))
        )

    return start


def run_all(page: list[Block]) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in page:
        run(block, names)


@pytest.mark.parametrize("name", LIGHT)
def test_examples_that_need_no_official_tables_run(name: str, reading: Start) -> None:
    reading(None)
    run_all(everywhere(NAMED[name]))


@pytest.mark.parametrize("name", OFFICIAL)
def test_examples_on_official_tables_run(name: str, reading: Start, data_dir: Path) -> None:
    reading(data_dir)
    run_all(programme(NAMED[name]))


def test_what_is_not_run_is_marked_and_counted() -> None:
    marked = [
        block
        for path in NAMED.values()
        for block in blocks(path)
        if block.kind == "python" and block.mark
    ]
    assert {block.mark for block in marked} <= {"no-run"}
    assert Counter(block.page for block in marked) == NOT_RUN
    # The gallery's are excerpts of notebooks, which have tests of their own.
    assert EXCERPTS == ("docs/gallery.md",)


def test_every_block_says_what_it_is() -> None:
    known = {"python", "sh", "html", "first", "text"}
    kinds = {
        f"{block.page}, line {block.line}: {block.kind}"
        for path in NAMED.values()
        for block in blocks(path)
        if block.kind not in known
    }
    assert kinds == set()


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_has_the_arguments_that_the_page_gives_it(line: str) -> None:
    for command in re.split(r"\s+&&\s+", line):
        words = shlex.split(command, comments=True)
        name = words[0].rsplit("/", 1)[-1]
        if name == "wmspatial":
            _parser().parse_args(words[1:])
        elif name.startswith("python") and words[1].endswith(".py"):
            assert (ROOT / words[1]).is_file()
        else:
            assert name in ("python3", "python", "pip", "export"), command


def test_a_wrong_argument_is_found() -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["briefing", "--out", "x", "--vintages", "2021"])


def test_an_example_that_shows_something_else_is_found() -> None:
    wrong = Block("page", 1, "python", "", ">>> 1 + 1\n3\n")
    with pytest.raises(AssertionError, match="Expected"):
        run(wrong, {})
    broken = Block("page", 1, "python", "", "unknown_name")
    with pytest.raises(NameError):
        run(broken, {})
