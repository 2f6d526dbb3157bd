"""The whole state of the cloud, made anew by a reset."""

import collections
import threading

from botocore import xform_name
from peer.faults import Faults

from . import answers, permissions, seed
from .answers import Answer
from .clock import Clock
from .errors import AwsError
from .faults import Fault
from .models import Call
from .moto import Moto
from .names import ACCESS_KEY_ID, ANCHORS_BUCKET, SECRET_ACCESS_KEY
from .paging import Pages
from .services.acm import Acm
from .services.balancing import LoadBalancing
from .services.cloudformation import CloudFormation
from .services.cloudtrail import CloudTrail
from .services.costs import CostExplorer
from .services.drift import Drift
from .services.ecr import Ecr
from .services.ecs import Ecs
from .services.identity import Iam, Sts
from .services.logs import Logs
from .services.network import Ec2
from .services.pricing import Pricing
from .services.rds import Rds
from .services.route53 import Route53
from .services.s3 import S3, check_body, with_root
from .services.ses import Ses, SesClassic
from .services.sns import Sns
from .services.stack import Stack
from .services.watching import CloudWatch
from .signature import Key, Request, Scope

CALLS_KEPT_MAX = 20_000


class World:
    """One seeded account. Answers hold `lock`, so that each call sees and leaves whole states."""

    def __init__(self, scale: float = 1.0, random_seed: int = seed.RANDOM_SEED):
        self.lock = threading.RLock()
        self._scale = scale
        self._random_seed = random_seed
        self._moto = Moto()
        self.reset()

    def reset(self) -> None:
        """Seeds again and forgets every call, fault, page size and change of the clock."""
        with self.lock:
            rows = seed.build(self._moto, self._random_seed)
            moto = self._moto
            self.clock = clock = Clock(self._scale)
            self.faults = Faults(Fault)
            self.pages = Pages()
            self.calls = collections.deque(maxlen=CALLS_KEPT_MAX)
            self.violations = collections.deque(maxlen=CALLS_KEPT_MAX)
            self.keys = {ACCESS_KEY_ID: Key(SECRET_ACCESS_KEY)}
            self.ecr = Ecr(moto, clock)
            self.ecs = Ecs(moto, clock, self.ecr)
            self.rds = Rds(moto, clock)
            self.balancing = LoadBalancing(moto, self.ecs)
            self.network = Ec2(moto)
            self.sns = Sns(moto)
            self.zones = Route53(moto, clock)
            self.acm = Acm(moto, clock, self.zones)
            self.ses = Ses(moto, clock, self.zones)
            self.watching = CloudWatch(moto, clock)
            self.costs = CostExplorer(clock)
            self.pricing = Pricing()
            self.trail = CloudTrail(clock)
            self.stack = Stack(moto, clock, self.ecs, self.rds)
            drift = Drift(moto, clock, self.ecs, self.rds, self.stack)
            self._services = {
                "acm": self.acm,
                "ce": self.costs,
                "cloudformation": CloudFormation(moto, clock, rows, drift, self.stack),
                "cloudtrail": self.trail,
                "cloudwatch": self.watching,
                "ec2": self.network,
                "ecr": self.ecr,
                "ecs": self.ecs,
                "elbv2": self.balancing,
                "iam": Iam(moto, self.keys),
                "logs": Logs(moto),
                "pricing": self.pricing,
                "rds": self.rds,
                "route53": self.zones,
                "s3": S3(moto),
                "ses": SesClassic(self.ses),
                "sesv2": self.ses,
                "sns": self.sns,
                "sts": Sts(moto, self.keys),
            }

    def act(self, call: Call, scope: Scope, request: Request) -> Answer:
        """Does what a checked call asks for, and has CloudTrail write it down."""
        agent = request.fields().get("user-agent", "")
        with self.lock:
            key, problem = self.keys[scope.key_id], None
            try:
                permissions.check(call, key.policy)
                return self._act(call, scope, request)
            except AwsError as refusal:
                problem = refusal
                raise
            finally:
                self.trail.record(call, scope, key, agent, problem)

    def _act(self, call: Call, scope: Scope, request: Request) -> Answer:
        with self.lock:
            check_body(call, request)
            handler = self._handler(call, scope)
            if self.pages.cuts(call):
                whole = self.pages.whole(call)
                listed = handler(whole) if handler else self._list(call, scope, whole)
                return answers.result(call, self.pages.cut(call, listed))
            if handler:
                return answers.result(call, handler(call.parameters))
            answer = with_root(call, self._moto.forward(request))
        if answer.status >= 500 or _is_page(answer):
            raise AwsError("InternalFailure", f"{call.operation} is beyond this cloud", 500)
        return answer

    def act_past_the_portal(self, service: str, call: str, parameters: dict) -> None:
        """What somebody else does in the account; it is not among the calls."""
        ours = getattr(self._services.get(service), call, None)
        if ours:
            ours(parameters)
        else:
            getattr(self._moto.client(service), call)(**parameters)
        self.trail.record_somebody(service, call, parameters)

    def change_anchors(self, objects: dict[str, str | None]) -> None:
        """What somebody else with rights to the anchors' bucket does to it."""
        s3 = self._moto.client("s3")
        for key, text in objects.items():
            if text is None:
                s3.delete_object(Bucket=ANCHORS_BUCKET, Key=key)
            else:
                s3.put_object(Bucket=ANCHORS_BUCKET, Key=key, Body=text.encode())

    def _handler(self, call: Call, scope: Scope):
        """The method that answers in place of moto, if there is one."""
        service = self._services.get(call.service)
        if service is None:
            return None
        if service.REGIONS is not None and scope.region not in service.REGIONS:
            if call.service in ("ce", "pricing"):
                raise AwsError("UnknownEndpoint", f"{call.service} is not in {scope.region}", 404)
            return None
        return getattr(service, xform_name(call.operation), None)

    def _list(self, call: Call, scope: Scope, parameters: dict) -> dict:
        client = self._moto.client(call.service, scope.region)
        return client.everything(xform_name(call.operation), parameters)


def _is_page(answer: Answer) -> bool:
    """Whether this is moto's page for an operation it has not got."""
    return answer.status == 404 and answer.headers.get("Content-Type", "").startswith("text/html")
