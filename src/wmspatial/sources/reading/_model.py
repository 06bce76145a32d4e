"""What a layout is: the headings a file has to have, what they mean, and what has to agree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from wmspatial.sources.reading._checks import Check, Frame
    from wmspatial.sources.tables import Column

#: Headings that servers and publishers add, which no layout needs: ids, Welsh names, centroids.
_BYSTANDERS: Final = re.compile(
    r"(objectid|fid|globalid|shape__(area|length)|(lsoa|msoa|wd|lad|rgn|ctry)\d\dnmw|"
    r"bng_[en]|long|lat|ladcd_active|utlacd|cauthcd|rgncd|edit_date|editor)"
)


def plain(heading: object) -> str:
    """Bring a heading to the form in which headings are compared."""
    return "" if heading is None else _plain(str(heading))


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(text.replace("\ufeff", " ").split()).casefold()


@dataclass(frozen=True)
class Field:
    """One column of a layout.

    Attributes
    ----------
    headings : tuple of str
        What the publisher calls it; ``#`` stands for any digit.
    column : Column
        What it has to hold; its name begins with ``_`` where it is checked and not returned.
    optional : bool
        Whether the layout is the same without it.
    """

    headings: tuple[str, ...]
    column: Column
    optional: bool = False

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The headings as they are compared."""
        return tuple(map(plain, self.headings))

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The headings that hold a ``#``, as patterns."""
        return tuple(re.compile(re.escape(h).replace(r"\#", r"\d")) for h in self.plain if "#" in h)

    def is_called(self, heading: str) -> bool:
        """Say whether this is one of the column's headings."""
        return heading in self.plain or any(p.fullmatch(heading) for p in self.patterns)


@dataclass(frozen=True)
class Layout:
    """One way in which a data set is published.

    Attributes
    ----------
    dataset : str
        Its id in the catalogue.
    name : str
        What the layout is called.
    title, publisher : str
        What it is, for a data set that the catalogue does not have.
    fields : tuple of Field
        Its columns, in the order in which they are returned.
    key : tuple of str
        Columns that identify a row.
    kind : {"table", "export", "shapes"}
        A table, a Nomis query export with its preamble, or polygons.
    vintage : int or None
        The census whose areas it has.
    rows : int or None
        Rows of the whole table, where the catalogue's number is of another layout or absent.
    checks : tuple
        What has to agree inside a row or between rows.
    prepare : callable, optional
        Reshapes the checked table; gets the notes too.
    preamble : tuple of (str, str)
        For what stands above the headings: patterns, and what each is of.
    ignores : str
        Pattern of further headings that may be there; ``".*"`` for any.
    also : tuple of str
        Further data sets that the same table holds.
    notes : tuple of str
        What has to be known.
    by_area : bool
        Whether the rows of the catalogue are areas, and the file has several rows an area.
    unended : bool
        Whether the publisher's file has no line end after its last row.
    tell : callable, optional
        Says, from the codes in the file, which of several data sets it can be.
    """

    dataset: str
    name: str
    title: str
    publisher: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("code",)
    kind: str = "table"
    vintage: int | None = None
    rows: int | None = None
    checks: tuple[Check, ...] = ()
    prepare: Callable[[Frame, list[str]], Frame] | None = None
    preamble: tuple[tuple[str, str], ...] = ()
    ignores: str = ""
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by_area: bool = False
    unended: bool = False
    tell: Callable[[bytes], bool | None] | None = None

    @cached_property
    def _ignored(self) -> re.Pattern[str]:
        return re.compile(self.ignores or r"(?!)", re.IGNORECASE)

    def ignored(self, heading: str) -> bool:
        """Say whether a heading that is not one of the layout's may stand in the file."""
        return bool(_BYSTANDERS.fullmatch(heading) or self._ignored.fullmatch(heading))


@dataclass(frozen=True)
class Match:
    """How the headings of one row of a file fit a layout.

    Attributes
    ----------
    layout : Layout
        The layout.
    at : dict of int to Field
        Position of each column that was found.
    missing : list of str
        Headings that the layout has and the row has not.
    surplus : list of str
        Headings that the row has and the layout has not.
    twice : list of str
        Headings that stand more than once.
    notes : list of str
        Damaged headings that were recognised.
    """

    layout: Layout
    at: dict[int, Field]
    missing: list[str]
    surplus: list[str]
    twice: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether every heading has its place."""
        return not (self.missing or self.surplus or self.twice)


@dataclass(frozen=True)
class Recognised:
    """What a file holds.

    Attributes
    ----------
    dataset : str
        Id of the data set in the catalogue.
    layout : str
        What its layout is called.
    form : str
        How it is written: ``"csv"``, ``"csv in gzip"``, ``"xlsx"``, ``"parquet"`` and so on.
    whole : bool or None
        Whether all rows of the data set are there; None where that is not known.
    rows : int or None
        Rows of the table, where they could be counted without reading it.
    also : tuple of str
        Further data sets that the same table holds, as a lookup to MSOAs and to wards.
    """

    dataset: str
    layout: str
    form: str
    whole: bool | None = None
    rows: int | None = None
    also: tuple[str, ...] = ()
