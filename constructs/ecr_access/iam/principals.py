"""The principals that a requirement names, and for whose resources a service acts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ecr_access.iam.unknown_text import split
from ecr_access.iam.wildcards import has_wildcard

ALLOWED: Final = (
    "the ARN of a role, user or group, a 12-digit account id, an organization id, the path of an organizational "
    "unit that ends with '/' or '*', or a service such as codebuild.amazonaws.com"
)
LAMBDA: Final = "lambda.amazonaws.com"


class Kind(Enum):
    """The kinds of principal that a repository policy tells apart."""

    IAM_IDENTITY = "role, user or group"
    ACCOUNT = "account"
    ORGANIZATION = "organization"
    ORGANIZATIONAL_UNIT = "organizational unit"
    SERVICE = "service"


_PATTERNS: Final = (
    (Kind.ACCOUNT, re.compile(r"(?P<account>\d{12})")),
    (Kind.ACCOUNT, re.compile(r"arn:[a-z0-9-]+:iam::(?P<account>\d{12}):root")),
    (Kind.IAM_IDENTITY, re.compile(r"arn:[a-z0-9-]+:iam::(?P<account>\d{12}):(?:role|user|group)/[!-~]+")),
    (Kind.ORGANIZATION, re.compile(r"(?P<account>)o-[a-z0-9]{10,32}")),
    # Every path of aws:PrincipalOrgPaths ends with a slash: one without matches no account.
    (Kind.ORGANIZATIONAL_UNIT, re.compile(r"(?P<account>)o-[a-z0-9]{10,32}/(?:[A-Za-z0-9*?/-]*[/*])?")),
    (Kind.SERVICE, re.compile(r"(?P<account>)[a-z0-9-]+(?:\.[a-z0-9-]+)+")),
)


@dataclass(frozen=True)
class Principal:
    """One principal; ``account`` is where it lives, if it lives in one."""

    name: str
    kind: Kind
    account: str = ""

    @property
    def noun(self) -> str:
        """What to call it: role, user, group, account, ..."""
        return split(split(self.name, ":")[5], "/")[0] if self.kind is Kind.IAM_IDENTITY else self.kind.value

    @property
    def written(self) -> str:
        """Its name, the same for an account by its id and by its root."""
        return self.account if self.kind is Kind.ACCOUNT else self.name

    def can_be_simulated_in(self, account: str) -> bool:
        """Whether the policy simulator of an account knows it: one role, user or group of that account."""
        return self.kind is Kind.IAM_IDENTITY and self.account == account and not has_wildcard(self.name)


@dataclass(frozen=True)
class Source:
    """The resources that a service acts for: all of an account in a Region, or Lambda functions by name."""

    account: str
    region: str
    function: str = "*"


def principal_of(text: object) -> Principal | None:
    """Read a principal, or None if it is none."""
    if isinstance(text, str):
        for kind, pattern in _PATTERNS:
            if match := pattern.fullmatch(text):
                return Principal(text, kind, match["account"])
    return None
