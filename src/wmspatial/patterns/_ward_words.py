"""Put profiles of wards into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wmspatial.patterns._cluster_names import listed
from wmspatial.patterns._ward_names import REDRAWN
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.dataset import Dataset
    from wmspatial.patterns.ward_profiling import WardProfiles

_HALF: Final = 0.5


def profile_text(found: WardProfiles) -> str:
    """Say for each ward which group is largest, which is farthest from average, what changed."""
    parts = [_of_ward(found, row) for _, row in found.wards.iterrows()]
    text = " ".join(parts)
    return f"{text} ({ILLUSTRATIVE}.)" if found.illustrative else text


def _of_ward(found: WardProfiles, ward: pd.Series[Any]) -> str:
    year = found.years[0]
    place, average = str(ward["place"]), (ward["average"], year)
    shares: Any = found.shares.loc[(place, year)]
    people: Any = found.people.loc[(place, year), "residents"]
    when = f" in {year}" if year else ""
    if not people > 0:
        return f"{place}: nobody lives there{when}."
    usual: Any = found.shares.loc[average]
    first, far = str(shares.idxmax()), str((shares - usual).abs().idxmax())

    def beside(group: str) -> str:
        return f"{found.words(group)}, {shares[group]:.1%}, against {usual[group]:.1%}"

    text = (
        f"{place} ({people:,.0f} residents{when}): the largest group is {beside(first)} in "
        f"{ward['authority']}"
    )
    if len(shares) > 1:
        text += (
            "; no other group is farther from the average"
            if far == first
            else f"; the farthest from the average is {beside(far)}"
        )
    changes: Any = found.changes()
    if len(changes) and np.isfinite(changes.loc[place]).all():
        most = str(changes.loc[place].abs().idxmax())
        before: Any = found.shares.loc[(place, found.years[1]), most]
        text += (
            f". Since {found.years[1]} the share of {found.words(most)} changed most, from "
            f"{before:.1%} to {shares[most]:.1%}"
        )
    return f"{text}.".replace("%", " %")


def about_borders(chosen: pd.DataFrame, before: Dataset | None) -> list[str]:
    """Say where wards were drawn anew.

    Parameters
    ----------
    chosen : DataFrame
        ``place``, ``authority_code`` and ``authority``, by ward code.
    before : Dataset or None
        The earlier census, with the wards of its own lookup.

    Returns
    -------
    list of str
        Sentences.
    """
    owners = chosen.drop_duplicates("authority_code")
    notes = [
        f"{row['authority']}'s wards were redrawn in {REDRAWN[row['authority_code']]}: a ward of "
        "today is not the ground of an older one, even of one with its name."
        for _, row in owners.iterrows()
        if row["authority_code"] in REDRAWN
    ]
    if before is None or "ward_code" not in before.neighbourhoods.columns:
        return notes
    table = before.neighbourhoods
    told = set(table.loc[table["ward_code"].notna(), "authority_code"])
    known = chosen["authority_code"].isin(told)
    other = chosen[known & ~chosen.index.isin(table["ward_code"].unique())]
    if len(other):
        one = len(other) == 1
        notes.append(
            f"{listed(other['place'].tolist())} {'has another code' if one else 'have other codes'}"
            f" in the earlier table's lookup of wards: {'its border' if one else 'their borders'} "
            "changed between the two lookups, and both years are on the later ones."
        )
    return notes


def about_groups(people: pd.DataFrame, groups: list[str]) -> list[str]:
    """Say how many residents are in none of the groups.

    Parameters
    ----------
    people : DataFrame
        ``residents`` and the groups, by place and year.
    groups : list of str
        The groups.

    Returns
    -------
    list of str
        A sentence a census where some are in none.
    """
    rest = (people["residents"] - people[groups].sum(axis=1)).groupby("year").sum()
    whole = people["residents"].groupby("year").sum()
    return [
        f"{100 * rest[year] / whole[year]:.1f} % of the residents{f' of {year}' if year else ''} "
        "in these places are in none of the groups; they count in the residents alone."
        for year in whole.index
        if rest[year] > _HALF
    ]
