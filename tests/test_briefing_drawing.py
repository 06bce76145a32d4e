"""The bars of the briefing: room for every number, on a desk and on a telephone."""

from __future__ import annotations

from typing import Any

import pytest

from wmspatial.briefing_page.drawing import Bars, Part, draw


def bars(**changes: Any) -> Bars:
    given: dict[str, Any] = {
        "title": "Shares of people by class of a rather long name of a neighbourhood and more",
        "text": "A: 10, 60.",
        "rows": ["Kingston upon Hull, City of", "Bath $and$ North East Somerset", "B"],
        "parts": [
            Part("One", "#7b1338", "#7b1338", "white", "", [0.1, 0.3, 0.0]),
            Part("Two", "#2f83b7", "#1c5f89", "white", "////", [0.6, 0.01, 0.4]),
        ],
        "write": lambda value: f"{100 * value:.0f} %",
        "axis": "Share",
    }
    return Bars(**(given | changes))


@pytest.mark.parametrize("narrow", [False, True])
def test_numbers_in_bars_have_room_and_titles_stay_on_the_sheet(narrow: bool) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    chart = draw(bars(), narrow=narrow)
    chart.figure.set_dpi(100)
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    axes = chart.figure.axes[0]
    inside = [text.get_window_extent(renderer) for text in axes.texts]
    for i, a in enumerate(inside):
        for b in inside[:i]:
            assert not a.overlaps(b)
    wide = 100 * chart.figure.get_size_inches()[0]
    title = chart.figure.texts[0].get_window_extent(renderer)
    assert title.x1 <= wide
    labels = [text.get_window_extent(renderer) for text in axes.get_yticklabels()]
    assert min(box.x0 for box in labels) >= 0
    assert {text.get_text() for text in axes.texts} == {"10 %", "60 %", "30 %", "40 %"}
    # A part too small for its number has none, and a pattern tells the parts apart as colour does.
    assert {patch.get_hatch() for patch in axes.patches} == {None, "////"}


def test_counts_have_no_ticks_between_whole_numbers() -> None:
    chart = draw(
        bars(rows=["A"], parts=[Part("N", "#7b1338", "#7b1338", "white", "", [3])],
             write=lambda value: f"{value:,.0f}", ends=["3"])
    )  # fmt: skip
    ticks = chart.figure.axes[0].get_xticks()
    assert all(float(tick).is_integer() for tick in ticks)


def test_a_number_is_not_written_below_a_whisker() -> None:
    chart = draw(bars(rows=["A"], ranges=[(0.05, 0.62)], parts=[
        Part("One", "#7b1338", "#7b1338", "white", "", [0.3]),
        Part("Two", "#2f83b7", "#1c5f89", "white", "////", [0.6]),
    ]))  # fmt: skip
    found = {text.get_text(): text.xy[0] for text in chart.figure.axes[0].texts}
    # The first part has no room left of its whisker; the second is written right of it.
    assert set(found) == {"60 %"}
    assert 0.62 < found["60 %"] < 0.9
