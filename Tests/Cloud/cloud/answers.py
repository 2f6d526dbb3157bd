"""Results and refusals in the five ways AWS writes them."""

import dataclasses
import json
import uuid
from xml.sax.saxutils import escape

from moto.core.serialize import get_serializer_class

from .errors import AwsError
from .models import Call, service_model


@dataclasses.dataclass(frozen=True)
class Answer:
    """A response on its way out."""

    status: int
    headers: dict[str, str]
    body: bytes


def result(call: Call, value: dict) -> Answer:
    """A successful answer."""
    serializer = get_serializer_class(call.service, call.protocol)(call.model)
    wire = serializer.serialize(value)
    body = wire["body"]
    headers = {"x-amzn-RequestId": str(uuid.uuid4())} | dict(wire["headers"])
    return Answer(wire["status_code"], headers, body.encode() if isinstance(body, str) else body)


def refusal(problem: AwsError, protocol: str, service: str | None) -> Answer:
    """A refusal; `service` is unknown when the signature was not right."""
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-RequestId": request_id}
    if protocol == "json":
        headers["Content-Type"] = "application/x-amz-json-1.1"
        body = json.dumps({"__type": _qualified(problem.code, service), "message": problem.message})
    elif protocol == "rest-json":
        headers["Content-Type"] = "application/json"
        headers["x-amzn-ErrorType"] = f"{problem.code}:http://internal.amazon.com/coral/"
        body = json.dumps({"message": problem.message})
    else:
        headers["Content-Type"] = "text/xml"
        body = _xml_refusal(problem, protocol, service, request_id)
    return Answer(problem.status, headers, body.encode())


def _qualified(code: str, service: str | None) -> str:
    """Some services write their namespace before the code; a client must read both forms."""
    if service in ("pricing", "cloudwatch", "secretsmanager"):
        return f"com.amazonaws.{service}#{code}"
    return code


def _xml_refusal(problem: AwsError, protocol: str, service: str | None, request_id: str) -> str:
    inner = f"<Code>{escape(problem.code)}</Code><Message>{escape(problem.message)}</Message>"
    if service == "s3":
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
        )
    if protocol == "ec2":
        return (
            f"<Response><Errors><Error>{inner}</Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>"
        )
    namespace = service_model(service).metadata.get("xmlNamespace", "") if service else ""
    attribute = f' xmlns="{namespace}"' if namespace else ""
    fault = "Sender" if problem.status < 500 else "Receiver"
    return (
        f"<ErrorResponse{attribute}><Error><Type>{fault}</Type>{inner}</Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )
