"""Where the workers of a cluster go, and the jobs that are nearest to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from wmspatial.typology import Typology

_MOST_PLACES: Final = 10
_NEAREST: Final = 3


def where_workers_go(
    typology: Typology, numbers: pd.Series[Any], commuters: pd.Series[Any], names: pd.Series[Any]
) -> pd.DataFrame:
    """Sum the destinations of each cluster's commuters by place.

    Parameters
    ----------
    typology : Typology
        With the flows.
    numbers : Series of int
        The cluster of each neighbourhood.
    commuters : Series of float
        Of each neighbourhood, people.
    names : Series of str
        The place of every neighbourhood.

    Returns
    -------
    DataFrame
        ``place``, ``people`` and ``share``, by cluster, most people first, ten places at most.
    """
    flows, table = typology.dataset.flows, typology.dataset.neighbourhoods
    columns = ["place", "people", "share"]
    if not len(numbers):
        return pd.DataFrame(columns=columns, index=pd.Index([], name="cluster"))
    rows = flows.zones.get_indexer(table.loc[numbers.index, "zone"])
    whole = flows.commuters.to_numpy()
    known = rows >= 0
    part = commuters.to_numpy()[known] / np.where(whole[rows[known]] > 0, whole[rows[known]], 1.0)
    at = numbers.to_numpy()[known] - 1
    shape = (int(numbers.max()), len(flows.zones))
    weights = sparse.csr_array(sparse.coo_array((part, (at, rows[known])), shape=shape))
    label = _zone_names(table, flows.zones, names)
    codes, places = pd.factorize(label)
    ones = sparse.csr_array(
        (np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), len(places))
    )
    sums = sparse.coo_array(weights @ flows.matrix @ ones)
    long = pd.DataFrame(
        {"cluster": sums.row + 1, "place": places[sums.col], "people": sums.data}
    ).sort_values(["cluster", "people", "place"], ascending=[True, False, True])
    total = long.groupby("cluster")["people"].transform("sum")
    long["share"] = long["people"] / total.where(total > 0)
    top = long[long.groupby("cluster").cumcount() < _MOST_PLACES]
    return top.set_index("cluster")[columns]


def _zone_names(table: pd.DataFrame, zones: pd.Index[Any], names: pd.Series[Any]) -> pd.Series[Any]:
    """Name each zone after the place of its neighbourhood with most jobs."""
    jobs = table["jobs"] if "jobs" in table.columns else table["residents"]
    ordered = pd.DataFrame({"zone": table["zone"], "jobs": jobs, "name": names}).sort_values(
        "jobs", ascending=False, kind="stable"
    )
    first = ordered.dropna(subset="zone").drop_duplicates("zone").set_index("zone")["name"]
    found = first.reindex(zones)
    return found.where(found.notna(), zones.to_series(index=zones)).astype("str")


def nearest_places(
    typology: Typology, clusters: pd.DataFrame, names: pd.Series[Any]
) -> pd.DataFrame:
    """Find the places with a large number of jobs that lie nearest to each cluster.

    Parameters
    ----------
    typology : Typology
        With every neighbourhood's evidence.
    clusters : DataFrame
        ``easting`` and ``northing``, by cluster.
    names : Series of str
        The place of every neighbourhood.

    Returns
    -------
    DataFrame
        ``place``, ``jobs`` (of its jobs-rich neighbourhoods) and ``distance`` in km to the
        nearest of them, by cluster, nearest first.
    """
    evidence = typology.everywhere
    rich = evidence.index[evidence["jobs_rich"].fillna(False).astype(bool)]
    columns = ["place", "jobs", "distance"]
    if not len(rich) or not len(clusters):
        return pd.DataFrame(columns=columns, index=pd.Index([], name="cluster"))
    table, points = typology.dataset.neighbourhoods, typology.dataset.points.loc[rich]
    jobs = table.loc[rich, "jobs"] if "jobs" in table.columns else evidence.loc[rich, "jobs"]
    place = names.loc[rich]
    by_place = jobs.groupby(place).sum()
    tree = KDTree(points.to_numpy())
    # Several neighbourhoods make up one place: look at more than are wanted.
    many = min(len(rich), 20 * _NEAREST)
    distance, found = tree.query(clusters[["easting", "northing"]].to_numpy(), k=many)
    found, distance = found.reshape(len(clusters), many), distance.reshape(len(clusters), many)
    long = pd.DataFrame(
        {
            "cluster": np.repeat(clusters.index.to_numpy(), many),
            "place": place.to_numpy()[found.ravel()],
            "distance": distance.ravel() / 1000,
        }
    ).drop_duplicates(["cluster", "place"])
    long = long[long.groupby("cluster").cumcount() < _NEAREST].set_index("cluster")
    long.insert(1, "jobs", long["place"].map(by_place))
    return long[columns]
