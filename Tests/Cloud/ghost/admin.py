"""The Admin API, https://docs.ghost.org/admin-api: what each endpoint does."""

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from peer.http import Answer, Request, as_json

from . import access, multipart, themes, tokens
from .blog import Blog
from .errors import GhostError
from .settings import DOMAIN
from .themes import Theme

PREFIX = "/ghost/api/admin/"
INVALIDATE = {"X-Cache-Invalidate": "/*"}
ACTIONS_A_PAGE = 15


def answer(blog: Blog, request: Request) -> tuple[Answer, str]:
    """The answer to a call of the Admin API, and who made it."""
    caller = "nobody"
    try:
        if blog.is_starting:
            words = "Site is starting up, please wait a moment then retry."
            raise GhostError("MaintenanceError", words)
        path = request.path.removeprefix(PREFIX)
        if (request.method, path) == ("GET", "site/"):
            return _site(blog), caller
        caller = tokens.caller(request.headers.get("authorization"), blog.now_s())
        _check_version(blog, request.headers.get("accept-version"))
        state = blog.state
        access.check(caller, request.method, path, state.refuses_with_501, state.staff_is_limited)
        given = _route(request.method, path)(blog, caller, request, path)
    except GhostError as refusal:
        given = refusal.answer()
    version = ".".join(blog.state.version.split(".")[:2])
    headers = given.headers | {"Content-Version": f"v{version}"}
    return Answer(given.status, given.content_type, given.body, headers), caller


def _check_version(blog: Blog, wanted: str | None) -> None:
    """What the caller was written for must not be newer than this Ghost."""
    match = re.fullmatch(r"v(\d+)(?:\.(\d+))?", wanted or "")
    if match and int(match[1]) > int(blog.state.version.partition(".")[0]):
        raise GhostError(
            "RequestNotAcceptableError",
            f"Request could not be served, the endpoint was not found. {wanted} is newer.",
            code="UPDATE_GHOST",
        )


def _route(method: str, path: str) -> Callable:
    for route_method, pattern, handler in ROUTES:
        if method == route_method and re.fullmatch(pattern, path):
            return handler
    raise GhostError("NotFoundError", "Resource not found")


def _site(blog: Blog) -> Answer:
    """Told to anybody, with no more of the version than its first two numbers."""
    values = blog.settings.values
    shown = ("description", "logo", "icon", "accent_color", "locale")
    site = {"title": blog.state.title} | {name: values[name] for name in shown}
    site |= {
        "url": f"https://{DOMAIN}/",
        "version": ".".join(blog.state.version.split(".")[:2]),
        "allow_external_signup": values["members_signup_access"] == "all",
        "site_uuid": "5c0b7f70-6a4e-41f0-8a55-0a58a9feac02",
    }
    return as_json(200, {"site": site})


def _config(blog: Blog, *_) -> Answer:
    config = {
        "version": blog.state.version,
        "environment": "production" if blog.state.is_production else "development",
        "database": "mysql8",
        "mail": "SMTP",
        "useGravatar": True,
        "labs": {},
        "mailgunIsConfigured": False,
        "emailAnalytics": True,
        "security": {"staffDeviceVerification": True},
    }
    return as_json(200, {"config": config})


def _settings(blog: Blog, *_) -> Answer:
    return as_json(200, {"settings": blog.settings.browse(blog.state.mail_from), "meta": {}})


def _edit_settings(blog: Blog, caller: str, request: Request, _) -> Answer:
    for name in blog.settings.edit(_json(request), blog.state.drops_setting):
        blog.note(caller, "edited", "setting", name)
    given = _settings(blog)
    return Answer(given.status, given.content_type, given.body, INVALIDATE)


def _themes(blog: Blog, *_) -> Answer:
    return as_json(200, {"themes": [_view(blog, theme) for theme in blog.themes.values()]})


def _active_theme(blog: Blog, *_) -> Answer:
    if blog.active is None:
        words = f'The currently active theme "{blog.active_name}" is missing.'
        raise GhostError("NotFoundError", "Resource not found error, cannot read theme.", words)
    return as_json(200, {"themes": [_checked(blog, blog.active)]})


