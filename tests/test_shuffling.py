"""Shuffled maps: p-values against all orders there are, and the rate of false alarms."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from test_autocorrelation import patterned, row, squares
from wmspatial.patterns._neighbouring import by_row
from wmspatial.patterns._shuffling import (
    compared,
    draw_others,
    local_p,
    moran_of_rows,
    over_shuffles,
    two_sided,
)
from wmspatial.patterns.autocorrelating import autocorrelation
from wmspatial.patterns.contiguity import touching


def test_morans_p_is_that_of_all_orders_there_are() -> None:
    areas = row([1.0, 2.0, 4.0, 3.0, 9.0, 6.0])
    y = areas["y"].to_numpy()
    z = (y - y.mean()) / y.std()
    weights = by_row(touching(areas))
    every = moran_of_rows(weights)(np.array(list(permutations(z))))
    assert len(every) == 720
    here = z @ (weights @ z) / 6
    tails = (every >= here - 1e-9).mean(), (every <= here + 1e-9).mean()
    result = autocorrelation(areas, "y", permutations=20_000)
    assert result.moran["p"] == pytest.approx(min(1, 2 * min(tails)), abs=0.01)
    assert result.moran["mean"] == pytest.approx(every.mean(), abs=0.005)


@pytest.mark.parametrize("shape", ["normal", "skewed"])
def test_fields_without_a_pattern_are_called_patterned_as_rarely_as_stated(shape: str) -> None:
    areas = squares(9)
    links = touching(areas)
    weights, degrees = by_row(links), np.diff(links.indptr)
    rng = np.random.default_rng(11)
    whole, one_tail, local, alarms = [], [], [], []
    for _ in range(600):
        y = rng.normal(size=81) if shape == "normal" else rng.lognormal(sigma=1.5, size=81)
        z = (y - y.mean()) / y.std()
        figure = moran_of_rows(weights)
        drawn = over_shuffles(z, figure, rng, 199)
        here = figure(z[None, :])[0]
        whole.append(float(two_sided(*compared(here, drawn), 199)))
        above = int((drawn >= here).sum())
        one_tail.append((1 + min(above, 199 - above)) / 200)
        p = local_p(z, links @ z, degrees, draw_others(81, int(degrees.max()), rng, 3999))
        local.append((p <= 0.05).mean())
        alarms.append((np.sort(p) <= 0.05 * np.arange(1, 82) / 81).any())
    assert 0.03 <= np.mean(np.array(whole) <= 0.05) <= 0.072
    assert 0.07 <= np.mean(np.array(whole) <= 0.10) <= 0.13
    # The tail chosen after the fact, as esda has it, is wrong twice as often as it says.
    assert np.mean(np.array(one_tail) <= 0.05) > 0.075
    assert 0.04 <= np.mean(local) <= 0.06
    assert np.mean(alarms) <= 0.072


def test_local_p_is_that_of_drawing_for_each_area_alone() -> None:
    areas = squares(5)
    links = touching(areas)
    degrees = np.diff(links.indptr)
    rng = np.random.default_rng(4)
    for values in (rng.normal(size=25), rng.integers(0, 3, size=25) + 0.1):
        z = (values - values.mean()) / values.std()
        draws = draw_others(25, 8, rng, 299)
        slow = []
        for i in range(25):
            others = np.array([[j for j in draw if j != i][: degrees[i]] for draw in draws])
            sums, here = z[others].sum(axis=1), (links @ z)[i]
            tails = (sums >= here - 1e-9).sum(), (sums <= here + 1e-9).sum()
            slow.append(min(1.0, 2 * (1 + min(tails)) / 300))
        np.testing.assert_allclose(local_p(z, links @ z, degrees, draws), slow, atol=1e-12)


def test_local_p_is_that_of_all_choices_of_neighbours_there_are() -> None:
    areas = row([5.0, 1.0, 2.0, 8.0, 3.0, 9.0, 9.5, 7.0])
    y = areas["y"].to_numpy()
    result = autocorrelation(areas, "y", local_permutations=50_000)
    others = np.delete(y, 5)
    means = np.array([np.mean(pair) for pair in combinations(others, 2)])
    here = result.local["neighbours"].iloc[5]
    tails = (means >= here - 1e-9).mean(), (means <= here + 1e-9).mean()
    assert result.local["p"].iloc[5] == pytest.approx(2 * min(tails), abs=0.015)


def test_an_area_at_the_mean_is_not_called_significant() -> None:
    # Its local I is 0 whatever stands beside it; counting ties on one side only would make it p
    # smallest of all.
    values = [4.0, 6.0, 10.0, 5.0, 10.0, 4.0, 3.0, 2.0, 4.0, 2.0]
    assert np.mean(values) == 5.0
    result = autocorrelation(row(values), "y")
    assert result.local["local_i"].iloc[3] == pytest.approx(0.0, abs=1e-12)
    assert result.local["p"].iloc[3] == 1.0


def test_a_column_of_few_values_has_its_ties_on_both_sides() -> None:
    result = autocorrelation(row([0.0] * 11 + [1.0]), "y", permutations=999)
    assert result.local["p"].iloc[3] == 1.0
    assert not result.local["significant"].any()


@pytest.mark.parametrize(("n", "most"), [(6, 5), (30, 8), (5000, 9)])
def test_draws_are_even_and_of_different_places(n: int, most: int) -> None:
    draws = draw_others(n, most, np.random.default_rng(0), 6000)
    assert draws.shape == (6000, most + 1)
    ordered = np.sort(draws, axis=1)
    assert (ordered[:, 1:] > ordered[:, :-1]).all()
    for column in (0, most):
        tenths = np.bincount(draws[:, column] * 5 // n, minlength=5) / 6000
        assert np.abs(tenths - np.bincount(np.arange(n) * 5 // n) / n).max() < 0.03


def test_what_too_few_permutations_cannot_tell_is_said() -> None:
    areas = patterned()
    result = autocorrelation(areas, "y", local_permutations=39)
    assert not result.local["significant"].any()
    assert (
        "With 39 local permutations no local p-value is below 0.05: after false discovery control "
        "fewer than 64 areas that stand out cannot be told from chance. local_permutations=2,559 "
        "could tell a single one."
    ) in result.notes
    assert "No single place can be told from chance" in result.summary_text()
    none = autocorrelation(areas, "y", local_permutations=19)
    assert any("none can be called significant" in note for note in none.notes)
    enough = autocorrelation(areas, "y", local_permutations=2559)
    assert enough.local["significant"].any()
    assert not any("no local p-value" in note for note in enough.notes)
    flat = areas.assign(y=np.random.default_rng(0).normal(size=64))
    fine = autocorrelation(flat, "y", local_permutations=2559)
    assert not fine.local["significant"].any()
    assert not any("no local p-value" in note for note in fine.notes)
