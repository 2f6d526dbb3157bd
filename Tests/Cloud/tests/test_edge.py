"""Tasks that come and go, the load balancer that follows them, images, gateways and topics."""

import pytest
from botocore.exceptions import ClientError
from cloud.names import ACCOUNT, CLUSTER, REGION, REPOSITORY, SERVICE, TARGET_GROUP, TASK_FAMILY

ROLLOUT_S = 70
BREAKER_S = 120
RESTART_S = 40
STOPPED_SHOWN_S = 3600
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:GhostInfraStack-Alarms"


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def tasks(cloud, status="RUNNING") -> list[dict]:
    ecs = cloud.client("ecs")
    arns = ecs.list_tasks(cluster=CLUSTER, serviceName=SERVICE, desiredStatus=status)["taskArns"]
    return ecs.describe_tasks(cluster=CLUSTER, tasks=arns)["tasks"] if arns else []


def update(cloud, **change) -> None:
    cloud.client("ecs").update_service(cluster=CLUSTER, service=SERVICE, **change)


def deployments(cloud) -> list[dict]:
    ecs = cloud.client("ecs")
    return ecs.list_service_deployments(cluster=CLUSTER, service=SERVICE)["serviceDeployments"]


def images(cloud) -> dict[str, str]:
    """The digests by tag."""
    found = cloud.client("ecr").describe_images(repositoryName=REPOSITORY)["imageDetails"]
    assert {image["imageStatus"] for image in found} == {"ACTIVE"}
    return {tag: image["imageDigest"] for image in found for tag in image["imageTags"]}


def targets(cloud) -> list[tuple]:
    elb = cloud.client("elbv2")
    [group] = elb.describe_target_groups(Names=[TARGET_GROUP])["TargetGroups"]
    health = elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])
    return [
        (each["Target"]["Id"], each["TargetHealth"]["State"])
        for each in health["TargetHealthDescriptions"]
    ]


def test_a_running_task_tells_its_image(cloud):
    [task] = tasks(cloud)
    [container] = task["containers"]
    assert container["imageDigest"] == images(cloud)["v5.87.1-3"]
    assert (task["lastStatus"], task["healthStatus"]) == ("RUNNING", "HEALTHY")
    assert task["availabilityZone"] == "us-west-2a"
    assert tasks(cloud, "STOPPED") == []


def test_a_replaced_task_is_shown_for_an_hour(cloud):
    [old] = tasks(cloud)
    update(cloud, taskDefinition=f"{TASK_FAMILY}:2")
    assert [task["taskArn"] for task in tasks(cloud)] == [old["taskArn"]]
    cloud.advance(ROLLOUT_S)
    [new] = tasks(cloud)
    [stopped] = tasks(cloud, "STOPPED")
    assert stopped["taskArn"] == old["taskArn"] != new["taskArn"]
    assert stopped["stopCode"] == "ServiceSchedulerInitiated"
    assert stopped["stoppedReason"].startswith("Scaling activity initiated by (deployment ")
    assert stopped["stoppedAt"]
    cloud.advance(STOPPED_SHOWN_S)
    assert tasks(cloud, "STOPPED") == []
    missing = cloud.client("ecs").describe_tasks(cluster=CLUSTER, tasks=[old["taskArn"]])
    assert missing["failures"] == [{"arn": old["taskArn"], "reason": "MISSING"}]


def test_a_task_that_ends_by_itself_is_replaced(cloud):
    cloud.post("tasks", {"exit_code": 137, "reason": "OutOfMemoryError: Container killed"})
    assert tasks(cloud) == []
    [stopped] = tasks(cloud, "STOPPED")
    [container] = stopped["containers"]
    assert stopped["stopCode"] == "EssentialContainerExited"
    assert (container["exitCode"], container["reason"][:11]) == (137, "OutOfMemory")
    cloud.advance(RESTART_S)
    [task] = tasks(cloud)
    assert task["taskArn"] != stopped["taskArn"]


