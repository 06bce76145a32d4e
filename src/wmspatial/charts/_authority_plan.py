"""How an indicator by authority is drawn: checked and settled before a line of it is."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.charts._authority_drawing import draw_bars, draw_dumbbells, draw_groups
from wmspatial.charts._indicator_frames import numbers_of
from wmspatial.charts._indicator_words import above, is_per_cent
from wmspatial.charts.chart import QUIET, Chart, new_figure
from wmspatial.errors import InputError, examples
from wmspatial.geography.codes import kind_of
from wmspatial.geography.lookup import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KINDS: Final = ("bars", "dumbbell", "index", "groups")
_SMALL: Final = ("output area", "LSOA", "MSOA", "ward", "data zone", "intermediate zone")
_CURRENCIES: Final = ("£", "€", "$")
_TWO: Final = 2
_HUNDRED: Final = 100.0
#: Inches: of a chart, and of a letter of its title on average.
WIDTH: Final = 7.2
_LETTER: Final = 0.103


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
        if self.sign.startswith(_CURRENCIES):
            return f"{minus}{self.sign[0]}{number} {self.sign[1:].strip()}".strip()
        return f"{minus}{number} {self.sign}".strip()

    def draw(self, value: float) -> str:
        """Write one number as it stands in a chart: words about it are below the axis."""
        if self.sign.startswith(_CURRENCIES):
            return Unit(self.sign[0], self.decimals).write(value)
        return Unit(self.sign if len(self.sign) == 1 else "", self.decimals).write(value)

    @property
    def axis(self) -> str:
        """What stands below the axis."""
        return self.sign if len(self.sign) > 1 else ""


@dataclass(frozen=True, eq=False)
class Plan:
    """A chart by authority before it is drawn, in whatever width."""

    table: pd.DataFrame
    nation: pd.Series[Any] | None
    nation_name: str
    marked: set[str]
    unit: Unit
    kind: str
    title: str
    source: str
    illustrative: bool

    def draw(self, width: float = WIDTH) -> Chart:
        """Draw it.

        Parameters
        ----------
        width : float, default 7.2
            Inches.

        Returns
        -------
        Chart
            With all its words.
        """
        table, many = self.table, len(self.table.columns)
        heading = textwrap.fill(self.title, max(20, int(width / _LETTER)))
        rows = len(table) * (many if self.kind == "groups" else 1) + (self.nation is not None)
        height = 1.3 + 0.27 * rows + 0.2 * heading.count("\n")
        legend = self.kind in ("dumbbell", "groups")
        columns = many if width >= WIDTH else 2
        height += 0.2 if self.unit.axis else 0.0
        height += 0.3 * -(-many // min(columns, 4)) if legend else 0.0
        figure, axes = new_figure(
            heading, size=(width, height), source=self.source, illustrative=self.illustrative
        )
        draw = {
            "bars": draw_bars, "index": draw_bars, "dumbbell": draw_dumbbells,
            "groups": draw_groups,
        }[self.kind]  # fmt: skip
        draw(
            axes, table, self.nation, self.nation_name, self.marked, self.unit.draw,
            at=_start(self.kind), columns=min(columns, 4),
        )  # fmt: skip
        axes.set_xlabel(self.unit.axis, color=QUIET, fontsize=8.5)
        words = _words(self.title, table, self.nation, self.nation_name, self.unit, self.kind)
        return Chart(figure, self.title, words, self.source, self.illustrative)


def plan_chart(
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
    authorities: Any = None,
    source: str = "",
    illustrative: bool = False,
) -> Plan:
    """Check what :func:`authority_chart` is given, and settle how it is drawn.

    Parameters
    ----------
    data, title, kind, unit, decimals, national, national_name, highlight, base, authorities, source, illustrative
        As there.

    Returns
    -------
    Plan
        To be drawn in any width.

    Raises
    ------
    InputError
        As there.

    Examples
    --------
    >>> plan_chart({"Coventry": 13.08, "Dudley": 10.50}, title="Pay", unit="£").kind
    'bars'
    """  # noqa: E501
    table = _table(data, names_of(authorities))
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
    return Plan(table, nation, national_name, marked, shown, chosen, title, source, illustrative)


def names_of(authorities: Any) -> Mapping[str, str] | None:
    """Return the names of known authorities by their codes.

    Parameters
    ----------
    authorities : mapping, Dataset, Typology or None
        A dataset knows every authority that its flows touch.

    Returns
    -------
    mapping of str to str or None
        None where nothing is known.

    Raises
    ------
    InputError
        If it is none of these, or its neighbourhoods have no authorities.

    Examples
    --------
    >>> import wmspatial as wm
    >>> names_of(wm.load_sample())["E08000026"]
    'Coventry'
    """
    if authorities is None or hasattr(authorities, "keys"):
        found: Mapping[str, str] | None = authorities
        return found
    dataset = getattr(authorities, "dataset", authorities)
    table = getattr(dataset, "neighbourhoods", None)
    if table is None or not {"authority", "authority_code"} <= set(table.columns):
        raise InputError(
            "authorities: expected names by code, a Dataset or a Typology whose neighbourhoods "
            f"have authority and authority_code; found {type(authorities).__name__}."
        )
    pairs = table[["authority_code", "authority"]].dropna().drop_duplicates("authority_code")
    return dict(zip(pairs["authority_code"], pairs["authority"], strict=True))


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
    table = table.set_axis(table.index.astype("str").str.strip(), axis=0)
    numbers = numbers_of(table)
    numbers.index = _named(numbers.index, authorities)
    if numbers.index.has_duplicates:
        twice = numbers.index[numbers.index.duplicated()].unique()
        raise InputError(f"data: {examples(twice)} stands more than once. Keep one row each.")
    return numbers


def _named(index: pd.Index[Any], authorities: Mapping[str, str] | None) -> pd.Index[Any]:
    if authorities is None:
        kinds = {name: getattr(kind_of(name), "level", "") for name in index}
        small = [name for name, kind in kinds.items() if kind in _SMALL]
        if small:
            raise InputError(
                f"data: {len(small):,} of {len(index):,} rows are no authority but "
                f"{kinds[small[0]]}: {examples(small)}. Bring the table to authorities first."
            )
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
            points = is_per_cent(unit.write)
            gap = above(float(known.max()), float(known.min()), points=points)
            parts.append(f"{known.idxmax()} is {gap} {known.idxmin()}.")
    if kind == "index":
        parts.insert(1, "An index, 100 is the base.")
    return " ".join(parts)
