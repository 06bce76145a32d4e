"""One file, whole or not at all, that asks nobody for anything it was not told to ask for."""

from __future__ import annotations

import copy
import os
import re
import warnings
from pathlib import Path

import folium
import pytest
from branca.element import Figure
from folium.plugins import MarkerCluster

import wmspatial as wm
from test_maps_disconnection import NASTY, small_typology

#: What makes a browser fetch something while it reads a page.
FETCHED = re.compile(
    r"<link\b|<(?:script|img|iframe|source)[^>]*\ssrc=|url\((?![\"']?data:|#)|@import"
)


@pytest.fixture
def page() -> folium.Map:
    return wm.disconnection_map(small_typology())


def policy(html: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert found is not None
    return found[1].replace("&#39;", "'")


def test_page_fetches_nothing(page: folium.Map, tmp_path: Path) -> None:
    html = wm.save_html(page, tmp_path / "map.html").read_text("utf-8")
    assert FETCHED.search(html) is None
    assert policy(html).startswith("default-src 'none'")
    assert "http" not in policy(html)
    assert "jquery" not in html.lower()
    assert "sourceMappingURL" not in html


def test_save_and_display_are_offline_too(page: folium.Map, tmp_path: Path) -> None:
    page.save(str(tmp_path / "map.html"))
    assert FETCHED.search((tmp_path / "map.html").read_text("utf-8")) is None
    shown = page._repr_html_()
    assert "&lt;link" not in shown
    assert "Leaflet 1.9.4" in shown


def test_rendering_twice_is_the_same(page: folium.Map) -> None:
    assert page.get_root().render() == page.get_root().render()


def test_page_in_a_figure_of_its_user(page: folium.Map) -> None:
    html = Figure(width=600, height=400).add_child(page).render()
    assert FETCHED.search(html) is None
    assert "Leaflet 1.9.4" in html
    assert "{{" not in re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)


def test_folium_keeps_its_defaults(page: folium.Map) -> None:
    js, css = folium.Map.default_js, folium.Map.default_css
    before = copy.deepcopy((js, css))
    page.add_js_link("extra", "https://example.org/extra.js")
    with pytest.warns(UserWarning, match=r"https://example\.org/extra\.js"):
        page.get_root().render()
    assert folium.Map.default_js is js
    assert folium.Map.default_css is css
    assert (js, css) == before
    assert "cdn.jsdelivr.net" in folium.Map(tiles=None).get_root().render()


def test_plain_folium_layers_need_no_network(page: folium.Map) -> None:
    marker = folium.Marker([52.41, -1.89], tooltip="here", popup="<b>Here</b> `there`")
    marker.add_to(page)
    group = folium.FeatureGroup("Group").add_to(page)
    folium.Circle([52.41, -1.88], radius=200, popup=folium.Popup("lazy", lazy=True)).add_to(group)
    line = folium.GeoJson(
        {"type": "LineString", "coordinates": [[-1.9, 52.4], [-1.88, 52.42]]}, name="Line"
    ).add_to(page)
    page.keep_in_front(line)
    folium.LayerControl().add_to(page)
    html = page.get_root().render()
    assert FETCHED.search(html) is None
    assert page.get_root().render() == html


def test_an_icon_keeps_its_links_and_is_named(page: folium.Map, tmp_path: Path) -> None:
    folium.Marker([52.41, -1.89], icon=folium.Icon(icon="info-sign")).add_to(page)
    with pytest.warns(UserWarning, match=r"leaflet\.awesome-markers\.js") as caught:
        html = wm.save_html(page, tmp_path / "map.html").read_text("utf-8")
    assert "glyphicons" in str(caught[0].message)
    assert "jquery" not in str(caught[0].message)
    assert "bootstrap.bundle" not in html
    assert "script-src 'unsafe-inline' https://cdnjs.cloudflare.com" in policy(html)
    assert "font-src" in policy(html)


