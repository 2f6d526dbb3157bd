"""The blog as a child process, for tests."""

import contextlib
import json
import pathlib
import ssl
import urllib.request
from collections.abc import Iterator

from peer.process import TIMEOUT_S, started


class RunningBlog:
    """A blog that answers, and its control API."""

    def __init__(self, url: str, folder: pathlib.Path):
        self.url = url
        self.authorities = folder / "ca.pem"
        self.endpoint = url.removeprefix("https://")

    def post(self, verb: str, value=None):
        return self._control(verb, "POST", json.dumps(value or {}).encode())

    def get(self, verb: str):
        return self._control(verb, "GET", None)

    def _control(self, verb: str, method: str, body: bytes | None):
        # The certificate may be one that has ended.
        trusting = ssl._create_unverified_context()
        request = urllib.request.Request(f"{self.url}/_ghost/{verb}", data=body, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=trusting) as response:
            return json.load(response)


@contextlib.contextmanager
def running(folder: pathlib.Path, *options: str) -> Iterator[RunningBlog]:
    """A blog on a free port, which ends with the block, or with this process."""
    with started("ghost", "--folder", str(folder), *options) as url:
        yield RunningBlog(url, folder)
