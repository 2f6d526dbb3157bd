"""Rows of disks that are full, read-only or broken."""

import re

import uploads
from ground import Ground, case, need
from injection import filled, injected, own_disk, own_file_system, turn_read_only
from people import Answer
from walk import Scene

MIB = 1 << 20
PAGES = ("/audit?before=3", "/people", "/changes")


def _is_refused(answer: Answer) -> None:
    """With a status that says to come back, and that nothing was changed."""
    need(answer.status == 503, f"the act was answered {answer.status}")
    need("Nothing was changed." in answer.text, "it is not said that nothing was changed")


def _shows(scene: Scene, words: str = "") -> None:
    answer = scene.people["ana"].get("/changes")
    need(answer.status == 200 and words in answer.text, f"{answer.status}, no “{words}”")


def _works_again(scene: Scene) -> None:
    need(scene.proposal()().status == 303, "no act went through afterwards")
    need(scene.portal.stop() == 0, "it did not end as it should")


@case(13)
def failing_fsync(ground: Ground) -> None:
    """fsync fails (EIO): the act is refused, nothing is said to be done, and the next one works"""
    scene = ground.scene()
    scene.start()
    send, changes = scene.proposal(), scene.count("changes")
    with injected(scene, "fsync,fdatasync", "error=EIO"):
        _is_refused(send())
    need(scene.count("changes") == changes, "the change is there although it was refused")
    _works_again(scene)


@case(14)
def full_disk(ground: Ground) -> None:
    """the disk of the database is full: pages are shown and say so, acts are refused, and room ends
    it without a start"""
    scene = ground.scene()
    with own_disk(scene, scene.portal.database.parent) as data:
        scene.start()
        send = scene.proposal()
        with filled(data):
            _is_refused(send())
            _shows(scene, "The disk is full.")
        _works_again(scene)


@case(15)
def full_uploads(ground: Ground) -> None:
    """only the disk of uploads is full: an upload is answered 507, nothing of it stays, and acts go
    on"""
    scene = ground.scene()
    themes = scene.portal.database.parent / "themes"
    with own_disk(scene, themes, "size=16m,mode=0700"):
        scene.start()
        before = sorted(path.name for path in themes.rglob("*"))
        with filled(themes, left_bytes=MIB):
            status = uploads.send(scene.people["ana"], uploads.large_theme(4 * MIB))
            need(status == 507, f"the upload was answered {status}")
            need(scene.proposal()().status == 303, "an act was refused")
        left = sorted(path.name for path in themes.rglob("*"))
        need(left == before, f"{left} was left of {before}")
        status = uploads.send(scene.people["ana"], uploads.theme())
        need(status == 303, f"with room, an upload was answered {status}")
        need(scene.portal.stop() == 0, "it did not end as it should")


@case(16)
def full_log(ground: Ground) -> None:
    """the disk of the program's own log is full: acts go on, and the audit log has them"""
    scene = ground.scene()
    logs = scene.folder / "logs"
    logs.mkdir()
    with own_disk(scene, logs, "size=1m"), (logs / "portal.log").open("ab") as log, filled(logs):
        scene.portal.start(log)
        for _ in range(50):
            _shows(scene)
        need(scene.proposal()().status == 303, "an act was refused")
        need(scene.count("audit", "type = 'change.proposed'") == 1, "the audit log lacks it")
        need(scene.portal.stop() == 0, "it did not end as it should")


@case(17)
def read_only(ground: Ground) -> None:
    """a disk turns read-only at an error, as ext4 does, or each write fails with EROFS for a while:
    pages are shown and say so, acts are refused, and it goes on at the next start, or by itself"""
    scene = ground.scene()
    with own_file_system(scene, scene.portal.database.parent) as data:
        scene.start()
        send = scene.proposal()
        turn_read_only(data)
        _is_refused(send())
        _shows(scene, "Caretaker goes on by itself.")
    scene.start()
    _works_again(scene)
    scene = ground.scene()
    scene.start()
    send = scene.proposal()
    with injected(scene, "pwrite64,ftruncate,fallocate", "error=EROFS"):
        _is_refused(send())
        _shows(scene, "Caretaker goes on by itself.")
    _works_again(scene)


def _rows(scene: Scene, path: str) -> str:
    """What a page shows of the database, or nothing where it says that it can't."""
    answer = scene.people["ana"].get(path)
    if answer.status == 200:
        table = answer.text[answer.text.index("<tbody") : answer.text.rindex("</tbody>")]
        return re.sub(r'value="[^"]*"|<time.*?</time>', "", table)
    is_told = answer.status >= 500 and "Reference" in answer.text
    need(is_told, f"{path}: {answer.status} without a reference")
    return ""


@case(18)
def unreadable_page(ground: Ground) -> None:
    """a page of the disk can't be read (EIO): an error with a reference, or what memory still
    holds, and never wrong data"""
    scene = ground.scene()
    scene.start()
    scene.proposal()()
    right = {path: _rows(scene, path) for path in PAGES}
    need(all(right.values()), "a page showed nothing before")
    with injected(scene, "pread64", "error=EIO"):
        for path, rows in right.items():
            need(_rows(scene, path) in ("", rows), f"{path} shows something else")
    # What it holds in memory it would not read.
    need(scene.portal.stop() == 0, "it did not end as it should")
    scene.start()
    with injected(scene, "pread64", "error=EIO"):
        shown = [_rows(scene, path) for path in PAGES]
        need("" in shown, "no page had to be read")
    after = {path: _rows(scene, path) for path in PAGES}
    need(after == right, "a page shows something else afterwards")
    need(scene.portal.stop() == 0, "it did not end as it should")
