"""The bucket of images: who may read it, and what of it can be brought back."""

import pytest
from botocore.exceptions import ClientError
from cloud.names import ANCHORS_BUCKET, BUCKET

KEY = "content/images/2026/01/hero.jpg"


@pytest.fixture
def s3(cloud):
    return cloud.client("s3")


def code_of(refusal) -> str:
    return refusal.value.response["Error"]["Code"]


def root_of(client, operation: str, call) -> bytes:
    """The body of the answer, which must begin with the root of AWS's reference."""
    seen = []
    client.meta.events.register(
        f"before-parse.s3.{operation}", lambda response_dict, **_: seen.append(response_dict)
    )
    call()
    return seen[0]["body"]


def test_a_policy_for_everybody_is_public(s3):
    status = s3.get_bucket_policy_status(Bucket=BUCKET)["PolicyStatus"]
    assert status == {"IsPublic": True}
    with pytest.raises(ClientError) as refusal:
        s3.get_bucket_policy_status(Bucket=ANCHORS_BUCKET)
    assert code_of(refusal) == "NoSuchBucketPolicy"


def test_the_policys_status_has_the_root_of_the_reference(s3):
    body = root_of(
        s3, "GetBucketPolicyStatus", lambda: s3.get_bucket_policy_status(Bucket=BUCKET)
    )
    assert b"<PolicyStatus" in body and b"Response" not in body


def test_every_bucket_is_encrypted_and_one_open_to_policies(s3):
    for bucket, is_closed in ((BUCKET, False), (ANCHORS_BUCKET, True)):
        answer = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        assert answer["BlockPublicAcls"] and answer["RestrictPublicBuckets"] == is_closed
        [rule] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"][
            "Rules"
        ]
        assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_lifecycle_is_kept(cloud, s3):
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "content/"}}
    rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": 30}
    with pytest.raises(ClientError) as refusal:
        s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
    assert code_of(refusal) == "NoSuchLifecycleConfiguration"
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"] == [rule]
    assert cloud.get("violations") == []


def test_a_configuration_needs_the_checksum_of_its_body(cloud, s3):
    def broken(request, **_):
        for name in list(request.headers):
            if name.lower().startswith("x-amz-checksum"):
                del request.headers[name]

    s3.meta.events.register("before-sign.s3.PutBucketVersioning", broken)
    with pytest.raises(ClientError) as refusal:
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert code_of(refusal) == "InvalidRequest"
    [violation] = cloud.get("violations")
    assert violation["operation"] == "PutBucketVersioning"


def test_a_checksum_of_another_body_is_refused(s3):
    with pytest.raises(ClientError) as refusal:
        s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"1", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    assert code_of(refusal) == "BadDigest"


def test_a_deleted_object_comes_back_with_its_marker_gone(s3):
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket=BUCKET, Key=KEY)
    [marker] = s3.list_object_versions(Bucket=BUCKET, Prefix=KEY)["DeleteMarkers"]
    with pytest.raises(ClientError) as refusal:
        s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId="nonsense")
    assert code_of(refusal) == "InvalidArgument"
    s3.delete_object(Bucket=BUCKET, Key=KEY, VersionId=marker["VersionId"])
    assert s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == b"x" * 2048
