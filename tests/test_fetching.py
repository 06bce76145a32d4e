"""What comes is whole, checked and in the store; what does not is one error and is not kept."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from fetch_fakes import address, catalogue_of, entry, examine, text_of, tools
from servers import Answer, Server
from wmspatial.errors import FetchError, InputError, OutputError
from wmspatial.sources._outcomes import How, Outcome, Tools
from wmspatial.sources.fetching import Incomplete, fetch
from wmspatial.sources.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IDS = ("ts021-lsoa21", "imd2004", "bres-lsoa11")


@pytest.fixture
def server() -> Iterator[Server]:
    """Play the publishers."""
    with Server() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Name a folder for a store; nothing is there yet."""
    return Store(tmp_path / "store")


def get(store: Store, *entries: Any, how: How | None = None, **more: Any) -> Outcome:
    """Fetch all of a made-up catalogue."""
    options = {"tools": tools()} | more
    return fetch("wmca", 2021, store=store, catalogue=catalogue_of(*entries), how=how, **options)


def served(server: Server, *ids: str, **more: Any) -> list[Any]:
    """Serve made-up data sets, each at a path of its name."""
    return [entry(name, address(server.on(f"/{name}.csv", text_of(name))), **more) for name in ids]


def files_of(store: Store, *folders: str) -> list[str]:
    """List the files of the store."""
    found = [
        f for name in folders or ("files", "partial") for f in (store.folder / name).rglob("*")
    ]
    return sorted(f.name for f in found if f.is_file())


def states(outcome: Outcome) -> dict[str, str]:
    """Say what became of each."""
    return {result.wanted.key: result.state for result in outcome.results}


def test_what_is_needed_comes_whole_and_the_store_knows_from_where(
    server: Server, store: Store
) -> None:
    other = entry("imd2004", needed=(2011,))
    outcome = get(store, *served(server, "ts021-lsoa21", "bres-lsoa11"), other)
    assert states(outcome) == {"ts021-lsoa21": "fetched", "bres-lsoa11": "fetched"}
    record = store.records()["ts021-lsoa21"]
    content = store.path("ts021-lsoa21").read_bytes()
    assert content == text_of("ts021-lsoa21").encode()
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert (record.rows, record.columns, record.notes) == (3, ("code", "people"), ("made up",))
    assert record.url == server.url("/ts021-lsoa21.csv")
    assert record.fetched.endswith("+00:00")
    assert files_of(store) == ["bres-lsoa11.csv", "ts021-lsoa21.csv"]


def test_what_is_there_is_not_asked_for_again(server: Server, store: Store) -> None:
    entries = served(server, *IDS)
    get(store, *entries)
    outcome = get(store, *entries)
    assert set(states(outcome).values()) == {"held"}
    assert server.count() == len(IDS)


def test_only_what_is_named_is_fetched(server: Server, store: Store) -> None:
    entries = served(server, *IDS)
    assert states(get(store, *entries, datasets=["imd2004"])) == {"imd2004": "fetched"}
    with pytest.raises(InputError, match=r"'imd2005': no such data set\. Nearest: imd2004"):
        get(store, *entries, datasets=["imd2005"])


def test_all_that_goes_wrong_is_told_at_once_and_the_rest_stays(
    server: Server, store: Store
) -> None:
    good, lost, broken = served(server, *IDS)
    server.on("/imd2004.csv", Answer("gone", 404))
    server.on("/bres-lsoa11.csv", Answer("down", 500))
    with pytest.raises(Incomplete) as caught:
        get(store, good, lost, broken)
    said = str(caught.value)
    assert said.startswith("2 of 3 data sets did not come.")
    assert all(name in said for name in ("/imd2004.csv", "404", "/bres-lsoa11.csv", "500"))
    assert "the same command again" in said
    assert isinstance(caught.value, FetchError)
    assert list(states(caught.value.outcome).values()) == ["fetched", "failed", "failed"]
    assert list(store.records()) == ["ts021-lsoa21"]
    assert files_of(store) == ["ts021-lsoa21.csv"]
    served(server, *IDS)
    assert list(states(get(store, good, lost, broken)).values()) == ["held", "fetched", "fetched"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer("<html>Sorry, we are updating</html>", content_type="text/html"), "page"),
        (Answer(text_of("imd2004")), "it holds imd2004"),
        (Answer("a,b\n1,2\n"), "no known layout"),
        (Answer(text_of("ts021-lsoa21", 2)), "2 rows, expected 3: it was cut short"),
        (Answer(text_of("ts021-lsoa21"), length=1000), "/ts021-lsoa21.csv"),
        (Answer(""), "/ts021-lsoa21.csv"),
    ],
    ids=["page", "other", "unknown", "rows", "length", "empty"],
)
def test_a_bad_response_is_never_kept(
    server: Server, store: Store, answer: Answer, said: str
) -> None:
    wanted = served(server, "ts021-lsoa21")
    server.on("/ts021-lsoa21.csv", answer)
    with pytest.raises(Incomplete) as caught:
        get(store, *wanted)
    assert said in str(caught.value)
    assert (store.records(), files_of(store)) == ({}, [])


