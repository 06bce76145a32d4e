"""Files that somebody has already are known by what they hold, and stay where they are."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fetch_fakes import catalogue_of, entry, examine, text_of
from wmspatial.errors import InputError, MissingFileError
from wmspatial.sources._contents import Contents
from wmspatial.sources._verifying import rebuild, verify
from wmspatial.sources.adopting import Adoption, adopt
from wmspatial.sources.store import Store

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = catalogue_of(entry("imd2004"), entry("ts021-lsoa21"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Name a folder for a store; nothing is there yet."""
    return Store(tmp_path / "store")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Lay out a folder of somebody's files, under names that say nothing."""
    folder = tmp_path / "mine"
    (folder / "old stuff").mkdir(parents=True)
    (folder / "final_v2 (copy).csv").write_text(text_of("imd2004"))
    (folder / "old stuff" / "ethnic.txt").write_text(text_of("ts021-lsoa21"))
    (folder / "letter.txt").write_text("Dear all")
    (folder / ".hidden").write_text(text_of("imd2004"))
    return folder


def take(store: Store, folder: Path, **more: bool) -> Adoption:
    """Adopt a folder of made-up files."""
    return adopt(folder, store=store, catalogue=CATALOGUE, examine=examine, **more)


def states(adoption: Adoption) -> dict[str, str]:
    """Say what became of each."""
    return {one.entered.record.key: one.entered.state for one in adoption.adopted}


def test_files_are_recognised_by_what_they_hold_and_stay_where_they_are(
    store: Store, mine: Path
) -> None:
    adoption = take(store, mine)
    assert states(adoption) == {"imd2004": "new", "ts021-lsoa21": "new"}
    assert [file.name for file in adoption.left] == ["letter.txt"]
    assert store.path("imd2004") == mine / "final_v2 (copy).csv"
    record = store.records()["ts021-lsoa21"]
    assert record.path == str(mine / "old stuff" / "ethnic.txt")
    assert (record.adopted, record.rows, record.url) == (True, 3, "")
    assert not (store.folder / "files").exists()


def test_the_folder_is_only_read(store: Store, mine: Path) -> None:
    before = {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in mine.rglob("*") if f.is_file()}
    for folder in (mine, mine / "old stuff"):
        folder.chmod(0o555)
    try:
        take(store, mine)
        take(store, mine, copy=True)
    finally:
        for folder in (mine, mine / "old stuff"):
            folder.chmod(0o755)
    after = {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in mine.rglob("*") if f.is_file()}
    assert after == before


def test_files_are_copied_where_that_is_said(store: Store, mine: Path) -> None:
    take(store, mine)
    assert set(states(take(store, mine)).values()) == {"same"}
    assert set(states(take(store, mine, copy=True)).values()) == {"replaced"}
    assert store.path("imd2004").is_relative_to(store.folder)
    assert store.path("imd2004").name == "final_v2_(copy).csv"
    (mine / "final_v2 (copy).csv").unlink()
    assert store.path("imd2004").read_text() == text_of("imd2004")
    assert list((store.folder / "partial").iterdir()) == []
    assert set(states(take(store, mine, copy=True)).values()) == {"same"}


def test_another_file_of_a_data_set_waits_until_it_is_said(
    store: Store, mine: Path, tmp_path: Path
) -> None:
    take(store, mine)
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.csv").write_text(text_of("imd2004").replace("E00000001,1", "E00000001,7"))
    assert states(take(store, other)) == {"imd2004": "changed"}
    assert store.path("imd2004").is_relative_to(mine)
    assert states(take(store, other, replace=True)) == {"imd2004": "replaced"}
    assert store.path("imd2004") == other / "x.csv"


def test_of_two_copies_the_complete_one_is_taken_then_the_one_that_reads_sooner(
    store: Store, mine: Path
) -> None:
    (mine / "a.csv").write_text(text_of("imd2004", 2))
    (mine / "z.parquet").write_text(text_of("imd2004"))
    adoption = take(store, mine)
    assert store.path("imd2004").name == "z.parquet"
    assert adoption.left[mine / "a.csv"] == "another copy of imd2004: z.parquet was taken"


def test_the_publishers_own_file_is_taken_before_a_tidy_copy(store: Store, mine: Path) -> None:
    def tidy(path: Path, dataset: str) -> Contents:
        return replace(examine(path, dataset), tidy=path.suffix == ".parquet")

    (mine / "a.parquet").write_text(text_of("imd2004"))
    adoption = adopt(mine, store=store, catalogue=CATALOGUE, examine=tidy)
    assert store.path("imd2004").name == "final_v2 (copy).csv"
    assert list(adoption.left)[-1] == mine / "a.parquet"


