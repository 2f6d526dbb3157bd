"""GitHub's refusals, https://docs.github.com/rest/using-the-rest-api/troubleshooting"""

from peer.http import Answer, as_json

DOCUMENTATION = "https://docs.github.com/rest"


class GitHubError(Exception):
    """A refusal with its status and headers."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: dict[str, str] | None = None,
        errors: list | None = None,
    ):
        super().__init__(message)
        self._status = status
        self._headers = headers or {}
        self._body = {
            "message": message,
            "documentation_url": DOCUMENTATION,
            "status": str(status),
        } | ({"errors": errors} if errors else {})

    def answer(self) -> Answer:
        return as_json(self._status, self._body, self._headers)
