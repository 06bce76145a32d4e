"""A page for any column of any areas: a choropleth that answers."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.maps import _page_text as around
from wmspatial.maps import words
from wmspatial.maps._choropleth_spec import as_numbers
from wmspatial.maps._column_layers import further_layers, ranks, spec_layer, written
from wmspatial.maps._figure_shapes import check_shapes
from wmspatial.maps._figure_sheet import (
    Sheet,
    frame_of,
    is_typology,
    make_sheet,
    sources_of,
    values_of,
)
from wmspatial.maps.packing import Texts
from wmspatial.maps.page_layer import packed_layers, packed_numbers
from wmspatial.maps.payload import area_payload, text_columns, without_shapes
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import folium
    import geopandas as gpd

    from wmspatial.maps._choropleth_looks import Numbers
    from wmspatial.maps.choropleth import ColumnSpec
    from wmspatial.maps.page_layer import PageLayer
    from wmspatial.maps.payload import Payload
    from wmspatial.typology import Typology

_WORLD: Final = "EPSG:4326"
_FOUND_BY: Final = {"place": "name", "ward": "ward", "authority": "authority"}
# Of fewer areas a median says nothing.
_FEW: Final = 3
_ROUND: Final = (-180.0, -90.0, 180.0, 90.0)


def choropleth_map(
    data: Typology | gpd.GeoDataFrame,
    column: str | ColumnSpec,
    *,
    title: str | None = None,
    label: str | None = None,
    unit: str | None = None,
    per: str | None = None,
    source: str | None = None,
    also: Iterable[str | ColumnSpec] = (),
    scheme: str | None = None,
    k: int | None = None,
    breaks: Sequence[float] | None = None,
    centre: float | None = None,
    higher: Literal["worse", "better"] | None = None,
    tiles: Any = None,
) -> folium.Map:
    """Map any column of any areas as a page that answers.

    The page has what that of :func:`~wmspatial.disconnection_map` has: a sentence on what it shows,
    a legend whose classes are shown and hidden, numbered authorities with a key where the areas
    have them, a search, a panel with the value of the area that is chosen, its class and its place
    among all, tables of the same facts, patterns for grey print, sources. Its address holds what is
    seen. It opens with no network. The same map for print is :func:`~wmspatial.map_figure`, with
    the same arguments.

    Parameters
    ----------
    data : Typology or GeoDataFrame
        Areas with polygons, indexed by code. Columns called ``name``, ``ward``, ``authority``,
        ``authority_code`` and ``residents`` are used where they are there.
    column : str or ColumnSpec
        What to map: numbers, or kinds. A spec of :func:`~wmspatial.classify_column` shares its
        classes with other maps.
    title : str, optional
        By default it names the column, and the study area and the census of a typology.
    label : str, optional
        What stands above the legend; by default the column's name.
    unit : str, optional
        What stands beside each number; ``"share"`` for shares from 0 to 1, shown as per cent.
    per : str, optional
        A column that the values are divided by, as in ``choropleth_map(areas, "asian",
        per="residents")``; where it is 0 the value is missing.
    source : str, optional
        Where the numbers come from; by default the typology's publishers, or what hangs on the
        frame as ``attrs["sources"]`` or ``attrs["source"]``.
    also : iterable of str or ColumnSpec, optional
        Further columns: they stand in panel and table, and the map can be coloured by them.
    scheme, k, breaks, centre, higher : optional
        How the column is classed, as in :func:`~wmspatial.classify_column`.
    tiles : str or folium.TileLayer, optional
        Background tiles, as folium takes them. By default none: tiles need a network, and the
        page then says so.

    Returns
    -------
    folium.Map
        Any folium layer, plugin or control can be added.

    Raises
    ------
    InputError
        If there is nothing to draw, the areas say not where on Earth they are or have one code
        twice, there is no such column, or the classes asked for do not fit its values.

    Examples
    --------
    >>> import wmspatial as wm
    >>> from wmspatial.maps.column_map import choropleth_map
    >>> page = choropleth_map(wm.load_sample().areas, "asian", per="residents", breaks=[0.1, 0.5])
    >>> [child.layer_name for child in page._children.values()][:3]
    ['Up to 10 %', '10 to 50 %', 'Over 50 %']
    """
    from wmspatial.maps.page import make_page

    if column is None:
        raise InputError(
            "column: which column is to be mapped? For the classes of a typology there is "
            "wm.disconnection_map(typology)."
        )
    asked = {"scheme": scheme, "k": k, "breaks": breaks, "centre": centre, "higher": higher}
    asked |= {"unit": unit, "label": label}
    how = {name: value for name, value in asked.items() if value is not None}
    _check_codes(frame_of(data))
    sheet = make_sheet(data, column, title=title, source=source, per=per, how=how)
    spec = _spec_of(sheet)
    frame = _in_degrees(sheet.frame)
    table = without_shapes(frame)
    values = values_of(table, spec.column, per)
    layers, texts, notes = further_layers(table, also, spec.column)
    main = spec_layer("class", spec.label, values, spec)
    payload = area_payload(
        frame,
        spec.categories,
        main.category,
        _said(table, values, main, spec, layers, texts, sheet),
        unit=sheet.unit,
        banner=ILLUSTRATIVE if sheet.illustrative else "",
    )
    text = replace(
        _text(data, sheet, table, main, payload),
        parameters_line=_parameters(main, spec, per),
        method_lines=[*_method(data, layers), *notes],
        tiles_line=around.tiles_words(tiles),
    )
    own = {
        "label": f"Map: {sheet.title}",
        "prefix": f"{spec.label}: ",
        "first": spec.label,
        "hint": _hint(table),
        "tiles": bool(tiles),
        "down": spec.higher != "better",
    }
    return make_page(text, {**payload.data, **own}, payload, tiles=tiles)


def _spec_of(sheet: Sheet) -> ColumnSpec:
    if sheet.spec is None:  # pragma: no cover - a sheet of a column has one
        raise InputError("column: there is nothing to class.")
    return sheet.spec


def _check_codes(frame: gpd.GeoDataFrame) -> None:
    """Refuse what cannot be drawn, or cannot be told apart."""
    check_shapes(frame)
    twice = frame.index[frame.index.duplicated()].unique()
    if len(twice):
        raise InputError(
            f"{len(twice):,} codes stand in the frame's index more than once "
            f"({examples(twice, 3)}). Expected one row an area: put them together, as with "
            "frame.dissolve, or number them with reset_index."
        )


def _in_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas in longitude and latitude; refuse those that lie nowhere on Earth."""
    degrees = frame.to_crs(_WORLD)
    west, south, east, north = degrees.total_bounds
    least_east, least_north, most_east, most_north = _ROUND
    if not (west >= least_east and south >= least_north and east <= most_east):
        north = np.inf
    if not north <= most_north:
        raise InputError(
            f"The areas lie nowhere on Earth: the frame says its coordinates are {frame.crs}, and "
            f"they go to {frame.total_bounds.max():,.0f}. Say in which they are, as in "
            "frame.set_crs(27700, allow_override=True) for the British National Grid."
        )
    return degrees


