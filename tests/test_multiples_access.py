"""Maps side by side are for everyone: keys, fingers, paper, patterns, and names of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import wmspatial as wm
from browser import PHONE, WIDE, opened
from test_maps_disconnection import NASTY, small_typology
from test_multiples_browser import groups_file, largest, run, spot, wait_for_state
from test_pages_access import axe, strict_errors, violations
from wmspatial.maps.multiples_page import multiples_map

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["axe", "groups_file"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_keys_go_from_area_to_area(chromium: Any, groups_file: Path) -> None:
    with opened(chromium, groups_file) as view:
        view.page.locator(".wm-sheet").nth(1).focus()
        said = set()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
            view.page.keyboard.press(key)
            said.add(view.page.locator(".wm-say").inner_text())
        assert len(said) == 4
        assert all("White" in one and "Black" in one for one in said)
        view.page.keyboard.press("Enter")
        assert view.page.locator(".wm-chosen").is_visible()
        focused = "document.activeElement.closest('.wm-chosen') !== null"
        assert view.page.evaluate(focused)
        view.page.get_by_role("button", name="Close").click()
        assert view.page.evaluate("document.activeElement.className") == "wm-sheet"
        zoom = run(view, "return board.zoom;")
        view.page.keyboard.press("+")
        # At once, with no frame between: nothing moves by itself.
        assert run(view, "return board.zoom;") > zoom
        view.page.keyboard.press("Home")
        assert run(view, "return board.zoom;") == pytest.approx(zoom)


@pytest.fixture(scope="module")
def nasty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    region = small_typology(nasty=True)
    page = multiples_map(
        {NASTY: region, "other": region}, "jobs", breaks=[20], label=NASTY, title=NASTY
    )
    return wm.save_html(page, tmp_path_factory.mktemp("several") / "nasty.html")


def test_names_run_nothing(chromium: Any, nasty_file: Path) -> None:
    frame = small_typology(nasty=True).frame
    with opened(chromium, nasty_file) as view:
        assert view.page.locator("h1").inner_text().split() == NASTY.split()
        assert view.page.locator(".wm-panel h2").first.inner_text().split() == NASTY.split()
        view.page.mouse.move(*spot(view, 0, frame.geometry.iloc[3]))
        view.page.locator(".wm-tip-all").wait_for()
        assert "<img src=x onerror=alert(1)>" in view.page.locator(".wm-tip-all").inner_text()
        view.page.mouse.click(*spot(view, 0, frame.geometry.iloc[3]))
        assert "Ynys Môn 🌳" in view.page.locator(".wm-chosen").inner_text()
        view.page.locator(".wm-each summary").click()
        assert view.page.locator("img[src='x']").count() == 0
        assert view.complaints == []
    assert strict_errors(nasty_file) == []


def test_a_finger_chooses_and_nothing_is_wider_than_a_phone(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    code = largest(region)
    with opened(chromium, groups_file, PHONE, touch=True) as view:
        view.page.locator(".wm-sheet").first.scroll_into_view_if_needed()
        view.page.touchscreen.tap(*spot(view, 0, region.frame.geometry[code]))
        assert str(region.frame.loc[code, "name"]) in view.page.locator(".wm-chosen").inner_text()
        assert view.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        lefts = {one.bounding_box()["x"] for one in view.page.locator(".wm-panel").all()}
        assert len(lefts) == 1


def test_paper_has_every_map_as_lines(chromium: Any, groups_file: Path) -> None:
    with opened(chromium, groups_file) as view:
        view.page.emulate_media(media="print")
        view.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        papers = view.page.locator(".wm-sheet-paper")
        assert papers.count() == 3
        assert all(papers.nth(k).locator("path").count() > 3 for k in range(3))
        assert view.page.locator(".wm-banner").is_visible()
        assert not view.page.locator(".wm-tools").is_visible()
        view.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert papers.count() == 0


def test_patterns_tell_classes_apart_without_colour(chromium: Any, groups_file: Path) -> None:
    with opened(chromium, groups_file) as view:
        view.page.get_by_role("button", name="Patterns").click()
        fills = run(view, "return board.data.sheet.layers.map(l => typeof l.fillColor);")
        assert "patterns=on" in wait_for_state(view)
    assert fills[:4] == ["object"] * 4


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(
    chromium: Any, nasty_file: Path, axe: str, size: tuple[int, int]
) -> None:
    with opened(chromium, nasty_file, size) as view:
        run(view, "wmspatial.choose(board, 3); wmspatial.hide(board, ['Over 20']);")
        for fold in view.page.locator("summary").all():
            fold.click()
        for scheme in ("light", "dark"):
            view.page.emulate_media(color_scheme=scheme)
            assert violations(view, axe) == []


def test_strict_parser_finds_no_error(groups_file: Path) -> None:
    assert strict_errors(groups_file) == []
