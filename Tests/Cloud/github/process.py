"""The demo's GitHub as a child process, for tests."""

import contextlib
import json
import pathlib
import urllib.request
from collections.abc import Iterator

from peer.process import TIMEOUT_S, started


class RunningGitHub:
    """A GitHub that answers, and its control API."""

    def __init__(self, url: str, folder: pathlib.Path | None = None):
        self.url = url
        self.folder = folder  # where the file with its token is

    def post(self, verb: str, value=None):
        body = json.dumps({} if value is None else value).encode()
        return self._control(urllib.request.Request(f"{self.url}/_github/{verb}", body))

    def get(self, verb: str):
        return self._control(urllib.request.Request(f"{self.url}/_github/{verb}"))

    def advance(self, seconds: float) -> None:
        self.post("clock", {"advance_s": seconds})

    def _control(self, request: urllib.request.Request):
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            return json.load(response)


@contextlib.contextmanager
def running(
    *options: str, scale: float = 0, folder: pathlib.Path | None = None
) -> Iterator[RunningGitHub]:
    """A GitHub on a free port, whose clock stands still unless told, until the block ends."""
    if folder:
        options += ("--folder", str(folder))
    with started("github", "--scale", str(scale), *options) as url:
        yield RunningGitHub(url, folder)
