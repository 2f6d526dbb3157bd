"""Faults, pages, the list of calls, and a fresh start."""

import os
import signal
import subprocess
import sys
import urllib.error

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from cloud import names
from cloud.names import CLUSTER, DATABASE, SERVICE, STACK, TASK_FAMILY
from cloud.seed import template

MODIFY = {"service": "rds", "operation": "ModifyDBInstance"}


def retention(cloud) -> int:
    found = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=DATABASE)
    return found["DBInstances"][0]["BackupRetentionPeriod"]


def revisions(cloud) -> list[str]:
    listed = cloud.client("ecs").list_task_definitions(familyPrefix=TASK_FAMILY)
    return listed["taskDefinitionArns"]


def test_a_drop_before_leaves_everything_as_it_was(cloud):
    cloud.post("faults", [MODIFY | {"drop": "before"}])
    rds = cloud.client("rds")
    with pytest.raises(ConnectionClosedError):
        rds.modify_db_instance(DBInstanceIdentifier=DATABASE, BackupRetentionPeriod=7)
    assert retention(cloud) == 1
    assert [call["status"] for call in cloud.calls("ModifyDBInstance")] == [0]


def test_a_drop_after_acts_exactly_once(cloud):
    ecs = cloud.client("ecs")
    before = revisions(cloud)
    drop = {"service": "ecs", "operation": "RegisterTaskDefinition", "drop": "after"}
    cloud.post("faults", [drop])
    container = {"name": "ghost", "image": "ghost:5", "memory": 512}
    with pytest.raises(ConnectionClosedError):
        ecs.register_task_definition(family=TASK_FAMILY, containerDefinitions=[container])
    assert len(revisions(cloud)) == len(before) + 1
    assert len(cloud.calls("RegisterTaskDefinition")) == 1


def test_a_fault_is_used_up(cloud):
    rds = cloud.client("rds")
    throttle = {"code": "Throttling", "status": 400, "times": 2}
    cloud.post("faults", [{"service": "rds"} | throttle])
    for _ in range(2):
        with pytest.raises(ClientError, match="Throttling"):
            rds.describe_db_instances()
    assert rds.describe_db_instances()["DBInstances"]
    codes = [call["code"] for call in cloud.calls("DescribeDBInstances")]
    assert codes == ["Throttling", "Throttling", None]


def test_a_fault_may_be_any_bytes_at_all(cloud):
    cloud.post("faults", [{"operation": "GetCallerIdentity", "status": 502, "body": "<html>oh"}])
    with pytest.raises(ClientError) as refusal:
        cloud.client("sts").get_caller_identity()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 502


def test_what_the_cloud_lacks_is_an_error_of_its_own(cloud):
    with pytest.raises(ClientError, match="beyond this cloud"):
        cloud.client("sesv2").list_custom_verification_email_templates()


def test_a_misspelt_fault_is_refused(cloud):
    with pytest.raises(urllib.error.HTTPError):
        cloud.post("faults", [{"servce": "rds"}])
    with pytest.raises(urllib.error.HTTPError):
        cloud.post("faults", [{"drop": "sideways"}])


def test_lists_come_in_pages(cloud):
    whole = revisions(cloud)
    cloud.post("pages", {"ecs.ListTaskDefinitions": 2})
    ecs = cloud.client("ecs")
    first = ecs.list_task_definitions(familyPrefix=TASK_FAMILY)
    assert len(first["taskDefinitionArns"]) == 2
    pages = ecs.get_paginator("list_task_definitions").paginate(familyPrefix=TASK_FAMILY)
    assert pages.build_full_result()["taskDefinitionArns"] == whole
    with pytest.raises(ClientError, match="Invalid token"):
        ecs.list_task_definitions(nextToken="made up")


def test_database_lists_come_in_pages(cloud):
    rds = cloud.client("rds")
    whole = rds.describe_db_snapshots()["DBSnapshots"]
    assert len(whole) > 1
    cloud.post("pages", {"rds.DescribeDBSnapshots": 1})
    assert len(rds.describe_db_snapshots()["DBSnapshots"]) == 1
    pages = rds.get_paginator("describe_db_snapshots").paginate()
    assert pages.build_full_result()["DBSnapshots"] == whole


def test_a_list_without_pages_is_refused(cloud):
    with pytest.raises(urllib.error.HTTPError):
        cloud.post("pages", {"ecs.DescribeServices": 2})


