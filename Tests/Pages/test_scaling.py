"""Scaling: what a choice would cost is shown as soon as it is made, where there is JavaScript."""

import re
import urllib.error
import urllib.request

import pytest
from browser import LOOKS, WIDE, is_sound

SIZE_BOX = ".card:has(#size) ~ div"


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the service and the database read."""
    ana.reload_until("/scaling", "Preview the task size")
    ana.reload_until("/scaling", "Preview the database class")


def choose(window, field, value):
    window.find(f"#{field} option[value='{value}']").click()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_what_a_size_would_cost_is_shown_and_said_as_it_is_chosen(cloud, ana, width, dark):
    ana.emulate(width, dark)
    ana.errors()
    ana.open("/scaling")
    assert ana.find_all("main .money") == []
    cloud.post("forget")
    choose(ana, "size", "512-1024")
    ana.wait_for("$9.01 → $18.02 a month (+$9.01)", ".money")
    said = ana.find("body > [role='status']")
    assert said.get_attribute("textContent") == "$9.01 → $18.02 a month (+$9.01)"
    choose(ana, "size", "1024-2048")
    ana.wait_for("$9.01 → $36.04 a month (+$27.03)", ".money")
    assert len(ana.find_all("main .money")) == 1
    assert "$0.04048 per vCPU-hour" in ana.text("table.cost")
    assert cloud.calls("UpdateService") == cloud.calls("RegisterTaskDefinition") == []
    is_sound(ana)
    ana.screenshot(f"scaling-live-{width}-{'dark' if dark else 'light'}")
    assert ana.errors() == []
    ana.press("form:has(#size) button")
    assert "$9.01 → $36.04 a month (+$27.03)" in ana.text(".money")
    ana.emulate(WIDE, False)


def test_what_cannot_be_planned_is_said_in_place_of_a_cost(ana):
    ana.open("/scaling")
    choose(ana, "class", "db.t3.small")
    ana.wait_for("$12.41 → $24.82 a month", ".money")
    choose(ana, "class", "db.t3.micro")
    ana.wait_for("The database is a db.t3.micro already.")
    assert ana.find_all("main .money") == []
    ana.screenshot("scaling-live-problem")


def test_the_form_of_every_kind_with_a_price_shows_it(ana):
    ana.open("/changes/new?kind=rds.storage")
    ana.find("#gib").clear()
    ana.find("#gib").send_keys("40")
    ana.wait_for("a month (+$2.30)", ".money")
    is_sound(ana)
    ana.open("/changes/new?kind=s3.versioning")
    assert ana.find_all("form[data-live]") == []


def test_nothing_is_shown_of_what_cannot_be_asked(cloud, ana):
    ana.open("/scaling")
    choose(ana, "count", "2")
    ana.wait_for("$9.01 → $18.02 a month", ".money")
    cloud.post("faults", [{"service": "ecs", "code": "AccessDeniedException", "times": None}])
    choose(ana, "count", "3")
    ana.wait_until_gone(".money")
    cloud.post("faults", [])
    choose(ana, "count", "4")
    ana.wait_for("$9.01 → $36.04 a month", ".money")
    ana.errors()  # Chromium calls the refusal one.


def test_without_javascript_the_preview_says_it(open_browser):
    window = open_browser(javascript=False)
    window.sign_in("ana")
    window.preview_size("512-1024")
    assert "$9.01 → $18.02 a month (+$9.01)" in window.text(".money")


def test_no_script_runs_but_the_files_of_ours(portal, ana):
    with urllib.request.urlopen(f"{portal.url}/sign-in") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "script-src 'self'" in policy and "connect-src 'self'" in policy
    ana.open("/scaling")
    ours = rf"{re.escape(portal.url)}/public/[a-z]+\.[0-9a-f]{{12}}\.js"
    for script in ana.find_all("script"):
        assert re.fullmatch(ours, script.get_attribute("src"))
    ana.driver.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s)"
    )
    assert ana.driver.execute_script("return window.ran ?? 0") == 0
    ana.errors()  # Chromium calls what the policy stops one.


def test_a_viewer_gets_no_cost_and_no_form_that_asks(portal, windows):
    portal.add_person("vera", "Vera Viewer", "viewer")
    vera = windows()
    vera.sign_in("vera")
    vera.open("/scaling")
    assert vera.find_all("form[data-live]") == []
    vera.errors()
    cookie = vera.driver.get_cookie("caretaker")["value"]
    request = urllib.request.Request(
        f"{portal.url}/changes/preview/cost?kind=ecs.count&count=2",
        headers={"Cookie": f"caretaker={cookie}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request)
    assert refusal.value.code == 403
