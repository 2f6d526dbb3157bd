"""The other host, from which logs, artifacts and archives are had for a minute.

It knows nothing of tokens, and one that comes along has been told to a stranger: it is refused
and written down.
"""

import secrets
import time
from http.server import ThreadingHTTPServer

import peer.http
from peer.faults import Fault
from peer.http import Answer, Request, as_json

VALID_S = 60


class Downloads(ThreadingHTTPServer):
    """Listens on loopback, on a port of its own."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.world = None
        self.control = {}
        self._kept: dict[str, tuple[float, str, bytes]] = {}

    def redirect(self, name: str, content: bytes, content_type="application/zip") -> Answer:
        """The answer that leads to such a file."""
        now_s = time.monotonic()
        self._kept = {path: kept for path, kept in self._kept.items() if kept[0] > now_s}
        path = f"/{secrets.token_hex(16)}/{name}"
        self._kept[path] = (now_s + VALID_S, content_type, content)
        location = f"http://127.0.0.1:{self.server_port}{path}"
        return Answer(302, headers={"Location": location})

    def expire(self) -> None:
        self._kept.clear()

    def answer(self, request: Request) -> Answer:
        if "authorization" in request.headers:
            self.world.leaks.append({"path": request.path})
            return as_json(400, {"error": "an Authorization header came to another host"})
        until, content_type, content = self._kept.get(request.path, (0.0, "", b""))
        if request.method != "GET" or until <= time.monotonic():
            return as_json(404, {"error": "the link is not valid any more"})
        return Answer(200, content_type, content)


class Handler(peer.http.Handler):
    """One connection."""

    control_prefix = "/_none/"

    def fault(self, request: Request) -> Fault:
        return self.server.world.faults.take(request.method, f"downloads{request.path}")

    def answer(self, request: Request) -> Answer:
        with self.server.world.lock:
            return self.server.answer(request)
