"""How far two maps of labour markets agree, and where they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples, require
from wmspatial.measures import LabourMarkets, adjusted_rand_index
from wmspatial.patterns._market_inputs import (
    by_place,
    called,
    checked_labels,
    official,
    official_names,
    weights_of,
)
from wmspatial.patterns._market_overlaps import agreement, divided, overlaps_of
from wmspatial.patterns._market_words import about, comparison_text
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from wmspatial.charts import Chart
    from wmspatial.dataset import Dataset

_OFFICIAL: Final = "official"


@dataclass(frozen=True, eq=False, repr=False)
class MarketComparison:
    """Two maps of labour markets held against each other.

    From :func:`~wmspatial.compare_labour_markets`. Where people were given, areas overlap by as
    many people as live in the places that both hold; otherwise by as many places.

    Attributes
    ----------
    numbers : Series of float
        ``places`` in an area of both, and ``left_out``, which are not; ``found`` and ``other``, how
        many areas each map has there; ``adjusted_rand`` over the places, ``adjusted_rand_people``
        over pairs of people (missing without people); ``matched``: found areas that *are* an area
        of the other map, in that more than half of each lies in the other; ``same_places`` and
        ``same_people``, the shares that are in the same area when each area has at most one
        counterpart; ``split``: areas of the other map that most of several found ones lie in;
        ``merged``: found areas that most of several others lie in.
    found, other : DataFrame
        By area of each map: ``name``, ``places``, ``people`` (places, without people), ``best``
        and ``best_name`` (the area of the other map that it shares most with), ``share_in_best``
        (of its own people) and ``share_of_best`` (of that area's), ``counterpart``, ``matched``.
    changes : DataFrame
        Areas that are split or merged, largest first: ``kind``, ``market``, ``name``, ``people``,
        ``parts``, and in ``shares`` the parts with the share of each that lies in it.
    overlaps : DataFrame
        By pair of areas, most people first: ``found``, ``other``, ``people``.
    places : DataFrame
        By place: ``found_market``, ``other_market`` and ``agreement``, a category: ``"Same area"``,
        ``"Another area"`` or ``"Not in one of the two"``.
    labels : tuple of str
        What the two maps are called.
    by_people : bool
        Whether people were given.
    notes : tuple of str
        What is counted how.
    illustrative : bool
        Whether the data is made up.

    Examples
    --------
    >>> import wmspatial as wm
    >>> sample = wm.load_sample()
    >>> found = compare_labour_markets(wm.travel_to_work_areas(sample.flows), sample)
    >>> bool(found.numbers["adjusted_rand"] <= 1)
    True
    """

    numbers: pd.Series[Any]
    found: pd.DataFrame
    other: pd.DataFrame
    changes: pd.DataFrame
    overlaps: pd.DataFrame
    places: pd.DataFrame
    labels: tuple[str, str]
    by_people: bool
    notes: tuple[str, ...]
    illustrative: bool = False

    def summary_text(self) -> str:
        """Say in plain English how far the two maps agree.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> sample = wm.load_sample()
        >>> found = compare_labour_markets(wm.travel_to_work_areas(sample.flows), sample)
        >>> "adjusted Rand index" in found.summary_text()
        True
        """
        return comparison_text(self)

    def to_frame(self, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Put the comparison beside polygons, ready for a map of the differences.

        Parameters
        ----------
        areas : GeoDataFrame
            Polygons of the places, indexed by their codes, ``dataset.areas`` say; a few of the
            places will do.

        Returns
        -------
        GeoDataFrame
            `areas` with the columns of :attr:`places`. The column to colour by is ``agreement``.

        Raises
        ------
        InputError
            If none of the polygons is of a place that was compared.

        Examples
        --------
        >>> import wmspatial as wm
        >>> sample = wm.load_sample()
        >>> found = compare_labour_markets(wm.travel_to_work_areas(sample.flows), sample)
        >>> frame = found.to_frame(sample.areas)
        >>> len(wm.map_figure(frame, "agreement").figure.axes) > 0
        True
        """
        require(areas, "areas", "GeoDataFrame", "dataset.areas")
        if not areas.index.isin(self.places.index).any():
            raise InputError(
                f"areas: none of the {len(areas):,} polygons is of a place that was compared: "
                f"found {examples(areas.index, 3)}; expected codes such as "
                f"{examples(self.places.index, 3)}. For neighbourhoods compare with zone_of=, or "
                "give a Dataset."
            )
        shown = self.places.reindex(areas.index)
        shown["agreement"] = shown["agreement"].fillna(shown["agreement"].cat.categories[-1])
        frame = areas.assign(**{str(name): shown[name] for name in shown.columns})
        if self.illustrative:
            frame.columns.name = ILLUSTRATIVE
        return frame

    def chart(
        self,
        of: str = "other",
        *,
        among: Iterable[str] | None = None,
        title: str | None = None,
        source: str = "",
    ) -> Chart:
        """Draw a bar for each large area of one map, by the areas of the other its people are in.

        Parameters
        ----------
        of : {"other", "found"}
            Whose areas have bars: those of the other map shows what is split, the found ones show
            what is put together.
        among : iterable of str, optional
            Codes of places; only areas that hold some of them are drawn. By default all.
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
            If there is no such map, or no area holds any of the places.

        Examples
        --------
        >>> import wmspatial as wm
        >>> sample = wm.load_sample()
        >>> found = compare_labour_markets(wm.travel_to_work_areas(sample.flows), sample)
        >>> len(found.chart().figure.axes)
        1
        """
        from wmspatial.patterns._market_chart import draw

        if of not in ("other", "found"):
            raise InputError(f"of={of!r}: expected 'other' or 'found'.")
        return draw(self, of, among, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<MarketComparison: {self.summary_text()}>"


def compare_labour_markets(
    found: LabourMarkets | pd.Series[Any],
    other: Dataset | LabourMarkets | pd.Series[Any],
    *,
    zone_of: pd.Series[Any] | None = None,
    people: pd.Series[Any] | None = None,
    names: pd.Series[Any] | None = None,
    other_names: pd.Series[Any] | None = None,
    labels: tuple[str, str] | None = None,
) -> MarketComparison:
    """Tell how far labour markets agree with others, with the official areas above all.

    Parameters
    ----------
    found : LabourMarkets or Series of str
        Labour markets; or the market of each place, by code.
    other : Dataset, LabourMarkets or Series of str
        What they are held against. Of a dataset that is the column ``labour_market`` of its
        neighbourhoods, with their residents, zones and names.
    zone_of : Series of str, optional
        The zone of each neighbourhood: markets by zone are then compared by neighbourhood.
    people : Series of float, optional
        Who live (or work) in each place.
    names, other_names : Series of str, optional
        What the markets of each map are called, by code; by default their codes.
    labels : tuple of str, optional
        What the two maps are called; by default "found" and "official", "given" where the
        dataset's labour markets are not the official areas, and "other" for LabourMarkets.

    Returns
    -------
    MarketComparison
        Indices, areas side by side, and whether each place is in the same area.

    Raises
    ------
    InputError
        If no place has an area in both, codes stand twice, or people are no numbers.

    Notes
    -----
    The adjusted Rand index (Hubert and Arabie, 1985) asks of every two places whether both maps
    put them together or both apart, and sets what chance would give at 0. Counterparts are the
    pairing of areas, one to one, that has most people in pairs (linear assignment); a place is in
    the same area if its two areas are counterparts.

    Examples
    --------
    >>> import pandas as pd
    >>> official = pd.Series({"a": "X", "b": "X", "c": "Y", "d": "Y"})
    >>> found = compare_labour_markets(official.replace({"X": "1", "Y": "2"}), official)
    >>> float(found.numbers["adjusted_rand"]), float(found.numbers["same_places"])
    (1.0, 1.0)
    """
    illustrative = False
    kind = "other" if isinstance(other, LabourMarkets) else _OFFICIAL
    if "Dataset" in (found_kind.__name__ for found_kind in type(other).__mro__):
        illustrative, table = other.illustrative, other.neighbourhoods  # type: ignore[union-attr]
        kind = _OFFICIAL if other.official_markets else "given"  # type: ignore[union-attr]
        zone_of = table["zone"] if zone_of is None else zone_of
        people = table["residents"] if people is None else people
        other_names = official_names(table) if other_names is None else other_names
        if names is None and isinstance(found, LabourMarkets) and "authority" in table.columns:
            names = found.name_by(table.groupby("zone")["authority"].first())
        other = official(table)
    ours = by_place(found, zone_of, "found")
    theirs = by_place(other, zone_of, "other")
    called_so = checked_labels(("found", kind) if labels is None else labels)
    table = pd.concat([ours.rename("found"), theirs.rename("other")], axis=1)
    both = table.notna().all(axis=1)
    if not both.any():
        raise InputError(
            f"compare_labour_markets: no place has an area in both: {called_so[0]} has "
            f"{examples(ours.index, 3)}; {called_so[1]} has {examples(theirs.index, 3)}. Where one "
            "is by zone and the other by neighbourhood, give the LabourMarkets with zone_of=, or a "
            "Dataset."
        )
    weight, unknown = weights_of(people, table.index)
    table["weight"] = weight
    inside = table[both]
    laid = overlaps_of(inside)
    names_of = called(laid.found.index, names), called(laid.other.index, other_names)
    same = agreement(table, laid)
    changes = divided(laid, *names_of).rename(columns={"weight": "people"})
    numbers = pd.Series(
        {
            "places": float(both.sum()), "left_out": float((~both).sum()),
            "found": float(len(laid.found)), "other": float(len(laid.other)),
            "adjusted_rand": adjusted_rand_index(inside["found"], inside["other"]),
            "adjusted_rand_people": np.nan if people is None else adjusted_rand_index(
                inside["found"], inside["other"], inside["weight"]
            ),
            "matched": float(laid.found["matched"].sum()),
            "same_places": float((same[both] == "Same area").mean()),
            "same_people": np.nan if people is None else _share(inside["weight"], same[both]),
            "split": float((changes["kind"] == "split").sum()),
            "merged": float((changes["kind"] == "merged").sum()),
        }
    )  # fmt: skip
    places = table[["found", "other"]].add_suffix("_market").assign(agreement=same)
    frames = [
        _named(laid.found, *names_of),
        _named(laid.other, *names_of[::-1]),
    ]
    pairs = laid.pairs.rename(columns={"weight": "people"})
    for frame in (*frames, changes, pairs, places):
        frame.columns.name = ILLUSTRATIVE if illustrative else None
    notes = about(numbers, called_so, unknown, by_people=people is not None)
    return MarketComparison(
        numbers, frames[0], frames[1], changes, pairs, places, called_so, people is not None, notes,
        illustrative,
    )  # fmt: skip


def _share(weight: pd.Series[Any], same: pd.Series[Any]) -> float:
    whole = float(weight.sum())
    return float(weight[same == "Same area"].sum()) / whole if whole > 0 else float("nan")


def _named(frame: pd.DataFrame, own: pd.Series[Any], others: pd.Series[Any]) -> pd.DataFrame:
    found = frame.rename(columns={"weight": "people"}).rename_axis("market")
    found["name"], found["best_name"] = own, found["best"].map(others)
    columns = [
        "name", "places", "people", "best", "best_name", "share_in_best", "share_of_best",
        "counterpart", "matched",
    ]  # fmt: skip
    return found[columns].sort_values(["people", "name"], ascending=[False, True], kind="stable")
