"""``principal-not-there``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ecr_access.rules.checks.principal_not_there import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import ACCOUNT, OTHER, PARAMETER, PULL, allow, repository, role, synthesized

if TYPE_CHECKING:
    from aws_cdk import App, Stack

CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
GET_ATT = {"Fn::GetAtt": ["Ci", "Arn"]}


def naming(principal: Any, **attributes: Any) -> dict[str, Any]:
    """A repository whose policy names a principal."""
    return {**repository(allow(PULL, Principal={"AWS": principal})), **attributes}


@pytest.mark.parametrize("text", [CI, {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/ci"}, [CI]])
def test_a_role_of_the_template_that_is_named_by_a_text_is_reported(text: Any) -> None:
    """CloudFormation may make the repository first."""
    assert findings(RULE, app_of({"Web": naming(text), "Ci": role()})) == [
        f"role ci, a principal of the repository policy, is named by the text '{CI}', and nothing makes Web wait for "  # noqa: ISC004
        "Ci: where CloudFormation makes Web first, ECR answers 'Principal not found'; fix: name it by Fn::GetAtt "
        "Ci.Arn, or write DependsOn: Ci"
    ]


@pytest.mark.parametrize(
    "web",
    [
        naming(GET_ATT),
        naming(CI, DependsOn="Ci"),
        naming(CI, DependsOn=["Other", "Ci"]),
        naming(CI, DependsOn="Between"),
        naming([CI, {"Fn::Sub": "${Ci.Arn}"}]),
        naming({"Fn::Join": ["", [f"arn:aws:iam::{ACCOUNT}:role/", {"Ref": "Ci"}]]}),
    ],
)
def test_a_repository_that_waits_for_the_role_is_not(web: dict[str, Any]) -> None:
    """By a reference, by DependsOn, or through another resource."""
    between = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Ci"}]}}
    assert findings(RULE, app_of({"Web": web, "Ci": role(), "Between": between})) == []


def test_a_role_that_waits_for_the_repository_cannot_be_waited_for() -> None:
    """The fix says what to move."""
    ci = role(allow(PULL, Resource={"Fn::GetAtt": "Web.Arn"}))
    (found,) = findings(RULE, app_of({"Web": naming(CI), "Ci": ci}))
    assert found.endswith("Ci waits for Web now, so move the policy that refers to it into an AWS::IAM::Policy")


@pytest.mark.parametrize("principal", [f"arn:aws:iam::{OTHER}:role/ci", PARAMETER, ACCOUNT, "*"])
def test_a_principal_of_nowhere_near_is_not(principal: Any) -> None:
    """Another account's role, or one that only the deployment knows."""
    assert findings(RULE, app_of({"Web": naming(principal), "Ci": role()})) == []


def test_a_role_of_another_template_is_not() -> None:
    """Which stack comes first is not in a template."""
    assert findings(RULE, app_of({"Web": naming(CI)}, {"Ci": role()})) == []


def test_a_role_that_a_deny_exempts_is_reported_too() -> None:
    """ECR looks for it all the same."""
    deny = allow(PULL, "Deny", NotPrincipal={"AWS": CI})
    (found,) = RULE.check(app_of({"Web": repository(deny), "Ci": role()}))
    assert found.path == "Properties.RepositoryPolicyText.Statement[0].NotPrincipal"


def test_a_creation_template_is_not() -> None:
    """Its policy is put when a repository is created."""
    policy = json.dumps({"Statement": [allow(PULL, Principal={"AWS": CI})]})
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"RepositoryPolicy": policy}}
    assert findings(RULE, app_of({"Template": template, "Ci": role()})) == []


def test_a_session_is_reported() -> None:
    """Whatever ECR says, the next session has another name."""
    session = f"arn:aws:sts::{OTHER}:assumed-role/ci/build-1"
    (found,) = findings(RULE, app_of({"Web": naming(session)}))
    assert found.startswith(f"'{session}', a principal of the repository policy, is one session: ")


def test_a_role_that_the_cdk_refers_to_is_not(app: App, stack: Stack) -> None:
    """A token of its ARN is a reference."""
    ci = iam.Role(stack, "Ci", role_name="ci", assumed_by=iam.AccountRootPrincipal())
    web = ecr.Repository(stack, "Web")
    web.add_to_resource_policy(iam.PolicyStatement(actions=PULL, principals=[iam.ArnPrincipal(ci.role_arn)]))
    assert findings(RULE, synthesized(app)) == []
    other = ecr.Repository(stack, "Other")
    other.add_to_resource_policy(
        iam.PolicyStatement(actions=PULL, principals=[iam.ArnPrincipal(f"arn:aws:iam::{stack.account}:role/ci")])
    )
