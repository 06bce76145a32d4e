"""What changed between two censuses: found where it was planted, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import REPOSITORY, squares
from wmspatial.provenance import JOBS_2021, LOCKDOWN
from wmspatial.typology import _change_swaps as swaps
from wmspatial.typology.change import CHANGE_KINDS, Change, compare

CLASSES = [
    "Disconnected",
    "Connected",
    "Large number of jobs",
    "Not classified",
    "Insufficient data",
]
FIXED = {"cut_kind": "value", "cut": 0.3}
#: Commuters in a hundred of each zone who go to the centre; the others stay in their zone.
TO_CENTRE = {"Z1": 10, "Z2": 20, "Z3": 50, "Z4": 60}


# -- a toy region: five zones of three neighbourhoods ----------------------------------------------


def region(codes: list[str] | None = None) -> pd.DataFrame:
    """Lay out the centre, zone Z0, with all jobs in its first place, and four zones around it."""
    names = codes or [f"A{i:02}" for i in range(15)]
    return pd.DataFrame(
        {
            "nation": "England",
            "deprivation_rank": np.arange(1.0, 16),
            "residents": [1000.0 + 10 * i for i in range(15)],
            "jobs": [10_000.0, *[10.0] * 14],
            "zone": [f"Z{i // 3}" for i in range(15)],
            "labour_market": "X",
            "authority": ["North"] * 7 + ["South"] * 8,
        },
        index=pd.Index(names, name="code"),
    )


def commuting(shares: dict[str, int], vintage: int) -> wm.Flows:
    pairs: list[tuple[str, str, float]] = [("Z0", "Z0", 100)]
    for zone, share in shares.items():
        pairs += [(zone, "Z0", share), (zone, zone, 100 - share)]
    return wm.Flows.from_table(
        pd.DataFrame(pairs, columns=["origin", "destination", "people"]),
        zones=pd.Index(["Z0", *shares]),
        vintage=vintage,
    )


def classified(
    table: pd.DataFrame, flows: wm.Flows, *, links: Any = None, choices: Any = None, **options: Any
) -> wm.Typology:
    crosswalk = None
    if links is not None:
        crosswalk = pd.DataFrame(links, columns=["lsoa11", "lsoa21", "change"])
    dataset = wm.Dataset(
        squares(table.index), flows, table, ranked_areas={"England": 75}, crosswalk=crosswalk,
        study_area="Toytown", **options,
    )  # fmt: skip
    return wm.classify(dataset, **(FIXED if choices is None else choices))


def same(codes: Any) -> list[tuple[str, str, str]]:
    return [(code, code, "U") for code in codes]


def shifted() -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Copy the region faithfully to areas where A03 is split and A04 and A05 are merged."""
    table = region()
    parts = table.loc[["A03", "A03"]].set_axis(["B1", "B2"])
    parts[["residents", "jobs"]] *= np.array([[0.6], [0.4]])
    merged = table.loc[["A05"]].set_axis(["B3"])
    merged[["residents", "jobs"]] = (
        table.loc[["A04", "A05"], ["residents", "jobs"]].sum().to_numpy()
    )
    later = pd.concat([table.drop(["A03", "A04", "A05"]), parts, merged]).rename_axis("code")
    links = same(table.index.drop(["A03", "A04", "A05"]))
    links += [("A03", "B1", "S"), ("A03", "B2", "S"), ("A04", "B3", "M"), ("A05", "B3", "M")]
    return later, links


def earlier(**options: Any) -> wm.Typology:
    return classified(region(), commuting(TO_CENTRE, 2011), **options)


def later(table: pd.DataFrame, links: Any, shares: Any = None, **options: Any) -> wm.Typology:
    flows = commuting(TO_CENTRE | (shares or {}), 2021)
    return classified(table, flows, links=links, **options)


@pytest.mark.parametrize("choices", [FIXED, {}, {"reference": "all", "cut": 0.2}], ids=str)
def test_the_same_data_over_the_identity_is_no_change(choices: dict[str, Any]) -> None:
    table = region()
    change = compare(earlier(choices=choices), later(table, same(table.index), choices=choices))
    assert change.frame["change_kind"].isin(["no change", "stayed disconnected"]).all()
    assert (change.frame["change_from"] == "no change").all()
    assert change.sources().sum() == 0
    assert (change.versions()["class changed since 2011"] == 0).all()
    assert not change.frame[["mixed_parts", "rank_carried"]].any(axis=None)
    assert "No neighbourhood changed its class." in change.summary_text()


