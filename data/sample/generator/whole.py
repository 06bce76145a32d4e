"""Whole numbers with exact totals, and one random stream for each step."""

from __future__ import annotations

from typing import Final

import numpy as np

SEED: Final = 20180112
"""The day of the board paper with the published map, 12 January 2018."""

STEPS: Final = ("estates", "sites", "deprivation", "groups", "employed", "jobs", "special", "flows")


def stream(step: str) -> np.random.Generator:
    """Return the random stream of one step, so that a change to one leaves the others alone."""
    return np.random.default_rng([SEED, STEPS.index(step)])


def share_out(total: int, weights: np.ndarray) -> np.ndarray:
    """Split a whole total in proportion to weights, by largest remainder.

    Parameters
    ----------
    total : int
        What to split.
    weights : numpy.ndarray of float, shape (n,)
        Not negative, not all zero.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Whole parts that sum to `total`.
    """
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    left = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:left]] += 1
    return np.asarray(parts)
