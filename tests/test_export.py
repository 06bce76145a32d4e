"""A table is written so that no spreadsheet runs its cells, and its sources go with it."""

import csv
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wmspatial as wm
from conftest import lsoas, squares
from wmspatial import export
from wmspatial.export import write_table
from wmspatial.provenance import ILLUSTRATIVE, Source
from wmspatial.sources.own import read_table

DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1",
    "\ufeff=1", "＝1", "＋1", "－1", "＠x", "﹦1", "−1", "'=1", " ' =1", "=cmd|' /C calc'!A0",
    "\x01=1",
]  # fmt: skip
HARMLESS = ["a=b", "E01000001", "'tis", "1 - 2", "<script>alert(1)</script>", "5", "(-5)", "a@b.c"]


def frame_of(*texts: str, **columns: Any) -> pd.DataFrame:
    """Make a table of texts by LSOA."""
    table = pd.DataFrame({"text": list(texts), **columns})
    return table.set_axis(pd.Index(lsoas(len(texts)), name="code"), axis=0)


def cells_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_infinite_numbers_are_written_and_said(scratch: Path) -> None:
    table = frame_of("a", "b", "c", ratio=[np.inf, -np.inf, 2.5], n=[1, 2, 3])
    write_table(table, scratch / "own.csv", digits=3)
    assert [row[2] for row in cells_of(scratch / "own.csv")] == ["ratio", "inf", "-inf", "2.5"]
    about = (scratch / "own.csv.about.txt").read_text()
    assert "2 numbers are infinite" in about
    assert "(ratio 2)" in about
    back = read_table(scratch / "own.csv")
    assert back["ratio"].isna().tolist() == [True, True, False]
    assert back.attrs["missing"]["ratio"] == {"inf": 1, "-inf": 1}
    write_table(table, scratch / "own.xlsx")
    sheets = openpyxl.load_workbook(scratch / "own.xlsx")
    assert sheets["Data"]["C2"].value == "inf"
    assert any("2 numbers are infinite" in str(row[0].value) for row in sheets["About"])


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_of_a_csv_can_become_a_formula(scratch: Path, text: str) -> None:
    table = frame_of(text, "fine").rename(columns={"text": f"{text} heading"})
    table.index = pd.Index([text, "E01000002"], name="=code")
    write_table(table, scratch / "own.csv")
    rows = cells_of(scratch / "own.csv")
    assert rows[0] == ["'=code", f"'{text} heading"]
    assert rows[1] == [f"'{text}", f"'{text}"]
    assert rows[2] == ["E01000002", "fine"]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_are_written_as_they_are(scratch: Path, text: str) -> None:
    files = write_table(frame_of(text), scratch / "own.csv")
    assert cells_of(files[0])[1][1] == text
    assert "apostrophe" not in files[1].read_text(encoding="utf-8")


def test_numbers_stay_numbers_however_they_begin(scratch: Path) -> None:
    table = frame_of("a", "b", whole=[-5, 5], part=[-0.5, np.nan], mixed=[-1, "-1"])
    files = write_table(table, scratch / "own.csv")
    assert cells_of(files[0])[1:] == [
        ["E01000001", "a", "-5", "-0.5", "-1"],
        ["E01000002", "b", "5", "", "'-1"],
    ]


def test_what_was_guarded_is_counted_in_the_companion(scratch: Path) -> None:
    table = frame_of("=1", "+2", "c", other=["@x", "y", "z"])
    files = write_table(table.rename(columns={"other": "-other"}), scratch / "own.csv")
    about = files[1].read_text(encoding="utf-8")
    assert "3 texts begin with" in about
    assert "text 2, '-other 1" in about
    assert "So have 1 headings" in about


