"""The repository: a straight line of commits, each with all of its files."""

import dataclasses
import datetime
import difflib
import hashlib
import json
import pathlib

from ghost import themes

WORKFLOWS = pathlib.Path(__file__).parents[3] / "docs" / "workflows"
WORKFLOW_FOLDER = ".github/workflows"
PEOPLE = {
    "ana": ("Ana Requester", "ana@example.com"),
    "ben": ("Ben Approver", "ben@example.com"),
}
SETTINGS = {
    "cpu": "256",
    "memory": "512",
    "desiredCount": 1,
    "databaseClass": "db.t3.micro",
    "databaseGb": 20,
    "databaseEncrypted": False,
    "backupDays": 1,
    "logDays": 731,
}


@dataclasses.dataclass(frozen=True)
class Commit:
    """One commit; `files` is the whole tree."""

    sha: str
    parent: "Commit | None"
    message: str
    author: str
    date: datetime.datetime
    files: dict[str, bytes]

    def changes(self, since: "Commit | None" = None) -> dict[str, tuple[bytes, bytes]]:
        """Before and after of each file that differs from the parent, or from another commit."""
        base = since or self.parent
        before = base.files if base else {}
        paths = sorted(before.keys() | self.files.keys())
        pairs = {path: (before.get(path, b""), self.files.get(path, b"")) for path in paths}
        return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}

    def touches(self, folder: str) -> bool:
        folder = folder.strip("/")
        return any(p == folder or p.startswith(f"{folder}/") for p in self.changes())


class History:
    """The commits of main, oldest first."""

    def __init__(self, now: datetime.datetime):
        self.commits: list[Commit] = []
        for days_ago, author, message, changes in _seed():
            self.commit(message, author, changes, now - datetime.timedelta(days=days_ago))

    @property
    def head(self) -> Commit:
        return self.commits[-1]

    def commit(self, message: str, author: str, changes: dict, date: datetime.datetime) -> Commit:
        """Adds a commit; a file without content is removed."""
        files = dict(self.commits[-1].files) if self.commits else {}
        files |= {path: content for path, content in changes.items() if content is not None}
        files = {path: c for path, c in files.items() if changes.get(path, b"") is not None}
        parent = self.commits[-1] if self.commits else None
        # No date goes into it: a demo of tomorrow has the same commits.
        text = repr((parent.sha if parent else "", message, author, sorted(files.items())))
        sha = hashlib.sha1(text.encode()).hexdigest()
        made = Commit(sha, parent, message, author, date.replace(microsecond=0), files)
        self.commits.append(made)
        return made

    def find(self, ref: str) -> Commit | None:
        """By branch, or by the whole or the beginning of a SHA."""
        if ref in ("main", "heads/main", "refs/heads/main", "HEAD"):
            return self.head
        is_sha = len(ref) >= 7 and all(letter in "0123456789abcdef" for letter in ref)
        found = [c for c in self.commits if is_sha and c.sha.startswith(ref)]
        return found[0] if len(found) == 1 else None

    def is_branch(self, ref: str) -> bool:
        return ref.removeprefix("refs/heads/") == "main"


def patch(path: str, before: bytes, after: bytes) -> str:
    """The hunks of a unified diff, without the lines that name the file."""
    lines = [text.decode("utf-8", "replace").splitlines() for text in (before, after)]
    return "\n".join(list(difflib.unified_diff(*lines, path, path, lineterm=""))[2:])


def workflow_files() -> dict[str, bytes]:
    """The example workflows, as they stand in docs/workflows."""
    return {
        f"{WORKFLOW_FOLDER}/{file.name}": file.read_bytes()
        for file in sorted(WORKFLOWS.glob("*.yml"))
    }


def _seed() -> list[tuple[float, str, str, dict[str, bytes]]]:
    start = workflow_files() | _theme("1.2.0") | _image("5.80.0") | _infra({})
    start["README.md"] = b"# The blog\n\nTheme, image and infrastructure.\n"
    return [
        (75, "ana", "Begin: theme, image, infrastructure", start),
        (52, "ana", "Theme: wider columns", _theme("1.3.0")),
        (40, "ben", "Image: Ghost 5.82.2", _image("5.82.2")),
        (21, "ana", "Image: Ghost 5.87.1", _image("5.87.1")),
        (20.9, "ana", "Image: install curl for the health check", _image("5.87.1", curl=True)),
        (9, "ben", "Theme: a footer", _theme("1.4.0")),
        (3, "ben", "Docs: how to write a post", {"docs/posts.md": b"# Posts\n"}),
        (1, "ana", "Infra: keep backups for seven days", _infra({"backupDays": 7})),
    ]


def _theme(version: str) -> dict[str, bytes]:
    files = themes.release(version).files
    return {f"theme/{path}": content for path, content in files.items()}


def _image(version: str, curl: bool = False) -> dict[str, bytes]:
    lines = [f"FROM ghost:{version}-alpine"] + (["RUN apk add --no-cache curl"] if curl else [])
    return {"image/Dockerfile": "\n".join([*lines, ""]).encode()}


def _infra(changes: dict) -> dict[str, bytes]:
    settings = json.dumps(SETTINGS | changes, indent=2)
    return {
        "infra/settings.json": f"{settings}\n".encode(),
        "infra/cdk.json": b'{"app": "npx ts-node bin/ghost.ts"}\n',
    }
