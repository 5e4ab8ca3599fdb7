"""Questions about one action of one principal, which every evaluator of the project is asked.

A question is one policy of a repository, with one statement that is tried and, where that denies, one that allows
beside it. ``PARAMETER`` stands for what only the deployment knows, with the values that it may turn out to have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE, THERE, REGION = "111122223333", "444455556666", "eu-west-1"
WEB: Final = f"arn:aws:ecr:{REGION}:{HERE}:repository/web"
ROLE, USER, GROUP = (f"arn:aws:iam::{HERE}:{kind}/ci" for kind in ("role", "user", "group"))
FOREIGN: Final = f"arn:aws:iam::{THERE}:role/ci"
OTHER: Final = f"arn:aws:iam::{HERE}:role/other"
ACTION: Final = "ecr:BatchGetImage"
PARAMETER: Final = "<parameter>"

Json = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: of it, unique.
        statement: which is tried.
        principal: who calls; one of another account is allowed by its own policies, any other by none.
        values: what the parameter may turn out to be; empty where there is none.
    """

    name: str
    statement: Json = field(hash=False)
    principal: str = ROLE
    values: tuple[str, ...] = ()

    @property
    def statements(self) -> list[Json]:
        """Of the repository's policy."""
        beside = {"Effect": "Allow", "Principal": "*", "Action": "*"}
        return [self.statement] if self.statement["Effect"] == "Allow" else [beside, self.statement]


def _both(name: str, elements: Json, *, principal: str = ROLE, values: tuple[str, ...] = ()) -> Iterator[Question]:
    for effect in ("Allow", "Deny"):
        statement = {"Effect": effect, **elements}
        statement |= {} if {"Action", "NotAction"} & {*elements} else {"Action": "ecr:*"}
        statement |= {} if {"Principal", "NotPrincipal"} & {*elements} else {"Principal": "*"}
        yield Question(f"{effect} {name}", statement, principal, values)


