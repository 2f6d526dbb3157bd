"""Clients that hold many connections to a server of this machine."""

import contextlib
import resource
import socket
from collections.abc import Iterator

ADDRESSES = 8  # 127.0.0.1, 127.0.0.2 and so on: each has 28,000 ports to go out by.
WITHIN_S = 60


def raise_descriptors(wanted: int) -> None:
    """What is started here may have as many too. Past the hard limit it takes root."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < wanted:
        most = wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


@contextlib.contextmanager
def connected(port: int, count: int, takes_bytes: int = 0) -> Iterator[list[socket.socket]]:
    """So many connections, until the end of the block."""
    with contextlib.ExitStack() as opened:
        connections = []
        for number in range(count):
            connection = opened.enter_context(socket.socket())
            connection.settimeout(WITHIN_S)
            if takes_bytes:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes_bytes)
            connection.bind((f"127.0.0.{1 + number % ADDRESSES}", 0))
            connection.connect(("127.0.0.1", port))
            connections.append(connection)
        yield connections
