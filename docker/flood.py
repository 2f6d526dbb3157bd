"""What docker/bench measures of a flood of sign-ins: whether other people's pages keep answering.

A hundred people that nobody knows try a password each second, each from an address of their own, so
that no wait holds them up: every one of them costs a hash, or finds too many waiting.
"""

import asyncio
import http.client
import pathlib
import statistics
import threading
import time
import urllib.parse
from collections.abc import Iterator

from servers import LOGIN, READY_WITHIN_S, Portal, Unmeasured, ask, sign_in

SIGN_INS_PER_S = 100
LASTS_S = 12
PACE_S = 0.02
PAGE = "/changes"
PROXY = "127.0.0.1"
TARGETS = {
    "flood_refused_share": ("≥", 0.5),
    "flood_page_p99_ms": ("≤", 50),
    "flood_page_p99_ratio_to_idle": ("≤", 10),
}


def measure(folder: pathlib.Path) -> dict[str, float]:
    folder.mkdir()
    portal = Portal(folder, "http://127.0.0.1:1", trusted_proxies=[PROXY])
    with portal.running() as server:
        fields = {"Cookie": sign_in(server.port, LOGIN, portal.password)}
        idle_ms = p99(pages(server.port, fields))
        flood = Flood(server.port)
        flood.start()
        flooded_ms = p99(pages(server.port, fields))
        flood.join()
    if flood.problem:
        raise Unmeasured(f"the flood of sign-ins broke off: {flood.problem}")
    return {
        "flood_sign_ins_per_s": len(flood.answers) / LASTS_S,
        "flood_refused_share": sum(a != 422 for a in flood.answers) / len(flood.answers),
        "flood_page_p99_idle_ms": idle_ms,
        "flood_page_p99_ms": flooded_ms,
        "flood_page_p99_ratio_to_idle": flooded_ms / idle_ms,
    }


def p99(times_ms: Iterator[float]) -> float:
    return statistics.quantiles(times_ms, n=100)[98]


def pages(port: int, fields: dict[str, str]) -> Iterator[float]:
    """How long a page takes somebody who asks for it fifty times a second."""
    until = time.perf_counter() + LASTS_S
    while time.perf_counter() < until:
        begun = time.perf_counter()
        ask(port, "GET", PAGE, fields)
        spent_s = time.perf_counter() - begun
        yield spent_s * 1_000
        time.sleep(max(0, PACE_S - spent_s))


class Flood(threading.Thread):
    """The sign-ins, one after the other at an even pace, whatever becomes of those before."""

    def __init__(self, port: int):
        super().__init__()
        self._port = port
        self.answers: list[int] = []
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._all())
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.problem = problem

    async def _all(self) -> None:
        tries, begun = [], time.perf_counter()
        for number in range(SIGN_INS_PER_S * LASTS_S):
            await asyncio.sleep(begun + number / SIGN_INS_PER_S - time.perf_counter())
            tries.append(asyncio.create_task(self._try(number)))
        self.answers = await asyncio.gather(*tries)

    async def _try(self, number: int) -> int:
        form = urllib.parse.urlencode({"login": f"nobody-{number}", "password": "a guess or so"})
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(
            f"POST /session HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nConnection: close\r\n"
            f"Origin: http://127.0.0.1:{self._port}\r\n"
            f"X-Forwarded-For: 192.0.2.{number % 256}, 198.51.{number // 256 % 256}.{number % 256}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
        )
        line = await asyncio.wait_for(reader.readline(), READY_WITHIN_S)
        writer.close()
        return int(line.split(b" ")[1])
