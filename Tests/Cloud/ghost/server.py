"""The server: TLS whose certificate can be changed, pages, and the control API.

POST /_ghost/reset        as at the start
POST /_ghost/state        {"is_down": true}, {"missing_theme": "casper"}, {"admin_answers": false},
                          {"redirect": "https://elsewhere.example/"}, {"delay_ms": 500}, and the
                          other fields of State, such as {"refuses_with_501": true}
POST /_ghost/certificate  {"days": 3}; less than none has ended
POST /_ghost/restart      {"for_ms": 2000, "keep_themes": false}: a new task, which says 503 so long
POST /_ghost/look         looks at once in which tasks it runs, as it does each second
POST /_ghost/break_theme  {"name": "casper"}: its files are damaged
POST /_ghost/settings     {"members_signup_access": "none"}: somebody else changed them
POST /_ghost/act          {"caller": "staff", "event": "edited", "kind": "theme", "name": "casper"}:
                          somebody did that, as Ghost's log of actions has it
POST /_ghost/notify       {"message": "Ghost 6 is here"}
POST /_ghost/faults       [{"method", "path", "skip", "times", "status", "body", "latency_ms",
                          "drop": "before" or "after", "hang": likewise}]
GET  /_ghost/calls        who asked what, oldest first
GET  /_ghost/themes       what is on disk, with version and digest
"""

import hashlib
import pathlib
import ssl
import sys
import time
from http.server import ThreadingHTTPServer

import peer.http
from peer.faults import Fault
from peer.http import Answer, Request

from . import pages
from .blog import Blog
from .certificates import DAYS, Authority

IDLE_S = 60


class Server(ThreadingHTTPServer):
    """Listens on loopback only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, folder: pathlib.Path):
        self.authority = Authority(folder)
        self.look = lambda: None  # It runs by itself.
        self.reset()
        self.control = {
            ("POST", "reset"): lambda _: self.reset(),
            ("POST", "state"): lambda change: self.blog.state.change(change),
            ("POST", "certificate"): lambda change: self.renew(**change),
            ("POST", "restart"): lambda change: self.blog.restart(**change),
            ("POST", "look"): lambda _: self.look(),
            ("POST", "break_theme"): lambda change: self.blog.break_theme(**change),
            ("POST", "settings"): lambda change: self.blog.settings.change(change),
            ("POST", "act"): lambda act: self.blog.note(**act),
            ("POST", "notify"): lambda change: self.blog.notify(**change),
            ("POST", "faults"): lambda faults: self.blog.faults.replace(faults),
            ("GET", "calls"): lambda _: list(self.blog.calls),
            ("GET", "themes"): lambda _: self._themes(),
        }
        super().__init__(("127.0.0.1", port), Handler)

    def reset(self) -> None:
        self.blog = Blog()
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

    def _themes(self) -> list[dict]:
        return [
            {
                "name": theme.name,
                "version": theme.version,
                "sha256": hashlib.sha256(theme.zipped()).hexdigest(),
                "active": theme.name == self.blog.active_name,
            }
            for theme in self.blog.themes.values()
        ]


class Handler(peer.http.Handler):
    """One connection."""

    control_prefix = "/_ghost/"

    def setup(self):
        self.request.do_handshake()
        super().setup()

    def fault(self, request: Request) -> Fault:
        target = f"{request.path}?{request.query}".rstrip("?")
        return self.server.blog.faults.take(request.method, target)

    def answer(self, request: Request) -> Answer:
        blog = self.server.blog
        time.sleep(blog.state.delay_ms / 1000)
        with blog.lock:
            blog.take_turns()
            given, caller = pages.answer(blog, request)
            call = {"method": request.method, "path": request.path, "caller": caller}
            blog.calls.append(call | {"status": given.status})
        return given

    def date_time_string(self, timestamp=None):
        """The Date field is by Ghost's clock, which may be wrong."""
        return super().date_time_string(timestamp or self.server.blog.now_s())
