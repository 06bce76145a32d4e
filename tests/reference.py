"""A second, independent reading of the method, in plain pandas, for the tests only.

Nothing here comes from the library. Each step quotes the sentence of the method document that
decides it, so that a reader can check the one against the other. It is written to be read, not to
be fast.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

DISCONNECTED = "Disconnected"
CONNECTED = "Connected"
MANY_JOBS = "Large number of jobs"
NOT_CLASSIFIED = "Not classified"
INSUFFICIENT = "Insufficient data"
CLASSES = [DISCONNECTED, CONNECTED, MANY_JOBS, NOT_CLASSIFIED, INSUFFICIENT]

DEPRIVED_SHARE = 0.20
PEZ_RATIO = 1.0
MIN_FLOW = 50
MAX_UNKNOWN = 0.20

# The national numbers of ranked areas, for inputs that hold only a part of the nation.
RANKED_IN_ENGLAND_2011 = 32_844

BRES = "official/jobs/bres2021_lsoa11_nomis_export.csv"
TTWA = "official/lookups/LSOA11_TTWA11_UK.csv"
CHANGES = (
    "official/lookups/"
    "LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_for_England_and_Wales.csv"
)
FLOWS = {
    2011: "england_wales_2011/wu01ew_msoa_commuting.parquet",
    2021: "england_wales_2021/odwp01ew_msoa_commuting.parquet",
}
DEPRIVATION = {
    "imd2015": "england_wales_2011/imd2015_lsoa11_england.parquet",
    "imd2019": "england_wales_2011/imd2019_lsoa11_england.parquet",
    "imd2025": "england_wales_2021/imd2025_lsoa21_england.parquet",
}

COLUMNS = [
    "name",
    "authority",
    "authority_code",
    "rank",
    "deprived",
    "residents",
    "jobs",
    "employed",
    "jobs_rich",
    "commuters",
    "unknown_share",
    "score",
    "labour_market",
    "cut",
    "reference_size",
    "cls",
]


# --------------------------------------------------------------------------------------------------
# Reading the files
# --------------------------------------------------------------------------------------------------


@cache
def jobs_2011(data: Path) -> pd.Series:
    """BRES 2021 *Employment* by 2011 LSOA, from the Nomis export."""
    # "published job count (BRES *Employment*, which counts every job at its workplace ...)".
    # A data line reads `E01000001 : City of London 001A,14000,*,15000,*`: employees first, then
    # employment. Preamble, footer and the title line (it too holds " : ") have no LSOA code.
    found: dict[str, float] = {}
    for line in (data / BRES).read_text(encoding="utf-8-sig").splitlines():
        cells = line.split(",")
        code = cells[0].split(" : ")[0].strip()
        if len(code) == 9 and code[:3] in ("E01", "W01") and code[1:].isdigit():
            found[code] = float(cells[3])
    return pd.Series(found, name="jobs")


@cache
def residents_2011(data: Path) -> pd.Series:
    """Usual residents of each 2011 LSOA: the sum of the five ethnic groups."""
    table = pd.read_parquet(data / "england_wales_2011/ethnicity2011_lsoa11.parquet")
    table = table.set_index("LSOA11CD")
    groups = ["White", "Mixed", "Asian", "Black", "Other"]
    return table[groups].sum(axis="columns").astype(float).rename("residents")


@cache
def residents_2021(data: Path) -> pd.Series:
    """Usual residents of each 2021 LSOA: the published total, repeated on each of five rows."""
    table = pd.read_parquet(data / "england_wales_2021/ethnicity2021_lsoa21_long.parquet")
    return table.groupby("lsoa21_code")["total_residents"].first().astype(float).rename("residents")


@cache
def labour_markets_2011(data: Path) -> pd.Series:
    """Travel-to-work area 2011 of each 2011 LSOA."""
    table = pd.read_csv(data / TTWA, encoding="utf-8-sig", dtype=str)
    table = table.dropna(subset=["LSOA11CD"])
    return table.set_index("LSOA11CD")["TTWA11CD"]


@cache
def changes(data: Path) -> pd.DataFrame:
    """Read the 2011 to 2021 LSOA lookup: one row for each pair that overlaps."""
    table = pd.read_csv(data / CHANGES, encoding="utf-8-sig", dtype=str)
    return table[["LSOA11CD", "LSOA21CD", "CHGIND"]]


def deprivation_ranks(data: Path, edition: str) -> pd.Series:
    """IMD rank, 1 = most deprived. England only: Welsh areas have none."""
    table = pd.read_parquet(data / DEPRIVATION[edition])
    code = "lsoa21_code" if edition == "imd2025" else "lsoa11_code"
    return table.set_index(code)["IMD_rank"].astype(float).rename("rank")


@cache
def read_flows(data: Path, vintage: int) -> pd.DataFrame:
    """Every pair of the census's commuting table: origin, destination, people."""
    return pd.read_parquet(data / FLOWS[vintage])


