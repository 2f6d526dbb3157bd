"""Many posts of one form at once; a run against what forbids it."""

import concurrent.futures
import contextlib
import functools
import pathlib
import random
import resource
import socket
import sqlite3
import threading
import time
import urllib.parse

from cloud import process as cloud_process
from portal import Portal
from report import Row
from walk import AT_ONCE, REASON, Scene

POSTS = 1_000
# A descriptor each, and some of everybody's own.
DESCRIPTORS = POSTS + 200
WITHIN_S = 120
# The disabling comes so long after the run was sent at first, and then later where it came before
# the run's own transaction, and sooner where it came after: most races are close.
APART_S, LATER, SOONER = 0.2, 1.3, 0.8
BUSY_S = 30
WORKERS = 2


def rows(pairs: int, seed: int, folder: pathlib.Path) -> list[Row]:
    return crowds(folder) + disabling(pairs, seed, folder)


def crowds(folder: pathlib.Path) -> list[Row]:
    with cloud_process.running(AT_ONCE) as cloud:
        portal = functools.partial(Portal, more="pages_per_second: 10000\n")
        return _crowds(Scene.with_people(folder / "crowds", cloud, portal))


# Many at once


def _crowds(scene: Scene) -> list[Row]:
    """Every form of a change's way, posted a thousand times at once."""
    ana, ben = scene.people["ana"], scene.people["ben"]
    proposed = _post_all(scene, ana.form(scene.preview, "/changes").raw(**REASON))
    pointing = sum(b"303" in answer[:12] and b"/changes/1?" in answer for answer in proposed)
    approval = ben.form(scene.change, "/approval").raw(password=ben.password)
    approved = _post_all(scene, approval)
    ran = _post_all(scene, ana.form(scene.change, "/execution").raw(password=ana.password))
    scene.drive_to_the_end()
    scene.prove_the_log()
    unanswered = sum(not answer for answer in proposed + approved + ran)
    effects = {
        "changes": scene.count("changes"),
        "approvals": scene.count("audit", "type = 'change.approved'"),
        "runs": scene.count("audit", "type = 'run.started'"),
    } | {f"calls of {name}": count for name, count in scene.acted().items()}
    scene.end()
    return [
        *(Row(f"{name} of {POSTS} posts at once", n, 1, n == 1) for name, n in effects.items()),
        Row("answers that point to the one change", pointing, POSTS, pointing == POSTS),
        Row("posts without an answer", unanswered, 0),
    ]


def _post_all(scene: Scene, request: bytes) -> list[bytes]:
    """Sends the same request on many connections, each all but its last byte; then the last bytes.

    The heads of the answers; empty where none came.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, hard))
    address = urllib.parse.urlsplit(scene.portal.url)
    with contextlib.ExitStack() as open_ones:
        sockets = [
            open_ones.enter_context(
                socket.create_connection((address.hostname, address.port), WITHIN_S)
            )
            for _ in range(POSTS)
        ]
        for connection in sockets:
            connection.sendall(request[:-1])
        for connection in sockets:
            connection.sendall(request[-1:])
        return [_head(connection) for connection in sockets]


def _head(connection: socket.socket) -> bytes:
    """An answer as far as its first bytes tell."""
    try:
        return connection.recv(4_096)
    except OSError:
        return b""


# Two at once


def disabling(pairs: int, seed: int, folder: pathlib.Path) -> list[Row]:
    """A run and the disabling of its approver or the approver's loss of role, at the same time."""
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        work = [
            pool.submit(_work, pairs // WORKERS, seed + share, folder / f"pairs-{share}")
            for share in range(WORKERS)
        ]
        late, refused, ran = (sum(counts) for counts in zip(*(done.result() for done in work)))
    return [
        Row(f"runs after the disabling was on disk, seed {seed}", late, 0),
        Row("races that the disabling won", refused, "1 or more"),
        Row("races that the run won", ran, "1 or more"),
    ]


def _work(pairs: int, seed: int, folder: pathlib.Path) -> tuple[int, int, int]:
    """How often a run came too late and went on, was refused, and came first."""
    dice, late, refused, ran, apart_s = random.Random(seed), 0, 0, 0, APART_S
    with cloud_process.running(AT_ONCE) as cloud:
        scene = Scene.with_people(folder, cloud)
        for _ in range(pairs):
            if scene.state != "approved":
                cloud.post("reset")
                scene.proposal()()
                scene.approval()()
            runs_seen = _race(scene, dice, apart_s)
            if scene.state == "approved":
                refused += 1
                apart_s *= LATER
                continue
            ran += 1
            apart_s *= SOONER
            late += runs_seen == 0
            scene.drive_to_the_end()
        if max(scene.acted().values()) > 1:
            late += 1
        scene.prove_the_log()
        scene.end()
    return late, refused, ran


def _race(scene: Scene, dice: random.Random, apart_s: float) -> int:
    """Runs the change and disables its approver meanwhile; then the approver is back.

    How many runs of the change had begun when the disabling was written.
    """
    run = scene.execution()
    runner = threading.Thread(target=run)
    number = scene.change.rpartition("/")[2]
    lost = dice.choice(["disabled_at = 1", "role = 'viewer'"])
    with contextlib.closing(sqlite3.connect(scene.portal.database, BUSY_S)) as database:
        database.isolation_level = None
        runner.start()
        time.sleep(2 * dice.random() * apart_s)
        database.execute("BEGIN IMMEDIATE")
        database.execute(f"UPDATE people SET {lost} WHERE login = 'ben'")
        seen = database.execute(
            "SELECT count(*) FROM audit WHERE type = 'run.started' AND change = ?", [number]
        ).fetchone()[0]
        database.execute("COMMIT")
        runner.join()
        back = "disabled_at = NULL, role = 'approver'"
        database.execute(f"UPDATE people SET {back} WHERE login = 'ben'")
    return seen
