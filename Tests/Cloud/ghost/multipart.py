"""The one file of a form, https://www.rfc-editor.org/rfc/rfc7578"""

import dataclasses
from email.message import Message

from .errors import GhostError


@dataclasses.dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    content_type: str
    content: bytes


def upload(content_type: str, body: bytes, field: str) -> Upload | None:
    """The file in that field, or nothing. Raises GhostError for a form that cannot be read."""
    kind = _parsed("content-type", content_type)
    boundary = kind.get_boundary()
    if kind.get_content_type() != "multipart/form-data" or not boundary:
        return None
    mark = b"--" + boundary.encode()
    if not body.startswith(mark) or not body.rstrip(b"\r\n").endswith(mark + b"--"):
        raise GhostError("BadRequestError", "Unexpected end of form")
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
        fields = {name.strip().lower(): value.strip() for name, _, value in lines}
        disposition = _parsed("content-disposition", fields.get("content-disposition", ""))
        if disposition.get_param("name", header="content-disposition") == field:
            name = disposition.get_filename()
            return Upload(name, fields.get("content-type", ""), content) if name else None
    return None


def _parsed(name: str, value: str) -> Message:
    message = Message()
    message[name] = value
    return message
