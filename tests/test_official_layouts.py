"""Layouts of which no file is at hand are read too: made-up rows under the real headings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.sources.reading import read_official, recognise
from wmspatial.sources.reading._finding import layouts
from wmspatial.sources.reading._layouts_iod import LAYOUTS as IOD

Write = Callable[[pd.DataFrame], Path]

TS021 = [
    "Ethnic group: Total: All usual residents",
    "Ethnic group: Asian, Asian British or Asian Welsh",
    "Ethnic group: Asian, Asian British or Asian Welsh: Bangladeshi",
    "Ethnic group: Black, Black British, Black Welsh, Caribbean or African",
    "Ethnic group: Mixed or Multiple ethnic groups",
    "Ethnic group: White",
    "Ethnic group: Other ethnic group",
]
KS201 = [
    "Ethnic Group: All usual residents; measures: Value",
    "Ethnic Group: White; measures: Value",
    "Ethnic Group: White: Irish; measures: Value",
    "Ethnic Group: Mixed/multiple ethnic groups; measures: Value",
    "Ethnic Group: Asian/Asian British; measures: Value",
    "Ethnic Group: Black/African/Caribbean/Black British; measures: Value",
    "Ethnic Group: Other ethnic group; measures: Value",
]
STATUS = "Economic activity status"
TS066 = {
    f"{STATUS}: Total: All usual residents aged 16 years and over": 100,
    f"{STATUS}: Economically active (excluding full-time students)": 60,
    f"{STATUS}: Economically active (excluding full-time students):In employment": 55,
    f"{STATUS}: Economically active (excluding full-time students): Unemployed": 5,
    f"{STATUS}: Economically active and a full-time student": 10,
    f"{STATUS}: Economically active and a full-time student:In employment": 8,
    f"{STATUS}: Economically active and a full-time student: Unemployed": 2,
    f"{STATUS}: Economically inactive": 30,
    f"{STATUS}: Economically inactive: Retired": 20,
}
MODES = [
    "Work mainly at or from home", "Underground, metro, light rail, tram", "Train",
    "Bus, minibus or coach", "Taxi", "Motorcycle, scooter or moped", "Driving a car or van",
    "Passenger in a car or van", "Bicycle", "On foot", "Other method of travel to work",
]  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a made-up table as CSV."""

    def to_file(table: pd.DataFrame) -> Path:
        path = tmp_path / "made_up.csv"
        table.to_csv(path, index=False)
        return path

    return to_file


def bulk(year: int, columns: dict[str, Sequence[Any]], **more: Any) -> pd.DataFrame:
    """Make a Nomis bulk file of two neighbourhoods."""
    head = {
        "date": [year] * 2,
        "geography": ["City of London 001A", "City of London 001B"],
        "geography code": ["E01000001", "E01000002"],
    }
    return pd.DataFrame(head | more | columns)


def test_a_bulk_file_of_ethnicity_2021_is_read_with_its_sub_groups_left_out(write: Write) -> None:
    values = [[100, 90], [20, 10], [5, 5], [10, 10], [10, 10], [50, 50], [10, 10]]
    path = write(bulk(2021, dict(zip(TS021, values, strict=True))))
    assert recognise(path).dataset == "ts021-lsoa21"
    table = read_official(path)
    groups = table[["residents", "asian", "black", "mixed", "white", "other"]]
    assert groups.to_numpy().tolist() == [[100, 20, 10, 10, 50, 10], [90, 10, 10, 10, 50, 10]]


def test_a_bulk_file_whose_groups_do_not_add_up_is_refused(write: Write) -> None:
    values = [[100, 91], [20, 10], [5, 5], [10, 10], [10, 10], [50, 50], [10, 10]]
    with pytest.raises(wm.InputError, match=r"residents is not the sum of .* row 3 first"):
        read_official(write(bulk(2021, dict(zip(TS021, values, strict=True)))))


