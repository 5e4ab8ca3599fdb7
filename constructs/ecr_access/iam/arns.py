"""Account ids, and Amazon Resource Names of registries, repositories, accounts and sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import TypeGuard

_PLACE: Final = re.compile(r"arn:(?P<partition>[a-z0-9-]+):[a-z0-9-]+:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):.+")
_REPOSITORY: Final = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/(?P<name>[a-z0-9._/-]+)"
)

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROOT: Final = re.compile(r"(?:arn:[a-z0-9-]+:iam::)?(?P<account>[0-9]{12})(?::root)?")
_SESSION: Final = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/\s]+)(?:/.*)?"
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


def is_account_id(value: object) -> TypeGuard[str]:
    """Whether a value is an account id: a text of 12 digits."""
    return isinstance(value, str) and _ACCOUNT.fullmatch(value) is not None


def account_named(principal: str) -> str | None:
    """Return the account that a principal of a policy names, by its id or its root; None if it names another."""
    match = _ROOT.fullmatch(principal)
    return match["account"] if match else None


def role_of_session(arn: str) -> str | None:
    """Return the ARN of the role that a session is of, which lacks the role's path; None if it is no session's."""
    match = _SESSION.fullmatch(arn)
    return f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}" if match else None
