"""Change sets, and what CloudTrail tells of those who change things."""

import copy
import json

import pytest
from botocore.exceptions import ClientError
from cloud import names
from cloud.names import CLUSTER, DATABASE, SERVICE, STACK
from cloud.seed import template

DATABASE_ID, DEFINITION_ID, SERVICE_ID = "DatabaseB269D8BB", "TaskDefB54D3F05", "ServiceD69D759B"
CREATE_S, UPDATE_S = 5, 60


def changed(**resources) -> str:
    """The template with other properties, or without resources."""
    body = copy.deepcopy(template())
    for name, properties in resources.items():
        if properties is None:
            del body["Resources"][name]
        else:
            body["Resources"][name]["Properties"] |= properties
    return json.dumps(body)


def plan(cloud, body: str, name: str = "cr-12") -> str:
    made = cloud.client("cloudformation").create_change_set(
        StackName=STACK, ChangeSetName=name, TemplateBody=body
    )
    cloud.advance(CREATE_S)
    return made["Id"]


def described(cloud, arn: str, values: bool = True) -> dict:
    cloudformation = cloud.client("cloudformation")
    return cloudformation.describe_change_set(ChangeSetName=arn, IncludePropertyValues=values)


def rows(cloud, arn: str, values: bool = True) -> dict[str, dict]:
    found = [row["ResourceChange"] for row in described(cloud, arn, values)["Changes"]]
    return {row["LogicalResourceId"]: row for row in found}


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def test_a_plan_says_what_changes_from_what_to_what(cloud):
    arn = plan(cloud, changed(**{DATABASE_ID: {"BackupRetentionPeriod": 7}}))
    assert described(cloud, arn)["ExecutionStatus"] == "AVAILABLE"
    [row] = rows(cloud, arn).values()
    assert (row["Action"], row["Replacement"]) == ("Modify", "False")
    assert (row["PhysicalResourceId"], row["Scope"]) == (DATABASE, ["Properties"])
    [detail] = row["Details"]
    target = detail["Target"]
    assert (target["Path"], target["BeforeValue"], target["AfterValue"]) == (
        "/Properties/BackupRetentionPeriod",
        "1",
        "7",
    )
    [row] = rows(cloud, arn, values=False).values()
    assert "AfterValue" not in row["Details"][0]["Target"]
    assert "AfterContext" not in row


def test_what_is_replaced_draws_along_what_refers_to_it(cloud):
    arn = plan(cloud, changed(**{DEFINITION_ID: {"Cpu": "512", "Memory": "1024"}}))
    found = rows(cloud, arn)
    definition, service = found[DEFINITION_ID], found[SERVICE_ID]
    assert (definition["Replacement"], definition["PolicyAction"]) == ("True", "ReplaceAndDelete")
    [detail] = service["Details"]
    assert (detail["Evaluation"], detail["CausingEntity"]) == ("Dynamic", DEFINITION_ID)
    assert service["Replacement"] == "False"


def test_a_database_is_replaced_or_removed_by_its_policy(cloud):
    arn = plan(cloud, changed(**{DATABASE_ID: {"StorageEncrypted": True}}))
    row = rows(cloud, arn)[DATABASE_ID]
    assert (row["Replacement"], row["PolicyAction"]) == ("True", "ReplaceAndSnapshot")
    arn = plan(cloud, changed(**{DATABASE_ID: None}), "cr-13")
    row = rows(cloud, arn)[DATABASE_ID]
    assert (row["Action"], row["PolicyAction"]) == ("Remove", "Snapshot")


def test_a_plan_is_made_before_it_is_there_and_may_have_nothing_in_it(cloud):
    cloudformation = cloud.client("cloudformation")
    made = cloudformation.create_change_set(
        StackName=STACK, ChangeSetName="cr-1", TemplateBody=changed()
    )
    assert described(cloud, made["Id"])["Status"] == "CREATE_IN_PROGRESS"
    cloud.advance(CREATE_S)
    found = described(cloud, made["Id"])
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in found["StatusReason"]
    with pytest.raises(ClientError) as refusal:
        cloudformation.execute_change_set(ChangeSetName=made["Id"])
    assert code_of(refusal) == "InvalidChangeSetStatus"
    with pytest.raises(ClientError) as refusal:
        plan(cloud, changed(), "cr-1")
    assert code_of(refusal) == "AlreadyExistsException"


def test_a_plan_is_executed_by_its_arn_and_others_are_then_obsolete(cloud):
    arn = plan(cloud, changed(**{DATABASE_ID: {"BackupRetentionPeriod": 7}}))
    other = plan(cloud, changed(**{SERVICE_ID: {"DesiredCount": 2}}), "cr-13")
    cloudformation = cloud.client("cloudformation")
    with pytest.raises(ClientError, match="StackName must be specified"):
        cloudformation.execute_change_set(ChangeSetName="cr-12")
    cloudformation.execute_change_set(ChangeSetName=arn)
    assert described(cloud, arn)["ExecutionStatus"] == "EXECUTE_IN_PROGRESS"
    assert described(cloud, other)["ExecutionStatus"] == "OBSOLETE"
    with pytest.raises(ClientError) as refusal:
        cloudformation.execute_change_set(ChangeSetName=other)
    assert code_of(refusal) == "InvalidChangeSetStatus"
    cloud.advance(UPDATE_S)
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert described(cloud, arn)["ExecutionStatus"] == "EXECUTE_COMPLETE"
    instances = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=DATABASE)
    assert instances["DBInstances"][0]["BackupRetentionPeriod"] == 7
    body = cloudformation.get_template(StackName=STACK)["TemplateBody"]
    assert body["Resources"][DATABASE_ID]["Properties"]["BackupRetentionPeriod"] == 7


