"""A real HTTP server on loopback that behaves exactly as badly as it is told to, and remembers what it was asked."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, with what is wrong with it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    gzipped: bool = False  #: compress the body and say so
    declared: int | None = None  #: what Content-Length says; None: the truth
    chunked: bool = False  #: Transfer-Encoding instead of Content-Length
    until_closed: bool = False  #: neither: the end of the connection is the end of the body
    cut_after: int | None = None  #: close the connection after so many octets of the body (in chunked coding, if any)
    times: int = 1  #: the body so many times over, sent as it goes: more than anybody would hold in memory
    first_byte_after: float = 0.0  #: seconds
    body_after: float = 0.0  #: seconds from the head to the body
    drip: float = 0.0  #: seconds between two octets of the body
    burst: int = 0  #: octets that come at once before the drip begins
    raw: bytes | None = None  #: instead of all that, these octets, and the connection is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the server got it; header names in lower case."""

    path: str  #: with the query
    method: str = "GET"
    body: bytes = b""  #: what was sent with it
    headers: Mapping[str, str]
    connection: int  #: requests with one number came over one connection


class ScriptedServer:
    """Replies by path. A path with several replies gives one after the other, and the last for ever after."""

    def __init__(self, *, port: int = 0) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0  #: requests that were being answered at the same time, at most
        self.octets = 0  #: of bodies that are sent many times over, as far as somebody took them
        self._at_once = 0
        self._routes: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        handler = type("_BoundConversation", (_Conversation,), {"script": self})
        self._server = _QuietServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="scripted server", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens at, on 127.0.0.1."""
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def on(self, path: str, *replies: Reply) -> str:
        """Answer this path (without its query) so from now on; returns its address."""
        with self._lock:
            self._routes[path] = list(replies)
        return self.url(path)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        with self._lock:
            return [asked.path for asked in self.asked]

    def close(self) -> None:
        """Stop, also in the middle of a drip."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> None:
        """Wait as told, but not beyond the end of the test. Raises ConnectionAbortedError then."""
        if seconds > 0 and self._closing.wait(seconds):
            raise ConnectionAbortedError

    @contextmanager
    def answering(self, asked: Asked) -> Iterator[Reply]:
        """Note the request, and the reply that is due."""
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            replies = self._routes.get(urlsplit(asked.path).path, [])
            reply = replies.pop(0) if len(replies) > 1 else replies[0] if replies else Reply(status=404)
        try:
            yield reply
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A server for one test."""
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle are what these tests are about."""


class _Conversation(BaseHTTPRequestHandler):
    """One connection."""

    script: ScriptedServer
    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True  # or each answer takes the 40 ms of a delayed acknowledgement

    def log_message(self, *_: object) -> None:
        """Nothing: `ScriptedServer.asked` has it."""

    def do_GET(self) -> None:
        """Answer as the script says."""
        asked = Asked(
            method=self.command,
            path=self.path,
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            headers={name.lower(): value for name, value in self.headers.items()},
            connection=self.client_address[1],
        )
        with self.script.answering(asked) as reply, suppress(OSError):
            self.script.wait(reply.first_byte_after)
            if reply.raw is not None:
                self._write(reply.raw, reply)
                self.close_connection = True
            else:
                self._send(reply)

    def do_POST(self) -> None:
        """Answer as if it was asked by GET."""
        self.do_GET()

    def _send(self, reply: Reply) -> None:
        body = gzip.compress(reply.body, 1) if reply.gzipped else reply.body
        has_body = reply.status not in (204, 304)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.gzipped:
            self.send_header("Content-Encoding", "gzip")
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body = chunk + b"0\r\n\r\n" if reply.times == 1 else chunk
        elif reply.until_closed:
            self.close_connection = True
        elif has_body:
            whole = len(body) * reply.times
            self.send_header("Content-Length", str(whole if reply.declared is None else reply.declared))
        self.end_headers()
        self.script.wait(reply.body_after)
        if reply.cut_after is not None or reply.declared is not None:
            body, self.close_connection = body[: reply.cut_after], True
        if not has_body:
            return
        if reply.times > 1:
            self._send_many(body, reply)
            return
        self._write(body, reply)

    def _write(self, octets: bytes, reply: Reply) -> None:
        at_once = octets if not reply.drip else octets[: reply.burst]
        self.wfile.write(at_once)
        for octet in octets[len(at_once) :]:
            self.wfile.write(bytes((octet,)))
            self.wfile.flush()
            self.script.wait(reply.drip)

    def _send_many(self, body: bytes, reply: Reply) -> None:
        for _ in range(reply.times):
            self.wfile.write(body)
            self.script.octets += len(body)
        if reply.chunked:
            self.wfile.write(b"0\r\n\r\n")
