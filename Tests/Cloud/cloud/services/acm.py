"""ACM: certificates that are issued once their records are in the zone.

https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html
"""

import datetime

from ..clock import Clock
from ..content import validation_record
from ..errors import AwsError
from ..moto import Moto
from ..names import DOMAIN, REGION
from .route53 import Route53

ISSUE_S = 300  # from when the records are seen
GIVE_UP_S = 72 * 3_600
DAYS = 200  # how long the blog's certificate still holds
KEYS_LISTED = ["RSA_1024", "RSA_2048"]  # unless more are asked for
KEPT = {"KeyAlgorithm", "Type", "CreatedAt", "DomainName", "CertificateArn"}  # also in a summary


class Acm:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock, zones: Route53):
        self._moto = moto
        self._clock = clock
        self._zones = zones
        self._requested_s: dict[str, float] = {}
        self._proven_s: dict[str, float] = {}
        self._keys: dict[str, str] = {}  # the kind of key asked for
        self._blog: dict = {}  # what was changed of the blog's certificate

    def list_certificates(self, parameters: dict) -> dict:
        listed = self._moto.client("acm").list_certificates()["CertificateSummaryList"]
        wanted = parameters.get("Includes", {}).get("keyTypes", KEYS_LISTED)
        details = [self._detail(row["CertificateArn"]) for row in listed]
        return {
            "CertificateSummaryList": [
                {name: value for name, value in detail.items() if name in KEPT | {"Status"}}
                for detail in details
                if detail["KeyAlgorithm"] in wanted
                and detail["Status"] in parameters.get("CertificateStatuses", [detail["Status"]])
            ]
        }

    def describe_certificate(self, parameters: dict) -> dict:
        return {"Certificate": self._detail(parameters["CertificateArn"])}

    def request_certificate(self, parameters: dict) -> dict:
        answer = self._moto.client("acm").request_certificate(**parameters)
        self._requested_s.setdefault(answer["CertificateArn"], self._clock.now_s())
        self._keys[answer["CertificateArn"]] = parameters.get("KeyAlgorithm", "RSA_2048")
        return answer

    def delete_certificate(self, parameters: dict) -> dict:
        arn = parameters["CertificateArn"]
        if self._detail(arn)["InUseBy"]:
            raise AwsError("ResourceInUseException", f"Certificate {arn} is in use.")
        self._requested_s.pop(arn, None)
        return self._moto.client("acm").delete_certificate(**parameters)

    def change_blog(self, change: dict) -> None:
        """Something befalls the blog's certificate: days left, status, renewal, its reason."""
        self._blog |= change

    def _detail(self, arn: str) -> dict:
        found = self._moto.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
        if found["Type"] != "AMAZON_ISSUED":
            return found
        found["KeyAlgorithm"] = self._keys.get(arn, found["KeyAlgorithm"])
        records = {name: validation_record(name) for name in found["SubjectAlternativeNames"]}
        found["InUseBy"] = [_balancer(each) for each in found["InUseBy"]]
        found["Status"] = status = self._status(arn, list(records.values()))
        is_proven = status == "ISSUED"
        found["DomainValidationOptions"] = [
            {
                "DomainName": name,
                "ValidationMethod": "DNS",
                "ValidationStatus": "SUCCESS" if is_proven else "PENDING_VALIDATION",
                "ResourceRecord": record,
            }
            for name, record in records.items()
        ]
        if status == "PENDING_VALIDATION":
            for name in ("NotAfter", "NotBefore", "IssuedAt", "Serial"):
                found.pop(name, None)
        found["RenewalEligibility"] = (
            "ELIGIBLE" if is_proven and found["InUseBy"] else "INELIGIBLE"
        )
        return self._with_blog(found) if found["DomainName"] == DOMAIN else found

    def _status(self, arn: str, records: list[dict]) -> str:
        if arn not in self._requested_s:
            return "ISSUED"  # made with the stack, long ago
        now_s = self._clock.now_s()
        if arn not in self._proven_s and all(map(self._zones.holds, records)):
            self._proven_s[arn] = now_s
        if now_s >= self._proven_s.get(arn, now_s) + ISSUE_S:
            return "ISSUED"
        is_late = now_s >= self._requested_s[arn] + GIVE_UP_S and arn not in self._proven_s
        return "VALIDATION_TIMED_OUT" if is_late else "PENDING_VALIDATION"

    def _with_blog(self, found: dict) -> dict:
        if found["CertificateArn"] in self._requested_s:
            return found
        days = datetime.timedelta(days=self._blog.get("days", DAYS))
        found["NotAfter"] = self._clock.stamp() + days
        found["Status"] = self._blog.get("status", found["Status"])
        if "renewal" in self._blog:
            found["RenewalSummary"] = {
                "RenewalStatus": self._blog["renewal"],
                "DomainValidationOptions": found["DomainValidationOptions"],
                "UpdatedAt": self._clock.stamp(),
            }
            if "renewal_reason" in self._blog:
                found["RenewalSummary"]["RenewalStatusReason"] = self._blog["renewal_reason"]
        return found


def _balancer(user: str) -> str:
    """AWS names the load balancer where moto names its listener."""
    if ":listener/" not in user:
        return user
    return user.replace(":listener/", ":loadbalancer/").rpartition("/")[0]
