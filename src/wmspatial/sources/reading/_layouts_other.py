"""Jobs, pay, the indices of the other nations, and boundaries."""

from __future__ import annotations

from typing import Final

from wmspatial.sources.reading._checks import (
    LSOA_NAMES,
    AtMost,
    Beside,
    Once,
    OneName,
    Positive,
    Ranks,
    Vintage,
    Written,
)
from wmspatial.sources.reading._collapse import without_unclassified
from wmspatial.sources.reading._fields import code, label, number, words
from wmspatial.sources.reading._layouts_lookups import BELFAST, TWO_WARDS
from wmspatial.sources.reading._model import Layout

_ONS: Final = "Office for National Statistics"

#: The council areas of Scotland, which tell their column from that of the smaller zones.
_COUNCILS: Final = (
    "Aberdeen City", "Aberdeenshire", "Angus", "Argyll and Bute", "City of Edinburgh",
    "Clackmannanshire", "Dumfries and Galloway", "Dundee City", "East Ayrshire",
    "East Dunbartonshire", "East Lothian", "East Renfrewshire", "Falkirk", "Fife", "Glasgow City",
    "Highland", "Inverclyde", "Midlothian", "Moray", "Na h-Eileanan an Iar", "North Ayrshire",
    "North Lanarkshire", "Orkney Islands", "Perth and Kinross", "Renfrewshire",
    "Scottish Borders", "Shetland Islands", "South Ayrshire", "South Lanarkshire", "Stirling",
    "West Dunbartonshire", "West Lothian",
)  # fmt: skip

_BRES: Final = Layout(
    "bres-lsoa11",
    "BRES Nomis query export",
    "Business Register and Employment Survey 2021: employment by LSOA 2011 (open access)",
    "Office for National Statistics, through Nomis",
    (
        code("2011 super output area - lower layer", "LSOA"),
        number("Employment", "jobs"),
        number("Employees", "employees"),
    ),
    kind="export",
    vintage=2011,
    rows=34753,
    checks=(LSOA_NAMES, Vintage("code", 2011), AtMost("employees", "jobs", 1.0, 1000)),
    ignores=r"\d",
    preamble=(
        (r"Business Register and Employment Survey", "the survey"),
        (r"Industry\s*:\W*Total", "industry total"),
        (r"measure\s*:\W*Count", "measure count"),
        (r"Date\s*:\W*\d{4}", "its date"),
    ),
    notes=("jobs are rounded by the publisher, the more the larger the number",),
)

_PAY: Final = {
    "(thousand)": "jobs_thousand",
    "Median": "median",
    "Median change": "median_change",
    "Mean": "mean",
    "Mean change": "mean_change",
    **{str(p): f"percentile_{p}" for p in (10, 20, 25, 30, 40, 60, 70, 75, 80, 90)},
}
#: Codes of the places that pay is published for: authorities, counties, regions and nations.
_PAID: Final = r"(?:E0[6-9]|E1[0-3]|[EWSN]92|W06|S12|N09|K0[2-5])\d{6}"
_HIDDEN: Final = ("x", "..", ":", "-")


def _pay(dataset: str, table: int, place: str) -> Layout:
    return Layout(
        dataset,
        f"ASHE table {table}.1a",
        f"Annual Survey of Hours and Earnings: gross weekly pay by place of {place} "
        f"(table {table}.1a)",
        _ONS,
        (
            words("Code", name="code", complete=False),
            label("Description", "name"),
            *(number(h, n, "number", _HIDDEN) for h, n in _PAY.items()),
        ),
        checks=(Written("code", rf"{_PAID}|nan", "E08000025"), *(
            AtMost(f"percentile_{a}", f"percentile_{b}")
            for a, b in ((10, 20), (20, 25), (25, 30), (30, 40), (40, 60), (60, 70), (70, 75),
                         (75, 80), (80, 90))
        ), AtMost("percentile_40", "median"), AtMost("median", "percentile_60"),
            Beside("median", "percentile_40", "percentile_60")),
        prepare=without_unclassified,
        preamble=(
            (rf"Table {table}\.1a\b.*Gross", f"table {table}.1a, gross weekly pay"),
            (r"For all employee jobs", "all employee jobs"),
        ),
        ignores="",
        notes=("pay in pounds a week, jobs in thousands; the sheet does not say its year",),
    )  # fmt: skip


_PAY_LAYOUTS: Final = (
    _pay("ashe-residence", 8, "residence"),
    _pay("ashe-workplace", 7, "work"),
    Layout(
        "ashe-workplace",
        "ASHE table 7.1a of an ONS article, tidy",
        "Annual Survey of Hours and Earnings 2019: weekly pay by place of work (ONS article)",
        _ONS,
        (code("AREACD", ""), label("AREANM", "name"), number("yr1", "weekly_pay", "number")),
        rows=413,
        checks=(Written("code", _PAID, "E08000025"), Positive("weekly_pay")),
        notes=(
            "weekly pay in pounds, 2019; the file does not say whether it is the median",
            "another year and base than table 8.1a of 2023: not for one chart",
        ),
    ),
)

