"""What takes time in AWS takes time here, on a clock the test advances."""

import pytest
from botocore.exceptions import ClientError
from cloud.names import ANCHORS_BUCKET, BUCKET, CLUSTER, DATABASE, SERVICE, TASK_FAMILY

ROLLOUT_S = 70  # until the new tasks are healthy and the old ones drained
BREAKER_S = 120  # until three tasks have failed to start
MODIFY_S = 300
BACKUP_S = 120


def service(cloud) -> dict:
    ecs = cloud.client("ecs")
    return ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]


def update(cloud, **change) -> dict:
    return cloud.client("ecs").update_service(cluster=CLUSTER, service=SERVICE, **change)["service"]


def database(cloud) -> dict:
    rds = cloud.client("rds")
    return rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]


def modify(cloud, **change) -> dict:
    rds = cloud.client("rds")
    return rds.modify_db_instance(DBInstanceIdentifier=DATABASE, **change)["DBInstance"]


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def test_a_deployment_runs_beside_the_old_one_and_completes(cloud):
    old = service(cloud)["taskDefinition"]
    update(cloud, taskDefinition=f"{TASK_FAMILY}:2")
    new, previous = service(cloud)["deployments"]
    assert (new["rolloutState"], new["runningCount"]) == ("IN_PROGRESS", 0)
    assert (previous["status"], previous["taskDefinition"]) == ("ACTIVE", old)
    assert previous["runningCount"] == 1

    cloud.advance(ROLLOUT_S)
    [only] = service(cloud)["deployments"]
    assert (only["rolloutState"], only["runningCount"]) == ("COMPLETED", 1)
    assert only["taskDefinition"].endswith(f"{TASK_FAMILY}:2")


def test_a_deployment_whose_tasks_fail_is_rolled_back(cloud):
    old = service(cloud)["taskDefinition"]
    cloud.post("deployments", {"fail": True})
    update(cloud, forceNewDeployment=True)
    cloud.advance(BREAKER_S)
    rolled_back, failed, *_ = service(cloud)["deployments"]
    assert failed["rolloutState"] == "FAILED"
    assert failed["failedTasks"] == 3
    assert (rolled_back["status"], rolled_back["rolloutState"]) == ("PRIMARY", "IN_PROGRESS")
    assert rolled_back["taskDefinition"] == old

    cloud.advance(ROLLOUT_S)
    now = service(cloud)
    assert now["deployments"][0]["rolloutState"] == "COMPLETED"
    assert now["taskDefinition"] == old
    assert any("rolling back" in event["message"] for event in now["events"])


def test_an_image_that_is_not_in_the_repository_fails_to_start(cloud):
    ecs = cloud.client("ecs")
    known = ecs.describe_task_definition(taskDefinition=TASK_FAMILY)["taskDefinition"]
    container = known["containerDefinitions"][0]
    container["image"] = container["image"].rpartition(":")[0] + ":v9.99.9-1"
    revision = register(cloud, containerDefinitions=[container])["taskDefinitionArn"]
    update(cloud, taskDefinition=revision)
    cloud.advance(BREAKER_S)
    assert service(cloud)["deployments"][1]["rolloutState"] == "FAILED"


def test_running_tasks_follow_the_desired_count(cloud):
    answered = update(cloud, desiredCount=3)
    assert (answered["desiredCount"], answered["runningCount"]) == (3, 1)
    assert service(cloud)["pendingCount"] == 2
    cloud.advance(40)
    assert service(cloud)["runningCount"] == 3
    tasks = cloud.client("ecs").list_tasks(cluster=CLUSTER, serviceName=SERVICE)["taskArns"]
    assert len(set(tasks)) == 3
    update(cloud, desiredCount=0)
    cloud.advance(10)
    assert service(cloud)["runningCount"] == 0


def register(cloud, **change) -> dict:
    ecs = cloud.client("ecs")
    known = ecs.describe_task_definition(taskDefinition=TASK_FAMILY)["taskDefinition"]
    kept = (
        "family cpu memory networkMode requiresCompatibilities runtimePlatform "
        "taskRoleArn executionRoleArn containerDefinitions"
    ).split()
    definition = {name: known[name] for name in kept} | change
    return ecs.register_task_definition(**definition)["taskDefinition"]


@pytest.mark.parametrize(("cpu", "memory"), [("300", "512"), ("256", "4096"), ("256", "77")])
def test_fargate_refuses_sizes_it_does_not_have(cloud, cpu, memory):
    with pytest.raises(ClientError) as refusal:
        register(cloud, cpu=cpu, memory=memory)
    assert code_of(refusal) == "ClientException"


def test_tags_of_a_revision_are_kept(cloud):
    tags = [{"key": "caretaker:change", "value": "CR-12"}]
    arn = register(cloud, cpu="512", memory="1024", tags=tags)["taskDefinitionArn"]
    described = cloud.client("ecs").describe_task_definition(taskDefinition=arn, include=["TAGS"])
    assert described["tags"] == tags
    assert described["taskDefinition"]["cpu"] == "512"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"desiredCount": -1}, "InvalidParameterException"),
        ({"taskDefinition": "nobody:1"}, "ClientException"),
        ({"service": "nobody"}, "ServiceNotFoundException"),
    ],
)
def test_update_service_refuses(cloud, change, code):
    with pytest.raises(ClientError) as refusal:
        cloud.client("ecs").update_service(**{"cluster": CLUSTER, "service": SERVICE} | change)
    assert code_of(refusal) == code


