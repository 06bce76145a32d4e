"""How sure a class is: the same classification on flows and jobs drawn anew."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology.parameters import CLASSES, SHARE
from wmspatial.typology.wards import slug

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from wmspatial.typology._typology import Typology

CENSUS: Final = (
    "A census is no sample; the resampling stands for record swapping, imputation, and the "
    "accident of one week in one year."
)
_HELD: Final = (
    "Held as published: deprivation ranks, residents, how many commute from each zone and how many "
    "do not, and the parameters of the method (their part is the sensitivity analysis)."
)
_JOBS: Final = (
    "Jobs are drawn within the rounding of BRES, evenly: to 5 jobs below 50, and to 25, 50, 100, "
    "250, 500 and 1,000 from 50, 250, 500, 1,000, 2,500 and 5,000 jobs on. What the survey behind "
    "BRES did not see is not in it."
)
_BOUNDS: Final = (5, 95)
_Table = TypeVar("_Table", bound=pd.DataFrame)


@dataclass(frozen=True, eq=False, repr=False)
class Resampling:
    """The classes of the study area in many resamples.

    Made by :func:`resample`.

    Attributes
    ----------
    typology : Typology
        The classification that was resampled.
    draws : array of int8, shape (n, neighbourhoods)
        Position of the class in each resample (rows), by neighbourhood of the study area in their
        order (columns).
    n : int
        How many resamples.
    seed : int
        Where the random streams started.
    flows, jobs : bool
        What was drawn; the other was held.

    Examples
    --------
    >>> import wmspatial as wm
    >>> from wmspatial.typology.resampling import resample
    >>> result = resample(wm.classify(wm.load_sample()), n=20, seed=1)
    >>> result.probabilities.shape
    (1680, 5)
    """

    typology: Typology
    draws: npt.NDArray[np.int8]
    n: int
    seed: int
    flows: bool
    jobs: bool

    @cached_property
    def probabilities(self) -> pd.DataFrame:
        """The share of resamples in each class, 0 to 1: neighbourhoods by class."""
        shares = {
            name: np.count_nonzero(self.draws == code, axis=0) / self.n
            for code, name in enumerate(CLASSES)
        }
        table = pd.DataFrame(shares, index=self.typology.neighbourhoods.index)
        return self._marked(table)

    @cached_property
    def standard_error(self) -> pd.DataFrame:
        """The Monte Carlo standard error of :attr:`probabilities`, from 0 to 0.5.

        How far the shares may be off because there are only so many resamples: the root of
        p (1 - p) / n. Where a class never came up in n resamples, its probability is below 3 / n
        with 95 % confidence.
        """
        p = self.probabilities
        return self._marked(((p * (1 - p)) / self.n) ** 0.5)

    @cached_property
    def kept(self) -> pd.Series[float]:
        """The share of resamples in which each neighbourhood keeps its class, 0 to 1."""
        same = self.draws == self._classes.cat.codes.to_numpy()
        return pd.Series(
            np.count_nonzero(same, axis=0) / self.n, index=self._classes.index, name="kept"
        )

    @property
    def _classes(self) -> pd.Series[Any]:
        # Not those of the frame: somebody's own classes may stand there, which no draw can change.
        typology = self.typology
        classes: pd.Series[Any]
        classes = typology.everywhere.loc[typology.neighbourhoods.index, "labour_market_class"]
        return classes

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """The neighbourhoods with their classes and how sure they are.

        The columns of the typology and, after them, ``probability_disconnected``, ... and
        ``standard_error_disconnected``, ... for each class, ``kept`` and ``kept_standard_error``.
        """
        areas = self.typology.neighbourhoods
        added: dict[str, pd.Series[float]] = {}
        for prefix, table in (
            ("probability", self.probabilities),
            ("standard_error", self.standard_error),
        ):
            added |= {f"{prefix}_{slug(name)}": table[name] for name in CLASSES}
        added |= {
            "kept": self.kept,
            "kept_standard_error": (self.kept * (1 - self.kept) / self.n) ** 0.5,
        }
        frame = areas.drop(columns="geometry").assign(**added)
        frame = areas[["geometry"]].join(frame)[[*frame.columns, "geometry"]]
        frame.attrs.update(areas.attrs, resamples=self.n, seed=self.seed, drawn=self.drawn)
        return self._marked(frame)

    @property
    def drawn(self) -> str:
        """What was drawn, in words."""
        parts = [name for name in ("flows", "jobs") if getattr(self, name)]
        return " and ".join(parts) or "nothing"

    @property
    def caveats(self) -> tuple[str, ...]:
        """What has to be said wherever the probabilities are shown."""
        own = [CENSUS, _HELD]
        if self.jobs:
            own.append(_JOBS)
        connection = self.typology.parameters.connection
        if self.flows and connection != SHARE:
            own.append(
                f"The connection score ({connection}) does not come from the flows, so drawing "
                "them anew cannot change it."
            )
        if self.typology.agreement is not None:
            own.append(
                "Classes that were given are not resampled: probabilities are those of the "
                "reconstruction."
            )
        return (*own, *self.typology.caveats)

    def summary(self) -> pd.DataFrame:
        """Count the classes, and how far the counts range over the resamples.

        Returns
        -------
        DataFrame
            One row a class: ``neighbourhoods`` as classified, ``mean`` over the resamples, ``low``
            and ``high`` (the 5th and 95th percentile of the resamples), and ``kept``: the mean
            share of resamples in which those of the class keep it.

        Examples
        --------
        >>> import wmspatial as wm
        >>> from wmspatial.typology.resampling import resample
        >>> held = resample(wm.classify(wm.load_sample()), n=2, flows=False, jobs=False)
        >>> held.summary().loc["Disconnected", ["low", "high"]].tolist()
        [292, 292]
        """
        rows = {}
        for code, name in enumerate(CLASSES):
            counts = np.count_nonzero(self.draws == code, axis=1)
            low, high = np.percentile(counts, _BOUNDS, method="inverted_cdf")
            ours = self._classes == name
            rows[name] = {
                "neighbourhoods": int(ours.sum()),
                "mean": counts.mean(),
                "low": low,
                "high": high,
                "kept": self.kept[ours].mean(),
            }
        return self._marked(pd.DataFrame.from_dict(rows, orient="index"))

    def summary_text(self) -> str:
        """Say how sure the classes are, in plain English.

        Returns
        -------
        str
            A few sentences, the last on what is random in a census.

        Examples
        --------
        >>> import wmspatial as wm
        >>> from wmspatial.typology.resampling import resample
        >>> resample(wm.classify(wm.load_sample()), n=50).summary_text().startswith("Of the 292")
        True
        """
        name = "Disconnected"
        row = self.summary().loc[name]
        ours = self._classes == name
        p = self.probabilities[name]
        others = int(((p >= 0.5) & ~ours).sum())
        text = (
            f"Of the {int(ours.sum()):,} disconnected neighbourhoods of "
            f"{self.typology.study_area}, {int((p[ours] >= 0.95).sum()):,} are disconnected in at "
            f"least 95 % of {self.n:,} resamples ({self.drawn} drawn anew), "
            f"{int(p[ours].between(0.5, 0.95, inclusive='left').sum()):,} in 50 to 95 % and "
            f"{int((p[ours] < 0.5).sum()):,} in fewer; {others:,} that have another class are "
            f"disconnected in at least half. The number of disconnected neighbourhoods lies "
            f"between {row['low']:,.0f} and {row['high']:,.0f} in nine resamples of ten. {CENSUS}"
        )
        return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text

    def _marked(self, table: _Table) -> _Table:
        if self.typology.illustrative:
            table.columns.name = ILLUSTRATIVE
        return table

    def __repr__(self) -> str:
        """Tell the size, the seed and how many classes are sure."""
        sure = int((self.kept >= 0.95).sum())
        mark = f"  {ILLUSTRATIVE}\n" if self.typology.illustrative else ""
        vintage = self.typology.vintage or "vintage not given"
        return (
            f"<Resampling {self.typology.study_area}, {vintage}: {self.n:,} resamples, "
            f"{self.drawn} drawn, seed {self.seed}\n{mark}"
            f"  {sure:,} of {len(self.kept):,} neighbourhoods keep their class in 95 % of them>"
        )


def resample(
    typology: Typology, n: int = 1000, seed: int = 0, *, flows: bool = True, jobs: bool = True
) -> Resampling:
    """Classify again and again, on flows and jobs drawn anew.

    The commuters of each zone are drawn anew among its destinations, by a multinomial with the
    published shares; how many commute stays. Jobs are drawn evenly within the rounding of BRES.
    Jobs-rich neighbourhoods, the reference of each labour market, its cut and the classes are
    found again in each resample, with the typology's own parameters.

    Parameters
    ----------
    typology : Typology
        From :func:`~wmspatial.classify`.
    n : int, default 1000
        How many resamples.
    seed : int, default 0
        Where the random streams start. The same seed gives the same numbers, and the first
        resamples of a longer run are those of a shorter one.
    flows : bool, default True
        Draw the flows anew; otherwise they are held.
    jobs : bool, default True
        Draw jobs within the rounding of BRES; otherwise they are held, which is right for counts
        that are not rounded. In the 2021 vintage jobs are apportioned from LSOAs of 2011: there
        the counts of 2011 are drawn and apportioned again, so that the parts of a split move
        together; what was merged is taken to have had equal parts.

    Returns
    -------
    Resampling
        The probability of each class for each neighbourhood of the study area.

    Raises
    ------
    InputError
        If `n` or `seed` is no whole number in range, or jobs are to be drawn under a connection
        score that depends on them in a way that the resampling does not know.

    Notes
    -----
    A probability says how often the class would be found if the census had been taken in another
    week of the same year, as far as drawing from the published shares can stand for that. The
    published shares carry such an accident themselves: ``docs/uncertainty.md`` measures on the
    sample what follows from that.

    A published job count stands for all the numbers that round to it. Where the commuters of a zone
    are no whole number, the nearest is drawn.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> resample(typology, n=100, seed=1)
    <Resampling West Midlands (sample), 2011: 100 resamples, flows and jobs drawn, seed 1
      Illustrative data, not statistics
      ... of 1,680 neighbourhoods keep their class in 95 % of them>
    """
    from wmspatial.typology._draws import draw_classes

    n = _whole(n, "n", 1, "resamples, one or more")
    seed = _whole(seed, "seed", 0, "a whole number of zero or more")
    for name, value in (("flows", flows), ("jobs", jobs)):
        if not isinstance(value, bool | np.bool_):
            raise InputError(f"resample: {name}={value!r}: expected True or False.")
    if jobs:
        _refuse_unknown_score(typology)
    draws = draw_classes(typology, n, seed, flows=bool(flows), jobs=bool(jobs))
    return Resampling(typology, draws, n, seed, bool(flows), bool(jobs))


def _whole(value: object, name: str, least: int, expected: str) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or number < least:
        raise InputError(f"resample: {name}={value!r}: expected {expected}.")
    return number


def _refuse_unknown_score(typology: Typology) -> None:
    """Refuse to draw jobs where the score would have to follow them and cannot."""
    connection = typology.parameters.connection
    if connection == SHARE or connection in typology.dataset.neighbourhoods.columns:
        return
    raise InputError(
        f"resample: jobs cannot be drawn under connection={connection!r}: that score is made of "
        "jobs, and resampling does not make it again. Hold the jobs: resample(..., jobs=False). "
        "Such a score does not come from the flows either, so every probability is then 0 or 1; "
        "what it leaves open is in the sensitivity analysis."
    )
