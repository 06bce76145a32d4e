"""Add a table to boundaries by area code, and say what did not match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from wmspatial.errors import InputError, VintageError, examples, require
from wmspatial.geography.codes import ONLY_2011, kinds_of, level_of, settle_vintage
from wmspatial.provenance import Sources, carried_sources

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

_CROSSWALK = (
    "Most LSOA codes are the same in both, so a plain merge would quietly lose the rest. Bring the "
    "table over with the ONS LSOA 2011 to LSOA 2021 crosswalk first, or take boundaries of the "
    "table's census."
)


@dataclass(frozen=True)
class JoinReport:
    """What a join did.

    Attributes
    ----------
    level : str
        What the codes are of, as ``"LSOA"``.
    matched : int
        Areas that found their row.
    areas_without_row : tuple of str
        Codes of areas that found none; their new columns are missing.
    rows_without_area : tuple of str
        Codes of rows that found no area; they are left out.
    rows_without_code : int
        Rows that have no code; they are left out.
    missing : dict of str to int
        Missing values in each new column, over all areas.
    areas_vintage, table_vintage : int or None
        Census of each side; ``None`` where the codes have none (wards, authorities).
    codes_cleaned : int
        Codes that matched only after spaces were cut off or small letters made capital.
    renamed : dict of str to str
        Columns of the table that the areas have too, and what they are called in the result.

    Notes
    -----
    There is no count of duplicates: a code that stands twice is refused, because either row may be
    the wrong one.

    Examples
    --------
    >>> print(JoinReport("ward", 2, ("E05000003",), (), 0, {"people": 1}, None, None))
    2 of 3 areas (ward) matched
      1 areas have no row: E05000003
      missing values: people 1
    """

    level: str
    matched: int
    areas_without_row: tuple[str, ...]
    rows_without_area: tuple[str, ...]
    rows_without_code: int
    missing: dict[str, int] = field(default_factory=dict)
    areas_vintage: int | None = None
    table_vintage: int | None = None
    codes_cleaned: int = 0
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every area and every row matched and no value is missing."""
        return not (
            self.areas_without_row
            or self.rows_without_area
            or self.rows_without_code
            or any(self.missing.values())
        )

    def __str__(self) -> str:
        """Tell it line by line."""
        total = self.matched + len(self.areas_without_row)
        vintage = f" {self.areas_vintage}" if self.areas_vintage else ""
        lines = [f"{self.matched:,} of {total:,} areas ({self.level}{vintage}) matched"]
        if self.areas_without_row:
            lines.append(
                f"  {len(self.areas_without_row):,} areas have no row: "
                f"{examples(self.areas_without_row)}"
            )
        if self.rows_without_area:
            lines.append(
                f"  {len(self.rows_without_area):,} rows have no area: "
                f"{examples(self.rows_without_area)}"
            )
        if self.level == "ward" and self.rows_without_area and self.areas_without_row:
            lines.append("  wards are redrawn nearly every year: are these of another year?")
        if self.codes_cleaned:
            lines.append(f"  {self.codes_cleaned:,} codes had spaces or small letters, put right")
        if self.rows_without_code:
            lines.append(f"  {self.rows_without_code:,} rows have no code")
        for name, new in self.renamed.items():
            lines.append(f"  {name!r} is in both: the table's is called {new!r}")
        gaps = [f"{name} {count:,}" for name, count in self.missing.items() if count]
        if gaps:
            lines.append(f"  missing values: {', '.join(gaps)}")
        return "\n".join(lines)