def test_a_plugin_keeps_its_links_and_is_named(page: folium.Map) -> None:
    MarkerCluster([[52.41, -1.89]]).add_to(page)
    with pytest.warns(UserWarning, match=r"leaflet\.markercluster\.js"):
        html = page.get_root().render()
    assert 'src="https://cdnjs.cloudflare.com/ajax/libs/leaflet.markercluster' in html


def test_pictures_from_elsewhere_are_named(page: folium.Map) -> None:
    folium.Marker([52.41, -1.89], popup='<img src="https://example.org/a.png">').add_to(page)
    with pytest.warns(UserWarning, match=r"https://example\.org"):
        html = page.get_root().render()
    assert "img-src data: https://example.org" in policy(html)


def test_a_link_is_no_request(page: folium.Map) -> None:
    folium.Marker([52.41, -1.89], popup='<a href="https://example.org/a">more</a>').add_to(page)
    assert "example.org" not in policy(page.get_root().render())


def test_tiles_that_were_asked_for() -> None:
    page = wm.disconnection_map(small_typology(), tiles="OpenStreetMap")
    html = page.get_root().render()
    assert "img-src data: https://tile.openstreetmap.org;" in policy(html)
    assert "needs a network" in html
    assert "© " in html or "&copy;" in html or "\\u0026copy;" in html


def test_tiles_with_subdomains() -> None:
    tiles = folium.TileLayer("https://{s}.tiles.example.org/{z}/{x}/{y}.png", attr="Example")
    html = wm.disconnection_map(small_typology(), tiles=tiles).get_root().render()
    assert "https://*.tiles.example.org" in policy(html)


def test_tiles_added_later_are_named(page: folium.Map) -> None:
    folium.TileLayer("OpenStreetMap").add_to(page)
    with pytest.warns(UserWarning, match=r"tile\.openstreetmap\.org"):
        page.get_root().render()


def test_a_plain_folium_map_can_be_saved(tmp_path: Path) -> None:
    plain = folium.Map([52.4, -1.9], tiles=None)
    folium.Marker([52.4, -1.9]).add_to(plain)
    html = wm.save_html(plain, tmp_path / "plain.html").read_text("utf-8")
    assert FETCHED.search(html) is None
    online = wm.save_html(plain, tmp_path / "online.html", offline=False).read_text("utf-8")
    assert "cdn.jsdelivr.net" in online


def test_a_popup_cannot_end_the_script(page: folium.Map) -> None:
    folium.Marker([52.41, -1.89], popup=folium.Popup("a </script> b")).add_to(page)
    html = page.get_root().render()
    assert html.count("<script") == html.count("</script>")


@pytest.mark.parametrize("where", ["nowhere/map.html", "file.txt/map.html", "folder"])
def test_one_clear_line_where_it_cannot_be_written(
    page: folium.Map, tmp_path: Path, where: str
) -> None:
    (tmp_path / "file.txt").write_text("a file")
    (tmp_path / "folder").mkdir()
    before = sorted(p.name for p in tmp_path.rglob("*"))
    with pytest.raises(wm.OutputError, match="Cannot write") as caught:
        wm.save_html(page, tmp_path / where)
    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_what_stood_there_stays_until_the_new_file_is_whole(
    page: folium.Map, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "map.html"
    file.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(wm.OutputError, match="No space left"):
        wm.save_html(page, file)
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_a_failing_render_leaves_no_file(page: folium.Map, tmp_path: Path) -> None:
    folium.Marker([52.41, -1.89], icon=folium.Icon()).add_to(page)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="needs a network"):
            wm.save_html(page, tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_the_file_can_be_read_by_others(page: folium.Map, tmp_path: Path) -> None:
    file = wm.save_html(page, tmp_path / "map.html")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert file.stat().st_mode == plain.stat().st_mode


def test_nasty_title_in_a_figure_of_its_user() -> None:
    page = wm.disconnection_map(small_typology(nasty=True), title=NASTY)
    html = Figure().add_child(page).render()
    assert "<img" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
