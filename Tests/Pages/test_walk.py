"""A guarded change from the first look to the last line of the log, with and without JavaScript."""

import pytest

SIZE = "512-1024"
READINGS = {
    "Service": "1 of 1 task runs; 0.25 vCPU, 512 MiB; GhostInfraStackTaskDefB54D3F05:4; "
    "image ghost:v5.87.1-3",
    "Database": "db.t3.micro, available; mysql 8.0.40; 20 GiB gp2; Single-AZ; not encrypted; "
    "backups kept 1 day",
    "Media bucket": "versioning off",
    "Log group": "lines kept 731 days; 1 sign of trouble in an hour",
    "Alarms": "no alarms",
    "Mail": "sandbox; 3 of 200 sent in 24 hours",
}
SOURCES = {
    "Service": ("ECS", "ecs:DescribeServices"),
    "Database": ("RDS", "rds:DescribeDBInstances"),
    "Media bucket": ("S3", "s3:GetBucketVersioning"),
    "Log group": ("CloudWatch Logs", "logs:DescribeLogGroups"),
    "Alarms": ("CloudWatch", "cloudwatch:DescribeAlarms"),
    "Mail": ("SES", "ses:GetAccount"),
}
SUBJECTS = 22
STORY = [
    "proposed CR-{0}: Give Ghost's task 0.5 vCPU, 1 GiB instead of 0.25 vCPU, 512 MiB. "
    "“Large images fail”",
    "was refused POST /changes/:number/approval: Your role does not let you approve changes.",
    "could not approve CR-{0}: The password is not right.",
    "approved CR-{0}",
    "ran CR-{0}, approved by Ben Approver",
    "is sending step 1 of CR-{0}: ecs:RegisterTaskDefinition",
    "was told that step 1 of CR-{0} is done",
    "is sending step 2 of CR-{0}: ecs:UpdateService",
    "was told that step 2 of CR-{0} is done",
    "moved CR-{0} to “Checking the outcome”",
    "moved CR-{0} to “Done”: The live state is as planned.",
]


@pytest.fixture(autouse=True)
def fresh(cloud):
    """Every test finds the account as it was."""
    cloud.post("reset")


@pytest.mark.parametrize("javascript", [True, False])
def test_two_people_scale_the_blog(cloud, open_browser, javascript):
    ana, ben = open_browser(javascript=javascript), open_browser(javascript=javascript)
    ana.sign_in("ana")
    ben.sign_in("ben")
    sees_the_stack(ana)
    change = proposes_a_size(ana)
    cannot_approve_it_herself(ana, change)
    approves_what_she_saw(ben, ana, change)
    runs_it_and_the_page_follows(ana, change)
    the_log_tells_it(ben, change)
    assert len(cloud.calls("RegisterTaskDefinition")) == 1
    assert len(cloud.calls("UpdateService")) == 1
    assert cloud.get("violations") == []
    nothing_is_left_after_signing_out(ana)


def sees_the_stack(ana):
    ana.reload_until("/resources", READINGS["Service"])
    seen = []
    for row in ana.find_all("tbody tr"):
        label = row.find_element("css selector", "th").text
        seen.append(label)
        if label not in READINGS:
            continue
        cells = [cell.text for cell in row.find_elements("css selector", "td")]
        assert cells[2] == READINGS[label]
        reader, calls = SOURCES[label]
        assert cells[3].startswith(reader)
        assert cells[3].endswith(("ago", "just now"))
        assert row.find_elements("css selector", f"[title^='{calls}']")
    assert len(seen) == SUBJECTS
    assert set(READINGS) <= set(seen)


def proposes_a_size(ana) -> str:
    ana.open("/changes")
    before = len(ana.find_all("tbody tr"))
    ana.preview_size(SIZE)
    cost = ana.text("table.cost")
    for words in [
        "AWS Price List, on-demand, published 2026-10-06 (",
        "$0.04048 per vCPU-hour, 0.25 → 0.5",
        "$0.004445 per GB-hour, 0.5 → 1",
        "An hour $0.0123 $0.0247 +$0.0123",
        "A month of 730 hours $9.01 $18.02 +$9.01",
    ]:
        assert words in cost
    assert "The load balancer, NAT gateway, data transfer" in ana.text()
    plan = what_is_proposed(ana)
    ana.propose("")
    assert "Give a reason" in ana.text("#reason-error")
    assert what_is_proposed(ana) == plan
    ana.open("/changes")
    assert len(ana.find_all("tbody tr")) == before
    ana.driver.back()
    plan = what_is_proposed(ana)
    change = ana.propose("Large images fail")
    assert "Nothing has changed yet. It needs one approval." in ana.text()
    assert what_is_proposed(ana) == plan
    return change


def what_is_proposed(browser) -> tuple:
    """Plan, cost and digest as they can be read."""
    digest = browser.find("input[name='digest'], p > code.cut").get_attribute
    return (
        browser.text("dl.diff"),
        browser.text("main ol:not(.timeline)"),
        browser.text("table.cost"),
        digest("value") or digest("title"),
    )