def test_prices_are_filtered_and_paged(cloud):
    pricing = cloud.client("pricing", region="us-east-1")

    def products(**filters):
        rules = [{"Type": "TERM_MATCH", "Field": f, "Value": v} for f, v in filters.items()]
        pages = pricing.get_paginator("get_products").paginate(
            ServiceCode="AmazonRDS", Filters=rules, PaginationConfig={"PageSize": 3}
        )
        return pages.build_full_result()["PriceList"]

    [micro] = products(instanceType="db.t3.micro", deploymentOption="Single-AZ")
    assert '"0.0170000000"' in micro
    assert len(products(regionCode="us-west-2")) > 10
    assert products(regionCode="mars-1") == []
    with pytest.raises(ClientError, match="InvalidParameterException"):
        products(colour="blue")


def test_prices_rise_until_the_account_is_fresh_again(cloud):
    pricing = cloud.client("pricing", region="us-east-1")
    rule = {"Type": "TERM_MATCH", "Field": "instanceType", "Value": "db.t3.micro"}

    def price():
        return pricing.get_products(ServiceCode="AmazonRDS", Filters=[rule])["PriceList"]

    before = price()
    assert any('"0.0170000000"' in product for product in before)
    cloud.post("prices", {"times": 3})
    assert any('"0.0510000000"' in product for product in price())
    cloud.post("reset")
    assert price() == before


def test_the_stack_has_every_row_of_its_template(cloud):
    cloudformation = cloud.client("cloudformation")
    rows = cloudformation.list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    types = {row["LogicalResourceId"]: row["ResourceType"] for row in rows}
    assert types == {name: r["Type"] for name, r in template()["Resources"].items()}
    assert all(row["LastUpdatedTimestamp"] and row["PhysicalResourceId"] for row in rows)


def test_the_names_are_those_of_the_stack(cloud):
    rows = cloud.client("cloudformation").list_stack_resources(StackName=STACK)
    physical = {row["PhysicalResourceId"] for row in rows["StackResourceSummaries"]}
    for name in (CLUSTER, names.BUCKET, names.DATABASE, names.LOG_GROUP, names.REPOSITORY):
        assert name in physical
    assert any(SERVICE in each for each in physical)


def test_the_blog_starts_as_it_does(cloud):
    database = cloud.client("rds").describe_db_instances()["DBInstances"][0]
    assert database["DBInstanceClass"] == "db.t3.micro"
    assert database["BackupRetentionPeriod"] == 1
    assert (database["MultiAZ"], database["StorageEncrypted"]) == (False, False)
    assert cloud.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert "Status" not in cloud.client("s3").get_bucket_versioning(Bucket=names.BUCKET)
    [group] = cloud.client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 731
    assert cloud.client("sesv2").get_account()["ProductionAccessEnabled"] is False


def test_a_call_is_written_down(cloud):
    cloud.client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])
    [call] = cloud.get("calls")
    assert (call["service"], call["operation"]) == ("ecs", "DescribeServices")
    assert call["parameters"] == {"cluster": CLUSTER, "services": [SERVICE]}
    assert (call["status"], call["key_id"]) == (200, names.ACCESS_KEY_ID)


def test_a_reset_forgets_everything(cloud):
    ecs = cloud.client("ecs")
    ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=3)
    cloud.post("faults", [{"times": None, "code": "Throttling"}])
    cloud.post("reset")
    found = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
    assert found["desiredCount"] == 1
    assert len(cloud.get("calls")) == 1


def test_retention_and_periods_are_those_aws_has(cloud):
    with pytest.raises(ClientError, match="InvalidParameterException"):
        cloud.client("logs").put_retention_policy(logGroupName=names.LOG_GROUP, retentionInDays=13)
    with pytest.raises(ClientError, match="ValidationError"):
        cloud.client("cloudwatch").put_metric_alarm(
            AlarmName="cpu",
            MetricName="CPUUtilization",
            Namespace="AWS/ECS",
            Statistic="Average",
            Period=7,
            EvaluationPeriods=1,
            Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
        )


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "stdin"])
def test_the_process_ends_when_told(how):
    command = [sys.executable, "-m", "cloud", "serve", "--port", "0", "--until-stdin-closes"]
    environment = os.environ | {"PYTHONPATH": os.path.dirname(os.path.dirname(__file__))}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        assert process.stdout.readline().startswith("ready http://127.0.0.1:")
        if how == "stdin":
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, how))
        assert process.wait(timeout=30) == 0