def test_a_faithful_copy_over_a_crosswalk_is_no_change() -> None:
    change = compare(earlier(), later(*shifted()))
    assert (change.frame["earlier_class"] == change.frame["later_class"]).all()
    assert (change.versions()["class changed since 2011"] == 0).all()
    assert change.factors == ("deprivation", "commuting")
    assert change.frame["crosswalk"].value_counts().to_dict() == {
        "unchanged": 12, "split": 2, "merged": 1,
    }  # fmt: skip
    assert change.frame.loc["B3", "earlier_code"] == "A05"
    assert change.frame["rank_carried"].sum() == 3


def test_what_was_planted_is_found_and_nothing_else() -> None:
    table, links = shifted()
    table.loc["A06", "deprivation_rank"] = 40.0
    table.loc["A12", "jobs"] = 5000.0
    change = compare(earlier(), later(table, links, {"Z3": 10}))
    assert change.factors == ("deprivation", "commuting", "jobs")
    frame = change.frame
    found = frame[frame["change_from"] != "no change"]
    assert found["change_from"].to_dict() == {
        "A06": "deprivation", "A09": "commuting", "A10": "commuting", "A11": "commuting",
        "A12": "jobs",
    }  # fmt: skip
    assert found["change_kind"].to_dict() == {
        "A06": "left disconnected", "A09": "entered disconnected", "A10": "entered disconnected",
        "A11": "entered disconnected", "A12": "changed otherwise",
    }  # fmt: skip
    assert frame.loc["A12", "later_class"] == "Large number of jobs"
    assert change.sources().to_dict() == {
        "deprivation": 1, "commuting": 3, "jobs": 1, "any one of them": 0, "only together": 0,
        "something else": 0,
    }  # fmt: skip
    assert change.summary().loc["Disconnected"].to_dict() == {
        "earlier": 6, "later": 8, "stayed": 5, "entered": 3, "left": 1,
    }  # fmt: skip
    people = frame.loc[["A09", "A10", "A11"], "residents"].sum()
    assert change.summary(weight="residents").loc["Disconnected", "entered"] == people
    assert change.transitions().loc["Connected", "Disconnected"] == 3
    assert change.versions().loc["2021 with all of these of 2011", "class changed since 2011"] == 0
    south = change.summary(by="authority").loc[("South", "Disconnected")]
    assert south.to_dict() == {"earlier": 2, "later": 5, "stayed": 2, "entered": 3, "left": 0}


def test_what_two_things_cause_is_not_given_to_one() -> None:
    table, links = shifted()
    # Ever so poor and cut off: either being undone undoes it.
    start = region()
    start.loc["A14", "deprivation_rank"] = 50.0
    first = classified(start, commuting(TO_CENTRE, 2011))
    change = compare(first, later(table, links, {"Z4": 10}))
    # A14 was not deprived: with its old rank it is that again; with the old flows Connected.
    assert change.frame.loc["A14", "change_from"] == "deprivation"
    assert change.frame.loc["A13", "change_from"] == "commuting"
    # Employed residents and jobs together make a place rich, neither alone: only together.
    start = region()
    start.loc["A12", "jobs"] = 25.0
    table.loc["A12", "jobs"] = 35.0
    smaller = wm.Flows(
        commuting(TO_CENTRE, 2011).matrix * [[1], [1], [1], [1], [1.5]],
        commuting(TO_CENTRE, 2011).zones,
        vintage=2011,
    )
    change = compare(classified(start, smaller), later(table, links))
    assert change.frame.loc["A12", "earlier_class"] == "Connected"
    assert change.frame.loc["A12", "later_class"] == "Large number of jobs"
    assert change.frame.loc["A12", "change_from"] == "any one of them"


def test_new_residents_are_something_else() -> None:
    table, links = shifted()
    # A02 shares the centre's hundred workers by residents; with hardly any it is jobs-rich.
    table.loc["A02", "residents"] = 100.0
    change = compare(earlier(), later(table, links))
    assert change.frame.loc["A02", "later_class"] == "Large number of jobs"
    assert change.frame.loc["A02", "change_from"] == "something else"


def test_the_earlier_cut_held_fixed_shows_what_the_median_hides() -> None:
    table = region()
    halved = {zone: share / 2 for zone, share in TO_CENTRE.items()}
    change = compare(
        earlier(choices={}), later(table, same(table.index), halved, choices={})
    )  # fmt: skip
    counts = change.versions()["Disconnected"]
    # Everybody is half as well connected: relatively nothing changed.
    assert counts["2011"] == counts["2021"] == 6
    assert counts["2021 at the cut of 2011"] == 12
    assert counts["2021 with the commuting of 2011"] == 6


