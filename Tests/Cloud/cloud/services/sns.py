"""SNS: a subscription by mail waits until somebody presses the link in it.

https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
"""

from ..moto import Moto
from ..names import REGION

CONFIRMED_BY_MAIL = ("email", "email-json")


class Sns:
    REGIONS = {REGION}

    def __init__(self, moto: Moto):
        self._moto = moto
        self._pending: set[str] = set()  # by their ARNs

    def subscribe(self, parameters: dict) -> dict:
        known = self._arns(parameters["TopicArn"])
        answer = self._moto.client("sns").subscribe(**parameters)
        arn = answer["SubscriptionArn"]
        if parameters["Protocol"] in CONFIRMED_BY_MAIL and arn not in known:
            self._pending.add(arn)
        if arn in self._pending and not parameters.get("ReturnSubscriptionArn"):
            return {"SubscriptionArn": "pending confirmation"}
        return answer

    def list_subscriptions_by_topic(self, parameters: dict) -> dict:
        answer = self._moto.client("sns").list_subscriptions_by_topic(**parameters)
        for subscription in answer["Subscriptions"]:
            if subscription["SubscriptionArn"] in self._pending:
                subscription["SubscriptionArn"] = "PendingConfirmation"
        return answer

    def confirm(self, endpoint: str) -> None:
        """Whoever has this address presses the link in every mail. Raises ValueError."""
        listed = self._moto.client("sns").list_subscriptions()["Subscriptions"]
        theirs = {s["SubscriptionArn"] for s in listed if s["Endpoint"] == endpoint}
        if not theirs & self._pending:
            raise ValueError(f"nothing waits for {endpoint!r}")
        self._pending -= theirs

    def _arns(self, topic: str) -> set[str]:
        listed = self._moto.client("sns").list_subscriptions_by_topic(TopicArn=topic)
        return {each["SubscriptionArn"] for each in listed["Subscriptions"]}
