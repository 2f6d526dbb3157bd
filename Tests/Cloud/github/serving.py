"""What the process does that `python -m github` begins."""

import argparse
import pathlib
import sys

from peer.process import end_when_told, write_secret

from .names import TOKEN
from .outcomes import Outcomes
from .server import Server
from .world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m github", description="GitHub as a process.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the demo's GitHub on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument("--scale", type=float, default=1.0, help="seconds of runs in a real one")
    serve.add_argument("--folder", type=pathlib.Path, help="where github_token is put")
    serve.add_argument("--cloud", help="the address of the cloud that runs deploy to")
    serve.add_argument("--ghost", help="the address of the blog that themes are deployed to")
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent process does"
    )
    _serve(parser.parse_args())


def _serve(options: argparse.Namespace) -> None:
    end_when_told(options.until_stdin_closes)
    try:
        world = World(options.scale, Outcomes(options.cloud, options.ghost))
        server = Server(options.port, world)
    except OSError as problem:
        sys.exit(f"github: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")
    if options.folder:
        write_secret(options.folder / "github_token", TOKEN)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
