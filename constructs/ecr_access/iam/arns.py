"""Amazon Resource Names of registries and repositories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PLACE: Final = re.compile(r"arn:(?P<partition>[a-z0-9-]+):[a-z0-9-]+:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):.+")
_REPOSITORY: Final = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/(?P<name>[a-z0-9._/-]+)"
)


@dataclass(frozen=True)
class Registry:
    """An account's in a Region; in an app of the CDK, each part may be a token."""

    partition: str
    region: str
    account: str

    @property
    def endpoint(self) -> str:
        """The registry's, as a token names it."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"https://{self.account}.dkr.ecr.{self.region}.{suffix}"

    def repository_arn(self, name: str) -> str:
        """Write the ARN of a repository, or of all that a pattern names."""
        return f"arn:{self.partition}:ecr:{self.region}:{self.account}:repository/{name}"


@dataclass(frozen=True)
class Repository:
    """One repository of a registry, which is an account's in a Region."""

    arn: str
    region: str
    account: str
    name: str


def place_of(*candidates: object) -> Registry | None:
    """Read the registry from the first that is an ARN of a Region and an account."""
    for one in candidates:
        if isinstance(one, str) and (match := _PLACE.fullmatch(one)):
            return Registry(**match.groupdict())
    return None


def repository_of(arn: object) -> Repository | None:
    """Read a repository's ARN, or None if it is none."""
    match = _REPOSITORY.fullmatch(arn) if isinstance(arn, str) else None
    return Repository(match[0], match["region"], match["account"], match["name"]) if match else None
