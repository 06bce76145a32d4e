"""What stands when the open choices of the method change."""

import html
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import wmspatial as wm
from conftest import Official
from wmspatial.typology.sensitivity import DEFAULT_GRID, Sensitivity


@pytest.fixture(scope="module")
def typology() -> wm.Typology:
    return wm.classify(wm.load_sample())


@pytest.fixture(scope="module")
def result(typology: wm.Typology) -> Sensitivity:
    return typology.sensitivity()


def test_the_default_grid_is_the_72_scenarios_of_the_method(result: Sensitivity) -> None:
    assert len(result.scenarios) == 72
    assert not result.scenarios[list(DEFAULT_GRID)].duplicated().any()


def test_every_scenario_is_what_classify_makes_of_it(
    typology: wm.Typology, result: Sensitivity
) -> None:
    together = np.zeros(len(typology.frame))
    disconnected = np.zeros(len(typology.frame))
    for place, picked in enumerate(product(*DEFAULT_GRID.values())):
        changes = {}
        for choice, value in zip(DEFAULT_GRID, picked, strict=True):
            changes |= value if isinstance(value, dict) else {choice: value}
        frame = wm.classify(typology.dataset, **changes).frame
        classes = frame["labour_market_class"].astype("str")
        together += (classes == typology.frame["labour_market_class"].astype("str")).to_numpy()
        disconnected += (classes == "Disconnected").to_numpy()
        assert result.scenarios.loc[place, "Disconnected"] == (classes == "Disconnected").sum()
    assert result.frame["share_same_class"].to_numpy() == pytest.approx(together / 72)
    assert result.frame["share_disconnected"].to_numpy() == pytest.approx(disconnected / 72)
    assert list(result.always_disconnected) == list(typology.frame.index[disconnected == 72])


def test_counts_of_a_scenario_add_up_to_all_neighbourhoods(result: Sensitivity) -> None:
    totals = result.scenarios[list(wm.classify(wm.load_sample()).summary().columns[:-1])]
    assert (totals.sum(axis=1) == len(result.frame)).all()


def test_shares_of_variance_add_up_and_one_choice_alone_has_it_all(
    typology: wm.Typology, result: Sensitivity
) -> None:
    shares = result.importance["Disconnected"]
    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()
    alone = typology.sensitivity({"cut": [0.2, 0.4, 0.6]})
    assert alone.importance.loc["cut", "Disconnected"] == pytest.approx(1)
    assert alone.importance.loc["cut", "Large number of jobs"] == 0


def test_a_grid_of_the_typology_itself_changes_nothing(typology: wm.Typology) -> None:
    same = typology.sensitivity({"cut": [0.5]})
    assert (same.frame["share_same_class"] == 1).all()
    ours = typology.frame["labour_market_class"] == "Disconnected"
    assert (same.frame["always_disconnected"] == ours).all()


def test_parameters_the_grid_does_not_name_are_kept(typology: wm.Typology) -> None:
    other = wm.classify(typology.dataset, deprived_share=0.1)
    scenarios = other.sensitivity({"cut": [0.5]}).scenarios
    assert scenarios["Not classified"].iloc[0] == other.summary().loc["All", "Not classified"]


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({}, "a choice has no alternative"),
        ({"cut": []}, "a choice has no alternative"),
        ({"cut": [0.5, 0.5]}, "the same alternative twice"),
        ({"cutt": [0.5]}, "no parameter cutt"),
        ({"cut": [1.5]}, "expected a quantile from 0 to 1"),
        ({"cut": list(np.linspace(0.001, 1, 5001))}, "at most 5,000"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused(
    typology: wm.Typology, grid: dict[str, list[float]], said: str
) -> None:
    with pytest.raises(wm.InputError, match=said):
        typology.sensitivity(grid)


def test_the_chart_says_that_it_is_illustrative_and_has_a_text(
    result: Sensitivity, tmp_path: Path
) -> None:
    chart = result.chart()
    drawn = chart.save(tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert "Illustrative data, not statistics" in chart.figure.get_suptitle()
    assert html.escape(chart.text) in drawn
    text = result.chart_text()
    table = result.table()
    assert text.count(":") >= len(table)
    assert f"median {table['median'].iloc[0]:,.0f}" in text
    assert text.endswith("(Illustrative data, not statistics.)")


def test_the_official_data_of_the_west_midlands_bear_a_list_to_rest_on(official: Official) -> None:
    typology = wm.classify(official("wmca", 2011))
    result = typology.sensitivity()
    first = result.scenarios.iloc[0]
    assert (first["Disconnected"], first["Connected"]) == (272, 278)
    fixed = result.always_disconnected
    assert 0 < len(fixed) < 272
    assert (typology.frame.loc[fixed, "labour_market_class"] == "Disconnected").all()
    assert f"{len(fixed)} of the" in result.summary_text()
