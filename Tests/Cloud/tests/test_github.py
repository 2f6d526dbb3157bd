"""The demo's GitHub: its workflows and runs, the repository, and every way it can refuse."""

import base64
import datetime
import io
import json
import urllib.error
import urllib.request
import zipfile

import pytest
import yaml
from github import process
from github.history import WORKFLOWS
from github.names import TOKEN

TIMEOUT_S = 30
REPOSITORY = "/repos/example/ghost-blog"
NEW, OLD = "2026-03-10", "2022-11-28"
INFRA = f"{REPOSITORY}/actions/workflows/infra-deploy.yml"


@pytest.fixture(scope="module")
def started():
    with process.running() as github:
        yield github


@pytest.fixture
def github(started):
    started.post("reset")
    return started


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


def call(github, method, path, body=None, version=NEW, headers=None, token=TOKEN):
    """Status, answer and headers."""
    fields = {"User-Agent": "tests", "Accept": "application/vnd.github+json"} | (headers or {})
    fields |= {"X-GitHub-Api-Version": version} if version else {}
    fields |= {"Authorization": f"Bearer {token}"} if token else {}
    url = path if path.startswith("http") else github.url + path
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, fields, method=method)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=TIMEOUT_S) as answer:
            return answer.status, _read(answer), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, _read(refusal), refusal.headers


def _read(answer):
    raw = answer.read()
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return json.loads(raw) if is_json and raw else raw


def dispatch(github, file="infra-deploy.yml", ref="main", version=NEW, extra=None, **inputs):
    path = f"{REPOSITORY}/actions/workflows/{file}/dispatches"
    body = {"ref": ref, "inputs": inputs} | (extra or {})
    return call(github, "POST", path, body, version)


def run_of(github, number) -> dict:
    return call(github, "GET", f"{REPOSITORY}/actions/runs/{number}")[1]


def began(github, **inputs) -> int:
    return dispatch(github, **{"mode": "plan"} | inputs)[1]["workflow_run_id"]


def redirected(github, path) -> str:
    status, _, headers = call(github, "GET", path)
    assert status == 302
    return headers["Location"]


def test_the_workflows_are_the_documented_examples(github):
    listed = call(github, "GET", f"{REPOSITORY}/actions/workflows")[1]
    assert [(w["name"], w["state"]) for w in listed["workflows"]] == [
        ("infra-deploy", "active"),
        ("image-deploy", "active"),
        ("theme-deploy", "active"),
    ]
    for workflow in listed["workflows"]:
        row = call(github, "GET", f"{REPOSITORY}/contents/{workflow['path']}?ref=main")[1]
        document = yaml.safe_load(base64.b64decode(row["content"]))
        inputs = document[True]["workflow_dispatch"]["inputs"]
        assert {"change_id", "requested_by"} <= inputs.keys()
        assert "inputs.change_id" in document["run-name"]
        assert (WORKFLOWS / row["name"]).read_bytes() == base64.b64decode(row["content"])


def test_a_dispatch_answers_with_the_run_in_the_new_version(github):
    status, body, _ = dispatch(github, mode="plan", change_id="CR-12", requested_by="ana")
    assert status == 200
    run = run_of(github, body["workflow_run_id"])
    assert (run["display_title"], run["status"]) == ("infra-deploy plan CR-12", "queued")
    assert (run["event"], run["actor"]["login"]) == ("workflow_dispatch", "example-bot")


def test_a_dispatch_says_nothing_in_the_old_version_unless_asked(github):
    assert dispatch(github, mode="plan", version=OLD)[:2] == (204, b"")
    asked = {"return_run_details": True}
    status, body, _ = dispatch(github, mode="plan", version=OLD, extra=asked)
    assert (status, body.keys()) == (200, {"workflow_run_id", "run_url", "html_url"})
    assert dispatch(github, mode="plan", version=None)[0] == 204
    assert dispatch(github, mode="plan", extra=asked)[0] == 422
    github.post("api", {"run_details": False})
    assert dispatch(github, mode="plan", version=OLD, extra=asked)[0] == 204


