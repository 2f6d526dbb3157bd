"""The backups: what is there, a snapshot by the form that every kind of change has, and the record
of a restore that was tried."""

import pytest
from browser import LOOKS, WIDE, is_sound


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the backups read."""
    ana.reload_until("/backups", "The newest backup was made")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", ["/backups", "/changes/new?kind=rds.restore"])
def test_the_pages_are_sound(ana, width, dark, path):
    ana.emulate(width, dark)
    ana.open(path)
    is_sound(ana)
    name = "restore" if "restore" in path else "backups"
    ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    ana.emulate(WIDE, False)
    assert ana.errors() == []


def test_a_snapshot_is_taken_by_one_person_and_listed(cloud, ana):
    ana.open("/backups")
    ana.press("a[href='/changes/new?kind=rds.snapshot']")
    assert "A snapshot is kept until somebody deletes it" in ana.text()
    ana.press("form[action='/changes/preview'] button")
    assert "It is easily put back, so it needs no approval." in ana.text()
    change = ana.propose("Before the new theme")
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    [call] = cloud.calls("CreateDBSnapshot")
    name = call["parameters"]["DBSnapshotIdentifier"]
    assert name.startswith("caretaker-")
    ana.reload_until("/backups", name)


def test_a_restore_is_asked_for_from_its_row_and_keeps_what_was_typed(ana):
    ana.open("/backups")
    ana.press("tbody a[href*='ghost-before-5-87']")
    assert ana.find("#from option:checked").get_attribute("value") == "snapshot:ghost-before-5-87"
    ana.find("#id").send_keys("2nd")
    ana.press("form[action='/changes/preview'] button")
    assert "beginning with a letter" in ana.text("[role='alert']")
    assert ana.find("#id").get_attribute("value") == "2nd"
    assert ana.find("#from option:checked").get_attribute("value") == "snapshot:ghost-before-5-87"
    ana.find("#id").clear()
    ana.find("#id").send_keys("ghost-restored")
    ana.press("form[action='/changes/preview'] button")
    assert "$0.00 → $14.71 a month (+$14.71)" in ana.text("p.money")
    assert "To cut over: stop Ghost" in ana.text()
    is_sound(ana)
    ana.screenshot("restore-preview")


def test_more_storage_is_asked_for_by_its_form_approved_and_run(cloud, ana, ben):
    ana.open("/changes/new?kind=rds.storage")
    assert ana.find("#gib").get_attribute("value") == "20"
    ana.find("#gib").clear()
    ana.find("#gib").send_keys("40")
    ana.press("form[action='/changes/preview'] button")
    assert "It can never be made smaller again." in ana.text()
    change = ana.propose("Half of it is full")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    [call] = cloud.calls("ModifyDBInstance")
    assert call["parameters"]["AllocatedStorage"] == 40
    assert cloud.get("violations") == []


def test_a_restore_that_was_tried_is_noted_and_the_log_tells_it(ana, ben):
    ana.open("/backups")
    assert "Nobody has noted that a restore worked." in ana.text("#tests")
    ana.find("#what").send_keys("ghost-before-5-87")
    ana.press("form[action='/restore-tests'] button")
    assert "Say whether it worked." in ana.text("[role='alert']")
    assert ana.find("#what").get_attribute("value") == "ghost-before-5-87"
    ana.find("input[name='worked'][value='yes']").click()
    ana.find("#note").send_keys("Ghost showed its newest post")
    ana.press("form[action='/restore-tests'] button")
    assert "Recorded. The log has it too." in ana.text(".flash")
    assert "A restore last worked" in ana.text("#tests")
    ben.open("/audit?type=backup.restore_tested")
    assert "restored ghost-before-5-87 to try it, which worked" in ben.text("tbody")
