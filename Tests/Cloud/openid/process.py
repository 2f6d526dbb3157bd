"""The tests' OpenID provider as a child process."""

import contextlib
import json
import pathlib
import urllib.request
from collections.abc import Iterator

from peer.process import TIMEOUT_S, started


class RunningProvider:
    """A provider that answers, and its control API."""

    def __init__(self, url: str, folder: pathlib.Path):
        self.url = url
        self.folder = folder  # where the file with the client's secret is

    def post(self, verb: str, value=None):
        body = json.dumps({} if value is None else value).encode()
        request = urllib.request.Request(f"{self.url}/_openid/{verb}", body)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return json.load(response)


@contextlib.contextmanager
def running(folder: pathlib.Path) -> Iterator[RunningProvider]:
    """A provider on a free port until the block ends."""
    with started("openid", "--folder", str(folder)) as url:
        yield RunningProvider(url, folder)