@pytest.mark.parametrize("text", [*DANGEROUS, "https://example.org", "mailto:a@b.c"])
def test_every_text_of_a_workbook_is_text(scratch: Path, text: str) -> None:
    write_table(frame_of(text, number=[-5]).rename(columns={"number": "=n"}), scratch / "own.xlsx")
    book = openpyxl.load_workbook(scratch / "own.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    row = [cell.data_type for cell in book["Data"][2]]
    assert row == ["s", "s", "n"]
    assert book["Data"]["C1"].value == "=n"


def test_a_workbook_holds_what_the_table_held(scratch: Path) -> None:
    table = frame_of(
        "a", "b", whole=[1, -2], part=[0.1, np.nan], yes=[True, False],
        day=pd.to_datetime(["2024-01-31", None]), long=[10**17, 1], kind=pd.Categorical(["x", "y"]),
        share=[float("inf"), 1.0],
    )  # fmt: skip
    write_table(table, scratch / "own.xlsx", sources=[Source("T", "P")], caveats=["Mind"])
    book = openpyxl.load_workbook(scratch / "own.xlsx")
    assert book.sheetnames == ["Data", "About"]
    rows = list(book["Data"].iter_rows(values_only=True))
    assert rows[0] == ("code", "text", "whole", "part", "yes", "day", "long", "kind", "share")
    assert rows[1][:5] == ("E01000001", "a", 1, 0.1, True)
    assert rows[1][5].isoformat() == "2024-01-31T00:00:00"
    assert rows[1][6:] == ("100000000000000000", "x", "inf")
    assert rows[2][3] is None
    assert rows[2][5] is None
    about = [cell.value for cell in book["About"]["A"]]
    assert "  - T (P). Open Government Licence v3.0." in about
    assert "  - Mind" in about
    again = read_table(scratch / "own.xlsx")
    np.testing.assert_array_equal(again["part"], table["part"])
    assert again.index.tolist() == table.index.tolist()


def test_the_companion_names_columns_sources_and_caveats(scratch: Path) -> None:
    source = Source(
        "Index 2025", "Ministry", file="imd.csv", sha256="ab" * 32, rows=2, notes=("repaired 3",),
        fetched="2026-01-31", url="https://example.org/imd.csv", attribution="Contains data",
    )  # fmt: skip
    table = frame_of("a", None, jobs=[1.5, np.nan], yes=[True, False])  # type: ignore[arg-type]
    files = write_table(
        table, scratch / "own.csv", title="Jobs", sources=[source], caveats=["Lockdown"],
        notes=["Summed"],
    )  # fmt: skip
    assert [file.name for file in files] == ["own.csv", "own.csv.about.txt"]
    about = files[1].read_text(encoding="utf-8").splitlines()
    assert about[0] == "Jobs"
    assert re.fullmatch(
        rf"Written by wmspatial {wm.__version__} on \d{{4}}-\d\d-\d\d \(UTC\)\.", about[1]
    )
    assert about[2] == "2 rows, 4 columns."
    for line in [
        "  code: text",
        "  text: text; 1 missing",
        "  jobs: number, jobs; 1 missing",
        "  yes: yes or no (True, False)",
        "  - Lockdown",
        "  - Summed",
        "  - Index 2025 (Ministry). Open Government Licence v3.0.",
        "    Contains data",
        f"    imd.csv, 2 rows, sha256 {'ab' * 32}",
        "    Fetched 2026-01-31 https://example.org/imd.csv",
        "    repaired 3",
    ]:
        assert line in about


def test_sources_ride_from_the_reader_to_the_companion(scratch: Path) -> None:
    (scratch / "pupils.csv").write_text("LSOA21CD,n\nE01000001,*\n", encoding="utf-8")
    table = read_table(scratch / "pupils.csv")
    about = write_table(table, scratch / "out.csv")[1].read_text(encoding="utf-8")
    assert "pupils.csv, 1 rows, sha256" in about
    assert "Licence not stated" in about


def test_a_source_cannot_pass_for_another_line(scratch: Path) -> None:
    source = Source("T\nSources\n  - Forged", "P")
    about = write_table(frame_of("a"), scratch / "own.csv", sources=[source], title="A\nB")[1]
    lines = about.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "A B"
    assert [line for line in lines if "Forged" in line] == [
        "  - T Sources - Forged (P). Open Government Licence v3.0."
    ]


@pytest.mark.parametrize("name", ["own.csv", "own.xlsx"])
def test_illustrative_data_say_so_in_every_row(scratch: Path, name: str) -> None:
    table = frame_of("a", "b", note=["mine", "too"])
    files = write_table(table, scratch / name, illustrative=True)
    again = read_table(files[0])
    assert again["illustrative note"].tolist() == [ILLUSTRATIVE] * 2
    assert again["note"].tolist() == ["mine", "too"]
    assert again.attrs["illustrative"]
    twice = write_table(again, scratch / f"again-{name}")
    pd.testing.assert_frame_equal(read_table(twice[0]), again)
    if len(files) == 2:
        assert files[1].read_text(encoding="utf-8").startswith(ILLUSTRATIVE)
        assert "note" not in read_table(write_table(frame_of("a"), scratch / name)[0]).columns


def test_shapes_are_left_out_and_said(scratch: Path) -> None:
    files = write_table(squares(lsoas(2)).assign(n=[1, 2]), scratch / "own.csv")
    assert cells_of(files[0]) == [["code", "n"], ["E01000001", "1"], ["E01000002", "2"]]
    assert "Shapes left out: geometry" in files[1].read_text(encoding="utf-8")


def test_an_index_that_only_counts_rows_is_not_written(scratch: Path) -> None:
    files = write_table(pd.DataFrame({"a": [1, 2]}), scratch / "own.csv")
    assert cells_of(files[0]) == [["a"], ["1"], ["2"]]
    several = pd.DataFrame(
        {"n": [1]}, index=pd.MultiIndex.from_tuples([("a", 2)], names=["x", None])
    )
    files = write_table(several, scratch / "own.csv")
    assert cells_of(files[0]) == [["x", "index 2", "n"], ["a", "2", "1"]]


def test_the_table_given_is_not_changed(scratch: Path) -> None:
    table = frame_of("=1", n=[1])
    before = table.copy(deep=True)
    write_table(table, scratch / "own.csv", illustrative=True)
    pd.testing.assert_frame_equal(table, before)


def test_digits_are_cut_only_where_asked(scratch: Path) -> None:
    table = frame_of("a", n=[0.1 + 0.2])
    assert cells_of(write_table(table, scratch / "own.csv")[0])[1][2] == "0.30000000000000004"
    files = write_table(table, scratch / "own.csv", digits=3)
    assert cells_of(files[0])[1][2] == "0.3"
    assert "3 significant digits" in files[1].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "name", "message"),
    [
        (frame_of("a"), "own.ods", "ends in .csv or .xlsx"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "own.csv", "more than once"),
        (frame_of("a").assign(code=1), "own.csv", r"more than once.*'code'"),
        (pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), "own.csv", "levels"),
        (frame_of("a", "b\x00"), "own.csv", "'text', row 2, holds a character"),
        (
            pd.DataFrame({"text": ["a\ud800"]}, dtype=object),
            "own.csv",
            "'text', row 1, holds a character",
        ),
        (frame_of("a" * 32_768), "own.xlsx", "32,768 characters"),
        (pd.DataFrame(np.zeros((1, 16_385))), "own.xlsx", "16,385 columns"),
        ([1, 2], "own.csv", "expected a DataFrame"),
    ],
)
def test_what_cannot_be_written_is_refused(
    scratch: Path, table: Any, name: str, message: str
) -> None:
    with pytest.raises(wm.InputError, match=message):
        write_table(table, scratch / name)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["own.csv", "own.xlsx"])
