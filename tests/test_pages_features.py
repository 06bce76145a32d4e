"""What the page does in a reader's hands: legend, search, panel, address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import pytest

import wmspatial as wm
from browser import PHONE, opened
from test_maps_disconnection import small_typology
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def count(typology: wm.Typology, *names: str) -> int:
    return int(typology.frame["labour_market_class"].isin(names).sum())


def toggle(view: Any, name: str) -> Any:
    return view.page.locator(".wm-toggle", has=view.page.get_by_text(name, exact=True))


def find(view: Any, text: str) -> list[str]:
    """Type into the search, and return what it lists."""
    box = view.page.get_by_role("combobox", name="Find a place")
    box.fill(text)
    view.page.wait_for_timeout(100)
    return [" ".join(t.split()) for t in view.page.locator("[role=option]").all_inner_texts()]


# The legend


def test_a_class_is_hidden_and_shown_in_the_legend(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file) as view:
        button = toggle(view, "Disconnected")
        before = button.inner_text()
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert button.get_attribute("aria-pressed") == "false"
        assert view.run("return areas.length") == len(region.frame) - count(region, "Disconnected")
        # Counts and people stay.
        assert button.inner_text() == before
        button.focus()
        view.page.keyboard.press("Space")
        assert button.get_attribute("aria-pressed") == "true"
        assert view.run("return areas.length") == len(region.frame)
        assert view.complaints == []


def test_the_legend_follows_a_layer_control(chromium: Any, tmp_path: Path) -> None:
    typology = small_typology()
    page = wm.disconnection_map(typology)
    folium.LayerControl(collapsed=False).add_to(page)
    file = wm.save_html(page, tmp_path / "control.html")
    with opened(chromium, file) as view:
        boxes = view.page.locator(".leaflet-control-layers-overlays input")
        boxes.first.uncheck()
        assert toggle(view, "Disconnected").get_attribute("aria-pressed") == "false"
        toggle(view, "Connected").click()
        assert not boxes.nth(1).is_checked()
        # Coloured by something else no class is on the map; one that is asked for brings them back.
        view.page.get_by_label("Colour by").select_option(label="Deprivation decile")
        assert [b.is_checked() for b in boxes.all()] == [False] * 5 + [True]
        boxes.nth(2).check()
        assert view.page.get_by_label("Colour by").input_value() == "class"
        assert view.run("return areas.length") == count(typology, CLASSES[2])
        assert view.complaints == []


# Search


def test_search_finds_places_by_name_ward_and_code(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    code = region.frame.index[200]
    with opened(chromium, scenario_file) as view:
        assert find(view, "wolverh")[0] == "Wolverhampton Authority"
        assert find(view, "sample ward 39 birm")[0] == (
            "Birmingham sample ward 39 Ward in Birmingham"
        )
        assert find(view, code.lower())[0].startswith(str(region.frame.loc[code, "name"]))
        assert find(view, "  BIRMINGHAM   067a ")[0].startswith("Birmingham 067A")
        assert find(view, "nowhere at all") == []
        assert view.page.locator(".wm-none").is_visible()
        assert view.page.locator(".wm-say").inner_text() == "No place found"


ASKED = {
    "ynys mon": "Ynys Môn",
    "kings norton": "King’s Norton",
    "dudley & netherton": "Dudley and Netherton",
    "hope and anchor": "Hope & Anchor",
    "stoke by nayland": "Stoke-by-Nayland",
}


@pytest.fixture(scope="module")
def named(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open a map on which a few areas have names that are written in more than one way."""
    typology = small_typology()
    typology.frame.loc[typology.frame.index[2 : 2 + len(ASKED)], "name"] = list(ASKED.values())
    path = tmp_path_factory.mktemp("names") / "names.html"
    with opened(chromium, wm.save_html(wm.disconnection_map(typology), path)) as view:
        yield view


