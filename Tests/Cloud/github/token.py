"""Whose token it is, what it may do, and until when.

https://docs.github.com/rest/authentication, "Permissions required for fine-grained personal access
tokens"
"""

import datetime

from .errors import GitHubError
from .names import TOKEN

GRANTED = {"actions": "write", "contents": "read", "metadata": "read"}
LEVELS = {"none": 0, "read": 1, "write": 2}
EXPIRES_IN_DAYS = 60


class Token:
    """The one token there is."""

    def __init__(self, now: datetime.datetime):
        self.permissions = dict(GRANTED)
        self.sees_repository = True
        self.expires: datetime.datetime | None = now + datetime.timedelta(days=EXPIRES_IN_DAYS)

    def change(self, change: dict, now: datetime.datetime) -> None:
        """By control. Raises ValueError."""
        known = {"permissions", "sees_repository", "expires_in_days"}
        if not change or set(change) - known:
            raise ValueError(f"give any of {sorted(known)}, and nothing else")
        for name, level in change.get("permissions", {}).items():
            if level not in LEVELS:
                raise ValueError(f"{name} must be one of {list(LEVELS)}")
        self.permissions |= change.get("permissions", {})
        self.sees_repository = change.get("sees_repository", self.sees_repository)
        if "expires_in_days" in change:
            days = change["expires_in_days"]
            self.expires = None if days is None else now + datetime.timedelta(days=days)

    def check(self, header: str | None, now: datetime.datetime) -> None:
        """Raises GitHubError unless the request comes with it, and in time."""
        if header is None:
            raise GitHubError(404, "Not Found")  # the repository is private
        scheme, _, given = header.partition(" ")
        is_known = scheme.lower() in ("bearer", "token") and given.strip() == TOKEN
        if not is_known or (self.expires and now >= self.expires):
            raise GitHubError(401, "Bad credentials")

    def allow(self, name: str, level: str) -> None:
        """Raises GitHubError where the token may not do so much."""
        if not self.sees_repository:
            raise GitHubError(404, "Not Found")
        if LEVELS[self.permissions.get(name, "none")] < LEVELS[level]:
            raise GitHubError(
                403,
                "Resource not accessible by personal access token",
                {"X-Accepted-GitHub-Permissions": f"{name}={level}"},
            )

    def headers(self) -> dict[str, str]:
        if self.expires is None:
            return {}
        until = self.expires.strftime("%Y-%m-%d %H:%M:%S UTC")
        return {"github-authentication-token-expiration": until}
