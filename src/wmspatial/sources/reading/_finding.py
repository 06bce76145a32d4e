"""Find the layout of a file by the headings that it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography.codes import kinds_of
from wmspatial.sources.reading._containers import grids_in
from wmspatial.sources.reading._grids import headings
from wmspatial.sources.reading._model import Field, Layout, Match, plain

if TYPE_CHECKING:
    from pathlib import Path

    from wmspatial.sources.reading._grids import Grid

_SHORTEST: Final = 10
_HALF: Final = 0.5
_NEAR: Final = 0.3
_NEAREST: Final = 3
#: Above this many vertices an area, the polygons of small areas are those generalised to 20 m.
_DETAILED: Final = {"lsoa": 25, "msoa": 45}


@dataclass
class Found:
    """A table that was recognised in a file."""

    grid: Grid
    header: int
    match: Match

    @property
    def layout(self) -> Layout:
        """The layout."""
        return self.match.layout

    @property
    def dataset(self) -> str:
        """The data set; polygons of small areas come in two grades of detail."""
        layout = self.layout
        if layout.kind != "shapes":
            return layout.dataset
        bound = _DETAILED.get(layout.dataset[:4])
        vertices = getattr(self.grid, "vertices", 0.0)
        rough = bound is not None and vertices < bound
        return f"{layout.dataset}-bsc" if rough else layout.dataset

    @property
    def rows(self) -> int | None:
        """Rows of the table, counted without reading it."""
        if self.layout.kind == "export":
            return int(self.grid.count_areas(self.header))  # type: ignore[attr-defined]
        return self.grid.count(self.header)


@cache
def layouts() -> tuple[Layout, ...]:
    """List every layout that is known."""
    from wmspatial.sources.reading import (
        _layouts_api,
        _layouts_census,
        _layouts_flows,
        _layouts_iod,
        _layouts_lookups,
        _layouts_other,
    )

    return (
        *_layouts_iod.LAYOUTS,
        *_layouts_census.LAYOUTS,
        *_layouts_api.LAYOUTS,
        *_layouts_flows.LAYOUTS,
        *_layouts_lookups.LAYOUTS,
        *_layouts_other.LAYOUTS,
    )


def find(path: Path, dataset: str | None = None) -> Found:
    """Recognise the one table of a file.

    Parameters
    ----------
    path : Path
        The file.
    dataset : str, optional
        The data set that it has to be.

    Returns
    -------
    Found
        Where the table is and how its headings fit.

    Raises
    ------
    InputError
        If there is no known table in it, several, or another than `dataset`.
    """
    grids = grids_in(path)
    fits, misses = _fits(grids)
    fits = _told_apart(fits)
    if dataset is not None and fits:
        right = [f for f in fits if dataset in (f.dataset, f.layout.dataset, *f.layout.also)]
        if not right:
            what = examples(sorted({f"{f.dataset} ({f.layout.name})" for f in fits}))
            raise InputError(f"{path.name}: expected {dataset}; by its content this is {what}.")
        fits = right
    if not fits:
        raise _unknown(path.name, grids, misses)
    if len(fits) > 1:
        names = sorted({f.dataset for f in fits})
        if len(names) > 1:
            raise InputError(
                f"{path.name}: by its content this can be {' or '.join(names)}, which have the "
                "same headings. Say which: dataset=..."
            )
        raise InputError(
            f"{path.name}: {len(fits)} tables of {names[0]} in one file "
            f"({examples([f.grid.where or f.grid.name for f in fits])}). Keep one."  # type: ignore[attr-defined]
        )
    return fits[0]


def _fits(grids: list[Grid]) -> tuple[list[Found], list[Match]]:
    fits: list[Found] = []
    misses: list[Match] = []
    for grid in grids:
        for header, row in enumerate(grid.head):
            cells = headings(row)
            if sum(1 for c in cells if c.strip()) < (1 if "shapes" in grid.kinds else 2):
                continue
            known = _having()
            near = {id(x): x for c in cells for x in known.get(plain(c), ())}
            for layout in near.values():
                if layout.kind not in grid.kinds:
                    continue
                match = match_headings(layout, cells)
                if match.fits and _preamble_fits(grid, header, match):
                    fits.append(Found(grid, header, match))
                elif match.at:
                    misses.append(match)
    most = max((len(f.match.at) for f in fits), default=0)
    return [f for f in fits if len(f.match.at) == most], misses


@cache
def _having() -> dict[str, list[Layout]]:
    """List the layouts that have a heading, by heading."""
    found: dict[str, list[Layout]] = {}
    for layout in layouts():
        for heading in _index(layout):
            found.setdefault(heading, []).append(layout)
    return found


def _preamble_fits(grid: Grid, header: int, match: Match) -> bool:
    """Check what stands above the headings against what has to stand there."""
    above = "\n".join(" ".join(row) for row in grid.head[:header])
    absent = [what for pattern, what in match.layout.preamble if not re.search(pattern, above)]
    match.missing.extend(f"above the headings: {what}" for what in absent)
    return not absent


@cache
def _index(layout: Layout) -> dict[str, Field]:
    return {name: field for field in layout.fields for name in field.plain}


def match_headings(layout: Layout, cells: list[str]) -> Match:
    """Fit one row of a file to a layout.

    Parameters
    ----------
    layout : Layout
        The layout.
    cells : list of str
        The row.

    Returns
    -------
    Match
        What was found where, and what is missing or too much.
    """
    index = _index(layout)
    at: dict[int, Field] = {}
    loose: list[int] = []
    twice: list[str] = []
    for i, cell in enumerate(cells):
        heading = plain(cell)
        if not heading:
            continue
        field = index.get(heading) or next(
            (f for f in layout.fields if f.patterns and f.is_called(heading)), None
        )
        if field is None:
            loose.append(i)
        elif field in at.values():
            twice.append(cell)
        else:
            at[i] = field
    taken = {id(f) for f in at.values()}
    missing = [f for f in layout.fields if id(f) not in taken and not f.optional]
    notes: list[str] = []
    if missing and at:
        _repair(layout, cells, loose, missing, at, notes)
    surplus = [cells[i] for i in loose if i not in at and not layout.ignored(plain(cells[i]))]
    return Match(layout, at, [f.headings[0] for f in missing], surplus, twice, notes)


def _repair(
    layout: Layout,
    cells: list[str],
    loose: list[int],
    missing: list[Field],
    at: dict[int, Field],
    notes: list[str],
) -> None:
    """Match headings that were cut off, where only one heading can be meant."""
    for i in list(loose):
        start = plain(cells[i])
        if len(start) < _SHORTEST:
            continue
        known = {id(f): f for h, f in _index(layout).items() if h.startswith(start)}
        meant = list(known.values())
        if len(meant) != 1 or meant[0] not in missing:
            continue
        full = min((h for h in meant[0].plain if h.startswith(start)), key=len)
        if len(start) < len(full) * _HALF:
            continue
        at[i] = meant[0]
        missing.remove(meant[0])
        loose.remove(i)
        notes.append(
            f"damaged heading: {cells[i].strip()!r} is cut off and was taken for "
            f"{meant[0].headings[0]!r}"
        )


def _told_apart(fits: list[Found]) -> list[Found]:
    """Drop what the codes in the file rule out."""
    fits = [f for f in fits if _levels_fit(f)]
    telling = [f for f in fits if f.layout.tell is not None]
    if not telling:
        return fits
    content = telling[0].grid.content()
    verdicts = {id(f): f.layout.tell(content) for f in telling if f.layout.tell}
    if any(verdict is True for verdict in verdicts.values()):
        return [f for f in fits if verdicts.get(id(f), True) is True]
    return [f for f in fits if verdicts.get(id(f), True) is not False]


def _levels_fit(found: Found) -> bool:
    """See whether the first code below the headings is of the level that the layout has."""
    for i, field in found.match.at.items():
        column = field.column
        if column.kind != "code" or not column.level:
            continue
        cells = (row[i].strip() for row in found.grid.head[found.header + 1 :] if len(row) > i)
        first = next((c for c in cells if c), "")[:9]
        kind = kinds_of(pd.Series([first])).iloc[0] if first else None
        if isinstance(kind, str) and kind.split(" (")[0] not in column.level.split("|"):
            return False
    return True


def _unknown(name: str, grids: list[Grid], misses: list[Match]) -> InputError:
    """Say what was found, and which layouts come nearest."""
    rows = [headings(row) for grid in grids for row in grid.head[:12]]
    named = [[c.strip() for c in row if c.strip()] for row in rows]
    first = max(named, key=len, default=[])
    ranked = sorted(misses, key=_nearness, reverse=True)
    said: list[str] = []
    seen: set[str] = set()
    for miss in ranked:
        if _nearness(miss) < _NEAR or len(said) == _NEAREST:
            break
        if miss.layout.name in seen:
            continue
        seen.add(miss.layout.name)
        said.append(f"{miss.layout.dataset} ({miss.layout.name}; {_lack(miss)})")
    near = f" Nearest: {'; '.join(said)}." if said else " It is like none of them."
    return InputError(
        f"{name}: this is no official table that is known here. Found the headings "
        f"{examples(map(repr, first), 8) or 'none'}.{near}"
    )


def _nearness(match: Match) -> float:
    needed = len(match.at) + len(match.missing)
    return len(match.at) / (needed + len(match.surplus) / 2 + len(match.twice))


def _lack(match: Match) -> str:
    parts = []
    if match.missing:
        parts.append(f"lacks {examples(map(repr, match.missing), 3)}")
    if match.surplus:
        parts.append(f"does not have {examples(map(repr, match.surplus), 3)}")
    if match.twice:
        parts.append(f"{examples(map(repr, match.twice), 3)} more than once")
    return ", ".join(parts) or "its codes are of another kind"
