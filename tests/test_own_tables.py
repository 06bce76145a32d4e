"""A table that somebody brings is read by its area codes, cleaned, and said how."""

import datetime as dt
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import lsoas, msoas, squares
from wmspatial.sources._own_cells import MARKERS, is_bound, read_cell
from wmspatial.sources.own import read_table

A, B, C, D = lsoas(4)


def put(folder: Path, text: str, name: str = "own.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def column(folder: Path, *cells: str) -> pd.Series:
    """Read cells as one column of a table."""
    rows = [f"{code}\t{cell}" for code, cell in zip(lsoas(len(cells)), cells, strict=True)]
    return read_table(put(folder, "\n".join(["code\tvalue", *rows]) + "\n"))["value"]


def said(table: pd.DataFrame) -> str:
    return "\n".join(table.attrs["report"])


@pytest.mark.parametrize(
    "heading", ["LSOA11CD", "geography code", "Area Code", "mnemonic", "anything", "2011 SOA"]
)
def test_codes_are_found_whatever_their_column_is_called(scratch: Path, heading: str) -> None:
    table = read_table(put(scratch, f"name,{heading},pupils\nx,{A},5\ny,{B},7\n"))
    assert table.index.tolist() == [A, B]
    assert table.index.name == "code"
    assert table["pupils"].tolist() == [5, 7]
    assert table.attrs["kind"] == "LSOA"
    assert repr(heading) in table.attrs["report"][0]


@pytest.mark.parametrize("bound", ["<5", "< 5", "≤4", "fewer than 5", "Under 10", ">95%"])
def test_a_small_count_that_is_not_given_is_missing_and_counted(scratch: Path, bound: str) -> None:
    rows = zip(lsoas(5), [bound, bound, "12", "..", bound], strict=True)
    text = "code,n\n" + "".join(f"{code},{cell}\n" for code, cell in rows)
    table = read_table(put(scratch, text))
    assert table["n"].fillna(-1).tolist() == [-1, -1, 12, -1, -1]
    assert table.attrs["missing"] == {"n": {bound: 3, "..": 1}}
    assert f"Of {bound!r} only the side of a number is known: missing, not nought." in said(table)


def test_bounds_among_words_stay_words(scratch: Path) -> None:
    assert column(scratch, "<5", "5 to 9", "under 16").tolist() == ["<5", "5 to 9", "under 16"]


@pytest.mark.parametrize(
    ("cells", "mixed"),
    [
        (["12%", "0.15", "14%", "30"], "1 numbers lie between 0 and 1 and others have a per cent"),
        (["12", "0.15", "14.5", "0.3"], "2 numbers lie between 0 and 1 and others are 12 or more"),
        (["0.4", "0.9", "1.1", "2", "30"], ""),
        (["0.1", "0.2", "0.3"], ""),
        (["0", "1", "50", "70"], ""),
        (["0.12", "0.2", "1200", "3000"], ""),
    ],
)
def test_percentages_and_fractions_in_one_column_are_said(
    scratch: Path, cells: list[str], mixed: str
) -> None:
    rows = [f"{code},{cell}" for code, cell in zip(lsoas(len(cells)), cells, strict=True)]
    table = read_table(put(scratch, "\n".join(["code,share", *rows]) + "\n"))
    assert table["share"].tolist() == [float(cell.rstrip("%")) for cell in cells]
    assert (mixed or "two scales") in said(table) or not mixed
    assert ("lie between 0 and 1" in said(table)) is bool(mixed)
    assert table.attrs["per_cent"] == (["share"] if "12%" in cells else [])


@pytest.mark.parametrize("between", [" : ", ": ", " - ", " – "])
def test_code_and_name_in_one_cell_are_parted(scratch: Path, between: str) -> None:
    table = read_table(put(scratch, f"area,n\n{A}{between}City 001A,5\n{B}{between}Y,6\n"))
    assert table.index.tolist() == [A, B]
    assert table["name"].tolist() == ["City 001A", "Y"]
    assert "parted" in said(table)


def test_small_letters_and_spaces_in_codes_are_put_right_and_counted(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,n\n {A.lower()} ,5\n{B},6\n\u00a0{C},7\n"))
    assert table.index.tolist() == [A, B, C]
    assert "in 2 codes" in said(table)


def test_of_several_columns_of_codes_the_smallest_areas_are_taken(scratch: Path) -> None:
    rows = f"LAD,LSOA,n\nE08000025,{A},5\nE08000025,{B},6\n"
    table = read_table(put(scratch, rows))
    assert table.index.tolist() == [A, B]
    assert table["LAD"].tolist() == ["E08000025"] * 2
    assert "'LAD' (authority)" in said(table)


def test_two_columns_of_the_same_kind_have_to_be_told_apart(scratch: Path) -> None:
    path = put(scratch, f"home,work,n\n{A},{B},5\n{B},{C},6\n")
    with pytest.raises(wm.InputError, match=r"'home', 'work'.*code="):
        read_table(path)
    assert read_table(path, code="work").index.tolist() == [B, C]
    with pytest.raises(wm.InputError, match="no column 'play'; found 'home', 'work', 'n'"):
        read_table(path, code="play")


def test_flows_are_said_to_be_flows(scratch: Path) -> None:
    path = put(scratch, f"from,to,n\n{A},{B},5\n{A},{A},6\n{B},{B},1\n")
    with pytest.raises(wm.InputError, match=r"Flows\.from_table"):
        read_table(path)


def test_a_column_that_says_the_codes_again_is_left_out(scratch: Path) -> None:
    table = read_table(put(scratch, f"area,mnemonic,n\n{A},{A},5\n{B},{B},6\n"))
    assert table.columns.tolist() == ["n"]
    assert "'mnemonic'" in said(table)


def test_lines_above_and_below_are_no_part_of_the_table(scratch: Path) -> None:
    text = (
        'Pupils by LSOA\nSource,"Council, 2024"\nArea:,E08000025\n\n'
        f"code,pupils\n\n{A},5\n{B},6\n\nNote: counts below 5 are left out\n"
    )
    table = read_table(put(scratch, text))
    assert table.index.tolist() == [A, B]
    assert table["pupils"].tolist() == [5, 6]
    assert "Headings in row 5; 3 lines above" in said(table)
    notes = table.attrs["source"].notes
    assert "In the file: Pupils by LSOA" in notes
    assert "In the file: Note: counts below 5 are left out" in notes


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_delimiters_are_found_and_said(scratch: Path, mark: str, name: str) -> None:
    text = f"name,x{mark}code{mark}n\nLondon, City of{mark}{A}{mark}5\nBath{mark}{B}{mark}6\n"
    table = read_table(put(scratch, text))
    assert table.columns.tolist() == ["name,x", "n"]
    assert table["name,x"].tolist() == ["London, City of", "Bath"]
    assert name in said(table)


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE"),
     ("cp1252", "CP1252")],
)  # fmt: skip
def test_encodings_are_found_and_said(scratch: Path, encoding: str, word: str) -> None:
    table = read_table(put(scratch, f"code,name\n{A},Ynys Môn – £\n", encoding=encoding))
    assert table["name"].tolist() == ["Ynys Môn – £"]
    assert ("Encoding" in said(table)) == bool(word)
    assert word in said(table)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_are_read(scratch: Path, ending: str) -> None:
    table = read_table(put(scratch, ending.join(["code,n", f"{A},5", f"{B},6", ""])))
    assert table["n"].tolist() == [5, 6]


