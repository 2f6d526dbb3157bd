"""Rows of clients that take much or take their time, and of what a process may have."""

import concurrent.futures
import contextlib
import io
import os
import pathlib
import socket
import subprocess
import time
import urllib.parse
import zipfile
from collections.abc import Callable, Iterator

import uploads
from ground import Ground, case, need, until
from injection import cpu_s, descriptors, resident_kib, saying
from liar import reset
from peer.clients import connected, raise_descriptors
from people import Person
from walk import Scene

IDLE, HALF = 5_000, 5_000
DESCRIPTORS_WANTED = IDLE + HALF + 2_000
KIB_EACH_MAX = 20
SIGN_IN_WITHIN_S = 2  # A hash and a start page, of a debug build that shares its cores.
HEAD_WITHIN_S = 15  # A head may take ten seconds.
# Each reader asks for much at once, which a debug build has to answer.
SLOW, SLOW_READERS = 400, 60
SLOW_FOR_S = 75  # An answer may take 60 seconds, the rest less.
READ_BYTES = 16
DESCRIPTORS = 64
GET = b"GET /sign-in HTTP/1.1\r\nHost: a\r\n"
GROUPS = pathlib.Path("/sys/fs/cgroup")
MEMORY_BYTES = 288 << 20  # Two hashes of 64 MiB at a time, an upload, and a debug build's own.
SIGN_INS = 100
UPLOAD_BYTES = 1 << 20
STEP_BYTES = 64 << 10
REFUSED_WITHIN_S = 10


def _sign_in_s(scene: Scene, ground: Ground) -> float:
    begun = time.monotonic()
    Person(scene.portal.url, "ana", ground.passwords["ana"]).signed_in()
    return time.monotonic() - begun


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        while connection.recv(65_536):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


@case(41)
def crowd(ground: Ground) -> int:
    """5,000 idle connections and 5,000 half-sent heads: somebody signs in beside them, each takes
    little memory, and half heads are closed in time (shown: ms of the sign-in)"""
    raise_descriptors(DESCRIPTORS_WANTED)
    scene = ground.scene(portal=saying(f"connections: {IDLE + HALF + 1_000}\n"))
    scene.start()
    _sign_in_s(scene, ground)
    before = resident_kib(scene.portal.pid)
    with connected(scene.portal.port, IDLE) as idle:
        for connection in idle:
            connection.sendall(GET + b"\r\n")
        for connection in idle:
            need(connection.recv(65_536), "an idle connection was closed")
        with connected(scene.portal.port, HALF) as halves:
            for connection in halves:
                connection.sendall(GET)
            begun = time.monotonic()
            spent_s = _sign_in_s(scene, ground)
            grown = resident_kib(scene.portal.pid) - before
            need(spent_s < SIGN_IN_WITHIN_S, f"signing in took {spent_s:.1f} s")
            each = grown / (IDLE + HALF)
            need(each < KIB_EACH_MAX, f"each connection takes {each:.0f} KiB")
            until(lambda: all(map(is_closed, halves)), "the end of half heads", HEAD_WITHIN_S)
            need(time.monotonic() - begun > 1, "half heads were closed at once")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return int(spent_s * 1_000)


@case(42)
def slow(ground: Ground) -> int:
    """clients that send a head, send a body or take an answer a little at a time, hundreds of them:
    pages come all the while, and the slow are closed (shown: ms of the slowest page)"""
    raise_descriptors(DESCRIPTORS_WANTED)
    scene = ground.scene()
    scene.start()
    body = b"POST /session HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n"
    read = b"GET /public/caretaker.css HTTP/1.1\r\nHost: a\r\n\r\n" * 200
    kinds = [
        (SLOW, GET, b"X-A: a\r\n", 0), (SLOW, body, b"a", 0), (SLOW_READERS, read, b"", 1_024)
    ]  # fmt: skip
    slowest, before = 0.0, descriptors(scene.portal.pid)
    with contextlib.ExitStack() as opened:
        groups = [
            (opened.enter_context(connected(scene.portal.port, count, takes)), first, later)
            for count, first, later, takes in kinds
        ]
        for connections, first, _ in groups:
            _drip(connections, first)
        deadline = time.monotonic() + SLOW_FOR_S
        while time.monotonic() < deadline:
            for connections, _, later in groups:
                _drip(connections, later)
            begun = time.monotonic()
            need(scene.people["ana"].get("/changes").status == 200, "a page was not shown")
            slowest = max(slowest, time.monotonic() - begun)
            time.sleep(1)
        need(slowest < 3, f"a page took {slowest:.1f} s")
        held = descriptors(scene.portal.pid) - before
        need(held < 5, f"{held} slow clients were not closed")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return int(slowest * 1_000)


