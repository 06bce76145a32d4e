"""Illustrative commuting from a gravity model with balanced destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.totals import AUTHORITIES, SPECIAL_DESTINATIONS
from generator.whole import share_out, stream

if TYPE_CHECKING:
    from generator.land import Land
    from generator.places import Places

DECAY: Final = 0.27
"""How fast the pull of a job falls with distance, for each kilometre."""

ESTATE_PACE: Final = 4.5
"""A kilometre out of an outer estate counts as this many: few buses, no train, no car."""

SLOWEST_PACE: Final = 2.0
"""The same elsewhere, far from every centre, park and works."""

NEAR, FAR = 0.9, 2.4
"""Kilometres to the nearest of them: up to the first a kilometre is a kilometre, from the second
on the pace is the slowest, and it rises evenly between."""

ROUNDS: Final = 40
"""Rounds of balancing between workers and jobs."""


def make_special(land: Land, employed: np.ndarray) -> np.ndarray:
    """Draw employed residents whose destination is not a place in England or Wales.

    Returns
    -------
    numpy.ndarray of int, shape (n, 6)
        People, in the order of ``totals.SPECIAL_DESTINATIONS``; each authority's sums are the
        published ones.
    """
    random = stream("special")
    special = np.zeros((len(land), len(SPECIAL_DESTINATIONS)), dtype=np.int64)
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        for s, total in enumerate(totals.special):
            weights = employed[inside] * random.lognormal(0.0, 0.15, len(inside))
            if total > len(inside):
                special[inside, s] = share_out(total, weights)
            else:
                special[inside, s] = random.multinomial(total, weights / weights.sum())
    return special


def make_pace(places: Places) -> np.ndarray:
    """Return as how many kilometres one counts for those who live in each LSOA, shape (n,)."""
    remote = np.clip((places.to_work_site - NEAR) / (FAR - NEAR), 0.0, 1.0)
    return np.where(places.estate >= 0, ESTATE_PACE, 1.0 + (SLOWEST_PACE - 1.0) * remote)


def expected_flows(land: Land, places: Places, workers: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Return the flows that the gravity model expects.

    Every job pulls by distance, not by what place it stands in. A kilometre costs more to those
    who live in an outer estate. Rows sum to the workers; columns come near the jobs, scaled to
    the number of workers.

    Returns
    -------
    numpy.ndarray of float, shape (n, n)
        People from each origin (rows) to each destination (columns).
    """
    ease = np.exp(-DECAY * make_pace(places)[:, None] * land.distance)
    target = jobs * (workers.sum() / jobs.sum())
    balance = np.ones(len(land))
    for _ in range(ROUNDS):
        reach = ease @ (target * balance)
        balance = 1.0 / (ease.T @ (workers / reach))
    flows = ease * (target * balance)[None, :]
    return np.asarray(flows * (workers / flows.sum(axis=1))[:, None])


def make_flows(land: Land, places: Places, workers: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Draw the commuters of every LSOA from the gravity model.

    Returns
    -------
    numpy.ndarray of int, shape (n, n)
        People from each origin (rows) to each destination (columns); rows sum to the workers.
    """
    random = stream("flows")
    expected = expected_flows(land, places, workers, jobs)
    chances = expected / expected.sum(axis=1, keepdims=True)
    return np.asarray(random.multinomial(workers, chances))
