"""The engine that damages files catches a careless reader, and lets a strict one through."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mutation_kinds import CELLS
from mutation_whole import WHOLE
from mutations import Judge, cut, damage, split
from wmspatial.errors import InputError
from wmspatial.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEEDS = 600


@pytest.fixture
def original(scratch: Path) -> Path:
    """Write a table as publishers do: a byte-order mark, quoted thousands, a name with a comma."""
    lines = ["LSOA code (2011),LSOA name,Rank,Score"]
    for n in range(1, 301):
        name = '"Bournville, The Valé 001A"' if n % 50 == 7 else f"Somewhere {n:03d}A"
        rank = f'"{n * 109:,}"' if n * 109 > 999 else str(n * 109)
        lines.append(f"E01{n:06d},{name},{rank},{90 - n / 4}")
    path = scratch / "original.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return path


def careless(path: Path) -> pd.DataFrame:
    """Read by position, and take whatever pandas makes of it."""
    table = pd.read_csv(path, thousands=",", on_bad_lines="skip", encoding_errors="replace")
    table.columns = pd.Index(["code", "name", "rank", "score"][: len(table.columns)])
    for column in ("rank", "score"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table.attrs = {"source": Source("A table", notes=("an extract",)), "dataset": "x"}
    return table


def strict_about(original: Path) -> Callable[[Path], pd.DataFrame]:
    """Make a reader that takes a file only if its every line is one of the original's."""
    lines = set(original.read_text("utf-8-sig").splitlines())

    def read(path: Path) -> pd.DataFrame:
        try:
            text = path.read_bytes().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise InputError(f"{path.name}: not UTF-8 text. Save it as such.") from error
        if len(text) < 2 or not set(text) <= lines or len(set(text)) < len(text):
            raise InputError(f"{path.name}: not the lines of the original. Get it again.")
        return careless(path)

    return read


def faults_by_kind(judge: Judge) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        damaged = damage(judge.base, seed, CELLS, WHOLE)
        if judge.fault(damaged) is not None:
            found.update(damaged.done)
    return found


def test_a_careless_reader_is_caught_at_every_kind_of_damage_that_misleads_it(
    original: Path, scratch: Path
) -> None:
    found = faults_by_kind(Judge(careless, cut(original), scratch))
    for kind in (
        "columns_reordered", "delimiter_changed", "decimal_commas", "encoding_changed",
        "heading_renamed", "headings_of_two_kinds_swapped", "text_in_numbers", "numbers_spoilt",
        "codes_spoilt", "fields_lost_or_gained", "quotes_lost", "stray_quote", "rows_doubled",
        "total_added", "header_repeated", "truncated", "cut_in_the_head", "another_file",
    ):  # fmt: skip
        assert found[kind] > 0, kind


def test_a_strict_reader_passes(original: Path, scratch: Path) -> None:
    assert faults_by_kind(Judge(strict_about(original), cut(original), scratch)) == Counter()


def test_the_cut_is_the_file_itself_with_fewer_rows(original: Path) -> None:
    part = cut(original, rows=150)
    assert len(part.body) == 150
    lines = part.data().decode("utf-8-sig").split("\r\n")
    assert lines[0] == "LSOA code (2011),LSOA name,Rank,Score"
    assert set(lines) <= set(original.read_text("utf-8-sig").splitlines())
    assert part.kinds() == ["code", "text", "number", "number"]
    assert cut(original, rows=300).data() == original.read_bytes()


def test_the_same_seed_does_the_same_damage(original: Path) -> None:
    part = cut(original)
    before = part.data()
    once, again = (damage(part, 17, CELLS, WHOLE) for _ in range(2))
    assert once.done == again.done
    assert once.data() == again.data()
    assert part.data() == before


def test_fields_are_split_as_they_are_written() -> None:
    assert split('a,"b, c",,"d ""e""",f') == ["a", '"b, c"', "", '"d ""e"""', "f"]
