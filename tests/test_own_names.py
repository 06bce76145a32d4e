"""A table of pay by the names of authorities: what the command line takes without codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from wmspatial.charts import authority_indicator
from wmspatial.cli import _read_pay
from wmspatial.errors import InputError, MissingFileError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "authority,Resident,Workplace,year,unit,source\n"
ROWS = (
    "Coventry,15.30,15.80,2021,£ an hour,Board paper\n"
    '"Bristol, City of","£1,014.50",14.20,2021,£ an hour,Board paper\n'
    "Dudley,14.10,,2021,£ an hour,Board paper\n"
    "England,16.00,16.00,2021,£ an hour,Board paper\n"
)


def put(folder: Path, text: str) -> str:
    path = folder / "pay.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("heading", ["authority", "Name", " Authority "])
def test_a_table_of_names_is_read_without_codes(tmp_path: Path, heading: str) -> None:
    table = _read_pay(put(tmp_path, HEAD.replace("authority", heading) + ROWS))
    found = authority_indicator(table, title="Pay")
    assert found.table.index.tolist() == ["Coventry", "Bristol, City of", "Dudley"]
    assert found.table["Resident"].tolist() == [15.3, 1014.5, 14.1]
    assert pd.isna(found.table["Workplace"].iloc[2])
    assert found.nations.loc["England"].tolist() == [16.0, 16.0]
    assert (found.year, found.unit, found.source) == ("2021", "£ an hour", "Board paper")
    assert found.illustrative is False
    assert found.origins[0].notes[0] == "Its source, as the table says: Board paper."


def test_lines_above_and_below_the_table_are_notes(tmp_path: Path) -> None:
    file = put(tmp_path, f"Pay\n\n{HEAD}{ROWS}\nNote: by hand\nand so on\n")
    table = _read_pay(file)
    assert table["authority"].tolist() == ["Coventry", "Bristol, City of", "Dudley", "England"]
    notes = table.attrs["source"].notes
    assert {"In the file: Pay", "In the file: Note: by hand", "In the file: and so on"} < set(notes)


def test_a_workbook_of_names_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pay.xlsx"
    pd.DataFrame({"Authority": ["Coventry", "Dudley"], "Pay": [15.3, 14.1]}).to_excel(
        path, index=False
    )
    found = authority_indicator(_read_pay(str(path)), title="Pay")
    assert found.table["Pay"].to_dict() == {"Coventry": 15.3, "Dudley": 14.1}
    assert found.source == "pay.xlsx, a table given by the analyst"


def test_codes_are_taken_where_there_are_some(tmp_path: Path) -> None:
    table = _read_pay(put(tmp_path, "code,authority,Pay\nE08000026,Coventry,15.3\n"))
    assert table.index.tolist() == ["E08000026"]


def test_what_is_no_such_table_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"in a column headed 'authority' or 'name'.*'place'"):
        _read_pay(put(tmp_path, "place,Pay\nCoventry,15.3\n"))
    with pytest.raises(InputError, match="row 3 has no name in the column 'authority'"):
        _read_pay(put(tmp_path, "authority,Pay\nCoventry,15.3\n,14.1\nDudley,13\n"))
    with pytest.raises(InputError, match=r"'fifteen'.*is no number"):
        authority_indicator(_read_pay(put(tmp_path, "name,Pay\nCoventry,fifteen\n")), title="Pay")
    with pytest.raises(MissingFileError, match="There is no file"):
        _read_pay(str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("head", "cell", "expected"),
    [
        ("illustrative", "yes", True),
        ("Illustrative", "TRUE", True),
        ("illustrative", "no", False),
        ("illustrative", "", False),
        ("remark", '"Illustrative data, not statistics"', True),
        ("source", "", False),
        ("source", "made up for the workshop", True),
        ("source", "Survey made up of 300 firms", False),
    ],
)
def test_a_table_says_that_it_is_made_up(
    tmp_path: Path, head: str, cell: str, expected: bool
) -> None:
    table = _read_pay(put(tmp_path, f"authority,Pay,{head}\nCoventry,15.3,{cell}\n"))
    found = authority_indicator(table, title="Pay")
    assert found.illustrative is expected
    assert found.table.columns.tolist() == ["Pay"]


def test_a_mark_that_is_neither_yes_nor_no_is_refused() -> None:
    table = pd.DataFrame({"Pay": [15.3], "illustrative": ["perhaps"]}, index=["Coventry"])
    with pytest.raises(InputError, match="yes or no; found 'perhaps'"):
        authority_indicator(table, title="Pay")


def test_one_authority_is_held_against_the_others_of_its_table() -> None:
    table = pd.DataFrame(
        {"Resident": [15.3, 14.1, 17.0], "Workplace": [15.8, 13.0, 14.0]},
        index=["Coventry", "Dudley", "Solihull"],
    )
    text = authority_indicator(table, title="Pay", unit="£ an hour").summary_text(["Coventry"])
    assert text == (
        "Pay. In Coventry Workplace is £15.80 an hour, 3 % above Resident (£15.30 an hour). "
        "Resident of the 3 authorities in the table goes from £14.10 an hour to £17.00 an hour; "
        "from the highest, Coventry is number 2. "
        "Workplace of the 3 authorities in the table goes from £13.00 an hour to £15.80 an hour; "
        "from the highest, Coventry is number 1."
    )
