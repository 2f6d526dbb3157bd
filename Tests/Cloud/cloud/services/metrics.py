"""The metrics of the blog, made up minute by minute: a quiet night, a busy afternoon."""

import dataclasses
import hashlib
import math
from collections.abc import Callable

from ..names import CLUSTER, DATABASE, SERVICE

MINUTES_PER_DAY = 1_440
GIB = 1 << 30

Value = float | None  # None where AWS has no point: nothing happened in that minute


@dataclasses.dataclass(frozen=True)
class Metric:
    """One metric with its dimensions."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    unit: str
    at: Callable[[int], Value]  # the value of a minute since 1970

    def points(self, start_s: float, end_s: float, period_s: int, statistic: str) -> dict:
        """Values by the second their period begins in, oldest first."""
        first = int(start_s // period_s * period_s)
        found = {}
        for begin_s in range(first, int(end_s), period_s):
            minutes = range(-(-begin_s // 60), -(-(begin_s + period_s) // 60))
            values = [value for value in map(self.at, minutes) if value is not None]
            if values:
                found[begin_s] = _statistic(statistic, values)
        return found


def of_blog(balancer: str, group: str) -> list[Metric]:
    """Every metric there is.

    balancer and group are the ends of the load balancer's and the target group's ARNs.
    """
    service = {"ClusterName": CLUSTER, "ServiceName": SERVICE}
    database = {"DBInstanceIdentifier": DATABASE}
    front = {"LoadBalancer": balancer}
    targets = front | {"TargetGroup": group}
    rows = [
        ("AWS/ECS", "CPUUtilization", service, "Percent", _wave(6, 22)),
        ("AWS/ECS", "MemoryUtilization", service, "Percent", _wave(58, 66)),
        ("AWS/RDS", "CPUUtilization", database, "Percent", _wave(4, 11)),
        ("AWS/RDS", "DatabaseConnections", database, "Count", _whole(_wave(2, 9))),
        ("AWS/RDS", "FreeStorageSpace", database, "Bytes", _draining(13 * GIB, 40_000)),
        ("AWS/RDS", "FreeableMemory", database, "Bytes", _wave(0.12 * GIB, 0.2 * GIB)),
        ("AWS/ApplicationELB", "RequestCount", front, "Count", _whole(_wave(4, 70))),
        ("AWS/ApplicationELB", "TargetResponseTime", front, "Seconds", _wave(0.03, 0.18)),
        ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", front, "Count", _rare(90)),
        ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", front, "Count", _rare(700)),
        ("AWS/ApplicationELB", "HealthyHostCount", targets, "Count", lambda _: 1.0),
        ("AWS/ApplicationELB", "UnHealthyHostCount", targets, "Count", lambda _: 0.0),
        ("AWS/SES", "Send", {}, "Count", _rare(11)),
        ("AWS/SES", "Delivery", {}, "Count", _rare(11)),
        ("AWS/SES", "Bounce", {}, "Count", _rare(400)),
    ]
    return [
        Metric(space, name, frozenset(dimensions.items()), unit, at)
        for space, name, dimensions, unit, at in rows
    ]


def _wave(low: float, high: float) -> Callable[[int], Value]:
    """Lowest at 04:00 UTC, highest twelve hours later, and never smooth."""

    def at(minute: int) -> float:
        turn = (minute - 240) % MINUTES_PER_DAY / MINUTES_PER_DAY
        day = (1 - math.cos(2 * math.pi * turn)) / 2
        return low + (high - low) * (0.8 * day + 0.2 * _chance(minute))

    return at


def _whole(value: Callable[[int], Value]) -> Callable[[int], Value]:
    return lambda minute: float(round(value(minute)))


def _draining(full: float, per_minute: float) -> Callable[[int], Value]:
    """Less each minute, and full again each week."""
    return lambda minute: full - per_minute * (minute % (7 * MINUTES_PER_DAY))


def _rare(every: int) -> Callable[[int], Value]:
    """One, in a minute out of so many."""
    return lambda minute: 1.0 if _chance(minute) < 1 / every else None


def _chance(minute: int) -> float:
    """From 0 up to 1, the same for a minute whenever it is asked for."""
    return int.from_bytes(hashlib.blake2b(b"%d" % minute, digest_size=4).digest()) / 2**32


def _statistic(name: str, values: list[float]) -> float:
    match name:
        case "Average":
            return sum(values) / len(values)
        case "Sum":
            return sum(values)
        case "Minimum":
            return min(values)
        case "Maximum":
            return max(values)
        case "SampleCount":
            return float(len(values))
    rank = math.ceil(float(name.removeprefix("p")) / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]
