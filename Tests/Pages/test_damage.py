"""One damaged change and one damaged entry of the log: every page goes on, and names them."""

import sqlite3

import pytest
from browser import LOOKS, is_sound

DAMAGED = "it is damaged in the database"


@pytest.fixture(scope="module")
def damaged(portal, ana, ben):
    """The numbers of a change and an entry whose bytes somebody has cut."""
    for reason in ("Sunday's newsletter", "Monday's newsletter"):
        ana.preview_size("512-1024")
        change = ana.propose(reason).rsplit("/", 1)[-1]
    with sqlite3.connect(portal.database) as db:
        db.execute("DROP TRIGGER plans_immutable")
        db.execute("DROP TRIGGER audit_immutable")
        db.execute(
            "UPDATE plans SET bytes = substr(bytes, 2)"
            " WHERE change_id = (SELECT id FROM changes WHERE number = 1)"
        )
        (entry,) = db.execute("SELECT max(seq) FROM audit WHERE change = 2").fetchone()
        db.execute("UPDATE audit SET bytes = substr(bytes, 2) WHERE seq = ?", [entry])
    db.close()
    assert change == "2"
    return 1, entry


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("changes", "/changes"), ("dashboard", "/"), ("change", "/changes/1"),
        ("timeline", "/changes/2"), ("search", "/search?q=CR-1"), ("audit", "/audit"),
        ("entry", "/audit/entries/{}"), ("checks", "/setup/checks"),
    ],
)  # fmt: skip
def test_a_damaged_row_is_named_where_it_belongs(damaged, cleo, name, path, width, dark):
    cleo.emulate(width, dark)
    cleo.open(path.format(damaged[1]))
    cleo.screenshot(f"damage-{name}-{width}-{'dark' if dark else 'light'}")
    says = cleo.text()
    assert DAMAGED in says or "Damaged in the database: CR-1" in says
    is_sound(cleo)
