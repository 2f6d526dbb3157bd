"""How an ECS service rolls out, scales and rolls back: a state machine on cloud seconds.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

import dataclasses
import datetime
import hashlib
import itertools
from collections.abc import Callable

from .tasks import Stop, Task, scaled

START_S = 40  # from placing a task to passing its health check
DRAIN_S = 30  # from the new tasks' health to the old ones' end
STOP_S = 10  # from a lower desired count to fewer tasks
FAILURES_MIN = 3  # the circuit breaker: half the desired count, within these
FAILURES_MAX = 200
FAILED_SHOWN_S = 300  # how long a failed deployment stays in the list after its roll-back
SETTINGS = {
    "maximumPercent": 200,
    "minimumHealthyPercent": 50,
    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
}


@dataclasses.dataclass
class Deployment:
    """One roll-out of one revision."""

    id: str
    task_definition: str
    started_s: float
    created: datetime.datetime
    fault: Stop | None = None  # why its tasks do not start
    status: str = "PRIMARY"
    rollout: str = "IN_PROGRESS"
    reason: str = ""
    running: int = 0
    failed: int = 0
    ended_s: float = 0.0
    ended: datetime.datetime | None = None
    containers: list[dict] = dataclasses.field(default_factory=list)  # for all of its tasks
    revision: str = ""  # of the service; a roll-back goes to one that was there before
    sources: list["Deployment"] = dataclasses.field(default_factory=list)  # what it came after
    rolls_back: str | None = None  # the failed deployment in whose place it came
    stop: str | None = None  # ROLLBACK or ABORT, once somebody asked for it
    stop_due_s: float = 0.0

    def failures_at(self, now_s: float) -> int:
        return max(int((now_s - self.started_s) // START_S), 0)


class ServiceState:
    """One service, brought up to date by `settle` before every look and every change."""

    def __init__(
        self,
        name: str,
        task_definition: str,
        desired: int,
        stamp: Callable[[], datetime.datetime],
        containers_of: Callable[[str], list[dict]],
    ):
        self.name = name
        self.desired = desired
        self.settings = dict(SETTINGS)
        self.events: list[dict] = []  # newest first, as ECS gives them
        self.tasks: list[Task] = []  # oldest first, those that stopped too
        self.history: list[Deployment] = []  # newest first
        self._stamp = stamp
        self._containers_of = containers_of
        self._numbers = itertools.count(1)
        self._task_numbers = itertools.count()
        self._ramp: tuple[int, float] | None = None  # running before, and since when
        first = self._deployment(task_definition, now_s=0.0)
        first.rollout, first.running = "COMPLETED", desired
        first.reason = f"ECS deployment {first.id} completed."
        first.ended = first.created
        self.deployments = [first]
        self._follow(0.0)
        self._last_good = first
        self.rollback_fault: Stop | None = None  # why the tasks of roll-backs do not start
        self._say("has reached a steady state.")

    @property
    def primary(self) -> Deployment:
        return self.deployments[0]

    @property
    def threshold(self) -> int:
        """After how many tasks that did not start the circuit breaker acts."""
        return min(max(-(-self.desired // 2), FAILURES_MIN), FAILURES_MAX)

    def deploy(self, task_definition: str, now_s: float, fault: Stop | None = None) -> None:
        """Starts a new deployment, which the old ones serve beside until it is healthy."""
        self._begin(self._deployment(task_definition, now_s, fault))

    def request_stop(self, deployment: Deployment, how: str, now_s: float) -> None:
        """Somebody wants the deployment to end, with a roll-back or as it is. Raises ValueError."""
        if deployment is not self.primary or deployment.rollout != "IN_PROGRESS":
            raise ValueError("the deployment has ended")
        if deployment.stop is not None:
            raise ValueError("the deployment is being stopped")
        deployment.stop, deployment.stop_due_s = how, now_s + STOP_S

    def scale(self, desired: int, now_s: float) -> None:
        """Changes the desired count; the running count follows after a while."""
        if desired != self.desired and self.primary.rollout == "COMPLETED":
            self._ramp = (self.primary.running, now_s)
        self.desired = desired

    def crash(self, stop: Stop, now_s: float) -> None:
        """A running task ends by itself; ECS starts another in its place."""
        task = next((t for t in self.tasks if t.stop is None), None)
        if task is None or self.primary.rollout != "COMPLETED":
            raise ValueError("no task runs by itself")
        task.end(stop, now_s, self._stamp())
        self.primary.running -= 1
        self._ramp = (self.primary.running, now_s)

    def settle(self, now_s: float) -> None:
        """Lets everything happen that is due by `now_s`."""
        if self.primary.rollout == "IN_PROGRESS":
            if self.primary.stop and now_s >= self.primary.stop_due_s:
                self._stop(self.primary, now_s)
            elif self.primary.fault:
                self._settle_failing(now_s)
            else:
                self._settle_rolling(now_s)
        if self.primary.rollout == "COMPLETED":
            self._settle_scaling(now_s)
            self._forget_failed(now_s)
        self.tasks = [task for task in self.tasks if task.is_shown(now_s)]

    def _settle_rolling(self, now_s: float) -> None:
        primary = self.primary
        healthy_s = primary.started_s + START_S
        if now_s >= healthy_s:
            primary.running = self.desired
            self._follow(healthy_s)
        if now_s < healthy_s + DRAIN_S:
            return
        primary.rollout = "COMPLETED"
        primary.ended_s, primary.ended = healthy_s + DRAIN_S, self._stamp()
        primary.reason = f"ECS deployment {primary.id} completed."
        failed = [d for d in self.deployments[1:] if d.rollout == "FAILED"]
        self.deployments = [primary] + failed
        self._last_good = primary
        self._follow(primary.ended_s)
        self._say(f"(deployment {primary.id}) deployment completed.")
        self._say("has reached a steady state.")

    def _settle_failing(self, now_s: float) -> None:
        primary = self.primary
        breaker = self.settings.get("deploymentCircuitBreaker", {})
        most = self.threshold if breaker.get("enable") else FAILURES_MAX
        before, primary.failed = primary.failed, min(primary.failures_at(now_s), most)
        for number in range(before, primary.failed):
            ended_s = primary.started_s + (number + 1) * START_S
            self._start(primary).end(primary.fault, ended_s, self._stamp())
        if not breaker.get("enable") or primary.failed < self.threshold:
            return
        self._fail(primary, primary.started_s + primary.failed * START_S)
        primary.reason = "ECS deployment circuit breaker: tasks failed to start."
        self._say(f"(deployment {primary.id}) deployment failed: tasks failed to start.")
        if breaker.get("rollback") and not primary.rolls_back:
            self._roll_back(primary, now_s)

    def _stop(self, stopped: Deployment, now_s: float) -> None:
        self._fail(stopped, stopped.stop_due_s)
        stopped.reason = "Service deployment stopped by request."
        self._say(f"(deployment {stopped.id}) deployment stopped.")
        if stopped.stop == "ROLLBACK":
            self._roll_back(stopped, now_s)

    def _fail(self, deployment: Deployment, at_s: float) -> None:
        deployment.rollout = "FAILED"
        deployment.ended_s, deployment.ended = at_s, self._stamp()

    def _roll_back(self, failed: Deployment, now_s: float) -> None:
        """Goes back to what last ran well, to the very images it ran with."""
        good = self._last_good
        target = self._deployment(
            good.task_definition, failed.ended_s, self.rollback_fault, again=good
        )
        target.rolls_back = failed.id
        target.reason = f"ECS deployment {target.id} in progress: rolling back."
        failed.reason = f"{failed.reason} Rolling back to deploymentId {target.id}."
        self._begin(target)
        self._say(f"rolling back to deployment {target.id}.")
        self.settle(now_s)

    def _begin(self, deployment: Deployment) -> None:
        deployment.sources = [d for d in self.deployments if d.running]
        for old in self.deployments:
            old.status = "ACTIVE"
        self._ramp = None
        self.deployments.insert(0, deployment)
        self._say(f"has started {self.desired} tasks.")

    def _settle_scaling(self, now_s: float) -> None:
        primary = self.primary
        before, since_s = self._ramp or (primary.running, now_s)
        lag_s = START_S if self.desired > before else STOP_S
        if self._ramp and now_s >= since_s + lag_s:
            primary.running = self.desired
            self._ramp = None
            self._follow(since_s + lag_s)
            self._say("has reached a steady state.")

    def _forget_failed(self, now_s: float) -> None:
        self.deployments = [
            d
            for d in self.deployments
            if d.rollout != "FAILED" or now_s < d.ended_s + FAILED_SHOWN_S
        ]

    def _follow(self, at_s: float) -> None:
        """Starts and stops tasks until each deployment has as many as it runs."""
        missing = {deployment.id: deployment.running for deployment in self.deployments}
        for task in self.tasks:
            if task.stop is not None:
                continue
            missing[task.deployment] = missing.get(task.deployment, 0) - 1
            if missing[task.deployment] < 0:
                task.end(scaled(self.primary.id), at_s, self._stamp())
        for deployment in self.deployments:
            for _ in range(missing[deployment.id]):
                self._start(deployment)

    def _start(self, deployment: Deployment) -> Task:
        number = next(self._task_numbers)
        task = Task(
            hashlib.sha256(f"{deployment.id} {number}".encode()).hexdigest()[:32],
            number,
            deployment.id,
            deployment.task_definition,
            deployment.containers,
            self._stamp(),
        )
        self.tasks.append(task)
        return task

    def _deployment(
        self,
        task_definition: str,
        now_s: float,
        fault: Stop | None = None,
        again: Deployment | None = None,
    ) -> Deployment:
        number = f"ecs-svc/{next(self._numbers):019d}"
        reason = f"ECS deployment {number} in progress."
        made = Deployment(number, task_definition, now_s, self._stamp(), fault, reason=reason)
        # Tags are looked up once, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/
        # deployment-type-ecs.html#deployment-container-image-stability
        made.containers = again.containers if again else self._containers_of(task_definition)
        made.revision = again.revision if again else number.rpartition("/")[2]
        self.history.insert(0, made)
        return made

    def _say(self, sentence: str) -> None:
        event_id = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
        message = f"(service {self.name}) {sentence}"
        self.events.insert(0, {"id": event_id, "createdAt": self._stamp(), "message": message})
        del self.events[100:]
