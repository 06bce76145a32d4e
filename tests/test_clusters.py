"""Is it one place or many: neighbourhoods of one class that touch."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

import wmspatial as wm
from conftest import NOTE, own_dataset, town


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


def row_of(*places: bool, **columns: Any) -> wm.Typology:
    """Lay places in a row; those that are False are of no class that counts."""
    table = town(len(places) + 1, **columns)
    dataset = own_dataset(table)
    typology = wm.classify(dataset)
    kinds = ["Connected", *("Disconnected" if p else "Not classified" for p in places)]
    given = pd.Series(kinds, index=table.index)
    return typology.with_classes(given, source="the test")


def test_every_disconnected_neighbourhood_is_in_exactly_one_cluster(made: wm.Typology) -> None:
    found = wm.clusters(made)
    frame = made.neighbourhoods
    codes = frame.index[frame["labour_market_class"] == "Disconnected"]
    assert found.members.index.equals(codes)
    assert found.members.notna().all()
    assert found.table["neighbourhoods"].sum() == len(codes)
    assert found.table["residents"].sum() == frame.loc[codes, "residents"].sum()
    assert list(found.table.index) == list(range(1, len(found) + 1))
    assert found.table["residents"].is_monotonic_decreasing


def test_clusters_are_the_connected_parts_of_a_graph_made_by_hand(made: wm.Typology) -> None:
    found = wm.clusters(made)
    shapes = made.neighbourhoods.geometry.loc[found.members.index]
    graph = nx.Graph()
    graph.add_nodes_from(shapes.index)
    for place, code in enumerate(shapes.index):
        touch = shapely.distance(shapes.iloc[place], shapes.to_numpy()) < 1e-9
        graph.add_edges_from((code, other) for other in shapes.index[touch] if other != code)
    theirs = {frozenset(part) for part in nx.connected_components(graph)}
    ours = {frozenset(part.index) for _, part in found.members.groupby(found.members)}
    assert ours == theirs


def test_places_in_a_row_are_apart_where_one_between_them_is_of_another_class() -> None:
    found = wm.clusters(row_of(True, True, False, True))
    assert found.table["neighbourhoods"].tolist() == [2, 1]
    assert found.summary_text().startswith(
        "The 3 neighbourhoods of the class “disconnected” (3,000 residents) lie in 2 separate "
        "places, 1 of them a single neighbourhood. The largest: "
    )


def test_a_cluster_is_named_after_the_wards_with_most_of_its_residents() -> None:
    wards = ["Centre", "Soho", "Soho", "Aston", "Lozells"]
    typology = row_of(True, True, True, True, ward=wards, ward_code=wards)
    table = wm.clusters(typology).table
    assert table["name"].tolist() == ["Soho, Aston and 1 more ward"]
    assert table["wards"].tolist() == ["Soho, Aston, Lozells"]
    alone = row_of(True, True, True, ward=["Centre", "Soho", "Soho", "Soho"], ward_code="x")
    assert wm.clusters(alone).table["name"].tolist() == ["Soho"]
    two = row_of(True, True, ward=["Centre", "Soho", "Aston"], ward_code="x")
    assert wm.clusters(two).table["name"].tolist() == ["Soho and Aston"]
    apart = row_of(True, False, True, ward=["Centre", "Soho", "Aston", "Soho"], ward_code="x")
    assert wm.clusters(apart).table["name"].tolist() == ["Soho (1)", "Soho (2)"]


def test_where_workers_go_is_what_a_plain_loop_says(made: wm.Typology) -> None:
    found = wm.clusters(made)
    flows = made.dataset.flows
    table = made.dataset.neighbourhoods
    codes = found.members.index[found.members == 1]
    dense = flows.matrix.toarray()
    people: dict[str, float] = {}
    for code in codes:
        row = flows.zones.get_loc(code)
        for column, count in enumerate(dense[row]):
            if count:
                place = table.loc[flows.zones[column], "ward"]
                people[place] = people.get(place, 0.0) + count
    goes = found.destinations.loc[1].set_index("place")
    assert len(goes) == 10
    for place, row in goes.iterrows():
        assert row["people"] == pytest.approx(people[str(place)])
        assert row["share"] == pytest.approx(people[str(place)] / sum(people.values()))
    assert found.table.loc[1, "commuters"] == pytest.approx(sum(people.values()))
    best = sorted(people.values(), reverse=True)[:10]
    assert goes["people"].tolist() == pytest.approx(best)


def test_the_nearest_jobs_are_the_nearest(made: wm.Typology) -> None:
    found = wm.clusters(made)
    rich = made.everywhere.index[made.everywhere["jobs_rich"].astype(bool)]
    points = made.dataset.points.loc[rich]
    here = found.table.loc[1]
    away = np.hypot(points["easting"] - here["easting"], points["northing"] - here["northing"])
    near = found.nearest.loc[1]
    assert near["distance"].iloc[0] == pytest.approx(away.min() / 1000)
    assert near["distance"].is_monotonic_increasing
    assert near["place"].is_unique


def test_the_outlines_cover_the_members(made: wm.Typology) -> None:
    found = wm.clusters(made)
    outlines = found.outlines()
    assert len(outlines) == len(found)
    shapes = made.neighbourhoods.geometry.loc[found.members.index].to_crs("EPSG:27700")
    assert outlines.to_crs("EPSG:27700").area.sum() == pytest.approx(shapes.area.sum(), rel=1e-6)


def test_no_neighbourhood_of_the_class_is_said_and_no_error() -> None:
    found = wm.clusters(row_of(False, False, False))
    assert len(found) == 0
    assert found.summary_text() == "No neighbourhood is of the class “disconnected”."
    assert len(found.outlines()) == 0


def test_places_are_counted_as_people_say_it() -> None:
    one = wm.clusters(row_of(True, True)).summary_text()
    assert one.startswith("All that is of the class “disconnected” is one place: ")
    assert "(2 neighbourhoods, 2,000 people)." in one
    each = wm.clusters(row_of(True, False, True)).summary_text()
    assert "in 2 separate places, each a single neighbourhood. The largest" in each
    none = wm.clusters(row_of(True, True, False, True, True)).summary_text()
    assert "in 2 separate places, none of them a single neighbourhood. The" in none


def test_what_could_not_be_classed_is_not_said_to_be_connected() -> None:
    made = wm.classify(own_dataset(town(a=400.0), groups=("a",)))
    given = pd.Series("Insufficient data", index=made.neighbourhoods.index)
    typology = made.with_classes(given, source="the test")
    for said in (wm.clusters(typology), wm.dependence(typology), wm.class_flows(typology)):
        assert said.summary_text().startswith("No neighbourhood ")
        assert "could be classed: " in said.summary_text()
        assert "is not known." in said.summary_text()
    said_of_people = wm.composition(typology, n=20, scenarios=False)
    assert said_of_people.summary_text().endswith("who is disconnected is not known.")
    assert not any("Fewer than" in note for note in said_of_people.notes)


def test_another_class_can_be_asked_for(made: wm.Typology) -> None:
    found = wm.clusters(made, "Large number of jobs")
    assert found.table["neighbourhoods"].sum() == made.summary().loc["All", "Large number of jobs"]
    with pytest.raises(wm.InputError, match="of_class='disconnected': expected one of Disconn"):
        wm.clusters(made, "disconnected")


def test_a_cluster_that_is_not_there_is_refused(made: wm.Typology) -> None:
    with pytest.raises(wm.AreaNotFoundError, match="There is no cluster 0; they are numbered"):
        wm.clusters(made).describe(0)


def test_made_up_clusters_say_so(made: wm.Typology) -> None:
    found = wm.clusters(made)
    assert NOTE in found.summary_text()
    assert NOTE in found.describe(1)
    assert found.table.columns.name == NOTE


@pytest.mark.xdist_group("official")
def test_the_largest_place_of_2021_is_in_the_south_west_of_birmingham(
    real_2021: wm.Dataset,
) -> None:
    found = wm.clusters(wm.classify(real_2021))
    assert len(found.members) == 292
    assert found.table.loc[1, "name"].startswith("Bartley Green")
    assert found.table.loc[1, "authorities"] == "Birmingham"
    assert "people" in found.describe(1)
    assert not found.describe(1).count("nan")
