"""Passkeys, kept by the authenticator that Chromium emulates."""

import portal as portal_process
import pytest
from browser import NARROW, WIDE, is_sound
from selenium.webdriver.common.virtual_authenticator import (
    Protocol,
    Transport,
    VirtualAuthenticatorOptions,
)

SIGN_IN = "form[action='/sign-in/passkey'] button"
ADD = "form[action='/account/factors/passkeys']"
END = "form[action='/account/factors/passkeys/end']"


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    """A portal reached by a name: browsers make no passkeys for an IP address."""
    with portal_process.running(tmp_path_factory.mktemp("portal"), cloud.url) as started:
        started.url = started.url.replace("127.0.0.1", "localhost")
        yield started


@pytest.fixture(scope="module")
def passkey(ben):
    """Ben's, added on the page, in an authenticator that knows who he is."""
    options = VirtualAuthenticatorOptions(
        protocol=Protocol.CTAP2, transport=Transport.INTERNAL, has_resident_key=True,
        has_user_verification=True, is_user_verified=True,
    )  # fmt: skip
    ben.driver.add_virtual_authenticator(options)
    ben.open("/account/factors")
    ben.find("#passkeys summary").click()
    is_sound(ben)
    ben.screenshot("passkeys-add")
    ben.find("#label").send_keys("blue key")
    ben.find("#adding-password").send_keys(ben.password)
    ben.press(f"{ADD} button")
    assert len(ben.text("ul.codes").split()) == 10
    assert "blue key" in ben.text("#passkeys")
    is_sound(ben)


def test_a_passkey_signs_in_without_a_password(passkey, ben):
    ben.sign_out()
    ben.open("/sign-in?next=/costs")
    is_sound(ben)
    ben.press(SIGN_IN)
    assert ben.path == "/costs"
    ben.open("/account/factors")
    assert "You sign in with a passkey. 10 recovery codes are left." in ben.text("p.state")


def test_a_passkey_does_after_the_password(passkey, ben):
    ben.sign_out()
    ben.sign_in("ben")
    assert ben.path == "/sign-in/factor"
    is_sound(ben)
    ben.screenshot("passkeys-after-the-password")
    ben.press("form.with-passkeys button")
    assert ben.path == "/"


def test_without_a_person_nothing_is_sent(passkey, ana, ben):
    ana.preview_size("512-1024")
    change = ana.propose("More memory for the newsletter")
    ben.open(change)
    is_sound(ben)
    ben.screenshot("passkeys-decision")
    ben.driver.set_user_verified(False)
    ben.find("form[action$='/approval'] button.primary").click()
    ben.wait_for("No passkey was used, so nothing was sent.")
    ben.driver.set_user_verified(True)
    ben.press("form[action$='/approval'] button.primary")
    assert "Approved" in ben.text()


def test_another_button_is_another_decision(passkey, ana, ben):
    ana.preview_size("1024-2048")
    ben.open(ana.propose("More still"))
    ben.find("#note").send_keys("Too much")
    ben.press("form[action$='/approval'] button.danger")
    assert "Rejected" in ben.text()


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_fit_a_telephone(passkey, ben, open_browser, dark):
    stranger = open_browser(width=NARROW, dark=dark)
    stranger.open("/sign-in")
    is_sound(stranger)
    stranger.screenshot(f"passkeys-sign-in-375{'-dark' if dark else ''}")
    ben.emulate(NARROW, dark)
    ben.open("/account/factors")
    for summary in ben.find_all("main summary"):
        summary.click()
    is_sound(ben)
    ben.screenshot(f"passkeys-375{'-dark' if dark else ''}")
    ben.emulate(WIDE, False)
    assert stranger.errors() == ben.errors() == []


def test_without_javascript_there_is_no_button(open_browser):
    browser = open_browser(javascript=False)
    browser.open("/sign-in")
    assert not browser.find(SIGN_IN).is_displayed()
    browser.sign_in("cleo")
    browser.open("/account/factors")
    assert "open this page with JavaScript" in browser.text("#passkeys")
    assert not browser.find(ADD).is_displayed()


def test_at_an_address_of_numbers_the_page_says_why_there_is_none(portal, open_browser):
    browser = open_browser()
    browser.driver.get(portal.url.replace("localhost", "127.0.0.1") + "/sign-in")
    assert not browser.find_all(SIGN_IN)


def test_removing_takes_the_password_and_the_passkey(passkey, ben):
    ben.open("/account/factors")
    ben.find_all("#passkeys summary")[1].click()
    ben.find("#ending-password").send_keys("wrong")
    ben.press(f"{END} button")
    assert "The password is not right" in ben.text()
    ben.find("#ending-password").send_keys(ben.password)
    ben.press(f"{END} button")
    assert "the password alone signs in" in ben.text()
    assert "blue key" not in ben.text("#passkeys")
