"""The principal that a text in none of their forms probably means; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.iam.principal_forms import LONGEST, is_principal

if TYPE_CHECKING:
    from collections.abc import Iterator

_AROUND: Final = " \t\r\n\"'`<>()[]{},;"
# A Region, colons too many or too few, spaces in the account, a kind in capitals or the plural, or left out.
_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):+(?:iam|sts):+(?:[a-z]+-[a-z-]+-[0-9]:+)?(?P<account>[0-9 -]{12,14}):+"
    r"(?:(?P<kind>roles?|users?|assumed-role|federated-user|instance-profile)[/:]+(?P<name>[^:]+)|(?P<alone>(?!root$)[^/:*?]+))",
    re.IGNORECASE,
)
_USERS: Final = ("user", "federated-user")
_SERVICE: Final = re.compile(r"(?:https?://)?([a-z0-9-]+)\.(?:aws|amazon|amazonaws)(?:\.com)?[./]*", re.IGNORECASE)


def corrected(text: str) -> str | None:
    """Return the principal that a text probably means; None where that is anyone's guess."""
    if len(text) > LONGEST:
        return None
    return next((one for one in _candidates(text.strip(_AROUND)) if one != text and is_principal(one)), None)


def _candidates(bare: str) -> Iterator[str]:
    yield bare
    if match := _ARN.fullmatch(bare):
        account = re.sub("[ -]", "", match["account"])
        yield f"arn:{match['partition'].lower()}:iam::{account}:{_resource(match)}"
    elif match := _SERVICE.fullmatch(bare):
        yield f"{match[1].lower()}.amazonaws.com"
    else:
        yield bare.lower()


def _resource(arn: re.Match[str]) -> str:
    kind, name = (arn["kind"] or "role").lower(), arn["name"] or arn["alone"]
    if kind == "assumed-role":
        name = name.partition("/")[0]
    return f"{'user' if kind.removesuffix('s') in _USERS else 'role'}/{name}"
