"""Every choice of the method under its name, checked once and carried into every output."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError, require
from wmspatial.measures.decay import DECAYS, positive

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES: Final = (
    "Disconnected",
    "Connected",
    "Large number of jobs",
    "Not classified",
    "Insufficient data",
)

DENOMINATORS: Final = ("all employed residents", "commuters", "all residents")
REFERENCES: Final = (
    "deprived and not jobs-rich",
    "deprived",
    "all",
)
STUDY_AREA: Final = "study area"
SHARE: Final = "share to jobs-rich"
#: The connection scores that count jobs within reach, whoever holds them.
ACCESSIBILITY: Final = ("shen", "hansen", "cumulative")
IMPEDANCES: Final = ("distance", "travel time")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The choices of the labour-market typology.

    Attributes
    ----------
    deprived_share : float, default 0.20
        Share of its nation's neighbourhoods that counts as deprived, from the most deprived on.
        Published by JRF.
    pez_ratio : float, default 1.0
        A neighbourhood is jobs-rich (a primary employment zone) when its jobs per person of
        `pez_denominator` are strictly more than this. JRF's wording.
    pez_denominator : {"all employed residents", "commuters", "all residents"} or str
        Whom jobs are held against; any other name is a column of the neighbourhoods.
        Inferred from JRF's published counts.
    connection : {"share to jobs-rich", "shen", "hansen", "cumulative"} or str
        The connection score: the share of a zone's commuters who work in jobs-rich
        neighbourhoods; jobs per competing worker within reach
        (:func:`~wmspatial.measures.shen`); jobs within reach, each counted less the farther away
        it is (:func:`~wmspatial.measures.hansen`); or all jobs within `threshold`
        (:func:`~wmspatial.measures.cumulative_opportunities`). Any other name is a column of the
        neighbourhoods that holds a score, higher for better connected. Our choice.
    reference : {"deprived and not jobs-rich", "deprived", "all"}
        The neighbourhoods of the labour market among which the cut is taken. Our choice.
    cut : float, default 0.5
        Below it a neighbourhood is Disconnected: a quantile of the reference (0.5 is the median;
        linear interpolation), or with ``cut_kind="value"`` a score. Our choice.
    cut_kind : {"quantile", "value"}
        What `cut` means.
    labour_market : str, default "labour_market"
        Column of the neighbourhoods that holds the labour market, by default the travel-to-work
        area of 2011, whole; or ``"study area"``. Our choice.
    min_flow : int, default 50
        With fewer commuters than this in its zone a neighbourhood is Insufficient data.
        Our choice.
    max_unknown : float, default 0.20
        With a larger share of its commuters going where jobs are unknown, likewise. Our choice.
    impedance : {"distance", "travel time"}
        What separates places in an accessibility score: kilometres in a straight line between
        the dataset's points, or the minutes of its travel times. Our choice, as all that follow.
    decay : {"exponential", "power", "gaussian"}
        How a job counts less with separation, for Shen and Hansen
        (:class:`~wmspatial.measures.Decay`).
    decay_rate : float, default 0.3
        How steep the decay is: per km or per minute; the exponent of a power; for a Gaussian one
        over its width.
    within : float, default 60.0
        Nothing farther away than this counts, km or minutes.
    threshold : float, default 5.0
        How far ``connection="cumulative"`` counts jobs, km or minutes.

    Raises
    ------
    InputError
        If any value is out of its range; all faults are named at once.

    Notes
    -----
    What JRF published and what it did not: ``docs/method.md``.

    Examples
    --------
    >>> Parameters(cut=1 / 3).cut_text
    'the 33rd percentile'
    >>> Parameters().replace(pez_ratio=2).changed()
    {'pez_ratio': 2}
    """

    deprived_share: float = 0.20
    pez_ratio: float = 1.0
    pez_denominator: str = "all employed residents"
    connection: str = "share to jobs-rich"
    reference: str = "deprived and not jobs-rich"
    cut: float = 0.5
    cut_kind: str = "quantile"
    labour_market: str = "labour_market"
    min_flow: int = 50
    max_unknown: float = 0.20
    impedance: str = "distance"
    decay: str = "exponential"
    decay_rate: float = 0.3
    within: float = 60.0
    threshold: float = 5.0

    def __post_init__(self) -> None:
        """Check every value, and name all faults at once."""
        faults = [
            f"{name}={getattr(self, name)!r}: expected {expected}"
            for name, expected, good in _RULES
            if not good(getattr(self, name))
        ]
        if not faults and self.cut_kind == "quantile" and not 0 <= self.cut <= 1:
            faults.append(f"cut={self.cut!r}: expected a quantile from 0 to 1")
        if not faults and self.connection == "cumulative" and self.threshold > self.within:
            faults.append(
                f"threshold={self.threshold!r}: expected no more than within={self.within!r}, "
                "beyond which nothing counts"
            )
        if faults:
            raise InputError("Parameters: " + "; ".join(faults) + ".")

    def replace(self, **changes: Any) -> Parameters:
        """Return the same parameters with some changed.

        Parameters
        ----------
        **changes
            New values by name.

        Returns
        -------
        wmspatial.Parameters
            A new object; this one is unchanged.

        Raises
        ------
        InputError
            If a name is not a parameter, or a value is out of its range.
        """
        names = [field.name for field in fields(self)]
        unknown = [name for name in changes if name not in names]
        if unknown:
            raise InputError(
                f"Parameters: no parameter {', '.join(unknown)}. There are: {', '.join(names)}."
            )
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Give all values by name, as every output carries them.

        Returns
        -------
        dict of str to object
            Every parameter.

        Examples
        --------
        >>> Parameters().to_dict()["min_flow"]
        50
        """
        return asdict(self)

    def to_toml(self) -> str:
        """Write all values as TOML, as every briefing carries them.

        Returns
        -------
        str
            One line a parameter.

        Examples
        --------
        >>> Parameters.from_toml(Parameters(cut=0.4).to_toml()).cut
        0.4
        """
        import tomli_w

        return tomli_w.dumps(self.to_dict())

    @classmethod
    def from_toml(cls, text: str) -> Parameters:
        """Read parameters from TOML; those that it does not name are the defaults.

        Parameters
        ----------
        text : str
            What :meth:`to_toml` wrote, or the like.

        Returns
        -------
        wmspatial.Parameters
            The same parameters.

        Raises
        ------
        InputError
            If it is no TOML, or names what is no parameter or out of its range.

        Examples
        --------
        >>> Parameters.from_toml('pez_ratio = 1.5').changed()
        {'pez_ratio': 1.5}
        """
        import tomllib

        require(text, "text", "str", 'Path("parameters.toml").read_text(encoding="utf-8")')
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"Parameters: not TOML that can be read ({error}).") from error
        return cls().replace(**values)

    def changed(self) -> dict[str, Any]:
        """Give the values that are not the default.

        Returns
        -------
        dict of str to object
            The parameters that were changed.

        Examples
        --------
        >>> Parameters(min_flow=100).changed()
        {'min_flow': 100}
        """
        default = Parameters()
        return {k: v for k, v in self.to_dict().items() if v != getattr(default, k)}

    @property
    def cut_text(self) -> str:
        """The cut in words."""
        if self.cut_kind == "value":
            return f"the fixed score {self.cut:g}"
        if self.cut == 0.5:
            return "the median"
        return f"the {_ordinal(round(100 * self.cut))} percentile"

    @property
    def per(self) -> str:
        """What places are separated by in an accessibility score: ``"km"`` or ``"minute"``."""
        return "km" if self.impedance == "distance" else "minute"

    def separation_text(self, value: float) -> str:
        """Give a distance or a travel time with its unit.

        Parameters
        ----------
        value : float
            Kilometres or minutes, as :attr:`impedance` has them.

        Returns
        -------
        str
            Such as ``"5 km"`` or ``"45 minutes"``.

        Examples
        --------
        >>> Parameters().separation_text(5.0)
        '5 km'
        """
        if self.per == "km":
            return f"{value:g} km"
        return f"{value:g} minute{'' if value == 1 else 's'}"

    @property
    def decay_text(self) -> str:
        """The decay in words."""
        if self.decay == "power":
            return f"power decay with an exponent of {self.decay_rate:g}"
        if self.decay == "gaussian":
            width = self.separation_text(float(f"{1 / self.decay_rate:.3g}"))
            return f"Gaussian decay with a width of {width}"
        return f"exponential decay of {self.decay_rate:g} per {self.per}"


def _ordinal(n: int) -> str:
    teen = 10 <= n % 100 <= 20
    return f"{n}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _number(low: float, high: float, *, open_low: bool = False) -> Callable[[object], bool]:
    def good(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, Real):
            return False
        number = float(value)
        above = low < number if open_low else low <= number
        return math.isfinite(number) and above and number <= high

    return good


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


_RULES: Final[tuple[tuple[str, str, Callable[[object], bool]], ...]] = (
    ("deprived_share", "a share above 0 and up to 1", _number(0, 1, open_low=True)),
    ("pez_ratio", "a ratio of zero or more", _number(0, math.inf)),
    ("pez_denominator", "a name", _text),
    ("connection", "a name", _text),
    ("reference", f"one of {', '.join(map(repr, REFERENCES))}", lambda v: v in REFERENCES),
    ("cut", "a number", _number(-math.inf, math.inf)),
    ("cut_kind", "'quantile' or 'value'", lambda v: v in ("quantile", "value")),
    ("labour_market", "the name of a column, or 'study area'", _text),
    ("min_flow", "people, zero or more", _number(0, math.inf)),
    ("max_unknown", "a share from 0 to 1", _number(0, 1)),
    ("impedance", "'distance' or 'travel time'", lambda v: v in IMPEDANCES),
    ("decay", f"one of {', '.join(map(repr, DECAYS))}", lambda v: v in DECAYS),
    ("decay_rate", "a rate above zero", positive),
    ("within", "km or minutes, above zero", positive),
    ("threshold", "km or minutes, above zero", positive),
)
