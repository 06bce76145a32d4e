"""Every example runs, shows what it promises, and its notebook and its script are the same."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from browser import browser, opened
from conftest import NOTE, REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = REPOSITORY / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
OFFICIAL = "two_censuses"

#: By example: how many maps that answer, how many drawings, and sentences that have to stand in it.
PROMISES: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "authorities": (0, 6, ("Coventry is 25 % above Dudley.", "Solihull is 38 % above Wolverham")),
    "briefing": (0, 1, ("briefing.html", "map.html")),
    "choropleths": (1, 6, ("Up to 30 %",)),
    "commuting": (0, 4, ("Local jobs do not mean local employment", "labour markets; agreement")),
    "how_sure": (1, 2, ("Over 72 scenarios", "of 200 resamples")),
    "own_data": (0, 1, ("1,680 rows of LSOA", "'*' 1", "1,680 of 1,680 areas (LSOA 2011)")),
    "print_and_slides": (0, 2, ("map.pdf", "map.svg", "Authorities on the map: 1 Wolverhampton")),
    "small_multiples": (1, 3, ()),
    "two_censuses": (0, 4, ("2011: Over 639 areas", "2021: Over 659 areas", "Small Heath (")),
    "wards": (1, 2, ("against 57.9 % in Birmingham",)),
    "west_midlands": (1, 0, ("among the 12 % most deprived in England", "Over 72 scenarios")),
    "where": (0, 5, ("separate places", "Moran’s I", "like lies beside like")),
    "who": (0, 3, ("of residents live in disconnected neighbourhoods",)),
}

#: Whether a canvas of the page holds a map: many pixels that are neither empty nor white.
COLOURED = """
() => [...document.querySelectorAll("canvas")].some((canvas) => {
  if (!canvas.width || !canvas.height) return false;
  const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0;
  for (let i = 0; i < dots.length; i += 4) {
    if (dots[i + 3] > 200 && dots[i] + dots[i + 1] + dots[i + 2] < 600) count += 1;
  }
  return count > 5000;
})
"""

Run = Callable[[str], Any]


def read(script: Path) -> Any:
    return nbformat.read(script.with_suffix(".ipynb"), as_version=4)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run notebooks, each once, in one kernel that is emptied before each."""
    data = os.environ.get("WMSPATIAL_TEST_DATA", str(REPOSITORY.parent / "shared" / "data"))
    client = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3", timeout=120)
    done: dict[str, Any] = {}

    def execute(name: str) -> Any:
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            begin = (
                "%reset -f\nimport os, warnings\nwarnings.simplefilter('error')\n"
                f"os.environ['WMSPATIAL_DATA'] = {data!r}\nos.chdir({str(folder)!r})"
            )
            client.nb = read(EXAMPLES / f"{name}.py")
            client.nb.cells.insert(0, nbformat.v4.new_code_cell(begin))
            client.execute(reset_kc=False, cleanup_kc=False)
            done[name] = client.nb
        return done[name]

    yield execute
    client.nb = nbformat.v4.new_notebook()
    client.execute(reset_kc=False, cleanup_kc=True)


def outputs(notebook: Any) -> list[Any]:
    return [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]


def shown(notebook: Any) -> list[str]:
    """List what is shown as HTML."""
    kinds = ("display_data", "execute_result")
    found = [out.data.get("text/html", "") for out in outputs(notebook) if out.output_type in kinds]
    return [text for text in found if text]


def printed(notebook: Any) -> str:
    return "".join(out.text for out in outputs(notebook) if out.output_type == "stream")


def maps(notebook: Any) -> list[str]:
    return [text for text in shown(notebook) if "<iframe srcdoc=" in text]


def drawings(notebook: Any) -> list[str]:
    return [text for text in shown(notebook) if text.startswith("<svg role=")]


def test_every_example_is_promised_here() -> None:
    assert {script.stem for script in SCRIPTS} == set(PROMISES)
    assert {path.stem for path in EXAMPLES.glob("*.ipynb")} == set(PROMISES)
    assert {path.suffix for path in EXAMPLES.iterdir() if path.is_file()} == {".py", ".ipynb"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_notebook_is_the_script(script: Path) -> None:
    def cells(notebook: Any) -> list[Any]:
        return [(c.cell_type, c.source, c.metadata.get("picture")) for c in notebook.cells]

    notebook = read(script)
    assert cells(notebook) == cells(jupytext.read(script))
    assert not any(c.outputs or c.execution_count for c in notebook.cells if "outputs" in c)
    assert all(c.source for c in notebook.cells)
    assert len(notebook.cells) <= 30


@pytest.mark.parametrize("name", PROMISES)
def test_the_example_runs_and_shows_what_it_promises(
    name: str, run: Run, request: pytest.FixtureRequest
) -> None:
    if name == OFFICIAL:
        request.getfixturevalue("data_dir")
    notebook = run(name)
    interactive, drawn, sentences = PROMISES[name]
    assert (len(maps(notebook)), len(drawings(notebook))) == (interactive, drawn)
    text = printed(notebook)
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize("name", sorted(set(PROMISES) - {OFFICIAL}))
def test_everything_drawn_from_the_sample_says_so(name: str, run: Run) -> None:
    published = 2 if name == "authorities" else 0
    unmarked = [text[:300] for text in (*maps(run(name)), *drawings(run(name))) if NOTE not in text]
    assert len(unmarked) == published, unmarked


@pytest.mark.parametrize("name", PROMISES)
def test_every_drawing_has_a_text_alternative(
    name: str, run: Run, request: pytest.FixtureRequest
) -> None:
    if name == OFFICIAL:
        request.getfixturevalue("data_dir")
    for drawing in drawings(run(name)):
        assert re.search(r"<title[^>]*>[^<]{8,}</title>", drawing)
        assert re.search(r"<desc[^>]*>[^<]{40,}</desc>", drawing)


@pytest.mark.parametrize("name", sorted(set(PROMISES) - {OFFICIAL}))
def test_the_gallery_shows_what_the_example_draws(name: str, run: Run) -> None:
    """What a picture says in words is what the notebook's drawing says now."""
    stale = []
    for cell in run(name).cells:
        if picture := cell.metadata.get("picture"):
            drawing = next(out.data["text/html"] for out in cell.outputs if "data" in out)
            words = re.search(r"<desc[^>]*>([^<]+)</desc>", drawing)
            with Image.open(REPOSITORY / "docs" / "pictures" / f"{picture}.png") as image:
                if words is None or html.unescape(words[1]) != image.info["Description"]:
                    stale.append(picture)
    assert stale == [], "python docs/make_gallery.py " + " ".join(stale)


def test_the_official_example_is_not_illustrative(run: Run, data_dir: Path) -> None:
    assert data_dir
    assert not any(NOTE in text for text in (*shown(run(OFFICIAL)), printed(run(OFFICIAL))))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.mark.browser
@pytest.mark.parametrize("name", ["west_midlands", "choropleths", "small_multiples"])
def test_the_map_is_drawn_inline_and_asks_for_nothing(
    name: str, run: Run, chromium: Any, tmp_path: Path
) -> None:
    cell = tmp_path / "cell.html"
    head = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>A cell</title>"
    cell.write_text(head + maps(run(name))[0], encoding="utf-8")
    with opened(chromium, cell) as view:
        frame = view.page.frames[1]
        frame.wait_for_function(COLOURED, timeout=10_000)
        assert "Illustrative data, not statistics" in frame.inner_text("body")
        assert {url for url in view.requests if not url.startswith("about:")} == {cell.as_uri()}
        assert view.complaints == []
