"""Lists of five hundred: they fit, are sound, and weigh no more than any other page."""

import contextlib
import gzip
import re

import crowd
import portal as portal_process
import pytest
from browser import LOOKS, LOOKS_AT_ALL, Browser, fits, is_sound

FIRST_VIEW_BYTES_MAX = 60_000
ENTRIES_A_PAGE = 50
# With how many of it are in sight; of the log a page of what it has.
LISTS = {
    "/changes": ("Changes", crowd.MANY),
    "/people": ("People", crowd.MANY),
    "/people/1": ("Ana Requester", crowd.MANY),
    "/safety": ("Safety", crowd.MANY),
    "/todos": ("TODOs", crowd.MANY),
    "/images": ("Images", crowd.MANY),
    "/backups": ("Backups", crowd.MANY),
    "/themes": ("Themes", crowd.MANY),
    "/resources/zone": ("DNS zone", 1),
    "/audit": ("Audit", ENTRIES_A_PAGE),
    "/audit/review": ("Review", ENTRIES_A_PAGE),
}
# Each list in one of the looks. `make test-pages` sees all of them, and has axe look at one, which
# takes it long.
OWN_LOOK = {path: LOOKS[number % len(LOOKS)] for number, path in enumerate(LISTS)}
SEEN = [
    (path, *look) for path in LISTS for look in (LOOKS if LOOKS_AT_ALL else [OWN_LOOK[path]])
]


@pytest.fixture(scope="module")
def cleo(cloud, tmp_path_factory):
    """Cleo, who may look at everything, at a portal whose AWS does not answer any more."""
    folder = tmp_path_factory.mktemp("crowd")
    more = "pages_per_second: 1000\n"
    with contextlib.ExitStack() as stack:
        portal = portal_process.Portal(folder, cloud.url, more=more)
        for login, (name, role) in portal_process.PEOPLE.items():
            portal.add_person(login, name, role)
        portal.start()
        stack.callback(portal.stop)
        browser = Browser(portal)
        stack.callback(browser.driver.quit)
        browser.sign_in("ana")
        browser.preview_size("512-1024")
        browser.propose("Large images fail")
        browser.reload_until("/backups", "ghost-before-5-87")
        browser.reload_until("/images", "v5.87.1-3")
        for _ in range(2 * ENTRIES_A_PAGE + 1):
            browser.sent("/design")  # Not for her: each is an entry of the log.
        portal.stop()
        crowd.fill(portal.database)
        portal.change(cloud.url, "http://127.0.0.1:1")
        portal.start()
        browser.driver.delete_all_cookies()
        browser.sign_in("cleo")
        yield browser


@pytest.mark.parametrize("path, width, dark", SEEN)
def test_a_list_of_many_fits_and_is_sound(cleo, path, width, dark):
    heading, count = LISTS[path]
    cleo.emulate(width, dark)
    cleo.open(path)
    name = path.strip("/").replace("/", "-")
    cleo.screenshot(f"many-{name}-{width}-{'dark' if dark else 'light'}")
    assert cleo.text("h1") == heading
    assert len(cleo.find_all("tbody tr, ul.lines > li, ol > li")) >= count
    fits(cleo)
    if LOOKS_AT_ALL and (width, dark) == OWN_LOOK[path]:
        is_sound(cleo)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_many_weighs_little(cleo, path, record_property):
    html = cleo.sent(path)
    named = re.findall(r'(?:href|src)="(/public/[^"#]*)', gzip.decompress(html).decode())
    first = len(html) + sum(len(cleo.sent(asset)) for asset in sorted(set(named)))
    record_property("first_view_bytes", first)
    assert first <= FIRST_VIEW_BYTES_MAX
