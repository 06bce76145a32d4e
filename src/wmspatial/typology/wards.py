"""Classes summed to wards, authorities and any other grouping, weighted by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    import geopandas as gpd


def slug(name: str) -> str:
    """Make a class name fit for a column: ``"Large number of jobs"`` to ``large_number_of_jobs``.

    Examples
    --------
    >>> slug("Large number of jobs")
    'large_number_of_jobs'
    """
    return name.lower().replace(" ", "_")


def residents_by_class(frame: gpd.GeoDataFrame | pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum residents and neighbourhoods in each class to larger areas.

    Parameters
    ----------
    frame : DataFrame
        Neighbourhoods with ``labour_market_class``, ``residents`` and the column `by`.
    by : str
        The column that holds the larger area.

    Returns
    -------
    DataFrame
        Indexed by larger area: ``residents``, ``neighbourhoods``, both by class
        (``residents_disconnected``, ...), and ``share_disconnected`` of residents; people and
        neighbourhoods are conserved.

    Raises
    ------
    InputError
        If the column is missing or has gaps.

    Examples
    --------
    >>> import wmspatial as wm
    >>> table = residents_by_class(wm.classify(wm.load_sample()).frame, "authority")
    >>> int(table["neighbourhoods"].sum())
    1680
    """
    if by not in frame.columns:
        raise InputError(
            f"No column {by!r} to sum by; the neighbourhoods have {examples(frame.columns, 30)}."
        )
    if frame[by].isna().any():
        lost = frame.index[frame[by].isna()]
        raise InputError(f"{len(lost):,} neighbourhoods have no {by} ({examples(lost)}).")
    classes = frame["labour_market_class"]
    out = pd.DataFrame(index=pd.Index(sorted(frame[by].unique()), name=by))
    for prefix, weight in (("residents", frame["residents"]), ("neighbourhoods", None)):
        values = pd.Series(1, index=frame.index) if weight is None else weight
        out[prefix] = values.groupby(frame[by]).sum()
        for name in CLASSES:
            out[f"{prefix}_{slug(name)}"] = (
                values.where(classes == name, 0).groupby(frame[by]).sum()
            )
    known = out["residents"] - out["residents_insufficient_data"]
    # Where nobody could be classed there is no share, and none is not nought.
    out["share_disconnected"] = (out["residents_disconnected"] / out["residents"]).where(known > 0)
    return out


def summarise(frame: pd.DataFrame, weight: str, by: str) -> pd.DataFrame:
    """Count neighbourhoods or residents by class, one row a place and a last row for all."""
    if weight not in ("neighbourhoods", "residents"):
        raise InputError(f"weight={weight!r}: expected 'neighbourhoods' or 'residents'.")
    if by not in frame.columns and by == "authority":
        frame = frame.assign(**{by: "the study area"})
    sums = residents_by_class(frame, by)
    table: Any = sums[[f"{weight}_{slug(name)}" for name in CLASSES] + [weight]]
    table.columns = pd.Index([*CLASSES, "All"])
    table = table.round().astype("int64")
    table.loc["All"] = table.sum()
    return pd.DataFrame(table)


def why_blank(frame: pd.DataFrame) -> str:
    """Say what the neighbourhoods without enough data lack, or who says so."""
    blank = frame[frame["labour_market_class"].astype("str") == "Insufficient data"]
    reasons = blank["rule"]
    if "given_by" in blank.columns:
        given = blank["given_by"].notna()
        reasons = reasons.mask(given, "given as such by " + blank["given_by"].astype("str"))
    return ", ".join(f"{reason} ({count:,})" for reason, count in reasons.value_counts().items())
