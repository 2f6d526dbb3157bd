"""Rows of ends in the middle of work: of acts, upgrades, backups and uploads, of the power, and of
the process by its own hand."""

import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import tempfile
import time

import uploads
from ground import Ground, Short, case, changed, need, until
from injection import TRAPPED, command, killing, set_traps, traced
from kills import Kill, what_is_kept
from people import Gone
from portal import ROOT
from twin import verifier
from walk import SOUND, TASK_SIZE, Scene

# Calls of an upgrade that write, and how many of each are passed over for one that is killed.
WRITES = {"pwrite64": 12, "fdatasync": 1, "ftruncate": 1, "unlink": 1, "rename": 1}
BACK = "0034-own-backups"
CUTS, PROVEN_CUTS = 10_000, 40
MIB = 1 << 20


def _kept(kills: list[Kill]) -> int:
    """How many kills; each kept every promise."""
    need(kills, "nothing was killed")
    for kill in kills:
        need(not kill.promise, f"{kill.act}, {kill.at}: {kill.promise}: {kill.how}")
    return len(kills)


@case(1)
def propose(ground: Ground) -> int:
    """kill -9 at system calls of propose, one in --step of them all: the change is there whole or
    not at all"""
    return _kept([kill for kill in ground.calls if kill.act == "propose"])


@case(2)
def approve(ground: Ground) -> int:
    """… of approve: the approval and its entry are there together or not, and if answered, are"""
    return _kept([kill for kill in ground.calls if kill.act == "approve"])


@case(3)
def run(ground: Ground) -> int:
    """… of run, up to the call: the intent is there, and nothing is done twice"""
    before = [kill for kill in ground.marks if re.search(r", before [A-Z]", kill.act)]
    return _kept([kill for kill in ground.calls if kill.act == "run"] + before)


@case(4)
def acted(ground: Ground) -> int:
    """… after AWS acted, before its answer: found by reading, and AWS has acted once"""
    return _kept([kill for kill in ground.marks if re.search(r", after [A-Z]", kill.act)])


@case(5)
def finish(ground: Ground) -> int:
    """… after the answer, before its row is written: the same"""
    return _kept([kill for kill in ground.calls if kill.act == "finish"])


@case(6)
def between(ground: Ground) -> int:
    """… at each commit of a change of several steps: it goes on where it was, in order"""
    marks = [kill for kill in ground.marks if kill.act.startswith(TASK_SIZE.name)]
    return _kept([kill for kill in marks if " commit " in kill.act])


@case(7)
def upgrade(ground: Ground) -> int:
    """… at every write of an upgrade: the schema is the old one or the new one, never half"""
    scene = ground.scene()
    old = scene.portal.database.parent.with_name("old")
    new = _schema(scene.portal.database)
    undo = f"DELETE FROM grdb_migrations WHERE identifier = '{BACK}'"
    changed(scene.portal.database, "DROP TABLE own_backups", undo)
    shutil.copytree(scene.portal.database.parent, old)
    before, count = _schema(scene.portal.database), 0
    for call, step in WRITES.items():
        number = 1
        while command(scene, "user", "list", under=killing(call, number)).returncode != 0:
            _is_old_or_new(scene, f"{call} {number}", before, new)
            count, number = count + 1, number + step
            shutil.rmtree(scene.portal.database.parent)
            shutil.copytree(old, scene.portal.database.parent)
        shutil.rmtree(scene.portal.database.parent)
        shutil.copytree(old, scene.portal.database.parent)
    need(count > 20, f"the upgrade was killed {count} times only")
    return count


def _is_old_or_new(scene: Scene, at: str, old: list, new: list) -> None:
    """After a kill, and that the next start goes on from there."""
    need(_schema(scene.portal.database) in (old, new), f"after {at} the schema is neither")
    listed = command(scene, "user", "list")
    need(listed.returncode == 0 and listed.stdout.count("\n") == 3, f"{at}: {listed}")
    need(_schema(scene.portal.database) == new, f"{at}: the next start did not upgrade it")
    left = [name for name in os.listdir(scene.portal.database.parent) if "rehearsal" in name]
    need(not left, f"{at}: {left} was left")


def _schema(database: pathlib.Path) -> list:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        need(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "it is damaged")
        tables = connection.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
        return tables + connection.execute("SELECT * FROM grdb_migrations ORDER BY 1").fetchall()


@case(8)
def backup(ground: Ground) -> int:
    """… of a backup and of a restore: the database is untouched, and the next one sweeps up"""
    scene = ground.scene()
    data, made, count = scene.portal.database.parent, scene.folder / "made", 0
    before = _content(scene.portal.database)
    for number in (1, 3, 8, 20, 60):
        killed = command(scene, "backup", "--to", made, under=killing("write,pwrite64", number))
        count += killed.returncode != 0
        time.sleep(1)  # Its name tells the second.
    need(command(scene, "backup", "--to", made).returncode == 0, "the next backup failed")
    left = [name for name in [*os.listdir(made), *os.listdir(data)] if "unfinished" in name]
    need(not left, f"{left} was left")
    archive = next(made.glob("*.zip"))
    for number in (1, 4, 16, 64):
        new = scene.folder / f"restored-{number}"
        under = killing("write,pwrite64", number)
        if command(scene, "restore", archive, "--data", new, under=under).returncode == 0:
            break
        count += 1
        again = command(scene, "restore", archive, "--data", new)
        need(again.returncode == 0 or "is not empty" in again.stderr, again.stderr)
        shutil.rmtree(new, ignore_errors=True)
        need(command(scene, "restore", archive, "--data", new).returncode == 0, "no restore")
    need(_content(scene.portal.database) == before, "the database has changed")
    return count


