"""The blog as a child process, for tests."""

import contextlib
import json
import os
import pathlib
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

TIMEOUT_S = 30
FOLDER = pathlib.Path(__file__).parents[1]


class RunningBlog:
    """A blog that answers, and its control API."""

    def __init__(self, url: str, folder: pathlib.Path):
        self.url = url
        self.authorities = folder / "ca.pem"
        self.endpoint = url.removeprefix("https://")

    def post(self, verb: str, value=None):
        # The certificate may be one that has ended.
        trusting = ssl._create_unverified_context()
        body = json.dumps(value or {}).encode()
        request = urllib.request.Request(f"{self.url}/_ghost/{verb}", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=trusting) as response:
            return json.load(response)


@contextlib.contextmanager
def running(folder: pathlib.Path) -> Iterator[RunningBlog]:
    """A blog on a free port, which ends with the block, or with this process."""
    command = [sys.executable, "-m", "ghost", "serve", "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(FOLDER)},
    )
    with process:
        word, _, url = process.stdout.readline().strip().partition(" ")
        if word != "ready":
            raise RuntimeError("the blog did not start; its message is above")
        try:
            yield RunningBlog(url, folder)
        finally:
            process.stdin.close()
            process.wait(TIMEOUT_S)
