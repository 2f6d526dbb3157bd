"""What a machine does to a portal: full, read-only and broken disks, lost and damaged files, a second
portal, an end in the middle of work. Each row names what it is the answer to; needs root and strace.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from cloud import process as cloud_process
from portal import BINARY, environment
from report import Row
from walk import AT_ONCE, Scene

TMPFS = "size=160m,mode=0700"  # Room for the ballast, and some.
HELD_S = 8  # Longer than a writer waits.
LOAD_S, CLIENTS = 3, 8
DESCRIPTORS = 64


def rows(folder: pathlib.Path) -> list[Row]:
    with cloud_process.running(AT_ONCE) as cloud:
        past = Scene.with_people(folder / "past", cloud)
        past.portal.stop()
        with contextlib.closing(sqlite3.connect(past.portal.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # All of it is in the one file.
        return [_row(fault, past.copied(folder / fault.__name__)) for fault in FAULTS]


def _row(fault: Callable[[Scene], bool], scene: Scene) -> Row:
    try:
        holds = fault(scene)
        if fault not in LOST:
            scene.prove_the_log()
    except Exception as problem:
        print(f"{fault.__name__}: {problem!r}", file=sys.stderr)
        holds = False
    finally:
        with contextlib.suppress(Exception):
            scene.portal.kill()
    return Row(fault.__doc__, int(holds), "holds", holds)


# Files


def backup_killed(scene: Scene) -> bool:
    """a backup killed at any write leaves no trace after the next one"""
    made = scene.folder / "made"
    for call in (1, 3, 8, 20, 60):
        fault = [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            f"inject=write:signal=KILL:when={call}",
        ]
        _command(scene, "backup", "--to", made, under=[*fault, "-e", "trace=write"])
    whole = _command(scene, "backup", "--to", made).returncode == 0
    names = [*os.listdir(made), *os.listdir(scene.portal.database.parent)]
    return whole and not any("unfinished" in name for name in names)


def damaged_header(scene: Scene) -> bool:
    """a database whose first page is damaged is refused in a sentence, and left alone"""
    with scene.portal.database.open("r+b") as file:
        file.write(b"x" * 100)
    before = scene.portal.database.read_bytes()
    return _refuses(scene, "") and scene.portal.database.read_bytes() == before


def empty_database(scene: Scene) -> bool:
    """an empty file where a database was is no new portal with a set-up page"""
    for path in scene.portal.database.parent.glob("caretaker.sqlite*"):
        path.unlink()
    scene.portal.database.touch()
    return _refuses(scene, "")


def lost_wal(scene: Scene) -> bool:
    """a database whose write-ahead log is gone starts with what was in the file"""
    scene.start()
    scene.proposal()()
    scene.portal.kill()
    for path in scene.portal.database.parent.glob("caretaker.sqlite-*"):
        path.unlink()
    scene.start()
    return scene.people["ana"].get("/audit").status == 200 and scene.portal.stop() == 0


def second_portal(scene: Scene) -> bool:
    """a second portal on a folder is refused in a sentence, and the first works on"""
    scene.start()
    refused = _refuses(scene, "Another Caretaker works on")
    return refused and scene.proposal()().status == 303 and scene.portal.stop() == 0


# Disks


def failing_fsync(scene: Scene) -> bool:
    """nothing is said to be done while the disk does not take it (fsync: EIO)"""
    scene.start()
    send = scene.proposal()
    with _injected(scene, "fsync,fdatasync", "error=EIO"):
        refused = send().status >= 500
    return refused and scene.proposal()().status == 303 and scene.portal.stop() == 0


def full_disk(scene: Scene) -> bool:
    """a full disk refuses acts and shows pages, and room ends it without a start"""
    with _small_disk(scene) as data:
        scene.start()
        send = scene.proposal()
        filler = data / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"0" * 4_096):
                pass
        shows, refuses = scene.people["ana"].get("/changes").status == 200, send().status >= 500
        filler.unlink()
        works = scene.proposal()().status == 303
        return shows and refuses and works and scene.portal.stop() == 0


def read_only_disk(scene: Scene) -> bool:
    """a disk that turns read-only refuses acts and shows pages, until it can be written again"""
    with _small_disk(scene) as data:
        scene.start()
        send = scene.proposal()
        # What holds a file open for writing keeps the kernel from it, so each write fails instead.
        with _injected(scene, "pwrite64", "error=EROFS"):
            shows, refuses = scene.people["ana"].get("/changes").status == 200, send().status >= 500
        works = scene.proposal()().status == 303
        return data.exists() and shows and refuses and works and scene.portal.stop() == 0


def unreadable_page(scene: Scene) -> bool:
    """a page of the disk that can't be read is an error with a reference, not wrong data"""
    scene.start()
    with _injected(scene, "pread64", "error=EIO"):
        answer = scene.people["ana"].get("/audit?before=3")
    later = scene.people["ana"].get("/audit").status
    said = answer.status == 200 or answer.status >= 500 and "Reference" in answer.text
    return said and later == 200 and scene.portal.stop() == 0


