"""Everybody in a commuting table is somewhere in the flows, once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

import wmspatial as wm
from conftest import flows_of, msoas

if TYPE_CHECKING:
    from pathlib import Path

ZONES = msoas(6)
OUT = {
    "OD0000001": "at home",
    "OD0000002": "offshore",
    "OD0000003": "no fixed place",
    "OD0000004": "abroad",
    "111111111": "at home or no fixed place",
    "888888888": "offshore",
    "999999999": "abroad",
    "S92000003": "Scotland",
    "S02001581": "Scotland",
    "S12000033": "Scotland",
    "N92000002": "Northern Ireland",
    "N09000003": "Northern Ireland",
}
ENDS = [*ZONES, *OUT]
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(ENDS), st.sampled_from(ENDS)), st.integers(0, 2_000), max_size=40
)
Pairs = dict[tuple[str, str], int]


def table_of(pairs: Pairs) -> pd.DataFrame:
    rows = [(o, d, n) for (o, d), n in pairs.items()]
    return pd.DataFrame(rows, columns=["origin", "destination", "people"])


def read(pairs: Pairs, zones: list[str] | None = None) -> wm.Flows:
    """Read a table; the zones are given, so that a town nobody works in is still there."""
    return wm.Flows.from_table(table_of(pairs), zones=pd.Index(zones or ZONES), vintage=2021)


def brute(pairs: Pairs, ends: dict[str, str]) -> dict[str, dict[str, float]]:
    """Sum a table by renamed ends, row by row."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (origin, destination), people in pairs.items():
        sums[ends[origin]][ends[destination]] += people
    return sums


def assert_same_flows(one: wm.Flows, other: wm.Flows) -> None:
    assert one.zones.tolist() == other.zones.tolist()
    assert (one.matrix != other.matrix).nnz == 0
    for name in ("special", "arrivals"):
        left, right = getattr(one, name), getattr(other, name)
        columns = sorted({*left.columns, *right.columns})
        pd.testing.assert_frame_equal(
            left.reindex(columns=columns, fill_value=0.0),
            right.reindex(columns=columns, fill_value=0.0),
            check_column_type=False,
        )


@given(TABLES)
def test_everybody_of_the_table_is_counted_once(pairs: Pairs) -> None:
    flows = read(pairs)
    assert flows.people == sum(pairs.values())
    blocks = flows.matrix.sum() + flows.special.to_numpy().sum() + flows.arrivals.to_numpy().sum()
    assert blocks + flows.beyond == sum(pairs.values())


@given(TABLES)
def test_every_block_is_what_adding_up_row_by_row_gives(pairs: Pairs) -> None:
    flows = read(pairs)
    sums = brute(pairs, {**{z: z for z in ZONES}, **OUT})
    dense = flows.matrix.toarray()
    for i, home in enumerate(ZONES):
        for j, work in enumerate(ZONES):
            assert dense[i, j] == sums[home][work]
        for name in set(OUT.values()):
            assert flows.special.get(name, pd.Series(0.0, index=ZONES))[home] == sums[home][name]
            assert flows.arrivals.get(name, pd.Series(0.0, index=ZONES))[home] == sums[name][home]
        row = sums[home]
        assert flows.commuters[home] == sum(row[z] for z in ZONES)
        assert flows.employed_residents[home] == sum(row.values())
        assert flows.internal[home] == row[home]
        assert flows.external[home] == sum(row[z] for z in ZONES if z != home)
        assert flows.commuters_in[home] == sum(sums[z][home] for z in ZONES)
        at_home = row["at home"] + row["at home or no fixed place"]
        assert flows.works_at_home[home] == at_home
        everywhere = sum(sums[o][home] for o in list(sums))
        assert flows.jobs[home] == everywhere + at_home
    assert flows.beyond == sum(
        n for (o, d), n in pairs.items() if o not in ZONES and d not in ZONES
    )


