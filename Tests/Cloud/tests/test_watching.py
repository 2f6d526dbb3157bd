"""Logs that are searched, metrics, costs, and drift that is looked for."""

import datetime

import pytest
from botocore.exceptions import ClientError
from cloud.names import DATABASE, LOG_GROUP, SERVICE, STACK

DETECT_S = 30


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def searched(cloud, **asked) -> list[dict]:
    """Every event of a search, page after page."""
    logs, found, token = cloud.client("logs"), [], {}
    while True:
        page = logs.filter_log_events(logGroupName=LOG_GROUP, **asked, **token)
        found += page["events"]
        if "nextToken" not in page:
            return found
        token = {"nextToken": page["nextToken"]}


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("", 203),
        ("sandbox", 1),
        ("Ghost running", 1),
        ('"Mail failed"', 1),
        ("?sandbox ?production", 2),
        ("level -sandbox -500", 177),
        ("{ $.res.statusCode = 500 }", 23),
        ("{ $.res.statusCode >= 400 && $.req.url = \"/post-9/\" }", 1),
        ("{ $.res.statusCode = 500 || $.res.statusCode = 200 }", 200),
        ("%status(Code)?%", 200),
    ],
)
def test_a_filter_pattern_is_met(cloud, pattern, count):
    assert len(searched(cloud, filterPattern=pattern)) == count


@pytest.mark.parametrize("pattern", ["a/b", '"open', "{ $.a }", "{ $.a ~ 5 }"])
def test_what_is_no_pattern_is_refused(cloud, pattern):
    with pytest.raises(ClientError) as refusal:
        searched(cloud, filterPattern=pattern)
    assert code_of(refusal) == "InvalidParameterException"


def test_a_page_of_a_search_may_be_empty_and_not_the_last(cloud):
    logs = cloud.client("logs")
    page = logs.filter_log_events(logGroupName=LOG_GROUP, filterPattern="sandbox")
    assert page["events"] == [] and page["nextToken"]
    assert [event["message"][:5] for event in searched(cloud, filterPattern="sandbox")] == ["ERROR"]
    with pytest.raises(ClientError) as refusal:
        logs.filter_log_events(logGroupName=LOG_GROUP, nextToken="made up")
    assert code_of(refusal) == "InvalidParameterException"


def metric_data(cloud, name="CPUUtilization", stat="Average", hours=24, period=300, **asked):
    now = datetime.datetime.now(datetime.UTC)
    metric = {
        "Namespace": "AWS/RDS",
        "MetricName": name,
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": DATABASE}],
    }
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}
    start = now - datetime.timedelta(hours=hours)
    asked = {"MetricDataQueries": [query], "StartTime": start, "EndTime": now} | asked
    return cloud.client("cloudwatch").get_metric_data(**asked)


def test_a_day_of_a_metric_is_there_and_never_in_the_future(cloud):
    answer = metric_data(cloud)
    [found] = answer["MetricDataResults"]
    assert 287 <= len(found["Values"]) <= 289
    assert found["Timestamps"] == sorted(found["Timestamps"], reverse=True)
    assert all(at.timestamp() % 300 == 0 for at in found["Timestamps"])
    assert found["Timestamps"][0] <= datetime.datetime.now(datetime.UTC)
    assert all(0 < value < 100 for value in found["Values"])
    assert found["StatusCode"] == "Complete"


def test_a_metric_is_the_same_whenever_it_is_read(cloud):
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=3)
    asked = {"StartTime": start, "EndTime": start + datetime.timedelta(hours=1)}
    results = [metric_data(cloud, **asked)["MetricDataResults"] for _ in range(2)]
    assert results[0] == results[1]


def test_a_page_of_metrics_is_partial_until_the_last(cloud):
    cloud.post("metrics", {"points_a_page": 200})
    whole = metric_data(cloud)
    assert whole["MetricDataResults"][0]["StatusCode"] == "PartialData"
    rest = metric_data(cloud, NextToken=whole["NextToken"])
    assert rest["MetricDataResults"][0]["StatusCode"] == "Complete"
    assert "NextToken" not in rest


@pytest.mark.parametrize(
    ("asked", "named"),
    [({"period": 7}, "Period"), ({"stat": "Mean"}, "statistic"), ({"hours": -1}, "StartTime")],
)
def test_a_bad_metric_query_is_refused(cloud, asked, named):
    with pytest.raises(ClientError, match=named) as refusal:
        metric_data(cloud, **asked)
    assert code_of(refusal) == "ValidationError"


