"""Neighbourhoods get the class that the method document gives them, and say why."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import NOTE, Official, flows_of, lsoas, msoas, own_dataset, squares, to_centre, town

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES = [
    "Disconnected",
    "Connected",
    "Large number of jobs",
    "Not classified",
    "Insufficient data",
]
SIZE = 12
CODES = lsoas(SIZE)
SHARES = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]  # the median of the last 11 is 30


def one(dataset: wm.Dataset, code: str = CODES[3], **changes: Any) -> pd.Series:
    """Return one neighbourhood's row."""
    return wm.classify(dataset, **changes).frame.loc[code]


def make(flows: wm.Flows | None = None, **columns: Any) -> wm.Dataset:
    return own_dataset(town(SIZE, **columns), flows or to_centre(CODES, SHARES))


def but(code: str, value: float, column: str) -> dict[str, pd.Series]:
    """Change one value of a column of the town."""
    values = town(SIZE)[column].astype(float).copy()
    values[code] = value
    return {column: values}


# -- the rules, in their order ---------------------------------------------------------------------


def test_the_town_is_classed_as_it_was_built() -> None:
    frame = wm.classify(make()).frame
    assert frame["labour_market_class"].tolist() == [
        "Large number of jobs", *["Disconnected"] * 5, *["Connected"] * 6,
    ]  # fmt: skip
    assert frame["connection_score"].tolist() == [1.0, *[s / 100 for s in SHARES[1:]]]
    assert (frame["cut"] == 0.30).all()
    assert (frame["reference_size"] == 11).all()
    assert not frame["weak"].any()


def without_rank() -> wm.Dataset:
    return make(**but(CODES[3], np.nan, "deprivation_rank"))


def without_zone() -> wm.Dataset:
    return make(zone=[*CODES[:3], "E01099999", *CODES[4:]])


def few_commuters() -> wm.Dataset:
    pairs = to_centre(CODES, SHARES).to_table()
    pairs = pairs[pairs["origin"] != CODES[3]]
    rows = [*pairs.itertuples(index=False, name=None), (CODES[3], CODES[0], 49.0)]
    return make(flows_of(rows, CODES))


def unknown_jobs() -> wm.Dataset:
    pairs = to_centre(CODES, SHARES).to_table()
    pairs = pairs[pairs["origin"] != CODES[3]]
    rows = [*pairs.itertuples(index=False, name=None)]
    rows += [(CODES[3], CODES[0], 79.0), (CODES[3], "E01099999", 21.0)]
    return make(flows_of(rows, [*CODES, "E01099999"]))


def not_deprived() -> wm.Dataset:
    return make(**but(CODES[3], 5.0 * SIZE, "deprivation_rank"))


def many_jobs() -> wm.Dataset:
    return make(**but(CODES[3], 101.0, "jobs"))


def no_market() -> wm.Dataset:
    return make(labour_market=["X", "X", "X", None, *["X"] * (SIZE - 4)])


@pytest.mark.parametrize(
    ("build", "rule", "name", "words"),
    [
        (without_rank, "no deprivation rank", "Insufficient data", "it has no rank in the"),
        (without_zone, "no flow zone", "Insufficient data", "has no zone for it"),
        (few_commuters, "too few commuters", "Insufficient data",
         "49 people of its area commute to a workplace, fewer than the 50 that the method needs"),
        (unknown_jobs, "too many commuters to unknown jobs", "Insufficient data",
         "21 % of its area's commuters go where the number of jobs is not known, more than 20 %"),
        (not_deprived, "not deprived", "Not classified",
         "not among the 20 % most deprived in England (rank 60 of 60)"),
        (many_jobs, "more jobs than people", "Large number of jobs",
         "101 jobs for 100 employed residents"),
        (no_market, "no reference to cut at", "Insufficient data",
         "no neighbourhood to compare it with"),
        (make, "below the cut", "Disconnected",
         "15 % of its commuters work in places with more jobs than workers, against 30 % in the "),
    ],
)  # fmt: skip
def test_each_rule_fires_and_says_why(
    build: Callable[[], wm.Dataset], rule: str, name: str, words: str
) -> None:
    typology = wm.classify(build())
    row = typology.frame.loc[CODES[3]]
    assert (row["rule"], row["labour_market_class"]) == (rule, name)
    text = typology.explain(CODES[3])
    assert words in text
    assert text.startswith(f"{CODES[3]}: ")
    assert text.endswith(f": {name.lower()}.")
    assert "nan" not in text
    others = typology.frame.drop(CODES[3])["rule"]
    assert set(others) <= {"more jobs than people", "below the cut", "at or above the cut"}


def test_a_place_at_the_cut_is_connected_and_says_so() -> None:
    typology = wm.classify(make())
    row = typology.frame.loc[CODES[6]]
    assert row["connection_score"] == row["cut"] == 0.30
    assert row["rule"] == "at or above the cut"
    assert row["distance_to_cut"] == 0
    text = typology.explain(CODES[6])
    assert "10 jobs for 100 employed residents; 30 % of its commuters work in places" in text
    assert "the same as in the middle deprived neighbourhood of the X" in text
    assert typology.explain(CODES[6]).endswith(": connected.")


