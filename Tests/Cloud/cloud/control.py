"""The control API under /_cloud/: what a test or a demo may do to the cloud.

POST reset    a fresh seeded account
POST forget   the calls made so far
POST faults   [{"service", "operation", "skip", "times", "code", "status", "latency_ms", "drop", "kill",
              "body"}]
POST clock    {"scale": 60} and {"advance_s": 300}
POST pages    {"ecs.ListTaskDefinitions": 2}
POST metrics  {"points_a_page": 50}: GetMetricData gives no more in an answer
POST sns      {"confirm": "owner@example.com"}: the link in the mail to that address is pressed
POST balancer {"state": "active_impaired"}, {"targets": "unhealthy"}
POST network  {"nat": "failed"}
POST tasks    {"exit_code": 137, "reason": "OutOfMemoryError: …"}: a running task ends by itself
POST ses      {"status": "GRANTED"}, {"enforcement": "PROBATION"}, {"sending": false},
              {"verified": false}, {"dkim": "FAILED"}, {"mail_from": "bounce.example.com"}
POST zone     {"rows_a_page": 3}, {"put": {"Name": "a.example.com", "Type": "TXT", …}},
              {"remove": {"name": "a.example.com", "type": "TXT"}}
POST certificate  {"days": 10}, {"status": "EXPIRED"}, {"renewal": "FAILED"},
              {"renewal_reason": "CAA_ERROR"}
POST drift    {"ecs_desired": 2}, {"rds_class": "db.t3.small"}, {"rds_restorable_ago_s": 7200},
              {"rds_public_snapshot": "ghost-before-5-87"}
POST images   {"archive": "v5.80.0-1"}: a rule archives an image
POST stack    {"update": {"DatabaseB269D8BB": {"BackupRetentionPeriod": 7}}}: somebody deploys,
              {"status": "UPDATE_ROLLBACK_FAILED"}, {"fail": "why"}: the next change set fails
POST trail    {"delay_s": 900}: events are to be seen so late, {"lookups_a_second": 100}
POST act      {"service": "s3", "call": "delete_object", "parameters": {…}}: somebody else's call
POST anchors  {"key": "text"}: somebody writes or, with null, deletes objects of the anchors' bucket
POST costs    {"service", "since": "2026-11-20", "usd_a_day": "0.59"}: from a day on a service costs
              something else
POST prices   {"times": 3}: everything in the Price List costs so much more from now on
POST deployments  {"fail": true}: tasks of deployments to come do not start; {"failing_images":
              ["v5.87.1-3"]}: those of these images; {"fail_rollback": true}: those of roll-backs;
              {"pending_s": 5}: deployments to come wait so long
GET  running  the blog's running tasks, with the tags of their image and their environment
GET  calls, violations, clock
"""

import datetime
import json
from decimal import Decimal

from .answers import Answer
from .errors import AwsError
from .names import CLUSTER, DATABASE, SERVICE
from .signature import Request

PREFIX = "/_cloud/"


def answer(world, request: Request) -> Answer:
    """Answers one control request; what is wrong with it is said in the body."""
    verb = VERBS.get((request.method, request.target.removeprefix(PREFIX)))
    if verb is None:
        return _json(404, {"error": f"no {request.method} {request.target}"})
    try:
        value = verb(world, json.loads(request.body or b"null"))
    except (ValueError, TypeError, KeyError, AttributeError, AwsError) as problem:
        return _json(400, {"error": str(problem)})
    return _json(200, {"ok": True} if value is None else value)


def _reset(world, _) -> None:
    world.reset()


def _forget(world, _) -> None:
    world.calls.clear()


def _faults(world, faults: list[dict]) -> None:
    world.faults.replace(faults)


def _clock(world, change: dict) -> dict:
    _known(change, {"scale", "advance_s"})
    if "scale" in change:
        world.clock.set_scale(change["scale"])
    if "advance_s" in change:
        world.clock.advance(change["advance_s"])
    return _time(world, None)


def _time(world, _) -> dict:
    return {"scale": world.clock.scale, "now_s": world.clock.now_s()}


def _pages(world, rows: dict) -> None:
    world.pages.configure(rows)


def _metrics(world, change: dict) -> None:
    _known(change, {"points_a_page"})
    world.watching.points_a_page = change["points_a_page"]


def _ses(world, change: dict) -> None:
    _known(change, {"status", "enforcement", "sending", "verified", "dkim", "mail_from"})
    with world.lock:
        world.ses.change(change)


