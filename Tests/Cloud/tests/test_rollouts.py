"""Images and how they are rolled out, stopped and rolled back, on a clock the test advances."""

import pytest
from botocore.exceptions import ClientError
from cloud.names import CLUSTER, REPOSITORY, SERVICE, TASK_FAMILY

HEALTHY_S, ROLLOUT_S, BREAKER_S, STOP_S = 40, 70, 120, 10
IMAGE = {"repositoryName": REPOSITORY}


def deploy(cloud, revision: int) -> str:
    """The ARN of the deployment that begins."""
    definition = f"{TASK_FAMILY}:{revision}"
    ecs = cloud.client("ecs")
    ecs.update_service(cluster=CLUSTER, service=SERVICE, taskDefinition=definition)
    return rollouts(cloud)[0]["serviceDeploymentArn"]


def rollouts(cloud, **filters) -> list[dict]:
    ecs = cloud.client("ecs")
    listed = ecs.list_service_deployments(cluster=CLUSTER, service=SERVICE, **filters)
    return listed["serviceDeployments"]


def rollout(cloud, arn: str) -> dict:
    ecs = cloud.client("ecs")
    [found] = ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"]
    return found


def images(cloud, arn: str) -> list[dict]:
    """What a service revision runs."""
    found = cloud.client("ecs").describe_service_revisions(serviceRevisionArns=[arn])
    return found["serviceRevisions"][0]["containerImages"]


def digest(cloud, tag: str) -> str:
    found = cloud.client("ecr").describe_images(**IMAGE, imageIds=[{"imageTag": tag}])
    return found["imageDetails"][0]["imageDigest"]


def manifest(cloud, tag: str) -> str:
    found = cloud.client("ecr").batch_get_image(**IMAGE, imageIds=[{"imageTag": tag}])
    return found["images"][0]["imageManifest"]


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def test_a_deployment_waits_goes_on_and_succeeds(cloud):
    cloud.post("deployments", {"pending_s": 5})
    arn = deploy(cloud, 3)
    assert rollout(cloud, arn)["status"] == "PENDING"
    cloud.advance(6)
    going = rollout(cloud, arn)
    assert (going["status"], going["lifecycleStage"]) == ("IN_PROGRESS", "SCALE_UP")
    assert going["deploymentCircuitBreaker"]["status"] == "MONITORING"
    cloud.advance(ROLLOUT_S)
    done = rollout(cloud, arn)
    assert done["status"] == "SUCCESSFUL"
    assert done["deploymentCircuitBreaker"]["status"] == "MONITORING_COMPLETE"
    assert done["finishedAt"]
    [image] = images(cloud, done["targetServiceRevision"]["arn"])
    assert image["imageDigest"] == digest(cloud, "v5.87.1-2")


def test_an_image_that_fails_is_rolled_back_to_the_one_before(cloud):
    cloud.post("deployments", {"failing_images": ["v5.87.1-2"]})
    arn = deploy(cloud, 3)
    cloud.advance(BREAKER_S)
    failing = rollout(cloud, arn)
    assert failing["status"] == "ROLLBACK_IN_PROGRESS"
    breaker = failing["deploymentCircuitBreaker"]
    assert (breaker["status"], breaker["failureCount"], breaker["threshold"]) == ("TRIGGERED", 3, 3)
    cloud.advance(ROLLOUT_S)
    done = rollout(cloud, arn)
    assert done["status"] == "ROLLBACK_SUCCESSFUL"
    assert "circuit breaker" in done["rollback"]["reason"]
    [image] = images(cloud, done["rollback"]["serviceRevisionArn"])
    assert image["imageDigest"] == digest(cloud, "v5.87.1-3")


def test_a_roll_back_may_fail_too(cloud):
    cloud.post("deployments", {"failing_images": ["v5.87.1-2"], "fail_rollback": True})
    arn = deploy(cloud, 3)
    cloud.advance(BREAKER_S)
    cloud.advance(BREAKER_S)
    assert rollout(cloud, arn)["status"] == "ROLLBACK_FAILED"


def test_a_deployment_is_stopped_and_rolled_back(cloud):
    arn = deploy(cloud, 3)
    ecs = cloud.client("ecs")
    ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert rollout(cloud, arn)["status"] == "ROLLBACK_REQUESTED"
    with pytest.raises(ClientError) as refusal:
        ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert code_of(refusal) == "ConflictException"
    cloud.advance(STOP_S)
    assert rollout(cloud, arn)["status"] == "ROLLBACK_IN_PROGRESS"
    cloud.advance(ROLLOUT_S)
    assert rollout(cloud, arn)["status"] == "ROLLBACK_SUCCESSFUL"
    now = ecs.describe_services(cluster=CLUSTER, services=[SERVICE])["services"][0]
    assert now["taskDefinition"].endswith(f"{TASK_FAMILY}:4")


def test_an_aborted_deployment_leaves_things_as_they_are(cloud):
    arn = deploy(cloud, 3)
    ecs = cloud.client("ecs")
    ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    assert rollout(cloud, arn)["status"] == "STOP_REQUESTED"
    cloud.advance(STOP_S)
    stopped = rollout(cloud, arn)
    assert (stopped["status"], "rollback" in stopped) == ("STOPPED", False)
    again = deploy(cloud, 4)
    cloud.advance(ROLLOUT_S)
    assert rollout(cloud, again)["status"] == "SUCCESSFUL"
    with pytest.raises(ClientError) as refusal:
        ecs.stop_service_deployment(serviceDeploymentArn=again, stopType="ABORT")
    assert code_of(refusal) == "ConflictException"
    with pytest.raises(ClientError) as refusal:
        ecs.stop_service_deployment(serviceDeploymentArn=f"{arn}x", stopType="ABORT")
    assert code_of(refusal) == "ServiceDeploymentNotFoundException"


