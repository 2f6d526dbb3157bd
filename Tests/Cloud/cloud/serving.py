"""What the process does that `python -m cloud` begins."""

import argparse
import os
import signal
import sys
import threading

from .front import Server
from .seed import RANDOM_SEED
from .world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m cloud", description="The demo cloud as a process.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the demo cloud on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument("--scale", type=float, default=1.0, help="cloud seconds in a real one")
    serve.add_argument(
        "--seed",
        type=int,
        nargs="?",
        const=RANDOM_SEED,
        default=RANDOM_SEED,
        help="another number gives other random ids",
    )
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent process does"
    )
    _serve(parser.parse_args())


def _serve(options: argparse.Namespace) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        server = Server(options.port, world=None)
    except OSError as problem:
        sys.exit(f"cloud: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")
    server.world = World(options.scale, options.seed)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)
