"""A page for any column: what it draws and says is the column's, and what it cannot it refuses."""

from __future__ import annotations

from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from shapely.geometry import Point, box

import wmspatial as wm
from test_maps_disconnection import NASTY, Reader, rendered
from wmspatial.errors import InputError
from wmspatial.maps.column_map import choropleth_map
from wmspatial.patterns import QUADRANTS
from wmspatial.provenance import ILLUSTRATIVE, Source

SHARES = [0.02, 0.04, 0.1, 0.2, 0.3, 0.45, 0.5, 0.61, 0.7, np.nan, 0.9, 0.04]


def squares(count: int = 12, **columns: Any) -> gpd.GeoDataFrame:
    """Draw squares in rows of four, with names, two authorities and a share, missing once."""
    table = {
        "name": [f"Place {i}" for i in range(count)],
        "authority": ["Leeds" if i < 6 else "York" for i in range(count)],
        "residents": [100.0 + i for i in range(count)],
        "share": (SHARES * count)[:count],
        **columns,
    }
    return gpd.GeoDataFrame(
        {name: values for name, values in table.items() if values is not None},
        geometry=[
            box(-1.9 + 0.01 * (i % 4), 52.4 + 0.01 * (i // 4), -1.89 + 0.01 * (i % 4),
                52.41 + 0.01 * (i // 4))
            for i in range(count)
        ],
        index=pd.Index([f"A{i:02d}" for i in range(count)], name="code"),
        crs="EPSG:4326",
    )  # fmt: skip


def page_of(frame: Any, column: Any = "share", **how: Any) -> Reader:
    return rendered(choropleth_map(frame, column, **how))[1]


def classes(page: Reader) -> pd.Series:
    names = [category["name"] for category in page.data["categories"]]
    return pd.Series([names[i] for i in page.data["category"]], index=page.data["codes"])


@pytest.fixture(scope="module")
def shares() -> Reader:
    return page_of(squares(), breaks=[0.1, 0.5], unit="share", label="Share of things")


def test_areas_are_in_the_classes_of_their_values(shares: Reader) -> None:
    values = squares()["share"]
    expected = pd.cut(values, [0, 0.1, 0.5, 1]).cat.codes.map(
        dict(enumerate(["Up to 10 %", "10 to 50 %", "Over 50 %"])) | {-1: "No data"}
    )
    assert classes(shares).to_dict() == expected.to_dict()


def test_the_page_carries_the_number_the_place_and_the_class_of_each_area(shares: Reader) -> None:
    fields = {field["label"]: field["values"] for field in shares.data["fields"]}
    packed = shares.data["values"]
    numbers = np.array(packed["ints"], dtype=float) / 10 ** packed["decimals"]
    known = squares()["share"].notna().to_numpy()
    assert numbers[known] == pytest.approx(100 * squares()["share"].to_numpy()[known])
    assert packed["ints"][9] == packed["missing"]
    assert fields["Rank, highest first"][0] == "11 of 11"
    assert fields["Rank, highest first"][1] == "joint 9 of 11"
    assert [fields[name][9] for name in ("Class", "Rank, highest first")] == ["", ""]
    assert fields["Residents"][10] == "110"


def test_the_panel_knows_what_is_usual_in_all_and_in_the_authority(shares: Reader) -> None:
    facts = {fact["label"]: fact["values"] for fact in shares.data["facts"]}
    assert set(facts["Median of all"]) == {"30.0 %"}
    assert facts["Median of its authority"][0] == "15.0 %"
    assert facts["Median of its authority"][11] == "61.0 %"


def test_legend_and_tables_count_areas_and_people(shares: Reader) -> None:
    frame = squares()
    low = frame["share"] <= 0.1
    assert f"4 areas, {frame['residents'][low].sum():,.0f} residents" in shares.words
    assert "No data : the value is missing 1 area, 109 residents" in shares.words
    # Leeds has three at or below a tenth and three up to a half; York has one without a value.
    assert "Leeds 3 3 0 0 6" in shares.words
    assert "York 1 1 3 1 6" in shares.words
    assert "All 4 4 3 1 12" in shares.words


def test_the_footer_says_how_the_classes_were_made(shares: Reader) -> None:
    assert (
        "Column “share”, in 3 classes by the scheme “manual”, breaks at 10 %, 50 %. "
        "Areas in each: Up to 10 %: 4; 10 to 50 %: 4; Over 50 %: 3; No data: 1."
    ) in shares.words
    assert "SHA-256 of the data in this page" in shares.words


def test_title_and_sentence_come_from_the_numbers(shares: Reader) -> None:
    assert (
        "Share of things Of the 11 areas with a value half lie at or above 30.0 %;" in shares.words
    )
    assert "the highest 90.0 % (Place 10). 1 has no value." in shares.words


def test_page_and_figure_have_the_same_classes_and_words() -> None:
    frame = squares()
    for how in (
        {"scheme": "natural breaks", "k": 3},
        {"scheme": "equal interval", "higher": "worse"},
        {"centre": 0.3, "k": 4},
        {"per": "residents", "label": "A quotient"},
    ):
        page, figure = page_of(frame, **how), wm.map_figure(frame, "share", **how)
        for number, category in enumerate(page.data["categories"]):
            count = page.data["category"].tolist().count(number)
            assert f"{category['name']}: {count or 'none here'}" in figure.text
        assert figure.title in page.words


def test_a_ready_spec_is_taken_as_it_is() -> None:
    frame = squares()
    spec = wm.classify_column(frame["share"], breaks=[0.25], unit="share", label="Ready made")
    page = page_of(frame, spec)
    assert [c["name"] for c in page.data["categories"]] == ["Up to 25 %", "Over 25 %", "No data"]
    with pytest.raises(InputError, match="k: the spec given says that already"):
        choropleth_map(frame, spec, k=3)


def test_patterns_of_neighbours_are_drawn_as_they_are_declared() -> None:
    names = [q.name for q in QUADRANTS]
    looks = {q.name: (q.colour, q.symbol, q.pattern) for q in QUADRANTS}
    given = pd.Categorical([names[i % 5] for i in range(12)], categories=names)
    for kinds in (given, given.astype(object), np.array(given, dtype=str)):
        page = page_of(squares(pattern=kinds), "pattern")
        drawn = [
            (c["name"], (c["colour"], c["symbol"], c["pattern"])) for c in page.data["categories"]
        ]
        assert drawn == [(name, looks[name]) for name in names[:5]]


def test_kinds_declared_elsewhere_keep_colours_and_order() -> None:
    from wmspatial.typology._double import MEETINGS
    from wmspatial.typology.change import CHANGE_KINDS
    from wmspatial.typology.residential import TYPES

    for kinds in (CHANGE_KINDS, TYPES, MEETINGS, ("Disconnected", "Connected", "Not classified")):
        given = [list(kinds)[i % len(kinds)] for i in range(12)]
        page = page_of(squares(kind=given), "kind")
        assert [c["name"] for c in page.data["categories"]] == list(kinds)
        assert len({c["colour"] for c in page.data["categories"]}) == len(kinds)


def test_further_columns_can_be_coloured_by_and_stand_in_the_panel() -> None:
    frame = squares(
        jobs=[10.0 * i for i in range(12)],
        kind=["b", "a"] * 6,
        note=[f"text {i}" for i in range(12)],
        same=[5] * 12,
    )
    spec = wm.classify_column(frame["jobs"], breaks=[50], label="Many jobs", unit="£")
    page = page_of(frame, also=[spec, "kind", "note", "same"])
    layers = {layer["id"]: layer for layer in page.data["layers"]}
    assert list(layers) == ["also-jobs", "also-kind"]
    assert [c["name"] for c in layers["also-jobs"]["categories"]] == ["Up to £50", "Over £50"]
    assert layers["also-jobs"]["values"]["before"] == "£"
    assert layers["also-jobs"]["values"]["ints"].tolist() == [10 * i for i in range(12)]
    texts = {fact["label"]: fact["values"] for fact in page.data["facts"] if fact.get("table")}
    assert texts["Note"][3] == "text 3"
    assert texts["Same"][3] == "5"
    assert "“Note” stands in panel and table only." in page.words
    assert "The map can also be coloured by “Many jobs”, “Kind”." in page.words


@pytest.mark.parametrize("how", [{"also": ["residents"]}, {"column": "residents"}])
def test_residents_that_are_mapped_are_not_told_twice(how: dict[str, Any]) -> None:
    fields = page_of(squares(), **how).data["fields"]
    assert [field["label"] for field in fields] == ["Class", "Rank, highest first"]


def test_sources_and_vintage_that_hang_on_a_frame_are_in_the_footer() -> None:
    frame = squares()
    frame.attrs["vintage"] = 2021
    frame.attrs["sources"] = (
        Source("Council tax register", "The council", "a licence", "tax.csv", "ab" * 32, 12),
        "A text",
    )
    page = page_of(frame, breaks=[0.5])
    assert "Vintage: 2021 Census." in page.words
    assert "Sources: Council tax register (The council); A text. Made with" in page.words
    assert "Council tax register , The council. a licence. File tax.csv, 12 rows" in page.words
    frame.attrs["sources"] = [
        Source(f"Table {i}", f"Publisher {i % 2}, through a site") for i in range(4)
    ]
    many = page_of(frame, breaks=[0.5]).words
    assert "Sources: Publisher 0; Publisher 1. Made with" in many
    assert "Table 3" in many
    frame.attrs = {"source": "A text"}
    assert "Source: A text. Made with" in page_of(frame, breaks=[0.5]).words
    given = page_of(frame, breaks=[0.5], source="Our own count.").words
    assert "Our own count. Made with" in given


def test_illustrative_areas_carry_their_banner_and_others_none(sample: wm.Dataset) -> None:
    page = page_of(sample.areas.iloc[:40], "jobs")
    assert ("p", {"class": "wm-banner", "role": "note"}) in page.tags
    assert page.data["banner"] == ILLUSTRATIVE
    assert ILLUSTRATIVE not in page_of(squares()).words


def test_a_typology_is_mapped_by_any_of_its_columns() -> None:
    from test_maps_disconnection import small_typology

    typology = small_typology()
    page = page_of(typology, "jobs", scheme="quantiles")
    assert "Jobs: Two towns, 2021" in page.words
    assert "What to keep in mind" not in page.words
    by_score = page_of(typology, "connection_score", breaks=[0.5], unit="share")
    assert "neighbourhoods" in by_score.words
    assert typology.notice in by_score.words


def test_it_stays_a_folium_map() -> None:
    page = choropleth_map(squares(), "share", breaks=[0.5], tiles="OpenStreetMap")
    folium.Marker([52.4, -1.9], tooltip="Here").add_to(page)
    html, reader = rendered(page)
    assert "Here" in html
    assert "The background map needs a network" in reader.words
    assert "tile.openstreetmap.org" in html.split("Content-Security-Policy", 1)[1][:400]


# Frames of every kind


def test_areas_need_no_name_no_authority_and_no_residents() -> None:
    page = page_of(squares(name=None, authority=None, residents=None), breaks=[0.5])
    assert page.data["names"] == [f"A{i:02d}" for i in range(12)]
    assert "8 areas" in page.words
    assert "residents" not in page.words.lower()
    assert "Areas by class" in page.words
    assert "Authorit" not in page.words


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_areas_make_a_map(count: int) -> None:
    page = page_of(squares(count), breaks=[0.03])
    assert len(page.data["polygons"]) == count
    if count > 1:
        assert len(page_of(squares(count)).data["categories"]) == count


def test_other_coordinates_are_turned_into_longitude_and_latitude() -> None:
    frame = squares()
    page = page_of(frame.to_crs(27700), breaks=[0.5])
    apart = shapely.hausdorff_distance(page.data["polygons"], frame.geometry.to_numpy())
    assert apart.max() < 0.0005
    assert frame.crs == "EPSG:4326"


def test_numbers_too_large_for_the_pages_columns_are_kept() -> None:
    money = [1e12 + 1e9 * i for i in range(12)]
    page = page_of(squares(money=money), "money", unit="£")
    assert page.data["values"]["numbers"] == money


def test_truth_and_whole_numbers_as_kinds_have_their_own_classes() -> None:
    assert classes(page_of(squares(yes=[True, False] * 6), "yes"))[:2].tolist() == ["Yes", "No"]
    page = page_of(squares(n=[1, 2, 3] * 4), "n", scheme="categories")
    assert [c["name"] for c in page.data["categories"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (pd.array([1, 2, None] * 4, dtype="Int64"), ["1", "Over 1", "No data"]),
        (pd.array([True, None, False] * 4, dtype="boolean"), ["No", "Yes", "No data"]),
        (pd.array(["b", None, "a"] * 4, dtype="string"), ["a", "b", "No data"]),
    ],
)
def test_columns_of_pandas_own_types_are_mapped(values: Any, names: list[str]) -> None:
    page = page_of(squares(value=values), "value")
    assert [c["name"] for c in page.data["categories"]] == names


def test_an_authority_may_be_a_category_and_have_gaps() -> None:
    named = pd.Categorical([None] * 3 + ["York"] * 9)
    frame = squares(authority=named, authority_code=pd.Categorical(["p"] * 6 + ["q"] * 6))
    page = page_of(frame, breaks=[0.5])
    assert page.data["outlines"]["names"] == ["York", "York"]


def test_the_frame_is_left_as_it_was() -> None:
    frame = squares()
    before = frame.copy(deep=True)
    choropleth_map(frame, "share", per="residents", also="residents")
    assert_geodataframe_equal(frame, before)


def test_names_that_would_run_stand_as_text() -> None:
    frame = squares(name=[NASTY] * 12, authority=[NASTY] * 12, kind=[NASTY, "plain"] * 6)
    frame[NASTY] = 1.5
    frame.attrs["source"] = NASTY
    page = choropleth_map(frame, "kind", title=NASTY, label=NASTY, also=[NASTY])
    html, reader = rendered(page)
    assert "<img" not in html
    assert not [tag for tag, _ in reader.tags if tag == "img"]
    assert reader.data["names"][0] == NASTY
    assert reader.data["categories"][0]["name"] == NASTY
    assert NASTY.split("|")[0].strip() in reader.words


def _points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(gpd.GeoSeries([Point(0, 0)] * len(frame), frame.index, crs=4326))


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        (_points, {}, "12 of 12 shapes are no polygons (the first is a Point)"),
        (lambda f: f.set_crs(None, allow_override=True), {}, "does not say in which coordinates"),
        (lambda f: f.to_crs(27700).set_crs(4326, allow_override=True), {}, "lie nowhere on Earth"),
        (lambda f: f.set_axis(["A"] * 2 + list(f.index[2:])), {}, "1 codes stand in the frame's"),
        (lambda f: f.iloc[:0], {}, "the frame has no rows"),
        (lambda f: pd.DataFrame(f.drop(columns="geometry")), {}, "the areas have no polygons"),
        (lambda f: f.set_geometry(f.geometry.mask(f["share"] > 0.8)), {}, "have no polygon (A10)"),
        (lambda f: f.assign(share=np.nan), {}, "every one of 12 values is missing"),
        (lambda f: f.assign(share=3), {}, "all 12 values are 3; there is nothing to classify. To"),
        (lambda f: f.assign(share=list("abcdefghijkl")), {}, "12 kinds (a, b, c and 9 more)"),
        (lambda f: f.assign(share=[[1]] * 12), {}, "values that are no kinds; the first is [1]"),
        (lambda f: f.assign(share=1j), {}, "complex numbers have no order"),
        (lambda f: f.assign(share=[np.inf] * 12), {}, "12 of 12 values infinite"),
        (lambda f: f.assign(residents="1,000"), {}, "residents: expected numbers, to count people"),
        (lambda f: f.rename(columns={"share": 2021}), {"column": 2021}, "column's name, as text"),
        (lambda f: f, {"unit": 3}, "unit=3: expected text"),
        (lambda f: f, {"column": "shar"}, "There is no column 'shar' to map. Nearest: share"),
        (lambda f: f, {"column": None}, "which column is to be mapped? For the classes of a"),
        (lambda f: f, {"column": "geometry"}, "There is no column 'geometry' to map"),
        (lambda f: f, {"scheme": "quantile"}, "Nearest: quantiles"),
        (lambda f: f, {"also": ["share"]}, "'share' is mapped already, or named twice"),
        (lambda f: f, {"also": ["nothing"]}, "There is no column 'nothing'"),
        (lambda f: f, {"also": [3]}, "expected names of columns; found 3"),
        (lambda f: f, {"title": " "}, "expected text, or nothing for the usual title"),
        (lambda f: f, {"per": "name"}, "'name' holds no numbers"),
        (lambda _: "frame.gpkg", {}, "expected a Typology, as wm.classify gives, or a GeoDataFr"),
    ],
)  # fmt: skip
def test_what_cannot_be_mapped_is_refused_in_one_sentence_or_two(
    change: Any, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        choropleth_map(change(squares()), **{"column": "share"} | how)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
