"""The residential typology: where people who move into and out of deprived places come and go.

After Robson, Lymperopoulou and Rae, "People on the move: exploring the functional roles of deprived
neighbourhoods", *Environment and Planning A* 40 (2008) 2693-2714. The rules, and what was decided
where nothing is published, are in ``docs/residential.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from wmspatial.errors import AreaNotFoundError, InputError, VintageError, examples
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE, JOBS_2021, LOCKDOWN
from wmspatial.typology._double import (
    MEETINGS,
    double_disconnection,
    summarise_double_disconnection,
)
from wmspatial.typology._residential_counts import (
    WEIGHTS,
    count_types,
    report_movers,
    report_nations,
)
from wmspatial.typology._residential_parameters import ResidentialParameters
from wmspatial.typology._residential_rules import (
    RULES,
    TYPES,
    classify_zones,
    hand_down,
)
from wmspatial.typology._residential_words import Setting, caveats_of, explain_place, explain_type

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.dataset import Dataset
    from wmspatial.flows import Flows
    from wmspatial.provenance import Source

__all__ = [
    "MEETINGS",
    "RULES",
    "TYPES",
    "ResidentialParameters",
    "ResidentialTypology",
    "classify_residential",
    "double_disconnection",
    "summarise_double_disconnection",
]

#: About commuting and jobs, which no residential type rests on.
_ABOUT_WORK = (LOCKDOWN, JOBS_2021)


@dataclass(frozen=True, eq=False, repr=False)
class ResidentialTypology:
    """Deprived neighbourhoods by where people move in from and out to.

    Made by :func:`~wmspatial.classify_residential`.

    Attributes
    ----------
    frame : GeoDataFrame
        The study area's neighbourhoods, indexed by code (for a dataset at ward level too: a ward
        holds several types), with the data that came in, the ordered categorical
        ``residential_type`` and the evidence: ``deprived``, ``deprivation_share``,
        ``zone_decile`` (1 = most deprived), ``in_movers``, ``out_movers``, ``moved_within``
        (people), ``in_movers_without_decile``, ``out_movers_without_decile``,
        ``share_in_from_less_deprived``, ``share_out_to_less_deprived`` (of movers with a decile),
        ``zone_deprived`` (whether the zone is in a deprived decile too), ``mostly_unknown``,
        ``rule``.
    everywhere : DataFrame
        The same for every neighbourhood of the dataset.
    zones : DataFrame
        Every zone of neighbourhoods or moves, with its deprivation, its movers, and the type that
        its deprived neighbourhoods inherit.
    parameters : ResidentialParameters
        The choices behind it.
    dataset : Dataset
        The data behind it.

    Examples
    --------
    >>> from wmspatial.typology.residential_example import example_town
    >>> from wmspatial.typology.residential import classify_residential
    >>> classify_residential(example_town()).frame["residential_type"].cat.categories.tolist()
    ['Transit', 'Escalator', 'Gentrifier', 'Isolate', 'Not classified', 'Insufficient data']
    """

    frame: gpd.GeoDataFrame
    everywhere: pd.DataFrame
    zones: pd.DataFrame
    parameters: ResidentialParameters
    dataset: Dataset

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
        """The tables behind the dataset, and that of the moves."""
        moves = self.dataset.moves
        found = moves.source if moves is not None else None
        return (*self.dataset.provenance, *([found] if found else []))

    @property
    def caveats(self) -> tuple[str, ...]:
        """What has to be said wherever the result is shown."""
        moves = _moves_of(self.dataset)
        own = caveats_of(
            vintage=None if self.illustrative else self.vintage,
            shared_zones=self._shared_zones,
            nations=self.zones.loc[self.zones["zone_decile"].notna(), "nation"].nunique(),
            abroad="abroad" in moves.arrivals.columns,
        )
        others = [text for text in self.dataset.caveats if text not in _ABOUT_WORK]
        return (*own, *others)

    @property
    def report(self) -> tuple[str, ...]:
        """How many movers and zones could not be placed, and why."""
        lines = report_movers(_moves_of(self.dataset), self.zones)
        lines += report_nations(self.everywhere, self.dataset.ranked_areas)
        marked = int((self.frame["deprived"] & self.frame["mostly_unknown"]).sum())
        if marked:
            lines.append(
                f"{marked:,} deprived neighbourhoods of {self.study_area} are marked "
                "mostly_unknown: too few of their movers have a decile at the other end"
            )
        return tuple(lines)

    @property
    def _shared_zones(self) -> bool:
        return bool(self.everywhere["zone"].duplicated().any())

    def summary(self, *, weight: str = "neighbourhoods", by: str = "authority") -> pd.DataFrame:
        """Count the types by authority.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count.
        by : str, default "authority"
            The column to count by.

        Returns
        -------
        DataFrame
            One row a place and a last row ``All``; one column a type, in order, and ``All``.

        Raises
        ------
        InputError
            If there is no such column or weight.

        Examples
        --------
        >>> from wmspatial.typology.residential_example import example_town
        >>> from wmspatial.typology.residential import classify_residential
        >>> table = classify_residential(example_town()).summary()
        >>> table.loc["All", ["Transit", "Not classified", "All"]].tolist()
        [1, 16, 20]
        """
        table = count_types(self.frame, weight, by)
        if self.illustrative:
            table.columns.name = ILLUSTRATIVE
        return table

    def explain(self, code: str) -> str:
        """Say in plain English why a place has its type, with the numbers that decided.

        Parameters
        ----------
        code : str
            Code or name of a neighbourhood or of an authority, or the name of the study area.

        Returns
        -------
        str
            A few short sentences, the verdict first.

        Raises
        ------
        AreaNotFoundError
            If there is no such area; the nearest names are given.

        Examples
        --------
        >>> from wmspatial.typology.residential_example import example_town
        >>> from wmspatial.typology.residential import classify_residential
        >>> classify_residential(example_town()).explain("Place 4").split(". ")[0]
        'Place 4 (E01000004) is an Isolate: most people who arrive come from areas as deprived or
        more so, and most who leave go to areas as deprived or more so'
        """
        frame = self.frame
        for keys in (frame.index.to_series(), frame.get("name")):
            if keys is not None and (keys == code).any():
                return str(self._sentences(frame[(keys == code).to_numpy()]).iloc[0])
        if code == self.study_area:
            return self._place(code, frame)
        for column in ("authority_code", "authority"):
            if column in frame.columns and (frame[column] == code).any():
                part = frame[frame[column] == code]
                return self._place(str(part.get("authority", part[column]).iloc[0]), part)
        names = [*frame.index, *frame.get("name", []), *frame.get("authority", [])]
        raise AreaNotFoundError(f"No area {code!r} in {self.study_area}. {nearest(code, names)}")

    def explanations(self) -> pd.Series[str]:
        """Explain every neighbourhood, as :meth:`explain` does for one.

        Returns
        -------
        Series of str
            A few sentences a neighbourhood, indexed by code.

        Examples
        --------
        >>> from wmspatial.typology.residential_example import example_town
        >>> from wmspatial.typology.residential import classify_residential
        >>> len(classify_residential(example_town()).explanations())
        20
        """
        return self._sentences(self.frame)

    def _place(self, place: str, frame: pd.DataFrame) -> str:
        tables = [count_types(frame, weight, "authority") for weight in WEIGHTS]
        counts, people = (table.T["All"] for table in tables)
        return self._said(explain_place(place, counts, people))

    def _sentences(self, frame: pd.DataFrame) -> pd.Series[str]:
        setting = Setting(
            **self.parameters.to_dict(),
            ranked_areas=self.dataset.ranked_areas,
            deprivation=self.dataset.deprivation,
            shared_zones=self._shared_zones,
        )
        rows = frame.drop(columns="geometry").to_dict("records")
        texts = [
            self._said(explain_type(code, row, setting))
            for code, row in zip(frame.index, rows, strict=True)
        ]
        return pd.Series(texts, index=frame.index, name="explanation", dtype="str")

    def _said(self, text: str) -> str:
        return f"{text} ({ILLUSTRATIVE}.)" if self.illustrative else text

    def __repr__(self) -> str:
        """Tell the size, the vintage and how many there are of each type."""
        counts = self.frame["residential_type"].value_counts().reindex(TYPES)
        mark = f"  {ILLUSTRATIVE}\n" if self.illustrative else ""
        lines = "\n".join(f"  {int(n):>6,} {kind}" for kind, n in counts.items())
        choices = ", ".join(
            f"{name}={value!r}" for name, value in self.parameters.to_dict().items()
        )
        return (
            f"<ResidentialTypology {self.study_area}, {self.vintage or 'vintage not given'}\n"
            f"{mark}{lines}\n  parameters: {choices}>"
        )


def classify_residential(
    dataset: Dataset,
    *,
    deprived_share: float = 0.20,
    min_flow: float = 50,
    max_unknown: float = 0.5,
) -> ResidentialTypology:
    """Classify deprived neighbourhoods by where people move in from and out to.

    Parameters
    ----------
    dataset : Dataset
        With :attr:`Dataset.moves`: the 2021 vintage of :func:`~wmspatial.load`, or an analyst's own
        frames.
    deprived_share : float, default 0.20
        Share of its nation's neighbourhoods that counts as deprived.
    min_flow : float, default 50
        Fewest in-movers, and fewest out-movers, of a zone for its neighbourhoods to have a type.
    max_unknown : float, default 0.5
        Share of a zone's movers on either side without a decile above which it is marked.

    Returns
    -------
    ResidentialTypology
        Types and their evidence.

    Raises
    ------
    InputError
        If the dataset has no moves (the 2011 vintage), they are of other zones than its
        neighbourhoods, or an argument is out of its range.
    VintageError
        If the moves are of another census.

    See Also
    --------
    double_disconnection : Where Isolate meets Disconnected.

    References
    ----------
    Robson, Lymperopoulou and Rae, "People on the move: exploring the functional roles of deprived
    neighbourhoods", *Environment and Planning A* 40 (2008) 2693-2714.

    Examples
    --------
    >>> from wmspatial.typology.residential_example import example_town
    >>> typology = classify_residential(example_town())
    >>> typology.frame["residential_type"].head(4).tolist()
    ['Transit', 'Escalator', 'Gentrifier', 'Isolate']
    """
    chosen = ResidentialParameters(
        deprived_share=deprived_share, min_flow=min_flow, max_unknown=max_unknown
    )
    moves = _moves_of(dataset)
    _refuse_other_areas(dataset, moves)
    table = dataset.neighbourhoods
    zones = classify_zones(table, moves, min_flow=chosen.min_flow, max_unknown=chosen.max_unknown)
    evidence = hand_down(table, zones, dataset.ranked_areas, chosen.deprived_share)
    everywhere = table.drop(columns=[c for c in evidence if c in table.columns]).join(evidence)
    areas = dataset.neighbourhood_areas
    plain = areas.drop(columns=["geometry", *(c for c in evidence if c in areas.columns)])
    frame = areas[["geometry"]].join(plain.join(evidence))
    frame = frame[[*plain.columns, *evidence.columns, "geometry"]]
    frame.attrs.update(
        areas.attrs,
        vintage=dataset.vintage,
        parameters=chosen.to_dict(),
        illustrative=dataset.illustrative,
    )
    if dataset.illustrative:
        frame.columns.name = ILLUSTRATIVE
    return ResidentialTypology(frame, everywhere, zones, chosen, dataset)


def _moves_of(dataset: Dataset) -> Flows:
    if dataset.moves is None:
        of = f" for {dataset.vintage}" if dataset.vintage else ""
        raise InputError(
            f"classify_residential: no residential moves are at hand{of}, and the residential "
            "typology is made from them. Expected a dataset with moves between its zones. Load "
            "vintage=2021, whose table of moves is among the official tables, or give your own "
            "with Dataset(..., moves=Flows.from_table(...))."
        )
    return dataset.moves


def _refuse_other_areas(dataset: Dataset, moves: Flows) -> None:
    """Refuse moves of another census, or between zones of another kind."""
    if None not in (dataset.vintage, moves.vintage) and dataset.vintage != moves.vintage:
        raise VintageError(
            f"classify_residential: the areas are of {dataset.vintage}, the moves of "
            f"{moves.vintage}. Most codes are the same in both, so that zones would be lost "
            "quietly. Take both of one census."
        )
    zones = dataset.neighbourhoods["zone"]
    if not zones.isin(moves.zones).any():
        raise InputError(
            f"classify_residential: not one of the neighbourhoods' zones "
            f"({examples(zones.dropna().unique(), 3)}) is a zone of the moves "
            f"({examples(moves.zones, 3)}). Are they of the same kind and census?"
        )
