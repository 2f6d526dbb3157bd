"""What was made of each end of the portal, and the rows that sum it up."""

from typing import NamedTuple

from people import Gone
from report import Row
from walk import AT_ONCE, FAILED, PROMISES, Broken, Scene

WORKERS = 2
VISIBLE_WITHIN_MS = 5_000


class Kill(NamedTuple):
    """One end of the portal: in which act, where, and what was found after it."""

    act: str
    at: str
    visible_ms: int | None  # From the start of the process; None when nothing was unknown.
    promise: str | None = None  # The one that was broken.
    how: str = ""


def what_is_kept(scene: Scene, act: str, at: str, answered: list[str]) -> Kill:
    """Starts again after a kill, drives the change to its end, and looks whether all is well."""
    visible_ms = None
    try:
        visible_ms = scene.start_after_a_kill(answered)
        scene.cloud.post("clock", {"scale": AT_ONCE})
        scene.drive_to_the_end()
        scene.prove_the_end()
        return Kill(act, at, visible_ms)
    except Broken as broken:
        return Kill(act, at, visible_ms, broken.promise, str(broken))
    except (Gone, LookupError, RuntimeError) as problem:
        return Kill(act, at, visible_ms, FAILED, repr(problem))


def summary(what: str, kills: list[Kill]) -> list[Row]:
    """A row for each promise; what was broken is told before."""
    for kill in kills:
        if kill.promise:
            print(f"{what}, {kill.act}, {kill.at}: {kill.promise}: {kill.how}", flush=True)
    broken = [kill.promise for kill in kills]
    seen = [kill.visible_ms for kill in kills if kill.visible_ms is not None]
    return [
        *(Row(f"{what}: {promise}", broken.count(promise), 0) for promise in PROMISES),
        Row(f"{what}: changes found unknown", len(seen), "1 or more"),
        Row(f"{what}: ms until that was seen", max(seen, default=0), VISIBLE_WITHIN_MS),
    ]
