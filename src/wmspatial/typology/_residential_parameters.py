"""The choices of the residential typology under their names, checked once."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from numbers import Real
from typing import Any

from wmspatial.errors import InputError


@dataclass(frozen=True, kw_only=True)
class ResidentialParameters:
    """The choices of the residential typology.

    Attributes
    ----------
    deprived_share : float, default 0.20
        Share of its nation's neighbourhoods that counts as deprived, from the most deprived on.
    min_flow : float, default 50
        A zone with fewer in-movers than this, or with fewer out-movers, moves within it counted
        on both sides, is Insufficient data. Our choice.
    max_unknown : float, default 0.5
        A zone with a larger share of its in-movers, or of its out-movers, from or to places
        without a decile is marked ``mostly_unknown``; it keeps its type. Our choice.

    Raises
    ------
    InputError
        If any value is out of its range; all faults are named at once.

    Examples
    --------
    >>> ResidentialParameters(min_flow=100).to_dict()
    {'deprived_share': 0.2, 'min_flow': 100, 'max_unknown': 0.5}
    """

    deprived_share: float = 0.20
    min_flow: float = 50
    max_unknown: float = 0.5

    def __post_init__(self) -> None:
        """Check every value, and name all faults at once."""
        expected = {
            "deprived_share": "a share above 0 and up to 1",
            "min_flow": "people, zero or more",
            "max_unknown": "a share from 0 to 1",
        }
        faults = []
        for field in fields(self):
            value = getattr(self, field.name)
            good = isinstance(value, Real) and not isinstance(value, bool)
            number = float(value) if good else math.nan
            high = math.inf if field.name == "min_flow" else 1.0
            good = math.isfinite(number) and 0 <= number <= high
            if not good or (field.name == "deprived_share" and number == 0):
                faults.append(f"{field.name}={value!r}: expected {expected[field.name]}")
        if faults:
            raise InputError("classify_residential: " + "; ".join(faults) + ".")

    def to_dict(self) -> dict[str, Any]:
        """Give all values by name, as every output carries them.

        Returns
        -------
        dict of str to object
            Every parameter.

        Examples
        --------
        >>> ResidentialParameters().to_dict()["deprived_share"]
        0.2
        """
        return asdict(self)
