"""The page's script reads, finds and draws what Python wrote, in a real browser."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from branca.element import Figure

import wmspatial as wm
from browser import opened
from test_maps_disconnection import small_typology
from wmspatial.maps.packing import to_text
from wmspatial.maps.unpacking import read_page

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_browser_and_python_read_the_same_polygons(chromium: Any, region_file: Path) -> None:
    data = read_page(region_file.read_text("utf-8"))
    with opened(chromium, region_file) as view:
        drawn = view.run("return areas.sort((a, b) => a - b).map(i => wmspatial.polygon(map, i))")
    step = 1 / data["topology"]["scale"]
    assert len(drawn) == len(data["polygons"])
    for rings, shape in zip(drawn, data["polygons"], strict=True):
        points = np.concatenate([np.array(ring)[:, ::-1] for ring in rings])
        expected = shapely.get_coordinates(shape)
        assert len(points) == len(expected)
        assert np.abs(points - expected).max() < step / 100


def test_browser_and_python_read_the_same_words(chromium: Any, region_file: Path) -> None:
    data = read_page(region_file.read_text("utf-8"))
    with opened(chromium, region_file) as view:
        said = view.run(
            """
            const texts = packed => Array.from(data.category, (_, i) =>
              wmspatial.sentence(packed, i));
            return { codes: texts(data.codes), names: texts(data.names),
              places: texts(data.places), reasons: texts(data.reasons),
              fields: data.fields.map(field => texts(field.values)) };
            """
        )
    for name in ("codes", "names", "places", "reasons"):
        assert said[name] == data[name]
    assert said["fields"] == [field["values"] for field in data["fields"]]


@pytest.mark.parametrize(
    "content",
    [b"", b"short", bytes(range(256)) * 300, bytes(100_000), b"a long tail of words " * 20_000],
    ids=["nothing", "short", "rising", "noughts", "words"],
)
def test_browser_unpacks_anything(chromium: Any, region_file: Path, content: bytes) -> None:
    with opened(chromium, region_file) as view:
        assert inflated(view, to_text(content)) == [len(content), zlib.crc32(content)]


def test_browser_unpacks_what_could_not_be_compressed(chromium: Any, region_file: Path) -> None:
    content = np.random.default_rng(1).integers(0, 256, 150_000, dtype=np.uint8).tobytes()
    with opened(chromium, region_file) as view:
        assert inflated(view, to_text(content)) == [len(content), zlib.crc32(content)]


def inflated(view: Any, text: str) -> list[int]:
    """Return the length and the checksum of what the page unpacks."""
    found = view.page.evaluate(
        """
        text => {
          const box = document.createElement("script");
          box.type = "text/plain";
          box.textContent = text;
          const bytes = wmspatial.inflate(box);
          let sum = -1;
          for (const byte of bytes) {
            sum ^= byte;
            for (let k = 0; k < 8; k++) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0);
          }
          return [bytes.length, ~sum >>> 0];
        }
        """,
        text,
    )
    return [int(n) for n in found]


def test_tooltip_follows_the_mouse_from_area_to_area(chromium: Any, tmp_path: Path) -> None:
    typology = small_typology(min_flow=10_000)
    file = wm.save_html(wm.disconnection_map(typology), tmp_path / "squares.html")
    with opened(chromium, file) as view:
        for code in typology.frame.index[4:8]:
            point = typology.frame.geometry[code].representative_point()
            view.page.mouse.move(*view.point_at(point.x, point.y))
            view.page.wait_for_timeout(100)
            name = view.page.locator(".wm-tip .wm-name")
            assert name.inner_text() == typology.frame.loc[code, "name"]
        assert view.page.locator(".leaflet-wm-pointed-pane path").count() == 1
        view.page.mouse.move(5, 5)
        view.page.locator(".wm-tip").wait_for(state="detached")


def test_every_area_is_found_where_it_lies(
    chromium: Any, region: wm.Typology, region_file: Path
) -> None:
    points = [shape.representative_point() for shape in region.frame.geometry]
    with opened(chromium, region_file) as view:
        found = view.run(
            """
            map.setZoom(13, { animate: false });
            const sheet = data.sheet;
            return argument.map(([x, y], i) =>
              sheet.at(map.latLngToLayerPoint([y, x]), data.category, data.category[i]));
            """,
            [[point.x, point.y] for point in points],
        )
    # A place on the screen is rounded to a pixel, which may lie across a narrow area's edge.
    assert np.mean(np.array(found) == np.arange(len(points))) > 0.98


@pytest.mark.parametrize("zoom", [9, 10.5, 12, 15])
def test_nothing_is_left_white_between_areas(chromium: Any, region_file: Path, zoom: float) -> None:
    """Fills, dissolved group by group and coarser at each zoom, leave no gap."""
    with opened(chromium, region_file) as view:
        clear = view.run(
            """
            map.setView([52.48, -1.93], argument, { animate: false });
            map._renderer._redraw();
            const paper = map._renderer, at = map.latLngToLayerPoint([52.48, -1.93]);
            const x = at.x - paper._bounds.min.x - 15, y = at.y - paper._bounds.min.y - 15;
            const seen = paper._ctx.getImageData(x, y, 30, 30).data;
            let clear = 0;
            for (let k = 3; k < seen.length; k += 4) if (seen[k] < 200) clear++;
            return clear;
            """,
            zoom,
        )
    assert clear == 0


def test_without_scripts_the_page_says_so(chromium: Any, region_file: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(region_file.as_uri())
    assert "scripts are switched off" in page.locator(".wm-map").inner_text()
    assert page.locator(".wm-legend").is_visible()
    context.close()


@pytest.mark.parametrize("missing", ["Path2D", "Uint8Array"])
def test_a_browser_that_is_too_old_says_so(chromium: Any, region_file: Path, missing: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(f"delete window.{missing};")
    page.goto(region_file.as_uri())
    page.wait_for_timeout(200)
    assert page.locator(".wm-trouble").first.is_visible()
    assert "tables below" in page.locator(".wm-map").inner_text()
    context.close()


def test_works_in_a_figure_of_its_user(chromium: Any, tmp_path: Path) -> None:
    page = wm.disconnection_map(small_typology())
    file = tmp_path / "figure.html"
    file.write_text(Figure().add_child(page).render(), encoding="utf-8")
    with opened(chromium, file) as view:
        assert len(view.run("return areas")) == 12
        assert view.complaints == []


def test_where_given_classes_differ_the_line_is_broken(chromium: Any, tmp_path: Path) -> None:
    typology = small_typology()
    file = wm.save_html(wm.disconnection_map(typology), tmp_path / "map.html")
    with opened(chromium, file) as view:
        looks = view.run(
            """
            data.sheet.differ = { 3: true };
            data.differ = [3];
            const looks = [];
            data.sheet.layers.forEach(layer =>
              layer.outlines((d, style) => looks.push(style.dashArray || "")));
            map._renderer._redraw();
            return looks;
            """
        )
        assert view.complaints == []
    assert sorted(looks) == [""] * 11 + ["5 4"]
