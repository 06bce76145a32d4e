"""Workbooks and Parquet files, cut and damaged cell by cell: slower to write than text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine
import xlsxwriter

import mutation_kinds as kinds
from mutation_whole import another_file
from mutations import NUMBER, Cut, Row, has_code, plain, sampled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random


def cut_book(path: Path) -> Cut:
    """Cut the first sheet that has area codes; of the others keep the first lines."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    sheets = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False)
              for n in book.sheet_names}  # fmt: skip
    texts = {name: [[_token(v) for v in row] for row in rows] for name, rows in sheets.items()}
    main = next(n for n, rows in texts.items() if any(map(has_code, rows)))
    out = _apart(path.name, texts[main])
    out.sheets = tuple((n, None if n == main else rows[:12]) for n, rows in texts.items())
    out.wrap = "book"
    return out


def cut_parquet(path: Path) -> Cut:
    """Cut a Parquet file."""
    table = pq.read_table(path)
    columns = [[_token(v) for v in column.to_pylist()] for column in table.columns]
    out = _apart(path.name, [table.column_names, *map(list, zip(*columns, strict=True))])
    out.wrap = "parquet"
    return out


def _apart(name: str, lines: list[list[str]]) -> Cut:
    at = [i for i, fields in enumerate(lines) if has_code(fields)]
    head = next(i for i in range(at[0] - 1, -1, -1) if any(map(plain, lines[i])))
    body = [Row(lines[i], lines[i]) for i in sampled([",".join(f) for f in lines], at)]
    return Cut(name, lines[:head], lines[head], lines[head + 1 : at[0]], body, lines[at[-1] + 1 :])


def _token(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def book(cut: Cut) -> bytes:
    """Write a workbook: what reads as a number is one."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as workbook:
        for name, rows in cut.sheets:
            sheet = workbook.add_worksheet(name)
            # Headings that look like numbers, as of percentiles, are text.
            body = range(len(cut.preamble) + 1, 10**6 if rows is None else 0)
            for i, fields in enumerate(cut.lines() if rows is None else rows):
                for j, token in enumerate(fields):
                    text = plain(token) if '"' in token else token
                    if i in body and NUMBER.fullmatch(text) and "," not in text:
                        sheet.write_number(i, j, float(text))
                    elif text:
                        sheet.write_string(i, j, text)
    return _spoilt(cut, packed.getvalue())


def parquet(cut: Cut) -> bytes:
    """Write a Parquet file: a column of numbers is one, with anything else in it it is text."""
    width = max(len(fields) for fields in (cut.header, *(row.fields for row in cut.body)))
    names = [plain(h) for h in cut.header] + [""] * (width - len(cut.header))
    arrays = []
    for j in range(width):
        values = [plain(r.fields[j]) if j < len(r.fields) else "" for r in cut.body]
        numbers = [v for v in values if v]
        if numbers and all(NUMBER.fullmatch(v) and "," not in v for v in numbers):
            arrays.append(pa.array([float(v) if v else None for v in values], pa.float64()))
        else:
            arrays.append(pa.array([v or None for v in values], pa.string()))
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names), packed)
    return _spoilt(cut, packed.getvalue())


def _spoilt(cut: Cut, data: bytes) -> bytes:
    for spoil in cut.spoil_bytes:
        data = spoil(data)
    return data


def cut_short(cut: Cut, rng: Random) -> bool:
    """Cut the file short: its directory stands at the end, and without it nothing can be read."""
    where = rng.random()
    cut.spoil_bytes.append(lambda data: data[: int(where * (len(data) - 1))])
    cut.hopeless = True
    return True


def byte_turned(cut: Cut, rng: Random) -> bool:
    """Turn a byte of a workbook, whose parts have check sums."""
    if cut.wrap != "book":
        return False
    where = rng.random()

    def spoil(data: bytes) -> bytes:
        at = int(where * (len(data) - 1))
        return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]

    cut.spoil_bytes.append(spoil)
    return True


#: What makes sense where fields are cells.
BOOK_CELLS: list[Callable[[Cut, Random], bool]] = [
    kinds.columns_reordered, kinds.column_added, kinds.padded, kinds.blank_lines,
    kinds.footer_changed, kinds.preamble_changed, kinds.rows_shuffled, kinds.rows_lost,
    kinds.heading_renamed, kinds.heading_misspelt, kinds.headings_lost,
    kinds.headings_of_two_kinds_swapped, kinds.header_repeated, kinds.text_in_numbers,
    kinds.text_in_numbers, kinds.numbers_spoilt, kinds.codes_spoilt, kinds.fields_lost_or_gained,
    kinds.rows_doubled, kinds.total_added,
]  # fmt: skip
BOOK_WHOLE: list[Callable[[Cut, Random], bool]] = [cut_short, byte_turned, another_file]
