"""Is a map patterned: whether neighbours are alike, over all and place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from wmspatial.errors import InputError
from wmspatial.patterns._autocorrelation_words import SHARED, autocorrelation_text, resolution_note
from wmspatial.patterns._neighbouring import (
    by_row,
    check_numbers,
    frame_of,
    graph_of,
    heeding,
    neighbours_of,
    numbers_of,
    shared_in,
)
from wmspatial.patterns._quadrants import ISLAND, NAMES, NO_VALUE, NOT_SIGNIFICANT
from wmspatial.patterns._shuffling import (
    compared,
    draw_others,
    local_p,
    moran_of_rows,
    over_shuffles,
    two_sided,
)
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    import geopandas as gpd

    from wmspatial.charts import Chart
    from wmspatial.patterns._neighbouring import Neighbours
    from wmspatial.typology import Typology

_BESIDE = ("ward", "authority_code", "authority", "residents")
#: As esda numbers them.
_BY_NUMBER = {1: "High-High", 2: "Low-High", 3: "Low-Low", 4: "High-Low"}


@dataclass(frozen=True, eq=False, repr=False)
class Autocorrelation:
    """Whether neighbours are alike, from :func:`~wmspatial.autocorrelation`.

    Attributes
    ----------
    moran : Series of float
        Moran's ``I``, what is ``expected`` of it where there is no pattern, ``mean`` and ``sd``
        over the permutations, ``z`` and the two-sided ``p`` from them; ``areas`` tested,
        ``islands`` and ``missing`` that were left out, ``links`` between areas, and
        ``permutations``.
    local : DataFrame
        By area: ``name``, ``value``, ``neighbours`` (the mean of those that touch it),
        ``local_i``, ``quadrant`` (High-High: a high value among high ones), ``p``,
        ``p_adjusted`` (for the false discovery rate), ``significant`` and ``pattern``: the
        quadrant where it is significant, and otherwise ``Not significant``, ``Island`` or
        ``No value``. Of an island everything but the value is missing.
    column : str
        What was tested.
    by : str or None
        What the areas were put together by.
    false_discovery : float
        The rate up to which areas are called significant by mistake.
    notes : tuple of str
        What was left out, and what has to be known.
    label : str
        What the column is called.
    units : str
        What the areas are called.
    illustrative : bool
        Whether the data is made up.

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.autocorrelation(wm.classify(wm.load_sample()))
    >>> bool(found.moran["p"] <= 0.01)
    True
    """

    moran: pd.Series[Any]
    local: pd.DataFrame
    column: str
    by: str | None
    false_discovery: float
    notes: tuple[str, ...]
    label: str
    units: str
    illustrative: bool
    _neighbours: Neighbours

    def summary_text(self) -> str:
        """Say in plain English whether there is a pattern, and where values are low or high.

        Returns
        -------
        str
            A few sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> found = wm.autocorrelation(wm.classify(wm.load_sample()), by="zone")
        >>> found.summary_text().endswith("(Illustrative data, not statistics.)")
        True
        """
        return autocorrelation_text(self)

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return :attr:`local` with polygons, ready for a map.

        Returns
        -------
        GeoDataFrame
            The column to colour by is ``pattern``, a category; names in order, colours, signs and
            meanings of its values are in :data:`wmspatial.patterns.QUADRANTS`.

        Examples
        --------
        >>> import wmspatial as wm
        >>> frame = wm.autocorrelation(wm.classify(wm.load_sample())).to_frame()
        >>> frame["pattern"].cat.categories[0]
        'Low-Low'
        """
        import geopandas as gpd

        found = self._neighbours
        shapes = found.frame.geometry
        if self.by is not None:
            grouped = gpd.GeoDataFrame(geometry=shapes.to_numpy(), crs=shapes.crs)
            whole = grouped.dissolve(found.keys.to_numpy(), sort=False, method="unary")
            shapes = whole.geometry.reindex(self.local.index)
        frame = gpd.GeoDataFrame(self.local, geometry=shapes.to_numpy(), crs=shapes.crs)
        frame.attrs.update(found.frame.attrs)
        if self.by is None:
            # What a map needs for its key, its search and its legend.
            beside = [c for c in _BESIDE if c in found.frame.columns]
            frame = frame.join(pd.DataFrame(found.frame)[beside])
        if self.illustrative:
            frame.columns.name = ILLUSTRATIVE
        return frame

    def chart(self, *, title: str | None = None, source: str = "") -> Chart:
        """Draw every area's value against the mean of its neighbours (Moran's scatter plot).

        Parameters
        ----------
        title : str, optional
            By default it names the column.
        source : str
            Stands at the foot.

        Returns
        -------
        Chart
            With its words.

        Examples
        --------
        >>> import wmspatial as wm
        >>> chart = wm.autocorrelation(wm.classify(wm.load_sample())).chart()
        >>> len(chart.figure.axes)
        1
        """
        from wmspatial.patterns._moran_chart import draw

        return draw(self, title, source)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Autocorrelation: {self.summary_text()}>"


