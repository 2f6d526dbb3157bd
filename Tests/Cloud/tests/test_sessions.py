"""Sessions with a policy of their own may do what it says and nothing else."""

import json

import pytest
from botocore.exceptions import ClientError
from cloud.names import ACCOUNT, BUCKET, RUN_ROLE

ARN = f"arn:aws:s3:::{BUCKET}"
VERSIONING = {"Bucket": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}


def _s3(cloud, action: str, resource: str):
    statement = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    given = cloud.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{RUN_ROLE}",
        RoleSessionName="caretaker-change-1",
        SourceIdentity="ana",
        DurationSeconds=900,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )["Credentials"]
    return cloud.client(
        "s3",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def test_what_the_policy_names_is_done(cloud):
    _s3(cloud, "s3:PutBucketVersioning", ARN).put_bucket_versioning(**VERSIONING)
    assert [call["session"] for call in cloud.calls("PutBucketVersioning")] == [
        "caretaker-change-1"
    ]


@pytest.mark.parametrize(
    "action, resource",
    [("s3:DeleteBucket", ARN), ("s3:PutBucketVersioning", "arn:aws:s3:::other")],
)
def test_another_action_or_resource_is_refused(cloud, action, resource):
    with pytest.raises(ClientError, match="AccessDenied"):
        _s3(cloud, action, resource).put_bucket_versioning(**VERSIONING)
    assert cloud.get("violations") == []
