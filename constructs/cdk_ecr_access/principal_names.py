"""Who may be named in a text: principals as typed values; knows nothing of the CDK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cdk_ecr_access.wording import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class RoleKey:
    """A role that the manifest itself makes, by its key."""

    key: str


@dataclass(frozen=True)
class IamArn:
    """A role or user that exists already, in whatever account."""

    arn: str


@dataclass(frozen=True)
class Account:
    """An AWS account."""

    account_id: str


@dataclass(frozen=True)
class Organization:
    """Everybody in an organization of AWS Organizations."""

    organization_id: str


@dataclass(frozen=True)
class Service:
    """An AWS service."""

    name: str


OutsideName = IamArn | Account | Organization | Service
"""Whoever exists without the manifest."""

PrincipalName = RoleKey | OutsideName

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_IAM_ARN: Final = re.compile(r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/([!-.0-~]+/)*[A-Za-z0-9_+=,.@-]{1,64}")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}")
_SERVICE: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_ROLE_KEY: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")
_ARN_FIELDS: Final = 6
_OUTSIDE: Final = (
    "the ARN of an IAM role or user, a 12-digit account id, an organization id ('o-...') or a service name "
    "('codebuild.amazonaws.com')"
)


def role_key_error(key: str) -> str | None:
    """Say what is wrong with the key of a role; None if nothing is."""
    if _ORGANIZATION.fullmatch(key):
        return f"{quoted(key)} reads as an organization id; choose another key"
    if not _ROLE_KEY.fullmatch(key):
        return (
            f"{quoted(key)} cannot be the key of a role; allowed: lowercase words of letters and digits joined by "
            "hyphens, each starting with a letter, such as 'ci' or 'web-deploy'"
        )
    return None


def read_principal(text: str, *, roles: Collection[str]) -> PrincipalName:
    """Read the name of a principal, which may be the key of one of the manifest's own roles.

    Raises:
        ValueError: if it names none of the allowed kinds.
    """
    if text in roles:
        return RoleKey(text)
    if name := _outside(text):
        return name
    own = ", ".join(map(repr, roles)) or "none are declared"
    raise ValueError(
        f'{quoted(text)} {_fault(text)}{did_you_mean(text, roles)}; allowed: a key of "roles" ({own}), {_OUTSIDE}'
    )


def read_outside(text: str) -> OutsideName:
    """Read the name of a principal that exists without the manifest.

    Raises:
        ValueError: if it names none of the allowed kinds.
    """
    if name := _outside(text):
        return name
    raise ValueError(f"{quoted(text)} {_fault(text)}; allowed: {_OUTSIDE}")


def _outside(text: str) -> OutsideName | None:
    if _IAM_ARN.fullmatch(text) and not _has_wildcard(text):
        return IamArn(text)
    if _ACCOUNT.fullmatch(text):
        return Account(text)
    if _ORGANIZATION.fullmatch(text):
        return Organization(text)
    return Service(text) if _SERVICE.fullmatch(text) else None


def _fault(text: str) -> str:
    """Say what is probably meant by a text that names nobody."""
    if _has_wildcard(text):
        return "has a wildcard; name each role or user, or their account or organization"
    if text.startswith("arn:"):
        return _arn_fault(text)
    digits = re.sub("[ -]", "", text)
    if re.fullmatch("[0-9]+", digits):
        if _ACCOUNT.fullmatch(digits):
            return f"is not how an account id is written here; write {digits!r}"
        return f"has {len(digits)} digits where an account id has 12, leading zeros included"
    if re.match("o-[^/]*$", text):
        return "is no organization id, which is 'o-' and 10 to 32 lowercase letters and digits"
    return "names no principal"


def _arn_fault(arn: str) -> str:
    """Say why an ARN is not that of a role or user."""
    fields = arn.split(":", _ARN_FIELDS - 1)
    if len(fields) < _ARN_FIELDS:
        return "is no whole ARN, such as 'arn:aws:iam::111122223333:role/ci'"
    _, _, service, _, account, resource = fields
    kind, _, name = resource.partition("/")
    faults = {
        "root": f"is an account; write {account!r}",
        "assumed-role": f"is a session; name its role: 'arn:aws:iam::{account}:role/{name.partition('/')[0]}'",
        "group": "is a group, which no policy can name; name its users or, better, a role",
    }
    if kind in faults:
        return faults[kind]
    if service != "iam":
        return f"is an ARN of {service!r}, not of IAM"
    if not _ACCOUNT.fullmatch(account):
        return f"has the account {account!r}, which is not 12 digits"
    return "is no ARN of a role or user, such as 'arn:aws:iam::111122223333:role/ci'"


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text
