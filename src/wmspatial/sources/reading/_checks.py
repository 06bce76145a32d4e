"""What has to agree inside a row or between rows of an official table.

A check says what is wrong, or nothing. Each can be left out of a layout without another noticing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import numpy as np
import pandas as pd

from wmspatial.errors import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

Frame: TypeAlias = pd.DataFrame

#: The highest numbers of a census: codes of later censuses were numbered upwards from there.
LAST: Final = {
    ("E01", 2001): 32482, ("W01", 2001): 1896,
    ("E01", 2011): 33768, ("W01", 2011): 1958,
    ("E02", 2011): 6934, ("W02", 2011): 423,
}  # fmt: skip
_TIE: Final = 0.1
_CELLS: Final = 2 * 10**8


def as_str(values: pd.Series[Any]) -> pd.Series[Any]:
    """Bring categories to pandas' str, by way of Arrow: through objects it takes ten times longer.

    Parameters
    ----------
    values : Series
        Text, as categories or not.

    Returns
    -------
    Series of str
        The same text, on the same index.
    """
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values.astype("str")
    import pyarrow as pa

    words = pa.array(values.cat.categories.astype("str"), pa.large_string())
    codes = values.cat.codes.to_numpy()
    taken = words.take(pa.array(codes, mask=codes < 0))
    text = pd.StringDtype(na_value=np.nan).__from_arrow__(taken)  # type: ignore[attr-defined]
    return pd.Series(text, index=values.index, name=values.name)


def repeats(table: Frame, key: tuple[str, ...]) -> Iterator[str]:
    """Say which rows stand twice; quick where the key is of categories and none does."""
    columns = [table[k] for k in key]
    if all(isinstance(c.dtype, pd.CategoricalDtype) for c in columns):
        cells, at = 1, np.zeros(len(table), dtype="int64")
        for column in columns:
            words = column.cat.categories
            order = np.argsort(np.argsort(words.to_numpy(dtype=object)))
            cells *= len(words)
            at = at * len(words) + order[column.cat.codes.to_numpy()]
        if (at[1:] > at[:-1]).all():  # most come sorted
            return
        if cells <= _CELLS:
            seen = np.zeros(cells, dtype=bool)
            seen[at] = True
            if np.count_nonzero(seen) == len(table):
                return
    twice = table.duplicated(list(key)).to_numpy()
    if twice.any():
        first = " to ".join(str(c.iloc[int(twice.argmax())]) for c in columns)
        yield f"{int(twice.sum()):,} rows stand twice, row {row_of(twice, table)} ({first}) first"


class Check(Protocol):
    """Something that has to be so in a table."""

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say what is wrong."""
        ...


def row_of(bad: Any, table: Frame | pd.Series[Any]) -> str:
    """Return the file's row number of the first bad row; the frame counts from row 2."""
    return f"{int(table.index[int(np.asarray(bad).argmax())]) + 2:,}"


