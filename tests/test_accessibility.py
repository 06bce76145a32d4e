"""Accessibility: against loops, textbooks and PySAL, and what the method makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from access import fca, weights
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import lsoas, own_dataset, to_centre, town
from wmspatial.maps.spec import connection_words
from wmspatial.maps.words import neighbourhood_fields
from wmspatial.measures import (
    Decay,
    Distances,
    Threshold,
    TravelTimes,
    cumulative_opportunities,
    hansen,
    impedance,
    shen,
)
from wmspatial.typology.explain import score_pair
from wmspatial.typology.labour_market import (
    classify_neighbourhoods,
    connection_scores,
    impedance_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WITHIN = 15.0
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exponential": lambda c: math.exp(-0.3 * c),
    "power": lambda c: max(c, 1.0) ** -0.3,
    "gaussian": lambda c: math.exp(-(c**2) / (2 * (1 / 0.3) ** 2)),
}


def grid(coordinates: list[tuple[float, float]]) -> pd.DataFrame:
    codes = pd.Index([f"p{i}" for i in range(len(coordinates))])
    return pd.DataFrame(coordinates, columns=["easting", "northing"], index=codes, dtype=float)


def long_table(points: pd.DataFrame, per_km: float = 1.0) -> pd.DataFrame:
    """Give every pair of places, and minutes in proportion to the distance."""
    xy = points[["easting", "northing"]].to_numpy()
    across, along = (np.subtract.outer(xy[:, k], xy[:, k]) for k in (0, 1))
    km = np.sqrt(across * across + along * along) / 1000
    codes = points.index.to_numpy()
    return pd.DataFrame(
        {
            "origin": np.repeat(codes, len(codes)),
            "destination": np.tile(codes, len(codes)),
            "minutes": per_km * km.ravel(),
        }
    )


def loops(
    points: pd.DataFrame, jobs: pd.Series, workers: pd.Series, weigh: Callable[[float], float]
) -> tuple[list[float], list[float], list[float]]:
    """Write the definitions down as two loops: Hansen, Shen, and jobs within five kilometres."""
    x, y = points["easting"].tolist(), points["northing"].tolist()
    job, worker, size = jobs.tolist(), workers.tolist(), range(len(points))
    weight = []
    near = []
    for i in size:
        row, count = [], 0.0
        for j in size:
            c = math.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2) / 1000
            row.append(weigh(c) if c <= WITHIN else 0.0)
            count += job[j] if c <= 5.0 else 0.0
        weight.append(row)
        near.append(count)
    competing = [math.fsum(worker[k] * weight[k][j] for k in size) for j in size]
    sums = [math.fsum(job[j] * weight[i][j] for j in size) for i in size]
    ratio = [job[j] / competing[j] if competing[j] else 0.0 for j in size]
    shares = [math.fsum(ratio[j] * weight[i][j] for j in size) for i in size]
    return sums, shares, near


# -- decay -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_a_decay_is_its_formula(kind: str) -> None:
    c = np.array([0.0, 0.4, 1.0, 2.5, 60.0])
    assert Decay(kind, 0.3)(c) == pytest.approx([FUNCTIONS[kind](v) for v in c], rel=1e-14)
    assert c.tolist() == [0.0, 0.4, 1.0, 2.5, 60.0]


def test_a_gaussian_may_be_given_by_its_width() -> None:
    assert Decay.gaussian(4.0, "minute") == Decay("gaussian", 0.25, "minute")
    assert Decay.gaussian(4.0)([4.0])[0] == pytest.approx(math.exp(-0.5))
    with pytest.raises(wm.InputError, match="width=0: expected a number above zero"):
        Decay.gaussian(0)


@pytest.mark.parametrize("rate", [0, -0.3, math.nan, math.inf, "0.3", True])
def test_a_decay_that_does_not_fall_is_refused(rate: Any) -> None:
    with pytest.raises(wm.InputError, match="above zero; the weight falls with separation"):
        Decay("exponential", rate)


def test_all_faults_of_a_decay_are_named_at_once() -> None:
    with pytest.raises(wm.InputError) as error:
        Decay("linear", 0, "mile")
    assert all(part in str(error.value) for part in ("kind='linear'", "rate=0", "per='mile'"))
    with pytest.raises(wm.InputError, match="limit=0"):
        Threshold(0)


def test_minutes_and_kilometres_are_not_mixed() -> None:
    jobs = pd.Series({"p0": 1.0})
    with pytest.raises(wm.InputError, match="per minute, but separations are measured in kilo"):
        hansen(jobs, Distances(grid([(0, 0)])), Decay(per="minute"))
    times = TravelTimes(long_table(grid([(0, 0), (0, 5000)])))
    with pytest.raises(wm.InputError, match=r"measured in minutes. Give one with per='minute'"):
        hansen(jobs, times, Decay())


# -- distances -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_the_measures_equal_two_loops_on_the_sample(sample: wm.Dataset, kind: str) -> None:
    # Every third place for two of the decays; the whole sample once.
    points = sample.points if kind == "exponential" else sample.points.iloc[::3]
    jobs = sample.neighbourhoods["jobs"].loc[points.index]
    workers = wm.classify(sample).everywhere["employed_residents"].loc[points.index]
    wanted = loops(points, jobs, workers, FUNCTIONS[kind])
    distances, decay = Distances(points, WITHIN), Decay(kind, 0.3)
    found = (
        hansen(jobs, distances, decay),
        shen(jobs, workers, distances, decay),
        cumulative_opportunities(jobs, distances, 5.0),
    )
    for ours, theirs, name in zip(
        found, wanted, ("hansen", "shen", "cumulative_opportunities"), strict=True
    ):
        pd.testing.assert_series_equal(
            ours, pd.Series(theirs, index=points.index, name=name), rtol=1e-10, atol=0
        )


def test_some_origins_have_the_score_they_have_among_all(sample: wm.Dataset) -> None:
    jobs, workers = sample.neighbourhoods["jobs"], sample.neighbourhoods["residents"]
    distances, few = Distances(sample.points, 4.0), sample.points.index[[900, 3, 77]]
    for whole, part in (
        (hansen(jobs, distances, Decay()), hansen(jobs, distances, Decay(), origins=few)),
        (
            shen(jobs, workers, distances, Decay()),
            shen(jobs, workers, distances, Decay(), origins=few),
        ),
        (
            cumulative_opportunities(jobs, distances, 3.0),
            cumulative_opportunities(jobs, distances, 3.0, origins=few),
        ),
    ):
        pd.testing.assert_series_equal(part, whole.loc[few], rtol=1e-12, atol=0)


def test_pysal_access_gives_the_same(sample: wm.Dataset) -> None:
    points = sample.points.iloc[::14]
    pairs = long_table(points).rename(columns={"destination": "dest", "minutes": "cost"})
    places = pd.DataFrame(
        {
            "jobs": sample.neighbourhoods["jobs"].loc[points.index],
            "workers": sample.neighbourhoods["residents"].loc[points.index],
        }
    )
    distances = Distances(points, WITHIN)
    same = {"check_names": False, "rtol": 1e-10, "atol": 0}
    for decay, theirs in (
        (Decay("gaussian", 0.2), weights.gaussian(5.0)),
        (Decay("power", 1.5), weights.gravity(scale=1, alpha=-1.5, min_dist=1)),
    ):
        sums = fca.weighted_catchment(
            places, pairs, WITHIN, cost_source="dest", cost_dest="origin", loc_index=True,
            loc_value="jobs", weight_fn=theirs,
        )  # fmt: skip
        pd.testing.assert_series_equal(
            hansen(places["jobs"], distances, decay), sums.loc[points.index], **same
        )
        shares = fca.two_stage_fca(
            places, places, pairs, WITHIN, demand_index=True, demand_name="workers",
            supply_name="jobs", weight_fn=theirs,
        )  # fmt: skip
        ours = shen(places["jobs"], places["workers"], distances, decay)
        pd.testing.assert_series_equal(ours, shares.loc[points.index], **same)
    near = fca.weighted_catchment(
        places, pairs, 5.0, cost_source="dest", cost_dest="origin", loc_index=True,
        loc_value="jobs",
    )  # fmt: skip
    ours = cumulative_opportunities(places["jobs"], distances, 5.0)
    pd.testing.assert_series_equal(ours, near.loc[points.index].astype(float), **same)


def test_one_zone_is_jobs_over_workers() -> None:
    jobs, workers = pd.Series({"p0": 30.0}), pd.Series({"p0": 40.0})
    alone = Distances(grid([(0, 0)]))
    assert shen(jobs, workers, alone, Decay()).tolist() == [0.75]
    assert hansen(jobs, alone, Decay()).tolist() == [30.0]


def test_with_no_decay_everybody_shares_everything() -> None:
    points = grid([(0, 0), (3000, 4000), (9000, 0)])
    jobs, workers = (pd.Series(v, index=points.index) for v in ([10.0, 0, 50], [20.0, 30, 70]))
    flat = Distances(points)
    assert hansen(jobs, flat, np.ones_like).tolist() == [60.0] * 3
    assert shen(jobs, workers, flat, np.ones_like).tolist() == pytest.approx([0.5] * 3)


def test_shen_by_hand() -> None:
    """One job centre, one far suburb: f = 1 at home and 1/10 at ten kilometres."""
    points = grid([(0, 0), (10_000, 0)])
    jobs, workers = pd.Series({"p0": 110.0, "p1": 0.0}), pd.Series({"p0": 50.0, "p1": 50.0})
    found = shen(jobs, workers, Distances(points), Decay("power", 1))
    assert found.tolist() == pytest.approx([110 / 55, 11 / 55])


def test_exactly_at_the_threshold_counts() -> None:
    points = grid([(0, 0), (3000, 4000), (0, 4900), (0, 5001)])
    jobs = pd.Series([1.0, 10, 100, 1000], index=points.index)
    assert cumulative_opportunities(jobs, Distances(points), 5).iloc[0] == 111
    assert cumulative_opportunities(jobs, Distances(points), 4.9).iloc[0] == 101
    assert hansen(jobs, Distances(points, within=5), np.ones_like).iloc[0] == 111
    with pytest.raises(wm.InputError, match="nothing beyond within=4 was looked at"):
        cumulative_opportunities(jobs, Distances(points, within=4), 5)


def test_unknown_numbers_count_as_none() -> None:
    points = grid([(0, 0), (1000, 0)])
    jobs = pd.Series({"p0": math.nan, "p1": 8.0})
    workers = pd.Series({"p0": 4.0, "p1": math.nan})
    flat = Distances(points)
    assert hansen(jobs, flat, np.ones_like).tolist() == [8.0, 8.0]
    assert shen(jobs, workers, flat, np.ones_like).tolist() == [2.0, 2.0]


def test_jobs_that_nobody_can_reach_are_left_out() -> None:
    points = grid([(0, 0), (90_000, 0)])
    jobs, workers = pd.Series({"p0": 5.0, "p1": 9.0}), pd.Series({"p0": 10.0, "p1": 0.0})
    assert shen(jobs, workers, Distances(points), Decay()).tolist() == [0.5, 0.0]
    steep = shen(jobs, workers, Distances(points, 100), Decay("exponential", 500))
    assert steep.tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.drop(columns="easting"), "no column 'easting'; found 'northing'"),
        (lambda p: p.rename(index={"p1": "p0"}), "1 codes stand more than once"),
        (lambda p: p.assign(easting=[1.0, math.nan]), "1 of 2 have no easting or northing"),
        (lambda p: p.assign(easting=[-1.9, -1.8], northing=[52.5, 52.4]), "look like degrees"),
        (lambda p: p.iloc[:0], "there are none"),
    ],
)
def test_points_that_cannot_be_are_refused(change: Any, message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        Distances(change(grid([(0, 0), (5000, 0)])))


def test_what_cannot_be_summed_is_refused() -> None:
    distances = Distances(grid([(0, 0), (5000, 0)]))
    with pytest.raises(wm.InputError, match="within=0: expected kilometres"):
        Distances(grid([(0, 0)]), within=0)
    with pytest.raises(wm.InputError, match="1 of 1 codes have no distances"):
        hansen(pd.Series({"q": 1.0}), distances, Decay())
    with pytest.raises(wm.InputError, match="codes have no distances"):
        hansen(pd.Series({"p0": 1.0}), distances, Decay(), origins=pd.Index(["q"]))
    with pytest.raises(wm.InputError, match="jobs: 1 counts are negative or infinite"):
        hansen(pd.Series({"p0": -1.0}), distances, Decay())
    with pytest.raises(wm.InputError, match="the decay gives infinite weights"):
        hansen(pd.Series({"p0": 1.0}), distances, lambda c: np.where(c > 0, 1.0, np.inf))


PLACES = st.lists(
    st.tuples(
        st.integers(0, 40_000), st.integers(0, 40_000), st.integers(0, 900), st.integers(1, 900)
    ),
    min_size=2,
    max_size=40,
)


def measured(points: pd.DataFrame, jobs: pd.Series, workers: pd.Series) -> pd.DataFrame:
    """Give all three scores, from blocks so small that there are several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(impedance, "_BLOCK", 3)
        distances = Distances(points, 20.0)
    return pd.DataFrame(
        {
            "hansen": hansen(jobs, distances, Decay()),
            "shen": shen(jobs, workers, distances, Decay()),
            "near": cumulative_opportunities(jobs, distances, 5.0),
        }
    )


