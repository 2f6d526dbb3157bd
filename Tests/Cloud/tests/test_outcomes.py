"""Runs on GitHub that change the cloud and the blog."""

import io
import json
import ssl
import urllib.request
import zipfile

import pytest
from cloud.names import CLUSTER, DATABASE, REPOSITORY, SERVICE, STACK
from ghost import process as blogs
from github import process
from test_github import call, dispatch, redirected, run_of

LONG_ENOUGH_S = 300
ROLLOUT_S = 70
ARTIFACTS = "/repos/example/ghost-blog/actions"


@pytest.fixture(scope="module")
def blog(tmp_path_factory):
    with blogs.running(tmp_path_factory.mktemp("blog")) as started:
        yield started


@pytest.fixture(scope="module")
def started(running, blog):
    with process.running("--cloud", running.url, "--ghost", blog.url) as github:
        yield github


@pytest.fixture
def github(started, cloud, blog):
    started.post("reset")
    blog.post("reset")
    return started


def run(github, file: str, **inputs) -> dict:
    """A run at its end."""
    number = dispatch(github, file, **inputs)[1]["workflow_run_id"]
    github.advance(LONG_ENOUGH_S)
    return run_of(github, number)


def home(blog) -> str:
    trusting = ssl._create_unverified_context()
    with urllib.request.urlopen(blog.url, timeout=30, context=trusting) as answer:
        return answer.read().decode()


def log(github, number: int) -> str:
    job = call(github, "GET", f"{ARTIFACTS}/runs/{number}/jobs")[1]["jobs"][0]
    there = redirected(github, f"{ARTIFACTS}/jobs/{job['id']}/logs")
    return call(github, "GET", there, token=None)[1].decode()


def test_an_image_is_pushed_and_rolled_out(github, cloud):
    ended = run(github, "image-deploy.yml")
    assert ended["conclusion"] == "success"
    latest = {"repositoryName": REPOSITORY, "imageIds": [{"imageTag": "latest"}]}
    [image] = cloud.client("ecr").describe_images(**latest)["imageDetails"]
    assert set(image["imageTags"]) == {"latest", "v5.87.1-5", ended["head_sha"]}
    cloud.advance(ROLLOUT_S)
    [task] = cloud.get("running")
    assert "v5.87.1-5" in task["tags"]
    who = cloud.client("cloudtrail").lookup_events()["Events"][0]
    assert (who["EventName"], who["Username"]) == ("UpdateService", f"github-{ended['id']}")


def test_an_image_that_is_there_is_rolled_out_without_being_built(github, cloud):
    ended = run(github, "image-deploy.yml", image_tag="v5.87.1-2")
    assert "v5.87.1-2 is there already" in log(github, ended["id"])
    assert cloud.calls("PutImage") == []
    cloud.advance(ROLLOUT_S)
    assert "v5.87.1-2" in cloud.get("running")[0]["tags"]


def test_the_theme_of_an_earlier_commit_is_uploaded(github, blog):
    listed = call(github, "GET", "/repos/example/ghost-blog/commits?path=theme/")[1]
    assert 'content="ghost-blog-theme 1.4.0"' in home(blog)
    run(github, "theme-deploy.yml", sha=listed[1]["sha"], change_id="CR-3")
    assert 'content="ghost-blog-theme 1.3.0"' in home(blog)


def test_a_theme_that_ghost_refuses_fails_the_run(github, blog):
    github.post("commit", {"message": "Theme: no post", "files": {"theme/post.hbs": None}})
    github.advance(LONG_ENOUGH_S)
    newest = call(github, "GET", f"{ARTIFACTS}/runs")[1]["workflow_runs"][0]
    assert (newest["event"], newest["conclusion"]) == ("push", "failure")
    assert "ThemeValidationError" in log(github, newest["id"])
    assert 'content="ghost-blog-theme 1.4.0"' in home(blog)


def test_a_plan_leaves_a_change_set_and_apply_executes_that_one(github, cloud):
    planned = run(github, "infra-deploy.yml", mode="plan", change_set="cr-12", change_id="CR-12")
    cloud.advance(5)
    cloudformation = cloud.client("cloudformation")
    [made] = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    assert (made["ChangeSetName"], made["ExecutionStatus"]) == ("cr-12", "AVAILABLE")
    changes = cloudformation.describe_change_set(ChangeSetName=made["ChangeSetId"])["Changes"]
    assert [c["ResourceChange"]["PhysicalResourceId"] for c in changes] == [DATABASE]
    [kept] = call(github, "GET", f"{ARTIFACTS}/runs/{planned['id']}/artifacts")[1]["artifacts"]
    assert kept["name"] == "cdk-diff"
    there = redirected(github, f"{ARTIFACTS}/artifacts/{kept['id']}/zip")
    with zipfile.ZipFile(io.BytesIO(call(github, "GET", there, token=None)[1])) as archive:
        text = archive.read("cdk-diff.txt").decode()
    assert "[~] AWS::RDS::DBInstance" in text
    assert "[+] 7" in text

    applied = run(github, "infra-deploy.yml", mode="apply", change_set=made["ChangeSetId"])
    assert applied["conclusion"] == "success"
    cloud.advance(60)
    found = cloud.client("rds").describe_db_instances(DBInstanceIdentifier=DATABASE)
    assert found["DBInstances"][0]["BackupRetentionPeriod"] == 7


def test_a_plan_of_an_earlier_commit_is_a_plan_to_go_back(github, cloud):
    run(github, "infra-deploy.yml", mode="plan", change_set="forward")
    cloud.advance(5)
    cloudformation = cloud.client("cloudformation")
    [made] = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    run(github, "infra-deploy.yml", mode="apply", change_set=made["ChangeSetId"])
    cloud.advance(60)
    first = call(github, "GET", "/repos/example/ghost-blog/commits?path=infra/")[1][-1]["sha"]
    run(github, "infra-deploy.yml", mode="plan", change_set="back", sha=first)
    cloud.advance(5)
    back = cloudformation.list_change_sets(StackName=STACK)["Summaries"][-1]["ChangeSetId"]
    described = cloudformation.describe_change_set(ChangeSetName=back, IncludePropertyValues=True)
    [detail] = described["Changes"][0]["ResourceChange"]["Details"]
    assert (detail["Target"]["BeforeValue"], detail["Target"]["AfterValue"]) == ("7", "1")


def test_apply_without_a_change_set_fails_and_so_does_an_obsolete_one(github, cloud):
    assert run(github, "infra-deploy.yml", mode="apply")["conclusion"] == "failure"
    run(github, "infra-deploy.yml", mode="plan", change_set="cr-1")
    cloud.advance(5)
    cloudformation = cloud.client("cloudformation")
    [made] = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    cloud.post("stack", {"update": {"ServiceD69D759B": {"DesiredCount": 2}}})
    ended = run(github, "infra-deploy.yml", mode="apply", change_set=made["ChangeSetId"])
    assert ended["conclusion"] == "failure"
    assert "OBSOLETE" in log(github, ended["id"])


def test_settings_that_are_not_there_leave_nothing_half_done(github, cloud):
    settings = json.dumps({"colour": "blue"})
    files = {"infra/settings.json": settings}
    github.post("commit", {"message": "Infra: colour", "files": files})
    ended = run(github, "infra-deploy.yml", mode="plan")
    assert ended["conclusion"] == "failure"
    assert cloud.client("cloudformation").list_change_sets(StackName=STACK)["Summaries"] == []
    service = cloud.client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE])
    assert service["services"][0]["deployments"][0]["rolloutState"] == "COMPLETED"
