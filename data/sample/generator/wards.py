"""Illustrative wards: contiguous groups of an authority's LSOAs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generator.totals import AUTHORITIES

if TYPE_CHECKING:
    from generator.land import Land

ROUNDS = 8
"""How often the wards are regrown from their own middles."""


def spread_out(xy: np.ndarray, number: int) -> np.ndarray:
    """Choose points far from each other: each is the farthest from those before it.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Coordinates.
    number : int
        How many to choose.

    Returns
    -------
    numpy.ndarray of int, shape (number,)
        Positions; the first is the point nearest to the middle of all.
    """
    gap = np.hypot(*(xy - xy.mean(axis=0)).T)
    chosen = [int(gap.argmin())]
    nearest = np.full(len(xy), np.inf)
    while len(chosen) < number:
        nearest = np.minimum(nearest, np.hypot(*(xy - xy[chosen[-1]]).T))
        chosen.append(int(nearest.argmax()))
    return np.array(chosen)


def grow(xy: np.ndarray, neighbours: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Grow one contiguous group from each seed; the smallest that can grow takes the next.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The group of each LSOA.
    """
    group = np.full(len(xy), -1)
    group[seeds] = np.arange(len(seeds))
    size = np.ones(len(seeds))
    while (group < 0).any():
        for k in np.argsort(size, kind="stable"):
            open_to = neighbours[group == k].any(axis=0) & (group < 0)
            if open_to.any():
                middle = xy[group == k].mean(axis=0)
                gap = np.hypot(*(xy - middle).T)
                group[int(np.where(open_to, gap, np.inf).argmin())] = k
                size[k] += 1
                break
        else:
            message = "an authority's LSOAs should hang together, but some have no neighbour"
            raise ValueError(message)
    return group


def middles(xy: np.ndarray, group: np.ndarray, number: int) -> np.ndarray:
    """Return for each group the position of the LSOA nearest to its middle."""
    found = []
    for k in range(number):
        inside = np.flatnonzero(group == k)
        gap = np.hypot(*(xy[inside] - xy[inside].mean(axis=0)).T)
        found.append(int(inside[gap.argmin()]))
    return np.array(found)


def number_from_the_north(xy: np.ndarray, group: np.ndarray, number: int) -> np.ndarray:
    """Renumber groups by how far north their middle lies, the northernmost first."""
    north = np.array([xy[group == k, 1].mean() for k in range(number)])
    rank = np.empty(number, dtype=int)
    rank[np.argsort(-north, kind="stable")] = np.arange(number)
    return np.asarray(rank[group])


def make_wards(land: Land) -> tuple[np.ndarray, np.ndarray]:
    """Draw the illustrative wards.

    Returns
    -------
    codes, names : numpy.ndarray of str, shape (n,)
        Codes such as ``X05000001`` (real ones begin with E05) and names such as
        "Birmingham sample ward 07".
    """
    codes = np.empty(len(land), dtype=object)
    names = np.empty(len(land), dtype=object)
    before = 0
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        xy, neighbours = land.xy[inside], land.neighbours[np.ix_(inside, inside)]
        group = grow(xy, neighbours, spread_out(xy, totals.wards))
        for _ in range(ROUNDS):
            group = grow(xy, neighbours, middles(xy, group, totals.wards))
        group = number_from_the_north(xy, group, totals.wards)
        for place, k in zip(inside, group, strict=True):
            codes[place] = f"X05{before + k + 1:06d}"
            names[place] = f"{totals.name} sample ward {k + 1:02d}"
        before += totals.wards
    return codes, names
