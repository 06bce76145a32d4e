"""Is it one place or many: neighbourhoods of one class that touch, named, ranked and placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from wmspatial.errors import AreaNotFoundError, InputError, require
from wmspatial.patterns._cluster_names import (
    by_people,
    cluster_name,
    listed,
    none_of,
    place_names,
    unique_names,
)
from wmspatial.patterns._cluster_ways import nearest_places, where_workers_go
from wmspatial.patterns.contiguity import touching
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.typology import Typology

_MOST_SHOWN: Final = 3


@dataclass(frozen=True, eq=False, repr=False)
class Clusters:
    """Contiguous groups of neighbourhoods of one class, from :func:`~wmspatial.clusters`.

    Attributes
    ----------
    table : DataFrame
        By cluster, most residents first: ``name``, ``neighbourhoods``, ``residents``,
        ``authorities``, ``wards``, ``commuters`` (residents who work in a zone of the flows),
        ``connection_score`` (of its commuters, on average), ``easting`` and ``northing`` of its
        residents' centre, metres.
    members : Series of int
        The cluster of each neighbourhood of the class, by code.
    destinations : DataFrame
        By cluster and place, most people first: ``people`` of the cluster who work there and
        their ``share`` of its commuters.
    nearest : DataFrame
        By cluster, nearest first: ``place``, its ``jobs`` and the ``distance`` in km to the
        nearest places with a large number of jobs, deprived or not.
    of_class : str
        The class.
    notes : tuple of str
        What has to be known.
    typology : Typology
        What was grouped.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.clusters(wm.classify(wm.load_sample()))
    >>> int(found.table["neighbourhoods"].sum()) == len(found.members)
    True
    """

    table: pd.DataFrame
    members: pd.Series[Any]
    destinations: pd.DataFrame
    nearest: pd.DataFrame
    of_class: str
    notes: tuple[str, ...]
    typology: Typology

    def __len__(self) -> int:
        """Count the clusters."""
        return len(self.table)

    def describe(self, cluster: int) -> str:
        """Say in plain English where a cluster is, how big, and where its workers go.

        Parameters
        ----------
        cluster : int
            Its number in :attr:`table`.

        Returns
        -------
        str
            A few sentences.

        Raises
        ------
        AreaNotFoundError
            If there is no such cluster.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wm.clusters(wm.classify(wm.load_sample())).describe(1).endswith("not statistics.)")
        True
        """
        if cluster not in self.table.index:
            raise AreaNotFoundError(
                f"There is no cluster {cluster!r}; they are numbered from 1 to {len(self):,}."
            )
        row = self.table.T[cluster]
        text = f"{row['name']}: {_size(row)}."
        near = self.nearest[self.nearest.index == cluster]
        if len(near):
            pairs = zip(near["place"], near["distance"], strict=True)
            places = [f"{place} ({far:.1f} km)" for place, far in pairs]
            text += f" The nearest places with a large number of jobs are {listed(places)}."
        goes = self.destinations[self.destinations.index == cluster].head(_MOST_SHOWN)
        if len(goes):
            pairs = zip(goes["place"], goes["share"], strict=True)
            parts = [f"{100 * share:.0f} % in {place}" for place, share in pairs]
            parts[0] = parts[0].replace(" in ", " work in ", 1)
            text += f" Of its {row['commuters']:,.0f} commuters {listed(parts)}."
        return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text

    def summary_text(self, most: int = 5) -> str:
        """Say in plain English whether it is one place or many.

        Parameters
        ----------
        most : int, default 5
            How many clusters to name.

        Returns
        -------
        str
            Two sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wm.clusters(wm.classify(wm.load_sample())).summary_text(1).startswith("The 292")
        True
        """
        total, people = len(self.members), self.table["residents"].sum()
        kind = self.of_class.lower()
        if not total:
            text = none_of(self.typology.neighbourhoods["labour_market_class"], kind)
            return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text
        top = self.table.head(most)
        named = "; ".join(f"{row['name']} ({_size(row)})" for _, row in top.iterrows())
        if len(self) == 1:
            text = f"All that is of the class “{kind}” is one place: {named}."
        else:
            text = (
                f"The {total:,} neighbourhoods of the class “{kind}” ({people:,.0f} residents) lie "
                f"in {len(self):,} separate places, {_alone(self.table['neighbourhoods'])}. "
                f"The largest: {named}."
            )
        return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text

    def outlines(self) -> gpd.GeoDataFrame:
        """Return the clusters as polygons, with the columns of :attr:`table`.

        Returns
        -------
        GeoDataFrame
            One row a cluster, WGS84.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.clusters(wm.classify(wm.load_sample()))
        >>> bool(found.outlines().is_valid.all())
        True
        """
        shapes = self.typology.neighbourhoods.loc[self.members.index, ["geometry"]]
        whole = shapes.assign(cluster=self.members.to_numpy()).dissolve("cluster")
        frame = whole.join(self.table)
        return frame[[*self.table.columns, "geometry"]]

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Clusters {self.typology.study_area}: {self.summary_text()}>"


def clusters(typology: Typology, of_class: str = "Disconnected") -> Clusters:
    """Group the neighbourhoods of a class that touch, name them, and rank them by residents.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`, with polygons.
    of_class : str, default "Disconnected"
        The class.

    Returns
    -------
    Clusters
        Ranked by residents, with the wards that name them, the nearest places with a large number
        of jobs, and where their workers go.

    Raises
    ------
    InputError
        If there is no such class.

    Notes
    -----
    Neighbourhoods touch that share a border or a corner; across a river or a road they do. Places
    where workers go are wards, or where there are no wards the commuting zones. A zone's commuters
    are apportioned to its neighbourhoods by residents.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.clusters(wm.classify(wm.load_sample()))
    >>> found.table["residents"].is_monotonic_decreasing
    True
    """
    require(typology, "typology", "Typology", "wm.classify(...)")
    if of_class not in CLASSES:
        raise InputError(f"of_class={of_class!r}: expected one of {', '.join(CLASSES)}.")
    frame = typology.neighbourhoods
    inside = frame[frame["labour_market_class"] == of_class]
    inside.attrs = {}  # they would be copied at every step
    numbers = _numbered(inside)
    commuters = typology._commuters().reindex(inside.index).fillna(0.0)  # noqa: SLF001
    names = place_names(typology)
    table = _table(inside, numbers, commuters, typology)
    goes = where_workers_go(typology, numbers, commuters, names)
    near = nearest_places(typology, table, names)
    blank = int(frame["labour_market_class"].eq("Insufficient data").sum())
    notes = [f"{blank:,} neighbourhoods could not be classed and are in no cluster."] * (blank > 0)
    if typology.illustrative:
        for made in (table, goes, near):
            made.columns.name = ILLUSTRATIVE
    return Clusters(table, numbers, goes, near, of_class, tuple(notes), typology)


def _numbered(inside: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Give the connected groups numbers, most residents first; equal ones by lowest code."""
    if not len(inside):
        return pd.Series([], index=inside.index, dtype="int64", name="cluster")
    _count, labels = csgraph.connected_components(touching(inside), directed=False)
    residents = inside["residents"].fillna(0.0).groupby(labels).sum()
    lowest = pd.Series(inside.index, index=inside.index).groupby(labels).min()
    order = pd.DataFrame({"residents": -residents, "code": lowest}).sort_values(
        ["residents", "code"]
    )
    number = pd.Series(np.arange(1, len(order) + 1), index=order.index)
    return pd.Series(number[labels].to_numpy(), index=inside.index, name="cluster")


def _table(
    inside: gpd.GeoDataFrame,
    numbers: pd.Series[Any],
    commuters: pd.Series[Any],
    typology: Typology,
) -> pd.DataFrame:
    points = inside.geometry.to_crs("EPSG:27700").centroid
    people = inside["residents"].fillna(0.0).clip(lower=0.0)
    # Where nobody lives in a whole cluster its middle is that of its neighbourhoods.
    weight = people.where(people.groupby(numbers).transform("sum") > 0, 1.0)

    def total(values: pd.Series[Any]) -> pd.Series[Any]:
        return values.groupby(numbers).sum()

    # Where no lookup gives wards, neighbourhoods name a cluster.
    known = "ward" in inside.columns and inside["ward"].notna().any()
    names = by_people(inside, numbers, "ward" if known else "name")
    table = pd.DataFrame(
        {
            "name": names.map(cluster_name, na_action=None),
            "neighbourhoods": numbers.groupby(numbers).size(),
            "residents": total(inside["residents"]),
            "authorities": by_people(inside, numbers, "authority").map(", ".join),
            "wards": by_people(inside, numbers, "ward").map(", ".join),
            "commuters": total(commuters),
            "connection_score": total(inside["connection_score"] * commuters)
            / total(commuters.where(inside["connection_score"].notna())),
            "easting": total(points.x * weight) / total(weight),
            "northing": total(points.y * weight) / total(weight),
        }
    )
    table.index = pd.RangeIndex(1, len(table) + 1, name="cluster")
    table["name"] = unique_names(table["name"])
    table.attrs["vintage"] = typology.vintage
    return table


def _alone(sizes: pd.Series[Any]) -> str:
    """Say how many places are a single neighbourhood."""
    count = int((sizes == 1).sum())
    if count == len(sizes):
        return "each a single neighbourhood"
    return f"{f'{count:,}' if count else 'none'} of them a single neighbourhood"


def _size(row: pd.Series[Any]) -> str:
    count = int(row["neighbourhoods"])
    places = len(row["authorities"].split(", ")) if row["authorities"] else 0
    text = f"{count:,} neighbourhood{'' if count == 1 else 's'}, {row['residents']:,.0f} people"
    return f"{text} in {places} authorities" if places > 1 else text