def _content(database: pathlib.Path) -> str:
    """A digest of every row, but for those that tell of backups, and of the index for searches."""
    digest = hashlib.sha256()
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as found:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        for (name,) in found.execute(tables).fetchall():
            if not name.startswith(("own_backups", "sqlite_", "search_")):
                for row in found.execute(f'SELECT * FROM "{name}"'):
                    digest.update(repr((name, row)).encode())
    return digest.hexdigest()


@case(9)
def upload(ground: Ground) -> int:
    """… within an upload: nothing of it is left, not even for the next start to sweep up"""
    scene = ground.scene()
    scene.start()
    wire = uploads.request(scene.people["ana"], uploads.large_theme(8 * MIB))
    before = set(scene.portal.database.parent.rglob("*"))
    with uploads.connected(scene.people["ana"]) as connection:
        connection.sendall(wire[: 4 * MIB])
        time.sleep(0.5)
        scene.portal.kill()
    data = scene.portal.database.parent
    left = [path for path in set(data.rglob("*")) - before if path.is_file()]
    need(not [path for path in left if "sqlite" not in path.name], f"{left} was left")
    scene.start()
    need(uploads.send(scene.people["ana"], uploads.theme()) == 303, "the next upload failed")
    return scene.portal.stop() + 1


@case(12)
def power(ground: Ground) -> int:
    """the power goes, and the write-ahead log is cut at any byte: what is left is the log's begin,
    whole; and every act was on disk before it was answered"""
    scene = ground.scene()
    scene.start()
    _is_on_disk_before_its_answer(scene)
    scene.portal.kill()
    database = scene.portal.database
    wal = database.with_name(database.name + "-wal").read_bytes()
    whole = scene.read("SELECT seq, chain FROM audit ORDER BY seq")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        copy = pathlib.Path(name, database.name)
        log = copy.with_name(copy.name + "-wal")
        for number in range(CUTS):
            cut = ground.dice.randrange(len(wal) + 1)
            # New files: SQLite's connections of one process share what they know of an inode.
            for path in copy.parent.iterdir():
                path.unlink()
            shutil.copyfile(database, copy)
            log.write_bytes(wal[:cut])
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                found = connection.execute("SELECT seq, chain FROM audit ORDER BY seq").fetchall()
            need(found == whole[: len(found)], f"cut at {cut} is no begin of the log")
            if number % (CUTS // PROVEN_CUTS) == 0:
                status, sentence = verifier.main([str(copy)])
                need(status in SOUND, f"cut at {cut}: {sentence}")
    return CUTS


def _is_on_disk_before_its_answer(scene: Scene) -> None:
    """No byte of an answer leaves while what it tells of is only in memory."""
    trace = scene.folder / "trace"
    calls = "pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg"
    send = scene.proposal()
    with traced(scene, calls, "-y", "-o", trace):
        need(send().status == 303, "the proposal was refused")
    unsynced, commits = False, 0
    for call in trace.read_text(errors="replace").splitlines():
        if "caretaker.sqlite-wal>" in call:
            unsynced = "pwrite64" in call
            commits += not unsynced
        elif "303 See Other" in call:
            need(not unsynced and commits, "the answer left before its commit was on disk")
            return
    raise Short("no answer was seen")


@case(47)
def trap(ground: Ground) -> int:
    """an instruction that traps, as Swift's own do, ends the process in the middle of a run: by a
    signal, upon which the unit starts it anew (here the row does), and the change is reconciled
    (shown: ms until it answers again)"""
    unit = (ROOT / "docker" / "caretaker.service").read_text()
    need("Restart=on-failure" in unit, "the unit does not start it anew")
    scene = ground.scene()
    scene.start()
    scene.proposal()()
    scene.approval()()
    scene.cloud.post("faults", [{"operation": "UpdateService", "latency_ms": 2_000}])
    scene.execution()()
    until(lambda: scene.state == "executing", "the run")
    set_traps(scene.portal.pid)
    with contextlib.suppress(Gone):
        scene.people["ana"].get("/changes")
    until(lambda: scene.portal.has_ended, "the end")
    need(scene.portal.status in TRAPPED, f"it ended with {scene.portal.status}")
    kill = what_is_kept(scene, "run", "a trap", ["propose", "approve", "run"])
    need(not kill.promise, f"{kill.promise}: {kill.how}")
    return kill.visible_ms or 1
