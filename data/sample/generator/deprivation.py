"""Illustrative deprivation ranks: clustered in inner places and outer estates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.land import to_plane
from generator.places import CENTRES
from generator.totals import AUTHORITIES, DEPRIVED_SHARE, RANKED_AREAS
from generator.whole import stream

if TYPE_CHECKING:
    from generator.land import Land
    from generator.places import Places

DEPRIVED_RANKS: Final = int(DEPRIVED_SHARE * RANKED_AREAS)
"""The last rank among the 20 % most deprived: 6,568."""

ESTATE_LIFT: Final = 1.5
"""How much worse an outer estate stands, in standard deviations of the field."""


def inner_city(land: Land) -> np.ndarray:
    """Return how inner a place is: near a strong centre, 0 to 1, shape (n,)."""
    points = to_plane(np.array([centre[:2] for centre in CENTRES]))
    pull = np.array([centre[2] for centre in CENTRES])
    reach = 0.8 + 0.22 * np.sqrt(pull)
    height = (pull / pull.max()) ** 0.25
    return np.asarray((height * np.exp(-((land.distance_to(points) / reach) ** 2))).max(axis=1))


def make_score(land: Land, places: Places) -> np.ndarray:
    """Return an illustrative deprivation score, higher is more deprived, shape (n,).

    A smooth field of noise, worse in inner places and near works, better where homes lie far
    apart, and worse in the outer estates.
    """
    random = stream("deprivation")
    noise = land.smooth(random.standard_normal(len(land)), rounds=6)
    own = random.standard_normal(len(land))
    sparse = land.smooth(np.log(land.area), rounds=1)
    works = np.exp(-places.to_work_site)
    field = noise + 1.6 * inner_city(land) + 1.0 * works - 0.6 * sparse + 0.25 * own
    return np.asarray(field / field.std() + ESTATE_LIFT * (places.estate >= 0))


def spread_ranks(wanted: np.ndarray, first: int, last: int) -> np.ndarray:
    """Give each LSOA a rank of its own near the wanted one, in the same order.

    Parameters
    ----------
    wanted : numpy.ndarray of float, shape (m,)
        Wanted ranks.
    first, last : int
        Ranks to keep within.

    Returns
    -------
    numpy.ndarray of int, shape (m,)
        Unique ranks.
    """
    order = np.argsort(wanted, kind="stable")
    steps = np.arange(len(wanted))
    rising = np.maximum.accumulate(np.rint(wanted[order]).astype(int) - steps)
    ranks = np.empty(len(wanted), dtype=int)
    ranks[order] = np.clip(rising, first, last - len(wanted) + 1) + steps
    return ranks


def make_ranks(land: Land, places: Places, score: np.ndarray) -> np.ndarray:
    """Turn scores into ranks with the published number of deprived LSOAs in each authority.

    The outer estates are all among the deprived, but not all at the bottom: inside the deprived
    the score decides.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Unique ranks within 1 to 32,844; 1 is the most deprived.
    """
    wanted = np.empty(len(land))
    deprived = np.zeros(len(land), dtype=bool)
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        chosen = np.lexsort((-score[inside], places.estate[inside] < 0))[: totals.deprived]
        deprived[inside[chosen]] = True
        order = inside[np.argsort(-score[inside], kind="stable")]
        worst, rest = order[deprived[order]], order[~deprived[order]]
        steepness = 0.8 + 1.5 * totals.deprived / totals.lsoas
        wanted[worst] = DEPRIVED_RANKS * ((np.arange(len(worst)) + 0.5) / len(worst)) ** steepness
        above = ((np.arange(len(rest)) + 0.5) / len(rest)) ** steepness
        wanted[rest] = DEPRIVED_RANKS + (RANKED_AREAS - DEPRIVED_RANKS) * above
    ranks = np.empty(len(land), dtype=int)
    ranks[deprived] = spread_ranks(wanted[deprived], 1, DEPRIVED_RANKS)
    ranks[~deprived] = spread_ranks(wanted[~deprived], DEPRIVED_RANKS + 1, RANKED_AREAS)
    return ranks
