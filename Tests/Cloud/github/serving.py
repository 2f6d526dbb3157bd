"""What the process does that `python -m github` begins."""

import pathlib

from peer.process import command, listening, serve, write_secret

from .names import TOKEN
from .outcomes import Outcomes
from .server import Server
from .world import World


def main() -> None:
    parser, asked = command("github", "GitHub as a process.")
    asked.add_argument("--scale", type=float, default=1.0, help="seconds of runs in a real one")
    asked.add_argument("--folder", type=pathlib.Path, help="where github_token is put")
    asked.add_argument("--cloud", help="the address of the cloud that runs deploy to")
    asked.add_argument("--ghost", help="the address of the blog that themes are deployed to")
    options = parser.parse_args()

    def begin() -> Server:
        return Server(options.port, World(options.scale, Outcomes(options.cloud, options.ghost)))

    server = listening("github", options, begin)
    if options.folder:
        write_secret(options.folder / "github_token", TOKEN)
    serve(server)
