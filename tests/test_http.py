"""One door to the network: polite, patient, bounded, and whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from servers import Answer, Server
from wmspatial.errors import FetchError, InputError, OutputError
from wmspatial.sources._http_waiting import retry_after
from wmspatial.sources.http import Door, a_zip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "code,people\n" + "".join(f"E0100{i:04d},{i}\n" for i in range(2000))
LONG_AGO = "Mon, 01 Jan 2024 00:00:00 GMT"
PAGE = "<!DOCTYPE html><html><script>alert(1)</script><h1>Service\x1b[31m down</h1></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


class Waits(list[float]):
    """Notes how long each wait would have been, and does not wait."""

    def __call__(self, seconds: float) -> None:
        """Note one."""
        self.append(seconds)


def door(**options: Any) -> Door:
    """Make a door that takes http and never waits."""
    return Door(**({"allow_http": True, "timeout": 5, "sleep": Waits()} | options))


def refusal(call: Any, *parts: Any, **named: Any) -> str:
    """Get the one message of a call that has to fail."""
    with pytest.raises(FetchError) as caught:
        call(*parts, **named)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


# --- what comes right -----------------------------------------------------------------------------


def test_a_table_comes_as_it_is_and_says_what_it_was(server: Server, tmp_path: Path) -> None:
    url = server.on("/a.csv", Answer(TABLE, etag='"v1"', content_type="text/csv"))
    steps: list[tuple[int, int | None]] = []
    with door() as way:
        got = way.download(url, tmp_path / "a", progress=lambda *step: steps.append(step))
    assert (tmp_path / "a").read_text() == TABLE
    assert (got.bytes, got.sha256) == (len(TABLE), hashlib.sha256(TABLE.encode()).hexdigest())
    assert (got.url, got.etag, got.content_type) == (url, '"v1"', "text/csv")
    assert steps[-1] == (len(TABLE), len(TABLE))
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_the_library_names_itself(server: Server) -> None:
    door().get_text(server.on("/a", "x"))
    assert server.seen()[0].headers["User-Agent"].startswith("wmspatial/")


def test_a_long_address_is_remembered_whole_and_shown_short(server: Server, tmp_path: Path) -> None:
    many = {"codes": ",".join(f"E0100{i:04d}" for i in range(200))}
    url = server.on("/a", Answer(TABLE), Answer(status=404))
    assert door().download(url, tmp_path / "a", parameters=many).url.endswith("E01000199")
    assert len(refusal(door().get_text, url, many)) < 500


def test_json_and_text_come_packed_or_not(server: Server) -> None:
    for packed in (False, True):
        url = server.on("/a", Answer({"a": [1, "é"]}, gzip=packed))
        assert door().get_json(url, {"q": "1"}) == {"a": [1, "é"]}
        assert door().get_text(server.on("/b", Answer("\ufeffé", gzip=packed))) == "é"


def test_a_packed_table_is_unpacked_whole(server: Server, tmp_path: Path) -> None:
    much = "0" * 3_000_000
    got = door().download(server.on("/a", Answer(much, gzip=True)), tmp_path / "a")
    assert got.bytes == (tmp_path / "a").stat().st_size == len(much)


# --- what may pass --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(server: Server, status: int) -> None:
    url = server.on("/a", Answer("busy", status), Answer("busy", status), Answer("fine"))
    waits = Waits()
    assert door(sleep=waits).get_text(url) == "fine"
    assert server.count() == 3
    assert len(waits) == 2
    assert 0.5 <= waits[0] <= 1.5
    assert 1.0 <= waits[1] <= 2.0  # twice as long, and a second by chance


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 204, 206])
def test_what_will_not_pass_is_asked_once(server: Server, status: int, tmp_path: Path) -> None:
    url = server.on("/a", Answer("" if status == 204 else PAGE, status))
    said = refusal(door().download, url, tmp_path / "a")
    assert server.count() == 1
    assert url in said
    assert f"found {status}" in said
    assert status == 204 or "'Service [31m down'" in said
    assert not list(tmp_path.iterdir())


def test_trouble_that_stays_ends_after_so_many_tries(server: Server) -> None:
    url = server.on("/a", Answer("Database is being rebuilt", 503))
    said = refusal(door(retries=2).get_text, url)
    assert said == (
        f"{url}: expected 200 (OK), found 503 (Service Unavailable). It said: 'Database is being "
        "rebuilt'. Tried 3 times. Try again later."
    )
    assert server.count() == 3


def test_the_server_says_how_long_to_wait_in_seconds_or_as_a_date(server: Server) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    for header, low, high in (("7", 7, 8), (soon, 45, 51), ("soon", 0.5, 1.5), ("-5", 0.5, 1.5)):
        waits = Waits()
        url = server.on("/a", Answer(status=429, headers={"Retry-After": header}), Answer("fine"))
        assert door(sleep=waits).get_text(url) == "fine"
        assert low <= waits[0] <= high, header


def test_a_server_that_asks_for_an_hour_is_left_alone(server: Server) -> None:
    waits = Waits()
    url = server.on("/a", Answer(status=429, headers={"Retry-After": "3600"}), Answer("fine"))
    said = refusal(door(sleep=waits).get_text, url)
    assert "left alone for 3,600 s" in said
    assert (server.count(), waits) == (1, [])


def test_other_threads_wait_too_when_a_host_asks_for_rest(server: Server) -> None:
    now, waits = 100.0, Waits()
    way = door(sleep=waits, clock=lambda: now)
    way.get_text(server.on("/a", Answer(status=429, headers={"Retry-After": "30"}), Answer("fine")))
    waits.clear()
    way.get_text(server.on("/b", "fine"))
    assert waits == [pytest.approx(30)]


@given(st.text(max_size=40))
def test_no_words_about_waiting_break_it(text: str) -> None:
    wait = retry_after(text)
    assert wait is None or wait >= 0


# --- what breaks on the way -----------------------------------------------------------------------

BROKEN = {
    "dropped half-way": Answer(TABLE, cut=9000),
    "reset half-way": Answer(TABLE, cut=9000, reset=True),
    "dropped before the first byte": Answer(TABLE, cut=0),
    "dropped in a chunk": Answer(TABLE, cut=9000, chunked=True),
    "longer announced than sent": Answer(TABLE, length=len(TABLE) + 10),
    "gzip damaged in the middle": Answer(TABLE, gzip=True, damage=3000),
    "gzip damaged at the start": Answer(TABLE, gzip=True, damage=0),
    "gzip with another sum": Answer(TABLE, gzip=True, damage=-6),
    "packed in another way": Answer(TABLE, headers={"Content-Encoding": "br"}),
}


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("validator", [{}, {"etag": '"v1"', "ranges": True}])
def test_a_broken_transfer_ends_in_the_right_table_or_one_error(
    server: Server, tmp_path: Path, fault: str, validator: dict[str, Any]
) -> None:
    broken = replace(BROKEN[fault], **validator)
    good = Answer(TABLE, **validator)
    got = door().download(server.on("/a", broken, good), tmp_path / "a")
    assert (tmp_path / "a").read_text() == TABLE
    assert got.sha256 == hashlib.sha256(TABLE.encode()).hexdigest()

    said = refusal(door(retries=1).download, server.on("/b", broken), tmp_path / "b")
    assert "Tried 2 times" in said
    kept = (tmp_path / "b").exists()
    assert kept == (tmp_path / "b.json").exists() == ("are kept" in said)
    if fault != "reset half-way":  # how much of it came through is chance
        assert kept == bool(validator and fault in ("dropped half-way", "dropped in a chunk"))


def test_a_gzip_cut_short_at_its_announced_length_is_noticed(server: Server) -> None:
    half = gzip.compress(TABLE.encode())[:-200]
    url = server.on("/a", Answer(half, headers={"Content-Encoding": "gzip"}))
    assert "cut short" in refusal(door(retries=0).get_text, url)


def test_more_than_was_announced_does_not_spoil_the_next_answer(server: Server) -> None:
    way = door()
    assert way.get_text(server.on("/a", Answer("abcdef", length=3))) == "abc"
    assert way.get_text(server.on("/b", "next")) == "next"


def test_a_slow_drip_ends_at_the_deadline(server: Server, tmp_path: Path) -> None:
    url = server.on("/a", Answer(TABLE, drip=(10, 0.02)))
    said = refusal(door(deadline=0.3).download, url, tmp_path / "a")
    assert "bytes in 0 s" in said
    assert not list(tmp_path.iterdir())


def test_no_answer_is_a_time_out(server: Server) -> None:
    said = refusal(door(timeout=0.2, retries=1).get_text, server.on("/a", Answer("x", delay=5)))
    assert "no answer for 0.2 s" in said
    assert "Tried 2 times" in said


def test_nobody_there_is_said() -> None:
    with Server() as gone:
        url = gone.url("/a")
    assert "does not take connections" in refusal(door(retries=0).get_text, url)


def test_a_server_that_does_not_encrypt_is_said(server: Server) -> None:
    url = server.on("/a", "x").replace("http:", "https:")
    said = refusal(Door(retries=1, sleep=Waits()).get_text, url)
    assert "no encrypted connection could be made. Tried 2 times" in said
    assert server.count() == 0


def test_a_certificate_that_is_not_known_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")

    waits = Waits()
    way = Door(sleep=waits)
    monkeypatch.setattr(way._transport._session, "request", fail)
    assert "REQUESTS_CA_BUNDLE" in refusal(way.get_text, "https://a.example/")
    assert waits == []


def test_a_proxy_that_is_not_there_is_named(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = server.url("")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("https_proxy", gone)
    said = refusal(Door(retries=0, timeout=5).get_text, "https://a.example/")
    assert "HTTPS_PROXY" in said


def test_a_name_that_is_not_found_asks_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("no_proxy", "*")
    said = refusal(door(retries=0).get_text, "https://nowhere.invalid/a")
    assert said.startswith("https://nowhere.invalid/a: the server's name was not found. Is this")


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://a.org/x",
        "file:///etc/passwd",
        "ftp://a.org/x",
        "a.org",
        "",
        "https://",
        "https://[a",
    ],
)
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(InputError, match="https://"):
        Door().get_text(url)


def test_https_may_not_lead_to_http(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    target = server.on("/plain", "secret")
    way = Door(sleep=Waits())
    session = way._transport._session

    def lead_away(*_: Any, **__: Any) -> Any:
        response = requests.Response()
        response.status_code, response.url, response.raw = (
            302,
            "https://safe.example/a",
            io.BytesIO(),
        )
        response.headers["Location"] = target
        return response

    monkeypatch.setattr(session, "request", lead_away)
    assert "which is not https" in refusal(way.get_text, "https://safe.example/a")
    assert server.count() == 0


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://[a", "\xff\xfe", "ftp://a"])
def test_a_redirect_to_no_address_of_the_web_is_refused(server: Server, target: str) -> None:
    url = server.on("/a", Answer(status=302, headers={"Location": target}))
    assert "not https" in refusal(door().get_text, url)


def test_a_redirect_is_followed_and_a_loop_is_left(server: Server) -> None:
    server.on("/b", "there")
    assert door().get_text(server.on("/a", Answer(status=301, headers={"Location": "/b"}))) == (
        "there"
    )
    url = server.on("/loop", Answer(status=302, headers={"Location": "/loop"}))
    assert "from address to address" in refusal(door().get_text, url)
    assert server.count("/loop") == 9


def test_what_a_redirect_says_beside_its_address_is_not_read(server: Server) -> None:
    server.on("/b", "there")
    endless = Answer("x" * 1000, 302, headers={"Location": "/b"}, drip=(1, 5))
    assert door().get_text(server.on("/a", endless)) == "there"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv"])
def test_a_web_page_in_place_of_a_file_is_never_kept(
    server: Server, tmp_path: Path, kind: str
) -> None:
    url = server.on("/a.csv", Answer(PAGE, content_type=kind))
    said = refusal(door().download, url, tmp_path / "a")
    assert "expected a file, found a web page. It said: 'Service [31m down'" in said
    assert "\x1b" not in said
    assert not list(tmp_path.iterdir())


def test_the_caller_says_what_kind_of_file_it_has_to_be(server: Server, tmp_path: Path) -> None:
    url = server.on("/a.zip", Answer(TABLE))
    assert "no zip archive" in refusal(door().download, url, tmp_path / "a", check=a_zip)
    door().download(server.on("/b.html", Answer(PAGE)), tmp_path / "b", check=None)
    assert (tmp_path / "b").read_text() == PAGE
    assert "nothing" in refusal(door().download, server.on("/c", Answer("")), tmp_path / "c")


BAD_JSON = (PAGE, '{"a": 1', "", "[1, NaN]", "[" * 100_000, b"\xff\xfe{}")


@pytest.mark.parametrize("body", BAD_JSON, ids=range(len(BAD_JSON)))
def test_what_is_no_json_is_refused(server: Server, body: str | bytes) -> None:
    said = refusal(door().get_json, server.on("/a", Answer(body)))
    assert "expected JSON, found" in said
    assert len(said) < 500


def test_text_in_another_encoding_is_refused(server: Server) -> None:
    assert "byte 3 is not" in refusal(door().get_text, server.on("/a", Answer(b"caf\xe9")))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("chunked", [False, True])
def test_no_file_is_larger_than_allowed(
    server: Server, tmp_path: Path, packed: bool, chunked: bool
) -> None:
    url = server.on("/a", Answer("0" * 5_000_000, gzip=packed, chunked=chunked, etag='"1"'))
    said = refusal(door().download, url, tmp_path / "a", max_bytes=1_000_000)
    assert "at most 1,000,000 bytes" in said
    assert not list(tmp_path.iterdir())
    assert "1,000 bytes" in refusal(door(max_bytes=1000).get_text, url)


def test_a_place_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        door().download(server.on("/a", TABLE), tmp_path / "none" / "a")


@pytest.mark.parametrize("wrong", [{"retries": -1}, {"timeout": 0}, {"per_host": 0}])
def test_a_door_with_senseless_numbers_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="above zero"):
        Door(**wrong)
