"""The official lookups carry real tables over: census totals stay census totals."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.geography.conversion import convert

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = ["White", "Mixed", "Asian", "Black", "Other"]
RESIDENTS_2011 = 56_075_912


def lookup(data_dir: Path, start: str, **names: str) -> pd.DataFrame:
    (path,) = [p for p in (data_dir / "official/lookups").iterdir() if p.name.startswith(start)]
    table = pd.read_csv(path, encoding="utf-8-sig", dtype="str")
    return table[list(names)].rename(columns=names)


@pytest.fixture(scope="module")
def to_2021(data_dir: Path) -> pd.DataFrame:
    """Read the pairs of 2011 and 2021."""
    return lookup(data_dir, "LSOA_(2011)", LSOA11CD="lsoa11", LSOA21CD="lsoa21", CHGIND="change")


@pytest.fixture(scope="module")
def to_2011(data_dir: Path) -> pd.DataFrame:
    """Read the pairs of 2001 and 2011; Welsh names in it are not UTF-8."""
    with (
        zipfile.ZipFile(data_dir / "official/lookups/LSOA_2001_to_2011.zip") as archive,
        archive.open("LSOA01_LSOA11_LAD11_EW_LU.csv") as file,
    ):
        table = pd.read_csv(file, encoding="cp1252", dtype="str")
    names = {"LSOA01CD": "lsoa01", "LSOA11CD": "lsoa11", "CHGIND": "change"}
    return table[list(names)].rename(columns=names)


@pytest.fixture(scope="module")
def to_ward(data_dir: Path) -> pd.DataFrame:
    """Read the wards of 2022 of LSOAs of 2021."""
    return lookup(data_dir, "Lower_Layer", LSOA21CD="code", WD22CD="ward_code")


@pytest.fixture(scope="module")
def people_2011(data_dir: Path) -> pd.DataFrame:
    """Read residents of 2011 by ethnic group."""
    table = pd.read_parquet(data_dir / "england_wales_2011/ethnicity2011_lsoa11.parquet")
    table = table.set_index("LSOA11CD")[GROUPS]
    return table.assign(residents=table.sum(axis=1))


@pytest.fixture(scope="module")
def residents_2021(data_dir: Path) -> pd.Series[float]:
    """Read residents of 2021."""
    table = pd.read_parquet(data_dir / "england_wales_2021/ethnicity2021_lsoa21_long.parquet")
    return table.groupby("lsoa21_code")["total_residents"].first()


def test_ethnic_groups_of_2011_reach_2021_to_the_last_person(
    to_2021: pd.DataFrame, people_2011: pd.DataFrame, residents_2021: pd.Series[float]
) -> None:
    columns = list(people_2011)
    moved = convert(people_2011, to_2021, to=2021, counts=columns, weights=residents_2021,
                    whole=True)  # fmt: skip
    assert len(moved) == 35_672
    assert moved["residents"].sum() == RESIDENTS_2011
    assert moved[columns].sum().tolist() == people_2011[columns].sum().tolist()
    assert (moved[columns] % 1 == 0).all(axis=None)
    changes = moved.attrs["changes"]
    assert changes["unchanged"] == 33_647
    assert changes["split"] == 1_900
    assert len(changes["irregular_pairs"]) == 10
    assert changes["without_counterpart"] == []
    assert any("irregular changes in 10 pairs" in line for line in moved.attrs["report"])
    parts = to_2021[to_2021["change"] == "S"].set_index("lsoa11")["lsoa21"]
    assert len(parts) == 1_900
    asian = moved.loc[parts, "Asian"].groupby(parts.index).sum()
    assert (asian == people_2011.loc[asian.index, "Asian"]).all()


def test_splits_and_merges_in_the_west_midlands_are_as_many_as_published(
    data_dir: Path, to_2021: pd.DataFrame, people_2011: pd.DataFrame,
    residents_2021: pd.Series[float],
) -> None:  # fmt: skip
    codes = pd.read_csv(data_dir / "wmca_2011/lookup_lsoa11_msoa11_ward21_lad.csv")["LSOA11CD"]
    here = people_2011.loc[codes, ["residents"]]
    moved = convert(here, to_2021, to=2021, counts=["residents"], weights=residents_2021,
                    whole=True)  # fmt: skip
    changes = moved.attrs["changes"]
    pairs = to_2021[to_2021["lsoa11"].isin(codes)]["change"].value_counts()
    assert (changes["split"], pairs["S"], pairs["M"]) == (80, 80, 2)
    assert (changes["merged"], changes["irregular"], changes["unchanged"]) == (1, 0, 1_638)
    assert len(moved) == 1_719
    assert moved["residents"].sum() == here["residents"].sum()


def test_residents_of_2021_go_back_to_the_last_person(
    to_2021: pd.DataFrame, people_2011: pd.DataFrame, residents_2021: pd.Series[float]
) -> None:
    moved = convert(residents_2021.to_frame("residents"), to_2021, to=2011, counts=["residents"],
                    weights=people_2011["residents"], whole=True)  # fmt: skip
    assert list(moved.index) == sorted(people_2011.index)
    assert moved["residents"].sum() == residents_2021.sum()
    assert moved.attrs["vintage"] == 2011


def test_shares_of_groups_are_averaged_by_residents(
    to_2021: pd.DataFrame, people_2011: pd.DataFrame, residents_2021: pd.Series[float]
) -> None:
    table = people_2011[["Asian", "residents"]].copy()
    table["share"] = table["Asian"] / table["residents"]
    moved = convert(table, to_2021, to=2021, counts=["Asian"], rates={"share": "residents"},
                    weights=residents_2021)  # fmt: skip
    np.testing.assert_allclose(moved["share"], moved["Asian"] / moved["residents"], atol=1e-12)


def test_deprivation_of_2019_is_carried_to_2021_and_never_shared_out(
    data_dir: Path, to_2021: pd.DataFrame
) -> None:
    table = pd.read_parquet(data_dir / "england_wales_2011/imd2019_lsoa11_england.parquet")
    table = table.set_index("lsoa11_code")[["IMD_rank", "IMD_decile"]]
    people = pd.Series(1.0, index=to_2021["lsoa21"].unique())
    moved = convert(table, to_2021, to=2021, ranks=["IMD_rank"], deciles=["IMD_decile"],
                    weights=people)  # fmt: skip
    assert len(moved) == 33_755
    source = to_2021.set_index("lsoa21")["lsoa11"]
    given = moved.index[moved["IMD_rank"].notna()]
    alone = source.loc[given]
    assert (moved.loc[alone.index, "IMD_rank"].to_numpy() == table.loc[alone, "IMD_rank"]).all()
    assert set(moved.loc[moved["IMD_rank"].isna(), "change"]) == {"merged", "irregular"}
    assert moved["IMD_rank"].isna().sum() == 103
    assert moved["IMD_decile"].isna().sum() == 75
    assert (moved["IMD_rank_carried"] == (moved["change"] != "unchanged")).all()
    # Parts of merges that share a decile are the only ones to have one without a rank.
    agree = moved[moved["IMD_decile"].notna() & moved["IMD_rank"].isna()]
    parts = to_2021[to_2021["lsoa21"].isin(agree.index)]
    assert (table.loc[parts["lsoa11"], "IMD_decile"].to_numpy()
            == agree.loc[parts["lsoa21"], "IMD_decile"].to_numpy()).all()  # fmt: skip


def test_deprivation_of_2004_reaches_2011(
    data_dir: Path, to_2011: pd.DataFrame, people_2011: pd.DataFrame
) -> None:
    table = pd.read_parquet(data_dir / "official/iod/imd2004_lsoa01_england_tidy.parquet")
    table = table.set_index("lsoa01_code")[["IMD_rank", "IMD_decile", "lad04_name"]]
    # There are no residents of 2001 at hand; equal ones will do for the names.
    moved = convert(table, to_2011, to=2011, ranks=["IMD_rank"], deciles=["IMD_decile"],
                    labels=["lad04_name"], sizes=pd.Series(1.0, index=table.index),
                    weights=people_2011["residents"], vintage=2001)  # fmt: skip
    english = people_2011.index[people_2011.index.str.startswith("E")]
    lost = ["E01032522", "E01032540", "E01032608", "E01033730"]
    assert moved.attrs["changes"]["without_counterpart"] == lost
    assert sorted(set(english) - set(moved.index)) == lost
    assert moved["lad04_name"].notna().all()
    same = moved.index[moved["change"] == "unchanged"]
    assert moved.loc[same, "IMD_rank"].equals(table.loc[same, "IMD_rank"])
    assert moved.loc[moved["change"] == "irregular", "IMD_rank"].isna().all()
    assert moved.attrs["changes"]["irregular"] > 0


def test_lookups_of_two_decades_lead_from_2001_to_2021(
    to_2011: pd.DataFrame, to_2021: pd.DataFrame, people_2011: pd.DataFrame,
    residents_2021: pd.Series[float],
) -> None:  # fmt: skip
    table = pd.DataFrame({"people": 1_500}, index=to_2011["lsoa01"].unique())
    moved = convert(table, [to_2011, to_2021], to=2021, counts=["people"], whole=True,
                    weights=[people_2011["residents"], residents_2021])  # fmt: skip
    assert len(table) == 34_378
    assert moved["people"].sum() == 34_378 * 1_500
    assert moved["people"].notna().all()


def test_ethnic_groups_of_2011_reach_wards_through_lsoas_of_2021(
    to_2021: pd.DataFrame, to_ward: pd.DataFrame, people_2011: pd.DataFrame,
    residents_2021: pd.Series[float],
) -> None:  # fmt: skip
    moved = convert(people_2011, [to_2021, to_ward], to="ward 2022", counts=list(people_2011),
                    weights=[residents_2021, None], whole=True)  # fmt: skip
    assert len(moved) == to_ward["ward_code"].nunique()
    assert moved[GROUPS].sum().tolist() == people_2011[GROUPS].sum().tolist()
    assert moved.attrs["areas"] == "ward 2022"


def test_a_table_of_2021_is_not_taken_for_one_of_2011(
    to_2021: pd.DataFrame, residents_2021: pd.Series[float]
) -> None:
    table = residents_2021.to_frame("residents")
    with pytest.raises(wm.VintageError, match=r"of 35,672 codes .*are of 'lsoa21'"):
        convert(table, to_2021, to=2021, counts=["residents"], weights=residents_2021)


def test_apportioning_by_residents_is_close_to_what_the_census_counted(
    data_dir: Path, people_2011: pd.DataFrame
) -> None:
    """Sum Birmingham's exact employed residents to wards, share them out again, and compare."""
    exact = pd.read_csv(
        data_dir / "official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv"
    ).set_index("LSOA11CD")["employed_2011"]
    wards = pd.read_csv(data_dir / "wmca_2011/lookup_lsoa11_msoa11_ward21_lad.csv", dtype="str")
    wards = wards[["LSOA11CD", "WD21CD"]].set_axis(["lsoa11", "ward_code"], axis=1)
    wards = wards[wards["lsoa11"].isin(exact.index)]
    assert len(wards) == len(exact) == 639
    summed = convert(exact.to_frame("employed"), wards, to="ward", counts=["employed"])
    back = convert(summed[["employed"]], wards, to=2011, counts=["employed"],
                   weights=people_2011["residents"], whole=True)  # fmt: skip
    assert back["employed"].sum() == exact.sum() == summed["employed"].sum()
    off = (back["employed"] - exact).abs() / exact
    # Half of the neighbourhoods are within a tenth or so; by equal parts it would be far worse.
    assert 0.03 < off.median() < 0.15
    equal = convert(summed[["employed"]], wards, to=2011, counts=["employed"],
                    weights=pd.Series(1.0, index=exact.index))  # fmt: skip
    worse = (equal["employed"] - exact).abs() / exact
    assert off.median() < worse.median()
    assert off.mean() < worse.mean()
