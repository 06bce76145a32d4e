"""How sure a class is: drawn anew by the rules, the same for the same seed, and calibrated."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

import wmspatial as wm
from conftest import (
    NOTE,
    REPOSITORY,
    Official,
    flows_of,
    lsoas,
    msoas,
    own_dataset,
    squares,
    to_centre,
    town,
)
from wmspatial.typology._draws import draw_flows
from wmspatial.typology._rounding import ROUNDING, RoundedJobs, rounding_range
from wmspatial.typology.resampling import CENSUS, Resampling, resample

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = [
    "Disconnected",
    "Connected",
    "Large number of jobs",
    "Not classified",
    "Insufficient data",
]

#: Neighbourhoods by class over 100 resamples of the sample.
EXPECTED_COUNTS = [29197, 29508, 14895, 94400, 0]


def with_data(
    dataset: wm.Dataset, flows: wm.Flows | None = None, jobs: Any = None, **changes: Any
) -> wm.Dataset:
    """Copy a dataset with other flows or jobs."""
    table = dataset.neighbourhoods
    return wm.Dataset(
        dataset.neighbourhood_areas[["geometry"]],
        flows or dataset.flows,
        table if jobs is None else table.assign(jobs=jobs),
        ranked_areas=dataset.ranked_areas,
        vintage=dataset.vintage,
        **({"crosswalk": dataset.crosswalk} | changes),
    )


def with_matrix(flows: wm.Flows, matrix: Any) -> wm.Flows:
    return wm.Flows(
        matrix, flows.zones, special=flows.special, arrivals=flows.arrivals, vintage=flows.vintage
    )


def drawn_matrix(flows: wm.Flows, n: int, seed: int, zones: Any = None) -> list[Any]:
    """Write out the flows of each resample; zones that are not asked for stay as published."""
    asked = np.arange(len(flows)) if zones is None else flows.zones.get_indexer(zones)
    asked = asked[flows.commuters.to_numpy()[asked] > 0]
    published = flows.matrix.tocoo()
    stay = ~np.isin(published.row, asked)
    rows, columns, people = [published.row[stay]], [published.col[stay]], [published.data[stay]]
    people = [np.tile(people[0], (n, 1))]
    for zone in asked:
        to, counts = draw_flows(flows, zone, n, seed)
        rows.append(np.full(len(to), zone))
        columns.append(to)
        people.append(counts)
    row, column, drawn = np.concatenate(rows), np.concatenate(columns), np.hstack(people)
    return [sparse.csr_array((drawn[i], (row, column)), shape=flows.matrix.shape) for i in range(n)]


def assert_brute_force_agrees(
    dataset: wm.Dataset, n: int, seed: int, *, flows: bool = True, jobs: bool = True, **choices: Any
) -> Resampling:
    """Classify explicitly resampled data, and hold the engine to it."""
    typology = wm.classify(dataset, **choices)
    result = resample(typology, n, seed, flows=flows, jobs=jobs)
    everywhere = typology.everywhere
    zones = None
    if len(everywhere) > 2000:
        # The whole country takes long, and only the study area's labour markets can matter.
        markets = typology.neighbourhoods["labour_market"]
        zones = everywhere.loc[everywhere["labour_market"].isin(markets), "zone"].unique()
    matrices = drawn_matrix(dataset.flows, n, seed, zones)
    drawn_jobs = RoundedJobs.of(dataset).draw(seed, range(n))
    # Where there are neither jobs nor people there is nothing to draw.
    held = (everywhere["jobs_ratio"].isna() & (everywhere["jobs"] == 0)).to_numpy()
    drawn_jobs[:, held] = 0.0
    for i in range(n):
        again = with_data(
            dataset,
            with_matrix(dataset.flows, matrices[i]) if flows else None,
            drawn_jobs[i] if jobs else None,
        )
        classes = wm.classify(again, **choices).neighbourhoods["labour_market_class"]
        assert [CLASSES[c] for c in result.draws[i]] == classes.tolist()
    return result


# -- agreement with the classification -------------------------------------------------------------

CHOICES: list[dict[str, Any]] = [
    {},
    {"reference": "all", "cut": 1 / 3},
    {"reference": "deprived", "labour_market": "study area", "pez_denominator": "commuters"},
    {"cut_kind": "value", "cut": 0.4, "pez_ratio": 0.5, "deprived_share": 0.4},
    {"pez_denominator": "all residents", "min_flow": 700},
]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_with_nothing_drawn_every_class_is_certain(
    sample: wm.Dataset, choices: dict[str, Any]
) -> None:
    typology = wm.classify(sample, **choices)
    result = resample(typology, 2, flows=False, jobs=False)
    expected = pd.get_dummies(typology.frame["labour_market_class"]).astype(float)
    assert (result.probabilities.to_numpy() == expected.to_numpy()).all()
    assert (result.standard_error.to_numpy() == 0).all()
    assert (result.kept == 1).all()


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_brute_force_on_the_sample(sample: wm.Dataset, choices: dict[str, Any]) -> None:
    result = assert_brute_force_agrees(sample, 3, 11, **choices)
    assert (result.kept < 1).any()


def test_brute_force_on_each_part_alone(sample: wm.Dataset) -> None:
    assert_brute_force_agrees(sample, 2, 5, flows=False)
    assert_brute_force_agrees(sample, 2, 5, jobs=False)


@pytest.mark.parametrize("vintage", [2011, 2021])
def test_brute_force_on_real_tables(vintage: int, request: pytest.FixtureRequest) -> None:
    real: wm.Dataset = request.getfixturevalue(f"real_{vintage}")
    typology = wm.classify(real)
    held = resample(typology, 1, flows=False, jobs=False)
    codes = typology.neighbourhoods["labour_market_class"].cat.codes
    assert (held.draws[0] == codes.to_numpy()).all()
    assert_brute_force_agrees(real, 2, 3)


def test_brute_force_where_jobs_are_unknown() -> None:
    codes, zones = lsoas(12), msoas(7)
    pairs = [(a, b, 15 + 7 * ((3 * i + j) % 9)) for i, a in enumerate(zones)
             for j, b in enumerate(zones)]  # fmt: skip
    # The last zone holds nobody of the table, and one neighbourhood of the second has no jobs.
    table = town(12, zone=[zones[i // 2] for i in range(12)])
    table.loc[codes[3], "jobs"] = np.nan
    table.loc[codes[5], "deprivation_rank"] = 50.0
    table.loc[codes[6], "deprivation_rank"] = np.nan
    table.loc[codes[8], "jobs"] = 0.0
    table.loc[codes[9], "labour_market"] = None
    dataset = own_dataset(table, flows_of(pairs, zones))
    for share in (0.2, 0.26, 0.3, 0.9):
        result = assert_brute_force_agrees(dataset, 12, 2, max_unknown=share, reference="all")
    assert result.probabilities.loc[codes[9], "Insufficient data"] == 1
    seen = resample(wm.classify(dataset, max_unknown=0.3), 200, 1).probabilities
    assert seen["Insufficient data"].between(0.01, 0.99).any()


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.integers(2, 9))
def test_brute_force_on_small_towns(seed: int, size: int) -> None:
    draw = np.random.default_rng(seed)
    codes = lsoas(size + 1)
    pairs = [(a, b, int(people)) for a in codes for b in codes
             if (people := draw.integers(0, 30)) > 0]  # fmt: skip
    table = town(size + 1, jobs=draw.integers(0, 600, size + 1).astype(float))
    assert_brute_force_agrees(own_dataset(table, flows_of(pairs, codes)), 3, 0, min_flow=20)


# -- what is drawn ---------------------------------------------------------------------------------


def test_commuters_are_kept_and_go_where_somebody_goes(sample: wm.Dataset) -> None:
    flows = sample.flows
    for zone in (0, 17, 1679):
        to, people = draw_flows(flows, zone, 50, 1)
        assert (people.sum(axis=1) == flows.commuters.iloc[zone]).all()
        assert set(to) == set(flows.matrix[[zone]].nonzero()[1])
        assert (people >= 0).all()


def test_the_draw_is_a_multinomial() -> None:
    # Destinations on both sides of the line between the two ways of drawing, and fractions.
    published = np.array([400.0, 90.0, 11.0, 10.0, 6.0, 3.0, 1.0, 0.5, 0.5])
    zones = msoas(len(published))
    flows = flows_of([], zones)
    matrix = sparse.csr_array(
        (published, (np.zeros(9, dtype=int), np.arange(9))), shape=(len(zones), len(zones))
    )
    n = 40_000
    _, people = draw_flows(with_matrix(flows, matrix), 0, n, 8)
    total, p = published.sum(), published / published.sum()
    expected = total * (np.diag(p) - np.outer(p, p))
    error = np.sqrt(total * p * (1 - p) / n)
    assert (np.abs(people.mean(axis=0) - published) < 4.5 * error).all()
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert (np.abs(np.cov(people.T) - expected) / scale).max() < 0.03
    # The chance of nobody, exactly: (1 - p) to the power of everybody.
    for cell, chance in enumerate((1 - p) ** total):
        frequency = (people[:, cell] == 0).mean()
        assert abs(frequency - chance) < 4.5 * np.sqrt(chance * (1 - chance) / n) + 1e-12


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(0, 0, 2.5), (5, 2.5, 7.5), (45, 42.5, 47.5), (50, 47.5, 62.5), (75, 62.5, 87.5),
     (250, 237.5, 275), (300, 275, 325), (500, 475, 550), (1000, 950, 1125), (2500, 2375, 2750),
     (5000, 4750, 5500), (386_000, 385_500, 386_500), (1, 0, 3.5)],
)  # fmt: skip
def test_a_count_stands_for_all_that_round_to_it(value: float, low: float, high: float) -> None:
    down, up = rounding_range([value])
    assert (value - down[0], value + up[0]) == (low, high)


def test_the_ranges_of_published_counts_meet_without_gap_or_overlap() -> None:
    values = []
    for (start, step), (end, _) in zip(ROUNDING, [*ROUNDING[1:], (20_000, 0)], strict=True):
        values += list(np.arange(start, end, step))
    down, up = rounding_range(values)
    assert np.allclose((values + up)[:-1], (values - down)[1:])


def test_the_steps_are_those_of_the_file(data_dir: Path) -> None:
    text = (data_dir / "official/jobs/bres2021_lsoa11_nomis_export.csv").read_text("utf-8-sig")
    assert "https://www.nomisweb.co.uk/articles/1103.aspx" in text
    cells = [line.split(",") for line in text.splitlines() if line[:3] in ("E01", "W01")]
    counts = Counter(float(row[column]) for row in cells for column in (1, 3))
    assert len(cells) == 34_753
    for (start, step), (end, _) in zip(ROUNDING, [*ROUNDING[1:], (5e5, 0)], strict=True):
        inside = [value for value in counts if start <= value < end]
        assert all(value % step == 0 for value in inside)
        # No finer: where values are many, every multiple of the step occurs.
        if end <= 5000:
            assert sorted(inside) == list(np.arange(start, end, step))


def test_jobs_are_drawn_evenly_within_their_range() -> None:
    table = town(4, jobs=[50.0, 0.0, 3000.0, np.nan])
    rounded = RoundedJobs.of(own_dataset(table))
    drawn = rounded.draw(1, range(4000))
    assert np.isnan(drawn[:, 3]).all()
    for column, (low, high) in enumerate([(47.5, 62.5), (0, 2.5), (2750, 3250)]):
        values = drawn[:, column]
        assert low <= values.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < values.max() <= high
        assert abs(values.mean() - (low + high) / 2) < 4.5 * (high - low) / np.sqrt(12 * 4000)


def test_the_parts_of_a_split_move_together() -> None:
    old, new = lsoas(6), ["E01033001", "E01033002", "E01033003"]
    codes = [*old[:3], *new]
    links = [(c, c, "U") for c in old[:3]]
    links += [(old[3], new[0], "S"), (old[3], new[1], "S")]
    links += [(old[4], new[2], "M"), (old[5], new[2], "M")]
    crosswalk = pd.DataFrame(links, columns=["lsoa11", "lsoa21", "change"])
    table = pd.DataFrame(
        {"deprivation_rank": np.arange(1.0, 7), "residents": [1000.0] * 3 + [1500, 500, 2000],
         "jobs": [300.0, 10.0, 90.0, 225.0, 75.0, 180.0], "labour_market": "X"},
        index=pd.Index(codes, name="code"),
    )  # fmt: skip
    flows = to_centre(codes, [10 * i for i in range(6)])
    dataset = wm.Dataset(
        squares(codes), with_matrix(flows, flows.matrix), table,
        ranked_areas={"England": 30}, crosswalk=crosswalk,
    )  # fmt: skip
    dataset.vintage = 2021
    drawn = RoundedJobs.of(dataset).draw(1, range(2000))
    # 300 jobs stood in one row of 2011: from 275 to 325 together, three quarters to one quarter.
    assert np.allclose(drawn[:, 3], 3 * drawn[:, 4])
    together = drawn[:, 3] + drawn[:, 4]
    assert 275 <= together.min() < 276
    assert 324 < together.max() <= 325
    # 180 in a merged one: two parts of 90, each 12.5 either way.
    assert 155 <= drawn[:, 5].min() < 160
    assert 200 < drawn[:, 5].max() <= 205
    assert drawn[:, 0].min() >= 275


def test_jobs_of_2021_are_those_of_2011_drawn_and_apportioned(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    earlier, later = RoundedJobs.of(real_2011), RoundedJobs.of(real_2021)
    crosswalk = real_2021.crosswalk
    assert crosswalk is not None
    known = crosswalk[crosswalk["change"].isin(["U", "S"])]
    old = pd.Series(earlier.up, index=real_2011.neighbourhoods.index)
    codes = np.unique(crosswalk["lsoa11"])
    new = pd.Series(later.up, index=codes)
    parents = known["lsoa11"].unique()
    assert len(parents) > 34_000
    assert (old[parents] == new[parents]).all()
    sums = np.asarray(later.shares.sum(axis=0)).ravel()
    assert np.allclose(sums, 1)


# -- what comes out --------------------------------------------------------------------------------


def test_the_page_says_what_the_command_prints(real_2011: wm.Dataset) -> None:
    page = (REPOSITORY / "docs" / "uncertainty.md").read_text(encoding="utf-8")
    result = resample(wm.classify(real_2011), 1000, flows=False)
    row = result.summary().loc["Disconnected"]
    numbers = f"{row['neighbourhoods']:.0f} | {row['low']:.0f} to {row['high']:.0f}"
    assert f"| jobs | {numbers} |" in page
    for start, step in ROUNDING:
        assert f"| {start:,} | {step:,} |" in page
    assert CENSUS in " ".join(page.split())


def test_the_same_seed_gives_the_same_numbers(sample: wm.Dataset) -> None:
    typology = wm.classify(sample)
    first = resample(typology, 70, 4)
    assert (first.draws == resample(typology, 70, 4).draws).all()
    assert (first.draws[:65] == resample(typology, 65, 4).draws).all()
    assert (first.draws != resample(typology, 70, 5).draws).any()


def test_the_numbers_are_these_on_every_machine(sample: wm.Dataset) -> None:
    result = resample(wm.classify(sample), 100, 2011)
    counts = [np.count_nonzero(result.draws == code) for code in range(5)]
    assert counts == EXPECTED_COUNTS


def test_a_study_area_does_not_change_the_numbers_of_its_parts(
    real_2011: wm.Dataset, official: Official
) -> None:
    part = official("Sandwell", 2011)
    whole = resample(wm.classify(real_2011), 20, 1)
    alone = resample(wm.classify(part), 20, 1)
    codes = alone.probabilities.index
    assert (whole.probabilities.loc[codes] == alone.probabilities).all(axis=None)


@pytest.mark.parametrize("vintage", [2011, "sample"])
def test_with_huge_flows_and_jobs_held_everything_is_certain(
    vintage: object, request: pytest.FixtureRequest
) -> None:
    data: wm.Dataset = request.getfixturevalue("sample" if vintage == "sample" else "real_2011")
    flows = data.flows
    huge = wm.Flows(flows.matrix * 1e6, flows.zones, special=flows.special, vintage=flows.vintage)
    people = data.neighbourhoods["residents"]
    typology = wm.classify(with_data(data, huge), pez_denominator="all residents", pez_ratio=0.4)
    assert people.sum() > 0
    result = resample(typology, 5, jobs=False)
    # Neighbourhoods within a hair of the cut stay open whatever the flows: none is that near but
    # those that are the cut itself, whose class hangs on a tie.
    apart = typology.neighbourhoods["distance_to_cut"].abs() > 1e-4
    certain = result.probabilities[apart | typology.neighbourhoods["cut"].isna()]
    assert certain.isin([0.0, 1.0]).all(axis=None)
    assert apart.sum() > 1000


def test_probabilities_add_up_and_carry_their_error(sample: wm.Dataset) -> None:
    result = resample(wm.classify(sample), 64, 9)
    p = result.probabilities
    assert np.allclose(p.sum(axis=1), 1)
    assert np.allclose(result.standard_error, np.sqrt(p * (1 - p) / 64))
    own = [p.loc[code, c] for code, c in result.typology.frame["labour_market_class"].items()]
    assert (result.kept == own).all()
    frame = result.frame
    assert frame["probability_large_number_of_jobs"].equals(
        p["Large number of jobs"].rename("probability_large_number_of_jobs")
    )
    assert frame.columns[-1] == "geometry"
    assert {"standard_error_connected", "kept", "kept_standard_error"} <= set(frame.columns)
    for table in (p, result.standard_error, frame, result.summary()):
        assert table.columns.name == NOTE


def test_the_spread_over_seeds_is_the_standard_error(sample: wm.Dataset) -> None:
    typology = wm.classify(sample)
    runs = [resample(typology, 40, seed) for seed in range(12)]
    p = np.array([run.probabilities["Disconnected"] for run in runs])
    middle = (p.mean(axis=0) > 0.15) & (p.mean(axis=0) < 0.85)
    stated = np.mean([run.standard_error["Disconnected"][middle] ** 2 for run in runs])
    assert middle.sum() >= 15
    assert p[:, middle].var(axis=0, ddof=1).mean() / stated == pytest.approx(40 / 39, rel=0.25)


# -- calibration -----------------------------------------------------------------------------------


def reliability(probability: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Hold stated probabilities against how often the thing was true."""
    bins = pd.cut(probability, [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0], include_lowest=True)
    table = pd.DataFrame({"stated": probability, "true": truth.astype(float)}).groupby(
        bins, observed=True
    )
    return table.mean().assign(count=table.size())