def test_parts_of_different_classes_are_marked_and_the_larger_counts() -> None:
    table = region()
    links = same(table.index.drop(["A06", "A11"]))
    links += [("A11", "A06", "M"), ("A06", "A06", "M")]
    after = table.drop("A11")
    change = compare(earlier(), later(after, links))
    # A11 was Connected and had more residents than A06, which was Disconnected.
    row = change.frame.loc["A06"]
    assert (row["earlier_class"], row["earlier_code"], row["mixed_parts"]) == (
        "Connected", "A11", True,
    )  # fmt: skip
    assert change.frame["mixed_parts"].sum() == 1
    assert "in 1 the parts had different classes" in " ".join(change.caveats)


def test_a_zone_merged_away_keeps_its_people() -> None:
    codes = [f"A{i:02}" for i in range(15)]
    table = region().assign(zone=codes)
    pairs = [(a, b, 3.0 + (i * j) % 7) for i, a in enumerate(codes) for j, b in enumerate(codes)]
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "people"])
    flows = wm.Flows.from_table(frame, zones=pd.Index(codes), vintage=2011)
    links = [*same(codes[:13]), ("A13", "A14", "M"), ("A14", "A14", "M")]
    after = table.drop("A13")
    left = [a != "A13" and b != "A13" for a, b, _ in pairs]
    now = wm.Flows.from_table(frame[left], zones=pd.Index(after.index), vintage=2021)
    first = classified(table, flows)
    change = compare(first, classified(after, now, links=links))
    pair = swaps.Pair(first, change.later, pd.DataFrame(links, columns=["lsoa11", "lsoa21", "c"]))
    zones, moved = swaps._earlier_flows(pair)
    assert moved.people == flows.people
    assert moved.commuters["A14"] == flows.commuters[["A13", "A14"]].sum()
    assert zones["A14"] == "A14"


# -- random crosswalks -----------------------------------------------------------------------------

LINKS = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 11)), min_size=12, max_size=25, unique=True
)


@settings(max_examples=8)
@given(LINKS, st.integers(0, 10**6))
def test_any_crosswalk_conserves_and_inherits(links: list[tuple[int, int]], seed: int) -> None:
    draw = np.random.default_rng(seed)
    before = region().assign(
        deprivation_rank=draw.permutation(60)[:15] + 1.0,
        residents=draw.integers(1, 3000, 15).astype(float),
        jobs=draw.integers(0, 60, 15).astype(float),
    )
    used = sorted({new for _, new in links})
    pairs = [(f"A{old:02}", f"B{new:02}", "X") for old, new in links]
    after = region().iloc[: len(used)].set_axis([f"B{new:02}" for new in used]).rename_axis("code")
    after = after.assign(
        deprivation_rank=draw.permutation(60)[: len(used)] + 1.0,
        residents=draw.integers(0, 3000, len(used)).astype(float),
    )
    first = classified(before, commuting(TO_CENTRE, 2011), choices={})
    change = compare(first, later(after, pairs, choices={}))
    classes = first.neighbourhoods["labour_market_class"]
    for code, row in change.frame.iterrows():
        parts = sorted(old for old, new, _ in pairs if new == code)
        largest = max(parts, key=lambda part: before.loc[part, "residents"])
        assert row["earlier_code"] == largest
        assert row["earlier_class"] == classes[largest]
        assert row["mixed_parts"] == (len({classes[part] for part in parts}) > 1)
    assert_conserved(change)


def assert_conserved(change: Change) -> None:
    """Hold every table to the neighbourhoods and the people there are."""
    frame = change.frame
    for weight, values in (
        ("neighbourhoods", pd.Series(1.0, index=frame.index)), ("residents", frame["residents"])
    ):  # fmt: skip
        total = values.sum()
        matrix = change.transitions(weight=weight)
        assert matrix.to_numpy().sum() == total
        assert list(matrix.index) == list(matrix.columns) == CLASSES
        table = change.summary(weight=weight)
        assert table["earlier"].sum() == table["later"].sum() == total
        assert (table["entered"] + table["stayed"] == table["later"]).all()
        assert (table["left"] + table["stayed"] == table["earlier"]).all()
        assert table["entered"].sum() == table["left"].sum()
        versions = change.versions(weight=weight)
        assert (versions[CLASSES].sum(axis=1) == total).all()
        changed = versions.loc["2021", "class changed since 2011"]
        assert change.sources(weight=weight).sum() == changed == table["left"].sum()
    by = change.summary(by="authority")
    assert (by.groupby("class", observed=False).sum() == change.summary()).all(axis=None)
    parts = change.transitions(by="authority").groupby("earlier_class", observed=False).sum()
    assert (parts == change.transitions()).all(axis=None)


