"""The forms in which principals are written, and what is probably meant by a text in none of them; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
IAM_ARN: Final = re.compile(r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/([!-.0-~]+/)*[A-Za-z0-9_+=,.@*?-]{1,64}")
ACCOUNT: Final = re.compile(r"[0-9]{12}")
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html
UNIT_PATH: Final = re.compile(r"o-[a-z0-9]{10,32}/r-[a-z0-9]{4,32}/(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}/)*\*?")
SERVICE: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")

LONGEST: Final = 2048
"""Characters that an ARN has at most, in IAM."""

_FORMS: Final = (IAM_ARN, ACCOUNT, ORGANIZATION, UNIT_PATH, SERVICE)
_ARN_FIELDS: Final = 6
_OF_PRINCIPALS: Final = ("iam", "sts")


def is_principal(text: str) -> bool:
    """Whether a text has one of the forms."""
    return any(form.fullmatch(text) for form in _FORMS)


def fault(text: str) -> str:
    """Say what is probably meant by a text that names no principal."""
    if len(text) > LONGEST:
        return f"has {len(text):,} characters; no name of a principal is that long"
    for form, words in _FAULTS:
        if form.match(text):
            return words if isinstance(words, str) else words(text)
    return "names no principal"


def has_wildcard(text: str) -> bool:
    """Whether a text stands for several."""
    return "*" in text or "?" in text


def _digits_fault(text: str) -> str:
    digits = re.sub("[ -]", "", text)
    if ACCOUNT.fullmatch(digits):
        return f"is not how an account id is written here; write {digits!r}"
    return f"has {len(digits)} digits where an account id has 12, leading zeros included"


def _organization_fault(text: str) -> str:
    """Say why a text is not the id of an organization, nor the path of a unit."""
    if not text.startswith("o-"):
        return "is a part of a unit path, which starts with its organization and root: 'o-.../r-.../ou-.../'"
    if "/" not in text:
        return "is no organization id, which is 'o-' and 10 to 32 lowercase letters and digits"
    if UNIT_PATH.fullmatch(f"{text}/"):
        return f"lacks its last slash; write {f'{text}/'!r} for the unit, or {f'{text}/*'!r} for the units below too"
    return "is no unit path: an organization, its root, and units down to the one meant, each followed by a slash"


def _arn_fault(arn: str) -> str:
    """Say why an ARN is not that of a role or user."""
    fields = arn.split(":", _ARN_FIELDS - 1)
    if len(fields) < _ARN_FIELDS:
        return "is no whole ARN, such as 'arn:aws:iam::111122223333:role/ci'"
    _, _, service, _, account, resource = fields
    if service not in _OF_PRINCIPALS:
        return f"is an ARN of {service!r}, not of IAM"
    kind, _, name = resource.partition("/")
    faults = {
        "root": f"is an account; write {account!r}",
        "assumed-role": f"is a session; name its role: 'arn:aws:iam::{account}:role/{name.partition('/')[0]}'",
        "federated-user": "is a session; name its user",
        "group": "is a group, which no policy can name; name its users or, better, a role",
        "instance-profile": "is an instance profile; name its role",
        "oidc-provider": "is an identity provider; name the role that its users assume",
        "policy": "is a policy, which is no principal; name the roles or users that it is attached to",
        "saml-provider": "is an identity provider; name the role that its users assume",
    }
    if kind in faults:
        return faults[kind]
    if not ACCOUNT.fullmatch(account):
        return f"has the account {account!r}, which is not 12 digits"
    return "is no ARN of a role or user, such as 'arn:aws:iam::111122223333:role/ci'"


_FAULTS: Final[tuple[tuple[re.Pattern[str], str | Callable[[str], str]], ...]] = (
    (re.compile(r"[^$]*\$\{"), "has a '${...}', which nothing fills in here; write its value"),
    (re.compile("arn:"), _arn_fault),
    (re.compile("(o|r|ou)-"), _organization_fault),
    (
        re.compile("[^*?]*[*?]"),
        "has a wildcard, allowed in the ARN of a role or user alone; name their account, organization or unit",
    ),
    (
        re.compile("(role|user)/"),
        "is a part of an ARN; write all of it, such as 'arn:aws:iam::111122223333:role/ci'",
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
    (
        re.compile(r"(AROA|AIDA)[A-Z0-9]+\Z", re.IGNORECASE),
        "is a unique id, which a role or user that is made again does not keep; write its ARN",
    ),
    (re.compile(r"(?=[ -]*[0-9])[0-9 -]+\Z"), _digits_fault),
)
"""What is said of texts that begin so, of the first that fits."""
