"""The data of a page: what its script draws, column by column, and short."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.maps import words
from wmspatial.maps.commuting import commuting
from wmspatial.maps.geometry import label_points, outlines, simplify
from wmspatial.maps.layers import change_facts, page_layers, ward_sums
from wmspatial.maps.packing import Texts
from wmspatial.maps.page_layer import packed_layers
from wmspatial.maps.spec import (
    SHARE_BREAKS,
    Authority,
    Category,
    class_categories,
    number_authorities,
    share_categories,
)
from wmspatial.maps.topology import columns, make_topology
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

    from wmspatial.maps.page_layer import PageLayer
    from wmspatial.typology import ResidentialTypology, Typology
    from wmspatial.typology.change import Change
    from wmspatial.typology.sensitivity import Sensitivity

# What a page goes without where it is not given.
_NOTHING: Final[dict[str, Any]] = {
    "layers": [],
    "facts": [],
    "groups": None,
    "stability": None,
    "flows": None,
    "wards": False,
    "differ": np.zeros(0, dtype=np.int64),
}


@dataclass(frozen=True)
class Payload:
    """All that is drawn, and the categories and authorities that legend and key show.

    Attributes
    ----------
    data : dict
        For the page's script: see :func:`~wmspatial.maps.packing.pack`. The shapes of its
        ``topology`` are the areas, and after them the outlines.
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
    layers : tuple of PageLayer
        What else the page can be coloured by.
    """

    data: dict[str, Any]
    categories: tuple[Category, ...]
    category: Any
    authorities: tuple[Authority, ...]
    bounds: tuple[float, float, float, float]
    notes: tuple[str, ...]
    layers: tuple[PageLayer, ...] = ()


def make_payload(
    frame: gpd.GeoDataFrame,
    typology: Typology,
    *,
    sensitivity: Sensitivity | None = None,
    residential: ResidentialTypology | None = None,
    change: Change | None = None,
) -> Payload:
    """Put together what the page draws.

    Parameters
    ----------
    frame : GeoDataFrame
        The typology's frame: neighbourhoods or wards.
    typology : Typology
        The choices behind it.
    sensitivity, residential, change : optional
        Further results on the same neighbourhoods.

    Returns
    -------
    Payload
        For :class:`~wmspatial.maps.page.PageMap`, legend and key.
    """
    table = without_shapes(frame)
    by_ward = typology.level == "ward"
    if by_ward:
        categories, category = share_categories(), share_bins(table["share_disconnected"])
        fields = words.ward_fields(table)
        table = ward_sums(table, typology)
    else:
        categories = class_categories(typology.parameters)
        category = table["labour_market_class"].cat.codes.to_numpy()
        fields = words.neighbourhood_fields(table, typology)
    layers = page_layers(
        table, typology, sensitivity=sensitivity, residential=residential, change=change
    )
    groups = [g for g in typology.dataset.groups if g in table.columns]
    unit = "ward" if by_ward else "neighbourhood"
    own = {
        "layers": packed_layers(layers, table["residents"], groups, unit),
        "facts": text_columns(change_facts(table, change)),
        "groups": _groups(table, groups),
        "stability": _stability(table, sensitivity),
        "flows": commuting(table, typology),
        "wards": not by_ward and "ward" in table.columns,
        "places": Texts(words.places(table, ward=not by_ward)),
        "fields": text_columns(fields),
        "reasons": Texts(words.reasons(table, typology)),
        "differ": _differing(table),
    }
    banner = ILLUSTRATIVE if typology.illustrative else ""
    payload = area_payload(frame, categories, category, own, unit=unit, banner=banner)
    return replace(payload, layers=layers)


def without_shapes(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the columns of a frame, without its polygons.

    Parameters
    ----------
    frame : GeoDataFrame
        Any.

    Returns
    -------
    DataFrame
        Without ``attrs``: what hangs on a frame is copied with every column that is taken from it.
    """
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table.attrs.clear()
    return table