def test_a_dispatch_takes_a_branch_and_never_a_commit(github):
    sha = call(github, "GET", f"{REPOSITORY}/commits/main")[1]["sha"]
    status, body, _ = dispatch(github, ref=sha, mode="plan")
    assert (status, body["message"]) == (422, f"No ref found for: {sha}")


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"mode": "plan", "colour": "blue"}, "Unexpected inputs provided"),
        ({"mode": "destroy"}, "not in the list of allowed values"),
        ({"mode": ""}, "Required input 'mode' not provided"),
        ({f"i{number}": "1" for number in range(26)}, "No more than 25 inputs"),
    ],
)
def test_inputs_the_workflow_does_not_know_are_refused(github, inputs, words):
    status, body, _ = dispatch(github, **inputs)
    assert status == 422
    assert words in body["message"]


def test_a_workflow_without_the_trigger_or_turned_off_is_not_dispatched(github):
    bare = "name: theme-deploy\non: push\njobs: {a: {steps: [{run: ls}]}}\n"
    path = ".github/workflows/theme-deploy.yml"
    github.post("commit", {"message": "CI: by push only", "files": {path: bare}})
    assert "trigger" in dispatch(github, "theme-deploy.yml")[1]["message"]
    github.post("workflow", {"file": "infra-deploy.yml", "state": "disabled_manually"})
    assert "disabled" in dispatch(github, mode="plan")[1]["message"]


def test_a_run_waits_goes_on_and_ends(github):
    number = began(github)
    github.advance(10)
    assert run_of(github, number)["status"] == "in_progress"
    jobs = call(github, "GET", f"{REPOSITORY}/actions/runs/{number}/jobs")[1]["jobs"]
    plan, apply = jobs
    assert (apply["name"], apply["conclusion"]) == ("apply", "skipped")
    assert plan["steps"][0]["name"] == "Set up job"
    assert call(github, "GET", f"{REPOSITORY}/actions/jobs/{plan['id']}/logs")[0] == 404
    github.advance(200)
    run = run_of(github, number)
    assert (run["status"], run["conclusion"]) == ("completed", "success")
    plan = call(github, "GET", f"{REPOSITORY}/actions/jobs/{plan['id']}")[1]
    assert {step["conclusion"] for step in plan["steps"]} == {"success"}
    assert "Write the difference" in [step["name"] for step in plan["steps"]]


def test_a_run_that_fails_shows_at_which_step(github):
    github.post("fail", {"step": "Install"})
    number = began(github)
    github.advance(300)
    assert run_of(github, number)["conclusion"] == "failure"
    plan = call(github, "GET", f"{REPOSITORY}/actions/runs/{number}/jobs")[1]["jobs"][0]
    failed = [step["name"] for step in plan["steps"] if step["conclusion"] == "failure"]
    assert failed == ["Install"]
    assert plan["steps"][-1]["conclusion"] in ("skipped", "cancelled")

    github.post("fail", {"step": None})
    again = f"{REPOSITORY}/actions/runs/{number}/rerun-failed-jobs"
    assert call(github, "POST", again)[:2] == (201, {})
    github.advance(300)
    run = run_of(github, number)
    assert (run["run_attempt"], run["conclusion"]) == (2, "success")
    assert call(github, "POST", again)[0] == 403
    every = f"{REPOSITORY}/actions/runs/{number}/jobs?filter=all"
    assert {job["run_attempt"] for job in call(github, "GET", every)[1]["jobs"]} == {1, 2}


def test_a_run_is_cancelled_once(github):
    number = began(github)
    cancel = f"{REPOSITORY}/actions/runs/{number}/cancel"
    assert call(github, "POST", cancel)[0] == 202
    github.advance(10)
    assert run_of(github, number)["conclusion"] == "cancelled"
    assert call(github, "POST", cancel)[0] == 409


