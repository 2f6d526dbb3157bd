"""The server: the API, and the control API under /_github/.

POST reset     as at the start
POST clock     {"scale": 60} and {"advance_s": 300}: how runs go on
POST faults    [{"method", "path", "skip", "times", "status", "body", "headers", "latency_ms",
               "drop": "before" or "after", "hang": likewise}]; paths of downloads begin with
               downloads/
POST limits    {"remaining": 0, "reset_in_s": 60}, {"secondary": {"times", "status",
               "retry_after_s"}}
POST token     {"permissions": {"actions": "read"}}, {"sees_repository": false},
               {"expires_in_days": 10}
POST api       {"versions": ["2022-11-28"]}, {"run_details": false}: as an older server
POST runs      {"file", "age_s", "inputs", "conclusion"}: a run that ended a while ago
POST fail      {"step": "Deploy"}: at which step runs to come fail; null is at none
POST logs      {"run": id}: its logs and artifacts are gone
POST links     {}: the links to downloads given out so far are not valid any more
POST commit    {"message", "author", "files": {"path": "text" or null}}: somebody pushes
POST workflow  {"file", "state"}
GET  calls, leaks, clock
"""

import datetime
import sys
import threading
import time
from http.server import ThreadingHTTPServer

import peer.http
from peer.faults import Fault
from peer.http import Answer, Request

from . import api
from .downloads import Downloads
from .world import World

GO_ON_EVERY_S = 0.5


class Server(ThreadingHTTPServer):
    """Listens on loopback only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, world: World):
        super().__init__(("127.0.0.1", port), Handler)
        self.world = world
        world.downloads = Downloads()
        world.downloads.world = world
        self.control = {
            ("POST", "reset"): lambda _: world.reset(),
            ("POST", "clock"): self._clock,
            ("POST", "faults"): lambda faults: world.faults.replace(faults),
            ("POST", "limits"): lambda change: world.limits.change(change),
            ("POST", "token"): lambda change: world.token.change(change, world.clock.stamp()),
            ("POST", "api"): self._api,
            ("POST", "runs"): self._seed_run,
            ("POST", "fail"): self._fail,
            ("POST", "logs"): lambda change: setattr(self._run(change), "logs_gone", True),
            ("POST", "links"): lambda _: world.downloads.expire(),
            ("POST", "commit"): self._commit,
            ("POST", "workflow"): self._workflow,
            ("GET", "calls"): lambda _: list(world.calls),
            ("GET", "leaks"): lambda _: world.leaks,
            ("GET", "clock"): lambda _: {"scale": world.clock.scale, "now_s": world.clock.now_s()},
        }

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        threading.Thread(target=self.world.downloads.serve_forever, daemon=True).start()
        threading.Thread(target=self._go_on, daemon=True).start()
        super().serve_forever(poll_interval)

    def handle_error(self, request, client_address):
        """A caller that went away is no news."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)

    def _go_on(self) -> None:
        """Runs end also while nobody looks."""
        while True:
            time.sleep(GO_ON_EVERY_S)
            with self.world.lock:
                self.world.settle()

    def _clock(self, change: dict) -> None:
        _known(change, {"scale", "advance_s"})
        with self.world.lock:
            if "scale" in change:
                self.world.clock.set_scale(change["scale"])
            if "advance_s" in change:
                self.world.clock.advance(change["advance_s"])
            self.world.settle()

    def _api(self, change: dict) -> None:
        _known(change, {"versions", "run_details"})
        self.world.versions = change.get("versions", self.world.versions)
        self.world.gives_run_details = change.get("run_details", self.world.gives_run_details)

    def _seed_run(self, given: dict) -> dict:
        _known(given, {"file", "age_s", "inputs", "conclusion"})
        age = datetime.timedelta(seconds=given.pop("age_s", 3_600))
        world = self.world
        with world.lock:
            run = world.seed_run(given.pop("file"), world.history.head, age, **given)
            world.runs.sort(key=lambda each: each.created, reverse=True)
        return {"run": run.id}

    def _fail(self, change: dict) -> None:
        self.world.fail_step = change["step"]

    def _run(self, change: dict):
        return next(run for run in self.world.runs if run.id == change["run"])

    def _commit(self, given: dict) -> dict:
        files = {p: None if t is None else t.encode() for p, t in given["files"].items()}
        with self.world.lock:
            made = self.world.push(given["message"], given.get("author", "ana"), files)
        return {"sha": made.sha}

    def _workflow(self, change: dict) -> None:
        for workflow in self.world.workflows:
            if workflow.file == change["file"]:
                workflow.state = change["state"]


class Handler(peer.http.Handler):
    """One connection."""

    control_prefix = "/_github/"

    def fault(self, request: Request) -> Fault:
        target = f"{request.path}?{request.query}".rstrip("?")
        return self.server.world.faults.take(request.method, target)

    def answer(self, request: Request) -> Answer:
        world = self.server.world
        with world.lock:
            base = f"http://127.0.0.1:{self.server.server_port}"
            given = api.answer(world, request, base)
            call = {"method": request.method, "path": request.path, "query": request.query}
            call["version"] = request.headers.get("x-github-api-version")
            call["body"] = request.body.decode("utf-8", "replace")
            world.calls.append(call | {"status": given.status})
        return given


def _known(change: dict, names: set[str]) -> None:
    if not change or set(change) - names:
        raise ValueError(f"give any of {sorted(names)}, and nothing else")
