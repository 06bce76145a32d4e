"""Each kind of bad input is refused in one line that says what, where and what to do.

What can be repaired safely is repaired, and reported.
"""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, Polygon

import wmspatial as wm
from conftest import Damage, flows_of, lsoas, msoas, own_dataset, squares, to_centre, town
from wmspatial.geography.boundaries import prepare_boundaries
from wmspatial.sources.national import neighbourhoods_of
from wmspatial.sources.nomis import jobs_layout, read_query_export
from wmspatial.sources.shelf import open_shelf
from wmspatial.sources.tables import Column, Layout, read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,IMD_rank,IMD_decile,people"
GOOD = [f"{code},{rank},{decile},{people}" for code, rank, decile, people in zip(
    lsoas(4), (1, 2, 3, 4), (1, 4, 7, 10), (10, 20, 30, 40), strict=True)]  # fmt: skip
COLUMNS = {
    "code": Column("code", "code", "LSOA"),
    "IMD_rank": Column("deprivation_rank", "rank"),
    "IMD_decile": Column("deprivation_decile", "decile"),
    "people": Column("people", "people"),
}
LAYOUT = Layout("tables/made.csv", "A made-up table", "Nobody", COLUMNS, ("code",))
Read = Callable[..., pd.DataFrame]


def write(folder: Path, content: bytes | str, path: str = LAYOUT.path) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def refused(
    folder: Path, content: bytes | str, *parts: str, layout: Layout = LAYOUT
) -> wm.WmspatialError:
    """Check that a file is refused in one line with all of `parts` in it, the file's name first."""
    write(folder, content, layout.path)
    with pytest.raises(wm.InputError) as error:
        read(folder, layout)
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(f"{layout.path}: ")
    for part in parts:
        assert part in text
    return error.value


# -- files -----------------------------------------------------------------------------------------


def test_a_good_file_is_read_and_named(scratch: Path) -> None:
    table, source = read(write(scratch, lines(*GOOD)), LAYOUT)
    assert table.columns.tolist() == ["code", "deprivation_rank", "deprivation_decile", "people"]
    assert table["people"].tolist() == [10, 20, 30, 40]
    assert (source.file, source.rows, source.notes) == ("made.csv", 4, ())


def test_a_missing_file_is_named_with_its_folder_and_what_it_should_hold(scratch: Path) -> None:
    with pytest.raises(wm.MissingFileError) as error:
        read(scratch, LAYOUT)
    text = str(error.value)
    assert text.startswith(f"tables/made.csv is missing in the data folder {scratch}.")
    assert "Expected: A made-up table. Check data_dir, or put the file there." in text
    assert isinstance(error.value, FileNotFoundError)


def test_a_missing_column_is_named_with_those_found(scratch: Path) -> None:
    content = lines("E01000001,1,1,5", header="code,IMD_rank,IMD decile,people")
    refused(scratch, content, "no column 'IMD_decile'; found 'code', 'IMD_rank', 'IMD decile'",
            "Expected: A made-up table")  # fmt: skip


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_wrong_delimiter_is_named(scratch: Path, mark: str, name: str) -> None:
    refused(scratch, lines(*GOOD).replace(",", mark),
            f"the columns are separated by {name}, expected commas",
            "Save it as comma-separated CSV")  # fmt: skip


def test_a_workbook_named_csv_is_named_for_what_it_is(scratch: Path) -> None:
    pytest.importorskip("openpyxl")
    file = scratch / "book.xlsx"
    pd.DataFrame({"code": lsoas(2)}).to_excel(file, index=False)
    for content in (file.read_bytes(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)):
        refused(scratch, content, "this is an Excel workbook named .csv", "save the sheet as CSV")


def test_text_among_numbers_is_named_with_row_and_column(scratch: Path) -> None:
    refused(scratch, lines(*GOOD[:2], "E01000003,3,7,many"),
            "'people': 1 are no numbers, row 4 first ('many')", "Put the file right")  # fmt: skip


def test_rows_are_counted_as_a_spreadsheet_counts_them(scratch: Path) -> None:
    refused(scratch, lines(GOOD[0], "", GOOD[1], "E01000003,3,7,-5"), "row 5 first (-5)")


def test_thousands_separators_are_removed_and_reported(scratch: Path) -> None:
    content = lines('E01000001,"29,199",9,"1,234,567"', 'E01000002,"1,000",1,12')
    table, source = read(write(scratch, content), LAYOUT)
    assert table["deprivation_rank"].tolist() == [29_199, 1_000]
    assert table["people"].tolist() == [1_234_567, 12]
    assert source.notes == (
        "IMD_rank: thousands separators removed from 2",
        "people: thousands separators removed from 1",
    )