@pytest.mark.parametrize(("asked", "found"), ASKED.items())
def test_search_takes_what_people_type(named: Any, asked: str, found: str) -> None:
    assert find(named, asked)[0].startswith(found)


def test_wards_and_authorities_may_have_commas_in_their_names(
    chromium: Any, tmp_path: Path
) -> None:
    typology = small_typology()
    typology.frame["ward"] = "Plumpton, Streat & St John"
    typology.frame["authority"] = "Bristol, City of"
    typology.frame["authority_code"] = "E06000023"
    file = wm.save_html(wm.disconnection_map(typology), tmp_path / "commas.html")
    with opened(chromium, file) as view:
        assert find(view, "plumpton streat and")[0] == (
            "Plumpton, Streat & St John ward Ward in Bristol, City of"
        )
        assert find(view, "city of bristol")[0] == "Bristol, City of Authority"


def test_search_is_used_with_the_keyboard_and_the_panel_gives_focus_back(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    code = region.frame.index[30]
    with opened(chromium, scenario_file) as view:
        box = view.page.get_by_role("combobox", name="Find a place")
        box.focus()
        view.page.keyboard.type(code)
        view.page.locator("[role=option]").first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        view.page.keyboard.press("ArrowDown")
        active = box.get_attribute("aria-activedescendant")
        assert view.page.locator(f"#{active}").get_attribute("aria-selected") == "true"
        view.page.keyboard.press("Enter")
        view.page.locator(".wm-chosen").wait_for()
        assert view.page.evaluate("document.activeElement.textContent") == str(
            region.frame.loc[code, "name"]
        )
        view.page.wait_for_timeout(500)
        inside = view.run(
            "const b = L.latLngBounds(wmspatial.polygon(map, argument)[0]);"
            "return map.getBounds().contains(b) && map.getZoom() > 11;",
            30,
        )
        assert inside
        view.page.keyboard.press("Escape")
        assert not view.page.locator(".wm-chosen").is_visible()
        assert view.page.evaluate("document.activeElement.getAttribute('role')") == "combobox"


def test_a_ward_and_an_authority_are_shown_whole(
    chromium: Any, region: wm.Typology, scenario_file: Path
) -> None:
    ward = region.frame[region.frame["ward"] == "Birmingham sample ward 39"]
    coventry = region.frame[region.frame["authority"] == "Coventry"]
    with opened(chromium, scenario_file) as view:
        find(view, "birmingham sample ward 39")
        view.page.keyboard.press("Enter")
        view.page.wait_for_timeout(600)
        assert holds(view, ward.total_bounds)
        view.page.locator(".wm-key button", has_text="Coventry").click()
        view.page.wait_for_timeout(600)
        assert holds(view, coventry.total_bounds)
        assert not holds(view, region.frame.total_bounds)
        view.page.get_by_role("button", name="Start again").click()
        view.page.wait_for_timeout(300)
        assert holds(view, region.frame.total_bounds)


def holds(view: Any, bounds: Any) -> bool:
    """Say whether all of some bounds is in view."""
    west, south, east, north = (float(b) for b in bounds)
    return bool(
        view.run(
            "const ends = [argument.slice(0, 2), argument.slice(2)];"
            "return map.getBounds().pad(0.001).contains(ends);",
            [south, west, north, east],
        )
    )


def test_the_scale_is_metric(chromium: Any, scenario_file: Path) -> None:
    with opened(chromium, scenario_file) as view:
        lines = view.page.locator(".leaflet-control-scale-line").all_inner_texts()
    assert len(lines) == 1
    assert lines[0].endswith(" km")


# The panel


def test_the_panel_tells_who_lives_there_beside_the_authority(
    chromium: Any, region: wm.Typology, sensitivity: Any, scenario_file: Path
) -> None:
    code = region.frame.index[50]
    place = region.frame.loc[code]
    groups = list(region.dataset.groups)
    around = region.frame.loc[region.frame["authority"] == place["authority"], groups].sum()
    with opened(chromium, scenario_file) as view:
        view.run("wmspatial.choose(map, 50);")
        rows = view.page.locator(".wm-bars tbody tr").all_inner_texts()
        text = " ".join(view.page.locator(".wm-chosen").inner_text().split())
        bars = view.page.evaluate(
            "[...document.querySelectorAll('.wm-bars tbody tr')].map(r => [...r.querySelectorAll("
            "'.wm-bar')].map(b => b.getBoundingClientRect().width / "
            "b.parentNode.getBoundingClientRect().width))"
        )
    here = place[groups].astype(float) / place[groups].sum()
    there = around / around.sum()
    for row, bar, group in zip(rows, bars, groups, strict=True):
        name, *numbers = row.split()
        assert name.lower() == group
        assert [float(n) for n in numbers] == pytest.approx(
            [100 * here[group], 100 * there[group]], abs=0.051
        )
        assert bar == pytest.approx([here[group], there[group]], abs=0.02)
    assert str(place["authority"]) in text
    same = round(4 * sensitivity.frame.loc[code, "share_same_class"])
    assert (f"in all {same} scenarios" if same == 4 else f"in {same} of 4 scenarios") in text
    assert ILLUSTRATIVE in text


def test_the_panel_lies_beside_the_map_and_the_legend_stays_in_sight(
    chromium: Any, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file) as view:
        view.run("wmspatial.choose(map, 50);")
        chosen, side, box = (
            view.page.locator(name).bounding_box() for name in (".wm-chosen", ".wm-side", ".wm-map")
        )
        assert chosen["x"] >= box["x"] + box["width"] - 1
        assert side["y"] >= chosen["y"] + chosen["height"] - 1
        assert side["height"] > 100
        view.page.get_by_role("button", name="Close").click()
        assert not view.page.locator(".wm-chosen").is_visible()


def test_nothing_sticks_out_on_a_phone_with_everything_open(
    chromium: Any, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file, PHONE, touch=True) as view:
        view.run("wmspatial.choose(map, 50); wmspatial.colourBy(map, 'group-asian');")
        for fold in view.page.locator("summary").all():
            fold.click()
        view.page.locator(".wm-each tbody tr").first.wait_for()
        assert view.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


# The address


def test_a_link_opens_the_same_view(chromium: Any, scenario_file: Path) -> None:
    with opened(chromium, scenario_file) as view:
        toggle(view, "Not classified").click()
        view.page.locator(".folium-map").focus()
        view.page.keyboard.press("+")
        view.page.wait_for_timeout(600)
        view.run("wmspatial.choose(map, 7);")
        view.page.wait_for_timeout(400)
        address = view.page.url
        seen = view.run("return [map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        assert view.page.url.startswith(scenario_file.as_uri() + "#view=")
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(500)
    assert page.locator(".wm-chosen").is_visible()
    assert page.evaluate(
        "() => { const map = window[document.querySelector('.folium-map').id];"
        "return [map.getCenter().lat, map.getCenter().lng, map.getZoom()]; }"
    ) == pytest.approx(seen, abs=1e-3)
    pressed = page.locator(".wm-toggle").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-pressed'))"
    )
    assert pressed == ["true", "true", "true", "false", "true"]
    context.close()


def test_the_address_holds_the_layer_and_leaves_when_all_is_as_at_first(
    chromium: Any, scenario_file: Path
) -> None:
    with opened(chromium, scenario_file) as view:
        view.page.get_by_label("Colour by").select_option(label="Asian residents")
        toggle(view, "Up to 5 %").click()
        view.page.get_by_role("button", name="Patterns").click()
        view.page.wait_for_timeout(300)
        assert view.page.url.endswith("#layer=group-asian&hidden=Up+to+5+%25&patterns=on")
        view.page.get_by_role("button", name="Patterns").click()
        view.page.get_by_role("button", name="Start again").click()
        view.page.wait_for_timeout(300)
        assert view.page.url == scenario_file.as_uri()
        view.page.evaluate("location.hash = 'layer=group-black'")
        view.page.wait_for_timeout(300)
        assert view.page.get_by_label("Colour by").input_value() == "group-black"
        # Links inside the page, and what makes no sense, change nothing.
        for part in ("map_1-facts", "layer=none&area=none&view=a,b,c&hidden=none"):
            view.page.evaluate("part => { location.hash = part; }", part)
            view.page.wait_for_timeout(200)
        assert view.run("return areas.length") == 1680
        assert view.complaints == []


def test_a_nasty_address_runs_nothing(chromium: Any, scenario_file: Path) -> None:
    nasty = "#area=</script><img src=x onerror=alert(1)>&layer=__proto__&hidden=<b>&view=1,2"
    with opened(chromium, scenario_file) as view:
        view.page.goto("about:blank")
        view.page.goto(scenario_file.as_uri() + nasty)
        view.page.wait_for_timeout(300)
        assert view.page.locator("img[src='x']").count() == 0
        assert view.run("return areas.length") == 1680
        assert view.complaints == []


def test_a_map_in_a_frame_that_is_not_shown_yet_is_drawn_when_it_is(
    chromium: Any, scenario_file: Path, tmp_path: Path
) -> None:
    frame = f'<iframe src="{scenario_file.as_uri()}" width="900" height="700"></iframe>'
    outer = tmp_path / "notebook.html"
    outer.write_text(f'<div id="tab" style="display:none">{frame}</div>', encoding="utf-8")
    with opened(chromium, outer) as view:
        view.page.wait_for_timeout(800)
        view.page.evaluate("document.getElementById('tab').style.display = 'block'")
        view.page.wait_for_timeout(800)
        inside = view.page.frames[1]
        assert inside.locator(".wm-trouble:not([hidden])").count() == 0
        assert inside.locator(".wm-number").count() == 7
        box = inside.locator(".wm-number").first.bounding_box()
        assert box is not None
        assert box["width"] > 0
        assert view.complaints == []


def test_a_map_that_was_squeezed_flat_is_whole_again_when_it_has_room(
    chromium: Any, scenario_file: Path
) -> None:
    """A frame that unfolds, or a phone that is turned, passes sizes with no room for a map."""
    size = "(high) => { document.querySelector('.folium-map').style.bottom = high; }"
    with opened(chromium, scenario_file) as view:
        zoom = view.run("return map.getZoom()")
        view.page.evaluate(size, "calc(100% - 12px)")
        view.page.wait_for_timeout(100)
        view.page.evaluate(size, "0")
        view.page.wait_for_timeout(100)
        assert view.run("return map.getZoom()") == zoom
        assert view.complaints == []


def test_wards_are_named_on_the_map_where_they_have_room(
    chromium: Any, scenario_file: Path, region: wm.Typology
) -> None:
    with opened(chromium, scenario_file) as view:
        assert view.page.locator(".wm-ground-name").count() == 0  # The whole region: no room.
        view.run("map.setView([52.5, -1.9], 12, {animate: false});")
        names = view.page.locator(".wm-ground-name span")
        boxes = [one.bounding_box() for one in names.all()]
        assert len(boxes) > 10
        wards = {ward.removesuffix(" ward") for ward in region.frame["ward"]}
        assert set(names.all_inner_texts()) <= wards
        boxes += [one.bounding_box() for one in view.page.locator(".wm-number").all()]
        assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert view.page.locator("[aria-hidden=true] .wm-ground-name").count() == names.count()
        # Numbers without their places say nothing to the ear; the key says them with their names.
        assert view.page.locator("[aria-hidden=true] .wm-number").count() == 7


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two boxes on the screen share any place."""
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "width"), ("y", "height"))
    )
