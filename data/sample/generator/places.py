"""Where the work is and where the outer estates stand, from geography alone.

The towns stand about where the towns are and the industrial belts run about where canals, railways
and motorways run. Which LSOAs belong to them, and where the estates lie, is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from generator.land import to_plane
from generator.totals import AUTHORITIES
from generator.whole import stream

if TYPE_CHECKING:
    from generator.land import Land

CENTRES: Final = (
    # longitude, latitude, pull of its jobs, LSOAs it takes in
    (-1.898, 52.480, 160.0, 14),  # Birmingham
    (-1.936, 52.452, 30.0, 4),  # Edgbaston and Selly Oak
    (-1.823, 52.564, 10.0, 3),  # Sutton Coldfield
    (-1.838, 52.524, 5.0, 2),  # Erdington
    (-1.972, 52.401, 6.0, 2),  # Northfield and Longbridge
    (-1.893, 52.434, 4.0, 2),  # Kings Heath
    (-1.510, 52.408, 50.0, 7),  # Coventry
    (-1.561, 52.383, 25.0, 3),  # Canley
    (-2.085, 52.510, 12.0, 4),  # Dudley
    (-2.112, 52.482, 18.0, 4),  # Brierley Hill
    (-2.143, 52.457, 6.0, 2),  # Stourbridge
    (-2.049, 52.449, 7.0, 3),  # Halesowen
    (-1.994, 52.519, 16.0, 4),  # West Bromwich
    (-2.016, 52.504, 12.0, 3),  # Oldbury
    (-2.022, 52.553, 6.0, 2),  # Wednesbury
    (-1.968, 52.495, 6.0, 2),  # Smethwick
    (-1.778, 52.413, 26.0, 4),  # Solihull
    (-1.820, 52.408, 6.0, 2),  # Shirley
    (-1.982, 52.586, 22.0, 5),  # Walsall
    (-2.030, 52.571, 5.0, 2),  # Darlaston
    (-2.054, 52.585, 4.0, 2),  # Willenhall
    (-1.917, 52.605, 4.0, 2),  # Aldridge
    (-2.128, 52.586, 34.0, 6),  # Wolverhampton
    (-2.073, 52.566, 6.0, 2),  # Bilston
)
PARKS: Final = (
    (-1.722, 52.453, 60.0, 3),  # exhibition centre and airport
    (-1.790, 52.372, 8.0, 1),  # Blythe Valley
    (-2.160, 52.497, 4.0, 2),  # Pensnett
    (-1.450, 52.405, 6.0, 2),  # Binley and Walsgrave
    (-1.530, 52.445, 5.0, 2),  # north of Coventry
    (-2.115, 52.628, 6.0, 2),  # north of Wolverhampton
    (-1.760, 52.500, 5.0, 2),  # Castle Bromwich
)
BELTS: Final = (
    ((-2.115, 52.582), (-2.07, 52.562), (-2.05, 52.53), (-2.01, 52.505), (-1.91, 52.483)),
    ((-1.99, 52.58), (-2.01, 52.555), (-1.95, 52.53), (-1.885, 52.515), (-1.79, 52.508)),
    ((-1.88, 52.475), (-1.845, 52.455), (-1.80, 52.46)),
    ((-1.505, 52.41), (-1.49, 52.45)),
    ((-2.15, 52.50), (-2.12, 52.475), (-2.06, 52.455)),
    ((-1.90, 52.49), (-1.86, 52.50), (-1.82, 52.515)),
    ((-1.92, 52.47), (-1.93, 52.43), (-1.97, 52.405)),
)
BELT_REACH: Final = 0.6
"""Kilometres from a belt's line within which an LSOA may be one of works."""

BELT_CHANCE: Final = 0.55
SCATTER_CHANCE: Final = 0.10
"""Chance of an LSOA elsewhere to hold a hospital, a retail park or a business park."""

MIXED_CHANCE: Final = 0.05
"""Chance of an LSOA elsewhere to have about as many jobs as employed residents."""

ESTATES: Final = (12, 2, 2, 3, 1, 3, 2)
"""Number of outer estates of each authority, in the order of ``totals.AUTHORITIES``."""

ESTATE_SIZES: Final = (8, 13)
"""Smallest and largest estate, in LSOAs."""

ESTATE_SPACING: Final = 2.2
"""Kilometres between the hearts of two estates, at least."""

ESTATE_CLEARANCE: Final = 1.5
"""Kilometres around an estate's LSOAs in which no employer is scattered."""

ESTATE_REMOTENESS: Final = 1.0
"""Kilometres between an estate's LSOAs and the nearest centre, park or works, at least."""

ORDINARY, MIXED, SCATTERED, WORKS, PARK, CENTRE = range(6)


