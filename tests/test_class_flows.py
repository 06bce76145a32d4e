"""Commuters between classes of neighbourhood, and who fills the jobs in deprived places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import NOTE, flows_of, lsoas, msoas, own_dataset, town
from wmspatial.patterns._class_flow_parts import deciles_everywhere
from wmspatial.patterns.class_flowing import ClassFlows, class_flows

JOBS = "Large number of jobs"


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def found(made: wm.Typology) -> ClassFlows:
    return class_flows(made)


def zoned(
    residents: list[float], jobs: list[float], counts: list[list[float]], **options: Any
) -> wm.Typology:
    """Lay out twelve places in four zones of three, the first place full of jobs."""
    zones = msoas(4)
    table = town(
        12, residents=residents, jobs=jobs, zone=np.repeat(zones, 3),
        deprivation_rank=[*range(1, 7), *range(31, 37)],
    )  # fmt: skip
    pairs = [(zones[i], zones[j], counts[i][j]) for i in range(4) for j in range(4)]
    return wm.classify(own_dataset(table, flows_of(pairs, zones), **options))


def by_hand(typology: wm.Typology) -> tuple[dict[tuple[str, str], float], dict[int, float]]:
    """Share out every pair of zones to every pair of their neighbourhoods, in plain loops."""
    table = typology.everywhere
    members = {zone: list(part.index) for zone, part in table.groupby("zone")}
    pairs = typology.dataset.flows.to_table()
    ranked = typology.dataset.ranked_areas["England"]
    matrix: dict[tuple[str, str], float] = {}
    who: dict[int, float] = {}
    for origin, destination, people in pairs.itertuples(index=False):
        if destination not in members:
            continue
        live = table.loc[members[origin], "residents"]
        work = table.loc[members[destination], "jobs"]
        for home in members[origin]:
            for place in members[destination]:
                part = people * live[home] / live.sum() * work[place] / work.sum()
                kinds = (
                    str(table.loc[home, "labour_market_class"]),
                    str(table.loc[place, "labour_market_class"]),
                )
                matrix[kinds] = matrix.get(kinds, 0.0) + part
                if kinds[1] == JOBS:
                    decile = -(-int(table.loc[home, "deprivation_rank"]) * 10 // ranked)
                    who[decile] = who.get(decile, 0.0) + part
    return matrix, who


COUNTS = [[40.0, 10, 5, 60], [300, 80, 0, 20], [200, 30, 90, 80], [150, 10, 40, 300]]


def test_zones_are_shared_out_as_plain_loops_do() -> None:
    residents = [1000.0, 500, 1500, 800, 800, 800, 900, 100, 1000, 1200, 700, 100]
    jobs = [9000.0, 10, 5, 30, 10, 10, 500, 20, 10, 3000, 10, 10]
    typology = zoned(residents, jobs, COUNTS)
    found = class_flows(typology)
    matrix, who = by_hand(typology)
    assert len(matrix) > 5
    for home in found.matrix.index.drop("All"):
        for work in found.matrix.columns.drop("All"):
            assert found.matrix.loc[home, work] == pytest.approx(matrix.get((home, work), 0.0))
    for decile in range(1, 11):
        assert found.who_fills.loc[str(decile), "people"] == pytest.approx(who.get(decile, 0.0))
    # Workers of the first zone in its first place, by jobs; of them those who live in the zone.
    part = 9000 / 9015
    assert found.numbers["same_zone"] == pytest.approx(40 * part)
    assert found.numbers["workers"] == pytest.approx(690 * part)
    assert found.numbers["share_same_zone"] == pytest.approx(40 / 690)
    assert found.numbers["live_beside"] == pytest.approx(115 * 1000 / 3000)
    assert found.numbers["share_staying"] == pytest.approx(40 / 115)


def test_the_sample_is_crossed_as_its_graph_is(made: wm.Typology, found: ClassFlows) -> None:
    kind = made.neighbourhoods["labour_market_class"].astype("str").to_dict()
    theirs: dict[tuple[str, str], float] = {}
    same = workers = 0.0
    for home, work, data in made.dataset.flows.to_networkx().edges(data=True):
        pair = (kind[home], kind[work])
        theirs[pair] = theirs.get(pair, 0.0) + data["people"]
        if kind[work] == JOBS:
            workers += data["people"]
            same += data["people"] if home == work else 0.0
    for (home, work), people in theirs.items():
        assert found.matrix.loc[home, work] == pytest.approx(people)
    assert found.numbers["share_same_zone"] == pytest.approx(same / workers)


@given(
    residents=st.lists(st.integers(0, 3000), min_size=12, max_size=12),
    jobs=st.lists(st.integers(0, 5000), min_size=12, max_size=12),
    counts=st.lists(st.integers(0, 400), min_size=16, max_size=16),
    by=st.sampled_from(["neighbourhood", "zone"]),
)
def test_every_commuter_is_in_one_cell(
    residents: list[int], jobs: list[int], counts: list[int], by: str
) -> None:
    people = [[float(n) for n in counts[4 * i : 4 * i + 4]] for i in range(4)]
    people[0][0] += 1
    typology = zoned([float(n) for n in residents], [float(n) for n in jobs], people)
    found = class_flows(typology, by=by)
    total = sum(map(sum, people))
    assert found.matrix.loc["All", "All"] == pytest.approx(total, abs=1e-6)
    inner = found.matrix.drop(index="All", columns="All")
    assert (inner >= 0).all(axis=None)
    assert inner.to_numpy().sum() == pytest.approx(total, abs=1e-6)
    who = found.who_fills
    assert who["people"].sum() == pytest.approx(found.matrix.loc["All", JOBS])
    assert who[["people", "people_elsewhere"]].to_numpy().sum() == pytest.approx(total)
    assert who["people_living_here"].sum() == pytest.approx(total)
    if by == "zone":
        assert np.allclose(inner, inner.round())


def test_by_zone_a_zone_is_what_most_of_it_is() -> None:
    residents = [10.0, 500, 1500, *[800.0] * 9]
    jobs = [9000.0, *[10.0] * 11]
    typology = zoned(residents, jobs, COUNTS)
    found = class_flows(typology, by="zone")
    # Most jobs of the first zone are in its first place, most residents in its third.
    home = str(typology.neighbourhoods["labour_market_class"].iloc[2])
    assert home != JOBS
    assert found.matrix.loc["All", JOBS] == 690
    assert found.matrix.loc[home, JOBS] >= 40
    assert found.matrix.loc[JOBS, "All"] == 0
    assert any("counts whole" in note for note in found.notes)
    assert not any("shared out" in note for note in found.notes)


def test_where_zones_hold_one_neighbourhood_both_ways_are_the_same(
    made: wm.Typology, found: ClassFlows
) -> None:
    whole = class_flows(made, by="zone")
    pd.testing.assert_frame_equal(found.matrix, whole.matrix)
    pd.testing.assert_frame_equal(found.who_fills, whole.who_fills)
    assert not any("MSOA" in note for note in found.notes)


def test_those_who_live_beyond_the_study_area_fill_jobs_but_have_no_row() -> None:
    codes = lsoas(12)
    table = town()
    pairs = [(codes[i], codes[0], 10.0 * (i + 1)) for i in range(12)]
    pairs.append((codes[1], codes[11], 3.0))
    whole = own_dataset(table, flows_of([*pairs, ("S02000001", codes[0], 7.0)], codes))
    part = wm.Dataset(
        whole.areas[["geometry"]].iloc[:6], whole.flows, table, ranked_areas={"England": 60}
    )
    found = class_flows(wm.classify(part, min_flow=0))
    assert found.matrix.loc["All", "All"] == sum(10.0 * (i + 1) for i in range(6)) + 3
    assert found.numbers["workers"] == 780 + 7
    assert found.numbers["study_area"] == 210
    assert found.who_fills.loc["beyond the flows", "people"] == 7
    assert found.who_fills["people_living_here"].sum() == 213


def test_homes_without_a_rank_are_counted_apart() -> None:
    table = town()
    table.loc[lsoas(12)[3], "deprivation_rank"] = np.nan
    found = class_flows(wm.classify(own_dataset(table)))
    assert found.who_fills.loc["no rank", "people"] > 0
    ranked = found.who_fills["people"].iloc[:10].sum()
    fifth = found.who_fills["people"].iloc[:2].sum()
    assert found.numbers["share_most_deprived_fifth"] == pytest.approx(fifth / ranked)
    assert any("of those whose home has a rank" in note for note in found.notes)


def test_workplaces_beyond_the_scored_labour_markets_are_said() -> None:
    table = town(labour_market=["X"] * 6 + ["Y"] * 6)
    whole = own_dataset(table)
    part = wm.Dataset(
        whole.areas[["geometry"]].iloc[:6], whole.flows, table, ranked_areas={"England": 60},
        points=whole.points,
    )  # fmt: skip
    found = class_flows(wm.classify(part, connection="hansen"))
    assert any(note.startswith("6 neighbourhoods lie beyond") for note in found.notes)
    assert found.matrix.loc["All", "All"] == 600


def test_zones_whose_jobs_are_not_known_are_said() -> None:
    table = town()
    table.loc[lsoas(12)[11], "jobs"] = np.nan
    table["zone"] = [*lsoas(10), "Z", "Z"]
    pairs = [(code, "Z", 50.0) for code in lsoas(10)] + [("Z", lsoas(1)[0], 60.0)]
    dataset = own_dataset(table, flows_of(pairs, [*lsoas(10), "Z"]))
    found = class_flows(wm.classify(dataset, max_unknown=1.0, min_flow=0))
    assert found.matrix.loc["All", "Insufficient data"] == 500
    assert any(note.startswith("500 commuters of the study area's zones") for note in found.notes)


def test_zones_without_a_neighbourhood_have_no_data() -> None:
    codes = lsoas(12)
    pairs = [(code, codes[0], 60.0) for code in codes] + [(codes[1], "Z", 9.0), ("Z", codes[0], 4)]
    found = class_flows(wm.classify(own_dataset(town(), flows_of(pairs, [*codes, "Z"]))))
    assert found.matrix.loc["All", "Insufficient data"] == 9
    assert found.who_fills.loc["no rank", "people"] == 4
    assert any(note.startswith("9 commuters of the study area's zones go") for note in found.notes)


def test_a_zone_of_one_neighbourhood_needs_no_jobs_to_be_shared_out_by() -> None:
    codes = lsoas(12)
    table = town(deprivation_rank=[*range(1, 12), 60.0])
    table.loc[codes[11], "jobs"] = np.nan
    pairs = [(code, codes[0], 60.0) for code in codes] + [(codes[1], codes[11], 9.0)]
    found = class_flows(wm.classify(own_dataset(table, flows_of(pairs, codes))))
    assert found.matrix.loc["All", "Not classified"] == 9
    assert not any("not known" in note for note in found.notes)


def test_zones_whose_residents_are_not_known_keep_their_commuters() -> None:
    table = town(zone=np.repeat(msoas(4), 3))
    table.loc[lsoas(12)[11], "residents"] = np.nan
    zones = msoas(4)
    pairs = [(zones[i], zones[j], COUNTS[i][j]) for i in range(4) for j in range(4)]
    dataset = own_dataset(table, flows_of(pairs, zones))
    found = class_flows(wm.classify(dataset, max_unknown=1.0, min_flow=0))
    assert found.matrix.loc["All", "All"] == pytest.approx(sum(map(sum, COUNTS)))
    assert found.matrix.loc["Insufficient data", "All"] == pytest.approx(sum(COUNTS[3]))
    lost = "500 commuters of the study area's zones live in zones whose residents are not known"
    assert any(note.startswith(lost) for note in found.notes)


def test_given_classes_are_the_ones_that_are_crossed(made: wm.Typology) -> None:
    code = made.neighbourhoods.index[made.neighbourhoods["labour_market_class"] == JOBS][0]
    given_ones = made.with_classes(pd.Series({code: "Connected"}), source="the test")
    workers = float(made.dataset.flows.commuters_in[code])
    before, after = class_flows(made), class_flows(given_ones)
    assert workers > 0
    assert before.numbers["workers"] - after.numbers["workers"] == pytest.approx(workers)


def test_shares_add_up_along_the_way_asked_for(found: ClassFlows) -> None:
    home, work = found.shares(), found.shares("work")
    people = found.matrix
    inside = home.drop(columns="All").loc[people["All"] > 0]
    assert inside.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(inside)))
    busy = people.columns[people.loc["All"] > 0]
    assert work.drop(index="All")[busy].sum().to_numpy() == pytest.approx(np.ones(len(busy)))
    with pytest.raises(wm.InputError, match="of='row': expected 'home' or 'work'"):
        found.shares("row")


def test_the_headline_is_said_only_where_the_numbers_carry_it() -> None:
    jobs = [9000.0, *[10.0] * 11]
    away = class_flows(zoned([800.0] * 12, jobs, COUNTS))
    assert away.summary_text().startswith("Local jobs do not mean local employment: ")
    stay = [[100.0, 0, 0, 0], [0, 100, 0, 0], [0, 0, 100, 0], [0, 0, 0, 100]]
    home = class_flows(zoned([800.0] * 12, jobs, stay))
    assert "Local jobs do not" not in home.summary_text()
    assert "100.0 % work in their own zone" in home.summary_text()
    # More live beside the jobs than work in them: that is another story.
    empty = class_flows(zoned([800.0] * 12, jobs, [[60.0, 300, 300, 300], *stay[1:]]))
    assert empty.numbers["share_staying"] < 0.5
    assert "Local jobs do not" not in empty.summary_text()


def test_no_deprived_place_with_jobs_is_said_plainly() -> None:
    table = town(deprivation_rank=[60.0, *range(1, 12)])
    found = class_flows(wm.classify(own_dataset(table)))
    assert found.summary_text() == (
        "Nobody works in a deprived jobs-rich neighbourhood of the study area."
    )
    assert np.isnan(found.numbers["share_same_zone"])
    with pytest.raises(wm.InputError, match="nobody works in a deprived jobs-rich"):
        found.chart()
    assert "Disconnected" in found.chart("matrix").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "street"}, "by='street': expected 'neighbourhood' or 'zone'"),
        ({"typology": 1}, "typology: expected a Typology"),
    ],
)
def test_bad_input_is_refused(made: wm.Typology, asked: dict[str, Any], said: str) -> None:
    options = {"typology": made} | asked
    with pytest.raises(wm.InputError) as error:
        class_flows(options.pop("typology"), **options)
    assert said in str(error.value)


def test_the_charts_tell_every_number_in_words(found: ClassFlows) -> None:
    chart = found.chart()
    assert chart.text.count("decile") == 10
    bars = chart.figure.axes[0].patches
    drawn = [bar.get_height() for bar in bars[:10]]
    assert drawn == pytest.approx(found.who_fills["share"].iloc[:10].tolist())
    cells = [text.get_text() for text in found.chart("matrix").figure.axes[0].texts]
    share = found.shares().loc["Disconnected", JOBS]
    assert f"{100 * share:.0f} %" in cells
    with pytest.raises(wm.InputError, match="kind='map': expected 'who fills' or 'matrix'"):
        found.chart("map")


def test_made_up_flows_say_so(found: ClassFlows) -> None:
    assert NOTE in found.summary_text()
    assert NOTE in repr(found)
    assert NOTE in found.chart().to_svg()
    assert found.matrix.columns.name == found.who_fills.columns.name == NOTE


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
@pytest.mark.parametrize("by", ["neighbourhood", "zone"])
def test_official_commuters_are_all_there(
    vintage: int, by: str, request: pytest.FixtureRequest
) -> None:
    dataset = request.getfixturevalue(f"real_{vintage}")
    typology = wm.classify(dataset)
    found = class_flows(typology, by=by)
    zones = dataset.areas["zone"].unique()
    commuters = {2011: 974_662, 2021: 743_849}[vintage]
    assert dataset.flows.commuters[zones].sum() == commuters
    assert found.matrix.loc["All", "All"] == pytest.approx(commuters, abs=1e-3)
    who = found.who_fills
    inside = dataset.flows.commuters_in[zones].sum() + dataset.flows.arrivals.loc[zones].sum().sum()
    assert who[["people", "people_elsewhere"]].to_numpy().sum() == pytest.approx(inside)
    assert found.numbers["share_same_zone"] < 0.06
    assert any("lockdown" in note for note in found.notes) == (vintage == 2021)
    decile = dataset.neighbourhoods["deprivation_decile"].fillna(11)
    assert (deciles_everywhere(typology) + 1 == decile).all()
