"""A server in AWS's place that answers as it is told, badly too, and one that counts who comes."""

import contextlib
import itertools
import socket
import struct
import threading
from collections.abc import Callable, Iterator

PIECE = b"\0" * 65_536
WITHIN_S = 120

# Answers one request on its connection, which is closed after it.
Reply = Callable[[socket.socket], None]


class Liar:
    """Listens on loopback. Each request gets the next of the replies, and then the first again."""

    def __init__(self, *replies: Reply):
        self._replies = itertools.cycle(replies)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return "127.0.0.1:%d" % self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return "http://" + self.address

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(WITHIN_S)
            _read(connection)
            with self._lock:
                self.asked += 1
                reply = next(self._replies)
            reply(connection)

    def close(self) -> None:
        self._listener.close()


@contextlib.contextmanager
def lying(*replies: Reply) -> Iterator[Liar]:
    liar = Liar(*replies)
    try:
        yield liar
    finally:
        liar.close()


def _read(connection: socket.socket) -> None:
    """A head, and the body that it tells of."""
    head = b""
    while b"\r\n\r\n" not in head:
        if not (piece := connection.recv(65_536)):
            raise ConnectionError("no request")
        head += piece
    fields, _, body = head.partition(b"\r\n\r\n")
    for line in fields.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]):
                if not (piece := connection.recv(65_536)):
                    raise ConnectionError("half a request")
                body += piece


def raw(answer: bytes) -> Reply:
    return lambda connection: connection.sendall(answer)


def silent(before: bytes = b"") -> Reply:
    """So much, and then nothing until the caller goes."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(before)
        connection.recv(1)

    return reply


def endless(before: bytes) -> Reply:
    """So much, and then zeros for as long as somebody takes them."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(PIECE)

    return reply


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()
