"""What the tests of fetching share: made-up data sets, and a reader of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import InputError
from wmspatial.sources._contents import Contents
from wmspatial.sources._outcomes import Tools
from wmspatial.sources._services import Services
from wmspatial.sources.catalogue import Address, Entry
from wmspatial.sources.http import Door

if TYPE_CHECKING:
    from pathlib import Path


def text_of(dataset: str, rows: int = 3) -> str:
    """Make up a file: a line with its data set, one of headings, and rows."""
    return "\n".join([dataset, "code,people", *(f"E{at:08d},{at}" for at in range(rows))]) + "\n"


def examine(path: Path, _dataset: str = "") -> Contents:
    """Find out what such a file holds."""
    lines = path.read_text("utf-8", "replace").splitlines()
    if len(lines) < 2 or lines[1] != "code,people":
        raise InputError(f"{path.name}: no known layout.")
    return Contents(lines[0], len(lines) - 2, ("code", "people"), notes=("made up",))


def address(url: str, kind: str = "file", **more: Any) -> Address:
    """Name a place, a confirmed one unless said otherwise."""
    return Address(**({"kind": kind, "url": url, "confirmed": True, "evidence": "x"} | more))


def entry(dataset: str, *places: Address, **more: Any) -> Entry:
    """Make up an entry of the catalogue, which the main job needs."""
    facts: dict[str, Any] = {
        "id": dataset, "title": f"Made-up {dataset}", "publisher": "Nobody", "table": "",
        "geography": "LSOA 2021", "vintage": 2021, "coverage": "England and Wales",
        "addresses": places, "licence": "none", "attribution": "", "rows": 3,
        "columns": ("code", "people"), "direction": "", "caveats": (), "needed": (2021,),
    }  # fmt: skip
    return Entry(**(facts | more))


def catalogue_of(*entries: Entry) -> dict[str, Entry]:
    """Put entries together."""
    return {one.id: one for one in entries}


def no_wait(_seconds: float) -> None:
    """Wait for nothing, so that tries follow each other at once."""


def tools(**options: Any) -> Tools:
    """Open a door to a server on this machine, which does not wait between tries."""
    door = Door(**({"allow_http": True, "sleep": no_wait, "timeout": 10, "per_host": 20} | options))
    return Tools(Services(door), examine, read)


def read(path: Path, dataset: str) -> pd.DataFrame:
    """Read one of the made-up lookups, which are plain CSV below two lines."""
    assert examine(path).dataset == dataset
    return pd.read_csv(path, skiprows=1, dtype="str")
