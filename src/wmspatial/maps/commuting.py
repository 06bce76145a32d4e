"""Where the people of a zone work: its largest destinations, packed for the lines of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wmspatial.errors import InputError
from wmspatial.maps.packing import Texts

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.typology import Typology

#: As many destinations of a zone are drawn and listed.
DESTINATIONS: Final = 15
#: Steps of a degree in which places are written.
_STEPS: Final = 10_000
# "Birmingham 076B" lies in the zone "Birmingham 076".
_LETTERED: Final = re.compile(r"(.*\d{3})[A-Z]{1,2}")


def commuting(table: pd.DataFrame, typology: Typology) -> dict[str, Any] | None:
    """Put together the largest destinations of every zone of the study area.

    Parameters
    ----------
    table : DataFrame
        The typology's neighbourhoods.
    typology : Typology
        With the flows behind it.

    Returns
    -------
    dict or None
        For :func:`~wmspatial.maps.packing.pack`: ``zone`` of each area (-1 for none), of each
        zone the ``codes``, ``names``, places (``east``, ``north``, in ten-thousandths of a degree;
        ``unknown`` where there is none) and, of the first ones, whose people they
        are, ``counts`` of destinations, commuters and people ``within``; destinations (``to``) and
        ``people``, zone by zone, most people first. None for wards, and where nobody commutes.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> packed = commuting(typology.frame, typology)
    >>> int(packed["counts"].max())
    15
    """
    if typology.level == "ward":
        return None
    flows = typology.dataset.flows
    zone = table["zone"]
    zones = pd.Index(zone.dropna().unique())
    homes = flows.zones.get_indexer(zones)
    homes = homes[homes >= 0]
    matrix = flows.matrix[homes]
    counts, to, people, within = _largest(matrix, homes)
    if not len(to):
        return None
    used = np.concatenate([homes, np.setdiff1d(to, homes)])
    position = np.full(len(flows.zones), -1)
    position[used] = np.arange(len(used))
    area = flows.zones.get_indexer(pd.Index(zone))
    codes = flows.zones[used]
    places = _places(zone, typology, codes)
    special = flows.special.iloc[homes]
    return {
        "zone": np.where(area >= 0, position[area], -1),
        "codes": Texts([str(code) for code in codes]),
        "names": Texts(_names(typology.dataset.neighbourhoods, codes)),
        **{side: _steps(places[side]) for side in ("east", "north")},
        "unknown": places["east"].isna().to_numpy().astype(np.int64),
        "counts": counts,
        "to": position[to],
        "people": people,
        "commuters": np.asarray(matrix.sum(axis=1)).round().astype(np.int64),
        "within": within,
        "elsewhere": [
            {"name": str(name), "people": special[name].round().to_numpy().astype(np.int64)}
            for name in special.columns
            if special[name].sum() > 0
        ],
    }


def _largest(matrix: Any, homes: npt.NDArray[np.intp]) -> tuple[Any, Any, Any, Any]:
    """Return how many destinations each zone has, which and with how many people, and who stays."""
    rows = np.repeat(np.arange(len(homes)), np.diff(matrix.indptr))
    at_home = matrix.indices == homes[rows]
    within = np.zeros(len(homes))
    within[rows[at_home]] = matrix.data[at_home]
    rows, to, people = rows[~at_home], matrix.indices[~at_home], matrix.data[~at_home]
    # Most people first; of as many, the zone that stands first.
    order = np.lexsort((to, -people, rows))
    rows, to, people = rows[order], to[order], people[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = rank < DESTINATIONS
    counts = np.bincount(rows[kept], minlength=len(homes))
    return counts, to[kept], people[kept].round().astype(np.int64), within.round().astype(np.int64)


def _places(own: pd.Series[Any], typology: Typology, zones: pd.Index[Any]) -> pd.DataFrame:
    """Return where zones are: amid their neighbourhoods, longitude and latitude."""
    try:
        points = typology.dataset.points
    except InputError:
        inside = shapely.get_coordinates(
            shapely.point_on_surface(typology.frame.geometry.to_numpy())
        )
        table = pd.DataFrame({"east": inside[:, 0], "north": inside[:, 1]})
        return table.groupby(own.to_numpy()).mean().reindex(zones)
    zone = typology.dataset.neighbourhoods["zone"].reindex(points.index).to_numpy()
    grid = points[["easting", "northing"]].groupby(zone).mean().reindex(zones)
    known = grid.notna().all(axis=1)
    given = grid[known].to_numpy()
    degrees = gpd.points_from_xy(given[:, 0], given[:, 1], crs="EPSG:27700").to_crs("EPSG:4326")
    table = pd.DataFrame({"east": degrees.x, "north": degrees.y}, index=zones[known])
    return table.reindex(zones)


def _steps(degrees: pd.Series[float]) -> npt.NDArray[np.int64]:
    return (degrees * _STEPS).round().fillna(0).to_numpy().astype(np.int64)


def _names(table: pd.DataFrame, zones: pd.Index[Any]) -> list[str]:
    """Name zones as their neighbourhoods are named, where these agree; otherwise by code."""
    if "name" not in table.columns:
        return [str(code) for code in zones]
    given = pd.DataFrame({"zone": table["zone"], "name": table["name"]}).dropna()
    single = ~given["zone"].duplicated(keep=False)
    bare = given["name"].astype(str).str.replace(_LETTERED.pattern, r"\1", regex=True)
    given["bare"] = given["name"].where(single & (given["zone"] == given.index), bare)
    found = given.groupby("zone")["bare"].agg(["first", "nunique"])
    named = found["first"].where(found["nunique"] == 1).reindex(zones)
    return [
        str(name) if isinstance(name, str) and name.strip() else str(code)
        for code, name in zip(zones, named, strict=True)
    ]
