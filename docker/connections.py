"""What docker/bench measures of many connections at once, and of clients that take their time."""

import contextlib
import pathlib
import socket
import statistics
import time
from collections.abc import Iterator

from peer.clients import connected, raise_descriptors
from servers import PAGE, PAGE_BYTES, Portal, Server, Unmeasured, spent_ms

IDLE = 10_000
CROWD = 5_000  # Idle, and as many again that have sent half a head.
SPARE = 1_000
BATCH = 500  # Opened and then answered: whoever says nothing for ten seconds is closed.
WARM = 64
ASKED = 9  # Times for the page; the middle counts.
CLIENTS = 20  # Of each slow kind.
LOOK_EVERY_S = 0.1
DRIP_EVERY_S = 1
GIVEN_UP_S = 120
NOBODY = "http://127.0.0.1:1"  # The cloud is not asked for anything.
HELD = "01"  # ESTABLISHED, of the server's end (proc_net_tcp(5)).
GET = f"GET {PAGE} HTTP/1.1\r\nHost: bench\r\n"
# Answers to as many as fit into one reading fill what the kernel takes for a client that never reads.
MANY = 200
# What a slow client says at first, what it adds each second, and after how many seconds the server
# has closed the connection: its limit, and a second for a busy machine.
SLOW = {
    "slowloris": (GET, "X-A: a\r\n", 11),
    "slow_body": (
        "POST /session HTTP/1.1\r\nHost: bench\r\nContent-Length: 999\r\n\r\n",
        "a",
        31,
    ),
    "slow_read": ("GET /public/caretaker.css HTTP/1.1\r\nHost: a\r\n\r\n" * MANY, "", 61),
}
TARGETS = {
    "connection_idle_kib": ("≤", 10),
    "crowd_sign_in_page_ms": ("≤", 20),
    **{f"{name}_shed_s": ("≤", within_s) for name, (_, _, within_s) in SLOW.items()},
}


def measure(folder: pathlib.Path) -> dict[str, float]:
    """Every figure by its name, each of a portal that has just been started."""
    folder.mkdir()
    raise_limit()
    portal = Portal(folder, NOBODY, connections=IDLE + SPARE)
    figures = {}
    for part in (idle, crowd, slow):
        with portal.running() as server:
            figures |= part(server)
    return figures


def raise_limit() -> None:
    """The portal's connections and its database, or ours and what measures them."""
    try:
        raise_descriptors(IDLE + 2 * SPARE)
    except ValueError as problem:
        raise Unmeasured(f"this takes {IDLE + 2 * SPARE} file descriptors: {problem}") from problem


def idle(server: Server) -> dict[str, float]:
    """What a connection takes of the portal's memory that has been answered and is kept alive."""
    with answered(server, WARM):
        pass
    before_mib = server.resident_mib()
    with answered(server, IDLE):
        grown_kib = (server.resident_mib() - before_mib) * 1_024
        check_held(server, IDLE)
    return {"connection_idle_kib": grown_kib / IDLE}


def crowd(server: Server) -> dict[str, float]:
    """How long somebody new waits for the page to sign in by, amid all who say nothing."""
    with contextlib.ExitStack() as opened:
        opened.enter_context(answered(server, CROWD))
        for half in opened.enter_context(connected(server.port, CROWD)):
            half.sendall(GET.encode())
        times_ms = [spent_ms(server.port, "/sign-in") for _ in range(ASKED)]
        check_held(server, 2 * CROWD)
    return {"crowd_sign_in_page_ms": statistics.median(times_ms)}


def slow(server: Server) -> dict[str, float]:
    """After how long the last client of each slow kind was closed by the server."""
    with contextlib.ExitStack() as opened:
        begun = time.perf_counter()
        clients = {n: opened.enter_context(connected(server.port, CLIENTS, 1_024)) for n in SLOW}
        names = {n: {client.getsockname() for client in clients[n]} for n in SLOW}
        shed_s, dripped_s = {}, 0
        while len(shed_s) < len(SLOW):
            spent_s = time.perf_counter() - begun
            if spent_s > GIVEN_UP_S:
                raise Unmeasured(f"of the slow clients only {list(shed_s)} were closed")
            if spent_s >= dripped_s:
                drip(clients, is_first=dripped_s == 0)
                dripped_s += DRIP_EVERY_S
            there = held(server)
            shed_s |= {n: spent_s for n in SLOW if n not in shed_s and not names[n] & there}
            time.sleep(LOOK_EVERY_S)
    return {f"{name}_shed_s": shed_s[name] for name in SLOW}


def drip(clients: dict[str, list[socket.socket]], is_first: bool) -> None:
    for name, (first, later, _) in SLOW.items():
        for client in clients[name]:
            with contextlib.suppress(OSError):  # It was closed.
                client.sendall((first if is_first else later).encode())


@contextlib.contextmanager
def answered(server: Server, count: int) -> Iterator[None]:
    """So many connections that have been given a page each, until the end of the block."""
    with contextlib.ExitStack() as opened:
        for first in range(0, count, BATCH):
            batch = min(BATCH, count - first)
            for connection in opened.enter_context(connected(server.port, batch)):
                connection.sendall(f"{GET}\r\n".encode())
                left = PAGE_BYTES
                while left > 0:
                    if not (received := connection.recv(65_536)):
                        raise Unmeasured("the portal closed a connection before it answered")
                    left -= len(received)
        yield


def check_held(server: Server, count: int) -> None:
    if len(held(server)) < count:
        raise Unmeasured(f"of {count} connections only {len(held(server))} were there at the end")


def held(server: Server) -> set[tuple[str, int]]:
    """The clients whose connections the server has open, by their addresses (proc_net_tcp(5))."""
    ends = set()
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, own, other, state, *_ = line.split()
        if state == HELD and own.endswith(f":{server.port:04X}"):
            address, port = other.split(":")
            ends.add((socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)))
    return ends