@pytest.mark.parametrize("mark", [*sorted(MARKERS), "N/A", "[C]", " * ", "NaN"])
def test_a_marker_in_place_of_a_number_is_missing_and_counted(scratch: Path, mark: str) -> None:
    path = put(scratch, f"code\tn\n{A}\t5\n{B}\t{mark}\n{C}\t-7\n")
    table = read_table(path)
    assert table["n"].dtype == "float64"
    np.testing.assert_array_equal(table["n"], [5, np.nan, -7])
    assert table.attrs["missing"]["n"] == {mark.strip(): 1}
    assert f"{mark.strip()!r} 1 (row 3 first)" in said(table)


def test_blank_cells_are_missing_and_counted(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,n\n{A},5\n{B},\n{C},  \n"))
    assert table["n"].isna().tolist() == [False, True, True]
    assert table.attrs["missing"] == {"n": {"": 2}}
    assert "'n': 2 cells are blank (row 3 first)" in said(table)


def test_a_dash_alone_is_missing_but_minus_five_is_a_number(scratch: Path) -> None:
    np.testing.assert_array_equal(column(scratch, "-", "-5", "–", "−5"), [np.nan, -5, np.nan, -5])


def test_whole_numbers_stay_whole(scratch: Path) -> None:
    assert column(scratch, "1", "2").dtype == "int64"
    assert column(scratch, "1.0", "2").dtype == "float64"


def test_per_cent_stay_per_cent_and_are_said(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,share\n{A},12.3%\n{B},4 %\n{C},7\n"))
    assert table["share"].tolist() == [12.3, 4.0, 7.0]
    assert "from 2 (row 2 first), the values stay in per cent; 1 numbers had none" in said(table)


def test_thousands_separators_are_taken_off_and_the_other_reading_said(scratch: Path) -> None:
    table = read_table(put(scratch, f'code,n\n{A},"1,234"\n{B},5\n'))
    assert table["n"].tolist() == [1234, 5]
    assert "'1,234' is read as 1234" in said(table)
    sure = read_table(put(scratch, f'code,n\n{A},"1,234,567"\n{B},"1,234.5"\n'))
    assert sure["n"].tolist() == [1234567.0, 1234.5]
    assert "could" not in said(sure)


def test_decimal_commas_are_read_as_such_where_nothing_else_fits(scratch: Path) -> None:
    table = read_table(put(scratch, f"code;share;people\n{A};12,5;1.234\n{B};0,25;2,345\n"))
    assert table["share"].tolist() == [12.5, 0.25]
    # 1.234 and 2,345 fit both readings; elsewhere in the table the comma is a decimal comma.
    assert table["people"].tolist() == [1234, 2.345]
    assert "decimal commas read as points in 2" in said(table)
    assert "could part" in said(table)


def test_commas_that_contradict_each_other_leave_a_column_as_text(scratch: Path) -> None:
    values = column(scratch, "1,234,567", "12,5")
    assert values.tolist() == ["1,234,567", "12,5"]
    assert values.dtype == "str"


def test_pounds_and_spaces_between_thousands_are_taken_off(scratch: Path) -> None:
    assert column(scratch, "£1,234.50", "-£7", "1 234").tolist() == [1234.5, -7, 1234]


@pytest.mark.parametrize(
    "cells",
    [("007", "012"), ("2024-01-31", "2024-02-01"), ("31/01/2024", "1/2/2024"), ("5-9", "10+"),
     ("U", "X"), ("a", "5"), ("<script>alert(1)</script>", "=1+1"), ("0x1F", "1_000"),
     ("1234567890123456789012", "1")],
)  # fmt: skip
def test_text_stays_text(scratch: Path, cells: tuple[str, ...]) -> None:
    values = column(scratch, *cells)
    assert values.dtype == "str"
    assert values.tolist() == list(cells)


def test_a_few_texts_among_numbers_are_reported_and_never_made_missing(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,n\n{A},5\n{B},see note\n{C},*\n{D},7\n"))
    assert table["n"].tolist() == ["5", "see note", "*", "7"]
    assert "1 of 3 cells are no numbers (row 3 'see note')" in said(table)
    assert "1 markers are kept as text too" in said(table)


def test_a_column_of_markers_alone_stays_text(scratch: Path) -> None:
    assert column(scratch, "*", "*").tolist() == ["*", "*"]


def test_yes_and_no_are_read(scratch: Path) -> None:
    assert column(scratch, "True", "FALSE").tolist() == [True, False]
    assert column(scratch, "True", "").isna().tolist() == [False, True]


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12))
def test_no_text_is_missing_unless_it_is_a_known_marker(text: str) -> None:
    bare = text.strip(" \t\r\n\u00a0\u2007\u2009\u202f\u200b\ufeff")
    cell = read_cell(text)
    assert (cell.form == "blank") == (bare == "")
    assert (cell.form == "marker") == (bare.lower() in MARKERS or is_bound(bare))
    if cell.form == "number":
        assert math.isfinite(float(cell.core)) or "e" in cell.core.lower()


@given(
    st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e12, 1e12).map(lambda x: round(x, 2))),
    st.sampled_from(["", "%", " %"]),
    st.booleans(),
)
def test_a_number_is_read_as_it_was_meant(number: float, sign: str, grouped: bool) -> None:
    written = f"{number:,}" if grouped else f"{number}"
    cell = read_cell(f" {written}{sign}")
    assert cell.form in ("number", "thousands", "either")
    assert float(cell.core.replace(",", "")) == float(number)
    assert cell.percent == bool(sign)


