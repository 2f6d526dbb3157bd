"""Every page at two widths in two schemes: it fits, it is sound, and everybody can use it."""

import contextlib
import dataclasses
import gzip
import re
import socket

import portal as portal_process
import pytest
from browser import LOOKS, LOOKS_AT_ALL, WIDE, Browser, is_sound

# Packed, with all that a page names; and the page alone, once the browser has the rest.
FIRST_VIEW_BYTES_MAX, NEXT_VIEW_BYTES_MAX = 60_000, 15_000
SIZE = "/changes/preview?kind=ecs.task-size&size="


@dataclasses.dataclass(frozen=True)
class Page:
    """A page as one person sees it. `heading` is given where it isn't the title, `refused` is the
    status where it isn't 200."""

    name: str
    login: str | None
    path: str
    title: str
    heading: str | None = None
    refused: int | None = None


TASK = "Give Ghost's task 0.5 vCPU, 1 GiB instead of 0.25 vCPU, 512 MiB"
DELETION = "Delete the database ghostinfrastack-database12345678-abcdefghijkl"
PAGES = [
    Page("sign-in", None, "/sign-in", "Sign in"),
    Page("dashboard", "ana", "/", "Dashboard"),
    Page("dashboard-viewer", "dora", "/", "Dashboard"),
    Page("resources", "ana", "/resources", "Resources"),
    Page("resource-database", "ana", "/resources/database", "Database"),
    Page("resource-tasks", "dora", "/resources/tasks", "Tasks"),
    Page("resource-zone", "ana", "/resources/zone", "DNS zone"),
    Page("finding", "ben", "/findings/rds.backup-retention", "Backups are kept 7 days or more"),
    Page("form", "ana", "/changes/new?kind=dns.record", "A DNS record"),
    Page("guards", "ana", "/guards", "Guards"),
    Page("scaling", "ana", "/scaling", "Scaling"),
    Page("costs", "dora", "/costs", "Costs"),
    Page("scaling-viewer", "dora", "/scaling", "Scaling"),
    Page("preview", "ana", SIZE + "512-1024", "Check the change", heading=TASK),
    Page("preview-same", "ana", SIZE + "256-512", "Error: Scaling", heading="Scaling", refused=422),
    Page("changes", "ana", "/changes", "Changes"),
    Page("changes-none", "ana", "/changes?state=failed", "Changes"),
    Page("change-own", "ana", "/changes/1", f"CR-1: {TASK}"),
    Page("change-decide", "ben", "/changes/1", f"CR-1: {TASK}"),
    Page("change-watch", "dora", "/changes/1", f"CR-1: {TASK}"),
    Page("change-run", "ana", "/changes/2", f"CR-2: {TASK}"),
    Page("change-done", "ana", "/changes/3", "CR-3: Scale Ghost from 1 task to 2 tasks"),
    Page("change-unknown", "ana", "/changes/4", f"CR-4: {TASK}"),
    Page("change-settle", "ben", "/changes/4", f"CR-4: {TASK}"),
    Page("safety", "ana", "/safety", "Safety"),
    Page("safety-viewer", "dora", "/safety", "Safety"),
    Page("safety-policy", "ben", "/changes/preview?kind=policy", "Error: Safety", "Safety", 422),
    Page("deletion", "ana", "/changes/preview?kind=rds.delete", "Check the change", DELETION),
    Page("choices", "ana", "/account/choices", "Your choices"),
    Page("keyboard", "dora", "/keyboard", "Keyboard"),
    Page("search", "ana", "/search", "Search"),
    Page("search-hits", "ana", "/search?q=ghost", "Search"),
    Page("search-viewer", "dora", "/search?q=large", "Search"),
    Page("search-none", "dora", "/search?q=quetzalcoatl", "Search"),
    Page("search-long", "ana", "/search?q=" + "a" * 201, "Error: Search", "Search", 422),
    Page("audit", "ana", "/audit", "Audit"),
    Page("audit-none", "ana", "/audit?type=none", "Audit"),
    Page("design", "cleo", "/design", "Design"),
    Page("not-found", "ana", "/nothing", "There is no such page", refused=404),
    Page("not-allowed", "dora", "/audit", "You may not do this", refused=403),
    Page("not-found-visitor", None, "/nothing", "There is no such page", refused=404),
]


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    """One with a viewer too."""
    with portal_process.running(tmp_path_factory.mktemp("portal"), cloud.url) as started:
        started.add_person("dora", "Dora Viewer", "viewer")
        yield started


@pytest.fixture(scope="module")
def people(windows, ana, ben, cleo, cloud):
    """A window for everybody, and a change that waits, one approved, one done, one unknown."""
    visitor, dora = windows(), windows()
    dora.sign_in("dora")
    ana.reload_until("/resources", "sandbox")
    ana.preview_size("512-1024")
    ana.propose("Large images fail when three editors upload at once")
    ana.preview_size("512-1024")
    ben.approve(ana.propose("Large images fail"))
    ana.open("/changes/preview?kind=ecs.count&count=2")
    proposed_approved_run(ana, ben)
    ana.wait_for("Done, and seen to be done.")
    cloud.post("faults", [{"service": "ecs", "operation": "UpdateService", "drop": "before"}])
    ana.preview_size("512-1024")
    unknown = proposed_approved_run(ana, ben)
    ana.reload_until(unknown, "Live state read")
    return {None: visitor, "ana": ana, "ben": ben, "cleo": cleo, "dora": dora}


