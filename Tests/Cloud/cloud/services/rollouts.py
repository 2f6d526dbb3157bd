"""Service deployments: the roll-outs of a service with how each has ended.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

import hashlib

from .deployments import Deployment, ServiceState

BRIEF = "serviceDeploymentArn serviceArn clusterArn createdAt startedAt status statusReason".split()
STATUSES = {"IN_PROGRESS": "IN_PROGRESS", "COMPLETED": "SUCCESSFUL", "FAILED": "STOPPED"}
ROLLBACK_STATUSES = {
    "IN_PROGRESS": "ROLLBACK_IN_PROGRESS",
    "COMPLETED": "ROLLBACK_SUCCESSFUL",
    "FAILED": "ROLLBACK_FAILED",
}


def of(service: dict, state: ServiceState) -> list[dict]:
    """The service's deployments, newest first. A roll-back is part of the one that failed."""
    rollbacks = {d.rolls_back: d for d in state.history if d.rolls_back}
    return [
        _row(service, state, deployment, rollbacks.get(deployment.id))
        for deployment in state.history
        if not deployment.rolls_back
    ]


def brief(row: dict) -> dict:
    """What a list says of a deployment."""
    return {name: row[name] for name in BRIEF}


def _row(
    service: dict, state: ServiceState, deployment: Deployment, rollback: Deployment | None
) -> dict:
    prefix, _, rest = service["serviceArn"].partition(":service/")
    digest = hashlib.sha256(deployment.id.encode()).hexdigest()[:21]
    row = {
        "serviceDeploymentArn": f"{prefix}:service-deployment/{rest}/{digest}",
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "createdAt": deployment.created,
        "startedAt": deployment.created,
        "deploymentConfiguration": state.settings,
        "status": STATUSES[deployment.rollout],
        "statusReason": deployment.reason,
        "deploymentCircuitBreaker": {
            "status": "TRIGGERED" if deployment.rollout == "FAILED" else "MONITORING",
            "failureCount": deployment.failed,
            "threshold": state.threshold,
        },
    }
    if rollback:
        row["status"] = ROLLBACK_STATUSES[rollback.rollout]
        row["rollback"] = {"reason": rollback.reason, "startedAt": rollback.created}
    return row
