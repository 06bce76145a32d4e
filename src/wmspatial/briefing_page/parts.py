"""What a section of a briefing is made of, before it is a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wmspatial.provenance import Source


@dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    text: str
    #: "" for what is read first, "note" for what has to be known beside it.
    kind: str = ""


@dataclass(frozen=True)
class Bullets:
    """Plain texts, one below the other."""

    items: Sequence[str]
    kind: str = ""


@dataclass(frozen=True)
class Figures:
    """Three or four numbers that say most: what stands large, and what it counts."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table with its caption.

    Attributes
    ----------
    caption : str
        What it shows.
    head : sequence of str
        Headings of the columns.
    rows : sequence of sequence of str
        Cells; the first one heads its row.
    words : int
        How many columns from the left hold words and not numbers.
    total : bool
        Whether the last row sums up the others.
    folded : bool
        Whether it waits to be opened, because a chart shows the same.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1
    total: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Drawing:
    """A drawing as SVG, wide and, where there is one, for narrow screens; with its source."""

    wide: str
    narrow: str = ""
    source: str = ""
    kind: str = "chart"


@dataclass(frozen=True)
class Key:
    """What the colours and signs of a map mean, and who its numbers are."""

    title: str
    #: Colour, sign, whether the colour is dark, pattern, name, meaning and count.
    rows: Sequence[tuple[str, str, bool, str, str, str, str]]
    numbers: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class Markup:
    """HTML made here from somebody's Markdown."""

    html: str


@dataclass(frozen=True)
class Link:
    """A sentence with a link to a file beside the page."""

    before: str
    href: str
    text: str
    after: str


@dataclass(frozen=True)
class Tables:
    """The tables behind a result: who published them, under which licence, and which files."""

    items: Sequence[Source]


Part = Paragraph | Bullets | Figures | Table | Drawing | Key | Markup | Link | Tables


@dataclass(frozen=True)
class Section:
    """A section: its name, its heading, and what stands below it.

    Attributes
    ----------
    name : str
        What an analyst calls it, to replace it or to leave it out.
    heading : str
        What stands above it.
    parts : list of Part
        In the order of reading.
    """

    name: str
    heading: str
    parts: Sequence[Part] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """What a link to it ends in."""
        kept = "".join(c if c.isalnum() else "-" for c in self.name.casefold())
        return "-".join(part for part in kept.split("-") if part) or "section"
