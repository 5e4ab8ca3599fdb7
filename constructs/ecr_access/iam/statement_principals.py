"""Which principals a statement of a repository policy names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.arns import account_named, role_of_session
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.wildcards import covers, has_wildcard, may_meet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOT_PRINCIPAL: Final = "NotPrincipal"
"""Stands among condition keys where a ``NotPrincipal`` leaves open which calls a statement is about."""

# A session's ARN names its role without the path.
# What IAM puts in the place of an ARN whose role, user or group has been deleted.
_DELETED: Final = re.compile(r"A(?:ROA|IDA|GPA)[A-Z0-9]{12,}")


def names(
    statement: Mapping[str, Any], principal: Principal, *, owner: str, allowing: bool, bounded: bool = False
) -> tuple[Ternary, str]:
    """Say whether a statement names a principal, and which key leaves that open.

    An Allow must match every caller; a Deny may match some.

    Args:
        statement: of a repository policy.
        principal: the caller, or the callers.
        owner: the account of the repository.
        allowing: whether the statement allows.
        bounded: whether the permissions boundary of the principal leaves the action out: then an Allow counts that
            goes past the boundary. Default: False.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    part = "aws:userid" if _is_one(principal) else "aws:PrincipalArn"
    if bounded and allowing:
        return _passes_boundary(statement, principal, owner), NOT_PRINCIPAL if NOT_PRINCIPAL in statement else part
    if NOT_PRINCIPAL not in statement:
        return _lists(statement.get("Principal"), principal, owner if allowing else "", allowing=allowing), part
    element = statement[NOT_PRINCIPAL]
    if not allowing:
        # Of an account that it lists, a Deny exempts the root user alone; of a role that it lists, neither the
        # sessions nor, if it has a permissions boundary, the role itself.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        if not _lists_itself(element, principal):
            exempts_one = any(_is_session(one, principal) for one in _aws(element))
            return (Ternary.MAYBE, NOT_PRINCIPAL) if exempts_one else (Ternary.YES, "")
        return Ternary.MAYBE if principal.kind is Kind.IAM_IDENTITY else Ternary.NO, NOT_PRINCIPAL
    # An Allow excludes all the roles of an account that it lists.
    return _lists(element, principal, "", allowing=False).negated, NOT_PRINCIPAL


def _passes_boundary(statement: Mapping[str, Any], principal: Principal, owner: str) -> Ternary:
    """Say whether an Allow goes past a permissions boundary: for all callers, a session or a user, not for a role."""
    if NOT_PRINCIPAL in statement:
        # AWS publishes nothing about it.
        named, _ = names(statement, principal, owner=owner, allowing=True)
        return Ternary.NO if named is Ternary.NO else Ternary.MAYBE
    element = statement.get("Principal")
    if principal.noun == "user":
        return _lists(element, principal, owner, allowing=True)
    if "*" in _aws(element):
        return Ternary.YES
    return Ternary.MAYBE if any(_is_session(one, principal) for one in _aws(element)) else Ternary.NO


def names_deleted(statement: Mapping[str, Any]) -> bool:
    """Whether a statement names a principal that has been deleted, so that it allows nothing to it."""
    return any(_DELETED.fullmatch(one) for one in _aws(statement.get("Principal")))


def texts_of(value: object) -> list[str]:
    """List the texts of an element: one, several, or none."""
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _lists(element: object, principal: Principal, delegating: str, *, allowing: bool) -> Ternary:
    if _lists_itself(element, principal):
        return Ternary.YES
    if principal.kind is Kind.SERVICE:
        return Ternary.NO
    listed = list(_aws(element))
    accounts = {account for one in listed if (account := account_named(one))}
    # To allow the repository's own account is to leave the decision to that account's policies.
    if principal.account in accounts - {delegating}:
        return Ternary.YES
    if allowing and not _is_one(principal):
        return Ternary.NO
    return Ternary.MAYBE if any(_is_part(one, principal) for one in listed) else Ternary.NO


def _is_one(principal: Principal) -> bool:
    # A group makes no call: its users do.
    return principal.kind is Kind.IAM_IDENTITY and principal.noun != "group" and not has_wildcard(principal.name)


def _lists_itself(element: object, principal: Principal) -> bool:
    listed = list(_aws(element))
    if principal.kind is Kind.SERVICE and isinstance(element, dict):
        listed += texts_of(element.get("Service"))
    named = principal.kind is Kind.SERVICE or _is_one(principal)
    return "*" in listed or (named and principal.name in listed)


def _is_part(listed: str, principal: Principal) -> bool:
    if principal.kind is Kind.IAM_IDENTITY:
        callers = f"{principal.name.partition(':group/')[0]}:user/*" if principal.noun == "group" else principal.name
        return _is_session(listed, principal) or (not _is_one(principal) and covers(callers, listed))
    if principal.kind is Kind.ACCOUNT:
        return f":{principal.account}:" in listed
    return True


def _is_session(listed: str, principal: Principal) -> bool:
    role = role_of_session(listed)
    if role is None:
        return False
    # The session's ARN has the role's name, and the role may have a path.
    roles, _, name = role.rpartition("/")
    return any(may_meet(one, principal.name) for one in (role, f"{roles}/*/{name}"))


def _aws(element: object) -> Iterator[str]:
    if isinstance(element, dict):
        yield from texts_of(element.get("AWS"))
    elif isinstance(element, str):
        yield element
