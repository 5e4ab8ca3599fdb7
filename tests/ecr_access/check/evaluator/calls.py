"""The calls that a principal of a requirement stands for, with the context that AWS would give each.

A role calls as a session of it, a pattern of roles as any of them, an account as any role or user of it, or its root
user, an organization as any principal of its accounts, a service for some resource. What a requirement leaves open is
tried in all values: the organization that a role is in, the address and endpoint of a call, the tags of the caller.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from tests.ecr_access.check.policies import (
    ELSEWHERE,
    FOREIGN,
    HERE,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    OTHER_UNIT,
    ROLE,
    SOME_ROLES,
    TAG,
    THERE,
    UNIT,
    USER,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Context = dict[str, object]

_FOREIGN_USER: Final = f"arn:aws:iam::{THERE}:user/ann"
_ROOT_USER: Final = f"arn:aws:iam::{THERE}:root"
# One of each account, so that no drawn list names them all.
_UNNAMED: Final = tuple(f"arn:aws:iam::{account}:role/unnamed" for account in (HERE, THERE, ELSEWHERE))
_SOME: Final = (FOREIGN + "-1", FOREIGN + "-2", FOREIGN + "-12")
_OF_THERE: Final = (FOREIGN, *_SOME, _UNNAMED[1], _FOREIGN_USER, _ROOT_USER)
_OF_ALL: Final = (ROLE, USER, _UNNAMED[0], _UNNAMED[2], *_OF_THERE)
_ORGANIZED: Final[dict[str, tuple[str, ...]]] = {
    ORGANIZATION: (UNIT, OTHER_UNIT),
    UNIT: (UNIT,),
    UNIT + "*": (UNIT, UNIT + "ou-ab12-22222222/"),
}
_PATHS_ELSEWHERE: Final = tuple(f"{one}/r-zz12/ou-zz12-11111111/" for one in (OTHER_ORGANIZATION, "o-unnamed1234"))
_PATHS: Final = (UNIT, UNIT + "ou-ab12-22222222/", OTHER_UNIT, *_PATHS_ELSEWHERE)
_TAGS: Final = ("ci", "ci-1", "ci-12", "ann", "other")


def _in_organization(path: str) -> Context:
    return {"aws:PrincipalOrgID": path.partition("/")[0], "aws:PrincipalOrgPaths": [path]}


_OPEN: Final[dict[str, tuple[Context, ...]]] = {
    "aws:principalorg": ({}, *map(_in_organization, _PATHS)),
    "aws:sourceip": ({}, {"aws:SourceIp": "10.0.0.1"}, {"aws:SourceIp": "192.0.2.1"}),
    "aws:sourcevpce": ({}, {"aws:SourceVpce": "vpce-1"}, {"aws:SourceVpce": "vpce-2"}),
    TAG.lower(): ({}, *(dict[str, object]({TAG: value}) for value in _TAGS)),
}


_NO_POLICY_NAMES: Final = "(AWS service)"
# What no page of AWS tells of a call by Lambda itself.
_OPEN_OF_SERVICE: Final[dict[str, tuple[Context, ...]]] = {
    **{key: values for key, values in _OPEN.items() if key != "aws:principalorg"},
    "aws:sourceaccount": ({}, {"aws:SourceAccount": HERE}),
    "aws:principalarn": ({}, {"aws:PrincipalArn": f"arn:aws:{':'.join([_NO_POLICY_NAMES] * 4)}"}),
    "aws:principalaccount": ({}, {"aws:PrincipalAccount": _NO_POLICY_NAMES}),
    "aws:principaltype": ({"aws:PrincipalType": "Service"}, {"aws:PrincipalType": _NO_POLICY_NAMES}),
}


@dataclass(frozen=True)
class Call:
    """One call: who makes it, its context, and whether it is one of the repository's own account."""

    principal: str
    context: Mapping[str, object]
    account: str

    def is_allowed_by(self, said: str) -> bool:
        """Whether the answer allows it: across accounts, what is said to a whole account is said to its roles."""
        return said == "Allowed" or (said == "AllowedForAccount" and self.account != HERE)


def calls_of(principal: str, policy: object) -> list[list[Call]]:
    """List a principal's calls: one group for each value of what a requirement leaves open, each of every caller."""
    text = json.dumps(policy).lower()
    callers = list(_callers(principal))
    is_open = _OPEN_OF_SERVICE if _is_service(principal) else _OPEN
    known = {"aws:principalorg"} if principal in _ORGANIZED else set()
    axes = [values for key, values in is_open.items() if key in text and key not in known]
    return [
        [Call(who, {**context, **_joined(opened)}, account) for who, context, account in callers]
        for opened in product(*axes)
    ]


def _is_service(principal: str) -> bool:
    return principal.endswith(".amazonaws.com")


def _joined(opened: tuple[Context, ...]) -> Context:
    return {key: value for one in opened for key, value in one.items()}


def _callers(principal: str) -> Iterator[tuple[str, Context, str]]:
    if _is_service(principal):
        for function in ("app", "web"):
            source = {"aws:SourceArn": f"arn:aws:lambda:eu-west-1:{HERE}:function:{function}"}
            yield principal, {"aws:PrincipalServiceName": principal, **_always(service=True), **source}, ""
        return
    for path in _ORGANIZED.get(principal, ("",)):
        organized = _in_organization(path) if path else {}
        for arn in _members(principal):
            account = arn.split(":")[4]
            kind = "AssumedRole" if ":role/" in arn else "User" if ":user/" in arn else "Account"
            who = {"aws:PrincipalArn": arn, "aws:PrincipalAccount": account, "aws:PrincipalType": kind, **organized}
            who |= _always(service=False)
            yield from ((session, who, account) for session in _sessions(arn))


def _always(*, service: bool) -> Context:
    return {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": str(service).lower()}


def _members(principal: str) -> tuple[str, ...]:
    if principal in _ORGANIZED:
        return _OF_ALL
    if principal == SOME_ROLES:
        return _SOME
    return _OF_THERE if principal == THERE else (principal,)


def _sessions(arn: str) -> tuple[str, ...]:
    place, _, name = arn.partition(":role/")
    sessions = place.replace(":iam:", ":sts:") + f":assumed-role/{name}/"
    return (sessions + "one", sessions + "two") if name else (arn,)
