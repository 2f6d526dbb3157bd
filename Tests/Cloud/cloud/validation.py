"""Parameters held against their shapes: required, type, enum, pattern, length and range.

botocore's own validator knows no enum, pattern or upper bound; AWS refuses on all of them.
"""

import datetime
import functools
import re

from .errors import Violation
from .models import Call

REPORTED_MAX = 10

# The code each service gives for a parameter it does not like; its own name for the same thing.
CODES = {
    "ecr": "InvalidParameterException",
    "ecs": "InvalidParameterException",
    "events": "ValidationException",
    "logs": "InvalidParameterException",
    "pricing": "InvalidParameterException",
    "rds": "InvalidParameterValue",
    "s3": "InvalidArgument",
    "sesv2": "BadRequestException",
    "sns": "InvalidParameter",
    "route53": "InvalidInput",
}

TYPES = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "blob": (bytes, bytearray, str),
    "timestamp": (datetime.datetime, str, int, float),
    "structure": dict,
    "list": list,
    "map": dict,
}


def code_for(call: Call) -> str:
    """The error code of a bad parameter in this call."""
    other = "ValidationError" if call.protocol in ("query", "ec2") else "ValidationException"
    return CODES.get(call.service, other)


def check(call: Call) -> None:
    """Raises Violation, with all that is wrong in one sentence, unless the call is well-formed."""
    problems = list(call.misfits)
    if call.model.input_shape is not None:
        problems += _problems(call.parameters, call.model.input_shape, call.operation)
    if problems:
        raise Violation(code_for(call), "; ".join(problems[:REPORTED_MAX]))


def _problems(value, shape, path: str) -> list[str]:
    wanted = TYPES[shape.type_name]
    is_number = shape.type_name in ("integer", "long", "float", "double")
    if is_number and isinstance(value, bool) or not isinstance(value, wanted):
        if getattr(shape, "is_document_type", False) or shape.serialization.get("streaming"):
            return []
        return [f"{path}: {value!r} is not a {shape.type_name}"]
    if shape.type_name == "structure":
        return _structure_problems(value, shape, path)
    if shape.type_name == "list":
        inner = [_problems(v, shape.member, f"{path}[{i}]") for i, v in enumerate(value)]
        return _bounds(len(value), shape, path, "items") + sum(inner, [])
    if shape.type_name == "map":
        keys = [_problems(key, shape.key, f"{path} key") for key in value]
        inner = [_problems(v, shape.value, f"{path}.{key}") for key, v in value.items()]
        return sum(keys + inner, [])
    if shape.type_name == "string":
        return _string_problems(value, shape, path)
    if is_number:
        return _bounds(value, shape, path, "")
    return []


def _structure_problems(value: dict, shape, path: str) -> list[str]:
    problems = [f"{path}.{n} is missing" for n in shape.required_members if value.get(n) is None]
    for name, member in value.items():
        if member is not None:
            problems += _problems(member, shape.members[name], f"{path}.{name}")
    return problems


def _string_problems(value: str, shape, path: str) -> list[str]:
    problems = _bounds(len(value), shape, path, "characters")
    if shape.enum and value not in shape.enum:
        problems.append(f"{path}: {value!r} is not one of {', '.join(shape.enum[:8])}")
    pattern = _compiled(shape.metadata.get("pattern", ""))
    if pattern and not pattern.search(value):
        problems.append(f"{path}: {value!r} does not meet {pattern.pattern}")
    return problems


def _bounds(size: float, shape, path: str, unit: str) -> list[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        return [f"{path}: {size} {unit}, at least {low}"]
    if high is not None and size > high:
        return [f"{path}: {size} {unit}, at most {high}"]
    return []


@functools.cache
def _compiled(pattern: str) -> re.Pattern | None:
    """The pattern, or nothing where it is written in Java's dialect that Python lacks."""
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None
