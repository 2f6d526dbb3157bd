"""The workflows: their cards and runs, one that is approved and turns green, one that fails."""

import urllib.request

import portal as portal_process
import pytest
from browser import pictures
from github import process as github_process

RUN_OF_A_CHANGE = "#runs tbody tr:has(a[href^='/changes/']) th a"


@pytest.fixture(scope="module")
def github(cloud, tmp_path_factory):
    """Its clock stands still unless told."""
    folder = tmp_path_factory.mktemp("github")
    with github_process.running("--cloud", cloud.url, folder=folder) as started:
        yield started


@pytest.fixture(scope="module")
def portal(cloud, github, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, github=github) as started:
        yield started


@pytest.fixture(scope="module", autouse=True)
def read(ana):
    """Every test finds GitHub read."""
    ana.reload_until("/workflows", "infra-deploy")
    ana.reload_until("/scaling", "Preview the task size")


def test_the_workflows_are_seen_with_what_main_has_more(ana):
    ana.open("/workflows")
    assert "Not deployed as main has it: infra-deploy." in ana.text()
    assert "7 commits behind main; infra/ has changed since" in ana.text()
    assert "of 5000" in ana.text() and "nothing that Caretaker has asked for" in ana.text()
    pictures(ana, "workflows")
    ana.find("select[name='result'] option[value='failure']").click()
    ana.press("form.filters button")
    assert len(ana.find_all("#runs tbody tr")) == 1
    assert "result=failure" in ana.driver.current_url
    assert ana.errors() == []


def test_an_image_is_deployed_by_a_run_that_somebody_else_approves(ana, ben, cloud, github):
    ana.open("/workflows")
    ana.press("a[href='/workflows/new?workflow=image-deploy.yml']")
    assert "image-deploy on main at" in ana.text()
    pictures(ana, "workflow-form")
    ana.find("#input_image_tag").send_keys("v5.87.1-2")
    ana.press("form[action='/changes/preview'] button")
    assert "Run image-deploy with image_tag v5.87.1-2" in ana.text()
    pictures(ana, "workflow-preview")
    change = ana.propose("The image before, while the new one is looked into")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Caretaker waits to see it done.")
    ana.reload_until("/workflows", "CR-")
    ana.press(RUN_OF_A_CHANGE)
    run = ana.path
    ana.wait_for("It waits for a machine of GitHub's.")
    github.advance(150)
    ana.wait_for("It runs: deploy, step")
    assert "Asked for by CR-" in ana.text()
    pictures(ana, "run-running")
    github.advance(150)
    ana.wait_for("It succeeded after")
    assert "Log of deploy, newest lines" in ana.text()
    assert "A green run is not a deployed service" in ana.text() or "Its image" in ana.text()
    ana.open(change)
    ana.wait_for("Done, and seen to be done.")
    ana.reload_until("/workflows?workflow=image-deploy.yml&result=success", "CR-")
    assert [call["status"] for call in github.get("calls") if call["method"] == "POST"] == [200]
    cloud.advance(3_600)
    ana.reload_until(run, "Its image v5.87.1-2 runs in every task")
    pictures(ana, "run-green")
    assert ana.errors() == []


def test_a_run_that_fails_says_where_and_is_run_again(ana, ben, github):
    github.post("fail", {"step": "Upload"})
    ana.open("/workflows/new?workflow=theme-deploy.yml")
    ana.press("form[action='/changes/preview'] button")
    assert "It is easily put back, so it needs no approval." in ana.text()
    change = ana.propose("The footer")
    ana.run(change)
    ana.wait_for("Caretaker waits to see it done.")
    github.advance(60)
    ana.wait_for("The job deploy ended at the step “Upload”.")
    github.post("fail", {"step": None})
    ana.reload_until("/workflows?workflow=theme-deploy.yml&result=failure", "CR-")
    ana.press(RUN_OF_A_CHANGE)
    assert "deploy, step “Upload”" in ana.text()
    pictures(ana, "run-failed")
    ana.press("a[href*='jobs=failed']")
    assert "with the rights that example-bot has on GitHub" in ana.text()
    ana.run(ana.propose("The network was away"))
    ana.wait_for("Caretaker waits to see it done.")
    github.advance(60)
    ana.wait_for("Done, and seen to be done.")


def test_a_plan_leaves_its_difference_as_a_file_that_is_never_opened(ana, ben, github):
    ana.open("/workflows/new?workflow=infra-deploy.yml")
    assert ana.find("#input_mode option:checked").text == "plan"
    ana.press("form[action='/changes/preview'] button")
    change = ana.propose("What would seven days of backups be")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Caretaker waits to see it done.")
    github.advance(150)
    ana.wait_for("Done, and seen to be done.")
    ana.reload_until("/workflows?workflow=infra-deploy.yml", "CR-")
    ana.press(RUN_OF_A_CHANGE)
    link = ana.find("a[href*='/artifacts/']").get_attribute("href")
    request = urllib.request.Request(
        link, headers={"Cookie": f"caretaker={ana.driver.get_cookie('caretaker')['value']}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.read(2) == b"PK"
    assert github.get("leaks") == []
    pictures(ana, "run-plan")


def test_a_token_that_ends_soon_is_said_on_the_page(ana, github):
    github.post("token", {"expires_in_days": 5})
    ana.reload_until("/workflows", "Make a new one.")
    github.post("token", {"expires_in_days": 60})
