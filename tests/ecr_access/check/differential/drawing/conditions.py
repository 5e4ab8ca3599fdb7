"""Draws the element ``Condition``: every operator, with every prefix and suffix, on keys of every type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.world import (
    CHILD,
    CODEBUILD,
    ELSEWHERE,
    ELSEWHERE_UNIT,
    HERE,
    LAMBDA,
    ORGANIZATION,
    OTHER_ORGANIZATION,
    OTHER_UNIT,
    ROOT,
    TAG,
    THERE,
    UNIT,
    role,
    user,
)

if TYPE_CHECKING:
    from random import Random

    from tests.ecr_access.check.differential.rules.statements import Json

_ORGANIZATIONS: Final = (ORGANIZATION, OTHER_ORGANIZATION)
_PATHS: Final = (UNIT, UNIT[:-1], UNIT + "*", CHILD, OTHER_UNIT, ROOT + "*", f"{ORGANIZATION}/*", ELSEWHERE_UNIT)
_SOURCES: Final = (
    *(f"arn:aws:lambda:eu-west-1:{account}:function:*" for account in (HERE, THERE)),
    *(f"arn:aws:codebuild:eu-west-1:{account}:project/*" for account in (HERE, THERE)),
    *(f"arn:aws:lambda:eu-west-1:{HERE}:function:app", f"arn:aws:lambda:us-east-1:{HERE}:function:*"),
    *(f"arn:aws:lambda:*:{HERE}:*", f"arn:aws:codebuild:eu-west-1:{HERE}:project/app"),
)
ARNS: Final = (
    *(role(HERE, "ci"), role(HERE, "team/build"), user(HERE, "ann"), role(THERE, "ci"), role(THERE, "ci-1")),
    *(role(HERE, "*"), role(THERE, "ci-*"), role(THERE, "ci*"), role("*", "ci"), user(HERE, "*")),
    *(f"arn:aws:iam::{HERE}:*", f"arn:aws:iam::{THERE}:*", f"arn:*:iam::{HERE}:role/c?"),
)

KNOWN: Final[dict[str, tuple[str, tuple[object, ...]]]] = {
    "aws:PrincipalArn": ("arn", ARNS),
    "aws:PrincipalAccount": ("string", (HERE, THERE, ELSEWHERE, int(HERE), int(THERE))),
    "aws:PrincipalType": ("string", ("User", "AssumedRole", "Account", "FederatedUser")),
    "aws:PrincipalIsAWSService": ("boolean", ()),
    "aws:PrincipalServiceName": ("string", (LAMBDA, CODEBUILD, "*.amazonaws.com")),
    "aws:PrincipalServiceNamesList": ("list", (LAMBDA, CODEBUILD)),
    "aws:PrincipalOrgID": ("string", _ORGANIZATIONS),
    "aws:PrincipalOrgPaths": ("list", _PATHS),
    "aws:SourceAccount": ("string", (HERE, THERE, ELSEWHERE, int(HERE))),
    "aws:SourceArn": ("arn", _SOURCES),
    "aws:SourceOrgID": ("string", _ORGANIZATIONS),
    "aws:SecureTransport": ("boolean", ()),
    "aws:ViaAWSService": ("boolean", ()),
    "aws:RequestedRegion": ("string", ("eu-west-1", "us-east-1", "eu-*")),
    "aws:ResourceAccount": ("string", (HERE, THERE)),
    "aws:CalledVia": ("list", ("cloudformation.amazonaws.com",)),
}
"""Keys that the principal and the repository settle, or that no such call has: their types and values."""

UNKNOWN: Final[dict[str, tuple[str, tuple[object, ...]]]] = {
    "aws:SourceIp": ("ip", ("10.0.0.0/8", "52.94.0.1", "2001:db8::/32")),
    "aws:SourceVpce": ("string", ("vpce-1", "vpce-2", "vpce-*")),
    "aws:SourceVpc": ("string", ("vpc-1",)),
    f"aws:PrincipalTag/{TAG}": ("string", ("ci", "ops", "c?")),
    f"aws:ResourceTag/{TAG}": ("string", ("ci", "ops")),
    f"ecr:ResourceTag/{TAG}": ("string", ("ci", "ops")),
    "aws:ResourceOrgID": ("string", _ORGANIZATIONS),
    "aws:MultiFactorAuthPresent": ("boolean", ()),
    "aws:MultiFactorAuthAge": ("numeric", ("3600", 3600)),
    "aws:TokenIssueTime": ("date", ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")),
    "aws:CurrentTime": ("date", ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")),
    "aws:EpochTime": ("numeric", ("1500000000", 1900000000)),
    "aws:userid": ("string", ("AROACI:*", "AROACI:one", "AIDAann")),
    "aws:username": ("string", ("ann", "unnamed")),
    "aws:UserAgent": ("string", ("docker/*", "kaniko*")),
    "lambda:SourceFunctionArn": ("arn", (f"arn:aws:lambda:eu-west-1:{HERE}:function:app",)),
    "s3:prefix": ("string", ("home/",)),
    "s3:max-keys": ("numeric", ("10", 10)),
}
"""Keys that only a call has, facts that no check can read, and keys of other services."""

KEYS: Final = KNOWN | UNKNOWN

_STRINGS: Final = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")
_ANY_CASE: Final = ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
_ORDERS: Final = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS: Final[dict[str, tuple[str, ...]]] = {
    "string": (*_STRINGS, *_STRINGS, *_ANY_CASE),
    "list": (*_STRINGS, *_ANY_CASE),
    "arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnLike", "ArnNotLike", *_STRINGS),
    "boolean": ("Bool", "Bool", "Bool", "StringEquals", "StringNotEquals"),
    "ip": ("IpAddress", "NotIpAddress"),
    "numeric": tuple("Numeric" + one for one in _ORDERS),
    "date": tuple("Date" + one for one in _ORDERS),
}
_NULLS: Final = ("true", "false", True, False, "True", ["true"], ["false"], ["true", "false"])
_BOOLEANS: Final = ("true", "false", True, False, "True")


def condition(random: Random, palette: tuple[str, ...]) -> Json:
    """Draw a condition of one to three keys of the palette."""
    found: Json = {}
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        key = random.choice(palette)
        operator, values = _operator(random, key)
        found.setdefault(operator, {})[random.choice((key, key, key, key.lower()))] = values
    return found


def _operator(random: Random, key: str) -> tuple[str, object]:
    kind, values = KEYS[key]
    chance = random.random()
    if chance < 0.15:
        return "Null", random.choice(_NULLS)
    operator = random.choice(OPERATORS[kind])
    if kind == "list" or chance < 0.3:
        operator = random.choice(("ForAnyValue:", "ForAllValues:")) + operator
    if random.random() < 0.15:
        operator += "IfExists"
    if kind == "string" and "Like" in operator and "Not" not in operator and chance > 0.95:
        return operator, "${aws:PrincipalTag/" + TAG + "}"
    return operator, one_or_more(random, _BOOLEANS if kind == "boolean" else values)


def one_or_more(random: Random, values: tuple[Any, ...]) -> object:
    """Draw one value, or a list of one or two."""
    chance = random.random()
    if chance < 0.55:
        return random.choice(values)
    return random.sample(values, 1 if chance < 0.7 else min(2, len(values)))
