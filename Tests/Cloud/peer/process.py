"""A server as a process: how it begins, says that it is ready, and ends."""

import argparse
import contextlib
import http.server
import os
import pathlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

TIMEOUT_S = 30
FOLDER = pathlib.Path(__file__).parents[1]


@contextlib.contextmanager
def started(module: str, *options: str) -> Iterator[str]:
    """The address of `python -m module serve`, on a free port, until the block ends."""
    command = [sys.executable, "-m", module, "serve", "--port", "0", *options]
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
            raise RuntimeError(f"{module} did not start; its message is above")
        try:
            yield url
        finally:
            process.stdin.close()
            process.wait(TIMEOUT_S)


def command(module: str, about: str) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """What `python -m module` takes, and what its `serve` takes, for more to be added."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=about)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent process does"
    )
    return parser, serve


def listening(
    module: str, options: argparse.Namespace, begin: Callable[[], http.server.HTTPServer]
) -> http.server.HTTPServer:
    """The server that `begin` makes, in a process that ends when it is told to."""
    end_when_told(options.until_stdin_closes)
    try:
        return begin()
    except OSError as problem:
        sys.exit(f"{module}: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")


def serve(server: http.server.HTTPServer, scheme: str = "http") -> None:
    """Says that the server is ready, and serves until the end."""
    print(f"ready {scheme}://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def write_secret(file: pathlib.Path, text: str) -> None:
    """A file of one line that only its owner reads."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(f"{text}\n")


def end_when_told(until_stdin_closes: bool) -> None:
    """Ends this process with a signal, or with its parent."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    if until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)