def test_unknown_jobs_of_the_place_itself_come_after_everything_that_is_known() -> None:
    dataset = make(**but(CODES[3], np.nan, "jobs"))
    row = one(dataset, max_unknown=1.0)
    assert row["rule"] == "jobs or connection unknown"
    assert row["labour_market_class"] == "Insufficient data"
    assert "not known" in wm.classify(dataset, max_unknown=1.0).explain(CODES[3])
    rich = dataset.neighbourhoods.assign(
        deprivation_rank=but(CODES[3], 60.0, "deprivation_rank")["deprivation_rank"]
    )
    other = own_dataset(rich, dataset.flows)
    assert one(other, max_unknown=1.0)["labour_market_class"] == "Not classified"


def test_the_first_rule_that_fits_wins() -> None:
    # Jobs-rich and badly connected: a place full of jobs.
    assert one(many_jobs())["labour_market_class"] == "Large number of jobs"
    # Jobs-rich and not deprived: not classified.
    rich = make(**but(CODES[0], 60.0, "deprivation_rank"))
    assert one(rich, CODES[0])["labour_market_class"] == "Not classified"
    # Not deprived, with too few commuters: the data does not reach.
    table = few_commuters().neighbourhoods.assign(
        deprivation_rank=but(CODES[3], 60.0, "deprivation_rank")["deprivation_rank"]
    )
    assert one(own_dataset(table, few_commuters().flows))["rule"] == "too few commuters"
    # No rank and no zone: the rank is asked for first.
    table = without_zone().neighbourhoods.assign(
        deprivation_rank=but(CODES[3], np.nan, "deprivation_rank")["deprivation_rank"]
    )
    assert one(own_dataset(table, to_centre(CODES, SHARES)))["rule"] == "no deprivation rank"


def test_every_rule_has_one_of_the_five_classes() -> None:
    from wmspatial.typology.labour_market import RULES

    assert list(RULES)[:4] == [
        "no deprivation rank",
        "no flow zone",
        "too few commuters",
        "too many commuters to unknown jobs",
    ]
    assert set(RULES.values()) == set(CLASSES)


# -- exactly at the edge ---------------------------------------------------------------------------


def test_as_many_jobs_as_workers_is_not_jobs_rich() -> None:
    assert not one(make(**but(CODES[3], 100.0, "jobs")))["jobs_rich"]
    assert one(make(**but(CODES[3], 100.5, "jobs")))["jobs_rich"]


def test_as_many_jobs_as_apportioned_workers_is_not_jobs_rich() -> None:
    # 52 employed in the zone, 750 of its 1,300 residents here: 30 workers, and 30 jobs.
    zones = msoas(2)
    table = town(4, residents=[750.0, 550.0, 500.0, 500.0], jobs=[30.0, 0.0, 900.0, 900.0],
                 zone=[zones[0], zones[0], zones[1], zones[1]])  # fmt: skip
    flows = flows_of([(zones[0], zones[1], 52), (zones[1], zones[1], 60)], zones)
    row = wm.classify(own_dataset(table, flows)).frame.iloc[0]
    assert row["jobs"] == Fraction(52 * 750, 1300)
    assert not row["jobs_rich"]


@pytest.mark.parametrize("share", [0.2, 0.29, 0.57, 0.07, 0.1])
def test_the_last_rank_within_the_share_is_deprived(share: float) -> None:
    last = round(share * 100)
    ranks = [1.0, float(last), float(last + 1), 99.0]
    table = town(4, deprivation_rank=ranks)
    dataset = own_dataset(table, ranked_areas={"England": 100})
    frame = wm.classify(dataset, deprived_share=share).frame
    assert frame["deprived"].tolist() == [True, True, False, False]


def test_exactly_enough_commuters_is_enough() -> None:
    pairs = [(code, CODES[0], 50.0) for code in CODES]
    assert one(make(flows_of(pairs, CODES)))["rule"] == "at or above the cut"
    assert one(make(flows_of(pairs, CODES)), min_flow=51)["rule"] == "too few commuters"


@pytest.mark.parametrize("unknown", [5, 10, 20, 30, 35, 45])
def test_exactly_as_many_to_unknown_jobs_as_allowed_is_allowed(unknown: int) -> None:
    rows = [(code, CODES[0], 100.0 - unknown) for code in CODES]
    rows += [(code, "E01099999", float(unknown)) for code in CODES]
    dataset = make(flows_of(rows, [*CODES, "E01099999"]))
    assert one(dataset, max_unknown=unknown / 100)["rule"] == "at or above the cut"
    allowed = (unknown - 1) / 100
    assert one(dataset, max_unknown=allowed)["rule"] == "too many commuters to unknown jobs"


def test_commuters_to_unknown_jobs_leave_both_sides_of_the_score() -> None:
    row = wm.classify(unknown_jobs(), max_unknown=0.5).frame.loc[CODES[3]]
    assert row["unknown_share"] == pytest.approx(0.21)
    assert row["connection_score"] == 1.0  # 79 of the 79 whose jobs are known


