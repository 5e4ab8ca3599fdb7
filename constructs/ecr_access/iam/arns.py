"""Account ids, and Amazon Resource Names of registries, repositories, accounts and sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.iam.unknown_text import is_known, split, unknown

if TYPE_CHECKING:
    from typing import TypeGuard

ARN_PARTS: Final = 6
"""How many parts an ARN has; the last may hold colons."""

_PLACE: Final = re.compile(r"arn:(?P<partition>[a-z0-9-]+):[a-z0-9-]+:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):.+")
_REPOSITORY: Final = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):ecr:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):repository/(?P<name>[a-z0-9._/-]+)"
)

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_OF_PRINCIPALS: Final = ("iam", "sts")
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

    @property
    def registry(self) -> Registry:
        """Where it is."""
        return Registry(split(self.arn, ":")[1], self.region, self.account)


def place_of(*candidates: object) -> Registry | None:
    """Read the registry from the first that is an ARN of a Region and an account."""
    for one in candidates:
        if isinstance(one, str) and (match := _PLACE.fullmatch(one)):
            return Registry(**match.groupdict())
    return None


def repository_at(arn: str) -> Repository:
    """Read the ARN of a repository, which may have unknown parts; of any other text nothing is known."""
    parts = split(arn, ":")
    if len(parts) == ARN_PARTS:
        return Repository(arn, parts[3], parts[4], parts[5].partition("/")[2])
    return Repository(f"arn:{unknown('partition', arn)}", unknown("region", arn), "", "")


def repository_of(arn: object) -> Repository | None:
    """Read a repository's ARN, or None if it is none."""
    match = _REPOSITORY.fullmatch(arn) if isinstance(arn, str) else None
    return Repository(match[0], match["region"], match["account"], match["name"]) if match else None


def is_account_id(value: object) -> TypeGuard[str]:
    """Whether a value is an account id: a text of 12 digits."""
    return isinstance(value, str) and _ACCOUNT.fullmatch(value) is not None


def account_root(partition: str, account: str) -> str:
    """Write the ARN by which a policy names a whole account."""
    return f"arn:{partition}:iam::{account}:root"


def account_of(principal: str) -> str:
    """Return the account that a principal of a policy is of, which may have unknown parts; empty if it names none."""
    parts = split(principal, ":")
    if len(parts) == ARN_PARTS and parts[0] == "arn" and parts[2] in _OF_PRINCIPALS and parts[3] == "":
        return parts[4]
    return principal if is_account_id(principal) else ""


def account_named(principal: str) -> str:
    """Return the account that a principal of a policy stands for, by its id or its root; empty if for none."""
    arn, _, root = principal.rpartition(":")
    parts = split(arn if root == "root" else principal, ":")
    is_arn = len(parts) == ARN_PARTS - 1 and (parts[0], *parts[2:4]) == ("arn", "iam", "")
    account = parts[-1] if is_arn or len(parts) == 1 else ""
    return account if is_account_id(account) or not is_known(account) else ""


def role_of_session(arn: str) -> str | None:
    """Return the ARN of the role that a session is of, which lacks the role's path; None if it is no session's."""
    match = _SESSION.fullmatch(arn)
    return f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}" if match else None
