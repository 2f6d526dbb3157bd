"""S3: moto answers rightly but for the names of some root elements, which botocore never looks at,
and for what is here."""

import base64
import dataclasses
import hashlib
import json
import re

from ..answers import Answer
from ..errors import AwsError, Violation
from ..models import Call
from ..moto import Moto
from ..signature import Request

ROOTS = {"GetBucketVersioning": "VersioningConfiguration"}
VERSION_ID = re.compile(r"null|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGESTS = {"content-md5": hashlib.md5, "x-amz-checksum-sha256": hashlib.sha256}
CHECKSUM = re.compile("content-md5|x-amz-checksum-(?!type)[a-z0-9]+")


class S3:
    REGIONS = None

    def __init__(self, moto: Moto):
        self._moto = moto

    def get_bucket_policy_status(self, parameters: dict) -> dict:
        policy = self._moto.client("s3").get_bucket_policy(Bucket=parameters["Bucket"])["Policy"]
        statements = json.loads(policy)["Statement"]
        return {"PolicyStatus": {"IsPublic": any(map(_is_public, statements))}}

    def delete_object(self, parameters: dict) -> dict:
        if not VERSION_ID.fullmatch(parameters.get("VersionId", "null")):
            raise AwsError("InvalidArgument", "Invalid version id specified")
        return self._moto.client("s3").delete_object(**parameters)


def check_body(call: Call, request: Request) -> None:
    """Raises Violation where a body comes without the checksum S3 asks for, or with a wrong one, or
    where a write has a condition that S3 does not know."""
    if call.service != "s3":
        return
    fields = request.fields()
    if call.operation == "PutObject":
        conditions = [fields.get(name) for name in ("if-match", "if-none-match")]
        if conditions[1] not in (None, "*") or None not in conditions:
            raise Violation("NotImplemented", "A header you provided is not implemented", 501)
    if (call.model.http_checksum or {}).get("requestChecksumRequired"):
        if not any(CHECKSUM.fullmatch(name) for name in fields):
            raise Violation("InvalidRequest", "Missing required header: Content-MD5 or a checksum")
    for name, digest in DIGESTS.items():
        wanted = base64.b64encode(digest(request.body).digest()).decode()
        if fields.get(name, wanted) != wanted:
            raise Violation("BadDigest", f"{name} is not that of the body")


def with_root(call: Call, answer: Answer) -> Answer:
    """The answer with the root element that AWS's API reference names."""
    root = ROOTS.get(call.operation)
    if call.service != "s3" or root is None or answer.status >= 300:
        return answer
    mistaken = f"{call.operation}Response".encode()
    return dataclasses.replace(answer, body=answer.body.replace(mistaken, root.encode()))


def _is_public(statement: dict) -> bool:
    """Whether a statement lets anybody in, without a condition that could keep some out."""
    everybody = statement.get("Principal") in ("*", {"AWS": "*"})
    return statement["Effect"] == "Allow" and everybody and not statement.get("Condition")