def placed(rows: list[tuple[int, int, int, int]]) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    table = pd.DataFrame(rows, columns=["easting", "northing", "jobs", "workers"], dtype=float)
    table.index = pd.Index([f"p{i}" for i in range(len(table))])
    return table[["easting", "northing"]], table["jobs"], table["workers"]


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


@given(PLACES)
def test_shen_hands_out_each_job_once(rows: list[tuple[int, int, int, int]]) -> None:
    points, jobs, workers = placed(rows)
    assert (measured(points, jobs, workers)["shen"] * workers).sum() == pytest.approx(jobs.sum())


@given(PLACES, st.randoms(use_true_random=False))
def test_order_and_names_change_nothing(rows: list[Any], random: Any) -> None:
    points, jobs, workers = placed(rows)
    before = measured(points, jobs, workers)
    order = list(points.index)
    random.shuffle(order)
    same(measured(points.loc[order], jobs.loc[order], workers.loc[order]), before.loc[order])
    renamed = [part.rename(index=lambda code: f"x{code}") for part in (points, jobs, workers)]
    same(measured(*renamed), before.rename(index=lambda code: f"x{code}"))


@given(PLACES, st.integers(2, 50))
def test_scaling_and_empty_places_do_what_they_should(rows: list[Any], factor: int) -> None:
    points, jobs, workers = placed(rows)
    before = measured(points, jobs, workers)
    more = measured(points, jobs * factor, workers * factor)
    same(more, before.assign(hansen=before["hansen"] * factor, near=before["near"] * factor))
    moved = points.add([70_000, 30_000])
    same(measured(moved, jobs, workers), before)
    empty = placed([*rows, (20_000, 20_000, 0, 0)])
    same(measured(*empty).iloc[:-1], before)