def test_nothing_is_left_of_a_table_that_could_not_be_written(
    scratch: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write_table(frame_of("old"), scratch / name)
    before = {path.name: path.read_bytes() for path in scratch.iterdir()}

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(wm.OutputError, match="No space left on device"):
        write_table(frame_of("new"), scratch / name)
    assert {path.name: path.read_bytes() for path in scratch.iterdir()} == before


def test_a_fault_half_way_through_a_csv_leaves_the_old_one(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(frame_of("old"), scratch / "own.csv")
    before = {path.name: path.read_bytes() for path in scratch.iterdir()}

    def broken(path: Path, *_: object, **__: object) -> None:
        path.write_text("half")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(export, "_write_csv", broken)
    with pytest.raises(wm.OutputError, match="Input/output error"):
        write_table(frame_of("new"), scratch / "own.csv")
    assert {path.name: path.read_bytes() for path in scratch.iterdir()} == before


def test_a_folder_that_is_not_there_or_in_the_way_is_said_so(scratch: Path) -> None:
    with pytest.raises(wm.OutputError, match="there is no folder"):
        write_table(frame_of("a"), scratch / "none" / "own.csv")
    (scratch / "own.csv.about.txt").mkdir()
    with pytest.raises(wm.OutputError, match=r"own\.csv\.about\.txt is a folder"):
        write_table(frame_of("a"), scratch / "own.csv")
    assert [path.name for path in scratch.iterdir()] == ["own.csv.about.txt"]


def test_colleagues_may_read_what_was_written(scratch: Path) -> None:
    mask = os.umask(0o022)
    try:
        files = write_table(frame_of("a"), scratch / "own.csv")
    finally:
        os.umask(mask)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o644}


def test_accents_are_shown_by_spreadsheets_and_read_by_pandas(scratch: Path) -> None:
    files = write_table(frame_of("Ynys Môn"), scratch / "own.csv")
    assert files[0].read_bytes().startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(files[0]).columns.tolist() == ["code", "text"]


TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS | st.sampled_from(DANGEROUS) | st.none(), min_size=1, max_size=6),
    data=st.data(),
)
def test_what_is_written_is_read_back_the_same(
    scratch: Path, texts: list[str | None], data: st.DataObject
) -> None:
    size = len(texts) + 1
    some = st.lists(st.integers(-(2**53), 2**53), min_size=size, max_size=size)
    many = st.lists(
        st.floats(allow_infinity=False, allow_nan=False) | st.none(), min_size=size, max_size=size
    )
    table = frame_of(
        # One text that is nothing else keeps a column of numerals from being read as numbers.
        *texts,  # type: ignore[arg-type]
        "Perry Barr",
        whole=data.draw(some),
        part=np.array(data.draw(many), dtype="float64"),
        yes=data.draw(st.lists(st.booleans(), min_size=size, max_size=size)),
    )
    files = write_table(table, scratch / "own.csv")
    again = read_table(files[0])
    assert again.index.tolist() == table.index.tolist()
    assert again["whole"].tolist() == table["whole"].tolist()
    np.testing.assert_array_equal(again["part"], table["part"])
    assert again["yes"].tolist() == table["yes"].tolist()
    assert [None if pd.isna(t) else t for t in again["text"]] == [*texts, "Perry Barr"]


@given(TEXTS | st.sampled_from(DANGEROUS))
def test_the_guard_goes_on_exactly_what_needs_it_and_comes_off_again(text: str) -> None:
    from wmspatial.sources._own_cells import needs_guard, unguarded

    written = f"'{text}" if needs_guard(text) else text
    assert unguarded(written) == text
    shown = [c for c in text if c in "\t\r\n" or unicodedata.category(c)[0] not in "ZC"]
    first = next((c for c in shown if c != "'"), "")
    assert needs_guard(text) == (
        first in {"\t", "\r", "\n", "−"}
        or unicodedata.normalize("NFKC", first)[:1] in {"=", "+", "-", "@"}
    )
    if needs_guard(text):
        assert written.startswith("'")