def test_a_bulk_file_of_ethnicity_2011_is_read_and_has_to_be_of_all_areas(write: Write) -> None:
    values = [[100, 90], [60, 50], [9, 9], [10, 10], [10, 10], [10, 10], [10, 10]]
    columns = dict(zip(KS201, values, strict=True))
    table = read_official(write(bulk(2011, columns, **{"Rural Urban": ["Total"] * 2})))
    assert table.attrs["dataset"] == "ks201ew-lsoa11"
    assert table["white"].tolist() == [60, 50]
    with pytest.raises(wm.InputError, match=r"'Rural Urban'.*not Total, row 3"):
        read_official(write(bulk(2011, columns, **{"Rural Urban": ["Total", "Urban"]})))


def test_a_bulk_file_of_another_year_is_refused(write: Write) -> None:
    values = [[100, 90], [20, 10], [5, 5], [10, 10], [10, 10], [50, 50], [10, 10]]
    with pytest.raises(wm.InputError, match="'date': 2 are not 2021"):
        read_official(write(bulk(2011, dict(zip(TS021, values, strict=True)))))


def test_economic_activity_2021_is_read(write: Write) -> None:
    path = write(bulk(2021, {heading: [n, n] for heading, n in TS066.items()}))
    table = read_official(path)
    assert table.attrs["dataset"] == "ts066-lsoa21"
    assert table.loc[0, ["residents_16_plus", "unemployed", "economically_inactive"]].tolist() == [
        100, 5, 30,
    ]  # fmt: skip


def test_economic_activity_2011_is_read(write: Write) -> None:
    topic = "Economic Activity"
    values = {
        f"{topic}: All usual residents aged 16 to 74; measures: Value": 100,
        f"{topic}: Economically active; measures: Value": 70,
        f"{topic}: Economically active: In employment; measures: Value": 60,
        f"{topic}: Economically active: Unemployed; measures: Value": 5,
        f"{topic}: Economically inactive: Retired; measures: Value": 10,
    }
    table = read_official(write(bulk(2011, {heading: [n, n] for heading, n in values.items()})))
    assert table.attrs["dataset"] == "ks601ew-lsoa11"
    assert table["employed"].tolist() == [60, 60]


def test_commuting_2011_by_sex_is_read(write: Write) -> None:
    rows = [
        ["E02000001", "E02000001", 10, 6, 4],
        ["E02000001", "OD0000001", 5, 2, 3],
        ["E02000002", "S92000003", 1, 1, 0],
    ]
    headings = ["Area of residence", "Area of workplace", "All categories: Sex", "Male", "Female"]
    table = read_official(write(pd.DataFrame(rows, columns=headings)))
    assert table.attrs["dataset"] == "wu01ew-msoa11"
    assert list(table.columns) == ["origin", "destination", "people"]
    assert table["people"].sum() == 16


def test_commuting_2011_by_method_has_to_add_up(write: Write) -> None:
    headings = [
        "Area of residence", "Area of workplace", "All categories: Method of travel to work",
        *MODES,
    ]  # fmt: skip
    pair = ["E02000001", "E02000002"]
    table = read_official(write(pd.DataFrame([[*pair, 66, *range(1, 12)]], columns=headings)))
    assert table.loc[0, ["people", "at_home", "on_foot"]].tolist() == [66, 1, 10]
    with pytest.raises(wm.InputError, match="people is not the sum of"):
        read_official(write(pd.DataFrame([[*pair, 67, *range(1, 12)]], columns=headings)))


def test_commuting_2021_by_msoa_is_read_as_that_by_authority(write: Write) -> None:
    headings = [
        "Middle layer Super Output Areas code", "Middle layer Super Output Areas label",
        "MSOA of workplace code", "MSOA of workplace label",
        "Place of work indicator (4 categories) code",
        "Place of work indicator (4 categories) label", "Count",
    ]  # fmt: skip
    here = ["E02000001", "City of London 001"]
    home, away = "Mainly working at or from home", "Working in the UK but not working at home"
    rows = [
        [*here, "-8", "Does not apply", "-8", "Does not apply", 900],
        [*here, *here, "1", home, 50],
        [*here, *here, "3", away, 40],
        [*here, "S02001581", "Leith", "3", away, 2],
    ]
    table = read_official(write(pd.DataFrame(rows, columns=headings)))
    assert table.attrs["dataset"] == "odwp01ew-msoa21"
    assert table.set_index("destination")["people"].to_dict() == {
        "111111111": 50, "E02000001": 40, "S02001581": 2,
    }  # fmt: skip


