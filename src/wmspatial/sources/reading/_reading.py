"""Read an official table: recognise it, check it, bring it to standard names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wmspatial.errors import InputError
from wmspatial.provenance import OGL, Source
from wmspatial.sources.reading._checks import as_str, repeats, row_of
from wmspatial.sources.reading._finding import Found, find
from wmspatial.sources.reading._model import Recognised
from wmspatial.sources.tables import Column, Layout, check, sha256

if TYPE_CHECKING:
    import pandas as pd

    from wmspatial.sources.catalogue import Entry

_PEOPLE = ("people", "count")


def recognise(path: str | Path) -> Recognised:
    r"""Say what official table a file holds, by its content.

    Parameters
    ----------
    path : str or Path
        A CSV file or Nomis export (also in gzip or zip), a workbook, a Parquet file, GeoJSON or a
        GeoPackage. Its name does not matter.

    Returns
    -------
    Recognised
        Data set, layout and form, and whether it is the whole table.

    Raises
    ------
    InputError
        If it is no table that is known here; the message names the headings that were found, and
        the layouts that come nearest with what they lack.
    MissingFileError
        If there is no such file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "made_up.csv"
    >>> _ = file.write_text("LSOA11CD,White,Mixed,Asian,Black,Other\nE01000001,9,1,2,3,4\n")
    >>> found = recognise(file)
    >>> found.dataset, found.form, found.whole
    ('ks201ew-lsoa11', 'csv', False)
    """
    found = find(Path(path))
    rows = None if found.layout.by_area else found.rows
    return Recognised(
        found.dataset, found.layout.name, found.grid.form, _whole(found, rows), rows,
        found.layout.also,
    )  # fmt: skip


def read_official(path: str | Path, dataset: str | None = None) -> pd.DataFrame:
    r"""Read an official table into a tidy frame with standard names.

    The file is recognised by its content, every column that is returned is checked against its
    kind, and rows against each other: totals against their parts, deciles against ranks, ranks
    against scores, kinds of change against codes.

    Parameters
    ----------
    path : str or Path
        The file, in any form that :func:`recognise` takes.
    dataset : str, optional
        The data set that it has to be, by its id in the catalogue.

    Returns
    -------
    DataFrame
        One row an area or a pair of areas, in the file's order; a GeoDataFrame for boundaries.
        Codes are str, numbers float64. ``attrs["source"]`` says where it comes from and what was
        repaired or left out, ``attrs["dataset"]`` which data set it is, ``attrs["vintage"]`` of
        which census its areas are, and ``attrs["whole"]`` whether all rows are there.

    Raises
    ------
    InputError
        If it is no table that is known, another than `dataset`, or anything in it is wrong; every
        fault that was found is named, with its row.
    MissingFileError
        If there is no such file.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "made_up.csv"
    >>> _ = file.write_text("LSOA11CD,White,Mixed,Asian,Black,Other\nE01000001,9,1,2,3,4\n")
    >>> table = read_official(file)
    >>> table[["code", "residents", "white"]].to_dict("records")
    [{'code': 'E01000001', 'residents': 19.0, 'white': 9.0}]
    >>> table.attrs["dataset"], table.attrs["source"].notes[-1]
    ('ks201ew-lsoa11', '1 of 34,753 rows: a part of the table, or cut off')
    """
    path = Path(path)
    found = find(path, dataset)
    layout, grid = found.layout, found.grid
    raw = grid.raw(found.header, found.match)
    notes = [*grid.notes, *found.match.notes]
    table = _checked(raw, found, path.name, notes)
    rows = len(raw)
    if found.header and layout.kind == "table":
        _refuse_areas_above(found, path.name)
        notes.append(f"rows above the headings passed over: {found.header}")
    if layout.prepare is not None:
        try:
            table = layout.prepare(table, notes)
        except InputError as error:
            raise InputError(
                f"{path.name}: {str(error).rstrip('.')}. Expected: {layout.title}."
            ) from error
    rows = len(table) if layout.by_area else rows
    whole = _whole(found, rows)
    lacks = _nations_lacking(found, table) if whole is None else ""
    if lacks:
        whole = False
        notes.append(f"{rows:,} rows, none of {lacks}: a part of the table")
    else:
        _say_what_is_missing(found, rows, whole, notes)
    table = table[[c for c in table.columns if not c.startswith("_")]].reset_index(drop=True)
    for column in table.columns[table.dtypes == "category"]:
        table[column] = as_str(table[column])
    named = _entry(found.dataset)
    table.attrs = {
        "source": Source(
            # A tidy extract is not the publisher's file, and may be of another edition.
            named.title if named and not layout.name.endswith("tidy") else layout.title,
            named.publisher if named else layout.publisher,
            named.licence if named else OGL,
            path.name,
            sha256(path),
            len(table),
            tuple(dict.fromkeys((*layout.notes, *notes))),
            dataset=found.dataset,
            attribution=named.attribution if named else "",
        ),
        "dataset": found.dataset,
        "vintage": layout.vintage,
        "whole": whole,
    }
    return table


_NATIONS: Final = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}
#: By what the catalogue says of coverage: the nations, by the first letter of their codes.
_COVERED: Final = {
    "UK": _NATIONS,
    "Great Britain": {letter: name for letter, name in _NATIONS.items() if letter != "N"},
    "England and Wales": {letter: _NATIONS[letter] for letter in "EW"},
}
_AREA: Final = re.compile(r"[EWSN]\d{8}|95[A-Z]{2}\d{2}[A-Z]\d")


def _entry(dataset: str) -> Entry | None:
    """Look a data set up in the catalogue, if it is there."""
    from wmspatial.sources.catalogue import catalogue

    return catalogue().get(dataset)


def _whole(found: Found, rows: int | None) -> bool | None:
    expected = _expected(found)
    if rows is None or expected is None or rows > expected:
        return None
    return rows == expected


def _expected(found: Found) -> int | None:
    if found.layout.rows is not None:
        return found.layout.rows
    entry = _entry(found.dataset)
    return entry.rows if entry else None


def _nations_lacking(found: Found, table: pd.DataFrame) -> str:
    """Name the nations that polygons of an unknown number cover, and of which there are none."""
    entry = _entry(found.dataset)
    if found.layout.kind != "shapes" or entry is None or _expected(found) is not None:
        return ""
    there = set(table["code"].astype("str").str[:1])
    nations = _COVERED.get(entry.coverage, {})
    return " and ".join(name for letter, name in nations.items() if letter not in there)


def _say_what_is_missing(found: Found, rows: int, whole: bool | None, notes: list[str]) -> None:
    expected = _expected(found)
    if whole is False:
        notes.append(f"{rows:,} of {expected:,} rows: a part of the table, or cut off")
    elif whole is None and expected is not None:
        notes.append(f"{rows:,} rows, more than the {expected:,} that are known of")
    elif whole is None:
        notes.append(f"{rows:,} rows; how many the whole table has is not known here")


def _checked(raw: pd.DataFrame, found: Found, name: str, notes: list[str]) -> pd.DataFrame:
    """Check every column, then what has to agree between them."""
    layout = found.layout
    _refuse_headings_again(raw, name)
    columns = {raw_name: field.column for raw_name, field in _named(raw, found)}
    if "name" in raw.columns and "name" not in {c.name for c in columns.values()}:
        columns["name"] = Column("name", "text", complete=True)  # out of the cell of its code
    ordered = {c.name: i for i, c in enumerate(f.column for f in layout.fields)}
    columns = dict(sorted(columns.items(), key=lambda item: ordered.get(item[1].name, 0.5)))
    names = [c.name for c in columns.values()]
    key = layout.key if set(layout.key) <= set(names) else ("code",)
    wanted = Layout(name, layout.title, layout.publisher, columns)
    shapes = raw["geometry"] if layout.kind == "shapes" else None
    table, more = check(raw, wanted)
    notes.extend(more)
    faults = list(repeats(table, key)) if key else []
    faults += [fault for one in layout.checks if _at_hand(one, table) for fault in one(table)]
    if faults:
        raise InputError(
            f"{name}: {'; '.join(faults)}. Expected: {layout.title}. Put the file right and try "
            "again."
        )
    if shapes is not None:
        import geopandas as gpd

        table = gpd.GeoDataFrame(table, geometry=shapes, crs=raw.crs)
    return table


def _refuse_areas_above(found: Found, name: str) -> None:
    """Refuse rows of areas above the headings: they would be passed over."""
    at = [i for i, field in found.match.at.items() if field.column.kind == "code"]
    for number, row in enumerate(found.grid.head[: found.header], start=1):
        if any(i < len(row) and _AREA.fullmatch(row[i].strip()) for i in at):
            raise InputError(
                f"{name}: row {number:,} stands above the headings (row {found.header + 1:,}) and "
                "holds an area code. Put the headings first."
            )


def _refuse_headings_again(raw: pd.DataFrame, name: str) -> None:
    """Refuse a row of headings among the rows, as where two files were put together."""
    for heading in raw.columns.drop("geometry", errors="ignore"):
        if raw[heading].dtype != "float64" and heading.strip():
            again = (raw[heading] == heading.strip()).to_numpy(dtype=bool)
            if again.any():
                raise InputError(
                    f"{name}: row {row_of(again, raw)} repeats the headings. Were two files put "
                    "together? Take the row away, and see that no area stands twice."
                )
            return


def _named(raw: pd.DataFrame, found: Found) -> list[tuple[str, Any]]:
    """Pair the columns of the raw table with the fields of the match."""
    from wmspatial.sources.reading._grids import headings

    names = headings(found.grid.head[found.header])
    return [(names[i], field) for i, field in found.match.at.items() if names[i] in raw.columns]


def _at_hand(one: Any, table: pd.DataFrame) -> bool:
    """Say whether the columns of a check are in the table: optional ones may not be."""
    used = [v for v in vars(one).values() if isinstance(v, str)]
    names = {"total", "part", "percent", "less", "more", "rank", "decile", "score", "code", "name",
             "column", "one", "other", "earlier", "later"}  # fmt: skip
    used = [v for k, v in vars(one).items() if k in names and isinstance(v, str) and v]
    return all(v in table.columns for v in used)
