"""Two maps of labour markets held against each other."""

from __future__ import annotations

import copy
import re
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import REPOSITORY, flows_of, lsoas, own_dataset, squares, town
from wmspatial.errors import InputError
from wmspatial.measures import adjusted_rand_index, travel_to_work_areas
from wmspatial.measures.communities import flow_communities
from wmspatial.measures.given_markets import measure_labour_markets
from wmspatial.patterns.market_comparing import MarketComparison, compare_labour_markets
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from wmspatial.measures import LabourMarkets

#: Eleven places: F1 is X and a bit of Y, Y is in two halves, F4 holds Z and W.
FOUND = dict(zip("abcdefghijk", "1111223344 ".replace(" ", "4"), strict=True))
OTHER = dict(zip("abcdefghijk", "XXXYYYYYZZW", strict=True))
PEOPLE = {"a": 10, "b": 10, "c": 10, "d": 5, "e": 20, "f": 20, "g": 10, "h": 5, "i": 8, "j": 8,
          "k": 4}  # fmt: skip


def series(values: dict[str, Any]) -> pd.Series[Any]:
    return pd.Series(values)


@pytest.fixture(scope="module")
def by_hand() -> MarketComparison:
    return compare_labour_markets(series(FOUND), series(OTHER), people=series(PEOPLE))


# -- by hand --------------------------------------------------------------------------------------


def test_areas_have_counterparts_matches_splits_and_mergers(by_hand: MarketComparison) -> None:
    found = by_hand.found
    assert found["people"].to_dict() == {"2": 40, "1": 35, "4": 20, "3": 15}
    assert found["best"].to_dict() == {"2": "Y", "1": "X", "4": "Z", "3": "Y"}
    assert found.loc["1", ["share_in_best", "share_of_best"]].tolist() == [30 / 35, 1.0]
    assert found.loc["2", ["share_in_best", "share_of_best"]].tolist() == [1.0, 40 / 60]
    assert found["counterpart"].fillna("-").to_dict() == {"2": "Y", "1": "X", "4": "Z", "3": "-"}
    # Area 3 lies wholly in Y, but is no more than a quarter of it.
    assert found["matched"].to_dict() == {"2": True, "1": True, "4": True, "3": False}
    assert by_hand.other["counterpart"].fillna("-").to_dict() == {
        "Y": "2", "X": "1", "Z": "4", "W": "-",
    }  # fmt: skip
    assert by_hand.changes.to_dict("records") == [
        {"kind": "split", "market": "Y", "name": "Y", "people": 60, "parts": 2,
         "shares": "2 67 %, 3 25 %"},
        {"kind": "merged", "market": "4", "name": "4", "people": 20, "parts": 2,
         "shares": "Z 80 %, W 20 %"},
    ]  # fmt: skip


def test_each_place_is_in_the_same_area_or_another(by_hand: MarketComparison) -> None:
    places = by_hand.places
    same = places.index[places["agreement"] == "Same area"]
    assert "".join(same) == "abcefij"
    assert places["agreement"].cat.categories.tolist() == [
        "Same area", "Another area", "Not in one of the two",
    ]  # fmt: skip
    n = by_hand.numbers
    assert n["same_places"] == 7 / 11
    assert n["same_people"] == 86 / 110
    assert n[["found", "other", "matched", "split", "merged"]].tolist() == [4, 4, 3, 1, 1]
    assert by_hand.overlaps["people"].sum() == 110
    assert by_hand.summary_text() == (
        "4 found areas against 4 official areas, over 11 places. The adjusted Rand index is "
        f"{n['adjusted_rand']:.3f} over places and {n['adjusted_rand_people']:.3f} over people "
        "(1 is the same map, 0 what chance gives). 3 of the found areas are one of the official "
        "ones, in that more than half of each lies in the other. Where each area has at most one "
        "counterpart, 78 % of people are in the same area in both. 1 official area is split "
        "(Y, in 2) and 1 found area holds most of several (4, of 2)."
    )
    assert repr(by_hand).startswith("<MarketComparison: 4 found areas against")


