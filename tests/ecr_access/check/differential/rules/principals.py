"""The elements ``Principal`` and ``NotPrincipal``: how a repository policy's statement names a caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.rules.operators import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCOUNT: Final = re.compile(r"(?:arn:aws:iam::)?(\d{12})(?::root)?")


@dataclass(frozen=True)
class Caller:
    """Who makes a request.

    Attributes:
        arn: what AWS authenticates: a user's ARN, the ARN of a role's session, or a service's name.
        identity: the user's or the role's ARN; a service's name.
        account: where the user or role lives; empty for a service.
    """

    arn: str
    identity: str
    account: str

    @property
    def is_service(self) -> bool:
        """Whether an AWS service calls for itself."""
        return not self.account


class Match(IntEnum):
    """How a statement names a caller; what is larger outweighs more of the caller's other policies."""

    NONE = 0
    ACCOUNT = 1
    """By its account: that leaves the decision to the account's own policies."""
    ROLE = 2
    """By the role of its session: its permissions boundary limits that."""
    ITSELF = 3
    """As the user or the session that calls, the service, or ``*``: a permissions boundary does not limit that."""


@dataclass(frozen=True)
class Reading:
    """How to read what AWS's pages leave open about ``NotPrincipal``.

    In a deny, AWS asks to list a principal's account and session beside it, since the principal *may* be denied
    otherwise. ``strict``: it is denied. With Allow the element is "not supported", and no page says whether such
    a statement passes a permissions boundary. ``strict``: it does not.
    """

    strict: bool


LENIENT: Final = Reading(strict=False)
STRICT: Final = Reading(strict=True)


def named(statement: Mapping[str, Any], caller: Caller, *, has_boundary: bool, reading: Reading) -> Match:
    """Return how a statement of a repository policy names a caller."""
    if "NotPrincipal" not in statement:
        return listed(statement["Principal"], caller)
    element = statement["NotPrincipal"]
    if statement["Effect"] == "Allow":
        if listed(element, caller):
            return Match.NONE
        return Match.ROLE if reading.strict and not caller.is_service else Match.ITSELF
    # "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary
    # policy attached": https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    is_spared = not has_boundary and _is_spared(element, caller, reading)
    return Match.NONE if is_spared else Match.ITSELF


def listed(element: object, caller: Caller) -> Match:
    """Return how a ``Principal`` element lists a caller: ``*`` and ``{"AWS": "*"}`` are the same."""
    schemes = element if isinstance(element, dict) else {"AWS": element}
    names = texts(schemes.get("AWS"))
    if "*" in names or (caller.is_service and caller.arn in texts(schemes.get("Service"))):
        return Match.ITSELF
    if caller.is_service:
        return Match.NONE
    if caller.arn in names:
        return Match.ITSELF
    if caller.identity in names:
        return Match.ROLE
    return Match.ACCOUNT if _is_account_listed(names, caller) else Match.NONE


def _is_account_listed(names: list[str], caller: Caller) -> bool:
    return any((match := _ACCOUNT.fullmatch(one)) and match[1] == caller.account for one in names)


def _is_spared(element: object, caller: Caller, reading: Reading) -> bool:
    """Whether a deny for all but the listed spares a caller; an account that is listed spares none of its roles."""
    match = listed(element, caller)
    if match < Match.ROLE or caller.is_service or not reading.strict:
        return match >= Match.ROLE
    names = texts(element.get("AWS") if isinstance(element, dict) else element)
    return "*" in names or (_is_account_listed(names, caller) and {caller.arn, caller.identity} <= set(names))
