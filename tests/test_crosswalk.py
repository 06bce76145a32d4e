"""Counts cross from LSOAs of 2011 to those of 2021 without loss; labels follow the people."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from wmspatial.geography.crosswalk import apportion_counts, largest_part

if TYPE_CHECKING:
    from pathlib import Path

OLD = [f"E0100000{i}" for i in range(6)]
NEW = [f"E0103400{i}" for i in range(6)]
LINKS = st.sets(st.tuples(st.sampled_from(OLD), st.sampled_from(NEW)), min_size=1, max_size=16)
PEOPLE = st.fixed_dictionaries({code: st.integers(0, 3_000) for code in NEW})
COUNTS = st.fixed_dictionaries({code: st.integers(0, 50_000) for code in OLD})


def crosswalk_of(links: set[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(sorted(links), columns=["lsoa11", "lsoa21"])


def series(values: dict[str, int], codes: set[str]) -> pd.Series:
    return pd.Series({c: float(n) for c, n in values.items() if c in codes}, name="jobs")


@given(LINKS, PEOPLE, COUNTS)
def test_splits_merges_and_irregular_changes_keep_the_total(
    links: set[tuple[str, str]], people: dict[str, int], counts: dict[str, int]
) -> None:
    jobs = series(counts, {old for old, _ in links})
    moved = apportion_counts(jobs, crosswalk_of(links), pd.Series(people))
    assert set(moved.index) == {new for _, new in links}
    assert moved.sum() == pytest.approx(jobs.sum(), rel=1e-12)


@given(LINKS, PEOPLE, COUNTS)
def test_each_part_gets_its_residents_share(
    links: set[tuple[str, str]], people: dict[str, int], counts: dict[str, int]
) -> None:
    jobs = series(counts, {old for old, _ in links})
    moved = apportion_counts(jobs, crosswalk_of(links), pd.Series(people))
    expected: dict[str, Fraction] = defaultdict(Fraction)
    for old in jobs.index:
        parts = [new for was, new in links if was == old]
        whole = sum(people[new] for new in parts)
        for new in parts:
            share = Fraction(people[new], whole) if whole else Fraction(1, len(parts))
            expected[new] += counts[old] * share
    for new, value in expected.items():
        assert moved[new] == pytest.approx(float(value), rel=1e-12, abs=1e-12)


@given(COUNTS, PEOPLE)
def test_unchanged_areas_keep_their_counts(counts: dict[str, int], people: dict[str, int]) -> None:
    links = pd.DataFrame({"lsoa11": OLD, "lsoa21": NEW})
    moved = apportion_counts(pd.Series(counts, name="jobs"), links, pd.Series(people))
    assert moved[NEW].tolist() == [float(counts[code]) for code in OLD]


def test_where_nobody_lives_in_any_part_the_parts_are_equal() -> None:
    links = pd.DataFrame({"lsoa11": ["a", "a"], "lsoa21": ["b", "c"]})
    moved = apportion_counts(pd.Series({"a": 9.0}), links, pd.Series({"b": 0, "c": 0}))
    assert moved.to_dict() == {"b": 4.5, "c": 4.5}


def test_a_part_without_residents_gets_nothing() -> None:
    links = pd.DataFrame({"lsoa11": ["a", "a"], "lsoa21": ["b", "c"]})
    moved = apportion_counts(pd.Series({"a": 9.0}), links, pd.Series({"b": 0, "c": 7}))
    assert moved.to_dict() == {"b": 0.0, "c": 9.0}


def test_what_rests_on_a_missing_count_is_missing() -> None:
    links = pd.DataFrame({"lsoa11": ["a", "b", "c"], "lsoa21": ["x", "x", "y"]})
    moved = apportion_counts(pd.Series({"a": 9.0, "c": 1.0}), links, pd.Series({"x": 5, "y": 5}))
    assert np.isnan(moved["x"])
    assert moved["y"] == 1.0


def test_a_count_that_the_crosswalk_does_not_know_is_refused() -> None:
    links = pd.DataFrame({"lsoa11": ["a"], "lsoa21": ["b"]})
    with pytest.raises(wm.InputError, match=r"1 areas with 40 counted are not in .*\(z\)"):
        apportion_counts(pd.Series({"a": 1.0, "z": 40.0}), links, pd.Series({"b": 5}))


def test_residents_of_every_part_are_needed() -> None:
    links = pd.DataFrame({"lsoa11": ["a", "a"], "lsoa21": ["b", "c"]})
    with pytest.raises(wm.InputError, match=r"1 LSOAs of 2021 have no count of residents .*\(c\)"):
        apportion_counts(pd.Series({"a": 1.0}), links, pd.Series({"b": 5}))


@given(LINKS, st.fixed_dictionaries({code: st.integers(0, 4) for code in OLD}))
def test_a_label_follows_the_part_with_most_people(
    links: set[tuple[str, str]], people: dict[str, int]
) -> None:
    labels = pd.DataFrame({"market": {old: f"market of {old}" for old in OLD}})
    found = largest_part(labels, crosswalk_of(links), pd.Series(people))
    for new in {new for _, new in links}:
        parts = sorted(old for old, to in links if to == new)
        most = max(people[old] for old in parts)
        winner = next(old for old in parts if people[old] == most)
        assert found.loc[new, "market"] == f"market of {winner}"


# -- the official lookup ---------------------------------------------------------------------------

pytest_official = pytest.mark.xdist_group("official")
LOOKUP = (
    "official/lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_for_"
    "England_and_Wales.csv"
)


@pytest_official
def test_all_jobs_of_2011_lsoas_reach_2021_lsoas(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    before = real_2011.neighbourhoods["jobs"]
    after = real_2021.neighbourhoods["jobs"]
    assert before.notna().all()
    assert after.notna().all()
    assert round(after.sum()) == before.sum()
    assert abs(after.sum() - before.sum()) < 1e-3
    assert any("28,282,435 of 28,282,435 jobs kept" in line for line in real_2021.report)


@pytest_official
def test_unchanged_lsoas_have_the_same_jobs_in_both(
    data_dir: Path, real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    lookup = pd.read_csv(data_dir / LOOKUP, encoding="utf-8-sig")
    same = lookup[lookup["CHGIND"] == "U"]
    assert len(same) == 33_647
    pd.testing.assert_series_equal(
        real_2011.neighbourhoods["jobs"].loc[same["LSOA11CD"]].reset_index(drop=True),
        real_2021.neighbourhoods["jobs"].loc[same["LSOA21CD"]].reset_index(drop=True),
    )


@pytest_official
def test_a_merged_lsoa_is_in_the_travel_to_work_area_of_its_larger_part(
    data_dir: Path, real_2021: wm.Dataset
) -> None:
    lookup = pd.read_csv(data_dir / LOOKUP, encoding="utf-8-sig")
    people = (
        pd.read_parquet(data_dir / "england_wales_2011/ethnicity2011_lsoa11.parquet")
        .astype({"LSOA11CD": "str"})
        .set_index("LSOA11CD")[["White", "Mixed", "Asian", "Black", "Other"]]
        .sum(axis=1)
    )
    markets = pd.read_csv(
        data_dir / "official/lookups/LSOA11_TTWA11_UK.csv", encoding="utf-8-sig"
    ).set_index("LSOA11CD")["TTWA11CD"]
    parts: dict[str, list[str]] = defaultdict(list)
    for old, new in zip(lookup["LSOA11CD"], lookup["LSOA21CD"], strict=True):
        parts[new].append(old)
    merged = {new: olds for new, olds in parts.items() if len(olds) > 1}
    assert len(merged) > 100
    for new, olds in parts.items():
        largest = max(sorted(olds), key=lambda old: people[old])
        assert real_2021.neighbourhoods.loc[new, "labour_market"] == markets[largest], new


@pytest_official
def test_every_neighbourhood_has_a_travel_to_work_area(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    for dataset in (real_2011, real_2021):
        assert dataset.neighbourhoods["labour_market"].notna().all()
