"""Pay and other indicators in the briefing: only where given, and only what fits together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import wmspatial as wm
from test_authority_indicator import JOBS, RESIDENTS, ashe
from test_briefing_sections import described, drawing_of, table_of, text_of
from test_maps_disconnection import small_typology
from wmspatial.briefing_page import check_request, indicators, make_page
from wmspatial.briefing_page.gathering import Facts
from wmspatial.briefing_page.indicators import take_pay
from wmspatial.charts import authority_indicator
from wmspatial.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PAPER = pd.DataFrame(
    {"Resident": [14.11, 10.23, 12.0, 11.5], "Workplace": [12.9, 11.0, 13.08, 10.5],
     "year": 2016, "source": "Board paper"},
    index=["Solihull", "Wolverhampton", "Coventry", "Dudley"],
)  # fmt: skip


@pytest.fixture(scope="module")
def typology(sample: wm.Dataset) -> wm.Typology:
    return wm.classify(sample)


def facts(typology: wm.Typology, pay: Any = None, others: Any = ()) -> Facts:
    request = check_request(typology, pay=pay, indicators=others)
    return Facts(
        typology, pay=request.pay, pay_apart=request.pay_apart, indicators=request.indicators
    )


def test_without_pay_nothing_speaks_of_it() -> None:
    page = make_page(small_typology(), sensitivity=False)
    assert not re.search(r"\bpay\b", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))


def test_pay_is_a_sentence_a_chart_with_words_a_table_and_a_source(typology: wm.Typology) -> None:
    section = indicators.write_pay(facts(typology, PAPER))
    text = text_of(section)
    assert "Resident: highest in Solihull (£14.11), 38 % above the lowest, in Wolverhampton" in text
    assert "Workplace: highest in Coventry (£13.08), 25 % above the lowest, in Dudley" in text
    assert "Not in the table: Birmingham, Sandwell and Walsall." in text
    assert "The numbers are of 2016, the map is of the 2011 Census." in text
    drawn = drawing_of(section)
    assert drawn.source == "Source: Board paper."
    for svg in (drawn.wide, drawn.narrow):
        assert "Coventry £13.08" in described(svg)
    assert table_of(section).rows[0][0] == "Coventry"


def test_pay_of_residents_and_of_jobs_in_two_series_is_one_dumbbell() -> None:
    home = pd.Series({"Dudley": 11.5}, name="Residents")
    work = pd.Series({"Dudley": 10.5}, name="Jobs")
    one, reason = take_pay(
        {
            "residents": authority_indicator(home, title="R", year=2016, unit="£"),
            "jobs": authority_indicator(work, title="J", year=2016, unit="£"),
        }
    )
    assert reason == ""
    assert list(one[0].table.columns) == ["Residents", "Jobs"]
    apart, reason = take_pay({"home": home, "work": work})
    assert [i.title for i in apart] == ["Pay: home", "Pay: work"]
    assert "not known to be the same" in reason


def test_pay_of_different_years_stands_in_two_charts(typology: wm.Typology) -> None:
    values = [500.0, 1, 480.0, 460.0]
    pay = [ashe("ashe-residence", values), ashe("ashe-workplace", values, 2019)]
    found = facts(typology, pay)
    section = indicators.write_pay(found)
    assert section is not None
    assert text_of(section).startswith("The two tables are of different years (2016 and 2019)")
    drawn = [svg for svg in map(str, section.parts) if "<svg" in svg]
    assert len(drawn) == 2
    assert [s.title for s in found.given_sources] == ["A table of 2016", "A table of 2019"]


def test_an_indicator_has_a_section_of_its_own(typology: wm.Typology) -> None:
    rate = authority_indicator(
        {"Birmingham": 30.1, "Solihull": 41.0, "England": 35.0}, title="Output an hour", unit="£",
        year=2016, kind="index",
    )  # fmt: skip
    values = [500.0, 1, 480.0, 460.0]
    pay = [ashe("ashe-residence", values), ashe("ashe-workplace", values, 2019)]
    rest = dict.fromkeys(["map", "who", "where", "always", "labour markets", "classes"], False)
    page = make_page(typology, indicators=[rate], pay=pay, sections=rest, sensitivity=False)
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", page)
    assert heads[1:4] == ["Pay: residents and jobs", "Output an hour", "How sure this is"]
    assert "Birmingham 86. England 100." in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "A table of 2019" in page.split('id="sources-heading"')[1]


def test_a_combined_authority_stands_for_its_area(real_2021: wm.Dataset) -> None:
    found = wm.classify(real_2021)
    rate = authority_indicator(
        {"West Midlands": 62.0, "Greater Manchester": 64.0}, title="Employment rate", unit="%"
    )
    assert indicators.match(rate, found) == (["West Midlands"], [])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"pay": 3}, "pay: data: expected authorities by measures"),
        ({"pay": []}, "expected one table, or two (of residents and of jobs); found 0"),
        ({"pay": {"Leeds": 3.0, "Bradford": 2.0}},
         "not one of the authorities of West Midlands (sample)"),
        ({"pay": {"Dudley": 3.0, "Wolverhamton": 2.0}},
         "no row for Wolverhampton, but one for 'Wolverhamton'"),
        ({"pay": pd.DataFrame({"a 2019": [1.0], "b 2023": [2.0]}, index=["Dudley"])},
         "its columns are of different years"),
        ({"indicators": [3]}, "expected what authority_indicator(...) gives; found int"),
        ({"indicators": {"Pay": {"Dudley": 1.0}}}, "a section is called 'Pay' already"),
        ({"labour_markets": "found"}, "expected True, False or LabourMarkets"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_before_any_work(
    typology: wm.Typology, tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(wm.InputError) as error:
        wm.briefing(typology, tmp_path / "out", **options)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.xdist_group("official")
def test_an_area_without_a_finding_says_so_first_and_still_has_its_pay(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    asked = ["briefing", "--data", str(data_dir), "--area", "Cardiff", "--out", str(out)]
    assert main([*asked, "--pay", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
    files = [part for name in (RESIDENTS, JOBS) for part in ("--pay", str(data_dir / name))]
    assert main([*asked, *files]) == 0
    text = capsys.readouterr().out
    said = (
        "There is no finding for Cardiff: not one of its 218 neighbourhoods could be classed. "
        "IMD 2025 ranks neighbourhoods of England alone."
    )
    assert text.startswith(said)
    assert re.search(r"briefing\.html \(\d+ kB\)", text)
    page = (out / "briefing.html").read_text(encoding="utf-8")
    assert page.index(said) < page.index('<nav aria-label="On this page">')
    assert "The two tables are of different years (2023 and 2019)" in page
    assert "Wales has £" in page
    about = (out / "about.txt").read_text(encoding="utf-8")
    assert "ashe_table_8_1a_weekly_pay_gross_residence_2023.xls" in about
