"""What is compared when two maps of labour markets are: places, people, names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.measures import LabourMarkets


def official(table: pd.DataFrame) -> pd.Series[Any]:
    """Return the labour market of each neighbourhood of a dataset."""
    if "labour_market" not in table.columns:
        raise InputError(
            "compare_labour_markets: the dataset's neighbourhoods have no column labour_market. "
            "Give the areas to compare with as a Series."
        )
    found: pd.Series[Any] = table["labour_market"]
    return found


def official_names(table: pd.DataFrame) -> pd.Series[Any] | None:
    """Return what a dataset calls its labour markets."""
    if not {"labour_market", "labour_market_name"} <= set(table.columns):
        return None
    known = table.dropna(subset="labour_market")
    return known.groupby("labour_market")["labour_market_name"].first()


def by_place(markets: Any, zone_of: pd.Series[Any] | None, name: str) -> pd.Series[Any]:
    """Return the market of each place, by neighbourhood where zones of them are known."""
    if isinstance(markets, LabourMarkets):
        return markets.zones if zone_of is None else markets.to_neighbourhoods(zone_of)
    require(markets, name, "Series", "travel_to_work_areas(flows).zones")
    if not markets.index.is_unique:
        twice = markets.index[markets.index.duplicated()].unique()
        raise InputError(f"compare_labour_markets: `{name}` has places twice: {examples(twice)}.")
    # Codes of areas, whatever they were.
    found: pd.Series[Any] = markets.astype("str")
    return found


def checked_labels(labels: Any) -> tuple[str, str]:
    """Refuse what are not two names."""
    if (
        isinstance(labels, str)
        or len(labels) != 2
        or not all(isinstance(label, str) and label for label in labels)
    ):
        raise InputError(f"labels={labels!r}: expected two names, as ('Leiden', 'official').")
    return labels[0], labels[1]


def weights_of(people: pd.Series[Any] | None, index: pd.Index[Any]) -> tuple[pd.Series[Any], int]:
    """Return what each place weighs, and how many have no number of people."""
    if people is None:
        return pd.Series(1.0, index=index), 0
    require(people, "people", "Series", 'dataset.neighbourhoods["residents"]')
    if not people.index.is_unique or not pd.api.types.is_numeric_dtype(people):
        raise InputError("people: expected one number a place, by code.")
    weight = people.reindex(index).astype("float64")
    if np.isinf(weight).any() or (weight < 0).any():
        raise InputError("people: expected numbers of zero or more.")
    return weight.fillna(0.0), int(weight.isna().sum())


def called(codes: pd.Index[Any], names: pd.Series[Any] | None) -> pd.Series[Any]:
    """Return what each area is called; its code where nothing else is known."""
    own = codes.to_series()
    if names is None:
        return own
    require(names, "names", "Series", "found.name_by(...)")
    if not names.index.is_unique:
        raise InputError("names: expected one name an area.")
    return names.reindex(codes).fillna(own).astype("str")
