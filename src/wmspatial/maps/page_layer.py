"""One thing that a page can be coloured by, and how it is written for the page's script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from wmspatial.maps.spec import Category


@dataclass(frozen=True)
class PageLayer:
    """Something that a page can be coloured by.

    Attributes
    ----------
    id : str
        In the address of the page.
    label : str
        In the list of layers, tooltip, panel and table.
    title : str
        Above the legend.
    categories : tuple of Category
        In the order of the legend.
    category : ndarray of int
        Which of them each area is in.
    notes : tuple of str
        Below the legend.
    amounts : Series of float, optional
        The number of each area; without any, its category says it all.
    decimals : int
        How many the numbers have.
    unit : str
        What stands behind a number.
    group : str
        Name of the group of residents whose share it is; its numbers are on the page already.
    fact : bool
        Whether the panel names it among the facts of an area.
    """

    id: str
    label: str
    title: str
    categories: tuple[Category, ...]
    category: Any
    notes: tuple[str, ...] = ()
    amounts: pd.Series[float] | None = None
    decimals: int = 0
    unit: str = ""
    group: str = ""
    fact: bool = True


def packed_layers(
    layers: Iterable[PageLayer], residents: pd.Series[float], groups: Sequence[str]
) -> list[dict[str, Any]]:
    """Write layers as the page's script reads them.

    Parameters
    ----------
    layers : iterable of PageLayer
        From :func:`page_layers`.
    residents : Series of float
        Of each area, for the legend.
    groups : sequence of str
        The groups whose counts are on the page.

    Returns
    -------
    list of dict
        For :func:`~wmspatial.maps.packing.pack`.
    """
    return [
        {
            "id": layer.id,
            "label": layer.label,
            "title": layer.title,
            "categories": [asdict(category) for category in layer.categories],
            "category": layer.category,
            "counts": _counts(layer, residents),
            "notes": list(layer.notes),
            "fact": layer.fact,
            "values": _values(layer, groups),
        }
        for layer in layers
    ]


def _values(layer: PageLayer, groups: Sequence[str]) -> dict[str, Any] | None:
    if layer.amounts is None:
        return None
    form: dict[str, Any] = {"decimals": layer.decimals, "unit": layer.unit}
    if layer.group in groups:
        return {**form, "group": list(groups).index(layer.group)}
    whole = (layer.amounts * 10**layer.decimals).round()
    missing = int(whole.min()) - 1
    ints = whole.fillna(missing).to_numpy().astype(np.int64)
    return {**form, "ints": ints, "missing": missing}


def _counts(layer: PageLayer, residents: pd.Series[float]) -> list[str]:
    size = len(layer.categories)
    areas = np.bincount(layer.category, minlength=size)
    weight = residents.fillna(0).to_numpy("float64")
    people = np.bincount(layer.category, weights=weight, minlength=size)
    return [count_words(int(n), float(p)) for n, p in zip(areas, people, strict=True)]


def count_words(areas: int, residents: float, unit: str = "neighbourhood") -> str:
    """Say how many areas and residents a class has.

    Parameters
    ----------
    areas : int
        How many areas.
    residents : float
        How many people live there.
    unit : str
        What an area is called.

    Returns
    -------
    str
        For the legend.

    Examples
    --------
    >>> count_words(1, 1500)
    '1 neighbourhood, 1,500 residents'
    """
    if not areas:
        return "none here"
    return f"{areas:,} {unit}{'' if areas == 1 else 's'}, {residents:,.0f} residents"
