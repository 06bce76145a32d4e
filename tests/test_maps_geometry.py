"""Simplified areas still share their edges, and text for the page says the same as the polygons."""

from __future__ import annotations

import itertools
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

import wmspatial as wm
from wmspatial.maps.encoding import ALPHABET, embedded_json, encode_polygons, fold, unfold
from wmspatial.maps.geometry import label_points, outlines, simplify
from wmspatial.maps.words import reasons

VALUE = {letter: value for value, letter in enumerate(ALPHABET)}


def decode(text: str, origin: list[int]) -> list[list[list[tuple[int, int]]]]:
    """Read the text of one area as the page does."""
    return [[_ring(ring, origin) for ring in part.split(",")] for part in text.split(";")]


def _ring(text: str, origin: list[int]) -> list[tuple[int, int]]:
    numbers, value, shift = [], 0, 0
    for letter in text:
        value |= (VALUE[letter] & 31) << shift
        shift += 5
        if not VALUE[letter] & 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    x = itertools.accumulate(numbers[::2], initial=origin[0])
    y = itertools.accumulate(numbers[1::2], initial=origin[1])
    return list(zip(x, y, strict=True))[1:]


def test_simplified_sample_keeps_its_shared_edges() -> None:
    areas = wm.load_sample().areas
    shapes = simplify(areas)
    assert shapes.notes == ()
    assert shapely.coverage_is_valid(shapes.polygons)
    before = shapely.area(areas.geometry.to_numpy())
    assert np.abs(shapely.area(shapes.polygons) / before - 1).max() < 0.05
    assert abs(shapely.area(shapes.polygons).sum() / before.sum() - 1) < 1e-4


def test_areas_that_do_not_meet_are_simplified_all_the_same_and_reported() -> None:
    left, gap = box(0, 52, 0.1, 52.1), Polygon([(0.1, 52), (0.2, 52), (0.2, 52.1), (0.10001, 52.1)])
    overlap = box(0.19, 52, 0.3, 52.1)
    frame = gpd.GeoDataFrame(geometry=[left, gap, overlap], crs="EPSG:4326")
    shapes = simplify(frame)
    assert len(shapes.polygons) == 3
    assert not shapely.is_empty(shapes.polygons).any()
    assert "do not meet" in shapes.notes[0]


def test_a_tiny_area_is_not_lost() -> None:
    frame = gpd.GeoDataFrame(
        geometry=[box(0, 52, 1, 53), box(2, 52, 2.000002, 52.000002)], crs=4326
    )
    shapes = simplify(frame)
    assert not shapely.is_empty(shapes.polygons).any()


def test_outlines_are_made_of_the_polygons_drawn() -> None:
    areas = wm.load_sample().areas
    polygons = simplify(areas).polygons
    found = outlines(polygons, areas["authority_code"])
    assert list(found) == sorted(areas["authority_code"].unique())
    points = {tuple(p) for p in shapely.get_coordinates(polygons)}
    assert {tuple(p) for p in shapely.get_coordinates(list(found.values()))} <= points


def test_outline_closes_slivers_and_keeps_lakes() -> None:
    lake = box(0.03, 52.03, 0.06, 52.06)
    ring = box(0, 52, 0.1, 52.1).difference(lake)
    sliver = Polygon([(0.1, 52), (0.2, 52), (0.2, 52.1), (0.100001, 52.1), (0.100001, 52.05)])
    found = outlines(np.array([ring, sliver]), pd.Series(["a", "a"]))["a"]
    assert len(shapely.get_parts(found)) <= 2
    assert sum(len(part.interiors) for part in shapely.get_parts(found)) == 1


def test_labels_lie_inside_and_apart() -> None:
    areas = wm.load_sample().areas
    found = outlines(simplify(areas).polygons, areas["authority_code"])
    spots = label_points(found)
    assert all(found[key].contains(shapely.Point(spot)) for key, spot in spots.items())
    away = [
        np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in itertools.combinations(spots.values(), 2)
    ]
    assert min(away) > 0.03


def test_a_label_gives_way() -> None:
    # The inner square's best spot is the middle, and so is that of the ring round it.
    inner, outer = box(0.4, 50.4, 0.6, 50.6), box(0, 50, 1, 51)
    spots = label_points({"in": inner, "out": outer.difference(inner), "all": outer})
    assert (
        min(
            np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in itertools.combinations(spots.values(), 2)
        )
        > 0.05
    )


def test_text_of_the_sample_reads_back_to_the_same_polygons() -> None:
    polygons = simplify(wm.load_sample().areas).polygons
    origin, texts = encode_polygons(polygons)
    for shape, text in zip(polygons[::40], texts[::40], strict=True):
        read = shapely.MultiPolygon(
            [
                Polygon(rings[0], rings[1:])
                for rings in (
                    [[(x / 1e5, y / 1e5) for x, y in r] for r in part]
                    for part in decode(text, origin)
                )
            ]
        )
        assert shapely.equals_exact(
            shapely.normalize(read),
            shapely.normalize(shapely.multipolygons(list(shapely.get_parts(shape)))),
            tolerance=2e-9,
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
    shapes = np.array([box(x, y, x + w, y + h) for x, y, w, h in boxes], dtype=object)
    origin, texts = encode_polygons(shapes)
    for shape, text in zip(shapes, texts, strict=True):
        corners = {
            tuple(np.round(c * 1e5).astype(int).tolist()) for c in shapely.get_coordinates(shape)
        }
        assert set(decode(text, origin)[0][0]) == corners


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\x01")), max_size=8))
def test_any_texts_fold_and_unfold(texts: list[str]) -> None:
    assert unfold(fold(texts)) == texts


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
