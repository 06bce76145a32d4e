"""How unevenly groups live: against PySAL's segregation, textbook cases and plain loops."""

from __future__ import annotations

import warnings
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

import wmspatial as wm

GROUPS = ["white", "mixed", "asian", "black", "other"]


@pytest.fixture(scope="module")
def theirs() -> None:
    """Import PySAL's segregation, whose own imports warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("segregation")


def made_up(rows: int = 60, groups: int = 3, seed: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        rng.integers(0, 400, size=(rows, groups)), columns=list("abcdefg"[:groups])
    )
    table["authority"] = np.where(np.arange(rows) % 2, "North", "South")
    return table


@pytest.mark.usefixtures("theirs")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_indices_equal_those_of_pysal(seed: int) -> None:
    table = made_up(seed=seed)
    groups = ["a", "b", "c"]
    frame = gpd.GeoDataFrame(
        table.assign(total=table[groups].sum(axis=1)), geometry=[Point(i, 0) for i in table.index]
    )
    found = wm.segregation(table, groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from segregation.multigroup import MultiInfoTheory
        from segregation.singlegroup import Dissim, Interaction, Isolation

        for name in groups:
            row = found.groups.loc[("All", name)]
            args = (frame, name, "total")
            assert row["dissimilarity"] == pytest.approx(Dissim(*args).statistic, abs=1e-10)
            assert row["isolation"] == pytest.approx(Isolation(*args).statistic, abs=1e-10)
            others = [g for g in groups if g != name]
            to_others = found.exposure.loc[("All", name), others].sum()
            assert to_others == pytest.approx(Interaction(*args).statistic, abs=1e-10)
        entropy = MultiInfoTheory(frame, groups).statistic
    assert found.areas.loc["All", "entropy_index"] == pytest.approx(entropy, abs=1e-10)


def test_a_textbook_case() -> None:
    # Four tracts; by hand: D = 1/2 (|.4-.1| + |.3-.2| + |.2-.3| + |.1-.4|) = 0.4.
    table = pd.DataFrame({"x": [40, 30, 20, 10], "y": [10, 20, 30, 40]})
    found = wm.segregation(table, ["x", "y"])
    assert found.groups.loc[("All", "x"), "dissimilarity"] == pytest.approx(0.4, abs=1e-12)
    # xPx = .4*.8 + .3*.6 + .2*.4 + .1*.2 = 0.6, and xPy the rest.
    assert found.groups.loc[("All", "x"), "isolation"] == pytest.approx(0.6, abs=1e-12)
    assert found.exposure.loc[("All", "x"), "y"] == pytest.approx(0.4, abs=1e-12)


def test_two_groups_wholly_apart_and_wholly_mixed() -> None:
    apart = wm.segregation(pd.DataFrame({"a": [10, 0], "b": [0, 30]}), ["a", "b"])
    assert apart.groups["dissimilarity"].tolist() == [1, 1]
    assert apart.areas["entropy_index"].tolist() == [1]
    mixed = wm.segregation(pd.DataFrame({"a": [10, 20], "b": [30, 60]}), ["a", "b"])
    assert mixed.groups["dissimilarity"].abs().max() < 1e-12
    assert abs(mixed.areas.loc["All", "entropy_index"]) < 1e-12
    assert mixed.groups.loc[("All", "a"), "isolation"] == pytest.approx(0.25)


counts = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)),
    min_size=2, max_size=12,
).filter(lambda rows: all(sum(r[i] for r in rows) > 0 for i in range(3)))  # fmt: skip


@given(counts)
def test_indices_stay_in_their_ranges_and_exposures_add_up(rows: list[tuple[int, ...]]) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    found = wm.segregation(table, ["a", "b", "c"])
    assert found.groups["dissimilarity"].between(0, 1 + 1e-12).all()
    assert found.groups["isolation"].between(0, 1 + 1e-12).all()
    assert found.exposure.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert -1e-9 <= found.areas.loc["All", "entropy_index"] <= 1 + 1e-9


@given(counts, st.integers(2, 5))
def test_scale_does_not_matter(rows: list[tuple[int, ...]], times: int) -> None:
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    one, many = (wm.segregation(t, ["a", "b", "c"]) for t in (table, table * times))
    pd.testing.assert_series_equal(one.groups["dissimilarity"], many.groups["dissimilarity"])


def test_an_area_alone_has_the_figures_of_its_own_neighbourhoods() -> None:
    table = made_up()
    found = wm.segregation(table, ["a", "b"], by="authority")
    north = wm.segregation(table[table["authority"] == "North"], ["a", "b"])
    for name in ("a", "b"):
        assert found.groups.loc[("North", name)].tolist() == pytest.approx(
            north.groups.loc[("All", name)].tolist()
        )
    assert found.areas["people"].loc[["North", "South"]].sum() == found.areas.loc["All", "people"]


def test_a_group_with_nobody_there_is_missing_and_never_nought() -> None:
    table = pd.DataFrame({"a": [1, 2, 0], "b": [3, 4, 5], "place": ["x", "x", "y"]})
    found = wm.segregation(table, ["a", "b"], by="place")
    assert np.isnan(found.groups.loc[("y", "a"), "dissimilarity"])
    assert np.isnan(found.areas.loc["y", "entropy_index"])


def test_location_quotients_average_to_one() -> None:
    table = made_up()
    groups = ["a", "b", "c"]
    quotients = wm.location_quotient(table, groups)
    people = table[groups].sum(axis=1)
    average = quotients.mul(people, axis=0).sum() / people.sum()
    assert average.to_numpy() == pytest.approx(1.0)


def test_the_mismatch_between_homes_and_jobs() -> None:
    table = made_up().assign(jobs=range(60))
    found = wm.spatial_mismatch(table, ["a", "b"], by="authority")
    share_jobs, share_a = table["jobs"] / table["jobs"].sum(), table["a"] / table["a"].sum()
    by_hand = 0.0
    for i in range(60):
        by_hand += abs(share_a[i] - share_jobs[i])
    assert found.loc["All", "a"] == pytest.approx(by_hand / 2, abs=1e-12)
    assert found.index.tolist() == ["All", "North", "South"]
    as_jobs = table.assign(a=table["jobs"] * 3)
    assert wm.spatial_mismatch(as_jobs, ["a"]).loc["All", "a"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("table", "groups", "said"),
    [
        ({"a": [1], "b": [2]}, ["a", "c"], "there is no column 'c'"),
        ({"a": [1], "b": [2]}, ["a"], "needs two groups or more"),
        ({"a": [1], "b": [2]}, ["a", "a"], "a stands twice"),
        ({"a": [1], "b": [-2]}, ["a", "b"], "'b' is missing, negative or no number in 1 of 1"),
        ({"a": [1], "b": ["x"]}, ["a", "b"], "'b' is missing, negative or no number in 1 of 1"),
        ({"a": [1], "b": [np.inf]}, ["a", "b"], "'b' is missing, negative or no number in 1 of 1"),
    ],
)
def test_bad_input_is_refused(table: dict[str, Any], groups: list[str], said: str) -> None:
    with pytest.raises(wm.InputError) as error:
        wm.segregation(pd.DataFrame(table), groups)
    assert said in str(error.value)


def test_a_quotient_of_one_group_is_refused() -> None:
    with pytest.raises(wm.InputError, match="a location quotient needs two groups or more"):
        wm.location_quotient(made_up(), ["a"])
    for index in (wm.segregation, wm.location_quotient, wm.spatial_mismatch):
        with pytest.raises(wm.InputError, match="groups='ab': expected a list of columns"):
            index(made_up(), "ab")
        with pytest.raises(wm.InputError, match="groups: there is none"):
            index(made_up().assign(jobs=1), [])
        with pytest.raises(wm.InputError, match="table: expected a DataFrame"):
            index(None, ["a", "b"])  # type: ignore[arg-type]


def test_areas_may_be_called_by_numbers() -> None:
    table = made_up().assign(place=np.arange(60) % 2)
    by_number = wm.segregation(table, ["a", "b"], by="place").areas
    by_name = wm.segregation(table, ["a", "b"], by="authority").areas
    assert by_number.loc[["0", "1"]].to_numpy() == pytest.approx(
        by_name.loc[["South", "North"]].to_numpy()
    )
    with pytest.raises(wm.InputError, match="an area is called 'All'"):
        wm.spatial_mismatch(table.assign(jobs=1, place="All"), ["a"], by="place")


def test_an_area_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(wm.InputError, match="by='authorty': there is no such column"):
        wm.segregation(made_up(), ["a", "b"], by="authorty")


@pytest.mark.xdist_group("official")
def test_birmingham_is_more_segregated_than_dudley_in_official_data(real_2021: wm.Dataset) -> None:
    found = wm.segregation(real_2021.areas, GROUPS, by="authority")
    assert found.areas.loc["All", "people"] == 2_919_639
    uneven = found.areas["entropy_index"]
    assert uneven["Birmingham"] > uneven["Dudley"]
    assert not found.notes
