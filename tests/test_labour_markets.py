"""Labour markets found from the flows: by hand, by their properties, and on the official tables."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import Official, flows_of
from wmspatial.errors import InputError
from wmspatial.measures.labour_markets import (
    LabourMarkets,
    adjusted_rand_index,
    travel_to_work_areas,
)

if TYPE_CHECKING:
    from pathlib import Path

SMALL: dict[str, Any] = {
    "min_self_containment": 0.75,
    "min_workers": 35,
    "accepted_self_containment": 0.667,
    "accepted_workers": 250,
}


def two_towns() -> list[tuple[str, str, float]]:
    """Two centres, each with two villages; few people cross over."""
    return [
        ("A", "A", 9000), ("A", "B", 100), ("a1", "A", 800), ("a1", "a1", 700), ("a2", "A", 600),
        ("a2", "a1", 300), ("B", "B", 6000), ("B", "A", 150), ("b1", "B", 900), ("b1", "b1", 100),
        ("b2", "B", 500), ("b2", "A", 60), ("b2", "b2", 300),
    ]  # fmt: skip


def groups(found: LabourMarkets) -> set[frozenset[str]]:
    return {frozenset(part.index) for _, part in found.zones.groupby(found.zones)}


# -- by hand --------------------------------------------------------------------------------------


def test_two_towns_are_two_markets() -> None:
    found = travel_to_work_areas(flows_of(two_towns(), ["A", "a1", "a2", "B", "b1", "b2"]))
    assert found.zones.to_dict() == {
        "A": "A", "a1": "A", "a2": "A", "B": "B", "b1": "B", "b2": "B",
    }  # fmt: skip
    assert found.notes == ()
    row = found.markets.loc["A"]
    assert row["zones"] == 3
    assert row["workers"] == 9000 + 100 + 1500 + 900
    assert row["jobs"] == 9000 + 800 + 700 + 600 + 300 + 150 + 60
    assert row["live_and_work"] == 9000 + 1500 + 900
    assert row["supply_side"] == row["live_and_work"] / row["workers"]
    assert row["demand_side"] == row["live_and_work"] / row["jobs"]
    assert found.markets["criteria_hold"].tolist() == [True, True]
    assert repr(found).startswith("<LabourMarkets: 2 of 6 zones, 19,510 workers; the criteria hold")


@pytest.mark.parametrize(
    ("workers", "within", "holds"),
    [
        (3500, 2625, True),  # 75 %
        (3500, 2624, False),
        (3499, 3499, False),  # too few, however self-contained
        (14_250, 10_097, True),  # half way: 70.85 % asked for
        (14_250, 10_095, False),
        (25_000, 16_675, True),  # 66.7 %
        (25_000, 16_674, False),
        (100_000, 66_700, True),  # no further concession
        (100_000, 66_699, False),
    ],
)
def test_size_and_self_containment_are_traded_in_a_straight_line(
    workers: int, within: int, holds: bool
) -> None:
    # The rest of the people go to a place that is no area's business: big, and full.
    pairs = [("x", "x", within), ("y", "y", 10_000_000)]
    if workers > within:
        pairs.append(("x", "y", workers - within))
    found = travel_to_work_areas(flows_of(pairs, ["x", "y"]))
    kept = found.zones["x"] == "x"
    if workers == within:
        # Nothing to join: it is kept and marked.
        assert kept
        assert not found.markets.loc["x", "criteria_hold"]
    else:
        assert kept == holds


def test_the_demand_side_counts_too() -> None:
    pairs = [("x", "x", 10_000), ("y", "x", 9000), ("y", "y", 100_000)]
    assert travel_to_work_areas(flows_of(pairs, ["x", "y"])).zones["x"] == "y"


def test_a_zone_joins_where_its_link_is_strongest() -> None:
    # Forty of 100 go to the city, 30 to the town; but the town lives by them.
    pairs = [
        ("city", "city", 90_000), ("town", "town", 3600), ("z", "city", 40), ("z", "town", 30),
        ("z", "z", 30),
    ]  # fmt: skip
    assert 40**2 / (100 * 90_040) < 30**2 / (100 * 3630)
    assert travel_to_work_areas(flows_of(pairs, ["city", "town", "z"])).zones["z"] == "town"


def test_people_at_home_live_and_work_in_their_zone() -> None:
    pairs = [("x", "x", 2000), ("x", "y", 900), ("x", "OD0000001", 1500), ("x", "OD0000003", 600),
             ("x", "OD0000002", 40), ("y", "y", 90_000)]  # fmt: skip
    flows = flows_of(pairs, ["x", "y"])
    found = travel_to_work_areas(flows)
    assert found.markets.loc["x", ["workers", "live_and_work"]].tolist() == [5000.0, 4100.0]
    assert "40 of 95,040 people are in no market" in found.notes[0]
    alone = travel_to_work_areas(flows, at_residence=["at home"])
    assert alone.markets.loc["x", "workers"] == 4400
    assert travel_to_work_areas(flows, at_residence=()).zones["x"] == "y"


def test_the_combined_number_of_2021_is_said() -> None:
    table = [("x", "x", 2000.0), ("x", "home", 3000.0)]
    flows = flows_of(table, ["x"], special={"home": "at home or no fixed place"}, vintage=2021)
    found = travel_to_work_areas(flows)
    assert found.markets.loc["x", "workers"] == 5000
    assert any("3,000 people at home or no fixed place" in note for note in found.notes)


# -- properties -----------------------------------------------------------------------------------


@st.composite
def random_flows(draw: st.DrawFn) -> wm.Flows:
    count = draw(st.integers(1, 12))
    seed = draw(st.integers(0, 2**32 - 1))
    density = draw(st.sampled_from([0.05, 0.3, 1.0]))
    rng = np.random.default_rng(seed)
    people = rng.geometric(0.02, (count, count)) * (rng.random((count, count)) < density)
    np.fill_diagonal(people, rng.integers(0, 400, count))
    if draw(st.booleans()):
        # Few different numbers: many ties.
        people = people // 60 * 30
    people[0, 0] += 1
    return wm.Flows(people, pd.Index([f"z{number:02d}" for number in range(count)]))


@given(random_flows())
def test_what_always_holds(flows: wm.Flows) -> None:
    found = travel_to_work_areas(flows, **SMALL)
    somebody = flows.commuters + flows.commuters_in > 0
    # A partition of the zones with anybody, each market under the code of one of its zones.
    assert found.zones.notna().equals(somebody)
    assert set(found.zones.dropna()) == set(found.markets.index)
    assert (found.zones[found.markets.index] == found.markets.index).all()
    # Nobody is lost, and the totals are those of the flows.
    assert found.markets["workers"].sum() == flows.people == found.markets["jobs"].sum()
    kept = flows.among(found.zones.dropna().index)
    whole = kept.aggregate(found.zones.dropna())
    assert whole.internal[found.markets.index].tolist() == found.markets["live_and_work"].tolist()
    assert whole.commuters.tolist() == found.markets["workers"].tolist()
    assert whole.commuters_in.tolist() == found.markets["jobs"].tolist()
    # The criteria, written out again; those that fail have no flow to or from another market.
    table = found.markets
    contained = table[["supply_side", "demand_side"]].min(axis=1)
    needed = np.interp(table["workers"], [35, 250], [0.75, 0.667])
    meets = (table["workers"] >= 35) & (contained >= needed - 1e-12)
    assert meets.tolist() == table["criteria_hold"].tolist()
    alone = (whole.commuters == whole.internal) & (whole.commuters_in == whole.internal)
    assert alone[table.index][~table["criteria_hold"]].all()


def by_the_book(flows: wm.Flows) -> set[frozenset[str]]:
    """Find the markets once more: dense, slow, and summed anew at every step."""
    table = flows.matrix.toarray()
    home, work = table.sum(axis=1), table.sum(axis=0)
    areas = [[z] for z in range(len(flows)) if home[z] + work[z] > 0]
    alone: list[list[int]] = []

    def near(area: list[int]) -> float:
        workers, jobs = home[area].sum(), work[area].sum()
        contained = table[np.ix_(area, area)].sum() / max(workers, jobs)
        needed = 0.75 - (0.75 - 0.667) * min((workers - 35) / (250 - 35), 1.0)
        if workers >= 35 and contained >= needed:
            return np.inf
        return float(min(contained, 0.75) / needed)

    def link(zone: int, area: list[int]) -> float:
        sent, taken = table[zone, area].sum(), table[area, zone].sum()
        found = sent**2 / (home[zone] * work[area].sum()) if sent else 0.0
        return float(found + (taken**2 / (home[area].sum() * work[zone]) if taken else 0.0))

    # An area is known by the zone it began with, which it may have lost since.
    begun = {area[0]: area for area in areas}
    while begun and (worst := min(begun, key=lambda key: (near(begun[key]), key))) is not None:
        if near(begun[worst]) == np.inf:
            break
        zones = begun.pop(worst)
        away = [z for z in range(len(flows)) if z not in zones]
        if table[np.ix_(zones, away)].sum() + table[np.ix_(away, zones)].sum() == 0:
            alone.append(zones)
            continue
        waiting = sorted(zones, key=lambda zone: (-home[zone], zone))
        while waiting:
            later = []
            for zone in waiting:
                best = max(sorted(begun), key=lambda key: link(zone, begun[key]))
                if link(zone, begun[best]) == 0:
                    later.append(zone)
                else:
                    begun[best].append(zone)
            waiting = later
    return {frozenset(flows.zones[area]) for area in [*begun.values(), *alone]}


@given(random_flows())
def test_a_second_reading_of_the_method_finds_the_same_markets(flows: wm.Flows) -> None:
    assert groups(travel_to_work_areas(flows, **SMALL)) == by_the_book(flows)


@given(random_flows(), st.randoms(use_true_random=False))
def test_the_order_of_the_zones_does_not_matter(flows: wm.Flows, random: Any) -> None:
    codes = list(flows.zones)
    random.shuffle(codes)
    shuffled = travel_to_work_areas(flows.among(codes), **SMALL)
    straight = travel_to_work_areas(flows, **SMALL)
    assert shuffled.zones.index.tolist() == codes
    assert shuffled.zones[flows.zones].equals(straight.zones)
    assert shuffled.markets.equals(straight.markets)


@pytest.mark.parametrize("order", [["a", "b", "z"], ["z", "b", "a"]])
def test_a_tie_goes_by_code_whatever_the_order(order: list[str]) -> None:
    pairs = [("a", "a", 5000), ("b", "b", 5000), ("z", "a", 50), ("z", "b", 50)]
    assert travel_to_work_areas(flows_of(pairs, order)).zones["z"] == "a"


def test_other_names_for_the_zones_give_the_same_markets() -> None:
    rng = np.random.default_rng(5)
    # No two counts are alike, so that there are no ties to break by name.
    people = rng.permutation(np.arange(1.0, 901.0)).reshape(30, 30) ** 2
    people[np.diag_indices(30)] *= 12
    names = [f"z{number:02d}" for number in range(30)]
    criteria = {
        "min_self_containment": 0.5,
        "min_workers": 1e6,
        "accepted_self_containment": 0.3,
        "accepted_workers": 1e8,
    }
    plain = travel_to_work_areas(wm.Flows(people, pd.Index(names)), **criteria)
    assert len(plain) > 1
    other = dict(zip(names, rng.permutation(names), strict=True))
    renamed = wm.Flows(people, pd.Index([other[name] for name in names]))
    found = travel_to_work_areas(renamed, **criteria)
    assert groups(found) == {frozenset(other[name] for name in part) for part in groups(plain)}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=15))
def test_the_rand_index_is_that_of_counted_pairs(labels: list[tuple[int, int]]) -> None:
    one, other = (pd.Series(values) for values in zip(*labels, strict=True))
    pairs = list(combinations(range(len(labels)), 2))
    a = sum(one[i] == one[j] for i, j in pairs)
    b = sum(other[i] == other[j] for i, j in pairs)
    ab = sum(one[i] == one[j] and other[i] == other[j] for i, j in pairs)
    expected, most = a * b / len(pairs), (a + b) / 2
    by_hand = 1.0 if most == expected else (ab - expected) / (most - expected)
    assert adjusted_rand_index(one, other) == pytest.approx(by_hand, abs=1e-12)


# -- the sample and the official tables -----------------------------------------------------------


def test_found_markets_classify_the_sample() -> None:
    sample = wm.load_sample()
    found = travel_to_work_areas(sample.flows)
    column = found.to_neighbourhoods(sample.neighbourhoods["zone"])
    assert column.notna().all()
    sample.neighbourhoods["found_market"] = column
    typology = wm.classify(sample, labour_market="found_market")
    assert len(typology.frame) == 1680
    assert typology.frame["labour_market_class"].notna().all()
    assert typology.parameters.labour_market == "found_market"


@pytest.fixture(scope="module")
def nation(data_dir: Path) -> LabourMarkets:
    table = pd.read_parquet(data_dir / "england_wales_2011/wu01ew_msoa_commuting.parquet")
    return travel_to_work_areas(wm.Flows.from_table(table, vintage=2011))


def test_the_nation_is_divided_into_markets_that_meet_the_criteria(nation: LabourMarkets) -> None:
    assert len(nation.zones) == 7201
    assert nation.zones.notna().all()
    assert nation.markets["criteria_hold"].all()
    assert 140 <= len(nation) <= 165
    # All 26,681,568 but those in Scotland, Northern Ireland, abroad and offshore.
    assert nation.markets["workers"].sum() == 21_625_060 + 2_778_019 + 2_165_685


def test_the_markets_agree_with_the_official_areas(
    nation: LabourMarkets, real_2011: wm.Dataset
) -> None:
    places = real_2011.neighbourhoods
    found = nation.to_neighbourhoods(places["zone"])
    assert len(found) == 34_753
    # Measured 0.779; Louvain has 0.585, or 0.686 of pairs of ten (benchmarks/labour_markets.py).
    assert adjusted_rand_index(places["labour_market"], found) >= 0.75
    names = nation.name_by(places.groupby("zone")["authority"].first())
    assert names.is_unique
    assert found[places.index[places["authority"] == "Birmingham"]].nunique() <= 3


def test_the_west_midlands_have_a_class_everywhere_with_found_markets(
    nation: LabourMarkets, official: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = official("wmca", 2011)
    market = nation.to_neighbourhoods(dataset.neighbourhoods["zone"])
    # The dataset is that of other tests too.
    added = dataset.neighbourhoods.assign(found_market=market)
    monkeypatch.setattr(dataset, "neighbourhoods", added)
    frame = wm.classify(dataset, labour_market="found_market").frame
    assert len(frame) == 1680
    assert frame["labour_market_class"].notna().all()
    assert not (frame["labour_market_class"] == "Insufficient data").any()


# -- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "flows",
    [
        pytest.param(wm.Flows(np.zeros((2, 2)), pd.Index(["a", "b"])), id="nobody"),
        pytest.param(wm.Flows(np.zeros((0, 0)), pd.Index([], dtype="str")), id="no zones"),
        pytest.param(flows_of([("a", "OD0000002", 50)], ["a"]), id="all offshore"),
    ],
)
def test_flows_of_nobody_are_refused(flows: wm.Flows) -> None:
    with pytest.raises(InputError, match=r"nobody in the flows works in any of the \d zones"):
        travel_to_work_areas(flows)


def test_zones_without_links_stay_alone_and_are_marked() -> None:
    flows = flows_of([("big", "big", 4000), ("small", "small", 900)], ["big", "small"])
    found = travel_to_work_areas(flows)
    assert found.zones.tolist() == ["big", "small"]
    assert found.markets["criteria_hold"].to_dict() == {"big": True, "small": False}
    assert found.notes == (
        "markets that do not meet the criteria and have no flow to another: 1 (small)",
    )


def test_an_island_of_zones_is_kept_together_and_marked() -> None:
    pairs = [("big", "big", 4000), ("i", "j", 90), ("j", "i", 80), ("j", "k", 10), ("j", "j", 50)]
    found = travel_to_work_areas(flows_of(pairs, ["big", "i", "j", "k"]))
    assert groups(found) == {frozenset({"big"}), frozenset({"i", "j", "k"})}
    assert found.markets["criteria_hold"].sum() == 1


def test_zones_of_nobody_have_no_market() -> None:
    found = travel_to_work_areas(flows_of([("a", "a", 5000)], ["a", "empty"]))
    assert found.zones.isna().tolist() == [False, True]
    assert "zones without a market, for nobody lives or works there: 1 (empty)" in found.notes
    column = found.to_neighbourhoods(pd.Series(["a", "empty", None, "elsewhere"]))
    assert column.isna().tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"min_self_containment": 75}, "min_self_containment=75: expected a share from 0 to 1"),
        ({"accepted_self_containment": -0.1}, "accepted_self_containment=-0.1: expected a share"),
        ({"min_workers": -1}, "min_workers=-1: expected people"),
        ({"min_workers": float("nan")}, "min_workers=nan: expected people"),
        ({"accepted_workers": "many"}, "accepted_workers='many': expected people"),
        ({"min_workers": True}, "min_workers=True: expected people"),
        ({"min_self_containment": 0.5}, "expected no more than min_self_containment=0.5"),
        ({"accepted_workers": 3500}, "expected more than min_workers=3500"),
        ({"min_workers": -1, "accepted_workers": -2}, "zero or more; accepted_workers=-2"),
        ({"at_residence": "at home"}, "expected names in a list"),
        ({"at_residence": ["home"]}, "'home' is no destination of these flows"),
    ],
)
def test_thresholds_out_of_range_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        travel_to_work_areas(flows_of(two_towns(), ["A", "B", "a1", "a2", "b1", "b2"]), **changes)


def test_other_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="flows: expected a Flows"):
        travel_to_work_areas(pd.DataFrame())  # type: ignore[arg-type]
    found = travel_to_work_areas(flows_of([("a", "a", 5000)], ["a"]))
    with pytest.raises(InputError, match="no neighbourhood of 1 is in a zone"):
        found.to_neighbourhoods(pd.Series(["E02000001"]))
    with pytest.raises(InputError, match="zone_of: expected a Series"):
        found.to_neighbourhoods(["a"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="zones with more than one name: 1"):
        found.name_by(pd.Series(["x", "y"], index=["a", "a"]))
    with pytest.raises(InputError, match="no place has a group in both"):
        adjusted_rand_index(pd.Series({"a": 1}), pd.Series({"b": 1}))


def test_names_that_stand_twice_have_the_code() -> None:
    found = travel_to_work_areas(flows_of([(z, z, 5000) for z in "abc"], ["a", "b", "c"])).name_by(
        pd.Series({"a": "Cornwall", "b": "Cornwall"})
    )
    assert found.tolist() == ["Cornwall (a)", "Cornwall (b)", "c"]
