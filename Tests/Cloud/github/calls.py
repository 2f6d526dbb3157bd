"""One request on its way through the API, and the few answers all endpoints share."""

import dataclasses
import json
from urllib.parse import parse_qsl, urlencode

from peer.http import Answer, Request, as_json

from .errors import GitHubError
from .world import World

A_PAGE, A_PAGE_MAX = 30, 100


@dataclasses.dataclass(frozen=True)
class Call:
    """A request with the parts of its path that differ from call to call."""

    world: World
    request: Request
    base: str  # https://host:port of the API
    version: str
    parts: tuple[str, ...]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    @property
    def accept(self) -> str:
        return self.request.headers.get("accept", "")

    def body(self) -> dict:
        try:
            body = json.loads(self.request.body or b"{}")
        except ValueError:
            raise GitHubError(400, "Problems parsing JSON") from None
        if not isinstance(body, dict):
            raise GitHubError(400, "Body should be a JSON object")
        return body

    def page(self, rows: list, name: str | None = None) -> Answer:
        """One page of a list with its `Link` header; with a name, inside an object."""
        size = min(self._number("per_page", A_PAGE), A_PAGE_MAX)
        page = self._number("page", 1)
        last = max(-(-len(rows) // size), 1)
        links = {"first": 1, "prev": page - 1} if page > 1 else {}
        links |= {"next": page + 1, "last": last} if page < last else {}
        header = ", ".join(f'<{self._page_url(n)}>; rel="{rel}"' for rel, n in links.items())
        shown = rows[(page - 1) * size : page * size]
        value = shown if name is None else {"total_count": len(rows), name: shown}
        return as_json(200, value, {"Link": header} if header else {})

    def _page_url(self, page: int) -> str:
        query = urlencode(self.query | {"page": str(page)})
        return f"{self.base}{self.request.path}?{query}"

    def _number(self, name: str, default: int) -> int:
        text = self.query.get(name, str(default))
        return max(int(text), 1) if text.isdecimal() else default
