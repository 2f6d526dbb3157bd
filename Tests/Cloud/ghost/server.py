"""The server: TLS whose certificate can be changed, pages, and the control API.

POST /_ghost/reset        as at the start
POST /_ghost/state        {"is_down": true}, {"missing_theme": "casper"}, {"admin_answers": false},
                          {"redirect": "https://elsewhere.example/"}, {"delay_ms": 500}
POST /_ghost/certificate  {"days": 3}; less than none has ended
"""

import json
import pathlib
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import pages
from .certificates import DAYS, Authority
from .pages import Answer
from .state import State

CONTROL = "/_ghost/"
BODY_BYTES_MAX = 1024 * 1024
IDLE_S = 60


class Server(ThreadingHTTPServer):
    """Listens on loopback only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, folder: pathlib.Path):
        self.authority = Authority(folder)
        self.reset()
        super().__init__(("127.0.0.1", port), Handler)

    def reset(self) -> None:
        self.state = State()
        self.renew(DAYS)

    def renew(self, days: float) -> None:
        """Gives the blog another certificate, for connections from now on."""
        self.context = self.authority.context(days)

    def get_request(self):
        """A connection; its handshake is its own thread's."""
        connection, address = super().get_request()
        connection.settimeout(IDLE_S)
        return self.context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ), address

    def handle_error(self, request, client_address):
        """A caller that went away, or does not trust the certificate, is no news."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError, TimeoutError)):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write an answer

    def setup(self):
        self.request.do_handshake()
        super().setup()

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        if "Transfer-Encoding" in self.headers or not 0 <= length <= BODY_BYTES_MAX:
            self.close_connection = True
            return self._send(Answer(411, pages.HTML, b""))
        body = self.rfile.read(length)
        path = self.path.partition("?")[0]
        if path.startswith(CONTROL):
            return self._send(self._control(path.removeprefix(CONTROL), body))
        time.sleep(self.server.state.delay_ms / 1000)
        self._send(pages.answer(self.server.state, self.command, path))

    do_GET = do_POST = do_PUT = do_DELETE = handle_one

    def _control(self, verb: str, body: bytes) -> Answer:
        verbs = {
            "reset": lambda _: self.server.reset(),
            "state": lambda change: self.server.state.change(change),
            "certificate": lambda change: self.server.renew(**change),
        }
        try:
            verbs[verb](json.loads(body or b"{}"))
        except (KeyError, TypeError, ValueError) as problem:
            return Answer(400, "application/json", json.dumps({"error": str(problem)}).encode())
        return Answer(200, "application/json", b'{"ok": true}')

    def log_message(self, *_):
        """Nobody reads it."""

    def _send(self, given: Answer) -> None:
        self.send_response(given.status)
        self.send_header("Content-Type", given.content_type)
        if given.location:
            self.send_header("Location", given.location)
        self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile.write(given.body)
