"""What each deprived LSOA was built to be, known from the ground before anybody commutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from generator.deprivation import DEPRIVED_RANKS
from generator.places import ORDINARY

if TYPE_CHECKING:
    from generator.land import Land
    from generator.places import Places

WALK: Final = 0.9
"""Kilometres to the nearest centre, park or works that still count as next to it."""

OUT_OF_REACH: Final = 1.2
"""Kilometres to the nearest job site of any kind from which an outer estate is cut off."""


def plant(land: Land, places: Places, ranks: np.ndarray) -> np.ndarray:
    """Label the deprived LSOAs by how they were built; neither jobs nor flows are looked at.

    - ``jobs``: a job site, built to have far more jobs than employed residents;
    - ``disconnected``: in an outer estate, behind its barrier, with no job site near;
    - ``connected``: homes at a normal pace, next to a centre, a park or works;
    - empty: deprived, but neither one thing nor the other, and all that is not deprived.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        The labels.
    """
    deprived = ranks <= DEPRIVED_RANKS
    in_estate = places.estate >= 0
    to_job_site = land.distance[:, places.job_site].min(axis=1)
    conditions = [
        deprived & places.job_site,
        deprived & in_estate & (to_job_site > OUT_OF_REACH),
        deprived & ~in_estate & (places.kind == ORDINARY) & (places.to_work_site < WALK),
    ]
    return np.select(conditions, ["jobs", "disconnected", "connected"], default="")