def _drip(connections: list[socket.socket], piece: bytes) -> None:
    """Sends a piece of each; without one, takes a little of what came."""
    for connection in connections:
        with contextlib.suppress(OSError):
            if piece:
                connection.send(piece)
            else:
                connection.recv(READ_BYTES, socket.MSG_DONTWAIT)


@case(43)
def no_descriptors(ground: Ground) -> None:
    """no descriptors are left: it rests without spinning, and serves again when some are free"""
    scene = ground.scene()
    scene.start()
    pid = str(scene.portal.pid)
    subprocess.run(["prlimit", "--pid", pid, f"--nofile={DESCRIPTORS}"], check=True)
    with contextlib.ExitStack() as opened:
        for _ in range(DESCRIPTORS * 2):
            client = opened.enter_context(socket.socket())
            client.settimeout(1)
            with contextlib.suppress(OSError):
                client.connect(("127.0.0.1", scene.portal.port))
        before = cpu_s(scene.portal.pid)
        time.sleep(3)
        spent = (cpu_s(scene.portal.pid) - before) / 3
        need(spent < 0.1, f"it spins: {spent:.0%} of a core")
    until(lambda: _serves(scene), "a page", 15)
    need(scene.portal.stop() == 0, "it did not end as it should")


def _serves(scene: Scene) -> bool:
    with contextlib.suppress(Exception):
        return scene.people["ana"].get("/changes").status == 200
    return False


@case(44)
def little_memory(ground: Ground) -> int:
    """288 MiB of memory, which is two hashes, an upload and a debug build, and 100 sign-ins with a
    large upload at once: they wait their turn or are told to come back, and nothing is killed
    (shown: MiB at most, of a cgroup that it is in from its start)"""
    scene = ground.scene(portal=saying("trusted_proxies: [127.0.0.1]\n"))
    with _group(scene) as peak:
        archive = uploads.large_theme(40 << 20)
        with concurrent.futures.ThreadPoolExecutor(SIGN_INS + 1) as pool:
            sent = pool.submit(uploads.send, scene.people["ana"], archive)
            answers = list(pool.map(lambda n: _guess(scene, n), range(SIGN_INS)))
            need(sent.result() in (303, 422, 429, 503), f"the upload: {sent.result()}")
        need({422} <= set(answers) <= {422, 429, 503}, f"sign-ins were answered {set(answers)}")
        need(not scene.portal.has_ended, "it was killed")
        need(_serves(scene), "no page is shown")
        need(scene.portal.stop() == 0, "it did not end as it should")
        return peak() >> 20


def _guess(scene: Scene, number: int) -> int:
    form = urllib.parse.urlencode({"login": f"nobody-{number}", "password": "a guess or so"})
    wire = (
        f"POST /session HTTP/1.1\r\nHost: 127.0.0.1:{scene.portal.port}\r\nConnection: close\r\n"
        f"Origin: http://127.0.0.1:{scene.portal.port}\r\nX-Forwarded-For: 192.0.2.{number}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}"
    )
    with socket.create_connection(("127.0.0.1", scene.portal.port), 60) as connection:
        connection.sendall(wire.encode())
        return int(connection.recv(4_096).split(b" ")[1])