# --------------------------------------------------------------------------------------------------
# 2011 jobs and labour markets on 2021 areas
# --------------------------------------------------------------------------------------------------


@cache
def jobs_2021(data: Path) -> pd.Series:
    """Jobs of each 2021 LSOA, fractional, from the jobs of the 2011 LSOAs."""
    jobs = jobs_2011(data)
    residents = residents_2021(data).to_dict()
    pairs = changes(data)
    total: dict[str, float] = {}
    for code11, successors in pairs.groupby("LSOA11CD")["LSOA21CD"].agg(list).items():
        living_there = sum(residents[code] for code in successors)
        for code21 in successors:
            # "a split (and an irregular change) apportions them by usual residents": each 2021
            # successor gets its share of the successors' residents. An unchanged or merged 2011
            # area has one successor, which gets everything.
            part = residents[code21] / living_there
            # "a merge sums them; jobs stay fractional": no rounding anywhere.
            total[code21] = total.get(code21, 0.0) + jobs[code11] * part
    return pd.Series(total, name="jobs")


@cache
def labour_markets_2021(data: Path) -> pd.Series:
    """Travel-to-work area 2011 of each 2021 LSOA."""
    market = labour_markets_2011(data)
    residents = residents_2011(data).to_dict()
    chosen: dict[str, str] = {}
    for code21, parts in changes(data).groupby("LSOA21CD")["LSOA11CD"].agg(list).items():
        # "the travel-to-work area of a merged LSOA is that of its part with most residents": the
        # parts are 2011 LSOAs, each counted whole, with its residents of 2011.
        largest = max(parts, key=lambda code: residents[code])
        chosen[str(code21)] = market[largest]
    return pd.Series(chosen, name="labour_market")


# --------------------------------------------------------------------------------------------------
# The neighbourhoods, before any classification
# --------------------------------------------------------------------------------------------------


@cache
def neighbourhoods(data: Path, vintage: int, deprivation: str | None = None) -> pd.DataFrame:
    """All LSOAs of England and Wales with what section 2 calls the inputs."""
    if vintage == 2011:
        lookup = pd.read_parquet(data / "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet")
        frame = pd.DataFrame(
            {
                "name": lookup["lsoa11_name"].array,
                "authority": lookup["ltla21_name"].array,
                "authority_code": lookup["ltla21_code"].array,
                "zone": lookup["msoa11_code"].array,
            },
            index=pd.Index(lookup["lsoa11_code"], name="code"),
        )
        # The document: "2011 vintage: IMD 2015, the edition JRF used".
        edition = deprivation or "imd2015"
        frame["residents"] = residents_2011(data)
        frame["jobs"] = jobs_2011(data)
        frame["labour_market"] = labour_markets_2011(data)
    else:
        lookup = pd.read_parquet(
            data / "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet"
        )
        frame = pd.DataFrame(
            {
                "name": lookup["lsoa21_name"].array,
                "authority": lookup["ltla24_name"].array,
                "authority_code": lookup["ltla24_code"].array,
                "zone": lookup["msoa21_code"].array,
            },
            index=pd.Index(lookup["lsoa21_code"], name="code"),
        )
        # The document: "2021 vintage: IMD 2025".
        edition = deprivation or "imd2025"
        frame["residents"] = residents_2021(data)
        frame["jobs"] = jobs_2021(data)
        frame["labour_market"] = labour_markets_2021(data)
    ranks = deprivation_ranks(data, edition)
    frame["rank"] = ranks
    # "rank <= 0.20 x number of ranked areas of the nation"; only England is ranked here.
    frame["ranked_areas"] = float(len(ranks))
    return frame.sort_index()


