"""``repository-policy-refused``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.checks.repository_policy_refused import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    NOTHING,
    OTHER,
    OTHER_ROLE,
    OTHER_ROOT,
    PARAMETER,
    PULL,
    allow,
    repository,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

REFUSED = "ECR refuses the policy: 'Invalid repository policy provided'"


def named(*principals: Any, element: str = "Principal") -> list[str]:
    """What is found of a policy that names principals."""
    statement = {**allow(PULL), element: {"AWS": [*principals]}}
    return [one.text.removesuffix(f": {REFUSED}") for one in RULE.check(app_of({"Web": repository(statement)}))]


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        OTHER,
        OTHER_ROOT,
        OTHER_ROLE,
        f"arn:aws:iam::{OTHER}:role/a/path/ci",
        f"arn:aws-cn:iam::{OTHER}:user/ci",
        f"arn:aws:sts::{OTHER}:assumed-role/ci/session",
        f"arn:aws:sts::{OTHER}:federated-user/ci",
        "AROAABCDEFGHIJKLMNOPQ",
        PARAMETER,
        {"Fn::Sub": "arn:aws:iam::${Account}:root"},
        {"Fn::Sub": "arn:aws:iam::${Account}:${Kind}/ci"},
        {"Fn::Sub": f"arn:aws:iam::{OTHER}:role/${{Name}}"},
        {"Fn::ImportValue": "role"},
        NOTHING,
    ],
)
def test_a_principal_that_a_policy_can_name_is_not_reported(principal: Any) -> None:
    """Nor one that only the deployment knows."""
    assert named(principal) == []


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        (f"arn:aws:iam::{OTHER}:*", "has a wildcard, which a principal cannot have but '*' alone"),
        (f"arn:aws:iam::{OTHER}:role/ci-*", "has a wildcard, which a principal cannot have but '*' alone"),
        ("arn:aws:iam::*:root", "has a wildcard, which a principal cannot have but '*' alone"),
        (f"arn:aws:sts::{OTHER}:assumed-role/ci/*", "has a wildcard, which a principal cannot have but '*' alone"),
        (f"arn:aws:iam::{OTHER}:group/devs", "is a group"),
        (f"arn:aws:iam::{OTHER}:instance-profile/ci", "is an instance profile and not its role"),
        (f"arn:aws:iam::{OTHER}:policy/ci", "is a policy"),
        (f"arn:aws:iam::{OTHER}:ci", "names no role or user"),
        ("arn:aws:iam::1234:role/ci", "has the account '1234', which is not 12 digits"),
        ("arn:aws:iam:::root", "has the account '', which is not 12 digits"),
        (f"arn:aws:ecs:eu-west-1:{OTHER}:service/web", "is an ARN of ecs, and not of a role, user or account"),
        ("44445555666", "has 11 digits, and an account id has 12"),
        ("ci", "is no ARN, no account id and not '*'"),
        ("codebuild.amazonaws.com", "is no ARN, no account id and not '*'"),
        ("o-a1b2c3d4e5", "is no ARN, no account id and not '*'"),
    ],
)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_a_principal_that_is_none_is_reported(principal: str, why: str, element: str) -> None:
    """With why; those beside it are fine."""
    assert named(OTHER_ROOT, principal, element=element) == [
        f"'{principal}', a principal of the repository policy, {why}"
    ]


def test_a_group_is_reported_where_its_account_is_not_known() -> None:
    """The account makes it no role."""
    (found,) = named({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:group/devs"})
    assert found.endswith("is a group")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (allow(PULL), "a statement of the repository policy has no Principal"),
        (allow(PULL, Principal=NOTHING), "a statement of the repository policy has no Principal"),
        ({"Effect": "Allow", "Principal": "*"}, "a statement of the repository policy has no Action"),
        ({"Principal": "*", "Action": PULL}, "a statement of the repository policy has no Effect"),
        (allow(PULL, "allow", Principal="*"), "a statement of the repository policy has the Effect 'allow'"),
        (
            allow(PULL, Principal=OTHER_ROOT),
            f"the Principal of the repository policy is the text '{OTHER_ROOT}', and no object",
        ),
        (allow(PULL, Principal=[OTHER_ROOT]), "the Principal of the repository policy is a list, and no object"),
        (allow(PULL, Principal={}), "the Principal of the repository policy is empty"),
        (
            allow(PULL, Principal={"Aws": OTHER}),
            "the Principal of the repository policy has 'Aws'; allowed: AWS, Service, Federated, CanonicalUser",
        ),
        (
            allow(PULL, "Deny", Principal="*", NotPrincipal={"AWS": OTHER}),
            "a statement of the repository policy has Principal and NotPrincipal; allowed: one of them",
        ),
    ],
)
def test_a_statement_that_is_not_whole_is_reported(statement: dict[str, Any], told: str) -> None:
    """As ECR refuses the whole policy for it."""
    (found,) = RULE.check(app_of({"Web": repository(statement)}))
    assert found.text == f"{told}: {REFUSED}"


@pytest.mark.parametrize(
    "statement",
    [
        allow(PULL, Principal="*"),
        allow(PULL, NotPrincipal={"AWS": OTHER_ROOT}, effect="Deny"),
        allow(PULL, Principal=PARAMETER),
        allow(PULL, Principal={"Fn::If": ["A", {"AWS": "*"}, NOTHING]}),
        allow(PULL, Principal={"Service": "codebuild.amazonaws.com"}),
        allow(PULL, Principal={"AWS": "arn:aws:iam::${AWS::AccountId}:root"}),
        allow(PULL, Principal={"Fn::Transform": {"Name": "AWS::Include"}, "AWS": OTHER}),
        allow(PULL, Principal="*", NotPrincipal=NOTHING),
        {"Effect": "Allow", "NotAction": "ecr:PutImage", "Principal": "*"},
        {"Effect": PARAMETER, "Action": PULL, "Principal": "*"},
        {"Fn::If": ["A", allow(PULL), NOTHING]},
        NOTHING,
        PARAMETER,
    ],
)
def test_a_whole_statement_is_not(statement: dict[str, Any]) -> None:
    """Nor one that is chosen at deployment."""
    assert findings(RULE, app_of({"Web": repository(statement)})) == []


def test_a_policy_without_statements_is_reported() -> None:
    """Of a repository, or of a registry."""
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Version": "2012-10-17"}}}
    web = repository(RepositoryPolicyText={"Version": "2012-10-17", "Statement": NOTHING})
    assert [one.text for one in RULE.check(app_of({"Web": web, "Registry": registry}))] == [
        f"the repository policy has no Statement: {REFUSED}",
        "the registry policy has no Statement: ECR refuses the policy: 'Invalid registry policy provided'",
    ]


@pytest.mark.parametrize(
    "policy", [PARAMETER, NOTHING, {"Version": "2012-10-17", "Fn::Transform": {"Name": "AWS::Include"}}, "{}", None]
)
def test_a_policy_that_only_the_deployment_knows_is_not(policy: object) -> None:
    """Its statements may be there."""
    assert findings(RULE, app_of({"Web": repository(RepositoryPolicyText=policy)})) == []


def test_the_policy_of_a_registry_is_judged_alike() -> None:
    """Its principals are of the same forms."""
    statement = allow("ecr:ReplicateImage", Principal={"AWS": "arn:aws:iam::123456789:root"}, Resource="*")
    registry = {"Type": "AWS::ECR::RegistryPolicy", "Properties": {"PolicyText": {"Statement": [statement]}}}
    (found,) = RULE.check(app_of({"Registry": registry}))
    assert found.text.startswith("'arn:aws:iam::123456789:root', a principal of the registry policy, has the account ")
    assert found.text.endswith("'Invalid registry policy provided'")
    assert found.path == "Properties.PolicyText.Statement[0].Principal.AWS"


def test_a_template_that_a_macro_may_change_is_not_judged() -> None:
    """The macro may write the principal."""
    template = Template("own.json", {"Transform": "Own::Macro", "Resources": {"Web": repository(allow(PULL))}})
    assert [*RULE.check(Application([template]))] == []


def test_a_version_that_does_not_exist_is_reported() -> None:
    """A day of one's own, say."""
    policy = {"Version": "2022-10-17", "Statement": [allow(PULL, Principal="*")]}
    (found,) = RULE.check(app_of({"Web": repository(RepositoryPolicyText=policy)}))
    assert found.text == f"the Version of the repository policy is '2022-10-17': {REFUSED}"
    assert found.path == "Properties.RepositoryPolicyText.Version"


def test_a_policy_that_is_text_is_read() -> None:
    """Of a creation template."""
    policy = json.dumps({"Statement": allow(PULL)})
    template = {"Type": "AWS::ECR::RepositoryCreationTemplate", "Properties": {"RepositoryPolicy": policy}}
    (found,) = RULE.check(app_of({"Template": template}))
    assert found.path == "Properties.RepositoryPolicy.Statement"


def test_what_the_grants_render_is_not_reported(app: App, stack: Stack) -> None:
    """Of every kind of principal."""
    web = AccessibleRepository(stack, "Web")
    for principal in (
        iam.ArnPrincipal(OTHER_ROLE),
        iam.AccountPrincipal(OTHER),
        iam.OrganizationPrincipal("o-a1b2c3d4e5"),
        iam.ServicePrincipal("codebuild.amazonaws.com"),
    ):
        web.grant_pull(principal)
    assert findings(RULE, synthesized(app)) == []
