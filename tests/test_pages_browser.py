"""The pages in a real browser: what is drawn, said, reached and printed, with no network at all."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import folium
import pytest
import shapely

import wmspatial as wm
from browser import PHONE, opened
from test_maps_disconnection import NASTY, small_typology
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology import CLASSES

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def largest(frame: gpd.GeoDataFrame) -> str:
    """Return the code of the largest area, which a mouse hits most safely."""
    return str(frame.index[shapely.area(frame.geometry.to_numpy()).argmax()])


def test_opens_with_no_request_and_no_complaint(chromium: Any, region_file: Path) -> None:
    with opened(chromium, region_file) as view:
        view.page.mouse.wheel(0, 300)
        view.page.wait_for_timeout(300)
        assert view.requests == [region_file.as_uri()]
        assert view.complaints == []


def test_draws_as_many_areas_of_each_class_as_the_frame_has(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    with opened(chromium, region_file) as view:
        drawn = view.run(
            "const n = {}; areas.forEach(i => { const c = data.categories[data.category[i]];"
            "n[c.name] = (n[c.name] || 0) + 1; }); return n;"
        )
    expected = region.frame["labour_market_class"].value_counts()
    assert drawn == {name: int(expected[name]) for name in CLASSES if expected[name]}


def test_fills_areas_with_the_colour_of_their_class(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    with opened(chromium, region_file) as view:
        colours = {c["name"]: c["colour"] for c in view.run("return data.categories")}
        for name in CLASSES[:4]:
            place = largest(region.frame[region.frame["labour_market_class"] == name])
            point = region.frame.geometry[place].representative_point()
            pixel = view.run(
                """
                const at = map.latLngToLayerPoint([argument[1], argument[0]]);
                const paper = map._renderer, from = paper._bounds.min;
                return Array.from(paper._ctx.getImageData(at.x - from.x, at.y - from.y, 1, 1).data);
                """,
                [point.x, point.y],
            )
            assert "#{:02x}{:02x}{:02x}".format(*pixel[:3]) == colours[name]


def test_hover_shows_the_numbers_of_the_place(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    deprived = region.frame[region.frame["labour_market_class"] == "Disconnected"]
    place = deprived.loc[largest(deprived)]
    point = place.geometry.representative_point()
    with opened(chromium, region_file) as view:
        view.page.mouse.move(*view.point_at(point.x, point.y))
        tip = view.page.locator(".wm-tip")
        tip.wait_for()
        text = tip.inner_text()
    for part in (
        str(place["name"]),
        str(place["authority"]),
        "Disconnected",
        f"rank {place['deprivation_rank']:,.0f} of 32,844",
        f"{place['jobs']:,.0f} for {place['employed_residents']:,.0f} employed residents",
        f"{place['residents']:,.0f}",
        ILLUSTRATIVE,
    ):
        assert part in text


def test_click_explains(chromium: Any, region: wm.Typology, region_file: Path) -> None:
    code = largest(region.frame)
    point = region.frame.geometry[code].representative_point()
    with opened(chromium, region_file) as view:
        view.page.mouse.click(*view.point_at(point.x, point.y))
        chosen = view.page.locator(".wm-chosen")
        chosen.wait_for()
        text = " ".join(chosen.inner_text().split())
    assert region.explain(code).split(": ", 1)[1].split(" (Illus")[0][1:] in text
    assert code in text


def test_tap_explains_on_a_phone(chromium: Any, region: wm.Typology, region_file: Path) -> None:
    code = largest(region.frame)
    point = region.frame.geometry[code].representative_point()
    with opened(chromium, region_file, PHONE, touch=True) as view:
        view.page.touchscreen.tap(*view.point_at(point.x, point.y))
        chosen = view.page.locator(".wm-chosen")
        chosen.wait_for()
        assert str(region.frame.loc[code, "name"]) in chosen.inner_text()
        assert ILLUSTRATIVE in chosen.inner_text()
        assert not view.page.locator(".wm-tip").is_visible()
        # Below the map, not on it: a small map stays in sight.
        box, text = view.page.locator(".folium-map").bounding_box(), chosen.bounding_box()
        assert text["y"] >= box["y"] + box["height"] - 1


def test_every_neighbourhood_and_its_reason_is_reached_with_the_keyboard(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    with opened(chromium, region_file) as view:
        view.page.locator(".wm-each summary").focus()
        view.page.keyboard.press("Enter")
        rows = view.page.locator(".wm-each tbody tr")
        rows.first.wait_for()
        assert rows.count() == len(region.frame)
        texts = rows.all_inner_texts()
    worst = region.frame["distance_to_cut"].idxmin()
    row = next(text for text in texts if text.startswith(f"{region.frame.loc[worst, 'name']}\t"))
    assert region.explain(worst).split(": ", 1)[1].split(" (Illus")[0][1:] in row


def test_numbers_and_key_agree(chromium: Any, region_file: Path) -> None:
    with opened(chromium, region_file) as view:
        on_map = view.page.locator(".wm-number").all_inner_texts()
        key = view.page.locator(".wm-key li").all_inner_texts()
        boxes = view.page.evaluate(
            "[...document.querySelectorAll('.wm-number')].map(e => e.getBoundingClientRect())"
            ".map(b => [b.left, b.top, b.right, b.bottom])"
        )
    assert sorted(on_map) == list("1234567")
    assert " ".join(key[0].split()) == "1 Wolverhampton"
    assert " ".join(key[6].split()) == "7 Coventry"
    assert not overlaps(boxes)


def overlaps(boxes: list[list[float]]) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i, a in enumerate(boxes)
        for j, b in enumerate(boxes[:i])
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@pytest.mark.parametrize("size", [(1280, 800), (1024, 700), (761, 900), PHONE, (320, 640)])
def test_nothing_overlaps_and_nothing_sticks_out(
    chromium: Any, region_file: Path, size: tuple[int, int]
) -> None:
    parts = [".wm-banner", ".wm-head", ".wm-map", ".wm-side", ".wm-source", ".wm-foot"]
    with opened(chromium, region_file, size, touch=size[0] < 500) as view:
        width = view.page.evaluate("document.documentElement.scrollWidth")
        boxes = view.page.evaluate(
            "names => names.map(n => document.querySelector(n).getBoundingClientRect())"
            ".map(b => [b.left, b.top, b.right, b.bottom].map(Math.round))",
            parts,
        )
    assert width <= size[0]
    assert [(parts[i], parts[j]) for i, j in overlaps(boxes)] == []
    assert boxes[2][2] - boxes[2][0] >= min(size[0], 380)
    assert boxes[2][3] - boxes[2][1] >= 250


def test_all_of_the_area_is_in_view(chromium: Any, region_file: Path) -> None:
    for size in ((1280, 800), PHONE):
        with opened(chromium, region_file, size) as view:
            seen = view.run(
                "const b = L.latLngBounds([]);"
                "areas.forEach(i => b.extend(L.latLngBounds(wmspatial.polygon(map, i)[0])));"
                "return map.getBounds().contains(b);"
            )
            assert seen


def test_keyboard_reaches_map_and_tables(chromium: Any, region_file: Path) -> None:
    with opened(chromium, region_file) as view:
        reached = []
        for _ in range(40):
            view.page.keyboard.press("Tab")
            reached.append(
                view.page.evaluate(
                    "document.activeElement.className || document.activeElement.tagName"
                )
            )
            if "folium-map" in reached[-1]:
                before = view.run("return map.getZoom()")
                view.page.keyboard.press("+")
                view.page.wait_for_timeout(400)
                assert view.run("return map.getZoom()") > before
        assert any("folium-map" in name for name in reached)
        assert "SUMMARY" in reached
        assert view.page.get_attribute(".folium-map", "aria-label").startswith("Map: Labour")


def test_names_run_nothing(chromium: Any, tmp_path: Path) -> None:
    typology = small_typology(nasty=True)
    file = wm.save_html(wm.disconnection_map(typology, title=NASTY), tmp_path / "nasty.html")
    point = typology.frame.geometry.iloc[3].representative_point()
    with opened(chromium, file) as view:
        assert view.page.title().split() == NASTY.split()
        assert view.page.locator("h1").inner_text().split() == NASTY.split()
        view.page.mouse.move(*view.point_at(point.x, point.y))
        view.page.locator(".wm-tip").wait_for()
        assert "<img src=x onerror=alert(1)>" in view.page.locator(".wm-tip").inner_text()
        view.page.mouse.click(*view.point_at(point.x, point.y))
        view.page.locator(".wm-chosen").wait_for()
        assert "Ynys Môn 🌳" in view.page.locator(".wm-chosen").inner_text()
        assert view.page.locator("img[src='x']").count() == 0
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def test_banner_is_on_paper(chromium: Any, region_file: Path) -> None:
    with opened(chromium, region_file) as view:
        view.page.emulate_media(media="print")
        assert view.page.locator(".wm-banner").is_visible()
        assert view.page.locator(".wm-banner").inner_text() == ILLUSTRATIVE
        assert not view.page.locator(".leaflet-control-zoom").is_visible()


def test_paper_shows_every_area_and_every_table(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    with opened(chromium, region_file) as view:
        colours = {c["name"]: c["colour"] for c in view.run("return data.categories")}
        fills = colours_in(view.page.pdf(prefer_css_page_size=True))
        assert view.page.locator(".wm-drawing").count() == 0
        assert view.page.locator("details[open]").count() == 0
        view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert view.page.locator("details:not([open]):not(.wm-each)").count() == 0
    expected = region.frame["labour_market_class"].value_counts()
    for name in CLASSES[:4]:
        # One more is the swatch in the legend.
        assert fills[colours[name]] == expected[name] + 1


def colours_in(pdf: bytes) -> Counter[str]:
    """Count how often each colour is chosen for filling in a PDF."""
    found: Counter[str] = Counter()
    for block in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            text = zlib.decompress(block).decode("latin-1")
        except zlib.error:
            continue
        for channels in re.findall(r"(?:^|\s)([\d.]+) ([\d.]+) ([\d.]+) rg\b", text):
            found["#" + "".join(f"{round(255 * float(c)):02x}" for c in channels)] += 1
    return found


def test_layers_of_the_user_work_beside_the_page(chromium: Any, tmp_path: Path) -> None:
    page = wm.disconnection_map(small_typology())
    folium.Marker([52.415, -1.885], tooltip="tip", popup="<b>Popped</b> up").add_to(page)
    folium.GeoJson(
        {"type": "LineString", "coordinates": [[-1.9, 52.4], [-1.87, 52.42]]}, name="A line"
    ).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    file = wm.save_html(page, tmp_path / "more.html")
    with opened(chromium, file) as view:
        names = view.page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
        assert [n.strip() for n in names] == [*CLASSES, "Authorities", "A line"]
        before = view.run("return areas.length")
        view.page.locator(".leaflet-control-layers-overlays input").first.uncheck()
        assert view.run("return areas.length") == before - int(
            (small_typology().frame["labour_market_class"] == "Disconnected").sum()
        )
        view.page.locator(".leaflet-marker-icon[src^='data:image/png']").click()
        assert "Popped up" in view.page.locator(".leaflet-popup").inner_text()
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def test_wards_have_their_own_legend(chromium: Any, tmp_path: Path) -> None:
    typology = wm.classify(wm.load_sample(level="ward"))
    file = wm.save_html(wm.disconnection_map(typology), tmp_path / "wards.html")
    with opened(chromium, file) as view:
        drawn = view.run("return areas.length")
        legend = view.page.locator(".wm-legend").inner_text()
        assert view.complaints == []
    assert drawn == len(typology.frame)
    assert "Over 50 %" in legend
    assert ILLUSTRATIVE in legend


def test_opens_inside_a_notebook(chromium: Any, tmp_path: Path) -> None:
    shown = wm.disconnection_map(small_typology())._repr_html_()
    file = tmp_path / "cell.html"
    file.write_text(f"<!DOCTYPE html><title>cell</title>{shown}", encoding="utf-8")
    with opened(chromium, file) as view:
        inside = view.page.frame_locator("iframe")
        assert inside.locator(".wm-legend").is_visible()
        assert inside.locator("canvas").count() == 2
        assert [r for r in view.requests if not r.startswith(("file:", "about:"))] == []
        assert view.complaints == []
