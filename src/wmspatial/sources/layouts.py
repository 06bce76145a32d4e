"""The data folder: which file holds which table, and which columns it has to have.

The folder holds tidy extracts of official tables, and a few files in the publisher's own layout
under ``official/``.
"""

from __future__ import annotations

from typing import Final

from wmspatial.sources.nomis import jobs_layout
from wmspatial.sources.tables import Column, Layout

_ONS = "Office for National Statistics"
_MHCLG = "Ministry of Housing, Communities and Local Government"

GROUPS: Final = ("white", "mixed", "asian", "black", "other")
_GROUPS_2021: Final = {
    "White": "white",
    "Mixed or Multiple ethnic groups": "mixed",
    "Asian, Asian British or Asian Welsh": "asian",
    "Black, Black British, Black Welsh, Caribbean or African": "black",
    "Other ethnic group": "other",
}


def _deprivation(path: str, title: str, code: str, *, score: bool = True) -> Layout:
    return Layout(
        path,
        title,
        _MHCLG,
        {
            code: Column("code", "code", "LSOA"),
            "IMD_rank": Column("deprivation_rank", "rank"),
            "IMD_decile": Column("deprivation_decile", "decile"),
            # Only to see that the ranks are the right way up.
            **({"IMD_score": Column("deprivation_score", "number")} if score else {}),
        },
        ("code",),
    )


def _commuting(path: str, title: str) -> Layout:
    return Layout(
        path,
        title,
        _ONS,
        {
            "origin": Column("origin", "code"),
            "destination": Column("destination", "code"),
            "people": Column("people", "people"),
        },
    )


DEPRIVATION: Final = {
    (2011, "imd2015"): _deprivation(
        "england_wales_2011/imd2015_lsoa11_england.parquet",
        "English indices of deprivation 2015: Index of Multiple Deprivation by LSOA 2011",
        "lsoa11_code",
    ),
    (2011, "imd2019"): _deprivation(
        "england_wales_2011/imd2019_lsoa11_england.parquet",
        "English indices of deprivation 2019: Index of Multiple Deprivation by LSOA 2011",
        "lsoa11_code",
        score=False,
    ),
    (2021, "imd2025"): _deprivation(
        "england_wales_2021/imd2025_lsoa21_england.parquet",
        "English indices of deprivation 2025: Index of Multiple Deprivation by LSOA 2021",
        "lsoa21_code",
    ),
}
#: What an index is called in results; the first of each vintage is its default.
DEPRIVATION_NAMES: Final = {
    "imd2015": "IMD 2015",
    "imd2019": "IMD 2019",
    "imd2025": "IMD 2025",
}

COMMUTING: Final = {
    2011: _commuting(
        "england_wales_2011/wu01ew_msoa_commuting.parquet",
        "Census 2011: location of usual residence and place of work by MSOA (WU01EW)",
    ),
    2021: _commuting(
        "england_wales_2021/odwp01ew_msoa_commuting.parquet",
        "Census 2021: origin-destination workplace flows by MSOA (ODWP01EW)",
    ),
}

MOVES_2021: Final = _commuting(
    "england_wales_2021/odmg01ew_msoa_migration.parquet",
    "Census 2021: origin-destination migration by MSOA (ODMG01EW)",
)

ETHNICITY_2011: Final = Layout(
    "england_wales_2011/ethnicity2011_lsoa11.parquet",
    "Census 2011: ethnic group by LSOA (KS201EW)",
    _ONS,
    {
        "LSOA11CD": Column("code", "code", "LSOA"),
        **{g.capitalize(): Column(g, "people") for g in GROUPS},
    },
    ("code",),
)
ETHNICITY_2021: Final = Layout(
    "england_wales_2021/ethnicity2021_lsoa21_long.parquet",
    "Census 2021: ethnic group by LSOA (TS021)",
    _ONS,
    {
        "lsoa21_code": Column("code", "code", "LSOA"),
        "ethnic_group": Column("group", "text"),
        "n": Column("people", "people"),
        "total_residents": Column("residents", "people"),
    },
    ("code", "group"),
)
ETHNIC_GROUPS_2021: Final = _GROUPS_2021

