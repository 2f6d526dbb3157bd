"""Faults to order: answers in place of the right ones, delays, and lost connections."""

import dataclasses
import re
import threading

WHENS = (None, "before", "after")


@dataclasses.dataclass
class Fault:
    """What goes wrong with the next requests it matches. Unset names match any."""

    method: str | None = None
    path: str | None = None  # a regular expression, found anywhere in the path with its query
    skip: int = 0  # so many that match go well before
    times: int | None = 1  # None: until the faults are replaced
    status: int | None = None  # answered in place of the right answer, and nothing is done
    body: str = ""
    content_type: str = "text/html"
    headers: dict = dataclasses.field(default_factory=dict)
    latency_ms: int = 0
    drop: str | None = None  # "before" it acts, or "after" it has acted, the connection is reset
    hang: str | None = None  # likewise, but nothing is ever answered

    def __post_init__(self):
        if self.drop not in WHENS or self.hang not in WHENS:
            raise ValueError(f"drop and hang must be one of {WHENS}")
        re.compile(self.path or "")

    def matches(self, method: str, path: str) -> bool:
        return self.method in (None, method) and bool(re.search(self.path or "", path))


class Faults:
    """The faults in the order they were given; the first that matches is used up."""

    def __init__(self, kind=Fault):
        self._kind = kind
        self._lock = threading.Lock()
        self._faults: list = []

    def replace(self, faults: list[dict]) -> None:
        with self._lock:
            self._faults = [self._kind(**fault) for fault in faults]

    def take(self, *request: str):
        """The fault for this request; one that does nothing when there is none."""
        with self._lock:
            for fault in self._faults:
                if fault.times != 0 and fault.matches(*request):
                    if fault.skip > 0:
                        fault.skip -= 1
                        continue
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return self._kind()
