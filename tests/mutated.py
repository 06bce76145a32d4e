"""Which official files are damaged, how often, and how a failure is shown again.

``python tests/mutated.py DATA FILE SEED...`` shows what the seeds do to a file and what is wrong
with the answer; the damaged file is left in the current folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mutation_books import BOOK_CELLS, BOOK_WHOLE, book, cut_book, cut_parquet, parquet
from mutation_kinds import CELLS
from mutation_whole import WHOLE
from mutations import CODE, NUMBER, Judge, cut, damage, is_key, plain
from wmspatial.sources.reading import read_official

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Rewritten cell by cell as a newer workbook: the old kind cannot be written here.
OLD_BOOK: Final = "pay/ashe_table_8_1a_weekly_pay_gross_residence_2023.xls"
#: The files, with the number of seeds. Workbooks cost ten times as much to write as text, and what
#: they can suffer is a part of what text can; a sample of four rows has not much to damage.
#: A thousand seeds a file take four minutes on two cores: WMSPATIAL_MUTATIONS=1000 runs them all.
SEEDS: Final = int(os.environ.get("WMSPATIAL_MUTATIONS", "100"))
FILES: Final = {
    "jobs/bres2021_lsoa11_nomis_export.csv": SEEDS,
    "birmingham_2011/ks601_oa11_nomis_export.csv": SEEDS,
    "census/ODMG01EW_LTLA.csv.gz": SEEDS,
    "census/ODWP01EW_LTLA.csv.gz": SEEDS,
    "census/census2021-ts021-lsoa.csv": SEEDS,
    "census/census2021-ts045-lsoa.csv": SEEDS,
    "census/census2021-ts062-lsoa.csv": SEEDS,
    "census/census2021-ts067-lsoa.csv": SEEDS,
    "iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz": SEEDS,
    "iod/File_2_-_IoD2019_Domains_of_Deprivation.csv.gz": SEEDS,
    "iod/File_6_-_IoD2019_Population_Denominators.csv.gz": SEEDS,
    "iod/File_7_IoD2025_HEAD_SAMPLE.csv": SEEDS,
    "lookups/LSOA11_TTWA11_UK.csv": SEEDS,
    "lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_for_England_and_"
    "Wales.csv": SEEDS,
    "lookups/LSOA_2001_to_2011.zip": SEEDS,
    "lookups/Lower_Layer_Super_Output_Area_(2021)_to_Ward_(2022)_to_LAD_(2022)_Lookup_in_England_"
    "and_Wales_v3.csv": SEEDS,
    "other_nations/nimdm2017-soa.csv": SEEDS,
    "other_nations/simd2020v2_ranks.csv": SEEDS,
    "other_nations/wimd-2019-index-and-domain-scores.csv": SEEDS,
    "pay/ashe_table_7_1a_weekly_pay_workplace_2019_ons_article.csv": SEEDS,
    OLD_BOOK: SEEDS // 5,
    "iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx": SEEDS // 5,
    "iod/File_1_ID_2015_Index_of_Multiple_Deprivation.xlsx": SEEDS // 5,
    "iod/imd2004_lsoa01_england_tidy.parquet": SEEDS,
}
#: For two workers.
HALVES: Final = tuple({name: FILES[name] for name in list(FILES)[half::2]} for half in (0, 1))
#: The reader's own code for people at home or without a fixed place: by authority they stand with
#: the authority they live in, and another column says what they are.
MADE: Final = {"111111111"}
_BOOKS: Final = (".xlsx", ".xls")


def judge_of(path: Path, folder: Path) -> Judge:
    """Cut an official file and make ready to judge what is read of it."""
    if path.suffix in _BOOKS:
        return Judge(read_official, cut_book(path), folder, ".xlsx", book)
    if path.suffix == ".parquet":
        return Judge(read_official, cut_parquet(path), folder, ".parquet", parquet)
    return Judge(
        read_official, cut(path), folder, ".csv.gz" if path.suffix == ".gz" else path.suffix
    )


def faults(judge: Judge, seeds: Iterable[int]) -> list[str]:
    """Damage a file once for each seed; list what is wrong with the answers."""
    packed = judge.base.wrap in ("book", "parquet")
    kinds = (BOOK_CELLS, BOOK_WHOLE) if packed else (CELLS, WHOLE)
    found = []
    for seed in seeds:
        damaged = damage(judge.base, seed, *kinds)
        fault = judge.fault(damaged)
        if fault is not None:
            found.append(f"seed {seed} ({', '.join(damaged.done)}): {fault}")
    return found


def misread(judge: Judge) -> list[str]:
    """List the numbers and names of the cut's frame that do not stand in their row of the file."""
    rows = [[plain(f) for f in row.fields] for row in judge.base.body]
    codes = [{m.group() for f in fields if (m := CODE.match(f))} for fields in rows]
    frame = judge.whole().reset_index()
    numbers = list(frame.select_dtypes("number").columns.drop("index", errors="ignore"))
    keys = [c for c in frame.columns if is_key(frame[c])]
    found = []
    for _, line in frame.iterrows():
        wanted = set(line[keys].dropna()) - MADE
        mine = [rows[i] for i, has in enumerate(codes) if has >= wanted]
        if not mine:
            found.append(f"no row of the file has the codes {list(line[keys])}")
            continue
        values = {_number(f) for fields in mine for f in fields}
        # Rows that tell more apart than the frame does are added up.
        values |= {sum(filter(None, map(_number, column))) for column in zip(*mine, strict=False)}
        found += [f"{c} {line[c]!r} of {list(line[keys])} is not in its row" for c in numbers
                  if line[c] == line[c] and line[c] not in values]  # fmt: skip
        if "name" in frame.columns and not any(str(line["name"]) in f for fs in mine for f in fs):
            found.append(f"the name {line['name']!r} is not in its row")
    return found


def _number(text: str) -> float | None:
    return float(text.replace(",", "")) if NUMBER.fullmatch(text) else None


def main() -> None:
    """Show what some seeds do."""
    data, name, *seeds = sys.argv[1:]
    path = next(Path(data).rglob(name))
    print("\n".join(faults(judge_of(path, Path.cwd()), map(int, seeds))))  # noqa: T201


if __name__ == "__main__":
    main()
