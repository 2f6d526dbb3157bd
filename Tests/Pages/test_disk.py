"""The disk takes nothing more while the portal runs: the kernel itself refuses its writes."""

import resource

import pytest
from portal import until

SIZE = "512-1024"
# No page of the database fits below it, a line of the spool does.
NO_ROOM = 4_000
# Long enough for a browser to see it on its way, and for the disk to be full before its answer.
ON_ITS_WAY_MS = 8_000
ROLLOUT_S = 300
EVERY_PAGE = ["/resources", "/scaling", "/changes", "/audit"]


@pytest.fixture(autouse=True)
def account(cloud, portal):
    """A fresh account whose roll-outs wait until the test lets time pass; room afterwards."""
    cloud.post("reset")
    cloud.post("clock", {"scale": 0})
    yield
    portal.limit_files(resource.RLIM_INFINITY)
    assert cloud.get("violations") == []


def test_nothing_is_changed_and_everything_is_shown(portal, ana, open_browser):
    ana.preview_size(SIZE)
    portal.limit_files(NO_ROOM)
    ana.find("#reason").send_keys("Large images fail")
    ana.press(".page form[action='/changes'] button, form[action='/changes'] button")
    assert "The database can't be written" in ana.text("body")
    assert "The disk can't be written." in ana.text("body")
    assert "Nothing was changed." in ana.text("body")
    for path in EVERY_PAGE:
        ana.open(path)
        assert ana.find_all("nav")
        assert "The disk can't be written." in ana.text(".banner.attention")

    visitor = open_browser()
    visitor.open("/sign-in")
    visitor.find("#login").send_keys("ben")
    visitor.find("#password").send_keys(portal.passwords["ben"])
    visitor.press(".sign-in button")
    assert "Nobody can sign in now. The disk can't be written." in visitor.text(".errors")

    portal.limit_files(resource.RLIM_INFINITY)
    ana.preview_size(SIZE)
    ana.open(ana.propose("Large images fail"))
    assert not ana.find_all(".banner.attention")


def test_an_outcome_that_finds_no_room_is_found_in_the_spool(portal, cloud, ana, ben):
    ana.preview_size(SIZE)
    change = ana.propose("Large images fail")
    ben.approve(change)
    cloud.post(
        "faults", [{"service": "ecs", "operation": "UpdateService", "latency_ms": ON_ITS_WAY_MS}]
    )
    ana.run(change)
    ana.wait_for("is sending step 2", ".timeline")
    portal.limit_files(NO_ROOM)
    until(lambda: portal.data("spool.jsonl").exists(), "the spool")
    assert not portal.data("ballast").exists()
    portal.kill()
    portal.start()

    ana.open(change)
    assert "found in the spool what became of step 2" in ana.text(".timeline")
    assert "Nobody knows yet what became of it." in ana.text(".page")
    assert not portal.data("spool.jsonl").exists()
    assert portal.data("ballast").stat().st_size == 64 << 20
    cloud.advance(ROLLOUT_S)
    ana.reload_until(change, "Done, and seen to be done.")
    assert len(cloud.calls("UpdateService")) == 1
