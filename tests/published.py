"""The data folder's tables in the publishers' own layouts, served as the publishers serve them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from servers import ArcGIS, NomisTable
from wmspatial.sources.catalogue import Address, Entry, catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from servers import Server

_HOME = "Mainly working at or from home or no fixed place"
_OTHER = "Other (including offshore installation, working outside the UK)"
_THERE = "Working in the UK but not working at or from home"


def zipped(name: str, content: bytes) -> bytes:
    """Put one file into an archive, beside another that nobody asked for."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("metadata/readme.txt", "Nothing of interest.")
        archive.writestr(name, content)
    return out.getvalue()


def csv_of(table: pd.DataFrame) -> bytes:
    """Write a table as CSV, quickly."""
    out = io.BytesIO()
    pc.write_csv(pa.Table.from_pandas(table, preserve_index=False), out)
    return out.getvalue()


def layer(folder: Path, path: str, code: str, name: str, old: str) -> ArcGIS:
    """Serve boundaries as the ONS portal does."""
    file = folder / path
    frame = gpd.read_parquet(file) if file.suffix == ".parquet" else gpd.read_file(file)
    shapes = frame[[old, "geometry"]].rename(columns={old: code})
    return ArcGIS(shapes.assign(**{name: shapes[code]}))


def file_7(folder: Path) -> bytes:
    """Lay the indices of 2025 out as file 7, under the published headings; counts are made up."""
    sample = folder / "official/iod/File_7_IoD2025_HEAD_SAMPLE.csv"
    heads = next(csv.reader(sample.read_text(encoding="utf-8-sig").splitlines()))
    table = pd.read_parquet(folder / "england_wales_2021/imd2025_lsoa21_england.parquet")
    lookup = pd.read_parquet(
        folder / "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet"
    ).set_index("lsoa21_code")
    code = table["lsoa21_code"]
    values: dict[str, Any] = {
        heads[0]: code,
        heads[1]: code.map(lookup["lsoa21_name"]),
        heads[2]: code.map(lookup["ltla24_code"]),
        heads[3]: code.map(lookup["ltla24_name"]),
    }
    domains = ["IMD", "Income", "Employment", "Education", "Health", "Crime",
               "Housing_and_Services", "Environment"]  # fmt: skip
    known = [f"{d}_{what}" for d in domains for what in ("score", "rank", "decile")]
    for head, column in zip(heads[4:28], known, strict=True):
        whole = not column.endswith("score")
        values[head] = table[column].astype("int64") if whole else table[column]
    for place, head in enumerate(heads[28:]):
        # Not in the tidy file: the sub-domains get the ranks of the whole, people a number.
        kind = known[place % 3] if "Score" in head or "Rank" in head or "Decile" in head else ""
        kind = kind or ("IMD_decile" if head.endswith("LSO") else "")
        values[head] = values[heads[4 + place % 3]] if kind else 0
    # Made up: all, children, older people, people of working age.
    values |= dict(zip(heads[-4:], (1000, 200, 200, 600), strict=True))
    return csv_of(pd.DataFrame(values)[heads])


def commuting(folder: Path) -> bytes:
    """Lay ODWP01EW out as published: home workers in their own area, and people without work."""
    table = pd.read_parquet(folder / "england_wales_2021/odwp01ew_msoa_commuting.parquet")
    origin = table["origin"].astype("str")
    destination = table["destination"].astype("str")
    home = destination == "111111111"
    away = destination.isin(["888888888", "999999999"])
    indicator = pd.Series("3", index=table.index).mask(home, "1").mask(away, "2")
    to = destination.mask(home, origin)
    meaning = indicator.map({"1": _HOME, "2": _OTHER, "3": _THERE})
    none = pd.DataFrame({"o": sorted(set(origin)), "d": "-8", "i": "-8", "m": "Does not apply"})
    rows = pd.DataFrame({"o": origin, "d": to, "i": indicator, "m": meaning, "n": table["people"]})
    rows = pd.concat([none.assign(n=7), rows], ignore_index=True)
    entry = catalogue()["odwp01ew-msoa21"]
    labels = rows["d"].mask(rows["d"] == "-8", "Does not apply")
    out = pd.DataFrame(
        dict(zip(entry.columns, [rows["o"], rows["o"], rows["d"], labels, rows["i"], rows["m"],
                                 rows["n"]], strict=True))
    )  # fmt: skip
    return csv_of(out)


