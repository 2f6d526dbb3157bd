"""Cost Explorer: what each day has cost, by service.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
"""

import datetime
import itertools
import uuid
from decimal import Decimal

from ..clock import Clock
from ..errors import AwsError

DAY_COSTS_USD = {
    "AWS Secrets Manager": Decimal("0.0131506849"),
    "Amazon EC2 Container Registry (ECR)": Decimal("0.0018630137"),
    "Amazon Elastic Container Service": Decimal("0.2961792000"),
    "Amazon Elastic Load Balancing": Decimal("0.5448000000"),
    "Amazon Relational Database Service": Decimal("0.4836164384"),
    "Amazon Route 53": Decimal("0.0164383562"),
    "Amazon Simple Storage Service": Decimal("0.0003120041"),
    "AmazonCloudWatch": Decimal("0.0109315068"),
    "EC2 - Other": Decimal("1.0845000000"),
}
BY_SERVICE = [{"Type": "DIMENSION", "Key": "SERVICE"}]
GROUPS_A_PAGE = 400
MONTHS_MAX = 14
DAY = datetime.timedelta(days=1)


class CostExplorer:
    REGIONS = {"us-east-1"}

    def __init__(self, clock: Clock):
        self._clock = clock
        self._tokens: dict[str, int] = {}  # behind how many groups a page begins
        self._changes: list[tuple[str, datetime.date, Decimal]] = []

    def change(self, service: str, since: datetime.date, usd_a_day: Decimal) -> None:
        """From a day on a service costs something else."""
        if service not in DAY_COSTS_USD:
            raise ValueError(f"{service} is not one of {sorted(DAY_COSTS_USD)}")
        self._changes.append((service, since, usd_a_day))

    def get_cost_and_usage(self, parameters: dict) -> dict:
        period = parameters["TimePeriod"]
        start, end = map(datetime.date.fromisoformat, (period["Start"], period["End"]))
        if start >= end:
            raise AwsError(
                "ValidationException", "Start date (and hour) should be before end date (and hour)"
            )
        if start < self._today() - DAY * 31 * MONTHS_MAX:
            raise AwsError(
                "ValidationException",
                f"You haven't enabled historical data beyond {MONTHS_MAX} months",
            )
        if parameters["Granularity"] != "DAILY" or parameters.get("GroupBy") != BY_SERVICE:
            raise AwsError("InternalFailure", "costs by day and service only", 500)
        first = self._first(parameters.get("NextPageToken"))
        rows = self._rows(start, end, parameters["Metrics"])
        answer = {
            "GroupDefinitions": BY_SERVICE,
            "ResultsByTime": _by_day(rows[first : first + GROUPS_A_PAGE]),
        }
        if first + GROUPS_A_PAGE < len(rows):
            token = uuid.uuid4().hex
            self._tokens[token] = first + GROUPS_A_PAGE
            answer["NextPageToken"] = token
        return answer

    def _rows(self, start: datetime.date, end: datetime.date, metrics: list[str]) -> list[tuple]:
        """Day and group. Yesterday is the last day that is known."""
        days = max((min(end, self._today()) - start).days, 0)
        return [
            (day, _group(service, self._cost(service, day), metrics))
            for day in (start + DAY * n for n in range(days))
            for service in DAY_COSTS_USD
        ]

    def _cost(self, service: str, day: datetime.date) -> Decimal:
        since = [cost for name, first, cost in self._changes if name == service and day >= first]
        return since[-1] if since else DAY_COSTS_USD[service]

    def _today(self) -> datetime.date:
        return self._clock.stamp().date()

    def _first(self, token: str | None) -> int:
        if token is not None and token not in self._tokens:
            raise AwsError("InvalidNextTokenException", "Invalid pagination token")
        return self._tokens.get(token, 0)


def _group(service: str, cost: Decimal, metrics: list[str]) -> dict:
    amount = {"Amount": str(cost), "Unit": "USD"}
    return {"Keys": [service], "Metrics": {name: amount for name in metrics}}


def _by_day(rows: list[tuple]) -> list[dict]:
    """The groups of a page, under their days."""
    return [
        {
            "TimePeriod": {"Start": day.isoformat(), "End": (day + DAY).isoformat()},
            "Total": {},
            "Groups": [group for _, group in groups],
            "Estimated": True,
        }
        for day, groups in itertools.groupby(rows, key=lambda row: row[0])
    ]