def held_lock(scene: Scene) -> bool:
    """somebody else's lock on the database is waited for, then told, and nothing is stuck"""
    scene.start()
    send = scene.proposal()
    with contextlib.closing(sqlite3.connect(scene.portal.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        refused = send().status >= 500 and time.monotonic() - begun < HELD_S
        other.rollback()
    return refused and scene.proposal()().status == 303 and scene.portal.stop() == 0


# Ends and limits


def end_under_load(scene: Scene) -> bool:
    """SIGTERM under load: what was begun is answered, and the portal ends in time"""
    scene.start()
    cut = []
    until = time.monotonic() + LOAD_S

    def ask() -> None:
        while time.monotonic() < until:
            # A page that no limit of pages holds back: each answer has to be whole and good.
            address = scene.portal.url + "/sign-in"
            try:
                with urllib.request.urlopen(address) as answer:
                    if len(answer.read()) != int(answer.headers["Content-Length"]):
                        cut.append("short")
            except urllib.error.HTTPError as error:
                cut.append(error.code)
            except (urllib.error.URLError, ConnectionError):
                return  # The port is closed: nothing was begun.
            except Exception as problem:
                cut.append(problem)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(LOAD_S / 3)
    status = scene.portal.stop()
    for client in clients:
        client.join()
    return status == 0 and not cut


def no_descriptors(scene: Scene) -> bool:
    """without descriptors the portal rests, and serves again when some are free"""
    scene.start()
    subprocess.run(
        ["prlimit", "--pid", str(scene.portal.pid), f"--nofile={DESCRIPTORS}"], check=True
    )
    with contextlib.ExitStack() as opened:
        for _ in range(DESCRIPTORS * 2):
            client = opened.enter_context(socket.socket())
            client.settimeout(1)
            with contextlib.suppress(OSError):
                client.connect(("127.0.0.1", scene.portal.port))
        before = _cpu_s(scene.portal.pid)
        time.sleep(2)
        rested = _cpu_s(scene.portal.pid) - before < 0.5
    return rested and scene.people["ana"].get("/changes").status == 200 and scene.portal.stop() == 0


FAULTS = (
    backup_killed, second_portal, failing_fsync, full_disk, read_only_disk, unreadable_page,
    damaged_header, empty_database, lost_wal, held_lock, end_under_load, no_descriptors,
)  # fmt: skip


# After these there is no log left to prove.
LOST = (damaged_header, empty_database)


def _command(scene: Scene, *words, under: list[str] = ()) -> subprocess.CompletedProcess:
    command = [*under, BINARY, *words, "--config", scene.portal._configuration]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.run([*map(str, command)], env=environment(), timeout=60, **quiet)


def _refuses(scene: Scene, words: str) -> bool:
    """Whether a start ends by itself, with a status and a sentence that has these words."""
    ended = _command(scene, "serve")
    said = ended.stderr.strip()
    return ended.returncode > 0 and words in said and "Fatal error" not in said and said != ""


@contextlib.contextmanager
def _injected(scene: Scene, calls: str, fault: str) -> Iterator[None]:
    """Each of these system calls of the portal fails, until the end of the block."""
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(scene.portal.pid)]
    command += ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]
    tracer = subprocess.Popen(command)
    time.sleep(1)  # Until every thread is attached.
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait()


@contextlib.contextmanager
def _small_disk(scene: Scene) -> Iterator[pathlib.Path]:
    """The data folder on a disk of its own."""
    data = scene.portal.database.parent
    kept = data.with_name("kept")
    data.rename(kept)
    data.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", TMPFS, "tmpfs", data], check=True)
    try:
        shutil.copytree(kept, data, dirs_exist_ok=True)
        yield data
    finally:
        with contextlib.suppress(Exception):
            scene.portal.kill()
        last = data.with_name("last")
        shutil.copytree(data, last)
        subprocess.run(["umount", data], check=True)
        shutil.rmtree(data)
        last.rename(data)


def _cpu_s(pid: int) -> float:
    fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
