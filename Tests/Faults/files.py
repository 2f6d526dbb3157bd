"""Rows of a data folder that somebody or something has damaged, emptied or set back."""

import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
from collections.abc import Callable

from ground import Ground, case, changed, need, until
from injection import command, refusal, saying
from people import Answer
from twin import verifier
from walk import SOUND, Scene

ANCHORED = "anchor:\n  bucket: example-caretaker-anchors\n  prefix: anchors\n"
BEHIND = "is not the one that was anchored"
PAGE_BYTES, DAMAGED_PAGES = 4_096, 12
# Each with what it needs beyond the configuration.
COMMANDS = (
    ("serve",), ("user", "list"), ("status",),
    ("user", "add", "--login", "x", "--name", "X", "--role", "viewer", "--password-stdin"),
    ("clock", "accept"), ("audit", "rotate-key"), ("backup", "--to", "made"),
    ("iam-policy", "--change", "1"),
)  # fmt: skip


def _restored(scene: Scene, archive: pathlib.Path) -> None:
    """Goes the way that operations.md describes, and starts."""
    data = scene.portal.database.parent
    new = data.with_name("data-new")
    ended = command(scene, "restore", archive, "--data", new)
    need(ended.returncode == 0, f"restore: {ended.stderr}")
    for key in ("audit.key", "factor.key"):
        shutil.copy2(data / key, new / key)
    data.rename(data.with_name("data-damaged"))
    new.rename(data)
    scene.start()
    need(scene.people["ana"].get("/changes").status == 200, "the restored portal has no page")


@case(19)
def damaged(ground: Ground) -> int:
    """the database is damaged: a start with a broken header is refused in a sentence that names
    the last backup, and the restore works; a damaged page is an error or harmless, and never
    backed up"""
    scene = ground.scene(portal=saying("backup:\n  to: made\n"))
    made = scene.folder / "made"
    need(command(scene, "backup", "--to", made).returncode == 0, "there is no backup")
    _damage_pages(ground, scene)
    with scene.portal.database.open("r+b") as file:
        file.write(b"x" * 100)
    before = scene.portal.database.read_bytes()
    for words in (("serve",), ("user", "list"), ("status",)):
        said = _said_in(scene, *words)
        need("is damaged" in said and "caretaker restore made/" in said, f"{words}: {said}")
    need(scene.portal.database.read_bytes() == before, "the damaged file was written")
    _restored(scene, next(made.glob("*.zip")))
    return DAMAGED_PAGES


def _said_in(scene: Scene, *words: str) -> str:
    """What a command says that ends by itself, started in the scene's folder."""
    here = os.getcwd()
    os.chdir(scene.folder)
    try:
        return refusal(command(scene, *words, said="correct horse battery staple\n"))
    finally:
        os.chdir(here)


