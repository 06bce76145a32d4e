"""The command line: ``wmspatial demo``, ``wmspatial briefing`` and ``wmspatial data``."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from wmspatial import cli_data
from wmspatial.errors import InputError, WmspatialError
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from rich.console import Console

    from wmspatial.charts import Chart
    from wmspatial.dataset import Dataset
    from wmspatial.typology import Typology

BAD_INPUT = 2
_COUNT_WIDTH = 9


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: error: {message}. Try '{self.prog} --help'.\n")
        raise SystemExit(BAD_INPUT)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wmspatial",
        description="Which poor neighbourhoods are disconnected from the labour market: the JRF "
        "typology, rebuilt from open data.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    demo = commands.add_parser(
        "demo", help="make the briefing from the embedded sample (illustrative data)"
    )
    demo.add_argument("--out", default="wmspatial-demo", metavar="DIR", help="where to write")
    page = commands.add_parser("briefing", help="make the briefing from official data")
    page.add_argument(
        "--data",
        metavar="DIR",
        help="folder of official tables; by default the store that 'data fetch' fills",
    )
    page.add_argument(
        "--area",
        default="wmca",
        help="combined authority or authority, by name or code; several with commas between",
    )
    page.add_argument("--vintage", type=int, choices=(2011, 2021), default=2021)
    page.add_argument("--level", choices=("lsoa", "ward"), default="lsoa")
    page.add_argument(
        "--deprivation", choices=("imd2015", "imd2019", "imd2025"), help="index of deprivation"
    )
    page.add_argument("--out", required=True, metavar="DIR", help="where to write")
    page.add_argument(
        "--earlier",
        type=int,
        choices=(2011,),
        help="say what changed since this census; needs its tables too",
    )
    page.add_argument(
        "--section",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="your own Markdown in place of a section, or as a new one; can be repeated",
    )
    page.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="NAME",
        help="leave a section out; can be repeated",
    )
    page.add_argument(
        "--pay",
        action="append",
        default=[],
        metavar="FILE",
        help="pay by authority: a table of your own, or tables 7 and 8 of the Annual Survey of "
        "Hours and Earnings; can be given twice",
    )
    cli_data.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; by default those of the process.

    Returns
    -------
    int
        0 where all went well, 2 for bad input, with one line on stderr.

    Examples
    --------
    >>> main(["--version"])
    wmspatial 0.1.0
    0
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.version:
        from wmspatial import __version__

        print(f"wmspatial {__version__}")
        return 0
    if arguments.command is None:
        parser.error("name a command: demo or briefing for a page, data for the official tables")
    try:
        if arguments.command == "data":
            return cli_data.run(arguments)
        _run(arguments)
    except WmspatialError as error:
        text = " ".join(str(error).split())
        sys.stderr.write(f"wmspatial: error: {text}\n")
        return BAD_INPUT
    return 0


def _run(arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wmspatial.briefings import refuse_unwritable

    refuse_unwritable(arguments.out)
    _refuse_backwards(arguments)
    sections = _sections(arguments)
    pay = [_read_pay(file) for file in getattr(arguments, "pay", ())]
    console = Console(stderr=True, highlight=False)
    with _step(console, "Reading the tables"):
        dataset = _load(arguments)
        before = _load(arguments, earlier=True) if getattr(arguments, "earlier", None) else None
    from wmspatial import briefing, classify
    from wmspatial.briefing_page import nothing_classed

    with _step(console, "Classifying the neighbourhoods"):
        typology = classify(dataset)
        earlier = None if before is None else classify(before)
    with _step(console, "Writing the briefing, the map and the tables"):
        files = briefing(
            typology, arguments.out, earlier=earlier, sections=sections, pay=pay or None
        )
    if nothing := nothing_classed(typology):
        print(f"{nothing}\n")
    _print_summary(typology)
    print("Written:")
    for path in files:
        print(f"  {path} ({_size(path)})")


def _read_pay(file: str) -> pd.DataFrame:
    """Read a table of pay: an official one, or an analyst's own."""
    from wmspatial.sources._own_names import read_by_authority
    from wmspatial.sources.reading import read_official, recognise

    try:
        recognise(Path(file))
    except InputError:
        return read_by_authority(file)
    return read_official(file)


def _size(path: Path) -> str:
    kilobytes = path.stat().st_size / 1000
    return f"{kilobytes / 1000:,.1f} MB" if kilobytes >= 1000 else f"{max(kilobytes, 1):,.0f} kB"


def _refuse_backwards(arguments: argparse.Namespace) -> None:
    earlier = getattr(arguments, "earlier", None)
    if earlier is not None and earlier >= arguments.vintage:
        raise InputError(
            f"--earlier {earlier}: expected a census before --vintage {arguments.vintage}."
        )


def _sections(arguments: argparse.Namespace) -> dict[str, str | bool | Chart]:
    """Read an analyst's own sections, and note those to leave out."""
    sections: dict[str, str | bool | Chart] = {}
    for given in getattr(arguments, "section", ()):
        name, mark, file = given.partition("=")
        if not (mark and name.strip() and file.strip()):
            raise InputError(f"--section {given}: expected NAME=FILE, as 'Next steps=next.md'.")
        try:
            sections[name.strip()] = Path(file.strip()).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"--section {given}: {file.strip()} cannot be read as UTF-8 text ({error})."
            ) from None
    sections.update(dict.fromkeys(getattr(arguments, "without", ()), False))
    return sections


def _load(arguments: argparse.Namespace, *, earlier: bool = False) -> Dataset:
    from wmspatial import load, load_sample

    if arguments.command == "demo":
        return load_sample()
    names = [part.strip() for part in arguments.area.split(",") if part.strip()]
    return load(
        names[0] if len(names) == 1 else names,
        arguments.earlier if earlier else arguments.vintage,
        data_dir=arguments.data,
        level=arguments.level,
        # An index of one census has no place in another's geography.
        deprivation=None if earlier else arguments.deprivation,
    )


@contextmanager
def _step(console: Console, what: str) -> Iterator[None]:
    """Show what is being done, and how long it took."""
    start = time.perf_counter()
    with console.status(f"{what} ..."):
        yield
    console.print(f"{what}: {time.perf_counter() - start:.1f} s")


def _print_summary(typology: Typology) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    counts = typology.summary()
    title = f"Neighbourhoods by class: {typology.study_area}, {typology.vintage}"
    # Narrow rules: the five classes fit a terminal of 80 columns with no word cut off.
    table = Table(
        title=title,
        caption=ILLUSTRATIVE if typology.illustrative else None,
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=0,
        pad_edge=False,
    )
    table.add_column("Authority", overflow="fold")
    for name in counts.columns:
        longest = max(map(len, str(name).split()))
        width = _COUNT_WIDTH if longest < _COUNT_WIDTH and " " in str(name) else max(longest, 6)
        table.add_column(str(name), justify="right", width=width)
    for place, row in counts.iterrows():
        table.add_row(
            str(place), *(f"{n:,}" for n in row), style="bold" if place == "All" else None
        )
    Console(highlight=False).print(table)


if __name__ == "__main__":
    raise SystemExit(main())
