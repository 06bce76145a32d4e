"""Bring your own table: any file with a column of area codes, cleaned, and said how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.provenance import ILLUSTRATIVE, Source
from wmspatial.sources._own_choice import Candidate, Rows, choose, copies_of, sort_rows
from wmspatial.sources._own_codes import settle
from wmspatial.sources._own_files import Grid, open_table
from wmspatial.sources._own_layout import Raw, first_codes, to_raw, unique_headings
from wmspatial.sources._own_words import clean_columns
from wmspatial.sources.tables import sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

_DUPLICATES: Final = ("refuse", "keep")
_NOTES: Final = 12


def read_table(
    path: str | Path,
    *,
    code: str | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    vintage: int | None = None,
    duplicates: str = "refuse",
) -> pd.DataFrame:
    r"""Read your own table by its area codes, clean its numbers, and say what was done.

    CSV (with any common delimiter and encoding, also in .gz or .zip), Excel, Parquet, GeoPackage
    and GeoJSON, told by content. Lines above and below the table are left out. A column becomes
    numeric only if each of its cells is a number, blank, or a marker such as ``*``, ``-``, ``x``,
    ``..`` or ``[c]``; markers become missing values and are counted. Thousands separators and per
    cent signs are taken off; per cent stay per cent. Everything else stays text.

    Parameters
    ----------
    path : str or Path
        The file.
    code : str, optional
        Heading of the codes; by default the column of the smallest areas that stand once each.
    sheet : str, optional
        Sheet of a workbook; by default the only one that holds codes.
    layer : str, optional
        Layer of a GeoPackage; by default the only one.
    vintage : {2001, 2011, 2021}, optional
        Census of the areas, where neither the codes nor the heading tell it.
    duplicates : {"refuse", "keep"}, default "refuse"
        Whether a code may stand in several rows.

    Returns
    -------
    DataFrame
        One row an area in the order of the file, indexed by ``code``; a GeoDataFrame where the
        file has shapes. ``attrs["report"]`` lists in sentences what was found and done,
        ``attrs["vintage"]`` is the census or ``None``, ``attrs["kind"]`` what the codes are of
        ("LSOA", "ward" and so on), ``attrs["source"]`` the :class:`~wmspatial.Source`,
        ``attrs["missing"]`` how often each marker stood in each column (blank cells under ``""``),
        ``attrs["per_cent"]`` the columns that had per cent signs,
        ``attrs["set_apart"]`` the totals and other rows that are no area of the table, as they
        stand in the file.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputError
        If it is no table that can be read, has no column of codes or several that fit, or a code
        stands twice.
    VintageError
        If the codes cannot be of the census that is given or that the heading says.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pupils.csv"
    ...     _ = path.write_text('LSOA11CD,Pupils,Absent\nE01008881,"1,200",5.1%\nE01008882,*,4%\n')
    ...     table = read_table(path)
    >>> table
               Pupils  Absent
    code
    E01008881  1200.0     5.1
    E01008882     NaN     4.0
    >>> print(*table.attrs["report"], sep="\n")
    pupils.csv: 2 rows of LSOA, by the codes in 'LSOA11CD'.
    Census 2011: the heading 'LSOA11CD' says so.
    'Pupils': thousands separators removed in 1 (row 2 first); they could part decimals too:
    '1,200' is read as 1200.
    'Pupils': 1 cells hold a marker in place of a number and are missing: '*' 1 (row 3 first).
    'Absent': per cent signs removed from 2 (row 2 first), the values stay in per cent.
    """
    path = Path(path)
    if duplicates not in _DUPLICATES:
        raise InputError(f"duplicates={duplicates!r}: expected 'refuse' or 'keep'.")
    opened = open_table(path, sheet, layer)
    if opened.table is None:
        raw, geometry = _from_grids(path.name, opened.grids), None
    else:
        raw, geometry = _from_columns(path.name, opened.table, opened.said)
    chosen = choose(path.name, raw, code, keep_duplicates=duplicates == "keep")
    rows = sort_rows(path.name, raw, chosen)
    return _assemble(path, raw, geometry, chosen, rows, vintage)


def _from_grids(name: str, grids: Sequence[Grid]) -> Raw:
    """Take the one sheet that holds codes."""
    if not grids:
        raise InputError(f"{name}: there is nothing in it. Expected a table with area codes.")
    having = [grid for grid in grids if first_codes(grid)]
    sheets = examples([repr(grid.name) for grid in having or grids], 20)
    unsaved = sum(grid.unsaved for grid in grids)
    if not having and unsaved:
        raise InputError(
            f"{name}: no column of area codes, but {unsaved:,} cells hold a formula without a "
            "saved value. Open the workbook in a spreadsheet program, save it there, and read it "
            "again."
        )
    if len(grids) == 1:
        return to_raw(name, grids[0])
    if not having:
        raise InputError(
            f"{name}: no sheet has a column of area codes, such as E01008881 (LSOA) or E08000025 "
            f"(authority); looked at {sheets}."
        )
    if len(having) > 1:
        raise InputError(
            f"{name}: {len(having)} sheets hold area codes ({sheets}). Name one with sheet=."
        )
    raw = to_raw(f"{name}, sheet {having[0].name!r}", having[0])
    raw.said.insert(0, f"Read from the sheet {having[0].name!r}, the only one with area codes.")
    return raw


def _from_columns(name: str, table: pd.DataFrame, heard: list[str]) -> tuple[Raw, Any]:
    """Take a table whose columns the file itself names, and its shapes where it has some."""
    if table.empty:
        raise InputError(f"{name}: there are no rows in it. Expected one row an area.")
    if table.index.name is not None or isinstance(table.index, pd.MultiIndex):
        table = table.reset_index()
    geometry = table.geometry if hasattr(table, "geometry") else None
    if geometry is not None:
        table = pd.DataFrame(table.drop(columns=geometry.name))
    said = list(heard)
    headings = unique_headings([str(column) for column in table.columns], said)
    body = table.set_axis(range(table.shape[1]), axis=1).reset_index(drop=True)
    return Raw(headings, body, np.arange(1, len(body) + 1), said=said), geometry


def _assemble(
    path: Path, raw: Raw, geometry: Any, chosen: Candidate, rows: Rows, vintage: int | None
) -> pd.DataFrame:
    """Put index, columns, shapes and provenance together."""
    codes = pd.Index(chosen.codes.astype("str"), name="code")
    others = [h for h in raw.headings if h != chosen.heading]
    census, why = settle(path.name, chosen.kind, codes.unique(), vintage, (chosen.heading, others))
    kind = chosen.kind
    said = [
        f"{path.name}: {len(codes):,} rows of {kind}, by the codes in {chosen.heading!r}.",
        why,
        *raw.said,
        *rows.said,
        *_said_of_codes(chosen),
    ]
    copies = copies_of(raw, chosen)
    if copies:
        named = examples(repr(raw.headings[place]) for place in copies)
        said.append(f"Columns with the same codes again left out: {named}.")
    places = [p for p in range(len(raw.headings)) if p != chosen.place and p not in copies]
    columns, words, missing, signed = clean_columns(
        raw.body.loc[rows.kept, places],
        [raw.headings[place] for place in places],
        raw.rows[rows.kept],
        delimited=raw.delimited,
    )
    said += words
    names = chosen.parsed.names[rows.kept]
    if names.notna().any():
        columns = {_free("name", columns): names, **columns}
    frame = pd.DataFrame({h: values.array for h, values in columns.items()}, index=codes)
    frame.index = codes.rename(_free("code", columns))
    illustrative = any(
        values.dtype == "str" and values.eq(ILLUSTRATIVE).all() for values in columns.values()
    )
    if illustrative:
        said.append(f"{ILLUSTRATIVE}: the table says so of itself.")
    if geometry is not None:
        frame = _with_shapes(frame, geometry[rows.kept], said)
    source = Source(
        title=path.stem, licence="", file=path.name, sha256=sha256(path), rows=len(frame),
        notes=(*said, *_notes_of_file(raw, rows)),
    )  # fmt: skip
    frame.attrs = {
        "report": said, "vintage": census, "kind": kind, "source": source, "missing": missing,
        "per_cent": [h for h in columns if h in signed],
        "set_apart": _apart(raw, rows), "illustrative": illustrative,
    }  # fmt: skip
    return frame


def _said_of_codes(chosen: Candidate) -> list[str]:
    said = []
    if chosen.parsed.names[chosen.kept].notna().any():
        said.append(f"{chosen.heading!r}: code and name stood in one cell and are parted.")
    if chosen.parsed.mended:
        said.append(
            f"{chosen.heading!r}: spaces cut off or small letters made capital in "
            f"{chosen.parsed.mended:,} codes."
        )
    if not chosen.codes.is_unique:
        again = int(chosen.codes.duplicated(keep=False).sum())
        said.append(f"{again:,} rows share their code with another row; all are kept, as asked.")
    return said


def _free(name: str, columns: dict[str, Any]) -> str:
    """Return a name that no column has yet."""
    return name if name not in columns else _free(f"area {name}", columns)


def _with_shapes(frame: pd.DataFrame, geometry: Any, said: list[str]) -> pd.DataFrame:
    import geopandas as gpd

    bare = int(geometry.isna().sum() + geometry.is_empty.sum())
    if bare:
        said.append(f"{bare:,} areas have no shape.")
    if geometry.crs is None:
        said.append("The shapes have no coordinate system: set it with set_crs before mapping.")
    shapes: pd.DataFrame = gpd.GeoDataFrame(frame, geometry=geometry.array, crs=geometry.crs)
    return shapes


def _notes_of_file(raw: Raw, rows: Rows) -> list[str]:
    """Keep the lines around the table: a publisher's own notes stand there."""
    below = [
        " ".join(str(cell).strip() for cell in cells if not pd.isna(cell) and str(cell).strip())
        for cells in raw.body[rows.below].to_numpy()
    ]
    lines = [line for line in (*raw.around, *below) if line]
    more = len(lines) - _NOTES
    shown = [f"In the file: {line}" for line in lines[:_NOTES]]
    return [*shown, f"In the file: {more:,} more lines"] if more > 0 else shown


def _apart(raw: Raw, rows: Rows) -> list[dict[str, Any]]:
    """Keep the rows that were set apart, as they stand in the file."""
    return [
        {"row": int(raw.rows[i]), **dict(zip(raw.headings, raw.body.iloc[i], strict=True))}
        for i in np.flatnonzero(rows.apart)
    ]
