"""The way out of SES's sandbox in Chromium, and the recommended alarms."""

import pytest
from browser import LOOKS, WIDE, is_sound

TEXT = (
    "We send sign-in links, confirmations and invitations to people who typed their own address "
    "on the site and confirmed it. Bounces and complaints are suppressed at once, and alarms tell "
    "us when rates rise. About forty mails a day, three hundred at most."
)


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the account read."""
    ana.reload_until("/mail", "SES is in the sandbox")


@pytest.fixture(scope="module")
def written(ana):
    """A version of the request; the path of its page."""
    ana.open("/mail/request")
    ana.find("#use_case").clear()
    ana.find("#use_case").send_keys(TEXT)
    ana.find("#contacts").send_keys("ops@example.com")
    ana.press("form[action='/mail/requests'] button")
    assert "Kept. Nothing was sent to AWS" in ana.text(".flash")
    return ana.path


@pytest.mark.parametrize("width, dark", LOOKS)
def test_the_pages_are_sound(ana, written, width, dark):
    ana.emulate(width, dark)
    for path, name in [
        ("/mail", "mail"),
        ("/mail/request", "mail-request"),
        (written, "mail-answers"),
        ("/changes/new?kind=cloudwatch.alarms", "alarms-form"),
        ("/changes/preview?kind=cloudwatch.alarms&addresses=ops%40example.com", "alarms-preview"),
        ("/changes/preview?kind=ses.production&request=1", "mail-preview"),
    ]:
        ana.open(path)
        ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
        is_sound(ana)
    ana.emulate(WIDE, False)
    assert ana.errors() == []


@pytest.mark.parametrize("javascript", [True, False])
def test_what_only_a_person_can_tell_is_said_on_the_checklist(open_browser, javascript):
    ana = open_browser(javascript=javascript)
    ana.sign_in("ana")
    ana.open("/mail")
    ana.find("details:has(#note-volume) summary").click()
    ana.find("#note-volume").send_keys("About 40 a day, 300 at most.")
    ana.press("form:has(#note-volume) button")
    assert "Noted." in ana.text(".flash")
    assert "About 40 a day, 300 at most." in ana.text("#checklist")


def test_the_request_goes_from_its_text_to_the_answer(ana, ben, cloud, written):
    ana.open(written)
    ana.press("main .actions a.primary")
    change = ana.propose("Members can't sign in")
    ben.open(change)
    assert "About forty mails a day" in ben.text()
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.", within_s=60)
    ana.reload_until("/mail", "AWS reviews the request")
    cloud.post("ses", {"status": "DENIED"})
    ana.reload_until("/mail", "AWS has said no")
    ana.find("details:has(#text) summary").click()
    ana.find("#text").send_keys("We could not grant your request.")
    ana.press("form[action='/mail/letters'] button")
    assert "AWS wrote" in ana.text("#history")
    assert "We could not grant your request." in ana.text("#history")
    ana.screenshot("mail-denied")
    cloud.post("ses", {"status": "GRANTED"})
    ana.reload_until("/mail", "Mail goes to anybody")
    assert "Open sign-up again if it was closed" in ana.text()


def test_alarms_are_set_as_one_change_from_the_finding(ana, ben):
    ana.open("/resources/alarms")
    ana.follow(ana.driver.find_element("link text", "Preview the change that mends it"))
    assert "+$1.30" in ana.text()
    change = ana.propose("Nobody is told when the blog is down")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.", within_s=120)
    ana.reload_until("/resources/alarms", "GhostInfraStack-latency")
    is_sound(ana)
    ana.screenshot("alarms-set")