def _upload(blog: Blog, caller: str, request: Request, _) -> Answer:
    content_type = request.headers.get("content-type", "")
    theme = themes.uploaded(multipart.upload(content_type, request.body, "file"))
    event = "edited" if theme.name in blog.themes else "added"
    blog.put(theme)
    blog.note(caller, event, "theme", theme.name)
    is_active = theme.name == blog.active_name
    return as_json(200, {"themes": [_checked(blog, theme)]}, INVALIDATE if is_active else None)


def _activate(blog: Blog, caller: str, _, path: str) -> Answer:
    name = _name(path)
    if name not in blog.themes:
        words = f"{name} cannot be activated because it was not found in the theme directory."
        raise GhostError("ValidationError", "Validation error, cannot activate theme.", words)
    themes.check(blog.themes[name])
    blog.settings.values["active_theme"] = name
    blog.note(caller, "edited", "setting", "active_theme")
    return as_json(200, {"themes": [_checked(blog, blog.themes[name])]}, INVALIDATE)


def _download(blog: Blog, _, __, path: str) -> Answer:
    theme = blog.themes.get(_name(path))
    if theme is None:
        raise GhostError("BadRequestError", "Please select a valid theme.")
    disposition = {"Content-Disposition": f"attachment; filename={theme.name}.zip"}
    return Answer(200, "application/zip", theme.zipped(), disposition)


def _delete(blog: Blog, caller: str, _, path: str) -> Answer:
    name = _name(path)
    cannot = "Validation error, cannot delete theme."
    if name in themes.OVERRIDABLE_NOT:
        raise GhostError("ValidationError", cannot, "Deleting the default theme is not allowed.")
    if name == blog.active_name:
        raise GhostError("ValidationError", cannot, "Deleting the active theme is not allowed.")
    if name not in blog.themes:
        cannot = "Resource not found error, cannot delete theme."
        raise GhostError("NotFoundError", cannot, "Theme does not exist.")
    del blog.themes[name]
    blog.note(caller, "deleted", "theme", name)
    return Answer(204)


def _actions(blog: Blog, _, request: Request, __) -> Answer:
    asked = parse_qs(request.query)
    limit = asked.get("limit", [str(ACTIONS_A_PAGE)])[0]
    rows = list(blog.actions)
    page = rows if limit == "all" else rows[: int(limit)]
    pagination = {"page": 1, "limit": limit, "pages": 1, "total": len(rows)}
    return as_json(200, {"actions": page, "meta": {"pagination": pagination}})


def _notifications(blog: Blog, *_) -> Answer:
    return as_json(200, {"notifications": blog.notifications})


def _dismiss(blog: Blog, _, __, path: str) -> Answer:
    kept = [each for each in blog.notifications if each["id"] != _name(path)]
    if len(kept) == len(blog.notifications):
        raise GhostError("NotFoundError", "Notification does not exist.")
    blog.notifications = kept
    return Answer(204)


def _users(*_) -> Answer:
    user = {"id": "1", "name": "Olive Owner", "slug": "olive", "email": "owner@example.com"}
    return as_json(200, {"users": [user | {"status": "active"}]})


def _view(blog: Blog, theme: Theme) -> dict:
    is_active = theme.name == blog.active_name
    view = {"name": theme.name, "package": theme.package, "active": is_active}
    return view | ({"templates": []} if is_active else {})


def _checked(blog: Blog, theme: Theme) -> dict:
    """With what the check found; warnings are for developers, and production gives none."""
    view, errors, warnings = _view(blog, theme), theme.errors(), theme.warnings()
    view |= {"errors": errors} if errors else {}
    return view | ({"warnings": warnings} if warnings and not blog.state.is_production else {})


def _name(path: str) -> str:
    return unquote(path.split("/")[1])


def _json(request: Request) -> dict:
    try:
        return json.loads(request.body)
    except ValueError:
        raise GhostError("BadRequestError", "Request body is not valid JSON") from None


ROUTES = [
    ("GET", "config/", _config),
    ("GET", "settings/", _settings),
    ("PUT", "settings/", _edit_settings),
    ("GET", "themes/", _themes),
    ("GET", "themes/active/", _active_theme),
    ("POST", "themes/upload/", _upload),
    ("PUT", "themes/[^/]+/activate/", _activate),
    ("GET", "themes/[^/]+/download/", _download),
    ("DELETE", "themes/[^/]+/", _delete),
    ("GET", "actions/", _actions),
    ("GET", "notifications/", _notifications),
    ("DELETE", "notifications/[^/]+/", _dismiss),
    ("GET", "users/", _users),
]
