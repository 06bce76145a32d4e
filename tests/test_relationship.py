"""Whether two things go together over areas, and whether it could be chance."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from shapely.geometry import box

import wmspatial as wm
from conftest import NOTE, Official
from wmspatial.patterns.contiguity import islands, touching
from wmspatial.patterns.relating import _eigenvectors, _tested


def grid(side: int = 12) -> gpd.GeoDataFrame:
    """Lay squares side by side."""
    shapes = [box(i, j, i + 1, j + 1) for i in range(side) for j in range(side)]
    return gpd.GeoDataFrame({"name": [f"Place {n}" for n in range(side**2)]}, geometry=shapes)


def smooth(weights: np.ndarray, rng: np.random.Generator, size: int, rho: float = 0.95) -> Any:
    """Draw fields in which neighbours are alike."""
    rows = weights / weights.sum(axis=1, keepdims=True)
    return np.linalg.solve(np.eye(len(rows)) - rho * rows, rng.normal(size=(len(rows), size))).T


def test_neighbours_are_those_that_share_a_border_or_a_corner() -> None:
    found = touching(grid(3)).toarray()
    assert found.sum(axis=1).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert (found == found.T).all()
    assert islands(touching(grid(3))) == 0
    apart = pd.concat([grid(2), grid(1).assign(geometry=[box(9, 9, 10, 10)])])
    assert islands(touching(apart)) == 1


def test_random_fields_keep_variance_and_autocorrelation() -> None:
    weights = touching(grid(9)).toarray()
    rng = np.random.default_rng(2)
    field = smooth(weights, rng, 1)[0]
    vectors = _eigenvectors(weights)
    assert vectors.shape == (81, 80)
    assert np.abs(vectors.sum(axis=0)).max() < 1e-9
    centred = field - field.mean()
    drawn = vectors @ (rng.choice([-1.0, 1.0], 80) * (vectors.T @ centred))
    assert drawn @ drawn == pytest.approx(centred @ centred)
    roots = np.sqrt(weights.sum(axis=1))
    scaled = weights / np.outer(roots, roots)
    assert drawn @ scaled @ drawn == pytest.approx(centred @ scaled @ centred)
    assert not np.allclose(np.abs(drawn), np.abs(centred))


@pytest.mark.parametrize("alike", [0.0, 0.8, 0.95])
def test_unrelated_fields_are_called_related_as_rarely_as_stated(alike: float) -> None:
    # The usual test calls unrelated smooth fields related far too often; this one does not.
    weights = touching(grid(12)).toarray()
    rng = np.random.default_rng(8)
    one, other = smooth(weights, rng, 400, alike), smooth(weights, rng, 400, alike)
    vectors = _eigenvectors(weights)
    signs = rng.choice([-1.0, 1.0], size=(199, vectors.shape[1]))
    found = np.array([_tested(x, y, vectors, signs)[1] for x, y in zip(one, other, strict=True)])
    naive = np.array([stats.pearsonr(x, y).pvalue for x, y in zip(one, other, strict=True)])
    if alike:
        assert (naive <= 0.05).mean() > 0.25
    assert 0.02 <= (found <= 0.05).mean() <= 0.09


def test_a_true_relationship_is_found() -> None:
    areas = grid(12)
    rng = np.random.default_rng(1)
    areas["x"] = rng.normal(size=144)
    areas["y"] = 2 * areas["x"] + rng.normal(scale=0.5, size=144) + 10
    found = wm.relationship(areas, "x", "y", n=199)
    assert found.numbers["spearman_p"] == 1 / 200
    assert found.numbers["slope"] == pytest.approx(2, abs=0.15)
    assert found.numbers["intercept"] == pytest.approx(10, abs=0.2)
    assert "y is higher where x is higher" in found.summary_text()


def test_which_way_deprivation_runs_is_said() -> None:
    areas = grid(5).assign(deprivation_rank=range(25), y=range(25, 0, -1))
    found = wm.relationship(areas, "deprivation_rank", "y", n=99)
    said = "y is lower where deprivation rank (1 = most deprived) is higher (Spearman −1.00"
    assert said in found.summary_text()
    own = wm.relationship(areas, "deprivation_rank", "y", n=9, labels={"deprivation_rank": "rank"})
    assert own.words("deprivation_rank") == "rank"


def test_figures_equal_those_of_scipy() -> None:
    areas = wm.load_sample().areas.iloc[:200]
    found = wm.relationship(areas, "residents", "asian", n=9).numbers
    line = stats.linregress(areas["residents"], areas["asian"])
    assert found["slope"] == pytest.approx(line.slope, rel=1e-10)
    assert found["intercept"] == pytest.approx(line.intercept, rel=1e-10)
    assert found["r_squared"] == pytest.approx(line.rvalue**2, rel=1e-10)
    rank = stats.spearmanr(areas["residents"], areas["asian"])
    assert found["spearman"] == pytest.approx(rank.statistic, abs=1e-10)
    assert found["spearman_p_naive"] == pytest.approx(rank.pvalue, rel=1e-10)


def test_extremes_are_the_areas_farthest_from_the_line() -> None:
    areas = grid(5)
    areas["x"] = np.arange(25.0)
    areas["y"] = areas["x"]
    areas.loc[7, "y"] += 9
    areas.loc[11, "y"] -= 8
    found = wm.relationship(areas, "x", "y", n=9, extremes=1)
    assert found.extremes.index.tolist() == [7, 11]
    said = found.chart().text
    assert "Farthest above the line: Place 7. Farthest below it: Place 11." in said


def test_areas_without_a_number_are_counted_and_left_out() -> None:
    areas = grid(5)
    areas["x"] = np.arange(25.0)
    areas["y"] = areas["x"] ** 2
    areas.loc[3, "y"] = np.nan
    found = wm.relationship(areas, "x", "y", n=9)
    assert found.numbers["areas"] == 24
    assert "1 of 25 areas lack one of the numbers and are left out (3)." in found.notes


def test_islands_are_said() -> None:
    areas = pd.concat([grid(4), grid(1).assign(geometry=[box(90, 90, 91, 91)])], ignore_index=True)
    areas["x"] = np.arange(17.0)
    areas["y"] = areas["x"] ** 2
    found = wm.relationship(areas, "x", "y", n=9)
    assert "1 areas touch no other; each is its own pattern." in found.notes


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ("z", "y", "there is no column 'z'"),
        ("name", "y", "'name' holds no numbers"),
        ("x", "x", "x and y are both 'x'"),
        ("same", "y", "'same' is the same in every area"),
    ],
)
def test_bad_input_is_refused(x: str, y: str, said: str) -> None:
    areas = grid(4).assign(x=range(16), y=range(16), same=1.0)
    with pytest.raises(wm.InputError) as error:
        wm.relationship(areas, x, y)
    assert said in str(error.value)


def test_too_few_and_too_many_areas_are_refused() -> None:
    with pytest.raises(wm.InputError, match="4 areas have both numbers; expected 10 or more"):
        wm.relationship(grid(2).assign(x=range(4), y=range(4)), "x", "y")
    many = grid(78).assign(x=range(6084), y=range(6084))
    with pytest.raises(wm.InputError, match="6,084 areas; expected at most 6,000"):
        wm.relationship(many, "x", "y")
    with pytest.raises(wm.InputError, match="n=0"):
        wm.relationship(grid(4).assign(x=range(16), y=range(16)), "x", "y", n=0)


def test_what_has_no_neighbours_or_stands_twice_is_refused() -> None:
    areas = grid(4).assign(x=range(16), y=range(16, 0, -1))
    far = areas.assign(geometry=[box(9 * i, 0, 9 * i + 1, 1) for i in range(16)])
    with pytest.raises(wm.InputError, match="no two of the 16 areas touch"):
        wm.relationship(far, "x", "y", n=9)
    with pytest.raises(wm.InputError, match="a code stands twice"):
        wm.relationship(pd.concat([areas, areas]), "x", "y", n=9)
    for name in ("seed", "extremes"):
        options: Any = {name: -1}
        with pytest.raises(wm.InputError, match=f"{name}=-1: expected"):
            wm.relationship(areas, "x", "y", n=9, **options)
    assert wm.relationship(areas, "x", "y", n=9, extremes=99).extremes.index.is_unique
    assert "Farthest" not in wm.relationship(areas, "x", "y", n=9, extremes=0).chart().text


def test_the_chart_carries_its_words_and_its_mark(tmp_path: Any) -> None:
    areas = wm.load_sample().areas.iloc[:200]
    chart = wm.relationship(areas, "residents", "asian", n=9).chart(title='<b>"Both"</b>')
    svg = chart.to_svg(identifier="one")
    assert svg.startswith('<svg role="img" aria-labelledby="one-title one-words"')
    assert "&lt;b&gt;" in svg
    assert "<b>" not in svg
    assert NOTE in svg
    assert svg == chart.to_svg(identifier="one")
    assert 'id="two-' in chart.to_svg(identifier="two")
    for kind in ("svg", "png", "pdf"):
        assert chart.save(tmp_path / f"chart.{kind}").stat().st_size > 5_000
    with pytest.raises(wm.InputError, match="expected a name ending in"):
        chart.save(tmp_path / "chart.doc")
    with pytest.raises(wm.OutputError, match="cannot be written"):
        chart.save(tmp_path / "no" / "chart.png")
    assert NOTE in repr(chart)


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
def test_birminghams_minorities_live_in_deprived_places_in_both_censuses(
    vintage: int, official: Official
) -> None:
    areas = official("Birmingham", vintage).areas
    areas["minorities"] = 1 - areas["white"] / areas["residents"]
    found = wm.relationship(areas, "minorities", "deprivation_rank", n=199)
    assert found.numbers["spearman"] < -0.4
    assert found.numbers["spearman_p"] <= 0.01
