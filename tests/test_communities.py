"""Communities of the flow graph: by hand, by their properties, and on the official tables."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import flows_of
from wmspatial.errors import InputError, MissingLibraryError
from wmspatial.measures.communities import flow_communities
from wmspatial.measures.labour_markets import LabourMarkets

if TYPE_CHECKING:
    from collections.abc import Iterable

METHODS = ("louvain", "leiden")
both_methods = pytest.mark.parametrize("method", METHODS)


def groups(found: LabourMarkets) -> set[frozenset[str]]:
    return {frozenset(part.index) for _, part in found.zones.groupby(found.zones)}


def modularity(flows: wm.Flows, found: LabourMarkets) -> float:
    """Let networkx judge the graph that Flows gives, with those who work where they live."""
    graph = flows.to_networkx(at_least=0)
    for zone, people in flows.special.get("at home", pd.Series(dtype=float)).items():
        before = graph.get_edge_data(zone, zone, {"people": 0.0})["people"]
        if people:
            graph.add_edge(zone, zone, people=before + people)
    parts = [set(part) for part in groups(found)]
    parts += [{zone} for zone in found.zones.index[found.zones.isna()]]
    return float(nx.community.modularity(graph, parts, weight="people"))


def said(found: LabourMarkets) -> float:
    """Read the modularity from the notes."""
    return float(next(re.findall(r"modularity.*: (-?[\d.]+)$", n)[0] for n in found.notes
                      if n.startswith("modularity")))  # fmt: skip


def towns(
    count: int, each: int, *, inside: float = 40, across: float = 1, seed: int = 0
) -> wm.Flows:
    """Plant towns: people commute to all zones of their own, and a few to the next town."""
    rng = np.random.default_rng(seed)
    n = count * each
    people = np.zeros((n, n))
    for number in range(count):
        part = slice(number * each, (number + 1) * each)
        people[part, part] = rng.poisson(inside, size=(each, each))
        after = slice(((number + 1) % count) * each, (((number + 1) % count) + 1) * each)
        people[part, after] += rng.poisson(across, size=(each, each))
    return wm.Flows(people, pd.Index([f"t{i // each:02d}z{i % each}" for i in range(n)]))


# -- by hand --------------------------------------------------------------------------------------


@both_methods
def test_planted_towns_are_found(method: str) -> None:
    found = flow_communities(towns(8, 6), method=method)
    assert len(found) == 8
    assert (found.zones.str[:3] == found.zones.index.str[:3]).all()
    assert found.method == f"{method.title()} communities"


@both_methods
def test_a_market_goes_under_its_zone_with_most_jobs_and_has_its_totals(method: str) -> None:
    pairs = [
        ("a", "b", 300), ("b", "b", 200), ("c", "b", 80), ("b", "a", 20), ("a", "OD0000001", 50),
        ("x", "y", 90), ("y", "x", 400), ("c", "x", 7), ("a", "OD0000002", 3),
    ]  # fmt: skip
    flows = flows_of(pairs, ["y", "x", "c", "b", "a"])
    found = flow_communities(flows, method=method)
    assert found.zones.to_dict() == {"a": "b", "b": "b", "c": "b", "x": "x", "y": "x"}
    assert found.zones.index.equals(flows.zones)
    assert found.markets.loc["b", ["zones", "workers", "jobs", "live_and_work"]].tolist() == [
        3, 657, 650, 650,
    ]  # fmt: skip
    assert found.markets.loc["b", "supply_side"] == 650 / 657
    assert found.markets.loc["x", "demand_side"] == 490 / 497
    # 657 and 490 workers are fewer than the published 3,500.
    assert not found.markets["criteria_hold"].any()
    assert "3 of 1,150 people are in no market" in found.notes[1]


@both_methods
def test_flows_keep_their_direction(method: str) -> None:
    # Of all groupings two and two is best (Q = 0.07); without direction it is all in one (Q = 0).
    pairs = [
        ("a", "a", 20), ("a", "b", 100), ("a", "c", 50), ("a", "d", 50), ("b", "c", 100),
        ("c", "a", 10), ("c", "b", 10), ("d", "a", 20), ("d", "b", 100),
    ]  # fmt: skip
    found = flow_communities(flows_of(pairs, list("abcd")), method=method)
    assert groups(found) == {frozenset("ad"), frozenset("bc")}
    assert said(found) == 0.07


@both_methods
def test_people_within_a_zone_count(method: str) -> None:
    # 100 between the two. Where few work at home that ties them; where most do it does not.
    few = flows_of([("a", "a", 10), ("b", "b", 10), ("a", "b", 100), ("c", "c", 200)], list("abc"))
    assert len(flow_communities(few, method=method)) == 2
    many = flows_of(
        [("a", "a", 9000), ("b", "b", 9000), ("a", "b", 100), ("c", "c", 200)], list("abc")
    )
    assert len(flow_communities(many, method=method)) == 3
    # Those at home count alike, unless they are not to.
    home = [("a", "OD0000001", 9000), ("b", "OD0000001", 9000), ("a", "b", 100), ("c", "c", 200)]
    assert len(flow_communities(flows_of(home, list("abc")), method=method)) == 3
    away = flow_communities(flows_of(home, list("abc")), method=method, at_residence=())
    assert len(away) == 2
    assert away.markets["workers"].sum() == 300


@both_methods
def test_a_larger_resolution_gives_more_communities(method: str) -> None:
    flows = towns(6, 4, across=4)
    sizes = [len(flow_communities(flows, method=method, resolution=r)) for r in (0.05, 1, 12)]
    assert sizes[0] < sizes[1] < sizes[2]


@both_methods
def test_pairs_of_few_tie_nothing_together_but_are_counted(method: str) -> None:
    flows = towns(4, 4, inside=30, across=2, seed=3)
    loose = wm.Flows(
        np.pad(flows.matrix.toarray(), (0, 1)) + _corner(len(flows) + 1, 4),
        pd.Index([*flows.zones, "zz"]),
    )
    found = flow_communities(loose, method=method, least_people=10)
    assert found.zones["zz"] == "zz"
    assert "each a market of its own: 1" in " ".join(found.notes)
    assert re.search(
        r"people are in pairs of fewer than 10, .* they are in all totals", found.notes[1]
    )
    assert found.markets["workers"].sum() == loose.people
    tied = flow_communities(loose, method=method)
    assert tied.zones["zz"] != "zz"


def _corner(n: int, people: float) -> Any:
    matrix = np.zeros((n, n))
    matrix[-1, 0] = people
    return matrix


# -- properties -----------------------------------------------------------------------------------


@st.composite
def random_flows(draw: st.DrawFn) -> wm.Flows:
    count = draw(st.integers(1, 10))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people = rng.integers(0, 40, (count, count)) * (rng.random((count, count)) < rng.random())
    people = people.astype(float)
    people[0, 0] += 1
    zones = pd.Index([f"z{i}" for i in rng.permutation(count)], name="zone")
    home = pd.DataFrame({"at home": rng.integers(0, 30, count) * (rng.random(count) < 0.5)},
                        index=zones)  # fmt: skip
    return wm.Flows(people, zones, special=home.astype(float))


@given(random_flows(), st.sampled_from(METHODS))
def test_everybody_is_in_exactly_one_market(flows: wm.Flows, method: str) -> None:
    found = flow_communities(flows, method=method)
    somebody = (flows.employed_residents + flows.jobs > 0).to_numpy()
    assert (found.zones.notna().to_numpy() == somebody).all()
    assert found.zones.index.equals(flows.zones)
    assert set(found.zones.dropna()) == set(found.markets.index)
    assert found.markets["zones"].sum() == somebody.sum()
    assert found.markets["workers"].sum() == flows.people
    assert found.markets["jobs"].sum() == flows.people
    assert (found.zones[found.markets.index] == found.markets.index).all()


@given(random_flows(), st.sampled_from(METHODS))
def test_the_modularity_is_that_of_networkx(flows: wm.Flows, method: str) -> None:
    found = flow_communities(flows, method=method)
    if any(note.startswith("modularity") for note in found.notes):
        assert said(found) == pytest.approx(modularity(flows, found), abs=5.01e-4)


@given(random_flows(), st.integers(0, 2**31), st.sampled_from(METHODS))
def test_the_same_seed_gives_the_same_markets_in_any_order(
    flows: wm.Flows, seed: int, method: str
) -> None:
    straight = flow_communities(flows, method=method, seed=seed)
    turned = flow_communities(flows.among(flows.zones[::-1]), method=method, seed=seed)
    assert turned.zones[flows.zones].equals(straight.zones)
    assert turned.markets.equals(straight.markets)


@settings(max_examples=20)
@given(random_flows())
def test_no_zone_alone_would_do_better_elsewhere(flows: wm.Flows) -> None:
    # What an iteration of Leiden that changes nothing means.
    found = flow_communities(flows, method="leiden")
    best = modularity(flows, found)
    for zone in found.zones.dropna().index:
        for market in found.markets.index:
            moved = found.zones.copy()
            moved[zone] = market
            other = LabourMarkets(moved, found.markets)
            assert modularity(flows, other) <= best + 1e-9


def test_louvain_does_not_hang_on_the_hash_seed_of_python() -> None:
    script = (
        "import numpy as np, pandas as pd, wmspatial as wm\n"
        "from wmspatial.measures.communities import flow_communities\n"
        "people = np.random.default_rng(1).poisson(0.6, (60, 60))\n"
        "flows = wm.Flows(people, pd.Index([f'zone {i}' for i in range(60)]))\n"
        "print(flow_communities(flows).zones.tolist())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, check=True,
            capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_leiden_leaves_pythons_random_numbers_alone() -> None:
    import random

    state = random.getstate()
    flow_communities(towns(3, 3), method="leiden")
    assert random.getstate() == state


# -- the sample and the official tables -----------------------------------------------------------


def test_communities_classify_the_sample() -> None:
    sample = wm.load_sample()
    found = flow_communities(sample.flows, method="leiden")
    column = found.to_neighbourhoods(sample.neighbourhoods["zone"])
    assert column.notna().all()
    sample.neighbourhoods["community"] = column
    typology = wm.classify(sample, labour_market="community")
    assert typology.frame["labour_market_class"].notna().all()
    assert typology.parameters.labour_market == "community"
    # Each community has a cut of its own.
    cuts = typology.frame["cut"].dropna().groupby(column).agg(["nunique", "first"])
    assert (cuts["nunique"] == 1).all()
    assert len(cuts["first"].unique()) > 1
    text = found.summary_text()
    many = f"{len(found):,} labour markets, made of 1,680 zones."
    assert text.startswith(f"Labour markets by Leiden communities: {many}")


def test_the_west_midlands_by_louvain(real_2011: wm.Dataset) -> None:
    zones = real_2011.areas["zone"].unique()
    inner = real_2011.flows.among(zones)
    found = flow_communities(inner, least_people=5)
    assert 3 <= len(found) <= 10
    assert found.zones.notna().all()
    # Birmingham and Coventry are no one market.
    authority = real_2011.areas.groupby("zone")["authority"].first()
    main = found.zones.groupby(authority.reindex(found.zones.index)).agg(lambda m: m.mode().iloc[0])
    assert main["Birmingham"] != main["Coventry"]
    assert main["Birmingham"] != main["Wolverhampton"]


def test_england_and_wales_by_leiden(real_2011: wm.Dataset) -> None:
    flows = real_2011.flows
    found = flow_communities(flows, method="leiden", least_people=10)
    assert found.zones.notna().all()
    # All 26,681,568 but those in Scotland, Northern Ireland, abroad and offshore.
    assert found.markets["workers"].sum() == 21_625_060 + 2_778_019 + 2_165_685
    assert 25 <= len(found) <= 45
    assert (found.markets["supply_side"] > 0.5).all()
    pairs = flows.matrix.tocoo()
    few = (pairs.data < 10) & (pairs.row != pairs.col)
    assert f"{pairs.data[few].sum():,.0f} of" in " ".join(found.notes)


# -- bad input ------------------------------------------------------------------------------------


@both_methods
@pytest.mark.parametrize(
    "flows",
    [
        pytest.param(wm.Flows(np.zeros((2, 2)), pd.Index(["a", "b"])), id="nobody"),
        pytest.param(wm.Flows(np.zeros((0, 0)), pd.Index([], dtype="str")), id="no zones"),
        pytest.param(flows_of([("a", "OD0000002", 50)], ["a"]), id="all offshore"),
    ],
)
def test_a_graph_of_nobody_is_refused(flows: wm.Flows, method: str) -> None:
    with pytest.raises(InputError, match=r"^flow_communities: nobody in the flows works in any"):
        flow_communities(flows, method=method)


@both_methods
@pytest.mark.parametrize("loops", [(), ("a", "b", "c")])
def test_a_graph_without_edges_is_said_to_have_none(method: str, loops: Iterable[str]) -> None:
    pairs = [(zone, zone, 50) for zone in loops] or [("a", "b", 2), ("c", "b", 3)]
    found = flow_communities(flows_of(pairs, list("abcd")), method=method, least_people=10)
    assert found.zones.iloc[:3].tolist() == ["a", "b", "c"]
    assert found.zones.isna().tolist() == [False, False, False, True]
    assert "each a market of its own: 3" in " ".join(found.notes)
    assert "zones without a market, for nobody lives or works there: 1 (d)" in found.notes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method": "Lieden"}, "method='Lieden': expected 'louvain' or 'leiden'. Nearest: leiden"),
        ({"method": None}, "method=None: expected"),
        ({"resolution": 0}, "resolution=0: expected a number above zero"),
        ({"resolution": float("inf")}, "resolution=inf: expected"),
        ({"resolution": float("nan")}, "resolution=nan: expected"),
        ({"resolution": "1"}, "resolution='1': expected"),
        ({"seed": -1}, "seed=-1: expected a whole number from 0"),
        ({"seed": 1.5}, "seed=1.5: expected a whole number"),
        ({"seed": None}, "seed=None: expected a whole number"),
        ({"seed": True}, "seed=True: expected a whole number"),
        ({"least_people": -2}, "least_people=-2: expected people"),
        ({"least_people": float("nan")}, "least_people=nan: expected people"),
        ({"at_residence": "at home"}, "expected names in a list"),
        ({"at_residence": ["home"]}, "'home' is no destination of these flows"),
        ({"method": "x", "seed": -1}, "; seed=-1: expected"),
    ],
)
def test_arguments_out_of_range_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        flow_communities(towns(2, 2), **changes)


def test_leiden_without_igraph_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(MissingLibraryError, match=r"wmspatial\[communities\]"):
        flow_communities(towns(2, 2), method="leiden")
    # Louvain does without.
    assert len(flow_communities(towns(2, 2))) == 2


def test_other_things_than_flows_are_refused() -> None:
    with pytest.raises(InputError, match="flows: expected a Flows"):
        flow_communities(pd.DataFrame())  # type: ignore[arg-type]
