"""Run the method under every combination of its open choices, and see what stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError
from wmspatial.provenance import ILLUSTRATIVE
from wmspatial.typology._scenarios import ScenarioRunner
from wmspatial.typology._sensitivity_chart import CHOICES
from wmspatial.typology.parameters import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wmspatial.charts import Chart
    from wmspatial.typology._typology import Typology

    Grid = Mapping[str, Sequence[Any]]

_DECAY: Final = {"impedance": "distance", "decay": "exponential", "decay_rate": 0.3, "within": 60.0}

#: The open choices of the method and their alternatives: 72 scenarios. An entry that is a mapping
#: sets several parameters at once.
DEFAULT_GRID: Final[dict[str, tuple[Any, ...]]] = {
    "pez_denominator": ("all employed residents", "commuters", "all residents"),
    "connection": (
        {"connection": "share to jobs-rich"},
        {"connection": "shen", **_DECAY},
        {"connection": "hansen", **_DECAY},
        {"connection": "cumulative", "impedance": "distance", "threshold": 5.0},
    ),
    "reference": ("deprived and not jobs-rich", "deprived", "all"),
    "cut": ({"cut": 0.5, "cut_kind": "quantile"}, {"cut": 1 / 3, "cut_kind": "quantile"}),
}
_MOST: Final = 5_000


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """What stands when the open choices of the method change.

    Attributes
    ----------
    frame : DataFrame
        By neighbourhood of the study area: ``labour_market_class`` (of the typology),
        ``share_same_class`` (of the scenarios, 0 to 1), ``share_disconnected`` and
        ``always_disconnected``.
    scenarios : DataFrame
        By scenario: the choice made of each parameter, and the number of neighbourhoods in each
        class.
    importance : DataFrame
        Share of the variance of each class's count that each choice accounts for alone, and what
        is left to choices together (``interactions``).
    typology : Typology
        What was varied.

    Examples
    --------
    >>> import wmspatial as wm
    >>> typology = wm.classify(wm.load_sample())
    >>> result = typology.sensitivity({"cut": [0.5, 1 / 3], "reference": ["deprived", "all"]})
    >>> len(result.scenarios)
    4
    """

    frame: pd.DataFrame
    scenarios: pd.DataFrame
    importance: pd.DataFrame
    typology: Typology

    @property
    def always_disconnected(self) -> pd.Index[Any]:
        """Codes of the neighbourhoods that are disconnected in every scenario."""
        codes: pd.Index[Any] = self.frame.index[self.frame["always_disconnected"]]
        return codes

    def table(self) -> pd.DataFrame:
        """Tell for each choice how many neighbourhoods it makes disconnected.

        Returns
        -------
        DataFrame
            One row a choice and alternative: scenarios, and the least, the median and the most
            neighbourhoods that are disconnected in them.

        Examples
        --------
        >>> import wmspatial as wm
        >>> result = wm.classify(wm.load_sample()).sensitivity({"cut": [0.5, 1 / 3]})
        >>> list(result.table().index.names)
        ['choice', 'alternative']
        """
        parts = {
            choice: self.scenarios.groupby(choice, sort=False)["Disconnected"].agg(
                scenarios="size", least="min", median="median", most="max"
            )
            for choice in self.importance.index.drop("interactions", errors="ignore")
        }
        table: pd.DataFrame = pd.concat(parts, names=["choice", "alternative"])
        if self.typology.illustrative:
            table.columns.name = ILLUSTRATIVE
        return table

    def summary_text(self) -> str:
        """Say in plain English what stands and what it hangs on.

        Returns
        -------
        str
            Two or three sentences.

        Examples
        --------
        >>> import wmspatial as wm
        >>> result = wm.classify(wm.load_sample()).sensitivity({"cut": [0.5, 1 / 3]})
        >>> result.summary_text().startswith("Over 2 scenarios")
        True
        """
        counts = self.scenarios["Disconnected"]
        fixed = int(self.frame["always_disconnected"].sum())
        ever = int((self.frame["share_disconnected"] > 0).sum())
        people = self.typology.neighbourhoods.loc[self.always_disconnected, "residents"].sum()
        text = (
            f"Over {len(self.scenarios):,} scenarios between {counts.min():,} and "
            f"{counts.max():,} neighbourhoods are disconnected. {fixed:,} of the {ever:,} that are "
            f"in any scenario are in every one; {people:,.0f} people live there."
        )
        if counts.min() < counts.max():
            shares = self.importance["Disconnected"].drop("interactions")
            top = shares.idxmax()
            text += (
                f" The choice that matters most for the number is "
                f"'{CHOICES.get(str(top), str(top))}': it "
                f"accounts for {100 * shares.max():.0f} % of the variance between scenarios."
            )
        return f"{text} ({ILLUSTRATIVE}.)" if self.typology.illustrative else text

    def chart(self) -> Chart:
        """Draw how many neighbourhoods each choice makes disconnected.

        Returns
        -------
        Chart
            For each alternative of each choice the least, the median and the most over the
            scenarios; a line where the typology itself stands. :meth:`chart_text` says the same in
            words, and goes with it.

        Examples
        --------
        >>> import wmspatial as wm
        >>> result = wm.classify(wm.load_sample()).sensitivity({"cut": [0.25, 0.5]})
        >>> result.chart().text[:49]
        'Illustrative data, not statistics. Neighbourhoods'
        """
        from wmspatial.typology._sensitivity_chart import draw

        return draw(self, self._in_words())

    def chart_text(self) -> str:
        """Say in words what :meth:`chart` shows.

        Returns
        -------
        str
            One sentence an alternative.

        Examples
        --------
        >>> import wmspatial as wm
        >>> result = wm.classify(wm.load_sample()).sensitivity({"cut": [0.25, 0.5]})
        >>> "cut 0.5: 292" in result.chart_text()
        True
        """
        mark = f" ({ILLUSTRATIVE}.)" if self.typology.illustrative else ""
        return self._in_words() + mark

    def _in_words(self) -> str:
        parts = []
        table = self.table()
        for key, row in zip(table.index, table.to_dict("records"), strict=True):
            choice, alternative = key
            name = CHOICES.get(str(choice), str(choice).replace("_", " "))
            spread = (
                f"{row['least']:,.0f}"
                if row["least"] == row["most"]
                else f"from {row['least']:,.0f} to {row['most']:,.0f}, median {row['median']:,.0f}"
            )
            parts.append(f"{name} {alternative}: {spread}.")
        return "Neighbourhoods that are disconnected, by choice. " + " ".join(parts)

    def __repr__(self) -> str:
        """Tell the summary."""
        return f"<Sensitivity {self.typology.study_area}: {self.summary_text()}>"


def run_grid(
    typology: Typology, grid: Grid | None = None, *, results: Sequence[Any] | None = None
) -> Sensitivity:
    """Classify under all combinations of a grid.

    Parameters
    ----------
    typology : Typology
        What is varied; parameters that the grid does not name keep its values.
    grid : mapping of str to sequence, optional
        Alternatives by choice; an alternative that is a mapping sets several parameters. By
        default :data:`DEFAULT_GRID`.
    results : sequence of array of int, optional
        The class numbers in every scenario of the grid where they were found already, by
        :func:`scenario_classes`.

    Returns
    -------
    Sensitivity
        What stands.

    Raises
    ------
    InputError
        If the grid is empty, or names what is no parameter or out of its range.

    Examples
    --------
    >>> import wmspatial as wm
    >>> run_grid(wm.classify(wm.load_sample()), {"cut": [0.25, 0.5]}).scenarios["cut"].tolist()
    ['0.25', '0.5']
    """
    choices = DEFAULT_GRID if grid is None else grid
    scenarios = _scenarios(choices)
    codes = typology.neighbourhoods.index
    # What the method makes of them, also where classes were given.
    own = typology.everywhere.loc[codes, "labour_market_class"]
    base = own.cat.codes.to_numpy()
    if results is None:
        results = scenario_classes(typology, choices)
    if len(results) != len(scenarios):
        raise InputError(
            f"results: {len(results):,} scenarios; the grid has {len(scenarios):,}. Expected those "
            "of scenario_classes for the same grid."
        )
    found = np.stack(results)
    disconnected = found == CLASSES.index("Disconnected")
    frame = pd.DataFrame(
        {
            "labour_market_class": own,
            "share_same_class": (found == base).mean(axis=0),
            "share_disconnected": disconnected.mean(axis=0),
            "always_disconnected": disconnected.all(axis=0),
        },
        index=codes,
    )
    table = pd.DataFrame([labels for labels, _ in scenarios])
    for number, name in enumerate(CLASSES):
        table[name] = (found == number).sum(axis=1)
    if typology.illustrative:
        frame.columns.name = table.columns.name = ILLUSTRATIVE
    return Sensitivity(frame, table, _importance(table, list(choices)), typology)


def scenario_classes(typology: Typology, grid: Grid | None = None) -> list[Any]:
    """Return the class numbers of the study area in every scenario of a grid.

    Parameters
    ----------
    typology : Typology
        What is varied.
    grid : mapping of str to sequence, optional
        As in :func:`run_grid`.

    Returns
    -------
    list of array of int
        One array a scenario, in the order of ``typology.neighbourhoods``.

    Examples
    --------
    >>> import wmspatial as wm
    >>> len(scenario_classes(wm.classify(wm.load_sample()), {"cut": [0.25, 0.5]}))
    2
    """
    runner = ScenarioRunner(typology)
    choices = DEFAULT_GRID if grid is None else grid
    return [runner.classes(changes) for _, changes in _scenarios(choices)]


def _scenarios(grid: Grid) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Combine the alternatives: for each scenario what it is called, and what it changes."""
    if not grid or not all(len(values) for values in grid.values()):
        raise InputError("grid: a choice has no alternative. Expected {'cut': [0.5, 1/3], ...}.")
    number = int(np.prod([len(values) for values in grid.values()]))
    if number > _MOST:
        raise InputError(f"grid: {number:,} scenarios; expected at most {_MOST:,}.")
    alternatives = [
        [(choice, _label(choice, value), _changes(choice, value)) for value in values]
        for choice, values in grid.items()
    ]
    for part in alternatives:
        labels = [label for _, label, _ in part]
        if len(set(labels)) < len(labels):
            raise InputError(f"grid: {part[0][0]} has the same alternative twice.")
    return [
        (
            {choice: label for choice, label, _ in picked},
            {k: v for _, _, changes in picked for k, v in changes.items()},
        )
        for picked in product(*alternatives)
    ]


def _changes(choice: str, value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {choice: value}


def _label(choice: str, value: Any) -> str:
    main = value.get(choice, value) if isinstance(value, dict) else value
    return f"{main:.3g}" if isinstance(main, float) else str(main)


def _importance(table: pd.DataFrame, choices: list[str]) -> pd.DataFrame:
    """Share out the variance of each count: the grid is balanced, so main effects add up."""
    out = pd.DataFrame(index=[*choices, "interactions"], columns=list(CLASSES), dtype="float64")
    for name in CLASSES:
        counts = table[name].astype("float64")
        total = ((counts - counts.mean()) ** 2).sum()
        for choice in choices:
            means = counts.groupby(table[choice]).transform("mean")
            part = ((means - counts.mean()) ** 2).sum()
            out.loc[choice, name] = part / total if total else 0.0
        left = 1.0 - out.loc[choices, name].sum() if total else 0.0
        out.loc["interactions", name] = max(left, 0.0)
    if table.columns.name:
        out.columns.name = table.columns.name
    return out.rename_axis("choice")
