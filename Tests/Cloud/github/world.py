"""The whole of the demo's GitHub: the repository, its runs, the token and its limits."""

import collections
import datetime
import itertools
import threading

from cloud.clock import Clock
from peer.faults import Faults

from . import expressions
from .errors import GitHubError
from .history import Commit, History
from .limits import Limits
from .names import BOT, FULL_NAME
from .runs import Attempt, Run, jobs_of
from .token import Token
from .workflows import Workflow

CALLS_KEPT_MAX = 10_000
FILES = ("infra-deploy.yml", "image-deploy.yml", "theme-deploy.yml")
VERSIONS = ["2022-11-28", "2026-03-10"]


class World:
    """Made anew by a reset. Answers hold `lock`."""

    def __init__(self, scale: float, outcome):
        self.lock = threading.RLock()
        self._scale = scale
        self._outcome = outcome  # what the end of a run does elsewhere, outcomes.py
        self.downloads_url = ""
        self.reset()

    def reset(self) -> None:
        with self.lock:
            now = Clock.stamp()
            self.clock = Clock(self._scale)
            self.faults = Faults()
            self.limits = Limits()
            self.token = Token(now)
            self.calls = collections.deque(maxlen=CALLS_KEPT_MAX)
            self.leaks: list[dict] = []  # downloads that came with a token
            self.versions = list(VERSIONS)
            self.gives_run_details = True
            self.fail_step: str | None = None  # at which step runs to come fail
            self.history = History(now)
            self.workflows = [Workflow(1001 + i, file) for i, file in enumerate(FILES)]
            self.runs: list[Run] = []  # newest first
            self._ids = itertools.count(19_000_000_001, 7)
            self._seed_runs(now)

    def settle(self) -> None:
        """Lets every run go on; what a run does elsewhere it does at its end."""
        for run in self.runs:
            if run.settle(self.clock.now_s(), self.clock.stamp()):
                self._finish(run)

    def workflow(self, name: str) -> Workflow:
        """By id or by the name of its file."""
        for workflow in self.workflows:
            if name in (str(workflow.id), workflow.file):
                return workflow
        raise GitHubError(404, "Not Found")

    def run(self, number: str) -> Run:
        for run in self.runs:
            if str(run.id) == number:
                return run
        raise GitHubError(404, "Not Found")

    def start(
        self, workflow: Workflow, commit: Commit, event: str, inputs: dict, actor: str = BOT
    ) -> Run:
        """Begins a run at a commit."""
        now, run_id = self.clock.stamp(), next(self._ids)
        number = 1 + sum(run.workflow is workflow for run in self.runs)
        run = Run(run_id, number, workflow, commit, event, actor, inputs, "", now, [])
        title = workflow.document(commit).get("run-name") or commit.message
        run.title = expressions.expand(str(title), self._values(run))
        self.attempt(run, actor)
        self.runs.insert(0, run)
        return run

    def attempt(self, run: Run, actor: str) -> Attempt:
        """Begins a run, once more where it has been before."""
        jobs = jobs_of(run.workflow.document(run.commit), self._values(run), next(self._ids))
        number = len(run.attempts) + 1
        made = Attempt(number, actor, self.clock.now_s(), self.clock.stamp(), jobs)
        if self.fail_step is not None:
            steps = made.active_job.steps
            made.failing_step = steps.index(self.fail_step) if self.fail_step in steps else 1
        run.attempts.append(made)
        return made

    def push(self, message: str, author: str, changes: dict[str, bytes | None]) -> Commit:
        """Somebody pushes a commit; the workflows that look for such paths run."""
        commit = self.history.commit(message, author, changes, self.clock.stamp())
        for workflow in self.workflows:
            triggers = workflow.document(commit)["on"]
            push = triggers.get("push") if isinstance(triggers, dict) else None
            folders = [path.removesuffix("/**") for path in (push or {}).get("paths", [])]
            if workflow.state == "active" and any(commit.touches(f) for f in folders):
                self.start(workflow, commit, "push", {}, author)
        return commit

    def seed_run(
        self, file: str, commit: Commit, age: datetime.timedelta, inputs=None, conclusion="success"
    ) -> Run:
        """A run that ended a while ago; nothing is done elsewhere for it."""
        event = "push" if inputs is None else "workflow_dispatch"
        run = self.start(self.workflow(file), commit, event, inputs or {}, commit.author)
        run.created = self.clock.stamp() - age
        run.last.created = run.last.started = run.created
        if conclusion == "failure":
            run.last.failing_step = len(run.last.active_job.steps) - 2
            run.last.progress = 1 - 1 / len(run.last.active_job.steps)
        else:
            run.last.progress = 1.0
        run.end(conclusion, run.created + datetime.timedelta(seconds=run.duration_s))
        return run

    def _finish(self, run: Run) -> None:
        try:
            run.last.log += self._outcome(run, self.history)
        except Exception as problem:  # whatever went wrong elsewhere, the run says so
            run.last.log.append(f"##[error]{problem}")
            run.last.failing_step = len(run.last.active_job.steps) - 2
            run.last.progress = 1 - 1 / len(run.last.active_job.steps)
            run.end("failure", self.clock.stamp())
        else:
            run.end("success", self.clock.stamp())

    def _values(self, run: Run) -> dict[str, dict[str, str]]:
        github = {"sha": run.commit.sha, "actor": run.actor, "run_id": str(run.id)}
        github |= {"run_number": str(run.number), "repository": FULL_NAME, "ref_name": "main"}
        return {"inputs": run.inputs, "github": github}

    def _seed_runs(self, now: datetime.datetime) -> None:
        tags = iter(["v5.80.0-1", "v5.82.2-1", "v5.87.1-2", "v5.87.1-3"])
        for commit in self.history.commits:
            age = now - commit.date - datetime.timedelta(minutes=5)
            if commit.touches("theme"):
                self.seed_run("theme-deploy.yml", commit, age)
            if commit.touches("image"):
                self.seed_run("image-deploy.yml", commit, age, {"image_tag": next(tags)})
            if commit.parent is None:
                self.seed_run("infra-deploy.yml", commit, age, {"mode": "apply"})
        again = datetime.timedelta(days=9, hours=1)
        theme = next(c for c in reversed(self.history.commits) if c.touches("theme"))
        self.seed_run("theme-deploy.yml", theme, again, {}, "failure")
        self.runs.sort(key=lambda run: run.created, reverse=True)
