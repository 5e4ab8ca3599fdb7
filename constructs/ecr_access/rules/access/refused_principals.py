"""Principals that no policy of a repository can name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import Final

from ecr_access.iam.arns import ARN_PARTS
from ecr_access.iam.principal_forms import ACCOUNT, has_wildcard
from ecr_access.iam.unknown_text import is_known, known_of, split

_SERVICES: Final = ("iam", "sts")
_NAMED: Final = ("role", "user", "assumed-role", "federated-user")
_ROOT: Final = "root"
# Of a role, user or group that has been deleted, as IAM writes it.
_UNIQUE_ID: Final = re.compile(r"A[A-Z0-9]{15,}")


def refused(principal: str) -> str:
    """Say why no policy of a repository can name a principal of ``AWS``; empty if one may, or if it is not known."""
    if principal == "*" or ACCOUNT.fullmatch(principal) or _UNIQUE_ID.fullmatch(principal):
        return ""
    parts = split(principal, ":")
    if parts[0] == "arn" and len(parts) >= ARN_PARTS:
        return _refused_arn(parts)
    if not is_known(principal):
        return ""
    if principal.isdigit():
        return f"has {len(principal)} digits, and an account id has 12"
    return "is no ARN, no account id and not '*'"


def is_session(principal: str) -> bool:
    """Whether it is one session of a role, or of a federated user."""
    parts = split(principal, ":")
    return len(parts) == ARN_PARTS and parts[2] == "sts"


def _refused_arn(parts: list[str]) -> str:
    _, _, service, _, account, *rest = parts
    resource = ":".join(rest)
    kind, slash, _ = resource.partition("/")
    if is_known(service) and service not in _SERVICES:
        return f"is an ARN of {service}, and not of a role, user or account"
    if has_wildcard(known_of(account + resource)):
        return "has a wildcard, which a principal cannot have but '*' alone"
    if is_known(account) and not ACCOUNT.fullmatch(account):
        return f"has the account '{account}', which is not 12 digits"
    if not is_known(kind) or kind in (*_NAMED, _ROOT):
        return ""
    what = {"group": "is a group", "instance-profile": "is an instance profile and not its role"}
    return what.get(kind) or (f"is a {kind}" if slash else "names no role or user")
