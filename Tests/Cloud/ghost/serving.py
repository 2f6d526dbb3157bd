"""What the process does that `python -m ghost` begins."""

import argparse
import pathlib
import sys

from peer.process import end_when_told, write_secret

from . import tokens
from .following import Follower
from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ghost", description="The blog as a process.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the blog on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument(
        "--folder",
        type=pathlib.Path,
        required=True,
        help="where ca.pem, its authority, ghost_key and ghost_staff_token are put",
    )
    serve.add_argument("--cloud", help="the address of the cloud whose service it runs in")
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent process does"
    )
    _serve(parser.parse_args())


def _serve(options: argparse.Namespace) -> None:
    end_when_told(options.until_stdin_closes)
    try:
        server = Server(options.port, options.folder)
    except OSError as problem:
        sys.exit(f"ghost: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")
    write_secret(options.folder / "ghost_key", tokens.INTEGRATION_KEY)
    write_secret(options.folder / "ghost_staff_token", tokens.STAFF_TOKEN)
    if options.cloud:
        Follower(server, options.cloud).start()
    print(f"ready https://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
