"""Work out whom jobs-rich places employ, and who would fall below the cut without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.patterns._cluster_names import place_names
from wmspatial.patterns._cluster_ways import _zone_names as places_of_zones

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.patterns.clustering import Clusters
    from wmspatial.typology import Typology

    Floats = npt.NDArray[np.float64]

#: Scores are equal that are equal in so many decimals, as where classes are made.
_DECIMALS: Final = 12


@dataclass(frozen=True)
class Sites:
    """Jobs-rich sites: which they are, and who goes to them.

    Attributes
    ----------
    labels : Index of str
        Zone codes, or names of places.
    names, places : array of str
        What each is called, and where it is.
    jobs : array of float
        In its jobs-rich neighbourhoods.
    to : scipy.sparse array
        Commuters from each zone of the flows (rows) to each site.
    to_known : array of float
        Commuters from each zone to zones whose jobs are known.
    """

    labels: pd.Index[Any]
    names: npt.NDArray[Any]
    places: npt.NDArray[Any]
    jobs: Floats
    to: Any
    to_known: Floats


def sites_of(typology: Typology, share: pd.Series[float]) -> Sites:
    """Gather the zones that hold jobs-rich neighbourhoods.

    Parameters
    ----------
    typology : Typology
        With flows and evidence.
    share : Series of float
        The share of each zone's jobs that lies in jobs-rich neighbourhoods.

    Returns
    -------
    Sites
        In the order of the zones.
    """
    dataset = typology.dataset
    flows, table = dataset.flows, dataset.neighbourhoods
    known = share.notna().to_numpy()
    rich_part = share.fillna(0.0).to_numpy()
    here = np.flatnonzero(rich_part > 0)
    to = sparse.csr_array(flows.matrix @ sparse.diags_array(rich_part))[:, here]
    rich = typology.everywhere["jobs_rich"].reindex(table.index).fillna(False).astype(bool)
    jobs = table["jobs"].where(rich, 0.0).fillna(0.0)
    place = _places(table.assign(jobs=jobs), flows.zones, place_names(typology))[here]
    jobs_of_zone = jobs.groupby(table["zone"]).sum().reindex(flows.zones).fillna(0.0).to_numpy()
    label = _zone_labels(table, flows.zones)[here]
    to_known = flows.matrix @ known.astype("float64")
    return Sites(flows.zones[here], label, place, jobs_of_zone[here], to, to_known)


def in_places(sites: Sites) -> Sites:
    """Sum sites to the places that they are in.

    Parameters
    ----------
    sites : Sites
        Zones.

    Returns
    -------
    Sites
        Places, in the order of their names.
    """
    codes, found = pd.factorize(sites.places, sort=True)
    count = len(codes)
    gather = sparse.csr_array(
        (np.ones(count), (np.arange(count), codes)), shape=(count, len(found))
    )
    jobs: npt.NDArray[Any] = np.bincount(codes, weights=sites.jobs, minlength=len(found))
    to = sparse.csr_array(sites.to @ gather)
    return Sites(pd.Index(found), found, found, jobs, to, sites.to_known)


def _places(table: pd.DataFrame, zones: pd.Index[Any], names: pd.Series[Any]) -> npt.NDArray[Any]:
    """Name each zone after the place of its jobs-rich neighbourhood with most jobs."""
    return places_of_zones(table, zones, names).to_numpy(dtype=object)


def _zone_labels(table: pd.DataFrame, zones: pd.Index[Any]) -> npt.NDArray[Any]:
    """Name zones as their neighbourhoods are: ``"Birmingham 079H"`` is in Birmingham 079."""
    if "name" not in table.columns:
        return zones.to_numpy(dtype=object)
    held = table.dropna(subset="zone")
    first = held.groupby("zone")["name"].agg(["first", "size"]).reindex(zones)
    whole = first["first"].astype("str")
    short = whole.str.replace(r"(?<=\d)[A-Z]$", "", regex=True)
    label = short.where(first["size"] > 1, whole)
    found: npt.NDArray[Any] = label.where(
        first["first"].notna(), zones.to_series(index=label.index)
    ).to_numpy(dtype=object)
    return found


def by_cluster(
    typology: Typology, clusters: Clusters, sites: Sites, part: Floats
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sum commuters to jobs-rich places by cluster.

    Parameters
    ----------
    typology : Typology
        With the flows.
    clusters : Clusters
        Of the same typology.
    sites : Sites
        By place.
    part : array of float
        The part of its zone's commuters that each neighbourhood of the clusters has.

    Returns
    -------
    clusters : DataFrame
        Name, commuters, who of them goes to jobs-rich places, the largest, and how many places
        take half of them.
    places : DataFrame
        ``place``, ``people`` and ``share`` of the cluster's commuters, most first.
    """
    flows = typology.dataset.flows
    members = clusters.members
    rows = flows.zones.get_indexer(typology.dataset.neighbourhoods.loc[members.index, "zone"])
    here = rows >= 0
    shape = (len(clusters), len(flows.zones))
    weights = sparse.csr_array(
        sparse.coo_array((part[here], (members.to_numpy()[here] - 1, rows[here])), shape=shape)
    )
    commuters = weights @ flows.commuters.to_numpy()
    sums = sparse.coo_array(weights @ sites.to)
    long = pd.DataFrame(
        {"cluster": sums.row + 1, "place": sites.names[sums.col], "people": sums.data}
    )
    long = long[long["people"] > 0].sort_values(
        ["cluster", "people", "place"], ascending=[True, False, True]
    )
    whole = pd.Series(commuters, index=clusters.table.index)
    long["share"] = long["people"] / long["cluster"].map(whole)
    grouped = long.groupby("cluster")
    rich = grouped["people"].sum().reindex(whole.index).fillna(0.0)
    before = grouped["people"].cumsum() - long["people"]
    half = (before < long["cluster"].map(rich) / 2).groupby(long["cluster"]).sum()
    first = long.drop_duplicates("cluster").set_index("cluster").reindex(whole.index)
    table = pd.DataFrame(
        {
            "name": clusters.table["name"],
            "neighbourhoods": clusters.table["neighbourhoods"],
            "commuters": whole,
            "to_jobs_rich": rich,
            "share_to_jobs_rich": rich / whole.where(whole > 0),
            "largest_place": first["place"],
            "largest_share": first["share"],
            "places_for_half": half.reindex(whole.index).fillna(0).astype("int64"),
        }
    )
    return table, long.set_index("cluster")


