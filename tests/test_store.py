"""A store is as it was, or has one file more: nothing half-done, and no path leads out of it."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from wmspatial.errors import InputError, MissingFileError, OutputError
from wmspatial.sources import _manifest
from wmspatial.sources._tidying import tidy
from wmspatial.sources.store import Record, Store

if TYPE_CHECKING:
    from pathlib import Path

THEN = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Name a folder for a store; nothing is there yet."""
    return Store(tmp_path / "store")


def record_of(content: bytes, dataset: str = "ts021-lsoa21", **more: Any) -> Record:
    """Describe a file of that content."""
    digest = hashlib.sha256(content).hexdigest()
    made = Record(dataset, "", "data.csv", digest, len(content), 3, ("code",), THEN, "https://x/y")
    return replace(made, **more)


def enter(store: Store, content: bytes, *, replace_old: bool = False, **more: Any) -> Any:
    """Offer a file of that content to the store."""
    record = record_of(content, **more)
    file = store.partial(record.key) / "content"
    file.write_bytes(content)
    return store.enter(record, file, replace_old=replace_old)


def elsewhere(file: Path, **more: Any) -> Record:
    """Describe a file that lies outside the store."""
    return record_of(file.read_bytes(), path=str(file), url="", **more)


def files_of(store: Store) -> list[str]:
    """List the files under files/."""
    root = store.folder / "files"
    return sorted(f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file())


def test_looking_at_a_store_makes_nothing(store: Store) -> None:
    assert (store.exists(), store.records(), store.find("ts021-lsoa21")) == (False, {}, [])
    assert tidy(store) == []
    assert not store.folder.exists()


def test_a_file_taken_in_is_in_the_manifest_and_in_its_place(store: Store) -> None:
    entered = enter(store, b"a,b\n1,2\n")
    assert entered.state == "new"
    assert store.records() == {"ts021-lsoa21": entered.record}
    assert store.find("ts021-lsoa21") == [entered.record]
    assert store.path("ts021-lsoa21").read_bytes() == b"a,b\n1,2\n"
    assert store.file(entered.record) == store.path("ts021-lsoa21")
    digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()[:12]
    assert files_of(store) == [f"ts021-lsoa21/{digest}/data.csv"]


def test_the_manifest_can_be_read_by_a_person(store: Store) -> None:
    enter(store, b"x", part="Dún Laoghaire", notes=("a note",))
    text = store.manifest.read_text("utf-8")
    assert "Dún Laoghaire" in text
    assert json.loads(text)["version"] == 1
    assert len(text.splitlines()) > 10


def test_the_whole_comes_before_its_parts(store: Store) -> None:
    for part in ("Walsall", "", "Birmingham"):
        enter(store, part.encode(), part=part)
    assert [r.part for r in store.find("ts021-lsoa21")] == ["", "Birmingham", "Walsall"]


def test_the_same_content_again_changes_nothing(store: Store) -> None:
    first = enter(store, b"x")
    again = enter(store, b"x", fetched="2027-01-01T00:00:00+00:00")
    assert (again.state, again.record) == ("same", first.record)


def test_other_content_is_not_taken_unless_it_is_said_so(store: Store) -> None:
    first = enter(store, b"old")
    offered = enter(store, b"new")
    assert offered.state == "changed"
    assert offered.record == first.record
    assert offered.other.sha256 == hashlib.sha256(b"new").hexdigest()
    assert store.path("ts021-lsoa21").read_bytes() == b"old"
    assert len(files_of(store)) == 1
    said = enter(store, b"new", replace_old=True)
    assert (said.state, said.other) == ("replaced", first.record)
    assert store.path("ts021-lsoa21").read_bytes() == b"new"
    assert len(files_of(store)) == 1


@pytest.mark.parametrize("damage", ["gone", "cut", "same size"])
def test_a_damaged_file_is_mended_by_the_same_content(store: Store, damage: str) -> None:
    enter(store, b"right")
    file = store.path("ts021-lsoa21")
    file.unlink() if damage == "gone" else file.write_bytes(b"wr" if damage == "cut" else b"wrong")
    assert enter(store, b"right").state == "mended"
    assert store.path("ts021-lsoa21").read_bytes() == b"right"


def test_a_damaged_file_gives_way_to_what_the_publisher_has_now(store: Store) -> None:
    enter(store, b"right")
    store.path("ts021-lsoa21").write_bytes(b"wrong")
    assert enter(store, b"newer").state == "replaced"
    assert store.path("ts021-lsoa21").read_bytes() == b"newer"


