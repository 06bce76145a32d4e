"""The residential typology on the official tables, against a second reading of the method."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import reference_residential as reference
import wmspatial as wm
from conftest import REPOSITORY, Official
from wmspatial.typology import classify
from wmspatial.typology.residential import (
    ResidentialTypology,
    classify_residential,
    double_disconnection,
    summarise_double_disconnection,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("official")


@pytest.fixture(scope="module")
def result(real_2021: wm.Dataset) -> ResidentialTypology:
    return classify_residential(real_2021)


def test_every_neighbourhood_has_the_type_of_the_second_reading(
    result: ResidentialTypology, data_dir: Path
) -> None:
    theirs = reference.reference_2021(data_dir)
    ours = result.everywhere.loc[theirs.index]
    assert len(ours) == 35_672
    assert ours["residential_type"].tolist() == theirs["residential_type"].tolist()
    np.testing.assert_array_equal(ours["zone_decile"], theirs["zone_decile"])
    for column in ("in_movers", "out_movers", "in_movers_without_decile",
                   "out_movers_without_decile"):  # fmt: skip
        np.testing.assert_array_equal(ours[column], theirs[column])
    england = ours["nation"] == "England"
    for column, other in (("share_in_from_less_deprived", "share_in"),
                          ("share_out_to_less_deprived", "share_out")):  # fmt: skip
        np.testing.assert_allclose(ours.loc[england, column], theirs.loc[england, other])


def test_every_mover_of_the_table_is_somewhere(result: ResidentialTypology, data_dir: Path) -> None:
    table = pd.read_parquet(data_dir / "england_wales_2021/odmg01ew_msoa_migration.parquet")
    zones = result.zones
    assert zones["in_movers"].sum() == table["people"].sum() == 5_948_430
    from_zones = table.loc[table["origin"].str[:1].isin(["E", "W"]), "people"].sum()
    assert zones["out_movers"].sum() == from_zones
    inside = table.loc[table["origin"] == table["destination"], "people"].sum()
    assert zones["moved_within"].sum() == inside


def test_the_study_area_is_a_part_of_everywhere(result: ResidentialTypology) -> None:
    frame = result.frame
    assert len(frame) == 1_719
    same = result.everywhere.loc[frame.index, "residential_type"]
    assert frame["residential_type"].tolist() == same.tolist()
    assert (result.summary()["All"] == result.summary().drop(columns="All").sum(axis=1)).all()
    assert result.summary(weight="residents").loc["All", "All"] == frame["residents"].sum()


def test_a_type_does_not_depend_on_the_study_area(
    result: ResidentialTypology, official: Official
) -> None:
    alone = classify_residential(official("Walsall", 2021)).frame
    there = result.frame.loc[alone.index, "residential_type"]
    assert alone["residential_type"].tolist() == there.tolist()


def test_wales_has_no_type_and_its_movers_are_reported(result: ResidentialTypology) -> None:
    wales = result.everywhere[result.everywhere["nation"] == "Wales"]
    assert (wales["rule"] == "no deprivation rank").all()
    assert any("Wales" in line and "Scotland" in line for line in result.report)


def test_the_year_of_the_pandemic_is_said(result: ResidentialTypology) -> None:
    assert any("March 2020" in line for line in result.caveats)
    assert any("abroad" in line for line in result.caveats)
    assert not any("commuting" in line for line in result.caveats)


def test_every_neighbourhood_is_explained(result: ResidentialTypology) -> None:
    texts = result.explanations()
    assert texts.index.equals(result.frame.index)
    assert not texts.str.contains("nan").any()
    assert result.explain("Walsall").startswith("Walsall: of 169 neighbourhoods 82 are deprived")


def test_2011_has_no_moves_and_says_so(real_2011: wm.Dataset) -> None:
    with pytest.raises(wm.InputError, match=r"no residential moves are at hand for 2011.*Load v"):
        classify_residential(real_2011)


def test_double_disconnection_is_where_both_are(
    result: ResidentialTypology, real_2021: wm.Dataset, real_2011: wm.Dataset
) -> None:
    labour = classify(real_2021)
    both = double_disconnection(labour, result)
    lost = labour.frame["labour_market_class"] == "Disconnected"
    alone = result.frame["residential_type"] == "Isolate"
    assert both["double_disconnection"].tolist() == (lost & alone).tolist()
    table = summarise_double_disconnection(both)
    assert table.loc["All", "double_disconnection"] == (lost & alone).sum()
    people = both.loc[both["double_disconnection"], "residents"].sum()
    assert table.loc["All", "residents_double_disconnection"] == people
    with pytest.raises(wm.VintageError, match="of 2011, the residential types of 2021"):
        double_disconnection(classify(real_2011), result)


@pytest.mark.usefixtures("read_once")
def test_the_page_holds_what_the_command_prints(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(REPOSITORY / "benchmarks"))
    from fill_method import fill
    from residential_figures import figures

    document = (REPOSITORY / "docs" / "residential.md").read_text(encoding="utf-8")
    made = figures(data_dir)
    assert set(made) == set(re.findall(r"<!-- (?!end)(.*?) -->", document))
    assert fill(document, made) == document
    for module in ("fill_method", "method_figures", "residential_figures"):
        sys.modules.pop(module, None)