def join(
    areas: gpd.GeoDataFrame,
    table: pd.DataFrame,
    *,
    on: str | None = None,
    columns: Iterable[str] | None = None,
    vintage: int | None = None,
    areas_vintage: int | None = None,
    crosswalk: pd.DataFrame | None = None,
    suffix: str = "",
) -> tuple[gpd.GeoDataFrame, JoinReport]:
    """Add a table to boundaries by area code.

    Every area is kept, in its order; rows of the table that find no area are counted and left
    out. LSOAs of 2011 and of 2021 are never joined to each other.

    Parameters
    ----------
    areas : GeoDataFrame
        Boundaries, indexed by area code (LSOA, MSOA, ward, authority and so on).
    table : DataFrame
        One row an area, with the codes in a column or in the index.
    on : str, optional
        The column of codes; by default the index where it is called ``code`` and holds codes of
        the areas' kind, as :func:`~wmspatial.read_table` leaves it; else the only column that
        holds such codes, or else the index.
    columns : iterable of str, optional
        Which columns to add; by default all but the codes.
    vintage : {2011, 2021}, optional
        Census of the table's LSOAs; by default ``table.attrs["vintage"]``. Has to be declared
        where there is none and its codes exist in both.
    areas_vintage : {2011, 2021}, optional
        Census of the areas' LSOAs; by default what :func:`~wmspatial.load` noted on them.
    crosswalk : DataFrame, optional
        The official lookup, ``lsoa11`` and ``lsoa21``, which tells the census of any table whose
        codes changed. Areas from :func:`~wmspatial.load` bring what is needed of it.
    suffix : str, optional
        Put behind the names of the table's columns that the areas have too, as ``"_own"``; by
        default such columns are refused.

    Returns
    -------
    frame : GeoDataFrame
        The areas with the new columns; missing where an area has no row. ``attrs["sources"]`` and
        ``attrs["report"]`` carry the table's own on to a map or a file.
    report : JoinReport
        Matched and unmatched on each side, missing values, and the census of both.

    Raises
    ------
    VintageError
        If the two are of different kinds or censuses, or the census cannot be told.
    InputError
        If there is no column of codes, a code stands twice, nothing matches, or a column is in
        both.

    Examples
    --------
    >>> import pandas as pd
    >>> import wmspatial as wm
    >>> areas = wm.load_sample().areas
    >>> table = pd.DataFrame({"LSOA": areas.index[:2], "pupils": [120, 80]})
    >>> frame, report = wm.join(areas, table, vintage=2011)
    >>> report.matched, len(report.areas_without_row)
    (2, 1678)
    """
    require(areas, "areas", "GeoDataFrame", "wm.load(...).areas")
    require(table, "table", "DataFrame", "pandas.read_csv(...)")
    if len(areas) == 0:
        raise InputError("areas: there are none. Expected one row an area.")
    level = level_of(areas.index, where="areas")
    if not areas.index.is_unique:
        twice = areas.index[areas.index.duplicated()].unique()
        raise InputError(f"areas: codes stand more than once ({examples(twice)}).")
    codes, name = _codes_of(table, on, level)
    if vintage is None:
        vintage = table.attrs.get("vintage")
    blank = codes.isna() | (codes.astype("str").str.strip() == "")
    given = codes[~blank].astype("str")
    clean = given.str.strip().str.upper()
    keyed = table.loc[~blank.to_numpy()].set_axis(pd.Index(clean), axis=0)
    _check_table(keyed, level)
    vintages = (
        _vintages(areas, keyed, areas_vintage, vintage, crosswalk)
        if level == "LSOA"
        else (None, None)
    )
    wanted = [c for c in keyed.columns if c != name] if columns is None else list(columns)
    renamed = _check_columns(areas, keyed, wanted, suffix)
    inside = keyed.index.isin(areas.index)
    if not inside.any():
        raise InputError(
            f"table: not one of its {len(keyed):,} codes ({examples(keyed.index, 3)}) is among the "
            f"{len(areas):,} areas ({examples(areas.index, 3)}). Are they of the same place and "
            "year?"
        )
    added = keyed.loc[inside, wanted].rename(columns=renamed)
    frame = areas.join(added)
    frame.attrs = dict(areas.attrs)
    frame.columns.name = areas.columns.name
    report = JoinReport(
        level=level,
        matched=int(inside.sum()),
        areas_without_row=tuple(areas.index[~areas.index.isin(keyed.index)]),
        rows_without_area=tuple(keyed.index[~inside]),
        rows_without_code=int(blank.sum()),
        codes_cleaned=int(((given != clean).to_numpy() & inside).sum()),
        missing={c: int(frame[c].isna().sum()) for c in added.columns},
        areas_vintage=vintages[0],
        table_vintage=vintages[1],
        renamed=renamed,
    )
    _carry(frame, table, report)
    return frame, report


def _carry(frame: gpd.GeoDataFrame, table: pd.DataFrame, report: JoinReport) -> None:
    """Let the table's sources, and what was done to it, go on with the frame."""
    named = dict.fromkeys((*carried_sources(frame), *carried_sources(table)))
    if named:
        frame.attrs["sources"] = Sources(named)
    told = [*table.attrs.get("report", ()), *(line.strip() for line in str(report).splitlines())]
    frame.attrs["report"] = [*frame.attrs.get("report", ()), *told]
    if table.attrs.get("illustrative"):
        frame.attrs["illustrative"] = True


