"""One connection: a request in, an answer out, and whatever was ordered to go wrong."""

import dataclasses
import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler

from .faults import Fault

BODY_BYTES_MAX = 128 * 1024 * 1024
HANG_MAX_S = 120  # a caller that waits longer than this is let go
JSON = "application/json; charset=utf-8"


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it came over the wire; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclasses.dataclass(frozen=True)
class Answer:
    """A response on its way out."""

    status: int
    content_type: str = JSON
    body: bytes = b""
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


def as_json(status: int, value, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, JSON, json.dumps(value).encode(), headers or {})


class Handler(BaseHTTPRequestHandler):
    """Subclasses say what is answered, and where the control API is.

    `server.control` has a function for each (method, verb), given the JSON of the body.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write an answer
    control_prefix = ""

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def fault(self, request: Request) -> Fault:
        raise NotImplementedError

    def handle_one(self):
        try:
            body = self._body()
        except ValueError as problem:
            self.close_connection = True
            return self._send(Answer(400, "text/plain", str(problem).encode()))
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, body)
        if path.startswith(self.control_prefix):
            return self._send(self._control(request))
        self._answer_or_fail(request)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_one

    def handle_expect_100(self):
        """Sent at once, or the caller waits with its body."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _body(self) -> bytes:
        """The body, of known length or in chunks (RFC 9112, sections 6 and 7)."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 <= length <= BODY_BYTES_MAX:
                raise ValueError("the body is too long")
            return self.rfile.read(length)
        chunks, length = [], 0
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            length += size
            if length > BODY_BYTES_MAX:
                raise ValueError("the body is too long")
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # fields after the last chunk
        return b"".join(chunks)

    def _answer_or_fail(self, request: Request) -> None:
        fault = self.fault(request)
        time.sleep(fault.latency_ms / 1000)
        if "before" in (fault.drop, fault.hang):
            return self._lose(fault)
        if fault.status is not None:
            content_type, body = fault.content_type, fault.body.encode()
            return self._send(Answer(fault.status, content_type, body, fault.headers))
        given = self.answer(request)
        if "after" in (fault.drop, fault.hang):
            return self._lose(fault)
        self._send(given)

    def _control(self, request: Request) -> Answer:
        verb = self.server.control.get((request.method, request.path[len(self.control_prefix) :]))
        if verb is None:
            return as_json(404, {"error": f"no {request.method} {request.path}"})
        try:
            value = verb(json.loads(request.body or b"{}"))
        except (KeyError, TypeError, ValueError) as problem:
            return as_json(400, {"error": str(problem)})
        return as_json(200, {"ok": True} if value is None else value)

    def log_message(self, *_):
        """Nobody reads it."""

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        if given.status not in (204, 304):
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(given.body)))
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and given.status not in (204, 304):
            self.wfile.write(given.body)

    def _lose(self, fault: Fault) -> None:
        """Waits for the caller to give up, or closes with a reset as a failing network does."""
        self.close_connection = True
        if fault.hang:
            self.connection.settimeout(HANG_MAX_S)
            try:
                self.connection.recv(1)
            except OSError:
                pass
            return
        linger_none = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
        self.rfile.close()
        self.connection.close()