# -- the real tables, by loops ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_2011: wm.Dataset, real_2021: wm.Dataset) -> Change:
    return compare(wm.classify(real_2011), wm.classify(real_2021))


@pytest.fixture(scope="module")
def parents(real: Change) -> dict[str, str]:
    """Find the part with most residents of every LSOA of 2021, by a loop over the crosswalk."""
    residents = real.earlier.dataset.neighbourhoods["residents"].to_dict()
    crosswalk = real.later.dataset.crosswalk
    assert crosswalk is not None
    found: dict[str, str] = {}
    for old, new in zip(crosswalk["lsoa11"], crosswalk["lsoa21"], strict=True):
        best = found.get(new)
        if best is None or (residents[old], best) > (residents[best], old):
            found[new] = old
    return found


def test_real_classes_by_a_loop(real: Change, parents: dict[str, str]) -> None:
    was = real.earlier.everywhere["labour_market_class"].to_dict()
    now = real.later.neighbourhoods["labour_market_class"].to_dict()
    people = real.later.neighbourhoods["residents"].to_dict()
    counts: dict[tuple[str, str], int] = defaultdict(int)
    living: dict[tuple[str, str], float] = defaultdict(float)
    for code, after in now.items():
        counts[was[parents[code]], after] += 1
        living[was[parents[code]], after] += people[code]
    matrix, weighed = real.transitions(), real.transitions(weight="residents")
    for before in CLASSES:
        for after in CLASSES:
            assert matrix.loc[before, after] == counts[before, after]
            assert weighed.loc[before, after] == living[before, after]
    assert_conserved(real)
    kinds = real.frame["change_kind"].value_counts()
    assert kinds["stayed disconnected"] == counts["Disconnected", "Disconnected"]
    assert kinds.sum() == 1719


def test_real_swaps_are_what_classify_makes_of_swapped_data(
    real: Change, parents: dict[str, str]
) -> None:
    before, after = real.earlier.dataset, real.later.dataset
    table = after.neighbourhoods
    rank = before.neighbourhoods["deprivation_rank"].to_dict()
    zone = before.neighbourhoods["zone"].to_dict()
    ranks = [rank[parents[code]] for code in table.index]
    zones = [zone[parents[code]] for code in table.index]
    old = before.flows
    flows = wm.Flows(old.matrix, old.zones, special=old.special, arrivals=old.arrivals)
    # A dataset has no more ranks than areas, and splits made more areas: the same 6,568 ranks are
    # deprived among as many as there are now.
    ranked = after.ranked_areas["England"]
    share = (0.2 * before.ranked_areas["England"] + 0.01) / ranked
    for name, swapped in (
        ("deprivation", table.assign(deprivation_rank=ranks)),
        ("commuting", table.assign(zone=zones)),
        ("deprivation_commuting", table.assign(deprivation_rank=ranks, zone=zones)),
    ):
        dataset = wm.Dataset(
            after.neighbourhood_areas[["geometry"]],
            flows if "commuting" in name else after.flows,
            swapped,
            ranked_areas=after.ranked_areas,
            vintage=2021,
        )
        choices = {"deprived_share": share} if "deprivation" in name else {}
        expected = wm.classify(dataset, **choices).neighbourhoods["labour_market_class"]
        assert (real.frame[f"class_with_earlier_{name}"] == expected).all()


def test_the_real_cut_of_2011_by_a_loop(real: Change) -> None:
    cuts = {}
    for row in real.earlier.everywhere.itertuples():
        cuts[row.labour_market] = row.cut
    for row in real.frame.itertuples():
        if row.later_class in ("Disconnected", "Connected"):
            low = row.connection_score < cuts[row.labour_market]
            assert row.class_at_earlier_cut == ("Disconnected" if low else "Connected")
        else:
            assert row.class_at_earlier_cut == row.later_class


def test_what_a_real_change_comes_from_by_a_loop(real: Change) -> None:
    frame = real.frame
    for row in frame.itertuples():
        ranks = row.class_with_earlier_deprivation == row.earlier_class
        flows = row.class_with_earlier_commuting == row.earlier_class
        both = row.class_with_earlier_deprivation_commuting == row.earlier_class
        expected = {
            (True, False): "deprivation", (False, True): "commuting",
            (True, True): "any one of them",
        }.get((ranks, flows), "only together" if both else "something else")  # fmt: skip
        if row.later_class == row.earlier_class:
            expected = "no change"
        assert row.change_from == expected


