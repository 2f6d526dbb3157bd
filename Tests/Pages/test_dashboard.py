"""The start page: what is urgent first, useful on a phone at night."""

import pytest
from browser import LOOKS, NARROW, WIDE, Browser, is_sound

SANDBOX = "SES is in the sandbox."


@pytest.fixture(scope="module")
def change(ana):
    """Every test finds the account read, and a change that waits for somebody else."""
    ana.reload_until("/", SANDBOX)
    ana.preview_size("512-1024")
    return ana.propose("Large images fail when three editors upload at once")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_it_is_sound_for_who_decides(ben, change, width, dark):
    ben.emulate(width, dark)
    ben.open("/")
    ben.screenshot(f"dashboard-{width}-{'dark' if dark else 'light'}")
    assert ben.driver.title == "Dashboard – Caretaker"
    assert ben.find(".nav a[aria-current]").get_attribute("textContent") == "Dashboard"
    is_sound(ben)
    assert ben.errors() == []
    ben.emulate(WIDE, False)


def test_what_can_be_done_now_stands_first_and_leads_there(ben, change):
    ben.open("/")
    assert ben.text(".state").startswith("1 waits for you. ")
    first = ben.find(".findings > li:first-child")
    assert "“Large images fail when three editors upload at once”" in first.text
    ben.follow(first.find_element("css selector", ".button"))
    assert ben.path == change


def test_who_proposed_it_is_not_asked_to_decide(ana, change):
    ana.open("/")
    assert "waits for you" not in ana.text()
    assert "Read and decide" not in ana.text()


def test_on_a_phone_the_first_thing_is_in_sight_without_scrolling(ben, change):
    ben.emulate(NARROW, True)
    ben.open("/")
    button = ben.find(".findings > li:first-child .button")
    assert button.rect["y"] + button.rect["height"] < 900
    ben.emulate(WIDE, False)


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_in_leads_to_it(open_browser, change, javascript):
    window: Browser = open_browser(javascript=javascript)
    window.sign_in("ana")
    assert window.path == "/"
    assert window.text("h1") == "Dashboard"
    assert "Read from AWS" in window.text(".page")
    for card in ("Site", "Service", "Database", "Media bucket", "Mail", "Costs"):
        assert card in window.text(".cards")


def test_a_danger_leads_to_the_preview_that_mends_it(ana, change):
    ana.open("/")
    ana.press(".findings .button[href^='/changes/preview']")
    assert ana.path == "/changes/preview"
