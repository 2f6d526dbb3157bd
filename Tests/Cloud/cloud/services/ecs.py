"""ECS: services that take time, tasks that follow them, and revisions that Fargate would take."""

import datetime

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from ..names import CLUSTER, REGION, REPOSITORY, SERVICE
from . import rollouts
from .deployments import Deployment, ServiceState
from .ecr import Ecr
from .fargate import check_task_definition
from .tasks import NOT_STARTED, Stop, Task, crashed, unpullable

SERVICES_PER_CALL_MAX = 10
TASKS_PER_CALL_MAX = 100
ROLLOUTS_PER_CALL_MAX = 20


class Ecs:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock, ecr: Ecr):
        self._moto = moto
        self._clock = clock
        self._ecr = ecr
        self._states: dict[str, ServiceState] = {}
        self.fail_deployments = False  # whether tasks of new deployments fail to start
        self.failing_images: set[str] = set()  # tags and digests of images that end at once
        self.pending_s = 0.0  # how long new deployments wait before anything happens

    def describe_services(self, parameters: dict) -> dict:
        if len(parameters["services"]) > SERVICES_PER_CALL_MAX:
            raise AwsError("InvalidParameterException", "Services cannot be more than 10.")
        answer = self._moto.client("ecs").describe_services(**parameters)
        answer["services"] = [self._view(service) for service in answer["services"]]
        return answer

    def update_service(self, parameters: dict) -> dict:
        service = self._service(parameters.get("cluster", "default"), parameters["service"])
        state = self._state(service)
        desired = parameters.get("desiredCount", state.desired)
        if desired < 0:
            raise AwsError("InvalidParameterException", "desiredCount cannot be negative.")
        revision = self._revision(parameters.get("taskDefinition")) or state.primary.task_definition
        now_s = self._clock.now_s()
        state.settings |= parameters.get("deploymentConfiguration", {})
        state.scale(desired, now_s)
        if revision != state.primary.task_definition or parameters.get("forceNewDeployment"):
            state.deploy(revision, now_s + self.pending_s, self._fault(revision))
        return {"service": self._view(service)}

    def register_task_definition(self, parameters: dict) -> dict:
        check_task_definition(parameters)
        return self._moto.client("ecs").register_task_definition(**parameters)

    def list_tasks(self, parameters: dict) -> dict:
        """The tasks of the services; moto starts none for them."""
        if parameters.keys() - {"cluster", "serviceName", "desiredStatus"}:
            raise AwsError("InternalFailure", "tasks by cluster, service and state only", 500)
        status = parameters.get("desiredStatus", "RUNNING")
        cluster = parameters.get("cluster", "default")
        tasks = self._tasks(cluster, parameters.get("serviceName"))
        return {"taskArns": [t["taskArn"] for t in tasks if t["desiredStatus"] == status]}

    def describe_tasks(self, parameters: dict) -> dict:
        wanted = parameters["tasks"]
        if len(wanted) > TASKS_PER_CALL_MAX:
            raise AwsError("InvalidParameterException", "Tasks cannot be more than 100.")
        known = {t["taskArn"]: t for t in self._tasks(parameters.get("cluster", "default"))}
        known |= {arn.rsplit("/", 1)[1]: task for arn, task in known.items()}
        missing = [{"arn": arn, "reason": "MISSING"} for arn in wanted if arn not in known]
        return {"tasks": [known[arn] for arn in wanted if arn in known], "failures": missing}

    def list_service_deployments(self, parameters: dict) -> dict:
        service = self._service(parameters.get("cluster", "default"), parameters["service"])
        wanted, span = parameters.get("status"), parameters.get("createdAt", {})
        briefs = [rollouts.brief(row) for row in self._rollouts(service)]
        return {
            "serviceDeployments": [
                row
                for row in briefs
                if (not wanted or row["status"] in wanted) and _is_within(row["createdAt"], span)
            ]
        }

    def describe_service_deployments(self, parameters: dict) -> dict:
        rows = self._rollouts(self._service(CLUSTER, SERVICE))
        known = {row["serviceDeploymentArn"]: row for row in rows}
        found, failures = _found(parameters["serviceDeploymentArns"], known, "Deployments")
        return {"serviceDeployments": found, "failures": failures}

    def describe_service_revisions(self, parameters: dict) -> dict:
        service = self._service(CLUSTER, SERVICE)
        rows = [rollouts.revision(service, d) for d in reversed(self._state(service).history)]
        known = {row["serviceRevisionArn"]: row for row in reversed(rows)}
        found, failures = _found(parameters["serviceRevisionArns"], known, "Revisions")
        return {"serviceRevisions": found, "failures": failures}

    def stop_service_deployment(self, parameters: dict) -> dict:
        arn = parameters["serviceDeploymentArn"]
        service = self._service(CLUSTER, SERVICE)
        state = self._state(service)
        known = {rollouts.arn_of(service, d): d for d in state.history if not d.rolls_back}
        if arn not in known:
            code = "ServiceDeploymentNotFoundException"
            raise AwsError(code, "Service deployment not found.")
        try:
            how = parameters.get("stopType", "ROLLBACK")
            state.request_stop(known[arn], how, self._clock.now_s())
        except ValueError as problem:
            words = f"Service deployment cannot be stopped: {problem}."
            raise AwsError("ConflictException", words) from None
        return {"serviceDeploymentArn": arn}

    def change(self, change: dict) -> None:
        """By control: how deployments to come go."""
        self.fail_deployments = bool(change.get("fail", self.fail_deployments))
        self.failing_images = set(change.get("failing_images", self.failing_images))
        self.pending_s = float(change.get("pending_s", self.pending_s))
        if "fail_rollback" in change:
            fault = NOT_STARTED if change["fail_rollback"] else None
            self._state(self._service(CLUSTER, SERVICE)).rollback_fault = fault

    def drift(self, desired: int) -> None:
        """Somebody else changes the desired count of the blog's service."""
        state = self._state(self._service(CLUSTER, SERVICE))
        state.scale(desired, self._clock.now_s())

    def crash(self, exit_code: int, container_reason: str) -> None:
        """A task of the blog's service ends by itself."""
        state = self._state(self._service(CLUSTER, SERVICE))
        state.crash(crashed(exit_code, container_reason), self._clock.now_s())

    def addresses(self) -> dict[str, str]:
        """Where the running tasks of the blog's service are, with their zones."""
        try:
            state = self._state(self._service(CLUSTER, SERVICE))
        except AwsError:
            return {}
        return {task.address: task.zone for task in state.tasks if task.stop is None}

    def running(self) -> list[dict]:
        """What the blog's running tasks are made of, oldest first."""
        state = self._state(self._service(CLUSTER, SERVICE))
        return [self._running(task) for task in state.tasks if task.stop is None]

    def _running(self, task: Task) -> dict:
        ecs, ecr = self._moto.client("ecs"), self._moto.client("ecr")
        found = ecs.describe_task_definition(taskDefinition=task.task_definition)
        environment = found["taskDefinition"]["containerDefinitions"][0].get("environment", [])
        image = task.containers[0]
        tags = []
        if "imageDigest" in image:
            wanted = [{"imageDigest": image["imageDigest"]}]
            images = ecr.describe_images(repositoryName=REPOSITORY, imageIds=wanted)
            tags = images["imageDetails"][0].get("imageTags", [])
        return {
            "task": task.id,
            "image": image["image"],
            "tags": tags,
            "environment": {each["name"]: each["value"] for each in environment},
        }

    def _service(self, cluster: str, name: str) -> dict:
        found = self._moto.client("ecs").describe_services(cluster=cluster, services=[name])
        if not found["services"]:
            raise AwsError("ServiceNotFoundException", "Service not found.")
        if found["services"][0]["status"] != "ACTIVE":
            raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
        return found["services"][0]

    def _state(self, service: dict) -> ServiceState:
        arn = service["serviceArn"]
        if arn not in self._states:
            self._states[arn] = ServiceState(
                service["serviceName"],
                service["taskDefinition"],
                service["desiredCount"],
                self._clock.stamp,
                self._containers,
            )
        state = self._states[arn]
        state.settle(self._clock.now_s())
        return state

    def _revision(self, name: str | None) -> str | None:
        """The full ARN of an active revision, however it was named."""
        if name is None:
            return None
        try:
            found = self._moto.client("ecs").describe_task_definition(taskDefinition=name)
        except AwsError:
            raise AwsError("ClientException", "TaskDefinition not found.") from None
        if found["taskDefinition"]["status"] != "ACTIVE":
            raise AwsError("ClientException", "TaskDefinition is inactive")
        return found["taskDefinition"]["taskDefinitionArn"]

    def _containers(self, revision: str) -> list[dict]:
        """The containers of a task that starts now, with what their tags lead to now."""
        found = self._moto.client("ecs").describe_task_definition(taskDefinition=revision)
        containers = []
        for given in found["taskDefinition"]["containerDefinitions"]:
            container = {"name": given["name"], "image": given["image"]}
            digest = self._digest(given["image"])
            containers.append(container | ({"imageDigest": digest} if digest else {}))
        return containers

    def _rollouts(self, service: dict) -> list[dict]:
        return rollouts.of(service, self._state(service), self._clock.now_s())

    def _fault(self, revision: str) -> Stop | None:
        """Why a task can't be started; another's image can always be pulled."""
        if self.fail_deployments:
            return NOT_STARTED
        for container in self._containers(revision):
            names = {container["image"].rpartition(":")[2], container.get("imageDigest")}
            if names & self.failing_images:
                return NOT_STARTED
            digest = container.get("imageDigest")
            if _is_ours(container["image"]) and (not digest or self._ecr.is_archived(digest)):
                return unpullable(container["image"])
        return None

    def _digest(self, image: str) -> str | None:
        """What an image of ours is, by its tag or digest."""
        if not _is_ours(image):
            return None
        _, _, name = image.rpartition(f"/{REPOSITORY}")
        wanted = {"imageDigest": name[1:]} if name.startswith("@") else {"imageTag": name[1:]}
        try:
            found = self._moto.client("ecr").describe_images(
                repositoryName=REPOSITORY, imageIds=[wanted]
            )
        except AwsError:
            return None
        return found["imageDetails"][0]["imageDigest"]

    def _view(self, service: dict) -> dict:
        """moto's service with what really changes laid over it."""
        state = self._state(service)
        deployments = [self._deployment_view(d, state) for d in state.deployments]
        return service | {
            "desiredCount": state.desired,
            "taskDefinition": state.primary.task_definition,
            "deployments": deployments,
            "runningCount": sum(d["runningCount"] for d in deployments),
            "pendingCount": sum(d["pendingCount"] for d in deployments),
            "events": state.events,
            "deploymentConfiguration": state.settings,
            "healthCheckGracePeriodSeconds": 60,
            "enableExecuteCommand": False,
        }

    def _deployment_view(self, deployment: Deployment, state: ServiceState) -> dict:
        desired = state.desired if deployment is state.primary else deployment.running
        if deployment.rollout == "FAILED":
            desired = 0
        return {
            "id": deployment.id,
            "status": deployment.status,
            "taskDefinition": deployment.task_definition,
            "desiredCount": desired,
            "pendingCount": max(desired - deployment.running, 0),
            "runningCount": deployment.running,
            "failedTasks": deployment.failed,
            "createdAt": deployment.created,
            "updatedAt": deployment.created,
            "launchType": "FARGATE",
            "platformVersion": "1.4.0",
            "rolloutState": deployment.rollout,
            "rolloutStateReason": deployment.reason,
        }

    def _tasks(self, cluster: str, name: str | None = None) -> list[dict]:
        """The tasks of a service, or of all of them, as ECS shows them."""
        listed = self._moto.client("ecs").list_services(cluster=cluster)["serviceArns"]
        services = [self._service(cluster, each) for each in ([name] if name else listed)]
        return [task.view(s) for s in services for task in self._state(s).tasks]


def _found(arns: list[str], known: dict[str, dict], what: str) -> tuple[list[dict], list[dict]]:
    """Those that were asked for, and those of them that are not there."""
    if len(arns) > ROLLOUTS_PER_CALL_MAX:
        raise AwsError("InvalidParameterException", f"{what} cannot be more than 20.")
    missing = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known]
    return [known[arn] for arn in arns if arn in known], missing


def _is_within(at: datetime.datetime, span: dict) -> bool:
    after, before = span.get("after"), span.get("before")
    return (after is None or at >= _utc(after)) and (before is None or at <= _utc(before))


def _utc(at: datetime.datetime | float) -> datetime.datetime:
    """A time of a call, which may come without its zone or in seconds since 1970."""
    if not isinstance(at, datetime.datetime):
        return datetime.datetime.fromtimestamp(at, datetime.UTC)
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def _is_ours(image: str) -> bool:
    registry, _, name = image.partition("/")
    return ".dkr.ecr." in registry and name.startswith((f"{REPOSITORY}:", f"{REPOSITORY}@"))
