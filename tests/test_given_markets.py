"""Labour markets that are given, measured on the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conftest import flows_of
from wmspatial.errors import InputError
from wmspatial.measures.communities import flow_communities
from wmspatial.measures.given_markets import measure_labour_markets

if TYPE_CHECKING:
    import wmspatial as wm


def test_given_markets_are_measured() -> None:
    pairs = [("a", "a", 60), ("a", "b", 20), ("a", "c", 20), ("b", "a", 10), ("c", "c", 50)]
    flows = flows_of(pairs, ["a", "b", "c", "d"])
    found = measure_labour_markets(flows, pd.Series({"a": "X", "b": "X", "c": "Y", "d": "Y"}))
    assert found.zones.iloc[:3].tolist() == ["X", "X", "Y"]
    assert found.zones.isna().tolist() == [False, False, False, True]
    assert found.markets.loc["X"].tolist() == [2, 110, 90, 90, 90 / 110, 1.0, False]
    assert found.markets.loc["Y", "demand_side"] == 50 / 70
    assert found.notes == ("zones without a market, for nobody lives or works there: 1 (d)",)
    assert found.name_by(pd.Series({"X": "Xton"})).tolist() == ["Xton", "Y"]


def test_found_markets_that_are_given_back_are_the_same() -> None:
    pairs = [("a", "b", 60), ("b", "b", 20), ("c", "d", 90), ("d", "c", 9), ("d", "a", 1)]
    flows = flows_of(pairs, ["a", "d", "b", "c"])
    found = flow_communities(flows)
    again = measure_labour_markets(flows, found.zones)
    assert again.zones.equals(found.zones)
    assert again.markets.equals(found.markets)


def test_a_zone_is_in_the_market_that_most_of_its_people_are_in() -> None:
    flows = flows_of([("a", "b", 60), ("b", "b", 20)], ["a", "b"])
    market = pd.Series({"1": "X", "2": "X", "3": "Y", "4": "Y", "5": None})
    zone = pd.Series({"1": "a", "2": "a", "3": "a", "4": "b", "5": "b"})
    assert measure_labour_markets(flows, market, zone_of=zone).zones.tolist() == ["X", "Y"]
    people = pd.Series({"1": 10, "2": 10, "3": 50, "4": 5, "5": 900})
    found = measure_labour_markets(flows, market, zone_of=zone, people=people)
    assert found.zones.tolist() == ["Y", "Y"]
    assert found.notes[0].startswith("zones that lie in more than one market")
    # A tie goes to the first code.
    even = measure_labour_markets(flows, market.drop("2"), zone_of=zone)
    assert even.zones["a"] == "X"


def test_the_official_areas_are_measured_on_the_flows(real_2011: wm.Dataset) -> None:
    table = real_2011.neighbourhoods
    found = measure_labour_markets(
        real_2011.flows, table["labour_market"], zone_of=table["zone"], people=table["residents"]
    )
    assert len(found) == 173
    assert found.zones.notna().all()
    # Brought to whole MSOAs, and measured with those at home and of no fixed place.
    assert 150 <= found.markets["criteria_hold"].sum() <= 160


def test_zones_that_no_market_was_given_for_are_named() -> None:
    flows = flows_of([("a", "b", 60), ("b", "b", 20)], ["a", "b"])
    found = measure_labour_markets(flows, pd.Series({"b": "X"}))
    assert found.notes == ("zones that no market was given for: 1, home to 60 workers (a)",)
    assert found.markets.loc["X", ["workers", "jobs", "live_and_work"]].tolist() == [20, 80, 20]


def test_other_things_than_markets_are_refused() -> None:
    flows = flows_of([("a", "b", 60), ("b", "b", 20)], ["a", "b"])
    with pytest.raises(InputError, match="flows: expected a Flows"):
        measure_labour_markets(None, pd.Series({"a": "X"}))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="measure_labour_markets: nobody in the flows"):
        measure_labour_markets(flows_of([("a", "OD0000002", 5)], ["a"]), pd.Series({"a": "X"}))
    with pytest.raises(InputError, match="markets: expected a Series"):
        measure_labour_markets(flows, ["a"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="has codes twice: a"):
        measure_labour_markets(flows, pd.Series(["x", "y"], index=["a", "a"]))
    with pytest.raises(InputError, match="none of the 2 zones of the flows"):
        measure_labour_markets(flows, pd.Series({"E01": "x"}))
    one, zone, few = pd.Series({"n": "x"}), pd.Series({"n": "a"}), pd.Series({"n": -1.0})
    with pytest.raises(InputError, match="people have to be numbers of zero or more"):
        measure_labour_markets(flows, one, zone_of=zone, people=few)
