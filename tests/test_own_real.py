"""Official tables, read as if somebody had brought them, hold what a plain reading holds."""

import zipfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.sources.own import read_table

LOOKUP = (
    "official/lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_"
    "for_England_and_Wales.csv"
)
WARDS = (
    "official/lookups/Lower_Layer_Super_Output_Area_(2021)_to_Ward_(2022)_to_LAD_(2022)_Lookup_"
    "in_England_and_Wales_v3.csv"
)
KEEP: dict[str, Any] = {"duplicates": "keep"}

# File, heading of the codes, kind, census, rows, arguments for us, arguments for pandas.
FILES: list[tuple[str, str, str, int | None, int, dict[str, Any], dict[str, Any]]] = [
    ("wmca_2011/ethnicity2011_lsoa11.csv", "LSOA11CD", "LSOA", 2011, 1680, {}, {}),
    ("wmca_2011/imd2015_lsoa11.csv", "lsoa11_code", "LSOA", 2011, 1680, {}, {}),
    ("wmca_2011/imd2019_lsoa11.csv", "lsoa11_code", "LSOA", 2011, 1680, {}, {}),
    ("wmca_2011/jobs2011_msoa11.csv", "areacd", "MSOA", None, 356, {}, {}),
    ("wmca_2011/lookup_lsoa11_msoa11_ward21_lad.csv", "LSOA11CD", "LSOA", 2011, 1680, {}, {}),
    ("wmca_2011/wu01ew_msoa_commuting.csv.gz", "origin", "MSOA", None, -1, KEEP, {}),
    ("wmca_2021/economic2021_msoa21_pct.csv", "msoa21_code", "MSOA", 2021, 357, {}, {}),
    ("wmca_2021/ethnicity2021_lsoa21.csv", "lsoa21_code", "LSOA", 2021, 1719, {}, {}),
    ("wmca_2021/imd2025_indicators_lsoa21.csv", "lsoa21_code", "LSOA", 2021, 1719, {}, {}),
    ("wmca_2021/imd2025_lsoa21.csv", "lsoa21_code", "LSOA", 2021, 1719, {}, {}),
    ("wmca_2021/jobs2021_msoa21.csv", "msoa21_code", "MSOA", 2021, 357, {}, {}),
    ("wmca_2021/lookup_lsoa21_msoa21_ward24_lad24.csv", "lsoa21_code", "LSOA", 2021, 1719, {}, {}),
    ("wmca_2021/odmg01ew_msoa_migration_within.csv.gz", "to", "MSOA", 2021, -1, KEEP, {}),
    ("crosswalk/lad23_combined_authority23.csv", "ltla23_code", "authority", None, 53, {}, {}),
    ("crosswalk/lsoa11_lsoa21_lad22_wmca.csv", "lsoa21_code", "LSOA", 2021, -1, KEEP, {}),
    (LOOKUP, "LSOA11CD", "LSOA", 2011, 35796, KEEP, {}),
    (WARDS, "LSOA21CD", "LSOA", 2021, 35672, {}, {}),
    ("official/lookups/LSOA_2001_to_2011.zip", "LSOA01CD", "LSOA", 2001, -1, KEEP, {}),
    ("official/census/census2021-ts045-lsoa.csv", "geography code", "LSOA", 2021, 35672, {}, {}),
    ("official/census/census2021-ts062-lsoa.csv", "geography code", "LSOA", 2021, 35672, {}, {}),
    ("official/census/census2021-ts067-lsoa.csv", "geography code", "LSOA", 2021, 35672, {}, {}),
    ("official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz", "LSOA code (2011)",
     "LSOA", 2011, 32844, {}, {"thousands": ","}),
    ("official/iod/File_2_-_IoD2019_Domains_of_Deprivation.csv.gz", "LSOA code (2011)",
     "LSOA", 2011, 32844, {}, {}),
    ("official/iod/File_6_-_IoD2019_Population_Denominators.csv.gz", "LSOA code (2011)",
     "LSOA", 2011, 32844, {}, {"thousands": ","}),
    ("official/other_nations/nimdm2017-soa.csv", "SOA2001", "super output area", 2001, 890, {}, {}),
    ("official/other_nations/wimd-2019-index-and-domain-scores.csv", "lsoa", "LSOA", 2011, 1909,
     {}, {}),
    ("official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv", "LSOA11CD", "LSOA",
     2011, 639, {}, {}),
]  # fmt: skip


