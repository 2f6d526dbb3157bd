"""Who calls the Admin API: the JSON web token, checked as Ghost's api-key/admin.js does.

https://docs.ghost.org/admin-api#token-authentication
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import time

from .errors import GhostError

# Made up, and given to whoever runs this: `id:secret` as Ghost's settings show them.
INTEGRATION_KEY = (
    "6748592f4b9b7700010f6564:b1b5b9c1d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1"
)
STAFF_TOKEN = (
    "6748592f4b9b7700010f6565:0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
)
CONTENT_KEY = "6748592f4b9b7700010f6566:00112233445566778899aabbcc"
CALLERS = {INTEGRATION_KEY: "integration", STAFF_TOKEN: "staff", CONTENT_KEY: "content"}
SECRETS = {key.partition(":")[0]: (key.partition(":")[2], kind) for key, kind in CALLERS.items()}
MAX_AGE_S = 300
AUDIENCE = re.compile(r"/?admin/?$")
AUDIENCE_SHOWN = r"/\/?admin\/?$/"


def caller(header: str | None, now_s: float) -> str:
    """`integration` or `staff`; raises GhostError for anybody else."""
    if header is None:
        raise GhostError(
            "NoPermissionError",
            "Authorization failed",
            "Unable to determine the authenticated user or integration. Check that cookies are "
            "being passed through if using session authentication.",
        )
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "ghost" or not token:
        raise GhostError(
            "UnauthorizedError",
            'Authorization header format is "Authorization: Ghost [token]"',
            code="INVALID_AUTH_HEADER",
        )
    header_part, payload = _decoded(token)
    key_id = header_part.get("kid")
    if not key_id:
        raise GhostError("BadRequestError", "Admin API kid missing.", code="MISSING_ADMIN_API_KID")
    if key_id not in SECRETS:
        raise GhostError(
            "UnauthorizedError", "Unknown Admin API Key", code="UNKNOWN_ADMIN_API_KEY"
        )
    secret, kind = SECRETS[key_id]
    if kind == "content":
        raise GhostError("UnauthorizedError", "Invalid API Key type", code="INVALID_API_KEY_TYPE")
    problem = _problem(token, header_part, payload, bytes.fromhex(secret), now_s)
    if problem:
        raise GhostError("UnauthorizedError", f"Invalid token: {problem}", code="INVALID_JWT")
    return kind


def _decoded(token: str) -> tuple[dict, dict]:
    try:
        header, payload, _ = (part.encode() for part in token.split("."))
        parts = json.loads(_unpadded(header)), json.loads(_unpadded(payload))
        if all(isinstance(part, dict) for part in parts):
            return parts
    except (ValueError, binascii.Error):
        pass
    raise GhostError("BadRequestError", "Invalid token", code="INVALID_JWT")


def _problem(token: str, header: dict, payload: dict, secret: bytes, now_s: float) -> str | None:
    """What jsonwebtoken 8 says of the token, in the order in which it looks."""
    signed, _, signature = token.rpartition(".")
    if not signature:
        return "jwt signature is required"
    if header.get("alg") != "HS256":
        return "invalid algorithm"
    if signature != _encoded(hmac.digest(secret, signed.encode(), hashlib.sha256)):
        return "invalid signature"
    now = int(now_s)
    if "exp" in payload and not isinstance(payload["exp"], (int, float)):
        return "invalid exp value"
    if "exp" in payload and now >= payload["exp"]:
        return "jwt expired"
    audiences = payload.get("aud")
    audiences = audiences if isinstance(audiences, list) else [audiences]
    if not any(isinstance(each, str) and AUDIENCE.search(each) for each in audiences):
        return f"jwt audience invalid. expected: {AUDIENCE_SHOWN}"
    if not isinstance(payload.get("iat"), (int, float)):
        return "iat required when maxAge is specified"
    if now >= payload["iat"] + MAX_AGE_S:
        return "maxAge exceeded"
    return None


def token(key: str, at_s: float | None = None, **changes) -> str:
    """A token as a right client makes it, or one with changed claims, for tests and runs."""
    key_id, _, secret = key.partition(":")
    iat = int(time.time() if at_s is None else at_s)
    header = {"alg": "HS256", "typ": "JWT", "kid": changes.pop("kid", key_id)}
    header["alg"] = changes.pop("alg", "HS256")
    payload = {"iat": iat, "exp": iat + MAX_AGE_S, "aud": "/admin/"} | changes
    payload = {name: value for name, value in payload.items() if value is not None}
    parts = [_encoded(json.dumps(p, separators=(",", ":")).encode()) for p in (header, payload)]
    signed = ".".join(parts)
    return f"{signed}.{_encoded(hmac.digest(bytes.fromhex(secret), signed.encode(), 'sha256'))}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unpadded(raw: bytes) -> bytes:
    return base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
