"""What stands between a plan and its run, page by page, and the words of each refusal."""

import datetime
import time

import pytest
from browser import pictures


@pytest.fixture(autouse=True)
def fresh(cloud):
    """Every test finds the account as it was."""
    cloud.post("reset")


def previews_count(window, count):
    window.reload_until("/scaling", "Preview the number of tasks")
    window.find(f"#count option[value='{count}']").click()
    window.press("form:has(#count) button")


def proposes_count(window, count, reason="Sunday's newsletter"):
    previews_count(window, count)
    return window.propose(reason)


def says(window, *texts):
    """Waits, since what has just happened fades in."""
    for text in texts:
        window.wait_for(text, within_s=5)


def in_utc(minutes):
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M")


def types_time(window, selector, text):
    window.driver.execute_script(
        "document.querySelector(arguments[0]).value = arguments[1]", selector, text
    )


def ends(window, change):
    """Takes a change back, so that the next test finds nothing waiting."""
    window.open(change)
    window.press("form[action$='/withdrawal'] button")


def test_an_edit_makes_a_new_revision_and_voids_every_vote(ana, ben, cleo):
    change = proposes_count(ana, 2)
    ben.approve(change)
    says(ben, "Approved.")
    cleo.open(change)
    cleo.press("a[href*='revises=']")
    says(cleo, "Every vote on it so far will be void")
    cleo.find("#count option[value='3']").click()
    cleo.press("form:has(#count) button")
    says(cleo, "It would edit CR-", "Ben Approver can approve it")
    pictures(cleo, "revision-preview")
    cleo.find("#reason").clear()
    cleo.find("#reason").send_keys("Two are not enough")
    cleo.press("form[action='/changes'] button")
    assert cleo.path == change
    says(cleo, "Edited. Every vote so far is void", "Revision 2", "3 tasks")
    says(cleo, "You wrote this plan, so somebody else has to decide about it.")
    pictures(cleo, "revision")
    status, page = cleo.forge(
        change + "/approval",
        digest=cleo.find("code[title]").get_attribute("title"),
        password=cleo.portal.passwords["cleo"],
    )
    assert status == 409 and "You wrote this plan" in page
    ben.open(change)
    says(ben, "It needs one approval.", "Approve CR-")
    status, page = ana.forge(change + "/execution", password=ana.password)
    assert status == 409 and "Waiting for approval" in page
    ends(ana, change)


def test_an_approval_can_be_taken_back_and_given_again(ana, ben):
    change = proposes_count(ana, 2)
    ben.approve(change)
    ben.press("form[action$='/vote-withdrawal'] button")
    says(ben, "Your approval is taken back.", "It needs one approval.")
    status, page = ana.forge(change + "/execution", password=ana.password)
    assert status == 409 and "Waiting for approval" in page
    ben.approve(change)
    says(ben, "Approved.")
    ends(ana, change)


def test_an_approver_stops_a_change_for_good_and_says_why(ana, ben):
    change = proposes_count(ana, 2)
    ben.approve(change)
    ben.find("details:has(#stop-note) summary").click()
    ben.press("form[action$='/revocation'] button")
    says(ben, "Say why you reject it")
    ben.find("#stop-note").send_keys("The database is being moved")
    ben.press("form[action$='/revocation'] button")
    says(ben, "Stopped. It can't be run any more.", "“The database is being moved”")
    pictures(ben, "stopped")
    status, page = ana.forge(change + "/execution", password=ana.password)
    assert status == 409 and "“Stopped”" in page


def test_what_is_easily_put_back_needs_one_person(cloud, ana, ben):
    up = proposes_count(ana, 2)
    ben.approve(up)
    ana.run(up)
    ana.wait_for("Done, and seen to be done.")
    ana.find("form[action$='/inverse'] button")
    ana.press("form[action$='/inverse'] button")
    says(ana, "Scale Ghost from 2 tasks to 1 task", "it needs no approval")
    pictures(ana, "way-back")
    down = ana.propose("The newsletter is out")
    says(ana, "Ready. It needs no approval", "It needs no approval: somebody has to run it.")
    ana.run(down)
    ana.wait_for("Done, and seen to be done.")
    assert len(cloud.calls("UpdateService")) == 2
    ana.open("/changes")
    assert not ana.find_all("form[action^='/drafts/']")


