"""Tables of an indicator by authority, whoever they come from, in one shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from wmspatial.errors import InputError, examples
from wmspatial.geography.codes import kind_of
from wmspatial.geography.lookup import nearest
from wmspatial.provenance import ILLUSTRATIVE

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Nations and what is made up of them, in the order in which they are taken for comparison.
NATIONS: Final = {
    "E92000001": "England",
    "K04000001": "England and Wales",
    "K03000001": "Great Britain",
    "K02000001": "United Kingdom",
    "W92000004": "Wales",
    "S92000003": "Scotland",
    "N92000002": "Northern Ireland",
}
_NAMES: Final = ("authority", "name", "combined")
_CODES: Final = ("code", "authority_code", "combined_code")
_ABOUT: Final = ("year", "unit", "source")
_MARK: Final = "illustrative"
_TRUE, _FALSE = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
_MADE_UP: Final = re.compile(r"\b(?:made[- ]up(?! of\b)|illustrative)\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_PAY: Final = {
    "ashe-residence": ("Residents", "of residents, by where they live"),
    "ashe-workplace": ("Jobs", "of jobs, by where they are"),
}
_SAMPLE: Final = (
    "Estimates from a sample of employee jobs: small differences may be chance, and the "
    "self-employed are not among them."
)
_SURVEY: Final = "aps-ethnicity"
#: What Nomis calls the figure itself, and half the width of its interval.
_FIGURE, _MARGIN = "Variable", "Confidence"


@dataclass
class Tidy:
    """An indicator in one shape, and what its table says of itself."""

    #: Authorities by measures.
    numbers: pd.DataFrame
    nations: pd.DataFrame
    #: Code of each authority by its name, where there is one.
    codes: dict[str, str] = field(default_factory=dict)
    title: str = ""
    unit: str = ""
    year: str = ""
    base: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    illustrative: bool = False
    #: What was published about it: a Source, or nothing.
    origin: Any = None


def tidy(data: Any, measures: Any, year: Any, title: str) -> Tidy:
    """Bring a table into one shape.

    Parameters
    ----------
    data : DataFrame, Series or mapping
        As :func:`~wmspatial.charts.indicators.authority_indicator` takes them.
    measures : str, iterable or mapping
        Columns to keep, and perhaps what to call them.
    year : int, str or None
        The year, where the table does not say it.
    title : str
        What it shows, for errors.

    Returns
    -------
    Tidy
        Numbers by authority.

    Raises
    ------
    InputError
        If it is no such table.
    """
    table = _as_frame(data)
    dataset = str(getattr(data, "attrs", {}).get("dataset", ""))
    if dataset == _SURVEY:
        found = _survey(table, measures, year)
    elif dataset in _PAY:
        found = _pay(table, dataset, measures)
    else:
        found = _own(table, measures, title)
    origin: Any = getattr(data, "attrs", {}).get("source")
    if hasattr(origin, "publisher"):
        found.origin = origin
        if found.source and not origin.publisher:
            said = f"Its source, as the table says: {found.source}."
            found.origin = origin._replace(notes=(said, *origin.notes))
        found.source = found.source or _named(origin)
        found.year = found.year or _year_of(origin, found)
    found.illustrative |= bool(getattr(data, "attrs", {}).get("illustrative", False))
    if year is not None:
        given = str(year).strip()
        if found.year and found.year != given:
            raise InputError(f"year={given}: the table says that it is of {found.year}.")
        found.year = given
    _refuse_other_years(found, title)
    return found


def _as_frame(data: Any) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        table = pd.DataFrame(data)
    elif isinstance(data, pd.Series):
        table = data.to_frame(str(data.name or "value"))
    elif hasattr(data, "keys"):
        table = pd.Series(dict(data), dtype="object").to_frame("value")
    else:
        raise InputError(
            "data: expected authorities by measures as a DataFrame, a Series or a mapping; found "
            f"{type(data).__name__}."
        )
    if table.empty:
        raise InputError("data: there is no number in it. Expected authorities by measures.")
    table = table.copy()
    table.attrs = {}
    # A reader of own tables sets the rows of nations apart; here they are what is compared with.
    apart = getattr(data, "attrs", {}).get("set_apart") or ()
    rows = [row for row in apart if set(map(str, row.values())) & {*NATIONS, *NATIONS.values()}]
    if rows:
        more = pd.DataFrame(rows).reindex(columns=table.columns)
        more.index = pd.Index(
            [next(str(v) for v in row.values() if str(v) in {*NATIONS, *NATIONS.values()})
             for row in rows], name=table.index.name,
        )  # fmt: skip
        for column in table.columns[[pd.api.types.is_numeric_dtype(t) for t in table.dtypes]]:
            more[column] = pd.to_numeric(more[column], errors="coerce")
        table = pd.concat([table.astype("object"), more.astype("object")])
    return table


def numbers_of(table: pd.DataFrame) -> pd.DataFrame:
    """Turn cells into numbers, or say which is none."""
    numbers: pd.DataFrame = table.apply(pd.to_numeric, errors="coerce").astype("float64")
    bad = numbers.isna() & table.notna()
    if bad.any(axis=None):
        row, column = np.argwhere(bad.to_numpy())[0]
        raise InputError(
            f"data: {table.iloc[row, column]!r} ({table.index[row]}, {table.columns[column]}) is "
            "no number. Leave what is not published empty."
        )
    return numbers


def _own(table: pd.DataFrame, measures: Any, title: str) -> Tidy:
    """Read an analyst's own table."""
    columns = {str(c).strip().casefold(): c for c in table.columns}
    said = {name: _one_value(table, columns[name], name) for name in _ABOUT if name in columns}
    names = next((table[columns[c]] for c in _NAMES if c in columns), None)
    codes = next((table[columns[c]] for c in _CODES if c in columns), None)
    index = table.index.to_series().astype("str").str.strip()
    if codes is None and index.map(lambda c: kind_of(c) is not None or c in NATIONS).any():
        codes = index
    if names is None:
        if codes is not None and codes is not index:
            index = codes.astype("str").str.strip()
        names = index
    about = {columns[c] for c in (*_ABOUT, *_NAMES, *_CODES, _MARK) if c in columns}
    illustrative = bool(_MADE_UP.search(said.get("source", "")))
    if _MARK in columns:
        illustrative |= _is_marked(table[columns[_MARK]])
    for column in table.columns[(table == ILLUSTRATIVE).all().to_numpy()]:
        about.add(column)
        illustrative = True
    rest = table[[c for c in table.columns if c not in about]]
    kept = _chosen(rest, measures)
    kept.index = pd.Index(names.astype("str").str.strip())
    if not len(kept.columns):
        raise InputError(f"{title or 'data'}: no column of numbers is left in the table.")
    return _sorted_out(
        numbers_of(kept), None if codes is None else codes.astype("str").str.strip(),
        unit=said.get("unit", ""), year=said.get("year", ""), source=said.get("source", ""),
        illustrative=illustrative,
    )  # fmt: skip