def test_a_decimal_comma_is_no_thousands_separator(scratch: Path) -> None:
    refused(scratch, lines('E01000001,1,1,"12,5"'), "'people': 1 are no numbers", "'12,5'")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(scratch: Path) -> None:
    content = codecs.BOM_UTF8 + lines(*GOOD).replace("\n", "\r\n").encode()
    table, source = read(write(scratch, content), LAYOUT)
    assert table["code"].tolist() == lsoas(4)
    assert source.notes == ()


@pytest.mark.parametrize(
    ("people", "what"),
    [("-5", "negative, row 3 first (-5)"), ("2.5", "fractional, row 3 first (2.5)"),
     ("", "blank, row 3 first")],
)  # fmt: skip
def test_people_are_whole_zero_or_more_and_never_blank(
    scratch: Path, people: str, what: str
) -> None:
    refused(scratch, lines(GOOD[0], f"E01000002,2,4,{people}"), f"'people': 1 are {what}")


@pytest.mark.parametrize("word", ["True", "NA", "-", "inf"])
def test_words_are_no_people(scratch: Path, word: str) -> None:
    refused(scratch, lines(f"E01000002,2,4,{word}"), "'people': 1 are ", "row 2 first")


def test_codes_that_stand_twice_are_named(scratch: Path) -> None:
    refused(scratch, lines(*GOOD, GOOD[1]), "1 rows stand twice, row 6 (E01000002) the first")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("E02000001", "of kind MSOA (England)"), ("E05000001", "of kind ward (England)"),
     ("Birmingham", "of no known kind"), ("E0100001", "of no known kind"),
     (" E01000009", "of no known kind")],
)  # fmt: skip
def test_a_code_of_another_kind_is_named(scratch: Path, code: str, kind: str) -> None:
    refused(scratch, lines(*GOOD, f"{code},5,5,5"),
            f"'code': 1 are no codes of LSOA, row 6 first ('{code}', {kind})")  # fmt: skip


def test_a_blank_code_is_refused(scratch: Path) -> None:
    refused(scratch, lines(*GOOD, ",5,5,5"), "'code': 1 are blank, row 6 first")


@pytest.mark.parametrize(
    ("row", "what"),
    [("E01000009,0,1,1", "'IMD_rank': 1 are below 1, row 3 first (0)"),
     ("E01000009,1.5,1,1", "'IMD_rank': 1 are fractional, row 3 first (1.5)"),
     ("E01000009,1,0,1", "'IMD_decile': 1 are outside 1 to 10, row 3 first (0)"),
     ("E01000009,1,11,1", "'IMD_decile': 1 are outside 1 to 10, row 3 first (11)")],
)  # fmt: skip
def test_ranks_and_deciles_stay_in_their_range(scratch: Path, row: str, what: str) -> None:
    refused(scratch, lines(GOOD[0], row), what)


def test_all_faults_of_a_file_are_named_at_once(scratch: Path) -> None:
    refused(scratch, lines("E02000001,0,11,-5", "E01000002,x,4,2.5"),
            "no codes of LSOA", "'IMD_rank'", "'IMD_decile'", "negative", "fractional")  # fmt: skip


def test_a_column_that_stands_twice_is_refused(scratch: Path) -> None:
    refused(scratch, lines("E01000001,1,1,5,9", header=f"{HEADER},people"), "'people'")


