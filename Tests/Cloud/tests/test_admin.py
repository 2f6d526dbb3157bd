"""The blog's Admin API: who may call it, settings and themes."""

import http.client
import io
import json
import os
import ssl
import time
import urllib.error
import urllib.request
import uuid
import zipfile

import pytest
from cloud import names
from ghost import process, themes, tokens
from ghost.tokens import CONTENT_KEY, INTEGRATION_KEY, STAFF_TOKEN

TIMEOUT_S = 30
THEME = "ghost-blog-theme"


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    with process.running(tmp_path_factory.mktemp("blog")) as blog:
        yield blog


@pytest.fixture
def blog(started):
    started.post("reset")
    return started


def call(blog, method, path, key=INTEGRATION_KEY, body=None, headers=None, token=None):
    """Status, answer and headers of a call."""
    context = ssl.create_default_context(cafile=blog.authorities)
    fields = {"Accept-Version": "v5.0"} | (headers or {})
    if key:
        fields["Authorization"] = f"Ghost {token or tokens.token(key)}"
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        fields["Content-Type"] = "application/json"
    url = f"{blog.url}/ghost/api/admin/{path}"
    request = urllib.request.Request(url, body, fields, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=context) as answer:
            return answer.status, _read(answer), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, _read(refusal), refusal.headers


def _read(answer):
    raw = answer.read()
    kind = answer.headers.get("Content-Type", "")
    return json.loads(raw) if kind.startswith("application/json") and raw else raw


def error(answered) -> dict:
    status, body, _ = answered
    return {"status": status} | body["errors"][0]


def form(name: str, content: bytes, field="file", kind="application/zip") -> tuple[str, bytes]:
    """A form with one file, and its type."""
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    head += f"Content-Type: {kind}\r\n\r\n"
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return f"multipart/form-data; boundary={mark}", body


def upload(blog, name, content, key=INTEGRATION_KEY, **changes):
    kind, body = form(name, content, **changes)
    return call(blog, "POST", "themes/upload/", key, body, {"Content-Type": kind})


def packed(version="1.5.0", name=THEME, without=(), folder="", **extra) -> bytes:
    files = themes.made(name, version, {n: c.encode() for n, c in extra.items()}).files
    kept = {f"{folder}{n}": content for n, content in files.items() if n not in without}
    return themes.Theme(name, kept).zipped()


def home(blog) -> tuple[int, str]:
    context = ssl.create_default_context(cafile=blog.authorities)
    try:
        with urllib.request.urlopen(blog.url, timeout=TIMEOUT_S, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def settings(blog) -> dict:
    rows = call(blog, "GET", "settings/")[1]["settings"]
    return {row["key"]: row["value"] for row in rows}


def test_the_golden_token_is_what_a_right_client_makes():
    expected = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjY3NDg1OTJmNGI5Yjc3MDAwMTBmNjU2NCJ9."
        "eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMCwiYXVkIjoiL2FkbWluLyJ9."
        "QWt7XShOVq8aFqUOaSzJ0jFSd8slPzp4lTtEI_yLRXw"
    )
    assert tokens.token(INTEGRATION_KEY, at_s=1_700_000_000) == expected


def test_a_right_token_reads_configuration_and_settings(blog):
    assert call(blog, "GET", "config/")[1]["config"]["version"] == "5.87.1"
    seen = settings(blog)
    assert seen["active_theme"] == THEME
    assert seen["default_email_address"] == "noreply@example.com"
    blog.post("state", {"mail_from": ""})
    assert settings(blog)["default_email_address"] == "noreply@blog.example.com"
    assert settings(blog)["support_email_address"] == "noreply@blog.example.com"


@pytest.mark.parametrize(
    ("header", "status", "kind", "code"),
    [
        ("Bearer abc", 401, "UnauthorizedError", "INVALID_AUTH_HEADER"),
        ("Ghost abc", 400, "BadRequestError", "INVALID_JWT"),
    ],
)
def test_a_wrong_header_is_refused(blog, header, status, kind, code):
    refused = error(call(blog, "GET", "config/", None, headers={"Authorization": header}))
    assert (refused["status"], refused["type"], refused["code"]) == (status, kind, code)
    assert call(blog, "GET", "config/", None)[0] == 403


