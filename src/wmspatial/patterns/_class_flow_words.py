"""Put commuters between classes into words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from wmspatial.patterns._zone_parts import home_parts, work_parts
from wmspatial.provenance import ILLUSTRATIVE, LOCKDOWN

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.patterns.class_flowing import ClassFlows
    from wmspatial.typology import Typology

_HALF: Final = 0.5


def flows_text(found: ClassFlows) -> str:
    """Say who fills the jobs in deprived jobs-rich neighbourhoods."""
    numbers = found.numbers
    if not numbers["workers"] > 0:
        classes = found.typology.neighbourhoods["labour_market_class"]
        area = found.typology.study_area
        text = f"Nobody works in a deprived jobs-rich neighbourhood of {area}."
        if (classes == "Insufficient data").all():
            text = f"No neighbourhood of {area} could be classed: who fills its jobs is not known."
        return f"{text} ({ILLUSTRATIVE}.)" if found.typology.illustrative else text
    near, poor = numbers["share_same_zone"], numbers["share_most_deprived_fifth"]
    text = _headline(found)
    text += (
        f"Of the {numbers['workers']:,.0f} commuters who work in deprived jobs-rich neighbourhoods "
        f"{100 * near:.1f} % live in the zone where they work"
    )
    if np.isfinite(poor):
        text += f", and {100 * poor:.1f} % live in the most deprived fifth of neighbourhoods"
        held = {
            "of those at the study area's other workplaces": "elsewhere",
            "of all commuters who live in it": "living_here",
        }
        rest = {who: numbers[f"share_most_deprived_fifth_{name}"] for who, name in held.items()}
        told = [f"{who} {100 * share:.1f} %" for who, share in rest.items() if np.isfinite(share)]
        text += f"; {' and '.join(told)} do" if told else ""
    text += "."
    return f"{text} ({ILLUSTRATIVE}.)" if found.typology.illustrative else text


def _headline(found: ClassFlows) -> str:
    """Hold the jobs against those who live beside them, and say it plainly where it is so."""
    numbers = found.numbers
    beside, staying = numbers["live_beside"], numbers["share_staying"]
    if not beside > 0:
        return ""
    ratio = numbers["workers"] / beside
    if ratio > 1 and staying < _HALF:
        return (
            f"Local jobs do not mean local employment: {ratio:.1f} commuters work in deprived "
            f"jobs-rich neighbourhoods for each who lives in them, yet of the {beside:,.0f} who "
            f"live there {100 * (1 - staying):.1f} % work in another zone. "
        )
    return (
        f"Of the {beside:,.0f} commuters who live in deprived jobs-rich neighbourhoods "
        f"{100 * staying:.1f} % work in their own zone. "
    )


def about(typology: Typology, by: str) -> tuple[str, ...]:
    """Say what is counted how.

    Parameters
    ----------
    typology : Typology
        With the flows.
    by : str
        What was apportioned.

    Returns
    -------
    tuple of str
        Sentences.
    """
    dataset = typology.dataset
    flows, table = dataset.flows, dataset.neighbourhoods
    notes = []
    if table["zone"].dropna().duplicated().any():
        notes.append(
            "Commuting is published for zones (MSOAs). A zone's commuters are shared out to its "
            "neighbourhoods by residents, and those who work in it by jobs: within a zone "
            "everybody is taken to commute alike, so these are apportionments, not counts."
            if by == "neighbourhood"
            else "Each zone counts whole for the class, and the decile, that most of its residents "
            "are in (as a home) or most of its jobs (as a workplace): nobody is apportioned, and "
            "what is smaller in a zone is not seen."
        )
    study = flows.zones.get_indexer(table.loc[dataset.study_codes, "zone"].dropna().unique())
    study = study[study >= 0]
    special = flows.special.iloc[study].sum()
    if special.sum() > 0:
        parts = ", ".join(f"{name} {people:,.0f}" for name, people in special.items() if people)
        notes.append(
            f"Commuters live and work in zones of the flows; {special.sum():,.0f} employed "
            f"residents of the study area's zones do not and are in no cell ({parts})."
        )
    notes += _unknown(typology, study)
    unscored = typology.everywhere.index.get_indexer(table.index) < 0
    if unscored.any():
        notes.append(
            f"{int(unscored.sum()):,} neighbourhoods lie beyond the labour markets that were "
            "scored; whoever works there is under Insufficient data."
        )
    notes.append("Deciles are of each nation's own index: 1 is its most deprived tenth.")
    if LOCKDOWN in dataset.caveats:
        notes.append(LOCKDOWN)
    return tuple(notes)


def about_ranks(who: pd.DataFrame) -> list[str]:
    """Say of how many it is not known how deprived the place is where they live.

    Parameters
    ----------
    who : DataFrame
        People by decile, those without a rank last.

    Returns
    -------
    list of str
        A sentence, or none.
    """
    lost = who.iloc[10:][["people", "people_elsewhere", "people_living_here"]].sum()
    if not lost.sum() > 0:
        return []
    return [
        (
            "Shares in the most deprived fifth are of those whose home has a rank: it has none for "
            f"{lost['people']:,.0f} workers in deprived jobs-rich neighbourhoods, "
            f"{lost['people_elsewhere']:,.0f} at other workplaces, and "
            f"{lost['people_living_here']:,.0f} commuters who live in the study area."
        )
    ]


def _unknown(typology: Typology, study: npt.NDArray[np.intp]) -> list[str]:
    """Count commuters of the study area's zones who could not be shared out."""
    flows = typology.dataset.flows
    rows = flows.zones.get_indexer(pd.Index(typology.dataset.neighbourhoods["zone"]))

    def lost(parts: pd.Series[float]) -> npt.NDArray[np.bool_]:
        known = rows[(rows >= 0) & parts.notna().to_numpy()]
        return ~np.isin(np.arange(len(flows.zones)), known)

    to_lost = flows.matrix[study] @ lost(work_parts(typology)).astype("float64")
    from_lost = flows.commuters.to_numpy()[study] * lost(home_parts(typology))[study]
    said = {
        "go to zones whose jobs are not known; their workplaces": to_lost,
        "live in zones whose residents are not known; their homes": from_lost,
    }
    return [
        f"{people.sum():,.0f} commuters of the study area's zones {what} count as "
        "Insufficient data."
        for what, people in said.items()
        if people.any()
    ]