def test_what_was_damaged_or_went_since_is_no_longer_listed(store: Store, mine: Path) -> None:
    (mine / "third.csv").write_text(text_of("bres-lsoa11"))
    take(store, mine)
    (mine / "final_v2 (copy).csv").write_text("half a fi")
    (mine / "third.csv").unlink()
    adoption = take(store, mine)
    assert list(store.records()) == ["ts021-lsoa21"]
    assert adoption.forgotten["imd2004"].endswith(
        "has changed: final_v2 (copy).csv: no known layout."
    )
    assert adoption.forgotten["bres-lsoa11"] == f"{mine / 'third.csv'} is gone"


def test_another_folder_than_the_one_that_is_adopted_is_left_alone(
    store: Store, mine: Path, tmp_path: Path
) -> None:
    take(store, mine)
    (mine / "final_v2 (copy).csv").unlink()
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.csv").write_text(text_of("bres-lsoa11"))
    assert take(store, other).forgotten == {}
    assert "imd2004" in store.records()


def test_a_part_is_named_by_its_place(store: Store, mine: Path) -> None:
    def parts(path: Path, dataset: str) -> Contents:
        found = examine(path, dataset)
        return Contents(found.dataset, found.rows, found.columns, "old" not in str(path.parent))

    adopt(mine, store=store, catalogue=CATALOGUE, examine=parts)
    assert list(store.records()) == ["imd2004", "ts021-lsoa21: old stuff/ethnic"]


def test_one_file_may_hold_two_data_sets_unless_one_has_its_own(store: Store, mine: Path) -> None:
    def both(path: Path, dataset: str) -> Contents:
        found = examine(path, dataset)
        also = ("lsoa21-ward24", "ts021-lsoa21") if found.dataset == "imd2004" else ()
        return Contents(found.dataset, found.rows, found.columns, also=also)

    adoption = adopt(mine, store=store, catalogue=CATALOGUE, examine=both)
    assert store.path("lsoa21-ward24") == store.path("imd2004")
    assert store.path("ts021-lsoa21").name == "ethnic.txt"
    assert [file.name for file in adoption.left] == ["letter.txt"]


def test_a_link_to_a_file_is_followed(store: Store, mine: Path, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    (links / "a.csv").symlink_to(mine / "final_v2 (copy).csv")
    assert states(take(store, links)) == {"imd2004": "new"}


def test_a_folder_without_a_known_file_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="there is no such folder to adopt"):
        take(store, tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="there are no files in it"):
        take(store, empty)
    (empty / "letter.txt").write_text("Dear all")
    with pytest.raises(InputError, match=r"not one of its 1 files is .*known \(letter\.txt\)"):
        take(store, empty)
    assert not store.exists()


def test_the_store_does_not_adopt_itself(store: Store, mine: Path) -> None:
    take(store, mine, copy=True)
    with pytest.raises(InputError, match="lies in the store"):
        take(store, store.folder / "files")
    above = take(store, store.folder.parent)
    assert all(one.file.is_relative_to(mine) for one in above.adopted)


def test_verifying_finds_what_changed_or_went(store: Store, mine: Path) -> None:
    take(store, mine)
    assert [f.faults for f in verify(store, CATALOGUE, examine)] == [(), ()]
    (mine / "final_v2 (copy).csv").write_text(text_of("imd2004", 4))
    (mine / "old stuff" / "ethnic.txt").unlink()
    changed, gone = verify(store, CATALOGUE, examine)
    assert changed.faults[0].startswith("changed since it was adopted on 2")
    assert "bytes then" in changed.faults[0]
    assert gone.faults == (f"gone from {mine / 'old stuff'}",)


def test_verifying_looks_at_rows_and_columns_too(store: Store, mine: Path) -> None:
    take(store, mine)

    def other(path: Path, dataset: str) -> Contents:
        found = examine(path, dataset)
        if found.dataset == "imd2004":
            return Contents("imd2010", 2, ("code", "rank"))
        raise InputError("not to be read.")

    first, second = verify(store, CATALOGUE, other)
    assert first.faults == (
        "holds imd2010, not imd2004",
        "2 rows, the manifest says 3",
        "other columns (without ['people'], with ['rank'] more)",
        "2 rows, expected 3",
    )
    assert second.faults == ("cannot be read as ts021-lsoa21: not to be read.",)


