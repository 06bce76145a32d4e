"""Census tables by area: Nomis bulk files, query exports, answers of the Nomis API, extracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.sources.reading._checks import (
    LSOA_NAMES,
    AtMost,
    Percent,
    Rounded,
    Same,
    Sum,
    Vintage,
)
from wmspatial.sources.reading._fields import code, label, number, words
from wmspatial.sources.reading._model import Field, Layout
from wmspatial.sources.reading._pivots import GROUPS, add_up_groups, spread_groups

if TYPE_CHECKING:
    from wmspatial.sources.reading._checks import Check

_ONS: Final = "Office for National Statistics"
_NOMIS: Final = "Office for National Statistics, through Nomis"
_LSOAS: Final = {2011: 34753, 2021: 35672}

GROUPS_2021: Final = {
    "White": "white",
    "Mixed or Multiple ethnic groups": "mixed",
    "Asian, Asian British or Asian Welsh": "asian",
    "Black, Black British, Black Welsh, Caribbean or African": "black",
    "Other ethnic group": "other",
}
GROUPS_2011: Final = {
    "White": "white",
    "Mixed/multiple ethnic groups": "mixed",
    "Asian/Asian British": "asian",
    "Black/African/Caribbean/Black British": "black",
    "Other ethnic group": "other",
}
_VALUE: Final = "; measures: Value"


def _bulk(
    table: str,
    title: str,
    year: int,
    fields: tuple[Field, ...],
    checks: tuple[Check, ...],
    *,
    ignores: str = "",
) -> Layout:
    return Layout(
        f"{table.lower()}-lsoa{year % 100}",
        f"{table} Nomis bulk",
        f"Census {year}: {title} ({table})",
        _NOMIS,
        (
            words("date", str(year), name="_date"),
            label("geography", "name"),
            code("geography code", "LSOA"),
            *fields,
        ),
        vintage=year,
        rows=_LSOAS[year],
        checks=(LSOA_NAMES, *_of(year), *checks),
        ignores=ignores,
    )


def _of(year: int) -> tuple[Vintage, ...]:
    return (Vintage("code", year),) if year == 2011 else ()


def _parts(topic: str, headings: dict[str, str], suffix: str = "") -> tuple[Field, ...]:
    return tuple(number(f"{topic}: {h}{suffix}", name) for h, name in headings.items())


_NSSEC: Final = {
    "L1, L2 and L3 Higher managerial, administrative and professional occupations":
        "higher_managerial",
    "L4, L5 and L6 Lower managerial, administrative and professional occupations":
        "lower_managerial",
    "L7 Intermediate occupations": "intermediate",
    "L8 and L9 Small employers and own account workers": "small_employers",
    "L10 and L11 Lower supervisory and technical occupations": "lower_supervisory",
    "L12 Semi-routine occupations": "semi_routine",
    "L13 Routine occupations": "routine",
    "L14.1 and L14.2 Never worked and long-term unemployed": "never_worked",
    "L15 Full-time students": "full_time_students",
}  # fmt: skip
_LEVELS: Final = {
    "No qualifications": "no_qualifications",
    "Level 1 and entry level qualifications": "level_1",
    "Level 2 qualifications": "level_2",
    "Apprenticeship": "apprenticeship",
    "Level 3 qualifications": "level_3",
    "Level 4 qualifications and above": "level_4_plus",
    "Other qualifications": "other_qualifications",
}
_CARS: Final = {
    "No cars or vans in household": "cars_none",
    "1 car or van in household": "cars_1",
    "2 cars or vans in household": "cars_2",
    "3 or more cars or vans in household": "cars_3_plus",
}
_OVER_16: Final = "Total: All usual residents aged 16 years and over"
_ACTIVE: Final = "Economically active (excluding full-time students)"
_STUDENT: Final = "Economically active and a full-time student"


def _spaced(topic: str, heading: str, name: str) -> Field:
    """Nomis leaves out the space after the second colon in some editions."""
    first, second = heading.split(": ")
    return number((f"{topic}: {first}: {second}", f"{topic}: {first}:{second}"), name)


def _bulk_tables() -> tuple[Layout, ...]:
    ns_sec = "National Statistics Socio-economic Classification (NS-SEC)"
    levels, cars, status = ("Highest level of qualification", "Number of cars or vans",
                            "Economic activity status")  # fmt: skip
    return (
        _bulk(
            "TS021", "ethnic group by LSOA", 2021,
            (number("Ethnic group: Total: All usual residents", "residents"),
             *_parts("Ethnic group", GROUPS_2021)),
            (Sum("residents", GROUPS),), ignores="ethnic group: .*",
        ),
        _bulk(
            "KS201EW", "ethnic group by LSOA", 2011,
            (words("Rural Urban", "Total", name="_rural_urban", optional=True),
             number(f"Ethnic Group: All usual residents{_VALUE}", "residents"),
             *_parts("Ethnic Group", GROUPS_2011, _VALUE)),
            (Sum("residents", GROUPS),), ignores="ethnic group: .*",
        ),
        _bulk(
            "TS045", "car or van availability by LSOA", 2021,
            (number(f"{cars}: Total: All households", "households"), *_parts(cars, _CARS)),
            (Sum("households", tuple(_CARS.values())),),
        ),
        _bulk(
            "TS062", "NS-SEC by LSOA", 2021,
            (number(f"{ns_sec}: {_OVER_16}", "residents_16_plus"), *_parts(ns_sec, _NSSEC)),
            (Sum("residents_16_plus", tuple(_NSSEC.values())),),
        ),
        _bulk(
            "TS067", "highest level of qualification by LSOA", 2021,
            (number(f"{levels}: {_OVER_16}", "residents_16_plus"), *_parts(levels, _LEVELS)),
            (Sum("residents_16_plus", tuple(_LEVELS.values())),),
        ),
        _bulk(
            "TS066", "economic activity status by LSOA", 2021,
            (number(f"{status}: {_OVER_16}", "residents_16_plus"),
             number(f"{status}: {_ACTIVE}", "_active"),
             _spaced(status, f"{_ACTIVE}: In employment", "_in_employment"),
             _spaced(status, f"{_ACTIVE}: Unemployed", "unemployed"),
             number(f"{status}: {_STUDENT}", "students_active"),
             _spaced(status, f"{_STUDENT}: In employment", "_students_in_employment"),
             _spaced(status, f"{_STUDENT}: Unemployed", "students_unemployed"),
             number(f"{status}: Economically inactive", "economically_inactive")),
            (Sum("residents_16_plus", ("_active", "students_active", "economically_inactive")),
             Sum("_active", ("_in_employment", "unemployed")),
             Sum("students_active", ("_students_in_employment", "students_unemployed"))),
            ignores="economic activity status: .*",
        ),
        _bulk(
            "KS601EW", "economic activity by LSOA", 2011,
            tuple(number(f"Economic Activity: {h}{_VALUE}", n) for h, n in _KS601_BULK.items()),
            (AtMost("employed", "economically_active"),
             AtMost("economically_active", "residents_16_74")),
            ignores="(sex: .*; )?economic activity: .*|rural urban|sex",
        ),
    )  # fmt: skip


_KS601_BULK: Final = {
    "All usual residents aged 16 to 74": "residents_16_74",
    "Economically active": "economically_active",
    "Economically active: In employment": "employed",
    "Economically active: Unemployed": "unemployed",
}
KS601: Final = {
    "All usual residents aged 16 to 74": "residents_16_74",
    "Economically active": "economically_active",
    "Economically active: In employment": "employed",
    "Economically active: Unemployed": "unemployed",
    "Economically active: Full-time student": "students_active",
    "Economically Inactive": "economically_inactive",
    "Economically inactive: Retired": "retired",
    "Economically inactive: Student (including full-time students)": "students_inactive",
    "Economically inactive: Looking after home or family": "looking_after_home",
    "Economically inactive: Long-term sick or disabled": "long_term_sick",
    "Economically inactive: Other": "inactive_other",
    "Unemployed: Age 16 to 24": "unemployed_16_24",
    "Unemployed: Age 50 to 74": "unemployed_50_74",
    "Unemployed: Never worked": "unemployed_never_worked",
    "Long-term unemployed": "unemployed_long_term",
}
_STUDENTS: Final = (
    "employed: in employment without full-time students, as the table has it; students in work "
    "are in students_active"
)


def _activity(dataset: str, heading: str, level: str, rows: int, names: bool) -> Layout:
    area = code(heading, level)
    again = () if names else (code("mnemonic", level, "_again"),)
    inactive = ("retired", "students_inactive", "looking_after_home", "long_term_sick",
                "inactive_other")  # fmt: skip
    return Layout(
        dataset,
        f"KS601EW by {level}, Nomis query export",
        f"Census 2011: economic activity by {level} (KS601EW)",
        _NOMIS,
        (area, *again, *(number(h, n) for h, n in KS601.items())),
        kind="export",
        vintage=2011,
        rows=rows,
        checks=(
            *(() if names else (Same("code", "_again"),)),
            Sum("residents_16_74", ("economically_active", "economically_inactive")),
            Sum("economically_active", ("employed", "unemployed", "students_active")),
            Sum("economically_inactive", inactive),
            *(AtMost(n, "unemployed") for n in KS601.values() if n.startswith("unemployed_")),
        ),
        preamble=(
            (r"KS601EW", "table KS601EW"),
            (r"Date\s*:\W*2011", "date 2011"),
            (r"Sex\s*:\W*All persons", "all persons"),
            (r"Rural Urban\s*:\W*Total", "rural and urban"),
        ),
        notes=(_STUDENTS,),
    )


_TS021_EXPORT: Final = Layout(
    "ts021-lsoa21",
    "TS021 Nomis query export",
    "Census 2021: ethnic group by LSOA (TS021)",
    _NOMIS,
    (
        code("2021 super output area - lower layer", "LSOA"),
        number("Total: All usual residents", "residents"),
        number("Total: All usual residents %", "_all", "percent", optional=True),
        *(number(h, n) for h, n in GROUPS_2021.items()),
        *(number(f"{h} %", f"_{n}", "percent", optional=True) for h, n in GROUPS_2021.items()),
    ),
    kind="export",
    vintage=2021,
    rows=_LSOAS[2021],
    checks=(
        LSOA_NAMES,
        Sum("residents", GROUPS),
        Percent("residents", "residents", "_all"),
        *(Percent(n, "residents", f"_{n}") for n in GROUPS),
    ),
    preamble=(
        (r"TS021", "table TS021"),
        (r"Date\s*:\W*2021", "date 2021"),
        (r"Units\s*:\W*Persons", "units persons"),
    ),
)

_TIDY_GROUPS: Final = (
    Layout(
        "ks201ew-lsoa11",
        "KS201EW five groups, tidy",
        "Census 2011: ethnic group by LSOA (KS201EW)",
        _ONS,
        (code("LSOA11CD", "LSOA"), *(number(g.capitalize(), g) for g in GROUPS)),
        vintage=2011,
        rows=_LSOAS[2011],
        checks=(Vintage("code", 2011),),
        prepare=add_up_groups,
    ),
    Layout(
        "ts021-lsoa21",
        "TS021 five groups, tidy",
        "Census 2021: ethnic group by LSOA (TS021)",
        _ONS,
        (
            code("lsoa21_code", "LSOA"),
            number("total", "residents"),
            *(number(h, n) for h, n in GROUPS_2021.items()),
        ),
        vintage=2021,
        rows=_LSOAS[2021],
        checks=(Sum("residents", GROUPS),),
    ),
    Layout(
        "ts021-lsoa21",
        "TS021 long, tidy",
        "Census 2021: ethnic group by LSOA (TS021)",
        _ONS,
        (
            code("lsoa21_code", "LSOA"),
            words("ethnic_group", *GROUPS_2021, name="group"),
            number("n", "people"),
            number("total_residents", "residents"),
            number("prop", "_share", "number"),
        ),
        ("code", "group"),
        vintage=2021,
        rows=_LSOAS[2021] * 5,
        prepare=spread_groups(GROUPS_2021),
    ),
)

_SHARES: Final = {
    "pct_in_employment": "employed_percent",
    "pct_unemployed": "unemployed_percent",
    "pct_inactive": "inactive_percent",
    "pct_hh_0_cars": "cars_none_percent",
    "pct_hh_1_car": "cars_1_percent",
    "pct_hh_2_cars": "cars_2_percent",
    "pct_hh_3plus_cars": "cars_3_plus_percent",
    "pct_no_quals": "no_qualifications_percent",
    "pct_level1_3": "level_1_to_3_percent",
    "pct_apprenticeship": "apprenticeship_percent",
    "pct_level4plus": "level_4_plus_percent",
    "pct_other_quals": "other_qualifications_percent",
    "pct_wp_lt10km": "work_within_10_km_percent",
    "pct_wp_10kmplus": "work_beyond_10_km_percent",
    "pct_wfh": "work_at_home_percent",
    "pct_wp_other": "work_elsewhere_percent",
}
_NAMES: Final = tuple(_SHARES.values())
_EXTRACTS: Final = (
    Layout(
        "economic2021-msoa21",
        "Economic activity, cars, qualifications and workplace by MSOA 2021, tidy",
        "Census 2021: economic activity, cars, qualifications and place of work by MSOA, per cent",
        _ONS,
        (code("msoa21_code", "MSOA"), *(number(h, n, "percent") for h, n in _SHARES.items())),
        vintage=2021,
        rows=7264,
        checks=tuple(
            Rounded(_NAMES[a:b]) for a, b in ((0, 3), (3, 7), (7, 12), (12, 16))
        ),
    ),
    Layout(
        "employed2011-lsoa11",
        "Employed residents by LSOA 2011, tidy",
        "Census 2011: residents of 16 to 74 and those in employment by LSOA (KS601EW)",
        _ONS,
        (
            code("LSOA11CD", "LSOA"),
            number("residents_16_74", "residents_16_74"),
            number("employed_2011", "employed"),
        ),
        vintage=2011,
        rows=_LSOAS[2011],
        checks=(Vintage("code", 2011), AtMost("employed", "residents_16_74")),
        notes=(_STUDENTS,),
    ),
)  # fmt: skip

LAYOUTS: Final = (
    *_bulk_tables(),
    _TS021_EXPORT,
    _activity("ks601ew-oa11", "2011 output area", "output area", 181408, names=False),
    _activity("ks601ew-lsoa11", "2011 super output area - lower layer", "LSOA",
              _LSOAS[2011], names=True),
    *_TIDY_GROUPS,
    *_EXTRACTS,
)  # fmt: skip
