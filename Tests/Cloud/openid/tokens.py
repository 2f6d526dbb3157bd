"""ID tokens, true ones and others, and the keys they are signed with."""

import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

LIVE_S = 300


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, length: int | None = None) -> str:
    return encoded(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


class Keys:
    """A key of RSA and one of P-256; another generation when they are rotated."""

    def __init__(self, generation: int = 1):
        self.generation = generation
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())

    def kid(self, algorithm: str) -> str:
        return f"{algorithm.lower()}-{self.generation}"

    def public(self) -> dict:
        """The JWK Set."""
        r, e = self.rsa.public_key().public_numbers(), self.ec.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "oct", "kid": "another", "k": "AAAA"},
                {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid("RS256"),
                 "n": number(r.n), "e": number(r.e)},
                {"kty": "EC", "use": "sig", "crv": "P-256", "kid": self.kid("ES256"),
                 "x": number(e.x, 32), "y": number(e.y, 32)},
            ]
        }  # fmt: skip

    def sign(self, algorithm: str, message: bytes) -> bytes:
        if algorithm == "RS256":
            return self.rsa.sign(message, padding.PKCS1v15(), hashes.SHA256())
        if algorithm == "ES256":
            r, s = decode_dss_signature(self.ec.sign(message, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        if algorithm == "HS256":
            # The classic mistake: the public key, which everybody has, taken for a shared secret.
            form = serialization.PublicFormat.SubjectPublicKeyInfo
            public = self.rsa.public_key().public_bytes(serialization.Encoding.PEM, form)
            return hmac.digest(public, message, hashlib.sha256)
        return b""


def token(keys: Keys, claims: dict, algorithm: str, lies: dict) -> str:
    """The token, in the way of the lies: `header`, `claims` (null takes one away), `payload` (in
    place of all claims), `signature` of another message, `sign_with` another algorithm's key."""
    header = {"alg": algorithm, "typ": "JWT", "kid": keys.kid(algorithm)} | lies.get("header", {})
    claims = claims | lies.get("claims", {})
    payload = json.dumps({name: value for name, value in claims.items() if value is not None})
    if "twice" in lies:  # one claim a second time, behind the first
        payload = payload[:-1] + ", " + json.dumps(lies["twice"])[1:]
    header = {name: value for name, value in header.items() if value is not None}
    message = f"{encoded(json.dumps(header).encode())}.{encoded(payload.encode())}"
    signed = b"something else" if lies.get("forged") else message.encode()
    return f"{message}.{encoded(keys.sign(lies.get('sign_with', algorithm), signed))}"