def test_moves_2021_by_msoa_are_read_and_codes_of_northern_ireland_put_right(write: Write) -> None:
    headings = [
        "Migrant MSOA one year ago code", "Migrant MSOA one year ago label",
        "Middle layer Super Output Areas code", "Middle layer Super Output Areas label", "Count",
    ]  # fmt: skip
    here = ["E02000001", "City of London 001"]
    rows = [
        ["-8", "Does not apply", *here, 800],
        ["999999999", "Outside the UK", *here, 30],
        ["E02000002", "Barking and Dagenham 001", *here, 3],
        ["N99999912", "Somewhere", *here, 1],
    ]
    table = read_official(write(pd.DataFrame(rows, columns=headings)))
    assert table["origin"].tolist() == ["999999999", "E02000002", "N09000011"]
    notes = " ".join(table.attrs["source"].notes)
    assert "1 rows, 800 people" in notes
    assert "districts of Northern Ireland put right: 1 rows" in notes


def long(categories: Sequence[str], column: str, values: Sequence[int]) -> pd.DataFrame:
    """Make an answer of the Nomis API: one row an area and category."""
    areas = {"E01000001": "City of London 001A", "E01000002": "City of London 001B"}
    return pd.DataFrame(
        [
            {"GEOGRAPHY_CODE": area, "GEOGRAPHY_NAME": name, column: category, "OBS_VALUE": value}
            for area, name in areas.items()
            for category, value in zip(categories, values, strict=True)
        ]
    )


def test_an_answer_of_the_nomis_api_becomes_one_row_an_area(write: Write) -> None:
    groups = [
        "All usual residents", "White", "Mixed/multiple ethnic groups", "Asian/Asian British",
        "Black/African/Caribbean/Black British", "Other ethnic group",
    ]  # fmt: skip
    table = read_official(write(long(groups, "CELL_NAME", [100, 60, 10, 10, 10, 10])))
    assert table.attrs["dataset"] == "ks201ew-lsoa11"
    assert table.loc[1, ["code", "name", "residents", "white"]].tolist() == [
        "E01000002", "City of London 001B", 100, 60,
    ]  # fmt: skip
    active = ["All usual residents aged 16 to 74", "Economically active"]
    work = read_official(write(long(active, "CELL_NAME", [100, 60])))
    assert work.attrs["dataset"] == "ks601ew-lsoa11"
    assert work["economically_active"].tolist() == [60, 60]
    with pytest.raises(wm.InputError, match="do not add up to residents"):
        read_official(write(long(groups, "CELL_NAME", [101, 60, 10, 10, 10, 10])))


def test_an_answer_that_nomis_cut_off_is_refused(write: Write) -> None:
    answer = long(["Employment"], "EMPLOYMENT_STATUS_NAME", [35]).assign(RECORD_COUNT=34753)
    with pytest.raises(wm.InputError, match=r"34,753 records, 2 are there"):
        read_official(write(answer))
    whole = read_official(write(answer.assign(RECORD_COUNT=2)))
    assert whole.attrs["dataset"] == "bres-lsoa11"
    assert whole["jobs"].tolist() == [35, 35]


def test_the_population_survey_is_read_long_and_the_suppressed_is_missing(write: Write) -> None:
    answer = pd.DataFrame({
        "DATE_NAME": ["Jan 2023-Dec 2023"] * 2, "GEOGRAPHY_CODE": ["E08000025"] * 2,
        "GEOGRAPHY_NAME": ["Birmingham"] * 2, "VARIABLE_NAME": ["Employment rate - aged 16-64"] * 2,
        "MEASURES_NAME": ["Variable", "Confidence"], "OBS_VALUE": ["66.1", "#"],
    })  # fmt: skip
    table = read_official(write(answer))
    assert table.attrs["dataset"] == "aps-ethnicity"
    assert table["value"].isna().tolist() == [False, True]


