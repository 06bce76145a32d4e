"""A damaged official table ends in one clear error, or in the right answer; rows are made up."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import wmspatial as wm
from wmspatial.sources.reading import read_official, recognise

Make = Callable[[str | bytes], Path]

INDEX = (
    "LSOA code (2011),LSOA name (2011),Local Authority District code (2019),Local Authority "
    "District name (2019),Index of Multiple Deprivation (IMD) Rank,Index of Multiple Deprivation "
    "(IMD) Decile\n"
    'E01000001,City of London 001A,E09000001,City of London,"29,199",9\n'
    'E01000002,City of London 001B,E09000001,City of London,"30,379",10\n'
)
EXPORT = (
    "Business Register and Employment Survey : open access,,,,\n"
    "Analysis   :,standard,,,\nDate       :,2021,,,\nIndustry   :,Total,,,\n"
    "measure    :,Count,,,\n,,,,\n"
    "2011 super output area - lower layer,Employees,,Employment,2\n,,,,\n"
    "E01000001 : City of London 001A,14000,*,15000,*\n"
    "E01000002 : City of London 001B,43000,*,44000,*\n,,,,\n"
    "*,These figures exclude farm agriculture,,,\n"
)
PAIRS = "origin,destination,people\nE02000001,E02000001,6\nE02000001,E02000002,4\n"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write made-up text or bytes to a file without a telling name."""

    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "made_up"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to_file


