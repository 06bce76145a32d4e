"""The catalogue: every data set the method can use, and where its publisher keeps it.

The facts are data, in ``catalogue.toml`` beside this file; here they are read and checked.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from wmspatial.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WIDTH: Final = 100


@dataclass(frozen=True)
class Address:
    """One place on the web where a data set is, or is described.

    Attributes
    ----------
    kind : {"page", "file", "zip", "arcgis", "nomis"}
        A page to read, a file, an archive, a layer of an ArcGIS FeatureServer, or a query of the
        Nomis API.
    url : str
        The address; for a layer without ``/query``, for Nomis without its query.
    confirmed : bool
        Whether the address was found word for word in public documentation or code. It does not
        say that the server still answers there.
    evidence : str
        Where it was found; where it was not, what is missing.
    parameters : mapping of str to str
        For Nomis the query. For a layer ``code_field`` and, where they are known, ``name_field``
        and ``authority_field``: the columns to filter by.
    member : str
        For an archive, the pattern of the file wanted in it.
    """

    kind: str
    url: str
    confirmed: bool
    evidence: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    member: str = ""


@dataclass(frozen=True)
class Entry:
    """One data set.

    Attributes
    ----------
    id : str
        What it is called here, as ``"ts021-lsoa21"``.
    title, publisher : str
        What its publisher calls it, and who that is.
    table : str
        The publisher's number of it, as ``"TS021"``; empty where it has none.
    geography : str
        The areas it is of, as ``"LSOA 2021"``.
    vintage : int or None
        The census its areas are of: 2001, 2011, 2021 or none.
    coverage : str
        Which nations.
    addresses : tuple of Address
        Where it is, best first.
    licence, attribution : str
        The licence's name, and the words that have to stand beside the data.
    rows : int or None
        Rows of the whole file, without headings; none where that is not known.
    columns : tuple of str
        The publisher's headings that have to be there.
    direction : str
        Which end of a rank is the deprived one; empty where there is no rank.
    caveats : tuple of str
        What has to be known to use it well.
    needed : tuple of int
        The vintages whose main job, to load and to classify, needs it.
    """

    id: str
    title: str
    publisher: str
    table: str
    geography: str
    vintage: int | None
    coverage: str
    addresses: tuple[Address, ...]
    licence: str
    attribution: str
    rows: int | None
    columns: tuple[str, ...]
    direction: str
    caveats: tuple[str, ...]
    needed: tuple[int, ...]

    @property
    def confirmed(self) -> bool:
        """Whether some address to fetch it from was found in public text."""
        return any(a.confirmed for a in self.addresses if a.kind != "page")


def catalogue() -> Mapping[str, Entry]:
    """List every data set by its id.

    Returns
    -------
    mapping of str to Entry
        In the order of the file: boundaries, lookups, indices, census, jobs and pay.

    Raises
    ------
    InputError
        If the file is damaged.

    Examples
    --------
    >>> catalogue()["iod2019-imd"].direction
    '1 = most deprived'
    """
    return _shipped()


def entry(id: str) -> Entry:  # noqa: A002 - what the catalogue calls it
    """Find one data set.

    Parameters
    ----------
    id : str
        Its id, as ``"ts021-lsoa21"``.

    Returns
    -------
    Entry
        What is known of it.

    Raises
    ------
    InputError
        If there is none of that id; the nearest are named.

    Examples
    --------
    >>> entry("ts021-lsoa21").geography
    'LSOA 2021'
    >>> entry("ts021-lsoa")
    Traceback (most recent call last):
    ...
    wmspatial.errors.InputError: 'ts021-lsoa': no data set of that id. Nearest: ts021-lsoa21, ...
    """
    known = catalogue()
    if isinstance(id, str) and id in known:
        return known[id]
    from wmspatial.geography.lookup import nearest

    near = nearest(str(id), known)
    raise InputError(
        f"{id!r}: no data set of that id. {near or 'None is spelt like it.'} "
        "`wmspatial data list` shows them all."
    )


def as_table() -> pd.DataFrame:
    """Show the catalogue as a table.

    Returns
    -------
    DataFrame
        One row a data set, in the order of the catalogue: ``id``, ``title``, ``publisher``,
        ``geography``, ``vintage`` (missing where it is of no census), ``coverage``, ``rows``
        (missing where not known), ``licence``, and ``confirmed``, whether an address to fetch it
        from was found in public text.

    Examples
    --------
    >>> table = as_table().set_index("id")
    >>> int(table.loc["lsoa21-boundaries", "rows"])
    35672
    """
    import pandas as pd

    shown = ("id", "title", "publisher", "geography", "vintage", "coverage", "rows", "licence",
             "confirmed")  # fmt: skip
    table = pd.DataFrame(
        [{name: getattr(one, name) for name in shown} for one in catalogue().values()]
    )
    texts = ["id", "title", "publisher", "geography", "coverage", "licence"]
    kinds = dict.fromkeys(texts, "str") | {"vintage": "Int64", "rows": "Int64"}
    return table.astype(kinds)


def describe(id: str) -> str:  # noqa: A002
    """Say everything about one data set, as plain text.

    Parameters
    ----------
    id : str
        Its id.

    Returns
    -------
    str
        Lines of at most 100 characters, but for an address, which is never broken.

    Raises
    ------
    InputError
        If there is none of that id.

    Examples
    --------
    >>> print(describe("simd2020v2").splitlines()[0])
    simd2020v2: Scottish Index of Multiple Deprivation 2020v2: ranks
    """
    one = entry(id)
    facts = {
        "Publisher": one.publisher,
        "Table": one.table,
        "Geography": f"{one.geography}, {one.coverage}",
        "Vintage": f"areas of the Census {one.vintage}" if one.vintage else "",
        "Rows": f"{one.rows:,}" if one.rows else "not known",
        "Columns": "; ".join(one.columns),
        "Direction": one.direction,
        "Needed for": " and ".join(str(vintage) for vintage in one.needed),
        "Licence": one.licence,
        "Attribution": one.attribution,
    }
    lines = _wrapped(f"{one.id}: {one.title}", "", "    ")
    for name, value in facts.items():
        if value:
            lines += _wrapped(value, f"  {name + ':':<13}", " " * 15)
    for caveat in one.caveats:
        lines += _wrapped(caveat, "  Know that:   ", " " * 15)
    for address in one.addresses:
        lines += _described(address)
    return "\n".join(lines)


def _described(address: Address) -> list[str]:
    """Put an address on a line of its own, and what is known of it below."""
    lines = [f"  {address.kind + ':':<13}{address.url}"]
    if address.member:
        lines += _wrapped(f"in it: {address.member}", " " * 15, " " * 17)
    for name, value in address.parameters.items():
        lines += _wrapped(f"{name} = {value}", " " * 15, " " * 17)
    seen = "found in" if address.confirmed else "NOT CONFIRMED:"
    lines += _wrapped(f"{seen} {address.evidence}".rstrip(": "), " " * 15, " " * 17)
    return lines


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


@cache
def _shipped() -> Mapping[str, Entry]:
    from wmspatial.sources._catalogue_file import FILE, read_catalogue

    return read_catalogue((files("wmspatial.sources") / FILE).read_text("utf-8"), FILE)