# --------------------------------------------------------------------------------------------------
# Section 2, sentence by sentence
# --------------------------------------------------------------------------------------------------


def in_england_or_wales(destination: pd.Series) -> pd.Series:
    """Whether a destination is a zone of England or Wales rather than a special code."""
    # "those with a workplace in a zone of the matrix (England and Wales)". The others are at home,
    # no fixed place, offshore, abroad (OD0000001 ... or 111111111 ...), Scotland (S) and Northern
    # Ireland (N).
    return destination.str.match(r"^[EW]\d{8}$")


def apportion_employed(areas: pd.DataFrame, flows: pd.DataFrame) -> pd.Series:
    """Employed residents of each neighbourhood."""
    # "employed residents R[o]: all employed residents of o, wherever they work, at home and at no
    # fixed place included": every destination counts.
    of_zone = flows.groupby("origin")["people"].sum()
    # "employed residents of an LSOA: the MSOA's, apportioned by usual residents".
    residents_of_zone = areas.groupby("zone")["residents"].transform("sum")
    share = areas["residents"] / residents_of_zone
    # A zone with one neighbourhood in it hands over everything, even if nobody was counted there.
    alone = areas.groupby("zone")["zone"].transform("size") == 1
    share = share.where(~alone, 1.0)
    return areas["zone"].map(of_zone).astype(float) * share


def jobs_rich_share_of_zones(areas: pd.DataFrame) -> pd.Series:
    """Give the share of each zone's jobs in jobs-rich neighbourhoods; missing if unknown."""
    known = areas[areas["jobs"].notna() & areas["employed"].notna()]
    # "of the commuters into MSOA d, the share that MSOA d's jobs have in jobs-rich LSOAs".
    all_jobs = known.groupby("zone")["jobs"].sum()
    rich_jobs = known[known["jobs_rich"]].groupby("zone")["jobs"].sum()
    rich_jobs = rich_jobs.reindex(all_jobs.index, fill_value=0.0)
    # A zone without a single job has no share; it is as good as unknown.
    return (rich_jobs / all_jobs).where(all_jobs > 0)


def score_zones(flows: pd.DataFrame, rich_share: pd.Series) -> pd.DataFrame:
    """Commuters, the share of them lost to unknown jobs, and the connection score by origin."""
    # "commuters K[o]: those with a workplace in a zone of the matrix".
    commuting = flows[in_england_or_wales(flows["destination"])].copy()
    commuting["rich_share"] = commuting["destination"].map(rich_share).astype(float)
    zones = pd.DataFrame(index=pd.Index(sorted(flows["origin"].unique()), name="zone"))
    zones["commuters"] = commuting.groupby("origin")["people"].sum()
    zones["commuters"] = zones["commuters"].fillna(0).astype(float)
    # "Commuters to a zone whose jobs are unknown leave numerator and denominator and are counted
    # against max_unknown."
    known = commuting[commuting["rich_share"].notna()].copy()
    known["to_rich"] = known["people"] * known["rich_share"]
    by_origin = known.groupby("origin")[["people", "to_rich"]].sum()
    by_origin = by_origin.reindex(zones.index, fill_value=0.0)
    zones["unknown_share"] = (zones["commuters"] - by_origin["people"]) / zones["commuters"]
    # "connection score C[o]: the share of K[o] that works in jobs-rich neighbourhoods, wherever
    # they lie".
    zones["score"] = by_origin["to_rich"] / by_origin["people"]
    return zones


