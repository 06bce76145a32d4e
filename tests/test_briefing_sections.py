"""Every sentence, chart and table of the briefing says what the frames say, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Polygon

import wmspatial as wm
from test_maps_disconnection import small_typology
from wmspatial.briefing_page import (
    SECTIONS,
    always,
    by_authority,
    certainty,
    changed,
    headline,
    mapped,
    markets,
    method,
    origins,
    people,
    places,
)
from wmspatial.briefing_page.gathering import Facts, gather
from wmspatial.briefing_page.parts import Bullets, Drawing, Figures, Paragraph, Section, Table
from wmspatial.briefing_page.picture import lay_out, paths
from wmspatial.typology.sensitivity import run_grid, scenario_classes

EVERY = set(SECTIONS)


@pytest.fixture(scope="module")
def typology(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


@pytest.fixture(scope="module")
def facts(typology: wm.Typology) -> Facts:
    return gather(typology, earlier=None, wanted=EVERY, sensitivity=True, resamples=20)


@pytest.fixture(scope="module")
def compared(real_2011: wm.Dataset, real_2021: wm.Dataset) -> Facts:
    return gather(
        wm.classify(real_2021), earlier=wm.classify(real_2011), wanted={"changed"},
        sensitivity=False, resamples=0,
    )  # fmt: skip


def plain(typology: wm.Typology, **options: Any) -> Facts:
    given = {"earlier": None, "wanted": EVERY, "sensitivity": False, "resamples": 0,
             "labour_markets": False}  # fmt: skip
    return gather(typology, **(given | options))


def text_of(section: Section | None) -> str:
    assert section is not None
    found = []
    for part in section.parts:
        if isinstance(part, Paragraph):
            found.append(part.text)
        elif isinstance(part, Bullets):
            found += part.items
        elif isinstance(part, Figures):
            found += [f"{number} {words}" for number, words in part.items]
    return "\n".join(found)


def table_of(section: Section | None) -> Table:
    assert section is not None
    return next(part for part in section.parts if isinstance(part, Table))


def drawing_of(section: Section | None) -> Drawing:
    assert section is not None
    return next(part for part in section.parts if isinstance(part, Drawing))


def described(svg: str) -> str:
    """Return the words of a drawing for those who cannot see it."""
    found = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    assert found is not None
    return found.group(1)


# -- headline and map ------------------------------------------------------------------------------


def test_the_headline_counts_what_the_frame_counts(facts: Facts) -> None:
    frame = facts.typology.frame
    lost = frame["labour_market_class"] == "Disconnected"
    text = text_of(headline.write(facts))
    assert f"Of the {len(frame):,} neighbourhoods" in text
    assert f"{int(frame['deprived'].sum()):,} are among the 20 % most deprived in England" in text
    assert f"{int(lost.sum()):,} of these are disconnected" in text
    people_there = frame.loc[lost, "residents"].sum()
    share = 100 * people_there / frame["residents"].sum()
    assert f"{people_there:,.0f} people live there, {share:.1f} % of all residents" in text
    assert facts.clusters is not None
    assert facts.sensitivity is not None
    assert f"{len(facts.clusters):,} separate places" in text
    assert f"{len(facts.sensitivity.always_disconnected):,} are disconnected in all of 72" in text


def test_the_headline_says_that_the_word_is_relative_only_where_it_is(
    facts: Facts, sample: wm.Dataset
) -> None:
    assert "about half of such neighbourhoods fall below that line" in text_of(
        headline.write(facts)
    )
    fixed = wm.classify(sample, cut=0.6, cut_kind="value")
    text = text_of(headline.write(plain(fixed)))
    assert "about half" not in text
    assert "Below it a neighbourhood is disconnected" in text


def test_the_map_is_described_with_every_count(facts: Facts) -> None:
    words = described(drawing_of(mapped.write(facts)).wide)
    counts = facts.typology.frame["labour_market_class"].value_counts()
    for name, count in counts.items():
        if count:
            assert f"{name}: {count:,} neighbourhood" in words
    assert "1 Wolverhampton" in words
    assert words.startswith("Illustrative data, not statistics. ")


def test_the_map_says_where_most_are(facts: Facts) -> None:
    frame = facts.typology.frame
    lost = frame.loc[frame["labour_market_class"] == "Disconnected", "authority"].value_counts()
    text = text_of(mapped.write(facts))
    assert f"{lost.index[0]} has most of them, {lost.iloc[0]:,} of {lost.sum():,}" in text


def test_the_map_draws_every_area_on_a_whole_grid(typology: wm.Typology) -> None:
    ground = lay_out(typology.frame)
    data = paths(ground.areas)
    rings = sum(1 + len(p.interiors) for a in ground.areas for p in getattr(a, "geoms", [a]))
    assert data.count("M") == data.count("z") == rings
    assert re.fullmatch(r"[Mlz\d -]+", data)
    numbers = {a.key for a in ground.authorities}
    assert set(ground.spots) == numbers
    assert all(0 < x < 1 and 0 < y < 1 for x, y in ground.spots.values())


def test_a_path_can_be_read_back(typology: wm.Typology) -> None:
    ground = lay_out(typology.frame.iloc[:1])
    area = ground.areas[0]
    ring = re.match(r"M(\d+) (\d+)l([^z]*)z", paths(ground.areas))
    assert ring is not None
    at = np.array([int(ring[1]), int(ring[2])])
    steps = np.array([int(n) for n in re.findall(r"-?\d+", ring[3])]).reshape(-1, 2)
    points = np.vstack([at, at + steps.cumsum(axis=0)])
    # Both start and end at the same corner, whatever points fell together on the way.
    assert np.array_equal(points[0], area.exterior.coords[0])
    assert np.array_equal(points[-1], points[0])
    assert {tuple(p) for p in points} == {(int(x), int(y)) for x, y in area.exterior.coords}


# -- by authority ----------------------------------------------------------------------------------


def test_the_table_by_authority_adds_up(facts: Facts) -> None:
    table = table_of(by_authority.write(facts))
    numbers = [[float(cell.replace(",", "")) for cell in row[1:4]] for row in table.rows]
    assert np.array_equal(np.sum(numbers[:-1], axis=0), numbers[-1])
    assert numbers[-1][1] == len(facts.typology.frame)
    shares = [float(row[4].removesuffix(" %")) for row in table.rows[:-1]]
    assert shares == sorted(shares, reverse=True)


def test_the_chart_by_authority_names_highest_and_lowest(facts: Facts) -> None:
    table = table_of(by_authority.write(facts))
    text = text_of(by_authority.write(facts))
    first, last = table.rows[0], table.rows[-2]
    assert f"is highest in {first[0]} ({first[4]}) and lowest in {last[0]} ({last[4]})." in text
    words = described(drawing_of(by_authority.write(facts)).narrow)
    assert f"{first[0]}: Disconnected {first[4]}, " in words


# -- who -------------------------------------------------------------------------------------------


def test_who_says_different_only_what_the_interval_tells_apart(facts: Facts) -> None:
    assert facts.composition is not None
    shares = facts.composition.shares.drop(index="All")
    text = text_of(people.write(facts))
    first = text.split("\n", 1)[0]
    for group, row in shares.iterrows():
        told = f"{row['ratio']:.2f} times"
        clear = row["ratio_low"] > 1 or row["ratio_high"] < 1
        assert (told in first) == bool(clear), group
    rows = {row[0]: row for row in table_of(people.write(facts)).rows}
    for group, name in (("white", "White"), ("mixed", "Mixed or multiple")):
        assert rows[name][1] == f"{shares.loc[group, 'people']:,.0f}"
        assert rows[name][5] == f"{shares.loc[group, 'ratio']:.2f}"
        low, high = (100 * shares.loc[group, c] for c in ("share_low", "share_high"))
        assert rows[name][4] == f"{low:.1f} to {high:.1f} %"
    assert "no margin of error of a sample" in text
    assert "no cause can be read off this" in text


def test_who_says_where_a_finding_hangs_on_the_method(facts: Facts) -> None:
    assert facts.composition is not None
    shares = facts.composition.shares.copy()
    shares.loc["mixed", ["ratio_low", "ratio_high"]] = 1.1, 1.3
    shares.loc["mixed", ["scenario_ratio_least", "scenario_ratio_most"]] = 0.7, 1.6
    shares.loc["asian", ["scenario_ratio_least", "scenario_ratio_most"]] = 0.3, 0.8
    turned = replace(facts, composition=replace(facts.composition, shares=shares))
    text = text_of(people.write(turned))
    turns = "(interval 1.10 to 1.30) with the parameters given; over all versions of the method it"
    assert f"{turns} lies between 0.70 and 1.60 times, so it hangs on the open choices" in text
    assert "between 0.30" not in text


def test_who_carries_the_spread_over_the_scenarios(facts: Facts) -> None:
    assert facts.composition is not None
    row = facts.composition.shares.loc["All"]
    least, most = (100 * row[f"scenario_share_{end}"] for end in ("least", "most"))
    assert table_of(people.write(facts)).rows[0][6] == f"{least:.1f} to {most:.1f} %"


def test_without_groups_nobody_is_told_apart() -> None:
    town = small_typology()
    assert town.dataset.groups == ()
    assert people.write(plain(town)) is None


# -- where, always, borders ------------------------------------------------------------------------


def test_places_are_those_of_the_clusters(facts: Facts) -> None:
    assert facts.clusters is not None
    top = facts.clusters.table.head(10)
    rows = table_of(places.write(facts)).rows
    assert [row[1] for row in rows] == list(top["name"])
    assert [row[4] for row in rows] == [f"{n:,.0f}" for n in top["residents"]]
    share = 100 * top["residents"].sum() / facts.clusters.table["residents"].sum()
    assert f"({share:.1f} %)" in text_of(places.write(facts))
    words = described(drawing_of(places.write(facts)).wide)
    assert f"1 {top['name'].iloc[0]}, " in words


def test_the_list_of_every_assumption_is_the_one_of_the_sensitivity(facts: Facts) -> None:
    assert facts.sensitivity is not None
    codes = facts.sensitivity.always_disconnected
    section = always.write(facts)
    assert section is not None
    first, more = (part for part in section.parts if isinstance(part, Table))
    assert (len(first.rows), first.folded, more.folded) == (25, False, True)
    people_of = [[int(row[3].replace(",", "")) for row in part.rows] for part in (first, more)]
    assert min(people_of[0]) >= max(people_of[1])
    found = [re.search(r"E01\d{6}", row[0]) for row in (*first.rows, *more.rows)]
    assert sorted(m[0] for m in found if m) == sorted(codes)
    whole = facts.table.loc[codes, "residents"].sum()
    assert f"{whole:,.0f} people live there" in text_of(always.write(facts))
    for part in (first, more):
        assert [row[1:3] for row in part.rows] == sorted(row[1:3] for row in part.rows)


def test_borders_are_crossed_by_the_people_of_the_flows(facts: Facts) -> None:
    goes = markets._where_they_work(facts)
    assert goes is not None
    flows, table = facts.typology.dataset.flows, facts.table
    lost = table[table["labour_market_class"] == "Disconnected"]
    # In the sample every zone is one neighbourhood, so the flows themselves can be summed.
    own = flows.matrix.toarray()[flows.zones.get_indexer(pd.Index(lost["zone"]))]
    of = facts.typology.dataset.neighbourhoods.set_index("zone")["authority"].reindex(flows.zones)
    same = lost["authority"].to_numpy()[:, None] == of.fillna("").to_numpy()[None, :]
    assert goes["In their own authority"].sum() == pytest.approx((own * same).sum())
    assert goes.to_numpy().sum() == pytest.approx(own.sum())
    shares = [float(n) for n in re.findall(r"([\d.]+) %", text_of(markets.write(facts)))[:3]]
    assert sum(shares) == pytest.approx(100, abs=0.2)


# -- how sure, what changed, method, sources -------------------------------------------------------


def test_how_sure_counts_scenarios_and_draws(facts: Facts) -> None:
    assert facts.sensitivity is not None
    assert facts.resampling is not None
    counts = facts.sensitivity.scenarios["Disconnected"]
    text = text_of(certainty.write(facts))
    assert f"between {counts.min():,} and {counts.max():,} neighbourhoods" in text
    assert "(three ways)" in text
    assert "drawn anew 20 times" in text
    for caveat in facts.typology.caveats:
        assert caveat in text
    words = described(drawing_of(certainty.write(facts)).wide)
    told = [int(n.replace(",", "")) for n in re.findall(r": ([\d,]+)", words)]
    assert sum(told) == int(facts.counts["Disconnected"])


def test_without_scenarios_the_page_says_that_they_were_not_run(typology: wm.Typology) -> None:
    found = plain(typology)
    assert always.write(found) is None
    assert "was not worked out here" in text_of(certainty.write(found))


def test_what_changed_is_what_the_comparison_counts(compared: Facts) -> None:
    assert compared.change is not None
    row = compared.change.summary().loc["Disconnected"]
    section = changed.write(compared)
    text = text_of(section)
    assert f"{row['earlier']:,} of today’s neighbourhoods were disconnected in 2011" in text
    assert f"{row['stayed']:,} stayed" in text
    assert "cannot say that disconnection grew or shrank" in text
    rows = table_of(section).rows
    assert sum(int(r[1].replace(",", "")) for r in rows) == row["entered"]
    assert sum(int(r[3].replace(",", "")) for r in rows) == row["left"]
    counts = compared.change.sources()
    assert f"{counts.sum():,} neighbourhoods of all classes changed class" in text
    assert "lockdown" in text
    titles = [s.title for s in origins.write(compared).parts[0].items]  # type: ignore[union-attr]
    assert any("2015" in title for title in titles)
    assert any("2025" in title for title in titles)


def test_the_method_names_what_is_not_the_default(sample: wm.Dataset) -> None:
    text = text_of(method.write(plain(wm.classify(sample, pez_ratio=2.0))))
    assert "Not the default method" in text
    assert "pez_ratio" in text


# -- places where little is known ------------------------------------------------------------------


def test_an_area_without_a_disconnected_neighbourhood_reads_sensibly(official: Any) -> None:
    found = plain(wm.classify(official("Stratford-on-Avon", 2021)))
    text = text_of(headline.write(found))
    assert "is among the 20 % most deprived in England, so none can be disconnected" in text
    assert "nought" not in text
    for section in (people, places, markets):
        assert section.write(found) is None
    assert "No neighbourhood is disconnected." in text_of(mapped.write(found))
    assert "Nobody lives in a disconnected neighbourhood." in text_of(by_authority.write(found))


def test_an_area_without_ranks_says_so_and_claims_nothing(official: Any) -> None:
    found = plain(wm.classify(official("Cardiff", 2021)), sensitivity=True)
    text = text_of(headline.write(found))
    assert "None of the 218 neighbourhoods of Cardiff can be classed" in text
    assert found.sensitivity is None
    for section in (by_authority, people, places, always, markets):
        assert section.write(found) is None
    assert "was not worked out" not in text_of(certainty.write(found))


@pytest.mark.parametrize(
    "columns", [(), ("name",), ("authority_code", "authority"), ("ward_code", "ward")]
)
def test_without_names_wards_or_authorities_every_section_is_written(
    columns: tuple[str, ...],
) -> None:
    found = plain(small_typology(columns=columns), sensitivity=True)
    for section in (headline, mapped, by_authority, people, places, always, markets, certainty):
        made = section.write(found)  # type: ignore[attr-defined]
        if made is not None:
            assert "nan" not in text_of(made)
            assert "None of the" not in text_of(made)


def test_given_classes_are_called_what_they_are(typology: wm.Typology) -> None:
    code = typology.frame.index[typology.frame["labour_market_class"] == "Connected"][0]
    given = typology.with_classes(pd.Series({code: "Disconnected"}), source="JRF")
    found = plain(given, sensitivity=True)
    assert "as JRF gives them" in text_of(headline.write(found))
    assert "that JRF gives" in text_of(method.write(found))
    assert "that the method itself gives" in text_of(certainty.write(found))


# -- once, and the same ----------------------------------------------------------------------------


def test_the_scenarios_are_run_once(typology: wm.Typology, monkeypatch: pytest.MonkeyPatch) -> None:
    import wmspatial.typology.sensitivity as home

    calls = []
    real = home.scenario_classes
    monkeypatch.setattr(home, "scenario_classes", lambda *a: calls.append(a) or real(*a))
    found = plain(typology, sensitivity=True)
    assert len(calls) == 1
    assert found.sensitivity is not None
    assert found.composition is not None
    assert "scenario_share_most" in found.composition.shares.columns


def test_scenarios_that_were_run_already_give_the_same(typology: wm.Typology) -> None:
    grid: dict[str, Any] = {"cut": [0.25, 0.5], "reference": ["deprived", "all"]}
    runs = scenario_classes(typology, grid)
    given = run_grid(typology, grid, results=runs)
    pd.testing.assert_frame_equal(given.frame, run_grid(typology, grid).frame)
    with pytest.raises(wm.InputError, match="4 scenarios; the grid has 2"):
        run_grid(typology, {"cut": [0.25, 0.5]}, results=runs)
    who = wm.composition(typology, n=10, scenarios=runs)
    share = who.shares["scenario_share_most"]["All"]
    most = max((typology.neighbourhoods["residents"][run == 0]).sum() for run in runs)
    assert share == pytest.approx(most / typology.neighbourhoods["residents"].sum())
    with pytest.raises(wm.InputError, match="a scenario has 3 neighbourhoods"):
        wm.composition(typology, n=10, scenarios=[runs[0][:3]])


def test_an_area_that_is_a_point_at_this_scale_is_still_drawn() -> None:
    point, square = Polygon([(5, 5)] * 4), Polygon([(0, 0), (9, 0), (9, 9), (0, 9)])
    holed = Polygon(square.exterior, [[(4, 4)] * 4])
    assert paths(np.array([point], dtype=object)) == "M5 5l1 0 0 1-1 0z"
    # A hole that is a point is none.
    assert paths(np.array([holed], dtype=object)) == "M0 0l9 0 0 9-9 0 0-9z"
    assert paths(np.array([square, point], dtype=object)).count("M") == 2
