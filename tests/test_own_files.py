"""Which file, which census, and what is refused when somebody brings a table."""

import doctest
import gzip
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import REPOSITORY, lsoas
from test_own_tables import A, B, C, D, put, said
from wmspatial.export import write_table
from wmspatial.sources import _own_files
from wmspatial.sources.own import read_table


@pytest.mark.parametrize(
    ("text", "vintage", "why"),
    [
        (f"LSOA11CD,n\n{A},1\n", 2011, "heading"),
        (f"lsoa21_code,n\n{A},1\n", 2021, "heading"),
        (f"LSOA code (2001),n\n{A},1\n", 2001, "heading"),
        (f"code,LSOA21NM,n\n{A},x,1\n", 2021, "headings"),
        ("code,n\nE01033999,1\n", 2021, "can be of no other"),
        (f"code,n\n{A},1\n", None, "2001 and 2011 and 2021"),
        ("code,n\nE01033000,1\n", None, "2011 and 2021"),
        ("code,n\nS01006506,1\n", 2011, "can be of no other"),
        ("code,n\nE02007116,1\n", 2021, "can be of no other"),
        ("WD22CD,n\nE05011121,1\n", None, "no census"),
    ],
)
def test_the_census_is_told_by_the_heading_or_by_the_codes(
    scratch: Path, text: str, vintage: int | None, why: str
) -> None:
    table = read_table(put(scratch, text))
    assert table.attrs["vintage"] == vintage
    assert why in table.attrs["report"][1]


def test_a_census_that_the_codes_cannot_be_of_is_refused(scratch: Path) -> None:
    path = put(scratch, "LSOA11CD,n\nE01033999,1\n")
    with pytest.raises(wm.VintageError, match=r"'LSOA11CD' says 2011, but .* E01033999.* 2021"):
        read_table(path)
    assert read_table(path, vintage=2021).attrs["vintage"] == 2021
    with pytest.raises(wm.VintageError, match="expected 2001, 2011 or 2021"):
        read_table(path, vintage=2019)


def test_a_whole_country_tells_its_census_by_how_many_codes_are_low(data_dir: Path) -> None:
    lookup = pd.read_parquet(data_dir / "england_wales_2011" / "ethnicity2011_lsoa11.parquet")
    from wmspatial.sources._own_codes import possible_vintages

    codes = pd.Index(lookup["LSOA11CD"])
    assert possible_vintages(codes) == (2011,)
    assert possible_vintages(codes[codes.str.startswith("E")]) == (2011,)
    assert possible_vintages(codes[codes <= "E01020000"]) == (2001, 2011, 2021)