def test_what_somebody_puts_is_read_too(cloud):
    cloudwatch, now = cloud.client("cloudwatch"), datetime.datetime.now(datetime.UTC)
    before = now - datetime.timedelta(minutes=5)
    datum = {"MetricName": "Posts", "Value": 3.0, "Timestamp": before}
    cloudwatch.put_metric_data(Namespace="Blog", MetricData=[datum])
    metric = {"Namespace": "Blog", "MetricName": "Posts", "Dimensions": []}
    query = {"Id": "q", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    [found] = metric_data(cloud, MetricDataQueries=[query])["MetricDataResults"]
    assert found["Values"] == [3.0]


def costs(cloud, start: datetime.date, end: datetime.date, **asked) -> dict:
    given = {
        "TimePeriod": {"Start": str(start), "End": str(end)},
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
    }
    return cloud.client("ce", "us-east-1").get_cost_and_usage(**given | asked)


ECS_COSTS = "Amazon Elastic Container Service"


def all_costs(cloud, start: datetime.date, end: datetime.date) -> list[tuple[str, str, str]]:
    page = costs(cloud, start, end)
    days = page["ResultsByTime"]
    while "NextPageToken" in page:
        page = costs(cloud, start, end, NextPageToken=page["NextPageToken"])
        days += page["ResultsByTime"]
    return [
        (day["TimePeriod"]["Start"], g["Keys"][0], g["Metrics"]["UnblendedCost"]["Amount"])
        for day in days
        for g in day["Groups"]
    ]


def test_costs_come_by_day_and_service_in_pages(cloud):
    today = datetime.datetime.now(datetime.UTC).date()
    start = today - datetime.timedelta(days=50)
    rows = all_costs(cloud, start, today + datetime.timedelta(days=3))
    assert len(set(rows)) == len(rows) == 50 * 9
    assert rows[0][0] == str(start)
    assert rows[-1][0] == str(today - datetime.timedelta(days=1))
    assert {amount for _, service, amount in rows if service == ECS_COSTS} == {"0.2961792000"}
    with pytest.raises(ClientError) as refusal:
        costs(cloud, today, start)
    assert code_of(refusal) == "ValidationException"
    with pytest.raises(ClientError, match="14 months"):
        costs(cloud, start - datetime.timedelta(days=420), today)


def test_a_service_costs_something_else_from_a_day_on(cloud):
    today = datetime.datetime.now(datetime.UTC).date()
    start, since = today - datetime.timedelta(days=4), today - datetime.timedelta(days=2)
    cloud.post("costs", {"service": ECS_COSTS, "since": str(since), "usd_a_day": "0.5"})
    rows = all_costs(cloud, start, today)
    amounts = [amount for _, service, amount in rows if service == ECS_COSTS]
    assert amounts == ["0.2961792000", "0.2961792000", "0.5", "0.5"]


def test_costs_are_in_one_region(cloud):
    with pytest.raises(ClientError, match="us-west-2"):
        cloud.client("ce").get_cost_and_usage(
            TimePeriod={"Start": "2026-09-01", "End": "2026-09-02"},
            Granularity="DAILY",
            Metrics=["UnblendedCost"],
        )


def test_drift_takes_time_to_find_and_names_the_property(cloud):
    cloudformation = cloud.client("cloudformation")

    def searched() -> dict:
        search = cloudformation.detect_stack_drift(StackName=STACK)["StackDriftDetectionId"]
        status = cloudformation.describe_stack_drift_detection_status
        asked = {"StackDriftDetectionId": search}
        assert status(**asked)["DetectionStatus"] == "DETECTION_IN_PROGRESS"
        with pytest.raises(ClientError, match="already in progress"):
            cloudformation.detect_stack_drift(StackName=STACK)
        cloud.advance(DETECT_S)
        return status(**asked)

    def stack() -> dict:
        return cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["DriftInformation"]

    assert stack() == {"StackDriftStatus": "NOT_CHECKED"}
    assert searched()["StackDriftStatus"] == "IN_SYNC"
    cloud.post("drift", {"rds_class": "db.t3.small"})
    cloud.client("ecs").update_service(
        cluster="GhostInfraStack-ClusterEB0386A7-uKRK9EARdnII", service=SERVICE, desiredCount=2
    )
    assert stack()["StackDriftStatus"] == "IN_SYNC"  # nobody has looked since
    done = searched()
    assert (done["StackDriftStatus"], done["DriftedStackResourceCount"]) == ("DRIFTED", 2)
    assert stack()["StackDriftStatus"] == "DRIFTED"
    drifts = cloudformation.describe_stack_resource_drifts(
        StackName=STACK, StackResourceDriftStatusFilters=["MODIFIED"]
    )["StackResourceDrifts"]
    differences = {d["LogicalResourceId"]: d["PropertyDifferences"] for d in drifts}
    assert differences["DatabaseB269D8BB"] == [
        {
            "PropertyPath": "/DBInstanceClass",
            "ExpectedValue": "db.t3.micro",
            "ActualValue": "db.t3.small",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    assert [d["PropertyPath"] for d in differences["ServiceD69D759B"]] == ["/DesiredCount"]


def test_a_deleted_resource_has_drifted(cloud):
    cloud.client("rds").delete_db_instance(DBInstanceIdentifier=DATABASE, SkipFinalSnapshot=True)
    cloudformation = cloud.client("cloudformation")
    cloudformation.detect_stack_drift(StackName=STACK)
    cloud.advance(DETECT_S)
    drifts = cloudformation.describe_stack_resource_drifts(StackName=STACK)["StackResourceDrifts"]
    statuses = {d["LogicalResourceId"]: d["StackResourceDriftStatus"] for d in drifts}
    assert statuses["DatabaseB269D8BB"] == "DELETED"


def test_a_stack_is_protected_and_gives_its_template(cloud):
    cloudformation = cloud.client("cloudformation")
    cloudformation.update_termination_protection(
        StackName=STACK, EnableTerminationProtection=True
    )
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["EnableTerminationProtection"] is True
    original = cloudformation.get_template(StackName=STACK, TemplateStage="Original")
    processed = cloudformation.get_template(StackName=STACK, TemplateStage="Processed")
    assert "DatabaseB269D8BB:" in original["TemplateBody"]
    assert processed["TemplateBody"]["Resources"]["DatabaseB269D8BB"]
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.detect_stack_drift(StackName="nobody")
