"""ECR: the image repository, with what moto leaves out of an image."""

from ..errors import AwsError
from ..moto import Moto
from ..names import REGION


class Ecr:
    REGIONS = {REGION}

    def __init__(self, moto: Moto):
        self._moto = moto

    def describe_images(self, parameters: dict) -> dict:
        answer = self._moto.client("ecr").everything("describe_images", parameters)
        images = answer["imageDetails"]
        return {"imageDetails": [image | {"imageStatus": "ACTIVE"} for image in images]}

    def put_image(self, parameters: dict) -> dict:
        try:
            return self._moto.client("ecr").put_image(**parameters)
        except AwsError as problem:
            # moto gives one code for an image that is there and for a tag that can't be moved.
            is_there = self._manifest(parameters) == parameters["imageManifest"]
            if problem.code != "ImageAlreadyExistsException" or is_there:
                raise
            raise AwsError(
                "ImageTagAlreadyExistsException",
                f"The image tag {parameters['imageTag']!r} already exists in the "
                f"{parameters['repositoryName']!r} repository and cannot be overwritten because "
                "the tag is immutable.",
            ) from None

    def _manifest(self, parameters: dict) -> str | None:
        """The manifest of the image that has the tag now."""
        found = self._moto.client("ecr").batch_get_image(
            repositoryName=parameters["repositoryName"],
            imageIds=[{"imageTag": parameters.get("imageTag", "")}],
        )["images"]
        return found[0]["imageManifest"] if found else None