def area_payload(
    frame: gpd.GeoDataFrame,
    categories: Sequence[Category],
    category: Any,
    own: Mapping[str, Any],
    *,
    unit: str,
    banner: str,
) -> Payload:
    """Put together what the page draws of any areas in classes.

    Parameters
    ----------
    frame : GeoDataFrame
        The areas, in longitude and latitude, indexed by code.
    categories : sequence of Category
        In the order of the legend.
    category : ndarray of int
        Which one each area is in.
    own : mapping
        What is said of each area, and whatever else this page has: ``places``, ``fields`` (for
        tooltip and panel), ``facts`` (for the panel), ``reasons``, ``layers`` and so on. What is
        not named the page goes without.
    unit : str
        What an area is called.
    banner : str
        The mark of illustrative data.

    Returns
    -------
    Payload
        For :class:`~wmspatial.maps.page.PageMap`, legend and key.
    """
    table = without_shapes(frame)
    shapes = simplify(frame)
    authorities, lines, authority, drawn = _authorities(table, shapes.polygons)
    everything = np.concatenate([shapes.polygons, drawn])
    data = {
        "kind": unit,
        "banner": banner,
        "count": len(frame),
        "topology": columns(make_topology(everything, shapes.scale)),
        "category": np.asarray(category, dtype=np.int64),
        "categories": written_categories(categories),
        "authority": authority,
        "codes": Texts([str(code) for code in table.index]),
        "names": Texts(words.names(table)),
        **_NOTHING,
        **own,
        "outlines": lines,
    }
    corners = frame.total_bounds
    bounds = (float(corners[0]), float(corners[1]), float(corners[2]), float(corners[3]))
    return Payload(data, tuple(categories), category, authorities, bounds, shapes.notes)


def text_columns(texts: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Write texts as the page's script reads them.

    Parameters
    ----------
    texts : mapping of str to list of str
        By label, one text an area.

    Returns
    -------
    list of dict
        For :func:`~wmspatial.maps.packing.pack`.

    Examples
    --------
    >>> text_columns({"Rank": ["1 of 2", "2 of 2"]})[0]["label"]
    'Rank'
    """
    return [{"label": label, "values": Texts(lines)} for label, lines in texts.items()]


def _groups(table: pd.DataFrame, groups: list[str]) -> dict[str, Any] | None:
    """Return the residents of each group; -1 where they are not known."""
    if not groups:
        return None
    known = table[groups].notna().all(axis=1)
    return {
        "names": [name.replace("_", " ").capitalize() for name in groups],
        "counts": [
            table[name].where(known, -1).round().to_numpy().astype(np.int64) for name in groups
        ],
    }


def _stability(table: pd.DataFrame, sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    """Return in how many scenarios each area has the same class; -1 where that is not known."""
    if sensitivity is None:
        return None
    count = len(sensitivity.scenarios)
    same = (count * sensitivity.frame["share_same_class"].reindex(table.index)).round()
    return {"of": count, "same": same.fillna(-1).to_numpy().astype(np.int64)}


def written_categories(categories: Iterable[Category]) -> list[dict[str, Any]]:
    """Write categories as the page's script reads them.

    Parameters
    ----------
    categories : iterable of Category
        In the order of the legend.

    Returns
    -------
    list of dict
        Their attributes.

    Examples
    --------
    >>> written_categories(class_categories())[0]["name"]
    'Disconnected'
    """
    return [asdict(category) for category in categories]


def _differing(table: pd.DataFrame) -> Any:
    """Return which areas have a given class that the reconstruction does not agree with."""
    if "classes_agree" not in table.columns:
        return np.zeros(0, dtype=np.int64)
    return (~table["classes_agree"].to_numpy(dtype=bool)).nonzero()[0]


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
            return table[column].astype(object)
    return pd.Series(None, index=table.index, dtype=object)


def authority_names(table: pd.DataFrame) -> pd.Series[Any]:
    """Return what each area's authority is called: its name, or what tells it where it has none."""
    keys = authority_keys(table)
    if "authority" not in table.columns:
        return keys
    named = table["authority"].astype(object)
    return named.where(named.notna(), keys)


def _authorities(
    table: pd.DataFrame, polygons: Any
) -> tuple[tuple[Authority, ...], dict[str, Any], Any, Any]:
    """Return the authorities with numbers and outlines; without any, outline the whole.

    Third is which outline each area lies in, -1 where that is not known.
    """
    keys = authority_keys(table)
    if keys.notna().any():
        named = authority_names(table).astype(str)
        names = dict(zip(keys.astype(str)[keys.notna()], named[keys.notna()], strict=True))
        authorities = number_authorities(names)
        groups = keys.astype(str).where(keys.notna())
    else:
        authorities, groups = (), pd.Series("all", index=table.index)
    shapes = outlines(polygons, groups)
    numbers = {a.key: a.number for a in authorities}
    spots = label_points(shapes) if any(numbers.values()) else {}
    names = {a.key: a.name for a in authorities}
    lines = {
        "names": [names.get(key, "") for key in shapes],
        "numbers": [numbers.get(key) for key in shapes],
        "spots": [spots.get(key) for key in shapes],
    }
    within = pd.Index(list(shapes)).get_indexer(pd.Index(groups.astype(object)))
    if not authorities:
        within = np.full(len(table), -1)
    return authorities, lines, within, np.array(list(shapes.values()), dtype=object)
