"""What Ghost and the load balancer before it answer."""

import dataclasses
import json
from html import escape

from .state import State

HTML = "text/html; charset=utf-8"


@dataclasses.dataclass(frozen=True)
class Answer:
    """A response on its way out."""

    status: int
    content_type: str
    body: bytes
    location: str | None = None


def answer(state: State, method: str, path: str) -> Answer:
    """Answers a reader's request."""
    route = ROUTES.get((method, path))
    if state.is_down:
        return Answer(503, HTML, UNAVAILABLE.encode())
    return route(state) if route else _error(404, "Page not found")


def _home(state: State) -> Answer:
    if state.redirect:
        return Answer(301, HTML, b"", state.redirect)
    if state.missing_theme:
        return _error(500, f'The currently active theme "{state.missing_theme}" is missing.')
    title = escape(state.title)
    page = PAGE.format(title=title, body=f'<h1 class="site-title">{title}</h1>')
    return Answer(200, HTML, page.encode())


def _site(state: State) -> Answer:
    """https://docs.ghost.org/admin-api, GET /site/; told to anybody."""
    if not state.admin_answers:
        return Answer(502, HTML, UNAVAILABLE.replace("503 Service", "502 Service").encode())
    site = {
        "title": state.title,
        "description": "Thoughts, stories and ideas.",
        "logo": None,
        "icon": None,
        "accent_color": "#FF1A75",
        "locale": "en",
        "url": "https://blog.example.com/",
        "version": state.version,
    }
    return Answer(200, "application/json; charset=utf-8", json.dumps({"site": site}).encode())


def _error(status: int, message: str) -> Answer:
    """Ghost's own page for an error, which needs no theme."""
    code, words = f'<h1 class="error-code">{status}</h1>', escape(message)
    body = f'{code}<h2 class="error-description">{words}</h2>'
    return Answer(status, HTML, PAGE.format(title=f"{status} error", body=body).encode())


ROUTES = {("GET", "/"): _home, ("GET", "/ghost/api/admin/site/"): _site}
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{title}</title><meta name="generator" content="Ghost 5.87">
</head>
<body>{body}</body>
</html>
"""
UNAVAILABLE = """\
<html>
<head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center></body>
</html>
"""
