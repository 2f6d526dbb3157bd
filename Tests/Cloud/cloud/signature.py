"""Signature Version 4, checked as AWS does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
Ours rather than moto's: moto refuses right signatures of some REST calls and accepts old dates.
"""

import dataclasses
import datetime
import hashlib
import hmac
import re
from urllib.parse import quote, unquote_to_bytes

from .errors import Violation

SKEW_MAX_S = 300
# Where services that are one for all regions are called.
GLOBAL = {"iam": "us-east-1", "route53": "us-east-1"}
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/"
    r"(?P<service>[^/]+)/aws4_request, ?SignedHeaders=(?P<signed>[^,]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})$"
)


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it came over the wire; `target` is the path with its query."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def fields(self) -> dict[str, str]:
        """Headers by lower-case name, repeats joined as the canonical request wants them."""
        fields: dict[str, list[str]] = {}
        for name, value in self.headers:
            fields.setdefault(name.lower(), []).append(re.sub(r"\s+", " ", value.strip()))
        return {name: ",".join(values) for name, values in fields.items()}


@dataclasses.dataclass(frozen=True)
class Scope:
    """Who signed, and for where."""

    key_id: str
    region: str
    service: str


@dataclasses.dataclass(frozen=True)
class Key:
    """The secret half of an access key; temporary ones have a session token too."""

    secret: str
    session_token: str | None = None
    role: str | None = None  # of a session: the name of its role
    session: str | None = None  # and its own
    policy: str | None = None  # and what it may do of what its role may; None for all of it


def verify(request: Request, keys: dict[str, Key]) -> Scope:
    """Returns the scope of a rightly signed request, and raises Violation for any other."""
    fields = request.fields()
    parts = _authorization(fields)
    key = keys.get(parts["key"])
    if key is None:
        raise Violation(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            403,
        )
    _check_date(fields.get("x-amz-date", ""), parts["day"], parts["service"])
    if fields.get("x-amz-security-token") != key.session_token:
        raise Violation(
            "InvalidClientTokenId", "The security token included in the request is invalid", 403
        )
    _check_signed_headers(fields, parts["signed"].split(";"))
    payload_hash = _payload_hash(request, fields, parts["service"])
    canonical = _canonical_request(request, fields, parts, payload_hash)
    expected = _signature(key.secret, fields["x-amz-date"], parts, canonical)
    if not hmac.compare_digest(expected, parts["signature"]):
        raise Violation(
            "InvalidSignatureException" if "x-amz-target" in fields else "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            f"The Canonical String for this request should have been\n'{canonical}'",
            403,
        )
    if parts["region"] != GLOBAL.get(parts["service"], parts["region"]):
        raise Violation(
            "SignatureDoesNotMatch",
            f"Credential should be scoped to a valid region, not '{parts['region']}'.",
            403,
        )
    return Scope(parts["key"], parts["region"], parts["service"])


def _authorization(fields: dict[str, str]) -> dict[str, str]:
    header = fields.get("authorization")
    if not header:
        raise Violation(
            "MissingAuthenticationToken", "Request is missing Authentication Token", 403
        )
    match = AUTHORIZATION.match(header)
    if not match:
        raise Violation("IncompleteSignature", "The Authorization header is malformed", 403)
    return match.groupdict()


def _check_date(date: str, day: str, service: str) -> None:
    try:
        signed_at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise Violation("IncompleteSignature", f"bad X-Amz-Date {date!r}", 403) from None
    now = datetime.datetime.now(datetime.timezone.utc)
    age = now - signed_at.replace(tzinfo=datetime.timezone.utc)
    if abs(age.total_seconds()) > SKEW_MAX_S:
        code = "RequestTimeTooSkewed" if service == "s3" else "SignatureDoesNotMatch"
        raise Violation(code, f"Signature expired: {date}", 403)
    if not date.startswith(day):
        raise Violation(
            "SignatureDoesNotMatch", "Date in Credential scope does not match X-Amz-Date", 403
        )


def _check_signed_headers(fields: dict[str, str], signed: list[str]) -> None:
    unsigned = [name for name in fields if name.startswith("x-amz-") and name not in signed]
    if "host" not in signed or unsigned:
        raise Violation(
            "AccessDenied", "There were headers present in the request which were not signed", 403
        )


def _payload_hash(request: Request, fields: dict[str, str], service: str) -> str:
    actual = hashlib.sha256(request.body).hexdigest()
    claimed = fields.get("x-amz-content-sha256")
    if claimed is None:
        if service == "s3":
            raise Violation(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            )
        return actual
    if claimed != actual and not (claimed == "UNSIGNED-PAYLOAD" and service == "s3"):
        raise Violation(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
    return claimed


def _canonical_request(
    request: Request, fields: dict[str, str], parts: dict[str, str], payload_hash: str
) -> str:
    path, _, query = request.target.partition("?")
    headers = "".join(f"{name}:{fields.get(name, '')}\n" for name in parts["signed"].split(";"))
    return "\n".join(
        [
            request.method,
            _canonical_path(path, parts["service"]),
            _canonical_query(query),
            headers,
            parts["signed"],
            payload_hash,
        ]
    )


def _canonical_path(path: str, service: str) -> str:
    """S3 encodes a path once and keeps it as it is; all others normalise it and encode twice."""
    if service == "s3":
        return _encode(unquote_to_bytes(path), safe="/")
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    tail = "/" if path.endswith("/") and kept else ""
    return _encode(("/" + "/".join(kept) + tail).encode(), safe="/")


def _canonical_query(query: str) -> str:
    pairs = [part.partition("=") for part in query.split("&") if part]
    encoded = [
        (_encode(unquote_to_bytes(name)), _encode(unquote_to_bytes(value)))
        for name, _, value in pairs
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _encode(raw: bytes, safe: str = "") -> str:
    return quote(raw, safe="-_.~" + safe)


def _signature(secret: str, date: str, parts: dict[str, str], canonical: str) -> str:
    scope = [parts["day"], parts["region"], parts["service"], "aws4_request"]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", date, "/".join(scope), digest])
    key = ("AWS4" + secret).encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