@given(TABLES, st.lists(st.integers(0, 2), min_size=len(ZONES), max_size=len(ZONES)))
def test_larger_zones_hold_the_people_of_their_parts(pairs: Pairs, parts: list[int]) -> None:
    larger = dict(zip(ZONES, [f"E0700000{p}" for p in parts], strict=True))
    flows = read(pairs)
    whole = flows.aggregate(pd.Series(larger))
    sums = brute(pairs, {**larger, **OUT})
    assert whole.people == flows.people
    assert whole.beyond == flows.beyond
    assert whole.zones.tolist() == sorted(set(larger.values()))
    assert whole.vintage == 2021
    dense = whole.matrix.toarray()
    for i, home in enumerate(whole.zones):
        for j, work in enumerate(whole.zones):
            assert dense[i, j] == sums[home][work]
        for name in whole.special.columns:
            assert whole.special.loc[home, name] == sums[home][name]
        for name in whole.arrivals.columns:
            assert whole.arrivals.loc[home, name] == sums[name][home]


@given(TABLES)
def test_larger_zones_one_to_one_change_nothing(pairs: Pairs) -> None:
    flows = read(pairs)
    assert_same_flows(flows.aggregate(pd.Series(dict(zip(ZONES, ZONES, strict=True)))), flows)


@given(TABLES)
def test_a_table_reads_back_as_it_was_written(pairs: Pairs) -> None:
    flows = read(pairs)
    again = wm.Flows.from_table(flows.to_table(), zones=flows.zones, vintage=2021)
    assert_same_flows(again, flows)
    assert again.people == flows.people - flows.beyond


@given(TABLES)
def test_a_graph_reads_back_as_it_was_made(pairs: Pairs) -> None:
    flows = read(pairs)
    again = wm.Flows.from_networkx(flows.to_networkx())
    assert_same_flows(again, flows)
    assert (again.people, again.beyond, again.vintage) == (flows.people, flows.beyond, 2021)


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(pairs: Pairs, random: object) -> None:
    rows = list(pairs.items())
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert_same_flows(read(dict(rows)), read(pairs))


@given(TABLES)
def test_the_table_is_left_as_it_was(pairs: Pairs) -> None:
    table = table_of(pairs)
    before = table.copy(deep=True)
    wm.Flows.from_table(table, zones=pd.Index(ZONES))
    pd.testing.assert_frame_equal(table, before)


def test_codes_held_as_numbers_or_categories_are_the_same_codes() -> None:
    table = pd.DataFrame(
        {
            "origin": pd.Categorical(["E02000001", "E02000001"]),
            "destination": pd.Categorical(["111111111", "E02000002"]),
            "people": [3, 4],
        }
    )
    flows = wm.Flows.from_table(table)
    assert flows.special_totals.to_dict() == {"at home or no fixed place": 3.0}
    numbers = pd.DataFrame({"origin": ["E02000001"], "destination": [111111111], "people": [3]})
    assert wm.Flows.from_table(numbers).special_totals.to_dict() == {
        "at home or no fixed place": 3.0
    }


def test_the_graph_says_whom_it_leaves_out() -> None:
    flows = flows_of([("E02000001", "E02000002", 5), ("E02000002", "E02000001", 20)])
    graph = flows.to_networkx(at_least=10)
    assert list(graph.edges(data="people")) == [("E02000002", "E02000001", 20.0)]
    assert graph.graph["people_left_out"] == 5
    assert graph.graph["vintage"] == 2011
    node = graph.nodes["E02000001"]
    assert (node["commuters"], node["commuters_in"], node["internal"]) == (5, 20, 0)


def test_the_repr_says_size_people_vintage_and_what_is_left_out() -> None:
    flows = flows_of(
        [
            ("E02000001", "E02000001", 1000),
            ("E02000001", "E02000002", 234),
            ("E02000001", "OD0000001", 50),
            ("E02000002", "S02001581", 7),
            ("N09000001", "E02000002", 3),
            ("N92000002", "OD0000001", 2),
        ]
    )
    text = repr(flows)
    assert text.splitlines() == [
        "<Flows 2011: 2 zones, 1,296 people",
        "  1,234 work in a zone (1,000 where they live, 234 in another), 2 pairs",
        "  57 elsewhere: Scotland 7, at home 50",
        "  3 come from outside: Northern Ireland 3",
        "  2 neither live nor work in a zone>",
    ]