@pytest.mark.parametrize(
    ("content", "what"),
    [("", "the file is empty"), (HEADER + "\n", "there are no rows in it"),
     (lines(*GOOD).encode("utf-16"), "not UTF-8 text"),
     (lines("E01000001,1,1,5", header="Région," + HEADER).encode("latin-1"), "not UTF-8 text"),
     (lines(*GOOD) + '"E01000009,5', "It may have been cut short")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(scratch: Path, content: bytes | str, what: str) -> None:
    refused(scratch, content, what)


def test_blank_rows_are_dropped_and_reported(scratch: Path) -> None:
    table, source = read(write(scratch, lines(*GOOD[:2], ",,,", *GOOD[2:])), LAYOUT)
    assert len(table) == 4
    assert len(source.notes) == 1
    assert "blank rows dropped" in source.notes[0]
    assert "row 4 first" in source.notes[0]


def test_a_truncated_gzip_is_refused(scratch: Path) -> None:
    rows = [f"E01{i:06d},{i},{1 + i % 10},{i * 7919 % 1000}" for i in range(1, 3000)]
    packed = gzip.compress(lines(*rows).encode())
    layout = Layout("tables/made.csv.gz", LAYOUT.title, LAYOUT.publisher, COLUMNS, ("code",))
    assert len(read(write(scratch, packed, layout.path), layout)[0]) == 2_999
    for content in (packed[: len(packed) // 2], packed[:-4]):
        refused(scratch, content, "It may have been cut short: get it again", layout=layout)


def test_a_truncated_parquet_file_is_refused(scratch: Path) -> None:
    layout = Layout("tables/made.parquet", LAYOUT.title, LAYOUT.publisher, COLUMNS, ("code",))
    file = scratch / layout.path
    file.parent.mkdir()
    good = pd.DataFrame({"code": lsoas(4), "IMD_rank": [1, 2, 3, 4], "IMD_decile": 1, "people": 5})
    good.to_parquet(file)
    content = file.read_bytes()
    assert len(read(scratch, layout)[0]) == 4
    for damaged in (content[: len(content) // 2], content[:-6], b"PAR1", b""):
        refused(scratch, damaged, "not a Parquet file that can be read", "Get it again",
                layout=layout)  # fmt: skip
    good.drop(columns="people").to_parquet(file)
    refused(scratch, file.read_bytes(), "no column 'people'; found 'code'", layout=layout)
    good.assign(people=[1, 2, -3, 4]).to_parquet(file)
    refused(scratch, file.read_bytes(), "'people': 1 are negative", "(-3)", layout=layout)


# -- a Nomis query export --------------------------------------------------------------------------

JOBS = jobs_layout("official/jobs.csv")
PREAMBLE = [
    "Business Register and Employment Survey : open access,,,,",
    "Date       :,2021,,,",
    ",,,,",
    "2011 super output area - lower layer,Employees,,Employment,2",
    ",,,,",
]
AREAS = ["E01000001 : City of London 001A,14000,*,15000,*",
         '"E01000002 : Bristol, City of 001B",20,*,25,*',
         "W01000001 : Cardiff 001A,5,*,10,*"]  # fmt: skip
FOOTER = [",,,,", "*,These figures exclude farm agriculture.,,,"]


def export(*areas: str, preamble: list[str] = PREAMBLE, footer: list[str] = FOOTER) -> str:
    return "\r\n".join([*preamble, *areas, *footer]) + "\r\n"


def export_refused(folder: Path, content: str, *parts: str, measure: str = "Employment") -> None:
    write(folder, content, JOBS.path)
    with pytest.raises(wm.InputError) as error:
        read_query_export(folder, JOBS, measure)
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(f"{JOBS.path}: ")
    for part in parts:
        assert part in text


def test_a_good_export_is_read_with_its_footnote(scratch: Path) -> None:
    write(scratch, export(*AREAS), JOBS.path)
    table, source = read_query_export(scratch, JOBS, "Employment")
    assert table.to_dict("list") == {
        "code": ["E01000001", "E01000002", "W01000001"], "jobs": [15_000.0, 25.0, 10.0],
    }  # fmt: skip
    assert "exclude farm agriculture" in source.notes[-1]
    employees, _ = read_query_export(scratch, JOBS, "Employees")
    assert employees["jobs"].tolist() == [14_000.0, 20.0, 5.0]


def test_an_export_without_its_header_is_refused(scratch: Path) -> None:
    export_refused(scratch, export(*AREAS, preamble=[]), "no row of headings above the areas")
    export_refused(scratch, export(*AREAS, preamble=PREAMBLE[:3]), "no measure 'Employment'")


def test_an_export_of_another_measure_is_refused_with_those_found(scratch: Path) -> None:
    export_refused(scratch, export(*AREAS), "no measure 'Jobs'; found Employees, Employment",
                   measure="Jobs")  # fmt: skip


def test_an_export_row_cut_short_is_refused_with_its_row(scratch: Path) -> None:
    content = export(*AREAS[:2], "W01000001 : Cardiff 001A,5,*", footer=[])
    export_refused(scratch, content, "row 8 is cut short. Get the file again.")


def test_an_export_row_with_a_cell_too_many_is_refused(scratch: Path) -> None:
    # A comma in the name without quotes moves every number one column on.
    stray = "E01000003 : Bristol, City of 001C,20,25,25,*"
    content = export(*AREAS, stray)
    export_refused(scratch, content, "row 9")


def test_a_stray_row_among_the_areas_is_refused(scratch: Path) -> None:
    export_refused(scratch, export(AREAS[0], "City of London,1,*,2,*", AREAS[2]),
                   "row 7 stands among the areas but has no area code")  # fmt: skip


def test_what_is_no_export_is_refused_with_an_example(scratch: Path) -> None:
    export_refused(scratch, "code,jobs\nE01000001,5\n", "no row begins with a code and a name",
                   "'E01000001 : City of London 001A'. Expected a Nomis query export")  # fmt: skip


def test_an_export_of_another_encoding_is_refused(scratch: Path) -> None:
    write(scratch, export(*AREAS, "W01000002 : Môn 001A,1,*,2,*").encode("latin-1"), JOBS.path)
    with pytest.raises(wm.InputError, match=r"official/jobs.csv: not UTF-8 text \(byte"):
        read_query_export(scratch, JOBS, "Employment")


def test_suppressed_negative_and_repeated_exports_are_refused(scratch: Path) -> None:
    extra = "E01000009 : Here 001A,1,*,{},*"
    export_refused(scratch, export(*AREAS, extra.format("!")), "'Employment': 1 are no numbers",
                   "('!')")  # fmt: skip
    export_refused(scratch, export(*AREAS, extra.format("-5")), "negative", "(-5)")
    export_refused(scratch, export(*AREAS, AREAS[0]), "1 rows stand twice", "E01000001")
    export_refused(scratch, export(*AREAS, "E02000001 : Here 001,1,*,2,*"), "no codes of LSOA",
                   "of kind MSOA (England)")  # fmt: skip


# -- an analyst's own neighbourhoods ---------------------------------------------------------------


def test_missing_columns_of_neighbourhoods_are_named() -> None:
    with pytest.raises(wm.InputError, match="neighbourhoods: no column 'deprivation_rank'; found"):
        own_dataset(town(4).drop(columns="deprivation_rank"))
    with pytest.raises(wm.InputError, match="neighbourhoods: no column 'asian'"):
        own_dataset(town(4), groups=["asian"])


def test_neighbourhoods_that_stand_twice_are_refused() -> None:
    table = pd.concat([town(4), town(4).iloc[:1]])
    with pytest.raises(wm.InputError, match=r"1 codes stand more than once \(E01000001\)"):
        wm.Dataset(squares(lsoas(4)), to_centre(lsoas(4), [0, 1, 2, 3]), table)


def test_no_neighbourhoods_are_refused() -> None:
    with pytest.raises(wm.InputError, match="neighbourhoods: there are no rows in it"):
        wm.Dataset(squares(lsoas(4)), to_centre(lsoas(4), [0, 1, 2, 3]), town(4).iloc[:0])


@pytest.mark.parametrize("column", ["deprivation_rank", "residents", "jobs"])
def test_words_and_negatives_among_numbers_are_named_with_their_area(column: str) -> None:
    values = town(4)[column].astype(object).copy()
    values.iloc[2] = "many"
    with pytest.raises(wm.InputError) as error:
        own_dataset(town(4, **{column: values}))
    assert f"1 values of '{column}' are no number; the first is 'many' for E01000003" in str(
        error.value
    )
    numbers = town(4)[column].astype(float).copy()
    numbers.iloc[2] = -5
    with pytest.raises(wm.InputError) as error:
        own_dataset(town(4, **{column: numbers}))
    assert f"1 values of '{column}' are negative or infinite; the first is -5" in str(error.value)


def test_a_rank_beyond_the_index_is_refused() -> None:
    ranks = [1.0, 2.0, 3.0, 21.0]
    with pytest.raises(wm.InputError) as error:
        own_dataset(town(4, deprivation_rank=ranks))
    assert str(error.value) == (
        "neighbourhoods: rank 21 of E01000004 is out of range: the index ranks 20 areas in England."
    )
    with pytest.raises(wm.InputError, match=r"ranks of England go up to 21, but only 4 .* Say how"):
        own_dataset(town(4, deprivation_rank=ranks), ranked_areas=None)
    with pytest.raises(wm.InputError, match=r"'deprivation_rank' are no ranks; the first is 1.5"):
        own_dataset(town(4, deprivation_rank=[1.5, 2, 3, 4]))
    with pytest.raises(wm.InputError, match="are no ranks; the first is 0 for E01000001"):
        own_dataset(town(4, deprivation_rank=[0, 2, 3, 4]))


def test_ranks_need_a_nation() -> None:
    with pytest.raises(wm.InputError, match=r"1 ranked areas have no nation .* column 'nation'"):
        own_dataset(town(4, nation=["England", None, "England", "England"]))
    with pytest.raises(wm.InputError, match="ranked_areas: Wales is missing, and 1 of its areas"):
        own_dataset(town(4, nation=["England", "Wales", "England", "England"]))


def test_deciles_read_upside_down_are_refused() -> None:
    assert len(own_dataset(town(10, deprivation_decile=range(1, 11))).areas) == 10
    with pytest.raises(wm.InputError) as error:
        own_dataset(town(10, deprivation_decile=range(10, 0, -1)))
    assert "the deciles are read upside down: decile 10 holds the lowest ranks" in str(error.value)
    assert "Expected decile 1 and rank 1 for the most deprived" in str(error.value)
    assert "decile = 11 - decile" in str(error.value)
    with pytest.raises(wm.InputError, match="1 deciles are outside 1 to 10; the first is 11 for E"):
        own_dataset(town(10, deprivation_decile=[*range(1, 10), 11]))


def test_deciles_upside_down_in_one_nation_are_refused() -> None:
    table = town(
        30,
        nation=["England"] * 20 + ["Wales"] * 10,
        deprivation_rank=[*range(1, 21), *range(1, 11)],
        deprivation_decile=[1 + i // 2 for i in range(20)] + list(range(10, 0, -1)),
    )
    with pytest.raises(wm.InputError, match="upside down"):
        own_dataset(table, ranked_areas={"England": 20, "Wales": 10})


def test_ranks_read_upside_down_are_refused_where_a_score_tells() -> None:
    assert len(own_dataset(town(10, deprivation_score=range(90, 80, -1))).areas) == 10
    with pytest.raises(wm.InputError, match="ranks are read upside down: the highest deprivation"):
        own_dataset(town(10, deprivation_score=range(80, 90)))


def test_deciles_given_for_ranks_are_refused() -> None:
    table = town(40, deprivation_rank=[1 + i % 10 for i in range(40)])
    with pytest.raises(wm.InputError, match="rank"):
        own_dataset(table, ranked_areas={"England": 32_844})


def test_areas_that_are_no_neighbourhoods_are_refused() -> None:
    with pytest.raises(wm.InputError, match=r"areas: 1 of 5 are not among the .* \(E01000005\)"):
        wm.Dataset(squares(lsoas(5)), to_centre(lsoas(4), [0, 1, 2, 3]), town(4))


def test_zones_of_another_kind_than_the_flows_are_refused() -> None:
    flows = flows_of([(*msoas(2), 9)])
    with pytest.raises(
        wm.InputError, match=r"not one of the zones \(E0100.*\) is a zone of the fl"
    ):
        own_dataset(town(4), flows)


def test_a_neighbourhood_without_a_zone_is_reported() -> None:
    flows = to_centre(lsoas(3), [0, 1, 2])
    dataset = own_dataset(town(4), flows)
    assert "neighbourhoods: 1 of 4 have no zone in the flows (E01000004)" in dataset.report


def test_neighbourhoods_without_a_rank_or_jobs_are_reported() -> None:
    ranks, jobs = [1, 2, np.nan, np.nan], [9_000, 1, 2, np.nan]
    report = own_dataset(town(4, deprivation_rank=ranks, jobs=jobs)).report
    assert any("2 of 4" in line and "rank" in line for line in report)
    assert any("1 of 4" in line and "job" in line for line in report)


def test_neighbourhoods_without_a_labour_market_are_reported() -> None:
    markets = ["X", "X", None, "X"]
    report = own_dataset(town(4, labour_market=markets)).report
    assert any("1 of 4" in line and "labour market" in line for line in report)


def test_areas_of_one_census_do_not_meet_flows_of_the_other() -> None:
    flows = to_centre(lsoas(4), [0, 1, 2, 3])
    assert flows.vintage == 2011
    with pytest.raises(wm.VintageError, match="2021"):
        own_dataset(town(4), flows, vintage=2021)


def test_codes_of_2021_are_no_areas_of_2011() -> None:
    codes = [*lsoas(3), "E01034000"]
    table = town(4).set_axis(pd.Index(codes, name="code"))
    with pytest.raises(wm.VintageError, match="2021"):
        own_dataset(table, to_centre(codes, [0, 1, 2, 3]), vintage=2011)


# -- boundaries ------------------------------------------------------------------------------------


def test_an_invalid_polygon_is_repaired_and_reported() -> None:
    areas = squares(lsoas(3))
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    areas.loc["E01000002", "geometry"] = bow
    before = areas.copy(deep=True)
    mended, notes = prepare_boundaries(areas, where="lsoa.geojson")
    assert notes == ("lsoa.geojson: 1 invalid polygons repaired (E01000002)",)
    assert mended.geometry.is_valid.all()
    assert mended.geometry["E01000002"].area == pytest.approx(2)
    pd.testing.assert_frame_equal(areas, before)
    dataset = wm.Dataset(areas, to_centre(lsoas(3), [0, 1, 2]), town(3),
                         ranked_areas={"England": 15})  # fmt: skip
    assert "areas: 1 invalid polygons repaired (E01000002)" in dataset.report


def test_a_polygon_that_cannot_be_repaired_is_refused() -> None:
    areas = squares(lsoas(2))
    areas.loc["E01000002", "geometry"] = Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
    with pytest.raises(wm.InputError, match=r"1 invalid polygons cannot be repaired \(E01000002\)"):
        prepare_boundaries(areas)


@pytest.mark.parametrize("empty", [None, Polygon()])
def test_an_area_without_a_polygon_is_refused(empty: Polygon | None) -> None:
    areas = squares(lsoas(3))
    areas.geometry = [*areas.geometry[:2], empty]
    with pytest.raises(wm.InputError, match=r"lsoa: 1 areas have no geometry \(E01000003\)"):
        prepare_boundaries(areas, where="lsoa")


@pytest.mark.parametrize("shape", [Point(0, 0), LineString([(0, 0), (1, 1)])])
def test_points_and_lines_are_no_areas(shape: Point | LineString) -> None:
    areas = squares(lsoas(2))
    areas.geometry = [areas.geometry.iloc[0], shape]
    with pytest.raises(wm.InputError, match=r"1 geometries are no polygons \(E01000002\)"):
        prepare_boundaries(areas)


def test_a_missing_coordinate_system_is_refused_with_a_guess() -> None:
    degrees = squares(lsoas(2), crs=None)
    with pytest.raises(wm.InputError) as error:
        prepare_boundaries(degrees, where="lsoa")
    assert "lsoa: the coordinate reference system is missing" in str(error.value)
    assert "look like degrees: frame.set_crs('EPSG:4326')" in str(error.value)
    metres = squares(lsoas(2)).to_crs(27700).set_crs(None, allow_override=True)
    with pytest.raises(wm.InputError, match=r"British National Grid: frame.set_crs\('EPSG:27700'"):
        prepare_boundaries(metres)


def test_british_national_grid_is_reprojected_and_reported() -> None:
    areas = squares(lsoas(3))
    back, notes = prepare_boundaries(areas.to_crs(27700), where="lsoa")
    assert notes == ("lsoa: reprojected from EPSG:27700 to WGS84",)
    assert back.crs.to_epsg() == 4326
    assert back.geometry.geom_equals_exact(areas.geometry, 1e-6).all()
    dataset = wm.Dataset(areas.to_crs(27700), to_centre(lsoas(3), [0, 1, 2]), town(3),
                         ranked_areas={"England": 15})  # fmt: skip
    assert "areas: reprojected from EPSG:27700 to WGS84" in dataset.report


def test_metres_declared_as_degrees_are_refused() -> None:
    areas = squares(lsoas(2)).to_crs(27700).set_crs(4326, allow_override=True)
    with pytest.raises(wm.InputError, match="declared as WGS84, but its coordinates go up to"):
        prepare_boundaries(areas)


def test_boundaries_need_areas_and_each_one_code() -> None:
    with pytest.raises(wm.InputError, match="lsoa: there are no areas in it"):
        prepare_boundaries(squares([]), where="lsoa")
    with pytest.raises(wm.InputError, match=r"1 area codes stand more than once \(E01000001\)"):
        prepare_boundaries(squares([*lsoas(2), "E01000001"]))
    with pytest.raises(wm.InputError, match="1 areas have no code"):
        prepare_boundaries(squares(["E01000001", None]))  # type: ignore[list-item]
    with pytest.raises(wm.InputError, match="no column 'LSOA11CD'; found 'geometry'"):
        prepare_boundaries(squares(lsoas(2)), code="LSOA11CD")


# -- places ----------------------------------------------------------------------------------------


def test_places_are_found_by_name_code_or_combined_authority() -> None:
    from wmspatial.geography.places import resolve_area

    authorities = pd.DataFrame(
        [("E08000025", "Birmingham"), ("E08000026", "Coventry"), ("W06000015", "Cardiff")],
        columns=["authority_code", "authority"],
    )
    combined = pd.DataFrame(
        [("E08000025", "E47000007", "West Midlands"), ("E08000026", "E47000007", "West Midlands"),
         ("E06000099", "E47000099", "Newshire")],
        columns=["authority_code", "combined_code", "combined"],
    )  # fmt: skip
    both = ["E08000025", "E08000026"]
    for name in ("wmca", "WMCA", "West Midlands", "west midlands combined authority", "E47000007",
                 ["Birmingham", "e08000026"], ("Coventry", "Birmingham", "Coventry")):  # fmt: skip
        assert resolve_area(name, authorities, combined)[0] == both
    everywhere = resolve_area("england and wales", authorities, combined)
    assert everywhere == ([*both, "W06000015"], "England and Wales")
    assert resolve_area("Wales", authorities, combined) == (["W06000015"], "Wales")
    with pytest.raises(wm.AreaNotFoundError, match=r"No authority .*'Brimingham'. Nearest: Birm"):
        resolve_area(["Coventry", "Brimingham"], authorities, combined)
    with pytest.raises(wm.AreaNotFoundError, match="area: the list is empty"):
        resolve_area([], authorities, combined)
    with pytest.raises(wm.AreaNotFoundError, match=r"E06000099 \(2023\) are not among those"):
        resolve_area("Newshire", authorities, combined)
    with pytest.raises(wm.AreaNotFoundError):
        resolve_area("", authorities, combined)


def test_arguments_of_load_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(wm.MissingFileError, match="data_dir: there is no folder"):
        wm.load(data_dir=tmp_path / "nowhere")
    with pytest.raises(wm.InputError, match="vintage=2001: expected 2011 or 2021"):
        wm.load("wmca", 2001, data_dir=tmp_path)
    with pytest.raises(wm.InputError, match="level='msoa': expected 'lsoa' or 'ward'"):
        wm.load("wmca", 2021, data_dir=tmp_path, level="msoa")
    with pytest.raises(wm.InputError, match="deprivation='imd2015': for 2021 there is 'imd2025'"):
        wm.load("wmca", 2021, data_dir=tmp_path, deprivation="imd2015")
    with pytest.raises(
        wm.MissingFileError, match="not one of the 10 files that 2021 needs is in it"
    ) as e:
        wm.load("wmca", 2021, data_dir=tmp_path)
    assert "does not look like the data folder" in str(e.value)
    assert "\n" not in str(e.value)
    assert list(tmp_path.iterdir()) == []


# -- a data folder with one damaged file -----------------------------------------------------------

INDEX = "england_wales_2011/imd2015_lsoa11_england.parquet"
JOBS_FILE = "official/jobs/bres2021_lsoa11_nomis_export.csv"
MARKETS_FILE = "official/lookups/LSOA11_TTWA11_UK.csv"


def dataset_of(folder: Path, whole: wm.Dataset) -> wm.Dataset:
    """Read the tables of 2011 from a folder; flows and polygons are those read already."""
    national = neighbourhoods_of(open_shelf(folder), 2011, "imd2015")
    return wm.Dataset(
        whole.areas[["geometry"]], whole.flows, national.neighbourhoods, report=national.report,
        groups=whole.groups,
    )  # fmt: skip


@pytest.mark.xdist_group("official")
def test_one_missing_file_of_the_folder_is_named(damaged: Damage) -> None:
    folder = damaged("england_wales_2021/odwp01ew_msoa_commuting.parquet", None)
    with pytest.raises(wm.MissingFileError) as error:
        wm.load("wmca", 2021, data_dir=folder)
    assert "1 of 10 files missing" in str(error.value)
    assert "england_wales_2021/odwp01ew_msoa_commuting.parquet (Census 2021" in str(error.value)


@pytest.mark.xdist_group("official")
def test_an_index_of_the_other_census_is_refused(damaged: Damage, data_dir: Path) -> None:
    later = pd.read_parquet(data_dir / "england_wales_2021/imd2025_lsoa21_england.parquet")
    later = later.rename(columns={"lsoa21_code": "lsoa11_code"})
    folder = damaged(INDEX, None)
    later.to_parquet(folder / INDEX)
    with pytest.raises(wm.InputError, match=r"not in the lookup of this vintage.*another census"):
        wm.load("wmca", 2011, data_dir=folder)


@pytest.mark.xdist_group("official")
def test_an_index_cut_off_is_refused(
    damaged: Damage, data_dir: Path, real_2011: wm.Dataset
) -> None:
    folder = damaged(INDEX, None)
    pd.read_parquet(data_dir / INDEX).iloc[:20_000].to_parquet(folder / INDEX)
    with pytest.raises(wm.InputError, match=r"up to 32,8.* 20,000 areas"):
        dataset_of(folder, real_2011)


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("also_ranks", [False, True])
def test_an_index_upside_down_is_refused(
    damaged: Damage, data_dir: Path, real_2011: wm.Dataset, *, also_ranks: bool
) -> None:
    # Where ranks and deciles are both turned round they agree: only the score in the file tells.
    folder = damaged(INDEX, None)
    table = pd.read_parquet(data_dir / INDEX)
    table["IMD_decile"] = 11 - table["IMD_decile"]
    if also_ranks:
        table["IMD_rank"] = len(table) + 1 - table["IMD_rank"]
    table.to_parquet(folder / INDEX)
    with pytest.raises(wm.InputError, match="upside down"):
        dataset_of(folder, real_2011)


@pytest.mark.xdist_group("official")
def test_a_lookup_of_labour_markets_with_gaps_does_not_pass_in_silence(
    damaged: Damage, data_dir: Path, real_2011: wm.Dataset
) -> None:
    rows = (data_dir / MARKETS_FILE).read_text(encoding="utf-8-sig").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith("E01009")]
    assert len(rows) - len(kept) > 500
    folder = damaged(MARKETS_FILE, "".join(kept).encode())
    try:
        report = " ".join(dataset_of(folder, real_2011).report)
    except wm.InputError as error:
        report = str(error)
    assert "labour market" in report or "travel-to-work area" in report


@pytest.mark.xdist_group("official")
def test_jobs_that_are_missing_are_counted(
    damaged: Damage, data_dir: Path, real_2011: wm.Dataset
) -> None:
    rows = (data_dir / JOBS_FILE).read_bytes().splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith(b"E01008979")]
    dataset = dataset_of(damaged(JOBS_FILE, b"".join(kept)), real_2011)
    assert "jobs: none for 1 of 34,753 neighbourhoods" in dataset.report
    row = wm.classify(dataset).frame.loc["E01008979"]
    assert np.isnan(row["jobs"])
    assert row["labour_market_class"] == "Insufficient data"


@pytest.mark.xdist_group("official")
def test_boundaries_that_cannot_be_read_are_refused(damaged: Damage) -> None:
    content = b'{"type": "FeatureCollection", "features": ['
    folder = damaged("wmca_2011/lsoa11_bgc.geojson", content)
    with pytest.raises(wm.InputError) as error:
        wm.load("Solihull", 2011, data_dir=folder)
    assert str(error.value).startswith("wmca_2011/lsoa11_bgc.geojson: cannot be read as boundaries")
    assert "\n" not in str(error.value)


@pytest.mark.xdist_group("official")
def test_boundaries_with_an_area_missing_are_refused(damaged: Damage, data_dir: Path) -> None:
    path = "wmca_2011/lsoa11_bgc.geojson"
    collection = json.loads((data_dir / path).read_text(encoding="utf-8"))
    collection["features"] = [
        area for area in collection["features"] if area["properties"]["LSOA11CD"] != "E01008979"
    ]
    folder = damaged(path, json.dumps(collection).encode())
    with pytest.raises(wm.InputError, match=r"no polygon for 1 of 639 neighbourhoods \(E01008979"):
        wm.load("Birmingham", 2011, data_dir=folder)


# -- what cannot be written ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> wm.Typology:
    """Classify a made-up town with everything that a briefing shows."""
    codes = lsoas(12)
    table = town(12, name=[f"Place {i}" for i in range(12)], authority_code="E08000025",
                 authority="Birmingham", ward_code="E05000001", ward="Ward")  # fmt: skip
    return wm.classify(own_dataset(table, to_centre(codes, [5 * i for i in range(12)])))


def test_a_folder_that_cannot_be_written_is_named(small: wm.Typology, tmp_path: Path) -> None:
    file = tmp_path / "occupied"
    file.write_text("a file, no folder")
    for target in (file, file / "below"):
        with pytest.raises(wm.OutputError) as error:
            wm.briefing(small, target)
        assert str(target) in str(error.value)
        assert "cannot be written to" in str(error.value)
        assert "Choose another folder" in str(error.value)
        assert "\n" not in str(error.value)
    assert file.read_text() == "a file, no folder"
    assert list(tmp_path.iterdir()) == [file]


def test_a_briefing_that_fails_half_way_leaves_nothing_behind(
    small: wm.Typology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import wmspatial.briefings

    target = tmp_path / "out"
    target.mkdir()
    (target / "map.html").write_text("the last one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wmspatial.briefings, "_write_geopackage", full)
    with pytest.raises(wm.OutputError, match="No space left on device"):
        wm.briefing(small, target)
    assert [file.name for file in target.iterdir()] == ["map.html"]
    assert (target / "map.html").read_text() == "the last one"


def test_a_folder_where_a_file_should_be_is_named(small: wm.Typology, tmp_path: Path) -> None:
    # One of the names is taken by a folder: nothing is replaced before that is known.
    target = tmp_path / "out"
    (target / "neighbourhoods.csv" / "inside").mkdir(parents=True)
    with pytest.raises(wm.OutputError):
        wm.briefing(small, target)
    assert [file.name for file in target.iterdir()] == ["neighbourhoods.csv"]
