"""Which operation a request calls, and with which parameters, by botocore's service models."""

import dataclasses
import datetime
import functools
import json
import re
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from werkzeug.datastructures import Headers, MultiDict

from .errors import Violation
from .signature import Request

# Services by the name they are signed for. What is not here is not part of this cloud.
SERVICES = {
    "acm": ["acm"],
    "application-autoscaling": ["application-autoscaling"],
    "backup": ["backup"],
    "budgets": ["budgets"],
    "ce": ["ce"],
    "cloudformation": ["cloudformation"],
    "cloudtrail": ["cloudtrail"],
    "ec2": ["ec2"],
    "ecr": ["ecr"],
    "ecs": ["ecs"],
    "elasticloadbalancing": ["elbv2"],
    "events": ["events"],
    "iam": ["iam"],
    "kms": ["kms"],
    "logs": ["logs"],
    "monitoring": ["cloudwatch"],
    "pricing": ["pricing"],
    "rds": ["rds"],
    "route53": ["route53"],
    "s3": ["s3"],
    "secretsmanager": ["secretsmanager"],
    "ses": ["sesv2", "ses"],
    "sns": ["sns"],
    "sts": ["sts"],
}
LOADER = Loader()


@dataclasses.dataclass(frozen=True)
class Call:
    """An operation with its parameters, understood but not yet checked."""

    service: str
    operation: str
    protocol: str
    parameters: dict
    misfits: list[str]  # what of the request is not in the operation's shape, in words

    @property
    def model(self) -> OperationModel:
        return service_model(self.service).operation_model(self.operation)


@functools.cache
def service_model(service: str) -> ServiceModel:
    return ServiceModel(LOADER.load_service_model(service, "service-2"), service)


@functools.cache
def paginators(service: str) -> dict:
    return LOADER.load_service_model(service, "paginators-1")["pagination"]


def protocol_of(request: Request) -> str:
    """The protocol a refusal is written in while nothing else about the request is known."""
    if "x-amz-target" in request.fields():
        return "json"
    return "rest-json" if request.target.startswith("/v2/") else "query"


def resolve(request: Request, signing_name: str) -> Call:
    """Returns the call a request makes, and raises Violation when there is no such operation."""
    for service in SERVICES.get(signing_name, []):
        model = service_model(service)
        if "x-amz-target" in request.fields():
            call = _json_call(request, service, model)
        elif model.protocol.startswith("rest"):
            call = _rest_call(request, service, model)
        else:
            call = _query_call(request, service, model)
        if call:
            return call
    raise Violation(
        "UnknownOperationException",
        f"{signing_name!r} has no operation for {request.method} {request.target}",
        400 if "x-amz-target" in request.fields() else 404,
    )


def _json_call(request: Request, service: str, model: ServiceModel) -> Call | None:
    fields = request.fields()
    prefix, _, operation = fields["x-amz-target"].rpartition(".")
    if prefix != model.metadata.get("targetPrefix") or operation not in model.operation_names:
        return None
    wanted = f"application/x-amz-json-{model.metadata['jsonVersion']}"
    if fields.get("content-type") != wanted:
        raise Violation("UnknownOperationException", f"Content-Type must be {wanted}")
    raw = _json_body(request)
    shape = model.operation_model(operation).input_shape
    parameters = _parse(model, operation, "json", request, MultiDict(), {})
    return Call(service, operation, "json", parameters, misfits(raw, shape))


def _rest_call(request: Request, service: str, model: ServiceModel) -> Call | None:
    path, _, query = request.target.partition("?")
    values = MultiDict(parse_qsl(query, keep_blank_values=True))
    for route in _routes(service):
        match = route.match(request.method, path, values, request.fields())
        if match is None:
            continue
        raw = _json_body(request) if model.protocol == "rest-json" else {}
        shape = model.operation_model(route.operation).input_shape
        parameters = _parse(model, route.operation, model.protocol, request, values, match)
        return Call(service, route.operation, model.protocol, parameters, misfits(raw, shape))
    return None


def _query_call(request: Request, service: str, model: ServiceModel) -> Call | None:
    form = request.body.decode("utf-8", "replace")
    pairs = parse_qsl(form, keep_blank_values=True)
    pairs += parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    values = ReadFields(pairs)
    operation = values.get("Action")
    if operation not in model.operation_names:
        return None
    if values.get("Version") != model.metadata["apiVersion"]:
        raise Violation("InvalidAction", f"no version {values.get('Version')!r} of {operation}")
    content_type = request.fields().get("content-type", "")
    if request.method == "POST" and "x-www-form-urlencoded" not in content_type:
        raise Violation("InvalidAction", "Content-Type must be application/x-www-form-urlencoded")
    protocol = "ec2" if model.protocol == "ec2" else "query"
    parameters = _parse(model, operation, protocol, request, values, {})
    unknown = [f"unknown field {name!r}" for name in values.unread()]
    return Call(service, operation, protocol, parameters, unknown)


