"""A change's way from the preview to its end, the portal and the cloud it goes through, and what
both promise whatever happens on the way."""

import contextlib
import pathlib
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from typing import NamedTuple

from cloud.process import RunningCloud
from people import Answer, Person
from portal import BINARY, PEOPLE, Portal
from twin import verifier

REASON = {"reason": "Large images fail"}
MOVING = ("executing", "verifying")
OPEN = ("pending", "approved", *MOVING, "unknown")
BEFORE = {"propose": None, "approve": "pending", "run": "approved"}
PROMISES = (
    "lost rows",
    "duplicate effects",
    "changes left running",
    "unknowns not shown",
    "verdicts that AWS contradicts",
    "logs not proved by both verifiers",
    "starts or pages that failed",
)
LOST, DUPLICATE, RUNNING, HIDDEN, WRONG, UNPROVED, FAILED = PROMISES
# Exit statuses of a verifier: sound and anchored, sound.
SOUND = (0, 2)
NEVER_POLLS_AGAIN_S = 3_600
SETTLES_WITHIN_S = 60
LOOK_EVERY_S = 0.01
QUIET_S = 0.05
# Times faster than real: what AWS does slowly is done at the next look.
AT_ONCE = 1_000_000

# Sends a form that has been read from its page.
Send = Callable[[], Answer]


class Broken(Exception):
    """A promise that was not kept, and how."""

    def __init__(self, promise: str, sentence: str):
        super().__init__(sentence)
        self.promise = promise


class Kind(NamedTuple):
    """A kind of change: how it and its inverse are asked for, and the calls it makes, in order."""

    name: str
    there: str
    back: str
    writes: tuple[str, ...]


TASK_SIZE = Kind(
    "ecs.task-size", "size=512-1024", "size=256-512", ("RegisterTaskDefinition", "UpdateService")
)
COUNT = Kind("ecs.count", "count=2", "count=1", ("UpdateService",))
DATABASE = Kind(
    "rds.class", "class=db.t3.small&when=now", "class=db.t3.micro&when=now", ("ModifyDBInstance",)
)


