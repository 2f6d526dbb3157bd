"""RDS: modifications and snapshots that take time, and the refusals that go with them."""

from datetime import datetime, timedelta

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from ..names import DATABASE, REGION
from .backups import Backups
from .instances import BACKUP_S, REBOOT_S, InstanceState
from .pricing import PRICES
from .snapshots import Snapshots

RETENTION_DAYS_MAX = 35
RESTORE_S = 600
PASSING = "point-in-time"  # the snapshot within a restore to a point in time

# Parameters of RestoreDBInstanceToPointInTime that the other restore has not.
OF_POINT = {
    "SourceDBInstanceIdentifier",
    "TargetDBInstanceIdentifier",
    "RestoreTime",
    "UseLatestRestorableTime",
}
# What a restored instance has of its source unless told otherwise, and what it never has.
INHERITED = ["DBInstanceClass", "AllocatedStorage", "StorageType", "BackupRetentionPeriod"]
NOT_INHERITED = ["MultiAZ", "DeletionProtection", "PubliclyAccessible"]

AUTHORITY = "rds-ca-rsa2048-g1"
CERTIFICATE_DAYS = 300  # how long the certificates still hold
UPDATE_DAYS = 30  # until AWS brings its update by itself

# The classes are those with a price.
CLASSES = {
    product["product"]["attributes"]["instanceType"]
    for product in PRICES["AmazonRDS"]
    if "instanceType" in product["product"]["attributes"]
}


