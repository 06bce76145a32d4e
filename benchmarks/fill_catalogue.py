"""Write docs/catalogue.md from the catalogue.

``python benchmarks/fill_catalogue.py``
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from wmspatial.sources.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wmspatial.sources.catalogue import Address, Entry

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "catalogue.md"

INTRODUCTION = """# The catalogue

Every data set that the method can use: who publishes it, of which areas, where it is, and what has
to be known of it. The facts stand in one file, `src/wmspatial/sources/catalogue.toml`; this page is
written from it by `python benchmarks/fill_catalogue.py`, and a test holds the two together.
`wmspatial data list` shows the catalogue in the terminal, `wmspatial data show ID` all about one of
the data sets, the words of attribution too. All are official statistics under the Open Government
Licence v3.0.

An address is the publisher's own. It is **confirmed** where it was found word for word in public
documentation or code, and the page says where; that does not say that the server still answers
there. One that was not found so is marked *not confirmed*. *Rows* are those of the whole table as
it is read, left out where the number is not known. *Needed* are the census vintages whose main job,
to load and to classify, needs the data set.
"""

#: The headings of the page, and the first data set under each.
SECTIONS = {
    "lsoa11-boundaries": "Boundaries",
    "lsoa01-lsoa11": "Lookups",
    "imd2004": "Indices of deprivation",
    "ks201ew-lsoa11": "Census",
    "bres-lsoa11": "Jobs, pay and employment",
}
KINDS = {"page": "page", "file": "file", "zip": "archive", "arcgis": "map server", "nomis": "Nomis"}


def page() -> str:
    """Put the page together."""
    return "\n".join([INTRODUCTION, *_overview(), *_details()])


def _overview() -> Iterator[str]:
    yield "## All data sets\n"
    yield "| Data set | What it is | Areas | Rows | Needed | Addresses |"
    yield "|---|---|---|---:|---|---|"
    for one in catalogue().values():
        cells = [
            f"[`{one.id}`](#{one.id})",
            _plain(one.title),
            f"{one.geography}, {one.coverage}",
            f"{one.rows:,}" if one.rows else "",
            ", ".join(map(str, one.needed)),
            "confirmed" if one.confirmed else "not confirmed",
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _details() -> Iterator[str]:
    for one in catalogue().values():
        if one.id in SECTIONS:
            yield f"## {SECTIONS[one.id]}\n"
        yield f"### {one.id}\n"
        yield f"{_plain(one.title)}.\n"
        yield from _facts(one)
        yield from (f"- {_plain(caveat)}" for caveat in one.caveats)
        yield from map(_line, one.addresses)
        yield ""


def _facts(one: Entry) -> Iterator[str]:
    facts = [one.publisher, f"{one.geography}, {one.coverage}"]
    facts += [f"table {one.table.removeprefix('Table ')}"] if one.table else []
    facts += [f"areas of the {one.vintage} Census"] if one.vintage else []
    facts += [f"{one.rows:,} rows"] if one.rows else []
    facts += [one.direction] if one.direction else []
    yield f"- {_plain('; '.join(facts))}."
    if one.columns:
        yield f"- Columns: {', '.join(f'`{column}`' for column in one.columns)}."


def _line(address: Address) -> str:
    """Say all about one address in one item of a list."""
    parts = [f"{KINDS[address.kind].capitalize()}: <{address.url}>"]
    if address.member:
        parts.append(f"in it `{address.member}`")
    if address.parameters:
        query = ", ".join(f"{name}={value}" for name, value in address.parameters.items())
        parts.append(f"with `{query}`")
    seen = "confirmed" if address.confirmed else "*not confirmed*"
    return f"- {', '.join(parts)}; {seen}: {_plain(address.evidence)}."


def _plain(text: str) -> str:
    """Keep a text from being read as Markdown."""
    return re.sub(r"([*_|<>`\[\]\\])", r"\\\1", text)


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
