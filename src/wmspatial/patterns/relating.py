"""Whether two things go together over areas, and whether it could be chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from wmspatial.errors import InputError, examples, require
from wmspatial.geography.lookup import nearest
from wmspatial.patterns._autocorrelation_words import plain
from wmspatial.patterns.contiguity import islands, touching
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import numpy.typing as npt

    from wmspatial.charts import Chart

    Floats = npt.NDArray[np.float64]

_FEWEST: Final = 10
#: The eigenvectors of a larger matrix take minutes.
_MOST: Final = 6_000
_SURE: Final = 0.05
#: Which way a column runs is said, so that it cannot be read backwards.
_RUNS: Final = {
    "deprivation_rank": "deprivation rank (1 = most deprived)",
    "deprivation_decile": "deprivation decile (1 = most deprived)",
}


@dataclass(frozen=True, eq=False, repr=False)
class Relationship:
    """How two columns go together, from :func:`relationship`.

    Attributes
    ----------
    numbers : Series of float
        ``areas``; ``spearman`` with ``spearman_p``; ``slope`` (of `y` for each unit of `x`),
        ``intercept``, ``slope_p`` and ``r_squared`` of a straight line; ``spearman_p_naive``, the
        p-value that takes areas for independent, for comparison.
    frame : DataFrame
        ``name``, `x`, `y`, ``fitted`` and ``residual``, by area.
    extremes : DataFrame
        The areas farthest above and below the line.
    x, y : str
        The columns.
    notes : tuple of str
        How chance was allowed for, and what was left out.
    illustrative : bool
        Whether the data is made up.
    labels : mapping of str to str
        What columns are called.

    Examples
    --------
    >>> import wmspatial as wm
    >>> areas = wm.load_sample().areas.iloc[:300]
    >>> found = wm.relationship(areas, "deprivation_rank", "asian", n=99)
    >>> int(found.numbers["areas"])
    300
    """

    numbers: pd.Series[Any]
    frame: pd.DataFrame
    extremes: pd.DataFrame
    x: str
    y: str
    notes: tuple[str, ...]
    illustrative: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def words(self, column: str) -> str:
        """Say what a column is called.

        Parameters
        ----------
        column : str
            Its name in the frame.

        Returns
        -------
        str
            Its label, or its name without underscores and, of deprivation, which way it runs.

        Examples
        --------
        >>> import wmspatial as wm
        >>> areas = wm.load_sample().areas.iloc[:300]
        >>> wm.relationship(areas, "deprivation_rank", "asian", n=9).words("deprivation_rank")
        'deprivation rank (1 = most deprived)'
        """
        return self.labels.get(column, _RUNS.get(column, column.replace("_", " ")))

    def summary_text(self) -> str:
        """Say in plain English how the two go together, and how sure that is.

        Returns
        -------
        str
            Two sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> areas = wm.load_sample().areas.iloc[:300]
        >>> found = wm.relationship(areas, "deprivation_rank", "asian", n=99)
        >>> found.summary_text().startswith("Over 300 areas")
        True
        """
        n = self.numbers
        over = f"Over {n['areas']:,.0f} areas"
        x, y = self.words(self.x), self.words(self.y)
        if n["spearman_p"] > _SURE:
            text = (
                f"{over} no relationship of {x} and {y} can be told from chance "
                f"(Spearman {plain(n['spearman'])}, p = {n['spearman_p']:.2g}, allowing for "
                "neighbours being alike)."
            )
        else:
            way = "higher" if n["spearman"] > 0 else "lower"
            text = (
                f"{over} {y} is {way} where {x} is higher (Spearman "
                f"{plain(n['spearman'])}, p = {n['spearman_p']:.2g}, allowing for neighbours being "
                f"alike). A straight line accounts for {100 * n['r_squared']:.0f} % of its "
                "variance."
            )
        text += " That two things go together does not say that one brings about the other."
        return f"{text} ({ILLUSTRATIVE}.)" if self.illustrative else text

    def chart(self, *, title: str | None = None, source: str = "") -> Chart:
        """Draw every area as a point, with the line and the extremes named.

        Parameters
        ----------
        title : str, optional
            By default the names of the two columns.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Examples
        --------
        >>> import wmspatial as wm
        >>> areas = wm.load_sample().areas.iloc[:300]
        >>> chart = wm.relationship(areas, "deprivation_rank", "asian", n=99).chart()
        >>> len(chart.figure.axes)
        1
        """
        from wmspatial.patterns._relationship_chart import draw

        return draw(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Relationship: {self.summary_text()}>"


def relationship(
    frame: gpd.GeoDataFrame,
    x: str,
    y: str,
    *,
    name: str = "name",
    labels: Mapping[str, str] | None = None,
    n: int = 999,
    seed: int = 0,
    extremes: int = 4,
) -> Relationship:
    """Tell how two columns go together over areas, allowing for neighbours being alike.

    Parameters
    ----------
    frame : GeoDataFrame
        Areas, LSOAs or wards, with their polygons.
    x, y : str
        Columns of numbers.
    name : str, default "name"
        The column that names an area; where there is none, its code does.
    labels : mapping of str to str, optional
        What the columns are called in words and on the chart, as ``{"deprivation_rank":
        "deprivation rank (1 = most deprived)"}``.
    n : int, default 999
        How many random fields.
    seed : int, default 0
        Where the random numbers start.
    extremes : int, default 4
        How many areas to name on each side of the line.

    Returns
    -------
    Relationship
        Spearman's correlation and a straight line, each with a p-value, and the areas farthest
        from the line.

    Raises
    ------
    InputError
        If a column is missing or no number, does not vary, or there are too few or too many areas.

    Notes
    -----
    Neighbours are alike, so areas are not as many independent observations, and the usual p-value
    is far too small. Here `x` is replaced by random fields with the same values' variance and the
    same autocorrelation at every scale: its coordinates on the eigenvectors of the scaled and
    centred contiguity matrix keep their size and get random signs (Moran spectral randomisation,
    the singleton procedure). The p-value is the share of them that go with `y` as closely.
    Spearman's correlation is Pearson's of the ranks, and is treated so.

    At 5 % the test calls 4 to 8 in 100 pairs of unrelated fields related, the more the more alike
    neighbours are. It takes patterns to lie anywhere: two columns that both rise from one side of
    the map to the other, or from a centre outwards, go together by their lie alone, and of such
    planes it called 4 in 10 related.

    References
    ----------
    Wagner, H. H. and Dray, S. (2015), Generating spatially constrained null models for irregularly
    spaced data using Moran spectral randomization methods, Methods in Ecology and Evolution 6.

    Examples
    --------
    >>> import wmspatial as wm
    >>> areas = wm.load_sample().areas.iloc[:300]
    >>> found = wm.relationship(areas, "deprivation_rank", "asian", n=99)
    >>> bool(0 < found.numbers["spearman_p"] <= 1)
    True
    """
    require(frame, "frame", "GeoDataFrame", "typology.frame")
    kept, notes = _usable(frame, x, y)
    _refuse_numbers(n, seed, extremes)
    across, up = kept[x].to_numpy("float64"), kept[y].to_numpy("float64")
    neighbours = touching(kept)
    alone = islands(neighbours)
    if alone == len(kept):
        raise InputError(
            f"frame: no two of the {alone:,} areas touch, or they have no polygons: that "
            "neighbours are alike cannot be allowed for."
        )
    if alone:
        notes.append(f"{alone:,} areas touch no other; each is its own pattern.")
    vectors = _eigenvectors(neighbours.toarray())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(n, vectors.shape[1]))
    ranks = stats.rankdata(across), stats.rankdata(up)
    spearman, spearman_p = _tested(*ranks, vectors, signs)
    pearson, slope_p = _tested(across, up, vectors, signs)
    slope = pearson * up.std() / across.std()
    intercept = up.mean() - slope * across.mean()
    numbers = pd.Series(
        {
            "areas": float(len(kept)), "spearman": spearman, "spearman_p": spearman_p,
            "slope": slope, "intercept": intercept, "slope_p": slope_p,
            "r_squared": pearson**2,
            "spearman_p_naive": float(stats.spearmanr(across, up).pvalue),
        }
    )  # fmt: skip
    label = kept[name] if name in kept.columns else kept.index.to_series()
    table = pd.DataFrame(
        {"name": label.astype("str").to_numpy(), x: across, y: up}, index=kept.index
    )
    table["fitted"] = intercept + slope * across
    table["residual"] = up - table["fitted"]
    notes.append(
        f"p-values from {n:,} random fields as autocorrelated as {x!r} is (Moran spectral "
        "randomisation)."
    )
    ordered = table.sort_values("residual", kind="stable")
    most = min(extremes, len(ordered) // 2)  # no area is at both ends
    ends = pd.concat([ordered.iloc[len(ordered) - most :].iloc[::-1], ordered.head(most)])
    illustrative = frame.columns.name == ILLUSTRATIVE
    return Relationship(numbers, table, ends, x, y, tuple(notes), illustrative, dict(labels or {}))


def _usable(frame: gpd.GeoDataFrame, x: str, y: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the areas with both numbers, and say how many have not."""
    for column in (x, y):
        if column not in frame.columns:
            near = nearest(str(column), map(str, frame.columns))
            raise InputError(f"frame: there is no column {column!r}. {near}".strip())
        if not pd.api.types.is_numeric_dtype(frame[column]):
            raise InputError(f"frame: {column!r} holds no numbers ({frame[column].dtype}).")
    if frame.index.has_duplicates:
        twice = frame.index[frame.index.duplicated()].unique()
        raise InputError(f"frame: a code stands twice in the index ({examples(twice)}).")
    if x == y:
        raise InputError(f"x and y are both {x!r}. Name two columns.")
    known = np.isfinite(frame[[x, y]].to_numpy("float64", na_value=np.nan)).all(axis=1)
    kept = frame[known]
    notes = []
    if not known.all():
        lost = frame.index[~known]
        notes.append(
            f"{len(lost):,} of {len(frame):,} areas lack one of the numbers and are left out "
            f"({examples(lost)})."
        )
    _refuse_too_few_or_many(len(kept))
    for column in (x, y):
        if (kept[column] == kept[column].iloc[0]).all():
            raise InputError(f"frame: {column!r} is the same in every area: nothing goes with it.")
    return kept, notes


