"""The search by hand, and the palette by keyboard alone."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import NARROW, is_sound, pictures

SCRIPTS_BYTES_MAX = 15_000


@pytest.fixture(scope="module")
def change(ana):
    ana.preview_size("512-1024")
    return ana.propose("Large images fail when three editors upload at once")


def palette(browser, text: str = "") -> None:
    """Opens it by keyboard, and types."""
    ActionChains(browser.driver).key_down(Keys.CONTROL).send_keys("k").key_up(
        Keys.CONTROL
    ).perform()
    press(browser, *text)


def press(browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def chosen(browser) -> str:
    return browser.text(".palette [aria-selected='true']")


def test_the_palette_is_used_by_keyboard_alone(ana, change):
    ana.open(change)
    # Somewhere the focus has to come back to.
    ana.driver.execute_script("document.querySelector('details.user summary').focus()")
    palette(ana)
    ana.wait_for("Recently seen", ".palette")
    pictures(ana, "palette-recent")
    press(ana, *"large ima")
    # Among what was seen lately is CR-1 too, but nothing is marked there.
    ana.wait_for("Large", ".palette [aria-selected='true'] mark")
    assert "CR-1" in chosen(ana)
    combobox = ana.find(".palette [role='combobox']")
    assert combobox.get_attribute("aria-expanded") == "true"
    active = combobox.get_attribute("aria-activedescendant")
    assert ana.find(f"#{active}").get_attribute("aria-selected") == "true"
    pictures(ana, "palette-hits")
    first = chosen(ana)
    press(ana, Keys.ARROW_DOWN)
    assert chosen(ana) != first
    press(ana, Keys.ARROW_UP)
    assert chosen(ana) == first
    press(ana, Keys.ARROW_UP)
    assert chosen(ana) not in ("", first)
    press(ana, Keys.ESCAPE)
    assert not ana.find(".palette").is_displayed()
    focused = ana.driver.execute_script("return document.activeElement.parentElement.className")
    assert focused == "user"
    palette(ana, "costs")
    ana.wait_for("Costs", ".palette [aria-selected='true']")
    with ana.leaving():
        press(ana, Keys.ENTER)
    assert ana.text("h1") == "Costs"
    assert ana.path == "/costs"
    assert ana.errors() == []


def test_what_the_palette_does_not_find_is_said(ana):
    ana.open("/costs")
    palette(ana, "quetzalcoatl")
    ana.wait_for("Nothing has all these words.", ".palette")
    is_sound(ana)
    with ana.leaving():
        press(ana, Keys.ENTER)
    ana.wait_for("Nothing was found")
    assert ana.path == "/search"


def test_without_scripts_the_header_searches(windows, change):
    ben = windows(javascript=False)
    ben.sign_in("ben")
    ben.type_and_send("#find", "large images")
    assert "CR-1" in ben.text()
    assert ben.find_all("mark")
    ben.emulate(NARROW, False)
    assert not ben.find("#find").is_displayed()
    ben.press("a.find")
    assert "What can be searched" in ben.text()


def test_a_filter_is_kept_and_removed(ana):
    ana.open("/audit?type=session.started")
    ana.find("#view_name").send_keys("Who signed in")
    ana.press(".keep button")
    ana.wait_for("Kept. It stands above the filters")
    assert ana.text(".views [aria-current]") == "Who signed in"
    pictures(ana, "view-kept")
    ana.open("/audit?type=person.added")
    pictures(ana, "view-other")
    ana.press(".views button")
    ana.wait_for("The view is removed.")
    assert not ana.find_all(".views")


def test_the_scripts_of_a_page_are_small(ana):
    ana.open("/")
    sources = [script.get_attribute("src") for script in ana.find_all("script")]
    sizes = ana.driver.execute_async_script(
        "const done = arguments[1];"
        "Promise.all(arguments[0].map(s => fetch(s).then(a => a.text()).then(t => t.length)))"
        ".then(done)",
        sources,
    )
    assert sum(sizes) < SCRIPTS_BYTES_MAX
