"""Whether a statement of a resource policy is for everybody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, listed, mapping
from ecr_access.documents.templates.unknowns import is_mark

if TYPE_CHECKING:
    from ecr_access.rules.access.statements import Statement

_ALL: Final = "*"
# What anybody can bring along, or what is the same for all requests to one repository. Any other key, also one that is
# not known, may be what keeps others out.
_OPEN_KEYS: Final = re.compile(
    "aws:(?:securetransport|multifactorauthpresent|multifactorauthage|currenttime|epochtime|tokenissuetime"
    "|requestedregion|useragent|referer|principaltype|viaawsservice"
    "|resourceaccount|resourceorgid|resourceorgpaths|resourcetag/.*|requesttag/.*|tagkeys)|ecr:resourcetag/.*"
)
_NEGATED: Final = re.compile(r"(?:for(?:any|all)value[s]?:)?(?:not|\w+not)\w*")
_LIKE: Final = re.compile(r"(?:for(?:any|all)values?:)?(?:stringlike|arnlike|arnequals)(?:ifexists)?")
# What the requests of most do not bring along, so that "if it exists" keeps out those few that do.
_OPTIONAL_KEYS: Final = frozenset(
    f"aws:{one}"
    for one in ("principalorgid", "principalorgpaths", "sourceaccount", "sourcearn", "sourcevpc", "sourcevpce")
)
# A role of some name is in every account whose owner makes one, and so is an organization.
_ANYBODYS: Final = {
    "aws:principalarn": re.compile(r"arn:(?:[*]|[^:]*:(?:iam|sts|[*])::[*](?::.*)?)"),
    "aws:principalorgid": re.compile(r"o-[*]"),
}
_NOBODYS: Final = re.compile(r"(?!)")
_ANY_ADDRESS: Final = ("0.0.0.0/0", "::/0")


def is_for_everybody(statement: Statement) -> bool:
    """Whether a statement certainly counts for everybody, of whatever account."""
    if _ALL not in statement.principals.get("AWS", ()) and not _leaves_out_some(statement):
        return False
    condition = statement.raw.get("Condition", NO_VALUE)
    if condition == NO_VALUE:
        return True
    if not isinstance(condition, dict) or is_function(condition):
        return False
    return all(_lets_everybody(operator.lower(), keys) for operator, keys in condition.items())


def _leaves_out_some(statement: Statement) -> bool:
    """Whether it is for all but some principals."""
    return statement.raw.get("NotPrincipal", NO_VALUE) != NO_VALUE and not is_function(statement.raw["NotPrincipal"])


def may_keep_out(statement: Statement) -> bool:
    """Whether a statement that denies may be for all but those who are meant, as by their organization."""
    names = statement.principals.get("AWS", ())
    if "NotPrincipal" in statement.raw or any(map(is_mark, names)):
        return True
    keys = [str(key).lower() for keys in statement.condition.values() for key in mapping(keys)]
    return _ALL in names and (not keys or not all(map(_OPEN_KEYS.fullmatch, keys)))


def _lets_everybody(operator: str, keys: object) -> bool:
    """Whether all tests of an operator are met by everybody, or by all but some."""
    if keys == NO_VALUE:
        return True
    if not isinstance(keys, dict) or is_function(keys):
        return False
    if operator == "null":
        return False
    return all(
        _OPEN_KEYS.fullmatch(key.lower())
        or (operator.endswith("ifexists") and key.lower() in _OPTIONAL_KEYS)
        or _NEGATED.fullmatch(operator)
        or _is_any(operator, key.lower(), value)
        for key, value in keys.items()
    )


def _is_any(operator: str, key: str, value: Any) -> bool:
    """Whether one of the values is met by whatever is compared with it, or by what anybody can make."""
    if "ipaddress" in operator:
        return any(one in _ANY_ADDRESS for one in listed(value))
    texts = [one for one in listed(value) if isinstance(one, str)] if _LIKE.fullmatch(operator) else []
    return any(set(one) == {_ALL} or _ANYBODYS.get(key, _NOBODYS).fullmatch(one) for one in texts)