class ReadFields(dict):
    """A form that remembers which fields were asked for: the parser asks for all it knows."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self._read = set()

    def get(self, name, default=None):
        self._read.add(name)
        return super().get(name, default)

    def unread(self) -> list[str]:
        return [name for name in self if name not in self._read]


@dataclasses.dataclass(frozen=True)
class Route:
    """What a REST request must have to be a certain operation."""

    operation: str
    method: str
    path: re.Pattern
    query: dict[str, str]  # an empty value stands for any
    headers: list[str]

    def match(self, method, path, values, fields) -> dict[str, str] | None:
        found = self.path.match(path)
        if method != self.method or not found:
            return None
        if any(name not in fields for name in self.headers):
            return None
        for name, value in self.query.items():
            if name not in values or (value and values[name] != value):
                return None
        return found.groupdict()


@functools.cache
def _routes(service: str) -> list[Route]:
    """All routes, those that ask for more first: `PUT /b?tagging` is not CreateBucket."""
    model = service_model(service)
    operations = map(model.operation_model, model.operation_names)
    # PutBucketLifecycle has the route of PutBucketLifecycleConfiguration, and its old parameters.
    routes = [_route(operation) for operation in operations if not operation.deprecated]
    return sorted(routes, key=lambda r: (-len(r.query), -len(r.headers), r.path.groups))


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = re.sub(
        r"\\\{(\w+)(\\\+)?\\\}",
        lambda part: f"(?P<{part[1]}>{'.+' if part[2] else '[^/]+'})",
        re.escape(path),
    )
    needed_query = {part.partition("=")[0]: part.partition("=")[2] for part in query.split("&")}
    needed_query.pop("", None)
    needed_headers = []
    shape = operation.input_shape
    for name in shape.required_members if shape else []:
        where = shape.members[name].serialization
        if where.get("location") == "querystring":
            needed_query.setdefault(where.get("name", name), "")
        elif where.get("location") == "header":
            needed_headers.append(where.get("name", name).lower())
    whole = re.compile(f"^{pattern}/?$")
    return Route(operation.name, operation.http["method"], whole, needed_query, needed_headers)


def _json_body(request: Request) -> dict:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Violation("SerializationException", "The request body is not a JSON object")
    return body


def _parse(model, operation, protocol, request: Request, values, url_parts) -> dict:
    operation_model = model.operation_model(operation)
    body = request.body if model.service_name == "s3" else request.body.decode("utf-8", "replace")
    if _is_blob(operation_model.input_shape):
        body = request.body.decode("latin-1")  # The parser takes any bytes for text.
    wire = {
        "body": body,
        "headers": Headers(request.fields()),
        "method": request.method,
        "url_params": url_parts,
        "url_path": request.target.partition("?")[0],
        "values": values,
    }
    try:
        return PROTOCOL_PARSERS[protocol](operation_model).parse(wire)
    except (RequestParserError, ValueError, TypeError, AttributeError) as problem:
        raise Violation("SerializationException", f"{operation}: {problem}") from None


def _is_blob(shape) -> bool:
    """Whether the whole body is the content of something, as of an object."""
    payload = shape.serialization.get("payload") if shape else None
    return payload is not None and shape.members[payload].type_name == "blob"


def misfits(raw, shape, path: str = "") -> list[str]:
    """What in a JSON body its shape does not have, at any depth, in words.

    Looked for on the wire, since the parser drops unknown members and takes text for a list.
    """
    if shape is None:
        return [f"unknown field {name!r}" for name in raw]
    wanted = {"structure": dict, "map": dict, "list": list}.get(shape.type_name)
    if wanted is None or raw is None or getattr(shape, "is_document_type", False):
        return []
    if not isinstance(raw, wanted):
        return [f"{path!r} is not a {shape.type_name}"]
    if shape.type_name == "list":
        return [m for item in raw for m in misfits(item, shape.member, f"{path}[]")]
    if shape.type_name == "map":
        return [m for name in raw for m in misfits(raw[name], shape.value, f"{path}.{name}")]
    known = {m.serialization.get("name", name): m for name, m in shape.members.items()}
    found = [f"unknown field {f'{path}.{name}'.lstrip('.')!r}" for name in raw.keys() - known]
    for name in raw.keys() & known:
        found += misfits(raw[name], known[name], f"{path}.{name}".lstrip("."))
    return found


def jsonable(value):
    """Parameters as JSON can hold them: dates as text, bytes by their number."""
    if isinstance(value, dict):
        return {str(name): jsonable(member) for name, member in value.items()}
    if isinstance(value, list):
        return [jsonable(member) for member in value]
    if isinstance(value, (bytes, bytearray)):
        return f"<{len(value)} bytes>"
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
