"""The most deprived areas of each of the four nations, in one frame.

Each nation ranks its own areas by its own index, so a rank says nothing across a border. What can
stand side by side is whether an area is among the most deprived fifth of its nation.
"""

from __future__ import annotations

import math
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from wmspatial._neighbourhoods import check_direction
from wmspatial.errors import InputError, MissingFileError, VintageError, examples, require
from wmspatial.geography.codes import kinds_of, vintages_of_lsoas

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wmspatial.provenance import Source
    from wmspatial.sources.shelf import Shelf


class Edition(NamedTuple):
    """The index of one nation.

    Attributes
    ----------
    name : str
        What it is called, with its year.
    dataset : str
        Its id in the catalogue.
    also : tuple of str
        Data sets that hold the same ranks.
    kind : str
        The kind of area that it ranks.
    areas : int
        How many areas it ranks.
    """

    name: str
    dataset: str
    also: tuple[str, ...]
    kind: str
    areas: int


#: The editions at hand. How many areas each ranks is what its publisher says.
EDITIONS: Final[Mapping[str, Edition]] = MappingProxyType({
    "England": Edition("IMD 2019", "iod2019-imd", ("iod2019-domains", "iod2019-file7"),
                       "LSOA (England)", 32_844),
    "Wales": Edition("WIMD 2019", "wimd2019", (), "LSOA (Wales)", 1_909),
    "Scotland": Edition("SIMD 2020v2", "simd2020v2", (), "data zone (Scotland)", 6_976),
    "Northern Ireland": Edition("NIMDM 2017", "nimdm2017", (),
                                "super output area (Northern Ireland)", 890),
})  # fmt: skip

INSUFFICIENT: Final = "Insufficient data"
_NOT_COMPARABLE: Final = (
    "ranks, and shares of a nation, cannot be compared across nations: each index has its own "
    "indicators, year and areas"
)
#: Six super output areas of the north coast are lettered C, as no others are.
_LETTERED_C: Final = r"95UU99C[1-6]"
_SMALL: Final = tuple(edition.kind for edition in EDITIONS.values())


