"""Text with delimiters: CSV files and Nomis query exports, in any encoding that can be proven."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial.errors import InputError
from wmspatial.sources.reading._checks import as_str
from wmspatial.sources.reading._grids import HEAD, headings

if TYPE_CHECKING:
    import pyarrow as pa

    from wmspatial.sources.reading._model import Field, Match

_DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MARKS: Final = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_BOM: Final = b"\xef\xbb\xbf"
#: Letters beyond ASCII in names of British places; in no other would a guess at an encoding end.
_LETTERS: Final = re.compile(r"[\x00-\x7fâêîôûŵŷäëïöüáéíóúýàèìòùỳÂÊÎÔÛŴŶÁÉÍÓÚÀÈÌÒÙÄËÏÖÜ’‘–£½\xa0]*")
_MOJIBAKE: Final = re.compile(r"[ÂÃÅâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ™¢´®·]|\ufffd")
_AREA: Final = re.compile(rb'"?[A-Z]\d{8}\b')
_CODE: Final = re.compile(r"([A-Z]\d{8})(?: : (.+))?")
_NUMBERS: Final = r"^[+-]?(\d+\.?\d*|\.\d+)$"
_FEW: Final = 2
_OTHER_DELIMITERS: Final = re.compile(r"[;|\t\n]")
_GUESSED: Final = "text not in UTF-8, read as Windows-1252"


def grids_of(data: bytes, form: str, name: str) -> list[TextGrid]:
    """Read bytes as text under each delimiter that its first lines have."""
    if not data.strip():
        raise InputError(f"{name}: the file is empty, expected a table. Get it again.")
    notes: list[str] = []
    data = _utf8(data, name, notes)
    newline = b"\n" if b"\n" in data else b"\r"
    start = data.split(newline, HEAD)[:HEAD]
    lines = [line.decode("utf-8").rstrip("\r") for line in start]
    found = []
    for delimiter, said in _DELIMITERS.items():
        if not any(delimiter in line for line in lines):
            continue
        head = [_cells(line, delimiter) for line in lines]
        more = [] if delimiter == "," else [f"columns are separated by {said}"]
        found.append(TextGrid(data, newline, delimiter, head, [*notes, *more], form, name))
    return found


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]


def _utf8(data: bytes, name: str, notes: list[str]) -> bytes:
    """Bring the text to UTF-8 without a mark; refuse an encoding that cannot be proven."""
    data = data.removeprefix(_BOM)
    mark = next((m for m in _MARKS if data.startswith(m)), None)
    if mark is not None:
        try:
            text = data.decode(_MARKS[mark])
        except UnicodeError as error:
            raise InputError(
                f"{name}: begins as {_MARKS[mark].upper()} text and cannot be read as that "
                f"({error}). It may have been cut short: get it again, or save it as UTF-8."
            ) from error
        notes.append(f"text in {_MARKS[mark].upper()}")
        return text.removeprefix("\ufeff").encode("utf-8")
    if b"\x00" in data:
        raise InputError(
            f"{name}: there are null bytes in it (byte {data.index(0):,} first): either no text, "
            "or UTF-16 without its mark. Save it as CSV (UTF-8)."
        )
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Whether the letters are those of British names is seen in the columns that are used.
        notes.append(_GUESSED)
        return data.decode("cp1252", "replace").encode("utf-8")
    return data


class TextGrid:
    """A delimited text."""

    kinds: tuple[str, ...] = ("table", "export")
    where = ""

    def __init__(
        self, data: bytes, newline: bytes, delimiter: str, head: list[list[str]],
        notes: list[str], form: str, name: str,
    ) -> None:  # fmt: skip
        self.data, self.newline, self.delimiter = data, newline, delimiter
        self.head, self.notes, self.form, self.name = head, notes, form, name

    def content(self) -> bytes:
        """Return the text itself."""
        return self.data

    def _below(self, header: int) -> int:
        """Find where the line after the headings begins."""
        at = 0
        for _ in range(header + 1):
            found = self.data.find(self.newline, at)
            at = len(self.data) if found < 0 else found + 1
        return at

    def count(self, header: int) -> int | None:
        """Count lines, without those of padding at the end."""
        body = self.data[self._below(header) :].rstrip(b',;|\t\r\n "')
        return body.count(self.newline) + 1 if body else 0

    def count_areas(self, header: int) -> int:
        """Count lines that begin with an area code."""
        body = self.data[self._below(header) :]
        return sum(1 for line in body.split(self.newline) if _AREA.match(line))

    def raw(self, header: int, match: Match) -> pd.DataFrame:
        """Read the columns of a match."""
        if self.data.count(b'"') % 2:
            raise InputError(
                f"{self.name}: a quotation mark is opened and not closed. The file was cut short "
                "or damaged: get it again."
            )
        names = headings(self.head[header])
        body = self.data[self._below(header) :]
        if match.layout.kind == "export":
            return self._export(body, header, names, match)
        body = body.rstrip(b"\r\n") if not body.strip() else body
        if not body:
            raise InputError(f"{self.name}: there are no rows below the headings.")
        self._refuse_open_end(body, names, match)
        table = self._parse(body, len(names), header + 2)
        self._refuse_unnamed(table, names, match)
        rows = pd.RangeIndex(header, header + table.num_rows)
        return self._frame(table, names, match.at, rows)

    def _export(self, body: bytes, header: int, names: list[str], match: Match) -> pd.DataFrame:
        """Read the rows that begin with an area code; what stands below them are footnotes."""
        lines = body.split(self.newline)
        places = [i for i, line in enumerate(lines) if _AREA.match(line)]
        if not places:
            raise InputError(f"{self.name}: no row below the headings begins with an area code.")
        self._refuse_strays(lines, places, header)
        last = places[-1]
        if last == len(lines) - 1:
            raise InputError(
                f"{self.name}: the last row (row {header + last + 2:,}) has no line end and nothing"
                " stands below it: the file was cut short. Get it again."
            )
        footer = [
            " ".join(filter(None, (c.strip() for c in _cells(text, self.delimiter))))
            for text in (line.decode("utf-8").strip() for line in lines[last + 1 :])
        ]
        said = " ".join(filter(None, footer))
        self.notes.append(said or "the footnotes of the export are not there: cut off or removed")
        area_lines = self.newline.join(lines[i] for i in places) + self.newline
        table = self._parse(area_lines, len(names), header + 2, places)
        index = pd.Index([header + i for i in places])
        raw = self._frame(table, names, match.at, index)
        return _split_areas(raw, match, names)

    def _refuse_strays(self, lines: list[bytes], places: list[int], header: int) -> None:
        """Refuse lines among the areas that have no code, and lines of values below them."""
        areas = set(places)
        blank = b',;|\t\r "'
        for i, line in enumerate(lines):
            if i in areas or not line.strip(blank):
                continue
            cells = _cells(line.decode("utf-8").rstrip("\r"), self.delimiter)
            if i < places[-1] or len([c for c in cells if c.strip()]) > _FEW:
                raise InputError(
                    f"{self.name}: row {header + i + 2:,} stands among the areas but has no area "
                    f"code ({line.decode('utf-8')[:60]!r})."
                )

    def _parse(
        self, body: bytes, width: int, first: int, places: list[int] | None = None
    ) -> pa.Table:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = [str(i) for i in range(width)]
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(body),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=1 << 24),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid as error:
            fault = self._ragged(body, width, first, places)
            raise InputError(f"{self.name}: {fault or str(error).rstrip('.')}.") from error

    def _ragged(self, body: bytes, width: int, first: int, places: list[int] | None) -> str:
        """Name the first row that has another number of cells than the headings."""
        for i, line in enumerate(body.split(self.newline)):
            cells = _cells(line.decode("utf-8").rstrip("\r"), self.delimiter)
            if cells and len(cells) != width:
                row = first + (places[i] if places else i)
                short = ". The file may have been cut short: get it again"
                return (
                    f"row {row:,} has {len(cells)} cells, the row of headings {width}. A comma in "
                    f"a name has to be inside quotes{short if len(cells) < width else ''}"
                )
        return ""

    def _refuse_open_end(self, body: bytes, names: list[str], match: Match) -> None:
        """Refuse a last row that may have been cut off inside its last value."""
        last = match.at.get(len(names) - 1)
        if body.endswith((b"\n", b"\r")) or last is None or match.layout.unended:
            return
        raise InputError(
            f"{self.name}: the last row has no line end, so its last value may be cut off. Get "
            "the file again; if it is complete, open it and save it anew."
        )

    def _refuse_unnamed(self, table: pa.Table, names: list[str], match: Match) -> None:
        import pyarrow.compute as pc

        for i, name in enumerate(names):
            if (
                not name.strip()
                and not match.layout.ignored("")
                and (pc.any(pc.not_equal(pc.utf8_trim_whitespace(table.column(i)), "")).as_py())
            ):
                raise InputError(f"{self.name}: column {i + 1} has values but no heading.")

    def _frame(
        self, table: pa.Table, names: list[str], at: dict[int, Field], index: Any
    ) -> pd.DataFrame:
        """Bring text columns to categories and clean numbers to float64; leave the rest as text."""
        import pyarrow as pa
        import pyarrow.compute as pc

        columns: dict[str, Any] = {}
        for i, field in at.items():
            values = table.column(i)
            if field.column.kind in ("code", "text"):
                columns[names[i]] = _categories(values, names[i], self)
            else:
                values = pc.utf8_trim_whitespace(values)
                values = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
                clean = pc.all(pc.match_substring_regex(values, _NUMBERS)).as_py()
                if clean:
                    columns[names[i]] = values.cast(pa.float64()).to_numpy()
                else:
                    columns[names[i]] = pd.Series(values.to_pandas(), dtype="str").array
        return pd.DataFrame(columns, index=index)


def _categories(values: pa.ChunkedArray, heading: str, grid: TextGrid) -> pd.Categorical:
    """Bring text to categories, without spaces around it; a blank is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = values.dictionary_encode().combine_chunks()
    words = pc.utf8_trim_whitespace(coded.dictionary)
    listed = words.to_pylist()
    _refuse_garbled(listed, heading, grid)
    if not words.equals(coded.dictionary):
        grid.notes.append(f"{heading.strip()}: spaces around the text taken away")
    if "" in listed or len(set(listed)) < len(listed):
        words = pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)
        coded = words.take(coded.indices).dictionary_encode()
        listed = coded.dictionary.to_pylist()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Categorical.from_codes(codes, categories=pd.Index(listed, dtype="str"))