def ethnicity_2021(folder: Path) -> bytes:
    """Lay TS021 out as the bulk file."""
    long = pd.read_parquet(folder / "england_wales_2021/ethnicity2021_lsoa21_long.parquet")
    wide = long.pivot_table(index="lsoa21_code", columns="ethnic_group", values="n", observed=True)
    heads = catalogue()["ts021-lsoa21"].columns[3:]
    names = pd.read_parquet(
        folder / "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet"
    ).set_index("lsoa21_code")["lsoa21_name"]
    out = pd.DataFrame({"date": 2021, "geography": wide.index.map(names)})
    out["geography code"] = wide.index
    out[heads[0]] = wide.sum(axis=1).astype("int64").to_numpy()
    for head in heads[1:]:
        out[head] = wide[head.removeprefix("Ethnic group: ")].astype("int64").to_numpy()
    return csv_of(out)


def jobs(folder: Path) -> NomisTable:
    """Serve BRES as the Nomis API does."""
    text = (folder / "official/jobs/bres2021_lsoa11_nomis_export.csv").read_text("utf-8-sig")
    rows = [row for row in csv.reader(text.splitlines()) if row and " : " in row[0]]
    rows = [row for row in rows if row[0][0] in "EW"]
    return NomisTable(
        pd.DataFrame(
            {
                "DATE": 2021,
                "GEOGRAPHY_CODE": [row[0][:9] for row in rows],
                "GEOGRAPHY_NAME": [row[0].split(" : ")[1] for row in rows],
                "EMPLOYMENT_STATUS_NAME": "Employment",
                "OBS_VALUE": [int(row[3]) for row in rows],
                "OBS_STATUS": "A",
            }
        )
    )


def ethnicity_2011(folder: Path) -> NomisTable:
    """Serve KS201EW as the Nomis API does."""
    table = pd.read_parquet(folder / "england_wales_2011/ethnicity2011_lsoa11.parquet")
    groups = {
        "White": "White", "Mixed": "Mixed/multiple ethnic groups", "Asian": "Asian/Asian British",
        "Black": "Black/African/Caribbean/Black British", "Other": "Other ethnic group",
    }  # fmt: skip
    table = table.assign(All=table[list(groups)].sum(axis=1))
    names = {"All": "All usual residents"} | groups
    long = table.melt("LSOA11CD", list(names), "CELL_NAME", "OBS_VALUE")
    long["CELL_NAME"] = long["CELL_NAME"].map(names)
    long = long.rename(columns={"LSOA11CD": "GEOGRAPHY_CODE"})
    lookup = pd.read_parquet(folder / "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet")
    place = lookup.set_index("lsoa11_code")["lsoa11_name"]
    long["GEOGRAPHY_NAME"] = long["GEOGRAPHY_CODE"].map(place)
    long["OBS_VALUE"] = long["OBS_VALUE"].astype("int64")
    columns = ["GEOGRAPHY_CODE", "GEOGRAPHY_NAME", "CELL_NAME", "OBS_VALUE"]
    return NomisTable(long.sort_values("GEOGRAPHY_CODE", kind="stable")[columns])


