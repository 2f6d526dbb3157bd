"""The peer of docker/bench: its Resources page as Hummingbird, swift-mustache and GRDB serve it.

The peer prints the portal's own templates. Its database is made of a page of the portal, each text
ready to be printed, so that it has less to do than the portal, which works them out each time.
"""

import contextlib
import hashlib
import html
import pathlib
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from servers import PAGE, ROOT, Server, Unmeasured, ask, free_port, running

PACKAGE = ROOT / "Benchmarks"
PEER = PACKAGE / ".build" / "release" / "Peer"
BUILD = ["swift", "build", "-c", "release", "--package-path", str(PACKAGE), "--product", "Peer"]
WAYS = ("", "--fast")  # As the manual has it, and the quickest that swift-mustache has.
RESOURCES = "/resources"
SESSION_S = 86_400


def pattern(text: str) -> re.Pattern:
    """What finds a part of a page: … stands for anything, and what is in [ ] may be missing."""
    text = re.escape(text).replace("…", ".*?").replace(r"\[", "(?:").replace(r"\]", ")?")
    return re.compile(re.sub(r"\\{\\{(\w+)\\}\\}", r'(?P<\1>[^<"]*)', text), re.DOTALL)


TAG = '<span class="tag {{tone}}">…#{{icon}}"/></svg>{{word}}</span>'
WHEN = '<time datetime="{{iso}}" title="{{absolute}}">{{relative}}</time>'
STANDING = pattern(
    '<p class="state">{{state}}</p>…<caption><h2>{{stack}}</h2> <span class="muted">{{region}}<'
)
FOLDED = pattern("<summary>{{words}}</summary>")
RESOURCE = pattern(
    f'<th scope="row"><a href="{{{{path}}}}">{{{{label}}}}</a></th>…{TAG}'
    '…<svg class="beats" viewBox="{{beatsBox}}"…half-hours: {{beatsWords}}">…</svg>'
    "…<span>{{known}}[ <b>Last try failed:</b> {{failure}}]</span></td>"
    f'…<span title="{{{{source}}}}">{{{{reader}}}}[, {WHEN}]{{{{stale}}}}</span>'
)
BAR = pattern('<rect class="{{tone}}" x="{{x}}"…<title>{{barWords}}</title>')
FINDING = pattern(
    f'<li class="finding …{TAG}…<a href="{{{{path}}}}">{{{{state}}}}</a></h3>'
    '\n<p>{{why}} {{remedy}}</p>\n<p class="actions">\n'
    '[<a class="button" href="{{mendPath}}">Preview the change that mends it</a>\n]'
    '<span class="muted"><a href="{{subjectPath}}">{{subject}}</a>, read from {{reader}}, so since '
    f"{WHEN}</span>"
)
MET = pattern(
    f'<li>{TAG}…<a href="{{{{path}}}}">{{{{expectation}}}}</a>: {{{{state}}}} '
    '<span class="muted">{{subject}}</span></span></li>'
)


class Peer(NamedTuple):
    """A peer that answers, and the cookie of a session."""

    server: Server
    cookie: str


@contextlib.contextmanager
def peer(folder: pathlib.Path, page: bytes, way: str) -> Iterator[Peer]:
    """The peer with what a page of the portal shows, and only if it gives that page."""
    database, port, token = folder / f"peer{way}.sqlite", free_port(), secrets.token_urlsafe(32)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        fill(connection, page.decode())
        row = (hashlib.sha256(token.encode()).digest(), int(time.time()) + SESSION_S)
        connection.execute("INSERT INTO sessions VALUES (?, ?)", row)
    command = [PEER, "--port", port, "--database", database, "--assets", folder, *way.split()]
    with running([*map(str, command)], port, PAGE, folder / "peer.log") as server:
        cookie = f"session={token}"
        _, printed = ask(server.port, "GET", RESOURCES, {"Cookie": cookie})
        if comparable(printed) != comparable(page):
            raise Unmeasured("the peer does not give the page that the portal does")
        yield Peer(server, cookie)


def comparable(page: bytes) -> str:
    """A page without white space, and without the versions in names of files."""
    return re.sub(r"\s+", "", re.sub(r"icons\.\w+\.svg", "icons.svg", page.decode()))


def fill(connection: sqlite3.Connection, page: str) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE sessions (hash BLOB PRIMARY KEY, ends_at) WITHOUT ROWID")
    begin, end = page.index("<main"), page.index("</main>\n") + len("</main>\n")
    main = lines(page[begin:end])
    resources = list(RESOURCE.finditer(main))
    insert(connection, "resources", (with_sections(texts(r)) for r in resources))
    bars = ({"resource": n} | texts(b) for n, r in enumerate(resources) for b in BAR.finditer(r[0]))
    insert(connection, "bars", bars)
    standing = texts(STANDING.search(main)) | {"before": page[:begin], "after": page[end:]}
    unfolded, *folded = re.split("(?=<details>)", main)
    findings = [{"list": "findings"} | texts(f) for f in FINDING.finditer(unfolded)]
    for part in folded:
        name, rows = ("met", MET) if "met</summary>" in part else ("unread", FINDING)
        words = texts(FOLDED.search(part))["words"]
        standing |= {f"any{name.title()}": "yes", f"{name}Words": words}
        findings += [{"list": name} | texts(f) for f in rows.finditer(part)]
    insert(connection, "findings", map(with_sections, findings))
    insert(connection, "page", [standing | {"anyFinding": "yes"}])


def lines(page: str) -> str:
    """A page without what indents its lines."""
    return re.sub(r"\s*\n\s*", "\n", page)


def texts(found: re.Match) -> dict[str, str | None]:
    """The fields of a part of a page; what is empty is NULL."""
    return {name: html.unescape(text or "") or None for name, text in found.groupdict().items()}


def with_sections(fields: dict[str, str | None]) -> dict[str, str | None]:
    """What opens the sections of a row whose fields stand in the row itself."""
    when, mends = fields.get("iso"), fields.get("mendPath")
    return fields | {"tag": "yes", "beats": "yes", "when": when, "mends": mends}


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[dict]) -> None:
    """A new table with these rows, numbered from 0."""
    rows = [{"number": number} | row for number, row in enumerate(rows)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = ", ".join(["number INTEGER PRIMARY KEY", *(f'"{name}"' for name in names[1:])])
    connection.execute(f"CREATE TABLE {table} ({columns})")
    values = [[row.get(name) for name in names] for row in rows]
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
