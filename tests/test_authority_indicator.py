"""An indicator by authority says what its numbers say, whoever brings them, and of which year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.charts import AuthorityIndicator, authority_indicator
from wmspatial.charts._indicator_pairs import hold_together
from wmspatial.charts._indicator_words import above

if TYPE_CHECKING:
    from pathlib import Path

SEVEN = ["Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton"]
RESIDENTS = "official/pay/ashe_table_8_1a_weekly_pay_gross_residence_2023.xls"
JOBS = "official/pay/ashe_table_7_1a_weekly_pay_workplace_2019_ons_article.csv"


def published(table: pd.DataFrame, dataset: str, year: int) -> pd.DataFrame:
    """Mark a table as a reader of official tables does."""
    source = wm.Source(f"A table of {year}", "Office for National Statistics", dataset=dataset)
    table.attrs.update(dataset=dataset, source=source)
    return table


def ashe(dataset: str, values: list[float], year: int = 2016) -> pd.DataFrame:
    codes = ["E92000001", "E12000005", "E08000026", "E08000027"]
    names = ["England ", "West Midlands", "Coventry MC", "Dudley"]
    return published(
        pd.DataFrame({"code": codes, "name": names, "median": values, "mean": values}),
        dataset,
        year,
    )


# -- the paper's four figures ----------------------------------------------------------------------


def test_the_board_papers_pay_is_25_and_38_per_cent_apart() -> None:
    # Workplace pay £13.08 an hour in Coventry and £10.50 in Dudley, 25 per cent; resident pay
    # £14.11 in Solihull and £10.23 in Wolverhampton, 38 per cent: the paper of January 2018.
    assert above(13.08, 10.50) == "25 % above"
    assert above(14.11, 10.23) == "38 % above"
    jobs = authority_indicator(
        {"Dudley": 10.50, "Coventry": 13.08}, title="Pay of jobs an hour", unit="£", year=2016
    )
    assert jobs.summary_text() == (
        "Pay of jobs an hour, 2016: highest in Coventry (£13.08), 25 % above the lowest, in Dudley "
        "(£10.50)."
    )


def test_numbers_next_to_each_other_are_not_called_equal() -> None:
    assert above(100.3, 100.0) == "under 1 % above"


# -- an analyst's own table ------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["index", "authority", "code"])
def test_authorities_stand_in_the_index_or_in_a_column(where: str) -> None:
    table = pd.DataFrame({"Pay": [13.08, 10.50, 12.0]})
    if where == "index":
        table.index = pd.Index(["Coventry", "Dudley", "England"])
    elif where == "authority":
        table["Authority"] = ["Coventry", "Dudley", "England"]
    else:
        table["code"] = ["E08000026", "E08000027", "E92000001"]
        table["name"] = ["Coventry", "Dudley", "England"]
    found = authority_indicator(table, title="Pay", unit="£")
    assert found.table["Pay"].to_dict() == {"Coventry": 13.08, "Dudley": 10.50}
    assert found.nations["Pay"].to_dict() == {"England": 12.0}
    assert found.find(["E08000027"] if where == "code" else ["dudley"]) == ["Dudley"]
    assert "England has £12.00; 1 of 2 are below it and 1 above." in found.summary_text()


def test_columns_say_the_year_the_unit_and_the_source_of_the_whole_table() -> None:
    table = pd.DataFrame(
        {"Pay": [13.08, 10.5], "year": [2016.0, None], "unit": "£ an hour", "source": "Paper"},
        index=["Coventry", "Dudley"],
    )
    found = authority_indicator(table, title="Pay")
    assert (found.heading, found.unit, found.source) == ("Pay, 2016", "£ an hour", "Paper")
    assert "Coventry (£13.08 an hour)" in found.summary_text()
    drawn = found.chart().figure.axes[0]
    assert {t.get_text() for t in drawn.texts} == {"£13.08", "£10.50"}
    assert drawn.get_xlabel() == "£ an hour"


def test_a_table_that_was_read_brings_its_nation_along(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_text(
        "authority_code,authority,Resident,Workplace,year\nE08000026,Coventry,12,13.08,2016\n"
        "E08000027,Dudley,11.5,10.5,2016\nE92000001,England,12.5,12.5,2016\n"
    )
    found = authority_indicator(wm.read_table(path), title="Pay", unit="£")
    assert found.nations.loc["England"].tolist() == [12.5, 12.5]
    assert found.year == "2016"
    text = found.summary_text()
    assert "Resident is above Workplace in 1 of 2 and below it in 1" in text
    assert "the gap is widest in Coventry, where Workplace is £13.08, 9 % above Resident" in text


def test_groups_say_where_they_lie_farthest_apart_and_what_is_not_published() -> None:
    table = pd.DataFrame(
        {"White": [75.0, 78.0], "Asian": [58.0, 66.0], "Black": [61.0, None]},
        index=["Birmingham", "Solihull"],
    )
    found = authority_indicator(table, title="Employment rate", unit="%")
    text = found.summary_text()
    assert "The groups lie farthest apart in Birmingham: White 75 %, Asian 58 %." in text
    assert "No figure of Black is published for Solihull." in text
    assert "Black: 61 % in Birmingham." in text
    assert len(found.chart().figure.axes[0].patches) == 6


def test_many_authorities_are_not_all_drawn_and_ours_are_placed_among_them() -> None:
    pay = {f"Place {n}": 100.0 + n for n in range(60)}
    found = authority_indicator(pay, title="Pay", unit="£")
    chart = found.chart(["Place 3", "Place 50"])
    assert len(chart.figure.axes[0].patches) == 2
    text = found.summary_text(["Place 3", "Place 50"])
    assert "Place 50 is number 10 and Place 3 number 57 of 60 authorities in the table." in text


def test_everything_the_same_is_said_so() -> None:
    table = pd.DataFrame({"A": [1.0, 1.0], "B": [1.0, 1.0]}, index=["x", "y"])
    text = authority_indicator(table, title="T").summary_text()
    assert text == "T. A: 1 everywhere. B: 1 everywhere. A and B are the same everywhere."


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        ([1.0], {}, "expected authorities by measures as a DataFrame"),
        ({}, {}, "there is no number in it"),
        ({"Dudley": "much"}, {}, "'much' (Dudley, value) is no number"),
        ({"England": 1.0}, {}, "there is no authority in it, only nations"),
        ({"E01000001": 1.0}, {}, "no row has the code of an authority, such as E08000026"),
        ({"Dudley": 1.0}, {"title": " "}, "title: say what the numbers are"),
        ({"Dudley": 1.0}, {"measures": "valeu"}, "'valeu' is not in the table. Nearest: value."),
        (pd.DataFrame({"a": [1, 2], "year": [2016, 2017]}, index=["x", "y"]), {},
         "its rows are of different years (2016, 2017)"),
        (pd.DataFrame({"a 2019": [1], "b 2023": [2]}, index=["x"]), {},
         "its columns are of different years (a 2019, b 2023)"),
        (pd.DataFrame({"a": [1], "year": [2016]}, index=["x"]), {"year": 2017},
         "year=2017: the table says that it is of 2016"),
        (pd.DataFrame({"a": [1, 2]}, index=["x", "x "]), {}, "x stands more than once"),
    ],
)  # fmt: skip
def test_what_is_no_such_table_is_refused(data: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(wm.InputError) as error:
        authority_indicator(data, **({"title": "T"} | options))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_authorities_that_are_not_there_are_refused_with_the_nearest() -> None:
    found = authority_indicator({"Coventry": 1.0, "Dudley": 2.0}, title="T")
    with pytest.raises(wm.InputError, match="Nearest: Coventry"):
        found.chart(["Coventri"])


# -- pay as it is published ------------------------------------------------------------------------


def test_two_tables_of_one_year_and_base_are_held_against_each_other() -> None:
    home = authority_indicator(ashe("ashe-residence", [500.0, 1, 480.0, 460.0]))
    work = authority_indicator(ashe("ashe-workplace", [500.0, 1, 520.0, 430.0]))
    [both], reason = hold_together([home, work], "Pay")
    assert reason == ""
    assert both.table.loc["Coventry"].tolist() == [480.0, 520.0]
    assert list(both.table.columns) == ["Residents", "Jobs"]
    assert len(both.origins) == 2
    assert "Residents is above Jobs in 1 of 2" in both.summary_text()
    assert both.nation()[0] == "England"


@pytest.mark.parametrize(
    ("year", "measures", "said"),
    [(2019, None, "different years (2016 and 2019)"), (2016, "mean", "different bases")],
)
def test_two_tables_of_other_years_or_bases_stay_apart(
    year: int, measures: str | None, said: str
) -> None:
    values = [500.0, 1, 480.0, 460.0]
    home = authority_indicator(ashe("ashe-residence", values))
    work = authority_indicator(ashe("ashe-workplace", values, year), measures=measures)
    found, reason = hold_together([home, work], "Pay")
    assert len(found) == 2
    assert said in reason
    assert "nothing can be read from one against the other" in reason


def test_a_table_without_a_year_is_held_against_none() -> None:
    one = authority_indicator({"Dudley": 1.0}, title="Jobs")
    other = authority_indicator({"Dudley": 2.0}, title="Residents", year=2016)
    assert "not known to be the same" in hold_together([one, other], "Pay")[1]


def test_regions_are_left_out_and_counted() -> None:
    found = authority_indicator(ashe("ashe-residence", [500.0, 1, 480.0, 460.0]))
    assert list(found.table.index) == ["Coventry", "Dudley"]
    assert "1 rows of regions, counties and the like were left out." in found.notes
    assert found.codes == {"Coventry": "E08000026", "Dudley": "E08000027"}


def test_the_published_files_of_pay_are_taken_and_never_put_into_one_chart(data_dir: Path) -> None:
    home = authority_indicator(wm.read_official(data_dir / RESIDENTS))
    work = authority_indicator(wm.read_official(data_dir / JOBS))
    assert (home.year, work.year) == ("2023", "2019")
    assert "2023 stands in the name of its file" in " ".join(home.notes)
    assert home.find(SEVEN) == work.find(SEVEN) == SEVEN
    assert "highest in Solihull (£638.50)" in home.summary_text(SEVEN)
    assert "England has £576.90" in home.summary_text(SEVEN)
    # Wales and Scotland are rows of the second table, and no measure for places in England.
    assert work.nation() == ("", None)
    found, reason = hold_together([home, work], "Pay")
    assert len(found) == 2
    assert "different years (2023 and 2019)" in reason


# -- the Annual Population Survey ------------------------------------------------------------------


def survey(periods: tuple[str, ...] = ("Jan 2023-Dec 2023",)) -> pd.DataFrame:
    rows = [
        (code, name, period, f"Employment rate - {group}", measure, value)
        for period in periods
        for code, name, rate in (("E92000001", "England", 75), ("E08000025", "Birmingham", 66),
                                 ("E08000029", "Solihull", 77))
        for group, less in (("all", 0.0), ("ethnic minority", 9.5))
        for measure, value in (("Variable", rate - less), ("Confidence", 2 + less / 2))
    ]  # fmt: skip
    columns = ["code", "name", "period", "variable", "measure", "value"]
    return published(pd.DataFrame(rows, columns=columns), "aps-ethnicity", 2023)


def test_the_survey_is_spread_into_groups_with_its_margin_said() -> None:
    names = {"Employment rate - all": "All", "Employment rate - ethnic minority": "Minorities"}
    found = authority_indicator(survey(), title="Employment rate", measures=names)
    assert found.table.loc["Birmingham"].to_dict() == {"All": 66.0, "Minorities": 56.5}
    assert found.nations.loc["England", "Minorities"] == 65.5
    assert found.year == "Jan 2023-Dec 2023"
    assert found.unit == "%"
    assert any("95 % interval is up to 6.8 points either side" in note for note in found.notes)


def test_the_survey_of_several_periods_asks_for_one() -> None:
    table = survey(("Jan 2022-Dec 2022", "Jan 2023-Dec 2023"))
    with pytest.raises(wm.InputError, match=r"several periods .* Name one with year="):
        authority_indicator(table, title="T")
    found = authority_indicator(table, title="T", year="Jan 2022-Dec 2022")
    assert found.year == "Jan 2022-Dec 2022"
    with pytest.raises(wm.InputError, match="the table has Jan 2022-Dec 2022, Jan 2023-Dec 2023"):
        authority_indicator(table, title="T", year="2021")


def test_the_survey_without_the_figure_itself_is_refused() -> None:
    table = survey()
    only = published(table[table["measure"] == "Confidence"].copy(), "aps-ethnicity", 2023)
    with pytest.raises(wm.InputError, match="no row has the measure 'Variable'"):
        authority_indicator(only, title="T")


# -- the drawing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [8.2, 3.9])
@pytest.mark.parametrize("kind", ["bars", "dumbbell", "groups", "index"])
def test_no_number_lies_on_a_name_or_off_the_sheet(kind: str, width: float) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    columns = {"bars": 1, "index": 1, "dumbbell": 2, "groups": 3}[kind]
    values = np.array([[14.11, 12.9, 11.0], [10.23, 13.08, 12.0], [10.5, np.nan, 9.0]])
    table = pd.DataFrame(
        values[:, :columns], columns=list("ABC")[:columns],
        index=["Kingston upon Hull, City of", "Dudley", "Solihull"],
    )  # fmt: skip
    table.loc["England"] = 12.5
    found: AuthorityIndicator = authority_indicator(
        table, title="Pay an hour of all", unit="£", kind=kind
    )
    chart = found.chart(["Dudley"], width=width)
    chart.figure.set_dpi(100)
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    axes = chart.figure.axes[0]
    names = [t.get_window_extent(renderer) for t in axes.get_yticklabels()]
    numbers = [t.get_window_extent(renderer) for t in axes.texts if t.get_text()]
    assert min(box.x0 for box in names) >= 0
    assert max(box.x1 for box in numbers) <= 100 * width
    for i, a in enumerate(numbers):
        assert not any(a.overlaps(b) for b in [*names, *numbers[:i]])


def test_a_number_does_not_lie_on_the_national_line() -> None:
    found = authority_indicator({"Solihull": 638.5, "Dudley": 519.2, "England": 576.9}, title="T")
    axes = found.chart().figure.axes[0]
    at = {text.get_text(): text.xy[0] for text in axes.texts}
    assert at["638.5"] == 0
    assert at["519.2"] == 519.2


def test_of_percentages_the_gap_is_in_points_and_who_is_missing_is_said() -> None:
    rates = authority_indicator({"Solihull": 78.1, "Birmingham": 75.0}, title="Rate", unit="%")
    text = rates.summary_text(["Solihull", "Birmingham", "Walsall"])
    assert "3.1 percentage points above the lowest" in text
    assert text.endswith("Not in the table: Walsall.")
    drawn = rates.chart(iter(["Solihull", "Walsall"])).text
    assert "Solihull is 3.1 percentage points above Birmingham." in drawn
    assert drawn.endswith("Not in the table: Walsall.")