def autocorrelation(
    typology_or_frame: Typology | gpd.GeoDataFrame,
    column: str = "connection_score",
    *,
    by: str | None = None,
    permutations: int = 999,
    local_permutations: int = 99_999,
    seed: int = 0,
    false_discovery: float = 0.05,
    label: str = "",
) -> Autocorrelation:
    """Test whether neighbours have like values: over the whole map, and place by place.

    Parameters
    ----------
    typology_or_frame : Typology or GeoDataFrame
        From :func:`~wmspatial.classify`, or any areas with polygons.
    column : str, default "connection_score"
        A column of numbers.
    by : str, optional
        Put areas together that have one value in this column, ``"zone"`` say, and test those.
        Where their values differ, the mean is taken, weighted by ``residents`` if there are any.
    permutations : int, default 999
        How often values are shuffled over the map, for Moran's I.
    local_permutations : int, default 99_999
        How often neighbours are drawn, for the local I.
    seed : int, default 0
        Where the random numbers start.
    false_discovery : float, default 0.05
        Of the areas called significant, up to this share may be so by chance.
    label : str, optional
        What the column is called in words; by default its name.

    Returns
    -------
    Autocorrelation
        Moran's I with its p-value, and every area's local I.

    Raises
    ------
    InputError
        If the column is missing, no number or the same everywhere, there are too few areas, no two
        touch, or a number is out of its range.

    Notes
    -----
    Areas are neighbours that share a border or a corner (queen contiguity); an area's neighbours
    weigh 1 together. The indices are esda's. For Moran's I all values are shuffled over all areas;
    for a local I the area keeps its value and its neighbours' are drawn from all others, the same
    draws for all areas with as many neighbours. p-values are two-sided, twice the smaller tail,
    with ties in both; esda's are of one tail, chosen after the fact. Local p-values are adjusted
    for how many there are (Benjamini and Hochberg), which holds for independent tests and those
    that go together. None is below 2 / (local_permutations + 1); where none is significant and
    that is too coarse, a note says how many areas would have to stand out.

    Areas without a value, and islands, which touch no other with a value, are left out of
    everything, and counted.

    References
    ----------
    Anselin, L. (1995), Local indicators of spatial association: LISA, Geographical Analysis 27(2).
    Caldas de Castro, M. and Singer, B. H. (2006), Controlling the false discovery rate: a new
    application to account for multiple and dependent tests in local statistics of spatial
    association, Geographical Analysis 38(2).

    Examples
    --------
    >>> import wmspatial as wm
    >>> found = wm.autocorrelation(wm.classify(wm.load_sample()), "residents", by="ward_code")
    >>> bool(found.local["p"].between(0, 1).all())
    True
    """
    check_numbers(permutations, seed)
    check_numbers(local_permutations, seed, "local_permutations")
    if not 0 < false_discovery < 1:
        raise InputError(
            f"false_discovery={false_discovery!r}: expected a share between 0 and 1, such as 0.05."
        )
    frame, _units, _made_up = frame_of(typology_or_frame)
    values = numbers_of(frame, column)
    found = neighbours_of(typology_or_frame, values, by)
    y = found.table["value"].to_numpy("float64")[found.used]
    spread = y.std()
    if spread <= 1e-12 * np.abs(y).max():
        raise InputError(
            f"column: {column!r} is the same in all {len(y):,} {found.units} that have a value and "
            "a neighbour: there is no pattern to look for."
        )
    notes = [*found.notes]
    if by is None and shared_in(frame, values):
        notes.append(SHARED)
    whole, each, said = _indices(y, found)
    notes += said
    z = (y - y.mean()) / spread
    weights = by_row(found.links)
    streams = np.random.SeedSequence(seed).spawn(2)
    shuffle, choose = (np.random.default_rng(stream) for stream in streams)
    moran = _moran(whole, over_shuffles(z, moran_of_rows(weights), shuffle, permutations), found)
    degrees = np.diff(found.links.indptr)
    draws = draw_others(len(z), int(degrees.max()), choose, local_permutations)
    p = local_p(z, found.links @ z, degrees, draws)
    local = _local(y, weights, each, p, false_discovery, found)
    if not local["significant"].any():
        notes.append(resolution_note(local_permutations, len(y), false_discovery, found.units))
    words = label or column.replace("_", " ")
    if found.illustrative:
        local.columns.name = ILLUSTRATIVE
    return Autocorrelation(
        moran, local, column, by, false_discovery, tuple(filter(None, notes)), words,
        found.units, found.illustrative, found,
    )  # fmt: skip


