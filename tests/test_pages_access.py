"""The pages are for everyone: no violation of axe-core's rules, and no error in strict HTML."""

from __future__ import annotations

import importlib.resources
import itertools
import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest

import wmspatial as wm
from browser import PHONE, WIDE, opened
from test_maps_disconnection import small_typology

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's script, from the package that ships it."""
    package = pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python, which ships axe-core, is not here"
    )
    return importlib.resources.files(package).joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    typology = small_typology()
    page = wm.disconnection_map(
        typology, sensitivity=typology.sensitivity({"cut": [0.5, 1 / 3], "cut_kind": ["quantile"]})
    )
    return wm.save_html(page, tmp_path_factory.mktemp("access") / "page.html")


def violations(view: Any, axe: str) -> list[str]:
    """Return what axe-core finds, rule by rule, with the elements."""
    view.page.evaluate(axe)
    # All rules but those that are switched off as experiments, and the size of targets too.
    found = view.page.evaluate(
        "async () => (await axe.run(document, { rules: { 'target-size': { enabled: true } } }))"
        ".violations"
    )
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(f"{node['html'][:160]} {node['failureSummary'][:200]}" for node in one["nodes"])
        for one in found
    ]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    chromium: Any, file: Path, axe: str, size: tuple[int, int], scheme: str
) -> None:
    with opened(chromium, file, size) as view:
        view.page.emulate_media(color_scheme=scheme)
        assert violations(view, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_everything_open(
    chromium: Any, file: Path, axe: str, scheme: str
) -> None:
    with opened(chromium, file) as view:
        view.page.emulate_media(color_scheme=scheme)
        for fold in view.page.locator("summary").all():
            fold.click()
        view.run("wmspatial.choose(map, 3); wmspatial.colourBy(map, 'deprivation');")
        view.run("wmspatial.patterns(map, true); wmspatial.hide(map, ['2']);")
        view.page.get_by_role("combobox", name="Find a place").fill("town 00")
        view.page.locator("[role=option]").first.wait_for()
        view.page.keyboard.press("ArrowDown")
        assert violations(view, axe) == []


def strict_errors(file: Path) -> list[Any]:
    """Return what a strict HTML5 parser finds wrong."""
    html5lib = pytest.importorskip("html5lib")
    text = file.read_text("utf-8")
    # What is packed is letters only; a slow parser need not read all of them.
    short = re.sub(r'(<script type="text/plain"[^>]*>[^<]{200})[^<]*', r"\1", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(short)
    return list(parser.errors)


def test_strict_parser_finds_no_error(file: Path) -> None:
    assert strict_errors(file) == []


def test_page_has_landmarks_and_headings_in_order(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        levels = view.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3')].map(e => Number(e.tagName[1]))"
        )
        for mark in ("main", "footer"):
            assert view.page.locator(mark).count() == 1
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_nothing_moves_for_those_who_asked(chromium: Any, file: Path) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(file.as_uri())
    page.locator(".folium-map").focus()
    zoom = "window[document.querySelector('.folium-map').id].getZoom()"
    before = page.evaluate(zoom)
    page.keyboard.press("+")
    # At once, with no frame between.
    assert page.evaluate(zoom) > before
    assert page.evaluate("document.querySelector('.leaflet-zoom-anim') === null")
    context.close()


def test_focus_is_seen(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        for _ in range(12):
            view.page.keyboard.press("Tab")
            width = view.page.evaluate(
                "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
            )
            assert width >= 2


def test_axe_finds_what_is_wrong(chromium: Any, file: Path, axe: str) -> None:
    with opened(chromium, file) as view:
        view.page.evaluate(
            "document.querySelector('.wm-lead').style.color = '#dddddd';"
            "document.querySelector('.wm-search input').insertAdjacentHTML('afterend', '<img>');"
        )
        found = " ".join(violations(view, axe))
    assert "color-contrast" in found
    assert "image-alt" in found
