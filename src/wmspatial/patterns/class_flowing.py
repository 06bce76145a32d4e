"""Commuters between classes of neighbourhood, and who fills the jobs in deprived places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, require
from wmspatial.patterns._class_flow_parts import crossed
from wmspatial.patterns._class_flow_words import about, about_ranks, flows_text
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from wmspatial.charts import Chart
    from wmspatial.typology import Typology

_ALL: Final = "All"
_WAYS: Final = ("neighbourhood", "zone")
_KINDS: Final = ("who fills", "matrix")
_DIRECTIONS: Final = {"home": 1, "work": 0}


@dataclass(frozen=True, eq=False, repr=False)
class ClassFlows:
    """Commuters by class of home and of workplace, from :func:`~wmspatial.class_flows`.

    Attributes
    ----------
    matrix : DataFrame
        Commuters who live in the study area, people: class of the neighbourhood where they live
        (rows) and work (columns, wherever that is), each with ``All``.
    who_fills : DataFrame
        Who works in the study area's deprived jobs-rich neighbourhoods (the class "Large number
        of jobs"), by deprivation decile of the neighbourhood where they live, ``"1"`` the most
        deprived tenth of its nation; ``"no rank"`` where that has none, ``"beyond the flows"``
        for those who live in no zone. ``people`` and their ``share``; ``people_elsewhere`` and
        ``share_elsewhere``: the same of all other workplaces of the study area;
        ``people_living_here`` and ``share_living_here``: commuters who live in the study area.
    numbers : Series of float
        ``workers`` in deprived jobs-rich neighbourhoods; ``same_zone`` and ``share_same_zone``:
        of them, those who live in the zone where they work; ``share_most_deprived_fifth`` of
        them, ``share_most_deprived_fifth_elsewhere`` (workers at other workplaces) and
        ``share_most_deprived_fifth_living_here`` (commuters who live in the study area), each
        among those whose home has a rank; ``share_disconnected``: who live in disconnected
        neighbourhoods of the study area; ``live_beside``: commuters who live in deprived
        jobs-rich neighbourhoods, and ``share_staying``: of them, those who work in their own zone;
        ``study_area``: workers who live in the study area; ``matrix``: its sum.
    by : str
        What was apportioned, ``"neighbourhood"``, or counted whole, ``"zone"``.
    notes : tuple of str
        What is counted how.
    typology : Typology
        What was crossed.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> found = wm.class_flows(typology)
    >>> bool(round(found.matrix.loc["All", "All"]) == typology.dataset.flows.commuters.sum())
    True
    """

    matrix: pd.DataFrame
    who_fills: pd.DataFrame
    numbers: pd.Series[Any]
    by: str
    notes: tuple[str, ...]
    typology: Typology

    def shares(self, of: str = "home") -> pd.DataFrame:
        """Divide the matrix by its totals.

        Parameters
        ----------
        of : {"home", "work"}
            Where commuters from each class work (rows add up to one), or where those who work in
            each class live (columns do).

        Returns
        -------
        DataFrame
            Shares from 0 to 1; missing where there is nobody.

        Raises
        ------
        InputError
            If `of` is neither.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.class_flows(wm.classify(wm.load_sample()))
        >>> set(found.shares()["All"].dropna().round(9))
        {1.0}
        """
        if of not in _DIRECTIONS:
            raise InputError(f"of={of!r}: expected 'home' or 'work'.")
        if of == "home":
            whole = self.matrix[_ALL]
            return self.matrix.div(whole.where(whole > 0), axis=0)
        whole = self.matrix.T[_ALL]
        return self.matrix.div(whole.where(whole > 0), axis=1)

    def summary_text(self) -> str:
        """Say in plain English who fills the jobs in deprived jobs-rich neighbourhoods.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.class_flows(wm.classify(wm.load_sample()))
        >>> "live in the most deprived fifth" in found.summary_text()
        True
        """
        return flows_text(self)

    def chart(
        self, kind: str = "who fills", *, title: str | None = None, source: str = ""
    ) -> Chart:
        """Draw who fills the jobs in deprived jobs-rich neighbourhoods, or the matrix.

        Parameters
        ----------
        kind : {"who fills", "matrix"}
            Workers by deprivation of their home, beside those of other workplaces and all who
            live in the study area; or where commuters from each class work.
        title : str, optional
            By default what is shown.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Raises
        ------
        InputError
            If there is no such kind, or nobody to draw.

        Examples
        --------
        >>> import wmspatial as wm
        >>> chart = wm.class_flows(wm.classify(wm.load_sample())).chart("matrix")
        >>> len(chart.figure.axes)
        1
        """
        from wmspatial.patterns._class_flow_chart import draw_matrix, draw_who

        if kind not in _KINDS:
            raise InputError(f"kind={kind!r}: expected 'who fills' or 'matrix'.")
        people = self.numbers["workers"] if kind == "who fills" else self.numbers["matrix"]
        if not people > 0:
            raise InputError(
                "There is nobody to draw: "
                + (
                    "nobody works in a deprived jobs-rich neighbourhood of the study area."
                    if kind == "who fills"
                    else "no commuter lives in the study area."
                )
            )
        return (draw_who if kind == "who fills" else draw_matrix)(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<ClassFlows {self.typology.study_area}: {self.summary_text()}>"


def class_flows(typology: Typology, *, by: str = "neighbourhood") -> ClassFlows:
    """Cross commuters by the class of where they live and of where they work.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`.
    by : {"neighbourhood", "zone"}, default "neighbourhood"
        Where zones hold several neighbourhoods: apportion a zone's commuters among them by
        residents and its workers by jobs; or apportion nobody, and count each zone whole for the
        class, and the decile, that most of its residents are in (as a home) or most of its jobs
        (as a workplace).

    Returns
    -------
    ClassFlows
        The matrix, and who fills the jobs in deprived places.

    Raises
    ------
    InputError
        If there is no such way.

    Notes
    -----
    Apportioned within zones, a result says nothing of how neighbours in one zone differ: whoever
    lives in a zone is taken to commute as all of it does, and whoever works in it to come from
    where all its workers come from. Run both ways to see how much hangs on that.
    Commuters are those who live and work in zones of the flows; people who work at home or at no
    fixed place are in no cell.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.class_flows(wm.classify(wm.load_sample()))
    >>> bool(0 < found.numbers["share_same_zone"] < 1)
    True
    """
    require(typology, "typology", "Typology", "wm.classify(...)")
    if by not in _WAYS:
        raise InputError(f"by={by!r}: expected 'neighbourhood' or 'zone'.")
    sums = crossed(typology, whole=by == "zone")
    matrix = sums.matrix.copy()
    matrix[_ALL] = matrix.sum(axis=1)
    matrix.loc[_ALL] = matrix.sum()
    who, numbers = sums.who, dict(sums.facts)
    for column, share in (
        ("people", "share"),
        ("people_elsewhere", "share_elsewhere"),
        ("people_living_here", "share_living_here"),
    ):
        whole = who[column].sum()
        who[share] = who[column] / (whole if whole > 0 else float("nan"))
        ranked = who[column].iloc[:10].sum()
        fifth = f"share_most_deprived_fifth{share.removeprefix('share')}"
        numbers[fifth] = _divided(who[column].iloc[:2].sum(), ranked)
    numbers["share_same_zone"] = _divided(numbers["same_zone"], numbers["workers"])
    numbers["share_disconnected"] = _divided(numbers.pop("disconnected"), numbers["workers"])
    numbers["share_staying"] = _divided(numbers.pop("live_and_work"), numbers["live_beside"])
    for made in (matrix, who):
        made.columns.name = ILLUSTRATIVE if typology.illustrative else None
    facts = pd.Series(numbers, dtype="float64")
    notes = [*about(typology, by), *about_ranks(who)]
    return ClassFlows(matrix, who, facts, by, tuple(notes), typology)


def _divided(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
