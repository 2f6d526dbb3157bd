"""The images: which one runs, the way back in two clicks and an approval, and a rollout that is
stopped half-way."""

import portal as portal_process
import pytest
from browser import is_sound, opens_soundly


@pytest.fixture(scope="module")
def portal(cloud, blog, github, tmp_path_factory):
    folder = tmp_path_factory.mktemp("portal")
    with portal_process.running(folder, cloud.url, blog=blog, github=github) as started:
        yield started


@pytest.fixture(autouse=True)
def read(ana, blog):
    """Every test finds the images read, and a theme that is in every image."""
    blog.post("settings", {"active_theme": "casper"})
    ana.reload_until("/images", "runs, from")


def row(window, tag):
    """The row of an image."""
    return next(r for r in window.find_all("tbody tr") if r.text.startswith(tag))


def test_the_page_tells_what_runs_where_it_comes_from_and_what_is_ready(ana):
    ana.reload_until("/images", "Image: Ghost 5.82.2")
    assert "Ghost 5.87.1 runs, from v5.87.1-3." in ana.text(".page")
    assert "Image: install curl for the health check, by Ana Requester" in ana.text(".summary")
    assert "Pinned outside CDK." not in ana.text()
    assert "Ready" in row(ana, "v5.87.1-2").text
    old = row(ana, "v5.82.2-1").text
    assert "At risk" in old and "does not start on a newer one" in old
    assert "Roll back to this" not in row(ana, "v5.87.1-3").text
    opens_soundly(ana, "/images", "images")


def test_what_is_archived_is_red_and_has_no_way_back(cloud, ana):
    cloud.post("images", {"archive": "v5.80.0-1"})
    ana.reload_until("/images", "It is archived. Restore it in ECR first")
    line = row(ana, "v5.80.0-1").text
    assert "Not now" in line and "Roll back to this" not in line


def test_the_way_back_is_two_clicks_and_an_approval(cloud, ana, ben):
    ana.open("/images")
    ana.follow(row(ana, "v5.87.1-2").find_element("css selector", "td:last-child a"))
    assert "Nothing is changed by previewing." in ana.text()
    assert "v5.87.1-2" in ana.find("#digest option:checked").text
    assert "names the image by its digest" in ana.find("#method option:checked").text
    is_sound(ana)
    ana.screenshot("images-form")
    ana.press("form[action='/changes/preview'] button")
    text = ana.text()
    assert "Roll back to v5.87.1-2" in text
    assert "containerDefinitions.ghost.image" in text
    is_sound(ana)
    ana.screenshot("images-preview")
    change = ana.propose("The new one breaks the editor")
    ben.approve(change)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.", within_s=90)
    is_sound(ana)
    [call] = cloud.calls("RegisterTaskDefinition")
    assert "@sha256:" in call["parameters"]["containerDefinitions"][0]["image"]
    ana.reload_until("/images", "Ghost 5.87.1 runs, from v5.87.1-2.")
    ana.reload_until("/images", "Pinned outside CDK.")
    opens_soundly(ana, "/images", "images-pinned")
    assert cloud.get("violations") == []


def test_a_rollout_that_hangs_is_stopped_from_the_page(cloud, ana, ben):
    cloud.post("deployments", {"pending_s": 1_000_000})
    ana.open("/changes/preview?kind=ecs.redeploy")
    first = ana.propose("Ghost hangs")
    ben.approve(first)
    ana.run(first)
    ana.wait_for("Checking the outcome")
    ana.reload_until("/images", "Stop and roll back")
    opens_soundly(ana, "/images", "images-rollout")
    ana.open("/images")
    ana.press("#rollout a.button")
    stop = ana.propose("It does not begin")
    cloud.post("deployments", {"pending_s": 0})
    ben.approve(stop)
    ana.run(stop)
    ana.wait_for("Done, and seen to be done.", within_s=90)
    ana.open(first)
    ana.wait_for("rollout is ROLLBACK_SUCCESSFUL", within_s=60)
    ana.reload_until("/images", "Rolled back")
