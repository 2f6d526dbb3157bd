"""Tasks of an ECS service: what they run, and why they stopped.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

import dataclasses
import datetime

STOPPED_SHOWN_S = 3600  # how long ECS shows a task after its end
ZONES = [("10.0.2", "us-west-2a"), ("10.0.3", "us-west-2b")]
FIRST_HOST, HOSTS = 17, 200


@dataclasses.dataclass(frozen=True)
class Stop:
    """Why a task stopped."""

    code: str
    reason: str
    container_reason: str = ""
    exit_code: int | None = None


NOT_STARTED = Stop("EssentialContainerExited", "Essential container in task exited", exit_code=1)


def crashed(exit_code: int, container_reason: str = "") -> Stop:
    """Ghost ended by itself, or the kernel ended it."""
    reason = "Essential container in task exited"
    return Stop("EssentialContainerExited", reason, container_reason, exit_code)


def scaled(deployment_id: str) -> Stop:
    """ECS had one task too many, or a newer one in its place."""
    reason = f"Scaling activity initiated by (deployment {deployment_id})"
    return Stop("ServiceSchedulerInitiated", reason, exit_code=0)


def unpullable(image: str) -> Stop:
    """The image is not there."""
    reason = (
        "CannotPullContainerError: pull image manifest has been retried 1 time(s): "
        f"failed to resolve ref {image}: {image}: not found"
    )
    return Stop("TaskFailedToStart", reason)


@dataclasses.dataclass
class Task:
    """One task, which keeps the images it was started with whatever becomes of their tags."""

    id: str
    number: int
    deployment: str
    task_definition: str
    containers: list[dict]  # name, image and imageDigest
    created: datetime.datetime
    stop: Stop | None = None
    stopped: datetime.datetime | None = None
    stopped_s: float = 0.0

    @property
    def address(self) -> str:
        return f"{ZONES[self.number % 2][0]}.{FIRST_HOST + self.number % HOSTS}"

    @property
    def zone(self) -> str:
        return ZONES[self.number % 2][1]

    def end(self, stop: Stop, at_s: float, stamp: datetime.datetime) -> None:
        self.stop, self.stopped_s, self.stopped = stop, at_s, stamp

    def is_shown(self, now_s: float) -> bool:
        return self.stop is None or now_s < self.stopped_s + STOPPED_SHOWN_S

    def view(self, service: dict) -> dict:
        """The task as DescribeTasks gives it."""
        status = "STOPPED" if self.stop else "RUNNING"
        started = None if self.stop and self.stop.code == "TaskFailedToStart" else self.created
        view = {
            "taskArn": self.arn(service),
            "clusterArn": service["clusterArn"],
            "taskDefinitionArn": self.task_definition,
            "group": f"service:{service['serviceName']}",
            "startedBy": self.deployment,
            "desiredStatus": status,
            "lastStatus": status,
            "healthStatus": "UNKNOWN" if self.stop else "HEALTHY",
            "launchType": "FARGATE",
            "availabilityZone": self.zone,
            "containers": [self._container(c) for c in self.containers],
            "createdAt": self.created,
        }
        if started:
            view["startedAt"] = started
        if self.stop:
            view |= {"stopCode": self.stop.code, "stoppedReason": self.stop.reason}
            view |= {"stoppingAt": self.stopped, "stoppedAt": self.stopped}
        return view

    def arn(self, service: dict) -> str:
        prefix, _, rest = service["serviceArn"].partition(":service/")
        return f"{prefix}:task/{rest.partition('/')[0]}/{self.id}"

    def _container(self, container: dict) -> dict:
        if self.stop is None:
            address = {"privateIpv4Address": self.address}
            return container | {"lastStatus": "RUNNING", "networkInterfaces": [address]}
        view = container | {"lastStatus": "STOPPED"}
        if self.stop.exit_code is not None:
            view["exitCode"] = self.stop.exit_code
        if self.stop.container_reason:
            view["reason"] = self.stop.container_reason
        return view
