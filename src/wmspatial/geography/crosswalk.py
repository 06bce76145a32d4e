"""Bring counts and labels from LSOAs of 2011 to LSOAs of 2021."""

from __future__ import annotations

from typing import Any

import pandas as pd

from wmspatial.errors import InputError, examples


def apportion_counts(
    counts: pd.Series[Any], crosswalk: pd.DataFrame, residents: pd.Series[Any]
) -> pd.Series[float]:
    """Bring counts on LSOAs of 2011 to LSOAs of 2021.

    A split (and an irregular change) is apportioned by the usual residents of the parts, a merge
    is summed. Counts become fractional; their total is kept.

    Parameters
    ----------
    counts : Series of float
        Counts by LSOA of 2011.
    crosswalk : DataFrame
        ``lsoa11``, ``lsoa21``: one row for each pair that shares land.
    residents : Series of float
        Usual residents by LSOA of 2021, people.

    Returns
    -------
    Series of float
        Counts by LSOA of 2021, sorted by code; missing where a part of it has no count.

    Raises
    ------
    InputError
        If the crosswalk lacks an LSOA that has a count, or residents are missing for a part.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"lsoa11": ["a", "a"], "lsoa21": ["b", "c"]})
    >>> apportion_counts(
    ...     pd.Series({"a": 90.0}), crosswalk, pd.Series({"b": 200, "c": 100})
    ... ).to_dict()
    {'b': 60.0, 'c': 30.0}
    """
    lost = counts.index[~counts.index.isin(crosswalk["lsoa11"])]
    if len(lost):
        raise InputError(
            f"crosswalk: {len(lost):,} areas with {float(counts[lost].sum()):,.0f} counted are not "
            f"in the LSOA 2011 to LSOA 2021 lookup ({examples(lost)})."
        )
    weight = crosswalk["lsoa21"].map(residents).astype("float64")
    if weight.isna().any():
        blank = crosswalk.loc[weight.isna(), "lsoa21"].unique()
        raise InputError(
            f"crosswalk: {len(blank):,} LSOAs of 2021 have no count of residents to apportion by "
            f"({examples(blank)})."
        )
    share = part_shares(weight, crosswalk["lsoa11"])
    pieces = crosswalk["lsoa11"].map(counts).astype("float64") * share
    return pd.Series(pieces.groupby(crosswalk["lsoa21"]).sum(skipna=False), name=str(counts.name))


def part_shares(weight: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[float]:
    """Say what part of its whole each piece is, by weight.

    Parameters
    ----------
    weight : Series of float
        Residents of each piece, people.
    whole : Series of str
        Code of the area that each piece is a part of, on the same index.

    Returns
    -------
    Series of float
        Shares that add up to one in each whole; equal where nobody lives in any piece of it,
        missing where the residents of a piece are.

    Examples
    --------
    >>> part_shares(pd.Series([30.0, 10.0, 0.0]), pd.Series(["a", "a", "b"])).tolist()
    [0.75, 0.25, 1.0]
    """
    grouped = weight.groupby(whole)
    total, parts = grouped.transform("sum"), grouped.transform("size")
    # Where nobody lives in any part there is nothing to weigh by: equal parts keep the total.
    share = (weight / total.where(total > 0)).where(total != 0, 1.0 / parts)
    return share.mask(grouped.transform("count") < parts)


def largest_part(
    labels: pd.DataFrame, crosswalk: pd.DataFrame, residents: pd.Series[Any]
) -> pd.DataFrame:
    """Give each LSOA of 2021 the labels of its part of 2011 with most residents.

    Parameters
    ----------
    labels : DataFrame
        Labels by LSOA of 2011.
    crosswalk : DataFrame
        ``lsoa11``, ``lsoa21``.
    residents : Series of float
        Usual residents by LSOA of 2011, people.

    Returns
    -------
    DataFrame
        The labels by LSOA of 2021. Equal parts: the lower code.

    Examples
    --------
    >>> crosswalk = pd.DataFrame({"lsoa11": ["a", "b"], "lsoa21": ["c", "c"]})
    >>> largest_part(pd.DataFrame({"market": {"a": "x", "b": "y"}}), crosswalk,
    ...              pd.Series({"a": 10, "b": 20})).to_dict()
    {'market': {'c': 'y'}}
    """
    ordered = crosswalk.assign(people=crosswalk["lsoa11"].map(residents)).sort_values(
        ["people", "lsoa11"], ascending=[False, True], kind="stable"
    )
    first = ordered.drop_duplicates("lsoa21").set_index("lsoa21")["lsoa11"]
    found = labels.reindex(first.to_numpy())
    found.index = pd.Index(first.index, name="lsoa21")
    return found
