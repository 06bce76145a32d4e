"""Workbooks (xlsx, xls) and Parquet files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import InputError
from wmspatial.sources._own_books import refuse_wide_sheets
from wmspatial.sources.reading._grids import HEAD, headings, texts

if TYPE_CHECKING:
    import pyarrow as pa

    from wmspatial.sources.reading._model import Match


def sheets_of(data: bytes, form: str, name: str) -> list[SheetGrid]:
    """Read every sheet of a workbook."""
    from python_calamine import CalamineWorkbook

    try:
        # A stray cell at the far corner would make the reader ask for more memory than there is.
        refuse_wide_sheets(io.BytesIO(data), name)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for sheet in book.sheet_names
        ]
    except BaseException as error:  # a broken .xls makes calamine panic, which is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | InputError):
            raise
        raise InputError(
            f"{name}: not a workbook that can be read ({error}). Get the file again."
        ) from error
    return [SheetGrid(rows, sheet, form, name) for sheet, rows in sheets if rows]


class SheetGrid:
    """A sheet of a workbook."""

    kinds: tuple[str, ...] = ("table",)

    def __init__(self, rows: list[list[Any]], where: str, form: str, name: str) -> None:
        self.rows, self.where, self.form, self.name = rows, where, form, name
        self.head = [texts(row) for row in rows[:HEAD]]
        self.notes: list[str] = [f"sheet {where!r}"]

    def content(self) -> bytes:
        """Return all text cells."""
        return "\n".join(c for row in self.rows for c in row if isinstance(c, str)).encode()

    def count(self, header: int) -> int | None:
        """Count rows that have more than one value."""
        return sum(1 for row in self.rows[header + 1 :] if _filled(row) > 1)

    def raw(self, header: int, match: Match) -> pd.DataFrame:
        """Read the columns of a match; rows of one value below the table are footnotes."""
        names = headings(self.head[header])
        body = list(enumerate(self.rows[header + 1 :]))
        while body and _filled(body[-1][1]) <= 1:
            body.pop()
        notes = sum(1 for row in self.rows[header + 1 + len(body) :] if _filled(row))
        if notes:
            self.notes.append(f"footnotes below the table: {notes:,} rows")
        if not body:
            raise InputError(f"{self.name}: there are no rows below the headings.")
        columns: dict[str, Any] = {}
        for i, field in match.at.items():
            values = [_cell(row[i]) for _, row in body]
            if field.column.kind in ("code", "text"):
                values = [None if v is None else str(v) for v in values]
                columns[names[i]] = pd.Series(values, dtype="str").array
            elif all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
                columns[names[i]] = pd.Series(values, dtype="float64").array
            else:
                values = [None if v is None else str(v) for v in values]
                columns[names[i]] = pd.Series(values, dtype="str").array
        return pd.DataFrame(columns, index=pd.Index([header + i for i, _ in body]))


def _filled(row: list[Any]) -> int:
    return sum(1 for cell in row if _cell(cell) is not None)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value


class ParquetGrid:
    """A Parquet file without polygons."""

    kinds: tuple[str, ...] = ("table",)
    where = ""

    def __init__(self, data: bytes, form: str, name: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.data, self.form, self.name = data, form, name
        self.notes: list[str] = []
        self.columns: dict[str, pa.ChunkedArray] = {}
        try:
            self.file = pq.ParquetFile(pa.BufferReader(data))
        except (pa.ArrowException, OSError) as error:
            raise _damaged(name, error) from error
        self.names = list(self.file.schema_arrow.names)
        self.head = [self.names]
        self.shapes = b"geo" in (self.file.schema_arrow.metadata or {})

    def content(self) -> bytes:
        """Return the distinct texts of the columns that hold texts."""
        names = [f.name for f in self.file.schema_arrow if _is_text(f.type)]
        chunks = [chunk for c in self._read(names).columns for chunk in c.chunks]
        words = {word for chunk in chunks for word in chunk.dictionary.to_pylist()}
        return "\n".join(sorted(w for w in words if w is not None)).encode()

    def _read(self, names: list[str]) -> pa.Table:
        """Read columns, once each; texts as dictionaries, so that each is decoded once."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        new = [n for n in names if n not in self.columns]
        texts = [n for n in new if _is_text(self.file.schema_arrow.field(n).type)]
        try:
            if new:
                read = pq.read_table(pa.BufferReader(self.data), columns=new, read_dictionary=texts)
                self.columns.update(zip(read.column_names, read.columns, strict=True))
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self.name, error) from error
        return pa.table({n: self.columns[n] for n in names})

    def count(self, header: int) -> int | None:
        """Return the number of rows that the file says it has."""
        return int(self.file.metadata.num_rows) if header == 0 else None

    def raw(self, header: int, match: Match) -> pd.DataFrame:  # noqa: ARG002
        """Read the columns of a match."""
        table = self._read([self.names[i] for i in match.at])
        return pd.DataFrame(table.to_pandas(ignore_metadata=True))


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _damaged(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name}: not a Parquet file that can be read ({error}). It may have been cut short: get "
        "it again."
    )