def test_thousands_are_read_and_said(make: Make) -> None:
    table = read_official(make(INDEX))
    assert table["deprivation_rank"].tolist() == [29199, 30379]
    assert any("thousands separators removed from 2" in n for n in table.attrs["source"].notes)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda t: t.replace(",9\n", ",8\n"), "does not agree with deprivation_rank .* row 2"),
        (lambda t: t.replace('"29,199"', "abc"), "1 are no numbers, row 2 first"),
        (lambda t: t.replace('"29,199"', ""), "1 are blank, row 2 first"),
        (lambda t: t.replace('"29,199"', "29199.5"), "1 are fractional"),
        (lambda t: t.replace('"29,199"', "40000").replace(",9\n", ",10\n"), "above 32,844"),
        (lambda t: t.replace("E01000002", "E01000001"), "1 rows stand twice, row 3"),
        (lambda t: t.replace("E01000002", "E02000002"), "no codes of LSOA, row 3 first"),
        (lambda t: t.replace("E01000002", "E01034000"), "of a later census than 2011"),
        (lambda t: t.replace("London 001B", "London"), "not written as 'Birmingham 067A', row 3"),
        (lambda t: t.replace("City of London,\"30", "Hackney,\"30"), "more than one authority"),
        (lambda t: t[: t.index(",9\n")], "is opened|cells, the row of headings|is cut short"),
        (lambda t: t[:-12], "quotation mark is opened|row 3 has"),
        (lambda t: t.replace("001A,", "001A,x,"), "row 2 has 7 cells, the row of headings 6"),
        (lambda t: t.split("\n", 1)[1], "no official table that is known here"),
        (lambda t: t.replace("(IMD) Rank", "(IMD) Ronk"), "Nearest: iod2019-imd .*lacks"),
        (lambda t: t.replace("(IMD) Rank", "(IMD) Decile"), "more than once"),
        (lambda t: t.replace("City of London,", "Ynys MÃ´n,"), "wrong encoding"),
    ],
)  # fmt: skip
def test_a_damaged_index_is_refused_with_its_place(
    damage: Callable[[str], str], said: str, make: Make
) -> None:
    path = make(damage(INDEX))
    with pytest.raises(wm.InputError, match=said):
        read_official(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_make_no_difference(
    encoding: str, delimiter: str, make: Make
) -> None:
    text = INDEX.replace('"29,199"', "29199").replace('"30,379"', "30379")
    text = text.replace("City of London", "Ynys Môn").replace(",", delimiter)
    table = read_official(make(text.encode(encoding)))
    assert table["deprivation_rank"].tolist() == [29199, 30379]
    assert table["authority"].tolist() == ["Ynys Môn"] * 2


def test_columns_in_another_order_make_no_difference(make: Make) -> None:
    rows = [line.replace('"29,199"', "29199").replace('"30,379"', "30379").split(",")
            for line in INDEX.splitlines()]  # fmt: skip
    turned = "\n".join(",".join(reversed(row)) for row in rows) + "\n"
    assert read_official(make(turned)).equals(read_official(make(INDEX)))


def test_a_heading_cut_off_is_matched_where_one_only_can_be_meant(make: Make) -> None:
    table = read_official(make(INDEX.replace("(IMD) Decile", "(IMD) Dec")))
    assert "damaged heading" in " ".join(table.attrs["source"].notes)
    with pytest.raises(wm.InputError, match="no official table"):
        read_official(make(INDEX.replace("(IMD) Decile", "(IMD)")))


def test_a_decimal_comma_is_not_taken_for_thousands(make: Make) -> None:
    text = "lsoa;LSOA Name;Local Authority Name ;WIMD 2019;Income;Employment;Health;Education;"
    text += "Access to Services;Housing;Community Safety;Physical Environment\n"
    row = "W01000240;Rhyl West 2;Denbighshire;86{0}6;100;100;99{0}1;94;37;74;95;17{0}8\n"
    assert read_official(make(text + row.format(".")))["deprivation_score"].tolist() == [86.6]
    with pytest.raises(wm.InputError, match=r"are no numbers"):
        read_official(make(text + row.format(",")))


def test_a_table_cut_between_two_rows_is_read_and_said_not_to_be_whole(make: Make) -> None:
    path = make(INDEX)
    assert recognise(path).whole is False
    table = read_official(path)
    assert table.attrs["whole"] is False
    assert "2 of 32,844 rows: a part of the table, or cut off" in table.attrs["source"].notes


def test_a_last_value_that_may_be_cut_off_is_refused(make: Make) -> None:
    with pytest.raises(wm.InputError, match="last value may be cut off"):
        read_official(make(PAIRS.removesuffix("\n")), dataset="wu01ew-msoa11")


def test_pairs_without_a_sign_of_their_census_have_to_be_named(make: Make) -> None:
    path = make(PAIRS)
    with pytest.raises(wm.InputError, match=r"can be odmg01ew-msoa21 or odwp01ew-msoa21 or wu01ew"):
        recognise(path)
    assert read_official(path, dataset="odmg01ew-msoa21")["people"].sum() == 10
    special = PAIRS.replace("E02000002", "OD0000001")
    assert recognise(make(special)).dataset == "wu01ew-msoa11"
    assert recognise(make(special.replace("OD0000001", "111111111"))).dataset == "odwp01ew-msoa21"
    with pytest.raises(wm.InputError, match="expected odwp01ew-msoa21"):
        read_official(make(special), dataset="odwp01ew-msoa21")


def test_pairs_with_swapped_headings_are_refused(make: Make) -> None:
    rows = "E02000001,E02000002,4\nE02000002,E02000001,6\nE02000001,OD0000001,1\n"
    assert len(read_official(make("origin,destination,people\n" + rows))) == 3
    rows = "E02000002,E02000001,6\nE02000001,E02000002,4\nE02000001,OD0000001,1\n"
    with pytest.raises(wm.InputError, match="headings seem to be swapped"):
        read_official(make("origin,destination,people\n" + rows))


def test_an_export_without_its_footnotes_is_read_and_said(make: Make) -> None:
    whole = read_official(make(EXPORT))
    assert whole[["code", "jobs", "employees"]].to_numpy().tolist() == [
        ["E01000001", 15000, 14000], ["E01000002", 44000, 43000],
    ]  # fmt: skip
    short = read_official(make(EXPORT[: EXPORT.index(",,,,\n*,")]))
    assert any("footnotes of the export are not there" in n for n in short.attrs["source"].notes)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda t: t.replace("Industry   :,Total", "Industry   :,Retail"), "industry total"),
        (lambda t: t.replace("E01000002 :", "Nowhere :"), "has no area code"),
        (lambda t: t.replace("Employment,2", "Jobs,2"), "lacks 'Employment'"),
        (lambda t: t[: t.index("0,*\n,,,,\n*")], "cut short|cells"),
        (lambda t: t.replace("15000", "1500"), "employees cannot be as high"),
        (lambda t: t.replace(": City of London 001B", ""), "'name': 1 are blank"),
    ],
)
def test_a_damaged_export_is_refused(damage: Callable[[str], str], said: str, make: Make) -> None:
    with pytest.raises(wm.InputError, match=said):
        read_official(make(damage(EXPORT)))


