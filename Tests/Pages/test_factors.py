"""A second factor: added from the page, asked for at sign-in and for a decision."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
import zxingcpp
from browser import NARROW, is_sound
from PIL import Image

STEP_S = 30
CODE = "form[action='/account/factors'] #code"


class App:
    """An authenticator app (RFC 6238)."""

    def __init__(self, letters: str):
        self._secret = base64.b32decode(letters)
        self._last = 0
        self.recovery: list[str] = []

    def code(self) -> str:
        """A code that was not given before; the next one is taken early, so nobody waits."""
        step = max(int(time.time()) // STEP_S, self._last + 1)
        while step > int(time.time()) // STEP_S + 1:
            time.sleep(0.2)
        self._last = step
        mac = hmac.digest(self._secret, struct.pack(">Q", step), hashlib.sha1)
        offset = mac[-1] & 15
        number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
        return f"{number % 10**6:06}"


@pytest.fixture(scope="module")
def app(ben) -> App:
    """Ben's, added on the page."""
    ben.open("/account/factors")
    is_sound(ben)
    ben.screenshot("factors-offer")
    app = App(re.search(r"secret=([A-Z2-7]{32})", ben.text("dl.summary"))[1])
    ben.find(CODE).send_keys(app.code())
    ben.find("#password").send_keys(ben.password)
    ben.press("form[action='/account/factors'] button")
    app.recovery = ben.text("ul.codes").split()
    assert len(app.recovery) == 10
    is_sound(ben)
    ben.screenshot("factors-codes")
    return app


def test_the_picture_holds_the_address(cleo):
    """What a camera would read."""
    cleo.open("/account/factors")
    path = cleo.find("svg.qr path").get_dom_attribute("d")
    side = int(cleo.find("svg.qr").get_dom_attribute("viewBox").split()[2])
    picture = Image.new("L", (side, side), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", path):
        picture.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    read = zxingcpp.read_barcodes(picture.resize((side * 8, side * 8)))
    assert [r.text for r in read] == [cleo.find_all("dl.summary dd")[1].text]


def test_the_page_fits_a_telephone(cleo):
    cleo.emulate(NARROW, dark=True)
    cleo.open("/account/factors")
    is_sound(cleo)
    cleo.screenshot("factors-375-dark")


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_in_asks_for_the_code(app, open_browser, javascript):
    browser = open_browser(width=NARROW, javascript=javascript)
    browser.sign_in("ben")
    assert browser.path == "/sign-in/factor"
    browser.open("/resources")
    assert browser.path == "/sign-in"
    browser.open("/sign-in/factor")
    if javascript:
        is_sound(browser)
    browser.screenshot("sign-in-factor-375")
    browser.find("#code").send_keys("000000")
    browser.press("form button")
    assert "The code is not right" in browser.text("#code-error")
    browser.find("#code").send_keys(app.code() if javascript else app.recovery[0])
    browser.press("form button")
    assert browser.path == "/"


def test_a_decision_asks_for_the_code(app, ana, ben):
    ana.preview_size("512-1024")
    change = ana.propose("More memory for the newsletter")
    ben.open(change)
    assert not ben.find_all("#password")
    is_sound(ben)
    ben.screenshot("decision-with-a-code")
    ben.find("#code").send_keys(app.code())
    ben.press("form[action$='/approval'] button.primary")
    assert "Approved" in ben.text()
