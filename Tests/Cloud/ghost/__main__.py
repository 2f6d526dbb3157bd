"""`python -m ghost serve --port N --folder F`: the blog as a process."""

import argparse
import os
import pathlib
import signal
import sys
import threading

from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ghost", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the blog on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument(
        "--folder", type=pathlib.Path, required=True, help="where ca.pem, its authority, is put"
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
        server = Server(options.port, options.folder)
    except OSError as problem:
        sys.exit(f"ghost: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")
    print(f"ready https://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


main()
