"""CloudTrail: who changed what in the account, as LookupEvents tells it.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import collections
import datetime
import json
import time
import uuid

from ..clock import Clock
from ..errors import AwsError
from ..models import Call, jsonable
from ..names import ACCOUNT, OWNER, REGION
from ..signature import Key, Scope

EVENTS_KEPT_MAX = 10_000
READING = ("Batch", "Describe", "Detect", "Estimate", "Filter", "Get", "Head", "List", "Lookup")
READING += ("Search", "Select", "Simulate", "StartQuery", "StopQuery", "Test")
DATA = {"PutLogEvents", "PutMetricData", "Publish", "SendEmail"}  # told of in trails only
CHANGING = {"BatchDeleteImage"}
SOURCES = {"cloudwatch": "monitoring", "elbv2": "elasticloadbalancing", "sesv2": "ses"}
SECRET = {"masterUserPassword", "secretString", "secretBinary"}
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
SOMEBODY = "olive"  # who does what the control API is told to
# What of a call names the thing that it changes.
RESOURCES = {
    "service": "AWS::ECS::Service",
    "family": "AWS::ECS::TaskDefinition",
    "taskDefinition": "AWS::ECS::TaskDefinition",
    "repositoryName": "AWS::ECR::Repository",
    "dBInstanceIdentifier": "AWS::RDS::DBInstance",
    "dBSnapshotIdentifier": "AWS::RDS::DBSnapshot",
    "stackName": "AWS::CloudFormation::Stack",
    "changeSetName": "AWS::CloudFormation::ChangeSet",
    "bucket": "AWS::S3::Bucket",
    "hostedZoneId": "AWS::Route53::HostedZone",
    "logGroupName": "AWS::Logs::LogGroup",
    "alarmName": "AWS::CloudWatch::Alarm",
    "topicArn": "AWS::SNS::Topic",
}


class CloudTrail:
    REGIONS = {REGION}

    def __init__(self, clock: Clock):
        self._clock = clock
        self._events = collections.deque(maxlen=EVENTS_KEPT_MAX)  # newest first, with when
        self._lookups = collections.deque()
        self._delay_s = 0.0
        self._lookups_a_second = 2

    def change(self, change: dict) -> None:
        self._delay_s = float(change.get("delay_s", self._delay_s))
        self._lookups_a_second = change.get("lookups_a_second", self._lookups_a_second)

    def lookup_events(self, parameters: dict) -> dict:
        self._throttle()
        attributes = parameters.get("LookupAttributes", [])
        if len(attributes) > 1:
            words = "You can specify only one lookup attribute."
            raise AwsError("InvalidLookupAttributesException", words)
        start, end = parameters.get("StartTime"), parameters.get("EndTime")
        if start and end and _seconds(start) > _seconds(end):
            raise AwsError("InvalidTimeRangeException", "The start time is after the end time.")
        seen_s = self._clock.now_s() - self._delay_s
        return {
            "Events": [
                event
                for at_s, event in self._events
                if at_s <= seen_s
                and (not start or event["EventTime"].timestamp() >= _seconds(start))
                and (not end or event["EventTime"].timestamp() <= _seconds(end))
                and all(_has(event, each) for each in attributes)
            ]
        }

    def record(
        self, call: Call, scope: Scope, key: Key, agent: str, problem: AwsError | None
    ) -> None:
        """Writes down a call that was made, unless it only reads."""
        if key.session:
            identity = _of_session(scope.key_id, key)
        else:
            identity = _of_user(OWNER) | {"accessKeyId": scope.key_id}
        self._write(call.service, call.operation, call.parameters, identity, agent, problem)

    def record_somebody(self, service: str, call: str, parameters: dict) -> None:
        """What somebody else did at the console."""
        name = "".join(part.title() for part in call.split("_"))
        name = name.replace("Db", "DB")
        agent = "console.amazonaws.com"
        self._write(service, name, parameters, _of_user(SOMEBODY), agent, None)

    def _write(self, service, operation, parameters, identity, agent, problem) -> None:
        is_object = service == "s3" and "Object" in operation and "Lock" not in operation
        reads = operation.startswith(READING) and operation not in CHANGING
        if reads or is_object or operation in DATA:
            return
        asked = {n[0].lower() + n[1:]: value for n, value in jsonable(parameters).items()}
        asked = {name: HIDDEN if name in SECRET else value for name, value in asked.items()}
        now, event_id = self._clock.stamp().replace(microsecond=0), str(uuid.uuid4())
        event = {
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{SOURCES.get(service, service)}.amazonaws.com",
            "eventName": operation,
            "awsRegion": REGION,
            "sourceIPAddress": "192.0.2.10",
            "userAgent": agent,
            "requestParameters": asked,
            "responseElements": None,
            "requestID": str(uuid.uuid4()),
            "eventID": event_id,
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        }
        if problem:
            event |= {"errorCode": problem.code, "errorMessage": problem.message}
        row = {
            "EventId": event_id,
            "EventName": operation,
            "ReadOnly": "false",
            "EventTime": now,
            "EventSource": event["eventSource"],
            "Username": identity.get("userName") or identity["arn"].rpartition("/")[2],
            "Resources": [
                {"ResourceType": kind, "ResourceName": str(asked[name])}
                for name, kind in RESOURCES.items()
                if name in asked
            ],
            "CloudTrailEvent": json.dumps(event),
        }
        if "accessKeyId" in identity:
            row["AccessKeyId"] = identity["accessKeyId"]
        self._events.appendleft((self._clock.now_s(), row))

    def _throttle(self) -> None:
        now_s = time.monotonic()
        while self._lookups and self._lookups[0] <= now_s - 1:
            self._lookups.popleft()
        if len(self._lookups) >= self._lookups_a_second:
            raise AwsError("ThrottlingException", "Rate exceeded")
        self._lookups.append(now_s)


def _of_user(name: str) -> dict:
    return {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "userName": name,
    }


def _of_session(key_id: str, key: Key) -> dict:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{key.role}"}
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{key.session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{key.role}/{key.session}",
        "accountId": ACCOUNT,
        "accessKeyId": key_id,
        "sessionContext": {"sessionIssuer": issuer | {"userName": key.role}},
    }


def _has(event: dict, attribute: dict) -> bool:
    name, value = attribute["AttributeKey"], attribute["AttributeValue"]
    if name in ("ResourceName", "ResourceType"):
        return any(resource[name] == value for resource in event["Resources"])
    return event.get(name) == value


def _seconds(at: datetime.datetime | float) -> float:
    if not isinstance(at, datetime.datetime):
        return float(at)
    return at.replace(tzinfo=at.tzinfo or datetime.UTC).timestamp()
