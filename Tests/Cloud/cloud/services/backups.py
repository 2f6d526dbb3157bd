"""RDS's automated backups: the window of moments an instance can be restored to."""

import time
from datetime import UTC, datetime, timedelta

from ..errors import AwsError
from ..names import REGION

AGO_S = 300  # how far the latest moment lies back
# What a description of backups has of their instance.
SAME = [
    "DBInstanceIdentifier",
    "DBInstanceArn",
    "DbiResourceId",
    "Engine",
    "EngineVersion",
    "StorageType",
    "AllocatedStorage",
    "BackupRetentionPeriod",
    "AvailabilityZone",
    "InstanceCreateTime",
]


class Backups:
    """`born` is when an instance was restored; without, it is older than its backups."""

    def __init__(self):
        self.ago_s = AGO_S

    def latest(self) -> datetime:
        latest = datetime.fromtimestamp(time.time() - self.ago_s, UTC)
        return latest.replace(microsecond=0)

    def earliest(self, instance: dict, born: datetime | None) -> datetime:
        days = timedelta(days=instance["BackupRetentionPeriod"])
        return max(filter(None, [self.latest() - days, born]))

    def view(self, instance: dict, born: datetime | None) -> dict:
        window = {"EarliestTime": self.earliest(instance, born), "LatestTime": self.latest()}
        return {name: instance[name] for name in SAME} | {
            "Region": REGION,
            "Status": "active",
            "Encrypted": instance["StorageEncrypted"],
            "RestoreWindow": window,
        }

    def check_point(self, source: dict, born: datetime | None, parameters: dict) -> None:
        """Raises AwsError unless the parameters name one moment of the window."""
        at = parameters.get("RestoreTime")
        if (at is None) != bool(parameters.get("UseLatestRestorableTime")):
            raise AwsError(
                "InvalidParameterCombination",
                "Specify either RestoreTime or UseLatestRestorableTime, and not both.",
            )
        if not source["BackupRetentionPeriod"]:
            raise AwsError(
                "PointInTimeRestoreNotEnabled",
                "Point in time restore is not enabled for this instance.",
            )
        earliest, latest = self.earliest(source, born), self.latest()
        if at is not None and not earliest <= at.replace(tzinfo=UTC) <= latest:
            raise AwsError(
                "InvalidParameterValue",
                "The specified instance cannot be restored to a time outside of its window, "
                f"{earliest} to {latest}.",
            )