def test_a_run_older_than_a_month_is_not_begun_again(github):
    old = github.post("runs", {"file": "image-deploy.yml", "age_s": 31 * 86_400})["run"]
    status, body, _ = call(github, "POST", f"{REPOSITORY}/actions/runs/{old}/rerun")
    assert (status, "over a month ago" in body["message"]) == (403, True)


def test_runs_are_filtered_and_come_in_pages(github):
    for _ in range(3):
        began(github)
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    path = f"{INFRA}/runs?event=workflow_dispatch&created=%3E%3D{day}&per_page=2"
    status, body, headers = call(github, "GET", path)
    assert (body["total_count"], len(body["workflow_runs"])) == (3, 2)
    following = headers["Link"].split(">")[0].lstrip("<")
    assert len(call(github, "GET", following)[1]["workflow_runs"]) == 1
    queued = call(github, "GET", f"{REPOSITORY}/actions/runs?status=queued")[1]
    assert queued["total_count"] == 3
    failed = call(github, "GET", f"{REPOSITORY}/actions/runs?status=failure")[1]
    assert [run["name"] for run in failed["workflow_runs"]] == ["theme-deploy"]


def test_the_repository_at_a_commit(github):
    theme = call(github, "GET", f"{REPOSITORY}/commits?path=theme/")[1]
    newest, older, *_ = (commit["sha"] for commit in theme)
    package = call(github, "GET", f"{REPOSITORY}/contents/theme/package.json?ref={older}")[1]
    assert json.loads(base64.b64decode(package["content"]))["version"] == "1.3.0"
    folder = call(github, "GET", f"{REPOSITORY}/contents/theme?ref={newest}")[1]
    assert {"index.hbs", "assets"} <= {entry["name"] for entry in folder}
    compared = call(github, "GET", f"{REPOSITORY}/compare/{older}...{newest}")[1]
    assert (compared["status"], compared["ahead_by"]) == ("ahead", len(compared["commits"]))
    changed = {file["filename"]: file for file in compared["files"]}
    assert '+  "version": "1.4.0",' in changed["theme/package.json"]["patch"]
    assert call(github, "GET", f"{REPOSITORY}/compare/{newest}...{older}")[1]["behind_by"] > 0
    as_sha = {"Accept": "application/vnd.github.sha"}
    head = call(github, "GET", f"{REPOSITORY}/commits/main", headers=as_sha)
    assert head[2]["ETag"] == f'"{head[1].decode()}"'
    assert call(github, "GET", f"{REPOSITORY}/contents/nothing")[0] == 404


def test_an_archive_is_on_another_host_which_wants_no_token(github):
    sha = call(github, "GET", f"{REPOSITORY}/commits/main")[1]["sha"]
    there = redirected(github, f"{REPOSITORY}/zipball/{sha}")
    assert not there.startswith(github.url)
    assert call(github, "GET", there)[0] == 400
    assert len(github.get("leaks")) == 1
    status, content, _ = call(github, "GET", there, token=None)
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert f"example-ghost-blog-{sha}/theme/index.hbs" in archive.namelist()
    github.post("links")
    assert call(github, "GET", there, token=None)[0] == 404


def test_logs_are_text_until_they_expire(github):
    run = call(github, "GET", f"{REPOSITORY}/actions/runs?status=success")[1]["workflow_runs"][0]
    jobs = call(github, "GET", f"{REPOSITORY}/actions/runs/{run['id']}/jobs")[1]["jobs"]
    log = f"{REPOSITORY}/actions/jobs/{jobs[0]['id']}/logs"
    text = call(github, "GET", redirected(github, log), token=None)[1].decode()
    assert "##[group]Check out" in text
    whole = redirected(github, f"{REPOSITORY}/actions/runs/{run['id']}/logs")
    with zipfile.ZipFile(io.BytesIO(call(github, "GET", whole, token=None)[1])) as archive:
        assert archive.namelist() == ["deploy.txt"]
    github.post("logs", {"run": run["id"]})
    assert call(github, "GET", log)[0] == 410


