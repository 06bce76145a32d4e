"""How BRES rounds job counts, and what the counts may have been before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.dataset import Dataset

    Floats = npt.NDArray[np.float64]

#: From which count on BRES open access rounds to which step, jobs. The footer of the export refers
#: to Nomis article 1103 (https://www.nomisweb.co.uk/articles/1103.aspx) for the levels; these are
#: the steps between the values that occur among the 34,753 LSOAs of the file of 2021.
ROUNDING: Final[tuple[tuple[float, float], ...]] = (
    (0, 5),
    (50, 25),
    (250, 50),
    (500, 100),
    (1000, 250),
    (2500, 500),
    (5000, 1000),
)
_DECIMALS: Final = 6


def rounding_range(jobs: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Find how far below and above its published value a count may have been.

    Half a step either way. Where the step changes the two halves differ: 50 stands for 47.5 to
    62.5 jobs.

    Parameters
    ----------
    jobs : array of float
        Published counts, jobs.

    Returns
    -------
    down, up : array of float
        Jobs; never more down than there are.

    Examples
    --------
    >>> rounding_range([0, 20, 50, 300])
    (array([ 0. ,  2.5,  2.5, 25. ]), array([ 2.5,  2.5, 12.5, 25. ]))
    """
    values = np.asarray(jobs, dtype=np.float64)
    starts, steps = np.array(ROUNDING, dtype=np.float64).T
    above = np.searchsorted(starts, values, side="right") - 1
    below = np.searchsorted(starts, values, side="left") - 1
    down = steps[np.clip(below, 0, None)] / 2
    return np.minimum(down, values), steps[np.clip(above, 0, None)] / 2


class RoundedJobs(NamedTuple):
    """Job counts, and what their rounding leaves open.

    Attributes
    ----------
    jobs : array of float, shape (neighbourhoods,)
        The counts as they are used, jobs; missing where there is none.
    down, up : array of float, shape (counts,)
        How far each count that was rounded may have been below and above, jobs.
    shares : sparse array, shape (neighbourhoods, counts)
        The part of each rounded count that a neighbourhood got.
    """

    jobs: Floats
    down: Floats
    up: Floats
    shares: Any

    @classmethod
    def of(cls, dataset: Dataset) -> RoundedJobs:
        """Find the rounded counts behind the jobs of a dataset.

        On LSOAs of 2021 jobs were apportioned over the crosswalk, so it is the counts of 2011 that
        were rounded: the parts of a split move together. Each neighbourhood's jobs are handed back
        to its parts of 2011, which is exact for unchanged and split ones; a merged one no longer
        tells what its parts had, and equal parts stand in. So they do for irregular changes.
        """
        table = dataset.neighbourhoods
        links = _links(dataset)
        jobs = table["jobs"].to_numpy(dtype=np.float64)
        child = table.index.get_indexer(pd.Index(links["child"]))
        parent, _ = pd.factorize(links["parent"], sort=True)
        siblings = links.groupby("child")["parent"].transform("size").to_numpy()
        # A count that is missing is nowhere perturbed: its neighbourhood stays missing.
        handed_back = np.nan_to_num(jobs[child] / siblings)
        rounded = np.bincount(parent, weights=handed_back).round(_DECIMALS)
        down, up = rounding_range(rounded)
        shares = sparse.csr_array(
            (links["share"].to_numpy(), (child, parent)), shape=(len(table), len(rounded))
        )
        return cls(jobs, down, up, shares)

    def draw(self, seed: int, resamples: range) -> Floats:
        """Draw jobs within the rounding, one row a resample; each has a random stream of its own.

        Uniform within the range. The seed gives the same rows however they are asked for.
        """
        spread = self.down + self.up
        moved = np.empty((len(resamples), len(spread)))
        for row, resample in enumerate(resamples):
            stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, resample)))
            moved[row] = stream.random(len(spread)) * spread - self.down
        drawn = self.jobs + (self.shares @ moved.T).T
        return np.asarray(np.maximum(drawn, 0.0), dtype=np.float64)


def _links(dataset: Dataset) -> pd.DataFrame:
    """Say which rounded counts (``parent``) reach which neighbourhood, and what part of them."""
    codes = dataset.neighbourhoods.index
    crosswalk = dataset.crosswalk
    if dataset.vintage != 2021 or crosswalk is None:
        return pd.DataFrame({"child": codes, "parent": codes, "share": 1.0})
    inside = crosswalk[crosswalk["lsoa21"].isin(codes)]
    links = pd.DataFrame({"child": inside["lsoa21"], "parent": inside["lsoa11"]})
    others = codes[~codes.isin(links["child"])]
    links = pd.concat([links, pd.DataFrame({"child": others, "parent": others})], ignore_index=True)
    people = links["child"].map(dataset.neighbourhoods["residents"]).astype("float64")
    by_parent = people.groupby(links["parent"])
    whole, parts = by_parent.transform("sum"), by_parent.transform("size")
    return links.assign(share=(people / whole.where(whole > 0)).fillna(1.0 / parts))