def book(path: Path, **sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_the_sheet_with_codes_is_found(scratch: Path) -> None:
    rows: list[list[object]] = [["Title"], [], ["LSOA11CD", "n"], [A, 5], [B, "x"]]
    path = book(scratch / "own.xlsx", Notes=[["Read this"]], Data=rows)
    table = read_table(path)
    np.testing.assert_array_equal(table["n"], [5, np.nan])
    assert "the sheet 'Data'" in said(table)


def test_several_sheets_with_codes_have_to_be_told_apart(scratch: Path) -> None:
    path = book(scratch / "own.xlsx", One=[["code", "n"], [A, 1]], Two=[["code", "n"], [A, 2]])
    with pytest.raises(wm.InputError, match=r"2 sheets hold area codes \('One', 'Two'\).*sheet="):
        read_table(path)
    assert read_table(path, sheet="Two")["n"].tolist() == [2]
    with pytest.raises(wm.InputError, match="no sheet 'Three'; found 'One', 'Two'"):
        read_table(path, sheet="Three")


def test_merged_headings_are_put_before_those_they_span(scratch: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Pupils and teachers"])
    sheet.append(["Code", "Pupils", None, "Teachers", None])
    sheet.append([None, 2023, 2024, 2023, 2024])
    sheet.append([A, 1, 2, 3, 4])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    made.save(scratch / "own.xlsx")
    table = read_table(scratch / "own.xlsx")
    assert table.columns.tolist() == [
        "Pupils: 2023", "Pupils: 2024", "Teachers: 2023", "Teachers: 2024"
    ]  # fmt: skip
    assert table.iloc[0].tolist() == [1, 2, 3, 4]
    assert "Headings in rows 2 and 3, taken together; 1 line above them is no part" in said(table)


def test_two_full_rows_of_headings_are_both_kept(scratch: Path) -> None:
    text = f'Area code,Claims,Spend\n(LSOA 2011),number,£ a year\n{A},5,"£1,200"\n'
    table = read_table(put(scratch, text))
    assert table.columns.tolist() == ["Claims: number", "Spend: £ a year"]
    assert table.attrs["vintage"] == 2011
    assert "Headings in rows 1 and 2, taken together." in said(table)


def test_headings_that_every_page_repeats_are_left_out(scratch: Path) -> None:
    pages = "".join(f"LSOA,Name,n\n{code},x,5\n" for code in lsoas(12))
    table = read_table(put(scratch, pages))
    assert table["n"].tolist() == [5] * 12
    assert "Rows that repeat the headings left out: 11 (row 3 first)." in said(table)
    two = f"LSOA,n\n{A},1\n{B},2\n\nLSOA,m\n{A},5\n{B},6\n"
    with pytest.raises(wm.InputError, match=r"second row of headings stands in row 5"):
        read_table(put(scratch, two))


@pytest.mark.parametrize(
    ("cell", "hint"), [("E0100888", "has 8 characters in place of 9"), ("Aston", "Names will not")]
)
def test_what_is_almost_a_code_is_told_from_a_name(scratch: Path, cell: str, hint: str) -> None:
    with pytest.raises(wm.InputError, match=hint):
        read_table(put(scratch, f"LSOA,n\n{cell},1\n"))


def test_a_table_turned_round_is_said_to_be_so(scratch: Path) -> None:
    with pytest.raises(wm.InputError, match=r"3 area codes stand side by side in row 1.*transpose"):
        read_table(put(scratch, f"Month,{A},{B},{C}\n2024-01,1,2,3\n2024-02,4,5,6\n"))


def test_a_formula_whose_value_was_never_saved_is_not_called_blank(scratch: Path) -> None:
    rows = [
        ["LSOA11CD", "a", "b", "text"],
        [A, 1, "=B2*2", "x"],
        [B, 2, None, "=A1"],
        [C, 3, 6, "y"],
    ]
    path = book(scratch / "own.xlsx", Notes=[["=1+1"]], Data=rows)
    table = read_table(path)
    assert table["b"].isna().tolist() == [True, True, False]
    assert table.attrs["missing"]["b"] == {"formula without a saved value": 1, "": 1}
    assert (
        "'b': 1 cells hold a formula without a saved value and are missing (row 2 first)"
        in said(table)
    )
    assert "'b': 1 cells are blank (row 3 first)" in said(table)
    assert "'text': 1 cells hold a formula without a saved value" in said(table)
    path = book(scratch / "all.xlsx", Data=[["LSOA11CD", "n"], ['="E01008881"', 1]])
    with pytest.raises(wm.InputError, match=r"no column of area codes, but 1 cells hold a formula"):
        read_table(path)


def test_an_error_in_a_cell_is_not_called_blank(scratch: Path) -> None:
    rows = [["LSOA11CD", "rate"], [A, 0.5], [B, "#DIV/0!"], [C, "#N/A"], [D, None]]
    table = read_table(book(scratch / "own.xlsx", Data=rows))
    assert table["rate"].isna().tolist() == [False, True, True, True]
    assert table.attrs["missing"]["rate"] == {"#DIV/0!": 1, "#N/A": 1, "": 1}


def test_a_formula_with_a_saved_value_is_that_value(scratch: Path) -> None:
    with xlsxwriter.Workbook(scratch / "own.xlsx") as made:
        sheet = made.add_worksheet()
        for at, cell in enumerate(["LSOA11CD", "n", "t"]):
            sheet.write(0, at, cell)
        sheet.write(1, 0, A)
        sheet.write_formula(1, 1, "=2+3", None, 5)
        sheet.write_formula(1, 2, '=A2&"x"', None, "yes")
    table = read_table(scratch / "own.xlsx")
    assert table["n"].tolist() == [5]
    assert "formula" not in said(table)


def test_a_file_is_told_by_its_content_not_its_name(scratch: Path) -> None:
    rows: list[list[object]] = [["code", "n"], [A, 5]]
    assert read_table(book(scratch / "own.csv", Data=rows))["n"].tolist() == [5]
    assert read_table(put(scratch, f"code,n\n{A},5\n", "own.xlsx"))["n"].tolist() == [5]


def test_packed_text_is_read(scratch: Path) -> None:
    text = f"code,n\n{A},5\n".encode()
    (scratch / "own.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(scratch / "own.zip", "w") as archive:
        archive.writestr("../../own.csv", text)
        archive.writestr("readme.pdf", b"%PDF")
    for name in ("own.csv.gz", "own.zip"):
        assert read_table(scratch / name)["n"].tolist() == [5]
    assert [p.name for p in scratch.parent.iterdir()] == [scratch.name]


def test_a_zip_of_two_tables_is_refused(scratch: Path) -> None:
    with zipfile.ZipFile(scratch / "own.zip", "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(wm.InputError, match=r"found 2 \('a.csv', 'b.csv'\)"):
        read_table(scratch / "own.zip")


def test_what_unpacks_to_too_much_is_refused(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_own_files, "MOST_BYTES", 3 * 2**20)
    bomb = b"code,n\n" + b"0" * (4 * 2**20)
    (scratch / "own.csv.gz").write_bytes(gzip.compress(bomb))
    with zipfile.ZipFile(scratch / "own.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("own.csv", bomb)
    put(scratch, bomb.decode(), "own.csv")
    for name in ("own.csv.gz", "own.zip", "own.csv"):
        with pytest.raises(wm.InputError, match="larger than 3 MiB"):
            read_table(scratch / name)


def test_a_sheet_whose_cells_lie_too_far_apart_is_refused(scratch: Path) -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "code"
    made.active.cell(1_048_576, 16_384).value = A
    made.save(scratch / "own.xlsx")
    with pytest.raises(wm.InputError, match=r"1,048,576 rows of 16,384 columns are more than"):
        read_table(scratch / "own.xlsx")


def test_a_table_of_too_many_cells_is_refused(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_own_files, "MOST_CELLS", 3)
    path = put(scratch, f"code,n\n{A},5\n{B},6\n")
    pd.read_csv(path).to_parquet(scratch / "own.parquet")
    for file in (path, scratch / "own.parquet"):
        with pytest.raises(wm.InputError, match="are more than 3 cells"):
            read_table(file)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("own.csv", b"", "is empty"),
        ("own.csv", b"\xef\xbb\xbf \n \n", "is empty"),
        ("own.csv", b"name,n\nx,1\n", "no column of area codes.*'name', 'n'"),
        ("own.csv", f"{A},5\n{B},6\n".encode(), "no row of headings above the first code \\(row 1"),
        ("own.csv", f"code,n\n{A},5\n{B},6,7\n".encode(), "row 3 first, with 3"),
        ("own.csv", f'code,n\n{A},"5\n{B},6\n'.encode(), "quotation mark that is never closed"),
        ("own.csv", f"code,a,b\n{A},1,2\n{B},1,2\n{C},1".encode(), "was cut short"),
        ("own.csv", b"<!DOCTYPE html><html></html>", "web page"),
        ("own.csv", bytes(range(128, 256)) * 9, "UTF-8, UTF-16 or Windows-1252"),
        ("own.xlsx", b"PK\x03\x04 not a zip at all", "damaged zip file or workbook"),
        ("own.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "workbook cannot be read"),
        ("own.csv.gz", gzip.compress(b"code,n\n" * 99, mtime=0)[:30], "cannot be unpacked"),
        ("own.parquet", b"PAR1 and nothing more", "not a Parquet file"),
        ("own.gpkg", b"SQLite format 3\x00 and nothing more", "not a GeoPackage"),
        ("own.geojson", b'{"type": "FeatureCollection"', "not a GeoPackage or GeoJSON"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(
    scratch: Path, name: str, content: bytes, message: str
) -> None:
    (scratch / name).write_bytes(content)
    with pytest.raises(wm.InputError, match=message) as caught:
        read_table(scratch / name)
    assert str(caught.value).startswith(name)


def test_a_workbook_cut_short_is_refused(scratch: Path) -> None:
    path = book(scratch / "own.xlsx", Data=[["code", "n"], *[[c, 1] for c in lsoas(200)]])
    whole = path.read_bytes()
    for length in range(8, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        with pytest.raises(wm.InputError, match=r"own\.xlsx"):
            read_table(path)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_table_gives_a_table_or_one_clear_error(
    scratch: Path, data: st.DataObject
) -> None:
    rows = "".join(f'{code},"Ward, {n}","{n * 1000:,}",{n}.5%\n' for n, code in enumerate(lsoas(9)))
    raw = bytearray(f"Title, of it\n\nLSOA11CD,name,n,%\n{rows}\nTotal,,36\nNote\n".encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        until = place + data.draw(st.integers(0, 40))
        raw[place:until] = data.draw(st.binary(max_size=4) | st.just(b'"') | st.just(b"\x00"))
        raw = raw or bytearray(b" ")
    (scratch / "own.csv").write_bytes(bytes(raw))
    try:
        table = read_table(scratch / "own.csv")
    except wm.InputError as error:
        assert str(error).startswith("own.csv")  # noqa: PT017
    else:
        assert table.index.str.fullmatch(r"([EWSNKJ]\d{8}|95[A-Z]{2}\d{2}[SWC]\d)").all()
        assert len(table.attrs["report"]) >= 2


def test_the_page_on_own_data_says_what_is_true(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scratch)
    monkeypatch.setattr(wm, "read_table", read_table, raising=False)
    monkeypatch.setattr(wm, "write_table", write_table, raising=False)
    page = REPOSITORY / "docs" / "own-data.md"
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=flags)
    assert (failed, tried > 8) == (0, True)


def test_a_file_that_is_not_there_is_said_so(scratch: Path) -> None:
    with pytest.raises(wm.MissingFileError, match="no such file"):
        read_table(scratch / "none.csv")
    with pytest.raises(wm.MissingFileError, match="is a folder"):
        read_table(scratch)
    with pytest.raises(wm.MissingFileError, match="Download it first"):
        read_table("https://example.org/table.csv")


def test_arguments_that_do_not_fit_the_file_are_refused(scratch: Path) -> None:
    path = put(scratch, f"code,n\n{A},5\n")
    with pytest.raises(wm.InputError, match="this is no workbook"):
        read_table(path, sheet="Data")
    with pytest.raises(wm.InputError, match="this is no GeoPackage"):
        read_table(path, layer="data")


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(scratch: Path) -> None:
    table = read_table(put(scratch, f"title\n\ncode,n\n\n{A},5\n{B},*\n{C},6\n{D},6\n"))
    assert "(row 6 first)" in said(table)