@given(PLACES)
def test_two_places_on_one_spot_are_one(rows: list[tuple[int, int, int, int]]) -> None:
    points, jobs, workers = placed(rows)
    before = measured(points, jobs, workers)
    x, y, j, w = rows[0]
    split = [(x, y, j / 2, w / 2), *rows[1:], (x, y, j / 2, w / 2)]
    after = measured(*placed(split))
    same(after.iloc[:-1], before)
    same(after.iloc[[-1]].set_axis(["p0"]), before.iloc[[0]])


# -- travel times ----------------------------------------------------------------------------------


def times(*pairs: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])


def test_travel_times_equal_distances_when_they_are_distances(sample: wm.Dataset) -> None:
    points = sample.points.iloc[::5]
    jobs = sample.neighbourhoods["jobs"].loc[points.index]
    workers = sample.neighbourhoods["residents"].loc[points.index]
    minutes = TravelTimes(long_table(points).sample(frac=1, random_state=1), points.index, WITHIN)
    km = Distances(points, WITHIN)
    assert minutes.notes == ("travel times: 112,896 pairs of 336 origins and 336 destinations",)
    for kind in FUNCTIONS:
        per_km, per_minute = Decay(kind, 0.3), Decay(kind, 0.3, "minute")
        pd.testing.assert_series_equal(
            hansen(jobs, minutes, per_minute), hansen(jobs, km, per_km), rtol=1e-10
        )
        pd.testing.assert_series_equal(
            shen(jobs, workers, minutes, per_minute),
            shen(jobs, workers, km, per_km),
            rtol=1e-10,
        )
    few = points.index[[5, 2]]
    pd.testing.assert_series_equal(
        shen(jobs, workers, minutes, Decay(per="minute"), origins=few),
        shen(jobs, workers, km, Decay(), origins=few),
        rtol=1e-10,
    )
    pd.testing.assert_series_equal(
        cumulative_opportunities(jobs, minutes, 5.0), cumulative_opportunities(jobs, km, 5.0)
    )