def test_the_clock_runs_a_change_at_the_time_that_was_approved(cloud, ana, ben):
    previews_count(ana, 2)
    ana.find("details:has(#run_at) summary").click()
    types_time(ana, "#run_at", "2020-01-01T10:00")
    ana.press("form:has(#run_at) button")
    says(ana, "is past. Choose a later time.")
    previews_count(ana, 2)
    ana.find("details:has(#run_at) summary").click()
    types_time(ana, "#run_at", in_utc(minutes=1 if time.gmtime().tm_sec < 20 else 2))
    ana.press("form:has(#run_at) button")
    says(ana, "It runs by the clock on")
    pictures(ana, "scheduled-preview")
    change = ana.propose("At night")
    ben.approve(change)
    status, page = ana.forge(change + "/execution", password=ana.password)
    assert status == 409 and "It can be run from" in page
    ana.open(change)
    says(ana, "The clock runs it on")
    pictures(ana, "scheduled")
    assert cloud.calls("UpdateService") == []
    deadline = time.monotonic() + 150
    while not cloud.calls("UpdateService") and time.monotonic() < deadline:
        time.sleep(1)
    ana.reload_until(change, "Done, and seen to be done.")
    says(ana, "Caretaker ran CR-")
    assert len(cloud.calls("UpdateService")) == 1


def types_freeze(window):
    """Into the form, which is open where it was refused before."""
    if not window.find("details:has(#freeze-reason)").get_attribute("open"):
        window.find("details:has(#freeze-reason) summary").click()
    types_time(window, "#from", in_utc(minutes=-5))
    types_time(window, "#to", in_utc(minutes=600))
    window.find("#freeze-reason").send_keys("Election night")
    window.press("form[action='/freezes'] button")
    says(window, "The freeze is set.", "“Election night”")


def lifts_freeze(window, other):
    window.open("/safety")
    window.press("#freezes form[action='/changes/preview'] button")
    says(window, "Lift freeze F-")
    lift = window.propose("The results are out early")
    other.approve(lift)
    window.run(lift)
    window.wait_for("Done, and seen to be done.")


def test_a_freeze_is_set_by_one_and_lifted_by_two(cloud, ana, ben):
    change = proposes_count(ana, 2)
    ben.approve(change)
    ben.open("/safety")
    ben.find("details:has(#freeze-reason) summary").click()
    ben.press("form[action='/freezes'] button")
    says(ben, "Write when the freeze begins")
    types_freeze(ben)
    pictures(ben, "safety-frozen")
    ana.open(change)
    says(ana, "Frozen until", "“Election night”")
    pictures(ana, "frozen")
    ana.press_run()
    says(ana, "There is a freeze until", "Nothing was changed")
    assert cloud.calls("UpdateService") == []
    lifts_freeze(ana, ben)
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")


def test_going_on_with_an_unknown_run_is_decided_like_a_run_and_settled_by_a_third(
    cloud, ana, ben, cleo
):
    change = proposes_count(ana, 2)
    ben.approve(change)
    cloud.post(
        "faults", [{"service": "ecs", "operation": "UpdateService", "times": 2, "drop": "before"}]
    )
    ana.run(change)
    ana.wait_for("Nobody knows yet what became of it.")
    ben.open("/safety")
    types_freeze(ben)
    ben.open(change)
    says(ben, "Frozen until", "Who goes on with it can't say what became of it.")
    pictures(ben, "unknown-frozen")
    ben.press_resume()
    says(ben, "There is a freeze until", "Nothing was changed")
    assert len(cloud.calls("UpdateService")) == 1
    lifts_freeze(ana, ben)
    ben.open(change)
    ben.press_resume()
    ben.reload_until(change, "Nobody knows yet what became of it.")
    assert len(cloud.calls("UpdateService")) == 2
    for window in (ana, ben):
        window.open(change)
        says(window, "somebody other than those who ran it says what happened")
        assert not window.find_all("form[action$='/finding']")
        status, page = window.forge(change + "/finding", found="done", note="I am sure")
        assert status == 409
        assert "You ran this change, so somebody else has to say what became of it." in page
    cleo.open(change)
    cleo.find("input[name='found'][value='not-done']").click()
    cleo.find("#note").send_keys("CloudTrail shows no call")
    cleo.press("form[action$='/finding'] button")
    says(cleo, "It failed. Nothing was changed.", "Preview it again")


