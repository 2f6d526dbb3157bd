"""What the provider knows: its client, who signs in, codes that wait, and the lies it is told."""

import base64
import hashlib
import hmac
import secrets
import threading
import time
import urllib.parse

from peer.faults import Faults
from peer.http import Answer, Request, as_json

from .tokens import LIVE_S, Keys, encoded, token

CLIENT = "caretaker"
SECRET = "a client secret, with : and % in it"
PERSON = {"sub": "248289761001", "groups": ["staff"], "name": "Ida Elsewhere"}


class Provider:
    """The state. Everybody who comes to the authorization endpoint is the person it was told."""

    def __init__(self):
        self.lock = threading.RLock()
        self.faults = Faults()
        self.keys = Keys()
        self.reset()

    def reset(self) -> None:
        self.person, self.algorithm, self.lies = dict(PERSON), "RS256", {}
        self.now_s, self.codes, self.calls = None, {}, []
        self.base_lies: dict = {}
        self.faults.replace([])

    def rotate(self) -> None:
        self.keys = Keys(self.keys.generation + 1)

    def now(self) -> int:
        return int(time.time()) if self.now_s is None else self.now_s

    def discovery(self, base: str) -> Answer:
        said = {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
            "scopes_supported": ["openid", "profile", "groups", "email"],
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return as_json(200, said | self.base_lies)

    def authorize(self, request: Request, base: str) -> Answer:
        """Sends back at once, with a code or with what `lies.answer` says in its place."""
        asked = dict(urllib.parse.parse_qsl(request.query))
        is_right = (
            asked.get("client_id") == CLIENT
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and "openid" in asked.get("scope", "").split()
            and asked.get("nonce")
            and asked.get("state")
        )
        if not is_right:
            return as_json(400, {"error": "invalid_request"})
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        given = {"code": code, "state": asked["state"], "iss": base} | self.lies.get("answer", {})
        given = {name: value for name, value in given.items() if value is not None}
        place = f"{asked['redirect_uri']}?{urllib.parse.urlencode(given)}"
        return Answer(302, "text/plain", b"", {"Location": place})

    def redeem(self, request: Request, base: str) -> Answer:
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        right = f"{urllib.parse.quote(CLIENT, '')}:{urllib.parse.quote(SECRET, '')}"
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        if not hmac.compare_digest(_decoded(basic), right):
            return as_json(401, {"error": "invalid_client"})
        asked = self.codes.pop(form.get("code"), None)
        if (
            asked is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or _challenge(form.get("code_verifier", "")) != asked["code_challenge"]
        ):
            return as_json(400, {"error": "invalid_grant"})
        now = self.now()
        claims = {"iss": base, "aud": CLIENT, "exp": now + LIVE_S, "iat": now}
        claims |= {"nonce": asked["nonce"]} | self.person
        answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        if not self.lies.get("no_token"):
            answer["id_token"] = token(self.keys, claims, self.algorithm, self.lies)
        return as_json(200, answer)


def _challenge(verifier: str) -> str:
    return encoded(hashlib.sha256(verifier.encode()).digest())


def _decoded(basic: str) -> str:
    try:
        return base64.b64decode(basic, validate=True).decode()
    except ValueError:
        return ""