def table_of(
    folder: Path, path: str, names: dict[str, str] | None = None, *, outputs: int = 0
) -> ArcGIS:
    """Serve a lookup as the ONS portal does."""
    file = folder / path
    table = (
        pd.read_parquet(file).astype("str")
        if file.suffix == ".parquet"
        else pd.read_csv(file, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    )
    if "lsoa21_name" in table and "msoa21_name" not in table:
        table["msoa21_name"] = table["lsoa21_name"].str[:-1]
    if names:
        table = table[list(names)].rename(columns=names)
    table = table.drop(columns="ObjectId", errors="ignore").dropna(how="all")
    if outputs:
        # One row an output area, as the portal has it; which one is whose is made up.
        each, more = divmod(outputs, len(table))
        table = table.loc[table.index.repeat([each + (at < more) for at in range(len(table))])]
        table = table.assign(OA21CD=[f"E00{at:06d}" for at in range(len(table))])
    return ArcGIS(table, page=10_000)


def serve_2021(server: Server, folder: Path) -> dict[str, Entry]:
    """Serve all that the main job of 2021 needs; give the catalogue with the server's addresses."""
    lookup = "england_wales_2021/lookup_lsoa21_msoa21_ward24_lad24.parquet"
    base = {"lsoa21_code": "LSOA21CD", "lsoa21_name": "LSOA21NM"}
    official = "official/lookups"
    players: dict[str, tuple[str, Any, str]] = {
        "lsoa21-boundaries": ("arcgis", layer(
            folder, "wmca_2021/lsoa21_bgc.geojson", "LSOA21CD", "LSOA21NM", "LSOA21CD"), ""),
        "lsoa21-boundaries-bsc": ("arcgis", layer(
            folder, "england_wales_2021/lsoa21_generalised.parquet", "LSOA21CD", "LSOA21NM",
            "lsoa21_code"), ""),
        "lsoa21-msoa21-lad": ("arcgis", table_of(folder, lookup, base | {
            "msoa21_code": "MSOA21CD", "msoa21_name": "MSOA21NM", "ltla24_code": "LAD22CD",
            "ltla24_name": "LAD22NM"}, outputs=188_880), ""),
        "lsoa21-ward24": ("arcgis", table_of(folder, lookup, base | {
            "ward24_code": "WD24CD", "ward24_name": "WD24NM", "ltla24_code": "LAD24CD",
            "ltla24_name": "LAD24NM"}), ""),
        "lsoa11-lsoa21": ("arcgis", table_of(
            folder, f"{official}/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_"
            "Lookup_for_England_and_Wales.csv"), ""),
        "lsoa11-ttwa11": ("arcgis", table_of(folder, f"{official}/LSOA11_TTWA11_UK.csv"), ""),
        "lad23-cauth23": ("arcgis", table_of(
            folder, "crosswalk/lad23_combined_authority23.csv", {
                "ltla23_code": "LAD23CD", "ltla23_name": "LAD23NM", "cauth23_code": "CAUTH23CD",
                "cauth23_name": "CAUTH23NM"}), ""),
        "iod2025-file7": ("file", file_7(folder), ""),
        "ts021-lsoa21": (
            "zip", zipped("census2021-ts021-lsoa.csv", ethnicity_2021(folder)),
            "census2021-ts021-lsoa.csv"),
        "odwp01ew-msoa21": (
            "zip", zipped("ODWP01EW_MSOA.csv", commuting(folder)), "ODWP01EW_MSOA.csv"),
        "ks201ew-lsoa11": ("nomis", ethnicity_2011(folder), ""),
        "bres-lsoa11": ("nomis", jobs(folder), ""),
    }  # fmt: skip
    paths = {"arcgis": "FeatureServer/0", "nomis": "NM_1_1.data.csv", "zip": "all.zip",
             "file": "file.csv"}  # fmt: skip
    entries = dict(catalogue())
    for name, (kind, player, member) in players.items():
        path = f"/{name}/{paths[kind]}"
        server.on(path, player)
        published = next((a for a in entries[name].addresses if a.kind == kind), None)
        parameters = published.parameters if published else {}
        place = Address(kind, server.url(path), True, "the test", parameters, member)
        entries[name] = replace(entries[name], addresses=(place,))
    return entries
