"""Which principals a statement of a repository policy names.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.arns import ARN_PARTS, account_named
from ecr_access.iam.principals import Kind, Principal
from ecr_access.iam.statements import texts_of
from ecr_access.iam.ternary import Ternary, all_of, any_of
from ecr_access.iam.unknown_text import equal, is_known, is_mark, split
from ecr_access.iam.wildcards import covers, has_wildcard, may_meet

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_PRINCIPAL: Final = "NotPrincipal"
"""Stands among condition keys where a ``NotPrincipal`` leaves open which calls a statement is about."""

# What IAM puts in the place of an ARN whose role, user or group has been deleted.
_DELETED: Final = re.compile(r"A(?:ROA|IDA|GPA)[A-Z0-9]{12,}")
_SESSION_PARTS: Final = 2


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
        itself = _lists_itself(element, principal)
        if itself is Ternary.NO:
            named = any_of(_is_session(one, principal) for one in _aws(element)).negated
            return named, "" if named is Ternary.YES else NOT_PRINCIPAL
        is_open = itself is Ternary.MAYBE or principal.kind is Kind.IAM_IDENTITY
        return Ternary.MAYBE if is_open else Ternary.NO, NOT_PRINCIPAL
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
    return any_of(
        Ternary.YES
        if one == "*"
        else Ternary.MAYBE
        if is_mark(one) and one != principal.name
        else _is_session(one, principal)
        for one in _aws(element)
    )


def names_deleted(statement: Mapping[str, Any]) -> bool:
    """Whether a statement names a principal that has been deleted, so that it allows nothing to it."""
    return any(_DELETED.fullmatch(one) for one in _aws(statement.get("Principal")))


def _lists(element: object, principal: Principal, delegating: str, *, allowing: bool) -> Ternary:
    """Say whether an element lists a principal, or the account that it is of; an Allow has to list every caller."""
    listed = [*_aws(element), *_services(element, principal)]
    return any_of(_is_meant(one, principal, delegating, allowing=allowing) for one in listed)


def _is_meant(listed: str, principal: Principal, delegating: str, *, allowing: bool) -> Ternary:
    if listed == "*":
        return Ternary.YES
    if is_mark(listed) and listed not in (principal.name, principal.account):
        return Ternary.MAYBE
    if principal.kind is Kind.SERVICE:
        return equal(listed, principal.name)
    whole = Ternary.NO
    if (account := account_named(listed)) and principal.account:
        # To allow the repository's own account is to leave the decision to that account's policies.
        elsewhere = equal(principal.account, delegating).negated if delegating else Ternary.YES
        whole = all_of((equal(account, principal.account), elsewhere))
    itself = equal(listed, principal.name) if _is_one(principal) else Ternary.NO
    part = _is_part(listed, principal) if _is_one(principal) or not allowing else Ternary.NO
    return any_of((whole, itself, part))


def _is_one(principal: Principal) -> bool:
    # A group makes no call: its users do.
    return principal.kind is Kind.IAM_IDENTITY and principal.noun != "group" and not has_wildcard(principal.name)


def _lists_itself(element: object, principal: Principal) -> Ternary:
    """Say whether an element lists a principal by its own name, or by ``*``."""
    named = principal.kind is Kind.SERVICE or _is_one(principal)
    return any_of(
        Ternary.YES if one == "*" else equal(one, principal.name) if named or is_mark(one) else Ternary.NO
        for one in [*_aws(element), *_services(element, principal)]
    )


def _is_part(listed: str, principal: Principal) -> Ternary:
    """Say whether what is listed may be one of several callers, or of several sessions: MAYBE or NO."""
    if principal.kind is Kind.IAM_IDENTITY:
        callers = f"{principal.name.partition(':group/')[0]}:user/*" if principal.noun == "group" else principal.name
        is_covered = not _is_one(principal) and (covers(callers, listed) or not is_known(listed + callers))
        return Ternary.MAYBE if is_covered and may_meet(callers, listed) else _is_session(listed, principal)
    if principal.kind is Kind.ACCOUNT:
        parts = split(listed, ":")
        is_of = len(parts) == ARN_PARTS and equal(parts[4], principal.account) is not Ternary.NO
        return Ternary.MAYBE if is_of else Ternary.NO
    return Ternary.MAYBE


def _is_session(listed: str, principal: Principal) -> Ternary:
    """Say whether what is listed may be a session of a role: MAYBE or NO."""
    parts = split(listed, ":")
    if len(parts) != ARN_PARTS or parts[2] != "sts":
        return Ternary.NO
    kind, *path = split(parts[5], "/")
    if kind != "assumed-role" or (len(path) < _SESSION_PARTS and is_known(listed)):
        return Ternary.NO
    # A session's ARN names its role without the path.
    roles = f"{parts[0]}:{parts[1]}:iam::{parts[4]}:role/"
    names_role = any(may_meet(one, principal.name) for one in (f"{roles}{path[0]}", f"{roles}*/{path[0]}"))
    return Ternary.MAYBE if names_role else Ternary.NO


def _aws(element: object) -> list[str]:
    if isinstance(element, dict):
        return texts_of(element.get("AWS"))
    return [element] if isinstance(element, str) else []


def _services(element: object, principal: Principal) -> list[str]:
    if principal.kind is Kind.SERVICE and isinstance(element, dict):
        return texts_of(element.get("Service"))
    return []
