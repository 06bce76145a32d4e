"""What goes packed into a page comes out the same: arcs, numbers, texts and all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

import wmspatial as wm
from test_maps_disconnection import small_typology
from wmspatial.maps.encoding import embedded_json, fold, unfold
from wmspatial.maps.geometry import simplify
from wmspatial.maps.packing import ALPHABET, Texts, pack, to_text
from wmspatial.maps.topology import columns, from_columns, make_topology, polygons
from wmspatial.maps.unpacking import from_text, read_page, unpack
from wmspatial.maps.words import reasons

if TYPE_CHECKING:
    from conftest import Official


SCALE = 100_000


def there_and_back(shapes: list[shapely.Geometry], scale: int = SCALE) -> list[shapely.Geometry]:
    """Pack shapes as a page does, and read them again."""
    packed = pack(columns(make_topology(np.array(shapes, dtype=object), scale)))
    return list(polygons(from_columns(unpack(from_text(to_text(packed))))))


def on_grid(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda c: np.round(c * SCALE) / SCALE)


def test_areas_read_from_the_page_are_those_of_the_frame() -> None:
    typology = wm.classify(wm.load_sample())
    data = read_page(wm.disconnection_map(typology).get_root().render())
    read = dict(zip(data["codes"], data["polygons"], strict=True))
    assert list(read) == typology.frame.index.tolist()
    simple = simplify(typology.frame).polygons
    step = 1 / data["topology"]["scale"]
    for code, given_area, shape in zip(
        typology.frame.index, typology.frame.geometry, simple, strict=True
    ):
        assert shapely.hausdorff_distance(read[code], shape) < step
        assert read[code].area == pytest.approx(given_area.area, rel=0.01)


def test_page_of_the_west_midlands_is_small_and_true(official: Official) -> None:
    typology = wm.classify(official("wmca", 2021))
    html = wm.disconnection_map(typology).get_root().render()
    assert len(html.encode()) < 450_000
    data = read_page(html)
    given_areas = shapely.area(typology.frame.geometry.to_numpy())
    assert data["codes"] == typology.frame.index.tolist()
    assert shapely.area(data["polygons"]) == pytest.approx(given_areas, rel=0.01)
    assert shapely.coverage_is_valid(data["polygons"])


def test_edges_read_from_the_page_are_still_shared() -> None:
    html = wm.disconnection_map(wm.classify(wm.load_sample())).get_root().render()
    data = read_page(html)
    assert shapely.coverage_is_valid(data["polygons"])
    arcs = {tuple(p) for p in shapely.get_coordinates(data["polygons"])}
    assert {tuple(p) for p in shapely.get_coordinates(data["lines"])} <= arcs


def test_each_shared_edge_is_kept_once() -> None:
    squares = [box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)]
    found = make_topology(np.array(squares), 10)
    # Four of the corner squares' outer edges go round a corner where only two edges meet.
    assert len(found.arc_ends) - 1 == 24 - 4
    assert len(set(np.where(found.refs < 0, ~found.refs, found.refs).tolist())) == 20


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 1, 1)],
        [box(0, 0, 1, 1), box(0, 0, 1, 1)],
        [box(0, 0, 3, 3).difference(box(1, 1, 2, 2)), box(1, 1, 2, 2)],
        [box(0, 0, 1, 1), box(2, 0, 3, 1), MultiPolygon([box(1, 0, 2, 1), box(4, 4, 5, 5)])],
        [box(0, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)],
        [Polygon([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2), (1, 1)])],
        [box(0, 0, 1, 1).reverse(), box(1, 0, 2, 1)],
        [box(0, 0, 2, 2), box(1, 1, 3, 3)],
    ],
    ids=["one", "twice", "island", "parts", "tee", "touching itself", "other way", "overlap"],
)
def test_any_arrangement_reads_back(shapes: list[shapely.Geometry]) -> None:
    for shape, read in zip(shapes, there_and_back(shapes), strict=True):
        assert shapely.equals_exact(
            shapely.normalize(read),
            shapely.normalize(MultiPolygon(list(shapely.get_parts(shape)))),
            tolerance=1e-9,
        )


@given(
    st.lists(
        st.tuples(
            st.floats(-179, 178), st.floats(-80, 79), st.floats(0.001, 1), st.floats(0.001, 1)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_box_reads_back(boxes: list[tuple[float, float, float, float]]) -> None:
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in boxes]
    for shape, read in zip(shapes, there_and_back(shapes), strict=True):
        expected = MultiPolygon([on_grid(shape)])
        assert shapely.equals_exact(
            shapely.normalize(read), shapely.normalize(expected), tolerance=1e-9
        )


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 3)), max_size=8))
def test_squares_that_lie_on_each_other_keep_their_size(
    squares: list[tuple[int, int, int]],
) -> None:
    shapes = [box(x, y, x + size, y + size) for x, y, size in squares]
    sizes = [read.area for read in there_and_back(shapes, 1)]
    assert sizes == [size * size for _, _, size in squares]


def test_what_shrinks_to_nothing_is_still_there() -> None:
    speck = box(0, 0, 1e-9, 1e-9)
    holed = box(1, 1, 2, 2).difference(box(1.5, 1.5, 1.5 + 1e-9, 1.5 + 1e-9))
    read = there_and_back([speck, holed, box(3, 3, 4, 4)])
    assert len(read) == 3
    assert [round(shape.area, 9) for shape in read] == [0, 1, 1]
    assert not read[1].geoms[0].interiors


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\x01")), max_size=8))
def test_any_texts_fold_and_unfold(texts: list[str]) -> None:
    assert unfold(fold(texts)) == texts


NUMBERS = st.one_of(
    st.integers(0, 10**12).map(str),
    st.integers(0, 10**12).map("{:,}".format),
    st.floats(0, 10**6).map("{:.2f}".format),
    st.integers(0, 999).map("{:03d}".format),
    st.text("0123456789,.", max_size=6),
)


@given(st.lists(st.tuples(st.sampled_from("ab"), NUMBERS, NUMBERS), max_size=30))
def test_any_texts_and_numbers_read_back(rows: list[tuple[str, str, str]]) -> None:
    first = [f"{word} {one} of {two}." for word, one, two in rows]
    other = [f"{two} then {one}{word}" for word, one, two in rows]
    data = {"first": Texts(first), "other": [Texts(other)]}
    assert unpack(from_text(to_text(pack(data)))) == {"first": first, "other": [other]}


def test_numbers_that_are_there_already_take_no_room() -> None:
    numbers = [f"{n * n:,}" for n in range(1000)]
    once = pack({"a": Texts([f"{n} people" for n in numbers])})
    again = pack(
        {"a": Texts([f"{n} people" for n in numbers]), "b": Texts([f"All {n}." for n in numbers])}
    )
    assert len(again) < len(once) + 1500


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_any_whole_numbers_read_back(values: list[int]) -> None:
    read = unpack(pack({"a": np.array(values, dtype=np.int64)}))["a"]
    assert read.tolist() == values


@given(st.binary())
def test_any_bytes_read_back(content: bytes) -> None:
    assert from_text(to_text(content)) == content


def test_letters_need_no_escape() -> None:
    assert len(set(ALPHABET)) == 85
    assert not set(ALPHABET) & set("<>&\"'`\\{} \n")


@given(st.dictionaries(st.text(), st.text()))
def test_embedded_json_is_json_and_closes_nothing(value: dict[str, str]) -> None:
    text = embedded_json(value)
    assert json.loads(text) == value
    assert not any(mark in text for mark in ("<", ">", "&", "{{", "{%", "{#"))


def test_embedded_json_takes_no_missing_numbers() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        embedded_json({"a": float("nan")})


def test_reasons_fold_to_few_patterns() -> None:
    typology = wm.classify(wm.load_sample())
    sentences = reasons(pd.DataFrame(typology.frame), typology)
    folded = fold(sentences)
    assert unfold(folded) == sentences
    assert len(folded["patterns"]) < 40


def test_a_page_of_somebody_else_is_named_as_such() -> None:
    with pytest.raises(wm.InputError, match="no page of wmspatial"):
        read_page("<html></html>")


def test_a_page_says_what_its_typology_says() -> None:
    typology = small_typology(nasty=True)
    data = read_page(wm.disconnection_map(typology).get_root().render())
    assert data["names"] == typology.frame["name"].tolist()
    assert data["codes"] == typology.frame.index.tolist()
