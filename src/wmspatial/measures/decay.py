"""How much less a job counts, the farther off it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wmspatial.errors import InputError

Floats: TypeAlias = NDArray[np.float64]

#: What weighs separations: a :class:`Decay`, a :class:`Threshold`, or any function of an array of
#: kilometres or minutes that gives finite weights.
Weighting: TypeAlias = Callable[[Floats], Floats]

DECAYS: Final = ("exponential", "power", "gaussian")
UNITS: Final = ("km", "minute")


@dataclass(frozen=True)
class Decay:
    """A weight that falls with the separation `c`, and is 1 where there is none.

    =========== =========================== =====================================
    kind        weight                      rate
    =========== =========================== =====================================
    exponential ``exp(-rate * c)``          per km or per minute
    power       ``max(c, 1) ** -rate``      an exponent, without a unit
    gaussian    ``exp(-(rate * c)**2 / 2)`` per km or per minute; ``1 / width``
    =========== =========================== =====================================

    A power has no bound towards zero, so that everything within one kilometre or minute counts
    whole.

    Parameters
    ----------
    kind : {"exponential", "power", "gaussian"}
        The shape.
    rate : float, default 0.3
        How steep, above zero.
    per : {"km", "minute"}
        What `c` is measured in; it has to be what the separations are measured in.

    Raises
    ------
    InputError
        If any of them is out of its range; all faults are named at once.

    Examples
    --------
    >>> Decay("exponential", 0.3)([0.0, 10.0]).round(3).tolist()
    [1.0, 0.05]
    >>> Decay("power", 2, per="minute")([0.5, 10.0]).tolist()
    [1.0, 0.01]
    """

    kind: str = "exponential"
    rate: float = 0.3
    per: str = "km"

    def __post_init__(self) -> None:
        """Check every value, and name all faults at once."""
        faults = []
        if self.kind not in DECAYS:
            faults.append(f"kind={self.kind!r}: expected one of {', '.join(map(repr, DECAYS))}")
        if not positive(self.rate):
            faults.append(
                f"rate={self.rate!r}: expected a number above zero; the weight falls with "
                "separation, and the minus sign is in the formula"
            )
        _refuse("Decay", [*faults, *_unit_faults(self.per)])

    @classmethod
    def gaussian(cls, width: float, per: str = "km") -> Decay:
        """Make ``exp(-c**2 / (2 * width**2))`` from its width.

        Parameters
        ----------
        width : float
            Where the weight has fallen to 0.61, km or minutes.
        per : {"km", "minute"}
            What `width` is measured in.

        Returns
        -------
        Decay
            With the rate ``1 / width``.

        Raises
        ------
        InputError
            If the width is not above zero.

        Examples
        --------
        >>> Decay.gaussian(width=5.0).rate
        0.2
        """
        if not positive(width):
            raise InputError(f"Decay: width={width!r}: expected a number above zero.")
        return cls("gaussian", 1 / width, per)

    @property
    def reach(self) -> float:
        """Beyond it nothing counts: a decay has no such end."""
        return math.inf

    def __call__(self, separation: Any) -> Floats:
        """Weigh separations, km or minutes, none negative."""
        c = np.asarray(separation, dtype="float64")
        scaled: Floats
        if self.kind == "power":
            scaled = np.maximum(c, 1.0)
            return np.power(scaled, -self.rate, out=scaled)
        # In place where it can be: these arrays are read and written a hundred million times.
        scaled = c * (-self.rate)
        if self.kind == "gaussian":
            scaled *= scaled
            scaled *= -0.5
        return np.exp(scaled, out=scaled)


@dataclass(frozen=True)
class Threshold:
    """Count whole what is within a limit, and nothing beyond it.

    Parameters
    ----------
    limit : float
        Kilometres or minutes, above zero; what lies exactly there counts.
    per : {"km", "minute"}
        What `limit` is measured in.

    Raises
    ------
    InputError
        If the limit is not above zero.

    Examples
    --------
    >>> Threshold(5.0)([4.9, 5.0, 5.1]).tolist()
    [1.0, 1.0, 0.0]
    """

    limit: float
    per: str = "km"

    def __post_init__(self) -> None:
        """Check every value, and name all faults at once."""
        faults = []
        if not positive(self.limit):
            faults.append(f"limit={self.limit!r}: expected a number above zero")
        _refuse("Threshold", [*faults, *_unit_faults(self.per)])

    @property
    def reach(self) -> float:
        """Beyond it nothing counts."""
        return self.limit

    def __call__(self, separation: Any) -> Floats:
        """Weigh separations, km or minutes, none negative."""
        return (np.asarray(separation) <= self.limit).astype("float64")


def reach_of(weighting: Weighting, within: float, unit: str) -> float:
    """Return how far anything counts, and refuse a weighting in another unit.

    Parameters
    ----------
    weighting : Decay, Threshold or callable
        A plain function is taken to be in the unit of the separations.
    within : float
        How far separations are known or wanted, km or minutes.
    unit : {"km", "minute"}
        What separations are measured in.

    Returns
    -------
    float
        Kilometres or minutes.

    Raises
    ------
    InputError
        If the weighting is per kilometre and separations are in minutes, or the reverse.

    Examples
    --------
    >>> reach_of(Threshold(5.0), 60.0, "km")
    5.0
    """
    per = getattr(weighting, "per", unit)
    if per != unit:
        raise InputError(
            f"{weighting!r} is per {per}, but separations are measured in "
            f"{'kilometres' if unit == 'km' else 'minutes'}. Give one with per={unit!r}."
        )
    return float(min(within, getattr(weighting, "reach", math.inf)))


def positive(value: object) -> bool:
    """Say whether a value is a finite number above zero.

    Examples
    --------
    >>> positive(0.3), positive(0), positive(True), positive(float("nan"))
    (True, False, False, False)
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    return number and math.isfinite(float(value)) and float(value) > 0  # type: ignore[arg-type]


def _unit_faults(per: str) -> list[str]:
    return [] if per in UNITS else [f"per={per!r}: expected 'km' or 'minute'"]


def _refuse(what: str, faults: list[str]) -> None:
    if faults:
        raise InputError(f"{what}: {'; '.join(faults)}.")
