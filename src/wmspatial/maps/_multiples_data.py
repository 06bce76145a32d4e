"""The data of a page of maps side by side: boundaries once, and what each map shows of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from wmspatial.maps import words
from wmspatial.maps._figure_sheet import frame_of, values_of
from wmspatial.maps.packing import Texts
from wmspatial.maps.payload import area_payload, without_shapes
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from wmspatial.maps._multiples_spec import Multiples, Panel

_WORLD: Final = "EPSG:4326"
#: Maps whose extents have at least this share in common show the same place, and move together.
_SAME_PLACE: Final = 0.5
_DESCRIBED: Final = ("name", "ward", "authority", "authority_code")


@dataclass(frozen=True)
class PanelData:
    """What the page draws.

    Attributes
    ----------
    data : dict
        For :func:`~wmspatial.maps.packing.pack`. ``topology`` and ``count`` are of the first
        boundaries, ``grounds`` of those that other maps have; ``codes``, ``names`` and ``places``
        are of all areas, those of the first boundaries first.
    notes : tuple of str
        What had to be said about the boundaries.
    areas : list of ndarray of int
        Which of all areas each map shows.
    drawn : int
        How many boundaries are on the page.
    """

    data: dict[str, Any]
    notes: tuple[str, ...]
    areas: list[Any]
    drawn: int

    @property
    def apart(self) -> bool:
        """Whether no area is on more than one map."""
        shown = np.concatenate(self.areas)
        return len(np.unique(shown)) == len(shown)


def make_panel_data(made: Multiples) -> PanelData:
    """Put together what a page of maps side by side draws.

    Parameters
    ----------
    made : Multiples
        From :func:`~wmspatial.maps.multiples.arrange_multiples`.

    Returns
    -------
    PanelData
        With each set of boundaries once, however many maps show it.
    """
    grounds, which = _grounds([frame_of(whole) for whole, _ in made.origins])
    unit = made.panels[0].sheet.unit
    banner = ILLUSTRATIVE if made.illustrative else ""
    payloads = [
        area_payload(
            _in_degrees(ground),
            made.categories,
            np.zeros(len(ground), dtype=np.int64),
            {},
            unit=unit,
            banner=banner,
        )
        for ground in grounds
    ]
    places, table = _all_areas(grounds)
    names, authority = _authorities([p.data for p in payloads], places, len(table))
    rows = [
        np.arange(len(grounds[g])) if part is None else np.flatnonzero(part)
        for (_, part), g in zip(made.origins, which, strict=True)
    ]
    homes, home = _homes(made.panels)
    wards = unit != "ward" and "ward" in table.columns
    found_by = ["Ward" if unit == "ward" else "Place", *(["ward"] if wards else [])]
    found_by += ["authority"] if names else []
    data = {
        **payloads[0].data,
        "label": made.title,
        "hint": f"{', '.join(found_by)} or code",
        "first": "Class" if made.spec is None and unit != "ward" else made.legend_title,
        "prefix": "",
        "total": len(table),
        "authority": authority,
        "codes": Texts([str(code) for code in table.index]),
        "names": Texts(words.names(table)),
        "places": Texts(words.places(table, ward=unit != "ward")),
        "wards": wards,
        "outlines": {"names": names, "numbers": [], "spots": []},
        "grounds": [
            {"topology": p.data["topology"], "count": p.data["count"], "area": place}
            for p, place in zip(payloads[1:], places[1:], strict=True)
        ],
        "homes": homes,
        "panels": [
            {
                "name": panel.name,
                "fact": panel.fact,
                "ground": which[k],
                "home": home[k],
                "rows": rows[k],
                "category": np.asarray(panel.sheet.category, dtype=np.int64),
                "values": _values(panel, made.per),
                "differ": np.flatnonzero(panel.sheet.differ),
            }
            for k, panel in enumerate(made.panels)
        ],
    }
    notes = tuple(dict.fromkeys(note for p in payloads for note in p.notes))
    areas = [places[g][own] for g, own in zip(which, rows, strict=True)]
    return PanelData(data, notes, areas, sum(len(ground) for ground in grounds))


def _grounds(frames: Sequence[gpd.GeoDataFrame]) -> tuple[list[gpd.GeoDataFrame], list[int]]:
    """Return the different sets of boundaries, and which of them each frame has."""
    grounds: list[gpd.GeoDataFrame] = []
    which = []
    for frame in frames:
        found = next((i for i, ground in enumerate(grounds) if _same(ground, frame)), None)
        if found is None:
            found = len(grounds)
            grounds.append(frame)
        which.append(found)
    return grounds, which


def _same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    if one is other:
        return True
    if one.crs != other.crs or not one.index.equals(other.index):
        return False
    a, b = one.geometry.to_numpy(), other.geometry.to_numpy()
    return bool(shapely.equals_exact(a, b).all())


def _in_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame if frame.crs == _WORLD else frame.to_crs(_WORLD)


def _all_areas(grounds: Sequence[gpd.GeoDataFrame]) -> tuple[list[Any], pd.DataFrame]:
    """Give the areas of all boundaries numbers; what has the same code is the same area.

    Codes are texts that stand once; anything else, as a plain count of rows, says nothing about
    another frame.
    """
    numbers: dict[Any, int] = {}
    places, tables = [], []
    for g, ground in enumerate(grounds):
        codes = ground.index.unique()
        known = len(codes) == len(ground) and all(isinstance(code, str) for code in codes)
        keys = [code if known else (g, i) for i, code in enumerate(ground.index)]
        new = [key not in numbers for key in keys]
        places.append(np.array([numbers.setdefault(key, len(numbers)) for key in keys]))
        columns = [name for name in _DESCRIBED if name in ground.columns]
        tables.append(without_shapes(ground)[columns].astype(object)[np.array(new)])
    return places, pd.concat(tables)


def _authorities(
    data: Sequence[dict[str, Any]], places: Sequence[Any], count: int
) -> tuple[list[str], Any]:
    """Return the names of all authorities, and the authority of each area; -1 where unknown."""
    names: list[str] = []
    authority = np.full(count, -1, dtype=np.int64)
    for one, place in zip(data, places, strict=True):
        own = one["outlines"]["names"]
        names.extend(name for name in own if name not in names)
        number = np.array([names.index(name) for name in own], dtype=np.int64)
        within = np.asarray(one["authority"])
        authority[place] = np.where(within < 0, -1, number[within])
    return names, authority


def _homes(panels: Sequence[Panel]) -> tuple[list[list[float]], list[int]]:
    """Return the places that maps show: west, south, east, north; and the place of each map."""
    homes: list[list[float]] = []
    which = []
    for panel in panels:
        box = [float(v) for v in _in_degrees(panel.sheet.frame).total_bounds]
        found = next((i for i, home in enumerate(homes) if _common(home, box) >= _SAME_PLACE), None)
        if found is None:
            found = len(homes)
            homes.append(box)
        home = homes[found]
        homes[found] = [min(home[i], box[i]) for i in (0, 1)] + [
            max(home[i], box[i]) for i in (2, 3)
        ]
        which.append(found)
    return homes, which


def _common(one: Sequence[float], other: Sequence[float]) -> float:
    """Return what two boxes have in common, as a share of what either covers."""
    a, b = shapely.box(*one), shapely.box(*other)
    whole = a.union(b).area
    return float(a.intersection(b).area / whole) if whole else 1.0


def _values(panel: Panel, per: str | None) -> Texts | None:
    """Return what each area has on a map, in words; nothing where its class says it all."""
    sheet = panel.sheet
    table = without_shapes(sheet.frame)
    if sheet.spec is None:
        if sheet.unit != "ward":
            return None
        shares = table["share_disconnected"]
        return Texts(["" if np.isnan(v) else f"{100 * v:.1f} %" for v in shares])
    if sheet.spec.levels:
        return None
    numbers = sheet.spec.numbers
    # A digit more than the breaks need: a single area is near no break.
    numbers = replace(numbers, decimals=max(numbers.decimals, int(numbers.unit in ("share", "%"))))
    values = values_of(table, sheet.spec.column, per).astype("float64")
    return Texts(["" if np.isnan(v) else numbers.write(v) for v in values])
