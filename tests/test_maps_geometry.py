"""Simplified areas still share their edges and their size; outlines and labels fit them."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon, box

import wmspatial as wm
from wmspatial.maps.geometry import label_points, outlines, simplify


def test_simplified_sample_keeps_its_shared_edges() -> None:
    areas = wm.load_sample().areas
    shapes = simplify(areas)
    assert shapes.notes == ()
    assert shapely.coverage_is_valid(shapes.polygons)
    before = shapely.area(areas.geometry.to_numpy())
    assert np.abs(shapely.area(shapes.polygons) / before - 1).max() < 0.05
    assert abs(shapely.area(shapes.polygons).sum() / before.sum() - 1) < 1e-4


def test_no_area_changes_by_more_than_a_hundredth() -> None:
    areas = wm.load_sample().areas
    before = shapely.area(areas.geometry.to_numpy())
    after = shapely.area(simplify(areas).polygons)
    assert np.abs(after / before - 1).max() < 0.01


def test_the_grid_is_as_fine_as_the_smallest_area_needs() -> None:
    block = box(0.0000045, 52, 0.0003051, 52.0002)
    frame = gpd.GeoDataFrame(geometry=[box(1, 52, 2, 53), block], crs="EPSG:4326")
    shapes = simplify(frame)
    assert shapes.scale > simplify(frame.iloc[:1]).scale
    assert abs(shapes.polygons[1].area / block.area - 1) < 0.01
    points = shapely.get_coordinates(shapes.polygons) * shapes.scale
    assert np.abs(points - np.round(points)).max() < 1e-4


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
