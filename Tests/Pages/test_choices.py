"""A person's own choices, the keys, and what makes pages comfortable."""

import pytest
from browser import NARROW, WIDE, pictures
from selenium.webdriver.common.keys import Keys

PAPER = 794  # px, A4 at 96 to the inch
ZONE = "Asia/Kolkata"
PRESENT = "return getComputedStyle(document.documentElement).colorScheme"
GROUND = "return getComputedStyle(document.body, '::before').backgroundColor"
PERMISSIONS = ["clipboardReadWrite", "clipboardSanitizedWrite"]
DARK_SURFACE = "rgb(22, 30, 37)"
ASKS = """
const leaving = new Event("beforeunload", { cancelable: true });
window.dispatchEvent(leaving);
return leaving.defaultPrevented;
"""


def choose(browser, zone="UTC", theme="system", keys=True):
    browser.open("/account/choices")
    browser.find(f"#zone option[value='{zone}']").click()
    browser.find(f"input[name=theme][value={theme}]").click()
    if browser.find("input[name=shortcuts]").is_selected() != keys:
        browser.find("input[name=shortcuts]").click()
    browser.press("form[action='/account/choices'] button")
    assert "Kept. This page shows them already." in browser.text()


def type_keys(browser, keys):
    browser.driver.switch_to.active_element.send_keys(keys)


@pytest.fixture
def usual(ana):
    """Ana, whose choices are as everybody's again afterwards."""
    yield ana
    choose(ana)


def test_the_theme_and_the_zone_are_the_persons_own(usual):
    usual.emulate(WIDE, dark=False)
    choose(usual, zone=ZONE, theme="dark")
    assert usual.driver.execute_script(PRESENT) == "dark"
    assert usual.driver.execute_script(GROUND) == DARK_SURFACE
    assert "UTC+5:30, in Asia/Kolkata" in usual.text(".state")
    usual.screenshot("choices-own-dark")
    usual.emulate(WIDE, dark=True)
    choose(usual, theme="light")
    assert usual.driver.execute_script(PRESENT) == "light"
    assert usual.driver.execute_script(GROUND) == "rgb(255, 255, 255)"
    usual.screenshot("choices-own-light")


def test_the_choices_and_the_keys_are_sound_pages(ana):
    for path in ("/account", "/account/choices", "/keyboard"):
        ana.open(path)
        pictures(ana, path.strip("/").replace("/", "-"))


def test_keys_lead_where_the_navigation_does(usual):
    usual.emulate(WIDE, dark=False)
    for keys, path in [("gr", "/resources"), ("gc", "/changes"), ("gt", "/todos"), ("gd", "/")]:
        usual.open("/account")
        type_keys(usual, keys)
        usual.wait_until_gone("a[href='/account/factors']")
        assert usual.path == path
    usual.open("/changes")
    type_keys(usual, "?")
    usual.wait_for("The search field, where a page has one", "dialog")
    usual.screenshot("keyboard-dialog")
    assert usual.driver.execute_script("return document.querySelector('dialog').open")
    type_keys(usual, Keys.ESCAPE)
    usual.wait_until_gone("dialog")
    assert usual.path == "/changes"


def test_keys_are_letters_where_something_is_typed_and_nothing_where_turned_off(usual):
    usual.open("/changes/new?kind=dns.record")
    field = usual.find("main input:not([type=hidden])")
    before = field.get_attribute("value")
    field.send_keys("gr?")
    assert field.get_attribute("value") == before + "gr?"
    assert usual.path == "/changes/new"
    assert usual.find_all("dialog") == []
    choose(usual, keys=False)
    type_keys(usual, "gr?")
    assert usual.path == "/account/choices"
    assert usual.find_all("dialog") == []


def test_what_is_to_be_copied_has_a_button_that_says_so(ana):
    ana.emulate(WIDE, dark=False)
    ana.driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"origin": ana.portal.url, "permissions": PERMISSIONS},
    )
    ana.preview_size("512-1024")
    ana.open(ana.propose("Large images fail"))
    digest = ana.find("p > code.cut")
    whole = digest.get_attribute("title")
    button = digest.find_element("xpath", "following-sibling::button")
    assert button.get_attribute("aria-label").startswith("Copy ")
    button.click()
    ana.wait_for("Copied", "body > [role=status]")
    assert ana.driver.execute_script("return navigator.clipboard.readText()") == whole
    ana.screenshot("change-copied")


def test_without_javascript_there_is_nothing_to_press_that_does_nothing(open_browser):
    browser = open_browser(javascript=False)
    browser.sign_in("ana")
    browser.open("/keyboard")
    assert browser.find_all("footer button") == []
    assert "Close" not in browser.text()


