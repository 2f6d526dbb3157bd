"""A log of 1,000,000 entries: how long its pages, its proof and its next entry take."""

import contextlib
import itertools
import os
import pathlib
import sqlite3
import statistics
import subprocess
import time

from servers import CARETAKER, ROOT, Portal, Unmeasured, ask, environment, sign_in

BENCHMARKS = ROOT / ".build" / "release" / "Benchmarks"
ENTRIES = 1_000_000
FEWER = 100_000  # The proof of so many must not need much less memory.
READER = "eve"
NOBODY = "http://127.0.0.1:1"  # The cloud is not asked for anything.
ASKED = 5  # Times for each page; the middle counts.
SOUND = (0, 2)  # Exit status of the proof: with and without an anchor.
TARGETS = {
    "log_page_slowest_ms": ("≤", 20),
    "log_verify_core_s": ("≤", 10),
    "log_verify_peak_mib": ("≤", 64),
    "log_verify_peak_growth": ("≤", 1.1),
    "log_appends_ratio_to_bare": ("≥", 0.6),
}
OTHERS = ["/audit?change=50000", "/audit?change=50000&outcome=good&flagged=yes", "/audit/review"]


def measure(folder: pathlib.Path) -> dict[str, float]:
    """Every figure by its name."""
    portal, shorter = with_team(folder / "long"), with_team(folder / "shorter")
    begun = time.perf_counter()
    benchmarks("fill", str(portal.database), str(ENTRIES))
    filled_s = time.perf_counter() - begun
    benchmarks("fill", str(shorter.database), str(FEWER))
    figures = pages(portal) | verify(portal.database)
    peak_mib = verify(shorter.database)["log_verify_peak_mib"]
    figures["log_verify_peak_growth"] = figures["log_verify_peak_mib"] / peak_mib
    rates = dict(line.split("\t") for line in benchmarks("appends", str(portal.database)))
    log, bare = float(rates["log_appends_per_s"]), float(rates["bare_transactions_per_s"])
    return figures | {
        "log_fill_s": filled_s,
        "log_appends_per_s": log,
        "bare_transactions_per_s": bare,
        "log_appends_ratio_to_bare": log / bare,
    }


def with_team(folder: pathlib.Path) -> Portal:
    """A portal with the people of the log's story."""
    folder.mkdir(parents=True)
    portal = Portal(folder, NOBODY)
    for login, role in (("ben", "approver"), ("cleo", "administrator"), (READER, "auditor")):
        portal.add_person(login, role)
    return portal


def benchmarks(*words: str) -> list[str]:
    result = subprocess.run([BENCHMARKS, *words], stdout=subprocess.PIPE, text=True, check=True)
    return result.stdout.splitlines()


def pages(portal: Portal) -> dict[str, float]:
    """Pages of the list for every combination of the parts of a filter, as a client sees them."""
    spent_ms = {}
    with portal.running() as server:
        fields = {"Cookie": sign_in(server.port, READER, portal.password)}
        ask(server.port, "GET", "/audit", fields)
        for path in [*paths(portal.database), *OTHERS]:
            times_ms = []
            for _ in range(ASKED):
                begun = time.perf_counter()
                ask(server.port, "GET", path, fields)
                times_ms.append((time.perf_counter() - begun) * 1_000)
            spent_ms[path] = statistics.median(times_ms)
    review_ms = spent_ms.pop("/audit/review")
    return {
        "log_pages": len(spent_ms),
        "log_page_middle_ms": statistics.median(spent_ms.values()),
        "log_page_slowest_ms": max(spent_ms.values()),
        "log_review_page_ms": review_ms,
    }


def paths(database: pathlib.Path) -> list[str]:
    """The list under every combination of a filter's parts, asked for and not."""
    first, last = day_of(database, ENTRIES // 3), day_of(database, ENTRIES // 2)
    parts = {
        "person": ["", "1", "2", "4"],
        "type": ["", "change.moved", "session.refused", "access.refused"],
        "outcome": ["", "good", "refused", "failed", "unknown"],
        "flagged": ["", "yes"],
        "from": ["", first],
        "to": ["", last],
        "before": ["", str(ENTRIES // 2)],
    }
    return [
        "/audit?" + "&".join(f"{name}={value}" for name, value in zip(parts, values) if value)
        for values in itertools.product(*parts.values())
    ]


def day_of(database: pathlib.Path, entry: int) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        at_ms = connection.execute("SELECT at FROM audit WHERE seq = ?", [entry]).fetchone()[0]
    return time.strftime("%Y-%m-%d", time.gmtime(at_ms / 1_000))


def verify(database: pathlib.Path) -> dict[str, float]:
    """The whole log proven by one process: its time on a core, and the most memory it had."""
    command = [CARETAKER, "audit", "verify", database]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in SOUND:
        raise Unmeasured(f"caretaker audit verify ended with {process.returncode}")
    return {
        "log_verify_core_s": used.ru_utime + used.ru_stime,
        "log_verify_peak_mib": used.ru_maxrss / 1_024,
    }
