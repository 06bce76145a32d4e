"""Several maps that share their classes: what each shows and says, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.maps import words
from wmspatial.maps._figure_shapes import check_shapes
from wmspatial.maps._figure_sheet import (
    Sheet,
    frame_of,
    is_illustrative,
    is_typology,
    label_of,
    make_sheet,
    many,
    plain,
    source_line,
    values_of,
)
from wmspatial.maps.choropleth import ColumnSpec, classify_column

if TYPE_CHECKING:
    from wmspatial.maps.spec import Category

#: More maps than this on one sheet show nothing.
MOST_PANELS: Final = 30
_TOLD_ONE_BY_ONE: Final = 6
_PAIR: Final = 2
# The name of values that come from several columns.
_SEVERAL: Final = "values of all maps"
_RELATIVE: Final = (
    "Classes are relative within each census: side by side the maps do not say that a place "
    "became better or worse connected."
)


@dataclass(frozen=True)
class Panel:
    """One of several maps.

    Attributes
    ----------
    name : str
        Its heading.
    sheet : Sheet
        What it shows, in the classes of all.
    fact : str
        The one number under its heading, in words.
    number : float
        The same number, to tell which map has the highest; missing where there is none.

    Examples
    --------
    >>> import wmspatial as wm
    >>> from wmspatial.maps.multiples import arrange_multiples
    >>> made = arrange_multiples(wm.classify(wm.load_sample()), by="authority")
    >>> made.panels[1].name
    'Coventry'
    """

    name: str
    sheet: Sheet
    fact: str
    number: float


@dataclass(frozen=True)
class Multiples:
    """Maps side by side in one set of classes, ready for any renderer.

    Made by :func:`~wmspatial.maps.multiples.arrange_multiples`.

    Attributes
    ----------
    panels : tuple of Panel
        The maps, in order.
    categories : tuple of Category
        The classes of all of them, in the order of the one legend.
    title, lead : str
        Heading, and the sentence on what the maps show.
    legend_title, legend_note : str
        Above and below the legend.
    notice, source : str
        The caveat, and where the numbers come from.
    illustrative : bool
        Whether any of them is made up.
    spec : ColumnSpec or None
        The pooled classes, where the maps are of columns.
    origins : tuple of (Typology or GeoDataFrame, ndarray of bool or None)
        What each map was made from, and which of its areas where these are not all.
    per : str or None
        The column that all values are divided by.

    Examples
    --------
    >>> import wmspatial as wm
    >>> from wmspatial.maps.multiples import arrange_multiples
    >>> made = arrange_multiples(wm.classify(wm.load_sample()), by="authority")
    >>> [category.name for category in made.categories][0]
    'Disconnected'
    """

    panels: tuple[Panel, ...]
    categories: tuple[Category, ...]
    title: str
    lead: str
    legend_title: str
    legend_note: str
    notice: str
    source: str
    illustrative: bool
    spec: ColumnSpec | None = None
    origins: tuple[tuple[Any, Any], ...] = ()
    per: str | None = None

    @property
    def text(self) -> str:
        """Everything that can be read off the maps, in words."""
        parts = []
        for panel in self.panels:
            rows = panel.sheet.rows()
            parts.append(f"{panel.name}: " + "; ".join(f"{c.name} {n}" for c, n in rows) + ".")
        return " ".join([f"{self.title}.", self.lead, *parts, self.notice]).strip()


def panels_of(
    items: Any, column: Any, by: str | None, labels: Mapping[str, str]
) -> list[tuple[str, Any, str | ColumnSpec | None]]:
    """Return the name, the data and the column of each map.

    Raises
    ------
    InputError
        If there is one map or none, or too many of them.
    """
    named = _named(items)
    columns = [column] if column is None or isinstance(column, str | ColumnSpec) else list(column)
    if len(columns) > 1 and len(named) > 1:
        raise InputError(
            "small_multiples: several maps and several columns were given. Expected one of the two."
        )
    if by is not None and (len(columns) > 1 or len(named) > 1):
        raise InputError("small_multiples: by= splits one map of one column; more were given.")
    if by is not None:
        found = [(name, part, columns[0]) for name, part in _split(named[0][1], by)]
    elif len(columns) > 1:
        found = [(_column_name(c, labels), named[0][1], c) for c in columns]
    else:
        found = [(name, item, columns[0]) for name, item in named]
    if not 2 <= len(found) <= MOST_PANELS:
        raise InputError(
            f"small_multiples: {many(len(found), 'map')} ({examples([f[0] for f in found], 3)}). "
            f"Expected 2 to {MOST_PANELS}: several typologies or frames, several columns, or "
            "by='authority'."
        )
    names = [name for name, _, _ in found]
    if len(set(names)) < len(names):
        raise InputError(
            f"small_multiples: two maps have the same name ({examples(names, 3)}). Give each its "
            "own, as in {'Before': ..., 'After': ...}."
        )
    return found


def _column_name(column: Any, labels: Mapping[str, str]) -> str:
    if not isinstance(column, str):
        raise InputError(f"column: {column!r} is no column name. Expected a name or several.")
    return labels.get(column) or label_of(column, None, None)


def _named(items: Any) -> list[tuple[str, Any]]:
    if isinstance(items, Mapping):
        return [(str(name), item) for name, item in items.items()]
    if is_typology(items) or isinstance(items, pd.DataFrame):
        return [("", items)]
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise InputError(
            f"items: expected a typology, a frame, or several of them; found "
            f"{type(items).__name__}."
        )
    if not all(is_typology(item) for item in items):
        raise InputError(
            "items: frames have no names. Give them, as in {'2011': ..., '2021': ...}."
        )
    years = [str(item.vintage or "") for item in items]
    areas = [str(item.study_area) for item in items]
    if len(set(areas)) == 1:
        return list(zip(years, items, strict=True))
    if len(set(years)) == 1:
        return list(zip(areas, items, strict=True))
    both = [f"{area}, {year}" for area, year in zip(areas, years, strict=True)]
    return list(zip(both, items, strict=True))


@dataclass(frozen=True)
class _Part:
    """Some of the areas of a map."""

    whole: Any
    rows: Any


def _split(item: Any, by: str) -> list[tuple[str, _Part]]:
    frame = frame_of(item)
    check_shapes(frame)
    groups = values_of(plain(frame), by, None)
    if isinstance(groups.dtype, pd.CategoricalDtype):
        levels = [level for level in groups.cat.categories if (groups == level).any()]
    else:
        levels = sorted(groups.dropna().unique().tolist(), key=str)
    return [(str(level), _Part(item, (groups == level).to_numpy())) for level in levels]


def make_multiples(
    items: Any,
    column: Any,
    *,
    by: str | None,
    title: str | None,
    source: str | None,
    per: str | None,
    labels: Mapping[str, str],
    how: dict[str, Any],
) -> Multiples:
    """Put together maps side by side: see :func:`~wmspatial.maps.multiples.small_multiples`."""
    found = panels_of(items, column, by, labels)
    spec = None
    if found[0][2] is not None:
        spec = _pooled(found, per, how, labels)
    panels, wholes, origins = [], [], []
    for name, data, one in found:
        whole, rows = (data.whole, data.rows) if isinstance(data, _Part) else (data, None)
        shown: Any = one
        if spec is not None and one is not None:
            own = one.column if isinstance(one, ColumnSpec) else one
            shown = replace(spec, column=own)
        options = how if shown is None else {}
        sheet = make_sheet(whole, shown, title=title, source=source, per=per, how=options)
        sheet = sheet if rows is None else _part(sheet, rows)
        panels.append(Panel(name, sheet, *_fact(sheet, per)))
        wholes.append(whole)
        origins.append((whole, rows))
    first = panels[0].sheet
    if len({p.sheet.unit for p in panels}) > 1 and spec is None:
        raise InputError(
            "small_multiples: one map is of wards and another of neighbourhoods; they share no "
            "classes."
        )
    categories, note = _shared(panels)
    return Multiples(
        tuple(panels),
        categories,
        title or _title(panels, wholes, spec, by),
        _lead(panels),
        spec.label if spec is not None else first.legend_title,
        note,
        _notice(panels, wholes),
        source if source is not None else _source(panels, wholes),
        any(is_illustrative(whole) for whole in wholes),
        spec,
        tuple(origins),
        per,
    )


def _pooled(
    found: Any, per: str | None, how: dict[str, Any], labels: Mapping[str, str]
) -> ColumnSpec:
    """Class the values of all maps together."""
    given = found[0][2]
    if isinstance(given, ColumnSpec):
        if how:
            raise InputError(f"{', '.join(sorted(how))}: the spec given says that already.")
        return given
    parts = []
    for _, data, one in found:
        whole, rows = (data.whole, data.rows) if isinstance(data, _Part) else (data, None)
        frame = frame_of(whole)
        check_shapes(frame)
        values = values_of(plain(frame), one, per)
        parts.append(values if rows is None else values[rows])
    columns = list(dict.fromkeys(one for _, _, one in found))
    options = dict(how)
    if per is not None:
        options.setdefault("unit", "share")
    if "label" not in options:
        options["label"] = (
            label_of(columns[0], per, labels.get(columns[0]))
            if len(columns) == 1
            else "Value"
            if per is None
            else f"Share of {per.replace('_', ' ')}"
        )
    pooled: pd.Series[Any] = pd.concat(parts, ignore_index=True)
    if len({part.dtype for part in parts}) == 1:
        pooled = pooled.astype(parts[0].dtype)
    return classify_column(pooled.rename(columns[0] if len(columns) == 1 else _SEVERAL), **options)


def _part(sheet: Sheet, rows: Any) -> Sheet:
    return replace(
        sheet,
        frame=sheet.frame[rows],
        category=sheet.category[rows],
        keys=sheet.keys[rows],
        differ=sheet.differ[rows],
    )


def _shared(panels: Sequence[Panel]) -> tuple[tuple[Category, ...], str]:
    """Return the classes of all, without what they mean where they mean different things."""
    sets = [p.sheet.categories for p in panels]
    notes = {p.sheet.legend_note for p in panels}
    note = notes.pop() if len(notes) == 1 else ""
    if len(set(sets)) == 1:
        return sets[0], note
    return tuple(replace(c, meaning="") for c in sets[0]), note


def _fact(sheet: Sheet, per: str | None) -> tuple[str, float]:
    """Return the number that stands under a map's heading, in words and as it is."""
    table = plain(sheet.frame)
    if sheet.spec is None:
        if sheet.unit == "ward":
            people = table["residents"].sum()
            share = table["residents_disconnected"].sum() / people if people else 0.0
            return f"{100 * share:.0f} % of residents in disconnected neighbourhoods", share
        lost = int(np.sum(sheet.category == 0))
        return f"{lost:,} of {len(table):,} neighbourhoods disconnected", lost / len(table)
    if sheet.spec.levels:
        return many(len(table), sheet.unit), float("nan")
    values = values_of(table, sheet.spec.column, per)
    middle = float(values.median())
    if np.isnan(middle):
        return "no value", middle
    return f"median {sheet.spec.numbers.write(middle)}", middle


