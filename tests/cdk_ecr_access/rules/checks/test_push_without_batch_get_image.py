"""``push-without-batch-get-image``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository
from ecr_access.rules.checks.push_without_batch_get_image import RULE
from tests.cdk_ecr_access.rules.apps import app as app_of
from tests.cdk_ecr_access.rules.apps import findings
from tests.ecr_access.rules.pieces import (
    ACCOUNT,
    NOTHING,
    OTHER_ROLE,
    OTHER_ROOT,
    PARAMETER,
    WEB,
    allow,
    repository,
    role,
    synthesized,
)

if TYPE_CHECKING:
    from aws_cdk import App, Stack

PUT, GET = "ecr:PutImage", "ecr:BatchGetImage"
TAIL = (
    "but not ecr:BatchGetImage: clients that read the manifest back, as newer ones of docker and buildx do, fail after "
    "all layers are uploaded"
)
FIX = (
    "allow ecr:BatchGetImage beside ecr:PutImage, which aws_ecr.Repository.grant_push leaves out and "
    "AccessibleRepository.grant_push renders"
)


@pytest.mark.parametrize(
    "resources",
    [
        {"Ci": role(allow(PUT, Resource=WEB))},
        {"Ci": role(allow([PUT, "ecr:UploadLayerPart"], Resource=[WEB]), allow(GET, Resource=f"{WEB}-other"))},
        {"Ci": role(allow(PUT, Resource=WEB), allow(GET, "Deny", Resource="*"))},
        {"Ci": role(allow(PUT, Resource=WEB)), "Web": repository(allow(GET, Principal={"Service": "a.amazonaws.com"}))},
        {"Ci": role(allow(PUT, Resource=WEB)), "Web": repository(allow(GET, Principal={"AWS": OTHER_ROOT}))},
    ],
)
def test_an_identity_that_pushes_and_may_not_read_is_reported(resources: dict[str, Any]) -> None:
    """With the repository, and the fix."""
    assert findings(RULE, app_of(resources)) == [f"role ci may ecr:PutImage on '{WEB}' {TAIL}; fix: {FIX}"]


@pytest.mark.parametrize(
    "resources",
    [
        {"Ci": role(allow([PUT, GET], Resource=WEB))},
        {"Ci": role(allow(PUT, Resource=WEB), allow("ecr:Batch*", Resource="*"))},
        {"Ci": role(allow("ecr:*", Resource=WEB))},
        {"Ci": role(allow(PUT, "Deny", Resource=WEB))},
        {"Ci": role(allow("ecr:*", Resource=WEB), allow("ecr:*", "Deny", Resource="*"))},
        {"Ci": role(allow(PUT, Resource=WEB, Condition={"Bool": {"aws:SecureTransport": "true"}}))},
        {"Ci": role({"Effect": "Allow", "NotAction": "s3:*", "Resource": WEB})},
        {"Ci": role(allow(PARAMETER, Resource=WEB))},
        {"Ci": role(allow([PUT, PARAMETER], Resource=WEB))},
        {"Ci": role(allow(PUT, Resource=WEB), allow(GET, Resource=PARAMETER))},
        {"Ci": role(allow(PUT, Resource=WEB), ManagedPolicyArns=[PARAMETER])},
        {"Ci": role(NOTHING)},
        {"Ci": role(allow(PUT, Resource=WEB)), "Web": repository(allow(GET, Principal={"AWS": ACCOUNT}))},
        {"Ci": role(allow(PUT, Resource="*")), "Web": repository(allow(GET, Principal="*"))},
        {"Ci": role(allow(PUT, Resource=WEB)), "Web": repository(RepositoryPolicyText=PARAMETER)},
    ],
)
def test_an_identity_that_may_read_or_might_is_not_reported(resources: dict[str, Any]) -> None:
    """In either policy, or by what only the deployment knows."""
    assert findings(RULE, app_of(resources)) == []


def test_an_identity_that_is_denied_to_read_is_reported() -> None:
    """Whatever else it may."""
    statements = [allow("ecr:*", Resource=WEB), allow(GET, "Deny", Resource="*")]
    assert len(findings(RULE, app_of({"Ci": role(*statements)}))) == 1


@pytest.mark.parametrize("principal", [{"AWS": OTHER_ROLE}, {"AWS": [OTHER_ROOT]}, {"AWS": "444455556666"}])
def test_a_principal_of_another_account_that_only_pushes_is_reported(principal: dict[str, Any]) -> None:
    """Its own policies alone are not enough."""
    ((found),) = findings(RULE, app_of({"Web": repository(allow(PUT, Principal=principal))}))
    assert found.endswith(f"of another account may ecr:PutImage {TAIL}; fix: {FIX}")
    assert "444455556666" in found


@pytest.mark.parametrize("reader", [f"{OTHER_ROLE}-other", "arn:aws:iam::777788889999:root"])
def test_that_another_principal_may_read_does_not_help(reader: str) -> None:
    """Another role of its account, or another account."""
    statements = [allow(PUT, Principal={"AWS": OTHER_ROLE}), allow(GET, Principal={"AWS": reader})]
    assert len(findings(RULE, app_of({"Web": repository(*statements)}))) == 1


def test_a_policy_that_is_written_as_text_is_read() -> None:
    """As ECR's console writes it."""
    text = json.dumps({"Statement": [allow(PUT, Principal={"AWS": OTHER_ROLE})]})
    assert len(findings(RULE, app_of({"Web": repository(RepositoryPolicyText=text)}))) == 1


