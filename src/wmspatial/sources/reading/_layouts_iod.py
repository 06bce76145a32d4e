"""The English indices of deprivation, 2004 to 2025: files 1, 2, 6 and 7, and tidy extracts."""

from __future__ import annotations

from typing import Final

from wmspatial.sources.reading._checks import LSOA_NAMES, AtMost, OneName, Ranks, Same, Sum, Vintage
from wmspatial.sources.reading._fields import code, label, number
from wmspatial.sources.reading._model import Field, Layout

_MHCLG: Final = "Ministry of Housing, Communities and Local Government"
_RATE: Final = " (rate)"
_AREAS: Final = {2004: 32482, 2010: 32482, 2015: 32844, 2019: 32844, 2025: 33755}

#: What the publisher calls the index, its domains and its sub-domains, and what they are here.
_DOMAINS: Final = {
    "Index of Multiple Deprivation (IMD)": "deprivation",
    "Income": "income",
    "Employment": "employment",
    "Education, Skills and Training": "education",
    "Health Deprivation and Disability": "health",
    "Crime": "crime",
    "Barriers to Housing and Services": "housing",
    "Living Environment": "environment",
}
_PARTS: Final = {
    "Income Deprivation Affecting Children Index (IDACI)": "idaci",
    "Income Deprivation Affecting Older People (IDAOPI)": "idaopi",
    "Children and Young People Sub-domain": "children_and_young_people",
    "Adult Skills Sub-domain": "adult_skills",
    "Geographical Barriers Sub-domain": "geographical_barriers",
    "Wider Barriers Sub-domain": "wider_barriers",
    "Indoors Sub-domain": "indoors",
    "Outdoors Sub-domain": "outdoors",
}
_TIDY: Final = {
    "IMD": "deprivation",
    "Income": "income",
    "Employment": "employment",
    "Education": "education",
    "Health": "health",
    "Crime": "crime",
    "Housing_and_Access": "housing",
    "Environment": "environment",
}


def _area(year: int, authority: int) -> tuple[Field, ...]:
    return (
        code(f"LSOA code ({year})", "LSOA"),
        label(f"LSOA name ({year})", "name"),
        code(f"Local Authority District code ({authority})", "authority", "authority_code"),
        label(f"Local Authority District name ({authority})", "authority"),
    )


def _measures(domains: dict[str, str], *, score: bool) -> tuple[Field, ...]:
    fields: list[Field] = []
    for heading, name in domains.items():
        if score:
            scores = (f"{heading} Score", f"{heading} Score{_RATE}")
            fields.append(number(scores, f"{name}_score", "number"))
        ranks = (f"{heading} Rank (where 1 is most deprived)", f"{heading} Rank")
        deciles = (f"{heading} Decile (where 1 is most deprived 10% of LSOAs)", f"{heading} Decile")
        fields += [
            number(ranks, f"{name}_rank", "rank"),
            number(deciles, f"{name}_decile", "decile"),
        ]
    return tuple(fields)


def _tidy(domains: dict[str, str], parts: tuple[str, ...]) -> tuple[Field, ...]:
    kinds = {"decile": "decile", "rank": "rank", "score": "number"}
    return tuple(
        number(f"{heading}_{part}", f"{name}_{part}", kinds[part])
        for part in parts
        for heading, name in domains.items()
    )


def _agree(names: list[str], areas: int, *, score: bool) -> tuple[Ranks, ...]:
    return tuple(
        Ranks(f"{n}_rank", areas, f"{n}_decile", f"{n}_score" if score else "",
              distinct=n == "deprivation")
        for n in names
    )  # fmt: skip


def _people_2010s(year: int) -> tuple[Field, ...]:
    return (
        number(f"Total population: mid {year} (excluding prisoners)", "residents"),
        number(f"Dependent Children aged 0-15: mid {year} (excluding prisoners)", "residents_0_15"),
        number(f"Population aged 16-59: mid {year} (excluding prisoners)", "residents_16_59"),
        number(f"Older population aged 60 and over: mid {year} (excluding prisoners)",
               "residents_60_plus"),
        number("Working age population 18-59/64: for use with Employment Deprivation Domain "
               "(excluding prisoners)", "working_age"),
    )  # fmt: skip


