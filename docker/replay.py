"""The demo cloud's answers, kept: a quick cloud for measuring who asks, not who answers.

    python3 replay.py PORT CLOUD_PORT

The first of a kind of request goes on to the demo cloud; what that answers is what all others of
the kind get, each after the milliseconds that were posted last to /_replay/latency.
"""

import asyncio
import re
import sys

TIMES = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{10,}(\.\d+)?")
KIND = re.compile(rb"^x-amz-target: *([^\r]*)", re.MULTILINE | re.IGNORECASE)
SERVICE = re.compile(rb"/([a-z0-9-]+)/aws4_request")
LENGTH = re.compile(rb"^content-length: *(\d+)", re.MULTILINE | re.IGNORECASE)


class Replay:
    def __init__(self, cloud_port: int):
        self._cloud_port = cloud_port
        self._kept: dict[tuple, bytes] = {}
        self._latency_s = 0.0
        self._asked = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(length(head))
                writer.write(await self._answer(head, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The other side is done.
        finally:
            writer.close()

    async def _answer(self, head: bytes, body: bytes) -> bytes:
        line = head.partition(b"\r\n")[0]
        if b" /_cloud/" in line:
            return await self._forward(head + body)
        if b" /_replay/latency " in line:
            self._latency_s = float(body) / 1_000
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        key = self._key(line, head, body)
        if key not in self._kept:
            async with self._asked:  # Once, however many ask at the same time.
                if key not in self._kept:
                    self._kept[key] = await self._forward(head + body)
        await asyncio.sleep(self._latency_s)
        return self._kept[key]

    @staticmethod
    def _key(line: bytes, head: bytes, body: bytes) -> tuple:
        kind, service = KIND.search(head), SERVICE.search(head)
        return line, kind and kind[1], service and service[1], TIMES.sub(b"", body)

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._cloud_port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = head + await reader.readexactly(length(head))
        writer.close()
        return answer


def length(head: bytes) -> int:
    found = LENGTH.search(head)
    return int(found[1]) if found else 0


async def main(port: int, cloud_port: int) -> None:
    replay = Replay(cloud_port)
    server = await asyncio.start_server(replay.serve, "127.0.0.1", port, backlog=1_024)
    async with server:
        await server.serve_forever()


asyncio.run(main(*map(int, sys.argv[1:3])))
