"""kill -9 at every marked point of a change's way, for many seeds.

The marks: just before and just after every commit, and at the cloud, before and after it has acted
on each call. A seed chooses the kind of change and what else goes wrong.
"""

import concurrent.futures
import itertools
import pathlib
import random
import subprocess

from cloud import process as cloud_process
from kills import WORKERS, Kill, summary, what_is_kept
from people import Gone
from portal import ROOT, STOP_WITHIN_S, Portal, environment
from report import Row
from walk import AT_ONCE, COUNT, DATABASE, MOVING, TASK_SIZE, Scene

BINARY = ROOT / ".build" / "debug" / "CrashDrill"
KINDS = (COUNT, TASK_SIZE, DATABASE)
FAULTS = (
    None,
    {"latency_ms": 100},
    {"drop": "before"},
    {"drop": "after"},
    {"status": 503, "code": "ServiceUnavailable"},
    {"status": 500, "body": "<html>", "content_type": "text/html"},
)

ARMS = {"propose": Scene.proposal, "approve": Scene.approval, "run": Scene.execution}


class Drill(Portal):
    """A portal that can be told to end at a commit, and polls only when told to."""

    polls_itself = False

    def start(self, output=None) -> None:
        self._process = subprocess.Popen(
            [BINARY, self._configuration], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=output, text=True, env=environment(), cwd=self._folder,
        )  # fmt: skip
        self._hear("ready")

    def poll(self) -> None:
        """Returns when it is over."""
        self._tell("poll")

    def crash_at(self, mark: int) -> None:
        self._tell(f"crash {mark}")

    def wait(self) -> None:
        """Waits for an end that has begun."""
        self._process.wait(STOP_WITHIN_S)

    def _tell(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        self._hear(line)

    def _hear(self, line: str) -> None:
        if (heard := self._process.stdout.readline().rstrip("\n")) != line:
            raise RuntimeError(f"the drill said “{heard}” and not “{line}”; its log says why")


def kills(seeds: range, folder: pathlib.Path) -> list[Kill]:
    """Runs every mark for every seed."""
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        work = [
            pool.submit(_work, seeds[share::WORKERS], folder / f"marks-{share}")
            for share in range(WORKERS)
        ]
        return [kill for done in work for kill in done.result()]


def rows(kills: list[Kill], seeds: range) -> list[Row]:
    """Sums up."""
    marks = {kill.act for kill in kills}
    return [
        Row("marks at which the portal was killed", len(marks), "40 or more", len(marks) >= 40),
        Row(f"kills at marks, seeds {seeds[0]} to {seeds[-1]}", len(kills), "all"),
        *summary("kills at marks", kills),
    ]


def _work(seeds: range, folder: pathlib.Path) -> list[Kill]:
    kills: list[Kill] = []
    with cloud_process.running(AT_ONCE) as cloud:
        past = Scene.with_people(folder / "past", cloud)
        past.portal.stop()
        for seed in seeds:
            kills += _seed(seed, past, folder)
        past.end()
    return kills


def _seed(seed: int, past: Scene, folder: pathlib.Path) -> list[Kill]:
    """Every mark of one seed's change, there and back again on one account."""
    dice = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    fault = dice.choice(FAULTS)
    faults = [fault | {"operation": dice.choice(kind.writes)}] if fault else []
    kills: list[Kill] = []
    past.cloud.post("reset")
    past.sign_in_again()
    is_back = False

    def is_killed(mark: str, **where) -> bool:
        nonlocal is_back
        past.cloud.post("forget")
        scene = past.copied(folder / f"seed-{seed}", kind, Drill)
        scene.is_back = is_back
        answered = _walk(scene, **where)
        is_killed = scene.portal.has_ended
        if is_killed:
            act = f"{kind.name} {'back' if is_back else 'there'}, {mark}"
            kills.append(what_is_kept(scene, act, f"seed {seed}", answered))
        is_back ^= all(scene.acted().values())
        scene.end()
        return is_killed

    for number in itertools.count(1):
        side = "before" if number % 2 else "after"
        if not is_killed(f"{side} commit {(number + 1) // 2}", faults=faults, commit=number):
            break
    for call in kind.writes:
        for side in ("before", "after"):
            is_killed(f"{side} {call}", faults=[{"operation": call, "drop": side}], kill=True)
    return kills


def _walk(
    scene: Scene, faults: list[dict], commit: int | None = None, kill: bool = False
) -> list[str]:
    """Walks a change until its end or the portal's; the acts that were answered as done.

    The portal ends at a commit, or, with `kill`, where a fault of the cloud resets a connection.
    """
    scene.start()
    ending = {"kill": scene.portal.pid} if kill else {}
    scene.cloud.post("faults", [fault | ending for fault in faults])
    if commit:
        scene.portal.crash_at(commit)
    answered: list[str] = []
    try:
        for name, arm in ARMS.items():
            # A change that is easily put back needs no approval.
            if name == "approve" and scene.state == "approved":
                continue
            if arm(scene)().status == 303:
                answered.append(name)
        scene.wait_for(lambda: scene.portal.has_ended or scene.state not in MOVING, "the end")
    except Gone:
        scene.portal.wait()
    return answered