def test_places_of_the_same_score_have_the_same_class() -> None:
    # Everybody goes to one of two towns, in both of which 3 in 10 jobs are in places full of jobs:
    # every score is exactly 0.3, though the sums of floats come out a rounding apart.
    zones = msoas(7)
    table = town(
        14,
        zone=[zone for zone in zones for _ in range(2)],
        jobs=[0.0] * 10 + [3_000.0, 7_000.0] * 2,
        residents=[1_000.0] * 10 + [10.0, 100_000.0] * 2,
    )
    rows = [(zones[5], zones[5], 9_000.0), (zones[6], zones[6], 9_000.0)]
    for home, out in zip(zones, [(26, 83), (26, 56), (27, 30), (26, 26), (26, 27)], strict=False):
        rows += [(home, work, float(n)) for work, n in zip(zones[5:], out, strict=True)]
    homes = wm.classify(own_dataset(table, flows_of(rows, zones))).frame.iloc[:10]
    assert homes["connection_score"].tolist() == pytest.approx([0.3] * 10, abs=1e-12)
    assert homes["labour_market_class"].unique().tolist() == ["Connected"]


# -- the same, computed another way ----------------------------------------------------------------


def scores_of(
    rich: list[bool | None], trips: list[list[int]]
) -> tuple[list[Fraction], list[Fraction | None]]:
    """Find the share of commuters to unknown jobs, and of the others to places full of jobs."""
    unknown, score = [], []
    for row in trips:
        known = sum(t for t, r in zip(row, rich, strict=True) if r is not None)
        to_rich = sum(t for t, r in zip(row, rich, strict=True) if r)
        unknown.append(Fraction(sum(row) - known, sum(row)) if sum(row) else Fraction(0))
        score.append(Fraction(to_rich, known) if known else None)
    return unknown, score


def median_of(values: list[Fraction], cut: Fraction) -> Fraction:
    """Take a quantile with linear interpolation."""
    values = sorted(values)
    position = cut * (len(values) - 1)
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)


def reference(
    ranks: list[int | None],
    jobs: list[int | None],
    trips: list[list[int]],
    markets: list[int],
    *,
    cut: Fraction,
    min_flow: int,
    max_unknown: Fraction,
    among: str,
) -> list[str]:
    """Classify straight from the method document, in exact fractions and plain loops."""
    everyone = range(len(ranks))
    people = [sum(row) for row in trips]
    rich = [None if j is None else j > p for j, p in zip(jobs, people, strict=True)]
    unknown, score = scores_of(rich, trips)
    poor = [rank is not None and rank <= len(ranks) for rank in ranks]

    def without_cut(i: int) -> str:
        if ranks[i] is None or people[i] < min_flow or unknown[i] > max_unknown:
            return "Insufficient data"
        if not poor[i]:
            return "Not classified"
        if rich[i]:
            return "Large number of jobs"
        return "Insufficient data" if rich[i] is None or score[i] is None else ""

    classes = [without_cut(i) for i in everyone]
    in_reference = [
        i
        for i in everyone
        if classes[i] != "Insufficient data"
        and (among == "all" or (poor[i] and (among == "deprived" or not rich[i])))
    ]
    for i in everyone:
        value = score[i]
        if not classes[i] and value is not None:
            found = [score[k] for k in in_reference if markets[k] == markets[i]]
            at = median_of([v for v in found if v is not None], cut)
            classes[i] = "Disconnected" if value < at else "Connected"
    return classes


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    n = draw(st.integers(3, 9))
    ranks = draw(st.permutations(range(1, 2 * n + 1)))[:n]
    gaps = draw(st.sets(st.integers(0, n - 1), max_size=2))
    jobs = draw(
        st.lists(st.sampled_from([0, 1, 60, 200, 900, None]), min_size=n, max_size=n).filter(
            lambda values: any(value is not None for value in values)
        )
    )
    return {
        "ranks": [None if i in gaps else rank for i, rank in enumerate(ranks)],
        "jobs": jobs,
        "trips": draw(
            st.lists(
                st.lists(st.sampled_from([0, 0, 1, 10, 30, 60]), min_size=n, max_size=n),
                min_size=n, max_size=n,
            )
        ),
        "markets": draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)),
    }  # fmt: skip


def dataset_of(world: dict[str, Any], order: list[int] | None = None, scale: int = 1) -> wm.Dataset:
    """Make a dataset of a world; flows are between the neighbourhoods themselves."""
    n = len(world["ranks"])
    codes = lsoas(n)
    table = pd.DataFrame(
        {
            "deprivation_rank": [np.nan if r is None else float(r) for r in world["ranks"]],
            "residents": 1000.0,
            "jobs": [np.nan if j is None else float(j * scale) for j in world["jobs"]],
            "labour_market": [f"market {m}" for m in world["markets"]],
        },
        index=pd.Index(codes, name="code"),
    )  # fmt: skip
    pairs = [
        (codes[i], codes[j], float(people * scale))
        for i, row in enumerate(world["trips"])
        for j, people in enumerate(row)
        if people
    ]
    if order is not None:
        table = table.iloc[order]
        pairs.reverse()
        codes = list(table.index)
    return wm.Dataset(squares(table.index), flows_of(pairs, codes), table,
                      ranked_areas={"England": 5 * n})  # fmt: skip


def classes_of(dataset: wm.Dataset, **changes: Any) -> dict[str, str]:
    return wm.classify(dataset, **changes).frame["labour_market_class"].astype("str").to_dict()


@given(worlds(), st.sampled_from([0.5, 0.25, 0.75]), st.sampled_from([0, 50, 100]),
       st.sampled_from([0.0, 0.25, 1.0]),
       st.sampled_from(["deprived and not jobs-rich", "deprived", "all"]))  # fmt: skip
