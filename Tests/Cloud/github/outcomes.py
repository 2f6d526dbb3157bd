"""What the end of a run does elsewhere: images, themes and change sets.

With a cloud and a blog the runs of the demo do in them what the example workflows say, so that a
deployment by way of GitHub can be followed to its end.
"""

import json
import re
import ssl
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.exceptions import ClientError

from cloud.content import manifest
from cloud.names import (
    ACCESS_KEY_ID,
    ACCOUNT,
    CLUSTER,
    DEPLOY_ROLE,
    REGION,
    SECRET_ACCESS_KEY,
    SERVICE,
    STACK,
    TASK_FAMILY,
)
from cloud.names import REPOSITORY as IMAGES
from ghost import themes, tokens

from . import synthesis
from .actions import packed
from .history import Commit, History
from .runs import Run

TIMEOUT_S = 30
ARTIFACT = "cdk-diff"
KEPT = (
    "family cpu memory networkMode requiresCompatibilities runtimePlatform taskRoleArn "
    "executionRoleArn containerDefinitions"
).split()


class Outcomes:
    """Does nothing where there is no cloud, or no blog."""

    def __init__(self, cloud: str | None, ghost: str | None):
        self._cloud = cloud
        self._ghost = ghost

    def __call__(self, run: Run, history: History) -> list[str]:
        """Returns what the log of the run says of it; raises when it did not work."""
        deeds = {
            "image-deploy.yml": self._deploy_image,
            "theme-deploy.yml": self._deploy_theme,
            "infra-deploy.yml": self._deploy_infrastructure,
        }
        return deeds[run.workflow.file](run, history)

    def _deploy_image(self, run: Run, _) -> list[str]:
        """Pushes the image, unless its tag is there, and rolls it out."""
        dockerfile = run.commit.files["image/Dockerfile"].decode()
        version = re.search(r"^FROM ghost:([0-9.]+)", dockerfile, re.MULTILINE)[1]
        tag = run.inputs.get("image_tag") or f"v{version}-{run.number}"
        if self._cloud is None:
            return [f"tag={tag}"]
        ecr, ecs = self._client("ecr", run), self._client("ecs", run)
        log = [f"tag={tag}"]
        if _has(ecr, tag):
            log.append(f"{tag} is there already")
        else:
            for each in (tag, run.commit.sha, "latest"):
                _put(ecr, manifest(f"{run.commit.sha} {tag}"), each)
            log.append(f"pushed {tag}, {run.commit.sha} and latest")
        known = ecs.describe_task_definition(taskDefinition=TASK_FAMILY)["taskDefinition"]
        definition = {name: known[name] for name in KEPT}
        image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{IMAGES}:{tag}"
        definition["containerDefinitions"][0]["image"] = image
        made = ecs.register_task_definition(**definition)["taskDefinition"]["taskDefinitionArn"]
        ecs.update_service(cluster=CLUSTER, service=SERVICE, taskDefinition=made)
        return [*log, f"deployed {made}"]

    def _deploy_theme(self, run: Run, history: History) -> list[str]:
        """Uploads the theme of a commit under the name in its package.json."""
        commit = _commit(run, history)
        folder = "theme/"
        files = {
            path.removeprefix(folder): content
            for path, content in commit.files.items()
            if path.startswith(folder)
        }
        name = json.loads(files["package.json"])["name"]
        if self._ghost is None:
            return [f"uploaded {name} of {commit.sha}"]
        uploaded = self._upload(f"{name}.zip", themes.Theme(name, files).zipped())
        return [f"uploaded {name} of {commit.sha}: {json.dumps(uploaded)}"]

    def _deploy_infrastructure(self, run: Run, history: History) -> list[str]:
        """Leaves a change set, or executes the one it was given."""
        named = run.inputs.get("change_set")
        if run.inputs.get("mode") == "apply":
            if not named:
                raise ValueError("apply needs the ARN of a change set")
            if self._cloud:
                self._client("cloudformation", run).execute_change_set(ChangeSetName=named)
            return [f"executed {named}"]
        commit = _commit(run, history)
        wanted = synthesis.template(commit, run.inputs.get("image_tag", ""))
        before = self._deployed(run) or synthesis.template(history.commits[0], "")
        text = synthesis.difference(before, wanted)
        run.artifacts[ARTIFACT] = packed({"cdk-diff.txt": text.encode()})
        name = named or f"plan-{run.id}"
        if self._cloud is None:
            return [*text.splitlines(), f"change set {name}"]
        made = self._client("cloudformation", run).create_change_set(
            StackName=STACK,
            ChangeSetName=name,
            Description=f"{run.title} of {commit.sha}",
            TemplateBody=json.dumps(wanted),
            Capabilities=["CAPABILITY_IAM"],
        )
        return [*text.splitlines(), f"change set {made['Id']}"]

    def _deployed(self, run: Run) -> dict | None:
        if self._cloud is None:
            return None
        cloudformation = self._client("cloudformation", run)
        found = cloudformation.get_template(StackName=STACK, TemplateStage="Processed")
        return found["TemplateBody"]

    def _client(self, service: str, run: Run):
        """A client with the role of the runs, in a session that names this one."""
        settings = {"region_name": REGION, "endpoint_url": self._cloud}
        sts = boto3.client(
            "sts",
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            **settings,
        )
        role = f"arn:aws:iam::{ACCOUNT}:role/{DEPLOY_ROLE}"
        given = sts.assume_role(RoleArn=role, RoleSessionName=f"github-{run.id}")["Credentials"]
        return boto3.client(
            service,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            **settings,
        )

    def _upload(self, name: str, content: bytes) -> dict:
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        fields = {
            "Authorization": f"Ghost {tokens.token(tokens.INTEGRATION_KEY)}",
            "Content-Type": f"multipart/form-data; boundary={mark}",
        }
        url = f"{self._ghost}/ghost/api/admin/themes/upload/"
        request = urllib.request.Request(url, body, fields, method="POST")
        # The blog's authority is made anew at each of its starts, and it is on this computer.
        trusting = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=trusting) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            words = refusal.read().decode(errors="replace")
            raise ValueError(f"Ghost answered {refusal.code}: {words}") from None


def _commit(run: Run, history: History) -> Commit:
    """The one that was asked for, or else that of the branch."""
    wanted = run.inputs.get("sha")
    commit = history.find(wanted) if wanted else run.commit
    if commit is None:
        raise ValueError(f"no commit {wanted}")
    return commit


def _has(ecr, tag: str) -> bool:
    try:
        ecr.describe_images(repositoryName=IMAGES, imageIds=[{"imageTag": tag}])
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] != "ImageNotFoundException":
            raise
        return False
    return True


def _put(ecr, image: str, tag: str) -> None:
    try:
        ecr.put_image(repositoryName=IMAGES, imageManifest=image, imageTag=tag)
    except ClientError as refusal:
        # That very image has the tag already.
        if refusal.response["Error"]["Code"] != "ImageAlreadyExistsException":
            raise
