"""Builds GhostInfraStack in moto, through the public AWS API alone."""

import functools
import json
import pathlib

import yaml

from . import content
from .moto import Moto
from .names import (
    ACCOUNT,
    ANCHORS_BUCKET,
    BUCKET,
    CLUSTER,
    DATABASE_SECRET,
    DOMAIN,
    LOG_GROUP,
    REGION,
    REPOSITORY,
    RUN_ROLE,
    SERVICE,
    STACK,
    TASK_FAMILY,
    ZONE,
)

TEMPLATE = pathlib.Path(__file__).with_name("stack.yaml")
RANDOM_SEED = 20260101  # the same random ids in every run
IMAGE_TAGS = ["v5.82.2-1", "v5.87.1-2", "v5.87.1-3"]  # revisions 2, 3 and 4, the last one running

# Types that moto's CloudFormation cannot make. They are made by their own APIs, and the front adds
# their rows to the stack.
NOT_BUILT_BY_MOTO = {
    "AWS::S3::BucketPolicy",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::CertificateManager::Certificate",
    "AWS::SES::EmailIdentity",
    "AWS::CDK::Metadata",
}


@functools.cache
def template() -> dict:
    """The whole template, the six types included. Not to be changed by its readers."""
    return yaml.safe_load(TEMPLATE.read_text())


def build(moto: Moto, random_seed: int = RANDOM_SEED) -> list[dict]:
    """Empties moto and builds the stack; returns the rows moto does not have, or not whole."""
    moto.reset(random_seed)
    certificate = moto.client("acm").request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")[
        "CertificateArn"
    ]
    secret = moto.client("secretsmanager").create_secret(
        Name=DATABASE_SECRET,
        SecretString=json.dumps({"username": "ghost", "password": "not-a-real-password"}),
    )["ARN"]
    physical = _create_stack(moto, certificate)
    _mend_service(moto, physical)
    _mend_bucket(moto)
    _mend_repository(moto)
    _make_anchors_bucket(moto)
    moto.client("logs").put_retention_policy(logGroupName=LOG_GROUP, retentionInDays=731)
    content.fill(moto, physical)
    ids = {
        "GhostMediaPolicy": BUCKET,
        "DatabaseSecret3B817195": secret,
        "DatabaseSecretAttachmentE5D1B020": secret,
        "Certificate4E7ABB08": certificate,
        "EmailIdentity": ZONE,
        "CDKMetadata": "5c0b7f70-6a4e-11f0-8a55-0a58a9feac02",
        "DatabaseSubnetGroup": _subnet_group(moto),
        "DatabaseSecurityGroupfromService": _ingress_rule(moto, physical),
    }
    _make_run_role(moto)
    resources = template()["Resources"]
    return [
        {"LogicalResourceId": n, "ResourceType": resources[n]["Type"], "PhysicalResourceId": ids[n]}
        for n in ids
    ]


def _create_stack(moto: Moto, certificate: str) -> dict[str, str]:
    """Creates the stack and returns physical ids by logical id."""
    resources = {
        name: resource
        for name, resource in template()["Resources"].items()
        if resource["Type"] not in NOT_BUILT_BY_MOTO
    }
    listener = json.loads(json.dumps(resources["LBListener49E825B4"]))
    listener["Properties"]["Certificates"] = [{"CertificateArn": certificate}]
    resources["LBListener49E825B4"] = listener
    cloudformation = moto.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(template() | {"Resources": resources}),
        Capabilities=["CAPABILITY_IAM"],
        Tags=[{"Key": "app", "Value": "ghost"}],
    )
    rows = cloudformation.list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}


