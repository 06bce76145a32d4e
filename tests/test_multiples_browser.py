"""Maps side by side in a real browser: one legend, one view, and what each says of an area."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import shapely

import wmspatial as wm
from browser import PHONE, opened
from test_figure import grid
from wmspatial.maps.multiples_page import multiples_map
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GROUPS = ["white", "asian", "black"]
# What is drawn is at rest.
CALM = 400


@pytest.fixture(scope="module")
def groups_file(region: wm.Typology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = multiples_map(region, GROUPS, per="residents", breaks=[0.05, 0.25, 0.5])
    return wm.save_html(page, tmp_path_factory.mktemp("several") / "groups.html")


@pytest.fixture(scope="module")
def split_file(region: wm.Typology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = multiples_map(region, by="authority")
    return wm.save_html(page, tmp_path_factory.mktemp("several") / "split.html")


def run(view: Any, script: str, argument: Any = None) -> Any:
    """Run JavaScript in the page; `board` is at hand."""
    return view.page.evaluate(
        f"(argument) => {{ const board = wmspatial.board; {script} }}", argument
    )


def drawn(view: Any) -> list[dict[str, int]]:
    """Count the areas that are drawn on each map, class by class."""
    found: list[dict[str, int]] = run(
        view,
        """
        return board.panels.map(panel => {
          const n = {};
          panel.theme.groups.forEach(group => {
            if (group.category < 0 || board.hidden.has(group.category)) return;
            const name = board.data.categories[group.category].name;
            n[name] = (n[name] || 0) + group.areas.length;
          });
          return n;
        });
        """,
    )
    return found


def spot(view: Any, panel: int, place: shapely.Geometry) -> tuple[float, float]:
    """Return where a place is on the screen, on one of the maps."""
    at = place.representative_point()
    found = run(
        view,
        """
        const [k, lng, lat] = argument, panel = board.panels[k], corner = board.corner(panel);
        const box = panel.sheet.getBoundingClientRect(), scale = 2 ** board.zoom;
        const north = Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360));
        return [box.left + 256 * (lng + 180) / 360 * scale - corner[0],
          box.top + (128 - 128 / Math.PI * north) * scale - corner[1]];
        """,
        [panel, at.x, at.y],
    )
    return found[0], found[1]


def colour_at(view: Any, panel: int, point: tuple[float, float]) -> str:
    """Return the colour of what is drawn at a point of the screen."""
    pixel = run(
        view,
        """
        const paper = board.panels[argument[0]].paper, box = paper.getBoundingClientRect();
        const x = (argument[1] - box.left) * board.sharp, y = (argument[2] - box.top) * board.sharp;
        return Array.from(paper.getContext("2d").getImageData(x, y, 1, 1).data);
        """,
        [panel, *point],
    )
    return "#{:02x}{:02x}{:02x}".format(*pixel[:3])


def largest(region: wm.Typology, among: Any = slice(None)) -> str:
    frame = region.frame.loc[among]
    return str(frame.index[shapely.area(frame.geometry.to_numpy()).argmax()])


def share(region: wm.Typology, code: str, group: str) -> str:
    row = region.frame.loc[code]
    return f"{100 * row[group] / row['residents']:.1f} %"


def test_each_map_draws_as_many_areas_of_each_class_as_the_frame_has(
    chromium: Any, region: wm.Typology, split_file: Path
) -> None:
    with opened(chromium, split_file) as view:
        found = drawn(view)
        names = view.page.locator(".wm-panel h2").all_inner_texts()
        assert view.requests == [split_file.as_uri()]
        assert view.complaints == []
        marks = view.page.locator(".wm-panel .wm-map-mark").all_inner_texts()
        assert marks == [ILLUSTRATIVE] * 7
    frame = region.frame
    for name, counts in zip(names, found, strict=True):
        own = frame[frame["authority"] == name]
        assert counts == Counter(own["labour_market_class"].astype(str))


def test_areas_have_the_colours_of_their_classes_on_each_map(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    code = largest(region)
    place = region.frame.geometry[code]
    with opened(chromium, groups_file) as view:
        view.page.wait_for_timeout(CALM)
        expected = run(
            view,
            """
            const area = wmspatial.areaOf(board, argument);
            return board.told(area).map(one => one.category.colour);
            """,
            code,
        )
        found = [colour_at(view, k, spot(view, k, place)) for k in range(3)]
    assert found == expected
    assert len(set(found)) > 1


def test_a_class_is_hidden_on_all_maps(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    white = region.frame["white"] / region.frame["residents"]
    place = region.frame.geometry[largest(region, white > 0.5)]
    with opened(chromium, groups_file) as view:
        before = drawn(view)
        view.page.wait_for_timeout(CALM)
        colours = [colour_at(view, 0, spot(view, 0, place))]
        view.page.get_by_role("button", name="Over 50 %").click()
        after = drawn(view)
        button = view.page.get_by_role("button", name="Over 50 %")
        assert button.get_attribute("aria-pressed") == "false"
        assert "hidden=Over+50" in wait_for_state(view)
        colours.append(colour_at(view, 0, spot(view, 0, place)))
        view.page.get_by_role("button", name="Start again").click()
        assert drawn(view) == before
    # Nothing is drawn where the class was.
    assert colours[0] != colours[1] == "#000000"
    assert sum("Over 50 %" in counts for counts in before) >= 2
    assert not any("Over 50 %" in counts for counts in after)
    gone = sum((Counter(b) - Counter(a)).total() for b, a in zip(before, after, strict=True))
    shares = [region.frame[g] / region.frame["residents"] for g in GROUPS]
    assert gone == sum(int((one > 0.5).sum()) for one in shares)


def wait_for_state(view: Any) -> str:
    view.page.wait_for_timeout(CALM)
    return str(view.page.url)


def test_all_maps_of_a_place_move_together(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    code = largest(region)
    place = region.frame.geometry[code]
    with opened(chromium, groups_file) as view:
        first = spot(view, 1, place)
        view.page.mouse.click(*first)
        view.page.mouse.wheel(0, -400)
        view.page.wait_for_timeout(CALM)
        # What lies under the pointer stays there, on this map and on the others.
        assert spot(view, 1, place) == pytest.approx(first, abs=3)
        boxes = [one.bounding_box() for one in view.page.locator(".wm-sheet").all()]
        inside = [
            (spot(view, k, place)[0] - b["x"], spot(view, k, place)[1] - b["y"])
            for k, b in enumerate(boxes)
        ]
        assert inside[0] == pytest.approx(inside[1])
        assert inside[2] == pytest.approx(inside[1])
        assert run(view, "return board.zoom - board.home();") > 0.9
        seen = [run(view, "return board.panels[argument].drawn.zoom;", k) for k in range(3)]
        assert seen == [run(view, "return board.zoom;")] * 3
        # And a hand moves them.
        x, y = boxes[0]["x"] + 100, boxes[0]["y"] + 80
        view.page.mouse.move(x, y)
        view.page.mouse.down()
        view.page.mouse.move(x - 40, y - 20, steps=4)
        view.page.mouse.up()
        moved = spot(view, 2, place)
        assert moved == pytest.approx(
            (boxes[2]["x"] + inside[2][0] - 40, boxes[2]["y"] + inside[2][1] - 20), abs=1
        )


def test_maps_of_different_places_zoom_together_and_move_alone(
    chromium: Any, split_file: Path
) -> None:
    centres = "return board.places.map(place => place.centre);"
    with opened(chromium, split_file) as view:
        before, zoom = run(view, centres), run(view, "return board.zoom;")
        view.page.get_by_role("button", name="Zoom in on all maps").click()
        assert run(view, "return board.zoom;") == pytest.approx(zoom + 0.5, abs=0.01)
        run(view, "board.pan(board.panels[2], 30, 0);")
        after = run(view, centres)
        moved = [a != pytest.approx(b) for a, b in zip(before, after, strict=True)]
        assert moved == [False, False, True, False, False, False, False]


def test_pointing_shows_what_every_map_says(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    code = largest(region)
    with opened(chromium, groups_file) as view:
        view.page.mouse.move(*spot(view, 1, region.frame.geometry[code]))
        tip = view.page.locator(".wm-tip-all")
        tip.wait_for()
        text = " ".join(tip.inner_text().split())
        marked = run(view, "return board.panels.map(panel => panel.marked && panel.marked.length);")
        view.page.mouse.move(2, 2)
        assert not tip.is_visible()
    assert marked == [1, 1, 1]
    assert str(region.frame.loc[code, "name"]) in text
    for group in GROUPS:
        assert f"{group.capitalize()} {share(region, code, group)}" in text
    assert ILLUSTRATIVE in text


def test_a_place_is_found_and_kept_in_sight_and_in_the_address(
    chromium: Any, region: wm.Typology, groups_file: Path
) -> None:
    code = str(region.frame.index[700])
    with opened(chromium, groups_file) as view:
        box = view.page.get_by_role("combobox", name="Find a place")
        box.fill(code)
        box.press("Enter")
        chosen = view.page.locator(".wm-chosen")
        chosen.wait_for()
        text = " ".join(chosen.inner_text().split())
        state = wait_for_state(view)
        assert f"area={code}" in state
        assert "view=" in state
        zoom = run(view, "return [board.zoom, board.getCenter().lat];")
        view.page.goto("about:blank")
        view.page.goto(state)
        view.page.locator(".wm-chosen").wait_for()
        assert run(view, "return [board.zoom, board.getCenter().lat];") == pytest.approx(
            zoom, abs=1e-3
        )
        view.page.keyboard.press("Escape")
        assert not view.page.locator(".wm-chosen").is_visible()
    assert all(share(region, code, group) in text for group in GROUPS)


def test_the_table_has_every_area_and_sorts_by_the_number_of_a_map(
    chromium: Any, region: wm.Typology, groups_file: Path, split_file: Path
) -> None:
    with opened(chromium, groups_file) as view:
        view.page.locator(".wm-each summary").click()
        heads = view.page.locator(".wm-each thead th").all_inner_texts()
        assert [head.split()[0] for head in heads] == ["Name", "Where", "White", "Asian", "Black"]
        view.page.locator(".wm-each thead button").nth(3).click()
        view.page.locator(".wm-each thead button").nth(3).click()
        cells = view.page.locator(".wm-each tbody td:nth-child(4)")
        assert cells.count() == len(region.frame)
        top = (region.frame["asian"] / region.frame["residents"]).max()
        assert cells.first.inner_text() == f"{100 * top:.1f} % (Over 50 %)"
        view.page.locator(".wm-each tbody button").first.click()
        assert f"{100 * top:.1f} %" in view.page.locator(".wm-chosen").inner_text()
    with opened(chromium, split_file) as view:
        view.page.locator(".wm-each summary").click()
        maps = Counter(view.page.locator(".wm-each tbody td:nth-child(3)").all_inner_texts())
        assert maps == Counter(region.frame["authority"])


def test_an_area_of_one_census_only_says_so(
    chromium: Any, real_2011: wm.Dataset, real_2021: wm.Dataset, tmp_path: Path
) -> None:
    before, after = wm.classify(real_2011), wm.classify(real_2021)
    file = wm.save_html(multiples_map([before, after]), tmp_path / "two.html")
    new = next(code for code in after.frame.index if code not in before.frame.index)
    same = next(
        code
        for code in after.frame.index
        if code in before.frame.index
        and before.frame.loc[code, "labour_market_class"]
        != after.frame.loc[code, "labour_market_class"]
    )
    told = """
        const area = wmspatial.areaOf(board, argument);
        return board.told(area).map(one => one.category && one.category.name);
    """
    with opened(chromium, file) as view:
        assert run(view, told, new) == [None, after.frame.loc[new, "labour_market_class"]]
        expected = [t.frame.loc[same, "labour_market_class"] for t in (before, after)]
        assert run(view, told, same) == expected
        for counts, one in zip(drawn(view), (before, after), strict=True):
            assert counts == Counter(one.frame["labour_market_class"].astype(str))
        run(view, "wmspatial.choose(board, wmspatial.areaOf(board, argument));", new)
        assert "not on this map" in view.page.locator(".wm-chosen").inner_text()
        assert view.requests == [file.as_uri()]


def test_many_maps_are_all_drawn_and_an_area_of_none_of_them_says_so(
    chromium: Any, tmp_path: Path
) -> None:
    frame = grid(62).assign(part=[f"P{i // 4:02}" if i < 60 else None for i in range(62)])
    file = wm.save_html(multiples_map(frame, "x", by="part", breaks=[30]), tmp_path / "many.html")
    with opened(chromium, file, PHONE) as view:
        view.page.wait_for_function("wmspatial.board.panels.every(panel => panel.drawn)")
        assert sum(Counter(counts).total() for counts in drawn(view)) == 60
        below = run(view, "return board.panels[14].sheet.getBoundingClientRect().top;")
        assert below > PHONE[1]
        view.page.get_by_role("combobox", name="Find a place").fill("A61")
        view.page.keyboard.press("Enter")
        assert "It is on no map." in view.page.locator(".wm-chosen").inner_text()
        assert view.complaints == []
