"""Labour markets in the briefing: how self-contained, and what other borders would show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from test_briefing_sections import described, drawing_of, plain, text_of
from test_maps_disconnection import small_typology
from wmspatial.briefing_page import found_markets, make_page, markets, redrawing
from wmspatial.briefing_page.leaving import staying, zone_weights
from wmspatial.briefing_page.parts import Section, Table

if TYPE_CHECKING:
    from wmspatial.briefing_page.gathering import Facts

ONLY = {"labour markets"}


@pytest.fixture(scope="module")
def typology(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def facts(typology: wm.Typology) -> Facts:
    return found_in(typology)


def found_in(typology: wm.Typology, **options: Any) -> Facts:
    return plain(typology, **({"wanted": ONLY, "labour_markets": True} | options))


def tables(parts: Any) -> list[Table]:
    return [part for part in parts if isinstance(part, Table)]


def words(parts: Any) -> str:
    return text_of(Section("x", "x", parts))


# -- markets found from the flows ------------------------------------------------------------------


def test_the_markets_are_those_of_the_flows(facts: Facts) -> None:
    found = wm.travel_to_work_areas(facts.typology.dataset.flows)
    here = facts.table["zone"].map(found.zones).value_counts()
    parts = found_markets.write(facts)
    text = words(parts)
    assert f"the area falls in {['no', 'one', 'two', 'three', 'four', 'five'][len(here)]} " in text
    [table] = tables(parts)
    assert [row[1] for row in table.rows] == [f"{n:,}" for n in here]
    for row, code in zip(table.rows, here.index, strict=True):
        assert row[3] == f"{found.markets['workers'][code]:,.0f}"
        assert row[4] == f"{100 * found.markets['supply_side'][code]:.1f} %"
        assert row[5] == f"{100 * found.markets['demand_side'][code]:.1f} %"
    lost = sum(int(row[2]) for row in table.rows)
    assert lost == facts.counts["Disconnected"]


def test_who_stays_in_the_market_is_counted_from_the_flows(facts: Facts) -> None:
    data = facts.typology.dataset
    lost = facts.table[facts.table["labour_market_class"] == "Disconnected"]
    # In the sample every zone is one neighbourhood.
    at = data.flows.zones.get_indexer(pd.Index(lost["zone"]))
    flows = data.flows.matrix.toarray()[at]
    market = data.neighbourhoods.set_index("zone")["labour_market"].reindex(data.flows.zones)
    same = market.to_numpy()[at][:, None] == market.to_numpy()[None, :]
    expected = (flows * same).sum() / flows.sum()
    assert staying(facts, market) == pytest.approx(expected)
    assert f"{100 * expected:.1f} % work in the market of the map" in words(
        found_markets.write(facts)
    )
    assert np.count_nonzero(zone_weights(facts)) == len(lost)
    assert zone_weights(facts).max() == pytest.approx(1)


def test_markets_that_were_found_before_are_taken(typology: wm.Typology) -> None:
    found = wm.travel_to_work_areas(typology.dataset.flows)
    whole = replace(found, zones=pd.Series("all", index=found.zones.index),
                    markets=found.markets.iloc[:1].set_axis(["all"]))  # fmt: skip
    given = found_in(typology, labour_markets=whole)
    text = words(found_markets.write(given))
    assert "the area falls in one market, against four labour markets on the map" in text
    assert "100.0 % work in the one that was found" in text


def test_markets_of_other_zones_are_refused(typology: wm.Typology) -> None:
    found = wm.travel_to_work_areas(typology.dataset.flows)
    other = replace(found, zones=found.zones.rename(lambda code: f"x{code}"))
    with pytest.raises(wm.InputError, match="in a zone of these markets"):
        make_page(typology, labour_markets=other)


def test_without_the_search_nothing_speaks_of_found_markets(typology: wm.Typology) -> None:
    given = found_in(typology, labour_markets=False)
    assert found_markets.write(given) == []
    assert "that were found" not in text_of(markets.write(given))


def test_the_lockdown_stands_beside_the_markets_of_2021(real_2021: wm.Dataset) -> None:
    found = found_in(wm.classify(real_2021))
    text = text_of(markets.write(found))
    assert "the area falls in six markets, against four official travel-to-work areas" in text
    assert "in a census under lockdown that makes markets small and many" in text


# -- other borders ---------------------------------------------------------------------------------


def test_the_line_within_each_authority_is_what_the_method_gives(facts: Facts) -> None:
    assert facts.redrawn is not None
    data = facts.typology.dataset
    own = wm.classify(data, labour_market="authority_code").neighbourhoods
    expected = own["labour_market_class"] == "Disconnected"
    drawn = facts.redrawn.others["Each authority by itself"]
    assert drawn.equals(expected.rename(drawn.name))
    mapped = facts.table["labour_market_class"] == "Disconnected"
    assert facts.redrawn.mapped.equals(mapped.rename(facts.redrawn.mapped.name))
    hidden, added = int((mapped & ~expected).sum()), int((expected & ~mapped).sum())
    text = words(redrawing.write(facts))
    assert f"{hidden:,} of the {mapped.sum():,} would not show" in text
    assert re.search(rf"and {added:,} others? would", text)
    people = facts.table.loc[mapped & ~expected, "residents"].sum()
    assert f"{people:,.0f} people live in the first" in text
    [table] = tables(redrawing.write(facts))
    assert sum(int(row[3]) for row in table.rows) == hidden
    assert sum(int(row[4]) for row in table.rows) == added


def test_the_line_within_found_markets_is_what_the_method_gives(facts: Facts) -> None:
    assert facts.redrawn is not None
    assert facts.markets is not None
    sample = wm.load_sample()
    zones = facts.markets.to_neighbourhoods(sample.neighbourhoods["zone"])
    sample.neighbourhoods["found"] = zones
    expected = wm.classify(sample, labour_market="found").neighbourhoods["labour_market_class"]
    drawn = facts.redrawn.others["The markets found here"]
    assert (drawn == (expected == "Disconnected")).all()


def test_what_is_none_is_not_counted_to_the_person(facts: Facts) -> None:
    assert facts.redrawn is not None
    mapped = facts.redrawn.mapped
    none = pd.Series(False, index=mapped.index)
    name = "Each authority by itself"
    kept = replace(facts, redrawn=redrawing.Redrawn(mapped, {name: mapped}))
    assert f"the same {mapped.sum():,} would be disconnected." in words(redrawing.write(kept))
    gone = replace(facts, redrawn=redrawing.Redrawn(mapped, {name: none}))
    assert "people, and no other would." in words(redrawing.write(gone))
    come = replace(facts, redrawn=redrawing.Redrawn(mapped, {name: ~none}))
    text = words(redrawing.write(come))
    assert f"all of the {mapped.sum():,} would show as well, and {(~mapped).sum():,} others" in text


def test_one_authority_alone_is_told_in_a_sentence(data_dir: Any) -> None:
    solihull = wm.classify(wm.load("Solihull", 2021, data_dir=data_dir))
    found = found_in(solihull, labour_markets=False)
    text = text_of(markets.write(found))
    shares = [float(n) for n in re.findall(r"([\d.]+) %", text)[:2]]
    assert sum(shares) == pytest.approx(100, abs=0.11)
    assert "work in Solihull and" in text
    assert "If Solihull held its neighbourhoods against nobody else’s" in text


def test_the_chart_of_borders_has_its_words(facts: Facts) -> None:
    assert facts.redrawn is not None
    section = Section("x", "x", redrawing.write(facts))
    told = described(drawing_of(section).narrow)
    for name, drawn in facts.redrawn.others.items():
        both = int((drawn & facts.redrawn.mapped).sum())
        assert f"{name}: on the map and with this line {both:,}" in told
    assert told.startswith("Illustrative data, not statistics")


def test_a_line_that_no_border_moves_is_not_drawn_again(typology: wm.Typology) -> None:
    fixed = wm.classify(typology.dataset, cut=0.6, cut_kind="value")
    assert found_in(fixed).redrawn is None
    reach = wm.classify(typology.dataset, connection="cumulative")
    assert found_in(reach).redrawn is None


def test_a_study_area_that_is_the_market_is_held_against_its_authorities() -> None:
    found = found_in(small_typology())
    assert found.redrawn is not None
    mapped = found.table["labour_market_class"] == "Disconnected"
    assert (found.redrawn.mapped == mapped).all()


def test_the_map_beside_the_briefing_shows_what_was_worked_out(tmp_path: Any) -> None:
    files = wm.briefing(small_typology(), tmp_path / "with")
    bare = wm.briefing(small_typology(), tmp_path / "without", sensitivity=False)
    assert "Stability of class" in files.page.read_text(encoding="utf-8")
    assert "Stability of class" not in bare.page.read_text(encoding="utf-8")
