"""Bring an earlier census's counts to today's neighbourhoods, and say what was apportioned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, VintageError, examples
from wmspatial.geography.conversion import convert
from wmspatial.geography.crosswalk import part_shares

if TYPE_CHECKING:
    from wmspatial.dataset import Dataset

_BEFORE: Final = 2011
_NOW: Final = 2021
_PEOPLE: Final = "residents"


def check_earlier(dataset: Dataset, before: Dataset, columns: list[str]) -> None:
    """Refuse an earlier census that is none, has no such columns, or no way from it to today's.

    Parameters
    ----------
    dataset, before : Dataset
        Of the later and of the earlier census.
    columns : list of str
        The counts that both have to hold.

    Raises
    ------
    VintageError
        If they are not of 2021 and 2011.
    InputError
        If a column or the lookup is missing.
    """
    if (before.vintage, dataset.vintage) != (_BEFORE, _NOW):
        raise VintageError(
            f"earlier: it is of {before.vintage or 'no stated census'}, the data of "
            f"{dataset.vintage or 'no stated census'}. Expected {_BEFORE} beside {_NOW}, the two "
            "that the official lookup joins."
        )
    lost = [name for name in columns if name not in before.neighbourhoods.columns]
    if lost:
        raise InputError(
            f"earlier: it has no column {examples(map(repr, lost))}. Both censuses have to count "
            "the same groups under the same names."
        )
    if dataset.crosswalk is None and before.crosswalk is None:
        raise InputError(
            "earlier: neither dataset has the lookup of neighbourhoods from 2011 to 2021. Load "
            "them with wm.load(...), or give wm.Dataset(..., crosswalk=...)."
        )


def brought_forward(
    dataset: Dataset,
    before: Dataset,
    counts: pd.DataFrame,
    owned: pd.DataFrame,
    chosen: pd.DataFrame,
) -> tuple[pd.DataFrame, list[str]]:
    """Bring counts of 2011 to the neighbourhoods of 2021.

    Parameters
    ----------
    dataset, before : Dataset
        Of the later and of the earlier census.
    counts : DataFrame
        People by neighbourhood of 2011, ``residents`` first.
    owned : DataFrame
        The neighbourhoods of 2021 that are wanted, with ``ward_code``.
    chosen : DataFrame
        The wards, by code.

    Returns
    -------
    counts : DataFrame
        On the index of `owned`.
    notes : list of str
        What was apportioned.

    Raises
    ------
    InputError
        If neighbourhoods of 2011 that are needed have no counts.
    """
    whole = dataset.crosswalk if dataset.crosswalk is not None else before.crosswalk
    assert whole is not None  # noqa: S101 - checked before
    old, new = pd.Index(whole["lsoa11"]), pd.Index(whole["lsoa21"])
    leads = owned.index.get_indexer(new)  # far faster than isin on strings
    lost = owned.index.delete(np.unique(leads[leads >= 0]))
    if len(lost):
        raise InputError(
            f"crosswalk: {len(lost):,} neighbourhoods of 2021 are not in it ({examples(lost)})."
        )
    # Every part of every area that leads here: shares are of the whole.
    olds = old[leads >= 0].unique()
    pairs = whole[olds.get_indexer(old) >= 0]
    missing = olds[counts.index.get_indexer(olds) < 0]
    if len(missing):
        raise InputError(
            f"earlier: {len(missing):,} of {len(olds):,} neighbourhoods of 2011 that make up the "
            f"authorities asked for are not in it ({examples(missing)})."
        )
    table = counts.loc[olds]
    table.attrs = {"vintage": _BEFORE}
    weights = dataset.neighbourhoods[_PEOPLE].reindex(pairs["lsoa21"].unique())
    moved = convert(table, pairs, to=_NOW, counts=list(counts.columns), weights=weights)
    change = moved["change"].reindex(owned.index)
    found = moved.reindex(owned.index)[list(counts.columns)]
    found.attrs = {}
    notes = [
        _about_changes(change[owned["ward_code"].isin(chosen.index)]),
        _about_sharing(table, pairs, weights, owned, chosen),
        _about_totals(table, found, chosen),
    ]
    return found, notes


def _about_changes(change: pd.Series[str]) -> str:
    counted = change.value_counts()
    parts = [f"{int(n):,} {kind}" for kind, n in counted.items() if kind != "unchanged"]
    same = int(counted.get("unchanged", 0))
    rest = f" ({', '.join(parts)})" if parts else ""
    return (
        f"Both years are on the borders of the later wards: counts of {_BEFORE} are brought to the "
        f"neighbourhoods of {_NOW} by the official lookup. Of {len(change):,} in the wards asked "
        f"for {same:,} are unchanged{rest}."
    )


def _about_sharing(
    table: pd.DataFrame,
    pairs: pd.DataFrame,
    weights: pd.Series[float],
    owned: pd.DataFrame,
    chosen: pd.DataFrame,
) -> str:
    """Say how many people were shared out between a ward asked for and another."""
    ward = pairs["lsoa21"].map(owned["ward_code"]).astype("object").fillna("elsewhere")
    share = part_shares(pairs["lsoa21"].map(weights).astype("float64"), pairs["lsoa11"])
    people = pairs["lsoa11"].map(table[_PEOPLE]) * share
    inside = ward.isin(chosen.index)
    torn = ward.groupby(pairs["lsoa11"]).transform("nunique") > 1
    shared, total = float(people[inside & torn].sum()), float(people[inside].sum())
    if not shared:
        return (
            "No neighbourhood that was split lies across a border of these wards: their counts of "
            f"{_BEFORE} are sums, and nothing in them is apportioned."
        )
    return (
        f"{shared:,.0f} of the {total:,.0f} residents of {_BEFORE} in these wards ("
        f"{100 * shared / total:.1f} %) are apportioned by residents of {_NOW}, every group alike, "
        "because their neighbourhood was split across a ward's border."
    )


def _about_totals(table: pd.DataFrame, found: pd.DataFrame, chosen: pd.DataFrame) -> str:
    names = ", ".join(chosen["authority"].unique())
    total, kept = float(table[_PEOPLE].sum()), float(found[_PEOPLE].sum())
    if np.isclose(total, kept, rtol=0, atol=0.5):
        return f"All {total:,.0f} residents of {_BEFORE} in {names} are kept."
    return (
        f"Of {total:,.0f} residents of {_BEFORE} in neighbourhoods that lie in {names} at least in "
        f"part, {kept:,.0f} are counted there and the others beyond its border."
    )