@pytest.mark.parametrize(
    ("changes", "status", "code", "message"),
    [
        ({"kid": ""}, 400, "MISSING_ADMIN_API_KID", "Admin API kid missing."),
        ({"kid": "0" * 24}, 401, "UNKNOWN_ADMIN_API_KEY", "Unknown Admin API Key"),
        ({"kid": CONTENT_KEY[:24]}, 401, "INVALID_API_KEY_TYPE", "Invalid API Key type"),
        ({"alg": "HS512"}, 401, "INVALID_JWT", "Invalid token: invalid algorithm"),
        ({"kid": STAFF_TOKEN[:24]}, 401, "INVALID_JWT", "Invalid token: invalid signature"),
        (
            {"aud": "/content/"},
            401,
            "INVALID_JWT",
            r"Invalid token: jwt audience invalid. expected: /\/?admin\/?$/",
        ),
        ({"iat": None}, 401, "INVALID_JWT", "Invalid token: iat required when maxAge is specified"),
    ],
)
def test_a_wrong_token_is_refused(blog, changes, status, code, message):
    token = tokens.token(INTEGRATION_KEY, **changes)
    refused = error(call(blog, "GET", "config/", token=token))
    assert (refused["status"], refused["code"], refused["message"]) == (status, code, message)


def test_a_token_is_good_for_five_minutes_whatever_it_says(blog):
    six_minutes_ago = time.time() - 360
    expired = tokens.token(INTEGRATION_KEY, six_minutes_ago)
    longer = tokens.token(INTEGRATION_KEY, six_minutes_ago, exp=int(time.time()) + 3600)
    assert error(call(blog, "GET", "config/", token=expired))["message"].endswith("jwt expired")
    assert error(call(blog, "GET", "config/", token=longer))["message"].endswith("maxAge exceeded")


def test_a_clock_that_is_ahead_finds_every_token_expired_and_says_its_time(blog):
    blog.post("state", {"clock_ahead_s": 400})
    status, body, headers = call(blog, "GET", "config/")
    assert (status, body["errors"][0]["message"]) == (401, "Invalid token: jwt expired")
    assert headers["Date"] != time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())


NOT_FOR_INTEGRATIONS = [
    ("PUT", "settings/"),
    ("GET", "themes/"),
    ("GET", "themes/active/"),
    ("GET", f"themes/{THEME}/download/"),
    ("DELETE", f"themes/{THEME}/"),
    ("GET", "notifications/"),
]


@pytest.mark.parametrize(("method", "path"), NOT_FOR_INTEGRATIONS)
def test_an_integration_may_not_do_everything(blog, method, path):
    refused = error(call(blog, method, path, body={"settings": []}))
    assert (refused["status"], refused["type"]) == (403, "NoPermissionError")
    blog.post("state", {"refuses_with_501": True})
    refused = error(call(blog, method, path, body={"settings": []}))
    assert (refused["status"], refused["type"]) == (501, "NotImplementedError")
    assert call(blog, method, path, STAFF_TOKEN, {"settings": []})[0] not in (403, 501)


def test_an_unknown_setting_is_dropped_without_a_word(blog):
    rows = [
        {"key": "portal_button", "value": "false"},
        {"key": "mail.from", "value": "a@example.com"},
        {"key": "active_theme", "value": "casper"},
    ]
    status, body, headers = call(blog, "PUT", "settings/", STAFF_TOKEN, {"settings": rows})
    assert (status, headers["X-Cache-Invalidate"]) == (200, "/*")
    shown = {row["key"]: row["value"] for row in body["settings"]}
    assert (shown["portal_button"], shown["active_theme"]) == (False, THEME)
    assert "mail.from" not in shown
    [action] = call(blog, "GET", "actions/")[1]["actions"]
    assert (action["event"], action["resource_type"]) == ("edited", "setting")


def test_members_can_be_turned_off(blog):
    row = {"key": "members_signup_access", "value": "none"}
    call(blog, "PUT", "settings/", STAFF_TOKEN, {"settings": [row]})
    assert settings(blog)["members_enabled"] is False
    row = {"key": "members_signup_access", "value": "some"}
    refused = error(call(blog, "PUT", "settings/", STAFF_TOKEN, {"settings": [row]}))
    assert (refused["status"], refused["type"]) == (422, "ValidationError")
    row = {"key": "blocked_email_domains", "value": "[]"}
    refused = error(call(blog, "PUT", "settings/", STAFF_TOKEN, {"settings": [row]}))
    assert refused["context"] == "Problem finding setting: blocked_email_domains"