_PEOPLE_2025: Final = (
    number("Total population: mid 2022", "residents"),
    number("Dependent Children aged 0-15: mid 2022", "residents_0_15"),
    number("Older population aged 60 and over: mid 2022", "residents_60_plus"),
    number("Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
           "working_age"),
)  # fmt: skip
# The working-age population is estimated apart: among students it can be above all residents.
_WORKING: Final = (AtMost("working_age", "residents", 1.2), AtMost("residents", "working_age", 5))
_ADD_UP: Final = Sum("residents", ("residents_0_15", "residents_16_59", "residents_60_plus"))
_PLACES: Final = (LSOA_NAMES, OneName("authority_code", "authority", both=True))


def _file_1(edition: int, lsoa: int, authority: int) -> Layout:
    return Layout(
        f"iod{edition}-imd",
        f"IoD {edition} file 1",
        f"English indices of deprivation {edition}: Index of Multiple Deprivation (file 1)",
        _MHCLG,
        (*_area(lsoa, authority), *_measures(dict([next(iter(_DOMAINS.items()))]), score=False)),
        vintage=lsoa,
        rows=_AREAS[edition],
        checks=(*_PLACES, Vintage("code", lsoa), *_agree(["deprivation"], _AREAS[edition],
                                                        score=False)),
        unended=True,
    )  # fmt: skip


def _file_2(edition: int, lsoa: int, authority: int) -> Layout:
    return Layout(
        f"iod{edition}-domains",
        f"IoD {edition} file 2",
        f"English indices of deprivation {edition}: domains of deprivation (file 2)",
        _MHCLG,
        (*_area(lsoa, authority), *_measures(_DOMAINS, score=False)),
        vintage=lsoa,
        rows=_AREAS[edition],
        checks=(*_PLACES, Vintage("code", lsoa),
                *_agree(list(_DOMAINS.values()), _AREAS[edition], score=False)),
        unended=True,
    )  # fmt: skip


def _file_7(edition: int, lsoa: int, authority: int, people: tuple[Field, ...]) -> Layout:
    everything = _DOMAINS | _PARTS
    return Layout(
        f"iod{edition}-file7",
        f"IoD {edition} file 7",
        f"English indices of deprivation {edition}: all scores, ranks, deciles and population "
        "denominators (file 7)",
        _MHCLG,
        (*_area(lsoa, authority), *_measures(everything, score=True), *people),
        vintage=lsoa,
        rows=_AREAS[edition],
        checks=(*_PLACES, Vintage("code", lsoa), *_WORKING,
                *((_ADD_UP,) if edition < 2025 else ()),
                *_agree(list(everything.values()), _AREAS[edition], score=True)),
        unended=True,
    )  # fmt: skip


_FILE_6: Final = Layout(
    "iod2019-denominators",
    "IoD 2019 file 6",
    "English indices of deprivation 2019: population denominators (file 6)",
    _MHCLG,
    (*_area(2011, 2019), *_people_2010s(2015)),
    vintage=2011,
    rows=_AREAS[2019],
    checks=(*_PLACES, Vintage("code", 2011), _ADD_UP, *_WORKING),
    unended=True,
)

_IOD_2010: Final = Layout(
    "iod2010-imd",
    "IoD 2010 index of multiple deprivation",
    "English indices of deprivation 2010: Index of Multiple Deprivation",
    "Department for Communities and Local Government",
    (
        code("LSOA CODE", "LSOA"),
        label("POST 2009 LA NAME", "authority", optional=True),
        number("IMD SCORE", "deprivation_score", "number"),
        number("RANK OF IMD SCORE (where 1 is most deprived)", "deprivation_rank", "rank"),
    ),
    vintage=2001,
    rows=_AREAS[2010],
    checks=(
        Vintage("code", 2001),
        Ranks("deprivation_rank", _AREAS[2010], score="deprivation_score", distinct=True),
    ),
    ignores=r"(pre|post) 2009 la (code|name)|gor (code|name)",
)

_IMD_2004: Final = Layout(
    "imd2004",
    "IMD 2004, tidy",
    "English indices of deprivation 2004: Index of Multiple Deprivation by LSOA 2001",
    "Office of the Deputy Prime Minister",
    (
        code("lsoa01_code", "LSOA"),
        label("lad04_code", "authority_code_2004"),
        label("lad04_name", "authority"),
        number("IMD_rank", "deprivation_rank", "rank"),
        number("IMD_decile", "deprivation_decile", "decile"),
        number("IMD_score", "deprivation_score", "number"),
    ),
    vintage=2001,
    rows=_AREAS[2004],
    checks=(
        Vintage("code", 2001),
        OneName("authority_code_2004", "authority"),
        *_agree(["deprivation"], _AREAS[2004], score=True),
    ),
)

