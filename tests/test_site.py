"""The documentation site: built by one command, whole, without a network, and for everyone."""

from __future__ import annotations

import importlib.resources
import importlib.util
import itertools
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import wmspatial as wm
from browser import PHONE, WIDE, browser, opened
from doc_pages import ROOT, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LONG = "catalogue.html"
API = "reference/generated/wmspatial.classify.html"
CHECKED = ("index.html", "gallery.html", API, LONG)
#: What stands on a page, for those who have no JavaScript.
WORDS = {
    "index.html": "Which poor neighbourhoods are disconnected from the labour market",
    "gallery.html": "illustrative data, not statistics",
    API: "Classify neighbourhoods by the reconstructed JRF labour-market typology.",
    LONG: "Every data set that the method can use",
    "tutorials/two-censuses.html": "So, when you are asked whether it has got worse",
}


@pytest.fixture(scope="module")
def command() -> ModuleType:
    """Load the command that builds the site."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_build"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Build the site as a person would, and return where it is and what was said."""
    out = tmp_path_factory.mktemp("documents") / "site"
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", "--out", out],
        capture_output=True, text=True, check=False, cwd=out.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out, done.stdout


@pytest.fixture(scope="module")
def site(built: tuple[Path, str]) -> Path:
    return built[0]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's script, from the package that ships it."""
    package = pytest.importorskip("axe_playwright_python")
    return importlib.resources.files(package).joinpath("axe.min.js").read_text(encoding="utf-8")


class Text(HTMLParser):
    """The words of a page, and the links on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where a link leads."""
        if tag == "a":
            self.links += [value for key, value in attrs if key == "href" and value]


def read(path: Path) -> Text:
    return Text(path.read_text(encoding="utf-8"))


def test_the_command_says_what_it_did(built: tuple[Path, str]) -> None:
    site, said = built
    found = re.search(r"(\d+) pages in \d+ s\. ([\d,]+) links inside the site lead somewhere", said)
    assert found
    assert int(found[1]) == len(list(site.rglob("*.html")))
    addresses = (site / "external-links.txt").read_text().split()
    assert f"{len(addresses)} addresses elsewhere are well formed and were not asked" in said
    assert "https://www.nomisweb.co.uk/articles/1103.aspx" in addresses


def test_every_page_of_the_folder_is_reached_from_the_first_one(site: Path) -> None:
    seen: set[Path] = set()
    ahead = [site / "index.html"]
    while ahead:
        page = ahead.pop()
        if page in seen:
            continue
        seen.add(page)
        targets = [
            (page.parent / link.split("#")[0]).resolve()
            for link in read(page).links
            if not re.match(r"\w+:", link) and link.split("#")[0].endswith(".html")
        ]
        ahead += [one for one in targets if one not in seen]
    written = [one for one in pages() if one.name != "README.md"]
    wanted = {site / one.relative_to(ROOT / "docs").with_suffix(".html") for one in written}
    assert len(wanted) > 40
    assert wanted - seen == set()


def test_every_public_name_has_its_page_in_one_group(site: Path) -> None:
    groups = [path.read_text() for path in (ROOT / "docs" / "reference").glob("*.md")]
    listed = [name for text in groups for name in re.findall(r"(?m)^   (\w+)$", text)]
    assert sorted(listed) == sorted(set(wm.__all__) - {"__version__"})
    anchors = "".join(
        page.read_text("utf-8") for page in (site / "reference" / "generated").glob("*.html")
    )
    assert [name for name in listed if f'id="wmspatial.{name}"' not in anchors] == []
    assert "wm.__version__" in (site / "reference" / "index.html").read_text("utf-8")


def test_no_two_pages_have_one_name_where_capitals_do_not_count(site: Path) -> None:
    names = [path.relative_to(site).as_posix().lower() for path in site.rglob("*.html")]
    assert len(names) == len(set(names))


def test_a_method_that_a_class_inherits_is_on_its_page(site: Path) -> None:
    page = (site / "reference/generated/wmspatial.Typology.html").read_text("utf-8")
    for name in ("explain", "explanations", "sensitivity", "resample", "with_classes", "by_ward"):
        assert f'id="wmspatial.Typology.{name}"' in page


