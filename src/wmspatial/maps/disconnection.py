"""The map of labour market disconnection, in the manner of JRF's figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wmspatial.errors import InputError, require
from wmspatial.maps import words
from wmspatial.maps._page_text import (
    PageText,
    boundaries_words,
    class_tables,
    legend_items,
    place_names,
    tiles_words,
    today,
)
from wmspatial.maps.commuting import DESTINATIONS
from wmspatial.maps.payload import Payload, make_payload, without_shapes
from wmspatial.maps.spec import connection_words
from wmspatial.provenance import ATTRIBUTION, ILLUSTRATIVE
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    import folium
    import pandas as pd

    from wmspatial.typology import ResidentialTypology, Typology
    from wmspatial.typology.change import Change
    from wmspatial.typology.sensitivity import Sensitivity


def disconnection_map(
    typology: Typology,
    *,
    title: str | None = None,
    tiles: Any = None,
    sensitivity: Sensitivity | None = None,
    residential: ResidentialTypology | None = None,
    change: Change | None = None,
) -> folium.Map:
    """Map the classes of neighbourhoods, or the share of wards' residents in disconnected ones.

    The page around the map has a title, a sentence on what it shows, a legend with counts,
    numbered authorities with a key, a search, tables of the same facts, caveats and sources; a
    panel explains the neighbourhood that is chosen, with its ethnic groups and where its people
    work. It can be coloured by what is behind the classes as well, and its address holds what is
    seen. It opens with no network.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`; at ward level the map is one of wards.
    title : str, optional
        The page's heading; by default it names the study area and the census.
    tiles : str or folium.TileLayer, optional
        Background tiles, as folium takes them. By default none: tiles need a network, and the
        page then says so.
    sensitivity : Sensitivity, optional
        From :meth:`Typology.sensitivity`: the page then says of each neighbourhood in how many
        scenarios it has the same class, and can be coloured by that.
    residential : ResidentialTypology, optional
        From :func:`~wmspatial.classify_residential`: the page can be coloured by residential type.
    change : Change, optional
        From :func:`~wmspatial.compare`: the page can be coloured by what changed.

    Returns
    -------
    folium.Map
        Any folium layer, plugin or control can be added. ``save``, :func:`~wmspatial.save_html`
        and the display in Jupyter write Leaflet and styles into the page.

    Raises
    ------
    InputError
        If the areas have no polygons, `title` is no text, or a further result is of another kind
        or of other neighbourhoods.

    References
    ----------
    The figure it follows: "Labour market disconnection among deprived neighbourhoods in the West
    Midlands", Joseph Rowntree Foundation, 2017, in the board papers of the West Midlands Combined
    Authority of 12 January 2018.

    Examples
    --------
    >>> import folium
    >>> import wmspatial as wm
    >>> page = wm.disconnection_map(wm.classify(wm.load_sample()))
    >>> isinstance(page, folium.Map)
    True
    >>> _ = folium.Marker([52.48, -1.9], tooltip="Birmingham").add_to(page)
    """
    from wmspatial.maps.page import make_page

    require(typology, "typology", "Typology", "wm.classify(...)")
    if title is not None and not (isinstance(title, str) and title.strip()):
        raise InputError(f"title={title!r}: expected text, or nothing for the usual title.")
    frame = typology.frame
    if not hasattr(frame, "geometry") or frame.geometry.is_empty.any():
        raise InputError("There is nothing to draw: the areas have no polygons.")
    payload = make_payload(
        frame, typology, sensitivity=sensitivity, residential=residential, change=change
    )
    table = without_shapes(frame)
    heading = title or words.title_of(typology)
    data = {
        **payload.data,
        "label": f"Map: {heading}",
        "prefix": "Residents in disconnected neighbourhoods: " if _by_ward(typology) else "",
        "first": "Share in disconnected neighbourhoods" if _by_ward(typology) else "Class",
        "hint": f"{'Ward' if _by_ward(typology) else 'Place, ward'}, authority or code",
        "tiles": bool(tiles),
    }
    text = _text(heading, table, typology, payload, tiles)
    further = [caveat for result in (residential, change) if result for caveat in result.caveats]
    text = replace(text, caveats=tuple(dict.fromkeys((*text.caveats, *further))))
    return make_page(text, data, payload, tiles=tiles)


def _by_ward(typology: Typology) -> bool:
    return typology.level == "ward"


def _text(
    title: str, table: pd.DataFrame, typology: Typology, payload: Payload, tiles: Any
) -> PageText:
    """Return the words round the map."""
    by_ward = _by_ward(typology)
    unit = "ward" if by_ward else "neighbourhood"
    changed = words.changed_parameters(typology)
    parameters = "; ".join(changed) if changed else "the defaults of the method"
    deprivation = typology.dataset.deprivation
    legend = legend_items(
        payload.categories, payload.category, table["residents"], unit, unused=not by_ward
    )
    return PageText(
        title=title,
        lead=words.ward_lead(table) if by_ward else words.neighbourhood_lead(table, typology),
        unit=unit,
        legend_title="Residents in disconnected neighbourhoods" if by_ward else "Neighbourhoods",
        legend=legend,
        legend_note=_ward_note() if by_ward else connection_words(typology.parameters),
        tables=_ward_tables(table) if by_ward else _class_tables(table),
        each=f"Every {unit}: its class and why",
        ask="for the reason",
        parameters_line=f"Parameters: {parameters}. Deprivation: {deprivation}.",
        boundaries_line=" ".join([_boundaries(typology), *payload.notes]),
        source_line=_source_line(typology),
        tiles_line=tiles_words(tiles),
        banner=ILLUSTRATIVE if typology.illustrative else "",
        notice=typology.notice,
        differing=_differing_line(typology),
        changed=changed,
        authorities=payload.authorities,
        caveats=typology.caveats,
        method_lines=_method_lines(typology, payload),
        sources=typology.provenance,
        report=typology.dataset.report,
    )


def _method_lines(typology: Typology, payload: Payload) -> list[str]:
    """Say of which census the page is, and what its further layers and lines are."""
    lines = [f"Vintage: {typology.vintage} Census."] if typology.vintage else []
    if payload.layers:
        named = ", ".join(f"“{layer.label}”" for layer in payload.layers)
        lines.append(f"Besides by class the map can be coloured by {named}.")
    if payload.data["flows"] is not None:
        lines.append(
            f"Commuting lines show the {DESTINATIONS} largest destinations of the zone in which "
            "the chosen neighbourhood lies, from the table of flows below."
        )
    elif not _by_ward(typology):
        lines.append("There are no commuting lines: nobody commutes between the zones of the map.")
    return lines


def _differing_line(typology: Typology) -> str:
    agreement = typology.agreement
    if agreement is None or _by_ward(typology):
        return ""
    if not agreement.differing:
        return (
            f"Classes as {agreement.source} gives them for {agreement.compared:,} neighbourhoods; "
            "the reconstruction agrees on all of these."
        )
    return (
        f"Classes as {agreement.source} gives them. Lines are broken round the "
        f"{len(agreement.differing):,} where the reconstruction gives another."
    )


def _ward_note() -> str:
    return (
        "The share of each ward’s residents who live in neighbourhoods that are deprived and "
        "disconnected. Neighbourhoods are classed first and then summed by people."
    )


def _class_tables(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Tabulate neighbourhoods and residents by authority and class."""
    classes = table["labour_market_class"].astype(str)
    return class_tables(place_names(table), classes, CLASSES, table["residents"], "neighbourhoods")


def _ward_tables(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Tabulate residents in disconnected neighbourhoods by authority, and ward by ward."""
    columns = ["residents", "residents_disconnected"]
    sums = table[columns].groupby(place_names(table)).sum()
    sums.loc["All"] = sums.sum()
    by_authority = [
        [str(name), *_share_cells(whole, part)] for name, whole, part in sums.itertuples()
    ]
    ordered = table.assign(place=place_names(table), label=words.names(table)).sort_values(
        ["share_disconnected", "residents_disconnected"], ascending=False
    )
    shown = ordered[["label", "place", *columns]]
    by_ward = [
        [label, place, *_share_cells(whole, part)]
        for label, place, whole, part in shown.itertuples(index=False)
    ]
    heads = ["Residents", "In disconnected neighbourhoods", "Share"]
    return [
        {
            "title": "Residents in disconnected neighbourhoods by authority",
            "head": ["Authority", *heads],
            "rows": by_authority,
            "total": True,
        },
        {
            "title": "Residents in disconnected neighbourhoods by ward, highest share first",
            "head": ["Ward", "Authority", *heads],
            "rows": by_ward,
            "total": False,
        },
    ]


def _share_cells(whole: float, part: float) -> list[str]:
    share = f"{100 * part / whole:.1f} %" if whole else "–"
    return [f"{whole:,.0f}", f"{part:,.0f}", share]


def _boundaries(typology: Typology) -> str:
    kind = "wards" if _by_ward(typology) else "neighbourhoods"
    year = f", {typology.vintage} census geography" if typology.vintage else ""
    made = "as published in the sources below and simplified by up to 20 metres more"
    return boundaries_words(len(typology.frame), f"{kind}{year}, {made}")


def _source_line(typology: Typology) -> str:
    # "Office for National Statistics, through Nomis" and the like say the way, not the source.
    named = [re.split(", (?:through|from) ", s.publisher)[0] for s in typology.provenance]
    publishers = [name for name in dict.fromkeys(named) if name]
    if not publishers:
        return f"Sources: the tables given, with {typology.dataset.deprivation}."
    return f"Sources: {'; '.join(publishers)}. {ATTRIBUTION}. Full list below. Made {today()}."
