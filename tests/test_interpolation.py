"""People are shared out by land: as many as before, and as a brute-force overlay shares them."""

from __future__ import annotations

import builtins
import importlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

import wmspatial as wm
from wmspatial.geography.interpolation import MissingLibraryError, import_optional, interpolate

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("tobler")

GRID = "EPSG:27700"
EAST, NORTH = 400_000, 300_000


def strip(edges: list[float], height: float = 1_000, **columns: Any) -> gpd.GeoDataFrame:
    """Draw rectangles side by side between some eastings."""
    shapes = [box(EAST + a, NORTH, EAST + b, NORTH + height) for a, b in pairwise(edges)]
    index = pd.Index([f"area {i}" for i in range(len(shapes))])
    return gpd.GeoDataFrame(columns, geometry=shapes, index=index, crs=GRID)


CUTS = st.lists(st.integers(1, 99), max_size=5, unique=True).map(
    lambda inner: [0.0, *(100.0 * i for i in sorted(inner)), 10_000.0]
)


@given(CUTS, CUTS, st.data())
@settings(max_examples=15)
def test_shares_are_those_of_a_brute_force_overlay(
    ours: list[float], theirs: list[float], data: st.DataObject
) -> None:
    people = data.draw(st.lists(st.integers(0, 9_000), min_size=len(ours) - 1,
                                max_size=len(ours) - 1))  # fmt: skip
    source, target = strip(ours, people=people), strip(theirs)
    found = interpolate(source, target, counts=["people"])
    assert found["people"].sum() == pytest.approx(sum(people), rel=1e-12)
    for code, shape in target.geometry.items():
        expected = sum(
            n * here.intersection(shape).area / here.area
            for n, here in zip(people, source.geometry, strict=True)
        )
        assert found.loc[code, "people"] == pytest.approx(expected, rel=1e-5, abs=1e-3)


@given(CUTS, CUTS)
@settings(max_examples=10)
def test_whole_people_add_up_to_the_last_one(ours: list[float], theirs: list[float]) -> None:
    people = [1_000 + 37 * i for i in range(len(ours) - 1)]
    found = interpolate(strip(ours, people=people), strip(theirs), counts=["people"], whole=True)
    assert found["people"].sum() == sum(people)
    assert (found["people"] % 1 == 0).all()


def test_rates_are_averaged_by_their_denominators() -> None:
    source = strip([0, 1_000, 2_000], people=[100, 300], rate=[10.0, 50.0])
    found = interpolate(source, strip([0, 2_000]), rates={"rate": "people"})
    assert found["rate"].iloc[0] == pytest.approx((10 * 100 + 50 * 300) / 400)
    assert found["people"].iloc[0] == pytest.approx(400)


def test_an_area_without_people_needs_no_rate() -> None:
    source = strip([0, 1_000, 2_000], people=[100, 0], rate=[10.0, np.nan])
    found = interpolate(source, strip([0, 2_000]), rates={"rate": "people"})
    assert found["rate"].iloc[0] == pytest.approx(10)


def test_what_rests_on_a_missing_count_is_missing_and_not_nought() -> None:
    source = strip([0, 1_000, 2_000, 3_000], people=[100.0, np.nan, 300.0])
    found = interpolate(source, strip([0, 500, 1_500, 3_000]), counts=["people"])
    assert found["people"].isna().tolist() == [False, True, True]
    assert found["people"].iloc[0] == pytest.approx(50)
    assert "missing in 1 areas before, 2 after" in " ".join(found.attrs["report"])


def test_the_input_is_not_changed() -> None:
    source = strip([0, 1_000, 2_000], people=[100.0, np.nan])
    before = source.copy(deep=True)
    interpolate(source, strip([0, 2_000]), counts=["people"])
    pd.testing.assert_frame_equal(pd.DataFrame(source), pd.DataFrame(before))


def test_what_lies_outside_all_targets_is_counted_and_refused_beyond_the_tolerance() -> None:
    source, target = strip([0, 1_000], people=[1_000]), strip([0, 900])
    with pytest.raises(wm.InputError, match=r"people: 100 of 1,000 \(10.0%\) lie outside all"):
        interpolate(source, target, counts=["people"])
    found = interpolate(source, target, counts=["people"], tolerance=0.2)
    assert found["people"].sum() == pytest.approx(1_000)
    assert found.attrs["outside"]["people"] == pytest.approx(100, abs=0.01)


def test_sources_that_touch_no_target_are_left_out_and_said() -> None:
    source, target = strip([0, 900, 1_000], people=[990, 10]), strip([0, 900])
    found = interpolate(source, target, counts=["people"], tolerance=0.02)
    assert found["people"].sum() == pytest.approx(990)
    assert "people: 10 in 1 sources that touch no target are left out" in found.attrs["report"]


def test_a_target_without_sources_is_missing() -> None:
    found = interpolate(strip([0, 1_000], people=[5]), strip([0, 1_000, 2_000]), counts=["people"])
    assert found["people"].isna().tolist() == [False, True]
    assert found["covered"].tolist() == pytest.approx([1, 0])


@pytest.mark.parametrize("side", ["sources", "targets"])
def test_polygons_that_overlap_are_refused(side: str) -> None:
    plain = strip([0, 1_000, 2_000], people=[1, 2])
    heap = plain.set_geometry([box(EAST, NORTH, EAST + 2_000, NORTH + 1_000)] * 2)
    source, target = (heap, plain) if side == "sources" else (plain, heap)
    with pytest.raises(wm.InputError, match=f"{side}: they overlap each other"):
        interpolate(source, target, counts=["people"], tolerance=0.9)


