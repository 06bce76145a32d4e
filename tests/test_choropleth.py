"""Classes of a column are what their names say, whatever the column."""

import mapclassify
import numpy as np
import pandas as pd
import pytest

from wmspatial.errors import InputError
from wmspatial.maps.choropleth import classify_column
from wmspatial.patterns import QUADRANTS

RANDOM = np.random.default_rng(7)
SHARES = pd.Series(RANDOM.gamma(2, 0.07, 1700).clip(0, 1), name="asian")
RANKS = pd.Series(RANDOM.permutation(33_000)[:1700] + 1.0, name="rank")


def names(values: pd.Series, **how: object) -> list[str]:
    return [c.name for c in classify_column(values, **how).categories]


def light(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.mark.parametrize(
    ("scheme", "theirs"),
    [
        ("quantiles", mapclassify.Quantiles),
        ("equal interval", mapclassify.EqualInterval),
        ("natural breaks", mapclassify.FisherJenks),
    ],
)
@pytest.mark.parametrize("values", [SHARES, RANKS], ids=["shares", "ranks"])
@pytest.mark.parametrize("k", [3, 5, 7])
def test_at_most_one_area_in_a_hundred_is_in_another_class_than_mapclassifys(
    scheme: str, theirs: type, values: pd.Series, k: int
) -> None:
    spec = classify_column(values, scheme=scheme, k=k)
    # In single precision mapclassify loses the squares of ranks: it gets them from 0 to 1.
    scaled = (values - values.min()) / (values.max() - values.min())
    expected = np.searchsorted(theirs(scaled.to_numpy(), k=k).bins[:-1] + 1e-12, scaled)
    assert len(spec.categories) == k
    assert np.mean(spec.assign(values) != expected) <= 0.01


def test_whole_numbers_are_classed_exactly_and_no_two_names_share_one() -> None:
    spec = classify_column(RANKS, k=4)
    assert spec.counts(RANKS)["areas"].tolist() == [425, 425, 425, 425]
    first, second, third, _ = (name.replace(",", "") for name in names(RANKS, k=4))
    assert int(second.split(" to ")[0]) == int(first.removeprefix("Up to ")) + 1
    assert int(third.split(" to ")[0]) == int(second.split(" to ")[1]) + 1


def test_a_value_is_in_the_class_whose_name_holds_it() -> None:
    spec = classify_column(SHARES, unit="share", k=5)
    shown = [c.name for c in spec.categories]
    assert shown[0].startswith("Up to ")
    assert shown[-1].startswith("Over ")
    for value, place in zip(100 * SHARES, spec.assign(SHARES), strict=True):
        number = [float(part) for part in shown[place].split() if part[0].isdigit()]
        low = number[0] if shown[place].startswith("Over") or len(number) == 2 else -1
        high = number[-1] if not shown[place].startswith("Over") else 101
        assert low - 1e-9 < value <= high + 1e-9


def test_breaks_are_short_and_their_neighbours_share_them() -> None:
    found = names(SHARES, unit="share")
    assert all(len(name) <= len("12.3 to 45.6 %") for name in found)
    assert found[1].split(" to ")[0] == found[0].removeprefix("Up to ").removesuffix(" %")


def test_natural_breaks_lie_in_the_gaps() -> None:
    values = pd.Series([1.0, 1.1, 1.2, 5.0, 5.1, 9.0, 9.3, 9.4])
    spec = classify_column(values, scheme="natural breaks", k=3)
    assert spec.counts(values)["areas"].tolist() == [3, 2, 3]


def test_natural_breaks_of_many_large_numbers_are_found_and_said_to_be_of_a_part() -> None:
    many = pd.Series(np.concatenate([RANDOM.normal(c, 50_000, 2000) for c in (1e6, 2e6, 3e6)]))
    spec = classify_column(many, scheme="natural breaks", k=3)
    assert spec.counts(many)["areas"].tolist() == [2000, 2000, 2000]
    assert any("3,000" in note or "400" in note for note in spec.notes)


def test_manual_breaks_may_name_the_ends() -> None:
    values = pd.Series([0.05, 0.2, 0.9])
    assert names(values, breaks=[0.1, 0.5], unit="share") == [
        "Up to 10 %",
        "10 to 50 %",
        "Over 50 %",
    ]
    assert names(values, breaks=[0, 0.1, 0.5, 1], unit="share") == [
        "0 to 10 %", "10 to 50 %", "50 to 100 %",
    ]  # fmt: skip


def test_a_class_of_one_value_is_called_by_it() -> None:
    values = pd.Series([0, 0, 0, 3, 12])
    assert names(values, breaks=[0, 5]) == ["0", "1 to 5", "Over 5"]


def test_missing_values_are_a_class_of_their_own() -> None:
    values = pd.Series([1.0, np.nan, 30.0, np.nan])
    spec = classify_column(values, breaks=[10])
    assert spec.counts(values, pd.Series([10, 20, 30, 5]))["people"].tolist() == [10, 30, 25]
    assert (spec.categories[-1].name, spec.categories[-1].pattern) == ("No data", "hatch")


def test_classes_and_people_add_up_whatever_the_scheme() -> None:
    values = SHARES.mask(SHARES > 0.4)
    people = pd.Series(RANDOM.integers(1000, 3000, len(values)).astype(float))
    for scheme in ("quantiles", "natural breaks", "equal interval"):
        table = classify_column(values, scheme=scheme).counts(values, people)
        assert table["areas"].sum() == len(values)
        assert table["people"].sum() == pytest.approx(people.sum())


def test_a_diverging_scheme_has_the_same_steps_on_both_sides() -> None:
    change = pd.Series(RANDOM.normal(1, 5, 900), name="change")
    spec = classify_column(change, centre=0)
    breaks = np.array(spec.breaks)
    assert breaks == pytest.approx(-breaks[::-1])
    assert 0 in breaks
    assert [c.symbol for c in spec.categories] == ["−−−", "−−", "−", "+", "++", "+++"]
    shades = [light(c.colour) for c in spec.categories]
    assert shades[0] < shades[1] < shades[2]
    assert shades[3] > shades[4] > shades[5]


def test_darker_is_worse_where_the_direction_is_declared() -> None:
    worse = [light(c.colour) for c in classify_column(SHARES, higher="worse").categories]
    better = [light(c.colour) for c in classify_column(SHARES, higher="better").categories]
    assert worse == sorted(worse, reverse=True)
    assert better == sorted(better)
    assert classify_column(SHARES).direction == "Darker is higher."


def test_a_rank_of_deprivation_cannot_be_read_backwards() -> None:
    rank = RANKS.rename("deprivation_rank")
    spec = classify_column(rank)
    assert light(spec.categories[0].colour) < light(spec.categories[-1].colour)
    assert spec.direction == "Higher is better: darker is lower, and worse."
    with pytest.raises(InputError, match="a higher deprivation_rank is better"):
        classify_column(rank, higher="worse")


@pytest.mark.parametrize("k", range(2, 10))
def test_steps_are_told_apart_in_greyscale(k: int) -> None:
    shades = [light(c.colour) for c in classify_column(SHARES, k=k).categories]
    assert np.all(np.diff(shades) < -6)


def test_ordered_kinds_keep_their_order_and_others_go_by_the_alphabet() -> None:
    kind = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    assert names(pd.Series(["high", "low", None], dtype=kind)) == [
        "low",
        "middle",
        "high",
        "No data",
    ]
    assert names(pd.Series(["b", "a"])) == ["a", "b"]
    assert names(pd.Series([True, False])) == ["No", "Yes"]


def test_the_classes_of_the_typology_look_as_everywhere() -> None:
    kind = pd.CategoricalDtype(["Disconnected", "Connected"], ordered=True)
    found = classify_column(pd.Series(["Connected"], dtype=kind)).categories
    assert [c.colour for c in found] == ["#7b1338", "#2f83b7"]


def test_patterns_of_neighbours_look_as_declared_whatever_holds_them() -> None:
    given = pd.Series(["High-Low", "Not significant", "Low-Low", None])
    for values in (given, given.astype("category")):
        spec = classify_column(values)
        assert [c.name for c in spec.categories[:3]] == ["Low-Low", "High-Low", "Not significant"]
        declared = {q.name: (q.colour, q.symbol, q.meaning, q.loud) for q in QUADRANTS}
        for one in spec.categories[:3]:
            assert (one.colour, one.symbol, one.meaning, one.loud) == declared[one.name]
        assert spec.assign(values).tolist() == [1, 2, 0, 3]
        assert spec.direction == ""


def test_as_many_classes_as_there_are_values_where_nobody_said_how_many() -> None:
    assert names(pd.Series([1, 2, 3])) == ["1", "2", "Over 2"]
    assert names(pd.Series([1.5, 1.5, 7.25])) == ["Up to 2", "Over 2"]


def test_money_and_minus_are_written_as_people_write_them() -> None:
    pay = pd.Series([-20.0, 500.0, 700.0])
    assert names(pay, breaks=[-5, 600], unit="£") == ["Up to −£5", "−£4 to £600", "Over £600"]


def test_ties_that_leave_fewer_classes_are_said() -> None:
    spec = classify_column(pd.Series([0.0] * 80 + list(range(1, 21))))
    assert any("5 classes were asked for" in note for note in spec.notes)


def test_classes_made_elsewhere_refuse_what_they_do_not_hold() -> None:
    spec = classify_column(pd.Series([1.0, 20.0], name="x"), breaks=[0, 10, 30])
    with pytest.raises(InputError, match=r"x: 1 value is in no class; the first is 31\.0"):
        spec.assign(pd.Series([1.0, 31.0]))
    with pytest.raises(InputError, match="were made from values of which none was"):
        spec.assign(pd.Series([1.0, np.nan]))


@pytest.mark.parametrize(
    ("values", "how", "said"),
    [
        ([1.0] * 9, {}, "all 9 values are 1"),
        ([None, None], {}, "every one of 2 values is missing"),
        ([], {}, "every one of 0 values is missing"),
        ([1, 2, 3], {"k": 5}, "5 classes of 3 different values"),
        ([1, 2, 3], {"k": 1}, "expected a whole number of classes, 2 to 9"),
        ([1, 2, 3], {"k": True}, "expected a whole number of classes"),
        ([1, 2, 3], {"breaks": [2, 1]}, "out of order: 1 follows 2"),
        ([1, 2, 3], {"breaks": [2, 2]}, "out of order: 2 follows 2"),
        ([1, 2, 3], {"breaks": []}, "expected one finite number or more"),
        ([1, 2, 3], {"breaks": ["x"]}, "expected numbers"),
        ([1, 2, 3], {"breaks": [float("nan")]}, "expected one finite number or more"),
        ([1, 2, 3], {"breaks": 3}, "expected numbers"),
        ([1, 2, 3], {"breaks": [2], "k": 4}, "the breaks make 2 classes"),
        ([1, 2, 3], {"breaks": [2], "scheme": "quantiles"}, "go with scheme='manual' only"),
        ([1, 2, 3], {"scheme": "manual"}, "none were given"),
        ([1, 2, 3], {"scheme": "quantile"}, "Nearest: quantiles"),
        ([-1, 2, 3], {"scheme": "diverging"}, "no centre was given"),
        ([-1, 2, 3], {"centre": 0, "k": 5}, "as many classes on each side"),
        ([-1, 2, 3], {"centre": 0, "scheme": "quantiles"}, "goes with scheme='diverging'"),
        ([-1, 2, 3], {"centre": 0, "breaks": [1]}, "expected one of them"),
        ([-1, 2, 3], {"centre": float("inf")}, "expected a finite number"),
        ([5, 60], {"unit": "share"}, "unit='share' is for shares from 0 to 1"),
        ([1.0, float("inf")], {}, "x: 1 of 2 values infinite, the first for 1"),
        (["a", "1"], {"breaks": [1]}, "1 value is no number; the first is 'a'"),
        (list("abcdefghi"), {}, "9 kinds"),
        ([1, 2], {"higher": "bad"}, "expected 'worse', 'better' or nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_classed_is_refused_in_one_sentence(
    values: list, how: dict, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        classify_column(pd.Series(values, name="x"), **how)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_series_is_refused() -> None:
    with pytest.raises(InputError, match="expected a Series, one value an area; found list"):
        classify_column([1, 2])


def test_manual_classes_do_not_wait_for_mapclassify() -> None:
    import subprocess
    import sys

    code = (
        "import sys, pandas as pd\n"
        "from wmspatial.maps.choropleth import classify_column as c\n"
        "c(pd.Series([1, 2, 3]), breaks=[2]); c(pd.Series(['a', 'b']))\n"
        "c(pd.Series([1, 2, 3]), scheme='diverging', centre=2, k=2)\n"
        "print('mapclassify' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
