"""The result: classes, the evidence for them, and the parameters that made them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import InputError
from wmspatial.geography.codes import ONLY_2011, settle_vintage
from wmspatial.measures import apportion_employed_residents
from wmspatial.provenance import (
    FIXED_CUT,
    ILLUSTRATIVE,
    LOCKDOWN,
    RECONSTRUCTION,
    RELATIVE,
    RELATIVE_OTHERWISE,
)
from wmspatial.typology._explained import Explained
from wmspatial.typology.agreement import Agreement, compare_classes, given_classes
from wmspatial.typology.explain import REFERENCE_WORDS
from wmspatial.typology.parameters import CLASSES, SHARE, STUDY_AREA, Parameters
from wmspatial.typology.ward_classes import class_from_flows, class_from_neighbourhoods
from wmspatial.typology.wards import residents_by_class, summarise, why_blank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from wmspatial.dataset import Dataset
    from wmspatial.provenance import Source
    from wmspatial.typology.resampling import Resampling
    from wmspatial.typology.rules import Rule
    from wmspatial.typology.sensitivity import Sensitivity


@dataclass(frozen=True, eq=False, repr=False)
class Typology(Explained):
    """Neighbourhoods classified by the reconstructed JRF method.

    Made by :func:`~wmspatial.classify`.

    Attributes
    ----------
    neighbourhoods : GeoDataFrame
        The study area's neighbourhoods, indexed by code, with the data that came in, the ordered
        categorical ``labour_market_class`` and the evidence: ``deprived``,
        ``deprivation_share``, ``employed_residents``, ``jobs_ratio``, ``jobs_rich``,
        ``commuters``, ``unknown_share``, ``connection_score``, ``cut``, ``distance_to_cut``,
        ``reference_size``, ``weak``, ``rule``.
    everywhere : DataFrame
        The same evidence for every neighbourhood the flows touch.
    parameters : Parameters
        The choices behind it.
    dataset : Dataset
        The data behind it.
    agreement : Agreement or None
        Where classes were given (:meth:`with_classes`), how far the reconstruction agrees.
    rules : tuple of Rule
        Rules that were added to the method's.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> typology.frame["labour_market_class"].cat.categories[0]
    'Disconnected'
    """

    neighbourhoods: gpd.GeoDataFrame
    everywhere: pd.DataFrame
    parameters: Parameters
    dataset: Dataset
    agreement: Agreement | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def level(self) -> str:
        """What :attr:`frame` is at: ``"lsoa"`` or ``"ward"``."""
        return self.dataset.level

    @property
    def vintage(self) -> int | None:
        """Census year of the areas."""
        return self.dataset.vintage

    @property
    def study_area(self) -> str:
        """What the study area is called."""
        return self.dataset.study_area

    @property
    def illustrative(self) -> bool:
        """Whether the data is made up."""
        return self.dataset.illustrative

    @property
    def provenance(self) -> tuple[Source, ...]:
        """The tables behind the result."""
        return self.dataset.provenance

    @property
    def notice(self) -> str:
        """What stands beside the headline, in a line: nobody should read on without it."""
        parts = ["A reconstruction of the JRF typology, not JRF's own classification."]
        if self.agreement is not None:
            given = f"Classes as {self.agreement.source} gives them, and where it gives none"
            parts = [f"{given} a reconstruction of the JRF typology."]
        if LOCKDOWN in self.dataset.caveats:
            parts.append(
                "The 2021 Census was taken in a lockdown: its commuting is not that of a usual "
                "year."
            )
        if self.parameters.labour_market == STUDY_AREA:
            parts.append("Classes depend on the study area that was asked for.")
        return " ".join(parts)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What has to be said wherever the result is shown."""
        own = [RECONSTRUCTION, self._about_the_cut()]
        if self.agreement is not None:
            own.insert(0, str(self.agreement))
        blank = self.neighbourhoods["labour_market_class"] == "Insufficient data"
        if blank.any():
            reasons = why_blank(self.neighbourhoods)
            own.append(
                f"{int(blank.sum()):,} of {len(blank):,} neighbourhoods could not be classed: "
                f"{reasons}."
            )
        zones = self.neighbourhoods["zone"]
        if self.parameters.connection == SHARE and zones.dropna().duplicated().any():
            own.append(
                "Commuting is published for larger zones (MSOAs): all neighbourhoods of one zone "
                "share one connection score."
            )
        if self.parameters.labour_market == STUDY_AREA:
            own.append(
                "The labour market is the study area, so classes depend on which area was asked "
                "for."
            )
        own.extend(
            f"A rule was added to the method: {rule.name} gives {rule.gives}."
            for rule in self.rules
        )
        own.extend(self.neighbourhoods.attrs.get("connection_notes", ()))
        return (*own, *self.dataset.caveats)

    def _about_the_cut(self) -> str:
        chosen, default = self.parameters, Parameters()
        if chosen.cut_kind == "value":
            return FIXED_CUT.format(cut=chosen.cut)
        if (chosen.cut, chosen.reference) == (default.cut, default.reference):
            return RELATIVE
        return RELATIVE_OTHERWISE.format(
            cut=chosen.cut_text, reference=REFERENCE_WORDS[chosen.reference]
        )

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """The classified areas: :attr:`neighbourhoods`, or :meth:`by_ward` at ward level."""
        return self.by_ward() if self.level == "ward" else self.neighbourhoods

    def by_ward(self) -> gpd.GeoDataFrame:
        """Sum the classes to wards, weighted by people.

        Returns
        -------
        GeoDataFrame
            Indexed by ward code: residents in each class (``residents_disconnected``, ...), the
            number of neighbourhoods in each (``neighbourhoods_disconnected``, ...) and
            ``share_disconnected``, the share of the ward's residents who live in disconnected
            neighbourhoods. Beside them a class in two declared ways,
            ``class_from_neighbourhoods`` (the one in which most of its deprived residents live,
            where most of all residents are deprived) and ``class_from_flows`` (the ward taken as
            one place, with ``jobs``, ``employed_residents``, ``commuters``,
            ``connection_score``, ``cut`` and ``deprived_share``), and whether the
            ``ways_agree``. Without geometry where the dataset has no ward polygons.

        Raises
        ------
        InputError
            If the neighbourhoods have no wards.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wards = wm.classify(wm.load_sample()).by_ward()
        >>> bool(wards["share_disconnected"].between(0, 1).all())
        True
        """
        sums = residents_by_class(self.neighbourhoods, "ward_code")
        own = self.neighbourhoods
        if "reconstructed_class" in own.columns:
            # The two ways are two ways of the method; given classes are of neither.
            own = own.assign(labour_market_class=own["reconstructed_class"])
        sums["class_from_neighbourhoods"] = class_from_neighbourhoods(
            residents_by_class(own, "ward_code")
        )
        sums = sums.join(class_from_flows(self.neighbourhoods, self._commuters(), self.parameters))
        sums["ways_agree"] = sums["class_from_neighbourhoods"] == sums["class_from_flows"]
        names = self.neighbourhoods.groupby("ward_code")
        first = (
            names[
                [
                    c
                    for c in ("ward", "authority_code", "authority")
                    if c in self.neighbourhoods.columns
                ]
            ]
            .first()
            .rename(columns={"ward": "name"})
        )
        table = first.join(sums)
        if self.dataset.wards is not None:
            shapes = self.dataset.wards[["geometry"]]
            table = shapes.loc[shapes.index.isin(table.index)].join(table)
            table = table[[*(c for c in table.columns if c != "geometry"), "geometry"]]
        table.attrs["vintage"] = self.vintage
        return self._marked(table.rename_axis("code"))

    def summary(self, *, weight: str = "neighbourhoods", by: str = "authority") -> pd.DataFrame:
        """Count the classes by authority.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count.
        by : str, default "authority"
            The column to count by.

        Returns
        -------
        DataFrame
            One row an authority and a last row ``All``; one column a class, in order, and
            ``All``.

        Examples
        --------
        >>> import wmspatial as wm
        >>> int(wm.classify(wm.load_sample()).summary().loc["All", "All"])
        1680
        """
        table: pd.DataFrame = self._marked(summarise(self.neighbourhoods, weight, by))
        return table

    def _commuters(self) -> pd.Series[Any]:
        """Commuters of each neighbourhood: its zone's, shared out by usual residents."""
        table = self.dataset.neighbourhoods
        commuters = self.dataset.flows.commuters
        return apportion_employed_residents(commuters, table["zone"], table["residents"])

    def with_classes(
        self,
        classes: pd.Series[Any],
        *,
        source: str,
        names: Mapping[str, str] | None = None,
    ) -> Typology:
        """Take somebody's own classes as given, in place of the reconstruction.

        For those who hold JRF's table of classes, or a council's. Neighbourhoods without a given
        class keep the reconstructed one.

        Parameters
        ----------
        classes : Series of str
            The class of each neighbourhood, indexed by code.
        source : str
            Whose classes they are; every explanation says so.
        names : mapping of str to str, optional
            What the table calls each class, where that is not what this library calls it.

        Returns
        -------
        Typology
            With the given classes in ``labour_market_class``, the reconstruction in
            ``reconstructed_class``, whether the two ``classes_agree``, and :attr:`agreement`.

        Raises
        ------
        InputError
            If a name is no class, a code stands twice, no code is in the study area, the codes are
            of another census, or classes were given already.

        Examples
        --------
        >>> import pandas as pd
        >>> import wmspatial as wm
        >>> typology = wm.classify(wm.load_sample())
        >>> given = typology.with_classes(pd.Series({"E01008881": "Connected"}), source="JRF")
        >>> given.agreement.compared
        1
        """
        if self.agreement is not None:
            raise InputError(
                f"with_classes: {self.agreement.source} has given classes already. Start from the "
                "result of wm.classify, or join the two tables first."
            )
        given = given_classes(classes, names, source)
        lsoas = given.index[given.index.str.match(r"[EW]01\d{6}$")]
        if self.vintage in (2011, 2021) and len(lsoas):
            only_2011 = set(self.neighbourhoods.attrs.get(ONLY_2011, ()))
            settle_vintage(lsoas, self.vintage, where=source, reference=only_2011)
        ours = self.neighbourhoods["labour_market_class"]
        agreement = compare_classes(given, ours, source)
        frame = self.neighbourhoods.copy()
        frame["reconstructed_class"] = ours
        taken = given.reindex(frame.index)
        kind = ours.dtype
        frame["labour_market_class"] = taken.fillna(ours.astype("str")).astype(kind)
        frame["classes_agree"] = frame["labour_market_class"] == ours
        frame["given_by"] = pd.Series(source, index=frame.index).where(taken.notna())
        shape = frame.pop("geometry")
        frame["geometry"] = shape
        return replace(self, neighbourhoods=frame.set_geometry("geometry"), agreement=agreement)

    def sensitivity(self, grid: Mapping[str, Sequence[Any]] | None = None) -> Sensitivity:
        """Classify under every combination of the open choices of the method.

        Parameters
        ----------
        grid : mapping of str to sequence, optional
            Alternatives by choice; by default the 72 scenarios of ``docs/method.md``.

        Returns
        -------
        Sensitivity
            The share of scenarios in which each neighbourhood keeps its class, the counts of each
            scenario, which choice matters most, and those disconnected in every scenario.

        Raises
        ------
        InputError
            If the grid is empty, or names what is no parameter or out of its range.

        Examples
        --------
        >>> import wmspatial as wm
        >>> result = wm.classify(wm.load_sample()).sensitivity({"cut": [0.25, 0.5]})
        >>> len(result.scenarios)
        2
        """
        from wmspatial.typology.sensitivity import run_grid

        return run_grid(self, grid)

    def resample(
        self, n: int = 1000, seed: int = 0, *, flows: bool = True, jobs: bool = True
    ) -> Resampling:
        """Draw flows and jobs anew many times, and see how sure each class is.

        Parameters
        ----------
        n : int, default 1000
            How many times.
        seed : int, default 0
            Where the random numbers start; the same seed gives the same numbers everywhere.
        flows : bool, default True
            Draw each zone's commuters anew over their destinations.
        jobs : bool, default True
            Draw jobs anew within the rounding of BRES.

        Returns
        -------
        Resampling
            The probability of each class for each neighbourhood, with its Monte Carlo error.

        Raises
        ------
        InputError
            If rules were added to the method, or a number is out of its range.

        Examples
        --------
        >>> import wmspatial as wm
        >>> sure = wm.classify(wm.load_sample()).resample(20, seed=1, flows=False, jobs=False)
        >>> float(sure.kept.min())
        1.0
        """
        from wmspatial.typology.resampling import resample

        if self.rules:
            raise InputError(
                "resample: rules that were added cannot be applied to data drawn anew. Resample "
                "the result of wm.classify without rules."
            )
        return resample(self, n, seed=seed, flows=flows, jobs=jobs)

    def _marked(self, table: Any) -> Any:
        if self.illustrative:
            table.columns.name = ILLUSTRATIVE
        return table

    def __repr__(self) -> str:
        counts = self.neighbourhoods["labour_market_class"].value_counts().reindex(CLASSES)
        lines = [f"  {int(n):>6,} {c}" for c, n in counts.items()]
        mark = f"  {ILLUSTRATIVE}\n" if self.illustrative else ""
        changed = ", ".join(f"{k}={v!r}" for k, v in self.parameters.changed().items())
        return (
            f"<Typology {self.study_area}, {self.vintage or 'vintage not given'}\n{mark}"
            + "\n".join(lines)
            + f"\n  parameters: {changed or 'the defaults'}>"
        )
