"""Five hundred of everything that a list shows, put into a portal that stands still."""

import hashlib
import json
import pathlib
import sqlite3

MANY = 500
DAY_MS = 24 * 3_600_000
ROLES = ["viewer", "operator", "approver", "auditor"]
# What is said of a plan before its bytes, so that no other digest is taken for one of a plan.
PLAN_LABEL = b"plan-v1\0"


def fill(database: pathlib.Path) -> None:
    """Fills tables that no page writes one by one. The log keeps what the portal wrote itself."""
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        now_ms = db.execute("SELECT max(at) FROM audit").fetchone()[0]
        _people(db, now_ms)
        _changes(db)
        _todos(db, now_ms)
        _themes(db, now_ms)
        _facts(db)
    db.close()


def _people(db: sqlite3.Connection, now_ms: int) -> None:
    """They have a password, so that they count: one that nobody knows."""
    known = db.execute("SELECT password_hash FROM people").fetchone()[0]
    rows = [
        (f"{_name(n)}.{n}", f"{_name(n)} {_name(MANY + n)}".title(), ROLES[n % 4], known,
         now_ms, now_ms, now_ms)
        for n in range(MANY)
    ]  # fmt: skip
    db.executemany(
        "INSERT INTO people (login, name, role, password_hash, created_at, role_at, password_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)", rows,
    )  # fmt: skip
    first = db.execute("SELECT min(id) FROM people").fetchone()[0]
    accounts = [(first, f"github:account-{n}", now_ms, 1_000 + n) for n in range(MANY)]
    db.executemany(
        "INSERT INTO identities (person_id, account, linked_at, number) VALUES (?, ?, ?, ?)",
        accounts,
    )


def _name(n: int) -> str:
    """A name unlike the others, as names are: it packs no better than theirs do."""
    digest = hashlib.sha256(str(n).encode()).digest()
    return "".join(
        "bdfgklmnprstvz"[digest[i] % 14] + "aeiou"[digest[i + 8] % 5] for i in range(3)
    )


def _changes(db: sqlite3.Connection) -> None:
    """Others like the first change, of an id of their own."""
    change = dict(db.execute("SELECT * FROM changes ORDER BY number").fetchone())
    plan = dict(db.execute("SELECT * FROM plans WHERE change_id = ?", [change["id"]]).fetchone())
    for n in range(MANY):
        other = f"{n:032x}"
        bytes_ = plan["bytes"].replace(change["id"].encode(), other.encode())
        digest = hashlib.sha256(PLAN_LABEL + bytes_).hexdigest()
        _insert(db, "changes", change | {"number": None, "id": other})
        _insert(db, "plans", plan | {"change_id": other, "bytes": bytes_, "digest": digest})


def _todos(db: sqlite3.Connection, now_ms: int) -> None:
    rows = [(f"Look at number {n} once more", now_ms, now_ms // DAY_MS + n) for n in range(MANY)]
    db.executemany("INSERT INTO todos (title, opened_at, due_day) VALUES (?, ?, ?)", rows)


def _themes(db: sqlite3.Connection, now_ms: int) -> None:
    site = db.execute("SELECT site FROM observations").fetchone()[0]
    report = json.dumps({"findings": [], "supports": ">=5.0.0"})
    for n in range(MANY):
        digest = hashlib.sha256(str(n).encode()).hexdigest()
        values = {
            "site": site, "sha256": digest, "files": digest, "bytes": 700_000 + n,
            "name": "casper", "version": f"5.8.{n}", "source": "upload",
            "origin": f"casper-5.8.{n}.zip", "report": report, "made_at": now_ms - n * DAY_MS,
        }  # fmt: skip
        _insert(db, "themes", values)


def _facts(db: sqlite3.Connection) -> None:
    """What was read last has many where it had some: images, snapshots, what was deleted."""
    for row in db.execute("SELECT * FROM observations WHERE value IS NOT NULL").fetchall():
        value = json.loads(row["value"])
        db.execute(
            "UPDATE observations SET value = ? WHERE site = ? AND subject = ?",
            [json.dumps(_grown(value)), row["site"], row["subject"]],
        )


def _grown(value):
    """The same with its lists of named things made long; each copy has a name of its own."""
    if not isinstance(value, dict):
        return value
    grown = {}
    for key, inner in value.items():
        if key in LISTS and isinstance(inner, list) and inner:
            inner = [_renamed(inner[n % len(inner)], n) for n in range(MANY)]
        grown[key] = _grown(inner)
    return grown


LISTS = {"images", "snapshots", "certificates", "records", "topics", "rollouts"}
NAMES = {"id", "digest", "arn", "domain"}


def _renamed(item, n: int):
    if not isinstance(item, dict):
        return item
    named = {k: f"{v[:-4]}{n:04x}" for k, v in item.items() if k in NAMES and isinstance(v, str)}
    return item | named


def _insert(db: sqlite3.Connection, table: str, values: dict) -> None:
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))
