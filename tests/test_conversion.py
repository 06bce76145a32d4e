"""A table crosses from one census's areas to another's: nobody lost, nothing guessed."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wmspatial as wm
from wmspatial.geography.conversion import convert
from wmspatial.geography.crosswalk import apportion_counts

OLD = [f"E0100000{i}" for i in range(6)]
NEW = [f"E0103400{i}" for i in range(6)]
Links = set[tuple[str, str]]
LINKS = st.sets(st.tuples(st.sampled_from(OLD), st.sampled_from(NEW)), min_size=1, max_size=16)
PEOPLE = st.fixed_dictionaries({code: st.integers(0, 3_000) for code in NEW})
COUNTS = st.fixed_dictionaries({code: st.integers(0, 50_000) for code in OLD})
FEWER = settings(max_examples=20)
RATES = st.fixed_dictionaries({code: st.integers(0, 100) for code in OLD})


def lookup_of(links: Links) -> pd.DataFrame:
    return pd.DataFrame(sorted(links), columns=["lsoa11", "lsoa21"])


def table_of(links: Links, **columns: dict[str, Any]) -> pd.DataFrame:
    rows = sorted({old for old, _ in links})
    return pd.DataFrame({name: [of[r] for r in rows] for name, of in columns.items()}, index=rows)


def shares(links: Links, people: dict[str, int]) -> dict[tuple[str, str], Fraction]:
    found = {}
    for old, new in links:
        parts = [n for o, n in links if o == old]
        whole = sum(people[n] for n in parts)
        found[old, new] = Fraction(people[new], whole) if whole else Fraction(1, len(parts))
    return found


# -- counts ----------------------------------------------------------------------------------------


@FEWER
@given(LINKS, PEOPLE, COUNTS)
def test_counts_are_those_of_a_loop_over_the_pairs(
    links: Links, people: dict[str, int], counts: dict[str, int]
) -> None:
    moved = convert(table_of(links, n=counts), lookup_of(links), to=2021, counts=["n"],
                    weights=pd.Series(people))  # fmt: skip
    expected: dict[str, Fraction] = defaultdict(Fraction)
    for (old, new), share in shares(links, people).items():
        expected[new] += counts[old] * share
    assert moved["n"].to_dict() == pytest.approx({k: float(v) for k, v in expected.items()})
    assert list(moved.index) == sorted(expected)


@FEWER
@given(LINKS, PEOPLE, COUNTS)
def test_counts_are_those_of_the_crosswalk_that_the_typology_uses(
    links: Links, people: dict[str, int], counts: dict[str, int]
) -> None:
    table = table_of(links, n=counts)
    moved = convert(table, lookup_of(links), to=2021, counts=["n"], weights=pd.Series(people))
    same = apportion_counts(table["n"].astype("float64"), lookup_of(links), pd.Series(people))
    np.testing.assert_allclose(moved["n"], same.reindex(moved.index), rtol=1e-12)


@FEWER
@given(LINKS, PEOPLE, COUNTS)
def test_whole_people_keep_the_total_of_every_old_area(
    links: Links, people: dict[str, int], counts: dict[str, int]
) -> None:
    moved = convert(table_of(links, n=counts), lookup_of(links), to=2021, counts=["n"],
                    weights=pd.Series(people), whole=True)  # fmt: skip
    expected: dict[str, int] = defaultdict(int)
    for old in {o for o, _ in links}:
        parts = {n: counts[old] * s for (o, n), s in shares(links, people).items() if o == old}
        short = counts[old] - sum(int(p) for p in parts.values())
        first = sorted(parts, key=lambda n: (-(parts[n] - int(parts[n])), n))[:short]
        for new, part in parts.items():
            expected[new] += int(part) + (new in first)
    assert moved["n"].to_dict() == expected
    assert moved["n"].sum() == sum(counts[old] for old in {o for o, _ in links})


@FEWER
@given(LINKS, PEOPLE, COUNTS)
def test_there_and_back_keeps_the_total_to_the_last_person(
    links: Links, people: dict[str, int], counts: dict[str, int]
) -> None:
    table, lookup = table_of(links, n=counts), lookup_of(links)
    there = convert(table, lookup, to=2021, counts=["n"], weights=pd.Series(people), whole=True)
    back = convert(there, lookup, to=2011, counts=["n"], weights=pd.Series(counts), whole=True)
    assert list(back.index) == list(table.index)
    assert back["n"].sum() == there["n"].sum() == table["n"].sum()
    assert (there.attrs["vintage"], back.attrs["vintage"]) == (2021, 2011)
    assert back.attrs["report"][: len(there.attrs["report"])] == there.attrs["report"]


@FEWER
@given(COUNTS)
def test_unchanged_areas_keep_what_they_have(counts: dict[str, int]) -> None:
    links = {(code, code) for code in OLD}
    table = table_of(links, n=counts, rank=counts, name={c: f"of {c}" for c in OLD})
    lookup = lookup_of(links).assign(change="U")
    moved = convert(table, lookup, to=2021, counts=["n"], ranks=["rank"], labels=["name"])
    assert moved["n"].tolist() == table["n"].tolist() == moved["rank"].tolist()
    assert moved["name"].tolist() == table["name"].tolist()
    assert not moved[["rank_carried", "name_carried"]].any(axis=None)
    assert set(moved["change"]) == {"unchanged"}


@FEWER
@given(LINKS, PEOPLE, COUNTS, RATES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    links: Links, people: dict[str, int], counts: dict[str, int], rates: dict[str, int], dice: Any
) -> None:
    table, lookup = table_of(links, n=counts, r=rates, d=rates), lookup_of(links)
    orders = [dice.sample(range(len(f)), len(f)) for f in (table, lookup)]
    given_as = {"to": 2021, "rates": {"r": "n"}, "deciles": ["d"], "weights": pd.Series(people)}
    for whole in (False, True):
        one = convert(table, lookup, whole=whole, **given_as)
        other = convert(table.iloc[orders[0]], lookup.iloc[orders[1]], whole=whole, **given_as)
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_where_nobody_lives_the_parts_are_equal_and_it_is_said() -> None:
    links = {("E01000001", "E01034001"), ("E01000001", "E01034002")}
    moved = convert(table_of(links, n={"E01000001": 9}), lookup_of(links), to=2021, counts=["n"],
                    weights=pd.Series({"E01034001": 0, "E01034002": 0}), whole=True)  # fmt: skip
    assert moved["n"].tolist() == [5, 4]
    assert any("nobody lives in any part of 1 split areas" in r for r in moved.attrs["report"])


def test_what_rests_on_a_missing_count_is_missing_and_counted() -> None:
    links = {("E01000001", "E01034001"), ("E01000002", "E01034001"), ("E01000003", "E01034003")}
    table = table_of(links, n={"E01000001": 7.0, "E01000002": np.nan, "E01000003": 1.0})
    moved = convert(table, lookup_of(links), to=2021, counts=["n"], whole=True)
    assert moved["n"].isna().tolist() == [True, False]
    line = moved.attrs["report"][-1]
    assert line.startswith("n: 1 of 8 kept, of them")
    assert "7 reach no area, because another part of theirs is missing" in line
    assert "missing in 1 areas before, 1 after" in line


def test_an_area_that_the_table_lacks_leaves_the_merged_one_missing() -> None:
    links = {("E01000001", "E01034001"), ("E01000002", "E01034001")}
    table = table_of(links, n={"E01000001": 7, "E01000002": 5}).loc[["E01000001"]]
    moved = convert(table, lookup_of(links), to=2021, counts=["n"])
    assert moved["n"].isna().all()
    assert any("no row for 1 areas that new ones rest on (E01000002)" in line
               for line in moved.attrs["report"])  # fmt: skip


# -- rates -----------------------------------------------------------------------------------------


@FEWER
@given(LINKS, PEOPLE, COUNTS, RATES)
def test_rates_are_averaged_by_their_denominators_and_stay_within_their_sources(
    links: Links, people: dict[str, int], counts: dict[str, int], rates: dict[str, int]
) -> None:
    moved = convert(table_of(links, n=counts, r=rates), lookup_of(links), to=2021,
                    rates={"r": "n"}, weights=pd.Series(people))  # fmt: skip
    by = shares(links, people)
    for new in moved.index:
        parts = [(rates[o], counts[o] * by[o, n]) for o, n in links if n == new]
        total = sum(people_there for _, people_there in parts)
        found = moved.loc[new, "r"]
        if len(parts) == 1:
            assert found == parts[0][0]
        elif total == 0:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(float(sum(r * n for r, n in parts) / total))
            there = [r for r, n in parts if n > 0]
            assert min(there) <= found <= max(there)


def test_an_area_without_people_needs_no_rate_but_one_with_people_does() -> None:
    links = {("E01000001", "E01034001"), ("E01000002", "E01034001")}
    for people, expected in ((0, 40.0), (5, np.nan)):
        table = table_of(links, n={"E01000001": 10, "E01000002": people},
                         r={"E01000001": 40.0, "E01000002": np.nan})  # fmt: skip
        moved = convert(table, lookup_of(links), to=2021, counts=["n"], rates={"r": "n"})
        np.testing.assert_equal(moved["r"].to_numpy(), [expected])


# -- ranks, deciles and labels ---------------------------------------------------------------------

ONE_OF_EACH = pd.DataFrame(
    [
        ("E01000001", "E01000001", "U"),
        ("E01000002", "E01034002", "S"),
        ("E01000002", "E01034003", "S"),
        ("E01000004", "E01034004", "M"),
        ("E01000005", "E01034004", "M"),
        ("E01000006", "E01034006", "X"),
        ("E01000007", "E01034006", "X"),
        ("E01000007", "E01034007", "X"),
    ],
    columns=["lsoa11", "lsoa21", "change"],
)
HERE = sorted(set(ONE_OF_EACH["lsoa11"]))
THERE = pd.Series(100, index=sorted(set(ONE_OF_EACH["lsoa21"])))


def every_kind(**columns: Any) -> pd.DataFrame:
    base = {"n": [10, 20, 40, 50, 60, 70], "rank": [1.0, 2, 4, 5, 6, 7]}
    return pd.DataFrame(base | columns, index=HERE)


def test_ranks_are_carried_to_parts_and_refused_to_merged_and_irregular_areas() -> None:
    moved = convert(every_kind(), ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"], weights=THERE)
    np.testing.assert_equal(moved["rank"].to_numpy(), [1, 2, 2, np.nan, np.nan, np.nan])
    assert moved["rank_carried"].tolist() == [False, True, True, True, True, True]
    assert moved["change"].tolist() == [
        "unchanged", "split", "split", "merged", "irregular", "irregular",
    ]  # fmt: skip
    assert moved.attrs["changes"] == {
        "unchanged": 1, "recoded": 0, "split": 2, "merged": 1, "redrawn": 0, "irregular": 2,
        "irregular_pairs": [["E01000006", "E01034006"], ["E01000007", "E01034006"],
                            ["E01000007", "E01034007"]],
        "without_counterpart": [],
    }  # fmt: skip
    report = " | ".join(moved.attrs["report"])
    assert "irregular changes in 3 pairs (E01000006 to E01034006, E01000007" in report
    assert "rank: 1 of unchanged areas, 2 carried over a change and flagged, 3 refused" in report


def test_ranks_can_be_refused_wherever_borders_changed() -> None:
    moved = convert(every_kind(), ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"],
                    over_changes="refuse", weights=THERE)  # fmt: skip
    assert moved["rank"].notna().tolist() == [True, False, False, False, False, False]


@pytest.mark.parametrize(("deciles", "expected"), [((3, 3), 3.0), ((3, 4), np.nan)])
def test_a_merged_area_has_a_decile_only_where_its_parts_agree(
    deciles: tuple[int, int], expected: float
) -> None:
    table = every_kind(decile=[1, 1, *deciles, 1, 1])
    moved = convert(table, ONE_OF_EACH, to=2021, counts=["n"], ranks=["rank"], deciles=["decile"],
                    weights=THERE)  # fmt: skip
    np.testing.assert_equal(moved.loc["E01034004", "decile"], expected)
    assert moved.loc["E01034004", "decile_carried"]
    assert moved.loc[["E01034006", "E01034007"], "decile"].isna().all()


@FEWER
@given(LINKS, PEOPLE, COUNTS)
def test_a_label_is_that_of_the_largest_part(
    links: Links, people: dict[str, int], counts: dict[str, int]
) -> None:
    table = table_of(links, n=counts, label={c: f"of {c}" for c in OLD})
    moved = convert(table, lookup_of(links), to=2021, counts=["n"], labels=["label"], sizes="n",
                    weights=pd.Series(people))  # fmt: skip
    by = shares(links, people)
    for new in moved.index:
        parts = sorted(o for o, n in links if n == new)
        most = max(counts[o] * by[o, new] for o in parts)
        # Parts that are equal but for the last digit of a float may come either way.
        largest = {
            f"of {o}" for o in parts if counts[o] * by[o, new] >= most * (1 - Fraction(1, 10**12))
        }
        assert moved.loc[new, "label"] in largest


def test_equal_parts_have_the_label_of_the_lower_code() -> None:
    table = every_kind(n=[10, 20, 50, 50, 60, 70], label=list("abcdef")).drop(columns="rank")
    moved = convert(table, ONE_OF_EACH, to=2021, counts=["n"], labels=["label"], sizes="n",
                    weights=THERE)  # fmt: skip
    assert moved["label"].tolist() == ["a", "b", "b", "c", "e", "f"]
    assert moved["label_carried"].tolist() == [False, True, True, True, True, True]


def test_parts_that_agree_need_no_sizes_and_parts_that_differ_do() -> None:
    table = every_kind(label="all alike").drop(columns="rank")
    moved = convert(table, ONE_OF_EACH, to=2021, counts=["n"], labels=["label"], weights=THERE)
    assert set(moved["label"]) == {"all alike"}
    table["label"] = list("abcdef")
    with pytest.raises(wm.InputError, match=r"labels: in 2 new areas .*differ in 'label'.*sizes="):
        convert(table, ONE_OF_EACH, to=2021, counts=["n"], labels=["label"], weights=THERE)


def test_flags_of_an_earlier_conversion_are_kept() -> None:
    columns = {"counts": ["n"], "ranks": ["rank"]}
    there = convert(every_kind(), ONE_OF_EACH, to=2021, weights=THERE, **columns)
    here = pd.Series(100, index=HERE)
    back = convert(there, ONE_OF_EACH, to=2011, weights=here, **columns)
    assert back["rank_carried"].tolist() == [False, True, True, True, True, True]
    # The parts of the split agree, for they have what the whole had.
    np.testing.assert_equal(back["rank"].to_numpy(), [1, 2, *[np.nan] * 4])
