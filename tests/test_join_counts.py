"""Do neighbourhoods of one class lie side by side: joins against esda, by hand and by chance."""

from __future__ import annotations

import warnings
from itertools import permutations
from typing import Any

import esda
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from shapely.geometry import box

import wmspatial as wm
from conftest import NOTE
from wmspatial.patterns._shuffling import compared, over_shuffles, two_sided
from wmspatial.patterns.contiguity import touching
from wmspatial.patterns.join_counting import _counter, join_counts


def row(kinds: list[Any]) -> gpd.GeoDataFrame:
    """Lay squares of some classes in a row."""
    shapes = [box(i, 0, i + 1, 1) for i in range(len(kinds))]
    return gpd.GeoDataFrame({"kind": kinds}, geometry=shapes)


@pytest.fixture(scope="module")
def made(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


def test_joins_equal_those_of_esda_on_its_own_contiguity(made: wm.Typology) -> None:
    found = join_counts(made)
    frame = made.neighbourhoods
    graph = Graph.build_contiguity(frame, rook=False)
    for name, line in found.table.iterrows():
        black = (frame["labour_market_class"] == name).astype("int64").to_numpy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = esda.Join_Counts(black, graph, permutations=0)
        assert line["joins"] == theirs.bb
        mixed = found.pairs.reset_index()
        touches = (mixed["class"] == name) | (mixed["other"] == name)
        assert mixed.loc[touches, "joins"].sum() == theirs.bw
    assert found.joins == graph.n_edges / 2
    assert found.areas == len(frame)


def test_joins_are_those_counted_by_hand() -> None:
    found = join_counts(row(["B", "B", "W", "W", "B"]), "kind")
    assert found.table["joins"].to_dict() == {"B": 1, "W": 1}
    assert found.pairs["joins"].tolist() == [2]
    # Four joins; of the ten pairs of five places three are of two Bs.
    assert found.table.loc["B", "expected"] == pytest.approx(1.2, abs=1e-10)
    assert found.table.loc["W", "expected"] == pytest.approx(0.4, abs=1e-10)
    assert found.pairs["expected"].tolist() == [pytest.approx(2.4, abs=1e-10)]


def test_what_is_expected_is_the_mean_of_all_orders_there_are() -> None:
    kinds = ["a", "a", "b", "c", "b", "a", "b"]
    found = join_counts(row(kinds), "kind", permutations=20_000)
    every = np.array(list(permutations(kinds)))
    same = every[:, :-1] == every[:, 1:]
    for kind in "abc":
        joins = (same & (every[:, :-1] == kind)).sum(axis=1)
        line = found.table.loc[kind]
        assert line["expected"] == pytest.approx(joins.mean(), abs=1e-10)
        assert line["sd"] == pytest.approx(joins.std(), abs=0.02)
        tails = (joins >= line["joins"]).mean(), (joins <= line["joins"]).mean()
        assert line["p"] == pytest.approx(min(1, 2 * min(tails)), abs=0.015)


def test_classes_without_a_pattern_are_called_patterned_as_rarely_as_stated() -> None:
    shapes = [box(i, j, i + 1, j + 1) for i in range(12) for j in range(12)]
    count = _counter(touching(gpd.GeoDataFrame(geometry=shapes)), 2)
    rng = np.random.default_rng(5)
    called = []
    for _ in range(400):
        kinds = rng.integers(0, 2, size=144)
        drawn = over_shuffles(kinds, count, rng, 199)
        called.append(two_sided(*compared(count(kinds[None, :])[0], drawn), 199)[0, 0])
    # Counts tie, and ties are in both tails, so that the rate is below what is stated.
    assert 0.02 <= np.mean(np.array(called) <= 0.05) <= 0.07


def test_clustered_and_scattered_classes_are_told_from_chance() -> None:
    apart = join_counts(row(["a"] * 15 + ["b"] * 15), "kind")
    assert (apart.table["p"] <= 0.01).all()
    assert "like lies beside like more often than if classes were shuffled" in apart.summary_text()
    turns = join_counts(row(["a", "b"] * 15), "kind")
    assert turns.table["joins"].tolist() == [0, 0]
    assert "like lies beside like less often" in turns.summary_text()


def test_all_of_one_class_is_a_stated_result() -> None:
    found = join_counts(row(["a"] * 6), "kind")
    assert found.table.loc["a", "joins"] == found.table.loc["a", "expected"] == found.joins == 5
    assert found.table[["z", "p"]].isna().all(axis=None)
    assert not len(found.pairs)
    assert (
        "All 6 areas that have a class and a neighbour are of the class “a”: there is nothing to "
        "shuffle."
    ) in found.notes
    assert found.summary_text() == (
        "Over 6 areas all are of one class: there is nothing to hold joins against."
    )
    assert "by chance 5" in found.chart().text


def test_places_without_a_class_and_islands_are_counted() -> None:
    areas = row(["a", "b", "a", None, "Insufficient data", "b", "a", "a"])
    areas.loc[8] = ["b", box(90, 0, 91, 1)]
    found = join_counts(areas, "kind")
    assert found.areas == 6
    assert found.joins == 4
    assert "2 of 9 areas have no value and are left out (3, 4)." in found.notes
    assert any("1 areas touch no other with a value (islands)" in note for note in found.notes)


def test_classes_stand_in_their_order(made: wm.Typology) -> None:
    found = join_counts(made)
    assert found.table.index.tolist() == [
        "Disconnected", "Connected", "Large number of jobs", "Not classified",
    ]  # fmt: skip
    assert found.table["joins"].sum() + found.pairs["joins"].sum() == found.joins
    assert found.table["expected"].sum() + found.pairs["expected"].sum() == pytest.approx(
        found.joins
    )
    assert found.table.columns.name == NOTE
    assert NOTE in repr(found)
    assert found.chart().illustrative


def test_the_same_seed_gives_the_same_numbers(made: wm.Typology) -> None:
    one, same = (join_counts(made, permutations=99, seed=2) for _ in range(2))
    other = join_counts(made, permutations=99, seed=3)
    pd.testing.assert_frame_equal(one.table, same.table)
    pd.testing.assert_frame_equal(one.pairs, same.pairs)
    assert not one.table["sd"].equals(other.table["sd"])


def test_bad_input_is_refused(made: wm.Typology) -> None:
    with pytest.raises(wm.InputError, match="there is no column 'labour_class'"):
        join_counts(made, "labour_class")
    with pytest.raises(wm.InputError, match="has 1,612 classes; expected 50 or fewer"):
        join_counts(made, "connection_score")
    with pytest.raises(wm.InputError, match="permutations=1"):
        join_counts(made, permutations=1)
    with pytest.raises(wm.InputError, match="0 areas have a value and a neighbour"):
        join_counts(row([None] * 6), "kind")


@pytest.mark.xdist_group("official")
def test_disconnected_neighbourhoods_lie_side_by_side(real_2011: wm.Dataset) -> None:
    found = join_counts(wm.classify(real_2011))
    line = found.table.loc["Disconnected"]
    assert line["joins"] > 1.5 * line["expected"]
    assert line["p"] == 0.002
    assert any("share one connection score" in note for note in found.notes)
