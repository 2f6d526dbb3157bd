"""Rows of several at once: clients at an end, portals on a folder, programs on a database,
people at a change."""

import contextlib
import http.client
import re
import sqlite3
import threading
import time
import urllib.error
import urllib.request

import races
from crashes import BACK
from ground import Ground, case, need
from injection import command, refusal
from report import Row
from walk import Scene

LOAD_S, CLIENTS = 3, 8
HELD_S = 30
WAITS_S = 8  # A writer waits for five.
LONG_READ_WRITES = 45  # Each brings the log a hundred KiB or more.
# The log of a database that nobody reads is written over once it has a thousand pages.
WRITTEN_OVER_BYTES = 1_100 * 4_096
ONE_ACT_BYTES = 512 << 10
RACES = 100


@case(10)
def end_under_load(ground: Ground) -> int:
    """SIGTERM under load: what was begun is answered whole, and it ends within 30 seconds"""
    scene = ground.scene()
    scene.start()
    cut, answered = [], []
    until = time.monotonic() + LOAD_S

    def ask() -> None:
        while time.monotonic() < until:
            # A page that no limit of pages holds back: each answer has to be whole and good.
            try:
                answer = urllib.request.urlopen(scene.portal.url + "/sign-in")
            except urllib.error.HTTPError as error:
                cut.append(error.code)
                continue
            except (urllib.error.URLError, ConnectionError):
                return  # The port is closed: nothing was begun.
            try:
                with answer:
                    answered.append(answer.read())
            except (OSError, http.client.HTTPException) as problem:
                cut.append(problem)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(LOAD_S / 3)
    begun = time.monotonic()
    status = scene.portal.stop()
    spent_s = time.monotonic() - begun
    for client in clients:
        client.join()
    need(not cut, f"answers were cut: {cut[:3]}")
    need(status == 0 and spent_s < 30, f"it ended with {status} after {spent_s:.0f} s")
    return len(answered)


@case(11)
def second_portal(ground: Ground) -> None:
    """a second portal on a folder is refused in a sentence, so is a command that would have to
    bring the database up to date, and the first works on"""
    scene = ground.scene()
    scene.start()
    said = refusal(command(scene, "serve"))
    need("Another Caretaker works on" in said, said or "it was not refused")
    with contextlib.closing(sqlite3.connect(scene.portal.database)) as other:
        other.execute(f"DELETE FROM grdb_migrations WHERE identifier = '{BACK}'")
        other.commit()
        said = refusal(command(scene, "user", "list"))
        other.execute(f"INSERT INTO grdb_migrations VALUES ('{BACK}')")
        other.commit()
    need("Another Caretaker works on" in said, said or "the command was not refused")
    need(scene.proposal()().status == 303, "the first does not work on")
    need(scene.portal.stop() == 0, "it did not end as it should")