def median(values: list[float]) -> float:
    """Return the middle value, or half way between the two middle values."""
    # "the median (unweighted, linear interpolation ...)".
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return float("nan")
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def classify(areas: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """Assign the five classes with the defaults of section 2."""
    frame = areas.copy()

    # "deprived_share 0.20: rank <= 0.20 x number of ranked areas of the nation".
    frame["deprived"] = frame["rank"] <= DEPRIVED_SHARE * frame["ranked_areas"]

    # "d is jobs-rich when J[d] / R[d] > pez_ratio" with "pez_ratio 1.0, strictly greater".
    frame["employed"] = apportion_employed(frame, flows)
    frame["jobs_rich"] = frame["jobs"] / frame["employed"] > PEZ_RATIO

    # "All LSOAs of one MSOA then share one connection score".
    zones = score_zones(flows, jobs_rich_share_of_zones(frame))
    for column in ("commuters", "unknown_share", "score"):
        frame[column] = frame["zone"].map(zones[column])

    # "no deprivation rank, or no flow zone, or fewer than min_flow commuters in the zone, or more
    # than max_unknown of them going where jobs are unknown: Insufficient data".
    insufficient = (
        frame["rank"].isna()
        | frame["zone"].isna()
        | frame["commuters"].isna()
        | (frame["commuters"] < MIN_FLOW)
        | (frame["unknown_share"] > MAX_UNKNOWN)
    )

    # "the deprived neighbourhoods of the labour market that are not jobs-rich: those the cut
    # divides". The cut does not divide those without sufficient data, so they are not in it.
    reference = frame[frame["deprived"] & ~frame["jobs_rich"] & ~insufficient]
    cuts: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for market, members in reference.groupby("labour_market"):
        cuts[str(market)] = median([float(score) for score in members["score"]])
        sizes[str(market)] = len(members)
    frame["cut"] = frame["labour_market"].map(cuts).astype(float)
    frame["reference_size"] = frame["labour_market"].map(sizes).fillna(0).astype(int)

    # "Assignment, first match wins".
    classes = []
    for place, lacks_data in zip(frame.itertuples(), insufficient, strict=True):
        if lacks_data:
            classes.append(INSUFFICIENT)
        elif not place.deprived:
            classes.append(NOT_CLASSIFIED)
        elif place.jobs_rich:
            classes.append(MANY_JOBS)
        elif place.score < place.cut:  # "C below the cut", "strictly below"
            classes.append(DISCONNECTED)
        else:
            classes.append(CONNECTED)
    frame["cls"] = classes
    return frame[COLUMNS]


def reference_classes(data: Path, vintage: int, deprivation: str | None = None) -> pd.DataFrame:
    """Class, and the numbers that decided it, of every LSOA of England and Wales."""
    return classify(neighbourhoods(data, vintage, deprivation), read_flows(data, vintage))


def reference_sample(folder: Path) -> pd.DataFrame:
    """Do the same for the sample that ships with the library."""
    table = pd.read_csv(folder / "neighbourhoods.csv", dtype={"code": str, "zone": str})
    flows = pd.read_parquet(folder / "flows.parquet")
    flows = flows.astype({"origin": str, "destination": str, "people": int})
    # The sample holds a part of England only, so the nation's size has to be stated.
    ranked = {"England": RANKED_IN_ENGLAND_2011, "E92000001": RANKED_IN_ENGLAND_2011}
    strangers = sorted(set(table["nation"].dropna().astype(str)) - set(ranked))
    if strangers:
        raise ValueError(f"the size of these nations is not known here: {strangers}")
    areas = pd.DataFrame(
        {
            "name": table["name"] if "name" in table else table["code"],
            "authority": table["authority"],
            "authority_code": (
                table["authority_code"] if "authority_code" in table else table["authority"]
            ),
            "zone": table["zone"],
            "residents": table["residents"].astype(float),
            "jobs": table["jobs"].astype(float),
            "labour_market": table["labour_market"],
            "rank": table["deprivation_rank"].astype(float),
            "ranked_areas": table["nation"].map(ranked).astype(float),
        }
    )
    areas.index = pd.Index(table["code"], name="code")
    return classify(areas.sort_index(), flows)
