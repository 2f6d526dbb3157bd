"""Themes as somebody packs them, and the request that sends one."""

import contextlib
import io
import json
import os
import socket
import urllib.parse
import zipfile

from people import Person

BOUNDARY = "caretaker-fault"
WITHIN_S = 60


def theme(version: str = "1.0.0", more: dict[str, bytes] | None = None) -> bytes:
    """A theme's archive, and what else is to be in it."""
    content = {
        "package.json": json.dumps({"name": "ghost-blog-theme", "version": version}).encode(),
        "index.hbs": b"<main>{{#foreach posts}}{{title}}{{/foreach}}</main>\n",
        "post.hbs": b"{{#post}}<article>{{content}}</article>{{/post}}\n",
    } | (more or {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in content.items():
            archive.writestr(path, data)
    return packed.getvalue()


def large_theme(size: int) -> bytes:
    """One that no packing makes smaller."""
    return theme(more={"assets/noise.bin": os.urandom(size)})


def request(person: Person, archive: bytes, name: str = "theme.zip") -> bytes:
    """What sends an archive, as bytes on the wire."""
    token = person.form("/themes", "/themes").fields["form_token"]
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n',
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="theme"; filename="{name}"\r\n'
        "Content-Type: application/zip\r\n\r\n",
    ]
    body = "".join(parts).encode() + archive + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = [
        "POST /themes HTTP/1.1",
        "Host: " + urllib.parse.urlsplit(person.url).netloc,
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(body)}",
        f"Cookie: {person.cookie}",
        "Sec-Fetch-Site: same-origin",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def connected(person: Person) -> socket.socket:
    address = urllib.parse.urlsplit(person.url)
    return socket.create_connection((address.hostname, address.port), WITHIN_S)


def send(person: Person, archive: bytes) -> int:
    """Sends it whole; the status that came, 0 for none."""
    wire = request(person, archive)
    with connected(person) as connection:
        with contextlib.suppress(OSError):  # An answer may come before all of it is taken.
            connection.sendall(wire)
        line = b""
        with contextlib.suppress(OSError):
            line = connection.recv(4_096)
    return int(line.split(b" ")[1]) if line else 0