def test_every_command_and_option_is_on_the_page_of_the_command_line(site: Path) -> None:
    words = " ".join(" ".join(read(site / "reference/command-line.html").words).split())
    for command in ("demo", "briefing", "data fetch", "data adopt", "data verify", "data where"):
        help_text = subprocess.run(
            [sys.executable, "-m", "wmspatial.cli", *command.split(), "--help"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert f"wmspatial {command}" in words
        options = set(re.findall(r"--[a-z-]+", help_text)) - {"--help"}
        assert [option for option in options if option not in words] == []


def test_the_site_is_pinned_alike_for_those_who_build_and_those_who_test() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(extras["docs"]) <= set(extras["test"])
    assert all("==" in one for one in extras["docs"])


@pytest.mark.parametrize("page", WORDS)
def test_a_page_can_be_read_without_javascript(chromium: Any, site: Path, page: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 800}
    )
    try:
        tab = context.new_page()
        tab.goto((site / page).as_uri())
        assert WORDS[page] in " ".join(tab.locator("article").inner_text().split())
        ways = tab.locator("nav a, .sidebar-tree a")
        assert "A start in five minutes" in [one.strip() for one in ways.all_inner_texts()]
        tab.locator(".sidebar-tree a", has_text="The method").first.click()
        assert "reconstruction of the JRF typology" in tab.locator("article").inner_text()
    finally:
        context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"]
)
def test_axe_finds_nothing_and_no_page_asks_the_network(
    chromium: Any, site: Path, axe: str, size: tuple[int, int], scheme: str
) -> None:
    found: dict[str, list[str]] = {}
    for page in CHECKED:
        with opened(chromium, site / page, size) as view:
            view.page.emulate_media(color_scheme=scheme)
            view.page.wait_for_timeout(100)
            view.page.evaluate(axe)
            violations = view.page.evaluate(
                # Not by reading styles anew, which a page opened as a file may not.
                "async () => (await axe.run(document, { preload: false })).violations"
            )
            found[page] = [
                f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
                for one in violations
                for node in one["nodes"]
            ]
            assert view.page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert [one for one in view.requests if not one.startswith("file:")] == []
            assert view.complaints == []
    assert found == {page: [] for page in CHECKED}


def test_the_search_works_on_a_page_opened_as_a_file(chromium: Any, site: Path) -> None:
    with opened(chromium, site / "index.html") as view:
        view.page.get_by_role("textbox", name="Search").first.fill("self-containment")
        view.page.keyboard.press("Enter")
        view.page.locator("#search-results li a", has_text="The method").wait_for()
        first = view.page.locator("#search-results").inner_text()
        assert "LabourMarkets" in first
        assert [one for one in view.requests if not one.startswith("file:")] == []
        assert view.complaints == []


def test_the_page_follows_the_reader_into_the_dark(chromium: Any, site: Path) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    with opened(chromium, site / "index.html") as view:
        view.page.emulate_media(color_scheme="dark")
        assert view.page.evaluate(colour) == "rgb(19, 20, 22)"
        view.page.emulate_media(color_scheme="light")
        assert view.page.evaluate(colour) == "rgb(255, 255, 255)"


def test_the_keyboard_is_enough_and_is_seen(chromium: Any, site: Path) -> None:
    with opened(chromium, site / "index.html") as view:
        view.page.keyboard.press("Tab")
        assert view.page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
        reached = set()
        for _ in range(14):
            view.page.keyboard.press("Tab")
            reached.add(view.page.evaluate("document.activeElement.textContent.trim()"))
            width = view.page.evaluate(
                "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
            )
            assert width >= 2
        assert {"A start in five minutes", "Tutorials", "The method"} <= reached


@pytest.mark.parametrize("page", CHECKED)
def test_headings_are_in_order(site: Path, page: str) -> None:
    text = (site / page).read_text("utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<a href="gone.html">x</a>', "gone.html leads nowhere"),
        ('<a href="#nowhere">x</a>', "#nowhere names no place"),
        ('<a href="https://no dots/x">x</a>', "is no address"),
        ('<a href="ftp://example.org/x">x</a>', "neither https nor http"),
        ('<script src="https://example.org/x.js"></script>', "asks the network"),
        ('<img src="gone.png">', "gone.png, which is not there"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(
    command: ModuleType, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "index.html").write_text(f"<p id='here'>{text}</p><a href='#here'>y</a>")
    with pytest.raises(command.SiteError, match=re.escape(said)):
        command.look_through(tmp_path)


def test_a_style_that_asks_the_network_is_found(command: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p { background: url('https://example.org/p.png') }")
    with pytest.raises(command.SiteError, match=r"a\.css asks the network"):
        command.look_through(tmp_path)


def test_a_warning_is_an_error(command: ModuleType, tmp_path: Path) -> None:
    pages = tmp_path / "docs"
    pages.mkdir()
    (pages / "conf.py").write_text("extensions = ['myst_parser']\n")
    (pages / "index.md").write_text("# Title\n\n[lost](nowhere.md)\n")
    assert command.write(pages, tmp_path / "out", tmp_path / "trees") != 0
    (pages / "index.md").write_text("# Title\n\nWords.\n")
    assert command.write(pages, tmp_path / "out", tmp_path / "trees") == 0


def test_a_folder_that_holds_something_else_is_left_alone(
    command: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(command.SiteError, match="holds no site"):
        command.build(tmp_path)
    assert (tmp_path / "thesis.docx").exists()