LOOKUP_2011: Final = Layout(
    "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet",
    "LSOA 2011 to MSOA 2011 to local authority district 2021 lookup",
    _ONS,
    {
        "lsoa11_code": Column("code", "code", "LSOA"),
        "lsoa11_name": Column("name", "text"),
        "msoa11_code": Column("zone", "code", "MSOA"),
        "ltla21_code": Column("authority_code", "code", "authority"),
        "ltla21_name": Column("authority", "text"),
    },
    ("code",),
)
LOOKUP_2021: Final = Layout(
    "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet",
    "LSOA 2021 to MSOA 2021 to ward 2024 to local authority district 2024 lookup",
    _ONS,
    {
        "lsoa21_code": Column("code", "code", "LSOA"),
        "lsoa21_name": Column("name", "text"),
        "msoa21_code": Column("zone", "code", "MSOA"),
        "ward24_code": Column("ward_code", "code", "ward"),
        "ward24_name": Column("ward", "text"),
        "ltla24_code": Column("authority_code", "code", "authority"),
        "ltla24_name": Column("authority", "text"),
    },
    ("code",),
)
WARDS_2011: Final = Layout(
    "wmca_2011/lookup_lsoa11_msoa11_ward21_lad.csv",
    "LSOA 2011 to ward 2021 lookup, West Midlands",
    _ONS,
    {
        "LSOA11CD": Column("code", "code", "LSOA"),
        "WD21CD": Column("ward_code", "code", "ward"),
        "WD21NM": Column("ward", "text"),
    },
    ("code",),
)
WARDS_2022: Final = Layout(
    "official/lookups/Lower_Layer_Super_Output_Area_(2021)_to_Ward_(2022)_to_LAD_(2022)_Lookup_"
    "in_England_and_Wales_v3.csv",
    "LSOA 2021 to ward 2022 to local authority district 2022 lookup",
    _ONS,
    {
        "LSOA21CD": Column("code", "code", "LSOA"),
        "WD22CD": Column("ward_code", "code", "ward"),
        "WD22NM": Column("ward", "text"),
    },
    ("code",),
)
TRAVEL_TO_WORK: Final = Layout(
    "official/lookups/LSOA11_TTWA11_UK.csv",
    "LSOA 2011 to travel-to-work area 2011 lookup",
    _ONS,
    {
        "LSOA11CD": Column("code", "code"),
        "TTWA11CD": Column("labour_market", "code", "travel-to-work area"),
        "TTWA11NM": Column("labour_market_name", "text"),
    },
    ("code",),
)
CROSSWALK: Final = Layout(
    # The publisher's own file: a tidy copy of it in circulation lacks an irregular pair.
    "official/lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_"
    "for_England_and_Wales.csv",
    "LSOA 2011 to LSOA 2021 to local authority district 2022 exact-fit lookup",
    _ONS,
    {
        "LSOA11CD": Column("lsoa11", "code", "LSOA"),
        "LSOA21CD": Column("lsoa21", "code", "LSOA"),
        "CHGIND": Column("change", "code"),
    },
    ("lsoa11", "lsoa21"),
)
COMBINED: Final = Layout(
    "crosswalk/lad23_combined_authority23.csv",
    "Local authority district 2023 to combined authority 2023 lookup",
    _ONS,
    {
        "ltla23_code": Column("authority_code", "code", "authority"),
        "cauth23_code": Column("combined_code", "code", "combined authority"),
        "cauth23_name": Column("combined", "text"),
    },
    ("authority_code",),
)
JOBS: Final = jobs_layout("official/jobs/bres2021_lsoa11_nomis_export.csv")

#: Boundaries by vintage: the detailed file of the West Midlands, and the national one.
BOUNDARIES: Final = {
    2011: (
        ("wmca_2011/lsoa11_bgc.geojson", "LSOA11CD", "LSOA 2011 boundaries (generalised, 20 m)"),
        ("england_wales_2011/lsoa11_generalised.parquet", "lsoa11_code",
         "LSOA 2011 boundaries (super-generalised)"),
    ),
    2021: (
        ("wmca_2021/lsoa21_bgc.geojson", "LSOA21CD", "LSOA 2021 boundaries (generalised, 20 m)"),
        ("england_wales_2021/lsoa21_generalised.parquet", "lsoa21_code",
         "LSOA 2021 boundaries (super-generalised)"),
    ),
}  # fmt: skip
WARD_BOUNDARIES: Final = {
    2011: ("wmca_2011/ward22_generalised.geojson", "ward22_code", "Ward 2022 boundaries"),
    2021: ("wmca_2021/ward25_bgc.geojson", "WD25CD", "Ward 2025 boundaries"),
    2022: ("england_wales_2021/ward22_generalised_uk.parquet", "ward22_code",
           "Ward 2022 boundaries"),
}  # fmt: skip

WEST_MIDLANDS: Final = tuple(f"E080000{n}" for n in range(25, 32))