def test_a_file_elsewhere_stays_there_and_is_never_written_or_deleted(
    store: Store, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_bytes(b"mine")
    entered = store.enter(elsewhere(mine))
    assert entered.record.adopted
    assert store.path("ts021-lsoa21") == mine
    assert enter(store, b"theirs").state == "changed"
    assert enter(store, b"theirs", replace_old=True).state == "replaced"
    assert store.path("ts021-lsoa21").read_bytes() == b"theirs"
    assert mine.read_bytes() == b"mine"


def test_a_file_elsewhere_that_changed_is_known_by_what_it_holds_now(
    store: Store, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_bytes(b"before")
    store.enter(elsewhere(mine))
    mine.write_bytes(b"after!")
    assert store.enter(elsewhere(mine)).state == "replaced"
    assert store.find("ts021-lsoa21")[0].sha256 == hashlib.sha256(b"after!").hexdigest()


def test_an_own_copy_stays_when_the_same_file_is_met_elsewhere(
    store: Store, tmp_path: Path
) -> None:
    enter(store, b"x")
    mine = tmp_path / "mine.csv"
    mine.write_bytes(b"x")
    assert store.enter(elsewhere(mine), replace_old=True).state == "same"
    assert store.path("ts021-lsoa21").is_relative_to(store.folder)


def test_two_names_of_one_content_do_not_take_it_from_each_other(store: Store) -> None:
    for part in ("A", "B"):
        enter(store, b"x", part=part)
    store.forget("ts021-lsoa21: A")
    assert store.path("ts021-lsoa21: B").read_bytes() == b"x"
    store.forget("ts021-lsoa21: B")
    store.forget("ts021-lsoa21: C")
    assert (store.records(), files_of(store)) == ({}, [])


def test_what_is_not_there_is_said_to_be_fetched_or_adopted(store: Store) -> None:
    with pytest.raises(MissingFileError, match="'wmspatial data fetch' gets it"):
        store.path("ts021-lsoa21")
    enter(store, b"x")
    store.path("ts021-lsoa21").unlink()
    with pytest.raises(MissingFileError, match=r"data\.csv is gone; the store .* lists it"):
        store.path("ts021-lsoa21")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "'format' is not 'wmspatial store'"),
        ('{"format": "wmspatial store", "version": "1", "files": []}', "'version' is '1'"),
        ('{"format": "wmspatial store", "version": 1, "files": {}}', "'files' is not a list"),
        ('{"format": "wmspatial store", "version": 1, "files": [3]}', "file 1: not a table"),
        ("\x00\ud800", "not JSON"),
    ],
    ids=["empty", "cut", "deep", "other", "version", "files", "record", "bytes"],
)  # fmt: skip
def test_a_damaged_manifest_is_one_error_that_says_what_to_do(
    store: Store, text: str, said: str
) -> None:
    enter(store, b"x")
    store.manifest.write_bytes(text.encode("utf-8", "surrogatepass"))
    before = store.manifest.read_bytes()
    for look in (store.records, lambda: enter(store, b"y"), lambda: tidy(store)):
        with pytest.raises(InputError) as caught:
            look()
        assert said in str(caught.value)
        assert "verify --rebuild" in str(caught.value)
    assert store.manifest.read_bytes() == before
    assert len(files_of(store)) == 1


def test_a_manifest_cut_anywhere_is_refused_or_whole(store: Store) -> None:
    enter(store, b"x")
    whole = store.manifest.read_bytes()
    records = store.records()
    for length in range(len(whole)):
        store.manifest.write_bytes(whole[:length])
        try:
            assert store.records() == records
        except InputError:
            assert length < len(whole.rstrip())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sha256", "abc"), ("sha256", 3), ("bytes", -1), ("bytes", True), ("rows", "3"),
        ("columns", "code"), ("columns", [1]), ("dataset", "../x"), ("dataset", ""),
        ("part", None), ("path", ""),
    ],
)  # fmt: skip
def test_every_key_of_a_record_is_checked(store: Store, key: str, value: Any) -> None:
    enter(store, b"x")
    raw = json.loads(store.manifest.read_text("utf-8"))
    raw["files"][0][key] = value
    store.manifest.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(InputError, match=f"file 1: '{key}'"):
        store.records()


def test_a_record_that_stands_twice_is_refused(store: Store) -> None:
    enter(store, b"x")
    raw = json.loads(store.manifest.read_text("utf-8"))
    raw["files"] *= 2
    store.manifest.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(InputError, match="'ts021-lsoa21' stands twice"):
        store.records()


@pytest.mark.parametrize(
    "path",
    ["../secret.csv", "files/../../secret.csv", "files\\..\\..\\secret.csv", "C:\\secret.csv",
     "\\\\host\\share", "files/\0", ".."],
)  # fmt: skip
def test_no_path_of_a_manifest_leads_out_of_the_folder(store: Store, path: str) -> None:
    entered = enter(store, b"x")
    raw = json.loads(store.manifest.read_text("utf-8"))
    raw["files"][0]["path"] = path
    store.manifest.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(InputError, match=r"'path' .* leads out of the folder"):
        store.records()
    with pytest.raises(InputError, match="leads out of"):
        store.file(replace(entered.record, path=path))


