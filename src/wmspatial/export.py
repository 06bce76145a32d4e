"""Write a table so that no spreadsheet runs its cells and its sources go with it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from wmspatial._export_about import about_lines
from wmspatial._export_cells import Prepared, prepare
from wmspatial.errors import InputError, OutputError, require
from wmspatial.provenance import Source, carried_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What a workbook can hold.
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_MOST_CHARACTERS: Final = 32_767
_EXACT: Final = 10**15
_WIDE: Final = 100


def write_table(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    title: str = "",
    sources: Iterable[Source] = (),
    caveats: Iterable[str] = (),
    notes: Iterable[str] = (),
    illustrative: bool = False,
    digits: int | None = None,
) -> list[Path]:
    """Write a table as CSV or as an Excel workbook, with what it rests on beside it.

    No text of the table can become a formula: in a CSV a text cell or heading that begins with
    ``=``, ``+``, ``-``, ``@``, a tab or a line end (also after spaces, or in full-width forms) gets
    an apostrophe before it, which :func:`~wmspatial.read_table` takes off again; in a workbook
    every text is written as text. Numbers stay numbers; infinite ones are written as ``inf``, and
    that is said. Files of the same name are replaced, each
    in one step.

    Parameters
    ----------
    frame : DataFrame
        The table. Its index is written as the first column, unless it only counts rows. Shapes
        are left out, and that is said.
    path : str or Path
        Where to: ``.csv`` or ``.xlsx``, in a folder that exists.
    title : str, optional
        What the table is; by default the name of the file.
    sources : iterable of Source, optional
        What it rests on; by default what ``frame.attrs`` carries from the reader.
    caveats, notes : iterable of str, optional
        What has to be known of it, and what was done to it; by default what
        ``frame.attrs["report"]`` says beyond the notes of the sources.
    illustrative : bool, default False
        Whether the data are made up. The first column then says so in every row; so it does where
        ``frame.attrs["illustrative"]`` is true.
    digits : int, optional
        Significant digits of fractions; by default all, so that they read back the same.

    Returns
    -------
    list of Path
        The files: ``table.csv`` (UTF-8 with a byte-order mark, so that spreadsheets show accents)
        and ``table.csv.about.txt``, or ``table.xlsx`` with the sheets Data and About.

    Raises
    ------
    InputError
        If the table cannot be written as it is: headings that stand twice or have several levels,
        characters that no such file can hold, more rows than a sheet has.
    OutputError
        If the file cannot be written; nothing is left half-written.

    Examples
    --------
    >>> import tempfile
    >>> table = pd.DataFrame({"note": ["=1+1", "fine"], "change": [-5, 2]}, index=["E01", "E02"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = write_table(table.rename_axis("code"), Path(folder) / "own.csv")
    ...     [file.name for file in files]
    ...     print(files[0].read_text(encoding="utf-8-sig"))
    ['own.csv', 'own.csv.about.txt']
    code,note,change
    E01,'=1+1,-5
    E02,fine,2
    """
    require(frame, "frame", "DataFrame", "wm.read_table(...)")
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise InputError(f"{target.name}: expected a name that ends in .csv or .xlsx.")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {target.parent}. Make it first.")
    made_up = illustrative or bool(frame.attrs.get("illustrative"))
    table = prepare(frame, guard=suffix == ".csv", illustrative=made_up, digits=digits)
    named = _sources(frame, sources)
    lines = about_lines(
        title or target.stem, table, sources=named, caveats=caveats,
        notes=list(notes) or _report(frame, named),
    )  # fmt: skip
    if suffix == ".xlsx":
        _refuse_too_large(target.name, table.frame)
    return _write_aside(target, table, lines, workbook=suffix == ".xlsx")


def _sources(frame: pd.DataFrame, given: Iterable[Source]) -> list[Source]:
    """Take the sources given, or those that the frame carries."""
    sources = list(given)
    for source in sources:
        require(source, "sources", "Source", "wm.Source(...)")
    return sources or list(carried_sources(frame))


def _report(frame: pd.DataFrame, sources: Iterable[Source]) -> list[str]:
    """Take what the frame says was done to it, where the sources do not say it already."""
    known = {note for source in sources for note in source.notes}
    report = frame.attrs.get("report", ())
    return [str(text) for text in report if text not in known] if isinstance(report, list) else []


def _write_aside(target: Path, table: Prepared, lines: list[str], *, workbook: bool) -> list[Path]:
    """Write every file in a folder aside, then move them into place."""
    beside = target.with_name(f"{target.name}.about.txt")
    files = [target] if workbook else [target, beside]
    work: Path | None = None
    try:
        blocked = [file.name for file in files if file.is_dir()]
        if blocked:
            raise IsADirectoryError(f"{blocked[0]} is a folder there")
        work = Path(tempfile.mkdtemp(prefix=".wmspatial-", dir=target.parent))
        if workbook:
            _write_workbook(work / target.name, table.frame, lines)
        else:
            _write_csv(work / target.name, table.frame, digits=table.digits)
            (work / beside.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        # The companion first: a table never stands there with the sources of an older one.
        for file in reversed(files):
            (work / file.name).replace(file)
    except OSError as error:
        raise OutputError(
            f"{target}: cannot be written to ({error.strerror or error}). Close it where it is "
            "open, or choose another folder."
        ) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
    return files


def _write_csv(path: Path, frame: pd.DataFrame, *, digits: int | None) -> None:
    # Line ends of both kinds inside a text are put in quotation marks only where the line's own
    # end holds them both.
    frame.to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\r\n",
        float_format=None if digits is None else f"%.{digits}g",
    )  # fmt: skip


def _refuse_too_large(name: str, frame: pd.DataFrame) -> None:
    rows, columns = frame.shape
    if rows >= _MOST_ROWS or columns > _MOST_COLUMNS:
        raise InputError(
            f"{name}: {rows:,} rows of {columns:,} columns; a sheet holds {_MOST_ROWS - 1:,} rows "
            f"below its headings and {_MOST_COLUMNS:,} columns. Write a .csv."
        )
    for column in [name for name in frame.columns if frame[name].dtype.kind == "O"]:
        long = [len(text) for text in frame[column] if isinstance(text, str)]
        if max(long, default=0) > _MOST_CHARACTERS:
            raise InputError(
                f"{name}: {column!r} holds a text of {max(long):,} characters; a cell of a sheet "
                f"holds {_MOST_CHARACTERS:,}. Write a .csv."
            )


def _write_workbook(path: Path, frame: pd.DataFrame, lines: list[str]) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # Text stays text: never a formula, never a link.
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "in_memory": True,
    }  # fmt: skip
    try:
        with xlsxwriter.Workbook(str(path), options) as workbook:
            bold = workbook.add_format({"bold": True})
            days = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            sheet = workbook.add_worksheet("Data")
            sheet.freeze_panes(1, 1)
            for place, heading in enumerate(frame.columns):
                sheet.write_string(0, place, str(heading), bold)
                for row, value in enumerate(frame[heading].tolist(), start=1):
                    _write_cell(sheet, row, place, value, days)
            about = workbook.add_worksheet("About")
            about.set_column(0, 0, _WIDE)
            for row, line in enumerate(lines):
                about.write_string(row, 0, line[:_MOST_CHARACTERS])
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _write_cell(sheet: Any, row: int, place: int, value: object, days: object) -> None:
    """Write one cell as what it is; a number that a sheet would round is written as text."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float) and abs(value) < float("inf"):
        if isinstance(value, int) and abs(value) > _EXACT:
            sheet.write_string(row, place, str(value))
        else:
            sheet.write_number(row, place, value)
    elif isinstance(value, pd.Timestamp) and value.tzinfo is None and value.year > 1900:
        sheet.write_datetime(row, place, value.to_pydatetime(warn=False), days)
    else:
        sheet.write_string(row, place, str(value))
