"""What Ghost and the load balancer before it answer.

The page names the theme it was made with in `<meta name="theme" content="NAME VERSION">`; the
demo's theme has that line in its default.hbs, so that anybody can see which theme is live.
"""

from html import escape

from peer.http import Answer, Request

from . import admin
from .blog import Blog

HTML = "text/html; charset=utf-8"


def answer(blog: Blog, request: Request) -> tuple[Answer, str]:
    """Answers a reader's request, or a call of the Admin API, with who made it."""
    if blog.state.is_down:
        return Answer(503, HTML, UNAVAILABLE.encode()), "nobody"
    if request.path.startswith(admin.PREFIX):
        if not blog.state.admin_answers:
            page = UNAVAILABLE.replace("503 Service", "502 Service")
            return Answer(502, HTML, page.encode()), "nobody"
        return admin.answer(blog, request)
    return _page(blog, request), "nobody"


def _page(blog: Blog, request: Request) -> Answer:
    if blog.is_starting:
        return _error(blog, 503, "We'll be right back.")
    if request.method not in ("GET", "HEAD") or request.path != "/":
        return _error(blog, 404, "Page not found")
    if blog.state.redirect:
        return Answer(301, HTML, b"", {"Location": blog.state.redirect})
    missing = blog.state.missing_theme or ("" if blog.active else blog.active_name)
    if missing:
        return _error(blog, 500, f'The currently active theme "{missing}" is missing.')
    if any(error["fatal"] for error in blog.active.errors()):
        words = f'The currently active theme "{blog.active_name}" has fatal errors.'
        return _error(blog, 500, words)
    title = escape(blog.state.title)
    theme = f"{blog.active.name} {blog.active.version}".strip()
    marker = f'<meta name="theme" content="{escape(theme)}">'
    page = _written(blog, title, f'<h1 class="site-title">{title}</h1>', marker)
    return Answer(200, HTML, page.encode())


def _error(blog: Blog, status: int, message: str) -> Answer:
    """Ghost's own page for an error, which needs no theme."""
    code, words = f'<h1 class="error-code">{status}</h1>', escape(message)
    body = f'{code}<h2 class="error-description">{words}</h2>'
    return Answer(status, HTML, _written(blog, f"{status} error", body).encode())


def _written(blog: Blog, title: str, body: str, marker: str = "") -> str:
    version = ".".join(blog.state.version.split(".")[:2])
    return PAGE.format(title=title, body=body, version=version, marker=marker)


PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{title}</title><meta name="generator" content="Ghost {version}">
{marker}
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