def test_no_link_leads_out_of_the_store(store: Store, tmp_path: Path) -> None:
    entered = enter(store, b"x")
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"s")
    file = store.path("ts021-lsoa21")
    file.unlink()
    file.symlink_to(secret)
    with pytest.raises(InputError, match="leads out of the store"):
        store.path("ts021-lsoa21")
    assert not store.sound(entered.record)
    assert enter(store, b"x").state == "mended"
    assert not file.is_symlink()
    assert secret.read_bytes() == b"s"


def test_no_file_is_moved_over_a_link_out_of_the_store(store: Store, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    store.folder.mkdir()
    (store.folder / "files").symlink_to(tmp_path / "outside")
    with pytest.raises(OutputError, match="a link there leads out of the store"):
        enter(store, b"x")
    assert list((tmp_path / "outside").iterdir()) == []
    assert store.records() == {}


@pytest.mark.parametrize("name", ["../../evil.csv", "a\\..\\b.csv", ".", "..", "", "a b/ç d.csv"])
def test_a_publishers_file_name_is_only_a_name(store: Store, name: str) -> None:
    entered = enter(store, b"x", path=name)
    digest = hashlib.sha256(b"x").hexdigest()[:12]
    place = store.folder / "files" / "ts021-lsoa21" / digest
    assert store.file(entered.record).parent == place
    assert store.path("ts021-lsoa21").read_bytes() == b"x"


def test_what_is_killed_before_it_is_named_is_tidied_away(store: Store) -> None:
    enter(store, b"x")
    orphan = store.folder / "files" / "ts021-lsoa21" / ("0" * 12) / "data.csv"
    orphan.parent.mkdir()
    orphan.write_bytes(b"y")
    own = store.folder / "files" / "notes" / "mine" / "readme.txt"
    own.parent.mkdir(parents=True)
    own.write_text("not the store's")
    store.manifest.with_name("manifest.json.new").write_text("{")
    finished = store.partial("ts021-lsoa21")
    under_way = store.partial("imd2004")
    assert sorted(tidy(store)) == sorted(
        [orphan.relative_to(store.folder).as_posix(), finished.relative_to(store.folder).as_posix()]
    )
    assert not orphan.parent.exists()
    assert own.exists()
    assert under_way.exists()
    assert store.path("ts021-lsoa21").read_bytes() == b"x"
    assert not store.manifest.with_name("manifest.json.new").exists()


def test_a_download_that_nobody_went_on_with_is_forgotten(store: Store) -> None:
    enter(store, b"x")
    folder = store.partial("imd2004")
    os.utime(folder, (0, 0))
    with store.downloading("imd2004"):
        assert folder.relative_to(store.folder).as_posix() not in tidy(store)
    assert folder.relative_to(store.folder).as_posix() in tidy(store)
    assert not folder.exists()


def test_files_without_their_manifest_are_neither_lost_nor_written_over(store: Store) -> None:
    enter(store, b"x")
    store.manifest.unlink()
    assert store.exists()
    for look in (store.records, lambda: enter(store, b"y")):
        with pytest.raises(InputError, match=r"manifest\.json is gone, .*verify --rebuild"):
            look()
    assert tidy(store) == []
    assert len(files_of(store)) == 1


def test_a_manifest_that_cannot_be_written_leaves_the_store_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(store, b"x")
    before = store.records()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(_manifest.os, "fsync", full)
        with pytest.raises(OutputError, match="No space left on device"):
            enter(store, b"y", part="B")
    assert store.records() == before
    tidy(store)
    assert len(files_of(store)) == 1


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    store = Store(tmp_path / "file" / "store")
    with pytest.raises(OutputError, match="Name another folder with --data or WMSPATIAL_DATA"):
        store.enter(record_of(b"x"))
    with pytest.raises(OutputError, match="cannot be made"):
        store.partial("ts021-lsoa21")


def test_many_threads_lose_no_record(store: Store) -> None:
    def work(number: int) -> None:
        enter(store, str(number).encode(), part=f"part {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.records()) == 16
    assert all(store.sound(record) for record in store.records().values())


def test_a_data_set_is_fetched_by_one_at_a_time_and_a_wait_can_be_ended(store: Store) -> None:
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    with store.downloading("imd2004") as first:
        assert first
        with store.downloading("ts021-lsoa21") as other:
            assert other
        waited: list[bool] = []

        def work() -> None:
            with store.downloading("imd2004", stop) as second:
                waited.append(second)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(30)
        assert waited == [False]


def test_the_folder_is_the_callers_or_the_environments_or_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WMSPATIAL_DATA", str(tmp_path / "named"))
    assert Store(tmp_path / "mine").folder == tmp_path / "mine"
    assert Store().folder == tmp_path / "named"
    assert "WMSPATIAL_DATA" in Store().chosen
    monkeypatch.setenv("WMSPATIAL_DATA", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert Store().chosen == "the platform's data folder"
    assert Store().folder.name == "wmspatial"
    monkeypatch.chdir(tmp_path)
    assert Store("relative").folder == tmp_path / "relative"
