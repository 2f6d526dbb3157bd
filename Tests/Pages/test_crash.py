"""The portal ends in the middle of a run. Nothing is sent twice, and nobody is told a tale."""

import contextlib
import sqlite3
import time

import pytest
from portal import until

SIZE = "512-1024"
EVERY_PAGE = ["/resources", "/scaling", "/changes", "/audit"]
# Long enough for the portal to be ended before the call is answered.
ON_ITS_WAY_MS = 8_000
# For a call whose intent is on disk to leave the portal: nothing tells from outside that it has.
LEAVES_WITHIN_S = 0.5
ROLLOUT_S = 300
UPDATE = {"service": "ecs", "operation": "UpdateService"}
REGISTER = {"service": "ecs", "operation": "RegisterTaskDefinition"}


@pytest.fixture(autouse=True)
def account(cloud):
    """A fresh account whose roll-outs wait until the test lets time pass."""
    cloud.post("reset")
    cloud.post("clock", {"scale": 0})
    yield
    assert cloud.get("violations") == []
    assert len(cloud.calls("RegisterTaskDefinition")) == 1
    assert len(cloud.calls("UpdateService")) == 1


@pytest.fixture
def change(ana, ben) -> str:
    """An approved change, not run yet."""
    ana.preview_size(SIZE)
    change = ana.propose("Large images fail")
    ben.approve(change)
    return change


def test_a_call_that_was_on_its_way_is_found_done_by_reading(portal, cloud, ana, change):
    cloud.post("faults", [UPDATE | {"latency_ms": ON_ITS_WAY_MS}])
    ana.run(change)
    until_the_call_is_on_its_way(ana)
    portal.kill()
    portal.start()
    everybody_sees_it_is_unknown(ana, change)
    is_found_done_by_reading(cloud, ana, change)


def test_a_call_whose_answer_was_lost_is_found_done_by_reading(portal, cloud, ana, change):
    cloud.post("faults", [UPDATE | {"drop": "after"}])
    ana.run(change)
    ana.wait_for("Nobody knows yet what became of it.")
    portal.kill()
    portal.start()
    everybody_sees_it_is_unknown(ana, change)
    is_found_done_by_reading(cloud, ana, change)


def test_a_run_that_was_only_watched_is_found_done_by_reading(portal, cloud, ana, change):
    ana.run(change)
    ana.wait_for("Caretaker waits to see it done.")
    portal.kill()
    portal.start()
    everybody_sees_it_is_unknown(ana, change)
    is_found_done_by_reading(cloud, ana, change)


def test_a_call_that_never_arrived_is_settled_by_somebody_else(portal, cloud, ana, ben, change):
    cloud.post("faults", [UPDATE | {"latency_ms": ON_ITS_WAY_MS, "drop": "before"}])
    ana.run(change)
    until_the_call_is_on_its_way(ana)
    portal.kill()
    portal.start()
    everybody_sees_it_is_unknown(ana, change)
    cloud.advance(ROLLOUT_S)
    ana.reload_until(change, "Live state read")
    reads = len(cloud.calls("DescribeServices"))
    until(lambda: len(cloud.calls("DescribeServices")) >= reads + 4, "two more polls")
    everybody_sees_it_is_unknown(ana, change)

    assert "somebody other than those who ran it" in ana.text(".decision")
    assert not ana.find_all('form[action$="finding"]')
    status, page = ana.forge(f"{change}/finding", found="done", note="I am sure")
    assert status == 409
    assert "You ran this change, so somebody else has to say what became of it." in page

    ben.open(change)
    assert "0.25 vCPU, 512 MiB seen live" in ben.text(".decision")
    ben.find("input[name='found'][value='partly']").click()
    ben.find("#note").send_keys("Revision 5 is registered, the service runs revision 4")
    ben.press("form[action$='/finding'] button")
    assert "It failed after something was changed." in ben.text(".page")
    assert "“Revision 5 is registered, the service runs revision 4”" in ben.text(".timeline")
    assert not ben.find_all(".banner.unknown")


def test_told_to_end_it_hears_the_call_out_and_tells_the_truth_afterwards(
    portal, cloud, ana, change
):
    cloud.post("faults", [UPDATE | {"latency_ms": ON_ITS_WAY_MS}])
    ana.run(change)
    until_the_call_is_on_its_way(ana)
    assert portal.stop() == 0
    portal.start()
    ana.open(change)
    assert "was told that step 2" in ana.text(".timeline")
    everybody_sees_it_is_unknown(ana, change)
    is_found_done_by_reading(cloud, ana, change)


def test_told_to_end_it_begins_no_further_step_and_the_next_start_goes_on(
    portal, cloud, ana, change
):
    cloud.post("faults", [REGISTER | {"latency_ms": ON_ITS_WAY_MS}])
    ana.run(change)
    until_the_call_is_on_its_way(ana, step=1)
    assert portal.stop() == 0
    assert len(cloud.calls("RegisterTaskDefinition")) == 1
    assert cloud.calls("UpdateService") == []
    assert steps(portal) == [(1, "done")]
    portal.start()
    ana.open(change)
    assert "was told that step 1" in ana.text(".timeline")
    assert "step 2" not in ana.text(".timeline")
    everybody_sees_it_is_unknown(ana, change)
    assert cloud.calls("UpdateService") == []
    ana.open(change)
    ana.press_resume()
    is_found_done_by_reading(cloud, ana, change)
    assert steps(portal) == [(1, "done"), (2, "done")]


def steps(portal) -> list[tuple]:
    """What the database holds of the calls that were begun."""
    newest = "SELECT change_id FROM steps ORDER BY intended_at DESC LIMIT 1"
    query = f"SELECT step, outcome FROM steps WHERE change_id = ({newest}) ORDER BY step"
    with contextlib.closing(sqlite3.connect(portal.database)) as database:
        return database.execute(query).fetchall()


def until_the_call_is_on_its_way(ana, step=2):
    ana.wait_for(f"is sending step {step}", ".timeline")
    time.sleep(LEAVES_WITHIN_S)


def everybody_sees_it_is_unknown(ana, change):
    name = "CR-" + change.rpartition("/")[2]
    for path in [change, *EVERY_PAGE]:
        ana.open(path)
        assert f"Nobody knows what became of {name}." in ana.text(".banner.unknown")
    ana.open(change)
    assert "Nobody knows yet what became of it." in ana.text(".page")


def is_found_done_by_reading(cloud, ana, change):
    until(lambda: len(cloud.calls("UpdateService")) == 1, "the call")
    cloud.advance(ROLLOUT_S)
    ana.reload_until(change, "Done, and seen to be done.")
    # The banner is read a moment before the page: the load that saw the end may still show it.
    ana.open(change)
    assert not ana.find_all(".banner.unknown")
