"""The catalogue lists every data set, and says of each what is true of the publisher's file."""

import csv
import gzip
import io
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from python_calamine import CalamineWorkbook

from wmspatial.errors import InputError
from wmspatial.provenance import LOCKDOWN, OGL
from wmspatial.sources.catalogue import as_table, catalogue, describe, entry

ROOT = Path(__file__).resolve().parents[1]
ENTRIES = list(catalogue().values())

BOUNDARIES = [
    "lsoa11-boundaries", "lsoa21-boundaries", "lsoa11-boundaries-bsc", "lsoa21-boundaries-bsc",
    "msoa11-boundaries", "msoa21-boundaries", "ward11-boundaries", "ward22-boundaries",
    "ward24-boundaries", "ward25-boundaries", "lad11-boundaries", "lad22-boundaries",
    "lad24-boundaries",
]  # fmt: skip
LOOKUPS = [
    "lsoa01-lsoa11", "lsoa11-lsoa21", "lsoa11-msoa11-lad", "lsoa21-msoa21-lad", "lsoa11-ward21",
    "lsoa21-ward22", "lsoa21-ward24", "lsoa11-ttwa11", "lad23-cauth23",
]  # fmt: skip
INDICES = [
    "imd2004", "iod2010-imd", "iod2015-imd", "iod2015-file7", "iod2019-imd", "iod2019-domains",
    "iod2019-denominators", "iod2019-file7", "iod2025-imd", "iod2025-file7", "wimd2019",
    "simd2020v2", "nimdm2017",
]  # fmt: skip
CENSUS = [
    "ks201ew-lsoa11", "ts021-lsoa21", "ks601ew-lsoa11", "ks601ew-oa11", "ts066-lsoa21",
    "ts045-lsoa21", "ts062-lsoa21", "ts067-lsoa21", "wu01ew-msoa11", "wu03ew-msoa11",
    "odwp01ew-msoa21", "odwp01ew-ltla", "odmg01ew-msoa21", "odmg01ew-ltla",
]  # fmt: skip
#: Tables that can be adopted and not fetched.
EXTRACTS = [
    "msoa11-boundaries-bsc", "msoa21-boundaries-bsc", "jobs2011-msoa11", "jobs2021-msoa21",
    "economic2021-msoa21", "employed2011-lsoa11", "iod2025-indicators",
]  # fmt: skip
WORK = ["bres-lsoa11", "ashe-residence", "ashe-workplace", "aps-ethnicity"]

#: Where publishers keep their own files and pages; no copy, no third party.
PUBLISHERS = {
    "geoportal.statistics.gov.uk", "services1.arcgis.com", "www.arcgis.com", "www.ons.gov.uk",
    "www.nomisweb.co.uk", "www.gov.uk", "assets.publishing.service.gov.uk", "gov.wales",
    "webarchive.nationalarchives.gov.uk", "www.gov.wales", "www.gov.scot", "simd.scot",
    "www.nisra.gov.uk", "admin.opendatani.gov.uk",
}  # fmt: skip

GOOD = """
[publishers]
ons = "Office for National Statistics"
[licences]
ogl = "Open Government Licence v3.0"
[attributions]
ons = "Contains National Statistics data"
[caveats]
lockdown = "Taken in a lockdown."
[[dataset]]
id = "jobs"
title = "Jobs"
publisher = "ons"
geography = "LSOA 2021"
vintage = 2021
coverage = "England"
licence = "ogl"
attribution = "ons"
rows = 4
columns = ["code", "jobs"]
caveats = ["lockdown"]
needed = [2021]
  [[dataset.address]]
  kind = "zip"
  url = "https://example.org/jobs.zip"
  member = "jobs.csv"
  confirmed = true
  evidence = "a page"
"""


def read(text: str) -> object:
    from wmspatial.sources._catalogue_file import read_catalogue

    return read_catalogue(text, "mine.toml")


def test_every_data_set_is_listed_in_the_order_of_the_file() -> None:
    assert list(catalogue()) == [*BOUNDARIES, *LOOKUPS, *INDICES, *CENSUS, *WORK, *EXTRACTS]


def test_each_vintage_says_what_its_main_job_needs() -> None:
    needed = {year: {one.id for one in ENTRIES if year in one.needed} for year in (2011, 2021)}
    both = {"bres-lsoa11", "lsoa11-ttwa11", "lad23-cauth23", "ks201ew-lsoa11", "lsoa11-lsoa21"}
    assert needed[2011] == both | {
        "iod2015-imd", "wu01ew-msoa11", "lsoa11-msoa11-lad", "lsoa11-ward21",
        "lsoa11-boundaries", "lsoa11-boundaries-bsc",
    }  # fmt: skip
    assert needed[2021] == both | {
        "iod2025-file7", "odwp01ew-msoa21", "lsoa21-msoa21-lad", "lsoa21-ward24", "ts021-lsoa21",
        "lsoa21-boundaries", "lsoa21-boundaries-bsc",
    }  # fmt: skip


