"""The briefing in a real browser: on a desk, on a telephone, in the dark, on paper, by keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import wmspatial as wm
from browser import PHONE, WIDE, browser, opened
from test_maps_disconnection import NASTY, small_typology
from wmspatial.briefing_page import make_page
from wmspatial.charts import authority_indicator
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("briefing") / "briefing.html"
    pay = wm.authority_chart({"Coventry": 13.08, "Dudley": 10.50}, title="Pay", unit="£")
    own = {"Pay in 2016": pay, "What we ask for": "| A | B |\n|---|---|\n| 1 | 2 |"}
    two = pd.DataFrame(
        {"Resident": [14.11, 10.23, 12.1], "Workplace": [12.9, None, 12.1]},
        index=["Solihull", "Wolverhampton", "England"],
    )
    groups = pd.DataFrame({"A": [7.0], "B": [6.0], "C": [5.0]}, index=["Dudley"])
    page = make_page(
        wm.classify(wm.load_sample()), sections=own, resamples=5, pay=two,
        indicators=[authority_indicator(groups, title="Employment", unit="%")],
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE, (320, 640)])
def test_opens_with_no_request_and_no_complaint_and_nothing_sticks_out(
    chromium: Any, file: Path, size: tuple[int, int]
) -> None:
    with opened(chromium, file, size, touch=size[0] < 500) as view:
        assert view.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def test_each_width_shows_the_drawings_made_for_it(chromium: Any, file: Path) -> None:
    for size, shown, hidden in ((WIDE, "wide", "narrow"), (PHONE, "narrow", "wide")):
        with opened(chromium, file, size) as view:
            figures = view.page.locator("figure.chart:not(.own)")
            assert figures.count() >= 4
            for i in range(figures.count()):
                assert figures.nth(i).locator(f".{shown} svg").is_visible()
                assert not figures.nth(i).locator(f".{hidden} svg").is_visible()


def test_letters_in_charts_can_be_read_on_a_telephone(chromium: Any, file: Path) -> None:
    with opened(chromium, file, PHONE, touch=True) as view:
        heights = view.page.evaluate(
            "[...document.querySelectorAll('.narrow svg text')]"
            ".map(t => t.getBoundingClientRect().height).filter(h => h > 0)"
        )
    assert len(heights) > 20
    assert min(heights) >= 9


def test_numbers_on_the_maps_lie_on_the_maps_and_not_on_each_other(
    chromium: Any, file: Path
) -> None:
    for size in (WIDE, PHONE):
        with opened(chromium, file, size) as view:
            maps = view.page.evaluate(
                "[...document.querySelectorAll('.fit')].map(m => ({"
                "box: m.querySelector('svg').getBoundingClientRect().toJSON(),"
                "spots: [...m.querySelectorAll('.spot')].map(s => "
                "[s.innerText, s.getBoundingClientRect().toJSON()])}))"
            )
        assert sorted(s[0] for s in maps[0]["spots"]) == list("1234567")
        for m in maps:
            for i, (_, a) in enumerate(m["spots"]):
                x, y = (a["left"] + a["right"]) / 2, (a["top"] + a["bottom"]) / 2
                assert m["box"]["left"] < x < m["box"]["right"]
                assert m["box"]["top"] < y < m["box"]["bottom"]
                for _, b in m["spots"][:i]:
                    # A hair over each other at 390 pixels is still read; one on the other is not.
                    across = min(a["right"], b["right"]) - max(a["left"], b["left"])
                    down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
                    assert min(across, down) < 0.4 * (a["right"] - a["left"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_checker_of_accessibility_finds_nothing(
    chromium: Any, file: Path, size: tuple[int, int], scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True
    )
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    finally:
        context.close()
    assert len(found["passes"]) > 20
    told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]]
    assert told == []


def test_the_dark_page_is_dark_and_its_drawings_stay_on_white(chromium: Any, file: Path) -> None:
    context = chromium.new_context(color_scheme="dark")
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        colours = page.evaluate(
            "['body', '.sheet'].map(s => "
            "getComputedStyle(document.querySelector(s)).backgroundColor)"
        )
    finally:
        context.close()
    assert colours[0] == "rgb(23, 24, 27)"
    assert colours[1] == "rgb(255, 255, 255)"


def test_the_keyboard_skips_to_the_content_and_reaches_all_of_it(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        page = view.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate("document.activeElement.className || document.activeElement.tagName")
            )
        assert {"scroll", "SUMMARY", "A"} <= reached
        page.locator("details summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details table").first.is_visible()


def test_the_contents_lead_to_their_sections(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        links = view.page.locator("nav a")
        assert links.count() == view.page.locator("main > section").count()
        links.last.click()
        box = view.page.locator("#sources h2").bounding_box()
        # Not below the banner that stays in sight.
        assert box["y"] >= view.page.locator(".banner").bounding_box()["height"] - 1


def test_on_paper_everything_is_open_and_the_banner_is_there(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        view.page.emulate_media(media="print")
        assert view.page.locator(".banner").is_visible()
        assert view.page.locator(".banner").inner_text() == ILLUSTRATIVE
        assert not view.page.locator("nav").is_visible()
        assert view.page.locator("details table").first.is_visible()
        assert view.page.locator(".chart .wide svg").first.is_visible()
        assert not view.page.locator(".narrow svg").first.is_visible()
        pieces = view.page.evaluate(
            "[...document.querySelectorAll('figure, tr, .key')]"
            ".map(f => getComputedStyle(f).breakInside)"
        )
        assert set(pieces) == {"avoid"}


def test_no_drawing_is_higher_or_wider_than_a_sheet(chromium: Any, file: Path) -> None:
    # A4 without its margins, at 96 dots an inch: what fits is not cut.
    wide, high = int(182 / 25.4 * 96), int(268 / 25.4 * 96)
    with opened(chromium, file, (wide, high)) as view:
        view.page.emulate_media(media="print")
        boxes = view.page.evaluate(
            "[...document.querySelectorAll('figure, table')]"
            ".map(f => [f.tagName, f.getBoundingClientRect().width,"
            " f.getBoundingClientRect().height])"
        )
    assert boxes
    for kind, width, height in boxes:
        assert width <= wide + 1
        assert kind == "TABLE" or height <= high
    with opened(chromium, file) as view:
        pdf = view.page.pdf(prefer_css_page_size=True)
    assert 4 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 14


def test_names_run_nothing(chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "nasty.html"
    own = {"note": "<script>alert(1)</script>"}
    path.write_text(
        make_page(small_typology(nasty=True), title=NASTY, sections=own), encoding="utf-8"
    )
    with opened(chromium, path) as view:
        assert view.page.locator("h1").inner_text().split() == NASTY.split()
        assert view.page.locator("img, script").count() == 0
        assert "<script>alert(1)</script>" in view.page.locator("#note").inner_text()
        assert view.requests == [path.as_uri()]
        assert view.complaints == []
