"""The server: the provider, and the control API under /_openid/.

POST reset      as at the start, but for the keys
POST person     {"sub", "groups", "name", "preferred_username"}: who signs in from now on
POST clock      {"now_s": 1795348800}: what its clock says; null is this machine's
POST algorithm  {"name": "ES256"}
POST rotate     {}: other keys, under other names
POST lies       what is not as it should be:
                "claims", "header": values in place of the right ones, null for none;
                "twice": a claim once more; "forged": a signature of something else;
                "sign_with": another algorithm's signature; "no_token"; "answer": parameters of
                the way back; "discovery": members of the description of itself
POST faults     [{"method", "path", "skip", "times", "status", "body", "headers", "latency_ms",
                "drop", "hang"}]
GET  calls      what was asked, each with "method", "path" and "status"; nothing of what was in it
"""

import sys
from http.server import ThreadingHTTPServer

import peer.http
from peer.faults import Fault
from peer.http import Answer, Request, as_json

from .provider import Provider


class Server(ThreadingHTTPServer):
    """Listens on loopback only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, provider: Provider):
        super().__init__(("127.0.0.1", port), Handler)
        self.provider = provider
        self.control = {
            ("POST", "reset"): lambda _: provider.reset(),
            ("POST", "person"): lambda person: setattr(provider, "person", person),
            ("POST", "clock"): lambda change: setattr(provider, "now_s", change["now_s"]),
            ("POST", "algorithm"): lambda change: setattr(provider, "algorithm", change["name"]),
            ("POST", "rotate"): lambda _: provider.rotate(),
            ("POST", "lies"): self._lie,
            ("POST", "faults"): lambda faults: provider.faults.replace(faults),
            ("GET", "calls"): lambda _: list(provider.calls),
        }

    def handle_error(self, request, client_address):
        """A caller that went away is no news."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def _lie(self, lies: dict) -> None:
        self.provider.lies = lies
        self.provider.base_lies = lies.get("discovery", {})


class Handler(peer.http.Handler):
    """One connection."""

    control_prefix = "/_openid/"

    def fault(self, request: Request) -> Fault:
        return self.server.provider.faults.take(request.method, request.path)

    def answer(self, request: Request) -> Answer:
        provider = self.server.provider
        base = f"http://127.0.0.1:{self.server.server_port}"
        with provider.lock:
            given = self._answer(provider, request, base)
            call = {"method": request.method, "path": request.path}
            provider.calls.append(call | {"status": given.status})
        return given

    def _answer(self, provider: Provider, request: Request, base: str) -> Answer:
        match (request.method, request.path):
            case ("GET", "/.well-known/openid-configuration"):
                return provider.discovery(base)
            case ("GET", "/keys"):
                return as_json(200, provider.keys.public())
            case ("GET", "/authorize"):
                return provider.authorize(request, base)
            case ("POST", "/token"):
                return provider.redeem(request, base)
        return as_json(404, {"error": "not_found"})