def test_probabilities_are_the_frequencies_of_fresh_draws(sample: wm.Dataset) -> None:
    """The published flows as the truth: draw censuses from it by other means, and classify them."""
    stated = resample(wm.classify(sample), 1000, 1, jobs=False).probabilities["Disconnected"]
    draw = np.random.default_rng(77)
    flows, rows = sample.flows, len(sample.flows)
    home = np.repeat(np.repeat(np.arange(rows), np.diff(flows.matrix.indptr)),
                     flows.matrix.data.astype(int))  # fmt: skip
    work = np.repeat(flows.matrix.indices, flows.matrix.data.astype(int))
    first = np.concatenate([[0], np.cumsum(flows.commuters.to_numpy().astype(int))])[home]
    size = flows.commuters.to_numpy().astype(int)[home]
    rounds = 25
    times = np.zeros(rows)
    for _ in range(rounds):
        # Everybody takes the workplace of somebody of the same zone: a bootstrap person by person.
        whose = first + (draw.random(len(home)) * size).astype(int)
        matrix = sparse.coo_array((np.ones(len(home)), (home, work[whose])), shape=(rows, rows))
        fresh = wm.classify(with_data(sample, with_matrix(flows, matrix)))
        times += (fresh.frame["labour_market_class"] == "Disconnected").to_numpy()
    open_ = stated.between(0.01, 0.99).to_numpy()
    assert open_.sum() > 40
    expected = stated[open_].to_numpy()
    error = np.sqrt(expected * (1 - expected) * (1 / rounds + 1 / 1000))
    z = (times[open_] / rounds - expected) / error
    assert np.abs(z).max() < 4.5
    assert np.sqrt((z**2).mean()) == pytest.approx(1, abs=0.3)
    assert (times[stated.to_numpy() == 1] >= rounds - 2).all()
    assert (times[stated.to_numpy() == 0] <= 2).all()


