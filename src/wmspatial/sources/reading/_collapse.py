"""Rows that are put together or left out after a table has been checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.errors import InputError, examples

if TYPE_CHECKING:
    from wmspatial.sources.reading._checks import Frame


def one_row_an_area(table: Frame, notes: list[str]) -> Frame:
    """Keep one row an LSOA of a lookup that has one an output area."""
    shown = [c for c in table.columns if not c.startswith("_")]
    kept = table.drop_duplicates(shown)
    if len(kept) < len(table):
        notes.append(f"one row an LSOA: {len(kept):,} of {len(table):,} rows by output area")
    return kept


def without_unclassified(table: Frame, notes: list[str]) -> Frame:
    """Leave out the jobs that could be put to no area; any other row has to have its code."""
    blank = table["code"].isna()
    other = blank & (table["name"] != "Not Classified")
    if other.any():
        raise InputError(
            f"{int(other.sum()):,} rows have no code ({examples(table.loc[other, 'name'])})"
        )
    if blank.any():
        notes.append(f"rows of no area left out: {int(blank.sum()):,} ('Not Classified')")
    return table[~blank]
