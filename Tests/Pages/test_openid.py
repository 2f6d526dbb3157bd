"""Ida has no password here: she comes through her organisation's provider, on a telephone."""

import re

import portal as portal_process
import pytest
from browser import NARROW, is_sound
from openid import process as openid_process
from test_factors import CODE, App

BUTTON = "form[action='/sign-in/openid'] button"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    with openid_process.running(tmp_path_factory.mktemp("provider")) as started:
        yield started


@pytest.fixture(scope="module")
def portal(cloud, provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, openid=provider) as started:
        yield started


@pytest.mark.parametrize("javascript", [True, False])
def test_the_button_leads_there_and_back(open_browser, provider, javascript):
    provider.post("person", {"sub": "7", "groups": ["staff"], "name": "Ida Elsewhere"})
    ida = open_browser(width=NARROW, javascript=javascript)
    ida.open("/people")
    if javascript:
        is_sound(ida)
        ida.screenshot("openid-sign-in-375")
    assert ida.find(BUTTON).text == "Sign in through Example"
    ida.press(BUTTON)
    # Chromium holds redirects behind a form against form-action; this one is none.
    ida.wait_for("People", "h1")
    assert ida.path == "/people"
    assert "Ida Elsewhere" in ida.text()
    assert not [e for e in ida.errors() if "Content Security Policy" in e]


def test_a_long_name_there_fits_the_page_here(open_browser, provider):
    provider.post("person", {"sub": "s" * 255, "groups": ["staff"], "name": "Lo Long"})
    long = open_browser(width=NARROW)
    long.open("/people")
    long.press(BUTTON)
    long.wait_for("People", "h1")
    long.follow(long.driver.find_element("link text", "Lo Long"))
    assert long.text("h1") == "Lo Long"
    is_sound(long)
    long.screenshot("openid-person-375")


def test_a_refusal_is_said_in_words(open_browser, provider):
    provider.post("person", {"sub": "8", "groups": ["others"]})
    stranger = open_browser(width=NARROW)
    stranger.open("/sign-in")
    stranger.press(BUTTON)
    stranger.wait_for("You are not signed in", "h1")
    assert "None of your groups there has a role here" in stranger.text()
    is_sound(stranger)
    stranger.screenshot("openid-refused-375")
    stranger.press("main a.button")
    stranger.wait_for("Sign in", "h1")


def test_a_second_factor_is_what_confirms(open_browser, provider):
    provider.post("person", {"sub": "9", "groups": ["approvers"], "name": "Omar Elsewhere"})
    omar = open_browser(width=NARROW)
    omar.open("/account")
    omar.press(BUTTON)
    omar.wait_for("You have no password here")
    is_sound(omar)
    assert not omar.find_all("#change")
    omar.open("/account/factors")
    is_sound(omar)
    assert not omar.find_all("#password")
    omar.screenshot("openid-factors-375")
    app = App(re.search(r"secret=([A-Z2-7]{32})", omar.text("dl.summary"))[1])
    omar.find(CODE).send_keys(app.code())
    omar.press("form[action='/account/factors'] button")
    omar.wait_for("You sign in through OpenID and a code. 10 recovery codes are left.")
    is_sound(omar)