def _zone(world, change: dict) -> None:
    _known(change, {"rows_a_page", "put", "remove"})
    with world.lock:
        if "rows_a_page" in change:
            world.zones.rows_a_page = change["rows_a_page"]
        if "put" in change:
            world.zones.put(change["put"])
        if "remove" in change:
            world.zones.remove(change["remove"]["name"], change["remove"]["type"])


def _certificate(world, change: dict) -> None:
    _known(change, {"days", "status", "renewal", "renewal_reason"})
    with world.lock:
        world.acm.change_blog(change)


def _sns(world, change: dict) -> None:
    with world.lock:
        world.sns.confirm(change["confirm"])


def _balancer(world, change: dict) -> None:
    _known(change, {"state", "targets"})
    world.balancing.become(**change)


def _network(world, change: dict) -> None:
    world.network.become(change["nat"])


def _tasks(world, change: dict) -> None:
    with world.lock:
        world.ecs.crash(change["exit_code"], change.get("reason", ""))


def _drift(world, change: dict) -> None:
    _known(change, {"ecs_desired", "rds_class", "rds_restorable_ago_s", "rds_public_snapshot"})
    with world.lock:
        if "ecs_desired" in change:
            world.ecs.drift(change["ecs_desired"])
            wanted = {"cluster": CLUSTER, "service": SERVICE}
            wanted |= {"desiredCount": change["ecs_desired"]}
            world.trail.record_somebody("ecs", "update_service", wanted)
        if "rds_restorable_ago_s" in change:
            world.rds.backups.ago_s = change["rds_restorable_ago_s"]
        if "rds_class" in change:
            world.rds.drift(change["rds_class"])
            wanted = {"DBInstanceIdentifier": DATABASE, "DBInstanceClass": change["rds_class"]}
            world.trail.record_somebody("rds", "modify_db_instance", wanted)
        if "rds_public_snapshot" in change:
            world.rds.publish(change["rds_public_snapshot"])


def _anchors(world, objects: dict) -> None:
    with world.lock:
        world.change_anchors(objects)


def _costs(world, change: dict) -> None:
    _known(change, {"service", "since", "usd_a_day"})
    since = datetime.date.fromisoformat(change["since"])
    with world.lock:
        world.costs.change(change["service"], since, Decimal(change["usd_a_day"]))


def _prices(world, change: dict) -> None:
    _known(change, {"times"})
    with world.lock:
        world.pricing.times = Decimal(change["times"])


def _deployments(world, change: dict) -> None:
    _known(change, {"fail", "failing_images", "fail_rollback", "pending_s"})
    with world.lock:
        world.ecs.change(change)


def _images(world, change: dict) -> None:
    _known(change, {"archive"})
    with world.lock:
        world.ecr.archive(change["archive"])


def _stack(world, change: dict) -> None:
    _known(change, {"update", "status", "fail"})
    with world.lock:
        world.stack.change(change)


def _trail(world, change: dict) -> None:
    _known(change, {"delay_s", "lookups_a_second"})
    with world.lock:
        world.trail.change(change)


def _act(world, call: dict) -> None:
    """Somebody else makes a call of AWS's, past the portal."""
    _known(call, {"service", "call", "parameters"})
    with world.lock:
        world.act_past_the_portal(call["service"], call["call"], call["parameters"])


def _calls(world, _) -> list[dict]:
    return list(world.calls)


def _violations(world, _) -> list[dict]:
    return list(world.violations)


def _running(world, _) -> list[dict]:
    with world.lock:
        return world.ecs.running()


VERBS = {
    ("POST", "reset"): _reset,
    ("POST", "forget"): _forget,
    ("POST", "faults"): _faults,
    ("POST", "clock"): _clock,
    ("POST", "pages"): _pages,
    ("POST", "metrics"): _metrics,
    ("POST", "ses"): _ses,
    ("POST", "sns"): _sns,
    ("POST", "balancer"): _balancer,
    ("POST", "network"): _network,
    ("POST", "tasks"): _tasks,
    ("POST", "zone"): _zone,
    ("POST", "certificate"): _certificate,
    ("POST", "drift"): _drift,
    ("POST", "images"): _images,
    ("POST", "stack"): _stack,
    ("POST", "trail"): _trail,
    ("POST", "act"): _act,
    ("POST", "anchors"): _anchors,
    ("POST", "costs"): _costs,
    ("POST", "prices"): _prices,
    ("POST", "deployments"): _deployments,
    ("GET", "calls"): _calls,
    ("GET", "violations"): _violations,
    ("GET", "running"): _running,
    ("GET", "clock"): _time,
}


def _known(change: dict, names: set[str]) -> None:
    if not change or set(change) - names:
        raise ValueError(f"give any of {sorted(names)}, and nothing else")


def _json(status: int, value) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
