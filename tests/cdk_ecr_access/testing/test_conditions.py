"""Conditions on the caller's identity are evaluated, and what deployment chooses is left open."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_ecr_access.testing import assert_can_pull, assert_cannot_pull
from tests.cdk_ecr_access.testing.documents import PULLS, SIGN_IN, allow, deny, repository, role, template, trust
from tests.reading import PULL

PATH = "arn:aws:iam::111122223333:role"
CI = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ci"
UNNAMED = {"Type": "AWS::IAM::Role", "Properties": {}}
GET_OTHER = {"Fn::GetAtt": ["Other", "Arn"]}
CHOSEN = {"Fn::If": ["IsLive", deny("ecr:*", "*"), {"Ref": "AWS::NoValue"}]}
CHOSEN_TRUST = {"Fn::If": ["IsLive", {**trust("ecr:*"), "Effect": "Deny"}, {"Ref": "AWS::NoValue"}]}


def asks(operator: str, value: object) -> dict[str, Any]:
    """A condition on who asks."""
    return {operator: {"aws:PrincipalArn": value}}


def answer(given: dict[str, Any]) -> bool | None:
    """Whether the role can pull; None if neither assertion holds."""
    held = []
    for check, meaning in ((assert_can_pull, True), (assert_cannot_pull, False)):
        try:
            check(given, "Ci", "Web")
        except AssertionError:
            continue
        held.append(meaning)
    assert len(held) < 2
    return held[0] if held else None


@pytest.mark.parametrize(
    ("operator", "value", "wanted"),
    [
        ("StringEquals", {"Fn::Sub": CI}, True),
        ("StringEqualsIfExists", {"Fn::Sub": CI}, True),
        ("StringEquals", "arn:*:role/*", False),
        ("StringLike", "arn:*:role/*", True),
        ("StringEqualsIgnoreCase", {"Fn::Sub": CI.replace("/ci", "/CI")}, True),
        ("StringEqualsIgnoreCase", f"{PATH}/other", False),
        ("ArnEquals", "arn:*:iam::*:role/*", True),
        ("ArnLike", "arn:*:iam::*:user/*", False),
        ("ArnLike", "arn:*", False),
        ("ForAnyValue:StringLike", "arn:*", True),
        ("StringNotEquals", {"Fn::Sub": CI}, False),
        ("ArnNotLike", "arn:*:iam::*:user/*", True),
    ],
)
def test_who_asks_is_compared_as_iam_does(operator: str, value: object, wanted: bool | None) -> None:  # noqa: FBT001
    """A wildcard is one for some operators alone, and reaches to the next colon in an ARN."""
    given = template(role(SIGN_IN), repository(trust(PULL, Condition=asks(operator, value))))
    assert answer(given) is wanted


def test_a_denial_of_all_but_one_is_known_for_each() -> None:
    """Two roles that are declared are never one, also where CloudFormation names them."""
    but = {**trust(PULL), "Effect": "Deny"}
    for exempt, wanted in (({"Fn::GetAtt": ["Ci", "Arn"]}, True), (GET_OTHER, False)):
        locked = repository({**but, "Condition": asks("ArnNotEquals", exempt)})
        assert answer(template(role(*PULLS, RoleName={"Ref": "AWS::NoValue"}), locked, Other=UNNAMED)) is wanted


def test_only_the_principals_that_a_repository_names_are_trusted() -> None:
    """Where CloudFormation makes up both names."""
    web = repository(trust(PULL, {"AWS": GET_OTHER}))
    assert answer(template(role(SIGN_IN, RoleName={"Ref": "AWS::NoValue"}), web, Other=UNNAMED)) is False


def test_no_repository_trusts_a_group() -> None:
    """Groups ask for nothing, and their ARNs are no principals; its members ask as users."""
    group = {**role(SIGN_IN), "Type": "AWS::IAM::Group"}
    assert answer(template(group, repository(trust(PULL, {"AWS": {"Fn::GetAtt": ["Ci", "Arn"]}})))) is False
    assert answer(template(group, repository(trust(PULL, Condition=asks("ArnLike", "arn:*:iam::*:group/*"))))) is False


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (asks("StringLike", "*:role/ci"), True),
        (asks("StringLike", "*:role/other"), False),
        ({"Ref": "AWS::NoValue"}, True),
        ({"Fn::If": ["IsLive", asks("StringLike", "*"), asks("StringLike", "*:role/other")]}, None),
    ],
)
def test_the_identitys_own_policies_are_read_the_same_way(condition: object, wanted: bool | None) -> None:  # noqa: FBT001
    """And the repository's."""
    assert answer(template(role(SIGN_IN, allow(PULL, Condition=condition)))) is wanted
    assert answer(template(role(SIGN_IN), repository(trust(PULL, Condition=condition)))) is wanted


