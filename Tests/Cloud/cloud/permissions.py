"""What a session with a policy of its own may do: the call's actions on its resources, or nothing.

By the Service Authorization Reference, for the calls that change something and that this cloud has.
"""

import fnmatch
import json

from .errors import AwsError
from .models import Call
from .names import ACCOUNT, REGION

PREFIXES = {"elbv2": "elasticloadbalancing", "sesv2": "ses"}
ACTIONS = {
    "s3:CopyObject": "s3:PutObject",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteObject": "s3:DeleteObjectVersion",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _end(name: str) -> str:
    return name.rpartition("/")[2]


def _database(*names: str):
    return lambda p: [_arn("rds", f"db:{p[n]}") for n in names]


def _restore(*names: tuple[str, str]):
    def resources(p: dict) -> list[str]:
        found = [_arn("rds", f"{kind}:{p[name]}") for kind, name in names]
        found.append(_arn("rds", "og:default:mysql-8-0"))
        given = {"subgrp": p.get("DBSubnetGroupName"), "pg": p.get("DBParameterGroupName")}
        return found + [_arn("rds", f"{kind}:{name}") for kind, name in given.items() if name]

    return resources


def _deletion(p: dict) -> list[str]:
    last = p.get("FinalDBSnapshotIdentifier")
    found = [_arn("rds", "db:" + p["DBInstanceIdentifier"])]
    return found + ([_arn("rds", f"snapshot:{last}")] if last else [])


def _stack(p: dict) -> list[str]:
    name = p.get("StackName") or "GhostInfraStack"
    return [name if name.startswith("arn:") else _arn("cloudformation", f"stack/{name}/id")]


def _bucket(p: dict) -> list[str]:
    return [f"arn:aws:s3:::{p['Bucket']}"]


def _object(p: dict) -> list[str]:
    return [f"arn:aws:s3:::{p['Bucket']}/{p['Key']}"]


def _identity(p: dict) -> list[str]:
    return [_arn("ses", "identity/" + p["EmailIdentity"])]


def _given(name: str):
    return lambda p: [p[name]]


def _named(service: str, kind: str, name: str):
    return lambda p: [_arn(service, kind + p[name])]


RESOURCES = {
    "acm:DeleteCertificate": _given("CertificateArn"),
    "acm:RequestCertificate": lambda p: ["*"],
    "cloudformation:ContinueUpdateRollback": _stack,
    "cloudformation:ExecuteChangeSet": _stack,
    "cloudformation:UpdateTerminationProtection": _stack,
    "cloudwatch:PutMetricAlarm": _named("cloudwatch", "alarm:", "AlarmName"),
    "ecr:PutImage": _named("ecr", "repository/", "repositoryName"),
    "ecr:PutImageTagMutability": _named("ecr", "repository/", "repositoryName"),
    "ecs:RegisterTaskDefinition": lambda p: ["*"],
    "ecs:StopServiceDeployment": _given("serviceDeploymentArn"),
    "ecs:UpdateService": lambda p: [
        _arn("ecs", f"service/{_end(p.get('cluster', 'default'))}/{_end(p['service'])}")
    ],
    "elasticloadbalancing:ModifyLoadBalancerAttributes": _given("LoadBalancerArn"),
    "events:PutRule": _named("events", "rule/", "Name"),
    "events:PutTargets": _named("events", "rule/", "Rule"),
    "logs:DeleteRetentionPolicy": _named("logs", "log-group:", "logGroupName"),
    "logs:PutRetentionPolicy": _named("logs", "log-group:", "logGroupName"),
    "rds:CopyDBSnapshot": lambda p: [
        _arn("rds", "snapshot:" + p["SourceDBSnapshotIdentifier"]),
        _arn("rds", "snapshot:" + p["TargetDBSnapshotIdentifier"]),
    ],
    "rds:CreateDBSnapshot": lambda p: [
        _arn("rds", "db:" + p["DBInstanceIdentifier"]),
        _arn("rds", "snapshot:" + p["DBSnapshotIdentifier"]),
    ],
    "rds:DeleteDBInstance": _deletion,
    "rds:ModifyDBInstance": _database("DBInstanceIdentifier"),
    "rds:RebootDBInstance": _database("DBInstanceIdentifier"),
    "rds:RestoreDBInstanceFromDBSnapshot": _restore(
        ("db", "DBInstanceIdentifier"), ("snapshot", "DBSnapshotIdentifier")
    ),
    "rds:RestoreDBInstanceToPointInTime": _restore(
        ("db", "SourceDBInstanceIdentifier"), ("db", "TargetDBInstanceIdentifier")
    ),
    "route53:ChangeResourceRecordSets": lambda p: [
        f"arn:aws:route53:::hostedzone/{_end(p['HostedZoneId'])}"
    ],
    "s3:DeleteBucket": _bucket,
    "s3:DeleteObjectVersion": _object,
    "s3:PutBucketVersioning": _bucket,
    "s3:PutLifecycleConfiguration": _bucket,
    "s3:PutObject": _object,
    "ses:CreateEmailIdentity": _identity,
    "ses:PutAccountDetails": lambda p: ["*"],
    "ses:PutAccountSendingAttributes": lambda p: ["*"],
    "ses:PutEmailIdentityMailFromAttributes": _identity,
    "ses:SendEmail": lambda p: [
        _arn("ses", "identity/" + p["FromEmailAddress"].rpartition("@")[2])
    ],
    "sns:CreateTopic": _named("sns", "", "Name"),
    "sns:Publish": _given("TopicArn"),
    "sns:SetTopicAttributes": _given("TopicArn"),
    "sns:Subscribe": _given("TopicArn"),
}


def needed(call: Call) -> list[tuple[str, str]]:
    """Every action the call needs, each with one resource; `*` where AWS knows none."""
    name = f"{PREFIXES.get(call.service, call.service)}:{call.operation}"
    action, p = ACTIONS.get(name, name), call.parameters
    found = [(action, resource) for resource in RESOURCES.get(action, lambda p: ["*"])(p)]
    if name == "s3:CopyObject":
        found.append(("s3:GetObjectVersion", _object(p)[0]))
    if name == "rds:CopyDBSnapshot":
        target = p["TargetDBSnapshotIdentifier"]
        found.append(("rds:AddTagsToResource", _arn("rds", f"snapshot:{target}")))
    if name == "ecs:RegisterTaskDefinition":
        if p.get("tags"):
            found.append(("ecs:TagResource", _arn("ecs", f"task-definition/{p['family']}:9")))
        roles = {p[n] for n in ("taskRoleArn", "executionRoleArn") if p.get(n)}
        found += [("iam:PassRole", role) for role in sorted(roles)]
    return found


def check(call: Call, policy: str | None) -> None:
    """Refuses what the policy of a session does not allow; a session without one may do all."""
    if policy is None:
        return
    statements = json.loads(policy)["Statement"]
    for action, resource in needed(call):
        if not any(_allows(statement, action, resource) for statement in statements):
            words = f"no session policy allows the {action} action on {resource}"
            raise AwsError("AccessDenied", f"User is not authorized: {words}", 403)


def _allows(statement: dict, action: str, resource: str) -> bool:
    if action not in statement["Action"]:
        return False
    return any(_matches(pattern, resource) for pattern in statement["Resource"])


def _matches(pattern: str, resource: str) -> bool:
    """Whether an ARN's pattern has a resource; `${*}` stands for the sign itself."""
    plain = pattern.replace("[", "[[]")
    for sign in "*?":
        plain = plain.replace("${%s}" % sign, f"[{sign}]")
    return fnmatch.fnmatchcase(resource, plain.replace("${$}", "$"))
