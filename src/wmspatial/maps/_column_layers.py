"""A column as something that a page can be coloured by, and what is said of each area's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.maps._choropleth_spec import as_numbers
from wmspatial.maps._figure_sheet import label_of, values_of
from wmspatial.maps.choropleth import ColumnSpec, classify_column
from wmspatial.maps.page_layer import PageLayer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial.maps._choropleth_looks import Numbers


def spec_layer(name: str, label: str, values: pd.Series[Any], spec: ColumnSpec) -> PageLayer:
    """Make a layer of a column and the spec that classes it.

    Parameters
    ----------
    name : str
        The layer's name in the address of the page.
    label : str
        What it is called.
    values : Series
        One an area.
    spec : ColumnSpec
        Its classes.

    Returns
    -------
    PageLayer
        With the numbers of the areas, as they are shown, unless the column is one of kinds.

    Examples
    --------
    >>> import pandas as pd
    >>> share = pd.Series([0.104, 0.5])
    >>> spec = classify_column(share, breaks=[0.1], unit="share")
    >>> layer = spec_layer("share", "Share", share, spec)
    >>> layer.amounts.tolist(), layer.decimals, layer.unit
    ([10.4, 50.0], 1, ' %')
    """
    notes = tuple(note for note in (spec.direction, *spec.notes) if note)
    category = np.asarray(spec.assign(values), dtype=np.int64)
    common = (name, label, spec.label, spec.categories, category, notes)
    if spec.levels:
        return PageLayer(*common)
    number = pd.Series(as_numbers(values), index=values.index)
    form = spec.numbers.for_values(number.to_numpy())
    shown = 100 * number if form.unit == "share" else number
    before = form.bare(0.0).rstrip("0.")
    return PageLayer(*common, shown, form.decimals, form.tail, before=before)


def written(values: pd.Series[float], numbers: Numbers) -> list[str]:
    """Write numbers with their unit, and nothing where they are missing."""
    return ["" if np.isnan(value) else numbers.write(float(value)) for value in values]


def ranks(number: pd.Series[float]) -> list[str]:
    """Say which place each value has among all of them, the highest first.

    Parameters
    ----------
    number : Series of float
        The values, NaN where they are missing.

    Returns
    -------
    list of str
        Empty where there is no value.

    Examples
    --------
    >>> import pandas as pd
    >>> ranks(pd.Series([5.0, 9.0, 5.0, None]))
    ['joint 2 of 3', '1 of 3', 'joint 2 of 3', '']
    """
    place = number.rank(method="min", ascending=False)
    tied = number.duplicated(keep=False)
    known = int(number.notna().sum())
    return [
        "" if np.isnan(rank) else f"{'joint ' if joint else ''}{rank:,.0f} of {known:,}"
        for rank, joint in zip(place, tied, strict=True)
    ]


def further_layers(
    table: pd.DataFrame, also: Iterable[str | ColumnSpec], column: str
) -> tuple[list[PageLayer], dict[str, list[str]], list[str]]:
    """Make layers of further columns; what cannot be classed is said as it stands.

    Parameters
    ----------
    table : DataFrame
        The frame without its polygons.
    also : iterable of str or ColumnSpec
        The columns.
    column : str
        The column that is mapped.

    Returns
    -------
    layers : list of PageLayer
        Of columns that can be classed.
    texts : dict of str to list of str
        The others, by label, as text.
    notes : list of str
        Why they could not be classed.

    Raises
    ------
    InputError
        If there is no such column, or it is named twice.
    """
    layers: list[PageLayer] = []
    texts: dict[str, list[str]] = {}
    notes: list[str] = []
    seen = {column}
    for one in _listed(also):
        name = one.column if isinstance(one, ColumnSpec) else one
        if name in seen:
            raise InputError(f"also: {name!r} is mapped already, or named twice.")
        seen.add(name)
        values = values_of(table, name, None)
        label = one.label if isinstance(one, ColumnSpec) else label_of(name, None, None)
        if isinstance(one, ColumnSpec):
            layers.append(spec_layer(f"also-{name}", label, values, one))
            continue
        try:
            spec = classify_column(values, label=label)
        except InputError as error:
            why = str(error).split(". ")[0].removesuffix(".") + "."
            texts[label] = ["" if pd.isna(value) else str(value) for value in values]
            notes.append(f"“{label}” stands in panel and table only. {why}")
        else:
            layers.append(spec_layer(f"also-{name}", label, values, spec))
    return layers, texts, notes


def _listed(also: Any) -> list[str | ColumnSpec]:
    """Return the columns asked for; one alone need not be in a list."""
    if isinstance(also, str | ColumnSpec):
        return [also]
    found = list(also)
    wrong = [one for one in found if not isinstance(one, str | ColumnSpec)]
    if wrong:
        raise InputError(f"also: expected names of columns; found {wrong[0]!r}.")
    return found
