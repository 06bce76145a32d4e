"""Cross where commuters live with where they work, by class and by deprivation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.patterns._zone_parts import home_parts, spread, work_parts
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.typology import Typology

    Floats = npt.NDArray[np.float64]

DECILES: Final = 10
#: Where people live whose neighbourhood has no deprivation rank, or who live in no zone.
UNRANKED: Final = "no rank"
BEYOND: Final = "beyond the flows"
JOBS: Final = "Large number of jobs"
DISCONNECTED: Final = "Disconnected"
_BLANK: Final = "Insufficient data"
_NAMES: Final = list(CLASSES)
_MANY: Final = len(_NAMES)


@dataclass(frozen=True)
class Crossed:
    """Commuters crossed by where they live and where they work.

    Attributes
    ----------
    matrix : DataFrame
        Commuters of the study area by class of home and class of workplace, people.
    who : DataFrame
        By deprivation of home: workers at deprived jobs-rich workplaces of the study area, at its
        other workplaces, and commuters who live in it, people.
    facts : dict of str to float
        Totals that no frame holds.
    """

    matrix: pd.DataFrame
    who: pd.DataFrame
    facts: dict[str, float]


def classes_everywhere(typology: Typology) -> npt.NDArray[np.intp]:
    """Return the class of every neighbourhood as a number, given classes and all.

    Parameters
    ----------
    typology : Typology
        With the evidence everywhere.

    Returns
    -------
    array of int
        In the order of the dataset's neighbourhoods; those without a class have no data.
    """
    codes = typology.dataset.neighbourhoods.index
    found = typology.everywhere["labour_market_class"].astype("str").reindex(codes)
    own = typology.neighbourhoods["labour_market_class"].astype("str")
    found.loc[own.index] = own
    # Numbers of the classes: their names are searched once, not once a neighbourhood.
    return pd.Index(_NAMES).get_indexer(pd.Index(found.fillna(_BLANK)))


def deciles_everywhere(typology: Typology) -> npt.NDArray[np.intp]:
    """Return the deprivation decile of every neighbourhood in its nation, 0 the most deprived.

    Parameters
    ----------
    typology : Typology
        With ranks and how many areas are ranked.

    Returns
    -------
    array of int
        In the order of the dataset's neighbourhoods; 10 where there is no rank.
    """
    dataset = typology.dataset
    table = dataset.neighbourhoods
    share = table["deprivation_rank"] / table["nation"].map(dict(dataset.ranked_areas))
    decile = np.ceil((share * DECILES).round(9).to_numpy("float64")) - 1
    return np.where(np.isnan(decile), DECILES, np.clip(decile, 0, DECILES - 1)).astype(np.intp)


def crossed(typology: Typology, *, whole: bool) -> Crossed:
    """Cross commuters by where they live and where they work.

    Parameters
    ----------
    typology : Typology
        With flows, classes and ranks.
    whole : bool
        Whether zones count whole for the kind that most of their residents or jobs are of.

    Returns
    -------
    Crossed
        The sums.
    """
    dataset = typology.dataset
    codes = dataset.neighbourhoods.index
    inside = codes.get_indexer(dataset.study_codes)
    here = np.zeros(len(codes), dtype=bool)
    here[inside] = True
    kinds = classes_everywhere(typology)
    # In every cross below: the study area's kinds first, then those beyond it.
    size = dataset.neighbourhoods["zone"].map(dataset.neighbourhoods["zone"].value_counts())
    homes, works = home_parts(typology), work_parts(typology)

    def over(parts: pd.Series[float], values: Any, many: int, lost: int) -> Any:
        """Spread zones over kinds of which `lost` is the one without data; inside, then beyond."""
        # What cannot be shared out is nowhere in its zone, and yet in the area or beyond it.
        kind = np.where(parts.isna(), lost, values) + np.where(here, 0, many)
        equal = parts.fillna(1.0 / size)
        return spread(equal, kind, typology, 2 * many, unknown=many + lost, whole=whole)

    blank = _NAMES.index(_BLANK)
    home_kind = over(homes, kinds, _MANY, blank)
    work_kind = over(works, kinds, _MANY, blank)
    home_rank = over(homes, deciles_everywhere(typology), DECILES + 1, DECILES)
    matrix = dataset.flows.matrix
    to_kind = matrix @ work_kind  # zones by class of workplace
    table = (home_kind.T @ to_kind).toarray()
    own = table[:_MANY, :_MANY] + table[:_MANY, _MANY:]
    by_rank = (home_rank.T @ to_kind).toarray()
    by_rank = by_rank[: DECILES + 1] + by_rank[DECILES + 1 :]
    lives = np.asarray(home_rank.T @ dataset.flows.commuters.to_numpy()).ravel()[: DECILES + 1]
    jobs = _NAMES.index(JOBS)
    others = [kind for kind in range(_MANY) if kind != jobs]
    arrivals = dataset.flows.arrivals.sum(axis=1).to_numpy("float64")
    came = np.asarray(arrivals @ work_kind).ravel()
    who = pd.DataFrame(
        {
            "people": [*by_rank[:, jobs], came[jobs]],
            "people_elsewhere": [*by_rank[:, others].sum(axis=1), came[others].sum()],
            "people_living_here": [*lives, 0.0],
        },
        index=pd.Index([*map(str, range(1, DECILES + 1)), UNRANKED, BEYOND], name="decile"),
    )
    internal = matrix.diagonal()
    weight = work_kind[:, [jobs]].toarray().ravel()
    live = home_kind[:, [jobs]].toarray().ravel()
    facts = {
        "workers": float(who["people"].sum()),
        "same_zone": float(internal @ weight),
        "study_area": float(table[:_MANY, jobs].sum()),
        "disconnected": float(table[[_NAMES.index(DISCONNECTED)], jobs].sum()),
        "live_beside": float(dataset.flows.commuters.to_numpy() @ live),
        "live_and_work": float(internal @ live),
        "matrix": float(own.sum()),
    }
    frame = pd.DataFrame(own, index=pd.Index(_NAMES, name="home"), columns=_NAMES)
    return Crossed(frame, who, facts)