def test_what_the_main_job_needs_can_be_fetched_from_an_address_that_was_found() -> None:
    assert [one.id for one in ENTRIES if one.needed and not one.confirmed] == []


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.id)
def test_every_address_is_the_publishers_own_and_says_where_it_was_found(one) -> None:
    for address in one.addresses:
        assert urlsplit(address.url).scheme == "https"
        assert urlsplit(address.url).hostname in PUBLISHERS
        assert address.evidence
    assert one.addresses[-1].kind == "page", "the page that tells a person more"
    assert len({address.url for address in one.addresses}) == len(one.addresses)
    assert one.licence == OGL
    assert one.attribution.endswith(".")


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.id)
def test_a_client_finds_what_it_needs_to_ask(one) -> None:
    for address in one.addresses:
        if address.kind == "arcgis":
            server, _, layer = address.url.rpartition("/FeatureServer/")
            assert server.startswith("https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/")
            assert layer.isdigit()
            assert address.parameters["code_field"] in (one.columns or address.parameters.values())
        if address.kind == "nomis":
            assert address.url.endswith(".data.csv")
            assert {"geography", "date", "measures", "select"} <= set(address.parameters)


def test_a_put_together_address_is_not_passed_off_as_found() -> None:
    for one in ENTRIES:
        for address in one.addresses:
            assert address.confirmed == (not address.evidence.startswith("put together"))


def test_the_catalogue_says_what_the_method_has_to_know() -> None:
    for name in ("odwp01ew-msoa21", "odwp01ew-ltla"):
        assert LOCKDOWN in entry(name).caveats
    jobs = " ".join(entry("bres-lsoa11").caveats)
    assert "Rounded, the more the larger" in jobs
    assert "On LSOAs of 2011" in jobs
    for name in ("iod2025-imd", "iod2025-file7"):
        one = entry(name)
        assert (one.coverage, one.geography, one.rows) == ("England", "LSOA 2021", 33_755)
        assert any("never not deprived" in caveat for caveat in one.caveats)


def test_every_index_says_which_end_of_a_rank_is_deprived_and_nothing_else_does() -> None:
    assert [one.id for one in ENTRIES if one.direction] == INDICES
    assert all("1 = most deprived" in entry(name).direction for name in INDICES)


def test_areas_are_of_the_census_that_their_geography_names() -> None:
    for one in ENTRIES:
        level, _, year = one.geography.rpartition(" ")
        small = ("LSOA", "MSOA", "output area", "Data Zone", "Super Output Area")
        assert one.vintage == (int(year) if level in small else None), one.id


def test_every_caveat_and_attribution_is_used() -> None:
    raw = tomllib.loads((files("wmspatial.sources") / "catalogue.toml").read_text("utf-8"))
    caveats = {name for one in raw["dataset"] for name in one.get("caveats", [])}
    assert set(raw["caveats"]) == caveats
    assert set(raw["attributions"]) == {one["attribution"] for one in raw["dataset"]}
    assert set(raw["publishers"]) == {one["publisher"] for one in raw["dataset"]}


# What the entries say of the publishers' files, held against the files.


