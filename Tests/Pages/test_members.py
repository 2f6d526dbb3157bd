"""Members: what each setting means, the decision about the overlay, and the change it leads to."""

import portal as portal_process
import pytest
from browser import LOOKS, WIDE, is_sound

OPEN = "Sign-up is for anybody, and SES is in the sandbox."


@pytest.fixture(scope="module")
def portal(cloud, blog, tmp_path_factory):
    """With keys for Ghost."""
    with portal_process.running(tmp_path_factory.mktemp("portal"), cloud.url, blog=blog) as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds Ghost and SES read."""
    ana.reload_until("/members", OPEN)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/members", "/changes/new?kind=ghost.members"])
def test_the_pages_are_sound(ana, width, dark, path):
    ana.emulate(width, dark)
    ana.open(path)
    is_sound(ana)
    name = path.partition("?")[0].strip("/").replace("/", "-")
    ana.screenshot(f"members-{name}-{width}-{'dark' if dark else 'light'}")
    ana.emulate(WIDE, False)
    assert ana.errors() == []


@pytest.fixture
def closed(blog):
    """Nobody signs up, for one test."""
    blog.post("settings", {"members_signup_access": "none"})
    yield
    blog.post("settings", {"members_signup_access": "all"})


@pytest.mark.parametrize("javascript", [True, False])
def test_an_exception_has_to_be_named_in_the_sandbox(open_browser, closed, javascript):
    ana = open_browser(javascript=javascript)
    ana.sign_in("ana")
    ana.open("/changes/new?kind=ghost.members&members_signup_access=all")
    ana.press("form[action='/changes/preview'] button")
    assert "name the exception" in ana.text("[role='alert']")
    assert ana.find("#members_signup_access").get_attribute("value") == "all"
    if javascript:
        is_sound(ana)
    ana.find("#exception").send_keys("Jo signs up two testers on Monday")
    ana.press("form[action='/changes/preview'] button")
    assert "by exception: Jo signs up two testers on Monday" in ana.text("h1")


def test_the_decision_is_recorded_and_leads_to_the_change(ana):
    ana.reload_until("/members", OPEN)
    ana.press("form[action='/members/decisions'] button")
    assert "Choose what becomes of it." in ana.text("[role='alert']")
    is_sound(ana)
    ana.find("input[value='disable']").click()
    ana.driver.find_element("xpath", "//option[text()='Ben Approver']").click()
    ana.find("#reason").send_keys("Nobody reads it, and SES can't mail them.")
    ana.press("form[action='/members/decisions'] button")
    assert "Recorded. The log has it too." in ana.text(".flash")
    assert "Disable. Ben Approver answers for it." in ana.text("#decision")
    is_sound(ana)
    ana.press("#decision a.primary")
    assert ana.find("#members_signup_access").get_attribute("value") == "none"
    assert ana.find("#portal_button").get_attribute("value") == "off"
    ana.press("form[action='/changes/preview'] button")
    assert "Sign-up none instead of all" in ana.text("h1")
    change = ana.propose("as it was decided")
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    ana.reload_until("/members", "Sign-up is for nobody, and SES is in the sandbox.")
    assert "Decided: disable" in ana.text("#history")
    assert "No page asks readers to sign up." in ana.text("#settings")