def test_totals_and_larger_areas_are_set_apart_and_kept_in_sight(scratch: Path) -> None:
    text = f"code,name,n\n,Total,18\n{A},x,5\n{B},y,6\nE92000001,England,11\nTotal,,11\n"
    table = read_table(put(scratch, text))
    assert table["n"].tolist() == [5, 6]
    assert [row["row"] for row in table.attrs["set_apart"]] == [2, 5, 6]
    assert table.attrs["set_apart"][1] == {
        "row": 5, "code": "E92000001", "name": "England", "n": "11"
    }  # fmt: skip
    assert "Totals set apart: 2 (row 2 'Total', row 6 'Total')" in said(table)
    assert "set apart: 1 (country; row 5 'E92000001')" in said(table)


@pytest.mark.parametrize("words", ["Dudley total", "Sub-total", "Total for Dudley", "Subtotals:"])
def test_subtotals_between_the_areas_are_set_apart(scratch: Path, words: str) -> None:
    rows = "".join(f"{code},x,5\n{words},,5\n" for code in lsoas(20))
    table = read_table(put(scratch, f"code,name,n\n{rows}"))
    assert len(table) == 20
    assert f"Totals set apart: 20 (row 3 {words!r}" in said(table)


def test_a_heading_of_per_cent_over_fractions_is_said(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,% absent,share\n{A},0.15,0.2\n{B},0.5,0.1\n"))
    assert "'% absent': the heading says per cent and no number is above 1" in said(table)
    assert "'share'" not in said(table)
    assert table["% absent"].tolist() == [0.15, 0.5]


def test_a_few_rows_without_a_code_are_set_apart_and_named(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,n\n{A},5\nE0100002,6\n,7\n{D},8\n"))
    assert table.index.tolist() == [A, D]
    assert "set apart: 2 (row 3 'E0100002', row 4 '7')" in said(table)


def test_more_than_a_few_rows_without_a_code_are_refused(scratch: Path) -> None:
    rows = "".join(f"{code},5\n" for code in lsoas(20)) + "unknown,5\n" * 6 + f"{lsoas(21)[-1]},1\n"
    with pytest.raises(wm.InputError, match=r"without an area code in 'code': 6 \(row 22"):
        read_table(put(scratch, "code,n\n" + rows))


def test_rows_of_two_kinds_are_refused(scratch: Path) -> None:
    path = put(scratch, "code,n\n" + "".join(f"{c},1\n" for c in [*msoas(3), A]))
    with pytest.raises(wm.InputError, match=r"MSOA and of LSOA \(row 5 first, E01000001\)"):
        read_table(path)


def test_a_code_that_stands_twice_is_refused_unless_asked_for(scratch: Path) -> None:
    path = put(scratch, f"code,n\n{A},5\n{B},6\n{A},7\n")
    with pytest.raises(wm.InputError, match=f"{A} in rows 2, 4"):
        read_table(path)
    table = read_table(path, duplicates="keep")
    assert table["n"].tolist() == [5, 6, 7]
    assert "2 rows share their code" in said(table)
    with pytest.raises(wm.InputError, match="expected 'refuse' or 'keep'"):
        read_table(path, duplicates="drop")


def test_headings_that_stand_twice_or_are_blank_get_a_name(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,White,%,Asian,%,n,n,,z\n{A},1,2,3,4,5,6,7,8\n"))
    expected = ["White", "White %", "Asian", "Asian %", "n", "n (2)", "column 8", "z"]
    assert table.columns.tolist() == expected
    assert "4 headings were blank or stood twice" in said(table)


def test_dates_and_numbers_of_a_workbook_keep_their_kind(scratch: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code", "when", "n", "stored", "yes", "mixed"])
    book.active.append([A, dt.datetime(2024, 1, 31), 5, "1,200", True, 5])  # noqa: DTZ001
    book.active.append([B, dt.datetime(2024, 2, 1), None, 7, False, "[c]"])  # noqa: DTZ001
    book.save(scratch / "own.xlsx")
    table = read_table(scratch / "own.xlsx")
    assert table["when"].tolist() == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-02-01")]
    np.testing.assert_array_equal(table["n"], [5, np.nan])
    assert table["stored"].tolist() == [1200, 7]
    assert table["yes"].tolist() == [True, False]
    np.testing.assert_array_equal(table["mixed"], [5, np.nan])
    assert "'stored': 1 numbers were stored as text" in said(table)


def test_a_geopackage_gives_its_shapes_and_its_codes(scratch: Path) -> None:
    areas = squares([A, B]).assign(n=["5", "*"]).reset_index(names="LSOA21CD")
    areas.to_file(scratch / "own.gpkg", layer="first", engine="pyogrio")
    table = read_table(scratch / "own.gpkg")
    assert isinstance(table, gpd.GeoDataFrame)
    assert table.crs == "EPSG:4326"
    assert table.geometry.tolist() == areas.geometry.tolist()
    np.testing.assert_array_equal(table["n"], [5, np.nan])
    areas.to_file(scratch / "own.gpkg", layer="second", engine="pyogrio")
    with pytest.raises(wm.InputError, match=r"several layers; found 'first', 'second'.*layer="):
        read_table(scratch / "own.gpkg")
    assert len(read_table(scratch / "own.gpkg", layer="second")) == 2


def test_parquet_is_read_with_its_codes_in_a_column_or_in_the_index(scratch: Path) -> None:
    frame = pd.DataFrame({"n": [5.5, 6.5]}, index=pd.Index([A, B], name="LSOA11CD"))
    frame.to_parquet(scratch / "own.parquet")
    table = read_table(scratch / "own.parquet")
    pd.testing.assert_frame_equal(table, frame.rename_axis("code"), check_index_type=False)
    assert table.attrs["vintage"] == 2011


def test_the_source_says_which_file_it_was(scratch: Path) -> None:
    table = read_table(put(scratch, f"code,n\n{A},5\n", name="Pupils 2024.csv"))
    source = table.attrs["source"]
    assert (source.file, source.title, source.rows) == ("Pupils 2024.csv", "Pupils 2024", 1)
    assert len(source.sha256) == 64
    assert source.licence == ""
    assert set(table.attrs["report"]) <= set(source.notes)


def test_a_table_that_calls_itself_illustrative_stays_so(scratch: Path) -> None:
    note = "Illustrative data, not statistics"
    assert read_table(put(scratch, f'code,note\n{A},"{note}"\n')).attrs["illustrative"]
    assert not read_table(put(scratch, f"code,note\n{A},real\n")).attrs["illustrative"]


def test_a_table_joins_to_areas_with_nothing_more_said(scratch: Path) -> None:
    path = put(scratch, f"LSOA21CD,LAD,pupils\nE01033999,E08000025,5\n{A},E08000025,*\n")
    areas = squares([A, "E01033999"])
    areas.attrs["vintage"] = 2021
    frame, report = wm.join(areas, read_table(path))
    np.testing.assert_array_equal(frame["pupils"], [np.nan, 5])
    assert (report.matched, report.table_vintage) == (2, 2021)
