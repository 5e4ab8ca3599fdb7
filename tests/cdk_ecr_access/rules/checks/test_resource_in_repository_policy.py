"""``resource-in-repository-policy``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.resource_in_repository_policy import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import NOTHING, OTHER_ROOT, PARAMETER, PULL, WEB, allow, repository, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack


def statement(effect: str = "Allow", **more: object) -> dict[str, Any]:
    """One for another account."""
    return allow(PULL, effect, Principal={"AWS": OTHER_ROOT}, **more)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_the_element_is_reported(element: str, effect: str) -> None:
    """Of any effect, as ECR refuses the policy as a whole."""
    assert findings(RULE, app_of({"Web": repository(statement(effect, **{element: "*"}))})) == [
        f"the statement has the element {element} ('*'), and ECR refuses a repository policy that has it: 'Invalid "  # noqa: ISC004
        f"repository policy provided'; fix: leave {element} out of the statement: the policy is about its own "
        "repository and no other"
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (WEB, f"('{WEB}')"),
        ([WEB, f"{WEB}-2", "*"], f"('{WEB}' and 2 more)"),
        (PARAMETER, "('${Parameter}')"),
        ([], "(empty)"),
    ],
)
def test_whatever_it_says(value: object, shown: str) -> None:
    """The element itself is refused, and its value is told."""
    (found,) = findings(RULE, app_of({"Web": repository(statement(Resource=value))}))
    assert f"has the element Resource {shown}, and" in found


def test_a_creation_template_gives_it_to_its_repositories() -> None:
    """Its policy is text."""
    policy = json.dumps({"Statement": statement(Resource="*")})
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"RepositoryPolicy": policy}}
    (found,) = RULE.check(app_of({"Template": template}))
    assert found.path == "Properties.RepositoryPolicy.Statement.Resource"


@pytest.mark.parametrize(
    "one", [statement(), statement(Resource=NOTHING), statement(Resource={"Fn::If": ["A", "*", NOTHING]})]
)
def test_a_statement_without_it_is_not(one: dict[str, Any]) -> None:
    """Nor one that the deployment may leave out."""
    assert findings(RULE, app_of({"Web": repository(one)})) == []


def test_a_registry_policy_needs_it() -> None:
    """It names the repositories that it is about."""
    registry = {
        "Type": "AWS::ECR::RegistryPolicy",
        "Properties": {"PolicyText": {"Statement": [statement(Resource="*")]}},
    }
    assert findings(RULE, app_of({"Registry": registry})) == []


def test_the_cdk_renders_it_as_it_is_told(app: App, stack: Stack) -> None:
    """And our grants never do."""
    told = iam.PolicyStatement(actions=PULL, principals=[iam.AccountPrincipal("444455556666")], resources=["*"])
    ecr.Repository(stack, "Web").add_to_resource_policy(told)
    AccessibleRepository(stack, "Api", repository_name="api").grant_pull(iam.AccountPrincipal("444455556666"))
    (found,) = RULE.check(synthesized(app))
    assert found.resource.logical_id.startswith("Web")
