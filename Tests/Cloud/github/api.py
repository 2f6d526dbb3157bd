"""The front of the API: what every request must have, and which endpoint answers it."""

import hashlib
import re

from peer.http import Answer, Request, as_json

from . import actions, repository
from .calls import Call
from .errors import GitHubError
from .names import BOT, FULL_NAME
from .world import World

NO_AGENT = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent "
    "header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api"
    "#user-agent-required)"
)
PREFIX = f"/repos/{FULL_NAME}"


def answer(world: World, request: Request, base: str) -> Answer:
    """Answers one request."""
    if not request.headers.get("user-agent"):
        return Answer(403, "text/html", NO_AGENT.encode())
    version = request.headers.get("x-github-api-version", "2022-11-28")
    try:
        given = _answer(world, request, base, version)
    except GitHubError as refusal:
        given = refusal.answer()
    headers = world.limits.headers() | world.token.headers()
    headers |= {"x-github-api-version-selected": version, "x-github-request-id": "C0DE:1:2:3"}
    given = Answer(given.status, given.content_type, given.body, headers | given.headers)
    return _unless_known(world, request, given)


def _answer(world: World, request: Request, base: str, version: str) -> Answer:
    if version not in world.versions:
        raise GitHubError(400, f"{version} is not a supported version of the API")
    if request.path == "/versions":
        return as_json(200, world.versions)
    world.token.check(request.headers.get("authorization"), world.clock.stamp())
    if request.path == "/rate_limit":
        core = world.limits.view()
        return as_json(200, {"resources": {"core": core}, "rate": core})
    world.limits.count()
    world.settle()
    for method, pattern, endpoint in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and method == request.method:
            return endpoint(Call(world, request, base, version, found.groups()))
    raise GitHubError(404, "Not Found")


def _unless_known(world: World, request: Request, given: Answer) -> Answer:
    """304 for who has the very same answer; each token has its own ETags."""
    if request.method != "GET" or given.status != 200:
        return given
    token = request.headers.get("authorization", "").encode()
    digest = hashlib.sha256(token + given.body).hexdigest()
    etag = given.headers.get("ETag", f'W/"{digest}"')
    headers = given.headers | {"ETag": etag, "Cache-Control": "private, max-age=60, s-maxage=60"}
    if request.headers.get("if-none-match", "").removeprefix("W/") != etag.removeprefix("W/"):
        return Answer(200, given.content_type, given.body, headers)
    if request.path not in ("/rate_limit", "/versions"):
        world.limits.give_back()
        headers |= world.limits.headers()
    return Answer(304, headers=headers)


def _user(call: Call) -> Answer:
    return as_json(200, {"login": BOT, "id": 1, "type": "User"})


RUN = f"{PREFIX}/actions/runs/([0-9]+)"
JOB = f"{PREFIX}/actions/jobs/([0-9]+)"
WORKFLOW = f"{PREFIX}/actions/workflows/([^/]+)"
ROUTES = [
    ("GET", "/user", _user),
    ("GET", PREFIX, repository.about),
    ("GET", f"{PREFIX}/branches/(.+)", repository.branch),
    ("GET", f"{PREFIX}/commits", repository.commits),
    ("GET", f"{PREFIX}/commits/(.+)", repository.commit),
    ("GET", f"{PREFIX}/compare/(.+)", repository.compare),
    ("GET", f"{PREFIX}/contents/?(.*)", repository.contents),
    ("GET", f"{PREFIX}/zipball/?(.*)", repository.archive),
    ("GET", f"{PREFIX}/actions/workflows", actions.listed),
    ("GET", WORKFLOW, actions.one),
    ("PUT", f"{WORKFLOW}/(enable|disable)", actions.enable),
    ("GET", f"{WORKFLOW}/runs", actions.runs),
    ("POST", f"{WORKFLOW}/dispatches", actions.dispatch),
    ("GET", f"{PREFIX}/actions/runs", actions.runs),
    ("GET", RUN, actions.run),
    ("GET", f"{RUN}/jobs", actions.jobs),
    ("GET", f"{RUN}/logs", actions.run_logs),
    ("GET", f"{RUN}/artifacts", actions.artifacts),
    ("GET", f"{RUN}/pending_deployments", actions.gates),
    ("GET", f"{RUN}/approvals", actions.gates),
    ("POST", f"{RUN}/(rerun|rerun-failed-jobs)", actions.rerun),
    ("POST", f"{RUN}/(?:cancel|force-cancel)", actions.cancel),
    ("GET", JOB, actions.job),
    ("GET", f"{JOB}/logs", actions.job_log),
    ("GET", f"{PREFIX}/actions/artifacts/([0-9]+)/zip", actions.artifact),
]