def test_a_price_that_rose_since_the_approval_is_voted_on_anew(cloud, ana, ben):
    change = proposes_count(ana, 2)
    ben.approve(change)
    cloud.post("prices", {"times": 3})
    ana.open(change)
    ana.press_run()
    says(ana, "A month was to cost $18.02 and would cost $54.06 now.", "Nothing was changed")
    assert cloud.calls("UpdateService") == []
    ben.open(change)
    says(ben, "Revision 2.", "$27.03 → $54.06 a month", "every vote is void")
    pictures(ben, "repriced")
    ben.approve(change)
    cloud.post("prices", {"times": 1})  # Cheaper is no reason to ask again.
    ana.run(change)
    ana.wait_for("Done, and seen to be done.")
    assert len(cloud.calls("UpdateService")) == 1


def test_in_an_emergency_one_person_brings_the_blog_back_in_the_sight_of_all(cloud, ana, ben):
    down = proposes_count(ana, 0)
    ben.approve(down)
    ana.run(down)
    ana.wait_for("Done, and seen to be done.")
    up = proposes_count(ana, 1, "The blog is down")
    status, page = ana.forge(up + "/execution", password=ana.password)
    assert status == 409 and "Waiting for approval" in page
    ana.open("/safety")
    ana.find("details:has(#emergency-reason) summary").click()
    ana.find("#emergency-reason").send_keys("The blog is down and Ben sleeps")
    ana.find("#password").send_keys("wrong")
    ana.press("form[action='/emergencies'] button")
    says(ana, "The password is not right")
    # What was typed is still there, but for the password.
    said = ana.find("#emergency-reason").get_attribute("value")
    assert said == "The blog is down and Ben sleeps"
    ana.find("#password").send_keys(ana.portal.passwords["ana"])
    ana.press("form[action='/emergencies'] button")
    says(ana, "The emergency is declared.")
    pictures(ana, "safety-emergency")
    ben.open("/resources")
    assert "Ana Requester runs changes without an approval until" in ben.text(".banners")
    ana.open(up)
    says(ana, "It has no approval. In emergency E-")
    pictures(ana, "emergency-run")
    ana.press_run()
    ana.wait_for("Done, and seen to be done.")
    says(ana, "in emergency E-1, without an approval")
    ana.open("/safety")
    assert not ana.find_all("form[action^='/emergencies/']")
    assert ana.forge("/emergencies/1/review", note="I was right")[0] in (403, 409, 422)
    ben.open("/safety")
    ben.find("textarea[id^='note-']").send_keys("It was down, and it was the right thing")
    ben.press("form[action='/emergencies/1/review'] button")
    says(ben, "Your review is recorded.")


def test_an_emergency_runs_nothing_but_what_restores_the_service(ana):
    change = proposes_count(ana, 3, "More is more")
    ana.open(change)
    assert not ana.find_all("form[action$='/execution']")
    status, page = ana.forge(change + "/execution", password=ana.password)
    assert status == 409 and "Waiting for approval" in page
    ends(ana, change)


def test_another_role_takes_two_and_does_not_help_who_asked_for_it(ana, ben, cleo):
    ana.open("/safety")
    ana.find("#team tr:has(input[value='1']) option[value='approver']").click()
    ana.press("#team tr:has(input[value='1']) button")
    says(ana, "instead of operator", "Person 1 is Ana Requester.")
    says(ana, "From then on they may approve changes, review the audit log.")
    role = ana.propose("Ben is on holiday")
    pictures(ana, "role")
    ben.approve(role)
    ana.run(role)
    ben.open(role)
    ben.wait_for("Done, and seen to be done.")
    ana.sign_in("ana")  # another role ends the sessions of before
    change = proposes_count(cleo, 2)
    ana.open(change)
    says(ana, "Approve CR-")
    ends(cleo, change)
    cleo.open("/safety")
    says(cleo, "Every change finds an approver")
    pictures(cleo, "safety")


def types(window, selector, text):
    field = window.find(selector)
    field.clear()
    field.send_keys(text)


def test_a_policy_out_of_bounds_is_not_planned_and_another_takes_two(cleo, ben):
    cleo.open("/safety")
    cleo.find("details:has(#guarded_approvals) summary").click()
    types(cleo, "#guarded_approvals", "0")
    cleo.press("form:has(#guarded_approvals) button")
    says(cleo, "“Approvals for a guarded change” must be from 1 to 5.")
    types(cleo, "#guarded_approvals", "1")
    types(cleo, "#run_within_ms", "6")
    cleo.press("form:has(#run_within_ms) button")
    says(cleo, "Change the policy: Time to run", "4 hours", "6 hours")
    pictures(cleo, "policy")
    change = cleo.propose("Reviews come late")
    ben.approve(change)
    cleo.run(change)
    cleo.wait_for("Done, and seen to be done.")
    cleo.open("/safety")
    says(cleo, "6 hours")