def test_real_words_say_the_numbers_and_the_caveats(real: Change) -> None:
    text = real.summary_text()
    row = real.summary().loc["Disconnected"]
    people = real.summary(weight="residents").loc["Disconnected"]
    for number in (*row, *people[["stayed", "entered", "left"]], *real.sources()):
        assert f"{number:,}" in text
    assert str(real.versions().loc["2021 at the cut of 2011", "Disconnected"]) in text
    assert "relative" in text
    assert text.endswith(LOCKDOWN)
    assert JOBS_2021 in text
    assert real.factors == ("deprivation", "commuting")
    assert LOCKDOWN in repr(real)
    assert real.caveats[0] == LOCKDOWN
    assert JOBS_2021 in real.caveats
    assert any("IMD 2015 and is IMD 2025" in caveat for caveat in real.caveats)
    assert len(set(real.caveats)) == len(real.caveats)


def test_the_change_page_is_what_is_printed(real: Change) -> None:
    page = (REPOSITORY / "docs" / "change.md").read_text(encoding="utf-8")
    words = " ".join(line.removeprefix(">").strip() for line in page.splitlines())
    assert " ".join(real.summary_text().split()) in " ".join(words.split())
    for version, row in real.versions().iterrows():
        assert f"| {version} | {' | '.join(map(str, row))} |" in page
    assert (
        f"there are {(real.earlier.frame['labour_market_class'] == 'Disconnected').sum()}" in page
    )


# -- bad input -------------------------------------------------------------------------------------


def test_the_wrong_way_round_and_the_same_vintage() -> None:
    table = region()
    first, second = earlier(), later(table, same(table.index))
    with pytest.raises(wm.VintageError, match=r"wrong way round.*compare\(earlier, later\)"):
        compare(second, first)
    with pytest.raises(wm.VintageError, match="both are of 2011"):
        compare(first, first)
    unknown = classified(table, commuting(TO_CENTRE, 2021), links=same(table.index))
    unknown.dataset.vintage = None
    with pytest.raises(wm.VintageError, match="2011 and no known vintage were given"):
        compare(first, unknown)


def test_other_methods_are_refused_by_name() -> None:
    table = region()
    second = later(table, same(table.index), choices={"cut": 0.4, "min_flow": 20})
    with pytest.raises(
        wm.InputError, match=r"different methods: cut \(0\.3 and 0\.4\), cut_kind.*min_flow \(50"
    ):
        compare(earlier(), second)


def test_made_up_data_is_not_held_against_real() -> None:
    table = region()
    second = later(table, same(table.index), illustrative=True)
    with pytest.raises(wm.InputError, match="later typology is illustrative"):
        compare(earlier(), second)
    both = compare(earlier(illustrative=True), second)
    assert "Illustrative data, not statistics" in both.summary_text()
    assert both.frame.columns.name == both.versions().columns.name
    assert "Illustrative data, not statistics" in repr(both)


def test_without_a_crosswalk_or_without_the_areas() -> None:
    table = region()
    with pytest.raises(wm.InputError, match="no crosswalk"):
        compare(earlier(), later(table, None))
    with pytest.raises(wm.InputError, match=r"1 of 15 neighbourhoods of 2021 have no.*A03"):
        compare(earlier(), later(table, same(table.index.drop("A03"))))
    second = later(table, same(table.index))
    second.dataset.crosswalk = second.dataset.crosswalk.drop(columns="change")
    with pytest.raises(wm.InputError, match="no column 'change'"):
        compare(earlier(), second)


def test_given_classes_and_other_study_areas_are_refused() -> None:
    table = region()
    second = later(table, same(table.index))
    given_ = second.with_classes(pd.Series({"A03": "Connected"}), source="a council")
    with pytest.raises(wm.InputError, match="later typology were given"):
        compare(earlier(), given_)
    choices = {"labour_market": "study area"}
    first, other = earlier(choices=choices), later(table, same(table.index), choices=choices)
    assert (compare(first, other).frame["change_from"] == "no change").all()
    other.dataset.study_area = "Elsewhere"
    with pytest.raises(wm.InputError, match="Toytown and Elsewhere"):
        compare(first, other)


def test_other_arguments_are_refused() -> None:
    table = region()
    change = compare(earlier(), later(table, same(table.index)))
    with pytest.raises(wm.InputError, match="expected 'neighbourhoods' or 'residents'"):
        change.transitions(weight="jobs")
    with pytest.raises(wm.InputError, match="No column 'ward'"):
        change.summary(by="ward")
    with pytest.raises(wm.InputError, match="expected a Typology"):
        compare(change, change)  # type: ignore[arg-type]
    assert set(change.frame["change_kind"].cat.categories) == set(CHANGE_KINDS)