def _indices(y: Any, found: Neighbours) -> tuple[Any, Any, tuple[str, ...]]:
    """Have esda work out the indices."""

    def work() -> tuple[Any, Any]:
        from esda.moran import Moran, Moran_Local

        graph = graph_of(found.links)
        return Moran(y, graph, permutations=0), Moran_Local(y, graph, permutations=0)

    (whole, each), said = heeding(work)
    return whole, each, said


def _moran(whole: Any, drawn: Any, found: Neighbours) -> pd.Series[Any]:
    mean, sd = float(drawn.mean()), float(drawn.std())
    flat = sd < 1e-12  # every arrangement is alike, as where all areas touch all others
    return pd.Series(
        {
            "areas": float(found.used.sum()),
            "islands": float(found.islands.sum()),
            "missing": float(found.table["value"].isna().sum()),
            "links": found.links.nnz / 2,
            "I": float(whole.I),
            "expected": float(whole.EI),
            "mean": mean,
            "sd": sd,
            "z": np.nan if flat else (float(whole.I) - mean) / sd,
            "p": float(two_sided(*compared(float(whole.I), drawn), len(drawn))),
            "permutations": float(len(drawn)),
        },
        name="moran",
    )


def _local(
    y: Any, weights: Any, each: Any, p: Any, false_discovery: float, found: Neighbours
) -> pd.DataFrame:
    local = found.table.copy()
    local.index.name = found.frame.index.name or "code"
    for name, values in (("neighbours", weights @ y), ("local_i", each.Is)):
        local[name] = np.nan
        local.loc[found.used, name] = values
    quadrant = np.full(len(local), None, dtype="object")
    quadrant[found.used] = [_BY_NUMBER[number] for number in each.q]
    local["quadrant"] = pd.Categorical(quadrant, categories=NAMES[:4])
    adjusted = stats.false_discovery_control(p)
    for name, values in (("p", p), ("p_adjusted", adjusted)):
        local[name] = np.nan
        local.loc[found.used, name] = values
    sure = pd.array([pd.NA] * len(local), dtype="boolean")
    sure[found.used] = adjusted <= false_discovery + 1e-12
    local["significant"] = sure
    pattern = np.where(found.islands, ISLAND, NO_VALUE).astype("object")
    pattern[found.used] = np.where(
        adjusted <= false_discovery + 1e-12, quadrant[found.used], NOT_SIGNIFICANT
    )
    local["pattern"] = pd.Categorical(pattern, categories=NAMES)
    return local
