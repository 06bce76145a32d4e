"""Everything a briefing is written from, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wmspatial.errors import InputError
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from wmspatial.briefing_page.picture import Ground
    from wmspatial.patterns import Clusters
    from wmspatial.typology import Composition, Typology
    from wmspatial.typology.change import Change
    from wmspatial.typology.resampling import Resampling
    from wmspatial.typology.sensitivity import Sensitivity

DISCONNECTED = CLASSES[0]
BLANK = CLASSES[-1]


@dataclass(frozen=True, eq=False)
class Facts:
    """A typology and what was worked out from it.

    Attributes
    ----------
    typology : Typology
        The result.
    sensitivity : Sensitivity or None
        Over the open choices of the method.
    composition : Composition or None
        Who lives there, where residents are counted by group.
    clusters : Clusters or None
        Where they lie together.
    change : Change or None
        Since the earlier census.
    resampling : Resampling or None
        On data drawn anew.
    troubles : dict of str to str
        Why one of these could not be worked out.
    """

    typology: Typology
    sensitivity: Sensitivity | None = None
    composition: Composition | None = None
    clusters: Clusters | None = None
    change: Change | None = None
    resampling: Resampling | None = None
    troubles: dict[str, str] | None = None

    @property
    def place(self) -> str:
        """What the study area is called, as a sentence begins."""
        name = self.typology.study_area
        return name[:1].upper() + name[1:]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The neighbourhoods without polygons and without what hangs on the frame."""
        frame: pd.DataFrame = self.typology.neighbourhoods.drop(columns="geometry")
        frame.attrs.clear()
        return frame

    @cached_property
    def ground(self) -> Ground:
        """The neighbourhoods as the page draws them."""
        from wmspatial.briefing_page.picture import lay_out

        return lay_out(self.typology.neighbourhoods)

    @cached_property
    def counts(self) -> pd.Series[int]:
        """Neighbourhoods by class."""
        found = self.table["labour_market_class"].value_counts().reindex(list(CLASSES))
        return found.fillna(0).astype("int64")

    @cached_property
    def people(self) -> pd.Series[float]:
        """Residents by class."""
        residents = self.table["residents"].groupby(self.table["labour_market_class"].astype("str"))
        return residents.sum().reindex(list(CLASSES)).fillna(0.0)

    @property
    def none_classed(self) -> bool:
        """Whether no neighbourhood could be classed."""
        return bool(self.counts[BLANK] == len(self.table))

    @property
    def none_lost(self) -> bool:
        """Whether no neighbourhood is disconnected."""
        return not self.counts[DISCONNECTED]

    @property
    def authorities(self) -> list[str]:
        """Names of the authorities, most neighbourhoods first; empty where there are none."""
        if "authority" not in self.table.columns:
            return []
        return [str(name) for name in self.table["authority"].dropna().value_counts().index]

    def trouble(self, name: str) -> str:
        """Say why something could not be worked out; empty where it was not asked for."""
        return (self.troubles or {}).get(name, "")


def gather(
    typology: Typology,
    *,
    earlier: Typology | None,
    wanted: set[str],
    sensitivity: bool,
    resamples: int,
) -> Facts:
    """Work out what the sections need; the scenarios of the method are run once.

    Parameters
    ----------
    typology : Typology
        The result.
    earlier : Typology or None
        Of the earlier census.
    wanted : set of str
        Names of the sections that are written.
    sensitivity : bool
        Whether to run the scenarios.
    resamples : int
        How often to draw the data anew; 0 for not at all.

    Returns
    -------
    Facts
        What a table at hand does not allow is left out, with the reason.

    Raises
    ------
    InputError
        If the earlier typology cannot be compared with this one, or cannot be drawn anew.
    """
    troubles: dict[str, str] = {}

    def attempt(name: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except InputError as error:
            troubles[name] = " ".join(str(error).split())
            return None

    from wmspatial.patterns import clusters
    from wmspatial.typology import compare, composition
    from wmspatial.typology.sensitivity import run_grid, scenario_classes

    lost = bool((typology.neighbourhoods["labour_market_class"] == DISCONNECTED).any())
    classed = bool((typology.neighbourhoods["labour_market_class"] != BLANK).any())
    runs = None
    if sensitivity and classed and wanted & {"headline", "who", "always", "sure"}:
        runs = attempt("sensitivity", lambda: scenario_classes(typology))
    sure = run_grid(typology, results=runs) if runs is not None else None
    who = None
    if lost and typology.dataset.groups and wanted & {"who"}:
        who = attempt("who", lambda: composition(typology, scenarios=runs or False))
    where = None
    if lost and wanted & {"headline", "where"}:
        where = attempt("where", lambda: clusters(typology))
    # Both were asked for in so many words: what stands in their way is for the caller to know.
    change = compare(earlier, typology) if earlier is not None and "changed" in wanted else None
    drawn = typology.resample(resamples) if resamples and "sure" in wanted else None
    return Facts(typology, sure, who, where, change, drawn, troubles)
