"""How one RDS instance is modified: what is asked for, waits, happens and is done.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
"""

import dataclasses
import datetime

from ..errors import AwsError

MODIFY_S = 300  # a change of class, storage or availability
REBOOT_S = 60
BACKUP_S = 120  # a snapshot, during which the instance is backing-up
WINDOW_S = 5 * 86_400  # until the next maintenance window
OPTIMIZE_S = 6 * 3_600  # after storage has grown, before it may grow again

STORAGE = {"AllocatedStorage", "StorageType"}
# What ModifyDBInstance can change here. AWS applies the second kind at once in any case.
WAITING = ["DBInstanceClass", "MultiAZ", "AllocatedStorage", "StorageType", "EngineVersion"]
AT_ONCE = [
    "DeletionProtection",
    "CopyTagsToSnapshot",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
]


@dataclasses.dataclass
class Work:
    """Something the instance is busy with until a moment in cloud seconds."""

    status: str
    until_s: float


class InstanceState:
    """What lies over moto's instance. `settle` before every look and every change."""

    def __init__(self):
        self.values: dict = {}  # differs from moto's
        self.pending: dict = {}
        self.work: Work | None = None
        self.born: datetime.datetime | None = None  # when it was restored, if it was
        self._is_optimizing = False
        self._window_s = 0.0
        self._optimized_s = 0.0

    @property
    def status(self) -> str | None:
        if self.work:
            return self.work.status
        return "storage-optimization" if self._is_optimizing else None

    def settle(self, now_s: float) -> None:
        if self.work and now_s >= self.work.until_s:
            if self.work.status == "modifying":
                self._apply(self.work.until_s)
            self.work = None
        if self.pending and not self.work and now_s >= self._window_s:
            self._apply(now_s)
        self._is_optimizing = now_s < self._optimized_s

    def begin(self, status: str, now_s: float, lasts_s: float) -> None:
        if self.work:
            raise AwsError(
                "InvalidDBInstanceState",
                f"Database instance is not in available state, it is {self.work.status}.",
            )
        self.work = Work(status, now_s + lasts_s)

    def modify(self, current: dict, parameters: dict, now_s: float) -> None:
        """Takes on a checked modification."""
        changes = {n: parameters[n] for n in WAITING if n in parameters}
        changes = {n: value for n, value in changes.items() if value != current.get(n)}
        if changes.keys() & STORAGE and now_s < self._optimized_s:
            raise AwsError(
                "InvalidParameterCombination",
                "You can't currently modify the storage of this DB instance because the previous "
                "storage change is being optimized.",
            )
        at_once = {n: parameters[n] for n in AT_ONCE if n in parameters}
        retention = parameters.get("BackupRetentionPeriod")
        if retention is not None and retention != current["BackupRetentionPeriod"]:
            # Days to other days need no wait; turning backups on or off stops I/O, and so waits.
            kind = at_once if retention and current["BackupRetentionPeriod"] else changes
            kind["BackupRetentionPeriod"] = retention
        immediately = parameters.get("ApplyImmediately", False)
        if immediately and (changes or self.pending):
            self.begin("modifying", now_s, MODIFY_S)
        elif changes:
            self._window_s = self._window_s if self.pending else now_s + WINDOW_S
        self.pending |= changes
        self.values |= at_once

    def _apply(self, at_s: float) -> None:
        if self.pending.keys() & STORAGE:
            self._optimized_s = at_s + OPTIMIZE_S
        self.values |= self.pending
        self.pending = {}