def gives_up_by_itself(cloud):
    """Turns the service's circuit breaker on, so that a deployment can fail at all."""
    ecs = cloud.client("ecs")
    cluster = ecs.list_clusters()["clusterArns"][0]
    ecs.update_service(
        cluster=cluster,
        service=ecs.list_services(cluster=cluster)["serviceArns"][0],
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": False}},
    )


def test_a_failed_change_leaves_something_to_do_and_the_way_back(cloud, ana, ben):
    ana.preview_size("512-1024")
    change = ana.propose("Large images fail")
    ben.approve(change)
    gives_up_by_itself(cloud)
    cloud.post("deployments", {"fail": True})
    ana.run(change)
    ana.wait_for("It failed after something was changed.", within_s=90)
    says(ana, "Left to do", "Look at CR-")
    pictures(ana, "failed")
    ana.open("/changes")
    says(ana, "Put back: Give Ghost's task")
    pictures(ana, "changes-left-to-do")
    ana.press("form[action^='/todos/'] button")
    says(ana, "Done. It is off the list.")
    ana.press("form[action^='/drafts/'] button")
    says(ana, "The draft is dropped.")


def previews_deletion(window):
    window.open("/resources/database")
    window.press("a[href$='rds.delete']")
    window.press("form:has(input[value='rds.delete']) button")


def test_what_cannot_be_put_back_needs_two_others_its_name_and_a_fresh_backup(
    cloud, ana, ben, cleo
):
    previews_deletion(ana)
    says(ana, "2 of Ben Approver or Cleo Administrator have to approve it")
    says(ana, "so the clock can’t.")
    assert not ana.find_all("#run_at")
    pictures(ana, "deletion-preview")
    change = ana.propose("The blog moves to another account")
    says(ana, "It needs 2 approvals.", "Can't be put back")
    ben.approve(change)
    says(ben, "Ben Approver approved it; 1 of 2 needed.")
    status, page = ana.forge(change + "/execution", password=ana.password, typed="ghost-db")
    assert status == 409 and "Waiting for approval" in page
    cleo.approve(change, password=cleo.portal.passwords["cleo"])
    ana.open(change)
    pictures(ana, "deletion-approved")
    name = ana.find("label[for='typed'] b").text
    ana.press_run()
    says(ana, f"Type “{name}” exactly", "Nothing was changed")
    cloud.post("drift", {"rds_restorable_ago_s": 7200})
    ana.find("#typed").send_keys(name)
    ana.press_run()
    says(ana, "too old. Make one first. Nothing was changed.")
    assert cloud.calls("DeleteDBInstance") == []
    cloud.post("drift", {"rds_restorable_ago_s": 60})
    ana.open(change)
    ana.find("#typed").send_keys(name)
    ana.press_run()
    ana.wait_for("Done, and seen to be done.")
    assert len(cloud.calls("DeleteDBInstance")) == 1


def test_in_a_team_of_two_it_rests_for_a_day_in_which_anybody_stops_it(cloud, portal, ana, ben):
    # Somebody is left to look after people: Ben, by another account.
    portal.add_person("benny", "Benny Administrator", "administrator")
    for login in ("ben", "benny"):
        portal.link(login, "github:ben")
    portal.disable("cleo")
    previews_deletion(ana)
    says(ana, "Then it rests for 1 day, in which anybody can stop it.")
    change = ana.propose("The blog moves to another account")
    ben.approve(change)
    ana.open(change)
    says(ana, "It can't be run before")
    pictures(ana, "resting")
    ana.find("#typed").send_keys(ana.find("label[for='typed'] b").text)
    ana.press_run()
    says(ana, "It can be run from", "Nothing was changed.")
    assert cloud.calls("DeleteDBInstance") == []
    ben.open(change)
    ben.find("details:has(#stop-note) summary").click()
    ben.find("#stop-note").send_keys("Not this week")
    ben.press("form[action$='/revocation'] button")
    says(ben, "Stopped. It can't be run any more.")
