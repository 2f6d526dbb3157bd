"""The one stack as it is deployed: its template, its status, and what an update does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks.html
"""

import copy
import datetime
import uuid

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from ..names import ACCOUNT, CLUSTER, DATABASE, LOG_GROUP, REGION, SERVICE, TASK_FAMILY
from ..seed import template
from .ecs import Ecs
from .rds import Rds

UPDATE_S = 60
NAMED = {  # types whose resources of this stack have names of their own, and where these stand
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECR::Repository": "RepositoryName",
}
DATABASE_CHANGES = (
    "DBInstanceClass AllocatedStorage BackupRetentionPeriod MultiAZ StorageType".split()
)


class Stack:
    """Starts as seeded. `version` changes with every update, so that older plans are known."""

    def __init__(self, moto: Moto, clock: Clock, ecs: Ecs, rds: Rds):
        self._moto = moto
        self._clock = clock
        self._ecs = ecs
        self._rds = rds
        self.template = copy.deepcopy(template())
        self.task_definition: str | None = None  # that of the template, once it was updated
        self.version = 0
        self.status = "CREATE_COMPLETE"
        self.reason: str | None = None
        self.updated: datetime.datetime | None = None
        self.events: list[dict] = []  # newest first
        self._due: tuple[float, str, str | None] | None = None  # when it ends, how, and why
        self._fails: str | None = None

    def settle(self) -> None:
        if self._due and self._clock.now_s() >= self._due[0]:
            _, self.status, self.reason = self._due
            self._due = None
            self._say(self.status, self.reason)

    def check_idle(self, stack_id: str) -> None:
        """Raises AwsError while nothing else may be begun."""
        self.settle()
        if not self.status.endswith("COMPLETE"):
            words = f"Stack:{stack_id} is in {self.status} state and can not be updated."
            raise AwsError("ValidationError", words)

    def update(self, changed: dict, rows: list[dict]) -> bool:
        """Begins an update to another template; whether it is going to work."""
        self.version += 1
        self.updated = self._clock.stamp()
        self.status, self.reason = "UPDATE_IN_PROGRESS", "User Initiated"
        self._say(self.status, self.reason)
        why = self._fails or _impossible(changed, rows)
        self._fails = None
        ends_s = self._clock.now_s() + UPDATE_S
        if why:
            self._due = (ends_s, "UPDATE_ROLLBACK_COMPLETE", why)
            return False
        before, self.template = self.template, changed
        self._apply(before["Resources"], changed["Resources"])
        self._due = (ends_s, "UPDATE_COMPLETE", None)
        return True

    def change(self, change: dict) -> None:
        """By control. Raises ValueError or KeyError for what is not there."""
        if "fail" in change:
            self._fails = change["fail"]
        if "status" in change:
            self._due, self.status = None, change["status"]
            self._say(self.status, None)
        if "update" in change:
            changed = copy.deepcopy(self.template)
            for name, properties in change["update"].items():
                changed["Resources"][name]["Properties"] |= properties
            self.update(changed, [])

    def continue_rollback(self) -> None:
        if self.status != "UPDATE_ROLLBACK_FAILED":
            words = f"Stack is in {self.status} state and can not continue rolling back."
            raise AwsError("ValidationError", words)
        self.status = "UPDATE_ROLLBACK_IN_PROGRESS"
        self._due = (self._clock.now_s() + UPDATE_S, "UPDATE_ROLLBACK_COMPLETE", None)
        self._say(self.status, None)

    def _apply(self, before: dict, after: dict) -> None:
        """Does to the account what the template says, for what a portal looks at."""

        def properties(resources: dict, kind: str) -> dict:
            found = [r for r in resources.values() if r["Type"] == kind]
            return found[0].get("Properties", {}) if found else {}

        def differ(kind: str) -> dict:
            old, new = properties(before, kind), properties(after, kind)
            return {name: value for name, value in new.items() if old.get(name) != value}

        database = differ("AWS::RDS::DBInstance")
        database = {name: v for name, v in database.items() if name in DATABASE_CHANGES}
        if database:
            wanted = {"DBInstanceIdentifier": DATABASE, "ApplyImmediately": True}
            self._rds.modify_db_instance(wanted | database)
        if "RetentionInDays" in differ("AWS::Logs::LogGroup"):
            days = properties(after, "AWS::Logs::LogGroup")["RetentionInDays"]
            logs = self._moto.client("logs")
            logs.put_retention_policy(logGroupName=LOG_GROUP, retentionInDays=days)
        service = {"cluster": CLUSTER, "service": SERVICE}
        if differ("AWS::ECS::TaskDefinition"):
            self.task_definition = self._register(properties(after, "AWS::ECS::TaskDefinition"))
            service["taskDefinition"] = self.task_definition
        if "DesiredCount" in differ("AWS::ECS::Service"):
            service["desiredCount"] = properties(after, "AWS::ECS::Service")["DesiredCount"]
        if len(service) > 2:
            self._ecs.update_service(service)

    def _register(self, properties: dict) -> str:
        """A revision like the running one, with what the template says of size and container."""
        ecs = self._moto.client("ecs")
        known = ecs.describe_task_definition(taskDefinition=TASK_FAMILY)["taskDefinition"]
        kept = "family networkMode requiresCompatibilities runtimePlatform taskRoleArn"
        definition = {name: known[name] for name in [*kept.split(), "executionRoleArn"]}
        given = properties["ContainerDefinitions"][0]
        container = known["containerDefinitions"][0] | {
            "image": _image(given["Image"]),
            "cpu": int(properties["Cpu"]),
            "memory": int(properties["Memory"]),
            "environment": [
                {"name": each["Name"], "value": str(each["Value"])}
                for each in given.get("Environment", [])
            ],
        }
        size = {"cpu": str(properties["Cpu"]), "memory": str(properties["Memory"])}
        answer = self._ecs.register_task_definition(
            definition | size | {"containerDefinitions": [container]}
        )
        return answer["taskDefinition"]["taskDefinitionArn"]

    def _say(self, status: str, reason: str | None) -> None:
        event = {
            "EventId": str(uuid.uuid4()),
            "ResourceStatus": status,
            "Timestamp": self._clock.stamp(),
            "ResourceType": "AWS::CloudFormation::Stack",
        }
        self.events.insert(0, event | ({"ResourceStatusReason": reason} if reason else {}))


def _impossible(changed: dict, rows: list[dict]) -> str | None:
    """Why CloudFormation cannot do it: a name that was given cannot be had by two at once."""
    for row in rows:
        resource = changed["Resources"].get(row["LogicalResourceId"], {})
        name = resource.get("Properties", {}).get(NAMED.get(row["ResourceType"], ""))
        if row.get("Replacement") == "True" and name:
            return (
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {name} and update the stack again."
            )
    return None


def _image(image) -> str:
    text = image["Fn::Sub"] if isinstance(image, dict) else image
    return text.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)