def _is_marked(cells: pd.Series[Any]) -> bool:
    """Say whether a column of yes and no says of any row that its numbers are made up."""
    given = cells.dropna().map(lambda v: f"{v:g}" if isinstance(v, float) else str(v))
    texts = given.astype("str").str.strip().str.casefold()
    strange = given[~texts.isin([*_TRUE, *_FALSE, "", ILLUSTRATIVE.casefold()])]
    if len(strange):
        raise InputError(
            f"data: the column {_MARK!r} says whether the numbers are made up, yes or no; found "
            f"{strange.iloc[0]!r}."
        )
    return bool(texts.isin([*_TRUE, ILLUSTRATIVE.casefold()]).any())


def _one_value(table: pd.DataFrame, column: Any, name: str) -> str:
    """Return what a column says in every row of it."""
    cells = table[column].dropna()
    texts = cells.map(lambda v: f"{v:g}" if isinstance(v, float) else str(v))
    # An empty column is of numbers.
    texts = texts.astype("str").str.strip()
    values = list(dict.fromkeys(texts[texts != ""]))
    if len(values) > 1:
        what = {"year": "years", "unit": "units"}.get(name)
        if what is None:
            return "; ".join(values)
        raise InputError(
            f"data: its rows are of different {what} ({examples(values)}), and one chart would "
            "hold them against each other. Give one table each."
        )
    return values[0] if values else ""


