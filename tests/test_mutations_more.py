"""Official files damaged, as in ``test_mutations``: the other half of them, for a second worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutated import FILES, HALVES, OLD_BOOK, faults, judge_of, misread
from mutations import unclear
from wmspatial.errors import InputError
from wmspatial.sources.reading import read_official

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("name", "seeds"), HALVES[1].items())
def test_a_damaged_file_gives_a_clear_error_or_a_right_answer(
    name: str, seeds: int, data_dir: Path, tmp_path: Path
) -> None:
    found = faults(judge_of(data_dir / "official" / name, tmp_path), range(seeds))
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("part", range(40))
def test_a_workbook_of_the_old_kind_cut_short_is_refused(
    part: int, data_dir: Path, tmp_path: Path
) -> None:
    whole = (data_dir / "official" / OLD_BOOK).read_bytes()
    path = tmp_path / "short.xls"
    path.write_bytes(whole[: len(whole) * part // 40 + 7 * part])
    with pytest.raises(InputError, match=r"short\.xls") as caught:
        read_official(path)
    assert unclear(caught.value, "short.xls") is None


@pytest.mark.parametrize("name", FILES)
def test_every_number_of_an_undamaged_cut_stands_in_its_row_of_the_file(
    name: str, data_dir: Path, tmp_path: Path
) -> None:
    assert misread(judge_of(data_dir / "official" / name, tmp_path)) == []
