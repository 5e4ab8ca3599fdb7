"""The images that are required, as the custom resource's property ``Images`` has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.iam.arns import repository_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.check.property_reader import PropertyReader
    from ecr_access.iam.arns import Repository

IMAGE: Final = "IMAGE"
"""Stands in findings for what is required of an image."""

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
# https://github.com/opencontainers/image-spec/blob/main/image-index.md
_PLATFORM: Final = re.compile(r"[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?")


@dataclass(frozen=True)
class RequiredImage:
    """An image that must be in a repository.

    Attributes:
        repository: which holds it.
        image: its tag or digest.
        platform: what an index has to have a variant for, such as ``linux/arm64``; empty for any.
        of_function: whether a Lambda function runs it, which takes no index.
        made: whether this very deployment makes the repository.
    """

    repository: Repository
    image: str
    platform: str = ""
    of_function: bool = False
    made: bool = False

    @property
    def identifier(self) -> dict[str, str]:
        """How ECR is asked for it."""
        return {"imageDigest" if _DIGEST.fullmatch(self.image) else "imageTag": self.image}

    @property
    def name(self) -> str:
        """How clients call it: ``team/web:1.4``, ``team/web@sha256:...``."""
        return f"{self.repository.name}{'@' if 'imageDigest' in self.identifier else ':'}{self.image}"


def images(value: object, path: str, reader: PropertyReader) -> Iterator[RequiredImage]:
    """Read the images; ``reader`` remembers what is wrong with them."""
    for index, entry in enumerate(reader.entries(value, path)):
        at = f"{path}[{index}]"
        given = dict(reader.pairs(entry, at))
        repository = repository_of(given.get("Repository"))
        if repository is None:
            reader.wrong(
                f"{at}.Repository", given.get("Repository"), "arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME"
            )
        image, platform = given.get("Image"), given.get("Platform", "")
        if not isinstance(image, str) or not (_TAG.fullmatch(image) or _DIGEST.fullmatch(image)):
            reader.wrong(f"{at}.Image", image, "a tag, such as 1.4, or a digest, sha256: and 64 hexadecimal digits")
        if not isinstance(platform, str) or (platform and not _PLATFORM.fullmatch(platform)):
            reader.wrong(f"{at}.Platform", platform, "an operating system and an architecture, such as linux/arm64")
        of_function, made = (reader.flag(given.get(key, "false"), f"{at}.{key}") for key in ("Lambda", "Made"))
        if repository:
            yield RequiredImage(repository, str(image), str(platform), of_function, made)
