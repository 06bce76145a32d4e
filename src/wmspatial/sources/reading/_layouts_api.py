"""Answers of the Nomis API as CSV: one row an area and category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wmspatial.sources.reading._checks import LSOA_NAMES, Frame, Vintage
from wmspatial.sources.reading._fields import code, label, number, words
from wmspatial.sources.reading._layouts_census import GROUPS_2011, GROUPS_2021, KS601
from wmspatial.sources.reading._model import Field, Layout
from wmspatial.sources.reading._pivots import GROUPS, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wmspatial.sources.reading._checks import Check

_NOMIS: Final = "Office for National Statistics, through Nomis"
#: Further columns that a query can ask for; those that could change the meaning are checked.
_MORE: Final = (
    r"date(_name|_code|_type|_typecode|_sortorder)?|geography(_type|_typecode|_sortorder)?|"
    r".*_(code|type|typecode|sortorder)|cell|c_sex|c2021_\w+|rural_urban|industry|measures?|"
    r"employment_status|obs_(status|conf)(_name)?|record_offset|urn"
)
_MISSING: Final = ("-", "#", "!", "*", ":", "..", "~")


@dataclass(frozen=True)
class Records:
    """The answer has as many records as it says: Nomis cuts off at its limit without a word."""

    count: str = "_records"
    column: str = "_records"

    def __call__(self, table: Frame) -> Iterator[str]:
        """Say how many are missing."""
        said = table[self.column].max()
        if len(table) != said:
            yield (
                f"RECORD_COUNT says {said:,.0f} records, {len(table):,} are there: the answer was "
                "cut off at the row limit. Ask in parts"
            )


def _area(level: str) -> tuple[Field, ...]:
    return (
        code("GEOGRAPHY_CODE", level),
        label("GEOGRAPHY_NAME", "name", optional=True),
        number("OBS_VALUE", "value"),
        number("RECORD_COUNT", "_records", optional=True),
        words("MEASURES_NAME", "Value", name="_measures", optional=True),
        words("RURAL_URBAN_NAME", "Total", name="_rural_urban", optional=True),
    )


def _holds(*marks: bytes) -> Callable[[bytes], bool | None]:
    return lambda data: all(mark in data for mark in marks)


def _census(
    dataset: str, title: str, level: str, year: int, category: str, names: dict[str, str],
    needed: tuple[str, ...], adds_up: tuple[str, ...] = (), *, marks: tuple[bytes, ...] = (),
) -> Layout:  # fmt: skip
    checks: tuple[Check, ...] = (Records(), *((Vintage("code", 2011),) if year == 2011 else ()))
    if level == "LSOA":
        checks = (LSOA_NAMES, *checks)
    return Layout(
        dataset,
        f"{dataset.split('-', maxsplit=1)[0].upper()} by {level}, Nomis API",
        f"Census {year}: {title}",
        _NOMIS,
        (
            *_area(level),
            label(category, "category"),
            words("C_SEX_NAME", "All persons", name="_sex", optional=True),
        ),
        ("code", "category"),
        vintage=year,
        by_area=True,
        checks=checks,
        prepare=spread(names, needed=needed, adds_up=adds_up),
        ignores=_MORE,
        tell=_holds(*marks) if marks else None,
    )


_RESIDENTS_2011: Final = dict.fromkeys(
    ("All usual residents", "All categories: Ethnic group"), "residents"
)
_ACTIVITY: Final = ("residents_16_74", "economically_active")
_BLACK: Final = b"Black/African/Caribbean/Black British"

LAYOUTS: Final = (
    _census(
        "ks201ew-lsoa11", "ethnic group by LSOA (KS201EW)", "LSOA", 2011, "CELL_NAME",
        _RESIDENTS_2011 | GROUPS_2011, ("residents", *GROUPS), ("residents", *GROUPS),
        marks=(_BLACK,),
    ),
    *(
        _census(
            dataset, f"economic activity by {level} (KS601EW)", level, 2011, "CELL_NAME", KS601,
            _ACTIVITY, marks=(b"Economically active",),
        )
        for dataset, level in (("ks601ew-lsoa11", "LSOA"), ("ks601ew-oa11", "output area"))
    ),
    _census(
        "ts021-lsoa21", "ethnic group by LSOA (TS021)", "LSOA", 2021, "C2021_ETH_20_NAME",
        {"Total: All usual residents": "residents"} | GROUPS_2021, ("residents", *GROUPS),
        ("residents", *GROUPS),
    ),
    Layout(
        "bres-lsoa11",
        "BRES, Nomis API",
        "Business Register and Employment Survey: employment by LSOA 2011 (open access)",
        _NOMIS,
        (
            *_area("LSOA"),
            label("EMPLOYMENT_STATUS_NAME", "category"),
            words("INDUSTRY_NAME", "37748736 : Total", "Total", name="_industry", optional=True),
            words("MEASURE_NAME", "Count", name="_measure", optional=True),
        ),
        ("code", "category"),
        vintage=2011,
        by_area=True,
        checks=(LSOA_NAMES, Records(), Vintage("code", 2011)),
        prepare=spread({"Employment": "jobs", "Employees": "employees"}, needed=("jobs",)),
        ignores=_MORE,
        notes=("jobs are rounded by the publisher, the more the larger the number",),
    ),
    Layout(
        "aps-ethnicity",
        "Annual Population Survey, Nomis API",
        "Annual Population Survey: employment by ethnicity and authority",
        _NOMIS,
        (
            code("GEOGRAPHY_CODE", ""),
            label("GEOGRAPHY_NAME", "name"),
            label("DATE_NAME", "period"),
            label("VARIABLE_NAME", "variable"),
            label("MEASURES_NAME", "measure"),
            number("OBS_VALUE", "value", "number", _MISSING),
            number("RECORD_COUNT", "_records", optional=True),
        ),
        ("code", "period", "variable", "measure"),
        checks=(Records(),),
        ignores=_MORE,
        notes=("estimates of a survey: the confidence intervals are rows of their own",),
    ),
)  # fmt: skip
