"""Lists cut into pages, which moto mostly gives whole whatever is asked for."""

import threading
import uuid

from .errors import AwsError
from .models import Call, paginators
from .validation import code_for

# Rows a page when the caller names no limit. AWS's, for the lists moto never cuts.
DEFAULT_ROWS = {
    "cloudformation.DescribeStackResourceDrifts": 100,
    "cloudformation.ListStackResources": 100,
    "cloudtrail.LookupEvents": 50,
    "ecr.DescribeImages": 100,
    "ecr.ListImages": 100,
    "ecs.ListServiceDeployments": 100,
    "ecs.ListServices": 10,
    "ecs.ListTaskDefinitions": 100,
    "ecs.ListTasks": 100,
    "pricing.GetProducts": 100,
}

UNLIKE = ("cloudtrail", "pricing")  # services with a code of their own for a wrong token

# How lists are paged that botocore has no paginator for.
RULES = {
    "cloudformation.DescribeStackResourceDrifts": {
        "input_token": "NextToken",
        "limit_key": "MaxResults",
        "output_token": "NextToken",
        "result_key": "StackResourceDrifts",
    },
    "ecs.ListServiceDeployments": {
        "input_token": "nextToken",
        "limit_key": "maxResults",
        "output_token": "nextToken",
        "result_key": "serviceDeployments",
    },
    "sesv2.ListEmailIdentities": {
        "input_token": "NextToken",
        "limit_key": "PageSize",
        "output_token": "NextToken",
        "result_key": "EmailIdentities",
    },
}


class Pages:
    """Which lists are cut, and the tokens given out for the rest of them."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._tokens: dict[str, tuple[str, int]] = {}

    def configure(self, rows: dict[str, int]) -> None:
        """Makes pages small: `{"ecs.ListTaskDefinitions": 2}`. Raises ValueError."""
        for name, count in rows.items():
            service, _, operation = name.partition(".")
            if not isinstance(_rule(service, operation).get("result_key"), str) or count < 1:
                raise ValueError(f"{name} cannot be cut into pages of {count}")
        self._rows = dict(rows)

    def cuts(self, call: Call) -> bool:
        return _name(call) in self._rows or _name(call) in DEFAULT_ROWS

    def whole(self, call: Call) -> dict:
        """The parameters that ask for the whole list."""
        rule = _rule(call.service, call.operation)
        paging = (rule["input_token"], rule.get("limit_key"))
        return {n: value for n, value in call.parameters.items() if n not in paging}

    def cut(self, call: Call, result: dict) -> dict:
        """The page that was asked for."""
        rule = _rule(call.service, call.operation)
        start = self._start(call, call.parameters.get(rule["input_token"]))
        limit = call.parameters.get(rule.get("limit_key"))
        rows = limit or DEFAULT_ROWS.get(_name(call)) or self._rows[_name(call)]
        rows = min(rows, self._rows.get(_name(call), rows))
        listed = result.get(rule["result_key"], [])
        page = result | {rule["result_key"]: listed[start : start + rows]}
        page.pop(rule["output_token"], None)
        if start + rows < len(listed):
            page[rule["output_token"]] = self._token(call, start + rows)
        return page

    def _token(self, call: Call, start: int) -> str:
        token = uuid.uuid4().hex + "=="  # opaque, and in need of encoding in a URL
        with self._lock:
            self._tokens[token] = (_name(call), start)
        return token

    def _start(self, call: Call, token: str | None) -> int:
        if token is None:
            return 0
        with self._lock:
            name, start = self._tokens.get(token, (None, 0))
        if name != _name(call):
            code = "InvalidNextTokenException" if call.service in UNLIKE else code_for(call)
            raise AwsError(code, "Invalid token")
        return start


def _name(call: Call) -> str:
    return f"{call.service}.{call.operation}"


def _rule(service: str, operation: str) -> dict:
    try:
        rule = RULES.get(f"{service}.{operation}") or paginators(service)[operation]
    except Exception:  # botocore has several for "no such service or operation"
        raise ValueError(f"{service}.{operation} has no pages") from None
    if not isinstance(rule["input_token"], str):
        raise ValueError(f"{service}.{operation} has more than one token")
    return rule
