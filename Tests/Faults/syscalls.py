"""kill -9 at every system call of propose, approve, run and finish.

The portal is ended at call 1, 2, 3, … of an act until the act goes through, each time on a copy
of the same folder, and each time it has to keep its promises after the next start.
"""

import concurrent.futures
import itertools
import pathlib
from collections.abc import Callable
from typing import NamedTuple

from cloud import process as cloud_process
from kills import WORKERS, Kill, summary, what_is_kept
from people import Answer, Gone
from report import Row
from tracer import Tracer
from walk import AT_ONCE, MOVING, Scene


class Act(NamedTuple):
    """Something a person does to a change. `arm` reads the page and gives what sends its form."""

    name: str
    arm: Callable[[Scene], Callable[[], Answer]]
    next: str | None = None  # What goes on by itself after the answer, if anything does.


ACTS = (
    Act("propose", Scene.proposal),
    Act("approve", Scene.approval),
    Act("run", Scene.execution, next="finish"),
)


def kills(step: int, folder: pathlib.Path) -> list[Kill]:
    """Enumerates, every `step`th call only."""
    shares = range(WORKERS)
    with concurrent.futures.ProcessPoolExecutor(WORKERS) as pool:
        work = [pool.submit(_work, share, step, folder / f"calls-{share}") for share in shares]
        return [kill for done in work for kill in done.result()]


def rows(kills: list[Kill], step: int) -> list[Row]:
    """Sums up."""
    names = [name for act in ACTS for name in (act.name, act.next) if name]
    part = "all" if step == 1 else f"1 of {step}"
    counted = [
        Row(f"kills at system calls of {name}", sum(k.act == name for k in kills), part)
        for name in names
    ]
    return counted + summary("kills at system calls", kills)


def _work(share: int, step: int, folder: pathlib.Path) -> list[Kill]:
    """One worker's share of the calls: with a cloud of its own, every WORKERSth of them."""
    kills: list[Kill] = []
    with cloud_process.running(0) as cloud:
        past = Scene.with_people(folder / "past", cloud)
        for act in ACTS:
            past.portal.stop()
            for number in itertools.count(1 + share * step, WORKERS * step):
                kill = _kill(act, number, past, folder / f"{act.name}-{number}")
                if kill is None:
                    break
                kills.append(kill)
            cloud.post("reset")
            past.start()
            act.arm(past)()
        past.end()
    return kills


def _kill(act: Act, number: int, past: Scene, folder: pathlib.Path) -> Kill | None:
    """Ends the portal at one call of an act and looks what it kept; None when there are fewer."""
    past.cloud.post("reset")
    scene = past.copied(folder)
    scene.start()
    scene.wait_for_a_poll()
    do = act.arm(scene)
    tracer = Tracer(scene.portal.pid, number)
    tracer.attach()
    is_answered = _do(act, do, scene, tracer)
    scene.portal.kill()
    tracer.join()
    if not tracer.killed_at:
        scene.end()
        return None
    name = act.next if is_answered and act.next else act.name
    at = f"{tracer.killed_at}, call {number}"
    kill = what_is_kept(scene, name, at, [act.name] if is_answered else [])
    scene.end()
    return kill


def _do(act: Act, do: Callable[[], Answer], scene: Scene, tracer: Tracer) -> bool:
    """Does the act and follows what goes on after it; whether it was answered as done."""
    try:
        is_answered = do().status == 303
        if act.next:
            # What AWS does slowly is not done before every call was answered: until then a kill
            # leaves something unknown.
            scene.wait_for(lambda: tracer.killed_at or scene.state != "executing", "the calls")
            scene.cloud.post("clock", {"scale": AT_ONCE})
            scene.wait_for(lambda: tracer.killed_at or scene.state not in MOVING, "the end")
        if not tracer.killed_at:
            scene.wait_until_asleep()
    except Gone:
        if not tracer.killed_at:
            raise
        is_answered = False
    return is_answered
