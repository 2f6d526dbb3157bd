"""STS and IAM: the keys they give out are keys the front then knows."""

from ..errors import AwsError
from ..moto import Moto
from ..signature import Key


class Sts:
    REGIONS = None

    def __init__(self, moto: Moto, keys: dict[str, Key]):
        self._moto = moto
        self._keys = keys

    def assume_role(self, parameters: dict) -> dict:
        role = parameters["RoleArn"].rpartition("/")[2]
        try:
            self._moto.client("iam").get_role(RoleName=role)
        except AwsError:
            raise AwsError(
                "AccessDenied",
                f"Not authorized to perform: sts:AssumeRole on resource: {parameters['RoleArn']}",
                403,
            ) from None
        answer = self._moto.client("sts").assume_role(**parameters)
        given = answer["Credentials"]
        session = parameters["RoleSessionName"]
        policy = parameters.get("Policy")
        key = Key(given["SecretAccessKey"], given["SessionToken"], role, session, policy)
        self._keys[given["AccessKeyId"]] = key
        return answer


class Iam:
    REGIONS = None

    def __init__(self, moto: Moto, keys: dict[str, Key]):
        self._moto = moto
        self._keys = keys

    def create_access_key(self, parameters: dict) -> dict:
        answer = self._moto.client("iam").create_access_key(**parameters)
        given = answer["AccessKey"]
        self._keys[given["AccessKeyId"]] = Key(given["SecretAccessKey"])
        return answer