def test_an_organization_that_only_pushes_is_reported() -> None:
    """Others of it are in other accounts."""
    one = allow(PUT, Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    (found,) = findings(RULE, app_of({"Web": repository(one)}))
    assert found.startswith("every principal of another account may ecr:PutImage but not")


@pytest.mark.parametrize(
    "statements",
    [
        [allow([PUT, GET], Principal={"AWS": OTHER_ROLE})],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), allow(GET, Principal={"AWS": OTHER_ROOT})],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), allow(GET, Principal="*")],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), allow(GET, Principal={"AWS": "AROAEXAMPLE"})],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), allow(PARAMETER, Principal={"AWS": PARAMETER})],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), {"Effect": "Allow", "Action": GET, "NotPrincipal": {"AWS": "a"}}],
        [allow(PUT, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci"})],
        [allow(PUT, Principal={"AWS": PARAMETER})],
        [allow(PUT, Principal={"Service": "codebuild.amazonaws.com"})],
        [allow(PUT, "Deny", Principal={"AWS": OTHER_ROLE})],
        [allow(PUT, Principal={"AWS": OTHER_ROLE}), {"Fn::If": ["A", allow(GET, Principal="*"), NOTHING]}],
    ],
)
def test_a_principal_that_may_read_or_might_is_not_reported(statements: list[Any]) -> None:
    """By another statement, by its own policies in this account, or by what only the deployment knows."""
    assert findings(RULE, app_of({"Web": repository(*statements)})) == []


def test_an_account_that_only_the_deployment_knows_may_be_the_other_one() -> None:
    """In which the role's own policies count."""
    found = {"Web": repository(allow(PUT, Principal={"AWS": OTHER_ROLE}))}
    assert findings(RULE, app_of(found, account="")) == []


def test_grant_push_of_the_cdk_leaves_it_out_and_ours_does_not(app: App, stack: Stack) -> None:
    """The reason for this rule."""
    plain, ours = (iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal()) for name in ("Plain", "Ours"))
    ecr.Repository(stack, "Web").grant_push(plain)
    AccessibleRepository(stack, "Api", repository_name="api").grant_push(ours)
    (found,) = findings(RULE, synthesized(app))
    assert found.startswith("role ${Plain")