def _rows(path: Path) -> list[list[str]]:
    """Read a delimited file or a workbook's second sheet without its blank rows."""
    if path.suffix in (".xlsx", ".xls"):
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(1).to_python()
        rows = [[str(cell) for cell in row] for row in sheet]
    else:
        raw = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                raw = archive.read("LSOA01_LSOA11_LAD11_EW_LU.csv")
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
        text = raw.decode("latin-1" if path.suffix == ".zip" else "utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
    return [row for row in rows if any(row[:3])]


OFFICIAL = {
    "lsoa01-lsoa11": "lookups/LSOA_2001_to_2011.zip",
    "lsoa11-lsoa21": "lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_"
    "for_England_and_Wales.csv",
    "lsoa21-ward22": "lookups/Lower_Layer_Super_Output_Area_(2021)_to_Ward_(2022)_to_LAD_(2022)_"
    "Lookup_in_England_and_Wales_v3.csv",
    "lsoa11-ttwa11": "lookups/LSOA11_TTWA11_UK.csv",
    "iod2015-imd": "iod/File_1_ID_2015_Index_of_Multiple_Deprivation.xlsx",
    "iod2019-imd": "iod/File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz",
    "iod2019-domains": "iod/File_2_-_IoD2019_Domains_of_Deprivation.csv.gz",
    "iod2019-denominators": "iod/File_6_-_IoD2019_Population_Denominators.csv.gz",
    "wimd2019": "other_nations/wimd-2019-index-and-domain-scores.csv",
    "simd2020v2": "other_nations/simd2020v2_ranks.csv",
    "nimdm2017": "other_nations/nimdm2017-soa.csv",
    "ts045-lsoa21": "census/census2021-ts045-lsoa.csv",
    "ts062-lsoa21": "census/census2021-ts062-lsoa.csv",
    "ts067-lsoa21": "census/census2021-ts067-lsoa.csv",
    "odwp01ew-ltla": "census/ODWP01EW_LTLA.csv.gz",
    "odmg01ew-ltla": "census/ODMG01EW_LTLA.csv.gz",
}


@pytest.mark.parametrize("name", OFFICIAL)
def test_rows_and_headings_are_those_of_the_publishers_file(name: str, data_dir: Path) -> None:
    heading, *rows = _rows(data_dir / "official" / OFFICIAL[name])
    assert set(entry(name).columns) <= set(heading)
    assert len([row for row in rows if row[0].strip()]) == entry(name).rows


def test_headings_of_files_at_hand_in_part_are_right_too(data_dir: Path) -> None:
    folder = data_dir / "official"
    head = _rows(folder / "iod/File_7_IoD2025_HEAD_SAMPLE.csv")[0]
    assert set(entry("iod2025-file7").columns) <= set(head)
    assert set(entry("iod2025-imd").columns) <= set(head)
    areas = _rows(folder / "birmingham_2011/ks601_oa11_nomis_export.csv")
    assert any(set(entry("ks601ew-oa11").columns) <= set(row) for row in areas)
    jobs = _rows(folder / "jobs/bres2021_lsoa11_nomis_export.csv")
    assert any(set(entry("bres-lsoa11").columns) <= set(row) for row in jobs)
    assert sum(" : " in row[0] and row[0][0] in "EW" for row in jobs) == entry("bres-lsoa11").rows
    pay = _rows(folder / "pay/ashe_table_8_1a_weekly_pay_gross_residence_2023.xls")
    assert any(set(entry("ashe-residence").columns) <= set(row) for row in pay)


# The door to the catalogue.


def test_an_unknown_id_is_refused_with_the_nearest_named() -> None:
    with pytest.raises(InputError, match=r"'ts21-lsoa21'.*Nearest: ts021-lsoa21"):
        entry("ts21-lsoa21")
    with pytest.raises(InputError, match="None is spelt like it"):
        entry("xyzzy")
    with pytest.raises(InputError, match="no data set"):
        entry(["ts021-lsoa21"])  # type: ignore[arg-type]


def test_the_table_has_one_row_a_data_set_in_order() -> None:
    table = as_table()
    assert table["id"].tolist() == list(catalogue())
    assert table.columns.tolist() == [
        "id", "title", "publisher", "geography", "vintage", "coverage", "rows", "licence",
        "confirmed",
    ]  # fmt: skip
    assert str(table["rows"].dtype) == str(table["vintage"].dtype) == "Int64"
    by = table.set_index("id")
    assert by.loc["lsoa21-boundaries", "rows"] == 35_672
    assert by["vintage"].isna().tolist() == [one.vintage is None for one in ENTRIES]
    assert by.index[~by["confirmed"]].tolist() == ["iod2019-denominators", *EXTRACTS]


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.id)
def test_a_description_says_everything_and_fits_the_terminal(one) -> None:
    text = describe(one.id)
    flat = " ".join(text.split())
    for fact in (one.title, one.publisher, one.licence, one.attribution, *one.caveats):
        assert " ".join(fact.split()) in flat
    for column in one.columns:
        assert " ".join(column.split()) in flat
    for address in one.addresses:
        assert address.url in text.replace("\n", " ").split()
        assert " ".join(address.evidence.split()) in flat
    assert ("NOT CONFIRMED" in text) == any(not a.confirmed for a in one.addresses)
    long = [line for line in text.splitlines() if len(line) > 100]
    assert all("https://" in line for line in long)


def test_the_catalogue_cannot_be_changed_by_who_reads_it() -> None:
    one = entry("bres-lsoa11")
    with pytest.raises(TypeError):
        catalogue()["mine"] = one  # type: ignore[index]
    with pytest.raises(TypeError):
        one.addresses[0].parameters["date"] = "1999"  # type: ignore[index]
    with pytest.raises(AttributeError):
        one.rows = 1  # type: ignore[misc]
    assert len({*ENTRIES, one}) == len(ENTRIES)


