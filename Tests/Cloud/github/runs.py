"""Runs of workflows: how they wait, go on, end, are cancelled and begun again.

https://docs.github.com/rest/actions/workflow-runs
"""

import dataclasses
import datetime

from . import expressions
from .errors import GitHubError
from .history import Commit
from .workflows import Workflow

QUEUED_S = 5
CANCEL_S = 5
DURATION_S = {"infra-deploy.yml": 120, "image-deploy.yml": 240, "theme-deploy.yml": 40}
DURATION_OTHER_S = 60
RERUN_DAYS = 30
LOG_DAYS = 90
BEFORE, AFTER = "Set up job", "Complete job"


@dataclasses.dataclass
class Job:
    """One job of one attempt; `steps` are their names in order."""

    id: int
    name: str
    steps: list[str]
    is_skipped: bool


@dataclasses.dataclass
class Attempt:
    """One go at a run. Times are real ones; `queued_s` is by the clock that may be sped up."""

    number: int
    actor: str
    queued_s: float
    created: datetime.datetime
    jobs: list[Job]
    log: list[str] = dataclasses.field(default_factory=list)
    status: str = "queued"
    conclusion: str | None = None
    started: datetime.datetime | None = None
    completed: datetime.datetime | None = None
    moved: datetime.datetime | None = None  # when its progress was last seen to change
    cancel_s: float | None = None
    failing_step: int | None = None
    progress: float = 0.0

    @property
    def active_job(self) -> Job:
        return next((job for job in self.jobs if not job.is_skipped), self.jobs[0])


@dataclasses.dataclass
class Run:
    """A run with all of its attempts, oldest first."""

    id: int
    number: int
    workflow: Workflow
    commit: Commit
    event: str
    actor: str
    inputs: dict[str, str]
    title: str
    created: datetime.datetime
    attempts: list[Attempt]
    artifacts: dict[str, bytes] = dataclasses.field(default_factory=dict)
    logs_gone: bool = False

    @property
    def last(self) -> Attempt:
        return self.attempts[-1]

    @property
    def updated(self) -> datetime.datetime:
        return self.last.completed or self.last.started or self.last.created

    @property
    def duration_s(self) -> float:
        return DURATION_S.get(self.workflow.file, DURATION_OTHER_S)

    def settle(self, now_s: float, stamp: datetime.datetime) -> bool:
        """Lets what is due happen; whether the run has just come to its end, well so far."""
        attempt = self.last
        if attempt.status == "completed":
            return False
        if attempt.cancel_s is not None and now_s >= attempt.cancel_s:
            self.end("cancelled", stamp)
            return False
        age_s = now_s - attempt.queued_s - QUEUED_S
        if age_s < 0:
            return False
        if attempt.status == "queued":
            attempt.status, attempt.started = "in_progress", stamp
        progress = min(age_s / self.duration_s, 1.0)
        if progress != attempt.progress or attempt.moved is None:
            attempt.progress, attempt.moved = progress, stamp
        if attempt.failing_step is not None:
            share = (attempt.failing_step + 1) / len(attempt.active_job.steps)
            if attempt.progress >= share:
                attempt.progress = share
                self.end("failure", stamp)
            return False
        return attempt.progress >= 1.0

    def end(self, conclusion: str, stamp: datetime.datetime) -> None:
        attempt = self.last
        attempt.status, attempt.conclusion, attempt.completed = "completed", conclusion, stamp
        attempt.started = attempt.started or stamp

    def cancel(self, now_s: float) -> None:
        if self.last.status == "completed":
            raise GitHubError(409, "Cannot cancel a workflow run that is completed.")
        if self.last.cancel_s is None:
            self.last.cancel_s = now_s + CANCEL_S

    def check_rerun(self, now: datetime.datetime, only_failed: bool) -> None:
        """Raises GitHubError where the run cannot be begun again."""
        if self.last.status != "completed":
            raise GitHubError(403, "This workflow is already running")
        if now - self.created > datetime.timedelta(days=RERUN_DAYS):
            words = "Unable to retry this workflow run because it was created over a month ago"
            raise GitHubError(403, words)
        if only_failed and self.last.conclusion == "success":
            raise GitHubError(403, "This workflow run has no failed jobs to run again")

    def are_logs_gone(self, now: datetime.datetime) -> bool:
        return self.logs_gone or now - self.updated > datetime.timedelta(days=LOG_DAYS)


def jobs_of(document: dict, values: dict[str, dict[str, str]], first_id: int) -> list[Job]:
    """The jobs of a workflow file, with those that its inputs leave out."""
    jobs = []
    for offset, (key, body) in enumerate((document.get("jobs") or {}).items()):
        steps = [_step_name(step) for step in body.get("steps") or []]
        is_skipped = not expressions.is_met(body.get("if"), values)
        name = body.get("name", key)
        jobs.append(Job(first_id + offset, name, [BEFORE, *steps, AFTER], is_skipped))
    return jobs


def step_states(attempt: Attempt, job: Job) -> list[tuple[str, str | None]]:
    """Status and conclusion of each step, from how far its job has come."""
    if job.is_skipped:
        return []
    done = int(attempt.progress * len(job.steps) + 1e-9)
    over = attempt.status == "completed"
    states: list[tuple[str, str | None]] = []
    for index in range(len(job.steps)):
        if index < done or (over and attempt.conclusion == "success"):
            failed = over and attempt.conclusion == "failure" and index == done - 1
            states.append(("completed", "failure" if failed else "success"))
        elif over:
            states.append(("completed", "cancelled" if index == done else "skipped"))
        elif index == done and attempt.status == "in_progress":
            states.append(("in_progress", None))
        else:
            states.append(("queued", None))
    return states


def log_of(run: Run, attempt: Attempt, job: Job) -> str:
    """The log of a job: a line a step, and what its work said."""
    at = (attempt.started or attempt.created).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    lines = []
    for name, (_, conclusion) in zip(job.steps, step_states(attempt, job)):
        lines.append(f"##[group]{name}")
        if name == BEFORE:
            lines.append(f"Commit {run.commit.sha}")
            lines += [f"Input {key}={value}" for key, value in run.inputs.items() if value]
        if conclusion == "failure":
            lines.append("##[error]Process completed with exit code 1.")
        lines.append("##[endgroup]")
    return "".join(f"{at} {line}\n" for line in [*lines, *attempt.log])


def _step_name(step: dict) -> str:
    return str(step.get("name") or step.get("uses") or str(step.get("run", "")).split("\n")[0])
