"""Where the tables of a run are found: by place, by content, or in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import wmspatial as wm
from wmspatial.sources.adopting import adopt
from wmspatial.sources.catalogue import catalogue
from wmspatial.sources.shelf import open_shelf
from wmspatial.sources.store import Store

if TYPE_CHECKING:
    from pathlib import Path

LOOKUP = (
    "official/lookups/LSOA_(2011)_to_LSOA_(2021)_to_Local_Authority_District_(2022)_Lookup_for_"
    "England_and_Wales.csv"
)
NEEDED_2011 = (
    "england_wales_2011/lookup_lsoa11_msoa11_lad21.parquet",
    "england_wales_2011/ethnicity2011_lsoa11.parquet",
    "england_wales_2011/wu01ew_msoa_commuting.parquet",
    "england_wales_2011/lsoa11_generalised.parquet",
    "official/iod/File_1_ID_2015_Index_of_Multiple_Deprivation.xlsx",
    "official/jobs/bres2021_lsoa11_nomis_export.csv",
    "official/lookups/LSOA11_TTWA11_UK.csv",
    LOOKUP,
    "crosswalk/lad23_combined_authority23.csv",
    "wmca_2011/lsoa11_bgc.geojson",
)


def scrambled(data_dir: Path, folder: Path) -> Path:
    """Link the files that 2011 needs under names that say nothing, the index as a workbook."""
    folder.mkdir()
    for number, name in enumerate(NEEDED_2011):
        (folder / f"{number:02d}.bin").symlink_to(data_dir / name)
    (folder / "notes.txt").write_text("A shopping list: bread, milk.\n")
    return folder


@pytest.mark.xdist_group("official")
def test_files_under_any_names_give_the_same_neighbourhoods(
    data_dir: Path, tmp_path: Path, real_2011: wm.Dataset
) -> None:
    folder = scrambled(data_dir, tmp_path / "mine")
    found = wm.load("wmca", 2011, data_dir=folder)
    theirs = real_2011.neighbourhoods.drop(columns=["ward_code", "ward"])
    pd.testing.assert_frame_equal(found.neighbourhoods, theirs)
    assert {source.file for source in found.provenance} == {f"{n:02d}.bin" for n in range(10)} - {
        "03.bin", "08.bin",
    }  # fmt: skip
    assert found.areas.geometry.geom_equals(real_2011.areas.geometry).all()

    # The same folder adopted: nothing is written to it, and no flag is needed.
    before = sorted(folder.iterdir())
    store = Store(tmp_path / "store")
    adopt(folder, store=store, catalogue=catalogue())
    assert sorted(folder.iterdir()) == before
    adopted = wm.load("wmca", 2011, data_dir=store.folder)
    pd.testing.assert_frame_equal(adopted.neighbourhoods, theirs)
    assert all(source.fetched for source in adopted.provenance)
    with pytest.raises(wm.MissingFileError) as error:
        wm.load("wmca", 2021, data_dir=store.folder)
    assert "odwp01ew-msoa21" in str(error.value)
    assert "'wmspatial data fetch" in str(error.value)

    # A file that is gone is as good as never adopted, and is named.
    (folder / "05.bin").unlink()
    with pytest.raises(wm.MissingFileError, match=r"1 of 9 files missing.*bres-lsoa11"):
        wm.load("wmca", 2011, data_dir=store.folder)


def test_a_folder_that_holds_nothing_official_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("bread,milk\n1,2\n")
    with pytest.raises(wm.MissingFileError, match="does not look like the data folder"):
        wm.load("wmca", 2021, data_dir=tmp_path)
    assert open_shelf(tmp_path).find("ts021-lsoa21") == []


def test_an_empty_store_says_how_it_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WMSPATIAL_DATA", str(tmp_path / "none"))
    with pytest.raises(wm.MissingFileError) as error:
        wm.load("wmca", 2021)
    assert "'wmspatial data fetch --area wmca --vintage 2021'" in str(error.value)
    assert "'wmspatial data adopt DIR'" in str(error.value)
    assert not (tmp_path / "none").exists()


@pytest.mark.xdist_group("official")
def test_a_file_that_changed_since_it_was_adopted_is_not_read_in_silence(
    data_dir: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    file = mine / "combined.csv"
    file.write_bytes((data_dir / "crosswalk/lad23_combined_authority23.csv").read_bytes())
    store = Store(tmp_path / "store")
    adopt(mine, store=store, catalogue=catalogue())
    assert len(open_shelf(store.folder).table("lad23-cauth23")[0]) > 40
    file.write_bytes(file.read_bytes().replace(b"Birmingham", b"Brimingham"))
    with pytest.raises(wm.InputError, match="has changed since it was taken into the data folder"):
        open_shelf(store.folder).table("lad23-cauth23")


def test_a_stray_cell_at_the_far_corner_of_a_workbook_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "stray.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["LSOA11CD", "people"])
    sheet.write_string("XFD1048576", " ")
    book.close()
    with pytest.raises(wm.InputError, match="cells"):
        wm.read_official(tmp_path / "stray.xlsx")