def test_an_upload_under_the_active_name_is_live_at_once(blog):
    assert f'content="{THEME} 1.4.0"' in home(blog)[1]
    status, body, headers = upload(blog, f"{THEME}.zip", packed())
    assert (status, headers["X-Cache-Invalidate"]) == (200, "/*")
    [theme] = body["themes"]
    assert (theme["active"], theme["package"]["version"]) == (True, "1.5.0")
    assert "warnings" not in theme
    assert f'content="{THEME} 1.5.0"' in home(blog)[1]


def test_an_upload_under_another_name_stays_inactive_until_it_is_activated(blog):
    status, body, headers = upload(blog, "other.zip", packed(name="other", folder="repo-1/"))
    assert (status, body["themes"][0]["active"]) == (200, False)
    assert "X-Cache-Invalidate" not in headers
    assert call(blog, "PUT", "themes/other/activate/")[1]["themes"][0]["active"] is True
    assert 'content="other 1.5.0"' in home(blog)[1]
    refused = error(call(blog, "PUT", "themes/nobody/activate/"))
    assert refused["context"].startswith("nobody cannot be activated because it was not found")


def test_an_upload_that_is_no_theme_is_refused(blog):
    no_file = error(upload(blog, f"{THEME}.zip", packed(), field="theme"))
    assert (no_file["status"], no_file["message"]) == (422, "Please select a theme.")
    no_zip = error(upload(blog, "theme.tar", packed()))
    assert (no_zip["status"], no_zip["message"]) == (415, "Please select a valid zip file.")
    reserved = error(upload(blog, "casper.zip", packed()))
    assert (reserved["type"], "override the default" in reserved["context"]) == (
        "ValidationError",
        True,
    )
    broken = error(upload(blog, f"{THEME}.zip", b"PK" + b"x" * 100))
    assert (broken["status"], broken["context"]) == (422, "Failed to read zip file")
    assert f'content="{THEME} 1.4.0"' in home(blog)[1]


@pytest.mark.parametrize("missing", ["index.hbs", "post.hbs"])
def test_a_theme_without_its_templates_is_refused(blog, missing):
    refused = error(upload(blog, f"{THEME}.zip", packed(without=[missing])))
    assert (refused["status"], refused["type"]) == (422, "ThemeValidationError")
    assert refused["message"] == f'Theme "{THEME}" is not compatible or contains errors.'
    [finding] = refused["details"]["errors"]
    assert (finding["fatal"], finding["failures"][0]["ref"]) == (True, missing)


def test_a_symbolic_link_is_refused(blog):
    made = io.BytesIO(packed())
    with zipfile.ZipFile(made, "a") as archive:
        entry = zipfile.ZipInfo("assets/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert error(upload(blog, f"{THEME}.zip", made.getvalue()))["code"] == "SYMLINK_NOT_ALLOWED"


def test_warnings_are_for_developers_only(blog):
    bare = packed(**{"package.json": '{"name": "ghost-blog-theme", "version": "2.0.0"}'})
    assert "warnings" not in upload(blog, f"{THEME}.zip", bare)[1]["themes"][0]
    blog.post("state", {"is_production": False})
    assert upload(blog, f"{THEME}.zip", bare)[1]["themes"][0]["warnings"]


def test_a_theme_is_downloaded_as_it_is_and_deleted_unless_it_is_active(blog):
    status, content, headers = call(blog, "GET", f"themes/{THEME}/download/", STAFF_TOKEN)
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"index.hbs", "post.hbs", "package.json"} <= set(archive.namelist())
    assert call(blog, "GET", "themes/nobody/download/", STAFF_TOKEN)[0] == 400
    active = error(call(blog, "DELETE", f"themes/{THEME}/", STAFF_TOKEN))
    assert active["context"] == "Deleting the active theme is not allowed."
    upload(blog, "other.zip", packed())
    assert call(blog, "DELETE", "themes/other/", STAFF_TOKEN)[0] == 204
    assert call(blog, "DELETE", "themes/other/", STAFF_TOKEN)[0] == 404


