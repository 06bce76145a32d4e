"""Residential types counted by place, and the movers that could not be placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.typology._residential_rules import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wmspatial.flows import Flows

WEIGHTS: Final = ("neighbourhoods", "residents")


def count_types(frame: pd.DataFrame, weight: str, by: str) -> pd.DataFrame:
    """Count neighbourhoods or residents by type, one row a place and a last row for all."""
    if weight not in WEIGHTS:
        raise InputError(f"weight={weight!r}: expected 'neighbourhoods' or 'residents'.")
    place = column_to_sum_by(frame, by)
    each = pd.Series(1.0, index=frame.index)
    if weight == "residents":
        each = frame["residents"].fillna(0.0)
    kinds = frame["residential_type"]
    columns = {kind: each.where(kinds == kind, 0.0) for kind in TYPES} | {"All": each}
    table = pd.DataFrame(columns).groupby(place).sum().round().astype("int64")
    table.loc["All"] = table.sum()
    return table


def column_to_sum_by(frame: pd.DataFrame, by: str) -> pd.Series[Any]:
    """Give the places to sum by, or say why there are none."""
    if by not in frame.columns:
        if by == "authority":
            return pd.Series("the study area", index=frame.index, name=by)
        raise InputError(
            f"No column {by!r} to sum by; the neighbourhoods have {examples(frame.columns, 30)}."
        )
    gaps = frame[by].isna()
    if gaps.any():
        lost = frame.index[gaps]
        raise InputError(f"{len(lost):,} neighbourhoods have no {by} ({examples(lost)}).")
    return frame[by]


def report_movers(moves: Flows, zones: pd.DataFrame) -> list[str]:
    """Count the movers of zones with a decile whose other end has none, by where that is.

    Parameters
    ----------
    moves : Flows
        From residence a year before to residence.
    zones : DataFrame
        Indexed by zone: ``zone_decile`` and ``nation``.

    Returns
    -------
    list of str
        One line for the table, one for the in-movers and one for the out-movers.
    """
    about = zones.reindex(moves.zones)
    known = about["zone_decile"].notna().to_numpy()
    nation = about["nation"].astype(object).where(about["nation"].notna(), "zones of no nation")
    within = float(moves.internal.sum())
    lines = [f"{moves.people:,.0f} people in the table of moves, {within:,.0f} inside one zone"]
    sides = (("in", "came from", moves.matrix, moves.arrivals),
             ("out", "went to", moves.matrix.T, moves.special))  # fmt: skip
    for side, verb, matrix, outside in sides:
        elsewhere = outside[known].sum()
        there = pd.Series(matrix @ known.astype("float64"), index=moves.zones)
        unknown = pd.concat([there[~known].groupby(nation[~known]).sum(), elsewhere])
        unknown = unknown[unknown > 0].sort_values(ascending=False, kind="stable")
        where = ", ".join(f"{place} {people:,.0f}" for place, people in unknown.items())
        everybody = float(np.sum(there)) + float(elsewhere.sum())
        lines.append(
            f"{unknown.sum():,.0f} of {everybody:,.0f} {side}-movers of the zones with a "
            f"deprivation decile {verb} places without one{f' ({where})' if where else ''}"
        )
    return lines


def report_nations(everywhere: pd.DataFrame, ranked_areas: Mapping[str, int]) -> list[str]:
    """Say of which nations only a part is at hand, so that deciles are of that part.

    Parameters
    ----------
    everywhere : DataFrame
        Neighbourhoods: ``deprivation_rank`` and ``nation``.
    ranked_areas : mapping of str to int
        How many areas the index ranks, by nation.

    Returns
    -------
    list of str
        One line a nation.
    """
    ranked = everywhere.loc[everywhere["deprivation_rank"].notna(), "nation"].value_counts()
    return [
        f"{ranked_areas[nation] - count:,} of the {ranked_areas[nation]:,} ranked neighbourhoods "
        f"of {nation} are not at hand: deciles are of the zones that are, not of the whole nation"
        for nation, count in sorted((str(n), int(c)) for n, c in ranked.items())
        if count < ranked_areas[nation]
    ]
