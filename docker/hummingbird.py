"""The peer of docker/bench: its Resources page as Hummingbird, swift-mustache and GRDB serve it.

The peer prints the portal's own templates. Its database is made of a page of the portal, each text
ready to be printed, so that it has less to do than the portal, which works them out each time.
"""

import contextlib
import hashlib
import pathlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from typing import NamedTuple

from page import comparable, tables
from servers import PAGE, ROOT, Server, Unmeasured, ask, free_port, running

PACKAGE = ROOT / "Benchmarks"
PEER = PACKAGE / ".build" / "release" / "Peer"
BUILD = ["swift", "build", "-c", "release", "--package-path", str(PACKAGE), "--product", "Peer"]
WAYS = ("", "--fast")  # As the manual has it, and the quickest that swift-mustache has.
RESOURCES = "/resources"
SESSION_S = 86_400


class Peer(NamedTuple):
    """A peer that answers, and the cookie of a session."""

    server: Server
    cookie: str


@contextlib.contextmanager
def peer(folder: pathlib.Path, page: bytes, way: str) -> Iterator[Peer]:
    """The peer with what a page of the portal shows, and only if it gives that page."""
    database, port, token = folder / f"peer{way}.sqlite", free_port(), secrets.token_urlsafe(32)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for table, rows in tables(page.decode()).items():
            insert(connection, table, rows)
        connection.execute("CREATE TABLE sessions (hash BLOB PRIMARY KEY, ends_at) WITHOUT ROWID")
        session = (hashlib.sha256(token.encode()).digest(), int(time.time()) + SESSION_S)
        connection.execute("INSERT INTO sessions VALUES (?, ?)", session)
    command = [PEER, "--port", port, "--database", database, "--assets", folder, *way.split()]
    with running([*map(str, command)], port, PAGE, folder / "peer.log") as server:
        cookie = f"session={token}"
        _, printed = ask(server.port, "GET", RESOURCES, {"Cookie": cookie})
        if comparable(printed) != comparable(page):
            raise Unmeasured("the peer does not give the page that the portal does")
        yield Peer(server, cookie)


def insert(connection: sqlite3.Connection, table: str, rows: list[dict]) -> None:
    """A new table with these rows, numbered from 0."""
    rows = [{"number": number} | row for number, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = ", ".join(["number INTEGER PRIMARY KEY", *(f'"{name}"' for name in names[1:])])
    connection.execute(f"CREATE TABLE {table} ({columns})")
    values = [[row.get(name) for name in names] for row in rows]
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