def test_a_plan_for_tasks_is_rolled_out(cloud):
    arn = plan(cloud, changed(**{DEFINITION_ID: {"Cpu": "512", "Memory": "1024"}}))
    cloud.client("cloudformation").execute_change_set(ChangeSetName=arn)
    ecs = cloud.client("ecs")
    found = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
    assert found["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    definition = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])
    assert definition["taskDefinition"]["cpu"] == "512"


def test_a_plan_is_obsolete_once_somebody_else_deploys(cloud):
    arn = plan(cloud, changed(**{DATABASE_ID: {"BackupRetentionPeriod": 7}}))
    cloud.post("stack", {"update": {SERVICE_ID: {"DesiredCount": 2}}})
    assert described(cloud, arn)["ExecutionStatus"] == "OBSOLETE"


def test_what_cannot_be_replaced_is_rolled_back(cloud):
    arn = plan(cloud, changed(**{DATABASE_ID: {"StorageEncrypted": True}}))
    cloudformation = cloud.client("cloudformation")
    cloudformation.execute_change_set(ChangeSetName=arn)
    cloud.advance(UPDATE_S)
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named resource" in stack["StackStatusReason"]
    assert described(cloud, arn)["ExecutionStatus"] == "EXECUTE_FAILED"
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    assert events[0]["ResourceStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_a_stuck_stack_takes_no_plan_until_it_goes_on(cloud):
    cloud.post("stack", {"status": "UPDATE_ROLLBACK_FAILED"})
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED state and can not be updated"):
        plan(cloud, changed(**{DATABASE_ID: {"BackupRetentionPeriod": 7}}))
    cloud.client("cloudformation").continue_update_rollback(StackName=STACK)
    cloud.advance(UPDATE_S)
    assert plan(cloud, changed(**{DATABASE_ID: {"BackupRetentionPeriod": 7}}))


def events(cloud, **parameters) -> list[dict]:
    return cloud.client("cloudtrail").lookup_events(**parameters)["Events"]


def test_who_changed_what_is_written_down(cloud):
    sts = cloud.client("sts")
    role = f"arn:aws:iam::{names.ACCOUNT}:role/{names.DEPLOY_ROLE}"
    given = sts.assume_role(RoleArn=role, RoleSessionName="github-42")["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    cloud.post("trail", {"lookups_a_second": 100})
    ecs = cloud.client("ecs", **session)
    ecs.describe_services(cluster=CLUSTER, services=[SERVICE])
    ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=2)
    act = {"DBInstanceIdentifier": DATABASE, "BackupRetentionPeriod": 3}
    act = {"service": "rds", "call": "modify_db_instance", "parameters": act}
    cloud.post("act", act)
    with pytest.raises(ClientError):
        cloud.client("ecs").update_service(cluster=CLUSTER, service="nobody", desiredCount=1)
    refused, theirs, ours, _ = events(cloud)
    assert json.loads(refused["CloudTrailEvent"])["errorCode"] == "ServiceNotFoundException"
    assert (theirs["EventName"], theirs["Username"]) == ("ModifyDBInstance", "olive")
    assert (ours["EventSource"], ours["Username"]) == ("ecs.amazonaws.com", "github-42")
    resource = {"ResourceType": "AWS::ECS::Service", "ResourceName": SERVICE}
    assert resource in ours["Resources"]
    whole = json.loads(ours["CloudTrailEvent"])
    assert whole["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == names.DEPLOY_ROLE
    assert whole["requestParameters"]["desiredCount"] == 2
    wanted = {"AttributeKey": "Username", "AttributeValue": "olive"}
    assert [e["EventName"] for e in events(cloud, LookupAttributes=[wanted])] == [
        "ModifyDBInstance"
    ]


def test_what_changes_past_the_portal_is_written_down_too(cloud):
    cloud.post("drift", {"ecs_desired": 2, "rds_class": "db.t3.small"})
    seen = [(event["EventName"], event["Username"]) for event in events(cloud)]
    assert seen == [("ModifyDBInstance", "olive"), ("UpdateService", "olive")]


def test_events_come_late_in_pages_and_not_too_often(cloud):
    ecs = cloud.client("ecs")
    for count in (2, 3, 4):
        ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=count)
    trail = cloud.client("cloudtrail")
    first = trail.lookup_events(MaxResults=2)
    rest = trail.lookup_events(MaxResults=2, NextToken=first["NextToken"])
    assert (len(first["Events"]), len(rest["Events"])) == (2, 1)
    with pytest.raises(ClientError) as refusal:
        for _ in range(20):
            trail.lookup_events()
    assert code_of(refusal) == "ThrottlingException"
    cloud.post("trail", {"delay_s": 900, "lookups_a_second": 100})
    assert events(cloud) == []
    cloud.advance(900)
    assert len(events(cloud)) == 3
