"""Every official file at hand is recognised by its content, and its figures are the published."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.geography.codes import kinds_of
from wmspatial.sources.catalogue import catalogue
from wmspatial.sources.reading import read_official, recognise

LOOKUP_2021 = (
    "official/lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_for_"
    "England_and_Wales.csv"
)
WARDS_2022 = (
    "official/lookups/Lower_Layer_Super_Output_Area_(2021)_to_Ward_(2022)_to_LAD_(2022)_Lookup_in_"
    "England_and_Wales_v3.csv"
)
BRES = "official/jobs/bres2021_lsoa11_nomis_export.csv"
ASHE = "official/pay/ashe_table_8_1a_weekly_pay_gross_residence_2023.xls"
FILE_7 = "official/iod/File_7_IoD2025_HEAD_SAMPLE.csv"


class Known(NamedTuple):
    """What is known of a file: what it is, whether it is whole, its rows and a total."""

    dataset: str
    form: str
    whole: bool | None
    rows: int
    column: str = ""
    total: float = 0
    #: Where only its codes, which have to be read, say that it is a part.
    a_part: bool = False


FILES = {
    "crosswalk/lad23_combined_authority23.csv": Known("lad23-cauth23", "csv", True, 53),
    "crosswalk/lsoa11_lsoa21_lad22_england_wales.parquet":
        Known("lsoa11-lsoa21", "parquet", False, 35795),
    "crosswalk/lsoa11_lsoa21_lad22_wmca.csv": Known("lsoa11-lsoa21", "csv", False, 1720),
    "england_wales_2011/ethnicity2011_lsoa11.parquet":
        Known("ks201ew-lsoa11", "parquet", True, 34753, "residents", 56075912),
    "england_wales_2011/imd2015_lsoa11_england.parquet":
        Known("iod2015-imd", "parquet", True, 32844),
    "england_wales_2011/imd2019_lsoa11_england.parquet":
        Known("iod2019-imd", "parquet", True, 32844),
    "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet":
        Known("lsoa11-msoa11-lad", "parquet", True, 34753),
    "england_wales_2011/lsoa11_generalised.parquet":
        Known("lsoa11-boundaries-bsc", "parquet", True, 34753),
    "england_wales_2011/msoa11_generalised.parquet":
        Known("msoa11-boundaries-bsc", "parquet", True, 7201),
    "england_wales_2011/wu01ew_msoa_commuting.parquet":
        Known("wu01ew-msoa11", "parquet", True, 2402201, "people", 26681568),
    "england_wales_2021/ethnicity2021_lsoa21_long.parquet":
        Known("ts021-lsoa21", "parquet", True, 35672, "residents", 59597576),
    "england_wales_2021/imd2025_lsoa21_england.parquet":
        Known("iod2025-imd", "parquet", True, 33755),
    "england_wales_2021/lad24_generalised_uk.parquet":
        Known("lad24-boundaries", "parquet", True, 361),
    "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet":
        Known("lsoa21-msoa21-lad", "parquet", True, 35672),
    "england_wales_2021/lsoa21_generalised.parquet":
        Known("lsoa21-boundaries-bsc", "parquet", True, 35672),
    "england_wales_2021/msoa21_generalised.parquet":
        Known("msoa21-boundaries-bsc", "parquet", True, 7264),
    "england_wales_2021/odmg01ew_msoa_migration.parquet":
        Known("odmg01ew-msoa21", "parquet", True, 1476199, "people", 5948430),
    "england_wales_2021/odwp01ew_msoa_commuting.parquet":
        Known("odwp01ew-msoa21", "parquet", True, 1849192, "people", 27773863),
    "england_wales_2021/ward22_generalised_uk.parquet":
        Known("ward22-boundaries", "parquet", True, 8483),
    "official/birmingham_2011/birmingham_lsoa11_employed_2011_KS601.csv":
        Known("employed2011-lsoa11", "csv", False, 639, "employed", 400679),
    "official/birmingham_2011/ks601_oa11_nomis_export.csv":
        Known("ks601ew-oa11", "csv", False, 3223, "employed", 400679),
    "official/census/ODMG01EW_LTLA.csv.gz":
        Known("odmg01ew-ltla", "csv in gzip", True, 96137, "people", 6493859),
    "official/census/ODWP01EW_LTLA.csv.gz":
        Known("odwp01ew-ltla", "csv in gzip", True, 74390, "people", 27773528),
    "official/census/census2021-ts021-lsoa.csv":
        Known("ts021-lsoa21", "csv", True, 35672, "residents", 59597576),
    "official/census/census2021-ts045-lsoa.csv":
        Known("ts045-lsoa21", "csv", True, 35672, "households", 24782971),
    "official/census/census2021-ts062-lsoa.csv":
        Known("ts062-lsoa21", "csv", True, 35672, "residents_16_plus", 48566461),
    "official/census/census2021-ts067-lsoa.csv":
        Known("ts067-lsoa21", "csv", True, 35672, "level_4_plus", 16413072),
    "official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz":
        Known("iod2019-imd", "csv in gzip", True, 32844),
    "official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx":
        Known("iod2019-imd", "xlsx", True, 32844),
    "official/iod/File_1_ID_2015_Index_of_Multiple_Deprivation.xlsx":
        Known("iod2015-imd", "xlsx", True, 32844),
    "official/iod/File_2_-_IoD2019_Domains_of_Deprivation.csv.gz":
        Known("iod2019-domains", "csv in gzip", True, 32844),
    "official/iod/File_6_-_IoD2019_Population_Denominators.csv.gz":
        Known("iod2019-denominators", "csv in gzip", True, 32844, "residents", 54728204),
    FILE_7: Known("iod2025-file7", "csv", False, 4),
    "official/iod/imd2004_lsoa01_england_tidy.parquet": Known("imd2004", "parquet", True, 32482),
    BRES: Known("bres-lsoa11", "csv", True, 34753, "jobs", 28282435),
    "official/lookups/LSOA11_TTWA11_UK.csv": Known("lsoa11-ttwa11", "csv", True, 42619),
    LOOKUP_2021: Known("lsoa11-lsoa21", "csv", True, 35796),
    "official/lookups/LSOA_2001_to_2011.zip": Known("lsoa01-lsoa11", "csv in zip", True, 34917),
    WARDS_2022: Known("lsoa21-ward22", "csv", True, 35672),
    "official/other_nations/nimdm2017-soa.csv": Known("nimdm2017", "csv", True, 890),
    "official/other_nations/simd2020v2_ranks.csv": Known("simd2020v2", "csv", True, 6976),
    "official/other_nations/wimd-2019-index-and-domain-scores.csv":
        Known("wimd2019", "csv", True, 1909),
    "official/pay/ashe_table_7_1a_weekly_pay_workplace_2019_ons_article.csv":
        Known("ashe-workplace", "csv", True, 413),
    ASHE: Known("ashe-residence", "xls", None, 395),
    "wmca_2011/ethnicity2011_lsoa11.csv": Known("ks201ew-lsoa11", "csv", False, 1680),
    "wmca_2011/imd2015_lsoa11.csv": Known("iod2015-imd", "csv", False, 1680),
    "wmca_2011/imd2019_lsoa11.csv": Known("iod2019-imd", "csv", False, 1680),
    "wmca_2011/jobs2011_msoa11.csv": Known("jobs2011-msoa11", "csv", False, 356),
    "wmca_2011/lookup_lsoa11_msoa11_ward21_lad.csv": Known("lsoa11-ward21", "csv", False, 1680),
    "wmca_2011/lsoa11_bgc.geojson": Known("lsoa11-boundaries", "geojson", False, 1680),
    "wmca_2011/msoa11_bgc.geojson": Known("msoa11-boundaries", "geojson", False, 356),
    "wmca_2011/ward22_generalised.geojson": Known("ward22-boundaries", "geojson", False, 192),
    "wmca_2011/wu01ew_msoa_commuting.csv.gz": Known("wu01ew-msoa11", "csv in gzip", False, 187569),
    "wmca_2021/economic2021_msoa21_pct.csv": Known("economic2021-msoa21", "csv", False, 357),
    "wmca_2021/ethnicity2021_lsoa21.csv": Known("ts021-lsoa21", "csv", False, 1719),
    "wmca_2021/imd2025_indicators_lsoa21.csv": Known("iod2025-indicators", "csv", False, 1719),
    "wmca_2021/imd2025_lsoa21.csv": Known("iod2025-imd", "csv", False, 1719),
    "wmca_2021/jobs2021_msoa21.csv": Known("jobs2021-msoa21", "csv", False, 357),
    "wmca_2021/lad24_generalised.geojson": Known("lad24-boundaries", "geojson", False, 7),
    "wmca_2021/lookup_lsoa21_msoa21_ward24_lad24.csv":
        Known("lsoa21-msoa21-lad", "csv", False, 1719),
    "wmca_2021/lsoa21_bgc.geojson": Known("lsoa21-boundaries", "geojson", False, 1719),
    "wmca_2021/msoa21_bgc.geojson": Known("msoa21-boundaries", "geojson", False, 357),
    "wmca_2021/odmg01ew_msoa_migration_within.csv.gz":
        Known("odmg01ew-msoa21", "csv in gzip", False, 30369),
    "wmca_2021/odwp01ew_msoa_commuting.csv.gz":
        Known("odwp01ew-msoa21", "csv in gzip", False, 148399),
    "wmca_2021/ward25_bgc.geojson": Known("ward25-boundaries", "geojson", None, 192, a_part=True),
}  # fmt: skip


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_recognised_under_any_name(path: str, data_dir: Path, tmp_path: Path) -> None:
    nameless = tmp_path / "x"
    shutil.copyfile(data_dir / path, nameless)
    found, known = recognise(nameless), FILES[path]
    assert (found.dataset, found.form, found.whole) == (known.dataset, known.form, known.whole)


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_read_with_its_rows_totals_and_source(path: str, data_dir: Path) -> None:
    known = FILES[path]
    table = read_official(data_dir / path)
    assert len(table) == known.rows
    whole = False if known.a_part else known.whole
    assert (table.attrs["dataset"], table.attrs["whole"]) == (known.dataset, whole)
    if known.column:
        assert table[known.column].sum() == known.total
    source = table.attrs["source"]
    assert source.rows == known.rows
    assert source.file == Path(path).name
    assert len(source.sha256) == 64
    assert source.dataset == known.dataset
    assert source.publisher
    assert any("a part of the table" in note for note in source.notes) == (whole is False)
    for column in table.columns.drop("geometry", errors="ignore"):
        assert table[column].dtype in ("str", "float64"), column


def test_no_file_of_the_folder_is_left_out(data_dir: Path) -> None:
    there = {
        p.relative_to(data_dir).as_posix()
        for p in data_dir.rglob("*")
        if p.is_file() and p.suffix != ".md"
    }
    assert there == set(FILES)


def test_the_readme_of_the_folder_is_no_table(data_dir: Path) -> None:
    with pytest.raises(wm.InputError, match="no official table that is known here"):
        recognise(data_dir / "README.md")


def test_the_vintage_travels_with_the_frame(data_dir: Path) -> None:
    vintages = {path: read_official(data_dir / path).attrs["vintage"] for path in (BRES, FILE_7)}
    assert vintages == {BRES: 2011, FILE_7: 2021}


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("official/iod/imd2004_lsoa01_england_tidy.parquet", "E01006559"),  # Liverpool
        ("official/iod/File_1_ID_2015_Index_of_Multiple_Deprivation.xlsx", "E01021988"),  # Jaywick
        ("official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz", "E01021988"),
        ("official/iod/File_2_-_IoD2019_Domains_of_Deprivation.csv.gz", "E01021988"),
        ("england_wales_2021/imd2025_lsoa21_england.parquet", "E01021988"),
        ("official/other_nations/simd2020v2_ranks.csv", "S01010891"),  # Greenock
    ],
)
def test_the_most_deprived_area_is_the_published_one(path: str, area: str, data_dir: Path) -> None:
    table = read_official(data_dir / path)
    assert table.loc[table["deprivation_rank"] == 1, "code"].tolist() == [area]


def test_the_most_deprived_area_of_wales_is_in_rhyl(data_dir: Path) -> None:
    table = read_official(data_dir / "official/other_nations/wimd-2019-index-and-domain-scores.csv")
    top = table.loc[table["deprivation_score"].idxmax()]
    assert (top["code"], top["name"], top["deprivation_score"]) == (
        "W01000240",
        "Rhyl West 2",
        86.6,
    )


def test_csv_and_workbook_of_one_edition_say_the_same(data_dir: Path) -> None:
    stem = "official/iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation"
    tables = [read_official(data_dir / f"{stem}{end}") for end in (".csv.gz", ".xlsx")]
    pd.testing.assert_frame_equal(*tables)
    tidy = read_official(data_dir / "england_wales_2011/imd2019_lsoa11_england.parquet")
    both = tables[0].merge(tidy, on="code", validate="1:1")
    assert (both["deprivation_rank_x"] == both["deprivation_rank_y"]).all()


def test_query_export_and_tidy_tables_of_ethnicity_say_the_same(data_dir: Path) -> None:
    export = read_official(data_dir / "official/census/census2021-ts021-lsoa.csv")
    long = read_official(data_dir / "england_wales_2021/ethnicity2021_lsoa21_long.parquet")
    one, other = (t.set_index("code").sort_index() for t in (export, long))
    pd.testing.assert_frame_equal(one[other.columns], other)
    assert export["name"].iloc[0] == "Hartlepool 001A"


def test_employed_residents_of_output_areas_add_up_to_those_of_neighbourhoods(
    data_dir: Path,
) -> None:
    folder = data_dir / "official/birmingham_2011"
    small = read_official(folder / "ks601_oa11_nomis_export.csv")
    large = read_official(folder / "birmingham_lsoa11_employed_2011_KS601.csv")
    for column in ("employed", "residents_16_74"):
        assert small[column].sum() == large[column].sum()


def test_jobs_are_those_of_the_export_and_its_footnotes_are_kept(data_dir: Path) -> None:
    table = read_official(data_dir / BRES)
    first = table.iloc[0]
    assert first.tolist() == ["E01000001", "City of London 001A", 15000.0, 14000.0]
    assert any("exclude farm agriculture" in note for note in table.attrs["source"].notes)


def test_changes_of_neighbourhoods_are_all_there(data_dir: Path) -> None:
    counts = read_official(data_dir / LOOKUP_2021)["change"].value_counts().to_dict()
    assert counts == {"U": 33647, "S": 1900, "M": 239, "X": 10}
    earlier = read_official(data_dir / "official/lookups/LSOA_2001_to_2011.zip")
    assert earlier["change"].value_counts().to_dict() == {"U": 33519, "S": 922, "M": 313, "X": 163}
    assert list(earlier.columns[:2]) == ["lsoa01", "lsoa11"]


def test_people_who_do_not_work_or_did_not_move_are_left_out_and_counted(data_dir: Path) -> None:
    work = read_official(data_dir / "official/census/ODWP01EW_LTLA.csv.gz")
    assert not {"-8"} & set(work["destination"])
    notes = " ".join(work.attrs["source"].notes)
    assert "331 rows, 20,792,704 people" in notes
    assert "331 rows, 12,586,796 people" in notes
    birmingham = work[work["origin"] == "E08000025"].set_index("destination")["people"]
    assert birmingham["E08000025"] == 179556
    assert birmingham["111111111"] == 176115
    assert not work.duplicated(["origin", "destination"]).any()
    moves = read_official(data_dir / "official/census/ODMG01EW_LTLA.csv.gz")
    assert "331 rows, 52,496,511 people" in " ".join(moves.attrs["source"].notes)


def test_pay_is_that_of_the_sheet_of_all_jobs_and_the_suppressed_is_missing(
    data_dir: Path,
) -> None:
    table = read_official(data_dir / ASHE).set_index("code")
    assert table.loc["K02000001", "median"] == 574.9
    assert table.loc["E08000025", ["name", "median"]].tolist() == ["Birmingham", 527.0]
    assert table["mean"].isna()["E08000030"]  # Walsall's is suppressed
    notes = " ".join(table.attrs["source"].notes)
    assert "294 suppressed by the publisher (x)" in notes
    assert "rows of no area left out: 1 ('Not Classified')" in notes


def test_names_in_another_encoding_keep_their_letters(data_dir: Path) -> None:
    path = "official/pay/ashe_table_7_1a_weekly_pay_workplace_2019_ons_article.csv"
    table = read_official(data_dir / path).set_index("code")
    assert table.loc["W06000001", "name"] == "Isle of Anglesey / Ynys Môn"
    assert table.loc["E06000005", "name"] == "Darlington"
    assert any("Windows-1252" in note for note in table.attrs["source"].notes)


def test_the_damaged_heading_of_iod_2025_is_matched_and_said(data_dir: Path) -> None:
    table = read_official(data_dir / FILE_7)
    assert table["children_and_young_people_decile"].tolist() == [10.0, 10.0, 9.0, 9.0]
    assert table.shape[1] == 56
    assert any("damaged heading" in note and "LSO'" in note for note in table.attrs["source"].notes)


def test_boundaries_are_polygons_in_degrees_and_invalid_ones_are_counted(data_dir: Path) -> None:
    frame = read_official(data_dir / "wmca_2021/msoa21_bgc.geojson")
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs == "EPSG:4326"
    assert list(frame.columns) == ["code", "name", "geometry"]
    assert "polygons that are not valid, left as they are: 1" in frame.attrs["source"].notes
    rough = read_official(data_dir / "england_wales_2011/lsoa11_generalised.parquet")
    assert rough.crs == "EPSG:4326"
    assert isinstance(rough, gpd.GeoDataFrame)


def test_one_lookup_can_hold_two_data_sets(data_dir: Path) -> None:
    path = data_dir / "wmca_2021/lookup_lsoa21_msoa21_ward24_lad24.csv"
    assert recognise(path).also == ("lsoa21-ward24",)
    assert len(read_official(path, dataset="lsoa21-ward24")) == 1719


def test_another_data_set_than_expected_is_refused(data_dir: Path) -> None:
    with pytest.raises(wm.InputError, match=r"expected ks201ew-lsoa11.*bres-lsoa11"):
        read_official(data_dir / BRES, dataset="ks201ew-lsoa11")


def test_the_rows_of_layouts_are_those_of_the_catalogue(data_dir: Path) -> None:
    entries = catalogue()
    off = {
        path: (known.rows, entries[known.dataset].rows)
        for path, known in FILES.items()
        if known.whole
        and known.dataset in entries
        and entries[known.dataset].rows not in (None, known.rows)
    }
    # One blank row of the lookup, and rows of people to whom the question does not apply.
    assert {entries[FILES[path].dataset].rows for path in off} <= {42620, 96468, 74721, 52}
    assert (data_dir / "README.md").exists()


def test_codes_are_of_the_kind_that_their_column_says(data_dir: Path) -> None:
    table = read_official(data_dir / WARDS_2022)
    kinds = {c: set(kinds_of(table[c].drop_duplicates())) for c in ("code", "ward_code")}
    assert kinds["code"] == {"LSOA (England)", "LSOA (Wales)"}
    assert kinds["ward_code"] == {"ward (England)", "ward (Wales)"}
