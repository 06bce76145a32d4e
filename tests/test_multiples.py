"""Maps side by side share their classes, their scale and one legend."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from conftest import NOTE
from printed import collisions, colours_at, off_the_sheet, words
from test_figure import SIZES, grid
from wmspatial.errors import InputError
from wmspatial.maps.choropleth import classify_column
from wmspatial.maps.multiples import arrange_multiples, small_multiples

GROUPS = ["white", "mixed", "asian", "black", "other"]


@pytest.mark.parametrize("size", SIZES)
def test_maps_by_authority_fit_every_sheet(region: wm.Typology, size: str) -> None:
    sheet = small_multiples(region, by="authority", size=size)
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []
    assert {"Birmingham", "Coventry", "Wolverhampton", NOTE} <= set(words(sheet))
    assert words(sheet).count("Disconnected") == 1


def test_every_area_is_in_one_of_the_maps(region: wm.Typology) -> None:
    made = arrange_multiples(region, by="authority")
    codes = [code for panel in made.panels for code in panel.sheet.frame.index]
    assert sorted(codes) == sorted(region.frame.index)
    counts = region.frame.groupby("authority")["labour_market_class"].apply(
        lambda one: (one == "Disconnected").sum()
    )
    for panel in made.panels:
        assert panel.fact.startswith(f"{counts[panel.name]:,} of ")


def test_classes_are_those_of_the_values_of_all_maps_together() -> None:
    low, high = grid(100), grid(100, x=np.arange(100.0, 200.0))
    made = arrange_multiples({"low": low, "high": high}, "x", k=4)
    pooled = classify_column(pd.concat([low["x"], high["x"]]), k=4)
    assert made.spec is not None
    assert made.spec.breaks == pooled.breaks
    found = [np.bincount(panel.sheet.category, minlength=4).tolist() for panel in made.panels]
    assert found == [[50, 50, 0, 0], [0, 0, 50, 50]]


def test_what_is_missing_on_one_map_is_a_class_on_all() -> None:
    gaps = grid(9, x=[1.0, np.nan, *range(7)])
    sheet = small_multiples({"full": grid(9), "gaps": gaps}, "x", breaks=[4])
    assert words(sheet).count("No data") == 1
    assert "gaps: Up to 4 6 areas; Over 4 2 areas; No data 1 area." in sheet.text


def test_each_map_has_the_colours_of_the_pooled_classes() -> None:
    one, other = grid(16), grid(16, x=np.arange(16.0)[::-1])
    sheet = small_multiples({"one": one, "other": other}, "x", breaks=[3, 7, 11])
    spec = classify_column(one["x"], breaks=[3, 7, 11])
    looks = [spec.categories[i].colour for i in spec.assign(one["x"])]
    assert colours_at(sheet, one, 1) == looks
    assert colours_at(sheet, other, 2) == looks[::-1]


def test_all_maps_have_one_scale(region: wm.Typology) -> None:
    sheet = small_multiples(region, by="authority")
    wide = sheet.figure.get_size_inches()[0]
    scales = [
        (axes.get_xlim()[1] - axes.get_xlim()[0]) / (axes.get_position().width * wide)
        for axes in sheet.figure.axes[1:]
    ]
    assert len(scales) == 7
    assert max(scales) == pytest.approx(min(scales))


def test_ethnic_groups_are_shares_in_one_set_of_classes(region: wm.Typology) -> None:
    sheet = small_multiples(region, GROUPS, per="residents", breaks=[0.05, 0.25, 0.5])
    shown = words(sheet)
    assert {"White", "Mixed", "Asian", "Black", "Other"} <= set(shown)
    assert shown.count("5 to 25 %") == 1
    assert sheet.title.startswith("Share of residents (White, Mixed, Asian, Black, Other): ")
    share = region.frame["asian"] / region.frame["residents"]
    assert f"Asian: median {100 * share.median():.0f} %" in sheet.text


def test_columns_may_be_given_names(region: wm.Typology) -> None:
    labels = {"asian": "Asian or Asian British", "black": "Black"}
    made = arrange_multiples(region, list(labels), per="residents", labels=labels, breaks=[0.2])
    assert [panel.name for panel in made.panels] == list(labels.values())


def test_two_vintages_carry_the_caveat_of_comparing_them(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    sheet = small_multiples([wm.classify(real_2011), wm.classify(real_2021)])
    shown = " ".join(words(sheet))
    assert {"2011", "2021"} <= set(words(sheet))
    assert "Classes are relative within each census" in shown
    assert "lockdown" in shown
    assert "IMD 2015" in shown
    assert "IMD 2025" in shown
    assert collisions(sheet) == []
    assert off_the_sheet(sheet) == []


def test_a_spec_made_before_is_kept() -> None:
    frames = {"a": grid(9), "b": grid(9)}
    spec = classify_column(grid(9)["x"], breaks=[2, 5], label="Own")
    made = arrange_multiples(frames, spec)
    assert made.spec == spec
    assert made.legend_title == "Own"
    with pytest.raises(InputError, match="k: the spec given says that already"):
        arrange_multiples(frames, spec, k=3)


def test_kinds_are_pooled_in_their_order() -> None:
    kind = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    one = grid(4, x=pd.Categorical(["low"] * 4, dtype=kind))
    other = grid(4, x=pd.Categorical(["high"] * 4, dtype=kind))
    made = arrange_multiples({"a": one, "b": other}, "x")
    assert [c.name for c in made.categories] == ["low", "middle", "high"]
    assert made.panels[1].sheet.category.tolist() == [2, 2, 2, 2]


def test_thirty_maps_fit_and_thirty_one_are_refused() -> None:
    frame = grid(62).assign(part=np.repeat([f"P{i:02}" for i in range(31)], 2))
    fits = small_multiples(frame.iloc[:60], "x", by="part", breaks=[30])
    assert collisions(fits) == []
    assert off_the_sheet(fits) == []
    with pytest.raises(InputError, match="31 maps"):
        small_multiples(frame, "x", by="part", breaks=[30])


def test_patterns_are_those_of_the_single_map(region: wm.Typology) -> None:
    from wmspatial.maps.figure import map_figure

    def marks(chart: wm.Chart) -> set[Any]:
        return {p.get_hatch() for axes in chart.figure.axes[1:] for p in axes.patches}

    several = small_multiples(region, by="authority", patterns=True)
    assert marks(several) == marks(map_figure(region, patterns=True))


def test_frames_of_made_up_data_carry_the_banner(sample: wm.Dataset) -> None:
    sheet = small_multiples(sample.areas.iloc[:200], GROUPS[:2], per="residents", breaks=[0.5])
    assert NOTE in words(sheet)
    assert sheet.illustrative


@pytest.mark.parametrize(
    ("items", "how", "said"),
    [
        (grid, {"column": "x"}, "1 map "),
        (grid, {"column": ["x", "y"]}, "There is no column 'y'"),
        (grid, {"column": "x", "by": "z"}, "There is no column 'z'"),
        (grid, {"column": ["x", 5]}, "5 is no column name"),
        (grid, {"column": ["x", "x"]}, "two maps have the same name"),
        (lambda: [grid(), grid()], {"column": "x"}, "frames have no names"),
        (lambda: {"a": grid(), "b": grid()}, {"column": ["x", "y"]}, "Expected one of the two"),
        (lambda: {"a": grid(), "b": grid()}, {"column": "x", "by": "x"}, "splits one map"),
        (lambda: {"a": grid(), "b": grid()}, {}, "which column is to be mapped"),
        (lambda: {"a": grid(), "b": 7}, {"column": "x"}, "expected a Typology"),
        (lambda: "wmca", {"column": "x"}, "expected a typology, a frame, or several"),
        (lambda: {"a": grid(), "b": grid()}, {"column": "x", "size": "a5"}, "expected one of"),
    ],
)
def test_what_cannot_stand_side_by_side_is_refused(items: Any, how: dict, said: str) -> None:
    with pytest.raises(InputError) as caught:
        small_multiples(items(), **how)
    assert said in str(caught.value)


def test_panels_are_frames_that_another_renderer_can_draw() -> None:
    made = arrange_multiples({"a": grid(4), "b": grid(4)}, "x", breaks=[1])
    for panel in made.panels:
        assert isinstance(panel.sheet.frame, gpd.GeoDataFrame)
        assert len(panel.sheet.category) == len(panel.sheet.frame)
        assert panel.sheet.categories == made.categories
