"""Commits, runs and jobs as GitHub writes them."""

import datetime
import hashlib

from . import runs
from .history import PEOPLE, Commit, patch
from .names import BRANCH, FULL_NAME
from .runs import Attempt, Job, Run
from .workflows import Workflow

API = f"/repos/{FULL_NAME}"
HTML = f"https://github.com/{FULL_NAME}"
ARTIFACT_DAYS = 90


def stamp(at: datetime.datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def commit(given: Commit, base: str) -> dict:
    name, mail = PEOPLE.get(given.author, (given.author, f"{given.author}@example.com"))
    person = {"name": name, "email": mail, "date": stamp(given.date)}
    parents = [{"sha": given.parent.sha}] if given.parent else []
    return {
        "sha": given.sha,
        "commit": {"author": person, "committer": person, "message": given.message},
        "author": user(given.author),
        "committer": user(given.author),
        "url": f"{base}{API}/commits/{given.sha}",
        "html_url": f"{HTML}/commit/{given.sha}",
        "parents": parents,
    }


def files(changes: dict[str, tuple[bytes, bytes]]) -> list[dict]:
    """The changed files of a commit or of a comparison."""
    rows = []
    for path, (before, after) in changes.items():
        hunks = patch(path, before, after)
        lines = hunks.split("\n")
        status = "modified" if before and after else "added" if after else "removed"
        added = sum(line.startswith("+") for line in lines)
        removed = sum(line.startswith("-") for line in lines)
        row = {"sha": blob(after or before), "filename": path, "status": status}
        row |= {"additions": added, "deletions": removed, "changes": added + removed}
        rows.append(row | {"patch": hunks})
    return rows


def workflow(given: Workflow, name: str, base: str) -> dict:
    return {
        "id": given.id,
        "name": name,
        "path": given.path,
        "state": given.state,
        "url": f"{base}{API}/actions/workflows/{given.id}",
        "html_url": f"{HTML}/blob/{BRANCH}/{given.path}",
    }


def run(given: Run, base: str) -> dict:
    last = given.last
    return {
        "id": given.id,
        "name": given.workflow.file.removesuffix(".yml"),
        "display_title": given.title,
        "head_branch": BRANCH,
        "head_sha": given.commit.sha,
        "path": given.workflow.path,
        "run_number": given.number,
        "run_attempt": last.number,
        "event": given.event,
        "status": last.status,
        "conclusion": last.conclusion,
        "workflow_id": given.workflow.id,
        "url": f"{base}{API}/actions/runs/{given.id}",
        "html_url": f"{HTML}/actions/runs/{given.id}",
        "created_at": stamp(given.created),
        "run_started_at": stamp(last.created),
        "updated_at": stamp(given.updated),
        "actor": user(given.actor),
        "triggering_actor": user(last.actor),
        "head_commit": {
            "id": given.commit.sha,
            "message": given.commit.message,
            "timestamp": stamp(given.commit.date),
            "author": {"name": PEOPLE.get(given.commit.author, (given.commit.author,))[0]},
        },
    }


def job(given: Run, attempt: Attempt, one: Job, base: str) -> dict:
    states = runs.step_states(attempt, one)
    began, ended = attempt.started, attempt.completed
    row = {
        "id": one.id,
        "run_id": given.id,
        "run_attempt": attempt.number,
        "head_sha": given.commit.sha,
        "name": one.name,
        "status": "completed" if one.is_skipped else attempt.status,
        "conclusion": "skipped" if one.is_skipped else attempt.conclusion,
        "created_at": stamp(attempt.created),
        "started_at": stamp(began or attempt.created),
        "completed_at": stamp(attempt.created if one.is_skipped else ended),
        "html_url": f"{HTML}/actions/runs/{given.id}/job/{one.id}",
        "url": f"{base}{API}/actions/jobs/{one.id}",
        "labels": ["ubuntu-latest"],
    }
    steps = []
    for number, (name, (status, conclusion)) in enumerate(zip(one.steps, states), 1):
        at = _share(given, attempt, number - 1, len(one.steps)) if status != "queued" else None
        until = _share(given, attempt, number, len(one.steps)) if status == "completed" else None
        step = {"name": name, "status": status, "conclusion": conclusion, "number": number}
        steps.append(step | {"started_at": stamp(at), "completed_at": stamp(until)})
    return row | {"steps": steps}


def artifact(given: Run, name: str, content: bytes, base: str) -> dict:
    number = artifact_id(given, name)
    expires = given.created + datetime.timedelta(days=ARTIFACT_DAYS)
    return {
        "id": number,
        "name": name,
        "size_in_bytes": len(content),
        "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "expired": given.logs_gone,
        "created_at": stamp(given.updated),
        "expires_at": stamp(expires),
        "archive_download_url": f"{base}{API}/actions/artifacts/{number}/zip",
        "workflow_run": {"id": given.id, "head_sha": given.commit.sha},
    }


def artifact_id(given: Run, name: str) -> int:
    return given.id * 10 + sorted(given.artifacts).index(name)


def user(login: str) -> dict:
    return {"login": login, "id": 1, "type": "Bot" if login.endswith("bot") else "User"}


def blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _share(given: Run, attempt: Attempt, done: int, steps: int) -> datetime.datetime | None:
    """When so many of the steps were done, as if each took the same time."""
    if attempt.started is None:
        return None
    until = attempt.completed or attempt.moved or attempt.started
    share = done / steps / max(attempt.progress, 1 / steps)
    return attempt.started + min(share, 1.0) * (until - attempt.started)