def assert_same(own: pd.DataFrame, plain: pd.DataFrame, heading: str) -> None:
    """Hold every column against a plain reading of the same rows."""
    plain = plain.rename(columns=str.strip)
    assert own.index.tolist() == plain[heading].tolist()
    shared = [name for name in own.columns if name in plain.columns and name != "geometry"]
    assert len(shared) >= len(plain.columns) - 3
    for name in shared:
        ours, theirs = own[name], plain[name]
        if pd.api.types.is_numeric_dtype(theirs):
            np.testing.assert_array_equal(ours.astype(float), theirs.astype(float), err_msg=name)
        else:
            assert ours.fillna("").tolist() == theirs.fillna("").tolist(), name


@pytest.mark.parametrize(
    ("file", "heading", "kind", "vintage", "rows", "ours", "theirs"),
    FILES,
    ids=[entry[0].rsplit("/", 1)[-1][:40] for entry in FILES],
)
def test_a_table_holds_what_a_plain_reading_holds(
    data_dir: Path,
    file: str,
    heading: str,
    kind: str,
    vintage: int | None,
    rows: int,
    ours: dict[str, Any],
    theirs: dict[str, Any],
) -> None:
    path = data_dir / file
    own = read_table(path, code=heading if ours else None, **ours)
    packed = path.suffix == ".zip"
    with zipfile.ZipFile(path) if packed else nullcontext() as archive:
        plain = pd.read_csv(
            archive.open("LSOA01_LSOA11_LAD11_EW_LU.csv") if archive else path,
            keep_default_na=False, na_values=[""], encoding="cp1252" if packed else "utf-8",
            **theirs,
        )  # fmt: skip
    assert_same(own, plain, heading)
    assert (own.attrs["kind"], own.attrs["vintage"]) == (kind, vintage)
    assert len(own) == (rows if rows > 0 else len(plain))


@pytest.mark.parametrize(
    ("file", "skip", "rows", "kind"),
    [
        ("official/jobs/bres2021_lsoa11_nomis_export.csv", 7, 34753, "LSOA"),
        ("official/census/census2021-ts021-lsoa.csv", 6, 35672, "LSOA"),
    ],
)
def test_a_query_export_is_read_with_its_names_parted(
    data_dir: Path, file: str, skip: int, rows: int, kind: str
) -> None:
    own = read_table(data_dir / file)
    plain = pd.read_csv(data_dir / file, skiprows=skip).iloc[1 : rows + 1]
    parts = plain.iloc[:, 0].str.split(" : ", n=1, expand=True)
    assert own.index.tolist() == parts[0].tolist()
    assert own["name"].tolist() == parts[1].tolist()
    assert own.attrs["kind"] == kind
    shared = [c for c in plain.columns[1:] if c in own.columns and own[c].dtype != "str"]
    assert len(shared) >= 2
    for name in shared:
        np.testing.assert_array_equal(own[name], plain[name].astype(float))


def test_output_areas_of_a_query_export_are_read(data_dir: Path) -> None:
    own = read_table(data_dir / "official/birmingham_2011/ks601_oa11_nomis_export.csv")
    by_lsoa = pd.read_csv(
        data_dir / "official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv"
    )
    assert (own.attrs["kind"], len(own)) == ("output area", 3223)
    total = own["All usual residents aged 16 to 74"].sum()
    assert total == by_lsoa["residents_16_74"].sum()


def test_pay_is_read_from_its_legacy_workbook(data_dir: Path) -> None:
    path = data_dir / "official/pay/ashe_table_8_1a_weekly_pay_gross_residence_2023.xls"
    with pytest.raises(wm.InputError, match=r"9 sheets hold area codes.*'All', 'Male'"):
        read_table(path)
    own = read_table(path, sheet="All")
    assert own.attrs["kind"] == "authority"
    assert {"Median change", "Mean change"} <= set(own.columns)
    assert own.loc["E06000001", ["Median", "Mean", "10"]].tolist() == [521.2, 575.7, 166.1]
    assert np.isnan(own.loc["E08000030", "Mean"])
    apart = {row["Code"]: row for row in own.attrs["set_apart"]}
    assert apart["E92000001"]["Median"] == 576.9
    plain = pd.read_excel(path, sheet_name="All", header=4, engine="calamine", na_values=["x"])
    inside = plain.set_index("Code").loc[own.index, "Median"]
    np.testing.assert_array_equal(own["Median"], pd.to_numeric(inside, errors="coerce"))