def _mend_service(moto: Moto, physical: dict[str, str]) -> None:
    """Makes the service and its revisions again, whole: moto's CloudFormation drops most of it."""
    moto.client("ec2").modify_vpc_attribute(
        VpcId=physical["VpcC3027511"], EnableDnsHostnames={"Value": True}
    )
    ecs = moto.client("ecs")
    ecs.delete_service(cluster=CLUSTER, service=SERVICE, force=True)
    described = ecs.describe_task_definition(taskDefinition=TASK_FAMILY)["taskDefinition"]
    containers = described["containerDefinitions"]
    task_role = _role_arn(moto, physical["TaskDefTaskRole1EDB4A67"])
    execution_role = _role_arn(moto, physical["TaskDefExecutionRoleB4775C97"])
    for tag in IMAGE_TAGS:
        image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{REPOSITORY}:{tag}"
        revision = ecs.register_task_definition(
            family=TASK_FAMILY,
            cpu="256",
            memory="512",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            runtimePlatform={"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            taskRoleArn=task_role,
            executionRoleArn=execution_role,
            containerDefinitions=[containers[0] | {"image": image}],
        )["taskDefinition"]["taskDefinitionArn"]
    _create_service(ecs, physical, revision)


def _create_service(ecs, physical: dict[str, str], revision: str) -> None:
    ecs.create_service(
        cluster=CLUSTER,
        serviceName=SERVICE,
        taskDefinition=revision,
        desiredCount=1,
        launchType="FARGATE",
        platformVersion="1.4.0",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": [
                    physical["VpcPrivateSubnet1Subnet"],
                    physical["VpcPrivateSubnet2Subnet"],
                ],
                "securityGroups": [physical["ServiceSecurityGroupC96ED6A7"]],
                "assignPublicIp": "DISABLED",
            }
        },
        loadBalancers=[
            {
                "targetGroupArn": physical["LBListenerECSGroup"],
                "containerName": "ghost",
                "containerPort": 2368,
            }
        ],
    )


def _make_run_role(moto: Moto) -> None:
    """The role that runs of changes take on, each in a session with a policy of its own."""
    trust = {"Version": "2012-10-17", "Statement": []}
    moto.client("iam").create_role(
        RoleName=RUN_ROLE, AssumeRolePolicyDocument=json.dumps(trust)
    )


def _role_arn(moto: Moto, name: str) -> str:
    return moto.client("iam").get_role(RoleName=name)["Role"]["Arn"]


def _subnet_group(moto: Moto) -> str:
    groups = moto.client("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    return groups[0]["DBSubnetGroupName"]


def _ingress_rule(moto: Moto, physical: dict[str, str]) -> str:
    group = physical["DatabaseSecurityGroup5C91FDCB"]
    rules = moto.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )["SecurityGroupRules"]
    return next(r["SecurityGroupRuleId"] for r in rules if not r["IsEgress"])


def _mend_bucket(moto: Moto) -> None:
    """Gives the bucket its policy, and the protection AWS gives every new bucket since 2023, but
    for what would forbid that policy."""
    s3 = moto.client("s3")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    _block_public_access(moto, BUCKET, but_for_policies=True)
    _encrypt(moto, BUCKET)


def _mend_repository(moto: Moto) -> None:
    """Has images scanned, as the template says."""
    moto.client("ecr").put_image_scanning_configuration(
        repositoryName=REPOSITORY, imageScanningConfiguration={"scanOnPush": True}
    )


def _make_anchors_bucket(moto: Moto) -> None:
    """A bucket for the anchors of a portal's log, whose objects may ask not to be deleted."""
    moto.client("s3").create_bucket(
        Bucket=ANCHORS_BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    _block_public_access(moto, ANCHORS_BUCKET)
    _encrypt(moto, ANCHORS_BUCKET)


def _encrypt(moto: Moto, bucket: str) -> None:
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    moto.client("s3").put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [encryption]}
    )


def _block_public_access(moto: Moto, bucket: str, but_for_policies: bool = False) -> None:
    moto.client("s3").put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": not but_for_policies,
            "RestrictPublicBuckets": not but_for_policies,
        },
    )