class Rds:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock):
        self._moto = moto
        self._clock = clock
        self._states: dict[str, InstanceState] = {}
        self.backups = Backups()
        self._snapshots = Snapshots(moto, clock)
        self._certificate = {
            "CACertificateIdentifier": AUTHORITY,
            "CertificateDetails": {
                "CAIdentifier": AUTHORITY,
                "ValidTill": clock.stamp() + timedelta(days=CERTIFICATE_DAYS),
            },
        }
        self._update = {
            "Action": "system-update",
            "Description": "New Operating System update is available",
            "AutoAppliedAfterDate": clock.stamp() + timedelta(days=UPDATE_DAYS),
            "CurrentApplyDate": clock.stamp() + timedelta(days=UPDATE_DAYS),
        }

    def describe_db_instances(self, parameters: dict) -> dict:
        answer = self._moto.client("rds").describe_db_instances(**parameters)
        answer["DBInstances"] = [self._view(instance) for instance in answer["DBInstances"]]
        return answer

    def modify_db_instance(self, parameters: dict) -> dict:
        current = self._instance(parameters["DBInstanceIdentifier"])
        _check(parameters, current)
        state = self._available(current)
        state.modify(current, _stepped(parameters, current), self._clock.now_s())
        # The answer is the state before the work has begun, as AWS gives it.
        answer = self._view(current) | {"DBInstanceStatus": current["DBInstanceStatus"]}
        return {"DBInstance": answer}

    def reboot_db_instance(self, parameters: dict) -> dict:
        instance = self._instance(parameters["DBInstanceIdentifier"])
        self._available(instance).begin("rebooting", self._clock.now_s(), REBOOT_S)
        return {"DBInstance": self._view(instance)}

    def delete_db_instance(self, parameters: dict) -> dict:
        if (
            not parameters.get("SkipFinalSnapshot")
            and "FinalDBSnapshotIdentifier" not in parameters
        ):
            raise AwsError(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
            )
        instance = self._instance(parameters["DBInstanceIdentifier"])
        if instance.get("DeletionProtection"):
            raise AwsError(
                "InvalidParameterCombination",
                "Cannot delete protected DB Instance, please disable deletion protection "
                "and try again.",
            )
        answer = self._moto.client("rds").delete_db_instance(**parameters)
        self._states.pop(parameters["DBInstanceIdentifier"], None)
        return answer

    def create_db_snapshot(self, parameters: dict) -> dict:
        instance = self._instance(parameters["DBInstanceIdentifier"])
        state = self._available(instance)
        answer = self._snapshots.create(parameters, instance)
        state.begin("backing-up", self._clock.now_s(), BACKUP_S)
        return answer

    def copy_db_snapshot(self, parameters: dict) -> dict:
        return self._snapshots.copy(parameters)

    def delete_db_snapshot(self, parameters: dict) -> dict:
        return self._snapshots.delete(parameters)

    def describe_db_snapshots(self, parameters: dict) -> dict:
        return self._snapshots.describe(parameters)

    def restore_db_instance_from_db_snapshot(self, parameters: dict) -> dict:
        snapshot = self._snapshots.available(parameters["DBSnapshotIdentifier"])
        return self._restore(parameters, self._snapshots.instance(snapshot))

    def restore_db_instance_to_point_in_time(self, parameters: dict) -> dict:
        """By a snapshot that nobody sees: what moto itself makes is a replica."""
        source = self._instance(parameters["SourceDBInstanceIdentifier"])
        self.backups.check_point(source, self._born(source), parameters)
        rds = self._moto.client("rds")
        rds.create_db_snapshot(
            DBInstanceIdentifier=source["DBInstanceIdentifier"], DBSnapshotIdentifier=PASSING
        )
        given = {name: value for name, value in parameters.items() if name not in OF_POINT}
        target = parameters["TargetDBInstanceIdentifier"]
        names = {"DBInstanceIdentifier": target, "DBSnapshotIdentifier": PASSING}
        try:
            return self._restore(given | names, source)
        finally:
            rds.delete_db_snapshot(DBSnapshotIdentifier=PASSING)

    def describe_db_instance_automated_backups(self, parameters: dict) -> dict:
        name = parameters.get("DBInstanceIdentifier")
        known = self.describe_db_instances({})["DBInstances"]
        found = [i for i in known if name in (None, i["DBInstanceIdentifier"])]
        if not found:
            raise AwsError(
                "DBInstanceAutomatedBackupNotFound", f"No automated backup of {name} found.", 404
            )
        backups = [
            self.backups.view(i, self._born(i)) for i in found if i["BackupRetentionPeriod"]
        ]
        return {"DBInstanceAutomatedBackups": backups}

    def describe_pending_maintenance_actions(self, parameters: dict) -> dict:
        arn = parameters.get("ResourceIdentifier")
        known = {i["DBInstanceArn"] for i in self.describe_db_instances({})["DBInstances"]}
        if arn is not None and arn not in known:
            raise AwsError("ResourceNotFoundFault", f"{arn} is not found.", 404)
        return {
            "PendingMaintenanceActions": [
                {"ResourceIdentifier": each, "PendingMaintenanceActionDetails": [self._update]}
                for each in known
                if arn in (None, each) and each.endswith(f":db:{DATABASE}")
            ]
        }

    def drift(self, instance_class: str) -> None:
        """Somebody else has changed the class of the blog's database."""
        self._state(DATABASE).values["DBInstanceClass"] = instance_class

    def publish(self, snapshot: str) -> None:
        """Somebody else lets every account restore a snapshot."""
        self._snapshots.publish(snapshot)

    def _state(self, name: str) -> InstanceState:
        state = self._states.setdefault(name, InstanceState())
        state.settle(self._clock.now_s())
        return state

    def _born(self, instance: dict) -> datetime | None:
        return self._state(instance["DBInstanceIdentifier"]).born

    def _instance(self, name: str) -> dict:
        found = self._moto.client("rds").describe_db_instances(DBInstanceIdentifier=name)
        return self._view(found["DBInstances"][0])

    def _available(self, instance: dict) -> InstanceState:
        if instance["DBInstanceStatus"] not in ("available", "storage-optimization"):
            raise AwsError("InvalidDBInstanceState", "Database instance is not in available state.")
        return self._state(instance["DBInstanceIdentifier"])

    def _view(self, instance: dict) -> dict:
        state = self._state(instance["DBInstanceIdentifier"])
        seen = instance | self._certificate | state.values
        seen["DBInstanceStatus"] = state.status or instance["DBInstanceStatus"]
        seen["PendingModifiedValues"] = dict(state.pending)
        seen.pop("LatestRestorableTime", None)
        if state.status == "creating":
            seen.pop("Endpoint", None)
        elif seen.get("BackupRetentionPeriod"):
            seen["LatestRestorableTime"] = self.backups.latest()
        return seen

    def _restore(self, parameters: dict, source: dict) -> dict:
        """A new instance of the source's data, and otherwise of RDS's defaults."""
        _check(parameters, {"DBInstanceClass": "db.t3.micro", "AllocatedStorage": 0} | source)
        groups = parameters.get("VpcSecurityGroupIds") or []
        self._check_groups(groups)
        rds = self._moto.client("rds")
        made = rds.restore_db_instance_from_db_snapshot(**parameters)["DBInstance"]
        state = self._states[made["DBInstanceIdentifier"]] = InstanceState()
        state.born = self._clock.stamp()
        state.values = {n: source[n] for n in INHERITED if n in source}
        state.values |= {n: parameters[n] for n in INHERITED if n in parameters}
        state.values |= {n: parameters.get(n, False) for n in NOT_INHERITED}
        if not parameters.get("DBSubnetGroupName"):
            state.values["DBSubnetGroup"] = {"DBSubnetGroupName": "default"}
        groups = groups or [self._default_group(made)]
        state.values["VpcSecurityGroups"] = [
            {"VpcSecurityGroupId": group, "Status": "active"} for group in groups
        ]
        state.begin("creating", self._clock.now_s(), RESTORE_S)
        return {"DBInstance": self._view(made)}

    def _check_groups(self, groups: list[str]) -> None:
        try:
            if groups:
                self._moto.client("ec2").describe_security_groups(GroupIds=groups)
        except AwsError:
            raise AwsError(
                "InvalidParameterValue", f"Invalid security group, groupId={groups}"
            ) from None

    def _default_group(self, instance: dict) -> str:
        wanted = {"group-name": "default", "vpc-id": instance["DBSubnetGroup"]["VpcId"]}
        filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
        found = self._moto.client("ec2").describe_security_groups(Filters=filters)
        return found["SecurityGroups"][0]["GroupId"]


def _check(parameters: dict, current: dict) -> None:
    instance_class = parameters.get("DBInstanceClass", current["DBInstanceClass"])
    if instance_class not in CLASSES:
        raise AwsError(
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={instance_class}, Engine=mysql",
        )
    if not 0 <= parameters.get("BackupRetentionPeriod", 0) <= RETENTION_DAYS_MAX:
        raise AwsError(
            "InvalidParameterValue",
            "Invalid backup retention period. Retention period must be between 0 and 35",
        )
    storage_gib = current["AllocatedStorage"]
    if parameters.get("AllocatedStorage", storage_gib) < storage_gib:
        raise AwsError("InvalidParameterCombination", "Invalid storage size: it can only grow.")


def _stepped(parameters: dict, current: dict) -> dict:
    """The parameters with a step of storage that is less than a tenth rounded up to one."""
    now_gib = current["AllocatedStorage"]
    asked_gib = parameters.get("AllocatedStorage", now_gib)
    if asked_gib == now_gib:
        return parameters
    return parameters | {"AllocatedStorage": max(asked_gib, -(-now_gib * 11 // 10))}