@case(24)
def held_lock(ground: Ground) -> None:
    """another program holds the database for 30 seconds: pages are shown, an act waits five and is
    answered 503 in a sentence, and the next one works"""
    scene = ground.scene()
    scene.start()
    send = scene.proposal()
    with contextlib.closing(sqlite3.connect(scene.portal.database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        released_at = time.monotonic() + HELD_S
        begun = time.monotonic()
        answer = send()
        spent_s = time.monotonic() - begun
        need(answer.status == 503, f"the act was answered {answer.status}")
        need("Another program holds the database" in answer.text, "no sentence says why")
        need(spent_s < WAITS_S, f"it waited {spent_s:.0f} s")
        need(scene.people["ana"].get("/changes").status == 200, "pages are not shown")
        time.sleep(max(0, released_at - time.monotonic()))
        other.rollback()
    need(scene.proposal()().status == 303, "no act went through afterwards")
    need(scene.portal.stop() == 0, "it did not end as it should")


@case(25)
def long_reader(ground: Ground) -> int:
    """another program reads for long, so that the write-ahead log can't be written over: acts go
    on, and once it is gone the log grows no more (shown: KiB of the log at its largest)"""
    scene = ground.scene()
    scene.start()
    wal = scene.portal.database.with_name("caretaker.sqlite-wal")
    with contextlib.closing(sqlite3.connect(scene.portal.database)) as other:
        other.isolation_level = None
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM audit").fetchone()
        _work(scene)
        largest = wal.stat().st_size
        need(largest > WRITTEN_OVER_BYTES, f"the log has {largest} bytes, as without a reader")
    _work(scene)
    after = wal.stat().st_size
    need(after < largest + ONE_ACT_BYTES, f"the log has grown from {largest} to {after} bytes")
    need(scene.portal.stop() == 0, "it did not end as it should")
    need(not wal.exists() or not wal.stat().st_size, "the end left something in the log")
    return largest >> 10


def _work(scene: Scene) -> None:
    """Changes are proposed and withdrawn."""
    ana = scene.people["ana"]
    for _ in range(LONG_READ_WRITES):
        need(scene.proposal()().status == 303, "a proposal was refused")
        ana.form(scene.change, "/withdrawal").send()
        time.sleep(0.2)  # One person may ask for 20 pages a second.


@case(38)
def duplicates(ground: Ground) -> int:
    """each form of a change's way is sent a thousand times at once: one change, one approval, one
    run, one effect, and an answer for everybody"""
    found = races.crowds(ground.folder / "duplicates")
    _all_hold(found)
    return races.POSTS


def _all_hold(rows: list[Row]) -> None:
    for row in rows:
        need(row.is_ok, f"{row.name}: {row.value} of {row.target}")


@case(39)
def approve_and_withdraw(ground: Ground) -> int:
    """an approval beside a withdrawal, and two approvals, at the same instant: as if one came after
    the other, each time"""
    scene = ground.scene()
    scene.start()
    approved = withdrawn = 0
    for number in range(RACES):
        need(scene.proposal()().status == 303, "the proposal was refused")
        form = scene.people["ana"].form(scene.change, "/withdrawal")
        sends = [scene.approval(), form.send if number % 2 else _second_approval(scene)]
        answers = _at_once(sends)
        row = f"change = {scene.count('changes')}"
        entries = scene.count("audit", f"type = 'change.approved' AND {row}")
        told = [(a.status, re.findall("<h1>.*?<", a.text)) for a in answers]
        need({a.status for a in answers} <= {303, 409}, f"answered {told}")
        if number % 2:
            need(scene.state == "withdrawn" or answers[1].status == 409, f"it is {scene.state}")
            need((answers[0].status == 303) == (entries == 1), "an approval was answered wrongly")
            need(scene.state in ("withdrawn", "approved"), f"it is {scene.state}")
        else:
            need(scene.state == "approved" and entries >= 1, f"it is {scene.state}")
            done = [answer.status for answer in answers].count(303)
            need(entries == done, f"{done} approvals were answered, {entries} are in the log")
        approved += scene.state == "approved"
        withdrawn += scene.state == "withdrawn"
        if scene.state == "approved":
            scene.people["ana"].form(scene.change, "/withdrawal").send()
        time.sleep(0.1)
    need(approved and withdrawn, f"{approved} approved, {withdrawn} withdrawn: no race at all")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return RACES


def _second_approval(scene: Scene):
    cleo = scene.people["cleo"]
    form = cleo.form(scene.change, "/approval")
    return lambda: form.send(password=cleo.password)


def _at_once(sends: list) -> list:
    """Sends all of them as soon as each is ready."""
    barrier, answers = threading.Barrier(len(sends)), [None] * len(sends)

    def send(number: int) -> None:
        barrier.wait()
        answers[number] = sends[number]()

    threads = [threading.Thread(target=send, args=[number]) for number in range(len(sends))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@case(40)
def disabled_approver(ground: Ground) -> int:
    """the approver is disabled, or loses the role, between approval and run: it is not run"""
    _all_hold(races.disabling(ground.asked.pairs, ground.asked.seed, ground.folder))
    return ground.asked.pairs
