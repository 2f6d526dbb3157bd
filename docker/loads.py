"""What docker/bench measures by wrk: the portal beside nginx and the peer, all on loopback.

All servers are there at the same time and are asked in turn, a few times over, so that a slow
minute of the machine meets all.
"""

import contextlib
import pathlib
import re
import statistics
import subprocess
from collections.abc import Iterable
from typing import NamedTuple

from hummingbird import RESOURCES, WAYS, Peer, peer
from servers import PAGE, Server, Unmeasured, ask, nginx

ROUNDS = 3
WRK = ["wrk", "-t1", "-d4s", "--latency"]
LOAD_WITHIN_S = 60
STYLE = "/public/caretaker.css"
FILES_BY = 64  # Clients that ask for a file.
PAGES_BY = 32  # Clients that ask for a page.
MS = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}
TARGETS = {
    "static_ratio_to_nginx": ("≥", 1.2),
    "static_ratio_to_peer": ("≥", 2),
    "cpu_us_per_static_request": ("≤", 12),
    "resources_ratio_to_peer": ("≥", 10),
    "resources_ratio_to_fast_peer": ("≥", 5),
    "resources_p99_ratio_to_peer": ("≤", 1),
    "resources_p99_ratio_to_fast_peer": ("≤", 1),
}


class Asked(NamedTuple):
    """A server, what it is asked for, and by how many that ask again as soon as they are answered."""

    server: Server
    path: str
    clients: int
    cookie: str = ""


class Load(NamedTuple):
    """What they got."""

    per_s: float
    p99_ms: float
    cpu_us: float  # Of the server, for each request.


def measure(folder: pathlib.Path, portal: Server, cookie: str) -> dict[str, float]:
    """Every figure by its name."""
    _, page = ask(portal.port, "GET", RESOURCES, {"Cookie": cookie})
    with contextlib.ExitStack() as started:
        beside = started.enter_context(nginx(folder))
        plain, fast = (started.enter_context(peer(folder, page, way)) for way in WAYS)
        check_same(portal, beside, plain.server)
        figures = files(portal, beside, plain.server)
        figures |= pages(Asked(portal, RESOURCES, PAGES_BY, cookie), plain, fast)
    ask(portal.port, "GET", RESOURCES, {"Cookie": cookie})  # Still signed in?
    return figures | {"resources_page_bytes": len(page)}


def files(portal: Server, beside: Server, other: Server) -> dict[str, float]:
    asked = [(portal, PAGE), (beside, PAGE), (other, PAGE), (portal, STYLE), (beside, STYLE)]
    page, page_nginx, page_peer, style, style_nginx = rounds(
        Asked(server, path, FILES_BY) for server, path in asked
    )
    return {
        "static_per_s": page.per_s,
        "static_per_s_of_nginx": page_nginx.per_s,
        "static_per_s_of_peer": page_peer.per_s,
        "static_ratio_to_nginx": page.per_s / page_nginx.per_s,
        "static_ratio_to_peer": page.per_s / page_peer.per_s,
        "cpu_us_per_static_request": page.cpu_us,
        "cpu_us_per_static_request_of_nginx": page_nginx.cpu_us,
        "cpu_us_per_static_request_of_peer": page_peer.cpu_us,
        "stylesheet_per_s": style.per_s,
        "stylesheet_per_s_of_nginx": style_nginx.per_s,
        "stylesheet_ratio_to_nginx": style.per_s / style_nginx.per_s,
    }


def pages(portal: Asked, *peers: Peer) -> dict[str, float]:
    asked = [Asked(server, RESOURCES, PAGES_BY, cookie) for server, cookie in peers]
    own, *others = rounds([portal, *asked])
    figures = {
        "resources_per_s": own.per_s,
        "resources_p99_ms": own.p99_ms,
        "cpu_us_per_resources_request": own.cpu_us,
    }
    for name, other in zip(("peer", "fast_peer"), others):
        figures |= {
            f"resources_per_s_of_{name}": other.per_s,
            f"resources_p99_ms_of_{name}": other.p99_ms,
            f"cpu_us_per_resources_request_of_{name}": other.cpu_us,
            f"resources_ratio_to_{name}": own.per_s / other.per_s,
            f"resources_p99_ratio_to_{name}": own.p99_ms / other.p99_ms,
        }
    return figures


def rounds(asked: Iterable[Asked]) -> list[Load]:
    """The middle of what each was given."""
    asked = list(asked)
    loads = [[load(one) for one in asked] for _ in range(ROUNDS)]
    return [Load(*map(statistics.median, zip(*of_one))) for of_one in zip(*loads)]


def load(asked: Asked) -> Load:
    field = ["-H", f"Cookie: {asked.cookie}"] if asked.cookie else []
    before_us = asked.server.cpu_us()
    command = [*WRK, f"-c{asked.clients}", *field, asked.server.url + asked.path]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=LOAD_WITHIN_S)
    spent_us = asked.server.cpu_us() - before_us
    if problem := re.search(r"(Non-2xx|Socket errors).*", result.stdout):
        raise Unmeasured(f"wrk on {asked.path}: {problem[0]}")
    count = re.search(r"(\d+) requests in", result.stdout)
    per_s = re.search(r"Requests/sec:\s+([\d.]+)", result.stdout)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\s", result.stdout)
    if not (count and per_s and p99 and int(count[1])):
        raise Unmeasured(f"wrk on {asked.path} ended with {result.returncode} and no figures")
    p99_ms = float(p99[1]) * MS[p99[2]]
    return Load(float(per_s[1]), p99_ms, spent_us / int(count[1]))


def check_same(portal: Server, *others: Server) -> None:
    for path in (PAGE, STYLE):
        answers = {ask(server.port, "GET", path)[1] for server in (portal, *others)}
        if len(answers) > 1:
            raise Unmeasured(f"the portal, nginx and the peer do not give the same {path}")