def test_a_bad_response_leaves_what_was_there(server: Server, store: Store) -> None:
    wanted = served(server, "ts021-lsoa21")
    before = get(store, *wanted).results[0].record
    server.on("/ts021-lsoa21.csv", Answer(text_of("imd2004")))
    with pytest.raises(Incomplete, match="it holds imd2004"):
        get(store, *wanted, how=How(replace=True))
    assert store.records() == {"ts021-lsoa21": before}
    assert store.path("ts021-lsoa21").read_text() == text_of("ts021-lsoa21")


def test_more_rows_than_expected_are_kept_and_said(server: Server, store: Store) -> None:
    wanted = served(server, "ts021-lsoa21")
    server.on("/ts021-lsoa21.csv", text_of("ts021-lsoa21", 4))
    outcome = get(store, *wanted)
    assert outcome.results[0].remarks == ("4 rows, expected 3",)
    assert "4 rows, expected 3" in store.records()["ts021-lsoa21"].notes


def test_a_change_at_the_publisher_is_told_and_what_is_here_stays_until_it_is_said_so(
    server: Server, store: Store
) -> None:
    wanted = served(server, "ts021-lsoa21")
    get(store, *wanted)
    assert list(states(get(store, *wanted, how=How(again=True))).values()) == ["unchanged"]
    new = text_of("ts021-lsoa21").replace("E00000001,1", "E00000001,7")
    server.on("/ts021-lsoa21.csv", new)
    changed = get(store, *wanted, how=How(again=True)).results[0]
    assert changed.state == "changed"
    assert changed.record is not None
    assert changed.other is not None
    assert changed.record.sha256 == hashlib.sha256(text_of("ts021-lsoa21").encode()).hexdigest()
    assert changed.other.sha256 == hashlib.sha256(new.encode()).hexdigest()
    assert changed.record.fetched <= changed.other.fetched
    assert store.path("ts021-lsoa21").read_text() == text_of("ts021-lsoa21")
    assert get(store, *wanted, how=How(replace=True)).results[0].state == "replaced"
    assert store.path("ts021-lsoa21").read_text() == new
    assert files_of(store) == ["ts021-lsoa21.csv"]


@pytest.mark.parametrize("damage", [b"", None])
def test_a_file_that_went_bad_is_fetched_again(
    server: Server, store: Store, damage: bytes | None
) -> None:
    wanted = served(server, "ts021-lsoa21")
    get(store, *wanted)
    file = store.path("ts021-lsoa21")
    file.unlink() if damage is None else file.write_bytes(damage)
    assert get(store, *wanted).results[0].state == "mended"
    assert file.read_text() == text_of("ts021-lsoa21")


def test_addresses_are_tried_in_turn_confirmed_ones_first(server: Server, store: Store) -> None:
    lost, found = server.url("/lost.csv"), server.on("/found.csv", text_of("imd2004"))
    guessed = server.on("/guessed.csv", text_of("imd2004"))
    wanted = entry("imd2004", address(guessed, confirmed=False), address(lost), address(found))
    assert get(store, wanted).results[0].record.url == found  # type: ignore[union-attr]
    assert [request.path for request in server.seen()] == ["/lost.csv", "/found.csv"]


