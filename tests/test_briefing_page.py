"""The briefing as a page: what it may hold, what an analyst may change, and what it refuses."""

from __future__ import annotations

import base64
import itertools
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import wmspatial as wm
from test_maps_disconnection import NASTY, small_typology
from wmspatial.briefing_page import SECTIONS, make_page
from wmspatial.briefing_page.prose import to_html
from wmspatial.charts import Chart
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from pathlib import Path

DOT = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x00\x00\x01\x01\x00\x05\x18\xd8N\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
).decode()
VOID = {"meta", "link", "br", "img", "hr", "input"}


class Reader(HTMLParser):
    """Reads a page strictly: every element has to be closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, and that it is open."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Expect what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Add text to everything that is open."""
        for tag in self.open:
            self.texts.setdefault(tag, []).append(data)

    def text(self, tag: str) -> str:
        """Return the text inside all elements of a kind."""
        return " ".join("".join(self.texts.get(tag, [])).split())


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def quick(typology: wm.Typology, **options: Any) -> str:
    return make_page(typology, **({"sensitivity": False, "labour_markets": False} | options))


@pytest.fixture(scope="module")
def typology(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def page(typology: wm.Typology) -> str:
    return make_page(typology)


@pytest.fixture(scope="module")
def small() -> wm.Typology:
    return small_typology()


# -- what the page is ------------------------------------------------------------------------------


def test_the_page_has_no_script_and_asks_for_nothing(page: str) -> None:
    reader = read(page)
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "link", "iframe", "img", "object", "embed", "base", "form"}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            assert not (attributes.get(name) or "").startswith(("http:", "//", "javascript:"))
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    policy = next(
        a["content"] for t, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "script-src" not in policy
    assert "http" not in policy


def test_ids_are_unique_and_everything_that_is_referred_to_is_there(page: str) -> None:
    reader = read(page)
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = set(re.findall(r'(?:href="#|url\(#)([^")]+)', page))
    for _, attributes in reader.elements:
        wanted |= set((attributes.get("aria-labelledby") or "").split())
    assert wanted <= set(ids)


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [int(t[1]) for t, _ in read(page).elements if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_tables_have_captions_and_headings_of_rows_and_columns(page: str) -> None:
    elements = read(page).elements
    assert page.count("<table") == page.count("<caption") > 3
    headings = [a for t, a in elements if t == "th"]
    assert headings
    assert {a.get("scope") for a in headings} == {"row", "col"}


def test_every_drawing_has_its_words_and_its_source(page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) >= 5
    for figure in figures:
        assert figure.count('<svg role="img"') == figure.count("<desc ") >= 1
        assert re.search(r"<figcaption>.*Sources?: .+</figcaption>", figure, re.DOTALL)


def test_made_up_data_is_marked_everywhere(page: str) -> None:
    reader = read(page)
    assert reader.text("title").startswith(f"{ILLUSTRATIVE}: ")
    assert reader.text("aside") == ILLUSTRATIVE
    assert f'content: "{ILLUSTRATIVE}"' in page  # on every sheet of paper
    for block in re.findall(r"<(?:caption|figcaption|desc)\b.*?</", page, re.DOTALL):
        assert ILLUSTRATIVE in block


def test_real_data_carries_no_banner(real_2021: wm.Dataset) -> None:
    found = quick(wm.classify(real_2021))
    assert ILLUSTRATIVE not in found
    assert "The 2021 Census was taken in a lockdown" in found
    assert "Open Government Licence v3.0" in found
    assert "Contains National Statistics data © Crown copyright" in found
    for source in real_2021.provenance:
        assert source.title in found
        assert source.sha256[:16] in found


def test_the_same_result_gives_the_same_page(small: wm.Typology) -> None:
    assert quick(small) == quick(small)


def test_the_page_is_light_enough_to_send(page: str) -> None:
    assert len(page.encode()) < 700_000


def test_by_ward_the_map_is_one_of_wards() -> None:
    typology = wm.classify(wm.load_sample(level="ward"))
    found = quick(typology)
    some = int((typology.frame["share_disconnected"] > 0).sum())
    assert f"{some:,} of {len(typology.frame):,} wards have some of them" in found
    assert "Over 50 %" in found.replace("\u00a0", " ")
    assert "wards.csv" in found


def test_by_ward_the_folder_has_a_map_of_wards(tmp_path: Path) -> None:
    typology = wm.classify(wm.load_sample(level="ward"))
    without = dict.fromkeys([n for n in SECTIONS if n not in ("sure", "sources")], False)
    files = wm.briefing(typology, tmp_path, sections=without)
    assert files.areas.name == "wards.csv"
    assert files.page.stat().st_size > 100_000


def test_names_are_text_and_nothing_else() -> None:
    found = quick(small_typology(nasty=True), title=NASTY, sensitivity=True)
    reader = read(found)
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    assert reader.text("h1") == " ".join(NASTY.split())
    assert "{{ 7*7 }}" in reader.text("h1")


# -- what an analyst changes -----------------------------------------------------------------------


def headings(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", page)


def test_a_section_is_left_out(small: wm.Typology) -> None:
    every = headings(quick(small))
    assert "One place or many" in every
    fewer = headings(quick(small, sections={"where": False}))
    assert [h for h in every if h != "One place or many"] == fewer


def test_a_section_is_replaced_and_its_work_is_not_done(
    small: wm.Typology, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wmspatial.patterns

    def never(_: object) -> None:
        raise AssertionError("worked out for nothing")

    monkeypatch.setattr(wmspatial.patterns, "clusters", never)
    own = "All of it is *one* place.\n\n## Ours\n\n| A | B |\n|---|---|\n| 1 | 2 |"
    found = quick(small, sections={"Where": own, "headline": False})
    section = re.search(r'<section id="where".*?</section>', found, re.DOTALL)
    assert section is not None
    assert "<em>one</em>" in section[0]
    assert "<h3>Ours</h3>" in section[0]
    assert '<th scope="col">A</th>' in section[0]
    assert "separate places" not in section[0]
    read(found)


def test_new_sections_stand_before_the_sources(small: wm.Typology) -> None:
    chart = wm.authority_chart(
        {"Coventry": 13.08, "Dudley": 10.50}, title="Workplace pay an hour, 2016", unit="£",
        source="Board paper, 12 January 2018",
    )  # fmt: skip
    found = quick(small, sections={"Pay in 2016": chart, "What we ask for": "A bus."})
    assert headings(found)[-3:] == ["Pay in 2016", "What we ask for", "Sources"]
    section = re.search(r'<section id="pay-in-2016".*?</section>', found, re.DOTALL)
    assert section is not None
    assert "Coventry is 25" in section[0]
    assert "Board paper, 12 January 2018" in section[0]
    assert isinstance(chart, Chart)
    read(found)


def test_raw_html_in_markdown_shows_as_text(small: wm.Typology) -> None:
    text = "Look: <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>"
    found = quick(small, sections={"note": text})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found
    assert not {"script", "img"} & {tag for tag, _ in read(found).elements}


def test_a_picture_in_the_page_is_shown(small: wm.Typology) -> None:
    found = quick(small, sections={"note": f"![A dot](data:image/png;base64,{DOT})"})
    images = [a for t, a in read(found).elements if t == "img"]
    assert [(a["alt"], (a["src"] or "")[:15]) for a in images] == [("A dot", "data:image/png;")]


@pytest.mark.parametrize(
    "text",
    ["![x](https://example.org/x.png)", "![x](x.png)", "![x](data:text/html;base64,AA==)",
     "![x][1]\n\n[1]: //example.org/x.png"],
)  # fmt: skip
def test_a_picture_from_elsewhere_is_refused(small: wm.Typology, text: str) -> None:
    with pytest.raises(wm.InputError, match=r"sections\['note'\].*data: URI") as error:
        quick(small, sections={"note": text})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_something_is_refused(href: str) -> None:
    with pytest.raises(wm.InputError, match="a link goes to"):
        to_html(f"[here]({href})", "note")


@pytest.mark.parametrize(
    "href", ["https://example.org", "mailto:a@example.org", "map.html", "#sure", "a/b.csv"]
)
def test_links_to_pages_and_files_are_kept(href: str) -> None:
    assert f'<a href="{href}">here</a>' in to_html(f"[here]({href})", "note")


def test_headings_in_markdown_stand_below_the_sections() -> None:
    found = to_html("# One\n\n### Three", "note")
    assert "<h3>One</h3>" in found
    assert "<h5>Three</h5>" in found


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sections": {"whoo": False}}, r"no section 'whoo'.*who"),
        ({"sections": {"sources": False}}, "cannot be left out or replaced"),
        ({"sections": {"sources": "Ours."}}, "cannot be left out or replaced"),
        ({"sections": {"who": 3}}, "expected Markdown, a Chart, or False"),
        ({"sections": {"who": "  "}}, "is empty"),
        ({"sections": {"Who": False, "who": False}}, "stands twice"),
        ({"sections": {3: "x"}}, "Expected a name in words"),
        ({"sections": ["who"]}, "found list"),
        ({"title": "  "}, "expected text"),
        ({"resamples": -1}, "whole number of draws"),
        ({"resamples": True}, "whole number of draws"),
        ({"earlier": "2011"}, "earlier: expected a Typology"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_before_any_work(
    small: wm.Typology, tmp_path: Path, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(wm.InputError, match=says) as error:
        wm.briefing(small, tmp_path / "out", **options)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


def test_an_earlier_result_that_cannot_be_compared_is_refused(
    small: wm.Typology, tmp_path: Path
) -> None:
    with pytest.raises(wm.VintageError):
        wm.briefing(small, tmp_path / "out", earlier=small)
    assert not list((tmp_path / "out").glob("*.html"))


# -- the folder ------------------------------------------------------------------------------------


def test_the_briefing_is_the_first_file_of_the_folder(small: wm.Typology, tmp_path: Path) -> None:
    files = wm.briefing(small, tmp_path, sensitivity=False, title="For the board")
    assert files[0] == files.briefing == tmp_path / "briefing.html"
    assert files.page == tmp_path / "map.html"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f.name for f in files)
    text = files.briefing.read_text(encoding="utf-8")
    assert read(text).text("h1") == "For the board"
    for name in re.findall(r'href="([^"#]+)"', text):
        assert (tmp_path / name).exists()


def test_every_section_has_a_name_that_can_be_left_out(small: wm.Typology) -> None:
    without = dict.fromkeys([name for name in SECTIONS if name != "sources"], False)
    assert headings(quick(small, sections=without)) == ["Sources"]


def test_what_changed_stands_in_the_page_and_its_sources_in_the_folder(
    real_2011: wm.Dataset, real_2021: wm.Dataset, tmp_path: Path
) -> None:
    earlier, later = wm.classify(real_2011), wm.classify(real_2021)
    files = wm.briefing(later, tmp_path, earlier=earlier, sensitivity=False, labour_markets=False)
    page = files.briefing.read_text(encoding="utf-8")
    assert "What changed since 2011" in headings(page)
    beside = files.page.read_text(encoding="utf-8")
    assert "Residential type" in beside
    assert "Change since 2011" in beside
    assert files.page.stat().st_size < 450_000
    told = files.about.read_text(encoding="utf-8")
    for source in (*later.provenance, *earlier.provenance):
        assert source.sha256[:16] in page
        assert told.count(source.sha256) == 1


# -- what is missing -------------------------------------------------------------------------------


def test_what_cannot_be_worked_out_is_said_with_its_reason(
    small: wm.Typology, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wmspatial.typology.sensitivity as home

    def fail(*_: object) -> None:
        raise wm.InputError("points: 3 have none.")

    monkeypatch.setattr(home, "scenario_classes", fail)
    found = quick(small, sensitivity=True)
    assert "is not known. points: 3 have none." in found
    assert "versions of the method" not in found
