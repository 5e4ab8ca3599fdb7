"""The roles that SAM makes, and what the ``Policies`` of a function grant them."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_ecr_access.rules.each import token_missing, token_on_resource
from tests.rules.apps import app, findings
from tests.rules.pieces import NOTHING, PARAMETER, PULL, WEB, allow

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
PULLS = {"Statement": [allow(PULL, Resource=WEB)]}
BASIC = "AWSLambdaBasicExecutionRole"


def function(policies: object = PULLS, type_: str = "Function", **properties: object) -> dict[str, Any]:
    """An app with a function of SAM, and a managed policy that grants the token to nobody by itself."""
    document = {"Statement": allow(TOKEN, Resource="*")}
    return {
        "It": {"Type": f"AWS::Serverless::{type_}", "Properties": {"Policies": policies, **properties}},
        "Token": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
    }


@pytest.mark.parametrize(
    ("policies", "path"),
    [
        (PULLS, "Properties.Policies.Statement[0]"),
        ([BASIC, PULLS], "Properties.Policies[1].Statement[0]"),
        ([NOTHING, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", PULLS], "Properties.Policies[2].Statement[0]"),
        ([{"SQSPollerPolicy": {"QueueName": "q"}}, PULLS], "Properties.Policies[1].Statement[0]"),
    ],
)
def test_a_function_that_pulls_without_the_token_is_reported(policies: object, path: str) -> None:
    """At the statement, by the name that SAM gives its role."""
    (found,) = token_missing.RULE.check(app(function(policies)))
    assert found.text.startswith("role ${ItRole} may pull, but not")
    assert (found.resource.logical_id, found.path) == ("It", path)


def test_so_is_a_state_machine() -> None:
    """Its policies are written alike."""
    assert len(findings(token_missing.RULE, app(function(type_="StateMachine")))) == 1


@pytest.mark.parametrize(
    "policies",
    [
        [PULLS, {"Statement": allow(TOKEN, Resource="*")}],
        [PULLS, "AmazonEC2ContainerRegistryReadOnly"],
        [PULLS, {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"}],
        [PULLS, {"Ref": "Token"}],
        [PULLS, "SomeNewPolicy"],
        [PULLS, PARAMETER],
        [PULLS, {"Fn::If": ["A", PULLS, NOTHING]}],
        {"Fn::If": ["A", PULLS, NOTHING]},
        [{"Statement": [allow(PULL, Resource=WEB), {"Fn::If": ["A", allow(TOKEN, Resource="*"), NOTHING]}]}],
        [BASIC],
        None,
    ],
)
def test_one_that_has_it_or_may_is_not(policies: object) -> None:
    """By a policy of AWS, of the template, or that only the deployment knows."""
    assert findings(token_missing.RULE, app(function(policies))) == []


def test_one_that_names_a_role_has_none_of_its_own() -> None:
    """SAM leaves its policies out then."""
    assert findings(token_missing.RULE, app(function(Role=PARAMETER))) == []


@pytest.mark.parametrize("key", ["Ref", "Fn::Sub"])
def test_a_policy_may_be_attached_to_it_beside(key: str) -> None:
    """By the logical id that SAM gives the role."""
    name = "ItRole" if key == "Ref" else "${ItRole}"
    attached = {"Roles": [{key: name}], "PolicyDocument": {"Statement": allow(TOKEN, Resource="*")}}
    policy = {"Type": "AWS::IAM::Policy", "Properties": attached}
    assert findings(token_missing.RULE, app({**function(), "Policy": policy})) == []


def test_its_statements_are_held_against_the_other_rules() -> None:
    """The token where it has no effect."""
    both = {"Statement": allow([*PULL, TOKEN], Resource=WEB)}
    assert len(findings(token_on_resource.RULE, app(function(both)))) == 1


def test_its_role_is_found_by_its_arn() -> None:
    """As another resource names it."""
    application = app(function())
    arn = application.resolver.text({"Fn::GetAtt": ["ItRole", "Arn"]}, application.templates[0])
    found = application.identities.of_arn(arn)
    assert found
    assert found.resource.logical_id == "It"
