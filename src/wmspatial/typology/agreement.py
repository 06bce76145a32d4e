"""Somebody's own classes beside the reconstruction: taken as given, and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far given classes and the reconstruction agree.

    Attributes
    ----------
    source : str
        Whose classes they are.
    confusion : DataFrame of int
        Neighbourhoods by given class (rows) and reconstructed class (columns).
    kappa : float
        Cohen's kappa: 1 is full agreement, 0 what chance alone would give; missing where both
        put every neighbourhood into one class.
    compared : int
        Neighbourhoods that have both.
    differing : tuple of str
        Codes of those whose two classes differ.
    not_given : tuple of str
        Codes of neighbourhoods without a given class: they keep the reconstructed one.
    elsewhere : tuple of str
        Codes of the table that are not in the study area.

    References
    ----------
    Cohen, J. (1960), "A coefficient of agreement for nominal scales", *Educational and
    Psychological Measurement* 20, 37-46.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> same = typology.with_classes(typology.frame["labour_market_class"], source="a copy")
    >>> same.agreement.kappa
    1.0
    """

    source: str
    confusion: pd.DataFrame
    kappa: float
    compared: int
    differing: tuple[str, ...]
    not_given: tuple[str, ...]
    elsewhere: tuple[str, ...]

    def __str__(self) -> str:
        """Tell it in plain English."""
        same = self.compared - len(self.differing)
        kappa = "" if np.isnan(self.kappa) else f"; Cohen's kappa {self.kappa:.2f}"
        have = f"{same:,} of {self.compared:,} neighbourhoods have the class"
        lines = [f"{have} that {self.source} gives them{kappa}."]
        if self.differing:
            lines.append(f"They differ for {examples(self.differing)}.")
        if self.not_given:
            lines.append(
                f"{len(self.not_given):,} have no given class and keep the reconstructed one "
                f"({examples(self.not_given)})."
            )
        if self.elsewhere:
            places = f"({examples(self.elsewhere)})"
            lines.append(
                f"{len(self.elsewhere):,} given classes are for places outside the study area "
                f"{places}."
            )
        return " ".join(lines)


def given_classes(
    classes: pd.Series[Any], names: Mapping[str, str] | None, source: str
) -> pd.Series[Any]:
    """Check given classes and bring them to this library's names.

    Parameters
    ----------
    classes : Series of str
        The class of each neighbourhood, indexed by code; missing ones are left out.
    names : mapping of str to str, optional
        What the table calls each class, where that is not what this library calls it.
    source : str
        Whose classes they are, for errors.

    Returns
    -------
    Series of str
        Names of :data:`CLASSES`, by code.

    Raises
    ------
    InputError
        If a code stands twice or a name is no class.

    Examples
    --------
    >>> given_classes(pd.Series({"a": "primary employment zone"}),
    ...               {"primary employment zone": "Large number of jobs"}, "JRF").to_dict()
    {'a': 'Large number of jobs'}
    """
    if not classes.index.is_unique:
        twice = classes.index[classes.index.duplicated()].unique()
        raise InputError(f"{source}: codes stand more than once ({examples(twice)}).")
    text = classes.dropna().astype("str").str.strip()
    renamed = text.replace(dict(names)) if names else text
    known = {name.casefold(): name for name in CLASSES}
    found = renamed.str.casefold().map(known)
    if found.isna().any():
        odd = text[found.isna()].unique()
        raise InputError(
            f"{source}: {examples(map(repr, odd))} is no class, first for "
            f"{text.index[found.isna()][0]}. Expected {', '.join(CLASSES)}; say what yours are "
            "called with names={'yours': 'ours'}."
        )
    return pd.Series(found, dtype="str")


def compare_classes(given: pd.Series[Any], reconstructed: pd.Series[Any], source: str) -> Agreement:
    """Hold given classes against reconstructed ones.

    Parameters
    ----------
    given : Series of str
        Given classes by code, from :func:`given_classes`.
    reconstructed : Series of str
        Reconstructed classes by code, of the whole study area.
    source : str
        Whose classes the given ones are.

    Returns
    -------
    Agreement
        Confusion matrix, kappa, and where they differ.

    Raises
    ------
    InputError
        If not one given code is in the study area.

    Examples
    --------
    >>> ours = pd.Series({"a": "Connected", "b": "Disconnected"})
    >>> compare_classes(pd.Series({"a": "Connected"}), ours, "JRF").not_given
    ('b',)
    """
    ours = reconstructed.astype("str")
    both = ours.index.intersection(given.index, sort=False)
    if both.empty:
        raise InputError(
            f"{source}: not one of its {len(given):,} codes ({examples(given.index, 3)}) is in the "
            f"study area ({examples(ours.index, 3)}). Are they of the same place and census?"
        )
    one, other = given.loc[both], ours.loc[both]
    counts = pd.crosstab(one, other).reindex(index=CLASSES, columns=CLASSES, fill_value=0)
    counts = counts.rename_axis(index="given", columns="reconstructed")
    return Agreement(
        source=source,
        confusion=counts,
        kappa=cohens_kappa(counts.to_numpy(dtype=float)),
        compared=len(both),
        differing=tuple(both[(one != other).to_numpy()]),
        not_given=tuple(ours.index.difference(given.index, sort=False)),
        elsewhere=tuple(given.index.difference(ours.index, sort=False)),
    )


def cohens_kappa(counts: Any) -> float:
    """Compute Cohen's kappa of a confusion matrix.

    Parameters
    ----------
    counts : array of float, shape (k, k)
        Cases by one rater (rows) and the other (columns).

    Returns
    -------
    float
        At most 1; missing where chance alone would give full agreement.

    Examples
    --------
    >>> round(cohens_kappa([[20, 5], [10, 15]]), 3)
    0.4
    """
    table = np.asarray(counts, dtype=float)
    total = table.sum()
    observed = np.trace(table) / total
    expected = float(table.sum(axis=0) @ table.sum(axis=1)) / total**2
    if np.isclose(expected, 1.0):
        return float("nan")
    return float((observed - expected) / (1.0 - expected))
