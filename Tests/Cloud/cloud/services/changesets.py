"""Change sets: what an update would do, resource by resource, before it is done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

import copy
import dataclasses
import datetime
import json
import uuid

import yaml

from ..clock import Clock
from ..errors import AwsError
from ..names import ACCOUNT, REGION, STACK
from .differences import differences
from .stack import Stack

CREATE_S = 5
PAGE_ROWS = 100
NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)


@dataclasses.dataclass
class ChangeSet:
    """One plan; `version` is that of the stack it was made for."""

    arn: str
    name: str
    description: str | None
    template: dict
    changes: list[dict]
    version: int
    created: datetime.datetime
    ready_s: float
    execution: str = "AVAILABLE"


class ChangeSets:
    """Those of the one stack."""

    def __init__(self, clock: Clock, stack: Stack, physical):
        self._clock = clock
        self._stack = stack
        self._physical = physical  # gives the physical id of each logical one
        self._sets: dict[str, ChangeSet] = {}  # by ARN, oldest first
        self._executing: str | None = None

    def create(self, parameters: dict, stack_id: str) -> dict:
        name = parameters["ChangeSetName"]
        if any(each.name == name for each in self._sets.values()):
            words = f"ChangeSet {name} cannot be created due to a mismatch with existing attributes"
            raise AwsError("AlreadyExistsException", words)
        changed = self._template(parameters)
        arn = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/{name}/{uuid.uuid4()}"
        rows = differences(self._stack.template, changed, self._physical())
        self._sets[arn] = ChangeSet(
            arn,
            name,
            parameters.get("Description"),
            changed,
            rows,
            self._stack.version,
            self._clock.stamp(),
            self._clock.now_s() + CREATE_S,
        )
        return {"Id": arn, "StackId": stack_id}

    def list(self, stack_id: str) -> dict:
        rows = [self._view(each, stack_id) for each in self._sets.values()]
        return {"Summaries": rows}

    def describe(self, parameters: dict, stack_id: str) -> dict:
        found = self._find(parameters)
        view = self._view(found, stack_id) | {"Capabilities": ["CAPABILITY_IAM"], "Tags": []}
        if view["Status"] != "CREATE_COMPLETE":
            return view | {"Changes": []}
        start = int(parameters.get("NextToken") or 0)
        rows = found.changes[start : start + PAGE_ROWS]
        if not parameters.get("IncludePropertyValues"):
            rows = [_without_values(row) for row in rows]
        view["Changes"] = [{"Type": "Resource", "ResourceChange": row} for row in rows]
        more = {"NextToken": str(start + PAGE_ROWS)}
        return view | (more if len(found.changes) > start + PAGE_ROWS else {})

    def execute(self, parameters: dict, stack_id: str) -> dict:
        found = self._find(parameters)
        view = self._view(found, stack_id)
        if view["ExecutionStatus"] != "AVAILABLE":
            raise AwsError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{found.arn}] cannot be executed in its current status of "
                f"[{view['Status']}], execution status [{view['ExecutionStatus']}]",
            )
        self._stack.check_idle(stack_id)
        found.execution = "EXECUTE_IN_PROGRESS"
        works = self._stack.update(copy.deepcopy(found.template), found.changes)
        self._executing = found.arn if works else None
        if not works:
            found.execution = "EXECUTE_FAILED"
        return {}

    def delete(self, parameters: dict) -> dict:
        try:
            found = self._find(parameters)
        except AwsError:
            return {}
        if found.execution == "EXECUTE_IN_PROGRESS":
            words = f"ChangeSet [{found.arn}] cannot be deleted while it is executed"
            raise AwsError("InvalidChangeSetStatus", words)
        del self._sets[found.arn]
        return {}

    def _find(self, parameters: dict) -> ChangeSet:
        wanted, stack = parameters["ChangeSetName"], parameters.get("StackName")
        if not wanted.startswith("arn:") and not stack:
            words = "StackName must be specified if ChangeSetName is not specified as an ARN."
            raise AwsError("ValidationError", words)
        for each in self._sets.values():
            if wanted in (each.arn, each.name):
                return each
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", 404)

    def _view(self, found: ChangeSet, stack_id: str) -> dict:
        self._stack.settle()
        status, execution, reason = "CREATE_COMPLETE", found.execution, None
        if self._clock.now_s() < found.ready_s:
            status, execution = "CREATE_IN_PROGRESS", "UNAVAILABLE"
        elif not found.changes:
            status, execution, reason = "FAILED", "UNAVAILABLE", NO_CHANGES
        elif execution == "AVAILABLE" and found.version != self._stack.version:
            execution = "OBSOLETE"
        elif execution == "EXECUTE_IN_PROGRESS" and self._stack.status.endswith("COMPLETE"):
            execution = found.execution = "EXECUTE_COMPLETE"
        view = {
            "ChangeSetName": found.name,
            "ChangeSetId": found.arn,
            "StackId": stack_id,
            "StackName": STACK,
            "CreationTime": found.created,
            "Status": status,
            "ExecutionStatus": execution,
        }
        view |= {"StatusReason": reason} if reason else {}
        return view | ({"Description": found.description} if found.description else {})

    def _template(self, parameters: dict) -> dict:
        if parameters.get("UsePreviousTemplate"):
            return self._stack.template
        try:
            given = yaml.safe_load(parameters.get("TemplateBody", ""))
        except yaml.YAMLError as problem:
            raise AwsError("ValidationError", f"Template format error: {problem}") from None
        if not isinstance(given, dict) or not isinstance(given.get("Resources"), dict):
            words = "Template format error: At least one Resources member must be defined."
            raise AwsError("ValidationError", words)
        return given


def _without_values(row: dict) -> dict:
    """What DescribeChangeSet leaves out unless it is asked for values."""
    row = {n: v for n, v in row.items() if n not in ("BeforeContext", "AfterContext")}
    row["Details"] = json.loads(json.dumps(row["Details"]))
    for detail in row["Details"]:
        for name in ("BeforeValue", "AfterValue"):
            detail["Target"].pop(name, None)
    return row