def _chosen(table: pd.DataFrame, measures: Any) -> pd.DataFrame:
    if measures is None:
        return table.rename(columns=str)
    wanted = _wanted(measures)
    lost = [name for name in wanted if name not in table.columns]
    if lost:
        near = nearest(lost[0], list(table.columns))
        raise InputError(
            f"measures: {lost[0]!r} is not in the table. {near} It has "
            f"{examples(table.columns, 12)}.".replace("  ", " ")
        )
    return table[list(wanted)].rename(columns=wanted)


def _wanted(measures: str | Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    """Return what to keep, and what to call it."""
    if isinstance(measures, str):
        return {measures: measures}
    if isinstance(measures, Mapping):
        return dict(measures)
    return {name: name for name in measures}


def _sorted_out(numbers: pd.DataFrame, codes: pd.Series[Any] | None, **said: Any) -> Tidy:
    """Tell nations from authorities, and leave out what is neither."""
    names = [NATIONS.get(str(n), str(n)) for n in numbers.index]
    numbers = numbers.set_axis(pd.Index(names, dtype="str"))
    nation = np.isin(numbers.index, list(NATIONS.values()))
    notes: list[str] = []
    keep = ~nation
    known: dict[str, str] = {}
    if codes is not None:
        kinds = [getattr(kind_of(c), "level", "") for c in codes]
        nation |= np.isin(codes, list(NATIONS))
        authority = np.array([k == "authority" for k in kinds])
        combined = np.array([k == "combined authority" for k in kinds])
        whole = authority if authority.any() else combined
        keep = whole & ~nation
        if not keep.any():
            raise InputError(
                "data: no row has the code of an authority, such as E08000026; found "
                f"{examples(codes, 3)}. Bring the table to authorities first."
            )
        dropped = int((~keep & ~nation).sum())
        if dropped:
            notes.append(f"{dropped:,} rows of regions, counties and the like were left out.")
        known = dict(zip(numbers.index[keep], codes.to_numpy()[keep], strict=True))
    values, nations = numbers[keep], numbers[nation]
    if not len(values):
        raise InputError("data: there is no authority in it, only nations.")
    if values.index.has_duplicates:
        twice = values.index[values.index.duplicated()].unique()
        raise InputError(f"data: {examples(twice)} stands more than once. Keep one row each.")
    return Tidy(values, nations[~nations.index.duplicated()], known, notes=tuple(notes), **said)


def _pay(table: pd.DataFrame, dataset: str, measures: Any) -> Tidy:
    """Read table 7 or 8 of the Annual Survey of Hours and Earnings."""
    label, where = _PAY[dataset]
    tidy_article = "weekly_pay" in table.columns
    column = "weekly_pay" if tidy_article else "median" if measures is None else measures
    if not isinstance(column, str) or column not in table.columns:
        raise InputError(
            f"measures={measures!r}: expected one column of the table, such as 'median' or 'mean'."
        )
    named = table.rename(columns={column: label}).set_axis(table["name"].str.strip(), axis=0)
    # The older tables say of what kind an authority is: "Darlington UA", "Stockport MC".
    named.index = named.index.str.replace(r"\s+(?:UA|MC|MCD|CC)$", "", regex=True)
    codes = table["code"].fillna("").astype("str")
    found = _sorted_out(named[[label]].astype("float64"), codes)
    found.unit = "£"
    found.notes += (_SAMPLE,)
    what = column.replace("percentile_", "percentile ")
    if tidy_article:
        found.base = "gross weekly pay (the file does not say whether it is the median)"
        found.title = f"Weekly pay {where}"
    else:
        found.base = f"{what} gross weekly pay, all employee jobs"
        found.title = f"{what.capitalize()} gross weekly pay {where}"
    return found


def _survey(table: pd.DataFrame, measures: Any, year: Any) -> Tidy:
    """Read the Annual Population Survey as Nomis gives it: a row a figure."""
    periods = list(table["period"].astype("str").unique())
    period = str(year) if year is not None else periods[-1]
    if year is None and len(periods) > 1:
        raise InputError(
            f"data: the table is of several periods ({examples(periods)}). Name one with year=."
        )
    rows = table[table["period"].astype("str") == period]
    if rows.empty:
        raise InputError(f"year={period!r}: the table has {examples(periods)}.")
    variables = [str(v) for v in rows["variable"].unique()]
    wanted = _wanted(measures) if measures is not None else {v: v for v in variables}
    lost = [name for name in wanted if name not in variables]
    if lost:
        near = nearest(lost[0], variables)
        raise InputError(
            f"measures: {lost[0]!r} is not in the table. {near} It has "
            f"{examples(variables, 12)}.".replace("  ", " ")
        )
    figures = rows[rows["measure"] == _FIGURE]
    if figures.empty:
        raise InputError(
            f"data: no row has the measure {_FIGURE!r}, the figure itself; found "
            f"{examples(rows['measure'].unique())}."
        )
    plain = figures.astype({"code": "str", "name": "str", "variable": "str"})
    long = plain.set_index(["code", "name", "variable"])["value"]
    # A pivot table would make a row of every code with every name.
    wide = long.unstack("variable").reset_index()  # noqa: PD010
    kept = wide[list(wanted)].rename(columns=wanted).set_axis(wide["name"], axis=0)
    found = _sorted_out(kept.astype("float64"), wide["code"].astype("str"))
    found.unit, found.year = "%", period
    margin = rows.loc[
        (rows["measure"] == _MARGIN)
        & rows["variable"].isin(list(wanted))
        & rows["code"].isin(list(found.codes.values())),
        "value",
    ].dropna()
    said = "Estimates of a survey; the table has no intervals."
    if len(margin):
        said = (
            f"Estimates of a survey: the 95 % interval is up to {margin.max():.1f} points either "
            "side in these authorities."
        )
    found.notes += (said,)
    return found


def _named(origin: Any) -> str:
    """Name a table in a line; a file of one's own has no publisher."""
    if origin.publisher or not origin.file:
        return str(origin)
    return f"{origin.file}, a table given by the analyst"


def _year_of(origin: Any, found: Tidy) -> str:
    """Take the year from what the publisher or the file is called."""
    titled = set(_YEAR.findall(origin.title))
    if len(titled) == 1:
        return str(titled.pop())
    filed = set(_YEAR.findall(origin.file))
    if len(filed) != 1:
        return ""
    year = str(filed.pop())
    found.notes += (f"The table does not say its year; {year} stands in the name of its file.",)
    return year


def _refuse_other_years(found: Tidy, title: str) -> None:
    """Refuse measures whose headings name different years."""
    years = {str(c): y for c in found.numbers.columns if (y := set(_YEAR.findall(str(c))))}
    said = sorted({*(year for each in years.values() for year in each)})
    if len(said) > 1:
        raise InputError(
            f"{title or 'data'}: its columns are of different years ({', '.join(years)}), and one "
            "chart would hold them against each other. Give one table each."
        )
    if len(said) == 1 and not found.year:
        found.year = said[0]