def test_a_file_that_cannot_be_opened_is_a_fault_not_a_traceback(store: Store, mine: Path) -> None:
    take(store, mine, copy=True)
    file = store.path("imd2004")
    content = file.read_bytes()
    file.unlink()
    file.mkdir()
    assert next(verify(store, CATALOGUE, examine)).faults == ("gone",)
    file.rmdir()
    file.write_bytes(content)
    assert next(verify(store, CATALOGUE, examine)).faults == ()


def test_a_damaged_manifest_is_made_anew_from_the_files(store: Store, mine: Path) -> None:
    take(store, mine, copy=True)
    with pytest.raises(InputError, match="is not damaged: there is nothing to rebuild"):
        rebuild(store, examine)
    before = store.records()
    text = store.manifest.read_text()
    store.manifest.write_text(text[: len(text) // 2])
    bad = store.folder / "files" / "imd2004" / ("0" * 12) / "x.csv"
    bad.parent.mkdir()
    bad.write_text(text_of("imd2004"))
    records, faults = rebuild(store, examine)
    assert len(records) == 2
    assert len(faults) == 1
    assert "its hash is not the one that its folder is named by" in faults[0]
    after = store.records()
    assert {k: (r.path, r.sha256, r.rows) for k, r in after.items()} == {
        k: (r.path, r.sha256, r.rows) for k, r in before.items()
    }
    assert "made anew" in after["imd2004"].notes[-1]
    assert (store.folder / "manifest-damaged.json").read_text() == text[: len(text) // 2]
    assert all(not finding.faults for finding in verify(store, CATALOGUE, examine))


def test_a_manifest_of_a_newer_version_is_well_and_is_not_made_anew(
    store: Store, mine: Path
) -> None:
    take(store, mine)
    newer = store.manifest.read_text().replace('"version": 1', '"version": 2')
    store.manifest.write_text(newer)
    for look in (store.records, lambda: rebuild(store, examine)):
        with pytest.raises(InputError, match=r"newer wmspatial .*version 2.*--upgrade") as caught:
            look()
        assert "damaged" not in str(caught.value)
    assert store.manifest.read_text() == newer


def test_a_manifest_that_is_gone_is_made_anew_with_the_newest_files(
    store: Store, mine: Path
) -> None:
    take(store, mine, copy=True)
    old = store.path("imd2004")
    newer = text_of("imd2004").replace("E00000001,1", "E00000001,7")
    (mine / "final_v2 (copy).csv").write_text(newer)
    content = old.read_bytes()
    take(store, mine, copy=True, replace=True)
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(content)
    os.utime(old, (0, 0))
    store.manifest.unlink()
    _, faults = rebuild(store, examine)
    assert store.path("imd2004").read_text() == newer
    assert "an older one of imd2004" in faults[0]


def test_where_there_is_no_store_there_is_nothing_to_rebuild(store: Store) -> None:
    with pytest.raises(MissingFileError, match="there is no store there"):
        rebuild(store, examine)
    assert not store.folder.exists()


def test_boundaries_of_one_nation_are_a_part_of_the_kingdoms(tmp_path: Path) -> None:
    from wmspatial.sources.reading import read_official

    square = '{{"type":"Polygon","coordinates":[[[{0},52],[{0},53],[{1},53],[{0},52]]]}}'
    file = tmp_path / "wards.geojson"
    for codes, whole in (
        (["E05000001", "E05000002"], False),
        (["E05000001", "W05000001", "S13000001", "N08000001"], None),
    ):
        features = [
            f'{{"type":"Feature","properties":{{"WD25CD":"{code}","WD25NM":"x"}},"geometry":'
            f"{square.format(-2 + at / 10, -1.95 + at / 10)}}}"
            for at, code in enumerate(codes)
        ]
        file.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}')
        frame = read_official(file)
        assert frame.attrs["whole"] is whole
        said = "2 rows, none of Wales and Scotland and Northern Ireland: a part of the table"
        assert (said in frame.attrs["source"].notes) is (whole is False)


def test_the_official_folder_is_adopted_whole(store: Store, data_dir: Path) -> None:
    from wmspatial.sources.catalogue import catalogue

    folder = data_dir / "official" / "other_nations"
    adoption = adopt(folder, store=store, catalogue=catalogue())
    assert {key: store.records()[key].rows for key in store.records()} == {
        "nimdm2017": 890, "simd2020v2": 6_976, "wimd2019": 1_909,
    }  # fmt: skip
    assert adoption.left == {}
    assert all(not finding.faults for finding in verify(store, catalogue()))
