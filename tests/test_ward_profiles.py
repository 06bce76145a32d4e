"""Groups of residents in chosen wards side by side, now and before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import NOTE, flows_of, lsoas, own_dataset, town
from wmspatial.patterns._ward_names import find_wards, plain, wards_at_hand
from wmspatial.patterns.ward_profiling import ward_profiles

OLD = lsoas(6)
NEW = [*lsoas(5), "E01035001", "E01035002"]
GROUPS = ("a", "b")
#: The sixth place of 2011 became two.
PAIRS = pd.DataFrame(
    {"lsoa11": [*OLD, OLD[5]], "lsoa21": NEW, "change": ["U"] * 5 + ["S"] * 2},
)


def dataset_of(codes: list[str], wards: list[str], vintage: int, **columns: Any) -> wm.Dataset:
    """Lay out places with wards of one authority and two groups."""
    size = len(codes)
    table = town(size, a=600.0, b=400.0).set_axis(pd.Index(codes, name="code"))
    table = table.assign(
        ward=wards, ward_code=[f"W{name}" for name in wards], authority="Town",
        authority_code="E08000001", **columns,
    )  # fmt: skip
    flows = flows_of([(codes[0], codes[0], 100)], codes, vintage=vintage)
    return own_dataset(table, flows, groups=GROUPS)


def now_and_before(**before: Any) -> tuple[wm.Dataset, wm.Dataset]:
    wards = ["North", "North", "South", "South", "South", "South", "North"]
    now = dataset_of(NEW, wards, 2021, residents=[1000.0] * 5 + [3000.0, 1000.0])
    now.crosswalk = PAIRS
    return now, dataset_of(OLD, [*wards[:5], "South"], 2011, **before)


def test_shares_are_those_of_a_plain_loop(sample: wm.Dataset) -> None:
    found = ward_profiles(sample, ["X05000039", "X05000001"])
    table = sample.neighbourhoods
    for code, ward in found.wards.iterrows():
        people: dict[str, float] = dict.fromkeys(["residents", *sample.groups], 0.0)
        everybody = dict(people)
        for _, row in table.iterrows():
            for name in people:
                people[name] += row[name] if row["ward_code"] == code else 0.0
                everybody[name] += row[name] if row["authority"] == ward["authority"] else 0.0
        for place, sums in ((ward["place"], people), (ward["average"], everybody)):
            assert found.people.loc[(place, 2011)].to_dict() == sums
            for name in sample.groups:
                share = found.shares.loc[(place, 2011), name]
                assert share == pytest.approx(sums[name] / sums["residents"], rel=1e-12)


def test_a_split_is_shared_out_by_residents_and_everybody_is_kept() -> None:
    now, before = now_and_before(residents=[1000.0] * 5 + [2000.0], a=300.0, b=100.0)
    found = ward_profiles(now, ["North", "South"], earlier=before)
    old = found.people.xs(2011, level="year")
    # The parts of the sixth place have 3,000 and 1,000 residents now: 1,500 and 500 of its 2,000.
    assert old["residents"].to_dict() == {"North": 2500, "South": 4500, "Town (average)": 7000}
    assert old["a"].to_dict() == {"North": 675, "South": 1125, "Town (average)": 1800}
    notes = " ".join(found.notes)
    assert "Of 7 in the wards asked for 5 are unchanged (2 split)." in notes
    assert "2,000 of the 7,000 residents of 2011 in these wards (28.6 %) are apportioned" in notes
    assert "All 7,000 residents of 2011 in Town are kept." in notes
    assert found.years == (2021, 2011)
    assert found.changes().loc["North", "a"] == pytest.approx(0.6 * 3000 / 3000 - 675 / 2500)


def test_a_split_inside_a_ward_apportions_nobody() -> None:
    now, before = now_and_before()
    inside = now.neighbourhoods.assign(ward="North", ward_code="N")
    whole = own_dataset(inside, now.flows, groups=GROUPS, crosswalk=PAIRS)
    found = ward_profiles(whole, "north", earlier=before)
    assert "nothing in them is apportioned" in " ".join(found.notes)


def test_people_of_a_split_across_the_authority_stay_on_both_sides() -> None:
    now, before = now_and_before(residents=[1000.0] * 5 + [2000.0], a=300.0, b=100.0)
    last = now.neighbourhoods.index == NEW[6]
    now.neighbourhoods.loc[last, ["ward", "ward_code"]] = "Far"
    now.neighbourhoods.loc[last, ["authority", "authority_code"]] = ["Far", "E08000002"]
    found = ward_profiles(now, "South", earlier=before)
    assert found.people.loc[("Town (average)", 2011), "residents"] == 5000 + 1500
    said = "Of 7,000 residents of 2011 in neighbourhoods that lie in Town at least in part, 6,500"
    assert any(note.startswith(said) for note in found.notes)


@given(
    counts=st.lists(st.integers(0, 3000), min_size=6, max_size=6),
    now=st.lists(st.integers(0, 3000), min_size=7, max_size=7),
)
def test_no_person_of_the_earlier_census_is_lost(counts: list[int], now: list[int]) -> None:
    later, earlier = now_and_before(
        residents=[float(n) for n in counts], a=[n // 2 for n in counts], b=0.0
    )
    later.neighbourhoods["residents"] = np.array(now, dtype="float64")
    later.neighbourhoods["a"] = later.neighbourhoods["b"] = 0.0
    old = ward_profiles(later, ["North", "South"], earlier=earlier).people.xs(2011, level="year")
    for name, total in (("residents", sum(counts)), ("a", sum(n // 2 for n in counts))):
        assert old.loc["Town (average)", name] == pytest.approx(total)
        assert old.loc[["North", "South"], name].sum() == pytest.approx(total)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("SOUTH", "WSouth"),
        (" south ", "WSouth"),
        ("South, Town", "WSouth"),
        ("WSouth", "WSouth"),
    ],
)
def test_wards_are_found_by_what_people_call_them(asked: str, code: str) -> None:
    now, _ = now_and_before()
    assert list(ward_profiles(now, asked).wards.index) == [code]


def listing(*rows: tuple[str, str, str, str, bool]) -> pd.DataFrame:
    columns = ["ward_code", "ward", "authority_code", "authority", "inside"]
    table = pd.DataFrame(list(rows), columns=columns).set_index("ward_code")
    return table.assign(label=table["ward"] + ", " + table["authority"])


BRUM = ("E08000025", "Birmingham")
WARDS = listing(
    ("1", "Soho & Jewellery Quarter", *BRUM, True),
    ("2", "Soho and Victoria", "E08000028", "Sandwell", True),
    ("3", "Sparkbrook & Balsall Heath East", *BRUM, True),
    ("4", "Northfield", *BRUM, True),
    ("5", "Northfield", "E09000009", "Ealing", False),
    ("6", "St Mary's", "E08000001", "Bolton", False),
    ("7", "St. Marys", "E06000019", "Herefordshire, County of", False),
    ("8", "Heaton, Lostock & Chew Moor", "E08000001", "Bolton", True),
    ("9", "Lozells", *BRUM, True),
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("soho and jewellery quarter", "1"),
        ("Soho & Victoria", "2"),
        ("Northfield", "4"),
        ("Northfield, Birmingham", "4"),
        ("Northfield, Ealing", "5"),
        ("St Marys, Herefordshire, County of", "7"),
        ("Heaton, Lostock and Chew Moor", "8"),
        ("Heaton, Lostock and Chew Moor, Bolton", "8"),
    ],
)
def test_and_stands_for_the_sign_and_an_authority_tells_namesakes_apart(
    asked: str, code: str
) -> None:
    assert find_wards(asked, WARDS, "here") == [code]


def test_a_name_in_several_authorities_is_refused_with_the_choices() -> None:
    with pytest.raises(wm.InputError) as error:
        find_wards("St Mary's", WARDS, "here")
    assert str(error.value) == (
        """wards: "St Mary's" stands 2 times. Say which is meant: "St Mary's, Bolton", """
        "'St. Marys, Herefordshire, County of'."
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Soho", "Nearest: Soho & Jewellery Quarter, Birmingham; Soho and Victoria, Sandwell. "),
        ("Soho, Birmingham", "Nearest: Soho & Jewellery Quarter, Birmingham. "),
        ("Sparkbrook", "Nearest: Sparkbrook & Balsall Heath East, Birmingham. "),
        ("Lozells and East Handsworth", "Nearest: Lozells, Birmingham. "),
    ],
)
def test_a_ward_of_before_2018_names_those_that_took_its_place(asked: str, said: str) -> None:
    with pytest.raises(wm.AreaNotFoundError) as error:
        find_wards(asked, WARDS, "here")
    assert said in str(error.value)
    assert str(error.value).endswith("Birmingham's wards were redrawn in 2018: a name from before "
                                     "may be gone.")  # fmt: skip


def test_a_misspelt_ward_names_the_nearest_and_nothing_more() -> None:
    with pytest.raises(wm.AreaNotFoundError) as error:
        find_wards("Nortfield", WARDS, "here")
    assert str(error.value) == (
        "wards: no ward of here is called 'Nortfield'. Nearest: Northfield."
    )
    with pytest.raises(wm.AreaNotFoundError, match=r"is called 'Qq'\.$"):
        find_wards("Qq", WARDS, "here")
    with pytest.raises(wm.AreaNotFoundError, match=r"is called ''\.$"):
        find_wards("", WARDS, "here")


@given(st.text(max_size=30))
def test_any_name_is_either_found_or_refused_in_one_line(name: str) -> None:
    try:
        assert find_wards(name, WARDS, "here")
    except (wm.AreaNotFoundError, wm.InputError) as error:
        assert "\n" not in str(error)  # noqa: PT017
    assert plain(plain(name)) == plain(name)


def test_the_same_ward_twice_is_one_and_the_order_is_that_asked_for() -> None:
    now, _ = now_and_before()
    found = ward_profiles(now, ["South", "WNorth", "south"])
    assert list(found.wards["place"]) == ["South", "North"]
    places = found.shares.index.get_level_values("place")
    assert list(places) == ["South", "North", "Town (average)"]


def test_wards_with_one_name_are_told_apart_by_authority(sample: wm.Dataset) -> None:
    table = sample.neighbourhoods.assign(ward="Central")
    own = wm.Dataset(
        sample.areas[["geometry"]], sample.flows, table, ranked_areas={"England": 32844},
        groups=sample.groups,
    )  # fmt: skip
    at_hand = wards_at_hand(own)
    codes = [at_hand.index[at_hand["authority"] == name][0] for name in ("Dudley", "Walsall")]
    found = ward_profiles(own, codes)
    assert list(found.wards["place"]) == ["Central, Dudley", "Central, Walsall"]
    assert list(found.wards["average"]) == ["Dudley (average)", "Walsall (average)"]
    with pytest.raises(wm.InputError, match=r"'Central, Dudley' stands \d+ times.*give the code"):
        ward_profiles(own, "Central, Dudley")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"wards": []}, "wards: the list is empty"),
        ({"wards": 5}, "wards=5: expected a name, a code, or a list of them"),
        ({"groups": []}, "groups: there is none"),
        ({"groups": "white"}, "groups='white': expected a list of columns"),
        ({"groups": ["whyte"]}, "groups: there is no column 'whyte'. Nearest: white"),
        ({"groups": ["white", "residents"]}, "they add up to more than the residents"),
        ({"groups": ["name"]}, "'name' is missing, negative or no number in 639 neighbourhoods"),
        ({"earlier": "2011"}, "earlier: expected a Dataset or a Typology"),
        ({"data": "wmca"}, "data: expected a Dataset or a Typology"),
    ],
)
def test_bad_input_is_refused(sample: wm.Dataset, change: dict[str, Any], said: str) -> None:
    asked = {"data": sample, "wards": "X05000039"} | change
    with pytest.raises(wm.InputError) as error:
        ward_profiles(asked.pop("data"), asked.pop("wards"), **asked)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_earlier_census_that_is_none_is_refused(sample: wm.Dataset) -> None:
    now, before = now_and_before()
    with pytest.raises(wm.VintageError, match="it is of 2011, the data of 2011"):
        ward_profiles(sample, "X05000039", earlier=sample)
    with pytest.raises(wm.VintageError, match="it is of 2021, the data of 2011"):
        ward_profiles(before, "South", earlier=now)
    now.crosswalk = None
    with pytest.raises(wm.InputError, match="neither dataset has the lookup"):
        ward_profiles(now, "South", earlier=before)
    now.crosswalk = PAIRS.iloc[:5]
    with pytest.raises(wm.InputError, match=r"2 neighbourhoods of 2021 are not in it \(E01"):
        ward_profiles(now, "South", earlier=before)


def test_an_earlier_census_that_lacks_places_or_groups_is_refused() -> None:
    now, before = now_and_before()
    now.neighbourhoods["jobs2"] = 1.0
    with pytest.raises(wm.InputError, match="earlier: it has no column 'jobs2'"):
        ward_profiles(now, "South", groups=["jobs2"], earlier=before)
    before.neighbourhoods = before.neighbourhoods.iloc[1:]
    with pytest.raises(wm.InputError, match="1 of 6 neighbourhoods of 2011 that make up"):
        ward_profiles(now, "South", earlier=before)


def test_a_dataset_without_wards_is_refused() -> None:
    with pytest.raises(wm.InputError, match="need the columns ward_code, ward, authority_code"):
        ward_profiles(own_dataset(town(a=1.0), groups=("a",)), "North")


def test_residents_in_none_of_the_groups_are_said(sample: wm.Dataset) -> None:
    found = ward_profiles(sample, "X05000039", groups=["white", "asian"])
    assert any("are in none of the groups" in note for note in found.notes)
    assert found.groups == ("white", "asian")
    assert not any("in none of" in note for note in ward_profiles(sample, "X05000039").notes)


def test_a_ward_in_which_nobody_lives_has_no_shares_and_says_so() -> None:
    now, before = now_and_before()
    empty = now.neighbourhoods["ward"] == "North"
    now.neighbourhoods.loc[empty, ["residents", "a", "b"]] = 0.0
    found = ward_profiles(now, ["North", "South"], earlier=before)
    assert found.shares.loc[("North", 2021)].isna().all()
    assert found.summary_text().startswith("North: nobody lives there in 2021.")
    assert "North, 2011: A 60 %, B 40 %; 2021: A not known" in found.chart().text


def test_the_words_give_the_numbers_of_the_frames() -> None:
    now, before = now_and_before(a=300.0, b=700.0)
    now.neighbourhoods.loc[now.neighbourhoods["ward"] == "South", "a"] = 100.0
    found = ward_profiles(now, "South", earlier=before, labels={"a": "Young"})
    assert found.summary_text() == (
        "South (6,000 residents in 2021): the largest group is B, 26.7 %, against 31.1 % in Town; "
        "the farthest from the average is Young, 6.7 %, against 24.4 %. Since 2011 the share of B "
        "changed most, from 70.0 % to 26.7 %."
    )
    assert found.chart().text == (
        "Groups of residents in chosen wards, 2011 and 2021. South, 2011: Young 30 %, B 70 %; "
        "2021: Young 7 %, B 27 %. Town (average), 2011: Young 30 %, B 70 %; 2021: Young 24 %, "
        "B 31 %."
    )


def test_the_chart_has_a_panel_a_ward_and_a_bar_a_group_and_census() -> None:
    now, before = now_and_before()
    figure = ward_profiles(now, ["North", "South"], earlier=before).chart().figure
    key, *panels = figure.axes
    assert [text.get_text() for text in key.get_legend().get_texts()] == [
        "2011", "2021", "average of Town",
    ]  # fmt: skip
    assert [axes.get_title(loc="left") for axes in panels] == ["North", "South"]
    assert [len(axes.patches) for axes in panels] == [4, 4]


def test_made_up_profiles_say_so(sample: wm.Dataset) -> None:
    found = ward_profiles(wm.classify(sample), "X05000039")
    assert NOTE in found.summary_text()
    assert NOTE in repr(found)
    assert found.people.columns.name == found.shares.columns.name == NOTE
    assert NOTE in found.chart().to_svg()


@pytest.mark.xdist_group("official")
def test_the_wards_of_the_paper_in_both_censuses(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    wards = [
        "Kingstanding", "Soho and Jewellery Quarter", "Small Heath",
        "Sparkbrook & Balsall Heath East",
    ]  # fmt: skip
    found = ward_profiles(real_2021, wards, earlier=real_2011)
    # Birmingham's residents as published: KS201EW 2011 and TS021 2021.
    average = found.people.loc["Birmingham (average)", "residents"]
    assert average.to_dict() == pytest.approx({2021: 1_144_941, 2011: 1_073_045})
    groups = list(real_2021.groups)
    sums = found.people[groups].sum(axis=1)
    assert sums.to_numpy() == pytest.approx(found.people["residents"].to_numpy())
    assert found.shares.loc[("Kingstanding", 2021), "white"] > 0.7
    assert found.shares.loc[("Small Heath", 2021), "asian"] > 0.7
    assert any("were redrawn in 2018" in note for note in found.notes)
    with pytest.raises(wm.AreaNotFoundError, match="Nearest: Sparkbrook & Balsall Heath East"):
        ward_profiles(real_2021, "Sparkbrook")
    ealing = ward_profiles(real_2021, "Northfield, Ealing")
    assert list(ealing.wards["authority"]) == ["Ealing"]
    moved = ward_profiles(real_2021, "Bilston South", earlier=real_2011)
    assert any("Bilston South has another code" in note for note in moved.notes)


@pytest.mark.xdist_group("official")
def test_every_person_of_2011_is_in_one_ward_of_today(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    at_hand = wards_at_hand(real_2021)
    found = ward_profiles(real_2021, list(at_hand.index[at_hand["inside"]]), earlier=real_2011)
    for year, total in ((2011, 2_736_460), (2021, 2_919_639)):
        people = found.people.xs(year, level="year")["residents"]
        assert people[found.wards["place"]].sum() == pytest.approx(total)
        assert people[found.wards["average"].unique()].sum() == pytest.approx(total)
