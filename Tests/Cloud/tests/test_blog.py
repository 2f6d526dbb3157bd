"""The blog as its readers see it."""

import datetime
import json
import ssl
import urllib.error
import urllib.request

import pytest
from ghost import process

TIMEOUT_S = 30


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    with process.running(tmp_path_factory.mktemp("blog")) as blog:
        yield blog


@pytest.fixture
def blog(started):
    started.post("reset")
    return started


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


def get(blog, path: str) -> tuple[int, str, str | None]:
    """Status, text and location, by a reader who checks the certificate."""
    context = ssl.create_default_context(cafile=blog.authorities)
    opener = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(blog.url + path, timeout=TIMEOUT_S) as answer:
            return answer.status, answer.read().decode(), None
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode(), refusal.headers["Location"]


def test_the_home_page_and_the_site_endpoint_answer(blog):
    assert get(blog, "/")[0] == 200
    status, text, _ = get(blog, "/ghost/api/admin/site/")
    assert (status, json.loads(text)["site"]["version"]) == (200, "5.87")
    assert get(blog, "/no-such-post/")[0] == 404


def test_without_its_theme_only_the_pages_fail(blog):
    blog.post("state", {"missing_theme": "casper"})
    status, text, _ = get(blog, "/")
    assert status == 500
    assert "The currently active theme &quot;casper&quot; is missing." in text
    assert get(blog, "/ghost/api/admin/site/")[0] == 200


@pytest.mark.parametrize(
    ("change", "home", "admin"),
    [
        ({"is_down": True}, 503, 503),
        ({"admin_answers": False}, 200, 502),
        ({"redirect": "https://elsewhere.example/"}, 301, 200),
    ],
)
def test_the_site_fails_on_demand(blog, change, home, admin):
    blog.post("state", change)
    assert (get(blog, "/")[0], get(blog, "/ghost/api/admin/site/")[0]) == (home, admin)
    assert get(blog, "/")[2] == change.get("redirect")


def test_its_certificate_ends_when_told(blog):
    blog.post("certificate", {"days": 3})
    context = ssl.create_default_context(cafile=blog.authorities)
    with urllib.request.urlopen(blog.url, timeout=TIMEOUT_S, context=context) as answer:
        ends = answer.fp.raw._sock.getpeercert()["notAfter"]
    left_s = ssl.cert_time_to_seconds(ends) - datetime.datetime.now().timestamp()
    assert 2 * 86_400 < left_s < 3 * 86_400
    blog.post("certificate", {"days": -1})
    with pytest.raises(urllib.error.URLError, match="expired"):
        get(blog, "/")


def test_an_unknown_change_is_refused(blog):
    for change in ({"is_up": True}, {"is_down": "yes"}):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            blog.post("state", change)
        assert refusal.value.code == 400
    assert get(blog, "/")[0] == 200