def test_what_has_not_changed_costs_nothing(github):
    path = f"{INFRA}/runs"
    status, _, first = call(github, "GET", path)
    left = first["x-ratelimit-remaining"]
    known = {"If-None-Match": first["ETag"]}
    status, body, second = call(github, "GET", path, headers=known)
    assert (status, body, second["x-ratelimit-remaining"]) == (304, b"", left)
    began(github)
    assert call(github, "GET", path, headers=known)[0] == 200


def test_limits_are_told_and_kept(github):
    github.post("limits", {"remaining": 1, "reset_in_s": 600})
    assert call(github, "GET", REPOSITORY)[2]["x-ratelimit-remaining"] == "0"
    status, body, headers = call(github, "GET", REPOSITORY)
    assert (status, headers["x-ratelimit-remaining"]) == (403, "0")
    assert "API rate limit exceeded" in body["message"]
    assert call(github, "GET", "/rate_limit")[1]["rate"]["remaining"] == 0
    for wanted in (403, 429):
        github.post("reset")
        strike = {"status": wanted, "retry_after_s": 30}
        github.post("limits", {"secondary": strike})
        status, body, headers = call(github, "GET", REPOSITORY)
        assert (status, headers["retry-after"]) == (wanted, "30")
        assert "secondary rate limit" in body["message"]
        assert call(github, "GET", REPOSITORY)[0] == 200


def test_a_token_may_do_what_it_was_given(github):
    assert call(github, "GET", REPOSITORY, token="wrong")[0] == 401
    assert call(github, "GET", REPOSITORY, token=None)[0] == 404
    github.post("token", {"permissions": {"actions": "read"}, "expires_in_days": 10})
    status, body, headers = dispatch(github, mode="plan")
    assert (status, headers["X-Accepted-GitHub-Permissions"]) == (403, "actions=write")
    assert body["message"] == "Resource not accessible by personal access token"
    until = headers["github-authentication-token-expiration"].removesuffix(" UTC")
    left = datetime.datetime.fromisoformat(until) - datetime.datetime.now(datetime.UTC).replace(
        tzinfo=None
    )
    assert left.days in (9, 10)
    github.post("token", {"sees_repository": False})
    assert call(github, "GET", REPOSITORY)[0] == 404
    github.post("token", {"expires_in_days": -1})
    assert call(github, "GET", REPOSITORY)[0] == 401


def test_a_request_must_say_who_asks_and_which_version_it_means(github):
    assert call(github, "GET", REPOSITORY, headers={"User-Agent": ""})[0] == 403
    assert call(github, "GET", "/versions")[1] == [OLD, NEW]
    github.post("api", {"versions": [OLD]})
    assert call(github, "GET", REPOSITORY, version=NEW)[0] == 400
    assert call(github, "GET", REPOSITORY, version=OLD)[0] == 200


def test_a_lost_answer_may_have_begun_a_run(github):
    github.post("faults", [{"path": "dispatches", "drop": "after"}])
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        dispatch(github, mode="plan", change_id="CR-7")
    runs = call(github, "GET", f"{INFRA}/runs?event=workflow_dispatch")[1]["workflow_runs"]
    assert [run["display_title"] for run in runs if "CR-7" in run["display_title"]]
    github.post("faults", [{"path": "dispatches", "drop": "before"}])
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        dispatch(github, mode="plan", change_id="CR-8")
    runs = call(github, "GET", f"{INFRA}/runs")[1]["workflow_runs"]
    assert not [run for run in runs if "CR-8" in run["display_title"]]


def test_a_push_to_the_theme_begins_its_run(github):
    made = github.post("commit", {"message": "Theme: blue", "files": {"theme/blue.css": "a {}"}})
    runs = call(github, "GET", f"{REPOSITORY}/actions/runs?event=push")[1]["workflow_runs"]
    assert (runs[0]["name"], runs[0]["head_sha"]) == ("theme-deploy", made["sha"])
