"""An update of the stack in Chromium: planned on GitHub, read, approved by its ARN, executed."""

import portal as portal_process
import pytest
from browser import LOOKS, WIDE, is_sound


@pytest.fixture(scope="module")
def portal(cloud, blog, github, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, blog=blog, github=github) as started:
        yield started


@pytest.fixture(scope="module")
def planned(ana, ben):
    """Ana has infra-deploy plan what main has, and Ben agrees to that; the page of its change set."""
    ana.reload_until("/infrastructure", "Plan an update from main")
    ana.reload_until("/workflows/new?workflow=infra-deploy.yml&input_mode=plan", "on main at")
    ana.press("main form button")
    dispatch = ana.propose("See what main would do")
    ben.approve(dispatch)
    ana.run(dispatch)
    ana.wait_for("Done, and seen to be done.", within_s=90)
    ana.reload_until("/infrastructure", "can be executed")
    ana.press("main table a")
    return ana.path


@pytest.mark.parametrize("width, dark", LOOKS)
def test_the_pages_are_sound(ana, planned, width, dark):
    ana.emulate(width, dark)
    for path, name in [
        ("/infrastructure", "infrastructure"),
        (planned, "change-set"),
        (planned + "/cdk-diff", "cdk-diff"),
        ("/deployments", "deployments"),
        ("/resources/trail", "resource-trail"),
        ("/resources/change-sets", "resource-change-sets"),
    ]:
        ana.open(path)
        ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
        is_sound(ana)


def test_what_cdk_said_comes_from_the_run_that_planned_it(ana, planned):
    ana.open(planned)
    ana.follow(ana.find_all("main .actions a")[-1])
    assert "[~] AWS::RDS::DBInstance" in ana.text()


def test_the_change_set_is_approved_and_executed_and_goes_into_the_history(ana, ben, planned):
    ana.open(planned)
    ana.press("main .actions a.primary")
    change = ana.propose("Main keeps backups for a week")
    ben.open(change)
    assert "BackupRetentionPeriod: 1 → 7" in ben.text()
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.", within_s=90)
    ana.open("/deployments?area=infrastructure")
    assert "Update the stack by" in ana.text("table")
    assert "infra-deploy plan" in ana.text("table")
    ana.reload_until("/resources/database", "backups kept 7 days")


def test_what_somebody_does_at_the_console_is_shown_to_all(ana, cloud, planned):
    arguments = {"DBInstanceIdentifier": "ghostinfrastack-database12345678-abcdefghijkl"}
    call = {"service": "rds", "call": "reboot_db_instance", "parameters": arguments}
    cloud.post("act", call)
    ana.reload_until("/deployments", "Done past Caretaker")
    assert "rds RebootDBInstance" in ana.text()


def test_two_deployments_are_compared_and_a_rollout_has_its_page(ana):
    ana.open("/deployments")
    ana.find_all("input[name='a']")[-1].click()
    ana.press("form[action='/deployments/compare'] button")
    compared = ana.driver.current_url.removeprefix(ana.portal.url)
    assert "The site after each" in ana.text()
    ana.open("/deployments?area=service")
    ana.press("tbody th a")
    rollout = ana.path
    assert rollout.startswith("/deployments/rollouts/")
    for width, dark in LOOKS:
        ana.emulate(width, dark)
        for path, name in [(compared, "deployments-compare"), (rollout, "deployments-rollout")]:
            ana.open(path)
            ana.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
            is_sound(ana)
    ana.emulate(WIDE, False)
    ana.open("/deployments/compare?a=run-1&b=change-1")
    assert "Choose an A and a B" in ana.text()
