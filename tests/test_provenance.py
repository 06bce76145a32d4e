"""Every number says where it comes from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

import wmspatial as wm
from conftest import NOTE, Official, own_dataset, town
from wmspatial.briefings import about
from wmspatial.provenance import JOBS_2021, LOCKDOWN, RECONSTRUCTION, RELATIVE, carried_sources

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    2011: {
        "lookup_lsoa11_msoa11_lad21.parquet": "england_wales_2011",
        "ethnicity2011_lsoa11.parquet": "england_wales_2011",
        "imd2015_lsoa11_england.parquet": "england_wales_2011",
        "wu01ew_msoa_commuting.parquet": "england_wales_2011",
        "bres2021_lsoa11_nomis_export.csv": "official/jobs",
        "LSOA11_TTWA11_UK.csv": "official/lookups",
        "lsoa11_bgc.geojson": "wmca_2011",
    },
    2021: {
        "lookup_lsoa21_msoa21_ward24_lad24.parquet": "england_wales_2021",
        "ethnicity2021_lsoa21_long.parquet": "england_wales_2021",
        "imd2025_lsoa21_england.parquet": "england_wales_2021",
        "odwp01ew_msoa_commuting.parquet": "england_wales_2021",
        "bres2021_lsoa11_nomis_export.csv": "official/jobs",
        "LSOA11_TTWA11_UK.csv": "official/lookups",
        "lsoa21_bgc.geojson": "wmca_2021",
    },
}


@pytest.mark.xdist_group("official")
@pytest.mark.parametrize("vintage", [2011, 2021])
def test_every_file_is_named_with_its_hash_and_licence(
    vintage: int, data_dir: Path, request: pytest.FixtureRequest
) -> None:
    typology = wm.classify(request.getfixturevalue(f"real_{vintage}"))
    sources = {source.file: source for source in typology.provenance}
    for name, folder in FILES[vintage].items():
        content = (data_dir / folder / name).read_bytes()
        assert sources[name].sha256 == hashlib.sha256(content).hexdigest()
    for source in typology.provenance:
        assert source.title
        assert source.publisher
        assert source.licence == "Open Government Licence v3.0"
        assert source.rows > 0
        assert "/" not in source.file
    assert len(sources) == len(typology.provenance)
    jobs = sources["bres2021_lsoa11_nomis_export.csv"]
    assert jobs.rows == 34_753
    assert "exclude farm agriculture" in " ".join(jobs.notes)
    text = about(typology)
    for source in typology.provenance:
        assert f"{source.file}, {source.rows:,} rows, sha256 {source.sha256}" in text


@pytest.mark.xdist_group("official")
def test_the_caveats_are_those_of_the_census(real_2011: wm.Dataset, real_2021: wm.Dataset) -> None:
    early, late = wm.classify(real_2011), wm.classify(real_2021)
    for typology in (early, late):
        assert {RECONSTRUCTION, RELATIVE, JOBS_2021} <= set(typology.caveats)
        assert any("share one connection score" in c for c in typology.caveats)
    assert LOCKDOWN in late.caveats
    assert LOCKDOWN not in early.caveats


@pytest.mark.xdist_group("official")
def test_the_index_is_the_one_asked_for(official: Official, real_2011: wm.Dataset) -> None:
    assert real_2011.deprivation == "IMD 2015"
    later = official("Solihull", 2011, deprivation="imd2019")
    assert later.deprivation == "IMD 2019"
    assert "imd2019_lsoa11_england.parquet" in [source.file for source in later.provenance]
    with pytest.raises(wm.InputError, match="deprivation='imd2025': for 2011 there is 'imd2015'"):
        official("Solihull", 2011, deprivation="imd2025")


def test_what_a_result_rests_on_is_written_down() -> None:
    dataset = own_dataset(
        town(12), study_area="Town", deprivation="my index", caveats=["Counted by hand."],
        provenance=[wm.Source("My table", "Me", licence="CC0", file="mine.csv", sha256="ab", rows=3,
                              notes=("one row mended",))],
        report=["two rows dropped"],
    )  # fmt: skip
    text = about(wm.classify(dataset, cut=0.25))
    for part in (
        "Town, 2011", "cut = 0.25", "pez_denominator = 'all employed residents'",
        "deprivation = 'my index'", "Counted by hand.", "My table (Me). CC0.",
        "mine.csv, 3 rows, sha256 ab", "one row mended", "two rows dropped", RECONSTRUCTION,
    ):  # fmt: skip
        assert part in text
    assert NOTE not in text


def test_where_and_when_a_file_was_fetched_is_written_down() -> None:
    source = wm.Source(
        "Mine", "Me", fetched="2026-11-20T09:00:00+00:00", url="https://example.org/a.csv",
        attribution="Thanks to me.",
    )  # fmt: skip
    assert source.origin == "Fetched on 2026-11-20 from https://example.org/a.csv."
    assert wm.Source("Mine").origin == ""
    assert wm.Source("Mine", fetched="2026-11-20").origin == "Adopted on 2026-11-20."
    text = about(wm.classify(own_dataset(town(12), provenance=[source]), cut=0.25))
    assert "    Fetched on 2026-11-20 from https://example.org/a.csv.\n    Thanks to me." in text


def test_the_sample_says_first_that_it_is_made_up(sample: wm.Dataset) -> None:
    assert about(wm.classify(sample)).splitlines()[0] == NOTE


def test_a_source_reads_like_a_footer() -> None:
    assert str(wm.Source("Census 2021", "ONS")) == "Census 2021 (ONS)"
    assert str(wm.Source("My table")) == "My table"


def test_a_frame_keeps_its_source_through_parquet(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": [1]})
    table.attrs["source"] = wm.Source("Mine", "Me", rows=1)
    table.to_parquet(tmp_path / "mine.parquet")
    back = pd.read_parquet(tmp_path / "mine.parquet").attrs["source"]
    assert wm.Source(*back)[:3] == wm.Source("Mine", "Me")[:3]


def test_a_frame_carries_its_tables_on_to_a_map_and_through_a_file(tmp_path: Path) -> None:
    typology = wm.classify(wm.load_sample())
    titles = [source.title for source in typology.provenance]
    frame = typology.frame.assign(share=typology.frame["asian"] / typology.frame["residents"])
    assert [source.title for source in carried_sources(frame)] == titles
    frame.to_parquet(tmp_path / "frame.parquet")
    again = gpd.read_parquet(tmp_path / "frame.parquet")
    assert carried_sources(again) == carried_sources(frame)
    page = wm.choropleth_map(again, "share").get_root().render()
    assert all(title in page for title in titles)