def test_probabilities_are_calibrated_on_simulated_censuses(sample: wm.Dataset) -> None:
    """The sample as the truth, a census drawn from it, resampled: 80 % is right in 80 %."""
    truth = (wm.classify(sample).frame["labour_market_class"] == "Disconnected").to_numpy()
    flows, stated, true = sample.flows, [], []
    for census, matrix in enumerate(drawn_matrix(flows, 8, 100)):
        typology = wm.classify(with_data(sample, with_matrix(flows, matrix)))
        result = resample(typology, 120, census, jobs=False)
        stated.append(result.probabilities["Disconnected"].to_numpy())
        true.append(truth)
    table = reliability(np.concatenate(stated), np.concatenate(true))
    error = np.sqrt(table["stated"] * (1 - table["stated"]) / table["count"])
    assert len(table) == 7
    # The neighbourhoods of one census share its cut, so that the counts are less than they seem.
    assert ((table["stated"] - table["true"]).abs() < 0.03 + 3 * error).all()
    # It could have failed: the classes themselves, said with certainty, are not calibrated.
    assert table["true"].between(0.1, 0.9).sum() >= 3


# -- other scores, bad input, words ----------------------------------------------------------------


@pytest.mark.parametrize("score", ["shen", "hansen", "cumulative"])
def test_accessibility_does_not_follow_drawn_jobs_and_says_so(
    sample: wm.Dataset, score: str
) -> None:
    typology = wm.classify(sample, connection=score)
    with pytest.raises(wm.InputError, match=r"jobs cannot be drawn under.*jobs=False"):
        resample(typology, 5)
    held = resample(typology, 5, jobs=False)
    assert (held.kept == 1).all()
    assert any("does not come from the flows" in caveat for caveat in held.caveats)


