"""The log as people read it, take it along, review it and sign for it."""

import csv
import io
import subprocess

import portal as portal_process
import pytest
from browser import LOOKS, is_sound

BEN = "Ben Approver"
RADIO = "input[name='verdict'][value='{}']"


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    """One with an auditor too."""
    with portal_process.running(tmp_path_factory.mktemp("portal"), cloud.url) as started:
        started.add_person("eve", "Eve Auditor", "auditor")
        yield started


@pytest.fixture(scope="module")
def eve(windows):
    """Reads and reviews the log, and nothing else."""
    window = windows()
    window.sign_in("eve")
    return window


@pytest.fixture(scope="module")
def refused(ben):
    """The number of an entry that tells of a refused act of Ben's."""
    ben.open("/audit/review")
    status, _ = ben.forge("/audit/periods", last="1", head="none", password="none")
    assert status == 409
    return newest_refusal(ben)


def newest_refusal(browser) -> str:
    """The number of the newest entry that tells of a refused act of Ben's."""
    browser.open("/audit?type=act.refused&person=2")
    return browser.find("tbody th a").text.split()[-1]


def look(browser, name, width, dark, path):
    browser.emulate(width, dark)
    browser.open(path)
    browser.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    is_sound(browser)


def rows(browser) -> list[str]:
    return [row.text for row in browser.find_all("tbody tr")]


def test_a_filter_is_chosen_said_in_words_and_taken_away(ana, ben, eve):
    eve.open("/audit")
    eve.find("select[name='type'] option[value='session.started']").click()
    eve.find("select[name='person'] option:nth-child(3)").click()  # Ben
    eve.press(".filters button")
    assert len(rows(eve)) == 1
    assert BEN in rows(eve)[0]
    assert eve.driver.current_url.endswith("type=session.started&outcome=&change=&from=&to=")
    eve.press(".terms li:first-child a")
    assert eve.find_all(".terms li")[0].text.startswith("Session started")
    assert len(rows(eve)) == 3
    eve.press(".terms li:last-child a")
    assert eve.find_all(".terms") == []


def test_flagged_entries_and_outcomes_can_be_chosen(eve, refused):
    eve.open("/audit")
    eve.find("input[name='flagged']").click()
    eve.find("select[name='outcome'] option[value='refused']").click()
    eve.press(".filters button")
    assert len(rows(eve)) == 1
    assert BEN in rows(eve)[0]
    assert "Refused" in rows(eve)[0]


def test_days_bound_the_list_and_a_wrong_order_is_said(eve):
    eve.open("/audit?from=2000-01-01&to=2000-01-31")
    assert "No entry fits" in eve.text()
    eve.open("/audit?from=2000-02-01&to=2000-01-31")
    assert "The last day is before the first. Swap them." in eve.text(".errors")
    assert rows(eve) == []


def test_a_long_log_goes_on_page_by_page(eve, portal):
    for _ in range(55):
        eve.forge("/audit/entries/1/review", verdict="ok")  # refused: not flagged
    eve.open("/audit?type=act.refused")
    newest = rows(eve)
    assert len(newest) == 50
    eve.press("nav.pages a")
    older = rows(eve)
    assert 5 <= len(older) < 50
    assert not set(newest) & set(older)
    eve.press("nav.pages a")
    assert rows(eve) == newest


def test_the_file_is_the_list(eve):
    eve.open("/audit?type=person.added")
    listed = [row.splitlines() for row in rows(eve)]
    status, text = eve.forge("/audit/exports", format="csv", type="person.added")
    assert status == 200
    records = list(csv.DictReader(io.StringIO(text)))
    assert len(records) == len(listed) == 4
    assert {record["type"] for record in records} == {"person.added"}
    assert records[-1]["what"] == "added Eve Auditor as auditor"
    assert "Neither file can be verified" in eve.text()
    assert len(eve.find_all("form[action='/audit/exports'] button")) == 2


def test_an_entry_shows_its_bytes_and_its_neighbours(eve):
    eve.open("/audit/entries/1")
    assert eve.text("h1") == "Entry 1"
    assert "None: this is the first entry." in eve.text()
    eve.find("main details summary").click()
    raw = eve.text("main details pre")
    assert raw.startswith('{"actor":') and raw in eve.driver.page_source.replace("&quot;", '"')
    eve.press("nav.pages a:first-child")
    assert eve.path == "/audit/entries/2"


def test_nobody_reviews_their_own_act(ben, refused):
    ben.open(f"/audit/entries/{refused}")
    assert "You can't review this one" in ben.text(".decision")
    assert "Eve Auditor" in ben.text(".decision")
    assert ben.find_all("main form") == []
    status, page = ben.forge(f"/audit/entries/{refused}/review", verdict="ok")
    assert status == 409
    assert "You did this yourself" in page