def test_what_is_no_table_is_named_for_what_it_is(make: Make, tmp_path: Path) -> None:
    with pytest.raises(wm.InputError, match="HTML or XML"):
        recognise(make("<!doctype html><html><body>Not found</body></html>"))
    with pytest.raises(wm.InputError, match="empty"):
        recognise(make(b""))
    with pytest.raises(wm.InputError, match="null bytes"):
        recognise(make(INDEX.encode("utf-16-le")))
    with pytest.raises(wm.MissingFileError, match="no file"):
        recognise(tmp_path / "nothing.csv")
    with pytest.raises(wm.InputError, match="Found the headings 'school', 'pupils'"):
        recognise(make("school,pupils\nA,1\n"))


def test_containers_cut_short_are_refused(make: Make) -> None:
    packed = gzip.compress(INDEX.encode())
    assert recognise(make(packed)).form == "csv in gzip"
    with pytest.raises(wm.InputError, match="gzip"):
        recognise(make(packed[:-9]))
    for start in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"SQLite format 3\x00"):
        with pytest.raises(wm.InputError, match="made_up"):
            recognise(make(start + b"and no more"))


def test_a_workbook_is_read_past_its_notes_and_footnotes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Notes, with the word Rank"])
    sheet = book.create_sheet("IMD2019")
    for line in INDEX.replace('"29,199"', "29199").replace('"30,379"', "30379").splitlines():
        sheet.append([int(c) if c.isdigit() else c for c in line.split(",")])
    sheet.append(["Source: made up"])
    book.save(tmp_path / "x")
    table = read_official(tmp_path / "x")
    assert table["deprivation_rank"].tolist() == [29199, 30379]
    notes = table.attrs["source"].notes
    assert "sheet 'IMD2019'" in notes
    assert "footnotes below the table: 1 rows" in notes


def shapes(features: int, **more: object) -> str:
    """Make squares as GeoJSON."""
    found = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": f"E0100000{i}", "LSOA21NM": f"Here 00{i}A"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[i, 52], [i + 1, 52], [i + 1, 53], [i, 53], [i, 52]]],
            },
        }
        for i in range(features)
    ]
    return json.dumps({"type": "FeatureCollection", "features": found, **more})


def test_polygons_that_are_cut_short_or_one_page_only_are_refused(make: Make) -> None:
    assert len(read_official(make(shapes(2)))) == 2
    with pytest.raises(wm.InputError, match="not complete JSON"):
        read_official(make(shapes(2)[:-3]))
    with pytest.raises(wm.InputError, match="one page of the layer"):
        read_official(make(shapes(2, exceededTransferLimit=True)))
    with pytest.raises(wm.InputError, match="not degrees in the United Kingdom"):
        read_official(make(shapes(2).replace("52", "300000").replace("53", "300100")))
    with pytest.raises(wm.InputError, match="have no polygon"):
        read_official(make(shapes(1).replace('"geometry": {', '"geometry": null, "was": {')))
    with pytest.raises(wm.InputError, match="1 rows stand twice"):
        read_official(make(shapes(2).replace("E01000001", "E01000000")))
