"""Workflows and their runs, https://docs.github.com/rest/actions"""

import datetime
import io
import zipfile

from peer.http import Answer, as_json

from . import views, workflows
from .calls import Call
from .errors import GitHubError
from .names import BOT
from .runs import Attempt, Job, Run, log_of
from .workflows import Workflow

FILTERED_MAX = 1_000
FILTERS = ("actor", "branch", "event", "status", "created", "head_sha")


def listed(call: Call) -> Answer:
    _may(call, "read")
    return call.page([_workflow(call, each) for each in call.world.workflows], "workflows")


def one(call: Call) -> Answer:
    _may(call, "read")
    return as_json(200, _workflow(call, call.world.workflow(call.parts[0])))


def enable(call: Call) -> Answer:
    _may(call, "write")
    states = {"enable": "active", "disable": "disabled_manually"}
    call.world.workflow(call.parts[0]).state = states[call.parts[1]]
    return Answer(204)


def dispatch(call: Call) -> Answer:
    _may(call, "write")
    world, body = call.world, call.body()
    workflow = world.workflow(call.parts[0])
    is_old = call.version == "2022-11-28"
    known = {"ref", "inputs"} | ({"return_run_details"} if is_old else set())
    for name in sorted(body.keys() - known):
        raise GitHubError(422, f'Invalid request.\n\n"{name}" is not a permitted key.')
    if not isinstance(body.get("ref"), str):
        raise GitHubError(422, "Invalid request.\n\n\"ref\" wasn't supplied.")
    if not world.history.is_branch(body["ref"]):
        raise GitHubError(422, f"No ref found for: {body['ref']}")
    head = world.history.head
    run = world.start(
        workflow,
        head,
        "workflow_dispatch",
        workflows.inputs(workflow, head, body.get("inputs") or {}),
    )
    if is_old and not (body.get("return_run_details") and world.gives_run_details):
        return Answer(204)
    view = views.run(run, call.base)
    details = {"workflow_run_id": run.id, "run_url": view["url"], "html_url": view["html_url"]}
    return as_json(200, details)


def runs(call: Call) -> Answer:
    """Of one workflow, or of all of them."""
    _may(call, "read")
    wanted = call.world.workflow(call.parts[0]) if call.parts else None
    rows = [run for run in call.world.runs if wanted in (None, run.workflow)]
    filters = {name: call.query[name] for name in FILTERS if name in call.query}
    rows = [run for run in rows if _is_wanted(run, filters)]
    rows = rows[:FILTERED_MAX] if filters else rows
    return call.page([views.run(run, call.base) for run in rows], "workflow_runs")


def run(call: Call) -> Answer:
    _may(call, "read")
    return as_json(200, views.run(call.world.run(call.parts[0]), call.base))


def jobs(call: Call) -> Answer:
    _may(call, "read")
    found = call.world.run(call.parts[0])
    attempts = found.attempts if call.query.get("filter") == "all" else [found.last]
    rows = [views.job(found, a, each, call.base) for a in attempts for each in a.jobs]
    return call.page(rows, "jobs")


def job(call: Call) -> Answer:
    _may(call, "read")
    found, attempt, each = _job(call, call.parts[0])
    return as_json(200, views.job(found, attempt, each, call.base))


def job_log(call: Call) -> Answer:
    """Plain text, once the job is over."""
    _may(call, "read")
    found, attempt, each = _job(call, call.parts[0])
    if attempt.status != "completed":
        raise GitHubError(404, "Not Found")
    _check_kept(call, found)
    text = log_of(found, attempt, each).encode()
    return call.world.downloads.redirect(f"{each.id}.txt", text, "text/plain; charset=utf-8")


def run_logs(call: Call) -> Answer:
    """A zip of the logs of all jobs."""
    _may(call, "read")
    found = call.world.run(call.parts[0])
    if found.last.status != "completed":
        raise GitHubError(404, "Not Found")
    _check_kept(call, found)
    texts = {f"{j.name}.txt": log_of(found, found.last, j).encode() for j in found.last.jobs}
    return call.world.downloads.redirect(f"logs_{found.id}.zip", packed(texts))


def artifacts(call: Call) -> Answer:
    _may(call, "read")
    found = call.world.run(call.parts[0])
    kept = found.artifacts.items()
    rows = [views.artifact(found, name, content, call.base) for name, content in kept]
    return call.page(rows, "artifacts")


def artifact(call: Call) -> Answer:
    _may(call, "read")
    for found in call.world.runs:
        for name, content in found.artifacts.items():
            if str(views.artifact_id(found, name)) == call.parts[0]:
                _check_kept(call, found)
                return call.world.downloads.redirect(f"{name}.zip", content)
    raise GitHubError(404, "Not Found")


def rerun(call: Call) -> Answer:
    _may(call, "write")
    found = call.world.run(call.parts[0])
    found.check_rerun(call.world.clock.stamp(), call.parts[1] == "rerun-failed-jobs")
    call.world.attempt(found, BOT)
    return as_json(201, {})


def cancel(call: Call) -> Answer:
    _may(call, "write")
    call.world.run(call.parts[0]).cancel(call.world.clock.now_s())
    return as_json(202, {})


def gates(call: Call) -> Answer:
    """No environment of this repository waits for a reviewer."""
    _may(call, "read")
    call.world.run(call.parts[0])
    return as_json(200, [])


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _may(call: Call, level: str) -> None:
    call.world.token.allow("actions", level)


def _workflow(call: Call, workflow: Workflow) -> dict:
    name = workflow.document(call.world.history.head).get("name", workflow.path)
    return views.workflow(workflow, name, call.base)


def _job(call: Call, number: str) -> tuple[Run, Attempt, Job]:
    for found in call.world.runs:
        for attempt in found.attempts:
            for each in attempt.jobs:
                if str(each.id) == number:
                    return found, attempt, each
    raise GitHubError(404, "Not Found")


def _check_kept(call: Call, found: Run) -> None:
    if found.are_logs_gone(call.world.clock.stamp()):
        raise GitHubError(410, "Server Error: The logs or artifacts of this run have expired")


def _is_wanted(run: Run, filters: dict[str, str]) -> bool:
    status = filters.get("status")
    return (
        filters.get("event", run.event) == run.event
        and filters.get("actor", run.actor) == run.actor
        and filters.get("branch", "main") == "main"
        and filters.get("head_sha", run.commit.sha) == run.commit.sha
        and status in (None, run.last.status, run.last.conclusion)
        and _is_within(run.created, filters.get("created"))
    )


def _is_within(at: datetime.datetime, span: str | None) -> bool:
    """GitHub's spans of time: `>=2026-11-01`, `2026-11-01..2026-11-30`, `2026-11-01T10:00:00Z`."""
    if span is None:
        return True
    seconds = at.replace(microsecond=0)
    if ".." in span:
        first, last = span.split("..")
        return _moment(first) <= seconds < _end(last)
    sign = span[: len(span) - len(span.lstrip("<>="))]
    date = span[len(sign) :]
    return {
        ">=": seconds >= _moment(date),
        ">": seconds >= _end(date),
        "<": seconds < _moment(date),
        "<=": seconds < _end(date),
    }.get(sign, _moment(date) <= seconds < _end(date))


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise GitHubError(422, f"Invalid date: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _end(text: str) -> datetime.datetime:
    """The first moment after a day, or after a second."""
    length = datetime.timedelta(days=1) if "T" not in text else datetime.timedelta(seconds=1)
    return _moment(text) + length