class Scene:
    """One portal on its folder, its people, the account it looks after, and one kind of change."""

    def __init__(
        self, folder: pathlib.Path, cloud: RunningCloud, kind: Kind = TASK_SIZE, portal=Portal
    ):
        folder.mkdir(parents=True)
        self.folder, self.cloud, self.kind = folder, cloud, kind
        self.portal = portal(folder, cloud.url, poll_s=NEVER_POLLS_AGAIN_S)
        self.is_back = False  # Whether the change is the way back of one done before.
        self.people: dict[str, Person] = {}
        self._started_ms = 0
        self._log = (folder / "portal.log").open("ab")

    @classmethod
    def with_people(cls, folder: pathlib.Path, cloud: RunningCloud, portal=Portal) -> "Scene":
        """A new portal, started, with everybody signed in."""
        scene = cls(folder, cloud, portal=portal)
        for login, (name, role) in PEOPLE.items():
            scene.portal.add_person(login, name, role)
        cloud.post("reset")
        scene.start()
        scene._sign_in()
        scene.wait_for_a_poll()
        return scene

    def sign_in_again(self) -> None:
        """Renews everybody's session: one ends when nobody has used it for a while."""
        self.start()
        self._sign_in()
        self.portal.stop()

    def _sign_in(self) -> None:
        for login, password in self.portal.passwords.items():
            self.people[login] = Person(self.portal.url, login, password).signed_in()

    def copied(self, folder: pathlib.Path, kind: Kind = TASK_SIZE, portal=Portal) -> "Scene":
        """A scene with the same past, whose sessions go on, not started."""
        copy = Scene(folder, self.cloud, kind, portal)
        data = copy.portal.database.parent
        shutil.copytree(self.portal.database.parent, data, dirs_exist_ok=True)
        copy.people = {name: p.moved(copy.portal.url) for name, p in self.people.items()}
        return copy

    def start(self) -> None:
        self._started_ms = int(time.time() * 1_000)
        self.portal.start(self._log)

    def end(self) -> None:
        """Ends the portal and forgets the folder."""
        self.portal.kill()
        self._log.close()
        shutil.rmtree(self.folder)

    # What there is

    def read(self, sql: str) -> list[tuple]:
        database = sqlite3.connect(f"file:{self.portal.database}?mode=ro", uri=True)
        with contextlib.closing(database):
            return database.execute(sql).fetchall()

    def count(self, table: str, condition: str = "1") -> int:
        return self.read(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]

    @property
    def state(self) -> str | None:
        """The state of the newest change; None when there is none."""
        rows = self.read("SELECT state FROM changes ORDER BY number DESC LIMIT 1")
        return rows[0][0] if rows else None

    @property
    def change(self) -> str:
        """The path of the newest change."""
        return f"/changes/{self.count('changes')}"

    def acted(self) -> dict[str, int]:
        """How often the cloud has done each of the kind's calls, whether its answer came or not."""
        done = [
            call["operation"]
            for call in self.cloud.get("calls")
            if call["status"] == 200 or call["code"] == "dropped after"
        ]
        return {name: done.count(name) for name in self.kind.writes}

    # What people do

    @property
    def preview(self) -> str:
        wanted = self.kind.back if self.is_back else self.kind.there
        return f"/changes/preview?kind={self.kind.name}&{wanted}"

    def proposal(self) -> Send:
        form = self.people["ana"].form(self.preview, "/changes")
        return lambda: form.send(**REASON)

    def approval(self) -> Send:
        ben = self.people["ben"]
        form = ben.form(self.change, "/approval")
        return lambda: form.send(password=ben.password)

    def execution(self) -> Send:
        ana = self.people["ana"]
        form = ana.form(self.change, "/execution")
        return lambda: form.send(password=ana.password)

    def settle(self) -> None:
        """Somebody who did not run it says what the cloud has done."""
        done = self.acted().values()
        found = "done" if all(done) else "partly" if any(done) else "not-done"
        form = self.people["ben"].form(self.change, "/finding")
        if form.send(found=found, note="What the cloud has done").status != 303:
            raise Broken(FAILED, "a finding was not taken")

    def drive_to_the_end(self) -> None:
        """Does whatever the change's page still offers. A change is run once, or not again."""
        while (state := self.state) is None or state in OPEN:
            if state is None:
                self.proposal()()
            elif state == "pending":
                self.approval()()
            elif state == "approved":
                self.execution()()
            elif state == "unknown":
                # The portal may settle it by what it reads, also just before somebody does.
                self.wait_for_a_poll()
                try:
                    self.settle()
                except (Broken, LookupError):
                    if self.state == "unknown":
                        raise
            else:
                self.wait_for(lambda: self.state not in MOVING, "the end of the run")

    # Waiting

    def wait_for_a_poll(self) -> None:
        """Waits until a poll of this start is over and the portal has gone to sleep."""
        self.portal.poll()
        if self.portal.polls_itself:
            seen = f"observed_at >= {self._started_ms} OR failed_at >= {self._started_ms}"
            self.wait_for(lambda: self.count("observations", seen), "a poll")
            self.wait_until_asleep()

    def wait_until_asleep(self) -> None:
        """Waits until the portal reads and writes nothing any more, or has ended."""
        counters = pathlib.Path("/proc", str(self.portal.pid), "io")
        before = None
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            while (now := counters.read_text()) != before:
                before = now
                time.sleep(QUIET_S)

    @staticmethod
    def wait_for(holds, what: str) -> None:
        deadline = time.monotonic() + SETTLES_WITHIN_S
        while not holds():
            if time.monotonic() > deadline:
                raise Broken(RUNNING, f"{what} did not come within {SETTLES_WITHIN_S} s")
            time.sleep(LOOK_EVERY_S)

    # What has to hold

    def start_after_a_kill(self, answered: list[str]) -> int | None:
        """Starts again: what was answered is there, nothing runs, and what is unknown is said.

        How long after the start a page said so, in milliseconds; None when nothing is unknown.
        """
        begun = time.monotonic()
        self.start()
        state, page = self.state, self.people["cleo"].get("/resources").text
        visible_ms = int((time.monotonic() - begun) * 1_000)
        if state in MOVING:
            raise Broken(RUNNING, f"it is still {state}")
        for act in answered:
            if state == BEFORE[act] or state is None:
                raise Broken(LOST, f"{act} was answered, and the change is {state}")
        if any(self.acted().values()) and state in (None, "pending", "approved"):
            raise Broken(LOST, f"AWS has acted, and the change is {state}")
        status, sentence = verifier.main([str(self.portal.database)])
        if status not in SOUND:
            raise Broken(UNPROVED, sentence)
        if state != "unknown":
            return None
        if "Nobody knows what became of" not in page:
            raise Broken(HIDDEN, "it is unknown, and no banner says so")
        return visible_ms

    def prove_the_end(self) -> None:
        """There is one change, nothing was done twice, and its state is what AWS has done."""
        if (changes := self.count("changes")) > 1:
            raise Broken(DUPLICATE, f"one proposal became {changes} changes")
        acted = self.acted()
        if max(acted.values()) > 1:
            raise Broken(DUPLICATE, f"AWS has acted twice: {acted}")
        if violations := self.cloud.get("violations"):
            raise Broken(FAILED, f"the cloud objects: {violations}")
        possible = {
            "succeeded": all(acted.values()),
            "failed_no_effect": not any(acted.values()),
            "failed_partial": any(acted.values()),
        }
        if not possible.get(self.state, False):
            raise Broken(WRONG, f"it is {self.state}, and AWS has acted so: {acted}")
        self.prove_the_log()

    def prove_the_log(self) -> None:
        """Both verifiers find the log sound."""
        command = [BINARY, "audit", "verify", self.portal.database]
        ours = subprocess.run(command, capture_output=True, text=True)
        status, sentence = verifier.main([str(self.portal.database)])
        if ours.returncode != status or status not in SOUND:
            raise Broken(UNPROVED, f"{ours.returncode} {ours.stdout} {status} {sentence}")
