"""Draws repository policies, principals and actions, for holding evaluators against each other."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, PULL, PUSH

HERE, THERE, ELSEWHERE = ACCOUNT, "444455556666", "555566667777"
REPOSITORY = PREFIX + "app"
ROLE, FOREIGN = f"arn:aws:iam::{HERE}:role/ci", f"arn:aws:iam::{THERE}:role/ci"
USER = f"arn:aws:iam::{HERE}:user/ann"
SOME_ROLES = FOREIGN + "-*"
ORGANIZATION, OTHER_ORGANIZATION = "o-abc1234567", "o-zzz1234567"
UNIT, OTHER_UNIT = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111/", f"{ORGANIZATION}/r-ab12/ou-ab12-99999999/"
SERVICE, OTHER_SERVICE = "lambda.amazonaws.com", "ecs.amazonaws.com"
TAG = "aws:PrincipalTag/team"

Json = dict[str, Any]

_LISTED: Final = (
    *(ROLE, USER, FOREIGN, FOREIGN + "-1"),
    *(f"arn:aws:iam::{account}:root" for account in (HERE, THERE)),
    *(HERE, THERE, ELSEWHERE),
    *(f"arn:aws:sts::{account}:assumed-role/ci/one" for account in (HERE, THERE)),
)
_ARN_PATTERNS: Final = (FOREIGN + "-?", FOREIGN + "*", f"arn:aws:iam::{THERE}:role/*", "arn:aws:iam::*:role/ci", "*")
_ORGANIZATIONS: Final = (ORGANIZATION, OTHER_ORGANIZATION)
_PATHS: Final = (UNIT, UNIT[:-1], OTHER_UNIT, f"{ORGANIZATION}/*", UNIT + "*", f"{OTHER_ORGANIZATION}/*")
_FUNCTIONS: Final = (
    *(f"arn:aws:lambda:eu-west-1:{account}:function:*" for account in (HERE, THERE)),
    f"arn:aws:lambda:eu-west-1:{HERE}:function:app",
)
_BOOLEANS: Final = ("true", "false", "True", True, False)

# The keys that the library writes itself, the keys that the evaluator knows besides, and the keys it leaves open.
_KEYS: Final[dict[str, tuple[tuple[str, ...], tuple[object, ...]]]] = {
    "aws:PrincipalArn": (
        *(("ArnLike", "ArnEquals", "ArnNotLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals"),),
        *((ROLE, USER, FOREIGN, FOREIGN + "-1", *_ARN_PATTERNS),),
    ),
    "aws:PrincipalAccount": (("StringEquals", "StringNotEquals", "StringLike"), (HERE, THERE, ELSEWHERE)),
    "aws:PrincipalOrgID": (("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringLike"), _ORGANIZATIONS),
    "aws:PrincipalOrgPaths": (
        ("ForAnyValue:StringLike", "ForAllValues:StringLike", "ForAnyValue:StringNotLike"),
        _PATHS,
    ),
    "aws:PrincipalType": (("StringEquals", "StringNotEquals", "StringLike"), ("AssumedRole", "User")),
    "aws:PrincipalServiceName": (("StringEquals", "StringNotEqualsIfExists"), (SERVICE, OTHER_SERVICE)),
    "aws:SourceAccount": (
        ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:StringNotEquals"),
        (HERE, THERE),
    ),
    "aws:SourceArn": (("StringLike", "ArnLike", "ArnNotLike", "ArnLikeIfExists"), _FUNCTIONS),
    "aws:SecureTransport": (("Bool", "BoolIfExists"), _BOOLEANS),
    "aws:PrincipalIsAWSService": (("Bool",), _BOOLEANS),
    "aws:SourceIp": (("IpAddress", "NotIpAddress"), ("10.0.0.0/8",)),
    "aws:SourceVpce": (("StringEquals", "StringNotEquals", "StringNotEqualsIfExists"), ("vpce-1",)),
    TAG: (("StringEquals", "StringNotLike"), ("ci",)),
}
KEYS: Final = tuple(_KEYS)
_VARIABLE: Final = {"StringLike": {"aws:PrincipalArn": f"*${{{TAG}}}"}}
_OF_ONE_SOURCE: Final = {"StringEquals": {"aws:SourceAccount": HERE}, "ArnLike": {"aws:SourceArn": _FUNCTIONS[0]}}

PRINCIPALS: Final = (SERVICE, ROLE, THERE, USER, FOREIGN, SOME_ROLES, ORGANIZATION, UNIT, UNIT + "*")
principals: Final = st.sampled_from(PRINCIPALS)
actions: Final = st.sampled_from([*PULL, *PUSH, "ecr:DescribeImages"])


def _one_or_more(values: tuple[object, ...]) -> st.SearchStrategy[object]:
    return st.sampled_from(values) | st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_booleans: Final = _one_or_more(_BOOLEANS[:2]) | st.sampled_from(_BOOLEANS)
_listed: Final = _one_or_more(_LISTED)
_services: Final = _one_or_more((SERVICE, OTHER_SERVICE))
_stars: Final = st.sampled_from(["*", {"AWS": "*"}, {"AWS": "*", "Service": SERVICE}])
_principals: Final = st.one_of(
    *(st.fixed_dictionaries({"AWS": _listed}), st.fixed_dictionaries({"Service": _services})),
    st.fixed_dictionaries({"AWS": _listed, "Service": _services}),
)
_all: Final = st.sampled_from(["ecr:*", "*"])
_some: Final = _one_or_more((*PULL, *PUSH, "ecr:Batch*", "ecr:Get*", "ecr:batchgetimag?"))


@st.composite
def conditions(draw: st.DrawFn, *, keys: int = 2) -> Json:
    """Draw the element ``Condition``."""
    if draw(st.integers(0, 15)) == 0:
        return draw(st.sampled_from([_VARIABLE, _OF_ONE_SOURCE]))
    found: Json = {}
    for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=keys, unique=True)):
        operators, values = _KEYS[key]
        name = draw(st.sampled_from([key, key, key.lower()])) if key != TAG else key
        if draw(st.integers(0, 9)) == 0:
            found.setdefault("Null", {})[name] = draw(_booleans)
        else:
            found.setdefault(draw(st.sampled_from(operators)), {})[name] = draw(_one_or_more(values))
    return found


@st.composite
def statements(draw: st.DrawFn) -> Json:
    """Draw one statement of any kind."""
    found: Json = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    if draw(st.integers(0, 5)) == 0:
        found["NotPrincipal"] = draw(_principals)
    else:
        found["Principal"] = draw(st.one_of(_stars, _stars, _stars, _principals))
    name = draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))
    found[name] = draw(_some if name == "NotAction" else _all | _some)
    if draw(st.integers(0, 7)) == 0:
        found["Resource"] = draw(_one_or_more((REPOSITORY, PREFIX + "*", PREFIX + "other", "*")))
    if draw(st.booleans()):
        found["Condition"] = draw(conditions())
    return found


def _policy(found: list[Json]) -> Json:
    return {"Version": "2012-10-17", "Statement": found}


_ALLOW: Final = {"Effect": "Allow", "Principal": {"AWS": "*", "Service": SERVICE}, "Action": "ecr:*"}

policies: Final = st.builds(
    lambda drawn, more: _policy([*drawn, *more]),
    st.lists(statements(), min_size=1, max_size=2),
    st.sampled_from([[], [_ALLOW]]) | st.lists(statements(), max_size=1),
)
"""Any repository policy; a plain allow is often in it, beside which denies show."""


@st.composite
def open_policies(draw: st.DrawFn) -> Json:
    """Draw a policy that leaves one thing open at most: one condition, or which of the principals it names."""
    found: Json = {"Effect": draw(st.sampled_from(["Allow", "Deny"])), "Action": draw(_all)}
    if draw(st.booleans()):
        found[draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"]))] = draw(_principals)
    else:
        found |= {"Principal": _ALLOW["Principal"], "Condition": draw(conditions(keys=1))}
    return _policy([found] if found["Effect"] == "Allow" else draw(st.permutations([_ALLOW, found])))
