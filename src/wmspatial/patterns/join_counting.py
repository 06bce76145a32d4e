"""Do neighbourhoods of one class lie side by side: counts of joins between neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.patterns._autocorrelation_words import joins_text
from wmspatial.patterns._neighbouring import (
    check_column,
    check_numbers,
    frame_of,
    graph_of,
    heeding,
    neighbours_of,
    shared_in,
)
from wmspatial.patterns._shuffling import compared, over_shuffles, two_sided
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import numpy.typing as npt
    from scipy import sparse

    from wmspatial.charts import Chart
    from wmspatial.typology import Typology

_BLANK = "Insufficient data"
_MOST = 50
_SHARED = (
    "All neighbourhoods of one zone share one connection score, so deprived neighbours inside a "
    "zone are often of one class by construction."
)


@dataclass(frozen=True, eq=False, repr=False)
class JoinCounts:
    """How often neighbours are of one class, from :func:`~wmspatial.join_counts`.

    Attributes
    ----------
    table : DataFrame
        By class: ``areas``; ``joins`` of two areas of the class; ``expected`` of them where
        classes are shuffled over the map; ``ratio`` of the two; ``sd`` over the permutations;
        ``z`` and two-sided ``p``.
    pairs : DataFrame
        The same for joins of two different classes, by ``class`` and ``other``.
    joins : int
        Pairs of neighbours in all; those of `table` and of `pairs` add up to it.
    areas : int
        Areas of a class that have a neighbour of one.
    column : str
        Where the classes stand.
    notes : tuple of str
        What was left out, and what has to be known.
    units : str
        What the areas are called.
    illustrative : bool
        Whether the data is made up.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.join_counts(wm.classify(wm.load_sample()))
    >>> bool(found.table["joins"].sum() + found.pairs["joins"].sum() == found.joins)
    True
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    joins: int
    areas: int
    column: str
    notes: tuple[str, ...]
    units: str
    illustrative: bool

    def summary_text(self) -> str:
        """Say in plain English which classes lie side by side.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> wm.join_counts(wm.classify(wm.load_sample())).summary_text().startswith("Over 1,680")
        True
        """
        return joins_text(self)

    def chart(self, *, title: str | None = None, source: str = "") -> Chart:
        """Draw the joins of each class with itself against what is expected.

        Parameters
        ----------
        title : str, optional
            By default it names the classes' column.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Examples
        --------
        >>> import wmspatial as wm
        >>> chart = wm.join_counts(wm.classify(wm.load_sample())).chart()
        >>> len(chart.figure.axes)
        1
        """
        from wmspatial.patterns._moran_chart import draw_joins

        return draw_joins(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<JoinCounts: {self.summary_text()}>"


def join_counts(
    typology_or_frame: Typology | gpd.GeoDataFrame,
    column: str = "labour_market_class",
    *,
    permutations: int = 999,
    seed: int = 0,
) -> JoinCounts:
    """Count joins between neighbours of one class, and hold them against chance.

    Parameters
    ----------
    typology_or_frame : Typology or GeoDataFrame
        From :func:`~wmspatial.classify`, or any areas with polygons.
    column : str, default "labour_market_class"
        A column of classes. ``Insufficient data`` is none.
    permutations : int, default 999
        How often classes are shuffled over the map.
    seed : int, default 0
        Where the random numbers start.

    Returns
    -------
    JoinCounts
        By class and by pair of classes. Where all areas are of one class there is nothing to
        shuffle: p-values are missing, and a note says so.

    Raises
    ------
    InputError
        If the column is missing or has more than 50 classes, there are too few areas, no two
        touch, or a number is out of its range.

    Notes
    -----
    A join is two areas that share a border or a corner. The counts of like joins are esda's. The
    number expected is exact for shuffled classes; p-values are two-sided, from the shuffles.

    References
    ----------
    Cliff, A. D. and Ord, J. K. (1981), Spatial Processes: Models and Applications, Pion.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.join_counts(wm.classify(wm.load_sample()))
    >>> bool(found.table.loc["Disconnected", "ratio"] > 1)
    True
    """
    check_numbers(permutations, seed)
    frame, _, _ = frame_of(typology_or_frame)
    check_column(frame, column)
    given = frame[column]
    kinds = given.cat.categories if isinstance(given.dtype, pd.CategoricalDtype) else None
    classes = given.astype("object").where(given.notna() & (given != _BLANK))
    found = neighbours_of(typology_or_frame, classes, None)
    labels = found.table["value"][found.used]
    present = list(pd.unique(labels))
    names = sorted(present, key=str) if kinds is None else [k for k in kinds if k in set(present)]
    if len(names) > _MOST:
        raise InputError(
            f"column: {column!r} has {len(names):,} classes; expected {_MOST} or fewer. For a "
            "column of numbers use autocorrelation."
        )
    codes = pd.Categorical(labels, categories=names).codes.astype("int64")
    notes = [*found.notes]
    if column == "labour_market_class" and "connection_score" in frame.columns:
        notes += _shared_note(frame)
    count = _counter(found.links, len(names))
    observed = count(codes[None, :])[0]
    if len(names) > 1:
        like, said = heeding(lambda: _like_joins(found.links, codes, len(names)))
        observed[np.diag_indices(len(names))] = like
        notes += said
    drawn = over_shuffles(codes, count, np.random.default_rng(seed), permutations)
    sizes = np.bincount(codes, minlength=len(names))
    joins = found.links.nnz // 2
    table, pairs = _tables([str(name) for name in names], observed, drawn, sizes, joins)
    if len(names) == 1:
        table.loc[:, ["sd", "z", "p"]] = np.nan
        notes.append(
            f"All {len(codes):,} {found.units} that have a class and a neighbour are of the class "
            f"“{names[0]}”: there is nothing to shuffle."
        )
    if found.illustrative:
        table.columns.name = pairs.columns.name = ILLUSTRATIVE
    return JoinCounts(
        table, pairs, joins, len(codes), column, tuple(notes), found.units, found.illustrative
    )


def _shared_note(frame: pd.DataFrame) -> list[str]:
    """Say where classes are alike by construction."""
    if not shared_in(frame, frame["connection_score"]):
        return []
    return [_SHARED]


def _like_joins(links: sparse.csr_array, codes: npt.NDArray[np.int64], kinds: int) -> Any:
    """Have esda count the joins of each class with itself."""
    from esda.join_counts import Join_Counts

    graph = graph_of(links)
    return [
        Join_Counts((codes == kind).astype("int64"), graph, permutations=0).bb
        for kind in range(kinds)
    ]


def _counter(links: sparse.csr_array, kinds: int) -> Callable[[Any], Any]:
    """Return what counts the joins of every two classes, for rows of classes.

    Counted here for the shuffles and pairs: esda holds one class against the rest, and would
    shuffle the map anew for each.
    """
    from scipy import sparse as sp

    once = sp.triu(links).tocoo()
    first, second = once.row, once.col

    def count(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        found = np.empty((len(rows), kinds, kinds))
        for place, row in enumerate(rows):
            both = np.bincount(row[first] * kinds + row[second], minlength=kinds**2)
            square = both.reshape(kinds, kinds)
            whole = square + square.T
            whole[np.diag_indices(kinds)] //= 2
            found[place] = whole
        return found

    return count


def _tables(
    names: list[str],
    observed: npt.NDArray[np.float64],
    drawn: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.int64],
    joins: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out joins of like with like, and of every two classes."""
    areas = int(sizes.sum())
    chance = np.outer(sizes, sizes).astype("float64") * 2
    chance[np.diag_indices(len(names))] = sizes * (sizes - 1.0)
    expected = joins * chance / (areas * (areas - 1.0))
    sd = drawn.std(axis=0)
    p = two_sided(*compared(observed, drawn), len(drawn))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
        z = np.where(sd > 0, (observed - drawn.mean(axis=0)) / sd, np.nan)
    parts = {
        "joins": observed, "expected": expected, "ratio": ratio, "sd": sd, "z": z, "p": p,
    }  # fmt: skip
    like = pd.DataFrame(
        {"areas": sizes, **{name: np.diag(values) for name, values in parts.items()}},
        index=pd.Index(names, name="class"),
    )
    one, other = np.triu_indices(len(names), k=1)
    unlike = pd.DataFrame(
        {name: values[one, other] for name, values in parts.items()},
        index=pd.MultiIndex.from_arrays(
            [[names[i] for i in one], [names[i] for i in other]], names=["class", "other"]
        ),
    )
    return like, unlike
