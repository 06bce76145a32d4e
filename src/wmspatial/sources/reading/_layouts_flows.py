"""Commuting and moves between areas: origin-destination tables of the censuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wmspatial.geography.codes import SPECIAL_DESTINATIONS
from wmspatial.sources.reading._checks import (
    AtMost,
    ByOrigin,
    Frame,
    OneName,
    Sum,
    Vintage,
    as_str,
)
from wmspatial.sources.reading._fields import _field, code, label, number, words
from wmspatial.sources.reading._model import Field, Layout
from wmspatial.sources.tables import Column

if TYPE_CHECKING:
    from collections.abc import Callable

_ONS: Final = "Office for National Statistics"
_AT_HOME: Final = "111111111"
_NONE: Final = "-8"
_SPECIAL_2011: Final = tuple(c for c in SPECIAL_DESTINATIONS if c.startswith("OD"))
_SPECIAL_2021: Final = tuple(c for c in SPECIAL_DESTINATIONS if not c.startswith("OD"))
_INDICATORS: Final = ("-8", "1", "2", "3")

#: ODMG01EW by MSOA has codes of its own for the districts of Northern Ireland; what they stand for
#: is in the publisher's own code (ONSvisual/census-od-data).
_IRELAND: Final = {f"N9999999{n}": f"N0900000{n}" for n in range(1, 9)} | {
    "N99999910": "N09000009",
    "N99999911": "N09000010",
    "N99999912": "N09000011",
}

_LATER: Final = re.compile(rb"E0200(?:693[5-9]|69[4-9]\d|7\d{3})|W0200042[4-9]")
_MARKS_2011: Final = re.compile(rb"OD000000\d|[SN]92\d{6}")
_MARKS_2021: Final = re.compile(rb"111111111|888888888|999999999")


def _ends(heading: str, name: str, level: str, special: tuple[str, ...] = ()) -> Field:
    return _field(heading, Column(name, "code", level, complete=True, among=special), {})


def _without(column: str, what: str) -> Callable[[Frame, list[str]], Frame]:
    """Leave out the rows of people to whom the question does not apply, and say so."""

    def prepare(table: Frame, notes: list[str]) -> Frame:
        none = table[column] == _NONE
        if none.any():
            notes.append(
                f"rows of {what} (code -8, does not apply) left out: {int(none.sum()):,} rows, "
                f"{table.loc[none, 'people'].sum():,.0f} people"
            )
        table = table[~none]
        if "_indicator" in table.columns:
            table = _at_home(table, notes)
        strange = table["origin"].isin(_IRELAND)
        if strange.any():
            notes.append(
                f"codes of districts of Northern Ireland put right: {int(strange.sum()):,} rows, "
                "N99999991 to N99999912 for N09000001 to N09000011"
            )
            origin = as_str(table["origin"])
            table = table.assign(origin=origin.mask(strange, origin.map(_IRELAND)))
        return table

    return prepare


def _at_home(table: Frame, notes: list[str]) -> Frame:
    """Give people who work at home or at no fixed place the destination that means it."""
    home = table["_indicator"] == "1"
    if home.any():
        notes.append(
            "people who work mainly at or from home or have no fixed place (indicator 1) have "
            f"their own area as workplace in the file; here {_AT_HOME}: {int(home.sum()):,} rows, "
            f"{table.loc[home, 'people'].sum():,.0f} people"
        )
    destination = as_str(table["destination"]).mask(home, _AT_HOME)
    return table.assign(destination=destination)


def _moves(name: str, area: str, table: str, rows: int | None) -> Layout:
    levels = {"MSOA": "MSOA|intermediate zone|authority", "LTLA": "authority"}
    here = "Middle layer Super Output Areas" if area == "MSOA" else "Lower tier local authorities"
    origin = f"Migrant {area} one year ago"
    return Layout(
        name,
        f"ODMG01EW by {area}",
        f"Census 2021: origin-destination migration by {area} (ODMG01EW)",
        _ONS,
        (
            _ends(f"{origin} code", "origin", levels[area], (_NONE, "999999999", *_IRELAND)),
            label(f"{origin} label", "_origin"),
            code(f"{here} code", levels[area].split("|")[0], "destination"),
            label(f"{here} label", "_destination"),
            number("Count", "people"),
        ),
        ("origin", "destination"),
        vintage=2021 if area == "MSOA" else None,
        rows=rows,
        checks=(
            OneName("origin", "_origin"),
            OneName("destination", "_destination"),
            ByOrigin(),
        ),
        prepare=_without("origin", f"people who {table}"),
    )


def _commuting(name: str, area: str, rows: int | None) -> Layout:
    levels = {"MSOA": ("MSOA", "MSOA|intermediate zone|authority"),
              "LTLA": ("authority", "authority")}[area]  # fmt: skip
    here = "Middle layer Super Output Areas" if area == "MSOA" else "Lower tier local authorities"
    return Layout(
        name,
        f"ODWP01EW by {area}",
        f"Census 2021: origin-destination workplace flows by {area} (ODWP01EW)",
        _ONS,
        (
            code(f"{here} code", levels[0], "origin"),
            label(f"{here} label", "_origin"),
            _ends(f"{area} of workplace code", "destination", levels[1], (_NONE, *_SPECIAL_2021)),
            label(f"{area} of workplace label", "_destination"),
            words("Place of work indicator (4 categories) code", *_INDICATORS, name="_indicator"),
            label("Place of work indicator (4 categories) label", "_meaning"),
            number("Count", "people"),
        ),
        ("origin", "destination", "_indicator"),
        vintage=2021 if area == "MSOA" else None,
        rows=rows,
        checks=(OneName("origin", "_origin"), OneName("destination", "_destination"),
                OneName("_indicator", "_meaning", both=True)),
        prepare=_without("destination", "people without a place of work"),
    )  # fmt: skip


def _tidy_2011(data: bytes) -> bool | None:
    if _LATER.search(data) or _MARKS_2021.search(data):
        return False
    return True if _MARKS_2011.search(data) else None


def _tidy_2021(data: bytes) -> bool | None:
    if _MARKS_2011.search(data):
        return False
    if _MARKS_2021.search(data):
        return True
    # Moves from Scotland are in the table of moves; to Scotland only people commute.
    return None


def _tidy_moves(data: bytes) -> bool | None:
    if _MARKS_2011.search(data) or _MARKS_2021.search(data):
        return False
    return True if re.search(rb"S02\d{6}", data) and _LATER.search(data) else None


def _tidy(name: str, title: str, ends: tuple[Field, Field], **more: object) -> Layout:
    return Layout(
        name,
        f"{name.split('-', maxsplit=1)[0].upper()} by MSOA, tidy",
        title,
        _ONS,
        (*ends, number("people", "people")),
        ("origin", "destination"),
        **more,  # type: ignore[arg-type]
    )


_SCOTLAND_2021: Final = "MSOA|intermediate zone|authority"
_COMMUTING_2011: Final = "Census 2011: location of usual residence and place of work by MSOA"
_ENDS_2011: Final = ("origin", "destination")
_MODES: Final = {
    "Work mainly at or from home": "at_home",
    "Underground, metro, light rail, tram": "metro",
    "Train": "train",
    "Bus, minibus or coach": "bus",
    "Taxi": "taxi",
    "Motorcycle, scooter or moped": "motorcycle",
    "Driving a car or van": "car_driver",
    "Passenger in a car or van": "car_passenger",
    "Bicycle": "bicycle",
    "On foot": "on_foot",
    "Other method of travel to work": "other_method",
}
_AREAS_2011: Final = (
    code("Area of residence", "MSOA", "origin"),
    _ends("Area of workplace", "destination", "MSOA|country", _SPECIAL_2011),
)
_CHECKS_2011: Final = (Vintage("origin", 2011), Vintage("destination", 2011), ByOrigin())

LAYOUTS: Final = (
    _moves("odmg01ew-msoa21", "MSOA", "did not move, or are under one year old", None),
    _moves("odmg01ew-ltla", "LTLA", "did not move, or are under one year old", 96468),
    _commuting("odwp01ew-msoa21", "MSOA", None),
    _commuting("odwp01ew-ltla", "LTLA", 74721),
    Layout(
        "wu01ew-msoa11",
        "WU01EW by MSOA",
        f"{_COMMUTING_2011}, by sex (WU01EW)",
        _ONS,
        (
            *_AREAS_2011,
            number("All categories: Sex", "people"),
            number(("Male", "Males"), "_male"),
            number(("Female", "Females"), "_female"),
        ),
        _ENDS_2011,
        vintage=2011,
        rows=2402201,
        checks=(*_CHECKS_2011, Sum("people", ("_male", "_female"))),
    ),
    Layout(
        "wu03ew-msoa11",
        "WU03EW by MSOA",
        f"{_COMMUTING_2011}, by method of travel (WU03EW)",
        _ONS,
        (
            *_AREAS_2011,
            number("All categories: Method of travel to work", "people"),
            *(number(heading, name) for heading, name in _MODES.items()),
        ),
        _ENDS_2011,
        vintage=2011,
        rows=2402201,
        checks=(*_CHECKS_2011, Sum("people", tuple(_MODES.values()))),
    ),
    _tidy(
        "wu01ew-msoa11",
        f"{_COMMUTING_2011} (WU01EW)",
        (
            code("origin", "MSOA", "origin"),
            _ends("destination", "destination", "MSOA|country", _SPECIAL_2011),
        ),
        vintage=2011,
        rows=2402201,
        checks=_CHECKS_2011,
        tell=_tidy_2011,
    ),
    _tidy(
        "odwp01ew-msoa21",
        "Census 2021: origin-destination workplace flows by MSOA (ODWP01EW)",
        (
            code("origin", "MSOA", "origin"),
            _ends("destination", "destination", _SCOTLAND_2021, _SPECIAL_2021),
        ),
        vintage=2021,
        rows=1849192,
        checks=(ByOrigin(),),
        tell=_tidy_2021,
    ),
    _tidy(
        "odmg01ew-msoa21",
        "Census 2021: origin-destination migration by MSOA (ODMG01EW)",
        (
            code("origin", _SCOTLAND_2021, "origin"),
            code("destination", "MSOA", "destination"),
        ),
        vintage=2021,
        rows=1476199,
        checks=(ByOrigin(),),
        tell=_tidy_moves,
    ),
    Layout(
        "odmg01ew-msoa21",
        "ODMG01EW by MSOA within an area, tidy",
        "Census 2021: origin-destination migration by MSOA (ODMG01EW), both ends in one area",
        _ONS,
        (
            code("from", "MSOA", "origin"),
            code("to", "MSOA", "destination"),
            number("value", "people"),
        ),
        ("origin", "destination"),
        vintage=2021,
        rows=1476199,
        checks=(ByOrigin(),),
    ),
    Layout(
        "jobs2011-msoa11",
        "Jobs and workers by MSOA 2011, tidy",
        "Census 2011: employed residents and workplace population by MSOA, from WU01EW",
        _ONS,
        (
            code("areacd", "MSOA"),
            number("resident", "employed"),
            number("workday", "jobs"),
            number("home", "work_at_home"),
            number("within", "live_and_work"),
        ),
        vintage=2011,
        rows=7201,
        checks=(
            Vintage("code", 2011),
            AtMost("live_and_work", "employed"),
            AtMost("live_and_work", "jobs"),
            AtMost("work_at_home", "jobs"),
        ),
    ),
    Layout(
        "jobs2021-msoa21",
        "Jobs by MSOA 2021, tidy",
        "Census 2021: commuters into an MSOA and residents who work at home, from ODWP01EW",
        _ONS,
        (
            code("msoa21_code", "MSOA"),
            number("commuters_in", "commuters_in"),
            number("work_at_home_residents", "work_at_home"),
        ),
        vintage=2021,
        rows=7264,
    ),
)
