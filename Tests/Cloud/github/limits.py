"""How often may be asked, https://docs.github.com/rest/using-the-rest-api/rate-limits"""

import time

from .errors import GitHubError

AN_HOUR = 5_000
WINDOW_S = 3_600


class Limits:
    """The primary limit, counted; and the secondary one, which strikes when it is told to."""

    def __init__(self):
        self.limit = AN_HOUR
        self.used = 0
        self.reset = int(time.time()) + WINDOW_S
        self.poll_interval_s = 0
        self._strikes: dict | None = None

    def change(self, change: dict) -> None:
        """By control: {"remaining": 0, "reset_in_s": 60} or {"secondary": {"times": 2, "status":
        429, "retry_after_s": 30}} or {"poll_interval_s": 60}. Raises ValueError."""
        known = {"remaining", "reset_in_s", "secondary", "poll_interval_s"}
        if not change or set(change) - known:
            raise ValueError(f"give any of {sorted(known)}, and nothing else")
        if "remaining" in change:
            self.used = self.limit - int(change["remaining"])
        if "poll_interval_s" in change:
            self.poll_interval_s = int(change["poll_interval_s"])
        if "reset_in_s" in change:
            self.reset = int(time.time()) + int(change["reset_in_s"])
        if "secondary" in change:
            defaults = {"times": 1, "status": 403, "retry_after_s": 60}
            self._strikes = defaults | (change["secondary"] or {"times": 0})

    def count(self) -> None:
        """One more request. Raises GitHubError past a limit."""
        self._begin_anew()
        if self._strikes and self._strikes["times"] > 0:
            self._strikes["times"] -= 1
            wait_s = self._strikes["retry_after_s"]
            raise GitHubError(
                self._strikes["status"],
                "You have exceeded a secondary rate limit. Please wait a few minutes before you "
                "try again.",
                {} if wait_s is None else {"retry-after": str(wait_s)},
            )
        if self.used >= self.limit:
            raise GitHubError(403, "API rate limit exceeded for user ID 1.")
        self.used += 1

    def give_back(self) -> None:
        """What has not changed is not counted."""
        self.used -= 1

    def view(self) -> dict:
        self._begin_anew()
        remaining = max(self.limit - self.used, 0)
        return {"limit": self.limit, "remaining": remaining, "used": self.used, "reset": self.reset}

    def headers(self) -> dict[str, str]:
        headers = {f"x-ratelimit-{name}": str(value) for name, value in self.view().items()}
        if self.poll_interval_s:
            headers["x-poll-interval"] = str(self.poll_interval_s)
        return headers | {"x-ratelimit-resource": "core"}

    def _begin_anew(self) -> None:
        if time.time() >= self.reset:
            self.used, self.reset = 0, int(time.time()) + WINDOW_S
