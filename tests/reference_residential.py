"""A second, independent reading of the residential typology, in plain loops, for the tests only.

Nothing here comes from the library. Each step quotes the sentence of the method that decides it.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TRANSIT, ESCALATOR, GENTRIFIER, ISOLATE = "Transit", "Escalator", "Gentrifier", "Isolate"
NOT_CLASSIFIED, INSUFFICIENT = "Not classified", "Insufficient data"


def zone_averages(areas: pd.DataFrame) -> dict[str, tuple[str, Fraction]]:
    """Nation and average rank of every zone that has a ranked neighbourhood."""
    # "A zone's deprivation is that of its neighbourhoods' ranks averaged by residents".
    members = defaultdict(list)
    for row in areas.itertuples():
        if pd.notna(row.rank) and pd.notna(row.zone):
            residents = 0 if pd.isna(row.residents) else int(row.residents)
            members[row.zone].append((row.nation, int(row.rank), residents))
    averages = {}
    for zone, rows in members.items():
        people = sum(residents for _, _, residents in rows)
        if people:
            average = Fraction(sum(rank * residents for _, rank, residents in rows), people)
        else:
            # Where the method is silent: nobody to weigh with, so each rank counts the same.
            average = Fraction(sum(rank for _, rank, _ in rows), len(rows))
        averages[zone] = (rows[0][0], average)
    return averages


def zone_deciles(areas: pd.DataFrame) -> dict[str, int]:
    """Decile of every zone, 1 the most deprived."""
    # "put into deciles of the nation's zones".
    averages = zone_averages(areas)
    nations = defaultdict(list)
    for zone, (nation, average) in averages.items():
        nations[nation].append((average, zone))
    deciles = {}
    for zones in nations.values():
        first_place: dict[Fraction, int] = {}
        for place, (average, zone) in enumerate(sorted(zones), start=1):
            # Decided where the method is silent: ties share the more deprived decile.
            place_of_tie = first_place.setdefault(average, place)
            decile = 1
            while decile * len(zones) < 10 * place_of_tie:
                decile += 1
            deciles[zone] = decile
    return deciles


def classify(  # noqa: C901 - to be read top to bottom beside the document
    areas: pd.DataFrame,
    moves: Iterable[tuple[str, str, int]],
    *,
    deprived_share: float = 0.20,
    min_flow: int = 50,
) -> pd.DataFrame:
    """Type and evidence of every neighbourhood.

    `areas` is indexed by code: zone, nation, rank, residents, ranked_areas. `moves` are origin,
    destination and people.
    """
    decile = zone_deciles(areas)
    people_in, people_out = defaultdict(int), defaultdict(int)
    known_in, known_out = defaultdict(int), defaultdict(int)
    less_in, less_out = defaultdict(int), defaultdict(int)
    seen = set()
    for origin, destination, people in moves:
        seen.update((origin, destination))
        people_out[origin] += people
        people_in[destination] += people
        there, here = decile.get(origin), decile.get(destination)
        # "movers from or to places without one are counted and reported".
        if there is not None:
            known_in[destination] += people
        if here is not None:
            known_out[origin] += people
        # "Less deprived means a higher decile"; "a move inside one zone counts as one from and to
        # an equally deprived area", which it does by itself: no decile is higher than itself.
        if there is not None and here is not None and there > here:
            less_in[destination] += people
        if there is not None and here is not None and here > there:
            less_out[origin] += people

    rows = []
    for row in areas.itertuples():
        zone = row.zone
        deprived = pd.notna(row.rank) and row.rank <= deprived_share * row.ranked_areas
        if (
            pd.isna(row.rank)
            or zone not in seen
            # "Fewer than min_flow movers: Insufficient data", read of each side.
            or people_in[zone] < min_flow
            or people_out[zone] < min_flow
            or not known_in[zone]
            or not known_out[zone]
        ):
            kind = INSUFFICIENT
        elif not deprived:
            kind = NOT_CLASSIFIED
        else:
            # "most means more than half of the movers whose other end has a decile (exactly half
            # is not most)".
            most_in = Fraction(less_in[zone], known_in[zone]) > Fraction(1, 2)
            most_out = Fraction(less_out[zone], known_out[zone]) > Fraction(1, 2)
            if most_in and most_out:
                kind = TRANSIT
            elif most_out:
                kind = ESCALATOR
            elif most_in:
                kind = GENTRIFIER
            else:
                kind = ISOLATE
        rows.append(
            {
                "residential_type": kind,
                "zone_decile": float(decile.get(zone, "nan")),
                "in_movers": people_in[zone],
                "out_movers": people_out[zone],
                "in_movers_without_decile": people_in[zone] - known_in[zone],
                "out_movers_without_decile": people_out[zone] - known_out[zone],
                "share_in": less_in[zone] / known_in[zone] if known_in[zone] else float("nan"),
                "share_out": less_out[zone] / known_out[zone] if known_out[zone] else float("nan"),
            }
        )
    return pd.DataFrame(rows, index=areas.index)


def reference_2021(data: Path) -> pd.DataFrame:
    """Do it for every 2021 LSOA of England and Wales, from the official tables."""
    folder = data / "england_wales_2021"
    lookup = pd.read_parquet(folder / "lookup_lsoa21_msoa21_ward24_lad24.parquet")
    lookup = lookup.drop_duplicates("lsoa21_code").set_index("lsoa21_code")
    people = pd.read_parquet(folder / "ethnicity2021_lsoa21_long.parquet")
    ranks = pd.read_parquet(folder / "imd2025_lsoa21_england.parquet").set_index("lsoa21_code")
    areas = pd.DataFrame({"zone": lookup["msoa21_code"]})
    areas["nation"] = ["England" if code[0] == "E" else "Wales" for code in areas.index]
    areas["rank"] = ranks["IMD_rank"].astype(float)
    areas["residents"] = people.groupby("lsoa21_code")["total_residents"].first()
    areas["ranked_areas"] = float(len(ranks))
    moves = pd.read_parquet(folder / "odmg01ew_msoa_migration.parquet")
    rows = zip(moves["origin"], moves["destination"], moves["people"].tolist(), strict=True)
    return classify(areas.sort_index(), rows)