def test_there_need_not_be_as_long_as_back() -> None:
    """Workers go from home to work: competition is counted on the way there."""
    table = times(("a", "a", 0), ("a", "b", 10), ("b", "a", 30), ("b", "b", 0))
    jobs, workers = pd.Series({"a": 0.0, "b": 60.0}), pd.Series({"a": 50.0, "b": 100.0})
    slow = Decay("power", 1, "minute")
    found = shen(jobs, workers, TravelTimes(table), slow)
    competing = 100 * 1 + 50 / 10
    assert found.tolist() == pytest.approx([60 / competing / 10, 60 / competing])
    assert hansen(jobs, TravelTimes(table), slow)["a"] == pytest.approx(6)


def test_r5py_tables_are_read_as_they_are() -> None:
    table = times(("a", "b", 10), ("b", "a", 10)).set_axis(
        ["from_id", "to_id", "travel_time"], axis="columns"
    )
    assert TravelTimes(table).places.tolist() == ["a", "b"]


def test_gaps_are_kept_and_told() -> None:
    table = times(
        ("a", "a", 0),
        ("a", "b", 10),
        ("b", "c", 10),
        ("c", "b", 12),
        ("c", "a", math.nan),
        ("b", "a", math.inf),
        ("a", "x", 5),
    )
    found = TravelTimes(table, pd.Index(["a", "b", "c", "d"]))
    own = "not given to themselves, and taken to be 0 minutes from themselves"
    absent = "no origin: no result for it, and no competition from there"
    assert found.notes == (
        "travel times: 6 pairs of 3 origins and 3 destinations",
        "travel times: 1 pair is missing, and out of reach",
        "travel times: 1 pair is given one way only, and used that way only",
        "travel times: 2 pairs are without a time, and cannot be reached",
        f"travel times: 2 places are {own}",
        f"travel times: 1 neighbourhood is {absent}",
        "travel times: 1 code is no neighbourhood (x); 1 pair left out",
    )
    jobs = pd.Series({"a": 1.0, "b": 10.0, "c": 100.0, "d": 1000.0})
    reached = cumulative_opportunities(jobs, found, 10)
    assert reached[["a", "b", "c"]].tolist() == [11, 110, 100]
    assert math.isnan(reached["d"])
    assert cumulative_opportunities(jobs, found, 12)["c"] == 110


