"""RDS snapshots: each takes time to make, and remembers the instance as it was."""

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from .instances import BACKUP_S


class Snapshots:
    """What lies over moto's snapshots."""

    def __init__(self, moto: Moto, clock: Clock):
        self._moto = moto
        self._clock = clock
        self._began_s: dict[str, float] = {}  # when their making began, in cloud seconds
        self._instances: dict[str, dict] = {}  # what they are of

    def create(self, parameters: dict, instance: dict) -> dict:
        answer = self._moto.client("rds").create_db_snapshot(**parameters)
        return self._begin(answer["DBSnapshot"], instance)

    def copy(self, parameters: dict) -> dict:
        source = self.available(parameters["SourceDBSnapshotIdentifier"])
        self._check_key(parameters.get("KmsKeyId"))
        answer = self._moto.client("rds").copy_db_snapshot(**parameters)
        instance = self._instances.get(source["DBSnapshotIdentifier"])
        return self._begin(answer["DBSnapshot"], instance)

    def delete(self, parameters: dict) -> dict:
        name = parameters["DBSnapshotIdentifier"]
        snapshot = self.available(name)
        if snapshot["SnapshotType"] != "manual":
            raise AwsError("InvalidDBSnapshotState", f"Snapshot {name} is not a manual snapshot.")
        self._moto.client("rds").delete_db_snapshot(**parameters)
        return {"DBSnapshot": snapshot | {"Status": "deleted"}}

    def describe(self, parameters: dict) -> dict:
        answer = self._moto.client("rds").describe_db_snapshots(**parameters)
        answer["DBSnapshots"] = [self._view(snapshot) for snapshot in answer["DBSnapshots"]]
        return answer

    def publish(self, name: str) -> None:
        """Somebody else lets every account restore a snapshot."""
        self._moto.client("rds").modify_db_snapshot_attribute(
            DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=["all"]
        )

    def available(self, name: str) -> dict:
        """The snapshot; raises AwsError while it is being made."""
        found = self.describe({"DBSnapshotIdentifier": name.split(":snapshot:")[-1]})
        snapshot = found["DBSnapshots"][0]
        if snapshot["Status"] != "available":
            raise AwsError("InvalidDBSnapshotState", f"Snapshot {name} is not available.")
        return snapshot

    def instance(self, snapshot: dict) -> dict:
        """The instance as it was; empty where it still is as moto knows it."""
        return self._instances.get(snapshot["DBSnapshotIdentifier"]) or {}

    def _begin(self, snapshot: dict, instance: dict | None) -> dict:
        self._began_s[snapshot["DBSnapshotIdentifier"]] = self._clock.now_s()
        if instance:
            self._instances[snapshot["DBSnapshotIdentifier"]] = instance
        return {"DBSnapshot": self._view(snapshot)}

    def _view(self, snapshot: dict) -> dict:
        began_s = self._began_s.get(snapshot["DBSnapshotIdentifier"])
        age_s = BACKUP_S if began_s is None else self._clock.now_s() - began_s
        percent = min(int(100 * age_s / BACKUP_S), 100)
        seen = snapshot | {
            name: value for name, value in self.instance(snapshot).items() if name in KEPT
        }
        if percent == 100:
            return seen | {"Status": "available", "PercentProgress": percent}
        seen.pop("SnapshotCreateTime", None)
        return seen | {"Status": "creating", "PercentProgress": percent}

    def _check_key(self, key: str | None) -> None:
        try:
            if key is not None:
                self._moto.client("kms").describe_key(KeyId=key)
        except AwsError:
            raise AwsError(
                "KMSKeyNotAccessibleFault",
                f"The specified KMS key [{key}] does not exist, is not enabled or you do not have "
                "permissions to access it.",
            ) from None


KEPT = {"AllocatedStorage", "EngineVersion", "StorageType"}  # of the instance, in its snapshot
