"""Faults to order: refusals, delays, broken answers and lost connections."""

import dataclasses
import os
import signal

from .answers import Answer
from .errors import AwsError

DROPS = (None, "before", "after")


@dataclasses.dataclass
class Fault:
    """What goes wrong with the next calls of an operation. Unset names match any."""

    service: str | None = None
    operation: str | None = None
    skip: int = 0  # so many that match go well before
    times: int | None = 1  # None: until the faults are replaced
    code: str | None = None
    message: str = "made to fail"
    status: int = 400
    latency_ms: int = 0
    drop: str | None = None  # "before" AWS acts, or "after" it has acted, the connection is reset
    kill: int | None = None  # the process with this id is killed where the connection is reset
    body: str | None = None  # sent as it is with `status`, in place of an answer
    content_type: str = "text/html"

    def __post_init__(self):
        if self.drop not in DROPS:
            raise ValueError(f"drop must be one of {DROPS}")

    def matches(self, service: str, operation: str) -> bool:
        return self.service in (None, service) and self.operation in (None, operation)

    def end_caller(self) -> None:
        if self.kill is not None:
            os.kill(self.kill, signal.SIGKILL)

    def answer(self) -> Answer | None:
        """The answer in place of AWS's own; raises AwsError if that is a refusal."""
        if self.body is not None:
            return Answer(self.status, {"Content-Type": self.content_type}, self.body.encode())
        if self.code is not None:
            raise AwsError(self.code, self.message, self.status)
        return None
