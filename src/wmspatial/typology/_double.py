"""Double disconnection: badly connected both to jobs and in where people move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, VintageError, examples
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology._residential_counts import column_to_sum_by

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.typology._typology import Typology
    from wmspatial.typology.residential import ResidentialTypology

#: How the two typologies meet in one neighbourhood.
MEETINGS: Final = (
    "Double disconnection",
    "Disconnected only",
    "Isolate only",
    "Neither",
    "Not classified",
    "Insufficient data",
)
_KEPT: Final = ("name", "authority_code", "authority", "ward_code", "ward", "nation", "zone",
                "residents", "deprived")  # fmt: skip


def double_disconnection(labour: Typology, residential: ResidentialTypology) -> gpd.GeoDataFrame:
    """Find the neighbourhoods that are both Disconnected and Isolate.

    Parameters
    ----------
    labour : Typology
        From :func:`~wmspatial.classify`.
    residential : ResidentialTypology
        From :func:`~wmspatial.classify_residential`, of the same dataset.

    Returns
    -------
    GeoDataFrame
        The study area's neighbourhoods, indexed by code, in the order of `labour`: names and
        residents, ``deprived``, ``labour_market_class``, ``residential_type``, ``zone_deprived``,
        the categorical ``disconnection`` (Double disconnection, Disconnected only, Isolate only,
        Neither, Not classified, Insufficient data) and ``double_disconnection`` (bool; false where
        the data does not suffice). Counts by authority: :func:`summarise_double_disconnection`.

    Raises
    ------
    VintageError
        If the two are of different censuses.
    InputError
        If the two are of different study areas, indices or shares of deprived neighbourhoods.

    References
    ----------
    Rae, Hamilton, Crisp and Powell, *Overcoming deprivation and disconnection in UK cities*,
    Joseph Rowntree Foundation, 2016, revised 2018, which found 524 such areas in the UK with the
    flows of 2011.

    Examples
    --------
    >>> from wmspatial.typology import classify
    >>> from wmspatial.typology.residential import classify_residential
    >>> from wmspatial.typology.residential_example import example_town
    >>> data = example_town()
    >>> both = double_disconnection(classify(data), classify_residential(data))
    >>> both["disconnection"].value_counts()["Double disconnection"]
    np.int64(1)
    """
    _refuse_different(labour, residential)
    one, other = labour.neighbourhoods, residential.frame
    frame = one[[*(c for c in _KEPT if c in one.columns), "labour_market_class", "geometry"]].copy()
    for column in ("residential_type", "zone_deprived"):
        frame[column] = other[column].reindex(frame.index)
    lost = frame["labour_market_class"] == "Disconnected"
    alone = frame["residential_type"] == "Isolate"
    classes = frame[["labour_market_class", "residential_type"]].astype("str")
    conditions = {
        MEETINGS[5]: classes.eq("Insufficient data").any(axis=1),
        MEETINGS[4]: classes.eq("Not classified").any(axis=1),
        MEETINGS[0]: lost & alone,
        MEETINGS[1]: lost,
        MEETINGS[2]: alone,
    }
    found = np.select(list(conditions.values()), list(conditions), MEETINGS[3])
    frame["disconnection"] = pd.Categorical(found, categories=list(MEETINGS), ordered=True)
    frame["double_disconnection"] = frame["disconnection"] == MEETINGS[0]
    frame = frame[[*(c for c in frame.columns if c != "geometry"), "geometry"]]
    frame.attrs.update(
        vintage=residential.vintage,
        parameters=labour.parameters.to_dict() | residential.parameters.to_dict(),
        illustrative=residential.illustrative,
        caveats=list(dict.fromkeys([*labour.caveats, *residential.caveats])),
    )
    if residential.illustrative:
        frame.columns.name = ILLUSTRATIVE
    return frame


def _refuse_different(labour: Typology, residential: ResidentialTypology) -> None:
    """Refuse two results that were not made from the same data."""
    if labour.vintage != residential.vintage:
        raise VintageError(
            f"double_disconnection: the labour-market classes are of {labour.vintage}, the "
            f"residential types of {residential.vintage}. Take both of one census."
        )
    where = "double_disconnection: the two results are not of the same dataset"
    advice = "Make both from one dataset: classify(data) and classify_residential(data)."
    one, other = labour.neighbourhoods, residential.frame
    odd = one.index.symmetric_difference(other.index)
    if len(odd):
        raise InputError(
            f"{where}: {len(odd):,} neighbourhoods are in one only ({examples(odd)}). {advice}"
        )
    mine, theirs = labour.dataset, residential.dataset
    facts = [
        ("the index", mine.deprivation, theirs.deprivation),
        ("illustrative", mine.illustrative, theirs.illustrative),
        (
            "deprived_share",
            labour.parameters.deprived_share,
            residential.parameters.deprived_share,
        ),
    ]
    for what, ours, others in facts:
        if ours != others:
            raise InputError(f"{where}: {what} is {ours!r} in one and {others!r} in the other. "
                             f"{advice}")  # fmt: skip
    for column in ("deprivation_rank", "residents", "zone"):
        differ = ~_equal(one[column], other[column].reindex(one.index))
        if differ.any():
            raise InputError(
                f"{where}: {int(differ.sum()):,} neighbourhoods differ in {column!r} "
                f"({examples(one.index[differ])}). {advice}"
            )


def _equal(one: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[bool]:
    return (one == other).fillna(value=False).astype(bool) | (one.isna() & other.isna())


def summarise_double_disconnection(frame: pd.DataFrame, *, by: str = "authority") -> pd.DataFrame:
    """Count doubly disconnected neighbourhoods, and the people who live in them.

    Parameters
    ----------
    frame : GeoDataFrame
        From :func:`double_disconnection`.
    by : str, default "authority"
        The column to count by.

    Returns
    -------
    DataFrame
        One row a place and a last row ``All``; neighbourhoods: ``neighbourhoods``, ``deprived``,
        ``disconnected``, ``isolate``, ``double_disconnection``, and
        ``double_disconnection_in_deprived_zone``, those whose zone too is deprived; people:
        ``residents``, ``residents_double_disconnection`` and its share of the residents,
        ``share_of_residents``.

    Raises
    ------
    InputError
        If there is no such column, or it has gaps.

    Examples
    --------
    >>> from wmspatial.typology import classify
    >>> from wmspatial.typology.residential import classify_residential
    >>> from wmspatial.typology.residential_example import example_town
    >>> data = example_town()
    >>> both = double_disconnection(classify(data), classify_residential(data))
    >>> int(summarise_double_disconnection(both).loc["All", "double_disconnection"])
    1
    """
    place = column_to_sum_by(frame, by)
    double = frame["double_disconnection"]
    counted = pd.DataFrame(
        {
            "neighbourhoods": 1,
            "deprived": frame["deprived"],
            "disconnected": frame["labour_market_class"] == "Disconnected",
            "isolate": frame["residential_type"] == "Isolate",
            "double_disconnection": double,
            "double_disconnection_in_deprived_zone": double & frame["zone_deprived"],
            "residents": frame["residents"].fillna(0.0),
            "residents_double_disconnection": frame["residents"].where(double, 0.0).fillna(0.0),
        },
        index=frame.index,
    )
    table = counted.groupby(place).sum().round().astype("int64")
    table.loc["All"] = table.sum()
    people = table["residents"].where(table["residents"] > 0)
    table["share_of_residents"] = table["residents_double_disconnection"] / people
    table.columns.name = frame.columns.name
    return table
