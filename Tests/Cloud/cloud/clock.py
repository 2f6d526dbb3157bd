"""Time as the cloud's slow things see it."""

import datetime
import threading
import time


class Clock:
    """Counts cloud seconds, which may run faster than real ones and be skipped.

    Only durations are scaled. Dates in answers are real ones (`stamp`): a portal would otherwise
    read a deployment that starts tomorrow.
    """

    def __init__(self, scale: float = 1.0):
        self._lock = threading.Lock()
        self._scale = scale
        self._cloud_s = 0.0
        self._real_s = time.monotonic()

    def now_s(self) -> float:
        """Cloud seconds since the start."""
        with self._lock:
            return self._read()

    def set_scale(self, scale: float) -> None:
        """Sets how many cloud seconds pass in a real one; 0 stops the clock."""
        if scale < 0:
            raise ValueError("scale must not be negative")
        with self._lock:
            self._cloud_s = self._read()
            self._real_s = time.monotonic()
            self._scale = scale

    def advance(self, seconds: float) -> None:
        """Skips cloud seconds."""
        if seconds < 0:
            raise ValueError("advance_s must not be negative")
        with self._lock:
            self._cloud_s += seconds

    @property
    def scale(self) -> float:
        return self._scale

    @staticmethod
    def stamp() -> datetime.datetime:
        """The real date and time, for answers."""
        return datetime.datetime.now(datetime.timezone.utc)

    def _read(self) -> float:
        return self._cloud_s + (time.monotonic() - self._real_s) * self._scale
