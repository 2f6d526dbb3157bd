"""SES: the account, the sandbox, and the review that leads out of it.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html
"""

import copy

from ..clock import Clock
from ..content import DKIM_TOKENS
from ..errors import AwsError
from ..moto import Moto
from ..names import REGION, ZONE
from .route53 import Route53

REVIEW_S = 86_400  # after which the request is granted, if nobody has decided before
SANDBOX = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 3.0}
PRODUCTION = {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 3.0}
OWNER = f"owner@{ZONE}"
SIMULATOR = "@simulator.amazonses.com"


class Ses:
    """SES v2; `SesClassic` shows the same quota by the older API."""

    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock, zones: Route53):
        self._moto = moto
        self._clock = clock
        self._zones = zones
        self._details: dict | None = None
        self._review_ends_s = 0.0
        self._production = False
        self._sending = True
        self._enforcement = "HEALTHY"
        self._mail_from: dict[str, dict] = {}
        self._domain = {"verified": True, "dkim": "SUCCESS"}  # how the blog's domain stands

    def get_account(self, parameters: dict) -> dict:
        self._settle()
        account = {
            "DedicatedIpAutoWarmupEnabled": True,
            "EnforcementStatus": self._enforcement,
            "ProductionAccessEnabled": self._production,
            "SendQuota": self.quota(),
            "SendingEnabled": self._sending,
            "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        }
        return account | ({"Details": copy.deepcopy(self._details)} if self._details else {})

    def put_account_details(self, parameters: dict) -> dict:
        self._settle()
        if self._review_status() in ("PENDING", "DENIED"):  # A no stands in its case.
            raise AwsError(
                "ConflictException",
                "There is already an ongoing account details update under review.",
                409,
            )
        asks = parameters.get("ProductionAccessEnabled", False)
        details = {n: v for n, v in parameters.items() if n != "ProductionAccessEnabled"}
        if asks and not self._production:
            self._review_ends_s = self._clock.now_s() + REVIEW_S
            case = f"1{int(self._clock.stamp().timestamp() * 1000)}"
            details["ReviewDetails"] = {"Status": "PENDING", "CaseId": case}
        self._details = details
        return {}

    def put_account_sending_attributes(self, parameters: dict) -> dict:
        self._sending = parameters.get("SendingEnabled", False)
        return {}

    def send_email(self, parameters: dict) -> dict:
        self._settle()
        if not self._sending:
            raise AwsError("SendingPausedException", "Email sending is disabled for the account.")
        destination = parameters.get("Destination", {})
        if not self._production:
            self._check_sandbox([a for group in destination.values() for a in group])
        return self._moto.client("sesv2").send_email(**parameters)

    def get_email_identity(self, parameters: dict) -> dict:
        name = parameters["EmailIdentity"]
        answer = self._moto.client("sesv2").get_email_identity(**parameters)
        if name == ZONE:
            is_verified = self._domain["verified"]
            answer["VerifiedForSendingStatus"] = is_verified
            answer["VerificationStatus"] = "SUCCESS" if is_verified else "PENDING"
            answer["DkimAttributes"] = {
                "SigningEnabled": True,
                "Status": self._domain["dkim"],
                "Tokens": DKIM_TOKENS,
                "SigningAttributesOrigin": "AWS_SES",
            }
        elif name == OWNER:
            answer |= {"VerifiedForSendingStatus": True, "VerificationStatus": "SUCCESS"}
        if name in self._mail_from:
            given = self._mail_from[name]
            answer["MailFromAttributes"] = given | {
                "MailFromDomainStatus": self._mail_from_status(given["MailFromDomain"])
            }
        return answer

    def put_email_identity_mail_from_attributes(self, parameters: dict) -> dict:
        name, domain = parameters["EmailIdentity"], parameters.get("MailFromDomain")
        self._moto.client("sesv2").get_email_identity(EmailIdentity=name)
        if not domain:
            self._mail_from.pop(name, None)
            return {}
        if not domain.endswith(f".{name.rpartition('@')[2]}"):
            raise AwsError(
                "BadRequestException", f"{domain} is not a subdomain of the identity {name}."
            )
        behaviour = parameters.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")
        self._mail_from[name] = {"MailFromDomain": domain, "BehaviorOnMxFailure": behaviour}
        return {}

    def list_suppressed_destinations(self, parameters: dict) -> dict:
        return {"SuppressedDestinationSummaries": []}

    def quota(self) -> dict:
        return dict(PRODUCTION if self._production else SANDBOX)

    def decide(self, status: str) -> None:
        """Ends the review: GRANTED, DENIED, FAILED, or back to PENDING."""
        if status not in ("PENDING", "FAILED", "GRANTED", "DENIED"):
            raise ValueError(f"no review status {status!r}")
        self._details = self._details or {"MailType": "TRANSACTIONAL"}
        review = self._details.setdefault("ReviewDetails", {"CaseId": "10000000000000"})
        review["Status"] = status
        self._review_ends_s = self._clock.now_s() + REVIEW_S
        self._production = status == "GRANTED"

    def change(self, change: dict) -> None:
        """What AWS, or somebody else, does to the account and to the blog's domain."""
        if "status" in change:
            self.decide(change["status"])
        self._sending = change.get("sending", self._sending)
        self._enforcement = change.get("enforcement", self._enforcement)
        self._domain |= {name: change[name] for name in self._domain if name in change}
        if "mail_from" in change:
            domain = {"EmailIdentity": ZONE, "MailFromDomain": change["mail_from"]}
            self.put_email_identity_mail_from_attributes(domain)

    def _mail_from_status(self, domain: str) -> str:
        server = f"10 feedback-smtp.{REGION}.amazonses.com"
        has_server = self._zones.holds({"Name": domain, "Type": "MX", "Value": server})
        return "SUCCESS" if has_server else "PENDING"

    def _settle(self) -> None:
        if self._review_status() == "PENDING" and self._clock.now_s() >= self._review_ends_s:
            self.decide("GRANTED")

    def _review_status(self) -> str | None:
        return (self._details or {}).get("ReviewDetails", {}).get("Status")

    def _check_sandbox(self, addresses: list[str]) -> None:
        identities = self._moto.client("sesv2").list_email_identities()["EmailIdentities"]
        verified = {identity["IdentityName"] for identity in identities}
        refused = [
            address
            for address in addresses
            if not address.endswith(SIMULATOR)
            and address not in verified
            and address.rpartition("@")[2] not in verified
        ]
        if refused:
            raise AwsError(
                "MessageRejected",
                "Email address is not verified. The following identities failed the check in "
                f"region {REGION.upper()}: {', '.join(refused)}",
            )


class SesClassic:
    REGIONS = {REGION}

    def __init__(self, ses: Ses):
        self._ses = ses

    def get_send_quota(self, parameters: dict) -> dict:
        return self._ses.quota()

    def get_account_sending_enabled(self, parameters: dict) -> dict:
        return {"Enabled": self._ses.get_account({})["SendingEnabled"]}
