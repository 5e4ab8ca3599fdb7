"""An image that has to be there before what runs it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdk_ecr_access.cdk.stacks import comes_after, follow, may_follow
from ecr_access.codes import Code
from ecr_access.ecr.image_names import image_error, platform_error
from ecr_access.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_ecr_assets as ecr_assets
    from aws_cdk import aws_lambda as lambda_

    from cdk_ecr_access.access_check.checked_repository import CheckedRepository


@dataclass(frozen=True)
class RequiredImage:
    """An image of a repository.

    Attributes:
        repository: which holds it.
        image: its tag or digest, perhaps a token.
        platform: what an index has to have a variant for, such as ``linux/arm64``; empty for any.
        is_of_function: whether a Lambda function runs it, which takes no index.
    """

    repository: CheckedRepository
    image: str
    platform: str = ""
    is_of_function: bool = False

    @property
    def needs_manifest(self) -> bool:
        """Whether a manifest has to be read: it alone lists the variants of an index, which Lambda does not take."""
        return bool(self.platform) and not self.is_of_function

    def as_property(self, stack: Stack) -> dict[str, Any]:
        """Render it for the check of a stack."""
        one = self.repository
        flags = {"Lambda": self.is_of_function, "Made": one.declared and one.stack is stack}
        return {
            "Repository": arn_in(stack, one),
            "Image": self.image,
            **({"Platform": self.platform} if self.platform else {}),
            **{name: "true" for name, is_so in flags.items() if is_so},
        }


def arn_in(stack: Stack, repository: CheckedRepository) -> str:
    """Write the ARN of a repository for a stack: a reference within its own, so that it is made before the check."""
    return repository.arn if repository.stack is stack else repository.written_arn


def follow_written(stack: Stack, repository: CheckedRepository) -> None:
    """Have a stack deployed after that of a repository which it names by a text, where no reference does it."""
    there = repository.stack
    written = there is not stack and repository.declared and not is_token(repository.written_arn)
    if written and may_follow(stack, there) and not comes_after(there, stack):
        follow(stack, there)


def required(
    repository: CheckedRepository, image: str, platform: ecr_assets.Platform | lambda_.Architecture | str | None
) -> RequiredImage:
    """Return the image that an app requires by itself.

    Raises:
        ValueError: with everything that is wrong with the tag or digest, and the platform.
    """
    written = _platform(platform)
    problems = [
        None if is_token(image) else image_error(image),
        None if not written or is_token(written) else platform_error(written),
    ]
    if wrong := [one for one in problems if one]:
        raise Code.IMAGE_REQUIREMENT.error("; ".join(wrong))
    return RequiredImage(repository, image, written)


def _platform(given: ecr_assets.Platform | lambda_.Architecture | str | None) -> str:
    """Write a platform: what ``ecr_assets`` builds an image for, what Lambda runs it on, or a text."""
    if given is None or isinstance(given, str):
        return given or ""
    return str(getattr(given, "docker_platform", None) or getattr(given, "platform", ""))
