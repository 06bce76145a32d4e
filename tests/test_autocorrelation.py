"""Is a map patterned: Moran's I over all and place by place, against esda and by hand."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import esda
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from shapely.geometry import Point, box

import test_maps_spec as colours
import wmspatial as wm
from conftest import NOTE
from wmspatial.patterns._neighbouring import heeding
from wmspatial.patterns._quadrants import QUADRANTS
from wmspatial.patterns.autocorrelating import autocorrelation
from wmspatial.patterns.contiguity import touching


def squares(side: int, **columns: Any) -> gpd.GeoDataFrame:
    """Lay squares side by side."""
    shapes = [box(i, j, i + 1, j + 1) for i in range(side) for j in range(side)]
    index = pd.Index([f"p{n}" for n in range(side**2)], name="code")
    return gpd.GeoDataFrame(columns, geometry=shapes, index=index)


def row(values: list[float]) -> gpd.GeoDataFrame:
    """Lay squares in a row."""
    shapes = [box(i, 0, i + 1, 1) for i in range(len(values))]
    return gpd.GeoDataFrame({"y": values}, geometry=shapes)


def patterned(side: int = 8, seed: int = 3) -> gpd.GeoDataFrame:
    """Lay squares that are higher to the right, and one corner that stands out."""
    rng = np.random.default_rng(seed)
    return squares(side, y=np.repeat(np.arange(side), side) + rng.normal(size=side**2))


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def found(made: wm.Typology) -> Any:
    return autocorrelation(made)


def test_indices_equal_those_of_esda_on_its_own_contiguity(made: wm.Typology, found: Any) -> None:
    frame = made.neighbourhoods
    graph = Graph.build_contiguity(frame, rook=False)
    assert (graph.sparse != touching(frame)).nnz == 0
    y = frame["connection_score"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = esda.Moran(y, graph, permutations=999)
        each = esda.Moran_Local(y, graph, permutations=0)
    assert found.moran["I"] == pytest.approx(whole.I, abs=1e-10)
    assert found.moran["expected"] == pytest.approx(whole.EI, abs=1e-10)
    assert found.moran["sd"] == pytest.approx(whole.seI_sim, rel=0.15)
    np.testing.assert_allclose(found.local["local_i"], each.Is, rtol=0, atol=1e-10)
    names = np.array(["", "High-High", "Low-High", "Low-Low", "High-Low"])
    assert (found.local["quadrant"].astype("str") == names[each.q]).all()
    assert found.local.index.equals(frame.index)
    assert found.moran["links"] == graph.n_edges / 2


def test_indices_are_those_worked_out_by_hand() -> None:
    # Deviations -2 -1 0 1 2, neighbours' means -1 -1 0 1 1: 6 of products over 10 of squares.
    result = autocorrelation(row([1.0, 2.0, 3.0, 4.0, 5.0]), "y")
    assert result.moran["I"] == pytest.approx(0.6, abs=1e-10)
    assert result.moran["expected"] == pytest.approx(-0.25, abs=1e-10)
    np.testing.assert_allclose(result.local["local_i"], [0.8, 0.4, 0.0, 0.4, 0.8], atol=1e-10)
    assert result.local["neighbours"].tolist() == [2.0, 2.0, 3.0, 4.0, 4.0]
    assert result.local["quadrant"].tolist()[:2] == ["Low-Low", "Low-Low"]
    assert result.local["quadrant"].tolist()[3:] == ["High-High", "High-High"]


def test_a_true_pattern_is_found_and_its_opposite_too() -> None:
    areas = patterned()
    result = autocorrelation(areas, "y", permutations=2999)
    assert result.moran["p"] == 2 / 3000
    assert "neighbours are more alike in y" in result.summary_text()
    low = result.local["pattern"] == "Low-Low"
    assert low.sum() > 5
    assert set(areas.index[low]) <= set(areas.index[:24])
    # On a long row of turns every place differs from the one beside it.
    turns = autocorrelation(row([0.0, 1.0] * 12), "y")
    assert turns.moran["I"] == pytest.approx(-1)
    assert turns.moran["p"] <= 0.01
    assert "neighbours are less alike in y" in turns.summary_text()


def test_false_discovery_control_is_that_of_esda(found: Any) -> None:
    p = found.local["p"].to_numpy()
    cut = esda.fdr(p, 0.05)
    assert (found.local["significant"].to_numpy(dtype=bool) == (p <= cut)).all()
    assert 0 < found.local["significant"].sum() < (p <= 0.05).sum()
    shown = found.local["pattern"].astype("str")
    sure = found.local["significant"].to_numpy(dtype=bool)
    assert (shown[sure] == found.local["quadrant"].astype("str")[sure]).all()
    assert (shown[~sure] == "Not significant").all()


def test_islands_are_counted_and_never_called_not_significant() -> None:
    whole = patterned()
    alone = gpd.GeoDataFrame({"y": [50.0, 60.0]}, geometry=[box(90, 0, 91, 1), box(95, 0, 96, 1)])
    alone.index = pd.Index(["i1", "i2"], name="code")
    result = autocorrelation(pd.concat([whole, alone]), "y")
    islands = result.local.loc[["i1", "i2"]]
    assert islands[["local_i", "neighbours", "p", "p_adjusted"]].isna().all(axis=None)
    assert islands["significant"].isna().all()
    assert islands["pattern"].tolist() == ["Island", "Island"]
    assert islands["value"].tolist() == [50.0, 60.0]
    assert result.moran["islands"] == 2
    assert result.moran["areas"] == 64
    assert any("2 areas touch no other with a value (islands)" in note for note in result.notes)
    assert "Nothing is said of 2 that touch no other with a value." in result.summary_text()
    without = autocorrelation(whole, "y")
    pd.testing.assert_frame_equal(result.local.loc[whole.index], without.local)
    assert result.moran["p"] == without.moran["p"]


def test_areas_without_a_value_or_a_polygon_are_left_out_and_counted() -> None:
    areas = patterned()
    areas.loc["p5", "y"] = np.nan
    areas.loc["p9", "y"] = np.inf
    areas.loc["p40", "geometry"] = None
    result = autocorrelation(areas, "y")
    assert result.moran["missing"] == 3
    assert result.moran["areas"] == 61
    assert result.local.loc[["p5", "p9", "p40"], "pattern"].tolist() == ["No value"] * 3
    assert "3 of 64 areas have no value and are left out (p5, p9, p40)." in result.notes
    assert any("1 of 64 areas have no polygon" in note for note in result.notes)
    same = autocorrelation(areas.drop(index=["p5", "p9", "p40"]), "y")
    assert result.moran["I"] == same.moran["I"]
    # The neighbours that are left give the mean.
    assert result.local.loc["p4", "neighbours"] == pytest.approx(
        areas.loc[["p3", "p11", "p12", "p13"], "y"].mean()
    )


def test_an_area_whose_neighbours_have_no_value_is_an_island() -> None:
    areas = row([1.0, 2.0, 3.0, 4.0, 5.0, np.nan, 7.0])
    result = autocorrelation(areas, "y")
    assert result.local["pattern"].iloc[6] == "Island"
    assert result.moran["islands"] == 1


def test_parts_that_do_not_touch_are_said() -> None:
    two = pd.concat([row([1.0, 2.0, 4.0]), row([3.0, 9.0, 7.0]).translate(50).to_frame("geometry")])
    two["y"] = [1.0, 2.0, 4.0, 3.0, 9.0, 7.0]
    result = autocorrelation(two.reset_index(drop=True).set_geometry("geometry"), "y")
    assert "The areas lie in 2 parts that do not touch each other." in result.notes


def test_zones_are_tested_as_their_polygons_put_together_are() -> None:
    areas = patterned(10)
    areas["zone"] = [f"z{(n // 10) // 2}{(n % 10) // 2}" for n in range(100)]
    areas["y"] = areas.groupby("zone")["y"].transform("mean")
    fine = autocorrelation(areas, "y")
    assert any(note.startswith("All neighbourhoods of one zone have one") for note in fine.notes)
    assert "by construction" in fine.summary_text()
    zones = autocorrelation(areas, "y", by="zone")
    assert not any("construction" in note for note in zones.notes)
    assert zones.units == "zones"
    whole = areas.dissolve("zone", aggfunc="first")
    by_hand = autocorrelation(whole, "y")
    assert zones.moran["I"] == pytest.approx(by_hand.moran["I"], abs=1e-10)
    assert zones.moran["links"] == by_hand.moran["links"]
    assert zones.local["local_i"].sort_index().to_numpy() == pytest.approx(
        by_hand.local["local_i"].to_numpy()
    )
    assert fine.moran["I"] > zones.moran["I"] + 0.1
    shapes = zones.to_frame()
    assert len(shapes) == 25
    assert (shapes.geometry.area == 4).all()
    assert shapes.loc["z00", "geometry"].equals(whole.loc["z00", "geometry"])


def test_values_that_differ_inside_a_group_are_averaged_over_people() -> None:
    areas = row([1.0, 5.0, 2.0, 4.0, 9.0, 3.0, 8.0])
    areas["zone"] = ["a", "a", "b", None, "d", "e", "f"]
    areas["residents"] = [300.0, 100.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    result = autocorrelation(areas, "y", by="zone")
    assert result.local["value"].tolist() == [2.0, 2.0, 4.0, 9.0, 3.0, 8.0]
    assert "A group's value is the mean of its areas, weighted by residents." in result.notes
    assert "1 areas have no 'zone'; each stands for itself." in result.notes
    plain = autocorrelation(areas.drop(columns="residents"), "y", by="zone")
    assert plain.local["value"].iloc[0] == 3.0


def test_the_same_seed_gives_the_same_numbers_and_leaves_python_as_it_was() -> None:
    areas = patterned()
    before, filters = np.random.get_state()[1].tolist(), list(warnings.filters)  # noqa: NPY002
    one, same = (autocorrelation(areas, "y", seed=5) for _ in range(2))
    other = autocorrelation(areas, "y", seed=6)
    pd.testing.assert_frame_equal(one.local, same.local)
    pd.testing.assert_series_equal(one.moran, same.moran)
    assert one.moran["mean"] != other.moran["mean"]
    assert not one.local["p"].equals(other.local["p"])
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
    assert list(warnings.filters) == filters


def test_what_is_handed_in_is_not_changed() -> None:
    areas = patterned()
    copy = areas.copy()
    autocorrelation(areas, "y").to_frame()
    pd.testing.assert_frame_equal(areas, copy)


def test_warnings_of_esda_become_notes() -> None:
    def work() -> int:
        warnings.warn("The weights matrix\n is not fully connected", UserWarning, stacklevel=1)
        warnings.warn("will change", DeprecationWarning, stacklevel=1)
        return 3

    assert heeding(work) == (3, ("esda says: The weights matrix is not fully connected",))


@pytest.mark.parametrize(
    ("column", "options", "said"),
    [
        ("yy", {}, "column: there is no column 'yy'"),
        ("kind", {}, "column: 'kind' holds no numbers"),
        ("flag", {}, "column: 'flag' holds no numbers"),
        ("same", {}, "'same' is the same in all 64 areas"),
        ("nothing", {}, "0 areas have a value and a neighbour; expected 5 or more"),
        ("y", {"by": "zones"}, "by: there is no column 'zones'"),
        ("y", {"permutations": 0}, "permutations=0: expected a whole number, 9 or more"),
        ("y", {"local_permutations": 1.5}, "local_permutations=1.5: expected a whole number"),
        ("y", {"seed": -1}, "seed=-1: expected a whole number, 0 or more"),
        ("y", {"seed": None}, "seed=None: expected a whole number"),
        ("y", {"false_discovery": 5}, "false_discovery=5: expected a share between 0 and 1"),
    ],
)
def test_bad_input_is_refused(column: str, options: dict[str, Any], said: str) -> None:
    areas = patterned().assign(kind="a", flag=True, same=0.1 + 0.2, nothing=np.nan)
    with pytest.raises(wm.InputError) as error:
        autocorrelation(areas, column, **options)
    assert said in str(error.value)


def test_areas_of_which_no_two_touch_and_other_frames_are_refused() -> None:
    points = gpd.GeoDataFrame({"y": range(9)}, geometry=[Point(i, 0) for i in range(9)])
    with pytest.raises(wm.InputError, match="No two areas with a value touch"):
        autocorrelation(points, "y")
    with pytest.raises(wm.InputError, match="4 areas have a value and a neighbour; expected 5"):
        autocorrelation(row([1.0, 2.0, 3.0, 5.0]), "y")
    with pytest.raises(wm.InputError, match=r"expected a GeoDataFrame, as typology\.frame"):
        autocorrelation(pd.DataFrame({"y": [1.0]}), "y")
    with pytest.raises(wm.InputError, match="the frame has no polygons"):
        autocorrelation(gpd.GeoDataFrame({"y": [1.0]}), "y")
    twice = pd.concat([patterned(), patterned().iloc[:1]])
    with pytest.raises(wm.InputError, match=r"a code stands twice in the index \(p0\)"):
        autocorrelation(twice, "y")


def test_where_all_touch_all_there_is_nothing_to_tell() -> None:
    pie = gpd.GeoDataFrame({"y": [1.0, 2.0, 3.0, 4.0, 9.0, 7.0]}, geometry=[box(0, 0, 1, 1)] * 6)
    result = autocorrelation(pie, "y")
    assert result.moran["I"] == pytest.approx(-1 / 5)
    assert result.moran["p"] == 1
    assert np.isnan(result.moran["z"])


def test_wards_can_be_tested_too(made: wm.Typology) -> None:
    result = autocorrelation(made, "deprivation_rank", by="ward_code", label="deprivation")
    wards = made.neighbourhoods.groupby("ward_code")
    assert result.moran["areas"] == wards.ngroups
    assert result.local["name"].equals(wards["ward"].first().reindex(result.local.index))
    assert result.illustrative
    assert "are more alike in deprivation than" in result.summary_text()


def test_the_frame_for_a_map_has_its_categories_in_order(found: Any) -> None:
    frame = found.to_frame()
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame["pattern"].cat.categories.tolist() == [look.name for look in QUADRANTS]
    assert frame["pattern"].notna().all()
    assert frame.crs is not None
    assert frame.columns.name == NOTE
    assert frame.index.equals(found.local.index)


@pytest.mark.parametrize("blindness", colours.BLINDNESS)
def test_colours_of_patterns_are_told_apart(blindness: str) -> None:
    solid = [look.colour for look in QUADRANTS if look.pattern == "solid"]
    assert min(colours.apart(a, b, blindness) for a, b in combinations(solid, 2)) > 25
    light = sorted(float(colours.seen(colour, "none")[0]) for colour in solid)
    assert np.diff(light).min() > 12
    assert len({look.symbol for look in QUADRANTS}) == len(QUADRANTS)
    assert all(look.meaning for look in QUADRANTS)


def test_the_chart_says_what_it_shows(found: Any) -> None:
    chart = found.chart(source="Made up")
    assert chart.illustrative
    assert "Points: Low-Low " in chart.text
    assert found.summary_text() in chart.text
    assert NOTE in chart.to_svg(identifier="moran")
    assert NOTE in repr(found)


@pytest.mark.xdist_group("official")
def test_the_west_midlands_are_patterned_beyond_what_zones_share(real_2021: wm.Dataset) -> None:
    typology = wm.classify(real_2021)
    graph = Graph.build_contiguity(typology.neighbourhoods, rook=False)
    assert (graph.sparse != touching(typology.neighbourhoods)).nnz == 0
    fine, zones = autocorrelation(typology), autocorrelation(typology, by="zone")
    assert fine.moran["areas"] == 1719
    assert zones.moran["areas"] == 357
    assert "by construction" in fine.summary_text()
    assert fine.moran["I"] > zones.moran["I"] > 0.5
    assert zones.moran["p"] == 0.002
    assert zones.local["name"].iloc[0].startswith("Birmingham 0")
    areas = [
        frame.geometry.to_crs("EPSG:27700").area.sum()
        for frame in (zones.to_frame(), typology.neighbourhoods)
    ]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)
