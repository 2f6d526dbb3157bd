"""CloudFormation: the stack with all of its rows, its drift and its protection."""

import json

from ..clock import Clock
from ..moto import Moto
from ..names import REGION, STACK
from ..seed import TEMPLATE
from .changesets import ChangeSets
from .drift import Drift
from .stack import Stack

ADDED = {
    "ResourceStatus": "CREATE_COMPLETE",
    "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
}
DESCRIBED_MAX = 100  # DescribeStackResources has no pages.


class CloudFormation:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock, rows: list[dict], drift: Drift, stack: Stack):
        self._moto = moto
        self._stack = stack
        self._sets = ChangeSets(clock, stack, self._physical)
        self._drift = drift
        self._is_protected = False
        self._created = clock.stamp()
        self._rows = rows

    def describe_stacks(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudformation").describe_stacks(**parameters)
        for stack in answer["Stacks"]:
            stack["DriftInformation"] = self._drift.stack()
            stack["EnableTerminationProtection"] = self._is_protected
            stack["Capabilities"] = ["CAPABILITY_IAM"]
            if self._is_ours(stack["StackName"]):
                stack |= self._status()
        return answer

    def update_termination_protection(self, parameters: dict) -> dict:
        stack_id = self._stack_id(parameters["StackName"])
        self._is_protected = parameters["EnableTerminationProtection"]
        return {"StackId": stack_id}

    def detect_stack_drift(self, parameters: dict) -> dict:
        stack_id = self._stack_id(parameters["StackName"])
        return {"StackDriftDetectionId": self._drift.begin(stack_id)}

    def describe_stack_drift_detection_status(self, parameters: dict) -> dict:
        return self._drift.search(parameters["StackDriftDetectionId"])

    def describe_stack_resource_drifts(self, parameters: dict) -> dict:
        self._stack_id(parameters["StackName"])
        wanted = parameters.get("StackResourceDriftStatusFilters")
        return {
            "StackResourceDrifts": [
                row
                for row in self._drift.resources()
                if wanted is None or row["StackResourceDriftStatus"] in wanted
            ]
        }

    def list_stack_resources(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudformation").list_stack_resources(**parameters)
        rows = answer["StackResourceSummaries"]
        if self._is_ours(parameters["StackName"]):
            rows = self._with_ours(rows, self._rows)
        drifts = {row["LogicalResourceId"]: row for row in self._drift.resources()}
        return {
            "StackResourceSummaries": [
                row | {"LastUpdatedTimestamp": self._created} | _drift_of(row, drifts)
                for row in rows
            ]
        }

    def describe_stack_resources(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudformation").describe_stack_resources(**parameters)
        rows = answer["StackResources"]
        if self._is_ours(parameters.get("StackName")):
            wanted = parameters.get("LogicalResourceId")
            ours = [row for row in self._rows if wanted in (None, row["LogicalResourceId"])]
            rows = self._with_ours(rows, ours)
        kept = rows[:DESCRIBED_MAX]
        return {"StackResources": [row | {"Timestamp": self._created} for row in kept]}

    def get_template(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudformation").get_template(**parameters)
        if not self._is_ours(parameters.get("StackName")):
            return answer
        is_original = parameters.get("TemplateStage", "Original") == "Original"
        body = json.dumps(self._stack.template)
        if is_original and self._stack.version == 0:
            body = TEMPLATE.read_text()
        return answer | {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}

    def describe_stack_events(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudformation").describe_stack_events(**parameters)
        if self._is_ours(parameters.get("StackName")):
            self._stack.settle()
            name = {"StackName": STACK, "LogicalResourceId": STACK}
            name["StackId"] = name["PhysicalResourceId"] = self._stack_id(STACK)
            answer["StackEvents"] = [e | name for e in self._stack.events] + answer["StackEvents"]
        return answer

    def create_change_set(self, parameters: dict) -> dict:
        stack_id = self._stack_id(parameters["StackName"])
        self._stack.check_idle(stack_id)
        return self._sets.create(parameters, stack_id)

    def list_change_sets(self, parameters: dict) -> dict:
        return self._sets.list(self._stack_id(parameters["StackName"]))

    def describe_change_set(self, parameters: dict) -> dict:
        return self._sets.describe(parameters, self._stack_id(STACK))

    def execute_change_set(self, parameters: dict) -> dict:
        return self._sets.execute(parameters, self._stack_id(STACK))

    def delete_change_set(self, parameters: dict) -> dict:
        return self._sets.delete(parameters)

    def continue_update_rollback(self, parameters: dict) -> dict:
        self._stack_id(parameters["StackName"])
        self._stack.continue_rollback()
        return {}

    def _status(self) -> dict:
        self._stack.settle()
        status = {"StackStatus": self._stack.status}
        status |= {"StackStatusReason": self._stack.reason} if self._stack.reason else {}
        updated = self._stack.updated
        return status | ({"LastUpdatedTime": updated} if updated else {})

    def _physical(self) -> dict[str, str]:
        rows = self.list_stack_resources({"StackName": STACK})["StackResourceSummaries"]
        return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}

    def _stack_id(self, name: str) -> str:
        """The id of a stack; raises AwsError when there is none."""
        found = self._moto.client("cloudformation").describe_stacks(StackName=name)
        return found["Stacks"][0]["StackId"]

    def _is_ours(self, name: str | None) -> bool:
        return name == STACK or f":stack/{STACK}/" in (name or "")

    def _with_ours(self, rows: list[dict], ours: list[dict]) -> list[dict]:
        """moto's rows with ours over and after them."""
        by_id = {row["LogicalResourceId"]: row for row in rows}
        for row in ours:
            by_id[row["LogicalResourceId"]] = by_id.get(row["LogicalResourceId"], ADDED) | row
        return list(by_id.values())


def _drift_of(row: dict, drifts: dict[str, dict]) -> dict:
    seen = drifts.get(row["LogicalResourceId"])
    if seen is None:
        return {}
    return {
        "DriftInformation": {
            "StackResourceDriftStatus": seen["StackResourceDriftStatus"],
            "LastCheckTimestamp": seen["Timestamp"],
        }
    }
