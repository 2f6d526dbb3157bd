"""CloudWatch: the blog's metrics, and the values AWS refuses and moto does not."""

import datetime
import re
import uuid

from ..clock import Clock
from ..errors import AwsError
from ..moto import Moto
from ..names import REGION
from .metrics import Metric, of_blog

QUERIES_MAX = 500
POINTS_MAX = 100_800
STATISTIC = re.compile(r"Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?|p100")


class CloudWatch:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock):
        self._moto = moto
        self._clock = clock
        self._tokens: dict[str, int] = {}  # behind how many points a page begins
        self._metrics: list[Metric] = []
        self.points_a_page = POINTS_MAX

    def put_metric_alarm(self, parameters: dict) -> dict:
        _check_period(parameters.get("Period", 60))
        return self._moto.client("cloudwatch").put_metric_alarm(**parameters)

    def list_metrics(self, parameters: dict) -> dict:
        answer = self._moto.client("cloudwatch").list_metrics(**parameters)
        answer["Metrics"] += [
            {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": n, "Value": v} for n, v in sorted(metric.dimensions)],
            }
            for metric in self._known()
            if parameters.get("Namespace", metric.namespace) == metric.namespace
            and parameters.get("MetricName", metric.name) == metric.name
        ]
        return answer

    def get_metric_data(self, parameters: dict) -> dict:
        queries = parameters["MetricDataQueries"]
        _check_queries(queries)
        points = [(q["Id"], *point) for q in queries for point in self._points(q, parameters)]
        start = self._start(parameters.get("NextToken"))
        page = min(parameters.get("MaxDatapoints", POINTS_MAX), self.points_a_page)
        shown, rest = points[start : start + page], points[start + page :]
        unfinished = {point[0] for point in rest}
        answer = {"MetricDataResults": [_result(q, shown, unfinished) for q in queries]}
        if rest:
            token = uuid.uuid4().hex
            self._tokens[token] = start + page
            answer["NextToken"] = token
        return answer | {"Messages": []}

    def _points(self, query: dict, parameters: dict) -> list[tuple]:
        """Times and values of one query, in the order asked for."""
        asked = query["MetricStat"]
        found = next((m for m in self._known() if _is(m, asked["Metric"])), None)
        if found is None:
            return self._of_moto(query, parameters)
        start_s, end_s = _seconds(parameters["StartTime"]), _seconds(parameters["EndTime"])
        if start_s >= end_s:
            raise AwsError(
                "ValidationError", "The parameter StartTime must be less than the parameter EndTime"
            )
        end_s = min(end_s, self._clock.stamp().timestamp())
        points = list(found.points(start_s, end_s, asked["Period"], asked["Stat"]).items())
        is_upwards = parameters.get("ScanBy") == "TimestampAscending"
        return points if is_upwards else points[::-1]

    def _of_moto(self, query: dict, parameters: dict) -> list[tuple]:
        """What somebody has put there under a name of their own."""
        asked = {"MetricDataQueries": [query], "ScanBy": "TimestampDescending"}
        asked |= {n: parameters[n] for n in ("StartTime", "EndTime", "ScanBy") if n in parameters}
        answer = self._moto.client("cloudwatch").get_metric_data(**asked)
        [found] = answer["MetricDataResults"]
        return list(zip(map(_seconds, found["Timestamps"]), found["Values"], strict=True))

    def _known(self) -> list[Metric]:
        if not self._metrics:
            elbv2 = self._moto.client("elbv2")
            [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
            [group] = elbv2.describe_target_groups()["TargetGroups"]
            self._metrics = of_blog(
                balancer["LoadBalancerArn"].partition(":loadbalancer/")[2],
                group["TargetGroupArn"].rpartition(":")[2],
            )
        return self._metrics

    def _start(self, token: str | None) -> int:
        if token is not None and token not in self._tokens:
            raise AwsError("InvalidNextToken", "The next token specified is invalid.")
        return self._tokens.get(token, 0)


def _check_queries(queries: list[dict]) -> None:
    if len(queries) > QUERIES_MAX:
        raise AwsError("ValidationError", f"At most {QUERIES_MAX} queries in a request.")
    if len({query["Id"] for query in queries}) < len(queries):
        raise AwsError("ValidationError", "The values for parameter Id are not unique.")
    for query in queries:
        if "MetricStat" not in query:
            raise AwsError("InternalFailure", "expressions are beyond this cloud", 500)
        if not re.fullmatch("[a-z][a-zA-Z0-9_]*", query["Id"]):
            raise AwsError("ValidationError", f"Id {query['Id']} does not begin in lower case.")
        if not STATISTIC.fullmatch(query["MetricStat"]["Stat"]):
            raise AwsError("ValidationError", f"No statistic {query['MetricStat']['Stat']}.")
        _check_period(query["MetricStat"]["Period"])


def _check_period(period_s: int) -> None:
    if period_s not in (10, 20, 30) and (period_s <= 0 or period_s % 60):
        raise AwsError(
            "ValidationError", "Period must be 10, 20, 30, or a multiple of 60 seconds."
        )


def _result(query: dict, points: list[tuple], unfinished: set[str]) -> dict:
    ours = [(at_s, value) for name, at_s, value in points if name == query["Id"]]
    return {
        "Id": query["Id"],
        "Label": query.get("Label", query["MetricStat"]["Metric"]["MetricName"]),
        "Timestamps": [datetime.datetime.fromtimestamp(at_s, datetime.UTC) for at_s, _ in ours],
        "Values": [value for _, value in ours],
        "StatusCode": "PartialData" if query["Id"] in unfinished else "Complete",
    }


def _is(metric: Metric, asked: dict) -> bool:
    dimensions = {(each["Name"], each["Value"]) for each in asked.get("Dimensions", [])}
    return (metric.namespace, metric.name, set(metric.dimensions)) == (
        asked["Namespace"],
        asked["MetricName"],
        dimensions,
    )


def _seconds(at: datetime.datetime) -> float:
    """Seconds since 1970; the front reads times of UTC without a zone."""
    return at.replace(tzinfo=at.tzinfo or datetime.UTC).timestamp()