def test_a_pair_of_nobody_is_no_pair() -> None:
    flows = flows_of([("E02000001", "E02000002", 0), ("E02000002", "E02000002", 4)])
    assert "1 pairs" in repr(flows)


def test_flows_do_not_change_when_the_matrix_they_came_from_does() -> None:
    matrix = sparse.csr_array(np.eye(2))
    flows = wm.Flows(matrix, pd.Index(["a", "b"]))
    matrix.data[0] = 99
    assert flows.people == 2


# -- what is refused -------------------------------------------------------------------------------


def test_codes_that_are_neither_zones_nor_named_are_refused() -> None:
    with pytest.raises(wm.InputError, match=r"journeys.csv: 2 destination codes .*X1, X2") as error:
        flows_of([("E02000001", "X1", 1), ("E02000001", "X2", 1)], where="journeys.csv")
    assert "special=" in str(error.value)


@pytest.mark.parametrize("total", ["E92000001", "E08000025", "E01000001"])
def test_totals_and_codes_of_another_kind_are_no_zones(total: str) -> None:
    with pytest.raises(wm.InputError, match=total):
        flows_of([("E02000001", "E02000002", 5), ("E02000001", total, 5)])


def test_a_new_destination_can_be_named() -> None:
    flows = flows_of([("E02000001", "X1", 4)], special={"X1": "at sea"})
    assert flows.special_totals.to_dict() == {"at sea": 4.0}


def test_a_pair_that_stands_twice_is_refused() -> None:
    with pytest.raises(wm.InputError, match=r"1 pairs stand more than once, E02000001 to E020"):
        flows_of([("E02000001", "E02000002", 1), ("E02000001", "E02000002", 1)])


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (-1, "1 values of 'people' are negative; the first is -1.* in data row 2"),
        (1.5, "1 values of 'people' are not whole; the first is 1.5 in data row 2"),
        (float("nan"), "1 values of 'people' are no number.* in data row 2"),
        (float("inf"), "1 values of 'people' are not whole; the first is inf in data row 2"),
    ],
)
def test_people_are_whole_and_zero_or_more(people: float, message: str) -> None:
    with pytest.raises(wm.InputError, match=message):
        flows_of([("E02000001", "E02000001", 1), ("E02000001", "E02000002", people)])


def test_words_for_people_are_refused() -> None:
    table = pd.DataFrame({"origin": ["a"], "destination": ["a"], "people": ["few"]})
    with pytest.raises(wm.InputError, match=r"'few' in data row 1. Expected whole people"):
        wm.Flows.from_table(table, zones=pd.Index(["a"]))


def test_a_missing_column_is_named_with_those_found() -> None:
    table = pd.DataFrame({"origin": ["a"], "dest": ["a"], "people": [1]})
    with pytest.raises(wm.InputError, match="no column 'destination'; found 'origin', 'dest'"):
        wm.Flows.from_table(table)


def test_a_row_without_an_end_is_refused() -> None:
    table = pd.DataFrame({"origin": ["a", None], "destination": ["a", "a"], "people": [1, 2]})
    with pytest.raises(wm.InputError, match="1 rows have no origin, data row 2 first"):
        wm.Flows.from_table(table, zones=pd.Index(["a"]))


def test_zones_that_stand_twice_are_refused() -> None:
    with pytest.raises(wm.InputError, match="twice"):
        flows_of([("a", "a", 1)], ["a", "a"])


def test_nobody_can_be_fewer_than_none_beyond_the_zones() -> None:
    with pytest.raises(wm.InputError, match="zero or more"):
        wm.Flows(np.eye(1), pd.Index(["a"]), beyond=-5)


