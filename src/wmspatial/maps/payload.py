"""The data of a page: what its script draws, column by column, and short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.maps import words
from wmspatial.maps.encoding import encode_polygons, fold
from wmspatial.maps.geometry import DECIMALS, label_points, outlines, simplify
from wmspatial.maps.spec import (
    SHARE_BREAKS,
    Authority,
    Category,
    class_categories,
    number_authorities,
    share_categories,
)
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.typology import Typology


@dataclass(frozen=True)
class Payload:
    """All that is drawn, and the categories and authorities that legend and key show.

    Attributes
    ----------
    data : dict
        For the page's script.
    categories : tuple of Category
        In the order of the legend.
    category : ndarray of int
        Which category each area is in.
    authorities : tuple of Authority
        In the order of the key; empty where areas have no authority.
    bounds : tuple of float
        West, south, east, north.
    notes : tuple of str
        What had to be said about the boundaries.
    """

    data: dict[str, Any]
    categories: tuple[Category, ...]
    category: Any
    authorities: tuple[Authority, ...]
    bounds: tuple[float, float, float, float]
    notes: tuple[str, ...]


def make_payload(frame: gpd.GeoDataFrame, typology: Typology) -> Payload:
    """Put together what the page draws.

    Parameters
    ----------
    frame : GeoDataFrame
        The typology's frame: neighbourhoods or wards.
    typology : Typology
        The choices behind it.

    Returns
    -------
    Payload
        For :class:`~wmspatial.maps.page.PageMap`, legend and key.
    """
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    by_ward = typology.level == "ward"
    if by_ward:
        categories, category = share_categories(), share_bins(table["share_disconnected"])
        fields = words.ward_fields(table)
    else:
        categories = class_categories(typology.parameters)
        category = table["labour_market_class"].cat.codes.to_numpy()
        fields = words.neighbourhood_fields(table, typology)
    shapes = simplify(frame)
    origin, texts = encode_polygons(shapes.polygons)
    authorities, lines = _authorities(table, shapes.polygons)
    data = {
        "kind": "ward" if by_ward else "neighbourhood",
        "banner": ILLUSTRATIVE if typology.illustrative else "",
        "scale": 10**DECIMALS,
        "origin": origin,
        "shapes": texts,
        "category": [int(c) for c in category],
        "categories": [
            {
                "name": c.name,
                "colour": c.colour,
                "line": c.line,
                "symbol": c.symbol,
                "pattern": c.pattern,
                "loud": c.loud,
            }
            for c in categories
        ],
        "codes": fold([str(code) for code in table.index]),
        "names": fold(words.names(table)),
        "places": fold(words.places(table, ward=not by_ward)),
        "fields": [{"label": label, "values": fold(v)} for label, v in fields.items()],
        "reasons": fold(words.reasons(table, typology)),
        "differ": _differing(table),
        "outlines": lines,
    }
    corners = frame.total_bounds
    bounds = (float(corners[0]), float(corners[1]), float(corners[2]), float(corners[3]))
    return Payload(data, categories, category, authorities, bounds, shapes.notes)


def _differing(table: pd.DataFrame) -> list[int]:
    """Return which areas have a given class that the reconstruction does not agree with."""
    if "classes_agree" not in table.columns:
        return []
    return [int(i) for i in (~table["classes_agree"].to_numpy(dtype=bool)).nonzero()[0]]


def share_bins(share: pd.Series[float]) -> Any:
    """Say in which bin of :data:`~wmspatial.maps.spec.SHARE_BREAKS` each share lies.

    Parameters
    ----------
    share : Series of float
        From 0 to 1; missing where nobody lives.

    Returns
    -------
    ndarray of int
        The bin; a share on a break is in the lower one, a missing share in the last of all.

    Examples
    --------
    >>> share_bins(pd.Series([0, 0.1, 0.11, 1, float("nan")])).tolist()
    [0, 1, 2, 4, 5]
    """
    values = share.to_numpy(dtype="float64")
    # A sum of shares may come out a hair above its break.
    bins = np.searchsorted(np.array(SHARE_BREAKS) + 1e-12, values, side="left")
    return np.where(np.isnan(values), len(SHARE_BREAKS), np.minimum(bins, len(SHARE_BREAKS) - 1))


def authority_keys(table: pd.DataFrame) -> pd.Series[Any]:
    """Return what tells each area's authority: its code, or its name where there are no codes."""
    for column in ("authority_code", "authority"):
        if column in table.columns and table[column].notna().any():
            return table[column]
    return pd.Series(None, index=table.index, dtype=object)


def _authorities(
    table: pd.DataFrame, polygons: Any
) -> tuple[tuple[Authority, ...], dict[str, Any]]:
    """Return the authorities with numbers and outlines; without any, outline the whole."""
    keys = authority_keys(table)
    if keys.notna().any():
        labels = table["authority"] if "authority" in table.columns else keys
        named = labels.where(labels.notna(), keys).astype(str)
        names = dict(zip(keys.astype(str)[keys.notna()], named[keys.notna()], strict=True))
        authorities = number_authorities(names)
        groups = keys.astype(str).where(keys.notna())
    else:
        authorities, groups = (), pd.Series("all", index=table.index)
    shapes = outlines(polygons, groups)
    numbers = {a.key: a.number for a in authorities}
    spots = label_points(shapes) if any(numbers.values()) else {}
    origin, texts = encode_polygons(np.array(list(shapes.values()), dtype=object))
    names = {a.key: a.name for a in authorities}
    return authorities, {
        "origin": origin,
        "shapes": texts,
        "names": [names.get(key, "") for key in shapes],
        "numbers": [numbers.get(key) for key in shapes],
        "spots": [spots.get(key) for key in shapes],
    }
