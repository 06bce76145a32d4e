"""What a page can be coloured by, and its commuting lines, come from the frames as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import wmspatial as wm
from test_maps_disconnection import rendered, small_typology
from wmspatial.maps.commuting import DESTINATIONS, commuting
from wmspatial.maps.layers import GROUP_BREAKS, page_layers
from wmspatial.maps.unpacking import read_page
from wmspatial.provenance import Source
from wmspatial.typology.change import CHANGE_KINDS
from wmspatial.typology.residential import TYPES
from wmspatial.typology.residential_example import example_town

if TYPE_CHECKING:
    from conftest import Official


@pytest.fixture(scope="module")
def sample() -> wm.Typology:
    return wm.classify(wm.load_sample())


def layers_of(typology: wm.Typology, **more: Any) -> dict[str, Any]:
    return {layer.id: layer for layer in page_layers(typology.frame, typology, **more)}


def test_areas_are_in_the_bins_that_the_legend_names(sample: wm.Typology) -> None:
    layers = layers_of(sample)
    frame = sample.frame
    share = frame["asian"] / frame[list(sample.dataset.groups)].sum(axis=1)
    placed = np.searchsorted(GROUP_BREAKS, share, side="left")
    assert layers["group-asian"].category.tolist() == placed.tolist()
    names = [c.name for c in layers["group-asian"].categories]
    assert names[1:3] == ["5 to 10 %", "10 to 25 %"]
    decile = np.ceil(10 * frame["deprivation_share"] - 1e-9)
    assert (layers["deprivation"].category + 1).tolist() == decile.tolist()
    assert layers["deprivation"].categories[0].name == "1, most deprived"


def test_darker_is_worse_where_a_direction_is_declared(sample: wm.Typology) -> None:
    for name in ("deprivation", "connection"):
        light = [luminance(c.colour) for c in layers_of(sample)[name].categories]
        assert light == sorted(light)
    assert "Higher is better" in layers_of(sample)["connection"].notes[0]


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_what_is_missing_is_a_class_of_its_own() -> None:
    typology = small_typology()
    layer = layers_of(typology)["deprivation"]
    assert layer.categories[-1].name == "No data"
    blank = typology.frame["deprivation_share"].isna().to_numpy()
    assert blank.any()
    assert ((layer.category == len(layer.categories) - 1) == blank).all()


def test_residential_types_are_shown_with_what_they_mean() -> None:
    town = example_town()
    typology = wm.classify(town, labour_market="study area", min_flow=0)
    residential = wm.classify_residential(town)
    layer = layers_of(typology, residential=residential)["residential"]
    assert [c.name for c in layer.categories] == list(TYPES)
    drawn = [TYPES[i] for i in layer.category]
    assert drawn == residential.frame["residential_type"].astype(str).tolist()
    assert all(c.meaning for c in layer.categories)
    assert [c.loud for c in layer.categories] == [True] * 4 + [False] * 2
    steps = sorted(luminance(c.colour) for c in layer.categories[:5])
    assert min(np.diff(steps)) > 30


@pytest.mark.parametrize("name", ["sensitivity", "residential", "change"])
def test_a_result_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(wm.InputError, match=name):
        wm.disconnection_map(small_typology(), **{name: 3})


def test_a_result_of_other_neighbourhoods_is_refused(sample: wm.Typology) -> None:
    other = sample.sensitivity({"cut": [0.5, 1 / 3], "cut_kind": ["quantile"]})
    with pytest.raises(wm.InputError, match="12 of 12 neighbourhoods of the map are not in it"):
        wm.disconnection_map(small_typology(), sensitivity=other)


def test_wards_are_coloured_by_what_their_neighbourhoods_have_together() -> None:
    wards = wm.classify(wm.load_sample(level="ward"))
    page = rendered(wm.disconnection_map(wards))[1]
    layers = {layer["id"]: layer for layer in page.data["layers"]}
    assert list(layers)[:3] == ["deprivation", "jobs", "connection"]
    own = wards.neighbourhoods
    sums = own.groupby("ward_code")[["asian", "residents", "jobs", "held_against"]].sum()
    sums = sums.reindex(wards.frame.index)
    for name, expected in (
        ("group-asian", 100 * sums["asian"] / sums["residents"]),
        ("jobs", sums["jobs"] / sums["held_against"]),
        ("deprivation", 100 * wards.frame["deprived_share"]),
        ("connection", 100 * wards.frame["connection_score"]),
    ):
        packed = layers[name]["values"]
        if "group" in packed:
            counts = np.array(page.data["groups"]["counts"], dtype=float)
            found = 100 * counts[packed["group"]] / counts.sum(axis=0)
        else:
            found = np.array(packed["ints"]) / 10 ** packed["decimals"]
        assert found == pytest.approx(expected.to_numpy(), abs=0.06), name
    assert sum(layers["jobs"]["category"] >= 0) == len(wards.frame)
    assert "wards, " in layers["deprivation"]["counts"][0]


def test_results_of_neighbourhoods_do_not_go_with_wards() -> None:
    typology = small_typology()
    result = typology.sensitivity({"cut": [0.5, 1 / 3], "cut_kind": ["quantile"]})
    wards = small_typology(level="ward")
    with pytest.raises(wm.InputError, match="of wards"):
        wm.disconnection_map(wards, sensitivity=result)


def test_lines_are_the_largest_flows_of_the_zone(sample: wm.Typology) -> None:
    page = rendered(wm.disconnection_map(sample))[1].data["flows"]
    table = sample.dataset.flows.to_table()
    table = table[table["destination"].isin(sample.dataset.flows.zones)]
    ends = np.concatenate([[0], np.cumsum(page["counts"])])
    assert max(page["counts"]) == DESTINATIONS
    for zone in (0, 17, 1679):
        code = page["codes"][zone]
        mine = table[table["origin"] == code]
        away = mine[mine["destination"] != code].sort_values("people", ascending=False)
        span = slice(ends[zone], ends[zone + 1])
        assert list(page["people"][span]) == away["people"].head(DESTINATIONS).tolist()
        there = [page["codes"][k] for k in page["to"][span]]
        people = away.set_index("destination")["people"]
        assert people[there].tolist() == list(page["people"][span])
        assert page["commuters"][zone] == mine["people"].sum()
        assert page["within"][zone] == mine["people"].sum() - away["people"].sum()


def test_zones_lie_amid_their_neighbourhoods(sample: wm.Typology) -> None:
    packed = commuting(sample.frame, sample)
    assert packed is not None
    assert not packed["unknown"].any()
    middle = sample.frame.geometry.representative_point()
    for side, exact in (("east", middle.x), ("north", middle.y)):
        drawn = packed[side][packed["zone"]] / 10_000
        assert np.abs(drawn - exact.to_numpy()).max() < 0.05


def test_places_without_points_are_put_inside_their_polygons() -> None:
    packed = commuting(small_typology().frame, small_typology())
    assert packed is not None
    assert packed["names"].lines[:2] == ["Town 000A", "Town 001A"]
    assert (packed["unknown"] == 0).all()


def test_the_footer_names_what_a_source_asks_for_and_where_it_came_from() -> None:
    typology = small_typology()
    source = Source(
        "A table <b>",
        "Office",
        attribution="Contains <i>their</i> data.",
        fetched="2026-01-02T03:04:05Z",
        url="https://example.org/table",
    )
    typology.dataset.provenance = (source,)
    words = rendered(wm.disconnection_map(typology))[1].words
    assert "A table <b> , Office. Open Government Licence v3.0." in words
    assert "Fetched on 2026-01-02 from https://example.org/table." in words
    assert "Contains <i>their</i> data." in words


def test_page_with_every_layer_of_the_west_midlands_is_small(official: Official) -> None:
    later = wm.classify(official("wmca", 2021))
    earlier = wm.classify(official("wmca", 2011))
    change = wm.compare(earlier, later)
    page = wm.disconnection_map(
        later,
        sensitivity=later.sensitivity({"cut": [0.5, 1 / 3], "reference": ["deprived", "all"]}),
        residential=wm.classify_residential(later.dataset),
        change=change,
    )
    html = page.get_root().render()
    assert len(html.encode()) < 450_000
    layers = {layer["id"]: layer for layer in read_page(html)["layers"]}
    kinds = [
        layers["change"]["categories"][i]["name"].lower() for i in layers["change"]["category"]
    ]
    assert kinds == change.frame["change_kind"].astype(str).tolist()
    assert {c["name"].lower() for c in layers["change"]["categories"]} == set(CHANGE_KINDS)
    earlier_classes, sources = read_page(html)["facts"]
    assert earlier_classes["label"] == "Class in 2011"
    assert list(earlier_classes["values"]) == change.frame["earlier_class"].astype(str).tolist()
    moved = change.frame["earlier_class"] != change.frame["later_class"]
    assert [bool(text) for text in sources["values"]] == moved.tolist()
