"""Any indicator by authority: bars against the national line, two measures, an index, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.charts._authority_drawing import draw_bars, draw_dumbbells, draw_groups
from wmspatial.charts.chart import Chart, new_figure
from wmspatial.errors import InputError, examples
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final = ("bars", "dumbbell", "index", "groups")
_CURRENCIES: Final = ("£", "€", "$")
_TWO: Final = 2
_HUNDRED: Final = 100.0


@dataclass(frozen=True)
class Unit:
    """How numbers of a chart are written."""

    sign: str = ""
    decimals: int = 0

    def write(self, value: float) -> str:
        """Write one number, or say that it is missing."""
        if not np.isfinite(value):
            return "not published"
        number = f"{abs(value):,.{self.decimals}f}"
        minus = "−" if value < 0 else ""
        if self.sign in _CURRENCIES:
            return f"{minus}{self.sign}{number}"
        return f"{minus}{number} {self.sign}".strip()


def authority_chart(
    data: pd.DataFrame | pd.Series[Any] | Mapping[str, float],
    *,
    title: str,
    kind: str | None = None,
    unit: str = "",
    decimals: int | None = None,
    national: float | Mapping[str, float] | None = None,
    national_name: str = "England",
    highlight: Iterable[str] = (),
    base: str | float | None = None,
    authorities: Mapping[str, str] | None = None,
    source: str = "",
    illustrative: bool = False,
) -> Chart:
    """Draw any indicator by authority.

    Parameters
    ----------
    data : DataFrame, Series or mapping
        Authorities (rows, by name or code) by measures (columns); a mapping or a Series is one
        measure. A missing value is drawn as missing and said.
    title : str
        What the chart shows, with the year.
    kind : {"bars", "dumbbell", "index", "groups"}, optional
        By default sorted bars for one measure, a dumbbell for two of one thing (resident and
        workplace pay), groups side by side for more. An index sets `base` to 100.
    unit : str
        ``"£"``, ``"%"``, or words such as ``"£ an hour"``; a currency sign alone stands before
        the number.
    decimals : int, optional
        By default two for a currency, one where a number is no whole one, otherwise none.
    national : float or mapping, optional
        The national figure, one for each measure; a line (bars, index) or a row (the others).
    national_name : str, default "England"
        What the national figure is of.
    highlight : iterable of str
        Authorities to mark, by name: those of the study area, say.
    base : str or float, optional
        For an index: the authority, or the number, that is 100; by default the national figure.
    authorities : mapping of str to str, optional
        Names by code. Rows have to be among them, by code or name.
    source : str
        Stands at the foot.
    illustrative : bool
        Whether the numbers are made up.

    Returns
    -------
    Chart
        Its words give every number, and how far the highest is above the lowest.

    Raises
    ------
    InputError
        If a row is no authority, a number is no number, or the kind does not fit the data.

    Examples
    --------
    Workplace pay an hour in 2016, from the board papers of the West Midlands Combined Authority
    of 12 January 2018:

    >>> import wmspatial as wm
    >>> pay = wm.authority_chart(
    ...     {"Coventry": 13.08, "Dudley": 10.50}, title="Workplace pay an hour, 2016", unit="£"
    ... )
    >>> pay.text
    'Workplace pay an hour, 2016. Coventry £13.08, Dudley £10.50. Coventry is 25 % above Dudley.'
    """
    table = _table(data, authorities)
    chosen = _kind_of(kind, table)
    nation = _national(national, table)
    marked = _highlighted(highlight, table)
    shown = Unit(unit, _decimals(decimals, table, nation, unit))
    if chosen == "index":
        table, nation = _as_index(table, nation, base)
        shown = Unit("", 0 if decimals is None else decimals)
    if chosen in ("bars", "index"):
        table = table.sort_values(table.columns[0], ascending=False, kind="stable")
    elif chosen == "dumbbell":
        table = table.sort_values(table.columns[-1], ascending=False, kind="stable")
    rows = len(table) * (len(table.columns) if chosen == "groups" else 1) + (nation is not None)
    height = 1.3 + 0.27 * rows + (0.3 if chosen in ("dumbbell", "groups") else 0)
    figure, axes = new_figure(title, size=(7.2, height), source=source, illustrative=illustrative)
    draw = {
        "bars": draw_bars, "index": draw_bars, "dumbbell": draw_dumbbells, "groups": draw_groups,
    }[chosen]  # fmt: skip
    draw(axes, table, nation, national_name, marked, shown.write, at=_start(chosen))
    words = _words(title, table, nation, national_name, shown, chosen)
    return Chart(figure, title, words, source, illustrative)


def _start(kind: str) -> float:
    return _HUNDRED if kind == "index" else 0.0


def _table(data: Any, authorities: Mapping[str, str] | None) -> pd.DataFrame:
    """Return authorities by measures as numbers, with every name checked."""
    if isinstance(data, pd.DataFrame):
        table = pd.DataFrame(data)
    elif isinstance(data, pd.Series):
        table = data.to_frame(str(data.name or "value"))
    else:
        table = pd.Series(dict(data), dtype="object").to_frame("value")
    if table.empty:
        raise InputError("data: there is no number in it. Expected authorities by measures.")
    table.index = table.index.astype("str").str.strip()
    numbers: pd.DataFrame = table.apply(pd.to_numeric, errors="coerce").astype("float64")
    bad = numbers.isna() & table.notna()
    if bad.any(axis=None):
        row, column = np.argwhere(bad.to_numpy())[0]
        raise InputError(
            f"data: {table.iloc[row, column]!r} ({table.index[row]}, {table.columns[column]}) is "
            "no number. Leave what is not published empty."
        )
    numbers.index = _named(numbers.index, authorities)
    if numbers.index.has_duplicates:
        twice = numbers.index[numbers.index.duplicated()].unique()
        raise InputError(f"data: {examples(twice)} stands more than once. Keep one row each.")
    return numbers


def _named(index: pd.Index[Any], authorities: Mapping[str, str] | None) -> pd.Index[Any]:
    if authorities is None:
        return index
    names = set(authorities.values())
    unknown = [name for name in index if name not in authorities and name not in names]
    if unknown:
        near = nearest(unknown[0], sorted(names))
        raise InputError(
            f"data: {len(unknown):,} of {len(index):,} rows are no authority of this vintage "
            f"({examples(unknown)}). {near} Is the table of another year?".replace("  ", " ")
        )
    found: pd.Index[Any] = pd.Index([authorities.get(name, name) for name in index])
    return found


def _kind_of(kind: str | None, table: pd.DataFrame) -> str:
    columns = len(table.columns)
    if kind is None:
        return "bars" if columns == 1 else "dumbbell" if columns == _TWO else "groups"
    if kind not in _KINDS:
        raise InputError(f"kind={kind!r}: expected one of {', '.join(_KINDS)}.")
    fits = {"bars": columns == 1, "index": columns == 1, "dumbbell": columns == _TWO,
            "groups": columns >= _TWO}[kind]  # fmt: skip
    if not fits:
        needs = {"bars": "one measure", "index": "one measure", "dumbbell": "two measures",
                 "groups": "two measures or more"}[kind]  # fmt: skip
        raise InputError(f"kind={kind!r} needs {needs}; data has {columns}.")
    return kind


def _national(national: Any, table: pd.DataFrame) -> pd.Series[Any] | None:
    if national is None:
        return None
    if not hasattr(national, "keys"):
        return pd.Series(float(national), index=table.columns)
    lost = [str(c) for c in table.columns if c not in national]
    if lost:
        raise InputError(f"national: there is no figure for {examples(lost)}.")
    return pd.Series({c: float(national[c]) for c in table.columns})


def _highlighted(highlight: Iterable[str], table: pd.DataFrame) -> set[str]:
    names = {highlight} if isinstance(highlight, str) else {str(name) for name in highlight}
    lost = sorted(names - set(table.index))
    if lost:
        near = nearest(lost[0], list(table.index))
        raise InputError(f"highlight: {examples(lost)} is not among the rows. {near}".strip())
    return names


def _decimals(
    decimals: int | None, table: pd.DataFrame, nation: pd.Series[Any] | None, unit: str
) -> int:
    if decimals is not None:
        return decimals
    values = table.to_numpy().ravel()
    if nation is not None:
        values = np.concatenate([values, nation.to_numpy()])
    values = values[np.isfinite(values)]
    if (values % 1 == 0).all():
        return 0
    return 2 if unit.startswith(_CURRENCIES) else 1


def _as_index(
    table: pd.DataFrame, nation: pd.Series[Any] | None, base: str | float | None
) -> tuple[pd.DataFrame, pd.Series[Any] | None]:
    """Set the base to 100."""
    if base is None:
        if nation is None:
            raise InputError("kind='index' needs base=, an authority or a number, or national=.")
        number = float(nation.iloc[0])
    elif isinstance(base, str):
        if base not in table.index:
            raise InputError(
                f"base={base!r} is not among the rows. {nearest(base, list(table.index))}".strip()
            )
        number = float(table.iloc[:, 0][base])
    else:
        number = float(base)
    if not number > 0:
        raise InputError(f"base: {number!r} cannot be 100. Expected a number above nought.")
    factor = _HUNDRED / number
    return table * factor, None if nation is None else nation * factor


def _words(
    title: str,
    table: pd.DataFrame,
    nation: pd.Series[Any] | None,
    nation_name: str,
    unit: Unit,
    kind: str,
) -> str:
    """Give every number in words, and how far the highest is above the lowest."""
    heading = title if title.endswith((".", "?", "!")) else f"{title}."
    parts = [heading]
    single = len(table.columns) == 1
    for column in table.columns:
        listed = ", ".join(f"{name} {unit.write(v)}" for name, v in table[column].items())
        parts.append(f"{listed}." if single else f"{column}: {listed}.")
        if nation is not None:
            parts.append(f"{nation_name} {unit.write(float(nation[column]))}.")
        known = table[column].dropna()
        if len(known) > 1 and known.min() > 0 and known.max() > known.min():
            gap = 100 * (known.max() / known.min() - 1)
            parts.append(f"{known.idxmax()} is {gap:.0f} % above {known.idxmin()}.")
    if kind == "index":
        parts.insert(1, "An index, 100 is the base.")
    return " ".join(parts)