def _said(
    table: pd.DataFrame,
    given: pd.Series[Any],
    main: PageLayer,
    spec: ColumnSpec,
    layers: Sequence[PageLayer],
    texts: dict[str, list[str]],
    sheet: Sheet,
) -> dict[str, Any]:
    """Return what is said of each area, for tooltip, panel, search and table."""
    ward = "ward" in table.columns
    fields: dict[str, list[str]] = {}
    facts: dict[str, list[str]] = {}
    values = None
    if main.amounts is not None:
        number = pd.Series(as_numbers(given), index=table.index)
        named = np.array([category.name for category in spec.categories], dtype=object)
        blank = number.isna().to_numpy()
        fields["Class"] = np.where(blank, "", named[main.category]).tolist()
        fields["Rank, highest first"] = ranks(number)
        form = spec.numbers.for_values(number.to_numpy())
        facts |= _around(number, around.place_names(table), form)
        values = packed_numbers(main.amounts, main.decimals, main.unit, main.before)
    told = {spec.label.lower(), *(layer.label.lower() for layer in layers)}
    if sheet.people is not None and "residents" not in told:
        people = sheet.people.astype("float64")
        fields["Residents"] = ["" if np.isnan(n) else f"{n:,.0f}" for n in people]
    return {
        "layers": packed_layers(layers, sheet.people, [], sheet.unit),
        "facts": text_columns(facts) + [{**one, "table": True} for one in text_columns(texts)],
        "wards": ward,
        "places": Texts(words.places(table, ward=ward)),
        "fields": [{**one, "table": True} for one in text_columns(fields)],
        "reasons": Texts([""] * len(table)),
        "values": values,
        "tabled": True,
    }