def test_a_restart_says_so_and_loses_the_uploaded_themes(blog):
    blog.post("restart", {"for_ms": 600_000})
    refused = error(call(blog, "GET", "site/", None))
    assert (refused["status"], refused["type"]) == (503, "MaintenanceError")
    blog.post("restart", {"for_ms": 0})
    assert call(blog, "GET", "site/", None)[0] == 200
    status, page = home(blog)
    assert status == 500
    assert f"The currently active theme &quot;{THEME}&quot; is missing." in page
    upload(blog, f"{THEME}.zip", packed())
    assert home(blog)[0] == 200


def test_a_damaged_theme_shows_on_the_page(blog):
    blog.post("break_theme", {"name": THEME})
    assert "has fatal errors" in home(blog)[1]


def test_a_lost_answer_may_have_acted(blog):
    blog.post("faults", [{"path": "themes/upload", "drop": "after"}])
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        upload(blog, f"{THEME}.zip", packed())
    assert f'content="{THEME} 1.5.0"' in home(blog)[1]
    blog.post("faults", [{"path": "themes/upload", "drop": "before"}])
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        upload(blog, f"{THEME}.zip", packed("1.6.0"))
    assert f'content="{THEME} 1.5.0"' in home(blog)[1]


def test_an_answer_that_never_comes_may_have_acted(blog):
    blog.post("faults", [{"path": "themes/upload", "hang": "after"}])
    context = ssl._create_unverified_context()
    kind, body = form(f"{THEME}.zip", packed())
    fields = {"Authorization": f"Ghost {tokens.token(INTEGRATION_KEY)}", "Content-Type": kind}
    url = f"{blog.url}/ghost/api/admin/themes/upload/"
    request = urllib.request.Request(url, body, fields)
    with pytest.raises(TimeoutError):
        urllib.request.urlopen(request, timeout=5, context=context)
    assert eventually(lambda: f'content="{THEME} 1.5.0"' in home(blog)[1])


def test_a_large_theme_may_come_in_chunks(blog):
    style = {"assets/large.bin": os.urandom(3 * 1024 * 1024)}
    content = themes.made(THEME, "2.0.0", style).zipped()
    kind, body = form(f"{THEME}.zip", content)
    context = ssl.create_default_context(cafile=blog.authorities)
    connection = http.client.HTTPSConnection(blog.endpoint, timeout=TIMEOUT_S, context=context)
    fields = {"Authorization": f"Ghost {tokens.token(INTEGRATION_KEY)}", "Content-Type": kind}
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    path = "/ghost/api/admin/themes/upload/"
    connection.request("POST", path, pieces, fields, encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert f'content="{THEME} 2.0.0"' in home(blog)[1]


def test_a_fault_answers_in_place_of_ghost(blog):
    blog.post("faults", [{"path": "config", "status": 504, "body": "<html>"}])
    assert call(blog, "GET", "config/")[0] == 504
    assert call(blog, "GET", "config/")[0] == 200
    assert [each["path"] for each in blog.get("calls")] == ["/ghost/api/admin/config/"]


def test_another_task_of_the_service_has_another_disk_and_version(cloud, tmp_path):
    with process.running(tmp_path, "--cloud", cloud.url) as blog:
        assert home(blog)[0] == 200
        definition = f"{names.TASK_FAMILY}:2"
        ecs = cloud.client("ecs")
        ecs.update_service(cluster=names.CLUSTER, service=names.SERVICE, taskDefinition=definition)
        cloud.advance(70)
        assert eventually(lambda: home(blog)[0] == 500 and "is missing" in home(blog)[1])
        assert call(blog, "GET", "config/")[1]["config"]["version"] == "5.82.2"


def test_an_upload_reaches_one_of_two_tasks_only(cloud, tmp_path):
    with process.running(tmp_path, "--cloud", cloud.url) as blog:
        ecs = cloud.client("ecs")
        ecs.update_service(cluster=names.CLUSTER, service=names.SERVICE, desiredCount=2)
        cloud.advance(40)
        assert eventually(lambda: 500 in (home(blog)[0], home(blog)[0]))
        upload(blog, f"{THEME}.zip", packed())
        seen = [home(blog) for _ in range(4)]
        shown = {"1.5.0" in page or status for status, page in seen}
        assert len(shown) == 2, "both tasks answer alike"


def eventually(look) -> bool:
    """Whether something becomes so, as long as a test may last."""
    for _ in range(TIMEOUT_S * 10):
        if look():
            return True
        time.sleep(0.1)
    return False
