"""Whom the policies of repositories name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.documents.templates.unknowns import MARK

if TYPE_CHECKING:
    from ecr_access.rules.access.repositories import Repository
    from ecr_access.rules.access.resource_policies import ResourcePolicy
    from ecr_access.rules.access.statements import Statement

_PART: Final = f"(?:{MARK}|[^:\ue000\ue001])+"
_ARN: Final = re.compile(rf"arn:(?P<partition>{_PART}):(?:iam|sts)::(?P<account>{_PART}):(?P<rest>.+)")
_ACCOUNT: Final = re.compile(r"\d{12}")
_PERSONAL: Final = ("role/", "user/")


def account_of(principal: str) -> str:
    """Return the account that a principal is of, as a text; empty if it does not say."""
    if _ACCOUNT.fullmatch(principal):
        return principal
    match = _ARN.fullmatch(principal)
    return match["account"] if match else ""


def root_of(principal: str) -> str:
    """Return the ARN that stands for the account of a principal that is an ARN itself."""
    match = _ARN.fullmatch(principal)
    return f"arn:{match['partition']}:iam::{match['account']}:root" if match else principal


def own_account(one: Repository | ResourcePolicy) -> str:
    """Return the account that a repository, or its policy, is in, as a text."""
    return str(pseudo("AWS::AccountId", one.resource.template))


def is_personal(principal: str) -> bool:
    """Whether it is one role or user, and not a whole account."""
    match = _ARN.fullmatch(principal)
    return match is not None and match["rest"].startswith(_PERSONAL)


def names_service(statement: Statement, service: str) -> bool:
    """Whether a statement may be about a service: it names it, or everybody, or somebody not known."""
    if "NotPrincipal" in statement.raw or "*" in statement.principals.get("AWS", ()):
        return True
    return any(one in (service, "*") or "\ue000" in one for one in statement.principals.get("Service", ()))
