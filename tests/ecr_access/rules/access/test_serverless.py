"""The roles that SAM makes, and what the ``Policies`` of a function grant them."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.rules.checks import token_missing, token_on_resource
from tests.cdk_ecr_access.rules.apps import app, findings
from tests.ecr_access.rules.pieces import NOTHING, PARAMETER, PULL, WEB, allow

TOKEN = "ecr:GetAuthorizationToken"  # noqa: S105 -- an action
PUSH = ["ecr:BatchCheckLayerAvailability", "ecr:PutImage", "ecr:UploadLayerPart"]
PUSHES = {"Statement": [allow(PUSH, Resource=WEB)]}
PULLS = {"Statement": [allow(PULL, Resource=WEB)]}
BASIC = "AWSLambdaBasicExecutionRole"


def function(policies: object = PUSHES, type_: str = "Function", **properties: object) -> dict[str, Any]:
    """An app with a function of SAM, and a managed policy with the token that is attached to no identity."""
    document = {"Statement": allow(TOKEN, Resource="*")}
    return {
        "It": {"Type": f"AWS::Serverless::{type_}", "Properties": {"Policies": policies, **properties}},
        "Token": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
    }


@pytest.mark.parametrize(
    ("policies", "path"),
    [
        (PUSHES, "Properties.Policies.Statement[0]"),
        ([BASIC, PUSHES], "Properties.Policies[1].Statement[0]"),
        ([NOTHING, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", PUSHES], "Properties.Policies[2].Statement[0]"),
        ([{"SQSPollerPolicy": {"QueueName": "q"}}, PUSHES], "Properties.Policies[1].Statement[0]"),
    ],
)
def test_a_function_that_pushes_without_the_token_is_reported(policies: object, path: str) -> None:
    """At the statement, by the name that SAM gives its role."""
    (found,) = token_missing.RULE.check(app(function(policies)))
    assert found.text.startswith("role ${ItRole} may push, but not")
    assert (found.resource.logical_id, found.path) == ("It", path)


def test_one_that_pulls_alone_is_not() -> None:
    """Lambda pulls by itself."""
    assert findings(token_missing.RULE, app(function(PULLS))) == []


def test_a_state_machine_is_not() -> None:
    """Step Functions is not known to sign in by its role; the policies are read all the same."""
    machine = function({"Statement": allow(TOKEN, Resource=WEB)}, type_="StateMachine")
    assert findings(token_missing.RULE, app(function(type_="StateMachine"))) == []
    assert len(findings(token_on_resource.RULE, app(machine))) == 1


@pytest.mark.parametrize(
    "policies",
    [
        [PUSHES, {"Statement": allow(TOKEN, Resource="*")}],
        [PUSHES, "AmazonEC2ContainerRegistryReadOnly"],
        [PUSHES, {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess"}],
        [PUSHES, {"Ref": "Token"}],
        [PUSHES, "SomeNewPolicy"],
        [PUSHES, PARAMETER],
        [PUSHES, {"Fn::If": ["A", PUSHES, NOTHING]}],
        {"Fn::If": ["A", PUSHES, NOTHING]},
        [{"Statement": [allow(PUSH, Resource=WEB), {"Fn::If": ["A", allow(TOKEN, Resource="*"), NOTHING]}]}],
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