def _codes_of(table: pd.DataFrame, on: str | None, level: str) -> tuple[pd.Series[Any], str | None]:
    """Find the codes of a table: the column named, or the only one of the areas' kind."""
    if on is not None:
        if on not in table.columns:
            raise InputError(
                f"table: no column {on!r}; found {examples(map(repr, table.columns), 12)}."
            )
        return table[on], on
    if table.index.name == "code" and _level_held(table.index.to_series()) == level:
        # A reader has said which are the codes; other columns may hold codes of other things.
        return table.index.to_series(), None
    kinds = {c: _level_held(table[c]) for c in table.columns}
    alike = [c for c, held in kinds.items() if held == level]
    if len(alike) == 1:
        return table[alike[0]], str(alike[0])
    if not alike and _level_held(table.index.to_series()):
        return table.index.to_series(), None
    if alike:
        raise InputError(
            f"table: {len(alike)} columns hold codes of {level} ({examples(map(repr, alike))}). "
            "Name one with on=."
        )
    others = [c for c, held in kinds.items() if held]
    if others:
        raise VintageError(
            f"table: no column holds codes of {level}, the areas' kind; {others[0]!r} holds codes "
            f"of {kinds[others[0]]}. Take boundaries of that kind, or bring the table over first."
        )
    raise InputError(
        f"table: no column of area codes; found {examples(map(repr, table.columns), 12)}. Name it "
        "with on=."
    )


def _level_held(values: pd.Series[Any]) -> str | None:
    """Return the level that most values are codes of; ``None`` where they are no codes."""
    given = values.dropna()
    if given.empty or pd.api.types.is_numeric_dtype(given):
        return None
    head = given.head(200).astype("str").str.strip().str.upper()
    levels = kinds_of(head).str.split(" (", regex=False).str[0].value_counts()
    if levels.empty or levels.iloc[0] < len(head) / 2:
        return None
    return str(levels.index[0])


def _check_table(keyed: pd.DataFrame, level: str) -> None:
    if keyed.empty:
        raise InputError("table: no row has a code. Expected one row an area.")
    # A code that is none is a row that finds no area, and is reported as one; not so another kind.
    held = _level_held(keyed.index.to_series()) or level_of(keyed.index, where="table")
    if held != level:
        raise VintageError(
            f"table: its codes are of {held}, the areas' of {level}. Take boundaries of the same "
            "kind, or bring the table over first."
        )
    if not keyed.index.is_unique:
        twice = keyed.index[keyed.index.duplicated()].unique()
        raise InputError(
            f"table: {len(twice):,} codes stand more than once ({examples(twice)}). Expected one "
            "row an area: sum or drop the copies."
        )


def _check_columns(
    areas: gpd.GeoDataFrame, keyed: pd.DataFrame, wanted: list[str], suffix: str
) -> dict[str, str]:
    """Refuse columns that are not there or in both; with a suffix say what the latter become."""
    absent = [c for c in wanted if c not in keyed.columns]
    if absent:
        raise InputError(
            f"table: no column {examples(map(repr, absent))}; found "
            f"{examples(map(repr, keyed.columns), 12)}."
        )
    both = [c for c in wanted if c in areas.columns]
    renamed = {c: f"{c}{suffix}" for c in both} if suffix else {}
    taken = [c for c in both if renamed.get(c, c) in (*areas.columns, *wanted)] if both else []
    if both and (not suffix or taken):
        other = f"another suffix than {suffix!r}" if suffix else "suffix='_own' to keep both"
        raise InputError(
            f"table: the areas already have {examples(map(repr, taken or both))}. Give {other}, "
            "rename in the table, or choose with columns=."
        )
    return renamed


def _vintages(
    areas: gpd.GeoDataFrame,
    keyed: pd.DataFrame,
    areas_vintage: int | None,
    vintage: int | None,
    crosswalk: pd.DataFrame | None,
) -> tuple[int, int]:
    """Settle the census of both sides, and refuse to join one to the other."""
    only_2011 = set(areas.attrs.get(ONLY_2011, ()))
    if crosswalk is not None:
        only_2011 |= set(crosswalk["lsoa11"]) - set(crosswalk["lsoa21"])
    declared = areas_vintage if areas_vintage is not None else areas.attrs.get("vintage")
    of_areas = settle_vintage(areas.index, declared, where="areas", reference=only_2011)
    of_table = settle_vintage(keyed.index, vintage, where="table", reference=only_2011)
    if of_areas is not None and of_table is not None and of_areas != of_table:
        raise VintageError(
            f"table: its LSOAs are of {of_table}, those of the areas of {of_areas}. {_CROSSWALK}"
        )
    for side, found, name in (
        ("areas", of_areas, "areas_vintage"),
        ("table", of_table, "vintage"),
    ):
        if found is None:
            raise VintageError(
                f"{side}: the LSOA codes alone do not tell whether they are of 2011 or of 2021. "
                f"Declare {name}=2011 or {name}=2021. {_CROSSWALK}"
            )
    return int(of_areas or 0), int(of_table or 0)
