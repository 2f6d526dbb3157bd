"""Which caller may call what: the token middleware of Ghost's Admin API.

web/api/endpoints/admin/middleware.js of TryGhost/Ghost
"""

from .errors import GhostError

ALL = {"GET", "PUT", "DELETE", "POST"}
INTEGRATION = {
    "site": {"GET"},
    "posts": ALL,
    "pages": ALL,
    "tags": ALL,
    "labels": ALL,
    "members": ALL,
    "images": {"POST"},
    "files": {"POST"},
    "media": {"POST"},
    "webhooks": {"POST", "PUT", "DELETE"},
    "actions": {"GET"},
    "users": {"GET"},
    "roles": {"GET"},
    "invites": {"POST"},
    "themes": {"POST", "PUT"},
    "tiers": {"GET", "PUT", "POST"},
    "offers": {"GET", "PUT", "POST"},
    "newsletters": {"GET", "PUT", "POST"},
    "config": {"GET"},
    "explore": {"GET"},
    "schedules": {"PUT"},
    "db": {"GET", "POST"},
    "settings": {"GET"},
    "oembed": {"GET"},
    "search-index": {"GET"},
}
NOT_FOR_STAFF = {("DELETE", "db"), ("PUT", "users/owner")}


def check(caller: str, method: str, path: str, old: bool, staff_is_limited: bool) -> None:
    """Raises GhostError. `path` is what follows /admin/; `old` Ghosts refuse with 501, not 403."""
    first = path.partition("/")[0]
    if caller == "staff" and (method, path.strip("/")) in NOT_FOR_STAFF:
        raise GhostError(
            "NoPermissionError", "Staff tokens are not allowed to access this endpoint"
        )
    is_limited = caller == "integration" or staff_is_limited
    if not is_limited or method in INTEGRATION.get(first, set()):
        return
    if old:
        raise GhostError(
            "NotImplementedError",
            "The server does not support the functionality required to fulfill the request.",
        )
    raise GhostError(
        "NoPermissionError", "API tokens do not have permission to access this endpoint"
    )
