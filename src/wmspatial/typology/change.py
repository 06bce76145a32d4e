"""What changed between two censuses, and how much of it comes from what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.provenance import ILLUSTRATIVE, JOBS_2021, LOCKDOWN
from wmspatial.typology import _change_swaps as swaps
from wmspatial.typology._change_checks import checked_links
from wmspatial.typology._change_sources import (
    CHANGE_KINDS,
    EITHER,
    NEITHER,
    TOGETHER,
    UNCHANGED,
    change_from,
    change_kinds,
    new_columns,
    swap_column,
)
from wmspatial.typology._change_words import caveats_of, describe
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.typology._typology import Typology

__all__ = ["CHANGE_KINDS", "Change", "compare"]

_Table = TypeVar("_Table", bound=pd.DataFrame)

_WEIGHTS: Final = ("neighbourhoods", "residents")


@dataclass(frozen=True, eq=False, repr=False)
class Change:
    """Two classifications by the same method, ten years apart, on the later areas.

    Made by :func:`compare`.

    Attributes
    ----------
    earlier, later : Typology
        Of 2011 and of 2021.
    frame : GeoDataFrame
        The later neighbourhoods with all their columns and, after them: ``earlier_class``,
        ``later_class``, ``change_kind``, ``change_from`` (what a change comes from),
        ``class_at_earlier_cut`` (the later scores by the cut that each labour market had in 2011),
        ``class_with_earlier_...`` (the later data with one thing of 2011), ``earlier_code`` (the
        LSOA of 2011 with most residents of those it was made of), ``crosswalk`` (unchanged,
        split, merged or irregular), ``mixed_parts`` (whether its parts had different classes) and
        ``rank_carried`` (whether its rank of 2011, which is never shared out, is that of a whole
        or of a part).
    factors : tuple of str
        What was swapped, one at a time: ``"deprivation"``, ``"commuting"`` and, where the job
        counts of the two differ, ``"jobs"``.

    Examples
    --------
    The comparison of real data is in ``docs/change.md``; the embedded sample has one vintage.

    >>> from wmspatial.typology.change import CHANGE_KINDS
    >>> CHANGE_KINDS[0]
    'entered disconnected'
    """

    earlier: Typology
    later: Typology
    frame: gpd.GeoDataFrame
    factors: tuple[str, ...]

    def transitions(self, *, weight: str = "neighbourhoods", by: str | None = None) -> pd.DataFrame:
        """Count who went from which class to which.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count: neighbourhoods of 2021, or the people who live in them now (2021).
        by : str, optional
            A column of :attr:`frame`, as ``"authority"``: one matrix for each.

        Returns
        -------
        DataFrame
            Classes of 2011 in the rows (below those of `by`), of 2021 in the columns.

        Raises
        ------
        InputError
            If there is nothing of that name to count, or to count by.
        """
        people = self._weights(weight)
        keys = [self.frame["earlier_class"], self.frame["later_class"]]
        if by is not None:
            keys.insert(0, self._places(by))
        counts = people.groupby(keys, observed=False).sum()
        table = counts.unstack("later_class", fill_value=0)  # noqa: PD010 - of a Series
        table.columns = pd.Index(list(table.columns), name="later_class")
        return self._marked(table.fillna(0).round().astype("int64"))

    def summary(self, *, weight: str = "neighbourhoods", by: str | None = None) -> pd.DataFrame:
        """Count who stayed in, entered and left each class.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count, as for :meth:`transitions`.
        by : str, optional
            A column of :attr:`frame`, as ``"authority"``.

        Returns
        -------
        DataFrame
            One row a class (below those of `by`): ``earlier``, ``later``, ``stayed``,
            ``entered`` and ``left``; earlier is stayed and left, later is stayed and entered.

        Raises
        ------
        InputError
            If there is nothing of that name to count, or to count by.
        """
        people = self._weights(weight)
        was, now = self.frame["earlier_class"], self.frame["later_class"]
        places = pd.Series(0, index=self.frame.index) if by is None else self._places(by)
        parts = []
        for name in CLASSES:
            masks = {
                "earlier": was == name,
                "later": now == name,
                "stayed": (was == name) & (now == name),
                "entered": (was != name) & (now == name),
                "left": (was == name) & (now != name),
            }
            sums = pd.DataFrame(
                {k: people.where(m, 0).groupby(places).sum() for k, m in masks.items()}
            )
            parts.append(sums.assign(**{"class": name}).set_index("class", append=True))
        order = pd.CategoricalDtype(list(CLASSES), ordered=True)
        table = pd.concat(parts).round().astype("int64").reset_index()
        table["class"] = table["class"].astype(order)
        if by is None:
            return self._marked(table.set_index("class")[list(masks)])
        return self._marked(table.set_index([by, "class"]).sort_index())

    def versions(self, *, weight: str = "neighbourhoods") -> pd.DataFrame:
        """Count the classes under each version of the data and of the cut.

        Disconnected is relative: at the median, about half of the deprived neighbourhoods that are
        not jobs-rich are below the cut in any census. So its number beside that of 2011 says
        little; these versions say more.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count, as for :meth:`transitions`.

        Returns
        -------
        DataFrame
            One row a version, one column a class, and ``class changed since 2011``.
        """
        people = self._weights(weight)
        columns = {"2011": "earlier_class", "2021": "later_class",
                   "2021 at the cut of 2011": "class_at_earlier_cut"}  # fmt: skip
        columns |= {f"2021 with the {name} of 2011": swap_column([name]) for name in self.factors}
        columns["2021 with all of these of 2011"] = swap_column(self.factors)
        rows = {}
        for version, column in columns.items():
            classes = self.frame[column]
            counts = people.groupby(classes, observed=False).sum().reindex(list(CLASSES))
            changed = people[classes.astype("str") != self.frame["earlier_class"].astype("str")]
            rows[version] = {**counts.to_dict(), "class changed since 2011": changed.sum()}
        table = pd.DataFrame.from_dict(rows, orient="index").round().astype("int64")
        return self._marked(table)

    def sources(self, *, weight: str = "neighbourhoods") -> pd.Series[int]:
        """Count what the changes of class come from.

        For each neighbourhood with another class than in 2011, the data of 2011 is put in one at a
        time: what alone gives the class of 2011 back is what the change comes from.

        Parameters
        ----------
        weight : {"neighbourhoods", "residents"}
            What to count, as for :meth:`transitions`.

        Returns
        -------
        Series of int
            By what: each of :attr:`factors`, ``"any one of them"`` (more than one would undo it),
            ``"only together"`` and ``"something else"``: residents, how they share out jobs and
            workers, and new boundaries.
        """
        people = self._weights(weight)
        kinds = self.frame["change_from"]
        changed = kinds != UNCHANGED
        counts = people[changed].groupby(kinds[changed]).sum()
        order = [*self.factors, EITHER, TOGETHER, NEITHER]
        table: pd.Series[int] = counts.reindex(order, fill_value=0).round().astype("int64")
        return table.rename(weight)

    @property
    def about_jobs(self) -> str:
        """Why nothing comes from jobs, where their counts are the same; else nothing."""
        if swaps.JOBS in self.factors:
            return ""
        if JOBS_2021 in self.later.dataset.caveats:
            return JOBS_2021
        return (
            "The two vintages have the same job counts: between them no change can be put down to "
            "jobs."
        )

    @property
    def caveats(self) -> tuple[str, ...]:
        """What has to be said wherever the comparison is shown."""
        return caveats_of(self)

    def summary_text(self) -> str:
        """Tell what changed, in plain English, from the numbers.

        Returns
        -------
        str
            Paragraphs, the last on the lockdown in which the later census fell.
        """
        text = describe(self)
        return f"{text}\n\n({ILLUSTRATIVE}.)" if self.later.illustrative else text

    def __repr__(self) -> str:
        """Tell how many changed their class, and why one has to be careful."""
        mark = f"  {ILLUSTRATIVE}\n" if self.later.illustrative else ""
        kinds = self.frame["change_kind"].value_counts().reindex(CHANGE_KINDS)
        lines = "\n".join(f"  {int(n):>6,} {kind}" for kind, n in kinds.items())
        return (
            f"<Change {self.later.study_area}, {self.earlier.vintage} to {self.later.vintage}\n"
            f"{mark}{lines}\n  {LOCKDOWN}>"
        )

    @cached_property
    def _one(self) -> pd.Series[float]:
        return pd.Series(1.0, index=self.frame.index)

    def _weights(self, weight: str) -> pd.Series[float]:
        if weight not in _WEIGHTS:
            raise InputError(f"weight={weight!r}: expected 'neighbourhoods' or 'residents'.")
        if weight == "neighbourhoods":
            return self._one
        people: pd.Series[float] = self.frame["residents"].astype("float64")
        return people

    def _places(self, by: str) -> pd.Series[Any]:
        if by not in self.frame.columns:
            raise InputError(
                f"No column {by!r} to count by; there are {examples(self.frame.columns, 40)}."
            )
        places: pd.Series[Any] = self.frame[by]
        if places.isna().any():
            lost = places.index[places.isna()]
            raise InputError(f"{len(lost):,} neighbourhoods have no {by} ({examples(lost)}).")
        return places

    def _marked(self, table: _Table) -> _Table:
        if self.later.illustrative:
            table.columns.name = ILLUSTRATIVE
        return table


def compare(earlier: Typology, later: Typology) -> Change:
    """Compare two classifications by the same method, of 2011 and of 2021.

    On the neighbourhoods of the later one. A neighbourhood's earlier class is that of the LSOA of
    2011 that it was, or was split from; where several were merged or redrawn, that of the part
    with most residents in 2011, marked where the parts differ.

    Parameters
    ----------
    earlier : Typology
        Of the vintage 2011.
    later : Typology
        Of the vintage 2021, with the same parameters; its dataset has the crosswalk.

    Returns
    -------
    Change
        Who entered, left and stayed in each class, and what it comes from.

    Raises
    ------
    VintageError
        If the two are given the wrong way round, or are of the same vintage.
    InputError
        If the parameters differ, one is illustrative and the other is not, classes were given and
        not made by the method, there is no crosswalk, or the earlier one lacks a neighbourhood.

    Notes
    -----
    *What the change comes from*: the later neighbourhoods are classified again with the earlier
    ranks of deprivation (carried from the part with most residents, never shared out), with the
    earlier flows (each neighbourhood in the flow zone of its part of 2011, employed residents and
    commuters with it) and, where job counts differ, with the earlier jobs (shared out by
    residents). What alone gives the earlier class back is what a change comes from.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> compare(typology, typology)
    Traceback (most recent call last):
    ...
    wmspatial.errors.VintageError: compare: both are of 2011. Expected the earlier of 2011 and the
    later of 2021.
    """
    pair = swaps.Pair(earlier, later, checked_links(earlier, later))
    areas = later.neighbourhoods
    added = swaps.carried_classes(pair)
    lost = added.index[added["earlier_class"].isna()]
    if len(lost):
        raise InputError(
            f"compare: {len(lost):,} of {len(added):,} neighbourhoods of {later.vintage} have no "
            f"class in {earlier.vintage} ({examples(lost)}): the earlier typology does not cover "
            "them. Classify the earlier vintage for a study area that does."
        )
    now = areas["labour_market_class"]
    added["earlier_class"] = added["earlier_class"].astype(now.dtype)
    added["later_class"] = now
    added["change_kind"] = change_kinds(added["earlier_class"], now)
    factors = swaps.factors(pair)
    for swapped in (*((name,) for name in factors), factors):
        evidence = swaps.classify_with(pair, swapped)
        added[swap_column(swapped)] = evidence["labour_market_class"]
    added["change_from"] = change_from(added, factors)
    added["class_at_earlier_cut"] = swaps.at_earlier_cut(pair)
    added["rank_carried"] = added["crosswalk"] != "unchanged"
    frame = areas.drop(columns="geometry").join(added[new_columns(factors)])
    frame = areas[["geometry"]].join(frame)[[*frame.columns, "geometry"]]
    frame.attrs.update(areas.attrs, compared_with=earlier.vintage)
    if later.illustrative:
        frame.columns.name = ILLUSTRATIVE
    return Change(earlier, later, frame, factors)