def _refuse_numbers(n: int, seed: int, extremes: int) -> None:
    for name, value, least, what in (
        ("n", n, 1, "a whole number of random fields"),
        ("seed", seed, 0, "a whole number"),
        ("extremes", extremes, 0, "a whole number of areas"),
    ):
        if not (isinstance(value, Integral) and value >= least):
            raise InputError(f"{name}={value!r}: expected {what}, {least} or more.")


def _refuse_too_few_or_many(count: int) -> None:
    if count < _FEWEST:
        raise InputError(f"frame: {count:,} areas have both numbers; expected {_FEWEST} or more.")
    if count > _MOST:
        raise InputError(
            f"frame: {count:,} areas; expected at most {_MOST:,}, because the autocorrelation "
            "of more cannot be kept in reasonable time. Take wards, or one authority at a time."
        )


def _eigenvectors(weights: Floats) -> Floats:
    """Return the eigenvectors of the doubly centred matrix but for the constant one.

    Each link is scaled by the roots of the numbers of neighbours at its ends, so that areas with
    many neighbours do not rule: in simulations the test then has its nominal size, which without
    the scaling it misses where neighbours are very alike.
    """
    roots = np.sqrt(np.maximum(weights.sum(axis=1), 1.0))
    weights = weights / roots / roots[:, None]
    centred = weights - weights.mean(axis=0) - weights.mean(axis=1)[:, None] + weights.mean()
    # The constant vector has eigenvalue nought, as others may: moved out of the way, it is known.
    count = len(weights)
    far = 1.0 + np.abs(weights).sum(axis=1).max()
    _values, vectors = np.linalg.eigh(centred + far / count)
    found: Floats = vectors[:, :-1]
    return found


def _tested(x: Floats, y: Floats, vectors: Floats, signs: Floats) -> tuple[float, float]:
    """Return Pearson's correlation, and the share of random fields that go as closely."""
    one, other = (vectors.T @ ((v - v.mean()) / np.linalg.norm(v - v.mean())) for v in (x, y))
    observed = float(one @ other)
    drawn = signs @ (one * other)
    as_close = int((np.abs(drawn) >= abs(observed) - 1e-12).sum())
    return observed, (1 + as_close) / (1 + len(drawn))
