"""What a table of flows adds up to, zone by zone and in all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

_HOME: Final = ("at home", "at home or no fixed place")


class FlowTotals:
    """Totals of :class:`~wmspatial.Flows`, which holds the blocks they are made of."""

    zones: pd.Index[Any]
    matrix: Any
    special: pd.DataFrame
    arrivals: pd.DataFrame
    beyond: float

    def _by_zone(self, values: npt.ArrayLike, name: str) -> pd.Series[float]:
        array = np.asarray(values, dtype=np.float64).ravel()
        return pd.Series(array, index=self.zones, name=name)

    @property
    def commuters(self) -> pd.Series[float]:
        """Residents of each zone who work in a zone of the matrix, people."""
        return self._by_zone(self.matrix.sum(axis=1), "commuters")

    @property
    def commuters_in(self) -> pd.Series[float]:
        """People who live in a zone of the matrix and work in each zone."""
        return self._by_zone(self.matrix.sum(axis=0), "commuters_in")

    @property
    def employed_residents(self) -> pd.Series[float]:
        """All employed residents of each zone, wherever they work, people."""
        total = self.commuters.to_numpy() + self.special.sum(axis=1).to_numpy()
        return self._by_zone(total, "employed_residents")

    @property
    def works_at_home(self) -> pd.Series[float]:
        """Residents who work at home; in the 2021 table also those of no fixed place."""
        columns = [name for name in _HOME if name in self.special.columns]
        return self._by_zone(self.special[columns].sum(axis=1), "works_at_home")

    @property
    def jobs(self) -> pd.Series[float]:
        """Jobs as the flows count them: commuters in, and residents who work at home."""
        total = (
            self.commuters_in.to_numpy()
            + self.works_at_home.to_numpy()
            + self.arrivals.sum(axis=1).to_numpy()
        )
        return self._by_zone(total, "jobs")

    @property
    def internal(self) -> pd.Series[float]:
        """People who live and work in the same zone."""
        return self._by_zone(self.matrix.diagonal(), "internal")

    @property
    def external(self) -> pd.Series[float]:
        """Residents of each zone who work in another zone of the matrix."""
        return self._by_zone(self.commuters.to_numpy() - self.internal.to_numpy(), "external")

    @property
    def special_totals(self) -> pd.Series[float]:
        """People by destination that is no zone, under the table's own names."""
        return self.special.sum(axis=0).rename("people")

    @property
    def people(self) -> float:
        """Everybody in the table."""
        return float(
            self.matrix.sum()
            + self.special.to_numpy().sum()
            + self.arrivals.to_numpy().sum()
            + self.beyond
        )

    def self_containment(self) -> pd.DataFrame:
        """Find how far each zone is a labour market of its own.

        People who work at home or at no fixed place count as residents who work and, at home, as
        jobs, but not as living and working in the zone; in the lockdown Census of 2021 that holds
        both shares down.

        Returns
        -------
        DataFrame
            By zone: ``supply_side``, the share of employed residents who work in the zone, and
            ``demand_side``, the share of its jobs (as the flows count them) that residents hold;
            0 to 1, missing where there are none.

        Examples
        --------
        >>> from wmspatial import Flows
        >>> table = pd.DataFrame({"origin": ["a", "a"], "destination": ["a", "b"],
        ...                       "people": [3, 1]})
        >>> Flows.from_table(table, zones=pd.Index(["a", "b"])).self_containment().loc["a"].tolist()
        [0.75, 1.0]
        """
        residents, jobs = self.employed_residents, self.jobs
        return pd.DataFrame(
            {
                "supply_side": self.internal / residents.where(residents > 0),
                "demand_side": self.internal / jobs.where(jobs > 0),
            }
        )
