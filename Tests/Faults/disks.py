"""Rows of disks that are full, read-only or broken."""

import uploads
from ground import Ground, case, need
from injection import filled, injected, own_disk
from people import Answer
from walk import Scene

MIB = 1 << 20


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
    """the disk turns read-only (each write fails with EROFS, for the kernel remounts no disk on
    which a file is open for writing): pages are shown and say so, acts are refused, and it ends
    by itself"""
    scene = ground.scene()
    scene.start()
    send = scene.proposal()
    with injected(scene, "pwrite64,ftruncate,fallocate", "error=EROFS"):
        _is_refused(send())
        _shows(scene, "Caretaker goes on by itself.")
    _works_again(scene)


@case(18)
def unreadable_page(ground: Ground) -> None:
    """a page of the disk can't be read (EIO): an error with a reference, or what memory still
    holds, and never wrong data"""
    scene = ground.scene()
    scene.start()
    right = scene.people["ana"].get("/changes").text
    with injected(scene, "pread64", "error=EIO"):
        for path in ("/audit?before=3", "/todos", "/costs", "/people", "/safety", "/backups"):
            answer = scene.people["ana"].get(path)
            told = answer.status >= 500 and "Reference" in answer.text
            is_honest = answer.status in (200, 403, 404) or told
            need(is_honest, f"{path}: {answer.status} without a reference")
    need(scene.people["ana"].get("/changes").text[:200] == right[:200], "another page came")
    need(scene.people["ana"].get("/audit?before=3").status == 200, "it did not end")
    need(scene.portal.stop() == 0, "it did not end as it should")
