"""An OpenID provider for the tests.

`serve` listens on 127.0.0.1 and prints "ready URL" once it does.
"""

import argparse
import pathlib
import sys

from peer.process import end_when_told, write_secret

from .provider import SECRET, Provider
from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m openid", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve a provider on 127.0.0.1")
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one")
    serve.add_argument("--folder", type=pathlib.Path, help="where openid_secret is put")
    serve.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the parent process does"
    )
    _serve(parser.parse_args())


def _serve(options: argparse.Namespace) -> None:
    end_when_told(options.until_stdin_closes)
    try:
        server = Server(options.port, Provider())
    except OSError as problem:
        sys.exit(f"openid: cannot listen on 127.0.0.1:{options.port}: {problem.strerror}")
    if options.folder:
        write_secret(options.folder / "openid_secret", SECRET)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
