"""A download that broke off goes on where it was, and never makes one file of two."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servers import Answer, Server
from wmspatial.errors import FetchError
from wmspatial.sources.http import Door

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = "".join(f"old row {i}\n" for i in range(3000))
NEW = "".join(f"new row {i}\n" for i in range(3100))
LONG_AGO = "Mon, 01 Jan 2024 00:00:00 GMT"
HALF = 20_000


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def door(**options: Any) -> Door:
    return Door(**({"allow_http": True, "timeout": 5, "sleep": float} | options))


def file(content: str, version: str = '"1"', **faults: Any) -> Answer:
    """Serve a file that can be gone on with."""
    return Answer(content, etag=version, ranges=True, **faults)


def broken_off(server: Server, to: Path, answer: Answer | None = None) -> str:
    """Begin a download that breaks off, and give its address."""
    url = server.on("/a", answer or file(OLD, cut=HALF))
    with pytest.raises(FetchError, match="are kept: the next try goes on from there"):
        door(retries=0).download(url, to)
    assert to.stat().st_size == HALF
    return url


def test_it_goes_on_within_one_call(server: Server, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    url = server.on("/a", file(OLD, cut=HALF), file(OLD))
    got = door().download(url, tmp_path / "a", progress=lambda *step: steps.append(step))
    first, second = server.seen()
    assert "Range" not in first.headers
    assert second.headers["Range"] == f"bytes={HALF}-"
    assert second.headers["If-Range"] == '"1"'
    assert (tmp_path / "a").read_text() == OLD
    assert got.sha256 == hashlib.sha256(OLD.encode()).hexdigest()
    assert got.bytes == len(OLD)
    assert steps == sorted(steps)
    assert {total for _, total in steps} == {len(OLD)}
    assert [found.name for found in tmp_path.iterdir()] == ["a"]


def test_it_goes_on_in_a_later_call(server: Server, tmp_path: Path) -> None:
    broken_off(server, tmp_path / "a")
    door().download(server.on("/a", file(OLD)), tmp_path / "a")
    assert server.seen()[-1].headers["Range"] == f"bytes={HALF}-"
    assert (tmp_path / "a").read_text() == OLD
    assert not (tmp_path / "a.json").exists()


def test_a_date_of_change_proves_it_as_well(server: Server, tmp_path: Path) -> None:
    half = Answer(OLD, modified=LONG_AGO, ranges=True, cut=HALF)
    broken_off(server, tmp_path / "a", half)
    door().download(server.on("/a", Answer(OLD, modified=LONG_AGO, ranges=True)), tmp_path / "a")
    assert server.seen()[-1].headers["If-Range"] == LONG_AGO
    assert (tmp_path / "a").read_text() == OLD


@pytest.mark.parametrize(
    "later",
    [
        file(NEW, '"2"'),
        file(OLD[:100], '"2"'),
        Answer(NEW),
        Answer(NEW, modified=LONG_AGO, ranges=True),
        Answer(NEW, gzip=True, etag='"1"'),
    ],
    ids=["another version", "a shorter one", "no ranges", "no etag", "packed"],
)
def test_a_file_that_changed_meanwhile_comes_whole(
    server: Server, tmp_path: Path, later: Answer
) -> None:
    broken_off(server, tmp_path / "a")
    got = door().download(server.on("/a", later), tmp_path / "a")
    assert (tmp_path / "a").read_text() == later.body
    assert got.sha256 == hashlib.sha256(later.body.encode()).hexdigest()


def _rest(start: int, version: str, where: str = "") -> Answer:
    where = where or f"bytes {start}-{len(NEW) - 1}/{len(NEW)}"
    headers = {"Content-Range": where, "ETag": version}
    return Answer(NEW[start:], 206, headers={k: v for k, v in headers.items() if v})


@pytest.mark.parametrize(
    "wrong",
    [
        _rest(HALF, '"2"'),
        _rest(HALF - 5, '"1"'),
        _rest(HALF, ""),
        _rest(HALF, '"1"', "bytes x"),
        _rest(HALF, '"1"', f"bytes {HALF}-{HALF + 5}/{len(NEW)}"),
        Answer("no such range", 416),
    ],
    ids=["other version", "other place", "no version", "no range", "not to the end", "refused"],
)
def test_a_rest_that_does_not_fit_is_never_appended(
    server: Server, tmp_path: Path, wrong: Answer
) -> None:
    broken_off(server, tmp_path / "a")
    door().download(server.on("/a", wrong, file(NEW, '"2"')), tmp_path / "a")
    assert (tmp_path / "a").read_text() == NEW


@pytest.mark.parametrize(
    "beside",
    [None, "", "[1]", "{}", '{"url": "http://other/", "validator": "\\"1\\""}', "[" * 9999],
)
def test_a_part_nobody_knows_anything_of_is_begun_anew(
    server: Server, tmp_path: Path, beside: str | None
) -> None:
    (tmp_path / "a").write_text("something else")
    if beside is not None:
        (tmp_path / "a.json").write_text(beside)
    door().download(server.on("/a", file(OLD)), tmp_path / "a")
    assert "Range" not in server.seen()[0].headers
    assert (tmp_path / "a").read_text() == OLD


@pytest.mark.parametrize("version", ["", 'W/"1"'])
def test_without_a_proof_nothing_is_kept(server: Server, tmp_path: Path, version: str) -> None:
    url = server.on("/a", Answer(OLD, etag=version, cut=HALF))
    with pytest.raises(FetchError, match="broke off"):
        door(retries=1).download(url, tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_the_words_beside_a_part_hold_no_key(server: Server, tmp_path: Path) -> None:
    url = server.on("/a", file(OLD, cut=HALF))
    with pytest.raises(FetchError):
        door(retries=0).download(url, tmp_path / "a", parameters={"uid": "0xsecret"})
    said = (tmp_path / "a.json").read_text()
    assert "0xsecret" not in said
    assert json.loads(said)["validator"] == '"1"'


@settings(max_examples=20)
@given(
    cuts=st.lists(st.integers(0, len(OLD) - 1), max_size=5),
    changes=st.lists(st.booleans(), min_size=6, max_size=6),
    proof=st.sampled_from(["etag", "date", "none"]),
)
def test_wherever_and_however_often_it_breaks_one_version_comes_whole(
    tmp_path_factory: pytest.TempPathFactory,
    cuts: list[int],
    changes: list[bool],
    proof: str,
) -> None:
    to = tmp_path_factory.mktemp("resumed") / "a"
    answers = []
    for cut, changed in zip([*cuts, None], changes, strict=False):
        content = NEW if changed else OLD
        date = "Tue, 02 Jan 2024 00:00:00 GMT" if changed else LONG_AGO
        proofs = {"etag": {"etag": f'"{changed}"'}, "date": {"modified": date}, "none": {}}
        answers.append(Answer(content, ranges=True, cut=cut, **proofs[proof]))
    with Server() as server:
        url = server.on("/a", *answers)
        _until_done(url, to)
    assert to.read_text() in (OLD, NEW)
    assert [found.name for found in to.parent.iterdir()] == ["a"]


def _until_done(url: str, to: Path) -> None:
    """Call again and again, as a person does."""
    for _ in range(10):
        try:
            door(retries=1).download(url, to)
        except FetchError:
            continue
        return
    pytest.fail("it never came")
