"""Kinds of change from their form to their end, as two people see them."""

import pytest
from browser import pictures
from cloud.names import BUCKET

CAT = "content/images/2026/02/cat.png"
CASES = {
    "standby": ("rds.multi-az", {"multi_az": "on", "when": "now"}, True, "ModifyDBInstance"),
    "retention": ("logs.retention", {"days": "30"}, True, "PutRetentionPolicy"),
    "versioning": ("s3.versioning", {"versioning": "on"}, False, "PutBucketVersioning"),
}


@pytest.fixture(autouse=True)
def fresh(cloud):
    """Every test finds the account as it was."""
    cloud.post("reset")


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds the account read."""
    ana.reload_until("/backups", "The newest backup was made")


def fill(window, fields):
    for name, value in fields.items():
        element = window.find(f"#{name}")
        if element.tag_name == "select":
            window.find(f"#{name} option[value='{value}']").click()
        else:
            element.clear()
            element.send_keys(value)


def asks(window, kind, **fields):
    window.open(f"/changes/new?kind={kind}")
    fill(window, fields)
    window.press("form[action='/changes/preview'] button")


def finishes(ana, ben, needs_another, reason="Agreed on Monday"):
    change = ana.propose(reason)
    if needs_another:
        ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.", within_s=90)
    return change


def delete(cloud, key):
    cloud.post("act", {"service": "s3", "call": "put_bucket_versioning", "parameters": {
        "Bucket": BUCKET, "VersioningConfiguration": {"Status": "Enabled"}}})  # fmt: skip
    where = {"Bucket": BUCKET, "Key": key}
    cloud.post("act", {"service": "s3", "call": "delete_object", "parameters": where})


@pytest.mark.parametrize("name", CASES)
def test_a_setting_is_asked_for_by_its_form_and_done(cloud, ana, ben, name):
    kind, fields, needs_another, call = CASES[name]
    asks(ana, kind, **fields)
    pictures(ana, f"kind-{name}")
    finishes(ana, ben, needs_another)
    assert len(cloud.calls(call)) == 1
    assert cloud.get("violations") == []


def test_an_encryption_is_done_in_its_steps_and_leaves_the_rest_to_people(cloud, ana, ben):
    asks(ana, "rds.encryption")
    pictures(ana, "kind-encryption")
    change = finishes(ana, ben, needs_another=True)
    made = ["CreateDBSnapshot", "CopyDBSnapshot", "RestoreDBInstanceFromDBSnapshot"]
    assert [len(cloud.calls(name)) for name in made] == [1, 1, 1]
    ana.open(change)
    pictures(ana, "kind-encryption-done")


def test_a_certificate_is_asked_for(cloud, ana, ben):
    asks(ana, "acm.request", domain="shop.example.com")
    pictures(ana, "kind-certificate")
    needs_another = "can approve it" in ana.text()
    finishes(ana, ben, needs_another)
    [call] = cloud.calls("RequestCertificate")
    assert call["parameters"]["DomainName"] == "shop.example.com"


def test_a_deleted_object_is_found_and_brought_back(cloud, ana, ben):
    delete(cloud, CAT)
    ana.open("/backups")
    ana.press("a[href='/backups/deleted']")
    assert "1 deleted object in the bucket." in ana.text()
    fill(ana, {})
    ana.find("input[name='prefix']").send_keys("content/images/")
    ana.press("form[action='/backups/deleted'] button")
    assert "1 deleted object beginning with “content/images/”." in ana.text()
    pictures(ana, "deleted")
    ana.press("tbody a[href^='/changes/preview']")
    assert f"Bring back {CAT}" in ana.text("h1")
    finishes(ana, ben, needs_another=False)
    ana.open("/backups/deleted")
    assert "0 deleted objects" in ana.text()
    assert cloud.get("violations") == []


def test_an_older_version_is_made_current_from_the_page_of_the_object(cloud, ana, ben):
    delete(cloud, CAT)
    what = {"Bucket": BUCKET, "Key": CAT, "Body": "overwritten by mistake"}
    cloud.post("act", {"service": "s3", "call": "put_object", "parameters": what})
    ana.open("/backups/versions")
    ana.find("input[name='key']").send_keys(CAT)
    ana.press("form[action='/backups/versions'] button")
    pictures(ana, "versions")
    ana.press("tbody a[href^='/changes/preview']")
    pictures(ana, "kind-version")
    finishes(ana, ben, needs_another=False)
    assert len(cloud.calls("CopyObject")) == 1
    ana.open(f"/backups/versions?key={CAT}")
    assert "Current" in ana.text("tbody")
