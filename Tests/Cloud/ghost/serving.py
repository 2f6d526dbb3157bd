"""What the process does that `python -m ghost` begins."""

import pathlib

from peer.process import command, listening, serve, write_secret

from . import tokens
from .following import Follower
from .server import Server


def main() -> None:
    parser, asked = command("ghost", "The blog as a process.")
    asked.add_argument(
        "--folder",
        type=pathlib.Path,
        required=True,
        help="where ca.pem, its authority, ghost_key and ghost_staff_token are put",
    )
    asked.add_argument("--cloud", help="the address of the cloud whose service it runs in")
    options = parser.parse_args()
    server = listening("ghost", options, lambda: Server(options.port, options.folder))
    write_secret(options.folder / "ghost_key", tokens.INTEGRATION_KEY)
    write_secret(options.folder / "ghost_staff_token", tokens.STAFF_TOKEN)
    if options.cloud:
        Follower(server, options.cloud).start()
    serve(server, "https")
