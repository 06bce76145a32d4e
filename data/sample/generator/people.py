"""Illustrative residents, ethnic groups and employed residents, with the published totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.deprivation import inner_city
from generator.totals import AUTHORITIES, GROUPS
from generator.whole import share_out, stream

if TYPE_CHECKING:
    from generator.land import Land

ROUNDS: Final = 200
"""Rounds of proportional fitting to residents and group totals."""

PULLS: Final = (0.0, 0.5, 1.5, 1.2, 1.2)
"""How much more a group lives in inner places, on the log scale, by group."""

CLUSTERING: Final = (0.0, 0.25, 0.9, 0.5, 0.5)
"""Standard deviation of each group's own smooth field, on the log scale."""


def residents_wanted(land: Land, random: np.random.Generator) -> np.ndarray:
    """Return residents each LSOA should have, roughly, before groups are made whole."""
    size = np.clip(random.lognormal(0.0, 0.16, len(land)), 0.72, 1.7)
    wanted = np.empty(len(land))
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        wanted[inside] = totals.residents * size[inside] / size[inside].sum()
    return wanted


def fit(table: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Scale a positive table to row and column totals by proportional fitting."""
    for _ in range(ROUNDS):
        table = table * (rows / table.sum(axis=1))[:, None]
        table = table * (columns / table.sum(axis=0))[None, :]
    return table


def make_groups(land: Land, score: np.ndarray) -> np.ndarray:
    """Draw the five ethnic groups.

    Parameters
    ----------
    land : Land
        The LSOAs.
    score : numpy.ndarray of float, shape (n,)
        Illustrative deprivation score.

    Returns
    -------
    numpy.ndarray of int, shape (n, 5)
        People, in the order of ``totals.GROUPS``; columns sum to the published totals of each
        authority, rows are the residents.
    """
    random = stream("groups")
    wanted = residents_wanted(land, random)
    inner = land.smooth(inner_city(land), rounds=2) + 0.3 * np.clip(score, -2, 3)
    weights = np.empty((len(land), len(GROUPS)))
    for g in range(len(GROUPS)):
        own = land.smooth(random.standard_normal(len(land)), rounds=12)
        single = random.standard_normal(len(land))
        weights[:, g] = np.exp(PULLS[g] * 0.6 * inner + CLUSTERING[g] * own + 0.15 * single)
    people = np.empty(weights.shape, dtype=np.int64)
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        table = fit(weights[inside], wanted[inside], np.array(totals.groups, dtype=float))
        for g, total in enumerate(totals.groups):
            people[inside, g] = share_out(total, table[:, g])
    return people


def make_employed(land: Land, residents: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Draw employed residents: fewer where deprivation is worse.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        People; each authority's sum is the published one.
    """
    random = stream("employed")
    rate = np.exp(-0.11 * np.clip(score, -1.2, 2.5) + 0.06 * random.standard_normal(len(land)))
    employed = np.empty(len(land), dtype=np.int64)
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        employed[inside] = share_out(totals.employed, rate[inside] * residents[inside])
    return employed
