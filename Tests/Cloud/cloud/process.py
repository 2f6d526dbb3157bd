"""The cloud as a child process, for tests."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator

import boto3
from botocore.config import Config
from peer.process import TIMEOUT_S, started

from .names import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from .signature import GLOBAL


class RunningCloud:
    """Clients that speak to the cloud as anybody would, and its control API."""

    def __init__(self, url: str):
        self.url = url

    def client(self, service: str, region: str | None = None, **changes):
        """A boto3 client that neither checks nor retries: what the cloud does is of interest."""
        config = Config(
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            parameter_validation=False,
            disable_request_compression=True,
            read_timeout=TIMEOUT_S,
        )
        settings = {
            "endpoint_url": self.url,
            "config": config,
            "aws_access_key_id": ACCESS_KEY_ID,
            "aws_secret_access_key": SECRET_ACCESS_KEY,
        }
        where = region or GLOBAL.get(service, REGION)
        return boto3.client(service, region_name=where, **settings | changes)

    def post(self, verb: str, value=None):
        body = json.dumps(value).encode()
        request = urllib.request.Request(f"{self.url}/_cloud/{verb}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return json.load(response)

    def get(self, verb: str):
        with urllib.request.urlopen(f"{self.url}/_cloud/{verb}", timeout=TIMEOUT_S) as response:
            return json.load(response)

    def advance(self, seconds: float) -> None:
        self.post("clock", {"advance_s": seconds})

    def calls(self, operation: str) -> list[dict]:
        return [call for call in self.get("calls") if call["operation"] == operation]


@contextlib.contextmanager
def running(scale: float) -> Iterator[RunningCloud]:
    """A seeded cloud on a free port, which ends with the block, or with this process."""
    with started("cloud", "--scale", str(scale)) as url:
        yield RunningCloud(url)
