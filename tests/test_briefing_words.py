"""Sentences of a briefing where a count is nought, one or all."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import wmspatial as wm
from wmspatial.briefing_page import certainty, places, redrawing
from wmspatial.briefing_page.sourcing import sources_of
from wmspatial.briefings import about
from wmspatial.provenance import Source


@pytest.mark.parametrize(
    ("kept", "gone", "come", "expected"),
    [
        (24, 0, 0, "all 24 are disconnected as well, and no other is."),
        (1, 0, 2, "the one is disconnected as well, and 2 others are."),
        (0, 5, 1, "none of the 5 is disconnected, and 1 other is."),
        (0, 1, 0, "the one neighbourhood is not disconnected, and no other is."),
        (0, 0, 3, "3 are disconnected."),
        (3, 1, 0, "3 of the 4 are disconnected as well (75.0 %), 1 is not, and no other is."),
    ],
)
def test_other_borders_are_told_without_noughts(
    kept: int, gone: int, come: int, expected: str
) -> None:
    assert redrawing._as_well(kept, gone, come) == expected


def test_a_comparison_names_the_tables_of_both_censuses() -> None:
    def typology(year: int, index: int) -> Any:
        tables = (
            Source(f"Census {year}: commuting", "ONS"),
            Source(f"Indices of deprivation {index}", "MHCLG"),
            Source("Business Register 2021", "ONS"),
        )
        return SimpleNamespace(provenance=tables, vintage=year)

    late, early = typology(2021, 2025), typology(2011, 2015)
    kinds = ("flows", "deprivation", "jobs")
    assert sources_of(late, *kinds, earlier=early) == (
        "Sources: Census 2021: commuting (ONS); Census 2011: commuting (ONS); Indices of "
        "deprivation 2025 (MHCLG); Indices of deprivation 2015 (MHCLG); Business Register 2021 "
        "(ONS)."
    )
    assert "2011" not in sources_of(late, *kinds)


def test_no_place_is_called_the_finding_where_none_is_in_every_version(
    sample: wm.Dataset,
) -> None:
    found = wm.classify(sample).sensitivity()
    assert certainty._sentence(found).endswith("that stay on the list as the finding.")
    frame = found.frame.assign(always_disconnected=False)
    text = certainty._sentence(replace(found, frame=frame))
    assert "as the finding" not in text
    assert text.endswith("so no single place can be named with confidence.")


def test_all_places_are_not_called_the_largest(sample: wm.Dataset) -> None:
    found = wm.clusters(wm.classify(sample))
    assert places._table(found).caption.startswith("The ten largest places")
    few = replace(found, table=found.table.head(7))
    assert places._table(few).caption == (
        "The seven places of disconnected neighbourhoods, most people first"
    )


def test_a_table_without_a_licence_says_so_in_about(sample: wm.Dataset) -> None:
    text = about(wm.classify(sample), further=[Source("pay2", licence="", notes=("Said.",))])
    assert "  - pay2. Licence not stated.\n    Said.\n" in text
