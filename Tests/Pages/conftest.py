"""Real browsers on a real portal on the demo cloud, fresh for each file of tests.

CARETAKER_SCREENSHOTS names a folder for screenshots; without it none are taken.
"""

import contextlib

import pytest

# What `is_sound` finds is named, not only that it found something.
pytest.register_assert_rewrite("browser")

import portal as portal_process  # noqa: E402
from browser import WIDE, Browser  # noqa: E402
from cloud import process as cloud_process  # noqa: E402
from ghost import process as blog_process  # noqa: E402
from github import process as github_process  # noqa: E402

CLOUD_SCALE = 60


@pytest.fixture(scope="module")
def cloud():
    with cloud_process.running(CLOUD_SCALE) as started:
        yield started


@pytest.fixture(scope="module")
def blog(cloud, tmp_path_factory):
    """Ghost, which follows the cloud's tasks."""
    folder = tmp_path_factory.mktemp("blog")
    with blog_process.running(folder, "--cloud", cloud.url) as started:
        yield started


@pytest.fixture(scope="module")
def github(cloud, blog, tmp_path_factory):
    """GitHub, whose runs deploy to the cloud and the blog."""
    folder = tmp_path_factory.mktemp("github")
    options = ("--cloud", cloud.url, "--ghost", blog.url)
    with github_process.running(*options, scale=CLOUD_SCALE, folder=folder) as started:
        yield started


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    with portal_process.running(tmp_path_factory.mktemp("portal"), cloud.url) as started:
        yield started


@pytest.fixture(scope="module")
def windows(portal):
    """Opens windows that stay for the whole file: `windows(width=NARROW, dark=True)`."""
    with contextlib.ExitStack() as open_ones:
        yield lambda **look: _open(portal, open_ones, **look)


@pytest.fixture(scope="module")
def ana(windows):
    """Proposes and runs; may not approve."""
    return _signed_in(windows, "ana")


@pytest.fixture(scope="module")
def ben(windows):
    """Approves, at a machine of his own."""
    return _signed_in(windows, "ben")


@pytest.fixture(scope="module")
def cleo(windows):
    """Looks after people, and may approve too."""
    return _signed_in(windows, "cleo")


def _signed_in(windows, login) -> Browser:
    window = windows()
    window.sign_in(login)
    return window


@pytest.fixture
def open_browser(portal):
    """Opens windows for one test: `open_browser(javascript=False)`."""
    with contextlib.ExitStack() as open_ones:
        yield lambda **look: _open(portal, open_ones, **look)


def _open(portal, open_ones, width=WIDE, dark=False, javascript=True) -> Browser:
    browser = Browser(portal, javascript)
    open_ones.callback(browser.driver.quit)
    browser.emulate(width, dark)
    return browser
