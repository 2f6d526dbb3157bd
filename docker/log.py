"""A log of 1,000,000 entries: how long its pages, its proof and its next entry take."""

import contextlib
import itertools
import os
import pathlib
import sqlite3
import statistics
import subprocess
import time
import urllib.parse

from servers import CARETAKER, ROOT, Portal, Unmeasured, ask, environment, sign_in, spent_ms

BENCHMARKS = ROOT / ".build" / "release" / "Benchmarks"
ENTRIES = 1_000_000
FEW = 100
FEWER = 100_000  # The proof of so many must not need much less memory.
READER = "eve"
NOBODY = "http://127.0.0.1:1"  # The cloud is not asked for anything.
ASKED = 5  # Times for each page; the middle counts.
ASKED_IN_TURN = 25
SETTLED_S = 5  # By then both have tried to read the cloud, and so show the same.
GROWING = ("/audit", "/resources")
SOUND = (0, 2)  # Exit status of the proof: with and without an anchor.
TARGETS = {
    "log_page_slowest_ms": ("≤", 20),
    "search_1m_slowest_ms": ("≤", 20),
    "log_verify_core_s": ("≤", 10),
    "log_verify_peak_mib": ("≤", 64),
    "log_verify_peak_growth": ("≤", 1.1),
    "log_appends_ratio_to_bare": ("≥", 0.6),
    "audit_page_growth": ("≤", 1.2),
    "resources_page_growth": ("≤", 1.2),
}
# Words of a million entries, of some, of few and of none, and beginnings of such words.
SEARCHES = [
    "change",
    "session started",
    "chang succe",
    "c",
    "eve",
    "newsletter",
    "CR-50000",
    "zebra",
]
OTHERS = ["/audit?change=50000", "/audit?change=50000&outcome=good&flagged=yes", "/audit/review"]


def measure(folder: pathlib.Path) -> dict[str, float]:
    """Every figure by its name."""
    begun = time.perf_counter()
    portal = with_log(folder / "long", ENTRIES)
    filled_s = time.perf_counter() - begun
    shorter = with_log(folder / "shorter", FEWER)
    figures = pages(portal) | verify(portal.database)
    peak_mib = verify(shorter.database)["log_verify_peak_mib"]
    figures["log_verify_peak_growth"] = figures["log_verify_peak_mib"] / peak_mib
    figures |= growth(portal, with_log(folder / "few", FEW))
    figures |= figures_of("appends", portal.database)
    return figures | {"log_fill_s": filled_s}


def with_log(folder: pathlib.Path, entries: int, others: int = 0) -> Portal:
    """A portal with the people of the log's story and as many others, and so much of it."""
    folder.mkdir(parents=True)
    portal = Portal(folder, NOBODY)
    for login, role in (("ben", "approver"), ("cleo", "administrator"), (READER, "auditor")):
        portal.add_person(login, role)
    for number in range(others):
        portal.add_person(f"person{number}", ("operator", "approver", "auditor")[number % 3])
    figures_of("fill", portal.database, entries)
    return portal


def figures_of(*words) -> dict[str, float]:
    """What `Benchmarks` measures, or nothing where it only does something."""
    command = [BENCHMARKS, *map(str, words)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures = dict(line.split("\t") for line in result.stdout.splitlines())
    return {name: float(value) for name, value in figures.items()}


def pages(portal: Portal) -> dict[str, float]:
    """Pages of the list for every combination of the parts of a filter, as a client sees them."""
    middle_ms = {}
    with portal.running() as server:
        fields = {"Cookie": sign_in(server.port, READER, portal.password)}
        ask(server.port, "GET", "/audit", fields)
        for path in [*paths(portal.database), *OTHERS]:
            times_ms = [spent_ms(server.port, path, fields) for _ in range(ASKED)]
            middle_ms[path] = statistics.median(times_ms)
        searched_ms = [
            statistics.median(spent_ms(server.port, path, fields) for _ in range(ASKED))
            for path in ("/search?q=" + urllib.parse.quote(words) for words in SEARCHES)
        ]
    review_ms = middle_ms.pop("/audit/review")
    return {
        "log_pages": len(middle_ms),
        "log_page_middle_ms": statistics.median(middle_ms.values()),
        "log_page_slowest_ms": max(middle_ms.values()),
        "log_review_page_ms": review_ms,
        "search_1m_slowest_ms": max(searched_ms),
    }


def growth(long: Portal, few: Portal) -> dict[str, float]:
    """How much longer pages take with a long log than with one of few entries, asked in turn."""
    with long.running() as one, few.running() as other:
        asked = [
            (s.port, sign_in(s.port, READER, p.password)) for s, p in ((one, long), (other, few))
        ]
        time.sleep(SETTLED_S)
        times_ms = {path: ([], []) for path in GROWING}
        for path in GROWING * ASKED_IN_TURN:
            for (port, cookie), times in zip(asked, times_ms[path]):
                times.append(spent_ms(port, path, {"Cookie": cookie}))
    return {
        f"{path[1:]}_page_growth": statistics.median(slow) / statistics.median(quick)
        for path, (slow, quick) in times_ms.items()
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