def test_pay_in_another_encoding_is_read(data_dir: Path) -> None:
    file = "official/pay/ashe_table_7_1a_weekly_pay_workplace_2019_ons_article.csv"
    own = read_table(data_dir / file)
    plain = pd.read_csv(data_dir / file, encoding="cp1252").set_index("AREACD")
    np.testing.assert_array_equal(own["yr1"], plain.loc[own.index, "yr1"].astype(float))
    assert len(own) + len(own.attrs["set_apart"]) == len(plain)


@pytest.mark.parametrize("edition", ["-_IMD2019", "ID_2015"])
def test_an_index_is_read_from_its_workbook(data_dir: Path, edition: str) -> None:
    path = data_dir / f"official/iod/File_1_{edition}_Index_of_Multiple_Deprivation.xlsx"
    assert_same(
        read_table(path), pd.read_excel(path, sheet_name=1, engine="calamine"), "LSOA code (2011)"
    )


def test_every_area_of_four_nations_is_kept(data_dir: Path) -> None:
    own = read_table(data_dir / "official/lookups/LSOA11_TTWA11_UK.csv")
    assert len(own) == 42_619
    assert own.attrs["kind"] == "LSOA, data zone, super output area"
    assert [row["row"] for row in own.attrs["set_apart"]] == [40_422]
    zones = read_table(data_dir / "official/other_nations/simd2020v2_ranks.csv")
    assert (len(zones), zones.attrs["vintage"]) == (6976, 2011)


@pytest.mark.parametrize(
    ("file", "heading", "rows"),
    [
        ("wmca_2011/lsoa11_bgc.geojson", "LSOA11CD", 1680),
        ("wmca_2021/msoa21_bgc.geojson", "MSOA21CD", 357),
        ("wmca_2021/ward25_bgc.geojson", "WD25CD", 192),
        ("wmca_2021/lad24_generalised.geojson", "ltla24_code", 7),
    ],
)
def test_boundaries_keep_their_shapes(data_dir: Path, file: str, heading: str, rows: int) -> None:
    own, plain = read_table(data_dir / file), gpd.read_file(data_dir / file)
    assert isinstance(own, gpd.GeoDataFrame)
    assert len(own) == rows
    assert own.crs == plain.crs
    assert own.geometry.geom_equals(plain.set_index(heading).geometry, align=False).all()
    assert own.index.tolist() == plain[heading].tolist()


@pytest.mark.parametrize(
    ("file", "heading"),
    [
        ("england_wales_2011/imd2015_lsoa11_england.parquet", "lsoa11_code"),
        ("england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet", "lsoa21_code"),
        ("england_wales_2021/lad24_generalised_uk.parquet", "ltla24_code"),
        ("official/iod/imd2004_lsoa01_england_tidy.parquet", "lsoa01_code"),
    ],
)
def test_parquet_is_read_as_it_is(data_dir: Path, file: str, heading: str) -> None:
    assert_same(read_table(data_dir / file), pd.read_parquet(data_dir / file), heading)


def test_a_long_table_is_refused_and_says_why(data_dir: Path) -> None:
    with pytest.raises(wm.InputError, match=r"35,672 codes of LSOA .* stand more than once"):
        read_table(data_dir / "england_wales_2021/ethnicity2021_lsoa21_long.parquet")


def test_a_table_joins_to_the_areas_of_its_census(
    real_2011: wm.Dataset, real_2021: wm.Dataset, data_dir: Path
) -> None:
    table = read_table(data_dir / "wmca_2021/ethnicity2021_lsoa21.csv")
    frame, report = wm.join(real_2021.areas, table)
    assert (report.matched, report.areas_without_row) == (1719, ())
    assert frame["total"].sum() == table["total"].sum()
    with pytest.raises(wm.VintageError):
        wm.join(real_2011.areas, table)
