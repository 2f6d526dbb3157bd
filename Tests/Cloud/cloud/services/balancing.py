"""Elastic Load Balancing: the targets are the tasks of the blog's service.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from ..moto import Moto
from ..names import REGION, TARGET_GROUP
from .ecs import Ecs

PORT = 2368
STATES = ("active", "provisioning", "active_impaired", "failed")
REASONS = {
    "healthy": {},
    "initial": {
        "Reason": "Elb.InitialHealthChecking",
        "Description": "Initial health checks in progress",
    },
    "unhealthy": {
        "Reason": "Target.ResponseCodeMismatch",
        "Description": "Health checks failed with these codes: [503]",
    },
    "draining": {
        "Reason": "Target.DeregistrationInProgress",
        "Description": "Target deregistration is in progress",
    },
}
UNKNOWN = {
    "State": "unused",
    "Reason": "Target.NotRegistered",
    "Description": "Target is not registered to the target group",
}


class LoadBalancing:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, ecs: Ecs):
        self._moto = moto
        self._ecs = ecs
        self._state = "active"
        self._target_state = "healthy"

    def describe_load_balancers(self, parameters: dict) -> dict:
        answer = self._moto.client("elbv2").describe_load_balancers(**parameters)
        for balancer in answer["LoadBalancers"]:
            balancer["State"] = {"Code": self._state}
        return answer

    def describe_listeners(self, parameters: dict) -> dict:
        answer = self._moto.client("elbv2").describe_listeners(**parameters)
        for listener in answer["Listeners"]:
            if listener["Protocol"] not in ("HTTPS", "TLS"):
                listener.pop("SslPolicy", None)
        return answer

    def describe_target_health(self, parameters: dict) -> dict:
        answer = self._moto.client("elbv2").describe_target_health(**parameters)
        if f":targetgroup/{TARGET_GROUP}/" not in parameters["TargetGroupArn"]:
            return answer
        known = {
            (address, PORT): self._target(address, zone)
            for address, zone in self._ecs.addresses().items()
        }
        asked = parameters.get("Targets")
        if not asked:
            return {"TargetHealthDescriptions": list(known.values())}
        return {
            "TargetHealthDescriptions": [
                known.get((t["Id"], t.get("Port", PORT)), {"Target": t, "TargetHealth": UNKNOWN})
                for t in asked
            ]
        }

    def become(self, state: str | None = None, targets: str | None = None) -> None:
        """The load balancer and its targets get into other states. Raises ValueError."""
        if state not in (None, *STATES) or targets not in (None, *REASONS):
            raise ValueError(f"give a state of {STATES} and targets of {tuple(REASONS)}")
        self._state = state or self._state
        self._target_state = targets or self._target_state

    def _target(self, address: str, zone: str) -> dict:
        return {
            "Target": {"Id": address, "Port": PORT, "AvailabilityZone": zone},
            "HealthCheckPort": str(PORT),
            "TargetHealth": {"State": self._target_state} | REASONS[self._target_state],
        }