@dataclass(frozen=True)
class Sum:
    """A total is the sum of its parts."""

    total: str
    parts: tuple[str, ...]

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where it is not."""
        bad = table[self.total] != table[list(self.parts)].sum(axis=1)
        if bad.any():
            yield (
                f"{self.total} is not the sum of {', '.join(self.parts)} in {int(bad.sum()):,} "
                f"rows, row {row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class Percent:
    """A percentage with one decimal is the part of the total."""

    part: str
    total: str
    percent: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where it is not."""
        total = table[self.total].where(table[self.total] > 0)
        bad = (table[self.part] / total * 100 - table[self.percent]).abs() > 0.0501
        if bad.any():
            yield (
                f"the percentages of {self.part} are not {self.part} over {self.total} in "
                f"{int(bad.sum()):,} rows, row {row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class Rounded:
    """Percentages, each rounded to one decimal, add up to a hundred."""

    parts: tuple[str, ...]

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where they do not."""
        bad = (table[list(self.parts)].sum(axis=1) - 100).abs() > 0.0501 * len(self.parts)
        if bad.any():
            yield (
                f"{', '.join(self.parts)} do not add up to 100 in {int(bad.sum()):,} rows, row "
                f"{row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class AtMost:
    """One column is never more than a share of another."""

    less: str
    more: str
    share: float = 1.0
    slack: float = 0.0

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where it is."""
        bad = table[self.less] > table[self.more] * self.share + self.slack
        if bad.any():
            yield (
                f"{self.less} cannot be as high as that beside {self.more} in {int(bad.sum()):,} "
                f"rows, row {row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class Beside:
    """A column is not blank where two others that enclose it are given."""

    column: str
    less: str
    more: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where it is."""
        bad = table[self.column].isna() & table[self.less].notna() & table[self.more].notna()
        if bad.any():
            yield (
                f"{self.column} is blank where {self.less} and {self.more} are not in "
                f"{int(bad.sum()):,} rows, row {row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class Ranks:
    """Ranks of a nation: within its number of areas, and in step with deciles and scores."""

    rank: str
    areas: int
    decile: str = ""
    score: str = ""
    distinct: bool = False

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where they are not."""
        rank = table[self.rank]
        over = rank > self.areas
        if over.any():
            yield (
                f"{self.rank}: {int(over.sum()):,} are above {self.areas:,}, the number of areas "
                f"that are ranked, row {row_of(over, table)} first ({rank[over].iloc[0]:g})"
            )
        if self.distinct and rank.duplicated().mean() > _TIE:
            yield f"{self.rank}: {int(rank.duplicated().sum()):,} of {len(rank):,} repeat another"
        if len(table) == self.areas and abs(rank.mean() * 2 / (self.areas + 1) - 1) > _TIE:
            yield f"{self.rank}: these are not the ranks 1 to {self.areas:,}"
        if self.decile:
            yield from self._out_of_step(table)
        if self.score:
            order = np.argsort(rank.to_numpy(), kind="stable")
            steps = np.diff(table[self.score].to_numpy()[order])
            if (steps > 0).any():
                bad = table.index.isin(table.index[order[1:][steps > 0]])
                yield (
                    f"{self.rank} and {self.score} do not run against each other (rank 1, the most "
                    f"deprived, has the highest score), row {row_of(bad, table)} for one"
                )

    def _out_of_step(self, table: Frame) -> Iterator[str]:
        rank, decile = table[self.rank], table[self.decile]
        # Publishers cut either way where the tenth of a nation is not whole.
        upper, lower = (np.ceil((rank - less) * 10 / self.areas) for less in (0, 1))
        bad = (decile != upper) & (decile != lower.clip(lower=1))
        if bad.any():
            yield (
                f"{self.decile} does not agree with {self.rank} (decile 1 is the most deprived) in "
                f"{int(bad.sum()):,} rows, row {row_of(bad, table)} first "
                f"({rank[bad].iloc[0]:g}, decile {decile[bad].iloc[0]:g})"
            )


@dataclass(frozen=True)
class OneName:
    """Each code has one name throughout; and no two codes share one, where that is so."""

    code: str
    name: str
    both: bool = False
    but: str = ""

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say which have several."""
        pairs = table[[self.code, self.name]].drop_duplicates()
        for of, other in ((self.code, self.name), (self.name, self.code))[: 1 + self.both]:
            several = pairs.loc[pairs[of].duplicated(), of].unique()
            named = [one for one in several if one != self.but]
            if named:
                yield (
                    f"{len(named):,} have more than one {other} to one {of} ({examples(named, 2)})"
                )


@dataclass(frozen=True)
class Positive:
    """A number is above zero."""

    column: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where it is not."""
        bad = table[self.column] <= 0
        if bad.any():
            yield (
                f"{self.column}: {int(bad.sum()):,} are not above zero, row {row_of(bad, table)} "
                "first"
            )


@dataclass(frozen=True)
class ByOrigin:
    """Pairs are not sorted by destination, as they would be if its heading were the origin's."""

    origin: str = "origin"
    destination: str = "destination"

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say so if they are."""
        if not _sorted(table[self.origin]) and _sorted(table[self.destination]):
            yield (
                "the pairs are sorted by destination and not by origin, as in no table of the "
                "publisher: the two headings seem to be swapped. If they are right, sort the rows "
                "by origin"
            )


def _sorted(codes: pd.Series[Any]) -> bool:
    """Say whether codes never go down."""
    if isinstance(codes.dtype, pd.CategoricalDtype):
        order = np.argsort(np.argsort(codes.cat.categories.to_numpy(dtype=object)))
        at = order[codes.cat.codes.to_numpy()]
        return bool((at[1:] >= at[:-1]).all())
    return bool(codes.is_monotonic_increasing)


@dataclass(frozen=True)
class Once:
    """No code stands twice but one that is known to."""

    code: str
    but: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say which do."""
        yield from repeats(table[table[self.code] != self.but], (self.code,))


@dataclass(frozen=True)
class Written:
    """Every text is written in one way, as an LSOA's name ends in three digits and a letter."""

    column: str
    pattern: str
    example: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say which are not."""
        text = as_str(table[self.column].dropna())
        bad = ~text.str.fullmatch(self.pattern).astype(bool)
        if bad.any():
            yield (
                f"{self.column}: {int(bad.sum()):,} are not written as {self.example!r}, row "
                f"{row_of(bad, text)} first ({text[bad].iloc[0]!r})"
            )


LSOA_NAMES: Final = Written("name", r".+ \d{3}[A-Z]", "Birmingham 067A")
MSOA_NAMES: Final = Written("name", r".+ \d{3}", "Birmingham 067")


@dataclass(frozen=True)
class Vintage:
    """No code is of a later census."""

    column: str
    year: int

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say which are."""
        distinct = pd.Series(table[self.column].unique()).astype("str")
        last = distinct.str[:3].map({p: n for (p, year), n in LAST.items() if year == self.year})
        later = distinct[(pd.to_numeric(distinct.str[3:], errors="coerce") > last).to_numpy()]
        if len(later):
            yield (
                f"{self.column}: {len(later):,} codes are of a later census than {self.year} "
                f"({examples(later, 3)})"
            )


@dataclass(frozen=True)
class Same:
    """Two columns say the same."""

    one: str
    other: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where they do not."""
        bad = as_str(table[self.one]) != as_str(table[self.other])
        if bad.any():
            yield (
                f"{self.one} and {self.other} differ in {int(bad.sum()):,} rows, row "
                f"{row_of(bad, table)} first"
            )


@dataclass(frozen=True)
class Changes:
    """U has the same code on both sides; the parts of a split and of a merger stand once."""

    earlier: str
    later: str

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say where the kind of change and the codes do not agree."""
        change, before, after = (as_str(table[c]) for c in ("change", self.earlier, self.later))
        twice_before, twice_after = before.duplicated(keep=False), after.duplicated(keep=False)
        wrong = {
            "U": (before != after) | twice_before | twice_after,
            "S": (before == after) | twice_after,
            "M": (before == after) | twice_before,
            "X": before == after,
        }
        for kind, bad in wrong.items():
            bad &= change == kind  # noqa: PLW2901
            if bad.any():
                yield (
                    f"{int(bad.sum()):,} rows of kind {kind} have codes that are of no such change,"
                    f" row {row_of(bad, table)} first"
                )
