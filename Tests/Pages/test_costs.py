"""What the site costs, what was paid, and what a change was to cost."""

import contextlib

import portal as portal_process
import pytest
from browser import LOOKS, WIDE, Browser, is_sound


@pytest.fixture(scope="module")
def portal(cloud, tmp_path_factory):
    """One that asks Cost Explorer."""
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, asks_costs=True) as started:
        yield started


@pytest.fixture(scope="module")
def done(cloud, ana, ben):
    """The path of a change that was run."""
    ana.reload_until("/costs", "Read from Cost Explorer")
    ana.preview_size("512-1024")
    change = ana.propose("Large images fail")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    return change


@pytest.mark.parametrize("width, dark", LOOKS)
def test_the_costs_fit_and_are_sound(ana, done, width, dark):
    ana.emulate(width, dark)
    ana.errors()
    ana.open("/costs")
    ana.screenshot(f"costs-{width}-{'dark' if dark else 'light'}")
    assert ana.errors() == []
    is_sound(ana)
    ana.find("details:not(.menu):not(.user) summary").click()
    ana.screenshot(f"costs-open-{width}-{'dark' if dark else 'light'}")
    assert ana.overflow_px() <= 0
    assert "AWS Price List" in ana.text("main details")


def test_the_sum_is_the_sum_of_its_lines(ana, done):
    ana.emulate(WIDE, dark=False)
    ana.reload_until("/costs", "$14.78")
    rows = [row.text for row in ana.find_all("td[data-label='A month']")[:-1]]
    least = sum(cents(row) for row in rows)
    total = ana.text("tfoot td.num")
    assert total.startswith("at least $")
    # Each line is rounded to a cent by itself.
    assert abs(cents(total.removeprefix("at least ")) - least) <= len(rows)


def cents(amount: str) -> int:
    """The least of what a line says: `$7.39`, `$0.00 to $1.90`, `from $7.30`."""
    words = amount.removeprefix("from ").split(" ")[0]
    return round(float(words[1:].replace(",", "")) * 100) if words.startswith("$") else 0


def test_what_was_paid_is_the_accounts_and_says_so(ana, done):
    ana.open("/costs")
    assert "Paid by the whole account" in ana.text() or "No whole day of" in ana.text()
    assert "Read from Cost Explorer" in ana.text()


@pytest.mark.parametrize("width, dark", LOOKS)
def test_a_change_shows_what_it_was_to_cost_and_from_when_it_is_compared(ana, done, width, dark):
    ana.emulate(width, dark)
    ana.open(done)
    ana.screenshot(f"change-paid-{width}-{'dark' if dark else 'light'}")
    assert "Seven whole days after it are over on" in ana.text()
    assert "+$0.30" in ana.text()
    is_sound(ana)
    ana.open("/costs")
    assert "CR-1: Give Ghost's task" in ana.text("table:last-of-type")


@pytest.fixture(scope="module")
def denied(cloud, tmp_path_factory):
    """Ana at a portal that may ask neither for prices nor for what was paid."""
    refused = {"times": 999, "code": "AccessDeniedException", "status": 400}
    cloud.post(
        "faults",
        [
            {"service": "pricing", "operation": "GetProducts"} | refused,
            {"service": "ce", "operation": "GetCostAndUsage"} | refused,
        ],
    )
    with contextlib.ExitStack() as stack:
        folder = tmp_path_factory.mktemp("denied")
        portal = stack.enter_context(portal_process.running(folder, cloud.url, asks_costs=True))
        browser = Browser(portal)
        stack.callback(browser.driver.quit)
        browser.sign_in("ana")
        browser.reload_until("/costs", "ce:GetCostAndUsage")
        yield browser
    cloud.post("faults", [])


@pytest.mark.parametrize("width, dark", LOOKS)
def test_without_the_list_the_book_stands_in_and_says_where_it_is_from(denied, width, dark):
    denied.emulate(width, dark)
    denied.open("/costs")
    denied.screenshot(f"costs-denied-{width}-{'dark' if dark else 'light'}")
    assert "pricing:GetProducts" in denied.text()
    assert "Caretaker's price book, on-demand" in denied.text()
    assert "not known" in denied.text(".money")
    is_sound(denied)
