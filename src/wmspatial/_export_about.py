"""Write down what a table rests on: the companion of a CSV, the second sheet of a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wmspatial.errors import examples
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wmspatial._export_cells import Prepared
    from wmspatial.provenance import Source

#: Units of the columns of a result, as docs/columns.md has them.
_UNITS: Final = {
    "deprivation_rank": "rank, 1 = most deprived of its nation",
    "deprivation_decile": "decile, 1 = most deprived tenth of its nation",
    "deprivation_share": "share, 0 to 1",
    "residents": "people",
    "white": "people",
    "mixed": "people",
    "asian": "people",
    "black": "people",
    "other": "people",
    "jobs": "jobs",
    "employed_residents": "people",
    "held_against": "people",
    "jobs_ratio": "jobs a person",
    "commuters": "people",
    "unknown_share": "share, 0 to 1",
    "connection_score": "share, 0 to 1; higher is better connected",
    "reference_size": "neighbourhoods",
    "people": "people",
    "share_disconnected": "share, 0 to 1",
    "deprived_share": "share, 0 to 1",
}


def about_lines(
    title: str,
    table: Prepared,
    *,
    sources: Iterable[Source],
    caveats: Iterable[str],
    notes: Iterable[str],
) -> list[str]:
    """Write down what a table is, line by line.

    Parameters
    ----------
    title : str
        What the table is.
    table : Prepared
        The table as it is written.
    sources : iterable of Source
        What it rests on.
    caveats, notes : iterable of str
        What has to be known, and what was done.

    Returns
    -------
    list of str
        Lines of plain text.
    """
    from wmspatial import __version__

    rows, columns = table.frame.shape
    today = datetime.now(UTC).date().isoformat()
    lines = [ILLUSTRATIVE, ""] if table.illustrative else []
    lines += [
        _one_line(title),
        f"Written by wmspatial {__version__} on {today} (UTC).",
        f"{rows:,} rows, {columns:,} columns.",
        "",
        "Columns",
        *(f"  {_one_line(name)}: {_column(name, table)}" for name in table.kinds),
        "",
        *_section("What to know", caveats),
        *_section("Notes", [*notes, *_done(table)]),
        "Sources",
    ]
    return lines + ([line for source in sources for line in _source(source)] or ["  none given"])


def _column(name: str, table: Prepared) -> str:
    values = table.frame[name]
    unit = f", {_UNITS[name]}" if name in _UNITS else ""
    missing = int(values.isna().sum())
    return f"{table.kinds[name]}{unit}" + (f"; {missing:,} missing" if missing else "")


def _section(title: str, texts: Iterable[str]) -> list[str]:
    listed = [f"  - {_one_line(text)}" for text in texts]
    return [title, *listed, ""] if listed else []


def _done(table: Prepared) -> list[str]:
    """Say what was done to the table in writing it."""
    done = []
    if table.dropped:
        done.append(f"Shapes left out: {examples(table.dropped)}.")
    if table.guarded:
        count = sum(table.guarded.values())
        where = examples([f"{name} {n:,}" for name, n in table.guarded.items()], 12)
        done.append(
            f"{count:,} texts begin with =, +, -, @, a tab or a line end and have an apostrophe "
            f"before them, so that no spreadsheet takes them for a formula ({where}). "
            "wmspatial.read_table takes it off again."
        )
    if table.headings_guarded:
        done.append(f"So have {len(table.headings_guarded):,} headings.")
    if table.infinite:
        count = sum(table.infinite.values())
        where = examples([f"{name} {n:,}" for name, n in table.infinite.items()], 12)
        done.append(
            f"{count:,} numbers are infinite, as where something is divided by nought, and stand "
            f"as inf ({where}). A spreadsheet takes that for text, wmspatial.read_table for a "
            "missing value."
        )
    if table.digits is not None:
        done.append(f"Fractions are rounded to {table.digits} significant digits.")
    return done


def _source(source: Source) -> list[str]:
    lines = [f"  - {_one_line(source)}. {_one_line(source.licence) or 'Licence not stated'}."]
    if source.attribution:
        lines.append(f"    {_one_line(source.attribution)}")
    if source.file:
        lines.append(f"    {_one_line(source.file)}, {source.rows:,} rows, sha256 {source.sha256}")
    if source.fetched or source.url:
        lines.append(f"    Fetched {_one_line(f'{source.fetched} {source.url}')}")
    return lines + [f"    {_one_line(note)}" for note in source.notes]


def _one_line(text: object) -> str:
    """Keep a text on one line, so that none can pass for a line of ours."""
    return " ".join(str(text).split())