_PRINCIPALS: Final[dict[str, object]] = {
    "everyone": "*",
    "every AWS principal": {"AWS": "*"},
    "the role": {"AWS": ROLE},
    "another role": {"AWS": OTHER},
    "the role and another": {"AWS": [OTHER, ROLE]},
    "the account's id": {"AWS": HERE},
    "the account's root": {"AWS": f"arn:aws:iam::{HERE}:root"},
    "another account": {"AWS": THERE},
    "another account's root": {"AWS": f"arn:aws:iam::{THERE}:root"},
    "a session": {"AWS": f"arn:aws:sts::{HERE}:assumed-role/ci/one"},
    "another role's session": {"AWS": f"arn:aws:sts::{HERE}:assumed-role/other/one"},
    "another account's session": {"AWS": f"arn:aws:sts::{THERE}:assumed-role/ci/one"},
    "a user": {"AWS": USER},
    "a deleted role": {"AWS": "AROAEXAMPLEEXAMPLE123"},
    "a service": {"Service": "lambda.amazonaws.com"},
    "a role of another account": {"AWS": FOREIGN},
    "a user and a service": {"AWS": [USER], "Service": ["ecs.amazonaws.com"]},
}
_UNKNOWN_PRINCIPALS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "an unknown principal": (PARAMETER, (ROLE, OTHER, "*", THERE)),
    "an unknown role": (f"arn:aws:iam::{HERE}:role/{PARAMETER}", ("ci", "other")),
    "a role of an unknown path": (f"arn:aws:iam::{HERE}:role/{PARAMETER}/other", ("a", "b")),
    "an unknown account's role": (f"arn:aws:iam::{PARAMETER}:role/ci", (HERE, THERE)),
    "an unknown account's other role": (f"arn:aws:iam::{PARAMETER}:role/other", (HERE, THERE)),
    "an unknown account's root": (f"arn:aws:iam::{PARAMETER}:root", (HERE, THERE)),
    "an unknown role's session": (f"arn:aws:sts::{HERE}:assumed-role/{PARAMETER}/one", ("ci", "other")),
}
_ACTIONS: Final[dict[str, object]] = {
    "the action": ACTION,
    "another action": "ecr:PutImage",
    "every action of ECR": "ecr:*",
    "every action": "*",
    "a pattern of the action": "ecr:Batch*",
    "a pattern of other actions": "ecr:Put*",
    "a pattern of a letter": "ecr:?atchGetImage",
    "the action in capitals": "ECR:BATCHGETIMAGE",
    "another service's actions": ["s3:*", "sts:*"],
    "two actions": ["ecr:PutImage", ACTION],
}
_UNKNOWN_ACTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "an unknown action": (PARAMETER, (ACTION, "ecr:PutImage", "*")),
    "a pattern of an unknown end": (f"ecr:Batch{PARAMETER}", ("GetImage", "DeleteImage")),
    "a pattern of an unknown end elsewhere": (f"ecr:Put{PARAMETER}", ("Image", "*")),
    "an unknown part under a star": (f"ecr:Put{PARAMETER}*", ("Image", "")),
}
_RESOURCES: Final[dict[str, object]] = {
    "every resource": "*",
    "the repository": WEB,
    "another repository": f"{WEB}-2",
    "a pattern of the repository": f"arn:aws:ecr:*:{HERE}:repository/w*",
    "a pattern of other repositories": f"arn:aws:ecr:*:{HERE}:repository/x*",
}
_UNKNOWN_RESOURCES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "an unknown resource": (PARAMETER, (WEB, "*", f"{WEB}-2")),
    "an unknown repository": (f"arn:aws:ecr:{REGION}:{HERE}:repository/{PARAMETER}", ("web", "api")),
    "an unknown repository of a prefix": (f"arn:aws:ecr:{REGION}:{HERE}:repository/team/{PARAMETER}", ("web", "api")),
}
_FUNCTION: Final = f"arn:aws:lambda:{REGION}:{HERE}:function:app"
_CONDITIONS: Final[tuple[tuple[str, str, object], ...]] = (
    ("StringEquals", "aws:PrincipalArn", ROLE),
    ("StringEquals", "aws:PrincipalArn", OTHER),
    ("StringEquals", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:role/*"),
    ("StringNotEquals", "aws:PrincipalArn", ROLE),
    ("StringNotEquals", "aws:PrincipalArn", [OTHER, USER]),
    ("StringEqualsIgnoreCase", "aws:principalarn", ROLE.upper()),
    ("StringNotEqualsIgnoreCase", "aws:PrincipalArn", ROLE.upper()),
    ("StringLike", "aws:PrincipalArn", "arn:*"),
    ("StringLike", "aws:PrincipalArn", "arn:*:user/*"),
    ("StringNotLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:role/c?"),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:role/*"),
    ("ArnLike", "aws:PrincipalArn", "arn:*:iam::*:user/*"),
    ("ArnLike", "aws:PrincipalArn", "arn:*"),
    ("ArnLike", "aws:PrincipalArn", "*"),
    ("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::*:role/{'?' * 2}"),
    ("ArnNotEquals", "aws:PrincipalArn", ROLE),
    ("ArnNotLike", "aws:PrincipalArn", OTHER),
    ("ArnLikeIfExists", "aws:PrincipalArn", OTHER),
    ("ForAnyValue:StringLike", "aws:PrincipalArn", "arn:*"),
    ("ForAllValues:StringEquals", "aws:PrincipalArn", OTHER),
    ("ForAnyValue:StringNotEquals", "aws:PrincipalArn", OTHER),
    ("Null", "aws:PrincipalArn", "true"),
    ("Null", "aws:PrincipalArn", "false"),
    ("StringEquals", "aws:PrincipalAccount", HERE),
    ("StringEquals", "aws:PrincipalAccount", [THERE]),
    ("StringNotEquals", "aws:PrincipalAccount", HERE),
    ("StringEquals", "aws:PrincipalOrgID", "o-abc1234567"),
    ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-abc1234567"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abc1234567/r-ab12/*"),
    ("StringLike", "aws:PrincipalOrgPaths", "o-abc1234567/*"),
    ("StringEquals", "aws:PrincipalType", "AssumedRole"),
    ("StringEquals", "aws:PrincipalType", "User"),
    ("StringEquals", "aws:PrincipalTag/team", "web"),
    ("StringNotEqualsIfExists", "aws:PrincipalTag/team", "web"),
    ("StringEquals", "aws:SourceAccount", HERE),
    ("StringNotEquals", "aws:SourceAccount", HERE),
    ("ArnLike", "aws:SourceArn", _FUNCTION),
    ("ArnLikeIfExists", "aws:SourceArn", _FUNCTION),
    ("Null", "aws:SourceArn", "true"),
    ("Bool", "aws:SecureTransport", "false"),
    ("Bool", "aws:SecureTransport", True),
    ("BoolIfExists", "aws:SecureTransport", "false"),
    ("Bool", "aws:ViaAWSService", "true"),
    ("Bool", "aws:PrincipalIsAWSService", "false"),
    ("StringEquals", "aws:RequestedRegion", REGION),
    ("StringNotEquals", "aws:RequestedRegion", [REGION, "us-east-1"]),
    ("StringEquals", "aws:RequestedRegion", "us-east-1"),
    ("StringEquals", "aws:ResourceAccount", HERE),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("StringEquals", "aws:SourceVpce", "vpce-1"),
    ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", 3600),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("StringEquals", "ecr:ResourceTag/team", "web"),
    ("StringEquals", "aws:username", "ci"),
    ("StringLike", "aws:userid", "*:one"),
    ("StringEquals", "aws:PrincipalArn", []),
    ("StringEquals", "aws:PrincipalArn", "${aws:PrincipalTag/arn}"),
)
_UNKNOWN_CONDITIONS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    ("StringEquals", "aws:PrincipalArn", PARAMETER, (ROLE, OTHER)),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:role/{PARAMETER}", ("ci", "other")),
    ("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:user/{PARAMETER}", ("ci", "other")),
    ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{PARAMETER}:role/*", (HERE, THERE)),
    ("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{HERE}:user/{PARAMETER}*", ("a", "")),
    ("StringEquals", "aws:PrincipalAccount", PARAMETER, (HERE, THERE)),
    ("StringEquals", "aws:PrincipalOrgID", PARAMETER, ("o-abc1234567", "o-zzz1234567")),
    ("Bool", "aws:SecureTransport", PARAMETER, ("true", "false")),
    ("StringEquals", "aws:SourceAccount", PARAMETER, (HERE, THERE)),
    ("StringNotEqualsIfExists", "aws:SourceAccount", PARAMETER, (HERE, THERE)),
)
_CALLERS: Final = {"a user": USER, "a group": GROUP, "a role of another account": FOREIGN}
_OF_CALLERS: Final[tuple[str, ...]] = (
    "everyone",
    "the role",
    "the account's id",
    "another account's root",
    "a session",
    "a user",
    "a role of another account",
)


def _of_principals() -> Iterator[Question]:
    for element in ("Principal", "NotPrincipal"):
        for name, value in _PRINCIPALS.items():
            yield from _both(f"{element} {name}", {element: value})
        for name, (text, values) in _UNKNOWN_PRINCIPALS.items():
            yield from _both(f"{element} {name}", {element: {"AWS": text}}, values=values)
        for caller, arn in _CALLERS.items():
            for name in _OF_CALLERS:
                yield from _both(f"{element} {name}, asked by {caller}", {element: _PRINCIPALS[name]}, principal=arn)


def _of_elements() -> Iterator[Question]:
    both = (("Action", _ACTIONS, _UNKNOWN_ACTIONS), ("Resource", _RESOURCES, _UNKNOWN_RESOURCES))
    for kind, known, unknown in both:
        for element in (kind, f"Not{kind}"):
            for name, value in known.items():
                yield from _both(f"{element} {name}", {element: value})
            for name, (text, values) in unknown.items():
                yield from _both(f"{element} {name}", {element: text}, values=values)


def _of_conditions() -> Iterator[Question]:
    for operator, key, value in _CONDITIONS:
        yield from _both(f"{operator} {key} {value}", {"Condition": {operator: {key: value}}})
    for operator, key, text, values in _UNKNOWN_CONDITIONS:
        yield from _both(f"{operator} {key} {text}", {"Condition": {operator: {key: text}}}, values=values)
    for caller, arn in _CALLERS.items():
        for operator, key, value in _CONDITIONS[:13]:
            yield from _both(
                f"{operator} {key} {value}, asked by {caller}", {"Condition": {operator: {key: value}}}, principal=arn
            )


QUESTIONS: Final = tuple(chain(_of_principals(), _of_elements(), _of_conditions()))