def test_the_page_is_what_the_command_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from fill_catalogue import page

    assert (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8") == page()
    sys.modules.pop("fill_catalogue", None)


# A damaged catalogue.


def test_a_catalogue_as_it_has_to_be_is_read() -> None:
    (one,) = read(GOOD).values()  # type: ignore[attr-defined]
    assert one.caveats == ("Taken in a lockdown.",)
    assert one.addresses[0].member == "jobs.csv"
    assert dict(one.addresses[0].parameters) == {}


def _swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_swap("rows = 4", "rowz = 4"), "entry jobs: unknown key 'rowz'"),
        (_swap('title = "Jobs"\n', ""), "entry jobs: 'title' is missing"),
        (_swap('id = "jobs"\n', ""), "entry number 1: 'id' is missing"),
        (_swap('title = "Jobs"', 'title = " "'), "entry jobs: 'title' is empty"),
        (_swap("rows = 4", "rows = true"), "entry jobs: 'rows': expected a whole number, found T"),
        (_swap("rows = 4", 'rows = "4"'), "entry jobs: 'rows': expected a whole number"),
        (_swap("rows = 4", "rows = 0"), "entry jobs: 'rows': expected 1 or more, found 0"),
        (_swap("vintage = 2021", "vintage = 2015"), "entry jobs: 'vintage' or 'needed': 2015"),
        (_swap("needed = [2021]", 'needed = ["2021"]'), "'needed': expected a list, each of it a"),
        (_swap('["lockdown"]', '["lockdow"]'), "'caveats': no 'lockdow' in [caveats]"),
        (_swap('["lockdown"]', '[["lockdown"]]'), "'caveats': expected a list, each of it text"),
        (_swap('publisher = "ons"', 'publisher = "osn"'), "'publisher': no 'osn' in [publishers]"),
        (_swap('licence = "ogl"', 'licence = "mit"'), "'licence': no 'mit' in [licences]"),
        (_swap("https://", "http://"), "address 1: 'url': 'http://example.org/jobs.zip' is not an"),
        (_swap('kind = "zip"', 'kind = "rar"'), "address 1: 'kind': 'rar'; expected one of page"),
        (_swap('  member = "jobs.csv"\n', ""), "address 1: 'member': name the file wanted"),
        (_swap('  evidence = "a page"\n', ""), "address 1: 'evidence' is missing"),
        (_swap("  confirmed = true\n", ""), "address 1: 'confirmed' is missing"),
        (_swap("confirmed = true", 'confirmed = "yes"'), "'confirmed': expected true or false"),
        (_swap("jobs.zip", "jobs?f=1"), None),
        (_swap('kind = "zip"', 'kind = "nomis"'), None),
        (_swap("[caveats]", "[caveat]"), "unknown table [caveat]"),
        (_swap('lockdown = "Taken in a lockdown."', "lockdown = 1"), "[caveats]: expected a table"),
        (lambda text: text + "\n[[dataset", "not TOML"),
        (lambda text: text.split("[[dataset]]")[0], "expected a [[dataset]]"),
        (lambda _: "", "expected a [[dataset]]"),
        (lambda _: "dataset = [1]", "expected a [[dataset]]"),
        (lambda text: text.split("  [[dataset.address]]")[0], "entry jobs: 'address' is missing"),
        (lambda text: text.split("  [[dataset.address]]")[0] + "address = []", "there is none"),
        (lambda text: text + "  parameters = {page = 1}\n", "'parameters': expected texts"),
    ],
)  # fmt: skip
def test_a_damaged_catalogue_is_refused_with_file_entry_and_key(
    change: Callable[[str], str], said: str | None
) -> None:
    damaged = change(GOOD)
    if said is None:  # no fault: a file may have a query in its address, Nomis no member
        assert read(damaged)
        return
    with pytest.raises(InputError) as error:
        read(damaged)
    assert str(error.value).startswith("mine.toml: ")
    assert said in str(error.value)


def test_a_query_in_the_address_of_a_service_is_refused() -> None:
    text = GOOD.replace('kind = "zip"', 'kind = "arcgis"').replace("jobs.zip", "0?where=1")
    with pytest.raises(InputError, match="the query belongs into 'parameters'"):
        read(text)


def test_a_data_set_that_stands_twice_is_refused() -> None:
    entry_text = GOOD[GOOD.index("[[dataset]]") :]
    with pytest.raises(InputError, match=r"mine.toml: entry jobs: 'id' stands 2 times"):
        read(GOOD + entry_text)


def test_all_faults_are_named_at_once() -> None:
    text = GOOD.replace("vintage = 2021", "vintage = 1").replace("https://", "ftp://")
    with pytest.raises(InputError, match=r"vintage.*; entry jobs|vintage.*, entry jobs: address 1"):
        read(text)