@pytest.mark.parametrize("edition", [2015, 2019, 2025])
def test_file_7_of_each_edition_is_read_in_full(edition: int, write: Write) -> None:
    layout = next(x for x in IOD if x.dataset == f"iod{edition}-file7")
    values: dict[str, Any] = {
        "code": "E01000001", "name": "City of London 001A", "authority_code": "E09000001",
        "authority": "City of London", "residents": 100, "residents_0_15": 20,
        "residents_16_59": 50, "residents_60_plus": 30, "working_age": 60,
    }  # fmt: skip
    row = {
        f.headings[0]: values.get(f.column.name, {"rank": 1, "decile": 1}.get(f.column.kind, 9.5))
        for f in layout.fields
    }
    path = write(pd.DataFrame([row]))
    assert recognise(path).dataset == f"iod{edition}-file7"
    table = read_official(path)
    assert table.loc[0, ["deprivation_score", "idaci_rank", "working_age"]].tolist() == [9.5, 1, 60]


def test_the_index_of_2010_is_read(write: Write) -> None:
    table = pd.DataFrame({
        "LSOA CODE": ["E01006559", "E01000001"], "PRE 2009 LA CODE": ["00BY", "00AA"],
        "PRE 2009 LA NAME": ["Liverpool", "City of London"], "POST 2009 LA CODE": ["00BY", "00AA"],
        "POST 2009 LA NAME": ["Liverpool", "City of London"], "GOR CODE": ["B", "H"],
        "GOR NAME": ["North West", "London"], "IMD SCORE": [87.8, 6.16],
        "RANK OF IMD SCORE (where 1 is most deprived)": [1, 28814],
    })  # fmt: skip
    read = read_official(write(table))
    assert read.attrs["dataset"] == "iod2010-imd"
    table["IMD SCORE"] = [6.16, 87.8]
    with pytest.raises(wm.InputError, match="do not run against each other"):
        read_official(write(table))


def test_a_lookup_by_output_area_becomes_one_row_a_neighbourhood(write: Write) -> None:
    table = pd.DataFrame({
        "OA21CD": ["E00000001", "E00000003"], "LSOA21CD": ["E01000001"] * 2,
        "LSOA21NM": ["City of London 001A"] * 2, "LSOA21NMW": [""] * 2,
        "MSOA21CD": ["E02000001"] * 2, "MSOA21NM": ["City of London 001"] * 2,
        "LAD22CD": ["E09000001"] * 2, "LAD22NM": ["City of London"] * 2, "ObjectId": [1, 2],
    })  # fmt: skip
    read = read_official(write(table))
    assert read.attrs["dataset"] == "lsoa21-msoa21-lad"
    assert read[["code", "zone", "authority_code"]].to_numpy().tolist() == [
        ["E01000001", "E02000001", "E09000001"]
    ]
    assert "one row an LSOA: 1 of 2 rows by output area" in read.attrs["source"].notes


def test_wards_of_2024_from_the_portal_are_read(write: Write) -> None:
    table = pd.DataFrame({
        "LSOA21CD": ["E01008881"], "LSOA21NM": ["Birmingham 067A"], "WD24CD": ["E05011121"],
        "WD24NM": ["Aston"], "LAD24CD": ["E08000025"], "LAD24NM": ["Birmingham"], "FID": [1],
    })  # fmt: skip
    assert read_official(write(table)).attrs["dataset"] == "lsoa21-ward24"


def test_a_table_beside_other_files_in_a_zip_is_found(write: Write, tmp_path: Path) -> None:
    table = write(pd.DataFrame({"areacd": ["E02001827"], "resident": [9], "workday": [5],
                                "home": [1], "within": [2]}))  # fmt: skip
    path = tmp_path / "made_up.zip"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("again.csv", table.read_bytes())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("guide.txt", "Guidance, with a comma, and no table.")
        archive.writestr("guide.zip", inner.getvalue())
        archive.writestr("table.csv", table.read_bytes())
    found = recognise(path)
    assert (found.dataset, found.form) == ("jobs2011-msoa11", "csv in zip")


def test_no_two_layouts_are_the_same() -> None:
    names = [layout.name for layout in layouts()]
    assert len(set(names)) == len(names)