def proposed_approved_run(ana, ben) -> str:
    change = ana.propose("A stopgap for one evening")
    ben.approve(change)
    ana.run(change)
    return change


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("width, dark", LOOKS)
def test_a_page_fits_and_is_sound(people, page, width, dark, record_property):
    browser = people[page.login]
    browser.emulate(width, dark)
    browser.errors()
    browser.open(page.path)
    browser.screenshot(f"{page.name}-{width}-{'dark' if dark else 'light'}")
    assert [e for e in browser.errors() if not is_its_own_status(e, page)] == []
    assert browser.driver.title == f"{page.title} – Caretaker"
    assert browser.text("h1") == (page.heading or page.title)
    painted = browser.painted()
    record_property("largest_paint_ms", painted["largest_ms"])
    assert painted["shift"] == 0
    browser.keep(page.name, page.path)
    is_sound(browser)


if LOOKS_AT_ALL:

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
    @pytest.mark.parametrize("width, dark", LOOKS)
    def test_a_page_is_the_same_without_scripts(people, page, width, dark):
        browser = people[page.login]
        browser.allow_scripts(False)
        try:
            browser.emulate(width, dark)
            browser.open(page.path)
            assert browser.text("h1") == (page.heading or page.title)
        finally:
            browser.allow_scripts(True)
        is_sound(browser)  # What looks is a script itself; those of the page stay away.


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_fits_at_twice_its_size(people, page):
    browser = people[page.login]
    browser.zoom()
    browser.open(page.path)
    assert browser.overflow_px() <= 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_weighs_little(people, page, record_property):
    browser = people[page.login]
    html = browser.sent(page.path)
    named = re.findall(r'(?:href|src)="(/public/[^"#]*)', gzip.decompress(html).decode())
    first = len(html) + sum(len(browser.sent(path)) for path in sorted(set(named)))
    record_property("first_view_bytes", first)
    record_property("next_view_bytes", len(html))
    assert len(html) <= NEXT_VIEW_BYTES_MAX
    assert first <= FIRST_VIEW_BYTES_MAX


def is_its_own_status(error: str, page: Page) -> bool:
    """Chromium calls it an error that a page has the status it is to have."""
    return page.refused is not None and f"with a status of {page.refused}" in error


def test_the_skip_link_leads_past_the_navigation(people):
    browser = people["ana"]
    browser.emulate(WIDE, dark=False)
    browser.open("/resources")
    browser.driver.switch_to.active_element.send_keys("\t")
    skip = browser.driver.switch_to.active_element
    assert skip.text == "Skip to the page"
    skip.send_keys("\n")
    assert browser.driver.switch_to.active_element.get_attribute("id") == "main"


@pytest.mark.parametrize("width, dark", LOOKS)
def test_a_form_that_is_not_right_says_so_at_the_field(people, width, dark):
    visitor, ana = people[None], people["ana"]
    for browser in (visitor, ana):
        browser.emulate(width, dark)
    visitor.open("/sign-in")
    visitor.find("#login").send_keys("ana")
    visitor.press("form button")
    assert "Type your password." in visitor.text("#password-error")
    assert visitor.find("#login").get_attribute("value") == "ana"
    is_sound(visitor)
    ana.preview_size("512-1024")
    ana.propose("")
    assert "Give a reason" in ana.text("#reason-error")
    ana.screenshot(f"preview-without-reason-{width}-{'dark' if dark else 'light'}")
    is_sound(ana)


@pytest.fixture(scope="module")
def stranded(tmp_path_factory):
    """Ana at a portal whose AWS does not answer: the port is taken, and nobody listens."""
    with contextlib.ExitStack() as stack:
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        folder = tmp_path_factory.mktemp("stranded")
        portal = stack.enter_context(portal_process.running(folder, endpoint))
        browser = Browser(portal)
        stack.callback(browser.driver.quit)
        browser.sign_in("ana")
        yield browser


@pytest.mark.parametrize("width, dark", LOOKS)
def test_what_cannot_be_read_is_said_in_words(stranded, width, dark):
    stranded.emulate(width, dark)
    stranded.reload_until("/resources", "Last try failed:")
    stranded.screenshot(f"stranded-resources-{width}-{'dark' if dark else 'light'}")
    assert re.search(r"\d+ not known\.", stranded.text(".page"))
    assert "Nothing is known yet." in stranded.text("tbody")
    assert "Good" not in stranded.text()
    assert "Not read from AWS yet" in stranded.text("footer")
    is_sound(stranded)


def test_nothing_is_claimed_of_a_stack_that_cannot_be_read(stranded):
    stranded.reload_until("/resources", "Last try failed:")
    assert "The stack holds no" not in stranded.text()


@pytest.mark.parametrize("width, dark", LOOKS)
@pytest.mark.parametrize(
    "path, words",
    [
        ("/", "The account is not connected"),
        ("/scaling", "The service is not known yet"),
        ("/costs", "What it costs is not known yet."),
        ("/changes", "No change was ever proposed"),
        (SIZE + "512-1024", "There is a problem"),
    ],
    ids=["dashboard", "scaling", "costs", "changes", "preview"],
)
def test_an_empty_page_says_why_and_what_to_do(stranded, path, words, width, dark):
    stranded.emulate(width, dark)
    stranded.open(path)
    name = path.strip("/").partition("?")[0].replace("/", "-") or "dashboard"
    stranded.screenshot(f"stranded-{name}-{width}-{'dark' if dark else 'light'}")
    assert words in stranded.text()
    assert stranded.find_all("main a, main button")
    is_sound(stranded)
