"""An OpenID provider for the tests.

`serve` listens on 127.0.0.1 and prints "ready URL" once it does.
"""

import pathlib

from peer.process import command, listening, serve, write_secret

from .provider import SECRET, Provider
from .server import Server


def main() -> None:
    parser, asked = command("openid", __doc__)
    asked.add_argument("--folder", type=pathlib.Path, help="where openid_secret is put")
    options = parser.parse_args()
    server = listening("openid", options, lambda: Server(options.port, Provider()))
    if options.folder:
        write_secret(options.folder / "openid_secret", SECRET)
    serve(server)


main()
