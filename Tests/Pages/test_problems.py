"""Forms with several things wrong say all of them at once, and lead to each field."""

import pytest
from browser import LOOKS, is_sound, pictures

WRONG = {"name": "bounce.example.org", "ttl": "604801", "values": ""}
SAID = [
    "“bounce.example.org” is not in the zone example.com. Write the whole name.",
    "Write for how many seconds caches keep it, 0 to 604800.",
    "Write at least one value, one a line.",
]


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the account read."""
    ana.reload_until("/resources", "sandbox")


def links(window) -> list:
    return window.find_all(".errors a")


def focused(window):
    return window.driver.switch_to.active_element


def by_keyboard(window, link: int) -> str:
    """Goes from the summary, which has the focus, to a link of it and along it."""
    for _ in range(link + 1):
        focused(window).send_keys("\t")
    focused(window).send_keys("\n")
    return focused(window).get_attribute("id")


def asks_for_a_record(window):
    window.open("/changes/new?kind=dns.record")
    for name, value in WRONG.items():
        window.find(f"#{name}").clear()
        window.find(f"#{name}").send_keys(value)
    window.press("form[action='/changes/preview'] button")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width, dark", LOOKS)
def test_three_wrong_fields_are_three_links_that_lead_there(ana, width, dark, scripts):
    ana.emulate(width, dark)
    ana.allow_scripts(scripts)
    try:
        asks_for_a_record(ana)
        assert ana.driver.title == "Error: A DNS record – Caretaker"
        assert [link.text for link in links(ana)] == SAID
        assert [ana.text(f"#{name}-error") for name in WRONG] == SAID
        assert {name: ana.find(f"#{name}").get_attribute("value") for name in WRONG} == WRONG
        assert focused(ana).get_attribute("class") == "errors"
        ana.screenshot(f"problems-{width}-{'dark' if dark else 'light'}")
        assert by_keyboard(ana, 0) == "name"
    finally:
        ana.allow_scripts(True)
    is_sound(ana)


def test_the_last_of_three_links_leads_to_its_field(ana):
    asks_for_a_record(ana)
    assert by_keyboard(ana, 2) == "values"


def test_a_group_is_led_to_by_its_first_choice(ana):
    ana.open("/backups")
    ana.press("form[action='/restore-tests'] button")
    names = [link.get_attribute("href").partition("#")[2] for link in links(ana)]
    assert names == ["what", "worked", "note"]
    pictures(ana, "problems-group")
    links(ana)[1].click()
    assert focused(ana).get_attribute("type") == "radio"


def test_a_freeze_and_a_filter_of_the_log_say_all_that_is_wrong(ben, cleo):
    ben.open("/safety")
    ben.find("details:has(#freeze-reason) summary").click()
    ben.press("form[action='/freezes'] button")
    assert len(links(ben)) == 3
    pictures(ben, "problems-freeze")
    cleo.open("/audit?change=first&from=soon&to=later")
    assert len(links(cleo)) == 3
    pictures(cleo, "problems-filter")
