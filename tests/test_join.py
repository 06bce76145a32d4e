"""A table meets boundaries by its codes, and nothing is lost without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wmspatial as wm
from conftest import NOTE, lsoas, squares

if TYPE_CHECKING:
    from pathlib import Path

CODES = lsoas(6)
WARDS = [f"E0500000{i}" for i in range(4)]


def pupils(codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"LSOA code": codes, "pupils": [10.0 * i for i in range(len(codes))]})


@given(st.lists(st.sampled_from(CODES), unique=True, min_size=1),
       st.lists(st.sampled_from(lsoas(9)), unique=True, min_size=1))  # fmt: skip
def test_every_area_stays_and_every_row_is_accounted_for(have: list[str], rows: list[str]) -> None:
    areas, table = squares(have), pupils(rows)
    before = areas.copy(deep=True), table.copy(deep=True)
    both = set(have) & set(rows)
    if not both:
        with pytest.raises(wm.InputError, match="not one of its"):
            wm.join(areas, table, vintage=2011, areas_vintage=2011)
        return
    frame, report = wm.join(areas, table, vintage=2011, areas_vintage=2011)
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.index.tolist() == have
    assert frame.crs == areas.crs
    values = dict(zip(table["LSOA code"], table["pupils"], strict=True))
    for code in have:
        found = frame.loc[code, "pupils"]
        assert np.isnan(found) if code not in values else found == values[code]
    assert report.matched == len(both)
    assert report.matched + len(report.areas_without_row) == len(have)
    assert report.matched + len(report.rows_without_area) == len(rows)
    assert set(report.areas_without_row) == set(have) - set(rows)
    assert set(report.rows_without_area) == set(rows) - set(have)
    assert report.missing == {"pupils": len(have) - len(both)}
    assert report.complete == (set(have) == set(rows))
    assert frame["pupils"].sum() == table.loc[table["LSOA code"].isin(have), "pupils"].sum()
    pd.testing.assert_frame_equal(areas, before[0])
    pd.testing.assert_frame_equal(table, before[1])


def test_the_report_reads_like_a_report() -> None:
    table = pupils([*CODES[:3], "E01000099"]).assign(meals=[1.0, None, 3.0, 4.0])
    table.loc[4] = [None, 5.0, 6.0]
    _, report = wm.join(squares(CODES[:4]), table, vintage=2011, areas_vintage=2011)
    assert str(report).splitlines() == [
        "3 of 4 areas (LSOA 2011) matched",
        "  1 areas have no row: E01000004",
        "  1 rows have no area: E01000099",
        "  1 rows have no code",
        "  missing values: pupils 1, meals 2",
    ]
    assert (report.areas_vintage, report.table_vintage, report.level) == (2011, 2011, "LSOA")
    assert not report.complete


def test_codes_may_stand_in_the_index_or_have_spaces_around_them() -> None:
    areas = squares(CODES)
    for table in (
        pupils(CODES).set_index("LSOA code"),
        pupils([f" {code} " for code in CODES]),
        pupils(CODES).astype({"LSOA code": "category"}),
    ):
        frame, report = wm.join(areas, table, vintage=2011, areas_vintage=2011)
        assert report.complete
        assert frame["pupils"].tolist() == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


def test_columns_can_be_chosen() -> None:
    table = pupils(CODES).assign(note="x")
    frame, report = wm.join(
        squares(CODES), table, columns=["pupils"], vintage=2011, areas_vintage=2011
    )
    assert "note" not in frame.columns
    assert list(report.missing) == ["pupils"]
    with pytest.raises(wm.InputError, match=r"no column 'meals'; found 'LSOA code', 'pupils'"):
        wm.join(squares(CODES), table, columns=["meals"], vintage=2011, areas_vintage=2011)


def test_a_code_that_stands_twice_is_refused_on_either_side() -> None:
    twice = pd.concat([pupils(CODES), pupils(CODES[:2])])
    with pytest.raises(wm.InputError, match=r"table: 2 codes stand more than once \(E01000001, E0"):
        wm.join(squares(CODES), twice, vintage=2011, areas_vintage=2011)
    with pytest.raises(wm.InputError, match=r"areas: codes stand more than once \(E01000001\)"):
        wm.join(squares([*CODES, CODES[0]]), pupils(CODES), vintage=2011, areas_vintage=2011)


def test_a_column_of_both_is_refused() -> None:
    areas = squares(CODES).assign(pupils=1)
    with pytest.raises(wm.InputError, match=r"the areas already have 'pupils'. Give suffix='_own'"):
        wm.join(areas, pupils(CODES), vintage=2011, areas_vintage=2011)


def test_a_column_of_both_is_kept_twice_where_a_suffix_is_given() -> None:
    areas = squares(CODES).assign(pupils=1)
    options = {"vintage": 2011, "areas_vintage": 2011}
    frame, report = wm.join(areas, pupils(CODES), suffix="_own", **options)
    assert frame["pupils"].eq(1).all()
    assert frame["pupils_own"].tolist() == pupils(CODES)["pupils"].tolist()
    assert report.renamed == {"pupils": "pupils_own"}
    assert "'pupils' is in both: the table's is called 'pupils_own'" in str(report)
    with pytest.raises(wm.InputError, match=r"already have 'pupils'. Give another suffix"):
        wm.join(frame, pupils(CODES), suffix="_own", **options)


def test_what_was_done_to_a_table_and_where_it_comes_from_go_on_to_the_file(
    scratch: Path,
) -> None:
    rows = "".join(f"{code},5\n" for code in CODES)
    (scratch / "own.csv").write_text(f"LSOA11CD,pupils\n{rows}")
    areas = squares(CODES)
    frame, _ = wm.join(areas, wm.read_table(scratch / "own.csv"), areas_vintage=2011)
    assert [source.title for source in frame.attrs["sources"]] == ["own"]
    assert "sources" not in areas.attrs
    wm.write_table(frame, scratch / "out.csv")
    about = (scratch / "out.csv.about.txt").read_text()
    assert f"{len(CODES)} of {len(CODES)} areas (LSOA 2011) matched" in about
    assert about.count("Census 2011: the heading 'LSOA11CD' says so.") == 1
    assert "own.csv, " in about


def test_wards_of_another_year_are_asked_about() -> None:
    frame, report = wm.join(squares(WARDS), pupils(["E05001178", *WARDS[1:]]))
    assert report.rows_without_area == ("E05001178",)
    assert "wards are redrawn nearly every year" in str(report)
    assert "  wards are" not in str(wm.join(squares(WARDS), pupils(WARDS[1:]))[1])
    assert len(frame) == len(WARDS)


def test_two_columns_of_codes_have_to_be_told_apart() -> None:
    table = pupils(CODES).assign(other=CODES[::-1])
    with pytest.raises(wm.InputError, match=r"2 columns hold codes of LSOA .* Name one with on="):
        wm.join(squares(CODES), table, vintage=2011, areas_vintage=2011)
    frame, _ = wm.join(
        squares(CODES), table, on="other", columns=["pupils"], vintage=2011, areas_vintage=2011
    )
    assert frame["pupils"].tolist() == [50.0, 40.0, 30.0, 20.0, 10.0, 0.0]


def test_a_column_of_codes_comes_before_the_index() -> None:
    # A lookup often stands on the old codes, with the new ones in a column.
    table = pupils(CODES).set_index(pd.Index(CODES[::-1], name="was"))
    frame, _ = wm.join(squares(CODES), table, vintage=2011, areas_vintage=2011)
    assert frame["pupils"].tolist() == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]


def test_a_table_without_codes_is_refused() -> None:
    table = pd.DataFrame({"name": ["Aston"], "pupils": [3]})
    with pytest.raises(wm.InputError, match="no column of area codes; found 'name', 'pupils'"):
        wm.join(squares(CODES), table)
    with pytest.raises(wm.InputError, match="no column 'code'; found 'name', 'pupils'"):
        wm.join(squares(CODES), table, on="code")
    with pytest.raises(wm.InputError, match=r"no row has a code|no column of area codes"):
        wm.join(squares(CODES), pupils([]), vintage=2011, areas_vintage=2011)


def test_codes_of_another_kind_are_refused_by_name() -> None:
    wards = pd.DataFrame({"ward": WARDS, "pupils": 1})
    with pytest.raises(wm.VintageError, match=r"no column holds codes of LSOA.*'ward' holds codes"):
        wm.join(squares(CODES), wards, vintage=2011, areas_vintage=2011)
    with pytest.raises(wm.VintageError, match="its codes are of ward, the areas' of LSOA"):
        wm.join(squares(CODES), wards, on="ward", vintage=2011, areas_vintage=2011)


@pytest.mark.parametrize(
    ("codes", "level"),
    [
        (WARDS, "ward"),
        (["E08000025", "E06000014", "W06000001", "E07000192"], "authority"),
        (["E02001871", "E02001872"], "MSOA"),
        (["S01006506", "S01006507"], "data zone"),
        (["95AA01S1", "95DD04W1"], "super output area"),
    ],
)
def test_areas_without_a_census_join_without_one(codes: list[str], level: str) -> None:
    table = pd.DataFrame({"code": codes[::-1], "people": range(len(codes))})
    frame, report = wm.join(squares(codes), table)
    assert (report.level, report.matched) == (level, len(codes))
    assert (report.areas_vintage, report.table_vintage) == (None, None)
    assert frame["people"].tolist() == list(range(len(codes)))[::-1]


def test_codes_of_both_censuses_have_to_be_declared() -> None:
    with pytest.raises(wm.VintageError, match=r"areas: .*Declare areas_vintage=2011 or areas_vin"):
        wm.join(squares(CODES), pupils(CODES))
    with pytest.raises(wm.VintageError, match=r"table: .*Declare vintage=2011.*crosswalk") as error:
        wm.join(squares(CODES), pupils(CODES), areas_vintage=2021)
    assert "LSOA 2011 to LSOA 2021 crosswalk" in str(error.value)


def test_2011_does_not_meet_2021() -> None:
    with pytest.raises(wm.VintageError, match="LSOAs are of 2011, those of the areas of 2021") as e:
        wm.join(squares(CODES), pupils(CODES), vintage=2011, areas_vintage=2021)
    assert "crosswalk" in str(e.value)
    new = [*CODES[:2], "E01034000"]
    with pytest.raises(wm.VintageError, match="are of 2021, those of the areas of 2011"):
        wm.join(squares(CODES), pupils(new), areas_vintage=2011)
    with pytest.raises(wm.VintageError, match="declared as LSOAs of 2011, but"):
        wm.join(squares(CODES), pupils(new), vintage=2011, areas_vintage=2011)


def test_the_official_lookup_tells_the_census() -> None:
    crosswalk = pd.DataFrame({"lsoa11": [CODES[0], CODES[1]], "lsoa21": [CODES[0], "E01034000"]})
    _, report = wm.join(squares(CODES), pupils(CODES), areas_vintage=2011, crosswalk=crosswalk)
    assert report.table_vintage == 2011
    with pytest.raises(wm.VintageError, match="table: its LSOAs are of 2011"):
        wm.join(squares([CODES[0], "E01034000"]), pupils(CODES), crosswalk=crosswalk)
    with pytest.raises(wm.VintageError, match="2011 and of 2021 stand in one table"):
        wm.join(squares(CODES), pupils([*CODES, "E01034000"]), areas_vintage=2011,
                crosswalk=crosswalk)  # fmt: skip


def test_no_areas_are_refused() -> None:
    with pytest.raises(wm.InputError, match="areas: there are none"):
        wm.join(squares([]), pupils(CODES))


def test_the_mark_of_illustrative_data_and_the_vintage_stay_on_the_frame(
    sample: wm.Dataset,
) -> None:
    table = pd.DataFrame({"code": sample.areas.index, "pupils": 1})
    frame, report = wm.join(sample.areas, table, vintage=2011)
    assert report.complete
    assert frame.attrs["vintage"] == 2011
    assert frame.columns.name == NOTE


# -- official tables -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imd2019(data_dir: Path) -> pd.DataFrame:
    """Read a table of 2011 as an analyst has it: LSOAs of the seven."""
    table = pd.read_csv(data_dir / "wmca_2011/imd2019_lsoa11.csv")
    code = next(c for c in table.columns if table[c].astype("str").str.match("E01").all())
    rank = next(c for c in table.columns if c.casefold() == "imd_rank")
    return table[[code, rank]].set_axis(["code", "rank 2019"], axis=1)


@pytest.mark.xdist_group("official")
def test_a_table_of_2011_meets_boundaries_of_2011(
    imd2019: pd.DataFrame, real_2011: wm.Dataset
) -> None:
    frame, report = wm.join(real_2011.areas, imd2019)
    assert report.complete
    assert (report.matched, report.table_vintage) == (1_680, 2011)
    assert frame.index.equals(real_2011.areas.index)


@pytest.mark.xdist_group("official")
def test_a_table_of_2011_is_refused_by_boundaries_of_2021(
    imd2019: pd.DataFrame, real_2021: wm.Dataset
) -> None:
    plain = real_2021.areas[["geometry"]].join(imd2019.set_index("code"))
    assert 0 < plain["rank 2019"].isna().sum() < 100
    with pytest.raises(wm.VintageError, match=r"of 2011, those of the areas of 2021.*crosswalk"):
        wm.join(real_2021.areas, imd2019)
    with pytest.raises(wm.VintageError, match=r"declared as LSOAs of 2021, but .* 2011 only"):
        wm.join(real_2021.areas, imd2019, vintage=2021)


@pytest.mark.xdist_group("official")
def test_a_classified_frame_knows_the_census_as_its_areas_do(
    imd2019: pd.DataFrame, real_2021: wm.Dataset
) -> None:
    frame = wm.classify(real_2021).frame
    with pytest.raises(wm.VintageError, match=r"of 2011, those of the areas of 2021.*crosswalk"):
        wm.join(frame, imd2019)
    with pytest.raises(wm.VintageError, match=r"declared as LSOAs of 2021, but .* 2011 only"):
        wm.join(frame, imd2019, vintage=2021)


@pytest.mark.xdist_group("official")
def test_solihulls_codes_are_in_both_and_have_to_be_declared(
    imd2019: pd.DataFrame, real_2011: wm.Dataset, real_2021: wm.Dataset
) -> None:
    codes = real_2011.areas.index[real_2011.areas["authority"] == "Solihull"]
    assert set(codes) == set(real_2021.areas.index[real_2021.areas["authority"] == "Solihull"])
    solihull = imd2019[imd2019["code"].isin(codes)]
    for areas, vintage in ((real_2011.areas, 2011), (real_2021.areas, 2021)):
        with pytest.raises(wm.VintageError, match=r"Declare vintage=2011 or vintage=2021"):
            wm.join(areas.loc[codes], solihull)
        _, report = wm.join(areas.loc[codes], solihull, vintage=vintage)
        assert report.complete
        assert report.matched == 134
    with pytest.raises(wm.VintageError, match="crosswalk"):
        wm.join(real_2021.areas.loc[codes], solihull, vintage=2011)


@pytest.mark.xdist_group("official")
def test_ward_tables_meet_ward_boundaries(data_dir: Path) -> None:
    wards = gpd.read_file(data_dir / "wmca_2021/ward25_bgc.geojson").set_index("WD25CD")
    lookup = pd.read_csv(data_dir / "wmca_2021/lookup_lsoa21_msoa21_ward24_lad24.csv")
    code = next(c for c in lookup.columns if lookup[c].astype("str").str.match("E05").all())
    counts = lookup.groupby(code).size().rename("lsoas").reset_index()
    frame, report = wm.join(wards[["geometry"]], counts)
    assert report.matched == 192
    assert report.level == "ward"
    assert frame["lsoas"].sum() == 1_719


def test_an_index_of_codes_comes_before_another_column_of_codes() -> None:
    areas = squares(lsoas(4))
    table = pd.DataFrame(
        {"nearest": lsoas(4)[::-1], "pupils": [1, 2, 3, 4]}, index=pd.Index(lsoas(4), name="code")
    )
    frame, report = wm.join(areas, table, vintage=2011, areas_vintage=2011)
    assert frame["pupils"].tolist() == [1, 2, 3, 4]
    assert frame["nearest"].tolist() == lsoas(4)[::-1]
    assert report.matched == 4


def test_the_census_that_a_reader_found_need_not_be_said_again() -> None:
    areas = squares(lsoas(4))
    table = pd.DataFrame({"pupils": [1, 2]}, index=pd.Index(lsoas(2), name="code"))
    table.attrs["vintage"] = 2011
    assert wm.join(areas, table, areas_vintage=2011)[1].table_vintage == 2011
    with pytest.raises(wm.VintageError, match="of 2011"):
        wm.join(areas, table, areas_vintage=2021)
    table.attrs["vintage"] = 2001
    with pytest.raises(wm.VintageError):
        wm.join(areas, table, areas_vintage=2011)