def test_an_address_that_was_not_confirmed_is_tried_only_when_it_is_said(
    server: Server, store: Store
) -> None:
    guessed = server.on("/guessed.csv", Answer("no", 404))
    wanted = entry("imd2004", address(guessed, confirmed=False), address("https://p.test", "page"))
    with pytest.raises(Incomplete) as caught:
        get(store, wanted)
    assert f"no confirmed address. --unconfirmed tries {guessed}" in str(caught.value)
    assert "by hand from https://p.test" in str(caught.value)
    assert server.count() == 0
    with pytest.raises(Incomplete, match=r"404.*\(an address that was not confirmed\)"):
        get(store, wanted, how=How(unconfirmed=True))
    server.on("/guessed.csv", text_of("imd2004"))
    assert states(get(store, wanted, how=How(unconfirmed=True))) == {"imd2004": "fetched"}


def test_what_has_only_a_page_is_to_be_downloaded_by_hand(store: Store) -> None:
    with pytest.raises(Incomplete, match=r"by hand from https://p\.test .*data adopt DIR"):
        get(store, entry("imd2004", address("https://p.test", "page")))


def zipped(**members: str) -> bytes:
    """Pack some texts; two underscores stand for a dot."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return packed.getvalue()


def test_the_one_file_of_an_archive_that_is_wanted_is_kept(server: Server, store: Store) -> None:
    packed = zipped(census__csv=text_of("imd2004"), readme__txt="read me")
    place = address(server.on("/a.zip", packed), "zip", member="census*.csv")
    get(store, entry("imd2004", place))
    assert files_of(store) == ["census.csv"]
    assert store.path("imd2004").read_text() == text_of("imd2004")


@pytest.mark.parametrize(
    "packed",
    [
        zipped(other__csv=text_of("imd2004")),
        zipped(**{"../census__csv": text_of("imd2004")}),
        zipped(census__csv="0" * 30_000_000),
        zipped(census__csv=text_of("imd2004"))[:-40],
    ],
    ids=["no such file", "out of the folder", "bomb", "cut"],
)
def test_a_bad_archive_is_one_error_and_the_store_is_as_before(
    server: Server, store: Store, packed: bytes
) -> None:
    place = address(server.on("/a.zip", packed), "zip", member="*census.csv")
    with pytest.raises(Incomplete, match=r"1 of 1 data sets did not come.*a\.zip"):
        get(store, entry("imd2004", place))
    assert (store.records(), files_of(store)) == ({}, [])
    outside = [f for f in store.folder.parent.rglob("*") if f.name == "census.csv"]
    assert outside == []


def test_a_download_that_broke_off_is_gone_on_with(server: Server, store: Store) -> None:
    body = text_of("imd2004", 20_000)
    wanted = entry("imd2004", address(server.url("/a.csv")), rows=20_000)
    whole = Answer(body, etag='"1"', ranges=True)
    server.on("/a.csv", Answer(body, etag='"1"', ranges=True, cut=100_000), Answer("no", 404))
    with pytest.raises(Incomplete):
        get(store, wanted)
    assert store.records() == {}
    server.on("/a.csv", whole)
    get(store, wanted)
    assert store.path("imd2004").read_text() == body
    assert server.seen("/a.csv")[-1].headers["Range"].startswith("bytes=")
    assert files_of(store) == ["a.csv"]


def test_two_at_once_fetch_everything_once(server: Server, store: Store) -> None:
    server.delay = 0.1
    entries = served(server, *IDS)
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(get(Store(store.folder), *entries)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert server.count() == len(IDS)
    assert sorted(s for o in outcomes for s in states(o).values()) == ["fetched"] * 3 + ["held"] * 6
    assert all(store.sound(record) for record in store.records().values())


def test_several_come_at_once_and_no_more_than_is_said(server: Server, store: Store) -> None:
    server.delay = 0.1
    entries = served(server, *(f"imd{year}" for year in range(2001, 2009)))
    get(store, *entries, how=How(jobs=4))
    assert server.busiest == 4
    with pytest.raises(InputError, match="jobs=0: expected 1 to 32"):
        How(jobs=0)


class Impatient:
    """A user who presses Ctrl-C when a download is half-way."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.finishes: list[str] = []

    def planned(self, wanted: Any) -> None:
        """Hear, and do nothing."""

    def moved(self, key: str, done: int, _total: int | None) -> None:
        """Press Ctrl-C, once."""
        import _thread

        if key == "imd2004" and done >= self.patience:
            self.patience = 10**9
            _thread.interrupt_main()

    def finished(self, result: Any) -> None:
        """Remember."""
        self.finishes.append(result.wanted.key)


