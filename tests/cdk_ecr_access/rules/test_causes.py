"""One cause in the CDK's validation report: a violation for each of its rules, with all the constructs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from cdk_ecr_access import EcrAccessRules
from tests.reading import ENV, REQUIRED_PULL

if TYPE_CHECKING:
    from constructs import IConstruct

ROLE_CANNOT, TOKEN_MISSING = "execution-role-cannot-pull", "token-missing"


def built(app: App) -> Stack:
    """A stack of two tasks that pull by one role without a token."""
    stack = Stack(app, "Stack", env=ENV)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    repository = ecr.Repository(stack, "Web")
    role.add_to_policy(iam.PolicyStatement(actions=REQUIRED_PULL, resources=[repository.repository_arn]))
    for name in ("One", "Two"):
        task = ecs.CfnTaskDefinition(
            stack,
            name,
            requires_compatibilities=["FARGATE"],
            execution_role_arn=role.role_arn,
            container_definitions=[
                ecs.CfnTaskDefinition.ContainerDefinitionProperty(
                    name=f"c{number}", image=repository.repository_uri_for_tag(f"{number}")
                )
                for number in range(2)
            ],
        )
        task.node.add_dependency(role)
    Validations.of(app).add_plugins(EcrAccessRules())
    return stack


def report(app: App) -> dict[str, Any]:
    """What a synthesis that fails reports."""
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    text = Path(app.outdir, "validation-report.json").read_text(encoding="utf-8")
    return next(one for one in json.loads(text)["pluginReports"] if one["pluginName"] == "EcrAccess")


def errors(found: dict[str, Any], key: str = "violations") -> list[tuple[str, list[str]]]:
    """The rules of the errors, each with its constructs."""
    return [
        (one["ruleName"], [it["constructPath"] for it in one["violatingConstructs"]])
        for one in found.get(key, [])
        if one["severity"] == "error"
    ]


def acknowledge(scope: IConstruct, rule: str) -> None:
    """Acknowledge a rule for a construct and what it holds."""
    Validations.of(scope).acknowledge(Acknowledgment(id=f"EcrAccess::{rule}", reason="as meant"))


def test_each_rule_of_a_cause_is_a_violation_with_all_its_constructs(app: App) -> None:
    """With one fix; a construct has all its places."""
    built(app)
    found = report(app)
    policy = "Stack/Role/DefaultPolicy/Resource"
    assert errors(found) == [(ROLE_CANNOT, ["Stack/One", "Stack/Two"]), (TOKEN_MISSING, [policy])]
    of_errors = [one for one in found["violations"] if one["severity"] == "error"]
    assert len({one["suggestedFix"].partition(" (https")[0] for one in of_errors}) == 1
    one = of_errors[0]["violatingConstructs"][0]["cloudFormationResource"]
    assert one["propertyPaths"] == [f"Properties/ContainerDefinitions[{number}]/Image" for number in range(2)]


def test_an_acknowledgment_is_of_its_own_construct_alone(app: App) -> None:
    """The other constructs of the cause are errors all the same."""
    stack = built(app)
    acknowledge(stack.node.find_child("One"), ROLE_CANNOT)
    acknowledge(stack.node.find_child("Role"), ROLE_CANNOT)
    found = report(app)
    assert errors(found) == [
        (ROLE_CANNOT, ["Stack/Two"]),
        (TOKEN_MISSING, ["Stack/Role/DefaultPolicy/Resource"]),
    ]
    assert errors(found, "suppressedViolations") == [(ROLE_CANNOT, ["Stack/One"])]
