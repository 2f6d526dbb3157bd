"""What no correct client sends is refused, and written down as a violation."""

import datetime
import json
import urllib.error
import urllib.request

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from cloud.names import ACCESS_KEY_ID, ACCOUNT, BUCKET, CLUSTER, SECRET_ACCESS_KEY, SERVICE

TARGET = "AmazonEC2ContainerServiceV20141113.DescribeServices"


def signed(cloud, body: str, target: str = TARGET, secret: str = SECRET_ACCESS_KEY) -> AWSRequest:
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", cloud.url + "/", headers=headers, data=body)
    SigV4Auth(Credentials(ACCESS_KEY_ID, secret), "ecs", "us-west-2").add_auth(request)
    return request


def send(request: AWSRequest, body: str | None = None) -> tuple[int, dict]:
    data = (body if body is not None else request.data).encode()
    wire = urllib.request.Request(request.url, data, dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(wire, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


BODY = json.dumps({"cluster": CLUSTER, "services": [SERVICE]})


def test_a_right_signature_is_taken(cloud):
    status, answer = send(signed(cloud, BODY))
    assert (status, answer["services"][0]["serviceName"]) == (200, SERVICE)
    assert cloud.get("violations") == []


def test_a_changed_body_is_refused(cloud):
    status, answer = send(signed(cloud, BODY), BODY + " ")
    assert (status, answer["__type"]) == (403, "InvalidSignatureException")
    assert [v["code"] for v in cloud.get("violations")] == ["InvalidSignatureException"]


def test_a_wrong_secret_is_refused(cloud):
    status, answer = send(signed(cloud, BODY, secret="x" * 40))
    assert (status, answer["__type"]) == (403, "InvalidSignatureException")


def test_an_unsigned_header_is_refused(cloud):
    request = signed(cloud, BODY)
    request.headers["X-Amz-Late"] = "1"
    assert send(request)[1]["__type"] == "AccessDenied"


def test_a_missing_signature_is_refused(cloud):
    request = signed(cloud, BODY)
    del request.headers["Authorization"]
    assert send(request) == (
        403,
        {
            "__type": "MissingAuthenticationToken",
            "message": "Request is missing Authentication Token",
        },
    )


def test_only_s3_takes_a_body_that_was_not_signed(cloud):
    request = AWSRequest("POST", cloud.url + "/", data=BODY)
    request.headers["X-Amz-Target"] = TARGET
    request.headers["Content-Type"] = "application/x-amz-json-1.1"
    request.headers["X-Amz-Content-SHA256"] = "UNSIGNED-PAYLOAD"
    keys = Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    SigV4Auth(keys, "ecs", "us-west-2").add_auth(request)
    assert send(request)[1]["__type"] == "XAmzContentSHA256Mismatch"


def test_a_service_of_all_regions_is_signed_for_its_own(cloud):
    with pytest.raises(ClientError, match="scoped to a valid region, not 'us-west-2'"):
        cloud.client("route53", "us-west-2").list_hosted_zones()
    assert cloud.client("route53", "us-east-1").list_hosted_zones()["HostedZones"]


def test_an_old_signature_is_refused(cloud):
    request = signed(cloud, BODY)
    hour_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    del request.headers["X-Amz-Date"]
    request.headers["X-Amz-Date"] = hour_ago.strftime("%Y%m%dT%H%M%SZ")
    status, answer = send(request)
    assert (status, answer["__type"]) == (403, "SignatureDoesNotMatch")
    assert "expired" in answer["message"]


def test_an_unknown_key_is_refused(cloud):
    client = cloud.client("sts", aws_access_key_id="AKIANOBODY")
    with pytest.raises(ClientError, match="UnrecognizedClient"):
        client.get_caller_identity()


@pytest.mark.parametrize("service", ["sts", "sesv2", "s3", "route53", "cloudwatch", "rds"])
def test_botocores_signature_is_taken_in_every_protocol(cloud, service):
    client = cloud.client(service)
    read = {
        "sts": lambda: client.get_caller_identity(),
        "sesv2": lambda: client.get_email_identity(EmailIdentity="owner@example.com"),
        "s3": lambda: client.get_object(Bucket=BUCKET, Key="content/files/a b+c.pdf"),
        "route53": lambda: client.list_hosted_zones(),
        "cloudwatch": lambda: client.describe_alarms(),
        "rds": lambda: client.describe_db_instances(),
    }
    assert read[service]()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert cloud.get("violations") == []


def test_an_assumed_role_signs_with_its_token(cloud):
    role = f"arn:aws:iam::{ACCOUNT}:role/GhostPortalOperator"
    given = cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="portal")["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
    }
    with_token = cloud.client("sts", **keys, aws_session_token=given["SessionToken"])
    assert "GhostPortalOperator" in with_token.get_caller_identity()["Arn"]
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        cloud.client("sts", **keys).get_caller_identity()


def test_a_role_nobody_made_cannot_be_assumed(cloud):
    role = f"arn:aws:iam::{ACCOUNT}:role/Nobody"
    with pytest.raises(ClientError, match="AccessDenied"):
        cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="portal")


