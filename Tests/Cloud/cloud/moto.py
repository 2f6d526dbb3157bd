"""moto_server's application inside this process, and the two ways to talk to it."""

import contextlib
import functools
import io
import json
import os
import urllib.parse
import wsgiref.util

import boto3
import botocore.exceptions
import moto.acm.models
import moto.backends
import yaml
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app

from .answers import Answer
from .errors import AwsError
from .names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from .signature import Request

HOST = "127.0.0.1:5000"  # in addresses alone: nobody listens there for moto
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "expect", "server", "date"}


class Moto:
    """moto, called as WSGI has it (PEP 3333): no socket is between us and it."""

    def __init__(self):
        # A thousand public machine images, made again at every reset, and nobody here starts one.
        os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
        _keep_what_stays()
        self._application = DomainDispatcherApplication(create_backend_app)
        self.client = functools.cache(self._client)

    def _client(self, service: str, region: str = REGION):
        """A client that speaks to moto directly and gives refusals as AwsError."""
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://{HOST}",
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                disable_request_compression=True,  # moto does not decompress
            ),
        )
        client.meta.events.register("before-send", self._answer_client)
        return Client(client)

    def _answer_client(self, request, **_) -> AWSResponse:
        """In place of what botocore would have sent."""
        address = urllib.parse.urlsplit(request.url)
        target = address.path + (f"?{address.query}" if address.query else "")
        headers = [(name, _text(value)) for name, value in request.headers.items()]
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        body = body if isinstance(body, bytes | bytearray) else body.read()
        given = self.forward(Request(request.method, target, headers, body))
        return AWSResponse(request.url, given.status, given.headers, _Raw(given.body))

    def forward(self, request: Request) -> Answer:
        """Sends a request on as it is."""
        path, _, query = request.target.partition("?")
        environ = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": urllib.parse.unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": request.target,
            "RAW_URI": request.target,
            "HTTP_HOST": HOST,
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": io.BytesIO(request.body),
        }
        wsgiref.util.setup_testing_defaults(environ)
        for name, value in request.headers:
            if name.lower() not in HOP_BY_HOP | {"host"}:
                key = name.upper().replace("-", "_")
                environ["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        parts, status, headers = run_wsgi_app(self._application, environ, buffered=True)
        kept = {name: value for name, value in headers if name.lower() not in HOP_BY_HOP}
        return Answer(int(status.partition(" ")[0]), kept, b"".join(parts))

    def reset(self, random_seed: int) -> None:
        """Empties every account, and makes moto's random ids repeat."""
        self.control("reset")
        self.control(f"seed?a={random_seed}")

    def control(self, path: str, value=None) -> None:
        """Calls moto's own control API, http://docs.getmoto.org/en/latest/docs/server_mode.html"""
        body = b"" if value is None else json.dumps(value).encode()
        request = Request("POST", f"/moto-api/{path}", [("Content-Type", "text/plain")], body)
        answer = self.forward(request)
        if answer.status >= 300:
            raise RuntimeError(f"moto-api/{path} answered {answer.status}")


@functools.cache
def _keep_what_stays() -> None:
    """Keeps what moto makes anew for each call or each reset, although nobody could tell: the list
    of its own folders, keys of certificates. And YAML is read by the C library."""
    folders = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: folders
    rsa.generate_private_key = functools.cache(rsa.generate_private_key)
    bundle, loaded = moto.acm.models.CertBundle, {}
    load = bundle.validate_pk

    def validate_pk(self):
        if self.key not in loaded:
            loaded[self.key] = load(self)
        return loaded[self.key]

    bundle.validate_pk = validate_pk
    yaml.Loader = yaml.CLoader


class _Raw(io.BytesIO):
    """A body as botocore reads one."""

    def stream(self, *_, **__):
        yield self.read()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class Client:
    """A boto3 client whose refusals can be passed on as they are."""

    def __init__(self, client):
        self._client = client

    def __getattr__(self, operation: str):
        method = getattr(self._client, operation)

        def call(**parameters) -> dict:
            with refusals():
                result = method(**parameters)
            result.pop("ResponseMetadata", None)
            return result

        return call

    def everything(self, operation: str, parameters: dict) -> dict:
        """All pages of a listing in one."""
        if not self._client.can_paginate(operation):
            return getattr(self, operation)(**parameters)
        with refusals():
            return self._client.get_paginator(operation).paginate(**parameters).build_full_result()


@contextlib.contextmanager
def refusals():
    """Turns moto's refusals into AwsError."""
    try:
        yield
    except botocore.exceptions.ClientError as problem:
        error, meta = problem.response["Error"], problem.response["ResponseMetadata"]
        raise AwsError(error["Code"], error["Message"], meta["HTTPStatusCode"]) from None
