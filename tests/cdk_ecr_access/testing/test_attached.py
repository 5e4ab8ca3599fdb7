"""Policies that deployment attaches or chooses statements of may allow, and may deny."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_ecr_access.testing import assert_can_pull, assert_cannot_pull
from tests.cdk_ecr_access.testing.documents import PULLS, SIGN_IN, allow, deny, repository, role, template
from tests.cdk_ecr_access.testing.test_conditions import answer
from tests.reading import PULL

NOTHING = {"Ref": "AWS::NoValue"}
LOCK = deny("ecr:*", "*")
OTHER = role(RoleName="other")


def chosen(one: object, other: object = NOTHING) -> dict[str, Any]:
    """One of two, by a condition of the template."""
    return {"Fn::If": ["IsLive", one, other]}


def document(*statements: object) -> dict[str, Any]:
    """A policy document."""
    return {"Statement": [*statements]}


def policy(given: object, kind: str = "Policy", **properties: object) -> dict[str, Any]:
    """A policy that is a resource of its own, attached to the role unless the properties name others."""
    to = properties or {"Roles": [{"Ref": "Ci"}]}
    return {"Type": f"AWS::IAM::{kind}", "Properties": {"PolicyName": "p", "PolicyDocument": given, **to}}


def managed(given: object) -> dict[str, Any]:
    """A managed policy that names no identity."""
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": given}}


def user(*statements: object, **properties: object) -> dict[str, Any]:
    """A user with a policy of its own."""
    given = role(*statements)["Properties"]
    return {"Type": "AWS::IAM::User", "Properties": {"UserName": "ci", "Policies": given["Policies"], **properties}}


def group(*statements: object, **properties: object) -> dict[str, Any]:
    """A group with a policy of its own."""
    policies = [{"PolicyName": "p", "PolicyDocument": document(*statements)}] if statements else []
    return {"Type": "AWS::IAM::Group", "Properties": {"Policies": policies, **properties}}


@pytest.mark.parametrize(
    "more",
    [
        policy(document(chosen(LOCK))),
        policy(chosen(document(LOCK), document(allow("s3:*")))),
        policy({"Statement": chosen([LOCK], [allow("s3:*")])}),
        policy(document(chosen(LOCK)), "RolePolicy", RoleName={"Ref": "Ci"}),
        policy(document(chosen(LOCK)), "ManagedPolicy"),
    ],
    ids=["a statement", "the document", "all statements", "of one role", "managed"],
)
def test_a_denial_in_a_policy_that_the_deployment_chooses_is_left_open(more: dict[str, Any]) -> None:
    """Also where no statement of the policy can be read."""
    given = template(role(*PULLS), More=more)
    assert answer(given) is None
    with pytest.raises(AssertionError, match="\nMore in template 1 has statements that the deployment chooses"):
        assert_can_pull(given, "Ci", "Web")


def test_a_denial_in_a_policy_that_is_written_as_text_is_read() -> None:
    """As IAM reads it; one that is put together of what only the deployment knows is not."""
    text = '{"Statement": {"Effect": "Deny", "Action": "ecr:*", "Resource": "*"}}'
    assert answer(template(role(*PULLS), More=policy(text))) is False
    assert answer(template(role(*PULLS), More=policy({"Ref": "Parameter"}))) is None


@pytest.mark.parametrize(
    ("given", "more"),
    [
        (role(*PULLS), policy(document(LOCK), Roles=[chosen({"Ref": "Ci"}, {"Ref": "Other"})])),
        (role(*PULLS), policy(document(LOCK), Roles=chosen([{"Ref": "Ci"}], [{"Ref": "Other"}]))),
        (role(*PULLS), policy(document(LOCK), Roles=[{"Ref": "Parameter"}])),
        (role(*PULLS, ManagedPolicyArns=[chosen({"Ref": "More"})]), managed(document(LOCK))),
        (role(*PULLS, ManagedPolicyArns=chosen([{"Ref": "More"}], [])), managed(document(LOCK))),
        (user(*PULLS, Groups=[chosen({"Ref": "More"})]), group(LOCK)),
    ],
    ids=["a role", "the roles", "a parameter", "a managed policy", "the managed policies", "a group"],
)
def test_a_denial_that_the_deployment_may_attach_is_left_open(given: dict[str, Any], more: dict[str, Any]) -> None:
    """The message names it."""
    app = template(given, More=more, Other=OTHER)
    assert answer(app) is None
    with pytest.raises(AssertionError, match=r"\n  More in template 1, .*: denies ecr:\w+, .*, if it is attached at"):
        assert_can_pull(app, "Ci", "Web")


@pytest.mark.parametrize(
    "more",
    [
        policy(document(LOCK), Roles=[{"Ref": "Other"}]),
        policy(document(LOCK), Users=[{"Ref": "Ci"}]),
        policy(document(deny("s3:*", "*")), Roles=[chosen({"Ref": "Ci"})]),
        managed(document(LOCK)),
        group(LOCK),
    ],
    ids=["of another", "of a user", "other actions", "not attached", "a group"],
)
def test_a_denial_of_others_changes_nothing(more: dict[str, Any]) -> None:
    """However the policy came into the template."""
    assert answer(template(role(*PULLS), More=more, Other=OTHER)) is True


@pytest.mark.parametrize("key", ["Groups", None], ids=["named by the user", "added"])
def test_a_group_may_hold_what_the_deployment_chooses(key: str | None) -> None:
    """By the policy of the group, or by one that is attached to it."""
    groups = {key: [{"Ref": "Group"}]} if key else {}
    addition = {
        "Type": "AWS::IAM::UserToGroupAddition",
        "Properties": {"GroupName": {"Ref": "Group"}, "Users": [] if key else [{"Ref": "Ci"}]},
    }
    hidden = document(chosen(LOCK))
    held = [group(chosen(LOCK)), group(ManagedPolicyArns=[{"Ref": "More"}])]
    for one in held:
        given = template(user(*PULLS, **groups), Group=one, Added=addition, More=managed(hidden))
        assert answer(given) is None
    for more, one in ((managed(document()), group(LOCK)), (policy(hidden, Groups=[{"Ref": "Group"}]), group())):
        given = template(user(*PULLS, **groups), Group=one, Added=addition, More=more)
        assert answer(given) is (False if one["Properties"]["Policies"] else None)


@pytest.mark.parametrize("kind", ["attached", "group"])
def test_what_a_managed_policy_may_allow_is_left_open(kind: str) -> None:
    """It has a statement that the deployment chooses."""
    holds = {"ManagedPolicyArns": [{"Ref": "More"}]}
    more = managed(document(chosen(allow(PULL))))
    if kind == "attached":
        assert answer(template(role(SIGN_IN, **holds), More=more)) is None
    else:
        given = template(user(SIGN_IN, Groups=[{"Ref": "Group"}]), Group=group(**holds), More=more)
        assert answer(given) is None


def test_each_stages_policies_are_its_own() -> None:
    """A role of the same name in another template has a lock of its own."""
    beta = template(role(*PULLS), Lock=policy(document(LOCK, chosen(LOCK))))
    prod = {"Resources": {"Live": role(allow(PULL, "*"), SIGN_IN), "Base": repository(name="team/base")}}
    assert_can_pull([beta, prod], "Live", "Base")
    assert_cannot_pull([beta, prod], "Ci", "Web")
