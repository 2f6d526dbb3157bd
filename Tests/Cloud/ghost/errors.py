"""Ghost's refusals, in the one shape they all have.

https://docs.ghost.org/admin-api#errors, and mw-error-handler of TryGhost/framework
"""

import uuid

from peer.http import Answer, as_json

STATUSES = {
    "BadRequestError": 400,
    "UnauthorizedError": 401,
    "NoPermissionError": 403,
    "NotFoundError": 404,
    "RequestNotAcceptableError": 406,
    "RequestEntityTooLargeError": 413,
    "UnsupportedMediaTypeError": 415,
    "ValidationError": 422,
    "ThemeValidationError": 422,
    "InternalServerError": 500,
    "NotImplementedError": 501,
    "MaintenanceError": 503,
}


class GhostError(Exception):
    """A refusal; where `context` is given it is the real cause and `message` only says whereof."""

    def __init__(
        self,
        kind: str,
        message: str,
        context: str | None = None,
        code: str | None = None,
        details=None,
        help: str | None = None,
    ):
        super().__init__(f"{kind}: {message}")
        self._kind = kind
        self._error = {
            "message": message,
            "context": context,
            "type": kind,
            "details": details,
            "property": None,
            "help": help,
            "code": code,
            "id": str(uuid.uuid4()),
            "ghostErrorCode": None,
        }

    def answer(self) -> Answer:
        return as_json(STATUSES[self._kind], {"errors": [self._error]})
