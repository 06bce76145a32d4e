"""Any indicator by authority, in the manner of the board paper of January 2018."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import wmspatial as wm
from conftest import NOTE

NAMES = {"E08000026": "Coventry", "E08000027": "Dudley", "E08000029": "Solihull"}


def test_the_board_papers_pay_figures_give_its_percentages() -> None:
    # Workplace pay £13.08 in Coventry and £10.50 in Dudley (25 per cent), resident pay £14.11 in
    # Solihull and £10.23 in Wolverhampton (38 per cent): the paper's own figures for 2016.
    work = wm.authority_chart({"Dudley": 10.50, "Coventry": 13.08}, title="Pay", unit="£")
    assert "Coventry is 25 % above Dudley." in work.text
    home = wm.authority_chart({"Wolverhampton": 10.23, "Solihull": 14.11}, title="Pay", unit="£")
    assert "Solihull is 38 % above Wolverhampton." in home.text


def bars(chart: wm.Chart) -> list[float]:
    return [float(bar.get_width()) for bar in chart.figure.axes[0].patches]


def test_bars_are_sorted_and_as_long_as_the_numbers() -> None:
    chart = wm.authority_chart({"a": 1.5, "b": 4.0, "c": 2.5}, title="T")
    assert bars(chart) == [4.0, 2.5, 1.5]
    labels = [text.get_text() for text in chart.figure.axes[0].get_yticklabels()]
    assert labels == ["b", "c", "a"]


def test_the_national_line_stands_where_the_figure_is() -> None:
    chart = wm.authority_chart({"a": 1.0, "b": 4.0}, title="T", national=2.5)
    lines = [line.get_xdata()[0] for line in chart.figure.axes[0].lines]
    assert 2.5 in lines
    assert "England 2.5." in chart.text


def test_authorities_that_are_looked_at_are_marked_by_more_than_colour() -> None:
    chart = wm.authority_chart({"a": 1.0, "b": 4.0}, title="T", highlight=["a"])
    weights = {t.get_text(): t.get_fontweight() for t in chart.figure.axes[0].get_yticklabels()}
    assert weights == {"a": "bold", "b": "normal"}


def test_an_index_sets_its_base_to_a_hundred() -> None:
    chart = wm.authority_chart({"a": 30.0, "b": 20.0}, title="T", kind="index", base="b")
    assert bars(chart) == pytest.approx([50.0, 0.0])
    assert "a 150, b 100." in chart.text
    national = wm.authority_chart({"a": 30.0}, title="T", kind="index", national=60.0)
    assert "a 50. England 100." in national.text
    assert "a 75." in wm.authority_chart({"a": 30.0}, title="T", kind="index", base=40).text


def test_two_measures_of_one_thing_are_a_dumbbell_and_more_are_groups() -> None:
    two = pd.DataFrame({"Resident": [14.0, 10.0], "Workplace": [13.0, 11.0]}, index=["a", "b"])
    chart = wm.authority_chart(two, title="T", unit="£", national={"Resident": 12, "Workplace": 12})
    legend = chart.figure.axes[0].get_legend()
    assert legend is not None
    assert [t.get_text() for t in legend.get_texts()] == ["Resident", "Workplace"]
    lines = [line.get_xdata() for line in chart.figure.axes[0].lines]
    ends = {float(line[0]) for line in lines if len(line)}
    assert {14.0, 10.0, 13.0, 11.0, 12.0} <= ends
    three = two.assign(Other=[1.0, np.nan])
    grouped = wm.authority_chart(three, title="T", unit="%")
    assert len(grouped.figure.axes[0].patches) == 6
    assert "Other: a 1 %, b not published." in grouped.text


def test_a_number_that_is_not_published_is_never_nought() -> None:
    chart = wm.authority_chart({"a": 1.0, "b": float("nan")}, title="T")
    assert "b not published" in chart.text
    assert bars(chart) == [1.0]
    drawn = [text.get_text() for text in chart.figure.axes[0].texts]
    assert "not published" in drawn


def test_codes_are_named_and_authorities_of_another_year_refused() -> None:
    chart = wm.authority_chart({"E08000026": 1.0, "Dudley": 2.0}, title="T", authorities=NAMES)
    assert "Dudley 2, Coventry 1." in chart.text
    with pytest.raises(wm.InputError, match=r"1 of 2 rows are no authority .*\(E07000026\).*year"):
        wm.authority_chart({"E07000026": 1.0, "Dudley": 2.0}, title="T", authorities=NAMES)


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        ({}, {}, "there is no number in it"),
        ({"a": "x"}, {}, "'x' (a, value) is no number"),
        ({"a": 1.0}, {"kind": "pie"}, "kind='pie': expected one of bars, dumbbell, index, groups"),
        ({"a": 1.0}, {"kind": "dumbbell"}, "kind='dumbbell' needs two measures; data has 1"),
        ({"a": 1.0}, {"kind": "index"}, "needs base=, an authority or a number, or national="),
        ({"a": 1.0}, {"kind": "index", "base": "z"}, "base='z' is not among the rows"),
        ({"a": 1.0}, {"kind": "index", "base": 0}, "cannot be 100"),
        ({"a": 1.0}, {"highlight": ["z"]}, "highlight: z is not among the rows"),
        ({"a": 1.0}, {"national": {"other": 2}}, "national: there is no figure for value"),
    ],
)
def test_bad_input_is_refused(data: dict[str, Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(wm.InputError) as error:
        wm.authority_chart(data, title="T", **options)
    assert said in str(error.value)


def test_a_row_that_stands_twice_is_refused() -> None:
    twice = pd.Series([1.0, 2.0], index=["a", "a "])
    with pytest.raises(wm.InputError, match="a stands more than once"):
        wm.authority_chart(twice, title="T")


def test_made_up_numbers_say_so() -> None:
    chart = wm.authority_chart({"a": 1.0}, title="T", illustrative=True)
    assert NOTE in chart.to_svg()
    assert NOTE in repr(chart)


def test_minus_signs_and_thousands_are_written_as_print_does() -> None:
    chart = wm.authority_chart({"a": -1234.5, "b": 2000.0}, title="T", unit="£", decimals=0)
    assert "b £2,000, a −£1,234." in chart.text
