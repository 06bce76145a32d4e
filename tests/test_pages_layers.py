"""What the page can be coloured by, its lines and its table, in a reader's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from branca.element import Figure

import wmspatial as wm
from browser import opened
from test_maps_disconnection import NASTY, small_typology
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def find(view: Any, text: str) -> list[str]:
    """Type into the search, and return what it lists."""
    box = view.page.get_by_role("combobox", name="Find a place")
    box.fill(text)
    view.page.wait_for_timeout(100)
    return [" ".join(t.split()) for t in view.page.locator("[role=option]").all_inner_texts()]


# What it is coloured by


def test_every_layer_draws_the_numbers_of_the_frame(
    chromium: Any, region: wm.Typology, sensitivity: Any, scenario_file: Path
) -> None:
    frame = region.frame
    total = frame[list(region.dataset.groups)].sum(axis=1)
    expected = {
        "deprivation": np.ceil(10 * frame["deprivation_share"] - 1e-9),
        "jobs": frame["jobs_ratio"],
        "connection": 100 * frame["connection_score"],
        "stability": 100 * sensitivity.frame["share_same_class"],
        **{f"group-{g}": 100 * frame[g] / total for g in region.dataset.groups},
    }
    with opened(chromium, scenario_file) as view:
        layers = view.run("return wmspatial.looks(data).map(one => one.id)")
        assert set(layers) == {"class", *expected}
        for name, values in expected.items():
            found = view.run(
                """
                wmspatial.colourBy(map, argument);
                const look = wmspatial.lookOf(map);
                return { drawn: wmspatial.shown(map).length,
                  values: Array.from(data.category, (_, i) => wmspatial.numberOf(data, look, i)) };
                """,
                name,
            )
            assert found["drawn"] == len(frame)
            got = [float("nan") if v is None else v for v in found["values"]]
            assert got == pytest.approx(values.tolist(), abs=0.51, nan_ok=True)
        assert view.complaints == []


def test_tooltip_legend_and_panel_follow_the_layer(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    big = int(shapely.area(region.frame.geometry.to_numpy()).argmax())
    place = region.frame.iloc[big]
    share = 100 * place["black"] / place[list(region.dataset.groups)].sum()
    point = place.geometry.representative_point()
    with opened(chromium, scenario_file) as view:
        view.page.get_by_label("Colour by").select_option(label="Black residents")
        legend = view.page.locator(".wm-legend").inner_text()
        assert "Black: share of residents" in legend
        assert "Up to 5 %" in legend
        assert ILLUSTRATIVE in legend
        assert "Darker is higher." in legend
        x, y = view.point_at(point.x, point.y)
        view.page.mouse.move(x, y)
        tip = view.page.locator(".wm-tip")
        tip.wait_for()
        assert f"Black residents: {share:.1f} %" in tip.inner_text()
        assert str(place["labour_market_class"]) in tip.inner_text()
        view.page.mouse.click(x, y)
        assert f"Black residents: {share:.1f} %" in view.page.locator(".wm-chosen").inner_text()


def test_patterns_lie_on_the_loud_classes_and_in_the_legend(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    place = region.frame[region.frame["labour_market_class"] == "Disconnected"]
    point = place.geometry.iloc[
        int(shapely.area(place.geometry.to_numpy()).argmax())
    ].representative_point()
    with opened(chromium, scenario_file) as view:
        read = """
            map.setView([argument[1], argument[0]], 14, { animate: false });
            map._renderer._redraw();
            const at = map.latLngToLayerPoint([argument[1], argument[0]]);
            const paper = map._renderer, from = paper._bounds.min;
            const x = at.x - from.x - 8, y = at.y - from.y - 8;
            const seen = paper._ctx.getImageData(x, y, 16, 16).data;
            const found = new Set();
            for (let k = 0; k < seen.length; k += 4) found.add(seen.slice(k, k + 3).join());
            return found.size;
        """
        assert view.run(read, [point.x, point.y]) == 1
        button = view.page.get_by_role("button", name="Patterns")
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert view.run(read, [point.x, point.y]) > 3
        # The three classes that the map is about, and the one that is hatched in any case.
        assert view.page.locator(".wm-swatch.wm-patterned").count() == 4
        assert view.requests == [scenario_file.as_uri()]


# Lines


def test_lines_are_as_wide_as_people_are_many(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    flows = region.dataset.flows
    code = region.frame.index[60]
    row = flows.to_table()
    row = row[row["origin"] == region.frame.loc[code, "zone"]]
    row = row[(row["destination"] != row["origin"]) & row["destination"].isin(flows.zones)]
    most = row.sort_values("people", ascending=False)["people"].head(15).tolist()
    with opened(chromium, scenario_file) as view:
        assert view.page.locator(".leaflet-wm-flows-pane path").count() == 0
        view.run("wmspatial.choose(map, 60);")
        table = view.page.locator(".wm-work tbody tr td").all_inner_texts()
        widths = view.page.evaluate(
            "[...document.querySelectorAll(\".leaflet-wm-flows-pane path[stroke='#10243e']\")]"
            ".filter(e => e.getAttribute('fill') === 'none')"
            ".map(e => +e.getAttribute('stroke-width'))"
        )
        assert [int(t.replace(",", "")) for t in table] == most
        expected = [max(0.8, 9 * n / most[0]) for n in most]
        assert sorted(widths, reverse=True) == pytest.approx(expected)
        view.page.keyboard.press("Escape")
        assert view.page.locator(".leaflet-wm-flows-pane path").count() == 0


# The table


def test_the_table_is_sorted_by_any_column(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file) as view:
        view.page.get_by_label("Colour by").select_option(label="Jobs ratio")
        view.page.locator(".wm-each summary").click()
        heads = view.page.locator(".wm-each thead th")
        assert heads.all_inner_texts() == [
            "Name", "Where", "Class", "Jobs ratio", "Residents", "Why",
        ]  # fmt: skip
        assert heads.nth(2).get_attribute("aria-sort") == "ascending"
        heads.nth(4).locator("button").click()
        assert heads.nth(4).get_attribute("aria-sort") == "ascending"
        assert heads.nth(2).get_attribute("aria-sort") is None
        view.page.keyboard.press("Enter")
        assert heads.nth(4).get_attribute("aria-sort") == "descending"
        cells = view.page.locator(".wm-each tbody td:nth-child(5)").all_inner_texts()
        people = [int(t.replace(",", "")) for t in cells]
        assert people == sorted(region.frame["residents"].astype(int), reverse=True)
        ratios = view.page.locator(".wm-each tbody td:nth-child(4)").all_inner_texts()
        heads.nth(3).locator("button").click()
        cells = view.page.locator(".wm-each tbody td:nth-child(4)").all_inner_texts()
        assert [float(t) for t in cells] == sorted(float(t) for t in ratios)


def test_a_name_in_the_table_opens_the_panel_and_arrows_walk(
    chromium: Any, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file) as view:
        view.page.locator(".wm-each summary").click()
        names = view.page.locator(".wm-each tbody th button")
        names.first.wait_for()
        names.first.focus()
        view.page.keyboard.press("ArrowDown")
        view.page.keyboard.press("Enter")
        second = names.nth(1).inner_text()
        assert view.page.locator(".wm-chosen h2").inner_text() == second
        view.page.keyboard.press("Escape")
        assert view.page.evaluate("document.activeElement.textContent") == second
        assert view.page.locator(".wm-each tbody button[tabindex='0']").count() == 1


def test_nasty_names_are_text_in_search_panel_and_table(chromium: Any, tmp_path: Path) -> None:
    typology = small_typology(nasty=True)
    file = wm.save_html(wm.disconnection_map(typology), tmp_path / "nasty.html")
    with opened(chromium, file) as view:
        assert any("<img src=x onerror=alert(1)>" in t for t in find(view, "ynys mon"))
        view.page.keyboard.press("Enter")
        view.page.wait_for_timeout(300)
        find(view, "e01000004")
        view.page.keyboard.press("Enter")
        assert " ".join(NASTY.split()) in " ".join(
            view.page.locator(".wm-chosen").inner_text().split()
        )
        view.page.locator(".wm-each summary").click()
        assert "Ynys Môn 🌳" in view.page.locator(".wm-each tbody").inner_text()
        view.page.wait_for_timeout(300)
        assert view.page.locator("img[src='x']").count() == 0
        assert view.requests == [file.as_uri()]
        assert view.complaints == []


def test_the_footer_has_the_hash_of_the_data(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    text = scenario_file.read_text("utf-8")
    again = wm.disconnection_map(region).get_root().render()
    hashes = [t.split("data in this page: <code>")[1][:64] for t in (text, again)]
    assert all(len(set(h)) > 5 and int(h, 16) for h in hashes)
    assert hashes[0] != hashes[1]
    assert hashes[1] in wm.disconnection_map(region).get_root().render()
    assert again.count(hashes[1]) == 1
    with opened(chromium, scenario_file) as view:
        assert "2011 Census" in view.page.locator("footer").inner_text()


def test_patterns_are_on_paper_too(chromium: Any, scenario_file: Path) -> None:
    with opened(chromium, scenario_file) as view:
        view.page.get_by_role("button", name="Patterns").click()
        view.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert view.page.locator("svg.wm-drawing pattern").count() == 3
        filled = view.page.evaluate(
            "[...document.querySelectorAll('svg.wm-drawing path')].filter(e =>"
            " (e.getAttribute('fill') || '').startsWith('url(#wm-tile')).length"
        )
        view.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert filled == view.run(
            "return Array.from(data.category).filter(c => data.categories[c].loud).length"
        )
        assert view.page.locator("svg.wm-drawing").count() == 0
        assert view.complaints == []


def test_two_maps_on_one_page_keep_to_themselves(chromium: Any, tmp_path: Path) -> None:
    figure = Figure()
    for typology in (small_typology(), small_typology(min_flow=10_000)):
        figure.add_child(wm.disconnection_map(typology))
    path = tmp_path / "two.html"
    path.write_text(figure.render(), encoding="utf-8")
    with opened(chromium, path) as view:
        pages = view.page.locator(".wm-page")
        assert pages.count() == 2
        pages.nth(1).locator(".wm-toggle").first.click()
        view.page.wait_for_timeout(300)
        assert view.page.url == path.as_uri()
        pages.nth(0).locator(".wm-toggle").first.click()
        view.page.wait_for_timeout(300)
        assert view.page.url.endswith("#hidden=Disconnected")
        assert view.complaints == []