def _around(
    number: pd.Series[float], places: pd.Series[str], numbers: Numbers
) -> dict[str, list[str]]:
    """Say what is usual, for the panel: half of all areas, and of the authority's, lie above it."""
    if number.notna().sum() < _FEW:
        return {}
    whole = pd.Series(number.median(), index=number.index)
    found = {"Median of all": written(whole, numbers)}
    if (places != places.iloc[0]).any():
        found["Median of its authority"] = written(
            number.groupby(places).transform("median"), numbers
        )
    return found


def _hint(table: pd.DataFrame) -> str:
    known = [word for word, name in _FOUND_BY.items() if name in table.columns]
    return f"{', '.join(known)} or code".capitalize() if known else "Code"


def _text(
    data: Any, sheet: Sheet, table: pd.DataFrame, main: PageLayer, payload: Payload
) -> around.PageText:
    """Return the words round the map."""
    typology = data if is_typology(data) else None
    names = [category.name for category in main.categories]
    classes = pd.Series(np.array(names, dtype=object)[main.category], index=table.index)
    units = f"{sheet.unit}s"
    given = f"{units}, as given but simplified by up to 20 metres"
    return around.PageText(
        title=sheet.title,
        lead=sheet.lead,
        unit=sheet.unit,
        legend_title=sheet.legend_title,
        legend=around.legend_items(main.categories, main.category, sheet.people, sheet.unit),
        legend_note=sheet.legend_note,
        tables=around.class_tables(around.place_names(table), classes, names, sheet.people, units),
        each=f"Every {sheet.unit}: its value and class",
        ask="for more",
        parameters_line="",
        boundaries_line=" ".join([around.boundaries_words(len(table), given), *payload.notes]),
        source_line=_source_line(sheet),
        banner=ILLUSTRATIVE if sheet.illustrative else "",
        notice=sheet.notice,
        authorities=payload.authorities,
        caveats=typology.caveats if typology is not None and sheet.notice else (),
        sources=sources_of(data),
        report=typology.dataset.report if typology is not None else (),
    )


def _source_line(sheet: Sheet) -> str:
    """Name the sources, and the day on which the page was made."""
    made = f"Made with wmspatial {version('wmspatial')}"
    return f"{sheet.source.removesuffix(f'{made}.').rstrip()} {made} on {around.today()}.".lstrip()


def _parameters(main: PageLayer, spec: ColumnSpec, per: str | None) -> str:
    """Say how the classes were made, and how many areas are in each."""
    over = f", divided by {per.replace('_', ' ')}" if per else ""
    counts = np.bincount(main.category, minlength=len(main.categories))
    each = "; ".join(f"{c.name}: {n:,}" for c, n in zip(main.categories, counts, strict=True))
    if spec.levels:
        return f"Column “{spec.column}”, by kind. Areas in each: {each}."
    at = ", ".join(spec.numbers.write(one) for one in spec.breaks)
    return (
        f"Column “{spec.column}”{over}, in {len(spec.breaks) + 1} classes by the scheme "
        f"“{spec.scheme}”, breaks at {at}. Areas in each: {each}."
    )


def _method(data: Any, layers: Sequence[PageLayer]) -> list[str]:
    """Say of which year the areas are, and what else is on the page."""
    vintage = data.vintage if is_typology(data) else data.attrs.get("vintage")
    lines = [f"Vintage: {vintage} Census."] if isinstance(vintage, int) else []
    if layers:
        named = ", ".join(f"“{layer.label}”" for layer in layers)
        lines.append(f"The map can also be coloured by {named}.")
    if not is_typology(data):
        notes = data.attrs.get("notes", ())
        lines += [note for note in notes if isinstance(note, str)] if _several(notes) else []
    return lines


def _several(value: object) -> bool:
    return isinstance(value, list | tuple)