def cannot_approve_it_herself(ana, change):
    box = ana.text(".decision")
    assert "You proposed it, so somebody else decides." in box
    assert "Ben Approver or Cleo Administrator can, until" in box
    assert not ana.find_all("form[action$='/approval'], #password")
    *_, digest = what_is_proposed(ana)
    password = ana.portal.passwords["ana"]
    status, page = ana.forge(f"{change}/approval", digest=digest, password=password)
    assert status == 403
    assert "Your role does not let you approve changes." in page
    ana.open("/audit?type=access.refused")
    newest = ana.text("tbody tr:first-child")
    assert "Ana Requester was refused POST /changes/:number/approval" in newest


def approves_what_she_saw(ben, ana, change):
    ana.open(change)
    ben.open(change)
    assert what_is_proposed(ben) == what_is_proposed(ana)
    assert "Ana Requester asks: “Large images fail”" in ben.text(".decision")
    ben.approve(change, password="a wrong one")
    assert "The password is not right. Nothing was changed" in ben.text()
    ben.open(change)
    assert "It needs one approval." in ben.text(".page")
    ben.approve(change)
    assert "Approved. Press Run when the moment is right." in ben.text(".flash")


def runs_it_and_the_page_follows(ana, change):
    ana.run(change)
    assert "Running. This page follows it." in ana.text(".flash")
    document = ana.find("html")
    ana.wait_for("Done, and seen to be done.")
    assert not ana.find_all(".decision, meta[http-equiv='refresh']")
    if ana.javascript:
        assert ana.find("html") == document, "what moved is put in its place, the page stays"
        assert not ana.find("body").get_attribute("data-following")
        assert "Done, and seen to be done." in ana.text("body > [role=status]")


def the_log_tells_it(ben, change):
    number = change.rpartition("/")[2]
    ben.open(f"/audit?change={number}")
    lines = [line.text for line in reversed(ben.find_all("td[data-label='What']"))]
    assert len(lines) == len(STORY)
    for line, begin in zip(lines, STORY, strict=True):
        assert line.startswith(begin.format(number))


def nothing_is_left_after_signing_out(ana):
    ana.open("/resources")
    ana.sign_out()
    assert "You are signed out." in ana.text()
    ana.driver.back()
    ana.wait_for("Sign in", "h1")
    assert "Ana Requester" not in ana.text("body")
    assert "Database" not in ana.text("body")


def test_nobody_approves_their_own_change_whatever_their_role(cleo):
    cleo.preview_size(SIZE)
    change = cleo.propose("Quick, nobody looks")
    *_, digest = what_is_proposed(cleo)
    password = cleo.portal.passwords["cleo"]
    status, page = cleo.forge(f"{change}/approval", digest=digest, password=password)
    assert status == 409
    assert "You proposed this change, so somebody else has to decide about it." in page
    cleo.open("/audit")
    assert "could not approve" in cleo.text("tbody tr:first-child")
    cleo.open(change)
    assert "It needs one approval." in cleo.text(".page")


def test_a_rejection_needs_a_reason_and_ends_the_change(cloud, ana, ben):
    ana.preview_size(SIZE)
    change = ana.propose("It would be nicer")
    ben.open(change)
    rejects(ben, note="")
    assert "Say why you reject it" in ben.text()
    ben.open(change)
    rejects(ben, note="Nicer is not a reason")
    assert "Rejected. The requester sees why." in ben.text(".flash")
    ana.open(change)
    assert "Rejected. Nothing was changed." in ana.text(".page")
    assert "“Nicer is not a reason”" in ana.text(".timeline")
    assert not ana.find_all(".decision")
    assert cloud.calls("RegisterTaskDefinition") == []


def rejects(ben, note):
    ben.find("#note").send_keys(note)
    ben.find("#password").send_keys(ben.portal.passwords["ben"])
    ben.press("button.danger")


@pytest.mark.parametrize("approved", [False, True])
def test_the_requester_takes_a_change_back_before_it_is_run(cloud, ana, ben, approved):
    ana.preview_size(SIZE)
    change = ana.propose("Before the newsletter")
    if approved:
        ben.approve(change)
    ana.open(change)
    ana.press("form[action$='/withdrawal'] button")
    assert "Withdrawn. Nothing was changed." in ana.text(".page")
    ben.open(change)
    assert not ben.find_all(".decision form")
    assert ben.forge(f"{change}/execution", password=ben.password)[0] == 409
    assert cloud.calls("RegisterTaskDefinition") == []


def test_a_database_class_is_ordered_for_the_maintenance_window(cloud, ana, ben):
    ana.open("/scaling")
    ana.find("#class option[value='db.t3.small']").click()
    assert ana.find("input[name='when'][value='window']").is_selected()
    ana.press("form:has(#class) button")
    assert "A month of 730 hours $12.41 $24.82 +$12.41" in ana.text("table.cost")
    assert "$0.034 per instance-hour, 0 → 1" in ana.text("table.cost")
    assert "The blog is down for some minutes" in ana.text()
    change = ana.propose("Queries wait")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    [call] = cloud.calls("ModifyDBInstance")
    assert call["parameters"]["ApplyImmediately"] is False
    assert call["parameters"]["DBInstanceClass"] == "db.t3.small"
    ana.reload_until("/resources", "waiting: DBInstanceClass → db.t3.small")
    assert cloud.get("violations") == []