_TIDY_2015: Final = Layout(
    "iod2015-imd",
    "IMD 2015, tidy",
    "English indices of deprivation 2015: Index of Multiple Deprivation by LSOA 2011",
    _MHCLG,
    (
        code("lsoa11_code", "LSOA"),
        label("lsoa11_name", "name"),
        code("lad13_code", "authority", "authority_code"),
        label("lad13_name", "authority"),
        number("IMD_rank", "deprivation_rank", "rank"),
        number("IMD_decile", "deprivation_decile", "decile"),
        number("IMD_score", "deprivation_score", "number"),
    ),
    vintage=2011,
    rows=_AREAS[2015],
    checks=(*_PLACES, Vintage("code", 2011), *_agree(["deprivation"], _AREAS[2015], score=True)),
)

_TIDY_2019_FIELDS: Final = (code("lsoa11_code", "LSOA"), *_tidy(_TIDY, ("rank", "decile")))
_TIDY_2019_TITLE: Final = (
    "English indices of deprivation 2019: Index of Multiple Deprivation and domains by LSOA 2011"
)
_TIDY_2019: Final = Layout(
    "iod2019-imd",
    "IMD 2019 with domains, tidy",
    _TIDY_2019_TITLE,
    _MHCLG,
    _TIDY_2019_FIELDS,
    vintage=2011,
    rows=_AREAS[2019],
    checks=(Vintage("code", 2011), *_agree(list(_TIDY.values()), _AREAS[2019], score=False)),
    also=("iod2019-domains",),
)
_TIDY_2019_SCORES: Final = Layout(
    "iod2019-imd",
    "IMD 2019 with domains and scores, tidy",
    _TIDY_2019_TITLE,
    _MHCLG,
    (
        *_TIDY_2019_FIELDS,
        code("lsoa", "LSOA", "_again"),
        number("overall_local_score", "deprivation_score", "number"),
        number("income_score", "income_percent", "percent"),
        number("employment_score", "employment_percent", "percent"),
    ),
    vintage=2011,
    rows=_AREAS[2019],
    checks=(
        Vintage("code", 2011),
        Same("code", "_again"),
        *_agree(list(_TIDY.values()), _AREAS[2019], score=False),
        Ranks("deprivation_rank", _AREAS[2019], score="deprivation_score"),
        Ranks("income_rank", _AREAS[2019], score="income_percent"),
        Ranks("employment_rank", _AREAS[2019], score="employment_percent"),
    ),
    also=("iod2019-domains",),
)

_TIDY_2025_NAMES: Final = {
    h.replace("Housing_and_Access", "Housing_and_Services"): n for h, n in _TIDY.items()
}
_TIDY_2025: Final = Layout(
    "iod2025-imd",
    "IMD 2025 with domains, tidy",
    "English indices of deprivation 2025: Index of Multiple Deprivation and domains by LSOA 2021",
    _MHCLG,
    (code("lsoa21_code", "LSOA"), *_tidy(_TIDY_2025_NAMES, ("rank", "decile", "score"))),
    vintage=2021,
    rows=_AREAS[2025],
    checks=_agree(list(_TIDY.values()), _AREAS[2025], score=True),
)
_INDICATORS_2025: Final = Layout(
    "iod2025-indicators",
    "IoD 2025 indicators, tidy",
    "English indices of deprivation 2025: indicators by LSOA 2021 (file 8, some of them)",
    _MHCLG,
    (
        code("lsoa21_code", "LSOA"),
        number("income_domain_numerator", "income_deprived"),
        number("employment_domain_numerator", "employment_deprived"),
        number("adult_skills_and_english_language_proficiency_indicator", "adult_skills_share",
               "number"),
        number("connectivity_score", "connectivity_score", "number"),
    ),
    vintage=2021,
    rows=_AREAS[2025],
    checks=(AtMost("employment_deprived", "income_deprived", 3.0, 100),),
)  # fmt: skip

LAYOUTS: Final = (
    _file_1(2015, 2011, 2013),
    _file_1(2019, 2011, 2019),
    _file_1(2025, 2021, 2024),
    _file_2(2015, 2011, 2013),
    _file_2(2019, 2011, 2019),
    _file_2(2025, 2021, 2024),
    _FILE_6,
    _file_7(2015, 2011, 2013, _people_2010s(2012)),
    _file_7(2019, 2011, 2019, _people_2010s(2015)),
    _file_7(2025, 2021, 2024, _PEOPLE_2025),
    _IOD_2010,
    _IMD_2004,
    _TIDY_2015,
    _TIDY_2019,
    _TIDY_2019_SCORES,
    _TIDY_2025,
    _INDICATORS_2025,
)
