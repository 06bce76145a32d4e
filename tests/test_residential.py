"""The residential typology on made-up towns: each type, the edges, and what must never change."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference_residential as reference
import wmspatial as wm
from conftest import NOTE, flows_of, lsoas, msoas, own_dataset, squares, town
from wmspatial.typology import classify
from wmspatial.typology._residential_rules import (
    classify_zones,
    hand_down,
    movers_by_zone,
    zones_of,
)
from wmspatial.typology._residential_words import MEANINGS, share_text
from wmspatial.typology.residential import (
    MEETINGS,
    RULES,
    TYPES,
    classify_residential,
    double_disconnection,
    summarise_double_disconnection,
)
from wmspatial.typology.residential_example import example_town

if TYPE_CHECKING:
    from collections.abc import Iterable

    Pairs = list[tuple[str, str, int]]

CODES = lsoas(20)
POOR, RICH = CODES[0], CODES[19]
SCOTLAND = "S02001236"


def place(moves: Iterable[tuple[str, str, int]], **options: Any) -> wm.Dataset:
    """Lay out twenty neighbourhoods, each its own zone and two to a decile, a fifth deprived."""
    table = options.pop("table", town(20))
    flows = flows_of([(zone, zone, 100) for zone in table.get("zone", table.index).unique()])
    if not isinstance(moves, wm.Flows):
        moves = flows_of(moves)
    ranked = {"ranked_areas": {"England": len(table)}}
    return own_dataset(table, flows, moves=moves, **(ranked | options))


def row_of(moves: Pairs, code: str = POOR, **options: Any) -> pd.Series[Any]:
    return classify_residential(place(moves), **options).frame.loc[code]


# -- the four types, by hand ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("come", "go", "kind"),
    [
        (RICH, RICH, "Transit"),
        (CODES[1], RICH, "Escalator"),  # CODES[1] is in the same decile: equally deprived
        (RICH, CODES[1], "Gentrifier"),
        (CODES[1], CODES[1], "Isolate"),
    ],
)
def test_each_type_by_hand(come: str, go: str, kind: str) -> None:
    row = row_of([(come, POOR, 60), (POOR, go, 80)])
    assert row["residential_type"] == kind
    assert row["in_movers"] == 60
    assert row["out_movers"] == 80
    assert row["share_in_from_less_deprived"] == (come == RICH)
    assert row["share_out_to_less_deprived"] == (go == RICH)
    assert row["zone_decile"] == 1
    assert RULES[row["rule"]] == kind


def test_a_more_deprived_origin_is_not_less_deprived() -> None:
    # The third and fourth are in decile 2; the first is in decile 1 and more deprived.
    row = row_of([(POOR, CODES[2], 60), (CODES[2], RICH, 60)], CODES[2])
    assert row["residential_type"] == "Escalator"


@pytest.mark.parametrize(("less", "kind"), [(50, "Isolate"), (51, "Gentrifier"), (49, "Isolate")])
def test_exactly_half_is_not_most(less: int, kind: str) -> None:
    moves = [(RICH, POOR, less), (CODES[1], POOR, 100 - less), (POOR, CODES[1], 100)]
    row = row_of(moves)
    assert row["residential_type"] == kind
    assert row["share_in_from_less_deprived"] == less / 100


@pytest.mark.parametrize(("less", "kind"), [(50, "Isolate"), (51, "Escalator")])
def test_exactly_half_of_those_who_leave_is_not_most_either(less: int, kind: str) -> None:
    moves = [(CODES[1], POOR, 100), (POOR, RICH, less), (POOR, CODES[1], 100 - less)]
    assert row_of(moves)["residential_type"] == kind


def test_a_move_inside_a_zone_is_one_from_and_to_an_equally_deprived_place() -> None:
    both = [(RICH, POOR, 60), (POOR, RICH, 70)]
    assert row_of(both)["residential_type"] == "Transit"
    row = row_of([*both, (POOR, POOR, 65)])
    assert row["residential_type"] == "Escalator"  # 60 of 125 in, 70 of 135 out
    assert (row["in_movers"], row["out_movers"], row["moved_within"]) == (125, 135, 65)


def test_movers_without_a_decile_are_counted_and_leave_the_denominator() -> None:
    moves = [(RICH, POOR, 30), (CODES[1], POOR, 20), (SCOTLAND, POOR, 100), (POOR, CODES[1], 60)]
    row = row_of(moves)
    assert row["in_movers"] == 150
    assert row["in_movers_without_decile"] == 100
    assert row["share_in_from_less_deprived"] == 0.6
    assert row["residential_type"] == "Gentrifier"
    assert row["mostly_unknown"]
    assert not row_of(moves, max_unknown=0.7)["mostly_unknown"]
    assert not row_of([*moves[:2], (SCOTLAND, POOR, 50), moves[3]])["mostly_unknown"]
    lines = classify_residential(place(moves)).report
    assert lines[0] == "210 people in the table of moves, 0 inside one zone"
    assert lines[1].startswith("100 of 210 in-movers of the zones")
    assert lines[1].endswith("came from places without one (Scotland 100)")
    assert lines[2].startswith("0 of 110 out-movers")
    assert "mostly_unknown" in lines[3]


def test_movers_to_and_from_a_nation_without_ranks_are_reported_by_nation() -> None:
    table = town(20)
    wales = pd.DataFrame(
        {"deprivation_rank": np.nan, "residents": 500.0, "jobs": 5.0, "labour_market": "X"},
        index=pd.Index(["W01000001"], name="code"),
    )
    moves = [("W01000001", POOR, 60), (POOR, "W01000001", 20), (POOR, RICH, 60), (RICH, POOR, 60)]
    result = classify_residential(place(moves, table=pd.concat([table, wales])))
    assert result.frame.loc[POOR, "out_movers_without_decile"] == 20
    assert result.frame.loc[POOR, "residential_type"] == "Transit"
    assert result.frame.loc["W01000001", "rule"] == "no deprivation rank"
    assert "(Wales 60)" in result.report[1]
    assert "(Wales 20)" in result.report[2]


@pytest.mark.parametrize(("come", "go"), [(49, 50), (50, 49)])
def test_too_few_movers_on_either_side_are_insufficient(come: int, go: int) -> None:
    moves = [(RICH, POOR, come), (POOR, RICH, go)]
    row = row_of(moves)
    assert row["residential_type"] == "Insufficient data"
    assert row["rule"] == "too few movers"
    assert row_of(moves, min_flow=49)["residential_type"] == "Transit"


def test_the_last_of_the_deprived_share_is_in_it() -> None:
    # 0.29 x 100 is a little under 29.
    table = town(100)
    moves = [(code, code, 60) for code in table.index]
    frame = classify_residential(place(moves, table=table), deprived_share=0.29).frame
    assert frame["deprived"].sum() == 29


def test_movers_without_a_decile_alone_give_no_type() -> None:
    row = row_of([(SCOTLAND, POOR, 60), (POOR, RICH, 60)])
    assert row["rule"] == "no mover with a decile"
    assert row["residential_type"] == "Insufficient data"


def test_only_deprived_neighbourhoods_have_a_type() -> None:
    moves = [(a, b, 100) for a in CODES for b in (POOR, RICH)]
    frame = classify_residential(place(moves), min_flow=0).frame
    typed = frame["residential_type"].isin(list(MEANINGS))
    assert not typed[CODES[4:]].any()
    assert frame.loc[CODES[6], "residential_type"] == "Insufficient data"  # nobody moved there
    assert frame.loc[RICH, "residential_type"] == "Not classified"


def test_a_zone_that_the_moves_do_not_know_is_insufficient() -> None:
    row = row_of([(RICH, POOR, 60), (POOR, RICH, 60)], CODES[1])
    assert row["rule"] == "no flow zone"
    assert np.isnan(row["in_movers"])


# -- zones and their deciles ---------------------------------------------------------------------


def shared(**columns: Any) -> pd.DataFrame:
    """Lay out twenty neighbourhoods in ten zones of two."""
    return town(20, zone=[msoas(10)[i // 2] for i in range(20)], **columns)


def test_a_zone_is_as_deprived_as_its_residents_on_average() -> None:
    table = shared(residents=[100.0, 300.0] + [1000.0] * 18).assign(nation="England")
    zones = zones_of(table)
    assert zones.loc[msoas(1)[0], "average_rank"] == (1 * 100 + 2 * 300) / 400
    assert zones["zone_decile"].tolist() == list(range(1, 11))
    assert zones["residents"].sum() == table["residents"].sum()


def test_a_neighbourhood_without_a_rank_or_without_people_does_not_weigh() -> None:
    table = shared().assign(nation="England")
    table.loc[CODES[0], "deprivation_rank"] = np.nan
    table.loc[CODES[2], "residents"] = 0.0
    table.loc[CODES[4], "residents"] = np.nan
    table.loc[CODES[6:8], "residents"] = 0.0
    assert zones_of(table)["average_rank"].head(4).tolist() == [2.0, 4.0, 6.0, 7.5]


def test_neighbourhoods_of_a_zone_share_its_type_and_its_evidence() -> None:
    first, last = msoas(10)[0], msoas(10)[9]
    moves = flows_of([(first, last, 80), (last, first, 90)], zones=msoas(10))
    result = classify_residential(place(moves, table=shared()))
    frame = result.frame
    assert frame.loc[CODES[:2], "residential_type"].tolist() == ["Transit", "Transit"]
    assert frame.loc[CODES[:2], "in_movers"].tolist() == [90, 90]
    assert result.zones.loc[first, "residential_type"] == "Transit"
    assert any("share one type" in line for line in result.caveats)
    assert first in result.explain(POOR)


def test_a_neighbourhood_without_a_rank_has_no_type_even_where_its_zone_has() -> None:
    table = shared()
    table.loc[POOR, "deprivation_rank"] = np.nan
    table["deprivation_rank"] -= 1
    first, last = msoas(10)[0], msoas(10)[9]
    moves = flows_of([(first, last, 80), (last, first, 90)], zones=msoas(10))
    options = {"ranked_areas": {"England": 19}}
    frame = classify_residential(place(moves, table=table, **options)).frame
    assert frame.loc[POOR, "rule"] == "no deprivation rank"
    assert frame.loc[CODES[1], "residential_type"] == "Transit"
    assert frame.loc[POOR, "zone_decile"] == 1


def test_a_deprived_neighbourhood_in_a_zone_that_is_not_is_marked() -> None:
    # The most deprived neighbourhood shares its zone with the least deprived one.
    order = [CODES[0], CODES[19], *CODES[1:19]]
    table = town(20).loc[order].assign(zone=[msoas(10)[i // 2] for i in range(20)]).loc[CODES]
    zones = msoas(10)
    moves = flows_of([(zones[1], zones[0], 80), (zones[0], zones[1], 90)], zones=zones)
    result = classify_residential(place(moves, table=table))
    row = result.frame.loc[POOR]
    assert row["zone_decile"] > 2
    assert row["deprived"]
    assert not row["zone_deprived"]
    assert "Its area as a whole is less deprived" in result.explain(POOR)


def test_zones_that_tie_share_the_more_deprived_decile() -> None:
    table = shared(deprivation_rank=[1, 4, 2, 3, *range(5, 21)]).assign(nation="England")
    assert zones_of(table)["zone_decile"].tolist() == [1.0, 1.0, *range(3, 11)]


def test_deciles_are_of_each_nation() -> None:
    table = town(20).assign(zone=CODES, nation=["England"] * 10 + ["Wales"] * 10)
    assert zones_of(table)["zone_decile"].tolist() == [*range(1, 11), *range(1, 11)]


@given(st.integers(1, 400))
def test_deciles_are_tenths(count: int) -> None:
    table = town(count).assign(zone=lsoas(count), nation="England")
    sizes = zones_of(table)["zone_decile"].value_counts()
    assert sizes.max() - sizes.reindex(range(1, 11), fill_value=0).min() <= 1
    assert zones_of(table)["zone_decile"].is_monotonic_increasing


def test_a_zone_of_two_nations_is_refused() -> None:
    table = shared().assign(nation=["England", "Wales"] * 10)
    with pytest.raises(wm.InputError, match="10 zones hold ranked neighbourhoods of more than one"):
        zones_of(table)


# -- what must never change ----------------------------------------------------------------------

SEEDS = st.integers(0, 2**32 - 1)


def draw_pairs(seed: int) -> dict[tuple[int, int], int]:
    """Draw moves between eleven zones and Scotland, at random densities.

    From a seed, because drawn pair by pair most towns would have no movers and so no types.
    """
    rng = np.random.default_rng(seed)
    people = rng.integers(1, rng.integers(3, 120), (12, 12))
    there = rng.random((12, 12)) < rng.uniform(0.1, 0.9)
    return {(int(a), int(b)): int(people[a, b]) for a, b in np.argwhere(there)}


def draw_town(seed: int) -> tuple[Any, ...]:
    """Draw the ranks, zones, residents and the neighbourhoods without a rank."""
    rng = np.random.default_rng(seed)
    residents = rng.integers(0, 900, 24) * (rng.random(24) < 0.8)
    unranked = np.flatnonzero(rng.random(24) < rng.uniform(0, 0.3))
    return rng.permutation(24) + 1, rng.integers(0, 11, 24), residents, set(unranked.tolist())


PAIRS, TOWNS = SEEDS.map(draw_pairs), SEEDS.map(draw_town)
ZONES = msoas(11)


def areas_of(drawn: tuple[Any, ...]) -> pd.DataFrame:
    ranks, zones, residents, unranked = drawn
    table = pd.DataFrame(
        {
            "deprivation_rank": np.array(ranks, dtype=float),
            "residents": np.array(residents, dtype=float),
            "jobs": 10.0,
            "labour_market": "X",
            "zone": [ZONES[z] for z in zones],
        },
        index=pd.Index(lsoas(24), name="code"),
    )
    table.loc[table.index[sorted(unranked)], "deprivation_rank"] = np.nan
    return table


def moves_of(pairs: dict[tuple[int, int], int]) -> Pairs:
    """Name the ends; the twelfth place is in Scotland. All zones are there, with nobody moving."""
    names = [*ZONES, SCOTLAND]
    drawn = {(a, b): n for (a, b), n in pairs.items() if (a, b) != (11, 11)}
    drawn = dict.fromkeys(((z, z) for z in range(11)), 0) | drawn
    return [(names[a], names[b], n) for (a, b), n in drawn.items()]


class Classified(NamedTuple):
    """What the rules make of a town: no polygons, so that many towns can be tried."""

    frame: pd.DataFrame
    zones: pd.DataFrame


def typed(table: pd.DataFrame, moves: Pairs | wm.Flows, *, min_flow: int = 50) -> Classified:
    table = table.assign(nation="England")
    flows = moves if isinstance(moves, wm.Flows) else flows_of(moves)
    zones = classify_zones(table, flows, min_flow=min_flow, max_unknown=0.5)
    return Classified(hand_down(table, zones, {"England": 24}, 0.6), zones)


def test_the_drawn_towns_have_neighbourhoods_of_every_type() -> None:
    found = [typed(areas_of(draw_town(k)), moves_of(draw_pairs(k))).frame for k in range(25)]
    counts = pd.concat(found)["residential_type"].value_counts()
    assert counts.min() >= 10


@given(TOWNS, PAIRS, st.sampled_from([0, 1, 50, 200]))
def test_the_library_agrees_with_the_second_reading(drawn: Any, pairs: Any, few: int) -> None:
    table, moves = areas_of(drawn), moves_of(pairs)
    data = place(moves, table=table, ranked_areas={"England": 24})
    ours = classify_residential(data, deprived_share=0.6, min_flow=few).everywhere
    areas = table.rename(columns={"deprivation_rank": "rank"}).assign(
        nation="England", ranked_areas=24.0
    )
    theirs = reference.classify(areas, moves, deprived_share=0.6, min_flow=few)
    assert ours["residential_type"].tolist() == theirs["residential_type"].tolist()
    np.testing.assert_array_equal(ours["zone_decile"], theirs["zone_decile"])
    for column in ("in_movers", "out_movers", "in_movers_without_decile",
                   "out_movers_without_decile"):  # fmt: skip
        np.testing.assert_array_equal(ours[column], theirs[column])
    known = ours["zone_decile"].notna()
    for column, other in (("share_in_from_less_deprived", "share_in"),
                          ("share_out_to_less_deprived", "share_out")):  # fmt: skip
        np.testing.assert_allclose(ours.loc[known, column], theirs.loc[known, other], rtol=1e-15)


@settings(max_examples=25)
@given(TOWNS, PAIRS)
def test_people_are_conserved(drawn: Any, pairs: Any) -> None:
    moves = flows_of(moves_of(pairs))
    zones = typed(areas_of(drawn), moves).zones
    assert zones["in_movers"].sum() + moves.special.to_numpy().sum() + moves.beyond == moves.people
    assert zones["out_movers"].sum() + moves.arrivals.to_numpy().sum() == moves.people
    assert zones["moved_within"].sum() == moves.internal.sum()
    for side, word in (("in", "from"), ("out", "to")):
        rest = zones[f"{side}_movers"] - zones[f"{side}_movers_without_decile"]
        assert (rest >= zones[f"{side}_{word}_less_deprived"].fillna(0)).all()
    frame = typed(areas_of(drawn), moves).frame
    assert frame["residential_type"].notna().all()
    assert frame.index.tolist() == lsoas(24)


@settings(max_examples=25)
@given(TOWNS, PAIRS)
def test_turning_all_moves_round_swaps_escalators_and_gentrifiers(drawn: Any, pairs: Any) -> None:
    table, moves = areas_of(drawn), flows_of(moves_of(pairs))
    back = wm.Flows(
        moves.matrix.T, moves.zones, special=moves.arrivals, arrivals=moves.special, vintage=2011
    )
    one, other = typed(table, moves, min_flow=1).frame, typed(table, back, min_flow=1).frame
    swap = {"Escalator": "Gentrifier", "Gentrifier": "Escalator"}
    turned = [swap.get(kind, kind) for kind in other["residential_type"]]
    assert one["residential_type"].tolist() == turned
    pd.testing.assert_series_equal(one["in_movers"], other["out_movers"], check_names=False)


@settings(max_examples=25)
@given(TOWNS, PAIRS, st.randoms(use_true_random=False))
def test_codes_and_order_do_not_matter(drawn: Any, pairs: Any, random: Any) -> None:
    table, moves = areas_of(drawn), moves_of(pairs)
    before = typed(table, moves, min_flow=1).frame["residential_type"]
    names = dict(zip(ZONES, random.sample(msoas(11, 500), 11), strict=True))
    codes = dict(zip(table.index, random.sample(lsoas(24, 700), 24), strict=True))
    moved = table.assign(zone=table["zone"].map(names)).rename(index=codes)
    moved = moved.sample(frac=1, random_state=random.randint(0, 99))
    random.shuffle(moves)
    renamed = [(names.get(a, a), names.get(b, b), n) for a, b, n in moves]
    after = typed(moved, renamed, min_flow=1).frame["residential_type"]
    assert after[[codes[c] for c in before.index]].tolist() == before.tolist()


@settings(max_examples=25)
@given(TOWNS, PAIRS, st.lists(st.integers(0, 300), min_size=11, max_size=11))
def test_more_moves_inside_zones_only_push_towards_equally_deprived(
    drawn: Any, pairs: Any, more: list[int]
) -> None:
    table, moves = areas_of(drawn), flows_of(moves_of(pairs), zones=ZONES)
    inside = flows_of([(z, z, n) for z, n in zip(ZONES, more, strict=True)], zones=ZONES)
    added = wm.Flows(moves.matrix + inside.matrix, moves.zones, special=moves.special,
                     arrivals=moves.arrivals, vintage=2011)  # fmt: skip
    one, other = (typed(table, m, min_flow=0).zones for m in (moves, added))
    for side, word in (("in", "from"), ("out", "to")):
        share = f"share_{side}_{word}_less_deprived"
        known = one[share].notna()
        assert (other.loc[known, share] <= one.loc[known, share]).all()
    most_in, most_out = {"Transit", "Gentrifier"}, {"Transit", "Escalator"}
    for before, after in zip(one["residential_type"], other["residential_type"], strict=True):
        if before in MEANINGS:
            assert after in MEANINGS
            assert not (after in most_in and before not in most_in)
            assert not (after in most_out and before not in most_out)


@settings(max_examples=25)
@given(TOWNS, PAIRS, st.integers(2, 9))
def test_scaling_all_moves_changes_no_type_but_by_too_few(
    drawn: Any, pairs: Any, times: int
) -> None:
    table, moves = areas_of(drawn), moves_of(pairs)
    scaled = [(a, b, n * times) for a, b, n in moves]
    one = typed(table, moves, min_flow=0).frame["residential_type"]
    assert one.tolist() == typed(table, scaled, min_flow=0).frame["residential_type"].tolist()


def test_inputs_are_not_changed() -> None:
    data = example_town()
    before, moves = copy.deepcopy(data.neighbourhoods), data.moves
    assert moves is not None
    people = moves.matrix.toarray()
    classify_residential(data)
    pd.testing.assert_frame_equal(data.neighbourhoods, before)
    np.testing.assert_array_equal(moves.matrix.toarray(), people)


def test_movers_are_those_of_a_double_loop() -> None:
    rng = np.random.default_rng(7)
    matrix = rng.integers(0, 30, (12, 12)) * rng.integers(0, 2, (12, 12))
    zones = pd.Index(msoas(12))
    decile = pd.Series([*rng.integers(1, 11, 10), np.nan, np.nan], index=zones, dtype=float)
    found = movers_by_zone(wm.Flows(matrix, zones), decile)
    for here in range(12):
        come = sum(int(matrix[k, here]) for k in range(12) if decile.iloc[k] > decile.iloc[here])
        lost = sum(int(matrix[here, k]) for k in range(12) if np.isnan(decile.iloc[k]))
        if here < 10:
            assert found["in_from_less_deprived"].iloc[here] == come
        assert found["out_movers_without_decile"].iloc[here] == lost


# -- the result ----------------------------------------------------------------------------------


def test_the_planted_types_are_found() -> None:
    result = classify_residential(example_town())
    planted = result.frame["planted"]
    found = result.frame["residential_type"].astype("str")
    assert found[planted != ""].tolist() == planted[planted != ""].tolist()
    assert (found[planted == ""] == "Not classified").all()


def test_the_frame_is_the_study_areas_in_its_order() -> None:
    table = town(20)
    moves = flows_of([(RICH, POOR, 60), (POOR, RICH, 60)])
    ranked = {"ranked_areas": {"England": 20}}
    flows = flows_of([(c, c, 100) for c in CODES])
    data = wm.Dataset(squares(CODES[:3]), flows, table, moves=moves, **ranked)
    result = classify_residential(data)
    assert isinstance(result.frame, gpd.GeoDataFrame)
    assert result.frame.index.tolist() == CODES[:3]
    assert result.everywhere.index.tolist() == CODES
    assert result.frame.columns[-1] == "geometry"
    kinds = result.frame["residential_type"]
    assert kinds.cat.ordered
    assert tuple(kinds.cat.categories) == TYPES
    assert result.frame.attrs["parameters"] == {
        "deprived_share": 0.2, "min_flow": 50, "max_unknown": 0.5,
    }  # fmt: skip


def test_a_dataset_at_ward_level_has_the_types_of_its_neighbourhoods() -> None:
    wards = ["E05000001", "E05000002"]
    table = town(20, ward_code=[wards[i % 2] for i in range(20)])
    moves = [(RICH, POOR, 60), (POOR, RICH, 60)]
    fine = classify_residential(place(moves, table=table))
    coarse = classify_residential(place(moves, table=table, level="ward", wards=squares(wards)))
    assert coarse.frame["residential_type"].tolist() == fine.frame["residential_type"].tolist()
    assert coarse.summary(by="ward_code")["Transit"].tolist() == [1, 0, 1]


def test_a_summary_counts_neighbourhoods_or_residents() -> None:
    result = classify_residential(example_town())
    counts = result.summary()
    assert counts.index.tolist() == ["Northtown", "Southtown", "All"]
    assert counts.columns.tolist() == [*TYPES, "All"]
    assert (counts[list(TYPES)].sum(axis=1) == counts["All"]).all()
    assert counts.loc["Northtown"].tolist() == [1, 1, 1, 0, 0, 0, 3]
    assert result.summary(weight="residents").loc["All", "All"] == 30_000
    with pytest.raises(wm.InputError, match="weight='people'"):
        result.summary(weight="people")
    with pytest.raises(wm.InputError, match="No column 'autority' to sum by"):
        result.summary(by="autority")
    gaps = classify_residential(place([(RICH, POOR, 60)], table=town(20, ward=[None, *"W" * 19])))
    with pytest.raises(wm.InputError, match=r"1 neighbourhoods have no ward \(E01000001\)"):
        gaps.summary(by="ward")
    assert classify_residential(place([(RICH, POOR, 60)])).summary().index[0] == "the study area"


def test_made_up_data_says_so_everywhere() -> None:
    result = classify_residential(example_town())
    assert result.illustrative
    assert result.frame.columns.name == NOTE
    assert result.summary().columns.name == NOTE
    assert result.explanations().str.contains(NOTE).all()
    assert NOTE in result.explain("Northtown")
    assert NOTE in repr(result)
    assert any(NOTE in line for line in result.caveats)
    both = double_disconnection(classify(example_town()), result)
    assert both.columns.name == NOTE
    assert summarise_double_disconnection(both).columns.name == NOTE
    assert not any("2021 Census" in line for line in result.caveats)


def test_neighbourhoods_are_explained_with_the_numbers_that_decided() -> None:
    moves = [(RICH, POOR, 60), (POOR, RICH, 35), (POOR, CODES[1], 35), (SCOTLAND, POOR, 3)]
    result = classify_residential(place(moves))
    assert result.explain(POOR) == (
        "E01000001 is a Gentrifier: most people who arrive come from less deprived areas, and most "
        "who leave go to areas as deprived or more so. It is among the 5 % most deprived in "
        "England. In the year before the census 63 people moved into it or within it, 100 % of "
        "them from less deprived areas; 70 moved out of it or within it, exactly half of them to "
        "less deprived areas. The shares leave out 3 who came from and 0 who went to places "
        "without a deprivation decile."
    )
    assert "(rank 20 of 20)" in classify_residential(place(moves), min_flow=0).explain(RICH)
    assert "the method needs 50 each way" in result.explain(CODES[1])
    assert "has no zone for it" in result.explain(CODES[2])
    alone = classify_residential(place([(SCOTLAND, POOR, 60), (POOR, SCOTLAND, 60)]))
    assert "has a decile at the other end" in alone.explain(POOR)
    mostly = [(SCOTLAND, POOR, 90), (RICH, POOR, 30), (POOR, RICH, 60)]
    marked = classify_residential(place(mostly))
    assert "That is more than 50 % of those who came" in marked.explain(POOR)


def test_places_are_explained_and_unknown_ones_refused() -> None:
    result = classify_residential(example_town())
    assert result.explain("Place 1") == result.explain(POOR)
    assert result.explain("Northtown").startswith(
        "Northtown: of 3 neighbourhoods 3 are deprived and have a residential type: 1 Transit "
        "(1,500 people)"
    )
    assert result.explain("the example town").startswith("the example town: of 20")
    with pytest.raises(wm.AreaNotFoundError, match="No area 'Norhtown' in the example town"):
        result.explain("Norhtown")
    bare = classify_residential(place([(RICH, POOR, 60), (POOR, RICH, 60)], study_area="Here"))
    assert "for 3 the data does not suffice" not in bare.explain("Here")
    assert "for 18 the data does not suffice" in bare.explain("Here")
    nobody = classify_residential(place([(RICH, POOR, 1)], study_area="Here"))
    assert nobody.explain("Here") == "Here: none of its 20 neighbourhoods has a residential type."


def test_shares_near_a_half_are_told_from_it() -> None:
    assert share_text(0.5) == "exactly half"
    assert share_text(0.5001) == "50.01 %"
    assert share_text(0.49) == "49 %"
    assert share_text(0.4999999) == "49.99999 %"


def test_caveats_fit_the_data() -> None:
    moves = [(RICH, POOR, 60), ("OD0000004", POOR, 5), (POOR, RICH, 60)]
    later = flows_of(moves, vintage=2021)
    commuting = flows_of([(c, c, 100) for c in CODES], vintage=2021)
    data = own_dataset(town(20), commuting, moves=later, ranked_areas={"England": 20},
                       caveats=["own caveat"])  # fmt: skip
    text = " ".join(classify_residential(data).caveats)
    assert "between March 2020 and March 2021" in text
    assert "own caveat" in text
    assert "2018" in text
    assert "came from abroad" not in text
    assert "share one type" not in text
    text = " ".join(classify_residential(place(moves[::2])).caveats)
    assert "March 2020" not in text
    assert "came from abroad" in text


def test_a_part_of_a_nation_is_reported() -> None:
    data = place([(RICH, POOR, 60)], ranked_areas={"England": 200})
    assert any("180 of the 200 ranked neighbourhoods of England" in line
               for line in classify_residential(data).report)  # fmt: skip


# -- bad input -----------------------------------------------------------------------------------


def test_no_moves_is_one_clear_error(sample: wm.Dataset) -> None:
    with pytest.raises(wm.InputError, match=r"no residential moves are at hand for 2011, .*2021"):
        classify_residential(sample)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_flow": -1}, "min_flow=-1: expected people, zero or more"),
        ({"min_flow": float("nan")}, "min_flow=nan"),
        ({"min_flow": True}, "min_flow=True"),
        ({"min_flow": "50"}, "min_flow='50'"),
        ({"deprived_share": 0}, "deprived_share=0: expected a share above 0"),
        ({"deprived_share": 20, "max_unknown": 2}, "deprived_share=20.*; max_unknown=2"),
    ],
)
def test_arguments_out_of_range_are_named(options: Any, message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        classify_residential(example_town(), **options)


def test_moves_of_another_census_or_of_other_zones_are_refused() -> None:
    with pytest.raises(wm.VintageError, match="areas are of 2011, the moves of 2021"):
        classify_residential(place(flows_of([(RICH, POOR, 60)], vintage=2021)))
    with pytest.raises(wm.InputError, match="not one of the neighbourhoods' zones"):
        classify_residential(place(flows_of([(msoas(2)[0], msoas(2)[1], 60)])))


def test_no_rank_at_all_gives_no_type_and_no_failure() -> None:
    table = town(20, deprivation_rank=np.nan)
    result = classify_residential(place([(RICH, POOR, 60)], table=table, ranked_areas={}))
    assert (result.frame["rule"] == "no deprivation rank").all()
    assert "has no rank in" in result.explain(POOR)
    assert result.summary().loc["All", "Insufficient data"] == 20


def test_columns_that_a_table_brings_of_its_own_do_not_survive_as_evidence() -> None:
    table = town(20, residential_type="mine", rule="mine", in_movers=1)
    frame = classify_residential(place([(RICH, POOR, 60), (POOR, RICH, 60)], table=table)).frame
    assert frame.loc[POOR, "residential_type"] == "Transit"
    assert frame.loc[POOR, "in_movers"] == 60
    assert frame.columns.is_unique


# -- double disconnection ------------------------------------------------------------------------


def test_disconnected_and_isolate_is_double_disconnection() -> None:
    data = example_town()
    both = double_disconnection(classify(data), classify_residential(data))
    assert isinstance(both, gpd.GeoDataFrame)
    # The third and the fourth are disconnected, the fourth is an Isolate.
    assert both["disconnection"].head(4).tolist() == [
        "Neither", "Neither", "Disconnected only", "Double disconnection",
    ]  # fmt: skip
    assert both.index[both["double_disconnection"]].tolist() == [CODES[3]]
    assert tuple(both["disconnection"].cat.categories) == MEETINGS
    table = summarise_double_disconnection(both)
    assert table.index.tolist() == ["Northtown", "Southtown", "All"]
    assert table["double_disconnection"].tolist() == [0, 1, 1]
    assert table["residents_double_disconnection"].tolist() == [0, 1500, 1500]
    assert table.loc["All", "share_of_residents"] == 0.05
    assert table.loc["All", ["deprived", "disconnected", "isolate"]].tolist() == [4, 2, 1]
    with pytest.raises(wm.InputError, match="No column 'county'"):
        summarise_double_disconnection(both, by="county")


def test_the_order_of_the_two_does_not_matter() -> None:
    moves = [(CODES[k], CODES[k], 60) for k in range(4)] + [(CODES[0], RICH, 90)]
    homes = classify_residential(place(moves, table=town(20)[::-1]))
    both = double_disconnection(classify(place(moves)), homes)
    assert both.index.tolist() == CODES
    assert both["residential_type"].head(4).tolist() == ["Escalator", *["Isolate"] * 3]


def test_doubly_disconnected_places_in_zones_that_are_not_deprived_are_told_apart() -> None:
    data = example_town()
    both = double_disconnection(classify(data), classify_residential(data))
    column = "double_disconnection_in_deprived_zone"
    assert summarise_double_disconnection(both).loc["All", column] == 1
    both["zone_deprived"] = False
    assert summarise_double_disconnection(both).loc["All", column] == 0


def test_what_is_not_known_is_not_called_connected() -> None:
    data = example_town()
    both = double_disconnection(classify(data), classify_residential(data, min_flow=150))
    assert both.loc[POOR, "disconnection"] == "Insufficient data"
    assert not both.loc[POOR, "double_disconnection"]


def test_every_meeting_is_the_one_the_two_classes_say() -> None:
    data = example_town()
    labour, homes = classify(data, deprived_share=0.5), classify_residential(
        data, deprived_share=0.5, min_flow=40
    )  # fmt: skip
    both = double_disconnection(labour, homes)
    for code, row in both.iterrows():
        one = labour.frame.loc[code, "labour_market_class"]
        other = homes.frame.loc[code, "residential_type"]
        if "Insufficient data" in (one, other):
            assert row["disconnection"] == "Insufficient data"
        elif "Not classified" in (one, other):
            assert row["disconnection"] == "Not classified"
        else:
            expected = {
                (True, True): "Double disconnection",
                (True, False): "Disconnected only",
                (False, True): "Isolate only",
                (False, False): "Neither",
            }[one == "Disconnected", other == "Isolate"]
            assert row["disconnection"] == expected


def test_results_of_different_data_are_refused() -> None:
    data = example_town()
    homes = classify_residential(data)
    with pytest.raises(wm.InputError, match=r"deprived_share is 0\.1 in one and 0\.2"):
        double_disconnection(classify(data, deprived_share=0.1), homes)
    moves = [(RICH, POOR, 60)]
    with pytest.raises(wm.VintageError, match="of 2011, the residential types of None"):
        double_disconnection(classify(place(moves)), homes)
    one = classify(place(moves, deprivation="A"))
    with pytest.raises(wm.InputError, match="the index is 'A' in one and 'B'"):
        double_disconnection(one, classify_residential(place(moves, deprivation="B")))
    with pytest.raises(wm.InputError, match="20 neighbourhoods differ in 'residents'"):
        double_disconnection(
            classify(place(moves, table=town(20, residents=5.0))),
            classify_residential(place(moves)),
        )
    flows = flows_of([(c, c, 100) for c in CODES])
    less = wm.Dataset(squares(CODES[:5]), flows, town(20), ranked_areas={"England": 20},
                      moves=flows_of(moves))  # fmt: skip
    with pytest.raises(wm.InputError, match="15 neighbourhoods are in one only"):
        double_disconnection(classify(place(moves)), classify_residential(less))


def test_a_second_load_of_the_same_data_is_the_same_data() -> None:
    both = double_disconnection(classify(example_town()), classify_residential(example_town()))
    assert both["double_disconnection"].sum() == 1
