"""What people do with keys alone."""

from selenium.webdriver.common.keys import Keys

TABS_MAX = 150
# Whether the focus can be seen: it has a line around it, and lies on top of what is there.
SEEN = """
const focused = document.activeElement;
const { left, top, width, height } = focused.getBoundingClientRect();
const style = getComputedStyle(focused);
const topmost = document.elementFromPoint(left + width / 2, top + height / 2);
return style.outlineStyle !== "none" && focused.contains(topmost);
"""


def press(browser, *keys: str) -> None:
    browser.driver.switch_to.active_element.send_keys(*keys)


def tab_to(browser, selector: str) -> None:
    """Goes on from where the focus is, until it is there, and sees it all the way."""
    for _ in range(TABS_MAX):
        press(browser, Keys.TAB)
        assert browser.driver.execute_script(SEEN), browser.driver.switch_to.active_element.tag_name
        if browser.driver.execute_script(
            "return document.activeElement.matches(arguments[0])", selector
        ):
            return
    raise AssertionError(f"no way by keys to {selector} on {browser.path}")


def enter(browser) -> None:
    with browser.leaving():
        press(browser, Keys.ENTER)


def sign_in(browser, login: str) -> None:
    browser.open("/sign-in")
    browser.login = login
    tab_to(browser, "#login")
    press(browser, login)
    tab_to(browser, "#password")
    press(browser, browser.password)
    enter(browser)


def test_a_change_is_proposed_approved_and_run(open_browser):
    ana, ben = open_browser(), open_browser()
    sign_in(ana, "ana")
    ana.reload_until("/scaling", "Preview the task size")
    tab_to(ana, "#size")
    press(ana, "0.5 vCPU, 1 G")
    tab_to(ana, "form:has(#size) button")
    enter(ana)
    tab_to(ana, "#reason")
    press(ana, "Large images fail")
    tab_to(ana, "form[action='/changes'] button")
    enter(ana)
    change = ana.path
    sign_in(ben, "ben")
    ben.open(change)
    tab_to(ben, "#password")
    press(ben, ben.password)
    tab_to(ben, "button.primary")
    enter(ben)
    ana.open(change)
    if ana.find_all("form[action$='/execution'] #password"):
        tab_to(ana, "#password")
        press(ana, ana.password)
    tab_to(ana, "form[action$='/execution'] button")
    enter(ana)
    ana.wait_for("Done, and seen to be done.")
