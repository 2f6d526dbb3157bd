"""The row that works for long while things go wrong."""

import collections
import contextlib
import threading
import time

import uploads
from ground import Ground, case, need
from injection import asking, descriptors, injected, resident_kib, threads
from people import Gone
from walk import Scene

POLL_S = 10
PAUSE_S = 0.15
PAGES = ("/", "/resources", "/changes", "/audit", "/costs", "/backups")
SETTLES_S = 20
GROWN_KIB_MAX = 48 << 10
WAL_BYTES_MAX = 24 << 20
LOOKS = 10
CONNECTIONS_KEPT = 32  # To AWS, which a burst of calls opens and later ones use again.


class Load(threading.Thread):
    """One person at work: pages, proposals and withdrawals, until told to stop."""

    def __init__(self, scene: Scene, login: str):
        super().__init__(daemon=True)
        self._scene, self._person = scene, scene.people[login]
        self.stopped = threading.Event()
        self.answers = collections.Counter()
        self.gone = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            with contextlib.suppress(LookupError):
                self._once()

    def _once(self) -> None:
        for path in PAGES:
            self._note(lambda path=path: self._person.get(path))
        with contextlib.suppress(Gone):
            form = self._person.form(self._scene.preview, "/changes")
            self._note(lambda: form.send(reason="Large images fail"))

    def _note(self, ask) -> None:
        try:
            status = ask().status
            self.answers[status] += 1
        except Gone:
            self.gone += 1
        time.sleep(PAUSE_S)


def _fsync(scene: Scene) -> None:
    with injected(scene, "fsync,fdatasync", "error=EIO"):
        time.sleep(2)


def _full(scene: Scene) -> None:
    with injected(scene, "pwrite64", "error=ENOSPC"):
        time.sleep(2)


def _read_only(scene: Scene) -> None:
    with injected(scene, "pwrite64", "error=EROFS"):
        time.sleep(2)


def _cloud_fails(scene: Scene) -> None:
    scene.cloud.post("faults", [{"code": "ServiceUnavailable", "status": 503, "times": 40}])
    time.sleep(2)


def _cloud_hangs(scene: Scene) -> None:
    scene.cloud.post("faults", [{"latency_ms": 5_000, "times": 10}])
    time.sleep(2)


def _cloud_drops(scene: Scene) -> None:
    scene.cloud.post("faults", [{"drop": "after", "times": 20}])
    time.sleep(2)


def _upload_ends(scene: Scene) -> None:
    ben = scene.people["ben"]
    wire = uploads.request(ben, uploads.large_theme(1 << 20))
    with uploads.connected(ben) as connection:
        connection.sendall(wire[: len(wire) // 2])


FAULTS = (_fsync, _full, _read_only, _cloud_fails, _cloud_hangs, _cloud_drops, _upload_ends)


@case(48)
def soak(ground: Ground) -> int:
    """people work while disks, AWS and clients fail at random (five minutes unless --soak says
    more; the seed is printed): memory, descriptors, threads and write-ahead log stay, nobody
    gets half an answer, and the log is sound (shown: answers)"""
    scene = ground.scene(portal=asking(ground.cloud.url, poll_s=POLL_S))
    scene.start()
    load = [Load(scene, login) for login in ("ana", "ben", "cleo")]
    for each in load:
        each.start()
    time.sleep(SETTLES_S)
    before = _taken(scene)
    until, count = time.monotonic() + ground.asked.soak_s - 2 * SETTLES_S, 0
    while time.monotonic() < until:
        fault = ground.dice.choice(FAULTS)
        with contextlib.suppress(Gone, LookupError, OSError):
            fault(scene)
        count += 1
        time.sleep(ground.dice.random() * 3)
        need(not scene.portal.has_ended, f"it ended after {count} faults, at {fault.__name__}")
    scene.cloud.post("faults", [])
    time.sleep(SETTLES_S)
    after = _taken(scene)
    for each in load:
        each.stopped.set()
        each.join()
    _is_flat(before, after)
    answers = sum((each.answers for each in load), collections.Counter())
    need(sum(e.gone for e in load) == 0, f"{sum(e.gone for e in load)} requests got no answer")
    need(set(answers) <= {200, 303, 409, 429, 500, 503}, f"answers: {answers}")
    need(scene.people["ana"].get("/changes").status == 200, "no page in the end")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return sum(answers.values())


def _taken(scene: Scene) -> dict[str, int]:
    """What the portal takes, the least of a few looks: a request or a poll takes more for a
    while."""
    looks = []
    for _ in range(LOOKS):
        looks.append(_look(scene))
        time.sleep(1)
    return {name: min(look[name] for look in looks) for name in looks[0]}


def _look(scene: Scene) -> dict[str, int]:
    wal = scene.portal.database.with_name("caretaker.sqlite-wal")
    pid = scene.portal.pid
    return {
        "KiB": resident_kib(pid), "descriptors": descriptors(pid), "threads": threads(pid),
        "WAL": wal.stat().st_size if wal.exists() else 0,
    }  # fmt: skip


def _is_flat(before: dict[str, int], after: dict[str, int]) -> None:
    told = f"before {before}, after {after}"
    need(after["KiB"] < before["KiB"] + GROWN_KIB_MAX, told)
    need(after["descriptors"] <= before["descriptors"] + CONNECTIONS_KEPT, told)
    need(after["threads"] <= before["threads"] + 6, told)
    need(after["WAL"] < WAL_BYTES_MAX, told)