def test_a_matrix_of_another_shape_is_refused() -> None:
    with pytest.raises(wm.InputError, match=r"expected \(3, 3\)"):
        wm.Flows(np.eye(2), pd.Index(["a", "b", "c"]))


def test_a_block_in_another_order_is_refused() -> None:
    special = pd.DataFrame({"at home": [1.0, 2.0]}, index=["b", "a"])
    with pytest.raises(wm.InputError, match="special"):
        wm.Flows(np.eye(2), pd.Index(["a", "b"]), special=special)


def test_a_larger_zone_is_needed_for_every_zone() -> None:
    flows = flows_of([("a", "b", 7), ("b", "a", 3)], ["a", "b"])
    with pytest.raises(wm.InputError, match=r"1 of 2 zones, home to 3 employed people.*\(b\)"):
        flows.aggregate(pd.Series({"a": "x"}))
    twice = pd.Series(["x", "y", "x"], index=["a", "a", "b"])
    with pytest.raises(wm.InputError, match="zones twice: a"):
        flows.aggregate(twice)


def test_a_graph_without_direction_or_people_is_refused() -> None:
    nx = pytest.importorskip("networkx")
    with pytest.raises(wm.InputError, match="no direction"):
        wm.Flows.from_networkx(nx.Graph())
    graph = nx.DiGraph()
    graph.add_edge("a", "b", workers=3)
    with pytest.raises(wm.InputError, match="1 edges have no attribute 'people', a to b"):
        wm.Flows.from_networkx(graph)
    assert wm.Flows.from_networkx(graph, people="workers").people == 3


# -- the census ------------------------------------------------------------------------------------


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize(
    ("vintage", "file", "people"),
    [
        (2011, "england_wales_2011/wu01ew_msoa_commuting.parquet", 26_681_568),
        (2021, "england_wales_2021/odwp01ew_msoa_commuting.parquet", 27_773_863),
    ],
)
def test_everybody_of_the_census_is_kept(
    vintage: int, file: str, people: int, data_dir: Path, request: pytest.FixtureRequest
) -> None:
    flows = request.getfixturevalue(f"real_{vintage}").flows
    raw = pd.read_parquet(data_dir / file).astype({"origin": "str", "destination": "str"})
    assert int(raw["people"].sum()) == people
    assert flows.people == people
    inside = raw["destination"].str[:3].isin(["E02", "W02"])
    names = raw.loc[~inside, "destination"].map(OUT)
    nations = raw.loc[~inside, "destination"].str[0].map({"S": "Scotland", "N": "Northern Ireland"})
    expected = raw.loc[~inside, "people"].groupby(names.fillna(nations)).sum()
    assert flows.special_totals.to_dict() == expected.to_dict()
    assert flows.matrix.sum() == raw.loc[inside, "people"].sum()
    assert raw["origin"].str[:3].isin(["E02", "W02"]).all()
    assert flows.arrivals.empty
    homes = raw.groupby("origin")["people"].sum()
    pd.testing.assert_series_equal(
        flows.employed_residents, homes.reindex(flows.zones).astype(float), check_names=False
    )
    assert f"{people:,} people" in repr(flows)


@pytest.mark.xdist_group("official")
def test_the_sevens_people_at_home_are_those_of_the_published_tables(
    real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    def at(dataset: wm.Dataset, name: str) -> float:
        zones = dataset.areas["zone"].unique()
        return float(dataset.flows.special.loc[zones, name].sum())

    assert at(real_2011, "at home") == 88_186
    assert at(real_2011, "no fixed place") == 85_282
    assert at(real_2021, "at home or no fixed place") == 459_154


@pytest.mark.xdist_group("official")
def test_msoa_flows_summed_to_authorities_keep_everybody(real_2011: wm.Dataset) -> None:
    lookup = real_2011.neighbourhoods.drop_duplicates("zone").set_index("zone")["authority_code"]
    whole = real_2011.flows.aggregate(lookup)
    assert whole.people == 26_681_568
    assert whole.special_totals.to_dict() == real_2011.flows.special_totals.to_dict()
    assert len(whole) == lookup.nunique()