def test_places_of_one_map_alone_are_marked_and_counted() -> None:
    ours = series({"a": "1", "b": "1", "c": None, "d": "2"})
    theirs = series({"a": "X", "b": "X", "c": "X", "e": "Y"})
    found = compare_labour_markets(ours, theirs, labels=("mine", "yours"))
    assert found.places["agreement"].tolist() == [
        "Same area", "Same area", *["Not in one of the two"] * 3,
    ]  # fmt: skip
    assert found.numbers[["places", "left_out", "found", "other"]].tolist() == [2, 3, 1, 1]
    assert np.isnan(found.numbers["same_people"])
    assert found.notes == (
        "3 places have an area in one of the two maps alone, or in neither, and are in no figure.",
        "Areas overlap by numbers of places, for people were not given.",
        "That mine areas differ from yours ones does not say which are better.",
    )


def test_counterparts_are_chosen_together_and_not_one_by_one() -> None:
    # 1 shares most with X; but if it has X, 2 has nobody.
    pairs = [("1", "X", 50), ("1", "Y", 40), ("2", "X", 45)]
    rows = [(f"{f}{o}{i}", f, o) for f, o, n in pairs for i in range(n)]
    table = pd.DataFrame(rows, columns=["place", "found", "other"]).set_index("place")
    found = compare_labour_markets(table["found"], table["other"])
    assert found.found["counterpart"].to_dict() == {"1": "Y", "2": "X"}
    assert found.numbers["same_places"] == 85 / 135


# -- the index ------------------------------------------------------------------------------------

labels = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)), min_size=2, max_size=14
)


@given(labels)
def test_the_weighted_index_is_that_of_pairs_of_people(rows: list[tuple[int, int, int]]) -> None:
    one, other, weight = (pd.Series(values) for values in zip(*rows, strict=True))
    ones = others = together = every = 0.0
    for i, j in combinations(range(len(rows)), 2):
        pair = float(weight[i] * weight[j])
        a, b = one[i] == one[j], other[i] == other[j]
        ones, others, together = ones + a * pair, others + b * pair, together + (a and b) * pair
        every += pair
    expected, most = ones * others / every, (ones + others) / 2
    by_pairs = 1.0 if most == expected else (together - expected) / (most - expected)
    assert adjusted_rand_index(one, other, weight) == pytest.approx(by_pairs, abs=1e-12)
    # Only how much places weigh beside each other matters, and alike is not at all.
    assert adjusted_rand_index(one, other, weight * 7) == pytest.approx(by_pairs, abs=1e-12)
    flat = pd.Series(3.0, index=one.index)
    plain = adjusted_rand_index(one, other)
    assert adjusted_rand_index(one, other, flat) == pytest.approx(plain, abs=1e-12)


