"""CloudWatch Logs: searches that take several calls, and the retentions AWS has."""

import uuid

from ..errors import AwsError
from ..moto import Moto
from ..names import REGION
from .patterns import matcher

RETENTION_DAYS = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip
EVENTS_PER_CALL = 100  # looked at before a search answers, with what it has and a token
EVENTS_MAX = 10_000


class Logs:
    REGIONS = {REGION}

    def __init__(self, moto: Moto):
        self._moto = moto
        self._tokens: dict[str, int] = {}  # where the rest of a search begins

    def put_retention_policy(self, parameters: dict) -> dict:
        days = parameters["retentionInDays"]
        if days not in RETENTION_DAYS:
            raise AwsError("InvalidParameterException", f"{days} is not a retention AWS has.")
        return self._moto.client("logs").put_retention_policy(**parameters)

    def filter_log_events(self, parameters: dict) -> dict:
        meets = matcher(parameters.get("filterPattern"))
        ours = ("filterPattern", "nextToken", "limit")
        whole = {name: value for name, value in parameters.items() if name not in ours}
        answer = self._moto.client("logs").filter_log_events(**whole, limit=EVENTS_MAX)
        events, found = answer["events"], []
        start = end = self._start(parameters.get("nextToken"))
        limit = parameters.get("limit", EVENTS_MAX)
        while end < min(len(events), start + EVENTS_PER_CALL) and len(found) < limit:
            if meets(events[end]["message"]):
                found.append(events[end])
            end += 1
        page = {"events": found, "searchedLogStreams": []}
        return page if end >= len(events) else page | {"nextToken": self._token(end)}

    def _token(self, start: int) -> str:
        token = uuid.uuid4().hex
        self._tokens[token] = start
        return token

    def _start(self, token: str | None) -> int:
        if token is not None and token not in self._tokens:
            raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
        return self._tokens.get(token, 0)
