"""The gallery's pictures are those the examples make, small, described, and honest."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import jupytext
import pytest
from PIL import Image

from conftest import NOTE, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

PICTURES = REPOSITORY / "docs" / "pictures"
PAGE = (REPOSITORY / "docs" / "gallery.md").read_text(encoding="utf-8")
FILES = sorted(PICTURES.iterdir())
SHOWN = re.findall(r"!\[([^\]]*)\]\(pictures/([a-z0-9_]+)\.png\)", PAGE)
#: Pictures that take next to no time: figures that are printed in the board papers.
CHEAP = ["pay_resident", "pay_workplace"]


@pytest.fixture(scope="module")
def gallery() -> Iterator[ModuleType]:
    """Import the command."""
    folder = str(REPOSITORY / "docs")
    sys.path.insert(0, folder)
    import make_gallery

    yield make_gallery
    sys.path.remove(folder)
    sys.modules.pop("make_gallery")


def sections() -> list[tuple[str, str]]:
    """Part the page at its headings."""
    parts = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def words_of(path: Path) -> dict[str, Any]:
    with Image.open(path) as image:
        return dict(image.info)


def test_the_page_shows_every_picture_that_an_example_makes(gallery: ModuleType) -> None:
    declared = sorted(gallery.declared())
    assert [file.stem for file in FILES] == declared
    assert sorted(name for _, name in SHOWN) == declared


@pytest.mark.parametrize(("alternative", "name"), SHOWN)
def test_a_picture_is_described(alternative: str, name: str) -> None:
    assert 60 < len(alternative) < 400
    assert alternative.endswith(".")
    assert not alternative.lower().startswith(("picture", "image"))
    info = words_of(PICTURES / f"{name}.png")
    assert info["Title"]
    assert len(info["Description"]) > 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_picture_is_small_and_says_that_its_data_is_made_up(
    file: Path, gallery: ModuleType
) -> None:
    assert 8_000 < file.stat().st_size < 120_000
    with Image.open(file) as image:
        assert image.width in range(1150, 1250)
    published = file.stem in gallery.PUBLISHED
    assert words_of(file)["Description"].startswith(NOTE) is not published


def test_the_command_makes_the_pictures_that_are_there(gallery: ModuleType, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        assert [file.stem for file in gallery.make(CHEAP, folder)] == CHEAP[::-1]
    for name in CHEAP:
        made = first / f"{name}.png"
        assert made.read_bytes() == (second / made.name).read_bytes()
        kept = words_of(PICTURES / made.name)
        assert words_of(made)["Description"] == kept["Description"]
    assert "Solihull is 38 % above Wolverhampton." in kept_words("pay_resident")
    assert "Coventry is 25 % above Dudley." in kept_words("pay_workplace")


def kept_words(name: str) -> str:
    return str(words_of(PICTURES / f"{name}.png")["Description"])


@pytest.mark.parametrize(("value", "said"), [(5, "int, not a Chart"), ("chart", "illustrative")])
def test_a_cell_without_a_chart_or_with_real_numbers_is_refused(
    value: Any, said: str, gallery: ModuleType
) -> None:
    import wmspatial as wm

    chart = wm.authority_chart({"Coventry": 1, "Dudley": 2}, title="Pay")
    with pytest.raises((TypeError, ValueError), match=said):
        gallery.checked("other", chart if value == "chart" else value)


@pytest.mark.parametrize(("heading", "text"), sections())
def test_a_section_has_code_of_its_notebook_and_a_link_to_it(heading: str, text: str) -> None:
    names = re.findall(r"^Notebook: \[(\w+)\]\(\.\./examples/\1\.ipynb\)", text, re.MULTILINE)
    assert len(names) == 1, heading
    cells = jupytext.read(REPOSITORY / "examples" / f"{names[0]}.py").cells
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    lines = {line.strip() for line in source.splitlines()}
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    assert code
    shown = [line.split("  #")[0].strip() for line in code.splitlines() if line.strip()]
    assert [line for line in shown if line not in lines] == []
    assert re.search(r"More: \[[^]]+\]\([a-z/-]+\.md\)", text), "no page of the documentation"


def test_the_contents_lead_to_every_section() -> None:
    linked = re.findall(r"\]\(#([^)]+)\)", PAGE)
    anchors = [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading, _ in sections()
    ]
    assert sorted(set(linked)) == sorted(anchors)
