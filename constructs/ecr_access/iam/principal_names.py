"""Who may be named in a text: principals as typed values; knows nothing of the CDK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.iam.principal_corrections import corrected
from ecr_access.iam.principal_forms import ACCOUNT, IAM_ARN, ORGANIZATION, SERVICE, UNIT_PATH, fault, has_wildcard
from ecr_access.wording import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class RoleKey:
    """A role that the manifest itself makes, by its key."""

    key: str


@dataclass(frozen=True)
class IamArn:
    """A role or user that exists already, in whatever account; several of another account, if it has wildcards."""

    arn: str


@dataclass(frozen=True)
class Account:
    """An AWS account."""

    account_id: str


@dataclass(frozen=True)
class Organization:
    """Every principal of an organization of AWS Organizations."""

    organization_id: str


@dataclass(frozen=True)
class UnitPath:
    """Every principal of an organizational unit, and of the units below it if the path ends with a wildcard."""

    path: str


@dataclass(frozen=True)
class Service:
    """An AWS service, acting for an account or a resource; for its stack's own account where neither is named."""

    name: str
    source_account: str | None = None
    source_arn: str | None = None


ExternalPrincipal = IamArn | Account | Organization | UnitPath | Service
"""A principal that exists without the manifest."""

PrincipalName = RoleKey | ExternalPrincipal

_ROLE_KEY: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")
_OUTSIDE: Final = (
    "the ARN of an IAM role or user, a 12-digit account id, an organization id ('o-...'), a unit path "
    "('o-.../r-.../ou-.../') or a service name ('codebuild.amazonaws.com')"
)


class UnknownPrincipalError(ValueError):
    """A text that names no principal; worded when it is told, since the nearest key is looked for in all roles."""

    def __init__(self, text: str, roles: Collection[str]) -> None:
        super().__init__(text, roles)
        self._text = text
        self._roles = roles

    def __str__(self) -> str:
        """Write what is wrong, and what is allowed."""
        own = listed(self._roles) or "none are declared"
        near = did_you_mean(self._text, self._roles)
        why = f"{fault(self._text)}{near}" if near else _fault(self._text)
        return f'{quoted(self._text)} {why}; allowed: a key of "roles" ({own}), {_OUTSIDE}'


def role_key_error(key: str) -> str | None:
    """Say what is wrong with the key of a role; None if nothing is."""
    if ORGANIZATION.fullmatch(key):
        return f"{quoted(key)} reads as an organization id; choose another key"
    if not _ROLE_KEY.fullmatch(key):
        return (
            f"{quoted(key)} cannot be the key of a role; allowed: lowercase words of letters and digits joined by "
            "hyphens, each starting with a letter, such as 'ci' or 'web-deploy'"
        )
    return None


def account_error(text: str) -> str | None:
    """Say what is wrong with the id of an account; None if nothing is."""
    return None if ACCOUNT.fullmatch(text) else f"{quoted(text)} {fault(text)}; allowed: a 12-digit account id"


def service_error(text: str) -> str | None:
    """Say what is wrong with the name of a service; None if nothing is."""
    if SERVICE.fullmatch(text):
        return None
    return f"{quoted(text)} is no service name; allowed: one such as 'codebuild.amazonaws.com'"


def read_principal(text: str, *, roles: Collection[str]) -> PrincipalName:
    """Read the name of a principal, which may be the key of one of the manifest's own roles.

    Raises:
        UnknownPrincipalError: if it names none of the allowed kinds.
    """
    if text in roles:
        return RoleKey(text)
    if name := external(text):
        return name
    raise UnknownPrincipalError(text, roles)


def read_trusted(text: str) -> ExternalPrincipal:
    """Read the name of a principal that may assume a role, which exists without the manifest.

    Raises:
        ValueError: if it names none of the allowed kinds, or has wildcards, which a trust policy does not know.
    """
    name = external(text)
    if name is None:
        raise ValueError(f"{quoted(text)} {refusal(text)}")
    if isinstance(name, IamArn) and has_wildcard(text):
        raise ValueError(
            f"{quoted(text)} has a wildcard, which the trust policy of a role does not know; name each role or user; "
            f"allowed: {_OUTSIDE}"
        )
    return name


def external(text: str) -> ExternalPrincipal | None:
    """Read the name of a principal that exists by itself; None if it names none."""
    if IAM_ARN.fullmatch(text):
        return IamArn(text)
    if ACCOUNT.fullmatch(text):
        return Account(text)
    if ORGANIZATION.fullmatch(text):
        return Organization(text)
    if UNIT_PATH.fullmatch(text):
        return UnitPath(text)
    return Service(text) if SERVICE.fullmatch(text) else None


def refusal(text: str) -> str:
    """Say why a text names no principal, which one is probably meant, and what is allowed."""
    return f"{_fault(text)}; allowed: {_OUTSIDE}"


def _fault(text: str) -> str:
    """Say what is wrong with a text, and which principal is meant, unless that is said already."""
    why, meant = fault(text), corrected(text)
    return f"{why}; did you mean {meant!r}?" if meant and repr(meant) not in why else why