@dataclass(frozen=True)
class Places:
    """What kind of place each LSOA is.

    Attributes
    ----------
    kind : numpy.ndarray of int, shape (n,)
        ``ORDINARY`` (homes with some shops and schools), ``MIXED`` (about as many jobs as
        employed residents), ``SCATTERED`` (one large employer), ``WORKS``, ``PARK``, ``CENTRE``.
    pull : numpy.ndarray of float, shape (n,)
        Weight of its jobs beyond the least a job site has; 0 for ordinary and mixed LSOAs.
    estate : numpy.ndarray of int, shape (n,)
        Number of the outer estate it belongs to, -1 for none.
    to_work_site : numpy.ndarray of float, shape (n,)
        Kilometres to the nearest centre, park or works.
    to_centre : numpy.ndarray of float, shape (n,)
        Kilometres to the nearest centre, weak and strong alike.
    """

    kind: np.ndarray
    pull: np.ndarray
    estate: np.ndarray
    to_work_site: np.ndarray
    to_centre: np.ndarray

    @property
    def job_site(self) -> np.ndarray:
        """Whether an LSOA is built to have more jobs than employed residents."""
        return self.kind >= SCATTERED


def place_centres(land: Land, kind: np.ndarray, pull: np.ndarray) -> None:
    """Mark the LSOAs of the centres and parks in place; the first of each pulls the most."""
    for sites, value in ((PARKS, PARK), (CENTRES, CENTRE)):
        points = to_plane(np.array([site[:2] for site in sites]))
        gap = land.distance_to(points)
        for k, (_, _, weight, number) in enumerate(sites):
            nearest = np.argsort(gap[:, k], kind="stable")[:number]
            kind[nearest] = value
            shares = 1.0 / np.arange(1, number + 1)
            pull[nearest] = np.maximum(pull[nearest], weight * shares / shares.sum())


def place_works(
    land: Land, kind: np.ndarray, pull: np.ndarray, random: np.random.Generator
) -> None:
    """Mark works along the belts in place."""
    lines = shapely.multilinestrings([shapely.linestrings(to_plane(np.array(b))) for b in BELTS])
    near = shapely.distance(shapely.points(land.xy), lines) < BELT_REACH
    drawn = random.random(len(land)) < BELT_CHANCE
    strength = random.lognormal(-0.7, 0.7, len(land))
    works = near & drawn & (kind == ORDINARY)
    kind[works] = WORKS
    pull[works] = strength[works]


def scatter(
    land: Land,
    kind: np.ndarray,
    pull: np.ndarray,
    estate: np.ndarray,
    random: np.random.Generator,
) -> None:
    """Mark single large employers and mixed LSOAs in place, away from the outer estates."""
    clear = land.distance[:, estate >= 0].min(axis=1) > ESTATE_CLEARANCE
    drawn = random.random(len(land))
    strength = random.lognormal(-0.7, 0.9, len(land))
    free = clear & (kind == ORDINARY)
    scattered = free & (drawn < SCATTER_CHANCE)
    kind[scattered] = SCATTERED
    pull[scattered] = strength[scattered]
    kind[free & ~scattered & (drawn < SCATTER_CHANCE + MIXED_CHANCE)] = MIXED


def grow_estate(land: Land, seed: int, size: int, free: np.ndarray) -> np.ndarray:
    """Return the positions of a contiguous estate around its heart, at most `size` of them."""
    members = [seed]
    while len(members) < size:
        beside = land.neighbours[members].any(axis=0) & free
        beside[members] = False
        if not beside.any():
            break
        members.append(int(np.where(beside, land.distance[seed], np.inf).argmin()))
    return np.array(members)


def place_estates(
    land: Land, kind: np.ndarray, to_work_site: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Draw the outer estates: built-up places far from centres, parks and works.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Number of the estate, -1 for none.
    """
    estate = np.full(len(land), -1)
    hearts: list[int] = []
    for a in range(len(AUTHORITIES)):
        inside = land.authority == a
        built_up = (
            inside
            & (to_work_site > ESTATE_REMOTENESS)
            & (land.area < 2.0 * np.median(land.area[inside]))
        )
        appeal = np.where(built_up, to_work_site * random.uniform(0.7, 1.0, len(land)), -1.0)
        found = 0
        while found < ESTATES[a]:
            allowed = appeal * (estate < 0)
            if hearts:
                allowed *= land.distance[:, hearts].min(axis=1) >= ESTATE_SPACING
            seed = int(allowed.argmax())
            appeal[seed] = -1.0
            size = int(random.integers(ESTATE_SIZES[0], ESTATE_SIZES[1] + 1))
            members = grow_estate(land, seed, size, built_up & (kind == ORDINARY) & (estate < 0))
            if len(members) >= ESTATE_SIZES[0]:
                estate[members] = len(hearts)
                hearts.append(seed)
                found += 1
    return estate


def make_places(land: Land) -> Places:
    """Lay out centres, parks, works, outer estates and scattered employers, in that order."""
    random = stream("sites")
    kind = np.full(len(land), ORDINARY)
    pull = np.zeros(len(land))
    place_centres(land, kind, pull)
    place_works(land, kind, pull, random)
    to_work_site = land.distance[:, kind >= WORKS].min(axis=1)
    estate = place_estates(land, kind, to_work_site, stream("estates"))
    scatter(land, kind, pull, estate, random)
    centres = to_plane(np.array([centre[:2] for centre in CENTRES]))
    to_centre = land.distance_to(centres).min(axis=1)
    return Places(kind, pull, estate, to_work_site, to_centre)
