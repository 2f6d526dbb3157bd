"""Drift: what of the stack is no longer as its template says.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

import datetime
import json
import uuid

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from ..names import CLUSTER, DATABASE, LOG_GROUP, SERVICE
from .ecs import Ecs
from .rds import Rds
from .stack import Stack

DETECT_S = 30  # from the beginning of a search to its end
# What is compared. AWS compares more types; never a property that the template does not name.
DATABASE_ID, SERVICE_ID, LOGS_ID = "DatabaseB269D8BB", "ServiceD69D759B", "GhostLogs42350297"
PHYSICAL_IDS = {DATABASE_ID: DATABASE, SERVICE_ID: SERVICE, LOGS_ID: LOG_GROUP}
COMPARED = {
    DATABASE_ID: [
        "DBInstanceClass",
        "AllocatedStorage",
        "StorageType",
        "BackupRetentionPeriod",
        "MultiAZ",
        "StorageEncrypted",
        "PubliclyAccessible",
        "CopyTagsToSnapshot",
    ],
    SERVICE_ID: ["DesiredCount", "TaskDefinition"],
    LOGS_ID: ["RetentionInDays"],
}


class Drift:
    """The searches of the one stack, and what the last of them saw."""

    def __init__(self, moto: Moto, clock: Clock, ecs: Ecs, rds: Rds, stack: Stack):
        self._stack = stack
        self._moto = moto
        self._clock = clock
        self._ecs = ecs
        self._rds = rds
        # The template's reference is to the revision the stack was made with.
        self._expected = {
            SERVICE_ID: {"TaskDefinition": self._service()["taskDefinition"]},
        }
        self._searches: dict[str, dict] = {}  # by id, as they are answered
        self._running: tuple[str, float] | None = None  # which one, and when it ends
        self._rows: list[dict] = []
        self._checked: datetime.datetime | None = None

    def begin(self, stack_id: str) -> str:
        self.settle()
        if self._running:
            raise AwsError(
                "ValidationError", f"Drift detection is already in progress for stack [{stack_id}]"
            )
        search_id = str(uuid.uuid4())
        self._running = (search_id, self._clock.now_s() + DETECT_S)
        self._searches[search_id] = {
            "StackId": stack_id,
            "StackDriftDetectionId": search_id,
            "DetectionStatus": "DETECTION_IN_PROGRESS",
            "Timestamp": self._clock.stamp(),
        }
        return search_id

    def search(self, search_id: str) -> dict:
        self.settle()
        if search_id not in self._searches:
            raise AwsError("ValidationError", f"No drift detection {search_id}.")
        return self._searches[search_id]

    def stack(self) -> dict:
        """The stack's drift, as the last search saw it."""
        self.settle()
        if self._checked is None:
            return {"StackDriftStatus": "NOT_CHECKED"}
        return {"StackDriftStatus": self._status(), "LastCheckTimestamp": self._checked}

    def resources(self) -> list[dict]:
        self.settle()
        return self._rows

    def settle(self) -> None:
        """Ends the search that is due."""
        if self._running is None or self._clock.now_s() < self._running[1]:
            return
        search = self._searches[self._running[0]]
        self._running = None
        self._checked = self._clock.stamp()
        self._rows = [self._row(name, search["StackId"]) for name in COMPARED]
        search["DetectionStatus"] = "DETECTION_COMPLETE"
        search["StackDriftStatus"] = self._status()
        search["DriftedStackResourceCount"] = len(self._drifted())

    def _status(self) -> str:
        return "DRIFTED" if self._drifted() else "IN_SYNC"

    def _drifted(self) -> list[dict]:
        return [row for row in self._rows if row["StackResourceDriftStatus"] != "IN_SYNC"]

    def _row(self, name: str, stack_id: str) -> dict:
        resource = self._stack.template["Resources"][name]
        given = resource["Properties"] | self._expected.get(name, {})
        if name == SERVICE_ID and self._stack.task_definition:
            given |= {"TaskDefinition": self._stack.task_definition}
        expected = {each: given[each] for each in COMPARED[name]}
        row = {
            "StackId": stack_id,
            "LogicalResourceId": name,
            "PhysicalResourceId": PHYSICAL_IDS[name],
            "ResourceType": resource["Type"],
            "Timestamp": self._checked,
            "ExpectedProperties": json.dumps(expected),
        }
        try:
            actual = self._actual(name)
        except AwsError:
            return row | {"StackResourceDriftStatus": "DELETED"}
        differences = [
            {
                "PropertyPath": f"/{each}",
                "ExpectedValue": _text(expected[each]),
                "ActualValue": _text(actual[each]),
                "DifferenceType": "NOT_EQUAL",
            }
            for each in COMPARED[name]
            if expected[each] != actual[each]
        ]
        return row | {
            "ActualProperties": json.dumps({each: actual[each] for each in COMPARED[name]}),
            "PropertyDifferences": differences,
            "StackResourceDriftStatus": "MODIFIED" if differences else "IN_SYNC",
        }

    def _actual(self, name: str) -> dict:
        if name == DATABASE_ID:
            found = self._rds.describe_db_instances({"DBInstanceIdentifier": DATABASE})
            return found["DBInstances"][0]
        if name == SERVICE_ID:
            found = self._service()
            return {
                "DesiredCount": found["desiredCount"],
                "TaskDefinition": found["taskDefinition"],
            }
        groups = self._moto.client("logs").describe_log_groups(logGroupNamePrefix=LOG_GROUP)
        if not groups["logGroups"]:
            raise AwsError("ResourceNotFoundException", f"no log group {LOG_GROUP}")
        return {"RetentionInDays": groups["logGroups"][0].get("retentionInDays")}

    def _service(self) -> dict:
        found = self._ecs.describe_services({"cluster": CLUSTER, "services": [SERVICE]})
        if not found["services"]:
            raise AwsError("ServiceNotFoundException", f"no service {SERVICE}")
        return found["services"][0]


def _text(value) -> str:
    return value if isinstance(value, str) else json.dumps(value)
