"""Areas that are dissolved until each is self-contained: the work behind the labour markets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from wmspatial.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

_RANGES: Final = (
    ("min_self_containment", 1.0, "a share from 0 to 1"),
    ("accepted_self_containment", 1.0, "a share from 0 to 1"),
    ("min_workers", math.inf, "people, zero or more"),
    ("accepted_workers", math.inf, "people, zero or more"),
)


@dataclass(frozen=True)
class Criteria:
    """How self-contained an area has to be, by its size."""

    min_self_containment: float
    min_workers: float
    accepted_self_containment: float
    accepted_workers: float

    def __post_init__(self) -> None:
        """Check the four numbers, and name all faults at once."""
        faults = [
            f"{name}={getattr(self, name)!r}: expected {expected}"
            for name, high, expected in _RANGES
            if not _within(getattr(self, name), high)
        ]
        if not faults and self.accepted_self_containment > self.min_self_containment:
            faults.append(
                f"accepted_self_containment={self.accepted_self_containment!r}: expected no more "
                f"than min_self_containment={self.min_self_containment!r}, for it is what large "
                "areas are let off with"
            )
        if not faults and self.accepted_workers <= self.min_workers:
            faults.append(
                f"accepted_workers={self.accepted_workers!r}: expected more than "
                f"min_workers={self.min_workers!r}; to let nobody off, give "
                f"accepted_self_containment={self.min_self_containment!r}"
            )
        if faults:
            raise InputError("travel_to_work_areas: " + "; ".join(faults) + ".")

    def needed(self, workers: Numbers) -> Numbers:
        """Return the self-containment asked for: linear, and ever more below the smallest size."""
        let_off = self.min_self_containment - self.accepted_self_containment
        along = (workers - self.min_workers) / (self.accepted_workers - self.min_workers)
        return self.min_self_containment - let_off * np.minimum(along, 1.0)

    def hold(self, workers: Numbers, jobs: Numbers, both: Numbers) -> npt.NDArray[np.bool_]:
        """Say which areas are labour markets."""
        contained = _self_containment(workers, jobs, both)
        return (workers >= self.min_workers) & (contained >= self.needed(workers))

    def shortfall(self, workers: Numbers, jobs: Numbers, both: Numbers) -> Numbers:
        """Return how near areas come, below 1 for most that fail; infinite where they hold."""
        contained = _self_containment(workers, jobs, both)
        near = np.minimum(contained, self.min_self_containment) / np.maximum(
            self.needed(workers), np.finfo(float).tiny
        )
        return np.where(self.hold(workers, jobs, both), np.inf, near)


def _within(value: object, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return math.isfinite(float(value)) and 0 <= float(value) <= high


def _self_containment(workers: Numbers, jobs: Numbers, both: Numbers) -> Numbers:
    """Return the smaller of the supply side and the demand side."""
    larger = np.maximum(workers, jobs)
    return both / np.where(larger > 0, larger, 1.0)


class Areas:
    """Zones in areas that are dissolved one after another, their totals kept up to date."""

    def __init__(self, people: Any, criteria: Criteria) -> None:
        self.criteria = criteria
        self.size = n = people.shape[0]
        self.zone_workers, self.zone_jobs = people.sum(axis=1), people.sum(axis=0)
        self.zone_both = people.diagonal()
        away = sparse.csr_array(people - sparse.diags_array(self.zone_both))
        away.eliminate_zeros()
        self.out, self.into = away, sparse.csr_array(away.T)
        self.workers, self.jobs = self.zone_workers.copy(), self.zone_jobs.copy()
        self.both = self.zone_both.copy()
        # Zones of a dissolved area lie in the area `n` until they have a new one.
        self.area = np.arange(n)
        self.members = [[zone] for zone in range(n)]
        self.near = criteria.shortfall(self.workers, self.jobs, self.both)
        self.near[self.workers + self.jobs == 0] = np.inf

    def settle(self) -> None:
        """Dissolve the area farthest from the criteria until all meet them or have no link."""
        # Each round ends one area for good, or finds one that has no link: n rounds at most.
        while np.isfinite(self.near[area := int(np.argmin(self.near))]):
            self._dissolve(area)

    def _dissolve(self, area: int) -> None:
        zones = sorted(self.members[area], key=lambda zone: (-self.zone_workers[zone], zone))
        totals = self.workers[area], self.jobs[area], self.both[area]
        self.members[area] = []
        self.area[zones] = self.size
        self.workers[area] = self.jobs[area] = self.both[area] = 0.0
        self.near[area] = np.inf
        changed: set[int] = set()
        waiting = zones
        while waiting:
            left = [zone for zone in waiting if not self._move(zone, changed)]
            if len(left) == len(waiting):
                # No flow to any other area: it stays what it is, and nothing can join it later.
                # That is so of all its zones or of none, for each joined by a link.
                self.members[area] = zones
                self.area[zones] = area
                self.workers[area], self.jobs[area], self.both[area] = totals
                return
            # Linked to zones of its own area alone: those have a new one by now.
            waiting = left
        for other in changed:
            part = slice(other, other + 1)
            self.near[part] = self.criteria.shortfall(
                self.workers[part], self.jobs[part], self.both[part]
            )

    def _flows(self, matrix: Any, zone: int) -> Numbers:
        part = slice(matrix.indptr[zone], matrix.indptr[zone + 1])
        areas = self.area[matrix.indices[part]]
        sums = np.bincount(areas, matrix.data[part], minlength=self.size + 1)
        return np.asarray(sums[: self.size], dtype=np.float64)

    def _move(self, zone: int, changed: set[int]) -> bool:
        """Put a zone into the area it has the strongest link with; say whether there is one."""
        out, into = self._flows(self.out, zone), self._flows(self.into, zone)
        link = np.zeros(self.size)
        sent, taken = out > 0, into > 0
        link[sent] = out[sent] ** 2 / (self.zone_workers[zone] * self.jobs[sent])
        link[taken] += into[taken] ** 2 / (self.workers[taken] * self.zone_jobs[zone])
        area = int(np.argmax(link))
        if link[area] <= 0:
            return False
        self.workers[area] += self.zone_workers[zone]
        self.jobs[area] += self.zone_jobs[zone]
        self.both[area] += self.zone_both[zone] + out[area] + into[area]
        self.area[zone] = area
        self.members[area].append(zone)
        changed.add(area)
        return True