def by_site(
    typology: Typology, codes: pd.Index[Any], sites: Sites, part: Floats, *, score: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count by site whose largest destination it is, and who would fall below the cut without it.

    Parameters
    ----------
    typology : Typology
        With the flows and the cuts.
    codes : Index of str
        The neighbourhoods that may depend on a site.
    sites : Sites
        The sites.
    part : array of float
        The part of its zone's commuters that each neighbourhood has.
    score : bool
        Whether the connection score is the share of commuters to jobs-rich neighbourhoods.

    Returns
    -------
    sites : DataFrame
        Most neighbourhoods first.
    fallen : DataFrame
        The neighbourhoods that would fall, by site.
    """
    flows, zone = typology.dataset.flows, typology.dataset.neighbourhoods["zone"]
    rows = flows.zones.get_indexer(pd.Index(zone.loc[codes]))
    part, rows = part[rows >= 0], rows[rows >= 0]
    going = sparse.csr_array(sites.to[rows])
    largest = np.zeros(len(sites.labels), dtype="int64")
    if len(rows) and len(sites.labels):
        most = np.asarray(going.argmax(axis=1)).ravel()
        some = np.asarray(going.sum(axis=1)).ravel() > 0
        largest = np.bincount(most[some], minlength=len(sites.labels))
    people = part @ going if len(rows) else np.zeros(len(sites.labels))
    whole = float(part @ flows.commuters.to_numpy()[rows])
    fallen = _fallen(typology, sites) if score else None
    table = pd.DataFrame(
        {
            "name": sites.names, "place": sites.places, "jobs": sites.jobs, "people": people,
            "share": people / whole if whole > 0 else np.nan, "largest_of": largest,
        },
        index=pd.Index(sites.labels, name="site"),
    )  # fmt: skip
    table["would_fall"] = np.nan
    if fallen is not None:
        falls = fallen.groupby("site").size().reindex(table.index)
        table["would_fall"] = falls.fillna(0.0).astype("float64")
    order = table.reset_index().sort_values(
        ["largest_of", "people", "site"], ascending=[False, False, True]
    )
    columns = ["code", "name", "connection_score", "without_it", "cut"]
    empty = pd.DataFrame(columns=columns, index=pd.Index([], name="site"))
    return order.set_index("site"), empty if fallen is None else fallen.set_index("site")[columns]


def _fallen(typology: Typology, sites: Sites) -> pd.DataFrame:
    """Find the connected neighbourhoods that would be below the cut without a site."""
    flows, table = typology.dataset.flows, pd.DataFrame(typology.neighbourhoods)
    above = (table["labour_market_class"] == "Connected") & (
        table["connection_score"] >= table["cut"]
    )
    held = table[above]
    rows = flows.zones.get_indexer(pd.Index(held["zone"]))
    held, rows = held[rows >= 0], rows[rows >= 0]
    pairs = sparse.coo_array(sites.to[rows])
    lost = pairs.data / sites.to_known[rows][pairs.row]
    score = held["connection_score"].to_numpy()[pairs.row]
    without = (score - lost).round(_DECIMALS)
    below = without < held["cut"].to_numpy()[pairs.row]
    at = pairs.row[below]
    name = held["name"] if "name" in held.columns else held.index.to_series()
    found = pd.DataFrame(
        {
            "site": sites.labels[pairs.col[below]],
            "code": held.index[at],
            "name": name.to_numpy()[at],
            "connection_score": score[below],
            "without_it": without[below],
            "cut": held["cut"].to_numpy()[at],
        }
    )
    return found.sort_values(["site", "code"], ignore_index=True)
