"""A Nomis query comes whole, each row once, or one clear error says what is wrong."""

from __future__ import annotations

import io
import logging
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from servers import Answer, NomisTable, Server
from wmspatial.errors import FetchError, InputError
from wmspatial.sources.http import Courtesy, Door
from wmspatial.sources.nomis_api import Nomis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATH = "/api/v01/dataset/NM_189_1.data.csv"
QUERY = {"geography": "TYPE298", "measures": "20100"}
ROWS = 250
Page = list[dict[str, Any]]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOMIS_API_KEY", raising=False)


def door(**options: Any) -> Door:
    return Door(**({"allow_http": True, "timeout": 5, "retries": 1, "sleep": float} | options))


def jobs(rows: int = ROWS) -> pd.DataFrame:
    """Lay out BRES as Nomis does: some values are missing, which the status says."""
    numbers = pd.Series(range(rows))
    missing = numbers % 50 == 7
    return pd.DataFrame(
        {
            "date_name": "2021",
            "geography_code": [f"E0100{i:04d}" for i in numbers],
            "geography_name": [f"Place, {i}" for i in numbers],
            "obs_value": numbers.astype(str).mask(missing, ""),
            "obs_status": pd.Series("A", index=numbers).mask(missing, "Q"),
        }
    )


def ask(
    server: Server, player: Any, limit: int = 100, query: dict[str, str] | None = None, **how: Any
) -> pd.DataFrame:
    """Get a query from a player."""
    url = server.on(PATH, player)
    return Nomis(door(), limit=limit, **how).table(url, QUERY if query is None else query)


def refusal(server: Server, player: Any, **how: Any) -> str:
    """Get the one message."""
    with pytest.raises(FetchError) as caught:
        ask(server, player, **how)
    assert PATH in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("limit", [1000, 250, 249, 125, 100, 60])