def test_a_missing_image_stops_every_task_and_trips_the_breaker(cloud):
    cloud.client("ecr").batch_delete_image(
        repositoryName=REPOSITORY, imageIds=[{"imageTag": "v5.82.2-1"}]
    )
    update(cloud, taskDefinition=f"{TASK_FAMILY}:2")
    cloud.advance(BREAKER_S)
    stopped = tasks(cloud, "STOPPED")
    assert [task["stopCode"] for task in stopped] == ["TaskFailedToStart"] * 3
    assert stopped[0]["stoppedReason"].startswith("CannotPullContainerError: ")
    assert "startedAt" not in stopped[0]
    failed, first = deployments(cloud)
    assert (failed["status"], first["status"]) == ("ROLLBACK_IN_PROGRESS", "SUCCESSFUL")
    cloud.advance(ROLLOUT_S)
    found = cloud.client("ecs").describe_service_deployments(
        serviceDeploymentArns=[failed["serviceDeploymentArn"]]
    )["serviceDeployments"]
    assert found[0]["status"] == "ROLLBACK_SUCCESSFUL"
    assert found[0]["deploymentCircuitBreaker"]["failureCount"] == 3


def test_without_a_breaker_tasks_are_tried_on(cloud):
    off = {"deploymentCircuitBreaker": {"enable": False, "rollback": False}}
    cloud.post("deployments", {"fail": True})
    update(cloud, forceNewDeployment=True, deploymentConfiguration=off)
    cloud.advance(2 * BREAKER_S)
    assert len(tasks(cloud, "STOPPED")) == 6
    assert deployments(cloud)[0]["status"] == "IN_PROGRESS"


def test_tasks_are_asked_for_by_a_hundred(cloud):
    with pytest.raises(ClientError) as refusal:
        cloud.client("ecs").describe_tasks(cluster=CLUSTER, tasks=["a"] * 101)
    assert code_of(refusal) == "InvalidParameterException"


def test_the_targets_are_the_tasks(cloud):
    [(address, state)] = targets(cloud)
    assert (address, state) == ("10.0.2.17", "healthy")
    cloud.post("balancer", {"targets": "unhealthy"})
    assert targets(cloud) == [(address, "unhealthy")]
    update(cloud, desiredCount=0)
    cloud.advance(RESTART_S)
    assert targets(cloud) == []


def test_a_tag_that_is_immutable_stays(cloud):
    ecr = cloud.client("ecr")
    ecr.put_image_tag_mutability(repositoryName=REPOSITORY, imageTagMutability="IMMUTABLE")
    [image] = ecr.batch_get_image(
        repositoryName=REPOSITORY, imageIds=[{"imageTag": "v5.80.0-1"}]
    )["images"]
    with pytest.raises(ClientError) as refusal:
        ecr.put_image(
            repositoryName=REPOSITORY, imageManifest=image["imageManifest"], imageTag="v5.87.1-3"
        )
    assert code_of(refusal) == "ImageTagAlreadyExistsException"


def test_a_gateway_fails(cloud):
    ec2 = cloud.client("ec2")
    [gateway] = ec2.describe_nat_gateways()["NatGateways"]
    assert gateway["State"] == "available"
    cloud.post("network", {"nat": "failed"})
    [failed] = ec2.describe_nat_gateways(NatGatewayIds=[gateway["NatGatewayId"]])["NatGateways"]
    assert (failed["State"], failed["FailureCode"]) == ("failed", "Gateway.NotAttached")
    with pytest.raises(ClientError) as refusal:
        ec2.describe_nat_gateways(NatGatewayIds=["nat-0123456789abcdef0"])
    assert code_of(refusal) == "NatGatewayNotFound"


def test_a_subscription_by_mail_waits_for_its_subscriber(cloud):
    sns = cloud.client("sns")
    given = sns.subscribe(TopicArn=TOPIC, Protocol="email", Endpoint="ops@example.com")
    assert given["SubscriptionArn"] == "pending confirmation"

    def listed() -> str:
        [one] = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
        return one["SubscriptionArn"]

    assert listed() == "PendingConfirmation"
    cloud.post("sns", {"confirm": "ops@example.com"})
    assert listed().startswith(TOPIC)


def test_somebody_else_calls_and_it_is_not_among_the_calls(cloud):
    subscribe = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "ops@example.com"}
    cloud.post("act", {"service": "sns", "call": "subscribe", "parameters": subscribe})
    assert cloud.calls("Subscribe") == []
    assert len(cloud.client("sns").list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"])
