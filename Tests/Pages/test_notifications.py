"""Notices: what one is told and how, and a notifier that is down."""

import portal as portal_process
import pytest
from browser import LOOKS, WIDE, is_sound

NOTICES = """\
notices:
  address: https://caretaker.example.com
  mail_from: caretaker@example.com
  webhook_file: {webhook}
  allow_loopback: true
"""


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    """A portal that mails by the cloud's SES, and whose webhook is down."""
    webhook = tmp_path_factory.mktemp("webhook") / "webhook"
    webhook.write_text("http://127.0.0.1:1/services/T0\n")
    folder = tmp_path_factory.mktemp("portal")
    notices = NOTICES.format(webhook=webhook)
    with portal_process.running(folder, cloud.url, more=notices) as started:
        yield started


def test_an_address_is_kept_and_a_test_tells_which_way_is_down(ana):
    ana.open("/notifications")
    ana.find("#address").send_keys("ana@elsewhere.example")
    ana.press("form[action='/notification-choices'] button")
    assert ana.find("#address").get_attribute("value") == "ana@elsewhere.example"
    ana.press("form[action='/notices/test'] button")
    ana.reload_until("/notifications", "nothing answers there")
    ana.reload_until("/notifications", "is not verified")
    ana.reload_until("/notifications", "2 wait for another try", ".banners")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_page_is_sound(ana, width, dark):
    ana.emulate(width, dark)
    ana.open("/notifications")
    is_sound(ana)
    ana.screenshot(f"notifications-{width}-{'dark' if dark else 'light'}")
    ana.emulate(WIDE, False)
    assert ana.errors() == []
