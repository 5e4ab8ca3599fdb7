"""Whether a statement of a resource policy is for every caller, of every account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.conditions import conditions_of
from ecr_access.iam.statements import texts_of
from ecr_access.iam.unknown_text import MARK, is_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.iam.conditions import Condition

_ALL: Final = "*"
# What any caller can bring along, or what is the same for all requests to one repository. Any other key, also one that
# is not known, may be what keeps others out.
_OPEN_KEYS: Final = re.compile(
    "aws:(?:securetransport|multifactorauthpresent|multifactorauthage|currenttime|epochtime|tokenissuetime"
    "|requestedregion|useragent|referer|principaltype|viaawsservice"
    "|resourceaccount|resourceorgid|resourceorgpaths|resourcetag/.*|requesttag/.*|tagkeys)|ecr:resourcetag/.*"
)
# Keys that most requests lack, so that "if it exists" keeps out only the few requests that have them.
_OPTIONAL_KEYS: Final = frozenset(
    f"aws:{one}"
    for one in ("principalorgid", "principalorgpaths", "sourceaccount", "sourcearn", "sourcevpc", "sourcevpce")
)
_LIKE: Final = ("stringlike", "arnlike", "arnequals")
# A role of some name is in every account whose owner makes one, and so is an organization.
_ANY_CALLERS: Final = {
    "aws:principalarn": re.compile(rf"arn:(?:[*]|(?:{MARK}|[^:])*:(?:iam|sts|[*])::[*](?::.*)?)"),
    "aws:principalorgid": re.compile(r"o-[*]"),
}
_NO_CALLERS: Final = re.compile(r"(?!)")
_ANY_ADDRESS: Final = ("0.0.0.0/0", "::/0")


def is_public(statement: Mapping[str, Any]) -> bool:
    """Whether a statement certainly counts for every caller, of every account, or for all but a few."""
    listed = _aws(statement.get("NotPrincipal"))
    is_for_all = _ALL in _aws(statement.get("Principal")) or (bool(listed) and not any(map(is_mark, listed)))
    return is_for_all and not any(map(_keeps_out, conditions_of(statement)))


def may_exempt_some(statement: Mapping[str, Any]) -> bool:
    """Whether a Deny may exempt the callers that are meant, as by their organization."""
    listed, keys = _aws(statement.get("Principal")), [one.key.lower() for one in conditions_of(statement)]
    if "NotPrincipal" in statement or any(map(is_mark, listed)):
        return True
    return _ALL in listed and (not keys or not all(map(_OPEN_KEYS.fullmatch, keys)))


def _keeps_out(one: Condition) -> bool:
    """Whether a condition may be met by some callers alone, and not by all, or by all but a few."""
    operator, key = one.operator, one.key.lower()
    if operator.name == "null":
        return True
    is_optional = operator.if_exists and key in _OPTIONAL_KEYS
    return not (operator.negated or is_optional or _OPEN_KEYS.fullmatch(key) or _is_met_by_any(one, key))


def _is_met_by_any(one: Condition, key: str) -> bool:
    """Whether one of the values is met by all that is compared with it, or by what any caller can make."""
    if one.operator.name == "ipaddress":
        return any(value in _ANY_ADDRESS for value in one.values)
    pattern = _ANY_CALLERS.get(key, _NO_CALLERS)
    return one.operator.name in _LIKE and any({*value} == {_ALL} or pattern.fullmatch(value) for value in one.values)


def _aws(element: object) -> list[str]:
    return texts_of(element.get("AWS") if isinstance(element, dict) else element)