def test_who_may_not_review_reads_who_may(ana, refused):
    ana.open(f"/audit/entries/{refused}")
    assert "Your role does not review the log." in ana.text(".decision")
    assert ana.find_all("main form") == []
    ana.open("/audit/review")
    assert "Your role does not review the log." in ana.text(".decision")


def test_another_person_reviews_it_and_says_why(eve, refused):
    eve.open(f"/audit/entries/{refused}")
    eve.find(RADIO.format("incident")).click()
    eve.press(".decision button.primary")
    assert "Say what has to be done, or what went wrong." in eve.text(".errors")
    assert eve.find(RADIO.format("incident")).is_selected()
    eve.find("#note").send_keys("Ben tried to sign for what he was not shown")
    eve.press(".decision button.primary")
    eve.wait_for("Your review is recorded.")  # It fades in.
    eve.open(f"/audit/entries/{refused}")
    assert "Incident" in eve.text() and "by Eve Auditor" in eve.text()
    eve.open("/audit/review?show=incident")
    assert "Ben tried to sign" in rows(eve)[0]


def review_everything(browser, name: str) -> None:
    """Finds everything in order that somebody else than `name` did."""
    while True:
        browser.open("/audit/review")
        queue = browser.find_all("main > section.card:first-of-type tbody tr")
        others = [row for row in queue if name not in row.text]
        numbers = [row.find_element("css selector", "th a").text.split()[-1] for row in others]
        if not numbers:
            return
        for number in numbers:
            status, _ = browser.forge(f"/audit/entries/{number}/review", verdict="ok")
            assert status == 200


def test_what_is_open_cannot_be_signed(eve):
    eve.open("/audit/review")
    assert "Review them first." in eve.text(".decision")
    assert eve.find_all(".decision form") == []


@pytest.mark.parametrize("width, dark", LOOKS)
def test_pages_of_an_unfinished_review_fit_and_are_sound(eve, ben, ana, refused, width, dark):
    look(eve, "audit-filtered", width, dark, "/audit?outcome=refused&flagged=yes&to=2099-12-31")
    look(eve, "audit-nothing", width, dark, "/audit?to=2000-01-01")
    look(eve, "audit-wrong", width, dark, "/audit?from=2000")
    look(eve, "review-open", width, dark, "/audit/review")
    look(eve, "review-incidents", width, dark, "/audit/review?show=incident")
    look(eve, "review-none", width, dark, "/audit/review?show=follow_up")
    look(eve, "entry-to-review", width, dark, "/audit/entries/2")
    look(ben, "entry-own", width, dark, f"/audit/entries/{newest_refusal(ben)}")
    look(ana, "entry-watched", width, dark, "/audit/entries/2")
    look(eve, "entry-reviewed", width, dark, f"/audit/entries/{refused}")


def test_a_reviewed_period_is_signed_with_the_password(eve, ben, portal):
    review_everything(ben, BEN)
    review_everything(eve, "Eve Auditor")
    eve.open("/audit/review")
    assert "Every flagged entry is reviewed." in eve.text()
    assert "Nothing waits for a review" in eve.text()
    eve.find("#password").send_keys("wrong wrong wrong")
    eve.press(".decision button.primary")
    assert "The password is not right" in eve.text(".errors")
    review_everything(ben, BEN)  # A wrong password is a refused act, and flagged.
    eve.open("/audit/review")
    eve.find("#password").send_keys(portal.passwords["eve"])
    eve.press(".decision button.primary")
    eve.wait_for("Signed. The next period begins behind it.")
    assert "Eve Auditor" in eve.text("section.card:last-of-type")
    eve.press("section.card:last-of-type th a")
    assert "signed for the log from entry 1" in eve.text(".page")
    assert "Person added" in eve.text()
    assert "Entry " in eve.text("main .summary a")  # the incident


@pytest.mark.parametrize("width, dark", LOOKS)
def test_pages_of_a_finished_review_fit_and_are_sound(eve, width, dark):
    look(eve, "review-done", width, dark, "/audit/review")
    signed = eve.find("section.card:last-of-type th a").get_attribute("href")
    look(eve, "entry-signed", width, dark, signed.removeprefix(eve.portal.url))


@pytest.mark.parametrize("words", [[], ["log", "--key"], ["log", "--nonsense"], ["/nowhere"]])
def test_wrong_usage_of_the_proof_is_told_from_any_verdict(words):
    command = [portal_process.BINARY, "audit", "verify", *words]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (3, "")
    assert "Usage: caretaker audit verify" in result.stderr or "Can't read" in result.stderr


def test_the_status_says_it_also_where_nothing_can_be_written():
    command = [portal_process.BINARY, "audit", "verify", "/nowhere"]
    with open("/dev/full", "wb") as full:
        assert subprocess.run(command, stderr=full, check=False).returncode == 3
        assert subprocess.run([portal_process.BINARY, "--help"], stdout=full).returncode == 0
