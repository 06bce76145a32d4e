"""Everything a briefing is written from, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wmspatial.errors import InputError, MissingFileError
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from wmspatial.briefing_page.picture import Ground
    from wmspatial.briefing_page.redrawing import Redrawn
    from wmspatial.charts.indicators import AuthorityIndicator
    from wmspatial.measures import LabourMarkets
    from wmspatial.patterns import Clusters
    from wmspatial.provenance import Source
    from wmspatial.typology import Composition, ResidentialTypology, Typology
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
    markets : LabourMarkets or None
        Found from the flows.
    residential : ResidentialTypology or None
        Where moves between zones are at hand; for the map.
    redrawn : Redrawn or None
        What the line would be within other borders.
    pay : sequence of AuthorityIndicator
        Pay by authority, where it was given.
    pay_apart : str
        Why two tables of pay stay apart.
    indicators : sequence of AuthorityIndicator
        Further indicators that were given.
    troubles : dict of str to str
        Why one of these could not be worked out.
    """

    typology: Typology
    sensitivity: Sensitivity | None = None
    composition: Composition | None = None
    clusters: Clusters | None = None
    change: Change | None = None
    resampling: Resampling | None = None
    markets: LabourMarkets | None = None
    redrawn: Redrawn | None = None
    residential: ResidentialTypology | None = None
    pay: Sequence[AuthorityIndicator] = ()
    pay_apart: str = ""
    indicators: Sequence[AuthorityIndicator] = ()
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

    @property
    def given_sources(self) -> list[Source]:
        """The published tables behind what was given for pay and other indicators."""
        found = [s for each in (*self.pay, *self.indicators) for s in each.origins]
        return list(dict.fromkeys(found))

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
    labour_markets: bool | LabourMarkets = True,
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
    labour_markets : bool or LabourMarkets, default True
        Whether to find labour markets from the flows; or those that were found.

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

    from wmspatial.briefing_page.redrawing import redraw
    from wmspatial.measures import travel_to_work_areas
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
    markets = redrawn = None
    if lost and wanted & {"labour markets"}:
        if labour_markets is True:
            flows = typology.dataset.flows
            markets = attempt("labour markets", lambda: travel_to_work_areas(flows))
        elif labour_markets is not False:
            markets = labour_markets
        redrawn = redraw(typology, None if markets is None else markets.zones)
    by_moves = classed and typology.level != "ward"
    movers = attempt("residential", lambda: _by_moves(typology)) if by_moves else None
    return Facts(
        typology, sure, who, where, change, drawn, markets, redrawn, movers, troubles=troubles
    )  # fmt: skip


def _by_moves(typology: Typology) -> ResidentialTypology | None:
    """Classify by moves where they are at hand; a map without them is no worse than before."""
    from wmspatial.typology import classify_residential

    dataset = typology.dataset
    try:
        return classify_residential(dataset) if dataset.moves is not None else None
    except MissingFileError:
        return None