_NATIONS: Final = (
    Layout(
        "wimd2019",
        "WIMD 2019 scores",
        "Welsh Index of Multiple Deprivation 2019: index and domain scores",
        "Welsh Government",
        (
            code("lsoa", "LSOA"),
            label("LSOA Name", "name"),
            label("Local Authority Name", "authority"),
            number("WIMD 2019", "deprivation_score", "percent"),
            number("Income", "income_score", "percent"),
            number("Employment", "employment_score", "percent"),
            number("Health", "health_score", "percent"),
            number("Education", "education_score", "percent"),
            number("Access to Services", "access_score", "percent"),
            number("Housing", "housing_score", "percent"),
            number("Community Safety", "safety_score", "percent"),
            number("Physical Environment", "environment_score", "percent"),
        ),
        vintage=2011,
        rows=1909,
        checks=(Vintage("code", 2011), OneName("name", "authority")),
        notes=("scores from 0 to 100, the highest the most deprived; the file has no ranks",),
    ),
    Layout(
        "simd2020v2",
        "SIMD 2020v2 ranks",
        "Scottish Index of Multiple Deprivation 2020v2: ranks",
        "Scottish Government",
        (
            code("Data_Zone", "data zone"),
            label("Intermediate_Zone", "intermediate_zone"),
            words("Council_area", *_COUNCILS, name="authority"),
            number("Total_population", "residents"),
            number("Working_age_population", "working_age"),
            number("SIMD2020v2_Rank", "deprivation_rank", "rank"),
            number(("SIMD2020v2_Income_Domain_Rank", "SIMD2020_Income_Domain_Rank"),
                   "income_rank", "tied rank"),
            *(
                number(f"SIMD2020_{h}_Domain_Rank", f"{h.lower()}_rank", "tied rank")
                for h in ("Employment", "Health", "Education", "Access", "Crime", "Housing")
            ),
        ),
        vintage=2011,
        rows=6976,
        checks=(
            AtMost("working_age", "residents"),
            Ranks("deprivation_rank", 6976, distinct=True),
            *(
                Ranks(f"{n}_rank", 6976)
                for n in ("income", "employment", "health", "education", "access", "crime",
                          "housing")
            ),
        ),
    ),
    Layout(
        "nimdm2017",
        "NIMDM 2017",
        "Northern Ireland Multiple Deprivation Measure 2017 by Super Output Area",
        "Northern Ireland Statistics and Research Agency",
        (
            code("SOA2001", "super output area", among=BELFAST),
            label("SOA2001name", "name"),
            code("LGD2014code", "authority", "authority_code"),
            label("LGD2014name", "authority"),
            words("UR2015", "Urban", "Rural", "Mixed urban rural", name="urban_rural"),
            number("MDM_rank", "deprivation_rank", "rank"),
            number("D1_Income_rank", "income_rank", "rank"),
            number("D2_Empl_rank", "employment_rank", "rank"),
            number("D3_Health_rank", "health_rank", "rank"),
            number("P4_Education_rank", "education_rank", "rank"),
            number("P5_Access_rank", "access_rank", "rank"),
            number("D6_LivEnv_rank", "environment_rank", "rank"),
            number("D7_CD_rank", "crime_rank", "rank"),
            number("Income_perc", "income_percent", "percent"),
            number("Empl_perc", "employment_percent", "percent"),
        ),
        vintage=2001,
        rows=890,
        checks=(
            OneName("authority_code", "authority", both=True),
            Ranks("deprivation_rank", 890, distinct=True),
            *(
                Ranks(f"{n}_rank", 890)
                for n in ("health", "education", "access", "environment", "crime")
            ),
            Ranks("income_rank", 890, score="income_percent"),
            Ranks("employment_rank", 890, score="employment_percent"),
        ),
        ignores=r"[a-z0-9]+(_[a-z0-9]+)*_(rank|perc|ratio|rate|speed)",
    ),
)  # fmt: skip


def _shapes(dataset: str, area: str, level: str, year: int, **more: object) -> Layout:
    tidy = {"wd": "ward", "lad": "ltla"}.get(area, area)
    short = f"{area.upper()}{year % 100}"
    also = (code("LAD##CD", "authority", "authority_code", optional=True),
            label("LAD##NM", "authority", optional=True)) if area == "wd" else ()  # fmt: skip
    return Layout(
        dataset,
        f"{level} {year} boundaries",
        f"{level} {year} boundaries",
        _ONS,
        (
            code((f"{short}CD", f"{tidy}{year % 100}_code"), level),
            label((f"{short}NM", f"{tidy}{year % 100}_name"), "name", optional=True),
            *also,
        ),
        kind="shapes",
        ignores=".*",
        **more,  # type: ignore[arg-type]
    )


_SHAPES: Final = (
    _shapes("lsoa11-boundaries", "lsoa", "LSOA", 2011, vintage=2011, rows=34753,
            checks=(Vintage("code", 2011),)),
    _shapes("lsoa21-boundaries", "lsoa", "LSOA", 2021, vintage=2021, rows=35672),
    _shapes("msoa11-boundaries", "msoa", "MSOA", 2011, vintage=2011, rows=7201,
            checks=(Vintage("code", 2011),)),
    _shapes("msoa21-boundaries", "msoa", "MSOA", 2021, vintage=2021, rows=7264),
    *(_shapes(f"ward{y % 100}-boundaries", "wd", "ward", y, rows={2022: 8483}.get(y),
              key=(), checks=(Once("code", TWO_WARDS if y == 2022 else ""),),
              notes=(f"ward code {TWO_WARDS} stands for two wards",) if y == 2022 else ())
      for y in (2011, 2021, 2022, 2023, 2024, 2025)),
    *(_shapes(f"lad{y % 100}-boundaries", "lad", "authority", y, rows={2024: 361}.get(y))
      for y in (2011, 2021, 2022, 2023, 2024, 2025)),
)  # fmt: skip

LAYOUTS: Final = (_BRES, *_PAY_LAYOUTS, *_NATIONS, *_SHAPES)
