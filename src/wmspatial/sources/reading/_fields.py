"""Short ways to declare the columns that most layouts have."""

from __future__ import annotations

from wmspatial.sources.reading._model import Field
from wmspatial.sources.tables import Column


def code(headings: str | tuple[str, ...], level: str, name: str = "code", **more: object) -> Field:
    """Declare a column of area codes."""
    among = tuple(map(str, more.pop("among", ())))  # type: ignore[call-overload]
    return _field(headings, Column(name, "code", level, complete=True, among=among), more)


def label(headings: str | tuple[str, ...], name: str, **more: object) -> Field:
    """Declare a column of names, none of them blank."""
    return _field(headings, Column(name, "text", complete=True), more)


def words(headings: str | tuple[str, ...], *among: str, name: str = "", **more: object) -> Field:
    """Declare a column that may hold a few words only."""
    complete = bool(more.pop("complete", True))
    return _field(headings, Column(name, "text", complete=complete, among=among), more)


def number(
    headings: str | tuple[str, ...],
    name: str,
    kind: str = "people",
    suppressed: tuple[str, ...] = (),
    **more: object,
) -> Field:
    """Declare a column of numbers, none of them blank unless the publisher suppresses some."""
    column = Column(name, kind, complete=not suppressed, suppressed=suppressed)
    return _field(headings, column, more)


def _field(headings: str | tuple[str, ...], column: Column, more: dict[str, object]) -> Field:
    names = (headings,) if isinstance(headings, str) else headings
    return Field(names, column, bool(more.get("optional", False)))
