"""A page of maps side by side carries boundaries once, and of each map what the frame says."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

import wmspatial as wm
from test_figure import grid
from test_maps_disconnection import small_typology
from wmspatial.errors import InputError, OutputError
from wmspatial.maps.geometry import simplify
from wmspatial.maps.multiples_page import MultiplesPage, multiples_map
from wmspatial.maps.topology import from_columns, polygons
from wmspatial.maps.unpacking import from_text, read_page

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = ["white", "mixed", "asian", "black", "other"]


@pytest.fixture(scope="module")
def groups(region: wm.Typology) -> MultiplesPage:
    return multiples_map(region, GROUPS, per="residents", breaks=[0.05, 0.25, 0.5])


@pytest.fixture(scope="module")
def groups_data(groups: MultiplesPage) -> dict[str, Any]:
    return read_page(groups.render())


def page_data(*args: Any, **options: Any) -> dict[str, Any]:
    return read_page(multiples_map(*args, **options).render())


def test_polygons_on_the_page_are_the_simplified_ones(
    region: wm.Typology, groups_data: dict[str, Any]
) -> None:
    expected = simplify(region.frame).polygons
    found = groups_data["polygons"]
    assert len(found) == len(expected)
    assert np.allclose(shapely.area(found), shapely.area(expected), rtol=1e-9)
    assert groups_data["codes"] == list(region.frame.index)


def test_boundaries_are_on_the_page_once(groups_data: dict[str, Any]) -> None:
    assert groups_data["grounds"] == []
    assert [panel["ground"] for panel in groups_data["panels"]] == [0] * 5
    assert groups_data["homes"] == [pytest.approx(groups_data["homes"][0])]


def test_every_area_has_on_every_map_the_value_and_class_of_the_frame(
    region: wm.Typology, groups: MultiplesPage, groups_data: dict[str, Any]
) -> None:
    spec = groups.multiples.spec
    assert spec is not None
    for panel, name in zip(groups_data["panels"], GROUPS, strict=True):
        share = region.frame[name] / region.frame["residents"]
        assert panel["values"] == [f"{100 * v:.1f} %" for v in share]
        assert panel["category"].tolist() == spec.assign(share).tolist()


def test_each_authority_has_its_own_areas_of_the_same_boundaries(region: wm.Typology) -> None:
    data = page_data(region, by="authority")
    frame = region.frame
    assert data["grounds"] == []
    assert len(data["homes"]) == 7
    for panel in data["panels"]:
        own = frame[frame["authority"] == panel["name"]]
        assert [data["codes"][i] for i in panel["rows"]] == list(own.index)
        assert panel["category"].tolist() == own["labour_market_class"].cat.codes.tolist()


def test_two_results_on_the_same_areas_share_their_boundaries(region: wm.Typology) -> None:
    other = wm.classify(region.dataset, cut=1 / 3)
    data = page_data({"median": region, "third": other})
    assert data["grounds"] == []
    lost = [int((panel["category"] == 0).sum()) for panel in data["panels"]]
    expected = [(t.frame["labour_market_class"] == "Disconnected").sum() for t in (region, other)]
    assert lost == expected
    assert data["hint"] == "Place, ward, authority or code"


@pytest.fixture(scope="module")
def vintages(real_2011: wm.Dataset, real_2021: wm.Dataset) -> list[wm.Typology]:
    return [wm.classify(real_2011), wm.classify(real_2021)]


def test_areas_of_two_vintages_meet_by_code(vintages: list[wm.Typology]) -> None:
    before, after = vintages
    html = multiples_map(vintages).render()
    data = read_page(html)
    (ground,) = data["grounds"]
    assert data["total"] == len(set(before.frame.index) | set(after.frame.index))
    assert [data["codes"][i] for i in ground["area"]] == list(after.frame.index)
    shapes = polygons(from_columns(ground["topology"]))[: ground["count"]]
    expected = simplify(after.frame).polygons
    assert np.allclose(shapely.area(shapes), shapely.area(expected), rtol=1e-9)
    assert len(data["homes"]) == 1
    for words in ("Classes are relative within each census", "IMD 2015", "IMD 2025", "lockdown"):
        assert words in html
    five = multiples_map(after, GROUPS, per="residents", breaks=[0.05, 0.1, 0.25, 0.5])
    one = len(wm.disconnection_map(after).get_root().render())
    assert len(five.render()) < one
    assert len(html) < 1.5 * one


def test_rows_without_codes_are_not_taken_for_the_same_areas() -> None:
    one, other = grid(4).reset_index(drop=True), grid(9).reset_index(drop=True)
    data = page_data({"a": one, "b": other}, "x", breaks=[2])
    assert data["total"] == 13
    coded = page_data({"a": grid(4), "b": grid(9)}, "x", breaks=[2])
    assert coded["total"] == 9


def test_missing_values_are_a_class_and_say_nothing() -> None:
    data = page_data(
        {"full": grid(4), "gaps": grid(4, x=[1.0, np.nan, 3.0, np.nan])}, "x", breaks=[2]
    )
    assert data["panels"][1]["values"] == ["1", "", "3", ""]
    names = [data["categories"][i]["name"] for i in data["panels"][1]["category"]]
    assert names == ["Up to 2", "No data", "Over 2", "No data"]


def test_kinds_and_wards_say_what_they_are() -> None:
    kind = pd.Categorical(["low", "high", "low", "high"], ["low", "high"], ordered=True)
    kinds = page_data({"a": grid(4, x=kind), "b": grid(4, x=kind[::-1])}, "x")
    assert [c["name"] for c in kinds["categories"][:2]] == ["low", "high"]
    assert kinds["panels"][0]["values"] is None
    wards = small_typology(level="ward")
    data = page_data(wards, by="authority")
    assert data["kind"] == "ward"
    panel = data["panels"][0]
    share = wards.frame["share_disconnected"].iloc[panel["rows"][0]]
    assert panel["values"][0] == f"{100 * share:.1f} %"


def test_the_legend_counts_map_by_map_or_from_the_least_to_the_most() -> None:
    two = multiples_map({"a": grid(4), "b": grid(9)}, "x", breaks=[2]).render()
    assert "a:\u00a03; b:\u00a03" in two
    seven = {
        str(i): grid(9).assign(x=[0.0] * 2 + [5.0] * (i + 1) + [0.0] * (6 - i)) for i in range(7)
    }
    many = multiples_map(seven, "x", breaks=[2]).render()
    assert "2 to 8 areas on a map" in many
    assert "1 to 7 areas on a map" in many


def test_coordinates_in_metres_are_drawn_in_degrees() -> None:
    metres = grid(4).to_crs(27700)
    data = page_data({"a": metres, "b": metres.assign(x=[4.0, 3, 2, 1])}, "x", breaks=[2])
    west, south, east, north = data["homes"][0]
    assert (west, south, east, north) == pytest.approx((-2, 52, -1.98, 52.02), abs=1e-4)


def test_the_page_is_offline_and_says_what_is_in_it(groups: MultiplesPage) -> None:
    html = groups.render()
    assert "default-src &#39;none&#39;" in html
    assert "connect-src" not in html
    packed = re.search(r'-data">([^<]*)</script>', html)
    assert packed is not None
    assert hashlib.sha256(from_text(packed[1])).hexdigest() in html
    assert "Classes: manual, of the values of all maps together, with breaks at 5 %" in html


def test_saving_is_the_same_by_either_way(groups: MultiplesPage, tmp_path: Path) -> None:
    wm.save_html(groups, tmp_path / "a.html")
    groups.save(tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    with pytest.raises(OutputError, match="Cannot write"):
        groups.save(tmp_path / "nowhere" / "c.html")


def test_a_notebook_shows_it_in_a_frame(groups: MultiplesPage) -> None:
    shown = groups._repr_html_()
    assert shown.count("<iframe") == 1
    assert "srcdoc=" in shown
    assert repr(groups).endswith("(5 maps)>")


def test_what_is_no_map_is_refused(region: wm.Typology, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="map: expected a map"):
        wm.save_html(region, tmp_path / "x.html")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="1 map "):
        multiples_map(region)