def test_deployments_are_listed_by_status(cloud):
    deploy(cloud, 3)
    assert len(rollouts(cloud, status=["IN_PROGRESS"])) == 1
    assert len(rollouts(cloud, status=["SUCCESSFUL"])) == 1
    assert rollouts(cloud)[0]["targetServiceRevisionArn"].rpartition(":")[2].startswith("service-")


def test_a_tag_is_looked_up_once_a_deployment(cloud):
    ecr = cloud.client("ecr")
    deploy(cloud, 3)
    cloud.advance(ROLLOUT_S)
    before = digest(cloud, "v5.87.1-2")
    ecr.put_image(**IMAGE, imageTag="v5.87.1-2", imageManifest=manifest(cloud, "v5.80.0-1"))
    assert digest(cloud, "v5.87.1-2") != before
    ecs = cloud.client("ecs")
    ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=2)
    cloud.advance(HEALTHY_S)
    tasks = ecs.list_tasks(cluster=CLUSTER, serviceName=SERVICE)["taskArns"]
    described = ecs.describe_tasks(cluster=CLUSTER, tasks=tasks)["tasks"]
    assert {task["containers"][0]["imageDigest"] for task in described} == {before}
    ecs.update_service(cluster=CLUSTER, service=SERVICE, forceNewDeployment=True)
    newest = rollouts(cloud)[0]["targetServiceRevisionArn"]
    assert images(cloud, newest)[0]["imageDigest"] == digest(cloud, "v5.80.0-1")


def test_an_immutable_tag_is_not_moved_unless_it_is_excluded(cloud):
    ecr = cloud.client("ecr")
    ecr.put_image_tag_mutability(
        **IMAGE,
        imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "latest*"}],
    )
    other = manifest(cloud, "v5.80.0-1")
    for tag in ("v5.87.1-3", "v5.87.1-2"):
        ecr.put_image(**IMAGE, imageTag="latest", imageManifest=manifest(cloud, tag))
    with pytest.raises(ClientError) as refusal:
        ecr.put_image(**IMAGE, imageTag="v5.87.1-3", imageManifest=other)
    assert code_of(refusal) == "ImageTagAlreadyExistsException"
    assert digest(cloud, "latest") == digest(cloud, "v5.87.1-2")


def test_an_archived_image_must_be_restored_before_it_runs(cloud):
    cloud.post("images", {"archive": "v5.87.1-2"})
    ecr = cloud.client("ecr")
    shown = ecr.describe_images(**IMAGE)["imageDetails"]
    assert ["v5.87.1-2"] not in [image["imageTags"] for image in shown]
    all_of_them = ecr.describe_images(**IMAGE, filter={"imageStatus": "ANY"})["imageDetails"]
    assert {image["imageStatus"] for image in all_of_them} == {"ACTIVE", "ARCHIVED"}
    asked = [{"imageTag": "v5.87.1-2"}, {"imageTag": "nothing"}]
    failures = ecr.batch_get_image(**IMAGE, imageIds=asked)["failures"]
    assert [f["failureCode"] for f in failures] == ["ImageInaccessible", "ImageNotFound"]
    arn = deploy(cloud, 3)
    cloud.advance(BREAKER_S)
    assert rollout(cloud, arn)["status"] == "ROLLBACK_IN_PROGRESS"
    cloud.advance(ROLLOUT_S)
    wanted = {"imageTag": "v5.87.1-2"}
    answer = ecr.update_image_storage_class(**IMAGE, imageId=wanted, targetStorageClass="STANDARD")
    assert answer["imageStatus"] == "ACTIVATING"
    cloud.advance(1_200)
    again = deploy(cloud, 3)
    cloud.advance(ROLLOUT_S)
    assert rollout(cloud, again)["status"] == "SUCCESSFUL"


def test_a_repository_has_the_lifecycle_policy_it_was_given(cloud):
    ecr = cloud.client("ecr")
    with pytest.raises(ClientError) as refusal:
        ecr.get_lifecycle_policy(**IMAGE)
    assert code_of(refusal) == "LifecyclePolicyNotFoundException"
    rule = '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": '
    rule += '"imageCountMoreThan", "countNumber": 10}, "action": {"type": "expire"}}]}'
    ecr.put_lifecycle_policy(**IMAGE, lifecyclePolicyText=rule)
    assert ecr.get_lifecycle_policy(**IMAGE)["lifecyclePolicyText"] == rule


def test_an_inactive_revision_is_not_deployed(cloud):
    ecs = cloud.client("ecs")
    gone = ecs.deregister_task_definition(taskDefinition=f"{TASK_FAMILY}:2")["taskDefinition"]
    assert gone["status"] == "INACTIVE"
    listed = ecs.list_task_definitions(familyPrefix=TASK_FAMILY, status="INACTIVE")
    assert [arn.rpartition(":")[2] for arn in listed["taskDefinitionArns"]] == ["2"]
    with pytest.raises(ClientError) as refusal:
        deploy(cloud, 2)
    assert code_of(refusal) == "ClientException"