def test_a_class_change_takes_its_time(cloud):
    modify(cloud, DBInstanceClass="db.t3.small", ApplyImmediately=True)
    busy = database(cloud)
    assert (busy["DBInstanceStatus"], busy["DBInstanceClass"]) == ("modifying", "db.t3.micro")
    assert busy["PendingModifiedValues"] == {"DBInstanceClass": "db.t3.small"}
    with pytest.raises(ClientError) as refusal:
        modify(cloud, DBInstanceClass="db.t3.medium", ApplyImmediately=True)
    assert code_of(refusal) == "InvalidDBInstanceState"

    cloud.advance(MODIFY_S)
    done = database(cloud)
    assert (done["DBInstanceStatus"], done["DBInstanceClass"]) == ("available", "db.t3.small")
    assert not done.get("PendingModifiedValues")


def test_a_change_for_the_window_waits(cloud):
    modify(cloud, MultiAZ=True, ApplyImmediately=False)
    cloud.advance(MODIFY_S)
    waiting = database(cloud)
    assert waiting["DBInstanceStatus"] == "available"
    assert waiting["MultiAZ"] is False
    assert waiting["PendingModifiedValues"] == {"MultiAZ": True}
    cloud.advance(5 * 86_400)
    assert database(cloud)["MultiAZ"] is True


def test_backup_days_change_at_once(cloud):
    modify(cloud, BackupRetentionPeriod=7)
    assert database(cloud)["BackupRetentionPeriod"] == 7
    assert database(cloud)["DBInstanceStatus"] == "available"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"DBInstanceClass": "db.z99.huge"}, "InvalidParameterCombination"),
        ({"BackupRetentionPeriod": 99}, "InvalidParameterValue"),
        ({"AllocatedStorage": 5}, "InvalidParameterCombination"),
        ({"DBInstanceIdentifier": "nobody"}, "DBInstanceNotFound"),
    ],
)
def test_modify_refuses(cloud, change, code):
    with pytest.raises(ClientError) as refusal:
        cloud.client("rds").modify_db_instance(**{"DBInstanceIdentifier": DATABASE} | change)
    assert code_of(refusal).removesuffix("Fault") == code


def test_a_snapshot_is_creating_before_it_is_available(cloud):
    rds = cloud.client("rds")
    made = rds.create_db_snapshot(DBInstanceIdentifier=DATABASE, DBSnapshotIdentifier="before")
    assert made["DBSnapshot"]["Status"] == "creating"
    assert database(cloud)["DBInstanceStatus"] == "backing-up"
    with pytest.raises(ClientError) as refusal:
        rds.copy_db_snapshot(SourceDBSnapshotIdentifier="before", TargetDBSnapshotIdentifier="copy")
    assert code_of(refusal) == "InvalidDBSnapshotState"
    cloud.advance(BACKUP_S / 2)
    found = rds.describe_db_snapshots(DBSnapshotIdentifier="before")["DBSnapshots"][0]
    assert found["PercentProgress"] == 50
    cloud.advance(BACKUP_S / 2)
    found = rds.describe_db_snapshots(DBSnapshotIdentifier="before")["DBSnapshots"][0]
    assert found["Status"] == "available"
    assert database(cloud)["DBInstanceStatus"] == "available"


def test_a_review_leads_out_of_the_sandbox(cloud):
    ses = cloud.client("sesv2")
    assert ses.get_account()["SendQuota"]["Max24HourSend"] == 200
    request = {
        "MailType": "TRANSACTIONAL",
        "WebsiteURL": "https://blog.example.com",
        "UseCaseDescription": "Sign-in links and newsletters.",
        "ProductionAccessEnabled": True,
    }
    ses.put_account_details(**request)
    assert ses.get_account()["Details"]["ReviewDetails"]["Status"] == "PENDING"
    with pytest.raises(ClientError) as refusal:
        ses.put_account_details(**request)
    assert code_of(refusal) == "ConflictException"
    cloud.post("ses", {"status": "DENIED"})
    with pytest.raises(ClientError) as refusal:
        ses.put_account_details(**request)
    assert code_of(refusal) == "ConflictException"
    cloud.post("ses", {"status": "GRANTED"})
    account = ses.get_account()
    assert account["ProductionAccessEnabled"] is True
    assert account["SendQuota"]["Max24HourSend"] == 50_000


def test_somebody_else_changes_the_stack(cloud):
    cloud.post("drift", {"ecs_desired": 2, "rds_class": "db.t3.small"})
    assert service(cloud)["desiredCount"] == 2
    assert database(cloud)["DBInstanceClass"] == "db.t3.small"
    assert cloud.calls("UpdateService") == []


def test_an_answer_of_s3_has_the_root_element_of_the_api_reference(cloud):
    seen = []
    client = cloud.client("s3")
    client.meta.events.register(
        "before-parse.s3.GetBucketVersioning", lambda response_dict, **_: seen.append(response_dict)
    )
    client.get_bucket_versioning(Bucket=BUCKET)
    assert b"<VersioningConfiguration " in seen[0]["body"]


def test_a_stack_in_another_region_does_not_exist(cloud):
    elsewhere = cloud.client("cloudformation", "eu-west-1")
    with pytest.raises(ClientError, match="does not exist"):
        elsewhere.list_stack_resources(StackName="GhostInfraStack")


def test_the_anchors_bucket_keeps_what_is_there(cloud):
    s3 = cloud.client("s3")
    lock = s3.get_object_lock_configuration(Bucket=ANCHORS_BUCKET)["ObjectLockConfiguration"]
    assert lock == {"ObjectLockEnabled": "Enabled"}
    s3.put_object(Bucket=ANCHORS_BUCKET, Key="a", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=ANCHORS_BUCKET, Key="a", Body=b"2", IfNoneMatch="*")
    cloud.post("anchors", {"b": "3", "a": None})
    listed = s3.list_objects_v2(Bucket=ANCHORS_BUCKET)["Contents"]
    assert [entry["Key"] for entry in listed] == ["b"]