def test_a_form_that_was_changed_is_not_left_without_asking(ana):
    ana.open("/people/1")
    assert not ana.driver.execute_script(ASKS)
    ana.open("/account/choices")
    assert not ana.driver.execute_script(ASKS)
    ana.find("#zone option[value='Europe/Berlin']").click()
    assert ana.driver.execute_script(ASKS)
    ana.find("#zone option[value='UTC']").click()
    assert not ana.driver.execute_script(ASKS)
    ana.open("/changes")
    ana.find("select[name=state] option:last-child").click()
    assert not ana.driver.execute_script(ASKS)
    ana.open("/account")
    ana.find("#password").send_keys("a password is filled in by the browser")
    assert not ana.driver.execute_script(ASKS)


def test_the_heads_of_a_long_table_stay_in_sight(ana):
    ana.emulate(WIDE, dark=False)
    ana.reload_until("/resources", "DNS zone")
    ana.driver.execute_script("document.querySelector('tbody tr:last-child').scrollIntoView()")
    head = "return document.querySelector('main thead th').getBoundingClientRect().toJSON()"
    assert ana.driver.execute_script(head)["top"] == 0
    # Going back up by the keyboard, nothing that has the focus is behind them.
    ana.driver.execute_script("document.querySelector('tbody tr:nth-child(3) a').focus()")
    top = ana.driver.execute_script("return document.activeElement.getBoundingClientRect().top")
    assert top >= ana.driver.execute_script(head)["bottom"]


def test_a_summary_of_what_is_wrong_takes_the_focus(cleo):
    cleo.emulate(WIDE, dark=False)
    cleo.open("/safety")
    cleo.find("form[action='/freezes']").find_element("xpath", "..").click()
    cleo.find("#freeze-reason").send_keys("Holidays")
    cleo.press("form[action='/freezes'] button")
    assert cleo.driver.title == "Error: Safety – Caretaker"
    summary = cleo.driver.switch_to.active_element
    assert summary.get_attribute("class") == "errors"
    assert cleo.find("#freeze-reason").get_attribute("value") == "Holidays"
    summary.find_element("css selector", "a").click()
    cleo.screenshot("safety-wrong")
    assert cleo.driver.current_url.endswith("#from")


@pytest.mark.parametrize("path", ["/changes/1", "/audit"])
def test_on_paper_there_is_the_record_and_nothing_else(cleo, path):
    cleo.emulate(PAPER, dark=True)
    cleo.open(path)
    cleo.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        text = cleo.text("body")
        assert f"{cleo.portal.url}{path}, as Cleo Administrator saw it on " in text
        for selector in ("nav", "button", "form", ".user", ".skip", ".banners"):
            shown = [e for e in cleo.find_all(selector) if e.is_displayed()]
            assert shown == [], selector
        assert cleo.driver.execute_script(PRESENT) == "light"
        cleo.screenshot("print" + path.replace("/", "-"))
    finally:
        cleo.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


# Every target that is no word of a sentence, smaller than 24 × 24 px and nearer than that to another.
SMALL = """
const least = 24;
const isInline = (e) => {
  const block = e.closest("p, li, dd, td, th, caption, h1, h2, h3, span, small");
  return getComputedStyle(e).display === "inline" && block &&
    [...block.childNodes].some((n) => !n.contains(e) && n.textContent.trim());
};
return [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.type !== "hidden")
  .map((e) => (/checkbox|radio/.test(e.type) ? e.closest("label") ?? e : e))
  .filter((e) => !e.matches(".skip") && !isInline(e))
  .filter((e) => {
    const { width, height } = e.getBoundingClientRect();
    return width < least - 0.01 || height < least - 0.01;
  })
  .map((e) => e.outerHTML.slice(0, 120) + JSON.stringify(e.getBoundingClientRect()));
"""
EVERYWHERE = [
    "/", "/resources", "/resources/tasks", "/resources/database", "/deployments", "/images",
    "/themes", "/workflows", "/infrastructure", "/mail", "/mail/request", "/members", "/scaling",
    "/resources/service", "/costs", "/backups", "/backups/deleted", "/changes", "/changes/1",
    "/todos", "/todos/1",
    "/calendar", "/people", "/people/1", "/safety", "/guards", "/notifications", "/audit",
    "/audit/entries/1", "/audit/review", "/account", "/account/choices", "/account/factors",
    "/keyboard", "/changes/new?kind=dns.record", "/findings/rds.backup-retention", "/setup/checks",
    "/nothing",
]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_target_is_large_enough_for_a_thumb(cleo, path):
    cleo.emulate(NARROW, dark=False)
    cleo.open(path)
    assert cleo.driver.execute_script(SMALL) == []


@pytest.mark.parametrize("path", EVERYWHERE)
def test_the_narrowest_phone_scrolls_no_page_sideways(cleo, path):
    cleo.emulate(320, dark=False)
    cleo.open(path)
    assert cleo.overflow_px() <= 0