def test_accessibility_is_scored_for_a_part_of_the_country_alone(official: Official) -> None:
    part = official("Wolverhampton", 2011)
    typology = wm.classify(part, connection="cumulative")
    assert len(typology.everywhere) < len(part.neighbourhoods)
    assert (resample(typology, 3, jobs=False).kept == 1).all()


def test_a_score_in_a_column_stays_while_jobs_are_drawn() -> None:
    table = town(12, score=np.arange(12.0), jobs=[10_000.0, *[10.0] * 9, 90.0, 95.0])
    dataset = own_dataset(table)
    result = assert_brute_force_agrees(dataset, 40, 1, connection="score", pez_ratio=0.9)
    jobs_rich = result.probabilities["Large number of jobs"]
    assert 0 < jobs_rich.iloc[10] < jobs_rich.iloc[11] < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, r"n=0: expected resamples, one or more"),
        ({"n": 2.5}, r"n=2\.5"),
        ({"n": True}, "n=True"),
        ({"seed": -1}, "seed=-1: expected a whole number"),
        ({"seed": None}, "seed=None"),
        ({"flows": "yes"}, "flows='yes': expected True or False"),
    ],
    ids=str,
)
def test_arguments_out_of_range_are_refused(
    sample: wm.Dataset, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(wm.InputError, match=message):
        resample(wm.classify(sample), **arguments)


def test_nobody_deprived_and_nobody_commuting() -> None:
    table = town(6, deprivation_rank=np.arange(25.0, 31))
    nobody = resample(wm.classify(own_dataset(table)), 5)
    assert (nobody.probabilities["Not classified"] == 1).all()
    nothing = own_dataset(town(6, jobs=0.0), flows_of([], lsoas(6)))
    empty = resample(wm.classify(nothing, min_flow=0), 5)
    assert (empty.probabilities["Insufficient data"] == 1).all()


def test_it_says_what_is_random_in_a_census(sample: wm.Dataset) -> None:
    result = resample(wm.classify(sample), 30, 1)
    assert CENSUS == (
        "A census is no sample; the resampling stands for record swapping, imputation, and the "
        "accident of one week in one year."
    )
    assert result.caveats[0] == CENSUS
    text = result.summary_text()
    assert CENSUS in text
    assert NOTE in text
    assert NOTE in repr(result)
    assert "flows and jobs" in text
    row = result.summary().loc["Disconnected"]
    assert f"between {row['low']:,.0f} and {row['high']:,.0f} in nine" in text
    assert row["neighbourhoods"] == 292