def test_any_town_is_classed_as_exact_arithmetic_classes_it(
    world: dict[str, Any], cut: float, min_flow: int, max_unknown: float, among: str
) -> None:
    expected = reference(
        **world, cut=Fraction(cut), min_flow=min_flow, max_unknown=Fraction(max_unknown),
        among=among,
    )  # fmt: skip
    typology = wm.classify(
        dataset_of(world), cut=cut, min_flow=min_flow, max_unknown=max_unknown, reference=among
    )
    assert typology.frame["labour_market_class"].astype("str").tolist() == expected
    assert all("nan" not in text for text in typology.explanations())


@settings(max_examples=15)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_areas_and_pairs_does_not_matter(world: dict[str, Any], random: Any) -> None:
    order = list(range(len(world["ranks"])))
    random.shuffle(order)
    assert classes_of(dataset_of(world, order)) == classes_of(dataset_of(world))


@settings(max_examples=15)
@given(worlds())
def test_the_codes_do_not_matter(world: dict[str, Any]) -> None:
    plain = dataset_of(world)
    names = dict(zip(plain.neighbourhoods.index, lsoas(len(plain.areas), 500)[::-1], strict=True))
    table = plain.neighbourhoods.rename(index=names).drop(columns="zone")
    pairs = plain.flows.to_table().replace({"origin": names, "destination": names})
    renamed = wm.Dataset(
        squares(table.index),
        wm.Flows.from_table(pairs, zones=pd.Index(list(names.values()))),
        table,
        ranked_areas=plain.ranked_areas,
    )
    expected = {names[code]: name for code, name in classes_of(plain).items()}
    assert classes_of(renamed) == expected


@settings(max_examples=15)
@given(worlds(), st.integers(2, 50))
def test_a_town_many_times_as_large_has_the_same_classes(world: dict[str, Any], scale: int) -> None:
    small = classes_of(dataset_of(world), min_flow=0)
    assert classes_of(dataset_of(world, scale=scale), min_flow=0) == small


@settings(max_examples=15)
@given(worlds())
def test_an_area_where_nobody_lives_or_works_changes_nothing(world: dict[str, Any]) -> None:
    n = len(world["ranks"])
    larger = {
        "ranks": [*world["ranks"], None],
        "jobs": [*world["jobs"], 0],
        "trips": [*([*row, 0] for row in world["trips"]), [0] * (n + 1)],
        "markets": [*world["markets"], 0],
    }
    dataset = dataset_of(larger)
    dataset.ranked_areas["England"] = 5 * n
    found = classes_of(dataset)
    assert found.pop(lsoas(n + 1)[-1]) == "Insufficient data"
    assert found == classes_of(dataset_of(world))


def places(typology: wm.Typology, name: str) -> set[str]:
    frame = typology.frame
    return set(frame.index[frame["labour_market_class"] == name])


