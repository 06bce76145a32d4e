"""How a column is shown: its classes, and which class a value is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.maps._choropleth_looks import BARE, FIRST_STEP, MISSING, Numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from wmspatial.maps.spec import Category


@dataclass(frozen=True)
class ColumnSpec:
    """How a column is shown: its classes in order, and which class a value is in.

    Made by :func:`classify_column`.

    Attributes
    ----------
    column : str
        Name of the column.
    label : str
        What stands above the legend, with its unit.
    scheme : str
        How the classes were made.
    categories : tuple of Category
        In the order of the legend; the last one is for missing values, where there are any.
    breaks : tuple of float
        Inner breaks of numbers; a value on a break is in the class below it. Empty for kinds.
    ends : tuple of (float or None)
        Where the first class begins and the last one ends, None where that is open.
    levels : tuple
        Values of the kinds, in order. Empty for numbers.
    centre : float or None
        What the two sides of a diverging scheme meet at.
    higher : {"worse", "better"} or None
        What a higher value means, as far as that was declared.
    numbers : Numbers
        How numbers are written.
    notes : tuple of str
        What has to be said about the classes.

    Examples
    --------
    >>> import pandas as pd
    >>> from wmspatial.maps.choropleth import classify_column
    >>> spec = classify_column(pd.Series([1.5, 12, 25]), breaks=[10, 20], unit="%", label="Poor")
    >>> [category.name for category in spec.categories]
    ['Up to 10 %', '10 to 20 %', 'Over 20 %']
    """

    column: str
    label: str
    scheme: str
    categories: tuple[Category, ...]
    breaks: tuple[float, ...] = ()
    ends: tuple[float | None, float | None] = (None, None)
    levels: tuple[Any, ...] = ()
    centre: float | None = None
    higher: str | None = None
    numbers: Numbers = BARE
    notes: tuple[str, ...] = ()

    def assign(self, values: pd.Series[Any]) -> Any:
        """Say in which class each value is.

        Parameters
        ----------
        values : Series
            Of the kind the classes were made from; of another map too, where maps share them.

        Returns
        -------
        ndarray of int
            Position in :attr:`categories`.

        Raises
        ------
        InputError
            If a value is in no class, or is missing where no value was.

        Examples
        --------
        >>> import pandas as pd
        >>> from wmspatial.maps.choropleth import classify_column
        >>> spec = classify_column(pd.Series([1, 12, 25, None]), breaks=[10, 20])
        >>> spec.assign(pd.Series([10, 11, None])).tolist()
        [0, 1, 3]
        """
        missing = values.isna().to_numpy()
        if self.levels:
            found = pd.Index(self.levels).get_indexer(_plain(values))
            outside = (found < 0) & ~missing
        else:
            number = as_numbers(values)
            found = np.searchsorted(np.array(self.breaks), number, side="left")
            low, high = self.ends
            # NaN compares false: what is missing is not outside.
            outside = (number < (-np.inf if low is None else low)) | (
                number > (np.inf if high is None else high)
            )
        if outside.any():
            raise InputError(
                f"{self.column}: {_how_many(outside)} in no class; the first is "
                f"{values[outside].tolist()[0]!r} for {values.index[outside][0]}."
            )
        if missing.any() and self.categories[-1] is not MISSING:
            raise InputError(
                f"{self.column}: {_how_many(missing)} missing, and the classes were "
                "made from values of which none was. Make them from all values together."
            )
        return np.where(missing, len(self.categories) - 1, found)

    def counts(
        self, values: pd.Series[Any], people: pd.Series[float] | None = None
    ) -> pd.DataFrame:
        """Count areas and people in each class.

        Parameters
        ----------
        values : Series
            The column.
        people : Series of float, optional
            Residents of the same areas.

        Returns
        -------
        DataFrame
            One row a class, in order: ``areas``, and ``people`` where they were given.

        Examples
        --------
        >>> import pandas as pd
        >>> from wmspatial.maps.choropleth import classify_column
        >>> values = pd.Series([1, 12, 25, None])
        >>> classify_column(values, breaks=[10]).counts(values)["areas"].tolist()
        [1, 2, 1]
        """
        places = self.assign(values)
        size = len(self.categories)
        table = pd.DataFrame(
            {"areas": np.bincount(places, minlength=size)},
            index=pd.Index([c.name for c in self.categories], name="class"),
        )
        if people is not None:
            weight = people.reindex(values.index).fillna(0.0).to_numpy("float64")
            table["people"] = np.bincount(places, weights=weight, minlength=size)
        return table

    @property
    def direction(self) -> str:
        """Which way the colours run, in words for the legend; empty for kinds without an order."""
        if self.centre is not None:
            at = self.numbers.write(self.centre)
            return f"+ above {at}, − below{_which(self.higher)}; the darker, the farther from it."
        if self.levels and self.categories[0].symbol != FIRST_STEP:
            return ""
        if self.higher is None:
            return "Darker is higher." if not self.levels else "Darker is later in the order."
        if self.higher == "worse":
            return "Higher is worse: the darker, the worse."
        return "Higher is better: darker is lower, and worse."


def _which(higher: str | None) -> str:
    other = {"worse": "better", "better": "worse"}
    return "" if higher is None else f" (higher is {higher}, lower {other[higher]})"


def as_numbers(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Return the values as numbers, NaN where they are missing; refuse text."""
    number = pd.to_numeric(values.astype(object), errors="coerce").astype("float64")
    text = number.isna() & values.notna()
    if text.any():
        raise InputError(
            f"{values.name}: {_how_many(text)} no number; the first is "
            f"{values[text].tolist()[0]!r} for {values.index[text][0]}. For kinds give "
            "scheme='categories'."
        )
    return np.asarray(number, dtype=np.float64)


def _how_many(which: Any) -> str:
    count = int(np.sum(which))
    return f"{count:,} {'value is' if count == 1 else 'values are'}"


def _plain(values: pd.Series[Any]) -> Any:
    return values.astype(object).to_numpy()