def _lead(panels: Sequence[Panel]) -> str:
    if len(panels) <= _TOLD_ONE_BY_ONE:
        return "; ".join(f"{panel.name}: {panel.fact}" for panel in panels) + "."
    lead = f"{len(panels)} maps in the same classes and at the same scale."
    known = [panel for panel in panels if not np.isnan(panel.number)]
    if len(known) < 2:
        return lead
    top = max(known, key=lambda panel: panel.number)
    low = min(known, key=lambda panel: panel.number)
    what = "Highest" if top.sheet.spec is not None else "Largest share disconnected"
    other = "lowest" if top.sheet.spec is not None else "smallest"
    return f"{lead} {what}: {top.name} ({top.fact}); {other}: {low.name} ({low.fact})."


def _title(panels: Any, wholes: Sequence[Any], spec: ColumnSpec | None, by: str | None) -> str:
    if spec is None:
        heading = words.title_of(wholes[0]).split(":", 1)[0]
    else:
        heading = spec.label
        if spec.column == _SEVERAL:
            heading += f" ({', '.join(panel.name for panel in panels)})"
    if by:
        heading += f" by {by.replace('_', ' ')}"
    known = [whole for whole in wholes if is_typology(whole)]
    years = list(dict.fromkeys(str(whole.vintage) for whole in known if whole.vintage))
    areas = list(dict.fromkeys(str(whole.study_area) for whole in known))
    place = areas[0] if len(areas) == 1 else ""
    when = " and ".join(years) if len(years) <= _PAIR else ""
    where = ", ".join(part for part in (place, when) if part)
    return f"{heading}: {where}" if where else heading


def _notice(panels: Sequence[Panel], wholes: Sequence[Any]) -> str:
    said = list(dict.fromkeys(panel.sheet.notice for panel in panels if panel.sheet.notice))
    notice = max(said, key=len) if said else ""
    years = {whole.vintage for whole in wholes if is_typology(whole)}
    classes = all(panel.sheet.spec is None for panel in panels)
    return f"{notice} {_RELATIVE}".strip() if len(years) > 1 and classes else notice


def _source(panels: Sequence[Panel], wholes: Sequence[Any]) -> str:
    lines: dict[str, list[str]] = {}
    for panel, whole in zip(panels, wholes, strict=True):
        lines.setdefault(source_line(whole, None), []).append(panel.name)
    if len(lines) == 1:
        return next(iter(lines))
    # Said once at the end, not map by map.
    tails = {line.split(" Sources: ", 1)[-1] for line in lines}
    if len(tails) == 1:
        heads = [f"{', '.join(n)}: {line.split(' Sources: ')[0]}" for line, n in lines.items()]
        return f"{' '.join(heads)} Sources: {tails.pop()}"
    return " ".join(f"{', '.join(names)}: {line}" for line, names in lines.items())
