"""Who lives in disconnected neighbourhoods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from conftest import NOTE, flows_of, own_dataset, town
from wmspatial.typology._composition_draws import draw_sums, interval, quotient
from wmspatial.typology._composition_words import told_apart

GROUPS = ("white", "mixed", "asian", "black", "other")


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


def small_town(**columns: Any) -> wm.Typology:
    """Class a town of twelve places with a group `a` and a group `b`."""
    table = town(12, a=600.0, b=400.0, **columns)
    return wm.classify(own_dataset(table, groups=("a", "b")))


def test_every_person_is_counted_once(made: wm.Typology) -> None:
    found = wm.composition(made, n=20, scenarios=False)
    people = made.neighbourhoods["residents"].sum()
    assert found.counts.loc["All", "All"] == people
    assert found.counts.loc[list(GROUPS), "All"].sum() == people
    classes = found.counts.drop(columns="All")
    assert (classes.sum(axis=1) == found.counts["All"]).all()
    assert (classes.loc[list(GROUPS)].sum() == classes.loc["All"]).all()


def test_shares_and_ratios_are_those_of_a_plain_loop(made: wm.Typology) -> None:
    found = wm.composition(made, n=20, scenarios=False, reference="white")
    rows = made.neighbourhoods
    lost: dict[str, float] = dict.fromkeys(GROUPS, 0.0)
    deprived: dict[str, float] = dict.fromkeys(GROUPS, 0.0)
    everyone: dict[str, float] = dict.fromkeys(GROUPS, 0.0)
    for _, row in rows.iterrows():
        for group in GROUPS:
            kind = row["labour_market_class"]
            if kind != "Insufficient data":
                everyone[group] += row[group]
            if kind in ("Disconnected", "Connected", "Large number of jobs"):
                deprived[group] += row[group]
            if kind == "Disconnected":
                lost[group] += row[group]
    for group in GROUPS:
        row = found.shares.loc[group]
        assert row["share_disconnected"] == pytest.approx(lost[group] / everyone[group], rel=1e-12)
        assert row["share_within_deprived"] == pytest.approx(lost[group] / deprived[group])
        assert row["share_deprived"] == pytest.approx(deprived[group] / everyone[group])
        assert row["ratio"] == pytest.approx(
            (lost[group] / everyone[group]) / (lost["white"] / everyone["white"])
        )
    assert found.shares.loc["white", "ratio"] == 1


def test_living_in_a_deprived_place_is_told_apart_from_living_in_a_disconnected_one() -> None:
    # Group a lives in deprived places more often, but within them is spread as everybody is.
    table = town(30)
    table["a"] = [900.0] * 10 + [100.0] * 20
    table["b"] = 1000.0 - table["a"]
    table["deprivation_rank"] = [*range(1, 11), *range(101, 121)]
    dataset = own_dataset(table, groups=("a", "b"), ranked_areas={"England": 150})
    found = wm.composition(wm.classify(dataset), n=50, scenarios=False)
    row = found.shares.loc["a"]
    assert row["ratio"] > 1.5
    assert row["ratio_within_deprived"] == pytest.approx(1.0)


def test_planted_truth_in_the_sample_is_found_with_any_seed(made: wm.Typology) -> None:
    one = wm.composition(made, n=200, seed=1, scenarios=False).shares
    other = wm.composition(made, n=200, seed=2, scenarios=False).shares
    assert one["share_disconnected"].equals(other["share_disconnected"])
    assert not one["share_low"].equals(other["share_low"])
    again = wm.composition(made, n=200, seed=1, scenarios=False).shares
    pd.testing.assert_frame_equal(one, again)
    inside = one["share_disconnected"].between(one["share_low"], one["share_high"])
    assert inside.all()


def test_scenarios_span_the_default(made: wm.Typology) -> None:
    shares = wm.composition(made, n=20).shares
    for key, name in (("share", "share_disconnected"), ("ratio", "ratio")):
        assert (shares[f"scenario_{key}_least"] <= shares[name]).all()
        assert (shares[f"scenario_{key}_most"] >= shares[name]).all()
    counts = made.sensitivity().scenarios["Disconnected"]
    assert counts.min() < counts.max()
    everybody = shares.loc["All"]
    assert everybody["scenario_share_least"] < everybody["scenario_share_most"]


@pytest.mark.xdist_group("official")
def test_whole_zones_drawn_together_give_wider_intervals(real_2011: wm.Dataset) -> None:
    typology = wm.classify(real_2011)
    alone = wm.composition(typology, n=400, scenarios=False).shares.loc["All"]
    together = wm.composition(typology, n=400, scenarios=False, unit="zone").shares.loc["All"]
    assert together["share_disconnected"] == pytest.approx(alone["share_disconnected"])
    assert together["share_high"] - together["share_low"] > alone["share_high"] - alone["share_low"]


def test_intervals_cover_at_the_stated_rate() -> None:
    # Places drawn from a known world: the interval holds the true share about 95 times in 100.
    rng = np.random.default_rng(5)
    truth, hits, runs = 0.3 * 500, 0, 300
    true_ratio = truth / (truth + 0.15 * 500)
    for run in range(runs):
        part = rng.gamma(4.0, 0.3 * 500 / 4.0, size=120)
        rest = rng.gamma(4.0, 0.15 * 500 / 4.0, size=120)
        strata = pd.Series(["a"] * 60 + ["b"] * 60)
        sums = draw_sums(np.column_stack([part, part + rest]), strata, 400, run)
        low, high = interval(quotient(sums[:, [0]], sums[:, [1]]), 0.95)
        hits += bool(low[0] <= true_ratio <= high[0])
    assert 0.91 <= hits / runs <= 0.98


def test_zones_drawn_whole_cover_where_whole_zones_are_disconnected() -> None:
    # Score and residents go by zone: neighbourhoods drawn one by one promise too much.
    rng = np.random.default_rng(5)

    def world(zones: int) -> Any:
        lost = rng.random((zones, 1)) < 0.3
        share = 1 / (1 + np.exp(1.8 - rng.normal(size=(zones, 1)) * np.ones((zones, 4))))
        people = rng.normal(1700, 250, (zones, 4))
        return np.stack([people, people * share, people * lost, people * share * lost], axis=-1)

    def ratio(sums: Any) -> Any:
        return (sums[:, 3] / sums[:, 1] / (sums[:, 2] / sums[:, 0]))[:, None]

    hits, runs = {"neighbourhood": 0, "zone": 0}, 200
    for run in range(runs):
        drawn = world(100)
        for unit, rows in (("neighbourhood", drawn.reshape(-1, 4)), ("zone", drawn.sum(axis=1))):
            sums = draw_sums(rows, pd.Series(["a"] * len(rows)), 300, run)
            low, high = interval(ratio(sums), 0.95)
            hits[unit] += bool(low[0] <= 1 <= high[0])
    assert 0.89 <= hits["zone"] / runs <= 0.98
    assert hits["neighbourhood"] / runs < 0.8


def test_a_difference_that_zones_do_not_carry_is_said_to_be_none() -> None:
    # Two zones of twenty are disconnected; group a lives in all parts of one of them.
    rng = np.random.default_rng(3)
    table = town(101, zone=["Z", *(f"Z{n // 5}" for n in range(100))])
    table["a"] = [*rng.integers(290, 310, 96), 700, 710, 690, 705, 695]
    table["b"] = 1000.0 - table["a"]
    flows = flows_of([(z, "Z", 50) for z in table["zone"].unique()], list(table["zone"].unique()))
    made = wm.classify(own_dataset(table, flows, groups=("a", "b")))
    given = pd.Series("Connected", index=table.index)
    given.iloc[-10:] = "Disconnected"
    typology = made.with_classes(given, source="the test")
    found = wm.composition(typology, n=400, scenarios=False)
    assert found.unsure == ("a", "b")
    assert "; where whole commuting zones are drawn no difference can be told)" in (
        found.summary_text()
    )
    assert any(note.endswith("no difference can be told for: a, b.") for note in found.notes)
    few = [
        note for note in found.notes if note.startswith("Disconnected neighbourhoods are so few")
    ]
    assert "(10)" in few[0]
    whole = wm.composition(typology, n=400, scenarios=False, unit="zone")
    assert not whole.unsure
    assert whole.summary_text().count("No difference from everybody can be told for: a, b.") == 1


def test_a_difference_among_the_deprived_alone_is_not_passed_over() -> None:
    # Group a lives in deprived places less often, and there in disconnected ones more often.
    table = town(60)
    kinds = ["Disconnected"] * 20 + ["Connected"] * 20 + ["Not classified"] * 20
    rng = np.random.default_rng(1)
    table["a"] = np.repeat([300.0, 100.0, 500.0], 20) + rng.integers(-20, 20, 60)
    table["b"] = 1000.0 - table["a"]
    made = wm.classify(own_dataset(table, groups=("a", "b")))
    typology = made.with_classes(pd.Series(kinds, index=table.index), source="the test")
    said = wm.composition(typology, n=200, scenarios=False).summary_text()
    assert "No difference from everybody can be told for: a, b. Among residents of" in said
    assert "alone some shares do differ: “a” 1." in said
    assert " times that of everybody, “b” 0." in said


@pytest.mark.parametrize(
    ("low", "high", "apart"),
    [(1.0004, 1.08, False), (0.9, 0.9951, False), (1.006, 1.1, True), (0.5, 0.99, True),
     (float("nan"), float("nan"), False)],
)  # fmt: skip
def test_what_is_written_as_one_is_no_difference(low: float, high: float, apart: bool) -> None:
    assert told_apart(low, high) is apart


def test_draws_stay_within_their_strata() -> None:
    values = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    drawn = draw_sums(values, pd.Series(["a", "a", "b"]), 600, 3)
    assert (drawn == [2.0, 1.0]).all()


def test_any_counts_will_do(made: wm.Typology) -> None:
    codes = made.neighbourhoods.index
    cars = pd.DataFrame({"no car": 100.0, "a car": 300.0}, index=codes[::-1])
    found = wm.composition(made, cars, n=20, scenarios=False)
    assert found.counts.loc["All", "All"] == 400 * len(codes)
    assert found.shares["ratio"].round(12).eq(1).all()
    said = found.summary_text()
    assert "No difference from everybody can be told for: no car, a car." in said


def test_small_counts_are_marked_and_can_be_left_out(made: wm.Typology) -> None:
    table = made.neighbourhoods[list(GROUPS)].copy()
    rare = pd.Series(0.0, index=table.index)
    lost = made.neighbourhoods["labour_market_class"] == "Disconnected"
    rare.loc[rare.index[lost][:3]] = 4.0
    table["rare"] = rare
    found = wm.composition(made, table, n=20, scenarios=False)
    assert list(found.shares.index[found.shares["small"]]) == ["rare"]
    assert found.counts.loc["rare", "Disconnected"] == 12
    assert any("Fewer than 30 people" in note and "rare" in note for note in found.notes)
    left_out = wm.composition(made, table, n=20, scenarios=False, suppress=True)
    assert np.isnan(left_out.counts.loc["rare", "Disconnected"])
    assert np.isnan(left_out.shares.loc["rare", "ratio"])
    assert any(note.startswith("Suppressed: 2 counts below 30") for note in left_out.notes)
    assert "rare" not in left_out.summary_text()
    nobody = wm.composition(made, n=20, scenarios=False, small=1e9, suppress=True)
    assert nobody.summary_text().startswith("So few people live in disconnected neighbourhoods")


def test_places_that_could_not_be_classed_are_in_no_share_and_said() -> None:
    table = town(12, a=600.0, b=400.0)
    table.loc[table.index[-1], "deprivation_rank"] = np.nan
    dataset = own_dataset(table, groups=("a", "b"), ranked_areas={"England": 60})
    found = wm.composition(wm.classify(dataset), n=20, scenarios=False)
    assert found.shares.loc["All", "people"] == 11_000
    assert found.counts.loc["All", "Insufficient data"] == 1_000
    assert any("1,000 people live in neighbourhoods that could not be" in n for n in found.notes)


def test_nobody_disconnected_is_said_plainly() -> None:
    typology = wm.classify(
        own_dataset(town(12, a=600.0, b=400.0), groups=("a", "b")), cut=0.0, cut_kind="value"
    )
    found = wm.composition(typology, n=20, scenarios=False)
    assert found.summary_text() == "Nobody lives in a disconnected neighbourhood."
    assert found.shares["ratio"].isna().all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"groups": ["whyte"]}, "there is no column 'whyte'. Nearest: white"),
        ({"groups": []}, "groups: there is none"),
        ({"reference": "purple"}, "reference='purple': expected 'All' or a group"),
        ({"n": 1}, "n=1: expected a whole number of draws"),
        ({"level": 95}, "level=95: expected a share between 0 and 1"),
        ({"level": "x"}, "level='x': expected a share between 0 and 1"),
        ({"seed": -1}, "seed=-1: expected a whole number"),
        ({"small": -1}, "small=-1: expected a number of people"),
        ({"groups": "white"}, "groups='white': expected a list of columns"),
        ({"scenarios": [np.full(1680, 77)]}, "expected numbers of classes from 0 to 4"),
        ({"unit": "street"}, "unit='street': expected 'neighbourhood' or 'zone'"),
        ({"groups": ["residents", "white"]}, "add up to more than 'residents'"),
        ({"groups": ["name"]}, "'name' is missing or no number in 1,680 neighbourhoods"),
    ],
)
def test_bad_input_is_refused(made: wm.Typology, change: dict[str, Any], said: str) -> None:
    with pytest.raises(wm.InputError) as error:
        wm.composition(made, **({"n": 20, "scenarios": False} | change))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_table_of_other_places_is_refused(made: wm.Typology) -> None:
    codes = made.neighbourhoods.index
    table = pd.DataFrame({"a": 1.0}, index=codes)
    with pytest.raises(wm.InputError, match=r"no row for 1 of 1,680 neighbourhoods"):
        wm.composition(made, table.iloc[1:], n=20)
    with pytest.raises(wm.InputError, match="a code stands twice"):
        wm.composition(made, pd.concat([table, table.iloc[:1]]), n=20)
    both = table.assign(total=np.nan)
    with pytest.raises(wm.InputError, match="'total' is missing or no number in 1,680"):
        wm.composition(made, both, total="total", n=20)
    with pytest.raises(wm.InputError, match="'a' is missing or no number in 1,680"):
        wm.composition(made, table.assign(a=np.inf), n=20)
    with pytest.raises(wm.InputError, match="one is called 'All'"):
        wm.composition(made, table.rename(columns={"a": "All"}), n=20)
    with pytest.raises(wm.InputError, match="'a' is negative in 1 neighbourhoods"):
        wm.composition(made, table.assign(a=[-1.0, *[1.0] * 1679]), n=20)


def test_groups_that_leave_some_out_say_how_many(made: wm.Typology) -> None:
    found = wm.composition(made, ["white", "asian"], n=20, scenarios=False)
    rest = made.neighbourhoods[["mixed", "black", "other"]].to_numpy().sum()
    said = [note for note in found.notes if "in none of the groups" in note]
    assert said[0].startswith(f"{rest:,.0f} of ")


def test_the_sample_says_everywhere_that_it_is_made_up(made: wm.Typology) -> None:
    found = wm.composition(made, n=20, scenarios=False)
    assert found.counts.columns.name == found.shares.columns.name == NOTE
    assert NOTE in found.summary_text()
    assert NOTE in repr(found)


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
def test_official_people_add_up_to_the_census(vintage: int, request: pytest.FixtureRequest) -> None:
    typology = wm.classify(request.getfixturevalue(f"real_{vintage}"))
    found = wm.composition(typology, n=50, scenarios=False)
    # Census totals of the seven authorities, as published: KS201EW 2011 and TS021 2021.
    assert found.counts.loc["All", "All"] == {2011: 2_736_460, 2021: 2_919_639}[vintage]
    assert found.counts.loc[list(GROUPS), "All"].sum() == found.counts.loc["All", "All"]
    row = found.shares.loc["mixed"]
    assert row["ratio_low"] > 1
