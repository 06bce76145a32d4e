"""Classes for wards, in two declared ways, and where the two disagree.

A ward holds people of several classes. *From the neighbourhoods*: a ward most of whose residents
live in deprived neighbourhoods has the class in which most of those people live. *From the flows*:
the ward is taken as one place: its commuters together, its jobs against its workers, its score
against the cut of the labour market most of its residents live in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.measures import jobs_ratio
from wmspatial.typology.parameters import CLASSES
from wmspatial.typology.wards import slug

if TYPE_CHECKING:
    from wmspatial.typology.parameters import Parameters

#: A ward is deprived when more than this share of its residents live in deprived neighbourhoods.
MOST: Final = 0.5
_DEPRIVED: Final = CLASSES[:3]


def class_from_neighbourhoods(sums: pd.DataFrame) -> pd.Series[Any]:
    """Give each ward the class in which most of its deprived residents live.

    Parameters
    ----------
    sums : DataFrame
        From :func:`~wmspatial.typology.wards.residents_by_class`.

    Returns
    -------
    Series of str
        One of the five classes, by ward. Equal numbers: the class that comes first.

    Examples
    --------
    >>> sums = pd.DataFrame({"residents": [100], "residents_disconnected": [40],
    ...                      "residents_connected": [20], "residents_large_number_of_jobs": [0],
    ...                      "residents_insufficient_data": [0]}, index=["w"])
    >>> class_from_neighbourhoods(sums).to_dict()
    {'w': 'Disconnected'}
    """
    people = sums[[f"residents_{slug(name)}" for name in _DEPRIVED]].set_axis(_DEPRIVED, axis=1)
    total = sums["residents"].where(sums["residents"] > 0)
    found = people.idxmax(axis=1).where(people.sum(axis=1) / total > MOST, "Not classified")
    unknown = sums["residents_insufficient_data"] / total > MOST
    return _ordered(found.mask(unknown | total.isna(), "Insufficient data"))


def class_from_flows(
    neighbourhoods: pd.DataFrame,
    commuters: pd.Series[Any],
    parameters: Parameters,
    by: str = "ward_code",
) -> pd.DataFrame:
    """Class each ward as one place, from its flows taken together.

    Commuters of a zone belong to its neighbourhoods by usual residents, and so to wards. Where
    they work counts as for neighbourhoods: in the share of jobs that lies in jobs-rich
    neighbourhoods.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Classified neighbourhoods with their evidence and the column `by`.
    commuters : Series of float
        Commuters of each neighbourhood, people: its zone's, shared out by usual residents.
    parameters : Parameters
        The choices behind them.
    by : str
        The column of wards.

    Returns
    -------
    DataFrame
        By ward: ``jobs``, ``employed_residents``, ``commuters``, ``connection_score``, ``cut``,
        ``deprived_share`` (of residents) and ``class_from_flows``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> t = wm.classify(wm.load_sample())
    >>> commuters = t.dataset.flows.commuters  # here each neighbourhood is a zone
    >>> wards = class_from_flows(t.neighbourhoods, commuters, t.parameters)
    >>> bool(wards["deprived_share"].between(0, 1).all())
    True
    """
    table = pd.DataFrame(neighbourhoods.drop(columns="geometry", errors="ignore"))
    table["_commuters"] = commuters.reindex(table.index)
    table["_scored"] = table["_commuters"] * table["connection_score"]
    table["_weight"] = table["_commuters"].where(table["connection_score"].notna(), 0.0)
    table["_deprived"] = table["residents"].where(table["deprived"], 0.0)
    table["_unranked"] = table["residents"].where(table["deprivation_share"].isna(), 0.0)
    groups = table.groupby(by)
    sums = groups[["_commuters", "_scored", "_weight", "_deprived", "_unranked", "residents"]].sum()
    # Jobs or people that are not known are not nought: the ward's are not known either.
    counts = groups[["jobs", "employed_residents", "held_against"]].sum(skipna=False)
    out = counts[["jobs", "employed_residents"]].copy()
    out["commuters"] = sums["_commuters"]
    out["connection_score"] = sums["_scored"] / sums["_weight"].where(sums["_weight"] > 0)
    out["cut"] = _cut_of_most(table, by)
    people = sums["residents"].where(sums["residents"] > 0)
    least, most = sums["_deprived"] / people, (sums["_deprived"] + sums["_unranked"]) / people
    # Those without a rank may tip it: then it is not known whether the ward is deprived.
    unknown = people.isna() | ((least <= MOST) & (most > MOST))
    out["deprived_share"] = least.mask(unknown)
    ratio = jobs_ratio(counts["jobs"], counts["held_against"])
    conditions = [
        unknown | out["connection_score"].isna() | ~(out["commuters"] >= parameters.min_flow),
        ~(least > MOST),
        counts["jobs"].isna() | (ratio.isna() & (counts["jobs"] != 0)),
        ratio > parameters.pez_ratio,
        out["cut"].isna(),
        out["connection_score"] < out["cut"],
    ]
    classes = [CLASSES[4], CLASSES[3], CLASSES[4], CLASSES[2], CLASSES[4], CLASSES[0]]
    named = pd.Series(np.select(conditions, classes, CLASSES[1]), index=out.index)
    out["class_from_flows"] = _ordered(named)
    return out


def _cut_of_most(table: pd.DataFrame, by: str) -> pd.Series[float]:
    """Return the cut that holds for most of each ward's residents."""
    people = table.groupby([by, "cut"])["residents"].sum().reset_index()
    first = people.sort_values(["residents", "cut"], ascending=[False, True]).drop_duplicates(by)
    return first.set_index(by)["cut"]


def _ordered(names: pd.Series[Any]) -> pd.Series[Any]:
    return names.astype(pd.CategoricalDtype(list(CLASSES), ordered=True))