def test_all_rows_come_whatever_the_pages(server: Server, limit: int) -> None:
    table = ask(server, NomisTable(jobs()), limit)
    assert table["GEOGRAPHY_CODE"].tolist() == jobs()["geography_code"].tolist()
    assert list(table) == [name.upper() for name in jobs()]
    assert table["OBS_VALUE"].sum() == sum(i for i in range(ROWS) if i % 50 != 7)
    assert table["OBS_VALUE"].dtype == "float64"
    assert table["GEOGRAPHY_CODE"].dtype == "str"
    assert server.count() == -(-ROWS // limit)


def test_what_is_missing_is_missing_and_counted(server: Server) -> None:
    table = ask(server, NomisTable(jobs()))
    assert table["OBS_VALUE"].isna().sum() == 5
    assert table.attrs["notes"] == (
        "OBS_VALUE: 5 of 250 are missing (suppressed or missing, status Q: 5)",
    )


@pytest.mark.parametrize(
    ("value", "status", "confidence", "expected", "note"),
    [
        ("0", "Q", "F", None, "suppressed or missing, status Q: 1"),
        ("-", "A", "F", None, "no value: 1"),
        ("*", "A", "F", None, "no value: 1"),
        ("12", "A", "C", None, "confidential: 1"),
        ("12", "E", "F", 12.0, "1 have the status E"),
        ("1,234", "A", "F", 1234.0, ""),
        ("-3.5", "A", "F", -3.5, ""),
    ],
)
def test_markers_become_missing_values_and_others_stay(
    server: Server, value: str, status: str, confidence: str, expected: float | None, note: str
) -> None:
    frame = pd.DataFrame({"g": ["E"], "obs_value": value, "obs_status": status})
    table = ask(server, NomisTable(frame.assign(obs_conf=confidence)))
    got = table["OBS_VALUE"].iloc[0]
    assert pd.isna(got) if expected is None else got == expected
    assert note in "".join(table.attrs["notes"])
    assert bool(note) == bool(table.attrs["notes"])


@pytest.mark.parametrize("value", ["many", "1e400", "inf", "<script>"])
def test_a_value_nobody_knows_is_refused(server: Server, value: str) -> None:
    said = refusal(server, NomisTable(jobs(5).assign(obs_value=value)))
    assert value in said


def test_a_selection_is_completed_for_the_check_and_given_as_asked(server: Server) -> None:
    query = {**QUERY, "select": "geography_code,obs_value"}
    table = ask(server, NomisTable(jobs()), query=query)
    assert list(table) == ["GEOGRAPHY_CODE", "OBS_VALUE"]
    assert table["OBS_VALUE"].isna().sum() == 5
    sent = server.seen()[0].query["select"]
    assert sent == "geography_code,obs_value,obs_status,record_offset,record_count"


def test_a_query_inside_the_address_counts_too(server: Server) -> None:
    url = server.on(PATH, NomisTable(jobs(30)))
    table = Nomis(door(), limit=20).table(f"{url}?select=geography_code,obs_value&sex=7")
    assert (len(table), list(table)) == (30, ["GEOGRAPHY_CODE", "OBS_VALUE"])
    assert server.seen()[1].query["sex"] == "7"


# --- the key --------------------------------------------------------------------------------------


def test_without_a_key_25_000_rows_and_with_one_100_000(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.on(PATH, NomisTable(jobs(10)))
    Nomis(door()).table(url)
    monkeypatch.setenv("NOMIS_API_KEY", "0x12345678")
    Nomis(door()).table(url)
    guest, holder = (request.query for request in server.seen())
    assert (guest["RecordLimit"], guest.get("uid")) == ("25000", None)
    assert (holder["RecordLimit"], holder.get("uid")) == ("100000", "0x12345678")


def test_a_key_that_nomis_does_not_take_leaves_smaller_pages_and_nothing_out(
    server: Server,
) -> None:
    player = NomisTable(jobs(), limit=50, limit_with_key=50)
    table = ask(server, player, 200, key="0xwrong")
    assert len(table) == ROWS


def test_the_key_is_nowhere_to_be_read(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    key = "0xabcdef99"
    url = server.on(PATH, Answer(f"Error for {key}"))
    client = Nomis(door(), key)
    with caplog.at_level(logging.DEBUG), pytest.raises(FetchError) as caught:
        client.table(url, QUERY)
    assert server.seen()[0].query["uid"] == key
    assert key not in str(caught.value) + caplog.text + repr(client)


@pytest.mark.parametrize("name", ["uid", "RecordLimit", "recordoffset"])
def test_what_is_done_here_cannot_be_set_in_the_query(server: Server, name: str) -> None:
    for query, behind in (({name: "1"}, ""), ({}, f"?{name}=1")):
        with pytest.raises(InputError, match=name):
            Nomis(door()).table(server.url(PATH) + behind, query)


def test_only_csv_is_asked_for(server: Server) -> None:
    with pytest.raises(InputError, match=r"\.data\.csv"):
        Nomis(door()).table(server.url("/api/v01/dataset/NM_1_1.data.json"))
    with pytest.raises(InputError, match="one or more"):
        Nomis(door(), limit=0)


# --- faults ---------------------------------------------------------------------------------------


def on_page(number: int, change: Callable[[Page], Page]) -> Callable[[Page, int], Page]:
    """Spoil one page."""
    return lambda rows, page: change(rows) if page == number else rows


RIGHT = {
    "rows out of order": on_page(0, lambda rows: rows[::-1]),
    "a page cut short": on_page(1, lambda rows: rows[:40]),
    "the first page cut short": on_page(0, lambda rows: rows[:1]),
    "an empty page": on_page(1, lambda _: []),
    "a hole in a page": on_page(1, lambda rows: rows[:10] + rows[11:]),
}


@pytest.mark.parametrize("fault", RIGHT)
def test_a_fault_that_can_be_mended_gives_the_right_table(server: Server, fault: str) -> None:
    if fault == "a hole in a page":
        # The rest of that page comes again with the missing row, which is a repetition.
        assert "twice" in refusal(server, NomisTable(jobs(), tamper=RIGHT[fault]))
        return
    table = ask(server, NomisTable(jobs(), tamper=RIGHT[fault]))
    assert table["GEOGRAPHY_CODE"].tolist() == jobs()["geography_code"].tolist()


def _again(rows: Page) -> Page:
    """Repeat the first row of the page in place of its last, under the last's number."""
    return [*rows[:-1], rows[0] | {"RECORD_OFFSET": rows[-1]["RECORD_OFFSET"]}]


WRONG = {
    "every page cut short": (lambda rows, _: rows[:3], "the pages are cut short"),
    "no page but the first": (lambda rows, n: [] if n else rows, "never came"),
    "a row twice": (on_page(1, lambda rows: [*rows, rows[0]]), "twice"),
    "a row of the page before": (
        on_page(1, lambda rows: [*rows, rows[0] | {"RECORD_OFFSET": 5}]),
        "sent row 5 of 250, asked for those from 100",
    ),
    "a row repeated under another number": (on_page(1, _again), "repeated across pages"),
    "another count": (
        on_page(1, lambda rows: [r | {"RECORD_COUNT": 251} for r in rows]),
        "250 rows at first and 251 now",
    ),
    "a count that is none": (
        on_page(0, lambda rows: [r | {"RECORD_COUNT": "many"} for r in rows]),
        "'many' as RECORD_COUNT",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_that_cannot_be_mended_is_one_error(server: Server, fault: str) -> None:
    tamper, words = WRONG[fault]
    assert words in refusal(server, NomisTable(jobs(), tamper=tamper))


def test_a_count_that_does_not_match_is_one_error(server: Server) -> None:
    assert "never came" in refusal(server, NomisTable(jobs(), counted=3))
    assert "of 249" in refusal(server, NomisTable(jobs(), counted=-1))


ANSWERS = {
    "a web page": ("<html><h1>Too many requests</h1></html>", "Too many requests"),
    "words": ("Error: dataset not found", "dataset not found"),
    "nothing": ("", "It said nothing"),
    "only headings": ("OBS_VALUE,RECORD_OFFSET,RECORD_COUNT\n", "found only headings"),
    "cut in a row": ("G,RECORD_OFFSET,RECORD_COUNT\nE1,0,2\nE2,1", "row 3 of a page has 2 cells"),
    "cut in a quote": ('G,RECORD_OFFSET,RECORD_COUNT\n"E1', "cut or damaged"),
    "a row too long": ("G,RECORD_OFFSET,RECORD_COUNT\nE1,0,1,9\n", "4 cells, expected 3"),
}


@pytest.mark.parametrize("fault", ANSWERS)
def test_what_is_no_table_is_said(server: Server, fault: str) -> None:
    body, words = ANSWERS[fault]
    assert words in refusal(server, Answer(body))


def test_headings_that_change_on_a_later_page_are_refused(server: Server) -> None:
    first = "G,RECORD_OFFSET,RECORD_COUNT\nE1,0,2\n"
    later = "H,RECORD_OFFSET,RECORD_COUNT\nE2,1,2\n"
    url = server.on(PATH, first, later)
    with pytest.raises(FetchError, match="other headings"):
        Nomis(door(), limit=1).table(url)


@pytest.mark.parametrize("busy", [Answer(status=429), Answer("<html>Too many</html>")])
def test_trouble_on_a_page_is_waited_out(server: Server, busy: Answer) -> None:
    player = NomisTable(jobs())
    url = server.on(PATH, player, busy, player, busy, player)
    table = Nomis(door(), limit=100).table(url)
    assert table["GEOGRAPHY_CODE"].tolist() == jobs()["geography_code"].tolist()


# --- files and manners ----------------------------------------------------------------------------


def test_a_query_is_written_whole_or_not_at_all(server: Server, tmp_path: Path) -> None:
    url = server.on(PATH, NomisTable(jobs()))
    steps: list[Any] = []
    client = Nomis(door(), limit=100)
    got = client.download(url, QUERY, tmp_path / "jobs", lambda *step: steps.append(step))
    again = pd.read_csv(tmp_path / "jobs")
    assert again["GEOGRAPHY_CODE"].tolist() == jobs()["geography_code"].tolist()
    assert again["OBS_VALUE"].isna().sum() == 5
    assert "Place, 3" in again["GEOGRAPHY_NAME"].tolist()
    assert ",8.0," not in (tmp_path / "jobs").read_text()
    assert got.notes == ("OBS_VALUE: 5 of 250 are missing (suppressed or missing, status Q: 5)",)
    assert got.bytes == (tmp_path / "jobs").stat().st_size
    assert steps == [(100, 250), (200, 250), (250, 250)]

    server.on(PATH, NomisTable(jobs(), counted=3))
    with pytest.raises(FetchError):
        client.download(url, QUERY, tmp_path / "other")
    assert [file.name for file in tmp_path.iterdir()] == ["jobs"]


def test_a_bulk_file_has_to_be_an_archive(server: Server, tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as pack:
        pack.writestr("census2021-ts021-lsoa.csv", "date,geography")
    client = Nomis(door())
    got = client.bulk(server.on("/b.zip", Answer(held.getvalue())), tmp_path / "b.zip")
    assert got.bytes == len(held.getvalue())
    with pytest.raises(FetchError, match="a web page"):
        client.bulk(server.on("/c.zip", Answer("<html>gone</html>")), tmp_path / "c.zip")


def test_nomis_is_asked_one_by_one_and_slowly() -> None:
    waits: list[float] = []
    rules = {"127.0.0.1": Courtesy(1, 1.0)}
    with Server() as server:
        url = server.on(PATH, NomisTable(jobs()))
        way = door(courtesies=rules, sleep=waits.append, clock=lambda: 0.0)
        Nomis(way, limit=100).table(url)
        assert server.busiest == 1
    assert waits == [1.0, 2.0]


def test_the_real_nomis_has_a_pause_by_default() -> None:
    from wmspatial.sources._http_waiting import COURTESIES

    rules = COURTESIES["www.nomisweb.co.uk"]
    assert (rules.at_once, rules.pause) == (1, 1.0)
