"""What all ways of making labour markets share: who is counted, what a market is called, totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from wmspatial.errors import InputError, examples, require
from wmspatial.measures._dissolving import Criteria

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.flows import Flows

    Numbers = npt.NDArray[np.float64]

_COMBINED: Final = "at home or no fixed place"
#: Whose workplace is taken to be where they live. Why those of no fixed place too: the notes of
#: :func:`~wmspatial.travel_to_work_areas`.
AT_RESIDENCE: Final = ("at home", "no fixed place", _COMBINED)
#: What the Office for National Statistics asked of the travel-to-work areas of 2011.
PUBLISHED: Final = Criteria(0.75, 3500, 0.667, 25_000)


@dataclass(frozen=True)
class Workers:
    """Who lives and who works in each zone, zones in the order of their codes.

    Attributes
    ----------
    codes : Index of str
        The zones, sorted, so that ties do not hang on the order they came in.
    people : scipy.sparse array
        From zone of home (rows) to zone of work, those who work where they live on the diagonal.
    counted : list of str
        The destinations that count as working where one lives.
    """

    codes: pd.Index[Any]
    people: Any
    counted: list[str]

    @property
    def workers(self) -> Numbers:
        """Residents who work in any zone, or where they live."""
        return np.asarray(self.people.sum(axis=1), dtype=np.float64).ravel()

    @property
    def jobs(self) -> Numbers:
        """Those whom residents of any zone hold."""
        return np.asarray(self.people.sum(axis=0), dtype=np.float64).ravel()


def workers_of(flows: Flows, at_residence: Iterable[str] | None, task: str) -> Workers:
    """Count who lives and works where; refuse flows of nobody, under the name of the task."""
    require(flows, "flows", "Flows", "wm.Flows.from_table(...) or dataset.flows")
    counted = _counted(flows, at_residence)
    home = flows.special[counted].sum(axis=1).to_numpy(dtype=np.float64)
    order = np.argsort(flows.zones.to_numpy(dtype=object), kind="stable")
    people = sparse.csr_array(flows.matrix + sparse.diags_array(home))[order][:, order]
    if people.sum() == 0:
        raise InputError(
            f"{task}: nobody in the flows works in any of the {len(flows):,} zones"
            f"{' or where they live' if counted else ''}, so there is no labour market to find. "
            "Give flows between zones."
        )
    return Workers(flows.zones[order], people, counted)


def _counted(flows: Flows, at_residence: Iterable[str] | None) -> list[str]:
    """Return the destinations that count as working where one lives."""
    there = list(flows.special.columns)
    if at_residence is None:
        return [name for name in AT_RESIDENCE if name in there]
    if isinstance(at_residence, str) or not isinstance(at_residence, Iterable):
        raise InputError(f"at_residence={at_residence!r}: expected names in a list or tuple.")
    names = list(dict.fromkeys(at_residence))
    unknown = [name for name in names if name not in there]
    if unknown:
        raise InputError(
            f"at_residence: {examples(map(repr, unknown))} is no destination of these flows; "
            f"they have {examples(map(repr, there), 12) or 'none but the zones'}."
        )
    return names


def called(who: Workers, group: npt.NDArray[Any]) -> pd.Series[Any]:
    """Call each group by its zone with most jobs; zones without anybody are in none."""
    zone = pd.DataFrame(
        {"group": group, "jobs": who.jobs, "workers": who.workers, "code": who.codes}
    )
    first = zone.sort_values(
        ["jobs", "workers", "code"], ascending=[False, False, True], kind="stable"
    )
    centre = first.drop_duplicates("group").set_index("group")["code"]
    somebody = who.workers + who.jobs > 0
    market = zone["group"].map(centre).where(somebody).astype("str")
    return pd.Series(market.to_numpy(), index=who.codes, name="market", dtype="str")


def totals(who: Workers, market: pd.Series[Any], criteria: Criteria) -> pd.DataFrame:
    """Sum up each market, from the market of each zone in the order of the codes."""
    at, names = pd.factorize(market, sort=True)
    inside = at >= 0
    count = len(names)
    pairs = who.people.tocoo()
    within = inside[pairs.row] & (at[pairs.row] == at[pairs.col])

    def summed(groups: npt.NDArray[Any], values: Numbers) -> Numbers:
        return np.asarray(np.bincount(groups, values, minlength=count), dtype=np.float64)

    workers = summed(at[inside], who.workers[inside])
    jobs = summed(at[inside], who.jobs[inside])
    both = summed(at[pairs.row[within]], pairs.data[within])
    return pd.DataFrame(
        {
            "zones": np.bincount(at[inside], minlength=count),
            "workers": workers,
            "jobs": jobs,
            "live_and_work": both,
            "supply_side": both / np.where(workers > 0, workers, np.nan),
            "demand_side": both / np.where(jobs > 0, jobs, np.nan),
            "criteria_hold": criteria.hold(workers, jobs, both),
        },
        index=pd.Index(names, name="market", dtype="str"),
    )


def about_people(flows: Flows, who: Workers) -> list[str]:
    """Say who is not counted, which zones are empty, and what a lockdown does."""
    notes = []
    away = flows.people - float(who.people.sum())
    if away > 0:
        notes.append(
            f"{away:,.0f} of {flows.people:,.0f} people are in no market: they live or work beyond "
            "the zones, or at no place that counts"
        )
    nobody = who.codes[who.workers + who.jobs == 0]
    if len(nobody):
        notes.append(
            f"zones without a market, for nobody lives or works there: {len(nobody):,} "
            f"({examples(nobody, 3)})"
        )
    if _COMBINED in who.counted:
        people = float(flows.special[_COMBINED].sum())
        notes.append(
            f"{people:,.0f} people {_COMBINED} count as working where they live: in a census under "
            "lockdown that makes markets small and many"
        )
    return notes
