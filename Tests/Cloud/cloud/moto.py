"""moto_server inside this process, and the two ways to talk to it."""

import contextlib
import functools
import http.client
import json
import logging
import os

import boto3
import botocore.exceptions
from botocore.config import Config
from moto.server import ThreadedMotoServer

from .answers import Answer
from .errors import AwsError
from .names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from .signature import Request

TIMEOUT_S = 30
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "expect", "server", "date"}


class Moto:
    """moto on a loopback port of its own choice, which nobody but the front is told of."""

    def __init__(self):
        # A thousand public machine images, made again at every reset, and nobody here starts one.
        os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        self._host, self._port = self._server.get_host_and_port()
        self.client = functools.cache(self._client)

    def _client(self, service: str, region: str = REGION):
        """A client that speaks to moto directly and gives refusals as AwsError."""
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=f"http://{self._host}:{self._port}",
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                disable_request_compression=True,  # moto does not decompress
            ),
        )
        return Client(client)

    def forward(self, request: Request) -> Answer:
        """Sends a request on as it is."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            connection.putrequest(request.method, request.target, skip_accept_encoding=True)
            for name, value in request.headers:
                if name.lower() not in HOP_BY_HOP | {"host"}:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body)
            response = connection.getresponse()
            headers = {n: v for n, v in response.getheaders() if n.lower() not in HOP_BY_HOP}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

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
