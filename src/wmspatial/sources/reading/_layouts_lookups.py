"""Lookups between areas: LSOAs over time, and to MSOAs, wards, authorities, labour markets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wmspatial.sources.reading._checks import LSOA_NAMES, Changes, OneName, Vintage, Written
from wmspatial.sources.reading._collapse import one_row_an_area
from wmspatial.sources.reading._fields import code, label, words
from wmspatial.sources.reading._model import Layout

if TYPE_CHECKING:
    from wmspatial.sources.reading._checks import Check

_ONS: Final = "Office for National Statistics"
#: Super Output Areas of Northern Ireland whose codes are written otherwise than all others.
BELFAST: Final = tuple(f"95UU99C{n}" for n in range(1, 7))
#: The code of two wards at once, of Ryedale and of Scarborough, in the wards of 2022.
TWO_WARDS: Final = "E05014284"
_LOOKED_UP: Final = (
    OneName("authority_code", "authority"),
    OneName("code", "name", both=True),
)


def _name_of(column: str) -> Written:
    return Written(column, LSOA_NAMES.pattern, LSOA_NAMES.example)


def _changes(dataset: str, earlier: int, later: int, rows: int, lad: str) -> tuple[Layout, ...]:
    old, new = f"lsoa{earlier % 100:02}", f"lsoa{later % 100:02}"
    title = f"LSOA {earlier} to LSOA {later} to local authority district lookup with changes"
    vintages = tuple(Vintage(n, y) for n, y in ((old, earlier), (new, later)) if y < 2021)
    checks: tuple[Check, ...] = (
        *vintages,
        Changes(old, new),
        OneName(old, f"_{old}_name", both=True),
        OneName(new, f"_{new}_name", both=True),
        OneName("authority_code", "authority", both=True),
        _name_of(f"_{old}_name"),
        _name_of(f"_{new}_name"),
    )
    kinds = ("U", "S", "M", "X")

    def of(form: str, old_name: str, new_name: str, change: str, lads: tuple[str, str]) -> Layout:
        codes, names = lads
        return Layout(
            dataset,
            f"LSOA {earlier} to {later} lookup{form}",
            title,
            _ONS,
            (
                code(old_name.format("CD", "code"), "LSOA", old),
                label(old_name.format("NM", "name"), f"_{old}_name"),
                code(new_name.format("CD", "code"), "LSOA", new),
                label(new_name.format("NM", "name"), f"_{new}_name"),
                words(change, *kinds, name="change"),
                code(codes, "authority", "authority_code"),
                label(names, "authority"),
            ),
            (old, new),
            vintage=earlier,
            rows=rows,
            checks=checks,
        )

    return (
        of("", f"{old.upper()}{{0}}", f"{new.upper()}{{0}}", "CHGIND", (f"{lad}CD", f"{lad}NM")),
        of(", tidy", f"{old}_{{1}}", f"{new}_{{1}}", "change_code", ("ltla22_code", "ltla22_name")),
    )


LAYOUTS: Final = (
    _changes("lsoa01-lsoa11", 2001, 2011, 34917, "LAD11")[0],
    *_changes("lsoa11-lsoa21", 2011, 2021, 35796, "LAD22"),
    *(
        Layout(
            f"lsoa21-ward{year}",
            f"LSOA 2021 to ward 20{year} lookup",
            f"LSOA 2021 to ward 20{year} to local authority district 20{year} lookup",
            _ONS,
            (
                code("LSOA21CD", "LSOA"),
                label("LSOA21NM", "name"),
                code(f"WD{year}CD", "ward", "ward_code"),
                label(f"WD{year}NM", "ward"),
                code(f"LAD{year}CD", "authority", "authority_code"),
                label(f"LAD{year}NM", "authority"),
            ),
            vintage=2021,
            rows=35672,
            checks=(LSOA_NAMES, *_LOOKED_UP, OneName("ward_code", "ward", but=TWO_WARDS),
                    OneName("ward_code", "authority_code", but=TWO_WARDS)),
            notes=(f"ward code {TWO_WARDS} stands for two wards",) if year == 22 else (),
        )
        for year in (22, 23, 24, 25)
    ),
    *(
        Layout(
            f"lsoa{year}-msoa{year}-lad",
            f"Output area to LSOA to MSOA 20{year} lookup",
            f"LSOA 20{year} to MSOA 20{year} to local authority district lookup",
            _ONS,
            (
                code(f"OA{year}CD", "output area", "_output_area", optional=True),
                code(f"LSOA{year}CD", "LSOA"),
                label(f"LSOA{year}NM", "name"),
                code(f"MSOA{year}CD", "MSOA", "zone"),
                label(f"MSOA{year}NM", "zone_name"),
                code("LAD##CD", "authority", "authority_code", optional=True),
                label("LAD##NM", "authority", optional=True),
            ),
            ("_output_area",),
            vintage=2000 + year,
            rows=rows,
            checks=(LSOA_NAMES, Written("zone_name", r".+ \d{3}", "Birmingham 067"),
                    OneName("code", "name", both=True), OneName("zone", "zone_name", both=True),
                    OneName("code", "zone"),
                    *((Vintage("code", 2011), Vintage("zone", 2011)) if year == 11 else ())),
            prepare=one_row_an_area,
            ignores=r"(rgn|ctry|utla|ltla|cty|pcon|oac|soac|loac)\d\d(cd|nm)|pcds?|doterm|dointr",
        )
        for year, rows in ((11, 181408), (21, 188880))
    ),
    Layout(
        "lsoa11-msoa11-lad",
        "LSOA 2011 to MSOA 2011 to authority lookup, tidy",
        "LSOA 2011 to MSOA 2011 to local authority district 2021 lookup",
        _ONS,
        (
            code("lsoa11_code", "LSOA"),
            label("lsoa11_name", "name"),
            code("msoa11_code", "MSOA", "zone"),
            code("ltla21_code", "authority", "authority_code"),
            label("ltla21_name", "authority"),
        ),
        vintage=2011,
        rows=34753,
        checks=(LSOA_NAMES, *_LOOKED_UP, Vintage("code", 2011), Vintage("zone", 2011)),
    ),
    Layout(
        "lsoa21-msoa21-lad",
        "LSOA 2021 to MSOA 2021 to ward 2024 to authority lookup, tidy",
        "LSOA 2021 to MSOA 2021 to ward 2024 to local authority district 2024 lookup",
        _ONS,
        (
            code("lsoa21_code", "LSOA"),
            label("lsoa21_name", "name"),
            code("msoa21_code", "MSOA", "zone"),
            code("ward24_code", "ward", "ward_code"),
            label("ward24_name", "ward"),
            code("ltla24_code", "authority", "authority_code"),
            label("ltla24_name", "authority"),
        ),
        vintage=2021,
        rows=35672,
        checks=(LSOA_NAMES, *_LOOKED_UP, OneName("ward_code", "ward"),
                OneName("ward_code", "authority_code")),
        also=("lsoa21-ward24",),
    ),
    Layout(
        "lsoa11-ward21",
        "LSOA 2011 to MSOA 2011 to ward 2021 to authority lookup, tidy",
        "LSOA 2011 to MSOA 2011 to ward 2021 to local authority district 2021 lookup",
        _ONS,
        (
            code("LSOA11CD", "LSOA"),
            code("MSOA11CD", "MSOA", "zone"),
            code("WD21CD", "ward", "ward_code"),
            label("WD21NM", "ward"),
            code("LAD11CD", "authority", "_authority_code_2011"),
            code("LAD21CD", "authority", "authority_code"),
            label("LAD21NM", "authority"),
        ),
        vintage=2011,
        rows=34753,
        checks=(Vintage("code", 2011), Vintage("zone", 2011), _LOOKED_UP[0],
                OneName("ward_code", "ward"), OneName("ward_code", "authority_code")),
        also=("lsoa11-msoa11-lad",),
    ),
    Layout(
        "lsoa11-ward21",
        "LSOA 2011 to ward 2021 lookup",
        "LSOA 2011 to ward 2021 to local authority district 2021 lookup",
        _ONS,
        (
            code("LSOA11CD", "LSOA"),
            label("LSOA11NM", "name"),
            code("WD21CD", "ward", "ward_code"),
            label("WD21NM", "ward"),
            code("LAD21CD", "authority", "authority_code"),
            label("LAD21NM", "authority"),
        ),
        vintage=2011,
        rows=34753,
        checks=(LSOA_NAMES, *_LOOKED_UP, Vintage("code", 2011), OneName("ward_code", "ward")),
    ),
    Layout(
        "lsoa11-ttwa11",
        "LSOA and Data Zone 2011 to travel-to-work area 2011 lookup",
        "LSOA 2011 to travel-to-work area 2011 lookup",
        _ONS,
        (
            code("LSOA11CD", "LSOA|data zone|super output area", among=BELFAST),
            label("LSOA11NM", "name"),
            code("TTWA11CD", "travel-to-work area", "labour_market"),
            label("TTWA11NM", "labour_market_name"),
        ),
        vintage=2011,
        rows=42620,
        checks=(Vintage("code", 2011), OneName("code", "name"),
                OneName("labour_market", "labour_market_name", both=True)),
    ),
    *(
        Layout(
            "lad23-cauth23",
            f"Authority 2023 to combined authority 2023 lookup{form}",
            "Local authority district 2023 to combined authority 2023 lookup",
            _ONS,
            (
                code(names[0], "authority", "authority_code"),
                label(names[1], "authority"),
                code(names[2], "combined authority", "combined_code"),
                label(names[3], "combined"),
            ),
            ("authority_code",),
            rows=53,
            checks=(OneName("authority_code", "authority", both=True),
                    OneName("combined_code", "combined", both=True)),
        )
        for form, names in {
            "": ("LAD23CD", "LAD23NM", "CAUTH23CD", "CAUTH23NM"),
            ", tidy": ("ltla23_code", "ltla23_name", "cauth23_code", "cauth23_name"),
        }.items()
    ),
)  # fmt: skip
