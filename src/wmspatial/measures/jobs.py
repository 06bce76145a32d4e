"""Jobs held against the people who live there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def jobs_ratio(jobs: pd.Series[Any], people: pd.Series[Any]) -> pd.Series[float]:
    """Divide jobs by people, area by area.

    Parameters
    ----------
    jobs : Series of float
        Jobs at their workplace, indexed by area code.
    people : Series of float
        The people they are held against (employed residents, by default), on the same index.

    Returns
    -------
    Series of float
        Jobs a person, on the index of `jobs`. Infinite where there are jobs and nobody; missing
        where either is, or where there are neither jobs nor people.

    Examples
    --------
    >>> jobs_ratio(pd.Series({"a": 150.0, "b": 10.0}), pd.Series({"a": 500.0, "b": 0.0})).tolist()
    [0.3, inf]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = jobs.to_numpy(dtype=float) / people.reindex(jobs.index).to_numpy(dtype=float)
    return pd.Series(ratio, index=jobs.index, name="jobs_ratio")