def test_layers_in_different_systems_meet_on_the_national_grid() -> None:
    source, target = strip([0, 4_000], people=[400]), strip([0, 1_000, 4_000])
    degrees = target.to_crs("EPSG:4326")
    found = interpolate(source, degrees, counts=["people"])
    assert found.crs == degrees.crs
    assert found["people"].tolist() == pytest.approx([100, 300], rel=1e-5)


def test_the_method_and_the_library_are_named() -> None:
    found = interpolate(strip([0, 1_000], people=[5]), strip([0, 1_000]), counts=["people"])
    assert found.attrs["method"] == "area-weighted interpolation"
    assert found.attrs["library"].startswith("tobler 0.")
    assert found.attrs["report"][0].startswith("area-weighted interpolation: 1 areas to 1")


def test_a_bow_tie_is_mended_and_reported() -> None:
    bow = Polygon([(EAST, NORTH), (EAST + 1_000, NORTH + 1_000), (EAST + 1_000, NORTH),
                   (EAST, NORTH + 1_000)])  # fmt: skip
    source = gpd.GeoDataFrame({"people": [10]}, geometry=[bow], index=["bow"], crs=GRID)
    found = interpolate(source, strip([0, 500, 1_000]), counts=["people"])
    assert found["people"].tolist() == pytest.approx([5, 5], rel=1e-4)
    assert any("1 invalid polygons repaired (bow)" in line for line in found.attrs["report"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"counts": []}, "no column named in counts=", id="nothing to do"),
        pytest.param({"counts": ["jobs"]}, "no column 'jobs'", id="absent"),
        pytest.param({"counts": ["name"]}, "'name' holds str", id="text"),
        pytest.param({"counts": ["loss"]}, "'loss' is negative in 1 areas", id="negative"),
        pytest.param({"tolerance": 2}, "tolerance: expected a part", id="tolerance"),
        pytest.param({"counts": ["half"], "whole": True}, "'half' holds 0.5", id="broken people"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(change: dict[str, Any], message: str) -> None:
    source = strip([0, 1_000], people=[5], name=["x"], loss=[-1], half=[0.5])
    with pytest.raises(wm.InputError, match=message):
        interpolate(source, strip([0, 1_000]), **({"counts": ["people"]} | change))


def test_a_layer_without_coordinate_system_is_refused() -> None:
    bare = strip([0, 1_000], people=[5]).set_crs(None, allow_override=True)
    with pytest.raises(wm.InputError, match=r"source: the coordinate reference system is missing"):
        interpolate(bare, strip([0, 1_000]), counts=["people"])


def test_without_tobler_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingLibraryError, match=r"pip install 'wmspatial\[interpolation\]'"):
        interpolate(strip([0, 1_000], people=[5]), strip([0, 1_000]), counts=["people"])
    assert issubclass(MissingLibraryError, builtins.ImportError)


def test_a_library_that_breaks_in_itself_is_not_called_absent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(name: str) -> Any:
        raise ModuleNotFoundError(f"{name} lacks a part", name="a_part")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="tobler lacks a part"):
        import_optional("tobler", "interpolation", "Areal interpolation")


# -- real polygons ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def zones_and_wards(data_dir: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series[float]]:
    """Give MSOAs with their residents, wards, and the exact residents of the wards."""
    people = pd.read_csv(data_dir / "wmca_2021/ethnicity2021_lsoa21.csv")
    lookup = pd.read_csv(data_dir / "wmca_2021/lookup_lsoa21_msoa21_ward24_lad24.csv")
    joined = lookup.merge(people, on="lsoa21_code", validate="1:1")
    zones = gpd.read_file(data_dir / "wmca_2021/msoa21_bgc.geojson").set_index("MSOA21CD")
    wards = gpd.read_file(data_dir / "wmca_2021/ward25_bgc.geojson").set_index("WD25CD")
    residents = joined.groupby("msoa21_code")["total"].sum().rename("residents")
    return zones[["geometry"]].join(residents), wards, joined.groupby("ward24_code")["total"].sum()


def test_residents_of_real_msoas_reach_wards_to_the_last_person(
    zones_and_wards: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series[float]],
) -> None:
    zones, wards, exact = zones_and_wards
    found = interpolate(zones, wards, counts=["residents"], whole=True)
    assert found["residents"].sum() == zones["residents"].sum() == exact.sum()
    assert found.attrs["outside"]["residents"] < 0.002 * exact.sum()
    assert any("1 invalid polygons repaired (E02001871)" in r for r in found.attrs["report"])
    # Land is a rough guide to people: half of the wards are within a few per cent, a few far off.
    off = (found["residents"] - exact).abs() / exact
    assert 0.01 < off.median() < 0.08
    assert np.corrcoef(found["residents"], exact.reindex(found.index))[0, 1] > 0.8


def test_real_shares_are_those_of_an_overlay(
    zones_and_wards: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series[float]],
) -> None:
    zones, wards, _ = zones_and_wards
    found = interpolate(zones, wards, counts=["residents"])
    zones, wards = (frame.make_valid().to_crs(GRID) for frame in (zones, wards))
    pieces = gpd.overlay(
        gpd.GeoDataFrame({"zone": zones.index}, geometry=zones.array),
        gpd.GeoDataFrame({"ward": wards.index}, geometry=wards.array),
        keep_geom_type=True,
    )
    land = pieces.area
    people = pieces["zone"].map(zones_and_wards[0]["residents"])
    shared = people * land / land.groupby(pieces["zone"]).transform("sum")
    expected = shared.groupby(pieces["ward"]).sum().reindex(found.index)
    np.testing.assert_allclose(found["residents"], expected, rtol=1e-4, atol=0.5)
