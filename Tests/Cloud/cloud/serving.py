"""What the process does that `python -m cloud` begins."""

from peer.process import command, listening, serve

from .front import Server
from .seed import RANDOM_SEED
from .world import World


def main() -> None:
    parser, asked = command("cloud", "The demo cloud as a process.")
    asked.add_argument("--scale", type=float, default=1.0, help="cloud seconds in a real one")
    asked.add_argument(
        "--seed",
        type=int,
        nargs="?",
        const=RANDOM_SEED,
        default=RANDOM_SEED,
        help="another number gives other random ids",
    )
    options = parser.parse_args()
    server = listening("cloud", options, lambda: Server(options.port, world=None))
    server.world = World(options.scale, options.seed)
    serve(server)