@contextlib.contextmanager
def _group(scene: Scene) -> Iterator[Callable[[], int]]:
    """Starts the portal with so much memory, and gives what it took at most."""
    is_old = (GROUPS / "memory").exists()
    group = (GROUPS / "memory" if is_old else GROUPS) / f"caretaker-fault-{os.getpid()}"
    limit, most = ("limit_in_bytes", "max_usage_in_bytes") if is_old else ("max", "peak")
    group.mkdir()
    try:
        (group / f"memory.{limit}").write_text(str(MEMORY_BYTES))
        # What a process took before it joins is not counted.
        joins = 'echo $$ >"$0" && exec "$@"'
        scene.portal.under = ["sh", "-c", joins, str(group / "cgroup.procs")]
        scene.start()
        yield lambda: int((group / f"memory.{most}").read_text())
    finally:
        scene.portal.under = ()
        with contextlib.suppress(Exception):
            scene.portal.kill()
        until(lambda: not (group / "cgroup.procs").read_text(), "the end of the group")
        group.rmdir()


@case(45)
def aborted(ground: Ground) -> int:
    """an upload is broken off at every 64 KiB, by an end or a reset, an answer is reset while it is
    sent, and half of a connection is closed: nothing is left, every place is free again"""
    scene = ground.scene()
    scene.start()
    ana, data = scene.people["ana"], scene.portal.database.parent
    wire = uploads.request(ana, uploads.large_theme(UPLOAD_BYTES))
    before = {path for path in data.rglob("*") if path.is_file()}
    open_before = descriptors(scene.portal.pid)
    cuts = range(STEP_BYTES, len(wire), STEP_BYTES)
    for number, cut in enumerate(cuts):
        with uploads.connected(ana) as connection:
            connection.sendall(wire[:cut])
            if number % 2:
                reset(connection)
    for _ in range(20):
        with uploads.connected(ana) as connection:
            connection.sendall(b"GET /public/caretaker.css HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
            connection.recv(100)
            reset(connection)
    with uploads.connected(ana) as connection:
        connection.sendall(GET + b"\r\n")
        connection.shutdown(socket.SHUT_WR)
        need(connection.recv(4_096).startswith(b"HTTP/1.1 200"), "half a close got no answer")
    until(lambda: descriptors(scene.portal.pid) <= open_before + 2, "free descriptors", 30)
    left = {path for path in data.rglob("*") if path.is_file()} - before
    need(not [path for path in left if "sqlite" not in path.name], f"{left} was left")
    need(uploads.send(ana, uploads.theme()) == 303, "the next upload failed")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return len(cuts)


@case(46)
def bombs(ground: Ground) -> int:
    """archives that unpack to a gigabyte, hold 100,000 entries, lead outside, or hold links:
    each is refused soon, and the disk stays as it is (shown: ms of the longest)"""
    scene = ground.scene()
    scene.start()
    ana, data = scene.people["ana"], scene.portal.database.parent
    before = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    longest = 0.0
    for name, archive in _bombs().items():
        begun = time.monotonic()
        status = uploads.send(ana, archive)
        spent_s = time.monotonic() - begun
        longest = max(longest, spent_s)
        need(status in (413, 422), f"{name} was answered {status}")
        need(spent_s < REFUSED_WITHIN_S, f"{name} took {spent_s:.1f} s")
    grown = sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) - before
    need(grown < 4 << 20, f"the disk has {grown} bytes more")
    need(uploads.send(ana, uploads.theme()) == 303, "the next upload failed")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return int(longest * 1_000)


def _bombs() -> dict[str, bytes]:
    link = zipfile.ZipInfo("post.hbs")
    link.external_attr = 0o120777 << 16
    return {
        "a gigabyte of zeros": _packed([("index.hbs", bytes(1 << 30))]),
        "100,000 entries": _packed([(f"assets/{n}.css", b"") for n in range(100_000)]),
        "outside": _packed([("../../index.hbs", b"x")]),
        "absolute": _packed([("/etc/index.hbs", b"x")]),
        "a link": _packed([("index.hbs", b"x"), (link, b"/etc/passwd")]),
        "no archive": os.urandom(100_000),
    }


def _packed(entries: list) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return packed.getvalue()
