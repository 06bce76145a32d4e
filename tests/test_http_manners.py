"""A key is never shown, and no host gets more requests than it can bear."""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from servers import Answer, Server
from wmspatial.errors import FetchError
from wmspatial.sources.http import Courtesy, Door

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "code,people\n" + "".join(f"E0100{i:04d},{i}\n" for i in range(2000))


def door(**options: Any) -> Door:
    return Door(**({"allow_http": True, "timeout": 5, "sleep": float} | options))


def test_a_key_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    key = "0x5ecre7"
    way = door(retries=1)
    way.veil.add(key)
    bodies = (Answer(f"bad uid={key}", 400), Answer(f"{key}", 503), Answer(f"<html>{key}"))
    with Server() as server, caplog.at_level(logging.DEBUG):
        for answer in bodies:
            with pytest.raises(FetchError) as caught:
                way.get_json(server.on("/a", answer), {"uid": key, "x": "1"})
            assert key not in str(caught.value)
            assert "uid=***&x=1" in str(caught.value)
        assert server.seen()[0].query["uid"] == key
    assert "/a" in caplog.text
    assert key not in caplog.text


def test_a_host_never_gets_more_than_its_share(tmp_path: Path) -> None:
    with Server(delay=0.02) as server:
        url = server.on("/a", TABLE)
        way = door(per_host=3)
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda i: way.download(url, tmp_path / str(i)), range(24)))
        assert server.busiest <= 3
        assert server.count() == 24


def test_a_host_with_rules_of_its_own_is_asked_one_by_one_with_pauses() -> None:
    waits: list[float] = []
    now = 50.0
    with Server(delay=0.01) as server:
        url = server.on("/a", "x")
        rules = {"127.0.0.1": Courtesy(1, 2.0)}
        way = door(courtesies=rules, sleep=waits.append, clock=lambda: now)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: way.get_text(url), range(4)))
        assert server.busiest == 1
        assert waits == [2.0, 4.0, 6.0]


def test_a_host_that_cannot_be_reached_is_not_tried_six_times_by_every_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def fail(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setenv("no_proxy", "*")
    now = [0.0]
    way = door(clock=lambda: now[0])
    for at in range(5):
        with pytest.raises(FetchError, match="name was not found"):
            way.get_text(f"https://nowhere.invalid/{at}")
    assert asked == ["nowhere.invalid"] * 2
    with pytest.raises(FetchError):
        way.get_text("https://elsewhere.invalid/")
    now[0] += 60
    with pytest.raises(FetchError):
        way.get_text("https://nowhere.invalid/")
    assert asked.count("nowhere.invalid") > 2


def test_a_host_that_answered_before_is_tried_as_often_as_any_other_trouble() -> None:
    with Server() as server:
        url, way = server.on("/a", "x"), door(retries=3, deadline=60)
        assert way.get_text(url) == "x"
        way.close()  # a connection that is kept open would still be answered
    with pytest.raises(FetchError, match="Tried 4 times"):
        way.get_text(url)


def test_threads_share_a_door() -> None:
    way, barrier = door(per_host=8), threading.Barrier(8)

    def ask(i: int) -> Any:
        barrier.wait(10)
        return way.get_json(server.on(f"/{i}", Answer({"i": i})))

    with Server() as server, ThreadPoolExecutor(8) as pool:
        assert [answer["i"] for answer in pool.map(ask, range(8))] == list(range(8))
