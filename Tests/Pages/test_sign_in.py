"""The first page anybody sees."""

import urllib.request

import pytest

WIDTHS = [1280, 375]


def test_the_page_is_html(portal):
    with urllib.request.urlopen(f"{portal.url}/sign-in", timeout=30) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_is_there_and_fits(open_browser, width, dark, javascript):
    browser = open_browser(width=width, dark=dark, javascript=javascript)
    browser.open("/sign-in")
    look = f"{'dark' if dark else 'light'}{'' if javascript else '-without-javascript'}"
    browser.screenshot(f"sign-in-{width}-{look}")
    assert browser.find("h1").text == "Sign in"
    assert browser.find("#login").is_displayed()
    assert browser.find("#password").get_attribute("type") == "password"
    assert browser.overflow_px() <= 0