def test_an_unknown_operation_is_refused(cloud):
    target = TARGET.replace("DescribeServices", "DescribeEverything")
    assert send(signed(cloud, "{}", target))[1]["__type"] == "UnknownOperationException"


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"colour": "blue"}, "colour"),
        ({"include": ["NOTHING"]}, "NOTHING"),
        ({"services": "one"}, "services"),
        ({"services": None}, "services is missing"),
    ],
)
def test_a_bad_json_parameter_is_refused_by_name(cloud, extra, named):
    status, answer = send(signed(cloud, json.dumps(json.loads(BODY) | extra)))
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
    assert named in answer["message"]


def test_an_unknown_field_deep_in_a_json_body_is_refused(cloud):
    target = TARGET.replace("DescribeServices", "UpdateService")
    vpc = {"subnets": ["subnet-1"], "subnet": "subnet-1"}
    network = {"networkConfiguration": {"awsvpcConfiguration": vpc}}
    status, answer = send(signed(cloud, json.dumps({"service": SERVICE} | network), target))
    assert status == 400
    assert "awsvpcConfiguration.subnet" in answer["message"]


def query(cloud, **fields) -> tuple[int, str]:
    form = "&".join(f"{name}={value}" for name, value in fields.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", cloud.url + "/", headers=headers, data=form)
    keys = Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
    SigV4Auth(keys, "rds", "us-west-2").add_auth(request)
    wire = urllib.request.Request(request.url, form.encode(), dict(request.headers))
    try:
        with urllib.request.urlopen(wire, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.mark.parametrize(
    ("field", "value"), [("Colour", "blue"), ("MaxRecords", "many"), ("Filters.Filter.1.Nme", "x")]
)
def test_a_bad_query_parameter_is_refused(cloud, field, value):
    given = {"Action": "DescribeDBInstances", "Version": "2014-10-31"}
    assert query(cloud, **given)[0] == 200
    status, text = query(cloud, **given, **{field: value})
    assert status == 400
    assert text.startswith("<ErrorResponse")
    [violation] = cloud.get("violations")
    assert violation["operation"] in ("DescribeDBInstances", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("MailType", "SPAM"), ("ContactLanguage", "XX"), ("WebsiteURL", "x" * 1001)],
)
def test_enum_and_length_are_held_in_rest_calls_too(cloud, field, value):
    details = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://blog.example.com"}
    with pytest.raises(ClientError) as refusal:
        cloud.client("sesv2").put_account_details(**details | {field: value})
    assert refusal.value.response["Error"]["Code"] == "BadRequestException"
    assert field in refusal.value.response["Error"]["Message"]


def test_a_refusal_of_the_business_is_no_violation(cloud):
    with pytest.raises(ClientError):
        cloud.client("ecs").update_service(cluster=CLUSTER, service="nobody")
    assert cloud.get("violations") == []
