"""A local HTTP server that plays the publishers, correct and faulty.

::

    with Server() as server:
        server.on("/a.csv", "code,people")                           # the same answer every time
        server.on("/b.csv", Answer(status=503), Answer("a,b"))       # in order, the last one again
        server.on("/lsoa/FeatureServer/0", ArcGIS(frame))            # a player: this path and below
        server.on("/api/NM_1_1.data.csv", NomisTable(frame))
        Door(allow_http=True).get_text(server.url("/a.csv"))
        assert server.count("/a.csv") == 1
        assert server.seen("/a.csv")[0].headers["User-Agent"].startswith("wmspatial")

``Server(delay=0.2)`` answers everything after so many seconds. `Answer` has the faults: `delay`,
`length` (a Content-Length that lies), `cut` (the connection dropped after so many bytes), `drip`,
`gzip` and `damage`, `etag`, `modified` and `ranges` for what can be resumed. The server stops by
itself at the end of the context, whatever its threads are doing.
"""

from __future__ import annotations

import contextlib
import gzip as packing
import json
import os
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from services import ArcGIS, NomisTable

__all__ = ["Answer", "ArcGIS", "NomisTable", "Seen", "Server"]


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it; `query` holds the parameters of the address and of a form."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What the server says, and how badly.

    `body` may be bytes, text, or anything that goes into JSON. `cut` ends the connection after so
    many bytes of the body (with `reset` as a crash does), `drip` sends so many bytes, then waits so
    many seconds, `damage` spoils the byte at that place of what is sent (after `gzip`).
    """

    body: Any = b""
    status: int = 200
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    length: int | None = None
    cut: int | None = None
    reset: bool = False
    drip: tuple[int, float] | None = None
    gzip: bool = False
    damage: int | None = None
    chunked: bool = False
    etag: str = ""
    modified: str = ""
    ranges: bool = False

    @property
    def content(self) -> bytes:
        """The body as it travels."""
        if isinstance(self.body, bytes):
            content = self.body
        elif isinstance(self.body, str):
            content = self.body.encode()
        else:
            content = json.dumps(self.body).encode()
        content = packing.compress(content) if self.gzip else content
        if self.damage is not None:
            at = self.damage % len(content)
            content = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        return content

    @property
    def kind(self) -> str:
        """The content type that is announced."""
        made = not isinstance(self.body, bytes | str)
        return self.content_type or ("application/json" if made else "text/plain")


Behaviour = Answer | str | bytes | Callable[[Seen], Any]


class Server:
    """A server on this machine, scripted by path; see the module's own words."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.stopping = threading.Event()
        self.busy = self.busiest = 0
        self._scripts: dict[str, deque[Behaviour]] = {}
        self._seen: list[Seen] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Begin to listen, and keep a proxy of this machine out of it."""
        outer = self

        class Handler(_Handler):
            server_of_test = outer

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        self._environment = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
        os.environ.update(dict.fromkeys(self._environment, "127.0.0.1,localhost"))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; what still waits or drips ends at once."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def on(self, path: str, *behaviours: Behaviour) -> str:
        """Script a path (a player also gets all below it), replacing what was; give its address."""
        with self._lock:
            self._scripts[path] = deque(behaviours)
        return self.url(path)

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://127.0.0.1:{self._http.server_address[1]}{path}"

    def seen(self, path: str = "") -> list[Seen]:
        """List the requests that began with a path, in the order they came."""
        with self._lock:
            return [request for request in self._seen if request.path.startswith(path)]

    def count(self, path: str = "") -> int:
        """Count them."""
        return len(self.seen(path))

    @contextlib.contextmanager
    def serving(self, request: Seen) -> Iterator[Answer]:
        """Find what to answer, counting how many requests are under way."""
        with self._lock:
            self._seen.append(request)
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            script = self._script(request.path)
            behaviour = (
                Answer(f"nothing at {request.path}", 404)
                if not script
                else script.popleft()
                if len(script) > 1
                else script[0]
            )
        try:
            made = behaviour(request) if callable(behaviour) else behaviour
            answer = made if isinstance(made, Answer) else Answer(made)
            self.stopping.wait(self.delay + answer.delay)
            yield answer
        finally:
            with self._lock:
                self.busy -= 1

    def _script(self, path: str) -> deque[Behaviour] | None:
        """Find the script of the longest path that holds this one."""
        while path not in self._scripts and "/" in path:
            path = path.rsplit("/", 1)[0]
        return self._scripts.get(path)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a connection that was dropped: that is what happens here."""


class _Handler(BaseHTTPRequestHandler):
    server_of_test: Server
    protocol_version = "HTTP/1.1"
    timeout = 20
    # Else every answer waits 40 ms for an acknowledgement of its headers.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query = dict(parse_qsl(parts.query) + parse_qsl(form))
        request = Seen(self.command, parts.path, query, dict(self.headers))
        with contextlib.suppress(OSError), self.server_of_test.serving(request) as answer:
            self._send(answer, request)

    do_POST = do_GET  # noqa: N815 - the names are http.server's

    def _send(self, answer: Answer, request: Seen) -> None:
        content, status, more = answer.content, answer.status, dict(answer.headers)
        if answer.ranges:
            more["Accept-Ranges"] = "bytes"
            start = self._asked_from(answer, request)
            if start is not None:
                total = len(content)
                status = 206 if start < total else 416
                where = f"{start}-{total - 1}/{total}" if start < total else f"*/{total}"
                more["Content-Range"] = f"bytes {where}"
                content = content[start:]
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            length = len(content) if answer.length is None else answer.length
            self.send_header("Content-Length", str(length))
        optional = {
            "Content-Encoding": "gzip" if answer.gzip else "",
            "ETag": answer.etag,
            "Last-Modified": answer.modified,
        }
        for name, value in (optional | more).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self._body(content, answer)
        if answer.length not in (None, len(content)):
            self.close_connection = True

    def _body(self, content: bytes, answer: Answer) -> None:
        if answer.cut is not None:
            self._write(content[: answer.cut], answer)
            self._drop(reset=answer.reset)
            return
        step, pause = answer.drip or (max(len(content), 1), 0.0)
        for at in range(0, len(content), step):
            self._write(content[at : at + step], answer)
            if answer.drip and self.server_of_test.stopping.wait(pause):
                self._drop()
                return
        if answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _write(self, part: bytes, answer: Answer) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if answer.chunked and part else part)
        self.wfile.flush()

    def _drop(self, *, reset: bool = False) -> None:
        """End the connection in the middle."""
        self.wfile.flush()
        if reset:
            self.server_of_test.stopping.wait(0.02)  # what was sent has to get there before
            hard = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hard)
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
        self.connection.close()

    @staticmethod
    def _asked_from(answer: Answer, request: Seen) -> int | None:
        """Say from which byte, or ``None`` where the whole file has to be sent."""
        wanted = request.headers.get("Range", "")
        condition = request.headers.get("If-Range")
        if not wanted.startswith("bytes=") or condition not in (None, answer.etag, answer.modified):
            return None
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""
