"""What is left to do: born of findings, owned, snoozed, and closed by evidence alone."""

import datetime

import pytest
from browser import LOOKS, WIDE, is_sound

SANDBOX = "Get SES out of the sandbox"


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the account read."""
    ana.reload_until("/todos", SANDBOX)


def tomorrow() -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)).isoformat()


def opens(window, title=SANDBOX):
    window.open("/todos?state=all")
    window.follow(window.driver.find_element("link text", title))


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/todos", "/todos?view=board", "/todos/1", "/todos?owner=me"])
def test_the_pages_are_sound(ana, width, dark, path):
    ana.emulate(width, dark)
    ana.open(path)
    is_sound(ana)
    name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-")
    ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    ana.emulate(WIDE, False)
    assert ana.errors() == []


def test_the_navigation_counts_what_is_open(ana):
    ana.open("/todos")
    rows = len(ana.find_all("tbody tr"))
    count = ana.find("nav a[href='/todos'] .count").get_attribute("textContent")
    assert count == f"{rows} open"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_takes_one_and_finds_it_on_the_board(open_browser, javascript):
    ana = open_browser(javascript=javascript)
    ana.sign_in("ana")
    opens(ana)
    assert "SES is in the sandbox." in ana.text("#evidence")
    assert "Ask AWS for production access" in ana.text("#steps")
    ana.find("#owner option:last-child").click()
    ana.press("form[action$='/owner'] button")
    assert "Saved. The log has it too." in ana.text(".flash")
    ana.driver.find_element("xpath", "//option[text()='Ana Requester']").click()
    ana.press("form[action$='/owner'] button")
    assert "Ana Requester has it." in ana.text(".state")
    ana.open("/todos?view=board")
    mine = ana.find("main .cards > section:nth-child(2)")
    assert mine.text.startswith("Mine 1") and SANDBOX in mine.text


def test_it_stays_open_while_the_check_fails_and_nothing_typed_is_lost(ana):
    opens(ana)
    assert "It can't be closed by hand while its check fails." in ana.text("#close")
    status, page = ana.forge(ana.path + "/end", note="AWS has it")
    assert status == 422
    assert "The check still fails: SES is in the sandbox." in page
    assert ">AWS has it</textarea>" in page


def test_it_is_snoozed_with_a_reason_and_woken(ana):
    opens(ana)
    ana.find("#plan summary").click()
    ana.find("#reason").send_keys("AWS is looking at it")
    ana.press("form[action$='/snooze'] button")
    assert "Choose a day after today" in ana.text("[role='alert']")
    assert ana.find("#reason").get_attribute("value") == "AWS is looking at it"
    ana.driver.execute_script("document.querySelector('#until').value = arguments[0]", tomorrow())
    ana.press("form[action$='/snooze'] button")
    assert "Out of sight until" in ana.text(".state")
    ana.open("/todos")
    assert SANDBOX not in ana.text()
    opens(ana)
    ana.press("form[action$='/snooze/end'] button")
    assert "took it out of snooze" in ana.text("#history")


def test_evidence_closes_it_and_opens_the_same_again(cloud, ana):
    opens(ana)
    page = ana.path
    cloud.post("ses", {"status": "GRANTED"})
    ana.reload_until(page, "closed it: “SES has production access.”")
    is_sound(ana)
    cloud.post("reset")
    ana.reload_until(page, "opened it again: “SES is in the sandbox.”")
