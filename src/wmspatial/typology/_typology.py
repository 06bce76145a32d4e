"""The result: classes, the evidence for them, and the parameters that made them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import AreaNotFoundError, examples
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE, LOCKDOWN, RECONSTRUCTION, RELATIVE
from wmspatial.typology.explain import Setting, explain_neighbourhood, explain_ward
from wmspatial.typology.parameters import CLASSES, STUDY_AREA, Parameters
from wmspatial.typology.wards import residents_by_class, summarise

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.dataset import Dataset
    from wmspatial.provenance import Source


@dataclass(frozen=True, eq=False, repr=False)
class Typology:
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
        own = [RECONSTRUCTION]
        if self.parameters.cut_kind == "quantile":
            own.append(RELATIVE)
        zones = self.neighbourhoods["zone"]
        if zones.duplicated().any():
            own.append(
                "Commuting is published for larger zones (MSOAs): all neighbourhoods of one zone "
                "share one connection score."
            )
        if self.parameters.labour_market == STUDY_AREA:
            own.append(
                "The labour market is the study area, so classes depend on which area was asked "
                "for."
            )
        return (*own, *self.dataset.caveats)

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
            neighbourhoods. Without geometry where the dataset has no ward polygons.

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

    def explain(self, code: str) -> str:
        """Say in plain English why an area has its class, with the numbers that decided.

        Parameters
        ----------
        code : str
            Code or name of a neighbourhood, or of a ward.

        Returns
        -------
        str
            One sentence.

        Raises
        ------
        AreaNotFoundError
            If there is no such area; the nearest names are given.

        Examples
        --------
        >>> import wmspatial as wm
        >>> typology = wm.classify(wm.load_sample())
        >>> typology.explain("E01008881").startswith("Birmingham 067A (E01008881)")
        True
        """
        frame = self.neighbourhoods
        for column in (None, "name"):
            keys = frame.index if column is None else frame.get(column)
            if keys is not None and (keys == code).any():
                return str(self._sentences(frame.loc[keys == code]).iloc[0])
        for column in ("ward_code", "ward"):
            if column in frame.columns and (frame[column] == code).any():
                wards = frame.loc[frame[column] == code, "ward_code"].unique()
                if len(wards) > 1:
                    raise AreaNotFoundError(
                        f"{len(wards)} wards are called {code!r}: {examples(wards)}. Give a code."
                    )
                ward = wards[0]
                return self._said(explain_ward(ward, self.by_ward().loc[ward].to_dict()))
        names = [*frame.index, *frame.get("name", []), *frame.get("ward", [])]
        raise AreaNotFoundError(f"No area {code!r} in {self.study_area}. {nearest(code, names)}")

    def explanations(self) -> pd.Series[str]:
        """Explain every area of :attr:`frame`, as :meth:`explain` does for one.

        Returns
        -------
        Series of str
            One sentence an area, indexed by code.

        Examples
        --------
        >>> import wmspatial as wm
        >>> len(wm.classify(wm.load_sample()).explanations())
        1680
        """
        if self.level != "ward":
            return self._sentences(self.neighbourhoods)
        wards = self.by_ward()
        rows = wards.drop(columns="geometry", errors="ignore").to_dict("records")
        texts = [self._said(explain_ward(c, r)) for c, r in zip(wards.index, rows, strict=True)]
        return pd.Series(texts, index=wards.index, name="explanation", dtype="str")

    def _sentences(self, frame: pd.DataFrame) -> pd.Series[str]:
        setting = Setting(
            self.parameters,
            self.dataset.ranked_areas,
            self.dataset.deprivation,
            self.study_area,
            bool(self.neighbourhoods["zone"].duplicated().any()),
            official_markets=not self.illustrative,
        )
        rows = frame.drop(columns="geometry").to_dict("records")
        texts = [
            self._said(explain_neighbourhood(code, row, setting))
            for code, row in zip(frame.index, rows, strict=True)
        ]
        return pd.Series(texts, index=frame.index, name="explanation", dtype="str")

    def _said(self, text: str) -> str:
        return f"{text} ({ILLUSTRATIVE}.)" if self.illustrative else text

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


def classify(dataset: Dataset, parameters: Parameters | None = None, **changes: Any) -> Typology:
    """Classify neighbourhoods by the reconstructed JRF labour-market typology.

    Parameters
    ----------
    dataset : Dataset
        From :func:`~wmspatial.load`, :func:`~wmspatial.load_sample` or an analyst's own frames.
    parameters : Parameters, optional
        The choices; by default those of the method document.
    **changes
        Single parameters by name, such as ``cut=1/3`` or ``pez_denominator="commuters"``.

    Returns
    -------
    Typology
        Classes and their evidence.

    Raises
    ------
    InputError
        If a parameter does not exist or is out of its range, or names a column that the
        neighbourhoods have not.

    References
    ----------
    Rae, Hamilton, Crisp and Powell, *Overcoming deprivation and disconnection in UK cities*,
    Joseph Rowntree Foundation, 2016, revised 2018. What is published of the method and what is
    this library's choice: ``docs/method.md``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample(), deprived_share=0.10)
    >>> typology.parameters.changed()
    {'deprived_share': 0.1}
    """
    from wmspatial.typology.labour_market import classify_neighbourhoods

    chosen = (parameters or Parameters()).replace(**changes)
    evidence = classify_neighbourhoods(
        dataset.neighbourhoods,
        dataset.flows,
        chosen,
        ranked_areas=dataset.ranked_areas,
        study_area=dataset.study_codes,
    )
    areas = dataset.neighbourhood_areas
    plain = areas.drop(columns=[c for c in evidence.columns if c in areas.columns])
    frame = plain.drop(columns="geometry").join(evidence)
    frame = areas[["geometry"]].join(frame)[[*frame.columns, "geometry"]]
    frame.attrs.update(
        areas.attrs,
        vintage=dataset.vintage,
        parameters=chosen.to_dict(),
        illustrative=dataset.illustrative,
    )
    if dataset.illustrative:
        frame.columns.name = ILLUSTRATIVE
    everywhere = dataset.neighbourhoods.drop(
        columns=[c for c in evidence.columns if c in dataset.neighbourhoods.columns]
    ).join(evidence)
    return Typology(frame, everywhere, chosen, dataset)