def attached(**attributes: object) -> dict[str, Any]:
    """A policy that lets the role pull."""
    properties = {"PolicyName": "p", "Roles": [{"Ref": "Ci"}], "PolicyDocument": {"Statement": [*PULLS]}}
    return {"Type": "AWS::IAM::Policy", "Properties": properties, **attributes}


def test_a_policy_under_a_condition_may_not_be_there() -> None:
    """Unless what it is for is under the same."""
    given = template(role(), Policy=attached(Condition="IsLive"))
    with pytest.raises(AssertionError, match=r"Policy in template 1, .*: allows ecr:\w+, .*, where IsLive holds\n"):
        assert_can_pull(given, "Ci", "Web")
    assert answer(given) is None
    assert answer(template({**role(), "Condition": "IsLive"}, Policy=attached(Condition="IsLive"))) is True
    assert answer(template(role(), Policy=attached())) is True


@pytest.mark.parametrize(
    "given",
    [
        template(role(*PULLS, CHOSEN)),
        template(role(*PULLS), repository(CHOSEN_TRUST)),
        template(role(*PULLS, {**deny("ecr:*", "*"), "Effect": {"Ref": "Effect"}})),
        template(role(*PULLS), {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryPolicyText": {"Ref": "P"}}}),
    ],
    ids=["a statement of the role", "of the repository", "an effect", "a whole policy"],
)
def test_a_denial_that_the_deployment_chooses_is_left_open(given: dict[str, Any]) -> None:
    """The message says where it may be."""
    assert answer(given) is None
    with pytest.raises(AssertionError, match=r"\n(Ci|Web) in template 1 has statements that the deployment chooses"):
        assert_can_pull(given, "Ci", "Web")


def test_a_choice_that_can_only_allow_takes_nothing_away() -> None:
    """What the role has without it stays."""
    more = {"Fn::If": ["IsLive", allow("s3:*", "*"), {"Ref": "AWS::NoValue"}]}
    assert answer(template(role(*PULLS, more))) is True


SESSION = "arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role"


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_session_is_not_every_session(effect: str) -> None:
    """A statement that names one decides nothing for the role, and one of another role's nothing at all."""
    own = () if effect == "Allow" else PULLS
    for name, wanted in (("ci", None), ("other", effect == "Deny")):
        named = {**trust(PULL, {"AWS": {"Fn::Sub": f"{SESSION}/{name}/build"}}), "Effect": effect}
        assert answer(template(role(SIGN_IN, *own), repository(named))) is wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("arn:aws:iam::${aws:ResourceAccount}:role/ci", None),
        ("arn:aws:iam::${aws:ResourceAccount}:role/other", False),
        ("arn:aws:iam::${aws:ResourceAccount}:role/${*}", False),
    ],
)
def test_a_policy_variable_has_a_value_in_a_request_alone(value: str, wanted: bool | None) -> None:  # noqa: FBT001
    """What is written beside it is compared; a sign that is written as one is itself."""
    given = template(role(SIGN_IN), repository(trust(PULL, Condition=asks("ArnLike", value))))
    assert answer(given) is wanted


@pytest.mark.parametrize("key", ["Resource", "NotResource"])
def test_a_policy_variable_in_a_resource_is_left_open(key: str) -> None:
    """The tag of the caller, for example."""
    named = {"Fn::Sub": "arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/${!aws:PrincipalTag/team}/*"}
    statement = {"Effect": "Allow", "Action": PULL, key: named}
    assert answer(template(role(SIGN_IN, statement))) is None
    assert answer(template(role(*PULLS, {**statement, "Effect": "Deny"}))) is None
