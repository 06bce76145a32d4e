"""The rules in their order, and how to add one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: The rule that decided, in the order in which they are tried, and the class it gives.
RULES: Final[dict[str, str]] = {
    "no deprivation rank": "Insufficient data",
    "no flow zone": "Insufficient data",
    "too few commuters": "Insufficient data",
    "too many commuters to unknown jobs": "Insufficient data",
    "not deprived": "Not classified",
    "jobs or connection unknown": "Insufficient data",
    "more jobs than people": "Large number of jobs",
    "no reference to cut at": "Insufficient data",
    "below the cut": "Disconnected",
    "at or above the cut": "Connected",
}
#: The rules before which another can be put: those that need no cut.
BEFORE: Final = tuple(RULES)[:7]


@dataclass(frozen=True)
class Rule:
    """A rule of the analyst's own, tried among the others.

    A neighbourhood that it decides leaves the distribution that the cut is taken among only where
    the rule gives Insufficient data.

    Attributes
    ----------
    name : str
        What it is called; explanations say it.
    gives : str
        The class it gives, one of the five.
    when : callable
        Takes the neighbourhoods with their evidence (a DataFrame) and returns a boolean Series on
        their index: where the rule applies.
    before : str, default "more jobs than people"
        The rule before which it is tried.

    Raises
    ------
    InputError
        If the name is taken, or there is no such class or rule.

    Examples
    --------
    >>> import wmspatial as wm
    >>> few = wm.Rule("fewer than 1,200 residents", "Insufficient data",
    ...               lambda table: table["residents"] < 1200, before="not deprived")
    >>> typology = wm.classify(wm.load_sample(), rules=[few])
    >>> bool((typology.frame["rule"] == few.name).any())
    True
    """

    name: str
    gives: str
    when: Callable[[pd.DataFrame], pd.Series[Any]]
    before: str = "more jobs than people"

    def __post_init__(self) -> None:
        """Check the names."""
        if self.name in RULES or not self.name.strip():
            raise InputError(f"Rule: the name {self.name!r} is taken or empty. Choose another.")
        if self.gives not in CLASSES:
            raise InputError(f"Rule {self.name!r}: gives={self.gives!r} is not one of {CLASSES}.")
        if self.before not in BEFORE:
            raise InputError(
                f"Rule {self.name!r}: before={self.before!r} is no rule it can stand before. "
                f"Expected one of {', '.join(map(repr, BEFORE))}."
            )

    def applies(self, table: pd.DataFrame) -> pd.Series[bool]:
        """Ask where it applies, and check the answer.

        Parameters
        ----------
        table : DataFrame
            Neighbourhoods with their evidence.

        Returns
        -------
        Series of bool
            On the index of `table`.

        Raises
        ------
        InputError
            If it asks for a column that the table has not, or the answer is no boolean Series on
            that index.

        Examples
        --------
        >>> few = Rule("few", "Insufficient data", lambda table: table["residents"] < 1000)
        >>> few.applies(pd.DataFrame({"residents": [900, 1100]})).tolist()
        [True, False]
        """
        try:
            found = self.when(table)
        except KeyError as error:
            raise InputError(
                f"Rule {self.name!r}: `when` asks for {error}, which is no column of the table "
                f"that it is given. It has {', '.join(map(repr, table.columns))}."
            ) from error
        if (
            not isinstance(found, pd.Series)
            or not found.index.equals(table.index)
            or found.isna().any()
            or not pd.api.types.is_bool_dtype(found)
        ):
            raise InputError(
                f"Rule {self.name!r}: `when` has to return a Series of true and false on the index "
                "of the table that it is given, without gaps."
            )
        return found.astype(bool)


def check_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Refuse what is no rule, and names that stand twice."""
    found = tuple(rules)
    odd = [rule for rule in found if not isinstance(rule, Rule)]
    if odd:
        raise InputError(f"rules: expected wm.Rule(...), found {type(odd[0]).__name__}.")
    names = [rule.name for rule in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"rules: {examples(map(repr, twice))} stands more than once.")
    return found
