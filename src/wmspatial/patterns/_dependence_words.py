"""Put dependence on jobs-rich places into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wmspatial.patterns._cluster_names import none_of
from wmspatial.provenance import ILLUSTRATIVE, LOCKDOWN

if TYPE_CHECKING:
    from typing import Any

    import pandas as pd

    from wmspatial.patterns.depending import Dependence
    from wmspatial.typology import Typology


def site_words(row: pd.Series[Any]) -> str:
    """Name a site with its place: ``"Birmingham 138, in Ladywood"``."""
    name, place = str(row["name"]), str(row["place"])
    return name if name == place else f"{name}, in {place}"


def neighbourhoods(count: float) -> str:
    """Say how many neighbourhoods."""
    return f"{count:,.0f} neighbourhood{'' if count == 1 else 's'}"


def dependence_text(found: Dependence) -> str:
    """Say where commuters go, which site most would lose by, and what the largest cluster needs."""
    table, sites = found.clusters, found.sites
    kind = found.of_class.lower()
    if not len(table):
        text = none_of(found.typology.neighbourhoods["labour_market_class"], kind)
        return f"{text} ({ILLUSTRATIVE}.)" if found.typology.illustrative else text
    whole, rich = table["commuters"].sum(), table["to_jobs_rich"].sum()
    many = int(table["neighbourhoods"].sum())
    if not rich > 0:
        text = (
            f"None of the {whole:,.0f} commuters of the {neighbourhoods(many)} of the class "
            f"“{kind}” work in jobs-rich places."
        )
        return f"{text} ({ILLUSTRATIVE}.)" if found.typology.illustrative else text
    first = sites.iloc[0]
    text = (
        f"Of the {whole:,.0f} commuters of the {neighbourhoods(many)} of the class “{kind}” "
        f"{100 * rich / whole:.0f} % work in jobs-rich places. The site that most of these "
        f"neighbourhoods would lose by is {site_words(first)}: "
        f"{first['largest_of']:,.0f} of {many:,} {'sends' if first['largest_of'] == 1 else 'send'} "
        f"more commuters there than to any other. In all {first['people']:,.0f} of their commuters "
        f"({100 * first['share']:.1f} %) work there."
    )
    text += _falls(sites)
    top = table.iloc[0]
    if top["largest_share"] > 0:
        text += (
            f" The largest cluster, {top['name']}, depends most on {top['largest_place']}, where "
            f"{100 * top['largest_share']:.1f} % of its commuters work."
        )
    return f"{text} ({ILLUSTRATIVE}.)" if found.typology.illustrative else text


def _falls(sites: pd.DataFrame) -> str:
    """Say how many connected neighbourhoods would fall, without the first site and the worst."""
    if sites["would_fall"].isna().all():
        return ""
    first = sites.iloc[0]
    worst = sites.iloc[int(sites["would_fall"].argmax())]
    if not worst["would_fall"]:
        return " No connected neighbourhood would fall below the cut for want of one site alone."
    text = (
        f" Without it {neighbourhoods(first['would_fall'])} that "
        f"{'is' if first['would_fall'] == 1 else 'are'} connected would fall below the cut"
    )
    if not first["would_fall"]:
        text = " Without it no connected neighbourhood would fall below the cut"
    if first["would_fall"] == worst["would_fall"]:
        return f"{text}{_as_many(sites)}."
    return f"{text}; most would without {site_words(worst)}, {worst['would_fall']:,.0f}."


def _as_many(sites: pd.DataFrame) -> str:
    same = int((sites["would_fall"] == sites["would_fall"].max()).sum())
    return ", more than without any other site" if same == 1 else ", as many as without any other"


def about(typology: Typology, by: str, share: pd.Series[float], *, score: bool) -> tuple[str, ...]:
    """Say what is counted how.

    Parameters
    ----------
    typology : Typology
        With the flows.
    by : str
        What a site is.
    share : Series of float
        The share of each zone's jobs that lies in jobs-rich neighbourhoods; missing where unknown.
    score : bool
        Whether the connection score comes from the flows.

    Returns
    -------
    tuple of str
        Sentences.
    """
    zones = typology.dataset.neighbourhoods["zone"].dropna()
    notes = []
    if zones.duplicated().any():
        notes.append(
            "Commuting is published for zones (MSOAs): a neighbourhood's commuters are its zone's, "
            "shared out by residents, and all neighbourhoods of one zone have the same largest "
            "destination. Commuters into a zone are taken to work in its jobs-rich neighbourhoods "
            "in the share of its jobs that lies there."
        )
    site = "zone of the flows" if by == "zone" else "ward, or where there is none a zone"
    notes.append(
        f"A site is a {site}, as far as it is jobs-rich; the one where people live counts too."
    )
    notes.append(
        "Who would fall: connected neighbourhoods whose score, less the share of their commuters "
        "who work in the jobs-rich part of the site, is below the cut as it is now. Those "
        "commuters stay in the count and find no other jobs; a relative cut would move as well."
        if score
        else "Who would fall is not known: the connection score does not come from the flows."
    )
    frame = typology.neighbourhoods
    level = (frame["labour_market_class"] == "Connected") & (
        frame["connection_score"] == frame["cut"]
    )
    if score and level.any():
        notes.append(
            f"{level.sum():,} of the connected neighbourhoods lie exactly at the cut and fall with "
            "any site where a commuter of theirs works."
        )
    flows = typology.dataset.flows
    lost = share.isna().to_numpy()
    study = typology.neighbourhoods["zone"].dropna().unique()
    rows = flows.zones.get_indexer(study)
    people = float((flows.matrix[rows[rows >= 0]] @ lost.astype("float64")).sum())
    if people:
        notes.append(
            f"{people:,.0f} commuters of the study area's zones go to zones of which it is not "
            "known how many jobs are in jobs-rich neighbourhoods; they are in no jobs-rich place."
        )
    if LOCKDOWN in typology.dataset.caveats:
        notes.append(LOCKDOWN)
    return tuple(notes)