@settings(max_examples=15)
@given(worlds(), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_cut_disconnects_more(world: dict[str, Any], one: float, other: float) -> None:
    low, high = sorted((one, other))
    dataset = dataset_of(world)
    for kind in ("quantile", "value"):
        few = wm.classify(dataset, cut=low, cut_kind=kind)
        many = wm.classify(dataset, cut=high, cut_kind=kind)
        assert places(few, "Disconnected") <= places(many, "Disconnected")


@settings(max_examples=15)
@given(worlds(), st.floats(0, 3), st.floats(0, 3))
def test_a_higher_ratio_leaves_fewer_places_full_of_jobs(
    world: dict[str, Any], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    dataset = dataset_of(world)
    name = "Large number of jobs"
    many, few = (places(wm.classify(dataset, pez_ratio=r), name) for r in (low, high))
    assert few <= many


@settings(max_examples=15)
@given(worlds(), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_share_leaves_fewer_unclassified(
    world: dict[str, Any], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    dataset = dataset_of(world)
    many, few = (
        places(wm.classify(dataset, deprived_share=s), "Not classified") for s in (low, high)
    )
    assert few <= many


@settings(max_examples=15)
@given(worlds(), st.integers(0, 200), st.integers(0, 200))
def test_more_commuters_asked_for_leaves_more_without_data(
    world: dict[str, Any], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    dataset = dataset_of(world)
    few, many = (places(wm.classify(dataset, min_flow=m), "Insufficient data") for m in (low, high))
    assert few <= many


@given(worlds())
def test_nobody_is_lost_in_the_evidence(world: dict[str, Any]) -> None:
    dataset = dataset_of(world)
    frame = wm.classify(dataset).frame
    assert frame["employed_residents"].sum() == dataset.flows.people
    assert frame["labour_market_class"].notna().all()
    score = frame["connection_score"].dropna()
    assert score.between(0, 1).all()
    assert frame["unknown_share"].dropna().between(0, 1).all()


ZONE_LEVEL = st.integers(2, 5).flatmap(
    lambda n: st.fixed_dictionaries(
        {
            "jobs": st.lists(
                st.tuples(st.sampled_from([0, 64]), st.sampled_from([0, 64])),
                min_size=n,
                max_size=n,
            ),
            "trips": st.lists(
                st.lists(st.sampled_from([0, 10, 40, 60, 64, 128]), min_size=n, max_size=n),
                min_size=n,
                max_size=n,
            ),
        }
    )
)


@given(ZONE_LEVEL)
def test_flows_between_larger_zones_are_bridged_as_exact_arithmetic_bridges_them(
    world: dict[str, Any],
) -> None:
    # Two neighbourhoods of 1,000 residents a zone: each has half of the zone's workers. Jobs are
    # so chosen that no rounding comes in.
    zones = msoas(len(world["jobs"]))
    size = 2 * len(zones)
    jobs = [float(j) for pair in world["jobs"] for j in pair]
    trips = world["trips"]
    rows = [
        (zones[i], zones[k], float(n)) for i, row in enumerate(trips) for k, n in enumerate(row)
    ]
    table = town(size, jobs=jobs, zone=[z for z in zones for _ in range(2)])
    frame = wm.classify(own_dataset(table, flows_of(rows, zones)), min_flow=0).frame
    workers = [Fraction(sum(trips[i // 2]), 2) for i in range(size)]
    rich = [j > w for j, w in zip(jobs, workers, strict=True)]
    shares = [
        Fraction(sum(int(j) for j, r in zip(pair, rich[2 * i : 2 * i + 2], strict=True) if r))
        / (sum(pair) or 1)
        for i, pair in enumerate(world["jobs"])
    ]
    scores = [
        sum((n * s for n, s in zip(row, shares, strict=True)), Fraction(0)) / sum(row)
        if sum(row)
        else None
        for row in trips
    ]
    values = [scores[i // 2] for i in range(size) if not rich[i]]
    known = [v for v in values if v is not None]
    for i in range(size):
        name = frame["labour_market_class"].iloc[i]
        score = scores[i // 2]
        if rich[i]:
            assert name == "Large number of jobs"
        elif score is None:
            assert name == "Insufficient data"
        else:
            cut = median_of(known, Fraction(1, 2))
            assert frame["connection_score"].iloc[i] == pytest.approx(float(score))
            assert name == ("Disconnected" if score < cut else "Connected")


# -- the two bridges -------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3000)), min_size=1, max_size=12),
       st.lists(st.integers(0, 9000), min_size=3, max_size=3))  # fmt: skip
def test_apportioned_workers_add_up_to_their_zones(
    places: list[tuple[int, int]], workers: list[int]
) -> None:
    codes = lsoas(len(places))
    zone = pd.Series({c: msoas(3)[z] for c, (z, _) in zip(codes, places, strict=True)})
    residents = pd.Series({c: float(r) for c, (_, r) in zip(codes, places, strict=True)})
    employed = pd.Series(dict(zip(msoas(3), map(float, workers), strict=True)))
    found = wm.apportion_employed_residents(employed, zone, residents)
    assert found.index.equals(zone.index)
    sums = found.groupby(zone).sum()
    for name, value in sums.items():
        assert value == pytest.approx(employed[name], rel=1e-12)
    rate = (found / residents).groupby(zone)
    assert ((rate.max() - rate.min()) <= 1e-9 * rate.max()).all()


def test_a_zone_of_one_neighbourhood_keeps_its_workers_whoever_lives_there() -> None:
    found = wm.apportion_employed_residents(
        pd.Series({"z": 90.0}), pd.Series({"a": "z"}), pd.Series({"a": 0.0})
    )
    assert found.to_dict() == {"a": 90.0}


def test_the_rich_share_is_of_jobs_not_of_neighbourhoods() -> None:
    zone = pd.Series({"a": "y", "b": "y", "c": "z", "d": "w", "e": "w"})
    jobs = pd.Series({"a": 900.0, "b": 100.0, "c": 0.0, "d": 5.0, "e": np.nan})
    rich = pd.Series({"a": True, "b": False, "c": False, "d": True, "e": None}, dtype=object)
    share = wm.apportion_jobs_rich_share(jobs, rich, zone)
    assert share["y"] == 0.9
    assert share["z"] == 0
    assert np.isnan(share["w"])


def test_the_score_is_of_people_whose_jobs_are_known() -> None:
    flows = flows_of([("a", "a", 60), ("a", "b", 20), ("a", "c", 20), ("b", "c", 5)], list("abc"))
    found = wm.share_to_jobs_rich(flows, pd.Series({"a": 0.5, "b": 1.0}))
    assert found.loc["a", "connection_score"] == (30 + 20) / 80
    assert found.loc["a", "unknown_share"] == pytest.approx(0.2, abs=1e-15)
    assert found.loc["b", "unknown_share"] == 1
    assert np.isnan(found.loc["b", "connection_score"])
    assert np.isnan(found.loc["c", "unknown_share"])


# -- parameters ------------------------------------------------------------------------------------


def test_the_denominator_decides_who_the_jobs_are_held_against() -> None:
    home = [(code, "OD0000001", 100.0) for code in CODES]
    rows = [*to_centre(CODES, SHARES).to_table().itertuples(index=False, name=None), *home]
    dataset = make(flows_of(rows, CODES), **but(CODES[3], 150.0, "jobs"), adults=120.0)
    ratios = {
        who: one(dataset, pez_denominator=who)["jobs_ratio"]
        for who in ("all employed residents", "commuters", "all residents", "adults")
    }
    assert ratios == {
        "all employed residents": 150 / 200,
        "commuters": 150 / 100,
        "all residents": 150 / 1000,
        "adults": 150 / 120,
    }
    assert one(dataset)["labour_market_class"] == "Disconnected"
    rich = wm.classify(dataset, pez_denominator="commuters")
    assert rich.frame.loc[CODES[3], "labour_market_class"] == "Large number of jobs"
    assert "150 jobs, 1.50 per resident commuter" in rich.explain(CODES[3])
    by_column = wm.classify(dataset, pez_denominator="adults").explain(CODES[3])
    assert "150 jobs, 1.25 per adults" in by_column


def test_an_explanation_has_no_nan_where_nobody_lives() -> None:
    zones = msoas(2)
    table = town(4, zone=[zones[0], zones[0], zones[1], zones[1]], jobs=[0.0, 9.0, 9000.0, 9.0],
                 residents=[0.0, 900.0, 900.0, 900.0])  # fmt: skip
    flows = flows_of([(zones[0], zones[1], 100), (zones[1], zones[1], 100)], zones)
    for jobs in (0.0, 5.0):
        table.loc[lsoas(1), "jobs"] = jobs
        text = wm.classify(own_dataset(table, flows), pez_denominator="commuters").explain(
            lsoas(1)[0]
        )
        assert "nan" not in text
        assert "inf" not in text


def test_another_score_can_be_a_column() -> None:
    dataset = make(bus_score=[0.0, *range(11, 0, -1)])
    typology = wm.classify(dataset, connection="bus_score")
    frame = typology.frame
    assert frame["connection_score"].tolist() == [0.0, *map(float, range(11, 0, -1))]
    assert frame["cut"].iloc[0] == 6.0
    assert places(typology, "Disconnected") == set(CODES[7:])
    text = typology.explain(CODES[8])
    assert "its connection score (bus_score) is 4.00, against 6.00 in the middle deprived" in text


def test_a_missing_score_is_insufficient_data() -> None:
    score = [1.0] * SIZE
    score[3] = np.nan
    assert (
        one(make(bus_score=score), connection="bus_score")["rule"] == "jobs or connection unknown"
    )


def test_a_fixed_cut_is_the_same_everywhere() -> None:
    dataset = make(labour_market=["X"] * 6 + ["Y"] * 6)
    typology = wm.classify(dataset, cut=0.2, cut_kind="value")
    assert (typology.frame["cut"] == 0.2).all()
    assert places(typology, "Disconnected") == set(CODES[1:4])
    assert "against the fixed cut of 20 %" in typology.explain(CODES[2])
    assert not any("Disconnected is relative" in c for c in typology.caveats)
    assert any("Disconnected is relative" in c for c in wm.classify(dataset).caveats)


def test_a_fixed_cut_needs_no_reference_and_is_never_weak() -> None:
    typology = wm.classify(make(labour_market=CODES), cut=0.2, cut_kind="value")
    assert not typology.frame["weak"].any()
    assert "weak" not in typology.explain(CODES[2])


def test_another_quantile_is_linear_between_places() -> None:
    scores = np.array(SHARES[1:]) / 100
    for cut in (1 / 3, 0.1, 0.0, 1.0):
        typology = wm.classify(make(), cut=cut)
        assert typology.frame["cut"].iloc[1] == pytest.approx(np.quantile(scores, cut))
    place = "the deprived neighbourhoods that are not rich in jobs of the X"
    assert f"at the 33rd percentile of {place}" in wm.classify(make(), cut=1 / 3).explain(CODES[5])


def test_each_labour_market_has_its_own_cut() -> None:
    dataset = make(labour_market=["X"] * 6 + ["Y"] * 6)
    frame = wm.classify(dataset).frame
    assert frame["cut"].tolist() == pytest.approx([0.15] * 6 + [0.425] * 6)
    assert frame["reference_size"].tolist() == [5] * 6 + [6] * 6
    assert not frame["weak"].any()


def test_a_reference_of_fewer_than_five_is_classed_and_marked_weak() -> None:
    dataset = make(labour_market=["X"] * 5 + ["Y"] * 7)
    typology = wm.classify(dataset)
    frame = typology.frame
    assert frame["reference_size"].tolist() == [4] * 5 + [7] * 7
    assert frame["weak"].tolist() == [False, *[True] * 4, *[False] * 7]
    assert places(typology, "Disconnected") == {*CODES[1:3], *CODES[5:8]}
    assert "(weak: only 4 neighbourhoods to compare it with)" in typology.explain(CODES[1])
    assert "weak" not in typology.explain(CODES[6])


def test_the_study_area_can_be_the_labour_market() -> None:
    table = town(SIZE)
    flows = to_centre(CODES, SHARES)
    half = wm.Dataset(
        squares(CODES[:6]), flows, table, ranked_areas={"England": 60}, study_area="West"
    )
    typology = wm.classify(half, labour_market="study area")
    assert typology.frame["cut"].tolist() == [0.15] * 6
    assert "of West" in typology.explain(CODES[1])
    assert any("depend on which area was asked for" in c for c in typology.caveats)
    # By default the study area does not matter.
    whole = wm.classify(own_dataset(table, flows)).frame.loc[CODES[:6]]
    pd.testing.assert_frame_equal(
        wm.classify(half).frame.drop(columns="geometry"), whole.drop(columns="geometry"),
        check_like=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cutt": 0.5}, "no parameter cutt. There are: deprived_share"),
        ({"cut": 1.5}, "cut=1.5: expected a quantile from 0 to 1"),
        ({"deprived_share": 0}, "deprived_share=0: expected a share above 0 and up to 1"),
        ({"pez_ratio": -1}, "pez_ratio=-1: expected a ratio of zero or more"),
        ({"reference": "poor"}, "reference='poor': expected one of 'deprived and not jobs-rich'"),
        ({"min_flow": float("nan")}, "min_flow=nan: expected people"),
        ({"max_unknown": 2}, "max_unknown=2: expected a share from 0 to 1"),
        ({"cut_kind": "mean"}, "cut_kind='mean': expected 'quantile' or 'value'"),
        (
            {"connection": "bus_score"},
            "connection='bus_score': the neighbourhoods have no such column",
        ),
        ({"pez_denominator": "x"}, "pez_denominator='x': the neighbourhoods have no such column"),
        ({"labour_market": "x"}, "labour_market='x': the neighbourhoods have no such column"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(wm.InputError) as error:
        wm.classify(make(), **changes)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_all_faults_of_the_parameters_are_named_at_once() -> None:
    with pytest.raises(wm.InputError, match=r"pez_ratio=.*max_unknown="):
        wm.Parameters(pez_ratio=-1, max_unknown=5)


def test_whole_numbers_of_numpy_are_numbers() -> None:
    assert wm.Parameters(min_flow=np.int64(20)).min_flow == 20


@pytest.mark.parametrize("parameter", ["connection", "pez_denominator"])
def test_a_column_of_words_is_no_score(parameter: str) -> None:
    with pytest.raises(wm.InputError, match="words"):
        wm.classify(make(words="abc"), **{parameter: "words"})


def test_people_to_hold_jobs_against_are_zero_or_more() -> None:
    with pytest.raises(wm.InputError, match="adults"):
        wm.classify(make(adults=-5.0), pez_denominator="adults")


# -- an analyst's own frames -----------------------------------------------------------------------


def test_own_frames_need_only_areas_and_flows() -> None:
    areas = squares(CODES)
    for column, values in town(SIZE).items():
        areas[str(column)] = values
    dataset = wm.Dataset(areas, to_centre(CODES, SHARES), ranked_areas={"England": 60})
    expected = classes_of(make())
    assert classes_of(dataset) == expected
    assert dataset.vintage == 2011
    assert "12 neighbourhoods; 0 neighbourhoods beyond" in repr(dataset)


def test_without_jobs_the_flows_count_them() -> None:
    table = town(SIZE).drop(columns="jobs")
    dataset = own_dataset(table, to_centre(CODES, SHARES))
    assert dataset.neighbourhoods["jobs"].tolist() == dataset.flows.jobs.tolist()
    assert any("jobs: none were given, so the flows count them" in r for r in dataset.report)


def test_jobs_cannot_be_counted_by_zones_of_several_neighbourhoods() -> None:
    zones = msoas(1)
    with pytest.raises(
        wm.InputError, match=r"no column 'jobs'.* zone holds several neighbourhoods"
    ):
        own_dataset(
            town(2, zone=zones * 2).drop(columns="jobs"), flows_of([(*zones * 2, 9)], zones)
        )


def test_categories_are_as_good_as_texts() -> None:
    table = town(SIZE).assign(
        nation=pd.Categorical(["England"] * SIZE), zone=pd.Categorical(CODES),
        labour_market=pd.Categorical(["X"] * SIZE), ward_code=pd.Categorical(["E05000001"] * SIZE),
    )  # fmt: skip
    dataset = own_dataset(table, to_centre(CODES, SHARES))
    assert classes_of(dataset) == classes_of(make())
    assert wm.classify(dataset).by_ward()["residents"].tolist() == [12_000]


def test_ranks_are_of_each_nation() -> None:
    table = town(SIZE, nation=["England"] * 6 + ["Wales"] * 6)
    table["deprivation_rank"] = [*range(1, 7), *range(1, 7)]
    dataset = own_dataset(table, ranked_areas={"England": 30, "Wales": 15})
    frame = wm.classify(dataset).frame
    assert frame["deprived"].tolist() == [True] * 6 + [True] * 3 + [False] * 3


def test_nothing_that_came_in_is_changed() -> None:
    table, areas = town(SIZE), squares(CODES)
    flows = to_centre(CODES, SHARES)
    copies = table.copy(deep=True), areas.copy(deep=True), flows.to_table()
    dataset = wm.Dataset(areas, flows, table, ranked_areas={"England": 60})
    inside = dataset.neighbourhoods.copy(deep=True), dataset.areas.copy(deep=True)
    typology = wm.classify(dataset)
    typology.explanations()
    typology.summary()
    pd.testing.assert_frame_equal(table, copies[0])
    pd.testing.assert_frame_equal(areas, copies[1])
    pd.testing.assert_frame_equal(flows.to_table(), copies[2])
    pd.testing.assert_frame_equal(dataset.neighbourhoods, inside[0])
    pd.testing.assert_frame_equal(dataset.areas, inside[1])


def test_the_result_stands_on_the_areas_in_their_order() -> None:
    order = CODES[::-1]
    dataset = wm.Dataset(
        squares(order), to_centre(CODES, SHARES), town(SIZE), ranked_areas={"England": 60}
    )
    typology = wm.classify(dataset)
    frame = typology.frame
    assert frame.index.tolist() == order
    assert frame.index.name == "code"
    assert frame.columns[-1] == "geometry"
    assert frame.crs.to_epsg() == 4326
    classes = frame["labour_market_class"]
    assert classes.cat.ordered
    assert list(classes.cat.categories) == CLASSES
    assert classes.min() == "Disconnected"
    assert frame.attrs["parameters"] == wm.Parameters().to_dict()
    assert frame.attrs["vintage"] == 2011
    assert typology.everywhere.index.equals(dataset.neighbourhoods.index)
    assert typology.explanations().index.tolist() == order


def test_repr_tells_counts_and_what_was_changed() -> None:
    typology = wm.classify(own_dataset(town(SIZE), to_centre(CODES, SHARES), study_area="Town"))
    assert repr(typology).splitlines() == [
        "<Typology Town, 2011",
        "       5 Disconnected",
        "       6 Connected",
        "       1 Large number of jobs",
        "       0 Not classified",
        "       0 Insufficient data",
        "  parameters: the defaults>",
    ]
    assert "parameters: cut=0.25>" in repr(wm.classify(make(), cut=0.25))


def test_an_area_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(wm.AreaNotFoundError, match=r"No area 'E01000099'.*Nearest: E0100000"):
        wm.classify(make()).explain("E01000099")


# -- the sample ------------------------------------------------------------------------------------


def test_what_was_planted_in_the_sample_is_found(sample: wm.Dataset) -> None:
    frame = wm.classify(sample).frame
    names = {
        "disconnected": "Disconnected",
        "connected": "Connected",
        "jobs": "Large number of jobs",
    }
    planted = frame["planted"].map(names).dropna()
    found = frame["labour_market_class"].astype("str").loc[planted.index]
    assert set(planted) == set(names.values())
    recall = (found == planted).groupby(planted).mean()
    assert recall.mean() > 0.95
    assert recall.min() > 0.90


def test_everything_made_of_the_sample_says_it_is_illustrative(sample: wm.Dataset) -> None:
    typology = wm.classify(sample)
    assert typology.illustrative
    assert typology.frame.columns.name == NOTE
    assert typology.frame.attrs["illustrative"] is True
    assert typology.summary().columns.name == NOTE
    assert typology.by_ward().columns.name == NOTE
    assert sample.areas.columns.name == NOTE
    for text in (repr(typology), repr(sample), typology.explain("E01008881")):
        assert NOTE in text
    assert typology.explanations().str.contains(NOTE).all()
    assert any(NOTE in caveat for caveat in typology.caveats)


def test_data_that_is_not_illustrative_does_not_say_so() -> None:
    typology = wm.classify(make())
    assert typology.frame.columns.name is None
    assert NOTE not in repr(typology)
    assert NOTE not in typology.explain(CODES[1])


# -- official statistics ---------------------------------------------------------------------------


@pytest.mark.xdist_group("official")
def test_the_place_of_the_issue_is_explained_as_the_issue_says(real_2011: wm.Dataset) -> None:
    text = wm.classify(real_2011).explain("E01008979")
    assert text.endswith(
        "among the 4 % most deprived in England; 150 jobs for about 531 employed residents; 60 % "
        "of its area's commuters work in places with more jobs than workers, against 73 % in the "
        "middle deprived neighbourhood of the Birmingham travel-to-work area: disconnected."
    )
    assert "E01008979" in text


@pytest.mark.xdist_group("official")
def test_the_published_counts_of_deprived_lsoas_come_out(real_2011: wm.Dataset) -> None:
    typology = wm.classify(real_2011)
    deprived = typology.frame.groupby("authority")["deprived"].agg(["sum", "size"])
    assert deprived["sum"].to_dict() == {
        "Birmingham": 350, "Coventry": 61, "Dudley": 43, "Sandwell": 102, "Solihull": 22,
        "Walsall": 77, "Wolverhampton": 81,
    }  # fmt: skip
    assert deprived["size"].tolist() == [639, 195, 201, 186, 134, 167, 158]
    everywhere = typology.everywhere
    sheffield = everywhere[everywhere["authority"] == "Sheffield"]
    assert (sheffield["deprived"].sum(), len(sheffield)) == (120, 345)
    rich = sheffield[sheffield["deprived"] & sheffield["jobs_rich"]]
    assert len(rich) == 28


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
def test_every_official_place_is_explained_without_gaps(
    vintage: int, request: pytest.FixtureRequest
) -> None:
    typology = wm.classify(request.getfixturevalue(f"real_{vintage}"))
    texts = typology.explanations()
    assert texts.str.endswith(".").all()
    assert not texts.str.contains(r"\bnan\b|\binf\b|None", regex=True).any()
    summary = typology.summary()
    assert summary.loc["All", "All"] == len(typology.frame)
    assert (summary[CLASSES].sum(axis=1) == summary["All"]).all()


@pytest.mark.xdist_group("official")
def test_no_official_class_hangs_on_a_rounding_error(real_2011: wm.Dataset) -> None:
    found = wm.classify(real_2011).everywhere
    decided = found[found["rule"].isin(["below the cut", "at or above the cut"])]
    near = decided[decided["distance_to_cut"].abs() < 1e-9]
    assert (near["distance_to_cut"] == 0).all()


@pytest.mark.parametrize("vintage", [2011, 2021])
def test_neighbourhoods_stand_in_the_order_of_their_codes(official: Official, vintage: int) -> None:
    dataset = official("Solihull", vintage)
    for index in (dataset.neighbourhoods.index, dataset.areas.index, dataset.flows.zones):
        assert isinstance(index[0], str)
        assert not isinstance(index, pd.CategoricalIndex)
        assert list(index) == sorted(index)