def test_no_access_is_zero_and_no_origin_is_unknown() -> None:
    table = times(("a", "a", math.nan), ("a", "b", math.nan), ("b", "b", 0))
    jobs = pd.Series({"a": 1.0, "b": 10.0, "c": 5.0})
    found = hansen(jobs, TravelTimes(table, jobs.index), Decay(per="minute"))
    assert found[["a", "b"]].tolist() == [0.0, 10.0]
    assert math.isnan(found["c"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (times(("a", "b", -1)), "1 time below zero, first -1 from a to b"),
        (times(("a", "b", 1), ("a", "b", 2)), "1 pair given more than once, first a to b"),
        (times(("a", "b", 1200), ("b", "a", 1500), ("a", "a", 0)), "divide them by 60"),
        (times(("a", "b", "ten")), "1 time no number, first 'ten'"),  # type: ignore[arg-type]
        (times(("a", None, 1)), "1 row without origin or destination"),  # type: ignore[arg-type]
        (times().astype({"minutes": float}), "there are no rows"),
        (times(("a", "b", 1)).drop(columns="minutes"), "no column 'minutes' or 'travel_time'"),
        (times(("x", "y", 1)), "no pair is between neighbourhoods: the table has x"),
    ],
)
def test_a_bad_table_is_one_clear_error(table: pd.DataFrame, message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        TravelTimes(table, pd.Index(["a", "b"]))


def test_all_faults_of_a_table_are_named_at_once() -> None:
    table = times(("a", "b", 900), ("a", "b", 901), ("b", "a", -5), ("b", None, 999))  # type: ignore[arg-type]
    with pytest.raises(wm.InputError) as error:
        TravelTimes(table, within=0)
    parts = ("within=0", "1 row without", "1 pair given more than once", "1 time below", "seconds")
    assert all(part in str(error.value) for part in parts)
    with pytest.raises(wm.InputError, match="a code stands more than once"):
        TravelTimes(times(("a", "b", 1)), pd.Index(["a", "a"]))
    with pytest.raises(wm.InputError, match="codes have no distances or travel times"):
        hansen(pd.Series({"z": 1.0}), TravelTimes(times(("a", "b", 1))), Decay(per="minute"))


# -- the method ------------------------------------------------------------------------------------

CODES = lsoas(12)
#: A line of places, two kilometres apart, the first with all the jobs.
LINE = pd.DataFrame(
    {"easting": 400_000.0 + 2000 * np.arange(12), "northing": 300_000.0},
    index=pd.Index(CODES, name="code"),
)


def line(**options: Any) -> wm.Dataset:
    table = options.pop("table", town())
    return own_dataset(table, **({"points": LINE} | options))


@pytest.mark.parametrize("connection", ["shen", "hansen"])
def test_the_far_end_of_the_line_is_disconnected(connection: str) -> None:
    typology = wm.classify(line(), connection=connection)
    classes = typology.frame["labour_market_class"].astype(str)
    assert classes.tolist() == ["Large number of jobs", *["Connected"] * 6, *["Disconnected"] * 5]
    assert typology.frame["connection_score"].is_monotonic_decreasing


def test_jobs_within_reach_are_counted() -> None:
    frame = wm.classify(line(), connection="cumulative", threshold=4.0).frame
    assert frame["connection_score"].iloc[:4].tolist() == [10_020, 10_030, 10_040, 50]


def test_travel_times_of_the_dataset_are_used_and_what_was_found_is_told() -> None:
    table = long_table(LINE, per_km=2.0).rename(
        columns={"origin": "from_id", "destination": "to_id", "minutes": "travel_time"}
    )
    table = table[~((table["from_id"] == CODES[1]) & (table["to_id"] == CODES[0]))]
    chosen = {"connection": "cumulative", "impedance": "travel time", "threshold": 8.0}
    typology = wm.classify(line(travel_times=table), **chosen)
    assert typology.frame["connection_score"].iloc[:4].tolist() == [10_020, 30, 10_040, 50]
    assert typology.frame.attrs["connection_notes"] == (
        "travel times: 143 pairs of 12 origins and 12 destinations",
        "travel times: 1 pair is missing, and out of reach",
        "travel times: 1 pair is given one way only, and used that way only",
    )
    assert "50 jobs within 8 minutes, the same as in the middle" in typology.explain(CODES[3])


def test_a_place_without_travel_times_is_insufficient_data() -> None:
    table = long_table(LINE)
    table = table[table["origin"] != CODES[4]]
    frame = wm.classify(
        line(travel_times=table), connection="hansen", impedance="travel time"
    ).frame
    assert frame.loc[CODES[4], "rule"] == "jobs or connection unknown"
    assert (frame["labour_market_class"] == "Insufficient data").sum() == 1


def test_what_the_score_needs_and_is_not_there_is_asked_for() -> None:
    with pytest.raises(wm.InputError, match="needs travel times, and there are none"):
        wm.classify(line(), connection="shen", impedance="travel time")
    arguments = (town(), to_centre(CODES, range(12)), wm.Parameters(connection="shen"))
    with pytest.raises(wm.InputError, match="needs points: easting and northing"):
        classify_neighbourhoods(*arguments_of(arguments), ranked_areas={"England": 60})
    with pytest.raises(wm.InputError, match="Rename the column"):
        wm.classify(line(table=town(shen=1.0)), connection="shen")


def arguments_of(given_: tuple[Any, ...]) -> tuple[Any, ...]:
    """Complete a town as a dataset does."""
    table, flows, parameters = given_
    return table.assign(zone=table.index, nation="England"), flows, parameters


def test_first_match_still_wins() -> None:
    flows = to_centre(CODES, range(12), total=100)
    frame = wm.classify(line(table=town(), flows=flows), connection="hansen", min_flow=101).frame
    assert set(frame["rule"]) == {"too few commuters"}


def test_a_place_with_unknown_jobs_counts_as_none_and_is_told() -> None:
    table = town()
    table.loc[CODES[6], "jobs"] = math.nan
    typology = wm.classify(line(table=table), connection="cumulative", max_unknown=1)
    assert typology.frame.loc[CODES[6], "rule"] == "jobs or connection unknown"
    assert typology.frame.loc[CODES[7], "connection_score"] == 40
    assert typology.frame.attrs["connection_notes"] == (
        "accessibility: 1 of 12 neighbourhoods have no job count and count as none (E01000007)",
    )


def two_markets() -> tuple[wm.Dataset, wm.Dataset]:
    """Lay the line over two labour markets, and ask for a part of one and for all."""
    table = town(labour_market=["X"] * 7 + ["Y"] * 5)
    whole = line(table=table)
    options = {"ranked_areas": {"England": 60}, "points": LINE}
    part = wm.Dataset(whole.areas[["geometry"]].iloc[:3], whole.flows, table, **options)
    return part, whole


def test_only_the_labour_markets_that_are_touched_are_scored() -> None:
    part, whole = two_markets()
    for connection in ("shen", "hansen", "cumulative"):
        little, much = (wm.classify(d, connection=connection) for d in (part, whole))
        assert little.everywhere.index.tolist() == CODES[:7]
        assert much.everywhere.index.tolist() == CODES
        pd.testing.assert_frame_equal(
            little.everywhere, much.everywhere.iloc[:7], rtol=1e-12, check_exact=False
        )
    assert wm.classify(part).everywhere.index.tolist() == CODES


def test_scores_made_once_serve_many_classifications() -> None:
    part, _ = two_markets()
    evidence = wm.classify(part).everywhere
    chosen = wm.Parameters(connection="shen", decay="gaussian", decay_rate=0.1)
    between = impedance_of(part.neighbourhoods, chosen, points=lambda: part.points)
    scores = connection_scores(
        part.neighbourhoods, part.flows, evidence, chosen, study_area=part.study_codes,
        impedance=between,
    )  # fmt: skip
    assert scores.index.equals(part.neighbourhoods.index)
    assert scores.notna().tolist() == [True] * 7 + [False] * 5
    for parameters in (chosen, chosen.replace(reference="all", pez_denominator="all residents")):
        direct = wm.classify(part, parameters)
        given_ = classify_neighbourhoods(
            part.neighbourhoods, part.flows, parameters, ranked_areas=part.ranked_areas,
            study_area=part.study_codes, scores=scores,
        )  # fmt: skip
        pd.testing.assert_frame_equal(direct.everywhere[given_.columns], given_)
    share = connection_scores(part.neighbourhoods, part.flows, evidence, wm.Parameters())
    pd.testing.assert_series_equal(share, evidence["connection_score"], check_names=False)
    with pytest.raises(wm.InputError, match="give impedance=impedance_of"):
        connection_scores(part.neighbourhoods, part.flows, evidence, chosen)


def test_travel_times_may_be_checked_before() -> None:
    table = town().assign(zone=CODES)
    ready = TravelTimes(long_table(LINE), table.index, within=30)
    chosen = wm.Parameters(connection="hansen", impedance="travel time")
    assert impedance_of(table, chosen, travel_times=ready) is ready
    assert impedance_of(table, wm.Parameters()) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"impedance": "time"}, "impedance='time': expected 'distance' or 'travel time'"),
        ({"decay": "linear"}, "decay='linear': expected one of 'exponential', 'power'"),
        ({"decay_rate": 0}, "decay_rate=0: expected a rate above zero"),
        ({"within": -1}, "within=-1: expected km or minutes, above zero"),
        ({"threshold": 0}, "threshold=0: expected km or minutes, above zero"),
        (
            {"connection": "cumulative", "threshold": 90},
            "threshold=90: expected no more than within=60.0",
        ),
        ({"decay_rate": -1, "decay": "x", "cut_kind": "y"}, "cut_kind='y'.*decay='x'.*rate=-1"),
    ],
)
def test_parameters_of_accessibility_are_checked(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        wm.Parameters(**changes)


FARTHER = "each counted less the farther away it is (Hansen score)"


@pytest.mark.parametrize(
    ("connection", "sentence", "field"),
    [
        (
            "shen",
            "13.69 jobs per competing worker within reach (Shen score), against 1.34 in the middle",
            "13.69 jobs per competing worker within reach; the cut is 1.34",
        ),
        (
            "hansen",
            f"3,040 jobs within reach, {FARTHER}, against 306 in the middle deprived",
            "3,040 jobs within reach, fewer counted the farther away; the cut is 306",
        ),
        (
            "cumulative",
            "10,040 jobs within 5 km, against 50 in the middle deprived neighbourhood of the X",
            "10,040 jobs within reach; the cut is 50",
        ),
    ],
)
def test_every_score_is_said_in_plain_english(connection: str, sentence: str, field: str) -> None:
    typology = wm.classify(line(), connection=connection)
    assert sentence in typology.explain(CODES[2])
    assert neighbourhood_fields(typology.frame, typology)["Connection"][2] == field


def test_two_scores_that_differ_look_different() -> None:
    hansen_score = wm.Parameters(connection="hansen")
    assert score_pair(284.31, 284.27, hansen_score) == ("284.31", "284.27")
    assert score_pair(284.31, 284.31, hansen_score) == ("284", "284")
    assert score_pair(0.914, 0.911, wm.Parameters(connection="shen")) == ("0.914", "0.911")


SHEN = "jobs per competing worker within reach (Shen accessibility; "
TIMES = {"impedance": "travel time", "decay_rate": 0.1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"connection": "cumulative"}, "the number of jobs within 5 km in a straight line."),
        (
            {"connection": "shen"},
            f"{SHEN}exponential decay of 0.3 per km, within 60 km in a straight line).",
        ),
        (
            {"connection": "hansen", "decay": "gaussian"} | TIMES,
            "(Hansen accessibility; Gaussian decay with a width of 10 minutes, within 60 minutes)",
        ),
        (
            {"connection": "hansen", "decay": "power", "decay_rate": 2.0},
            "power decay with an exponent of 2,",
        ),
    ],
)
def test_the_legend_says_which_score(changes: dict[str, Any], words: str) -> None:
    assert words in connection_words(wm.Parameters(**changes))


def test_the_same_on_the_sample(sample: wm.Dataset) -> None:
    """Planted places are far apart in the score made from flows; here only that all works."""
    for connection in ("shen", "hansen", "cumulative"):
        typology = wm.classify(sample, connection=connection)
        assert typology.frame["connection_score"].notna().all()
        assert len(typology.everywhere) == len(sample.neighbourhoods)
        counts = typology.frame["labour_market_class"].value_counts()
        assert counts["Disconnected"] > 0
        assert counts["Connected"] > 0
