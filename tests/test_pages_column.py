"""The page of a column in a real browser: drawn, hidden, found, sorted, read, with no network."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import wmspatial as wm
from browser import PHONE, opened
from test_column_map import squares
from test_maps_disconnection import NASTY
from test_pages_access import axe, violations
from wmspatial.maps.column_map import choropleth_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def frame(sample: wm.Dataset) -> gpd.GeoDataFrame:
    """Return every fourth of the sample's areas, with a share that is missing here and there."""
    areas = sample.areas.iloc[::4].copy()
    share = areas["asian"] / areas["residents"]
    return areas.assign(share=share.mask(np.arange(len(areas)) % 50 == 7), kind="plain")


@pytest.fixture(scope="module")
def file(frame: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = choropleth_map(
        frame, "share", unit="share", label="Asian residents", also=["deprivation_rank", "ward"]
    )
    return wm.save_html(page, tmp_path_factory.mktemp("column") / "page.html")


@pytest.fixture(scope="module")
def view(chromium: Any, file: Path) -> Iterator[Any]:
    """Open the page once, for what leaves it as it was."""
    with opened(chromium, file) as view:
        yield view
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def drawn(view: Any) -> Counter[str]:
    return Counter(
        view.run(
            "const look = wmspatial.lookOf(map);"
            "return areas.map(i => look.categories[look.category[i]].name);"
        )
    )


def until(view: Any, test: str, argument: Any = None) -> None:
    """Wait until a sentence in JavaScript is true; the page's policy forbids playwright's way."""
    for _ in range(100):
        if view.run(f"return {test};", argument):
            return
        view.page.wait_for_timeout(50)
    raise AssertionError(test)


def button(view: Any, name: str) -> Any:
    return view.page.locator(".wm-toggle", has=view.page.get_by_text(name, exact=True))


def test_as_many_areas_are_drawn_in_each_class_as_the_frame_has(
    view: Any, frame: gpd.GeoDataFrame
) -> None:
    spec = wm.classify_column(frame["share"], unit="share")
    counts = spec.counts(frame["share"], frame["residents"])
    assert drawn(view) == {name: int(n) for name, n in counts["areas"].items()}
    for name, row in counts.iterrows():
        said = f"{row['areas']:,.0f} areas, {row['people']:,.0f} residents"
        assert said in button(view, str(name)).inner_text()


def test_a_class_is_hidden_and_shown_from_the_legend(view: Any, frame: gpd.GeoDataFrame) -> None:
    missing = int(frame["share"].isna().sum())
    before = view.run("return areas.length")
    button(view, "No data").click()
    assert view.run("return areas.length") == before - missing
    view.page.keyboard.press("Space")
    assert drawn(view).total() == len(frame)


def test_the_panel_says_value_class_and_place(view: Any, frame: gpd.GeoDataFrame) -> None:
    share = frame["share"]
    code = share.idxmax()
    box = view.page.get_by_role("combobox", name="Find a place")
    box.fill(code.lower())
    view.page.locator("[role=option]").first.wait_for()
    view.page.keyboard.press("Enter")
    panel = view.page.locator(".wm-chosen")
    panel.wait_for()
    text = " ".join(panel.inner_text().split())
    here = frame.loc[code]
    own = share[frame["authority"] == here["authority"]].median()
    for part in (
        f"{here['name']} × {here['ward']}, {here['authority']}, {code}",
        f"Asian residents: {100 * share.max():.1f} % Class Over",
        f"Rank, highest first 1 of {share.notna().sum():,}",
        f"Residents {here['residents']:,.0f} Median of all {100 * share.median():.1f} %",
        f"Median of its authority {100 * own:.1f} %",
        f"Ward {here['ward']} Deprivation rank {here['deprivation_rank']:,.0f}",
    ):
        assert part in text
    view.page.keyboard.press("Escape")
    assert not panel.is_visible()


def test_the_table_sorts_by_number_and_starts_with_the_highest(
    view: Any, frame: gpd.GeoDataFrame
) -> None:
    view.page.locator(".wm-each summary").click()
    rows = view.page.locator(".wm-each tbody tr")
    rows.first.wait_for()
    until(view, "document.querySelectorAll('.wm-each tbody tr').length === argument", len(frame))
    share = frame["share"]
    assert rows.first.locator("td").nth(1).inner_text() == f"{100 * share.max():.1f} %"
    assert rows.last.locator("td").nth(1).inner_text() == "No data"
    view.page.get_by_role("button", name="Deprivation rank").click()
    first = frame["deprivation_rank"].idxmin()
    assert rows.first.locator("th").inner_text() == frame.loc[first, "name"]
    view.page.get_by_role("button", name="Rank, highest first").click()
    assert rows.first.locator("th").inner_text() == frame.loc[share.idxmax(), "name"]
    view.page.locator(".wm-each summary").click()


def test_it_is_coloured_by_another_column_and_the_address_says_so(
    chromium: Any, view: Any, frame: gpd.GeoDataFrame, file: Path
) -> None:
    view.page.get_by_label("Colour by").select_option(label="Deprivation rank")
    spec = wm.classify_column(frame["deprivation_rank"])
    expected = spec.counts(frame["deprivation_rank"])["areas"].to_dict()
    assert drawn(view) == expected
    until(view, "location.hash.includes('layer=also-deprivation_rank')")
    address = view.page.url.split("#")[1]
    with opened(chromium, file) as other:
        other.page.evaluate("hash => { location.hash = hash; }", address)
        other.page.wait_for_timeout(100)
        assert drawn(other) == expected
    view.page.get_by_role("button", name="Start again").click()
    assert view.run("return wmspatial.lookOf(map).id") == "class"


def test_an_authority_is_gone_to_from_the_key(view: Any) -> None:
    before = view.run("return map.getZoom()")
    view.page.locator(".wm-key button", has_text="Coventry").click()
    until(view, "map.getZoom() > argument", before)
    view.page.get_by_role("button", name="Start again").click()


def test_on_paper_the_map_is_as_large_as_its_frame(chromium: Any, file: Path) -> None:
    with opened(chromium, file) as view:
        view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        # 186 by 128 millimetres at 96 dots an inch, and the areas fill one of the two.
        wide, high = view.run("const s = map.getSize(); return [s.x, s.y];")
        assert (wide, high) == pytest.approx((703, 484), abs=1)
        across, down = view.run(
            "const b = L.latLngBounds(data.corners), z = map.getZoom();"
            "const s = map.project(b.getSouthEast(), z).subtract(map.project(b.getNorthWest(), z));"
            "return [s.x, s.y];"
        )
        assert max(across / wide, down / high) > 0.8
        assert view.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_the_open_page(
    axe: str, file: Path, chromium: Any, size: tuple[int, int], scheme: str
) -> None:
    with opened(chromium, file, size) as view:
        view.page.emulate_media(color_scheme=scheme)
        for fold in view.page.locator("details:not(.wm-each) summary").all():
            fold.click()
        view.run("wmspatial.choose(map, 3); wmspatial.patterns(map, true);")
        assert violations(view, axe) == []
        # Nothing sticks out of a narrow page.
        wide = view.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0]


