"""Illustrative jobs: a few LSOAs with thousands, most with some shops and schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.places import MIXED
from generator.totals import AUTHORITIES
from generator.whole import share_out, stream

if TYPE_CHECKING:
    from generator.land import Land
    from generator.places import Places

LEAST_OF_A_SITE: Final = 1.5
"""Jobs for every employed resident that a job site has at least."""

ORDINARY_JOBS: Final = (0.12, 0.5)
"""Jobs for every employed resident of an ordinary LSOA, from and to."""

ESTATE_JOBS: Final = (0.4, 0.7)
"""The same in an outer estate: its schools, surgeries and parades of shops serve it alone."""

MIXED_JOBS: Final = (0.8, 1.3)


def make_jobs(land: Land, places: Places, employed: np.ndarray) -> np.ndarray:
    """Draw jobs.

    Ordinary and mixed LSOAs have jobs in proportion to their employed residents; job sites have
    at least `LEAST_OF_A_SITE` for every one, and share the rest of the authority's published
    total by their pull.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Jobs; each authority's sum is the published one.
    """
    random = stream("jobs")
    ratio = random.uniform(*ORDINARY_JOBS, len(land))
    in_estate = places.estate >= 0
    ratio = np.where(in_estate, random.uniform(*ESTATE_JOBS, len(land)), ratio)
    ratio = np.where(places.kind == MIXED, random.uniform(*MIXED_JOBS, len(land)), ratio)
    ratio = np.where(places.job_site, LEAST_OF_A_SITE, ratio)
    jobs = np.ceil(ratio * employed).astype(np.int64)
    for a, totals in enumerate(AUTHORITIES):
        inside = land.members(a)
        left = totals.jobs - int(jobs[inside].sum())
        if left < 0:
            message = f"{totals.name} has {-left:,} jobs too many before its centres have any"
            raise ValueError(message)
        jobs[inside] += share_out(left, places.pull[inside])
    return np.asarray(jobs)
