"""Service deployments: the roll-outs of a service with how each has ended.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

import hashlib

from .deployments import START_S, Deployment, ServiceState

BRIEF = (
    "serviceDeploymentArn serviceArn clusterArn createdAt startedAt finishedAt status statusReason"
).split()
STATUSES = {"IN_PROGRESS": "IN_PROGRESS", "COMPLETED": "SUCCESSFUL", "FAILED": "STOPPED"}
ROLLBACK_STATUSES = {
    "IN_PROGRESS": "ROLLBACK_IN_PROGRESS",
    "COMPLETED": "ROLLBACK_SUCCESSFUL",
    "FAILED": "ROLLBACK_FAILED",
}
REQUESTED = {"ROLLBACK": "ROLLBACK_REQUESTED", "ABORT": "STOP_REQUESTED"}


def of(service: dict, state: ServiceState, now_s: float) -> list[dict]:
    """The service's deployments, newest first. A roll-back is part of the one that failed."""
    rollbacks = {d.rolls_back: d for d in state.history if d.rolls_back}
    return [
        _row(service, state, deployment, rollbacks.get(deployment.id), now_s)
        for deployment in state.history
        if not deployment.rolls_back
    ]


def brief(row: dict) -> dict:
    """What a list says of a deployment."""
    target = row["targetServiceRevision"]["arn"]
    return {n: row[n] for n in BRIEF if n in row} | {"targetServiceRevisionArn": target}


def arn_of(service: dict, deployment: Deployment) -> str:
    prefix, _, rest = service["serviceArn"].partition(":service/")
    digest = hashlib.sha256(deployment.id.encode()).hexdigest()[:21]
    return f"{prefix}:service-deployment/{rest}/{digest}"


def revision_arn(service: dict, deployment: Deployment) -> str:
    prefix, _, rest = service["serviceArn"].partition(":service/")
    return f"{prefix}:service-revision/{rest}/{deployment.revision}"


def revision(service: dict, deployment: Deployment) -> dict:
    """The service as it was with that deployment: which images, by digest."""
    images = [
        {"containerName": container["name"]}
        | {name: container[name] for name in ("image", "imageDigest") if name in container}
        for container in deployment.containers
    ]
    kept = ("launchType", "platformVersion", "loadBalancers", "networkConfiguration")
    return {name: service[name] for name in kept if name in service} | {
        "serviceRevisionArn": revision_arn(service, deployment),
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "taskDefinition": deployment.task_definition,
        "containerImages": images,
        "createdAt": deployment.created,
    }


def _row(
    service: dict,
    state: ServiceState,
    deployment: Deployment,
    rollback: Deployment | None,
    now_s: float,
) -> dict:
    last = rollback or deployment
    row = {
        "serviceDeploymentArn": arn_of(service, deployment),
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "createdAt": deployment.created,
        "startedAt": deployment.created,
        "updatedAt": last.ended or last.created,
        "deploymentConfiguration": state.settings,
        "sourceServiceRevisions": [_share(service, each, state) for each in deployment.sources],
        "targetServiceRevision": _share(service, deployment, state),
        "status": _status(deployment, rollback, now_s),
        "statusReason": deployment.reason,
        "deploymentCircuitBreaker": _breaker(state, deployment),
    }
    if row["status"] == "IN_PROGRESS":
        is_up = now_s >= deployment.started_s + START_S
        row["lifecycleStage"] = "CLEAN_UP" if is_up else "SCALE_UP"
    if last.ended:
        row["finishedAt"] = last.ended
    if deployment.stop and deployment.ended:
        row["stoppedAt"] = deployment.ended
    if rollback:
        row["rollback"] = {
            "reason": deployment.reason,
            "startedAt": rollback.created,
            "serviceRevisionArn": revision_arn(service, rollback),
        }
    return row


def _status(deployment: Deployment, rollback: Deployment | None, now_s: float) -> str:
    if rollback:
        return ROLLBACK_STATUSES[rollback.rollout]
    if deployment.rollout == "IN_PROGRESS" and deployment.stop:
        return REQUESTED[deployment.stop]
    if deployment.rollout == "IN_PROGRESS" and now_s < deployment.started_s:
        return "PENDING"
    return STATUSES[deployment.rollout]


def _breaker(state: ServiceState, deployment: Deployment) -> dict:
    breaker = state.settings.get("deploymentCircuitBreaker", {})
    if not breaker.get("enable"):
        return {"status": "DISABLED"}
    statuses = {"IN_PROGRESS": "MONITORING", "COMPLETED": "MONITORING_COMPLETE"}
    is_triggered = deployment.failed >= state.threshold
    status = "TRIGGERED" if is_triggered else statuses.get(deployment.rollout, "MONITORING")
    count = deployment.failed
    return {"status": status, "failureCount": count, "threshold": state.threshold}


def _share(service: dict, deployment: Deployment, state: ServiceState) -> dict:
    """How many of the tasks a revision has, and is to have."""
    wanted = state.desired if deployment is state.primary else 0
    is_shown = deployment in state.deployments
    running = deployment.running if is_shown else 0
    return {
        "arn": revision_arn(service, deployment),
        "requestedTaskCount": wanted,
        "runningTaskCount": running,
        "pendingTaskCount": max(wanted - running, 0),
    }