def _damage_pages(ground: Ground, scene: Scene) -> None:
    """Pages at random, each on a copy."""
    whole = scene.portal.database.read_bytes()
    for _ in range(DAMAGED_PAGES):
        page = ground.dice.randrange(1, len(whole) // PAGE_BYTES)
        with scene.portal.database.open("r+b") as file:
            file.seek(page * PAGE_BYTES)
            file.write(ground.dice.randbytes(PAGE_BYTES))
        paths = ("/changes", "/audit", "/people", "/resources")
        try:
            scene.start()
        except RuntimeError:
            paths = ("/sign-in",)  # The page that says that it has started.
        if scene.portal.has_ended:
            said = _said_in(scene, "serve")
            need("is damaged" in said or "can't be read" in said, f"page {page}: {said}")
        else:
            for path in paths:
                _is_honest(scene.people["ana"].get(path), f"page {page}, {path}")
            scene.portal.kill()
        if not _is_whole(scene.portal.database):
            ended = command(scene, "backup", "--to", scene.folder / "never")
            need(refusal(ended), f"page {page}: a backup was made of it")
        for file in scene.portal.database.parent.glob("caretaker.sqlite*"):
            file.unlink()
        scene.portal.database.write_bytes(whole)


def _is_honest(answer: Answer, where: str) -> None:
    told = answer.status >= 500 and "Reference" in answer.text
    need(answer.status in (200, 303) or told, f"{where}: {answer.status} without a reference")


def _is_whole(database: pathlib.Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False


@case(20)
def lost(ground: Ground) -> int:
    """the database is gone or empty, beside its keys: every command says so and how to go back, and
    none makes a new one"""
    scene = ground.scene(is_sound=False)
    for is_there in (False, True):
        for path in scene.portal.database.parent.glob("caretaker.sqlite*"):
            path.unlink()
        if is_there:
            scene.portal.database.touch()
        for words in COMMANDS:
            said = _said_in(scene, *words)
            need("Restore the last backup" in said, f"{words}: {said or 'it was not refused'}")
            size = scene.portal.database.stat().st_size if scene.portal.database.exists() else 0
            need(size == 0, f"{words} made a new database")
        ended = command(scene, "audit", "export", scene.portal.database, bare=True)
        need("There is no database" in refusal(ended), f"export: {ended.stderr}")
        need(not is_there or scene.portal.database.stat().st_size == 0, "export made a database")
    return 2 * len(COMMANDS)


@case(21)
def lost_wal(ground: Ground) -> None:
    """the write-ahead log is deleted: it starts with what was in the file, and the anchors tell of
    what is lost; without anchors nothing outside knows of it"""
    scene = ground.scene(portal=saying(ANCHORED))
    scene.start()
    scene.people["ana"].form(scene.preview, "/changes")
    whole = scene.folder / "whole.sqlite"
    shutil.copyfile(scene.portal.database, whole)  # Without the log beside it.
    _is_seen_behind(ground, scene, lambda: shutil.copyfile(whole, scene.portal.database))


@case(22)
def set_back(ground: Ground) -> None:
    """an old copy of the database is put back: the anchors tell, every page says so, and nothing
    guarded is run"""
    scene = ground.scene(portal=saying(ANCHORED))
    old = scene.folder / "old.sqlite"
    shutil.copyfile(scene.portal.database, old)
    scene.start()
    _is_seen_behind(ground, scene, lambda: shutil.copyfile(old, scene.portal.database))
    for path in ("/resources", "/changes", "/audit"):
        need(BEHIND in scene.people["ana"].get(path).text, f"{path} does not say so")
    scene.proposal()()
    scene.approval()()
    answer = scene.execution()()
    need(answer.status == 409 and BEHIND in answer.text, f"the run was answered {answer.status}")
    need(not any(scene.acted().values()), "AWS was called")


def _is_seen_behind(ground: Ground, scene: Scene, go_back: Callable[[], object]) -> None:
    """Something is proposed, and anchored as the portal ends; then the file is another."""
    need(scene.proposal()().status == 303, "the proposal was refused")
    need(scene.portal.stop() == 0, "it did not end as it should")
    for path in scene.portal.database.parent.glob("caretaker.sqlite*"):
        path.unlink()
    go_back()
    scene.start()
    ground.sign_in(scene)
    until(lambda: BEHIND in scene.people["ana"].get("/audit").text, "word of the gap")


@case(23)
def tampered(ground: Ground) -> int:
    """an entry of the log is edited, deleted or exchanged, or the last are cut off: both verifiers
    name the first that is wrong, and no backup is made of it (pages say what the anchors say)"""
    scene = ground.scene(is_sound=False)
    scene.start()
    scene.proposal()()
    scene.portal.stop()
    database, whole = scene.portal.database, scene.portal.database.read_bytes()
    last = scene.count("audit")
    triggers = [
        f"DROP TRIGGER IF EXISTS {name}"
        for (name,) in scene.read("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    ]
    middle = ground.dice.randrange(3, last - 2)
    edit = "UPDATE audit SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"', ' ') AS BLOB)"
    ways = {
        "edited": (middle, f"{edit} WHERE seq = {middle}"),
        "deleted": (middle, f"DELETE FROM audit WHERE seq = {middle}"),
        "exchanged": (
            middle, f"UPDATE audit SET seq = -1 WHERE seq = {middle}",
            f"UPDATE audit SET seq = {middle} WHERE seq = {middle + 1}",
            f"UPDATE audit SET seq = {middle + 1} WHERE seq = -1",
        ),
        "cut": (last - 1, f"DELETE FROM audit WHERE seq >= {last - 1}"),
    }  # fmt: skip
    for name, (entry, *statements) in ways.items():
        changed(database, "PRAGMA foreign_keys = OFF", *triggers, *statements)
        ours = command(scene, "audit", "verify", database, bare=True)
        status, sentence = verifier.main([str(database)])
        need(ours.returncode == status == 1, f"{name}: {ours.stdout}{ours.stderr} / {sentence}")
        for said in (ours.stdout, sentence):
            need(re.search(rf"\b{entry}\b", said), f"{name} at {entry}: {said}")
        ended = command(scene, "backup", "--to", scene.folder / "never")
        need("tampered" in refusal(ended), f"{name}: a backup was made of it")
        for path in database.parent.glob("caretaker.sqlite*"):
            path.unlink()
        database.write_bytes(whole)
    need(verifier.main([str(database)])[0] in SOUND, "the log was not sound to begin with")
    return len(ways)
