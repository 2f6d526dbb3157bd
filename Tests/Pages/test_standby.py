"""Two portals on one lease, as processes on folders of their own: one works, the other stands by.

What brings the newest copy back is a copy of the file here; `make replica-drill` has Litestream.
"""

import concurrent.futures
import contextlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from portal import BINARY, PEOPLE, ROOT, Portal, environment

sys.path.append(str(ROOT / "Tests" / "Faults"))

from people import Gone, Person  # noqa: E402

WAIT_S = 6
LEASE = f"lease: s3://example-caretaker-anchors/lease/portal\nlease_seconds: {WAIT_S}\n"
WITHIN_S = 60
LOST = 75
CHANGE = "/changes/1"
LINK = ("user", "link", "--login", "ana", "--account", "github:octocat")
UNREACHABLE = "--lease-unreachable"
HELD_BY = "The lease is held by process"
# Long enough for the portal to be ended before the call is answered.
ON_ITS_WAY = {"service": "ecs", "operation": "UpdateService", "latency_ms": 2_000}


class Machine(Portal):
    """A portal that may have to stand by, and so is not waited for."""

    def begin(self, *command: str) -> None:
        with (self._folder / "portal.log").open("ab") as log:
            self._process = subprocess.Popen(
                [BINARY, *(command or ["serve"]), "--config", self._configuration],
                env=environment(), cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def status(self) -> int | None:
        """Of the sign-in page; None where nobody answers."""
        return self.look("/sign-in")[0]

    def look(self, path: str) -> tuple[int | None, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError:
            return None, ""

    @property
    def said(self) -> str:
        return (self._folder / "portal.log").read_text()

    def ended(self) -> int:
        return self._process.wait(WITHIN_S)

    def read(self, sql: str) -> list[tuple]:
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        with contextlib.closing(database):
            return database.execute(sql).fetchall()

    def count(self, kind: str) -> int:
        """Entries of a type in the log."""
        return self.read(f"SELECT count(*) FROM audit WHERE type = '{kind}'")[0][0]

    @property
    def state(self) -> str:
        return self.read("SELECT state FROM changes")[0][0]

    def person(self, login: str) -> Person:
        return Person(self.url, login, self.passwords[login]).signed_in()

    def take_copy_of(self, other: "Machine") -> None:
        """What a continuous copy brings back: the database alone. The keys are here before."""
        source = sqlite3.connect(f"file:{other.database}?mode=ro", uri=True)
        with contextlib.closing(source), contextlib.closing(sqlite3.connect(self.database)) as copy:
            source.backup(copy)
        for name in ("audit.key", "factor.key"):
            shutil.copy(other.data(name), self.data(name))
        self.passwords = other.passwords


@pytest.fixture
def machines(cloud, tmp_path):
    """Two machines with one past; the first works."""
    cloud.post("reset")
    pair = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pair.append(Machine(tmp_path / name, cloud.url, poll_s=3_600, more=LEASE))
    one, two = pair
    for login, (name, role) in PEOPLE.items():
        one.add_person(login, name, role)
    one.begin()
    until(lambda: one.status == 200, "the first portal")
    two.take_copy_of(one)
    try:
        yield one, two
    finally:
        for machine in pair:
            with contextlib.suppress(Exception):
                machine.signal(signal.SIGCONT)
                machine.kill()
    assert cloud.get("violations") == []


def until(holds, what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come within {WITHIN_S} s"
        time.sleep(0.05)


def approved(machine: Machine) -> None:
    """A change that somebody may run now."""
    ana, ben = machine.person("ana"), machine.person("ben")
    form = ana.form("/changes/preview?kind=ecs.count&count=2", "/changes")
    assert form.send(reason="newsletter").status == 303
    assert ben.form(CHANGE, "/approval").send(password=ben.password).status == 303


def test_the_second_stands_by_and_takes_over_when_the_first_is_killed(machines):
    one, two = machines
    two.begin()
    until(lambda: two.status == 503, "standing by")
    before = two.database.read_bytes()
    words = f"Changes run at {socket.gethostname()}."
    until(lambda: words in two.look("/changes")[1], "who works")
    assert two.look("/healthz") == (200, "alive\n")
    assert two.look("/readyz")[0] == 503
    # As long as the first renews, nothing changes.
    time.sleep(2 * WAIT_S)
    assert one.status == 200 and two.status == 503
    assert two.database.read_bytes() == before
    one.kill()
    until(lambda: two.status == 200, "the second portal")
    assert two.look("/readyz") == (200, "ready\n")
    assert two.count("lease.taken") == 2
    # The first comes back: it stands by, and would not work on what it has.
    one.begin()
    until(lambda: one.status == 503, "standing by")
    two.stop()
    assert one.ended() == 1
    assert "is from before the portal on" in one.said


def test_what_ran_when_the_first_was_killed_is_unknown_and_not_sent_again(machines, cloud):
    one, two = machines
    approved(one)
    two.begin()
    until(lambda: two.status == 503, "standing by")
    cloud.post("faults", [ON_ITS_WAY])
    ana = one.person("ana")
    assert ana.form(CHANGE, "/execution").send(password=ana.password).status == 303
    until(lambda: one.count("step.intended") == 1, "the intent")
    one.kill()
    two.take_copy_of(one)
    until(lambda: two.status == 200, "the second portal")
    # The first poll may have seen already that it was done.
    assert two.state in ("unknown", "succeeded")
    moved = two.read("SELECT bytes FROM audit WHERE type = 'change.moved' ORDER BY seq")
    assert b"unknown" in bytes(moved[0][0]) and two.count("step.intended") == 1
    assert len(cloud.calls("UpdateService")) <= 1


def test_a_portal_that_stood_still_too_long_starts_nothing_and_ends(machines, cloud):
    one, two = machines
    approved(one)
    two.take_copy_of(one)
    ana = one.person("ana")
    form = ana.form(CHANGE, "/execution")
    two.begin()
    until(lambda: two.status == 503, "standing by")
    one.signal(signal.SIGSTOP)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # It lies in the socket of the one that stands still, and is the first that it finds.
        sent = pool.submit(form.send, password=ana.password)
        until(lambda: two.status == 200, "the second portal")
        one.signal(signal.SIGCONT)
        with contextlib.suppress(Gone):
            assert sent.result().status == 409
    assert one.ended() == LOST
    assert "Another portal" in one.said
    assert one.state == "approved" and one.count("run.started") == 0
    assert cloud.calls("UpdateService") == []
    # The second goes on with what was approved at the first.
    ana = two.person("ana")
    assert ana.form(CHANGE, "/execution").send(password=ana.password).status == 303
    until(lambda: cloud.calls("UpdateService"), "the call")
    assert len(cloud.calls("UpdateService")) == 1


def test_what_ends_in_order_is_followed_at_once(machines):
    one, two = machines
    two.begin()
    until(lambda: two.status == 503, "standing by")
    two.kill()
    one.add_person("dan", "Dan Late", "viewer")
    assert one.stop() == 0
    # Without the end of its log the copy is not taken for the newest.
    two.begin()
    assert two.ended() == 1
    assert "entries of the log; the portal on" in two.said
    two.begin("lease", "wait")
    assert two.ended() == 0
    assert "bring that back" in two.said and not two.database.exists()
    two.take_copy_of(one)
    begun = time.monotonic()
    two.begin()
    until(lambda: two.status == 200, "the second portal")
    assert time.monotonic() - begun < WITHIN_S
    # It looked at what the first left, and the first does not go on with its own.
    one.begin("lease", "wait")
    until(lambda: one.status == 503, "standing by")
    assert two.check().count("holds it") == 1


def test_commands_write_where_the_portal_works_alone(machines, tmp_path):
    one, two = machines
    two.begin()
    until(lambda: two.status == 503, "standing by")
    assert one.command(*LINK).returncode == 0
    before = two.database.read_bytes()
    backup = two.command("backup", "--to", tmp_path / "backups")
    assert backup.returncode == 0 and "does not tell of this backup" in backup.stderr
    file = next((tmp_path / "backups").glob("*.zip"))
    for words in (LINK, (*LINK, UNREACHABLE), ("clock", "accept"), ("audit", "rotate-key"),
                  ("restore", "--drill", file)):  # fmt: skip
        done = two.command(*words)
        assert done.returncode == 1
        assert HELD_BY in done.stderr and f" on {socket.gethostname()}," in done.stderr
    assert two.database.read_bytes() == before
    assert two.command("user", "list").stdout.count("\n") == len(PEOPLE)
    # What failed here will stand by, and its database is not the one that is worked on.
    one.kill()
    done = one.command(*LINK)
    assert done.returncode == 1 and HELD_BY in done.stderr


def test_commands_write_in_the_newest_database_when_all_have_ended(machines):
    one, two = machines
    assert one.stop() == 0
    assert one.command(*LINK).returncode == 0
    one.begin()
    until(lambda: one.status == 200, "the first portal")
    assert one.count("person.linked") == 1
    assert one.stop() == 0
    done = two.command(*LINK)
    assert done.returncode == 1 and "is not the newest" in done.stderr
    assert two.count("person.linked") == 0


def test_where_the_lease_cannot_be_read_a_command_writes_only_when_told_so(machines, cloud):
    one, _ = machines
    cloud.post("faults", [{"service": "s3", "code": "AccessDenied", "status": 403, "times": None}])
    done = one.command(*LINK)
    assert done.returncode == 1 and "can't be read" in done.stderr and UNREACHABLE in done.stderr
    assert one.count("person.linked") == 0
    assert one.command(*LINK, UNREACHABLE).returncode == 0
    assert one.count("person.linked") == 1
    cloud.post("faults", [])


def test_a_portal_that_cannot_reach_the_lease_says_so_and_goes_on_when_it_can(machines, cloud):
    one, _ = machines
    cloud.post("faults", [{"service": "s3", "code": "SlowDown", "status": 503, "times": None}])
    until(lambda: one.look("/readyz")[0] == 503, "that the lease is not held")
    assert one.status == 200
    cloud.post("faults", [])
    until(lambda: one.look("/readyz")[0] == 200, "the lease")
    assert one.stop() == 0