def four_nations(
    data_dir: str | Path | None = None,
    *,
    england: pd.DataFrame | str | Path | None = None,
    wales: pd.DataFrame | str | Path | None = None,
    scotland: pd.DataFrame | str | Path | None = None,
    northern_ireland: pd.DataFrame | str | Path | None = None,
    share: float = 0.20,
    areas: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Say which areas are among the most deprived of their own nation, for all four in one frame.

    The editions are IMD 2019 for England, WIMD 2019 for Wales, SIMD 2020v2 for Scotland and
    NIMDM 2017 for Northern Ireland.

    Parameters
    ----------
    data_dir : str or Path, optional
        A folder that holds the four official files, under any names, or a store; by default the
        store (``WMSPATIAL_DATA``, or the platform's data folder). Not used where all four nations
        are given.
    england, wales, scotland, northern_ireland : DataFrame, str or Path, optional
        A nation's official file, or the frame read from it, in place of what the folder holds:
        the whole nation, with ``code`` (a column, or the index) and ``deprivation_rank`` (1 =
        most deprived) or, where the publisher gives none, ``deprivation_score`` (higher = more
        deprived).
    share : float, default 0.20
        The share of a nation's ranked areas that counts as deprived, above 0 and below 1. The
        number of areas is rounded down, as :func:`wmspatial.classify` does.
    areas : iterable of str, optional
        The areas to answer for, in the order wanted; those that no index ranks are Insufficient
        data. By default all areas of the four files, nation by nation in the order of the files.

    Returns
    -------
    DataFrame
        Indexed by ``code``: ``nation``, ``edition``, ``deprivation_rank`` (missing where there is
        none), ``ranked_areas``, ``share_of_nation`` (rank over ranked areas), ``deprived``
        (nullable boolean: missing, never false, where there is no rank) and ``status``
        (Deprived, Not deprived, Insufficient data). The editions, the share, the sources and
        what has to be known are in ``attrs``.

    Raises
    ------
    MissingFileError
        If a nation's file is not in the folder.
    VintageError
        If a nation's areas are of another census than its index.
    InputError
        If a file is of another nation or edition, is not whole, or its ranks are none.

    Notes
    -----
    The Welsh file has scores with one decimal and no ranks. Equal scores share the lowest rank, as
    equal English ranks do; where they lie across the cut all of them count as deprived, and
    ``attrs["notes"]`` names them.

    Examples
    --------
    >>> import pandas as pd
    >>> def nation(prefix, areas, digits=6):
    ...     codes = [f"{prefix}{n:0{digits}d}" for n in range(1, areas + 1)]
    ...     return pd.DataFrame({"code": codes, "deprivation_rank": range(1, areas + 1)})
    >>> northern_ireland = nation("N", 890)
    >>> northern_ireland["code"] = [f"95AA{n // 9:02d}S{n % 9 + 1}" for n in range(890)]
    >>> uk = four_nations(
    ...     england=nation("E01", 32_844), wales=nation("W01", 1_909),
    ...     scotland=nation("S01", 6_976), northern_ireland=northern_ireland,
    ... )
    >>> uk.loc[["W01000381", "W01000382"], ["edition", "status"]]
                 edition        status
    code
    W01000381  WIMD 2019      Deprived
    W01000382  WIMD 2019  Not deprived
    """
    _check_share(share)
    given = dict(zip(EDITIONS, (england, wales, scotland, northern_ireland), strict=True))
    read = _read(data_dir, given)
    parts, notes, sources = [], [_editions_at_hand()], []
    for nation, (table, source) in read.items():
        parts.append(_ranked(table, nation, share, notes))
        sources += [source] if source is not None else []
    notes.append(_NOT_COMPARABLE)
    frame = pd.concat(parts)
    if areas is not None:
        frame = frame.reindex(_wanted(areas))
    frame = _answered(frame, share)
    unranked = frame["status"].eq(INSUFFICIENT)
    counts = frame.loc[unranked, "nation"].value_counts(sort=False)
    notes += [
        f"{n}: {count:,} areas have no rank and are {INSUFFICIENT}" for n, count in counts.items()
    ]
    frame.attrs = {
        "editions": {nation: edition.name for nation, edition in EDITIONS.items()},
        "deprived_share": float(share),
        "sources": tuple(sources),
        "notes": tuple(notes),
    }
    return frame


def _check_share(share: object) -> None:
    number = isinstance(share, int | float) and not isinstance(share, bool)
    if not number or not 0 < share < 1:  # type: ignore[operator]
        raise InputError(
            f"share: expected a share above 0 and below 1, as 0.2 for the most deprived 20 %; "
            f"found {share!r}."
        )


def _editions_at_hand() -> str:
    names = ", ".join(f"{nation} {edition.name}" for nation, edition in EDITIONS.items())
    return f"editions: {names}"


def _read(
    data_dir: str | Path | None, given: Mapping[str, pd.DataFrame | str | Path | None]
) -> dict[str, tuple[pd.DataFrame, Source | None]]:
    """Read what was not given as a frame; name every missing file at once."""
    wanted = [EDITIONS[nation].dataset for nation, table in given.items() if table is None]
    shelf = _shelf(data_dir, wanted) if wanted else None
    tables: dict[str, tuple[pd.DataFrame, Source | None]] = {}
    for nation, table in given.items():
        if table is None and shelf is not None:
            tables[nation] = shelf.table(EDITIONS[nation].dataset)
            continue
        if isinstance(table, str | Path):
            from wmspatial.sources.reading import read_official

            frame = read_official(table)
        else:
            require(table, _argument(nation), "DataFrame", "wm.read_official(path)")
            frame = pd.DataFrame(table)
            frame.attrs = dict(getattr(table, "attrs", {}))
        tables[nation] = frame, frame.attrs.get("source")
    return tables


def _shelf(data_dir: str | Path | None, wanted: list[str]) -> Shelf:
    from wmspatial.sources.shelf import how_to_get, open_shelf, title_of

    shelf = open_shelf(data_dir)
    absent = shelf.missing(wanted)
    if absent:
        titles = [f"{title_of(dataset)} ({dataset})" for dataset in absent]
        raise MissingFileError(
            f"{len(absent)} of {len(wanted)} nations' files are missing in the data folder "
            f"{shelf.folder}: {examples(titles)}. {how_to_get(*absent)}"
        )
    return shelf


def _argument(nation: str) -> str:
    return nation.lower().replace(" ", "_")


def _ranked(table: pd.DataFrame, nation: str, share: float, notes: list[str]) -> pd.DataFrame:
    """Return the ranks of one nation, checked, indexed by code."""
    name, edition = _argument(nation), EDITIONS[nation]
    found = table.attrs.get("dataset", edition.dataset)
    if found not in (edition.dataset, *edition.also):
        raise InputError(
            f"{name}: expected {edition.name} ({edition.dataset}), found the data set {found!r}."
        )
    if "code" in table.columns:
        table = table.set_index("code")
    table.index = pd.Index(table.index.astype("str"), name="code")
    _check_codes(table.index, name, nation)
    if "deprivation_rank" in table.columns:
        ranks = _numbers(table["deprivation_rank"], name)
        check_direction(table.assign(deprivation_rank=ranks), name)
    elif "deprivation_score" in table.columns:
        scores = _numbers(table["deprivation_score"], name)
        ranks = scores.rank(ascending=False, method="min")
        notes.append(
            f"{nation}: the file has scores and no ranks; ranked by score, the highest first; "
            f"{int(scores.dropna().duplicated(keep=False).sum()):,} areas share their score, and "
            "with it the lowest rank"
        )
    else:
        raise InputError(
            f"{name}: no column 'deprivation_rank' or 'deprivation_score'; found "
            f"{examples(map(repr, table.columns), 8)}. Read the official file with "
            "wm.read_official(path)."
        )
    _check_ranks(ranks, name, edition)
    _note_ties_at_the_cut(ranks, nation, share, notes)
    return ranks.rename("deprivation_rank").to_frame()


def _check_codes(codes: pd.Index[Any], name: str, nation: str) -> None:
    """Refuse areas of another nation, of another census, twice, or too few of them."""
    edition = EDITIONS[nation]
    kinds = _kinds(codes)
    wrong = (kinds != edition.kind).to_numpy()
    if wrong.any():
        seen = kinds[wrong].fillna("no known kind").unique()
        swapped = wrong.all() and len(seen) == 1 and seen[0] in _SMALL
        raise InputError(
            f"{name}: expected areas of {nation} ({edition.kind.split(' (')[0]}, as {edition.name} "
            f"has them); {int(wrong.sum()):,} of {len(codes):,} are not "
            f"({examples(codes[wrong], 3)}; {examples(seen, 3)})."
            + (" Were the files of two nations swapped?" if swapped else "")
        )
    twice = codes[codes.duplicated()]
    if len(twice):
        raise InputError(
            f"{name}: {len(twice):,} areas stand more than once ({examples(twice.unique())})."
        )
    if vintages_of_lsoas(codes) == (2021,):
        raise VintageError(
            f"{name}: there are LSOAs of 2021 among the areas, and {edition.name} ranks those of "
            "2011. Is this a later index?"
        )
    if len(codes) != edition.areas:
        raise InputError(
            f"{name}: {edition.name} ranks {edition.areas:,} areas, found {len(codes):,}. The "
            "share of a nation needs the whole nation's file, not an extract."
        )


def _kinds(codes: pd.Index[Any]) -> pd.Series[Any]:
    text = pd.Series(codes, index=codes)
    kinds = kinds_of(codes).set_axis(codes)
    return kinds.mask(text.str.fullmatch(_LETTERED_C), EDITIONS["Northern Ireland"].kind)


def _numbers(values: pd.Series[Any], name: str) -> pd.Series[float]:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    bad = numbers.isna() & values.notna()
    if bad.any():
        raise InputError(
            f"{name}: {int(bad.sum()):,} values of {values.name!r} are no numbers; the first is "
            f"{values[bad].iloc[0]!r} for {values.index[bad][0]}."
        )
    return numbers


def _check_ranks(ranks: pd.Series[float], name: str, edition: Edition) -> None:
    """Refuse ranks that do not run from 1 to the number of areas, ties and gaps allowed for."""
    given = ranks.dropna().sort_values()
    if given.empty:
        raise InputError(f"{name}: not one area has a rank. Expected those of {edition.name}.")
    bad = given[~given.between(1, edition.areas) | (given % 1 != 0)]
    if len(bad):
        raise InputError(
            f"{name}: {len(bad):,} ranks are out of range; the first is {bad.iloc[0]:g} for "
            f"{bad.index[0]}. {edition.name} has whole ranks from 1 (most deprived) to "
            f"{edition.areas:,}."
        )
    # Equal ranks leave out the next, and the rank of an area without one may be any.
    least = given.rank(method="min")
    blank = len(ranks) - len(given)
    off = given[(given < least) | (given > least + blank)]
    if len(off):
        raise InputError(
            f"{name}: the ranks do not run from 1 to {edition.areas:,}: {len(off):,} of "
            f"{len(given):,} are not at their place; the first is {off.iloc[0]:g} for "
            f"{off.index[0]}, which {least[off.index[0]] - 1:,.0f} areas precede. Are these "
            f"ranks of {edition.name}, and of the whole nation?"
        )


def _note_ties_at_the_cut(
    ranks: pd.Series[float], nation: str, share: float, notes: list[str]
) -> None:
    """Name the areas of equal rank of which only some would fit within the share."""
    limit = _limit(share, EDITIONS[nation].areas)
    last = ranks[ranks <= limit].max()
    tied = ranks.index[ranks == last]
    over = int((ranks <= limit).sum()) - limit
    if over > 0:
        notes.append(
            f"{nation}: {len(tied)} areas share rank {last:,.0f}, across the cut at {limit:,}, "
            f"and all count as deprived, {over} more than the share ({', '.join(tied)}): what is "
            "published here does not tell them apart"
        )


def _limit(share: float, count: int) -> int:
    """Return the last rank within the share, by the rule of the labour-market typology."""
    # 0.29 x 100 is a little under 29, and rank 29 is within it.
    return math.floor(share * count + 1e-9)


def _wanted(areas: Iterable[str]) -> pd.Index[Any]:
    if isinstance(areas, str):
        raise InputError(f"areas: expected several area codes, found the one text {areas!r}.")
    codes = pd.Index([str(code) for code in areas], dtype="str", name="code")
    # Northern Ireland's data zones of 2021 are areas too, and its index does not rank them.
    right = _kinds(codes).isin([*_SMALL, "data zone (Northern Ireland)"]).to_numpy()
    if not right.all():
        raise InputError(
            f"areas: {int((~right).sum()):,} of {len(codes):,} codes are of no LSOA, data zone or "
            f"super output area ({examples(codes[~right].unique())})."
        )
    twice = codes[codes.duplicated()]
    if len(twice):
        raise InputError(f"areas: {len(twice):,} stand more than once ({examples(twice)}).")
    return codes


def _answered(frame: pd.DataFrame, share: float) -> pd.DataFrame:
    """Add nation, edition and the answers to the ranks."""
    ranks = frame["deprivation_rank"]
    letters = {"E": "England", "W": "Wales", "S": "Scotland", "9": "Northern Ireland",
               "N": "Northern Ireland"}  # fmt: skip
    nation = frame.index.str[0].map(letters)
    out = pd.DataFrame(index=frame.index)
    out["nation"] = nation.astype("str")
    out["edition"] = nation.map({n: e.name for n, e in EDITIONS.items()}).astype("str")
    out["deprivation_rank"] = ranks
    out["ranked_areas"] = nation.map({n: e.areas for n, e in EDITIONS.items()}).astype("int64")
    out["share_of_nation"] = ranks / out["ranked_areas"]
    limit = nation.map({n: _limit(share, e.areas) for n, e in EDITIONS.items()})
    out["deprived"] = (ranks <= limit).astype("boolean").mask(ranks.isna())
    status = out["deprived"].map({True: "Deprived", False: "Not deprived"})
    out["status"] = status.astype("object").fillna(INSUFFICIENT).astype("str")
    return out
