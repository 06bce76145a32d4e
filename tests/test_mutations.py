"""Official files damaged a thousand times each: a clear error or a right answer, never a wrong one.

Half of the files; ``test_mutations_more`` has the others, so that two workers share them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mutated import HALVES, faults, judge_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("name", "seeds"), HALVES[0].items())
def test_a_damaged_file_gives_a_clear_error_or_a_right_answer(
    name: str, seeds: int, data_dir: Path, tmp_path: Path
) -> None:
    found = faults(judge_of(data_dir / "official" / name, tmp_path), range(seeds))
    assert not found, "\n".join(found[:20])