def test_names_that_would_run_show_as_text(chromium: Any, tmp_path: Path) -> None:
    frame = squares(name=[NASTY] * 12, authority=[NASTY] * 12, kind=[NASTY, "plain"] * 6)
    frame[NASTY] = [f"{NASTY} {i}" for i in range(12)]
    page = choropleth_map(frame, "kind", title=NASTY, label=NASTY, also=[NASTY])
    file = wm.save_html(page, tmp_path / "nasty.html")
    with opened(chromium, file) as view:
        for fold in view.page.locator("summary").all():
            fold.click()
        view.run("wmspatial.choose(map, 3);")
        view.page.get_by_role("combobox", name="Find a place").fill("quoted")
        view.page.locator("[role=option]").first.wait_for()
        for part in ("h1", ".wm-legend", ".wm-chosen", ".wm-each tbody", "[role=option]"):
            text = view.page.locator(part).first.inner_text()
            assert "</script><img src=x onerror=alert(1)>" in text
        assert view.page.locator("img").count() == 0
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def test_money_below_nought_and_one_area_are_drawn_and_said(chromium: Any, tmp_path: Path) -> None:
    frame = squares(1, change=[-1234.5])
    page = choropleth_map(frame, "change", breaks=[0], unit="£")
    with opened(chromium, wm.save_html(page, tmp_path / "one.html")) as view:
        assert drawn(view) == {"Up to £0": 1}
        assert view.run("return wmspatial.titled(data, wmspatial.lookOf(map), 0)") == (
            "Change: −£1,234.5"
        )
        assert view.complaints == []


def test_long_names_without_a_space_are_broken_on_a_phone(chromium: Any, tmp_path: Path) -> None:
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    frame = squares(name=[name] * 12, kind=[name * 2, "plain"] * 6)
    file = wm.save_html(choropleth_map(frame, "kind", title=name), tmp_path / "long.html")
    with opened(chromium, file, PHONE, touch=True) as view:
        assert view.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        for one in view.page.locator(".wm-ground-name span, .wm-words b").all():
            assert one.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
