"""Which jobs-rich places disconnected neighbourhoods depend on, and what they would lose by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wmspatial.errors import AreaNotFoundError, InputError, require
from wmspatial.patterns._cluster_names import listed
from wmspatial.patterns._dependence_parts import by_cluster, by_site, in_places, sites_of
from wmspatial.patterns._dependence_words import about, dependence_text
from wmspatial.patterns._zone_parts import home_parts, rich_shares
from wmspatial.patterns.clustering import clusters as group_clusters
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.parameters import SHARE

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.charts import Chart
    from wmspatial.patterns.clustering import Clusters
    from wmspatial.typology import Typology

_MOST_SHOWN: Final = 3
_SITES: Final = ("zone", "place")
_KINDS: Final = ("places", "sites")


@dataclass(frozen=True, eq=False, repr=False)
class Dependence:
    """Where clusters' commuters find jobs, from :func:`~wmspatial.dependence`.

    A jobs-rich place has more jobs than people whom they are held against, deprived or not.

    Attributes
    ----------
    clusters : DataFrame
        By cluster: ``name``, ``neighbourhoods``, ``commuters``, ``to_jobs_rich`` (those of them
        who work in jobs-rich places), ``share_to_jobs_rich``, ``largest_place`` with
        ``largest_share`` (of the commuters), and ``places_for_half``: how many places together
        take half of those who work in jobs-rich places.
    places : DataFrame
        By cluster and jobs-rich place, most first: ``place``, ``people``, and their ``share`` of
        the cluster's commuters.
    sites : DataFrame
        By jobs-rich site, the one that is the largest destination of most neighbourhoods first:
        ``name``, ``place``, ``jobs`` (in its jobs-rich neighbourhoods), ``people`` (commuters of
        the clusters who work there) and their ``share`` of all commuters of the clusters,
        ``largest_of`` (neighbourhoods of the clusters that send more commuters there than to any
        other jobs-rich site) and ``would_fall`` (connected neighbourhoods that would be below
        the cut if it were gone; missing where the score does not come from the flows).
    fallen : DataFrame
        By site, those neighbourhoods: ``code``, ``name``, ``connection_score``, ``without_it``
        and ``cut``.
    by : str
        What a site is, ``"zone"`` or ``"place"``.
    of_class : str
        The class of the clusters.
    notes : tuple of str
        What is counted how.
    typology : Typology
        What was looked at.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.dependence(wm.classify(wm.load_sample()))
    >>> found.sites["largest_of"].is_monotonic_decreasing
    True
    """

    clusters: pd.DataFrame
    places: pd.DataFrame
    sites: pd.DataFrame
    fallen: pd.DataFrame
    by: str
    of_class: str
    notes: tuple[str, ...]
    typology: Typology

    def describe(self, cluster: int) -> str:
        """Say in plain English which jobs-rich places a cluster depends on.

        Parameters
        ----------
        cluster : int
            Its number.

        Returns
        -------
        str
            A sentence or two.

        Raises
        ------
        AreaNotFoundError
            If there is no such cluster.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.dependence(wm.classify(wm.load_sample()))
        >>> "commuters" in found.describe(1)
        True
        """
        if cluster not in self.clusters.index:
            raise AreaNotFoundError(
                f"There is no cluster {cluster!r}; they are numbered from 1 to "
                f"{len(self.clusters):,}."
            )
        row = self.clusters.T[cluster]
        if not row["to_jobs_rich"] > 0:
            text = f"{row['name']}: none of its commuters work in jobs-rich places."
        else:
            top = self.places[self.places.index == cluster].head(_MOST_SHOWN)
            pairs = zip(top["place"], top["share"], strict=True)
            parts = [f"{100 * share:.1f} % in {place}" for place, share in pairs]
            many = int(row["places_for_half"])
            text = (
                f"{row['name']}: {100 * row['share_to_jobs_rich']:.0f} % of its "
                f"{row['commuters']:,.0f} commuters work in jobs-rich places, {listed(parts)}. "
                "Half of those in jobs-rich places are in "
                f"{'one of them' if many == 1 else f'{many:,} of them'}."
            )
        return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text

    def summary_text(self) -> str:
        """Say in plain English which site most neighbourhoods would lose by.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.dependence(wm.classify(wm.load_sample()))
        >>> found.summary_text().startswith("Of the ")
        True
        """
        return dependence_text(self)

    def chart(self, kind: str = "places", *, title: str | None = None, source: str = "") -> Chart:
        """Draw the share of each cluster's commuters that each place takes, or the sites.

        Parameters
        ----------
        kind : {"places", "sites"}
            The largest clusters by the places that take most of their commuters; or the sites
            that most neighbourhoods would lose by.
        title : str, optional
            By default what is shown.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Raises
        ------
        InputError
            If there is no such kind, or nothing to draw.

        Examples
        --------
        >>> import wmspatial as wm
        >>> chart = wm.dependence(wm.classify(wm.load_sample())).chart("sites")
        >>> len(chart.figure.axes)
        1
        """
        from wmspatial.patterns._dependence_chart import draw_places, draw_sites

        if kind not in _KINDS:
            raise InputError(f"kind={kind!r}: expected 'places' or 'sites'.")
        if not len(self.places):
            raise InputError(
                "There is nothing to draw: no commuter of the clusters works in a jobs-rich place."
            )
        return (draw_places if kind == "places" else draw_sites)(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Dependence {self.typology.study_area}: {self.summary_text()}>"


def dependence(
    typology: Typology, clusters: Clusters | None = None, *, by: str = "zone"
) -> Dependence:
    """Tell which jobs-rich places each cluster depends on, and which most would lose by.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`.
    clusters : Clusters, optional
        From :func:`~wmspatial.clusters` of the same typology; by default its clusters of
        disconnected neighbourhoods.
    by : {"zone", "place"}, default "zone"
        What a single employment site is: a zone of the flows (an MSOA), or a place, which is a
        ward, or where there are no wards a zone. A city centre can be several zones.

    Returns
    -------
    Dependence
        Commuters by cluster and place, and the sites.

    Raises
    ------
    InputError
        If the clusters are of another typology, or there is no such kind of site.

    Notes
    -----
    As in the connection score, commuters into a zone are taken to work in its jobs-rich
    neighbourhoods in the share of its jobs that lies there, and a zone's own commuters belong to
    its neighbourhoods in the share of its residents who live there.
    A neighbourhood would fall without a site if its score less the share of its commuters who work
    in the jobs-rich part of the site is below the cut it has now: those commuters stay in the
    count, find no other jobs, and the cut does not move, though a relative cut would.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.dependence(wm.classify(wm.load_sample()))
    >>> bool((found.clusters["to_jobs_rich"] <= found.clusters["commuters"] + 1e-6).all())
    True
    """
    require(typology, "typology", "Typology", "wm.classify(...)")
    if by not in _SITES:
        raise InputError(f"by={by!r}: expected 'zone' or 'place'.")
    if clusters is None:
        clusters = group_clusters(typology)
    require(clusters, "clusters", "Clusters", "wm.clusters(...)")
    if clusters.typology is not typology:
        raise InputError(
            "clusters: they are of another typology. Give those of wm.clusters(typology)."
        )
    share = rich_shares(typology)
    zones = sites_of(typology, share)
    places = in_places(zones)
    codes = clusters.members.index
    part = np.asarray(home_parts(typology).loc[codes].fillna(0.0), dtype=np.float64)
    table, long = by_cluster(typology, clusters, places, part)
    score = typology.parameters.connection == SHARE
    sites = zones if by == "zone" else places
    found, fallen = by_site(typology, codes, sites, part, score=score)
    for made in (table, long, found, fallen):
        made.columns.name = ILLUSTRATIVE if typology.illustrative else None
    notes = about(typology, by, share, score=score)
    return Dependence(table, long, found, fallen, by, clusters.of_class, notes, typology)
