"""EC2: NAT gateways and what may become of them.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from ..errors import AwsError
from ..moto import Moto
from ..names import REGION

STATES = ("pending", "failed", "available", "deleting", "deleted")
FAILURE = {
    "FailureCode": "Gateway.NotAttached",
    "FailureMessage": "Network vpc has no Internet gateway attached",
}


class Ec2:
    REGIONS = {REGION}

    def __init__(self, moto: Moto):
        self._moto = moto
        self._nat_state: str | None = None

    def describe_nat_gateways(self, parameters: dict) -> dict:
        answer = self._moto.client("ec2").everything("describe_nat_gateways", parameters)
        gateways = answer["NatGateways"]
        unknown = set(parameters.get("NatGatewayIds", [])) - {g["NatGatewayId"] for g in gateways}
        if unknown:
            raise AwsError("NatGatewayNotFound", f"NAT gateways {sorted(unknown)} were not found")
        if self._nat_state:
            failure = FAILURE if self._nat_state == "failed" else {}
            gateways = [gateway | {"State": self._nat_state} | failure for gateway in gateways]
        return {"NatGateways": gateways}

    def become(self, nat_state: str) -> None:
        """Every NAT gateway gets into another state. Raises ValueError."""
        if nat_state not in STATES:
            raise ValueError(f"no NAT gateway is {nat_state!r}")
        self._nat_state = nat_state