@given(labels)
def test_the_index_is_that_of_scikit_learn(rows: list[tuple[int, int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    one, other, _ = (pd.Series(values) for values in zip(*rows, strict=True))
    theirs = metrics.adjusted_rand_score(one, other)
    assert adjusted_rand_index(one, other) == pytest.approx(theirs, abs=1e-12)


def test_the_index_is_that_of_the_textbook() -> None:
    # Hubert and Arabie's own way: contingency table 1 1 0 / 1 2 1 / 0 0 4.
    cells = {("u1", "v1"): 1, ("u1", "v2"): 1, ("u2", "v1"): 1, ("u2", "v2"): 2, ("u2", "v3"): 1,
             ("u3", "v3"): 4}  # fmt: skip
    rows = [pair for pair, count in cells.items() for _ in range(count)]
    one, other = (pd.Series(values) for values in zip(*rows, strict=True))
    # Pairs together: 1 + 6 = 7; in rows 1 + 6 + 6 = 13; in columns 1 + 3 + 10 = 14; of 45.
    expected = 13 * 14 / 45
    assert adjusted_rand_index(one, other) == pytest.approx((7 - expected) / (13.5 - expected))


# -- properties -----------------------------------------------------------------------------------


@settings(max_examples=8)
@given(labels, st.permutations(range(4)), st.permutations(range(4)))
def test_other_names_for_the_areas_change_nothing(
    rows: list[tuple[int, int, int]], ours: list[int], theirs: list[int]
) -> None:
    one, other, people = (pd.Series(values) for values in zip(*rows, strict=True))
    plain = compare_labour_markets(one, other, people=people)
    renamed = compare_labour_markets(
        one.map(dict(enumerate(ours))), other.map(dict(enumerate(theirs))), people=people
    )
    # Where two pairings are as good, another may be chosen, which can move places, not people.
    free = ["same_places", "split", "merged"]
    assert np.allclose(plain.numbers.drop(free), renamed.numbers.drop(free), atol=1e-12)
    turned = compare_labour_markets(other, one, people=people)
    assert turned.numbers["adjusted_rand"] == pytest.approx(plain.numbers["adjusted_rand"])
    assert turned.numbers["same_people"] == pytest.approx(plain.numbers["same_people"])
    assert turned.numbers["matched"] == plain.numbers["matched"]


@settings(max_examples=15)
@given(labels)
def test_no_other_pairing_has_more_people_in_the_same_area(
    rows: list[tuple[int, int, int]],
) -> None:
    one, other, people = (pd.Series(values) for values in zip(*rows, strict=True))
    found = compare_labour_markets(one, other, people=people)
    best = max(
        sum(int(people[(one == f) & (other == o)].sum()) for f, o in zip(range(4), to, strict=True))
        for to in permutations(range(4))
    )
    assert found.numbers["same_people"] * people.sum() == pytest.approx(best)
    partner = found.found["counterpart"].dropna()
    assert partner.is_unique


def test_markets_that_were_found_are_not_called_official(sample: wm.Dataset) -> None:
    one, two = (wm.flow_communities(sample.flows, seed=seed) for seed in (1, 2))
    found = compare_labour_markets(one, two)
    assert found.labels == ("found", "other")
    assert "official" not in found.summary_text()


def test_the_same_map_is_the_same_whatever_the_names() -> None:
    places = [f"p{i}" for i in range(3000)]
    one = pd.Series([f"a{i}" for i in range(3000)], index=places)
    found = compare_labour_markets(one, one.str.replace("a", "b"))
    assert found.numbers[["adjusted_rand", "same_places", "matched"]].tolist() == [1, 1, 3000]
    assert (found.places["agreement"] == "Same area").all()
    assert found.changes.empty
    assert "100 % of places are in the same area" in found.summary_text()


# -- the sample and the official tables -----------------------------------------------------------


@pytest.fixture(scope="module")
def of_sample(sample: wm.Dataset) -> MarketComparison:
    return compare_labour_markets(travel_to_work_areas(sample.flows), sample)


def test_a_dataset_brings_its_own_areas_people_and_names(
    sample: wm.Dataset, of_sample: MarketComparison
) -> None:
    n = of_sample.numbers
    assert n["places"] == 1680
    assert n["other"] == 4
    # The sample's labour markets are nobody's official ones.
    assert of_sample.labels == ("found", "given")
    table = sample.neighbourhoods
    by_parts = compare_labour_markets(
        travel_to_work_areas(sample.flows), table["labour_market"], zone_of=table["zone"],
        people=table["residents"],
    )  # fmt: skip
    assert by_parts.numbers.equals(n)
    assert of_sample.other["people"].sum() == table["residents"].sum()
    assert set(of_sample.other["name"]) == set(table["labour_market_name"])


def test_made_up_data_is_marked_wherever_it_goes(
    sample: wm.Dataset, of_sample: MarketComparison
) -> None:
    assert of_sample.summary_text().endswith(f"({ILLUSTRATIVE}.)")
    for frame in (of_sample.found, of_sample.other, of_sample.changes, of_sample.places):
        assert frame.columns.name == ILLUSTRATIVE
    chart = of_sample.chart()
    assert chart.illustrative
    sheet = wm.map_figure(of_sample.to_frame(sample.areas), "agreement", title="Differences")
    assert sheet.illustrative


def test_the_chart_says_what_it_draws(by_hand: MarketComparison) -> None:
    chart = by_hand.chart(source="Made up")
    axes = chart.figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Y", "X", "Z", "W"]
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(3, 4)
    assert np.allclose(widths.sum(axis=0), 1.0)
    assert np.allclose(widths[:, 0], [40 / 60, 15 / 60, 5 / 60])
    assert "Y: 67 % in 2, 25 % in 3, 8 % in others; X: 100 % in 1;" in chart.text
    turned = by_hand.chart("found")
    assert turned.title == "Which official labour markets the found ones are made of"
    assert "4: 80 % in Z, 20 % in W" in turned.text
    few = by_hand.chart(among=["i"], title="One").figure.axes[0]
    assert [label.get_text() for label in few.get_yticklabels()] == ["Z"]
    with pytest.raises(InputError, match="no area with people holds any of these places"):
        by_hand.chart(among=["nowhere"])
    with pytest.raises(InputError, match="of='both': expected 'other' or 'found'"):
        by_hand.chart("both")


def test_the_map_of_the_differences_draws(by_hand: MarketComparison) -> None:
    codes = [*"abcdefghijk", "beyond"]
    frame = by_hand.to_frame(squares(codes))
    assert frame.index.tolist() == codes
    assert frame["agreement"].value_counts().to_dict() == {
        "Same area": 7, "Another area": 4, "Not in one of the two": 1,
    }  # fmt: skip
    sheet = wm.map_figure(frame, "agreement", title="Where they differ", patterns=True)
    assert "shown, 7 are “Same area”, 4 " in sheet.text
    page = wm.choropleth_map(frame, "agreement", title="Where they differ")
    assert page.get_root().render().count("Not in one of the two") > 0
    assert "geometry" not in by_hand.places.columns


@pytest.fixture(scope="module")
def nation(real_2011: wm.Dataset) -> dict[str, LabourMarkets]:
    flows = real_2011.flows
    return {
        "found": travel_to_work_areas(flows),
        "Leiden": flow_communities(flows, method="leiden", least_people=10),
    }


def test_travel_to_work_areas_agree_with_the_official_ones_better_than_communities(
    nation: dict[str, LabourMarkets], real_2011: wm.Dataset
) -> None:
    held = {name: compare_labour_markets(m, real_2011) for name, m in nation.items()}
    rand = {name: c.numbers["adjusted_rand"] for name, c in held.items()}
    page = (REPOSITORY / "docs" / "labour-markets.md").read_text(encoding="utf-8")
    rows = {"found": "Found", "Leiden": "Leiden, pairs of 10"}
    for name, row in rows.items():
        n = held[name].numbers
        head = f"| {row} | {n['found']:.0f} |"
        cells = next(line for line in page.splitlines() if line.startswith(head))
        told = f"| {n['adjusted_rand']:.3f} | {n['matched']:.0f} | {100 * n['same_people']:.0f} % |"
        assert told in cells
    assert rand["found"] >= rand["Leiden"] + 0.05
    found = held["found"]
    assert found.numbers["places"] == 34_753
    assert found.numbers["adjusted_rand_people"] == pytest.approx(rand["found"], abs=0.05)
    assert found.numbers["matched"] >= 130
    assert found.other.loc["E30000169", "name"] == "Birmingham"
    assert found.other["people"].sum() == real_2011.neighbourhoods["residents"].sum()
    frame = found.to_frame(real_2011.areas)
    assert len(frame) == 1680
    assert (frame["agreement"] == "Same area").mean() == pytest.approx(0.79, abs=0.05)


def test_official_areas_by_zone_are_nearly_those_by_neighbourhood(real_2011: wm.Dataset) -> None:
    table = real_2011.neighbourhoods
    whole = measure_labour_markets(
        real_2011.flows, table["labour_market"], zone_of=table["zone"], people=table["residents"]
    )
    n = compare_labour_markets(whole, real_2011).numbers
    assert n["matched"] == n["found"] == n["other"] == 173
    assert 0.98 < n["adjusted_rand"] < 1


def test_every_kind_of_market_classifies_the_west_midlands(
    nation: dict[str, LabourMarkets], real_2011: wm.Dataset
) -> None:
    own = copy.copy(real_2011)
    zone = real_2011.neighbourhoods["zone"]
    columns = {name: found.to_neighbourhoods(zone) for name, found in nation.items()}
    own.neighbourhoods = real_2011.neighbourhoods.assign(**columns)
    official = wm.classify(real_2011).frame["labour_market_class"]
    page = (REPOSITORY / "docs" / "labour-markets.md").read_text(encoding="utf-8")
    for name in columns:
        classes = wm.classify(own, labour_market=name).frame["labour_market_class"]
        assert classes.notna().all()
        changed = (classes.astype(str) != official.astype(str)).sum()
        assert 0 < changed < 250
        if name == "found":
            lost = (classes == "Disconnected").sum()
            row = next(line for line in page.splitlines() if line.startswith("| Found | 4 |"))
            assert row.split(" | ")[2] == f"{lost:,}"
            assert row.endswith(f"| {changed:,} |")
        # Who is deprived and rich in jobs does not hang on the labour market.
        assert ((classes == "Large number of jobs") == (official == "Large number of jobs")).all()


# -- bad input ------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_refused() -> None:
    ours = series({"a": "1", "b": "2"})
    flows = flows_of([("z1", "z1", 50), ("z2", "z2", 50)], ["z1", "z2"])
    zones = travel_to_work_areas(flows)
    with pytest.raises(
        InputError, match=r"no place has an area in both.*with zone_of=, or a Dataset"
    ):
        compare_labour_markets(zones, ours)
    with pytest.raises(InputError, match="found: expected a Series"):
        compare_labour_markets(["a"], ours)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="other: expected a Series"):
        compare_labour_markets(ours, {"a": "1"})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="`other` has places twice: a"):
        compare_labour_markets(ours, pd.Series(["x", "y"], index=["a", "a"]))
    bare = own_dataset(town().drop(columns="labour_market"))
    with pytest.raises(InputError, match="have no column labour_market"):
        compare_labour_markets(pd.Series("1", index=lsoas(12)), bare)
    with pytest.raises(InputError, match=re.escape("labels=('a',): expected two names")):
        compare_labour_markets(ours, ours, labels=("a",))  # type: ignore[arg-type]
    for wrong, message in product(
        [pd.Series({"a": -1.0, "b": 1.0}), pd.Series({"a": np.inf})], ["numbers of zero or more"]
    ):
        with pytest.raises(InputError, match=message):
            compare_labour_markets(ours, ours, people=wrong)
    with pytest.raises(InputError, match="one number a place"):
        compare_labour_markets(ours, ours, people=pd.Series({"a": "many"}))
    with pytest.raises(InputError, match="one name an area"):
        compare_labour_markets(ours, ours, names=pd.Series(["x", "y"], index=["1", "1"]))
    with pytest.raises(InputError, match="no weight of zero or more, the first is b"):
        adjusted_rand_index(ours, ours, pd.Series({"a": 1.0}))
    with pytest.raises(InputError, match="places stand twice: a"):
        adjusted_rand_index(ours, pd.Series(["x", "y"], index=["a", "a"]))


@pytest.mark.parametrize("kind", ["category", "object", "float64", "Int64", "str"])
def test_codes_may_be_of_any_kind(kind: str) -> None:
    ours = pd.Series([1, 1, 2, None], index=list("abcd")).astype(kind)
    found = compare_labour_markets(ours, series({"a": "X", "b": "X", "c": "Y", "d": "Y"}))
    assert found.numbers[["places", "left_out", "found", "adjusted_rand"]].tolist() == [3, 1, 2, 1]
    assert found.places["agreement"].astype(str).tolist()[-1] == "Not in one of the two"


def test_people_who_are_not_known_are_counted_as_nobody_and_said() -> None:
    ours = series({"a": "1", "b": "2", "c": "2"})
    found = compare_labour_markets(ours, ours, people=pd.Series({"a": 5.0, "b": np.nan}))
    assert found.notes[0] == "2 places have no number of people and count as empty."
    assert found.numbers["same_people"] == 1
    # Nobody lives in the second area: it has no counterpart.
    assert found.found["counterpart"].isna().to_dict() == {"1": False, "2": True}


def test_polygons_of_other_places_are_refused(by_hand: MarketComparison) -> None:
    with pytest.raises(InputError, match="none of the 2 polygons is of a place that was compared"):
        by_hand.to_frame(squares(["x", "y"]))
    with pytest.raises(InputError, match="areas: expected a GeoDataFrame"):
        by_hand.to_frame(by_hand.places)  # type: ignore[arg-type]
