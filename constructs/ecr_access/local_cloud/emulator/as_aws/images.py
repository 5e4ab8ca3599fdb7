"""ECR's errors: an image that is not there is one, and each names the registry.

MiniStack 1.5.33 leaves an unknown image out of its answer to ``ecr:DescribeImages``, and the registry out of its words.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import ecr

if TYPE_CHECKING:
    from collections.abc import Mapping

_describe_images = ecr._describe_images  # noqa: SLF001 -- MiniStack has no other name for it
_error = ecr.error_response_json
_ABOUT_A_NAME = ("RepositoryNotFoundException", "RepositoryAlreadyExistsException")


def _describe(data: Mapping[str, Any]) -> Any:
    name = data.get("repositoryName", "")
    for image in data.get("imageIds") or []:
        if name in ecr._repositories and ecr._find_image(name, image) is None:  # noqa: SLF001
            digest, tag = (image.get(key, "null") for key in ("imageDigest", "imageTag"))
            message = (
                f"The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist within the "
                f"repository with name '{name}' in the registry with id '{ecr.get_account_id()}'"
            )
            return _error("ImageNotFoundException", message, 400)
    return _describe_images(data)


def _with_registry(code: str, message: str, status: int) -> Any:
    if code in _ABOUT_A_NAME:
        message = f"{message} in the registry with id '{ecr.get_account_id()}'"
    return _error(code, message, status)


def amend() -> None:
    """Amend MiniStack."""
    ecr._describe_images = _describe  # noqa: SLF001
    ecr.error_response_json = _with_registry
