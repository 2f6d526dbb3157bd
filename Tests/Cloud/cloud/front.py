"""The front: one request in, one answer out, everything written down."""

import socket
import struct
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import answers, control, permissions
from .answers import Answer
from .errors import AwsError, Violation
from .models import Call, jsonable, protocol_of, resolve
from .signature import Request, Scope, verify
from .validation import check
from .world import World

BODY_BYTES_MAX = 64 * 1024 * 1024


class Dropped(Exception):
    """The connection is to be reset in place of an answer."""


def answer(world: World, request: Request) -> Answer:
    """Answers one AWS request. Raises Dropped when a fault says so."""
    record = {"service": None, "operation": None, "parameters": None, "key_id": None}
    record["time"] = world.clock.stamp().isoformat()
    protocol = protocol_of(request)
    try:
        scope = verify(request, world.keys)
        record |= {"key_id": scope.key_id, "session": world.keys[scope.key_id].session}
        call = resolve(request, scope.service)
        protocol = call.protocol
        record |= {"service": call.service, "operation": call.operation}
        record["parameters"] = jsonable(call.parameters)
        check(call)
        record["actions"] = sorted({action for action, _ in permissions.needed(call)})
        given = _act(world, call, scope, request)
    except Dropped as drop:
        _write_down(world, record, 0, f"dropped {drop}")
        raise
    except AwsError as problem:
        if isinstance(problem, Violation):
            world.violations.append(record | {"code": problem.code, "message": problem.message})
        _write_down(world, record, problem.status, problem.code)
        return answers.refusal(problem, protocol, record["service"])
    except Exception as problem:
        traceback.print_exc()
        _write_down(world, record, 500, "InternalFailure")
        failure = AwsError("InternalFailure", f"the demo cloud failed: {problem!r}", 500)
        return answers.refusal(failure, protocol, record["service"])
    _write_down(world, record, given.status, None)
    return given


def _act(world: World, call: Call, scope: Scope, request: Request) -> Answer:
    fault = world.faults.take(call.service, call.operation)
    time.sleep(fault.latency_ms / 1000)
    if fault.drop == "before":
        fault.end_caller()
        raise Dropped("before")
    instead = fault.answer()
    if instead:
        return instead
    given = world.act(call, scope, request)
    if fault.drop == "after":
        fault.end_caller()
        raise Dropped("after")
    return given


def _write_down(world: World, record: dict, status: int, code: str | None) -> None:
    world.calls.append(record | {"status": status, "code": code})


class Server(ThreadingHTTPServer):
    """Listens on loopback only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, world: World):
        super().__init__(("127.0.0.1", port), Handler)
        self.world = world

    def handle_error(self, request, client_address):
        """A caller that went away is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write an answer

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        if "Transfer-Encoding" in self.headers or not 0 <= length <= BODY_BYTES_MAX:
            self.close_connection = True
            return self._send(Answer(411, {}, b""))
        body = self.rfile.read(length)
        request = Request(self.command, self.path, list(self.headers.items()), body)
        if self.path.startswith(control.PREFIX):
            return self._send(control.answer(self.server.world, request))
        try:
            given = answer(self.server.world, request)
        except Dropped:
            return self._reset()
        self._send(given)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_one

    def log_message(self, *_):
        """Calls are listed by the control API, not on the terminal."""

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        for name, value in given.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(given.body)

    def _reset(self) -> None:
        """Closes with a reset rather than a polite end, as a failing network does."""
        linger_none = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
        self.close_connection = True
        self.rfile.close()
        self.connection.close()