def test_stopping_leaves_a_good_store_and_what_was_under_way(server: Server, store: Store) -> None:
    body = text_of("imd2004", 60_000)
    slow = Answer(body, etag='"1"', ranges=True, drip=(20_000, 0.05))
    wanted = entry("imd2004", address(server.on("/a.csv", slow)), rows=60_000)
    quick = served(server, "ts021-lsoa21")
    # A run in the background is deaf to Ctrl-C unless it asks for it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            get(store, wanted, *quick, progress=Impatient(150_000))
    finally:
        signal.signal(signal.SIGINT, before)
    assert set(store.records()) <= {"ts021-lsoa21"}
    assert any(name.endswith(".part") for name in files_of(store, "partial"))
    user = Impatient(10**9)
    get(store, wanted, *quick, progress=user)
    assert sorted(user.finishes) == ["imd2004", "ts021-lsoa21"]
    assert "Range" in server.seen("/a.csv")[-1].headers
    assert store.path("imd2004").read_text() == body
    assert files_of(store, "partial") == []


def test_a_damaged_manifest_is_refused_before_anything_is_asked(
    server: Server, store: Store
) -> None:
    entries = served(server, *IDS)
    store.folder.mkdir()
    store.manifest.write_text("{")
    with pytest.raises(InputError, match="verify --rebuild"):
        get(store, *entries)
    assert server.count() == 0


def test_a_folder_that_cannot_be_written_is_one_error(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(OutputError, match="Name another folder"):
        get(Store(tmp_path / "file" / "x"), *served(server, *IDS))
    assert server.count() == 0


def test_a_complete_store_that_cannot_be_written_to_will_do(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = served(server, *IDS)
    get(store, *entries)

    def read_only(_store: Store) -> None:
        raise OutputError("read-only")

    monkeypatch.setattr(Store, "changing", read_only)
    assert set(states(get(store, *entries)).values()) == {"held"}
    with pytest.raises(OutputError, match="read-only"):
        get(store, *entries, how=How(again=True))


def test_official_files_come_through_the_real_readers(
    server: Server, store: Store, data_dir: Path
) -> None:
    from wmspatial.sources.catalogue import catalogue

    official = data_dir / "official"
    packed = (official / "lookups" / "LSOA_2001_to_2011.zip").read_bytes()
    ranks = (official / "other_nations" / "wimd-2019-index-and-domain-scores.csv").read_bytes()
    real = catalogue()
    place = address(server.on("/a.zip", packed), "zip", member="*.csv")
    wanted = {
        "lsoa01-lsoa11": replace(real["lsoa01-lsoa11"], addresses=(place,)),
        "wimd2019": replace(real["wimd2019"], addresses=(address(server.on("/w.csv", ranks)),)),
    }
    network = Tools(tools().network)
    outcome = fetch(
        "wmca", 2011, store=store, catalogue=wanted, datasets=list(wanted), tools=network
    )
    assert [result.state for result in outcome.results] == ["fetched", "fetched"]
    assert {key: r.rows for key, r in store.records().items()} == {
        "lsoa01-lsoa11": 34_917, "wimd2019": 1_909,
    }  # fmt: skip
    server.on("/w.csv", ranks[: len(ranks) // 2])
    with pytest.raises(Incomplete, match="wimd2019"):
        fetch(
            "wmca", 2011, store=store, catalogue=wanted, datasets=["wimd2019"], tools=network,
            how=How(replace=True),
        )  # fmt: skip
    assert store.path("wimd2019").read_bytes() == ranks


def test_a_name_that_a_server_gives_stays_in_the_store(server: Server, store: Store) -> None:
    place = server.on("/..%2F..%2Fevil.csv", text_of("imd2004"))
    get(store, entry("imd2004", address(place)))
    assert store.path("imd2004").is_relative_to(store.folder / "files")
    assert not (store.folder.parent / "evil.csv").exists()


def test_the_manifest_of_a_fetch_says_what_examining_found(server: Server, store: Store) -> None:
    get(store, *served(server, *IDS))
    raw = json.loads(store.manifest.read_text("utf-8"))
    for one in raw["files"]:
        found = examine(store.folder / one["path"])
        assert (one["dataset"], one["rows"]) == (found.dataset, found.rows)
