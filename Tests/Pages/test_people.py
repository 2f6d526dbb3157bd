"""People: everybody and their rights, an invitation from the form to the first session, the own account."""

import re

import pytest
from browser import LOOKS, NARROW, WIDE, is_sound

PASSWORD = "a lantern on the pier"


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/people", "/people/1", "/account"])
def test_the_pages_are_sound(cleo, width, dark, path):
    cleo.emulate(width, dark)
    cleo.open(path)
    for details in cleo.find_all("main details:not([open]) > summary"):
        details.click()
    is_sound(cleo)
    name = path.strip("/").replace("/", "-")
    cleo.screenshot(f"people-{name}-{width}-{'dark' if dark else 'light'}")
    cleo.emulate(WIDE, False)


def test_somebody_is_invited_and_chooses_a_password(cleo, open_browser, portal):
    cleo.open("/people")
    cleo.find("#people summary").click()
    cleo.find("#login").send_keys("noa")
    cleo.find("#name").send_keys("Noa Newcomer")
    cleo.press("form[action='/people'] button")
    assert "The password is not right." in cleo.text("[role='alert']")
    assert cleo.find("#name").get_attribute("value") == "Noa Newcomer"
    is_sound(cleo)
    cleo.find("#password").send_keys(portal.passwords["cleo"])
    cleo.press("form[action='/people'] button")
    assert "Let person" in cleo.text("h1")
    assert "Noa Newcomer" in cleo.text()
    is_sound(cleo)
    change = cleo.propose("Noa joins the team")

    ben = open_browser()
    ben.sign_in("ben")
    ben.approve(change)
    cleo.run(change)
    cleo.wait_for("Done, and seen to be done.")

    cleo.open("/people")
    cleo.follow(cleo.driver.find_element("link text", "Noa Newcomer"))
    assert "Invited, and has not chosen a password yet." in cleo.text(".state")
    cleo.find("#facts summary").click()
    cleo.find("#password").send_keys(portal.passwords["cleo"])
    cleo.press("form[action$='/password-link'] button")
    link = re.search(r"/invitations/[\w-]+", cleo.text("pre"))[0]
    for width in (WIDE, NARROW):
        cleo.emulate(width, dark=False)
        is_sound(cleo)
        cleo.screenshot(f"people-link-{width}-light")
    cleo.emulate(WIDE, dark=False)

    noa = open_browser()
    noa.open(link)
    for width in (WIDE, NARROW):
        noa.emulate(width, dark=False)
        is_sound(noa)
        noa.screenshot(f"people-invitation-{width}-light")
    noa.find("#new").send_keys("short")
    noa.press("main form button")
    assert "at least 15 characters" in noa.text("[role='alert']")
    is_sound(noa)
    noa.find("#new").send_keys(PASSWORD)
    noa.find("#again").send_keys(PASSWORD)
    noa.press("main form button")
    assert noa.path == "/"
    noa.open(link)
    assert "This link does not work" in noa.text("h1")


def test_the_account_page_ends_sessions_and_changes_the_password(open_browser, portal):
    here, there = open_browser(), open_browser(javascript=False)
    for browser in (here, there):
        browser.sign_in("ana")
    here.open("/account")
    assert "This one" in here.text("#sessions")
    here.press("form[action='/account/sessions/end'] button")
    assert "Ended." in here.text(".flash")
    there.open("/account")
    assert there.path == "/sign-in"
    here.find("#password").send_keys("wrong")
    here.find("#new").send_keys(PASSWORD)
    here.find("#again").send_keys(PASSWORD)
    here.press("form[action='/account/password'] button")
    assert "The password is not right." in here.text("[role='alert']")
    is_sound(here)
    here.find("#password").send_keys(portal.passwords["ana"])
    here.find("#new").send_keys(PASSWORD)
    here.find("#again").send_keys(PASSWORD)
    here.press("form[action='/account/password'] button")
    assert "The password is yours now." in here.text(".flash")
