"""One thing that a page can be coloured by, and how it is written for the page's script."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from wmspatial.maps.spec import Category

# Steps from one number to the next, with their sign, have to fit 32 bits.
_GREATEST: Final = 2**29


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
    before : str
        What stands before it, as a currency does.
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
    before: str = ""


def packed_layers(
    layers: Iterable[PageLayer],
    residents: pd.Series[float] | None,
    groups: Sequence[str],
    unit: str = "neighbourhood",
) -> list[dict[str, Any]]:
    """Write layers as the page's script reads them.

    Parameters
    ----------
    layers : iterable of PageLayer
        From :func:`page_layers`.
    residents : Series of float, optional
        Of each area, for the legend.
    groups : sequence of str
        The groups whose counts are on the page.
    unit : str
        What an area is called.

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
            "counts": class_words(layer.categories, layer.category, residents, unit),
            "notes": list(layer.notes),
            "fact": layer.fact,
            "values": _values(layer, groups),
        }
        for layer in layers
    ]


def _values(layer: PageLayer, groups: Sequence[str]) -> dict[str, Any] | None:
    if layer.amounts is None:
        return None
    if layer.group in groups:
        form = {"decimals": layer.decimals, "unit": layer.unit}
        return {**form, "group": list(groups).index(layer.group)}
    return packed_numbers(layer.amounts, layer.decimals, layer.unit, layer.before)


def packed_numbers(
    amounts: pd.Series[float], decimals: int, unit: str, before: str = ""
) -> dict[str, Any]:
    """Write the number of each area as the page's script reads them.

    Parameters
    ----------
    amounts : Series of float
        Missing where there is none.
    decimals : int
        How many the page shows.
    unit, before : str
        What stands behind each number, and before it.

    Returns
    -------
    dict
        For :func:`~wmspatial.maps.packing.pack`: ``ints`` and which of them is ``missing``. Numbers
        too large for the page's columns stand in a list, ``numbers``.
    """
    form = {"decimals": decimals, "unit": unit, "before": before}
    whole = (amounts * 10**decimals).round()
    if whole.abs().max() > _GREATEST:
        return {**form, "numbers": [None if np.isnan(v) else float(v) for v in amounts]}
    missing = int(whole.min()) - 1
    ints = whole.fillna(missing).to_numpy().astype(np.int64)
    return {**form, "ints": ints, "missing": missing}


def class_words(
    categories: Sequence[Category], category: Any, residents: pd.Series[float] | None, unit: str
) -> list[str]:
    """Say of each class how many areas it has, and residents where these are known.

    Parameters
    ----------
    categories : sequence of Category
        In the order of the legend.
    category : ndarray of int
        Which of them each area is in.
    residents : Series of float, optional
        Of each area.
    unit : str
        What an area is called.

    Returns
    -------
    list of str
        One text a class.
    """
    size = len(categories)
    areas = np.bincount(category, minlength=size)
    people: list[float | None] = [None] * size
    if residents is not None:
        weight = residents.fillna(0).to_numpy("float64")
        people = np.bincount(category, weights=weight, minlength=size).tolist()
    return [count_words(int(n), p, unit) for n, p in zip(areas, people, strict=True)]


def count_words(areas: int, residents: float | None, unit: str = "neighbourhood") -> str:
    """Say how many areas and residents a class has.

    Parameters
    ----------
    areas : int
        How many areas.
    residents : float or None
        How many people live there; None where that is not known.
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
    counted = f"{areas:,} {unit}{'' if areas == 1 else 's'}"
    return counted if residents is None else f"{counted}, {residents:,.0f} residents"
