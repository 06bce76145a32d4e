"""The printed map shows what the page shows, at the size it says, and nothing lies on anything."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import Point, box

import wmspatial as wm
from conftest import NOTE, own_dataset, squares, town
from printed import boxes, collisions, colours_at, off_the_sheet, words
from wmspatial.errors import InputError
from wmspatial.maps._figure_draw import hatches
from wmspatial.maps._figure_shapes import draw_shapes, project
from wmspatial.maps._figure_text import printable, width_of, wrap
from wmspatial.maps.figure import map_figure
from wmspatial.maps.spec import class_categories

SIZES = {"a4": (11.69, 8.27), "a4 portrait": (8.27, 11.69), "16:9": (13.333, 7.5)}


@pytest.fixture(scope="module")
def typology() -> wm.Typology:
    return wm.classify(wm.load_sample())


def grid(count: int = 36, **columns: Any) -> gpd.GeoDataFrame:
    """Lay out squares near Birmingham in rows, with a column `x`."""
    side = int(np.ceil(count**0.5))
    shapes = [
        box(-2 + 0.01 * (i % side), 52 + 0.01 * (i // side), -1.99 + 0.01 * (i % side),
            52.01 + 0.01 * (i // side))
        for i in range(count)
    ]  # fmt: skip
    index = pd.Index([f"A{i}" for i in range(count)], name="code")
    table = {"x": np.arange(float(count))} | columns
    return gpd.GeoDataFrame(table, geometry=shapes, index=index, crs=4326)


def town_of(names: list[str]) -> wm.Typology:
    """Classify a town whose places lie in authorities of these names."""
    table = town(2 * len(names))
    owners = np.repeat(names, 2)
    return wm.classify(own_dataset(table.assign(authority=owners)))


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet_has_its_size_and_nothing_lies_on_anything(
    typology: wm.Typology, size: str
) -> None:
    sheet = map_figure(typology, size=size)
    assert tuple(sheet.figure.get_size_inches()) == pytest.approx(SIZES[size])
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []


@pytest.mark.parametrize("size", SIZES)
def test_long_names_do_not_collide(size: str) -> None:
    names = [f"Bournemouth, Christchurch and Poole with Llanfairpwllgwyngyll {i}" for i in range(9)]
    sheet = map_figure(town_of(names), size=size, title="A very long title indeed, " * 12)
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []
    shown = " ".join(words(sheet))
    assert all(
        f"Poole with Llanfairpwllgwyngyll {i}" in shown or f" {i}" in shown for i in range(9)
    )


def test_forty_authorities_have_a_key_and_more_have_none() -> None:
    sheet = map_figure(town_of([f"Authority {i:02}" for i in range(40)]))
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []
    assert {"1", "40", "Authority 39"} <= set(words(sheet))
    many = words(map_figure(town_of([f"Authority {i:02}" for i in range(41)])))
    assert "Outlined: 41 authorities." in many
    assert "Authority 39" not in many


def test_the_map_has_all_that_a_map_in_print_needs(typology: wm.Typology) -> None:
    sheet = map_figure(typology)
    shown = words(sheet)
    text = " ".join(shown)
    counts = typology.frame["labour_market_class"].value_counts()
    for category in class_categories():
        if counts[category.name]:
            assert category.name in shown
            assert f"{counts[category.name]:,} neighbourhoods, " in text
    assert "N" in shown
    assert any(line.endswith(" km") for line in shown)
    assert {"1", "Wolverhampton", "7", "Coventry"} <= set(shown)
    assert NOTE in shown
    assert "A reconstruction of the JRF typology, not JRF's own classification." in text
    assert "Sources:" in text
    assert "are disconnected from the labour market" in text


def test_the_words_say_every_count(typology: wm.Typology) -> None:
    sheet = map_figure(typology)
    table = typology.frame.groupby("labour_market_class", observed=True)["residents"].agg(
        ["size", "sum"]
    )
    for name, (areas, people) in table.iterrows():
        assert f"{name}: {areas:,.0f} neighbourhoods, {people:,.0f} residents" in sheet.text
    assert "7 Coventry" in sheet.text
    assert sheet.illustrative


def test_each_area_has_the_colour_of_its_class() -> None:
    frame = grid()
    sheet = map_figure(frame, "x", breaks=[8, 17, 26])
    drawn = colours_at(sheet, frame)
    from wmspatial.maps.choropleth import classify_column

    spec = classify_column(frame["x"], breaks=[8, 17, 26])
    assert drawn == [spec.categories[i].colour for i in spec.assign(frame["x"])]


def test_neighbourhoods_have_the_colours_of_the_page() -> None:
    typology = wm.classify(own_dataset(town()))
    looks = {c.name: c.colour for c in class_categories()}
    drawn = colours_at(map_figure(typology), typology.frame)
    assert drawn == [looks[name] for name in typology.frame["labour_market_class"]]


def test_a_hole_is_not_filled() -> None:
    ring = shapely.Polygon(
        [(-2, 52), (-1.9, 52), (-1.9, 52.1), (-2, 52.1)],
        [[(-1.97, 52.03), (-1.93, 52.03), (-1.93, 52.07), (-1.97, 52.07)]],
    )
    frame = gpd.GeoDataFrame(
        {"x": ["a", "b"]}, geometry=[ring, box(-1.9, 52, -1.8, 52.1)], crs=4326
    )
    middle = gpd.GeoDataFrame(geometry=[Point(-1.95, 52.05).buffer(0.001)], crs=4326)
    assert colours_at(map_figure(frame, "x"), middle) == ["#ffffff"]


def test_the_scale_bar_is_as_long_as_it_says(typology: wm.Typology) -> None:
    sheet = map_figure(typology)
    axes = sheet.figure.axes[1]
    wide = axes.get_position().width * sheet.figure.get_size_inches()[0]
    west, east = axes.get_xlim()
    an_inch = (east - west) / wide
    label = [line for line in words(sheet) if line.endswith(" km")][-1]
    bars = [p for p in sheet.figure.axes[0].patches if getattr(p, "get_height", float)() == 0.055]
    said = float(label.removesuffix(" km")) * 1000
    assert sum(bar.get_width() for bar in bars) * an_inch == pytest.approx(said)
    # What the map calls a metre is one on the ground.
    north = float(np.mean(axes.get_ylim()))
    back = Transformer.from_crs(27700, 4326, always_xy=True)
    (x0, x1), (y0, y1) = back.transform([west, west + said], [north, north])
    assert Geod(ellps="WGS84").inv(x0, y0, x1, y1)[2] == pytest.approx(said, rel=1e-3)


def test_a_place_outside_britain_is_drawn_in_metres_too() -> None:
    frame = grid(9)
    frame.geometry = frame.geometry.translate(20, -10)
    on_the_ground = sum(
        abs(Geod(ellps="WGS84").geometry_area_perimeter(s)[0]) for s in frame.geometry
    )
    assert project(frame).area.sum() == pytest.approx(on_the_ground, rel=0.005)
    assert map_figure(frame, "x", breaks=[4]).text


def test_simplified_neighbours_still_share_their_edges(sample: wm.Dataset) -> None:
    areas = sample.areas
    metres = project(areas)
    drawn = draw_shapes(metres, areas["authority_code"], 9000, spots=True)
    assert bool(shapely.coverage_is_valid(drawn.polygons)) == bool(
        shapely.coverage_is_valid(metres.to_numpy())
    )
    assert shapely.area(drawn.polygons).sum() == pytest.approx(metres.area.sum(), rel=0.01)
    assert set(drawn.spots) == set(areas["authority_code"])
    for key, (x, y) in drawn.spots.items():
        assert drawn.outlines[key].contains(Point(x, y))


def test_patterns_tell_every_loud_class_apart(typology: wm.Typology) -> None:
    categories = class_categories()
    marks = hatches(categories, patterns=True, ordered=False)
    loud = [m for c, m in zip(categories, marks, strict=True) if c.loud]
    assert len(set(loud)) == 3
    assert all(loud)
    plain = hatches(categories, patterns=False, ordered=False)
    assert [bool(m) for m in plain] == [c.pattern == "hatch" for c in categories]
    drawn = {p.get_hatch() for p in map_figure(typology, patterns=True).figure.axes[1].patches}
    assert set(loud) <= drawn


@pytest.mark.parametrize("below", [1, 2, 3, 4])
def test_patterns_of_a_diverging_scheme_tell_both_sides_apart(below: int) -> None:
    frame = grid(40, x=np.linspace(-3, 3, 40))
    spec_k = 2 * below
    sheet = map_figure(frame, "x", centre=0, k=spec_k, patterns=True)
    drawn = {p.get_hatch() for p in sheet.figure.axes[1].patches if p.get_fill()}
    assert len(drawn) == spec_k


def test_wards_are_mapped_by_their_share(sample: wm.Dataset) -> None:
    wards = sample.areas[["ward_code", "geometry"]].dissolve("ward_code").rename_axis("code")
    coarse = wm.Dataset(
        sample.areas,
        sample.flows,
        sample.neighbourhoods,
        ranked_areas=sample.ranked_areas,
        wards=wards,
        level="ward",
    )
    typology = wm.classify(coarse)
    sheet = map_figure(typology)
    assert {"Up to 10 %", "Over 50 %"} <= set(words(sheet))
    assert "residents" in sheet.text
    assert collisions(sheet) == []


def test_a_column_divided_by_another_is_a_share() -> None:
    frame = grid(4, part=[0, 5, 9, 1], residents=[10, 10, 10, 0])
    sheet = map_figure(frame, "part", per="residents", breaks=[0.5])
    shown = words(sheet)
    assert "Part as a share of residents" in shown
    assert {"Up to 50 %", "Over 50 %", "No data"} <= set(shown)
    assert "1 has no value" in sheet.text


def test_what_came_with_the_data_needs_no_caveat_of_the_method(typology: wm.Typology) -> None:
    assert "reconstruction" not in map_figure(typology, "asian", per="residents", breaks=[0.5]).text
    assert "reconstruction" in map_figure(typology, "connection_score", breaks=[0.5]).text


def test_what_the_licence_asks_is_said_of_a_frame_too(typology: wm.Typology) -> None:
    """A sheet of paper has no list of sources behind it."""
    frame = typology.frame.assign(half=typology.frame["residents"] / 2)
    assert "Contains National Statistics data © Crown copyright" in map_figure(frame, "half").source
    own = frame.drop(columns="zone")
    own.attrs = {"source": "Council tax register, 2024"}
    assert "Crown" not in map_figure(own, "half").source


def test_given_classes_that_differ_have_broken_lines_and_the_legend_says_so(
    typology: wm.Typology,
) -> None:
    first = typology.frame.index[typology.frame["labour_market_class"] == "Disconnected"][0]
    given = typology.with_classes(pd.Series({first: "Connected"}), source="The council")
    sheet = map_figure(given)
    broken = [p for p in sheet.figure.axes[1].patches if p.get_linestyle() not in ("solid", "-")]
    assert len(broken) == 1
    assert "The council" in " ".join(words(sheet))


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_each_kind_of_file_is_written_and_says_its_words(
    tmp_path: Path, typology: wm.Typology, kind: str
) -> None:
    sheet = map_figure(typology)
    one = sheet.save(tmp_path / f"one.{kind}")
    two = map_figure(typology).save(tmp_path / f"two.{kind}")
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size < 2_500_000
    if kind == "svg":
        text = one.read_text()
        assert "<title" in text
        assert "Connected: " in text
        assert "<script" not in text


def test_a_map_of_very_many_areas_stays_small_as_svg() -> None:
    frame = grid(10_200)
    sheet = map_figure(frame, "x", breaks=[2000, 5000])
    drawn = sheet.to_svg()
    assert "<image" in drawn
    assert len(drawn) < 1_500_000
    assert "<image" not in map_figure(grid(100), "x", breaks=[50]).to_svg()


def test_names_are_text_whatever_is_in_them(tmp_path: Path) -> None:
    names = ["$x_1$ & </svg><script>alert(1)</script>", "Ynys Môn – Tŷ Croes", "Town 🏭"]
    sheet = map_figure(town_of(names), title="<b>Pay $5$</b> 🏭")
    shown = " ".join(words(sheet))
    assert "$x_1$" in shown
    assert "Ynys Môn – Tŷ Croes" in shown
    assert "Town □" in shown
    drawn = sheet.to_svg()
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    sheet.save(tmp_path / "names.pdf")


def test_text_is_wrapped_within_its_width_and_loses_nothing() -> None:
    text = "A sentence with anextraordinarilylongwordthatnobodywouldeverwrite and 12 more"
    lines = wrap(text, 1.0, 9)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 9) <= 1.0 for line in lines)
    assert printable("a\nb  c\t☃🏭") == "a b c ☃□"


def test_the_legend_stays_inside_its_column(typology: wm.Typology) -> None:
    places = boxes(map_figure(typology))
    sentence = next(box for name, box in places.items() if "Connection is the share" in name)
    assert sentence.x1 <= 100 * (11.69 - 0.3)


@pytest.mark.parametrize(
    ("data", "how", "said"),
    [
        (grid, {"column": "xx"}, "There is no column 'xx' to map."),
        (lambda: grid(residents=1.0), {"column": "resident"}, "Nearest: residents."),
        (grid, {}, "which column is to be mapped"),
        (grid, {"column": "x", "size": "a3"}, "expected one of 'a4'"),
        (grid, {"column": "x", "title": " "}, "expected text"),
        (grid, {"column": "x", "per": "y"}, "There is no column 'y'"),
        (lambda: grid(y="t"), {"column": "x", "per": "y"}, "'y' holds no numbers"),
        (lambda: grid(x=1.0), {"column": "x"}, "there is nothing to classify"),
        (lambda: grid(x=np.nan), {"column": "x"}, "every one of 36 values is missing"),
        (lambda: grid().set_crs(None, allow_override=True), {"column": "x"}, "set_crs(4326)"),
        (lambda: grid().iloc[:0], {"column": "x"}, "the frame has no rows"),
        (lambda: pd.DataFrame(grid().drop(columns="geometry")), {"column": "x"}, "no polygons"),
        (lambda: grid().set_geometry(grid().centroid), {"column": "x"}, "are no polygons"),
        (lambda: 5, {"column": "x"}, "expected a Typology"),
        (lambda: wm.classify(own_dataset(town())), {"k": 4}, "goes with a column only"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_what_cannot_be_drawn_is_refused_in_one_sentence(data: Any, how: dict, said: str) -> None:
    with pytest.raises(InputError) as caught:
        map_figure(data(), **how)
    assert said in str(caught.value)


def test_areas_without_a_polygon_are_named() -> None:
    frame = squares(["a", "b"]).assign(x=[1, 2])
    frame.geometry = [None, frame.geometry.iloc[1]]
    with pytest.raises(InputError, match=r"1 of 2 areas have no polygon \(a\)"):
        map_figure(frame, "x", breaks=[1.5])


def test_nothing_is_changed_in_what_was_given(typology: wm.Typology) -> None:
    before = typology.frame.copy()
    map_figure(typology)
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(typology.frame))


def test_the_real_west_midlands_fit_on_paper(real_2021: wm.Dataset) -> None:
    sheet = map_figure(wm.classify(real_2021), size="a4 portrait")
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []
    assert NOTE not in sheet.text
    assert "Government Licence" in " ".join(words(sheet))
    assert len(sheet.to_svg()) < 2_000_000
