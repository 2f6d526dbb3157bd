"""Rows of clocks that jump, or come to days at which others have stumbled."""

import datetime
import time

from ground import Ground, case, need, until
from injection import Shifted
from limits import is_closed
from peer.clients import connected
from walk import Scene

PAGES = ("/resources", "/changes", "/audit", "/costs", "/calendar", "/backups")
LANDS_S = 0.2
MINUTE, HOUR, DAY = 60, 3_600, 86_400
UTC = datetime.timezone.utc


def _moved(scene: Scene, seconds: int) -> None:
    scene.portal.shift(seconds)
    time.sleep(LANDS_S)


def _is_in(scene: Scene) -> bool:
    return scene.people["ana"].get("/changes").status == 200


@case(26)
def jumps(ground: Ground) -> int:
    """the clock jumps by +1 h, +1 y, −1 h and −2 d: no session outlives its time by it, nothing
    guarded is run while it is wrong, time-outs hold, and the log is in order by its numbers"""
    scene = ground.scene(portal=Shifted)
    scene.start()
    scene.proposal()()
    scene.approval()()
    for shift in (MINUTE * 10, HOUR, -HOUR, -2 * DAY, 365 * DAY):
        _moved(scene, 0)
        ground.sign_in(scene)
        with connected(scene.portal.port, 1) as (half,):
            half.sendall(b"GET /sign-in HTTP/1.1\r\n")
            _moved(scene, shift)
            need(not is_closed(half), f"{shift} s: a time-out came with the clock")
        need(_is_in(scene) == (shift == MINUTE * 10), f"{shift} s: the session has the wrong end")
    _moved(scene, -HOUR)
    ground.sign_in(scene)
    answer = scene.execution()()
    need(answer.status == 409 and "clock" in answer.text, f"−1 h: run answered {answer.status}")
    need(not any(scene.acted().values()), "AWS was called")
    _moved(scene, 0)
    ground.sign_in(scene)
    rows = scene.read("SELECT seq FROM audit ORDER BY seq")
    whole = [seq for (seq,) in rows] == list(range(1, len(rows) + 1))
    need(whole, "numbers of the log are missing")
    need(scene.portal.stop() == 0, "it did not end as it should")
    return len(rows)


@case(27)
def days(ground: Ground) -> int:
    """the clock passes 2038-01-19, a leap day, a change of summer time, and the end of a year:
    pages are shown, and acts go on"""
    moments = ("2027-03-28 00:59:58", "2027-10-31 00:59:58", "2027-12-31 23:59:58",
               "2028-02-28 23:59:58", "2028-02-29 23:59:58", "2038-01-19 03:14:05")  # fmt: skip
    scene = ground.scene(portal=Shifted)
    scene.start()
    for moment in moments:
        away = datetime.datetime.fromisoformat(moment + "+00:00") - datetime.datetime.now(UTC)
        _moved(scene, int(away.total_seconds()))
        ground.sign_in(scene)
        before = scene.count("audit")
        for _ in range(4):
            for path in PAGES:
                answer = scene.people["ana"].get(path)
                need(answer.status == 200, f"{moment}, {path}: {answer.status}")
            time.sleep(0.8)
        need(scene.count("audit") >= before, f"{moment}: the log is shorter")
        need(scene.proposal()().status == 303, f"{moment}: a proposal was refused")
    until(lambda: scene.portal.stop() == 0, "the end")
    return len(moments)