def _refuse_garbled(words: list[str], heading: str, grid: TextGrid) -> None:
    """Refuse letters that only a wrong encoding gives."""
    guessed = _GUESSED in grid.notes
    where = f"{grid.name}: column {heading.strip()!r}"
    for word in words:
        if _OTHER_DELIMITERS.search(word):
            raise InputError(
                f"{where} holds {word!r}: a delimiter inside a text. Was another delimiter put in "
                "place of every comma? Get the file again."
            )
        if word.isascii():
            continue
        if _MOJIBAKE.search(word) or (guessed and not _LETTERS.fullmatch(word)):
            raise InputError(
                f"{where} holds {word!r}: these are letters of a text that was "
                "read or saved in a wrong encoding. Get the file again, or save it as CSV (UTF-8)."
            )


def _split_areas(raw: pd.DataFrame, match: Match, names: list[str]) -> pd.DataFrame:
    """Part the code from the name where both stand in one cell."""
    at = next(i for i, field in match.at.items() if field.column.name == "code")
    whole = as_str(raw[names[at]])
    cells = whole.str.extract(_CODE.pattern)
    given = whole.str.fullmatch(_CODE.pattern).astype(bool)
    raw[names[at]] = cells[0].where(given, whole)
    if cells[1].notna().any():
        raw["name"] = cells[1].where(given)
    return raw
