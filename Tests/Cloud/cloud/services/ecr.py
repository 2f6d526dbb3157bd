"""ECR: the image repository, with what moto leaves out of an image."""

import datetime

from ..clock import Clock
from ..content import PUSHED_DAYS_AGO
from ..errors import AwsError
from ..moto import Moto
from ..names import REGION, REPOSITORY

ACTIVATE_S = 1_200  # from asking for an archived image to having it


class Ecr:
    REGIONS = {REGION}

    def __init__(self, moto: Moto, clock: Clock):
        self._moto = moto
        self._clock = clock
        self._archived: dict[str, float | None] = {}  # by digest; when it is back, if asked for
        self._pushed = {}
        now = clock.stamp()
        for image in self._everything({"repositoryName": REPOSITORY}):
            days = next((PUSHED_DAYS_AGO.get(tag) for tag in image.get("imageTags", [])), None)
            if days is not None:
                self._pushed[image["imageDigest"]] = now - datetime.timedelta(days=days)

    def describe_images(self, parameters: dict) -> dict:
        parameters = dict(parameters)
        filters = dict(parameters.pop("filter", {}))
        wanted = filters.pop("imageStatus", "ACTIVE")
        if filters:
            parameters["filter"] = filters
        images = [self._view(image) for image in self._everything(parameters)]
        if "imageIds" in parameters:
            wanted = "ANY"  # what is asked for by name is told of, whatever it is
        return {"imageDetails": [i for i in images if wanted in ("ANY", i["imageStatus"])]}

    def batch_get_image(self, parameters: dict) -> dict:
        """One by one: moto gives one failure the name of another."""
        images, failures = [], []
        for wanted in parameters["imageIds"]:
            answer = self._moto.client("ecr").batch_get_image(**parameters | {"imageIds": [wanted]})
            found = answer.get("images", [])
            digest = found[0]["imageId"]["imageDigest"] if found else None
            if digest and self._status(digest) == "ACTIVE":
                images += found
            else:
                code = "ImageInaccessible" if digest else "ImageNotFound"
                reason = "Requested image is archived" if digest else "Requested image not found"
                failure = {"imageId": wanted, "failureCode": code, "failureReason": reason}
                failures.append(failure)
        return {"images": images, "failures": failures}

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

    def update_image_storage_class(self, parameters: dict) -> dict:
        name, wanted = parameters["repositoryName"], parameters["imageId"]
        [image] = self._everything({"repositoryName": name, "imageIds": [wanted]})
        digest = image["imageDigest"]
        if parameters["targetStorageClass"] == "ARCHIVE":
            self._archived[digest] = None
        elif self._archived.get(digest, 0.0) is None:
            self._archived[digest] = self._clock.now_s() + ACTIVATE_S
        status = self._status(digest)
        given = {"registryId": image["registryId"], "repositoryName": name, "imageId": wanted}
        return given | {"imageStatus": status}

    def archive(self, tag: str) -> None:
        """A lifecycle rule archives an image."""
        self.update_image_storage_class(
            {
                "repositoryName": REPOSITORY,
                "imageId": {"imageTag": tag},
                "targetStorageClass": "ARCHIVE",
            }
        )

    def is_archived(self, digest: str) -> bool:
        return self._status(digest) != "ACTIVE"

    def _status(self, digest: str) -> str:
        if digest not in self._archived:
            return "ACTIVE"
        back_s = self._archived[digest]
        if back_s is None:
            return "ARCHIVED"
        return "ACTIVE" if self._clock.now_s() >= back_s else "ACTIVATING"

    def _view(self, image: dict) -> dict:
        digest = image["imageDigest"]
        pushed = {"imagePushedAt": self._pushed[digest]} if digest in self._pushed else {}
        return image | pushed | {"imageStatus": self._status(digest)}

    def _everything(self, parameters: dict) -> list[dict]:
        return self._moto.client("ecr").everything("describe_images", parameters)["imageDetails"]

    def _manifest(self, parameters: dict) -> str | None:
        """The manifest of the image that has the tag now."""
        found = self._moto.client("ecr").batch_get_image(
            repositoryName=parameters["repositoryName"],
            imageIds=[{"imageTag": parameters.get("imageTag", "")}],
        )["images"]
        return found[0]["imageManifest"] if found else None

