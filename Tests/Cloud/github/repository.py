"""Commits, comparisons, files and archives of the repository.

https://docs.github.com/rest/commits, https://docs.github.com/rest/repos/contents
"""

import base64
import io
import zipfile
from urllib.parse import unquote

from peer.http import Answer, as_json

from . import views
from .calls import Call
from .errors import GitHubError
from .history import Commit
from .names import BRANCH, FULL_NAME, OWNER, REPOSITORY

FILES_MAX, COMMITS_MAX = 300, 250
RAW_BYTES_MIN = 1024 * 1024  # a larger file has to be asked for as it is


def about(call: Call) -> Answer:
    call.world.token.allow("metadata", "read")
    owner = {"login": OWNER, "type": "Organization"}
    row = {"id": 4242, "name": REPOSITORY, "full_name": FULL_NAME, "private": True, "owner": owner}
    return as_json(200, row | {"default_branch": BRANCH, "html_url": views.HTML})


def branch(call: Call) -> Answer:
    commit = _found(call, unquote(call.parts[0]), 404)
    return as_json(200, {"name": BRANCH, "commit": views.commit(commit, call.base)})


def commits(call: Call) -> Answer:
    call.world.token.allow("contents", "read")
    until = _found(call, call.query.get("sha", BRANCH), 404)
    rows, commit = [], until
    while commit:
        rows.append(commit)
        commit = commit.parent
    folder = call.query.get("path", "")
    since, before = call.query.get("since", ""), call.query.get("until", "~")
    kept = [
        views.commit(each, call.base)
        for each in rows
        if (not folder or each.touches(folder)) and since <= views.stamp(each.date) <= before
    ]
    return call.page(kept)


def commit(call: Call) -> Answer:
    found = _found(call, unquote(call.parts[0]), 422)
    if "vnd.github.sha" in call.accept:
        etag = {"ETag": f'"{found.sha}"'}
        return Answer(200, "application/vnd.github.sha", found.sha.encode(), etag)
    changed = views.files(found.changes())
    return as_json(200, views.commit(found, call.base) | {"files": changed})


def compare(call: Call) -> Answer:
    ends = unquote(call.parts[0]).split("...")
    if len(ends) != 2:
        raise GitHubError(404, "Not Found")
    base, head = (_found(call, end, 404) for end in ends)
    changes = head.changes(since=base) if base is not head else {}
    if "vnd.github.diff" in call.accept:
        return Answer(200, "application/vnd.github.diff", _diff(changes).encode())
    line = call.world.history.commits
    ahead_by = max(line.index(head) - line.index(base), 0)
    behind_by = max(line.index(base) - line.index(head), 0)
    new = line[line.index(base) + 1 : line.index(head) + 1]
    status = "ahead" if ahead_by else "behind" if behind_by else "identical"
    value = {
        "status": status,
        "ahead_by": ahead_by,
        "behind_by": behind_by,
        "total_commits": ahead_by,
        "base_commit": views.commit(base, call.base),
        "merge_base_commit": views.commit(head if behind_by else base, call.base),
        "html_url": f"{views.HTML}/compare/{ends[0]}...{ends[1]}",
        "commits": [views.commit(each, call.base) for each in new[:COMMITS_MAX]],
        "files": views.files(changes)[:FILES_MAX],
    }
    return as_json(200, value)


def contents(call: Call) -> Answer:
    found = _found(call, call.query.get("ref", BRANCH), 404)
    path = unquote(call.parts[0]).strip("/")
    if path in found.files:
        return _file(call, found, path)
    folder = f"{path}/" if path else ""
    below = [p.removeprefix(folder) for p in found.files if p.startswith(folder)]
    if not below:
        raise GitHubError(404, "Not Found")
    names = {p.partition("/")[0]: "dir" if "/" in p else "file" for p in below}
    rows = [_entry(found, f"{folder}{name}", kind) for name, kind in sorted(names.items())]
    return as_json(200, rows)


def archive(call: Call) -> Answer:
    """Where the zip is to be had for a while, without the token."""
    found = _found(call, unquote(call.parts[0] or BRANCH), 404)
    return call.world.downloads.redirect(f"{REPOSITORY}-{found.sha}.zip", zipped(found))


def zipped(commit: Commit, folder: str = "") -> bytes:
    """The files of a commit in the one folder GitHub puts them in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for path, content in sorted(commit.files.items()):
            if path.startswith(folder):
                name = f"{OWNER}-{REPOSITORY}-{commit.sha}/{path}"
                written.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _file(call: Call, commit: Commit, path: str) -> Answer:
    content = commit.files[path]
    if "raw" in call.accept:
        return Answer(200, "application/vnd.github.raw+json; charset=utf-8", content)
    row = _entry(commit, path, "file") | {"encoding": "base64"}
    if len(content) > RAW_BYTES_MIN:
        return as_json(200, row | {"encoding": "none", "content": ""})
    return as_json(200, row | {"content": base64.encodebytes(content).decode()})


def _entry(commit: Commit, path: str, kind: str) -> dict:
    content = commit.files.get(path, b"")
    row = {"type": kind, "name": path.rpartition("/")[2], "path": path, "size": len(content)}
    return row | {"sha": views.blob(content or path.encode())}


def _diff(changes: dict[str, tuple[bytes, bytes]]) -> str:
    lines = []
    for row, (path, (before, after)) in zip(views.files(changes), changes.items()):
        lines += [f"diff --git a/{path} b/{path}"]
        lines += [f"--- a/{path}" if before else "--- /dev/null"]
        lines += [f"+++ b/{path}" if after else "+++ /dev/null", row["patch"]]
    return "\n".join([*lines, ""])


def _found(call: Call, ref: str, missing: int) -> Commit:
    call.world.token.allow("contents", "read")
    found = call.world.history.find(ref)
    if found is None:
        words = "Not Found" if missing == 404 else f"No commit found for SHA: {ref}"
        raise GitHubError(missing, words)
    return found
