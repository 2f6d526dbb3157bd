"""What the rows of the fault matrix stand on: one cloud, one past with people in it, and what takes
long and proves more than one row."""

import contextlib
import functools
import pathlib
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from typing import NamedTuple

import drill
import syscalls
from cloud.process import RunningCloud
from kills import Kill
from people import Person
from portal import Portal
from walk import TASK_SIZE, Kind, Scene

# A session ends after half an hour without a page.
FRESH_S = 600


class Short(Exception):
    """What a fault has shown that may not be."""


def need(holds: object, sentence: str) -> None:
    if not holds:
        raise Short(sentence)


class Asked(NamedTuple):
    """How much of what takes long is done."""

    seed: int
    seeds: int
    pairs: int
    step: int
    soak_s: int


class Ground:
    """Gives each row its scenes, and ends them after it."""

    def __init__(self, folder: pathlib.Path, cloud: RunningCloud, asked: Asked):
        self.folder, self.cloud, self.asked = folder, cloud, asked
        self.dice = random.Random(asked.seed)
        self._past = Scene.with_people(folder / "past", cloud)
        self._past.portal.stop()
        self._signed_in_at = time.monotonic()
        self._scenes: list[tuple[Scene, bool]] = []
        self._count = 0

    def scene(
        self, kind: Kind = TASK_SIZE, portal: Callable[..., Portal] = Portal, is_sound: bool = True
    ) -> Scene:
        """A portal with people and an account of its own, not started. `is_sound`: its log is
        proven after the row."""
        if time.monotonic() - self._signed_in_at > FRESH_S:
            self._past.sign_in_again()
            self._signed_in_at = time.monotonic()
        self.cloud.post("reset")
        self._count += 1
        scene = self._past.copied(self.folder / str(self._count), kind, portal)
        self._scenes.append((scene, is_sound))
        return scene

    @property
    def passwords(self) -> dict[str, str]:
        """Everybody's, by login."""
        return self._past.portal.passwords

    def sign_in(self, scene: Scene) -> None:
        """Begins sessions anew: those of before are of another database, or another time."""
        for login, password in self.passwords.items():
            scene.people[login] = Person(scene.portal.url, login, password).signed_in()

    def end_row(self, prove: bool) -> None:
        scenes, self._scenes = self._scenes, []
        try:
            for scene, is_sound in scenes:
                if prove and is_sound:
                    scene.prove_the_log()
        finally:
            for scene, _ in scenes:
                with contextlib.suppress(Exception):
                    scene.portal.kill()
                shutil.rmtree(scene.folder, ignore_errors=True)
            self.cloud.post("faults", [])

    @functools.cached_property
    def calls(self) -> list[Kill]:
        """kill -9 at system calls of every act."""
        return syscalls.kills(self.asked.step, self.folder / "calls")

    @functools.cached_property
    def marks(self) -> list[Kill]:
        """kill -9 at commits and at the cloud's two sides of each call."""
        seeds = range(self.asked.seed, self.asked.seed + self.asked.seeds)
        return drill.kills(seeds, self.folder / "marks")


class Case(NamedTuple):
    """A row of the matrix. `run` gives the number it shows, if any, and raises what is wrong."""

    number: int
    sentence: str
    run: Callable[[Ground], int | None]


CASES: dict[int, Case] = {}


def case(number: int):
    """Puts a function into the matrix; its docstring is the row's sentence."""

    def kept(run: Callable[[Ground], int | None]):
        if number in CASES:
            raise ValueError(f"row {number} is there twice")
        CASES[number] = Case(number, " ".join(run.__doc__.split()), run)
        return run

    return kept


def changed(database: pathlib.Path, *statements: str) -> None:
    """Writes past the portal, as somebody with the file could."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def until(holds: Callable[[], object], what: str, within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        need(time.monotonic() < deadline, f"{what} did not come within {within_s} s")
        time.sleep(0.05)
